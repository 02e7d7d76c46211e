"""The narrow bridge to the database: `await memory.read(fn)` and `await memory.write(fn)`.

`fn(session)` is plain synchronous code. It returns plain values, never rows; it does no I/O, reads no clock and draws no
random numbers, because on PostgreSQL it may run twice. The caller gets its result only after COMMIT.

On SQLite one writer thread runs whatever waits in one transaction, each `fn` in a savepoint of its own, so that one
fsync serves many. On PostgreSQL each `fn` is a transaction on a pool of threads. Nothing else knows which engine it is.
"""

import asyncio
import concurrent.futures
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session as _Session
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, SQLModel

from storage.vault import Vault

T = TypeVar("T")
log = logging.getLogger("keng.memory")

BATCH_MOST = 64
SLOW_WRITE_SECS = 0.02
CHORE_EVERY_SECS = 0.2
_RETRY_STATES = {"40001", "40P01"}  # serialization failure, deadlock
# A PostgreSQL whose machine or cable is gone closes nothing, and TCP alone waits a quarter of an hour for it, or two hours. So it is
# asked for after ten seconds of silence, and given up twenty seconds later. A long question is no silence: machines answer, not it.
_LOST = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "4"}
_UNHEARD_MS = "20000"
_CONNECT_SECS = "10"


class MemoryLost(Exception):
    """The transaction did not reach the disk; nothing of it happened."""


class MemoryClosed(Exception):
    """The bridge is stopping and takes no new work."""


@dataclass(slots=True)
class _Job:
    fn: Callable[[Session], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Queue:
    """Two lanes to the writer: people first, housekeeping when nobody waits."""

    people: deque[_Job] = field(default_factory=deque)
    chores: deque[_Job] = field(default_factory=deque)
    ready: threading.Condition = field(default_factory=threading.Condition)
    closed: bool = False
    chore_at: float = 0.0

    def put(self, job: _Job, *, chore: bool) -> None:
        with self.ready:
            if self.closed:
                raise MemoryClosed("memory is closed")
            (self.chores if chore else self.people).append(job)
            self.ready.notify()

    def take(self) -> list[_Job]:
        """Everything that waits, up to a batch; a single chore when nobody else waits, or when chores have waited long enough:
        the history must be linked on a busy night too. Empty means: closed and done."""
        with self.ready:
            while not self.people and not self.chores and not self.closed:
                self.ready.wait()
            is_chores_turn = self.chores and (not self.people or time.monotonic() - self.chore_at > CHORE_EVERY_SECS)
            if is_chores_turn:
                self.chore_at = time.monotonic()
                return [self.chores.popleft()]
            if self.people:
                return [self.people.popleft() for _ in range(min(BATCH_MOST, len(self.people)))]
            return []

    def close(self) -> None:
        with self.ready:
            self.closed = True
            self.ready.notify()


class Memory:
    def __init__(self, url: str, vault: Vault | None = None, *, threads: int = 8) -> None:
        """Every session finds the vault beside it (`vault_of`); only a memory that opens nothing can do without one."""
        self.url, self.vault = make_url(url), vault
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._threads = threads
        self._queue = _Queue()
        self._writer: threading.Thread | None = None
        self.slow_writes = 0

    async def start(self) -> None:
        if self.is_sqlite:
            self._write_engine = sqlite_engine(self.url.render_as_string(hide_password=False), begin="BEGIN IMMEDIATE", connections=1)
            self._read_engine = sqlite_engine(self.url.render_as_string(hide_password=False), begin="BEGIN", connections=4)
            self._pool = concurrent.futures.ThreadPoolExecutor(4, thread_name_prefix="keng-read")
            self._writer = threading.Thread(target=self._run_writer, name="keng-write", daemon=True)
            self._writer.start()
        else:
            self._write_engine = self._read_engine = postgres_engine(
                self.url.render_as_string(hide_password=False), connections=self._threads
            )
            self._pool = concurrent.futures.ThreadPoolExecutor(self._threads, thread_name_prefix="keng-sql")

    async def stop(self) -> None:
        """Finish what waits, then close. What is asked for afterwards is refused, never half done."""
        self._queue.close()
        if self._writer is not None:
            await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._pool.shutdown)
        self._write_engine.dispose()
        self._read_engine.dispose()

    async def read(self, fn: Callable[[Session], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read_now, fn)

    async def write(self, fn: Callable[[Session], T], *, chore: bool = False) -> T:
        loop = asyncio.get_running_loop()
        if not self.is_sqlite:
            if self._queue.closed:
                raise MemoryClosed("memory is closed")
            return await asyncio.shield(loop.run_in_executor(self._pool, self._write_with_retry, fn))
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Job(fn, loop, future), chore=chore)
        return await future

    async def empty_log(self) -> None:
        """What was erased stands in SQLite's log until it is emptied. Waits for nobody: whoever reads just now keeps it till next time."""
        if self.is_sqlite:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._empty_log_now)

    def _empty_log_now(self) -> None:
        connection = self._read_engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _read_now(self, fn: Callable[[Session], T]) -> T:
        with Session(self._read_engine, expire_on_commit=False, info={"vault": self.vault}) as session:
            return _plain(fn(session))

    def _write_with_retry(self, fn: Callable[[Session], T]) -> T:
        for attempt in range(6):
            try:
                with Session(self._write_engine, expire_on_commit=False, info={"vault": self.vault}) as session, session.begin():
                    return _plain(fn(session))
            except Exception as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if attempt == 5 or getattr(cause, "sqlstate", None) not in _RETRY_STATES:
                    raise
                time.sleep(0.01 * 2**attempt)
        raise MemoryLost("retries used up")

    def _run_writer(self) -> None:
        connection: Connection | None = None
        try:
            while batch := self._queue.take():
                try:
                    connection = connection or self._write_engine.connect()
                    self._commit_together(connection, batch)
                except BaseException as error:
                    log.error("batch_lost", extra={"jobs": len(batch), "error": type(error).__name__})
                    for job in batch:
                        job.error = MemoryLost("nothing of this was stored")
                        job.error.__cause__ = error
                    _drop(connection)
                    connection = None
                _answer(batch)
        finally:
            _drop(connection)

    def _commit_together(self, connection: Connection, batch: list[_Job]) -> None:
        """Run the batch in one transaction. Either COMMIT succeeded, or this raises and every caller of the batch gets an error."""
        with connection.begin():
            raw = connection.connection.dbapi_connection
            for job in batch:
                self._run_job(connection, job)
                # A full disk or RAISE(ROLLBACK) ends the transaction behind our back; going on would run the
                # rest in autocommit and tell the first callers a lie.
                if raw is None or not raw.in_transaction:
                    raise MemoryLost("the transaction was rolled back by the database")

    def _run_job(self, connection: Connection, job: _Job) -> None:
        started = time.perf_counter()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("SAVEPOINT job")
        # Quick statements run on `raw`; the session opens a savepoint of its own when objects are used.
        session = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False, info={"raw": raw, "vault": self.vault}
        )
        try:
            job.value = _plain(job.fn(session))
            if session.in_transaction():
                session.commit()
            raw.execute("RELEASE job")
        except Exception as error:
            job.error = error
            # When the database has already ended the transaction there is no savepoint left to roll back to.
            if raw.in_transaction:
                if session.in_transaction():
                    session.rollback()
                raw.execute("ROLLBACK TO job")
                raw.execute("RELEASE job")
        finally:
            if session.in_transaction():
                _close_quietly(session)
        if time.perf_counter() - started > SLOW_WRITE_SECS:
            self.slow_writes += 1


def _drop(connection: Connection | None) -> None:
    """A connection in doubt is not used again; the next batch opens a new one, and fails alone if that cannot be had."""
    if connection is not None:
        try:
            connection.invalidate()
            connection.close()
        except Exception as error:
            log.warning("connection_not_closed", extra={"error": type(error).__name__})


def _close_quietly(session: _Session) -> None:
    try:
        session.close()
    except OperationalError:  # The transaction is gone; the batch is failed by the caller.
        session.invalidate()


def _plain(value: T) -> T:
    """Rows must not leave the bridge: outside it their session is closed and other threads may touch them."""
    parts = value if isinstance(value, list | tuple | set) else (value,)
    if any(isinstance(part, SQLModel) for part in parts):
        raise TypeError("a row left the bridge; return plain values")
    return value


def _answer(batch: list[_Job]) -> None:
    """Wake every caller of the batch, with one call into each loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in batch:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, jobs)


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future.done():  # The caller was cancelled; what it asked for has happened all the same.
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.value)


def alone(session: Session, number: int) -> None:
    """Whoever else asks for the same number waits until this transaction ends. On SQLite the one writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def sqlite_engine(url: str, *, begin: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": 15},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # We say BEGIN ourselves; the driver's own habit loses updates.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def postgres_address(url: str) -> URL:
    """With how soon a lost connection is given up. What the ward says itself in its address holds."""
    address = make_url(url).set(drivername="postgresql")
    ours = {"keepalives": "1", **_LOST, "tcp_user_timeout": _UNHEARD_MS, "connect_timeout": _CONNECT_SECS}
    return address.update_query_dict({name: value for name, value in ours.items() if name not in address.query})


def postgres_engine(url: str, *, connections: int) -> Engine:
    address = postgres_address(url).set(drivername="postgresql+psycopg")
    engine = create_engine(address, pool_size=connections, max_overflow=2, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # Our questions are short: compiling them or calling helpers for them takes longer than the answer. The search index
        # marks the rows it found in memory; where they do not fit it marks whole pages, and every row there is looked at again.
        settings = {"jit": "off", "max_parallel_workers_per_gather": "0", "work_mem": "32MB"}
        # Its side of a connection that was cut would hold its locks as long as TCP believes in us.
        settings |= {f"tcp_{name}": value for name, value in _LOST.items()} | {"tcp_user_timeout": _UNHEARD_MS}
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.commit()

    return engine


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
