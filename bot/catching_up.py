"""What follows people's writes a moment later, as beats: the history's chain, the index of words, the figures, and
clocks whose calendar has changed.

In small writes on the chore lane, so that people's own come between.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from handlers import deadlines, figures
from storage import moments
from storage.heads import HeadBook
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import chain, finding, search


class CatchingUp:
    def __init__(self, memory: Memory, ward_id: Callable[[], int], *, data: Path) -> None:
        self._memory, self._ward_id, self._data = memory, ward_id, data

    async def link_history(self) -> None:
        """Every row of the history has its link within a second."""
        memory, ward_id = self._memory, self._ward_id()
        while await memory.read(lambda session: chain.has_unlinked(session, ward_id)):
            await memory.write(lambda session: chain.link_new(session, ward_id), chore=True)

    async def link_everything(self) -> None:
        """A row whose commit was very slow is found here; and the day's head is written down beside the database."""
        memory, ward_id, now = self._memory, self._ward_id(), moments.now()
        while await memory.write(lambda session: chain.link_new(session, ward_id, everything=True), chore=True):
            continue
        head = await memory.read(lambda session: chain.head(session, ward_id))
        await asyncio.to_thread(HeadBook(self._data).note_daily, head, now=now)

    async def index_words(self) -> None:
        """What was said can be searched a moment later."""
        memory, ward_id = self._memory, self._ward_id()
        while ready := await memory.read(lambda session: finding.tokenise_some(session, ward_id)):
            now = moments.now()
            await memory.write(lambda session, ready=ready, now=now: finding.index(session, ward_id, ready, now=now), chore=True)  # type: ignore[misc]

    async def count_figures(self) -> None:
        """What happened is in the ward's figures a moment later; people's own writes come between."""
        memory, ward_id = self._memory, self._ward_id()
        while await memory.read(lambda session: figures.is_behind(session, ward_id)):
            await memory.write(lambda session: figures.catch_up(session, ward_id), chore=True)

    async def tidy_search(self) -> None:
        """Words that were removed from the index leave its file, in small steps, and then the log beside the file."""
        memory, has_tidied = self._memory, False
        while await memory.write(search.tidy, chore=True):
            has_tidied = True
        if has_tidied:
            await memory.empty_log()

    async def reckon_anew(self) -> None:
        """A day off was set or taken back: the clocks that run, some in each write, people's own writes between them."""
        memory, ward_id = self._memory, self._ward_id()
        more = await memory.read(lambda session: deadlines.has_to_reckon(session, ward_id))
        while more:
            now = moments.now()
            more = await memory.write(lambda session, now=now: deadlines.reckon_anew(session, ward_id, draw=new_id, now=now), chore=True)  # type: ignore[misc]
