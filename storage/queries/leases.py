"""Small rows that prove something: that the disk still takes writes, until when the house ran, and whose turn it is."""

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.quick import Quick
from storage.tables import Lease

_SIGN_OF_LIFE = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('sign-of-life', :ward_id, '', :now, '{}')"
    " ON CONFLICT (name) DO UPDATE SET until = :now"
)
_LAST_ALIVE = Quick("SELECT until FROM leases WHERE name = 'alive'")
_ALIVE = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('alive', :ward_id, '', :now, '{}')"
    " ON CONFLICT (name) DO UPDATE SET until = :now"
)


def note_sign_of_life(session: Session, *, ward_id: int, now: int) -> None:
    _SIGN_OF_LIFE.run(session, ward_id=ward_id, now=now)


def note_alive(session: Session, *, ward_id: int, now: int) -> int | None:
    """When the house last said so; None the first time."""
    row = _LAST_ALIVE.run(session).fetchone()
    _ALIVE.run(session, ward_id=ward_id, now=now)
    return int(row[0]) if row else None


def take(session: Session, name: str, holder: str, *, ward_id: int, now: int, lasts: int) -> bool:
    """Whether it is this holder's turn from now on, or still."""
    lease = session.execute(select(Lease).where(col(Lease.name) == name).with_for_update()).scalar_one_or_none()
    if lease is None:
        session.add(Lease(name=name, ward_id=ward_id, holder=holder, until=now + lasts))
        return True
    if lease.holder != holder and lease.until > now:
        return False
    lease.holder, lease.until = holder, now + lasts
    return True


def leave(session: Session, name: str, holder: str) -> None:
    session.execute(update(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder).values(until=0))
