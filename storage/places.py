"""How exactly a place may stand in clear: a square of about two hundred metres, of a kilometre where a home would show."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_FINE_DEGREES = 0.002
_COARSER = 5  # So many fine squares in a row make a coarse one.
# Violence in a family and harm to a child happen at home: a square of two hundred metres would name the house.
HOME_CATEGORIES = frozenset({"BL", "TE"})


def cell_of(latitude: float | None, longitude: float | None, category: str) -> str:
    if latitude is None or longitude is None:
        return ""
    return coarsened(f"f{math.floor(latitude / _FINE_DEGREES)}:{math.floor(longitude / _FINE_DEGREES)}", category)


def coarsened(cell: str, category: str) -> str:
    """The same square, or the larger one around it; what was made coarse is never made fine again."""
    if category not in HOME_CATEGORIES or not cell.startswith("f"):
        return cell
    north, _, east = cell[1:].partition(":")
    return f"c{int(north) // _COARSER}:{int(east) // _COARSER}"


@dataclass(frozen=True, slots=True)
class Square:
    """What a cell covers, in degrees."""

    south: float
    west: float
    north: float
    east: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.south + self.north) / 2, (self.west + self.east) / 2

    def meets(self, other: "Square") -> bool:
        return self.south <= other.north and other.south <= self.north and self.west <= other.east and other.west <= self.east

    def holds(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


_CELL = re.compile(r"([fc])(-?\d{1,6}):(-?\d{1,6})", re.ASCII)


@lru_cache(maxsize=4096)  # A ward has some hundreds.
def square_of(cell: str) -> Square | None:
    """None for what is no cell of ours."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    size = _FINE_DEGREES * (_COARSER if found[1] == "c" else 1)
    north, east = int(found[2]), int(found[3])
    return Square(*(round(number * size, 6) for number in (north, east, north + 1, east + 1)))


def beside(cell: str) -> list[str]:
    """The square itself and the eight around it."""
    north, _, east = cell[1:].partition(":")
    return [f"{cell[0]}{int(north) + up}:{int(east) + right}" for up in (-1, 0, 1) for right in (-1, 0, 1)]
