"""The ward's figures for a period, the sheet of them that may leave the police, and the list behind each figure."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from aiohttp import web
from sqlmodel import Session

from admin import charts
from admin.desk import Desk, Visit
from admin.refusals import Sorry
from handlers import figure_rows, figure_sheet, figures, terms
from handlers.figure_rows import Row
from handlers.figure_sheet import Sheet
from handlers.insight import catalogue
from handlers.terms import Kind, Term
from handlers.texts import keys, say
from storage import moments
from storage.queries import figure_lists
from storage.queries import figures as rows
from storage.queries.figure_lists import Listed, ListPlace

PAGE = 50
_PLACE = "/admin/so-lieu"
_KINDS: dict[str, Kind] = {"thang": "month", "quy": "quarter", "6-thang": "half", "nam": "year"}
_SPELLED = {kind: word for word, kind in _KINDS.items()}


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    query, now, language = visit.request.query, moments.now(), visit.language
    starts, today = terms.closing_day(desk.ward().book), moments.local(now).date()
    one = _term(query.get("ky", ""), query.get("nam", ""), query.get("so", ""), starts=starts) or _free(
        query.get("tu", ""), query.get("den", "")
    )
    is_wrong = one is None and ("tu" in query or "den" in query)
    one = one or terms.term_on("month", today, starts=starts)
    is_outside = query.get("ngoai") == "1"

    def find(session: Session) -> tuple[bool, bool, Sheet | None]:
        if not _may(session, visit, now):
            return False, False, None
        at = rows.progress(session, visit.officer.ward_id)
        names = _names(session, desk, visit)
        given: dict[str, Any] = {"starts": starts, "now": now, "language": language, "is_outside": is_outside, "names": names}
        return True, at is None or at.is_counting_anew, figure_sheet.read(session, visit.sight, one, **given)

    may, is_counting, sheet = await desk.memory.read(find)
    if not may or sheet is None:
        raise Sorry(403, "figures-not-commander")
    return desk.show(
        visit,
        "figures.html",
        sheet=sheet,
        name=terms.name_of_term(one, language),
        beside=[terms.name_of_term(other, language) for other in (terms.before(one, starts=starts), terms.year_ago(one, starts=starts))],
        presets=[(kind, _address(terms.term_on(kind, today, starts=starts), is_outside)) for kind in terms.KINDS],
        earlier=_address(terms.before(one, starts=starts), is_outside) if one.first.year > terms.FIRST_YEAR else "",
        later=_address(_behind(one, starts), is_outside) if one.last < today else "",
        inside=_address(one, is_outside=False),
        outside=_address(one, is_outside=True),
        list_of=_list_of,
        is_future=one.first > today,
        is_counting=is_counting,
        mistake="figures-wrong-days" if is_wrong else "",
        typed={"tu": query.get("tu", "")[:20], "den": query.get("den", "")[:20]} if is_wrong else _days_of(one),
        starts=starts,
        now=now,
        goal=figure_sheet.GOAL,
        few=figure_sheet.FEW,
        chart=_chart(sheet, terms.name_of_term(one, language), language),
        chart_number=lambda many: figure_sheet.number(many, language),
        status=422 if is_wrong else 200,
    )


async def behind(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The list behind one number."""
    query, now, language = visit.request.query, moments.now(), visit.language
    row, one = figure_rows.row_of(query.get("hang", "")[:80]), _free(query.get("tu", ""), query.get("den", ""))
    if row is None or one is None or (row.of_letters and not visit.sight.reads_letters):
        raise Sorry(404, "figures-list-unknown")
    after = _read_place(query.get("sau", ""))

    def find(session: Session) -> tuple[bool, int, list[Listed], str]:
        if not _may(session, visit, now):
            return False, 0, [], ""
        many = figures.count_row(session, visit.sight, row, one, now=now)
        lines = figure_lists.lines(session, visit.sight, figures.wanted(row, one, now=now), after=after, most=PAGE + 1)
        return True, many, lines, _name_of(row, _names(session, desk, visit), language)

    may, many, lines, name = await desk.memory.read(find)
    if not may:
        raise Sorry(403, "figures-not-commander")
    more = "-".join(str(part) for part in lines[PAGE - 1].place) if len(lines) > PAGE else ""
    address = _list_of(row.key, one.first, one.last)
    return desk.show(
        visit,
        "figures_list.html",
        row=row,
        name=name,
        many=figure_sheet.number(many, language),
        term=terms.name_of_term(one, language),
        back=_address(one, is_outside=False),
        lines=lines[:PAGE],
        first=address if after else "",
        more=f"{address}&sau={more}" if more else "",
        length=lambda took: figure_sheet.length(took // moments.MINUTE, language),
        reopens=row.key in ("handled", "reopened", "transferred", "fined", "guided", "kept"),
        now=now,
    )


def _may(session: Session, visit: Visit, now: int) -> bool:
    return figures.may_see(session, visit.officer.ward_id, visit.officer.id, visit.officer.role, now=now)


def _names(session: Session, desk: Desk, visit: Visit) -> Callable[[str, str], str]:
    language = visit.language
    known = catalogue.merged(catalogue.load(), desk.ward().book.category_changes)
    places = rows.neighbourhoods(session, visit.officer.ward_id)

    def name(split: str, value: str) -> str:
        match split:
            case "category":
                return known[value].name[language] if value in known else say("category-unknown", language)
            case "neighbourhood":
                return places.get(value, say("figures-no-neighbourhood", language))
            case "channel":
                return say(f"channel-{value}", language) if f"channel-{value}" in keys(language) else value
            case "weekday":
                return moments.weekday_name(int(value), language)
        return say("figures-hour", language, hour=value)

    return name


def _name_of(row: Row, names: Callable[[str, str], str], language: str) -> str:
    split, dot, value = row.key.partition(".")
    if dot:
        return f"{say(f'figures-split-{split}', language)}: {names(split, value)}"
    name = say(f"figures-row-{row.key}", language)
    return f"{say(f'figures-row-{row.part_of}', language)}: {name}" if row.part_of else name


# -- addresses ---------------------------------------------------------------------------------------------------------------


def _term(kind: str, year: str, number: str, *, starts: int) -> Term | None:
    if kind not in _KINDS or not re.fullmatch(r"\d{4}", year, re.ASCII) or not re.fullmatch(r"\d{0,2}", number, re.ASCII):
        return None
    of, which = _KINDS[kind], int(number or 1)
    most = {"month": 12, "quarter": 4, "half": 2, "year": 1}[of]
    if not (terms.FIRST_YEAR <= int(year) <= terms.LAST_YEAR and 1 <= which <= most):
        return None
    return terms.term(of, int(year), which, starts=starts)


def _free(first: str, last: str) -> Term | None:
    days = [_day(text) for text in (first, last)]
    if days[0] is None or days[1] is None or not 0 <= (days[1] - days[0]).days < terms.MOST_DAYS:
        return None
    return Term("free", days[0], days[1])


def _day(text: str) -> date | None:
    """As browsers send it, 2026-11-24, or as people write it, 24/11/2026."""
    text = text.strip()
    sent = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    written = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    parts = sent.groups() if sent else written.groups()[::-1] if written else ()
    try:
        day = date(*map(int, parts))
    except (TypeError, ValueError):
        return None
    return day if terms.FIRST_YEAR - 1 <= day.year <= terms.LAST_YEAR else None


def _address(one: Term, is_outside: bool) -> str:
    more = {"ngoai": "1"} if is_outside else {}
    if one.kind == "free":
        return f"{_PLACE}?{urlencode({'tu': one.first.isoformat(), 'den': one.last.isoformat(), **more})}"
    return f"{_PLACE}?{urlencode({'ky': _SPELLED[one.kind], 'nam': one.year, 'so': one.number, **more})}"


def _list_of(key: str, first: date, last: date) -> str:
    """A page leads to some three hundred and fifty of them."""
    return f"{_PLACE}/danh-sach?hang={_quoted(key)}&tu={first}&den={last}"


_quoted = lru_cache(maxsize=1_024)(quote_plus)


def _days_of(one: Term) -> dict[str, str]:
    return {"tu": one.first.isoformat(), "den": one.last.isoformat()}


def _behind(one: Term, starts: int) -> Term:
    if one.kind == "free":
        return Term("free", one.last + timedelta(days=1), one.last + timedelta(days=one.days))
    return terms.term_on(one.kind, one.last + timedelta(days=1), starts=starts)


def _read_place(text: str) -> ListPlace | None:
    found = re.fullmatch(r"(\d{1,15})-(\d{1,19})-(\d{1,5})", text, re.ASCII)
    return ListPlace(int(found[1]), int(found[2]), int(found[3])) if found and int(found[2]) < 2**63 else None


# -- the chart ---------------------------------------------------------------------------------------------------------------


def _chart(sheet: Sheet, name: str, language: str) -> Any:
    if not any(bar.new or bar.out for bar in sheet.bars):
        return ""
    is_daily = sheet.bars[0].first == sheet.bars[0].last
    pairs = [charts.Pair(_label(bar.last, is_daily=is_daily), bar.new, bar.out) for bar in sheet.bars]
    most = max(pairs, key=lambda one: one.first)
    about = say("figures-chart-about", language, term=name, most=figure_sheet.number(most.first, language), when=most.label)
    return charts.pairs(
        pairs, title=say("figures-chart-title", language), about=about, number=lambda many: figure_sheet.number(many, language)
    )


def _label(last: date, *, is_daily: bool) -> str:
    return f"{last.day}/{last.month}" if is_daily else f"{last.month}/{last.year}"
