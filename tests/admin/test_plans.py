"""No page of the desk, nor a list or count on one, walks along all that a ward has: asked of SQLite, for every question of the bench."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Engine, event

from bot.runtime import running
from tests.bench.desk import Cost, House, Place, lay, questions
from tests.conftest import house_settings

# What grows with the years.
_LONG = "tips|pieces|attachments|history|history_links|deadlines|figure_facts|search_docs|book_entries|ladders|outbox|inbox"
# By the ward alone: as much as all of it, unless the index holds few.
_WHOLE = re.compile(rf"(?:SCAN (?:{_LONG})\b|SEARCH (?:{_LONG})(?= USING [A-Z ]*INDEX \w+ \(ward_id=\?\)))(?: USING [A-Z ]*INDEX (\w+))?")
_OF_ANY_DAY = re.compile(r"SEARCH tips USING [A-Z ]*INDEX (\w+) \(ward_id=\? AND arrived_at>\?\)")
_READS = re.compile(r"\s*(SELECT|WITH)\b(?!.*sqlite_)", re.DOTALL)
_ONE_STEP = re.compile(r"MAX\(seq\)|ORDER BY seq DESC LIMIT 1$|RECURSIVE")  # The end of an index, and each leap through one.


@pytest.fixture
def asked() -> Iterator[set[str]]:
    """Every statement that reads, with its values in it."""
    found: set[str] = set()

    def listen(connection: Any, _record: Any) -> None:
        connection.set_trace_callback(found.add)

    event.listen(Engine, "connect", listen)
    yield found
    event.remove(Engine, "connect", listen)


def walks(database: Path, statements: set[str]) -> list[str]:
    raw = sqlite3.connect(database)
    few = {name for name, sql in raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'") if sql and " WHERE " in sql}
    found: list[str] = []
    for sql in sorted(statements):
        if _READS.match(sql) and not _ONE_STEP.search(sql):
            plan = " | ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}"))
            found += [f"{plan}\n{sql}" for one in _WHOLE.finditer(plan) if one[1] not in few]
            if "closed_at IS NULL" in sql or "handler_id IS NULL" in sql:  # Those are few: no index over all may lead to them.
                found += [f"{plan}\n{sql}" for one in _OF_ANY_DAY.findall(plan) if one not in few]
    raw.close()
    return found


async def test_no_page_walks_along_all_there_is(tmp_path: Path, asked: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(data=tmp_path / "house")
    place.data.mkdir()
    await lay(place, 1_500, variety=40)
    monkeypatch.setattr("tests.bench.desk.cost_of", lambda _answer: Cost(0, 0, 0, 0))
    async with running(house_settings(place.data)) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        desk = House(http, house.address)
        await desk.sign_in()
        pages = await questions(desk)
        asked.clear()
        for draw in pages.values():
            await desk.ask(draw(1))

    assert len(asked) > 200 and walks(place.data / "keng.db", asked) == []
