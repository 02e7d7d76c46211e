"""Tips that a brake set apart, and how many have become urgent since a page was drawn."""

import re

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from handlers import officers
from storage import moments
from storage.queries import blocks, tips
from storage.queries import officers as officer_rows
from storage.queries.blocks import BlockSeen
from storage.queries.tips import ListPlace, TipLine

PAGE = 50


async def show_apart(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The same tips stand in the ordinary list; who may set senders apart sees which blocks run."""
    ward_id, now, before = visit.officer.ward_id, moments.now(), _read_place(visit.request.query.get("truoc", ""))
    sight = visit.sight
    may_block = officers.may(visit.officer.role, "block")

    def find(session: Session) -> tuple[list[TipLine], list[BlockSeen], dict[int, str]]:
        running = blocks.running_blocks(session, sight, now=now) if may_block else []
        return tips.held_tips(session, sight, before=before, limit=PAGE + 1), running, officer_rows.officer_names(session, ward_id)

    found, running, names = await desk.memory.read(find)
    older = _place_of(found[PAGE - 1]) if len(found) > PAGE else ""
    return desk.show(
        visit, "held.html", tips=found[:PAGE], older=older, running=running, names=names, may_block=may_block, help_topic="giu-rieng"
    )


async def count_urgent(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Those that have become a matter of minutes since the page was drawn."""
    sight, drawn = visit.sight, _read_moment(visit, "khan")
    urgent = await desk.memory.read(lambda session: tips.urgent_after(session, sight, drawn))
    return web.json_response({"urgent": urgent}, headers=desk.headers())


def _read_moment(visit: Visit, name: str) -> int:
    text = visit.request.query.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else moments.now()


def _place_of(tip: TipLine) -> str:
    return f"{tip.arrived_at}-{tip.id}"


def _read_place(text: str) -> ListPlace | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return ListPlace(int(found[1]), int(found[2])) if found and int(found[2]) < 2**63 else None
