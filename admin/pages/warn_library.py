"""What warnings are written from, as the ward has it: looked for, changed, left out, taken back, and its own."""

from typing import Any

from aiohttp import web

from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.pages.warn_form import Form
from admin.refusals import Sorry
from handlers import officers
from handlers.officers import Mistake
from handlers.warnings import checker, library, templates
from handlers.warnings.content import MOST_LINES, THEMES, Content
from handlers.warnings.templates import Template
from storage.ids import new_id

PLACE = "/admin/canh-bao/mau"


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    ward_id, typed = visit.officer.ward_id, visit.request.query.get("tim", "").strip()[:60]
    known = await desk.memory.read(lambda session: templates.everything(session, ward_id, visit.language))
    found = templates.found(known, typed)
    groups = {theme: [one for one in found if one.content.theme == theme] for theme in THEMES}
    return desk.show(
        visit,
        "warn_library.html",
        groups={theme: some for theme, some in groups.items() if some},
        typed=typed,
        all=len(known),
        may_write=officers.may(visit.officer.role, "warn"),
    )


async def one(desk: Desk, visit: Visit) -> web.StreamResponse:
    key = visit.request.query.get("mau", "")
    if not key:
        return _draw(desk, visit, Template(key="", name="", content=Content(), is_own=True))
    return _draw(desk, visit, await _known(desk, visit, key))


async def save(desk: Desk, visit: Visit) -> web.StreamResponse:
    given = await read_form(visit.request)
    key, name, form = given.get("key", "")[:60], given.get("name", "").strip()[: library.MOST_NAME], Form.typed(given)
    content = Content(theme=form.theme, headline=form.headline, body=form.text, lines=tuple(filter(None, form.lines)))
    act, row_id, ward = act_of(visit), new_id(), desk.ward()
    try:
        await desk.memory.write(lambda session: library.keep(session, act, ward, key=key, name=name, content=content, row_id=row_id))
    except library.NotKept as refused:
        known = await _known(desk, visit, key) if key else None
        typed = Template(key=key, name=name, content=content, is_own=known.is_own if known else True)
        return _draw(desk, visit, typed, refused=refused)
    except Mistake as mistake:
        raise _sorry(mistake) from None
    return desk.go(PLACE)


async def hide(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, row_id = await read_form(visit.request), act_of(visit), new_id()
    key, is_hidden = given.get("key", ""), given.get("hien") != "1"
    return await _do(desk, lambda session: library.hide(session, act, key=key, is_hidden=is_hidden, row_id=row_id))


async def take_back(desk: Desk, visit: Visit) -> web.StreamResponse:
    key, act = (await read_form(visit.request)).get("key", ""), act_of(visit)
    return await _do(desk, lambda session: library.take_back(session, act, key=key))


async def _do(desk: Desk, does: Any) -> web.StreamResponse:
    try:
        await desk.memory.write(does)
    except Mistake as mistake:
        raise _sorry(mistake) from None
    return desk.go(PLACE)


def _sorry(mistake: Mistake) -> Sorry:
    return Sorry(404 if mistake.key == "warning-template-gone" else 409, mistake.key)


async def _known(desk: Desk, visit: Visit, key: str) -> Template:
    ward_id = visit.officer.ward_id
    found = await desk.memory.read(lambda session: templates.template(session, ward_id, key, visit.language))
    if found is None:
        raise Sorry(404, "warning-template-gone")
    return found


def _draw(desk: Desk, visit: Visit, shown: Template, *, refused: library.NotKept | None = None) -> web.Response:
    lines = (*shown.content.lines, *("",) * MOST_LINES)[:MOST_LINES]
    return desk.show(
        visit,
        "warn_template.html",
        status=422 if refused else 200,
        one=shown,
        lines=lines,
        wrong=refused.wrong if refused else [],
        findings=[checker.told(finding, visit.language) for finding in refused.findings] if refused else [],
        themes=THEMES,
    )
