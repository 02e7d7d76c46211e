"""A leader with a phone: let in by a link, a warning posted, one asked for, a neighbour's tip brought in; and the desk that added them."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from storage import tables
from tests.browser.at_desk import comes_in, picture, window
from tests.browser.test_pages import AXE, FIND
from tests.browser.test_tip_to_desk import chromium
from tests.journeys.test_leaders import a_kit_arrives, two_neighbourhoods
from tests.opened import rows
from tests.station import Station, send, stationed

__all__ = ["chromium"]
# A phone that can hand words and a picture to another app.
_SHARES = "navigator.canShare = () => true; navigator.share = async things => { window.shared = things; };"
_TIP_LIKE = "Đêm qua có người cạy cửa nhà số 5"


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty"}) as station:
        yield station


async def is_fine(page: Page, name: str) -> None:
    """Fits, can be read by everybody, and was looked at where a folder is named."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    await page.evaluate(await asyncio.to_thread(AXE.read_text, "utf-8"))
    assert await page.evaluate(FIND, []) == [], name
    await picture(page, name)


async def is_added(desk: Page, house: Running) -> str:
    """At the desk; the link that lets them in."""
    await desk.goto(f"{house.address}/admin/danh-ba-to-truong")
    await expect(desk.get_by_text("chưa có tổ trưởng").first).to_be_visible()
    await desk.get_by_label("Họ và tên").fill("Nguyễn Thị Lan")
    await desk.get_by_label("Tên đăng nhập").fill("co.lan")
    await desk.locator("#them").get_by_label("Số điện thoại").fill("0912345678")
    await desk.locator("#them").get_by_label("Tổ 7").check()
    await desk.get_by_role("button", name="Thêm tổ trưởng").click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text("Cho tổ trưởng Nguyễn Thị Lan vào")
    await is_fine(desk, "to-truong-duong-dan")
    link = await desk.locator("#duong-dan").inner_text()
    await desk.get_by_role("link", name="Danh sách tổ trưởng").click()
    await expect(desk.get_by_text("0912")).to_have_count(0)
    await desk.get_by_role("button", name="Hiện số điện thoại").click()
    await expect(desk.get_by_role("link", name="0912 345 678")).to_be_visible()
    await expect(desk.get_by_text("Xem số điện thoại của tổ trưởng")).to_be_visible()
    await is_fine(desk, "to-truong-danh-sach")
    return link


async def comes_by_link(phone: Page, link: str) -> None:
    for _ in range(2):  # A chat app draws its preview first: that uses nothing up.
        answer = await phone.goto(link)
        assert answer is not None and answer.status == 200
    await is_fine(phone, "to-truong-vao")
    await phone.get_by_role("button", name="Vào trang tổ trưởng").click()
    await expect(phone.get_by_role("heading", level=1)).to_have_text("Cảnh báo cần đăng")
    await expect(phone.get_by_text("Không có cảnh báo nào chờ đăng")).to_be_visible()
    await is_fine(phone, "to-truong-khong-co-gi")


async def posts(phone: Page, desk: Page, house: Running) -> None:
    """First it cannot be: whoever calls learns the number for that, and the leader posts it after all."""
    await phone.reload()
    await expect(phone.get_by_role("img", name="Ảnh cảnh báo: Có người giả công an gọi điện")).to_be_visible()
    assert (
        await phone.evaluate(
            "document.querySelector('.kit-picture img').decode().then(() => document.querySelector('.kit-picture img').naturalWidth)"
        )
        == 1080
    )
    await is_fine(phone, "to-truong-can-dang")
    await phone.wait_for_load_state("networkidle")
    await phone.get_by_role("button", name="Chia sẻ").click()
    shared = await phone.evaluate("[shared.text.slice(0, 9), shared.files.map(one => one.type + ' ' + (one.size > 10000))]")
    assert shared == ["CẢNH BÁO:", ["image/jpeg true"]]
    await phone.get_by_role("button", name="Chép chữ").click()
    await expect(phone.get_by_role("button", name="Đã chép")).to_be_visible()
    await phone.get_by_role("button", name="Chưa đăng được").click()
    await expect(phone.get_by_text("Tổ trưởng chưa đăng được")).to_be_visible()
    await desk.goto(f"{house.address}/admin/can-goi-to-truong")
    await expect(desk.get_by_text("Báo chưa đăng được", exact=True)).to_be_visible()
    await expect(desk.get_by_text("0912")).to_have_count(0)
    await desk.get_by_role("button", name="Xem số điện thoại").click()
    await expect(desk.get_by_role("link", name="0912 345 678")).to_be_visible()
    await is_fine(desk, "to-truong-can-goi")
    await phone.get_by_role("button", name="Đã đăng").click()
    await expect(phone.get_by_text(re.compile("Tổ trưởng báo đã đăng lúc"))).to_be_visible()
    assert await rows(house, tables.WarningTarget, "state") == [("posted",)]


async def asks_for_one(phone: Page) -> None:
    await phone.get_by_role("link", name="Xin phát").last.click()
    await phone.get_by_label("Về việc gì").select_option(label="Trộm cắp, cướp giật")
    await phone.get_by_label("Dòng đầu").fill("Trộm xe máy ban đêm ở trong các ngõ nhỏ")
    await phone.get_by_label("Chuyện gì đang xảy ra").fill("Hai đêm liền có xe máy bị bẻ khóa trong ngõ.")
    await phone.get_by_label("Việc 1 bà con nên làm").fill("Khóa cổ xe, dắt xe vào nhà")
    await phone.get_by_role("button", name="Xem trước").click()
    await expect(phone.get_by_role("alert")).to_contain_text("dài quá 7 từ")
    await phone.get_by_label("Dòng đầu").fill("Trộm xe máy ban đêm")
    await phone.get_by_role("button", name="Xem trước").click()
    await expect(phone.get_by_text("CẢNH BÁO: Trộm xe máy ban đêm")).to_be_visible()
    await is_fine(phone, "to-truong-xin-phat")
    await phone.get_by_role("button", name="Gửi duyệt").click()
    await expect(phone.get_by_text("Đã gửi chỉ huy trực duyệt")).to_be_visible()
    await expect(phone.get_by_text("chờ chỉ huy duyệt")).to_be_visible()


async def brings_a_tip(phone: Page, house: Running) -> None:
    """Its code is for the neighbour, and the tip for whoever is on duty."""
    await phone.get_by_role("link", name="Báo giúp").last.click()
    await phone.get_by_label("Chuyện gì").fill(_TIP_LIKE)
    await is_fine(phone, "to-truong-bao-giup")
    await phone.get_by_role("button", name="Gửi tin").click()
    await expect(phone.locator(".lead-code")).to_have_text(re.compile(r"\w{4}-\w{4}"))
    await is_fine(phone, "to-truong-ma-tin")
    [(tip_id, accepted)] = await rows(house, tables.Tip, "id", "accepted_by")
    assert accepted is None
    for path in (f"/admin/tin/{tip_id}", "/admin/so", "/admin/ban-do", "/admin/so-lieu", "/admin/danh-ba-to-truong", "/admin/may-cua-toi"):
        answer = await phone.goto(house.address + path)
        assert answer is not None and answer.status == 403 and _TIP_LIKE not in await phone.content(), path
    await is_fine(phone, "to-truong-khong-duoc-xem")


async def test_a_leader_with_a_phone_posts_asks_brings_and_sees_nothing_else(station: Station, chromium: Browser) -> None:
    house = station.house
    here, _there = await two_neighbourhoods(station)
    desk, desk_complains = await window(chromium)
    await comes_in(desk, house, "chi.huy")
    link = await is_added(desk, house)
    [(station.ids["co.lan"],)] = [row[:1] for row in await rows(house, tables.Officer, "id", "login") if row[1] == "co.lan"]

    phone, phone_complains = await window(chromium, is_narrow=True, is_touched=True)
    await phone.add_init_script(_SHARES)
    await comes_by_link(phone, link)
    await a_kit_arrives(station, here, "co.lan", "Có người giả công an gọi điện", has_chat=False)
    await posts(phone, desk, house)
    await asks_for_one(phone)
    await brings_a_tip(phone, house)

    another, _complains = await window(chromium, is_narrow=True)
    answer = await another.goto(link)
    assert answer is not None and answer.status == 404 and "đã dùng rồi" in await another.content()
    assert link.rpartition("/")[2] not in await asyncio.to_thread(_everything_in, house)
    await send(station.people["chief"], f"/admin/danh-ba-to-truong/{station.ids['co.lan']}/mat-may")
    await phone.goto(f"{house.address}/admin/to-truong")
    assert "/admin/dang-nhap" in phone.url
    assert [one for one in desk_complains + phone_complains if "403" not in one] == []


def _everything_in(house: Running) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in house.media_store.root.parent.rglob("*") if file.is_file())
