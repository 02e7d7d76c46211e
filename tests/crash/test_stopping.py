"""SIGTERM: the doors close first, what is in hand is finished, and what waits is there after the next start."""

import asyncio
from pathlib import Path

import aiohttp

from storage.memory import sqlite_url
from tests.crash.house import House
from tests.crash.test_p1_kill import Told, compare, tell_tips, until_photos_rest
from tests.people import WebResident


async def test_sigterm_under_load_loses_nothing_and_ends_cleanly(tmp_path: Path) -> None:
    house, told, enough = House(tmp_path), Told(), asyncio.Event()
    await house.start()
    residents = [asyncio.create_task(tell_tips(house.address, f"s{n:04}", enough)) for n in range(6)]
    ends = []
    for _ in range(3):
        await asyncio.sleep(0.3)
        ends.append(await house.stop())
        await house.start()
    enough.set()
    await told.gather(residents)
    await until_photos_rest(sqlite_url(tmp_path / "keng.db"), tmp_path)
    ends.append(await house.stop())

    assert ends == [0, 0, 0, 0]
    await compare(told, sqlite_url(tmp_path / "keng.db"), tmp_path, kills=12)


async def test_an_open_live_stream_does_not_hold_up_the_end(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say("Có chuyện")
        async with http.get(f"{house.address}/chat/events") as stream:
            await stream.content.readline()
            started = asyncio.get_running_loop().time()
            assert await house.stop() == 0
            assert asyncio.get_running_loop().time() - started < 5


async def test_a_second_house_on_the_same_data_is_refused_in_one_line(tmp_path: Path) -> None:
    house, second = House(tmp_path), House(tmp_path)
    await house.start()
    code, words = await second.start_and_fail()
    await house.stop()

    assert code == 1
    assert "another Kẻng already serves" in words and "Traceback" not in words
