"""What goes back and forth between the desk and a resident about one tip, as the desk sees it; and the end of a tip.

Never who somebody is: a tip that no chat belongs to any more says only that there is none.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.aftercare import question_place
from storage.queries.history import secret_place
from storage.queries.tips import Reader
from storage.quick import Quick
from storage.tables import HistoryRow, Question, Tip
from storage.vault import Place, Ring, Sealed

# What officers wrote about a tip; its words are sealed in the history, and nowhere else.
_WRITTEN = ("told", "closed", "reopened")
_STANDS = Quick(
    "SELECT code_tail, chat_id, category, urgent_at, accepted_at, closed_at, CASE WHEN state = 'paper' THEN NULL ELSE data_key END, rating"
    " FROM tips"
    " WHERE ward_id = :ward_id AND id = :tip_id AND arrived_at IS NOT NULL",
    postgres="FOR UPDATE",
)
_OPEN_QUESTION = Quick("SELECT id FROM questions WHERE tip_id = :tip_id AND settled_at IS NULL ORDER BY id")
_DROP_NOTICE = Quick("UPDATE notices SET read_at = :now WHERE question_id = :question_id AND read_at IS NULL RETURNING id")
_CLOSE = Quick("UPDATE tips SET closed_at = :now WHERE id = :tip_id AND closed_at IS NULL AND accepted_at IS NOT NULL RETURNING id")
_REOPEN = Quick("UPDATE tips SET closed_at = NULL WHERE id = :tip_id AND closed_at IS NOT NULL RETURNING id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides whether somebody may be written to about a tip."""

    tail: str
    has_chat: bool
    category: str
    is_urgent: bool
    is_accepted: bool
    is_closed: bool
    is_shredded: bool
    is_rated: bool


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


def standing(session: Session, ward_id: int, tip_id: int) -> Standing | None:
    row = _STANDS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    tail, chat_id, category, urgent_at, accepted_at, closed_at, data_key, rating = row
    return Standing(
        tail=tail,
        has_chat=chat_id is not None,
        category=category,
        is_urgent=urgent_at is not None,
        is_accepted=accepted_at is not None,
        is_closed=closed_at is not None,
        is_shredded=data_key is None,
        is_rated=rating is not None,
    )


def open_questions(session: Session, tip_id: int) -> list[int]:
    return [row[0] for row in _OPEN_QUESTION.run(session, tip_id=tip_id).fetchall()]


def drop_notice(session: Session, question_id: int, *, now: int) -> list[int]:
    """Nobody needs to read it any more. Which ones there were, for the history."""
    return [row[0] for row in _DROP_NOTICE.run(session, question_id=question_id, now=now).fetchall()]


def close(session: Session, tip_id: int, *, now: int) -> bool:
    """False: it is closed already, or nobody has taken it on."""
    return _CLOSE.run(session, tip_id=tip_id, now=now).fetchone() is not None


def reopen(session: Session, tip_id: int) -> bool:
    return _REOPEN.run(session, tip_id=tip_id).fetchone() is not None


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
    query = select(HistoryRow).where(
        col(HistoryRow.ward_id) == ward_id, col(HistoryRow.tip_id) == tip_id, col(HistoryRow.what).in_(_WRITTEN)
    )
    return [
        WrittenSeen(at=row.at, actor=row.actor, what=row.what, text=_opened(ring, row.secret, secret_place(row.id)))
        for row in session.execute(query.order_by(col(HistoryRow.at), col(HistoryRow.id))).scalars()
    ]


def _ring(session: Session, ward_id: int, tip_id: int) -> Ring | None:
    tip = session.execute(select(Tip).where(col(Tip.ward_id) == ward_id, col(Tip.id) == tip_id)).scalar_one_or_none()
    return Reader.of(session, tip).ring if tip else None


def _opened(ring: Ring | None, sealed: bytes | None, place: Place) -> str:
    """Empty where it was shredded, or does not open."""
    try:
        return ring.open_text(sealed, place) if ring and sealed else ""
    except Sealed:
        return ""
