"""The duty desk's rules: where a tip stands, the two books, clocks, the roster and the ladder, officers' own chats."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_counters",
        sa.Column("ward_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("ward_id", "book", "year"),
    )
    op.create_table(
        "chat_codes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_table(
        "days_checked",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("on_paper", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "day", name="uq_days_checked_day"),
    )
    op.create_table(
        "holidays",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "day", name="uq_holidays_day"),
    )
    op.create_table(
        "officer_chats",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("shows_excerpt", sa.Boolean(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_officer_chats_chat_id"), "officer_chats", ["chat_id"], unique=False)
    op.create_index(op.f("ix_officer_chats_officer_id"), "officer_chats", ["officer_id"], unique=False)
    op.create_table(
        "periods",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "kind", name="uq_periods_kind"),
    )
    op.create_table(
        "shift_patterns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.Column("duty_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("commander_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commander_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=True),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tips", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_alarms_when", "alarms", ["ward_id", "at"], unique=False)
    op.create_index("ix_alarms_newest", "alarms", ["ward_id", "id"], unique=False)
    op.create_index(
        "ix_alarms_waiting",
        "alarms",
        ["ward_id", "id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(op.f("ix_alarms_tip_id"), "alarms", ["tip_id"], unique=False)
    op.create_table(
        "book_entries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("paper_number", sa.String(), nullable=False),
        sa.Column("sector_number", sa.String(), nullable=False),
        sa.Column("copied_at", sa.BigInteger(), nullable=True),
        sa.Column("copied_by", sa.BigInteger(), nullable=True),
        sa.Column("moved_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["copied_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "book", "year", "number", name="uq_book_entries_number"),
    )
    op.create_index(op.f("ix_book_entries_tip_id"), "book_entries", ["tip_id"], unique=False)
    _index_where("ix_book_entries_to_copy", "book_entries", "copied_at IS NULL AND moved_at IS NULL", "ward_id", "book", "year", "number")
    _index_where("ix_book_entries_moved", "book_entries", "moved_at IS NOT NULL", "ward_id")
    op.create_table(
        "deadlines",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("calendar", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("wards", sa.Column("calendar", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_deadlines_calendar",
        "deadlines",
        ["ward_id", "calendar", "id"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "ix_deadlines_next",
        "deadlines",
        ["ward_id", "next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_deadlines_running",
        "deadlines",
        ["ward_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        "uq_deadlines_running",
        "deadlines",
        ["tip_id", "kind"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_deadlines_tip", "deadlines", ["tip_id", "kind"], unique=False)
    op.create_table(
        "ladders",
        sa.Column("tip_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("tip_id"),
    )
    op.create_index(
        "ix_ladders_next",
        "ladders",
        ["ward_id", "next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("pattern_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("duty_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("commander_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commander_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["pattern_id"],
            ["shift_patterns.id"],
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("pattern_id", "starts_at", name="uq_shifts_pattern"),
    )
    op.create_index("ix_shifts_when", "shifts", ["ward_id", "ends_at"], unique=False)
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("from_shift", sa.BigInteger(), nullable=True),
        sa.Column("to_shift", sa.BigInteger(), nullable=True),
        sa.Column("from_officer", sa.BigInteger(), nullable=True),
        sa.Column("to_officer", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("open_tips", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_officer"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["from_shift"],
            ["shifts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_officer"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_shift"],
            ["shifts.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hand_overs_newest", "hand_overs", ["ward_id", "at"], unique=False)
    op.add_column("desk_sessions", sa.Column("heard_at", sa.BigInteger(), nullable=True))
    op.add_column("desk_sessions", sa.Column("locked_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "typed_words",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("officer_id"),
    )
    op.create_table(
        "held_texts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tip_id"],
            ["tips.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["officers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_held_texts_tip_id"), "held_texts", ["tip_id"], unique=False)
    op.create_index(
        "ix_held_texts_waiting",
        "held_texts",
        ["ward_id", "id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "door_troubles",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "channel", name="uq_door_troubles_channel"),
    )
    op.create_table(
        "ready_sentences",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "language", "key", name="uq_ready_sentences_key"),
    )
    _add_link("attachments", "sent_by", "officers")
    _add_link("attachments", "letter_id", "appeals")
    op.create_index(op.f("ix_attachments_letter_id"), "attachments", ["letter_id"], unique=False)
    op.add_column("outbox", sa.Column("sent_as", sa.String(), nullable=True))
    op.add_column("notices", sa.Column("outbox_id", sa.BigInteger(), nullable=True))
    op.create_table(
        "responsibilities",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.Column("named_by", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["named_by"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhoods.id"],
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ward_id"],
            ["wards.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ward_id", "category", name="uq_responsibilities_category"),
        sa.UniqueConstraint("ward_id", "neighbourhood_id", name="uq_responsibilities_neighbourhood"),
    )
    op.add_column("tips", sa.Column("track", sa.String(), nullable=False, server_default=""))
    op.add_column("tips", sa.Column("track_approved_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("tips", sa.Column("book", sa.String(), nullable=False, server_default=""))
    op.add_column("tips", sa.Column("book_number", sa.Integer(), nullable=True))
    op.add_column("tips", sa.Column("book_year", sa.Integer(), nullable=True))
    op.add_column("tips", sa.Column("entered_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("reported_at", sa.BigInteger(), nullable=True))
    _add_link("tips", "handler_id", "officers")
    op.add_column("tips", sa.Column("due_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("restricted", sa.String(), nullable=False, server_default=""))
    op.add_column("tips", sa.Column("concern_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("paper_number", sa.String(), nullable=False, server_default=""))
    _add_link("tips", "paper_asked_by", "officers")
    op.add_column("tips", sa.Column("paper_asked_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("known_how", sa.String(), nullable=False, server_default=""))
    op.add_column("tips", sa.Column("event_id", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("dispatched_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("left_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("there_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("received_at", sa.BigInteger(), nullable=True))
    op.add_column("tips", sa.Column("sector_hash", sa.String(), nullable=True))
    op.create_index("uq_tips_sector", "tips", ["ward_id", "sector_hash"], unique=True)
    # In this order, from the many to the few: of two that would serve, SQLite takes the one that was made last.
    for name in ("ix_tips_held", "ix_tips_newest", "ix_tips_urgent"):
        op.drop_index(name, table_name="tips")
    op.create_index("ix_tips_newest", "tips", ["ward_id", "arrived_at"])
    op.create_index("ix_tips_of_handler", "tips", ["handler_id", "arrived_at"])
    _index_where("ix_tips_fenced", "tips", "restricted = 'fence'", "ward_id", "arrived_at")
    _index_where("ix_tips_open", "tips", "arrived_at IS NOT NULL AND closed_at IS NULL", "ward_id", "arrived_at")
    _index_where("ix_tips_held", "tips", "held_why <> ''", "ward_id", "arrived_at")
    _index_where("ix_tips_urgent", "tips", "urgent_at IS NOT NULL AND closed_at IS NULL", "ward_id", "arrived_at")
    op.create_index(
        "ix_tips_event",
        "tips",
        ["event_id"],
        unique=False,
        sqlite_where=sa.text("event_id IS NOT NULL"),
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_index(
        "ix_tips_state",
        "tips",
        ["ward_id", "state", "arrived_at"],
        unique=False,
        sqlite_where=sa.text("arrived_at IS NOT NULL"),
        postgresql_where=sa.text("arrived_at IS NOT NULL"),
    )
    _index_where("ix_tips_mine", "tips", "handler_id IS NOT NULL AND closed_at IS NULL", "handler_id", "arrived_at")
    _index_where("ix_tips_entered", "tips", "entered_at IS NOT NULL", "ward_id")
    _index_where("ix_tips_not_entered", "tips", "arrived_at IS NOT NULL AND entered_at IS NULL", "ward_id")
    # Whoever accepted a tip has had it in hand.
    op.execute("UPDATE tips SET handler_id = accepted_by WHERE accepted_by IS NOT NULL")
    _index_where("ix_tips_clockless", "tips", "arrived_at IS NOT NULL AND closed_at IS NULL AND due_at IS NULL", "ward_id", "arrived_at")
    _index_where("ix_tips_paper_asked", "tips", "paper_asked_by IS NOT NULL", "ward_id")
    _index_where("ix_tips_to_paper", "tips", "state = 'paper' AND data_key IS NOT NULL", "ward_id")
    # Whatever waits to be accepted is called for from now on, as if it had just come.
    op.execute(
        "INSERT INTO ladders (tip_id, ward_id, is_urgent, rung, since, next_at)"
        " SELECT id, ward_id, urgent_at IS NOT NULL, 0, arrived_at, arrived_at FROM tips"
        " WHERE arrived_at IS NOT NULL AND accepted_at IS NULL AND closed_at IS NULL AND shredded_at IS NULL AND held_why = ''"
    )
    for sign in _guards(op.get_bind().dialect.name):
        op.execute(sign)


def _index_where(name: str, table: str, flag: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))


def _add_link(table: str, column: str, target: str) -> None:
    """Both engines take this sentence; on SQLite the library would copy the whole table, triggers lost, for it."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} BIGINT REFERENCES {target} (id)")


_NUMBER = ("id", "ward_id", "tip_id", "book", "year", "number", "entered_at", "entered_by")


def _guards(engine: str) -> list[str]:
    """What stands in a book stands there: the database itself refuses to take an entry out or to number it anew."""
    if engine == "sqlite":
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _NUMBER)
        return [
            "CREATE TRIGGER book_entries_no_delete BEFORE DELETE ON book_entries"
            " BEGIN SELECT RAISE(ABORT, 'book_entries are never deleted'); END",
            f"CREATE TRIGGER book_entries_set_once BEFORE UPDATE OF {', '.join(_NUMBER)} ON book_entries WHEN {changed}"
            " BEGIN SELECT RAISE(ABORT, 'book_entries: this is set once'); END",
            "CREATE TRIGGER book_counters_rise BEFORE UPDATE ON book_counters WHEN NEW.last <> OLD.last + 1"
            " BEGIN SELECT RAISE(ABORT, 'book_counters: one by one'); END",
            "CREATE TRIGGER book_counters_no_delete BEFORE DELETE ON book_counters"
            " BEGIN SELECT RAISE(ABORT, 'book_counters are never deleted'); END",
            "CREATE TRIGGER tips_received_once BEFORE UPDATE OF received_at ON tips WHEN NEW.received_at IS NOT OLD.received_at"
            " BEGIN SELECT RAISE(ABORT, 'tips: this is set once'); END",
        ]
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _NUMBER)
    refuse = "FOR EACH ROW {when}EXECUTE FUNCTION keng_refuse()"
    return [
        f"CREATE TRIGGER book_entries_no_delete BEFORE DELETE ON book_entries {refuse.format(when='')}",
        f"CREATE TRIGGER book_entries_set_once BEFORE UPDATE ON book_entries {refuse.format(when=f'WHEN ({changed}) ')}",
        f"CREATE TRIGGER book_counters_rise BEFORE UPDATE ON book_counters {refuse.format(when='WHEN (NEW.last <> OLD.last + 1) ')}",
        f"CREATE TRIGGER book_counters_no_delete BEFORE DELETE ON book_counters {refuse.format(when='')}",
        "CREATE TRIGGER tips_received_once BEFORE UPDATE ON tips"
        f" {refuse.format(when='WHEN (NEW.received_at IS DISTINCT FROM OLD.received_at) ')}",
    ]
