"""A key for each day, made by whoever needs it first, and gone with the day: what was hashed with it then leads to nobody."""

from sqlmodel import Session

from storage import moments
from storage.quick import Quick
from storage.vault import Place, Ring, vault_of

_FIND = Quick("SELECT id, material FROM day_keys WHERE day = :day")
_KEEP = Quick(
    "INSERT INTO day_keys (id, ward_id, day, material, created_at) VALUES (:row_id, :ward_id, :day, :material, :now)"
    " ON CONFLICT (day) DO NOTHING"
)
_FORGET = Quick("DELETE FROM day_keys WHERE created_at < :before")


def key_of_day(session: Session, day: str, *, ward_id: int, row_id: int, now: int) -> bytes:
    found = _FIND.run(session, day=day).fetchone()
    if found is None:
        material = vault_of(session).wrap(Ring.fresh(), _place(row_id))
        _KEEP.run(session, row_id=row_id, ward_id=ward_id, day=day, material=material, now=now)
        found = _FIND.run(session, day=day).fetchone()
    return vault_of(session).unwrap(bytes(found[1]), _place(found[0])).current


def forget_old(session: Session, *, now: int) -> None:
    _FORGET.run(session, before=now - moments.DAY)


def _place(row_id: int) -> Place:
    return Place("day_keys", "material", row_id)
