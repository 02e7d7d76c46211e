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

    # -- sign-in ----------------------------------------------------------------------------------------------------------

    # -- the map ----------------------------------------------------------------------------------------------------------

    # -- papers -----------------------------------------------------------------------------------------------------------

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------


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
