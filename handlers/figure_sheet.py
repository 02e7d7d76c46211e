"""How the ward's figures are said: each beside those of other periods, and what is few hidden where it leaves the police."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from handlers.figure_rows import RATES, SECTIONS, SPLITS, SUMS, TOOK, Row, all_rows, row_of
from handlers.figures import Bar, Counted, bars, count
from handlers.terms import Term, before, year_ago
from handlers.texts import say
from storage import moments
from storage.queries.sight import Sight

GOAL = 90  # Per cent, of what the ward has in hand.
FEW = 5  # Below that a number could point at somebody.


def number(many: int, language: str) -> str:
    return f"{many:,}".replace(",", ".") if language == "vi" else f"{many:,}"


def percent(share: float, language: str) -> str:
    """One figure behind the comma, and none where it is nought: 92,5 %. Nothing is rounded up to 100."""
    tenths = int(share * 1000)
    text = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"
    return f"{text.replace('.', ',') if language == 'vi' else text}\u00a0%"


def length(minutes: int, language: str) -> str:
    if minutes < 60:
        return say("figures-minutes", language, number=minutes)
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        told = say("figures-hours", language, number=hours)
        return f"{told} {say('figures-minutes', language, number=rest)}" if rest else told
    return say("figures-days", language, number=minutes // (24 * 60))


def change(now: int, past: int, language: str) -> str:
    """In words: fewer or more by how many, and by how much of a hundred."""
    if now == past:
        return say("figures-same", language)
    told = say("figures-more" if now > past else "figures-less", language, many=number(abs(now - past), language))
    if past == 0:
        return told
    share = f"{number(round(abs(now - past) * 100 / past), language)}\u00a0%"
    return f"{told}, {say('figures-up' if now > past else 'figures-down', language, percent=share)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`many` None: hidden because it is so few, or because another could be reckoned from it."""

    many: int | None
    text: str
    first: date
    last: date
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    key: str
    code: str
    name: str
    is_part: bool
    cells: tuple[Cell, Cell, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    key: str
    text: str  # Empty where there is nothing to have a share of.
    top: Cell
    whole: Cell
    words: tuple[str, str]
    is_reached: bool | None = None  # The goal; None where this one has none.


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All figures of one period, as one officer reads them."""

    term: Term
    terms: tuple[Term, Term, Term]  # This one and the two beside it, as far as they are counted.
    is_running: bool
    is_outside: bool  # To leave the police: small numbers are hidden.
    reads_letters: bool
    sections: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    rates: tuple[Rate, ...] = ()
    medians: tuple[Line, ...] = ()
    splits: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    is_empty: bool = False  # Nothing in hand, and nothing came.


def read(
    session: Session, sight: Sight, one: Term, *, starts: int, now: int, language: str, is_outside: bool, names: Callable[[str, str], str]
) -> Sheet:
    """`names`: what a category or a channel is called, and a neighbourhood."""
    today = moments.local(now).date()
    is_running = one.first <= today < one.last
    others = tuple(
        _as_far(other, one, today) if is_running else other for other in (before(one, starts=starts), year_ago(one, starts=starts))
    )
    terms = (one.until(today), *others)
    counted = count(session, sight, terms, now=now)
    say_cells = _Saying.of(terms, counted, language=language, is_outside=is_outside, names=names)
    sections = {
        key: tuple(say_cells.line(row) for row in some if (sight.reads_letters or not row.of_letters) and say_cells.is_named(row))
        for key, some in SECTIONS.items()
    }
    return Sheet(
        term=one,
        terms=(terms[0], terms[1], terms[2]),
        is_running=is_running,
        is_outside=is_outside,
        reads_letters=sight.reads_letters,
        sections=sections,
        rates=tuple(say_cells.rate(key) for key in RATES),
        medians=tuple(say_cells.median(key) for key in TOOK),
        splits={split: say_cells.split(split) for split in SPLITS},
        is_empty=not any(say_cells.many[0][key] for key in ("handled", "arrived", "awaiting")),
        bars=() if is_outside else tuple(bars(session, sight, one, starts=starts, now=now)),
    )


def _as_far(other: Term, one: Term, today: date) -> Term:
    """What runs is set beside as many days, from the first on."""
    return other.until(other.first + (today - one.first))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    terms: tuple[Term, ...]
    counted: tuple[Counted, ...]
    many: tuple[Mapping[str, int], ...]  # In each of the periods, by row.
    dark: tuple[frozenset[str], ...]  # Which rows are hidden in a sheet that leaves the police.
    language: str
    is_outside: bool
    names: Callable[[str, str], str]

    @classmethod
    def of(
        cls, terms: Sequence[Term], counted: Sequence[Counted], *, language: str, is_outside: bool, names: Callable[[str, str], str]
    ) -> "_Saying":
        many = tuple({key: one.many(row) for key, row in all_rows().items()} for one in counted)
        dark = tuple(_dark(one) if is_outside else frozenset() for one in many)
        of_officer: dict[str, Any] = {"language": language, "is_outside": is_outside, "names": names}
        return cls(terms=tuple(terms), counted=tuple(counted), many=many, dark=dark, **of_officer)

    def is_named(self, row: Row) -> bool:
        """That nothing is overdue is worth a line; of other parts only what there is."""
        is_quiet = row.if_any or (row.part_of and row.key != "overdue")
        return not is_quiet or any(one[row.key] for one in self.many)

    def line(self, row: Row) -> Line:
        name = say(f"figures-row-{row.key}", self.language)
        hidden = tuple(row.key in one for one in self.dark)
        return self._line(row.key, name, [one[row.key] for one in self.many], hidden=hidden, code=row.code, is_part=bool(row.part_of))

    def _line(self, key: str, name: str, many: Sequence[int], *, hidden: Sequence[bool], code: str = "", is_part: bool = False) -> Line:
        cells = []
        for one, value, is_hidden in zip(self.terms, many, hidden, strict=True):
            text = (
                say("figures-few" if value < FEW else "figures-veiled", self.language, few=FEW)
                if is_hidden
                else number(value, self.language)
            )
            words = "" if is_hidden or hidden[0] or one is self.terms[0] else change(many[0], value, self.language)
            cells.append(Cell(many=None if is_hidden else value, text=text, first=one.first, last=one.last, words=words))
        return Line(key=key, code=code, name=name, is_part=is_part, cells=(cells[0], cells[1], cells[2]))

    def rate(self, key: str) -> Rate:
        tops, wholes = RATES[key]
        shares = [self._share(one, tops, wholes) for one in self.many]
        words = [self._points(shares[0], past) for past in shares[1:]]
        top, whole = (sum(self.many[0][name] for name in some) for some in (tops, wholes))
        cells = [self._line(key, "", [value] * 3, hidden=[self.is_outside and 0 < value < FEW] * 3).cells[0] for value in (top, whole)]
        share = shares[0]
        return Rate(
            key=key,
            text="" if share is None else percent(share, self.language),
            top=cells[0],
            whole=cells[1],
            words=(words[0], words[1]),
            is_reached=None if share is None or key == "reception" else share * 100 >= GOAL,
        )

    def _share(self, many: Mapping[str, int], tops: Sequence[str], wholes: Sequence[str]) -> float | None:
        top, whole = (sum(many[name] for name in some) for some in (tops, wholes))
        return None if whole == 0 or (self.is_outside and whole < FEW) else top / whole

    def _points(self, now: float | None, past: float | None) -> str:
        if now is None or past is None:
            return say("figures-nothing-beside", self.language)
        tenths = int(now * 1000) - int(past * 1000)
        if tenths == 0:
            return say("figures-same", self.language)
        points = f"{abs(tenths) / 10:g}".replace(".", "," if self.language == "vi" else ".")
        return say("figures-points-more" if tenths > 0 else "figures-points-less", self.language, points=points)

    def median(self, key: str) -> Line:
        what, _keys = TOOK[key]
        found = [one.median(what) for one in self.counted]
        cells = []
        for one, minutes in zip(self.terms, found, strict=True):
            text = say("figures-no-time", self.language) if minutes is None else length(minutes, self.language)
            words = self._faster(found[0], minutes) if one is not self.terms[0] else ""
            cells.append(Cell(many=minutes, text=text, first=one.first, last=one.last, words=words))
        return Line(key=key, code="15", name=say(f"figures-row-{key}", self.language), is_part=False, cells=(cells[0], cells[1], cells[2]))

    def _faster(self, now: int | None, past: int | None) -> str:
        if now is None or past is None:
            return ""
        if now == past:
            return say("figures-same", self.language)
        return say("figures-slower" if now > past else "figures-faster", self.language, length=length(abs(now - past), self.language))

    def split(self, name: str) -> tuple[Line, ...]:
        """Busiest first; hours and days of the week as they follow each other."""
        if name in ("weekday", "hour"):
            values = [str(value) for value in range(7 if name == "weekday" else 24)]
        else:
            what = f"entered-{name}:"
            values = sorted(
                {key.removeprefix(what) for one in self.counted for key, many in one.splits.items() if key.startswith(what) and many}
            )
        split = {value: _split_row(name, value) for value in values}
        many = {value: [one.many(row) for one in self.counted] for value, row in split.items()}
        if name not in ("weekday", "hour"):
            values.sort(key=lambda value: (-many[value][0], -many[value][1], value))
        dark = [veiled({value: many[value][place] for value in values}) if self.is_outside else frozenset() for place in range(3)]
        return tuple(
            self._line(f"{name}.{value}", self.names(name, value), many[value], hidden=[value in some for some in dark]) for value in values
        )


@lru_cache(maxsize=1_024)
def _split_row(name: str, value: str) -> Row:
    row = row_of(f"{name}.{value}")
    assert row is not None
    return row


def _dark(many: Mapping[str, int]) -> frozenset[str]:
    """Rows that are few, and those from which a few could be reckoned."""
    groups = [list(group) for group in SUMS]
    groups += [[part.key for part in all_rows().values() if part.part_of == key and part.when == "in"] for key in many]
    dark = {key for key, value in many.items() if 0 < value < FEW}
    for group in groups:
        dark |= veiled({key: many[key] for key in group})
    return frozenset(dark)


def veiled(parts: Mapping[str, int]) -> frozenset[str]:
    """Which of these parts of a known sum are hidden: each that is few, and where that is only one, the next smallest with it."""
    few = {key for key, many in parts.items() if 0 < many < FEW}
    if len(few) == 1:
        others = {key: many for key, many in parts.items() if many >= FEW}
        few |= {min(others, key=lambda key: (others[key], key))} if others else set()
    return frozenset(few)
