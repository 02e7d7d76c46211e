"""What the ward's figures are made of. All of it follows from the history (`storage/facts.py`) and can be made anew from there."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import maybe_moment, moment, only_where, ward_id


class FigureFact(SQLModel, table=True):
    """One thing a figure counts, at the moment by which it belongs to a period. The list behind a figure is made of these."""

    __tablename__ = "figure_facts"
    __table_args__ = (
        Index("ix_figure_facts_list", "ward_id", "what", "value", "at", "tip_id", "nr", "until_at"),
        only_where("ix_figure_facts_long", "is_long", "ward_id", "what", "value", "at", "tip_id", "nr", "until_at"),
    )

    tip_id: int = Field(primary_key=True, foreign_key="tips.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    nr: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ward_id: int = ward_id()
    sight: str  # Who reads the tip: empty for an ordinary one, chief, fence.
    what: str
    value: str
    at: int = moment()
    until_at: int | None = maybe_moment()  # Of what lasts: when it ended. None: it still does, or it never lasts.
    is_long: bool = False  # It lasts more than a month, or still does: looked for apart, so that short ones are found by their beginning.
    took: int | None = maybe_moment()  # Milliseconds, where a time is measured.


class FigureBlock(SQLModel, table=True):
    """The facts of a day, or of 8, 64, 512 or 4096 days, counted. Any period is a few dozen of these, however many tips there are."""

    __tablename__ = "figure_blocks"

    ward_id: int = Field(primary_key=True, foreign_key="wards.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    block: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sight: str = Field(primary_key=True)
    part: str = Field(primary_key=True)  # rows, splits, took
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class FigureCursor(SQLModel, table=True):
    """How far the facts have followed the history."""

    __tablename__ = "figure_cursors"

    ward_id: int = Field(primary_key=True, foreign_key="wards.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=BigInteger)  # The last link of the history that is counted.
    after_tip: int | None = Field(default=None, sa_type=BigInteger, nullable=True)  # While all is counted anew: the last tip that was.
    rules: str  # What they were counted by; other rules count all anew.
