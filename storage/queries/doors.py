"""What the doors are in trouble with: platforms that do not let us in, noted by the process that speaks with them, and messages that our
code broke on.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

_KEEP = Quick(
    "INSERT INTO door_troubles (id, ward_id, channel, why, since) VALUES (:id, :ward_id, :channel, :why, :now)"
    " ON CONFLICT (ward_id, channel) DO UPDATE SET why = excluded.why"
)
_OVER = Quick("DELETE FROM door_troubles WHERE ward_id = :ward_id AND channel = :channel")
_LASTING = Quick("SELECT channel, why, since FROM door_troubles WHERE ward_id = :ward_id AND since <= :before ORDER BY channel")
_ASIDE = Quick(
    "SELECT i.arrived_at, c.channel, i.error_id FROM inbox i JOIN chats c ON c.id = i.chat_id"
    " WHERE i.status = 'set_aside' AND i.ward_id = :ward_id AND i.arrived_at >= :since ORDER BY i.arrived_at DESC LIMIT :most"
)
_KEEP_SIGN = Quick(
    "INSERT INTO door_signs (id, ward_id, channel, last_in_at, last_out_at) VALUES (:id, :ward_id, :channel, :came, :went)"
    " ON CONFLICT (ward_id, channel) DO UPDATE SET"
    " last_in_at = CASE WHEN COALESCE(door_signs.last_in_at, 0) > COALESCE(excluded.last_in_at, 0)"
    " THEN door_signs.last_in_at ELSE excluded.last_in_at END,"
    " last_out_at = CASE WHEN COALESCE(door_signs.last_out_at, 0) > COALESCE(excluded.last_out_at, 0)"
    " THEN door_signs.last_out_at ELSE excluded.last_out_at END"
)
_SIGNS = Quick("SELECT channel, last_in_at, last_out_at FROM door_signs WHERE ward_id = :ward_id")


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


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message that nobody could read, the machine included: that it came, and under which id the log speaks of it."""

    arrived_at: int
    channel: str
    error_id: str


def set_aside(session: Session, ward_id: int, *, since: int, most: int) -> tuple[SetAside, ...]:
    """The newest first."""
    return tuple(SetAside(*row) for row in _ASIDE.run(session, ward_id=ward_id, since=since, most=most).fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOfLife:
    last_in_at: int | None = None
    last_out_at: int | None = None


def keep_signs(session: Session, ward_id: int, signs: dict[str, tuple[int, int]], *, ids: dict[str, int]) -> None:
    """Of several processes the later moment counts."""
    for channel, (came, went) in sorted(signs.items()):
        _KEEP_SIGN.run(session, id=ids[channel], ward_id=ward_id, channel=channel, came=came or None, went=went or None)


def signs(session: Session, ward_id: int) -> dict[str, SignOfLife]:
    rows = _SIGNS.run(session, ward_id=ward_id).fetchall()
    return {row[0]: SignOfLife(last_in_at=row[1], last_out_at=row[2]) for row in rows}
