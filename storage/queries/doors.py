"""What the doors are in trouble with: platforms that do not let us in, noted by the process that speaks with them, and messages that our
code broke on.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from storage import moments
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
    "INSERT INTO door_signs (id, ward_id, channel, last_in_at, last_out_at, heard_at, unheard)"
    " VALUES (:id, :ward_id, :channel, :came, :went, :heard, 0)"
    " ON CONFLICT (ward_id, channel) DO UPDATE SET"
    " last_in_at = CASE WHEN COALESCE(door_signs.last_in_at, 0) > COALESCE(excluded.last_in_at, 0)"
    " THEN door_signs.last_in_at ELSE excluded.last_in_at END,"
    " last_out_at = CASE WHEN COALESCE(door_signs.last_out_at, 0) > COALESCE(excluded.last_out_at, 0)"
    " THEN door_signs.last_out_at ELSE excluded.last_out_at END"
)
_HEARD = Quick("SELECT heard_at FROM door_signs WHERE ward_id = :ward_id AND channel = :channel", postgres="FOR UPDATE")
_HEAR = Quick("UPDATE door_signs SET heard_at = :heard, unheard = 0, unheard_since = NULL WHERE ward_id = :ward_id AND channel = :channel")
_UNHEARD = Quick(
    "UPDATE door_signs SET unheard = unheard + :sent, unheard_since = COALESCE(unheard_since, :went)"
    " WHERE ward_id = :ward_id AND channel = :channel AND COALESCE(heard_at, 0) < :went"
)
_IS_SAID = Quick("SELECT 1 FROM door_troubles WHERE ward_id = :ward_id AND channel = :channel AND why IN ('quiet', 'silent')")
_KEEP_DAY = Quick(
    "INSERT INTO door_days (id, ward_id, channel, day, longest, receipts) VALUES (:id, :ward_id, :channel, :day, :longest, :receipts)"
    " ON CONFLICT (ward_id, channel, day) DO UPDATE SET receipts = door_days.receipts + excluded.receipts,"
    " longest = CASE WHEN door_days.longest > excluded.longest THEN door_days.longest ELSE excluded.longest END"
)
_FORGET_DAYS = Quick("DELETE FROM door_days WHERE ward_id = :ward_id AND channel = :channel AND day < :before")
_DAYS = Quick("SELECT day, longest, receipts FROM door_days WHERE ward_id = :ward_id AND channel = :channel ORDER BY day")
_SIGNS = Quick("SELECT channel, last_in_at, last_out_at, heard_at, unheard, unheard_since FROM door_signs WHERE ward_id = :ward_id")
DAYS_KEPT = 60


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
    heard_at: int | None = None  # Anything at all, a platform's receipts too; kept for doors that tell.
    unheard: int = 0  # Sent since then,
    unheard_since: int | None = None  # the first of it at this moment.


@dataclass(frozen=True, slots=True)
class DoorDaySeen:
    """A day on which a door heard something."""

    day: str
    longest: int
    receipts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSign:
    """What a process saw at a door since it last wrote it down; moments are 0 where there was nothing."""

    came: int = 0
    went: int = 0
    sent: int = 0
    heard: int = 0
    receipts: int = 0


def keep_signs(session: Session, ward_id: int, signs: dict[str, NewSign], *, ids: dict[str, tuple[int, int]]) -> None:
    """Of several processes the later moment counts."""
    for channel, sign in sorted(signs.items()):
        row_id, day_id = ids[channel]
        _KEEP_SIGN.run(session, id=row_id, ward_id=ward_id, channel=channel, came=sign.came or None, went=sign.went or None, heard=None)
        if sign.heard:
            _hear(session, ward_id, channel, sign, day_id=day_id)
        if sign.sent:
            _UNHEARD.run(session, ward_id=ward_id, channel=channel, sent=sign.sent, went=sign.went)


def _hear(session: Session, ward_id: int, channel: str, sign: NewSign, *, day_id: int) -> None:
    """A silence that was said to be none of the usual ones does not become one."""
    before = _HEARD.run(session, ward_id=ward_id, channel=channel).fetchone()[0]
    longest = max(0, sign.heard - before) if before else 0
    if _IS_SAID.run(session, ward_id=ward_id, channel=channel).fetchone() is not None:
        longest = 0
    if before is None or sign.heard > before:
        _HEAR.run(session, ward_id=ward_id, channel=channel, heard=sign.heard)
    day = moments.local(sign.heard).date()
    kept = {"id": day_id, "ward_id": ward_id, "channel": channel, "day": day.isoformat()}
    _KEEP_DAY.run(session, longest=longest, receipts=sign.receipts, **kept)
    _FORGET_DAYS.run(session, ward_id=ward_id, channel=channel, before=(day - timedelta(days=DAYS_KEPT)).isoformat())


def days(session: Session, ward_id: int, channel: str) -> list[DoorDaySeen]:
    """Of the sixty days before it was last heard."""
    return [DoorDaySeen(*row) for row in _DAYS.run(session, ward_id=ward_id, channel=channel).fetchall()]


def signs(session: Session, ward_id: int) -> dict[str, SignOfLife]:
    rows = _SIGNS.run(session, ward_id=ward_id).fetchall()
    return {
        row[0]: SignOfLife(last_in_at=row[1], last_out_at=row[2], heard_at=row[3], unheard=row[4], unheard_since=row[5]) for row in rows
    }
