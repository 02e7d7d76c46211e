"""Many at once: everybody is let in first, and what one person says is handled in the order in which they said it."""

import asyncio
import time

from bot.runtime import Running
from storage import tables
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA, ZaloPerson
from tests.opened import photos_done, rows

PEOPLE, EACH = 12, 6


async def tells_a_tip(person: ZaloPerson) -> None:
    await person.say("Hôm qua xe đạp để ở cổng chợ bị lấy mất")
    await person.hears("ạ?")
    await person.say("Gửi ngay")
    await person.hears("hay cầm máy")
    await person.press("safe:alone")
    await person.hears("Còn vài câu")
    await person.press("after-end")
    await person.hears("Vậy là đủ")


async def adds(person: ZaloPerson, number: int) -> list[str]:
    said = [f"thêm của {number} câu thứ {place}" for place in range(EACH)]
    for place, words in enumerate(said):
        await person.say(words)
        if place == 2 and number % 4 == 0:
            await person.send_photo(jpeg(64, 48))
    return said


async def test_in_a_rush_everybodys_words_are_stored_once_and_in_their_order(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    people = [fake_zalo_oa.person() for _ in range(PEOPLE)]
    await asyncio.gather(*(tells_a_tip(person) for person in people))
    tip_of = {chat: tip for tip, chat in await rows(zalo_house, tables.Tip, "id", "chat_id")}
    said = await asyncio.gather(*(adds(person, number) for number, person in enumerate(people)))
    for _ in range(400):
        if {row[0] for row in await rows(zalo_house, tables.InboxRow, "status")} == {"done"}:
            break
        await asyncio.sleep(0.05)
    pieces = sorted(await rows(zalo_house, tables.Piece, "id", "tip_id", "words"))
    stored = [[words for _id, tip, words in pieces if tip == of and words.startswith("thêm")] for of in tip_of.values()]

    assert len(tip_of) == PEOPLE and sorted(stored) == sorted(said)
    assert {row[0] for row in await photos_done(zalo_house, PEOPLE // 4)} == {"stored"}


async def test_whoever_is_answered_waits_while_many_are_at_the_door_and_never_for_long(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA
) -> None:
    person, inbox = fake_zalo_oa.person(), zalo_house.inbox
    inbox._knocks(5)  # Five whose messages are just being stored.
    started = time.monotonic()
    await person.say("Chào")
    assert time.monotonic() - started < 0.5  # The sixth is let in at once.
    await person.hears("xin chào")
    assert time.monotonic() - started >= 0.9

    started = time.monotonic()
    await person.say("/start")
    await asyncio.sleep(0.1)
    inbox._knocks(-5)
    await person.hears("xin chào")
    assert time.monotonic() - started < 0.9
