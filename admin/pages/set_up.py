"""The first chief's account and the ward's name and number, through the link that the first start prints."""

import asyncio

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk
from admin.forms import read_form
from admin.refusals import Sorry
from handlers import officers
from handlers.officers import Mistake
from handlers.phones import as_written_here
from storage import moments
from storage.ids import new_id
from storage.passwords import hash_password
from storage.queries import officers as rows
from storage.queries import wards

_FIELDS = ("ward_name", "duty_phone", "name", "login")


async def form(desk: Desk, request: web.Request) -> web.StreamResponse:
    await _check_link(desk, request)
    ward = desk.ward()
    given = {"ward_name": ward.name, "duty_phone": ward.duty_phone, "name": "", "login": ""}
    return desk.draw(request, "set_up.html", mistake="", given=given, least=officers.LEAST_PASSWORD)


async def set_up(desk: Desk, request: web.Request) -> web.StreamResponse:
    link_hash = await _check_link(desk, request)
    given = await read_form(request)
    try:
        login = officers.checked_login(given.get("login", ""))
        password = given.get("password", "")
        officers.check_password(password, login)
        if password != given.get("again", ""):
            raise Mistake("mistake-password-again")
        duty_phone = _checked_phone(given.get("duty_phone", ""))
        ward_name = " ".join(given.get("ward_name", "").split())[:80]
        hashed = await asyncio.to_thread(hash_password, password)
        officer_id, history_id, now, ward_id = new_id(), new_id(), moments.now(), desk.ward().id

        def make(session: Session) -> None:
            if not rows.setup_link_is_open(session, ward_id, link_hash):
                raise Mistake("set-up-closed")
            officers.add_officer(
                session,
                ward_id,
                officer_id=officer_id,
                history_id=history_id,
                login=login,
                name=" ".join(given.get("name", "").split())[:80],
                role="chief",
                password_hash=hashed,
                by="set-up link",
                now=now,
            )
            wards.change_facts(session, ward_id, {"name": ward_name, "duty_phone": duty_phone})
            rows.use_setup_link(session, link_hash, now=now)

        await desk.memory.write(make)
    except Mistake as mistake:
        kept = {name: given.get(name, "") for name in _FIELDS}
        return desk.draw(request, "set_up.html", status=422, mistake=mistake.key, given=kept, least=officers.LEAST_PASSWORD)
    await desk.refresh_ward()
    return desk.go("/admin/dang-nhap?toi=/admin/bat-dau")


async def _check_link(desk: Desk, request: web.Request) -> str:
    link_hash = desk.keyed.hash("set-up", request.match_info["token"])
    ward_id = desk.ward().id
    if not await desk.memory.read(lambda session: rows.setup_link_is_open(session, ward_id, link_hash)):
        raise Sorry(404, "set-up-closed")
    return link_hash


def _checked_phone(text: str) -> str:
    """Empty is allowed: the line then goes on as a trial."""
    if not text.strip():
        return ""
    written = as_written_here(text)
    if written is None:
        raise Mistake("mistake-phone")
    return written
