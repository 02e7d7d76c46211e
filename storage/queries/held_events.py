"""Events that were not signed as they should be, kept a day in case it was our own secret that was wrong; and what is odd at a door,
counted."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from storage import moments
from storage.queries.rewrap import Stepped
from storage.quick import Quick, insert
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

KEEP_FOR = moments.DAY
MOST = 200  # More of them are only counted: whoever knows the address may post as much as they like.

_ADD = insert("held_events", "id", "ward_id", "channel", "data_key", "body", "arrived_at")
_MANY = Quick("SELECT count(*) FROM held_events WHERE ward_id = :ward_id AND channel = :channel")
_SOME = Quick("SELECT id, data_key, body FROM held_events WHERE ward_id = :ward_id AND channel = :channel ORDER BY id")
_DROP = Quick("DELETE FROM held_events WHERE id = :row_id")
_FORGET = Quick("DELETE FROM held_events WHERE arrived_at < :before")
_ALL = Quick("SELECT id FROM held_events WHERE id > :after ORDER BY id LIMIT 100")
_MARK = Quick(
    "INSERT INTO door_marks (id, ward_id, channel, what, many, first_at, last_at) VALUES (:id, :ward_id, :channel, :what, 1, :now, :now)"
    " ON CONFLICT (ward_id, channel, what) DO UPDATE SET many = door_marks.many + 1, last_at = excluded.last_at,"
    " first_at = CASE WHEN door_marks.last_at < :long_ago THEN excluded.first_at ELSE door_marks.first_at END"
)
_CLEAR = Quick("DELETE FROM door_marks WHERE ward_id = :ward_id AND channel = :channel AND what = :what")
_MARKS = Quick("SELECT what, many, first_at, last_at FROM door_marks WHERE ward_id = :ward_id AND channel = :channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBody:
    id: int
    body: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`first_at`: of the present row of them, each within a day of the one before."""

    many: int
    first_at: int
    last_at: int


def hold(session: Session, ward_id: int, channel: str, body: dict[str, Any], *, row_id: int, mark_id: int, now: int) -> None:
    mark(session, ward_id, channel, "unsigned", row_id=mark_id, now=now)
    if _MANY.run(session, ward_id=ward_id, channel=channel).fetchone()[0] >= MOST:
        return
    ring = Ring.fresh()
    wrapped = vault_of(session).wrap(ring, _key_place(row_id))
    sealed = ring.seal_json(body, _place(row_id))
    _ADD.run(session, id=row_id, ward_id=ward_id, channel=channel, data_key=wrapped, body=sealed, arrived_at=now)


def held(session: Session, ward_id: int, channel: str) -> list[HeldBody]:
    """In the order in which they came. What does not open any more is passed over, and goes with its day."""
    found = []
    for row_id, data_key, body in _SOME.run(session, ward_id=ward_id, channel=channel).fetchall():
        try:
            opened = vault_of(session).unwrap(bytes(data_key), _key_place(row_id)).open_json(bytes(body), _place(row_id))
        except (Sealed, Shredded, WrongMaster):
            continue
        found.append(HeldBody(id=row_id, body=opened))
    return found


def drop(session: Session, row_id: int) -> None:
    _DROP.run(session, row_id=row_id)


def forget_old(session: Session, *, now: int) -> None:
    _FORGET.run(session, before=now - KEEP_FOR)


def drop_some(session: Session, *, after: int) -> Stepped | None:
    """When the old keys may be known to somebody, these are not worth sealing anew: they go."""
    rows = _ALL.run(session, after=after).fetchall()
    for (row_id,) in rows:
        _DROP.run(session, row_id=row_id)
    return Stepped(int(rows[-1][0]), len(rows)) if rows else None


def mark(session: Session, ward_id: int, channel: str, what: str, *, row_id: int, now: int) -> None:
    _MARK.run(session, id=row_id, ward_id=ward_id, channel=channel, what=what, now=now, long_ago=now - moments.DAY)


def marks(session: Session, ward_id: int, channel: str) -> dict[str, Mark]:
    rows = _MARKS.run(session, ward_id=ward_id, channel=channel).fetchall()
    return {what: Mark(many=many, first_at=first_at, last_at=last_at) for what, many, first_at, last_at in rows}


def clear_mark(session: Session, ward_id: int, channel: str, what: str) -> None:
    _CLEAR.run(session, ward_id=ward_id, channel=channel, what=what)


def _key_place(row_id: int) -> Place:
    return Place("held_events", "data_key", row_id)


def _place(row_id: int) -> Place:
    return Place("held_events", "body", row_id)
