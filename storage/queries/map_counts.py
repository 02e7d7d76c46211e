"""What the map counts, out of the ward's figures: any time is a few dozen blocks of whole days, however many tips arrived in it.

Exact at every moment: the hours before the first whole day and behind the last are counted one by one, and so is what happened to a tip
since the figures heard of it. Where the figures cannot tell (they are counted anew, too much happened, an officer reads only their own
tips) there is no `Rolled`, and `tip_map.py` counts in its indexes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, select
from sqlmodel import Session, col

from storage import facts, moments
from storage.ids import first_id_of
from storage.prepared import KEPT_MOST, Prepared
from storage.queries import figures
from storage.queries.figures import Span
from storage.queries.sight import Sight
from storage.quick import Quick
from storage.tables import FigureFact, Tip

_AHEAD_MOST = 300  # Tips that are looked at one by one, because something happened to them a moment ago.
_MARGIN = 10 * moments.MINUTE  # So much longer than its younger neighbours' a commit may take.

_AT_LINK = Quick("SELECT history_id FROM history_links WHERE ward_id = :ward_id AND seq = :seq")
_AHEAD = Quick(
    "SELECT DISTINCT h.tip_id FROM history h LEFT JOIN history_links l ON l.history_id = h.id"
    " WHERE h.id > :after AND h.ward_id = :ward_id AND h.tip_id IS NOT NULL AND (l.seq IS NULL OR l.seq > :seq) LIMIT :most"
)


class Stand(NamedTuple):
    """What the map asks of one tip."""

    cell: str
    home: int | None
    category: str
    is_open: bool


Beside = Counter[Stand]


@dataclass(slots=True)
class Rolled:
    """For one read; what is asked twice in it is looked up once."""

    _session: Session
    _sight: Sight
    _ahead: list[int]
    _known: dict[tuple[int, int], tuple[Span, Beside]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, sight: Sight) -> "Rolled | None":
        at = figures.progress(session, sight.ward_id)
        if sight.own is not None or at is None or at.is_counting_anew or at.rules != facts.rules_of(sight.chiefs):
            return None
        link = _AT_LINK.run(session, ward_id=sight.ward_id, seq=at.seq).fetchone()
        after = first_id_of(-_MARGIN, near=int(link[0])) if link else 0
        rows = _AHEAD.run(session, ward_id=sight.ward_id, after=after, seq=at.seq, most=_AHEAD_MOST + 1).fetchall()
        return None if len(rows) > _AHEAD_MOST else cls(session, sight, [int(row[0]) for row in rows])

    def cells(self, since: int, until: int, categories: tuple[str, ...], state: str) -> Counter[str]:
        """By square, of these categories; of all where none is named."""
        span, beside = self._beside(since, until)
        kinds = [facts.on_map("cells", kind) for kind in categories] or [facts.on_map("cells")]
        found = Counter[str]()
        for many, part in self._summed(span, kinds, state):
            for cell, number in part.items():
                found[cell] += many * number
        for stand, number in beside.items():
            if _is_wanted(stand, categories, state):
                found[stand.cell] += number
        return +found

    def homes(self, since: int, until: int, categories: tuple[str, ...], state: str) -> Counter[tuple[int | None, str]]:
        """By neighbourhood and category."""
        span, beside = self._beside(since, until)
        found = Counter[tuple[int | None, str]]()
        for many, part in self._summed(span, [facts.on_map("homes")], state):
            for key, number in part.items():
                home, _, category = key.partition("/")
                if not categories or category in categories:
                    found[int(home) if home else None, category] += many * number
        for stand, number in beside.items():
            if _is_wanted(stand, categories, state):
                found[stand.home, stand.category] += number
        return +found

    def _summed(self, span: Span, parts: list[str], state: str) -> list[tuple[int, Counter[str]]]:
        """Those that are done are all but the open ones."""
        if span.first >= span.behind:
            return []
        signs = {"all": {"": 1}, "open": {facts.STILL_OPEN: 1}, "done": {"": 1, facts.STILL_OPEN: -1}}[state]
        asked = {part + suffix: sign for part in parts for suffix, sign in signs.items()}
        [sums] = figures.counts(self._session, self._sight, [span], parts=asked)
        return [(sign, sums[part]) for part, sign in asked.items()]

    def _beside(self, since: int, until: int) -> tuple[Span, Beside]:
        """The whole days of that time, and what is counted beside them."""
        known = self._known.get((since, until))
        if known is None:
            known = self._known[since, until] = self._look_beside(since, until)
        return known

    def _look_beside(self, since: int, until: int) -> tuple[Span, Beside]:
        first, behind = facts.day_of(since), facts.day_of(until)
        first += facts.start_of(first) < since
        if first >= behind:
            return Span(0, 0), self._arrived(since, until)
        start, end = facts.start_of(first), facts.start_of(behind)
        beside = self._arrived(since, start)
        beside.update(self._arrived(end, until))
        if self._ahead:
            beside.update(self._arrived(start, end, ids=self._ahead))
            beside.subtract(self._counted(start, end))
        return Span(first, behind), beside

    def _arrived(self, since: int, until: int, *, ids: list[int] | None = None) -> Beside:
        """As they stand now, one by one."""
        if since >= until:
            return Counter()
        values = {"ward": self._sight.ward_id, "since": since, "until": until}
        rows: Iterable[Any]
        if ids is None:
            rows = _arrived_query(_unbound(self._sight)).rows(self._session, **values)
        else:
            rows = self._session.execute(_of_ids_query(_unbound(self._sight)), {**values, "ids": ids}).all()
        return Counter(Stand(cell, home, category, closed_at is None) for cell, home, category, closed_at in rows)

    def _counted(self, since: int, until: int) -> Beside:
        """What the blocks hold of the tips that are ahead of them."""
        rows = self._session.execute(_COUNTED, {"ids": self._ahead, "since": since, "until": until}).all()
        return Counter(
            Stand(cell, int(home) if home else None, category, ended is None)
            for value, ended, sight in rows
            if sight in self._sight.kinds
            for home, category, cell in [facts.place_told(value)]
        )


def _is_wanted(stand: Stand, categories: tuple[str, ...], state: str) -> bool:
    return (not categories or stand.category in categories) and (state == "all" or stand.is_open == (state == "open"))


def _unbound(sight: Sight) -> Sight:
    """The ward is asked with: the question is the same for all who have a role."""
    return Sight(ward_id=0, kinds=sight.kinds, chiefs=sight.chiefs)


def _stands(sight: Sight) -> Any:
    at = col(Tip.arrived_at)
    query = select(col(Tip.cell), col(Tip.neighbourhood_id), col(Tip.category), col(Tip.closed_at)).where(sight.readable())
    return query.where(at >= bindparam("since", type_=BigInteger), at < bindparam("until", type_=BigInteger))


@lru_cache(maxsize=KEPT_MOST)
def _arrived_query(sight: Sight) -> Prepared:
    return Prepared(_stands(sight).where(col(Tip.ward_id) == bindparam("ward", type_=BigInteger)))


@lru_cache(maxsize=KEPT_MOST)
def _of_ids_query(sight: Sight) -> Any:
    """By id alone: with the ward as it stands, SQLite would rather walk along all tips of those days."""
    of_ward = col(Tip.ward_id) + 0 == bindparam("ward", type_=BigInteger)
    return _stands(sight).where(col(Tip.id).in_(bindparam("ids", expanding=True)), of_ward)


_COUNTED = select(col(FigureFact.value), col(FigureFact.until_at), col(FigureFact.sight)).where(
    col(FigureFact.tip_id).in_(bindparam("ids", expanding=True)),
    col(FigureFact.what) == facts.PLACED,
    col(FigureFact.at) >= bindparam("since", type_=BigInteger),
    col(FigureFact.at) < bindparam("until", type_=BigInteger),
)
