"""Borders from a file: whose they are, every mistake by its place, and what stands around a square of the map."""

import json
from typing import Any

import pytest

from admin.pages.borders import drawing
from handlers.border_files import Area, Ring, crosses_itself, read_borders, written
from handlers.gazetteer_files import Mistakes
from handlers.insight.hot_spots import HotSpot, hot_spots
from handlers.near import Names, Near
from handlers.ward_book import Landmark, Neighbourhood, WardBook
from storage.places import cell_of
from storage.queries.gazetteer import PlaceRow

HOMES = [
    PlaceRow(id=5, kind="neighbourhood", name="Tổ dân phố số 5"),
    PlaceRow(id=6, kind="neighbourhood", name="Tổ dân phố số 6"),
    PlaceRow(id=7, kind="neighbourhood", name="Khu phố Đông"),
    PlaceRow(id=8, kind="neighbourhood", name="Tổ dân phố số 8", ended_at=1),
    PlaceRow(id=9, kind="street", name="Lê Lợi"),
]
RING = [[106.6, 20.8], [106.7, 20.8], [106.7, 20.9], [106.6, 20.9], [106.6, 20.8]]


def feature(name: str | None, ring: Any = RING, *, kind: str = "Polygon", **said: str) -> dict[str, Any]:
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    return {"type": "Feature", "properties": {"tên": name, **said}, "geometry": {"type": kind, "coordinates": coordinates}}


def file_of(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def wrong_in(*features: Any) -> list[tuple[int, str]]:
    with pytest.raises(Mistakes) as mistakes:
        read_borders(file_of(*features), HOMES, ward="Hồng Bàng")
    return [(one.line, one.key) for one in mistakes.value.wrong]


def test_areas_find_their_neighbourhood_however_it_is_written_and_the_rest_is_named() -> None:
    features = [
        feature("TDP 5"),
        feature("6", kind="MultiPolygon"),
        feature("Tổ 8"),
        feature(None),
        feature("Lê Lợi"),
        feature("P. X", loại="phường"),
    ]
    read = read_borders(file_of(*features), HOMES, ward="Hồng Bàng")

    assert [area.home for area in read.areas] == [5, 6, None]
    assert (read.unknown, read.missing) == (("Tổ 8", "", "Lê Lợi"), ("Khu phố Đông",))
    assert read.areas[0].shape == [[[(x, y) for x, y in RING]]]
    assert [area.home for area in read_borders(file_of(feature("Phường HỒNG BÀNG")), HOMES, ward="Hồng Bàng").areas] == [None]


def test_what_the_preview_hands_on_reads_the_same() -> None:
    areas = [
        Area(name="Tổ dân phố số 5", home=5, shape=[[[(x, y) for x, y in RING]]]),
        Area(name="", home=None, shape=[[[(x, y) for x, y in RING]]]),
    ]

    assert list(read_borders(written(areas).encode(), HOMES, ward="").areas) == areas


@pytest.mark.parametrize(
    ("ring", "key"),
    [
        (RING[:-1], "border-wrong-open"),
        ([RING[0], RING[2], RING[0]], "border-wrong-open"),
        ([RING[0], RING[2], RING[1], RING[3], RING[0]], "border-wrong-crosses"),
        ([RING[0], RING[1], RING[0], RING[1], RING[0]], "border-wrong-flat"),
        ([[y, x] for x, y in RING], "places-wrong-swapped"),
        ([[x + 20, y] for x, y in RING], "border-wrong-far"),
        ([["a", "b"], *RING], "border-wrong-corner"),
        ([[float("nan"), 20.8], *RING], "border-wrong-corner"),
        (None, "border-wrong-corner"),
        ([], "border-wrong-open"),
        ([RING[0]] * 4001 + RING, "border-wrong-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_faulty_area_is_named_with_its_place(ring: Any, key: str) -> None:
    assert wrong_in(feature("Tổ 6"), feature("Tổ 5", ring)) == [(2, key)]


def test_other_mistakes_of_a_file() -> None:
    assert wrong_in(feature("Tổ 5"), feature("TDP số 5"), {"type": "Point"}) == [(2, "border-wrong-twice"), (3, "places-wrong-feature")]
    assert wrong_in(feature("Tổ 5") | {"geometry": {"type": "Point", "coordinates": [106.6, 20.8]}}) == [(1, "border-wrong-kind")]
    assert wrong_in(feature("Tổ 5") | {"geometry": None}) == [(1, "border-wrong-kind")]
    assert wrong_in() == [(0, "border-wrong-empty")]
    assert wrong_in(*[feature("Tổ 5")] * 201) == [(0, "border-wrong-many")]
    for content, key in ((b'{"a', "places-wrong-json"), (b"\xff\x00", "places-wrong-alphabet"), (b"x" * 800_000, "places-wrong-too-big")):
        with pytest.raises(Mistakes) as mistakes:
            read_borders(content, HOMES, ward="")
        assert [one.key for one in mistakes.value.wrong] == [key]


def test_a_ring_that_only_touches_itself_does_not_cross() -> None:
    bow: Ring = [(106.0, 20.0), (106.2, 20.2), (106.4, 20.0), (106.4, 20.4), (106.2, 20.2), (106.0, 20.4), (106.0, 20.0)]

    assert not crosses_itself(bow)
    assert crosses_itself([(106.0, 20.0), (106.2, 20.2), (106.2, 20.0), (106.0, 20.2), (106.0, 20.0)])


def test_borders_are_drawn_with_north_up() -> None:
    drawn = drawing([("Tổ 5", 5, [[[(106.0, 20.0), (106.1, 20.0), (106.1, 20.2), (106.0, 20.0)]]])])

    assert (drawn.height, drawn.paths) == (600, (("Tổ 5", False, "M0.0 600.0L281.7 600.0L281.7 0.0L0.0 600.0Z"),))


def test_clearly_more_than_before_and_not_by_chance() -> None:
    now = {"a": 12, "b": 5, "c": 4, "d": 30, "e": 1001, "f": 7, "": 99, "g": 6}
    before = {"a": 4, "b": 0, "d": 16, "e": 1001, "f": 3, "g": 3}

    assert hot_spots(now, before) == [HotSpot(cell="a", now=12, before=4), HotSpot(cell="b", now=5, before=0)]
    assert HotSpot(cell="a", now=12, before=4).times == 3


def test_a_square_is_called_by_what_is_near() -> None:
    homes = (Neighbourhood(id=5, name="Tổ 5", latitude=20.8449, longitude=106.6881), Neighbourhood(id=6, name="Tổ 6"))
    marks = (
        Landmark(kind="street", name="Lê Lợi", latitude=20.8451, longitude=106.6891),
        Landmark(kind="landmark", name="Chợ Hàng", latitude=20.8451, longitude=106.6905, neighbourhood_id=6),
        Landmark(kind="landmark", name="Đền", latitude=20.90, longitude=106.70),
        Landmark(kind="alley", name="Ngõ 1"),
    )
    names = Names(WardBook(neighbourhoods=homes, landmarks=marks))

    assert names.of(cell_of(20.8451, 106.6890, "TC")) == Near("Chợ Hàng", "Tổ 6")
    assert names.of(cell_of(20.8401, 106.6881, "TC")) == Near("", "Tổ 5")
    assert names.of(cell_of(20.8451, 106.6890, "BL")) == Near("", "Tổ 5")  # A square of a kilometre is near to no market.
    assert names.of(cell_of(20.9001, 106.7001, "TC")) == Near("Đền", "")
    assert names.of("") == Near("", "")
