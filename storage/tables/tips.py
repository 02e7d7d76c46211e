from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, row_id, ward_id


class Tip(SQLModel, table=True):
    __tablename__ = "tips"
    __table_args__ = (Index("ix_tips_newest", "ward_id", "state", "arrived_at"),)

    id: int = row_id()
    ward_id: int = ward_id()
    chat_id: int = link("chats.id")
    channel: str
    state: str = "S0"  # S0 draft, S1 new; "dropped" for a draft its author gave up.
    category: str = ""
    place_text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    about: str = "anonymous"
    code: str | None = None
    code_hash: str | None = Field(default=None, unique=True)
    code_tail: str = ""  # The last four characters: all of the code that the desk holds.
    created_at: int = moment()
    arrived_at: int | None = maybe_moment()
    accepted_at: int | None = maybe_moment()


class Piece(SQLModel, table=True):
    """One thing that was said about a tip: a sentence of the resident, in the order it came."""

    __tablename__ = "pieces"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    source_hash: str = Field(index=True)  # The message it came in, so that an edit finds it.
    text: str
    said_at: int = moment()
    is_addition: bool = False


class Attachment(SQLModel, table=True):
    """A photo, voice note or file. It is a row before its bytes are here: the row is the work to be done."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_waiting", "status", "due_at"),)

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    kind: str  # photo, video, voice, file
    source: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # How the channel finds the bytes; erased afterwards.
    status: str = "waiting"  # waiting, stored, refused, failed, withdrawn
    note: str = ""  # Why it was refused or failed, as a word of ours.
    mime: str = ""  # What the content is, whatever its name said.
    sha256: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    original: str = ""  # Paths inside the media folder.
    work: str = ""
    thumb: str = ""
    tries: int = 0
    due_at: int = moment()  # When it may be tried next; while somebody works on it, the end of their lease.
    created_at: int = moment()


class HistoryRow(SQLModel, table=True):
    """Only ever added to. Triggers on SQLite and the app role on PostgreSQL refuse anything else."""

    __tablename__ = "history"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int | None = maybe_link("tips.id")
    at: int = moment()
    actor: str  # "resident", "system", or "officer:<id>"
    what: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
