"""What a platform takes in a second is used and never passed, by one process and by several; what is urgent goes first."""

import asyncio
import time

import pytest

from bot.channels import pacing
from bot.channels.base import ORDINARY, PRESSING, WARNING
from bot.channels.pacing import Shared, Turnstile, Window
from bot.channels.telegram import limits
from bot.channels.telegram.limits import Limits
from storage import moments
from storage.memory import Memory
from storage.queries import paces
from tests.bot.test_lanes import open_memory
from tests.databases import Database, known_vault


def most_within(moments_of: list[float], secs: float) -> int:
    return max(sum(start <= one < start + secs for one in moments_of) for start in moments_of)


async def test_a_window_lets_a_burst_in_at_once_and_never_more_than_its_share() -> None:
    turnstile, gone = Turnstile(Window(20, secs=0.2), most=100), []

    async def send(rank: int) -> None:
        await turnstile.wait(rank)
        gone.append(time.monotonic())

    began = time.monotonic()
    await asyncio.gather(*(send(ORDINARY) for _ in range(70)))

    assert gone[19] - began < 0.1 and most_within(gone, 0.2) <= 20
    assert gone[-1] - began < 1.2


async def test_whoever_is_urgent_overtakes_warnings_that_wait() -> None:
    turnstile, order = Turnstile(Window(50, secs=1.0), most=50), []

    async def send(rank: int) -> None:
        await turnstile.wait(rank)
        order.append(rank)

    warnings = [asyncio.create_task(send(WARNING)) for _ in range(30)]
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await asyncio.gather(send(ORDINARY), send(PRESSING))
    waited = time.monotonic() - began
    await asyncio.gather(*warnings)

    assert waited < 0.1 and order.index(PRESSING) < 15
    given_up = asyncio.create_task(turnstile.take(WARNING))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait_for(turnstile.wait(ORDINARY), 2)


async def test_places_that_cannot_be_had_are_asked_for_with_a_pause_and_had_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_AWAY_SECS", 0.1)
    asked = 0

    async def fetch(_lasts: int) -> float | None:
        nonlocal asked
        asked += 1
        if asked < 4:
            raise OSError("the memory is away")
        return 0.0

    turnstile, began = Turnstile(Shared(30, fetch), most=30), time.monotonic()
    await asyncio.wait_for(turnstile.wait(PRESSING), 5)
    assert asked == 4 and time.monotonic() - began > 0.28


async def test_all_processes_together_stay_below_the_limit_and_a_group_has_one_minute(database: Database) -> None:
    """On PostgreSQL two that share nothing but the database; a group's share is taken along from one to the other."""
    memory = await open_memory(database)
    other = Memory(database.url, known_vault())
    await other.start()
    both, gone = [Limits(100, one, lambda: 1) for one in (memory, other if not memory.is_sqlite else memory)], []
    if memory.is_sqlite:
        both = both[:1]

    async def send(which: Limits, chat_id: int) -> None:
        turn, wait = await which.turn(chat_id, is_group=False, rank=WARNING)
        assert turn is not None and wait == 0
        await turn.use()
        gone.append(time.monotonic())

    began = time.monotonic()
    await asyncio.gather(*(send(both[n % len(both)], n) for n in range(300)))
    took = time.monotonic() - began
    now = moments.now()
    in_group = []
    for one in (memory, other) * 12:
        waits = await one.write(
            lambda session, at=now: paces.take_in_group(session, 1, "telegram:7", at_once=5, gap=limits.GROUP_GAP, now=at)  # type: ignore[misc]
        )
        now += waits
        in_group.append(now)
        if waits:
            assert not await one.write(
                lambda session, at=now: paces.take_in_group(session, 1, "telegram:7", at_once=5, gap=limits.GROUP_GAP, now=at)  # type: ignore[misc]
            )
    set_back = await memory.write(
        lambda session: paces.take_in_group(session, 1, "telegram:7", at_once=5, gap=limits.GROUP_GAP, now=now - moments.DAY)
    )
    await other.stop()
    await memory.stop()

    assert most_within(gone, 1.0) <= 100 * (1 + Shared.LATE_SECS)  # Places are granted at 100 a second and used so much later at most.
    assert took < 3.6
    assert most_within([one / 60_000 for one in in_group], 1.0) <= 20 and in_group[-1] - in_group[0] < 80_000
    assert set_back == 0
