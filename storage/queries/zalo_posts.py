"""Messages that left as the Official Account's: ours by the id that Zalo gave them, and others of which it tells.

A row is `going` from before the call until its answer; whoever dies between leaves it so, and the first unknown message to the same
person around that moment is taken for it.
"""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from storage import moments
from storage.quick import Quick, insert

KEEP_FOR = 40 * moments.DAY  # Longer than anything is fetched back.
_STEP = 500

_ADD = insert("zalo_posts", "id", "ward_id", "message_hash", "to_hash", "kind", "told_by", "at", "noted_at")
_ADD_TOLD = Quick(
    "INSERT INTO zalo_posts (id, ward_id, message_hash, to_hash, kind, told_by, at, noted_at)"
    " VALUES (:id, :ward_id, :message_hash, :to_hash, 'unsure', :told_by, :at, :now)"
    " ON CONFLICT (message_hash) DO NOTHING"
)
_DROP = Quick("DELETE FROM zalo_posts WHERE id = :row_id")
_FIND = Quick("SELECT kind FROM zalo_posts WHERE message_hash = :message_hash")
# The echo was here before the answer.
_TAKE_BACK = Quick("DELETE FROM zalo_posts WHERE message_hash = :message_hash AND id <> :row_id RETURNING told_by")
_OURS = Quick("UPDATE zalo_posts SET kind = 'ours', message_hash = :message_hash WHERE id = :row_id")
_UNSURE = Quick(
    "SELECT id, message_hash, to_hash, told_by, at FROM zalo_posts WHERE kind = 'unsure' AND ward_id = :ward_id AND noted_at <= :before"
    " ORDER BY noted_at, id LIMIT :most"
)
_GOING = Quick(
    "SELECT id FROM zalo_posts WHERE kind = 'going' AND ward_id = :ward_id AND to_hash = :to_hash AND at BETWEEN :since AND :until"
    " AND noted_at <= :before"
    " ORDER BY at LIMIT 1",
    postgres="FOR UPDATE",
)
_SET_KIND = Quick("UPDATE zalo_posts SET kind = :kind WHERE id = :row_id AND kind = 'unsure'")
_FORGET = Quick("DELETE FROM zalo_posts WHERE id IN (SELECT id FROM zalo_posts WHERE noted_at < :before ORDER BY noted_at LIMIT :step)")
_LAST_OUTSIDE = Quick("SELECT count(*), max(at) FROM zalo_posts WHERE ward_id = :ward_id AND kind = 'outside' AND noted_at >= :since")
_FROM = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('zalo-posts-from', :ward_id, '', :now, '{}')"
    " ON CONFLICT (name) DO NOTHING"
)
_FROM_NOW = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('zalo-posts-from', :ward_id, '', :now, '{}')"
    " ON CONFLICT (name) DO UPDATE SET until = excluded.until"
)
_SINCE = Quick("SELECT until FROM leases WHERE name = 'zalo-posts-from'")

ToldBy = Literal["person", "event", "fetched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message of the account of which Zalo tells, and of which nobody here knows."""

    id: int
    message_hash: str
    to_hash: str
    told_by: ToldBy
    at: int


def begin(session: Session, ward_id: int, *, row_id: int, to_hash: str, now: int) -> None:
    _ADD.run(session, id=row_id, ward_id=ward_id, message_hash=None, to_hash=to_hash, kind="going", told_by="", at=now, noted_at=now)


def answered(session: Session, row_id: int, message_hash: str) -> ToldBy | None:
    """Zalo has said how it calls what we sent. Who told of it before that, if anybody."""
    told: ToldBy | None = None
    for (by,) in _TAKE_BACK.run(session, message_hash=message_hash, row_id=row_id).fetchall():
        told = by or None
    _OURS.run(session, row_id=row_id, message_hash=message_hash)
    return told


def drop(session: Session, row_id: int) -> None:
    """Nothing was sent."""
    _DROP.run(session, row_id=row_id)


def kind_of(session: Session, message_hash: str) -> str:
    """Empty where nobody knows it."""
    row = _FIND.run(session, message_hash=message_hash).fetchone()
    return str(row[0]) if row else ""


def tell(session: Session, ward_id: int, *, row_id: int, message_hash: str, to_hash: str, told_by: ToldBy, at: int, now: int) -> None:
    """Kept as unsure; one that is known by now changes nothing."""
    _ADD_TOLD.run(session, id=row_id, ward_id=ward_id, message_hash=message_hash, to_hash=to_hash, told_by=told_by, at=at, now=now)


def unsure(session: Session, ward_id: int, *, before: int, most: int) -> list[Told]:
    rows = _UNSURE.run(session, ward_id=ward_id, before=before, most=most).fetchall()
    return [Told(id=row[0], message_hash=row[1], to_hash=row[2], told_by=row[3], at=row[4]) for row in rows]


def take_for_ours(session: Session, ward_id: int, told: Told, *, within: int, before: int) -> bool:
    """Where we were sending something to this person around then and never heard what became of it: this was it. `before`: what was
    begun later may still be answered."""
    around = {"since": told.at - within, "until": told.at + within, "before": before}
    row = _GOING.run(session, ward_id=ward_id, to_hash=told.to_hash, **around).fetchone()
    if row is None:
        return False
    _DROP.run(session, row_id=told.id)
    _OURS.run(session, row_id=row[0], message_hash=told.message_hash)
    return True


def settle(session: Session, row_id: int, kind: Literal["outside", "passed"]) -> bool:
    """False: somebody was faster."""
    return bool(_SET_KIND.run(session, row_id=row_id, kind=kind).rowcount)


def known_from(session: Session, ward_id: int, *, now: int) -> int:
    """Since when every message of ours is known here. What is older may be ours as well."""
    _FROM.run(session, ward_id=ward_id, now=now)
    return int(_SINCE.run(session).fetchone()[0])


def know_from_now(session: Session, ward_id: int, *, now: int) -> None:
    """After a restore: what the old machine sent since the copy was made is known to nobody here."""
    _FROM_NOW.run(session, ward_id=ward_id, now=now)


def outside(session: Session, ward_id: int, *, since: int) -> tuple[int, int]:
    """How many, and when the last was."""
    many, last = _LAST_OUTSIDE.run(session, ward_id=ward_id, since=since).fetchone()
    return int(many), int(last or 0)


def forget_old(session: Session, *, now: int) -> int:
    gone: int = _FORGET.run(session, before=now - KEEP_FOR, step=_STEP).rowcount
    return gone
