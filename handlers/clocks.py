"""When a period is over: hours run through, days end at 24:00, months end on the same date, and which days are off.

Plain reckoning: no database, no clock of its own. Days off are those of the law, as the library `holidays` reckons and collects them
(Tết, what is given back for a weekend, Saturdays the government had worked instead), and over them the ward's own, which win.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Literal

from handlers.ward_book import DayOff
from storage import moments

NIGHT_STARTS, NIGHT_ENDS = time(22), time(6)
_LONG = 5 * moments.DAY  # Of which a fifth is more than a day.
Stage = Literal["half", "fifths", "before", "over"]
STAGES: tuple[Stage, ...] = ("half", "fifths", "before", "over")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """One year as the law has it."""

    off: Mapping[date, str]  # And what day it is.
    worked: frozenset[date]  # Saturdays.


@cache
def built_in(year: int, language: str = "vi") -> BuiltIn:
    """Nothing for years that nobody has reckoned yet (after 2100): then weekends alone are off."""
    from holidays.countries.vietnam import Vietnam  # A tenth of a second and 11 MB, once: `prepare` brings it before anybody waits.

    known = Vietnam(years=year, language={"vi": "vi", "en": "en_US"}[language])
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    return BuiltIn(off=MappingProxyType({day: known[day] for day in sorted(known)}), worked=worked)


def prepare() -> None:
    built_in(moments.local(moments.now()).year)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are off in a ward, and whether days off move the end of a period in days."""

    own: Mapping[str, DayOff] = field(default_factory=dict)
    days_move: bool = False

    def is_working_day(self, day: date) -> bool:
        if own := self.own.get(day.isoformat()):
            return not own.is_off
        known = built_in(day.year)
        return day not in known.off and (day.weekday() < 5 or day in known.worked)

    def working_day_from(self, day: date) -> date:
        """This one, or the next that is worked."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day


NO_OWN = Calendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One day of a year that is not as its weekday says."""

    day: date
    name: str
    is_off: bool
    is_own: bool


def days_of(own: Mapping[str, DayOff], year: int, language: str) -> list[DayLine]:
    """The common calendar with the ward's own days over it, in order."""
    known = built_in(year, language)
    lines = {day: DayLine(day=day, name=name, is_off=True, is_own=False) for day, name in known.off.items()}
    lines |= {day: DayLine(day=day, name="", is_off=False, is_own=False) for day in known.worked}
    for one in own.values():
        if (day := date.fromisoformat(one.day)).year == year:
            lines[day] = DayLine(day=day, name=one.name, is_off=one.is_off, is_own=True)
    return [lines[day] for day in sorted(lines)]


def end_of_working_days(now: int, many: int, calendar: Calendar = NO_OWN) -> int:
    """The last moment of the `many`-th working day after today."""
    day = moments.local(now).date()
    while many > 0:
        day += timedelta(days=1)
        many -= calendar.is_working_day(day)
    return _end_of(day)


def end_of_days(start: int, many: int, calendar: Calendar = NO_OWN) -> int:
    """The first day is the one after; the last ends at 24:00, whatever the hour it began at."""
    day = moments.local(start).date() + timedelta(days=many)
    return _end_of(calendar.working_day_from(day) if calendar.days_move else day)


def end_of_months(start: int, many: int, calendar: Calendar = NO_OWN) -> int:
    """The same date, or the last of a month that has none; on a day off the next working day counts."""
    first = moments.local(start).date()
    years, month = divmod(first.month - 1 + many, 12)
    year, month = first.year + years, month + 1
    return _end_of(calendar.working_day_from(date(year, month, min(first.day, monthrange(year, month)[1]))))


def days_before(end: int, many: int) -> int:
    """The last moment of the day that lies so many days before the one on which a period ends."""
    return _end_of(moments.local(end).date() - timedelta(days=many))


def end_by_day_and_night(start: int, by_day: int, by_night: int) -> int:
    """Minutes, of which there are others at night. Where the hour changes while it runs, it ends as if it began then, if that is sooner."""
    own, other = (by_night, by_day) if is_night(start) else (by_day, by_night)
    return min(start + own * moments.MINUTE, _next_change(start) + other * moments.MINUTE)


def is_night(moment: int) -> bool:
    face = moments.local(moment).time()
    return face >= NIGHT_STARTS or face < NIGHT_ENDS


def stages_of(start: int, due: int) -> tuple[int, int, int, int]:
    """When to warn: at half, at four fifths, a day before the end of a long one or a tenth before that of a short one, and afterwards."""
    length = due - start
    before = moments.DAY if length > _LONG else length // 10
    return start + length // 2, start + length * 4 // 5, due - before, due + 1


def _next_change(moment: int) -> int:
    day = moments.local(moment).date()
    hours = (
        moments.start_of_day(one) + face.hour * moments.HOUR
        for one in (day, day + timedelta(days=1))
        for face in (NIGHT_ENDS, NIGHT_STARTS)
    )
    return min(hour for hour in hours if hour > moment)


def _end_of(day: date) -> int:
    return moments.start_of_day(day + timedelta(days=1)) - 1
