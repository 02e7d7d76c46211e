"""P1: an acknowledged tip is never lost, and none is doubled, whenever a process dies."""

import asyncio
import hashlib
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from storage.media import MediaStore
from storage.memory import Memory, sqlite_url
from storage.tables import Attachment, InboxRow, Piece, Tip
from storage.unlock import unlock
from tests.conftest import SECRET
from tests.crash.house import House
from tests.databases import PostgresServer
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram, Person
from tests.opened import opened
from tests.people import WebResident

RECEIPT = r"Mã tin: (TB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})"
MOST_TIPS = 15  # The page shows so many tips of one thread at once.


async def tell_tips(address: str, name: str, enough: asyncio.Event) -> tuple[list[str], list[str], int]:
    """One resident sends tips until told to stop: what they said and were told had arrived, the codes they read, their photos."""
    said: list[str] = []
    codes: list[str] = []
    photos = 0
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(5)) as http:
        resident = WebResident(http, address, name=name)
        await resident.sees("keng", times=0)
        while not enough.is_set() and len(said) < MOST_TIPS:
            words = f"chuyện {name} thứ {len(said)}"
            await resident.insist({"id": resident.fresh_id(), "button": "report", "label": "Báo tin"})
            await resident.insist({"id": resident.fresh_id(), "text": words})
            if len(said) % 3 == 0:
                await resident.insist_on_file(jpeg(64, 48))
                photos += 1
            await resident.insist({"id": resident.fresh_id(), "button": "send", "label": "Gửi ngay"})
            await resident.insist({"id": resident.fresh_id(), "button": "safe:shared", "label": "Có người xem chung"})
            said.append(words)
            codes = await resident.sees(RECEIPT, times=len(said))
        return said, codes, photos


async def tell_tips_by_telegram(person: Person, enough: asyncio.Event) -> tuple[list[str], list[str], int]:
    """The same on Telegram. What may have been lost on the way is sent twice there, so a receipt counts once by its code."""
    said: list[str] = []
    codes: list[str] = []
    while not enough.is_set() and len(said) < MOST_TIPS:
        words = f"chuyện {person.id} thứ {len(said)}"
        old = {"message_id": 1, "date": 1, "chat": person._chat(), "text": "x"}
        await person.fake.push_press(person._from(), old, "report")
        await person.fake.wait_until_delivered(60)
        await person.say(words)
        for wish in ("send", "safe:shared"):
            await person.fake.wait_until_delivered(60)
            await person.fake.push_press(person._from(), old, wish)
        said.append(words)
        while len(codes) < len(said):
            found = re.search(RECEIPT, await person.hears("Mã tin", 60))
            assert found
            codes += [found[1]] if found[1] not in codes else []
    return said, codes, 0


@asynccontextmanager
async def telegram_for(house: House) -> AsyncIterator[FakeTelegram]:
    """A fake Telegram that knocks at this house; its settings go into the house before it starts."""
    fake = FakeTelegram()
    await fake.start()
    house.settings |= {
        "KENG_TELEGRAM_TOKEN": fake.token,
        "KENG_TELEGRAM_API": fake.address,
        "KENG_TELEGRAM_MODE": "webhook",
        "KENG_TELEGRAM_SECRET": SECRET,
        "KENG_TELEGRAM_RATE": "0",
    }
    fake.webhook_url, fake.webhook_secret = f"{house.address}/hooks/telegram", SECRET
    yield fake
    await fake.stop()


class Told:
    """What all residents together were told."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.codes: list[str] = []
        self.photos = 0

    async def gather(self, residents: "list[asyncio.Task[tuple[list[str], list[str], int]]]") -> None:
        for said, codes, photos in await asyncio.wait_for(asyncio.gather(*residents), 90):
            self.words += said
            self.codes += codes
            self.photos += photos


async def stored(url: str, data: Path) -> dict[str, Any]:
    """What the house holds, read with its own key beside it."""
    vault, _made = unlock(url, given="", given_file="", data=data)
    memory = Memory(url, vault)
    await memory.start()
    arrived = {row[0] for row in await opened(memory, Tip, "id", "state") if row[1] == "S1"}
    files = [row for row in await opened(memory, Attachment, "tip_id", "original", "status") if row[0] in arrived]
    at_rest = all(row[2] != "waiting" for row in files)
    photos = await opened(memory, Attachment, "tip_id", "original", "sha256", "file_key") if at_rest else []
    found = {
        "words": [row[1] for row in await opened(memory, Piece, "tip_id", "words") if row[0] in arrived],
        "codes": [row[1] for row in await opened(memory, Tip, "id", "code") if row[0] in arrived],
        "photos": [row[1:] for row in photos if row[0] in arrived],
        "at_rest": at_rest,
        "unhandled": [row for row in await opened(memory, InboxRow, "status") if row != ("done",)],
    }
    await memory.stop()
    return found


async def until_photos_rest(url: str, data: Path) -> None:
    for _ in range(300):
        if (await stored(url, data))["at_rest"]:
            return
        await asyncio.sleep(0.2)


async def compare(told: Told, url: str, data: Path, *, kills: int) -> None:
    found, media = await stored(url, data), MediaStore(data / "media")
    assert len(told.words) >= kills / 2
    assert sorted(found["words"]) == sorted(told.words)
    assert sorted(found["codes"]) == sorted(told.codes)
    assert len(found["photos"]) == told.photos
    for place, sha256, key in found["photos"]:
        assert hashlib.sha256(media.read(place, key=key)).hexdigest() == sha256
    assert found["unhandled"] == []


async def test_p1_acknowledged_tips_survive_kill_9_on_sqlite(tmp_path: Path, is_long: bool) -> None:
    kills, chance, told, done = 200 if is_long else 3, random.Random(20261121), Told(), 0
    house = House(tmp_path)
    async with telegram_for(house) as fake:
        while done < kills:
            await house.start()
            enough = asyncio.Event()
            residents = [asyncio.create_task(tell_tips(house.address, f"r{done:03}{n:02}", enough)) for n in range(5)]
            residents += [asyncio.create_task(tell_tips_by_telegram(fake.person(), enough))]
            for _ in range(min(10, kills - done)):
                await asyncio.sleep(chance.uniform(0.02, 0.5))
                await house.kill()
                await house.start()
                done += 1
            enough.set()
            await told.gather(residents)
            await until_photos_rest(sqlite_url(tmp_path / "keng.db"), tmp_path)
            assert await house.stop() == 0

    await compare(told, sqlite_url(tmp_path / "keng.db"), tmp_path, kills=kills)


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as database:
        yield database.url


async def test_p1_acknowledged_tips_survive_kill_9_on_postgres_with_two_processes(
    tmp_path: Path, is_long: bool, postgres_address: str
) -> None:
    """A door and a worker; either may die at any moment, and the other must neither lose nor repeat what it was doing."""
    kills, chance, told, done = 200 if is_long else 3, random.Random(42), Told(), 0
    houses = [House(tmp_path, role=role, KENG_DATABASE_URL=postgres_address) for role in ("web", "worker")]
    await asyncio.gather(*(house.start() for house in houses))
    while done < kills:
        enough = asyncio.Event()
        residents = [asyncio.create_task(tell_tips(houses[0].address, f"p{done:03}{n:02}", enough)) for n in range(6)]
        for _ in range(min(10, kills - done)):
            await asyncio.sleep(chance.uniform(0.02, 0.5))
            victim = chance.choice(houses)
            await victim.kill()
            await victim.start()
            done += 1
        enough.set()
        await told.gather(residents)
    await until_photos_rest(postgres_address, tmp_path)
    assert [await house.stop() for house in houses] == [0, 0]

    await compare(told, postgres_address, tmp_path, kills=kills)
