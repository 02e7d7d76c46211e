"""The rings of tips, chats and wards, unwrapped for one transaction."""

from sqlmodel import Session

from storage.quick import Quick
from storage.vault import Place, Ring, Shredded, vault_of

_TIP = Quick("SELECT data_key FROM tips WHERE id = :row_id")
_CHAT = Quick("SELECT data_key FROM chats WHERE id = :row_id")


def tip_ring(session: Session, tip_id: int) -> Ring:
    """Raises Shredded when the key is gone, or never was."""
    return vault_of(session).unwrap(_key(session, _TIP, tip_id), tip_key_place(tip_id))


def chat_ring(session: Session, chat_id: int) -> Ring:
    return vault_of(session).unwrap(_key(session, _CHAT, chat_id), chat_key_place(chat_id))


def tip_key_place(tip_id: int) -> Place:
    return Place("tips", "data_key", tip_id)


def chat_key_place(chat_id: int) -> Place:
    return Place("chats", "data_key", chat_id)


def _key(session: Session, query: Quick, row_id: int) -> bytes | None:
    row = query.run(session, row_id=row_id).fetchone()
    if row is None:
        raise Shredded("row")
    key: bytes | None = row[0]
    return key
