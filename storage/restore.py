"""A copy becomes a house again: on an empty machine, whole or not at all, and closed until a person opens it.

Everything is checked before anything is written: that the snapshot opens, that its rows are as many as its manifest says, that
every file it names lies there with the right hash. Then the files, then the rows in one transaction. On SQLite the database is
made beside its place and moved there at the end, so that a restore which was cut off has never been.
"""

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Engine, LargeBinary, Table, delete, func, select, update
from sqlalchemy.engine import make_url
from sqlmodel import Session, col

from storage import tables
from storage.backup import SUFFIX, columns_of, copy_whole, dumped_tables, snapshots_in
from storage.folders import sync_folder
from storage.media import MediaStore
from storage.memory import postgres_engine, sqlite_engine, sqlite_url
from storage.migrate import NEWEST, is_current, upgrade_here
from storage.queries.copies import chain_heads
from storage.queries.history import remember
from storage.queries.house import Closed, close_house, hold_waiting
from storage.queries.shredding import reapply
from storage.quick import as_json, insert
from storage.shred_list import Entry
from storage.snapshot_files import CopyTrouble, Manifest, NamedFile, TableDump, manifest_and_rows
from storage.tables import Tip
from storage.tables.columns import table_of
from storage.unlock import reading_engine
from storage.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    snapshot: str
    made_at: int
    rows: int
    tips: int
    files: int
    held: int  # Answers that were waiting, and now wait for a person's word.
    shredded: int  # Entries of the shred list that were done again.
    missing: tuple[str, ...]  # Files that were gone already when the copy was made.
    moved_aside: Path | None  # A database without tips that stood in the way.


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A snapshot that was read from end to end, with every file it names."""

    path: Path
    manifest: Manifest
    files: tuple[NamedFile, ...]  # Without those of shredded tips.
    entries: tuple[Entry, ...]


def pick_snapshot(folder: Path, name: str) -> Path:
    """The newest, unless one is named."""
    found = snapshots_in(folder)
    if name:
        found = [path for path in found if path.name in (name, f"{name}{SUFFIX}")]
    if not found:
        raise CopyTrouble(
            f"there is no copy{f' {name}' if name else ''} in {folder}; it should hold files like 2026-03-12T190000.000Z{SUFFIX}"
        )
    return found[-1]


def check_copy(path: Path, vault: Vault, shredded: Iterable[Entry]) -> Checked:
    """Reads all of it and writes nothing."""
    manifest, rows = manifest_and_rows(path, vault)
    _check_shape(manifest)
    entries = tuple(shredded)
    unwanted = _Unwanted(manifest, entries)
    counted: Counter[str] = Counter()
    for table, values in rows:
        counted[table] += 1
        unwanted.look_at(table, values)
    if {name: dump.rows for name, dump in manifest.tables.items()} != {name: counted[name] for name in manifest.tables}:
        raise CopyTrouble(f"{path.name} does not hold what it says; take another copy")
    files = tuple(file for file in manifest.files if file.place not in unwanted.places)
    for file in files:
        _check_file(path.parent, file)
    return Checked(path=path, manifest=manifest, files=files, entries=entries)


def refuse_if_used(url: str) -> None:
    """Never over something that is in use: a ward's tips, or on PostgreSQL anything at all."""
    engine = reading_engine(url)
    if engine is None:
        return
    try:
        with engine.connect() as connection:
            has = {name: engine.dialect.has_table(connection, name) and _count(connection, name) for name in ("tips", "wards")}
    finally:
        engine.dispose()
    if has["tips"]:
        raise CopyTrouble(
            f"the database holds {has['tips']} tips already; restore into an empty one (another KENG_DATA or KENG_DATABASE_URL)"
        )
    if has["wards"] and not _is_sqlite(url):
        raise CopyTrouble("the database was used already; make an empty one, run ./keng migrate, and restore into that")


def bring_back(checked: Checked, *, url: str, vault: Vault, store: MediaStore, history_id: int, copy_id: int, now: int) -> Restored:
    """`url` may change tables' rows; on SQLite the file there is made anew."""
    for file in checked.files:
        _bring_file(checked.path.parent, store, file)
    if not _is_sqlite(url):
        if not is_current(url):
            raise CopyTrouble("the database is not at the newest version; run ./keng migrate first")
        return _bring_rows(
            postgres_engine(url, connections=1), checked, vault, store, history_id=history_id, copy_id=copy_id, now=now, aside=None
        )
    place = Path(make_url(url).database or "")
    fresh = place.with_name(f"{place.name}.restoring")
    _remove(fresh)
    upgrade_here(sqlite_url(fresh))
    aside = place.with_name(f"{place.name}.before-restore-{now}") if place.exists() else None
    engine = sqlite_engine(sqlite_url(fresh), begin="BEGIN IMMEDIATE", connections=1)
    restored = _bring_rows(engine, checked, vault, store, history_id=history_id, copy_id=copy_id, now=now, aside=aside)
    _put_in_place(fresh, place, aside)
    return restored


def rebuild_search(session: Session) -> None:
    """Snapshots hold no search index: the house makes it anew from what was restored, while it serves."""
    session.execute(update(Tip).where(col(Tip.arrived_at).is_not(None), col(Tip.data_key).is_not(None)).values(index_due=True))


# -- checking --------------------------------------------------------------------------------------------------------------


def _check_shape(manifest: Manifest) -> None:
    here = {table.name: columns_of(table) for table in dumped_tables()}
    if manifest.schema != NEWEST or {name: dump.columns for name, dump in manifest.tables.items()} != here:
        raise CopyTrouble(
            f"this copy was made by another version of Kẻng (database {manifest.schema}, here {NEWEST});"
            " restore it with that version, then update"
        )


class _Unwanted:
    """Files of tips that are shredded again. Tips come before their files; a draft that was sent after all keeps its own."""

    def __init__(self, manifest: Manifest, entries: Iterable[Entry]) -> None:
        self.places: set[str] = set()
        found = [entry for entry in entries if entry.kind == "tip"]
        self._tips = {entry.id for entry in found if not entry.is_of_draft}
        self._drafts = {entry.id for entry in found if entry.is_of_draft}
        self._columns = {name: manifest.tables[name].columns for name in ("tips", "attachments", "covered_photos")}

    def look_at(self, table: str, values: list[Any]) -> None:
        if table not in self._columns:
            return
        row = dict(zip(self._columns[table], values, strict=True))
        if table == "tips" and row["id"] in self._drafts and row["state"] == "S0":
            self._tips.add(row["id"])
        elif table == "attachments" and row["tip_id"] in self._tips:
            self.places |= {row[name] for name in ("original", "work", "thumb")}
        elif table == "covered_photos" and row["tip_id"] in self._tips:
            self.places.add(row["place"])


def _check_file(folder: Path, file: NamedFile) -> None:
    try:
        with (folder / "files" / file.place).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        raise CopyTrouble(f"the file {file.place} of this copy is missing; take the folder whole, or another copy") from None
    if digest != file.sha256:
        raise CopyTrouble(f"the file {file.place} of this copy is damaged or was changed; take another copy")


def _count(connection: Any, name: str) -> int:
    table = next(table for table in dumped_tables() if table.name == name)
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


# -- files -------------------------------------------------------------------------------------------------------------------


def _bring_file(folder: Path, store: MediaStore, file: NamedFile) -> None:
    _size, digest = copy_whole(folder / "files" / file.place, store.path(file.place))
    if digest != file.sha256:  # It was right a moment ago.
        raise CopyTrouble(f"the file {file.place} changed while it was copied; look after the disk and start again")


# -- rows --------------------------------------------------------------------------------------------------------------------


def _bring_rows(
    engine: Engine, checked: Checked, vault: Vault, store: MediaStore, *, history_id: int, copy_id: int, now: int, aside: Path | None
) -> Restored:
    manifest = checked.manifest
    try:
        with Session(engine, info={"vault": vault}) as session, session.begin():
            _insert_rows(session, checked, vault)
            _compare(session, manifest)
            places = reapply(session, checked.entries)
            held = _close(session, checked, history_id=history_id, copy_id=copy_id, now=now)
            rebuild_search(session)
    finally:
        engine.dispose()
    for place in places:  # Uploads nobody had looked at yet; all others were not brought here at all.
        store.remove(place)
    return Restored(
        snapshot=checked.path.name,
        made_at=manifest.made_at,
        rows=sum(dump.rows for dump in manifest.tables.values()),
        tips=manifest.tables["tips"].rows,
        files=len(set(file.place for file in checked.files) - set(places)),
        held=held,
        shredded=len(checked.entries),
        missing=tuple(manifest.missing),
        moved_aside=aside,
    )


def _insert_rows(session: Session, checked: Checked, vault: Vault) -> None:
    _manifest, rows = manifest_and_rows(checked.path, vault)
    by_name = {table.name: _Inserter(table, checked.manifest.tables[table.name]) for table in dumped_tables()}
    for name, values in rows:
        by_name[name].insert(session, values)


class _Inserter:
    """Rows of one table, straight to the driver: what was JSON goes in as the text it was, on both engines."""

    def __init__(self, table: Table, dump: TableDump) -> None:
        self._names = dump.columns
        self._sealed = {name for name in dump.columns if isinstance(table.c[name].type, LargeBinary)}
        self._json = {name for name in dump.columns if isinstance(table.c[name].type, JSON)}
        self._statement = insert(table.name, *dump.columns)

    def insert(self, session: Session, values: list[Any]) -> None:
        self._statement.run(session, **{name: self._value(name, value) for name, value in zip(self._names, values, strict=True)})

    def _value(self, name: str, value: Any) -> Any:
        if name in self._json:
            return as_json(value)
        return base64.b64decode(value) if name in self._sealed and value is not None else value


def _compare(session: Session, manifest: Manifest) -> None:
    """What stands here now is what the copy said, to the row and to the last link of the chain."""
    found = {table.name: int(session.execute(select(func.count()).select_from(table)).scalar_one()) for table in dumped_tables()}
    if found != {name: dump.rows for name, dump in manifest.tables.items()} or chain_heads(session) != manifest.chain:
        raise CopyTrouble("what was restored differs from the copy; nothing was kept, try another copy")


def _close(session: Session, checked: Checked, *, history_id: int, copy_id: int, now: int) -> int:
    """Whatever the old machine may still be doing is not done here, and nobody is signed in."""
    manifest, chats, leases = checked.manifest, table_of(tables.Chat), table_of(tables.Lease)
    held = hold_waiting(session, now=now)
    session.execute(update(chats).values(in_holder=None, in_lease=0, out_holder=None, out_lease=0))
    session.execute(delete(leases).where(leases.c.name.in_(("house", "backup"))))
    session.execute(update(leases).values(holder="", until=0))
    session.execute(delete(table_of(tables.DeskSession)))
    session.execute(delete(table_of(tables.TypedWords)))
    close_house(session, manifest.ward_id, Closed(snapshot=checked.path.name, made_at=manifest.made_at, restored_at=now))
    _know_the_copy(session, checked, copy_id=copy_id)
    remember(
        session,
        history_id=history_id,
        ward_id=manifest.ward_id,
        tip_id=None,
        now=now,
        actor="command line",
        what="restored",
        snapshot=checked.path.name,
        made_at=manifest.made_at,
        held=held,
        shredded=len(checked.entries),
    )
    return held


def _know_the_copy(session: Session, checked: Checked, *, copy_id: int) -> None:
    """The house noted this copy after it was made, so the copy itself does not know of it."""
    copies, manifest = table_of(tables.BackupCopy), checked.manifest
    if session.execute(select(copies.c.id).where(copies.c.name == checked.path.name)).first() is None:
        session.add(
            tables.BackupCopy(
                id=copy_id,
                ward_id=manifest.ward_id,
                name=checked.path.name,
                place=str(checked.path.parent.resolve()),
                made_at=manifest.made_at,
                size=checked.path.stat().st_size + sum(file.size for file in manifest.files),
                files=len(manifest.files),
            )
        )
        session.flush()


# -- the place of an SQLite database -----------------------------------------------------------------------------------------


def _put_in_place(fresh: Path, place: Path, aside: Path | None) -> None:
    if aside is not None:
        for end in ("", "-wal", "-shm"):
            if (old := place.with_name(place.name + end)).exists():
                old.rename(aside.with_name(aside.name + end))
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.rename(place)
    sync_folder(place.parent)


def _remove(place: Path) -> None:
    for end in ("", "-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"
