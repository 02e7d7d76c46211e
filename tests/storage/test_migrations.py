"""The numbered migrations make exactly the tables of the models, and leave the app's role no way to change the past."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from storage import migrate, tables
from storage.memory import Memory, postgres_engine, sqlite_engine
from storage.migrate import NEWEST, is_current, upgrade_here
from storage.tables.search import ENGINE_OWN
from tests.databases import Database


def engine_of(url: str) -> Engine:
    return sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1) if url.startswith("sqlite") else postgres_engine(url, connections=1)


def test_migrations_equal_the_models(database: Database) -> None:
    engine = engine_of(database.owner_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, _kind, _parents: name not in ENGINE_OWN}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata)
    engine.dispose()

    assert differences == []


def test_the_newest_number_is_the_last_file() -> None:
    assert ScriptDirectory(str(migrate._HERE)).get_current_head() == NEWEST


def test_migrating_twice_changes_nothing(database: Database) -> None:
    upgrade_here(database.owner_url)

    assert is_current(database.url)


def test_every_table_bears_its_ward() -> None:
    without = [name for name, table in SQLModel.metadata.tables.items() if "ward_id" not in table.c and name != "wards"]

    assert without == []


REFUSED = (
    "UPDATE history SET what = 'other'",
    "DELETE FROM history",
    "UPDATE history_links SET mac = 'other'",
    "DELETE FROM history_links",
    "DELETE FROM tips",
    "UPDATE tips SET id = 99",
    "UPDATE tips SET ward_id = 5 WHERE ward_id = 1",
    "UPDATE tips SET arrived_at = 6",
    "UPDATE tips SET arrived_at = NULL",
    "UPDATE tips SET channel = 'other'",
    "DELETE FROM attachments",
    "UPDATE attachments SET fingerprint = 'other'",
    "UPDATE attachments SET fingerprint = ''",
    "UPDATE attachments SET tip_id = 98",
)
ALLOWED = (
    "UPDATE tips SET state = 'S1', accepted_at = 7, place = NULL, data_key = NULL",
    "UPDATE attachments SET status = 'shredded', original = '', file_key = NULL",
)


async def test_p5_the_database_refuses_what_would_change_the_past(database: Database) -> None:
    memory = Memory(database.url)
    await memory.start()

    def grow(session: Session) -> None:
        for ward in (1, 5):
            session.add(tables.Ward(id=ward, name="", created_at=0))
        session.flush()
        session.add(tables.HistoryRow(id=2, ward_id=1, at=0, actor="system", what="test"))
        for tip in (3, 98):
            session.add(tables.Tip(id=tip, ward_id=1, channel="webchat", created_at=0))
        session.flush()
        session.add(tables.HistoryLink(history_id=2, ward_id=1, seq=1, mac="x"))
        session.add(tables.Attachment(id=4, ward_id=1, tip_id=3, kind="photo", due_at=0, created_at=0))

    def run(*sentences: str) -> Any:
        return lambda session: [session.execute(text(sentence)) for sentence in sentences] and None

    await memory.write(grow)
    await memory.write(run("UPDATE tips SET arrived_at = 5", "UPDATE attachments SET fingerprint = 'f'"))
    for sentence in REFUSED:
        with pytest.raises(DBAPIError):
            await memory.write(run(sentence))
            pytest.fail(sentence)
    await memory.write(run(*ALLOWED))
    await memory.stop()


@pytest.mark.parametrize(
    "sentence",
    [
        "CREATE TABLE other (id int)",
        "DROP TABLE tips",
        "ALTER TABLE tips ADD COLUMN x int",
        "ALTER TABLE history DISABLE TRIGGER ALL",
        "TRUNCATE history",
        "UPDATE history_links SET mac = 'x'",
        "DELETE FROM tips",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_the_apps_role_on_postgres_cannot_change_the_house(postgres_database: Database, sentence: str) -> None:
    engine = engine_of(postgres_database.url)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.execute(text(sentence))
    engine.dispose()
