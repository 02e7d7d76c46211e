"""A ward's own templates of warnings, and what it changed of ours."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from storage.quick import Quick, as_json, from_json

_OF_WARD = Quick("SELECT key, is_hidden, content FROM warning_templates WHERE ward_id = :ward_id ORDER BY id")
_KEEP = Quick(
    "INSERT INTO warning_templates (id, ward_id, key, is_hidden, content, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :key, :is_hidden, :content, :now, :officer_id)"
    " ON CONFLICT (ward_id, key) DO UPDATE SET is_hidden = excluded.is_hidden, content = excluded.content,"
    " changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)
_DROP = Quick("DELETE FROM warning_templates WHERE ward_id = :ward_id AND key = :key RETURNING id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    is_hidden: bool
    content: dict[str, Any]  # Empty: the words are ours.


def of_ward(session: Session, ward_id: int) -> dict[str, TemplateRow]:
    """By key, in the order in which they were first kept."""
    found = _OF_WARD.run(session, ward_id=ward_id).fetchall()
    return {key: TemplateRow(is_hidden=bool(is_hidden), content=from_json(content)) for key, is_hidden, content in found}


def keep(session: Session, ward_id: int, *, row_id: int, key: str, row: TemplateRow, officer_id: int, now: int) -> None:
    values: dict[str, Any] = {"key": key, "is_hidden": row.is_hidden, "content": as_json(row.content), "now": now}
    _KEEP.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, **values)


def drop(session: Session, ward_id: int, *, key: str) -> bool:
    return _DROP.run(session, ward_id=ward_id, key=key).fetchone() is not None
