"""P7 with sealed cells: what does not open is said, and takes nothing else with it."""

import asyncio

import aiohttp
import pytest
from sqlalchemy import text

from bot.runtime import Running
from handlers import urgent
from storage import moments, tables
from storage.ids import new_id
from tests.admin.test_desk import Officer, officer
from tests.factories import jpeg
from tests.opened import rows
from tests.people import WebResident
from tests.station import token_of

__all__ = ["officer"]
DAMAGED = "Không mở được, dữ liệu đã hỏng"


async def tell(house: Running, words: str) -> int:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say(words)
        await resident.hears("giống loại nào")
        await resident.sends()
        await resident.hears("Mã tin")
    return int((await rows(house, tables.Tip, "id"))[-1][0])


async def damage(house: Running, sentence: str) -> None:
    await house.memory.write(lambda session: session.execute(text(sentence)) and None)


@pytest.mark.parametrize(
    "sentence",
    ["UPDATE pieces SET words = zeroblob(60) WHERE tip_id = {}", "UPDATE tips SET data_key = zeroblob(80), index_due = 1 WHERE id = {}"],
    ids=["words", "key"],
)
async def test_p7_a_tip_that_does_not_open_takes_no_other_off_the_list(house: Running, officer: Officer, sentence: str) -> None:
    damaged = await tell(house, "Chuyện bị sửa")
    await damage(house, sentence.format(damaged))
    await tell(house, "Chuyện còn nguyên")

    status, page = await officer.get("/admin")
    assert status == 200 and "Chuyện còn nguyên" in page and "Chuyện bị sửa" not in page and page.count(DAMAGED) == 1
    status, page = await officer.get(f"/admin/tin/{damaged}")
    assert status == 200 and "./keng verify" in page
    for _ in range(100):  # The index goes on behind it, too.
        _status, page = await officer.post("/admin/tim", csrf=token_of(officer), tim="nguyên")
        if "Chuyện còn nguyên" in page:
            break
        await asyncio.sleep(0.05)
    assert "Chuyện còn nguyên" in page


async def test_p7_a_file_whose_source_does_not_open_holds_up_no_other(house: Running, officer: Officer, browser: WebResident) -> None:
    damaged, attachment_id, now = await tell(house, "Chuyện bị sửa"), new_id(), moments.now()

    def await_a_file(session: object) -> None:
        row = tables.Attachment(
            id=attachment_id, ward_id=house.ward().id, tip_id=damaged, kind="photo", source=bytes(60), due_at=now, created_at=now
        )
        session.add(row)  # type: ignore[attr-defined]

    await house.memory.write(await_a_file)
    await browser.send_photo(jpeg())
    await browser.hears("là chuyện gì")
    for _ in range(200):
        states = dict(await rows(house, tables.Attachment, "id", "status"))
        if "stored" in states.values():
            break
        await asyncio.sleep(0.05)

    assert len(states) == 2 and states.pop(attachment_id) == "waiting" and set(states.values()) == {"stored"}


async def test_p7_a_talk_whose_state_does_not_open_begins_anew(house: Running, browser: WebResident) -> None:
    await browser.say("Chuyện chưa gửi")
    await browser.hears("giống loại nào")
    await damage(house, "UPDATE chats SET state = zeroblob(60)")
    await browser.say("Chuyện kể lại")
    await browser.hears("giống loại nào")
    await browser.sends()
    await browser.hears("Mã tin")

    assert [row[0] for row in await rows(house, tables.Tip, "state")] == ["S0", "S1"]


async def cry_out(house: Running, words: str) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say(words)
        await resident.hears("gọi ngay")


async def test_p7_a_silence_that_does_not_open_holds_up_no_other(house: Running) -> None:
    """The oldest one is looked at first: where it failed, no draft of anybody reached duty any more."""
    await cry_out(house, "Nhà số 5 đang cháy")
    await damage(house, "UPDATE chats SET data_key = zeroblob(80), wake_at = 1")
    await cry_out(house, "Nhà số 9 đang cháy")
    await damage(house, "UPDATE chats SET wake_at = 2 WHERE wake_at > 2")
    for _ in range(100):
        await house.inbox.end_silences()
        states = [state for (state,) in await rows(house, tables.Tip, "state")]
        if "S1" in states:
            break
        await asyncio.sleep(0.05)

    assert states == ["S0", "S1"]
    assert [at for (at,) in await rows(house, tables.Chat, "wake_at")] == [None, None]


async def test_p3_nobody_is_left_without_a_word_because_another_tip_does_not_open(house: Running) -> None:
    for words in ("Nhà số 5 đang cháy", "Nhà số 9 đang cháy"):
        await cry_out(house, words)
    await damage(house, "UPDATE chats SET wake_at = 1")
    for _ in range(100):
        if [state for (state,) in await rows(house, tables.Tip, "state")] == ["S1", "S1"]:
            break
        await asyncio.sleep(0.05)
    await damage(house, "UPDATE tips SET data_key = zeroblob(80), urgent_at = 1 WHERE id = (SELECT min(id) FROM tips)")
    later, ward = moments.now() + urgent.ALONE_AFTER, house.ward()
    told = await house.memory.write(lambda session: urgent.tell_who_waits(session, ward, draw=new_id, now=later))

    assert len(told) == 1
    assert None not in [at for (at,) in await rows(house, tables.Tip, "alone_told_at")]
