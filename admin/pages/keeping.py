"""How long things are kept. A shorter time destroys what is already older, so that is said first and wants a tick."""

import re
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from handlers import keeping, texts
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import officers as officer_rows
from storage.queries import retention, ward_book
from storage.queries.retention import KEEP_THREAD_FOR
from storage.queries.ward_book import PeriodSeen

_PLACE = "/admin/luu-giu"
_MOST_COUNTED = 1000


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    kind, given = form.get("loai", ""), form.get("so", "").strip()
    try:
        if kind not in keeping.KINDS or kind in desk.kept or not re.fullmatch(r"\d{1,4}", given, re.ASCII):
            raise Mistake("keeping-wrong-figure")
        amount = int(given)
        doomed = await _doomed(desk, visit, kind, amount)
        if doomed and form.get("hieu") != str(amount):
            return await _draw(desk, visit, wrong=kind, typed=given, doomed=doomed)
        await desk.memory.write(lambda session: keeping.keep(session, act, kind, amount, row_id=row_id))
    except Mistake as mistake:
        return await _draw(desk, visit, wrong=kind, typed=given[:20], mistake=mistake.key)
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?xong=1")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    kind, act = (await read_form(visit.request)).get("loai", ""), act_of(visit)
    one = keeping.KINDS.get(kind)
    if one is not None and (doomed := await _doomed(desk, visit, kind, one.amount)):
        return await _draw(desk, visit, wrong=kind, typed=str(one.amount), doomed=doomed)
    await desk.memory.write(lambda session: keeping.take_back(session, act, kind))
    await desk.refresh_ward()
    return desk.go(f"{_PLACE}?xong=1")


async def _doomed(desk: Desk, visit: Visit, kind: str, amount: int) -> int:
    """Closed tips that this would shred at once; as many as are counted, and one."""
    if kind != "keep-closed" or amount >= keeping.amount_of(desk.ward().book, kind):
        return 0
    before, ward_id = moments.now() - keeping.length_of(kind, amount), visit.officer.ward_id
    return len(await desk.memory.read(lambda session: retention.closed_tips(session, ward_id, before=before, most=_MOST_COUNTED + 1)))


async def _draw(desk: Desk, visit: Visit, *, wrong: str = "", typed: str = "", doomed: int = 0, mistake: str = "") -> web.StreamResponse:
    ward_id, language = visit.officer.ward_id, visit.language

    def read(session: Session) -> tuple[dict[str, PeriodSeen], dict[int, str]]:
        return ward_book.period_notes(session, ward_id), officer_rows.officer_names(session, ward_id)

    notes, names = await desk.memory.read(read)
    book = desk.ward().book
    values: dict[str, Any] = {"wrong": wrong, "typed": typed, "doomed": doomed, "most_counted": _MOST_COUNTED}
    return desk.show(
        visit,
        "keeping.html",
        status=422 if mistake or doomed else 200,
        kinds=[(one, desk.kept.get(one.kind, keeping.amount_of(book, one.kind)), one.kind in desk.kept) for one in keeping.KINDS.values()],
        notes=notes,
        names=names,
        thread_days=KEEP_THREAD_FOR // moments.DAY,
        mistake=mistake,
        is_saved=visit.request.query.get("xong") == "1",
        steps=await steps_of(desk, visit, keeping.STEPS),
        about=lambda kind: texts.say(f"keeping-{kind}", language) if kind in keeping.KINDS else "",
        **values,
    )
