from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, row_id, sealed, ward_id


class InboxRow(SQLModel, table=True):
    """One raw message, exactly as it came in. The payload goes once it is handled; the hash stays against repeats."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_waiting", "status", "chat_id", "platform_order"),)

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int = link("chats.id", index=False)
    message_hash: str = Field(unique=True)  # Keyed hash of (channel, bot, the platform's own id).
    platform_order: int = Field(sa_type=BigInteger)  # update_id or message time: the order within the lane.
    status: str = "waiting"  # waiting, done, set_aside
    payload: bytes | None = sealed()  # Under the chat's ring.
    arrived_at: int = moment()
    done_at: int | None = maybe_moment()
    tries: int = 0
    error_id: str | None = None  # What an administrator sees of a row that was set aside.
