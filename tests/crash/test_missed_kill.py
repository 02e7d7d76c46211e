"""Killed in the middle of fetching what was missed: nothing is lost and nothing is doubled, though Zalo repeats
some of it by itself meanwhile."""

import asyncio
import random
from pathlib import Path

from storage.memory import Memory, sqlite_url
from storage.tables import InboxRow, Piece
from storage.unlock import unlock
from tests.crash.house import House
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import opened


async def held(data: Path) -> tuple[list[str], list[str]]:
    """What stands in the pieces, in order, and how each message that came stands."""
    url = sqlite_url(data / "keng.db")
    vault, _made = unlock(url, given="", given_file="", data=data)
    memory = Memory(url, vault)
    await memory.start()
    words = [row[0] for row in await opened(memory, Piece, "words") if row[0]]
    statuses = [row[0] for row in await opened(memory, InboxRow, "status")]
    await memory.stop()
    return words, statuses


async def test_p1_fetching_what_was_missed_survives_kill_9(tmp_path: Path, is_long: bool) -> None:
    kills, chance, fake = 40 if is_long else 3, random.Random(7), FakeZaloOA()
    await fake.start()
    fake.retry_after_secs = ()
    house = House(tmp_path)
    house.settings |= fake.as_environment()
    fake.webhook_url = f"{house.address}/hooks/zalo-oa"
    people, events, said = [fake.person() for _ in range(3)], [], []
    try:
        await house.start()
        for _ in range(200):
            if any(call.path.endswith("getoa") for call in fake.calls):
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # The first look of all only says since when.
        await house.kill()
        fake.is_subscribed = False
        for number in range(14):
            for place, person in enumerate(people):
                said.append(f"câu {place} {number:02}")
                events.append(await person.say(said[-1]))
                await asyncio.sleep(0.002)
        fake.delay_secs, fake.is_subscribed = 0.15, True
        for _ in range(kills):
            await house.start()
            await asyncio.sleep(chance.uniform(0.2, 1.2))
            for event in chance.sample(events, 7):  # Zalo repeats some of it meanwhile.
                await fake.push(event)
            await house.kill()
        assert any(call.path.endswith("conversation") for call in fake.calls)  # A look takes longer than any of these lives.
        fake.delay_secs = 0.0
        await house.start()
        for event in events[::2]:
            await fake.push(event)
        for _ in range(150):
            if (await held(tmp_path))[1] == ["done"] * len(said):
                break
            await asyncio.sleep(0.2)
        assert await house.stop() == 0
    finally:
        await fake.stop()

    words, statuses = await held(tmp_path)
    assert statuses == ["done"] * len(said)
    assert sorted(words) == sorted(said)
