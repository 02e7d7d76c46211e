"""What a Zalo Official Account needs to be remembered: its tokens, events that were not signed as they should be, counted oddities, which
messages left as the account's, and who holds rights in Zalo's own console."""

from typing import Any

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class ZaloToken(SQLModel, table=True):
    """The pair of tokens of this ward's account, the pair before it, and who is asking for the next one. One row."""

    __tablename__ = "zalo_tokens"

    id: int = row_id()
    ward_id: int = Field(foreign_key="wards.id", sa_type=BigInteger, unique=True)
    data_key: bytes | None = sealed()  # The ring of this row, wrapped.
    pair: bytes | None = sealed()  # access, refresh
    previous: bytes | None = sealed()
    asking: bytes | None = sealed()  # While an administrator is giving permission: the nonce's hash, the verifier, until when.
    version: int = 0  # Rises with every pair: whoever holds an older one asks anew.
    expires_at: int = Field(default=0, sa_type=BigInteger)  # Of the access token.
    got_at: int = Field(default=0, sa_type=BigInteger)
    asked_at: int | None = maybe_moment()  # A refresh was sent, and no answer of it is stored yet.
    lost_at: int | None = maybe_moment()  # Since when Zalo refuses to renew: only an administrator can help.
    holder: str = ""
    lease: int = Field(default=0, sa_type=BigInteger)
    seeds: list[Any] = Field(default_factory=list, sa_type=JSON)  # Keyed hashes of what the environment has offered so far.


class HeldEvent(SQLModel, table=True):
    """An event whose signature does not match: kept for a day, for the case that our own secret was the wrong one."""

    __tablename__ = "held_events"

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    data_key: bytes | None = sealed()
    body: bytes | None = sealed()
    arrived_at: int = moment(index=True)


class DoorMark(SQLModel, table=True):
    """Something odd at a door, counted: which kind, how often, when last. Nobody's id and no word."""

    __tablename__ = "door_marks"
    __table_args__ = (UniqueConstraint("ward_id", "channel", "what", name="uq_door_marks_what"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    what: str  # unsigned, by_hand, fetched, money, and what the wire has proved about itself
    many: int = 0
    first_at: int = moment()
    last_at: int = moment()


class ZaloPost(SQLModel, table=True):
    """A message that left as the account's: one that we sent, or were just sending, or one of which Zalo tells and we do not know. By
    it an answer that somebody typed elsewhere is told from our own. Keyed hashes alone."""

    __tablename__ = "zalo_posts"
    __table_args__ = (
        only_where("ix_zalo_posts_going", "kind = 'going'", "to_hash", "at"),
        only_where("ix_zalo_posts_unsure", "kind = 'unsure'", "noted_at"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    message_hash: str | None = Field(default=None, unique=True)  # Nothing while Zalo has not said how it calls it.
    to_hash: str
    kind: str  # going (its outcome is not known yet), ours, unsure (perhaps ours), outside, passed (too old to be judged)
    told_by: str = ""  # Of one that Zalo told us of: person, event, fetched.
    at: int = moment()  # By Zalo's clock where Zalo told us of it.
    noted_at: int = moment(index=True)


class OaRight(SQLModel, table=True):
    """What the chief last found when asked who holds rights in Zalo's console. One row for each time; the newest counts."""

    __tablename__ = "oa_rights"

    id: int = row_id()
    ward_id: int = ward_id()
    told_at: int = moment()
    told_by: int = link("officers.id", index=False)
    custodian: str
    deputy: str = ""
    automatic: str = ""  # What the account says by itself there: greeting, answer while nobody is in.


class PaidMonth(SQLModel, table=True):
    """How many messages of a month of the ward's count as sent for money, and what the platform last said is left of the package."""

    __tablename__ = "paid_months"
    __table_args__ = (UniqueConstraint("ward_id", "channel", "month", name="uq_paid_months_month"),)

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    month: str  # 2026-11, of the ward's wall clock
    many: int = 0
    remains: int | None = None
    told_at: int | None = maybe_moment()
