"""The ward's own book on both engines: what is changed is loaded anew, and counting a question is one step."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers import book
from handlers.acts import Act
from handlers.insight import catalogue, procedures
from handlers.ward_book import WardBook
from storage import tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import ward_book
from tests.databases import Database, known_vault

WARD, OTHER, CHIEF = 1, 2, 7


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


def act(now: int = 5) -> Act:
    return Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=now)


async def loaded(memory: Memory, ward: int = WARD) -> WardBook:
    return WardBook.from_rows(await memory.read(lambda session: ward_book.load(session, ward)))


async def history(memory: Memory) -> list[tuple[str, str, dict[str, Any]]]:
    def read(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
        found = session.execute(select(tables.HistoryRow).order_by(col(tables.HistoryRow.id))).scalars()
        return [(row.what, row.actor, row.detail) for row in found]

    return await memory.read(read)


async def test_a_sentence_is_kept_changed_and_taken_back(memory: Memory) -> None:
    for text in ("Gửi luôn", " Gửi đi \r\n"):
        await memory.write(
            lambda session, text=text: book.keep_wording(session, act(), row_id=new_id(), language="vi", key="button-send", text=text)  # type: ignore[misc]
        )
    kept = await loaded(memory)
    await memory.write(lambda session: book.take_back_wording(session, act(), language="vi", key="button-send"))
    await memory.write(lambda session: book.take_back_wording(session, act(), language="vi", key="button-send"))
    left = await loaded(memory)

    assert (dict(kept.wordings), kept.version) == ({("vi", "button-send"): "Gửi đi"}, 2)
    assert (dict(left.wordings), left.version) == ({}, 3)
    about = {"about": "button-send", "language": "vi"}
    changed, back = (f"{what}" for what in ("wording_changed", "wording_taken_back"))
    assert await history(memory) == [(what, f"officer:{CHIEF}", about) for what in (changed, changed, back)]
    assert (await loaded(memory, OTHER)).version == 0


async def test_a_question_about_one_of_our_answers_makes_its_row_once(memory: Memory) -> None:
    async def ask(key_or_id: str | int) -> None:
        await memory.write(lambda session: ward_book.count_asked(session, WARD, key_or_id))

    await asyncio.gather(*(ask("can-cuoc") for _ in range(20)))
    await ask("tam-tru")
    [ours, _other] = sorted(await memory.read(lambda session: ward_book.procedures(session, WARD)), key=lambda row: -row.asked)
    await ask(ours.id)
    await memory.write(lambda session: ward_book.count_asked(session, OTHER, ours.id))
    await memory.write(lambda session: ward_book.count_asked(session, OTHER, "can-cuoc"))
    found = await memory.read(lambda session: ward_book.procedures(session, WARD))

    assert sorted((row.body["key"], row.asked, row.position) for row in found) == [("can-cuoc", 21, -1), ("tam-tru", 1, -1)]
    assert (await loaded(memory)).version == 0  # Nothing the line says has changed.


async def test_changing_an_answer_keeps_how_often_it_was_asked(memory: Memory) -> None:
    row_id = ward_book.id_of_ours(WARD, "can-cuoc")
    await memory.write(lambda session: ward_book.count_asked(session, WARD, "can-cuoc"))
    await memory.write(
        lambda session: ward_book.keep_procedure(
            session, WARD, row_id=row_id, position=30, body={"key": "can-cuoc", "title": "Căn cước"}, officer_id=CHIEF, now=9
        )
    )
    await memory.write(lambda session: ward_book.count_asked(session, WARD, "can-cuoc"))
    [row] = await memory.read(lambda session: ward_book.procedures(session, WARD))

    assert (row.asked, row.position, row.body, row.changed_by) == (2, 30, {"key": "can-cuoc", "title": "Căn cước"}, CHIEF)
    assert (await loaded(memory)).version == 1


async def test_unknown_things_in_a_row_do_not_break_the_book(memory: Memory) -> None:
    body = {"key": "can-cuoc", "fee": 7, "words": ["thẻ"]}
    await memory.write(lambda session: ward_book.keep_procedure(session, WARD, row_id=3, position=-1, body=body, officer_id=CHIEF, now=9))
    [one] = (await loaded(memory)).procedures

    assert (one.id, one.key, one.words, one.handle) == (3, "can-cuoc", ("thẻ",), "can-cuoc")


async def test_what_is_changed_of_a_kind_is_kept_and_goes_without_a_trace_but_history(memory: Memory) -> None:
    change = {"advice": {"vi": "Nguy hiểm thì gọi 113."}}
    for each in (change, change | {"name": {"vi": "Bạo lực"}}):
        await memory.write(lambda session, each=each: book.keep_category(session, act(), "BL", each, row_id=new_id()))  # type: ignore[misc]
    await memory.write(lambda session: book.offer_categories(session, act(), frozenset({"BL", "KH"}), draw=new_id))
    offered = catalogue.merged(catalogue.load(), (await loaded(memory)).category_changes)
    await memory.write(lambda session: book.take_back_category(session, act(), "BL", row_id=new_id()))
    left = dict((await loaded(memory)).category_changes)

    assert [code for code, one in offered.items() if one.offered] == ["BL", "KH"]
    assert (offered["BL"].name["vi"], offered["BL"].advice["vi"]) == ("Bạo lực", "Nguy hiểm thì gọi 113.")
    assert left["BL"] == {"offered": True} and left.keys() == {"BL", "LD", "MT", "CB", "TC", "TT"}
    whats = [(what, detail["about"]) for what, _actor, detail in await history(memory)]
    assert whats == [("category_changed", "BL")] * 2 + [("categories_offered", "BL KH"), ("category_taken_back", "BL")]


async def test_answers_change_places_one_by_one(memory: Memory) -> None:
    """All get new positions, with a row for each of ours; how often they were asked stays."""
    first, second = (one.key for one in procedures.defaults()[:2])
    await memory.write(lambda session: ward_book.count_asked(session, WARD, second))
    await memory.write(lambda session: book.move_procedure(session, act(), second, by=-1))
    found = procedures.effective(await loaded(memory))
    rows = await memory.read(lambda session: ward_book.procedures(session, WARD))

    assert [one.key for one in found[:2]] == [second, first]
    assert [(one.title, one.answer) for one in found[:2]] == [(one.title, one.answer) for one in reversed(procedures.defaults()[:2])]
    assert sum(row.asked for row in rows) == 1 and len(rows) == len(procedures.defaults())
