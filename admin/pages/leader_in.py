"""A leader comes in through a link that somebody of the ward handed over: once, within a day, and by a press."""

import secrets

from aiohttp import web
from sqlmodel import Session

from admin import browsers
from admin.desk import COOKIE, Desk
from admin.refusals import Sorry
from handlers.officers import Mistake
from handlers.warnings import leaders
from storage import moments
from storage.ids import new_id
from storage.queries import leaders as rows

HOME = "/admin/to-truong"


async def form(desk: Desk, request: web.Request) -> web.StreamResponse:
    """A look uses nothing up: chat apps open every link to draw a preview."""
    link_hash, ward_id, now = _link_in(desk, request), desk.ward().id, moments.now()
    if not await desk.memory.read(lambda session: rows.link_stands(session, ward_id, link_hash, now=now)):
        raise Sorry(404, "leader-link-over")
    return desk.draw(request, "lead_in.html")


async def come_in(desk: Desk, request: web.Request) -> web.StreamResponse:
    token, link_hash, before = secrets.token_urlsafe(32), _link_in(desk, request), desk.session_hash(request)
    token_hash, browser, ward_id = desk.keyed.hash("desk-session", token), browsers.called(request), desk.ward().id
    session_id, history_id, now = new_id(), new_id(), moments.now()

    def use(session: Session) -> None:
        leaders.come_in(
            session,
            ward_id,
            link_hash=link_hash,
            session_id=session_id,
            token_hash=token_hash,
            before=before,
            browser=browser,
            history_id=history_id,
            now=now,
        )

    try:
        await desk.memory.write(use)
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    response = desk.go(HOME)
    lasts = leaders.SIGNED_IN_FOR // moments.SECOND
    response.set_cookie(COOKIE, token, path="/admin", httponly=True, samesite="Lax", secure=desk.is_https, max_age=lasts)
    return response


def _link_in(desk: Desk, request: web.Request) -> str:
    return desk.keyed.hash("leader-link", request.match_info["token"])
