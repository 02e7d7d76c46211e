"""Until when somebody may be answered, what was sent for money, what goes first, and how long each door is usually silent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("window_from", sa.BigInteger(), nullable=True))
    op.execute("UPDATE chats SET window_from = last_in_at WHERE channel = 'zalo_oa'")
    op.add_column("outbox", sa.Column("paid", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("is_pressing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "paid_months",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("remains", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "channel", "month", name="uq_paid_months_month"),
    )
    op.add_column("door_signs", sa.Column("heard_at", sa.BigInteger(), nullable=True))
    op.add_column("door_signs", sa.Column("unheard", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("door_signs", sa.Column("unheard_since", sa.BigInteger(), nullable=True))
    op.create_table(
        "door_days",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("longest", sa.BigInteger(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "channel", "day", name="uq_door_days_day"),
    )
