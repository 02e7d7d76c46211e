"""A real night: an officer comes in, hears an urgent tip, and goes with it to its end; the resident sits at the web page meanwhile."""

import re
from datetime import timedelta

from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from storage import moments, tables
from tests.admin.test_sign_in import Phone, sets_a_second_factor
from tests.browser.at_desk import comes_in, gives_pin, picture, sets_a_pin, walks, window
from tests.browser.test_two_people import chromium
from tests.opened import rows
from tests.station import Station, send, station

__all__ = ["chromium", "station"]
PIN = "482913"
WAY = ("accepted", "question_asked", "question_answered", "closed")
IS_ON_TOP = """which => {
  const one = document.querySelector(which), box = one.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === one;
}"""


async def a_roster(station: Station) -> None:
    """truc.ban until half an hour from now, then ca.sau: who comes next may take over already."""
    now = moments.local(moments.now())
    change = now + timedelta(minutes=30)
    for who, starts, ends in (("truc.ban", change - timedelta(hours=8), change), ("ca.sau", change, change + timedelta(hours=8))):
        given = {"first_day": f"{starts:%Y-%m-%d}", "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
        crew = {"duty": str(station.ids[who]), "second": "", "commander": ""}
        assert (await send(station.people["chief"], "/admin/lich-truc/ca", **given, **crew))[0] == 200


async def comes_on_duty(page: Page, house: Running, phone: Phone) -> None:
    """Password, code, a computer that is remembered, a PIN; the shift; the bell."""
    await comes_in(page, house, "truc.ban", phone)
    await expect(page.get_by_text("TRUC.BAN · cán bộ trực")).to_be_visible()
    await sets_a_pin(page, house, PIN)
    await picture(page, "01-may-cua-toi")
    await page.get_by_role("button", name="Khóa màn hình").click()
    await expect(page.get_by_role("heading", name="Màn hình đang khóa")).to_be_visible()
    await picture(page, "02-khoa")
    await gives_pin(page, "TRUC.BAN", PIN)
    await page.get_by_role("link", name="Vào ca").first.click()
    await picture(page, "03-vao-ca")
    await page.get_by_role("button", name="Vào ca").click()
    await expect(page.get_by_text("Ca này đang ở tay TRUC.BAN")).to_be_visible()
    await page.goto(f"{house.address}/admin")
    await expect(page.get_by_text("Không có tin nào chờ. Ca trực đang yên.")).to_be_visible()
    if await page.get_by_role("button", name="Bật chuông").is_visible():
        await page.get_by_role("button", name="Bật chuông").click()
    await expect(page.locator("#bell")).to_be_hidden()


async def cries_for_help(page: Page, house: Running) -> None:
    await page.goto(house.address)
    await page.locator("textarea").fill("Nhà số 5 ngõ 12 đang cháy")
    await page.keyboard.press("Enter")
    await page.get_by_text("Đang nguy hiểm, gọi ngay").last.wait_for()
    await page.locator("#choices").get_by_role("button", name="Không gọi được").click()
    await page.get_by_text("Đã chuyển tới trực ban lúc").wait_for()


async def hears_and_accepts(page: Page) -> None:
    """It sounds and says so where the officer is; the queue shows it by itself."""
    assert await page.evaluate("window.tones") == 0
    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1", timeout=10_000)
    await page.wait_for_function("window.tones > 0")
    await expect(page.locator("#news")).to_contain_text("1 tin mới", timeout=10_000)
    await expect(page.get_by_text("Ca trực đang yên")).to_be_hidden()
    await picture(page, "04-hang-cho-tin-khan")
    await page.locator("#news a").click()
    row = page.locator(".tips li.urgent")
    await expect(row).to_contain_text("Nhà số 5 ngõ 12 đang cháy")
    await expect(page.get_by_role("heading", name="Khẩn")).to_be_visible()
    await row.get_by_role("link").click()
    await expect(page.locator("#da-ke")).to_contain_text("Nhà số 5 ngõ 12 đang cháy")
    await picture(page, "05-tin-moi")
    await page.get_by_role("button", name="Đã đọc, nhận tin").click()
    await expect(page.locator("#ringing")).to_be_hidden()
    await expect(page.locator(".next")).to_contain_text("Vào sổ")
    await picture(page, "06-da-nhan")


async def asks_and_is_answered(desk: Page, resident: Page) -> None:
    """The answer appears on the page that is open, and what the officer has half written beside it stays."""
    await expect(resident.get_by_text("Cán bộ trực đã đọc lúc").last).to_be_visible()
    await desk.get_by_text("Hỏi thêm một câu").click()
    await desk.locator("form[action*='/hoi'] textarea").fill("Trong nhà còn ai không ạ?")
    await desk.get_by_role("button", name="Gửi câu hỏi").click()
    await expect(desk.locator("#luot")).to_contain_text("chờ trả lời")
    await desk.get_by_text("Nhắn một lời").click()
    await desk.locator("form[action*='/nhan'] textarea").fill("Đang viết dở")
    drawn = await desk.evaluate("performance.timeOrigin")

    await resident.locator("textarea").fill("xem")
    await resident.keyboard.press("Enter")
    await resident.get_by_text("Trong nhà còn ai không ạ?").wait_for()
    await picture(resident, "07-nguoi-dan-duoc-hoi")
    await resident.locator("textarea").fill("Không còn ai, cả nhà ra ngoài rồi")
    await resident.keyboard.press("Enter")
    await expect(desk.locator("#luot")).to_contain_text("Không còn ai, cả nhà ra ngoài rồi", timeout=25_000)
    await expect(desk.locator("#luot")).to_contain_text("đã trả lời")
    await expect(desk.locator("#vua-den")).to_contain_text(re.compile(r"Người báo vừa trả lời, lúc \d\d:\d\d\."))
    await expect(desk.locator("#da-ke")).to_contain_text("Không còn ai, cả nhà ra ngoài rồi")
    assert await desk.locator("form[action*='/nhan'] textarea").input_value() == "Đang viết dở"
    assert await desk.evaluate("performance.timeOrigin") == drawn  # The same page all the time.
    await desk.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert await desk.evaluate(IS_ON_TOP, "#vua-den a")  # However far down they read.
    await picture(desk, "08-tra-loi-den")
    await desk.locator("#vua-den a").click()
    await expect(desk.locator("#vua-den")).to_be_hidden()


async def enters_and_classifies(page: Page) -> None:
    form = await walks(page, "enter")
    await form.locator("[value=report]").check()
    await form.get_by_role("button", name="Vào sổ").click()
    await expect(page.locator("#buoc")).to_contain_text(re.compile(r"Sổ nguồn tin 1/20\d\d"))
    await picture(page, "09-vao-so")
    form = await walks(page, "classify")
    await form.locator("[value=A]").check()
    await form.locator("[name=reason]").fill("đang cháy nhà, có người ở")
    await form.get_by_role("button", name="Phân loại").click()
    await expect(page.locator("#buoc")).to_contain_text("chờ duyệt")
    await picture(page, "10-phan-loai")


async def approves_and_reports(chief: Page, house: Running) -> None:
    await chief.goto(f"{house.address}/admin")
    await expect(chief.locator(".worry")).to_contain_text("1 tin chờ duyệt phân loại")
    await chief.locator(".worry li", has_text="chờ duyệt phân loại").get_by_role("link").click()
    await picture(chief, "11-cho-duyet")
    await chief.locator("main").get_by_role("link", name=re.compile("Cháy|…|cháy")).first.click()
    form = await walks(chief, "approve")
    await form.get_by_role("button", name="Duyệt phân loại").click()
    await expect(chief.locator("#buoc")).not_to_contain_text("chờ duyệt")
    form = await walks(chief, "report")
    await form.locator("[name=agency]").fill("Cơ quan Cảnh sát điều tra")
    await form.locator("[name=way]").select_option(index=1)
    await form.get_by_role("button", name="Báo cáo, đề xuất phân công").click()
    await picture(chief, "12-da-bao-cao")


async def hands_on(chief: Page) -> None:
    form = await walks(chief, "transfer")
    for there in await form.locator("input[value=there]").all():
        await there.check()
    for name, value in (("agency", "Cơ quan Cảnh sát điều tra"), ("receiver", "Đại úy Nam, đội 3"), ("number", "12/PC")):
        await form.locator(f"[name={name}]").fill(value)
    await picture(chief, "13-phieu-chuyen")
    await form.get_by_role("button", name="Chuyển Cơ quan điều tra").click()
    await expect(chief.locator("#buoc .pill").first).to_contain_text("Đã chuyển Cơ quan điều tra")


async def settles_and_ends(page: Page, house: Running, tip_id: int) -> None:
    await page.goto(f"{house.address}/admin/ngan/cho-ket-qua")
    await page.locator(f"main a[href*='{tip_id}']").first.click()
    form = await walks(page, "settled")
    await form.locator("input[name=result]").first.check()
    await form.locator("[name=number]").fill("8/TB")
    await form.get_by_role("button", name="Đã có kết quả giải quyết").click()
    await page.get_by_label("Đã làm gì").fill("Đã tới nơi, dập tắt lửa và lập biên bản")
    await page.get_by_label("Kết quả, ghi vào hồ sơ").fill("Không ai bị thương")
    await page.get_by_label("Ngày nào").fill(f"{moments.local(moments.now()):%Y-%m-%d}")
    await page.get_by_label("Đơn vị nào").fill("Tổ tuần tra Công an phường")
    await picture(page, "14-ket-thuc")
    await page.get_by_role("button", name="Kết thúc tin").click()
    await expect(page.locator(".head")).to_contain_text("Đã kết thúc")
    await picture(page, "15-da-ket-thuc")


async def hands_over(page: Page, house: Running) -> None:
    await page.goto(f"{house.address}/admin/giao-ca")
    await expect(page.get_by_text("Đang giữ ca: TRUC.BAN")).to_be_visible()
    await expect(page.get_by_text("Không còn tin nào mở. Ca trực gọn gàng.")).to_be_visible()
    await picture(page, "16-giao-ca")
    await page.get_by_label("Bàn giao trực tiếp").check()
    await page.get_by_role("button", name="Vào ca").click()
    await expect(page.get_by_text("Ca này đang ở tay CA.SAU")).to_be_visible()
    await expect(page.locator(".history")).to_contain_text("TRUC.BAN giao cho CA.SAU")


async def test_an_officers_night_from_the_door_to_the_hand_over(house: Running, station: Station, chromium: Browser) -> None:
    await station.add("ca.sau", "duty")
    await a_roster(station)
    phone, _sheet = await sets_a_second_factor(station.people["truc.ban"])
    duty, complaints = await window(chromium)
    resident, of_resident = await window(chromium, is_narrow=True)
    await comes_on_duty(duty, house, phone)

    await cries_for_help(resident, house)
    await hears_and_accepts(duty)
    await asks_and_is_answered(duty, resident)
    await enters_and_classifies(duty)

    [(tip_id,)] = await rows(house, tables.Tip, "id")
    chief, of_chief = await window(chromium)
    await comes_in(chief, house, "chi.huy")
    await approves_and_reports(chief, house)
    await duty.reload()
    form = await walks(duty, "check")
    await form.get_by_role("button", name="Bắt đầu xác minh sơ bộ").click()
    await chief.reload()
    await hands_on(chief)
    await settles_and_ends(duty, house, tip_id)

    await resident.locator("textarea").fill("xem")
    await resident.keyboard.press("Enter")
    await resident.get_by_text("Đã tới nơi, dập tắt lửa").first.wait_for()
    await picture(resident, "17-nguoi-dan-cuoi")
    after, of_after = await window(chromium)
    await comes_in(after, house, "ca.sau")
    await hands_over(after, house)

    assert (complaints, of_resident, of_chief, of_after) == ([], [], [], [])
    assert await rows(house, tables.Tip, "state", "track", "book_number") == [("S12", "A", 1)]
    assert await rows(house, tables.Question, "outcome") == [("answered",)]
    told = [what for what in await station.history("") if what in WAY]
    assert told == list(WAY)
