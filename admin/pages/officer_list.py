"""Who may sign in here: the chief adds an account, closes one and opens it again. See `officer_add.py` and `officer_move.py`."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from handlers import officer_chats, officers
from handlers.officers import CLOSING_REASONS, ROLES, Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import custody, history, moving
from storage.queries import officers as rows

_STEPS = 30


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def close(desk: Desk, visit: Visit) -> web.StreamResponse:
    why = (await read_form(visit.request)).get("why", "")
    officer_id, act, ward = _officer_in(visit), act_of(visit), desk.ward()

    def press(session: Session) -> list[int]:
        officers.close_account(
            session, act.ward_id, officer_id=officer_id, by=act.officer_id, why=why, history_id=act.history_id, now=act.now
        )
        return officer_chats.end_all(session, ward, act, officer_id=officer_id, draw=new_id)

    try:
        for chat_id in await desk.memory.write(press):
            desk.on_replies(chat_id, None)
    except Mistake as mistake:
        return await draw(desk, visit, mistake=mistake.key)
    await desk.refresh_ward()  # Whether anybody keeps a key may have changed with it.
    return desk.go("/admin/can-bo")


async def reopen(desk: Desk, visit: Visit) -> web.StreamResponse:
    officer_id, history_id, now, chief = _officer_in(visit), new_id(), moments.now(), visit.officer

    def press(session: Session) -> None:
        officers.reopen_account(session, chief.ward_id, officer_id=officer_id, by=chief.id, history_id=history_id, now=now)

    try:
        await desk.memory.write(press)
    except Mistake as mistake:
        return await draw(desk, visit, mistake=mistake.key)
    await desk.refresh_ward()  # Whether anybody keeps a key may have changed with it.
    return desk.go("/admin/can-bo")


def _officer_in(visit: Visit) -> int:
    return number_in(visit.request, "officer", sorry="mistake-no-officer")


async def draw(desk: Desk, visit: Visit, *, mistake: str = "", typed: dict[str, str] | None = None) -> web.StreamResponse:
    ward_id, now = visit.officer.ward_id, moments.now()

    def find(session: Session) -> dict[str, Any]:
        found = rows.officers_of(session, ward_id)
        return {
            "working": [one for one in found if not one.is_disabled],
            "closed": [one for one in found if one.is_disabled],
            "names": rows.officer_names(session, ward_id),  # Also of leaders, whose phones are linked alike.
            "keepers": {one.officer_id for one in custody.keepers(session, ward_id) if one.status == "active"},
            "waiting_links": moving.waiting_links(session, ward_id, now=now),
            "steps": history.steps(session, ward_id, about="officer", most=_STEPS),
        }

    found = await desk.memory.read(find)
    gone = visit.request.query.get("roi", "")
    return desk.show(
        visit,
        "officers.html",
        status=422 if mistake else 200,
        mistake=mistake,
        reasons=[why for why in CLOSING_REASONS if why != "left"],  # Whoever leaves for good is moved away.
        roles=ROLES,
        typed=typed or {},
        moved=next((one.name for one in found["closed"] if str(one.id) == gone), ""),
        **found,
    )
