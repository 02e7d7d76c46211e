"""What happens by itself. The clock only beats; what is due stands in tables, and catching up after a pause is the normal path."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("keng.clock")
Beat = Callable[[], Awaitable[None]]
LOOK_EVERY_SECS = 15.0


class Clock:
    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._look: asyncio.TimerHandle | None = None

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
            max_instances=2,  # This one, and the one that set it: the library may not have counted that as ended yet.
        )

    async def _guarded(self, seconds: float, name: str, beat: Beat) -> None:
        try:
            await beat()
        except Exception as error:
            log.error("beat_failed", extra={"beat": name, "error": type(error).__name__})
        if self._scheduler.running:
            self.every(seconds, name, beat)

    def _catch_up_with_a_clock_set_back(self) -> None:
        """A machine may start hours ahead and be put right by the network; what was set by the wrong hour would rest until it came."""
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > timedelta(seconds=job.args[0] + 1):
                job.reschedule("date", run_date=now)
        self._look = asyncio.get_running_loop().call_later(LOOK_EVERY_SECS, self._catch_up_with_a_clock_set_back)

    @property
    def is_well(self) -> bool:
        return bool(self._scheduler.running)

    def start(self) -> None:
        self._scheduler.start()
        self._catch_up_with_a_clock_set_back()

    async def stop(self) -> None:
        if self._look:
            self._look.cancel()
        self._scheduler.shutdown(wait=False)
