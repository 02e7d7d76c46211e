"""Squares of the map with clearly more tips than in the same time before."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.queries.tip_map import COUNT_MOST

LEAST = 5  # Fewer are chance.
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HotSpot:
    cell: str
    now: int
    before: int

    @property
    def times(self) -> int:
        """How many times as many, rounded down; 0 where there was nothing to compare with."""
        return self.now // self.before if self.before else 0


def hot_spots(now: Mapping[str, int], before: Mapping[str, int]) -> list[HotSpot]:
    """At least twice as many, and more than chance makes of it: two standard deviations of the difference. The greatest surplus first.
    What is counted no further than a thousand is compared with nothing of that size."""
    found = [
        HotSpot(cell=cell, now=number, before=before.get(cell, 0))
        for cell, number in now.items()
        if cell and _is_clear(number, before.get(cell, 0))
    ]
    return sorted(found, key=lambda spot: (spot.before - spot.now, spot.cell))[:SHOWN]


def _is_clear(now: int, before: int) -> bool:
    return before <= COUNT_MOST and now >= LEAST and now >= 2 * before and (now - before) ** 2 >= 4 * (now + before)
