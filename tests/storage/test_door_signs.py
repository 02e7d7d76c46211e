"""What processes see at a door, written down together: the later moment counts, and a silence that was a fault is no usual one."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from storage import tables
from storage.ids import new_id
from storage.memory import Memory
from storage.moments import DAY, HOUR
from storage.queries import doors
from storage.queries.doors import DoorDaySeen, NewSign, SignOfLife
from tests.databases import Database

NOON, CHANNEL = 1_793_509_200_000, "zalo_oa"


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url)
    await memory.start()
    await memory.write(lambda session: session.add(tables.Ward(id=1, name="", created_at=0)))
    yield memory
    await memory.stop()


async def see(memory: Memory, **seen: int) -> SignOfLife:
    ids = {CHANNEL: (new_id(), new_id())}
    await memory.write(lambda session: doors.keep_signs(session, 1, {CHANNEL: NewSign(**seen)}, ids=ids))
    return (await memory.read(lambda session: doors.signs(session, 1)))[CHANNEL]


async def past(memory: Memory) -> list[DoorDaySeen]:
    return await memory.read(lambda session: doors.days(session, 1, CHANNEL))


async def test_each_day_keeps_its_longest_silence_and_its_receipts(memory: Memory) -> None:
    await see(memory, came=NOON, heard=NOON)
    await see(memory, heard=NOON + HOUR, receipts=2)
    await see(memory, heard=NOON + 4 * HOUR, receipts=1)
    await see(memory, heard=NOON + 5 * HOUR)
    await see(memory, heard=NOON + 2 * DAY)

    assert await past(memory) == [DoorDaySeen("2026-11-01", 3 * HOUR, 3), DoorDaySeen("2026-11-03", 2 * DAY - 5 * HOUR, 0)]
    assert (await see(memory, came=NOON - DAY)).last_in_at == NOON


async def test_another_process_that_is_late_makes_no_silence_and_moves_nothing_back(memory: Memory) -> None:
    await see(memory, heard=NOON)
    sign = await see(memory, heard=NOON - HOUR, receipts=1)

    assert sign.heard_at == NOON and await past(memory) == [DoorDaySeen("2026-11-01", 0, 1)]


async def test_what_was_sent_since_is_counted_until_something_comes(memory: Memory) -> None:
    await see(memory, heard=NOON)
    await see(memory, sent=2, went=NOON + 1)
    sign = await see(memory, sent=1, went=NOON + 9)
    assert (sign.unheard, sign.unheard_since) == (3, NOON + 1)
    sign = await see(memory, heard=NOON + 10)
    assert (sign.unheard, sign.unheard_since) == (0, None)
    sign = await see(memory, sent=4, went=NOON + 8)  # Told late: its receipts are in already.
    assert sign.unheard == 0


async def test_a_silence_that_was_told_as_a_fault_is_no_usual_one(memory: Memory) -> None:
    await see(memory, heard=NOON)

    def tell(session: Session) -> None:
        doors.keep(session, 1, row_id=5, channel=CHANNEL, why="quiet", now=NOON)

    await memory.write(tell)
    await see(memory, heard=NOON + 20 * DAY)
    assert [one.longest for one in await past(memory)] == [0, 0]


async def test_sixty_days_are_kept_and_a_long_silence_takes_none_away(memory: Memory) -> None:
    for day in range(0, 70, 10):
        await see(memory, heard=NOON + day * DAY)
    assert len(await past(memory)) == 7
    await see(memory, heard=NOON + 61 * DAY)
    assert (await past(memory))[0].day == "2026-11-11"
