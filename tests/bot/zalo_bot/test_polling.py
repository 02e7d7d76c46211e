"""Long polling as this platform has it: one update, given once, forgotten with the answer."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.runtime import Running, running
from storage import moments, tables
from tests.admin.test_desk import Officer, set_up_fields
from tests.bot.telegram.test_shut_out import until
from tests.conftest import house_settings
from tests.fakes.zalo_bot import FakeZaloBot
from tests.opened import rows


@contextlib.asynccontextmanager
async def polling(folder: Path, fake: FakeZaloBot, **more: Any) -> AsyncIterator[Running]:
    settings = house_settings(folder, zalo_bot_token=SecretStr(fake.token), zalo_bot_api=fake.address, **more)
    async with running(settings) as house:
        yield house


async def tries(chief: Officer) -> str:
    """ "Thử mã kết nối", pressed at the desk."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', (await chief.get("/admin/kenh"))[1])
    assert found
    return (await chief.post("/admin/kenh/thu", csrf=found[1], kenh="zalo_bot"))[1]


async def test_one_after_the_other_comes_in_and_a_webhook_is_taken_off(tmp_path: Path, fake_zalo_bot: FakeZaloBot) -> None:
    fake_zalo_bot.webhook_url = "http://127.0.0.1:1/old"
    async with polling(tmp_path, fake_zalo_bot) as house:
        people = [fake_zalo_bot.person() for _ in range(5)]
        for _ in range(200):
            if not fake_zalo_bot.webhook_url:
                break
            await asyncio.sleep(0.02)
        for person in people:
            await person.say("Hôm qua xe tôi bị bẻ khóa")
        for person in people:
            await person.hears("ạ?")
        async with aiohttp.ClientSession() as http, http.get(f"{house.address}/healthz") as answer:
            assert (await answer.json())["zalo_bot"] == "ok"
        assert house.zalo_bot.link == "https://bot.zaloplatforms.com/bots/1000000000000000001"


@pytest.mark.parametrize("status", [200, 408])
async def test_an_empty_poll_is_no_trouble(
    tmp_path: Path, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("bot.channels.zalo_bot.receive._POLL_SECS", 0)
    fake_zalo_bot.empty_status = status
    async with polling(tmp_path, fake_zalo_bot) as house:
        await asyncio.sleep(0.5)
        assert (house.zalo_bot.trouble, house.zalo_bot.shut) == ("", "")
        person = fake_zalo_bot.person()
        await person.say("/start")
        await person.hears("xin chào")


async def test_p1_what_the_platform_has_forgotten_is_kept_in_hand_until_it_is_on_disk(
    tmp_path: Path, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = 3

    async with polling(tmp_path, fake_zalo_bot) as house:
        arrived = house.inbox.arrived

        async def breaks(arrival: Any) -> bool:
            nonlocal fails
            fails -= 1
            if fails >= 0:
                raise OSError("No space left on device")
            return await arrived(arrival)

        monkeypatch.setattr(house.inbox, "arrived", breaks)
        person = fake_zalo_bot.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa")
        await person.say("ở cổng chợ")
        await until(house, [("zalo_bot", "broken")])
        await person.hears("ạ?")
        for _ in range(200):
            if len(await rows(house, tables.InboxRow, "id")) == 2:
                break
            await asyncio.sleep(0.02)
        assert len(await rows(house, tables.InboxRow, "id")) == 2


async def test_p1_what_is_in_hand_when_the_house_stops_is_stored(
    tmp_path: Path, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked = asyncio.Event()
    async with polling(tmp_path, fake_zalo_bot) as house:
        arrived, first = house.inbox.arrived, True

        async def slow(arrival: Any) -> bool:
            nonlocal first
            if first:
                first = False
                is_asked.set()
                await asyncio.sleep(60)
            return await arrived(arrival)

        monkeypatch.setattr(house.inbox, "arrived", slow)
        person = fake_zalo_bot.person()
        await person.say("Hôm qua xe tôi bị bẻ khóa")
        await asyncio.wait_for(is_asked.wait(), 10)
    async with polling(tmp_path, fake_zalo_bot):
        await person.hears("ạ?")


async def test_one_process_polls(tmp_path: Path, fake_zalo_bot: FakeZaloBot) -> None:
    """Two doors of one house: the second waits for the lease."""
    async with polling(tmp_path, fake_zalo_bot) as house:
        first = house.zalo_bot
        other = type(first)(first._wire, house.memory, house.inbox, house.ward, secret="")
        for _ in range(100):
            if first.shut == "":
                break
            await fake_zalo_bot.person().say("x")
            await asyncio.sleep(0.05)
        assert not await other._hold_lease() and await first._hold_lease()


async def test_p7_a_refused_token_is_said_on_every_page_and_tried_at_the_desk(tmp_path: Path, fake_zalo_bot: FakeZaloBot) -> None:
    an_hour_ago = update(tables.DoorTrouble).values(since=moments.now() - moments.HOUR)
    async with polling(tmp_path, fake_zalo_bot) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert await chief.sign_in() == 200
        assert "Bot Kẻng" in await tries(chief)
        await fake_zalo_bot.person().send_unsupported(is_named=False)
        for _ in range(200):
            if house.zalo_bot.withheld_count:
                break
            await asyncio.sleep(0.02)
        assert "1 lần từ lúc máy khởi động, Zalo Bot chỉ báo có lời nhắn" in (await chief.get("/admin/kenh"))[1]
        fake_zalo_bot.token = "1:another"
        await fake_zalo_bot.person().say("Chào")
        await until(house, [("zalo_bot", "token")])
        await house.memory.write(lambda session: session.execute(an_hour_ago) and None)

        assert "Zalo Bot từ chối mã kết nối" in (await chief.get("/admin"))[1]
        page = await tries(chief)
        assert "KENG_ZALO_BOT_TOKEN" in page and fake_zalo_bot.token not in page


async def test_another_poller_and_an_outage_are_named(tmp_path: Path, fake_zalo_bot: FakeZaloBot, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_zalo_bot.outage = True
    async with polling(tmp_path, fake_zalo_bot) as house:
        await until(house, [("zalo_bot", "unreachable")])
    fake_zalo_bot.outage, fake_zalo_bot._polls = False, 1
    async with polling(tmp_path, fake_zalo_bot) as house:
        await until(house, [("zalo_bot", "taken")])


async def test_the_webhook_is_set_looked_after_and_not_left_where_nothing_comes_through(tmp_path: Path, fake_zalo_bot: FakeZaloBot) -> None:
    more = {"zalo_bot_mode": "webhook", "zalo_bot_secret": SecretStr("a-long-secret"), "public_url": "https://tin.example.vn"}
    async with polling(tmp_path, fake_zalo_bot, **more):
        for _ in range(200):
            if fake_zalo_bot.webhook_url:
                break
            await asyncio.sleep(0.02)
        assert (fake_zalo_bot.webhook_url, fake_zalo_bot.webhook_secret) == ("https://tin.example.vn/hooks/zalo-bot", "a-long-secret")
    fake_zalo_bot.webhook_url, fake_zalo_bot.verifies = "", False
    async with polling(tmp_path, fake_zalo_bot, **more) as house:
        await until(house, [("zalo_bot", "webhook")])
        assert fake_zalo_bot.webhook_url == ""
