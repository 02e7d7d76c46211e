"""The chief says whose each neighbourhood and each kind of matter is: who is proposed when a tip is handed out."""

from dataclasses import replace
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from handlers import assignment
from handlers.insight import catalogue
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import assignment as rows
from storage.queries import officers as officer_rows


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The whole page at once; what did not change leaves no line."""
    form, act = await read_form(visit.request), act_of(visit)
    wanted: dict[int | str, int | None] = {}
    for name, value in form.items():
        about: int | str | None = None
        if name.startswith("khu-") and name[4:].isdecimal() and len(name) < 24:
            about = int(name[4:])
        elif name.startswith("loai-"):
            about = name[5:]
        if about is not None and (value == "" or (value.isdecimal() and len(value) < 20)):
            wanted[about] = int(value) if value else None
    drawn = {about: (new_id(), new_id()) for about in wanted}

    def press(session: Session) -> None:
        before = rows.responsible(session, act.ward_id)
        for about, officer_id in wanted.items():
            if before.get(about) != officer_id:
                row_id, history_id = drawn[about]
                assignment.name_responsible(session, replace(act, history_id=history_id), about, officer_id, row_id=row_id)

    try:
        await desk.memory.write(press)
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, chosen=wanted)
    return desk.go("/admin/phu-trach?xong=1")


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", chosen: dict[int | str, int | None] | None = None) -> web.StreamResponse:
    ward_id = visit.officer.ward_id

    def find(session: Session) -> dict[str, Any]:
        named = rows.responsible(session, ward_id)
        people = officer_rows.officers_of(session, ward_id)
        able = assignment.holders(people, "")
        gone = [one for one in people if one.id in named.values() and one.id not in {other.id for other in able}]
        return {"homes": rows.neighbourhoods(session, ward_id), "named": named, "able": able, "gone": {one.id: one.name for one in gone}}

    found = await desk.memory.read(find)
    return desk.show(
        visit,
        "areas.html",
        status=422 if mistake else 200,
        mistake=mistake,
        is_saved=visit.request.query.get("xong") == "1",
        codes=catalogue.CODES,
        chosen=found["named"] if chosen is None else chosen,
        **found,
    )
