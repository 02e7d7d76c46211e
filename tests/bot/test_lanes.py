"""One chat at a time, in the platform's order, whoever does the work, and on both engines."""

import asyncio
import sys
from collections import defaultdict
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.inbox import Arrival, as_payload
from handlers import router
from handlers.flows.conversation import Facts
from handlers.messages import Change, Decision, Incoming, Reply
from handlers.outgoing import reply_row
from storage import moments
from storage.memory import Memory
from storage.queries import lanes
from storage.queries.rings import chat_ring
from storage.tables import Chat, InboxRow, OutboxRow, Piece, Tip
from storage.tables import Ward as WardRow
from tests.bot.order_worker import decide_by_writing_down, make_inbox
from tests.databases import Database, known_vault
from tests.opened import opened


async def open_memory(database: Database) -> Memory:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(lambda session: _make_ward(session))
    return memory


def _make_ward(session: Session) -> None:
    if session.get(WardRow, 1) is None:
        session.add(WardRow(id=1, name="", created_at=0))


def arrival(chat: int, number: int, *, text: str = "") -> Arrival:
    incoming = Incoming(kind="text", source=str(number), text=text or f"{chat}:{number}")
    return Arrival(channel="test", address=str(chat), message_id=str(number), platform_order=number, payload=as_payload(incoming))


async def pieces_by_chat(memory: Memory) -> dict[int, list[int]]:
    said: defaultdict[int, list[int]] = defaultdict(list)
    for (text,) in await opened(memory, Piece, "words"):
        chat, number = text.split(":")
        said[int(chat)].append(int(number))
    return said


async def until_all_are_handled(memory: Memory) -> None:
    query = select(col(InboxRow.id)).where(col(InboxRow.status) == "waiting").limit(1)
    while True:
        if await memory.read(lambda session: session.execute(query).first() is None):
            return
        await asyncio.sleep(0.05)


async def test_messages_of_many_chats_are_handled_in_order(database: Database, is_long: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 chats, interleaved: SQLite with two tasks, PostgreSQL with two worker processes."""
    monkeypatch.setattr(router, "decide", decide_by_writing_down)
    many, chats = (10_000, 500) if is_long else (1_500, 75)
    memory = await open_memory(database)
    inbox = make_inbox(memory, workers=2 if database.is_sqlite else 0)
    inbox.start()
    processes = [] if database.is_sqlite else [await start_worker(database) for _ in range(2)]
    waiting = {chat: list(range(many // chats)) for chat in range(chats)}

    async def tell(chat: int) -> None:
        for number in waiting[chat]:
            await inbox.arrived(arrival(chat, number))

    await asyncio.gather(*(tell(chat) for chat in range(chats)))
    await asyncio.wait_for(until_all_are_handled(memory), 240)
    said = await pieces_by_chat(memory)
    for process in processes:
        process.terminate()
        assert await process.wait() == 0
    await inbox.stop()
    await memory.stop()

    assert said == waiting


async def start_worker(database: Database) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.order_worker", database.url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None and await process.stdout.readline() == b"ready\n"
    return process


async def test_what_waits_is_sorted_by_the_platforms_order(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router, "decide", decide_by_writing_down)
    memory = await open_memory(database)
    door, worker = make_inbox(memory, workers=0), make_inbox(memory, workers=2)
    for number in (3, 1, 2, 0):
        await door.arrived(arrival(7, number))
    worker.start()
    await asyncio.wait_for(until_all_are_handled(memory), 10)
    said = await pieces_by_chat(memory)
    await worker.stop()
    await memory.stop()

    assert said == {7: [0, 1, 2, 3]}


async def test_the_same_message_twice_at_once_is_kept_once(database: Database) -> None:
    memory = await open_memory(database)
    door = make_inbox(memory, workers=0)

    news = await asyncio.gather(*(door.arrived(arrival(1, 1)) for _ in range(8)))

    count = await memory.read(lambda session: len(session.execute(select(col(InboxRow.id))).all()))
    await memory.stop()
    assert (sorted(news), count) == ([False] * 7 + [True], 1)


async def test_a_holder_that_overslept_its_lease_is_refused(database: Database) -> None:
    memory = await open_memory(database)
    door = make_inbox(memory, workers=0)
    await door.arrived(arrival(1, 1))
    [chat_id] = await memory.read(lambda session: lanes.chats_with_waiting_messages(session, now=10**15))
    sleepy = await memory.write(lambda session: lanes.claim_in(session, chat_id, holder="sleepy", now=1_000))
    brisk = await memory.write(lambda session: lanes.claim_in(session, chat_id, holder="brisk", now=2_000_000))
    assert sleepy is not None and brisk is not None
    now = 2_000_001

    def keep(session: Session, who: str) -> None:
        lane = sleepy if who == "sleepy" else brisk
        assert lane is not None
        row_id = lane.rows[0].id
        lanes.keep_state(session, lane, holder=who, state={"by": who}, language="vi", row_id=row_id, is_last=True, now=now, out_token="")

    with pytest.raises(lanes.StaleLane):
        await memory.write(lambda session: keep(session, "sleepy"))
    await memory.write(lambda session: keep(session, "brisk"))

    [(state,)] = await opened(memory, Chat, "state")
    await memory.stop()
    assert state == '{"by":"brisk"}'


async def test_a_message_that_breaks_our_code_is_set_aside_and_its_lane_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(router, "decide", decide_by_writing_down)
    memory = await open_memory(database)
    inbox = make_inbox(memory, workers=2)
    inbox.start()
    await inbox.arrived(arrival(1, 1))
    await inbox.arrived(arrival(1, 2, text="1:2 breaks"))
    await inbox.arrived(arrival(1, 3))
    await asyncio.wait_for(until_all_are_handled(memory), 20)
    said = await pieces_by_chat(memory)
    aside = await memory.read(
        lambda session: [
            tuple(row) for row in session.execute(select(col(InboxRow.status), col(InboxRow.tries)).order_by(col(InboxRow.id)))
        ]
    )
    await inbox.stop()
    await memory.stop()

    assert said == {1: [1, 3]}
    assert aside == [("done", 0), ("set_aside", 3), ("done", 0)]
    assert inbox.set_aside_count == 1
    assert "breaks" not in " ".join(str({**vars(record), "exc_info": None}) for record in caplog.records)


async def test_a_handled_message_keeps_its_hash_and_loses_its_words(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router, "decide", decide_by_writing_down)
    memory = await open_memory(database)
    inbox = make_inbox(memory, workers=1)
    inbox.start()
    await inbox.arrived(arrival(1, 1))
    await asyncio.wait_for(until_all_are_handled(memory), 10)
    is_new = await inbox.arrived(arrival(1, 1))
    payloads = await memory.read(lambda session: list(session.execute(select(col(InboxRow.payload))).scalars()))
    tips = await memory.read(lambda session: len(session.execute(select(col(Tip.id))).all()))
    await inbox.stop()
    await memory.stop()

    assert (is_new, payloads, tips) == (False, [None], 1)


async def test_an_expired_lease_is_found_by_the_look_every_two_seconds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker died with the lane in its hands."""
    monkeypatch.setattr(router, "decide", decide_by_writing_down)
    memory = await open_memory(database)
    door = make_inbox(memory, workers=0)
    await door.arrived(arrival(1, 1))
    await memory.write(lambda session: session.execute(update(Chat).values(in_holder="dead", in_lease=1, in_fence=9)) and None)
    inbox = make_inbox(memory, workers=1)
    inbox.start()
    await asyncio.wait_for(until_all_are_handled(memory), 10)
    said = await pieces_by_chat(memory)
    await inbox.stop()
    await memory.stop()

    assert said == {1: [1]}


async def test_a_commit_that_fails_for_the_messages_sake_is_set_aside_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the decision but its writing down breaks: the lane must not wait for ever."""

    def decide_badly(state: dict[str, Any], incoming: Incoming, facts: Facts) -> Decision:
        decision = decide_by_writing_down(state, incoming, facts)
        return Decision(state=decision.state, changes=[Change("say", {"tip_id": 1})]) if incoming.text == "1:1" else decision

    monkeypatch.setattr(router, "decide", decide_badly)
    memory = await open_memory(database)
    inbox = make_inbox(memory, workers=1)
    inbox.start()
    await inbox.arrived(arrival(1, 1))
    await inbox.arrived(arrival(1, 2))
    await asyncio.wait_for(until_all_are_handled(memory), 20)
    said = await pieces_by_chat(memory)
    await inbox.stop()
    await memory.stop()

    assert (said, inbox.set_aside_count) == ({1: [2]}, 1)


async def test_an_out_lane_that_was_lost_is_not_settled_by_its_old_holder(database: Database) -> None:
    memory = await open_memory(database)
    door = make_inbox(memory, workers=0)
    await door.arrived(arrival(1, 1))
    [chat_id] = await memory.read(lambda session: lanes.chats_with_waiting_messages(session, now=10**15))
    row = reply_row(Reply(text="x"), row_id=77, ward_id=1, chat_id=chat_id, now=0)
    await memory.write(lambda session: lanes.queue_replies(session, [row], ring=chat_ring(session, chat_id)))
    old = await memory.write(lambda session: lanes.claim_out(session, chat_id, token="old", now=1_000))
    new = await memory.write(lambda session: lanes.claim_out(session, chat_id, token="new", now=2_000_000))
    assert old is not None and new is not None

    lost = await memory.write(lambda session: lanes.renew_out(session, [old, new], now=2_000_001))
    await memory.write(lambda session: lanes.postpone(session, old, 77, due_at=10**15, reason="late"))
    due = await memory.read(lambda session: session.execute(select(col(OutboxRow.due_at))).scalar_one())
    await memory.stop()

    assert (lost, due) == ([chat_id], 0)


async def test_p3_an_answer_written_while_the_clock_ran_ahead_does_not_wait_until_then(database: Database) -> None:
    """The machine started hours ahead and without a network; nothing that comes later in this chat could overtake it."""
    memory = await open_memory(database)
    door = make_inbox(memory, workers=0)
    await door.arrived(arrival(1, 1))
    [chat_id] = await memory.read(lambda session: lanes.chats_with_waiting_messages(session, now=10**15))
    ahead = 6 * moments.HOUR
    row = reply_row(Reply(text="x"), row_id=77, ward_id=1, chat_id=chat_id, now=ahead)
    await memory.write(lambda session: lanes.queue_replies(session, [row], ring=chat_ring(session, chat_id)))
    due = {
        now: await memory.read(lambda session, now=now: lanes.chats_with_due_replies(session, now=now))  # type: ignore[misc]
        for now in (moments.MINUTE, ahead - 1, ahead)
    }
    lane = await memory.write(lambda session: lanes.claim_out(session, chat_id, token="one", now=moments.MINUTE))
    await memory.stop()

    assert due == {moments.MINUTE: [chat_id], ahead - 1: [], ahead: [chat_id]}  # What is to be tried again soon still waits.
    assert lane is not None and [one.id for one in lane.rows] == [77]
