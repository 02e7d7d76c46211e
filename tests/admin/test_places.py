"""The ward's map at the desk: who may change it, a file with its mistakes, one place, and codes to hang up."""

import io
import re
import threading
from typing import Any

import aiohttp
import pytest

from bot.runtime import Running
from handlers import gazetteer, officers
from handlers.insight import place_names
from handlers.ward_book import WardBook
from storage import tables
from storage.ids import new_id
from storage.passwords import hash_password
from tests.admin.test_desk import PASSWORD, Officer, officer, stranger
from tests.opened import rows

__all__ = ["officer", "stranger"]

MAP = "loại;tên;tổ dân phố;vĩ độ;kinh độ\ntổ dân phố;Tổ dân phố số 5;;20,85;106,68\nđường;Lê Lợi;5;;\nđịa điểm;Chợ <Hàng>;5;;\n"


async def upload(officer: Officer, content: bytes, *, name: str = "map.csv", is_ours: bool = True) -> tuple[int, str]:
    _status, page = await officer.get("/admin/noi")
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    form = aiohttp.FormData({"csrf": found[1] if found and is_ours else "0"})
    form.add_field("file", io.BytesIO(content), filename=name, content_type="text/csv")
    async with officer.http.post(f"{officer.house.address}/admin/noi/nhap", data=form) as answer:
        return answer.status, await answer.text()


async def send(officer: Officer, path: str, **fields: str) -> tuple[int, str]:
    _status, page = await officer.get("/admin/noi")
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert found
    return await officer.post(path, csrf=found[1], **fields)


async def add_account(house: Running, role: str) -> None:
    hashed, ids = hash_password(PASSWORD), (new_id(), new_id())
    await house.memory.write(
        lambda session: officers.add_officer(
            session,
            house.ward().id,
            officer_id=ids[0],
            history_id=ids[1],
            login=f"nguoi.{role}",
            name="",
            role=role,
            password_hash=hashed,
            by="test",
            now=1,
        )
    )


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("duty", 403), ("inspector", 403), ("custodian", 403)], ids=lambda value: str(value)
)
async def test_chief_and_administrator_keep_the_map_and_nobody_else(
    house: Running, officer: Officer, stranger: Officer, role: str, status: int
) -> None:
    await add_account(house, role)
    assert await stranger.sign_in(f"nguoi.{role}") == 200
    menu = (await stranger.get("/admin"))[1]

    assert (await stranger.get("/admin/noi"))[0] == status
    assert ('href="/admin/noi"' in menu) == (status == 200)
    assert (await officer.get("/admin/noi"))[0] == 200


async def test_a_file_comes_in_and_is_known_to_the_line_at_once(house: Running, officer: Officer) -> None:
    status, page = await upload(officer, MAP.encode("utf-8-sig"))
    again = (await upload(officer, MAP.encode()))[1]

    assert status == 200 and "thêm 3, cập nhật 0, giữ nguyên 0" in page and "thêm 0, cập nhật 0, giữ nguyên 3" in again
    assert "Chợ &lt;Hàng&gt;" in page and "<Hàng>" not in page
    assert [one.name for one in house.ward().book.landmarks] == ["Lê Lợi", "Chợ <Hàng>"]
    [(who,)] = {(row[1],) for row in await rows(house, tables.HistoryRow, "what", "actor") if row[0] == "places_imported"}
    assert who.startswith("officer:")


async def test_every_mistake_of_a_file_is_shown_with_its_line(house: Running, officer: Officer) -> None:
    status, page = await upload(officer, (MAP + "streat;A;;;\nđường;B;Tổ 9;;\n").encode())

    assert status == 422 and "Sửa 2 chỗ" in page
    assert re.findall(r"<strong>(Dòng \d+:)</strong>", page) == ["Dòng 5:", "Dòng 6:"]
    assert house.ward().book.landmarks == ()
    assert "CSV UTF-8" in (await upload(officer, "loại,tên\nđường,Lê Lợi".encode().replace(b"\xc6", b"\xff")))[1]
    assert (await upload(officer, b""))[0] == 422
    assert (await upload(officer, MAP.encode(), is_ours=False))[0] == 403
    assert (await upload(officer, b"x" * 1_200_000))[0] == 413


async def test_one_place_is_added_changed_and_ended(house: Running, officer: Officer) -> None:
    await upload(officer, MAP.encode())
    [home] = house.ward().book.neighbourhoods
    fields = {"kind": "alley", "name": "Ngõ 12 Lê Lợi", "home": str(home.id), "point": "20.8449, 106.6881"}

    assert "Đã thêm" in (await send(officer, "/admin/noi/them", **fields))[1]
    added = next(one for one in house.ward().book.landmarks if one.kind == "alley")
    [place_id] = [row[0] for row in await rows(house, tables.Landmark, "id", "kind") if row[1] == "alley"]
    twice = await send(officer, "/admin/noi/them", **fields)
    odd = [
        (await send(officer, "/admin/noi/them", **(fields | wrong)))[0]
        for wrong in ({"name": ""}, {"point": "x"}, {"kind": "z"}, {"home": "7"})
    ]
    assert "Đã ghi lại" in (await send(officer, f"/admin/noi/{place_id}", **(fields | {"name": "Ngõ 14", "point": ""})))[1]
    shown = await officer.get(f"/admin/noi/{place_id}")
    assert "Đã thôi dùng" in (await send(officer, f"/admin/noi/{place_id}/thoi"))[1]

    assert (added.latitude, added.neighbourhood_id) == (20.8449, home.id)
    assert (twice[0], "đã có trên bản đồ" in twice[1], 'value="Ngõ 12 Lê Lợi"' in twice[1]) == (422, True, True)
    assert odd == [422] * 4
    assert shown[0] == 200 and 'value="Ngõ 14"' in shown[1]
    assert [(await officer.get(f"/admin/noi/{number}"))[0] for number in (place_id, 5, 99999999999999999999)] == [404] * 3
    assert (await send(officer, f"/admin/noi/{place_id}/thoi"))[0] == 404


async def test_a_place_code_has_its_links_its_sheet_and_its_end(house: Running, officer: Officer) -> None:
    await upload(officer, MAP.encode())
    [home] = house.ward().book.neighbourhoods
    status, page = await send(officer, "/admin/noi/ma", label="Cổng chợ <b>", home=str(home.id), point="20.8449 106.6881")
    [spot] = house.ward().book.spots.values()
    sheet = (await officer.get(f"/admin/noi/ma/{spot.code}/in"))[1]

    assert (spot.label, spot.neighbourhood_id, spot.latitude) == ("Cổng chợ <b>", home.id, 20.8449)
    assert (
        status == 200
        and f"{house.address}/?o={spot.code}" in page
        and f"https://t.me/{house.telegram._username}?start=o-{spot.code}" in page
    )
    assert page.count('class="qr"') == 2 and "KENG_PUBLIC_URL" in page and "Cổng chợ <b>" not in page + sheet
    assert sheet.index("113") < sheet.index('class="qr"') and "Không cần nêu tên" in sheet and "t.me" not in sheet

    [spot_id] = [row[0] for row in await rows(house, tables.Spot, "id")]
    assert "Đã thôi dùng mã này" in (await send(officer, f"/admin/noi/ma/{spot_id}/thoi"))[1]
    assert house.ward().book.spots == {}
    assert "đã thôi dùng" in (await officer.get(f"/admin/noi/ma/{spot.code}"))[1]
    assert [
        (await send(officer, "/admin/noi/ma", label=label, point=point))[0] for label, point in (("", ""), ("x" * 61, ""), ("A", "1, 2"))
    ] == [422] * 3
    assert (await officer.get("/admin/noi/ma/khongco"))[0] == 404


async def test_the_sheet_speaks_vietnamese_whatever_the_desk_speaks(house: Running, officer: Officer) -> None:
    await send(officer, "/admin/noi/ma", label="Chợ")
    [code] = house.ward().book.spots
    await officer.post("/admin/ngon-ngu", language="en")

    assert "Không cần nêu tên" in (await officer.get(f"/admin/noi/ma/{code}/in"))[1]
    assert "Stop using this code" in (await officer.get(f"/admin/noi/ma/{code}"))[1]
    assert "Bring in a file" in (await officer.get("/admin/noi"))[1]


async def test_a_file_is_read_and_learnt_beside_the_line_and_not_before_it(
    house: Running, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two thousand places held up the writer, and with it every resident, for half a second."""
    learnt_in: list[threading.Thread] = []
    asked_by_writer: list[int] = []
    bring, build = gazetteer.import_places, place_names._build

    def counted(*args: Any, **values: Any) -> Any:
        before = gazetteer.key_of.cache_info().misses
        outcome = bring(*args, **values)
        asked_by_writer.append(gazetteer.key_of.cache_info().misses - before)
        return outcome

    def noted(book: WardBook) -> place_names.PlaceNames:
        learnt_in.append(threading.current_thread())
        return build(book)

    monkeypatch.setattr(gazetteer, "import_places", counted)
    monkeypatch.setattr(place_names, "_build", noted)
    gazetteer.key_of.cache_clear()
    assert (await upload(officer, MAP.encode()))[0] == 200

    assert asked_by_writer == [0]
    assert learnt_in and threading.main_thread() not in learnt_in
