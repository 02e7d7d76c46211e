"""The calendar of warnings: what comes, what to write before it, what needs none this year, and the ward's own days."""

from collections.abc import Callable
from datetime import date
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import officers
from handlers.officers import Mistake
from handlers.warnings import calendar, templates, thanks
from handlers.warnings.calendar import Occasion, OwnDay
from storage import moments
from storage.ids import new_id

PLACE = "/admin/canh-bao/lich"
_AHEAD = 120


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def add(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    try:
        day = OwnDay(
            name=given.get("name", ""),
            first=_day(given.get("tu", "")),
            last=_day(given.get("den", "") or given.get("tu", "")),
            template=given.get("mau", "")[:60],
            days_before=_days(given.get("truoc", "7")),
            is_yearly=given.get("hang-nam") == "1",
        )
        await desk.memory.write(lambda session: calendar.keep_own(session, act, day, row_id=row_id))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, typed=given)
    return desk.go(PLACE)


async def settle(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, row_id, book = await read_form(visit.request), act_of(visit), new_id(), desk.ward().book
    key, how, year = given.get("dip", "")[:80], given.get("cach", ""), _days(given.get("nam", ""))
    if not 2020 <= year <= 2100:
        raise Sorry(404, "campaign-gone")
    return await _do(desk, lambda session: calendar.settle(session, act, book, key=key, year=year, how=how, row_id=row_id))


async def drop(desk: Desk, visit: Visit) -> web.StreamResponse:
    key, act = (await read_form(visit.request)).get("dip", "")[:80], act_of(visit)
    return await _do(desk, lambda session: calendar.drop(session, act, key=key))


async def _do(desk: Desk, does: Callable[[Session], Any]) -> web.StreamResponse:
    try:
        await desk.memory.write(does)
    except Mistake as mistake:
        raise Sorry(404 if mistake.key == "campaign-gone" else 409, mistake.key) from None
    return desk.go(PLACE)


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", typed: dict[str, str] | None = None) -> web.StreamResponse:
    ward, today = desk.ward(), moments.local(moments.now()).date()

    def read(session: Session) -> tuple[list[Occasion], list[templates.Template]]:
        coming = calendar.coming(session, ward.id, ward.book, today=today, language=visit.language, ahead=_AHEAD)
        return coming, templates.library(session, ward.id, visit.language)

    found, known = await desk.memory.read(read)
    return desk.show(
        visit,
        "warn_calendar.html",
        status=422 if mistake else 200,
        mistake=mistake,
        typed=typed or {},
        due=[one for one in found if one.is_due(today)],
        later=[one for one in found if not one.is_due(today)],
        known=known,
        names={one.key: one.name for one in known},
        homes=ward.book.neighbourhoods,
        last_month=thanks.last_month(today).first,
        may_write=officers.may(visit.officer.role, "warn"),
    )


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Mistake("warn-no-day") from None
    if not 2020 <= found.year <= 2100:
        raise Mistake("warn-no-day")
    return found


def _days(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
