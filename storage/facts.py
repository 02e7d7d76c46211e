"""What a tip adds to the ward's figures, told from its history alone: docs/figures.md says each rule in words.

Plain values; nothing here asks a database. What is shredded, cut off or forgotten leaves its history, so no figure ever changes by it.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from storage import moments
from storage.places import coarsened
from storage.replay import ClockBelieved, Happening, TipBelieved, tell

RULES = "2"  # Raised with every change of what is counted: then everything is counted anew.
OPEN = frozenset(("S1", "S2", "S3", "S4", "S5"))  # With the ward, once it stands in a book.
AWAITS = frozenset(("S6", "S7", "S7a", "S7b", "S7c", "S7d"))
STAYS = ("open", "awaiting", "overdue")  # What lasts, and is counted as it stands at one moment.
LONG = 31 * moments.DAY
PLACED = "placed"  # Where a tip stands on the map, by its arrival, until it was closed: counted for the map alone.
STILL_OPEN = "/open"  # Behind a part of the map: of those that are not over.
_WAYS_OUT = {"S6": "transfer", "S9": "fine", "S10": "guide", "S11": "keep", "test": "test", "paper": "paper"}
_TRANSFERS = ("transfer-a", "transfer-b", "child")
_SETTLING = ("settle", "prolonged", "extended", "resumed")
_LATE = ("classify", "classify-a", "report12", *_TRANSFERS, "inform")
_BY_CLOCK = {"reported": ("report12",), "told-receipt": ("receipt",), "told-result": ("result", "inform")}
_LEVELS, _LEVEL = 5, 10**7
FIRST_DAY = 180 * 4096  # 11 August 2019: before there was any house, and where a block of the largest size begins.
# The steps in which a time is told, in minutes: up to which length, and how fine.
_STEPS = ((60, 1), (6 * 60, 10), (48 * 60, 60))


class Fact(NamedTuple):
    at: int
    what: str
    value: str = ""
    until: int | None = None
    took: int | None = None

    @property
    def is_long(self) -> bool:
        return self.what in STAYS and (self.until is None or self.until - self.at > LONG)


class Told(NamedTuple):
    sight: str
    facts: tuple[Fact, ...]


class Mark(NamedTuple):
    """One count of a day."""

    day: int
    part: str
    key: str


@dataclass(slots=True)
class _Story:
    """One tip, while its history is told."""

    tip: TipBelieved = field(default_factory=TipBelieved)
    facts: list[Fact] = field(default_factory=list)
    opened: Fact | None = None
    awaiting: int | None = None
    clock: int = 0  # The clock of settling that started last; 0: none since it was handed on.
    classified_at: int | None = None
    stays: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def received_at(self) -> int:
        return self.tip.received_at or self.tip.arrived_at or 0

    def hear(self, one: Happening) -> None:
        tip, was_entered, track = self.tip, self.tip.entered_at, self.tip.track
        tell(tip, one)
        if tip.track != track:
            self.classified_at = None if not tip.track else self.classified_at if track else one.at
        if one.what in ("appealed_complaint", "appealed_threat"):
            self.facts.append(Fact(one.at, one.what.removeprefix("appealed_")))
        self._stand(one, is_new=was_entered is None)
        self._await(one)
        if one.what == "moved":
            self._moved(one)
        elif one.what == "closed" and one.detail.get("to"):
            self.facts.append(Fact(one.at, "told-result", self._owed()))

    def _stand(self, one: Happening, *, is_new: bool) -> None:
        """With the ward from its entry in a book, or from when it was opened again, until it leaves by one of the ways out."""
        if self.tip.entered_at is None:
            return
        is_open = self.tip.state in OPEN
        if self.opened is None and (is_new or is_open):
            self.opened = Fact(one.at, "open", "entered" if is_new else "reopened")
        if self.opened is not None and not is_open:
            self.facts += (self.opened._replace(until=one.at), Fact(one.at, "left", self._way_out()))
            self.stays.append((self.opened.at, one.at))
            self.opened = None

    def _way_out(self) -> str:
        way = _WAYS_OUT.get(self.tip.state, "other")
        return f"{way}-{self.tip.track}" if way in ("transfer", "keep") else way

    def _await(self, one: Happening) -> None:
        """With the investigating body, until a result is known."""
        is_awaited = self.tip.state in AWAITS
        if is_awaited and self.awaiting is None:
            self.awaiting, self.clock = one.at, 0
        elif is_awaited and one.what == "clock_started" and one.detail.get("kind") in _SETTLING:
            self.clock = one.detail["clock"]
        elif not is_awaited and self.awaiting is not None:
            self.facts.append(Fact(self.awaiting, "awaiting", until=one.at))
            self.facts += self._due(one.at, is_known=self.tip.state == "S8")
            self.awaiting = None

    def _due(self, ended: int | None, *, is_known: bool) -> Iterator[Fact]:
        """By the end of its term, or by the result where that came first. What is suspended has none, nor what nobody has received."""
        clock = self.tip.clocks.get(self.clock)
        if ended is not None and is_known:
            due_at = clock.due_at if clock else ended
            yield Fact(min(ended, due_at), "due", "late" if ended > due_at else "known")
        elif (
            clock is not None and (clock.settled_at is None or clock.settled_at > clock.due_at) and (ended is None or ended > clock.due_at)
        ):
            yield Fact(clock.due_at, "due", "unknown")

    def _moved(self, one: Happening) -> None:
        move, at = one.detail.get("move"), one.at
        if move in ("report", "report-beside"):
            self.facts.append(Fact(at, "reported"))
        elif move == "acknowledged":
            self.facts.append(Fact(at, "told-receipt", self._owed()))
        elif move == "suspended":
            self.facts.append(Fact(at, "suspended"))
        elif move == "settled":
            self.facts.append(Fact(at, "result", str(one.detail.get("result", "ended"))))
        elif move == "fine-after":
            self.facts.append(Fact(at, "fined-after"))

    def _owed(self) -> str:
        """Who gave no name is owed no paper."""
        return "anonymous" if self.tip.about == "anonymous" else ""

    def end(self, channel: str) -> list[Fact]:
        tip = self.tip
        if self.opened is not None:
            self.facts.append(self.opened)
            self.stays.append((self.opened.at, None))
        if self.awaiting is not None:
            self.facts.append(Fact(self.awaiting, "awaiting"))
            self.facts += self._due(None, is_known=False)
        facts = [self._with_outcome(fact) for fact in self.facts]
        facts.append(Fact(tip.arrived_at or 0, "arrived", "waiting" if tip.entered_at is None else "entered"))
        facts.append(Fact(tip.arrived_at or 0, PLACED, place_of(tip), until=tip.closed_at))
        if tip.entered_at is not None:
            facts += self._entered(tip.entered_at, channel)
        facts += (Fact(start, "overdue", until=until) for start, until in _within(_late_of(tip.clocks.values()), self.stays))
        return facts

    def _with_outcome(self, fact: Fact) -> Fact:
        """A clock is settled by the row behind the one that settles it: only now it is known how."""
        if fact.what == "left" and fact.value.startswith("transfer-"):
            return fact._replace(value=f"{fact.value}-{self._outcome(fact.at, *_TRANSFERS)}", took=fact.at - self.received_at)
        if fact.what in _BY_CLOCK and not fact.value:
            return fact._replace(value=self._outcome(fact.at, *_BY_CLOCK[fact.what]))
        return fact

    def _outcome(self, at: int, *kinds: str) -> str:
        """met, late, or none where no clock of these was settled then."""
        found = {clock.outcome for clock in self.tip.clocks.values() if clock.kind in kinds and clock.settled_at == at}
        return "late" if "late" in found else "met" if "met" in found else "none"

    def _entered(self, entered_at: int, channel: str) -> Iterator[Fact]:
        tip, when = self.tip, moments.local(self.received_at)
        yield Fact(entered_at, "entered", tip.kind or "feedback", took=max(0, entered_at - self.received_at))
        yield Fact(entered_at, "entered-category", tip.category)
        yield Fact(entered_at, "entered-neighbourhood", str(tip.neighbourhood_id or ""))
        yield Fact(entered_at, "entered-channel", channel)
        yield Fact(entered_at, "entered-about", tip.about)
        yield Fact(entered_at, "entered-hour", f"{when.weekday()}-{when.hour}")
        if self.classified_at is not None and tip.track:
            yield Fact(self.classified_at, "classified", tip.track, took=max(0, self.classified_at - entered_at))


def told_of(happenings: Iterable[Happening], *, channel: str, chiefs: Collection[str]) -> Told:
    """In the order of the chain. `chiefs`: categories that only the chief reads."""
    story = _Story()
    for one in happenings:
        with contextlib.suppress(KeyError):  # A row that somebody bent; the chain says so.
            story.hear(one)
    tip = story.tip
    if tip.arrived_at is None:
        return Told("", ())
    sight = "fence" if tip.restricted == "fence" else "chief" if tip.restricted == "chief" or tip.category in chiefs else ""
    return Told(sight, tuple(sorted(story.end(channel), key=lambda fact: (fact.at, fact.what, fact.value, fact.until or 0))))


def _late_of(clocks: Iterable[ClockBelieved]) -> list[tuple[int, int | None]]:
    """From the end of each term until somebody did what it waited for, joined where they overlap."""
    late = sorted(
        ((clock.due_at + 1, clock.settled_at) for clock in clocks if clock.kind in _LATE and not _was_in_time(clock)),
        key=lambda one: one[0],
    )
    joined: list[tuple[int, int | None]] = []
    for start, until in late:
        if joined and (joined[-1][1] is None or joined[-1][1] >= start):
            before = joined[-1]
            joined[-1] = (before[0], None if before[1] is None or until is None else max(before[1], until))
        else:
            joined.append((start, until))
    return joined


def _was_in_time(clock: ClockBelieved) -> bool:
    return clock.settled_at is not None and clock.settled_at <= clock.due_at


def _within(late: list[tuple[int, int | None]], stays: list[tuple[int, int | None]]) -> Iterator[tuple[int, int | None]]:
    """What is late while the tip is with the ward."""
    for late_from, late_until in late:
        for at, until in stays:
            start = max(late_from, at)
            ends = [one for one in (late_until, until) if one is not None]
            if not ends or start < min(ends):
                yield start, min(ends, default=None)


# -- counted -----------------------------------------------------------------------------------------------------------------


def rules_of(chiefs: Iterable[str]) -> str:
    """What is counted, and by which categories that only the chief reads."""
    return f"{RULES}|{','.join(sorted(chiefs))}"


def day_of(moment: int) -> int:
    """The ward's calendar day, as a number that goes up by one."""
    return moments.local(moment).toordinal()


def start_of(day: int) -> int:
    return moments.start_of_day(date.fromordinal(day))


def place_of(tip: TipBelieved) -> str:
    return f"{tip.neighbourhood_id or ''}/{tip.category}/{coarsened(tip.cell, tip.category)}"


def place_told(value: str) -> tuple[str, str, str]:
    """The neighbourhood, empty for none; the category; the square."""
    home, category, cell = value.split("/")
    return home, category, cell


def on_map(what: Literal["cells", "homes"], category: str | None = None) -> str:
    """The part that counts squares, of one category or of all; or neighbourhoods with the category."""
    return what if category is None else f"{what}/{category}/"


def _marks_on_map(fact: Fact, day: int) -> Iterator[Mark]:
    home, category, cell = place_told(fact.value)
    for still in ("", STILL_OPEN) if fact.until is None else ("",):
        yield Mark(day, on_map("cells") + still, cell)
        yield Mark(day, on_map("cells", category) + still, cell)
        yield Mark(day, on_map("homes") + still, f"{home}/{category}")


def marks_of(facts: Iterable[Fact]) -> Counter[Mark]:
    found: Counter[Mark] = Counter()
    for fact in facts:
        day = day_of(fact.at)
        if fact.what == PLACED:
            found.update(_marks_on_map(fact, day))
            continue
        found[Mark(day, "splits" if fact.what.startswith("entered-") else "rows", f"{fact.what}:{fact.value}")] += 1
        if fact.what in STAYS and fact.until is not None:
            found[Mark(day_of(fact.until), "rows", f"{fact.what}.end")] += 1
        if fact.took is not None:
            found[Mark(day, "took", f"{fact.what}:{told_minutes(fact.took)}")] += 1
    return found


def told_minutes(took: int) -> int:
    """A length of time as it is told, in minutes: never more than it was, to the minute within an hour, to ten minutes within six, to the
    hour within two days, then to the day."""
    minutes = took // moments.MINUTE
    fine = next((step for most, step in _STEPS if minutes < most), 24 * 60)
    return minutes // fine * fine


def blocks_of_day(day: int) -> list[int]:
    return [level * _LEVEL + (day >> (3 * level)) for level in range(_LEVELS)]


def cover(first: int, behind: int) -> list[int]:
    """The fewest blocks that hold the days from `first` to before `behind`."""
    found = []
    while first < behind:
        level = 0
        while level + 1 < _LEVELS and first % 8 ** (level + 1) == 0 and first + 8 ** (level + 1) <= behind:
            level += 1
        found.append(level * _LEVEL + (first >> (3 * level)))
        first += int(8**level)
    return found
