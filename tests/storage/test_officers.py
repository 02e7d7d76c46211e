"""Who is asking: a session counts while it lasts and its officer may sign in; a locked one does not sleep."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from storage.memory import Memory
from storage.queries import officers
from storage.tables import Officer
from tests.databases import Database, known_vault
from tests.storage.test_exchange import first_rows

BEGAN, IDLE = 1_000_000, 1_000


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(signed_in)
    yield memory
    await memory.stop()


def signed_in(session: Session) -> None:
    first_rows(session)
    session.add(Officer(id=101, ward_id=1, login="a", name="An", role="duty", password_hash="", created_at=0))
    session.flush()
    ends_at = BEGAN + 10 * IDLE
    officers.open_session(session, session_id=7, ward_id=1, officer_id=101, token_hash="t", now=BEGAN, ends_at=ends_at, is_held=True)


async def asked(memory: Memory, now: int, token_hash: str = "t") -> officers.SessionSeen | None:
    return await memory.read(lambda session: officers.officer_by_session(session, token_hash, now=now, idle_ms=IDLE))


async def test_a_session_is_known_until_it_sleeps_or_ends(memory: Memory) -> None:
    who = officers.OfficerSeen(id=101, ward_id=1, login="a", name="An", role="duty", disabled_at=None)
    awake = officers.SessionSeen(officer=who, seen_at=BEGAN, is_locked=False, is_held=True, session_id=7)

    assert await asked(memory, BEGAN + IDLE - 1) == awake
    assert await asked(memory, BEGAN + IDLE) is None
    assert await asked(memory, BEGAN, "x") is None

    await memory.write(lambda session: officers.lock_session(session, "t", now=BEGAN, ends_at=0))
    locked = await asked(memory, BEGAN + 9 * IDLE)
    assert locked is not None and locked.is_locked
    assert await asked(memory, BEGAN + 10 * IDLE) is None


async def test_a_closed_account_is_nobody(memory: Memory) -> None:
    await memory.write(lambda session: officers.set_disabled(session, 101, BEGAN))

    assert await asked(memory, BEGAN) is None
