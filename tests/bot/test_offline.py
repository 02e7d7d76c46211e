"""The command line beside a serving house: what of a tip it shows, and what it leaves in the history."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from click import ClickException
from sqlalchemy import text

from bot import offline, offline_leaders
from bot.__main__ import plain_errors
from bot.runtime import running
from handlers.officers import Mistake
from storage import tables
from tests.admin.test_desk import PASSWORD, Officer
from tests.conftest import house_settings
from tests.opened import rows
from tests.people import WebResident


async def test_a_tip_by_its_code_and_its_words_only_with_a_trace(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        browser, officer = WebResident(http, house.address), Officer(http, house)
        await browser.open_page()
        await browser.say("Hôm qua xe tôi bị bẻ khóa")
        await browser.hears("ạ?")
        await browser.send_place(20.8449, 106.6881)
        await browser.hears("gửi không nêu tên")
        await browser.sends()
        await browser.hears("Mã tin")
        [(tip_id, code)] = await rows(house, tables.Tip, "id", "code")

        plain, unknown = await asyncio.to_thread(offline.describe_tips, settings, [code.lower(), "TB-0"], words=False)
        [worded] = await asyncio.to_thread(offline.describe_tips, settings, [code], words=True)
        await asyncio.to_thread(offline.add_officer, settings, login="an.nguyen", role="duty", name="", password=PASSWORD)
        assert await officer.sign_in("an.nguyen") == 200
        status, page = await officer.get(f"/admin/tin/{tip_id}")

    assert unknown == {"code": "TB-0", "found": False}
    assert plain == {
        "code": code,
        "found": True,
        "state": "S1",
        "accepted": False,
        "channel": "webchat",
        "book_number": None,
        "latitude": 20.8449,
        "longitude": 106.6881,
        "sha256": [],
    }
    assert worded == plain | {"words": ["Hôm qua xe tôi bị bẻ khóa"]}
    assert status == 200 and "Đọc lời kể qua dòng lệnh" in page


async def test_a_tip_that_was_bent_is_one_clear_sentence(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say("Hôm qua xe tôi bị bẻ khóa")
        await resident.hears("ạ?")
        await resident.sends()
        await resident.hears("Mã tin")
        [(code,)] = await rows(house, tables.Tip, "code")
        await house.memory.write(lambda session: session.execute(text("UPDATE pieces SET words = zeroblob(60)")) and None)

    with pytest.raises(ClickException, match=r"does not open.*keng verify"), plain_errors():
        await asyncio.to_thread(offline.describe_tips, settings, [code], words=True)


def test_accounts_are_made_listed_and_given_new_passwords(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    offline.add_officer(settings, login="An.Nguyen", role="duty", name="Nguyễn An", password=PASSWORD)
    offline.reset_password(settings, login="an.nguyen", password="mot mat khau khac")

    assert [(seen.login, seen.role, seen.name) for seen in offline.list_officers(settings)] == [("an.nguyen", "duty", "Nguyễn An")]
    for login, password, key in (
        ("an.nguyen", PASSWORD, "mistake-login-taken"),
        ("x", PASSWORD, "mistake-login"),
        ("ba.le", "ngan", "mistake-password-short"),
    ):
        with pytest.raises(Mistake, match=key):
            offline.add_officer(settings, login=login, role="duty", name="", password=password)


async def test_leaders_are_added_with_a_link_that_is_kept_nowhere(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        leader, ward_id = Officer(http, house), house.ward().id
        await house.memory.write(lambda session: session.add(tables.Neighbourhood(id=7, ward_id=ward_id, position=1, name="Tổ 7")))
        given = {"login": "co.lan", "name": "Nguyễn Thị Lan", "phone": "0912345678"}
        with pytest.raises(Mistake, match="warning-no-area"):
            await asyncio.to_thread(offline_leaders.add, settings, areas=("Tổ 9",), **given)
        said, link = await asyncio.to_thread(offline_leaders.add, settings, areas=("tổ 7",), **given)
        token = link.rpartition("/")[2]
        assert (await leader.post(f"/admin/vao-to/{token}"))[0] == 200
        assert (await leader.get("/admin/to-truong"))[0] == 200
        assert await asyncio.to_thread(offline_leaders.listed, settings) == ["co.lan\tNguyễn Thị Lan\tTổ 7"]
        with pytest.raises(Mistake, match="leader-no-password"):
            await asyncio.to_thread(offline.reset_password, settings, login="co.lan", password=PASSWORD)
        stored = await asyncio.to_thread(everything_below, tmp_path)
    assert said == "co.lan leads tổ 7." and token.encode() not in stored and b"0912345678" not in stored and b"0912 345 678" not in stored


def everything_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
