"""What a square of the map is called: the place everybody knows nearest to its middle, and the neighbourhood."""

import math
from dataclasses import dataclass

from handlers.ward_book import Landmark, WardBook
from storage.places import Square, cell_of, square_of

_AROUND = tuple((north, east) for north in (-1, 0, 1) for east in (-1, 0, 1))
_HOME_WITHIN = 1_500  # Metres; what lies farther from every neighbourhood is none of the ward's.
_RANK = {"landmark": 0, "street": 1, "alley": 1}


@dataclass(frozen=True, slots=True)
class Near:
    """Either may be empty."""

    mark: str
    home: str


class Names:
    """Looks only into the squares around, so that thousands of names cost no more than a few."""

    def __init__(self, book: WardBook) -> None:
        self._book = book
        self._marks: dict[str, list[Landmark]] = {}
        for mark in book.landmarks:
            if cell := cell_of(mark.latitude, mark.longitude, ""):
                self._marks.setdefault(cell, []).append(mark)

    def of(self, cell: str) -> Near:
        square = square_of(cell)
        if square is None:
            return Near("", "")
        mark = None if cell.startswith("c") else self._mark(square)
        inside = self._book.neighbourhood(mark.neighbourhood_id) if mark else None
        return Near(mark.name if mark else "", inside.name if inside else self._home(square))

    def _mark(self, square: Square) -> Landmark | None:
        latitude, longitude = square.middle
        size = square.north - square.south
        around = [cell_of(latitude + north * size, longitude + east * size, "") for north, east in _AROUND]
        near = [mark for cell in around for mark in self._marks.get(cell, ())]
        return min(near, key=lambda mark: (_RANK[mark.kind], _metres(square, mark.latitude, mark.longitude), mark.name), default=None)

    def _home(self, square: Square) -> str:
        homes = [(_metres(square, home.latitude, home.longitude), home.name) for home in self._book.neighbourhoods]
        metres, name = min(homes, default=(math.inf, ""))
        return name if metres <= _HOME_WITHIN else ""


def _metres(square: Square, latitude: float | None, longitude: float | None) -> float:
    if latitude is None or longitude is None:
        return math.inf
    south, west = square.middle
    return math.hypot(latitude - south, (longitude - west) * math.cos(math.radians(latitude))) * 111_200
