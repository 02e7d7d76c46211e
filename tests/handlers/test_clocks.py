"""When a period is over: real dates, and against a second way of reckoning that shares nothing with the first."""

from datetime import date, datetime, timedelta, timezone
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import clocks, deadlines, periods, texts
from handlers.clocks import Calendar
from handlers.ward_book import DayOff, WardBook
from storage import moments

HANOI = timezone(timedelta(hours=7))
DAY = moments.DAY


def at(text: str) -> int:
    """A moment of the ward's wall clock: 2027-02-03 17:30."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=HANOI).timestamp() * 1000)


def shown(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, HANOI).strftime("%Y-%m-%d %H:%M")


def book(**own: bool) -> WardBook:
    """`d20270208=False`: the ward works that day."""
    days = [date.fromisoformat(f"{name[1:5]}-{name[5:7]}-{name[7:]}").isoformat() for name in own]
    return WardBook(days_off={day: DayOff(day=day, is_off=is_off) for day, is_off in zip(days, own.values(), strict=True)})


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        # Hours run through nights and through Tết.
        ("transfer-a", "2027-02-05 16:00", "2027-02-06 16:00"),
        ("child", "2027-02-06 00:00", "2027-02-07 00:00"),
        ("report12", "2026-12-31 20:00", "2027-01-01 08:00"),
        ("classify", "2027-02-06 22:30", "2027-02-07 06:30"),
        # Days end at 24:00 of the last, whatever the hour it began at, and days off move them nowhere.
        ("transfer-b", "2027-01-30 00:00", "2027-02-06 23:59"),
        ("transfer-b", "2027-01-30 23:59", "2027-02-06 23:59"),
        ("settle", "2027-01-18 09:00", "2027-02-07 23:59"),
        ("settle", "2028-02-10 09:00", "2028-03-01 23:59"),  # Over a leap day.
        ("result", "2027-04-28 15:00", "2027-05-01 23:59"),
        # Working days: Tết 2027 is off from Thursday the 4th to Wednesday the 10th of February.
        ("receipt", "2027-02-03 17:30", "2027-02-15 23:59"),
        ("receipt", "2027-02-06 08:00", "2027-02-15 23:59"),
        ("inform", "2027-02-03 17:30", "2027-02-11 23:59"),
        ("inform", "2027-04-29 10:00", "2027-05-04 23:59"),  # 30/4, 1/5 on a Saturday and given back on Monday.
        ("inform", "2026-11-23 10:00", "2026-11-25 23:59"),  # The Day of Culture is off since 2026.
        ("inform", "2026-08-21 10:00", "2026-08-22 23:59"),  # A Saturday that the government had worked for the Monday before 2/9.
        # Months: the same date, or the last one; a day off gives way to the next working day.
        ("resumed", "2027-03-15 08:00", "2027-04-15 23:59"),
        ("resumed", "2027-01-31 08:00", "2027-03-01 23:59"),  # 28/2 is a Sunday.
        ("resumed", "2028-01-31 08:00", "2028-02-29 23:59"),
        ("resumed", "2027-01-06 08:00", "2027-02-11 23:59"),  # Mùng một Tết.
        ("resumed", "2027-03-30 08:00", "2027-05-04 23:59"),
        ("prolonged", "2026-12-31 08:00", "2027-03-01 23:59"),
        ("prolonged", "2026-12-04 08:00", "2027-02-11 23:59"),
        ("extended", "2026-11-20 08:00", "2027-01-20 23:59"),
        ("archive", "2028-02-29 08:00", "2028-03-29 23:59"),
        # Five days before the end of two months, counted from the same start.
        ("extension-request", "2027-03-15 08:00", "2027-05-12 23:59"),  # 15/5 is a Saturday, so it ends on the 17th.
        # Fifteen minutes by day, thirty at night; across six in the morning whichever is sooner.
        ("enter", "2027-02-06 14:00", "2027-02-06 14:15"),
        ("enter", "2027-02-06 21:59", "2027-02-06 22:14"),
        ("enter", "2027-02-06 22:00", "2027-02-06 22:30"),
        ("enter", "2027-02-06 23:50", "2027-02-07 00:20"),
        ("enter", "2027-02-07 05:50", "2027-02-07 06:15"),
        ("enter", "2027-02-07 06:00", "2027-02-07 06:15"),
        # To ask for the result.
        ("ask-receipt", "2027-04-28 08:00", "2027-05-05 23:59"),
        ("ask-settle", "2027-04-28 08:00", "2027-05-18 23:59"),
        ("ask-prolonged", "2027-04-28 08:00", "2027-06-28 23:59"),
    ],
)
def test_the_end_of_a_period(kind: str, start: str, end: str) -> None:
    assert shown(deadlines.due_of(WardBook(), kind, at(start))) == end


def test_the_wards_own_days_win() -> None:
    worked = book(d20270208=False, d20270209=False)  # An office that keeps a desk open at Tết.
    off, saturday = book(d20270211=True), book(d20270213=False)

    assert shown(deadlines.due_of(worked, "inform", at("2027-02-05 10:00"))) == "2027-02-08 23:59"
    assert shown(deadlines.due_of(off, "inform", at("2027-02-05 10:00"))) == "2027-02-12 23:59"
    assert shown(deadlines.due_of(saturday, "receipt", at("2027-02-10 10:00"))) == "2027-02-13 23:59"
    assert shown(deadlines.due_of(off, "resumed", at("2027-01-06 08:00"))) == "2027-02-12 23:59"


def test_a_ward_may_let_days_off_move_periods_in_days_too() -> None:
    moves = WardBook(periods={periods.DAYS_MOVE: 1})

    assert shown(deadlines.due_of(moves, "transfer-b", at("2027-01-30 10:00"))) == "2027-02-11 23:59"
    assert shown(deadlines.due_of(moves, "transfer-a", at("2027-02-05 10:00"))) == "2027-02-06 10:00"
    assert shown(deadlines.due_of(moves, "transfer-b", at("2027-03-01 10:00"))) == "2027-03-08 23:59"


def test_a_wards_own_figure_counts_within_what_is_allowed() -> None:
    own = WardBook(periods={"transfer-a": 48, "transfer-b": 9, "enter": 10, "enter-night": 20})

    assert shown(deadlines.due_of(own, "transfer-a", at("2027-03-01 10:00"))) == "2027-03-03 10:00"
    assert shown(deadlines.due_of(own, "transfer-b", at("2027-03-01 10:00"))) == "2027-03-08 23:59"
    assert shown(deadlines.due_of(own, "enter", at("2027-03-01 10:00"))) == "2027-03-01 10:10"
    assert shown(deadlines.due_of(own, "enter", at("2027-03-01 23:00"))) == "2027-03-01 23:20"
    assert deadlines.due_of(own, "transfer-a", at("2027-03-01 10:00"), amount=24) == at("2027-03-02 10:00")


@pytest.mark.parametrize(
    ("year", "tet"), [(2025, "01-29"), (2026, "02-17"), (2027, "02-06"), (2028, "01-26"), (2029, "02-13"), (2030, "02-02")]
)
def test_tet_is_known_for_years_ahead(year: int, tet: str) -> None:
    """By the Vietnamese calendar. In 2030 it is a day before the Chinese: the moon is new at 23:07 in Hà Nội, past midnight there."""
    first = date.fromisoformat(f"{year}-{tet}")
    known = clocks.built_in(year)

    assert known.off[first] == "Tết Nguyên Đán"
    assert all(first + timedelta(days=more) in known.off for more in range(-1, 4))
    assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= known.off.keys()


def test_every_period_has_words_and_a_figure_it_allows() -> None:
    for kind, period in periods.load().items():
        assert period.least <= period.amount <= period.most, kind
        assert period.tag != "law" or period.law, kind
        for language in texts.LANGUAGES:
            texts.say(f"period-{kind}", language)
            texts.say(f"periods-group-{period.group}", language)
            texts.say(f"periods-tag-{period.tag}", language)
            assert (f"period-note-{kind}" in texts.keys(language)) == period.note, kind
            if period.unit != "yes-no":
                assert texts.say(f"periods-unit-{period.unit}", language)


# -- against another way of reckoning ----------------------------------------------------------------------------------------

_FIRST, _LAST = 1_735_664_400_000, 2_208_960_000_000  # 2025 to 2039.
some_moment = st.integers(_FIRST, _LAST)
own_days = st.dictionaries(st.dates(date(2025, 1, 1), date(2040, 12, 31)).map(date.isoformat), st.booleans(), max_size=30)
CLOCKS = [kind for kind, period in periods.load().items() if period.is_clock]


def a_book(days: dict[str, bool], days_move: bool) -> WardBook:
    own = {day: DayOff(day=day, is_off=is_off) for day, is_off in days.items()}
    return WardBook(days_off=own, periods={periods.DAYS_MOVE: int(days_move)})


def other_due(book: WardBook, kind: str, start: int) -> int:
    """Counts forward over whole days since 1970 in Hà Nội's seven hours, without any date reckoning but that of the calendar itself."""
    period = periods.load()[kind]
    minutes = {"minutes": 1, "hours": 60}.get(period.unit, 0) * period.amount
    if period.at_night:
        return other_minutes(start)
    if minutes:
        return start + minutes * 60_000
    day = (start + 7 * 3_600_000) // DAY
    moved = period.unit == "months" or (period.unit == "days" and book.periods[periods.DAYS_MOVE] == 1)
    if period.unit == "days-before":
        return max(other_due(book, period.before, start) - period.amount * DAY, start)
    if period.unit == "working-days":
        left = period.amount
        while left:
            day += 1
            left -= other_works(book, day)
    elif period.unit == "days":
        day += period.amount
    else:
        wanted = date(1970, 1, 1) + timedelta(days=day)
        seen = 0
        while seen < period.amount:  # From one first of a month to the next.
            day += 1
            seen += (date(1970, 1, 1) + timedelta(days=day)).day == 1
        while (one := date(1970, 1, 1) + timedelta(days=day)).day < wanted.day and (one + timedelta(days=1)).month == one.month:
            day += 1
    while moved and not other_works(book, day):
        day += 1
    return (day + 1) * DAY - 7 * 3_600_000 - 1


def other_minutes(start: int) -> int:
    """Looks at every full minute on the way: where the hour has changed, the other figure counts from there."""

    def is_night(moment: int) -> bool:
        return not 6 <= (moment // 3_600_000 + 7) % 24 < 22

    def figure(moment: int) -> int:
        return (30 if is_night(moment) else 15) * 60_000

    end = start + figure(start)
    changes = (minute * 60_000 for minute in range(start // 60_000 + 1, end // 60_000 + 1) if is_night(minute * 60_000) != is_night(start))
    return min([end, *(change + figure(change) for change in changes)])


def other_works(book: WardBook, day: int) -> bool:
    name = (date(1970, 1, 1) + timedelta(days=day)).isoformat()
    if name in book.days_off:
        return not book.days_off[name].is_off
    off, worked = names_in(int(name[:4]))
    return name not in off and ((day + 3) % 7 < 5 or name in worked)  # The first day of 1970 was a Thursday.


@cache
def names_in(year: int) -> tuple[frozenset[str], frozenset[str]]:
    known = clocks.built_in(year)
    return frozenset(one.isoformat() for one in known.off), frozenset(one.isoformat() for one in known.worked)


@settings(max_examples=200, deadline=None)
@given(start=some_moment, kind=st.sampled_from(CLOCKS), days=own_days, days_move=st.booleans())
def test_two_ways_of_reckoning_agree(start: int, kind: str, days: dict[str, bool], days_move: bool) -> None:
    book = a_book(days, days_move)

    assert deadlines.due_of(book, kind, start) == other_due(book, kind, start)


@settings(max_examples=150, deadline=None)
@given(start=some_moment, later=st.integers(0, 400 * DAY), kind=st.sampled_from(CLOCKS), days=own_days, days_move=st.booleans())
def test_what_starts_later_never_ends_sooner(start: int, later: int, kind: str, days: dict[str, bool], days_move: bool) -> None:
    book = a_book(days, days_move)
    due = deadlines.due_of(book, kind, start)

    assert start <= due <= deadlines.due_of(book, kind, start + later)


@settings(max_examples=50, deadline=None)
@given(start=some_moment, length=st.integers(0, 200 * DAY))
def test_warnings_come_in_their_order(start: int, length: int) -> None:
    half, fifths, before, over = clocks.stages_of(start, start + length)

    assert start <= half <= fifths <= before < over == start + length + 1
    assert over - before >= min(length // 10, DAY)


def test_a_ward_that_never_works_ends_its_periods_all_the_same() -> None:
    """Somebody may set a long row of days off, though not for ever."""
    start = date(2027, 3, 1)
    days = {(start + timedelta(days=more)).isoformat(): True for more in range(300)}
    calendar = Calendar(own=a_book(days, False).days_off)

    assert shown(clocks.end_of_working_days(at("2027-03-01 08:00"), 3, calendar)) == "2027-12-29 23:59"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (3 * moments.HOUR + 59 * moments.MINUTE, "còn 3 giờ"),
        (moments.HOUR, "còn 1 giờ"),
        (12 * moments.MINUTE + 59_000, "còn 12 phút"),
        (59_000, "còn chưa đầy 1 phút"),
        (0, "còn chưa đầy 1 phút"),
        (2 * DAY, "còn 2 ngày"),
        (2 * DAY - 1, "còn 47 giờ"),
        (-1, "vừa quá hạn"),
        (-moments.MINUTE, "quá hạn 1 phút"),
        (-3 * moments.HOUR, "quá hạn 3 giờ"),
        (-2 * DAY, "quá hạn 2 ngày"),
    ],
)
def test_time_left_in_words(left: int, words: str) -> None:
    assert deadlines.left_words(left, "vi") == words
