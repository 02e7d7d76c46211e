"""A tip by its number, whole: asked a dozen times for each page about it, and so put together once.

Whoever asks decides what may be shown of it (`sight.py`).
"""

from collections.abc import Collection

from sqlalchemy import BigInteger, bindparam, select
from sqlmodel import Session, col

from storage.tables import Tip

_ONE = select(Tip).where(col(Tip.ward_id) == bindparam("ward", type_=BigInteger), col(Tip.id) == bindparam("tip", type_=BigInteger))
_SOME = select(Tip).where(col(Tip.id).in_(bindparam("ids", expanding=True)))


def tip_row(session: Session, ward_id: int, tip_id: int) -> Tip | None:
    """One that this session has at hand is not asked for again."""
    tip = session.get(Tip, tip_id)
    return tip if tip is not None and tip.ward_id == ward_id else None


def tip_rows(session: Session, ids: Collection[int]) -> dict[int, Tip]:
    """By number; those there are."""
    return {tip.id: tip for tip in session.execute(_SOME, {"ids": list(ids)}).scalars()} if ids else {}
