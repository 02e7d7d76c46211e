"""The bridge: a caller hears "done" only when it is on disk, and never hears it for what was undone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.memory import Memory, MemoryClosed, MemoryLost, sqlite_url


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Memory]:
    memory = Memory(sqlite_url(tmp_path / "memory.db"))
    await memory.start()
    await memory.write(_make_tables)
    yield memory
    await memory.stop()


def _make_tables(session: Session) -> None:
    session.execute(text("CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER)"))
    session.execute(text("INSERT INTO counts VALUES ('all', 0)"))
    session.execute(text("CREATE TABLE notes (word TEXT)"))
    session.execute(
        text("CREATE TRIGGER full_disk BEFORE INSERT ON notes WHEN NEW.word = 'rollback' BEGIN SELECT RAISE(ROLLBACK, 'full'); END")
    )


def _add_one(session: Session) -> int:
    n: int = session.execute(text("SELECT n FROM counts")).scalar_one()
    session.execute(text("UPDATE counts SET n = :n"), {"n": n + 1})
    return n + 1


async def words(memory: Memory) -> list[str]:
    return await memory.read(lambda session: [row for row in session.execute(text("SELECT word FROM notes ORDER BY word")).scalars()])


async def test_no_update_is_lost_among_sixteen_writers(memory: Memory) -> None:
    results = await asyncio.gather(*(memory.write(_add_one) for _ in range(400)))

    assert sorted(results) == list(range(1, 401))


async def test_one_failing_fn_does_not_touch_its_neighbours(memory: Memory) -> None:
    def fail(session: Session) -> None:
        session.execute(text("INSERT INTO notes VALUES ('half done')"))
        raise ValueError("no")

    outcomes = await asyncio.gather(memory.write(_add_one), memory.write(fail), memory.write(_add_one), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [int, ValueError, int]
    assert await words(memory) == []


async def test_a_transaction_that_vanished_fails_everyone_in_its_batch(memory: Memory) -> None:
    """A full disk ends the transaction behind our back: no caller before or after it may be told "done"."""

    def insert(word: str) -> "asyncio.Future[None]":
        def fn(session: Session) -> None:
            session.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word})

        return asyncio.ensure_future(memory.write(fn))

    jobs = [insert("rollback" if n == 7 else f"word {n:02}") for n in range(16)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    told_done = [f"word {n:02}" for n, outcome in enumerate(outcomes) if outcome is None]
    assert await words(memory) == told_done
    assert isinstance(outcomes[7], MemoryLost)


async def test_a_row_may_not_leave_the_bridge(memory: Memory) -> None:
    from storage.tables import Ward

    with pytest.raises(TypeError):
        await memory.write(lambda session: Ward(id=1, name="x", created_at=0))


async def test_a_cancelled_caller_does_not_undo(memory: Memory) -> None:
    task = asyncio.create_task(memory.write(_add_one))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert await memory.write(_add_one) == 2


async def test_after_stop_new_work_is_refused(tmp_path: Path) -> None:
    memory = Memory(sqlite_url(tmp_path / "stopped.db"))
    await memory.start()
    await memory.stop()

    with pytest.raises(MemoryClosed):
        await memory.write(lambda session: None)
