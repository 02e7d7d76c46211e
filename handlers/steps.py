"""An officer moves a tip on: what the table of moves asks for is checked, noted, and told to the resident where the law wants that.

Each move is one row of the history: where to, and the words of ours that were chosen; what somebody typed stands sealed beside it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from handlers import access, books, duty, exchange, lifecycle, notices, tip_clocks
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.lifecycle import Move
from handlers.messages import Reply, Ward
from handlers.notices import Notice
from handlers.officers import Mistake, may
from handlers.texts import for_readers, say_as
from storage import moments
from storage.queries import officers, shredding, steps
from storage.queries.exchange import standing
from storage.queries.steps import Stands

Draw = Callable[[], int]
WAYS = ("phone", "paper", "software", "met")
RESULTS = ("opened", "not-opened", "ended")
AWAITED = ("expertise", "value", "papers", "abroad", "disaster")  # What the law knows as grounds to wait.
LEAST_TYPED, MOST_TYPED = 2, 200
_TYPED = ("agency", "contact", "receiver", "number", "adviser")
_CHOSEN: dict[str, tuple[str, ...]] = {
    "kind": lifecycle.KINDS,
    "track": lifecycle.TRACKS,
    "way": WAYS,
    "result": RESULTS,
    "awaited": AWAITED,
}
_HOUR = re.compile(r"([01]?\d|2[0-3])[:h.]([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a move was given, checked: words of ours, and what the officer typed."""

    chosen: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    summary: str = ""  # For the book, where somebody has written one already.


def checked(move: Move, form: Mapping[str, str], *, now: int) -> Given:
    """Raises Mistake for the first thing that is missing."""
    chosen: dict[str, Any] = {}
    typed: dict[str, str] = {}
    for need in move.needs:
        value = form.get(need, "")
        if need in _CHOSEN:
            if value not in _CHOSEN[need]:
                raise Mistake(f"step-needs-{need}")
            chosen[need] = value
        elif need == "papers":
            chosen[need] = _papers(form)
        elif need == "day":
            chosen[need] = exchange.checked_day(value, now=now)
        elif need == "hour":
            chosen[need] = _hour(value, now=now)
        elif need == "reason":
            typed[need] = exchange.checked_reason(value)
        else:
            typed[need] = _short(need, value)
    summary = " ".join(clean(form.get("summary", "")).split()) if move.name == "enter" else ""
    if len(summary) > books.MOST_IN_COLUMN:
        raise Mistake("book-too-long")
    return Given(chosen=chosen, typed=typed, summary=summary)


def _papers(form: Mapping[str, str]) -> list[str]:
    """Each paper is there, or said not to be: whoever signs has looked at all of them. Those that go along."""
    answers = {paper: form.get(f"paper-{paper}", "") for paper in lifecycle.PAPERS}
    if any(answer not in ("there", "none") for answer in answers.values()) or answers["slip"] != "there":
        raise Mistake("step-needs-papers")
    return [paper for paper, answer in answers.items() if answer == "there"]


def _hour(typed: str, *, now: int) -> int:
    found = _HOUR.fullmatch(typed.strip())
    if not found:
        raise Mistake("step-needs-hour")
    moment = moments.start_of_day(moments.local(now).date()) + int(found[1]) * moments.HOUR + int(found[2]) * moments.MINUTE
    return moment if moment <= now else moment - moments.DAY


def _short(need: str, typed: str) -> str:
    text = " ".join(clean(typed).split())
    if not LEAST_TYPED <= len(text) <= MOST_TYPED and not (need == "number" and 1 <= len(text) <= MOST_TYPED):
        raise Mistake(f"step-needs-{need}")
    return text


def move(session: Session, ward: Ward, act: Act, *, tip_id: int, name: str, given: Given, draw: Draw) -> int | None:
    """The chat that has something to be sent, if one has. Raises Mistake."""
    way = lifecycle.BY_NAME.get(name)
    tip = steps.stands(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    access.check(session, act, tip_id)
    if way is None or way.name in lifecycle.OWN_FORMS or why_not(tip, way):
        raise Mistake((why_not(tip, way) if way else "") or "step-not-from-here")
    if not may_move(session, act.ward_id, act.officer_id, officers.role_of(session, act.ward_id, act.officer_id), way, now=act.now):
        raise Mistake("desk-not-yours")
    if is_own_proposal(session, act.ward_id, act.officer_id, tip_id, way):
        raise Mistake("step-own-proposal")
    detail = {**given.chosen, "from": tip.state, "to": way.to or tip.state, "move": name}
    if key := told_now(session, tip_id, tip, way, track=given.chosen.get("track", tip.track)):
        detail["tells"] = key
    number = _change(session, act, tip_id, tip, way, given, detail, draw)
    note(session, act, "moved", tip_id=tip_id, secret=json.dumps(given.typed, ensure_ascii=False) if given.typed else "", **detail)
    tip_clocks.moved(session, ward.book, act, tip_id, tip, way, given.chosen, draw)
    return _tell(session, ward, act, tip_id, key, given, number, draw) if key else None


def told_now(session: Session, tip_id: int, tip: Stands, way: Move, *, track: str) -> str:
    """The sentence that this move would bring the resident, or none."""
    key = lifecycle.told_by(way, state=tip.state, track=track)
    return "" if key and way.tells_once and key in steps.told_since_the_end(session, tip_id, ends=lifecycle.ENDED) else key


def may_move(session: Session, ward_id: int, officer_id: int, role: str, way: Move, *, now: int) -> bool:
    """By their role, or as the commander of the shift that runs."""
    return may(role, way.right) or (way.right == "approve" and may(role, "work") and duty.is_commander(session, ward_id, officer_id, now))


def is_own_proposal(session: Session, ward_id: int, officer_id: int, tip_id: int, way: Move) -> bool:
    """Two people agree on a class: whoever commands by the roster alone does not approve what they proposed. The chief decides anyway."""
    is_by_roster = way.name == "approve" and not may(officers.role_of(session, ward_id, officer_id), way.right)
    return is_by_roster and steps.proposed_by(session, tip_id) == f"officer:{officer_id}"


def why_not(tip: Stands, way: Move) -> str:
    """Why this tip cannot go this way now; empty where it can."""
    if tip.is_shredded:
        return "write-shredded"
    if tip.state not in way.sources:
        return "step-not-from-here"
    if not tip.is_accepted:
        return "step-not-accepted"
    if way.tracks and tip.track not in way.tracks:
        return "step-not-this-track"
    if way.name in ("approve", "approved-by-phone") and tip.track_approved_at is not None:
        return "step-approved-already"
    if way.only_urgent and not tip.is_urgent and tip.track != "A":
        return "step-only-urgent"
    if way.waits_for_approval and tip.track != "A" and tip.track_approved_at is None:
        return "step-waits-for-approval"
    if way.name == "report-beside" and tip.reported_at is not None:
        return "step-reported-already"
    if way.name == "fine-after" and not tip.owes_file:
        return "step-not-this-result"
    if way.waits_for_report and tip.reported_at is None:
        return "step-waits-for-report"
    return ""


def _change(session: Session, act: Act, tip_id: int, tip: Stands, way: Move, given: Given, detail: dict[str, Any], draw: Draw) -> str:
    """The number in the book, where this move gives one."""
    number = ""
    match way.name:
        case "enter":
            columns = {"summary": given.summary} if given.summary else {}
            number = books.enter(session, act, tip_id, kind=given.chosen["kind"], entry_id=draw(), detail=detail, columns=columns)
        case "set-aside" if tip.book == "":
            number = books.enter(session, act, tip_id, kind="feedback", entry_id=draw(), detail=detail)
        case "classify" | "classify-anew":
            steps.set_track(session, tip_id, track=given.chosen["track"], approved_at=None)
        case "give-back":
            steps.set_track(session, tip_id, track="", approved_at=None)
        case "approve" | "approved-by-phone":
            steps.approve(session, tip_id, now=act.now)
        case "report" | "report-beside":
            steps.note_report(session, tip_id, now=act.now)
    state = way.to or tip.state
    is_over = state in lifecycle.ENDED
    steps.move(session, tip_id, state=state, closed_at=(tip.closed_at or act.now) if is_over else None)
    if is_over:
        shredding.shred_callbacks_of(session, tip_id, now=act.now)
    return number


def _tell(session: Session, ward: Ward, act: Act, tip_id: int, key: str, given: Given, number: str, draw: Draw) -> int | None:
    to = standing(session, act.ward_id, tip_id)
    if to is None or not to.is_read:
        return None
    day = given.chosen.get("day", act.now)
    said = for_readers(key, access.kind(session, act.ward_id, tip_id))
    values = {"code_tail": to.tail, "number": number, "time": moments.clock_face(act.now), "date": moments.short_date(day)}

    def put(language: str) -> Reply:
        awaited = say_as(ward.book, f"awaited-{given.chosen['awaited']}", language) if "awaited" in given.chosen else ""
        return Reply(text=say_as(ward.book, said, language, **{**given.typed, **values, "awaited": awaited}))

    return notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="status", say=put), draw=draw, now=act.now)
