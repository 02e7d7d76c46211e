"""Tips by place, time and category, as the map counts and lists them; and the exact places of a few, opened.

Counts are those of the ward's figures (`map_counts.py`). Where these cannot tell, squares, and categories, are found by leaps through an
index; in each the counting stops at a thousand and one, which means more than a thousand. The newest ten thousand open tips of the period
are counted one by one then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, TypeVar

from sqlalchemy import CTE, BigInteger, Select, String, and_, bindparam, func, literal_column, or_, select
from sqlmodel import Session, col

from storage.places import Square, square_of
from storage.prepared import KEPT_MOST, Prepared
from storage.queries.map_counts import Rolled
from storage.queries.sight import Sight
from storage.queries.tips import Reader, TipLine, lines_of
from storage.tables import Neighbourhood, Tip

COUNT_MOST = 1_000
OPEN_MOST = 10_000
CELLS_MOST = 2_000  # A ward has some hundreds. Whoever sends places from all over the country does not make the page slow.
PINS_MOST = 200
_LOOKED_AT_MOST = 1_000  # So many tips of the squares in view are opened to see which of them lie inside it.
_MANY = 5  # From so many categories on, one walk through each square is shorter than one for each category.

_Kind = Literal["cell", "home", "nowhere"]
T = TypeVar("T")
State = Literal["all", "open", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tips: arrived from `since` until before `until`; no category means any."""

    since: int
    until: int
    categories: tuple[str, ...] = ()
    state: State = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How many by square; "" for those without a place."""

    counts: dict[str, int]
    is_cut: bool = False  # There is more than was counted.


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """How many by neighbourhood and category; None for those without one."""

    counts: dict[tuple[int | None, str], int]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a list leads to: a square or a neighbourhood."""

    cell: str | None = None
    home: int | None = None  # Only where `cell` is None; None then means no neighbourhood.

    @property
    def kind(self) -> _Kind:
        return "cell" if self.cell is not None else "nowhere" if self.home is None else "home"

    @property
    def values(self) -> dict[str, Any]:
        value = {"cell": self.cell, "home": self.home, "nowhere": None}[self.kind]
        return {} if value is None else {self.kind: value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    tip_id: int
    latitude: float
    longitude: float
    category: str
    arrived_at: int
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    pins: tuple[Pin, ...] = ()
    are_too_many: bool = False
    damaged: int = 0  # Places that do not open.


def count_cells(session: Session, sight: Sight, wanted: Wanted, *, rolled: Rolled | None = None) -> Cells:
    if rolled or (rolled := Rolled.of(session, sight)):
        counts = rolled.cells(wanted.since, wanted.until, wanted.categories, wanted.state)
        return Cells(counts=_told(counts.most_common(CELLS_MOST)), is_cut=len(counts) > CELLS_MOST)
    return count_cells_one_by_one(session, sight, wanted)


def count_homes(session: Session, sight: Sight, wanted: Wanted, *, rolled: Rolled | None = None) -> Homes:
    if rolled or (rolled := Rolled.of(session, sight)):
        return Homes(counts=_told(rolled.homes(wanted.since, wanted.until, wanted.categories, wanted.state).items()))
    return count_homes_one_by_one(session, sight, wanted)


def _told(counts: Iterable[tuple[T, int]]) -> dict[T, int]:
    return {key: min(number, COUNT_MOST + 1) for key, number in counts}


def count_cells_one_by_one(session: Session, sight: Sight, wanted: Wanted) -> Cells:
    if wanted.state == "open":
        found, is_cut = _open_groups(session, sight, wanted)
        return Cells(counts=_summed((cell, number) for cell, _home, _category, number in found), is_cut=is_cut)
    by_kind = wanted.categories if 0 < len(wanted.categories) < _MANY else (None,)
    found_in: list[tuple[str, int]] = []
    is_cut = False
    for category in by_kind:
        rows = session.execute(_cells_query(sight, wanted, category)).all()
        is_cut = is_cut or len(rows) > CELLS_MOST
        found_in += [(row[0], row[1]) for row in rows[:CELLS_MOST] if row[1]]
    return Cells(counts=_summed(found_in), is_cut=is_cut)


def count_homes_one_by_one(session: Session, sight: Sight, wanted: Wanted) -> Homes:
    if wanted.state == "open":
        found, is_cut = _open_groups(session, sight, wanted)
        return Homes(counts=_summed(((home, category), number) for _cell, home, category, number in found), is_cut=is_cut)
    counts: dict[tuple[int | None, str], int] = {}
    for query in _homes_queries(sight, wanted):
        counts |= {(home, category): number for home, category, number in session.execute(query) if number}
    return Homes(counts=counts)


def home_names(session: Session, ward_id: int) -> dict[int, str]:
    """In the ward's order, with those that have ended: tips refer to them."""
    query = select(col(Neighbourhood.id), col(Neighbourhood.name)).where(col(Neighbourhood.ward_id) == ward_id)
    return {row[0]: row[1] for row in session.execute(query.order_by(col(Neighbourhood.position), col(Neighbourhood.id)))}


def list_at(
    session: Session, sight: Sight, wanted: Wanted, spot: Spot, *, before: tuple[int, int] | None, limit: int
) -> tuple[list[TipLine], tuple[int, int] | None]:
    """Newest first, and where the next page begins. Each category is asked by itself, so that an index knows the order."""
    values: dict[str, Any] = {"since": wanted.since, "until": wanted.until, "most": limit + 1, **spot.values}
    values |= {} if before is None else {"last_at": before[0], "last_id": before[1]}
    found: list[tuple[int, int]] = []
    if wanted.state == "open":
        query = _open_at(sight, spot.kind, wanted.categories, before is not None)
        found = [(at, tip_id) for at, tip_id in query.rows(session, **values)]
    else:
        query = _listed_at(sight, spot.kind, wanted.state, before is not None)
        values["until"] = wanted.until if before is None else min(wanted.until, before[0] + 1)
        for category in wanted.categories or [row[0] for row in _kinds(sight).rows(session)]:
            found += [(at, tip_id) for at, tip_id in query.rows(session, **values, category=category)]
            found = sorted(found, reverse=True)[: limit + 1]
            if len(found) > limit:  # Of what comes now only what is younger than the last one has a place.
                values["since"] = max(wanted.since, found[-1][0])
    lines = lines_of(session, sight, [tip_id for _at, tip_id in found[:limit]])
    return lines, found[limit - 1] if len(found) > limit else None


def pins_in(session: Session, sight: Sight, wanted: Wanted, view: Square) -> Pins:
    """Opens the places of tips in view, two hundred at most: of more than that, none."""
    cells = [cell for cell in _known_cells(session, sight) if (square := square_of(cell)) and square.meets(view)]
    query = _base(sight, wanted, select(col(Tip.id))).where(col(Tip.cell).in_(cells))
    if wanted.state == "open":
        newest = _newest_open(sight, wanted)
        query = select(newest.c.id).where(newest.c.cell.in_(cells))
    ids = list(session.execute(query.limit(_LOOKED_AT_MOST + 1)).scalars())
    if len(ids) > _LOOKED_AT_MOST:
        return Pins(are_too_many=True)
    pins: list[Pin] = []
    damaged = 0
    for tip in session.execute(select(Tip).where(col(Tip.id).in_(ids)).order_by(col(Tip.id).desc())).scalars():
        reader = Reader.of(session, tip)
        place = reader.place(tip)
        damaged += reader.is_damaged
        latitude, longitude = place["latitude"], place["longitude"]
        if latitude is None or longitude is None or not view.holds(latitude, longitude):
            continue
        if len(pins) == PINS_MOST:
            return Pins(are_too_many=True)
        where = {"latitude": latitude, "longitude": longitude}
        pins.append(Pin(tip_id=tip.id, category=tip.category, arrived_at=tip.arrived_at or 0, tail=tip.code_tail, **where))
    return Pins(pins=tuple(pins), damaged=damaged)


# -- what is asked -------------------------------------------------------------------------------------------------------------


def _arrived(sight: Sight) -> Any:
    return and_(col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None))


def _base(sight: Sight, wanted: Wanted, query: Any) -> Any:
    query = query.where(_arrived(sight), col(Tip.arrived_at) >= wanted.since, col(Tip.arrived_at) < wanted.until, sight.readable())
    if wanted.categories:
        query = query.where(col(Tip.category).in_(wanted.categories))
    if wanted.state == "done":
        query = query.where(col(Tip.closed_at).is_not(None))
    return query


def _leaps(sight: Sight, column: Any, name: str, *also: Any) -> CTE:
    """Every value of the column there is, each found by one step into the index behind the one before; the last row is none."""

    def next_one(*behind: Any) -> Any:
        return select(column).where(_arrived(sight), *also, *behind).order_by(column).limit(1)

    leaps = select(next_one().scalar_subquery().label("value")).cte(name, recursive=True)
    return leaps.union_all(select(next_one(column > leaps.c.value).correlate(leaps).scalar_subquery()).where(leaps.c.value.is_not(None)))


def _up_to_a_thousand(query: Any, *outer: Any) -> Any:
    """Counted no further."""
    inner = query.correlate(*outer).limit(COUNT_MOST + 1).subquery()
    return select(func.count()).select_from(inner).correlate(*outer).scalar_subquery()


def _cells_query(sight: Sight, wanted: Wanted, category: str | None) -> Select[Any]:
    also = () if category is None else (col(Tip.category) == category,)
    cells = _leaps(sight, col(Tip.cell), "cells", *also)
    inside = _base(sight, wanted, select(literal_column("1"))).where(col(Tip.cell) == cells.c.value, *also)
    return select(cells.c.value, _up_to_a_thousand(inside, cells)).where(cells.c.value.is_not(None)).limit(CELLS_MOST + 1)


def _homes_queries(sight: Sight, wanted: Wanted) -> Iterator[Select[Any]]:
    kinds = _leaps(sight, col(Tip.category), "kinds")
    chosen = (kinds.c.value.is_not(None), *((kinds.c.value.in_(wanted.categories),) if wanted.categories else ()))
    inside = _base(sight, wanted, select(literal_column("1"))).where(col(Tip.category) == kinds.c.value)
    homes = inside.where(col(Tip.neighbourhood_id) == col(Neighbourhood.id))
    yield (
        select(col(Neighbourhood.id), kinds.c.value, _up_to_a_thousand(homes, kinds, Neighbourhood))
        .select_from(Neighbourhood)
        .join(kinds, literal_column("1") == literal_column("1"))
        .where(col(Neighbourhood.ward_id) == sight.ward_id, *chosen)
    )
    without = inside.where(col(Tip.neighbourhood_id).is_(None))
    yield select(literal_column("NULL"), kinds.c.value, _up_to_a_thousand(without, kinds)).where(*chosen)


def _known_cells(session: Session, sight: Sight) -> list[str]:
    cells = _leaps(sight, col(Tip.cell), "cells")
    return list(session.execute(select(cells.c.value).where(cells.c.value != "").limit(CELLS_MOST)).scalars())


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


@lru_cache(maxsize=KEPT_MOST)
def _kinds(sight: Sight) -> Prepared:
    kinds = _leaps(sight, col(Tip.category), "kinds")
    return Prepared(select(kinds.c.value).where(kinds.c.value.is_not(None)))


@lru_cache(maxsize=KEPT_MOST)
def _listed_at(sight: Sight, kind: _Kind, state: State, is_behind: bool) -> Prepared:
    """Of one category."""
    at, tip_id = col(Tip.arrived_at), col(Tip.id)
    query = _base(sight, _any_time(state), select(at, tip_id)).where(col(Tip.category) == bindparam("category", type_=String))
    # No neighbourhood is said so that PostgreSQL's index serves it too.
    is_there = {
        "cell": col(Tip.cell) == bindparam("cell", type_=String),
        "home": col(Tip.neighbourhood_id) == _number("home"),
        "nowhere": col(Tip.neighbourhood_id).is_(None),
    }
    return Prepared(_page(query.where(is_there[kind]), at, tip_id, is_behind))


@lru_cache(maxsize=KEPT_MOST)
def _open_at(sight: Sight, kind: _Kind, categories: tuple[str, ...], is_behind: bool) -> Prepared:
    newest = _newest_open(sight, replace(_any_time("open"), categories=categories))
    is_there = {
        "cell": newest.c.cell == bindparam("cell", type_=String),
        "home": newest.c.neighbourhood_id == _number("home"),
        "nowhere": newest.c.neighbourhood_id.is_(None),
    }
    return Prepared(_page(select(newest.c.arrived_at, newest.c.id).where(is_there[kind]), newest.c.arrived_at, newest.c.id, is_behind))


def _any_time(state: State) -> Wanted:
    """The time is asked with, so that the question is the same at every moment."""
    return Wanted(since=_number("since"), until=_number("until"), state=state)


def _page(query: Any, at: Any, tip_id: Any, is_behind: bool) -> Any:
    if is_behind:
        query = query.where(at <= _number("last_at"), or_(at < _number("last_at"), tip_id < _number("last_id")))
    return query.order_by(at.desc(), tip_id.desc()).limit(_number("most"))


# -- open ones -----------------------------------------------------------------------------------------------------------------


def _newest_open(sight: Sight, wanted: Wanted) -> Any:
    columns = (col(Tip.id), col(Tip.arrived_at), col(Tip.cell), col(Tip.neighbourhood_id), col(Tip.category))
    query = _base(sight, wanted, select(*columns)).where(col(Tip.closed_at).is_(None))
    return query.order_by(col(Tip.arrived_at).desc()).limit(OPEN_MOST + 1).subquery("newest")


def _open_groups(session: Session, sight: Sight, wanted: Wanted) -> tuple[list[tuple[str, int | None, str, int]], bool]:
    newest = _newest_open(sight, wanted)
    keys = (newest.c.cell, newest.c.neighbourhood_id, newest.c.category)
    rows = session.execute(select(*keys, func.count()).group_by(*keys)).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows], sum(row[3] for row in rows) > OPEN_MOST


def _summed(found: Iterable[tuple[T, int]]) -> dict[T, int]:
    counter: Counter[T] = Counter()
    for key, number in found:
        counter[key] += number
    return dict(counter)
