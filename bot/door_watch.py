"""Writes down how the messengers' doors are, as beats: which let nobody in, and when each was last alive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.delivery import Delivery
from bot.inbox import Inbox
from handlers import silence
from handlers.doors import TellsWhatItHears
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import doors
from storage.queries.doors import NewSign, SignOfLife


class DoorWatch:
    def __init__(
        self, memory: Memory, inbox: Inbox, delivery: Delivery, platforms: Callable[[], dict[str, Any]], ward_id: Callable[[], int]
    ) -> None:
        """`platforms`: the doors that are on, by channel."""
        self._memory, self._inbox, self._delivery, self._platforms, self._ward_id = memory, inbox, delivery, platforms, ward_id
        self._signs: dict[str, _Looked] = {}  # By channel, as it was written down.

    async def note_doors(self) -> None:
        """A platform that does not let us in: every page says so, and the chief is called. A restart forgets nothing of it."""
        await self.note_signs()
        for channel, door in self._platforms().items():
            if door.shut is not None:  # Else another process speaks with it, or nobody has tried yet.
                await self._note_door(channel, door.shut or await self._silence(channel, door))

    async def _silence(self, channel: str, door: Any) -> str:
        if not isinstance(door, TellsWhatItHears):
            return ""
        ward_id, now = self._ward_id(), moments.now()

        def look(session: Session) -> bool:
            was_said = any(one.channel == channel and one.why == silence.WHY for one in doors.lasting(session, ward_id, before=now))
            sign = doors.signs(session, ward_id).get(channel, SignOfLife())
            return silence.to_be_said(sign, doors.days(session, ward_id, channel), was_said=was_said, now=now)

        return silence.WHY if await self._memory.read(look) else ""

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
        seen = {channel: self._looked(channel) for channel in {*self._inbox.last_in, *self._delivery.last_out, *self._platforms()}}
        news = {channel: one.since(self._signs.get(channel, _Looked())) for channel, one in seen.items() if self._signs.get(channel) != one}
        news, ward_id = {channel: one for channel, one in news.items() if one != NewSign()}, self._ward_id()
        ids = {channel: (new_id(), new_id()) for channel in news}
        if news:
            await self._memory.write(lambda session: doors.keep_signs(session, ward_id, news, ids=ids))
            self._signs |= {channel: seen[channel] for channel in news}

    def _looked(self, channel: str) -> "_Looked":
        door = self._platforms().get(channel)
        heard = (door.heard_at, door.receipt_count) if isinstance(door, TellsWhatItHears) else (0, 0)
        return _Looked(
            self._inbox.last_in.get(channel, 0), self._delivery.last_out.get(channel, 0), self._delivery.sent_by[channel], *heard
        )


@dataclass(frozen=True, slots=True)
class _Looked:
    """What this process has seen of a door since it started."""

    came: int = 0
    went: int = 0
    sent: int = 0
    heard: int = 0
    receipts: int = 0

    def since(self, before: "_Looked") -> NewSign:
        return NewSign(
            came=self.came,
            went=self.went,
            sent=self.sent - before.sent,
            heard=self.heard if self.heard != before.heard else 0,
            receipts=self.receipts - before.receipts,
        )
