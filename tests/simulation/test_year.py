"""A ward's year, told twice: by the house, and by a checker that knows only the history. A short month of it in the ordinary run."""

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage import moments, verify
from tests.simulation.checker import RULES, Account, Line, Look, check, end_of, local
from tests.simulation.year import HOLIDAYS, PEOPLE, WARD, Plan, World, events

_YEAR_WITHIN_SECS = 240


def lived(plan: Plan, folder: Path) -> tuple[World, Account, list[dict[str, Any]]]:
    """What the house says of itself at the end: to the second checker, and by its own `keng verify`."""
    world = World(plan, folder)
    account = world.live()
    differences = world.memory.read(lambda session: verify.verify(session, WARD, now=world.now, heads=[]).differences)
    world.memory.stop()
    return world, account, differences


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """In memory where there is a place for it."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def month(folder: Path) -> tuple[World, Account, list[dict[str, Any]]]:
    """Over the turn of a year."""
    return lived(Plan(seed=20_261_215, first=date(2026, 12, 15), days=31, talks=5), folder)


def test_a_month_of_a_ward_is_told_alike_by_the_house_and_by_a_second_checker(
    month: tuple[World, Account, list[dict[str, Any]]],
) -> None:
    world, account, differences = month

    assert check(account) == [] and differences == [] and not world.refused
    assert len(account.looks) > 31 and {local(look.at).year for look in account.looks} == {2026, 2027}
    happened = ("crashed in a transaction", "accept", "assign", "send", "left", "there", "correct", "ask", "close", "told of nobody")
    assert [what for what in happened if not world.done[what]] == []  # Else it would prove less than it says.
    assert any(look.listed for look in account.looks) and any(line.what == "given_back" for line in account.lines)


def test_a_year_of_a_ward_is_told_alike_by_the_house_and_by_a_second_checker(is_long: bool, folder: Path) -> None:
    if not is_long:
        pytest.skip("a year takes minutes: --long")
    plan = Plan(seed=int(os.environ.get("KENG_TEST_SEED") or secrets.randbits(32)), first=date(2026, 8, 1), days=365, talks=10)
    print(plan)
    began = time.process_time()  # Whatever else the machine does.
    world, account, differences = lived(plan, folder / "year")
    found = check(account)
    print(
        f"{time.process_time() - began:.0f} s, {world.messages} messages, {len(account.lines)} lines", dict(world.done), dict(world.refused)
    )

    assert found == [] and differences == []
    assert world.messages > 4000 and world.done["crashed"] >= 360 and time.process_time() - began < _YEAR_WITHIN_SECS


def test_a_seed_tells_the_same_year_again_and_most_of_it_is_questions_and_chatter() -> None:
    plan = Plan(seed=7, first=date(2026, 12, 15), days=60, talks=20)
    told = events(plan)
    says = [event for event in told if event.what == "says"]
    by_day: dict[date, int] = {}
    for event in says:
        day = local(event.at).date()
        by_day[day] = by_day.get(day, 0) + 1
    ordinary = [many for day, many in by_day.items() if day.weekday() < 5 and day not in HOLIDAYS]

    assert told == events(plan) and told != events(replace(plan, seed=8))
    assert [event.at for event in told] == sorted(event.at for event in told)
    assert sum(event.text == "report" for event in says) < len({event.who for event in says}) / 3
    assert {event.who for event in says} <= set(range(PEOPLE))
    assert by_day[date(2027, 2, 8)] < sum(ordinary) / len(ordinary) / 2
    assert sum(event.what == "crash" for event in told) == 60


# -- the checker finds what is wrong ---------------------------------------------------------------------------------------------


def without(account: Account, *whats: str) -> Account:
    """One line of these never happened; looks count one less behind it."""
    place = next(place for place, line in enumerate(account.lines) if line.what in whats)
    looks = tuple(replace(look, lines=look.lines - (look.lines > place)) for look in account.looks)
    return replace(account, lines=account.lines[:place] + account.lines[place + 1 :], looks=looks)


def with_tip(account: Account, is_it: Callable[[Any], bool] = lambda tip: True, **values: Any) -> Account:
    place = next(place for place, tip in enumerate(account.tips) if is_it(tip))
    return replace(account, tips=(*account.tips[:place], {**account.tips[place], **values}, *account.tips[place + 1 :]))


def with_look(account: Account, change: Callable[[Look], Look]) -> Account:
    place = max(place for place, look in enumerate(account.looks) if look.listed)
    return replace(account, looks=(*account.looks[:place], change(account.looks[place]), *account.looks[place + 1 :]))


def with_alarm(account: Account, after: int) -> Account:
    line = next(line for line in account.lines if line.what == "accepted")
    return replace(account, alarms=({"tip_id": line.tip, "officer_id": 1, "why": "tip", "at": line.at + after},))


@pytest.mark.parametrize(
    ("rules", "change"),
    [
        ({"arrivals"}, lambda account: with_look(account, lambda look: replace(look, waiting=look.waiting - 1))),
        ({"arrivals", "rows"}, lambda account: without(account, "arrived")),
        ({"owners"}, lambda account: with_look(account, lambda look: replace(look, listed=frozenset(sorted(look.listed)[1:])))),
        ({"owners"}, lambda account: with_look(account, lambda look: replace(look, listed=look.listed | {1}))),
        ({"rows"}, lambda account: without(account, "accepted")),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["handler_id"], handler_id=1)),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["there_at"], there_at=1)),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["closed_at"], closed_at=None)),
        ({"rows"}, lambda account: replace(account, tips=account.tips[1:])),
        ({"messages"}, lambda account: replace(account, notices=account.notices[1:])),
        ({"messages"}, lambda account: replace(account, notices=(*account.notices, account.notices[0]))),
        ({"messages"}, lambda account: replace(account, receipts=account.receipts // 2)),
        ({"alone"}, lambda account: without(account, "told_nobody_accepted", "nobody_accepted")),
        ({"alarms"}, lambda account: with_alarm(account, 1)),
        (set(), lambda account: with_alarm(account, -1)),
    ],
)
def test_what_was_changed_is_found(
    month: tuple[World, Account, list[dict[str, Any]]], rules: set[str], change: Callable[[Account], Account]
) -> None:
    found = {sentence.split(":")[0] for sentence in check(change(month[1]))}
    assert found >= rules and bool(found) == bool(rules)


DAY = moments.start_of_day(date(2027, 1, 29))  # A Friday; after it comes a week, and then Tết.
NOON = DAY + 12 * moments.HOUR


def entry(number: int, at: int = NOON, year: int = 2027, tip: int = 1) -> Line:
    detail = {"move": "enter", "from": "S1", "to": "S2", "book": "crime", "year": year, "number": number, "entry": number}
    return Line(tip=tip, at=at, actor="officer:2", what="moved", detail=detail)


def clock(kind: str, amount: int, due: int, *then: tuple[str, int]) -> tuple[Line, ...]:
    started = {"clock": 9, "kind": kind, "amount": amount, "starts": NOON, "due": due}
    return (
        Line(tip=1, at=NOON, actor="system", what="clock_started", detail=started),
        *(Line(tip=1, at=at, actor="system", what=what, detail={"clock": 9, "kind": kind}) for what, at in then),
    )


def found_by(rule: str, *lines: Line, **more: Any) -> list[str]:
    return [*RULES[rule](Account(lines=lines, looks=(), days_off=HOLIDAYS, **{"tips": (), **more}))]


def test_a_gap_a_double_and_another_years_number_are_found_in_a_book() -> None:
    rows = tuple({"id": n, "tip_id": 1, "book": "crime", "year": 2027, "number": n} for n in (1, 2))

    assert found_by("books", entry(1), entry(2), entries=rows) == []
    assert len(found_by("books", entry(1), entry(3), entries=rows)) == 2
    assert len(found_by("books", entry(2), entry(1), entries=rows)) == 1
    assert len(found_by("books", entry(1), entry(2, at=NOON - 60 * moments.DAY), entries=rows)) == 1
    assert len(found_by("books", entry(1), entry(2))) == 1


def test_a_clock_that_ends_otherwise_than_the_law_says_is_found() -> None:
    due = NOON + 24 * moments.HOUR

    assert found_by("clocks", *clock("transfer-a", 24, due, ("clock_met", due))) == []
    assert found_by("clocks", *clock("transfer-a", 24, due, ("clock_over", due + 1), ("clock_late", due + 2))) == []
    assert len(found_by("clocks", *clock("transfer-a", 24, due + 1))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_met", due + 1)))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_late", due)))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_over", due)))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due), tips=({"id": 1, "closed_at": NOON},))) == 1


@pytest.mark.parametrize(
    ("unit", "start", "many", "last_day"),
    [
        ("days", NOON, 7, date(2027, 2, 5)),
        ("days", DAY, 7, date(2027, 2, 5)),
        ("working-days", NOON, 3, date(2027, 2, 3)),
        ("working-days", NOON, 4, date(2027, 2, 11)),  # Over Tết.
        ("months", NOON, 1, date(2027, 3, 1)),  # The 28th of February is a Sunday.
        ("months", moments.start_of_day(date(2026, 12, 31)), 2, date(2027, 3, 1)),
        ("months", moments.start_of_day(date(2026, 11, 30)), 5, date(2027, 5, 4)),  # 30 April, a weekend, and a day off behind it.
    ],
)
def test_days_and_months_end_with_their_last_day(unit: str, start: int, many: int, last_day: date) -> None:
    end = end_of(unit, start, many, HOLIDAYS)
    assert local(end).date() == last_day and local(end + 1).date() > last_day and local(end + 1).hour == 0


def test_hours_run_through() -> None:
    assert end_of("hours", NOON, 12, HOLIDAYS) == NOON + 12 * moments.HOUR
    assert end_of("minutes", NOON, 15, HOLIDAYS) == NOON + 15 * moments.MINUTE
