"""P7: a platform that does not let us in any more. Nothing comes from it then, so nothing else would say so."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.runtime import Running, running
from handlers import router
from storage import moments, tables
from tests.admin.test_desk import Officer, officer, set_up_fields
from tests.conftest import house_settings
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows
from tests.people import WebResident

__all__ = ["officer"]


@contextlib.asynccontextmanager
async def polling(folder: Path, fake: FakeTelegram) -> AsyncIterator[tuple[Running, Officer]]:
    settings = house_settings(folder, telegram_token=SecretStr(fake.token), telegram_api=fake.address, telegram_rate=0)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert await chief.sign_in() == 200
        yield house, chief


async def test_p7_a_token_that_was_revoked_is_said_on_every_page_of_the_desk(tmp_path: Path, fake_telegram: FakeTelegram) -> None:
    an_hour_ago = update(tables.DoorTrouble).values(since=moments.now() - moments.HOUR)
    async with polling(tmp_path, fake_telegram) as (house, chief):
        fake_telegram.token = "42:another"
        await fake_telegram.person().say("Chào")  # The question that was open is answered; the next is refused.
        await until(house, [("telegram", "token")])
        assert "Telegram từ chối" not in (await chief.get("/admin"))[1]  # For some minutes nobody is troubled.
        await house.memory.write(lambda session: session.execute(an_hour_ago) and None)
        for path in ("/admin", "/admin/han", "/admin/can-bo"):
            assert "Telegram từ chối mã kết nối" in (await chief.get(path))[1]

        house.telegram._is_well()
        await until(house, [])
        assert "Telegram từ chối" not in (await chief.get("/admin"))[1]


async def test_p7_what_fails_on_our_side_is_not_laid_at_the_platforms_door(
    tmp_path: Path, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: Any) -> Any:
        raise OSError("No space left on device")

    async with polling(tmp_path, fake_telegram) as (house, _chief):
        monkeypatch.setattr(house.telegram, "_store_in_order", breaks)
        await fake_telegram.person().say("Chào")
        await until(house, [("telegram", "broken")])


async def test_p7_a_message_our_code_breaks_on_is_told_to_whoever_looks_after_the_machine(
    house: Running, officer: Officer, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: Any, **_more: Any) -> Any:
        raise ZeroDivisionError

    assert "chưa đọc được" not in (await officer.get("/admin/may-chu"))[1]
    monkeypatch.setattr(router, "decide", breaks)
    await browser.say("Lời chỉ người gửi biết")
    for _ in range(500):
        if aside := [row for row in await rows(house, tables.InboxRow, "status", "error_id") if row[0] == "set_aside"]:
            break
        await asyncio.sleep(0.02)

    page = (await officer.get("/admin/may-chu"))[1]
    assert aside[0][1] in page and "Lời chỉ người gửi" not in page
    assert "máy chưa đọc được" in (await officer.get("/admin"))[1]


async def until(house: Running, shut: list[tuple[str, str]]) -> None:
    for _ in range(500):
        if await rows(house, tables.DoorTrouble, "channel", "why") == shut:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the doors were never {shut}")
