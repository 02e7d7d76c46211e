"""Officers on their own phones: linked, rung, and the tip accepted by one of them. One house for the whole way."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.runtime import Running
from handlers import duty_acts, officer_chats
from handlers.cards import Card
from handlers.flows.on_duty import DutyFacts
from storage import moments, tables
from storage.ids import new_id
from tests.fakes.telegram import FakeTelegram, Person
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, stationed

STANDING = "Không nói với ai là có người báo."


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty", "truc.hai": "duty"}) as station:
        yield station


async def gets_code(station: Station, login: str) -> str:
    status, page = await send(station.people[login], "/admin/dien-thoai/ma")
    found = re.search(r"<strong>(L-\w{4}-\w{4})</strong>", page)
    assert status == 200 and found, page
    assert f"?start=l-{found[1][2:].replace('-', '')}" in page and 'class="qr"' in page
    return found[1]


async def links(station: Station, login: str, person: Person) -> None:
    code = await gets_code(station, login)
    await person.say(f"/start l-{code[2:].replace('-', '')}")
    await person.hears("Đã nối máy này với bàn trực")


async def rings(station: Station, login: str, tip_id: int) -> int | None:
    """As the ladder does."""
    ward, now = station.house.ward(), moments.now()

    def press(session: object) -> int | None:
        card = officer_chats.card_of(session, ward, tip_id, now=now)  # type: ignore[arg-type]
        assert isinstance(card, Card)
        return officer_chats.ring(session, ward, station.ids[login], card, draw=new_id, now=now)  # type: ignore[arg-type]

    return await station.house.memory.write(press)


async def tells(browser: WebResident) -> None:
    await browser.say("Đêm qua mất xe máy trong ngõ, camera có quay được")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")


async def a_stranger_presses(stranger: Person, card: dict[str, Any], tip_id: int) -> None:
    """A card that was passed on: it does nothing, and tells nothing."""
    await stranger.say("/start")
    await stranger.hears("xin chào")
    await stranger.fake.push_press(stranger._from(), {**card, "chat": stranger._chat()}, f"duty:accept:{tip_id}")
    assert await stranger.hears("Chưa có gì để gửi")
    await stranger.say("l-abcd-efgh")
    await stranger.hears("Mã nối máy chưa đúng")


async def both_press(first: Person, second: Person, tip_id: int) -> None:
    """The second decides by what stood there a moment before, as whoever presses at the same time does."""
    card = next({**message} for message in second.read_messages() if "chờ nhận" in message["text"])
    await first.press(f"duty:accept:{tip_id}")
    await first.hears("Đã nhận tin")
    await second.hears("TRUC.BAN đã nhận tin")
    for _ in range(250):  # It may have rung more than once: the newest card is rewritten first.
        [now_there] = [message for message in second.read_messages() if message["message_id"] == card["message_id"]]
        if "chờ nhận" not in now_there["text"]:
            break
        await asyncio.sleep(0.02)
    assert "TRUC.BAN đã nhận tin" in now_there["text"]  # The card itself: nothing on it calls any more.
    look, late = duty_acts.facts_for, list[DutyFacts]()

    def look_too_early(*given: Any, **more: Any) -> DutyFacts:
        facts = look(*given, **more)
        if late or facts.tip is None:
            return facts
        late.append(facts)
        return replace(facts, tip=replace(facts.tip, accepted_at=None, accepted_by=None))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duty_acts, "facts_for", look_too_early)
        await second.fake.push_press(second._from(), card, f"duty:accept:{tip_id}")
        await second.say("/help")
        await second.hears("Máy này nhận báo")
    assert len(late) == 1
    assert "TRUC.BAN đã nhận tin" in next(one for one in second.read_messages() if one["message_id"] == card["message_id"])["text"]


async def asks_and_passes_up(person: Person, chief: Person, browser: WebResident, tip_id: int) -> None:
    await person.press(f"duty:ask:{tip_id}")
    await person.hears("Bấm một câu là gửi ngay")
    await person.press(f"duty:question:{tip_id}:vehicle")
    await person.hears("Đã gửi câu hỏi")
    await browser.say("xem")
    await browser.hears("biển số còn nhớ không")
    await person.fake.push_press(person._from(), person.read_messages()[-1], f"duty:commander:{tip_id}")
    await person.hears("Đã báo Trần Bình")
    assert "lên chỉ huy trực" in await chief.hears("TRUC.BAN chuyển tin")


async def a_blocked_bot_is_seen(station: Station, person: Person, tip_id: int) -> None:
    await person.block()
    await rings(station, "truc.hai", tip_id)
    for _ in range(200):
        page = (await station.people["chief"].get("/admin/dien-thoai"))[1]
        if "đã chặn bot" in page:
            break
        await asyncio.sleep(0.05)
    assert "không tới lúc" in page and "đã chặn bot" in page
    await person.unblock()


async def the_chief_unlinks(station: Station, person: Person, login: str) -> None:
    links = await rows(station.house, tables.OfficerChat, "id", "officer_id")
    link_id = next(link_id for link_id, officer_id in links if officer_id == station.ids[login])
    assert (await send(station.people["truc.ban"], f"/admin/dien-thoai/{link_id}/thoi"))[0] == 404  # Another officer's.
    assert (await send(station.people[login], f"/admin/dien-thoai/{link_id}/trich", shows="yes"))[0] == 403
    status, page = await send(station.people["chief"], f"/admin/dien-thoai/{link_id}/thoi")
    assert status == 200 and "TRUC.HAI" not in page
    await person.hears("thôi nhận báo của bàn trực")


async def test_officers_are_rung_one_accepts_all_see_it_and_a_link_ends(
    station: Station, browser: WebResident, fake_telegram: FakeTelegram
) -> None:
    house = station.house
    first, second, chief = fake_telegram.person("Hải"), fake_telegram.person("Sơn"), fake_telegram.person("Bình")
    await links(station, "truc.ban", first)
    await links(station, "truc.hai", second)
    await tells(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    assert await rings(station, "chief", tip_id) is None  # The chief has linked nothing.
    for login in ("truc.ban", "truc.hai"):
        assert await rings(station, login, tip_id) is not None
    card = await first.hears("chờ nhận")
    await second.hears("chờ nhận")
    assert STANDING in card and "Trộm cắp" in card and "mất xe" not in card and "camera" not in card

    await a_stranger_presses(fake_telegram.person("Kẻ lạ"), second.read_messages()[-1], tip_id)
    assert await rows(house, tables.Tip, "accepted_at") == [(None,)]
    await both_press(first, second, tip_id)
    assert await rows(house, tables.Tip, "accepted_by") == [(station.ids["truc.ban"],)]
    assert "TRUC.BAN" in (await station.people["truc.hai"].get(f"/admin/tin/{tip_id}"))[1]
    await links(station, "chief", chief)
    await asks_and_passes_up(first, chief, browser, tip_id)

    await second.say("Có cháy lớn ở chợ, cứu với")
    await second.hears("không được lưu")
    assert len(await rows(house, tables.Tip, "id")) == 1 and len(await rows(house, tables.Piece, "id")) == 1
    await a_blocked_bot_is_seen(station, second, tip_id)
    await the_chief_unlinks(station, second, "truc.hai")
    await second.say("Hôm qua tôi thấy có người phá khóa")
    await second.hears("ạ?")
    assert len(await rows(house, tables.Tip, "id")) == 2  # A resident like any other, and therefore not to be linked.
    await second.say(await gets_code(station, "truc.hai"))
    await second.hears("không để ai biết cán bộ nào từng báo tin")

    await send(station.people["chief"], f"/admin/can-bo/{station.ids['truc.ban']}/dong", why="left")
    await first.hears("thôi nhận báo của bàn trực")
    assert [ended is None for (ended,) in await rows(house, tables.OfficerChat, "ended_at")] == [False, False, True]
