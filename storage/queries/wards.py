"""The ward of this installation and its keys; made by whoever comes first, a start or a command."""

from dataclasses import dataclass, fields

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.keyed import Keyed
from storage.memory import alone
from storage.tables import Key, Ward
from storage.vault import Place, Ring, vault_of
from storage.ward_keys import PURPOSES, WardKeys

_FIRST_ROWS = 5_264_902  # Two processes may start at once.


def first_rows(session: Session, *, ward_id: int, key_ids: dict[str, int], now: int) -> tuple[int, WardKeys]:
    alone(session, _FIRST_ROWS)
    ward = session.execute(select(Ward).order_by(col(Ward.id)).limit(1)).scalar_one_or_none()
    if ward is None:
        ward = Ward(id=ward_id, name="", created_at=now)
        session.add(ward)
        session.flush()
    found = set(session.execute(select(col(Key.purpose)).where(col(Key.ward_id) == ward.id)).scalars())
    for purpose in PURPOSES:
        if purpose not in found:
            key_id = key_ids[purpose]
            material = vault_of(session).wrap(Ring.fresh(), ward_key_place(key_id))
            session.add(Key(id=key_id, ward_id=ward.id, purpose=purpose, material=material, created_at=now))
    session.flush()
    return ward.id, keys_of(session, ward.id)


def keys_of(session: Session, ward_id: int) -> WardKeys:
    rows = session.execute(select(col(Key.id), col(Key.purpose), col(Key.material)).where(col(Key.ward_id) == ward_id))
    rings = {row.purpose: vault_of(session).unwrap(bytes(row.material), ward_key_place(row.id)) for row in rows}
    return WardKeys(look_up=Keyed(rings["look-up"].current), search=rings["search"], chain=Keyed(rings["chain"].current))


def ward_key_place(key_id: int) -> Place:
    return Place("keys", "material", key_id)


def call_demo(session: Session, ward_id: int) -> None:
    session.execute(update(Ward).where(col(Ward.id) == ward_id).values(is_demo=True))


def is_demo(session: Session) -> bool:
    return session.execute(select(col(Ward.is_demo)).order_by(col(Ward.id)).limit(1)).scalar_one_or_none() or False


@dataclass(frozen=True, slots=True, kw_only=True)
class WardFacts:
    """What the desk has written down of its ward."""

    id: int
    name: str
    duty_phone: str
    unit: str
    province: str
    address: str
    superior: str


def ward_facts(session: Session) -> WardFacts:
    row = session.execute(select(Ward).order_by(col(Ward.id)).limit(1)).scalar_one()
    return WardFacts(**{one.name: getattr(row, one.name) for one in fields(WardFacts)})


def change_facts(session: Session, ward_id: int, facts: dict[str, str]) -> None:
    if facts:
        session.execute(update(Ward).where(col(Ward.id) == ward_id).values(**facts))
