"""The ward's map and its place codes as rows: what the desk lists and changes. Neighbourhoods end, because tips refer to them;
a street, an alley or a landmark nobody refers to simply goes. Whoever changes anything here calls `ward_book.changed` too.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Session, col

from storage.memory import alone
from storage.tables import Landmark, Neighbourhood, Spot

_MAP = 5_264_917  # Two people may import at once.


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    id: int
    kind: str  # neighbourhood, street, alley, landmark
    name: str
    neighbourhood_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotRow:
    id: int
    code: str
    label: str
    neighbourhood_id: int | None
    latitude: float | None
    longitude: float | None
    created_at: int
    ended_at: int | None


def one_at_a_time(session: Session) -> None:
    """Before the map is read in order to be changed."""
    alone(session, _MAP)


def places(session: Session, ward_id: int) -> list[PlaceRow]:
    """Everything, neighbourhoods first and in their order; ended ones too."""
    homes = select(Neighbourhood).where(col(Neighbourhood.ward_id) == ward_id).order_by(col(Neighbourhood.position), col(Neighbourhood.id))
    others = select(Landmark).where(col(Landmark.ward_id) == ward_id).order_by(col(Landmark.id))
    found = [
        PlaceRow(id=row.id, kind="neighbourhood", name=row.name, latitude=row.latitude, longitude=row.longitude, ended_at=row.ended_at)
        for row in session.execute(homes).scalars()
    ]
    return found + [_of_landmark(row) for row in session.execute(others).scalars()]


def place(session: Session, ward_id: int, place_id: int) -> PlaceRow | None:
    return next((row for row in places(session, ward_id) if row.id == place_id), None)


def _of_landmark(row: Landmark) -> PlaceRow:
    return PlaceRow(
        id=row.id, kind=row.kind, name=row.name, neighbourhood_id=row.neighbourhood_id, latitude=row.latitude, longitude=row.longitude
    )


def add_places(session: Session, ward_id: int, rows: list[PlaceRow]) -> None:
    """New neighbourhoods come behind those there are."""
    next_position = (
        session.execute(select(func.max(col(Neighbourhood.position))).where(col(Neighbourhood.ward_id) == ward_id)).scalar() or 0
    )
    homes = [row for row in rows if row.kind == "neighbourhood"]
    others = [row for row in rows if row.kind != "neighbourhood"]
    if homes:
        session.execute(
            insert(Neighbourhood),
            [{**_shared(row, ward_id), "position": next_position + place} for place, row in enumerate(homes, 1)],
        )
    if others:
        session.execute(
            insert(Landmark), [{**_shared(row, ward_id), "kind": row.kind, "neighbourhood_id": row.neighbourhood_id} for row in others]
        )


def _shared(row: PlaceRow, ward_id: int) -> dict[str, Any]:
    return {"id": row.id, "ward_id": ward_id, "name": row.name, "latitude": row.latitude, "longitude": row.longitude}


def change_places(session: Session, rows: list[PlaceRow]) -> None:
    """Rows that `places` gave, as they say now. A neighbourhood that had ended stands again, unless its row still says when."""
    homes = [row for row in rows if row.kind == "neighbourhood"]
    others = [row for row in rows if row.kind != "neighbourhood"]
    if homes:
        session.execute(update(Neighbourhood), [{**_changed(row), "ended_at": row.ended_at} for row in homes])
    if others:
        session.execute(update(Landmark), [{**_changed(row), "kind": row.kind, "neighbourhood_id": row.neighbourhood_id} for row in others])


def _changed(row: PlaceRow) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "latitude": row.latitude, "longitude": row.longitude}


def end_neighbourhood(session: Session, ward_id: int, neighbourhood_id: int, *, now: int) -> bool:
    found = session.execute(
        update(Neighbourhood)
        .where(col(Neighbourhood.id) == neighbourhood_id, col(Neighbourhood.ward_id) == ward_id, col(Neighbourhood.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(Neighbourhood.id))
    )
    return found.first() is not None


def drop_landmark(session: Session, ward_id: int, landmark_id: int) -> bool:
    found = session.execute(
        delete(Landmark).where(col(Landmark.id) == landmark_id, col(Landmark.ward_id) == ward_id).returning(col(Landmark.id))
    )
    return found.first() is not None


# -- place codes ---------------------------------------------------------------------------------------------------------------


def spots(session: Session, ward_id: int) -> list[SpotRow]:
    """Newest first, ended ones too."""
    rows = session.execute(select(Spot).where(col(Spot.ward_id) == ward_id).order_by(col(Spot.id).desc())).scalars()
    names = ("id", "code", "label", "neighbourhood_id", "latitude", "longitude", "created_at", "ended_at")
    return [SpotRow(**{name: getattr(row, name) for name in names}) for row in rows]


def spot(session: Session, ward_id: int, code: str) -> SpotRow | None:
    return next((row for row in spots(session, ward_id) if row.code == code), None)


def add_spot(session: Session, ward_id: int, row: SpotRow) -> None:
    names = ("id", "code", "label", "neighbourhood_id", "latitude", "longitude", "created_at")
    session.execute(insert(Spot), [{"ward_id": ward_id, **{name: getattr(row, name) for name in names}}])


def end_spot(session: Session, ward_id: int, spot_id: int, *, now: int) -> bool:
    found = session.execute(
        update(Spot)
        .where(col(Spot.id) == spot_id, col(Spot.ward_id) == ward_id, col(Spot.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(Spot.id))
    )
    return found.first() is not None
