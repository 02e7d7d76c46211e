"""Whose turn it is where a platform takes only so many messages in a time, most urgent first.

A platform counts what reaches it within any second. So a place in that second is taken by the moment at which a message really goes, not by
the one it was meant for: what a busy machine sends late pushes back what comes after it, and two late ones never arrive in one heap.
"""

import asyncio
import heapq
import itertools
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.channels.base import PRESSING, WARNING

log = logging.getLogger("keng.pacing")
MARGIN_SECS = 0.015  # Longer than the difference between two ways to the platform.
_CATCHES_UP = 3  # So many warnings may follow at once those that a busy machine held up.
_MOST_IN_HAND = 8  # Places of a batch: a quarter of a second.
_AWAY_SECS = 0.5


class Place:
    """One message's part of a second. Until it is used it counts as going now."""

    __slots__ = ("at", "meant_for")

    def __init__(self, meant_for: float = 0.0) -> None:
        self.at: float | None = None
        self.meant_for = meant_for


class Places(Protocol):
    def take(self) -> Place | None:
        """One for now, if there is one."""
        ...

    def free_in(self, waiting: int, look: Callable[[], None]) -> float:
        """In how many seconds to ask again; `look` is called when that changes."""
        ...

    def give_back(self, place: Place) -> None: ...

    def is_late(self, place: Place) -> bool:
        """It was for a moment that is over: another one has to be had."""
        ...


class Window:
    """So many within any second, of this process alone."""

    def __init__(self, most: int, *, secs: float = 1.0 + MARGIN_SECS) -> None:
        self._most, self._secs = most, secs
        self._gone: deque[Place] = deque()

    def take(self) -> Place | None:
        if len(self._gone) >= self._most:
            since = time.monotonic() - self._secs
            self._gone = deque(place for place in self._gone if place.at is None or place.at > since)
        if len(self._gone) >= self._most:
            return None
        place = Place()
        self._gone.append(place)
        return place

    def free_in(self, waiting: int, look: Callable[[], None]) -> float:
        now = time.monotonic()
        return max(0.001, min((place.at + self._secs - now for place in self._gone if place.at is not None), default=0.005))

    def give_back(self, place: Place) -> None:
        place.at = 0.0

    def is_late(self, place: Place) -> bool:
        return False


class Shared:
    """Of all processes together: moments that are taken in batches from where all of them take theirs."""

    LATE_SECS = 0.15  # A few of a burst, which platforms let in. What is later is thrown away: a second is never made up for.

    def __init__(self, most: int, fetch: Callable[[int], Awaitable[float | None]]) -> None:
        """`fetch`: so many milliseconds of the platform's time; in how many seconds they begin."""
        self._gap = (1.0 + MARGIN_SECS) / most
        self._fetch = fetch
        self._free: deque[float] = deque()
        self._task: asyncio.Task[None] | None = None

    def take(self) -> Place | None:
        now = time.monotonic()
        while self._free and self._free[0] < now - self.LATE_SECS:
            self._free.popleft()
        return Place(self._free.popleft()) if self._free and self._free[0] <= now else None

    def free_in(self, waiting: int, look: Callable[[], None]) -> float:
        if len(self._free) < min(waiting, _MOST_IN_HAND // 2) and self._task is None:
            self._task = asyncio.create_task(self._fill(min(waiting, _MOST_IN_HAND), look), name="pace")
        return max(0.001, self._free[0] - time.monotonic()) if self._free else 1.0

    async def _fill(self, many: int, look: Callable[[], None]) -> None:
        try:
            lasts = -(-int(many * self._gap * 1_000_000) // 1000)
            begins_in = await self._fetch(lasts)
            if begins_in is not None:
                start = time.monotonic() + begins_in
                self._free.extend(start + place * self._gap for place in range(many))
        except Exception as error:  # The memory is away. To ask it again without a pause would keep the machine busy with that alone.
            log.error("pace_not_had", extra={"error": type(error).__name__})
            await asyncio.sleep(_AWAY_SECS)
        finally:
            self._task = None
            look()

    def give_back(self, place: Place) -> None:
        """Somebody else may have it while it lasts."""
        self._free.appendleft(place.meant_for)

    def is_late(self, place: Place) -> bool:
        return time.monotonic() - place.meant_for > self.LATE_SECS


class Turnstile:
    """Those who wait, in order of their rank and then of their coming. Warnings go evenly, so that between any two of them there is room
    for what is more urgent."""

    def __init__(self, places: Places, *, most: int) -> None:
        self._places, self._gap = places, 1.0 / most
        self._waiting: list[tuple[int, int, asyncio.Future[Place]]] = []
        self._turns = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self._next_warning_at = 0.0

    async def take(self, rank: int) -> Place:
        """A place; whoever has it uses it right before the call, or gives it back."""
        future: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._turns), future))
        self._let_in()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.give_back(future.result())
            raise

    async def wait(self, rank: int) -> None:
        await self.use(await self.take(rank))

    async def use(self, place: Place) -> None:
        while self._places.is_late(place):
            place = await self.take(PRESSING)
        place.at = time.monotonic()

    def give_back(self, place: Place) -> None:
        self._places.give_back(place)
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting:
            rank, _turn, future = self._waiting[0]
            if future.done():  # Whoever waited has gone.
                heapq.heappop(self._waiting)
                continue
            now = time.monotonic()
            if rank == WARNING and now < self._next_warning_at:
                self._look_in(self._next_warning_at - now)
                return
            place = self._places.take()
            if place is None:
                self._look_in(self._places.free_in(len(self._waiting), self._look_again))
                return
            if rank == WARNING:
                self._next_warning_at = max(self._next_warning_at, now - _CATCHES_UP * self._gap) + self._gap
            heapq.heappop(self._waiting)
            future.set_result(place)

    def _look_in(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look_again)

    def _look_again(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._let_in()
