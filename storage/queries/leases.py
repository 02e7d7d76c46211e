"""Small rows that prove something: that the disk still takes writes."""

from sqlmodel import Session

from storage.quick import Quick

_SIGN_OF_LIFE = Quick(
    "INSERT INTO leases (name, ward_id, holder, until, data) VALUES ('sign-of-life', :ward_id, '', :now, '{}')"
    " ON CONFLICT (name) DO UPDATE SET until = :now"
)


def note_sign_of_life(session: Session, *, ward_id: int, now: int) -> None:
    _SIGN_OF_LIFE.run(session, ward_id=ward_id, now=now)
