"""The desk's queue: folders over tips, each in the order in which somebody should look at them, with filters that combine.

A folder is a row of bands, read one behind the other: first what is urgent, then what runs out next. Nothing here walks along all
tips: every band lies in an index over few of them, or is read from its end.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select
from sqlmodel import Session, col

from storage.queries.sight import Sight
from storage.queries.tips import TipLine, lines_or_stubs
from storage.tables import Deadline, Officer, Question, Tip

Folder = Literal["needs", "new", "mine", "late", "unanswered", "asked", "results", "ended", "all"]
COUNT_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Who asks, when, and what the law's table says that the rows don't."""

    sight: Sight
    officer_id: int
    now: int
    elsewhere: frozenset[str]  # States in which somebody else works on it.
    reminders: frozenset[str]  # Clocks that are late for nobody.


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
    bands, found = _bands(asks, folder), list[tuple[Place, Tip]]()
    for number, band in enumerate(bands):
        if (after is None or number >= after.band) and len(found) <= limit:
            behind = after if after is not None and after.band == number else None
            found += _read(session, asks, band, number, filters, behind, limit + 1 - len(found))
    shown = found[:limit]
    return Page(rows=_rows(session, asks, shown), older=shown[-1][0] if len(found) > limit else None)


def count(session: Session, asks: Asks, folder: Folder, filters: Filters = ALL) -> int:
    """Exact up to a thousand; a thousand and one means more."""
    number, chosen = 0, _chosen(filters)
    for band in _bands(asks, folder):
        some = select(col(Tip.id)).where(*band.where, *chosen).limit(COUNT_MOST + 1 - number).subquery()
        number += int(session.execute(select(func.count()).select_from(some)).scalar_one())
        if number > COUNT_MOST:
            break
    return number


def _read(
    session: Session, asks: Asks, band: Band, number: int, filters: Filters, behind: Place | None, limit: int
) -> list[tuple[Place, Tip]]:
    by, tip_id = band.by, col(Tip.id)
    query = select(Tip).where(*band.where, *_chosen(filters))
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


# -- what each folder holds ----------------------------------------------------------------------------------------------------


def _bands(asks: Asks, folder: Folder) -> tuple[Band, ...]:
    sight, now = asks.sight, asks.now
    arrived = (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None))
    open_ = (*arrived, col(Tip.closed_at).is_(None), sight.readable())
    is_apart = col(Tip.held_why) != literal_column("''")  # As it stands, so that its index serves.
    if folder == "all":
        return (Band(where=(*sight.shown(), *arrived), by=col(Tip.arrived_at), newest_first=True),)
    if folder == "ended":
        return (Band(where=(*arrived, col(Tip.closed_at).is_not(None), sight.readable()), by=col(Tip.arrived_at), newest_first=True),)
    if folder == "unanswered":  # Of what has ended, too.
        return (Band(where=(arrived[0], col(Tip.unanswered_at).is_not(None), sight.readable()), by=col(Tip.unanswered_at)),)
    if folder == "needs":
        is_ours = or_(col(Tip.state).not_in(sorted(asks.elsewhere)), col(Tip.due_at) < now)
        return _urgent_first((*open_, not_(is_apart), is_ours))
    return _by_time_left(
        {
            "new": (*open_, not_(is_apart), col(Tip.state) == "S1", col(Tip.accepted_at).is_(None)),
            "mine": (*open_, col(Tip.handler_id) == asks.officer_id),
            "late": (*open_, col(Tip.due_at) < now, _is_late(asks)),
            "asked": (*open_, col(Tip.id).in_(_with_open_question(sight.ward_id))),
            "results": (*open_, col(Tip.state).in_(sorted(asks.elsewhere))),
        }[folder]
    )


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


def _is_late(asks: Asks) -> ColumnElement[bool]:
    of_tip = (col(Deadline.tip_id) == col(Tip.id), col(Deadline.settled_at).is_(None), col(Deadline.due_at) < asks.now)
    return select(col(Deadline.id)).where(*of_tip, col(Deadline.kind).not_in(sorted(asks.reminders))).exists()


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


def _nearest(session: Session, ids: list[int], asks: Asks) -> dict[int, Deadline]:
    """Of each tip the clock that runs out next; a reminder whose time has come only where nothing else runs."""
    running = session.execute(select(Deadline).where(col(Deadline.tip_id).in_(ids), col(Deadline.settled_at).is_(None))).scalars()
    nearest: dict[int, Deadline] = {}
    for one in sorted(running, key=lambda one: (one.kind in asks.reminders and one.due_at < asks.now, one.due_at, one.id)):
        nearest.setdefault(one.tip_id, one)
    return nearest


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_(ids)))}
