from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class Chat(SQLModel, table=True):
    """One resident on one channel, and the two lanes of that chat: what comes in, and what goes out.

    A lane belongs to `*_holder` until `*_lease`; `*_fence` rises with every change of holder, so that a holder who
    slept too long finds its commit refused.
    """

    __tablename__ = "chats"
    __table_args__ = (only_where("ix_chats_to_reseal", "reseal_due"), only_where("ix_chats_to_wake", "wake_at IS NOT NULL"))

    id: int = row_id()
    ward_id: int = ward_id()
    channel: str
    chat_hash: str | None = Field(default=None, unique=True)  # Keyed: tells nothing to who has only the table. None: contact was cut.
    data_key: bytes | None = sealed()  # The ring of this resident, wrapped; what follows is under it.
    address: bytes | None = sealed()  # Where delivery sends; never shown at the desk.
    state: bytes | None = sealed()
    language: str = "vi"
    takes_names: bool = False  # Set while the conversation takes a name: only then the door lets the platform's names in.
    reseal_due: bool = False  # Its key is thought to be known to others.
    cut_at: int | None = maybe_moment()  # The resident cut contact; the key goes once the last answer is out.
    created_at: int = moment()
    last_in_at: int | None = maybe_moment()
    # Where nobody may be written to for ever: what they did last that lets us answer, by the platform's clock. 0: it said that we may not.
    window_from: int | None = maybe_moment()
    blocked_until: int | None = maybe_moment()  # See `tables.Block`.
    wake_at: int | None = maybe_moment()  # When silence itself says something: an urgent draft, a reminder. The conversation sets it.
    wake_for: str = ""  # urgent, remind
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
    client_id: str  # Keyed hash of what the browser made; for answers "out:<outbox id>", so that a repeat adds nothing.
    body: bytes | None = sealed()  # Under the chat's ring.
    created_at: int = moment()
