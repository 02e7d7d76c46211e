"""The roster: patterns, the shifts they make, who took them, and hand-overs with what was open then."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage.memory import alone
from storage.queries.officers import OfficerSeen
from storage.queries.sight import Sight
from storage.quick import Quick, insert
from storage.tables import HandOver, Shift, ShiftPattern, Tip

_TAKING = 5_264_907  # Two officers may press "Vào ca" at the same moment.
_PLAN = Quick(
    "INSERT INTO shifts (id, ward_id, pattern_id, starts_at, ends_at, duty_id, second_id, commander_id)"
    " VALUES (:id, :ward_id, :pattern_id, :starts_at, :ends_at, :duty_id, :second_id, :commander_id)"
    " ON CONFLICT (pattern_id, starts_at) DO NOTHING"
)
_ADD = insert("shifts", "id", "ward_id", "starts_at", "ends_at", "duty_id", "second_id", "commander_id")


_CALL_IN = Quick(
    "SELECT id, duty_id FROM shifts WHERE ward_id = :ward_id AND starts_at <= :soon AND ends_at > :now"
    " AND taken_at IS NULL AND cancelled_at IS NULL AND called_at IS NULL",
    postgres="FOR UPDATE SKIP LOCKED",
)
# Asked by every beat of the ladder.
_AWAKE = Quick(
    "SELECT id, login, name, role FROM officers WHERE ward_id = :ward_id AND disabled_at IS NULL AND role <> 'leader' ORDER BY login"
)
_RUNNING = Quick(
    "SELECT id, pattern_id, starts_at, ends_at, duty_id, second_id, commander_id, taken_at, taken_by FROM shifts"
    " WHERE ward_id = :ward_id AND ends_at > :now AND (starts_at <= :now OR taken_at <= :now) AND cancelled_at IS NULL"
    " ORDER BY starts_at DESC, id DESC"
)
_CALLED_IN = Quick("UPDATE shifts SET called_at = :now WHERE id = :shift_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who a shift is planned with. One officer alone is enough at night."""

    duty_id: int
    second_id: int | None = None
    commander_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    id: int
    name: str
    starts: int
    minutes: int
    weekdays: str
    every: int
    first_day: str
    last_day: str
    crew: Crew


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSeen:
    id: int
    pattern_id: int | None
    starts_at: int
    ends_at: int
    crew: Crew
    taken_at: int | None
    taken_by: int | None
    cancelled_at: int | None

    @property
    def holder(self) -> int:
        """Whoever really came; until then, whom the roster names."""
        return self.taken_by or self.crew.duty_id


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverSeen:
    at: int
    from_officer: int | None
    to_officer: int
    how: str
    open_tips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTip:
    """A tip that somebody has still to look after; nothing of what was said."""

    id: int
    code_tail: str
    category: str
    arrived_at: int
    is_accepted: bool
    is_urgent: bool


def one_at_a_time(session: Session) -> None:
    alone(session, _TAKING)


def officers_awake(session: Session, ward_id: int) -> dict[int, OfficerSeen]:
    """Accounts of officers that are open, by id."""
    rows = _AWAKE.run(session, ward_id=ward_id).fetchall()
    return {row[0]: OfficerSeen(id=row[0], ward_id=ward_id, login=row[1], name=row[2], role=row[3], disabled_at=None) for row in rows}


# -- patterns ------------------------------------------------------------------------------------------------------------


def patterns(session: Session, ward_id: int) -> list[Pattern]:
    query = (
        select(ShiftPattern)
        .where(col(ShiftPattern.ward_id) == ward_id, col(ShiftPattern.ended_at).is_(None))
        .order_by(col(ShiftPattern.starts), col(ShiftPattern.id))
    )
    return [
        Pattern(
            id=row.id,
            name=row.name,
            starts=row.starts,
            minutes=row.minutes,
            weekdays=row.weekdays,
            every=row.every,
            first_day=row.first_day,
            last_day=row.last_day,
            crew=Crew(duty_id=row.duty_id, second_id=row.second_id, commander_id=row.commander_id),
        )
        for row in session.execute(query).scalars()
    ]


def add_pattern(session: Session, ward_id: int, one: Pattern) -> None:
    session.add(
        ShiftPattern(
            id=one.id,
            ward_id=ward_id,
            name=one.name,
            starts=one.starts,
            minutes=one.minutes,
            weekdays=one.weekdays,
            every=one.every,
            first_day=one.first_day,
            last_day=one.last_day,
            duty_id=one.crew.duty_id,
            second_id=one.crew.second_id,
            commander_id=one.crew.commander_id,
        )
    )
    session.flush()


def end_pattern(session: Session, ward_id: int, pattern_id: int, *, now: int) -> bool:
    """What it planned and has not begun yet is off."""
    ended = session.execute(
        update(ShiftPattern)
        .where(col(ShiftPattern.id) == pattern_id, col(ShiftPattern.ward_id) == ward_id, col(ShiftPattern.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(ShiftPattern.id))
    ).first()
    if ended is None:
        return False
    session.execute(
        update(Shift)
        .where(
            col(Shift.pattern_id) == pattern_id,
            col(Shift.starts_at) > now,
            col(Shift.taken_at).is_(None),
            col(Shift.cancelled_at).is_(None),
        )
        .values(cancelled_at=now)
    )
    return True


# -- shifts --------------------------------------------------------------------------------------------------------------


def planned_starts(session: Session, pattern_id: int, *, since: int) -> set[int]:
    query = select(col(Shift.starts_at)).where(col(Shift.pattern_id) == pattern_id, col(Shift.starts_at) >= since)
    return set(session.execute(query).scalars())


def plan(session: Session, ward_id: int, *, row_id: int, pattern_id: int, starts_at: int, ends_at: int, crew: Crew) -> None:
    _PLAN.run(
        session,
        id=row_id,
        ward_id=ward_id,
        pattern_id=pattern_id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty_id=crew.duty_id,
        second_id=crew.second_id,
        commander_id=crew.commander_id,
    )


def add_shift(session: Session, ward_id: int, *, row_id: int, starts_at: int, ends_at: int, crew: Crew) -> None:
    _ADD.run(
        session,
        id=row_id,
        ward_id=ward_id,
        starts_at=starts_at,
        ends_at=ends_at,
        duty_id=crew.duty_id,
        second_id=crew.second_id,
        commander_id=crew.commander_id,
    )


def shift(session: Session, ward_id: int, shift_id: int) -> ShiftSeen | None:
    row = session.execute(select(Shift).where(col(Shift.id) == shift_id, col(Shift.ward_id) == ward_id)).scalar_one_or_none()
    return _seen(row) if row else None


def change_crew(session: Session, shift_id: int, crew: Crew) -> None:
    session.execute(
        update(Shift)
        .where(col(Shift.id) == shift_id)
        .values(duty_id=crew.duty_id, second_id=crew.second_id, commander_id=crew.commander_id)
    )


def cancel(session: Session, shift_id: int, *, now: int) -> None:
    session.execute(update(Shift).where(col(Shift.id) == shift_id).values(cancelled_at=now))


def take(session: Session, shift_id: int, *, officer_id: int, now: int) -> None:
    session.execute(update(Shift).where(col(Shift.id) == shift_id).values(taken_at=now, taken_by=officer_id))


def shifts_between(session: Session, ward_id: int, start: int, end: int) -> list[ShiftSeen]:
    """In order of time, those of patterns that ended and never came to be left out."""
    query = (
        select(Shift)
        .join(ShiftPattern, col(ShiftPattern.id) == col(Shift.pattern_id), isouter=True)
        .where(col(Shift.ward_id) == ward_id, col(Shift.starts_at) < end, col(Shift.ends_at) > start)
        .where((col(Shift.cancelled_at).is_(None)) | (col(ShiftPattern.ended_at).is_(None)))
        .order_by(col(Shift.starts_at), col(Shift.id))
    )
    return [_seen(row) for row in session.execute(query).scalars()]


def to_call_in(session: Session, ward_id: int, *, now: int, within: int) -> list[tuple[int, int]]:
    """Shifts that begin soon or run, which nobody has taken and nobody was reminded of: id, and who is planned."""
    return [tuple(row) for row in _CALL_IN.run(session, ward_id=ward_id, now=now, soon=now + within).fetchall()]


def note_called_in(session: Session, shift_id: int, *, now: int) -> None:
    _CALLED_IN.run(session, shift_id=shift_id, now=now)


def running(session: Session, ward_id: int, now: int) -> list[ShiftSeen]:
    """Those that run now, taken early ones too; the one that began last comes first."""
    return [
        ShiftSeen(
            id=row[0],
            pattern_id=row[1],
            starts_at=row[2],
            ends_at=row[3],
            crew=Crew(duty_id=row[4], second_id=row[5], commander_id=row[6]),
            taken_at=row[7],
            taken_by=row[8],
            cancelled_at=None,
        )
        for row in _RUNNING.run(session, ward_id=ward_id, now=now).fetchall()
    ]


def to_take(session: Session, ward_id: int, *, now: int, early: int) -> list[ShiftSeen]:
    """Those that run or begin within `early`; the one that begins last comes first."""
    query = (
        select(Shift)
        .where(
            col(Shift.ward_id) == ward_id,
            col(Shift.ends_at) > now,
            col(Shift.starts_at) <= now + early,
            col(Shift.cancelled_at).is_(None),
        )
        .order_by(col(Shift.starts_at).desc(), col(Shift.id).desc())
    )
    return [_seen(row) for row in session.execute(query).scalars()]


def last_taken(session: Session, ward_id: int, *, since: int) -> ShiftSeen | None:
    """In whose hands the desk is by what was pressed, however the roster looks."""
    query = (
        select(Shift)
        .where(col(Shift.ward_id) == ward_id, col(Shift.taken_at) >= since, col(Shift.cancelled_at).is_(None))
        .where(col(Shift.ends_at) > since)  # None is taken that is over: said for the index.
        .order_by(col(Shift.taken_at).desc(), col(Shift.id).desc())
        .limit(1)
    )
    row = session.execute(query).scalar_one_or_none()
    return _seen(row) if row else None


def _seen(row: Shift) -> ShiftSeen:
    return ShiftSeen(
        id=row.id,
        pattern_id=row.pattern_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        crew=Crew(duty_id=row.duty_id, second_id=row.second_id, commander_id=row.commander_id),
        taken_at=row.taken_at,
        taken_by=row.taken_by,
        cancelled_at=row.cancelled_at,
    )


# -- hand-overs ------------------------------------------------------------------------------------------------------------


def keep_hand_over(
    session: Session,
    ward_id: int,
    *,
    row_id: int,
    from_shift: int | None,
    to_shift: int,
    from_officer: int | None,
    to_officer: int,
    how: str,
    open_tips: list[int],
    now: int,
) -> None:
    session.add(
        HandOver(
            id=row_id,
            ward_id=ward_id,
            from_shift=from_shift,
            to_shift=to_shift,
            from_officer=from_officer,
            to_officer=to_officer,
            how=how,
            at=now,
            open_tips=open_tips,
        )
    )
    session.flush()


def hand_overs(session: Session, ward_id: int, *, most: int) -> list[HandOverSeen]:
    query = select(HandOver).where(col(HandOver.ward_id) == ward_id).order_by(col(HandOver.at).desc(), col(HandOver.id).desc()).limit(most)
    return [
        HandOverSeen(at=row.at, from_officer=row.from_officer, to_officer=row.to_officer, how=row.how, open_tips=len(row.open_tips))
        for row in session.execute(query).scalars()
    ]


def _is_open(sight: Sight) -> tuple[Any, ...]:
    return col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None), col(Tip.closed_at).is_(None), sight.readable()


def open_tip_ids(session: Session, sight: Sight) -> list[int]:
    return list(session.execute(select(col(Tip.id)).where(*_is_open(sight)).order_by(col(Tip.id))).scalars())


def open_tips(session: Session, sight: Sight, *, most: int) -> tuple[list[OpenTip], int]:
    """Those nobody has accepted first, urgent ones before all; and how many there are in all."""
    where = _is_open(sight)
    query = (
        select(Tip)
        .where(*where)
        .order_by(
            col(Tip.accepted_at).is_not(None),
            col(Tip.urgent_at).is_(None),
            col(Tip.arrived_at),
        )
        .limit(most)
    )
    found = [
        OpenTip(
            id=row.id,
            code_tail=row.code_tail,
            category=row.category,
            arrived_at=row.arrived_at or 0,
            is_accepted=row.accepted_at is not None,
            is_urgent=row.urgent_at is not None,
        )
        for row in session.execute(query).scalars()
    ]
    count = session.execute(select(func.count()).select_from(Tip).where(*where)).scalar_one()
    return found, int(count)
