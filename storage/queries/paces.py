"""When a platform takes the next message, for all processes together: in a second by batches of places, in a group one by one."""

from sqlmodel import Session

from storage import moments
from storage.quick import Quick

# What stands further ahead than anybody ever takes was put there before a clock was set back.
_FURTHEST = moments.MINUTE
_ADD = Quick("INSERT INTO paces (name, ward_id, next_at) VALUES (:name, :ward_id, 0) ON CONFLICT (name) DO NOTHING")
# By the database's own clock: the machines around it need not agree. A place that is forgotten in a crash costs nobody anything.
_UNSAFE = Quick("SET LOCAL synchronous_commit TO OFF")
_NOW = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint"
_TAKE = Quick(
    f"UPDATE paces SET next_at = CASE WHEN next_at > {_NOW} + {_FURTHEST} THEN {_NOW} ELSE GREATEST(next_at, {_NOW}) END + :lasts"
    f" WHERE name = :name RETURNING next_at - :lasts - {_NOW}"
)
_GROUP = Quick("SELECT next_at FROM paces WHERE name = :name", postgres="FOR UPDATE")
_KEEP = Quick("UPDATE paces SET next_at = :next_at WHERE name = :name")
_FORGET = Quick("DELETE FROM paces WHERE name LIKE :groups AND next_at < :before")


def add(session: Session, ward_id: int, name: str) -> None:
    _ADD.run(session, name=name, ward_id=ward_id)


def take_places(session: Session, name: str, *, lasts: int) -> int | None:
    """So many milliseconds of the platform's time, on PostgreSQL: in how many milliseconds they begin. None: `add` it first."""
    _UNSAFE.run(session)
    row = _TAKE.run(session, name=name, lasts=lasts).fetchone()
    return int(row[0]) if row else None


def take_in_group(session: Session, ward_id: int, name: str, *, at_once: int, gap: int, now: int) -> int:
    """0: one may go there now, and counts. Else in how many milliseconds. So many at once after a silence, then one in every gap."""
    add(session, ward_id, name)
    found = int(_GROUP.run(session, name=name).fetchone()[0])
    taken_until = now if found > now + at_once * gap else max(found, now)
    wait = taken_until - (at_once - 1) * gap - now
    if wait > 0:
        return wait
    _KEEP.run(session, name=name, next_at=taken_until + gap)
    return 0


def forget_old(session: Session, *, before: int) -> None:
    """Groups in which nothing was said for long."""
    _FORGET.run(session, before=before, groups="%:%")
