"""Xin phát cảnh báo: a leader writes one for their own neighbourhoods, and the commander on duty releases it or hands it back."""

from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.arriving import id_in
from admin.desk import Desk, Visit
from admin.forms import read_form
from admin.pages.book import act_of
from admin.pages.leader_home import HOME
from admin.refusals import Sorry
from handlers.acts import Act
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.warnings import asking, checker, lifecycle
from handlers.warnings.around import sample
from handlers.warnings.checker import Finding
from handlers.warnings.codes import new_code
from handlers.warnings.content import MOST_LINES, THEMES, Content, mistakes, tidy
from handlers.warnings.lifecycle import Draft
from handlers.warnings.templates import Template
from storage import moments
from storage.ids import id_at, new_id
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen
from storage.quick import AlreadyThere

_LONGEST = {"headline": 120, "body": 1500, "line": 300, "reason": checker.MOST_REASON}
_FORM_LIVES = 7 * moments.DAY


async def form(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Empty, from a template, or with what was handed back."""
    warning_id, key = id_in(visit.request.query.get("sua", "")), visit.request.query.get("mau", "")
    if not warning_id:
        begun = next((one for one in await _offered(desk, visit) if one.key == key), None) if key else None
        given = {"row": str(new_id()), "mau": begun.key if begun else ""}
        return await _draw(desk, visit, given, begun.content if begun else Content(theme=""))
    seen = await _own(desk, visit, warning_id)
    if seen is None or seen.state not in lifecycle.OPEN:
        raise Sorry(404, "lead-write-gone")
    given = {"row": str(seen.id), "mau": seen.template, "ground": seen.ground, "reason": seen.note} | {
        f"area-{area}": "yes" for area in seen.areas
    }
    said, found = lifecycle.content_of(seen), asking.findings(lifecycle.content_of(seen), desk.ward())
    return await _draw(desk, visit, given, said, found=found, why=lifecycle.declined_why(seen) if seen.state == "declined" else "")


async def send(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, ward = await read_form(visit.request), act_of(visit), desk.ward()
    content = _content(given)
    if wrong := mistakes(content):
        return await _draw(desk, visit, given, content, mistake=wrong[0])
    found, ground, reason = (
        asking.findings(content, ward),
        given.get("ground", "")[:20],
        given.get("reason", "").strip()[: checker.MOST_REASON],
    )
    stops = asking.objections(found, ground=ground, words=reason)
    if stops or given.get("do") != "send":
        preview = "" if stops else sample(content, ward, now=act.now)
        return await _draw(desk, visit, given, content, found=found, preview=preview, mistake=stops[0] if stops else "")
    template = given.get("mau", "") if given.get("mau", "") in {one.key for one in await _offered(desk, visit)} else ""
    draft = Draft(content=content, areas=_areas(given, ward), template=template, ground=ground, note=reason)
    try:
        await _propose(desk, act, draft, id_in(given.get("row", "")))
    except Mistake as mistake:
        return await _draw(desk, visit, given, content, found=found, mistake=mistake.key)
    return desk.go(f"{HOME}?xin=1")


async def _propose(desk: Desk, act: Act, draft: Draft, row_id: int) -> None:
    """A form that was sent twice writes the same one: its row is drawn beforehand, and no other than one of these days. Raises Mistake."""
    ward, history_id = desk.ward(), new_id()
    # Ids never go back, so after the machine's clock was set back they are ahead of it: compared is also with one drawn right now.
    newest = max(id_at(act.now + moments.MINUTE), history_id + (moments.MINUTE << 22))
    is_of_now = id_at(act.now - _FORM_LIVES) <= row_id <= newest

    def propose(session: Session, code: str) -> None:
        if not is_of_now and rows.one(session, act.ward_id, row_id) is None:
            raise Sorry(422, "desk-form-old")
        asking.propose(session, ward, act, draft, row_id=row_id, code=code, history_id=history_id)

    for tries_left in (2, 1, 0):
        code = new_code()
        try:
            await desk.memory.write(lambda session, code=code: propose(session, code))  # type: ignore[misc]
            return
        except AlreadyThere:  # Of a thousand million codes this one was taken.
            if not tries_left:
                raise


async def _offered(desk: Desk, visit: Visit) -> tuple[Template, ...]:
    ward_id, language = visit.officer.ward_id, visit.language
    return await desk.memory.read(lambda session: asking.offered(session, ward_id, language))


async def _own(desk: Desk, visit: Visit, warning_id: int) -> WarningSeen | None:
    ward_id = visit.officer.ward_id
    seen = await desk.memory.read(lambda session: rows.one(session, ward_id, warning_id))
    return seen if seen is not None and seen.written_by == visit.officer.id else None


def _content(given: dict[str, str]) -> Content:
    lines = tuple(given.get(f"line-{number}", "")[: _LONGEST["line"]] for number in range(1, MOST_LINES + 1))
    headline, body = given.get("headline", "")[: _LONGEST["headline"]], given.get("body", "")[: _LONGEST["body"]]
    return tidy(Content(theme=given.get("theme", ""), headline=headline, body=body, lines=lines))


def _areas(given: dict[str, str], ward: Ward) -> tuple[int, ...]:
    """Whether they are this leader's asks `lifecycle.write`."""
    return tuple(one.id for one in ward.book.neighbourhoods if given.get(f"area-{one.id}"))


async def _draw(
    desk: Desk,
    visit: Visit,
    given: dict[str, str],
    content: Content,
    *,
    found: tuple[Finding, ...] = (),
    mistake: str = "",
    preview: str = "",
    why: str = "",
) -> web.StreamResponse:
    ward, officer_id = desk.ward(), visit.officer.id
    templates = await _offered(desk, visit)
    mine = await desk.memory.read(lambda session: targets.areas_of_leader(session, officer_id))
    areas = [one for one in ward.book.neighbourhoods if one.id in mine]
    values: dict[str, Any] = {
        "given": given,
        "content": content,
        "areas": areas,
        "chosen": _areas(given, ward) or ((areas[0].id,) if len(areas) == 1 else ()),
        "themes": THEMES,
        "most_lines": MOST_LINES,
        "longest": _LONGEST,
        "templates": {theme: some for theme in THEMES if (some := [one for one in templates if one.content.theme == theme])},
        "begun": next((one.name for one in templates if one.key == given.get("mau")), ""),
        "findings": found,
        "told": lambda one: checker.told(one, visit.language),
        "grounds": checker.GROUNDS,
    }
    said = {"mistake": mistake, "preview": preview, "why": why}
    return desk.show(visit, "lead_write.html", status=422 if mistake else 200, **values, **said)
