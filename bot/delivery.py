"""Sends what waits in the outbox, in order within a chat; the only place that paces and retries.

Rows of the rule `repeat` are sent before they are marked, so a crash between the two sends them again and never loses them. Who may send
for a chat is settled by the chat's out lane (`storage/queries/lanes.py`). Rows of the rule `ask` go by `bot/asking.py`.
"""

import asyncio
import itertools
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bot.asking import Asking
from bot.channels.base import ORDINARY, PRESSING, Channel, DeliveryError, rank
from handlers.messages import Reply
from storage import moments
from storage.memory import Memory
from storage.queries import lanes
from storage.queries.lanes import OutLane, WaitingReply

log = logging.getLogger("keng.delivery")

MOST_TRIES = 300  # With five minutes between the later ones: about a day.
SEND_TIMEOUT_SECS = 20.0
_FIRST, _THEN, _LAST = range(3)


class Delivery:
    def __init__(
        self, memory: Memory, channels: dict[str, Channel], *, workers: int = 64, is_closed: Callable[[], bool] = lambda: False
    ) -> None:
        """So many workers per channel: a platform that does not answer holds up nobody else's answers.

        In a closed house nothing is sent: the machine it was restored from may have sent it already."""
        self._memory, self._channels, self._workers, self._is_closed = memory, channels, workers, is_closed
        self._me = secrets.token_hex(8)
        self._claims = itertools.count()
        self._wakes: asyncio.Queue[int | None] = asyncio.Queue()  # Chats that may have something to send; None ends a waker.
        self._waiting: set[int] = set()
        # By channel: lanes that are ours, the pressing ones first and each in its turn; None ends a worker.
        self._lanes: dict[str, asyncio.PriorityQueue[tuple[int, int, OutLane | None]]] = {}
        self._turns = itertools.count()
        self._held: dict[int, tuple[OutLane, int]] = {}  # By chat: the lane, queued or being sent, and since when.
        self._tasks: list[asyncio.Task[None]] = []
        self._helpers: list[asyncio.Task[None]] = []
        self.sent_count = 0
        self.sent_by: Counter[str] = Counter()  # By channel.
        self.last_out: dict[str, int] = {}  # By channel: when something last went out.
        self.failed_count = self.parked_count = 0
        self.asking = Asking(memory, channels, is_closed=is_closed, on_sent=self._note_sent, wake=self.wake)

    def start(self) -> None:
        self._helpers = [
            asyncio.create_task(self._sweep(), name="delivery-sweep"),
            asyncio.create_task(self._renew(), name="delivery-renew"),
        ]
        self._tasks = [asyncio.create_task(self._claim_woken(), name=f"delivery-waker-{n}") for n in range(4)]
        self.asking.start()
        for channel in self._channels:
            self._lanes[channel] = asyncio.PriorityQueue()
            self._tasks += [asyncio.create_task(self._work(channel), name=f"delivery-{channel}-{n}") for n in range(self._workers)]

    async def stop(self) -> None:
        """What is in hand is sent; what still waits is on disk for the next start."""
        asking = asyncio.create_task(self.asking.stop())
        for _ in range(4):
            self._wakes.put_nowait(None)
        for lanes_of_channel in self._lanes.values():
            for _ in range(self._workers):
                lanes_of_channel.put_nowait((_LAST, next(self._turns), None))
        await asyncio.gather(asking, *self._tasks, return_exceptions=True)
        for task in self._helpers:
            task.cancel()
        await asyncio.gather(*self._helpers, return_exceptions=True)

    @property
    def is_well(self) -> bool:
        return self.asking.is_well and all(not task.done() for task in [*self._tasks, *self._helpers])

    def new_token(self) -> str:
        """Names one claim of an out lane, so that who asked for it can tell whether it was given."""
        return f"{self._me}:{next(self._claims)}"

    def take(self, chat_id: int, lane: OutLane | None) -> None:
        """A lane that was claimed for us, or only the news that something waits."""
        if lane is None:
            self.wake(chat_id)
            return
        self._held[chat_id] = (lane, moments.now())
        if lane.channel in self._lanes:
            self._lanes[lane.channel].put_nowait((_FIRST if lane.is_pressing else _THEN, next(self._turns), lane))
        else:  # A channel that is switched off: its answers wait for better days.
            self._held.pop(chat_id, None)

    def wake(self, chat_id: int) -> None:
        if self._tasks and not self._is_closed() and chat_id not in self._waiting:
            self._waiting.add(chat_id)
            self._wakes.put_nowait(chat_id)

    async def _sweep(self) -> None:
        while True:
            try:
                now = moments.now()
                for chat_id in await self._memory.read(lambda session, now=now: lanes.chats_with_due_replies(session, now=now)):  # type: ignore[misc]
                    self.wake(chat_id)
            except Exception as error:
                log.error("sweep_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(1)

    async def _renew(self) -> None:
        """A lane that waits its turn, or whose send is slow, stays ours: the lease runs out only when this process is dead."""
        while True:
            await asyncio.sleep(2)
            now = moments.now()
            old = [lane for lane, since in self._held.values() if now - since > 2 * moments.SECOND] + self.asking.slow_lanes
            try:
                for start in range(0, len(old), 100):
                    some = old[start : start + 100]
                    lost = await self._memory.write(lambda session, some=some, now=now: lanes.renew_out(session, some, now=now))  # type: ignore[misc]
                    for chat_id in lost:
                        self._held.pop(chat_id, None)  # What was begun and is asked about goes on: its outcome is all there is to say.
            except Exception as error:
                log.error("lease_not_renewed", extra={"error": type(error).__name__})

    async def _claim_woken(self) -> None:
        while (chat_id := await self._wakes.get()) is not None:
            self._waiting.discard(chat_id)
            now, token = moments.now(), self.new_token()
            try:
                lane = await self._memory.write(
                    lambda session, chat_id=chat_id, token=token, now=now: lanes.claim_out(session, chat_id, token=token, now=now)  # type: ignore[misc]
                )
            except Exception as error:
                log.error("claim_failed", extra={"error": type(error).__name__})
                continue
            if lane is not None:
                self.take(chat_id, lane)

    async def _work(self, channel: str) -> None:
        while (lane := (await self._lanes[channel].get())[2]) is not None:
            chat_id, current = lane.chat_id, lane
            try:
                while self._is_ours(current) and (more := await self._send_all(current)) is not None:
                    current = more
            except Exception as error:
                log.error("delivery_failed", extra={"error": type(error).__name__})
            finally:
                held = self._held.get(chat_id)
                if held is not None and held[0].fence == lane.fence:
                    del self._held[chat_id]

    def _is_ours(self, lane: OutLane) -> bool:
        """False when the renewal found another holder while this lane waited its turn."""
        held = self._held.get(lane.chat_id)
        return held is not None and held[0].fence == lane.fence

    async def _send_all(self, lane: OutLane) -> OutLane | None:
        more: tuple[WaitingReply, ...] = ()
        for row in lane.rows:
            outcome, reason, sent_as = "sent", None, ""
            try:
                sent_as = await self._send(lane, row)
                self._note_sent(lane.channel)
            except DeliveryError as error:
                if error.until_they_write or 0 < error.waits_after <= row.tries + 1:
                    await self._park(lane, row, error)
                    return None
                if error.of_account or (not error.permanent and row.tries + 1 < MOST_TRIES):
                    await self._postpone(lane, row, error)
                    return None  # The chat waits, so that order is kept.
                log.warning("not_delivered", extra={"row": row.id, "reason": error.reason})
                self.failed_count += 1
                outcome, reason = "failed", error.reason
            is_ours, more = await self._settle(lane, row, outcome, reason, sent_as)
            if not is_ours:
                return None
        return replace(lane, rows=more) if more else None

    def _note_sent(self, channel: str) -> None:
        self.sent_count += 1
        self.sent_by[channel] += 1
        self.last_out[channel] = moments.now()

    async def _send(self, lane: OutLane, row: WaitingReply) -> str:
        if row.reply is None:
            raise DeliveryError("shredded", permanent=True)
        rank.set(PRESSING if row.is_pressing else ORDINARY)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECS):
                return await self._channels[lane.channel].send(lane.address, Reply.from_row(row.reply), chat_id=lane.chat_id, row_id=row.id)
        except TimeoutError:
            raise DeliveryError("timeout") from None
        except DeliveryError:
            raise
        except Exception as error:
            # Our own mistake, or an answer nobody expected. It may have gone out, so it is repeated a few times only.
            log.error("send_failed", extra={"row": row.id, "error": type(error).__name__})
            raise DeliveryError(f"unexpected {type(error).__name__}", permanent=row.tries >= 3, retry_after_secs=5) from None

    async def _postpone(self, lane: OutLane, row: WaitingReply, error: DeliveryError) -> None:
        pause_secs = error.retry_after_secs if error.retry_after_secs is not None else min(300.0, 0.5 * 2**row.tries)
        due_at = moments.now() + min(int(pause_secs * 1000), lanes.LONGEST_PAUSE_MS)
        await self._memory.write(
            lambda session: lanes.postpone(session, lane, row.id, due_at=due_at, reason=error.reason, counts=not error.of_account)
        )

    async def _park(self, lane: OutLane, row: WaitingReply, error: DeliveryError) -> None:
        self.parked_count += 1
        now = moments.now()
        await self._memory.write(
            lambda session: lanes.park(session, lane, row.id, reason=error.reason, now=now, is_closed=error.reason == "window_closed")
        )

    async def _settle(
        self, lane: OutLane, row: WaitingReply, outcome: str, reason: str | None, sent_as: str
    ) -> tuple[bool, tuple[WaitingReply, ...]]:
        now, is_last = moments.now(), row is lane.rows[-1]
        return await self._memory.write(
            lambda session: lanes.settle(session, lane, row.id, outcome=outcome, reason=reason, is_last=is_last, now=now, sent_as=sent_as)
        )
