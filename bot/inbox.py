"""One way in for every door: once only, one chat at a time, commit, then acknowledge.

A door calls `arrived`; when it returns, the message is on disk. Workers take chats, not rows: whoever holds a chat's
lane handles everything that waits in it, in the platform's order (`storage/queries/lanes.py`).
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from handlers import capabilities, clocks, deadlines, duty_acts, letters, notices, router, tips, typed_duty, windows
from handlers.acts import Overtaken
from handlers.custody import NoCustodian
from handlers.flows import on_duty
from handlers.flows.conversation import ADDITION_WITHIN, Facts, Found, Unread
from handlers.flows.on_duty import DutyFacts
from handlers.messages import Decision, Incoming, Reply, Ward
from handlers.outgoing import is_about_danger, reply_row
from handlers.warnings import checking, groups
from handlers.warnings.checking import Checked
from storage import codes, moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory, MemoryClosed, MemoryLost
from storage.queries import aftercare, lanes
from storage.queries import groups as group_rows
from storage.queries.aftercare import Asked, SaidIn, SeenTip
from storage.queries.groups import CodeSeen, GroupSeen
from storage.queries.lanes import InLane, NewMessage, OutLane, StaleLane, WaitingMessage
from storage.quick import AlreadyThere
from storage.vault import Sealed, WrongMaster

log = logging.getLogger("keng.inbox")

MOST_TRIES = 3
_FEW_AT_THE_DOOR = 4  # So many may wait to be stored before those who answer step aside for them.
_STEP_ASIDE_SECS = 1.0
ANSWERS_SHOWN_FOR = 30 * moments.DAY
_SILENCE = "\x1esilence:"  # No door's message begins so.


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A verified message at the door, before anybody thought about it."""

    channel: str
    address: str  # Who it is on that channel; kept only as a keyed hash.
    message_id: str
    platform_order: int
    payload: str
    payload_with_names: str = ""  # The same with what the platform knows of the person, where it knows anything.
    send_to: str = ""  # What delivery needs to answer there, where that is more than the chat's own row.
    # Extra rows of the same commit, as the echo in a web thread.
    also: Callable[[Session, int], None] | None = None  # (session, chat_id)


class Inbox:
    """`reads` names how each channel's raw message becomes an Incoming; `on_replies` hands a claimed out lane to delivery,
    or only says that something waits in a chat (when delivery is busy there, or lives in another process)."""

    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        ward: Callable[[], Ward],
        reads: dict[str, Callable[[str], Incoming]],
        on_replies: Callable[[int, OutLane | None], None],
        *,
        new_out_token: Callable[[], str] | None,
        workers: int = 8,
        on_waiting: Callable[[int], None] | None = None,
        on_attached: Callable[[], None] | None = None,
        private_link: Callable[[str], str] = lambda _channel: "",
    ) -> None:
        self._memory, self._keyed, self._ward, self._reads, self._on_replies = memory, keyed, ward, reads, on_replies
        self._me = secrets.token_hex(8)
        self._new_out_token = new_out_token  # This process's delivery; None where there is none.
        self._ready: asyncio.Queue[InLane | int | None] = asyncio.Queue()  # A lane, a chat to look at, or the end.
        self._queued: set[int] = set()
        self._workers = workers  # None at all in a process that is only a door.
        self._on_waiting, self._on_attached = on_waiting, on_attached
        self._private_link = private_link
        self._tasks: list[asyncio.Task[None]] = []
        self._at_the_door = 0  # Messages that are just being stored.
        self._door_is_calm = asyncio.Event()
        self._door_is_calm.set()
        self.set_aside_count = 0
        self.handled_count = 0
        self.last_in: dict[str, int] = {}  # By channel: when something last came.

    def start(self) -> None:
        if self._workers:
            self._tasks = [asyncio.create_task(self._work(), name=f"inbox-{n}") for n in range(self._workers)]
            self._tasks.append(asyncio.create_task(self._sweep(), name="inbox-sweep"))

    async def stop(self) -> None:
        """Whatever waits in our hands is finished; what waits on disk is there for the next start."""
        if not self._tasks:
            return
        self._tasks[-1].cancel()
        for _ in range(self._workers):
            self._ready.put_nowait(None)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def is_well(self) -> bool:
        return all(not task.done() for task in self._tasks)

    async def arrived(self, arrival: Arrival) -> bool:
        """Store it. True: it is new. Returning at all means that it is on disk."""
        message = NewMessage(
            ward_id=self._ward().id,
            channel=arrival.channel,
            address=arrival.send_to,
            chat_hash=self._keyed.hash("chat", arrival.channel, arrival.address),
            message_hash=self._keyed.hash("message", arrival.channel, arrival.address, arrival.message_id),
            platform_order=arrival.platform_order,
            payload=arrival.payload,
            payload_with_names=arrival.payload_with_names or arrival.payload,
            inbox_id=new_id(),
            chat_id_if_new=new_id(),
            now=moments.now(),
        )
        holder = self._me if self._workers else None

        def store(session: Session) -> tuple[int, InLane | None]:
            chat_id, lane = lanes.store_message(session, message, holder=holder)
            if arrival.also:
                arrival.also(session, chat_id)
            return chat_id, lane

        self._knocks(1)
        try:
            stored = await self._store(store, message.message_hash)
        finally:
            self._knocks(-1)
        if stored is None:
            return False
        self.last_in[arrival.channel] = message.now
        chat_id, lane = stored
        if lane is not None:
            self._ready.put_nowait(lane)
        elif self._on_waiting:
            self._on_waiting(chat_id)
        return True

    async def knows(self, channel: str, address: str, message_id: str) -> bool:
        """Whether this message came already, for doors that fetch."""
        message_hash = self._keyed.hash("message", channel, address, message_id)
        return await self._memory.read(lambda session: lanes.is_known(session, message_hash))

    async def _store(self, store: Callable[[Session], tuple[int, InLane | None]], message_hash: str) -> tuple[int, InLane | None] | None:
        """None for a repeat. The first two messages of a new chat may meet: then one of them looks again."""
        for _ in range(3):
            try:
                return await self._memory.write(store)
            except AlreadyThere:
                if await self._memory.read(lambda session: lanes.is_known(session, message_hash)):
                    return None
        return await self._memory.write(store)

    def wake(self, chat_id: int) -> None:
        # A closed house handles nothing: the machine it was restored from may still be doing so.
        if self._workers and not self._ward().is_closed and chat_id not in self._queued:
            self._queued.add(chat_id)
            self._ready.put_nowait(chat_id)

    async def _sweep(self) -> None:
        """The truth behind the wake-ups: whatever waits is found, also after a crash or from another process."""
        while True:
            try:
                now = moments.now()
                for chat_id in await self._memory.read(lambda session, now=now: lanes.chats_with_waiting_messages(session, now=now)):  # type: ignore[misc]
                    self.wake(chat_id)
            except Exception as error:
                log.error("sweep_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(2)

    async def _work(self) -> None:
        while (task := await self._ready.get()) is not None:
            try:
                lane = await self._claim(task) if isinstance(task, int) else task
                while lane is not None:
                    lane = await self._handle(lane)
            except StaleLane:
                log.info("lane_lost")
            except Exception as error:
                log.error("lane_failed", extra={"error": type(error).__name__})

    async def _claim(self, chat_id: int) -> InLane | None:
        self._queued.discard(chat_id)
        now = moments.now()
        return await self._memory.write(lambda session: lanes.claim_in(session, chat_id, holder=self._me, now=now))

    async def _handle(self, lane: InLane) -> InLane | None:
        """All that waits in a lane. What came in meanwhile is handed back with the lane still held; None: it is free."""
        state = lane.state
        more: tuple[WaitingMessage, ...] = ()
        for row in lane.rows:
            await self._step_aside()
            try:
                decision, more = await self._decide_and_commit(lane, state, row)
            except (StaleLane, MemoryLost, MemoryClosed, OperationalError):
                raise  # Not the message's fault: it waits for the next holder, or for the database.
            except Exception as error:
                await self._note_failure(lane, row, error)
                return None
            state = decision.state
            self.handled_count += 1
            log.debug("message_handled", extra={"row": row.id, "ms": moments.now() - row.arrived_at})
        return replace(lane, state=state, rows=more) if more else None

    def _knocks(self, many: int) -> None:
        self._at_the_door += many
        if self._at_the_door > _FEW_AT_THE_DOOR:
            self._door_is_calm.clear()
        else:
            self._door_is_calm.set()

    async def _step_aside(self) -> None:
        """In a rush everybody is let in before anybody is answered: a platform gives up on a door that is slow, and a person waits a
        second. Not longer, or a rush without end would leave everybody without an answer; and a lane in hand is ours for a few only."""
        if not self._door_is_calm.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._door_is_calm.wait(), _STEP_ASIDE_SECS)

    async def _decide_and_commit(
        self, lane: InLane, state: dict[str, Any], row: WaitingMessage
    ) -> tuple[Decision, tuple[WaitingMessage, ...]]:
        ward, is_last = self._ward(), row is lane.rows[-1]
        decision = await self._decide(lane, state, row, ward)
        try:
            return decision, await self._commit(lane, row, decision, is_last=is_last)
        except NoCustodian:
            # The last key went seconds ago, and what we know of the ward is older. Set aside, the name would lie here unsealed to people.
            decision = await self._decide(lane, state, row, replace(ward, custodians=0))
            return decision, await self._commit(lane, row, decision, is_last=is_last)
        except Overtaken:  # Another officer was faster, or something ended meanwhile: what stands now is said instead.
            decision = await self._decide(lane, state, row, ward)
            return decision, await self._commit(lane, row, decision, is_last=is_last)

    async def _decide(self, lane: InLane, state: dict[str, Any], row: WaitingMessage, ward: Ward) -> Decision:
        incoming = self._read(lane.channel, row.payload)
        if on_duty.is_meant(state, incoming):
            incoming = await self._as_pressed(lane, state, incoming, ward, now=row.arrived_at)
            return on_duty.decide(state, incoming, await self._duty_facts(lane, state, incoming, ward, now=row.arrived_at))
        if incoming.in_group:
            return router.decide(state, incoming, await self._group_facts(lane, incoming, ward, now=row.arrived_at))
        code = codes.read_code(incoming.text) if incoming.kind == "text" else None
        found = await self._find_by_code(code) if code else None
        last = state["last_tip"]["tip_id"] if "last_tip" in state else None
        mine, asked, has_lost_last = await self._tips_of(lane.chat_id, last, row.arrived_at) if last else ((), None, False)
        facts = Facts(
            ward=ward,
            channel=lane.channel,
            now=row.arrived_at,
            fresh_id=new_id,
            fresh_code=codes.new_code,
            hash=self._keyed.hash,
            look_up=lambda _code: found,
            mine=mine,
            has_lost_last=has_lost_last,
            asked=asked,
            said_in=await self._said_in(lane.chat_id, incoming) if "last_tip" in state else None,
            checked=await self._checked(incoming, ward, row.arrived_at),
            answers=await self._answers_to(lane.chat_id, row.arrived_at) if "wrote_to_chief" in state else (),
            private_link=self._private_link(lane.channel),
            blocked_until=lane.blocked_until,
            working_days=lambda many: clocks.end_of_working_days(row.arrived_at, many, deadlines.calendar_of(ward.book)),
        )
        return router.decide(state, incoming, facts)

    async def _group_facts(self, lane: InLane, incoming: Incoming, ward: Ward, *, now: int) -> Facts:
        """Who only calls the line asks nothing here; the platform's word about a group, and a code, do."""
        typed = incoming.group.get("code")
        code_hash = groups.hashed(self._keyed.hash, typed) if typed else ""

        def read(session: Session) -> tuple[GroupSeen | None, CodeSeen | None]:
            code = groups.code_that_counts(session, ward.id, code_hash, now=now) if code_hash else None
            return group_rows.of_chat(session, ward.id, lane.chat_id), code

        group, code = await self._memory.read(read) if incoming.group else (None, None)
        return Facts(
            ward=ward,
            channel=lane.channel,
            now=now,
            fresh_id=new_id,
            fresh_code=codes.new_code,
            hash=self._keyed.hash,
            look_up=lambda _code: None,
            group=group,
            group_code=code,
            private_link=self._private_link(lane.channel),
        )

    async def _as_pressed(self, lane: InLane, state: dict[str, Any], incoming: Incoming, ward: Ward, *, now: int) -> Incoming:
        """Where an officer may have lines to type instead of buttons."""
        if not capabilities.of(lane.channel).lists:
            return incoming
        more: dict[str, Any] = {"chat_id": lane.chat_id, "channel": lane.channel, "now": now}
        return await self._memory.read(lambda session: typed_duty.as_pressed(session, ward.id, state, incoming, **more))

    async def _duty_facts(self, lane: InLane, state: dict[str, Any], incoming: Incoming, ward: Ward, *, now: int) -> DutyFacts:
        """An officer's own chat, or one that is about to become so: nobody else's first words ask anything here."""
        more: dict[str, Any] = {"chat_id": lane.chat_id, "channel": lane.channel, "hash_of": self._keyed.hash, "draw": new_id, "now": now}
        return await self._memory.read(lambda session: duty_acts.facts_for(session, ward, state, incoming, **more))

    def _read(self, channel: str, payload: str) -> Incoming:
        reason = payload.removeprefix(_SILENCE)
        return Incoming(kind="idle", source="", text=reason) if reason != payload else self._reads[channel](payload)

    async def _find_by_code(self, code: str) -> Found | None:
        code_hash = self._keyed.hash("code", code)
        row = await self._memory.read(lambda session: aftercare.tip_of_code(session, code_hash))
        return found_of(row) if row else None

    async def _tips_of(self, chat_id: int, last: int, now: int) -> tuple[tuple[Found, ...], Asked | None, bool]:
        """Only for who has sent something: the first messages of a chat, which are the most, ask nothing here. `last` may be the tip of
        another chat, taken up by its code."""

        def read(session: Session) -> tuple[list[SeenTip], Asked | None, bool]:
            mine = aftercare.tips_of_chat(session, chat_id)
            is_gone = all(one.tip_id != last for one in mine) and aftercare.is_gone(session, last)
            return mine, aftercare.asked_in_chat(session, chat_id, since=now - ADDITION_WITHIN), is_gone

        seen, asked, is_gone = await self._memory.read(read)
        return tuple(found_of(row) for row in seen), asked, is_gone

    async def _said_in(self, chat_id: int, incoming: Incoming) -> SaidIn | None:
        if incoming.kind not in ("edited", "deleted"):
            return None
        source_hash = self._keyed.hash("piece", incoming.source)
        return await self._memory.read(lambda session: aftercare.said_in(session, chat_id, source_hash))

    async def _checked(self, incoming: Incoming, ward: Ward, now: int) -> Checked | None:
        asked = checking.asked_in(incoming)
        return await self._memory.read(lambda session: checking.check(session, ward, asked, now=now)) if asked else None

    async def _answers_to(self, chat_id: int, now: int) -> tuple[str, ...]:
        since = now - ANSWERS_SHOWN_FOR
        return tuple(await self._memory.read(lambda session: aftercare.waiting_answers(session, chat_id, since=since)))

    async def end_silences(self) -> None:
        """A beat of the clock: where nobody wrote for as long as the conversation meant to wait, the conversation goes on."""
        now = moments.now()
        for chat_id, reason, wake_at in await self._memory.read(lambda session: lanes.silent_chats(session, now=now)):
            try:
                await self._end_silence(chat_id, reason, wake_at, now)
            except (Sealed, WrongMaster):  # Changed, or broken; the silences of all others end. `keng verify` names it too.
                log.error("silence_does_not_open", extra={"chat_id": chat_id})
                await self._memory.write(lambda session, chat_id=chat_id, at=wake_at: lanes.drop_silence(session, chat_id, wake_at=at))  # type: ignore[misc]

    async def _end_silence(self, chat_id: int, reason: str, wake_at: int, now: int) -> None:
        inbox_id, message_hash = new_id(), self._keyed.hash("silence", str(chat_id), str(wake_at))
        payload = _SILENCE + reason
        if await self._memory.write(
            lambda session: lanes.note_silence(
                session, chat_id, wake_at=wake_at, inbox_id=inbox_id, message_hash=message_hash, payload=payload, now=now
            )
        ):
            self.wake(chat_id)

    async def _commit(self, lane: InLane, row: WaitingMessage, decision: Decision, *, is_last: bool) -> tuple[WaitingMessage, ...]:
        """State, tip, history and answers together; the out lane, if it is free, is taken in the same breath."""
        now = moments.now()
        where = tips.Where(ward_id=lane.ward_id, chat_id=lane.chat_id, channel=lane.channel, now=row.arrived_at)
        about: dict[str, Any] = {"ward_id": lane.ward_id, "chat_id": lane.chat_id, "is_pressing": is_about_danger(decision.state, now)}
        outgoing = [reply_row(reply, row_id=new_id(), now=now, **about) for reply in decision.replies]

        out_token, ward = self._new_out_token() if outgoing and self._new_out_token else "", self._ward()
        window_from = None
        if lane.channel in windows.CHANNELS:
            window_from = windows.opened_by(self._read(lane.channel, row.payload), arrived_at=row.arrived_at)

        def commit(session: Session) -> tuple[tuple[WaitingMessage, ...], OutLane | None, list[int]]:
            out = lanes.keep_state(
                session,
                lane,
                holder=self._me,
                state=decision.state,
                language=decision.language,
                row_id=row.id,
                is_last=is_last,
                now=now,
                out_token=out_token,
                wake=(decision.wake.at, decision.wake.reason) if decision.wake else None,
                heard_at=_heard_at(row, decision, now),
                window_from=window_from,
            )
            tips.apply(session, where, decision.changes)
            others = duty_acts.apply(session, ward, where, decision.acts, draw=new_id)
            others += letters.call_for_threats(session, ward, decision.changes, draw=new_id, now=now)
            if outgoing:
                lanes.queue_replies(session, outgoing, ring=lane.ring)
            if out is not None:
                out = lanes.fill_out(session, out, now=now)
            return lanes.more_messages(session, lane, now=now) if is_last else (), out, others

        more, out, others = await self._memory.write(commit)
        if outgoing:
            self._on_replies(lane.chat_id, out)
        for chat_id in others:
            self._on_replies(chat_id, None)
        if self._on_attached and any(change.what == "attach" for change in decision.changes):
            self._on_attached()
        return more

    async def _note_failure(self, lane: InLane, row: WaitingMessage, error: Exception) -> None:
        """Our own code failed on this message. After a few tries it is set aside, so that its lane goes on."""
        set_aside = row.tries + 1 >= MOST_TRIES
        error_id = secrets.token_hex(4)
        log.error("message_failed", extra={"row": row.id, "error": type(error).__name__, "error_id": error_id, "set_aside": set_aside})
        await self._memory.write(lambda session: lanes.note_failure(session, lane, row.id, error_id=error_id, set_aside=set_aside))
        if set_aside:
            self.set_aside_count += 1
        self.wake(lane.chat_id)


def _heard_at(row: WaitingMessage, decision: Decision, now: int) -> int | None:
    """Silence is not heard. Whoever left will not read an answer that comes at once, and somebody else may."""
    if row.payload.startswith(_SILENCE):
        return None
    return now - notices.EXCHANGE_RUNS if decision.has_left else now


def found_of(row: SeenTip) -> Found:
    unread = tuple(Unread(one.id, one.kind, Reply.from_row(one.reply), one.question_id) for one in row.unread)
    return Found(
        tip_id=row.tip_id,
        tail=row.tail,
        arrived_at=row.arrived_at,
        accepted_at=row.accepted_at,
        closed_at=row.closed_at,
        category=row.category,
        restricted=row.restricted,
        is_on_paper=row.is_on_paper,
        is_urgent=row.is_urgent,
        is_shredded=row.is_shredded,
        rating=row.rating,
        state=row.state,
        number=row.number,
        is_chiefs_work=row.is_chiefs_work,
        unread=unread,
    )


def as_payload(incoming: Incoming) -> str:
    """For doors whose wire is already ours, as the web chat's is."""
    return json.dumps(asdict(incoming), ensure_ascii=False)


def from_payload(payload: str) -> Incoming:
    return Incoming(**json.loads(payload))
