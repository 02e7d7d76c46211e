"""The ward's own days of the calendar of campaigns, and what it noted about ours."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

_COLUMNS = "key, name, template, first_day, last_day, days_before, is_yearly, settled_for, settled_how"
_OF_WARD = Quick(f"SELECT {_COLUMNS} FROM campaign_days WHERE ward_id = :ward_id ORDER BY id")
_KEEP = Quick(
    f"INSERT INTO campaign_days (id, ward_id, {_COLUMNS}, changed_at, changed_by) VALUES (:id, :ward_id, :key, :name, :template,"
    " :first_day, :last_day, :days_before, :is_yearly, :settled_for, :settled_how, :now, :officer_id)"
    " ON CONFLICT (ward_id, key) DO UPDATE SET name = excluded.name, template = excluded.template, first_day = excluded.first_day,"
    " last_day = excluded.last_day, days_before = excluded.days_before, is_yearly = excluded.is_yearly,"
    " settled_for = excluded.settled_for, settled_how = excluded.settled_how, changed_at = excluded.changed_at,"
    " changed_by = excluded.changed_by"
)
_DROP = Quick("DELETE FROM campaign_days WHERE ward_id = :ward_id AND key = :key RETURNING id")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    key: str
    name: str = ""
    template: str = ""
    first_day: str = ""
    last_day: str = ""
    days_before: int = 7
    is_yearly: bool = False
    settled_for: str = ""
    settled_how: str = ""


def of_ward(session: Session, ward_id: int) -> dict[str, DayRow]:
    """By key, in the order in which they were first kept."""
    rows = [DayRow(**dict(zip(_COLUMNS.split(", "), row, strict=True))) for row in _OF_WARD.run(session, ward_id=ward_id).fetchall()]
    return {row.key: row for row in rows}


def keep(session: Session, ward_id: int, row: DayRow, *, row_id: int, officer_id: int, now: int) -> None:
    values = {name: getattr(row, name) for name in _COLUMNS.split(", ")}
    _KEEP.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, now=now, **values)


def drop(session: Session, ward_id: int, *, key: str) -> bool:
    return _DROP.run(session, ward_id=ward_id, key=key).fetchone() is not None
