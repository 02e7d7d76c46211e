"""A warning's picture, drawn when a channel first asks for it and kept while it is being sent."""

import asyncio
import logging
from collections.abc import Callable

from sqlmodel import Session

from bot.channels.base import FileToSend
from handlers.messages import Ward
from handlers.texts import say
from handlers.warnings import card
from handlers.warnings.around import original_of, posted_of
from handlers.warnings.content import Content, Posted
from storage.memory import Memory
from storage.queries import warnings

log = logging.getLogger("keng.cards")
_MOST_KEPT = 8
_MOST_SECS = 10.0  # Whoever sends waits for it, and gives up the send itself a little later.


class CardFiles:
    def __init__(self, memory: Memory, ward: Callable[[], Ward]) -> None:
        self._memory, self._ward = memory, ward
        self._kept: dict[int, FileToSend] = {}
        self._drawing = asyncio.Lock()

    async def __call__(self, warning_id: int) -> FileToSend | None:
        """None: it goes as words alone. A picture that cannot be drawn holds no warning up. Of a draft that is tried (a number below
        nought) it is drawn anew each time, for its words may have changed since."""
        async with self._drawing:
            if warning_id in self._kept:
                return self._kept[warning_id]
            ward = self._ward()
            found = await self._memory.read(lambda session: _words(session, ward, abs(warning_id)))
            if found is None:
                return None
            try:
                async with asyncio.timeout(_MOST_SECS):
                    picture = await asyncio.to_thread(card.jpeg if warning_id > 0 else _tried, *found, ward)
            except Exception as error:
                log.error("card_not_drawn", extra={"warning": warning_id, "error": type(error).__name__})
                return None
            file = FileToSend(picture, "image/png" if picture[:4] == b"\x89PNG" else "image/jpeg")
            if warning_id > 0:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[warning_id] = file
            return file


def _tried(content: Content, posted: Posted, ward: Ward) -> bytes:
    return card.marked(content, posted, ward, say("warn-trial-picture", "vi"))


def _words(session: Session, ward: Ward, warning_id: int) -> tuple[Content, Posted] | None:
    found = warnings.one(session, ward.id, warning_id)
    if found is None or found.content is None:
        return None
    return Content.from_row(found.content), posted_of(found, original_of(session, ward.id, found))
