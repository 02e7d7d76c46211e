"""Copies of the whole house into a folder, while it serves.

    <folder>/<UTC stamp>.keng     one snapshot of the database (`snapshot_files.py`)
    <folder>/files/<place>        the media files it names: sealed since they arrived, never changed, so each is copied once
    <folder>/shred-list           what must be forgotten again after a restore (`shred_list.py`)

The rows are read in one transaction that sees one moment. Most files are copied before it, so that it stays short; a name
appears only when what it names is whole and on the disk. Nothing here is decided by a lock file: whoever crashed has let go.
"""

import base64
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, LargeBinary, Table, func, select
from sqlalchemy.engine import Connection, make_url
from sqlmodel import Session, SQLModel

from storage import shred_list, tables
from storage.folders import sync_folder
from storage.media import MediaStore
from storage.memory import postgres_engine, sqlite_engine
from storage.migrate import NEWEST
from storage.queries.copies import chain_heads, files_named
from storage.snapshot_files import (
    VERSION,
    CopyTrouble,
    Manifest,
    NamedFile,
    TableDump,
    read_manifest,
    row_line,
    write_snapshot,
)
from storage.vault import Vault

SUFFIX = ".keng"
_PART = ".part"  # Not yet whole: never taken for a copy, swept away by the next run.
_PORTION = 1024 * 1024


class Stopped(Exception):
    """The house stops; what was half done is swept away by the next run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    name: str
    folder: str
    made_at: int
    size: int  # Of the snapshot and of all files it names.
    files: int
    missing: int  # Files that a row names and that were not there to be copied.
    kept: tuple[str, ...]  # Every snapshot in the folder now, oldest first.
    unreadable: int  # Of those: sealed under another master key. While there are any, no file is removed.


def make_backup(
    url: str,
    vault: Vault,
    store: MediaStore,
    *,
    shredded: Path,
    folder: Path,
    keep: int,
    now: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> Made:
    """Raises CopyTrouble with a sentence, Stopped, or what the database says when it is away."""
    if keep < 1:
        raise CopyTrouble("a backup keeps at least one copy; give --keep 1 or more")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = folder.resolve()
        with _alone_in(folder):
            return _Backup(url, vault, store, folder, should_stop).make(shredded=shredded, keep=keep, now=now)
    except OSError as error:
        raise CopyTrouble(
            f"the copy could not be written to {folder}: {error.strerror or error}; make room there or take another folder",
            kind="folder",
        ) from None


def snapshots_in(folder: Path) -> list[Path]:
    """Oldest first: their names are moments."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file())


_MADE_ANEW = {"search_docs", "search_sweeps"}


def dumped_tables() -> list[Table]:
    """Every table of the models, in an order in which foreign keys hold. A search index is not among them: it is built anew."""
    assert tables.__all__
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in _MADE_ANEW]


def columns_of(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.computed is None]


class _Backup:
    def __init__(self, url: str, vault: Vault, store: MediaStore, folder: Path, should_stop: Callable[[], bool]) -> None:
        self._url, self._vault, self._store, self._folder, self._should_stop = url, vault, store, folder, should_stop
        self._known: dict[str, NamedFile] = {}  # What the newest readable snapshot says of files that lie here already.

    def make(self, *, shredded: Path, keep: int, now: int) -> Made:
        self._sweep()
        self._known = self._known_files()
        engine = _snapshot_engine(self._url)
        try:
            self._copy_most_files(engine)
            with engine.connect() as connection, Session(connection, info={"vault": self._vault}) as session:
                path, manifest = self._write(connection, session, now=now)
        finally:
            engine.dispose()
        shred_list.merge(self._folder / shred_list.NAME, shred_list.read(shredded))
        kept, unreadable = self._forget_old(path, keep=keep)
        return Made(
            name=path.name,
            folder=str(self._folder),
            made_at=now,
            size=path.stat().st_size + sum(file.size for file in manifest.files),
            files=len(manifest.files),
            missing=len(manifest.missing),
            kept=kept,
            unreadable=unreadable,
        )

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _write(self, connection: Connection, session: Session, *, now: int) -> tuple[Path, Manifest]:
        manifest = self._manifest(session, now=now)
        path = self._folder / f"{datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%dT%H%M%S}.{now % 1000:03}Z{SUFFIX}"
        part = path.with_name(path.name + _PART)
        try:
            write_snapshot(part, self._vault, manifest, self._rows(connection))
            part.rename(path)
            sync_folder(self._folder)
        finally:
            part.unlink(missing_ok=True)
        return path, manifest

    def _manifest(self, session: Session, *, now: int) -> Manifest:
        ward_id, ward_name = session.execute(select(tables.Ward.id, tables.Ward.name).order_by(tables.Ward.id).limit(1)).one()  # type: ignore[call-overload]
        files, missing = self._copy_files(sorted(files_named(session)))
        return Manifest(
            version=VERSION,
            schema=NEWEST,
            made_at=now,
            ward_id=ward_id,
            ward_name=ward_name,
            tables={
                table.name: TableDump(columns_of(table), int(session.execute(select(func.count()).select_from(table)).scalar_one()))
                for table in dumped_tables()
            },
            files=files,
            missing=missing,
            chain=chain_heads(session),
        )

    def _rows(self, connection: Connection) -> Iterator[bytes]:
        for table in dumped_tables():
            columns = [table.c[name] for name in columns_of(table)]
            sealed = [at for at, column in enumerate(columns) if isinstance(column.type, LargeBinary)]
            query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=500)
            for number, row in enumerate(connection.execute(query)):
                if number % 500 == 0:
                    self._check()
                values: list[Any] = list(row)
                for at in sealed:
                    values[at] = None if values[at] is None else base64.b64encode(values[at]).decode()
                yield row_line(table.name, values)

    # -- files ---------------------------------------------------------------------------------------------------------

    def _copy_most_files(self, engine: Engine) -> None:
        """Long before the snapshot's own transaction, which then finds nearly everything here."""
        with Session(engine, info={"vault": self._vault}) as session:
            places = sorted(files_named(session))
        files, _missing = self._copy_files(places)
        self._known |= {file.place: file for file in files}

    def _copy_files(self, places: list[str]) -> tuple[list[NamedFile], list[str]]:
        files: list[NamedFile] = []
        missing: list[str] = []
        for place in places:
            self._check()
            try:
                files.append(self._copy_file(place))
            except FileNotFoundError:
                missing.append(place)
        return files, missing

    def _copy_file(self, place: str) -> NamedFile:
        target, known = self._folder / "files" / place, self._known.get(place)
        if known is not None and _size(target) == known.size:
            return known
        source = self._store.path(place)
        if (size := _size(target)) is not None and size == source.stat().st_size and (digest := _sha256(target)) == _sha256(source):
            return NamedFile(place, size, digest)  # Copied by a run that did not live to write its snapshot.
        size, digest = copy_whole(source, target)
        return NamedFile(place, size, digest)

    # -- old ones ------------------------------------------------------------------------------------------------------

    def _known_files(self) -> dict[str, NamedFile]:
        for path in reversed(snapshots_in(self._folder)):
            try:
                return {file.place: file for file in read_manifest(path, self._vault).files}
            except CopyTrouble:
                continue
        return {}

    def _sweep(self) -> None:
        for part in self._folder.rglob(f"*{_PART}"):
            part.unlink(missing_ok=True)

    def _forget_old(self, made: Path, *, keep: int) -> tuple[tuple[str, ...], int]:
        """First the snapshots, then the files that none of the remaining ones names. The one just made stays, whatever the clock says."""
        older = [path for path in snapshots_in(self._folder) if path != made]
        for path in older[: max(0, len(older) - (keep - 1))]:
            path.unlink()
        kept = snapshots_in(self._folder)
        named: set[str] = set()
        unreadable = 0
        for path in kept:
            try:
                named |= {file.place for file in read_manifest(path, self._vault).files}
            except CopyTrouble:
                unreadable += 1
        if not unreadable:
            self._forget_files(named)
        return tuple(path.name for path in kept), unreadable

    def _forget_files(self, named: set[str]) -> None:
        root = self._folder / "files"
        for path in list(root.rglob("*")):
            if path.is_file() and path.relative_to(root).as_posix() not in named:
                path.unlink()

    def _check(self) -> None:
        if self._should_stop():
            raise Stopped


def copy_whole(source: Path, target: Path) -> tuple[int, str]:
    """(size, SHA-256) of what was copied: written beside, fsynced, renamed, and only then there."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        if not target.parent.exists():
            target.parent.mkdir(parents=True, mode=0o700)
            sync_folder(target.parent.parent)
        part = target.with_name(f"{target.name}.{secrets.token_hex(4)}{_PART}")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while portion := file.read(_PORTION):
                    out.write(portion)
                    digest.update(portion)
                    size += len(portion)
                out.flush()
                os.fsync(out.fileno())
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return size, digest.hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two runs into one folder would sweep each other's files. The kernel lets go when a run dies."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise CopyTrouble(f"another backup into {folder} is under way; wait until it is done", kind="busy") from None
        yield


def _snapshot_engine(url: str) -> Engine:
    """Connections whose transaction sees one moment of the database, whatever others commit meanwhile."""
    if make_url(url).get_backend_name() == "sqlite":
        return sqlite_engine(url, begin="BEGIN", connections=1)
    return postgres_engine(url, connections=1).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
