"""Call-back numbers, each under a ring of its own that the vault wraps."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries import assignment
from storage.tables import Callback, Tip
from storage.vault import Place, Ring, vault_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSeen:
    is_there: bool
    is_mine: bool  # This officer accepted the tip, or was named for it by somebody else.


def keep(session: Session, *, ward_id: int, tip_id: int, callback_id: int, number: str, now: int) -> None:
    """One row per tip; a later number stands in it under a fresh ring, and the former one is gone with its key."""
    row = session.execute(select(Callback).where(col(Callback.tip_id) == tip_id)).scalar_one_or_none()
    if row is None:
        row = Callback(id=callback_id, ward_id=ward_id, tip_id=tip_id, created_at=now)
        session.add(row)
    ring = Ring.fresh()
    row.data_key = vault_of(session).wrap(ring, callback_key_place(row.id))
    row.number = ring.seal_text(number, number_place(row.id))
    row.created_at, row.shredded_at = now, None
    session.flush()


def seen(session: Session, ward_id: int, tip_id: int, *, officer_id: int) -> CallbackSeen:
    row = session.execute(
        select(col(Tip.accepted_by), col(Tip.handler_id))
        .join(Callback, col(Callback.tip_id) == col(Tip.id))
        .where(col(Tip.ward_id) == ward_id, col(Tip.id) == tip_id, col(Tip.arrived_at).is_not(None), col(Callback.data_key).is_not(None))
    ).first()
    if row is None:
        return CallbackSeen(is_there=False, is_mine=False)
    is_named = row.handler_id == officer_id and assignment.named_by(session, tip_id) not in ("", f"officer:{officer_id}")
    return CallbackSeen(is_there=True, is_mine=row.accepted_by == officer_id or is_named)


def number_of(session: Session, ward_id: int, tip_id: int) -> str:
    row = session.execute(select(Callback).where(col(Callback.ward_id) == ward_id, col(Callback.tip_id) == tip_id)).scalar_one()
    ring = vault_of(session).unwrap(row.data_key, callback_key_place(row.id))
    return ring.open_text(row.number or b"", number_place(row.id))


def callback_key_place(callback_id: int) -> Place:
    return Place("callbacks", "data_key", callback_id)


def number_place(callback_id: int) -> Place:
    return Place("callbacks", "number", callback_id)
