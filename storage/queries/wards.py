"""The ward of this installation and its look-up key; made by whoever comes first, a start or a command."""

from sqlalchemy import select
from sqlmodel import Session, col

from storage.memory import alone
from storage.tables import Key, Ward

_FIRST_ROWS = 5_264_902  # Two processes may start at once.


def first_rows(session: Session, *, ward_id: int, key_id: int, fresh_key: bytes, now: int) -> tuple[int, bytes]:
    alone(session, _FIRST_ROWS)
    ward = session.execute(select(Ward).order_by(col(Ward.id)).limit(1)).scalar_one_or_none()
    if ward is None:
        ward = Ward(id=ward_id, name="", created_at=now)
        session.add(ward)
        session.flush()
    key = session.execute(select(Key).where(col(Key.purpose) == "look-up")).scalar_one_or_none()
    if key is None:
        key = Key(id=key_id, ward_id=ward.id, purpose="look-up", material=fresh_key, created_at=now)
        session.add(key)
    return ward.id, bytes(key.material)


def ward_facts(session: Session) -> tuple[int, str, str]:
    row = session.execute(select(Ward).order_by(col(Ward.id)).limit(1)).scalar_one()
    return row.id, row.name, row.duty_phone
