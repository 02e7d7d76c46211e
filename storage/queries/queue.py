"""The desk's queue: a folder (`folders.py`) page by page, in the order in which somebody should look at it, with filters that combine."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, literal_column, or_, select
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST
from storage.queries.folders import OF_ALL, Asks, Folder, Shape, held_of
from storage.queries.tips import TipLine, lines_or_stubs
from storage.tables import Deadline, Officer, Tip


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
    for number in range(len(held_of(asks.shape, folder).bands)):
        if (after is None or number >= after.band) and len(found) <= limit:
            behind = after if after is not None and after.band == number else None
            query, by = _band_query(asks.shape, folder, filters, number, behind is not None)
            place = {} if behind is None else {"value": behind.value, "tip_id": behind.tip_id}
            rows = session.execute(query, {**asks.values, **place, "most": limit + 1 - len(found)}).scalars()
            found += [(Place(number, getattr(tip, by), tip.id), tip) for tip in rows]
    shown = found[:limit]
    return Page(rows=_rows(session, asks, shown), older=shown[-1][0] if len(found) > limit else None)


@lru_cache(maxsize=KEPT_MOST)
def _band_query(shape: Shape, folder: Folder, filters: Filters, number: int, is_behind: bool) -> tuple[Any, str]:
    held = held_of(shape, folder)
    band = held.bands[number]
    by, tip_id = band.by, col(Tip.id)
    query = select(Tip).where(*held.where, *_chosen(folder, filters), *band.where)
    if is_behind:
        value, last = bindparam("value", type_=BigInteger), bindparam("tip_id", type_=BigInteger)
        is_further = (by < value, tip_id < last) if band.newest_first else (by > value, tip_id > last)
        # Said twice, so that the index is entered where the page begins.
        query = query.where(by <= value if band.newest_first else by >= value, or_(is_further[0], and_(by == value, is_further[1])))
    order = (by.desc(), tip_id.desc()) if band.newest_first else (by, tip_id)
    return query.order_by(*order).limit(bindparam("most", type_=BigInteger)), by.key


def _chosen(folder: Folder, filters: Filters) -> list[ColumnElement[bool]]:
    """Open tips are few, and found as such: there a filter is said so that no index over all tips serves it."""
    of_few = folder not in OF_ALL
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
