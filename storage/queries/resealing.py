"""After keys are thought to be known to others: each tip and each chat gets a new key, and what stood under the old one is sealed anew.

A tip keeps its old keys in its ring, because rows of the history never change and stay under them. A chat has none of those, so its
old key goes. Files are sealed anew before (`bot/resealing.py`) and handed in here.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage.queries.callbacks import callback_key_place, number_place
from storage.queries.rings import chat_key_place, tip_key_place
from storage.queries.tips import file_key_place
from storage.queries.wards import ward_key_place
from storage.quick import Quick
from storage.vault import Place, Ring, Shredded, vault_of

_STEP = 500
# (table, column, whose row): every cell that stands under the ring of a tip, or of a chat.
_OF_TIP = (
    ("tips", "place", "id = :owner"),
    ("pieces", "words", "tip_id = :owner"),
    ("attachments", "source", "tip_id = :owner"),
    ("attachments", "sha256", "tip_id = :owner"),
    ("attachments", "file_key", "tip_id = :owner"),
    ("openings", "reason", "tip_id = :owner"),
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
    table: Quick(f"UPDATE {table} SET reseal_due = :due WHERE id > :after AND id <= :last AND data_key IS NOT NULL")
    for table in ("tips", "chats")
}
_TIP_KEY = Quick("SELECT data_key FROM tips WHERE id = :owner", postgres="FOR UPDATE")
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
_CALLBACKS = Quick("SELECT id, data_key, number FROM callbacks WHERE data_key IS NOT NULL AND id > :after ORDER BY id LIMIT 100")
_NEW_CALLBACK = Quick("UPDATE callbacks SET data_key = :wrapped, number = :number WHERE id = :row_id")
_SEARCH_KEY = Quick("SELECT id, material FROM keys WHERE ward_id = :ward_id AND purpose = 'search'", postgres="FOR UPDATE")
_NEW_SEARCH_KEY = Quick("UPDATE keys SET material = :wrapped WHERE id = :row_id")


@dataclass(frozen=True, slots=True, repr=False)
class StoredFile:
    """A file of a tip where it lies, and what opens it."""

    attachment: int
    original: str
    work: str
    thumb: str
    key: bytes


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


def mark_some(session: Session, table: str, *, after: int) -> int | None:
    """Everything of this table is to be sealed anew. The last row that was marked; None at the end."""
    ids = [row[0] for row in _SOME[table].run(session, after=after).fetchall()]
    if not ids:
        return None
    _MARK[table].run(session, after=after, last=ids[-1], due=True)
    return int(ids[-1])


def left(session: Session) -> int:
    return sum(int(query.run(session).fetchone()[0]) for query in _LEFT.values())


def next_due(session: Session, table: str, *, after: int) -> int | None:
    row = _NEXT[table].run(session, after=after).fetchone()
    return int(row[0]) if row else None


def files_of(session: Session, tip_id: int) -> list[StoredFile] | None:
    """None while something of it is still being brought."""
    if _BUSY_FILES.run(session, owner=tip_id).fetchone() is not None:
        return None
    ring = vault_of(session).unwrap(_TIP_KEY_ONLY.run(session, owner=tip_id).fetchone()[0], tip_key_place(tip_id))
    return [
        StoredFile(row_id, original, work, thumb, ring.open(bytes(file_key), file_key_place(row_id)))
        for row_id, original, work, thumb, file_key in _FILES.run(session, owner=tip_id).fetchall()
    ]


_TIP_KEY_ONLY = Quick("SELECT data_key FROM tips WHERE id = :owner")


def reseal_tip(session: Session, tip_id: int, files: list[tuple[str, StoredFile]]) -> bool:
    """`files`: where each original lay, and the file as it was sealed anew. False, and nothing done, when one of them has moved."""
    vault = vault_of(session)
    try:
        old = vault.unwrap(_TIP_KEY.run(session, owner=tip_id).fetchone()[0], tip_key_place(tip_id))
    except Shredded:
        _NEW_TIP_KEY.run(session, owner=tip_id, wrapped=None, due=False)
        return False
    new = old.grown()
    for before, file in files:
        sealed = old.seal(file.key, file_key_place(file.attachment))
        changed = _NEW_FILE.run(
            session, row_id=file.attachment, before=before, original=file.original, work=file.work, thumb=file.thumb, file_key=sealed
        )
        if changed.rowcount != 1:
            raise Moved
    _reseal_cells(session, _OF_TIP, tip_id, old, new)
    _NEW_TIP_KEY.run(session, owner=tip_id, wrapped=vault.wrap(new, tip_key_place(tip_id)), due=False)
    return True


class Moved(Exception):
    """A file was withdrawn or shredded while it was sealed anew; the tip is tried again."""


def reseal_chat(session: Session, chat_id: int, *, now: int) -> bool:
    """False while somebody holds it."""
    vault, row = vault_of(session), _CHAT_KEY.run(session, owner=chat_id, now=now).fetchone()
    if row is None:
        return False
    try:
        old, new = vault.unwrap(row[0], chat_key_place(chat_id)), Ring.fresh()
    except Shredded:
        _NEW_CHAT_KEY.run(session, owner=chat_id, wrapped=None, due=False)
        return True
    _reseal_cells(session, _OF_CHAT, chat_id, old, new)
    _NEW_CHAT_KEY.run(session, owner=chat_id, wrapped=vault.wrap(new, chat_key_place(chat_id)), due=False)
    return True


def reseal_callbacks(session: Session, *, after: int) -> int | None:
    """They have rings of their own: a new ring each."""
    vault = vault_of(session)
    rows = _CALLBACKS.run(session, after=after).fetchall()
    for row_id, data_key, number in rows:
        key_place, place, new = callback_key_place(row_id), number_place(row_id), Ring.fresh()
        opened = vault.unwrap(bytes(data_key), key_place).open(bytes(number), place)
        _NEW_CALLBACK.run(session, row_id=row_id, wrapped=vault.wrap(new, key_place), number=new.seal(opened, place))
    return int(rows[-1][0]) if rows else None


def _reseal_cells(session: Session, cells: tuple[tuple[str, str, str], ...], owner: int, old: Ring, new: Ring) -> None:
    for table, column, whose in cells:
        find = Quick(f"SELECT id, {column} FROM {table} WHERE {whose} AND {column} IS NOT NULL")
        change = Quick(f"UPDATE {table} SET {column} = :sealed WHERE id = :row_id")
        for row_id, sealed in find.run(session, owner=owner).fetchall():
            place = Place(table, column, row_id)
            change.run(session, row_id=row_id, sealed=new.seal(old.open(bytes(sealed), place), place))
