"""One way in for every door: once only, one chat at a time, commit, then acknowledge.

A door calls `arrived`; when it returns, the message is on disk. Workers take chats, not rows: whoever holds a chat's
lease handles everything that waits in it, in the platform's order. The fence in the commit refuses a holder that
overslept its lease.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from handlers import router, tips
from handlers.flows.intake import Facts, Found
from handlers.messages import Decision, Incoming, Ward
from storage import codes, moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.tables import Chat, InboxRow, OutboxRow, Tip

log = logging.getLogger("keng.inbox")

LEASE_MS = 30 * moments.SECOND
MOST_TRIES = 3


class StaleLane(Exception):
    """Somebody else holds this chat now; what we decided is thrown away and decided again by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A verified message at the door, before anybody thought about it."""

    channel: str
    address: str
    message_id: str
    platform_order: int
    payload: str
    # Extra rows of the same commit: a polling offset, the echo in a web thread.
    also: Callable[[Session, int, int], None] | None = None  # (session, chat_id, inbox_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    chat_id: int
    channel: str
    fence: int
    state: dict[str, Any]
    rows: tuple[tuple[int, str, int, int], ...]  # id, payload, arrived_at, tries
    last_tip: Found | None


class Inbox:
    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        ward: Callable[[], Ward],
        parse: dict[str, Callable[[str], Incoming]],
        on_replies: Callable[[int], None],
        *,
        workers: int = 8,
    ) -> None:
        self._memory, self._keyed, self._ward, self._parse, self._on_replies = memory, keyed, ward, parse, on_replies
        self._me = secrets.token_hex(8)
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._queued: set[int] = set()
        self._workers = workers
        self._tasks: list[asyncio.Task[None]] = []
        self.set_aside_count = 0

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._work(), name=f"inbox-{n}") for n in range(self._workers)]
        self._tasks.append(asyncio.create_task(self._sweep(), name="inbox-sweep"))

    async def stop(self) -> None:
        """Whatever a worker holds is finished; what still waits is on disk for the next start."""
        self._tasks[-1].cancel()
        for _ in range(self._workers):
            self._ready.put_nowait(-1)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arrived(self, arrival: Arrival) -> bool:
        """Store it. True: it is new. Returning at all means that it is on disk."""
        now = moments.now()
        chat_hash = self._keyed.hash("chat", arrival.channel, arrival.address)
        message_hash = self._keyed.hash("message", arrival.channel, arrival.address, arrival.message_id)
        new_chat_id, inbox_id, ward_id = new_id(), new_id(), self._ward().id

        def store(session: Session) -> int | None:
            if session.execute(select(col(InboxRow.id)).where(col(InboxRow.message_hash) == message_hash)).first():
                return None
            chat_id = session.execute(select(col(Chat.id)).where(col(Chat.chat_hash) == chat_hash)).scalar_one_or_none()
            if chat_id is None:
                chat_id = new_chat_id
                session.add(
                    Chat(id=chat_id, ward_id=ward_id, channel=arrival.channel, chat_hash=chat_hash, address=arrival.address, created_at=now)
                )
                session.flush()
            session.execute(
                insert(InboxRow).values(
                    id=inbox_id,
                    ward_id=ward_id,
                    chat_id=chat_id,
                    message_hash=message_hash,
                    status="waiting",
                    tries=0,
                    platform_order=arrival.platform_order,
                    payload=arrival.payload,
                    arrived_at=now,
                )
            )
            if arrival.also:
                arrival.also(session, chat_id, inbox_id)
            return chat_id

        try:
            chat_id = await self._memory.write(store)
        except IntegrityError:  # Two of the same at once: the other one won, and is on disk.
            chat_id = await self._memory.write(store)
        if chat_id is not None:
            self.wake(chat_id)
        return chat_id is not None

    def wake(self, chat_id: int) -> None:
        if chat_id not in self._queued:
            self._queued.add(chat_id)
            self._ready.put_nowait(chat_id)

    async def _sweep(self) -> None:
        """The truth behind the wake-ups: whatever waits is found, also after a crash or from another process."""
        while True:
            try:
                for chat_id in await self._memory.read(_waiting_chats):
                    self.wake(chat_id)
            except Exception as error:
                log.error("sweep_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(2)

    async def _work(self) -> None:
        while (chat_id := await self._ready.get()) != -1:
            self._queued.discard(chat_id)
            try:
                while await self._handle_chat(chat_id):
                    pass
            except StaleLane:
                log.info("lane_lost", extra={"chat": chat_id})
            except Exception as error:
                log.error("lane_failed", extra={"chat": chat_id, "error": type(error).__name__})

    async def _handle_chat(self, chat_id: int) -> bool:
        """One claim and all that waits in it. False when there was nothing to do, or another holds it."""
        now = moments.now()
        work = await self._memory.write(lambda session: _claim(session, chat_id, holder=self._me, now=now))
        if work is None or not work.rows:
            return False
        state, last_tip = work.state, work.last_tip
        for place, (row_id, payload, arrived_at, tries) in enumerate(work.rows):
            is_last = place == len(work.rows) - 1
            try:
                decision = await self._decide(work, state, payload, arrived_at, last_tip)
            except Exception as error:
                await self._note_failure(work, row_id, tries, error)
                return False
            await self._commit(work, row_id, decision, release=is_last)
            state = decision.state
        return True

    async def _decide(self, work: _Work, state: dict[str, Any], payload: str, now: int, last_tip: Found | None) -> Decision:
        incoming = self._parse[work.channel](payload)
        code = codes.read_code(incoming.text) if incoming.kind == "text" else None
        found = await self._memory.read(lambda session: _find(session, self._keyed.hash("code", code))) if code else None
        if last_tip is None and (last := state.get("last_tip")):
            last_tip = Found(last["at"], None)
        facts = Facts(
            ward=self._ward(),
            channel=work.channel,
            now=now,
            fresh_id=new_id,
            fresh_code=codes.new_code,
            hash=self._keyed.hash,
            look_up=lambda _code: found,
            last_tip=last_tip,
        )
        return router.decide(state, incoming, facts)

    async def _commit(self, work: _Work, row_id: int, decision: Decision, *, release: bool) -> None:
        now, ward_id = moments.now(), self._ward().id
        where = tips.Where(ward_id=ward_id, chat_id=work.chat_id, channel=work.channel, now=now)
        outgoing = [
            {
                "id": new_id(),
                "ward_id": ward_id,
                "chat_id": work.chat_id,
                "tip_id": None,
                "reply": reply.as_row(),
                "rule": "repeat",
                "kind": "receipt" if reply.code else "answer",
                "status": "waiting",
                "tries": 0,
                "due_at": now,
                "created_at": now,
            }
            for reply in decision.replies
        ]

        def commit(session: Session) -> None:
            kept = session.execute(
                update(Chat)
                .where(col(Chat.id) == work.chat_id, col(Chat.in_fence) == work.fence, col(Chat.in_holder) == self._me)
                .values(state=decision.state, language=decision.language, last_in_at=now, in_lease=0 if release else now + LEASE_MS)
            )
            if kept.rowcount != 1:  # type: ignore[attr-defined]  # An UPDATE always answers with a CursorResult.
                raise StaleLane
            tips.apply(session, where, decision.changes)
            session.execute(update(InboxRow).where(col(InboxRow.id) == row_id).values(status="done", payload=None, done_at=now))
            if outgoing:
                session.execute(insert(OutboxRow), outgoing)

        await self._memory.write(commit)
        if outgoing:
            self._on_replies(work.chat_id)

    async def _note_failure(self, work: _Work, row_id: int, tries: int, error: Exception) -> None:
        """Our own code failed on this message. After a few tries it is set aside, so that its lane goes on."""
        set_aside = tries + 1 >= MOST_TRIES
        error_id = secrets.token_hex(4)
        log.error("message_failed", extra={"row": row_id, "error": type(error).__name__, "error_id": error_id, "set_aside": set_aside})

        def note(session: Session) -> None:
            session.execute(
                update(InboxRow)
                .where(col(InboxRow.id) == row_id)
                .values(tries=tries + 1, status="set_aside" if set_aside else "waiting", error_id=error_id)
            )
            session.execute(update(Chat).where(col(Chat.id) == work.chat_id, col(Chat.in_fence) == work.fence).values(in_lease=0))

        await self._memory.write(note)
        if set_aside:
            self.set_aside_count += 1
            self.wake(work.chat_id)


def _claim(session: Session, chat_id: int, *, holder: str, now: int) -> _Work | None:
    claimed = session.execute(
        update(Chat)
        .where(col(Chat.id) == chat_id, col(Chat.in_lease) < now)
        .values(in_holder=holder, in_lease=now + LEASE_MS, in_fence=col(Chat.in_fence) + 1)
        .returning(col(Chat.channel), col(Chat.in_fence), col(Chat.state))
    ).first()
    if claimed is None:
        return None
    rows = session.execute(
        select(col(InboxRow.id), col(InboxRow.payload), col(InboxRow.arrived_at), col(InboxRow.tries))
        .where(col(InboxRow.chat_id) == chat_id, col(InboxRow.status) == "waiting")
        .order_by(col(InboxRow.platform_order), col(InboxRow.id))
        .limit(20)
    ).all()
    if not rows:
        session.execute(update(Chat).where(col(Chat.id) == chat_id).values(in_lease=0))
    last = (claimed.state or {}).get("last_tip")
    found = (
        session.execute(select(col(Tip.arrived_at), col(Tip.accepted_at)).where(col(Tip.id) == last["tip_id"])).first() if last else None
    )
    return _Work(
        chat_id=chat_id,
        channel=claimed.channel,
        fence=claimed.in_fence,
        state=claimed.state or {},
        rows=tuple((row.id, row.payload or "", row.arrived_at, row.tries) for row in rows),
        last_tip=Found(found.arrived_at, found.accepted_at) if found else None,
    )


def _find(session: Session, code_hash: str) -> Found | None:
    row = session.execute(select(col(Tip.arrived_at), col(Tip.accepted_at)).where(col(Tip.code_hash) == code_hash)).first()
    return Found(row.arrived_at, row.accepted_at) if row else None


def _waiting_chats(session: Session) -> list[int]:
    query = select(col(InboxRow.chat_id)).where(col(InboxRow.status) == "waiting").distinct().limit(500)
    return list(session.execute(query).scalars())


def as_payload(incoming: Incoming) -> str:
    """For doors whose wire is already ours, as the web chat's is."""
    return json.dumps(asdict(incoming), ensure_ascii=False)


def from_payload(payload: str) -> Incoming:
    return Incoming(**json.loads(payload))
