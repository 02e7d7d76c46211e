"""What is printed for some days: either book in the columns of the paper book, and the hand-overs with what was open."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages.book import act_of
from admin.pages.papers import in_vietnamese, marked_by
from handlers import lifecycle, papers
from handlers.papers import Paper
from storage import moments
from storage.queries import officers as officer_rows
from storage.queries import prints as rows

MOST_LINES, MOST_HAND_OVERS, MOST_OPEN = 200, 200, 60
LONGEST_DAYS = 366


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    """What there is to print that belongs to no single tip."""
    today = moments.local(moments.now()).date()
    return desk.show(visit, "prints.html", first=today.replace(day=1).isoformat(), today=today.isoformat(), books=lifecycle.BOOKS)


async def book(desk: Desk, visit: Visit) -> web.StreamResponse:
    which = visit.request.query.get("so", "")
    name = which if which in lifecycle.BOOKS else lifecycle.BOOKS[0]

    def find(session: Session, since: int, until: int) -> list[Any]:
        return rows.book_lines(session, visit.sight, name, since, until, most=MOST_LINES + 1)

    return await _draw(desk, visit, "books", find, most=MOST_LINES, book=name, books=lifecycle.BOOKS)


async def hand_overs(desk: Desk, visit: Visit) -> web.StreamResponse:
    def find(session: Session, since: int, until: int) -> list[Any]:
        return rows.hand_overs(session, visit.sight, since, until, most=MOST_HAND_OVERS + 1, most_tips=MOST_OPEN)

    return await _draw(desk, visit, "hand_overs", find, most=MOST_HAND_OVERS)


async def _draw(
    desk: Desk, visit: Visit, kind: Paper, find: Callable[[Session, int, int], list[Any]], *, most: int, **values: Any
) -> web.StreamResponse:
    first, last, act = *_days(visit), act_of(visit)
    since, until = moments.start_of_day(first), moments.start_of_day(last + timedelta(days=1))

    def read(session: Session) -> tuple[list[Any], dict[int, str]]:
        return find(session, since, until), officer_rows.officer_names(session, visit.officer.ward_id)

    lines, names = await desk.memory.read(read)
    await desk.memory.write(lambda session: papers.note_printed(session, act, kind))
    return desk.show(
        visit,
        f"print_{kind}.html",
        lines=lines[:most],
        is_cut=len(lines) > most,
        most=most,
        names=names,
        first=first,
        last=last,
        latest=moments.local(act.now).date(),
        **in_vietnamese(desk),
        **marked_by(visit, act.now),
        **values,
    )


def _days(visit: Visit) -> tuple[date, date]:
    """This month until today, where the address says nothing else; never backwards, and no longer than a year."""
    today = moments.local(moments.now()).date()
    first = _day(visit.request.query.get("tu", "")) or today.replace(day=1)
    last = _day(visit.request.query.get("den", "")) or max(today, first)
    return first, min(max(first, last), first + timedelta(days=LONGEST_DAYS - 1))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2020 <= found.year <= 2100 else None
