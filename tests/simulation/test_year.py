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
from tests.simulation.promises import MORE_RULES, check_more
from tests.simulation.town import Town
from tests.simulation.whole import never_happened, town
from tests.simulation.year import HOLIDAYS, PEOPLE, WARD, WORKED, Plan, events

_YEAR_WITHIN_SECS = 240
DAY = moments.start_of_day(date(2027, 1, 29))  # A Friday; after it comes a week, and then Tết.
NOON = DAY + 12 * moments.HOUR


def lived(plan: Plan, folder: Path, url: str = "") -> tuple[Town, Account, list[dict[str, Any]]]:
    """What the house says of itself at the end: to the second checker, and by its own `keng verify`."""
    world = town(plan, folder, url)
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
def month(folder: Path) -> tuple[Town, Account, list[dict[str, Any]]]:
    """Not half of one, over the turn of a year."""
    return lived(Plan(seed=4, first=date(2026, 12, 22), days=16, talks=3), folder)


def test_a_month_of_a_ward_is_told_alike_by_the_house_and_by_a_second_checker(
    month: tuple[Town, Account, list[dict[str, Any]]],
) -> None:
    world, account, differences = month

    assert check(account) == [] and check_more(account) == [] and differences == [] and not world.refused
    assert len(account.looks) > 20 and {local(look.at).year for look in account.looks} == {2026, 2027}
    assert never_happened(world) == []  # Else it would prove less than it says.
    assert any(look.listed for look in account.looks)
    assert {"given_back", "clock_moved", "clock_late", "clock_over", "danger_heard"} <= {line.what for line in account.lines}
    assert {"urgent", "tip", "morning", "roster"} == {alarm["why"] for alarm in account.alarms}
    assert {"chat", "none"} == {alarm["way"] for alarm in account.alarms}
    assert {line.detail["why"] for line in account.lines if line.what == "shift_taken"} > {"", "gone"}
    assert {row["kind"] for row in account.letters} == {"complaint", "threat", "data"}


def test_a_year_of_a_ward_is_told_alike_by_the_house_and_by_a_second_checker(is_long: bool, folder: Path) -> None:
    if not is_long:
        pytest.skip("a year takes minutes: --long")
    plan = Plan(seed=int(os.environ.get("KENG_TEST_SEED") or secrets.randbits(32)), first=date(2026, 8, 1), days=365, talks=3.5)
    print(plan)
    began = time.process_time()  # Whatever else the machine does.
    world, account, differences = lived(plan, folder / "year")
    found = [*check(account), *check_more(account)]
    print(
        f"{time.process_time() - began:.0f} s, {world.messages} messages, {len(account.lines)} lines", dict(world.done), dict(world.refused)
    )

    assert found == [] and differences == []
    assert not world.refused and never_happened(world) == []
    assert {"urgent", "tip", "morning", "roster"} == {alarm["why"] for alarm in account.alarms}
    assert world.messages > 4000 and world.done["crashed"] >= 360 and time.process_time() - began < _YEAR_WITHIN_SECS


def test_a_quarter_on_postgres_is_told_alike_too(is_long: bool, request: pytest.FixtureRequest, folder: Path) -> None:
    if not is_long:
        pytest.skip("a quarter on PostgreSQL takes minutes: --long")
    plan = Plan(seed=int(os.environ.get("KENG_TEST_SEED") or secrets.randbits(32)), first=date(2026, 11, 1), days=90, talks=4)
    print(plan)
    world, account, differences = lived(plan, folder, request.getfixturevalue("postgres_database").url)

    assert [*check(account), *check_more(account)] == [] and differences == [] and not world.refused
    assert {"urgent", "tip", "morning", "roster"} == {alarm["why"] for alarm in account.alarms}
    assert world.done["stood still"] and world.done["to paper"] and world.done["letter answered"]


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


def with_line(account: Account, what: str, is_it: Callable[[Line], bool] = lambda line: True, **detail: Any) -> Account:
    place = next(place for place, line in enumerate(account.lines) if line.what == what and is_it(line))
    line = account.lines[place]
    changed = replace(line, detail={**line.detail, **detail})
    return replace(account, lines=(*account.lines[:place], changed, *account.lines[place + 1 :]))


def with_every(account: Account, what: str, is_it: Callable[[Line], bool], **detail: Any) -> Account:
    def changed(line: Line) -> Line:
        return replace(line, detail={**line.detail, **detail}) if line.what == what and is_it(line) else line

    return replace(account, lines=tuple(changed(line) for line in account.lines))


def is_move(name: str) -> Callable[[Line], bool]:
    return lambda line: line.detail["move"] == name


def tells(name: str) -> Callable[[Line], bool]:
    return lambda line: line.detail["move"] == name and "tells" in line.detail


def is_clock(kind: str) -> Callable[[Line], bool]:
    return lambda line: line.detail["kind"] == kind


def with_alarm(account: Account, after: int, **values: Any) -> Account:
    """One more, so long after somebody accepted what had called for them."""
    urgent = [alarm for alarm in account.alarms if alarm["why"] == "urgent"]
    accepted = [line for line in account.lines if line.what == "accepted"]
    line, before = next((line, alarm) for line in accepted for alarm in urgent if alarm["tip_id"] == line.tip and alarm["at"] < line.at)
    return replace(account, alarms=(*account.alarms, {**before, "way": "none", "officer_id": None, "at": line.at + after, **values}))


def without_alarms(account: Account, is_it: Callable[[Any], bool]) -> Account:
    left = tuple(alarm for alarm in account.alarms if not is_it(alarm))
    assert len(left) < len(account.alarms)
    return replace(account, alarms=left)


def with_notice(account: Account, **values: Any) -> Account:
    """One was written at another time."""
    place = next(place for place, notice in enumerate(account.notices) if notice["kind"] == "status")
    return replace(account, notices=(*account.notices[:place], {**account.notices[place], **values}, *account.notices[place + 1 :]))


def twice(account: Account, why: str) -> Account:
    alarm = next(alarm for alarm in account.alarms if alarm["why"] == why)
    return replace(account, alarms=(*account.alarms, {**alarm, "at": alarm["at"] + moments.MINUTE}))


def with_wrong_person(account: Account) -> Account:
    place = next(
        place for place, alarm in enumerate(account.alarms) if alarm["rung"] == 0 and alarm["officer_id"] not in (None, account.chief)
    )
    wrong = {**account.alarms[place], "officer_id": account.chief}
    return replace(account, alarms=(*account.alarms[:place], wrong, *account.alarms[place + 1 :]))


def with_nobody_on_the_roster(account: Account) -> Account:
    """For a whole day of which no alarm tells."""
    told = {local(alarm["at"]).date() for alarm in account.alarms if alarm["why"] == "roster"}
    day = next(day for day in (date(2027, 1, number) for number in range(2, 12)) if day not in told)
    return replace(account, shifts=tuple(one for one in account.shifts if local(one["starts_at"]).date() != day))


@pytest.mark.parametrize(
    ("rules", "change"),
    [
        ({"arrivals"}, lambda account: with_look(account, lambda look: replace(look, waiting=look.waiting - 1))),
        ({"arrivals", "rows"}, lambda account: without(account, "arrived")),
        ({"arrivals"}, lambda account: with_line(account, "day_checked", entered=0, waiting=0)),
        ({"books"}, lambda account: with_line(account, "moved", is_move("enter"), number=77)),
        ({"books"}, lambda account: replace(account, entries=account.entries[1:])),
        ({"owners"}, lambda account: with_look(account, lambda look: replace(look, listed=frozenset(sorted(look.listed)[1:])))),
        ({"owners"}, lambda account: with_look(account, lambda look: replace(look, listed=look.listed | {1}))),
        ({"rows", "moves"}, lambda account: without(account, "accepted")),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["handler_id"], handler_id=1)),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["there_at"], there_at=1)),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["closed_at"], closed_at=None)),
        ({"rows"}, lambda account: with_tip(account, lambda tip: tip["state"] == "S12", state="S8")),
        ({"rows"}, lambda account: replace(account, tips=account.tips[1:])),
        ({"moves"}, lambda account: without(account, "moved")),
        ({"moves"}, lambda account: with_line(account, "moved", is_move("transfer"), to="S8")),
        ({"moves"}, lambda account: with_every(account, "moved", is_move("approve"), move="noted")),
        ({"moves"}, lambda account: with_every(account, "moved", is_move("report"), move="noted")),
        ({"clocks"}, lambda account: with_line(account, "clock_started", is_clock("receipt"), due=NOON)),
        ({"clocks"}, lambda account: with_line(account, "clock_moved", due=NOON)),
        ({"clocks"}, lambda account: replace(account, days_off=HOLIDAYS - {date(2027, 1, 1)})),
        ({"clocks"}, lambda account: without(account, "day_off_set")),
        ({"started"}, lambda account: with_line(account, "clock_started", is_clock("enter"), kind="answer")),
        ({"started"}, lambda account: with_line(account, "clock_started", is_clock("transfer-b"), starts=NOON)),
        ({"started"}, lambda account: with_line(account, "clock_started", is_clock("classify-a"), kind="answer")),
        ({"started"}, lambda account: with_line(account, "clock_started", is_clock("child"), starts=NOON)),
        ({"messages"}, lambda account: replace(account, notices=account.notices[1:])),
        ({"messages"}, lambda account: replace(account, notices=(*account.notices, account.notices[0]))),
        ({"messages"}, lambda account: replace(account, receipts=account.receipts // 2)),
        ({"messages"}, lambda account: with_notice(account, created_at=NOON)),
        *(
            ({"messages"}, lambda account, name=name: with_line(account, "moved", tells(name), move="noted"))
            for name in ("transfer", "acknowledged", "fine", "check", "approve")
        ),
        ({"messages"}, lambda account: without(account, "reopened", "closed")),
        ({"alone"}, lambda account: without(account, "told_nobody_accepted", "nobody_accepted")),
        ({"alarms"}, lambda account: with_alarm(account, 1)),
        ({"alarms"}, lambda account: with_alarm(account, 0, tip_id=None, tips=(), why="roster")),
        ({"alarms"}, with_wrong_person),
        (set(), lambda account: with_alarm(account, 0)),
        ({"waited"}, lambda account: without_alarms(account, lambda alarm: alarm["why"] == "tip")),
        ({"waited"}, lambda account: without_alarms(account, lambda alarm: alarm["why"] == "urgent" and alarm["rung"] == 3)),
        ({"roster"}, lambda account: without_alarms(account, lambda alarm: alarm["why"] == "roster")),
        ({"roster"}, lambda account: twice(account, "roster")),
        ({"roster"}, with_nobody_on_the_roster),
    ],
)
def test_what_was_changed_is_found(
    month: tuple[Town, Account, list[dict[str, Any]]], rules: set[str], change: Callable[[Account], Account]
) -> None:
    found = {sentence.split(":")[0] for sentence in check(change(month[1]))}
    assert found >= rules and bool(found) == bool(rules)


def only(account: Account, what: str, **values: Any) -> Account:
    """The first line of these, said otherwise in its own fields."""
    place = next(place for place, line in enumerate(account.lines) if line.what == what)
    changed = replace(account.lines[place], **values)
    return replace(account, lines=(*account.lines[:place], changed, *account.lines[place + 1 :]))


def with_row(account: Account, rows: str, is_it: Callable[[Any], bool] = lambda row: True, **values: Any) -> Account:
    found = getattr(account, rows)
    place = next(place for place, row in enumerate(found) if is_it(row))
    return replace(account, **{rows: (*found[:place], {**found[place], **values}, *found[place + 1 :])})  # type: ignore[arg-type]


def by_somebody_else(account: Account, what: str, officer_id: int) -> Account:
    return only(account, what, actor=f"officer:{officer_id}")


def behind_the_fence(account: Account) -> Account:
    """Some officer accepted what only keepers read."""
    fenced = {line.tip for line in account.lines if line.what == "restricted" and line.detail["kind"] == "fence"}
    place = next(place for place, line in enumerate(account.lines) if line.what == "accepted" and line.tip in fenced)
    wrong = replace(account.lines[place], actor=f"officer:{account.chief}")
    return replace(account, lines=(*account.lines[:place], wrong, *account.lines[place + 1 :]))


def without_words(account: Account) -> Account:
    """Nobody was told of the file that could not be had."""
    place = next(place for place, line in enumerate(account.lines) if line.what in ("file_failed", "file_refused"))
    line = account.lines[place]
    sent, notices = (tuple(one for one in rows if one["created_at"] != line.at) for rows in (account.sent, account.notices))
    return replace(account, sent=sent, notices=notices)


def brought_and_left(account: Account) -> Account:
    """Whoever wrote it down did not take it."""
    brought = {(line.tip, line.at) for line in account.lines if line.what == "brought_in" and not line.detail["urgent"]}
    return replace(account, lines=tuple(line for line in account.lines if line.what != "accepted" or (line.tip, line.at) not in brought))


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("fence", behind_the_fence),
        ("fence", lambda account: by_somebody_else(account, "restriction_lifted", 1)),
        ("paper", lambda account: without(account, "paper_asked")),
        ("paper", lambda account: without(account, "shredded")),
        ("paper", lambda account: by_somebody_else(account, "paper_moved", 1)),
        ("paper", lambda account: replace(account, entries=())),
        ("brought", brought_and_left),
        ("brought", lambda account: with_line(account, "brought_in", received=NOON + 99 * moments.DAY)),
        ("brought", lambda account: with_row(account, "callbacks", lambda row: row["shredded_at"], shredded_at=None)),
        ("events", lambda account: without(account, "event_linked")),
        ("events", lambda account: only(account, "event_linked", actor="system")),
        ("events", lambda account: with_row(account, "events", lambda row: row["event_id"], event_id=None)),
        ("letters", lambda account: by_somebody_else(account, "letter_read", 1)),
        ("letters", lambda account: with_row(account, "letters", answered_at=None, asked_at=account.looks[0].at - 30 * moments.DAY)),
        ("letters", lambda account: with_row(account, "letters", lambda row: row["kind"] == "data", due_at=None)),
        ("letters", lambda account: replace(account, notices=())),
        ("files", lambda account: without(account, "file_stored")),
        ("files", without_words),
        ("files", lambda account: without(account, "file_to_resident")),
        ("hand-overs", lambda account: without(account, "shift_taken")),
        ("hand-overs", lambda account: with_line(account, "shift_taken", lambda line: line.detail["how"] == "taken", why="")),
        ("hand-overs", lambda account: with_row(account, "hand_overs", lambda row: row["open_tips"], open_tips=[])),
        ("standstill", lambda account: replace(account, gaps=((account.looks[3].at, account.looks[6].at),))),
    ],
)
def test_what_was_changed_in_the_rest_is_found(
    month: tuple[Town, Account, list[dict[str, Any]]], rule: str, change: Callable[[Account], Account]
) -> None:
    assert [*MORE_RULES[rule](change(month[1]))]


def test_a_promise_that_was_given_before_the_program_was_off_begins_anew_when_it_runs() -> None:
    account = Account(lines=(), looks=(), tips=(), gaps=((NOON, NOON + moments.DAY),))
    minute = moments.MINUTE

    assert account.after(NOON - 2 * minute, minute) == NOON - minute
    assert account.after(NOON - 2 * minute, 3 * minute) == NOON + moments.DAY + 3 * minute
    assert account.after(NOON + 5 * minute, minute) == NOON + moments.DAY + minute
    assert account.after(NOON + moments.DAY, minute) == NOON + moments.DAY + minute


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


def waits_overnight(*times: int) -> Account:
    """An ordinary tip of eleven in the evening, accepted at seven, and when somebody was called for it."""
    came = Line(tip=1, at=NOON + 11 * moments.HOUR, actor="resident", what="arrived", detail={"unfinished": False, "held": ""})
    taken = Line(tip=1, at=NOON + 19 * moments.HOUR, actor="officer:2", what="accepted", detail={})
    alarms = tuple({"tip_id": None, "tips": [1], "officer_id": None, "rung": 3, "why": "morning", "way": "none", "at": at} for at in times)
    return Account(lines=(came, taken), looks=(), tips=(), alarms=alarms, ends_at=NOON + moments.DAY)


def test_what_waits_overnight_rings_at_six_and_neither_before_nor_never() -> None:
    six = NOON + 18 * moments.HOUR

    assert [*RULES["waited"](waits_overnight(six)), *RULES["alarms"](waits_overnight(six))] == []
    assert len([*RULES["waited"](waits_overnight())]) == 2  # Nobody at all, and not the chief either.
    assert len([*RULES["waited"](waits_overnight(six + 20 * moments.MINUTE))]) == 1
    assert len([*RULES["alarms"](waits_overnight(six, six - 1))]) == 1


def test_a_clock_that_ends_otherwise_than_the_law_says_is_found() -> None:
    due = NOON + 24 * moments.HOUR

    assert found_by("clocks", *clock("transfer-a", 24, due, ("clock_met", due))) == []
    assert found_by("clocks", *clock("transfer-a", 24, due, ("clock_over", due + 1), ("clock_late", due + 2))) == []
    assert len(found_by("clocks", *clock("transfer-a", 24, due + 1))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_met", due + 1)))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_late", due)))) == 1
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_over", due)))) == 1
    ends_at = due + 5 * moments.HOUR
    assert len(found_by("clocks", *clock("transfer-a", 24, due, ("clock_late", ends_at)))) == 1  # And nobody said that it was over.
    assert len(found_by("clocks", *clock("transfer-a", 24, due), ends_at=ends_at)) == 1
    closed = Line(tip=1, at=NOON, actor="officer:2", what="closed", detail={"to": "S12"})
    assert len(found_by("clocks", *clock("transfer-a", 24, due), closed)) == 1
    assert found_by("clocks", *clock("archive", 1, end_of("months", NOON, 1, HOLIDAYS)), closed) == []


def sorted_as(track: str, *more: Line, category: str = "TC") -> tuple[Line, ...]:
    """A tip that came at noon and was sorted at once."""

    def line(what: str, **detail: Any) -> Line:
        return Line(tip=1, at=NOON, actor="officer:2", what=what, detail=detail)

    moved = line("moved", **{"move": "classify", "from": "S2", "to": "S3", "track": track})
    return line("draft_opened", category=category), line("arrived", unfinished=False, held=""), moved, *more


def started(number: int, kind: str, starts: int) -> Line:
    detail = {"clock": number, "kind": kind, "amount": 1, "starts": starts, "due": starts + 1}
    return Line(tip=1, at=starts, actor="system", what="clock_started", detail=detail)


LATER = Line(tip=None, at=NOON + moments.HOUR, actor="system", what="day_checked", detail={})


def test_a_childs_tip_has_a_day_and_never_seven() -> None:
    day, week, report = started(1, "child", NOON), started(1, "transfer-b", NOON), started(2, "report12", NOON)
    enter = started(3, "enter", NOON)

    assert found_by("started", *sorted_as("B", enter, report, day, LATER, category="TE")) == []
    assert len(found_by("started", *sorted_as("B", enter, report, week, LATER, category="TE"))) == 1
    assert found_by("started", *sorted_as("B", enter, report, week, LATER)) == []


def test_what_is_open_again_and_has_no_clock_of_the_law_is_found() -> None:
    ended = Line(tip=1, at=NOON, actor="officer:2", what="closed", detail={"to": "S12"})
    again = Line(tip=1, at=NOON, actor="officer:2", what="reopened", detail={"to": "S3"})
    clocks = started(1, "report12", NOON), started(2, "transfer-a", NOON), started(4, "archive", NOON), started(3, "enter", NOON)

    assert found_by("started", *sorted_as("A", ended, again, *clocks, LATER)) == []
    assert len(found_by("started", *sorted_as("A", ended, again, *clocks[1:], LATER))) == 2  # It was never reported in between.


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


def test_a_saturday_that_is_worked_counts() -> None:
    friday = moments.start_of_day(date(2026, 8, 21))
    assert local(end_of("working-days", friday, 1, HOLIDAYS, WORKED)).date() == date(2026, 8, 22)
    assert local(end_of("working-days", friday, 1, HOLIDAYS)).date() == date(2026, 8, 24)


@pytest.mark.parametrize(("hour", "minutes"), [(12, 15), (21.5, 15), (21.9, 15), (3, 30), (23, 30), (5.5, 30), (5.9, 21)])
def test_what_arrives_at_night_has_longer_and_never_longer_than_what_the_morning_gives(hour: float, minutes: int) -> None:
    start = DAY + int(hour * moments.HOUR)
    assert end_of("minutes-by-day", start, 15, HOLIDAYS) == start + minutes * moments.MINUTE


def test_hours_run_through() -> None:
    assert end_of("hours", NOON, 12, HOLIDAYS) == NOON + 12 * moments.HOUR
    assert end_of("minutes", NOON, 15, HOLIDAYS) == NOON + 15 * moments.MINUTE
