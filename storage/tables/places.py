"""The ward's own map: neighbourhoods, streets and landmarks people name, and spots that carry a QR code."""

from sqlmodel import Field, SQLModel

from storage.tables.columns import maybe_link, maybe_moment, moment, row_id, ward_id


class Neighbourhood(SQLModel, table=True):
    """A tổ dân phố or khu phố."""

    __tablename__ = "neighbourhoods"

    id: int = row_id()
    ward_id: int = ward_id()
    position: int  # The order on buttons and lists.
    name: str
    latitude: float | None = None
    longitude: float | None = None
    ended_at: int | None = maybe_moment()


class Landmark(SQLModel, table=True):
    """A street, an alley or a place that everybody knows, under the name people say."""

    __tablename__ = "landmarks"

    id: int = row_id()
    ward_id: int = ward_id()
    kind: str  # street, alley, landmark
    name: str
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id")
    latitude: float | None = None
    longitude: float | None = None


class Border(SQLModel, table=True):
    """Where a neighbourhood, or the ward itself, ends: what the map of tips is drawn on."""

    __tablename__ = "borders"

    id: int = row_id()
    ward_id: int = ward_id()
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id")  # None: the ward's own.
    shape: str  # Polygons of rings of [longitude, latitude], as GeoJSON writes a MultiPolygon.
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)


class Spot(SQLModel, table=True):
    """A place or a neighbourhood behind a QR code or a `?start=` link. Always asked back, never taken for granted."""

    __tablename__ = "spots"

    id: int = row_id()
    ward_id: int = ward_id()
    code: str = Field(unique=True)  # What the link carries.
    label: str
    neighbourhood_id: int | None = maybe_link("neighbourhoods.id", index=False)
    latitude: float | None = None
    longitude: float | None = None
    created_at: int = moment()
    ended_at: int | None = maybe_moment()
