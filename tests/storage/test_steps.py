"""Moves of a tip and the two books on both engines: what is allowed, what is refused, and numbers without a gap whoever presses."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from handlers import books, categorising, exchange, lifecycle, tip_clocks
from handlers import tips as tip_changes
from handlers.acts import Act
from handlers.messages import Change
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import aftercare, folders
from storage.queries import books as book_rows
from storage.queries import deadlines as deadline_rows
from storage.queries import steps as rows
from storage.queries.rings import tip_ring
from storage.vault import Place
from storage.verify import verify
from tests.sights import all_of, asking, in_folder
from tests.steps import REASON, go, refused, ripen
from tests.storage.test_exchange import CHIEF, HERE, NOW, WARD, act, memory

__all__ = ["memory"]

DUTY = 8
YEAR = moments.local(NOW).year


def person(session: Session) -> None:
    session.add(tables.Officer(id=DUTY, ward_id=WARD, login="truc.ban", name="Hoa", role="duty", password_hash="", created_at=0))
    session.flush()


def arrived(session: Session, tip_id: int, *, at: int = NOW, category: str = "TC") -> int:
    """As the conversation brings it, so that the history tells it too."""
    where = tip_changes.Where(ward_id=WARD, chat_id=20, channel="webchat", now=at)
    facts = {"tip_id": tip_id}
    tip_changes.apply(
        session,
        where,
        [
            Change("open", {**facts, "history_id": new_id(), "category": category}),
            Change("say", {**facts, "history_id": new_id(), "piece_id": new_id(), "source_hash": str(tip_id), "text": "mất xe"}),
            Change("send", {**facts, "history_id": new_id(), "code": f"TB-{tip_id:04}", "code_hash": f"hash-{tip_id}"}),
        ],
    )
    return tip_id


def state(session: Session, tip_id: int) -> str:
    found = rows.stands(session, WARD, tip_id)
    assert found
    return found.state


def waiting(session: Session, tip_id: int) -> list[str]:
    """What the resident reads when they write "xem"."""
    [found] = [one for one in aftercare.tips_of_chat(session, 20) if one.tip_id == tip_id]
    return [one.reply["text"] for one in found.unread]


async def test_the_long_way_of_a_crime_and_each_step_only_in_its_turn(memory: Memory) -> None:
    def walk(session: Session) -> tuple[list[str], list[str]]:
        person(session)
        tip_id = arrived(session, 100)
        seen = []
        track = {"classify": {"track": "B"}}
        for name in ("enter", "classify", "approve", "report", "check", "transfer", "acknowledged", "prolonged", "extended", "suspended",
                     "resumed", "settled"):  # fmt: skip
            before = state(session, tip_id)
            for other in lifecycle.BY_NAME:  # Whatever does not begin here is refused, and changes nothing.
                if before not in lifecycle.BY_NAME[other].sources and other not in lifecycle.OWN_FORMS:
                    assert refused(session, HERE, CHIEF, tip_id, other, now=NOW) == "step-not-from-here", (before, other)
            go(session, HERE, CHIEF, tip_id, name, now=NOW, **track.get(name, {}))
            seen.append(state(session, tip_id))
        return seen, waiting(session, tip_id)

    seen, told = await memory.write(walk)
    assert seen == ["S2", "S3", "S3", "S4", "S5", "S6", "S7", "S7a", "S7b", "S7c", "S7d", "S8"]
    parts = (
        *("vào sổ", "xếp loại", "đang được kiểm tra", "đã được chuyển tới Cơ quan Cảnh sát điều tra", "đã nhận tin", "cần thêm thời gian"),
        *("viện kiểm sát", "còn chờ kết quả giám định", "giải quyết tiếp", "có kết quả ngày"),
    )
    assert len(told) == len(parts) and all(part in text for part, text in zip(parts, told, strict=True))
    assert not any("khởi tố" in text for text in told)  # That there is a result, and not which.
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 100 or one["kind"].startswith("book")] == []


async def test_ordinary_work_waits_for_approval_and_report_and_urgent_work_does_not(memory: Memory) -> None:
    def walk(session: Session) -> None:
        person(session)
        ordinary, urgent = arrived(session, 101), arrived(session, 102)
        go(session, HERE, DUTY, ordinary, "enter", "classify", now=NOW, track="B")
        assert refused(session, HERE, DUTY, ordinary, "check", now=NOW) == "step-waits-for-approval"
        assert refused(session, HERE, DUTY, ordinary, "approve", now=NOW) == "desk-not-yours"
        assert refused(session, HERE, DUTY, ordinary, "keep", now=NOW) == "desk-not-yours"
        assert refused(session, HERE, DUTY, ordinary, "approved-by-phone", now=NOW) == "step-only-urgent"
        go(session, HERE, CHIEF, ordinary, "approve", "check", now=NOW)
        assert refused(session, HERE, CHIEF, ordinary, "transfer", now=NOW) == "step-waits-for-report"

        go(session, HERE, DUTY, urgent, "enter", "classify", "check", now=NOW, track="A")
        go(session, HERE, CHIEF, urgent, "report-beside", "transfer", "approve", now=NOW)
        by_phone = arrived(session, 108)
        go(session, HERE, DUTY, by_phone, "enter", "classify", "approved-by-phone", now=NOW, track="A")
        go(session, HERE, DUTY, by_phone, "classify-anew", now=NOW, track="B")  # It was noted all the same.
        assert refused(session, HERE, CHIEF, urgent, "approve", now=NOW) == "step-approved-already"
        assert refused(session, HERE, CHIEF, 9999, "enter", now=NOW) == "desk-no-tip"

    await memory.write(walk)
    look: dict[str, Any] = {"days": 31, "most": 9}
    [noted] = await memory.read(lambda session: rows.noted_by_phone(session, all_of(WARD), **look, now=NOW))
    assert (noted.tip_id, noted.adviser, noted.actor) == (108, "Trung tá Bình", f"officer:{DUTY}")
    assert moments.local(noted.hour).hour == 21
    assert not await memory.read(lambda session: rows.noted_by_phone(session, all_of(WARD), **look, now=NOW + 32 * moments.DAY))


async def test_nobody_is_told_twice_that_it_is_sorted_and_after_an_end_it_begins_anew(memory: Memory) -> None:
    def walk(session: Session) -> list[str]:
        tip_id = arrived(session, 107)
        go(session, HERE, CHIEF, tip_id, "enter", "classify", "give-back", now=NOW, track="A")
        go(session, HERE, CHIEF, tip_id, "classify", "classify-anew", "approve", "classify-anew", now=NOW, track="E")
        go(session, HERE, CHIEF, tip_id, "approve", "check", "classify-anew", "approve", "check", now=NOW, track="D")
        go(session, HERE, CHIEF, tip_id, "classify-anew", "approve", "keep", now=NOW, track="E")
        open_again(session, tip_id, NOW)
        go(session, HERE, CHIEF, tip_id, "check", now=NOW)
        return [text.partition("107")[2] for text in waiting(session, tip_id)[1:]]  # After "entered".

    told = await memory.write(walk)
    parts = ("loại khẩn", "đã được xếp loại", "đang được kiểm tra", "Nhớ thêm nơi", "mở lại", "đang được kiểm tra")
    assert len(told) == len(parts) and all(part in text for part, text in zip(parts, told, strict=True))
    assert not any("trùng" in text or "chưa đủ" in text for text in told)  # Nobody reads that somebody else has told of it.


async def test_the_commander_of_the_shift_approves_and_decides_nothing_else(memory: Memory) -> None:
    def walk(session: Session) -> None:
        person(session)
        tip_id = arrived(session, 110)
        session.add(tables.Shift(id=9, ward_id=WARD, starts_at=NOW - 1, ends_at=NOW + moments.HOUR, duty_id=CHIEF, commander_id=DUTY))
        session.flush()
        go(session, HERE, DUTY, tip_id, "enter", "classify", now=NOW, track="B")
        assert refused(session, HERE, DUTY, tip_id, "approve", now=NOW) == "step-own-proposal"
        go(session, HERE, CHIEF, tip_id, "classify-anew", now=NOW, track="B")
        go(session, HERE, DUTY, tip_id, "approve", "report", now=NOW)
        go(
            session, HERE, CHIEF, arrived(session, 111), "enter", "classify", "approve", now=NOW
        )  # The chief's own is the chief's to decide.
        assert refused(session, HERE, DUTY, tip_id, "keep", now=NOW) in ("desk-not-yours", "step-not-from-here")
        assert refused(session, HERE, DUTY, tip_id, "check", now=NOW + 2 * moments.HOUR) == ""
        assert refused(session, HERE, DUTY, tip_id, "keep", now=NOW) == "desk-not-yours"
        assert refused(session, HERE, DUTY, tip_id, "transfer", now=NOW + 2 * moments.HOUR) == "desk-not-yours"  # The shift is over.

    await memory.write(walk)


async def test_clocks_start_and_end_with_the_moves(memory: Memory) -> None:
    def walk(session: Session) -> None:
        tip_id = arrived(session, 120)
        assert tip_clocks.start_missing(session, HERE.book, WARD, draw=new_id, now=NOW) == 2  # And the tip of the shared rows.
        assert set(running(session, tip_id)) == {"enter"}
        go(session, HERE, CHIEF, tip_id, "enter", now=NOW)
        assert set(running(session, tip_id)) == {"classify"}
        go(session, HERE, CHIEF, tip_id, "classify", now=NOW + moments.HOUR, track="B")
        assert running(session, tip_id)["report12"] == NOW + 12 * moments.HOUR  # From when it was received.
        go(session, HERE, CHIEF, tip_id, "classify-anew", now=NOW + 2 * moments.HOUR, track="A")
        assert running(session, tip_id)["transfer-a"] == NOW + moments.DAY and "transfer-b" not in running(session, tip_id)
        go(session, HERE, CHIEF, tip_id, "report", now=NOW + 2 * moments.HOUR)
        go(session, HERE, CHIEF, tip_id, "classify-anew", now=NOW + 2 * moments.HOUR, track="B")
        assert set(running(session, tip_id)) == {"transfer-b"}  # Sorted anew it is still reported.
        go(session, HERE, CHIEF, tip_id, "approve", "check", "transfer", now=NOW + 3 * moments.HOUR)
        assert set(running(session, tip_id)) == {"receipt", "receipt-procuracy", "ask-receipt", "ask-settle", "ask-prolonged"}
        go(session, HERE, CHIEF, tip_id, "acknowledged", "prolonged", now=NOW + moments.DAY)
        ends = running(session, tip_id)
        assert ends["prolonged"] - ends["extension-request"] == 5 * moments.DAY  # The procuracy is asked before it is over.
        go(session, HERE, CHIEF, tip_id, "extended", now=NOW + moments.DAY)
        assert "extension-request" not in running(session, tip_id)
        go(session, HERE, CHIEF, tip_id, "settled", now=NOW + moments.DAY)
        assert set(running(session, tip_id)) == {"inform", "result"}
        end(session, tip_id, NOW + moments.DAY)
        assert set(running(session, tip_id)) == {"archive"}

    await memory.write(walk)
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 120 or one["kind"] == "clock"] == []


async def test_what_turns_out_to_be_a_childs_matter_has_its_day_from_where_the_other_clock_began(memory: Memory) -> None:
    def walk(session: Session) -> None:
        tip_id = arrived(session, 125)
        go(session, HERE, CHIEF, tip_id, "enter", "classify", now=NOW + moments.HOUR, track="B")

        def put_right(category: str) -> dict[str, int]:
            someone = act(NOW + 2 * moments.HOUR)
            categorising.put_right(session, HERE.book, someone, tip_id=tip_id, category=category, knows="", draw=new_id)
            return running(session, tip_id)

        before = running(session, tip_id)
        assert set(before) == {"report12", "transfer-b"}
        assert put_right("TE") == {"report12": before["report12"], "child": NOW + moments.DAY}
        assert put_right("TE") == put_right("TE")
        assert put_right("BL") == before
        go(session, HERE, CHIEF, tip_id, "classify-anew", now=NOW + 3 * moments.HOUR, track="C")
        assert set(put_right("TE")) == {"inform"}

    await memory.write(walk)
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 125 or one["kind"] == "clock"] == []


def cry(session: Session, tip_id: int, at: int) -> None:
    where = tip_changes.Where(ward_id=WARD, chat_id=20, channel="webchat", now=at)
    danger = {"tip_id": tip_id, "history_id": new_id(), "danger": "danger", "is_urgent": True}
    tip_changes.apply(session, where, [Change("danger", danger)])


def running(session: Session, tip_id: int) -> dict[str, int]:
    return {clock.kind: clock.due_at for clock in deadline_rows.running_of(session, tip_id)}


def end(session: Session, tip_id: int, now: int) -> None:
    done = {"done": "Đã lập biên bản", "done_on": now, "unit": "tổ tuần tra", "result": "Đã xong"}
    exchange.close(session, HERE, act(now), tip_id=tip_id, **done, draw=new_id)  # type: ignore[arg-type]


def open_again(session: Session, tip_id: int, now: int) -> None:
    exchange.reopen(session, HERE, act(now), tip_id=tip_id, **REASON, draw=new_id)


async def test_what_is_urgent_is_sorted_within_minutes_and_what_danger_wakes_does_not_wait_for_its_archive(memory: Memory) -> None:
    def walk(session: Session) -> None:
        tip_id = arrived(session, 121)
        cry(session, tip_id, NOW)
        go(session, HERE, CHIEF, tip_id, "enter", now=NOW)
        assert running(session, tip_id) == {"classify-a": NOW + 15 * moments.MINUTE}
        go(session, HERE, CHIEF, tip_id, "classify", "approve", "fine", now=NOW)
        end(session, tip_id, NOW)
        assert set(running(session, tip_id)) == {"archive"}
        cry(session, tip_id, NOW + moments.DAY)
        assert state(session, tip_id) == "S3" and running(session, tip_id) == {}
        tip_clocks.start_missing(session, HERE.book, WARD, draw=new_id, now=NOW + moments.DAY)
        assert set(running(session, tip_id)) == {"inform"}

    await memory.write(walk)
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 121 or one["kind"] == "clock"] == []


async def test_what_waits_to_be_sorted_and_becomes_urgent_is_sorted_within_minutes_from_the_danger(memory: Memory) -> None:
    hours, minute = 8 * moments.HOUR, moments.MINUTE

    def walk(session: Session) -> None:
        for tip_id in (122, 123, 124):
            go(session, HERE, CHIEF, arrived(session, tip_id), "enter", now=NOW)
        cry(session, 122, NOW + minute)
        cry(session, 123, NOW + hours - 5 * minute)  # Sooner than it would be by the danger.
        for beat in (2, 3):
            tip_clocks.hurry(session, HERE.book, WARD, draw=new_id, now=NOW + beat * minute)
        assert running(session, 122) == {"classify-a": NOW + 16 * minute}
        assert running(session, 123) == running(session, 124) == {"classify": NOW + hours}
        go(session, HERE, CHIEF, 122, "classify", now=NOW + 4 * minute, track="A")
        assert "classify-a" not in running(session, 122)

    await memory.write(walk)
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 122 or one["kind"] == "clock"] == []


async def test_the_laws_clocks_run_again_for_a_crime_that_was_over_and_for_nothing_else(memory: Memory) -> None:
    later = NOW + 40 * moments.DAY
    again = {"transfer-b": "report12 transfer-b", "transfer-a": "transfer-a", "child": "child report12", "inform": "inform"}

    def walk(session: Session) -> dict[str, str]:
        """Once opened by an officer, and once woken by words of danger."""
        found = {}
        for tip_id, (kind, track) in enumerate([("transfer-b", "B"), ("transfer-a", "A"), ("child", "B"), ("inform", "F")], 130):
            arrived(session, tip_id, category="TE" if kind == "child" else "TC")
            go(session, HERE, CHIEF, tip_id, "enter", "classify", "approve", now=NOW, track=track)
            if kind == "transfer-a":
                go(session, HERE, CHIEF, tip_id, "report", "transfer", "settled", now=NOW)
                end(session, tip_id, NOW)
            else:
                go(session, HERE, CHIEF, tip_id, "keep", now=NOW)
                exchange.ask(session, HERE, act(later - 1), tip_id=tip_id, words="Lúc mấy giờ ạ?", question_id=new_id(), draw=new_id)
            assert set(running(session, tip_id)) <= {"archive"}
            open_again(session, tip_id, later)
            by_hand = running(session, tip_id)
            assert min(by_hand.values()) > later
            go(session, HERE, CHIEF, tip_id, "classify-anew", "approve", "keep", now=later, track=track)
            cry(session, tip_id, later)
            tip_clocks.start_missing(session, HERE.book, WARD, draw=new_id, now=later)
            assert running(session, tip_id) == by_hand
            found[kind] = " ".join(sorted(by_hand))
        assert running(session, 132)["child"] == later + moments.DAY
        return found

    assert await memory.write(walk) == again
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] in range(130, 134) or one["kind"] == "clock"] == []


async def test_where_no_case_was_opened_the_file_is_passed_on_within_three_days_or_the_tip_ends(memory: Memory) -> None:
    midnight = moments.start_of_day(moments.local(NOW).date())

    def walk(session: Session) -> list[str]:
        for tip_id, result in ((140, "not-opened"), (141, "not-opened"), (142, "opened")):
            names = ("enter", "classify", "report", "check", "transfer", "settled")
            go(session, HERE, CHIEF, arrived(session, tip_id), *names, now=NOW, track="A", result=result)
            assert running(session, tip_id).get("file") == (midnight + 4 * moments.DAY - 1 if result == "not-opened" else None)
        assert refused(session, HERE, CHIEF, 142, "fine-after", now=NOW) == "step-not-this-result"
        go(session, HERE, CHIEF, 140, "fine-after", now=NOW + 4 * moments.DAY)  # Too late by some hours.
        assert "inform" in running(session, 140) and "file" not in running(session, 140)
        end(session, 141, NOW)
        ended = select(tables.Deadline).where(col(tables.Deadline.kind) == "file").order_by(col(tables.Deadline.tip_id))
        return [state(session, 140), *(clock.outcome for clock in session.execute(ended).scalars())]

    assert await memory.write(walk) == ["S9", "late", "void"]
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] in (140, 141, 142) or one["kind"] == "clock"] == []


async def test_an_administrative_matter_goes_no_way_of_a_crime(memory: Memory) -> None:
    def walk(session: Session) -> None:
        tip_id = arrived(session, 103)
        go(session, HERE, CHIEF, tip_id, "enter", "classify", "approve", now=NOW, kind="feedback")
        assert refused(session, HERE, CHIEF, tip_id, "report", now=NOW) == "step-not-this-track"
        go(session, HERE, CHIEF, tip_id, "guide", now=NOW)
        assert state(session, tip_id) == "S10"

    await memory.write(walk)


async def test_what_is_over_has_an_end_and_danger_opens_it_again(memory: Memory) -> None:
    def walk(session: Session) -> list[tuple[str, bool]]:
        seen = []
        for tip_id, names in ((104, ("set-aside",)), (105, ("enter", "classify", "keep"))):
            arrived(session, tip_id)
            go(session, HERE, CHIEF, tip_id, *names, now=NOW)
            for _ in range(2):
                tip = rows.stands(session, WARD, tip_id)
                assert tip
                seen.append((tip.state, tip.closed_at is not None))
                danger = {"tip_id": tip_id, "history_id": new_id(), "danger": "danger", "is_urgent": True}
                where = tip_changes.Where(ward_id=WARD, chat_id=20, channel="webchat", now=NOW)
                tip_changes.apply(session, where, [Change("danger", danger)])
        return seen

    assert await memory.write(walk) == [("test", True), ("S2", False), ("S11", True), ("S3", False)]
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] in (104, 105)] == []


async def test_what_was_set_aside_is_new_until_the_chief_has_opened_it(memory: Memory) -> None:
    def unseen(session: Session) -> int:
        return folders.counts(session, asking(all_of(WARD), now=NOW), ("tests",))["tests"]

    def look(session: Session, officer_id: int, at: int) -> int:
        tip_changes.note_view(session, WARD, tip_id=150, officer_id=officer_id, history_id=new_id(), now=at)
        return unseen(session)

    def walk(session: Session) -> list[int]:
        person(session)
        seen = [look(session, CHIEF, NOW - 1) if arrived(session, 150) else 0]  # A look before it was set aside does not count.
        go(session, HERE, DUTY, 150, "set-aside", now=NOW)
        seen += [unseen(session), look(session, DUTY, NOW + 1)]
        assert [line.id for line in in_folder(session, asking(all_of(WARD), now=NOW), "tests")] == [150]
        return [*seen, look(session, CHIEF, NOW + 2)]

    assert await memory.write(walk) == [0, 1, 1, 0]


async def test_what_somebody_typed_is_sealed_and_the_words_of_ours_are_not(memory: Memory) -> None:
    def walk(session: Session) -> tuple[list[str], dict[str, str]]:
        tip_id = arrived(session, 106)
        go(session, HERE, CHIEF, tip_id, "enter", "classify", now=NOW, track="B", reason="bà Lan ở ngõ 5 kể lại")
        moved = select(tables.HistoryRow).where(col(tables.HistoryRow.tip_id) == tip_id, col(tables.HistoryRow.what) == "moved")
        plain = [json.dumps(row.detail, ensure_ascii=False) for row in session.execute(moved).scalars()]
        return plain, rows.steps_of(session, WARD, tip_id)[-1].typed

    plain, typed = await memory.write(walk)
    assert typed == {"reason": "bà Lan ở ngõ 5 kể lại"} and not any("Lan" in line for line in plain)


# -- the books -----------------------------------------------------------------------------------------------------------------


async def test_p5_numbers_have_no_gap_under_many_hands_and_rollbacks(memory: Memory) -> None:
    """Sixteen at once, a third of them thrown back after they had their number."""
    many = 48
    await memory.write(lambda session: [arrived(session, 200 + number) for number in range(many)])

    async def enter(number: int) -> None:
        def press(session: Session) -> None:
            kind = "feedback" if number % 2 else "report"
            go(session, HERE, CHIEF, 200 + number, "enter", now=NOW, kind=kind)
            if number % 3 == 0:
                raise ConnectionError

        try:
            await memory.write(press)
        except ConnectionError:
            await memory.write(lambda session: go(session, HERE, CHIEF, 200 + number, "enter", now=NOW, kind="report"))

    await asyncio.gather(*(enter(number) for number in range(many)))
    found = await memory.read(
        lambda session: {
            book: book_rows.entries_of_book(session, all_of(WARD), book, YEAR, below=None, most=99) for book in lifecycle.BOOKS
        }
    )
    for entries in found.values():
        assert [entry.number for entry in entries] == list(range(len(entries), 0, -1))
    assert sum(map(len, found.values())) == many
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["kind"].startswith("book")] == []


async def test_the_new_year_begins_at_one_and_at_the_wards_midnight(memory: Memory) -> None:
    eve = moments.start_of_day(moments.local(NOW).date().replace(month=12, day=31)) + moments.DAY - 1

    def walk(session: Session) -> list[str]:
        for tip_id, at in ((300, eve), (301, eve), (302, eve + 1)):
            arrived(session, tip_id, at=at)
            go(session, HERE, CHIEF, tip_id, "enter", now=at)
        return [entry.written for tip_id in (300, 301, 302) for entry in book_rows.entries_of_tip(session, all_of(WARD), tip_id)]

    assert await memory.write(walk) == [f"1/{YEAR}", f"2/{YEAR}", f"1/{YEAR + 1}"]


@pytest.mark.parametrize(
    "sentence",
    [
        "DELETE FROM book_entries",
        "UPDATE book_entries SET number = 9",
        "UPDATE book_entries SET year = 2000",
        "UPDATE book_entries SET tip_id = 30",
        "UPDATE book_counters SET last = 7",
        "DELETE FROM book_counters",
    ],
)
async def test_p5_the_database_itself_refuses_to_change_a_book(memory: Memory, sentence: str) -> None:
    def write(session: Session) -> None:
        arrived(session, 310)
        go(session, HERE, CHIEF, 310, "enter", now=NOW)

    await memory.write(write)
    with pytest.raises(DBAPIError):
        await memory.write(lambda session: session.execute(text(sentence)))


async def test_a_correction_keeps_the_old_words_and_needs_a_reason(memory: Memory) -> None:
    def walk(session: Session) -> tuple[dict[str, str], list[dict[str, str]]]:
        arrived(session, 320)
        go(session, HERE, CHIEF, 320, "enter", now=NOW)
        [entry] = book_rows.entries_of_tip(session, all_of(WARD), 320)

        def correct(column: str, words: str, reason: str = "") -> None:
            act = Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW)
            books.correct(session, act, entry.id, column=column, text=words, reason=reason)

        correct("summary", "Mất xe máy trước chợ")
        with pytest.raises(Mistake, match="reason"):
            correct("summary", "Mất xe đạp trước chợ")
        correct("summary", "Mất xe đạp trước chợ", "nghe nhầm lúc đầu ạ")
        correct("paper", "125")
        with pytest.raises(Mistake, match="no-entry"):
            correct("book", "other")
        ring = tip_ring(session, 320)
        kept = select(tables.HistoryRow).where(col(tables.HistoryRow.what) == "book_corrected").order_by(col(tables.HistoryRow.id))
        told = [ring.open_json(row.secret, Place("history", "secret", row.id)) for row in session.execute(kept).scalars()]
        return book_rows.entries_of_tip(session, all_of(WARD), 320)[0].columns, told

    columns, told = await memory.write(walk)
    assert columns == {"summary": "Mất xe đạp trước chợ"}
    assert told[1] == {"old": "Mất xe máy trước chợ", "new": "Mất xe đạp trước chợ", "why": "nghe nhầm lúc đầu ạ"}


async def test_what_does_not_open_in_a_book_is_not_written_over(memory: Memory) -> None:
    def walk(session: Session) -> tuple[bytes | None, str]:
        arrived(session, 325)
        go(session, HERE, CHIEF, 325, "enter", now=NOW)
        [entry] = book_rows.entries_of_tip(session, all_of(WARD), 325)
        session.execute(update(tables.BookEntry).where(col(tables.BookEntry.id) == entry.id).values(body=b"changed"))
        act = Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW)
        with pytest.raises(Mistake, match="tip-damaged"):
            books.correct(session, act, entry.id, column="summary", text="Mất xe", reason="")
        books.correct(session, act, entry.id, column="paper", text="12", reason="")
        columns = col(tables.BookEntry.body), col(tables.BookEntry.paper_number)
        found = session.execute(select(*columns).where(col(tables.BookEntry.id) == entry.id)).one()
        return found[0], found[1]

    assert await memory.write(walk) == (b"changed", "12")


async def test_a_tip_in_the_wrong_book_stands_in_both(memory: Memory) -> None:
    def walk(session: Session) -> list[tuple[str, str, bool]]:
        arrived(session, 330)
        go(session, HERE, CHIEF, 330, "enter", now=NOW)
        act = Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW)
        books.move_to_other(session, act, 330, kind="feedback", entry_id=new_id(), **REASON)
        return [(entry.book, entry.written, entry.moved_at is not None) for entry in book_rows.entries_of_tip(session, all_of(WARD), 330)]

    assert await memory.write(walk) == [("crime", f"1/{YEAR}", True), ("other", f"1/{YEAR}", False)]
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 330 or one["kind"].startswith("book")] == []


async def test_the_day_agrees_when_every_line_stands_on_paper(memory: Memory) -> None:
    def walk(session: Session) -> None:
        session.execute(text("UPDATE tips SET arrived_at = arrived_at"))  # The tip of the shared rows waits as well.
        for tip_id in (340, 341):
            arrived(session, tip_id)
            go(session, HERE, CHIEF, tip_id, "enter", now=NOW)
        act = Act(ward_id=WARD, officer_id=CHIEF, history_id=new_id(), now=NOW + 60_000)
        with pytest.raises(Mistake, match="differs"):
            books.check_day(session, act, book_rows.count_day(session, WARD), row_id=new_id())
        for entry in book_rows.to_copy(session, all_of(WARD), most=9):
            with pytest.raises(Mistake, match="paper-number"):
                books.tick(session, act, entry.id, paper_number=" ", history_id=new_id())
            books.tick(session, act, entry.id, paper_number=f"{entry.number + 100}", history_id=new_id())
        counted = book_rows.count_day(session, WARD)
        books.check_day(session, act, counted, row_id=new_id())
        assert (counted.entered, counted.on_paper, counted.arrived - counted.waiting) == (2, 2, 2)
        assert book_rows.to_copy(session, all_of(WARD), most=9) == [] and len(book_rows.days_checked(session, WARD, most=9)) == 1

    await memory.write(walk)


@pytest.mark.parametrize(
    "sentence",
    [
        "UPDATE tips SET state = 'S12' WHERE id = 350",
        "UPDATE tips SET track = 'F' WHERE id = 350",
        "UPDATE tips SET book_number = 9 WHERE id = 350",
        "UPDATE tips SET entered_at = 5 WHERE id = 350",
        "UPDATE book_entries SET copied_at = 5 WHERE tip_id = 350",
        "UPDATE book_entries SET body = NULL WHERE tip_id = 350",
        "UPDATE book_counters SET last = last + 1",
    ],
)
async def test_verify_finds_what_was_bent(memory: Memory, sentence: str) -> None:
    def write(session: Session) -> None:
        arrived(session, 350)
        ripen(session, HERE, CHIEF, 350, now=NOW)

    await memory.write(write)
    await memory.write(lambda session: session.execute(text(sentence)))
    report = await memory.read(lambda session: verify(session, WARD, now=NOW, heads=[]))
    assert [one for one in report.differences if one["id"] == 350 or one["kind"].startswith("book")]
