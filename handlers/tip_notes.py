"""Internal notes: what officers write among themselves about a tip. No resident ever reads one, and no card, list or paper carries it.

A note is never changed. Its writer may strike it out: then everybody sees that there was one, and only who decides over the tip (the chief,
of a fenced tip its keepers) still reads the words.
"""

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.exchange import to_change
from handlers.officers import Mistake
from storage import moments
from storage.queries import tip_notes as rows
from storage.queries.tip_notes import NoteSeen

MOST_WRITTEN = 4_000
_PRESSED_AGAIN = moments.MINUTE


def checked(text: str) -> str:
    """Raises Mistake."""
    words = clean(text)
    if not words:
        raise Mistake("note-empty")
    if len(words) > MOST_WRITTEN:
        raise Mistake("note-long")
    return words


def write(session: Session, act: Act, *, tip_id: int, words: str, note_id: int) -> None:
    """Raises Mistake. The same words from the same hand within a minute are a button pressed twice."""
    to_change(session, act, tip_id)
    for one in rows.of_tip(session, act.ward_id, tip_id, opens_struck=False):
        if one.words == words and one.written_by == act.officer_id and one.written_at > act.now - _PRESSED_AGAIN:
            return
    mark = rows.keep(session, note_id=note_id, ward_id=act.ward_id, tip_id=tip_id, words=words, by=act.officer_id, now=act.now)
    note(session, act, "note_written", tip_id=tip_id, note=note_id, mark=mark)


def strike(session: Session, act: Act, *, tip_id: int, note_id: int) -> None:
    """Raises Mistake. A second press changes nothing."""
    to_change(session, act, tip_id)
    if (one := _one(session, act, tip_id, note_id)) is None:
        raise Mistake("desk-no-tip")
    if one.written_by != act.officer_id:
        raise Mistake("note-not-yours")
    if rows.strike(session, note_id, now=act.now):
        note(session, act, "note_struck", tip_id=tip_id, note=note_id)


def _one(session: Session, act: Act, tip_id: int, note_id: int) -> NoteSeen | None:
    return next((one for one in rows.of_tip(session, act.ward_id, tip_id, opens_struck=False) if one.id == note_id), None)
