"""A warning is written: from a template or in one's own words, saved as often as one likes, with what stops it beside each field."""

from dataclasses import dataclass, replace

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import warn_check
from admin.pages.book import act_of
from admin.pages.warn_form import Form
from admin.refusals import Sorry
from handlers.officers import Mistake
from handlers.warnings import checker, content, lifecycle, quiet
from handlers.warnings import reach as reach_of
from handlers.warnings.checker import Finding
from handlers.warnings.codes import new_code
from handlers.warnings.content import MOST_HEADLINE_WORDS, MOST_WORDS, THEMES
from handlers.warnings.templates import Template
from storage import moments
from storage.ids import new_id
from storage.queries import warning_counts as counted
from storage.queries import warnings as rows
from storage.queries.warning_counts import Reached
from storage.queries.warnings import WarningSeen
from storage.quick import AlreadyThere

PLACE = "/admin/canh-bao"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What the form shows beside the words."""

    reached: Reached
    original: WarningSeen | None
    findings: tuple[Finding, ...]
    offered: tuple[Template, ...]


async def new(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Empty, from a template, as a correction of one that was sent, or as a thank-you."""
    query = visit.request.query
    if query.get("dinh-chinh"):
        return await _correction(desk, visit, query["dinh-chinh"])
    return await _draw(desk, visit, await warn_check.begun(desk, visit))


async def _correction(desk: Desk, visit: Visit, given: str) -> web.StreamResponse:
    original_id, ward_id = _id(given), visit.officer.ward_id
    original = await desk.memory.read(lambda session: rows.one(session, ward_id, original_id))
    if original is None or original.state not in lifecycle.PUBLIC:
        raise Sorry(404, "warning-not-released")
    said = lifecycle.content_of(original)
    begun = replace(said, kind="correction", headline="", body="", lines=())
    form = Form.of_content(begun, now=moments.now(), until=original.expires_at, corrects=original_id)
    return await _draw(desk, visit, replace(form, is_urgent=original.is_urgent))  # What went at night is put right at night.


async def write(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = Form.typed(await read_form(visit.request)), act_of(visit)
    try:
        draft = form.draft()
        for _try in range(3):
            row_id, code = new_id(), new_code()
            try:
                await desk.memory.write(
                    lambda session, row_id=row_id, code=code: lifecycle.write(  # type: ignore[misc]
                        session, act, draft, row_id=row_id, code=code, corrects_id=form.corrects
                    )
                )
                break
            except AlreadyThere:  # Of a thousand million codes this one was taken.
                continue
    except Mistake as mistake:
        return await _draw(desk, visit, form, mistake=mistake.key)
    return await _after(desk, visit, row_id)


async def edit(desk: Desk, visit: Visit) -> web.StreamResponse:
    seen = await found_in(desk, visit)
    if seen.state not in lifecycle.OPEN:
        raise Sorry(409, "warning-released-already")
    if seen.written_by != visit.officer.id:
        raise Sorry(403, "warning-not-yours")
    return await _draw(desk, visit, Form.of_warning(seen), seen=seen)


async def rewrite(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, warning_id = (
        Form.typed(await read_form(visit.request)),
        act_of(visit),
        number_in(visit.request, "warning", sorry="warning-gone"),
    )
    try:
        draft = form.draft()
        await desk.memory.write(lambda session: lifecycle.rewrite(session, act, warning_id, draft))
    except Mistake as mistake:
        if mistake.key == "warning-gone":
            raise Sorry(404, mistake.key) from None
        return await _draw(desk, visit, form, mistake=mistake.key, seen=await found_in(desk, visit))
    return await _after(desk, visit, warning_id)


async def _after(desk: Desk, visit: Visit, warning_id: int) -> web.StreamResponse:
    """To the preview; back to the form where something stops it, so that it is seen at its place."""
    ward_id = visit.officer.ward_id

    def is_stopped(session: Session) -> bool:
        seen = rows.one(session, ward_id, warning_id)
        if seen is None or content.mistakes(lifecycle.content_of(seen)):
            return True
        return bool(warn_check.objections(warn_check.of_warning(session, desk, visit, seen), seen))

    stopped = await desk.memory.read(is_stopped)
    return desk.go(f"{PLACE}/{warning_id}/sua#soat" if stopped else f"{PLACE}/{warning_id}")


async def reach(desk: Desk, visit: Visit) -> web.StreamResponse:
    """How many it would reach, for the form's script."""
    form = Form.typed(dict(visit.request.query))
    found = await desk.memory.read(lambda session: _reached(session, visit, form))
    told = {"leaders": str(found.leaders), "groups": str(found.groups), "subscribers": reach_of.said(found.subscribers, visit.language)}
    return web.json_response(told, headers=desk.headers())


def _reached(session: Session, visit: Visit, form: Form) -> Reached:
    areas = tuple(sorted(form.areas))
    return counted.reached(session, visit.officer.ward_id, areas=areas, theme=form.theme, is_urgent=form.is_urgent)


async def found_in(desk: Desk, visit: Visit) -> WarningSeen:
    """Of the address. Raises Sorry where there is none."""
    warning_id, ward_id = number_in(visit.request, "warning", sorry="warning-gone"), visit.officer.ward_id
    seen = await desk.memory.read(lambda session: rows.one(session, ward_id, warning_id))
    if seen is None or seen.state == "dropped" or not lifecycle.may_read(visit.officer.role, seen):
        raise Sorry(404, "warning-gone")
    return seen


async def _draw(desk: Desk, visit: Visit, form: Form, *, mistake: str = "", seen: WarningSeen | None = None) -> web.StreamResponse:
    ward_id, now = visit.officer.ward_id, moments.now()
    typed = visit.request.query.get("tim", "").strip()[:60]
    words = content.tidy(form.draft().content if not mistake else _content(form))

    def read(session: Session) -> _Beside:
        return _Beside(
            reached=_reached(session, visit, form),
            original=rows.one(session, ward_id, form.corrects) if form.corrects else None,
            findings=warn_check.findings(session, desk, visit, words, areas=form.areas) if seen or mistake else (),
            offered=tuple(warn_check.offered(session, visit, typed)) if seen is None and not form.corrects else (),
        )

    beside = await desk.memory.read(read)
    return desk.show(
        visit,
        "warn_form.html",
        status=422 if mistake else 200,
        form=form,
        seen=seen,
        mistake=mistake,
        wrong=content.mistakes(words) if seen or mistake else [],
        beside=beside,
        declined=lifecycle.declined_why(seen) if seen else "",
        neighbourhoods=desk.ward().book.neighbourhoods,
        themes=THEMES,
        grounds=checker.GROUNDS,
        reaches=lifecycle.REACHES,
        most_headline=MOST_HEADLINE_WORDS,
        most_words=MOST_WORDS,
        counted_words=words.words,
        counted_headline=len(words.headline.split()),
        first_day=moments.local(now).date().isoformat(),
        is_quiet_now=quiet.is_quiet(now),
        morning=quiet.not_before(now, is_urgent=False),
        typed=typed,
        few=lambda many: reach_of.said(many, visit.language),
        told=lambda one: checker.told(one, visit.language),
        objections=warn_check.objections(beside.findings, seen) if seen else [],
    )


def _content(form: Form) -> content.Content:
    return replace(form, is_later=False, until="", is_whole=True).draft().content


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
