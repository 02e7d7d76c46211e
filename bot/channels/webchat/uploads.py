"""Files from a browser, straight to disk: limits on size, count and patience, all per address and none of them kept with a tip.

What a file really is, the media queue finds out later from its content.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import BodyPartReader, web
from sqlmodel import Session

from bot.channels.webchat.parse import Refused, read_client_id, visitor_of
from handlers import texts
from handlers.brakes import Brakes
from handlers.cleaning import clean
from handlers.messages import Incoming, Ward, file_kind
from handlers.visitors import Network
from storage import moments
from storage.disk import Disk, Room
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.quick import Quick
from storage.sealed_files import Sink

_CHUNK = 256 * 1024
MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_BYTES_A_DAY = 200 * 1024 * 1024
MOST_UPLOADS_AT_ONCE = 4  # Of one address.
_MOST_PARTS = 4
_UPLOAD_SECS = 180
CheckCsrf = Callable[[str | None], None]

_FORGET_OTHER_DAYS = Quick("DELETE FROM allowances WHERE day <> :day")
_CHARGE = Quick(
    "INSERT INTO allowances (id, ward_id, day, who_hash, used_bytes) VALUES (:id, :ward_id, :day, :who_hash, :size)"
    " ON CONFLICT (day, who_hash) DO UPDATE SET used_bytes = allowances.used_bytes + :size RETURNING used_bytes"
)


class Uploads:
    def __init__(
        self, memory: Memory, brakes: Brakes, ward: Callable[[], Ward], media: MediaStore, disk: Disk, trusted: tuple[Network, ...]
    ) -> None:
        self._memory, self._brakes, self._ward, self._media, self._disk, self._trusted = memory, brakes, ward, media, disk, trusted
        self._by_address: Counter[str] = Counter()
        self._places = asyncio.Semaphore(32)  # So many at once; the others wait with their bytes still in the browser.

    async def receive(self, request: web.Request, check_csrf: CheckCsrf) -> Incoming:
        """The file, on disk under its final name, as a message. Raises Refused."""
        address = visitor_of(request, self._trusted)
        self._check_head(request, address)
        self._by_address[address] += 1
        try:
            async with asyncio.timeout(_UPLOAD_SECS), self._places:
                return await self._receive_file(request, check_csrf, await self._brakes.hash("upload", address))
        except TimeoutError:
            raise Refused(408, "page-retry") from None
        except (ValueError, AssertionError, LookupError, RuntimeError):  # What aiohttp's reader says of a broken multipart body.
            raise Refused(400, "page-unreadable") from None
        finally:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    async def forget(self, incoming: Incoming) -> None:
        """It was a repeat: the first one's bytes are enough."""
        if incoming.file:
            await asyncio.to_thread(self._media.remove, incoming.file["stored"])

    def _check_head(self, request: web.Request, address: str) -> None:
        """All that can be refused before a byte of the body is read."""
        if request.content_type != "multipart/form-data" or "Content-Encoding" in request.headers:
            raise Refused(400, "page-unreadable")
        if (request.content_length or 0) > MOST_FILE_BYTES + 64 * 1024:
            raise Refused(413, "page-file-too-big")
        if self._by_address[address] >= MOST_UPLOADS_AT_ONCE:
            raise Refused(429, "page-retry")
        if self._disk.room <= Room.NO_NEW_FILES:
            raise Refused(507, "page-no-room")

    async def _receive_file(self, request: web.Request, check_csrf: CheckCsrf, who: str) -> Incoming:
        fields: dict[str, str] = {}
        reader = await request.multipart()
        for _ in range(_MOST_PARTS):
            part = await reader.next()
            if not isinstance(part, BodyPartReader):
                break
            if part.name in ("csrf", "id", "text"):
                fields[part.name] = (await part.read_chunk(4096)).decode("utf-8", "replace")
                if await part.read_chunk(1):
                    break  # No field of ours is so long.
                continue
            if part.name != "file":
                break
            check_csrf(fields.get("csrf"))
            client_id = read_client_id(fields.get("id"))
            mime = clean(part.headers.get("Content-Type", "").lower())[:80]
            stored = await self._store_part(part, who)
            return Incoming(
                kind=file_kind(mime),
                source=client_id,
                text=clean(fields.get("text", ""))[:1000],
                source_label=texts.say_as(self._ward().book, "page-file-sent"),
                file={**stored, "mime": mime},
                sent_at=moments.now(),
            )
        raise Refused(400, "page-unreadable")

    async def _store_part(self, part: BodyPartReader, who: str) -> dict[str, Any]:
        """Sealed on its way to the disk, under a key that goes along with the message and then lies under the tip's ring."""
        incoming, key, place = self._media.new_incoming(), secrets.token_bytes(32), self._media.new_place("originals", moments.now())
        sink = await asyncio.to_thread(Sink, incoming, key=key, name=place)
        try:
            while chunk := await part.read_chunk(_CHUNK):
                if sink.size + len(chunk) > MOST_FILE_BYTES:
                    raise Refused(413, "page-file-too-big")
                await asyncio.to_thread(sink.write, chunk)
            if sink.size == 0:
                raise Refused(400, "page-file-empty")
            await self._charge(who, sink.size)
            await asyncio.to_thread(sink.close)
            await asyncio.to_thread(self._media.adopt, incoming, place)
        finally:
            sink.give_up()
            incoming.unlink(missing_ok=True)
        return {"stored": place, "size": sink.size, "sha256": sink.sha256, "key": key.hex()}

    async def _charge(self, who: str, size: int) -> None:
        """Count these bytes against the address's day; the rows of other days go at the same time."""
        row_id, ward_id, now = new_id(), self._ward().id, moments.now()
        day = f"{moments.local(now):%Y-%m-%d}"

        def charge(session: Session) -> bool:
            _FORGET_OTHER_DAYS.run(session, day=day)
            used = _CHARGE.run(session, id=row_id, ward_id=ward_id, day=day, who_hash=who, size=size).fetchone()[0]
            return int(used) <= MOST_BYTES_A_DAY

        if not await self._memory.write(charge):
            raise Refused(429, "page-too-much-today")
