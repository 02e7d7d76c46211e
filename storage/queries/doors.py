"""Which platforms do not let us in, and since when: noted by the process that speaks with them, read by every page and by the ladder."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

_KEEP = Quick(
    "INSERT INTO door_troubles (id, ward_id, channel, why, since) VALUES (:id, :ward_id, :channel, :why, :now)"
    " ON CONFLICT (ward_id, channel) DO UPDATE SET why = excluded.why"
)
_OVER = Quick("DELETE FROM door_troubles WHERE ward_id = :ward_id AND channel = :channel")
_LASTING = Quick("SELECT channel, why, since FROM door_troubles WHERE ward_id = :ward_id AND since <= :before ORDER BY channel")


@dataclass(frozen=True, slots=True)
class DoorShut:
    channel: str
    why: str
    since: int


def keep(session: Session, ward_id: int, *, row_id: int, channel: str, why: str, now: int) -> None:
    """Since when stays as it was first seen."""
    _KEEP.run(session, id=row_id, ward_id=ward_id, channel=channel, why=why, now=now)


def over(session: Session, ward_id: int, channel: str) -> None:
    _OVER.run(session, ward_id=ward_id, channel=channel)


def lasting(session: Session, ward_id: int, *, before: int) -> tuple[DoorShut, ...]:
    """Those that have been shut since then at least."""
    return tuple(DoorShut(*row) for row in _LASTING.run(session, ward_id=ward_id, before=before).fetchall())
