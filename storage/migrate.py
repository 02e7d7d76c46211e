"""Brings the database to the newest numbered migration. Alembic is loaded only here: it is heavy and needed once."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection, make_url

from storage.memory import postgres_engine, sqlite_engine

_HERE = Path(__file__).parent / "migrations"
NEWEST = "0010"
_UNSEALED = "0001"
_MIGRATION_LOCK = 5_264_901  # Any number, as long as nobody else in this database uses it.
# The app's role adds to these and never changes or removes a row.
INSERT_ONLY = ("history", "history_links")
# Rows of these are never removed, whoever asks.
NEVER_DELETED = ("tips", "attachments", "book_entries", "book_counters", "tip_notes")


def upgrade_here(url: str) -> None:
    """With the rights of this very address: SQLite, and a PostgreSQL with a single role."""
    engine = _engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def upgrade_as_owner(owner_url: str, app_url: str) -> None:
    """The owner makes the tables; the app's role may use them, but neither change them nor touch history."""
    app_role = make_url(app_url).username
    engine = _engine(owner_url)
    try:
        upgrade(engine)
        if app_role and app_role != make_url(owner_url).username:
            with engine.begin() as connection:
                _grant(connection, app_role)
    finally:
        engine.dispose()


class TooOld(Exception):
    """A database from before the first release, which kept everything in clear. Nobody should carry that along."""


def upgrade(engine: Engine) -> None:
    found = _version(engine)
    if found == NEWEST:
        return  # Not worth loading Alembic, which costs half a second of every start.
    if found == _UNSEALED:
        raise TooOld
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two that migrate at once: the second waits and finds it done.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_too_old(connection: Connection) -> bool:
    return _version_in(connection) == _UNSEALED


def is_current(url: str) -> bool:
    engine = _engine(url)
    try:
        return _version(engine) == NEWEST
    finally:
        engine.dispose()


def _version(engine: Engine) -> str:
    with engine.connect() as connection:
        return _version_in(connection)


def _version_in(connection: Connection) -> str:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or "")


def _grant(connection: Connection, role: str) -> None:
    def run(sentence: str, **names: Any) -> None:
        connection.exec_driver_sql(sentence.format(role=_quoted(role), **names))

    run("GRANT USAGE ON SCHEMA public TO {role}")
    run("REVOKE CREATE ON SCHEMA public FROM {role}")
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    run("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}")
    for name in INSERT_ONLY:
        run("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}", table=_quoted(name))
    for name in NEVER_DELETED:
        run("REVOKE DELETE, TRUNCATE ON {table} FROM {role}", table=_quoted(name))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _engine(url: str) -> Engine:
    return sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1) if url.startswith("sqlite") else postgres_engine(url, connections=1)
