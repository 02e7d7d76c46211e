"""P1: an acknowledged tip is never lost, and none is doubled, whenever the process dies."""

import asyncio
import random
import sqlite3
from pathlib import Path

import aiohttp

from tests.crash.house import House
from tests.people import WebResident

CODE = r"TB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"


async def tell_tips(house: House, name: str, enough: asyncio.Event) -> tuple[list[str], list[str]]:
    """One resident sends tips until told to stop: what they said and were told had arrived, and the codes they read."""
    said: list[str] = []
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(5)) as http:
        resident = WebResident(http, house.address, name=name)
        await resident.sees("keng", times=0)
        codes: list[str] = []
        while not enough.is_set() and len(said) < 15:  # The page shows so many tips of one thread at once.
            words = f"chuyện {name} thứ {len(said)}"
            await resident.insist({"id": resident.fresh_id(), "button": "report", "label": "Báo tin"})
            await resident.insist({"id": resident.fresh_id(), "text": words})
            await resident.insist({"id": resident.fresh_id(), "button": "send", "label": "Gửi ngay"})
            said.append(words)
            codes = await resident.sees(CODE, times=len(said))
        return said, codes


async def test_p1_acknowledged_tips_survive_kill_9_and_none_is_doubled(tmp_path: Path, is_long: bool) -> None:
    kills = 200 if is_long else 8
    chance = random.Random(20261121)
    house = House(tmp_path)
    told_words: list[str] = []
    told_codes: list[str] = []
    done = 0
    while done < kills:
        await house.start()
        enough = asyncio.Event()
        residents = [asyncio.create_task(tell_tips(house, f"r{done:03}{n:02}", enough)) for n in range(6)]
        for _ in range(min(10, kills - done)):
            await asyncio.sleep(chance.uniform(0.05, 0.6))
            await house.kill()
            await house.start()
            done += 1
        enough.set()
        for said, codes in await asyncio.wait_for(asyncio.gather(*residents), 60):
            told_words += said
            told_codes += codes
        assert await house.stop() == 0

    with sqlite3.connect(tmp_path / "keng.db") as database:
        stored_words = [
            row[0] for row in database.execute("SELECT p.text FROM pieces p JOIN tips t ON t.id = p.tip_id WHERE t.state = 'S1'")
        ]
        stored_codes = [row[0] for row in database.execute("SELECT code FROM tips WHERE state = 'S1'")]
        waiting = database.execute("SELECT count(*) FROM inbox WHERE status != 'done'").fetchone()[0]
    assert len(told_words) >= kills
    assert sorted(stored_words) == sorted(told_words)
    assert sorted(stored_codes) == sorted(told_codes)
    assert waiting == 0
