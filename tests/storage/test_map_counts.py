"""What the map counts out of the ward's figures against a count in the tips themselves: over months drawn by chance, at any moment of
linking and counting, for each reader; and what somebody must not read is out of the count at once."""

import os
import random
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from handlers import access, categorising, figures, restricting
from handlers.acts import note
from storage import facts, moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.places import coarsened
from storage.queries import chain, shredding, tip_map
from storage.queries import figures as rows
from storage.queries.map_counts import Rolled
from storage.queries.tip_map import Wanted
from tests.steps import REASON
from tests.storage.test_exchange import HERE, WARD, act, memory
from tests.storage.test_figures import START as HOUSE_BEGINS
from tests.storage.test_figures import caught_up, live
from tests.storage.test_steps import arrived

__all__ = ["memory"]

START = HOUSE_BEGINS + 90 * moments.DAY  # What the house of these tests begins with is told by no history.
CELLS = ("f10422:53344", "f10423:53344", "f10427:53349", "")
KINDS = ("TC", "MT", "TN", "TE", "KH", "")
ROLES = ("chief", "duty", "inspector", "keeper", "custodian")


def homes(session: Session) -> None:
    for number in (1, 2, 3):
        session.add(tables.Neighbourhood(id=number, ward_id=WARD, position=number, name=f"Tổ {number}"))


def place(session: Session, chance: random.Random, tip_id: int, now: int) -> None:
    tip = session.get_one(tables.Tip, tip_id)
    if tip.shredded_at is None:
        cell, home = coarsened(chance.choice(CELLS), tip.category), chance.choice((1, 2, 3, None))
        session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(cell=cell, neighbourhood_id=home))
        note(session, act(now), "placed", tip_id=tip_id, mark="", cell=cell, neighbourhood=home)


def drawn(chance: random.Random, now: int) -> Wanted:
    """Sometimes whole days, sometimes some hours, sometimes days that are yet to come."""
    ends = sorted(chance.randint(START - 3 * moments.DAY, now + 2 * moments.DAY) for _ in range(2))
    if chance.random() < 0.4:
        ends = [moments.start_of_day(moments.local(end).date() + timedelta(days=number)) for number, end in enumerate(ends)]
    if chance.random() < 0.2:
        ends = [now - chance.choice((1, 7, 28, 80)) * moments.DAY, now + 1]
    few = tuple(chance.sample(KINDS, chance.choice((0, 0, 1, 2, 5))))
    return Wanted(since=ends[0], until=ends[1], categories=few, state=chance.choice(("all", "open", "done")))


def compare(session: Session, chance: random.Random, now: int) -> int:
    counted = 0
    for role in ROLES:
        sight = access.sight_of(WARD, role, 9)
        assert Rolled.of(session, sight) is not None
        for _ in range(4):
            wanted = drawn(chance, now)
            cells = {cell: many for cell, many in tip_map.count_cells_one_by_one(session, sight, wanted).counts.items() if many}
            assert tip_map.count_cells(session, sight, wanted).counts == cells, (role, wanted)
            assert tip_map.count_homes(session, sight, wanted) == tip_map.count_homes_one_by_one(session, sight, wanted), (role, wanted)
            counted += sum(cells.values())
    return counted


async def test_the_map_counts_what_a_count_of_the_tips_finds_at_any_moment(memory: Memory, is_long: bool) -> None:
    seed = int(os.environ.get("KENG_TEST_SEED") or 20261123)
    print("KENG_TEST_SEED", seed)
    chance, now, tips, counted = random.Random(seed), START, list[int](), 0
    await memory.write(homes)
    await caught_up(memory)

    def some(session: Session) -> None:
        nonlocal now
        for _ in range(10):
            now += int(chance.expovariate(1 / (5 * moments.HOUR)))
            what = chance.random()
            if not tips or what < 0.2:
                tips.append(arrived(session, 1000 + len(tips), at=now, category=chance.choice(KINDS)))
            if what < 0.35:
                place(session, chance, tips[-1] if what < 0.2 else chance.choice(tips), now)
            else:
                live(session, chance, tips[-12:] if chance.random() < 0.8 else tips, now)

    for turn in range(90 if is_long else 30):
        await memory.write(some)
        if chance.random() < 0.6:
            await memory.write(lambda session: chain.link_new(session, WARD, most=chance.randint(1, 40)))
        if chance.random() < 0.5:
            await memory.write(lambda session: figures.catch_up(session, WARD))
        if turn % 3 == 0:
            counted += await memory.read(lambda session: compare(session, chance, now))
    await caught_up(memory)
    counted += await memory.read(lambda session: compare(session, chance, now))
    assert counted > 300
    assert await memory.read(lambda session: rows.differences(session, WARD)) == []

    def shred(session: Session) -> None:
        for tip_id in tips[::2]:
            shredding.shred_tip(session, tip_id, now=now, why="retention")

    await memory.write(shred)
    await memory.read(lambda session: compare(session, chance, now))
    await caught_up(memory)
    await memory.read(lambda session: compare(session, chance, now))


async def test_a_tip_that_is_shut_to_a_reader_is_out_of_their_count_at_once(memory: Memory) -> None:
    """Not only when the figures have heard of it."""
    await memory.write(homes)
    ids = await memory.write(lambda session: [arrived(session, 1000 + number, at=START, category="MT") for number in range(4)])
    await memory.write(lambda session: session.execute(update(tables.Tip).values(accepted_at=START, state="S2")) and None)
    await caught_up(memory)
    wanted = Wanted(since=START - moments.DAY, until=START + 9 * moments.DAY, categories=("MT", "TN"))
    duty, chief = access.sight_of(WARD, "duty", 9), access.sight_of(WARD, "chief", 9)

    async def counted() -> tuple[int, int]:
        def count(session: Session) -> tuple[int, int]:
            assert Rolled.of(session, duty) is not None
            return (
                sum(tip_map.count_cells(session, duty, wanted).counts.values()),
                sum(tip_map.count_homes(session, chief, wanted).counts.values()),
            )

        return await memory.read(count)

    assert await counted() == (4, 4)
    now = START + moments.DAY
    await memory.write(lambda session: restricting.restrict(session, act(now), tip_id=ids[0], reason=REASON["reason"], draw=new_id))
    assert await counted() == (3, 4)
    await memory.write(
        lambda session: categorising.put_right(
            session, HERE.book, act(now), tip_id=ids[1], category="TN", knows="category-closes", draw=new_id
        )
    )
    assert await counted() == (2, 4)
    await caught_up(memory)
    assert await counted() == (2, 4)


async def test_what_the_figures_cannot_tell_is_counted_in_the_tips(memory: Memory) -> None:
    """Counted anew, by other rules, or for somebody who reads only what was given to them."""
    await memory.write(homes)
    await memory.write(lambda session: arrived(session, 1000, at=START, category="MT"))
    sight = access.sight_of(WARD, "duty", 9)
    wanted = Wanted(since=START - moments.DAY, until=START + moments.DAY, categories=("MT",))

    async def is_rolled(of: object = sight) -> bool:
        def look(session: Session) -> bool:
            assert tip_map.count_cells(session, sight, wanted).counts == {"": 1}
            return Rolled.of(session, of) is not None  # type: ignore[arg-type]

        return await memory.read(look)

    assert not await is_rolled()
    await caught_up(memory)
    assert await is_rolled()
    assert not await is_rolled(replace(sight, own=9))
    assert not await is_rolled(replace(sight, chiefs=("MT", "TN")))
    await memory.write(lambda session: figures.count_anew(session, WARD))
    assert not await is_rolled()
    await memory.write(lambda session: figures.catch_up(session, WARD))
    assert not await is_rolled()
    await caught_up(memory)
    assert await is_rolled()


def test_a_place_on_the_map_is_told_as_it_was_written() -> None:
    assert facts.place_told("7/TC/f1:2") == ("7", "TC", "f1:2")
    assert facts.place_told("//") == ("", "", "")
