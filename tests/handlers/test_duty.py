"""The roster: patterns make shifts once, the hands it passes through are known, and nobody's absence stops a hand-over."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers import duty, officers
from handlers.acts import Act
from handlers.cards import Card
from handlers.messages import Ward
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import duty as rows
from storage.queries.duty import Crew, Pattern
from storage.queries.officers import OfficerSeen
from storage.queries.sight import Sight
from tests.databases import Database, known_vault
from tests.promises.test_p3 import CHIEF, COMMANDER, DUTY, NEXT, SECOND, at, first_rows

NOW = at("10:00")  # A Thursday.


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def pattern(**more: Any) -> Pattern:
    given: dict[str, Any] = {"starts": 19 * 60, "minutes": 12 * 60, "weekdays": "0123456", "every": 1, "first_day": "2026-03-01"}
    crew = Crew(duty_id=DUTY, second_id=SECOND, commander_id=COMMANDER)
    return Pattern(**{"id": new_id(), "name": "Trực đêm", "last_day": "", "crew": crew, **given, **more})


def act(officer_id: int = CHIEF, now: int = NOW) -> Act:
    return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=now)


def test_only_who_reads_what_arrives_stands_on_the_roster_or_is_called_when_nobody_else_can_be() -> None:
    """Handlers and the superior body's keepers were called at the end of the ladder, to a page that is closed to them."""
    people = [OfficerSeen(id=1, ward_id=1, login=role, name=role, role=role, disabled_at=None) for role in officers.ROLES]
    assert [one.role for one in people if duty.may_serve(one)] == ["chief", "duty"]


def starts(session: Session) -> list[str]:
    query = select(col(tables.Shift.starts_at)).where(col(tables.Shift.cancelled_at).is_(None)).order_by(col(tables.Shift.starts_at))
    return [f"{moments.local(one):%d %H:%M}" for one in session.execute(query).scalars()]


def take(session: Session, officer_id: int, now: int, *, is_there: bool = True, why: str = "") -> None:
    wanted = duty.hands(session, 1, officer_id, now).shift
    duty.take(
        session,
        act(officer_id, now),
        shift_id=wanted.id if wanted else 0,
        is_there=is_there,
        why=why,
        hand_over_id=new_id(),
    )


def test_a_pattern_falls_on_weekdays_or_every_few_days() -> None:
    weekend = pattern(weekdays="56")
    every_third = pattern(weekdays="", every=3, last_day="2026-03-10")
    march = [date(2026, 3, day) for day in range(1, 16)]

    assert [day.day for day in march if duty.falls_on(weekend, day)] == [1, 7, 8, 14, 15]
    assert [day.day for day in march if duty.falls_on(every_third, day)] == [1, 4, 7, 10]
    assert not duty.falls_on(weekend, date(2026, 2, 28))


async def test_shifts_are_made_once_three_weeks_ahead_and_after_a_standstill_from_today(memory: Memory) -> None:
    night = pattern(every=7, weekdays="", first_day="2026-03-11")
    await memory.write(lambda session: duty.add_pattern(session, act(now=at("03:00")), night, draw=new_id))
    assert await memory.read(starts) == ["11 19:00", "18 19:00", "25 19:00", "01 19:00"]  # Last night's still runs.

    assert await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=NOW)) == 0
    later = NOW + 100 * moments.DAY
    assert await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=later)) == 3
    assert (await memory.read(starts))[4:] == ["24 19:00", "01 19:00", "08 19:00"]


async def test_a_shift_past_midnight_is_on_duty_until_its_end(memory: Memory) -> None:
    await memory.write(lambda session: duty.add_pattern(session, act(), pattern(), draw=new_id))
    seen = {}
    for clock, day in (("18:59", 12), ("19:00", 12), ("06:59", 13), ("07:00", 13)):
        who = await memory.read(lambda session, clock=clock, day=day: duty.on_duty(session, 1, at(clock, day)))  # type: ignore[misc]
        seen[clock] = (who.duty, who.second, who.commander, who.is_empty)

    nobody, crew = (CHIEF, None, None, True), (DUTY, SECOND, COMMANDER, False)
    assert seen == {"18:59": nobody, "19:00": crew, "06:59": crew, "07:00": nobody}
    assert await memory.read(lambda session: duty.is_commander(session, 1, COMMANDER, at("20:00")))
    assert not await memory.read(lambda session: duty.is_commander(session, 1, COMMANDER, at("18:00")))


async def test_an_ended_pattern_takes_its_shifts_along_but_the_one_that_runs_and_what_was_changed_stays_changed(memory: Memory) -> None:
    one = pattern(starts=7 * 60, minutes=1440, first_day="2026-03-12")
    await memory.write(lambda session: duty.add_pattern(session, act(), one, draw=new_id))
    tomorrow = await memory.read(lambda session: rows.shifts_between(session, 1, at("08:00", 13), at("09:00", 13))[0])
    await memory.write(lambda session: duty.change_shift(session, act(), tomorrow.id, Crew(duty_id=NEXT)))
    await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=NOW) and None)
    who = await memory.read(lambda session: duty.on_duty(session, 1, at("08:00", 13)))
    assert (who.duty, who.second) == (NEXT, None)

    await memory.write(lambda session: duty.end_pattern(session, act(), one.id))
    assert await memory.read(starts) == ["12 07:00"]
    assert await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=NOW)) == 0


async def test_a_cancelled_shift_stays_cancelled_and_its_hours_are_empty(memory: Memory) -> None:
    await memory.write(lambda session: duty.add_pattern(session, act(), pattern(), draw=new_id))
    tonight = await memory.read(lambda session: rows.shifts_between(session, 1, NOW, at("23:00"))[0])
    await memory.write(lambda session: duty.cancel_shift(session, act(), tonight.id))
    await memory.write(lambda session: duty.plan(session, 1, draw=new_id, now=NOW) and None)

    assert (await memory.read(lambda session: duty.on_duty(session, 1, at("23:00")))).is_empty
    with pytest.raises(Mistake, match="mistake-shift-none"):
        await memory.write(lambda session: duty.change_shift(session, act(), tonight.id, Crew(duty_id=NEXT)))


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"crew": Crew(duty_id=DUTY, second_id=DUTY)}, "mistake-shift-same"),
        ({"crew": Crew(duty_id=99)}, "mistake-shift-who"),
        ({"minutes": 20}, "mistake-shift-length"),
        ({"minutes": 1441}, "mistake-shift-length"),
        ({"name": ""}, "mistake-shift-name"),
        ({"every": 0, "weekdays": ""}, "mistake-shift-every"),
        ({"last_day": "2026-02-28"}, "mistake-shift-days"),
    ],
)
async def test_a_pattern_that_cannot_be_is_told_why(postgres_database: Database, wrong: dict[str, Any], key: str) -> None:
    memory = Memory(postgres_database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    with pytest.raises(Mistake, match=key):
        await memory.write(lambda session: duty.add_pattern(session, act(), pattern(**wrong), draw=new_id))
    await memory.stop()


async def test_the_desk_passes_from_hand_to_hand_with_what_is_open(memory: Memory) -> None:
    def roster(session: Session) -> None:
        for hour, who in (("07:00", DUTY), ("19:00", SECOND)):
            duty.add_shift(session, act(), shift_id=new_id(), starts_at=at(hour), minutes=720, crew=Crew(duty_id=who))
        for tip_id, more in ((30, {}), (31, {"closed_at": NOW}), (32, {"restricted": "chief"}), (33, {"accepted_at": NOW})):
            session.add(tables.Tip(id=tip_id, ward_id=1, channel="webchat", created_at=NOW, arrived_at=NOW + tip_id, **more))

    await memory.write(roster)
    await memory.write(lambda session: take(session, DUTY, NOW))
    assert (await memory.read(lambda session: duty.on_duty(session, 1, at("18:29")))).duty == DUTY
    # Next comes early instead of whom the roster names, and counts from then on.
    await memory.write(lambda session: take(session, NEXT, at("18:30")))
    assert (await memory.read(lambda session: duty.on_duty(session, 1, at("18:31")))).duty == NEXT
    assert (await memory.read(lambda session: duty.hands(session, 1, NEXT, at("18:31")))).is_mine
    # The second officer takes it from somebody who has gone: a word is asked for, and nothing else.
    with pytest.raises(Mistake, match="mistake-shift-why"):
        await memory.write(lambda session: take(session, SECOND, at("22:00"), is_there=False))
    await memory.write(lambda session: take(session, SECOND, at("22:00"), is_there=False, why="ill"))
    assert (await memory.read(lambda session: duty.on_duty(session, 1, at("22:01")))).duty == SECOND

    passed = await memory.read(lambda session: rows.hand_overs(session, 1, most=9))
    assert [(one.from_officer, one.to_officer, one.how, one.open_tips) for one in passed] == [
        (NEXT, SECOND, "taken", 2),
        (DUTY, NEXT, "handed", 2),
        (None, DUTY, "handed", 2),
    ]
    first = await memory.read(lambda session: rows.open_tips(session, Sight(ward_id=1, kinds=frozenset({""})), most=9)[0])
    assert [one.id for one in first] == [30, 33]
    whys = await memory.read(
        lambda session: [
            row.detail["why"]
            for row in session.execute(select(tables.HistoryRow).where(col(tables.HistoryRow.what) == "shift_taken")).scalars()
        ]
    )
    assert sorted(whys) == ["", "", "ill"]


async def test_a_second_press_takes_nothing_twice_and_a_shift_that_is_not_there_says_so(memory: Memory) -> None:
    with pytest.raises(Mistake, match="mistake-shift-moved"):
        await memory.write(lambda session: take(session, DUTY, NOW))
    begin = {"shift_id": new_id(), "starts_at": at("07:00"), "minutes": 720, "crew": Crew(duty_id=DUTY)}
    await memory.write(lambda session: duty.add_shift(session, act(), **begin))  # type: ignore[arg-type]
    for _ in range(2):
        await memory.write(lambda session: take(session, DUTY, NOW))

    assert len(await memory.read(lambda session: rows.hand_overs(session, 1, most=9))) == 1


async def test_a_closed_account_is_called_by_nobody(memory: Memory) -> None:
    begin = {"shift_id": new_id(), "starts_at": at("07:00"), "minutes": 720, "crew": Crew(duty_id=DUTY, second_id=SECOND)}
    await memory.write(lambda session: duty.add_shift(session, act(), **begin))  # type: ignore[arg-type]

    def close(session: Session) -> None:
        officer = session.get(tables.Officer, DUTY)
        assert officer
        officer.disabled_at = NOW
        session.flush()

    await memory.write(close)
    who = await memory.read(lambda session: duty.on_duty(session, 1, NOW))
    assert (who.duty, who.second, who.is_empty) == (None, SECOND, False)


async def test_whoever_is_planned_is_called_in_once_a_little_before(memory: Memory) -> None:
    rung: list[tuple[int, Card]] = []

    def ring(_session: Session, _ward: Ward, officer_id: int, card: Card, **_more: Any) -> int | None:
        rung.append((officer_id, card))
        return None

    def beat(session: Session, now: int) -> int:
        return duty.call_in(session, Ward(id=1, name="", duty_phone=""), ring, draw=new_id, now=now)

    starts_at = at("19:00")
    await memory.write(lambda session: session.add(tables.Shift(id=70, ward_id=1, starts_at=starts_at, ends_at=at("23:00"), duty_id=NEXT)))
    many = [await memory.write(lambda session, now=now: beat(session, now)) for now in (at("18:40"), at("18:46"), at("18:47"), at("19:30"))]  # type: ignore[misc]

    assert many == [0, 1, 0, 0] and rung == [(NEXT, Card(kind="roster", shift_id=70))]
    await memory.write(lambda session: session.add(tables.Shift(id=71, ward_id=1, starts_at=1, ends_at=2, duty_id=NEXT)))
    assert await memory.write(lambda session: beat(session, at("18:46"))) == 0  # Long over: nobody is called to it.
