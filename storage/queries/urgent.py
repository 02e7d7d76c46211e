"""Urgent tips that nobody has accepted yet."""

from sqlmodel import Session

from storage.quick import Quick

_ALONE = Quick(
    "SELECT id FROM tips WHERE ward_id = :ward_id AND urgent_at < :before AND arrived_at IS NOT NULL"
    # The partial index of urgent tips serves only who says this too; nobody ends what nobody has accepted.
    " AND closed_at IS NULL AND accepted_at IS NULL AND alone_told_at IS NULL"
    " ORDER BY urgent_at LIMIT 20"
)
_TOLD = Quick("UPDATE tips SET alone_told_at = :now WHERE id = :tip_id AND alone_told_at IS NULL AND accepted_at IS NULL")


def waiting_alone(session: Session, ward_id: int, *, before: int) -> list[int]:
    return [row[0] for row in _ALONE.run(session, ward_id=ward_id, before=before).fetchall()]


def note_told(session: Session, tip_id: int, *, now: int) -> bool:
    """False when somebody has just accepted it, or another process was faster."""
    return bool(_TOLD.run(session, tip_id=tip_id, now=now).rowcount)
