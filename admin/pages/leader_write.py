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
from handlers.warnings import lifecycle
from handlers.warnings.codes import new_code
from handlers.warnings.content import MOST_LINES, THEMES, Content, Posted, as_posted, mistakes, tidy
from handlers.warnings.lifecycle import LASTS, Draft
from storage.ids import new_id
from storage.queries import warning_targets as targets
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen

_LONGEST = {"headline": 120, "body": 1500, "line": 300}


async def form(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Empty, or with what was handed back."""
    warning_id = id_in(visit.request.query.get("sua", ""))
    if not warning_id:
        return await _draw(desk, visit, {"row": str(new_id()), "area": ""}, Content(theme=""))
    seen = await _own(desk, visit, warning_id)
    if seen is None or seen.state not in lifecycle.OPEN:
        raise Sorry(404, "lead-write-gone")
    given = {"row": str(seen.id)} | {f"area-{area}": "yes" for area in seen.areas}
    return await _draw(desk, visit, given, lifecycle.content_of(seen), why=lifecycle.declined_why(seen) if seen.state == "declined" else "")


async def send(desk: Desk, visit: Visit) -> web.StreamResponse:
    given, act, ward = await read_form(visit.request), act_of(visit), desk.ward()
    content = _content(given)
    if wrong := mistakes(content):
        return await _draw(desk, visit, given, content, mistake=wrong[0])
    if given.get("do") != "send":
        return await _draw(desk, visit, given, content, preview=_preview(content, ward, act.now))
    draft, code, row_id, history_id = Draft(content=content, areas=_areas(given, ward)), new_code(), id_in(given.get("row", "")), new_id()

    def write(session: Session) -> None:
        _write(session, act, draft, row_id=row_id, code=code)
        lifecycle.propose(session, Act(ward_id=act.ward_id, officer_id=act.officer_id, history_id=history_id, now=act.now), row_id)

    try:
        if not row_id:
            raise Sorry(422, "desk-form-old")
        await desk.memory.write(write)
    except Mistake as mistake:
        return await _draw(desk, visit, given, content, mistake=mistake.key)
    return desk.go(f"{HOME}?xin=1")


def _write(session: Session, act: Act, draft: Draft, *, row_id: int, code: str) -> None:
    """A form that was sent twice writes the same one. Raises Mistake."""
    if rows.one(session, act.ward_id, row_id) is None:
        lifecycle.write(session, act, draft, row_id=row_id, code=code)
    else:
        lifecycle.rewrite(session, act, row_id, draft)


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


def _preview(content: Content, ward: Ward, now: int) -> str:
    return as_posted(content, Posted(code="CB-······", at=now, expires_at=now + LASTS), ward)


async def _draw(
    desk: Desk, visit: Visit, given: dict[str, str], content: Content, *, mistake: str = "", preview: str = "", why: str = ""
) -> web.StreamResponse:
    ward, officer_id = desk.ward(), visit.officer.id
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
    }
    said = {"mistake": mistake, "preview": preview, "why": why}
    return desk.show(visit, "lead_write.html", status=422 if mistake else 200, **values, **said)
