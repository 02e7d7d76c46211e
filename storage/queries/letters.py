"""Complaints, threats and wishes about data, as rows: each under a ring of its own, and read by the chief alone; what is about a fenced
tip by its keepers instead."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries import held_texts
from storage.queries.aftercare import appeal_answer_place, appeal_key_place, appeal_words_place
from storage.queries.sight import Sight, letter_is_mine
from storage.queries.tips import FileSeen, files_of_letter
from storage.quick import Quick
from storage.tables import Appeal, Tip
from storage.vault import Ring, Sealed, WrongMaster, vault_of

MOST_OF_ONE = 5
MOST_OPEN = 500  # More of them are a flood, and the first of every sender stand above it.
_SEEN = Quick("UPDATE appeals SET seen_by = :officer_id, seen_at = :now WHERE id = :letter_id AND seen_at IS NULL")
_ANSWERED = Quick(
    "UPDATE appeals SET answered_by = :officer_id, answered_at = :now, answer = :answer, seen_by = COALESCE(seen_by, :officer_id),"
    " seen_at = COALESCE(seen_at, :now) WHERE id = :letter_id AND answered_at IS NULL RETURNING id"
)
_LAST_TIP = Quick(
    "SELECT id FROM tips WHERE chat_id = :chat_id AND arrived_at IS NOT NULL AND data_key IS NOT NULL ORDER BY arrived_at DESC LIMIT 1"
)
_STANDS = Quick("SELECT 1 FROM tips WHERE id = :tip_id AND chat_id = :chat_id AND data_key IS NOT NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How much of the chief's mail waits."""

    open: int = 0
    threats: int = 0  # Not looked at yet.
    newest_threat: int = 0
    held: int = 0  # Texts of officers that wait for the chief's yes.
    complaints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    id: int
    kind: str
    about: str
    tip_id: int | None
    tail: str
    asked_at: int
    due_at: int | None
    seen_at: int | None
    answered_at: int | None
    answered_by: int | None
    is_shredded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    line: LetterLine
    words: str
    how: str  # told, waits, called, met; empty while it waits.
    answer: str
    chat_id: int | None
    seen_by: int | None
    is_damaged: bool
    files: tuple[FileSeen, ...]  # What was said or shown instead of written.


def waiting(session: Session, sight: Sight) -> Waiting:
    [row] = _waiting_query(sight).rows(session)
    held = held_texts.count_waiting(session, sight)
    return Waiting(open=row[0], threats=row[1], newest_threat=row[2], held=held, complaints=row[3])


@lru_cache(maxsize=KEPT_MOST)
def _waiting_query(sight: Sight) -> Prepared:
    is_new = and_(col(Appeal.kind) == "threat", col(Appeal.seen_at).is_(None))
    counts = func.count(), func.count(case((is_new, 1))), func.coalesce(func.max(case((is_new, col(Appeal.id)))), 0)
    complaints = func.count(case((col(Appeal.kind) == "complaint", 1)))
    query = select(*counts, complaints).select_from(Appeal).outerjoin(Tip, col(Tip.id) == col(Appeal.tip_id)).where(*_mine(sight))
    return Prepared(query.where(col(Appeal.answered_at).is_(None), col(Appeal.data_key).is_not(None)))


def open_letters(session: Session, sight: Sight, *, kind: str = "") -> list[LetterLine]:
    """Threats nobody has looked at on top, then other threats, then what is due first, then the oldest. Whatever one chat has sent beyond
    a few stands below all others, so that nobody can bury what others write."""
    is_open = col(Appeal.answered_at).is_(None), col(Appeal.data_key).is_not(None)
    nth = func.row_number().over(partition_by=func.coalesce(col(Appeal.chat_id), col(Appeal.id)), order_by=col(Appeal.id))
    counted = select(col(Appeal.id), nth.label("nth")).where(col(Appeal.ward_id) == sight.ward_id, *is_open).subquery()
    order = (
        case((counted.c.nth > MOST_OF_ONE, 1), else_=0),
        case(((col(Appeal.kind) == "threat") & col(Appeal.seen_at).is_(None), 0), (col(Appeal.kind) == "threat", 1), else_=2),
        case((col(Appeal.due_at).is_(None), 1), else_=0),
        col(Appeal.due_at),
        col(Appeal.id),
    )
    query = _of(sight, kind).join(counted, counted.c.id == col(Appeal.id)).where(*is_open)
    return _lines(session, query.order_by(*order).limit(MOST_OPEN))


def answered_letters(session: Session, sight: Sight, *, before: int | None, limit: int, kind: str = "") -> list[LetterLine]:
    """And those whose words are gone: nobody can answer them any more."""
    query = _of(sight, kind).where(or_(col(Appeal.answered_at).is_not(None), col(Appeal.data_key).is_(None)))
    if before:
        query = query.where(col(Appeal.id) < before)
    return _lines(session, query.order_by(col(Appeal.id).desc()).limit(limit))


def letters_of_tip(session: Session, sight: Sight, tip_id: int) -> list[LetterLine]:
    return _lines(session, _of(sight).where(col(Appeal.tip_id) == tip_id).order_by(col(Appeal.id)))


def letter(session: Session, sight: Sight, letter_id: int) -> Letter | None:
    found = session.execute(_of(sight).where(col(Appeal.id) == letter_id)).first()
    if found is None:
        return None
    row, tail = found
    ring, is_damaged, words, answer = None, False, "", {"how": "", "text": ""}
    try:
        ring = _ring(session, row)
        if ring and row.words:
            words = ring.open_text(row.words, appeal_words_place(row.id))
        if ring and row.answer:
            answer = ring.open_json(row.answer, appeal_answer_place(row.id))
    except (Sealed, WrongMaster):
        is_damaged = True
    tip = session.get(Tip, row.tip_id) if row.tip_id is not None else None
    return Letter(
        files=files_of_letter(session, tip, letter_id) if tip else (),
        line=_line(row, tail),
        words=words,
        how=answer["how"],
        answer=answer["text"],
        chat_id=row.chat_id,
        seen_by=row.seen_by,
        is_damaged=is_damaged,
    )


def mark_seen(session: Session, letter_id: int, *, officer_id: int, now: int) -> None:
    _SEEN.run(session, letter_id=letter_id, officer_id=officer_id, now=now)


def keep_answer(session: Session, sight: Sight, letter_id: int, *, how: str, text: str, officer_id: int, now: int) -> bool:
    """Once. False: somebody was faster."""
    row = session.execute(_of(sight).where(col(Appeal.id) == letter_id)).first()
    ring = _ring(session, row[0]) if row else None
    if ring is None:
        return False
    sealed = ring.seal_json({"how": how, "text": text}, appeal_answer_place(letter_id))
    return _ANSWERED.run(session, letter_id=letter_id, officer_id=officer_id, now=now, answer=sealed).fetchone() is not None


def tip_to_answer_by(session: Session, tip_id: int | None, chat_id: int) -> int | None:
    """A tip of this very chat, under whose ring the answer can wait: the one it is about, or the newest."""
    if tip_id is not None and _STANDS.run(session, tip_id=tip_id, chat_id=chat_id).fetchone() is not None:
        return tip_id
    row = _LAST_TIP.run(session, chat_id=chat_id).fetchone()
    return row[0] if row else None


def _of(sight: Sight, kind: str = "") -> Any:
    """`kind` empty: all of them."""
    query = select(Appeal, func.coalesce(col(Tip.code_tail), "")).outerjoin(Tip, col(Tip.id) == col(Appeal.tip_id)).where(*_mine(sight))
    return query.where(col(Appeal.kind) == kind) if kind else query


def _mine(sight: Sight) -> tuple[Any, ...]:
    return col(Appeal.ward_id) == sight.ward_id, letter_is_mine(sight)


def _lines(session: Session, query: Any) -> list[LetterLine]:
    return [_line(row, tail) for row, tail in session.execute(query)]


def _line(row: Appeal, tail: str) -> LetterLine:
    return LetterLine(
        id=row.id,
        kind=row.kind,
        about=row.about,
        tip_id=row.tip_id,
        tail=tail,
        asked_at=row.asked_at,
        due_at=row.due_at,
        seen_at=row.seen_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        is_shredded=row.data_key is None,
    )


def _ring(session: Session, row: Appeal) -> Ring | None:
    return vault_of(session).unwrap(row.data_key, appeal_key_place(row.id)) if row.data_key is not None else None
