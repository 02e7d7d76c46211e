"""One tip: the words, the safe photos, the place, what has happened; and "I have read this"."""

import asyncio

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Sorry, Visit
from handlers import officers, texts, tips
from handlers.messages import Reply
from handlers.outgoing import reply_row
from storage import moments
from storage.ids import new_id
from storage.queries import lanes
from storage.queries import officers as officer_rows
from storage.queries import tips as tip_rows
from storage.vault import Sealed


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, ward_id = _tip_id(visit.request), visit.officer.ward_id
    tip = await desk.memory.read(lambda session: tip_rows.tip_whole(session, ward_id, tip_id))
    if tip is None:
        raise Sorry(404, "desk-no-tip")
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, ward_id))
    may_accept = tip.accepted_at is None and officers.may(visit.officer.role, "accept")
    return desk.show(visit, "tip.html", tip=tip, may_accept=may_accept, names={f"officer:{key}": name for key, name in names.items()})


async def accept(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The first officer who presses it has it; the resident is told once."""
    tip_id, ward_id, now, history_id = _tip_id(visit.request), visit.officer.ward_id, moments.now(), new_id()
    replies = {language: Reply(text=texts.say("accepted", language, time=moments.clock_face(now))) for language in texts.LANGUAGES}
    outbox_id = new_id()

    def press(session: Session) -> tuple[bool, int | None]:
        accepted = tips.accept_tip(session, ward_id, tip_id=tip_id, officer_id=visit.officer.id, history_id=history_id, now=now)
        if accepted is None:
            return False, None
        chat_id, reply = accepted.chat_id, replies[accepted.language]
        if chat_id is not None:
            lanes.queue_replies(
                session, [reply_row(reply, row_id=outbox_id, ward_id=ward_id, chat_id=chat_id, tip_id=tip_id, kind="status", now=now)]
            )
        return True, chat_id

    is_first, chat_id = await desk.memory.write(press)
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    elif not is_first and await desk.memory.read(lambda session: tip_rows.tip_whole(session, ward_id, tip_id)) is None:
        raise Sorry(404, "desk-no-tip")
    return desk.go(f"/admin/tin/{tip_id}")


async def photo(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Re-encoded copies only: no address leads to an original."""
    attachment_id, ward_id = int(visit.request.match_info["attachment"]), visit.officer.ward_id
    if attachment_id >= 2**63:
        raise Sorry(404, "desk-no-tip")
    thumb = visit.request.match_info["size"] == "nho"
    copy = await desk.memory.read(lambda session: tip_rows.safe_copy(session, ward_id, attachment_id, thumb=thumb))
    if copy is None:
        raise Sorry(404, "desk-no-tip")
    try:
        content = await asyncio.to_thread(desk.media.read, copy.place, key=copy.key)
    except (FileNotFoundError, Sealed):
        raise Sorry(404, "desk-no-tip") from None
    headers = desk.headers() | {"Content-Disposition": "inline", "Cache-Control": "private, max-age=600"}
    return web.Response(body=content, content_type="image/jpeg", headers=headers)


def _tip_id(request: web.Request) -> int:
    tip_id = int(request.match_info["tip"])
    if tip_id >= 2**63:
        raise Sorry(404, "desk-no-tip")
    return tip_id
