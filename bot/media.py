"""Brings what was attached, off the hot path: fetch, hash and keep the exact bytes, then make copies that officers may open.

The rows of `attachments` are the queue, so nothing is forgotten in a crash. A file is whole on disk before its row says so.
What finally cannot be had is told to the resident, and the officer finds a note in its place.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.channels.base import FetchError, Files
from bot.darkroom import Copies, Darkroom
from handlers import files
from handlers.ward_book import WardBook
from storage import images, moments
from storage.covering import Cover
from storage.disk import Disk, Room
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import attachments
from storage.queries.attachments import Outcome, Wanted
from storage.sealed_files import Sink

log = logging.getLogger("keng.media")

GIVE_UP_AFTER = 12 * moments.HOUR  # Platforms' links and file ids live about so long.
_MIME = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "heic": "image/heic",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "3gp": "video/3gpp",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "amr": "audio/amr",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "pdf": "application/pdf",
}


class Media:
    def __init__(
        self,
        memory: Memory,
        store: MediaStore,
        files: dict[str, Files],
        on_replies: Any,
        disk: Disk,
        *,
        public_url: str = "",
        fetches: int = 16,
        is_closed: Callable[[], bool] = lambda: False,
        book: Callable[[], WardBook] = WardBook,
    ) -> None:
        self._memory, self._store, self._files, self._on_replies = memory, store, files, on_replies
        self._disk = disk
        self._public_url, self._fetches, self._is_closed, self._book = public_url, fetches, is_closed, book
        self._darkroom = Darkroom()
        self._bell = asyncio.Event()
        self._running: dict[asyncio.Task[None], tuple[int, int]] = {}  # The attachment each task works on, and its claim.
        self._renewed_at = 0
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self.stored_count = self.refused_count = self.failed_count = 0

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="media")

    async def stop(self) -> None:
        """What is being fetched may finish; the rest waits in its rows."""
        self._stopping = True
        self._bell.set()
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=10)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._darkroom.stop()

    def wake(self) -> None:
        self._bell.set()

    async def develop(self, content: bytes, kind: str) -> Copies:
        """For what an officer attaches: made anew without its metadata, like everything else that is shown. Raises Unsafe."""
        return await self._darkroom.develop(content, kind)

    async def cover(self, content: bytes, cover: Cover) -> Copies:
        """For what an officer blacks out in a safe copy. Raises Unsafe."""
        return await self._darkroom.cover(content, cover)

    async def _run(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                now, free = moments.now(), self._fetches - len(self._running)
                claimed = await self._claim(now, free)
                for wanted in claimed:
                    task = asyncio.create_task(self._bring(wanted))
                    self._running[task] = (wanted.id, wanted.tries)
                    task.add_done_callback(self._ended)
                if len(claimed) == free and free:
                    continue
            except Exception as error:
                log.error("media_sweep_failed", extra={"error": type(error).__name__})
            try:
                await asyncio.wait_for(self._bell.wait(), timeout=1)
            except TimeoutError:
                continue

    async def _claim(self, now: int, free: int) -> list[Wanted]:
        if self._is_closed():
            return []
        if self._running and now - self._renewed_at > 3 * moments.SECOND:
            claims, self._renewed_at = list(self._running.values()), now
            await self._memory.write(lambda session: attachments.renew(session, claims, now=now))
        room = self._disk.room
        if not free or room == Room.NO_FILES:
            return []
        # With little room left only what lies here already is looked at; the rest waits at its platform.
        only_here = room == Room.NO_NEW_FILES
        due = await self._memory.read(lambda session: attachments.next_due(session, only_here=only_here))
        if due is None or due > now:
            return []
        return await self._memory.write(lambda session: attachments.claim_due(session, now=now, most=free, only_here=only_here))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._bell.set()

    async def _bring(self, wanted: Wanted) -> None:
        mine: list[str] = []  # Files that this claim has written; nobody's, if the claim turns out to be lost.
        try:
            outcome = await self._fetch_and_examine(wanted, mine)
        except FetchError as error:
            await self._remove(mine)
            if not error.permanent and moments.now() - wanted.created_at < GIVE_UP_AFTER:
                await self._try_again_later(wanted)
                return
            mine, outcome = [], Outcome(status="failed", note=error.reason)
        try:
            if not await self._note(wanted, outcome):
                await self._remove(mine)
        except Exception as error:
            log.error("media_note_failed", extra={"attachment": wanted.id, "error": type(error).__name__})

    async def _remove(self, places: list[str]) -> None:
        for place in places:
            await asyncio.to_thread(self._store.remove, place)

    async def _fetch_and_examine(self, wanted: Wanted, mine: list[str]) -> Outcome:
        try:
            original, key = await self._original(wanted, mine)
            return await self._examine(wanted, original, key, mine)
        except FetchError:
            raise
        except Exception as error:  # A full disk, or our own mistake.
            log.error("media_failed", extra={"attachment": wanted.id, "error": type(error).__name__})
            raise FetchError("here") from error

    async def _try_again_later(self, wanted: Wanted) -> None:
        due_at = moments.now() + min(15 * moments.MINUTE, moments.SECOND * 2 ** min(wanted.tries, 20))
        try:
            await self._memory.write(
                lambda session: attachments.postpone(session, wanted.id, tries=wanted.tries, due_at=due_at, note="trying again")
            )
        except Exception as error:  # Then the lease runs out, and it is tried again all the same.
            log.error("media_not_postponed", extra={"attachment": wanted.id, "error": type(error).__name__})

    async def _original(self, wanted: Wanted, mine: list[str]) -> tuple[str, bytes]:
        """Where the exact bytes lie, sealed, and their key: what a browser uploaded is here already, the rest is fetched."""
        if stored := wanted.source.get("stored"):
            if not self._store.path(str(stored)).is_file():
                raise FetchError("gone", permanent=True)
            return str(stored), bytes.fromhex(wanted.source["key"])
        files = self._files.get(wanted.source.get("channel", wanted.channel))
        if files is None:
            raise FetchError("channel_closed")
        key, place = secrets.token_bytes(32), self._store.new_place("originals", wanted.created_at)
        incoming = self._store.new_incoming()
        sink = await asyncio.to_thread(Sink, incoming, key=key, name=place)
        try:
            await files.fetch(wanted.source, sink)
            await asyncio.to_thread(sink.close)
            await asyncio.to_thread(self._store.adopt, incoming, place)
        finally:
            sink.give_up()
            incoming.unlink(missing_ok=True)
        mine.append(place)
        return place, key

    async def _examine(self, wanted: Wanted, original: str, key: bytes, mine: list[str]) -> Outcome:
        """The original is kept as it came; only what could be made anew without its metadata will ever be shown."""
        content = await asyncio.to_thread(self._store.read, original, key=key)
        kind = images.kind_of(content[:64])
        outcome = Outcome(
            status="stored",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            mime=_MIME.get(kind, "application/octet-stream"),
            original=original,
            file_key=key,
        )
        if reason := _why_refused(wanted, kind, outcome.size):
            return replace(outcome, status="refused", note=reason)
        try:
            copies = await self._darkroom.develop(content, kind)
        except images.Unsafe as error:
            if error.reason == "no_copy" and kind != "zip":  # Not the file's fault: it is kept, and the officer finds why it is closed.
                return replace(outcome, note="no_copy")
            return replace(outcome, status="refused", note="unknown_type" if error.reason == "no_copy" else error.reason)
        return await self._with_copies(wanted, kind, outcome, copies, mine)

    async def _with_copies(self, wanted: Wanted, kind: str, outcome: Outcome, copies: Copies, mine: list[str]) -> Outcome:
        work = await self._keep(wanted, outcome.file_key, copies.work, mine)
        thumb = await self._keep(wanted, outcome.file_key, copies.thumb, mine)
        mime = copies.mime if kind == "zip" else outcome.mime  # Which document it is, only the worker has read.
        outcome = replace(outcome, mime=mime, note=copies.note, work=work, thumb=thumb)
        return replace(outcome, copy_mime=copies.mime, width=copies.width, height=copies.height)

    async def _keep(self, wanted: Wanted, key: bytes, content: bytes, mine: list[str]) -> str:
        if not content:
            return ""
        place = self._store.new_place("copies", wanted.created_at)
        await asyncio.to_thread(self._store.keep, content, place, key=key)
        mine.append(place)
        return place

    async def _note(self, wanted: Wanted, outcome: Outcome) -> bool:
        ids, now = {"history_id": new_id(), "notice_id": new_id(), "row_id": new_id()}, moments.now()

        def note(session: Session) -> bool:
            return files.note(session, self._book(), wanted, outcome, public_url=self._public_url, now=now, **ids)

        if not await self._memory.write(note):
            return False
        if outcome.status != "stored" and wanted.chat_id:
            self._on_replies(wanted.chat_id, None)
        if outcome.status == "stored":
            self.stored_count += 1
        elif outcome.status == "refused":
            self.refused_count += 1
        else:
            self.failed_count += 1
        return True

    async def tidy(self) -> None:
        """Files of photos that were taken back, and what crashes left behind. A beat of the clock."""
        for attachment_id, places in await self._memory.read(attachments.withdrawn_files):
            for place in places:
                await asyncio.to_thread(self._store.remove, place)
            await self._memory.write(lambda session, gone=attachment_id: attachments.forget_files(session, gone), chore=True)  # type: ignore[misc]
        await asyncio.to_thread(self._store.forget_stale_incoming, before=moments.now() / 1000 - 86_400)

    async def forget_orphans(self) -> None:
        """Uploads whose message never reached the disk, and photos that were taken back before they were looked at."""
        old = await asyncio.to_thread(self._store.old_originals, before=moments.now() / 1000 - 2 * 86_400)
        for start in range(0, len(old), 200):
            some = old[start : start + 200]
            known = await self._memory.read(lambda session, some=some: attachments.known_originals(session, some))  # type: ignore[misc]
            waiting = await self._memory.read(attachments.waiting_uploads)
            for place in set(some) - known - waiting:
                await asyncio.to_thread(self._store.remove, place)


def _why_refused(wanted: Wanted, kind: str, size: int) -> str:
    """Why it will not be opened, or nothing."""
    if kind in images.IMAGE_KINDS:
        return ""
    if size == 0:
        return "empty"
    claimed = str(wanted.source.get("mime", "")) or ("image/jpeg" if wanted.kind == "photo" else "")
    if claimed.startswith("image/"):
        return "not_what_it_claims"
    return "unknown_type" if kind == "unknown" else ""
