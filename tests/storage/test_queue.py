"""The desk's queue: what stands in which folder, in which order, and that no list walks along all tips."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest
from sqlmodel import Session

from handlers import exchange
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import exchange as exchange_rows
from storage.queries import folders, queue
from storage.queries.folders import Folder
from storage.queries.queue import Filters, Place
from storage.queries.sight import Sight
from storage.quick import raw_of
from tests.databases import Database, known_vault, sqlite_database
from tests.sights import all_of, asking, in_folder
from tests.storage.test_exchange import CHIEF, HERE, act, add_tip, first_rows

WARD, NOW, HOUR = 1, 1_790_000_000_000, moments.HOUR
FOLDERS: tuple[Folder, ...] = get_args(Folder)
ORDINARY = Sight(ward_id=WARD, kinds=frozenset({""}), sees_stubs=True)


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(fill)
    yield memory
    await memory.stop()


def fill(session: Session) -> None:
    """Tips that stand in every place a tip may stand in."""
    first_rows(session)
    due = {"handler_id": CHIEF, "state": "S2"}
    add_tip(session, 31, accepted_at=None, accepted_by=None, due_at=NOW + HOUR)
    add_tip(session, 32, accepted_at=None, accepted_by=None, urgent_at=NOW, due_at=NOW + HOUR)
    add_tip(session, 33, accepted_at=None, accepted_by=None, urgent_at=NOW, due_at=NOW + HOUR)
    add_tip(session, 34, urgent_at=NOW, due_at=NOW + 2 * HOUR)
    add_tip(session, 35, **due, due_at=NOW - HOUR)
    add_tip(session, 36, **due, due_at=NOW + 3 * HOUR, category="TC", channel="telegram")
    add_tip(session, 37, state="S6", due_at=NOW + 9 * HOUR)
    add_tip(session, 38, state="S7", due_at=NOW - 1)
    add_tip(session, 39, state="S12", closed_at=NOW, category="TC")
    add_tip(session, 40, held_why="flood", due_at=NOW + HOUR)
    add_tip(session, 41, restricted="fence", due_at=NOW + HOUR)
    add_tip(session, 42, restricted="chief", due_at=NOW + HOUR)
    add_tip(session, 43, state="S3", track="B", due_at=NOW + 4 * HOUR)
    add_tip(session, 44, state="S3", track="B", track_approved_at=NOW, due_at=NOW + 5 * HOUR)
    add_tip(session, 45, state="S10", due_at=NOW + 6 * HOUR)
    add_tip(session, 46, state="S11", closed_at=NOW)
    for tip_id in (47, 48):
        add_tip(session, tip_id, state="test", closed_at=NOW)
    seen = {"actor": f"officer:{CHIEF}", "what": "viewed", "detail": {}}
    session.add(tables.HistoryRow(id=9, ward_id=WARD, tip_id=48, at=NOW + 1, **seen))  # type: ignore[arg-type]
    for row_id, tip_id, kind, due_at in (
        (1, 35, "classify", NOW - HOUR),
        (2, 36, "classify", NOW + 3 * HOUR),
        (3, 38, "ask-settle", NOW - 1),
    ):
        clock = {"amount": 1, "starts_at": NOW - 5 * HOUR, "next_at": None, "warned": 0, "outcome": ""}
        session.add(tables.Deadline(id=row_id, ward_id=WARD, tip_id=tip_id, kind=kind, due_at=due_at, calendar=0, **clock))  # type: ignore[arg-type]


async def folder(memory: Memory, name: Folder, sight: Sight | None = None, **narrow: object) -> list[int]:
    asks = asking(sight or all_of(WARD), now=NOW, officer_id=CHIEF)
    chosen = Filters(**narrow)  # type: ignore[arg-type]
    found = [
        tip.id for tip in await memory.read(lambda session: in_folder(session, asks, name, filters=chosen, limit=50)) if not tip.is_stub
    ]
    if not narrow:
        waits = await memory.read(lambda session: folders.counts(session, asks, (name,))[name])
        assert waits == {"kept": 0, "tests": 1, "ended": 0, "all": 0}.get(name, len(found)), name
    return found


async def test_each_folder_holds_what_it_says_in_the_order_of_what_comes_first(memory: Memory) -> None:
    found = {name: await folder(memory, name) for name in FOLDERS}

    assert found == {
        # Urgent ones nobody has accepted, the longest waiting first; other urgent ones; then by time left; what has no time at the end.
        "needs": [32, 33, 34, 35, 38, 31, 42, 36, 43, 44, 45, 30],
        "new": [31, 32, 33],
        "mine": [35, 36],
        "late": [35],  # Not 38: to ask somebody once more is late for nobody.
        "unapproved": [43],
        "unanswered": [],
        "asked": [],
        "transferred": [45, 37],  # To other offices that have not said yet that they have it, or never do.
        "results": [38, 37],
        "apart": [40],
        "kept": [46],
        "tests": [47, 48],  # What nobody has looked through stands on top.
        "ended": [48, 47, 46, 39],
        "all": [48, 47, 46, 45, 44, 43, 42, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30],
    }
    assert 42 not in await folder(memory, "needs", ORDINARY) and 41 not in await folder(memory, "all", ORDINARY)
    assert await folder(memory, "all", Sight(ward_id=WARD, kinds=frozenset({"fence"}))) == [41]


async def test_filters_combine(memory: Memory) -> None:
    assert await folder(memory, "all", category="TC") == [39, 36]
    assert await folder(memory, "all", category="TC", channel="telegram") == [36]
    assert await folder(memory, "all", category="TC", only_urgent=True) == []
    assert await folder(memory, "needs", handler_id=CHIEF) == [35, 36]
    assert 36 not in await folder(memory, "needs", handler_id=0)


async def test_pages_follow_one_another_and_lose_none(memory: Memory) -> None:
    asks = asking(all_of(WARD), now=NOW, officer_id=CHIEF)

    def page_by_page(session: Session, name: Folder) -> list[int]:
        seen: list[int] = []
        after: Place | None = None
        while True:
            page = queue.page(session, asks, name, Filters(), after=after, limit=2)
            seen += [row.tip.id for row in page.rows if not row.tip.is_stub]
            if (after := page.older) is None:
                return seen

    for name in FOLDERS:
        assert await memory.read(lambda session, name=name: page_by_page(session, name)) == await folder(memory, name), name  # type: ignore[misc]


async def test_what_a_resident_adds_waits_until_somebody_answers_or_says_that_none_is_needed(memory: Memory) -> None:
    def wrote(session: Session) -> None:
        for tip_id in (31, 35, 36):
            exchange_rows.note_resident_wrote(session, tip_id, now=NOW)
        exchange_rows.note_resident_wrote(session, 35, now=NOW + 1)  # It waits since the first word.

    await memory.write(wrote)
    assert await folder(memory, "unanswered") == [35, 36]  # 31 is read when somebody accepts it.
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=35, words="Đã xem thêm", draw=new_id))
    await memory.write(lambda session: exchange.needs_no_answer(session, act(), tip_id=36))
    assert await folder(memory, "unanswered") == []
    await memory.write(lambda session: exchange.ask(session, HERE, act(), tip_id=36, words="Xe màu gì?", question_id=60, draw=new_id))
    assert await folder(memory, "asked") == [36]


async def test_no_list_and_no_count_walks_along_all_tips(tmp_path: Path) -> None:
    memory = Memory(sqlite_database(tmp_path).url, known_vault())
    await memory.start()

    def plans(session: Session) -> list[str]:
        asked: list[str] = []
        driver = raw_of(session)
        driver.set_trace_callback(asked.append)
        for name in FOLDERS:
            for chosen in (Filters(), Filters(category="TC"), Filters(neighbourhood_id=3)):
                queue.page(session, asking(all_of(WARD), now=NOW, officer_id=CHIEF), name, chosen, after=Place(0, NOW, 7), limit=9)
            folders.counts(session, asking(all_of(WARD), now=NOW, officer_id=CHIEF), (name,))
        driver.set_trace_callback(None)
        return [" ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")) for sql in asked if "FROM tips" in sql]

    found = await memory.read(plans)
    await memory.stop()
    assert len(found) > 60 and not [plan for plan in found if re.search(r"SCAN tips", plan)]
