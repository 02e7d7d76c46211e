"""The calendar of warnings: campaigns and seasons that come back every year, long holidays, and the ward's own days; when the desk is
reminded of each, which template fits, and whether somebody wrote it this year or said that none is needed.

Plain reckoning over what the rows say; "today" is always handed in.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from handlers import clocks
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.clocks import Calendar
from handlers.officers import Mistake
from handlers.texts import say
from handlers.ward_book import WardBook
from handlers.warnings import templates
from storage.queries import campaign_days as rows
from storage.queries.campaign_days import DayRow

How = Literal["written", "not_needed"]
HOWS: tuple[How, ...] = ("written", "not_needed")
AHEAD = 30  # Days.
MOST_OWN, MOST_NAME, MOST_BEFORE, LONGEST = 100, 80, 60, 366
STEPS = ("campaign_kept", "campaign_removed", "campaign_settled", "campaign_reopened")
_LONG_HOLIDAY = 3  # Days off in a row.
_HOLIDAYS = "holidays-"
_HOLIDAYS_BEFORE = 3
_OWN = "own-"
_FILE = Path(__file__).parent.parent / "data" / "campaigns.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A campaign, a holiday or a day of the ward's own, in one year."""

    key: str
    year: int  # Of its first day.
    name: str
    templates: tuple[str, ...]  # What fits, the best first.
    first: date
    last: date
    remind_on: date
    is_own: bool = False
    settled: str = ""  # One of HOWS; empty: nobody has said anything yet.

    def is_due(self, today: date) -> bool:
        """Somebody should write, or say that none is needed."""
        return not self.settled and self.remind_on <= today <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """As it is typed."""

    name: str
    first: date
    last: date
    template: str = ""
    days_before: int = 7
    is_yearly: bool = False


@dataclass(frozen=True, slots=True)
class _Campaign:
    key: str
    name: Mapping[str, str]
    templates: tuple[str, ...]
    first: str
    last: str
    days_before: int


@cache
def _campaigns() -> tuple[_Campaign, ...]:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_Campaign(**{**one, "templates": tuple(one["templates"])}) for one in data["campaign"])


def coming(session: Session, ward_id: int, book: WardBook, *, today: date, language: str = "vi", ahead: int = AHEAD) -> list[Occasion]:
    """What is not over yet and begins, or is to be reminded of, within so many days; settled ones too, in their order."""
    known = rows.of_ward(session, ward_id)
    horizon = today + timedelta(days=ahead)
    found = [
        one
        for year in (today.year - 1, today.year, today.year + 1)
        for one in _of_year(year, known, book, language)
        if one.last >= today and one.remind_on <= horizon
    ]
    return sorted(found, key=lambda one: (one.first, one.last, one.key))


def due(session: Session, ward_id: int, book: WardBook, *, today: date, language: str = "vi") -> list[Occasion]:
    """What the desk is reminded of today."""
    return [one for one in coming(session, ward_id, book, today=today, language=language, ahead=0) if one.is_due(today)]


def badge(session: Session, ward_id: int, book: WardBook, *, today: date) -> int:
    return len(due(session, ward_id, book, today=today))


def _of_year(year: int, known: Mapping[str, DayRow], book: WardBook, language: str) -> Iterator[Occasion]:
    """Those whose first day lies in this year."""
    for campaign in _campaigns():
        for of in (year, year + 1) if campaign.first.startswith("tet") else (year,):
            days = _days_of(campaign, of)
            if days and days[0].year == year:
                one = Occasion(
                    key=campaign.key,
                    year=year,
                    name=campaign.name[language],
                    templates=campaign.templates,
                    first=days[0],
                    last=days[1],
                    remind_on=days[0] - timedelta(days=campaign.days_before),
                )
                yield _as_noted(one, known.get(campaign.key))
    for first, last, name in _long_holidays(year, book, language):
        one = Occasion(
            key=f"{_HOLIDAYS}{first.isoformat()}",
            year=year,
            name=say("campaign-holidays", language, name=name),
            templates=("holidays", "theft", "traffic"),
            first=first,
            last=last,
            remind_on=first - timedelta(days=_HOLIDAYS_BEFORE),
        )
        yield _as_noted(one, known.get(one.key))
    yield from (own for row in known.values() if row.key.startswith(_OWN) and (own := _own_in(row, year)))


def _as_noted(one: Occasion, row: DayRow | None) -> Occasion:
    """With the days that the ward set for this year, and what was noted for it."""
    if row is None:
        return one
    if row.first_day and date.fromisoformat(row.first_day).year == one.year:
        first = date.fromisoformat(row.first_day)
        one = replace(one, first=first, last=date.fromisoformat(row.last_day), remind_on=first - timedelta(days=row.days_before))
    return replace(one, settled=row.settled_how if row.settled_for == str(one.year) else "")


def _own_in(row: DayRow, year: int) -> Occasion | None:
    first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
    if first.year != year:
        if not row.is_yearly or year < first.year:
            return None
        first, last = _in_year(first, year), _in_year(last, year + last.year - first.year)
    return Occasion(
        key=row.key,
        year=year,
        name=row.name,
        templates=(row.template,) if row.template else (),
        first=first,
        last=last,
        remind_on=first - timedelta(days=row.days_before),
        is_own=True,
        settled=row.settled_how if row.settled_for == str(year) else "",
    )


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February.
        return date(year, 2, 28)


# -- days --------------------------------------------------------------------------------------------------------------------


def _days_of(campaign: _Campaign, year: int) -> tuple[date, date] | None:
    """`year`: of its first day, or of the Tết it is reckoned from. None where nobody has reckoned Tết yet."""
    first = _day(campaign.first, year)
    last = _day(campaign.last, year) if first else None
    if first and last and last < first:
        last = _day(campaign.last, year + 1)
    return (first, last) if first and last else None


def _day(typed: str, year: int) -> date | None:
    if not typed.startswith("tet"):
        month, day = typed.split("-")
        return date(year, int(month), int(day))
    first = tet(year)
    return first + timedelta(days=int(typed.removeprefix("tet"))) if first else None


def tet(year: int) -> date | None:
    """The first day of the year of the moon."""
    return next((day for day, name in clocks.built_in(year).off.items() if name == "Tết Nguyên Đán"), None)


def _long_holidays(year: int, book: WardBook, language: str) -> Iterator[tuple[date, date, str]]:
    """Days off in a row with a holiday of the law or the ward among them; those of Tết have a campaign of their own."""
    calendar, named = (
        Calendar(own=book.days_off),
        {one.day: one.name for one in clocks.days_of(book.days_off, year, language) if one.is_off},
    )
    first, taken = tet(year), date(year, 1, 1)
    for holiday in sorted(named):
        if holiday < taken:
            continue
        start = end = holiday
        while not calendar.is_working_day(start - timedelta(days=1)):
            start -= timedelta(days=1)
        while not calendar.is_working_day(end + timedelta(days=1)):
            end += timedelta(days=1)
        taken = end + timedelta(days=1)
        is_tet = first is not None and start <= first <= end
        if (end - start).days + 1 >= _LONG_HOLIDAY and start.year == year and not is_tet:
            yield start, end, named[holiday]


# -- change ------------------------------------------------------------------------------------------------------------------


def settle(session: Session, act: Act, book: WardBook, *, key: str, year: int, how: str, row_id: int) -> None:
    """Written, or not needed, this year; empty takes the mark off again. Raises Mistake."""
    if how and how not in HOWS:
        raise Mistake("campaign-how")
    known = rows.of_ward(session, act.ward_id)
    if not any(one.key == key for one in _of_year(year, known, book, "vi")):
        raise Mistake("campaign-gone")
    row = known.get(key, DayRow(key=key))
    if (row.settled_for, row.settled_how) == (str(year), how) or (not how and row.settled_for != str(year)):
        return
    _keep(session, act, replace(row, settled_for=str(year) if how else "", settled_how=how), row_id=row_id)
    note(session, act, "campaign_settled" if how else "campaign_reopened", about=key)


def keep_own(session: Session, act: Act, day: OwnDay, *, row_id: int, key: str = "") -> str:
    """A day of the ward's own, new without a key; its key. Raises Mistake."""
    known = rows.of_ward(session, act.ward_id)
    if key and (not key.startswith(_OWN) or key not in known):
        raise Mistake("campaign-gone")
    if not key and sum(one.startswith(_OWN) for one in known) >= MOST_OWN:
        raise Mistake("campaign-too-many")
    name = " ".join(clean(day.name).split())
    if not 0 < len(name) <= MOST_NAME:
        raise Mistake("campaign-name")
    _check_days(day.first, day.last, day.days_before)
    if day.template and templates.template(session, act.ward_id, day.template) is None:
        raise Mistake("warning-template-gone")
    key = key or f"{_OWN}{row_id}"
    row = replace(known.get(key, DayRow(key=key)), name=name, template=day.template, is_yearly=day.is_yearly)
    _keep(session, act, _with_days(row, day.first, day.last, day.days_before), row_id=row_id)
    note(session, act, "campaign_kept", about=key)
    return key


def move_ours(session: Session, act: Act, *, key: str, first: date, last: date, days_before: int, row_id: int) -> None:
    """A campaign of ours on other days, in the year of its first one alone. Raises Mistake."""
    if key not in {one.key for one in _campaigns()}:
        raise Mistake("campaign-gone")
    _check_days(first, last, days_before)
    row = rows.of_ward(session, act.ward_id).get(key, DayRow(key=key))
    _keep(session, act, _with_days(row, first, last, days_before), row_id=row_id)
    note(session, act, "campaign_kept", about=key)


def drop(session: Session, act: Act, *, key: str) -> None:
    """The ward's own goes; of ours what was noted about it. Raises Mistake."""
    if not rows.drop(session, act.ward_id, key=key):
        raise Mistake("campaign-gone")
    note(session, act, "campaign_removed", about=key)


def _check_days(first: date, last: date, days_before: int) -> None:
    if not 0 <= (last - first).days <= LONGEST:
        raise Mistake("campaign-days")
    if not 0 <= days_before <= MOST_BEFORE:
        raise Mistake("campaign-before")


def _with_days(row: DayRow, first: date, last: date, days_before: int) -> DayRow:
    return replace(row, first_day=first.isoformat(), last_day=last.isoformat(), days_before=days_before)


def _keep(session: Session, act: Act, row: DayRow, *, row_id: int) -> None:
    rows.keep(session, act.ward_id, row, row_id=row_id, officer_id=act.officer_id, now=act.now)
