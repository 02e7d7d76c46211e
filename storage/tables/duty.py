"""Who is on duty, who is called when nobody answers, and every call that was made."""

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, ward_id


class ShiftPattern(SQLModel, table=True):
    """Shifts that repeat: on these weekdays, or every so many days from the first."""

    __tablename__ = "shift_patterns"

    id: int = row_id()
    ward_id: int = ward_id()
    name: str
    starts: int  # Minutes after midnight.
    minutes: int  # How long it lasts; past midnight where it has to.
    weekdays: str = ""  # "0123456", Monday first; empty: every `every` days from `first_day`.
    every: int = 1
    first_day: str  # 2026-11-21
    last_day: str = ""
    duty_id: int = link("officers.id", index=False)
    second_id: int | None = maybe_link("officers.id", index=False)
    commander_id: int | None = maybe_link("officers.id", index=False)
    ended_at: int | None = maybe_moment()


class Shift(SQLModel, table=True):
    """One shift as it is planned, and as it came to be: whoever has tapped "Vào ca" holds it."""

    __tablename__ = "shifts"
    # A pattern makes each of its shifts once, however often it is asked.
    __table_args__ = (
        Index("ix_shifts_when", "ward_id", "ends_at"),  # All ask for those that are not over yet.
        UniqueConstraint("pattern_id", "starts_at", name="uq_shifts_pattern"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    pattern_id: int | None = maybe_link("shift_patterns.id", index=False)
    starts_at: int = moment()
    ends_at: int = moment()
    duty_id: int = link("officers.id", index=False)
    second_id: int | None = maybe_link("officers.id", index=False)
    commander_id: int | None = maybe_link("officers.id", index=False)
    taken_at: int | None = maybe_moment()  # "Vào ca"
    taken_by: int | None = maybe_link("officers.id", index=False)
    cancelled_at: int | None = maybe_moment()
    called_at: int | None = maybe_moment()  # When whoever is planned was reminded on their phone.


class HandOver(SQLModel, table=True):
    """From one pair of hands into another, with what was open then. Why, where the other had gone, stands in the history."""

    __tablename__ = "hand_overs"
    __table_args__ = (Index("ix_hand_overs_newest", "ward_id", "at"),)

    id: int = row_id()
    ward_id: int = ward_id()
    from_shift: int | None = maybe_link("shifts.id", index=False)
    to_shift: int | None = maybe_link("shifts.id", index=False)
    from_officer: int | None = maybe_link("officers.id", index=False)
    to_officer: int = link("officers.id", index=False)
    how: str  # handed, taken: "Tôi nhận ca" because the other has gone.
    at: int = moment()
    open_tips: list[int] = Field(default_factory=list, sa_type=JSON)


class Ladder(SQLModel, table=True):
    """A tip that waits for somebody to accept it, and how far up it has been called."""

    __tablename__ = "ladders"
    __table_args__ = (only_where("ix_ladders_next", "next_at IS NOT NULL", "ward_id", "next_at"),)

    tip_id: int = Field(primary_key=True, foreign_key="tips.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    ward_id: int = ward_id()
    is_urgent: bool
    rung: int = 0  # 0 duty officer, 1 second officer, 2 commander, 3 chief, 4 everybody else.
    since: int = moment()  # When this rung was reached.
    next_at: int | None = maybe_moment()  # When it rings again, or climbs; None once somebody has pressed.
    settled_at: int | None = maybe_moment()


class Alarm(SQLModel, table=True):
    """One call to one person by one way, and what became of it."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("ix_alarms_when", "ward_id", "at"),
        Index("ix_alarms_newest", "ward_id", "id"),
        only_where("ix_alarms_waiting", "settled_at IS NULL", "ward_id", "id"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int | None = maybe_link("tips.id")
    officer_id: int | None = maybe_link("officers.id", index=False)
    rung: int = 0
    why: str  # tip, urgent, morning (a list), roster, clock, threat: what it was about.
    way: str  # chat, desk, command, none
    at: int = moment()
    tips: list[int] = Field(default_factory=list, sa_type=JSON)  # What a list names, where it was about several.
    outcome: str = "waiting"  # waiting, started (the command runs), sent, failed, unreachable, over (no longer needed), pressed
    outbox_id: int | None = Field(default=None, sa_type=BigInteger, nullable=True)  # The row that carries it, where a chat does.
    settled_at: int | None = maybe_moment()  # When the outcome was known.


class OfficerChat(SQLModel, table=True):
    """An officer's own chat app, linked by a code. It may accept and ask; it signs nobody in."""

    __tablename__ = "officer_chats"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    chat_id: int = link("chats.id")
    shows_excerpt: bool = False  # The chief has read what that means, and switched it on.
    linked_at: int = moment()
    ended_at: int | None = maybe_moment()


class ChatCode(SQLModel, table=True):
    """A code that links a chat to an officer: once, and for a few minutes. Only its keyed hash is here."""

    __tablename__ = "chat_codes"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id", index=False)
    code_hash: str = Field(unique=True)
    made_at: int = moment()
    used_at: int | None = maybe_moment()
