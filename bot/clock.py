"""What happens by itself. The clock only beats; what is due stands in tables, and catching up after a pause is the normal path."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("keng.clock")
Beat = Callable[[], Awaitable[None]]
_SET_BACK = timedelta(seconds=5)  # Less than that is an ordinary correction.


class Clock:
    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._watching: asyncio.Task[None] | None = None

    def every(self, seconds: float, name: str, beat: Beat) -> None:
        """One at a time. Each beat sets the next: after a machine has slept for a month there is one to catch up with, not millions
        to be counted first."""
        self._scheduler.add_job(
            self._guarded,
            "date",
            run_date=datetime.now(UTC) + timedelta(seconds=seconds),
            args=(seconds, name, beat),
            id=name,
            replace_existing=True,
            misfire_grace_time=None,
        )

    async def _guarded(self, seconds: float, name: str, beat: Beat) -> None:
        try:
            await beat()
        except Exception as error:
            log.error("beat_failed", extra={"beat": name, "error": type(error).__name__})
        if self._scheduler.running:
            self.every(seconds, name, beat)

    @property
    def is_well(self) -> bool:
        return bool(self._scheduler.running) and self._watching is not None and not self._watching.done()

    def start(self) -> None:
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="clock-watch")

    async def stop(self) -> None:
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def _watch(self) -> None:
        """Beats are set by the clock on the wall. When somebody sets that back by hours, nothing would be done for so long."""
        before = datetime.now(UTC)
        while True:
            await asyncio.sleep(1)
            now = datetime.now(UTC)
            if now < before - _SET_BACK:
                log.warning("clock_set_back", extra={"secs": int((before - now).total_seconds())})
                for job in self._scheduler.get_jobs():
                    job.reschedule("date", run_date=now)
            before = now
