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
    for name in ("unit", "province", "address", "superior"):
        op.add_column("wards", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "set_up_skips",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("skipped_at", sa.BigInteger(), nullable=False),
        sa.Column("skipped_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["skipped_by"], ["officers.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "step", name="uq_set_up_skips_step"),
    )
    op.create_table(
        "password_links",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["officers.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index(op.f("ix_password_links_officer_id"), "password_links", ["officer_id"], unique=False)
    op.create_table(
        "door_signs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("last_in_at", sa.BigInteger(), nullable=True),
        sa.Column("last_out_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "channel", name="uq_door_signs_channel"),
    )

    # -- the queue --------------------------------------------------------------------------------------------------------
