from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, row_id, ward_id


class OutboxRow(SQLModel, table=True):
    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "status", "chat_id", "id"),)

    id: int = row_id()  # Rising: the order within the chat.
    ward_id: int = ward_id()
    chat_id: int = link("chats.id", index=False)
    tip_id: int | None = maybe_link("tips.id")
    reply: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # Erased once it is settled.
    kind: str = "answer"  # answer, receipt, status
    rule: str = "repeat"  # When the outcome is unknown: repeat, or ask a person.
    status: str = "waiting"  # waiting, sent, failed
    tries: int = 0
    due_at: int = Field(default=0, sa_type=BigInteger)
    error: str | None = None
    created_at: int = moment()
    settled_at: int | None = maybe_moment()
