"""A group that has another id from now on is the same chat as before."""

from sqlmodel import Session

from storage.queries.rings import chat_ring
from storage.quick import Quick
from storage.vault import Place

_OTHER = Quick(
    "SELECT c.id, g.id FROM chats c LEFT JOIN chat_groups g ON g.chat_id = c.id WHERE c.chat_hash = :chat_hash AND c.id <> :chat_id"
)
_FORGET = Quick("UPDATE chats SET chat_hash = NULL WHERE id = :chat_id")
_ADDRESS = Quick("UPDATE chats SET address = :address WHERE id = :chat_id")
_HASH = Quick("UPDATE chats SET chat_hash = :chat_hash WHERE id = :chat_id AND chat_hash IS NOT NULL")


def move(session: Session, chat_id: int, *, address: str, chat_hash: str) -> None:
    """Where it already called us by its new id, that was taken for another chat: unless somebody linked that one, it is forgotten."""
    sealed = chat_ring(session, chat_id).seal_text(address, Place("chats", "address", chat_id))
    _ADDRESS.run(session, chat_id=chat_id, address=sealed)
    other = _OTHER.run(session, chat_hash=chat_hash, chat_id=chat_id).fetchone()
    if other is not None and other[1] is not None:
        return
    if other is not None:
        _FORGET.run(session, chat_id=other[0])
    _HASH.run(session, chat_id=chat_id, chat_hash=chat_hash)
