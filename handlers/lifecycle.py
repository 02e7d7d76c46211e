"""Where a tip may go from where it stands: one table, and nothing else decides it. `handlers/steps.py` carries a move out.

There is no way back to nothing: no reject and no delete. Whatever has arrived ends in a state with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal[
    "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S7a", "S7b", "S7c", "S7d", "S8", "S9", "S10", "S11", "S12", "S13", "test", "paper"
]
Track = Literal["A", "B", "C", "D", "E", "F"]  # Khẩn, thường, hành chính, nơi khác, trùng, chưa đủ căn cứ.
Kind = Literal["denunciation", "report", "feedback"]  # Tố giác, tin báo, phản ánh – kiến nghị.
Book = Literal["crime", "other"]
Right = Literal["work", "approve", "decide"]  # Whoever works on tips; commander or chief; the chief alone.
Need = Literal[
    "kind", "track", "reason", "agency", "contact", "way", "papers", "receiver", "number", "day", "result", "awaited", "adviser", "hour"
]

TRACKS: tuple[Track, ...] = ("A", "B", "C", "D", "E", "F")
KINDS: tuple[Kind, ...] = ("denunciation", "report", "feedback")
BOOKS: tuple[Book, ...] = ("crime", "other")
# What kind of information belongs into which book.
BOOK_OF: dict[Kind, Book] = {"denunciation": "crime", "report": "crime", "feedback": "other"}
ARRIVED: tuple[State, ...] = (
    *("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S7a", "S7b", "S7c", "S7d", "S8", "S9", "S10", "S11", "S12", "S13"),
    *("test", "paper"),
)
ENDED: frozenset[State] = frozenset(("S11", "S12", "S13", "test", "paper"))
AWAITS_RESULT: frozenset[State] = frozenset(("S6", "S7", "S7a", "S7b", "S7c", "S7d"))  # The folder "Chờ kết quả".
# The folder "Đã chuyển": handed on, and nobody there has said yet that they have it, or ever has to.
HANDED_ON: frozenset[State] = frozenset(("S6", "S10"))
AWAITS_APPROVAL: frozenset[State] = frozenset(("S3", "S4", "S5", "S6"))  # Of its classification, afterwards too where it is urgent.
# The papers that go along with a tip. Transfer waits until each is ticked, or said not to be there.
PAPERS = ("slip", "record", "statements", "place_check", "objects", "files")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way from some states to another. `to` empty: the tip stays where it stands, and something of it is noted."""

    name: str
    sources: frozenset[str]
    to: str
    right: Right
    needs: tuple[Need, ...] = ()
    tracks: frozenset[str] = frozenset()  # Only a tip of these tracks; empty: any.
    only_urgent: bool = False  # Only what is urgent, or of class A.
    waits_for_approval: bool = False  # Of its classification; urgent work never waits.
    waits_for_report: bool = False  # To the provincial investigating body.
    tells: str = ""  # What the resident reads: a sentence of handlers/texts.
    tells_on: Mapping[str, str] = field(default_factory=dict)  # Other words for these tracks; or for these alone.
    tells_once: bool = False  # Until the tip has ended: whoever does it again changes nothing for the resident.
    starts: tuple[str, ...] = ()  # Clocks: kinds of handlers/data/periods.toml.
    settles: tuple[str, ...] = ()


def _from(*states: State) -> frozenset[str]:
    return frozenset(states)


_OF_CRIME = frozenset(("A", "B"))
_TRANSFERS = ("transfer-a", "transfer-b", "child", "report12")
_ASKS = ("ask-receipt", "ask-settle", "ask-prolonged")
_OF_SETTLING = ("settle", "prolonged", "extension-request", "extended", "resumed")

# What is sorted as urgent is told at once, for the work begins at once; any other class is a proposal until it is approved, and told then,
# in the same words whatever it is: nobody reads that they were not believed.
_URGENT = {"A": "status-urgent"}
_SORTED = dict.fromkeys("BCDEF", "status-sorted")

# Each says what the resident reads, or why nothing.
MOVES: tuple[Move, ...] = (
    Move(
        name="enter",
        sources=_from("S1"),
        to="S2",
        right="work",
        needs=("kind",),
        tells="status-entered",
        starts=("classify",),
        settles=("enter",),
    ),
    Move(
        name="classify",
        sources=_from("S2"),
        to="S3",
        right="work",
        needs=("track", "reason"),
        tells_on=_URGENT,
        tells_once=True,
        settles=("classify", "classify-a"),
    ),
    # Nothing: to be told that one's words were taken for a joke helps nobody, and the chief may see it otherwise.
    Move(name="set-aside", sources=_from("S1", "S2"), to="test", right="work", needs=("reason",)),
    Move(name="approve", sources=AWAITS_APPROVAL, to="", right="approve", tells_on=_SORTED, tells_once=True),
    Move(
        name="approved-by-phone",
        sources=_from("S3", "S4", "S5"),
        to="",
        right="work",
        needs=("adviser", "hour"),
        only_urgent=True,
        tells_on=_SORTED,
        tells_once=True,
    ),
    # Nothing: they were told nothing of the proposal either.
    Move(name="give-back", sources=_from("S3"), to="S2", right="approve", needs=("reason",), starts=("classify",)),
    Move(
        name="classify-anew",
        sources=_from("S3", "S4", "S5"),
        to="S3",
        right="work",
        needs=("track", "reason"),
        tells_on=_URGENT,
        tells_once=True,
    ),
    # Nothing, by the procedure: a letter between two offices.
    Move(
        name="report",
        sources=_from("S3"),
        to="S4",
        right="approve",
        needs=("agency", "way"),
        tracks=_OF_CRIME,
        settles=("report12",),
    ),
    # Checking has begun already, as urgent work may; the report is noted beside it.
    Move(
        name="report-beside", sources=_from("S5"), to="", right="approve", needs=("agency", "way"), tracks=_OF_CRIME, settles=("report12",)
    ),
    Move(
        name="check",
        sources=_from("S3", "S4"),
        to="S5",
        right="work",
        waits_for_approval=True,
        tells="status-checking",
        tells_once=True,
    ),
    Move(
        name="transfer",
        sources=_from("S4", "S5"),
        to="S6",
        right="approve",
        needs=("papers", "agency", "receiver", "number", "day"),
        tracks=_OF_CRIME,
        waits_for_report=True,
        tells="status-transferred",
        starts=("receipt", "receipt-procuracy", *_ASKS),
        settles=_TRANSFERS,
    ),
    Move(
        name="acknowledged",
        sources=_from("S6"),
        to="S7",
        right="work",
        needs=("agency", "day"),
        tells="status-acknowledged",
        starts=("settle",),
        settles=("receipt", "receipt-procuracy", "ask-receipt"),
    ),
    Move(
        name="prolonged",
        sources=_from("S7"),
        to="S7a",
        right="work",
        needs=("number", "day"),
        tells="status-prolonged",
        settles=("settle",),
        starts=("prolonged", "extension-request"),
    ),
    Move(
        name="extended",
        sources=_from("S7", "S7a"),
        to="S7b",
        right="work",
        needs=("number", "day"),
        tells="status-extended",
        settles=("settle", "prolonged", "extension-request"),
        starts=("extended",),
    ),
    Move(
        name="suspended",
        sources=_from("S7", "S7a", "S7b", "S7d"),
        to="S7c",
        right="work",
        needs=("awaited", "number", "day"),
        tells="status-suspended",
        settles=_OF_SETTLING,
    ),
    Move(
        name="resumed",
        sources=_from("S7c"),
        to="S7d",
        right="work",
        needs=("number", "day"),
        tells="status-resumed",
        starts=("resumed",),
    ),
    Move(
        name="settled",
        sources=_from("S6", "S7", "S7a", "S7b", "S7d"),
        to="S8",
        right="work",
        needs=("result", "number", "day"),
        tells="status-settled",  # That there is a result, not which: what was done stands in the words of the end.
        starts=("inform", "result"),
        settles=(*_OF_SETTLING, "receipt", "receipt-procuracy", *_ASKS),
    ),
    Move(
        name="fine",
        sources=_from("S3", "S5"),
        to="S9",
        right="work",
        needs=("reason",),
        waits_for_approval=True,
        tells="status-administrative",
        starts=("inform",),
        settles=_TRANSFERS,
    ),
    # No case was opened, and there is still something to be fined: the file goes to whoever may.
    Move(
        name="fine-after",
        sources=_from("S8"),
        to="S9",
        right="work",
        needs=("agency", "number", "day"),
        tells="status-administrative",
        settles=("file",),
    ),
    Move(
        name="guide",
        sources=_from("S3", "S5"),
        to="S10",
        right="work",
        needs=("agency", "contact"),
        waits_for_approval=True,
        tells="status-elsewhere",
        starts=("inform",),
        settles=_TRANSFERS,
    ),
    # Of one that was told twice nobody says that details are missing, nor that somebody else has told of it.
    Move(
        name="keep",
        sources=_from("S3", "S5"),
        to="S11",
        right="decide",
        needs=("reason",),
        tells="status-kept",
        tells_on={"E": "status-kept-double"},
    ),
    # These two have forms of their own, and say themselves what is told: `handlers/exchange.py`.
    Move(name="close", sources=_from("S8", "S9", "S10"), to="S12", right="work", settles=("inform", "result"), starts=("archive",)),
    Move(name="reopen", sources=_from("S11", "S12", "S13"), to="S3", right="work", needs=("reason",), tells="status-reopened"),
    # Nothing: the file goes to a shelf.
    Move(name="archive", sources=_from("S12"), to="S13", right="work", settles=("archive",)),
    # Nothing: they were not told that it had been set aside.
    Move(name="take-back", sources=_from("test"), to="S2", right="decide", needs=("reason",), starts=("classify",)),
)
OWN_FORMS = frozenset(("close", "reopen"))
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}


def told_by(move: Move, *, state: str, track: str) -> str:
    """What the resident of such a tip reads of this move. What is only noted of a tip that was handed on is no news to them."""
    if not move.to and state in AWAITS_RESULT:
        return ""
    return move.tells_on.get(track, move.tells)


def moves_from(state: str) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if state in move.sources)


def proposed_track(category: str, *, is_urgent: bool) -> str:
    """What the form of sorting begins with; an officer decides. A child's matter is always urgent."""
    return "A" if is_urgent or category == "TE" else ""


def clocks_of(track: str, *, is_child: bool, is_reported: bool) -> tuple[str, ...]:
    """What runs from the moment a tip was received, once it is known what it is. What was reported stays reported."""
    if track not in _OF_CRIME:
        return ("inform",)
    transfer = "child" if is_child else "transfer-a" if track == "A" else "transfer-b"
    return (transfer,) if is_reported else ("report12", transfer)


def book_of(kind: str) -> str:
    return BOOK_OF.get(kind, "other")  # type: ignore[call-overload, no-any-return]
