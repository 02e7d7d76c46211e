"""Files under one folder, every one of them sealed. A file is on disk, whole and under its final name, before any row speaks of it."""

import os
import secrets
from pathlib import Path

from storage import moments
from storage.folders import sync_folder
from storage.sealed_files import read_sealed, seal_file


class MediaStore:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        for name in ("incoming", "originals", "copies"):
            (self.root / name).mkdir(parents=True, exist_ok=True, mode=0o700)

    def new_incoming(self) -> Path:
        """A place for bytes that are still arriving. What a crash leaves here is swept away later."""
        return self.root / "incoming" / secrets.token_hex(16)

    def new_place(self, folder: str, now: int) -> str:
        """A name that tells the day and nothing else."""
        return f"{folder}/{moments.local(now):%Y/%m/%d}/{secrets.token_hex(16)}"

    def path(self, relative: str) -> Path:
        """The file's place, shown to lie inside the store before anybody opens it."""
        place = Path(os.path.normpath(self.root / relative))  # By the name alone: asking the disk cost a fifth of keeping a photo.
        if not place.is_relative_to(self.root):
            raise ValueError("outside the media folder")
        return place

    def adopt(self, incoming: Path, relative: str) -> None:
        """Write, fsync, rename, fsync the folder: after this the file survives a power cut under its name."""
        place = self.path(relative)
        if not place.parent.exists():
            place.parent.mkdir(parents=True, mode=0o700)
            sync_folder(place.parent.parent)
        with incoming.open("rb") as file:
            os.fsync(file.fileno())
        incoming.rename(place)
        sync_folder(place.parent)

    def keep(self, content: bytes, place: str, *, key: bytes) -> None:
        incoming = self.new_incoming()
        try:
            seal_file(incoming, content, key=key, name=place)
            self.adopt(incoming, place)
        finally:
            incoming.unlink(missing_ok=True)

    def read(self, place: str, *, key: bytes) -> bytes:
        return read_sealed(self.path(place), key=key, name=place)

    def remove(self, relative: str) -> None:
        if relative:
            self.path(relative).unlink(missing_ok=True)

    def old_originals(self, *, before: float) -> list[str]:
        files = (path for path in (self.root / "originals").rglob("*") if path.is_file())
        return [str(path.relative_to(self.root)) for path in files if path.stat().st_mtime < before]

    def forget_stale_incoming(self, *, before: float) -> int:
        stale = [path for path in (self.root / "incoming").iterdir() if path.stat().st_mtime < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)
