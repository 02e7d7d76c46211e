from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment, ward_id

# The engines' own index structures, made by hand in the migration; the models neither know nor compare them.
ENGINE_OWN = frozenset({"search_index", "search_index_config", "search_index_data", "search_index_idx", "ix_search_docs_tokens"})


class SearchDoc(SQLModel, table=True):
    """The keyed tokens under which a tip is found: a sorted set, blank between them (see storage.search)."""

    __tablename__ = "search_docs"
    __table_args__ = (Index("ix_search_docs_newest", "ward_id", "tip_id"),)

    tip_id: int = Field(primary_key=True, foreign_key="tips.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    ward_id: int = ward_id()
    indexed_at: int = moment()
    key_id: str  # Which search key its tokens were made with; see `finding.py`.
    tokens: str  # Last, because it is long: SQLite reads the columns before it without turning a page.


class SearchSweep(SQLModel, table=True):
    """What housekeeping owes: on SQLite removed tokens lie in the index file until it has been merged as a whole."""

    __tablename__ = "search_sweeps"

    ward_id: int = Field(primary_key=True, foreign_key="wards.id", sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    removed: bool = False  # Something was removed since the last merge began.
    is_merging: bool = False
