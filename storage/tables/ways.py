from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import row_id, ward_id


class Way(SQLModel, table=True):
    """How many taps and messages it took somebody to a receipt: of which door, and of nobody. The last hundred of each door."""

    __tablename__ = "ways"
    __table_args__ = (Index("ix_ways_newest", "ward_id", "channel", "id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    taps: int = Field(default=0)
    messages: int = Field(default=0)
