"""What a tip ought to be, told from its history alone. Plain values; nothing here asks a database."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.quick import from_json

_NO_PLACE = ""
_ENDED = frozenset(("S11", "S12", "S13", "test", "paper"))
_WOKEN = {"S11": "S3", "S12": "S3", "S13": "S3", "test": "S2"}  # Words of danger for a tip that was over.


@dataclass(slots=True)
class FileBelieved:
    status: str = "waiting"
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class CoveredBelieved:
    """A copy of a photo with parts blacked out."""

    attachment: int
    turn: int
    boxes: int
    made_by: str
    made_at: int


@dataclass(slots=True)
class QuestionBelieved:
    settled_at: int | None = None
    outcome: str = ""


@dataclass(slots=True)
class NoteBelieved:
    mark: str
    struck_at: int | None = None


@dataclass(slots=True)
class ClockBelieved:
    kind: str
    amount: int
    starts_at: int
    due_at: int
    settled_at: int | None = None
    outcome: str = ""


@dataclass(slots=True)
class TipBelieved:
    state: str = ""
    category: str = ""
    cell: str = ""
    about: str = "anonymous"
    arrived_at: int | None = None
    received_at: int | None = None
    accepted_at: int | None = None
    accepted_by: str = ""
    closed_at: int | None = None
    tail: str = ""
    code: str = ""  # The mark of its look-up hash; empty without one.
    place: str = _NO_PLACE  # The mark of it.
    pieces: dict[int, str] = field(default_factory=dict)  # The mark of each.
    files: dict[int, FileBelieved] = field(default_factory=dict)
    identities: set[int] = field(default_factory=set)
    covered: dict[int, "CoveredBelieved"] = field(default_factory=dict)
    danger: str = ""
    urgent_at: int | None = None
    safe: str = ""
    neighbourhood_id: int | None = None
    is_unfinished: bool = False
    held_why: str = ""
    rating: int | None = None
    alone_told_at: int | None = None
    notices_read: dict[int, int] = field(default_factory=dict)  # When each was read first.
    questions: dict[int, QuestionBelieved] = field(default_factory=dict)
    notes: dict[int, NoteBelieved] = field(default_factory=dict)  # What officers wrote among themselves.
    clocks: dict[int, ClockBelieved] = field(default_factory=dict)
    handler_id: int | None = None
    dispatches: dict[int, dict[str, int]] = field(default_factory=dict)  # Of each that was not called back: sent, left, there.
    restricted: str = ""
    concern_at: int | None = None
    paper_number: str = ""
    paper_asked_by: str = ""
    is_shredded: bool = False
    has_chat: bool = True
    sector: str = ""  # The mark of its number on VNeID; empty without one.
    known_how: str = ""
    event_id: int | None = None
    track: str = ""
    track_approved_at: int | None = None
    kind: str = ""
    book: str = ""
    book_number: int | None = None
    book_year: int | None = None
    entered_at: int | None = None
    reported_at: int | None = None
    entries: set[int] = field(default_factory=set)
    copied: dict[int, int] = field(default_factory=dict)  # When each entry was ticked.

    @property
    def due_at(self) -> int | None:
        return min((clock.due_at for clock in self.clocks.values() if clock.settled_at is None), default=None)

    def first(self, step: str) -> int | None:
        """When the first of those who were sent had come so far."""
        return min((one[step] for one in self.dispatches.values() if step in one), default=None)


@dataclass(frozen=True, slots=True)
class Happening:
    at: int
    actor: str
    what: str
    detail: dict[str, Any]


def detail_of(text: Any) -> dict[str, Any]:
    """What cannot be read any more says nothing; that it was changed, the chain finds."""
    try:
        detail = from_json(text)
    except ValueError:
        return {}
    return detail if isinstance(detail, dict) else {}


def replay(happenings: Iterable[Happening]) -> TipBelieved:
    tip = TipBelieved()
    for one in happenings:
        tell(tip, one)
    return tip


def tell(tip: TipBelieved, one: Happening) -> None:
    """What this one row makes of it."""
    if effect := _EFFECTS.get(one.what):
        with contextlib.suppress(KeyError):  # A row that somebody bent; the chain says so.
            effect(tip, one)


def _opened(tip: TipBelieved, one: Happening) -> None:
    tip.state, tip.category = "S0", one.detail["category"]


def _said(tip: TipBelieved, one: Happening) -> None:
    tip.pieces[one.detail["piece"]] = one.detail["mark"]


def _retracted(tip: TipBelieved, one: Happening) -> None:
    tip.pieces.pop(one.detail["piece"], None)


def _retold(tip: TipBelieved, _one: Happening) -> None:
    tip.pieces.clear()


def _attached(tip: TipBelieved, one: Happening) -> None:
    tip.files[one.detail["attachment"]] = FileBelieved()


def _file_ended(tip: TipBelieved, one: Happening) -> None:
    file = tip.files.setdefault(one.detail["attachment"], FileBelieved())
    file.fingerprint = one.detail["fingerprint"]
    if file.status != "withdrawn":  # Whoever takes it back while it is being looked through may have drawn the earlier number.
        file.status = one.what.removeprefix("file_")


def _file_sent(tip: TipBelieved, one: Happening) -> None:
    """From the desk: clean when it was kept, and never fetched."""
    tip.files[one.detail["attachment"]] = FileBelieved("stored", one.detail["fingerprint"])


def _file_withdrawn(tip: TipBelieved, one: Happening) -> None:
    tip.files.setdefault(one.detail["attachment"], FileBelieved()).status = "withdrawn"


def _covered(tip: TipBelieved, one: Happening) -> None:
    told = one.detail
    tip.covered[told["covered"]] = CoveredBelieved(told["attachment"], told["turn"], told["boxes"], one.actor, one.at)


def _photos_dropped(tip: TipBelieved, _one: Happening) -> None:
    for file in tip.files.values():
        file.status = "withdrawn"


def _placed(tip: TipBelieved, one: Happening) -> None:
    tip.place, tip.cell = one.detail["mark"], one.detail["cell"]
    tip.neighbourhood_id = one.detail.get("neighbourhood")  # Older houses knew no neighbourhoods.


def _categorised(tip: TipBelieved, one: Happening) -> None:
    tip.category, tip.cell = one.detail["category"], one.detail["cell"]


def _arrived(tip: TipBelieved, one: Happening) -> None:
    tip.state, tip.arrived_at = "S1", one.at
    tip.tail, tip.code = one.detail["tail"], one.detail["code"]
    tip.is_unfinished, tip.held_why = one.detail.get("unfinished", False), one.detail.get("held", "")


def _brought_in(tip: TipBelieved, one: Happening) -> None:
    """An officer entered it, for somebody who has no chat."""
    tip.state, tip.arrived_at, tip.received_at, tip.has_chat = "S1", one.at, one.detail["received"], False
    tip.category, tip.known_how = one.detail["category"], one.detail["how"]
    tip.sector, tip.urgent_at = one.detail["sector"], one.at if one.detail["urgent"] else None
    _code_renewed(tip, one)


def _code_renewed(tip: TipBelieved, one: Happening) -> None:
    tip.tail, tip.code = one.detail["tail"], one.detail["code"]


def _known_how_set(tip: TipBelieved, one: Happening) -> None:
    tip.known_how = one.detail["how"]


def _linked(tip: TipBelieved, one: Happening) -> None:
    tip.event_id = one.detail["event"]


def _unlinked(tip: TipBelieved, _one: Happening) -> None:
    tip.event_id = None


def _danger_heard(tip: TipBelieved, one: Happening) -> None:
    tip.danger, tip.held_why = one.detail["danger"], ""
    if one.detail["urgent"]:
        tip.closed_at = None
        tip.state = _WOKEN.get(tip.state, tip.state)
        tip.urgent_at = one.at if tip.urgent_at is None else tip.urgent_at


def _safe_said(tip: TipBelieved, one: Happening) -> None:
    tip.safe = one.detail["safe"]


def _nobody_accepted(tip: TipBelieved, one: Happening) -> None:
    tip.alone_told_at = one.at


def _notices_read(tip: TipBelieved, one: Happening) -> None:
    for notice_id in one.detail["notices"]:
        tip.notices_read.setdefault(notice_id, one.at)


def _question_asked(tip: TipBelieved, one: Happening) -> None:
    tip.questions.setdefault(one.detail["question"], QuestionBelieved())


def _question_settled(tip: TipBelieved, one: Happening) -> None:
    tip.questions[one.detail["question"]] = QuestionBelieved(one.at, one.what.removeprefix("question_"))


def _question_withdrawn(tip: TipBelieved, one: Happening) -> None:
    """Its notice went with it."""
    _question_settled(tip, one)
    _notices_read(tip, one)


def _rated(tip: TipBelieved, one: Happening) -> None:
    tip.rating = one.detail["rating"]


def _accepted(tip: TipBelieved, one: Happening) -> None:
    tip.accepted_at, tip.accepted_by = one.at, one.actor
    if tip.handler_id is None:
        tip.handler_id = int(one.actor.removeprefix("officer:"))


def _assigned(tip: TipBelieved, one: Happening) -> None:
    tip.handler_id = one.detail["officer"]


def _given_back(tip: TipBelieved, _one: Happening) -> None:
    tip.handler_id = None


def _dispatch_step(tip: TipBelieved, one: Happening) -> None:
    tip.dispatches.setdefault(one.detail["dispatch"], {})[one.detail["step"]] = one.detail["time"]


def _dispatch_recalled(tip: TipBelieved, one: Happening) -> None:
    tip.dispatches.pop(one.detail["dispatch"], None)


def _closed(tip: TipBelieved, one: Happening) -> None:
    tip.closed_at, tip.state = one.at, one.detail.get("to", tip.state)  # Older houses knew no states after the arrival.


def _reopened(tip: TipBelieved, one: Happening) -> None:
    tip.closed_at, tip.state = None, one.detail.get("to", tip.state)


def _moved(tip: TipBelieved, one: Happening) -> None:
    """One step of the way the law sets: `handlers/lifecycle.py`."""
    tip.state, move = one.detail["to"], one.detail["move"]
    tip.closed_at = (tip.closed_at or one.at) if tip.state in _ENDED else None
    if "entry" in one.detail:
        _entered(tip, one)
    if move in ("classify", "classify-anew"):
        tip.track, tip.track_approved_at = one.detail["track"], None
    elif move == "give-back":
        tip.track, tip.track_approved_at = "", None
    elif move in ("approve", "approved-by-phone"):
        tip.track_approved_at = one.at
    elif move in ("report", "report-beside"):
        tip.reported_at = one.at


def _entered(tip: TipBelieved, one: Happening) -> None:
    tip.kind, tip.book = one.detail["kind"], one.detail["book"]
    tip.book_number, tip.book_year = one.detail["number"], one.detail["year"]
    tip.entered_at = one.at if tip.entered_at is None else tip.entered_at
    tip.entries.add(one.detail["entry"])


def _copied(tip: TipBelieved, one: Happening) -> None:
    tip.copied.setdefault(one.detail["entry"], one.at)


def _note_written(tip: TipBelieved, one: Happening) -> None:
    tip.notes[one.detail["note"]] = NoteBelieved(one.detail["mark"])


def _note_struck(tip: TipBelieved, one: Happening) -> None:
    tip.notes[one.detail["note"]].struck_at = one.at


def _clock_started(tip: TipBelieved, one: Happening) -> None:
    told = one.detail
    tip.clocks[told["clock"]] = ClockBelieved(told["kind"], told["amount"], told["starts"], told["due"])


def _clock_moved(tip: TipBelieved, one: Happening) -> None:
    tip.clocks[one.detail["clock"]].due_at = one.detail["due"]


def _clock_ended(tip: TipBelieved, one: Happening) -> None:
    clock = tip.clocks[one.detail["clock"]]
    clock.settled_at, clock.outcome = one.at, one.what.removeprefix("clock_")


def _named(tip: TipBelieved, one: Happening) -> None:
    tip.about = one.detail["about"]
    tip.identities.add(one.detail["identity"])


def _cut(tip: TipBelieved, _one: Happening) -> None:
    tip.code, tip.has_chat = "", False


def _dropped(tip: TipBelieved, one: Happening) -> None:
    tip.state, tip.neighbourhood_id = "dropped", None
    tip.pieces.clear()
    _photos_dropped(tip, one)
    _shredded(tip, one)


def _shredded(tip: TipBelieved, _one: Happening) -> None:
    tip.identities.clear()
    tip.is_shredded, tip.place, tip.cell = True, _NO_PLACE, "" if tip.state == "dropped" else tip.cell
    for file in tip.files.values():
        if file.status != "withdrawn":
            file.status = "shredded"


def _restricted(tip: TipBelieved, one: Happening) -> None:
    tip.restricted = one.detail["kind"]


def _restriction_lifted(tip: TipBelieved, _one: Happening) -> None:
    tip.restricted = ""


def _concern_raised(tip: TipBelieved, one: Happening) -> None:
    tip.concern_at = one.at


def _concern_lifted(tip: TipBelieved, _one: Happening) -> None:
    tip.concern_at = None


def _paper_asked(tip: TipBelieved, one: Happening) -> None:
    tip.paper_number, tip.paper_asked_by = one.detail["number"], one.actor


def _paper_ended(tip: TipBelieved, _one: Happening) -> None:
    tip.paper_number = tip.paper_asked_by = ""


def _paper_moved(tip: TipBelieved, one: Happening) -> None:
    tip.state, tip.paper_asked_by = "paper", ""
    tip.closed_at = one.at if tip.closed_at is None else tip.closed_at


_EFFECTS = {
    "draft_opened": _opened,
    "said": _said,
    "added": _said,
    "corrected": _said,
    "retold": _retold,
    "retracted": _retracted,
    "attached": _attached,
    "file_added": _attached,
    "letter_file": _attached,
    "file_stored": _file_ended,
    "file_refused": _file_ended,
    "file_failed": _file_ended,
    "file_withdrawn": _file_withdrawn,
    "file_to_resident": _file_sent,
    "photo_covered": _covered,
    "photos_dropped": _photos_dropped,
    "placed": _placed,
    "categorised": _categorised,
    "recategorised": _categorised,  # By an officer.
    "arrived": _arrived,
    "brought_in": _brought_in,
    "code_renewed": _code_renewed,
    "known_how_set": _known_how_set,
    "event_linked": _linked,
    "event_unlinked": _unlinked,
    "danger_heard": _danger_heard,
    "safe_said": _safe_said,
    "nobody_accepted": _nobody_accepted,
    "told_nobody_accepted": _nobody_accepted,
    "notices_read": _notices_read,
    "notices_said": _notices_read,  # Without a knock: what stands in the chat needs no "xem".
    "question_asked": _question_asked,
    "question_answered": _question_settled,
    "question_skipped": _question_settled,
    "question_withdrawn": _question_withdrawn,
    "rated": _rated,
    "note_written": _note_written,
    "note_struck": _note_struck,
    "clock_started": _clock_started,
    "clock_moved": _clock_moved,
    "clock_met": _clock_ended,
    "clock_late": _clock_ended,
    "clock_void": _clock_ended,
    "accepted": _accepted,
    "moved": _moved,
    "book_moved": _entered,
    "book_entered": _entered,
    "book_copied": _copied,
    "assigned": _assigned,
    "given_back": _given_back,
    "dispatched": _dispatch_step,
    "dispatch_left": _dispatch_step,
    "dispatch_there": _dispatch_step,
    "dispatch_corrected": _dispatch_step,
    "dispatch_recalled": _dispatch_recalled,
    "closed": _closed,
    "reopened": _reopened,
    "restricted": _restricted,
    "restriction_lifted": _restriction_lifted,
    "concern_raised": _concern_raised,
    "concern_lifted": _concern_lifted,
    "paper_asked": _paper_asked,
    "paper_withdrawn": _paper_ended,
    "paper_refused": _paper_ended,
    "paper_moved": _paper_moved,
    "named": _named,
    "contact_cut": _cut,
    "draft_dropped": _dropped,
    "draft_expired": _dropped,
    "shredded": _shredded,
}
