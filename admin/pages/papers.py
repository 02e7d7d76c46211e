"""Papers of one tip, to be printed: the sheet for the commander's word, the proposal, and the transfer slip without who spoke.

They are Vietnamese whatever language the desk speaks. Every paper that is drawn stands in the history.
"""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import lifecycle, papers, texts
from handlers.insight import catalogue
from handlers.officers import Mistake
from handlers.papers import Paper
from storage import moments
from storage.queries import assignment as work_rows
from storage.queries import books as book_rows
from storage.queries import custody as custody_rows
from storage.queries import officers as officer_rows
from storage.queries import steps as step_rows
from storage.queries import tips as tip_rows
from storage.queries.assignment import Dispatch, Held
from storage.queries.books import Entry
from storage.queries.steps import Stands, StepSeen
from storage.queries.tips import TipWhole

MOST_PHOTOS = 4  # Small ones, so that the sheet stays one page.


@dataclass(frozen=True, slots=True, kw_only=True)
class TipPaper:
    """What the papers of one tip tell; of who spoke only what was chosen."""

    tip: TipWhole
    stands: Stands
    entry: Entry | None  # In the book it stands in now.
    steps: tuple[StepSeen, ...]
    dispatches: tuple[Dispatch, ...]
    held: Held
    has_identity: bool
    names: dict[int, str]

    @property
    def accepted_by(self) -> str:
        actor = next((row.actor for row in self.tip.history if row.what == "accepted"), "")
        return self.names.get(int(actor.removeprefix("officer:")), "") if actor.startswith("officer:") else ""

    @property
    def handler(self) -> str:
        return self.names.get(self.held.handler_id or 0, "")

    @property
    def words(self) -> str:
        return "\n".join(piece.text for piece in self.tip.said if piece.text)

    @property
    def summary(self) -> str:
        return self.entry.columns.get("summary", "") if self.entry else ""

    @property
    def transfer(self) -> StepSeen | None:
        return next((step for step in reversed(self.steps) if step.move == "transfer"), None)

    @property
    def about(self) -> str:
        """anonymous, kept, paper: how the papers speak of who told it."""
        if self.tip.about == "anonymous" and not self.has_identity:
            return "anonymous"
        return "paper" if self.tip.about == "named_paper" else "kept"


async def sheet(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, "sheet", with_photos="anh" in visit.request.query, most_photos=MOST_PHOTOS)


async def proposal(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit, "proposal", tracks=lifecycle.TRACKS)


async def slip_form(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_slip_form(desk, visit)


async def _draw_slip_form(desk: Desk, visit: Visit, *, mistake: str = "", given: dict[str, str] | None = None) -> web.StreamResponse:
    paper = await _read(desk, visit)
    words = (given or {}).get("words") or paper.summary or papers.masked(paper.words)
    sent = paper.transfer
    return desk.show(
        visit,
        "slip_form.html",
        status=422 if mistake else 200,
        mistake=mistake,
        paper=paper,
        words=words,
        parts=papers.parts_of(words) if mistake else papers.parts_of(paper.words),
        agency=(given or {}).get("agency") or (sent.typed.get("agency", "") if sent else ""),
        along=_along(given) if given else (sent.detail.get("papers", lifecycle.PAPERS) if sent else lifecycle.PAPERS),
        papers=lifecycle.PAPERS,
        most=papers.MOST_ON_SLIP,
        is_looked_through=bool(given and given.get("looked")),
    )


async def slip(desk: Desk, visit: Visit) -> web.StreamResponse:
    form = await read_form(visit.request)
    try:
        words = papers.for_slip(form.get("words", ""), is_looked_through=form.get("looked") == "1")
    except Mistake as mistake:
        return await _draw_slip_form(desk, visit, mistake=mistake.key, given=form)
    agency = " ".join(form.get("agency", "").split())[:200]
    return await _draw(desk, visit, "slip", words=words, agency=agency, along=_along(form))


def _along(form: dict[str, str]) -> tuple[str, ...]:
    return tuple(paper for paper in lifecycle.PAPERS if form.get(f"paper-{paper}") == "there")


async def _draw(desk: Desk, visit: Visit, kind: Paper, **values: Any) -> web.StreamResponse:
    paper, act = await _read(desk, visit), act_of(visit)
    try:
        await desk.memory.write(lambda session: papers.note_printed(session, act, kind, tip_id=paper.tip.id))
    except Mistake as mistake:
        raise Sorry(404, mistake.key) from None
    return desk.show(visit, f"print_{kind}.html", paper=paper, **in_vietnamese(desk), **marked_by(visit, act.now), **values)


async def _read(desk: Desk, visit: Visit) -> TipPaper:
    tip_id, ward_id = number_in(visit.request, "tip"), visit.officer.ward_id

    def find(session: Session) -> TipPaper | None:
        tip, stands = tip_rows.tip_whole(session, visit.sight, tip_id), step_rows.stands(session, ward_id, tip_id)
        held = work_rows.held(session, ward_id, tip_id)
        if tip is None or stands is None or held is None:
            return None
        entries = book_rows.entries_of_tip(session, visit.sight, tip_id)
        return TipPaper(
            tip=tip,
            stands=stands,
            entry=next((entry for entry in entries if entry.moved_at is None), None),
            steps=tuple(step_rows.steps_of(session, ward_id, tip_id)),
            dispatches=tuple(one for one in work_rows.dispatches_of(session, ward_id, tip_id) if not one.is_recalled),
            held=held,
            has_identity=custody_rows.count_identities(session, ward_id, tip_id) > 0,
            names=officer_rows.officer_names(session, ward_id),
        )

    found = await desk.memory.read(find)
    if found is None:
        raise Sorry(404, "desk-no-tip")
    return found


def in_vietnamese(desk: Desk) -> dict[str, Any]:
    """How a paper says what the desk says elsewhere."""
    known = catalogue.merged(catalogue.load(), desk.ward().book.category_changes)

    def said(key: str, **variables: Any) -> str:
        return texts.say(key, "vi", **variables)

    return {"said": said, "kind_of_matter": lambda code: known[code].name["vi"] if code in known else said("category-unknown")}


def marked_by(visit: Visit, now: int) -> dict[str, Any]:
    """The line on every page, the day it was drawn, and whether what could give somebody away is covered: an inspector reads it so."""
    return {
        "printed_at": now,
        "today": moments.local(now),
        "shown": (lambda text: papers.masked(text)) if visit.officer.role == "inspector" else (lambda text: text),
    }
