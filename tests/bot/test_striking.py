"""P6 over real doors: a released warning reaches each chat once, whatever happens to the platform, the group or the clock meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from bot import asking, striking
from bot.asking import Rest
from bot.channels.base import FileToSend
from bot.runtime import Running
from bot.striking import Steady
from handlers.messages import Reply
from handlers.officers import Mistake
from handlers.outgoing import reply_row
from handlers.warnings import lifecycle
from handlers.warnings.content import Content
from storage import moments, tables
from storage.ids import new_id
from storage.queries import asks, lanes
from storage.queries import warning_targets as targets
from storage.queries.rings import chat_ring
from tests import strikes
from tests.factories import jpeg
from tests.fakes import telegram
from tests.fakes.telegram import FakeTelegram
from tests.opened import opened, rows
from tests.strikes import People


@pytest.fixture
async def people(house: Running) -> People:
    return await strikes.lay_people(house.memory, house.ward().id)


async def until_state(house: Running, warning_id: int, *states: str) -> None:
    for _ in range(400):
        if await strikes.state_of(house.memory, warning_id) in states:
            return
        await asyncio.sleep(0.05)
    raise AssertionError((await strikes.state_of(house.memory, warning_id), await strikes.targets_of(house.memory, warning_id)))


async def until(house: Running, warning_id: int, wanted: dict[str, int], *, secs: int = 20) -> None:
    """So many targets in each state."""
    for _ in range(20 * secs):
        if await tally(house, warning_id) == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await tally(house, warning_id)} is not {wanted}")


async def tally(house: Running, warning_id: int) -> dict[str, int]:
    return dict(Counter(f"{state} {reason}".strip() for _kind, state, reason, _chat in await strikes.targets_of(house.memory, warning_id)))


async def lay(house: Running, *adds: Callable[[Session], Any]) -> list[Any]:
    return await house.memory.write(lambda session: [add(session) for add in adds])


def subscribers(house: Running, fake: FakeTelegram, many: int) -> tuple[list[int], Callable[[Session], Any]]:
    ids = [fake.person().id for _ in range(many)]
    fake.known |= set(ids)
    return ids, lambda session: [strikes.add_subscriber(session, house.ward().id, str(one)) for one in ids]


def heard(fake: FakeTelegram, chat_id: int) -> list[str]:
    return [str(message.get("text", message.get("caption", ""))) for message in fake.messages[chat_id] if message["from"]["is_bot"]]


async def until_heard(fake: FakeTelegram, ids: list[int], many: int) -> None:
    for _ in range(500):
        if sum(len(heard(fake, one)) for one in ids) >= many:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{sum(len(heard(fake, one)) for one in ids)} of {many}")


async def test_p6_a_warning_goes_to_everybody_once_in_the_manner_that_is_theirs(
    house: Running, people: People, fake_telegram: FakeTelegram
) -> None:
    fake, ward_id = fake_telegram, house.ward().id
    leader, blocked, subscriber, gone = (fake.person() for _ in range(4))
    group, kicked, moved = fake.group("Tổ 1"), fake.group("Tổ 2"), fake.group("Tổ 3")
    fake.known |= {leader.id, blocked.id, subscriber.id, gone.id}
    fake.blocked.add(blocked.id)
    await kicked.kick_bot()
    old = moved.chat_id
    await moved.migrate()
    await lay(
        house,
        lambda session: strikes.add_subscriber(session, ward_id, str(subscriber.id)),
        lambda session: strikes.add_subscriber(session, ward_id, str(gone.id), cut_at=1),
        lambda session: [strikes.add_group(session, people, str(one)) for one in (group.chat_id, kicked.chat_id, old)],
        lambda session: strikes.add_leader(session, ward_id, ("telegram", str(leader.id))),
        lambda session: strikes.add_leader(session, ward_id, ("webchat", "w1"), ("telegram", str(blocked.id))),
        lambda session: strikes.add_leader(session, ward_id),
    )

    warning_id = await strikes.strike(house.memory, people)
    with pytest.raises(Mistake):
        await house.memory.write(lambda session: lifecycle.release(session, strikes.act(people, people.chief), warning_id))
    await until_state(house, warning_id, "done")

    assert await tally(house, warning_id) == {"sent": 5, "to_call no_chat": 1, "failed lost": 1, "failed gone": 1}
    [kit] = leader.read_messages()
    target_id = next(row[0] for row in await rows(house, tables.WarningTarget, "id", "kind"))
    assert "CẢNH BÁO: Giả danh công an gọi điện" in kit["caption"] and "chuyển tiếp" in kit["caption"]
    assert [button["callback_data"].split(":")[0] for row in kit["reply_markup"]["inline_keyboard"] for button in row] == [
        "posted",
        "not-posted",
    ]
    assert str(target_id) in kit["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert [len(heard(fake, one)) for one in (group.chat_id, moved.chat_id, old, subscriber.id)] == [1, 1, 0, 1]
    assert "chuyển tiếp" not in heard(fake, group.chat_id)[0]
    assert subscriber.read_messages()[0]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Thôi nhận"
    assert str(moved.chat_id) in [row[0] for row in await opened(house.memory, tables.Chat, "address")]
    assert ("lost",) in await rows(house, tables.ChatGroup, "trouble")
    assert Counter(row[1] for row in await rows(house, tables.OutboxRow, "kind", "rule") if row[0] == "warning") == {"ask": 7}


async def test_p6_a_correction_goes_where_the_original_went(house: Running, people: People, fake_telegram: FakeTelegram) -> None:
    ids, add = subscribers(house, fake_telegram, 3)
    await lay(house, add)
    original = await strikes.strike(house.memory, people)
    await until_state(house, original, "done")
    late, add_late = subscribers(house, fake_telegram, 1)
    await lay(house, add_late)

    correction = await strikes.strike(house.memory, people, corrects_id=original)
    await until_state(house, correction, "done")

    assert [len(heard(fake_telegram, one)) for one in (*ids, *late)] == [2, 2, 2, 0]
    assert heard(fake_telegram, ids[0])[1].startswith("ĐÍNH CHÍNH cảnh báo mã CB-")


async def test_the_picture_is_brought_to_telegram_once_and_long_words_follow_it(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def draw(_warning_id: int) -> FileToSend:
        return FileToSend(jpeg(64, 48), "image/jpeg")

    monkeypatch.setattr(asking, "_PROBE_SECS", 0.1)
    [speaker] = [channel for name, channel in house.delivery._channels.items() if name == "telegram"]
    monkeypatch.setattr(speaker, "_open_card", draw)
    ids, add = subscribers(house, fake_telegram, 4)
    await lay(house, add)
    short = await strikes.strike(house.memory, people)
    await until_state(house, short, "done")
    sent = [call for call in fake_telegram.heard if call.method == "sendphoto"]
    assert len(sent) == 4 and [isinstance(call.params["photo"], str) for call in sent] == [False, True, True, True]
    assert all("CẢNH BÁO" in call.params["caption"] for call in sent)

    words = Content(theme="fraud", headline="Giả danh công an", body=" ".join(["nghiêngnghiêng"] * 80), lines=("Cúp máy",))
    long = await strikes.strike(house.memory, people, words=words)
    await until_state(house, long, "done")
    assert [len(heard(fake_telegram, one)) for one in ids] == [3] * 4

    say = telegram._METHODS["sendmessage"]

    async def say_and_lose(fake: FakeTelegram, params: dict[str, Any]) -> Any:
        fake.lose_answers = 1
        return await say(fake, params)

    monkeypatch.setitem(telegram._METHODS, "sendmessage", say_and_lose)  # The picture goes, and the answer to the words is lost.
    third = await strikes.strike(house.memory, people, words=words)
    await until(house, third, {"unknown unreachable": 4}, secs=60)
    assert [len(heard(fake_telegram, one)) for one in ids] == [5] * 4


async def test_p6_pause_resume_and_cancel_hold_within_a_second(house: Running, people: People, fake_telegram: FakeTelegram) -> None:
    fake_telegram.delay_secs = 0.2
    ids, add = subscribers(house, fake_telegram, 400)
    await lay(house, add)
    warning_id = await strikes.strike(house.memory, people)
    await until_heard(fake_telegram, ids, 20)

    await house.memory.write(lambda session: lifecycle.pause(session, strikes.act(people, people.writer), warning_id))
    await asyncio.sleep(1)
    paused = sum(len(heard(fake_telegram, one)) for one in ids)
    await asyncio.sleep(0.7)
    assert sum(len(heard(fake_telegram, one)) for one in ids) == paused < 400
    laid_out = await tally(house, warning_id)  # On a busy machine not all of them have a row by then.
    assert laid_out == {"sent": paused, "planned": sum(laid_out.values()) - paused}

    await house.memory.write(lambda session: lifecycle.resume(session, strikes.act(people, people.chief), warning_id))
    await until_heard(fake_telegram, ids, paused + 20)
    await house.memory.write(lambda session: lifecycle.cancel(session, strikes.act(people, people.writer), warning_id))
    await asyncio.sleep(1)
    over = sum(len(heard(fake_telegram, one)) for one in ids)
    await until(house, warning_id, {"sent": over, "cancelled cancelled": sum((await tally(house, warning_id)).values()) - over})
    assert max(len(heard(fake_telegram, one)) for one in ids) == 1
    [(done_at,)] = await rows(house, tables.WarningRow, "done_at")
    assert done_at is not None


async def test_p6_an_outage_leaves_unknown_what_was_under_way_and_sends_the_rest_later(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour of the platform's is a few seconds here: while it is away, nothing is begun, however long that lasts."""
    monkeypatch.setattr(asking, "_PROBE_SECS", 0.2)
    for rest in house.delivery.asking._rests.values():
        rest._pause = 0.2
    fake_telegram.delay_secs = 0.1
    ids, add = subscribers(house, fake_telegram, 200)
    await lay(house, add)
    warning_id = await strikes.strike(house.memory, people)
    await until_heard(fake_telegram, ids, 30)
    fake_telegram.outage = True
    await asyncio.sleep(3)
    found = await tally(house, warning_id)
    unknown = sum(many for name, many in found.items() if name.startswith("unknown"))
    tried = [call for call in fake_telegram.heard if call.status == 502 and call.method.startswith("send")]
    assert 0 < unknown == len(tried) <= house.delivery.asking._workers
    fake_telegram.outage = False

    await until(house, warning_id, {"sent": 200 - unknown, "unknown unreachable": unknown})
    assert max(len(heard(fake_telegram, one)) for one in ids) == 1
    assert await strikes.state_of(house.memory, warning_id) == "sending"  # A person has not decided yet.

    listed = await house.memory.read(lambda session: targets.listed(session, warning_id, states=("unknown",)))
    for place, one in enumerate(listed):
        await house.memory.write(
            lambda session, one=one, place=place: lifecycle.decide(
                session, strikes.act(people, people.chief), one.id, sends_again=place % 2 == 0
            )  # type: ignore[misc]
        )
    await until_state(house, warning_id, "done")
    assert await tally(house, warning_id) == {"sent": 200}
    assert Counter(len(heard(fake_telegram, one)) for one in ids) == Counter({1: 200 - unknown // 2, 0: unknown // 2})


async def test_p6_what_a_person_decided_stays_so_when_a_sleeper_comes_back(house: Running, people: People) -> None:
    """A process that slept through its lease knows the outcome; it says so only as long as nobody has decided."""
    ward_id = house.ward().id
    chats = await lay(house, *[lambda session, n=n: strikes.add_subscriber(session, ward_id, f"away{n}", channel="away") for n in range(4)])
    warning_id = await strikes.strike(house.memory, people)
    for _ in range(100):
        if len(await strikes.targets_of(house.memory, warning_id)) == 4:
            break
        await asyncio.sleep(0.05)
    begun = []
    for chat_id in chats:
        row_id = new_id()

        def put(session: Session, chat_id: int = chat_id, row_id: int = row_id) -> None:
            of_chat = col(tables.WarningTarget.chat_id) == chat_id
            session.execute(update(tables.WarningTarget).where(of_chat).values(state="queued", outbox_id=row_id))
            row = reply_row(Reply(text="x"), row_id=row_id, ward_id=ward_id, chat_id=chat_id, now=1, kind="warning")
            lanes.queue_replies(session, [{**row, "rule": "ask"}], ring=chat_ring(session, chat_id))

        await house.memory.write(put)
        asked = asks.Asked(row_id=row_id, chat_id=chat_id, channel="away", is_group=False, warning_id=warning_id)
        one = await house.memory.write(lambda session, asked=asked: asks.begin(session, asked, token="me", now=moments.now()))  # type: ignore[misc]
        assert one is not None
        begun.append(one)
    later = moments.now() + moments.MINUTE
    assert await house.memory.write(lambda session: asks.recover(session, now=later)) == 4
    listed = await house.memory.read(lambda session: targets.listed(session, warning_id))
    assert [(one.state, one.reason) for one in listed] == [("unknown", "crash")] * 4

    decided = listed[0].id
    await house.memory.write(lambda session: lifecycle.decide(session, strikes.act(people, people.chief), decided, sends_again=True))
    for one, outcome in zip(begun[:3], ("sent", "sent", "unknown"), strict=True):
        await house.memory.write(
            lambda session, one=one, outcome=outcome: asks.settle(session, one, outcome=outcome, reason="", now=later)  # type: ignore[misc]
        )
    last = begun[3]  # Surely not sent: it takes its place anew.
    await house.memory.write(lambda session: asks.again(session, last, due_at=later, reason="rate", counts=False, now=later))

    states = [state for _kind, state, _reason, _chat in await strikes.targets_of(house.memory, warning_id)]
    assert states == ["planned", "sent", "unknown", "planned"]


async def test_p6_a_clock_that_jumps_ends_nothing_sends_nothing_twice_and_stops_nothing(
    house: Running, people: People, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_telegram.delay_secs = 0.1
    ids, add = subscribers(house, fake_telegram, 300)
    await lay(house, add)
    real, ahead = moments.now, [0]
    warning_id = await strikes.strike(house.memory, people, expires_at=real() + moments.HOUR)
    await until_heard(fake_telegram, ids, 20)
    monkeypatch.setattr(moments, "now", lambda: real() + ahead[0])

    ahead[0] = moments.DAY
    await asyncio.sleep(1.2)
    assert await strikes.state_of(house.memory, warning_id) == "sending"  # A clock seen to jump is not believed yet.
    ahead[0] = 0
    await until_state(house, warning_id, "done")
    assert Counter(len(heard(fake_telegram, one)) for one in ids) == {1: 300}

    monkeypatch.setattr(striking, "_STEADY_FOR_SECS", 0.6)  # Wrong for as long as makes it believed, and put right afterwards.
    second = await strikes.strike(house.memory, people, expires_at=real() + moments.HOUR)
    await until_heard(fake_telegram, ids, 320)
    ahead[0] = moments.DAY
    await until_state(house, second, "expired")
    ahead[0] = 0
    await until_state(house, second, "done")
    assert Counter(len(heard(fake_telegram, one)) for one in ids) == {2: 300}


async def test_a_clock_is_believed_when_it_has_gone_steadily_for_a_while() -> None:
    wall, own = [0], [0.0]
    steady = Steady(wall=lambda: wall[0], own=lambda: own[0])
    looks = []
    for jump in (0, moments.DAY, 0, 0, -moments.DAY, 0):
        wall[0], own[0] = wall[0] + jump + 60 * moments.SECOND, own[0] + 60
        looks.append(steady.look())

    assert looks == [True, False, False, True, False, False]


async def test_after_a_trouble_one_goes_alone_and_only_its_fate_opens_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_PROBE_SECS", 0.01)
    answers = [False, True, True]

    async def probe() -> bool:
        return answers.pop(0)

    rest = Rest(probe)
    rest.begin()
    assert not rest.lets_begin
    await asyncio.sleep(0.1)
    assert rest.lets_begin
    rest.in_flight = 1
    assert not rest.lets_begin
    rest.begin()  # It was lost, too.
    rest.in_flight = 0
    assert not rest.lets_begin
    await asyncio.sleep(0.2)
    rest.went_well()
    rest.in_flight = 5
    assert rest.lets_begin and answers == []
