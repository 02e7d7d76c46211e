"""What calls for somebody: the list of all calls, and how long each rung is waited for."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from handlers import acceptance, duty, ladder, locking, officers
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import ladder as rows
from storage.queries import officers as officer_rows

PAGE = 100


async def note_heard(desk: Desk, visit: Visit) -> None:
    """A page that can sound makes its desk a way to be called, locked or not."""
    if visit.request.query.get("chuong") == "1" and (token_hash := desk.session_hash(visit.request)):
        now = moments.now()
        before = now - ladder.HEARD_NOTED_EVERY
        if await desk.memory.read(lambda session: rows.heard_before(session, token_hash, before=before, now=now)):
            await desk.memory.write(lambda session: rows.note_heard(session, token_hash, before=before, now=now))


def place_of(visit: Visit) -> str:
    return f"/admin/tin/{visit.ringing.tip_id}" if visit.ringing.count == 1 else "/admin"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    """For the chief, and for whoever commands by the roster just now; everybody else finds on the roster who that is."""
    officer, now = visit.officer, moments.now()
    if officer.role != "chief" and not await desk.memory.read(lambda session: duty.is_commander(session, officer.ward_id, officer.id, now)):
        return desk.go("/admin/lich-truc")
    return await draw(desk, visit)


async def save_minutes(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    wanted = {
        name: int(value) if value.isdecimal() and value.isascii() and len(value) < 5 else -1
        for name, value in form.items()
        if name.startswith("ladder-")
    }
    try:
        await desk.memory.write(lambda session: ladder.keep_minutes(session, act, wanted, draw=new_id))
    except Mistake as mistake:
        return await draw(desk, visit, mistake=mistake.key)
    return desk.go("/admin/chuong")


async def answer(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A tip that was accepted before it became urgent: somebody has it."""
    tip_id, act = number_in(visit.request, "tip"), act_of(visit)
    ward = desk.ward()
    answered = await desk.memory.write(lambda session: acceptance.answer(session, ward, act, tip_id=tip_id, draw=new_id))
    for chat_id in answered.chats:
        desk.on_replies(chat_id, None)
    return desk.go(f"/admin/tin/{tip_id}" if answered.is_first else f"/admin/tin/{tip_id}?truoc=lo")


async def draw(desk: Desk, visit: Visit, *, mistake: str = "") -> web.StreamResponse:
    officer = visit.officer
    asked = visit.request.query.get("truoc", "")
    before = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 19 else None

    def find(session: Session) -> dict[str, Any]:
        return {
            "alarms": rows.alarms(session, visit.sight, before=before, most=PAGE + 1),
            "tips": rows.waiting(session, visit.sight),
            "minutes": ladder.minutes(session, officer.ward_id),
            "lock_after": locking.minutes(session, officer.ward_id),
            "names": officer_rows.officer_names(session, officer.ward_id),
        }

    found = await desk.memory.read(find)
    shown = found["alarms"][:PAGE]
    older = shown[-1].id if len(found["alarms"]) > PAGE else None
    return desk.show(
        visit,
        "alarms.html",
        status=422 if mistake else 200,
        mistake=mistake,
        older=older,
        is_first=before is None,
        rungs=ladder.RUNGS,
        lock_between=(locking.LEAST, locking.MOST),
        may_change=officers.may(officer.role, "roster"),
        **{**found, "alarms": shown},
    )
