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
    op.create_table(
        "figure_cursors",
        sa.Column("ward_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("after_tip", sa.BigInteger(), nullable=True),
        sa.Column("rules", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("ward_id"),
    )
    op.create_table(
        "figure_blocks",
        sa.Column("ward_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sight", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("ward_id", "block", "sight", "part"),
    )
    op.create_table(
        "figure_facts",
        sa.Column("tip_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("sight", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("is_long", sa.Boolean(), nullable=False),
        sa.Column("took", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("tip_id", "nr"),
    )
    op.create_index("ix_figure_facts_list", "figure_facts", ["ward_id", "what", "value", "at", "tip_id", "nr", "until_at"])
    op.create_index(
        "ix_figure_facts_long",
        "figure_facts",
        ["ward_id", "what", "value", "at", "tip_id", "nr", "until_at"],
        sqlite_where=sa.text("is_long"),
        postgresql_where=sa.text("is_long"),
    )

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------
