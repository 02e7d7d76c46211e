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
    for name, table, flag, columns in (
        ("ix_history_when", "history", "at > 0", ["ward_id", "at", "id"]),
        ("ix_history_actor", "history", "actor <> ''", ["ward_id", "actor", "at", "id"]),
        ("ix_history_what", "history", "what <> ''", ["ward_id", "what", "at", "id"]),
        ("ix_book_entries_when", "book_entries", "entered_at > 0", ["ward_id", "book", "entered_at"]),
        ("ix_appeals_data", "appeals", "kind = 'data'", ["ward_id", "id"]),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------
