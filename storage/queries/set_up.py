"""Steps of the beginning that somebody left out for now, and why."""

from sqlalchemy import select
from sqlmodel import Session, col

from storage.quick import Quick
from storage.tables import SetUpSkip

_KEEP = Quick(
    "INSERT INTO set_up_skips (id, ward_id, step, why, skipped_at, skipped_by) VALUES (:id, :ward_id, :step, :why, :now, :officer_id)"
    " ON CONFLICT (ward_id, step) DO UPDATE SET why = excluded.why, skipped_at = excluded.skipped_at, skipped_by = excluded.skipped_by"
)


def keep_skip(session: Session, ward_id: int, *, row_id: int, step: str, why: str, officer_id: int, now: int) -> None:
    _KEEP.run(session, id=row_id, ward_id=ward_id, step=step, why=why, officer_id=officer_id, now=now)


def skips(session: Session, ward_id: int) -> dict[str, str]:
    query = select(col(SetUpSkip.step), col(SetUpSkip.why)).where(col(SetUpSkip.ward_id) == ward_id)
    return {row.step: row.why for row in session.execute(query)}
