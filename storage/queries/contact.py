"""Cutting contact: what leads from the tips to the person goes at once; the chat itself as soon as its last answer is out.

A block that is running stays as what it is, a keyed hash with an end (`tables.Block`), and goes when it ends.
"""

from sqlmodel import Session

from storage import moments
from storage.queries import subscriptions
from storage.queries.shredding import untie
from storage.quick import Quick

# Long enough to read the last answer on the web page once more.
_LAST_LOOK = 10 * moments.MINUTE
_GIVE_UP = moments.DAY

_CANCEL = Quick(
    "UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now"
    " WHERE chat_id = :chat_id AND status IN ('waiting', 'held', 'parked')"
)
_CUT = Quick("UPDATE chats SET cut_at = :now WHERE id = :chat_id")
_READY = Quick(
    "SELECT id FROM chats WHERE cut_at IS NOT NULL AND data_key IS NOT NULL AND (cut_at < :give_up OR ("
    " (channel <> 'webchat' OR cut_at < :last_look)"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat_id = chats.id AND o.status IN ('waiting', 'held', 'parked'))"
    " AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.chat_id = chats.id AND i.status = 'waiting'))) LIMIT 100"
)


def cut(session: Session, chat_id: int, *, now: int) -> None:
    """Before the last answer is queued: what waits to be said to this person is said no more."""
    _CANCEL.run(session, chat_id=chat_id, now=now)
    untie(session, chat_id, now=now, actor="resident")
    subscriptions.drop(session, chat_id)
    _CUT.run(session, chat_id=chat_id, now=now)


def to_forget(session: Session, *, now: int) -> list[int]:
    """Chats whose last answer is out, or will not go out any more."""
    return [row[0] for row in _READY.run(session, last_look=now - _LAST_LOOK, give_up=now - _GIVE_UP).fetchall()]
