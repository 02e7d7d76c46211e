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
    op.create_index("ix_history_when", "history", ["ward_id", "at", "id"], unique=False)
    op.create_index("ix_history_actor", "history", ["ward_id", "actor", "at", "id"], unique=False)
    op.create_index("ix_history_what", "history", ["ward_id", "what", "at", "id"], unique=False)
    op.create_index("ix_book_entries_when", "book_entries", ["ward_id", "book", "entered_at"], unique=False)
    is_about_data = sa.text("kind = 'data'")
    op.create_index("ix_appeals_data", "appeals", ["ward_id", "id"], sqlite_where=is_about_data, postgresql_where=is_about_data)

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------
