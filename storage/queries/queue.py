"""The desk's queue: a folder (`folders.py`) page by page, in the order in which somebody should look at it, with filters that combine."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from storage.queries.folders import Asks, Band, Folder, held_in
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
    held, found = held_in(asks, folder), list[tuple[Place, Tip]]()
    chosen = (*held.where, *_chosen(filters))
    for number, band in enumerate(held.bands):
        if (after is None or number >= after.band) and len(found) <= limit:
            behind = after if after is not None and after.band == number else None
            found += _read(session, band, number, chosen, behind, limit + 1 - len(found))
    shown = found[:limit]
    return Page(rows=_rows(session, asks, shown), older=shown[-1][0] if len(found) > limit else None)


def _read(
    session: Session, band: Band, number: int, chosen: tuple[ColumnElement[bool], ...], behind: Place | None, limit: int
) -> list[tuple[Place, Tip]]:
    by, tip_id = band.by, col(Tip.id)
    query = select(Tip).where(*chosen, *band.where)
    if behind is not None:
        is_further = (by < behind.value, tip_id < behind.tip_id) if band.newest_first else (by > behind.value, tip_id > behind.tip_id)
        query = query.where(or_(is_further[0], and_(by == behind.value, is_further[1])))
    order = (by.desc(), tip_id.desc()) if band.newest_first else (by, tip_id)
    rows = session.execute(query.order_by(*order).limit(limit)).scalars()
    return [(Place(number, getattr(tip, by.key), tip.id), tip) for tip in rows]


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.category:
        where.append(col(Tip.category) == filters.category)
    if filters.neighbourhood_id is not None:
        where.append(col(Tip.neighbourhood_id) == filters.neighbourhood_id)
    if filters.channel:
        where.append(col(Tip.channel) == filters.channel)
    if filters.handler_id is not None:
        where.append(col(Tip.handler_id) == filters.handler_id if filters.handler_id else col(Tip.handler_id).is_(None))
    if filters.only_urgent:
        where.append(col(Tip.urgent_at).is_not(None))
    return where


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


def _nearest(session: Session, ids: list[int], asks: Asks) -> dict[int, Deadline]:
    """Of each tip the clock that runs out next; a reminder whose time has come only where nothing else runs."""
    running = session.execute(select(Deadline).where(col(Deadline.tip_id).in_(ids), col(Deadline.settled_at).is_(None))).scalars()
    nearest: dict[int, Deadline] = {}
    for one in sorted(running, key=lambda one: (one.kind in asks.reminders and one.due_at < asks.now, one.due_at, one.id)):
        nearest.setdefault(one.tip_id, one)
    return nearest


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_(ids)))}
