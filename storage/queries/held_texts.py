"""What waits for the chief's yes, sealed under the ring of the tip it is about."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries.rings import tip_ring
from storage.queries.sight import Sight, readable_ids
from storage.quick import Quick, insert
from storage.tables import HeldText, Tip
from storage.vault import Place, Sealed, Shredded

_SEEN = "h.id, h.tip_id, h.kind, h.why, h.body, h.written_by, h.written_at, h.decided_by, h.decided_at, h.outcome, h.reason, t.code_tail"
_INSERT = insert("held_texts", "id", "ward_id", "tip_id", "kind", "why", "body", "written_by", "written_at", "outcome")
_WAITING = Quick(
    f"SELECT {_SEEN} FROM held_texts h JOIN tips t ON t.id = h.tip_id"
    " WHERE h.ward_id = :ward_id AND h.decided_at IS NULL AND h.body IS NOT NULL ORDER BY h.id"
)
_OF_TIP = Quick(
    f"SELECT {_SEEN} FROM held_texts h JOIN tips t ON t.id = h.tip_id"
    " WHERE h.ward_id = :ward_id AND h.tip_id = :tip_id AND h.outcome <> 'released' ORDER BY h.id"
)
_ONE = Quick(f"SELECT {_SEEN} FROM held_texts h JOIN tips t ON t.id = h.tip_id WHERE h.ward_id = :ward_id AND h.id = :held_id")
_DECIDE = Quick(
    "UPDATE held_texts SET decided_by = :officer_id, decided_at = :now, outcome = :outcome, reason = :reason"
    " WHERE id = :held_id AND decided_at IS NULL RETURNING id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    id: int
    tip_id: int
    tail: str
    kind: str
    why: tuple[str, ...]
    body: dict[str, Any]  # Empty where it does not open any more.
    written_by: int
    written_at: int
    decided_by: int | None
    decided_at: int | None
    outcome: str
    reason: str


def keep(
    session: Session, *, held_id: int, ward_id: int, tip_id: int, kind: str, why: tuple[str, ...], body: dict[str, Any], by: int, now: int
) -> None:
    sealed = tip_ring(session, tip_id).seal_json(body, held_place(held_id))
    _INSERT.run(
        session,
        id=held_id,
        ward_id=ward_id,
        tip_id=tip_id,
        kind=kind,
        why=" ".join(why),
        body=sealed,
        written_by=by,
        written_at=now,
        outcome="",
    )


def waiting(session: Session, sight: Sight) -> list[Held]:
    """Oldest first."""
    found = [_seen(session, row) for row in _WAITING.run(session, ward_id=sight.ward_id).fetchall()]
    may = set(readable_ids(session, sight, [one.tip_id for one in found]))
    return [one for one in found if one.tip_id in may]


def count_waiting(session: Session, sight: Sight) -> int:
    return _count_query(sight).number(session)


@lru_cache(maxsize=KEPT_MOST)
def _count_query(sight: Sight) -> Prepared:
    waits = col(HeldText.ward_id) == sight.ward_id, col(HeldText.decided_at).is_(None), col(HeldText.body).is_not(None)
    query = select(func.count()).select_from(HeldText).join(Tip, col(Tip.id) == col(HeldText.tip_id))
    return Prepared(query.where(*waits, sight.readable()))


def of_tip(session: Session, ward_id: int, tip_id: int) -> list[Held]:
    """What waits, and what came back."""
    return [_seen(session, row) for row in _OF_TIP.run(session, ward_id=ward_id, tip_id=tip_id).fetchall()]


def one(session: Session, ward_id: int, held_id: int) -> Held | None:
    row = _ONE.run(session, ward_id=ward_id, held_id=held_id).fetchone()
    return _seen(session, row) if row else None


def decide(session: Session, held: Held, *, outcome: str, officer_id: int, now: int, reason: str = "") -> bool:
    """False: somebody else was faster."""
    sealed = tip_ring(session, held.tip_id).seal_text(reason, held_reason_place(held.id)) if reason else None
    return _DECIDE.run(session, held_id=held.id, outcome=outcome, officer_id=officer_id, now=now, reason=sealed).fetchone() is not None


def held_place(held_id: int) -> Place:
    return Place("held_texts", "body", held_id)


def held_reason_place(held_id: int) -> Place:
    return Place("held_texts", "reason", held_id)


def _seen(session: Session, row: tuple[Any, ...]) -> Held:
    held_id, tip_id, kind, why, body, written_by, written_at, decided_by, decided_at, outcome, reason, tail = row
    opened: dict[str, Any] = {}
    told = ""
    try:
        ring = tip_ring(session, tip_id)
        opened = dict(ring.open_json(bytes(body), held_place(held_id))) if body else {}
        told = ring.open_text(bytes(reason), held_reason_place(held_id)) if reason else ""
    except (Sealed, Shredded):
        pass  # Nothing to read any more; that something was written stays.
    return Held(
        id=held_id,
        tip_id=tip_id,
        tail=tail,
        kind=kind,
        why=tuple(why.split()),
        body=opened,
        written_by=written_by,
        written_at=written_at,
        decided_by=decided_by,
        decided_at=decided_at,
        outcome=outcome,
        reason=told,
    )
