"""Clocks of tips on both engines: the nearest is kept, warnings come once and newest only, days off move what runs."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from handlers import deadlines
from handlers.acts import Act
from handlers.deadlines import Warned
from handlers.officers import Mistake
from handlers.ward_book import DayOff, WardBook
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import deadlines as rows
from storage.queries import ward_book
from storage.queries.history import remember
from storage.queries.rings import tip_key_place
from storage.queries.sight import Sight
from storage.vault import Ring, vault_of
from storage.verify import verify
from tests.databases import Database, known_vault
from tests.sights import all_of

WARD, OTHER, CHIEF, TIP = 1, 2, 7, 30
HOUR, DAY = moments.HOUR, moments.DAY
BOOK = WardBook()
NOW = int(datetime(2027, 3, 1, 10, tzinfo=moments.WARD_ZONE).timestamp() * 1000)  # A Monday.


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def first_rows(session: Session) -> None:
    for ward in (WARD, OTHER):
        session.add(tables.Ward(id=ward, name="", created_at=0))
    session.flush()
    session.add(tables.Officer(id=CHIEF, ward_id=WARD, login="chi.huy", name="Bình", role="chief", password_hash="", created_at=0))
    session.flush()
    add_tip(session, TIP)


def add_tip(session: Session, tip_id: int, ward: int = WARD, **more: Any) -> None:
    key = vault_of(session).wrap(Ring.fresh(), tip_key_place(tip_id))
    given: dict[str, Any] = {"state": "S1", "arrived_at": NOW, "code_tail": f"{tip_id:04}"} | more
    session.add(tables.Tip(id=tip_id, ward_id=ward, channel="webchat", data_key=key, created_at=NOW, **given))
    session.flush()


def act(now: int = NOW) -> Act:
    return Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=now)


async def start(memory: Memory, kind: str, *, at: int = NOW, tip_id: int = TIP, ward: int = WARD, book: WardBook = BOOK) -> int:
    given: dict[str, Any] = {"ward_id": ward, "tip_id": tip_id, "kind": kind, "starts_at": at, "row_id": new_id()}
    return await memory.write(lambda session: deadlines.start(session, book, **given))


async def warn(memory: Memory, now: int) -> list[Warned]:
    return await memory.write(lambda session: deadlines.warn(session, WARD, draw=new_id, now=now))


async def due_of(memory: Memory, tip_id: int = TIP) -> int | None:
    return await memory.read(
        lambda session: session.execute(select(col(tables.Tip.due_at)).where(col(tables.Tip.id) == tip_id)).scalar_one()
    )


async def clocks_told(memory: Memory) -> list[tuple[str, str]]:
    def read(session: Session) -> list[tuple[str, str]]:
        query = select(tables.HistoryRow).where(col(tables.HistoryRow.what).startswith("clock_")).order_by(col(tables.HistoryRow.id))
        return [(row.what, row.detail["kind"]) for row in session.execute(query).scalars()]

    return await memory.read(read)


async def test_a_beat_notes_something_of_a_tip_that_an_officer_is_just_changing(postgres_database: Database) -> None:
    """Each waited for the other: the officer for the clock that the beat held, the beat for the tip that the officer held."""
    held, noted = threading.Event(), threading.Event()

    def officer(session: Session) -> None:
        rows.lock_tip(session, TIP)
        held.set()
        assert noted.wait(5)

    def beat(session: Session) -> None:
        assert held.wait(5)
        remember(session, history_id=new_id(), ward_id=WARD, tip_id=TIP, now=NOW, actor="system", what="clock_over", clock=1, kind="enter")

    memory = Memory(postgres_database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    changing = asyncio.create_task(memory.write(officer))
    await memory.write(beat)
    noted.set()
    await changing
    await memory.stop()


async def test_the_nearest_clock_is_the_tips_own(memory: Memory) -> None:
    week, day = await start(memory, "transfer-b"), await start(memory, "transfer-a")
    again = await start(memory, "transfer-a", at=NOW + HOUR)
    nearest = await due_of(memory)
    ended = await memory.write(lambda session: deadlines.settle(session, TIP, ("transfer-a", "report12"), now=NOW + HOUR))
    then = await due_of(memory)
    await memory.write(lambda session: deadlines.void(session, TIP, now=NOW + HOUR))

    assert (day, again) == (NOW + DAY, day)  # What runs already goes on.
    assert (nearest, ended, then, await due_of(memory)) == (day, 1, week, None)
    told = await clocks_told(memory)
    assert sorted(told[:2]) == [("clock_started", "transfer-a"), ("clock_started", "transfer-b")]
    assert told[2:] == [("clock_met", "transfer-a"), ("clock_void", "transfer-b")]


async def test_what_is_done_too_late_is_late_and_may_run_again(memory: Memory) -> None:
    due = await start(memory, "enter")
    await memory.write(lambda session: deadlines.settle(session, TIP, ("enter",), now=due + 1))
    await memory.write(lambda session: deadlines.settle(session, TIP, ("enter",), now=due + 2))
    once_more = await start(memory, "enter", at=due + DAY)
    await memory.write(lambda session: deadlines.settle(session, TIP, ("enter",), now=once_more))

    assert [what for what, _kind in await clocks_told(memory)] == ["clock_started", "clock_late", "clock_started", "clock_met"]


async def test_starts_at_once_make_one_clock(memory: Memory) -> None:
    """And the nearest is right although each of them reckons it."""
    kinds = ["transfer-a", "transfer-b", "report12", "enter"] * 3
    ends = await asyncio.gather(*(start(memory, kind) for kind in kinds))
    running = await memory.read(lambda session: rows.running_of(session, TIP))

    assert [one.kind for one in running] == ["enter", "report12", "transfer-a", "transfer-b"]
    assert ends == [next(one.due_at for one in running if one.kind == kind) for kind in kinds]
    assert await due_of(memory) == running[0].due_at


async def test_a_clock_warns_at_half_at_four_fifths_before_its_end_and_when_it_is_over(memory: Memory) -> None:
    due = await start(memory, "transfer-a")
    at = [NOW + DAY // 2, NOW + DAY * 4 // 5, due - DAY // 10, due + 1]
    heard = []
    for moment in at:
        assert await warn(memory, moment - 1) == []
        heard += await warn(memory, moment)
    later = await warn(memory, due + 30 * DAY)

    assert [(one.stage, one.left) for one in heard] == [("half", DAY // 2), ("fifths", due - at[1]), ("before", DAY // 10), ("over", -1)]
    assert {(one.tip_id, one.kind, one.due_at) for one in heard} == {(TIP, "transfer-a", due)}
    assert later == [] and (await clocks_told(memory))[1:] == [("clock_over", "transfer-a")]
    [running] = await memory.read(lambda session: rows.running_of(session, TIP))  # Overdue it stays, until somebody settles it.
    assert running.warned == 4


async def test_a_long_clock_warns_a_day_before_and_a_reminder_only_when_it_is_time(memory: Memory) -> None:
    due = await start(memory, "settle")
    asks = await start(memory, "ask-receipt")
    before = [await warn(memory, moment) for moment in (NOW + (due - NOW) // 2, due - DAY - 1, due - DAY)]

    assert [[(one.kind, one.stage) for one in some] for some in before] == [
        [("ask-receipt", "over"), ("settle", "half")],
        [("settle", "fifths")],
        [("settle", "before")],
    ]
    assert asks < NOW + (due - NOW) // 2


async def test_after_a_standstill_each_clock_says_its_newest_word_once(memory: Memory) -> None:
    def many(session: Session) -> None:
        for number in range(60):
            add_tip(session, 100 + number)
            values: dict[str, Any] = {"ward_id": WARD, "tip_id": 100 + number, "kind": "enter", "starts_at": NOW, "row_id": new_id()}
            deadlines.start(session, BOOK, **values)

    await memory.write(many)
    first = await warn(memory, NOW + 7 * DAY)
    second = await warn(memory, NOW + 7 * DAY)

    assert (len(first), len(second), await warn(memory, NOW + 7 * DAY)) == (50, 10, [])
    assert {one.stage for one in first + second} == {"over"} and len({one.tip_id for one in first + second}) == 60


async def test_processes_that_warn_at_once_say_nothing_twice(memory: Memory) -> None:
    def some(session: Session) -> None:
        for number in range(20):
            add_tip(session, 100 + number)
            values: dict[str, Any] = {"ward_id": WARD, "tip_id": 100 + number, "kind": "enter", "starts_at": NOW, "row_id": new_id()}
            deadlines.start(session, BOOK, **values)

    await memory.write(some)
    heard = await asyncio.gather(*(warn(memory, NOW + HOUR) for _ in range(4)))

    assert sorted(one.tip_id for some_ in heard for one in some_) == list(range(100, 120))


async def test_what_is_settled_warns_no_more(memory: Memory) -> None:
    await start(memory, "enter")
    await memory.write(lambda session: deadlines.settle(session, TIP, ("enter",), now=NOW + 1))

    assert await warn(memory, NOW + DAY) == []


async def reckon(memory: Memory, now: int = NOW) -> int:
    """The beats after a change of days off; how many writes they were."""
    count = 1
    while await memory.write(lambda session: deadlines.reckon_anew(session, WARD, draw=new_id, now=now)):
        count += 1
    return count


async def test_a_new_day_off_moves_what_runs_and_back(memory: Memory) -> None:
    """Thursday and Friday go: three working days from Monday, and a month that ends on Friday, end on the Monday after."""
    three, week, hours = [await start(memory, kind) for kind in ("receipt", "transfer-b", "transfer-a")]
    month = await start(memory, "resumed", at=NOW - 24 * DAY)  # From the 5th of February: ends on Friday the 5th.

    async def change(name: str, day: str, is_off: bool = True) -> None:
        values: dict[str, Any] = {"day": day, "name": name, "is_off": is_off, "row_id": new_id()}
        await memory.write(lambda session: deadlines.keep_day(session, act(), **values))
        await reckon(memory)

    def ends() -> Any:
        return memory.read(lambda session: {one.kind: one.due_at for one in rows.running_of(session, TIP)})

    await change("Lễ của phường", "2027-03-04")
    await change("Bão", "2027-03-05")
    moved = await ends()
    book = WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, WARD)))
    for day in ("2027-03-04", "2027-03-05"):
        await memory.write(lambda session, day=day: deadlines.take_back_day(session, act(), day))  # type: ignore[misc]
        await reckon(memory)

    assert [moments.local(end).day for end in (three, month, moved["receipt"], moved["resumed"])] == [4, 5, 8, 8]
    assert (moved["transfer-b"], moved["transfer-a"]) == (week, hours)
    assert dict(book.days_off)["2027-03-05"] == DayOff(day="2027-03-05", name="Bão") and book.version == 2
    assert await ends() == {"receipt": three, "transfer-b": week, "transfer-a": hours, "resumed": month}
    moves = [kind for what, kind in await clocks_told(memory) if what == "clock_moved"]
    assert (moves.count("receipt"), moves.count("resumed"), len(moves)) == (3, 2, 5)


async def test_a_new_day_off_moves_hundreds_of_clocks_in_small_writes_and_goes_on_after_a_crash(memory: Memory) -> None:
    """Some of the clocks began a moment after the change, in a process that still had the book of before."""

    def some(session: Session, numbers: range) -> None:
        for number in numbers:
            add_tip(session, number)
            kind = ("receipt", "transfer-b", "enter")[number % 3]
            values: dict[str, Any] = {"ward_id": WARD, "tip_id": number, "kind": kind, "row_id": new_id()}
            deadlines.start(session, BOOK, starts_at=NOW + number * moments.MINUTE, **values)

    await memory.write(lambda session: some(session, range(100, 390)))
    values: dict[str, Any] = {"day": "2027-03-04", "name": "Bão", "is_off": True, "row_id": new_id()}
    await memory.write(lambda session: deadlines.keep_day(session, act(), **values))
    await memory.write(lambda session: deadlines.reckon_anew(session, WARD, draw=new_id, now=NOW))

    def dies(session: Session) -> None:
        deadlines.reckon_anew(session, WARD, draw=new_id, now=NOW)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await memory.write(dies)
    half = await moved(memory)
    assert await reckon(memory) == 11
    await memory.write(lambda session: some(session, range(390, 400)))
    assert await memory.read(lambda session: deadlines.has_to_reckon(session, WARD))
    await asyncio.gather(*(reckon(memory) for _ in range(3)))
    book = WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, WARD)))
    query = select(col(tables.Deadline.kind), col(tables.Deadline.starts_at), col(tables.Deadline.due_at), col(tables.Tip.due_at))
    query = query.join(tables.Tip, col(tables.Tip.id) == col(tables.Deadline.tip_id))
    clocks = await memory.read(lambda session: [tuple(row) for row in session.execute(query)])

    assert [(due, nearest) for _kind, _starts, due, nearest in clocks] == [
        (deadlines.due_of(book, kind, starts),) * 2 for kind, starts, _due, _nearest in clocks
    ]
    assert (len(clocks), half) == (300, len(range(102, 125, 3)))
    assert await moved(memory) == len([one for one in clocks if one[0] == "receipt"])  # Each was told once, and only what moved.
    assert not await memory.read(lambda session: deadlines.has_to_reckon(session, WARD))


async def moved(memory: Memory) -> int:
    return [what for what, _kind in await clocks_told(memory)].count("clock_moved")


async def test_an_end_that_moves_away_is_warned_of_once_more(memory: Memory) -> None:
    due = await start(memory, "inform")
    assert [one.stage for one in await warn(memory, due + 1)] == ["over"]
    values: dict[str, Any] = {"day": "2027-03-02", "name": "Bão", "is_off": True, "row_id": new_id()}
    await memory.write(lambda session: deadlines.keep_day(session, act(due + 1), **values))
    await reckon(memory, due + 1)

    assert [one.stage for one in await warn(memory, due + 1)] == []
    assert [one.stage for one in await warn(memory, due + DAY + 1)] == ["over"]


async def test_a_figure_of_the_wards_own_counts_for_what_starts_then(memory: Memory) -> None:
    async def figure(kind: str, amount: int) -> None:
        await memory.write(lambda session: deadlines.keep_period(session, act(), kind, amount, row_id=new_id()))

    before = await start(memory, "transfer-a")
    await figure("transfer-a", 12)
    book = WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, WARD)))
    await memory.write(lambda session: add_tip(session, 31))
    after = await start(memory, "transfer-a", tip_id=31, book=book)
    await figure("transfer-a", 24)
    left = WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, WARD)))

    assert (before, after, await due_of(memory)) == (NOW + DAY, NOW + DAY // 2, NOW + DAY)
    assert (dict(book.periods), dict(left.periods)) == ({"transfer-a": 12}, {})  # Ours again needs no row.
    for kind, amount, key in (("transfer-a", 49, "periods-wrong-figure"), ("child", 25, "periods-wrong-figure"), ("x", 1, "periods-gone")):
        with pytest.raises(Mistake, match=key):
            await figure(kind, amount)


async def test_whether_days_off_move_days_is_the_wards_to_say(memory: Memory) -> None:
    saturday = await start(memory, "result", at=NOW + 2 * DAY)  # Wednesday and three days.
    await memory.write(lambda session: deadlines.keep_period(session, act(), "days-move", 1, row_id=new_id()))
    await reckon(memory)
    moved = await due_of(memory)
    await memory.write(lambda session: deadlines.take_back_period(session, act(), "days-move"))
    await reckon(memory)

    assert (moved, await due_of(memory)) == (saturday + 2 * DAY, saturday)


async def test_the_list_is_in_the_order_of_ends_and_shows_what_its_reader_may_see(memory: Memory) -> None:
    def some(session: Session) -> None:
        add_tip(session, 31, restricted="chief")
        add_tip(session, 32, restricted="fence")
        add_tip(session, 33, handler_id=CHIEF, urgent_at=NOW, book="crime", book_number=4, book_year=2027)
        add_tip(session, 40, ward=OTHER)

    await memory.write(some)
    for tip_id, kind in ((TIP, "transfer-b"), (31, "enter"), (32, "enter"), (33, "report12"), (33, "transfer-a")):
        await start(memory, kind, tip_id=tip_id)
    await start(memory, "enter", tip_id=40, ward=OTHER)

    async def lines(sight: Sight, after: tuple[int, int] | None = None, limit: int = 9) -> list[rows.DueLine]:
        return await memory.read(lambda session: rows.due_lines(session, sight, after=after, limit=limit))

    ordinary = Sight(ward_id=WARD, kinds=frozenset({""}))
    duty, chief = await lines(ordinary), await lines(all_of(WARD))
    page = await lines(ordinary, limit=2)
    rest = await lines(ordinary, after=(page[-1].due_at, page[-1].id))

    assert [(line.tip_id, line.kind) for line in duty] == [(33, "report12"), (33, "transfer-a"), (TIP, "transfer-b")]
    assert [line.tip_id for line in chief] == [31, 33, 33, TIP]
    assert page + rest == duty
    assert (duty[0].handler, duty[0].is_urgent, duty[0].book_number) == ("Bình", True, 4)
    late = await memory.read(lambda session: rows.count_late_of(session, ordinary, now=NOW + 13 * HOUR, but=()))
    everywhere = await memory.read(lambda session: rows.count_overdue(session, now=NOW + 13 * HOUR, but=("report12",)))
    assert (late, everywhere) == (1, 3)


async def test_p5_the_history_tells_every_clock(memory: Memory) -> None:
    await start(memory, "transfer-a")
    await start(memory, "enter")
    await start(memory, "receipt")
    await memory.write(lambda session: deadlines.settle(session, TIP, ("enter",), now=NOW + HOUR))
    values: dict[str, Any] = {"day": "2027-03-03", "name": "Bão", "is_off": True, "row_id": new_id()}
    await memory.write(lambda session: deadlines.keep_day(session, act(), **values))
    await reckon(memory)

    async def findings() -> set[tuple[str, str]]:
        found = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
        return {(one["kind"], one["what"]) for one in found if one["kind"] == "clock" or one["what"] == "due_at"}

    assert await findings() == set()
    await memory.write(lambda session: session.execute(text("UPDATE deadlines SET due_at = due_at + 5 WHERE kind = 'transfer-a'")))
    await memory.write(lambda session: session.execute(text("UPDATE tips SET due_at = due_at + 5")))
    assert await findings() == {("clock", "changed"), ("tip", "due_at")}
    await memory.write(lambda session: session.execute(text("DELETE FROM deadlines WHERE kind = 'enter'")))
    assert ("clock", "missing") in await findings()
