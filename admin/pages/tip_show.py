"""One tip: the words, the copies of what was sent, the place, what has happened; and "I have read this"."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from sqlmodel import Session

from admin import kept
from admin.desk import Desk, Visit
from admin.forms import number_in
from admin.pages import (
    events,
    queue,
    tip_after,
    tip_brought,
    tip_custody,
    tip_map,
    tip_notes,
    tip_place,
    tip_presence,
    tip_steps,
    tip_timeline,
    tip_work,
)
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import acceptance, officers, tips
from handlers.insight import found
from storage import moments
from storage.documents import EXTENSIONS
from storage.ids import new_id
from storage.queries import ladder as ladder_rows
from storage.queries import officers as officer_rows
from storage.queries import sight as sight_rows
from storage.queries import tips as tip_rows
from storage.queries.one_tip import tip_row
from storage.queries.viewers import Viewer
from storage.vault import Sealed


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def draw(
    desk: Desk, visit: Visit, *, mistake: str = "", reasons: tuple[str, ...] = (), status: int = 200, **given: str
) -> web.StreamResponse:
    """`mistake`, or the `reasons` why words cannot go out, and what was `given`: a form on this page that has to be put right."""
    tip_id, ward_id, now, history_id = number_in(visit.request, "tip"), visit.officer.ward_id, moments.now(), new_id()
    sight = visit.sight
    tip, was_viewed = await desk.memory.read(
        lambda session: (
            tip_rows.tip_whole(session, sight, tip_id),
            tip_rows.viewed_lately(session, tip_id, visit.officer.id, now=now),
        )
    )
    if tip is None:
        raise Sorry(404, "desk-no-tip")
    if not was_viewed:
        await desk.memory.write(
            lambda session: tips.note_view(session, ward_id, tip_id=tip_id, officer_id=visit.officer.id, history_id=history_id, now=now)
        )
        desk.counted.forget()
    here = await tip_presence.look(desk, visit, tip_id)
    may_accept = tip.accepted_at is None and tip.shredded_at is None and tip.state != "paper" and officers.may(visit.officer.role, "accept")
    parts = await desk.memory.read(lambda session: _parts(session, desk, visit, tip_id, here))
    leads = await asyncio.to_thread(found.in_texts, (*(piece.text for piece in tip.said), tip.place))
    by = {f"officer:{key}": name for key, name in parts["work"].names.items()}
    shown = dict(
        tip=tip,
        may_accept=may_accept,
        names=by,
        timeline=tip_timeline.of_tip(desk.ward().book, visit.language, tip.history, by),
        was_first=tip_presence.was_first(visit, tip, by),
        leads=leads,
        mistake=mistake,
        reasons=reasons,
        given=given,
        where=tip_place.of_tip(desk, visit, tip),
        points=tip_map.points_of(desk),
        tiles=desk.map_tiles,
        tiles_host=urlsplit(desk.map_tiles).netloc,
        **parts,
    )
    page = desk.show(visit, "tip.html", status=status, unsent=(), **shown)
    if unsent := kept.unsent(page, given):
        page = desk.show(visit, "tip.html", status=status, unsent=unsent, **shown)
    return tip_map.with_tiles(desk, page)


def _parts(session: Session, desk: Desk, visit: Visit, tip_id: int, here: list[Viewer]) -> dict[str, Any]:
    """Each part of the page by its name, all as of one moment; with the list beside it, where somebody came from one."""
    known = officer_rows.officers_of(session, visit.officer.ward_id)
    tip = tip_row(session, visit.officer.ward_id, tip_id)  # Held here, so that the session has it at hand for whoever asks below.
    assert tip is not None
    return {
        "is_called_for": ladder_rows.is_called_for(session, tip_id),
        "custody": tip_custody.of_tip(session, visit, tip_id),
        "after": tip_after.of_tip(session, desk, visit, tip_id),
        "steps": tip_steps.of_tip(session, visit, tip_id),
        "work": tip_work.of_tip(session, visit, tip_id, known),
        "brought": tip_brought.of_tip(session, visit, tip_id),
        "event": events.of_tip(session, desk, visit, tip_id),
        "notes": tip_notes.of_tip(session, visit, tip_id),
        "presence": tip_presence.of_tip(session, visit, tip_id, here),
        **(queue.beside(session, visit) if "ngan" in visit.request.query else {}),
    }


def is_readable(session: Session, visit: Visit, tip_id: int) -> bool:
    return sight_rows.reach_of(session, visit.sight, tip_id=tip_id)[0] == "open"


async def accept(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The first officer who presses it has it; the resident and whoever was rung are told."""
    tip_id, act, ward = number_in(visit.request, "tip"), act_of(visit), desk.ward()
    accepted = await desk.memory.write(lambda session: acceptance.accept(session, ward, act, tip_id=tip_id, draw=new_id))
    for chat_id in accepted.chats:
        desk.on_replies(chat_id, None)
    if not accepted.is_first and await desk.memory.read(lambda session: tip_rows.tip_whole(session, visit.sight, tip_id)) is None:
        raise Sorry(404, "desk-no-tip")
    return desk.go(f"/admin/tin/{tip_id}" if accepted.is_first else f"/admin/tin/{tip_id}?truoc=nhan")


async def photo(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Re-encoded copies only: no address leads to an original."""
    copy = await _copy(desk, visit, thumb=visit.request.match_info["size"] == "nho")
    if not copy.mime.startswith("image/"):
        raise Sorry(404, "desk-no-tip")
    headers = desk.headers() | {"Content-Disposition": "inline"}  # Kept by no browser: the next officer at this computer may not see it.
    return web.Response(body=await _content(desk, copy), content_type=copy.mime, headers=headers)


async def recording(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A voice or a video, copied without metadata; in parts, because players ask for parts."""
    copy = await _copy(desk, visit, thumb=False)
    if copy.mime.split("/")[0] not in ("audio", "video"):
        raise Sorry(404, "desk-no-tip")
    content = await _content(desk, copy)
    headers = desk.headers() | {"Content-Disposition": "inline", "Accept-Ranges": "bytes"}
    try:
        wanted = visit.request.http_range
    except ValueError:
        return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(content)}"})
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=content, content_type=copy.mime, headers=headers)
    first, end, _step = wanted.indices(len(content))
    if first >= end:
        return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(content)}"
    return web.Response(status=206, body=content[first:end], content_type=copy.mime, headers=headers)


async def download(desk: Desk, visit: Visit) -> web.StreamResponse:
    """A document without its metadata: never opened in the page, and every download stands in the history."""
    copy = await _copy(desk, visit, thumb=False)
    extension = EXTENSIONS.get(copy.mime)
    if extension is None:
        raise Sorry(404, "desk-no-tip")
    content = await _content(desk, copy)
    attachment_id, now, history_id, officer = number_in(visit.request, "attachment"), moments.now(), new_id(), visit.officer
    await desk.memory.write(
        lambda session: tips.remember(
            session,
            history_id=history_id,
            ward_id=officer.ward_id,
            tip_id=copy.tip_id,
            now=now,
            actor=f"officer:{officer.id}",
            what="file_downloaded",
            attachment=attachment_id,
        )
    )
    headers = desk.headers() | {"Content-Disposition": f'attachment; filename="tep-{attachment_id % 100_000:05}.{extension}"'}
    return web.Response(body=content, content_type=copy.mime, headers=headers)


async def _copy(desk: Desk, visit: Visit, *, thumb: bool) -> tip_rows.FileSource:
    attachment_id, sight = number_in(visit.request, "attachment"), visit.sight
    copy = await desk.memory.read(lambda session: tip_rows.safe_copy(session, sight, attachment_id, thumb=thumb))
    if copy is None:
        raise Sorry(404, "desk-no-tip")
    return copy


async def _content(desk: Desk, copy: tip_rows.FileSource) -> bytes:
    try:
        return await asyncio.to_thread(desk.media.read, copy.place, key=copy.key)
    except (OSError, Sealed):
        raise Sorry(404, "desk-no-tip") from None
