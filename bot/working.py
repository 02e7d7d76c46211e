"""A command that takes long says so to whoever watches it: on a terminal, and never into a file, a pipe or a log."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

FIRST_SECS, EVERY_SECS = 3.0, 5.0


@contextmanager
def working(what: str, *, to: TextIO | None = None, first: float = FIRST_SECS, every: float = EVERY_SECS) -> Iterator[None]:
    told = to or sys.stderr
    if not told.isatty():
        yield
        return
    started, is_over = time.monotonic(), threading.Event()

    def tell() -> None:
        wait = first
        while not is_over.wait(wait):
            told.write(f"{what}, {time.monotonic() - started:.0f} seconds so far…\n")
            told.flush()
            wait = every

    teller = threading.Thread(target=tell, name="working", daemon=True)
    teller.start()
    try:
        yield
    finally:
        is_over.set()
        teller.join()
