"""Row ids, made by us before the insert.

An id is 41 bits of milliseconds, 10 bits drawn once per process and a 12-bit counter: rising within a process,
unique across processes for all practical purposes. A clash is an ordinary unique violation, never a lost row.
"""

import secrets
import threading
import time

_EPOCH_MS = 1_704_067_200_000  # 2024-01-01 UTC
_node = secrets.randbits(10)
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new_id() -> int:
    global _last_ms, _counter
    with _lock:
        now_ms = max(time.time_ns() // 1_000_000, _last_ms)
        if now_ms == _last_ms:
            _counter += 1
            if _counter >= 4096:  # Borrow from the next millisecond rather than wait for it.
                now_ms += 1
                _counter = 0
        else:
            _counter = 0
        _last_ms = now_ms
        return ((now_ms - _EPOCH_MS) << 22) | (_node << 12) | _counter


def first_id_of(offset_ms: int, *, near: int) -> int:
    """The smallest id that could have been drawn so long before or after this one."""
    return max(0, ((near >> 22) + offset_ms) << 22)


def id_at(moment: int) -> int:
    """No id that was drawn at this moment or later is smaller."""
    return max(0, moment - _EPOCH_MS) << 22
