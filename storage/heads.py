"""Heads of the chain, a day apiece, in a file beside the database: whoever makes the chain anew must find this file too, and every
backup, shift sheet and paper that carries a head."""

import json
import os
from pathlib import Path

from storage import moments
from storage.queries.chain import Head


class HeadBook:
    def __init__(self, data: Path) -> None:
        self._path = data / "heads"

    def note_daily(self, head: Head, *, now: int) -> bool:
        """One line a day is enough; True when it was written."""
        day = f"{moments.local(now):%Y-%m-%d}"
        if head.seq == 0 or any(line["day"] == day for line in self._lines()):
            return False
        with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(json.dumps({"day": day, "head": str(head)}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def all(self) -> list[Head]:
        return [head for line in self._lines() if (head := Head.read(line["head"]))]

    def _lines(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        lines = []
        for text in self._path.read_text().splitlines():
            try:
                lines.append(json.loads(text))
            except ValueError:
                continue  # A line that a power cut left half.
        return lines
