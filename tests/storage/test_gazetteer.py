"""The ward's map on both engines: importing is all or nothing, again is an update, and every change is known to everybody."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from handlers import gazetteer, place_codes
from handlers.acts import Act
from handlers.gazetteer import Outcome, draw_ids, key_of
from handlers.gazetteer_files import Mistakes, checked_entry, read_file
from handlers.insight.addresses import name_of
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import tables
from storage.memory import Memory
from storage.queries import gazetteer as rows
from storage.queries import ward_book
from tests.databases import Database, known_vault

WARD = 1
MAP = """kind,name,neighbourhood,latitude,longitude
neighbourhood,Tổ dân phố số 1,,20.81,106.61
neighbourhood,Tổ dân phố số 2,,,
street,Lê Lợi,Tổ dân phố số 1,20.82,106.62
street,Lê Lợi,tdp 2,,
alley,Ngõ 12 Lê Lợi,2,,
landmark,Chợ Hàng,,20.83,106.63
"""
_numbers = count(1000)


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(lambda session: session.add(tables.Ward(id=WARD, name="", created_at=0)))
    yield memory
    await memory.stop()


def act() -> Act:
    return Act(ward_id=WARD, officer_id=7, history_id=next(_numbers), now=5)


async def bring(memory: Memory, text: str) -> Outcome:
    entries = read_file(text.encode())
    ids, now = draw_ids(entries), act()
    return await memory.write(lambda session: gazetteer.import_places(session, now, entries, ids=ids))


async def book_of(memory: Memory) -> WardBook:
    return WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, WARD)))


async def standing(memory: Memory) -> list[tuple[str, str, float | None]]:
    book = await book_of(memory)
    homes = [("neighbourhood", one.name, one.latitude) for one in book.neighbourhoods]
    others = [(one.kind, f"{one.name} @{name_of(book, one.neighbourhood_id)}", one.latitude) for one in book.landmarks]
    return homes + others


async def history(memory: Memory) -> list[tuple[str, str]]:
    def read(session: Session) -> list[tuple[str, str]]:
        found = session.execute(select(col(tables.HistoryRow.what), col(tables.HistoryRow.actor)).order_by(col(tables.HistoryRow.id)))
        return [(row.what, row.actor) for row in found]

    return await memory.read(read)


async def id_of(memory: Memory, name: str) -> int:
    return next(row.id for row in await memory.read(lambda session: rows.places(session, WARD)) if row.name == name)


async def test_a_map_comes_in_whole_and_again_changes_nothing(memory: Memory) -> None:
    before = (await book_of(memory)).version
    first, version = await bring(memory, MAP), (await book_of(memory)).version
    again = await bring(memory, MAP)

    assert (first, again) == (Outcome(6, 0, 0), Outcome(0, 0, 6))
    assert await standing(memory) == [
        ("neighbourhood", "Tổ dân phố số 1", 20.81),
        ("neighbourhood", "Tổ dân phố số 2", None),
        ("street", "Lê Lợi @Tổ dân phố số 1", 20.82),
        ("street", "Lê Lợi @Tổ dân phố số 2", None),
        ("alley", "Ngõ 12 Lê Lợi @Tổ dân phố số 2", None),
        ("landmark", "Chợ Hàng @", 20.83),
    ]
    assert version > before and (await book_of(memory)).version == version
    assert await history(memory) == [("places_imported", "officer:7")]


async def test_a_second_file_updates_adds_and_takes_nothing_away(memory: Memory) -> None:
    await bring(memory, MAP)
    outcome = await bring(
        memory, "kind,name,neighbourhood,latitude,longitude\nneighbourhood,TDP 2,,20.9,106.9\nlandmark,Chợ Hàng,2,,\nstreet,Trần Phú,,,\n"
    )

    assert outcome == Outcome(1, 2, 0)
    assert ("neighbourhood", "TDP 2", 20.9) in await standing(memory)
    assert ("landmark", "Chợ Hàng @TDP 2", 20.83) in await standing(memory)  # Its point stays: the list gave none.
    assert len(await standing(memory)) == 7


async def test_one_mistake_and_nothing_is_imported(memory: Memory) -> None:
    with pytest.raises(Mistakes) as raised:
        await bring(memory, MAP + "street,Trần Phú,Tổ 9,,\nstreet,Lê Lợi,Tổ 1,,\nneighbourhood,to 1,,,\n")

    assert [(one.line, one.key) for one in raised.value.wrong] == [
        (8, "places-wrong-no-home"),
        (9, "places-wrong-twice"),
        (10, "places-wrong-twice"),
    ]
    assert (await standing(memory), await history(memory)) == ([], [])


async def test_a_neighbourhood_ends_and_stands_again_as_the_same_row(memory: Memory) -> None:
    await bring(memory, MAP)
    first = await id_of(memory, "Tổ dân phố số 1")
    await memory.write(lambda session: gazetteer.end_place(session, act(), place_id=first))
    ended = await standing(memory)
    tips_may_still_refer = await memory.read(lambda session: session.get(tables.Neighbourhood, first) is not None)
    await bring(memory, "kind,name\nneighbourhood,Tổ 1\n")

    assert [row[1] for row in ended if row[0] == "neighbourhood"] == ["Tổ dân phố số 2"] and tips_may_still_refer
    assert await id_of(memory, "Tổ 1") == first
    with pytest.raises(Mistake):
        await memory.write(lambda session: gazetteer.end_place(session, act(), place_id=12345))


async def test_an_ended_neighbourhood_takes_no_street(memory: Memory) -> None:
    await bring(memory, MAP)
    first = await id_of(memory, "Tổ dân phố số 1")
    await memory.write(lambda session: gazetteer.end_place(session, act(), place_id=first))

    with pytest.raises(Mistakes):
        await bring(memory, "kind,name,neighbourhood\nstreet,Trần Phú,Tổ 1\n")


async def test_one_place_is_added_renamed_and_ended(memory: Memory) -> None:
    await bring(memory, MAP)
    home, new_id = await id_of(memory, "Tổ dân phố số 1"), next(_numbers)
    pagoda, renamed = (checked_entry(0, "landmark", name, "", None, None) for name in ("Chùa Vẽ", "Chùa Dư Hàng"))

    await memory.write(lambda session: gazetteer.add_place(session, act(), pagoda, neighbourhood_id=home, place_id=new_id))
    with pytest.raises(Mistake, match="places-mistake-there"):
        await memory.write(lambda session: gazetteer.add_place(session, act(), pagoda, neighbourhood_id=home, place_id=1))
    with pytest.raises(Mistake, match="places-mistake-home"):
        await memory.write(lambda session: gazetteer.add_place(session, act(), renamed, neighbourhood_id=77, place_id=1))
    await memory.write(lambda session: gazetteer.change_place(session, act(), renamed, neighbourhood_id=None, place_id=new_id))
    await memory.write(lambda session: gazetteer.change_place(session, act(), renamed, neighbourhood_id=None, place_id=new_id))
    assert ("landmark", "Chùa Dư Hàng @", None) in await standing(memory)
    await memory.write(lambda session: gazetteer.end_place(session, act(), place_id=new_id))

    assert len(await standing(memory)) == 6
    assert [what for what, _actor in await history(memory)] == ["places_imported", "place_added", "place_changed", "place_ended"]


async def test_two_may_not_become_one_by_a_new_name(memory: Memory) -> None:
    await bring(memory, MAP)
    second, other = await id_of(memory, "Tổ dân phố số 2"), checked_entry(0, "neighbourhood", "Tổ 1", "", None, None)

    with pytest.raises(Mistake, match="places-mistake-there"):
        await memory.write(lambda session: gazetteer.change_place(session, act(), other, neighbourhood_id=None, place_id=second))


async def test_a_place_code_is_in_the_book_until_it_ends(memory: Memory) -> None:
    await bring(memory, MAP)
    home, spot_id, code = await id_of(memory, "Tổ dân phố số 1"), next(_numbers), place_codes.new_spot_code()

    def make(session: Session) -> None:
        place_codes.make_spot(
            session, act(), spot_id=spot_id, code=code, label=" Cổng  chợ ", neighbourhood_id=home, latitude=None, longitude=None
        )

    await memory.write(make)
    spot = (await book_of(memory)).spots[code]
    await memory.write(lambda session: place_codes.end_spot(session, act(), spot_id=spot_id))

    assert (spot.label, spot.neighbourhood_id, len(code) <= 20) == ("Cổng chợ", home, True)
    assert (await book_of(memory)).spots == {}
    assert [what for what, _actor in await history(memory)][1:] == ["spot_made", "spot_ended"]
    with pytest.raises(Mistake):
        await memory.write(lambda session: place_codes.end_spot(session, act(), spot_id=spot_id))


async def test_a_large_map_is_imported_quickly(memory: Memory) -> None:
    many = "kind,name,latitude,longitude\n" + "".join(f"street,Đường {n} mới,20.8,106.{n:04}\n" for n in range(1, 1001))
    assert await bring(memory, many) == Outcome(1000, 0, 0)
    assert await bring(memory, many.replace("20.8,", "20.9,")) == Outcome(0, 1000, 0)
    assert await memory.read(lambda session: session.execute(select(func.count()).select_from(tables.Landmark)).scalar()) == 1000


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("TDP 5", "Tổ dân phố số 05", True),
        ("KP3", "khu pho 3", True),
        ("Tổ 5", "Khu phố 5", False),
        ("Thôn 3", "Xóm 3", False),
        ("Tổ dân phố Hồng Phong", "to hong phong", True),
        ("Tổ", "tdp", False),
    ],
)
def test_two_spellings_of_one_neighbourhood(one: str, other: str, is_same: bool) -> None:
    assert (key_of("neighbourhood", one) == key_of("neighbourhood", other)) == is_same


def test_codes_are_short_and_safe_in_an_address() -> None:
    codes = {place_codes.new_spot_code() for _ in range(300)}
    assert len(codes) == 300 and all(code.isascii() and code.isalnum() and code == code.lower() for code in codes)
    assert place_codes.web_link("https://a.vn/", "x7") == "https://a.vn/?o=x7"
    assert (place_codes.telegram_link("https://t.me/b", "x7"), place_codes.telegram_link("", "x7")) == ("https://t.me/b?start=o-x7", "")
