"""A map that somebody prepared: CSV as Excel writes it, or GeoJSON. Every mistake is named with its line; nothing is decided here.

Columns (any order, Vietnamese or English): kind, name, neighbourhood, latitude, longitude.
"""

import csv
import io
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.cleaning import clean
from storage.search import fold

MOST_BYTES = 700_000
MOST_PLACES = 2_000
MOST_NAME = 100
_COLUMNS = {
    "kind": "kind|loai|loai noi|type",
    "name": "name|ten|ten noi|ten goi",
    "neighbourhood": "neighbourhood|neighborhood|to dan pho|to|tdp|khu pho|kp|thon|khu vuc|thuoc to|thuoc",
    "latitude": "latitude|lat|vi do",
    "longitude": "longitude|lon|lng|long|kinh do",
}
_KINDS = {
    "neighbourhood": "neighbourhood|neighborhood|to dan pho|to|tdp|khu pho|kp|thon|ap|xom|khu|khu vuc",
    "street": "street|duong|pho|duong pho",
    "alley": "alley|ngo|ngach|hem|kiet",
    "landmark": "landmark|dia diem|moc|noi|noi ai cung biet|diem moc|cong trinh",
}
_COLUMN_OF = {word: column for column, words in _COLUMNS.items() for word in words.split("|")}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split("|")}
# The country with its seas: a slip of a digit lands outside, and latitude and longitude cannot be mistaken for one another.
_NORTH, _EAST = (6.0, 24.0), (102.0, 118.0)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something to put right; `key` is its sentence. Line 0 is the file as a whole."""

    line: int
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    is_feature: bool = False  # The n-th part of a GeoJSON file rather than a line.


class Mistakes(Exception):
    def __init__(self, wrong: Sequence[Wrong], good: "Sequence[Entry]" = ()) -> None:
        super().__init__(len(wrong))
        self.wrong = tuple(wrong)
        self.good = tuple(good)  # What could be read all the same: it may hold mistakes of another kind.


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the file."""

    line: int
    kind: str
    name: str
    neighbourhood: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_feature: bool = False


def read_file(content: bytes) -> list[Entry]:
    """All of it, or `Mistakes` with everything that is wrong."""
    text = text_of(content)
    is_json = text.lstrip()[:1] == "{"
    entries: list[Entry] = []
    wrong: list[Wrong] = []
    for found in _of_geojson(text) if is_json else _of_csv(text):
        if isinstance(found, Entry):
            entries.append(found)
        else:
            wrong.append(found)
        if len(entries) + len(wrong) > MOST_PLACES:
            raise Mistakes([Wrong(0, "places-wrong-too-many", {"most": MOST_PLACES})])
    if wrong:
        raise Mistakes(wrong, entries)
    if not entries:
        raise Mistakes([Wrong(0, "places-wrong-empty")])
    return entries


def read_names(content: bytes) -> list[Entry]:
    """Neighbourhoods alone, a name a line, as somebody types them into a field."""
    entries: list[Entry] = []
    wrong: list[Wrong] = []
    for line, name in enumerate(text_of(content).splitlines(), 1):
        if name.strip():
            try:
                entries.append(checked_entry(line, "neighbourhood", name, "", None, None))
            except Mistakes as mistakes:
                wrong += mistakes.wrong
    if wrong or not entries:
        raise Mistakes(wrong or [Wrong(0, "places-wrong-empty")], entries)
    return entries


def text_of(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Mistakes([Wrong(0, "places-wrong-too-big", {"most": MOST_BYTES // 1000})])
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Mistakes([Wrong(0, "places-wrong-excel")])
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        # Windows-1258, or any other old alphabet: guessing would write names wrong for ever.
        raise Mistakes([Wrong(0, "places-wrong-alphabet")]) from None
    if "\x00" in text:
        raise Mistakes([Wrong(0, "places-wrong-alphabet")])
    return text


# -- CSV -----------------------------------------------------------------------------------------------------------------------


def _of_csv(text: str) -> Iterator[Entry | Wrong]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    if first.lower().startswith("sep="):  # Excel's own hint.
        text = text.lstrip("\r\n").split("\n", 1)[1] if "\n" in text else ""
        first = text.split("\n", 1)[0]
    between = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    columns: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            row = [clean(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield Wrong(line, "places-wrong-quotes")
            return
        if not any(row):
            continue
        if columns is not None:
            yield _of_row(line, dict(zip(columns, row, strict=False)))
            continue
        columns = [_COLUMN_OF.get(_folded(cell), "") for cell in row]
        missing = [name for name in ("kind", "name") if name not in columns]
        if missing:
            yield Wrong(line, "places-wrong-columns", {"missing": ", ".join(missing)})
            return
        twice = [name for name in _COLUMNS if columns.count(name) > 1]
        if twice:
            yield Wrong(line, "places-wrong-column-twice", {"name": twice[0]})
            return


def _of_row(line: int, cells: dict[str, str]) -> Entry | Wrong:
    try:
        latitude, longitude = _degrees(line, cells.get("latitude", "")), _degrees(line, cells.get("longitude", ""))
        return checked_entry(line, cells.get("kind", ""), cells.get("name", ""), cells.get("neighbourhood", ""), latitude, longitude)
    except Mistakes as mistakes:
        return mistakes.wrong[0]


def _degrees(line: int, typed: str) -> float | None:
    """20.8449, or 20,8449 as Excel writes it here."""
    plain = typed.replace(" ", "").replace(",", ".")
    if not plain:
        return None
    try:
        return float(plain)
    except ValueError:
        raise Mistakes([Wrong(line, "places-wrong-number", {"typed": typed[:30]})]) from None


def column_of(key: Any) -> str:
    """What a property of a GeoJSON file is about, as one of our columns; empty where it is none."""
    return _COLUMN_OF.get(_folded(str(key)), "")


def _folded(cell: str) -> str:
    return " ".join(fold(cell).replace("_", " ").split())


# -- GeoJSON -------------------------------------------------------------------------------------------------------------------


def _of_geojson(text: str) -> Iterator[Entry | Wrong]:
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        yield Wrong(error.lineno, "places-wrong-json")
        return
    except (RecursionError, ValueError):
        yield Wrong(0, "places-wrong-json")
        return
    features = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole]
    if not isinstance(features, list):
        yield Wrong(0, "places-wrong-json")
        return
    for place, feature in enumerate(features, 1):
        yield _of_feature(place, feature)


def _of_feature(place: int, feature: Any) -> Entry | Wrong:
    properties = feature.get("properties") if isinstance(feature, dict) and feature.get("type") == "Feature" else None
    if not isinstance(properties, dict):
        return Wrong(place, "places-wrong-feature", is_feature=True)
    said = {column: clean(str(value)) for key, value in properties.items() if value is not None and (column := column_of(key))}
    geometry = feature.get("geometry")
    point = (None, None) if geometry is None else _centre(geometry)
    if point is None:
        return Wrong(place, "places-wrong-geometry", is_feature=True)
    try:
        return checked_entry(place, said.get("kind", ""), said.get("name", ""), said.get("neighbourhood", ""), *point, is_feature=True)
    except Mistakes as mistakes:
        return mistakes.wrong[0]


def _centre(geometry: Any) -> tuple[float, float] | None:
    """(latitude, longitude): a point; the middle of a line's way; the centre of an area. Of several the largest."""
    if not isinstance(geometry, dict):
        return None
    kind, coordinates = geometry.get("type"), geometry.get("coordinates", [])
    try:
        match kind:
            case "Point":
                [east, north] = _points([coordinates])[0]
                return north, east
            case "LineString":
                return _middle(_points(coordinates))
            case "MultiLineString":
                return _middle(max((_points(part) for part in coordinates), key=_way))
            case "Polygon":
                return _balance(_points(coordinates[0]))
            case "MultiPolygon":
                return _balance(max((_points(part[0]) for part in coordinates), key=lambda ring: abs(_area(ring))))
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None
    return None


_Points = list[tuple[float, float]]


def _points(coordinates: Any) -> _Points:
    points = [(float(point[0]), float(point[1])) for point in coordinates]
    if not points or not all(math.isfinite(number) for point in points for number in point):
        raise ValueError
    return points


def _way(points: _Points) -> float:
    return sum(math.dist(one, other) for one, other in itertools.pairwise(points))


def _middle(points: _Points) -> tuple[float, float]:
    left = _way(points) / 2
    for one, other in itertools.pairwise(points):
        step = math.dist(one, other)
        if step and left <= step:
            share = left / step
            return one[1] + (other[1] - one[1]) * share, one[0] + (other[0] - one[0]) * share
        left -= step
    return points[0][1], points[0][0]


def _area(ring: _Points) -> float:
    """Around its first corner: far from zero a small area drowns in rounding."""
    east, north = ring[0]
    moved = [(x - east, y - north) for x, y in ring]
    return sum(one[0] * other[1] - other[0] * one[1] for one, other in zip(moved, [*moved[1:], moved[0]], strict=True)) / 2


def _balance(ring: _Points) -> tuple[float, float]:
    area, (east, north) = _area(ring), ring[0]
    if not area:
        return _middle(ring)
    moved = [(x - east, y - north) for x, y in ring]
    pairs = [(one, other, one[0] * other[1] - other[0] * one[1]) for one, other in zip(moved, [*moved[1:], moved[0]], strict=True)]
    right = sum((one[0] + other[0]) * cross for one, other, cross in pairs) / (6 * area)
    up = sum((one[1] + other[1]) * cross for one, other, cross in pairs) / (6 * area)
    return north + up, east + right


# -- what every place must be --------------------------------------------------------------------------------------------------


def checked_entry(
    line: int, kind: str, name: str, neighbourhood: str, latitude: float | None, longitude: float | None, *, is_feature: bool = False
) -> Entry:
    """One place, or `Mistakes` with the one thing to put right first."""

    def wrong(key: str, **values: Any) -> Mistakes:
        return Mistakes([Wrong(line, key, values, is_feature)])

    name, neighbourhood = " ".join(clean(name).split()), " ".join(clean(neighbourhood).split())
    known = _KIND_OF.get(_folded(kind))
    if known is None:
        raise wrong("places-wrong-kind", typed=kind[:30]) if kind.strip() else wrong("places-wrong-no-kind")
    if not any(sign.isalnum() for sign in name):
        raise wrong("places-wrong-no-name")
    if len(name) > MOST_NAME:
        raise wrong("places-wrong-long-name", most=MOST_NAME)
    if (latitude is None) != (longitude is None):
        raise wrong("places-wrong-half-place")
    if latitude is not None and longitude is not None:
        if _lies(longitude, _NORTH) and _lies(latitude, _EAST):
            raise wrong("places-wrong-swapped")
        if not is_in_the_country(latitude, longitude):
            raise wrong("places-wrong-far")
    return Entry(
        line=line, kind=known, name=name, neighbourhood=neighbourhood, latitude=latitude, longitude=longitude, is_feature=is_feature
    )


def is_in_the_country(latitude: float, longitude: float) -> bool:
    return _lies(latitude, _NORTH) and _lies(longitude, _EAST)


def _lies(number: float, between: tuple[float, float]) -> bool:
    return between[0] <= number <= between[1]
