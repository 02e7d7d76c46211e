"""Periods the law or the ward sets, days off, and every clock that runs for a tip."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_once_where, only_where, row_id, ward_id


class Period(SQLModel, table=True):
    """A period this ward has set otherwise; what is not named here is as in `handlers/data/periods.toml`."""

    __tablename__ = "periods"
    __table_args__ = (UniqueConstraint("ward_id", "kind", name="uq_periods_kind"),)

    id: int = row_id()
    ward_id: int = ward_id()
    kind: str
    amount: int
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)


class Holiday(SQLModel, table=True):
    """A day off, or a Saturday that is worked instead, where the ward's calendar differs from the one that is built in."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("ward_id", "day", name="uq_holidays_day"),)

    id: int = row_id()
    ward_id: int = ward_id()
    day: str  # 2026-11-24
    name: str
    is_off: bool
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)


class Deadline(SQLModel, table=True):
    """One clock of one tip. It runs until somebody does what it waits for, or until it has no more meaning."""

    __tablename__ = "deadlines"
    __table_args__ = (
        only_where("ix_deadlines_next", "next_at IS NOT NULL", "ward_id", "next_at"),
        only_where("ix_deadlines_running", "settled_at IS NULL", "ward_id", "due_at"),
        only_where("ix_deadlines_calendar", "settled_at IS NULL", "ward_id", "calendar", "id"),
        only_once_where("uq_deadlines_running", "settled_at IS NULL", "tip_id", "kind"),
        Index("ix_deadlines_tip", "tip_id", "kind"),
        only_where("ix_deadlines_late", "settled_at IS NULL", "tip_id", "due_at", "kind"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id", index=False)
    kind: str  # One of handlers/data/periods.toml.
    amount: int  # The figure it started with: one the ward sets otherwise holds for the next.
    starts_at: int = moment()
    due_at: int = moment()
    next_at: int | None = maybe_moment()  # When the next warning is due; None once there is none.
    warned: int = 0  # How many warnings have been given: half, four fifths, before the end, over.
    settled_at: int | None = maybe_moment()
    outcome: str = ""  # met, late, void; empty while it runs.
    calendar: int = 0  # The ward's calendar it was reckoned by; one that runs by an older one is due to be reckoned anew.
