"""News between processes on PostgreSQL: "something waits in this chat". Ids only, sent after the commit, gathered for a moment.

A bell may be lost; whoever listens also looks by itself every two seconds, and that is the truth. On SQLite there is one
process, and nothing to ring.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.engine import make_url

from storage.memory import postgres_address

log = logging.getLogger("keng.bells")

_CHANNEL = "keng"
_GATHER_SECS = 0.01
_MOST_BYTES = 7_000  # PostgreSQL takes 8,000 in one notice.


class Bells:
    def __init__(self, url: str, on_ring: Callable[[str, int], None]) -> None:
        is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._address = "" if is_sqlite else postgres_address(url).render_as_string(hide_password=False)
        self._on_ring = on_ring
        self._waiting: set[tuple[str, int]] = set()
        self._rung = asyncio.Event()
        self._stopping = threading.Event()
        self._listener: threading.Thread | None = None
        self._sender: asyncio.Task[None] | None = None
        self._connection: Any = None  # The sender's own.

    def start(self) -> None:
        if not self._address:
            return
        self._listener = threading.Thread(target=self._listen, args=(asyncio.get_running_loop(),), name="keng-bells", daemon=True)
        self._listener.start()
        self._sender = asyncio.create_task(self._send(), name="bells")

    async def stop(self) -> None:
        self._stopping.set()
        if self._sender:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        if self._connection:
            await asyncio.to_thread(self._connection.close)
        if self._listener:
            await asyncio.to_thread(self._listener.join)

    def ring(self, topic: str, number: int) -> None:
        if self._address:
            self._waiting.add((topic, number))
            self._rung.set()

    async def _send(self) -> None:
        while True:
            await self._rung.wait()
            await asyncio.sleep(_GATHER_SECS)
            self._rung.clear()
            waiting, self._waiting = self._waiting, set()
            try:
                self._connection = self._connection or await asyncio.to_thread(self._connect)
                for notice in _notices(waiting):
                    await asyncio.to_thread(self._connection.execute, "SELECT pg_notify(%s, %s)", (_CHANNEL, notice))
            except Exception as error:  # The database is away; the two-second look finds what waits.
                log.warning("bell_not_sent", extra={"error": type(error).__name__})
                self._connection = None

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    while not self._stopping.is_set():
                        for notice in connection.notifies(timeout=0.5):
                            loop.call_soon_threadsafe(self._hear, notice.payload)
            except Exception as error:
                log.warning("bells_deaf", extra={"error": type(error).__name__})
                time.sleep(1)

    def _connect(self) -> Any:
        import psycopg  # Only where there is a PostgreSQL.

        return psycopg.connect(self._address, autocommit=True)

    def _hear(self, notice: str) -> None:
        for part in notice.split():
            topic, _, number = part.partition(":")
            if number.isdecimal():
                self._on_ring(topic, int(number))


def _notices(waiting: set[tuple[str, int]]) -> list[str]:
    notices, line = [], ""
    for topic, number in sorted(waiting):
        part = f"{topic}:{number}"
        if len(line) + len(part) + 1 > _MOST_BYTES:
            notices.append(line)
            line = ""
        line = f"{line} {part}".strip()
    return [*notices, line] if line else notices
