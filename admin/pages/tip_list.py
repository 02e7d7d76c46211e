"""Tips, urgent ones on top and then newest first; those a brake set apart; and how many have come since the page was drawn."""

import re

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages import machine
from admin.pages.book import act_of
from handlers import duty, lifecycle, officers, paper_file, steps
from storage import moments
from storage.queries import blocks, tips
from storage.queries import officers as officer_rows
from storage.queries.blocks import BlockSeen
from storage.queries.duty import ShiftSeen
from storage.queries.tips import ListPlace, TipLine

PAGE = 50


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    if visit.request.query.get("xem") == "giu-rieng":
        return await _show_held(desk, visit)
    ward_id, sight, before = visit.officer.ward_id, visit.sight, _read_place(visit.request.query.get("truoc", ""))

    def find(session: Session) -> tuple[list[TipLine], int, int, ShiftSeen | None, dict[int, str], int, int]:
        lines = tips.newest_tips(session, sight, before=before, limit=PAGE + 1)
        shift = duty.hands(session, ward_id, visit.officer.id, act.now).shift if may_take else None
        nobodys = shift if shift is not None and shift.taken_by is None else None
        names = officer_rows.officer_names(session, ward_id) if nobodys else {}
        unapproved = 0
        if officers.may(visit.officer.role, "books") and steps.may_move(
            session, ward_id, visit.officer.id, visit.officer.role, lifecycle.BY_NAME["approve"], now=act.now
        ):
            unapproved = tips.count_unapproved(session, sight, lifecycle.AWAITS_APPROVAL)
        papers, may_approve = paper_file.waiting_for(session, act, sight), officers.may(visit.officer.role, "approve")
        tests = tips.count_unseen_tests(session, sight, officers.roles_with("approve")) if may_approve else 0
        return lines, tips.count_held(session, sight), papers, nobodys, names, unapproved, tests

    act, may_take = act_of(visit), officers.may(visit.officer.role, "shift")
    found, held, papers, shift, names, unapproved, tests = await desk.memory.read(find)
    shown = found[:PAGE]
    newest = max((tip.arrived_at for tip in shown), default=0) if not before else 0
    worry = officers.may(visit.officer.role, "machine") and await machine.is_worrying(desk, ward_id)
    return desk.show(
        visit,
        "tips.html",
        urgent=[tip for tip in shown if tip.is_urgent_now],
        tips=[tip for tip in shown if not tip.is_urgent_now],
        held=held,
        papers=papers,
        older=_place_of(shown[-1]) if len(found) > PAGE else "",
        newest=newest or moments.now(),
        is_first=before is None,
        worry=worry,
        shift=shift,
        unapproved=unapproved,
        tests=tests,
        names=names,
    )


async def _show_held(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The same tips stand in the ordinary list; who may set senders apart sees which blocks run."""
    ward_id, now, before = visit.officer.ward_id, moments.now(), _read_place(visit.request.query.get("truoc", ""))
    sight = visit.sight
    may_block = officers.may(visit.officer.role, "block")

    def find(session: Session) -> tuple[list[TipLine], list[BlockSeen], dict[int, str]]:
        running = blocks.running_blocks(session, sight, now=now) if may_block else []
        return tips.held_tips(session, sight, before=before, limit=PAGE + 1), running, officer_rows.officer_names(session, ward_id)

    found, running, names = await desk.memory.read(find)
    older = _place_of(found[PAGE - 1]) if len(found) > PAGE else ""
    return desk.show(visit, "held.html", tips=found[:PAGE], older=older, running=running, names=names, may_block=may_block)


async def count_new(desk: Desk, visit: Visit) -> web.StreamResponse:
    sight, after, drawn = visit.sight, _read_moment(visit, "sau"), _read_moment(visit, "khan")

    def count(session: Session) -> dict[str, int]:
        return {"count": tips.arrived_after(session, sight, after), "urgent": tips.urgent_after(session, sight, drawn)}

    return web.json_response(await desk.memory.read(count), headers=desk.headers())


def _read_moment(visit: Visit, name: str) -> int:
    text = visit.request.query.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else moments.now()


def _place_of(tip: TipLine) -> str:
    return f"{'k-' if tip.is_urgent_now else ''}{tip.arrived_at}-{tip.id}"


def _read_place(text: str) -> ListPlace | None:
    found = re.fullmatch(r"(k-)?(\d{1,15})-(\d{1,19})", text, re.ASCII)
    return ListPlace(bool(found[1]), int(found[2]), int(found[3])) if found and int(found[3]) < 2**63 else None
