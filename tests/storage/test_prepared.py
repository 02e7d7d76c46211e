"""Prepared questions with lists: whatever their length, they find what is asked for and nothing else."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.memory import Memory
from storage.prepared import Prepared, by_no_index, filled
from storage.tables import Officer, Tip
from tests.databases import Database, known_vault
from tests.storage.test_exchange import first_rows

_OFFICERS = Prepared(
    select(col(Officer.id)).where(
        col(Officer.id).in_(bindparam("ids", expanding=True)),
        col(Officer.role).in_(bindparam("roles", expanding=True)),
        col(Officer.id) > bindparam("above", type_=BigInteger),
    )
)


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(officers)
    yield memory
    await memory.stop()


def officers(session: Session) -> None:
    first_rows(session)
    for number in range(101, 121):
        role = "chief" if number % 2 else "duty"
        session.add(Officer(id=number, ward_id=1, login=str(number), name="A", role=role, password_hash="", created_at=0))


async def test_lists_of_any_length_find_what_they_name(memory: Memory) -> None:
    def look(session: Session) -> None:
        def asked(ids: list[int], roles: tuple[str, ...], above: int = 0) -> list[int]:
            return sorted(row[0] for row in _OFFICERS.rows(session, ids=ids, roles=roles, above=above))

        for length in (3, 0, 1, 2, 5, 20, 3, 4, 0):
            ids = list(range(101, 101 + length))
            assert asked(ids, ("chief", "duty")) == ids
            assert asked(ids, ("chief",)) == [number for number in ids if number % 2]
            assert asked(ids, ("duty",), 103) == [number for number in ids if number > 103 and number % 2 == 0]
            assert asked(ids, ()) == []
        assert asked(list(range(1_500)), ("chief",), 110) == [111, 113, 115, 117, 119]

    await memory.read(look)


def test_a_list_has_few_lengths_and_nothing_new() -> None:
    assert {len(filled(list(range(length)))) for length in range(1_025)} == {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024}
    assert all(set(filled(some := list(range(length)))) == set(some) for length in range(70))


def test_a_column_is_hidden_from_indexes_on_sqlite_alone() -> None:
    """PostgreSQL takes a sum to be true of one row in two hundred: a list of fifty lines behind a figure went through all tips there."""
    asked = select(col(Tip.id)).where(by_no_index(col(Tip.ward_id)) == 5)
    said = {engine: str(asked.compile(dialect=of.dialect())) for engine, of in (("sqlite", sqlite), ("postgres", postgresql))}
    assert "WHERE tips.ward_id + 0 = " in said["sqlite"] and "WHERE tips.ward_id = " in said["postgres"]
