"""Whether the house is open. A restored one stays closed until a person says that the old machine is off."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage.queries import asks, strikes
from storage.quick import from_json
from storage.tables import Lease, OutboxRow

_NAME = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Where a closed house came from."""

    snapshot: str
    made_at: int
    restored_at: int


def is_closed(session: Session) -> bool:
    return session.execute(select(col(Lease.name)).where(col(Lease.name) == _NAME)).first() is not None


def closed_house(session: Session) -> Closed | None:
    data = session.execute(select(col(Lease.data)).where(col(Lease.name) == _NAME)).scalar_one_or_none()
    if data is None:
        return None
    told = from_json(data)
    return Closed(snapshot=told.get("snapshot", ""), made_at=told.get("made_at", 0), restored_at=told.get("restored_at", 0))


def close_house(session: Session, ward_id: int, closed: Closed) -> None:
    data = {"closed": "restored", "snapshot": closed.snapshot, "made_at": closed.made_at, "restored_at": closed.restored_at}
    session.add(Lease(name=_NAME, ward_id=ward_id, data=data))
    session.flush()


def open_house(session: Session) -> bool:
    """False when somebody else was first. Their row is locked until they are done."""
    lease = session.execute(select(Lease).where(col(Lease.name) == _NAME).with_for_update()).scalar_one_or_none()
    if lease is None:
        return False
    session.delete(lease)
    session.flush()
    return True


def count_held(session: Session, ward_id: int) -> int:
    query = select(func.count()).select_from(OutboxRow).where(col(OutboxRow.ward_id) == ward_id, col(OutboxRow.status) == "held")
    return int(session.execute(query).scalar_one())


def hold_waiting(session: Session, *, now: int) -> int:
    """Answers that a copy found waiting: the old machine may have sent them since. Of warnings nobody knows whether it did."""
    asks.doubt_all(session, now=now)
    strikes.doubt_all(session, now=now)
    held = session.execute(
        update(OutboxRow).where(col(OutboxRow.status).in_(("waiting", "parked"))).values(status="held").returning(col(OutboxRow.id))
    )
    return len(held.all())


def release_held(session: Session, ward_id: int, *, now: int) -> int:
    freed = session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.ward_id) == ward_id, col(OutboxRow.status) == "held")
        .values(status="waiting", due_at=now, tries=0)
        .returning(col(OutboxRow.id))
    )
    return len(freed.all())
