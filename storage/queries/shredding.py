"""Forgetting: the key of a tip, a chat or a call-back number goes, and with it every cell that it sealed.

Rows, states, times and the history stay; what was sealed reads as nothing from now on. Everything here may be done twice.
Whoever calls this writes to the shred list first (`storage/shred_list.py`), so that a restore does it again.
"""

from collections.abc import Iterable

from sqlmodel import Session

from storage.queries.rings import tip_ring
from storage.queries.tips import source_place
from storage.quick import Quick
from storage.shred_list import Entry
from storage.vault import Sealed, Shredded

_FILES = Quick("SELECT id, source, original, work, thumb FROM attachments WHERE tip_id = :tip_id")
_TIP = Quick(
    "UPDATE tips SET data_key = NULL, place = NULL, code = NULL, index_due = :no, reseal_due = :no,"
    " shredded_at = COALESCE(shredded_at, :now) WHERE id = :tip_id"
)
_WORDS = Quick("UPDATE pieces SET words = NULL WHERE tip_id = :tip_id")
_ATTACHMENTS = Quick(
    "UPDATE attachments SET status = 'shredded', source = NULL, file_key = NULL, sha256 = NULL, original = '', work = '', thumb = ''"
    " WHERE tip_id = :tip_id"
)
_ANSWERS_OF_TIP = Quick(
    "UPDATE outbox SET status = CASE WHEN status IN ('waiting', 'held') THEN 'cancelled' ELSE status END,"
    " settled_at = COALESCE(settled_at, :now), reply = NULL WHERE tip_id = :tip_id"
)
_OPENINGS = Quick("UPDATE openings SET reason = NULL, content = NULL WHERE tip_id = :tip_id")
_SHARES = Quick("UPDATE identity_shares SET share = NULL WHERE identity_id IN (SELECT id FROM identities WHERE tip_id = :tip_id)")
_IDENTITIES = Quick("UPDATE identities SET value = NULL WHERE tip_id = :tip_id")
_CALLBACKS_OF_TIP = Quick("SELECT id FROM callbacks WHERE tip_id = :tip_id")
_CALLBACK = Quick("UPDATE callbacks SET data_key = NULL, number = NULL, shredded_at = COALESCE(shredded_at, :now) WHERE id = :callback_id")
_CHAT = Quick(
    "UPDATE chats SET data_key = NULL, address = NULL, state = NULL, chat_hash = NULL, takes_names = :no,"
    " cut_at = COALESCE(cut_at, :now) WHERE id = :chat_id"
)
# Without a key nobody can handle these: they would be tried for ever.
_INBOX = Quick(
    "UPDATE inbox SET payload = NULL, status = CASE WHEN status = 'waiting' THEN 'done' ELSE status END,"
    " done_at = COALESCE(done_at, :now) WHERE chat_id = :chat_id"
)
_ANSWERS_OF_CHAT = Quick(
    "UPDATE outbox SET status = CASE WHEN status IN ('waiting', 'held') THEN 'cancelled' ELSE status END,"
    " settled_at = COALESCE(settled_at, :now), reply = NULL WHERE chat_id = :chat_id"
)
_THREAD = Quick("UPDATE web_messages SET body = NULL WHERE chat_id = :chat_id")
_TIPS_OF_CHAT = Quick("UPDATE tips SET chat_id = NULL, code = NULL WHERE chat_id = :chat_id")


def shred_tip(session: Session, tip_id: int, now: int) -> tuple[str, ...]:
    """The places of its files, for the caller to remove after the commit. Without the key they are noise already."""
    places = _places(session, tip_id)
    for statement in (_WORDS, _ATTACHMENTS, _OPENINGS, _SHARES, _IDENTITIES):
        statement.run(session, tip_id=tip_id)
    for (callback_id,) in _CALLBACKS_OF_TIP.run(session, tip_id=tip_id).fetchall():
        shred_callback(session, callback_id, now)
    _ANSWERS_OF_TIP.run(session, tip_id=tip_id, now=now)
    _TIP.run(session, tip_id=tip_id, now=now, no=False)
    return places


def shred_chat(session: Session, chat_id: int, now: int) -> None:
    """Who it was can neither be found nor written to again. Their tips stay, and lead to nobody."""
    _INBOX.run(session, chat_id=chat_id, now=now)
    _ANSWERS_OF_CHAT.run(session, chat_id=chat_id, now=now)
    _THREAD.run(session, chat_id=chat_id)
    _TIPS_OF_CHAT.run(session, chat_id=chat_id)
    _CHAT.run(session, chat_id=chat_id, now=now, no=False)


def shred_callback(session: Session, callback_id: int, now: int) -> None:
    _CALLBACK.run(session, callback_id=callback_id, now=now)


def reapply(session: Session, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The whole list once more, over a database from an older copy. Entries about rows that it never had change nothing."""
    places: list[str] = []
    for entry in entries:
        if entry.kind == "tip":
            places += shred_tip(session, entry.id, entry.at)
        elif entry.kind == "chat":
            shred_chat(session, entry.id, entry.at)
        else:
            shred_callback(session, entry.id, entry.at)
    return tuple(places)


def _places(session: Session, tip_id: int) -> tuple[str, ...]:
    places: list[str] = []
    for row_id, source, original, work, thumb in _FILES.run(session, tip_id=tip_id).fetchall():
        places += [place for place in (original, work, thumb) if place]
        if source is not None:
            places += _upload(session, tip_id, row_id, bytes(source))
    return tuple(places)


def _upload(session: Session, tip_id: int, row_id: int, source: bytes) -> list[str]:
    """A browser's upload lies in the folder before anybody looked at it; its place is known to the sealed source alone."""
    try:
        found = tip_ring(session, tip_id).open_json(source, source_place(row_id))
    except (Sealed, Shredded):
        return []
    return [str(found["stored"])] if "stored" in found else []
