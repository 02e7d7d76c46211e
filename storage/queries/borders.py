"""Where the ward and its neighbourhoods end, as rows: public shapes, nothing of a tip."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from storage.memory import alone
from storage.tables import Border, Neighbourhood

_BORDERS = 5_264_918  # Two people may import at once.
Shape = list[list[list[tuple[float, float]]]]  # Polygons of rings of (longitude, latitude).


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderSeen:
    neighbourhood_id: int | None  # None: the ward's own.
    name: str
    shape: Shape


def borders(session: Session, ward_id: int) -> list[BorderSeen]:
    """The ward's own first; those of neighbourhoods that have ended are left out."""
    query = (
        select(Border, col(Neighbourhood.name), col(Neighbourhood.ended_at))
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == col(Border.neighbourhood_id))
        .where(col(Border.ward_id) == ward_id)
        .order_by(col(Border.neighbourhood_id).is_not(None), col(Neighbourhood.position), col(Border.id))
    )
    return [
        BorderSeen(neighbourhood_id=row.neighbourhood_id, name=name or "", shape=json.loads(row.shape))
        for row, name, ended_at in session.execute(query)
        if ended_at is None
    ]


def has_borders(session: Session, ward_id: int) -> bool:
    return session.execute(select(col(Border.id)).where(col(Border.ward_id) == ward_id).limit(1)).first() is not None


def keep_borders(
    session: Session, ward_id: int, rows: dict[int | None, Shape], *, ids: list[int], officer_id: int | None, now: int
) -> None:
    """In the place of those there were; the others stay."""
    alone(session, _BORDERS)
    for home in rows:
        session.execute(delete(Border).where(col(Border.ward_id) == ward_id, col(Border.neighbourhood_id).is_not_distinct_from(home)))
    values: list[dict[str, Any]] = [
        {
            "id": row_id,
            "ward_id": ward_id,
            "neighbourhood_id": home,
            "shape": json.dumps(shape, separators=(",", ":")),
            "changed_at": now,
            "changed_by": officer_id,
        }
        for row_id, (home, shape) in zip(ids, rows.items(), strict=True)
    ]
    session.execute(insert(Border), values)


def drop_borders(session: Session, ward_id: int) -> int:
    """How many there were."""
    gone = session.execute(delete(Border).where(col(Border.ward_id) == ward_id).returning(col(Border.id)))
    return len(gone.all())
