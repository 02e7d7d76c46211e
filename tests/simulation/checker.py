"""The second checker: told what the history says, it reckons states, books, owners, clocks, messages and alarms anew, in code of its own.

It imports nothing of the house but the standard library's calendar. What it is given are plain values (`Account`); what it finds are
sentences. Each rule is a function of `RULES`; figures of the law stand in tables, so that a new kind of clock is one line more.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

_HERE = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh knows no summer time.
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
# What of a tip's life the resident is told, and as what it stands among the notices; and the moves they are told of.
TELLS = {"accepted": "accepted", "closed": "status", "reopened": "status", "question_asked": "question", "told": "answer"}
MOVES_TOLD = frozenset(
    ("enter", "transfer", "acknowledged", "prolonged", "extended", "suspended", "resumed", "settled", "fine", "fine-after", "guide", "keep")
)
# Told the first time only, until the tip has ended: that it is urgent, that it was sorted as anything else, that it is being checked.
TOLD_ONCE = {
    **dict.fromkeys(("classify", "classify-anew"), "urgent"),
    **dict.fromkeys(("approve", "approved-by-phone"), "sorted"),
    "check": "checked",
}
URGENT_TOLD_WITHIN = 4 * _MINUTE  # "Nobody has accepted": after three minutes, and the beat that looks once a minute.
ENDED = frozenset(("S11", "S12", "S13", "test", "paper"))
WOKEN = {"S11": "S3", "S12": "S3", "S13": "S3", "test": "S2"}  # By words of danger.
# Where a tip may come from to stand where it stands: `procedure.md` 2.4.
MAY_COME_FROM = {
    "S2": "S1 S3 test",
    "S3": "S2 S3 S4 S5 S11 S12 S13",
    "S4": "S3",
    "S5": "S3 S4",
    "S6": "S4 S5",
    "S7": "S6",
    "S7a": "S7",
    "S7b": "S7 S7a",
    "S7c": "S7 S7a S7b S7d",
    "S7d": "S7c",
    "S8": "S6 S7 S7a S7b S7d",
    "S9": "S3 S5 S8",
    "S10": "S3 S5",
    "S11": "S3 S5",
    "S12": "S8 S9 S10",
    "S13": "S12",
    "test": "S1 S2",
}
OF_CRIME = frozenset("AB")
# What runs after a move, and from when: now, the arrival, the day that was given, the beginning or the end of what ran before.
RUNS_AFTER: dict[str, tuple[tuple[str, str], ...]] = {
    "transfer": tuple((kind, "now") for kind in ("receipt", "receipt-procuracy", "ask-receipt", "ask-settle", "ask-prolonged")),
    "acknowledged": (("settle", "day"),),
    "prolonged": (("prolonged", "begins:settle"), ("extension-request", "begins:settle")),
    "extended": (("extended", "ends:prolonged,settle"),),
    "resumed": (("resumed", "day"),),
    "settled": (("inform", "now"), ("result", "now")),
    **dict.fromkeys(("fine", "guide"), (("inform", "now"),)),
    "close": (("archive", "now"),),
}
ENTER_AT_NIGHT = 30  # Minutes, where what arrives by day has fifteen.
CALLED_OVER_WITHIN = 4 * _HOUR
RUNS_WITHIN = _MINUTE
SORTED_WITHIN = 15 * _MINUTE  # What has become urgent.
# Of who is called: how soon anybody, how soon the chief, and how often an urgent tip rings.
FIRST_CALL, CHIEF_URGENT, CHIEF_ORDINARY, AGAIN = _MINUTE // 4, 10 * _MINUTE, 47 * _MINUTE, 2 * _MINUTE + _MINUTE // 4
SAME_DANGER = 5 * _MINUTE  # Told again so long after somebody has pressed.
PASSED_ON = ("transfer-a", "transfer-b", "child")  # The clocks until a crime is handed on; a tip has one of them.
# Kinds of clocks: how their end is reckoned, by `procedure.md` 2.5. How many there are stands with each clock that was started.
UNITS = {
    "enter": "minutes-by-day",
    "classify-a": "minutes",
    "extension-request": "days-before-two-months",
    **dict.fromkeys(("answer", "classify", "concern", "report12", "transfer-a", "child"), "hours"),
    **dict.fromkeys(("transfer-b", "receipt-procuracy", "settle", "result", "file", "ask-settle"), "days"),
    **dict.fromkeys(("receipt", "inform", "ask-receipt"), "working-days"),
    **dict.fromkeys(("prolonged", "extended", "resumed", "archive", "ask-prolonged"), "months"),
}
REMINDERS = frozenset(("answer", "ask-receipt", "ask-settle", "ask-prolonged"))  # Late for nobody.


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the history."""

    tip: int | None
    at: int
    actor: str
    what: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the house said of itself when so many rows of history were written."""

    at: int
    lines: int
    arrived: int
    entered: int
    waiting: int
    listed: frozenset[int]  # The chief's list.


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    lines: tuple[Line, ...]
    looks: tuple[Look, ...]
    tips: tuple[Mapping[str, Any], ...]  # As they stand at the end.
    entries: tuple[Mapping[str, Any], ...] = ()
    notices: tuple[Mapping[str, Any], ...] = ()
    receipts: int = 0  # That were written to residents.
    alarms: tuple[Mapping[str, Any], ...] = ()
    shifts: tuple[Mapping[str, Any], ...] = ()
    chief: int = 0
    officers: frozenset[int] = frozenset()
    keepers: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()  # From when until when the program was off.
    events: tuple[Mapping[str, Any], ...] = ()  # Of each tip: which event it is told of.
    callbacks: tuple[Mapping[str, Any], ...] = ()
    letters: tuple[Mapping[str, Any], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    sent: tuple[Mapping[str, Any], ...] = ()  # What went out to chats, and about which tip.
    hand_overs: tuple[Mapping[str, Any], ...] = ()
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()  # Saturdays.
    ends_at: int = 0
    takings: dict[int, list[tuple[int, int | None]]] = field(init=False, default_factory=dict)  # When each shift was taken, by whom.

    def __post_init__(self) -> None:
        for line in self.lines:
            if line.what == "shift_taken":
                self.takings.setdefault(line.detail["shift"], []).append((line.at, _officer(line.actor)))

    def after(self, at: int, span: int) -> int:
        """When a promise that was given then for so long must be kept; while the program is off it keeps none, and begins anew."""
        for start, end in self.gaps:
            if at < end and at + span > start:
                return end + span
        return at + span


@dataclass(slots=True)
class _Tip:
    arrived: int | None = None
    received: int | None = None  # Where somebody wrote it down later: the law counts from here.
    entered: int | None = None
    accepted: int | None = None
    closed: int | None = None
    owner: int | None = None
    urgent: int | None = None
    told_alone: int | None = None
    track: str = ""
    is_child: bool = False
    is_approved: bool = False
    is_reported: bool = False
    is_held: bool = False
    rang_urgent: bool = False
    dangers: set[str] = field(default_factory=set)
    owners: set[int] = field(default_factory=set)  # All that it ever had.
    calls: list[list[int | None]] = field(default_factory=list)  # From, until, and whether it was urgent.
    has_chat: bool = True
    is_shredded: bool = False
    state: str = "S0"
    clocks: dict[int, tuple[str, int]] = field(default_factory=dict)  # Those that run: kind and end.
    sent: dict[int, dict[str, int]] = field(default_factory=dict)
    readers: list[tuple[int, str]] = field(default_factory=list)  # From when on: nobody but the chief, or but the keepers.

    @property
    def is_open(self) -> bool:
        return self.arrived is not None and self.closed is None

    @property
    def reader(self) -> str:
        return self.readers[-1][1] if self.readers else ""

    def reader_at(self, at: int) -> str:
        return next((kind for since, kind in reversed(self.readers) if since <= at), "")

    def call(self, at: int, *, is_urgent: bool) -> None:
        self.hush(at)
        self.calls.append([at, None, int(is_urgent)])
        self.rang_urgent = self.rang_urgent or is_urgent

    def hush(self, at: int) -> None:
        if self.calls and self.calls[-1][1] is None:
            self.calls[-1][1] = at


@dataclass(slots=True)
class _Ward:
    tips: dict[int, _Tip] = field(default_factory=lambda: defaultdict(_Tip))
    gone: set[int] = field(default_factory=set)  # Officers whose account is closed.

    def hear(self, line: Line) -> None:
        if line.what in ("officer_closed", "officer_reopened"):
            (self.gone.add if line.what == "officer_closed" else self.gone.discard)(line.detail["officer"])
        if line.tip is not None and (told := _TOLD.get(line.what)):
            told(self.tips[line.tip], line)

    def count(self, is_so: Callable[[_Tip], bool]) -> int:
        return sum(is_so(tip) for tip in self.tips.values())


def _arrived(tip: _Tip, line: Line) -> None:
    tip.arrived, tip.received, tip.state, tip.is_held = line.at, line.at, "S1", bool(line.detail.get("held"))
    if not tip.is_held:
        tip.call(line.at, is_urgent=tip.urgent is not None)


def _categorised(tip: _Tip, line: Line) -> None:
    tip.is_child = line.detail["category"] == "TE"


def _brought_in(tip: _Tip, line: Line) -> None:
    """Whoever writes it down has it, unless they want the shift called; then nobody has accepted it in the same moment."""
    tip.arrived, tip.received, tip.state, tip.has_chat = line.at, line.detail["received"], "S1", False
    tip.urgent = line.at if line.detail["urgent"] else None
    tip.call(line.at, is_urgent=tip.urgent is not None)


def _restricted(tip: _Tip, line: Line) -> None:
    """What somebody has accepted and nobody has in hand any more calls who reads it now."""
    kind = line.detail.get("kind", "")
    tip.readers.append((line.at, kind))
    if kind and tip.accepted is not None and tip.owner is None and tip.is_open:
        tip.call(line.at, is_urgent=tip.urgent is not None)


def _on_paper(tip: _Tip, line: Line) -> None:
    tip.state, tip.closed = "paper", tip.closed or line.at
    tip.hush(line.at)


def _moved(tip: _Tip, line: Line) -> None:
    detail, move = line.detail, line.detail["move"]
    tip.state = detail["to"]
    tip.track = detail.get("track", "" if move == "give-back" else tip.track)
    if move in ("approve", "approved-by-phone"):
        tip.is_approved = True
    elif move in ("classify", "classify-anew", "give-back"):
        tip.is_approved = False
    tip.is_reported = tip.is_reported or move in ("report", "report-beside")
    tip.closed = (tip.closed or line.at) if tip.state in ENDED else None
    if tip.closed is not None:
        tip.hush(line.at)
    _numbered(tip, line)


def _numbered(tip: _Tip, line: Line) -> None:
    if "entry" in line.detail and tip.entered is None:
        tip.entered = line.at


def _accepted(tip: _Tip, line: Line) -> None:
    tip.accepted = line.at
    tip.hush(line.at)
    if tip.calls == [[line.at, line.at, 1]] and not tip.has_chat:
        tip.rang_urgent = False  # Whoever wrote it down had it at once, and nobody was called.
    if tip.owner is None:
        tip.owner = _officer(line.actor)
        tip.owners |= {tip.owner} if tip.owner is not None else set()


def _answered(tip: _Tip, line: Line) -> None:
    tip.hush(line.at)


def _assigned(tip: _Tip, line: Line) -> None:
    tip.owner = line.detail["officer"]
    tip.owners.add(line.detail["officer"])


def _given_back(tip: _Tip, line: Line) -> None:
    """By their own word, or because it was set apart from them in the same moment: then whoever may read it is called."""
    tip.owner = None
    if tip.readers and tip.readers[-1] == (line.at, "chief"):
        tip.call(line.at, is_urgent=tip.urgent is not None)


def _closed(tip: _Tip, line: Line) -> None:
    tip.closed, tip.state = line.at, line.detail["to"]
    tip.hush(line.at)


def _reopened(tip: _Tip, line: Line) -> None:
    tip.closed, tip.state = None, line.detail["to"]


def _danger(tip: _Tip, line: Line) -> None:
    tip.is_held = False
    is_another, was_over = line.detail["heard"] not in tip.dangers, tip.closed is not None
    tip.dangers.add(line.detail["heard"])
    if not line.detail["urgent"]:
        return
    tip.closed, tip.state = None, WOKEN.get(tip.state, tip.state)
    tip.urgent = tip.urgent or line.at
    pressed = tip.calls[-1][1] if tip.calls else None
    rings_anew = pressed is not None and (was_over or is_another or line.at - pressed >= SAME_DANGER)
    if tip.arrived is not None and (not tip.rang_urgent or rings_anew):
        tip.call(line.at, is_urgent=True)


def _told_alone(tip: _Tip, line: Line) -> None:
    tip.told_alone = line.at


def _cut(tip: _Tip, _line: Line) -> None:
    tip.has_chat = False


def _shredded(tip: _Tip, line: Line) -> None:
    tip.is_shredded = True
    tip.state = "dropped" if line.what.startswith("draft_") else tip.state


def _clock_started(tip: _Tip, line: Line) -> None:
    tip.clocks[line.detail["clock"]] = (line.detail["kind"], line.detail["due"])


def _clock_moved(tip: _Tip, line: Line) -> None:
    tip.clocks[line.detail["clock"]] = (line.detail["kind"], line.detail["due"])


def _clock_ended(tip: _Tip, line: Line) -> None:
    tip.clocks.pop(line.detail["clock"], None)


def _sent(tip: _Tip, line: Line) -> None:
    tip.sent.setdefault(line.detail["dispatch"], {})[line.detail["step"]] = line.detail["time"]


def _recalled(tip: _Tip, line: Line) -> None:
    tip.sent.pop(line.detail["dispatch"], None)


_TOLD: dict[str, Callable[[_Tip, Line], None]] = {
    **dict.fromkeys(("draft_opened", "categorised", "recategorised"), _categorised),
    "arrived": _arrived,
    "brought_in": _brought_in,
    "restricted": _restricted,
    "restriction_lifted": _restricted,
    "paper_moved": _on_paper,
    "book_entered": _numbered,
    "moved": _moved,
    "book_moved": _numbered,
    "accepted": _accepted,
    "alarm_answered": _answered,
    "assigned": _assigned,
    "given_back": _given_back,
    "closed": _closed,
    "reopened": _reopened,
    "danger_heard": _danger,
    "told_nobody_accepted": _told_alone,
    "nobody_accepted": _told_alone,
    "contact_cut": _cut,
    "shredded": _shredded,
    "draft_dropped": _shredded,
    "draft_expired": _shredded,
    "clock_started": _clock_started,
    "clock_moved": _clock_moved,
    "clock_met": _clock_ended,
    "clock_late": _clock_ended,
    "clock_void": _clock_ended,
    **dict.fromkeys(("dispatched", "dispatch_left", "dispatch_there", "dispatch_corrected"), _sent),
    "dispatch_recalled": _recalled,
}


def check(account: Account) -> list[str]:
    """What is wrong, a sentence each; nothing where all is as it ought to be."""
    return [f"{name}: {found}" for name, rule in RULES.items() for found in rule(account)]


# -- rules -------------------------------------------------------------------------------------------------------------------


def _arrivals(account: Account) -> Iterator[str]:
    """Arrived = entered + waiting, by the history and as the house counts, at every look."""
    for look, ward in _at_looks(account):
        arrived, entered = ward.count(lambda tip: tip.arrived is not None), ward.count(lambda tip: tip.entered is not None)
        if (look.arrived, look.entered, look.waiting) != (arrived, entered, arrived - entered):
            yield f"at {when(look.at)} the house counts {look.arrived} = {look.entered} + {look.waiting}, the history {arrived}, {entered}"
    ward = _Ward()
    for line in account.lines:
        ward.hear(line)
        if line.what == "day_checked":
            arrived, entered = ward.count(lambda tip: tip.arrived is not None), ward.count(lambda tip: tip.entered is not None)
            if tuple(line.detail[name] for name in ("arrived", "entered", "waiting")) != (arrived, entered, arrived - entered):
                yield f"the day that was checked at {when(line.at)} was counted otherwise"


def _books(account: Account) -> Iterator[str]:
    """From 1 on in every year, each number once, in the order of time, in the year in which it was given; and the rows say the same."""
    given: dict[tuple[str, int], list[Line]] = defaultdict(list)
    told = {}
    for line in account.lines:
        if "entry" in line.detail and "number" in line.detail:
            given[line.detail["book"], line.detail["year"]].append(line)
            told[line.detail["entry"]] = (line.tip, line.detail["book"], line.detail["year"], line.detail["number"])
    for (book, year), lines in given.items():
        numbers = [line.detail["number"] for line in lines]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{book} {year} has a gap, a double or no order"
        if any(local(line.at).year != year for line in lines):
            yield f"{book} {year} holds another year's number"
    rows = {row["id"]: (row["tip_id"], row["book"], row["year"], row["number"]) for row in account.entries}
    if rows != told:
        yield f"{len(rows)} entries stand in the books, the history tells of {len(told)}, or of others"


def _owners(account: Account) -> Iterator[str]:
    """Every open tip has an owner who can work and a time that is not over, or stands on the chief's list; and nothing else does."""
    for look, ward in _at_looks(account):
        listed = {
            tip_id
            for tip_id, tip in ward.tips.items()
            if tip.is_open and (tip.owner is None or tip.owner in ward.gone or not tip.clocks or _late_at(tip, look.at) < look.at)
        }
        if listed != look.listed:
            yield f"at {when(look.at)} {len(listed - look.listed)} are missing on the list, {len(look.listed - listed)} too many"


def _late_at(tip: _Tip, otherwise: int) -> int:
    return min((due for kind, due in tip.clocks.values() if kind not in REMINDERS), default=otherwise)


def _rows(account: Account) -> Iterator[str]:
    """Each tip stands as its history says."""
    *_, (_look, ward) = [(None, _Ward()), *_at_looks(account, only_end=True)]
    for row in account.tips:
        tip = ward.tips[row["id"]]
        seen = (row["state"], row["arrived_at"], row["accepted_at"], row["closed_at"], row["handler_id"])
        if seen != (tip.state, tip.arrived, tip.accepted, tip.closed, tip.owner):
            yield f"tip {row['id']} stands otherwise than its history says"
        for name, step in (("dispatched_at", "sent"), ("left_at", "left"), ("there_at", "there")):
            if row[name] != min((one[step] for one in tip.sent.values() if step in one), default=None):
                yield f"tip {row['id']}: {name}"
        if row["due_at"] != min((due for _kind, due in tip.clocks.values()), default=None):
            yield f"tip {row['id']}: due_at"
    if missing := set(ward.tips) - {row["id"] for row in account.tips}:
        yield f"{len(missing)} tips are gone"


def _moves(account: Account) -> Iterator[str]:
    """Each goes on from where it stood, along the ways there are, and with what they ask for."""
    ward = _Ward()
    for line in account.lines:
        to = line.detail.get("to")
        if line.what in ("moved", "closed", "reopened") and line.tip is not None and to is not None:
            tip = ward.tips[line.tip]
            if line.what == "moved" and line.detail["from"] != tip.state:
                yield f"tip {line.tip}: {line.detail['move']} goes on from {line.detail['from']}, and it stood in {tip.state}"
            if to != tip.state and tip.state not in MAY_COME_FROM[to].split():
                yield f"tip {line.tip}: from {tip.state} to {to}"
            if tip.accepted is None:
                yield f"tip {line.tip}: went to {to} before anybody had accepted it"
            if to == "S6" and tip.state != "S6" and not (tip.is_reported and tip.track in OF_CRIME):
                yield f"tip {line.tip}: transferred and not reported, or no crime"
            if to in ("S9", "S10") and tip.state != "S8" and not tip.is_approved and tip.track != "A":
                yield f"tip {line.tip}: ended without approval"
            if to == "S11" and _officer(line.actor) != account.chief:
                yield f"tip {line.tip}: kept by somebody who is not the chief"
        ward.hear(line)


@dataclass(slots=True)
class _Clock:
    tip: int | None
    kind: str
    starts: int
    amount: int
    due: int
    began: int
    called_over: int | None = None


def _clocks(account: Account) -> Iterator[str]:
    """Every clock ends when the law says, was met or late as it says, is called over when it is, and none runs for what has ended."""
    running: dict[int, _Clock] = {}
    off, states = set(account.days_off), _Ward()

    def law(one: _Clock) -> int:
        unit = UNITS.get(one.kind)
        return end_of(unit, one.starts, one.amount, frozenset(off), account.days_worked) if unit else one.due

    for line in account.lines:
        detail = line.detail
        states.hear(line)
        if line.what == "day_off_set":
            off.add(date.fromisoformat(detail["about"]))
        elif line.what == "clock_started":
            one = _Clock(line.tip, detail["kind"], detail["starts"], detail["amount"], detail["due"], line.at)
            running[detail["clock"]] = one
            if law(one) != one.due:
                yield f"{one.kind} of {when(one.starts)} ends {when(one.due)}, and by the law {when(law(one))}"
        elif line.what == "clock_moved":
            one = running[detail["clock"]]
            one.due, one.called_over = detail["due"], None
            if law(one) != one.due:
                yield f"{one.kind} of {when(one.starts)} was moved to {when(one.due)}, and by the law ends {when(law(one))}"
        elif line.what in ("clock_met", "clock_late", "clock_void"):
            ended = running.pop(detail["clock"], None)
            if ended is None or (line.what != "clock_void" and (line.what == "clock_late") != (line.at > ended.due)):
                yield f"a clock {ended.kind if ended else 'that never started'} ended as {line.what} at {when(line.at)}"
            elif ended.called_over is None and line.at > account.after(max(ended.due, ended.began), CALLED_OVER_WITHIN):
                yield f"{ended.kind} was over at {when(ended.due)} and nobody said so"
        elif line.what == "clock_over":
            one = running[detail["clock"]]
            one.called_over = line.at
            if not one.due < line.at:
                yield f"{one.kind} was called over at {when(line.at)} and was not"
    for one in running.values():
        if one.called_over is None and account.ends_at > account.after(max(one.due, one.began), CALLED_OVER_WITHIN):
            yield f"{one.kind} is over since {when(one.due)} and nobody said so"
        if law(one) != one.due and off != account.days_off:
            yield f"{one.kind} of {when(one.starts)} ends {when(one.due)}, and by the law {when(law(one))}"
        if one.tip is not None and states.tips[one.tip].state in ENDED and (one.kind, states.tips[one.tip].state) != ("archive", "S12"):
            yield f"{one.kind} runs for a tip that is over"


def _started(account: Account) -> Iterator[str]:
    """What the law counts runs from the moment it counts from: after an arrival, after every move, and once more for what was over and
    is open again. What becomes urgent is sorted within minutes."""
    ward, waits = _Ward(), list[tuple[int, int, str, int | None]]()  # Until when, tip, kind, and from when it must count.
    voided: dict[tuple[int, str], int] = {}
    began: dict[tuple[int, str], tuple[int, int, int]] = {}  # When it was started, from when it counts, and its end.
    for line in account.lines:
        for until, tip_id, kind, starts in [one for one in waits if one[0] < line.at]:
            waits.remove((until, tip_id, kind, starts))
            tip = ward.tips[tip_id]
            if (tip.closed is not None and kind != "archive") or (kind == "enter" and tip.state != "S1"):
                continue  # It was over, or in its book, before the minute was.
            if voided.get((tip_id, kind), 0) >= until - RUNS_WITHIN:
                continue  # Given back, or sorted otherwise, before the minute was over.
            if (
                kind not in [running for running, _due in tip.clocks.values()]
                and began.get((tip_id, kind), (0, 0, 0))[0] < until - RUNS_WITHIN
            ):
                yield f"tip {tip_id}: {kind} does not run at {when(until)}"
            elif starts is not None and until - RUNS_WITHIN <= began[tip_id, kind][0] and began[tip_id, kind][1] != starts:
                yield f"tip {tip_id}: {kind} counts from {when(began[tip_id, kind][1])}, and not from {when(starts)}"
        was_over = line.tip is not None and ward.tips[line.tip].closed is not None
        was_child = line.tip is not None and ward.tips[line.tip].is_child
        ward.hear(line)
        if line.tip is None:
            continue
        if line.what == "clock_started":
            began[line.tip, line.detail["kind"]] = line.at, line.detail["starts"], line.detail["due"]
        elif line.what == "clock_void":
            voided[line.tip, line.detail["kind"]] = line.at
        elif line.what in ("arrived", "brought_in"):
            waits.append((account.after(line.at, RUNS_WITHIN), line.tip, "enter", ward.tips[line.tip].received))
        elif line.what == "reopened" or (line.what == "danger_heard" and line.detail["urgent"]):
            for kind, anchor in _for_what_is_urgent_or_open_again(ward.tips[line.tip], line, was_over=was_over):
                until = account.after(line.at, RUNS_WITHIN)
                waits.append((until, line.tip, kind, _anchored(anchor, line, ward.tips[line.tip], began)))
        elif line.what == "recategorised" and ward.tips[line.tip].is_child != was_child and ward.tips[line.tip].state in ("S3", "S4", "S5"):
            for kind in {kind for kind, _due in ward.tips[line.tip].clocks.values() if kind in PASSED_ON}:  # Its begin does not change.
                changed = next(one for one in _of_its_class(ward.tips[line.tip]) if one in PASSED_ON)
                waits.append((account.after(line.at, RUNS_WITHIN), line.tip, changed, began[line.tip, kind][1]))
        elif line.what in ("moved", "closed"):
            move = line.detail.get("move", "close")
            again = [kind for kind, _due in ward.tips[line.tip].clocks.values() if kind == "report12"]
            if again and ward.tips[line.tip].is_reported and move not in ("report", "report-beside"):
                yield f"tip {line.tip}: was reported, and report12 runs at {when(line.at)}"
            passes_file = (("file", "day"),) if line.detail.get("result") == "not-opened" else ()
            for kind, anchor in (*RUNS_AFTER.get(move, ()), *passes_file, *_by_kind(ward.tips[line.tip], move)):
                starts = _anchored(anchor, line, ward.tips[line.tip], began)
                waits.append((line.at + RUNS_WITHIN, line.tip, kind, starts))


def _by_kind(tip: _Tip, move: str) -> Iterator[tuple[str, str]]:
    """What has been entered is sorted, urgent tips within minutes. What is a crime is reported within hours, and handed on; of
    anything else the resident hears soon."""
    if move in ("enter", "give-back", "take-back"):
        yield ("classify" if tip.urgent is None else "classify-a"), "now"
    elif move in ("classify", "classify-anew"):
        for kind in _of_its_class(tip):
            yield kind, "now" if kind == "inform" else "arrival"


def _for_what_is_urgent_or_open_again(tip: _Tip, line: Line, *, was_over: bool) -> Iterator[tuple[str, str]]:
    """Danger wakes by a beat, which comes a little later; an officer opens at once."""
    if was_over and tip.state == "S3":
        for kind in _of_its_class(tip):
            yield kind, "now" if line.what == "reopened" else "soon"
    elif was_over and tip.state == "S2":
        yield "classify-a", "soon"
    elif tip.state == "S2" and any(kind == "classify" and due > line.at + SORTED_WITHIN for kind, due in tip.clocks.values()):
        yield "classify-a", "now"


def _of_its_class(tip: _Tip) -> tuple[str, ...]:
    """A child's tip has a day, however it was sorted."""
    if tip.track not in OF_CRIME:
        return ("inform",)
    transfer = "child" if tip.is_child else "transfer-a" if tip.track == "A" else "transfer-b"
    return (transfer,) if tip.is_reported else (transfer, "report12")


def _anchored(anchor: str, line: Line, tip: _Tip, began: Mapping[tuple[int, str], tuple[int, int, int]]) -> int | None:
    """None: the moment does not matter, as long as it is soon."""
    if anchor == "soon":
        return None
    what, _, kinds = anchor.partition(":")
    if what in ("now", "arrival", "day"):
        return {"now": line.at, "arrival": tip.received, "day": line.detail.get("day")}[what]
    known = sorted(began[line.tip, kind] for kind in kinds.split(",") if line.tip is not None and (line.tip, kind) in began)
    return known[-1][1 if what == "begins" else 2] if known else line.at


def _messages(account: Account) -> Iterator[str]:
    """Every resident is told at every step due, at its moment and once: the receipt, that it was read, each step, what was asked, how it
    ended. And nothing else is told."""
    due: dict[tuple[int, str, int], int] = defaultdict(int)
    sent = unfinished = 0  # What came by itself has a code, which is said when the person asks.
    cut: set[int] = set()
    ward, once = _Ward(), defaultdict[int, set[str]](set)
    beside, at_the_counter = set[tuple[int, int]](), dict[int | None, int]()
    for line in account.lines:
        if line.what == "brought_in":
            at_the_counter[line.tip] = line.at
        if line.what == "letter_answered" or (line.what in ("file_failed", "file_refused") and line.tip is not None):
            beside.add((0 if line.what == "letter_answered" else line.tip or 0, line.at))  # These are looked at by rules of their own.
        sent += line.what == "arrived" and not line.detail["unfinished"]
        unfinished += line.what == "arrived" and line.detail["unfinished"]
        if line.what == "contact_cut" and line.tip is not None:
            cut.add(line.tip)
        elif line.what == "accepted" and at_the_counter.get(line.tip) == line.at:
            pass  # They stand before the officer who wrote it down.
        elif line.tip is not None and (kind := _told_as(line, ward.tips[line.tip], once[line.tip])) and line.tip not in cut:
            due[line.tip, kind, line.at] += 1
        ward.hear(line)
        if line.tip is not None and ward.tips[line.tip].closed is not None:
            once[line.tip].clear()
    told: dict[tuple[int, str, int], int] = defaultdict(int)
    for notice in account.notices:
        if not {(notice["tip_id"], notice["created_at"]), (0, notice["created_at"])} & beside:
            told[notice["tip_id"], notice["kind"], notice["created_at"]] += 1
    for tip, kind, at in sorted({*due, *told}):
        if tip not in cut and (tip, at) not in beside and (0, at) not in beside and told[tip, kind, at] != due[tip, kind, at]:
            yield f"tip {tip}: {kind} was due {due[tip, kind, at]} times at {when(at)} and told {told[tip, kind, at]} times"
    if not sent <= account.receipts <= sent + unfinished:
        yield f"{sent} tips were sent and {account.receipts} receipts were written"


def _told_as(line: Line, tip: _Tip, once: set[str]) -> str:
    """`tip`: as it stood before. `once`: what was told since it ended last."""
    if line.what != "moved":
        return TELLS.get(line.what, "")
    move = line.detail["move"]
    news, is_urgent = TOLD_ONCE.get(move, ""), line.detail.get("track", tip.track) == "A"
    if (news == "urgent" and not is_urgent) or (news == "sorted" and (is_urgent or tip.state == "S6")) or news in once:
        return ""  # A proposal; urgent work that was told of already; what was handed on.
    if news:
        once.add(news)
    return "status" if news or move in MOVES_TOLD else ""


def _alone(account: Account) -> Iterator[str]:
    """An urgent resident whom nobody accepted is told so within minutes, and nobody else is."""
    ward, due = _Ward(), dict[int, int]()
    for line in account.lines:
        for tip_id, until in [*due.items()]:
            if line.at > until:
                yield f"tip {tip_id} was urgent and its resident was told of nobody by {when(until)}"
                del due[tip_id]
        ward.hear(line)
        if line.tip is None:
            continue
        tip = ward.tips[line.tip]
        if line.what in ("told_nobody_accepted", "nobody_accepted") and (
            tip.urgent is None or tip.accepted is not None or line.at - tip.urgent < 3 * _MINUTE
        ):
            yield f"tip {line.tip}: its resident was told of nobody too early, or wrongly"
        is_due = tip.urgent is not None and tip.is_open and tip.accepted is None and tip.told_alone is None
        if is_due and tip.urgent is not None:
            due.setdefault(line.tip, account.after(max(tip.urgent, tip.arrived or 0), URGENT_TOLD_WITHIN))
        elif not is_due:
            due.pop(line.tip, None)


def _alarms(account: Account) -> Iterator[str]:
    """Every alarm was about a tip that waited then, or about a roster with nobody on it, and called whom the roster names. At night
    only what is urgent rings."""
    ward = _heard(account)
    for alarm in account.alarms:
        at, why = alarm["at"], alarm["why"]
        owners = ward.tips[alarm["tip_id"]].owners if why == "urgent" else set()  # What somebody has calls them as well.
        if why == "roster":
            if _running(account, at):
                yield f"an alarm of {when(at)} was about an empty roster, and somebody stood on it"
            continue
        for tip_id in alarm["tips"] or (alarm["tip_id"],):
            waited = [one for one in ward.tips[tip_id].calls if (one[0] or 0) <= at <= (one[1] or account.ends_at)]
            if not waited or (why == "urgent") > any(one[2] for one in waited):
                yield f"an alarm of {when(at)} was about nothing"
        if why != "urgent" and _is_night(at):
            yield f"an alarm of {when(at)} woke somebody for an ordinary tip"
        kinds = {ward.tips[tip_id].reader_at(at) for tip_id in alarm["tips"] or (alarm["tip_id"],)}
        called = alarm["officer_id"]
        if called is not None and any(called not in {*_on_rung(account, alarm["rung"], at, kind), *owners} for kind in kinds):
            yield f"an alarm of {when(at)} called somebody who does not stand on rung {alarm['rung']}"


def _waited(account: Account) -> Iterator[str]:
    """Whatever waits too long has rung, again and again, and up to the chief; an alarm that reached nobody is one too."""
    rung: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for alarm in account.alarms:
        for tip_id in alarm["tips"] or (alarm["tip_id"],):
            rung[tip_id].append((alarm["at"], alarm["rung"]))
    for tip_id, tip in _heard(account).tips.items():
        for begins, ends, is_urgent in tip.calls:
            first, last = begins or 0, min(ends or account.ends_at, account.ends_at)
            here = sorted((at, number) for at, number in rung[tip_id] if first <= at <= last)
            start = first if is_urgent else _next_day_hour(first)
            soon = account.after(start, FIRST_CALL)
            if not is_urgent and _is_night(soon):
                soon = _next_day_hour(soon) + FIRST_CALL
            if last > soon and not any(at <= soon for at, _number in here):
                yield f"tip {tip_id} waited from {when(first)} and nobody was called"
            until = account.after(start, CHIEF_URGENT if is_urgent else CHIEF_ORDINARY)
            if last > until and (is_urgent or not _is_night(until)) and not any(at <= until and number == 3 for at, number in here):
                yield f"tip {tip_id} waited from {when(first)} and the chief was not called"
            times = [first, *(at for at, _number in here), last]
            if is_urgent and any(later > account.after(sooner, AGAIN) for sooner, later in pairwise(times)):
                yield f"tip {tip_id} waited from {when(first)} and it fell silent"


def _roster(account: Account) -> Iterator[str]:
    """A roster with nobody on it is one alarm a day, from six to six."""
    told: dict[date, list[int]] = defaultdict(list)
    for alarm in account.alarms:
        if alarm["why"] == "roster":
            told[_duty_day(alarm["at"])].append(alarm["at"])
    for day, times in told.items():
        if len(set(times)) > 1:
            yield f"{len(set(times))} alarms about the roster of {day}"
    first = account.looks[0].at if account.looks else account.ends_at
    for at in range(first - first % (_HOUR // 2), account.ends_at, _HOUR // 2):
        if any(start <= at + 3 * _HOUR and at - 3 * _HOUR < end for start, end in account.gaps):
            continue
        is_empty_long = not any(_running(account, at + more) for more in range(0, 3 * _HOUR, _HOUR // 2))
        if is_empty_long and _duty_day(at) == _duty_day(at + 3 * _HOUR) and not any(one <= at + 3 * _HOUR for one in told[_duty_day(at)]):
            yield f"nobody stood on the roster at {when(at)}, and no alarm says so"


def _heard(account: Account) -> _Ward:
    ward = _Ward()
    for line in account.lines:
        ward.hear(line)
    return ward


def _running(account: Account, at: int) -> list[Mapping[str, Any]]:
    """Shifts that run then, taken early ones too."""
    return [
        one
        for one in account.shifts
        if (one["starts_at"] <= at or any(since <= at for since, _officer_id in account.takings.get(one["id"], ())))
        and one["ends_at"] > at
        and (one["cancelled_at"] is None or one["cancelled_at"] > at)
    ]


def _on_rung(account: Account, rung: int, at: int, kind: str) -> set[int | None]:
    if kind:  # Who else reads it?
        return {*account.keepers} if kind == "fence" else {account.chief}
    running = _running(account, at)
    if rung == 4:  # Nobody of all these could be reached.
        return set(account.officers)
    if rung == 3 or (rung == 0 and not running):
        return {account.chief}
    if rung == 0:
        return {_holder(account, one, at) for one in running}
    return {one["second_id" if rung == 1 else "commander_id"] for one in running}


def _holder(account: Account, shift: Mapping[str, Any], at: int) -> int | None:
    """Whoever took it last, of all who did; else whom the roster names."""
    taken = [officer_id for since, officer_id in account.takings.get(shift["id"], ()) if since <= at]
    planned: int | None = shift["duty_id"]
    return taken[-1] if taken else planned


def _is_night(at: int) -> bool:
    return not 6 <= local(at).hour < 22


def _next_day_hour(at: int) -> int:
    """This moment, or the six o'clock in the morning until which nothing ordinary rings."""
    if not _is_night(at):
        return at
    morning = local(at).replace(hour=6, minute=0, second=0, microsecond=0)
    return int((morning + timedelta(days=local(at).hour >= 22)).timestamp() * 1000)


def _duty_day(at: int) -> date:
    return local(at - 6 * _HOUR).date()


RULES: dict[str, Callable[[Account], Iterator[str]]] = {
    "arrivals": _arrivals,
    "books": _books,
    "owners": _owners,
    "rows": _rows,
    "moves": _moves,
    "clocks": _clocks,
    "started": _started,
    "messages": _messages,
    "alone": _alone,
    "alarms": _alarms,
    "waited": _waited,
    "roster": _roster,
}


def _at_looks(account: Account, *, only_end: bool = False) -> Iterator[tuple[Look, _Ward]]:
    """The ward as its history tells it, at every look, and at the end where that is all that is asked."""
    ward, at = _Ward(), 0
    end = Look(at=account.ends_at, lines=len(account.lines), arrived=0, entered=0, waiting=0, listed=frozenset())
    for look in (end,) if only_end else account.looks:
        for line in account.lines[at : look.lines]:
            ward.hear(line)
        at = look.lines
        yield look, ward


# -- the calendar --------------------------------------------------------------------------------------------------------------


def end_of(unit: str, start: int, many: int, days_off: frozenset[date], worked: frozenset[date] = frozenset()) -> int:
    """Hours run through; days end at 24:00 of the last; months on the same date or the next day that is worked."""
    day = local(start).date()
    if unit == "days-before-two-months":
        ends = local(end_of("months", start, 2, days_off, worked)).date()
        return max(_midnight_after(ends - timedelta(days=many)), start)
    if unit == "minutes-by-day":
        return _by_day(start, many)
    if unit in ("minutes", "hours"):
        return start + many * (_MINUTE if unit == "minutes" else _HOUR)
    if unit == "days":
        return _midnight_after(day + timedelta(days=many))
    if unit == "working-days":
        left = many
        while left:
            day += timedelta(days=1)
            left -= _is_worked(day, days_off, worked)
        return _midnight_after(day)
    year, month = day.year + (day.month - 1 + many) // 12, (day.month - 1 + many) % 12 + 1
    day = date(year, month, min(day.day, monthrange(year, month)[1]))
    while not _is_worked(day, days_off, worked):
        day += timedelta(days=1)
    return _midnight_after(day)


def _by_day(start: int, many: int) -> int:
    """Whatever the other half of the day would give from its first minute on is enough, if that is sooner."""
    here, is_night = local(start), _is_night(start)
    turns = here.replace(hour=6 if is_night else 22, minute=0, second=0, microsecond=0)
    turns += timedelta(days=is_night and here.hour >= 22)
    own, other = (ENTER_AT_NIGHT, many) if is_night else (many, ENTER_AT_NIGHT)
    return min(start + own * _MINUTE, int(turns.timestamp() * 1000) + other * _MINUTE)


def _is_worked(day: date, days_off: frozenset[date], worked: frozenset[date]) -> bool:
    return day in worked or (day.weekday() < 5 and day not in days_off)


def _midnight_after(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_HERE).timestamp() * 1000) + _DAY - 1


def local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(_HERE)


def when(moment: int) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def _officer(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "officer" and number.isdecimal() else None
