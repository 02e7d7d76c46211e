"""In and out: the form, the page that asks for the code alone, and names with a PIN on a trusted computer."""

from typing import Any

from aiohttp import web

from admin import arriving
from admin.arriving import PinRefused, Refused
from admin.desk import COOKIE, LANGUAGE_COOKIE, Desk, Visit
from admin.forms import read_form
from admin.refusals import Sorry
from handlers import texts
from storage.queries import officers


async def form(desk: Desk, request: web.Request) -> web.StreamResponse:
    visit = await desk.visit(request)
    if visit is not None and visit.is_locked:  # There somebody else may sign in, too, and it goes on ringing until then.
        return desk.go("/admin/khoa")
    return await _draw(desk, request)


async def sign_in(desk: Desk, request: web.Request) -> web.StreamResponse:
    given = await read_form(request)
    login = given.get("login", "").strip().lower()[:80]
    found = await arriving.let_in(desk, request, login, given.get("password", ""))
    if isinstance(found, Refused):
        return await _draw(desk, request, status=found.status, mistake=found.key, login=login)
    act = arriving.act_now(*found)
    return await arriving.come_in(desk, request, act, code=given.get("code", ""), trusts="trust" in given)


async def give_code(desk: Desk, request: web.Request) -> web.StreamResponse:
    given = await read_form(request)
    officer_id = await arriving.ticket_of(desk, request)
    if officer_id is None:
        return await _draw(desk, request, status=401, mistake="second-too-late")
    act, here = arriving.act_now(officer_id, desk.ward().id), await arriving.look_here(desk, request)
    return await arriving.prove(desk, request, act, here, given.get("code", ""), "trust" in given)


async def give_pin(desk: Desk, request: web.Request) -> web.StreamResponse:
    found = await arriving.try_pin(desk, request, await read_form(request))
    if isinstance(found, PinRefused):
        return await _draw(desk, request, status=401, refused=found)
    return await arriving.welcome(desk, request, found)


async def sign_out(desk: Desk, visit: Visit) -> web.StreamResponse:
    token_hash = desk.session_hash(visit.request)
    if token_hash:
        await desk.memory.write(lambda session: officers.end_session(session, token_hash))
    response = desk.go("/admin/dang-nhap")
    response.del_cookie(COOKIE, path="/admin")
    return response


async def change_language(desk: Desk, request: web.Request) -> web.StreamResponse:
    language = (await read_form(request)).get("language", "vi")
    if language not in texts.LANGUAGES:
        raise Sorry(400, "desk-unreadable")
    response = desk.go("/admin")
    response.set_cookie(LANGUAGE_COOKIE, language, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https, max_age=365 * 86_400)
    return response


async def _draw(desk: Desk, request: web.Request, *, status: int = 200, **values: Any) -> web.StreamResponse:
    here = await arriving.look_here(desk, request)
    known = {"mistake": "", "login": "", "back": arriving.back(request), "refused": None}
    return desk.draw(request, "sign_in.html", status=status, **{**known, **values}, people=here.people, device=here.device)
