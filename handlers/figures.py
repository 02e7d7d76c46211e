"""The ward's figures for a period of report: which rows there are, what each counts, and how it is said beside other periods.

What counts as what is told in docs/figures.md, made of facts in `storage/facts.py`, and added up in `storage/queries/figures.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Literal

from sqlmodel import Session

from handlers import access, duty, lifecycle, periods
from handlers.officers import may
from handlers.texts import say
from handlers.ward_book import WardBook
from storage import facts, moments
from storage.queries import figures as rows
from storage.queries.figure_lists import Wanted
from storage.queries.figures import Counts, Span
from storage.queries.sight import Sight

Kind = Literal["month", "quarter", "half", "year", "free"]
KINDS: tuple[Kind, ...] = ("month", "quarter", "half", "year")
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FIRST_YEAR, LAST_YEAR = 2024, 2100
MOST_DAYS = 5 * 366
GOAL = 90  # Per cent, of what the ward has in hand.
FEW = 5  # Below that a number could point at somebody.
_DAILY = 45  # The chart shows days up to so many, months beyond.


def rules() -> str:
    return facts.rules_of(access.chiefs_categories())


def is_behind(session: Session, ward_id: int) -> bool:
    return rows.is_behind(session, ward_id, rules=rules())


def catch_up(session: Session, ward_id: int) -> None:
    rows.catch_up(session, ward_id, rules=rules(), chiefs=access.chiefs_categories())


def count_anew(session: Session, ward_id: int) -> None:
    rows.count_anew(session, ward_id)


def may_see(session: Session, ward_id: int, officer_id: int, role: str, *, now: int) -> bool:
    """The chief and the inspector; of those on duty whoever commands the shift that runs."""
    return may(role, "figures") and (role != "duty" or duty.is_commander(session, ward_id, officer_id, now))


# -- periods -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A period of report: whole days, both named. `number`: which month, quarter or half of the year."""

    kind: Kind
    first: date
    last: date
    year: int = 0
    number: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, day: date) -> "Term":
        return replace(self, last=max(min(self.last, day), self.first - timedelta(days=1)))

    @property
    def span(self) -> Span:
        return Span(self.first.toordinal(), self.last.toordinal() + 1)


def closing_day(book: WardBook) -> int:
    """The day of the month on which a month of report begins; 1: as the calendar has it."""
    return periods.amount_of(book, "report-from")


def term(kind: Kind, year: int, number: int, *, starts: int) -> Term:
    """With months that begin on the 15th, March runs from 15 February to 14 March, and a year from 15 December."""
    many = _MONTHS[kind]
    first, behind = (_start_of_month(year, month, starts) for month in ((number - 1) * many + 1, number * many + 1))
    return Term(kind, first, behind - timedelta(days=1), year, number)


def _start_of_month(year: int, month: int, starts: int) -> date:
    month -= 1 if starts == 1 else 2
    return date(year + month // 12, month % 12 + 1, starts)


def term_on(kind: Kind, day: date, *, starts: int) -> Term:
    """The one that holds this day."""
    month = day.month + (1 if starts > 1 and day.day >= starts else 0)
    year, month = (day.year + 1, 1) if month > 12 else (day.year, month)
    return term(kind, year, (month - 1) // _MONTHS[kind] + 1, starts=starts)


def before(one: Term, *, starts: int) -> Term:
    """The one of the same kind just before; of free days as many."""
    if one.kind == "free":
        return Term("free", one.first - timedelta(days=one.days), one.first - timedelta(days=1))
    many = 12 // _MONTHS[one.kind]
    return term(one.kind, one.year, one.number - 1, starts=starts) if one.number > 1 else term(one.kind, one.year - 1, many, starts=starts)


def year_ago(one: Term, *, starts: int) -> Term:
    if one.kind == "free":
        return Term("free", _a_year_less(one.first), _a_year_less(one.last))
    return term(one.kind, one.year - 1, one.number, starts=starts)


def _a_year_less(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


# -- rows --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`when`: in the period; standing at its start or its end; or both what stood at the start and what came in it."""

    key: str
    keys: tuple[str, ...]  # what:value
    when: Literal["in", "start", "end", "handled"] = "in"
    code: str = ""  # Its number in the ward's report.
    part_of: str = ""
    if_any: bool = False  # Named only where there is one, now or in a period beside; so are most parts.
    of_letters: bool = False  # Written to the chief: for whoever reads those.


def _values(what: str, *values: str) -> tuple[str, ...]:
    return tuple(f"{what}:{value}" for value in values)


def _transfer(tracks: str, *outcomes: str) -> tuple[str, ...]:
    return tuple(f"left:transfer-{track}-{outcome}" for track in tracks for outcome in outcomes)


_OUTCOMES = ("met", "late", "none")
_OPEN = _values("open", "entered", "reopened")
_KEEP = _values("left", *(f"keep-{track}" for track in lifecycle.TRACKS))
_PARTS_OF_KEEP = {"kept-double": "E", "kept-thin": "F", "kept-other": "ABCD"}


def _told(key: str, what: str) -> tuple[Row, ...]:
    parts = (
        Row(key=f"{key}-{one}", keys=_values(what, one), part_of=key, if_any=one == "none") for one in ("met", "late", "anonymous", "none")
    )
    return (Row(key=key, keys=_values(what, "met", "late", "anonymous", "none"), code="11"), *parts)


SECTIONS: Mapping[str, tuple[Row, ...]] = {
    "in-hand": (
        Row(key="carried", keys=_OPEN, when="start", code="1"),
        Row(key="new", keys=_values("entered", *lifecycle.KINDS), code="2"),
        *(Row(key=f"new-{kind}", keys=_values("entered", kind), part_of="new") for kind in lifecycle.KINDS),
        Row(key="reopened", keys=_values("open", "reopened"), if_any=True),
        Row(key="handled", keys=_OPEN, when="handled", code="3"),
    ),
    "sorted": (
        Row(key="classified", keys=_values("classified", *lifecycle.TRACKS), code="4"),
        *(Row(key=f"classified-{track}", keys=_values("classified", track), part_of="classified") for track in lifecycle.TRACKS),
        Row(key="reported", keys=_values("reported", *_OUTCOMES), code="5"),
        *(Row(key=f"reported-{one}", keys=_values("reported", one), part_of="reported", if_any=one == "none") for one in _OUTCOMES),
    ),
    "out": (
        Row(key="transferred", keys=_transfer("AB", *_OUTCOMES), code="6"),
        *(
            Row(key=f"transferred-{track}-{one}", keys=_transfer(track, one), part_of="transferred", if_any=one == "none")
            for track in "AB"
            for one in _OUTCOMES
        ),
        Row(key="fined", keys=_values("left", "fine"), code="7"),
        Row(key="guided", keys=_values("left", "guide"), code="8"),
        Row(key="kept", keys=_KEEP, code="9"),
        *(
            Row(key=key, keys=_values("left", *(f"keep-{track}" for track in tracks)), part_of="kept", if_any=key == "kept-other")
            for key, tracks in _PARTS_OF_KEEP.items()
        ),
        Row(key="tests", keys=_values("left", "test"), if_any=True),
        Row(key="paper", keys=_values("left", "paper"), if_any=True),
        Row(key="remaining", keys=_OPEN, when="end", code="12"),
        Row(key="overdue", keys=_values("overdue", ""), when="end", part_of="remaining"),
    ),
    "results": (
        *(Row(key=f"result-{one}", keys=_values("result", one), code="10") for one in ("opened", "not-opened")),
        Row(key="result-ended", keys=_values("result", "ended"), if_any=True),
        Row(key="suspended", keys=_values("suspended", "")),
        Row(key="awaiting", keys=_values("awaiting", ""), when="end"),
        Row(key="fined-after", keys=_values("fined-after", ""), if_any=True),
        *_told("told-receipt", "told-receipt"),
        *_told("told-result", "told-result"),
    ),
    "people": (
        Row(key="anonymous", keys=_values("entered-about", "anonymous"), code="13"),
        Row(key="secret", keys=_values("entered-about", "named")),
        Row(key="protection", keys=_values("threat", ""), of_letters=True),
        Row(key="complaints", keys=_values("complaint", ""), code="14", of_letters=True),
    ),
}
_RATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ward": (("transferred", "fined", "guided", "kept"), ("handled",)),
    "settlement": (("due-known",), ("due",)),
    "reception": (("arrived-entered",), ("arrived",)),
}
_BEHIND_RATES = (
    Row(key="due", keys=_values("due", "known", "late", "unknown")),
    Row(key="due-known", keys=_values("due", "known", "late")),
    Row(key="due-unknown", keys=_values("due", "unknown")),
    Row(key="arrived", keys=_values("arrived", "entered", "waiting")),
    Row(key="arrived-entered", keys=_values("arrived", "entered")),
    Row(key="arrived-waiting", keys=_values("arrived", "waiting")),
)
_TOOK: dict[str, tuple[str, tuple[str, ...]]] = {
    "took-enter": ("entered", _values("entered", *lifecycle.KINDS)),
    "took-classify": ("classified", _values("classified", *lifecycle.TRACKS)),
    "took-transfer": ("left", _transfer("AB", *_OUTCOMES)),
}
# What adds up to a figure that is shown: of such parts none is left alone in the dark.
_SUMS = (
    ("carried", "new", "reopened"),
    ("transferred", "fined", "guided", "kept", "tests", "paper", "remaining"),
)
SPLITS = ("category", "neighbourhood", "channel", "weekday", "hour")


@cache
def all_rows() -> Mapping[str, Row]:
    took = (Row(key=key, keys=keys) for key, (_what, keys) in _TOOK.items())
    return {row.key: row for row in (*(row for section in SECTIONS.values() for row in section), *_BEHIND_RATES, *took)}


def row_of(key: str) -> Row | None:
    """A row, or one line of a table by category, neighbourhood, channel, weekday or hour."""
    split, dot, value = key.partition(".")
    if not dot:
        return all_rows().get(key)
    if split == "weekday" and value in tuple("0123456"):
        return Row(key=key, keys=_values("entered-hour", *(f"{value}-{hour}" for hour in range(24))))
    if split == "hour" and value in {str(hour) for hour in range(24)}:
        return Row(key=key, keys=_values("entered-hour", *(f"{weekday}-{value}" for weekday in range(7))))
    if split in ("category", "neighbourhood", "channel"):
        return Row(key=key, keys=_values(f"entered-{split}", value))
    return None


# -- counted -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """What the blocks say of one period: in it, and before it."""

    rows: Counts
    splits: Counts
    took: Mapping[str, Counter[int]]  # How many took so many minutes, by what it was.
    earlier: Counts

    def many(self, row: Row) -> int:
        if row.when == "start":
            return self._standing(row, self.earlier)
        if row.when == "end":
            return self._standing(row, self.earlier) + self._standing(row, self.rows)
        inside = sum(self.splits[key] if key.startswith("entered-") else self.rows[key] for key in row.keys)
        return inside + (self._standing(row, self.earlier) if row.when == "handled" else 0)

    @staticmethod
    def _standing(row: Row, counts: Counts) -> int:
        what = row.keys[0].partition(":")[0]
        return sum(counts[key] for key in row.keys) - counts[f"{what}.end"]

    def median(self, what: str) -> int | None:
        """In minutes; of an even number the shorter of the two in the middle."""
        lengths = self.took.get(what, Counter())
        middle = (lengths.total() - 1) // 2
        for minutes, many in sorted(lengths.items()):
            if middle < many:
                return minutes
            middle -= many
        return None


def count(session: Session, sight: Sight, terms: Sequence[Term], *, now: int) -> list[Counted]:
    return _count(session, sight, terms, now=now, parts=rows.PARTS, before=("rows",))


def count_row(session: Session, sight: Sight, row: Row, one: Term, *, now: int) -> int:
    """This one alone, and nothing else is added up for it."""
    parts = ("splits",) if row.keys[0].startswith("entered-") else ("rows",)
    [counted] = _count(session, sight, [one], now=now, parts=parts, before=() if row.when == "in" else ("rows",))
    return counted.many(row)


def _count(
    session: Session, sight: Sight, terms: Sequence[Term], *, now: int, parts: Sequence[str], before: Sequence[str]
) -> list[Counted]:
    """`parts` of what the blocks hold in each period, and `before` it."""
    today = moments.local(now).date()
    cut = [one.until(today) for one in terms]
    inside = rows.counts(session, sight, [one.span for one in cut], parts=parts)
    earlier = (
        rows.counts(session, sight, [Span(facts.FIRST_DAY, one.span.first) for one in cut], parts=before) if before else [{}] * len(cut)
    )
    found = []
    for one, told, past in zip(cut, inside, earlier, strict=True):
        if one.last == today and "rows" in told:
            told["rows"].subtract(rows.to_come(session, sight, now + 1, moments.start_of_day(today + timedelta(days=1))))
        some, splits, took, standing = told.get("rows"), told.get("splits"), told.get("took"), past.get("rows")
        found.append(Counted(some or Counter(), splits or Counter(), _lengths(took or Counter()), standing or Counter()))
    return found


def _lengths(took: Counts) -> dict[str, Counter[int]]:
    found = defaultdict[str, Counter[int]](Counter)
    for key, many in took.items():
        what, _, minutes = key.partition(":")
        found[what][int(minutes)] += many
    return found


def wanted(row: Row, one: Term, *, now: int) -> list[Wanted]:
    """The facts behind a row."""
    today = moments.local(now).date()
    one = one.until(today)
    start = moments.start_of_day(one.first)
    end = min(moments.start_of_day(one.last + timedelta(days=1)), now + 1)
    keys = tuple((what, value) for what, _, value in (key.partition(":") for key in row.keys))
    standing = Wanted(keys=keys, start=start if row.when in ("start", "handled") else end, end=end, standing=True)
    inside = Wanted(keys=keys, start=start, end=end)
    return {"in": [inside], "start": [standing], "end": [standing], "handled": [inside, standing]}[row.when]


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or one month of the chart."""

    first: date
    last: date
    new: int
    out: int


_OUT = tuple(key for name in ("transferred", "fined", "guided", "kept") for key in all_rows()[name].keys)


def bars(session: Session, sight: Sight, one: Term, *, starts: int, now: int) -> list[Bar]:
    """Entered, and passed on or ended, day by day or month by month."""
    one = one.until(moments.local(now).date())
    units = [Term("free", day, day) for day in _days(one)] if one.days <= _DAILY else list(_months(one, starts))
    sums = rows.counts(session, sight, [unit.span for unit in units], parts=("rows",))
    new = all_rows()["new"].keys
    return [
        Bar(unit.first, unit.last, sum(parts["rows"][key] for key in new), sum(parts["rows"][key] for key in _OUT))
        for unit, parts in zip(units, sums, strict=True)
    ]


def _days(one: Term) -> Iterable[date]:
    return (one.first + timedelta(days=number) for number in range(one.days))


def _months(one: Term, starts: int) -> Iterable[Term]:
    first = one.first
    while first <= one.last:
        month = term_on("month", first, starts=starts)
        yield Term("month", first, min(month.last, one.last), month.year, month.number)
        first = month.last + timedelta(days=1)


# -- said --------------------------------------------------------------------------------------------------------------------


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
        rates=tuple(say_cells.rate(key) for key in _RATES),
        medians=tuple(say_cells.median(key) for key in _TOOK),
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
        tops, wholes = _RATES[key]
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
        what, _keys = _TOOK[key]
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
    groups = [list(group) for group in _SUMS]
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


def name_of_term(one: Term, language: str) -> str:
    if one.kind == "free":
        days: dict[str, Any] = {
            "first": moments.short_date(moments.start_of_day(one.first)),
            "last": moments.short_date(moments.start_of_day(one.last)),
        }
        return say("figures-term-free", language, **days)
    return say(f"figures-term-{one.kind}", language, number=one.number, year=str(one.year))
