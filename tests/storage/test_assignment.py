"""Whose a tip is and who was sent, on both engines: proposed, named, given back; and residents read nothing of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from admin.pages.queue import time_left
from handlers import assignment, deadlines, dispatch, officers, periods, tips
from handlers.acts import Act
from handlers.assignment import Proposal
from handlers.dispatch import Who
from handlers.messages import Change
from handlers.officers import Mistake
from handlers.tips import Where, apply
from handlers.ward_book import WardBook
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import aftercare, callbacks, queue
from storage.queries import assignment as rows
from storage.queries.officers import officers_of
from storage.queries.queue import Filters
from storage.queries.rings import chat_key_place
from storage.queries.tips import viewed_lately
from storage.vault import Place, Ring, vault_of
from storage.verify import verify
from tests.databases import Database, known_vault
from tests.sights import all_of, asking, in_folder

WARD, OTHER = 1, 2
CHIEF, AN, BINH, COI = 7, 8, 9, 10  # Cối only reads.
CHAT, HOME = 20, 25
NOW = 1_800_000_000_000
WHY = "Nghỉ phép từ hôm nay"


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
    for number, login, role in ((CHIEF, "chi.huy", "chief"), (AN, "an", "duty"), (BINH, "binh", "duty"), (COI, "coi", "inspector")):
        session.add(tables.Officer(id=number, ward_id=WARD, login=login, name=login, role=role, password_hash="", created_at=0))
    session.add(tables.Neighbourhood(id=HOME, ward_id=WARD, position=1, name="Tổ 7"))
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


def a_tip(session: Session, *, neighbourhood_id: int | None = HOME, category: str = "TC") -> int:
    """As the conversation makes one, so that its history tells all of it."""
    tip_id = new_id()
    where = Where(ward_id=WARD, chat_id=CHAT, channel="webchat", now=NOW)
    code = f"TB-{tip_id}"
    told: tuple[tuple[Any, dict[str, Any]], ...] = (
        ("open", {"category": category}),
        ("say", {"piece_id": new_id(), "text": "Mất xe", "source_hash": "s"}),
        ("place", {"text": "Tổ 7", "neighbourhood_id": neighbourhood_id}),
        ("send", {"code": code, "code_hash": code}),
    )
    apply(session, where, [Change(what, {"tip_id": tip_id, "history_id": new_id(), **values}) for what, values in told])
    return tip_id


def act(officer_id: int = CHIEF, now: int = NOW) -> Act:
    return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=now)


def accept(session: Session, tip_id: int, officer_id: int) -> bool:
    return tips.accept_tip(session, WARD, tip_id=tip_id, officer_id=officer_id, history_id=new_id(), now=NOW)


def start_clock(session: Session, tip_id: int, kind: str, *, starts_at: int = NOW) -> int:
    clock: dict[str, Any] = {"ward_id": WARD, "tip_id": tip_id, "kind": kind, "starts_at": starts_at, "row_id": new_id(), "now": NOW}
    return deadlines.start(session, WardBook(), **clock)


def held(session: Session, tip_id: int) -> rows.Held:
    found = rows.held(session, WARD, tip_id)
    assert found is not None
    return found


def whys(session: Session, role: str = "chief", now: int = NOW) -> dict[int, tuple[str, ...]]:
    return {one.tip_id: why for one, why in assignment.alarm_list(session, WARD, role, now=now)}


def set_due(session: Session, tip_id: int, **values: Any) -> None:
    tip = session.get(tables.Tip, tip_id)
    assert tip is not None
    for name, value in values.items():
        setattr(tip, name, value)
    session.add(tip)
    session.flush()


def differences(session: Session) -> list[dict[str, Any]]:
    return verify(session, WARD, now=NOW, heads=[]).differences


async def test_p5_every_open_tip_has_an_owner_and_a_time_or_stands_on_the_chiefs_list(memory: Memory) -> None:
    tip_id = await memory.write(a_tip)
    assert await memory.read(whys) == {tip_id: ("nobody", "no-time")}

    assert await memory.write(lambda session: accept(session, tip_id, AN))
    assert (await memory.read(lambda session: held(session, tip_id))).handler_id == AN
    assert await memory.read(whys) == {tip_id: ("no-time",)}

    due_at = await memory.write(lambda session: start_clock(session, tip_id, "inform"))
    assert await memory.read(whys) == {} and await memory.read(lambda session: whys(session, now=due_at + 1)) == {tip_id: ("late",)}
    later: dict[str, Any] = {"but": periods.reminders(), "now": due_at + 1}
    count = await memory.read(lambda session: rows.count_unheld(session, all_of(WARD), **later))
    assert (count, await memory.read(lambda session: rows.unheld(session, all_of(OTHER), **later))) == (1, [])


async def test_who_waits_for_others_is_reminded_and_never_late(memory: Memory) -> None:
    """A tip that was handed on stood among the late ones as soon as it was time to ask for its result."""
    tip_id = await memory.write(a_tip)
    await memory.write(lambda session: accept(session, tip_id, AN))
    asked = await memory.write(lambda session: start_clock(session, tip_id, "ask-settle"))
    settled = await memory.write(lambda session: start_clock(session, tip_id, "settle", starts_at=NOW + moments.DAY))

    def read(session: Session, now: int) -> tuple[dict[int, tuple[str, ...]], list[tuple[str, str]]]:
        own = queue.page(session, asking(all_of(WARD), now=now, officer_id=AN), "mine", Filters(), after=None, limit=9)
        return whys(session, now=now), [time_left(row, "vi", now=now) for row in own.rows]

    assert asked < settled
    assert [await memory.read(lambda session, now=now: read(session, now)) for now in (asked - moments.HOUR, asked + 1, settled + 1)] == [  # type: ignore[misc]
        ({}, [("warn", "còn 1 giờ")]),
        ({}, [("warn", "còn 23 giờ")]),
        ({tip_id: ("late",)}, [("danger", "vừa quá hạn")]),
    ]
    await memory.write(lambda session: deadlines.settle(session, tip_id, ("settle",), now=asked + 2))
    assert await memory.read(lambda session: read(session, asked + 3)) == ({}, [("info", "đã đến hạn")])


async def test_an_account_that_is_closed_gives_its_open_tips_back(memory: Memory) -> None:
    open_tip, ended = await memory.write(a_tip), await memory.write(a_tip)

    def live(session: Session) -> None:
        for tip_id in (open_tip, ended):
            assert accept(session, tip_id, AN)
            set_due(session, tip_id, due_at=NOW + moments.DAY)
        set_due(session, ended, closed_at=NOW)
        officers.close_account(session, WARD, officer_id=AN, by=CHIEF, why="left", history_id=new_id(), now=NOW)

    await memory.write(live)
    owners = await memory.read(lambda session: [held(session, tip_id).handler_id for tip_id in (open_tip, ended)])
    raw = await memory.read(lambda session: session.execute(select(col(tables.Tip.id), col(tables.Tip.handler_id))).all() and _raw(session))

    assert await memory.read(whys) == {open_tip: ("nobody",)}
    assert owners == [None, None] and raw == {open_tip: None, ended: AN}  # What is over stays whose it was.
    found = await memory.read(differences)
    assert [one for one in found if one["what"] == "handler_id"] == []
    with pytest.raises(Mistake, match="assign-not-able"):
        await memory.write(lambda session: assignment.assign(session, act(), tip_id=open_tip, officer_id=AN))


def _raw(session: Session) -> dict[int, int | None]:
    return {row.id: row.handler_id for row in session.execute(select(col(tables.Tip.id), col(tables.Tip.handler_id)))}


async def test_proposed_is_the_area_officer_then_whoever_has_the_kind_and_only_who_can(memory: Memory) -> None:
    here, nowhere = await memory.write(a_tip), await memory.write(lambda session: a_tip(session, neighbourhood_id=None))

    def name(about: int | str, officer_id: int | None, by: int = CHIEF) -> Any:
        return lambda session: assignment.name_responsible(session, act(by), about, officer_id, row_id=new_id())

    def proposals(session: Session) -> list[Proposal | None]:
        return [assignment.propose(session, WARD, held(session, tip_id), officers_of(session, WARD)) for tip_id in (here, nowhere)]

    assert await memory.read(proposals) == [None, None]
    assert await memory.write(name("TC", BINH)) and await memory.write(name(HOME, AN)) and not await memory.write(name(HOME, AN))
    by_kind = Proposal(officer_id=BINH, why="category")
    assert await memory.read(proposals) == [Proposal(officer_id=AN, why="neighbourhood"), by_kind]

    await memory.write(
        lambda session: officers.close_account(session, WARD, officer_id=AN, by=CHIEF, why="away", history_id=new_id(), now=NOW)
    )
    assert await memory.read(proposals) == [by_kind, by_kind]  # Whoever is away is not proposed.
    await memory.write(lambda session: set_due(session, here, restricted="chief"))
    assert await memory.read(proposals) == [None, by_kind]
    assert await memory.write(name("TC", None)) and await memory.read(proposals) == [None, None]
    for about, officer_id, by, wrong in (
        ("TC", COI, CHIEF, "assign-not-able"),
        ("TC", BINH, BINH, "desk-not-yours"),
        ("XX", BINH, CHIEF, "areas-unknown"),
        (HOME + 1, BINH, CHIEF, "areas-unknown"),
    ):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(name(about, officer_id, by))


async def test_a_tip_goes_from_hand_to_hand_with_a_reason_and_is_new_to_the_next_until_they_look(memory: Memory) -> None:
    tip_id = await memory.write(a_tip)
    await memory.write(lambda session: accept(session, tip_id, AN))

    def hand(to: int, reason: str = "", by: int = AN, now: int = NOW) -> Any:
        return lambda session: assignment.assign(session, act(by, now), tip_id=tip_id, officer_id=to, reason=reason)

    def look(session: Session) -> None:
        assert not viewed_lately(session, tip_id, BINH, now=NOW + 1)
        tips.note_view(session, WARD, tip_id=tip_id, officer_id=BINH, history_id=new_id(), now=NOW + 1)
        assert viewed_lately(session, tip_id, BINH, now=NOW + 2)

    def new(session: Session) -> list[set[int]]:
        return [rows.new_to(session, WARD, officer_id) for officer_id in (AN, BINH)]

    await memory.write(lambda session: tips.note_view(session, WARD, tip_id=tip_id, officer_id=BINH, history_id=new_id(), now=NOW - 1))
    await memory.write(hand(BINH))  # Whoever accepted it hands it out without saying why.
    assert await memory.read(new) == [set(), {tip_id}]
    await memory.write(look)  # They had looked a moment before it was theirs: this counts anew.
    assert await memory.read(new) == [set(), set()]
    assert [
        one.id for one in await memory.read(lambda session: in_folder(session, asking(all_of(WARD), now=NOW, officer_id=BINH), "mine"))
    ] == [tip_id]

    with pytest.raises(Mistake, match="mistake-reason-short"):
        await memory.write(hand(AN))
    await memory.write(hand(BINH))  # They have it: a second press says and needs nothing.
    await memory.write(hand(AN, WHY, BINH, NOW + 3))
    assert await memory.read(new) == [{tip_id}, set()]
    told = await memory.read(
        lambda session: session.execute(
            select(func.count()).select_from(tables.HistoryRow).where(col(tables.HistoryRow.what) == "assigned")
        ).scalar_one()
    )
    secret = await memory.read(
        lambda session: [bytes(one) for one in session.execute(select(col(tables.HistoryRow.secret))).scalars() if one]
    )
    assert told == 2 and len(secret) == 1 and WHY.encode() not in secret[0]
    for to, by, wrong in ((COI, CHIEF, "assign-not-able"), (BINH, COI, "desk-not-yours"), (4711, CHIEF, "assign-not-able")):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(hand(to, WHY, by))
    await memory.write(lambda session: set_due(session, tip_id, closed_at=NOW))
    with pytest.raises(Mistake, match="assign-closed"):
        await memory.write(hand(BINH, WHY))


async def test_a_restricted_tip_goes_only_to_who_may_read_it_and_no_other_list_shows_it(memory: Memory) -> None:
    tip_id = await memory.write(a_tip)
    await memory.write(lambda session: set_due(session, tip_id, restricted="chief"))

    assert await memory.read(lambda session: whys(session, "duty")) == {}
    assert await memory.read(lambda session: whys(session, "chief")) == {tip_id: ("nobody", "no-time")}
    for to, by, wrong in ((AN, CHIEF, "assign-not-able"), (AN, AN, "desk-not-yours")):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(lambda session, to=to, by=by: assignment.assign(session, act(by), tip_id=tip_id, officer_id=to))  # type: ignore[misc]
    with pytest.raises(Mistake, match="desk-no-tip"):
        await memory.write(lambda session: dispatch.send(session, act(AN), tip_id=tip_id, who=Who(forces=("patrol",))))
    await memory.write(lambda session: assignment.assign(session, act(), tip_id=tip_id, officer_id=CHIEF))
    await memory.write(lambda session: set_due(session, tip_id, restricted="fence"))
    assert await memory.read(lambda session: whys(session, "chief")) == {}


async def test_who_was_sent_stands_in_order_with_times_and_corrections_add(memory: Memory) -> None:
    tip_id = await memory.write(a_tip)

    def press(does: str, now: int, /, **more: Any) -> Any:
        return lambda session: getattr(dispatch, does)(session, act(AN, NOW + now), tip_id=tip_id, **more)

    def times(session: Session) -> tuple[int | None, ...]:
        tip = session.get(tables.Tip, tip_id)
        assert tip is not None
        return tuple(None if one is None else one - NOW for one in (tip.dispatched_at, tip.left_at, tip.there_at))

    first = await memory.write(press("send", 10, who=Who(officers=(BINH,), forces=("patrol", "nonsense"), words="anh Tư dân phòng")))
    for what, wrong in (("there", "dispatch-order"), ("sent", "dispatch-step"), ("home", "dispatch-step")):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(press("step", 11, dispatch_id=first, what=what))
    await memory.write(press("step", 20, dispatch_id=first, what="left"))
    await memory.write(press("step", 25, dispatch_id=first, what="left"))  # A second press.
    second = await memory.write(press("send", 12, who=Who(forces=("medical",))))
    await memory.write(press("step", 15, dispatch_id=second, what="left"))
    assert await memory.read(times) == (10, 15, None)
    await memory.write(press("step", 40, dispatch_id=first, what="there"))
    assert await memory.read(times) == (10, 15, 40)

    correct = {"dispatch_id": first, "what": "there", "reason": "Ghi chậm năm phút"}
    for time, wrong in ((19, "dispatch-order"), (61, "dispatch-time")):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(press("correct", 60, **correct, time=NOW + time))
    await memory.write(press("correct", 60, **correct, time=NOW + 35))
    await memory.write(press("recall", 61, dispatch_id=second, reason="Không cần cấp cứu nữa"))
    assert await memory.read(times) == (10, 20, 35)  # Whoever did not go left at no time.
    for what, more, wrong in (
        ("recall", {"dispatch_id": first, "reason": WHY}, "dispatch-there"),
        ("step", {"dispatch_id": second, "what": "there"}, "dispatch-none"),
        ("send", {"who": Who(words="  ", forces=("nonsense",))}, "dispatch-nobody"),
        ("send", {"who": Who(officers=(4711,))}, "mistake-no-officer"),
    ):
        with pytest.raises(Mistake, match=wrong):
            await memory.write(press(what, 70, **more))

    seen = await memory.read(lambda session: rows.dispatches_of(session, WARD, tip_id))
    assert [(one.officers, one.forces, one.words, one.is_recalled) for one in seen] == [
        ((BINH,), ("patrol",), "anh Tư dân phòng", False),
        ((), ("medical",), "", True),
    ]
    assert seen[0].corrected == [("there", NOW + 40, f"officer:{AN}", "Ghi chậm năm phút")]
    found = await memory.read(differences)
    assert [one for one in found if one["kind"] == "tip"] == []
    plain = await memory.read(lambda session: str(session.execute(select(col(tables.HistoryRow.detail))).scalars().all()))
    assert "Tư" not in plain and "chậm" not in plain


@pytest.mark.parametrize("column", ["handler_id", "dispatched_at", "left_at", "there_at"])
async def test_p5_whose_it_is_and_who_went_is_told_anew_from_the_history(memory: Memory, column: str) -> None:
    tip_id = await memory.write(a_tip)

    def live(session: Session) -> None:
        assert accept(session, tip_id, AN)
        assignment.assign(session, act(), tip_id=tip_id, officer_id=BINH)
        one = dispatch.send(session, act(AN, NOW + 1), tip_id=tip_id, who=Who(officers=(BINH,)))
        assert dispatch.send(session, act(AN, NOW + 2), tip_id=tip_id, who=Who(officers=(BINH,))) == one  # The button pressed twice.
        for what, now in (("left", 2), ("there", 3)):
            dispatch.step(session, act(AN, NOW + now), tip_id=tip_id, dispatch_id=one, what=what)

    await memory.write(live)
    assert [one for one in await memory.read(differences) if one["kind"] == "tip"] == []
    await memory.write(lambda session: set_due(session, tip_id, **{column: AN}))
    assert [one["what"] for one in await memory.read(differences) if one["kind"] == "tip"] == [column]


async def test_p8_residents_read_nothing_of_whose_it_is_or_who_was_sent(memory: Memory) -> None:
    """Neither a message nor a notice, and what the line knows of their tip when they ask is as before."""
    tip_id = await memory.write(a_tip)
    await memory.write(lambda session: accept(session, tip_id, AN))

    def told(session: Session) -> list[Any]:
        counted = [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.OutboxRow, tables.Notice, tables.Question, tables.WebMessage)
        ]
        return [*counted, aftercare.tips_of_chat(session, CHAT), aftercare.tip_of_code(session, f"TB-{tip_id}")]

    def send_there(session: Session) -> None:
        assignment.assign(session, act(), tip_id=tip_id, officer_id=BINH)
        one = dispatch.send(session, act(), tip_id=tip_id, who=Who(officers=(BINH,), forces=("patrol",)))
        for what in ("left", "there"):
            dispatch.step(session, act(now=NOW + 1), tip_id=tip_id, dispatch_id=one, what=what)
        dispatch.correct(session, act(now=NOW + 2), tip_id=tip_id, dispatch_id=one, what="there", time=NOW + 2, reason=WHY)

    before = await memory.read(told)
    await memory.write(send_there)
    assert await memory.read(told) == before and before[-2]


async def test_p2_whoever_takes_a_tip_for_themself_sees_no_call_back_number_until_somebody_else_names_them(memory: Memory) -> None:
    def shown(session: Session) -> list[bool]:
        return [callbacks.seen(session, WARD, tip_id, officer_id=officer_id).is_mine for officer_id in (AN, BINH, CHIEF)]

    def accepted(session: Session) -> int:
        tip_id = a_tip(session)
        callbacks.keep(session, ward_id=WARD, tip_id=tip_id, callback_id=new_id(), number="0912345678", now=NOW)
        tips.accept_tip(session, WARD, tip_id=tip_id, officer_id=AN, history_id=new_id(), now=NOW)
        return tip_id

    async def names(by: int, officer_id: int, now: int, reason: str = "") -> list[bool]:
        doing = Act(ward_id=WARD, officer_id=by, history_id=new_id(), now=now)
        await memory.write(lambda session: assignment.assign(session, doing, tip_id=tip_id, officer_id=officer_id, reason=reason))
        return await memory.read(shown)

    tip_id = await memory.write(accepted)
    assert await memory.read(shown) == [True, False, False]
    assert await names(BINH, BINH, NOW + 1) == [True, False, False]
    assert await names(BINH, BINH, NOW + 2) == [True, False, False]
    assert await names(CHIEF, BINH, NOW + 3) == [True, True, False]
    assert await names(CHIEF, CHIEF, NOW + 4, WHY) == [True, False, False]
