"""Nhận báo trên điện thoại: an officer links their own chat app with a code, and unlinks it; the chief sees all, and decides about
masked excerpts."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import officer_chats, officers, place_codes
from handlers.officer_chats import CODE_LIVES
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import officer_chats as rows
from storage.queries.officer_chats import LinkSeen

_HOME = "/admin/dien-thoai"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def make_code(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Shown once, on the page that answers: only its hash is kept. A code asked for again ends this one."""
    act, row_id, code = act_of(visit), new_id(), officer_chats.new_code()
    code_hash = desk.keyed.hash("chat-code", code)
    await desk.memory.write(lambda session: officer_chats.keep_code(session, act, row_id=row_id, code_hash=code_hash))
    return await _draw(desk, visit, code=code, until=act.now + CODE_LIVES)


async def end(desk: Desk, visit: Visit) -> web.StreamResponse:
    link_id, act, ward = _link_in(visit), act_of(visit), desk.ward()
    is_chief = officers.may(visit.officer.role, "officers")

    def press(session: Session) -> int:
        return officer_chats.end_one(session, ward, act, link_id=link_id, any_of_them=is_chief, draw=new_id)

    try:
        chat_id = await desk.memory.write(press)
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    desk.on_replies(chat_id, None)
    return desk.go(_HOME)


async def show_excerpt(desk: Desk, visit: Visit) -> web.StreamResponse:
    link_id, act, shows = _link_in(visit), act_of(visit), (await read_form(visit.request)).get("shows") == "yes"
    try:
        await desk.memory.write(lambda session: officer_chats.show_excerpt(session, act, link_id=link_id, shows=shows))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return desk.go(_HOME)


def _link_in(visit: Visit) -> int:
    return number_in(visit.request, "link", sorry="phone-gone")


async def _draw(desk: Desk, visit: Visit, *, code: str = "", until: int = 0) -> web.StreamResponse:
    officer, is_chief = visit.officer, officers.may(visit.officer.role, "officers")
    linked: list[LinkSeen] = await desk.memory.read(lambda session: rows.all_seen(session, officer.ward_id))
    found = [one for one in linked if one.link.role != officers.LEADER]  # Theirs stand on the page of leaders.
    telegram, zalo = desk.link_of("telegram"), desk.link_of("zalo_bot")
    deep = officer_chats.deep_link(telegram, code) if code else ""
    return desk.show(
        visit,
        "my_chat.html",
        own=next((one for one in found if one.link.officer_id == officer.id), None),
        others=[one for one in found if one.link.officer_id != officer.id] if is_chief else [],
        is_chief=is_chief,
        bot=telegram or zalo,
        zalo=zalo,
        code=officer_chats.shown(code) if code else "",
        until=until,
        deep=deep,
        qr=place_codes.qr_svg(deep) if deep else "",
    )
