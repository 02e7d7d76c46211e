"""What goes back and forth after a tip was sent. Words stand under the ring of the tip they are about."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import link, maybe_link, maybe_moment, moment, only_where, row_id, sealed, ward_id


class Notice(SQLModel, table=True):
    """Something the line has to tell a resident: it waits here until they write "xem", and a knock may tell that it waits."""

    __tablename__ = "notices"

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    kind: str  # status, question, answer
    body: bytes | None = sealed()  # The reply, as delivery sends it.
    question_id: int | None = maybe_link("questions.id", index=False)
    created_at: int = moment()
    knocked_at: int | None = maybe_moment()
    read_at: int | None = maybe_moment()
    outbox_id: int | None = Field(default=None, sa_type=BigInteger, nullable=True)  # The row that carries it, or its knock, for some days.


class HeldText(SQLModel, table=True):
    """What an officer wrote and only the chief may let go out: a name, or that somebody was arrested."""

    __tablename__ = "held_texts"
    __table_args__ = (only_where("ix_held_texts_waiting", "decided_at IS NULL", "ward_id", "id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    kind: str  # question, answer, ending
    why: str  # name, arrest, or both with a blank between.
    body: bytes | None = sealed()  # Under the tip's ring: the words, the file, of an ending its day and unit.
    written_by: int = link("officers.id", index=False)
    written_at: int = moment()
    decided_by: int | None = maybe_link("officers.id", index=False)
    decided_at: int | None = maybe_moment()
    outcome: str = ""  # released, returned
    reason: bytes | None = sealed()  # Of what was returned, under the tip's ring.


class Question(SQLModel, table=True):
    """An officer asks, the resident answers, or skips it."""

    __tablename__ = "questions"
    __table_args__ = (only_where("ix_questions_open", "settled_at IS NULL", "ward_id", "tip_id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int = link("tips.id")
    asked_by: int = link("officers.id", index=False)
    words: bytes | None = sealed()
    asked_at: int = moment()
    settled_at: int | None = maybe_moment()
    outcome: str = ""  # answered, skipped


class Appeal(SQLModel, table=True):
    """A complaint, "Tôi thấy bị đe dọa", or a wish about one's own data: each goes to the chief and is answered."""

    __tablename__ = "appeals"
    __table_args__ = (only_where("ix_appeals_data", "kind = 'data'", "ward_id", "id"),)

    id: int = row_id()
    ward_id: int = ward_id()
    kind: str  # complaint, threat, data
    about: str = ""  # For data: know, correct, delete, withdraw.
    tip_id: int | None = maybe_link("tips.id")
    chat_id: int | None = maybe_link("chats.id")  # Where the answer goes. None once contact was cut.
    data_key: bytes | None = sealed()  # Its own ring, wrapped: a wish about data may belong to no tip.
    words: bytes | None = sealed()
    asked_at: int = moment()
    due_at: int | None = maybe_moment()  # By when the law wants an answer.
    seen_by: int | None = maybe_link("officers.id", index=False)
    seen_at: int | None = maybe_moment()
    answered_by: int | None = maybe_link("officers.id", index=False)
    answered_at: int | None = maybe_moment()
    answer: bytes | None = sealed()
