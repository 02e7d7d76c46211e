"""The part of a tip's page that officers write for one another."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import officers
from handlers import tip_notes as handling
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import tip_notes as rows
from storage.queries.tip_notes import NoteSeen

_PART = "#ghi-chu"


@dataclass(frozen=True, slots=True, kw_only=True)
class TipNotes:
    lines: tuple[NoteSeen, ...]
    may_write: bool
    most: int = handling.MOST_WRITTEN


def of_tip(session: Session, visit: Visit, tip_id: int) -> TipNotes:
    officer = visit.officer
    opens_struck = officers.may(officer.role, "read_struck")
    lines = rows.of_tip(session, officer.ward_id, tip_id, opens_struck=opens_struck)
    return TipNotes(lines=tuple(lines), may_write=officers.may(officer.role, "write"))


async def write(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, note_id = number_in(visit.request, "tip"), act_of(visit), new_id()
    typed = (await read_form(visit.request)).get("words", "")
    try:
        words = handling.checked(typed)
        await desk.memory.write(lambda session: handling.write(session, act, tip_id=tip_id, words=words, note_id=note_id))
    except Mistake as mistake:
        return await _again(desk, visit, mistake, typed)
    return desk.go(f"/admin/tin/{tip_id}{_PART}")


async def strike(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, note_id = number_in(visit.request, "tip"), act_of(visit), number_in(visit.request, "note")
    try:
        await desk.memory.write(lambda session: handling.strike(session, act, tip_id=tip_id, note_id=note_id))
    except Mistake as mistake:
        return await _again(desk, visit, mistake, "")
    return desk.go(f"/admin/tin/{tip_id}{_PART}")


async def _again(desk: Desk, visit: Visit, mistake: Mistake, typed: str) -> web.StreamResponse:
    if mistake.key == "desk-no-tip":
        raise Sorry(404, mistake.key) from None
    return await tip_show.draw(desk, visit, mistake=mistake.key, status=422, what="note", words=typed)
