"""A ward's own ready sentences, and what it changed of ours."""

from sqlmodel import Session

from storage.quick import Quick

_OF_WARD = Quick("SELECT key, kind, outcome, text FROM ready_sentences WHERE ward_id = :ward_id AND language = :language ORDER BY id")
_KEEP = Quick(
    "INSERT INTO ready_sentences (id, ward_id, language, key, kind, outcome, text, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :language, :key, :kind, :outcome, :text, :now, :officer_id)"
    " ON CONFLICT (ward_id, language, key) DO UPDATE SET kind = excluded.kind, outcome = excluded.outcome, text = excluded.text,"
    " changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)
_DROP = Quick("DELETE FROM ready_sentences WHERE ward_id = :ward_id AND language = :language AND key = :key")


def of_ward(session: Session, ward_id: int, language: str) -> dict[str, dict[str, str]]:
    """By key: kind, outcome and text of each, in the order they were added."""
    found = _OF_WARD.run(session, ward_id=ward_id, language=language).fetchall()
    return {key: {"kind": kind, "outcome": outcome, "text": text} for key, kind, outcome, text in found}


def keep(
    session: Session,
    ward_id: int,
    *,
    row_id: int,
    language: str,
    key: str,
    kind: str,
    outcome: str,
    text: str,
    officer_id: int,
    now: int,
) -> None:
    values = {"language": language, "key": key, "kind": kind, "outcome": outcome, "text": text}
    _KEEP.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, now=now, **values)


def drop(session: Session, ward_id: int, *, language: str, key: str) -> None:
    _DROP.run(session, ward_id=ward_id, language=language, key=key)
