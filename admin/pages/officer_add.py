"""Adding an officer, a new link for who has forgotten the password, and another role. What signs somebody in is shown once, here."""

import asyncio
import secrets

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import begin, officer_list
from admin.pages.book import act_of
from handlers import moving, newcomers, officers, place_codes
from handlers.officers import Mistake
from storage.ids import new_id
from storage.passwords import hash_password
from storage.queries import officers as rows

_BEGIN = ("can-bo", "giu-rao")  # Steps of the beginning from which somebody may come, and goes back to.


async def add(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    step = form.get("ve", "")
    login, name, role, password = (
        form.get("login", ""),
        " ".join(form.get("name", "").split())[:80],
        form.get("role", ""),
        form.get("password", ""),
    )
    token = "" if password else secrets.token_urlsafe(24)
    officer_id, link_id, second = new_id(), new_id(), new_id()
    try:
        login = officers.checked_login(login)
        if not name:
            raise Mistake("officers-name-needed")
        if password:
            officers.check_password(password, login)
        hashed = await asyncio.to_thread(hash_password, password or secrets.token_urlsafe(24))
        token_hash = desk.keyed.hash("password-link", token) if token else ""

        def write(session: Session) -> None:
            newcomers.add(
                session,
                act,
                officer_id=officer_id,
                login=login,
                name=name,
                role=role,
                password_hash=hashed,
                link_id=link_id,
                link_history_id=second,
                token_hash=token_hash,
            )

        await desk.memory.write(write)
    except Mistake as mistake:
        typed = {key: form.get(key, "")[:200] for key in ("login", "name", "role")}
        if step in _BEGIN:
            return await begin.draw(desk, visit, step, mistake=mistake.key, typed=typed)
        return await officer_list.draw(desk, visit, mistake=mistake.key, typed=typed)
    await desk.refresh_ward()  # With a fence keeper the line takes what it did not take before.
    return _show_once(desk, visit, login=login, name=name, token=token, password=password, step=step)


async def make_link(desk: Desk, visit: Visit) -> web.StreamResponse:
    officer_id, act, link_id, token = _officer_in(visit), act_of(visit), new_id(), secrets.token_urlsafe(24)
    token_hash = desk.keyed.hash("password-link", token)
    try:
        await desk.memory.write(
            lambda session: newcomers.make_link(session, act, officer_id=officer_id, link_id=link_id, token_hash=token_hash)
        )
    except Mistake as mistake:
        return await officer_list.draw(desk, visit, mistake=mistake.key)
    seen = await desk.memory.read(lambda session: rows.officer(session, act.ward_id, officer_id))
    assert seen is not None
    return _show_once(desk, visit, login=seen.login, name=seen.name, token=token)


async def change_role(desk: Desk, visit: Visit) -> web.StreamResponse:
    officer_id, act, ward = _officer_in(visit), act_of(visit), desk.ward()
    role = (await read_form(visit.request)).get("role", "")
    try:
        told = await desk.memory.write(
            lambda session: moving.change_role(session, ward, act, officer_id=officer_id, role=role, draw=new_id)
        )
    except Mistake as mistake:
        return await officer_list.draw(desk, visit, mistake=mistake.key)
    for chat_id in told:
        desk.on_replies(chat_id, None)
    await desk.refresh_ward()
    return desk.go("/admin/can-bo")


def _show_once(
    desk: Desk, visit: Visit, *, login: str, name: str, token: str = "", password: str = "", step: str = ""
) -> web.StreamResponse:
    address = (desk.public_url or str(visit.request.url.origin())).rstrip("/")
    link = f"{address}/admin/mat-khau/{token}" if token else ""
    return desk.show(
        visit,
        "officer_key.html",
        login=login,
        name=name,
        link=link,
        qr=place_codes.qr_svg(link) if link and desk.public_url else "",
        here=f"/admin/mat-khau/{token}" if token else "",
        password=password,
        back=f"/admin/bat-dau/{step}" if step in _BEGIN else "/admin/can-bo",
    )


def _officer_in(visit: Visit) -> int:
    return number_in(visit.request, "officer", sorry="mistake-no-officer")
