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
    op.create_table(
        "covered_photos",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("attachment_id", sa.BigInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("boxes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["officers.id"]),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_covered_photos_attachment_id"), "covered_photos", ["attachment_id"], unique=False)
    op.create_index(op.f("ix_covered_photos_tip_id"), "covered_photos", ["tip_id"], unique=False)

    # -- sign-in ----------------------------------------------------------------------------------------------------------

    # -- the map ----------------------------------------------------------------------------------------------------------

    # -- papers -----------------------------------------------------------------------------------------------------------

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------
