"""A password of one's own, through a link that the chief handed over: once, within three days."""

import asyncio

from aiohttp import web
from sqlmodel import Session

from admin import arriving
from admin.desk import Desk
from admin.forms import read_form
from admin.refusals import Sorry
from handlers import newcomers, officers
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.passwords import hash_password


async def form(desk: Desk, request: web.Request) -> web.StreamResponse:
    _hash, login = await _link_in(desk, request)
    return _draw(desk, request, login)


async def save(desk: Desk, request: web.Request) -> web.StreamResponse:
    token_hash, login = await _link_in(desk, request)
    given, ward_id, history_id, now = await read_form(request), desk.ward().id, new_id(), moments.now()
    password = given.get("password", "")
    try:
        officers.check_password(password, login)
        if password != given.get("again", ""):
            raise Mistake("mistake-password-again")
        hashed = await asyncio.to_thread(hash_password, password)

        def use(session: Session) -> None:
            newcomers.use_link(session, ward_id, token_hash=token_hash, password_hash=hashed, history_id=history_id, now=now)

        await desk.memory.write(use)
        await arriving.forgive(desk, request, login)
    except Mistake as mistake:
        if mistake.key == "own-password-over":
            raise Sorry(404, mistake.key) from None
        return _draw(desk, request, login, mistake=mistake.key)
    return desk.go("/admin/dang-nhap")


async def _link_in(desk: Desk, request: web.Request) -> tuple[str, str]:
    """(its hash, whose it is)."""
    token_hash, ward_id, now = desk.keyed.hash("password-link", request.match_info["token"]), desk.ward().id, moments.now()
    login = await desk.memory.read(lambda session: newcomers.whose_link(session, ward_id, token_hash, now=now))
    if login is None:
        raise Sorry(404, "own-password-over")
    return token_hash, login


def _draw(desk: Desk, request: web.Request, login: str, *, mistake: str = "") -> web.Response:
    status = 422 if mistake else 200
    return desk.draw(request, "own_password.html", status=status, login=login, mistake=mistake, least=officers.LEAST_PASSWORD)
