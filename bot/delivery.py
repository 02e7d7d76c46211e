"""Takes waiting outbox rows and sends them, in order within a chat; the only place that paces and retries.

Every row of today follows the rule `repeat`: it is sent before it is marked, so a crash between the two sends it again
and never loses it. Who may send for a chat is settled by a lease with a fence, as in the inbox.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.channels.base import Channel, DeliveryError
from handlers.messages import Reply
from storage import moments
from storage.memory import Memory
from storage.tables import Chat, OutboxRow

log = logging.getLogger("keng.delivery")

LEASE_MS = 60 * moments.SECOND
MOST_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    chat_id: int
    channel: str
    address: str
    fence: int
    rows: tuple[tuple[int, Reply, int], ...]  # id, reply, tries


class Delivery:
    def __init__(self, memory: Memory, channels: dict[str, Channel], *, workers: int = 64) -> None:
        self._memory, self._channels, self._workers = memory, channels, workers
        self._me = secrets.token_hex(8)
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._queued: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work(), name=f"delivery-{n}") for n in range(self._workers)]
        self._tasks.append(asyncio.create_task(self._sweep(), name="delivery-sweep"))

    async def stop(self) -> None:
        self._tasks[-1].cancel()
        for _ in range(self._workers):
            self._ready.put_nowait(-1)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wake(self, chat_id: int) -> None:
        if chat_id not in self._queued:
            self._queued.add(chat_id)
            self._ready.put_nowait(chat_id)

    async def _sweep(self) -> None:
        while True:
            try:
                now = moments.now()
                for chat_id in await self._memory.read(lambda session, now=now: _due_chats(session, now)):  # type: ignore[misc]
                    self.wake(chat_id)
            except Exception as error:
                log.error("sweep_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(1)

    async def _work(self) -> None:
        while (chat_id := await self._ready.get()) != -1:
            self._queued.discard(chat_id)
            try:
                while await self._deliver_chat(chat_id):
                    pass
            except Exception as error:
                log.error("delivery_failed", extra={"chat": chat_id, "error": type(error).__name__})

    async def _deliver_chat(self, chat_id: int) -> bool:
        now = moments.now()
        load = await self._memory.write(lambda session: _claim(session, chat_id, holder=self._me, now=now))
        if load is None or not load.rows:
            return False
        for place, (row_id, reply, tries) in enumerate(load.rows):
            is_last = place == len(load.rows) - 1
            try:
                await self._channels[load.channel].send(load.address, reply, chat_id=chat_id, row_id=row_id)
            except DeliveryError as error:
                went_on = await self._note_refusal(load, row_id, tries, error, release=is_last)
                if not went_on:
                    return False
                continue
            await self._settle(load, row_id, "sent", None, release=is_last)
        return True

    async def _note_refusal(self, load: _Load, row_id: int, tries: int, error: DeliveryError, *, release: bool) -> bool:
        """True: this row is over, the next may go. False: the chat waits, so that order is kept."""
        if error.permanent or tries + 1 >= MOST_TRIES:
            log.warning("not_delivered", extra={"row": row_id, "reason": error.reason})
            await self._settle(load, row_id, "failed", error.reason, release=release)
            return True
        pause_secs = error.retry_after_secs if error.retry_after_secs is not None else min(300.0, 0.5 * 2**tries)
        due_at = moments.now() + int(pause_secs * 1000)

        def postpone(session: Session) -> None:
            session.execute(update(OutboxRow).where(col(OutboxRow.id) == row_id).values(tries=tries + 1, due_at=due_at, error=error.reason))
            session.execute(update(Chat).where(col(Chat.id) == load.chat_id, col(Chat.out_fence) == load.fence).values(out_lease=0))

        await self._memory.write(postpone)
        return False

    async def _settle(self, load: _Load, row_id: int, status: str, error: str | None, *, release: bool) -> None:
        now = moments.now()

        def settle(session: Session) -> None:
            session.execute(
                update(OutboxRow).where(col(OutboxRow.id) == row_id).values(status=status, error=error, reply=None, settled_at=now)
            )
            session.execute(
                update(Chat)
                .where(col(Chat.id) == load.chat_id, col(Chat.out_fence) == load.fence)
                .values(out_lease=0 if release else now + LEASE_MS)
            )

        await self._memory.write(settle)


def _claim(session: Session, chat_id: int, *, holder: str, now: int) -> _Load | None:
    claimed = session.execute(
        update(Chat)
        .where(col(Chat.id) == chat_id, col(Chat.out_lease) < now)
        .values(out_holder=holder, out_lease=now + LEASE_MS, out_fence=col(Chat.out_fence) + 1)
        .returning(col(Chat.channel), col(Chat.address), col(Chat.out_fence))
    ).first()
    if claimed is None:
        return None
    rows = session.execute(
        select(col(OutboxRow.id), col(OutboxRow.reply), col(OutboxRow.tries), col(OutboxRow.due_at))
        .where(col(OutboxRow.chat_id) == chat_id, col(OutboxRow.status) == "waiting")
        .order_by(col(OutboxRow.id))
        .limit(20)
    ).all()
    # A row that must wait holds back those behind it: within a chat nothing overtakes.
    sendable = rows if not rows or rows[0].due_at <= now else []
    if not sendable:
        session.execute(update(Chat).where(col(Chat.id) == chat_id).values(out_lease=0))
    return _Load(
        chat_id=chat_id,
        channel=claimed.channel,
        address=claimed.address,
        fence=claimed.out_fence,
        rows=tuple((row.id, Reply.from_row(row.reply), row.tries) for row in sendable),
    )


def _due_chats(session: Session, now: int) -> list[int]:
    query = select(col(OutboxRow.chat_id)).where(col(OutboxRow.status) == "waiting", col(OutboxRow.due_at) <= now).distinct().limit(500)
    return list(session.execute(query).scalars())
