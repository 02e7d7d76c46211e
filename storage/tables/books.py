"""The two books of a ward, each numbered from 1 anew every year and without a gap."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class BookCounter(SQLModel, table=True):
    """The last number given. Counted up as the last statement before commit: a rollback leaves no gap."""

    __tablename__ = "book_counters"

    ward_id: int = Field(primary_key=True, foreign_key="wards.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    book: str = Field(primary_key=True)  # crime, other
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class BookEntry(SQLModel, table=True):
    """A tip in a book. Never removed and never renumbered; a tip that belongs to the other book gets an entry there as well."""

    __tablename__ = "book_entries"
    __table_args__ = (
        UniqueConstraint("ward_id", "book", "year", "number", name="uq_book_entries_number"),
        only_where("ix_book_entries_when", "entered_at > 0", "ward_id", "book", "entered_at"),  # Asked by days alone.
        only_where("ix_book_entries_to_copy", "copied_at IS NULL AND moved_at IS NULL", "ward_id", "book", "year", "number"),
        only_where("ix_book_entries_moved", "moved_at IS NOT NULL", "ward_id"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    book: str  # crime, other
    year: int
    number: int
    entered_at: int = moment()
    entered_by: int = link("officers.id", index=False)
    body: bytes | None = sealed()  # What the officer wrote into the columns, under the tip's ring: `handlers/books.py`.
    paper_number: str = ""  # The line of the paper book it was copied into.
    sector_number: str = ""  # Its number on VNeID or in the sector's own software.
    copied_at: int | None = maybe_moment()
    copied_by: int | None = maybe_link("officers.id", index=False)
    moved_at: int | None = maybe_moment()  # The tip stands in the other book since.


class DayChecked(SQLModel, table=True):
    """Đối chiếu cuối ngày: arrived = in our books = in the paper book, as somebody confirmed it."""

    __tablename__ = "days_checked"
    __table_args__ = (UniqueConstraint("ward_id", "day", name="uq_days_checked_day"),)

    id: int = row_id()
    ward_id: int = ward_id()
    day: str  # 2026-11-21
    arrived: int
    entered: int
    waiting: int
    on_paper: int
    checked_by: int = link("officers.id", index=False)
    checked_at: int = moment()
