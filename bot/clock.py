"""What happens by itself. The clock only beats; what is due stands in tables, and catching up after a pause is the normal path."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("keng.clock")
Beat = Callable[[], Awaitable[None]]


class Clock:
    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)

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
        return bool(self._scheduler.running)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
