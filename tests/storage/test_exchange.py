"""Questions, ends, letters and blocks on both engines: what is written opens again, once is once, and other wards see nothing."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers import blocks, by_code, exchange, letters
from handlers import tips as tip_changes
from handlers.acts import Act
from handlers.messages import Change, Ward
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import aftercare, callbacks, contact, lanes, shredding, tips, urgent
from storage.queries import blocks as block_rows
from storage.queries import exchange as rows
from storage.queries import letters as letter_rows
from storage.queries.rings import chat_key_place, tip_key_place
from storage.queries.tips import ListPlace
from storage.quick import raw_of
from storage.vault import Place, Ring, vault_of
from storage.verify import verify
from tests.databases import Database, known_vault, sqlite_database
from tests.sights import all_of

WARD, OTHER, CHIEF, CHAT, TIP = 1, 2, 7, 20, 30
NOW = 1_800_000_000_000
HERE = Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456")


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
    ring = Ring.fresh()
    session.add(
        tables.Chat(
            id=CHAT,
            ward_id=WARD,
            channel="webchat",
            chat_hash="hash",
            data_key=vault_of(session).wrap(ring, chat_key_place(CHAT)),
            address=ring.seal_text("", Place("chats", "address", CHAT)),
            created_at=0,
            last_in_at=0,
        )
    )
    session.flush()
    add_tip(session, TIP)


def add_tip(session: Session, tip_id: int, **values: object) -> None:
    key = vault_of(session).wrap(Ring.fresh(), tip_key_place(tip_id))
    fields = {"state": "S1", "arrived_at": NOW + tip_id, "accepted_at": NOW, "accepted_by": CHIEF, "safe": "alone", "code_tail": "9DAF"}
    session.add(
        tables.Tip(id=tip_id, ward_id=WARD, chat_id=CHAT, channel="webchat", data_key=key, created_at=NOW, **(fields | values))  # type: ignore[arg-type]
    )
    session.flush()


def act(now: int = NOW, ward: int = WARD) -> Act:
    return Act(ward_id=ward, officer_id=CHIEF, history_id=new_id(), now=now)


def ask(session: Session, words: str, question_id: int) -> int | None:
    return exchange.ask(session, HERE, act(), tip_id=TIP, words=words, question_id=question_id, draw=new_id)


def end(session: Session, ward: int = WARD) -> int | None:
    return exchange.close(session, HERE, act(ward=ward), tip_id=TIP, done="Đã lập biên bản", done_on=NOW, unit="tổ tuần tra", draw=new_id)


async def test_a_question_is_sealed_waits_behind_one_knock_and_gives_way_to_the_next(memory: Memory) -> None:
    assert await memory.write(lambda session: ask(session, "Xe màu gì?", 40)) == CHAT
    assert await memory.write(lambda session: ask(session, "Mất lúc nào?", 41)) == CHAT  # The first one's knock went with its notice.

    def read(session: Session) -> tuple[list[tuple[str, str]], list[tuple[int | None, str]]]:
        seen = [(one.words, one.outcome) for one in rows.questions_of(session, WARD, TIP)]
        [found] = aftercare.tips_of_chat(session, CHAT)
        return seen, [(one.question_id, one.reply["buttons"][0]["data"]) for one in found.unread]

    assert await memory.read(read) == ([("Xe màu gì?", "withdrawn"), ("Mất lúc nào?", "")], [(41, "skip-question:41")])
    assert await memory.read(lambda session: rows.questions_of(session, OTHER, TIP)) == []
    told = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
    assert [one for one in told if one["kind"] in ("question", "notice")] == []  # The history tells of the one that gave way.
    raw = await memory.read(lambda session: session.execute(select(col(tables.Question.words))).scalars().all())
    assert all(b"Xe" not in bytes(one or b"") for one in raw)


async def test_a_tip_ends_once_opens_again_and_its_number_is_gone(memory: Memory) -> None:
    await memory.write(lambda session: callbacks.keep(session, ward_id=WARD, tip_id=TIP, callback_id=50, number="0912 345 678", now=NOW))
    with pytest.raises(Mistake, match="desk-no-tip"):
        await memory.write(lambda session: end(session, ward=OTHER))
    await memory.write(end)
    with pytest.raises(Mistake, match="close-closed"):
        await memory.write(end)
    await memory.write(lambda session: exchange.reopen(session, act(NOW + 1), tip_id=TIP, reason="Có thêm nhân chứng"))
    with pytest.raises(Mistake, match="close-open"):
        await memory.write(lambda session: exchange.reopen(session, act(), tip_id=TIP, reason="Có thêm nhân chứng"))

    def read(session: Session) -> tuple[list[tuple[str, str]], bool, int | None]:
        number = session.execute(select(tables.Callback)).scalar_one()
        tip = session.get(tables.Tip, TIP)
        assert tip is not None
        return [(one.what, one.text) for one in rows.written_of(session, WARD, TIP)], number.data_key is None, tip.closed_at

    day = moments.short_date(NOW)
    assert await memory.read(read) == (
        [("closed", f"Đã lập biên bản, {day}, tổ tuần tra."), ("reopened", "Có thêm nhân chứng")],
        True,
        None,
    )


async def test_what_was_shredded_reads_as_nothing_and_takes_no_more_words(memory: Memory) -> None:
    await memory.write(lambda session: ask(session, "Xe màu gì?", 40))
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Đã nhận ảnh", draw=new_id))
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="test") and None)

    def read(session: Session) -> list[str]:
        return [one.words for one in rows.questions_of(session, WARD, TIP)] + [one.text for one in rows.written_of(session, WARD, TIP)]

    assert await memory.read(read) == ["", ""]
    with pytest.raises(Mistake, match="write-shredded"):
        await memory.write(lambda session: ask(session, "Xe màu gì?", 41))
    with pytest.raises(Mistake, match="write-shredded"):
        await memory.write(end)


def write_letter(session: Session, letter_id: int, *, tip_id: int | None = None, chat_id: int | None = CHAT, kind: str = "data") -> None:
    aftercare.keep_appeal(
        session,
        appeal_id=letter_id,
        ward_id=WARD,
        chat_id=chat_id,
        tip_id=tip_id,
        kind=kind,
        about="know" if kind == "data" else "",
        words="Giữ gì của tôi",
        now=NOW,
        due_at=NOW + 1 if kind == "data" else None,
    )


def reply(session: Session, letter_id: int, ward: int = WARD) -> int | None:
    return letters.answer(session, HERE, act(ward=ward), letter_id, words="Chỉ giữ lời nhắn", draw=new_id)


async def test_a_letter_is_answered_once_through_a_tip_of_its_own_chat(memory: Memory) -> None:
    await memory.write(lambda session: write_letter(session, 60))  # About no tip; but this chat has one, and said whose phone it is.
    assert await memory.read(lambda session: letter_rows.letter(session, all_of(OTHER), 60)) is None
    with pytest.raises(Mistake, match="letter-none"):
        await memory.write(lambda session: reply(session, 60, OTHER))
    assert await memory.write(lambda session: reply(session, 60)) == CHAT
    with pytest.raises(Mistake, match="letter-answered"):
        await memory.write(lambda session: reply(session, 60))
    found = await memory.read(lambda session: letter_rows.letter(session, all_of(WARD), 60))

    assert found is not None and (found.words, found.answer, found.how) == ("Giữ gì của tôi", "Chỉ giữ lời nhắn", "told")
    assert found.line.seen_at == NOW  # Who answers has seen it.
    assert await memory.read(lambda session: aftercare.waiting_answers(session, CHAT, since=0)) == []


async def test_an_answer_no_tip_can_bring_waits_and_a_cut_contact_gets_none(memory: Memory) -> None:
    await memory.write(lambda session: write_letter(session, 60, kind="threat"))
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="test") and None)
    assert await memory.read(lambda session: letter_rows.waiting(session, all_of(WARD))) == letter_rows.Waiting(
        open=1, threats=1, newest_threat=60
    )
    assert await memory.write(lambda session: reply(session, 60)) is None
    assert await memory.read(lambda session: aftercare.waiting_answers(session, CHAT, since=0)) == ["Chỉ giữ lời nhắn"]
    assert await memory.read(lambda session: aftercare.waiting_answers(session, CHAT, since=NOW)) == []
    assert await memory.read(lambda session: letter_rows.waiting(session, all_of(WARD))) == letter_rows.Waiting()

    await memory.write(lambda session: write_letter(session, 61))
    await memory.write(lambda session: contact.cut(session, CHAT, now=NOW))
    with pytest.raises(Mistake, match="letter-cut"):
        await memory.write(lambda session: reply(session, 61))
    await memory.write(lambda session: letters.note_talk(session, act(), 61, how="met", words="Đã gặp và giải thích"))
    found = await memory.read(lambda session: letter_rows.letter(session, all_of(WARD), 61))
    assert found is not None and (found.how, found.answer) == ("met", "Đã gặp và giải thích")


async def test_a_block_is_a_hash_with_an_end_and_a_second_one_takes_its_place(memory: Memory) -> None:
    await memory.write(lambda session: add_tip(session, TIP + 1))
    for days, tip_id in ((1, TIP), (30, TIP + 1)):
        await memory.write(
            lambda session, days=days, tip_id=tip_id: blocks.set_apart(  # type: ignore[misc]
                session, act(), tip_id=tip_id, days=days, reason=f"Gửi linh tinh {days} lần", block_id=new_id()
            )
        )

    def running(session: Session, now: int = NOW) -> list[tuple[int | None, str, int]]:
        return [(one.tip_id, one.reason, one.until) for one in block_rows.running_blocks(session, all_of(WARD), now=now)]

    until = NOW + 30 * moments.DAY
    assert await memory.read(running) == [(TIP + 1, "Gửi linh tinh 30 lần", until)]
    elsewhere = await memory.read(lambda session: block_rows.block_of_tip(session, WARD, TIP, now=NOW))
    assert elsewhere is not None and (elsewhere.tip_id, elsewhere.reason) == (None, "")  # Two tips of one sender are not tied together.
    assert await memory.read(lambda session: running(session, until)) == []

    await memory.write(lambda session: contact.cut(session, CHAT, now=NOW))
    assert await memory.read(running) == [(None, "", until)]
    block = (await memory.read(lambda session: block_rows.running_blocks(session, all_of(WARD), now=NOW)))[0]
    with pytest.raises(Mistake, match="block-over"):
        await memory.write(lambda session: blocks.lift(session, act(ward=OTHER), block_id=block.id))
    assert await memory.write(lambda session: blocks.lift(session, act(), block_id=block.id)) is None
    with pytest.raises(Mistake, match="block-over"):
        await memory.write(lambda session: blocks.lift(session, act(), block_id=block.id))
    with pytest.raises(Mistake, match="block-cut"):
        await memory.write(lambda session: blocks.set_apart(session, act(), tip_id=TIP, days=1, reason="Gửi linh tinh", block_id=new_id()))


async def test_pages_of_the_list_go_through_urgent_ones_and_then_the_others_and_lose_none(memory: Memory) -> None:
    def add(session: Session) -> None:
        for number in range(31, 40):
            add_tip(session, number, urgent_at=NOW if number % 3 == 0 else None, closed_at=NOW if number == 36 else None)

    await memory.write(add)
    seen: list[int] = []
    place: ListPlace | None = None
    while True:
        page = await memory.read(lambda session, place=place: tips.newest_tips(session, all_of(WARD), before=place, limit=2))  # type: ignore[misc]
        if not page:
            break
        seen += [tip.id for tip in page]
        place = ListPlace(page[-1].is_urgent_now, page[-1].arrived_at, page[-1].id)

    assert seen == [39, 33, 38, 37, 36, 35, 34, 32, 31, 30]
    assert await memory.read(lambda session: tips.newest_tips(session, all_of(OTHER), before=None, limit=9)) == []


async def test_a_notice_about_an_old_tip_is_found_among_the_newest(memory: Memory) -> None:
    """Six tips, and what is to be told is about the first: "xem" used to look at the newest five alone."""
    for number in range(31, 37):
        await memory.write(lambda session, number=number: add_tip(session, number))  # type: ignore[misc]
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Đã nhận ảnh", draw=new_id))
    found = await memory.read(lambda session: aftercare.tips_of_chat(session, CHAT))

    assert [tip.tip_id for tip in found] == [36, 35, 34, 33, TIP] and len(found[-1].unread) == 1
    assert await memory.read(lambda session: lanes.claim_out(session, CHAT, token="t", now=NOW)) is not None


async def test_urgent_tips_and_held_ones_are_looked_for_among_themselves(tmp_path: Path) -> None:
    """Every five seconds, and with every look at the list: that must not take longer with the years."""
    memory = Memory(sqlite_database(tmp_path).url, known_vault())
    await memory.start()

    def plans(session: Session) -> list[str]:
        asked: list[str] = []
        driver = raw_of(session)
        driver.set_trace_callback(asked.append)
        urgent.waiting_alone(session, WARD, before=NOW)
        tips.newest_tips(session, all_of(WARD), before=None, limit=9)
        tips.count_held(session, all_of(WARD))
        driver.set_trace_callback(None)
        return [" ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")) for sql in asked if " tips" in sql]

    found = await memory.read(plans)
    await memory.stop()
    indexes = [re.findall(r"INDEX (\w+)", plan)[0] for plan in found]
    assert indexes == ["ix_tips_urgent", "ix_tips_urgent", "ix_tips_newest", "ix_tips_held"]


@pytest.mark.parametrize("was_urgent", [False, True])
async def test_danger_told_of_a_tip_that_was_ended_opens_it_again(memory: Memory, was_urgent: bool) -> None:
    """The resident read that duty has it, and it stood among those that are over."""
    if was_urgent:
        await memory.write(lambda session: hear_of_danger(session, NOW))
    await memory.write(end)
    assert [tip.is_urgent_now for tip in await listed(memory)] == [False]

    def add(session: Session) -> None:
        [seen] = aftercare.tips_of_chat(session, CHAT)
        more = by_code.Addition(text="Nó đang cầm dao chém mẹ tôi, cứu với", source_hash="form")
        by_code.add(session, WARD, by_code.Opened(tip=seen, told=()), more, draw=new_id, now=NOW + 1)

    await memory.write(add)
    assert [tip.is_urgent_now for tip in await listed(memory)] == [True]
    told = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
    assert not {"closed_at", "urgent_at", "danger"} & {one["what"] for one in told}


async def listed(memory: Memory) -> list[tips.TipLine]:
    return await memory.read(lambda session: tips.newest_tips(session, all_of(WARD), before=None, limit=9))


def hear_of_danger(session: Session, now: int) -> None:
    change = Change("danger", {"tip_id": TIP, "history_id": new_id(), "danger": "danger", "is_urgent": True})
    tip_changes.apply(session, tip_changes.Where(ward_id=WARD, chat_id=CHAT, channel="webchat", now=now), [change])
