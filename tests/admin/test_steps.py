"""The desk moves a tip along the law's steps and keeps its books: two officers, one tip of a crime, one test message."""

import re

from sqlalchemy import update
from sqlmodel import col

from bot.runtime import Running
from storage import tables
from tests.admin.test_aftercare import accept, page_of, tell, tell_another, tip_of
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, station
from tests.steps import FORMS

__all__ = ["station"]
REASON = "đã xem kỹ nội dung tin"


async def step(station: Station, login: str, tip_id: int, move: str, **given: str) -> tuple[int, str]:
    return await send(station.people[login], f"/admin/tin/{tip_id}/buoc", move=move, **{**FORMS.get(move, {}), **given})


async def test_a_crime_goes_its_way_and_the_resident_reads_of_it(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    page = await page_of(duty, f"/admin/tin/{tip_id}")
    assert "Mới đến" in page and "Vào sổ: Bấm “Đã đọc, nhận tin” trước." in page
    await accept(duty, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/loai", category="MT")
    assert status == 200 and "đổi loại việc: Chưa rõ loại → Ma túy" in page and 'value="MT" selected' in page
    status, page = await send(duty, f"/admin/tin/{tip_id}/loai", category="TN")
    assert status == 422 and "tin chuyển sang chỉ huy" in page and 'name="knows" value="category-mine"' in page
    status, page = await step(station, "truc.ban", tip_id, "enter", kind="lạ")
    assert status == 422 and "Chọn loại nguồn tin" in page
    status, page = await step(station, "truc.ban", tip_id, "enter", summary="Mất xe trước cổng chợ")
    assert "Mất xe trước cổng chợ" in await page_of(duty, "/admin/so")
    assert status == 200 and "Sổ nguồn tin 1/" in page and "Đã vào sổ" in page
    await browser.hears("Có cập nhật")
    await browser.say("xem")
    assert "Số trong sổ: 1/" in await browser.hears("Số trong sổ")

    status, page = await step(station, "truc.ban", tip_id, "classify", track="B", reason="vội")
    assert status == 422 and "ít nhất 10 ký tự" in page and "vội" in page
    status, page = await step(station, "truc.ban", tip_id, "classify", track="B")
    assert status == 200 and "chờ duyệt" in page and "Bắt đầu xác minh sơ bộ: chờ chỉ huy duyệt" in page
    assert "Đã xin ý kiến qua điện thoại: chỉ dành cho tin khẩn" in page
    assert (await step(station, "truc.ban", tip_id, "approve"))[0] == 422  # Not theirs to approve.
    assert "1 tin chờ duyệt phân loại" in await page_of(station.people["chief"], "/admin")
    assert f"/admin/tin/{tip_id}" in await page_of(station.people["chief"], "/admin?ngan=cho-duyet")
    for move in ("classify-anew", "approved-by-phone"):
        assert (await step(station, "truc.ban", tip_id, move))[0] == 200, move
    page = await page_of(station.people["chief"], "/admin?ngan=cho-duyet")
    assert "Trung tá Bình, lúc 21:30" in page and "truc.ban ghi lúc" in page.lower()
    assert "Trung tá Bình" not in await page_of(duty, "/admin?ngan=cho-duyet")
    assert (await step(station, "truc.ban", tip_id, "classify-anew", track="B"))[0] == 200
    for login, move in (("chief", "approve"), ("chief", "report"), ("truc.ban", "check")):
        assert (await step(station, login, tip_id, move))[0] == 200, move
    assert "Không có phân loại nào chờ duyệt" in await page_of(station.people["chief"], "/admin?ngan=cho-duyet")
    today = {"day": re.findall(r'name="day" max="([\d-]+)"', await page_of(station.people["chief"], f"/admin/tin/{tip_id}"))[0]}
    status, page = await step(station, "chief", tip_id, "transfer", **{**today, "paper-files": ""})
    assert status == 422 and "Đánh dấu từng thứ giấy tờ" in page and "Đại úy Nam" in page
    status, page = await step(station, "chief", tip_id, "transfer", **today)
    assert status == 200 and "Đã chuyển Cơ quan điều tra" in page
    assert "Đã chuyển Cơ quan điều tra" in await page_of(duty, "/admin?ngan=cho-ket-qua")
    assert (await step(station, "truc.ban", tip_id, "enter"))[0] == 422  # An old window: nothing happens twice.
    assert (await rows(house, tables.Tip, "state", "book_number"))[0] == ("S6", 1)


async def test_the_books_are_kept_and_agree_in_the_evening(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    first = await tip_of(house)
    await tell_another(browser)
    second = await tip_of(house)
    duty, chief = station.people["truc.ban"], station.people["chief"]
    for tip_id in (first, second):
        await accept(duty, tip_id)
    assert (await step(station, "truc.ban", first, "enter"))[0] == 200
    assert "còn chờ" in (await page_of(duty, "/admin/so/doi-chieu")).lower()
    status, page = await step(station, "truc.ban", second, "set-aside", reason=REASON)
    assert status == 200 and "Sổ phản ánh 1/" in page
    assert (await duty.get("/admin?ngan=nhan-thu"))[0] == 403
    assert "1 tin nhắn thử, nhắn nhầm chưa xem lại" in await page_of(chief, "/admin")
    assert "Chưa xem lại</span>" in await page_of(chief, "/admin?ngan=nhan-thu")
    await chief.get(f"/admin/tin/{second}")
    assert "chưa xem lại" not in (await page_of(chief, "/admin") + await page_of(chief, "/admin?ngan=nhan-thu")).lower()

    [(entry_id, _), (other_id, _)] = await rows(house, tables.BookEntry, "id", "book")
    line = f"/admin/so/{entry_id}"
    assert "chưa ghi" in await page_of(duty, line)
    status, page = await send(duty, f"{line}/sua", column="summary", text="Mất xe máy trước chợ", reason="")
    assert status == 200 and "Mất xe máy trước chợ" in page
    status, page = await send(duty, f"{line}/sua", column="summary", text="Mất xe đạp trước chợ", reason="")
    assert status == 422 and "Mất xe đạp trước chợ" in page and "10 ký tự" in page
    assert (await send(duty, "/admin/so/99/sua", column="summary", text="x", reason=""))[0] == 404
    status, page = await send(duty, "/admin/so/doi-chieu")
    assert status == 409 and "Chưa khớp" in page
    assert (await send(duty, f"{line}/tich", number=" "))[0] == 422
    for row_id, number in ((entry_id, "125"), (other_id, "31")):
        assert (await send(duty, f"/admin/so/{row_id}/tich", number=number))[0] == 200
    assert "Sổ giấy đã đủ" in await page_of(duty, "/admin/so/chep")
    status, page = await send(duty, "/admin/so/doi-chieu")
    assert status == 200 and "2 = 2 + 0" in page
    assert "Số sổ giấy 125" in await page_of(duty, "/admin/so") and "Mất xe máy" in await page_of(duty, "/admin/so?so=crime")

    status, page = await send(duty, f"{line}/doi-so", kind="report", reason=REASON)
    assert status == 422 and "đúng sổ này rồi" in page
    status, page = await send(duty, f"{line}/doi-so", kind="feedback", reason=REASON)
    assert status == 200 and "Sổ phản ánh, kiến nghị" in page and "2/" in page
    await house.memory.write(lambda session: session.execute(update(tables.Tip).where(col(tables.Tip.id) == second).values(category="TE")))
    status, page = await step(station, "chief", second, "take-back")
    assert status == 200 and 'value="A" required checked' in page and "Việc của trẻ em" in page and "trong 7 ngày" not in page
    await chief.post("/admin/ngon-ngu", language="en")
    for path in (line, "/admin/so", "/admin/so/chep", "/admin/so/doi-chieu", f"/admin/tin/{first}", "/admin?ngan=luu-theo-doi"):
        assert "Book" in await page_of(chief, path)
