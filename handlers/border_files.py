"""Borders as somebody prepared them: a GeoJSON file of areas, each with the name of a neighbourhood, or of the ward itself.

Every mistake is named with its place in the file. What bears a name that the map does not know is no mistake: it is left out, and said.
"""

import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.cleaning import clean
from handlers.gazetteer import key_of
from handlers.gazetteer_files import Mistakes, Wrong, column_of, is_in_the_country, text_of
from storage.queries.borders import Shape
from storage.queries.gazetteer import PlaceRow
from storage.search import fold

MOST_AREAS = 200
MOST_CORNERS = 20_000  # Of the whole file.
MOST_OF_ONE = 4_000  # Of one ring: whether it crosses itself is looked at pair by pair.
_DIGITS = 5  # About a metre.
_WARDS = ("ward", "commune", "phuong", "xa", "thi tran", "dac khu")
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of the file. `home` is the neighbourhood's id; None: the ward itself."""

    name: str
    home: int | None
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    areas: tuple[Area, ...]
    unknown: tuple[str, ...]  # Names that are none of ours; "" where there is no name.
    missing: tuple[str, ...]  # Neighbourhoods the file says nothing of.


def read_borders(content: bytes, homes: Sequence[PlaceRow], *, ward: str) -> Read:
    """All of it, or `Mistakes` with everything that is wrong."""
    names = _Names([row for row in homes if row.kind == "neighbourhood" and row.ended_at is None], ward)
    areas: list[Area] = []
    unknown: list[str] = []
    wrong: list[Wrong] = []
    seen: dict[int | None, int] = {}
    for number, feature in enumerate(_features(text_of(content)), 1):
        try:
            name, kind, shape = _area_of(number, feature)
        except Mistakes as mistakes:
            wrong += mistakes.wrong
            continue
        is_known, home = names.find(name, kind)
        if not is_known:
            unknown.append(name)
        elif home in seen:
            wrong.append(Wrong(number, "border-wrong-twice", {"name": name, "line": seen[home]}, is_feature=True))
        else:
            seen[home] = number
            areas.append(Area(name=name, home=home, shape=shape))
    if sum(len(ring) for area in areas for polygon in area.shape for ring in polygon) > MOST_CORNERS:
        wrong.append(Wrong(0, "border-wrong-corners", {"most": MOST_CORNERS}))
    if wrong:
        raise Mistakes(wrong)
    return Read(areas=tuple(areas), unknown=tuple(unknown), missing=tuple(name for home, name in names.all() if home not in seen))


def written(areas: Sequence[Area]) -> str:
    """As a file that reads as these: what the page carries from the preview to the press."""
    return json.dumps(collection([(area.name, area.home, area.shape) for area in areas]), ensure_ascii=False, separators=(",", ":"))


def collection(areas: Sequence[tuple[str, int | None, Shape]]) -> dict[str, Any]:
    """GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": name, "kind": "ward" if home is None else "neighbourhood"},
                "geometry": {"type": "MultiPolygon", "coordinates": shape},
            }
            for name, home, shape in areas
        ],
    }


class _Names:
    """Which neighbourhood is meant: "TDP 5" as well as "Tổ dân phố số 5", and "5" where one alone has that number."""

    def __init__(self, homes: Sequence[PlaceRow], ward: str) -> None:
        self._homes, self._ward = homes, _bare_ward(ward)
        self._by_key = {key_of("neighbourhood", row.name): row.id for row in homes}
        self._bare: dict[str, list[int]] = {}
        for key, home in self._by_key.items():
            self._bare.setdefault(key.split(" ", 1)[-1], []).append(home)

    def all(self) -> Iterator[tuple[int, str]]:
        return ((row.id, row.name) for row in self._homes)

    def find(self, name: str, kind: str) -> tuple[bool, int | None]:
        """Whether it is one of ours, and which."""
        if kind in _WARDS:
            return True, None
        home = self._by_key.get(key_of("neighbourhood", name)) if name else None
        if home is None and name:
            fitting = self._bare.get(key_of("", name), [])
            home = fitting[0] if len(fitting) == 1 else None
        if home is None and self._ward and _bare_ward(name) == self._ward:
            return True, None
        return home is not None, home


def _bare_ward(name: str) -> str:
    plain = " ".join(fold(name).split())
    for word in _WARDS[2:]:
        plain = plain.removeprefix(f"{word} ")
    return plain


# -- the file ------------------------------------------------------------------------------------------------------------------


def _features(text: str) -> list[Any]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise Mistakes([Wrong(error.lineno, "places-wrong-json")]) from None
    except (RecursionError, ValueError):
        raise Mistakes([Wrong(0, "places-wrong-json")]) from None
    found = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else [whole]
    if not isinstance(found, list) or not found:
        raise Mistakes([Wrong(0, "border-wrong-empty")])
    if len(found) > MOST_AREAS:
        raise Mistakes([Wrong(0, "border-wrong-many", {"most": MOST_AREAS})])
    return found


def _area_of(number: int, feature: Any) -> tuple[str, str, Shape]:
    def wrong(key: str, **values: Any) -> Mistakes:
        return Mistakes([Wrong(number, key, values, is_feature=True)])

    properties = feature.get("properties") if isinstance(feature, dict) and feature.get("type") == "Feature" else None
    if not isinstance(properties, dict):
        raise wrong("places-wrong-feature")
    said = {
        column: " ".join(clean(str(value)).split()) for key, value in properties.items() if value is not None and (column := column_of(key))
    }
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise wrong("border-wrong-kind")
    coordinates: Any = geometry.get("coordinates")
    polygons: Any = [coordinates] if kind == "Polygon" else coordinates
    try:
        shape = [[_ring(ring) for ring in polygon] for polygon in polygons]
    except _BadRing as bad:
        raise wrong(bad.key) from None
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise wrong("border-wrong-corner") from None
    if not shape or not all(shape):
        raise wrong("border-wrong-corner")
    return (said.get("name") or said.get("neighbourhood", ""))[:100], " ".join(fold(said.get("kind", "")).split()), shape


class _BadRing(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _ring(given: Any) -> Ring:
    corners = [(float(corner[0]), float(corner[1])) for corner in given]
    if not all(math.isfinite(number) for corner in corners for number in corner):
        raise ValueError
    if not all(is_in_the_country(north, east) for east, north in corners):
        is_swapped = all(is_in_the_country(east, north) for east, north in corners)
        raise _BadRing("places-wrong-swapped" if is_swapped else "border-wrong-far")
    if len(corners) > MOST_OF_ONE:
        raise _BadRing("border-wrong-long")
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise _BadRing("border-wrong-open")
    rounded = [(round(east, _DIGITS), round(north, _DIGITS)) for east, north in corners]
    ring = [corner for corner, _group in itertools.groupby(rounded)]
    if len(ring) < 4:
        raise _BadRing("border-wrong-flat")
    if crosses_itself(ring):
        raise _BadRing("border-wrong-crosses")
    if not _doubled_area(ring):
        raise _BadRing("border-wrong-flat")
    return ring


def _doubled_area(ring: Ring) -> float:
    east, north = ring[0]
    moved = [(x - east, y - north) for x, y in ring]
    return round(sum(one[0] * other[1] - other[0] * one[1] for one, other in itertools.pairwise(moved)), 12)


def crosses_itself(ring: Ring) -> bool:
    """Whether two of its sides cross; to touch is no crossing. Sides are looked at from west to east, and only with those they overlap."""
    sides = sorted((min(one[0], other[0]), max(one[0], other[0]), one, other) for one, other in itertools.pairwise(ring))
    open_sides: list[tuple[float, float, tuple[float, float], tuple[float, float]]] = []
    for side in sides:
        west, _east, one, other = side
        open_sides = [known for known in open_sides if known[1] >= west]
        if any(_cross(one, other, known[2], known[3]) for known in open_sides):
            return True
        open_sides.append(side)
    return False


def _cross(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> int:
    """On which side of a→b lies c; in whole units of the rounding, so that nothing is lost."""
    (ax, ay), (bx, by), (cx, cy) = (_whole(point) for point in (a, b, c))
    value = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return (value > 0) - (value < 0)


def _whole(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0] * 10**_DIGITS), round(point[1] * 10**_DIGITS)
