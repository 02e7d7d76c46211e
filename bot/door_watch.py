"""Writes down how the messengers' doors are, as beats: which let nobody in, and when each was last alive."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from bot.delivery import Delivery
from bot.inbox import Inbox
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import doors


class DoorWatch:
    def __init__(
        self, memory: Memory, inbox: Inbox, delivery: Delivery, platforms: Callable[[], dict[str, Any]], ward_id: Callable[[], int]
    ) -> None:
        """`platforms`: the doors that are on, by channel."""
        self._memory, self._inbox, self._delivery, self._platforms, self._ward_id = memory, inbox, delivery, platforms, ward_id
        self._signs: dict[str, tuple[int, int]] = {}  # By channel: when something last came in and went out, as it was written down.

    async def note_doors(self) -> None:
        """A platform that does not let us in: every page says so, and the chief is called. A restart forgets nothing of it."""
        await self.note_signs()
        for channel, door in self._platforms().items():
            if door.shut is not None:  # Else another process speaks with it, or nobody has tried yet.
                await self._note_door(channel, door.shut)

    async def _note_door(self, channel: str, why: str) -> None:
        ward_id, row_id, now = self._ward_id(), new_id(), moments.now()
        known = await self._memory.read(lambda session: doors.lasting(session, ward_id, before=now))
        if why == next((one.why for one in known if one.channel == channel), ""):
            return

        def note(session: Session) -> None:
            if why:
                doors.keep(session, ward_id, row_id=row_id, channel=channel, why=why, now=now)
            else:
                doors.over(session, ward_id, channel)

        await self._memory.write(note)

    async def note_signs(self) -> None:
        """When each door was last alive, a little late: no message pays for it."""
        came, went = self._inbox.last_in, self._delivery.last_out
        signs = {channel: (came.get(channel, 0), went.get(channel, 0)) for channel in {*came, *went}}
        news, ward_id = {channel: seen for channel, seen in signs.items() if self._signs.get(channel) != seen}, self._ward_id()
        ids = {channel: new_id() for channel in news}
        if news:
            await self._memory.write(lambda session: doors.keep_signs(session, ward_id, news, ids=ids))
            self._signs |= news
