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
    op.create_table(
        "tip_notes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("struck_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.ForeignKeyConstraint(["written_by"], ["officers.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_tip_notes_tip_id"), "tip_notes", ["tip_id"], unique=False)
    op.create_table(
        "tip_viewers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ward_id", sa.BigInteger(), nullable=False),
        sa.Column("tip_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"]),
        sa.ForeignKeyConstraint(["tip_id"], ["tips.id"]),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tip_id", "officer_id", name="uq_tip_viewers_who"),
    )
    for sign in _note_guards(op.get_bind().dialect.name):
        op.execute(sign)

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
    _sign_in()

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
    for name, table, flag, columns in (
        ("ix_history_when", "history", "at > 0", ["ward_id", "at", "id"]),
        ("ix_history_actor", "history", "actor <> ''", ["ward_id", "actor", "at", "id"]),
        ("ix_history_what", "history", "what <> ''", ["ward_id", "what", "at", "id"]),
        ("ix_book_entries_when", "book_entries", "entered_at > 0", ["ward_id", "book", "entered_at"]),
        ("ix_appeals_data", "appeals", "kind = 'data'", ["ward_id", "id"]),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))
    op.create_index(
        "ix_history_by_phone",
        "history",
        ["ward_id", "at"],
        sqlite_where=sa.text("CASE WHEN json_valid(detail) THEN json_extract(detail, '$.move') END = 'approved-by-phone'"),
        postgresql_where=sa.text("detail ->> 'move' = 'approved-by-phone'"),
    )

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

    # -- the demo ---------------------------------------------------------------------------------------------------------
    op.add_column("wards", sa.Column("is_demo", sa.Boolean(), nullable=False, server_default=sa.false()))

    # -- the queue --------------------------------------------------------------------------------------------------------
    op.add_column("tips", sa.Column("unanswered_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_tips_category", "tips", ["ward_id", "category", "arrived_at"])
    op.create_index("ix_tips_neighbourhood", "tips", ["ward_id", "neighbourhood_id", "arrived_at"])
    op.create_index("ix_tips_channel", "tips", ["ward_id", "channel", "arrived_at"])
    is_open = "arrived_at IS NOT NULL AND closed_at IS NULL"
    told = ("state", "held_why", "restricted", "category", "urgent_at", "accepted_at", "handler_id", "neighbourhood_id", "channel")
    _index_where("ix_tips_due", "tips", is_open, "ward_id", "due_at", "arrived_at", *told)
    _index_where("ix_deadlines_late", "deadlines", "settled_at IS NULL", "tip_id", "due_at", "kind")
    _index_where("ix_tips_not_accepted", "tips", f"{is_open} AND accepted_at IS NULL", "ward_id", "due_at")
    _index_where("ix_tips_nobodys", "tips", f"{is_open} AND handler_id IS NULL", "ward_id", "arrived_at")
    op.drop_index("ix_tips_mine", "tips")
    _index_where("ix_tips_mine", "tips", "handler_id IS NOT NULL AND closed_at IS NULL", "ward_id", "handler_id", "due_at")
    op.drop_index("ix_attachments_letter_id", "attachments")
    _index_where("ix_attachments_letter", "attachments", "letter_id IS NOT NULL", "letter_id")
    _index_where("ix_tips_unanswered", "tips", "unanswered_at IS NOT NULL", "ward_id", "unanswered_at")
    _index_where("ix_questions_open", "questions", "settled_at IS NULL", "ward_id", "tip_id")
    op.drop_index("ix_tips_urgent", "tips")
    urgent = ("arrived_at", "accepted_at", "due_at", *told[:4])
    _index_where("ix_tips_urgent", "tips", "urgent_at IS NOT NULL AND closed_at IS NULL", "ward_id", *urgent)


def _index_where(name: str, table: str, flag: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(flag), postgresql_where=sa.text(flag))


def _sign_in() -> None:
    op.create_table(
        "second_factors",
        *_whose("officer_id"),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.UniqueConstraint("officer_id"),
    )
    op.create_table(
        "recovery_codes",
        *_whose("officer_id"),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_index(op.f("ix_recovery_codes_officer_id"), "recovery_codes", ["officer_id"], unique=False)
    op.create_table(
        "officer_pins",
        *_whose("officer_id"),
        sa.Column("pin_hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("officer_id"),
    )
    op.create_table(
        "devices",
        *_whose("made_by"),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "known_here",
        *_whose("officer_id"),
        sa.Column("device_id", sa.BigInteger(), nullable=False),
        sa.Column("full_at", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"]),
        sa.UniqueConstraint("device_id", "officer_id", name="uq_known_here_officer"),
    )
    op.create_index(op.f("ix_known_here_officer_id"), "known_here", ["officer_id"], unique=False)
    op.create_table(
        "let_ins",
        *_whose("officer_id", "by_id"),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("dies_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("read_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["read_by"], ["officers.id"]),
    )
    op.create_index(op.f("ix_let_ins_officer_id"), "let_ins", ["officer_id"], unique=False)
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_let_ins_unread", "let_ins", ["ward_id", "id"], unique=False, sqlite_where=unread, postgresql_where=unread)
    op.add_column("desk_sessions", sa.Column("how", sa.String(), nullable=False, server_default="password"))
    op.add_column("desk_sessions", sa.Column("browser", sa.String(), nullable=False, server_default=""))
    op.add_column("desk_sessions", sa.Column("proved_at", sa.BigInteger(), nullable=True))
    op.add_column("desk_sessions", sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column, target in (("device_id", "devices"), ("let_in_id", "let_ins")):
        op.execute(f"ALTER TABLE desk_sessions ADD COLUMN {column} BIGINT REFERENCES {target} (id)")
    op.create_index(op.f("ix_desk_sessions_device_id"), "desk_sessions", ["device_id"], unique=False)


def _whose(*officers: str) -> list[sa.schema.SchemaItem]:
    """The row, the ward, and the officers it is about."""
    columns = [sa.Column(name, sa.BigInteger(), nullable=False) for name in ("ward_id", *officers)]
    links = [sa.ForeignKeyConstraint([name], ["officers.id"]) for name in officers]
    return [
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"]),
        *links,
        sa.PrimaryKeyConstraint("id"),
    ]


def _note_guards(engine: str) -> list[str]:
    """A note stays where it was written, whoever asks: what was struck out too. Its words go with the tip's key alone."""
    once = ("id", "ward_id", "tip_id", "written_by", "written_at")
    if engine == "sqlite":
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in once)
        return [
            "CREATE TRIGGER tip_notes_no_delete BEFORE DELETE ON tip_notes BEGIN SELECT RAISE(ABORT, 'tip_notes are never deleted'); END",
            f"CREATE TRIGGER tip_notes_set_once BEFORE UPDATE OF {', '.join(once)} ON tip_notes WHEN {changed}"
            " BEGIN SELECT RAISE(ABORT, 'tip_notes: this is set once'); END",
        ]
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in once)
    return [
        "CREATE TRIGGER tip_notes_no_delete BEFORE DELETE ON tip_notes FOR EACH ROW EXECUTE FUNCTION keng_refuse()",
        f"CREATE TRIGGER tip_notes_set_once BEFORE UPDATE ON tip_notes FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION keng_refuse()",
    ]
