"""The clocks that run for tips: rows with a due time, claimed when a warning of theirs is due."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.queries.sight import Sight
from storage.quick import Quick, insert
from storage.tables import Deadline, Neighbourhood, Officer, Tip

_LOCK = Quick("SELECT id FROM tips WHERE id = :tip_id", postgres="FOR NO KEY UPDATE")
_START = insert("deadlines", "id", "ward_id", "tip_id", "kind", "amount", "starts_at", "due_at", "next_at", "warned", "outcome", "calendar")
_NEAREST = Quick(
    "UPDATE tips SET due_at = (SELECT MIN(due_at) FROM deadlines WHERE tip_id = :tip_id AND settled_at IS NULL) WHERE id = :tip_id"
)
_CLAIM = Quick(
    "SELECT id, tip_id, kind, starts_at, due_at, warned FROM deadlines WHERE ward_id = :ward_id AND next_at <= :now"
    " ORDER BY next_at, id LIMIT :most",
    postgres="FOR UPDATE SKIP LOCKED",
)
_WARNED = Quick("UPDATE deadlines SET warned = :warned, next_at = :next_at WHERE id = :row_id")
_SETTLE = Quick("UPDATE deadlines SET settled_at = :now, outcome = :outcome, next_at = NULL WHERE id = :row_id AND settled_at IS NULL")
_MOVE = Quick(
    "UPDATE deadlines SET due_at = :due_at, next_at = :next_at, warned = :warned, calendar = :calendar"
    " WHERE id = :row_id AND settled_at IS NULL AND calendar < :calendar"
)
_SELECTED = "SELECT id, ward_id, tip_id, kind, amount, starts_at, due_at, warned FROM deadlines WHERE settled_at IS NULL AND"
_OF_TIP = Quick(f"{_SELECTED} tip_id = :tip_id ORDER BY due_at, id")
_OF_OLDER = Quick(f"{_SELECTED} ward_id = :ward_id AND calendar < :calendar ORDER BY id LIMIT :most")
_STAYS = Quick("UPDATE deadlines SET calendar = :calendar WHERE id = :row_id AND settled_at IS NULL AND calendar < :calendar")

_WITHOUT = Quick(
    "SELECT id, state, COALESCE(received_at, arrived_at), track, category = 'TE', urgent_at IS NOT NULL, reported_at IS NOT NULL"
    " FROM tips WHERE ward_id = :ward_id AND arrived_at IS NOT NULL"
    " AND closed_at IS NULL AND due_at IS NULL AND data_key IS NOT NULL ORDER BY arrived_at LIMIT :most",
    postgres="FOR NO KEY UPDATE SKIP LOCKED",
)
_UNSORTED = Quick(
    "SELECT t.id, t.urgent_at FROM deadlines d JOIN tips t ON t.id = d.tip_id WHERE d.ward_id = :ward_id AND d.kind = 'classify'"
    " AND d.settled_at IS NULL AND t.state = 'S2' AND d.due_at > t.urgent_at + :within ORDER BY d.id LIMIT :most"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockless:
    """An open tip for which nothing runs."""

    tip_id: int
    state: str
    received_at: int
    track: str
    is_child: bool
    is_urgent: bool
    is_reported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    id: int
    ward_id: int
    tip_id: int
    kind: str
    amount: int
    starts_at: int
    due_at: int
    warned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One row of the desk's list. No words of the resident."""

    id: int
    tip_id: int
    kind: str
    starts_at: int
    due_at: int
    code_tail: str
    category: str
    is_urgent: bool
    neighbourhood: str
    book: str
    book_number: int | None
    book_year: int | None
    handler: str


def without_clock(session: Session, ward_id: int, *, most: int) -> list[Clockless]:
    return [
        Clockless(
            tip_id=tip_id,
            state=state,
            received_at=received_at,
            track=track,
            is_child=bool(is_child),
            is_urgent=bool(is_urgent),
            is_reported=bool(is_reported),
        )
        for tip_id, state, received_at, track, is_child, is_urgent, is_reported in _WITHOUT.run(
            session, ward_id=ward_id, most=most
        ).fetchall()
    ]


def urgent_unsorted(session: Session, ward_id: int, *, within: int, most: int) -> list[tuple[int, int]]:
    """What waits to be sorted, has become urgent since, and has longer than so many milliseconds from then: id, and since when."""
    return [(row[0], row[1]) for row in _UNSORTED.run(session, ward_id=ward_id, within=within, most=most).fetchall()]


def owner_of(session: Session, tip_id: int) -> int | None:
    """Who has it; not an account that was closed since."""
    query = select(col(Tip.handler_id)).join(Officer, col(Officer.id) == col(Tip.handler_id))
    return session.execute(query.where(col(Tip.id) == tip_id, col(Officer.disabled_at).is_(None))).scalar_one_or_none()


def last_of(session: Session, tip_id: int, kinds: Collection[str], *, otherwise: tuple[int, int]) -> tuple[int, int]:
    """Start and end of the newest clock of these kinds, running or over."""
    query = select(col(Deadline.starts_at), col(Deadline.due_at)).where(col(Deadline.tip_id) == tip_id, col(Deadline.kind).in_(kinds))
    row = session.execute(query.order_by(col(Deadline.id).desc()).limit(1)).first()
    return (row[0], row[1]) if row else otherwise


def lock_tip(session: Session, tip_id: int) -> None:
    """Whoever changes a tip's clocks waits for whoever does so already: the nearest of them is reckoned over all."""
    _LOCK.run(session, tip_id=tip_id).fetchone()


def start(session: Session, **values: Any) -> None:
    _START.run(session, **values, warned=0, outcome="")


def keep_nearest(session: Session, tip_id: int) -> None:
    _NEAREST.run(session, tip_id=tip_id)


def running_of(session: Session, tip_id: int, kinds: Collection[str] | None = None) -> list[Running]:
    """`kinds` None: all."""
    found = _seen(_OF_TIP.run(session, tip_id=tip_id))
    return found if kinds is None else [one for one in found if one.kind in kinds]


def of_older_calendar(session: Session, ward_id: int, *, calendar: int, most: int) -> list[Running]:
    """What runs by the ward's days off as they were before."""
    return _seen(_OF_OLDER.run(session, ward_id=ward_id, calendar=calendar, most=most))


def _seen(cursor: Any) -> list[Running]:
    names = ("id", "ward_id", "tip_id", "kind", "amount", "starts_at", "due_at", "warned")
    return [Running(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def settle(session: Session, row_id: int, *, outcome: str, now: int) -> None:
    _SETTLE.run(session, row_id=row_id, outcome=outcome, now=now)


def move(session: Session, row_id: int, *, due_at: int, next_at: int | None, warned: int, calendar: int) -> bool:
    """False when it has just been settled, or moved by another process."""
    return bool(_MOVE.run(session, row_id=row_id, due_at=due_at, next_at=next_at, warned=warned, calendar=calendar).rowcount)


def stays(session: Session, row_id: int, *, calendar: int) -> None:
    """By this calendar its end is the same."""
    _STAYS.run(session, row_id=row_id, calendar=calendar)


def claim(session: Session, ward_id: int, *, now: int, most: int) -> list[tuple[int, int, str, int, int, int]]:
    """(id, tip, kind, start, due, warnings given) of those with a warning due, the longest waiting first. What another process holds
    is left to it."""
    return [tuple(row) for row in _CLAIM.run(session, ward_id=ward_id, now=now, most=most).fetchall()]


def note_warned(session: Session, row_id: int, *, warned: int, next_at: int | None) -> None:
    _WARNED.run(session, row_id=row_id, warned=warned, next_at=next_at)


def _is_late(now: int, but: Collection[str]) -> tuple[Any, ...]:
    return col(Deadline.settled_at).is_(None), col(Deadline.due_at) < now, col(Deadline.kind).not_in(but)


def count_overdue(session: Session, *, now: int, but: Collection[str]) -> int:
    """`but`: kinds that are late for nobody."""
    return int(session.execute(select(func.count(col(Deadline.id))).where(*_is_late(now, but))).scalar_one())


def count_late_of(session: Session, sight: Sight, *, now: int, but: Collection[str]) -> int:
    query = select(func.count(col(Deadline.id))).join(Tip, col(Tip.id) == col(Deadline.tip_id))
    where = (col(Deadline.ward_id) == sight.ward_id, sight.readable(), *_is_late(now, but))
    return int(session.execute(query.where(*where)).scalar_one())


def due_lines(session: Session, sight: Sight, *, after: tuple[int, int] | None, limit: int) -> list[DueLine]:
    """All that run, the nearest end first. `after`: the last of a page before, as (due, id)."""
    query = (
        select(Deadline, Tip, col(Neighbourhood.name), col(Officer.name))
        .join(Tip, col(Tip.id) == col(Deadline.tip_id))
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == col(Tip.neighbourhood_id))
        .outerjoin(Officer, col(Officer.id) == col(Tip.handler_id))
        .where(col(Deadline.ward_id) == sight.ward_id, col(Deadline.settled_at).is_(None), sight.readable())
        .order_by(col(Deadline.due_at), col(Deadline.id))
    )
    if after is not None:
        due_at, row_id = after
        query = query.where((col(Deadline.due_at) > due_at) | ((col(Deadline.due_at) == due_at) & (col(Deadline.id) > row_id)))
    return [
        DueLine(
            id=row.id,
            tip_id=tip.id,
            kind=row.kind,
            starts_at=row.starts_at,
            due_at=row.due_at,
            code_tail=tip.code_tail,
            category=tip.category,
            is_urgent=tip.urgent_at is not None and tip.closed_at is None,
            neighbourhood=neighbourhood or "",
            book=tip.book,
            book_number=tip.book_number,
            book_year=tip.book_year,
            handler=handler or "",
        )
        for row, tip, neighbourhood, handler in session.execute(query.limit(limit))
    ]
