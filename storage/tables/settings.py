"""How far a ward has come with setting itself up, links to a password, and when each door was last alive."""

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, row_id, ward_id


class SetUpSkip(SQLModel, table=True):
    """A step of the beginning that was left out for now, and why, in one of a few words of ours."""

    __tablename__ = "set_up_skips"
    __table_args__ = (UniqueConstraint("ward_id", "step", name="uq_set_up_skips_step"),)

    id: int = row_id()
    ward_id: int = ward_id()
    step: str
    why: str
    skipped_at: int = moment()
    skipped_by: int = link("officers.id", index=False)


class PasswordLink(SQLModel, table=True):
    """By which an officer sets a password of their own: once, and for some days. Only a keyed hash of it is here."""

    __tablename__ = "password_links"

    id: int = row_id()
    ward_id: int = ward_id()
    officer_id: int = link("officers.id")
    token_hash: str = Field(unique=True)
    made_at: int = moment()
    made_by: int = link("officers.id", index=False)
    ends_at: int = moment()
    used_at: int | None = maybe_moment()


class DoorSign(SQLModel, table=True):
    """When something last came in through a door, and when something last went out."""

    __tablename__ = "door_signs"
    __table_args__ = (UniqueConstraint("ward_id", "channel", name="uq_door_signs_channel"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    last_in_at: int | None = maybe_moment()
    last_out_at: int | None = maybe_moment()
    heard_at: int | None = maybe_moment()  # When anything at all last came in, receipts of the platform too.
    unheard: int = 0  # So many messages went out since then,
    unheard_since: int | None = maybe_moment()  # the first of them at this moment.


class DoorDay(SQLModel, table=True):
    """What a door heard on one day, as far as it tells how long it is usually silent. Sixty days are kept; nobody's id and no word."""

    __tablename__ = "door_days"
    __table_args__ = (UniqueConstraint("ward_id", "channel", "day", name="uq_door_days_day"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    day: str  # 2026-11-24, of the ward's wall clock
    longest: int = Field(default=0, sa_type=BigInteger)  # The longest silence that ended on this day.
    receipts: int = 0  # So many times the platform said that something of ours came or was seen.
