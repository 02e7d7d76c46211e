"""The ward's figures for a period of report, counted: made of facts in `storage/facts.py`, added up in `storage/queries/figures.py`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from handlers import access, duty
from handlers.figure_rows import Row, all_rows
from handlers.officers import may
from handlers.terms import Term, term_on
from storage import facts, moments
from storage.queries import figures as rows
from storage.queries.figure_lists import Wanted
from storage.queries.figures import Counts, Span
from storage.queries.sight import Sight

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
