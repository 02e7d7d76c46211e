"""The lock page: the time, how much waits, and whether it rings. Everything else waits for a PIN or a password."""

from typing import Any

from aiohttp import web

from admin import arriving, kept
from admin.arriving import PinRefused, Refused
from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages import alarms
from admin.pages.book import act_of
from handlers import locking
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import typed_words


async def lock(desk: Desk, visit: Visit) -> web.StreamResponse:
    """ "Khóa màn hình"."""
    token_hash, act = desk.session_hash(visit.request), act_of(visit)
    await _keep_words(desk, visit, await read_form(visit.request))
    if token_hash:
        await desk.memory.write(lambda session: locking.lock(session, act, token_hash))
    return desk.go("/admin/khoa")


async def leave_words(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Sent by a page that makes way for the lock page: what was not sent yet waits for the same officer."""
    await _keep_words(desk, visit, await read_form(visit.request))
    return web.json_response({}, headers=desk.headers())


async def _keep_words(desk: Desk, visit: Visit, form: dict[str, str]) -> None:
    words, page = kept.left(form)
    if not words:
        return
    row_id, now, who = new_id(), moments.now(), visit.officer
    given = {"words": words, "page": page}
    await desk.memory.write(
        lambda session: typed_words.keep(session, row_id=row_id, ward_id=who.ward_id, officer_id=who.id, now=now, **given)
    )


async def show_words(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Theirs, until they say that they have it."""
    now = moments.now()
    found = await desk.memory.read(lambda session: typed_words.of_officer(session, visit.officer.id, now=now))
    if found is None:
        return desk.go("/admin")
    return desk.show(visit, "kept.html", words=[found.words], again={}, left_on=found.page)


async def forget_words(desk: Desk, visit: Visit) -> web.StreamResponse:
    await desk.memory.write(lambda session: typed_words.forget(session, visit.officer.id))
    return desk.go("/admin")


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit) if visit.is_locked else desk.go(arriving.back(visit.request) or "/admin")


async def unlock(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The same officer with their password, or another one who signs in instead; counted and braked like every sign-in."""
    if not visit.is_locked:
        return desk.go(arriving.back(visit.request) or "/admin")
    given = await read_form(visit.request)
    other = given.get("login", "").strip().lower()[:80]
    found = await arriving.let_in(desk, visit.request, other or visit.officer.login, given.get("password", ""))
    if isinstance(found, Refused):
        key = "lock-wrong" if found.status == 401 and not other else found.key
        return await _draw(desk, visit, status=found.status, mistake=key, login=other)
    what = "desk_unlocked" if found[0] == visit.officer.id else "signed_in"
    return await arriving.come_in(desk, visit.request, arriving.act_now(*found), what=what)


async def give_pin(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A name and that officer's PIN: whoever has locked it, or the next one of the shift."""
    if not visit.is_locked:
        return desk.go(arriving.back(visit.request) or "/admin")
    found = await arriving.try_pin(desk, visit.request, await read_form(visit.request))
    if isinstance(found, PinRefused):
        return await _draw(desk, visit, status=401, refused=found)
    what = "desk_unlocked" if found.act.officer_id == visit.officer.id else "signed_in"
    return await arriving.welcome(desk, visit.request, found, what=what)


async def listen(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Whether something rings for whoever is signed in and how much, and nothing of what it is."""
    await alarms.note_heard(desk, visit)
    counts = {"urgent": visit.ringing.urgent, "count": visit.ringing.count}
    return web.json_response({"locked": visit.is_locked, "rings": _rings(visit), **counts}, headers=desk.headers())


async def stay(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Asked by every open page, so that it makes way for the lock page when its time has come, and for whoever sits here now."""
    who = {} if visit.is_locked else {"who": str(visit.officer.id)}
    return web.json_response({"locked": visit.is_locked, **who}, headers=desk.headers())


async def save_minutes(desk: Desk, visit: Visit) -> web.StreamResponse:
    typed, act = (await read_form(visit.request)).get("minutes", "").strip(), act_of(visit)
    wanted = int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 5 else -1
    try:
        await desk.memory.write(lambda session: locking.keep_minutes(session, act, wanted, draw=new_id))
    except Mistake as mistake:
        return await alarms.draw(desk, visit, mistake=mistake.key)
    return desk.go("/admin/chuong")


def _rings(visit: Visit) -> str:
    return "urgent" if visit.ringing.urgent else "ordinary" if visit.ringing.count else ""


async def _draw(desk: Desk, visit: Visit, *, status: int = 200, **values: Any) -> web.Response:
    here = await arriving.look_here(desk, visit.request)
    known = {
        "mistake": "",
        "login": "",
        "back": arriving.back(visit.request),
        "rings": _rings(visit),
        "now": moments.now(),
        "refused": None,
    }
    waits = {"urgent": visit.ringing.urgent, "count": visit.ringing.count}
    given = {**known, **waits, **values, "people": here.people, "device": here.device}
    return desk.draw(visit.request, "locked.html", status=status, who=visit.officer, **given)
