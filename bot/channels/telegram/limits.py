"""How fast Telegram takes messages: so many a second in all, about one a second in a chat, 20 a minute in a group. Over all processes.

Where several processes may send, the second is divided in the database (`storage/queries/paces.py`), so that all of them together stay
below it. A group's minute stands there always: it outlives a process, and goes along when another one takes the chat. A 429 that comes all
the same is obeyed by delivery.
"""

import asyncio
import time
from collections.abc import Callable

from bot.channels.base import Turn
from bot.channels.pacing import Place, Places, Shared, Turnstile, Window
from storage import moments
from storage.memory import Memory
from storage.queries import paces

NAME = "telegram"
# Five at once after a silence, and one in four seconds: never more than twenty within any minute.
GROUP_AT_ONCE, GROUP_GAP = 5, 4 * moments.SECOND
_CHAT_AT_ONCE, _CHAT_GAP_SECS = 5, 1.0
_MOST_CHATS = 10_000


class Limits:
    def __init__(self, per_sec: int, memory: Memory, ward_id: Callable[[], int]) -> None:
        self._memory, self._ward_id = memory, ward_id
        places: Places = Window(per_sec) if memory.is_sqlite else Shared(per_sec, self._fetch)
        self._turnstile = Turnstile(places, most=per_sec)
        self._chats: dict[int, float] = {}  # By chat: until when what was said there counts.

    async def wait(self, chat_id: int, *, is_group: bool, rank: int) -> None:
        """For an answer. Everything it has to wait for, one after the other."""
        if is_group:
            await self._in_group_at_last(chat_id)
        else:
            await self._in_chat(chat_id)
        await self._turnstile.wait(rank)

    async def turn(self, chat_id: int, *, is_group: bool, rank: int) -> tuple[Turn | None, float]:
        """For a warning, before it is begun. Nobody waits here for a group that has had its share."""
        if is_group and (wait := await self._in_group(chat_id)):
            return None, wait
        return _Turn(self._turnstile, await self._turnstile.take(rank)), 0.0

    async def _in_group_at_last(self, chat_id: int) -> None:
        wait = await self._in_group(chat_id)
        if wait:
            await asyncio.sleep(wait)
            await self._in_group_at_last(chat_id)

    async def _in_group(self, chat_id: int) -> float:
        now, ward_id, name = moments.now(), self._ward_id(), f"{NAME}:{chat_id}"
        wait = await self._memory.write(
            lambda session: paces.take_in_group(session, ward_id, name, at_once=GROUP_AT_ONCE, gap=GROUP_GAP, now=now)
        )
        return wait / 1000

    async def _in_chat(self, chat_id: int) -> None:
        now = time.monotonic()
        if len(self._chats) >= _MOST_CHATS:
            self._chats = {one: until for one, until in self._chats.items() if until > now}
        until = max(self._chats.get(chat_id, 0.0), now) + _CHAT_GAP_SECS
        self._chats[chat_id] = until
        await asyncio.sleep(max(0.0, until - _CHAT_AT_ONCE * _CHAT_GAP_SECS - now))

    async def _fetch(self, lasts: int) -> float | None:
        begins_in = await self._memory.write(lambda session: paces.take_places(session, NAME, lasts=lasts))
        if begins_in is None:
            ward_id = self._ward_id()
            await self._memory.write(lambda session: paces.add(session, ward_id, NAME))
            return None
        return max(0.0, begins_in / 1000)


class _Turn:
    def __init__(self, turnstile: Turnstile, place: Place) -> None:
        self._turnstile, self._place = turnstile, place

    async def use(self) -> None:
        await self._turnstile.use(self._place)

    def give_back(self) -> None:
        self._turnstile.give_back(self._place)
