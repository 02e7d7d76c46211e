"""Strikes the gong: lays out whom a released warning goes to, puts a little of it into the outbox at a time, and ends what is over.

A beat of one process, whoever holds the lease. Everything it does stands in tables: another process goes on where it stopped. So few rows
wait in the outbox at any time that whoever pauses or cancels takes back almost everything.
"""

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from handlers.messages import Ward
from handlers.warnings import kits
from handlers.warnings.kits import Kit
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import leases, strikes
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.strikes import Planned
from storage.queries.warning_targets import Whom
from storage.queries.warnings import WarningSeen

log = logging.getLogger("keng.striking")

LEASE, LEASE_MS = "striking", 10 * moments.SECOND
CHUNK = 100  # Rows laid out, or cancelled, in one write.
SLICE = 40  # Rows queued in one write: each is sealed there.
_BUDGET_SECS = 0.4  # For one beat: a pause is seen within a second.
_LOOK_AGAIN_MS = 30 * moments.SECOND  # At an original that still goes, for its correction.
_STEADY_FOR_SECS = 90.0
_JUMP_SECS = 5.0
_REVIVED_WITHIN = 400 * moments.DAY
_LATE_EVERY_SECS = 60.0


class Steady:
    """Whether the wall's clock has gone as fast as the machine's own for a while. One that has just jumped ends nothing and begins nothing:
    it may be put right again."""

    def __init__(self, *, wall: Callable[[], int] = lambda: moments.now(), own: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._own = wall, own
        self._last = wall(), own()
        self._jumped_at: float | None = None

    def look(self) -> bool:
        wall, own = self._wall(), self._own()
        before, self._last = self._last, (wall, own)
        if abs((wall - before[0]) / 1000 - (own - before[1])) > _JUMP_SECS:
            self._jumped_at = own
            log.warning("clock_jumped")
        return self._jumped_at is None or own - self._jumped_at > _STEADY_FOR_SECS


@dataclass(slots=True)
class _Course:
    """How far this process has come with one warning. Whoever takes over begins at the beginning, and finds what has a row already."""

    stage: str = "leaders"  # leaders, groups, subscribers; of a correction: original
    after: int = 0
    is_laid_out: bool = False
    look_again_at: int = 0
    kit: Kit | None = None


class Striking:
    def __init__(
        self,
        memory: Memory,
        ward: Callable[[], Ward],
        *,
        channels: Callable[[], frozenset[str]],
        most_waiting: Callable[[str], int],
        look: Callable[[], None],
        is_closed: Callable[[], bool] = lambda: False,
        steady: Steady | None = None,
    ) -> None:
        """`channels`: those that are on. `most_waiting`: so many rows of a channel may wait in the outbox. `look` rings whoever sends."""
        self._memory, self._ward, self._channels, self._most_waiting = memory, ward, channels, most_waiting
        self._look, self._is_closed = look, is_closed
        self._steady = steady or Steady()
        self._me = secrets.token_hex(8)
        self._courses: dict[int, _Course] = {}
        self._late_at = 0.0

    async def beat(self) -> None:
        is_steady = self._steady.look()
        if self._is_closed():
            return
        ward, now = self._ward(), moments.now()
        work = await self._memory.read(lambda session: _work(session, ward.id, now))
        if not any(work) and time.monotonic() - self._late_at < _LATE_EVERY_SECS:
            self._courses.clear()
            return
        if not await self._memory.write(lambda session: leases.take(session, LEASE, self._me, ward_id=ward.id, now=now, lasts=LEASE_MS)):
            self._courses.clear()
            return
        on, over, to_tidy, too_early = work
        self._courses = {one: course for one, course in self._courses.items() if one in on}
        if is_steady:
            for warning_id in over:
                await self._expire(warning_id)
            for warning_id in too_early:
                await self._revive(warning_id)
            await self._tidy_late(ward.id)
        for warning_id, state in to_tidy:
            await self._tidy(warning_id, "expired" if state == "expired" else "cancelled")
        deadline = time.monotonic() + _BUDGET_SECS
        for warning_id in on:
            if warning_id not in over:
                await self._go_on(ward, warning_id, is_steady=is_steady, deadline=deadline)

    # -- one warning -------------------------------------------------------------------------------------------------------

    async def _go_on(self, ward: Ward, warning_id: int, *, is_steady: bool, deadline: float) -> None:
        found = await self._memory.read(lambda session: rows.one(session, ward.id, warning_id))
        if found is None:
            return
        if found.state == "released":
            if not is_steady and found.send_at > (found.released_at or 0):
                return  # Meant for a later hour, and nobody is sure which it is.
            now = moments.now()
            await self._memory.write(lambda session: strikes.start(session, warning_id, now=now))
        course = self._courses.setdefault(warning_id, _Course(is_laid_out=found.laid_out_at is not None))
        if course.kit is None:
            course.kit = await self._memory.read(lambda session: kits.kit_of(session, ward, warning_id))
        if course.kit is None:
            log.error("warning_does_not_open", extra={"warning": warning_id})
            return
        while True:
            is_more = not course.is_laid_out and await self._lay_out_some(ward.id, found, course)
            is_full = await self._queue(ward, warning_id, course.kit)
            if (not is_more and is_full) or time.monotonic() > deadline:
                break
        await self._end(warning_id)

    async def _lay_out_some(self, ward_id: int, found: WarningSeen, course: _Course) -> bool:
        """One chunk. False when there is nothing more to lay out now."""
        now, ids = moments.now(), [new_id() for _ in range(CHUNK)]
        if now < course.look_again_at:
            return False

        def lay_out(session: Session) -> tuple[str, int, bool]:
            if not strikes.may_lay_out(session, found.id):
                return course.stage, course.after, False
            whom, stage, after = _next_whom(session, ward_id, found, course)
            targets.lay_out(session, ward_id, found.id, whom, ids)
            if stage == "all" and (found.corrects_id is None or not strikes.is_running(session, found.corrects_id)):
                strikes.note_laid_out(session, found.id, now=now)
            return stage, after, True

        stage, course.after, is_on = await self._memory.write(lay_out)
        if stage != "all":
            course.stage = stage
            return is_on
        if found.corrects_id is None or not await self._memory.read(lambda session: strikes.is_running(session, found.corrects_id or 0)):
            course.is_laid_out = True
        else:  # What goes on going out has to be put right, too.
            course.stage, course.after, course.look_again_at = "leaders", 0, now + _LOOK_AGAIN_MS
        return False

    async def _queue(self, ward: Ward, warning_id: int, kit: Kit) -> bool:
        """A slice for each channel that has room. True when nothing more can be queued now."""
        channels = self._channels()
        waiting = await self._memory.read(strikes.waiting_by_channel)
        queued = 0
        for channel in ("", *sorted(channels)):  # Leaders first, by whichever way reaches them.
            most = min(SLICE, self._most_waiting(channel) - waiting.get(channel, 0)) if channel else SLICE
            if most <= 0:
                continue
            some = await self._planned(warning_id, channel, most)
            if some:
                queued += len(some)
                await self._put(ward, kit, some, channels)
        if queued:
            self._look()
        return queued == 0

    async def _planned(self, warning_id: int, channel: str, most: int) -> list[Planned]:
        return await self._memory.read(lambda session: strikes.planned(session, warning_id, channel, most=most))

    async def _put(self, ward: Ward, kit: Kit, some: list[Planned], channels: frozenset[str]) -> None:
        now, ids = moments.now(), [new_id() for _ in some]
        await self._memory.write(lambda session: kits.queue_some(session, ward, kit, some, ids, channels=channels, now=now))

    async def _end(self, warning_id: int) -> None:
        now = moments.now()

        def look(session: Session) -> bool:
            return not any(strikes.has_any(session, warning_id, state) for state in strikes.LIVE)

        if await self._memory.read(look):
            await self._memory.write(lambda session: strikes.note_done(session, warning_id, now=now))
        elif await self._memory.read(lambda session: strikes.has_stranded(session, warning_id)):
            await self._memory.write(lambda session: strikes.settle_stranded(session, warning_id, now=now, most=CHUNK))

    # -- what is over ------------------------------------------------------------------------------------------------------

    async def _expire(self, warning_id: int) -> None:
        now = moments.now()

        def expire(session: Session) -> bool:
            if not strikes.expire(session, warning_id, now=now):
                return False
            targets.take_back(session, warning_id, now=now)
            return True

        if await self._memory.write(expire):
            log.info("warning_expired", extra={"warning": warning_id})
            await self._tidy(warning_id, "expired")

    async def _revive(self, warning_id: int) -> None:
        now = moments.now()
        if await self._memory.write(lambda session: strikes.revive(session, warning_id, now=now)):
            log.warning("warning_goes_on", extra={"warning": warning_id})
            while await self._memory.write(lambda session: strikes.revive_some(session, warning_id, most=CHUNK), chore=True):
                pass

    async def _tidy(self, warning_id: int, reason: str) -> bool:
        """Whether all of it is done; else the next beat goes on, for what is stopped does not hold up what is to go. What was under way
        when it was stopped may have come back to the outbox since, where its channel is switched off."""
        now, deadline = moments.now(), time.monotonic() + _BUDGET_SECS
        await self._memory.write(lambda session: targets.take_back(session, warning_id, now=now))
        while await self._memory.write(
            lambda session: strikes.cancel_some(session, warning_id, reason=reason, now=now, most=CHUNK), chore=True
        ):
            if time.monotonic() > deadline:
                return False
        await self._memory.write(lambda session: strikes.settle_stranded(session, warning_id, now=now, most=CHUNK))
        await self._memory.write(lambda session: strikes.note_tidied(session, warning_id, now=now))
        return True

    async def _tidy_late(self, ward_id: int) -> None:
        """What waits until people write waits no longer than the warning lasts."""
        if time.monotonic() - self._late_at < _LATE_EVERY_SECS:
            return
        self._late_at, now = time.monotonic(), moments.now()
        for warning_id in await self._memory.read(lambda session: strikes.late(session, ward_id, now=now, since=now - _REVIVED_WITHIN)):
            if not await self._tidy(warning_id, "expired"):
                self._late_at = -_LATE_EVERY_SECS


def _work(session: Session, ward_id: int, now: int) -> tuple[list[int], list[int], list[tuple[int, str]], list[int]]:
    return (
        rows.to_strike(session, ward_id, now=now),
        strikes.over(session, ward_id, now=now),
        strikes.to_tidy(session, ward_id),
        strikes.expired_too_early(session, ward_id, now=now, since=now - _REVIVED_WITHIN),
    )


def _next_whom(session: Session, ward_id: int, found: WarningSeen, course: _Course) -> tuple[list[Whom], str, int]:
    """The next chunk, and where to go on; "all" after the last."""
    if found.corrects_id is not None:
        some, after = targets.where_it_went(session, found.corrects_id, found.id, after=course.after, most=CHUNK)
        return some, course.stage if after is not None else "all", after or 0
    if course.stage == "leaders":
        leaders = targets.leaders_for(session, ward_id, found)[:CHUNK] if "leaders" in found.reaches else []
        return leaders, "leaders" if len(leaders) == CHUNK else "groups", 0
    if course.stage == "groups":
        groups = targets.groups_for(session, ward_id, found)[:CHUNK] if "groups" in found.reaches else []
        return groups, "groups" if len(groups) == CHUNK else "subscribers", 0
    if "subscribers" not in found.reaches:
        return [], "all", 0
    some, after = targets.subscribers_for(session, ward_id, found, after=course.after, most=CHUNK)
    return some, "subscribers" if after is not None else "all", after or 0
