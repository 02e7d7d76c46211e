"""Questions, ends, letters and blocks on both engines: what is written opens again, once is once, and other wards see nothing."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from handlers import blocks, by_code, exchange, held_texts, letters, reached
from handlers import tips as tip_changes
from handlers.acts import Act
from handlers.messages import Change, Ward
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import aftercare, assignment, attachments, callbacks, contact, folders, lanes, sent_files, shredding, tips, urgent
from storage.queries import blocks as block_rows
from storage.queries import exchange as rows
from storage.queries import held_texts as held_rows
from storage.queries import letters as letter_rows
from storage.queries.duty import open_tip_ids
from storage.queries.rings import chat_key_place, tip_key_place, tip_ring
from storage.queries.sight import Sight, reach_of
from storage.quick import raw_of
from storage.vault import Place, Ring, vault_of
from storage.verify import verify
from tests.databases import Database, known_vault, sqlite_database
from tests.sights import all_of, asking, in_folder
from tests.steps import ripen

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
    fields = {
        "state": "S1",
        "arrived_at": NOW + tip_id,
        "accepted_at": NOW,
        "accepted_by": CHIEF,
        "safe": "alone",
        "code_tail": "9DAF",
        "channel": "webchat",
    }
    session.add(
        tables.Tip(id=tip_id, ward_id=WARD, chat_id=CHAT, data_key=key, created_at=NOW, **(fields | values))  # type: ignore[arg-type]
    )
    session.flush()


def act(now: int = NOW, ward: int = WARD) -> Act:
    return Act(ward_id=ward, officer_id=CHIEF, history_id=new_id(), now=now)


def ask(session: Session, words: str, question_id: int) -> int | None:
    return exchange.ask(session, HERE, act(), tip_id=TIP, words=words, question_id=question_id, draw=new_id)


def end(session: Session, ward: int = WARD) -> int | None:
    return exchange.close(
        session, HERE, act(ward=ward), tip_id=TIP, done="Đã lập biên bản", done_on=NOW, unit="tổ tuần tra", result="Đã xong", draw=new_id
    )


def reopen(session: Session, now: int) -> int | None:
    return exchange.reopen(session, HERE, act(now), tip_id=TIP, reason="Có thêm nhân chứng", draw=new_id)


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


async def test_a_button_pressed_twice_says_nothing_twice(memory: Memory) -> None:
    def tell(session: Session, now: int) -> None:
        exchange.tell(session, HERE, act(now), tip_id=TIP, words="Tin đang được kiểm tra", draw=new_id)

    for question_id in (40, 41):
        await memory.write(lambda session, question_id=question_id: ask(session, "Xe màu gì?", question_id))  # type: ignore[misc]
    for now in (NOW, NOW + 1, NOW + moments.HOUR):  # An hour later it is meant.
        await memory.write(lambda session, now=now: tell(session, now))  # type: ignore[misc]

    assert [one.id for one in await memory.read(lambda session: rows.questions_of(session, WARD, TIP))] == [40]
    assert [one.at for one in await memory.read(lambda session: rows.written_of(session, WARD, TIP))] == [NOW, NOW + moments.HOUR]


async def test_a_tip_ends_once_opens_again_and_its_number_is_gone(memory: Memory) -> None:
    await memory.write(lambda session: callbacks.keep(session, ward_id=WARD, tip_id=TIP, callback_id=50, number="0912 345 678", now=NOW))
    with pytest.raises(Mistake, match="desk-no-tip"):
        await memory.write(lambda session: end(session, ward=OTHER))
    with pytest.raises(Mistake, match="close-not-yet"):
        await memory.write(end)
    await memory.write(lambda session: ripen(session, HERE, CHIEF, TIP, now=NOW))
    await memory.write(end)
    with pytest.raises(Mistake, match="close-closed"):
        await memory.write(end)
    await memory.write(lambda session: reopen(session, NOW + 1))
    with pytest.raises(Mistake, match="close-open"):
        await memory.write(lambda session: reopen(session, NOW))

    def read(session: Session) -> tuple[list[tuple[str, str]], bool, int | None]:
        number = session.execute(select(tables.Callback)).scalar_one()
        tip = session.get(tables.Tip, TIP)
        assert tip is not None
        return [(one.what, one.text) for one in rows.written_of(session, WARD, TIP)], number.data_key is None, tip.closed_at

    day = moments.short_date(NOW)
    assert await memory.read(read) == (
        [("closed", f"Đã lập biên bản, {day}, tổ tuần tra."), ("closed_result", "Đã xong"), ("reopened", "Có thêm nhân chứng")],
        True,
        None,
    )

    # The chief has done it all: a complaint would reach the chief, so nobody is told that it passes whoever did it.
    [found] = await memory.read(lambda session: aftercare.tips_of_chat(session, CHAT))
    [ending] = [one.reply["text"] for one in found.unread if "tổ tuần tra" in one.reply["text"]]
    assert found.is_chiefs_work and "bấm Khiếu nại" in ending and "không qua" not in ending
    await memory.write(lambda session: session.execute(update(tables.Officer).values(role="duty")) and None)
    assert not await memory.read(lambda session: aftercare.is_chiefs_work(session, TIP))


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


async def test_what_was_spoken_with_a_complaint_is_heard_by_who_reads_the_letter_alone(memory: Memory) -> None:
    await memory.write(lambda session: write_letter(session, 60, tip_id=TIP, kind="complaint"))
    spoken = {"tip_id": TIP, "history_id": 90, "attachment_id": 91, "kind": "voice", "file": {"file_id": "f"}, "letter_id": 60}
    where = tip_changes.Where(ward_id=WARD, chat_id=CHAT, channel="telegram", now=NOW)
    await memory.write(lambda session: tip_changes.apply(session, where, [Change("attach", {**spoken, "is_addition": True})]))

    def bring(session: Session) -> None:
        key = tip_ring(session, TIP).seal(b"k" * 32, tips.file_key_place(91))
        brought = {"status": "stored", "copy_mime": "audio/mp4", "work": "w", "original": "o", "file_key": key}
        session.execute(update(tables.Attachment).values(**brought))

    await memory.write(bring)
    duty = Sight(ward_id=WARD, kinds=frozenset({""}), sees_stubs=True)

    def seen(session: Session) -> tuple[list[int], list[bool], list[str]]:
        letter, whole = letter_rows.letter(session, all_of(WARD), 60), tips.tip_whole(session, all_of(WARD), TIP)
        assert letter is not None and whole is not None and whole.files == ()
        opens = [tips.safe_copy(session, who, 91, thumb=False) is not None for who in (all_of(WARD), duty)]
        return [one.id for one in letter.files], opens, [reach_of(session, who, attachment_id=91)[0] for who in (all_of(WARD), duty)]

    assert await memory.read(seen) == ([91], [True, False], ["open", "none"])
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="closed") and None)
    assert not await memory.read(lambda session: tips.safe_copy(session, all_of(WARD), 91, thumb=False))


async def test_whoever_writes_letter_after_letter_buries_nobody_elses(memory: Memory) -> None:
    def write(session: Session) -> None:
        for number in range(100, 109):
            write_letter(session, number, kind="threat")
        write_letter(session, 120, chat_id=None, kind="complaint")
        write_letter(session, 121, chat_id=None, kind="complaint")

    await memory.write(write)
    found = [one.id for one in await memory.read(lambda session: letter_rows.open_letters(session, all_of(WARD)))]
    assert found == [100, 101, 102, 103, 104, 120, 121, 105, 106, 107, 108]  # And nothing is thrown away.


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
    await memory.write(lambda session: blocks.lift(session, act(), block_id=block.id))
    with pytest.raises(Mistake, match="block-over"):
        await memory.write(lambda session: blocks.lift(session, act(), block_id=block.id))
    with pytest.raises(Mistake, match="block-cut"):
        await memory.write(lambda session: blocks.set_apart(session, act(), tip_id=TIP, days=1, reason="Gửi linh tinh", block_id=new_id()))


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
        folders.counts(session, asking(all_of(WARD), now=NOW), ("apart",))
        assignment.count_unheld(session, all_of(WARD), but=("ask-settle",), now=NOW)
        open_tip_ids(session, all_of(WARD))
        driver.set_trace_callback(None)
        return [" ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")) for sql in asked if " tips" in sql]

    found = await memory.read(plans)
    await memory.stop()
    indexes = [re.findall(r"tips USING (?:COVERING )?INDEX (\w+)", plan) for plan in found]
    unheld = ["ix_tips_nobodys", "ix_tips_mine", "ix_tips_due", "ix_tips_due"]
    assert indexes == [["ix_tips_urgent"], ["ix_tips_held"], unheld, ["ix_tips_open"]]


@pytest.mark.parametrize("was_urgent", [False, True])
async def test_danger_told_of_a_tip_that_was_ended_opens_it_again(memory: Memory, was_urgent: bool) -> None:
    """The resident read that duty has it, and it stood among those that are over."""
    if was_urgent:
        await memory.write(lambda session: hear_of_danger(session, NOW))
    await memory.write(lambda session: ripen(session, HERE, CHIEF, TIP, now=NOW))
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
    return await memory.read(lambda session: in_folder(session, asking(all_of(WARD), now=NOW)))


def hear_of_danger(session: Session, now: int) -> None:
    change = Change("danger", {"tip_id": TIP, "history_id": new_id(), "danger": "danger", "is_urgent": True})
    tip_changes.apply(session, tip_changes.Where(ward_id=WARD, chat_id=CHAT, channel="webchat", now=now), [change])


def a_file(file_id: int = 90) -> sent_files.NewFile:
    place = f"originals/2026/11/21/{file_id}"
    return sent_files.NewFile(id=file_id, kind="photo", mime="image/jpeg", place=place, key=b"k" * 32, sha256="ab" * 32, size=9)


def how_far(session: Session) -> list[str]:
    return [one.how for one in reached.by_notice(rows.sent_of(session, WARD, TIP)).values()]


async def settle(memory: Memory, outcome: str, reason: str | None = None) -> None:
    def send(session: Session) -> None:
        lane = lanes.claim_out(session, CHAT, token="t", now=moments.now() + NOW)
        assert lane is not None
        lanes.settle(session, lane, lane.rows[0].id, outcome=outcome, reason=reason, is_last=True, now=NOW + 5)

    await memory.write(send)


async def test_the_desk_sees_how_far_its_words_have_come(memory: Memory) -> None:
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Đã nhận ảnh", draw=new_id))
    assert await memory.read(how_far) == ["knocking"]
    await settle(memory, "sent")
    assert await memory.read(how_far) == ["knocked"]
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Xe đã tìm thấy", draw=new_id))
    assert await memory.read(how_far) == ["knocked", "behind"]

    def open_with_code(session: Session) -> None:
        [seen] = aftercare.tips_of_chat(session, CHAT)
        told = aftercare.all_told(session, TIP)
        by_code.mark_read(session, WARD, by_code.Opened(tip=seen, told=told), draw=new_id, now=NOW + 9)

    await memory.write(open_with_code)
    assert await memory.read(how_far) == ["read", "read"]
    written = await memory.read(lambda session: rows.written_of(session, WARD, TIP))
    by_id = await memory.read(lambda session: reached.by_notice(rows.sent_of(session, WARD, TIP)))
    assert [by_id[one.notice].at for one in written] == [NOW + 9, NOW + 9]  # Each word finds what became of it.
    assert await memory.read(lambda session: rows.sent_of(session, OTHER, TIP)) == []


@pytest.mark.parametrize(("error", "why"), [("blocked", "blocked"), ("unexpected KeyError", "other")])
async def test_a_knock_that_does_not_get_through_says_why_and_holds_up_what_comes_after(memory: Memory, error: str, why: str) -> None:
    await memory.write(lambda session: callbacks.keep(session, ward_id=WARD, tip_id=TIP, callback_id=50, number="0912 345 678", now=NOW))
    await memory.write(lambda session: ask(session, "Xe màu gì?", 40))
    await settle(memory, "failed", error)
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Đã nhận ảnh", draw=new_id))
    found = await memory.read(lambda session: list(reached.by_notice(rows.sent_of(session, WARD, TIP)).values()))
    assert [(one.how, one.why) for one in found] == [("knock_failed", why), ("knock_failed", why)]
    left = await memory.read(lambda session: rows.ways_left(session, WARD, TIP))
    assert reached.other_ways(found, left, has_chat=True, written_at=NOW, now=NOW) == ["callback"]


async def test_an_urgent_word_that_is_said_at_once_is_delivered_or_failed(memory: Memory) -> None:
    await memory.write(lambda session: hear_of_danger(session, NOW))
    await memory.write(lambda session: ask(session, "Có mấy người?", 40))
    assert await memory.read(how_far) == ["going"]
    await settle(memory, "sent")
    assert await memory.read(how_far) == ["delivered"]
    await memory.write(lambda session: session.execute(delete(tables.OutboxRow)) and None)
    assert await memory.read(how_far) == ["cleared"]  # Nothing is claimed that no row tells any more.


async def test_on_a_shared_phone_nothing_is_sent_unasked_and_that_is_said(memory: Memory) -> None:
    await memory.write(lambda session: session.execute(update(tables.Tip).values(safe="shared")) and None)
    await memory.write(lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Đã nhận ảnh", draw=new_id))
    found = await memory.read(lambda session: list(reached.by_notice(rows.sent_of(session, WARD, TIP)).values()))
    left = rows.WaysLeft(has_callback=False, wants_paper=True, has_code=True)
    assert [one.how for one in found] == ["quiet"]
    assert reached.other_ways(found, left, has_chat=True, written_at=NOW, now=NOW + moments.HOUR) == []
    assert reached.other_ways(found, left, has_chat=True, written_at=NOW, now=NOW + 2 * moments.DAY) == ["paper", "code"]
    assert reached.other_ways(
        [], rows.WaysLeft(has_callback=False, wants_paper=False, has_code=False), has_chat=False, written_at=None, now=NOW
    ) == ["none"]


async def test_a_file_of_the_desk_stands_with_the_tip_and_is_nothing_the_resident_sent(memory: Memory) -> None:
    await memory.write(
        lambda session: exchange.tell(session, HERE, act(), tip_id=TIP, words="Gửi ảnh biên nhận", draw=new_id, file=a_file())
    )

    def read(session: Session) -> tuple[object, ...]:
        found, tip = sent_files.file_of(session, 90, ward_id=WARD), tips.tip_whole(session, all_of(WARD), TIP)
        assert found is not None and tip is not None
        sent = [(one.file, one.file_mime) for one in rows.sent_of(session, WARD, TIP)]
        return found.key, found.mime, tip.files, sent, sent_files.file_of(session, 90, ward_id=OTHER), attachments.count_waiting(session)

    assert await memory.read(read) == (b"k" * 32, "image/jpeg", (), [(90, "image/jpeg")], None, 0)
    told = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
    assert [one for one in told if one["kind"] == "attachment"] == []
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="test") and None)
    assert await memory.read(lambda session: sent_files.file_of(session, 90)) is None


def hold(session: Session, held_id: int, *, kind: held_texts.Kind = "answer", **body: object) -> None:
    with_file = a_file(held_id + 1) if kind == "answer" else None
    held_texts.hold(session, act(), tip_id=TIP, kind=kind, why=("name",), body=body, held_id=held_id, draw=new_id, file=with_file)


def let_go(session: Session, held_id: int, ward: int = WARD) -> int | None:
    return held_texts.release(session, HERE, act(ward=ward), held_id, question_id=new_id(), draw=new_id)


async def test_a_text_that_names_somebody_waits_sealed_and_goes_out_once_by_the_chief(memory: Memory) -> None:
    await memory.write(lambda session: hold(session, 70, words="Anh Hùng đã nhận xe"))
    assert await memory.read(how_far) == []
    assert (await memory.read(lambda session: letter_rows.waiting(session, all_of(WARD)))).held == 1
    assert await memory.read(lambda session: held_rows.waiting(session, all_of(OTHER))) == []
    raw = await memory.read(lambda session: session.execute(select(col(tables.HeldText.body))).scalars().all())
    assert all(b"Anh" not in bytes(one or b"") for one in raw)
    with pytest.raises(Mistake, match="handed-none"):
        await memory.write(lambda session: let_go(session, 70, OTHER))
    assert await memory.write(lambda session: let_go(session, 70)) == CHAT
    with pytest.raises(Mistake, match="handed-decided"):
        await memory.write(lambda session: let_go(session, 70))

    [written] = await memory.read(lambda session: rows.written_of(session, WARD, TIP))
    assert (written.what, written.text) == ("told", "Anh Hùng đã nhận xe")
    assert [one.file for one in await memory.read(lambda session: rows.sent_of(session, WARD, TIP))] == [71]
    assert await memory.read(lambda session: (held_rows.waiting(session, all_of(WARD)), held_rows.of_tip(session, WARD, TIP))) == ([], [])
    told = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
    assert [one for one in told if one["kind"] in ("attachment", "notice", "held_text")] == []


async def test_what_the_chief_gives_back_is_never_sent_and_says_why(memory: Memory) -> None:
    await memory.write(lambda session: hold(session, 70, words="Anh Hùng đã nhận xe"))
    with pytest.raises(Mistake, match="mistake-reason-short"):
        await memory.write(lambda session: held_texts.give_back(session, act(), 70, reason="Không", draw=new_id))
    await memory.write(lambda session: held_texts.give_back(session, act(), 70, reason="Không cần nêu tên", draw=new_id))
    [back] = await memory.read(lambda session: held_rows.of_tip(session, WARD, TIP))
    assert (back.outcome, back.reason, back.body["words"]) == ("returned", "Không cần nêu tên", "Anh Hùng đã nhận xe")
    assert await memory.read(how_far) == [] and await memory.read(lambda session: sent_files.file_of(session, 71)) is None
    with pytest.raises(Mistake, match="handed-decided"):
        await memory.write(lambda session: let_go(session, 70))
    told = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]).differences)
    assert [one for one in told if one["kind"] in ("attachment", "held_text")] == []
    await memory.write(lambda session: shredding.shred_tip(session, TIP, now=NOW, why="test") and None)
    [back] = await memory.read(lambda session: held_rows.of_tip(session, WARD, TIP))
    assert (back.reason, back.body) == ("", {})


async def test_an_ending_and_a_question_may_wait_for_the_chief_too(memory: Memory) -> None:
    await memory.write(lambda session: hold(session, 70, kind="question", words="Ông Bảy có ở nhà không ạ?"))
    await memory.write(
        lambda session: hold(session, 72, kind="ending", done="Đã đưa ông Bảy về nhà", done_on=NOW, unit="tổ tuần tra", result="Đã xong")
    )
    await memory.write(lambda session: let_go(session, 70))
    with pytest.raises(Mistake, match="close-not-yet"):
        await memory.write(lambda session: let_go(session, 72))
    await memory.write(lambda session: ripen(session, HERE, CHIEF, TIP, now=NOW))
    await memory.write(lambda session: let_go(session, 72))
    [question] = await memory.read(lambda session: rows.questions_of(session, WARD, TIP))
    [ending, _result] = await memory.read(lambda session: rows.written_of(session, WARD, TIP))
    assert (question.words, question.asked_by) == ("Ông Bảy có ở nhà không ạ?", CHIEF)
    assert ending.text.startswith("Đã đưa ông Bảy về nhà, ")
    with pytest.raises(Mistake, match="close-closed"):
        await memory.write(lambda session: hold(session, 74, kind="ending", done="x", done_on=NOW, unit="y", result="z"))
