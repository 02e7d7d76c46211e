"""The desk's queue: folders over tips, each in the order in which somebody should look at them, with filters that combine.

A folder is a row of bands, read one behind the other: first what is urgent, then what runs out next. Nothing here walks along all
tips: every band lies in an index over few of them, or is read from its end.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, func, literal_column, not_, or_, select
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries.sight import Sight
from storage.queries.tips import TipLine, lines_or_stubs
from storage.tables import Deadline, Officer, Question, Tip

Folder = Literal["needs", "new", "mine", "late", "unanswered", "asked", "results", "ended", "all"]
COUNT_MOST = 1_000
_IN_ONE: tuple[Folder, ...] = ("all", "ended", "unanswered")  # In the order in which they came.
_OF_ALL: tuple[Folder, ...] = ("all", "ended")
_NOW, _OFFICER = bindparam("now", type_=BigInteger), bindparam("officer_id", type_=BigInteger)


class Shape(NamedTuple):
    """Of a question, what it is built from."""

    sight: Sight
    elsewhere: frozenset[str]  # States in which somebody else works on it.
    reminders: frozenset[str]  # Clocks that are late for nobody.


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Who asks, when, and what the law's table says that the rows don't."""

    sight: Sight
    officer_id: int
    now: int
    elsewhere: frozenset[str]
    reminders: frozenset[str]

    @property
    def shape(self) -> Shape:
        return Shape(self.sight, self.elsewhere, self.reminders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    category: str = ""
    neighbourhood_id: int | None = None
    channel: str = ""
    handler_id: int | None = None  # 0: nobody's.
    only_urgent: bool = False


ALL = Filters()


class Place(NamedTuple):
    """The last row that was shown; the next page begins behind it."""

    band: int
    value: int
    tip_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    where: tuple[ColumnElement[bool], ...]
    by: Any
    newest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    tip: TipLine
    place: Place
    clock: str = ""  # What runs out next; empty: nothing runs.
    starts_at: int = 0
    due_at: int | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    rows: tuple[Row, ...]
    older: Place | None  # Where the next page begins.


def page(session: Session, asks: Asks, folder: Folder, filters: Filters, *, after: Place | None, limit: int) -> Page:
    found = list[tuple[Place, Tip]]()
    for number in range(_how_many_bands(folder)):
        if (after is None or number >= after.band) and len(found) <= limit:
            behind = after if after is not None and after.band == number else None
            query, by = _band_query(asks.shape, folder, filters, number, behind is not None)
            place = {} if behind is None else {"value": behind.value, "tip_id": behind.tip_id}
            rows = session.execute(query, {**_said(asks), **place, "most": limit + 1 - len(found)}).scalars()
            found += [(Place(number, getattr(tip, by), tip.id), tip) for tip in rows]
    shown = found[:limit]
    return Page(rows=_rows(session, asks, shown), older=shown[-1][0] if len(found) > limit else None)


def count(session: Session, asks: Asks, folder: Folder, filters: Filters = ALL) -> int:
    """Exact up to a thousand; a thousand and one means more."""
    return counts(session, asks, (folder,), filters)[folder]


def counts(session: Session, asks: Asks, folders: tuple[Folder, ...], filters: Filters = ALL) -> dict[Folder, int]:
    """The same of several folders, in one question."""
    if not folders:
        return {}
    [row] = _count_query(asks.shape, folders, filters).rows(session, **_said(asks))
    return dict(zip(folders, row, strict=True))


def _said(asks: Asks) -> dict[str, int]:
    return {"now": asks.now, "officer_id": asks.officer_id}


@lru_cache(maxsize=KEPT_MOST)
def _count_query(shape: Shape, folders: tuple[Folder, ...], filters: Filters) -> Prepared:
    def some(folder: Folder) -> Any:
        inner = select(col(Tip.id)).where(*_holds(shape, folder), *_chosen(folder, filters)).limit(COUNT_MOST + 1).subquery()
        return select(func.count()).select_from(inner).scalar_subquery()

    return Prepared(select(*(some(folder) for folder in folders)))


@lru_cache(maxsize=KEPT_MOST)
def _band_query(shape: Shape, folder: Folder, filters: Filters, number: int, is_behind: bool) -> tuple[Any, str]:
    band = _bands(shape, folder)[number]
    by, tip_id = band.by, col(Tip.id)
    query = select(Tip).where(*band.where, *_chosen(folder, filters))
    if is_behind:
        value, last = bindparam("value", type_=BigInteger), bindparam("tip_id", type_=BigInteger)
        is_further = (by < value, tip_id < last) if band.newest_first else (by > value, tip_id > last)
        query = query.where(or_(is_further[0], and_(by == value, is_further[1])))
    order = (by.desc(), tip_id.desc()) if band.newest_first else (by, tip_id)
    return query.order_by(*order).limit(bindparam("most", type_=BigInteger)), by.key


def _chosen(folder: Folder, filters: Filters) -> list[ColumnElement[bool]]:
    """Open tips are few, and found as such: there a filter is said so that no index over all tips serves it."""
    of_few = folder not in _OF_ALL
    where: list[ColumnElement[bool]] = []
    if filters.category:
        where.append(_apart(col(Tip.category), "''", of_few) == filters.category)
    if filters.neighbourhood_id is not None:
        where.append(_apart(col(Tip.neighbourhood_id), "0", of_few) == filters.neighbourhood_id)
    if filters.channel:
        where.append(_apart(col(Tip.channel), "''", of_few) == filters.channel)
    if filters.handler_id is not None:
        who = _apart(col(Tip.handler_id), "0", of_few)
        where.append(who == filters.handler_id if filters.handler_id else who.is_(None))
    if filters.only_urgent:
        where.append(col(Tip.urgent_at).is_not(None))
    return where


def _apart(column: Any, nothing: str, is_so: bool) -> Any:
    return column + literal_column(nothing) if is_so else column


# -- what each folder holds ----------------------------------------------------------------------------------------------------


def _how_many_bands(folder: Folder) -> int:
    return 1 if folder in _IN_ONE else 4 if folder == "needs" else 2


def _bands(shape: Shape, folder: Folder) -> tuple[Band, ...]:
    holds = _holds(shape, folder)
    if folder in _IN_ONE:
        by_answer = folder == "unanswered"
        return (Band(where=holds, by=col(Tip.unanswered_at if by_answer else Tip.arrived_at), newest_first=not by_answer),)
    return _urgent_first(holds) if folder == "needs" else _by_time_left(holds)


def _holds(shape: Shape, folder: Folder) -> tuple[ColumnElement[bool], ...]:
    """Written so that an index over few tips serves each."""
    sight, now = shape.sight, _NOW
    arrived = (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None))
    open_ = (*arrived, col(Tip.closed_at).is_(None), sight.readable())
    is_apart = col(Tip.held_why) != literal_column("''")  # As it stands, so that its index serves.
    match folder:
        case "all":
            return (*sight.shown(), *arrived)
        case "ended":
            return (*arrived, col(Tip.closed_at).is_not(None), sight.readable())
        case "unanswered":  # Of what has ended, too.
            return (arrived[0], col(Tip.unanswered_at).is_not(None), sight.readable())
        case "needs":
            return (*open_, not_(is_apart), or_(col(Tip.state).not_in(sorted(shape.elsewhere)), col(Tip.due_at) < now))
        case "new":
            return (*open_, not_(is_apart), col(Tip.state) == "S1", col(Tip.accepted_at).is_(None))
        case "mine":
            return (*open_, col(Tip.handler_id) == _OFFICER)
        case "late":
            return (*open_, col(Tip.due_at) < now, _is_late(shape))
        case "results":
            return (*open_, col(Tip.state).in_(sorted(shape.elsewhere)))
    # Open questions are fewer than open tips, and said so: no index over tips begins with a sum.
    of_ward = col(Tip.ward_id) + literal_column("0") == sight.ward_id
    return (of_ward, *open_[1:], col(Tip.id).in_(_with_open_question(sight.ward_id)))


def _urgent_first(where: tuple[ColumnElement[bool], ...]) -> tuple[Band, ...]:
    """Urgent ones that nobody has accepted, the longest waiting first; other urgent ones; then what runs out next."""
    is_urgent, is_accepted = col(Tip.urgent_at).is_not(None), col(Tip.accepted_at).is_not(None)
    return (
        Band(where=(*where, is_urgent, not_(is_accepted)), by=col(Tip.arrived_at)),
        Band(where=(*where, is_urgent, is_accepted), by=col(Tip.arrived_at), newest_first=True),
        *_by_time_left((*where, col(Tip.urgent_at).is_(None))),
    )


def _by_time_left(where: tuple[ColumnElement[bool], ...]) -> tuple[Band, ...]:
    """Behind them those for which no clock runs."""
    return (
        Band(where=(*where, col(Tip.due_at).is_not(None)), by=col(Tip.due_at)),
        Band(where=(*where, col(Tip.due_at).is_(None)), by=col(Tip.arrived_at), newest_first=True),
    )


def _is_late(shape: Shape) -> ColumnElement[bool]:
    of_tip = (col(Deadline.tip_id) == col(Tip.id), col(Deadline.settled_at).is_(None), col(Deadline.due_at) < _NOW)
    return select(col(Deadline.id)).where(*of_tip, col(Deadline.kind).not_in(sorted(shape.reminders))).exists()


def _with_open_question(ward_id: int) -> Any:
    return select(col(Question.tip_id)).where(col(Question.ward_id) == ward_id, col(Question.settled_at).is_(None))


# -- rows ----------------------------------------------------------------------------------------------------------------------


def _rows(session: Session, asks: Asks, found: list[tuple[Place, Tip]]) -> tuple[Row, ...]:
    tips = [tip for _place, tip in found]
    clocks = _nearest(session, [tip.id for tip in tips], asks)
    names = _names(session, {tip.handler_id for tip in tips if tip.handler_id is not None})
    rows = []
    for (place, tip), line in zip(found, lines_or_stubs(session, asks.sight, tips), strict=True):
        if line.is_stub:
            rows.append(Row(tip=line, place=place))
            continue
        row = Row(tip=line, place=place, handler=names.get(tip.handler_id or 0, ""))
        if clock := clocks.get(tip.id):
            row = replace(row, clock=clock.kind, starts_at=clock.starts_at, due_at=clock.due_at)
        rows.append(row)
    return tuple(rows)


_RUNNING = select(col(Deadline.tip_id), col(Deadline.kind), col(Deadline.starts_at), col(Deadline.due_at), col(Deadline.id)).where(
    col(Deadline.tip_id).in_(bindparam("ids", expanding=True)), col(Deadline.settled_at).is_(None)
)
_NAMES = select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_(bindparam("ids", expanding=True)))


def _nearest(session: Session, ids: list[int], asks: Asks) -> dict[int, Any]:
    """Of each tip the clock that runs out next; a reminder whose time has come only where nothing else runs."""
    running = session.execute(_RUNNING, {"ids": ids}).all()
    nearest: dict[int, Any] = {}
    for one in sorted(running, key=lambda one: (one.kind in asks.reminders and one.due_at < asks.now, one.due_at, one.id)):
        nearest.setdefault(one.tip_id, one)
    return nearest


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(_NAMES, {"ids": sorted(ids)})}
