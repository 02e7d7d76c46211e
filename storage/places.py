"""How exactly a place may stand in clear: a square of about two hundred metres, of a kilometre where a home would show."""

import math

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
