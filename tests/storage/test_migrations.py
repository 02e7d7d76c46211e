"""The numbered migrations make exactly the tables of the models, and leave the app's role no way to change the past."""

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


async def test_p5_history_can_only_grow(database: Database) -> None:
    memory = Memory(database.url)
    await memory.start()

    def grow(session: Session) -> None:
        session.add(tables.Ward(id=1, name="", created_at=0))
        session.flush()
        session.add(tables.HistoryRow(id=2, ward_id=1, at=0, actor="system", what="test"))

    await memory.write(grow)
    for sentence in ("UPDATE history SET what = 'other'", "DELETE FROM history"):
        with pytest.raises(DBAPIError):
            await memory.write(lambda session, sentence=sentence: session.execute(text(sentence)) and None)  # type: ignore[misc]
    await memory.stop()


@pytest.mark.parametrize(
    "sentence",
    [
        "CREATE TABLE other (id int)",
        "DROP TABLE tips",
        "ALTER TABLE tips ADD COLUMN x int",
        "ALTER TABLE history DISABLE TRIGGER ALL",
        "TRUNCATE history",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
def test_the_apps_role_on_postgres_cannot_change_the_house(postgres_database: Database, sentence: str) -> None:
    engine = engine_of(postgres_database.url)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.execute(text(sentence))
    engine.dispose()
