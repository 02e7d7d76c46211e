"""How far a ward has come with setting itself up, links to a password, and when each door was last alive."""

from sqlalchemy import UniqueConstraint
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
