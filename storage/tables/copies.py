from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import maybe_link, maybe_moment, moment, row_id, ward_id


class BackupCopy(SQLModel, table=True):
    """A backup that was made and, as far as we know, still exists. What was shredded is gone for good only when the last older copy is."""

    __tablename__ = "backups"

    id: int = row_id()
    ward_id: int = ward_id()
    name: str
    place: str  # The folder, written out whole.
    made_at: int = moment()
    size: int = Field(default=0, sa_type=BigInteger)
    files: int = 0
    removed_at: int | None = maybe_moment()


class DayKey(SQLModel, table=True):
    """A key for one day: it salts the hashes of addresses that are braked, and goes with the day."""

    __tablename__ = "day_keys"

    id: int = row_id()
    ward_id: int = ward_id()
    day: str = Field(unique=True)
    material: bytes
    created_at: int = moment()


class Block(SQLModel, table=True):
    """A chat that is held off for a while: what it sends is kept apart, and nothing of it is thrown away.

    A keyed hash and an end, so that it outlives a cut contact and nothing else does; the reason stands in the history of the tip
    it was set at.
    """

    __tablename__ = "blocks"

    id: int = row_id()
    ward_id: int = ward_id()
    chat_hash: str = Field(unique=True)
    until: int = moment()
    tip_id: int | None = maybe_link("tips.id", index=False)  # Where it was set. Goes when contact is cut.
    set_by: int | None = maybe_link("officers.id", index=False)
    created_at: int | None = maybe_moment()
    lifted_at: int | None = maybe_moment()
