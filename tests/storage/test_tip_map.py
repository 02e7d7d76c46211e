"""Tips by place, time and category, on both engines: counts, lists and exact places, and that nobody counts what they may not read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import Session

from handlers import access
from storage import tables
from storage.memory import Memory
from storage.places import Square, cell_of, square_of
from storage.queries import tip_map
from storage.queries.sight import Sight
from storage.queries.tip_map import Cells, Spot, Wanted
from storage.queries.tips import TipLine
from tests.databases import Database, known_vault
from tests.placed import MARKET, SCHOOL, keep, placed
from tests.sights import all_of

WARD = 1
EVER = Wanted(since=0, until=10**6)
M, S = (cell_of(*place, "TC") for place in (MARKET, SCHOOL))


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()

    def begin(session: Session) -> None:
        session.add(tables.Ward(id=WARD, name="", created_at=0))
        session.flush()
        session.add(tables.Officer(id=9, ward_id=WARD, login="a", name="A", role="duty", password_hash="", created_at=0))
        for number in (1, 2):
            session.add(tables.Neighbourhood(id=number, ward_id=WARD, position=number, name=f"Tổ {number}"))

    await memory.write(begin)
    yield memory
    await memory.stop()


def tip(at: int, where: tuple[float, float] | None = MARKET, category: str = "TC", **more: Any) -> dict[str, Any]:
    return placed(WARD, at, where, category, neighbourhood_id=1 if where == MARKET else None, **more)


def sight_of(role: str) -> Sight:
    return access.sight_of(WARD, role, 9)


async def cells(memory: Memory, wanted: Wanted, sight: Sight | None = None) -> dict[str, int]:
    return (await memory.read(lambda session: tip_map.count_cells(session, sight or all_of(WARD), wanted))).counts


async def homes(memory: Memory, wanted: Wanted, sight: Sight | None = None) -> dict[tuple[int | None, str], int]:
    return (await memory.read(lambda session: tip_map.count_homes(session, sight or all_of(WARD), wanted))).counts


async def listed(memory: Memory, wanted: Wanted, spot: Spot, sight: Sight | None = None, *, limit: int = 50) -> list[int]:
    """All pages, one after another."""
    found: list[int] = []
    before: tuple[int, int] | None = None

    def page(session: Session) -> tuple[list[TipLine], tuple[int, int] | None]:
        return tip_map.list_at(session, sight or all_of(WARD), wanted, spot, before=before, limit=limit)

    while True:
        lines, before = await memory.read(page)
        found += [line.id for line in lines]
        if before is None:
            return found


async def test_counts_by_square_time_category_and_state(memory: Memory) -> None:
    await keep(memory, tip(10), tip(20, category="HD"), tip(30, closed_at=31), tip(40, SCHOOL), tip(50, None, ""), tip(60, SCHOOL, "BL"))
    await keep(memory, tip(70, arrived_at=None, state="S0"))
    coarse = cell_of(*SCHOOL, "BL")

    assert await cells(memory, EVER) == {M: 3, S: 1, "": 1, coarse: 1}
    assert await cells(memory, Wanted(since=20, until=40)) == {M: 2}
    assert await cells(memory, Wanted(since=0, until=99, categories=("TC",))) == {M: 2, S: 1}
    assert await cells(memory, Wanted(since=0, until=99, categories=("TC", "HD", "BL", "ML", "NT", "KH", "CT", "MN", "CN"))) == {
        **{M: 3, S: 1},
        coarse: 1,
    }
    assert await cells(memory, Wanted(since=0, until=99, state="open")) == {M: 2, S: 1, "": 1, coarse: 1}
    assert await cells(memory, Wanted(since=0, until=99, state="done", categories=("TC",))) == {M: 1}
    assert await homes(memory, EVER) == {(1, "TC"): 2, (1, "HD"): 1, (None, "TC"): 1, (None, ""): 1, (None, "BL"): 1}
    assert await homes(memory, Wanted(since=0, until=99, categories=("HD",), state="open")) == {(1, "HD"): 1}
    assert await homes(memory, Wanted(since=0, until=99, state="done")) == {(1, "TC"): 1}


@pytest.mark.parametrize(("role", "seen"), [("chief", 4), ("duty", 2), ("inspector", 2), ("handler", 1), ("keeper", 1), ("custodian", 0)])
async def test_nobody_counts_lists_or_opens_what_they_may_not_read(memory: Memory, role: str, seen: int) -> None:
    await keep(memory, tip(1), tip(2, handler_id=9), tip(3, category="TN"), tip(4, restricted="chief"), tip(5, restricted="fence"))
    sight, view = sight_of(role), Square(20, 106, 21, 107)
    total = {"all": seen, "open": seen, "done": 0}

    for state, number in total.items():
        wanted = Wanted(since=0, until=99, state=state)  # type: ignore[arg-type]
        assert sum((await cells(memory, wanted, sight)).values()) == number, state
        assert sum((await homes(memory, wanted, sight)).values()) == number, state
        assert len(await listed(memory, wanted, Spot(cell=M), sight)) == number, state
        assert len(await listed(memory, wanted, Spot(home=1), sight)) == number, state
        pins = await memory.read(lambda session, wanted=wanted: tip_map.pins_in(session, sight, wanted, view))  # type: ignore[misc]
        assert len(pins.pins) == number, state


async def test_lists_are_newest_first_and_page_by_page(memory: Memory) -> None:
    ids = await keep(memory, tip(10), tip(20, category="HD"), tip(20), tip(20), tip(5, category="HD"), tip(30, SCHOOL), tip(40, None, ""))
    newest = [ids[3], ids[2], ids[1], ids[0], ids[4]]

    assert await listed(memory, EVER, Spot(cell=M), limit=2) == newest
    assert await listed(memory, Wanted(since=0, until=99, state="open"), Spot(cell=M), limit=2) == newest
    assert await listed(memory, EVER, Spot(home=1), limit=3) == newest
    assert await listed(memory, Wanted(since=0, until=99, categories=("HD",)), Spot(home=1), limit=1) == [ids[1], ids[4]]
    assert await listed(memory, EVER, Spot(home=None)) == [ids[6], ids[5]]
    assert await listed(memory, EVER, Spot(cell="")) == [ids[6]]


async def test_counts_stop_at_a_thousand_and_one(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tip_map, "COUNT_MOST", 3)
    monkeypatch.setattr(tip_map, "OPEN_MOST", 3)
    monkeypatch.setattr(tip_map, "CELLS_MOST", 1)
    await keep(memory, *(tip(at) for at in range(6)), tip(9, SCHOOL))

    assert await homes(memory, EVER) == {(1, "TC"): 4, (None, "TC"): 1}
    found = await memory.read(lambda session: tip_map.count_cells(session, all_of(WARD), EVER))
    assert found == Cells(counts={M: 4}, is_cut=True)
    assert (await memory.read(lambda session: tip_map.count_cells(session, all_of(WARD), Wanted(since=0, until=99, state="open")))).is_cut


async def test_pins_are_those_in_view_and_two_hundred_at_most(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    near = (MARKET[0] + 0.0003, MARKET[1])
    [first, second] = await keep(memory, tip(1), tip(2, near, "BL"))
    await keep(memory, tip(3, SCHOOL), tip(4, None), tip(500))
    view, wanted = Square(MARKET[0] - 0.0001, 106.68, MARKET[0] + 0.0004, 106.70), Wanted(since=0, until=99)

    def look(session: Session) -> tip_map.Pins:
        return tip_map.pins_in(session, all_of(WARD), wanted, view)

    pins = await memory.read(look)
    assert [(pin.tip_id, pin.latitude, pin.longitude) for pin in pins.pins] == [(second, *near), (first, *MARKET)]
    monkeypatch.setattr(tip_map, "PINS_MOST", 1)
    assert await memory.read(look) == tip_map.Pins(are_too_many=True)
    monkeypatch.setattr(tip_map, "_LOOKED_AT_MOST", 1)
    assert await memory.read(look) == tip_map.Pins(are_too_many=True)


def test_a_cell_tells_its_square() -> None:
    square = square_of(M)

    assert square and square.holds(*MARKET) and round(square.north - square.south, 6) == 0.002
    assert cell_of(*square.middle, "TC") == M
    assert [square_of(odd) for odd in ("", "f1", "x1:2", "f1:2:3", "f٣:1", "f1234567890:1")] == [None] * 6
