"""Answers of "Hỏi thủ tục": how often each is asked, and the chief's changes of them."""

import re
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from admin.refusals import Sorry
from handlers import book, officers, wordings
from handlers.insight import procedures
from handlers.officers import Mistake
from handlers.ward_book import Procedure, WardBook
from storage.ids import new_id
from storage.queries import ward_book

_PLACE = "/admin/thu-tuc"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _list(desk, visit)


async def _list(desk: Desk, visit: Visit, *, office: Procedure | None = None, mistakes: dict[str, list[str]] | None = None) -> web.Response:
    ward_id, asked = visit.officer.ward_id, visit.request.query.get("hoi", "")[:200]

    def read(session: Session) -> tuple[WardBook, dict[int, int], set[int]]:
        rows = ward_book.procedures(session, ward_id)
        now = WardBook.from_rows(ward_book.load(session, ward_id))
        return now, {row.id: row.asked for row in rows}, {row.id for row in rows if row.body.keys() - {"key", "is_hidden"}}

    now, counts, changed = await desk.memory.read(read)
    known = procedures.everything(now)
    found = procedures.find(asked, procedures.effective(now)) if asked.strip() else []
    titles = {str(one.handle): one.title for one in known}
    return desk.show(
        visit,
        "procedures.html",
        status=422 if mistakes else 200,
        known=known,
        counts=counts,
        changed=changed,
        office=office or procedures.office(now),
        mistakes=mistakes or {},
        asked=asked,
        found=[procedures.told(one, now) for one in found[:3]],
        may_change=officers.may(visit.officer.role, "change_book"),
        steps=await steps_of(desk, visit, book.PROCEDURE_STEPS),
        title=lambda handle: titles.get(handle, "…"),
    )


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    given = visit.request.query.get("muc", "")
    known = await _known(desk, visit, given) if given else Procedure()
    return await _draw(desk, visit, known, is_saved=visit.request.query.get("xong") == "1")


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    form = await read_form(visit.request)
    typed = _typed(form)
    mistakes = procedures.complaints_about(typed, visit.language)
    if mistakes:
        return await _draw(desk, visit, typed, mistakes=mistakes)
    act, fresh_id = act_of(visit), new_id()
    await _write(desk, lambda session: book.keep_procedure(session, act, typed, fresh_id=fresh_id))
    return desk.go(f"{_PLACE}/muc?muc={typed.handle or fresh_id}&xong=1")


async def hide(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    handle, is_hidden = _handle(form.get("muc", "")), form.get("an") == "1"
    await _write(desk, lambda session: book.hide_procedure(session, act, handle, is_hidden=is_hidden))
    return desk.go(f"{_PLACE}#m-{handle}")


async def move(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    handle, by = _handle(form.get("muc", "")), -1 if form.get("huong") == "len" else 1
    await _write(desk, lambda session: book.move_procedure(session, act, handle, by=by))
    return desk.go(f"{_PLACE}#m-{handle}")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Ours again; or, of an answer that is the ward's alone, its end."""
    form, act = await read_form(visit.request), act_of(visit)
    handle = _handle(form.get("muc", ""))
    if isinstance(handle, str):
        key = handle
        await _write(desk, lambda session: book.take_back_procedure(session, act, key))
        return desk.go(f"{_PLACE}/muc?muc={key}&xong=1")
    row_id = handle
    await _write(desk, lambda session: book.remove_procedure(session, act, row_id))
    return desk.go(_PLACE)


async def keep_office(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)
    address, hours = _line(form, "address"), _line(form, "hours")
    found = procedures.complaints_about(Procedure(title="…", words=("x",), answer="x", address=address, hours=hours), visit.language)
    mistakes = {name: complaints for name, complaints in found.items() if name in ("address", "hours")}
    if mistakes:
        return await _list(desk, visit, office=Procedure(address=address, hours=hours), mistakes=mistakes)
    await _write(desk, lambda session: book.keep_office(session, act, address=address, hours=hours))
    return desk.go(f"{_PLACE}?xong=1")


async def _draw(
    desk: Desk, visit: Visit, known: Procedure, *, mistakes: dict[str, list[str]] | None = None, is_saved: bool = False
) -> web.Response:
    ward_id = visit.officer.ward_id
    now = await desk.memory.read(lambda session: WardBook.from_rows(ward_book.load(session, ward_id)))
    here = procedures.office(now)
    shown = Procedure(
        title=known.title,
        answer=known.answer,
        portal=known.portal,
        vneid=known.vneid,
        address=known.address or here.address,
        hours=known.hours or here.hours,
    )
    row = next((row for row in now.procedures if row.key and row.key == known.key), None)
    return desk.show(
        visit,
        "procedure.html",
        status=422 if mistakes else 200,
        one=known,
        seen=procedures.told(shown, now) if known.title else "",
        is_changed=row is not None and bool(row.title or row.address or row.hours),
        mistakes=mistakes or {},
        is_saved=is_saved,
        may_change=officers.may(visit.officer.role, "change_book"),
    )


async def _known(desk: Desk, visit: Visit, given: str) -> Procedure:
    handle = _handle(given)
    try:
        return await desk.memory.read(lambda session: book.procedure_now(session, visit.officer.ward_id, handle))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None


async def _write(desk: Desk, change: Any) -> None:
    try:
        await desk.memory.write(change)
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    await desk.refresh_ward()


def _typed(form: dict[str, str]) -> Procedure:
    handle = _handle(form["muc"]) if form.get("muc") else ""
    words = dict.fromkeys(" ".join(line.split()) for line in wordings.tidied(form.get("words", "")).split("\n"))
    return Procedure(
        id=handle if isinstance(handle, int) else 0,
        key=handle if isinstance(handle, str) else "",
        title=_line(form, "title"),
        words=tuple(word for word in words if word),
        answer=wordings.tidied(form.get("answer", "")),
        address=_line(form, "address"),
        hours=_line(form, "hours"),
        portal=_line(form, "portal"),
        vneid=_line(form, "vneid"),
    )


def _line(form: dict[str, str], name: str) -> str:
    return wordings.tidied(form.get(name, ""))


def _handle(given: str) -> str | int:
    """A key of ours, or the id of a row of the ward's own."""
    if re.fullmatch(r"[0-9]{1,19}", given) and int(given) < 2**63:
        return int(given)
    if re.fullmatch(r"[a-z][a-z0-9-]{1,40}", given):
        return given
    raise Sorry(404, "procedures-gone")
