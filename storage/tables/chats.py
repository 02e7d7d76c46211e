from typing import Any

from sqlalchemy import JSON, BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, row_id, ward_id


class Chat(SQLModel, table=True):
    """One resident on one channel, and the two lanes of that chat: what comes in, and what goes out.

    A lane belongs to `*_holder` until `*_lease`; `*_fence` rises with every change of holder, so that a holder who
    slept too long finds its commit refused.
    """

    __tablename__ = "chats"

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    chat_hash: str = Field(unique=True)  # Keyed: tells nothing to who has only the table.
    address: str  # Where delivery sends; never shown at the desk.
    language: str = "vi"
    state: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: int = moment()
    last_in_at: int | None = maybe_moment()
    in_holder: str | None = None
    in_lease: int = Field(default=0, sa_type=BigInteger)
    in_fence: int = Field(default=0, sa_type=BigInteger)
    out_holder: str | None = None
    out_lease: int = Field(default=0, sa_type=BigInteger)
    out_fence: int = Field(default=0, sa_type=BigInteger)
    thread_seq: int = Field(default=0, sa_type=BigInteger)  # The last place given in the web thread.


class WebMessage(SQLModel, table=True):
    """The thread a web chat shows again after reload or restart. Quick exit removes it."""

    __tablename__ = "web_messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "client_id", name="uq_web_messages_client"),
        UniqueConstraint("chat_id", "seq", name="uq_web_messages_seq"),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int = link("chats.id", index=False)
    seq: int = Field(sa_type=BigInteger)  # Counted up in the chat's row at commit: a reader who has seen n misses nothing below n.
    direction: str  # "in" or "out"
    client_id: str  # Made by the browser; for answers "out:<outbox id>", so that a repeat adds nothing.
    body: dict[str, Any] = Field(sa_type=JSON)
    created_at: int = moment()
