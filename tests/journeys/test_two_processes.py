"""On PostgreSQL, with a door and a worker that share nothing but the database and the media folder."""

import asyncio
from pathlib import Path

import aiohttp

from bot.runtime import running
from storage import tables
from tests.conftest import house_settings
from tests.databases import Database
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident


async def test_a_tip_walks_through_a_door_and_a_worker(tmp_path: Path, postgres_database: Database) -> None:
    settings = house_settings(tmp_path, database_url=postgres_database.url)
    async with (
        running(settings, role="web") as door,
        running(settings, role="worker"),
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
    ):
        resident = WebResident(http, door.address)
        await resident.open_page()
        started = asyncio.get_running_loop().time()
        await resident.say("Đánh bạc ăn tiền mỗi tối")
        await resident.hears("ạ?")
        waited = asyncio.get_running_loop().time() - started
        await resident.send_photo(jpeg())
        await resident.hears("Đã nhận 1 ảnh")
        await resident.send_place(20.8449, 106.6881)
        await resident.hears("gửi không nêu tên")
        await resident.sends()
        await resident.hears("Mã tin")
        found = await photos_done(door, 1)
        tips = await rows(door, tables.Tip, "state", "category", "latitude")

    assert [row[:3] for row in found] == [("stored", "", 640)]
    assert tips == [("S1", "CB", 20.8449)]
    assert waited < 1.5  # Rung from process to process; without bells it would be the look every two seconds.
