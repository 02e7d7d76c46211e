"""*Chuyển công tác*: what hangs on an officer passes on whole, and nobody goes who leaves something that nobody else could open."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from handlers import assignment, duty, moving, newcomers, officers
from handlers.messages import Ward
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import duty as duty_rows
from storage.queries import moving as rows
from storage.queries import officers as officer_rows
from storage.queries.duty import Crew, Pattern
from tests.storage.test_custody import TIP, act, becomes_custodian, confirms, every, memory

__all__ = ["memory"]
CHIEF, GOES, STAYS, INSPECTOR = 1, 2, 3, 4
HERE = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456")
NOW, HOUR = moments.now(), moments.HOUR
SECRET_TIP = 78


async def goes(memory: Memory, officer_id: int = GOES, *, taker: int | None = None, server: int | None = None, by: int = CHIEF) -> None:
    pressed = replace(act(by), now=NOW)

    def press(session: Session) -> None:
        moving.move_away(session, HERE, pressed, officer_id=officer_id, taker_id=taker, server_id=server, draw=new_id)

    await memory.write(press)


async def takes_role(memory: Memory, officer_id: int, role: str, *, by: int = CHIEF) -> None:
    pressed = replace(act(by), now=NOW)
    await memory.write(lambda session: moving.change_role(session, HERE, pressed, officer_id=officer_id, role=role, draw=new_id) and None)


def planned(session: Session, officer_id: int = GOES) -> moving.Plan:
    found = moving.plan(session, 1, officer_id, by=CHIEF, now=NOW)
    assert found is not None
    return found


def have_a_busy_life(session: Session) -> None:
    """Officer 2: two open tips (one only for the chief), a closed one, a shift that runs and was taken, four ahead, an area, a link."""
    session.get_one(tables.Tip, TIP).handler_id = GOES
    for tip_id, restricted, closed_at in ((SECRET_TIP, "chief", None), (79, "", 5)):
        one: dict[str, Any] = {"restricted": restricted, "closed_at": closed_at, "state": "S1", "arrived_at": 2, "created_at": 0}
        session.add(tables.Tip(id=tip_id, ward_id=1, channel="webchat", code_tail="0000", handler_id=GOES, **one))
    session.flush()
    crews = {
        501: (-HOUR, Crew(duty_id=GOES)),  # Runs, and was taken.
        502: (24 * HOUR, Crew(duty_id=GOES)),
        503: (48 * HOUR, Crew(duty_id=GOES, second_id=STAYS)),
        504: (72 * HOUR, Crew(duty_id=STAYS, second_id=GOES, commander_id=GOES)),
        505: (96 * HOUR, Crew(duty_id=STAYS)),
    }
    for shift_id, (begins, crew) in crews.items():
        duty_rows.add_shift(session, 1, row_id=shift_id, starts_at=NOW + begins, ends_at=NOW + begins + 8 * HOUR, crew=crew)
    duty_rows.take(session, 501, officer_id=GOES, now=NOW - HOUR)
    session.add(tables.Responsibility(id=600, ward_id=1, officer_id=GOES, category="TC", named_at=0, named_by=CHIEF))
    officer_rows.open_session(session, session_id=1, ward_id=1, officer_id=GOES, token_hash="x", now=NOW, ends_at=NOW + HOUR)
    rows.keep_link(session, 1, link_id=601, officer_id=GOES, token_hash="l", by=CHIEF, now=NOW, ends_at=NOW + HOUR)


def roster(session: Session) -> dict[int, tuple[int, int | None, int | None]]:
    return {
        row.id: (row.duty_id, row.second_id, row.commander_id)
        for row in every(session, tables.Shift)
        if row.cancelled_at is None and row.ends_at > NOW
    }


async def whats(memory: Memory) -> list[str]:
    return sorted(await memory.read(lambda session: [row.what for row in every(session, tables.HistoryRow) if row.at == NOW]))


async def test_what_hangs_on_an_officer_goes_to_those_named_in_one_go(memory: Memory) -> None:
    await memory.write(have_a_busy_life)
    plan = await memory.read(planned)
    assert (plan.work_count, plan.sessions, plan.areas, plan.obstacles) == (2, 1, 1, ())
    assert [one.id for one in plan.shifts] == [501, 502, 503, 504] and [one.id for one in plan.empty] == [501, 502]
    assert {one.id for one in plan.servers} == {CHIEF, STAYS}

    await goes(memory, taker=STAYS, server=STAYS)

    def after(session: Session) -> None:
        tips = {row.id: row.handler_id for row in every(session, tables.Tip)}
        assert tips == {TIP: STAYS, SECRET_TIP: None, 79: GOES}  # What the taker may not read goes to the chief's list.
        assert assignment.tasks_of(session, officer_rows.officer(session, 1, STAYS), now=NOW).new == 1  # type: ignore[arg-type]
        assert [row.officer_id for row in every(session, tables.Responsibility)] == [STAYS]
        assert {501, 502} & roster(session).keys() == {502}  # The one that ran goes on as a shift of its own, in other hands.
        assert sorted(roster(session).values(), key=str) == [(STAYS, None, STAYS), *[(STAYS, None, None)] * 4]
        assert duty.on_duty(session, 1, NOW).duty == STAYS
        assert every(session, tables.DeskSession) == [] and newcomers.whose_link(session, 1, "l", now=NOW) is None
        assert officer_rows.password_hash_of(session, "o2") is None
        assert moving.plan(session, 1, GOES, by=CHIEF, now=NOW) is None

    await memory.read(after)
    moved = ["officer_closed", "officer_moved", "responsible_named", *["shift_changed"] * 3, "shift_added", "shift_cancelled"]
    assert await whats(memory) == sorted(["assigned", "given_back", *moved])
    with pytest.raises(Mistake, match="mistake-officer-closed"):
        await goes(memory)


async def test_with_nobody_named_shifts_stand_empty_and_tips_on_the_chiefs_list(memory: Memory) -> None:
    await memory.write(have_a_busy_life)
    weekly: dict[str, Any] = {"minutes": 480, "weekdays": "0123456", "every": 1, "first_day": "2026-01-01", "last_day": ""}
    alone, both = Crew(duty_id=GOES), Crew(duty_id=GOES, second_id=STAYS)

    def two_patterns(session: Session) -> None:
        for number, crew in ((701, alone), (702, both)):
            duty_rows.add_pattern(session, 1, Pattern(id=number, name="Ca", starts=0, crew=crew, **weekly))
        duty.plan(session, 1, draw=new_id, now=NOW)

    await memory.write(two_patterns)
    empty = len((await memory.read(planned)).empty)
    await goes(memory)

    def after(session: Session) -> None:
        assert {row.id: row.handler_id for row in every(session, tables.Tip)} == {TIP: None, SECRET_TIP: None, 79: GOES}
        assert every(session, tables.Responsibility) == []
        assert {one.id: one.crew for one in duty_rows.patterns(session, 1)} == {702: Crew(duty_id=STAYS)}
        assert not [crew for crew in roster(session).values() if GOES in crew]
        gone = [row for row in every(session, tables.Shift) if row.cancelled_at == NOW]
        assert len(gone) == empty > 20
        shown = duty_rows.shifts_between(session, 1, NOW, NOW + 30 * 24 * HOUR)
        assert {row.id for row in gone} <= {one.id for one in shown}  # The roster names them.

    await memory.read(after)
    assert await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=NOW)) == 0


async def test_whoever_keeps_what_nobody_else_could_open_stays(memory: Memory) -> None:
    def obstacles(officer_id: int) -> Any:
        return memory.read(lambda session: [(one.key, one.names) for one in planned(session, officer_id).obstacles])

    with pytest.raises(Mistake, match="moving-last-chief"):
        await goes(memory, CHIEF)
    await becomes_custodian(memory, GOES)
    assert await obstacles(GOES) == [("moving-only-custodian", ("O2",))]
    second, _pair, _active = await becomes_custodian(memory, STAYS, named_by=GOES)
    await confirms(memory, second, by=GOES)
    assert await obstacles(GOES) == [("moving-last-custodians", ("O3", "O2"))]
    for press in (goes(memory), takes_role(memory, GOES, "inspector")):
        with pytest.raises(Mistake, match="moving-last-custodians"):
            await press
    third, _pair, _active = await becomes_custodian(memory, CHIEF, named_by=GOES)
    await confirms(memory, third, by=GOES)
    with pytest.raises(Mistake, match="moving-role-keeps-key"):
        await takes_role(memory, GOES, "inspector")

    # Of three, two press at the same moment: the one who comes second keeps one of the last two.
    outcomes = await asyncio.gather(goes(memory, GOES), goes(memory, STAYS), return_exceptions=True)
    assert sorted(str(one) for one in outcomes) == ["None", "moving-last-custodians"]
    ended = await memory.read(lambda session: [row.status for row in every(session, tables.Custodian)].count("ended"))
    assert ended == 1 and "custodian_ended" in await whats(memory)


async def test_the_last_one_who_reads_about_the_ward_police_stays(memory: Memory) -> None:
    await takes_role(memory, INSPECTOR, "keeper")
    for press in (goes(memory, INSPECTOR), takes_role(memory, INSPECTOR, "duty")):
        with pytest.raises(Mistake, match="moving-last-keeper"):
            await press
    await memory.write(lambda session: session.add(tables.Tip(id=90, ward_id=1, channel="webchat", created_at=0, arrived_at=2, **FENCED)))
    await takes_role(memory, STAYS, "keeper")
    await goes(memory, INSPECTOR, taker=CHIEF)  # What the chief may not read goes to the other one all the same.
    assert await memory.read(lambda session: session.get_one(tables.Tip, 90).handler_id) == STAYS


FENCED: dict[str, Any] = {"restricted": "fence", "handler_id": INSPECTOR, "state": "S1"}


async def test_a_role_that_may_not_hold_it_gives_it_back(memory: Memory) -> None:
    await memory.write(have_a_busy_life)
    with pytest.raises(Mistake, match="moving-own-role"):
        await takes_role(memory, CHIEF, "duty")
    with pytest.raises(Mistake, match="desk-not-yours"):
        await takes_role(memory, STAYS, "chief", by=GOES)
    await takes_role(memory, GOES, "handler")

    def handles(session: Session) -> None:
        assert {row.id: row.handler_id for row in every(session, tables.Tip)} == {TIP: GOES, SECRET_TIP: None, 79: GOES}
        assert not [crew for crew in roster(session).values() if GOES in crew]
        assert every(session, tables.DeskSession) == [] and len(every(session, tables.Responsibility)) == 1

    await memory.read(handles)
    await takes_role(memory, GOES, "inspector")
    assert await memory.read(lambda session: (session.get_one(tables.Tip, TIP).handler_id, every(session, tables.Responsibility))) == (
        None,
        [],
    )


async def test_a_link_sets_a_password_once_and_not_for_a_closed_account(memory: Memory) -> None:
    def add(session: Session, login: str, by: int) -> None:
        links: dict[str, Any] = {"link_id": new_id(), "link_history_id": new_id(), "token_hash": f"t-{login}"}
        account: dict[str, Any] = {"officer_id": new_id(), "login": login, "name": login, "role": "duty", "password_hash": "x"}
        newcomers.add(session, replace(act(by), now=NOW), **account, **links)

    def use(session: Session, token_hash: str, now: int) -> None:
        newcomers.use_link(session, 1, token_hash=token_hash, password_hash="own", history_id=new_id(), now=now)

    with pytest.raises(Mistake, match="desk-not-yours"):
        await memory.write(lambda session: add(session, "moi", GOES))
    for login in ("moi", "cu"):
        await memory.write(lambda session, login=login: add(session, login, CHIEF))  # type: ignore[misc]
    await memory.write(lambda session: use(session, "t-moi", NOW + HOUR))
    assert (await memory.read(lambda session: officer_rows.password_hash_of(session, "moi")))[2] == "own"  # type: ignore[index]
    [closed] = await memory.read(lambda session: [row.id for row in every(session, tables.Officer) if row.login == "cu"])
    history_id = new_id()
    await memory.write(
        lambda session: officers.close_account(session, 1, officer_id=closed, by=CHIEF, why="away", history_id=history_id, now=NOW)
    )
    for token_hash, now in (("t-moi", NOW + HOUR), ("t-cu", NOW), ("other", NOW)):
        with pytest.raises(Mistake, match="own-password-over"):
            await memory.write(lambda session, token_hash=token_hash, now=now: use(session, token_hash, now))  # type: ignore[misc]
    await memory.write(lambda session: add(session, "muon", CHIEF))
    with pytest.raises(Mistake, match="own-password-over"):
        await memory.write(lambda session: use(session, "t-muon", NOW + newcomers.LINK_LIVES))
