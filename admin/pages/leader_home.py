"""Cảnh báo cần đăng: what there is to post, the words to copy, and the leader's word that it was done. Phones first."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import officer_chats, place_codes
from handlers.acts import Act
from handlers.messages import Ward
from handlers.officer_chats import CODE_LIVES
from handlers.officers import Mistake
from handlers.warnings import card, posting
from handlers.warnings.posting import Said
from storage.ids import new_id
from storage.queries import leaders as rows
from storage.queries import warning_targets as targets

HOME = "/admin/to-truong"
Saying = Callable[[Session, Ward, Act, int], Said]


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def posted(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _say(desk, visit, posting.posted)


async def not_posted(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _say(desk, visit, posting.not_posted)


async def picture(desk: Desk, visit: Visit) -> web.StreamResponse:
    """As it goes to groups; drawn once for equal words, and aside: that takes a moment."""
    target_id, act, ward = number_in(visit.request, "target", sorry="warning-gone"), act_of(visit), desk.ward()
    try:
        found = await desk.memory.read(lambda session: posting.drawn(session, ward, act, target_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    if found is None:
        raise Sorry(404, "warning-gone")
    content, around = found
    body = await asyncio.to_thread(card.jpeg, content, around, ward)
    named = {"Content-Disposition": f'inline; filename="{around.code}.jpg"'}
    return web.Response(body=body, content_type="image/jpeg", headers=desk.headers() | named)


async def make_code(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Shown once, on the page that answers: only its hash is kept."""
    act, row_id, code = act_of(visit), new_id(), officer_chats.new_code()
    code_hash = desk.keyed.hash("chat-code", code)
    await desk.memory.write(lambda session: officer_chats.keep_code(session, act, row_id=row_id, code_hash=code_hash))
    return await draw(desk, visit, code=code, until=act.now + CODE_LIVES)


async def _say(desk: Desk, visit: Visit, say: Saying) -> web.StreamResponse:
    target_id, act, ward = number_in(visit.request, "target", sorry="warning-gone"), act_of(visit), desk.ward()
    try:
        await desk.memory.write(lambda session: say(session, ward, act, target_id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return desk.go(HOME)


async def draw(desk: Desk, visit: Visit, *, code: str = "", until: int = 0) -> web.StreamResponse:
    ward, officer, now = desk.ward(), visit.officer, visit.at

    def find(session: Session) -> dict[str, Any]:
        mine = targets.areas_of_leader(session, officer.id)
        return {
            "kits": posting.kits(session, ward, officer.id, now=now),
            "own": posting.own(session, ward.id, officer.id),
            "areas": [one.name for one in ward.book.neighbourhoods if one.id in mine],
            "channel": rows.channel_of(session, ward.id, officer.id),
        }

    found = await desk.memory.read(find)
    telegram = desk.link_of("telegram")
    deep = officer_chats.deep_link(telegram, code) if code else ""
    return desk.show(
        visit,
        "lead_home.html",
        code=officer_chats.shown(code) if code else "",
        until=until,
        deep=deep,
        qr=place_codes.qr_svg(deep) if deep else "",
        zalo=desk.link_of("zalo_oa") or desk.link_of("zalo_bot"),
        has_bot=bool(telegram or desk.link_of("zalo_oa") or desk.link_of("zalo_bot")),
        was_sent="xin" in visit.request.query,
        **found,
    )
