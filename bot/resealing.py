"""What `keng key rotate --compromised` has asked for, done in the background by a house that serves: one tip or chat after the other."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from functools import partial

from storage import moments
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import finding, resealing
from storage.queries.resealing import Moved, Resealed, StoredFile
from storage.vault import Sealed

log = logging.getLogger("keng.resealing")


class Resealing:
    def __init__(self, memory: Memory, store: MediaStore) -> None:
        self._memory, self._store = memory, store

    async def go_on(self, ward_id: int) -> None:
        """A beat of the clock. What is busy just now is passed over and tried with the next one: a file may wait for hours."""
        async for tip_id in self._due("tips"):
            await self._reseal_tip(tip_id)
        async for chat_id in self._due("chats"):
            await self._reseal_chat(chat_id)
        if await self._memory.read(lambda session: finding.has_old_search_keys_to_drop(session, ward_id)):
            await self._memory.write(lambda session: resealing.drop_old_search_keys(session, ward_id), chore=True)

    async def _due(self, table: str) -> AsyncIterator[int]:
        after = -1
        while (found := await self._memory.read(partial(resealing.next_due, table=table, after=after))) is not None:
            after = found
            yield after

    async def _reseal_chat(self, chat_id: int) -> None:
        now = moments.now()
        _tell(await self._memory.write(lambda session: resealing.reseal_chat(session, chat_id, now=now), chore=True))

    async def _reseal_tip(self, tip_id: int) -> None:
        files = await self._memory.read(lambda session: resealing.files_of(session, tip_id))
        if files is None:
            return
        moved = [(file, fresh) for file in files if (fresh := await self._reseal_file(file)) is not None]
        renewed = [(old.original, fresh) for old, fresh in moved]
        try:
            done = _tell(await self._memory.write(lambda session: resealing.reseal_tip(session, tip_id, renewed), chore=True))
        except Moved:
            done = False
        for gone in [old if done else fresh for old, fresh in moved]:
            await self._remove((gone.original, gone.work, gone.thumb))

    async def _reseal_file(self, file: StoredFile) -> StoredFile | None:
        """None for one that is gone or was changed: it must not hold up all others, and `keng verify` tells of it."""
        key, made = secrets.token_bytes(32), list[str]()
        try:
            for place in (file.original, file.work, file.thumb):
                made.append(await self._move(place, file.key, key))
        except (FileNotFoundError, Sealed) as error:
            log.error("file_not_resealed", extra={"attachment": file.attachment, "error": type(error).__name__})
            await self._remove(made)
            return None
        original, work, thumb = made
        return replace(file, key=key, original=original, work=work, thumb=thumb)

    async def _remove(self, places: Iterable[str]) -> None:
        for place in places:
            await asyncio.to_thread(self._store.remove, place)

    async def _move(self, place: str, old: bytes, new: bytes) -> str:
        if not place:
            return ""
        content = await asyncio.to_thread(self._store.read, place, key=old)
        there = self._store.new_place(place.split("/")[0], moments.now())
        await asyncio.to_thread(self._store.keep, content, there, key=new)
        return there


def _tell(resealed: Resealed) -> bool:
    """Whether it is done. A cell that does not open must not hold up all others; `keng verify` tells of it too."""
    for cell in resealed.broken:
        log.error("cell_not_resealed", extra={"cell": cell})
    return resealed.is_done
