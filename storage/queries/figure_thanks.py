"""What the monthly word of thanks counts: ordinary tips alone, by the figures' own facts, so that nothing shredded later changes it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlmodel import Session

from storage import facts
from storage.quick import Quick

# By the index of lists: each kind of fact is one stretch of it. What turned out a test, or went to paper, is no help to speak of.
_OF_DAYS = Quick(
    "SELECT f.tip_id, p.value FROM figure_facts f JOIN figure_facts p ON p.tip_id = f.tip_id AND p.what = :placed"
    " WHERE f.ward_id = :ward_id AND f.what = :what AND f.value = :value AND f.at >= :start AND f.at < :end AND f.sight = ''"
    " AND NOT EXISTS (SELECT 1 FROM figure_facts o WHERE o.tip_id = f.tip_id AND o.what = 'left' AND o.value IN ('test', 'paper'))"
)


class Part(NamedTuple):
    home: int | None
    category: str


def counted(session: Session, ward_id: int, keys: Iterable[str], *, start: int, end: int, without: Collection[str]) -> Mapping[Part, int]:
    """How many tips, by neighbourhood and category, such a fact was told of from `start` to before `end`; each tip once."""
    found = defaultdict[Part, set[int]](set)
    for key in keys:
        what, _, value = key.partition(":")
        values = {"ward_id": ward_id, "placed": facts.PLACED, "what": what, "value": value, "start": start, "end": end}
        for tip_id, place in _OF_DAYS.run(session, **values).fetchall():
            home, category, _cell = facts.place_told(place)
            if category not in without:
                found[Part(int(home) if home else None, category)].add(int(tip_id))
    return {part: len(ids) for part, ids in found.items()}
