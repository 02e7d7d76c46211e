"""The two books, what the paper books still lack, and the check at the end of the day."""

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import books, lifecycle, officers
from handlers.exchange import LEAST_REASON
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import books as rows
from storage.queries import officers as officer_rows
from storage.queries.books import Entry

PAGE = 50
MOST_TO_COPY = 200
MOST_DAYS = 31


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    query, ward_id = visit.request.query, visit.officer.ward_id
    book = query.get("so", "") if query.get("so") in lifecycle.BOOKS else "crime"
    this_year = moments.local(moments.now()).year
    year = int(query["nam"]) if query.get("nam", "").isdecimal() and len(query["nam"]) == 4 else this_year
    below = int(query["duoi"]) if query.get("duoi", "").isdecimal() and len(query["duoi"]) < 10 else None

    def find(session: Session) -> tuple[list[Entry], list[int], int]:
        found = rows.entries_of_book(session, visit.sight, book, year, below=below, most=PAGE + 1)
        return found, rows.years(session, ward_id, book), rows.count_to_copy(session, ward_id)

    entries, years, to_copy = await desk.memory.read(find)
    older = entries[PAGE - 1].number if len(entries) > PAGE else None
    return desk.show(
        visit,
        "books.html",
        book=book,
        books=lifecycle.BOOKS,
        year=year,
        years=sorted({*years, this_year}, reverse=True),
        entries=entries[:PAGE],
        older=older,
        to_copy=to_copy,
    )


async def copy(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_copy(desk, visit)


async def _draw_copy(desk: Desk, visit: Visit, *, mistake: str = "", wrong: int = 0, status: int = 200) -> web.StreamResponse:
    entries = await desk.memory.read(lambda session: rows.to_copy(session, visit.sight, most=MOST_TO_COPY))
    may_tick = officers.may(visit.officer.role, "keep_books")
    return desk.show(visit, "books_copy.html", status=status, entries=entries, may_tick=may_tick, mistake=mistake, wrong=wrong)


async def tick(desk: Desk, visit: Visit) -> web.StreamResponse:
    entry_id, act, form = number_in(visit.request, "entry"), act_of(visit), await read_form(visit.request)
    number, history_id = form.get("number", ""), new_id()
    try:
        await desk.memory.write(lambda session: books.tick(session, act, entry_id, paper_number=number, history_id=history_id))
    except Mistake as mistake:
        if mistake.key == "book-no-entry":
            raise Sorry(404, mistake.key) from None
        return await _draw_copy(desk, visit, mistake=mistake.key, wrong=entry_id, status=422)
    return desk.go("/admin/so/chep")


async def day(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_day(desk, visit)


async def _draw_day(desk: Desk, visit: Visit, *, mistake: str = "", status: int = 200) -> web.StreamResponse:
    ward_id, now = visit.officer.ward_id, moments.now()
    counted = await desk.memory.read(lambda session: rows.count_day(session, ward_id))
    days = await desk.memory.read(lambda session: rows.days_checked(session, ward_id, most=MOST_DAYS))
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, ward_id))
    may_check = officers.may(visit.officer.role, "keep_books")
    return desk.show(
        visit, "books_day.html", status=status, counted=counted, days=days, names=names, may_check=may_check, mistake=mistake, now=now
    )


async def check_day(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, row_id = act_of(visit), new_id()
    counted = await desk.memory.read(lambda session: rows.count_day(session, act.ward_id))
    try:
        await desk.memory.write(lambda session: books.check_day(session, act, counted, row_id=row_id))
    except Mistake as mistake:
        return await _draw_day(desk, visit, mistake=mistake.key, status=409)
    return desk.go("/admin/so/doi-chieu")


async def line(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_line(desk, visit)


async def _draw_line(desk: Desk, visit: Visit, *, mistake: str = "", status: int = 200, **given: str) -> web.StreamResponse:
    entry_id, ward_id = number_in(visit.request, "entry"), visit.officer.ward_id
    entry = await desk.memory.read(lambda session: rows.entry(session, visit.sight, entry_id))
    if entry is None:
        raise Sorry(404, "book-no-entry")
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, ward_id))
    return desk.show(
        visit,
        "books_line.html",
        status=status,
        entry=entry,
        names=names,
        columns=books.COLUMNS,
        numbers=books.NUMBERS,
        kinds=lifecycle.KINDS,
        may_write=officers.may(visit.officer.role, "keep_books") and not entry.is_shredded and not entry.is_stub,
        mistake=mistake,
        given=given,
        least=LEAST_REASON,
        most=books.MOST_IN_COLUMN,
        most_number=books.MOST_NUMBER,
    )


async def correct(desk: Desk, visit: Visit) -> web.StreamResponse:
    entry_id, act, form = number_in(visit.request, "entry"), act_of(visit), await read_form(visit.request)
    column, text, reason = (form.get(name, "") for name in ("column", "text", "reason"))
    try:
        await desk.memory.write(lambda session: books.correct(session, act, entry_id, column=column, text=text, reason=reason))
    except Mistake as mistake:
        if mistake.key == "book-no-entry":
            raise Sorry(404, mistake.key) from None
        return await _draw_line(desk, visit, mistake=mistake.key, status=422, column=column, text=text, reason=reason)
    return desk.go(f"/admin/so/{entry_id}")


async def move(desk: Desk, visit: Visit) -> web.StreamResponse:
    entry_id, act, form = number_in(visit.request, "entry"), act_of(visit), await read_form(visit.request)
    kind, reason, fresh = form.get("kind", ""), form.get("reason", ""), new_id()
    entry = await desk.memory.read(lambda session: rows.entry(session, visit.sight, entry_id))
    if entry is None:
        raise Sorry(404, "book-no-entry")
    tip_id = entry.tip_id
    try:
        await desk.memory.write(lambda session: books.move_to_other(session, act, tip_id, kind=kind, reason=reason, entry_id=fresh))
    except Mistake as mistake:
        return await _draw_line(desk, visit, mistake=mistake.key, status=422, column="move", kind=kind, reason=reason)
    return desk.go(f"/admin/so/{fresh}")
