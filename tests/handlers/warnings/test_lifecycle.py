"""Two people stand behind every warning, inside the area of whoever wrote it; of two who press at once one is heard."""

import asyncio
from dataclasses import replace

import pytest

from handlers.officers import Mistake
from handlers.warnings import lifecycle
from handlers.warnings.lifecycle import Draft
from storage import moments
from storage.memory import Memory
from storage.queries import warnings as rows
from tests.handlers.warnings.ward import (
    CHIEF,
    COMMANDER,
    INSPECTOR,
    LEADER,
    NOON,
    OTHER,
    OWN,
    WORDS,
    WRITER,
    does,
    memory,
    proposed,
    seen,
    written,
)

__all__ = ["memory"]
EVENING = NOON + 10 * moments.HOUR


async def test_p6_nobody_releases_what_they_wrote(memory: Memory) -> None:
    own = await proposed(memory, by=COMMANDER)
    for who, key in (
        (COMMANDER, "warning-second-person"),
        (WRITER, "warning-not-yours-to-release"),
        (INSPECTOR, "warning-not-yours-to-release"),
    ):
        with pytest.raises(Mistake, match=key):
            await does(memory, lifecycle.release, who, own)
    assert (await seen(memory, own)).state == "proposed"

    await does(memory, lifecycle.release, CHIEF, own)

    found = await seen(memory, own)
    assert (found.state, found.written_by, found.released_by, found.is_for_life) == ("released", COMMANDER, CHIEF, False)


async def test_p6_a_leader_writes_to_their_own_area_alone(memory: Memory) -> None:
    for areas in ((), (OTHER,), (OWN, OTHER)):
        with pytest.raises(Mistake, match="warning-not-your-area"):
            await written(memory, Draft(content=WORDS, areas=areas), by=LEADER)
    with pytest.raises(Mistake, match="warning-not-your-area"):
        await written(memory, Draft(content=WORDS, areas=(OWN,)), by=INSPECTOR)
    own = await proposed(memory, Draft(content=WORDS, areas=(OWN,)), by=LEADER)
    with pytest.raises(Mistake, match="warning-not-your-area"):
        await does(memory, lifecycle.rewrite, LEADER, own, Draft(content=WORDS, areas=(OWN, OTHER)))

    await does(memory, lifecycle.release, COMMANDER, own)

    assert (await seen(memory, own)).areas == (OWN,)


async def test_p6_released_twice_at_once_is_released_once(memory: Memory) -> None:
    own = await proposed(memory)

    ended = await asyncio.gather(*(does(memory, lifecycle.release, who, own) for who in (CHIEF, COMMANDER) * 3), return_exceptions=True)

    assert [str(one) for one in ended if one is not None] == ["warning-released-already"] * 5
    told = await memory.read(lambda session: rows.newest(session, 1, states=("released",)))
    assert [one.id for one in told] == [own]


async def test_p6_danger_to_life_is_released_by_the_chief_alone_and_approved_afterwards(memory: Memory) -> None:
    draft = Draft(content=WORDS)
    own = await written(memory, draft, by=CHIEF)
    with pytest.raises(Mistake, match="warning-life-chief"):
        await does(memory, lifecycle.release, COMMANDER, own, for_life=True)

    others = await written(memory)
    with pytest.raises(Mistake, match="warning-not-proposed"):
        await does(memory, lifecycle.release, CHIEF, others, for_life=True)

    await does(memory, lifecycle.release, CHIEF, own, for_life=True, now=EVENING)

    found = await seen(memory, own)
    assert (found.state, found.is_for_life, found.is_urgent, found.send_at) == ("released", True, True, EVENING)
    assert [one.id for one in await memory.read(lambda session: rows.to_approve(session, 1))] == [own]
    with pytest.raises(Mistake, match="warning-second-person"):
        await does(memory, lifecycle.approve, CHIEF, own)
    await does(memory, lifecycle.approve, COMMANDER, own)
    assert await memory.read(lambda session: rows.to_approve(session, 1)) == []


async def test_what_was_handed_back_comes_again_with_other_words(memory: Memory) -> None:
    own = await proposed(memory)
    with pytest.raises(Mistake, match="warning-why"):
        await does(memory, lifecycle.decline, COMMANDER, own, why=" ")
    await does(memory, lifecycle.decline, COMMANDER, own, why="Bỏ câu thứ hai.")
    assert lifecycle.declined_why(await seen(memory, own)) == "Bỏ câu thứ hai."
    with pytest.raises(Mistake, match="warning-not-proposed"):
        await does(memory, lifecycle.release, COMMANDER, own)

    await does(memory, lifecycle.rewrite, WRITER, own, Draft(content=replace(WORDS, body="Có người gọi điện xưng là công an.")))
    await does(memory, lifecycle.propose, WRITER, own)
    await does(memory, lifecycle.release, COMMANDER, own)

    assert lifecycle.content_of(await seen(memory, own)).body == "Có người gọi điện xưng là công an."
    with pytest.raises(Mistake, match="warning-released-already"):
        await does(memory, lifecycle.rewrite, WRITER, own, Draft(content=WORDS))


async def test_what_the_checker_stops_needs_a_ground_and_words(memory: Memory) -> None:
    for draft in (Draft(content=WORDS), Draft(content=WORDS, ground="wanted")):
        own = await written(memory, draft)
        with pytest.raises(Mistake, match="warning-stopped"):
            await does(memory, lifecycle.propose, WRITER, own, stopped_by=("phone",))

    insisted = await written(memory, Draft(content=WORDS, ground="wanted", note="Quyết định truy nã số 12."))
    await does(memory, lifecycle.propose, WRITER, insisted, stopped_by=("phone",))
    await does(memory, lifecycle.release, COMMANDER, insisted, stopped_by=("phone",))

    assert (await seen(memory, insisted)).note == "Quyết định truy nã số 12."


async def test_what_can_wait_goes_in_the_morning_and_what_has_run_out_never(memory: Memory) -> None:
    ordinary, urgent = await proposed(memory), await proposed(memory, Draft(content=WORDS, is_urgent=True))
    for own in (ordinary, urgent):
        await does(memory, lifecycle.release, CHIEF, own, now=EVENING)
    morning = NOON + moments.DAY - 5 * moments.HOUR - 30 * moments.MINUTE
    assert ((await seen(memory, ordinary)).send_at, (await seen(memory, urgent)).send_at) == (morning, EVENING)
    due = await memory.read(lambda session: (rows.to_strike(session, 1, now=EVENING), rows.to_strike(session, 1, now=morning)))
    assert due == ([urgent], [urgent, ordinary])

    short = await proposed(memory, Draft(content=WORDS, expires_at=EVENING + moments.HOUR))
    with pytest.raises(Mistake, match="warning-expired"):
        await does(memory, lifecycle.release, CHIEF, short, now=EVENING)
    for draft in (Draft(content=WORDS, send_at=NOON + 61 * moments.DAY), Draft(content=WORDS, expires_at=NOON + 181 * moments.DAY)):
        with pytest.raises(Mistake, match="warning-too-far"):
            await written(memory, draft)


async def test_a_stopped_one_goes_on_only_through_who_may_release(memory: Memory) -> None:
    own = await proposed(memory)
    await does(memory, lifecycle.release, COMMANDER, own)
    await does(memory, lifecycle.pause, WRITER, own)
    with pytest.raises(Mistake, match="warning-not-yours-to-release"):
        await does(memory, lifecycle.resume, WRITER, own)
    await does(memory, lifecycle.resume, CHIEF, own)
    await does(memory, lifecycle.cancel, WRITER, own)

    with pytest.raises(Mistake, match="warning-not-running"):
        await does(memory, lifecycle.resume, CHIEF, own)
    assert (await seen(memory, own)).state == "cancelled"


async def test_a_correction_stands_on_what_was_sent_and_goes_where_it_went(memory: Memory) -> None:
    own = await proposed(memory, Draft(content=WORDS, areas=(OWN,), reaches=("groups",)))
    fix = Draft(content=replace(WORDS, headline="Không có vụ nào như vậy"), areas=(OTHER,))
    with pytest.raises(Mistake, match="warning-not-released"):
        await written(memory, fix, corrects_id=own)
    await does(memory, lifecycle.release, COMMANDER, own)

    right = await written(memory, fix, corrects_id=own)

    found = await seen(memory, right)
    assert (found.kind, found.areas, found.reaches, found.corrects_id) == ("correction", (OWN,), ("groups",), own)
    assert lifecycle.content_of(found).kind == "correction"
