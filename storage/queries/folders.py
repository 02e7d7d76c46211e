"""The folders of the desk's queue: what each holds and in which order, and how many wait in it.

A folder is a row of bands, read one behind the other: first what is urgent, then what runs out next. Nothing here walks along all
tips: every band lies in an index over few of them, or is read from its end.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import BigInteger, ColumnElement, String, bindparam, func, literal_column, not_, or_, select
from sqlalchemy import cast as as_type
from sqlmodel import Session, col

from storage import moments
from storage.prepared import KEPT_MOST, Prepared
from storage.queries.sight import Sight
from storage.tables import Deadline, HistoryRow, Officer, Question, Tip

Folder = Literal[
    "needs", "new", "mine", "late", "unapproved", "unanswered", "asked", "transferred", "results", "apart", "kept", "tests", "ended", "all"
]
COUNT_MOST = 1_000
OF_ALL: tuple[Folder, ...] = ("all", "ended", "kept", "tests")  # Not of the few that are open.
# Whether somebody has opened a test is asked of the history, one by one: of older ones for the list alone, where they stay on top.
TESTS_COUNT_FOR = 60 * moments.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Who asks, when, and what the law's table says that the rows don't."""

    sight: Sight
    officer_id: int
    now: int
    elsewhere: frozenset[str]  # States in which somebody else works on it.
    handed_on: frozenset[str]  # States in which it was handed on, and nobody there has said that they have it, or ever will.
    unapproved: frozenset[str]  # States in which its classification may wait for somebody's word.
    reminders: frozenset[str]  # Clocks that are late for nobody.
    reviewers: tuple[str, ...]  # Roles of those who look through what was set aside as a test.

    @property
    def shape(self) -> "Shape":
        own = None if self.sight.own is None else 0
        return Shape(replace(self, now=0, officer_id=0, sight=replace(self.sight, ward_id=0, own=own)))

    @property
    def values(self) -> dict[str, int]:
        """What a question of that shape is asked with."""
        return {"now": self.now, "officer": self.officer_id, "ward": self.sight.ward_id}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a question is built from: the same for all who have a role, at any time."""

    of: Asks

    @property
    def asks(self) -> Asks:
        """With a place for each value instead of the value."""
        now, officer, ward = (cast(int, bindparam(name, type_=BigInteger)) for name in ("now", "officer", "ward"))
        sight = replace(self.of.sight, ward_id=ward, own=None if self.of.sight.own is None else officer)
        return replace(self.of, now=now, officer_id=officer, sight=sight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    by: Any
    where: tuple[ColumnElement[bool], ...] = ()  # Which part of the folder it is.
    newest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a folder holds: every tip of it stands in one of its bands."""

    where: tuple[ColumnElement[bool], ...]
    bands: tuple[Band, ...]
    waits: tuple[ColumnElement[bool], ...] | None = ()  # Which of them wait for somebody; None: nothing there does.


def _held_in(asks: Asks, folder: Folder) -> Held:
    sight, now = asks.sight, asks.now
    arrived = (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at).is_not(None))
    readable = (*arrived, sight.readable())
    open_ = (*arrived, col(Tip.closed_at).is_(None), sight.readable())
    is_apart = col(Tip.held_why) != literal_column("''")  # As it stands, so that its index serves.
    if folder == "all":
        return Held(where=(*sight.shown(), *arrived), bands=_NEWEST, waits=None)
    if folder == "ended":
        return Held(where=(*readable, col(Tip.closed_at).is_not(None)), bands=_NEWEST, waits=None)
    if folder == "kept":
        return Held(where=(*readable, col(Tip.state) == literal_column("'S11'")), bands=_NEWEST, waits=None)
    if folder == "tests":
        return _tests(readable, asks)
    if folder == "apart":
        return Held(where=(*open_, is_apart), bands=_NEWEST)
    if folder == "unanswered":  # Of what has ended, too.
        unanswered = col(Tip.unanswered_at)
        return Held(where=(arrived[0], unanswered.is_not(None), sight.readable()), bands=(Band(by=unanswered),))
    if folder == "needs":
        is_ours = or_(col(Tip.state).not_in(sorted(asks.elsewhere)), col(Tip.due_at) < now)
        return Held(where=(*open_, not_(is_apart), is_ours), bands=_URGENT_FIRST)
    if folder == "asked":  # Open questions are fewer than open tips, and said so: no index over tips begins with a sum.
        of_ward = col(Tip.ward_id) + literal_column("0") == sight.ward_id
        return Held(where=(of_ward, *open_[1:], col(Tip.id).in_(_with_open_question(sight.ward_id))), bands=_BY_TIME_LEFT)
    is_classified = (col(Tip.state).in_(sorted(asks.unapproved)), col(Tip.track) != literal_column("''"))
    where: dict[Folder, tuple[ColumnElement[bool], ...]] = {
        "new": (not_(is_apart), col(Tip.state) == "S1", col(Tip.accepted_at).is_(None)),
        "mine": (col(Tip.handler_id) == asks.officer_id,),
        "late": (col(Tip.due_at) < now, _is_late(asks)),
        "unapproved": (*is_classified, col(Tip.track_approved_at).is_(None)),
        "transferred": (col(Tip.state).in_(sorted(asks.handed_on)),),
        "results": (col(Tip.state).in_(sorted(asks.elsewhere)),),
    }
    return Held(where=(*open_, *where[folder]), bands=_BY_TIME_LEFT)


@lru_cache(maxsize=KEPT_MOST)
def held_of(shape: Shape, folder: Folder) -> Held:
    return _held_in(shape.asks, folder)


_NEWEST = (Band(by=col(Tip.arrived_at), newest_first=True),)
# Behind them those for which no clock runs.
_BY_TIME_LEFT = (
    Band(where=(col(Tip.due_at).is_not(None),), by=col(Tip.due_at)),
    Band(where=(col(Tip.due_at).is_(None),), by=col(Tip.arrived_at), newest_first=True),
)
_IS_URGENT = col(Tip.urgent_at).is_not(None)
# Urgent ones that nobody has accepted, the longest waiting first; other urgent ones; then what runs out next.
_URGENT_FIRST = (
    Band(where=(_IS_URGENT, col(Tip.accepted_at).is_(None)), by=col(Tip.arrived_at)),
    Band(where=(_IS_URGENT, col(Tip.accepted_at).is_not(None)), by=col(Tip.arrived_at), newest_first=True),
    *(replace(band, where=(not_(_IS_URGENT), *band.where)) for band in _BY_TIME_LEFT),
)


def _tests(readable: tuple[ColumnElement[bool], ...], asks: Asks) -> Held:
    """Those none of the reviewers has opened since they were set aside stand on top."""
    people = select(literal_column("'officer:'").concat(as_type(col(Officer.id), String)))
    people = people.where(col(Officer.ward_id) == asks.sight.ward_id, col(Officer.role).in_(asks.reviewers))
    looks = (col(HistoryRow.tip_id) == col(Tip.id), col(HistoryRow.what) == "viewed", col(HistoryRow.at) >= col(Tip.closed_at))
    was_seen = select(col(HistoryRow.id)).where(*looks, col(HistoryRow.actor).in_(people)).exists()
    return Held(
        where=(*readable, col(Tip.state) == literal_column("'test'")),
        bands=(replace(_NEWEST[0], where=(not_(was_seen),)), replace(_NEWEST[0], where=(was_seen,))),
        waits=(not_(was_seen), col(Tip.arrived_at) > asks.now - TESTS_COUNT_FOR),
    )


def _is_late(asks: Asks) -> ColumnElement[bool]:
    of_tip = (col(Deadline.tip_id) == col(Tip.id), col(Deadline.settled_at).is_(None), col(Deadline.due_at) < asks.now)
    return select(col(Deadline.id)).where(*of_tip, col(Deadline.kind).not_in(sorted(asks.reminders))).exists()


def _with_open_question(ward_id: int) -> Any:
    return select(col(Question.tip_id)).where(col(Question.ward_id) == ward_id, col(Question.settled_at).is_(None))


# -- how many wait -------------------------------------------------------------------------------------------------------------


def counts(session: Session, asks: Asks, folders: tuple[Folder, ...]) -> dict[Folder, int]:
    """Of all these in one statement, each exact up to a thousand; a thousand and one means more."""
    if not folders:
        return {}
    [row] = _counting(asks.shape, folders).rows(session, **asks.values)
    return dict(zip(folders, map(int, row), strict=True))


@lru_cache(maxsize=KEPT_MOST)
def _counting(shape: Shape, folders: tuple[Folder, ...]) -> Prepared:
    return Prepared(select(*(_number(held_of(shape, folder)).label(folder) for folder in folders)))


def _number(held: Held) -> Any:
    if held.waits is None:
        return literal_column("0")
    some = select(col(Tip.id)).where(*held.where, *held.waits).limit(COUNT_MOST + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
