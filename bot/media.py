"""Brings what was attached, off the hot path: fetch, hash and keep the exact bytes, then make copies that officers may open.

The rows of `attachments` are the queue, so nothing is forgotten in a crash. A file is whole on disk before its row says so.
What finally cannot be had is told to the resident, and the officer finds a note in its place.
"""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.channels.base import FetchError, Files
from bot.darkroom import Darkroom
from handlers import texts, tips
from handlers.messages import Reply
from handlers.outgoing import reply_row
from storage import images, moments
from storage.ids import new_id
from storage.media import MediaStore, sha256_of
from storage.memory import Memory
from storage.queries import attachments, lanes
from storage.queries.attachments import Outcome, Wanted

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
        self, memory: Memory, store: MediaStore, files: dict[str, Files], on_replies: Any, *, public_url: str = "", fetches: int = 16
    ) -> None:
        self._memory, self._store, self._files, self._on_replies = memory, store, files, on_replies
        self._public_url, self._fetches = public_url, fetches
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
        if self._running and now - self._renewed_at > 3 * moments.SECOND:
            claims, self._renewed_at = list(self._running.values()), now
            await self._memory.write(lambda session: attachments.renew(session, claims, now=now))
        due = await self._memory.read(attachments.next_due) if free else None
        if due is None or due > now:
            return []
        return await self._memory.write(lambda session: attachments.claim_due(session, now=now, most=free))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._bell.set()

    async def _bring(self, wanted: Wanted) -> None:
        incoming = self._store.new_incoming()
        try:
            outcome = await self._fetch_and_examine(wanted, incoming)
        except FetchError as error:
            if not error.permanent and moments.now() - wanted.created_at < GIVE_UP_AFTER:
                await self._try_again_later(wanted)
                return
            outcome = Outcome(status="failed", note=error.reason)
        finally:
            incoming.unlink(missing_ok=True)
        try:
            await self._note(wanted, outcome)
        except Exception as error:
            log.error("media_note_failed", extra={"attachment": wanted.id, "error": type(error).__name__})

    async def _fetch_and_examine(self, wanted: Wanted, incoming: Path) -> Outcome:
        try:
            place = await self._fetch(wanted, incoming)
            return await self._examine(wanted, incoming, place)
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

    async def _fetch(self, wanted: Wanted, incoming: Path) -> str | None:
        files = self._files.get(wanted.channel)
        if files is None:
            raise FetchError("channel_closed")
        return await files.fetch(wanted.source, incoming)

    async def _examine(self, wanted: Wanted, incoming: Path, place: str | None) -> Outcome:
        """The original is kept as it came; only what could be made anew without its metadata will ever be shown."""
        day = moments.local(wanted.created_at)
        path = self._store.path(place) if place else incoming
        outcome, kind = await asyncio.to_thread(_look_at, path)
        name = f"{day:%Y/%m/%d}/{wanted.id:x}-{wanted.tries}"
        outcome = replace(outcome, mime=_MIME.get(kind, "application/octet-stream"))
        if reason := _why_refused(wanted, kind, outcome.size):
            outcome = replace(outcome, status="refused", note=reason)
        else:
            outcome = await self._develop(path, kind, name, outcome)
        if not place:
            await asyncio.to_thread(self._store.adopt, incoming, f"originals/{name}")
        return replace(outcome, original=place or f"originals/{name}")

    async def _develop(self, path: Path, kind: str, name: str, outcome: Outcome) -> Outcome:
        try:
            copies = await self._darkroom.develop(await asyncio.to_thread(path.read_bytes), kind)
        except images.Unsafe as error:
            if error.reason == "no_copy":  # Not the file's fault: it is kept, and the officer finds why he cannot open it.
                return replace(outcome, note="no_copy") if kind != "zip" else replace(outcome, status="refused", note="unknown_type")
            return replace(outcome, status="refused", note=error.reason)
        work, thumb = f"copies/{name}.{copies.extension}", f"copies/{name}-thumb.jpg" if copies.thumb else ""
        await asyncio.to_thread(self._write, copies.work, work)
        if thumb:
            await asyncio.to_thread(self._write, copies.thumb, thumb)
        mime = copies.mime if kind == "zip" else outcome.mime  # Which document it is, only the worker has read.
        return replace(outcome, mime=mime, work=work, thumb=thumb, width=copies.width, height=copies.height)

    def _write(self, content: bytes, place: str) -> None:
        incoming = self._store.new_incoming()
        incoming.write_bytes(content)
        self._store.adopt(incoming, place)

    async def _note(self, wanted: Wanted, outcome: Outcome) -> None:
        now, history_id = moments.now(), new_id()
        sentence = self._sentence(wanted, outcome)
        answer = (
            reply_row(Reply(text=sentence), row_id=new_id(), ward_id=wanted.ward_id, chat_id=wanted.chat_id, now=now) if sentence else None
        )

        def note(session: Session) -> bool:
            if not attachments.note_outcome(session, wanted.id, outcome, tries=wanted.tries):
                return False
            tips.remember(
                session,
                history_id=history_id,
                ward_id=wanted.ward_id,
                tip_id=wanted.tip_id,
                now=now,
                actor="system",
                what=f"file_{outcome.status}",
                sha256=outcome.sha256,
                note=outcome.note,
            )
            if answer:
                lanes.queue_replies(session, [answer])
            return True

        if not await self._memory.write(note):
            # Only what this very claim has written. An upload lies where its row will always look for it.
            own = outcome.files if wanted.source.get("stored") is None else (outcome.work, outcome.thumb)
            for place in own:
                await asyncio.to_thread(self._store.remove, place)
            return
        if answer:
            self._on_replies(wanted.chat_id, None)
        if outcome.status == "stored":
            self.stored_count += 1
        elif outcome.status == "refused":
            self.refused_count += 1
        else:
            self.failed_count += 1

    def _sentence(self, wanted: Wanted, outcome: Outcome) -> str:
        if outcome.status == "stored":
            return ""
        if outcome.note == "too_big" and self._public_url and wanted.channel != "webchat":
            return texts.say("file-too-big-web", wanted.language, address=self._public_url)
        key = {"too_big": "file-too-big"}.get(outcome.note, "file-lost" if outcome.status == "failed" else "file-refused")
        return texts.say(key, wanted.language)

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


def _look_at(path: Path) -> tuple[Outcome, str]:
    with path.open("rb") as file:
        kind = images.kind_of(file.read(64))
    return Outcome(status="stored", sha256=sha256_of(path), size=path.stat().st_size), kind


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
