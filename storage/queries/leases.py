"""Small rows that prove something: that the disk still takes writes, and until when the house ran."""

from sqlmodel import Session

from storage.quick import Quick

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
