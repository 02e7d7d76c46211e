"""The administrator of the account allows this house to speak for it: once, within ten minutes, and only on a way that began here."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.channels.zalo_oa.permission import challenge_of
from bot.runtime import Running, running
from storage import tables
from tests.admin.test_desk import Officer, set_up_fields
from tests.bot.zalo_oa.test_door import door_why
from tests.conftest import house_settings, zalo_oa_settings
from tests.databases import sqlite_database
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import opened
from tests.station import send

BACK = "https://tin.phuong.example/admin/kenh/zalo/ve"


@pytest.fixture
async def house(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> AsyncIterator[Running]:
    """An account that nobody has permitted yet."""
    settings = house_settings(tmp_path, **{**zalo_oa_settings(fake_zalo_oa), "zalo_oa_refresh_token": "", "zalo_oa_access_token": ""})
    sqlite_database(settings.data)
    async with running(settings) as house:
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        yield house


@pytest.fixture
async def chief(house: Running) -> AsyncIterator[Officer]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert await chief.sign_in() == 200
        yield chief


def led_back(fake: FakeZaloOA, url: str) -> str:
    back = urlsplit(fake.permit(url))
    assert f"https://{back.netloc}{back.path}" == BACK
    return f"{back.path}?{back.query}"


def test_the_challenge_is_that_of_the_standard() -> None:
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, B


async def test_the_whole_way(house: Running, chief: Officer, fake_zalo_oa: FakeZaloOA) -> None:
    await door_why(house, [("zalo_oa", "authorise")])
    person = fake_zalo_oa.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")  # Comes in without any token.
    url = await house.zalo_oa.ask_permission(BACK)
    there = led_back(fake_zalo_oa, url)
    status, page = await chief.get(there)

    assert status == 200 and "Đã nhận quyền của OA" in page
    await door_why(house, [])
    await person.hears("ạ?", timeout=30)
    status, page = await chief.get(there)  # A reload, or somebody who found the address.
    assert status == 200 and "đã dùng rồi" in page
    assert house.zalo_oa.counts["permission_old"] == 1
    [(asking,)] = await opened(house.memory, tables.ZaloToken, "asking")
    assert asking is None
    [(officer_id,)] = await opened(house.memory, tables.Officer, "id")
    noted = [
        row for row in await opened(house.memory, tables.HistoryRow, "what", "actor", "detail", "secret") if row[0] == "zalo_permitted"
    ]
    assert noted == [("zalo_permitted", f"officer:{officer_id}", {}, None)]  # Who and when, once, and nothing of what was given.
    assert "Cấp quyền của OA cho máy này" in (await chief.get("/admin/kenh"))[1]


async def test_a_way_that_did_not_begin_here_or_is_too_old_is_none(house: Running, chief: Officer, fake_zalo_oa: FakeZaloOA) -> None:
    first = await house.zalo_oa.ask_permission(BACK)
    second = await house.zalo_oa.ask_permission(BACK)
    for there in ("/admin/kenh/zalo/ve", "/admin/kenh/zalo/ve?n=x&code=y", led_back(fake_zalo_oa, first)):
        assert "đã dùng rồi" in (await chief.get(there))[1]
    fake_zalo_oa.moved_ms = 11 * 60_000
    there = led_back(fake_zalo_oa, second)
    fake_zalo_oa.moved_ms = 22 * 60_000
    assert "Zalo không cấp mã" in (await chief.get(there))[1]
    fake_zalo_oa.moved_ms = 0
    there = led_back(fake_zalo_oa, await house.zalo_oa.ask_permission(BACK))
    fake_zalo_oa.outage = True
    assert "Chưa nối được tới Zalo" in (await chief.get(there))[1]
    assert fake_zalo_oa.access.keys() == {next(iter(fake_zalo_oa.access))}


async def test_only_who_looks_after_the_machine_begins_it_and_it_needs_an_address(house: Running, chief: Officer) -> None:
    _status, page = await send(chief, "/admin/kenh/zalo")
    assert "Zalo cần địa chỉ https" in page
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/admin/kenh/zalo/ve?n=x&code=y", allow_redirects=False) as answer:
        assert answer.status == 303
