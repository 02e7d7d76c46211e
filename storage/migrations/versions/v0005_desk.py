"""The duty desk on the web: what officers write among themselves, copies with parts blacked out, the shared PC's sign-in, the map,
papers and figures, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One section for each subject."""
    # -- internal notes ---------------------------------------------------------------------------------------------------

    # -- copies of photos with parts blacked out --------------------------------------------------------------------------

    # -- sign-in ----------------------------------------------------------------------------------------------------------

    # -- the map ----------------------------------------------------------------------------------------------------------

    # -- papers -----------------------------------------------------------------------------------------------------------

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the demo ---------------------------------------------------------------------------------------------------------
    op.add_column("wards", sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))

    # -- the queue --------------------------------------------------------------------------------------------------------
    op.add_column("tips", sa.Column("unanswered_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_tips_category", "tips", ["ward_id", "category", "arrived_at"])
    op.create_index("ix_tips_neighbourhood", "tips", ["ward_id", "neighbourhood_id", "arrived_at"])
    _index_where("ix_tips_due", "tips", "arrived_at IS NOT NULL AND closed_at IS NULL", "ward_id", "due_at")
    _index_where("ix_tips_unanswered", "tips", "unanswered_at IS NOT NULL", "ward_id", "unanswered_at")
    _index_where("ix_questions_open", "questions", "settled_at IS NULL", "ward_id", "tip_id")


def _index_where(name: str, table: str, flag: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))
