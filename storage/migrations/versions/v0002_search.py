"""The search index: keyed tokens of each tip, under FTS5 on SQLite and a GIN index on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_docs",
        sa.Column("tip_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("indexed_at", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("tip_id"),
    )
    op.create_index("ix_search_docs_newest", "search_docs", ["ward_id", "tip_id"], unique=False)
    op.create_table(
        "search_sweeps",
        sa.Column("ward_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("is_merging", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("ward_id"),
    )
    for sentence in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(sentence)


# FTS5 keeps only which tip holds which token: the words themselves stand in search_docs, order and counts nowhere.
_SQLITE = [
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        tokens, content='search_docs', content_rowid='tip_id', detail=none, columnsize=0, tokenize='ascii'
    )
    """,
]

_POSTGRES = [
    # They are as good as random; to try and compress them is time lost.
    "ALTER TABLE search_docs ALTER COLUMN tokens SET STORAGE EXTERNAL",
    # The cost is what it is to fetch and split the tokens of one row. Without it the planner would gladly do so for each.
    """
    CREATE FUNCTION keng_tokens(tokens text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000
    AS $$ BEGIN RETURN array_to_tsvector(string_to_array(tokens, ' ')); END $$
    """,
    # No pending list: each search would have to walk through it.
    "CREATE INDEX ix_search_docs_tokens ON search_docs USING gin (keng_tokens(tokens)) WITH (fastupdate = off)",
]
