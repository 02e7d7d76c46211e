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
    _sign_in()

    # -- the map ----------------------------------------------------------------------------------------------------------

    # -- papers -----------------------------------------------------------------------------------------------------------

    # -- figures ----------------------------------------------------------------------------------------------------------

    # -- settings ---------------------------------------------------------------------------------------------------------

    # -- the queue --------------------------------------------------------------------------------------------------------


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
