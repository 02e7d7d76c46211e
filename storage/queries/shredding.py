"""Forgetting: the key of a tip, a chat, a call-back number or a letter to the chief goes, and with it every cell that it sealed.

Rows, states, times and the history stay; what was sealed reads as nothing from now on. Everything here may be done twice.
Whoever calls this writes to the shred list first (`storage/shred_list.py`), so that a restore does it again.
"""

from collections.abc import Iterable

from sqlmodel import Session

from storage.ids import new_id
from storage.queries import attachments, search, subscriptions
from storage.queries.history import remember
from storage.queries.rings import tip_ring
from storage.queries.tips import source_place
from storage.quick import Quick
from storage.shred_list import Entry
from storage.vault import Sealed, Shredded

_FILES = Quick("SELECT id, source, original, work, thumb FROM attachments WHERE tip_id = :tip_id")
_COVERED_FILES = Quick("SELECT place FROM covered_photos WHERE tip_id = :tip_id AND place <> ''")
_TIP = Quick(
    "UPDATE tips SET data_key = NULL, place = NULL, code = NULL, index_due = :no, reseal_due = :no,"
    " shredded_at = COALESCE(shredded_at, :now) WHERE id = :tip_id"
)
_WORDS = Quick("UPDATE pieces SET words = NULL WHERE tip_id = :tip_id")
_ATTACHMENTS = Quick(
    "UPDATE attachments SET status = 'shredded', source = NULL, file_key = NULL, sha256 = NULL, original = '', work = '', thumb = ''"
    " WHERE tip_id = :tip_id"
)
_COVERED = Quick("UPDATE covered_photos SET file_key = NULL, place = '' WHERE tip_id = :tip_id")
_ANSWERS_OF_TIP = Quick(
    "UPDATE outbox SET status = CASE WHEN status IN ('waiting', 'held', 'parked') THEN 'cancelled' ELSE status END,"
    " settled_at = COALESCE(settled_at, :now), reply = NULL WHERE tip_id = :tip_id"
)
_NOTICES = Quick("UPDATE notices SET body = NULL WHERE tip_id = :tip_id")
_QUESTIONS = Quick("UPDATE questions SET words = NULL WHERE tip_id = :tip_id")
_NOTES = Quick("UPDATE tip_notes SET words = NULL WHERE tip_id = :tip_id")
_HELD = Quick("UPDATE held_texts SET body = NULL, reason = NULL WHERE tip_id = :tip_id")
_APPEALS = Quick("UPDATE appeals SET data_key = NULL, words = NULL, answer = NULL WHERE tip_id = :tip_id")
# Two people of the desk send a tip to paper: what was written to the chief about it, and nobody has answered, is not theirs to end.
_ANSWERED_APPEALS = Quick(
    "UPDATE appeals SET data_key = NULL, words = NULL, answer = NULL WHERE tip_id = :tip_id AND answered_at IS NOT NULL"
)
_LETTER = Quick(
    "UPDATE appeals SET data_key = NULL, words = NULL, answer = NULL WHERE id = :letter_id AND data_key IS NOT NULL"
    " RETURNING ward_id, tip_id"
)
_UNTIE_APPEALS = Quick("UPDATE appeals SET chat_id = NULL WHERE chat_id = :chat_id")
_UNTIE_BLOCK = Quick("UPDATE blocks SET tip_id = NULL WHERE tip_id = :tip_id")
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
    "UPDATE outbox SET status = CASE WHEN status IN ('waiting', 'held', 'parked') THEN 'cancelled' ELSE status END,"
    " settled_at = COALESCE(settled_at, :now), reply = NULL WHERE chat_id = :chat_id"
)
_THREAD = Quick("UPDATE web_messages SET body = NULL WHERE chat_id = :chat_id")
_TIPS_OF_CHAT = Quick("SELECT id, ward_id FROM tips WHERE chat_id = :chat_id")
_UNTIE = Quick("UPDATE tips SET chat_id = NULL, code = NULL, code_hash = NULL WHERE chat_id = :chat_id")
_STANDS = Quick("SELECT ward_id, state, data_key FROM tips WHERE id = :tip_id")
_BOOK = Quick("UPDATE book_entries SET body = NULL WHERE tip_id = :tip_id")
_DELETE_WORDS = Quick("DELETE FROM pieces WHERE tip_id = :tip_id")
_DROP = Quick(
    "UPDATE tips SET state = 'dropped', place = NULL, cell = '', neighbourhood_id = NULL, data_key = NULL, shredded_at = :now"
    " WHERE id = :tip_id"
)


def shred_tip(session: Session, tip_id: int, *, now: int, why: str, actor: str = "system") -> tuple[str, ...]:
    """The places of its files, for the caller to remove after the commit. Without the key they are noise already.

    A line stays that says what was shredded, when and why. Done a second time, this changes nothing."""
    row = _STANDS.run(session, tip_id=tip_id).fetchone()
    if row is None or row[2] is None:
        return ()
    ward_id, state, _data_key = row
    if state == "S0":
        return drop_draft(session, tip_id, ward_id=ward_id, history_id=new_id(), now=now, what="draft_expired", actor=actor)
    places = _places(session, tip_id)
    search.remove(session, tip_id)  # While the words can still be told apart from others'.
    letters = _ANSWERED_APPEALS if state == "paper" else _APPEALS
    for statement in (_WORDS, _NOTES, _ATTACHMENTS, _COVERED, _NOTICES, _QUESTIONS, _BOOK, _HELD, letters, _OPENINGS, _SHARES, _IDENTITIES):
        statement.run(session, tip_id=tip_id)
    for (callback_id,) in _CALLBACKS_OF_TIP.run(session, tip_id=tip_id).fetchall():
        shred_callback(session, callback_id, now=now)
    _ANSWERS_OF_TIP.run(session, tip_id=tip_id, now=now)
    _TIP.run(session, tip_id=tip_id, now=now, no=False)
    remember(session, history_id=new_id(), ward_id=ward_id, tip_id=tip_id, now=now, actor=actor, what="shredded", why=why)
    return places


def drop_draft(session: Session, tip_id: int, *, ward_id: int, history_id: int, now: int, what: str, actor: str) -> tuple[str, ...]:
    """An unsent draft that its author gave up or left lying: no word of it stays, the row and its history do."""
    places = _places(session, tip_id)
    attachments.withdraw(session, tip_id)
    for statement in (_DELETE_WORDS, _SHARES, _IDENTITIES):
        statement.run(session, tip_id=tip_id)
    for (callback_id,) in _CALLBACKS_OF_TIP.run(session, tip_id=tip_id).fetchall():
        shred_callback(session, callback_id, now=now)
    _ANSWERS_OF_TIP.run(session, tip_id=tip_id, now=now)
    _DROP.run(session, tip_id=tip_id, now=now)
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=actor, what=what)
    return places


def untie(session: Session, chat_id: int, *, now: int, actor: str) -> None:
    """What leads from the tips to the person goes: the chat, the code and its look-up hash, a number to call. What they told stays."""
    for tip_id, ward_id in _TIPS_OF_CHAT.run(session, chat_id=chat_id).fetchall():
        for (callback_id,) in _CALLBACKS_OF_TIP.run(session, tip_id=tip_id).fetchall():
            shred_callback(session, callback_id, now=now)
        _UNTIE_BLOCK.run(session, tip_id=tip_id)
        remember(session, history_id=new_id(), ward_id=ward_id, tip_id=tip_id, now=now, actor=actor, what="contact_cut")
    _UNTIE.run(session, chat_id=chat_id)
    _UNTIE_APPEALS.run(session, chat_id=chat_id)


def shred_chat(session: Session, chat_id: int, *, now: int, actor: str = "system") -> None:
    """Who it was can neither be found nor written to again. Their tips stay, and lead to nobody."""
    _INBOX.run(session, chat_id=chat_id, now=now)
    _ANSWERS_OF_CHAT.run(session, chat_id=chat_id, now=now)
    _THREAD.run(session, chat_id=chat_id)
    untie(session, chat_id, now=now, actor=actor)
    subscriptions.drop(session, chat_id)
    _CHAT.run(session, chat_id=chat_id, now=now, no=False)


def shred_callbacks_of(session: Session, tip_id: int, *, now: int) -> None:
    for (callback_id,) in _CALLBACKS_OF_TIP.run(session, tip_id=tip_id).fetchall():
        shred_callback(session, callback_id, now=now)


def shred_callback(session: Session, callback_id: int, *, now: int) -> None:
    _CALLBACK.run(session, callback_id=callback_id, now=now)


def shred_letter(session: Session, letter_id: int, *, now: int, why: str, actor: str = "system") -> None:
    """One that goes by itself, and not with its tip. That there was one, of what kind, and when it was answered, stays."""
    row = _LETTER.run(session, letter_id=letter_id).fetchone()
    if row is not None:
        ward_id, tip_id = row
        ids = {"history_id": new_id(), "ward_id": ward_id, "tip_id": tip_id}
        remember(session, **ids, now=now, actor=actor, what="letter_shredded", letter=letter_id, why=why)


def reapply(session: Session, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The whole list once more, over a database from an older copy. Entries about rows that it never had change nothing."""
    places: list[str] = []
    for entry in entries:
        if entry.is_of_draft and not _is_draft(session, entry.id):
            continue
        if entry.kind == "tip":
            places += shred_tip(session, entry.id, now=entry.at, why=entry.why, actor="restore")
        elif entry.kind == "chat":
            shred_chat(session, entry.id, now=entry.at, actor="restore")
        elif entry.kind == "letter":
            shred_letter(session, entry.id, now=entry.at, why=entry.why, actor="restore")
        else:
            shred_callback(session, entry.id, now=entry.at)
    return tuple(places)


def _is_draft(session: Session, tip_id: int) -> bool:
    row = _STANDS.run(session, tip_id=tip_id).fetchone()
    return row is not None and row[1] == "S0"


def _places(session: Session, tip_id: int) -> tuple[str, ...]:
    places = [str(place) for (place,) in _COVERED_FILES.run(session, tip_id=tip_id).fetchall()]
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
