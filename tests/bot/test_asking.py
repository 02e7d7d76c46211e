"""P6 at its edges: what surely did not go is not called unknown, and nothing of a warning is left behind or holds up anybody else."""

import asyncio
import socket
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bot import asking, striking
from bot.channels.base import DeliveryError, FileToSend, Turn, may_have_gone
from bot.channels.telegram.send import _translate
from bot.channels.telegram.wire import AiohttpRequest
from bot.runtime import Running
from handlers.messages import Reply
from handlers.outgoing import reply_row
from handlers.warnings import lifecycle
from storage import moments, tables
from storage.ids import new_id
from storage.queries import asks, contact, lanes
from storage.queries.rings import chat_ring
from tests import strikes
from tests.bot.test_striking import lay, people, subscribers, tally, until, until_state
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows
from tests.strikes import People

__all__ = ["people"]


async def test_p6_a_send_that_cannot_be_begun_costs_nobody_a_place(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A memory that is away for a moment: each turn that was taken goes back, or answers to residents would miss it for ever."""
    [speaker] = [channel for name, channel in house.delivery._channels.items() if name == "telegram"]
    begin, failures, held = asks.begin, iter(range(5)), {"taken": 0, "used": 0, "back": 0}

    class Counted:
        async def use(self) -> None:
            held["used"] += 1

        def give_back(self) -> None:
            held["back"] += 1

    async def turn(_chat_id: int, *, is_group: bool) -> tuple[Turn | None, float]:
        held["taken"] += 1
        return Counted(), 0.0

    def fail_at_first(*given: Any, **more: Any) -> Any:
        if next(failures, None) is not None:
            raise OSError("the disk is full")
        return begin(*given, **more)

    monkeypatch.setattr(speaker, "turn", turn)
    monkeypatch.setattr(asks, "begin", fail_at_first)
    _ids, add = subscribers(house, fake_telegram, 3)
    await lay(house, add)
    warning_id = await strikes.strike(house.memory, people)
    await until_state(house, warning_id, "done")

    assert await tally(house, warning_id) == {"sent": 3}
    assert held["used"] == 3 and held["back"] == held["taken"] - 3 >= 5


async def test_p6_what_was_never_called_is_tried_again_and_is_not_unknown(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that takes too long, or breaks our own code, before the platform has heard anything."""
    troubles = iter((asyncio.sleep(5), ValueError("no picture")))

    async def open_card(_warning_id: int) -> FileToSend | None:
        trouble = next(troubles, None)
        if isinstance(trouble, Exception):
            raise trouble
        if trouble is not None:
            await trouble
        return None

    [speaker] = [channel for name, channel in house.delivery._channels.items() if name == "telegram"]
    monkeypatch.setattr(speaker, "_open_card", open_card)
    monkeypatch.setattr(asking, "SEND_TIMEOUT_SECS", 0.3)
    monkeypatch.setattr(asking, "_PROBE_SECS", 0.1)
    for rest in house.delivery.asking._rests.values():
        rest._pause = 0.1
    _ids, add = subscribers(house, fake_telegram, 2)
    await lay(house, add)
    warning_id = await strikes.strike(house.memory, people)
    await until_state(house, warning_id, "done")

    assert await tally(house, warning_id) == {"sent": 2} and house.delivery.asking.unknown_count == 0


async def test_p6_a_connection_that_does_not_come_about_is_no_unknown_send() -> None:
    """Packets that vanish: the queue of a door at which nobody opens is full, so the next one who knocks hears nothing at all."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        async with aiohttp.ClientSession() as http:
            call = AiohttpRequest(http).do_request(f"http://127.0.0.1:{deaf.getsockname()[1]}/", "POST", read_timeout=1.0)
            with pytest.raises(DeliveryError) as refused:
                await _translate(call)
    assert refused.value.reason == "unreachable" and not refused.value.maybe_sent and may_have_gone.get()


async def test_p6_what_waits_for_somebody_who_cut_contact_ends_with_its_warning(house: Running, people: People) -> None:
    """Their rows were taken out of the outbox before; the broadcaster does not stumble over that, and what is being sent is waited for."""
    ward_id, names = house.ward().id, ("cut", "being_sent", "came_back")
    chats = await lay(house, *[lambda session, n=n: strikes.add_subscriber(session, ward_id, n, channel="away") for n in names])
    warning_id = await strikes.strike(house.memory, people)
    await until(house, warning_id, {"planned": 3})
    row_ids = [new_id() for _ in names]

    def park(session: Session) -> None:
        for chat_id, row_id, state in zip(chats, row_ids, ("parked", "parked", "queued"), strict=True):
            of_chat = col(tables.WarningTarget.chat_id) == chat_id
            session.execute(update(tables.WarningTarget).where(of_chat).values(state=state, outbox_id=row_id))
            row = reply_row(Reply(text="x"), row_id=row_id, ward_id=ward_id, chat_id=chat_id, now=1, kind="warning")
            lanes.queue_replies(session, [{**row, "rule": "ask"}], ring=chat_ring(session, chat_id))
        contact.cut(session, chats[0], now=moments.now())

    await house.memory.write(park)
    begun = []
    for chat_id, row_id in zip(chats[1:], row_ids[1:], strict=True):
        asked = asks.Asked(row_id=row_id, chat_id=chat_id, channel="away", is_group=False, warning_id=warning_id)
        begun.append(await house.memory.write(lambda session, asked=asked: asks.begin(session, asked, token="me", now=moments.now())))  # type: ignore[misc]
    sent, again = begun
    assert sent is not None and again is not None

    await house.memory.write(lambda session: lifecycle.cancel(session, strikes.act(people, people.writer), warning_id))
    await until(house, warning_id, {"cancelled cancelled": 1, "parked": 1, "queued": 1})
    await asyncio.sleep(1.2)  # More than one beat.
    assert await rows(house, tables.WarningRow, "done_at") == [(None,)]
    now = moments.now()
    await house.memory.write(lambda session: asks.settle(session, sent, outcome="sent", reason="", now=now))
    await house.memory.write(lambda session: asks.again(session, again, due_at=now, reason="rate", counts=True, now=now))

    await until(house, warning_id, {"cancelled cancelled": 2, "sent": 1})
    assert await rows(house, tables.WarningRow, "done_at") != [(None,)]


async def test_p6_a_lease_that_ran_out_while_the_machine_stood_still_makes_nothing_unknown(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is sending knows that it is not dead. Somebody who is asked meanwhile might send it a second time."""
    monkeypatch.setattr(lanes, "OUT_LEASE_MS", 1)
    fake_telegram.delay_secs = 2.5
    _ids, add = subscribers(house, fake_telegram, 1)
    await lay(house, add)
    warning_id = await strikes.strike(house.memory, people)
    await until(house, warning_id, {"queued": 1})
    seen = set()
    while await strikes.state_of(house.memory, warning_id) != "done":
        seen |= set(await tally(house, warning_id))
        await asyncio.sleep(0.05)

    assert seen <= {"queued", "sent"} and house.delivery.asking.unknown_count == 0


async def test_p6_a_leader_is_tried_by_each_of_their_chats_before_they_are_called(
    house: Running, people: People, fake_telegram: FakeTelegram
) -> None:
    reached, *blocked = [fake_telegram.person().id for _ in range(3)]
    fake_telegram.known |= {reached, *blocked}
    fake_telegram.blocked |= set(blocked)
    ways = [("telegram", str(one)) for one in (reached, *blocked)]  # The newest, which is tried first, stands last.
    await lay(house, lambda session: strikes.add_leader(session, house.ward().id, *ways))
    warning_id = await strikes.strike(house.memory, people)
    await until_state(house, warning_id, "done")

    assert await tally(house, warning_id) == {"sent": 1}


async def test_p6_a_great_warning_that_is_taken_back_holds_up_no_other(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [lambda session, n=n: strikes.add_subscriber(session, house.ward().id, f"far{n}", channel="away") for n in range(700)]
    group = fake_telegram.group("Tổ 1")
    await lay(house, *many, lambda session: strikes.add_group(session, people, str(group.chat_id)))
    great = await strikes.strike(house.memory, people, reaches=("subscribers",))
    await until(house, great, {"planned": 700})
    monkeypatch.setattr(striking, "_BUDGET_SECS", 0.0)  # One chunk in a beat, as on a machine that is busy.
    await house.memory.write(lambda session: lifecycle.cancel(session, strikes.act(people, people.writer), great))
    small = await strikes.strike(house.memory, people, reaches=("groups",))
    await until_state(house, small, "done")

    assert await tally(house, small) == {"sent": 1} and "planned" in await tally(house, great)
    await until(house, great, {"cancelled cancelled": 700})
