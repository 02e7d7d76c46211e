from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class OutboxRow(SQLModel, table=True):
    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "status", "chat_id", "id"),
        only_where("ix_outbox_sending", "status = 'sending'"),
        only_where("ix_outbox_asks", "status = 'waiting' AND rule = 'ask'", "rule", "status", "id"),
    )

    id: int = row_id()  # Rising: the order within the chat.
    ward_id: int = ward_id()
    chat_id: int = link("chats.id", index=False)
    tip_id: int | None = maybe_link("tips.id")
    reply: bytes | None = sealed()  # Erased once it is settled.
    # Whose ring sealed the reply: the chat's, or the tip's, because the desk may write to people without ever opening their keys.
    sealed_under: str = "chat"
    kind: str = "answer"  # answer, receipt, status, warning; to an officer: card, duty
    rule: str = "repeat"  # When the outcome is unknown: repeat, or ask a person.
    # waiting, sending (of the rule `ask`, from before the call), unknown (nobody knows whether it arrived), sent, failed,
    # held (found by a restore), parked (until they write), cancelled (contact was cut, or shredded)
    status: str = "waiting"
    tries: int = 0
    due_at: int = Field(default=0, sa_type=BigInteger)
    error: str | None = None
    paid: int = 0  # So many messages of it count as sent for money; set before they go, see `storage/queries/paid.py`.
    is_pressing: bool = False  # About danger, or an officer's question: it goes before thanks, reminders and news that can wait.
    sent_as: str | None = None  # Of a card: how the platform calls it, so that it is rewritten when somebody else accepts.
    created_at: int = moment()
    settled_at: int | None = maybe_moment()
