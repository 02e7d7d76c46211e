"""What the form of a warning borrows from the library and the checker: where it begins, and what stops it."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages.warn_form import Form
from admin.refusals import Sorry
from handlers.warnings import checker, templates, thanks, traces
from handlers.warnings.checker import Finding, Insisted
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import content_of
from storage import moments
from storage.queries.warnings import WarningSeen

MOST_OFFERED = 12
_PATIENCE_SECS, _TRIES = 4.0, 16


async def begun(desk: Desk, visit: Visit) -> Form:
    """Of what the address asks for: a template, an area; else an empty form."""
    query, ward_id, now = visit.request.query, visit.officer.ward_id, moments.now()
    if query.get("cam-on") == "1":
        return await _thanks(desk, query.get("to", ""), now=now)
    key = query.get("mau", "")
    found = await desk.memory.read(lambda session: templates.template(session, ward_id, key, visit.language)) if key else None
    if found is None:
        return Form.of_content(Content(), now=now)
    return Form.of_content(found.content, template=found.key, now=now)


async def _thanks(desk: Desk, area: str, *, now: int) -> Form:
    """What the tips of the last month have helped with: all of the ward's, or those of one neighbourhood, for itself alone."""
    ward, month = desk.ward(), thanks.last_month(moments.local(now).date())
    counted = await desk.memory.read(lambda session: thanks.read(session, ward, month))
    for _ in range(_TRIES):  # Whatever happened a moment ago is still being counted.
        if not counted.is_behind:
            break
        await asyncio.sleep(_PATIENCE_SECS / _TRIES)
        counted = await desk.memory.read(lambda session: thanks.read(session, ward, month))
    if counted.is_behind:
        raise Sorry(409, "warn-thanks-behind")
    home = ward.book.neighbourhood(int(area)) if area.isascii() and area.isdigit() and len(area) < 19 else None
    if home is None:
        return Form.of_content(thanks.draft(counted, ward), now=now)
    return replace(Form.of_content(thanks.draft(counted, ward, home=home.id), now=now), areas=frozenset({home.id}), is_whole=False)


def offered(session: Session, visit: Visit, typed: str) -> list[templates.Template]:
    """What fits what was typed, with or without its marks; the first ones where nothing was."""
    return templates.found(templates.library(session, visit.officer.ward_id, visit.language), typed)[:MOST_OFFERED]


def findings(session: Session, desk: Desk, visit: Visit, said: Content, *, areas: Collection[int]) -> tuple[Finding, ...]:
    """In the words, and of what leads back to a tip, as whoever asks may know of it."""
    ward = desk.ward()
    tips = traces.read(session, ward, visit.sight, said, areas=areas, now=moments.now())
    return checker.check(said, ward=ward, tips=tips)


def objections(found: tuple[Finding, ...], seen: WarningSeen) -> list[str]:
    """What keeps it from its next step: keys of sentences."""
    insisted = Insisted(ground=seen.ground, words=seen.note) if seen.ground or seen.note else None
    return checker.objections(found, insisted)


def of_warning(session: Session, desk: Desk, visit: Visit, seen: WarningSeen) -> tuple[Finding, ...]:
    return findings(session, desk, visit, content_of(seen), areas=seen.areas)
