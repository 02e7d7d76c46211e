"""The index on both engines: what is put in is found, newest first; what is removed is gone, in the end from the disk too."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from storage import tables
from storage.memory import Memory
from storage.queries import search
from storage.search import SearchKey, plain_tokens
from storage.tables.columns import table_of
from tests.databases import Database

KEY = SearchKey(b"k" * 32)
WARD, OTHER_WARD = 1, 2
LUA_DAO, DANH_BAC, PHONE = "w:lua dao", "w:danh bac", "p:+84912345678"


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url)
    await memory.start()
    await memory.write(two_wards)
    yield memory
    await memory.stop()


def two_wards(session: Session) -> None:
    for ward in (WARD, OTHER_WARD):
        session.add(tables.Ward(id=ward, name="", created_at=0))
        session.flush()
        session.add(tables.Chat(id=ward, ward_id=ward, channel="webchat", chat_hash=str(ward), created_at=0))


def add_tips(session: Session, tips: dict[int, str], *, ward: int = WARD) -> None:
    rows = [tables.Tip(id=tip_id, ward_id=ward, chat_id=ward, channel="webchat", created_at=0).model_dump() for tip_id in tips]
    session.execute(insert(table_of(tables.Tip)), rows)
    for tip_id, text in tips.items():
        put(session, tip_id, text, ward=ward)


def put(session: Session, tip_id: int, *texts: str, ward: int = WARD) -> None:
    search.put(session, tip_id, ward_id=ward, tokens=KEY.seal_tokens(plain_tokens(texts)), now=1)


async def found(memory: Memory, *plain: str, ward: int = WARD, before: int | None = None, limit: int = 50) -> list[int]:
    return await memory.read(lambda session: search.find(session, ward, KEY.seal_tokens(plain), before=before, limit=limit))


async def counted(memory: Memory, *plain: str, ward: int = WARD, most: int = 1000) -> int:
    return await memory.read(lambda session: search.count(session, ward, KEY.seal_tokens(plain), most=most))


async def test_a_tip_is_found_under_each_of_its_tokens_and_all_together(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, {10: "Lừa đảo, gọi 0912 345 678", 11: "lừa đảo", 12: "đánh bạc"}))

    assert await found(memory, LUA_DAO) == [11, 10]
    assert await found(memory, PHONE) == [10]
    assert await found(memory, LUA_DAO, PHONE) == [10]
    assert await found(memory, LUA_DAO, DANH_BAC) == []
    assert await found(memory) == []
    assert await counted(memory, LUA_DAO) == 2
    assert await counted(memory) == 0


async def test_the_newest_come_first_page_by_page(memory: Memory) -> None:
    newest_first = list(range(1_300, 99, -1))
    await memory.write(lambda session: add_tips(session, {n: "lừa đảo" if n % 2 else "lừa đảo đánh bạc" for n in reversed(newest_first)}))
    pages, before = [], None
    while page := await found(memory, DANH_BAC, before=before, limit=50):
        pages.append(page)
        before = page[-1]

    assert list(itertools.chain(*pages)) == newest_first[::2]
    assert [len(page) for page in pages] == [50] * 12 + [1]
    assert await found(memory, LUA_DAO, limit=3) == [1_300, 1_299, 1_298]


async def test_an_old_tip_is_found_behind_many_new_ones(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, {1: "đánh bạc", **dict.fromkeys(range(10, 1_210), "lừa đảo")}))

    assert await found(memory, DANH_BAC) == [1]
    assert await found(memory, DANH_BAC, before=1) == []


async def test_counting_stops_at_one_more_than_was_asked(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, dict.fromkeys(range(10, 1_210), "lừa đảo")))

    assert await counted(memory, LUA_DAO) == 1_001
    assert await counted(memory, LUA_DAO, most=5_000) == 1_200


async def test_wards_do_not_see_each_other_even_under_one_key(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, {10: "lừa đảo"}))
    await memory.write(lambda session: add_tips(session, {11: "lừa đảo", 12: "lừa đảo"}, ward=OTHER_WARD))

    assert await found(memory, LUA_DAO) == [10]
    assert await found(memory, LUA_DAO, ward=OTHER_WARD) == [12, 11]
    assert await found(memory, LUA_DAO, ward=3) == []
    assert [await counted(memory, LUA_DAO, ward=ward) for ward in (WARD, OTHER_WARD, 3)] == [1, 2, 0]


async def test_what_is_put_again_replaces_what_was_there(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, {10: "lừa đảo", 11: "lừa đảo"}))
    await memory.write(lambda session: put(session, 10, "đánh bạc", "lừa"))
    await memory.write(lambda session: put(session, 10, "đánh bạc", "lừa"))

    assert await found(memory, LUA_DAO) == [11]
    assert await found(memory, DANH_BAC, "w:lua") == [10]
    await memory.write(lambda session: put(session, 10))
    assert await found(memory, DANH_BAC) == []
    assert await found(memory, "w:lua") == [11]


async def test_what_is_removed_is_not_found(memory: Memory) -> None:
    await memory.write(lambda session: add_tips(session, {10: "lừa đảo", 11: "lừa đảo"}))
    await memory.write(lambda session: search.remove(session, 10))
    await memory.write(lambda session: search.remove(session, 10))

    assert await found(memory, LUA_DAO) == [11]
    assert await counted(memory, LUA_DAO) == 1
    await memory.write(lambda session: put(session, 10, "đánh bạc"))
    assert await found(memory, DANH_BAC) == [10]


@pytest.mark.parametrize("token", ["lừa đảo", "w:lua", "a" * 15, "a" * 15 + '"', "A" * 16, ""])
async def test_a_token_that_is_not_sealed_is_refused(memory: Memory, token: str) -> None:
    with pytest.raises(ValueError, match="not sealed"):
        await memory.read(lambda session: search.find(session, WARD, [token], before=None, limit=1))
    with pytest.raises(ValueError, match="not sealed"):
        await memory.write(lambda session: search.put(session, 10, ward_id=WARD, tokens=[token], now=0))


async def test_both_engines_find_what_a_plain_walk_finds(memory: Memory) -> None:
    """Tips of random words, some changed and some removed afterwards; each engine against the same simple sum."""
    draw = random.Random(7)
    syllables = [f"{onset}{rime}" for onset in "bcdghklmnt" for rime in ("a", "an", "ong")]

    def some_words() -> str:
        return " ".join(draw.choices(syllables, weights=[1 / rank for rank in range(1, 31)], k=draw.randint(1, 9)))

    texts = {tip_id: some_words() for tip_id in sorted(draw.sample(range(10**15, 10**18), 1_500))}
    await memory.write(lambda session: add_tips(session, texts))
    changed = {tip_id: some_words() for tip_id in draw.sample(list(texts), 100)}
    removed = draw.sample(list(texts), 100)

    def change(session: Session) -> None:
        for tip_id, text in changed.items():
            put(session, tip_id, text)
        for tip_id in removed:
            search.remove(session, tip_id)

    await memory.write(change)
    holds = {tip_id: plain_tokens([text]) for tip_id, text in (texts | changed).items() if tip_id not in removed}

    for asked in ({"w:ba"}, {"w:tong"}, {"w:ba", "w:can"}, {"w:ba ban"}, {"w:ba ban", "w:ban bong"}, {"w:ha", "w:ka", "w:la"}, {"w:none"}):
        expected = sorted((tip_id for tip_id, tokens in holds.items() if asked <= tokens), reverse=True)
        assert await found(memory, *asked, limit=2_000) == expected
        assert await found(memory, *asked) == expected[:50]
        assert await counted(memory, *asked) == min(len(expected), 1_001)
        if expected:
            middle = expected[len(expected) // 2]
            assert await found(memory, *asked, before=middle) == [tip_id for tip_id in expected if tip_id < middle][:50]


async def sweep(memory: Memory) -> int:
    """All steps that are owed; how many there were."""
    for steps in itertools.count(1):
        if not await memory.write(search.tidy, chore=True):
            return steps
    return 0


async def add_in_batches(memory: Memory, tip_ids: range) -> None:
    """Each batch is a segment of its own in the index, as in a house that grows."""
    for start in tip_ids[::100]:
        await memory.write(partial(add_tips, tips={n: f"lừa đảo ngõ{n} cho vay" for n in range(start, start + 100)}))


def bytes_on_disk(database: Database) -> bytes:
    folder = Path(database.url.removeprefix("sqlite:///")).parent
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


async def truncate_wal(memory: Memory) -> None:
    """Outside of any transaction, as the quiet chunk will do it."""

    def checkpoint() -> None:
        raw = memory._read_engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()

    await asyncio.to_thread(checkpoint)


def remains(database: Database, tokens: Sequence[str]) -> list[str]:
    """FTS5 writes only what differs from the entry before, so we look for the last ten characters: fifty bits of a token."""
    disk = bytes_on_disk(database)
    return [token for token in tokens if token[-10:].encode() in disk]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_removed_leaves_the_files(memory: Memory, database: Database) -> None:
    only_here = KEY.seal_tokens(plain_tokens(["Quán Zxqy cho vay 0987 654 321"]) - plain_tokens(["cho vay quán"]))
    await add_in_batches(memory, range(100, 1_300))
    await memory.write(lambda session: add_tips(session, {50: "Quán Zxqy cho vay 0987 654 321"}))
    await add_in_batches(memory, range(1_300, 1_600))
    await truncate_wal(memory)
    assert remains(database, only_here) == only_here

    await memory.write(lambda session: search.remove(session, 50))
    await truncate_wal(memory)
    assert remains(database, only_here) != []  # Or the merge below would prove nothing.
    await sweep(memory)
    await truncate_wal(memory)

    assert remains(database, only_here) == []
    assert await counted(memory, "w:cho vay", most=2_000) == 1_500


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_a_replaced_text_said_leaves_the_files_while_tips_come_in(memory: Memory, database: Database) -> None:
    secret = KEY.seal_tokens({"p:+84987654321"})
    await memory.write(lambda session: add_tips(session, {n: f"tin {n} {n * 7} {n * 13} {n * 31} {n * 77}" for n in range(100, 2_600)}))
    await memory.write(lambda session: add_tips(session, {50: "gọi 0987654321"}))
    await memory.write(lambda session: put(session, 50, "gọi"))
    steps = 0
    while await memory.write(search.tidy, chore=True):
        await memory.write(partial(add_tips, tips={10_000 + steps: f"tin mới {steps}"}))
        steps += 1
    await truncate_wal(memory)

    assert steps > 3  # Small steps, with tips between them that do not make it begin anew.
    assert remains(database, secret) == []
    assert await counted(memory, "w:tin moi") == steps


async def test_there_is_nothing_to_tidy_until_something_is_removed(memory: Memory, database: Database) -> None:
    await memory.write(lambda session: add_tips(session, {10: "lừa đảo", 11: "lừa đảo"}))
    assert await memory.write(search.tidy, chore=True) is False

    await memory.write(lambda session: search.remove(session, 10))

    assert await memory.write(search.tidy, chore=True) is database.is_sqlite
    await sweep(memory)
    assert await memory.write(search.tidy, chore=True) is False
