"""Cho vào một ca: the commander on duty, or the chief, gets a number for somebody who has lost their phone."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin import arriving
from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import letting_in
from handlers.letting_in import Given
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries.officers import OfficerSeen


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def give(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Shown once, on the page that answers: only its hash is kept. A number asked for again ends this one."""
    given, act, number = await read_form(visit.request), act_of(visit), letting_in.fresh_number()
    officer_id, why = arriving.id_in(given.get("officer", "")), given.get("why", "")
    try:
        found = await desk.memory.write(
            lambda session: letting_in.let_in(session, act, officer_id=officer_id, why=why, number=number, draw=new_id)
        )
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, chosen=officer_id, why=why)
    return await _draw(desk, visit, given=found)


async def _draw(desk: Desk, visit: Visit, *, given: Given | None = None, mistake: str = "", **chosen: Any) -> web.StreamResponse:
    who, now = visit.officer, moments.now()

    def find(session: Session) -> list[OfficerSeen] | None:
        if not letting_in.may_let_in(session, who.ward_id, who.id, now):
            return None
        return letting_in.whom(session, who.ward_id, who.id)

    people = await desk.memory.read(find)
    if people is None:
        raise Sorry(403, "letin-not-yours")
    values = {"given": given, "number": letting_in.shown(given.number) if given else "", "reasons": letting_in.REASONS, "mistake": mistake}
    return desk.show(visit, "let_in.html", status=422 if mistake else 200, people=people, **{"chosen": 0, "why": "", **chosen}, **values)
