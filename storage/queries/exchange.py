"""What goes back and forth between the desk and a resident about one tip, as the desk sees it; and the end of a tip.

Never who somebody is: a tip that no chat belongs to any more says only that there is none.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.aftercare import body_place, question_place
from storage.queries.history import lines_of_tip, secret_place
from storage.queries.one_tip import tip_row
from storage.queries.tips import Reader
from storage.quick import Quick
from storage.tables import Question
from storage.vault import Place, Ring, Sealed

# What officers wrote about a tip; its words are sealed in the history, and nowhere else.
_WRITTEN = ("told", "closed", "closed_result", "reopened")
_STANDS = Quick(
    "SELECT code_tail, chat_id, code_hash, category, urgent_at, accepted_at, closed_at,"
    " CASE WHEN state = 'paper' THEN NULL ELSE data_key END, rating, state FROM tips"
    " WHERE ward_id = :ward_id AND id = :tip_id AND arrived_at IS NOT NULL",
    postgres="FOR NO KEY UPDATE",
)
_SENT = Quick(
    "SELECT n.id, n.question_id, n.created_at, n.knocked_at, n.read_at, n.outbox_id, n.body, o.status, o.error, o.settled_at"
    " FROM notices n LEFT JOIN outbox o ON o.id = n.outbox_id AND o.tip_id = n.tip_id"
    " WHERE n.ward_id = :ward_id AND n.tip_id = :tip_id ORDER BY n.id"
)
_WAYS = Quick(
    "SELECT t.about, t.code_hash, c.data_key FROM tips t LEFT JOIN callbacks c ON c.tip_id = t.id"
    " WHERE t.ward_id = :ward_id AND t.id = :tip_id"
)
_LANGUAGE = Quick("SELECT c.language FROM tips t JOIN chats c ON c.id = t.chat_id WHERE t.ward_id = :ward_id AND t.id = :tip_id")
_HEARD = Quick(
    "SELECT c.channel, COALESCE(c.window_from, c.last_in_at) FROM tips t JOIN chats c ON c.id = t.chat_id"
    " WHERE t.ward_id = :ward_id AND t.id = :tip_id AND c.data_key IS NOT NULL AND c.cut_at IS NULL"
)
_OPEN_QUESTION = Quick("SELECT id FROM questions WHERE tip_id = :tip_id AND settled_at IS NULL ORDER BY id")
_DROP_NOTICE = Quick("UPDATE notices SET read_at = :now WHERE question_id = :question_id AND read_at IS NULL RETURNING id")
_CLOSE = Quick("UPDATE tips SET closed_at = :now, state = :state WHERE id = :tip_id AND closed_at IS NULL RETURNING id")
# What came before somebody accepted it was read with the tip.
_WROTE = Quick("UPDATE tips SET unanswered_at = COALESCE(unanswered_at, :now) WHERE id = :tip_id AND accepted_at IS NOT NULL")
_ANSWERED = Quick("UPDATE tips SET unanswered_at = NULL WHERE id = :tip_id AND unanswered_at IS NOT NULL RETURNING id")
_REOPEN = Quick("UPDATE tips SET closed_at = NULL, state = :state WHERE id = :tip_id AND closed_at IS NOT NULL RETURNING id")


def note_resident_wrote(session: Session, tip_id: int, *, now: int) -> None:
    """It waits for an answer from its first word on."""
    _WROTE.run(session, tip_id=tip_id, now=now)


def note_answered(session: Session, tip_id: int) -> bool:
    """Whether anything had waited for it."""
    return _ANSWERED.run(session, tip_id=tip_id).fetchone() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether somebody may be written to about a tip."""

    tail: str
    has_chat: bool
    has_code: bool  # Without a chat, whoever holds the code reads at /tra-cuu.
    category: str
    is_urgent: bool
    is_accepted: bool
    is_closed: bool
    is_shredded: bool
    is_rated: bool
    state: str

    @property
    def is_read(self) -> bool:
        """Whether anybody is left who could read what is written to them."""
        return self.has_chat or self.has_code


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSeen:
    id: int
    words: str
    asked_by: int
    asked_at: int
    settled_at: int | None
    outcome: str  # answered, skipped, withdrawn; empty while it waits.


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSeen:
    """Something an officer wrote: to the resident, or why a tip was opened again."""

    at: int
    actor: str
    what: str
    text: str
    notice: int = 0  # The one that brings it to the resident.


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSeen:
    """How far something has come that the desk said about a tip. Of the outbox only the row that carried it, or its knock."""

    id: int
    question_id: int | None
    created_at: int
    knocked_at: int | None
    read_at: int | None
    has_row: bool  # There was one; `status` is empty once it was cleared away.
    status: str
    error: str
    settled_at: int | None
    file: int = 0
    file_mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysLeft:
    """How else somebody may be reached, without saying who they are."""

    has_callback: bool
    wants_paper: bool
    has_code: bool


def standing(session: Session, ward_id: int, tip_id: int) -> Standing | None:
    row = _STANDS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    tail, chat_id, code_hash, category, urgent_at, accepted_at, closed_at, data_key, rating, state = row
    return Standing(
        tail=tail,
        has_chat=chat_id is not None,
        has_code=code_hash is not None,
        category=category,
        is_urgent=urgent_at is not None,
        is_accepted=accepted_at is not None,
        is_closed=closed_at is not None,
        is_shredded=data_key is None,
        is_rated=rating is not None,
        state=state,
    )


def open_questions(session: Session, tip_id: int) -> list[int]:
    return [row[0] for row in _OPEN_QUESTION.run(session, tip_id=tip_id).fetchall()]


def drop_notice(session: Session, question_id: int, *, now: int) -> list[int]:
    """Nobody needs to read it any more. Which ones there were, for the history."""
    return [row[0] for row in _DROP_NOTICE.run(session, question_id=question_id, now=now).fetchall()]


def close(session: Session, tip_id: int, *, state: str, now: int) -> bool:
    """False: it is closed already."""
    return _CLOSE.run(session, tip_id=tip_id, state=state, now=now).fetchone() is not None


def reopen(session: Session, tip_id: int, *, state: str) -> bool:
    return _REOPEN.run(session, tip_id=tip_id, state=state).fetchone() is not None


def questions_of(session: Session, ward_id: int, tip_id: int) -> list[QuestionSeen]:
    """In the order they were asked."""
    ring = _ring(session, ward_id, tip_id)
    query = select(Question).where(col(Question.ward_id) == ward_id, col(Question.tip_id) == tip_id).order_by(col(Question.id))
    return [
        QuestionSeen(
            id=row.id,
            words=_opened(ring, row.words, question_place(row.id)),
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            settled_at=row.settled_at,
            outcome=row.outcome,
        )
        for row in session.execute(query).scalars()
    ]


def written_of(session: Session, ward_id: int, tip_id: int) -> list[WrittenSeen]:
    ring = _ring(session, ward_id, tip_id)
    return [
        WrittenSeen(
            at=row.at,
            actor=row.actor,
            what=row.what,
            text=_opened(ring, row.secret, secret_place(row.id)),
            notice=int(row.detail.get("notice", 0)),
        )
        for row in lines_of_tip(session, ward_id, tip_id, _WRITTEN)
    ]


def sent_of(session: Session, ward_id: int, tip_id: int) -> list[SentSeen]:
    """In the order they were written."""
    ring = _ring(session, ward_id, tip_id)
    found = []
    for row in _SENT.run(session, ward_id=ward_id, tip_id=tip_id).fetchall():
        notice_id, question_id, created_at, knocked_at, read_at, outbox_id, body, status, error, settled_at = row
        reply = _opened_reply(ring, body, body_place(notice_id))
        found.append(
            SentSeen(
                id=notice_id,
                question_id=question_id,
                created_at=created_at,
                knocked_at=knocked_at,
                read_at=read_at,
                has_row=outbox_id is not None,
                status=status or "",
                error=error or "",
                settled_at=settled_at,
                file=int(reply.get("file", 0)),
                file_mime=str(reply.get("file_mime", "")),
            )
        )
    return found


def ways_left(session: Session, ward_id: int, tip_id: int) -> WaysLeft:
    row = _WAYS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    about, code_hash, callback = row if row else ("", None, None)
    return WaysLeft(has_callback=callback is not None, wants_paper=about == "named_paper", has_code=code_hash is not None)


@dataclass(frozen=True, slots=True)
class HeardOn:
    """On which channel there is somebody to be written to, and since when that channel lets us."""

    channel: str
    since: int | None


def heard_on(session: Session, ward_id: int, tip_id: int) -> HeardOn | None:
    row = _HEARD.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    return HeardOn(*row) if row else None


def language_of(session: Session, ward_id: int, tip_id: int) -> str:
    """The one the resident is written to in."""
    row = _LANGUAGE.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    return str(row[0]) if row else "vi"


def _opened_reply(ring: Ring | None, body: bytes | None, place: Place) -> dict[str, Any]:
    try:
        return dict(ring.open_json(bytes(body), place)) if ring and body else {}
    except Sealed:
        return {}


def _ring(session: Session, ward_id: int, tip_id: int) -> Ring | None:
    tip = tip_row(session, ward_id, tip_id)
    return Reader.of(session, tip).ring if tip else None


def _opened(ring: Ring | None, sealed: bytes | None, place: Place) -> str:
    """Empty where it was shredded, or does not open."""
    try:
        return ring.open_text(sealed, place) if ring and sealed else ""
    except Sealed:
        return ""
