"""What was shredded, kept outside the database: a line per tip, chat, call-back number or letter to the chief whose
key was destroyed.

A database that is restored from an older copy brings such keys back. The restore reads this list and destroys them again
(`storage/queries/shredding.py`). It names row ids and reasons in words of ours, nothing else. Every backup takes it along.

Lines are only added. One that a crash tore was never promised to anybody: it is passed over.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from storage.folders import sync_folder

Kind = Literal["tip", "chat", "callback", "letter"]
NAME = "shred-list"
LEFT_LYING, TAKEN_BACK = "draft left lying", "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    kind: Kind
    id: int
    at: int
    why: str

    @property
    def is_of_draft(self) -> bool:
        """A list is written before the key goes, and whoever takes a draft up again at that moment may still send it: then it is a tip,
        and what was promised about the draft does not hold for it."""
        return self.kind == "tip" and self.why in (LEFT_LYING, TAKEN_BACK)

    @property
    def key(self) -> tuple[Kind, int, bool]:
        return self.kind, self.id, self.is_of_draft


def append(path: Path, entries: Iterable[Entry]) -> None:
    """On the disk when this returns. Call it before the commit that destroys the keys: twice on the list does no harm, missing does."""
    lines = [json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries]
    if not lines:
        return
    is_new = not path.exists()
    with open(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+b") as file:
        content = "".join(lines)
        file.write((content if _ends_a_line(file.fileno()) else f"\n{content}").encode())  # One write, so that lines never mix.
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)


def read(path: Path) -> list[Entry]:
    """Nothing when there is no list."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [entry for line in lines if (entry := _entry(line)) is not None]


def merge(into: Path, *others: Iterable[Entry]) -> None:
    """Add what the list does not have yet."""
    known = {entry.key for entry in read(into)}
    fresh: dict[tuple[Kind, int, bool], Entry] = {}
    for entry in (entry for other in others for entry in other):
        if entry.key not in known:
            fresh.setdefault(entry.key, entry)
    append(into, fresh.values())


def _ends_a_line(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size == 0 or os.pread(handle, 1, size - 1) == b"\n"


def _entry(line: str) -> Entry | None:
    try:
        found = json.loads(line)
        entry = Entry(kind=found["kind"], id=int(found["id"]), at=int(found["at"]), why=str(found.get("why", "")))
    except (ValueError, KeyError, TypeError):
        return None
    return entry if entry.kind in get_args(Kind) else None
