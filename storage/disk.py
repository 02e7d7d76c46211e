"""How full the disk is, and what that means. Words are worth more than pictures, so pictures stop first, and a reserve is kept for words.

Below 15 % free the desk is told. Below 10 % the web page takes no new files, and files on other channels wait at the platform. Below
5 % nothing is brought any more. Words are taken until the reserve, set aside beforehand, is used up too.
"""

import logging
import os
import shutil
import time
from enum import IntEnum
from pathlib import Path

log = logging.getLogger("keng.disk")

_LOOK_EVERY_SECS = 1.0
_MOST_RESERVE = 128 * 1024 * 1024
_RESERVE_SHARE = 50  # One part in so many of a small disk.


class Room(IntEnum):
    """From full to fine, so that they can be compared."""

    NO_FILES = 0
    NO_NEW_FILES = 1
    LOW = 2
    FINE = 3


_LIMITS = ((0.05, Room.NO_FILES), (0.10, Room.NO_NEW_FILES), (0.15, Room.LOW))


class Disk:
    def __init__(self, data: Path) -> None:
        self._data, self._reserve = data, data / "reserve"
        self._looked_at, self._share, self._free, self._total = -_LOOK_EVERY_SECS, 1.0, 0, 0
        self._look()
        self._reserve_bytes = min(_MOST_RESERVE, self._total // _RESERVE_SHARE)

    @property
    def share_free(self) -> float:
        """The reserve counts as used: it is."""
        self._look()
        return self._share

    @property
    def room(self) -> Room:
        share = self.share_free
        return next((room for limit, room in _LIMITS if share < limit), Room.FINE)

    @property
    def reserve_is_open(self) -> bool:
        return not self._reserve.exists()

    def tend_reserve(self) -> None:
        """A beat of the clock: opened when hardly anything is left, set aside anew when there is room again."""
        self._looked_at = -_LOOK_EVERY_SECS
        self._look()
        if self._reserve.exists():
            if self._free < self._reserve_bytes // 2:
                self._reserve.unlink()
                log.error("disk_reserve_opened")
        elif self._free > 3 * self._reserve_bytes:
            self._set_aside()

    def _set_aside(self) -> None:
        handle = os.open(self._reserve, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, max(1, self._reserve_bytes))
        except OSError:
            self._reserve.unlink(missing_ok=True)
        finally:
            os.close(handle)

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_SECS:
            usage = shutil.disk_usage(self._data)
            # Of what may be used: on many disks a part of the whole is never ours, kept for root or by a quota.
            ours = usage.used + usage.free
            self._looked_at, self._free, self._total = now, usage.free, ours
            self._share = usage.free / ours if ours else 1.0
