"""Setting a tip apart by hand, public concern, and the way of two people to a paper file; `keng verify` knows each of them."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.forgetting import Forgetting
from handlers import (
    access,
    assignment,
    categorising,
    events,
    exchange,
    held_texts,
    ladder,
    letters,
    officer_chats,
    officers,
    openings,
    paper_file,
    restricting,
    tip_clocks,
    tips,
)
from handlers.acts import Act, note
from handlers.cards import Card
from handlers.deadlines import Warned
from handlers.messages import Change, Ward
from handlers.officers import Mistake
from handlers.tips import Where
from handlers.ward_book import WardBook
from storage import shred_list, tables
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import aftercare, custody, finding, shredding, special, wards
from storage.queries import held_texts as held_rows
from storage.queries import ladder as ladder_rows
from storage.queries import letters as letter_rows
from storage.queries import tips as tip_rows
from storage.queries.retention import Periods
from storage.queries.rings import chat_key_place
from storage.search import Query
from storage.vault import Ring, vault_of
from storage.verify import verify
from storage.ward_keys import PURPOSES
from tests.databases import Database, known_vault
from tests.fenced import untrue_behind_the_fence
from tests.sights import asking, in_folder, readers
from tests.steps import ripen

CHIEF, DUTY, SECOND, HANDLER, KEEPER, KEEPER_TOO, CHAT = 7, 8, 9, 10, 11, 12, 20
PEOPLE = {CHIEF: "chief", DUTY: "duty", SECOND: "duty", HANDLER: "handler", KEEPER: "keeper", KEEPER_TOO: "keeper"}
NOW = 1_800_000_000_000
HERE = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456")
LONG_AGO = 1_700_000_000_000  # Before the machine's own clock, by which is shredded.
REASON = "Có tên cán bộ của phường"


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    async with opened(database) as memory:
        yield memory


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Memory]:
    vault = known_vault()
    memory = Memory(database.url, vault)
    await memory.start()
    keys = {purpose: new_id() for purpose in PURPOSES}
    ward_id, known = await memory.write(lambda session: wards.first_rows(session, ward_id=1, key_ids=keys, now=0))
    vault.wards[ward_id] = known
    await memory.write(people_and_chat)
    yield memory
    await memory.stop()


def people_and_chat(session: Session) -> None:
    for officer_id, role in PEOPLE.items():
        login = f"nguoi.{officer_id}"
        session.add(tables.Officer(id=officer_id, ward_id=1, login=login, name=login, role=role, password_hash="", created_at=0))
    key = vault_of(session).wrap(Ring.fresh(), chat_key_place(CHAT))
    session.add(tables.Chat(id=CHAT, ward_id=1, channel="webchat", chat_hash="h", data_key=key, created_at=0, last_in_at=0))
    session.flush()


async def told(memory: Memory, tip_id: int, *, kind: str = "", category: str = "", words: str = "Có người lấn chiếm lòng đường") -> int:
    """A tip that has arrived, as a resident tells it."""
    changes = [Change("open", {"category": category}), Change("say", {"piece_id": new_id(), "source_hash": str(tip_id), "text": words})]
    changes += [Change("restrict", {"kind": kind})] if kind else []
    changes += [Change("send", {"code": "TB-0000-0000-0000", "code_hash": f"code {tip_id}"})]
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=NOW)
    whole = [Change(one.what, {"tip_id": tip_id, "history_id": new_id(), **one.values}) for one in changes]
    await memory.write(lambda session: tips.apply(session, where, whole))
    return tip_id


async def complain(memory: Memory, tip_id: int, appeal_id: int) -> None:
    letter = {"appeal_id": appeal_id, "kind": "complaint", "about": "", "text": "Chưa ai gọi lại", "due_at": None}
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=LONG_AGO)
    change = Change("appeal", {"tip_id": tip_id, "history_id": new_id(), **letter})
    await memory.write(lambda session: tips.apply(session, where, [change]))


def act(officer_id: int, now: int = NOW) -> Act:
    return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=now)


async def does(memory: Memory, change: Callable[[Session], object]) -> str:
    """What is refused, or nothing."""
    try:
        await memory.write(change)
    except Mistake as mistake:
        return mistake.key
    return ""


async def differences(memory: Memory) -> list[tuple[str, str]]:
    found = await memory.read(lambda session: verify(session, 1, now=NOW, heads=[]).differences)
    return [(one["kind"], one["what"]) for one in found if one["what"] != "without a link"]  # No clock beats here.


async def test_whoever_works_at_the_desk_restricts_and_only_the_chief_lifts_it(memory: Memory) -> None:
    tip_id = await told(memory, 30)

    assert (
        await does(memory, lambda s: restricting.restrict(s, act(DUTY), tip_id=tip_id, reason="ngắn", draw=new_id))
        == "mistake-reason-short"
    )
    assert await does(memory, lambda s: restricting.restrict(s, act(DUTY), tip_id=tip_id, reason=REASON, draw=new_id)) == ""
    assert await does(memory, lambda s: restricting.lift(s, act(DUTY), tip_id=tip_id, reason=REASON)) == "desk-restricted"
    assert (
        await does(memory, lambda s: restricting.restrict(s, act(CHIEF), tip_id=tip_id, reason=REASON, draw=new_id)) == "restrict-already"
    )
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF}
    assert await differences(memory) == []
    assert await does(memory, lambda s: restricting.lift(s, act(CHIEF), tip_id=tip_id, reason=REASON)) == ""
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF, DUTY, SECOND}
    assert await differences(memory) == []


async def test_what_was_shredded_takes_no_reason_and_so_is_not_restricted(memory: Memory) -> None:
    """It ended in an error page: the reason had no key to stand under."""
    tip_id = await told(memory, 30)
    await memory.write(lambda session: shredding.shred_tip(session, tip_id, now=NOW, why="closed") and None)

    refused = await does(memory, lambda session: restricting.restrict(session, act(DUTY), tip_id=tip_id, reason=REASON, draw=new_id))

    assert refused == "write-shredded"
    assert await memory.read(lambda session: session.get_one(tables.Tip, tip_id).restricted) == ""


@pytest.mark.parametrize("by", [DUTY, CHIEF])
async def test_p3_a_tip_that_is_set_apart_from_whoever_has_it_calls_who_may_read_it(memory: Memory, by: int) -> None:
    """Accepted and then restricted it would age where nobody looks: its owner reads it no more, and the others were told it is taken."""
    tip_id, rung = await told(memory, 30), list[tuple[int, str]]()
    await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=DUTY, history_id=new_id(), now=NOW))
    assert await does(memory, lambda s: restricting.restrict(s, act(by), tip_id=tip_id, reason=REASON, draw=new_id)) == ""
    assert (await memory.read(lambda s: assignment.alarm_list(s, 1, "chief", now=NOW)))[0][1] == ("nobody", "no-time")

    def ring(_session: Session, _ward: Ward, officer_id: int, card: Card, **_more: Any) -> None:
        rung.append((officer_id, card.kind))

    over = [Warned(id=1, tip_id=tip_id, kind="enter", stage="over", due_at=NOW, left=-1)]
    await memory.write(lambda s: ladder.climb(s, HERE, ring, draw=new_id, now=NOW))
    await memory.write(lambda s: tip_clocks.ring(s, HERE, over, ring, draw=new_id, now=NOW))
    assert [one for one in rung if one[1] != "roster"] == [(CHIEF, "tip"), (CHIEF, "clock")]
    await memory.write(lambda s: ladder.answer(s, act(CHIEF), tip_id))
    assert not await memory.read(lambda s: ladder_rows.is_called_for(s, tip_id))
    assert await differences(memory) == []


async def test_p3_a_tip_whose_owner_may_go_on_reading_it_stays_theirs(memory: Memory) -> None:
    tip_id = await told(memory, 30)
    await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=CHIEF, history_id=new_id(), now=NOW))
    assert await does(memory, lambda s: restricting.restrict(s, act(DUTY), tip_id=tip_id, reason=REASON, draw=new_id)) == ""

    assert [
        one.id
        for one in await memory.read(lambda s: in_folder(s, asking(access.sight_of(1, "chief", CHIEF), now=NOW, officer_id=CHIEF), "mine"))
    ] == [tip_id]
    assert not await memory.read(lambda s: ladder_rows.is_called_for(s, tip_id))


def puts_right(who: int, tip_id: int, category: str, knows: str = "") -> Callable[[Session], None]:
    return lambda s: categorising.put_right(s, HERE.book, act(who), tip_id=tip_id, category=category, knows=knows, draw=new_id)


async def test_an_officer_puts_right_what_a_tip_is_about_and_what_follows_from_it_follows(memory: Memory) -> None:
    tip_id = await told(memory, 30, category="TC")
    spot = {"tip_id": tip_id, "history_id": new_id(), "text": "ngõ 5", "latitude": 20.8449, "longitude": 106.6881, "is_addition": True}
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=NOW)
    await memory.write(lambda s: tips.apply(s, where, [Change("place", spot)]))
    assert await does(memory, puts_right(DUTY, tip_id, "BL")) == "step-not-accepted"
    await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=DUTY, history_id=new_id(), now=NOW))
    assert await does(memory, puts_right(HANDLER, tip_id, "BL")) == "desk-no-tip"
    assert await does(memory, puts_right(DUTY, tip_id, "XX")) == "category-needs"

    def shown(session: Session) -> tuple[str, str]:
        [row] = session.execute(select(tables.Tip).where(col(tables.Tip.id) == tip_id)).scalars()
        card = officer_chats.card_of(session, HERE, tip_id, now=NOW)
        assert card
        return row.cell[:1], card.category

    assert await memory.read(shown) == ("f", "TC")
    assert await does(memory, puts_right(DUTY, tip_id, "BL")) == ""
    assert await memory.read(shown) == ("c", "")  # Not the house, nor what it is about on a phone.
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF, DUTY, SECOND}
    assert not await memory.read(lambda s: ladder_rows.is_called_for(s, tip_id))
    noted = select(col(tables.HistoryRow.actor), col(tables.HistoryRow.detail)).where(col(tables.HistoryRow.what) == "recategorised")
    [(actor, detail)] = await memory.read(lambda s: s.execute(noted).all())
    assert (actor, detail["before"], detail["category"]) == (f"officer:{DUTY}", "TC", "BL")
    assert await differences(memory) == []
    await memory.write(lambda s: s.execute(update(tables.Tip).values(category="KH")))
    assert await differences(memory) == [("tip", "category")]


async def test_a_category_that_takes_a_tip_out_of_sight_wants_a_second_press_and_calls_who_may_read_it(memory: Memory) -> None:
    tip_id, rung = await told(memory, 30), list[int]()
    await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=DUTY, history_id=new_id(), now=NOW))
    for knows in ("", "category-closes"):  # What was said to the chief is not what an officer has read.
        assert await does(memory, puts_right(DUTY, tip_id, "TN", knows)) == "category-mine"
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF, DUTY, SECOND}
    assert await does(memory, puts_right(DUTY, tip_id, "TN", "category-mine")) == ""
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF}
    assert (await memory.read(lambda s: assignment.alarm_list(s, 1, "chief", now=NOW)))[0][1] == ("nobody", "no-time")

    def ring(_session: Session, _ward: Ward, officer_id: int, card: Card, **_more: Any) -> None:
        rung.extend([officer_id] if card.kind == "tip" else [])

    await memory.write(lambda s: ladder.climb(s, HERE, ring, draw=new_id, now=NOW))
    assert rung == [CHIEF]
    assert await does(memory, puts_right(DUTY, tip_id, "TC")) == "desk-restricted"
    assert await does(memory, puts_right(CHIEF, tip_id, "TC")) == "category-opens"
    assert await does(memory, puts_right(CHIEF, tip_id, "TC", "category-opens")) == ""
    assert await does(memory, puts_right(CHIEF, tip_id, "TN")) == "category-closes"
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {CHIEF, DUTY, SECOND}
    assert await differences(memory) == []


async def test_nobody_lifts_a_fence_and_nobody_of_the_ward_acts_on_it(memory: Memory) -> None:
    tip_id = await told(memory, 30, kind="fence")
    for someone in (act(CHIEF), act(DUTY)):
        await refused_everything(memory, someone, tip_id)
    assert await does(memory, lambda s: restricting.lift(s, act(KEEPER), tip_id=tip_id, reason=REASON)) == "restrict-chief-only"
    assert await does(memory, lambda s: restricting.restrict(s, act(HANDLER), tip_id=tip_id, reason=REASON, draw=new_id)) == "desk-no-tip"
    assert await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=KEEPER, history_id=new_id(), now=NOW))
    assert await memory.read(lambda s: readers(s, 1, tip_id)) == {KEEPER, KEEPER_TOO}
    done: dict[str, Any] = {"done": "Đã xem lại hồ sơ", "done_on": NOW, "unit": "phòng thanh tra", "result": "Đã xong"}
    words: dict[str, Any] = {"ward": HERE, "tip_id": tip_id, "words": "Lúc đó mấy giờ ạ?", "draw": new_id}
    await memory.write(lambda s: exchange.ask(s, act=act(KEEPER), question_id=new_id(), **words))
    await memory.write(lambda s: exchange.tell(s, act=act(KEEPER), **words))
    await memory.write(lambda s: ripen(s, HERE, KEEPER, tip_id, now=NOW))
    assert await does(memory, lambda s: exchange.close(s, HERE, act(KEEPER), tip_id=tip_id, **done, draw=new_id)) == ""
    await memory.write(lambda s: exchange.reopen(s, HERE, act(KEEPER), tip_id=tip_id, reason=REASON, draw=new_id))
    letter = Change(
        "appeal", {"tip_id": tip_id, "history_id": new_id(), "appeal_id": 75, "kind": "complaint", "text": "", "about": "", "due_at": None}
    )
    await memory.write(lambda s: tips.apply(s, Where(ward_id=1, chat_id=CHAT, channel="webchat", now=NOW), [letter]))
    await memory.write(lambda s: letters.answer(s, HERE, act(KEEPER), 75, words="Đang xem lại", draw=new_id))
    [found] = await memory.read(lambda s: aftercare.tips_of_chat(s, CHAT))
    said = [one.reply["text"] for one in found.unread]
    assert len(said) >= 6 and any("tới công an cấp trên, không qua ai ở phường" in one for one in said)
    assert [one for one in said if untrue_behind_the_fence(one)] == []
    assert await differences(memory) == []


async def refused_everything(memory: Memory, someone: Act, tip_id: int) -> None:
    assert await does(memory, lambda s: restricting.lift(s, someone, tip_id=tip_id, reason=REASON)) == "desk-restricted"
    assert await does(memory, lambda s: exchange.reopen(s, HERE, someone, tip_id=tip_id, reason=REASON, draw=new_id)) == "desk-restricted"
    words: dict[str, Any] = {"kind": "answer", "why": ("name",), "body": {"words": "Anh Hùng"}, "held_id": new_id(), "draw": new_id}
    assert await does(memory, lambda s: held_texts.hold(s, someone, tip_id=tip_id, **words)) == "desk-restricted"
    assert await does(memory, lambda s: events.unlink(s, someone, tip_id=tip_id, reason=REASON, draw=new_id)) == "desk-no-tip"
    ids = {"tip_id": tip_id, "officer_id": someone.officer_id, "history_id": new_id(), "now": NOW}
    assert not await memory.write(lambda s: tips.accept_tip(s, 1, **ids))


async def test_what_waits_about_a_fenced_tip_the_chief_neither_lets_go_nor_gives_back(memory: Memory) -> None:
    """By the id alone, which no page of the ward shows. The keepers decide about their own words."""
    tip_id = await told(memory, 30, kind="fence")
    await memory.write(lambda s: tips.accept_tip(s, 1, tip_id=tip_id, officer_id=KEEPER, history_id=new_id(), now=NOW))
    waits: dict[str, Any] = {"kind": "answer", "why": ("name",), "body": {"words": "Anh Hùng đã nhận"}, "draw": new_id}

    async def decides(someone: int) -> list[str]:
        let_go = await does(memory, lambda s: held_texts.release(s, HERE, act(someone), 70, question_id=new_id(), draw=new_id))
        return [let_go, await does(memory, lambda s: held_texts.give_back(s, act(someone), 70, reason=REASON, draw=new_id))]

    assert await does(memory, lambda s: held_texts.hold(s, act(CHIEF), tip_id=tip_id, held_id=69, **waits)) == "desk-restricted"
    assert await does(memory, lambda s: held_texts.hold(s, act(KEEPER), tip_id=tip_id, held_id=70, **waits)) == ""
    assert [await decides(CHIEF), await decides(DUTY)] == [["handed-none"] * 2] * 2
    assert [one.id for one in await memory.read(lambda s: held_rows.waiting(s, access.sight_of(1, "keeper", KEEPER)))] == [70]
    assert await decides(KEEPER_TOO) == ["", "handed-decided"]


async def test_what_was_sent_no_old_button_sets_apart(memory: Memory) -> None:
    tip_id = await told(memory, 30)
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=NOW)
    late = [Change("restrict", {"tip_id": tip_id, "history_id": new_id(), "kind": "fence"})]
    await memory.write(lambda session: tips.apply(session, where, late))

    assert await memory.read(lambda s: access.kind(s, 1, tip_id)) == ""
    assert await differences(memory) == []


async def test_what_was_asked_to_be_opened_before_it_was_restricted_stays_shut(memory: Memory) -> None:
    tip_id = await told(memory, 30)

    def ask(session: Session) -> None:
        custody.add_identity(session, identity_id=70, ward_id=1, tip_id=tip_id, value=b"sealed", now=NOW)
        for number, officer_id in ((71, CHIEF), (72, SECOND)):
            keys: dict[str, Any] = {"public_key": b"p", "private_key": b"k"}
            session.add(tables.Custodian(id=number, ward_id=1, officer_id=officer_id, status="active", created_at=NOW, **keys))
        session.flush()
        openings.ask(session, act(DUTY), opening_id=73, tip_id=tip_id, what="identity", reason=REASON, view_key=b"v" * 32)

    def waits(session: Session) -> list[int]:
        return [openings.waiting_for(session, 1, officer_id, now=NOW + 1) for officer_id in (CHIEF, SECOND)]

    async def decides(officer_id: int) -> str:
        return await does(memory, lambda s: openings.to_decide(s, 1, 73, officer_id=officer_id, now=NOW + 1))

    await memory.write(ask)
    assert await memory.read(waits) == [1, 1]
    assert [await decides(CHIEF), await decides(SECOND)] == ["", ""]
    assert await does(memory, lambda s: restricting.restrict(s, act(DUTY), tip_id=tip_id, reason=REASON, draw=new_id)) == ""
    assert await memory.read(waits) == [1, 0]
    assert [await decides(CHIEF), await decides(SECOND)] == ["custody-asker-gone", "custody-no-request"]
    again: dict[str, Any] = {"opening_id": 74, "tip_id": tip_id, "reason": REASON, "view_key": b"v" * 32}
    assert await does(memory, lambda s: openings.ask(s, act(DUTY), what="identity", **again)) == "desk-restricted"


async def test_public_concern_is_marked_once_and_taken_back(memory: Memory) -> None:
    tip_id = await told(memory, 30)

    assert await does(memory, lambda s: restricting.calm_concern(s, act(DUTY), tip_id=tip_id)) == "concern-none"
    assert await does(memory, lambda s: restricting.raise_concern(s, WardBook(), act(DUTY), tip_id=tip_id, draw=new_id)) == ""
    assert (
        await does(memory, lambda s: restricting.raise_concern(s, WardBook(), act(CHIEF, NOW + 5), tip_id=tip_id, draw=new_id))
        == "concern-already"
    )
    line = (await memory.read(lambda s: in_folder(s, asking(access.sight_of(1, "duty", DUTY), now=NOW))))[0]
    assert line.concern_at == NOW
    assert await differences(memory) == []
    assert await does(memory, lambda s: restricting.calm_concern(s, act(CHIEF), tip_id=tip_id)) == ""
    assert await differences(memory) == []


async def test_a_paper_file_needs_two_people_and_then_nothing_is_left_here(memory: Memory, tmp_path: Path) -> None:
    tip_id = await told(memory, 30)
    chief = access.sight_of(1, "chief", CHIEF)
    query = Query.typed("long duong")
    assert query is not None
    ready = await memory.read(lambda s: finding.tokenise_some(s, 1))
    await memory.write(lambda s: finding.index(s, 1, ready, now=NOW))
    assert await memory.read(lambda s: finding.count_tips(s, chief, query)) == 1

    for number in ("", "hồ sơ mật", "12; ông Nguyễn Văn A khai rằng", "1" * 41):
        assert await does(memory, lambda s, n=number: paper_file.ask(s, act(DUTY), tip_id=tip_id, number=n)) == "paper-number"  # type: ignore[misc]
    assert await does(memory, lambda s: paper_file.ask(s, act(DUTY), tip_id=tip_id, number=" 12/HS-2026 ")) == ""
    assert await does(memory, lambda s: paper_file.ask(s, act(CHIEF), tip_id=tip_id, number="13")) == "paper-already"
    assert await does(memory, lambda s: paper_file.confirm(s, act(DUTY), tip_id=tip_id, draw=new_id)) == "paper-none"
    assert await does(memory, lambda s: paper_file.confirm(s, act(SECOND), tip_id=tip_id, draw=new_id)) == "paper-none"
    assert await memory.read(lambda s: paper_file.waiting_for(s, act(SECOND), access.sight_of(1, "duty", SECOND))) == 0
    assert await memory.read(lambda s: paper_file.waiting_for(s, act(CHIEF), chief)) == 1
    assert await differences(memory) == []

    await complain(memory, tip_id, 50)
    await complain(memory, tip_id, 51)
    assert await does(memory, lambda s: letters.note_talk(s, act(CHIEF, LONG_AGO), 50, how="met", words="Đã gặp và giải thích")) == ""
    assert await does(memory, lambda s: paper_file.confirm(s, act(CHIEF), tip_id=tip_id, draw=new_id)) == ""
    whole = await memory.read(lambda s: tip_rows.tip_whole(s, chief, tip_id))
    assert whole is not None and (whole.state, whole.paper.number, [one.text for one in whole.said]) == ("paper", "12/HS-2026", [""])
    assert await memory.read(lambda s: finding.count_tips(s, chief, query)) == 0
    assert await does(memory, lambda s: exchange.reopen(s, HERE, act(CHIEF), tip_id=tip_id, reason=REASON, draw=new_id)) == "write-shredded"
    assert await differences(memory) == []

    never = Periods(drafts_ms=NOW, closed_ms=NOW, logs_ms=NOW)
    assert await Forgetting(memory, MediaStore(tmp_path), lambda: never, 1, data=tmp_path).forget() == 1
    [(key, state)] = await memory.read(lambda s: s.execute(select(col(tables.Tip.data_key), col(tables.Tip.state))).all())
    assert (key, state) == (None, "paper")
    assert {(one.kind, one.id, one.why) for one in shred_list.read(tmp_path / shred_list.NAME)} >= {("tip", tip_id, "paper")}
    # What the chief has not answered is not ended by the two who sent the tip away.
    assert [one.id for one in await memory.read(lambda s: letter_rows.open_letters(s, chief))] == [51]
    assert (await memory.write(lambda s: letters.look_at(s, act(CHIEF), 51))).words == "Chưa ai gọi lại"
    assert [one.is_shredded for one in await memory.read(lambda s: letter_rows.letters_of_tip(s, chief, tip_id))] == [True, False]
    assert await differences(memory) == []


async def test_the_commander_of_the_shift_confirms_and_never_who_asked(memory: Memory) -> None:
    tip_id = await told(memory, 30, kind="chief")
    shift = tables.Shift(id=60, ward_id=1, starts_at=NOW - 5, ends_at=NOW + 5, duty_id=DUTY, commander_id=SECOND)
    await memory.write(lambda s: s.add(shift))

    assert await does(memory, lambda s: paper_file.ask(s, act(DUTY), tip_id=tip_id, number="12")) == "desk-restricted"
    assert await does(memory, lambda s: paper_file.ask(s, act(CHIEF), tip_id=tip_id, number="12")) == ""
    assert await does(memory, lambda s: paper_file.confirm(s, act(CHIEF), tip_id=tip_id, draw=new_id)) == "paper-own"
    assert await does(memory, lambda s: paper_file.refuse(s, act(SECOND), tip_id=tip_id)) == ""
    assert await differences(memory) == []
    assert await does(memory, lambda s: paper_file.ask(s, act(CHIEF), tip_id=tip_id, number="12")) == ""
    assert await does(memory, lambda s: paper_file.withdraw(s, act(SECOND), tip_id=tip_id)) == "paper-none"
    assert await does(memory, lambda s: paper_file.withdraw(s, act(CHIEF), tip_id=tip_id)) == ""
    assert await does(memory, lambda s: paper_file.ask(s, act(CHIEF), tip_id=tip_id, number="12")) == ""
    assert (
        await does(memory, lambda s: paper_file.confirm(s, act(SECOND, NOW + 5), tip_id=tip_id, draw=new_id)) == "paper-none"
    )  # Off duty again.
    assert (
        await does(memory, lambda s: paper_file.confirm(s, act(SECOND), tip_id=tip_id, draw=new_id)) == ""
    )  # Without having read a word of it.
    assert await differences(memory) == []


async def test_a_paper_file_that_is_taken_back_while_somebody_confirms_it_moves_nothing(postgres_database: Database) -> None:
    """The tip was out of the index and its clocks were void, though it stayed where it was."""
    taken_back, asked = threading.Event(), threading.Event()

    def take_back(session: Session) -> None:
        paper_file.withdraw(session, act(CHIEF), tip_id=30)
        taken_back.set()
        assert asked.wait(5)
        time.sleep(0.2)  # Until the other waits for this row.

    def confirm(session: Session) -> None:
        assert taken_back.wait(5)
        asked.set()
        paper_file.confirm(session, act(SECOND), tip_id=30, draw=new_id)

    async with opened(postgres_database) as memory:
        await told(memory, 30)
        await memory.write(lambda s: s.add(tables.Shift(id=60, ward_id=1, starts_at=0, ends_at=NOW + 5, duty_id=DUTY, commander_id=SECOND)))
        await memory.write(lambda s: paper_file.ask(s, act(CHIEF), tip_id=30, number="12"))
        _taken, refused = await asyncio.gather(memory.write(take_back), does(memory, confirm))
        moved = await memory.read(
            lambda s: s.execute(select(col(tables.HistoryRow.id)).where(col(tables.HistoryRow.what) == "paper_moved")).all()
        )

        assert (refused, list(moved)) == ("paper-none", [])
        assert await differences(memory) == []


async def test_a_fenced_tip_goes_to_paper_by_two_keepers(memory: Memory) -> None:
    tip_id = await told(memory, 30, kind="fence")

    assert await does(memory, lambda s: paper_file.ask(s, act(KEEPER), tip_id=tip_id, number="12")) == ""
    assert await memory.read(lambda s: special.papers_asked(s, access.sight_of(1, "chief", CHIEF))) == []
    assert await does(memory, lambda s: paper_file.confirm(s, act(CHIEF), tip_id=tip_id, draw=new_id)) == "paper-none"
    assert await does(memory, lambda s: paper_file.confirm(s, act(KEEPER), tip_id=tip_id, draw=new_id)) == "paper-own"
    assert await does(memory, lambda s: paper_file.confirm(s, act(KEEPER_TOO), tip_id=tip_id, draw=new_id)) == ""


async def test_the_last_keeper_stays_while_somebody_waits_behind_the_fence(memory: Memory) -> None:
    def closes(officer_id: int) -> Callable[[Session], None]:
        ids = {"officer_id": officer_id, "by": CHIEF, "history_id": new_id()}
        return lambda session: officers.close_account(session, 1, **ids, why="left", now=NOW)

    await told(memory, 30, kind="fence")
    taken = {"tip_id": 30, "officer_id": KEEPER, "history_id": new_id(), "now": NOW}
    assert await memory.write(lambda s: tips.accept_tip(s, 1, **taken))
    assert await does(memory, closes(KEEPER)) == ""
    assert await memory.read(lambda s: s.execute(select(col(tables.Tip.handler_id))).scalars().all()) == [KEEPER_TOO]
    assert await differences(memory) == []
    assert await does(memory, closes(KEEPER_TOO)) == "mistake-last-keeper"
    await memory.write(lambda s: s.execute(update(tables.Tip).values(closed_at=NOW)) and None)
    assert await does(memory, closes(KEEPER_TOO)) == ""


async def test_verify_finds_what_was_set_without_a_word_in_the_history(memory: Memory) -> None:
    await told(memory, 30)
    await memory.write(lambda s: note(s, act(DUTY), "viewed", tip_id=30))
    changed = {"restricted": "chief", "concern_at": 5, "paper_number": "9", "paper_asked_by": DUTY}
    await memory.write(lambda s: s.execute(update(tables.Tip).values(**changed)) and None)

    assert sorted(await differences(memory)) == [("tip", name) for name in sorted(changed)]
