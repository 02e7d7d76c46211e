"""The map at the desk: counts and lists by place, exact places with one line in the history, borders from a file, and tiles by setting."""

import io
import json
import re
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from pydantic import ValidationError
from sqlmodel import Session

from admin.desk import Desk
from admin.pages import tip_map as page
from bot.runtime import Running
from storage import moments, tables
from storage.places import cell_of
from storage.queries import tip_map
from storage.queries.gazetteer import PlaceRow, add_places
from tests.admin.test_desk import Officer
from tests.conftest import house_settings
from tests.opened import rows
from tests.placed import MARKET, SCHOOL, keep, placed
from tests.station import send, stationed, token_of

VIEW = {"nam": "20.8", "tay": "106.6", "bac": "20.9", "dong": "106.8"}
RING = [[106.68, 20.84], [106.7, 20.84], [106.7, 20.85], [106.68, 20.85], [106.68, 20.84]]


async def with_homes(house: Running) -> None:
    homes = [PlaceRow(id=number, kind="neighbourhood", name=f"Tổ dân phố số {number} <b>") for number in (5, 6)]

    def add(session: Session) -> None:
        add_places(session, house.ward().id, homes)

    await house.memory.write(add)


async def opens(person: Officer, query: str = "") -> tuple[int, Any]:
    status, text = await person.post(f"/admin/ban-do/vi-tri{query}", csrf=token_of(person), **VIEW)
    return status, json.loads(text) if status == 200 else text


async def test_the_map_counts_lists_and_opens_places_with_one_line_in_the_history(house: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    now, ward_id = moments.now(), house.ward().id
    await with_homes(house)
    mine = [placed(ward_id, now - 5, neighbourhood_id=5), placed(ward_id, now - 4, SCHOOL, "HD", neighbourhood_id=6)]
    others = [placed(ward_id, now - 3, restricted="fence"), placed(ward_id, now - 2, category="TN", neighbourhood_id=5)]
    old = placed(ward_id, now - 40 * moments.DAY, neighbourhood_id=5)
    ids = await keep(house.memory, *mine, *others, old)
    async with stationed(house, {"duty": "duty", "inspector": "inspector"}) as station:
        duty, inspector, chief = (station.people[who] for who in ("duty", "inspector", "chief"))
        status, shown = await duty.get("/admin/ban-do")
        counted = json.loads((await duty.get("/admin/ban-do/o"))[1])
        listed = (await duty.get("/admin/ban-do/danh-sach?to=5"))[1]
        older = (await duty.get("/admin/ban-do/danh-sach?ngay=91&loai=TC&o=" + cell_of(*MARKET, "TC")))[1]
        odd = [
            (await duty.get(f"/admin/ban-do{query}"))[0] for query in ("?tu=2026-99-01&ngay=x&loai=%00&tinh=z", "?tu=2026-03-01", "?den=0")
        ]
        nowhere = await duty.get("/admin/ban-do/danh-sach?o=x&to=-1")

        refused = await opens(inspector)
        found = await opens(duty)
        of_chief = await opens(chief)
        monkeypatch.setattr(tip_map, "PINS_MOST", 1)
        many = await opens(duty)
        none = await opens(duty, "?loai=NT")
        bad = (await duty.post("/admin/ban-do/vi-tri", csrf=token_of(duty), **(VIEW | {"nam": "x"})))[0]
        noted = [
            (actor, detail) for actor, what, detail in await rows(house, tables.HistoryRow, "actor", "what", "detail") if "map" in what
        ]

    assert status == 200 and "Tổ dân phố số 5 &lt;b&gt;" in shown and "<b>" not in shown
    assert re.findall(r"to=(\d)[^>]*><strong>(\d)", shown) == [("5", "1"), ("6", "1")]
    assert {one["cell"]: one["count"] for one in counted["cells"]} == {cell_of(*MARKET, "TC"): 1, cell_of(*SCHOOL, "HD"): 1}
    assert [str(tip_id) in listed for tip_id in ids] == [True, False, False, False, False]
    assert [str(tip_id) in older for tip_id in ids] == [True, False, False, False, True]
    assert odd == [200, 200, 200] and "Theo tổ và loại việc" in nowhere[1]
    assert refused[0] == 403
    assert [(pin["href"], pin["at"]) for pin in found[1]["pins"]] == [
        (f"/admin/tin/{ids[1]}", [*SCHOOL]),
        (f"/admin/tin/{ids[0]}", [*MARKET]),
    ]
    assert len(of_chief[1]["pins"]) == 3
    assert (many[1]["pins"], "Phóng to" in many[1]["said"]) == ([], True)
    assert (none[1]["pins"], bad) == ([], 400)
    assert [(actor, detail["count"], detail["area"]) for actor, detail in noted] == [
        (f"officer:{station.ids['duty']}", 2, [20.8, 106.6, 20.9, 106.8]),
        (f"officer:{station.ids['chief']}", 3, [20.8, 106.6, 20.9, 106.8]),
    ]
    assert all(set(detail) == {"count", "area", "since", "until"} for _actor, detail in noted)


def file_of(*names: str, ring: Any = RING) -> bytes:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    features = [{"type": "Feature", "properties": {"name": name}, "geometry": geometry} for name in names]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def upload(person: Officer, content: bytes) -> tuple[int, str]:
    form = aiohttp.FormData({"csrf": token_of(person)})
    form.add_field("file", io.BytesIO(content), filename="a.geojson", content_type="application/geo+json")
    async with person.http.post(f"{person.house.address}/admin/noi/ranh-gioi", data=form) as answer:
        return answer.status, await answer.text()


async def test_borders_are_looked_through_then_kept_drawn_and_dropped(house: Running) -> None:
    await with_homes(house)
    async with stationed(house, {}) as station:
        chief = station.people["chief"]
        faulty, empty = await upload(chief, file_of("Tổ 5 b", ring=RING[:-1])), await upload(chief, b"")
        strangers = await upload(chief, file_of("Tổ <i>99"))
        status, seen = await upload(chief, file_of("Tổ 5 b", "Hồng Bàng", "Tổ <i>99"))
        before = await rows(house, tables.Border, "id")
        content = re.search(r'name="content" value="([^"]*)"', seen)
        assert content
        bent = await send(chief, "/admin/noi/ranh-gioi/ghi", content="{}")
        kept = await send(
            chief, "/admin/noi/ranh-gioi/ghi", content=content[1].replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
        )
        outlines = json.loads((await chief.get("/admin/ban-do/ranh-gioi"))[1])
        homes = [home for (home,) in await rows(house, tables.Border, "neighbourhood_id")]
        dropped = await send(chief, "/admin/noi/ranh-gioi/bo")
        history = await station.history("borders_")

    assert (faulty[0], "chưa khép kín" in faulty[1], empty[0], strangers[0]) == (422, True, 422, 422)
    assert "&lt;i&gt;99" in strangers[1] and "<i>99" not in strangers[1] + seen
    assert status == 200 and "Ghi 2 ranh giới" in seen and "Tổ dân phố số 6" in seen and before == []
    assert bent[0] == 422 and kept[0] == 200 and homes == [5, None]
    assert [one["properties"]["kind"] for one in outlines["features"]] == ["ward", "neighbourhood"]
    assert outlines["features"][0]["geometry"]["coordinates"] == [[RING]]
    assert dropped[0] == 200 and history == ["borders_imported", "borders_dropped"]


def test_tiles_are_asked_of_one_server_on_this_page_alone(tmp_path: Any) -> None:
    answer = web.Response(headers={"Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'"})
    desk = cast(Desk, SimpleNamespace(map_tiles="https://tiles.example.vn:8443/{z}/{x}/{y}.png?key=a"))
    page.with_tiles(desk, answer)

    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; img-src 'self' https://tiles.example.vn:8443; media-src 'self'"
    assert house_settings(tmp_path, map_tiles="https://t.example.vn/{z}/{x}/{y}.png").map_tiles
    for odd in (
        "tiles.example.vn/{z}/{x}/{y}",
        "https://t.example.vn/{z}/{x}.png",
        "https://t.example.vn; script-src */{z}{x}{y}",
        "https://*/{z}{x}{y}",
    ):
        with pytest.raises(ValidationError):
            house_settings(tmp_path, map_tiles=odd)


async def test_p2_the_exact_place_stands_on_the_page_of_a_tip_only_for_those_who_work_with_it(house: Running) -> None:
    now, ward_id = moments.now(), house.ward().id
    async with stationed(house, {"duty": "duty", "inspector": "inspector", "handler": "handler"}) as station:
        where = (20.84513, 106.68907)
        [tip_id] = await keep(house.memory, placed(ward_id, now - 40 * moments.DAY, where, "BL", handler_id=station.ids["handler"]))
        pages = {who: (await station.people[who].get(f"/admin/tin/{tip_id}"))[1] for who in ("chief", "duty", "handler", "inspector")}
        viewed = await station.history("viewed")
        around = (await station.people["duty"].get(f"/admin/ban-do?ngay=91&o={cell_of(*where, 'BL')}"))[1]

    for who in ("chief", "duty", "handler"):
        assert 'data-exact="20.845130,106.689070"' in pages[who] and "20.84513, 106.68907" in pages[who], who
    told = pages["inspector"]
    assert not re.search(r"20\.845|106\.689", told) and "data-exact" not in told and "không chỉ đúng chỗ" in told
    square = 'data-square="20.84,106.68,20.85,106.69"'  # A kilometre, for it happened in a home.
    assert all(square in page for page in pages.values())
    link = f'href="/admin/ban-do?ngay=91&amp;o={quote(cell_of(*where, "BL"), safe="")}"'
    assert [link in pages[who] for who in ("chief", "duty", "inspector", "handler")] == [True, True, True, False]
    assert len(viewed) == 4 and 'data-at="20.84,106.68,20.85,106.69"' in around
