"""An officer whose phone has Zalo: linked by a typed code, rung, and the tip accepted by typing what is printed."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.runtime import Running
from storage import tables
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.journeys.test_officer_chats import gets_code, rings, tells
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, stationed


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty"}) as station:
        yield station


@pytest.mark.parametrize("door", ["zalo_bot", "zalo_oa"])
async def test_what_is_printed_under_a_card_works_when_it_is_typed(
    station: Station, browser: WebResident, fake_zalo_bot: FakeZaloBot, fake_zalo_oa: FakeZaloOA, door: str
) -> None:
    """On the Official Account as well, should Zalo not take our buttons one day."""
    fake_zalo_oa.refuse_buttons = True
    house, person = station.house, fake_zalo_bot.person("Hải") if door == "zalo_bot" else fake_zalo_oa.person()
    await person.say(await gets_code(station, "truc.ban"))
    await person.hears("Đã nối máy này với bàn trực")
    await tells(browser)
    [(tip_id, tail)] = await rows(house, tables.Tip, "id", "code_tail")
    assert await rings(station, "truc.ban", tip_id) is not None
    card = await person.hears("chờ nhận")
    assert "• Nhận" in card and "Không nói với ai là có người báo" in card and "mất xe" not in card

    await person.say("hỏi thêm")
    await person.hears("trước, rồi hỏi thêm")
    await person.say(f"Nhận {tail}")
    accepted = await person.hears("Đã nhận tin")
    assert await rows(house, tables.Tip, "accepted_by") == [(station.ids["truc.ban"],)]
    number = re.search(r"^(\d)\. Hỏi thêm$", accepted, re.MULTILINE)
    assert number
    await person.say(number[1])
    ready = await person.hears("câu là gửi ngay")
    assert ("Gõ một câu" in ready) is (door == "zalo_bot") and "\n4. " in ready
    await person.say("4")
    await person.hears("Đã gửi câu hỏi")
    await person.say("Có cháy lớn ở chợ, cứu với")
    await person.hears("không được lưu")
    assert len(await rows(house, tables.Tip, "id")) == 1


async def test_on_the_official_account_a_card_has_buttons(station: Station, browser: WebResident, fake_zalo_oa: FakeZaloOA) -> None:
    house, person = station.house, fake_zalo_oa.person()
    await person.say(await gets_code(station, "truc.ban"))
    await person.hears("Đã nối máy này với bàn trực")
    await tells(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    assert await rings(station, "truc.ban", tip_id) is not None
    await person.hears("chờ nhận")
    await person.press("Nhận")
    await person.hears("Đã nhận tin")

    assert await rows(house, tables.Tip, "accepted_by") == [(station.ids["truc.ban"],)]


async def test_of_two_cards_none_is_guessed(station: Station, browser: WebResident, fake_zalo_bot: FakeZaloBot) -> None:
    house, person = station.house, fake_zalo_bot.person("Hải")
    await person.say(await gets_code(station, "truc.ban"))
    await person.hears("Đã nối máy này với bàn trực")
    await tells(browser)
    await browser.press("report")
    await browser.hears("Có chuyện gì")
    await browser.say("Hôm kia có người đổ rác ra đầu ngõ")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    tips = await rows(house, tables.Tip, "id", "code_tail")
    for tip_id, _tail in tips:
        assert await rings(station, "truc.ban", tip_id) is not None
    for _tip_id, tail in tips:
        await person.hears(f"{tail} chờ nhận")
    await person.say("Nhận")
    await person.hears("bốn ký tự cuối")
    assert await rows(house, tables.Tip, "accepted_at") == [(None,), (None,)]
    await person.say(f"nhận {tips[1][1].lower()}")
    await person.hears("Đã nhận tin")
    assert sorted(row[1] for row in await rows(house, tables.Tip, "id", "accepted_by") if row[1]) == [station.ids["truc.ban"]]
    await person.say("Nhận")
    await person.hears("Đã nhận tin")
    assert all(row[0] for row in await rows(house, tables.Tip, "accepted_at"))
