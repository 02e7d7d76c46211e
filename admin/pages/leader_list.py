"""Tổ trưởng, at the desk: who leads which neighbourhood, how they are reached, and what lets them in. The link is shown once."""

import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from handlers import officer_chats, place_codes
from handlers.acts import Act
from handlers.messages import Ward
from handlers.officer_chats import CODE_LIVES
from handlers.officers import Mistake
from handlers.warnings import leaders
from storage.ids import new_id
from storage.queries import history
from storage.queries import leaders as rows
from storage.queries import officers as officer_rows

_HOME, _STEPS = "/admin/danh-ba-to-truong", 30


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def show_phones(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Noted, and gone with the next page."""
    act = act_of(visit)
    phones = await desk.memory.write(lambda session: leaders.phones(session, act))
    return await _draw(desk, visit, phones=phones)


async def add(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, officer_id = await read_form(visit.request), act_of(visit), new_id()
    try:
        given = leaders.checked(form, _areas(form, desk.ward()))
        await desk.memory.write(lambda session: leaders.add(session, act, given, officer_id=officer_id, draw=new_id))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, typed=form)
    return await _hand_out(desk, visit, act, officer_id, has_code=False)


async def change(desk: Desk, visit: Visit) -> web.StreamResponse:
    form = await read_form(visit.request)

    def press(session: Session, act: Act, officer_id: int) -> None:
        given = leaders.checked(form, _areas(form, desk.ward()), has_login=False)
        keeps = not given.phone and not form.get("drop-phone")
        leaders.change(session, act, given, officer_id=officer_id, keeps_phone=keeps, draw=new_id)

    return await _press(desk, visit, press)


async def sign_out(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward = desk.ward()

    def press(session: Session, act: Act, officer_id: int) -> list[int]:
        return leaders.sign_out(session, ward, act, officer_id=officer_id, draw=new_id)

    return await _press(desk, visit, press, then=f"{_HOME}?xong=mat-may")


async def close(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward = desk.ward()
    return await _press(desk, visit, lambda session, act, officer_id: leaders.close(session, ward, act, officer_id=officer_id, draw=new_id))


async def reopen(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _press(desk, visit, lambda session, act, officer_id: leaders.reopen(session, act, officer_id=officer_id))


async def make_link(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _hand_out(desk, visit, act_of(visit), _leader_in(visit), has_code=False)


async def make_code(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _hand_out(desk, visit, act_of(visit), _leader_in(visit), has_code=True)


async def _press(
    desk: Desk, visit: Visit, press: Callable[[Session, Act, int], list[int] | None], *, then: str = _HOME
) -> web.StreamResponse:
    officer_id, act = _leader_in(visit), act_of(visit)
    try:
        told = await desk.memory.write(lambda session: press(session, act, officer_id))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    for chat_id in told or ():
        desk.on_replies(chat_id, None)
    return desk.go(then)


async def _hand_out(desk: Desk, visit: Visit, act: Act, officer_id: int, *, has_code: bool) -> web.StreamResponse:
    """A link, or a linking code: on the page that answers, and nowhere afterwards."""
    token, code, row_id = secrets.token_urlsafe(24), officer_chats.new_code(), new_id()
    link_hash, code_hash = desk.keyed.hash("leader-link", token), desk.keyed.hash("chat-code", code)

    def make(session: Session) -> int:
        if not has_code:
            return leaders.make_link(session, act, officer_id=officer_id, link_hash=link_hash)
        leaders.make_code(session, act, officer_id=officer_id, row_id=row_id, code_hash=code_hash)
        return act.now + CODE_LIVES

    try:
        until = await desk.memory.write(make)
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, act.ward_id))
    address = (desk.public_url or str(visit.request.url.origin())).rstrip("/")
    deep = officer_chats.deep_link(desk.link_of("telegram"), code) if has_code else f"{address}/admin/vao-to/{token}"
    return desk.show(
        visit,
        "leader_key.html",
        name=names.get(officer_id, ""),
        until=until,
        code=officer_chats.shown(code) if has_code else "",
        link=deep,
        qr=place_codes.qr_svg(deep) if deep and (has_code or desk.public_url) else "",
    )


def _leader_in(visit: Visit) -> int:
    return number_in(visit.request, "officer", sorry="leader-gone")


def _areas(form: dict[str, str], ward: Ward) -> list[int]:
    return [one.id for one in ward.book.neighbourhoods if form.get(f"area-{one.id}")]


async def _draw(
    desk: Desk, visit: Visit, *, mistake: str = "", typed: dict[str, str] | None = None, phones: dict[int, str] | None = None
) -> web.StreamResponse:
    ward, now = desk.ward(), visit.at

    def find(session: Session) -> dict[str, Any]:
        return {
            "people": rows.all_of(session, ward.id, now=now),
            "steps": history.steps(session, ward.id, about="leader", most=_STEPS),
            "names": officer_rows.officer_names(session, ward.id),
        }

    found = await desk.memory.read(find)
    return desk.show(
        visit,
        "leaders.html",
        status=422 if mistake else 200,
        mistake=mistake,
        typed=typed or {},
        phones=phones,
        homes=ward.book.neighbourhoods,
        said=visit.request.query.get("xong", ""),
        **found,
    )
