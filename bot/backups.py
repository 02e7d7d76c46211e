"""Copies of the house: the one every night, and the one that somebody asks for on the command line.

The work itself is done by `storage/backup.py` in a thread; here stands when it is due, that one process does it, and what is
noted of it.
"""

import asyncio
import logging
import secrets
import threading
from datetime import timedelta
from pathlib import Path

from bot.settings import Settings
from storage import moments, shred_list
from storage.backup import Made, Stopped, make_backup
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import copies, house
from storage.snapshot_files import CopyTrouble

log = logging.getLogger("keng.backup")

HOUR_OF_NIGHT = 2
TRY_AGAIN_AFTER = 15 * moments.MINUTE


async def back_up(memory: Memory, settings: Settings, ward_id: int, *, folder: Path, keep: int, stop: threading.Event) -> Made:
    """One copy, and the note of it. Raises CopyTrouble with a sentence."""
    vault = memory.vault
    assert vault is not None

    def make() -> Made:
        media = (settings.data / "media").resolve()
        if folder.resolve().is_relative_to(media):
            raise CopyTrouble(f"{folder} lies among the house's own files; choose a folder outside {media}, best on another disk", "folder")
        return make_backup(
            settings.where_data_lives(),
            vault,
            MediaStore(media),
            shredded=settings.data / shred_list.NAME,
            folder=folder,
            keep=keep,
            now=moments.now(),
            should_stop=stop.is_set,
        )

    try:
        made = await asyncio.to_thread(make)
    except asyncio.CancelledError:
        stop.set()  # The thread cannot be cancelled; it looks at this between two files.
        raise
    copy_id, now = new_id(), moments.now()
    await memory.write(
        lambda session: copies.note_copy(
            session,
            copy_id=copy_id,
            ward_id=ward_id,
            name=made.name,
            place=made.folder,
            made_at=made.made_at,
            size=made.size,
            files=made.files,
            kept=made.kept,
            now=now,
        )
    )
    return made


def last_night(now: int) -> int:
    """The last time it was two o'clock at night in the ward."""
    here = moments.local(now)
    night = here.replace(hour=HOUR_OF_NIGHT, minute=0, second=0, microsecond=0)
    return int((night if night <= here else night - timedelta(days=1)).timestamp() * 1000)


class Nightly:
    """A beat of the clock. What is due stands in the table of copies, so a machine that slept through the night catches up."""

    def __init__(self, memory: Memory, settings: Settings, ward_id: int) -> None:
        self._memory, self._settings, self._ward_id = memory, settings, ward_id
        self._folder = Path(settings.backup_to).resolve() if settings.backup_to else None
        self._me = secrets.token_hex(8)
        self._stop = threading.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self.made_count = self.failed_count = 0

    async def beat(self) -> None:
        now = moments.now()
        if self._folder is None or self._stop.is_set() or not await self._is_due(self._folder, now):
            return
        if not await self._memory.write(lambda session: copies.take_turn(session, ward_id=self._ward_id, holder=self._me, now=now)):
            return
        self._idle.clear()
        try:
            await self._make(self._folder)
        finally:
            self._idle.set()

    async def stop(self) -> None:
        """A copy under way is broken off; the next run sweeps up after it."""
        self._stop.set()
        await self._idle.wait()

    async def state(self) -> str:
        """For /healthz."""
        if self._folder is None:
            return "off"
        known = await self._memory.read(lambda session: copies.copies_of(session, self._ward_id))
        if known.failed_at is not None:
            return "the last one failed"
        return "none for two days" if known.is_worrying(moments.now()) else "ok"

    async def _is_due(self, folder: Path, now: int) -> bool:
        if await self._memory.read(house.is_closed):  # The machine it came from may still be writing to this very folder.
            return False
        last = await self._memory.read(lambda session: copies.last_copy_in(session, self._ward_id, str(folder)))
        failed_at = await self._memory.read(copies.last_failure)
        if failed_at is not None and now - failed_at < TRY_AGAIN_AFTER:
            return False
        return last is None or last < last_night(now)

    async def _make(self, folder: Path) -> None:
        failed_at: int | None = None
        why = ""
        keeping = asyncio.create_task(self._keep_turn(), name="backup-turn")
        try:
            made = await back_up(
                self._memory, self._settings, self._ward_id, folder=folder, keep=self._settings.backup_keep, stop=self._stop
            )
            self.made_count += 1
            log.info("backup_made", extra={"copy": made.name, "files": made.files, "missing": made.missing})
        except Stopped:
            log.info("backup_broken_off")
        except Exception as error:
            # The sentence of a CopyTrouble names folders and files of ours; of anything else only the kind is told.
            failed_at, why = moments.now(), error.kind if isinstance(error, CopyTrouble) else "other"
            self.failed_count += 1
            told = str(error) if isinstance(error, CopyTrouble) else ""
            log.error("backup_failed", extra={"error": type(error).__name__, "why": told})
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        await self._memory.write(lambda session: copies.end_turn(session, holder=self._me, failed_at=failed_at, why=why))

    async def _keep_turn(self) -> None:
        while True:
            await asyncio.sleep(60)
            now = moments.now()
            try:
                await self._memory.write(lambda session, now=now: copies.keep_turn(session, holder=self._me, now=now), chore=True)  # type: ignore[misc]
            except Exception as error:
                log.warning("backup_turn_not_kept", extra={"error": type(error).__name__})
