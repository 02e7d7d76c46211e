from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import maybe_link, moment, only_where, row_id, sealed, ward_id

# A class that was approved on the phone, by engine: as it stands in the index, and word for word in the question.
BY_PHONE = {
    "sqlite": "CASE WHEN json_valid(detail) THEN json_extract(detail, '$.move') END = 'approved-by-phone'",
    "postgresql": "detail ->> 'move' = 'approved-by-phone'",
}


class HistoryRow(SQLModel, table=True):
    """Only ever added to; the database itself refuses anything else. Never plain words, never who somebody is."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_ward", "ward_id", "id"),
        # For who reads the journal: by time alone, by person, by what happened. Each over all rows, under a condition that only its own
        # question states: SQLite would else take one that sorts as well, however many rows of others it leads through.
        only_where("ix_history_when", "at > 0", "ward_id", "at", "id"),
        only_where("ix_history_actor", "actor <> ''", "ward_id", "actor", "at", "id"),
        only_where("ix_history_what", "what <> ''", "ward_id", "what", "at", "id"),
        # What a chief reads afterwards: few rows among very many. One that was bent behind our back must not stop anything here.
        Index("ix_history_by_phone", "ward_id", "at", sqlite_where=text(BY_PHONE["sqlite"]), postgresql_where=text(BY_PHONE["postgresql"])),
    )

    id: int = row_id()
    ward_id: int = ward_id()
    tip_id: int | None = maybe_link("tips.id")
    at: int = moment()
    actor: str  # "resident", "system", "command line", or "officer:<id>"
    what: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # Ids, words of ours, keyed hashes of what was said.
    secret: bytes | None = sealed()  # What people wrote, a reason for instance, under the tip's ring. The ciphertext is chained.


class HistoryLink(SQLModel, table=True):
    """The chain over the history of a ward: each link seals one row to all before it. Added to within a second, never changed."""

    __tablename__ = "history_links"
    __table_args__ = (UniqueConstraint("ward_id", "seq", name="uq_history_links_seq"),)

    history_id: int = Field(primary_key=True, foreign_key="history.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    ward_id: int = ward_id()
    seq: int = Field(sa_type=BigInteger)
    mac: str
