"""One warning, as its state asks for it: a draft with its preview, one to be released by a second person, or one that goes or went."""

import difflib
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.pages import warn_check, warn_previews
from admin.pages.warn_list import areas_said
from admin.pages.warn_progress import Going, going
from admin.pages.warn_write import found_in
from handlers import officers
from handlers.warnings import card, checker, content, frequency, lifecycle, quiet, reach
from handlers.warnings.around import original_of, posted_of
from handlers.warnings.checker import Finding
from handlers.warnings.content import Content
from storage import moments
from storage.queries import officer_chats, warning_counts
from storage.queries import officers as officer_rows
from storage.queries import warnings as rows
from storage.queries.warning_counts import Reached
from storage.queries.warnings import WarningSeen

WORDS_A_MINUTE = 180  # Somebody who is not used to it reads so fast.


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    seen: WarningSeen
    said: Content
    original: WarningSeen | None
    corrections: tuple[WarningSeen, ...]
    reached: Reached
    findings: tuple[Finding, ...]
    lately: tuple[WarningSeen, ...]
    names: dict[int, str]
    may_release: bool
    is_chief: bool
    going: Going | None
    has_chat: bool  # The officer's own, for a trial.

    @property
    def wrong(self) -> list[str]:
        return content.mistakes(self.said)

    @property
    def stops(self) -> list[str]:
        return warn_check.objections(self.findings, self.seen)


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await draw(desk, visit)


async def draw(desk: Desk, visit: Visit, *, mistake: str = "", typed: str = "", done: str = "") -> web.StreamResponse:
    seen = await found_in(desk, visit)
    shown = await desk.memory.read(lambda session: _read(session, desk, visit, seen))
    said, now = shown.said, moments.now()
    template = (
        "warn_draft.html" if seen.state in ("draft", "declined") else "warn_release.html" if seen.state == "proposed" else "warn_going.html"
    )
    before = lifecycle.before_return(seen)
    return desk.show(
        visit,
        template,
        status=422 if mistake else 200,
        mistake=mistake,
        typed=typed,
        done=done or visit.request.query.get("xong", ""),
        shown=shown,
        seen=seen,
        said=said,
        areas=areas_said(desk, seen.areas),
        previews=warn_previews.of(desk, seen, said, shown.original),
        crowded=card.crowded(said, posted_of(seen, shown.original, now=moments.now()), desk.ward()) if said.headline else (),
        reading_secs=max(round(said.words / WORDS_A_MINUTE * 60), 1),
        changed=_changed(before, said) if before else [],
        declined=lifecycle.declined_why(seen),
        few=lambda many: reach.said(many, visit.language),
        told=lambda one: checker.told(one, visit.language),
        is_own=seen.written_by == visit.officer.id,
        may_write=officers.may(visit.officer.role, "warn"),
        mark=lifecycle.mark_of(seen),
        waits_until=quiet.not_before(max(seen.send_at, now), is_urgent=seen.is_urgent),
        now=now,
        names_of_areas={one.id: one.name for one in desk.ward().book.neighbourhoods},
    )


def _read(session: Session, desk: Desk, visit: Visit, seen: WarningSeen) -> Shown:
    officer, now = visit.officer, moments.now()
    said, is_open = lifecycle.content_of(seen), seen.state in lifecycle.OPEN
    counted: dict[str, Any] = {"areas": seen.areas, "theme": seen.theme, "is_urgent": seen.is_urgent}
    return Shown(
        seen=seen,
        said=said,
        original=original_of(session, officer.ward_id, seen),
        corrections=tuple(rows.corrections_of(session, officer.ward_id, seen.id)),
        reached=warning_counts.reached(session, officer.ward_id, **counted),
        findings=warn_check.of_warning(session, desk, visit, seen) if is_open else (),
        lately=tuple(frequency.lately(session, officer.ward_id, seen, now=now)) if is_open else (),
        names=officer_rows.officer_names(session, officer.ward_id),
        may_release=lifecycle.may_release(session, officer.ward_id, officer.id, now),
        is_chief=officer.role == "chief",
        going=None if is_open else going(session, officer.ward_id, seen),
        has_chat=officer_chats.link_of_officer(session, officer.ward_id, officer.id) is not None,
    )


def _changed(before: Content, now: Content) -> list[tuple[str, str]]:
    """Line by line: ("-", as it was) and ("+", as it is); nothing where nothing changed."""
    old, new = (("\n".join((one.headline, one.body, *one.lines, one.source))).splitlines() for one in (before, now))
    return [(line[0], line[2:]) for line in difflib.ndiff(old, new) if line[0] in "-+" and line[2:].strip()]
