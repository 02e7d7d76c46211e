"""The next step of a tip, on its page: what may be done now, what it needs, and what still stands in its way."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages import tip_show
from admin.pages.book import act_of
from admin.refusals import Sorry
from handlers import categorising, deadlines, lifecycle, officers, periods, steps, writing
from handlers.insight import catalogue
from handlers.lifecycle import Move
from handlers.officers import Mistake
from handlers.writing import Refused
from storage import moments
from storage.ids import new_id
from storage.queries import books as book_rows
from storage.queries import deadlines as deadline_rows
from storage.queries import steps as rows
from storage.queries.books import Entry
from storage.queries.steps import StepSeen

_PART = "#buoc"
# What the resident reads of a move is checked like any word to them.
_GOES_OUT = ("agency", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipSteps:
    state: str
    track: str
    is_approved: bool
    is_child: bool
    proposed: str  # The class that the form of sorting begins with.
    number: str
    entries: tuple[Entry, ...]
    now: tuple[Move, ...]  # What this officer may do at once.
    later: tuple[tuple[str, str], ...]  # A move, and what it still waits for.
    done: tuple[StepSeen, ...]
    told: frozenset[str]  # Moves of which the resident reads.
    clocks: tuple[tuple[str, str, bool], ...]  # What runs, how long there is, and whether it is over.
    today: str
    may_categorise: bool
    papers: tuple[str, ...] = lifecycle.PAPERS
    tracks: tuple[str, ...] = lifecycle.TRACKS
    kinds: tuple[str, ...] = lifecycle.KINDS
    ways: tuple[str, ...] = steps.WAYS
    results: tuple[str, ...] = steps.RESULTS
    awaited: tuple[str, ...] = steps.AWAITED
    most: int = steps.MOST_TYPED
    categories: tuple[str, ...] = catalogue.CODES
    warnings: tuple[str, ...] = categorising.WARNINGS

    @property
    def next(self) -> str:
        """The way on, which stands at the bottom of the page; empty where none does."""
        return next((move.name for move in self.now if move.name not in _ASIDE), "")


_ASIDE = ("give-back", "classify-anew", "set-aside")  # Offered last: the way on comes first.
_MAY_WAIT = ("step-not-accepted", "step-waits-for-approval", "step-waits-for-report", "step-only-urgent", "step-own-proposal")


def of_tip(session: Session, visit: Visit, tip_id: int) -> TipSteps:
    officer, now = visit.officer, moments.now()
    today = moments.local(now).date().isoformat()
    tip = rows.stands(session, officer.ward_id, tip_id)
    assert tip is not None
    mine = [
        move
        for move in lifecycle.moves_from(tip.state)
        if move.name not in lifecycle.OWN_FORMS and steps.may_move(session, officer.ward_id, officer.id, officer.role, move, now=now)
    ]
    why = {move.name: steps.why_not(tip, move) for move in mine}
    for move in mine:
        if not why[move.name] and steps.is_own_proposal(session, officer.ward_id, officer.id, tip_id, move):
            why[move.name] = "step-own-proposal"
    may_approve = "approve" in why and not why["approve"]  # Then nobody has to be asked by phone.
    return TipSteps(
        state=tip.state,
        track=tip.track,
        is_approved=tip.track_approved_at is not None,
        is_child=tip.is_child,
        proposed=lifecycle.proposed_track(tip.category, is_urgent=tip.is_urgent),
        number=f"{tip.number}/{tip.year}" if tip.number else "",
        entries=tuple(book_rows.entries_of_tip(session, visit.sight, tip_id)),
        now=tuple(sorted((move for move in mine if not why[move.name]), key=lambda move: move.name in _ASIDE)),
        later=tuple(
            (move.name, why[move.name])
            for move in mine
            if why[move.name] in _MAY_WAIT and not (why[move.name] == "step-only-urgent" and may_approve)
        ),
        told=frozenset(move.name for move in mine if steps.told_now(session, tip_id, tip, move, track=tip.track)),
        done=tuple(rows.steps_of(session, officer.ward_id, tip_id)),
        clocks=tuple(
            (
                clock.kind,
                deadlines.left_of(clock.kind, clock.due_at - now, visit.language),
                clock.due_at < now and clock.kind not in periods.reminders(),
            )
            for clock in deadline_rows.running_of(session, tip_id)
            if clock.kind not in periods.reminders() or clock.due_at < now
        ),
        today=today,
        may_categorise=officers.may(officer.role, "work")
        and not categorising.why_not(is_shredded=tip.is_shredded, state=tip.state, is_accepted=tip.is_accepted),
    )


async def move(desk: Desk, visit: Visit) -> web.StreamResponse:
    tip_id, act, ward, form = number_in(visit.request, "tip"), act_of(visit), desk.ward(), await read_form(visit.request)
    name = form.get("move", "")
    way = lifecycle.BY_NAME.get(name)
    if way is None:
        raise Sorry(404, "desk-no-tip")
    try:
        given = steps.checked(way, form, now=act.now)
        if way.tells and (words := ": ".join(given.typed[key] for key in _GOES_OUT if key in given.typed)):
            writing.checked(words, site=desk.site, spoken=visit.language)
        chat_id = await desk.memory.write(
            lambda session: steps.move(session, ward, act, tip_id=tip_id, name=name, given=given, draw=new_id)
        )
    except Mistake as mistake:
        if mistake.key == "desk-no-tip":
            raise Sorry(404, mistake.key) from None
        reasons = mistake.reasons if isinstance(mistake, Refused) else ()
        typed = {key: value for key, value in form.items() if key not in ("csrf", "move")}
        return await tip_show.draw(
            desk, visit, mistake="" if reasons else mistake.key, reasons=reasons, status=422, **{**typed, "what": f"step-{name}"}
        )
    if chat_id is not None:
        desk.on_replies(chat_id, None)
    return desk.go(f"/admin/tin/{tip_id}{_PART}")
