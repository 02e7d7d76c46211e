"""The Official Account while processes die: no event that Zalo was told is taken is lost, none is handled twice, and a refresh token that
works once is never spent twice. The house is a process of its own, killed with -9; Zalo's fake stands outside of it."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from storage.memory import sqlite_url
from tests.crash.house import House
from tests.crash.test_p1_kill import MOST_TIPS, RECEIPT, Told, compare, until_photos_rest
from tests.databases import PostgresServer
from tests.factories import jpeg
from tests.fakes.zalo_oa import FakeZaloOA, ZaloPerson

PATIENT = (0.1,) * 1200  # A house that starts takes longer than the fake's usual retries; Zalo's own go on for two hours.


async def tell_tips_on_zalo(person: ZaloPerson, enough: asyncio.Event) -> tuple[list[str], list[str], int]:
    """One person sends tips until told to stop: what they said, the codes they read, their photos. What may have been lost on the way
    is sent twice, so a receipt counts once by its code."""
    said: list[str] = []
    codes: list[str] = []
    photos = 0
    while not enough.is_set() and len(said) < MOST_TIPS:
        words = f"chuyện {person.id} thứ {len(said)}"
        await person.say("#keng:report~0")
        await person.say(words)
        if len(said) % 3 == 0:
            await person.send_photo(jpeg(64, 48))
            photos += 1
        for wish in ("send", "safe:shared"):
            await person.say(f"#keng:{wish}~0")
        said.append(words)
        while len(codes) < len(said):
            found = re.search(RECEIPT, await person.hears("Mã tin", 60))
            assert found
            codes += [found[1]] if found[1] not in codes else []
    return said, codes, photos


@asynccontextmanager
async def zalo_for(*houses: House) -> AsyncIterator[FakeZaloOA]:
    """A fake Zalo that knocks at these houses in turn; its settings go into them before they start."""
    fake = FakeZaloOA()
    await fake.start()
    for house in houses:
        house.settings |= fake.as_environment()
    fake.doors = [f"{house.address}/hooks/zalo-oa" for house in houses]
    fake.retry_after_secs, fake.waits_until_taken = PATIENT, True
    try:
        yield fake
    finally:
        await asyncio.gather(*(house.end() for house in houses))
        await fake.stop()


async def until_door_says(house: House, expected: str) -> None:
    found: Any = None
    async with aiohttp.ClientSession() as http:
        for _ in range(600):
            async with http.get(f"{house.address}/healthz") as answer:
                found = (await answer.json())["zalo_oa"]
            if found == expected:
                return
            await asyncio.sleep(0.05)
    raise AssertionError(found)


async def until_renewed(fake: FakeZaloOA, times: int) -> None:
    for _ in range(600):
        if len(fake.token_calls) >= times and fake.calls:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(fake.token_calls)


def spent(fake: FakeZaloOA) -> Counter[str]:
    return Counter(call["refresh_token"] for call in fake.token_calls)


async def test_p1_what_zalo_brought_survives_kill_9_and_is_answered(tmp_path: Path, is_long: bool) -> None:
    kills, chance, told, done = 60 if is_long else 3, random.Random(20261122), Told(), 0
    house = House(tmp_path)
    async with zalo_for(house) as fake:
        await house.start()
        await until_renewed(fake, 1)  # What a crash in that very moment costs has tests of its own below.
        while done < kills:
            enough = asyncio.Event()
            people = [asyncio.create_task(tell_tips_on_zalo(fake.person(), enough)) for _ in range(6)]
            for _ in range(min(10, kills - done)):
                await asyncio.sleep(chance.uniform(0.02, 0.5))
                await house.kill()
                await house.start()
                done += 1
            enough.set()
            await told.gather(people)
            await until_photos_rest(sqlite_url(tmp_path / "keng.db"), tmp_path)
        assert await house.stop() == 0
        receipts = Counter(code for sent in fake.sent.values() for one in sent for code in re.findall(RECEIPT, one["message"]["text"]))

    await compare(told, sqlite_url(tmp_path / "keng.db"), tmp_path, kills=kills)
    # Repeated is only what was on its way when the house died: one answer of each chat, at most once more for each death.
    assert set(receipts) == set(told.codes) and sum(receipts.values()) - len(receipts) <= 6 * kills
    assert set(spent(fake).values()) == {1}


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as database:
        yield database.url


async def test_p1_two_processes_share_one_account_and_spend_each_refresh_token_once(
    tmp_path: Path, is_long: bool, postgres_address: str
) -> None:
    """Both take events, both send, and both find at the same moment that Zalo knows their token no more."""
    losses, told, chance = 20 if is_long else 3, Told(), random.Random(7)
    houses = [House(tmp_path, KENG_DATABASE_URL=postgres_address) for _ in range(2)]
    async with zalo_for(*houses) as fake:
        for house in houses:  # The same seed for both, as one `.env` would give it to them.
            house.settings |= {name: houses[0].settings[name] for name in houses[0].settings if name.endswith("_TOKEN")}
        await asyncio.gather(*(house.start() for house in houses))
        await until_renewed(fake, 1)
        enough = asyncio.Event()
        people = [asyncio.create_task(tell_tips_on_zalo(fake.person(), enough)) for _ in range(8)]
        for _ in range(losses):
            await asyncio.sleep(chance.uniform(0.2, 0.6))
            fake.revoke_access()
        enough.set()
        await told.gather(people)
        await until_photos_rest(postgres_address, tmp_path)
        assert [await house.stop() for house in houses] == [0, 0]

    await compare(told, postgres_address, tmp_path, kills=losses)
    assert set(spent(fake).values()) == {1} and 2 <= len(fake.token_calls) <= 1 + losses
    assert fake.billed == 0


@pytest.mark.parametrize("point", ["asked", "spent", "called"])
async def test_p7_killed_at_each_point_of_a_refresh(tmp_path: Path, point: str) -> None:
    """Asked: the token is not spent yet. Spent: Zalo has given a new pair and nobody will ever read it. Called: the new pair is on the
    disk, and is used for the first time."""
    house, dead = House(tmp_path), asyncio.Event()
    async with zalo_for(house) as fake:
        person = fake.person()

        async def dies() -> None:
            await house.kill()
            dead.set()
            if point == "asked":
                raise web.HTTPServiceUnavailable  # Nothing of it is done.

        fake.at[point] = dies
        await house.start_once()  # It may be dead before it says that it stands.
        await asyncio.wait_for(dead.wait(), 30)
        await house.start()
        await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")  # Comes in whatever became of the token.
        if point == "spent":
            await until_door_says(house, "authorise")  # The same on every page of the desk, and the chief is called.
            fake.revoke_access()
            many = len(person.reads())
            await person.say("Xe màu đỏ")
            await asyncio.sleep(0.5)
            assert len(person.reads()) == many
            assert await house.stop() == 0
            house.settings |= fake.as_environment()  # An administrator permits it anew.
            await house.start()
        await person.hears("Chuyện xảy ra ở đâu", 30)
        await until_door_says(house, "ok")
        assert await house.stop() == 0

    tries = {"asked": [2], "spent": [2, 1], "called": [1]}[point]
    assert list(spent(fake).values()) == tries
