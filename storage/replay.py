"""What a tip ought to be, told from its history alone. Plain values; nothing here asks a database."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_NO_PLACE = ""


@dataclass(slots=True)
class FileBelieved:
    status: str = "waiting"
    fingerprint: str = ""


@dataclass(slots=True)
class QuestionBelieved:
    settled_at: int | None = None
    outcome: str = ""


@dataclass(slots=True)
class TipBelieved:
    state: str = ""
    category: str = ""
    cell: str = ""
    about: str = "anonymous"
    arrived_at: int | None = None
    accepted_at: int | None = None
    accepted_by: str = ""
    closed_at: int | None = None
    tail: str = ""
    code: str = ""  # The mark of its look-up hash; empty without one.
    place: str = _NO_PLACE  # The mark of it.
    pieces: dict[int, str] = field(default_factory=dict)  # The mark of each.
    files: dict[int, FileBelieved] = field(default_factory=dict)
    identities: set[int] = field(default_factory=set)
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
    restricted: str = ""
    concern_at: int | None = None
    paper_number: str = ""
    paper_asked_by: str = ""
    is_shredded: bool = False
    has_chat: bool = True


@dataclass(frozen=True, slots=True)
class Happening:
    at: int
    actor: str
    what: str
    detail: dict[str, Any]


def replay(happenings: Iterable[Happening]) -> TipBelieved:
    tip = TipBelieved()
    for one in happenings:
        if effect := _EFFECTS.get(one.what):
            with contextlib.suppress(KeyError):  # A row that somebody bent; the chain says so.
                effect(tip, one)
    return tip


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
    file.status, file.fingerprint = one.what.removeprefix("file_"), one.detail["fingerprint"]


def _file_withdrawn(tip: TipBelieved, one: Happening) -> None:
    tip.files.setdefault(one.detail["attachment"], FileBelieved()).status = "withdrawn"


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


def _danger_heard(tip: TipBelieved, one: Happening) -> None:
    tip.danger, tip.held_why = one.detail["danger"], ""
    if one.detail["urgent"]:
        tip.closed_at = None
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


def _closed(tip: TipBelieved, one: Happening) -> None:
    tip.closed_at = one.at


def _reopened(tip: TipBelieved, _one: Happening) -> None:
    tip.closed_at = None


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
    "file_stored": _file_ended,
    "file_refused": _file_ended,
    "file_failed": _file_ended,
    "file_withdrawn": _file_withdrawn,
    "photos_dropped": _photos_dropped,
    "placed": _placed,
    "categorised": _categorised,
    "arrived": _arrived,
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
    "accepted": _accepted,
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
