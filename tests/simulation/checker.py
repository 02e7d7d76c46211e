"""The second checker: told only what the history says, it reckons books, owners, clocks and messages anew, in code of its own.

It imports nothing of the house but the standard library's calendar. What it is given are plain values (`Account`); what it finds are
sentences. Each rule is a function of `RULES`; figures of the law stand in tables, so that a new kind of clock is one line more.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

_HERE = timezone(timedelta(hours=7))  # Asia/Ho_Chi_Minh knows no summer time.
_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
# What of a tip's life the resident is told, and as what it stands among the notices.
TELLS = {"accepted": "accepted", "closed": "status", "question_asked": "question", "told": "answer"}
URGENT_TOLD_WITHIN = 4 * _MINUTE  # "Nobody has accepted": after three minutes, and the beat that looks once a minute.
ENDED = frozenset(("S11", "S12", "S13", "test", "paper"))
# Kinds of clocks: how their end is reckoned, by `procedure.md` 2.5. How many there are stands with each clock that was started.
UNITS = {
    **dict.fromkeys(("classify-a",), "minutes"),
    **dict.fromkeys(("answer", "classify", "concern", "report12", "transfer-a", "child"), "hours"),
    **dict.fromkeys(("transfer-b", "receipt-procuracy", "settle", "result", "file", "ask-settle"), "days"),
    **dict.fromkeys(("receipt", "inform", "ask-receipt"), "working-days"),
    **dict.fromkeys(("prolonged", "extended", "resumed", "archive", "ask-prolonged"), "months"),
}


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
    days_off: frozenset[date] = frozenset()
    ends_at: int = 0


@dataclass(slots=True)
class _Tip:
    arrived: int | None = None
    entered: int | None = None
    accepted: int | None = None
    closed: int | None = None
    owner: int | None = None
    urgent: int | None = None
    told_alone: int | None = None
    has_chat: bool = True
    is_shredded: bool = False
    state: str = "S0"
    clocks: dict[int, tuple[str, int]] = field(default_factory=dict)  # Those that run: kind and end.
    sent: dict[int, dict[str, int]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.arrived is not None and self.closed is None


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
    tip.arrived, tip.state = line.at, "S1"


def _moved(tip: _Tip, line: Line) -> None:
    tip.state = line.detail.get("to") or tip.state
    if tip.state not in ENDED:
        tip.closed = None
    elif tip.closed is None:
        tip.closed = line.at
    if "entry" in line.detail and tip.entered is None:
        tip.entered = line.at


def _accepted(tip: _Tip, line: Line) -> None:
    tip.accepted = line.at
    if tip.owner is None:
        tip.owner = _officer(line.actor)


def _assigned(tip: _Tip, line: Line) -> None:
    tip.owner = line.detail["officer"]


def _given_back(tip: _Tip, _line: Line) -> None:
    tip.owner = None


def _closed(tip: _Tip, line: Line) -> None:
    tip.closed = line.at


def _reopened(tip: _Tip, _line: Line) -> None:
    tip.closed = None


def _danger(tip: _Tip, line: Line) -> None:
    if line.detail["urgent"]:
        tip.closed = None
        tip.urgent = tip.urgent or line.at


def _told_alone(tip: _Tip, line: Line) -> None:
    tip.told_alone = line.at


def _cut(tip: _Tip, _line: Line) -> None:
    tip.has_chat = False


def _shredded(tip: _Tip, line: Line) -> None:
    tip.is_shredded = True
    tip.state = "dropped" if line.what.startswith("draft_") else tip.state


def _clock_started(tip: _Tip, line: Line) -> None:
    tip.clocks[line.detail["clock"]] = (line.detail["kind"], line.detail["due"])


def _clock_ended(tip: _Tip, line: Line) -> None:
    tip.clocks.pop(line.detail["clock"], None)


def _sent(tip: _Tip, line: Line) -> None:
    tip.sent.setdefault(line.detail["dispatch"], {})[line.detail["step"]] = line.detail["time"]


def _recalled(tip: _Tip, line: Line) -> None:
    tip.sent.pop(line.detail["dispatch"], None)


_TOLD: dict[str, Callable[[_Tip, Line], None]] = {
    "arrived": _arrived,
    "moved": _moved,
    "book_moved": _moved,
    "accepted": _accepted,
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
            if tip.is_open
            and (tip.owner is None or tip.owner in ward.gone or not tip.clocks or min(due for _kind, due in tip.clocks.values()) < look.at)
        }
        if listed != look.listed:
            yield f"at {when(look.at)} {len(listed - look.listed)} are missing on the list, {len(look.listed - listed)} too many"


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


def _clocks(account: Account) -> Iterator[str]:
    """Every clock ends when the law says, was met or late as it says, and none runs for a tip that is over."""
    running: dict[int, tuple[int | None, str, int]] = {}
    for line in account.lines:
        detail = line.detail
        if line.what == "clock_started":
            running[detail["clock"]] = (line.tip, detail["kind"], detail["due"])
            unit = UNITS.get(detail["kind"])
            if unit and (due := end_of(unit, detail["starts"], detail["amount"], account.days_off)) != detail["due"]:
                yield f"{detail['kind']} of {when(detail['starts'])} ends {when(detail['due'])}, and by the law {when(due)}"
        elif line.what in ("clock_met", "clock_late", "clock_void"):
            _tip, kind, due = running.pop(detail["clock"], (None, "", 0))
            if not kind or (line.what != "clock_void" and (line.what == "clock_late") != (line.at > due)):
                yield f"a clock {kind or 'that never started'} ended as {line.what} at {when(line.at)}"
        elif line.what == "clock_over":
            _tip, kind, due = running.get(detail["clock"], (None, "", line.at))
            if not due < line.at:
                yield f"{kind} was called over at {when(line.at)} and was not"
    over = {row["id"] for row in account.tips if row["closed_at"] is not None}
    if still := [kind for tip, kind, _due in running.values() if tip in over]:
        yield f"{len(still)} clocks run for tips that are over"


def _messages(account: Account) -> Iterator[str]:
    """Every resident is told at every step due: the receipt, that it was read, what was asked, how it ended. Once each."""
    due: dict[tuple[int, str], int] = defaultdict(int)
    sent = unfinished = 0  # What came by itself has a code, which is said when the person asks.
    cut: set[int] = set()
    for line in account.lines:
        sent += line.what == "arrived" and not line.detail["unfinished"]
        unfinished += line.what == "arrived" and line.detail["unfinished"]
        if line.what == "contact_cut" and line.tip is not None:
            cut.add(line.tip)
        elif (kind := TELLS.get(line.what)) and line.tip is not None and line.tip not in cut:
            due[line.tip, kind] += 1
    told: dict[tuple[int, str], int] = defaultdict(int)
    for notice in account.notices:
        told[notice["tip_id"], notice["kind"]] += 1
    for (tip, kind), many in due.items():
        if told[tip, kind] != many and tip not in cut:
            yield f"tip {tip}: {kind} was due {many} times and told {told[tip, kind]} times"
    if not sent <= account.receipts <= sent + unfinished:
        yield f"{sent} tips were sent and {account.receipts} receipts were written"


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
            due.setdefault(line.tip, max(tip.urgent, tip.arrived or 0) + URGENT_TOLD_WITHIN)
        elif not is_due:
            due.pop(line.tip, None)


def _alarms(account: Account) -> Iterator[str]:
    """Nobody is called for a tip that had not come, or that somebody had accepted."""
    ward = _Ward()
    for line in account.lines:
        ward.hear(line)
    for alarm in account.alarms:
        if alarm["tip_id"] is None or alarm["why"] not in ("tip", "urgent"):
            continue
        tip = ward.tips[alarm["tip_id"]]
        if tip.arrived is None or alarm["at"] < tip.arrived or (tip.accepted is not None and alarm["at"] > tip.accepted):
            yield f"an alarm of {when(alarm['at'])} was about nothing"


RULES: dict[str, Callable[[Account], Iterator[str]]] = {
    "arrivals": _arrivals,
    "books": _books,
    "owners": _owners,
    "rows": _rows,
    "clocks": _clocks,
    "messages": _messages,
    "alone": _alone,
    "alarms": _alarms,
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


def end_of(unit: str, start: int, many: int, days_off: frozenset[date]) -> int:
    """Hours run through; days end at 24:00 of the last; months on the same date or the next day that is worked."""
    day = local(start).date()
    if unit in ("minutes", "hours"):
        return start + many * (_MINUTE if unit == "minutes" else _HOUR)
    if unit == "days":
        return _midnight_after(day + timedelta(days=many))
    if unit == "working-days":
        left = many
        while left:
            day += timedelta(days=1)
            left -= _is_worked(day, days_off)
        return _midnight_after(day)
    year, month = day.year + (day.month - 1 + many) // 12, (day.month - 1 + many) % 12 + 1
    day = date(year, month, min(day.day, monthrange(year, month)[1]))
    while not _is_worked(day, days_off):
        day += timedelta(days=1)
    return _midnight_after(day)


def _is_worked(day: date, days_off: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in days_off


def _midnight_after(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_HERE).timestamp() * 1000) + _DAY - 1


def local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(_HERE)


def when(moment: int) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def _officer(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "officer" and number.isdecimal() else None
