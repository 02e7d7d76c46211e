"""After keys are thought to be known to others: each tip and each chat gets a new key, and what stood under the old one is sealed anew.

A tip keeps its old keys in its ring, because rows of the history never change and stay under them. A chat has none of those, so its
old key goes. Files are sealed anew before (`bot/resealing.py`) and handed in here.

A cell that does not open, because it was changed or broke, is left as it is and named; everything else goes on.
"""

import contextlib
from dataclasses import dataclass

from sqlmodel import Session

from storage.queries.aftercare import appeal_answer_place, appeal_key_place, appeal_words_place
from storage.queries.callbacks import callback_key_place, number_place
from storage.queries.covered import covered_key_place
from storage.queries.rewrap import Stepped, called, renewed, resealed
from storage.queries.rings import chat_key_place, tip_key_place
from storage.queries.tips import file_key_place
from storage.queries.wards import ward_key_place
from storage.quick import Quick
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of, wrapped_by_in_sql

_STEP = 500
# (table, column, whose row): every cell that stands under the ring of a tip, or of a chat.
_OF_TIP = (
    ("tips", "place", "id = :owner"),
    ("pieces", "words", "tip_id = :owner"),
    ("attachments", "source", "tip_id = :owner"),
    ("attachments", "sha256", "tip_id = :owner"),
    ("attachments", "file_key", "tip_id = :owner"),
    ("covered_photos", "file_key", "tip_id = :owner"),
    ("openings", "reason", "tip_id = :owner"),
    ("notices", "body", "tip_id = :owner"),
    ("questions", "words", "tip_id = :owner"),
    ("tip_notes", "words", "tip_id = :owner"),
    ("held_texts", "body", "tip_id = :owner"),
    ("held_texts", "reason", "tip_id = :owner"),
    ("outbox", "reply", "tip_id = :owner AND sealed_under = 'tip'"),
)
_OF_CHAT = (
    ("chats", "address", "id = :owner"),
    ("chats", "state", "id = :owner"),
    ("tips", "code", "chat_id = :owner"),
    ("inbox", "payload", "chat_id = :owner"),
    ("web_messages", "body", "chat_id = :owner"),
    ("outbox", "reply", "chat_id = :owner AND sealed_under = 'chat'"),
)
_NEXT = {table: Quick(f"SELECT id FROM {table} WHERE reseal_due AND id > :after ORDER BY id LIMIT 1") for table in ("tips", "chats")}
_LEFT = {table: Quick(f"SELECT count(*) FROM {table} WHERE reseal_due") for table in ("tips", "chats")}
_SOME = {table: Quick(f"SELECT id FROM {table} WHERE id > :after ORDER BY id LIMIT {_STEP}") for table in ("tips", "chats")}
_MARK = {
    # What is not under the master key of now does not open at all: the new one has named it.
    table: Quick(
        f"UPDATE {table} SET reseal_due = :due WHERE id > :after AND id <= :last AND data_key IS NOT NULL"
        f" AND {wrapped_by_in_sql('data_key')} = :master_id"
    )
    for table in ("tips", "chats")
}
_TIP_KEY = Quick("SELECT data_key FROM tips WHERE id = :owner", postgres="FOR NO KEY UPDATE")
_GIVE_UP = {table: Quick(f"UPDATE {table} SET reseal_due = :due WHERE id = :owner") for table in ("tips", "chats")}
_NEW_TIP_KEY = Quick("UPDATE tips SET data_key = :wrapped, reseal_due = :due WHERE id = :owner")
# Only while nobody holds the chat; and the fences rise, so that whoever slept with the old key in hand is refused.
_CHAT_KEY = Quick(
    "UPDATE chats SET in_fence = in_fence + 1, out_fence = out_fence + 1 WHERE id = :owner AND in_lease < :now AND out_lease < :now"
    " RETURNING data_key"
)
_NEW_CHAT_KEY = Quick("UPDATE chats SET data_key = :wrapped, reseal_due = :due WHERE id = :owner")
_BUSY_FILES = Quick("SELECT id FROM attachments WHERE tip_id = :owner AND status = 'waiting' LIMIT 1")
_FILES = Quick("SELECT id, original, work, thumb, file_key FROM attachments WHERE tip_id = :owner AND file_key IS NOT NULL")
_NEW_FILE = Quick(
    "UPDATE attachments SET original = :original, work = :work, thumb = :thumb, file_key = :file_key WHERE id = :row_id"
    " AND original = :before"
)
_COVERED = Quick("SELECT id, place, file_key FROM covered_photos WHERE tip_id = :owner AND file_key IS NOT NULL")
_NEW_COVERED = Quick("UPDATE covered_photos SET place = :place, file_key = :file_key WHERE id = :row_id AND place = :before")
_CALLBACKS = Quick(
    "SELECT id, data_key, number FROM callbacks WHERE data_key IS NOT NULL AND id > :after ORDER BY id LIMIT 100", postgres="FOR UPDATE"
)
_NEW_CALLBACK = Quick("UPDATE callbacks SET data_key = :wrapped, number = :number WHERE id = :row_id")
_APPEALS = Quick(
    "SELECT id, data_key, words, answer FROM appeals WHERE data_key IS NOT NULL AND id > :after ORDER BY id LIMIT 100",
    postgres="FOR UPDATE",
)
_NEW_APPEAL = Quick("UPDATE appeals SET data_key = :wrapped, words = :words, answer = :answer WHERE id = :row_id")
_SEARCH_KEY = Quick("SELECT id, material FROM keys WHERE ward_id = :ward_id AND purpose = 'search'", postgres="FOR UPDATE")
_NEW_SEARCH_KEY = Quick("UPDATE keys SET material = :wrapped WHERE id = :row_id")


@dataclass(frozen=True, slots=True, repr=False)
class StoredFile:
    """A file of a tip where it lies, and what opens it. A covered copy of a photo stands under `original`, and has nothing else."""

    attachment: int
    original: str
    work: str
    thumb: str
    key: bytes
    is_covered: bool = False

    @property
    def key_place(self) -> Place:
        return covered_key_place(self.attachment) if self.is_covered else file_key_place(self.attachment)


def renew_search_key(session: Session, ward_id: int) -> None:
    """A new one in front; the old one finds what is not yet indexed anew."""
    key_id, ring = _search_ring(session, ward_id)
    _NEW_SEARCH_KEY.run(session, row_id=key_id, wrapped=vault_of(session).wrap(ring.grown(), ward_key_place(key_id)))


def drop_old_search_keys(session: Session, ward_id: int) -> None:
    """When nothing in the index stands under them any more."""
    key_id, ring = _search_ring(session, ward_id)
    _NEW_SEARCH_KEY.run(session, row_id=key_id, wrapped=vault_of(session).wrap(Ring((ring.current,)), ward_key_place(key_id)))


def _search_ring(session: Session, ward_id: int) -> tuple[int, Ring]:
    key_id, material = _SEARCH_KEY.run(session, ward_id=ward_id).fetchone()
    return key_id, vault_of(session).unwrap(bytes(material), ward_key_place(key_id))


def mark_some(session: Session, table: str, *, after: int) -> Stepped | None:
    """Everything of this table is to be sealed anew. None at the end."""
    ids = [row[0] for row in _SOME[table].run(session, after=after).fetchall()]
    if not ids:
        return None
    _MARK[table].run(session, after=after, last=ids[-1], due=True, master_id=vault_of(session).master_id)
    return Stepped(int(ids[-1]), len(ids))


def left(session: Session) -> int:
    return sum(int(query.run(session).fetchone()[0]) for query in _LEFT.values())


def next_due(session: Session, table: str, *, after: int) -> int | None:
    row = _NEXT[table].run(session, after=after).fetchone()
    return int(row[0]) if row else None


def files_of(session: Session, tip_id: int) -> list[StoredFile] | None:
    """None while something of it is still being brought. What opens them is there as far as it opens itself."""
    if _BUSY_FILES.run(session, owner=tip_id).fetchone() is not None:
        return None
    found = []
    with contextlib.suppress(Sealed, Shredded, WrongMaster):  # `reseal_tip` says so.
        ring = vault_of(session).unwrap(_TIP_KEY_ONLY.run(session, owner=tip_id).fetchone()[0], tip_key_place(tip_id))
        for row_id, original, work, thumb, file_key in _FILES.run(session, owner=tip_id).fetchall():
            with contextlib.suppress(Sealed):
                found.append(StoredFile(row_id, original, work, thumb, ring.open(bytes(file_key), file_key_place(row_id))))
        for row_id, place, file_key in _COVERED.run(session, owner=tip_id).fetchall():
            with contextlib.suppress(Sealed):
                key = ring.open(bytes(file_key), covered_key_place(row_id))
                found.append(StoredFile(row_id, place, "", "", key, is_covered=True))
    return found


_TIP_KEY_ONLY = Quick("SELECT data_key FROM tips WHERE id = :owner")


@dataclass(frozen=True, slots=True)
class Resealed:
    """`is_done`: under a new key, but for the cells that do not open."""

    is_done: bool
    broken: tuple[str, ...] = ()


def reseal_tip(session: Session, tip_id: int, files: list[tuple[str, StoredFile]]) -> Resealed:
    """`files`: where each original lay, and the file as it was sealed anew. Raises Moved when one of them has moved since."""
    vault = vault_of(session)
    try:
        old = vault.unwrap(_TIP_KEY.run(session, owner=tip_id).fetchone()[0], tip_key_place(tip_id))
    except (Sealed, Shredded, WrongMaster) as trouble:
        return _give_up(session, tip_key_place(tip_id), trouble)
    new = old.grown()
    for before, file in files:
        if _moves(session, file, before, old.seal(file.key, file.key_place)) != 1:
            raise Moved
    broken = _reseal_cells(session, _OF_TIP, tip_id, old, new)
    _NEW_TIP_KEY.run(session, owner=tip_id, wrapped=vault.wrap(new, tip_key_place(tip_id)), due=False)
    return Resealed(True, broken)


def _moves(session: Session, file: StoredFile, before: str, file_key: bytes) -> int:
    if file.is_covered:
        changed = _NEW_COVERED.run(session, row_id=file.attachment, before=before, place=file.original, file_key=file_key)
    else:
        names = {"original": file.original, "work": file.work, "thumb": file.thumb}
        changed = _NEW_FILE.run(session, row_id=file.attachment, before=before, file_key=file_key, **names)
    return int(changed.rowcount)


def _give_up(session: Session, place: Place, trouble: Exception) -> Resealed:
    """Its key was shredded, or does not open: there is nothing to be sealed anew, now or later. But a house that has not been given the
    new master key yet does not open it either, and tries again."""
    if not isinstance(trouble, WrongMaster):
        _GIVE_UP[place.table].run(session, owner=place.row_id, due=False)
    return Resealed(False, () if isinstance(trouble, Shredded) else (called(place),))


class Moved(Exception):
    """A file was withdrawn or shredded while it was sealed anew; the tip is tried again."""


def reseal_chat(session: Session, chat_id: int, *, now: int) -> Resealed:
    """Not done while somebody holds it."""
    vault, row = vault_of(session), _CHAT_KEY.run(session, owner=chat_id, now=now).fetchone()
    if row is None:
        return Resealed(False)
    try:
        old, new = vault.unwrap(row[0], chat_key_place(chat_id)), Ring.fresh()
    except (Sealed, Shredded, WrongMaster) as trouble:
        return _give_up(session, chat_key_place(chat_id), trouble)
    broken = _reseal_cells(session, _OF_CHAT, chat_id, old, new)
    _NEW_CHAT_KEY.run(session, owner=chat_id, wrapped=vault.wrap(new, chat_key_place(chat_id)), due=False)
    return Resealed(True, broken)


def reseal_callbacks(session: Session, *, after: int) -> Stepped | None:
    """They have rings of their own: a new ring each."""
    rows, broken = _CALLBACKS.run(session, after=after).fetchall(), list[str]()
    for row_id, data_key, number in rows:
        if fresh := renewed(session, callback_key_place(row_id), data_key, {number_place(row_id): number}, broken):
            _NEW_CALLBACK.run(session, row_id=row_id, **fresh)
    return Stepped(int(rows[-1][0]), len(rows), tuple(broken)) if rows else None


def reseal_appeals(session: Session, *, after: int) -> Stepped | None:
    """The same for complaints, threats and wishes about data, and for what was answered."""
    rows, broken = _APPEALS.run(session, after=after).fetchall(), list[str]()
    for row_id, data_key, words, answer in rows:
        cells = {appeal_words_place(row_id): words, appeal_answer_place(row_id): answer}
        if fresh := renewed(session, appeal_key_place(row_id), data_key, cells, broken):
            _NEW_APPEAL.run(session, row_id=row_id, **fresh)
    return Stepped(int(rows[-1][0]), len(rows), tuple(broken)) if rows else None


def _reseal_cells(session: Session, cells: tuple[tuple[str, str, str], ...], owner: int, old: Ring, new: Ring) -> tuple[str, ...]:
    """The cells that do not open."""
    broken: list[str] = []
    for table, column, whose in cells:
        find = Quick(f"SELECT id, {column} FROM {table} WHERE {whose} AND {column} IS NOT NULL")
        change = Quick(f"UPDATE {table} SET {column} = :sealed WHERE id = :row_id")
        for row_id, sealed in find.run(session, owner=owner).fetchall():
            place = Place(table, column, row_id)
            change.run(session, row_id=row_id, sealed=resealed(old, new, sealed, place, broken))
    return tuple(broken)
