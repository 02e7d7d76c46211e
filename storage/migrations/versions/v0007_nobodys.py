"""Tips that are nobody's, found among all: those that ended, too."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    nobodys = sa.text("arrived_at IS NOT NULL AND handler_id IS NULL")
    op.create_index("ix_tips_never_held", "tips", ["ward_id", "arrived_at"], sqlite_where=nobodys, postgresql_where=nobodys)
    # Of two that would serve, SQLite takes the one that was made last: for open tips the one that holds nothing else.
    still_open = sa.text("arrived_at IS NOT NULL AND closed_at IS NULL AND handler_id IS NULL")
    op.drop_index("ix_tips_nobodys", table_name="tips")
    op.create_index("ix_tips_nobodys", "tips", ["ward_id", "arrived_at"], sqlite_where=still_open, postgresql_where=still_open)
