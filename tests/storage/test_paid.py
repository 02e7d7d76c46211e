"""What is sent for money is counted before it goes, never past the ward's figure, and never the same message twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from storage import tables
from storage.memory import Memory
from storage.queries import paid
from storage.queries.paid import Used
from tests.databases import Database

WARD, CHAT, CHANNEL, MONTH = 1, 2, "zalo_oa", "2026-11"
ROWS = range(100, 130)


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url)
    await memory.start()

    def fill(session: Session) -> None:
        session.add(tables.Ward(id=WARD, name="", created_at=0))
        session.flush()
        session.add(tables.Chat(id=CHAT, ward_id=WARD, channel=CHANNEL, created_at=0, last_in_at=7, window_from=5))
        session.flush()
        for row in ROWS:
            session.add(tables.OutboxRow(id=row, ward_id=WARD, chat_id=CHAT, created_at=0, is_pressing=row == 101))

    await memory.write(fill)
    yield memory
    await memory.stop()


async def take(memory: Memory, row: int, *, many: int = 1, most: int = 7, month: str = MONTH) -> bool:
    return await memory.write(lambda session: paid.take(session, WARD, CHANNEL, month, row, many=many, most=most, new_id=1000 + row))


async def give_back(memory: Memory, row: int, many: int) -> None:
    await memory.write(lambda session: paid.give_back(session, WARD, CHANNEL, MONTH, row, many=many))


async def used(memory: Memory, month: str = MONTH) -> Used:
    return await memory.read(lambda session: paid.used(session, WARD, CHANNEL, month))


async def test_many_at_once_never_pass_the_wards_figure_together(memory: Memory) -> None:
    took = await asyncio.gather(*(take(memory, row) for row in ROWS))

    assert sum(took) == 7 and await used(memory) == Used(many=7)


async def test_a_row_is_counted_once_and_gives_back_what_it_bears_and_no_more(memory: Memory) -> None:
    assert await take(memory, 100, many=3)
    assert not await take(memory, 100, many=3)
    assert await used(memory) == Used(many=3)
    await give_back(memory, 100, 2)
    await give_back(memory, 100, 2)
    assert await used(memory) == Used(many=1)
    await give_back(memory, 101, 1)  # It never took any.
    assert await used(memory) == Used(many=1)


async def test_a_message_in_three_parts_goes_whole_or_not_at_all(memory: Memory) -> None:
    assert await take(memory, 100, many=5)
    assert not await take(memory, 101, many=3)
    assert await take(memory, 102, many=2)


async def test_a_new_month_begins_at_nothing(memory: Memory) -> None:
    assert await take(memory, 100, many=7)
    assert not await take(memory, 101)
    assert await take(memory, 101, month="2026-12")
    assert [await used(memory), await used(memory, "2026-12")] == [Used(many=7), Used(many=1)]


async def test_what_decides_is_read_together(memory: Memory) -> None:
    await take(memory, 101, many=2)
    await memory.write(lambda session: paid.note_remains(session, WARD, CHANNEL, MONTH, 41, now=9))
    found = await memory.read(lambda session: paid.stands(session, CHAT, 101))

    assert found == paid.Stands(ward_id=WARD, since=5, paid=2, is_pressing=True)
    assert await used(memory) == Used(many=2, remains=41, told_at=9)
    assert await memory.read(lambda session: paid.stands(session, 99, 101)) is None
