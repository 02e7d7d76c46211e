"""What a square of the map is called: the place everybody knows nearest to its middle, and the neighbourhood."""

import math
from dataclasses import dataclass

from handlers.ward_book import Landmark, WardBook
from storage.places import beside, cell_of, square_of

_HOME_WITHIN = 0.0135  # Degrees of latitude, 1,500 m; what lies farther from every neighbourhood is none of the ward's.
_MOST_KNOWN = 4096
_RANK = {"landmark": 0, "street": 1, "alley": 1}


@dataclass(frozen=True, slots=True)
class Near:
    """Either may be empty."""

    mark: str
    home: str


class Names:
    """Looks only into the squares around, so that thousands of names cost no more than a few."""

    def __init__(self, book: WardBook) -> None:
        self.book = book
        self._known: dict[str, Near] = {}
        self._marks: dict[str, list[tuple[int, float, float, Landmark]]] = {}
        for mark in book.landmarks:
            if mark.latitude is not None and mark.longitude is not None:
                cell = cell_of(mark.latitude, mark.longitude, "")
                self._marks.setdefault(cell, []).append((_RANK[mark.kind], mark.latitude, mark.longitude, mark))
        self._homes = [
            (home.latitude, home.longitude, home.name)
            for home in book.neighbourhoods
            if home.latitude is not None and home.longitude is not None
        ]

    def of(self, cell: str) -> Near:
        known = self._known.get(cell)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[cell] = self._look(cell)
        return known

    def _look(self, cell: str) -> Near:
        square = square_of(cell)
        if square is None:
            return Near("", "")
        latitude, longitude = square.middle
        narrow = math.cos(math.radians(latitude))

        def far(north: float, east: float) -> float:
            """The square of the distance, in degrees of latitude."""
            return float((north - latitude) ** 2 + ((east - longitude) * narrow) ** 2)

        near = [] if cell.startswith("c") else [mark for around in beside(cell) for mark in self._marks.get(around, ())]
        mark = min(near, key=lambda one: (one[0], far(one[1], one[2]), one[3].name))[3] if near else None
        inside = self.book.neighbourhood(mark.neighbourhood_id) if mark else None
        if inside is None:
            distance, home = min(((far(north, east), name) for north, east, name in self._homes), default=(math.inf, ""))
        else:
            distance, home = 0.0, inside.name
        return Near(mark.name if mark else "", home if distance <= _HOME_WITHIN**2 else "")


_newest: Names | None = None


def names_of(book: WardBook) -> Names:
    """Put together once for a book: it stays the same until somebody changes the ward."""
    global _newest
    if _newest is None or _newest.book is not book:
        _newest = Names(book)
    return _newest
