"""Ringing by the ward's own program: a phone, a bell, a lamp. What it is told holds no word of a tip and nobody's identity.

Rows of `alarms` are the queue. A row is taken before its program runs, so that a crash can only leave it out, never ring it twice;
one that was left is noted as failed by the ladder a minute later, and the next person is called.
"""

import asyncio
import contextlib
import logging
import os
import shlex
from collections.abc import Callable

from handlers import ladder
from storage import moments
from storage.memory import Memory
from storage.queries import ladder as rows
from storage.queries.ladder import Command

log = logging.getLogger("keng.alarms")
MOST_SECS = 20.0
MOST_AT_ONCE = 4


class AlarmCommand:
    def __init__(self, memory: Memory, command: str, ward_id: Callable[[], int], *, most_secs: float = MOST_SECS) -> None:
        self._memory, self._words, self._ward_id, self._most_secs = memory, shlex.split(command), ward_id, most_secs
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self.run_count = self.failed_count = 0

    @property
    def is_set(self) -> bool:
        return bool(self._words)

    async def beat(self) -> None:
        """Starts what waits; a slow program holds up neither the ladder nor the others."""
        ward_id = self._ward_id()
        if not self.is_set or not await self._memory.read(lambda session: rows.has_commands(session, ward_id)):
            return
        for one in await self._memory.write(lambda session: rows.take_commands(session, ward_id)):
            task = asyncio.create_task(self._ring(ward_id, one))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _ring(self, ward_id: int, one: Command) -> None:
        async with self._room:
            has_arrived = await self._run(_told(one))
        now = moments.now()
        self.run_count += 1
        self.failed_count += not has_arrived
        await self._memory.write(lambda session: ladder.end_command(session, ward_id, one.alarm_id, has_arrived=has_arrived, now=now))

    async def _run(self, told: dict[str, str]) -> bool:
        """What the program prints is nobody's business: it goes nowhere."""
        nowhere = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=_surroundings() | told, start_new_session=True
            )
        except OSError as error:
            log.error("alarm_command_failed", extra={"error": type(error).__name__})
            return False
        try:
            async with asyncio.timeout(self._most_secs):
                code = await process.wait()
        except BaseException as error:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)  # With whatever it started.
            await process.wait()
            if not isinstance(error, TimeoutError):
                raise
            log.error("alarm_command_failed", extra={"error": "TimeoutError"})
            return False
        if code != 0:
            log.error("alarm_command_failed", extra={"error": f"ended with {code}"})
        return code == 0


def _surroundings() -> dict[str, str]:
    """Ours without our settings: the token of the bot and the master key may stand there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KENG_")}


def _told(one: Command) -> dict[str, str]:
    return {
        "KENG_ALARM_KIND": one.why,
        "KENG_ALARM_URGENT": "1" if one.is_urgent else "0",
        "KENG_ALARM_RUNG": str(one.rung),
        "KENG_ALARM_OFFICER": one.login,
        "KENG_ALARM_TAIL": one.tail,
        "KENG_ALARM_COUNT": str(one.tips or (1 if one.tail else 0)),
    }
