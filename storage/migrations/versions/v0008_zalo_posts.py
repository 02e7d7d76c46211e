"""Zalo Official Account: which messages left as the account's, and who holds rights in Zalo's console."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zalo_posts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("message_hash", sa.String(), nullable=True),
        sa.Column("to_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_hash"),
    )
    op.create_index(op.f("ix_zalo_posts_noted_at"), "zalo_posts", ["noted_at"], unique=False)
    for kind, columns in (("going", ["to_hash", "at"]), ("unsure", ["noted_at"])):
        only = sa.text(f"kind = '{kind}'")
        op.create_index(f"ix_zalo_posts_{kind}", "zalo_posts", columns, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "oa_rights",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("told_by", sa.BigInteger(), nullable=False),
        sa.Column("custodian", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=False),
        sa.Column("automatic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["told_by"], ["officers.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
