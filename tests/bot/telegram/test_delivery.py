"""Answers reach a Telegram that is slow, refuses, limits, loses answers, or is away."""

import asyncio

import pytest

from bot.channels.pieces import cut
from bot.channels.telegram.send import MOST_UNITS
from bot.runtime import Running
from storage import tables
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows


async def outbox(house: Running) -> list[tuple[str, str | None]]:
    return [(row[0], row[1]) for row in await rows(house, tables.OutboxRow, "status", "error")]


async def settled(house: Running, many: int) -> list[tuple[str, str | None]]:
    for _ in range(500):
        found = await outbox(house)
        if len(found) >= many and all(status != "waiting" for status, _ in found):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"still waiting: {await outbox(house)}")


async def test_an_outage_holds_answers_back_and_keeps_their_order(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    fake_telegram.outage = True
    await person.say("/start")
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await asyncio.sleep(0.6)
    assert person.reads() == []
    fake_telegram.outage = False

    await person.hears("ạ?")
    assert "xin chào" in person.reads()[0]


async def test_too_many_requests_waits_as_long_as_asked(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    fake_telegram.rate_limit = 1
    await person.say("/start")
    await person.hears("xin chào")

    sends = [call for call in fake_telegram.heard if call.method == "sendmessage"]
    assert [call.status for call in sends] == [429, 200]
    assert sends[1].at - sends[0].at >= 1.0


async def test_a_lost_answer_is_sent_again_rather_than_lost(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    fake_telegram.lose_answers = 1
    await person.say("/start")
    await settled(house, 1)

    assert len(person.reads()) == 2  # The rule `repeat`: twice is better than never.
    assert await outbox(house) == [("sent", "unreachable")] or await outbox(house) == [("sent", None)]


async def test_a_question_that_was_rewritten_before_its_answer_was_lost_is_not_said_twice(
    house: Running, fake_telegram: FakeTelegram
) -> None:
    person = fake_telegram.person()
    await person.say("/start")
    await person.hears("xin chào")
    await settled(house, 1)
    fake_telegram.lose_answers = 1
    await person.press("report")
    await settled(house, 2)

    assert [call.status for call in fake_telegram.heard if call.method == "editmessagetext"] == [200, 400]
    assert [call.method for call in fake_telegram.heard if call.method == "sendmessage"] == ["sendmessage"]
    assert [status for status, _error in await outbox(house)] == ["sent", "sent"]


async def test_a_person_who_blocked_us_is_noted_and_holds_nothing_up(house: Running, fake_telegram: FakeTelegram) -> None:
    person, other = fake_telegram.person(), fake_telegram.person()
    await person.say("Có chuyện")
    await person.hears("ạ?")
    fake_telegram.blocked.add(person.id)
    await person.say("Thêm nữa")
    await other.say("/start")
    await other.hears("xin chào")

    assert ("failed", "blocked") in await settled(house, 4)


async def test_a_group_that_moved_is_answered_at_its_new_place(house: Running, fake_telegram: FakeTelegram) -> None:
    group, person = fake_telegram.group("Tổ 7"), fake_telegram.person()
    fake_telegram.delay_secs = 0.2
    await group.say(person, "/start")
    await group.migrate()
    for _ in range(200):
        if group.reads():
            break
        await asyncio.sleep(0.05)

    assert len(group.reads()) == 1 and "xin đừng viết trong nhóm" in group.reads()[0]


async def test_a_slow_platform_gets_everything_once(house: Running, fake_telegram: FakeTelegram) -> None:
    fake_telegram.delay_secs = 0.4
    people = [fake_telegram.person() for _ in range(10)]
    await asyncio.gather(*(person.say("/start") for person in people))
    for person in people:
        await person.hears("xin chào")
    await settled(house, 10)

    assert [len(person.reads()) for person in people] == [1] * 10


async def test_a_pressed_button_stops_waiting(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    await person.say("/start")
    await person.hears("xin chào")
    await person.press("report")
    await person.hears("Có chuyện gì")

    assert [call.status for call in fake_telegram.heard if call.method == "answercallbackquery"] == [200]


async def test_p7_a_file_that_cannot_be_fetched_is_told_to_the_person(
    house: Running, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.media.GIVE_UP_AFTER", 0)
    fake_telegram.fail_files = True
    person = fake_telegram.person()
    await person.send_photo(b"\xff\xd8\xff")
    await person.hears("gửi lại giúp")

    assert await rows(house, tables.Attachment, "status", "note") == [("failed", "unreachable")]


async def test_a_file_over_the_platforms_limit_says_so(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    await person.send_document(b"\x00" * (20 * 1024 * 1024 + 1), name="a.mp4", mime="video/mp4")
    await person.hears("lớn quá")

    assert await rows(house, tables.Attachment, "status", "note") == [("failed", "too_big")]


def test_long_texts_are_cut_between_words() -> None:
    text = " ".join(["chữ"] * 3000)

    pieces = cut(text, MOST_UNITS)

    assert " ".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= MOST_UNITS for piece in pieces)


@pytest.mark.parametrize("text", ["😀" * 5000, "a" * 10_000, "x\n" * 4000])
def test_cutting_never_loses_or_breaks_a_sign(text: str) -> None:
    pieces = cut(text, MOST_UNITS)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece.encode("utf-16-le")) // 2 <= MOST_UNITS for piece in pieces)
