"""A house that was filled before the conversation came, brought to the newest version on either engine.

`tests/fixtures/house-0002.jsonl.gz` was written by that house itself (commit bdae9d2, master key `tests.databases.MASTER`): a first
line with the cookies of its residents, then a line per row in the order of the tables, then a line per media file. In it are a tip with
a photo, a place, a name, a number and an addition, accepted, with an answer that had not gone out; one of a sender who is blocked; one
whose sender cut contact; a draft that was dropped; and two that were open, at the place and at the review.
"""

import asyncio
import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from bot import offline
from bot.runtime import running
from bot.settings import Settings
from storage import migrate, moments, tables
from storage.master_key import written
from storage.memory import sqlite_url
from storage.migrate import INSERT_ONLY, NEVER_DELETED, upgrade_as_owner, upgrade_here
from tests.conftest import house_settings
from tests.databases import MASTER, Database, PostgresServer
from tests.opened import opened, rows
from tests.people import WebResident
from tests.storage.test_migrations import engine_of
from tests.storage.test_verify import until_linked

_FILE = Path(__file__).parent.parent / "fixtures" / "house-0002.jsonl.gz"
_OLD = "0002"
_REFUSED = (
    "UPDATE history SET what = 'other'",
    "DELETE FROM history",
    "UPDATE history_links SET mac = 'other'",
    "DELETE FROM history_links",
    "DELETE FROM tips",
    "UPDATE tips SET arrived_at = 6 WHERE arrived_at IS NOT NULL",
    "DELETE FROM attachments",
    "UPDATE attachments SET fingerprint = '' WHERE fingerprint <> ''",
)


@dataclass(frozen=True)
class Older:
    """The database as it stood, the settings of its house, and who has which cookie."""

    database: Database
    settings: Settings
    cookies: dict[str, str]

    def bring_up_to_date(self) -> None:
        if self.database.is_sqlite:
            upgrade_here(self.database.url)
        else:
            upgrade_as_owner(self.database.owner_url, self.database.url)


@pytest.fixture(params=["sqlite", "postgres"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Older]:
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "keng.db")
        yield _filled(Database(url, url), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.bare_database() as database:
        yield _filled(database, tmp_path)


def _filled(database: Database, data: Path) -> Older:
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        cookies, *lines = (json.loads(line) for line in file)
    engine = engine_of(database.owner_url)
    with engine.begin() as connection:
        _make_old_tables(connection, database)
        _put_in(connection, [line for line in lines if "table" in line])
    engine.dispose()
    for line in lines:
        if "file" in line:
            (data / line["file"]).parent.mkdir(parents=True, exist_ok=True)
            (data / line["file"]).write_bytes(base64.b64decode(line["b64"]))
    where = "" if database.is_sqlite else database.url
    return Older(database, house_settings(data, database_url=where, master_key=written(MASTER)), cookies["cookies"])


def _make_old_tables(connection: Connection, database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, _OLD)
    if not database.is_sqlite:
        with pytest.MonkeyPatch.context() as then:
            then.setattr(migrate, "NEVER_DELETED", ("tips", "attachments"))
            migrate._grant(connection, "keng_test_app")


def _put_in(connection: Connection, lines: list[dict[str, Any]]) -> None:
    yes_or_no: dict[str, set[str]] = {}
    for line in lines:
        table, row = line["table"], line["row"]
        if table not in yes_or_no:
            yes_or_no[table] = {one["name"] for one in inspect(connection).get_columns(table) if isinstance(one["type"], Boolean)}
        values = {name: bool(value) if name in yes_or_no[table] else _value(value) for name, value in row.items()}
        names = ", ".join(values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values)
    # Somebody wrote just now, so that no draft is over its time; and what waits may go.
    connection.execute(text("UPDATE chats SET last_in_at = :now"), {"now": moments.now()})
    connection.execute(text("UPDATE outbox SET due_at = 0 WHERE status = 'waiting'"))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))


def _value(value: Any) -> Any:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value


def _content(engine: Engine, columns: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    def clean(value: Any) -> Any:
        return bytes(value) if isinstance(value, memoryview) else value

    with engine.connect() as connection:
        found = {
            table: [tuple(map(clean, row)) for row in connection.execute(text(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1"))]
            for table, names in columns.items()
        }
    engine.dispose()
    return found


def _columns(engine: Engine) -> dict[str, list[str]]:
    return {
        name: [one["name"] for one in inspect(engine).get_columns(name)]
        for name in inspect(engine).get_table_names()
        if name in SQLModel.metadata.tables
    }


def test_nothing_of_an_older_house_is_lost_or_changed(older: Older) -> None:
    engine = engine_of(older.database.owner_url)
    columns = _columns(engine)
    before = _content(engine, columns)

    older.bring_up_to_date()

    assert {table: len(found) for table, found in before.items() if table in ("tips", "chats", "blocks", "callbacks", "history")} == {
        "tips": 6,
        "chats": 6,
        "blocks": 1,
        "callbacks": 1,
        "history": 44,
    }
    assert _content(engine_of(older.database.owner_url), columns) == before


def test_what_is_new_says_that_nothing_of_it_has_happened(older: Older) -> None:
    older.bring_up_to_date()
    engine = engine_of(older.database.owner_url)
    [block], *_others = _content(engine, {"blocks": ["chat_hash", "until", "tip_id", "set_by", "created_at", "lifted_at"]}).values()
    tips = ["danger", "urgent_at", "is_unfinished", "safe", "neighbourhood_id", "held_why", "rating", "alone_told_at"]
    content = _content(engine, {"tips": tips, "wards": ["book_version"], "chats": ["chat_hash", "blocked_until", "wake_at", "wake_for"]})

    assert [(row[0], row[1], bool(row[2]), *row[3:]) for row in content["tips"]] == [("", None, False, "", None, "", None, None)] * 6
    assert content["wards"] == [(0,)]
    assert block[2:] == (None, None, None, None)
    # Whoever was held off stays so: the conversation asks the chat's row alone.
    assert {row[0]: row[1] for row in content["chats"] if row[1]} == {block[0]: block[1]}
    assert {row[2:] for row in content["chats"]} == {(None, "")}


def test_p5_the_app_may_do_its_work_in_a_house_brought_up_to_date_and_still_not_change_the_past(older: Older) -> None:
    older.bring_up_to_date()
    engine = engine_of(older.database.url)
    for sentence in _REFUSED:
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(sentence))
            pytest.fail(sentence)
    with engine.connect() as connection:
        if not older.database.is_sqlite:
            wishes = ("SELECT", "INSERT", "UPDATE", "DELETE")
            ask = text("SELECT has_table_privilege(current_user, :table, :wish)")
            may_not = {
                (table, wish)
                for table in SQLModel.metadata.tables
                for wish in wishes
                if not connection.execute(ask, {"table": table, "wish": wish}).scalar_one()
            }
            assert may_not == {(table, wish) for table in INSERT_ONLY for wish in ("UPDATE", "DELETE")} | {
                (table, "DELETE") for table in NEVER_DELETED
            }
    engine.dispose()


async def test_p5_an_older_house_brought_up_to_date_is_as_its_history_says(older: Older) -> None:
    await asyncio.to_thread(older.bring_up_to_date)
    report = await asyncio.to_thread(offline.verify_all, older.settings, head=None)

    assert report.differences == []
    assert (report.counts["tips"], report.counts["drafts"], report.counts["dropped"]) == (3, 2, 1)
    assert len(report.files) == 6


async def test_p1_drafts_that_were_open_go_on_and_nothing_asked_before_is_asked_again(older: Older) -> None:
    """The older conversation did not note what it had asked: the first message to such a draft broke, and was set aside."""
    await asyncio.to_thread(older.bring_up_to_date)
    async with running(older.settings) as house:

        async def back(name: str) -> tuple[aiohttp.ClientSession, WebResident]:
            http = aiohttp.ClientSession(cookies={"keng_chat": older.cookies[name]}, cookie_jar=aiohttp.CookieJar(unsafe=True))
            resident = WebResident(http, house.address, name=f"now{name}")
            await resident.open_page()
            return http, resident

        at_place, person = await back("atplace0")
        async with at_place:
            await person.say("Ngã ba đầu cầu")
            await person.hears("muốn thế nào")
            await person.press("about:anonymous")
            await person.hears("hay cầm máy")
            await person.press("safe:alone")
            await person.hears("Xem lại giúp")
            await person.press("send")
            await person.hears("Mã tin")
        at_review, person = await back("atreview")
        async with at_review:
            await person.press("cancel-no")  # A button of then.
            await person.hears("chỗ nào sai thì bấm Sửa")
            await person.press("send")
            await person.hears("hay cầm máy")
            await person.press("safe:shared")
            await person.hears("Mã tin")
        sender, person = await back("sender00")
        async with sender:
            await person.hears("Công an phường đã nhận tin")  # What had not gone out.
            await person.press("my-tips")
            await person.hears("đã đọc tin")
        states = [row[0] for row in await rows(house, tables.Tip, "state")]
        words = [row[0] for row in await opened(house.memory, tables.Piece, "words")]
        set_aside = [row for row in await rows(house, tables.InboxRow, "status") if row[0] == "set_aside"]
        await until_linked(house)
    report = await asyncio.to_thread(offline.verify_all, older.settings, head=None)

    assert states.count("S1") == 5 and states.count("S0") == 0
    assert "Đêm nào cũng có xe chở đất chạy qua" in words and "Hàng xóm hát to quá nửa đêm" in words
    assert set_aside == [] and report.differences == []
