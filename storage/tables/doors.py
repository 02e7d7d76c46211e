"""Platforms that do not let us in."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.columns import moment, row_id, ward_id


class DoorTrouble(SQLModel, table=True):
    """A door through which nothing comes or goes. No row while all is well; it goes when the platform answers again."""

    __tablename__ = "door_troubles"
    __table_args__ = (UniqueConstraint("ward_id", "channel", name="uq_door_troubles_channel"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    why: str  # token, taken, unreachable, broken, quiet, and more that are the doors' own
    since: int = moment()
