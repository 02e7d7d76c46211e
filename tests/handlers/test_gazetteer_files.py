"""Maps that people prepare: what is read of them, and how every mistake is named."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.gazetteer_files import MOST_BYTES, MOST_PLACES, Entry, Mistakes, read_file

MARKET = Entry(line=2, kind="landmark", name="Chợ Hàng", neighbourhood="Tổ 5", latitude=20.85, longitude=106.68)


def wrong_of(content: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(Mistakes) as raised:
        read_file(content.encode() if isinstance(content, str) else content)
    return [(one.line, one.key.removeprefix("places-wrong-")) for one in raised.value.wrong]


def geojson(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "Chợ Hàng", "kind": "landmark", **properties}, "geometry": geometry}


@pytest.mark.parametrize(
    "content",
    [
        b"kind,name,neighbourhood,latitude,longitude\nlandmark,Ch\xe1\xbb\xa3 H\xc3\xa0ng,T\xe1\xbb\x95 5,20.85,106.68\n",
        "kind,name,neighbourhood,latitude,longitude\r\nlandmark,Chợ Hàng,Tổ 5,20.85,106.68\r\n".encode("utf-8-sig"),
        "Loại;Tên;Tổ dân phố;Vĩ độ;Kinh độ\nđịa điểm;Chợ Hàng;Tổ 5;20,85;106,68".encode(),
        "sep=;\nten;loai;to;lat;lon\nChợ Hàng;Nơi;Tổ 5;20,85;106,68".encode()[6:],
        "Tên\tLoại\tTổ\tVĩ độ\tKinh độ\nChợ Hàng\tmốc\tTổ 5\t20.85\t106.68\n".encode("utf-16"),
        'KIND,"Name",Neighbourhood,Lat,Lng,Note\nLandmark,"  Chợ   Hàng ",Tổ 5,20.85,106.68,"một, hai"\n'.encode(),
    ],
    ids=["plain", "excel with mark", "semicolons and commas", "other order", "excel's unicode text", "quotes and more columns"],
)
def test_every_way_a_table_is_saved_is_read(content: bytes) -> None:
    assert read_file(content) == [MARKET]


def test_excels_own_hint_and_empty_lines_keep_the_count_of_lines_close() -> None:
    assert [entry.name for entry in read_file("sep=;\nkind;name\nstreet;Lê Lợi\n;\nđường;Trần Phú\n".encode())] == ["Lê Lợi", "Trần Phú"]


def test_every_mistake_is_named_with_its_line() -> None:
    table = """kind,name,neighbourhood,latitude,longitude
street,Lê Lợi,,,
streat,Trần Phú,,,
,Trần Phú,,,
street,,,,
street,Trần Phú,,20.8,
street,Trần Phú,,106.68,20.85
street,Trần Phú,,2.085,106.68
street,Trần Phú,,hai mươi,106.68
street,Trần Phú,,nan,106.68
street,-,,,
street,{long},,,
""".format(long="x" * 101)

    assert wrong_of(table) == [
        (3, "kind"),
        (4, "no-kind"),
        (5, "no-name"),
        (6, "half-place"),
        (7, "swapped"),
        (8, "far"),
        (9, "number"),
        (10, "far"),
        (11, "no-name"),
        (12, "long-name"),
    ]


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        ("", "empty", 0),
        ("kind,name\n", "empty", 0),
        ("name,latitude\nA,1\n", "columns", 1),
        ("kind,name,tên\nstreet,A,B\n", "column-twice", 1),
        ('kind,name\nstreet,"Lê Lợi\nstreet,Trần Phú\n', "quotes", 2),
        ("kind,name\nđường,Lê Lợi\n".encode("cp1258", "replace").replace(b"?", b"\xea"), "alphabet", 0),
        (b"kind,name\nstreet,A\x00B\n", "alphabet", 0),
        (b"PK\x03\x04rest of an xlsx", "excel", 0),
        (b"a" * (MOST_BYTES + 1), "too-big", 0),
        ("kind,name\n" + "street,A\n" * (MOST_PLACES + 1), "too-many", 0),
        ('{"type": "FeatureCollection",\n "features": [}', "json", 2),
        ('{"type": "FeatureCollection", "features": 5}', "json", 0),
        ("[" * 5, "columns", 1),
        ('{"a":' * 100_000, "json", 0),
    ],
)
def test_a_file_that_is_none_gets_one_clear_sentence(content: str | bytes, key: str, line: int) -> None:
    assert wrong_of(content) == [(line, key)]


@pytest.mark.parametrize(
    ("geometry", "point"),
    [
        ({"type": "Point", "coordinates": [106.68, 20.85, 7]}, (20.85, 106.68)),
        ({"type": "LineString", "coordinates": [[106.0, 20.0], [106.0, 20.2], [106.0, 21.0]]}, (20.5, 106.0)),
        ({"type": "LineString", "coordinates": [[106.0, 20.0], [106.0, 20.0]]}, (20.0, 106.0)),
        ({"type": "MultiLineString", "coordinates": [[[107, 20], [107, 20.1]], [[106, 20], [106, 21]]]}, (20.5, 106.0)),
        ({"type": "Polygon", "coordinates": [[[106, 20], [107, 20], [107, 21], [106, 21], [106, 20]]]}, (20.5, 106.5)),
        ({"type": "MultiPolygon", "coordinates": [[[[106, 20], [108, 20], [108, 22], [106, 22], [106, 20]]]]}, (21.0, 107.0)),
        (None, (None, None)),
    ],
)
def test_a_shape_becomes_its_centre(geometry: Any, point: tuple[float | None, float | None]) -> None:
    [entry] = read_file(geojson(feature(geometry)).encode())

    assert [entry.latitude, entry.longitude] == [None if wanted is None else pytest.approx(wanted) for wanted in point]


def test_a_small_area_keeps_its_centre() -> None:
    east, north, size = 106.68812345, 20.84412345, 0.0000001
    ring = [[east, north], [east + size, north], [east + size, north + size], [east, north + size], [east, north]]
    [entry] = read_file(geojson(feature({"type": "Polygon", "coordinates": [ring]})).encode())

    assert entry.latitude == pytest.approx(north + size / 2, abs=1e-8)
    assert entry.longitude == pytest.approx(east + size / 2, abs=1e-8)


def test_what_is_wrong_in_geojson_is_named_by_its_part() -> None:
    parts = [
        feature({"type": "Point", "coordinates": [106.68, 20.85]}),
        feature({"type": "Circle", "coordinates": [106.68, 20.85]}),
        feature({"type": "Point", "coordinates": "x"}),
        feature({"type": "Polygon", "coordinates": []}),
        feature({"type": "Point", "coordinates": [20.85, 106.68]}),
        {"type": "Feature"},
        feature(None, kind="sông"),
    ]
    assert wrong_of(geojson(*parts)) == [(2, "geometry"), (3, "geometry"), (4, "geometry"), (5, "swapped"), (6, "feature"), (7, "kind")]


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        assert read_file(content)
    except Mistakes as mistakes:
        assert mistakes.wrong


@given(st.text(alphabet='kindname,;"\n\r\t{}[]:streetđường 1.2e-', max_size=200))
def test_no_table_raises_anything_else(text: str) -> None:
    try:
        read_file(("kind,name,latitude,longitude\n" + text).encode())
    except Mistakes as mistakes:
        assert mistakes.wrong
