"""How long each clock runs in this ward and on what that stands, and which days are off."""

import re
from datetime import date
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from handlers import clocks, deadlines, periods, texts
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import moments
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries import ward_book
from storage.queries.ward_book import PeriodSeen

_PLACE = "/admin/thoi-han"
_FIRST_YEAR, _LAST_YEAR = 2025, 2100
MOST_NAME = 60


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, year=_year(visit.request.query.get("nam", "")))


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    kind, given = form.get("han", ""), form.get("so", "0")
    try:
        if not re.fullmatch(r"\s*\d{1,4}\s*", given, re.ASCII):
            raise Mistake("periods-wrong-figure")
        amount = int(given)
        await desk.memory.write(lambda session: deadlines.keep_period(session, act, kind, amount, row_id=row_id))
    except Mistake as mistake:
        return await _draw(desk, visit, wrong=kind, typed={"so": given[:20]}, mistake=mistake.key)
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?xong=1")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    kind = form.get("han", "")
    await desk.memory.write(lambda session: deadlines.take_back_period(session, act, kind))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?xong=1")


async def keep_day(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    day, name, is_off = _day(form.get("ngay", "")), " ".join(form.get("ten", "").split()), form.get("la") != "lam"
    if day is None or not 0 < len(name) <= MOST_NAME:
        typed = {"ngay": form.get("ngay", "")[:20], "ten": name[:200], "la": form.get("la", "")}
        return await _draw(desk, visit, wrong="day", typed=typed, mistake="days-off-wrong-name" if day else "days-off-wrong-day")
    values: dict[str, Any] = {"day": day.isoformat(), "name": name, "is_off": is_off, "row_id": row_id}
    await desk.memory.write(lambda session: deadlines.keep_day(session, act, **values))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?nam={day.year}&xong=1#ngay")


async def take_back_day(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    day = _day(form.get("ngay", ""))
    if day is not None:
        await desk.memory.write(lambda session: deadlines.take_back_day(session, act, day.isoformat()))
        await desk.refresh_ward()
    return desk.go(f"{_PLACE}?nam={day.year if day else ''}&xong=1#ngay")


async def _draw(
    desk: Desk, visit: Visit, *, year: int = 0, wrong: str = "", typed: dict[str, str] | None = None, mistake: str = ""
) -> web.Response:
    ward_id, language, today = visit.officer.ward_id, visit.language, moments.local(moments.now()).date()
    year = year or today.year

    def read(session: Session) -> tuple[WardBook, dict[str, PeriodSeen], dict[int, str]]:
        book = WardBook.from_rows(ward_book.load(session, ward_id))
        return book, ward_book.period_notes(session, ward_id), officer_rows.officer_names(session, ward_id)

    book, notes, names = await desk.memory.read(read)
    return desk.show(
        visit,
        "periods.html",
        status=422 if mistake else 200,
        groups=periods.groups(),
        amount_of=lambda kind: periods.amount_of(book, kind),
        notes=notes,
        names=names,
        year=year,
        years=range(max(today.year - 1, _FIRST_YEAR), today.year + 4),
        days=[(line, moments.day_name(moments.start_of_day(line.day), language)) for line in clocks.days_of(book.days_off, year, language)],
        wrong=wrong,
        wrong_name=texts.say(f"period-{wrong}", language) if wrong in periods.load() else "",
        typed=typed or {},
        mistake=mistake,
        most_name=MOST_NAME,
        is_saved=visit.request.query.get("xong") == "1",
        steps=await steps_of(desk, visit, deadlines.STEPS),
        about=lambda about: texts.say(f"period-{about}", language) if about in periods.load() else _shown_day(about),
    )


def _year(text: str) -> int:
    """Nought where none was named that can be shown."""
    return int(text) if re.fullmatch(r"\d{4}", text, re.ASCII) and _FIRST_YEAR <= int(text) <= _LAST_YEAR else 0


def _day(text: str) -> date | None:
    """As browsers send it, 2026-11-24, or as people write it, 24/11/2026."""
    found = re.fullmatch(
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})", text.strip(), re.ASCII
    )
    if found is None:
        return None
    year, month, day = (int(found[name] or found[f"{name}2"]) for name in "ymd")
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _shown_day(text: str) -> str:
    return f"{int(text[8:10])}/{int(text[5:7])}/{text[:4]}"
