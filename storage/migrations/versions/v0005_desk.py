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
    op.create_table(
        "borders",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=True),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["officers.id"]),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhoods.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_borders_neighbourhood_id"), "borders", ["neighbourhood_id"], unique=False)
    seen = ("arrived_at", "restricted", "closed_at")
    _index_where("ix_tips_cells", "tips", "arrived_at IS NOT NULL", "ward_id", "cell", "arrived_at", "category", "restricted", "closed_at")
    _index_where("ix_tips_kinds_in_cells", "tips", "arrived_at IS NOT NULL", "ward_id", "category", "cell", *seen)
    _index_where("ix_tips_kinds_in_homes", "tips", "arrived_at IS NOT NULL", "ward_id", "neighbourhood_id", "category", *seen)

    # -- papers -----------------------------------------------------------------------------------------------------------

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------


def _index_where(name: str, table: str, flag: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))
