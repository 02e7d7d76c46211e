"""Tips, newest first, and how many have come since the page was drawn."""

import re

from aiohttp import web

from admin.desk import Desk, Visit
from admin.pages import machine
from handlers import officers
from storage import moments
from storage.queries import tips

PAGE = 50


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    before = _read_place(visit.request.query.get("truoc", ""))
    found = await desk.memory.read(lambda session: tips.newest_tips(session, visit.officer.ward_id, before=before, limit=PAGE + 1))
    shown = found[:PAGE]
    older = f"{shown[-1].arrived_at}-{shown[-1].id}" if len(found) > PAGE else ""
    newest = shown[0].arrived_at if shown and not before else 0
    worry = officers.may(visit.officer.role, "machine") and await machine.is_worrying(desk, visit.officer.ward_id)
    return desk.show(visit, "tips.html", tips=shown, older=older, newest=newest or moments.now(), is_first=before is None, worry=worry)


async def count_new(desk: Desk, visit: Visit) -> web.StreamResponse:
    text = visit.request.query.get("sau", "")
    after = int(text) if text.isdecimal() and len(text) < 16 else moments.now()
    count = await desk.memory.read(lambda session: tips.arrived_after(session, visit.officer.ward_id, after))
    return web.json_response({"count": count}, headers=desk.headers())


def _read_place(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return (int(found[1]), int(found[2])) if found and int(found[2]) < 2**63 else None
