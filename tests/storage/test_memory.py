"""The bridge: a caller hears "done" only when it is on disk, and never hears it for what was undone."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from storage.bells import Bells
from storage.memory import Memory, MemoryClosed, MemoryLost, postgres_address, postgres_engine, sqlite_engine
from tests.databases import APP, Database, sqlite_database


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    owner = _owner_engine(database)
    with Session(owner) as session, session.begin():
        _make_tables(session, is_sqlite=database.is_sqlite)
    owner.dispose()
    memory = Memory(database.url)
    await memory.start()
    yield memory
    await memory.stop()


@pytest.fixture
async def batching_memory(tmp_path: Path) -> AsyncIterator[Memory]:
    """SQLite's: only there do several share a transaction, and its fate."""
    database = sqlite_database(tmp_path)
    owner = _owner_engine(database)
    with Session(owner) as session, session.begin():
        _make_tables(session, is_sqlite=True)
    owner.dispose()
    memory = Memory(database.url)
    await memory.start()
    yield memory
    await memory.stop()


def _owner_engine(database: Database) -> Engine:
    if database.is_sqlite:
        return sqlite_engine(database.url, begin="BEGIN IMMEDIATE", connections=1)
    return postgres_engine(database.owner_url, connections=1)


def _make_tables(session: Session, *, is_sqlite: bool) -> None:
    session.execute(text("CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER)"))
    session.execute(text("INSERT INTO counts VALUES ('all', 0)"))
    session.execute(text("CREATE TABLE notes (word TEXT)"))
    if is_sqlite:
        session.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON notes WHEN NEW.word = 'rollback' BEGIN SELECT RAISE(ROLLBACK, 'full'); END")
        )
    else:
        session.execute(text(f"GRANT ALL ON counts, notes TO {APP}"))


def _add_one(session: Session) -> int:
    n: int = session.execute(
        text("SELECT n FROM counts" if session.get_bind().dialect.name == "sqlite" else "SELECT n FROM counts FOR UPDATE")
    ).scalar_one()
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


async def test_a_transaction_that_vanished_fails_everyone_in_its_batch(batching_memory: Memory) -> None:
    """A full disk ends the transaction behind our back: no caller before or after it may be told "done"."""
    memory = batching_memory

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

    await memory.write(_add_one)
    for _ in range(100):
        if await memory.read(lambda session: session.execute(text("SELECT n FROM counts")).scalar_one()) == 2:
            return
        await asyncio.sleep(0.02)  # On PostgreSQL the two ran beside each other.
    raise AssertionError("the cancelled caller's work was undone")


async def test_after_stop_new_work_is_refused(database: Database) -> None:
    memory = Memory(database.url)
    await memory.start()
    await memory.stop()

    with pytest.raises(MemoryClosed):
        await memory.write(lambda session: None)


async def sixteen_inserts(memory: Memory) -> list[object]:
    """All waiting before the writer takes them: one batch."""

    def insert(word: str) -> Callable[[Session], object]:
        return lambda session: session.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word}) and None

    return list(await asyncio.gather(*(memory.write(insert(f"word {n:02}")) for n in range(16)), return_exceptions=True))


async def test_a_failing_commit_fails_all_sixteen(batching_memory: Memory) -> None:
    """A deferred foreign key speaks up only at COMMIT, as a full disk does at the last page."""
    memory = batching_memory
    await memory.write(_make_a_rule_that_speaks_at_commit)

    def break_it(session: Session) -> None:
        session.execute(text("INSERT INTO children VALUES (7)"))

    outcomes = await asyncio.gather(sixteen_inserts(memory), memory.write(break_it), return_exceptions=True)

    told = [*outcomes[0], outcomes[1]]  # type: ignore[misc]
    stored = await words(memory)
    assert sum(outcome is None for outcome in told) == len(stored)
    assert isinstance(outcomes[1], MemoryLost)
    assert await memory.write(_add_one) == 1  # The writer goes on.


def _make_a_rule_that_speaks_at_commit(session: Session) -> None:
    session.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
    session.execute(text("CREATE TABLE children (parent INTEGER REFERENCES parents(id) DEFERRABLE INITIALLY DEFERRED)"))


async def test_p1_a_full_disk_tells_nobody_that_it_was_kept(tmp_path: Path) -> None:
    """A real ENOSPC, made by a limit on the database's size; then there is room again, and the same bridge goes on."""
    memory = Memory(f"sqlite:///{tmp_path / 'small.db'}")
    await memory.start()
    await memory.write(lambda session: session.execute(text("CREATE TABLE notes (word TEXT)")) and None)
    pages = await memory.write(lambda session: session.execute(text("PRAGMA page_count")).scalar_one())
    await memory.write(lambda session: session.execute(text(f"PRAGMA max_page_count = {pages + 2}")) and None)

    def fill(n: int) -> Callable[[Session], object]:
        return lambda session: session.execute(text("INSERT INTO notes VALUES (:word)"), {"word": f"{n:04}" * 500}) and None

    outcomes = await asyncio.gather(*(memory.write(fill(n)) for n in range(16)), return_exceptions=True)
    told_done = [f"{n:04}" * 500 for n, outcome in enumerate(outcomes) if outcome is None]
    stored = await words(memory)
    await memory.write(lambda session: session.execute(text("PRAGMA max_page_count = 100000")) and None)
    await memory.write(fill(99))
    later = await words(memory)
    await memory.stop()

    assert any(isinstance(outcome, Exception) for outcome in outcomes)
    assert stored == told_done
    assert len(later) == len(stored) + 1


async def test_the_writer_survives_a_connection_that_cannot_be_had(batching_memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many open files, a disk that is away for a moment: callers hear of it, and later ones are served."""
    memory = batching_memory
    healthy = memory._write_engine.connect

    def refuse() -> None:
        raise OSError("too many open files")

    monkeypatch.setattr(memory._write_engine, "connect", refuse)

    def vanish(session: Session) -> None:
        session.execute(text("INSERT INTO notes VALUES ('rollback')"))

    lost = await asyncio.gather(memory.write(vanish), return_exceptions=True)
    refused = await asyncio.gather(memory.write(_add_one), return_exceptions=True)
    monkeypatch.setattr(memory._write_engine, "connect", healthy)

    assert [type(outcome) for outcome in (*lost, *refused)] == [MemoryLost, MemoryLost]
    assert await memory.write(_add_one) == 1


async def test_a_postgresql_that_is_gone_without_a_word_is_given_up_within_half_a_minute(database: Database) -> None:
    """On our side, which would wait for an answer, and on its own, which would hold our locks."""
    if database.is_sqlite:
        return
    engine = postgres_engine(database.url, connections=1)
    with engine.connect() as connection, Bells(database.url, lambda _topic, _number: None)._connect() as bell:
        raw: Any = connection.connection.driver_connection
        for one in (raw, bell):
            told = one.info.get_parameters()
            assert (told["tcp_user_timeout"], told["connect_timeout"]) == ("20000", "10")
            with socket.socket(fileno=os.dup(one.fileno())) as wire:
                names = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
                assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                assert [wire.getsockopt(socket.IPPROTO_TCP, name) for name in names] == [10, 5, 4, 20_000]
        theirs = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
        assert [connection.execute(text(f"SHOW {name}")).scalar_one() for name in theirs] == ["10", "5", "4", "20000"]
    engine.dispose()

    assert postgres_address("postgresql+psycopg://a:b@c/d?connect_timeout=3").query["connect_timeout"] == "3"
