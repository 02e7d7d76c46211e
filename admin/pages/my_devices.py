"""Máy và phiên của tôi; and for the chief everybody's, with what the ward asks for and who was let in."""

from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin import arriving
from admin.desk import SESSION_SLEEPS_AFTER, Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import devices, letting_in, officers, second_factor
from handlers.devices import Ending
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import devices as rows
from storage.queries import history, let_ins, second_factors
from storage.queries import officers as officer_rows

_HOME, _ALL = "/admin/may-cua-toi", "/admin/phien"
_STEPS, _LET_INS = 30, 20


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def end_session(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _end_session(desk, visit, is_chief=False, home=_HOME)


async def leave_device(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, device_id = act_of(visit), number_in(visit.request, "device", sorry="mistake-device-gone")
    return await _change(desk, lambda session: devices.leave_device(session, act, device_id), home=_HOME)


async def draw(desk: Desk, visit: Visit, *, mistake: str = "", where: str = "", said: str = "") -> web.StreamResponse:
    who, now = visit.officer, moments.now()
    here = await arriving.look_here(desk, visit.request)

    def find(session: Session) -> dict[str, Any]:
        sessions = rows.sessions(session, who.ward_id, now=now, awake_since=now - SESSION_SLEEPS_AFTER)
        return {
            "factor": second_factors.of_officer(session, who.id),
            "left": second_factors.recovery_left(session, who.id),
            "pin_set_at": second_factors.pin_set_at(session, who.id),
            "sessions": [one for one in sessions if one.officer_id == who.id],
            "devices": [one for one in rows.all_of(session, who.ward_id, now=now) if who.id in one.known],
            "may_let_in": letting_in.may_let_in(session, who.ward_id, who.id, now),
        }

    found = await desk.memory.read(find)
    is_let_in = here.own is not None and here.own.let_in_id is not None
    told = {"mistake": mistake, "where": where, "said": said, "is_let_in": is_let_in, "known_for": devices.KNOWN_FOR}
    return desk.show(visit, "my_devices.html", status=422 if mistake else 200, this=visit.session_id, **told, **found)


# -- everybody's -------------------------------------------------------------------------------------------------------------


async def show_all(desk: Desk, visit: Visit) -> web.StreamResponse:
    who, now = visit.officer, moments.now()

    def find(session: Session) -> dict[str, Any]:
        people = [one for one in officer_rows.officers_of(session, who.ward_id) if not one.is_disabled]
        sessions = rows.sessions(session, who.ward_id, now=now, awake_since=now - SESSION_SLEEPS_AFTER)
        return {
            "is_required": second_factor.is_required(session, who.ward_id, fixed=desk.require_code, usual=desk.is_https),
            "people": people,
            "has_set": second_factors.who_has_set(session, who.ward_id),
            "sessions": [one for one in sessions if one.id != visit.session_id],
            "devices": rows.all_of(session, who.ward_id, now=now),
            "entries": let_ins.lately(session, who.ward_id, since=now - 30 * moments.DAY, most=_LET_INS),
            "names": officer_rows.officer_names(session, who.ward_id),
            "steps": history.steps(session, who.ward_id, about="signin", most=_STEPS),
        }

    found = await desk.memory.read(find)
    fixed = {"is_fixed": desk.require_code is not None, "days": second_factor.GRACE // moments.DAY, "now": now}
    return desk.show(visit, "all_devices.html", **fixed, **found)


async def end_any_session(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _end_session(desk, visit, is_chief=True, home=_ALL)


async def end_device(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, device_id = act_of(visit), number_in(visit.request, "device", sorry="mistake-device-gone")
    return await _change(desk, lambda session: devices.end_device(session, act, device_id), home=_ALL)


async def require(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, is_wanted = act_of(visit), (await read_form(visit.request)).get("wanted") == "yes"
    if desk.require_code is not None:
        raise Sorry(409, "all2-required-fixed")
    await desk.memory.write(lambda session: second_factor.require(session, act, is_wanted, draw=new_id))
    return desk.go(_ALL)


async def clear_code(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, officer_id = act_of(visit), number_in(visit.request, "officer", sorry="mistake-no-officer")
    return await _change(desk, lambda session: second_factor.clear(session, act, officer_id), home=_ALL)


async def mark_read(desk: Desk, visit: Visit) -> web.StreamResponse:
    act = act_of(visit)
    await desk.memory.write(lambda session: letting_in.mark_read(session, act))
    return desk.go(_ALL)


async def _end_session(desk: Desk, visit: Visit, *, is_chief: bool, home: str) -> web.StreamResponse:
    session_id = number_in(visit.request, "session", sorry="mistake-session-gone")
    ending = Ending(act=act_of(visit), is_chief=is_chief and officers.may(visit.officer.role, "officers"))
    return await _change(desk, lambda session: devices.end_session(session, ending, session_id), home=home)


async def _change(desk: Desk, work: Callable[[Session], object], *, home: str) -> web.StreamResponse:
    try:
        await desk.memory.write(work)
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return desk.go(home)
