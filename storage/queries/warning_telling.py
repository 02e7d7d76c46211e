"""What whoever wrote a warning was told of it in their own chat. How the platform calls that message stands in its row of the outbox."""

from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from storage.queries.warnings import WARNINGS
from storage.tables import OutboxRow

_GOES, _WENT = ("sending", "paused"), ("done", "cancelled", "expired")
_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    warning_id: int
    written_by: int
    first_row: int | None
    last_row: int | None
    mark: str


def due(session: Session, ward_id: int, *, before: int, since: int) -> list[Told]:
    """Those that go, and those that ended or were released since; each not looked at since `before`."""
    lately = WARNINGS.c.state.in_(_WENT) & or_(WARNINGS.c.done_at > since, WARNINGS.c.released_at > since)
    query = (
        select(WARNINGS.c.id, WARNINGS.c.written_by, WARNINGS.c.told_first, WARNINGS.c.told_last, WARNINGS.c.told_mark)
        .where(WARNINGS.c.ward_id == ward_id, WARNINGS.c.told_at <= before, or_(WARNINGS.c.state.in_(_GOES), lately))
        .order_by(WARNINGS.c.told_at, WARNINGS.c.id)
        .limit(_MOST)
    )
    return [Told(warning_id=row[0], written_by=row[1], first_row=row[2], last_row=row[3], mark=row[4]) for row in session.execute(query)]


def sent_as(session: Session, row_id: int | None) -> str:
    """How the platform calls it; empty where it does not say, or nothing was sent yet."""
    if row_id is None:
        return ""
    return session.execute(select(col(OutboxRow.sent_as)).where(col(OutboxRow.id) == row_id)).scalar_one_or_none() or ""


def is_under_way(session: Session, row_id: int | None) -> bool:
    """A newer figure may wait until this one is out."""
    if row_id is None:
        return False
    status = session.execute(select(col(OutboxRow.status)).where(col(OutboxRow.id) == row_id)).scalar_one_or_none()
    return status in ("waiting", "sending", "held")


def looked(session: Session, warning_id: int, *, now: int) -> None:
    session.execute(update(WARNINGS).where(WARNINGS.c.id == warning_id).values(told_at=now))


def keep(session: Session, warning_id: int, *, first_row: int, last_row: int, mark: str, now: int) -> None:
    values = {"told_first": first_row, "told_last": last_row, "told_mark": mark, "told_at": now}
    session.execute(update(WARNINGS).where(WARNINGS.c.id == warning_id).values(**values))
