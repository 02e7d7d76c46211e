"""Whose a tip is, who is proposed for it, what stands on the chief's list, and who was sent there.

Who was sent stands in the history alone: a step is added, never changed. The tip's row keeps the first moment of each.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Row, and_, bindparam, delete, func, or_, select, union
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries.history import lines_of_tip, secret_place
from storage.queries.one_tip import tip_row
from storage.queries.sight import Sight
from storage.queries.tips import Reader
from storage.quick import Quick
from storage.tables import Deadline, HistoryRow, Neighbourhood, Officer, Responsibility, Tip
from storage.vault import Sealed

COUNT_MOST = 1_000
STEPS = ("sent", "left", "there")
_DISPATCH = ("dispatched", "dispatch_left", "dispatch_there", "dispatch_corrected", "dispatch_recalled")
_STANDS = Quick(
    "SELECT t.handler_id, o.disabled_at, t.accepted_at, t.closed_at, t.arrived_at, t.data_key, t.restricted, t.neighbourhood_id, t.category"
    " FROM tips t LEFT JOIN officers o ON o.id = t.handler_id"
    " WHERE t.ward_id = :ward_id AND t.id = :tip_id AND t.arrived_at IS NOT NULL",
    postgres="FOR NO KEY UPDATE OF t",
)
_HAND = Quick("UPDATE tips SET handler_id = :officer_id WHERE id = :tip_id")
_GIVE_BACK = Quick(
    "UPDATE tips SET handler_id = NULL WHERE ward_id = :ward_id AND handler_id = :officer_id AND closed_at IS NULL RETURNING id"
)
_LAST_WORD = Quick(
    "SELECT what, actor FROM history WHERE tip_id = :tip_id AND what IN ('assigned', 'given_back') ORDER BY at DESC, id DESC LIMIT 1"
)
_SENT = Quick("UPDATE tips SET dispatched_at = :sent, left_at = :left, there_at = :there WHERE id = :tip_id")
# Handed to me by somebody else, and not looked at by me since.
_NEW_TO = Quick(
    "SELECT t.id FROM tips t WHERE t.handler_id = :officer_id AND t.closed_at IS NULL AND t.ward_id = :ward_id AND EXISTS"
    " (SELECT 1 FROM history a WHERE a.tip_id = t.id AND a.what = 'assigned' AND a.actor <> :me AND NOT EXISTS"
    " (SELECT 1 FROM history v WHERE v.tip_id = t.id AND v.what = 'viewed' AND v.actor = :me AND v.at >= a.at)"
    " AND NOT EXISTS (SELECT 1 FROM history b WHERE b.tip_id = t.id AND b.what IN ('assigned', 'given_back') AND b.id > a.id))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What decides whose a tip is and may become."""

    handler_id: int | None  # Nobody, too, where that account is closed.
    is_accepted: bool
    is_closed: bool
    is_shredded: bool
    arrived_at: int
    restricted: str
    neighbourhood_id: int | None
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """A tip that is somebody's work, or should be."""

    tip_id: int
    handler_id: int | None
    due_at: int | None  # Whatever comes first, a mere reminder too.
    late_at: int | None  # From then on it is late.
    is_accepted: bool
    restricted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """For the bar of every page: what was handed to this officer and not looked at yet, and what stands on the chief's list."""

    new: int = 0
    unheld: int = 0


@dataclass(slots=True, kw_only=True)
class Dispatch:
    """Some people or forces that were sent to one place, and how far they have come as it was noted last."""

    id: int
    by: str
    officers: tuple[int, ...]
    forces: tuple[str, ...]
    words: str  # Whoever else was named, or nothing; empty where it was shredded.
    times: dict[str, int] = field(default_factory=dict)
    corrected: list[tuple[str, int, str, str]] = field(default_factory=list)  # Step, what stood there before, by whom, why.
    is_recalled: bool = False


def held(session: Session, ward_id: int, tip_id: int) -> Held | None:
    row = _STANDS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    handler_id, disabled_at, accepted_at, closed_at, arrived_at, data_key, restricted, neighbourhood_id, category = row
    return Held(
        handler_id=handler_id if disabled_at is None else None,
        is_accepted=accepted_at is not None,
        is_closed=closed_at is not None,
        is_shredded=data_key is None,
        arrived_at=arrived_at,
        restricted=restricted,
        neighbourhood_id=neighbourhood_id,
        category=category,
    )


def hand(session: Session, tip_id: int, officer_id: int | None) -> None:
    _HAND.run(session, tip_id=tip_id, officer_id=officer_id)


def give_back(session: Session, ward_id: int, officer_id: int) -> list[int]:
    """All that is open and theirs is nobody's."""
    return sorted(row[0] for row in _GIVE_BACK.run(session, ward_id=ward_id, officer_id=officer_id).fetchall())


def was_named(session: Session, tip_id: int) -> bool:
    """Whether somebody was named for it, and not only accepted it."""
    return named_by(session, tip_id) != ""


def named_by(session: Session, tip_id: int) -> str:
    """Who named whoever has it now ("officer:7"); empty where nobody was named."""
    row = _LAST_WORD.run(session, tip_id=tip_id).fetchone()
    return str(row[1]) if row is not None and row[0] == "assigned" else ""


# -- who is responsible ------------------------------------------------------------------------------------------------------


def responsible(session: Session, ward_id: int) -> dict[int | str, int]:
    """Neighbourhood or category → officer."""
    rows = session.execute(select(Responsibility).where(col(Responsibility.ward_id) == ward_id)).scalars()
    return {row.neighbourhood_id or row.category or "": row.officer_id for row in rows}


def name_responsible(session: Session, ward_id: int, about: int | str, officer_id: int | None, *, row_id: int, by: int, now: int) -> None:
    """In the place of whoever was; None: nobody."""
    is_area = isinstance(about, int)
    column = col(Responsibility.neighbourhood_id) if is_area else col(Responsibility.category)
    session.execute(delete(Responsibility).where(col(Responsibility.ward_id) == ward_id, column == about))
    if officer_id is not None:
        where: dict[str, Any] = {"neighbourhood_id": about} if is_area else {"category": about}
        session.add(Responsibility(id=row_id, ward_id=ward_id, officer_id=officer_id, named_at=now, named_by=by, **where))
        session.flush()


def neighbourhoods(session: Session, ward_id: int) -> dict[int, str]:
    """Those that stand, in their order."""
    query = select(col(Neighbourhood.id), col(Neighbourhood.name)).where(
        col(Neighbourhood.ward_id) == ward_id, col(Neighbourhood.ended_at).is_(None)
    )
    return {row.id: row.name for row in session.execute(query.order_by(col(Neighbourhood.position), col(Neighbourhood.id)))}


# -- lists ---------------------------------------------------------------------------------------------------------------------

_WAITS = (col(Tip.id), col(Tip.handler_id), col(Tip.due_at), col(Tip.accepted_at), col(Tip.restricted))


def new_to(session: Session, ward_id: int, officer_id: int) -> set[int]:
    found = _NEW_TO.run(session, ward_id=ward_id, officer_id=officer_id, me=f"officer:{officer_id}").fetchall()
    return {row[0] for row in found}


def unheld(session: Session, sight: Sight, *, but: Collection[str], now: int) -> list[Waits]:
    """The chief's list: open, and without an owner who can work, without a time, or over it. The oldest first."""
    query = _unheld(select(*_WAITS, _late_at(but), col(Officer.disabled_at)), sight, but, now).order_by(col(Tip.arrived_at), col(Tip.id))
    return [_waits(row, owner=row.handler_id if row.disabled_at is None else None) for row in session.execute(query)]


def count_unheld(session: Session, sight: Sight, *, but: Collection[str], now: int) -> int:
    """Exact up to a thousand; a thousand and one means more. Every page of a chief says it, so each of the four kinds is found by the index
    that holds it alone."""
    return _count_query(sight, tuple(sorted(but))).number(session, now=now)


@lru_cache(maxsize=KEPT_MOST)
def _count_query(sight: Sight, but: tuple[str, ...]) -> Prepared:
    now = bindparam("now", type_=BigInteger)
    is_open = (col(Tip.ward_id) == sight.ward_id, sight.readable(), col(Tip.arrived_at).is_not(None), col(Tip.closed_at).is_(None))
    left = select(col(Officer.id)).where(col(Officer.ward_id) == sight.ward_id, col(Officer.disabled_at).is_not(None))
    of_tip = (col(Deadline.tip_id) == col(Tip.id), col(Deadline.settled_at).is_(None), col(Deadline.due_at) < now)
    is_late = select(col(Deadline.id)).where(*of_tip, col(Deadline.kind).not_in(but))
    kinds = (
        (col(Tip.handler_id).is_(None),),
        (col(Tip.handler_id).is_not(None), col(Tip.handler_id).in_(left)),
        (col(Tip.due_at).is_(None),),
        (col(Tip.due_at) < now, is_late.exists()),
    )
    found = union(*(select(select(col(Tip.id)).where(*is_open, *kind).limit(COUNT_MOST + 1).subquery().c.id) for kind in kinds))
    return Prepared(select(func.count()).select_from(select(found.subquery().c.id).limit(COUNT_MOST + 1).subquery()))


def _late_at(but: Collection[str]) -> Any:
    of_tip = col(Deadline.tip_id) == col(Tip.id), col(Deadline.settled_at).is_(None), col(Deadline.kind).not_in(but)
    return select(func.min(col(Deadline.due_at))).where(*of_tip).correlate(Tip).scalar_subquery().label("late_at")


def _unheld(query: Any, sight: Sight, but: Collection[str], now: int) -> Any:
    is_late = and_(col(Tip.due_at) < now, _late_at(but) < now)
    return query.outerjoin(Officer, col(Officer.id) == col(Tip.handler_id)).where(
        col(Tip.ward_id) == sight.ward_id,
        sight.readable(),
        col(Tip.arrived_at).is_not(None),
        col(Tip.closed_at).is_(None),
        or_(col(Tip.handler_id).is_(None), col(Officer.disabled_at).is_not(None), col(Tip.due_at).is_(None), is_late),
    )


def _waits(row: Row[Any], *, owner: int | None) -> Waits:
    return Waits(
        tip_id=row.id,
        handler_id=owner,
        due_at=row.due_at,
        late_at=row.late_at,
        is_accepted=row.accepted_at is not None,
        restricted=row.restricted,
    )


# -- who was sent ----------------------------------------------------------------------------------------------------------------


def dispatches_of(session: Session, ward_id: int, tip_id: int) -> list[Dispatch]:
    """In the order they were sent, as the last word on each says."""
    tip = tip_row(session, ward_id, tip_id)
    reader = Reader.of(session, tip) if tip else Reader(None)
    found: dict[int, Dispatch] = {}
    for row in lines_of_tip(session, ward_id, tip_id, _DISPATCH):
        _tell(found, row, _opened(reader, row))
    return list(found.values())


def _tell(found: dict[int, Dispatch], row: HistoryRow, words: str) -> None:
    detail, dispatch_id = row.detail, int(row.detail["dispatch"])
    if row.what == "dispatched":
        officers, forces = tuple(detail["officers"]), tuple(detail["forces"])
        found[dispatch_id] = Dispatch(id=dispatch_id, by=row.actor, officers=officers, forces=forces, words=words)
    if row.what == "dispatch_recalled":
        found[dispatch_id].is_recalled = True
        return
    if row.what == "dispatch_corrected":
        before = found[dispatch_id].times[detail["step"]]
        found[dispatch_id].corrected.append((detail["step"], before, row.actor, words))
    found[dispatch_id].times[detail["step"]] = detail["time"]


def _opened(reader: Reader, row: HistoryRow) -> str:
    try:
        return reader.ring.open_text(row.secret, secret_place(row.id)) if reader.ring and row.secret else ""
    except Sealed:
        return ""


def keep_first_times(session: Session, tip_id: int, dispatches: list[Dispatch]) -> None:
    firsts = {
        step: min((one.times[step] for one in dispatches if step in one.times and not one.is_recalled), default=None) for step in STEPS
    }
    _SENT.run(session, tip_id=tip_id, **firsts)
