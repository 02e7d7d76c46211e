"""Stretches in which something should have happened and did not. Each look is over a time of days or weeks, by an index."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import and_, case, func, literal_column, or_, select
from sqlmodel import Session, col

from storage.queries.history import secret_place
from storage.queries.journal import BY_WHAT
from storage.queries.sight import Sight
from storage.queries.tips import Reader
from storage.tables import Alarm, Appeal, DayChecked, Deadline, HistoryRow, Shift, Tip
from storage.vault import Sealed

Row = TypeVar("Row", Tip, Deadline, Alarm)
_REACHED = ("waiting", "started", "sent", "over", "pressed")
_LOOKED = ("viewed", "accepted", "words_read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`ref` tells it from all others of its kind; `ended_at` None: it lasts."""

    ref: str
    began_at: int
    ended_at: int | None
    tip_id: int | None = None
    tail: str = ""
    what: str = ""  # Of a clock its kind, of a call what it was about.
    officer_id: int | None = None
    count: int = 1  # Of a call that was one list, how many tips it named.


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    at: int
    actor: str
    why: str
    words: str  # Empty where there were none, or they were shredded with their tip.


def clocks_over(session: Session, sight: Sight, since: int, until: int, *, but: Collection[str], most: int) -> list[Found]:
    """That ran out, and whether it was done since; newest first."""
    of_ward = col(HistoryRow.ward_id) == sight.ward_id, col(HistoryRow.what) == "clock_over", BY_WHAT
    query = select(HistoryRow).where(*of_ward, col(HistoryRow.at) >= since, col(HistoryRow.at) < until)
    query = query.order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc()).limit(most)
    rows = [row for row in session.execute(query).scalars() if row.detail.get("kind") not in but]
    clocks = _by_id(session, Deadline, {int(row.detail.get("clock", 0)) for row in rows})
    tips = _by_id(session, Tip, {row.tip_id for row in rows if row.tip_id is not None})
    found = []
    for row in rows:
        clock, tip = clocks.get(int(row.detail.get("clock", 0))), tips.get(row.tip_id or 0)
        if clock is not None and tip is not None and sight.reads(tip):
            about: dict[str, Any] = {"tip_id": tip.id, "tail": tip.code_tail, "what": clock.kind}
            found.append(Found(ref=str(clock.id), began_at=clock.due_at, ended_at=clock.settled_at, **about))
    return found


def unread(session: Session, sight: Sight, since: int, until: int, *, urgent: int, other: int, now: int, most: int) -> list[Found]:
    """Tips that nobody looked at for so long after they came; what a brake set apart calls nobody, and is not meant."""
    looked = select(func.min(col(HistoryRow.at))).where(col(HistoryRow.tip_id) == col(Tip.id), col(HistoryRow.what).in_(_LOOKED))
    first = looked.correlate(Tip).scalar_subquery()
    patience = case((col(Tip.urgent_at).is_not(None), urgent), else_=other)
    query = select(col(Tip.id), col(Tip.code_tail), col(Tip.arrived_at), first.label("looked_at")).where(
        col(Tip.ward_id) == sight.ward_id,
        col(Tip.arrived_at) >= since,
        col(Tip.arrived_at) < until,
        sight.readable(),
        col(Tip.held_why) == "",
        or_(col(Tip.accepted_at).is_(None), col(Tip.accepted_at) - col(Tip.arrived_at) > patience),
        func.coalesce(first, now) - col(Tip.arrived_at) > patience,
    )
    rows = session.execute(query.order_by(col(Tip.arrived_at).desc(), col(Tip.id).desc()).limit(most))
    return [Found(ref=str(row.id), began_at=row.arrived_at, ended_at=row.looked_at, tip_id=row.id, tail=row.code_tail) for row in rows]


def shifts(session: Session, ward_id: int, since: int, until: int) -> list[Shift]:
    """All that stood on the roster then, in order of time."""
    query = select(Shift).where(col(Shift.ward_id) == ward_id, col(Shift.ends_at) > since, col(Shift.starts_at) < until)
    return list(session.execute(query.where(col(Shift.cancelled_at).is_(None)).order_by(col(Shift.starts_at))).scalars())


def last_end(session: Session, ward_id: int, before: int) -> int | None:
    """When the last shift was over by then; None where there had been none."""
    ended = col(Shift.ward_id) == ward_id, col(Shift.ends_at) <= before, col(Shift.cancelled_at).is_(None)
    query = select(col(Shift.ends_at)).where(*ended).order_by(col(Shift.ends_at).desc()).limit(1)
    found: int | None = session.execute(query).scalar_one_or_none()
    return found


def calls_in_vain(session: Session, sight: Sight, since: int, until: int, *, most: int) -> list[Found]:
    """Calls of one moment about one tip that reached nobody at all; newest first."""
    was_heard = func.sum(case((col(Alarm.outcome).in_(_REACHED), 1), else_=0))
    query = select(col(Alarm.tip_id), col(Alarm.at), func.min(col(Alarm.why)).label("why"), func.min(col(Alarm.id)).label("first"))
    query = query.outerjoin(Tip, col(Tip.id) == col(Alarm.tip_id)).where(
        col(Alarm.ward_id) == sight.ward_id,
        col(Alarm.at) >= since,
        col(Alarm.at) < until,
        or_(col(Alarm.tip_id).is_(None), sight.readable()),
    )
    query = query.group_by(col(Alarm.tip_id), col(Alarm.at)).having(was_heard == 0).order_by(col(Alarm.at).desc()).limit(most)
    found = []
    rows = list(session.execute(query))
    lists = _by_id(session, Alarm, {row.first for row in rows})
    tips = _by_id(session, Tip, {tip_id for one in lists.values() for tip_id in (one.tip_id, *one.tips) if tip_id is not None})
    for row in rows:
        # A list may name what this reader must not even count.
        named = [tip for tip_id in lists[row.first].tips if (tip := tips.get(tip_id)) is not None and sight.reads(tip)]
        if row.tip_id is None and lists[row.first].tips and not named:
            continue
        tail = tips[row.tip_id].code_tail if row.tip_id in tips else ""
        about: dict[str, Any] = {"tip_id": row.tip_id, "tail": tail, "what": row.why, "count": len(named) or 1}
        found.append(Found(ref=str(row.first), began_at=row.at, ended_at=row.at, **about))
    return found


def away(session: Session, ward_id: int, since: int, until: int, *, most: int) -> list[Found]:
    """The house did not run."""
    of_ward = col(HistoryRow.ward_id) == ward_id, col(HistoryRow.what) == "house_away", BY_WHAT
    query = select(HistoryRow).where(*of_ward, col(HistoryRow.at) >= since, col(HistoryRow.at) < until)
    rows = session.execute(query.order_by(col(HistoryRow.at).desc()).limit(most)).scalars()
    return [Found(ref=str(row.id), began_at=int(row.detail["since"]), ended_at=int(row.detail["until"])) for row in rows]


def days_checked(session: Session, ward_id: int, days: Collection[str]) -> set[str]:
    query = select(col(DayChecked.day)).where(col(DayChecked.ward_id) == ward_id, col(DayChecked.day).in_(days))
    return set(session.execute(query).scalars())


def has_arrivals(session: Session, ward_id: int, since: int, until: int) -> bool:
    of_ward = col(Tip.ward_id) == ward_id, col(Tip.arrived_at) >= since, col(Tip.arrived_at) < until
    return session.execute(select(col(Tip.id)).where(*of_ward).limit(1)).first() is not None


def data_requests_late(session: Session, ward_id: int, since: int, until: int, *, now: int, most: int) -> list[Found]:
    """The law's days were over before anybody answered."""
    is_late = or_(and_(col(Appeal.answered_at).is_(None), col(Appeal.due_at) < now), and_(col(Appeal.answered_at) > col(Appeal.due_at)))
    query = select(Appeal).where(col(Appeal.ward_id) == ward_id, col(Appeal.kind) == literal_column("'data'"), is_late)
    query = query.where(col(Appeal.due_at) >= since, col(Appeal.due_at) < until).order_by(col(Appeal.id).desc()).limit(most)
    return [
        Found(ref=str(row.id), began_at=row.due_at or 0, ended_at=row.answered_at, what=row.about)
        for row in session.execute(query).scalars()
    ]


def explanations(session: Session, sight: Sight, since: int, *, most: int) -> dict[str, list[Explained]]:
    """By the gap they explain, oldest first. What was written about a tip is opened for who may read that tip."""
    of_ward = col(HistoryRow.ward_id) == sight.ward_id, col(HistoryRow.what) == "gap_explained", BY_WHAT, col(HistoryRow.at) >= since
    rows = list(session.execute(select(HistoryRow).where(*of_ward).order_by(col(HistoryRow.at).desc()).limit(most)).scalars())
    tips = _by_id(session, Tip, {row.tip_id for row in rows if row.tip_id is not None})
    told: dict[str, list[Explained]] = {}
    for row in reversed(rows):
        tip, words = tips.get(row.tip_id or 0), ""
        if row.tip_id is not None and (tip is None or not sight.reads(tip)):
            continue
        ring = Reader.of(session, tip).ring if tip is not None and row.secret else None
        try:
            words = ring.open_text(row.secret, secret_place(row.id)) if ring and row.secret else ""
        except Sealed:
            words = ""
        one = Explained(at=row.at, actor=row.actor, why=str(row.detail.get("why", "")), words=words)
        told.setdefault(str(row.detail.get("gap", "")), []).append(one)
    return told


def is_shredded(session: Session, tip_id: int) -> bool:
    return session.execute(select(col(Tip.data_key)).where(col(Tip.id) == tip_id)).scalar_one_or_none() is None


def _by_id(session: Session, table: type[Row], ids: Collection[int]) -> dict[int, Row]:
    return {row.id: row for row in session.execute(select(table).where(col(table.id).in_(ids))).scalars()} if ids else {}
