"""Periods of report: a month as the ward counts it, a quarter, half a year, a year, or free days; and those to set beside them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from handlers import periods
from handlers.texts import say
from handlers.ward_book import WardBook
from storage import moments
from storage.queries.figures import Span

Kind = Literal["month", "quarter", "half", "year", "free"]
KINDS: tuple[Kind, ...] = ("month", "quarter", "half", "year")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FIRST_YEAR, LAST_YEAR = 2024, 2100
MOST_DAYS = 5 * 366


@dataclass(frozen=True, slots=True)
class Term:
    """A period of report: whole days, both named. `number`: which month, quarter or half of the year."""

    kind: Kind
    first: date
    last: date
    year: int = 0
    number: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, day: date) -> "Term":
        return replace(self, last=max(min(self.last, day), self.first - timedelta(days=1)))

    @property
    def span(self) -> Span:
        return Span(self.first.toordinal(), self.last.toordinal() + 1)


def closing_day(book: WardBook) -> int:
    """The day of the month on which a month of report begins; 1: as the calendar has it."""
    return periods.amount_of(book, "report-from")


def term(kind: Kind, year: int, number: int, *, starts: int) -> Term:
    """With months that begin on the 15th, March runs from 15 February to 14 March, and a year from 15 December."""
    many = _MONTHS[kind]
    first, behind = (_start_of_month(year, month, starts) for month in ((number - 1) * many + 1, number * many + 1))
    return Term(kind, first, behind - timedelta(days=1), year, number)


def _start_of_month(year: int, month: int, starts: int) -> date:
    month -= 1 if starts == 1 else 2
    return date(year + month // 12, month % 12 + 1, starts)


def term_on(kind: Kind, day: date, *, starts: int) -> Term:
    """The one that holds this day."""
    month = day.month + (1 if starts > 1 and day.day >= starts else 0)
    year, month = (day.year + 1, 1) if month > 12 else (day.year, month)
    return term(kind, year, (month - 1) // _MONTHS[kind] + 1, starts=starts)


def before(one: Term, *, starts: int) -> Term:
    """The one of the same kind just before; of free days as many."""
    if one.kind == "free":
        return Term("free", one.first - timedelta(days=one.days), one.first - timedelta(days=1))
    many = 12 // _MONTHS[one.kind]
    return term(one.kind, one.year, one.number - 1, starts=starts) if one.number > 1 else term(one.kind, one.year - 1, many, starts=starts)


def year_ago(one: Term, *, starts: int) -> Term:
    if one.kind == "free":
        return Term("free", _a_year_less(one.first), _a_year_less(one.last))
    return term(one.kind, one.year - 1, one.number, starts=starts)


def _a_year_less(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def name_of_term(one: Term, language: str) -> str:
    if one.kind == "free":
        days: dict[str, Any] = {
            "first": moments.short_date(moments.start_of_day(one.first)),
            "last": moments.short_date(moments.start_of_day(one.last)),
        }
        return say("figures-term-free", language, **days)
    return say(f"figures-term-{one.kind}", language, number=one.number, year=str(one.year))
