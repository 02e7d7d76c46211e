"""Ready sentences for the desk: which there are, and the chief's changes of them."""

from typing import Any

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of, steps_of
from admin.refusals import Sorry
from handlers import officers
from handlers import ready_sentences as ready
from handlers.officers import Mistake
from handlers.ready_sentences import Ready
from storage.ids import new_id

_PLACE = "/admin/cau-san"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    language, ward_id = _language(visit.request.query.get("tieng", "vi")), visit.officer.ward_id
    known = await desk.memory.read(lambda session: ready.everything(session, ward_id, language))
    texts = {one.key: one.text for one in known}
    return desk.show(
        visit,
        "ready_sentences.html",
        known=known,
        shown=language,
        kinds=ready.KINDS,
        may_change=officers.may(visit.officer.role, "change_book"),
        steps=await steps_of(desk, visit, ready.STEPS),
        text=lambda key: texts.get(key, "…"),
    )


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    language, key, ward_id = _language(visit.request.query.get("tieng", "vi")), visit.request.query.get("mau", ""), visit.officer.ward_id
    if not key:
        return await _draw(desk, visit, Ready(key="", kind="question", language=language, text="", is_own=True))
    known = await desk.memory.read(lambda session: ready.everything(session, ward_id, language))
    found = next((one for one in known if one.key == key), None)
    if found is None:
        raise Sorry(404, "ready-gone")
    return await _draw(desk, visit, found)


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    typed, act, row_id = ready.typed(await read_form(visit.request)), act_of(visit), new_id()
    mistakes = ready.complaints_about(typed, site=desk.site, spoken=visit.language)
    if mistakes:
        return await _draw(desk, visit, typed, mistakes=mistakes)
    await _write(desk, lambda session: ready.keep(session, act, typed, row_id=row_id))
    return desk.go(f"{_PLACE}?tieng={typed.language}")


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Ours again; or offered no more, and the ward's own gone."""
    form, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    language, key = _language(form.get("language", "")), form.get("key", "")
    if form.get("out") == "1":
        await _write(desk, lambda session: ready.leave_out(session, act, language, key, row_id=row_id))
    else:
        await _write(desk, lambda session: ready.take_back(session, act, language, key))
    return desk.go(f"{_PLACE}?tieng={language}")


async def _draw(desk: Desk, visit: Visit, shown: Ready, *, mistakes: list[str] | None = None) -> web.StreamResponse:
    return desk.show(
        visit,
        "ready_sentence.html",
        status=422 if mistakes else 200,
        one=shown,
        mistakes=mistakes or [],
        kinds=ready.KINDS,
        outcomes=ready.OUTCOMES,
        may_change=officers.may(visit.officer.role, "change_book"),
    )


async def _write(desk: Desk, change: Any) -> None:
    try:
        await desk.memory.write(change)
    except Mistake as mistake:
        raise Sorry(404 if mistake.key == "ready-gone" else 409, mistake.key) from None


def _language(given: str) -> str:
    return given if given in ("vi", "en") else "vi"
