"""Whose a tip is, as officers do it at the desk: named once for a neighbourhood, confirmed with one press, found on one's own page."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlmodel import Session

from bot.runtime import Running
from storage import tables
from storage.ids import new_id
from tests.admin.test_aftercare import accept, change, page_of, tell, tip_of
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, stationed


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty", "khu.vuc": "duty", "chi.doc": "inspector"}) as station:
        yield station


async def test_a_tip_is_proposed_confirmed_with_one_press_and_told_to_its_new_owner(
    house: Running, station: Station, browser: WebResident
) -> None:
    home, people = new_id(), station.people

    def draw_the_map(session: Session) -> None:
        session.add(tables.Neighbourhood(id=home, ward_id=house.ward().id, position=1, name="Tổ dân phố số 7"))

    await house.memory.write(draw_the_map)
    await tell(browser)
    tip_id = await tip_of(house)
    await change(house, tip_id, neighbourhood_id=home)
    area = str(station.ids["khu.vuc"])
    assert "Tổ dân phố số 7" in await page_of(people["chief"], "/admin/phu-trach")
    status, page = await send(people["chief"], "/admin/phu-trach", **{f"khu-{home}": area, "loai-TC": ""})
    assert status == 200 and "Đã lưu" in page and f'value="{area}" selected' in page
    wrong, page = await send(people["chief"], "/admin/phu-trach", **{f"khu-{home}": str(station.ids["chi.doc"])})
    assert wrong == 422 and "không làm tin này được" in page

    waiting = await page_of(people["chief"], "/admin/chua-giao")
    assert f"/admin/tin/{tip_id}" in waiting and "1 tin chưa giao hoặc quá hạn" in waiting  # The bar counts it for the chief.
    await accept(people["truc.ban"], tip_id)
    page = await page_of(people["truc.ban"], f"/admin/tin/{tip_id}")
    assert "đã nhận tin, chưa giao việc" in page and "Giao cho KHU.VUC" in page and "Người phụ trách tổ dân phố này" in page
    status, page = await send(people["truc.ban"], f"/admin/tin/{tip_id}/giao", officer=area)
    assert status == 200 and "Giao cho KHU.VUC" not in page and "Giao việc" in page

    assert "1 mới giao" in await page_of(people["khu.vuc"], "/admin")
    mine = await page_of(people["khu.vuc"], "/admin?ngan=cua-toi")
    assert f"/admin/tin/{tip_id}" in mine and "Mới giao" in mine
    await page_of(people["khu.vuc"], f"/admin/tin/{tip_id}")
    assert "mới giao" not in await page_of(people["khu.vuc"], "/admin?ngan=cua-toi")
    assert f"/admin/tin/{tip_id}" not in await page_of(people["truc.ban"], "/admin?ngan=cua-toi")

    back = str(station.ids["truc.ban"])
    status, page = await send(people["khu.vuc"], f"/admin/tin/{tip_id}/giao", officer=back, reason="bận")
    assert status == 422 and "bận" in page and f'value="{back}" selected' in page  # What was typed and chosen stands there still.
    status, _page = await send(people["khu.vuc"], f"/admin/tin/{tip_id}/giao", officer=back, reason="Ngoài địa bàn của tôi")
    assert status == 200
    assert (await send(people["chi.doc"], f"/admin/tin/{tip_id}/giao", officer=back))[0] == 403
    assert (await send(people["truc.ban"], f"/admin/tin/{tip_id + 1}/giao", officer=back))[0] == 404

    assert (await send(people["chief"], f"/admin/can-bo/{back}/dong", why="left"))[0] == 200
    page = await page_of(people["chief"], f"/admin/tin/{tip_id}")
    assert "Chưa có người làm" in page and "Tin được trả lại, vì người làm không đọc được tin nữa hoặc tài khoản đã đóng" in page


async def test_who_was_sent_is_noted_button_by_button(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    duty, tip_id = station.people["truc.ban"], await tip_of(house)
    path, thread = f"/admin/tin/{tip_id}/cu-nguoi", await rows(house, tables.WebMessage, "id")
    status, page = await send(duty, path, words=" ")
    assert status == 422 and "Chọn ít nhất một người" in page
    area = station.ids["khu.vuc"]
    status, page = await send(duty, path, **{f"nguoi-{area}": "1", "luc-luong-patrol": "1", "words": "xe 113 <b>"})
    assert status == 200 and "Đã lên đường" in page and "xe 113 <b>" in page and "cử lúc" in page
    [dispatch] = set(re.findall(rf"{path}/(\d+)/buoc", page))

    assert (await send(duty, f"{path}/{dispatch}/buoc", step="there"))[0] == 422  # Nobody arrives who has not left.
    page = (await send(duty, f"{path}/{dispatch}/buoc", step="left"))[1]
    assert "Đã tới nơi" in page and 'value="there"' in page
    page = (await send(duty, f"{path}/{dispatch}/buoc", step="there"))[1]
    assert "tới lúc" in page and f"{path}/{dispatch}/buoc" not in page and f"{path}/{dispatch}/thoi" not in page
    for typed in ("", "chín giờ", "2999-01-01T00:00", "2026-13-45T99:99"):
        status, page = await send(duty, f"{path}/{dispatch}/sua", step="there", time=typed, reason="Ghi nhầm giờ tới")
        assert status == 422 and "Ghi nhầm giờ tới" in page
    assert (await send(duty, f"{path}/{2**62}/buoc", step="left"))[0] == 422 and (await send(duty, f"{path}/{'9' * 30}/buoc"))[0] == 404
    assert await rows(house, tables.WebMessage, "id") == thread  # P8: nobody reads that somebody is on the way.
