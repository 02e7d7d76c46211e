"""What a ward may say in its own way: wordings, categories with their questions and advice, and answers about procedures."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import maybe_link, maybe_moment, moment, row_id, ward_id


class Wording(SQLModel, table=True):
    """A sentence of the line in the ward's own words, instead of the one in `handlers/texts`."""

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("ward_id", "language", "key", name="uq_wordings_key"),)

    id: int = row_id()
    ward_id: int = ward_id()
    language: str
    key: str
    text: str
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)


class CategoryNote(SQLModel, table=True):
    """What a ward changed about one category; whatever is not named here is as in `handlers/data/categories.toml`."""

    __tablename__ = "category_notes"
    __table_args__ = (UniqueConstraint("ward_id", "code", name="uq_category_notes_code"),)

    id: int = row_id()
    ward_id: int = ward_id()
    code: str
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)


class Procedure(SQLModel, table=True):
    """One answer of "Hỏi thủ tục". Being asked is counted; who asked is not."""

    __tablename__ = "procedures"

    id: int = row_id()
    ward_id: int = ward_id()
    position: int
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    asked: int = 0
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)
    ended_at: int | None = maybe_moment()


class ReadySentence(SQLModel, table=True):
    """What an officer can put into a field with one press. Ours stand in `handlers/data/ready.toml`; a row with one of our keys stands
    in the place of ours."""

    __tablename__ = "ready_sentences"
    __table_args__ = (UniqueConstraint("ward_id", "language", "key", name="uq_ready_sentences_key"),)

    id: int = row_id()
    ward_id: int = ward_id()
    language: str
    key: str  # One of ours, or "own-<id>".
    kind: str  # question, status, ending
    outcome: str = ""  # Of an ending: which end it fits.
    text: str  # Empty: ours is not wanted here.
    changed_at: int = moment()
    changed_by: int | None = maybe_link("officers.id", index=False)
