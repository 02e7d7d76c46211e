"""What hangs on an officer who goes: open tips, places on the roster, what they were named for, and their ways in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage.queries.duty import Crew, ShiftSeen, shifts_between
from storage.queries.sight import Sight
from storage.tables import DeskSession, PasswordLink, Shift, ShiftPattern, Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A tip in somebody's hands; nothing of what was said."""

    tip_id: int
    restricted: str
    category: str
    code_tail: str
    is_urgent: bool
    due_at: int | None


def work_of(session: Session, ward_id: int, officer_id: int) -> list[Work]:
    """All that is open and theirs, whoever may read it: for what moves it, not for a page."""
    return [_work(row) for row in session.execute(_open(ward_id, officer_id).order_by(col(Tip.arrived_at), col(Tip.id))).scalars()]


def shown_work(session: Session, sight: Sight, officer_id: int, *, most: int) -> list[Work]:
    """Urgent ones first, then what is due next."""
    query = _open(sight.ward_id, officer_id).where(sight.readable())
    order = (col(Tip.urgent_at).is_(None), col(Tip.due_at).is_(None), col(Tip.due_at), col(Tip.id))
    return [_work(row) for row in session.execute(query.order_by(*order).limit(most)).scalars()]


def _open(ward_id: int, officer_id: int) -> Any:
    return select(Tip).where(
        col(Tip.ward_id) == ward_id, col(Tip.handler_id) == officer_id, col(Tip.arrived_at).is_not(None), col(Tip.closed_at).is_(None)
    )


def _work(row: Tip) -> Work:
    return Work(
        tip_id=row.id,
        restricted=row.restricted,
        category=row.category,
        code_tail=row.code_tail,
        is_urgent=row.urgent_at is not None,
        due_at=row.due_at,
    )


def count_sessions(session: Session, officer_id: int, *, now: int) -> int:
    query = select(func.count()).select_from(DeskSession).where(col(DeskSession.officer_id) == officer_id, col(DeskSession.ends_at) > now)
    return int(session.execute(query).scalar_one())


def shifts_of(session: Session, ward_id: int, officer_id: int, *, start: int, end: int) -> list[ShiftSeen]:
    """Those that are not over, in order of time, in which they are planned or which they took."""
    found = shifts_between(session, ward_id, start, end)
    return [one for one in found if one.cancelled_at is None and officer_id in (*people_of(one.crew), one.taken_by)]


def people_of(crew: Crew) -> tuple[int | None, ...]:
    return crew.duty_id, crew.second_id, crew.commander_id


def change_pattern(session: Session, pattern_id: int, crew: Crew) -> None:
    session.execute(
        update(ShiftPattern)
        .where(col(ShiftPattern.id) == pattern_id)
        .values(duty_id=crew.duty_id, second_id=crew.second_id, commander_id=crew.commander_id)
    )


def stop_pattern(session: Session, pattern_id: int, *, now: int) -> None:
    """It makes no more shifts. Those it has made stay as they are: some are in other hands by now. They leave the pattern, so that whoever
    looks at the roster still sees which of them were taken off it."""
    session.execute(update(ShiftPattern).where(col(ShiftPattern.id) == pattern_id).values(ended_at=now))
    session.execute(update(Shift).where(col(Shift.pattern_id) == pattern_id, col(Shift.ends_at) > now).values(pattern_id=None))


# -- links to a password -----------------------------------------------------------------------------------------------------


def keep_link(session: Session, ward_id: int, *, link_id: int, officer_id: int, token_hash: str, by: int, now: int, ends_at: int) -> None:
    """The only one of this officer that is still worth something."""
    end_links(session, officer_id, now=now)
    session.add(
        PasswordLink(id=link_id, ward_id=ward_id, officer_id=officer_id, token_hash=token_hash, made_at=now, made_by=by, ends_at=ends_at)
    )
    session.flush()


def officer_of_link(session: Session, ward_id: int, token_hash: str, *, now: int) -> int | None:
    return session.execute(select(col(PasswordLink.officer_id)).where(*_stands(ward_id, token_hash, now))).scalar_one_or_none()


def use_link(session: Session, ward_id: int, token_hash: str, *, now: int) -> int | None:
    """Whose it is; None where it was used, or is over."""
    used = session.execute(
        update(PasswordLink).where(*_stands(ward_id, token_hash, now)).values(used_at=now).returning(col(PasswordLink.officer_id))
    )
    return used.scalar_one_or_none()


def waiting_links(session: Session, ward_id: int, *, now: int) -> dict[int, int]:
    """Officer → until when their link stands."""
    query = select(col(PasswordLink.officer_id), col(PasswordLink.ends_at)).where(
        col(PasswordLink.ward_id) == ward_id, col(PasswordLink.used_at).is_(None), col(PasswordLink.ends_at) > now
    )
    return {row.officer_id: row.ends_at for row in session.execute(query)}


def end_links(session: Session, officer_id: int, *, now: int) -> None:
    where = col(PasswordLink.officer_id) == officer_id, col(PasswordLink.used_at).is_(None), col(PasswordLink.ends_at) > now
    session.execute(update(PasswordLink).where(*where).values(ends_at=now))


def _stands(ward_id: int, token_hash: str, now: int) -> tuple[Any, ...]:
    return (
        col(PasswordLink.ward_id) == ward_id,
        col(PasswordLink.token_hash) == token_hash,
        col(PasswordLink.used_at).is_(None),
        col(PasswordLink.ends_at) > now,
    )
