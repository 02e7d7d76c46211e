"""A photo, recording or paper that came along with a tip which an officer entered: streamed to the disk, sealed on its way.

What it really is, the media queue finds out from its content, like of every file.
"""

import asyncio
import secrets
from typing import Any

from aiohttp import BodyPartReader, web

from admin.desk import Desk, Visit
from admin.forms import number_in
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import walk_in
from handlers.cleaning import clean
from handlers.messages import file_kind
from handlers.officers import Mistake
from storage import moments
from storage.disk import Room
from storage.ids import new_id
from storage.sealed_files import Sink

MOST_BYTES = 20 * 1024 * 1024
_CHUNK = 256 * 1024
_SECS = 180


async def add(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, attachment_id = number_in(visit.request, "tip"), new_id()
    try:
        async with asyncio.timeout(_SECS):
            kind, file = await _take(desk, visit)
    except (TimeoutError, ValueError, AssertionError, LookupError, RuntimeError):  # Too slow, or no form that anybody can read.
        raise Sorry(400, "desk-unreadable") from None
    act = act_of(visit)
    try:
        await desk.memory.write(
            lambda session: walk_in.attach(session, act, tip_id=tip_id, attachment_id=attachment_id, kind=kind, file=file)
        )
    except Mistake as mistake:
        await asyncio.to_thread(desk.media.remove, file["stored"])
        raise Sorry(404, mistake.key) from None
    return desk.go(f"/admin/tin/{tip_id}")


async def _take(desk: Desk, visit: Visit) -> tuple[str, dict[str, Any]]:
    if visit.request.content_type != "multipart/form-data":
        raise Sorry(400, "desk-unreadable")
    reader = await visit.request.multipart()
    token = await reader.next()
    given = await token.read_chunk(200) if isinstance(token, BodyPartReader) and token.name == "csrf" else b""
    desk.check_token(visit, given.decode("utf-8", "replace"))
    part = await reader.next()
    if not isinstance(part, BodyPartReader) or part.name != "file":
        raise Sorry(400, "desk-unreadable")
    if desk.disk.room <= Room.NO_NEW_FILES:
        raise Sorry(507, "bring-file-no-room")
    mime = clean(part.headers.get("Content-Type", "").lower())[:80]
    return file_kind(mime), {**await _store(desk, part), "mime": mime}


async def _store(desk: Desk, part: BodyPartReader) -> dict[str, Any]:
    incoming, key, place = desk.media.new_incoming(), secrets.token_bytes(32), desk.media.new_place("originals", moments.now())
    sink = await asyncio.to_thread(Sink, incoming, key=key, name=place)
    try:
        while chunk := await part.read_chunk(_CHUNK):
            if sink.size + len(chunk) > MOST_BYTES:
                raise Sorry(413, "bring-file-big")
            await asyncio.to_thread(sink.write, chunk)
        if sink.size == 0:
            raise Sorry(422, "bring-file-none")
        await asyncio.to_thread(sink.close)
        await asyncio.to_thread(desk.media.adopt, incoming, place)
    finally:
        sink.give_up()
        incoming.unlink(missing_ok=True)
    return {"stored": place, "size": sink.size, "sha256": sink.sha256, "key": key.hex()}
