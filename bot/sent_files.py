"""Opens what an officer attached for a resident, for whichever channel sends or shows it."""

import asyncio
import logging

from bot.channels.base import FileToSend
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import sent_files
from storage.vault import Sealed

log = logging.getLogger("keng.sent_files")


class SentFiles:
    def __init__(self, memory: Memory, store: MediaStore) -> None:
        self._memory, self._store = memory, store

    async def __call__(self, file_id: int) -> FileToSend | None:
        found = await self._memory.read(lambda session: sent_files.file_of(session, file_id))
        if found is None:
            return None
        try:
            return FileToSend(await asyncio.to_thread(self._store.read, found.place, key=found.key), found.mime)
        except (OSError, Sealed) as error:
            log.error("sent_file_not_opened", extra={"attachment": file_id, "error": type(error).__name__})
            return None
