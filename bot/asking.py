"""Sends the rows that are sent once: each is marked in a commit of its own before the call, and where nobody knows what became of it,
it is not sent again by itself.

An order of steps that must stay: the platform's turn, the mark, the call, the outcome. Whoever waits for a turn has marked nothing yet, so
a process that dies leaves as many unknown outcomes as it had calls under way, and no more.
"""

import asyncio
import contextlib
import itertools
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable

from sqlmodel import Session

from bot.channels.base import WARNING, Channel, DeliveryError, Paced, Probed, Turn, may_have_gone, rank
from handlers.messages import Reply
from storage import moments
from storage.memory import Memory
from storage.queries import asks, lanes
from storage.queries.asks import Asked, Begun
from storage.queries.lanes import OutLane

log = logging.getLogger("keng.asking")

MOST_TRIES = 300
SEND_TIMEOUT_SECS = 20.0
_LOOK_SECS, _IDLE_LOOK_SECS = 0.25, 1.0
_MOST_AT_ONCE = 2000
_SETTLE_TRIES = 6
_MOST_MISTAKES = 3  # So often a message is tried that breaks our own code before anything of it goes.
_PROBE_SECS, _LONGEST_PROBE_SECS = 1.0, 60.0
_LONGEST_REST_SECS = 600.0


class Rest:
    """Whether rows may be begun on a channel. After an outcome that nobody knows, or no connection, none is, until the platform answers a
    harmless question; then one goes alone, and what becomes of that opens the channel or closes it for longer."""

    def __init__(self, probe: Callable[[], Awaitable[bool]] | None) -> None:
        self._probe = probe
        self._is_careful = self._is_resting = False
        self._pause = _PROBE_SECS
        self._until = 0.0
        self._task: asyncio.Task[None] | None = None
        self.in_flight = 0

    @property
    def lets_begin(self) -> bool:
        if self._is_resting or time.monotonic() < self._until:
            return False
        return not self._is_careful or self.in_flight == 0

    def went_well(self) -> None:
        if not self._is_resting:
            self._is_careful, self._pause = False, _PROBE_SECS

    def pause(self, seconds: float) -> None:
        """As long as the platform asked for."""
        self._until = max(self._until, time.monotonic() + min(seconds, _LONGEST_REST_SECS))

    def begin(self) -> None:
        if self._is_resting:
            return
        if self._is_careful:
            self._pause = min(self._pause * 2, _LONGEST_PROBE_SECS)
        self._is_resting = True
        self._task = asyncio.create_task(self._wait_for_the_platform(), name="asking-rest")

    async def _wait_for_the_platform(self) -> None:
        while True:
            await asyncio.sleep(self._pause)
            if self._probe is None or await self._answers(self._probe):
                self._is_resting, self._is_careful = False, True
                return
            self._pause = min(self._pause * 1.5, _LONGEST_PROBE_SECS)

    async def _answers(self, probe: Callable[[], Awaitable[bool]]) -> bool:
        try:
            async with asyncio.timeout(10):
                return await probe()
        except Exception:  # Whatever it is, it is no answer.
            return False

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()


class Asking:
    def __init__(
        self,
        memory: Memory,
        channels: dict[str, Channel],
        *,
        workers: int = 24,
        is_closed: Callable[[], bool] = lambda: False,
        on_sent: Callable[[str], None] = lambda _channel: None,
        wake: Callable[[int], None] = lambda _chat_id: None,
    ) -> None:
        """`wake`: an ordinary answer waits in this chat, whose lane is free again."""
        self._memory, self._channels, self._workers = memory, channels, workers
        self._is_closed, self._on_sent, self._wake = is_closed, on_sent, wake
        self._me, self._claims = secrets.token_hex(8), itertools.count()
        self._queues: dict[str, asyncio.Queue[Asked]] = {}
        self._rests: dict[str, Rest] = {}
        self._known: set[int] = set()  # Rows in the queues, or in a worker's hand.
        self._later: dict[int, float] = {}  # Rows whose chat's turn comes later.
        self._first: dict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._shown: set[tuple[str, int]] = set()  # Channels on which a warning's picture is known already.
        self._begun: dict[int, tuple[OutLane, int]] = {}
        self._busy: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._feeder: asyncio.Task[None] | None = None
        self._is_stopping = False
        self.unknown_count = self.failed_count = self.parked_count = 0

    def start(self) -> None:
        for name, channel in self._channels.items():
            self._queues[name] = asyncio.Queue()
            self._rests[name] = Rest(channel.is_there if isinstance(channel, Probed) else None)
            self._tasks += [asyncio.create_task(self._work(name), name=f"asking-{name}-{n}") for n in range(self._workers)]
        self._feeder = asyncio.create_task(self._feed(), name="asking-feed")

    async def stop(self) -> None:
        """What was begun is brought to its end; nothing else is begun."""
        self._is_stopping = True
        for rest in self._rests.values():
            rest.stop()
        idle = [task for task in self._tasks if task not in self._busy]
        for task in [*idle, *([self._feeder] if self._feeder else [])]:
            task.cancel()
        await asyncio.gather(*self._tasks, *([self._feeder] if self._feeder else []), return_exceptions=True)

    @property
    def is_well(self) -> bool:
        return all(not task.done() for task in self._tasks) and (self._feeder is None or not self._feeder.done())

    def look(self) -> None:
        """Something may wait."""
        self._news.set()

    @property
    def slow_lanes(self) -> list[OutLane]:
        """Those of sends that take long: their leases are renewed, or somebody would take them for abandoned."""
        now = moments.now()
        return [lane for lane, since in self._begun.values() if now - since > 2 * moments.SECOND]

    # -- what waits --------------------------------------------------------------------------------------------------------

    async def _feed(self) -> None:
        recovered_at = 0.0
        while True:
            many = 0
            try:
                if not self._is_closed():
                    if time.monotonic() - recovered_at > 1:
                        recovered_at = time.monotonic()
                        await self._recover()
                    many = await self._take_in()
            except Exception as error:
                log.error("asks_not_read", extra={"error": type(error).__name__})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _LOOK_SECS if many else _IDLE_LOOK_SECS)
            self._news.clear()

    async def _take_in(self) -> int:
        now = moments.now()
        found = await self._memory.read(lambda session: asks.waiting(session, now=now, most=_MOST_AT_ONCE))
        self._later = {row_id: at for row_id, at in self._later.items() if at > time.monotonic()}
        for one in found:
            is_free = one.row_id not in self._known and one.row_id not in self._later
            if is_free and one.channel in self._queues and self._rests[one.channel].lets_begin:
                self._known.add(one.row_id)
                self._queues[one.channel].put_nowait(one)
        return len(found)

    async def _recover(self) -> None:
        now, in_hand = moments.now(), frozenset(self._known)
        if await self._memory.read(lambda session: asks.find_abandoned(session, now=now, in_hand=in_hand)):
            many = await self._memory.write(lambda session: asks.recover(session, now=now, in_hand=in_hand))
            self.unknown_count += many
            log.warning("sends_unknown", extra={"many": many})

    # -- one row -----------------------------------------------------------------------------------------------------------

    async def _work(self, channel: str) -> None:
        while not self._is_stopping:
            asked = await self._queues[channel].get()
            try:
                await self._in_its_turn(asked)
            except Exception as error:
                log.error("asking_failed", extra={"row": asked.row_id, "error": type(error).__name__})
            finally:
                self._known.discard(asked.row_id)

    async def _in_its_turn(self, asked: Asked) -> None:
        """The first of a warning goes alone on each channel: it brings the picture there, and the others name it."""
        picture = (asked.channel, asked.warning_id)
        if not asked.warning_id or picture in self._shown:
            await self._one(asked)
            return
        async with self._first[picture]:
            if picture not in self._shown and await self._one(asked):
                self._shown.add(picture)
                self._forget_old_pictures()
                return
        if picture in self._shown:
            await self._one(asked)

    def _forget_old_pictures(self) -> None:
        if len(self._shown) > 200:
            self._shown.clear()
            self._first.clear()

    async def _one(self, asked: Asked) -> bool:
        """Whether it went."""
        rest, channel = self._rests[asked.channel], self._channels[asked.channel]
        if not rest.lets_begin:
            return False
        turn = None
        if isinstance(channel, Paced):
            turn, wait_secs = await channel.turn(asked.chat_id, is_group=asked.is_group)
            if turn is None:
                self._later[asked.row_id] = time.monotonic() + wait_secs
                return False
        if not rest.lets_begin:
            if turn is not None:
                turn.give_back()
            return False
        rest.in_flight += 1
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            return await self._begin_and_send(asked, turn, rest)
        finally:
            rest.in_flight -= 1
            self._busy.discard(task)

    async def _begin_and_send(self, asked: Asked, turn: Turn | None, rest: Rest) -> bool:
        """A turn that is neither used nor given back would be missing for ever, to those who wait for an answer as well."""
        begun = None
        try:
            begun = await self._begin(asked)
        finally:
            if begun is None and turn is not None:
                turn.give_back()
        return begun is not None and await self._carry_out(begun, turn, rest)

    async def _begin(self, asked: Asked) -> Begun | None:
        token, now = f"{self._me}:{next(self._claims)}", moments.now()
        begun = await self._memory.write(lambda session: asks.begin(session, asked, token=token, now=now))
        if begun is not None:
            self._begun[asked.row_id] = (begun.lane, now)
        return begun

    async def _carry_out(self, begun: Begun, turn: Turn | None, rest: Rest) -> bool:
        row_id, channel, is_sent = begun.row.id, begun.lane.channel, False
        try:
            if turn is not None:
                await turn.use()
            await self._send(begun)
            is_sent = True
            rest.went_well()
            self._on_sent(channel)
            await self._settle(begun, "sent", "")
        except DeliveryError as error:
            await self._not_sent(begun, rest, error)
        finally:
            self._begun.pop(row_id, None)
        return is_sent

    async def _send(self, begun: Begun) -> None:
        if begun.row.reply is None:
            raise DeliveryError("gone", permanent=True)
        lane = begun.lane
        rank.set(WARNING)
        may_have_gone.set(True)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECS):
                await self._channels[lane.channel].send(
                    lane.address, Reply.from_row(begun.row.reply), chat_id=lane.chat_id, row_id=begun.row.id
                )
        except TimeoutError:
            raise DeliveryError("timeout", maybe_sent=may_have_gone.get()) from None
        except DeliveryError as error:
            error.maybe_sent = error.maybe_sent and may_have_gone.get()
            raise
        except Exception as error:
            log.error("send_failed", extra={"row": begun.row.id, "error": type(error).__name__})
            is_hopeless, reason = begun.row.tries >= _MOST_MISTAKES, f"unexpected {type(error).__name__}"
            raise DeliveryError(reason, permanent=is_hopeless, retry_after_secs=5, maybe_sent=may_have_gone.get()) from None

    async def _not_sent(self, begun: Begun, rest: Rest, error: DeliveryError) -> None:
        log.info("asked_not_sent", extra={"row": begun.row.id, "reason": error.reason, "maybe": error.maybe_sent or error.partly})
        if error.maybe_sent or error.partly:
            if error.maybe_sent:
                rest.begin()
            self.unknown_count += 1
            await self._settle(begun, "unknown", error.reason)
        elif error.until_they_write or 0 < error.waits_after <= begun.row.tries + 1:
            rest.went_well()
            self.parked_count += 1
            await self._finish(
                begun, lambda session, now: asks.park(session, begun, reason=error.reason, now=now, is_closed=_is_closed(error))
            )
        elif error.of_account or (not error.permanent and begun.row.tries + 1 < MOST_TRIES):
            await self._again(begun, rest, error)
        else:
            rest.went_well()
            self.failed_count += 1
            await self._settle(begun, "failed", error.reason)

    async def _again(self, begun: Begun, rest: Rest, error: DeliveryError) -> None:
        """It surely did not go. What keeps one from going keeps the others of this channel, too."""
        if error.waits_after:
            pass  # It is about this one alone.
        elif error.retry_after_secs is not None:
            rest.pause(error.retry_after_secs)
        else:
            rest.begin()
        pause_secs = error.retry_after_secs if error.retry_after_secs is not None else min(60.0, 0.5 * 2**begun.row.tries)
        pause_ms, counts = min(int(pause_secs * 1000), lanes.LONGEST_PAUSE_MS), not error.of_account
        await self._finish(
            begun, lambda session, now: asks.again(session, begun, due_at=now + pause_ms, reason=error.reason, counts=counts, now=now)
        )

    async def _settle(self, begun: Begun, outcome: str, reason: str) -> None:
        await self._finish(begun, lambda session, now: asks.settle(session, begun, outcome=outcome, reason=reason, now=now))

    async def _finish(self, begun: Begun, note: Callable[[Session, int], bool]) -> None:
        """What we know is worth another try: a memory that is away for a moment would make it unknown."""
        for tried in range(_SETTLE_TRIES):
            now = moments.now()
            try:
                if await self._memory.write(lambda session, now=now: note(session, now)):  # type: ignore[misc]
                    self._wake(begun.lane.chat_id)
                return
            except Exception as error:
                log.error("outcome_not_stored", extra={"error": type(error).__name__})
                if tried + 1 < _SETTLE_TRIES:
                    await asyncio.sleep(0.2 * 2**tried)


def _is_closed(error: DeliveryError) -> bool:
    return error.reason == "window_closed"
