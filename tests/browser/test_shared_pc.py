"""One PC, a whole shift: two officers change places in seconds, the locked screen counts and sounds, and a phone is lost at night."""

import time

from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from storage import tables
from tests.admin.test_aftercare import accept, tell, tip_of
from tests.admin.test_desk import PASSWORD
from tests.admin.test_sign_in import Phone, sets_a_second_factor
from tests.browser.at_desk import burning, comes_in, give_password, gives_pin, picture, sets_a_pin, window
from tests.browser.test_two_people import chromium, signed_in
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, station

__all__ = ["chromium", "station"]
PINS = {"truc.ban": "482913", "truc.phu": "570316"}
LEFT = "Chị Canary ở ngõ 12 vừa gọi lại"


async def locks(page: Page) -> None:
    await page.get_by_role("button", name="Khóa màn hình").click()
    await expect(page.get_by_role("heading", name="Màn hình đang khóa")).to_be_visible()


async def changes_place(page: Page, name: str, pin: str) -> float:
    """From the press that locks to the other one's desk, in seconds, with a person's fingers left out."""
    begun = time.monotonic()
    await locks(page)
    await gives_pin(page, name, pin)
    taken = time.monotonic() - begun
    await expect(page.get_by_text(f"{name} · cán bộ trực")).to_be_visible()
    return taken


async def both_known_here(page: Page, house: Running, phones: dict[str, Phone]) -> None:
    await comes_in(page, house, "truc.ban", phones["truc.ban"])
    await sets_a_pin(page, house, PINS["truc.ban"])
    await locks(page)
    await page.get_by_text("Người khác vào ca").click()
    other = page.locator("form:has([name=login])")
    await other.get_by_label("Tên đăng nhập").fill("truc.phu")
    await other.get_by_label("Mật khẩu").fill("khong phai the")
    await other.get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("alert").filter(has_text="chưa đúng")).to_be_visible()
    await other.get_by_label("Mật khẩu").fill("mua xuan nam ay")
    await other.get_by_role("button", name="Đăng nhập").click()
    await page.locator("[name=code]").fill(phones["truc.phu"].code())
    await page.get_by_role("button", name="Vào").click()
    await expect(page.get_by_text("TRUC.PHU · cán bộ trực")).to_be_visible()
    await sets_a_pin(page, house, PINS["truc.phu"])


async def test_two_officers_change_places_and_words_wait_for_their_own(
    house: Running, station: Station, browser: WebResident, chromium: Browser
) -> None:
    await station.add("truc.phu", "duty")
    await tell(browser)
    tip_id = await tip_of(house)
    await accept(station.people["truc.ban"], tip_id)
    phones = {login: (await sets_a_second_factor(station.people[login]))[0] for login in PINS}
    pc, complaints = await window(chromium)
    await both_known_here(pc, house, phones)

    # Whoever sits down finds nothing of what the other was writing; it comes back to its own, and goes when they say so.
    await pc.goto(f"{house.address}/admin/tin/{tip_id}")
    await pc.get_by_text("Viết ghi chú").click()
    await pc.locator("form[action*='/ghi-chu'] textarea").fill(LEFT)
    assert await changes_place(pc, "TRUC.BAN", PINS["truc.ban"]) < 5
    assert "Canary" not in await pc.content()
    await pc.goto(f"{house.address}/admin/tin/{tip_id}")
    assert "Canary" not in await pc.content()
    assert await changes_place(pc, "TRUC.PHU", PINS["truc.phu"]) < 5
    await expect(pc.locator("textarea")).to_have_value(LEFT)
    await picture(pc, "may-chung-loi-do")
    await pc.locator("form[action$='/loi/xong'] button").click()
    await pc.goto(f"{house.address}/admin/khoa/loi")
    assert "Canary" not in await pc.content()

    # Locked: two numbers, a clock, a sound.
    await locks(pc)
    assert await pc.evaluate("window.tones") == 0
    await burning(browser)
    await expect(pc.locator("#rings")).to_have_text("Có tin khẩn đang chờ", timeout=10_000)
    await expect(pc.locator("#counts")).to_have_text("Tin khẩn: 1 · Tin đang chờ: 1")
    await pc.wait_for_function("window.tones > 0")
    await picture(pc, "may-chung-khoa")
    shown = await pc.locator("body").inner_text()
    assert [word for word in ("cháy", "Cháy", "số 5", "…", "Mở xem") if word in shown] == []
    assert await pc.locator("main a").count() == 0
    # Wrong once: how many are left is said, the other's place is untouched, and the name stays chosen.
    await pc.locator(".person", has_text="TRUC.BAN").click()
    await pc.keyboard.type("000000")
    await pc.keyboard.press("Enter")
    await expect(pc.get_by_role("alert").filter(has_text="Còn 4 lần")).to_be_visible()
    await pc.keyboard.type(PINS["truc.ban"])
    await pc.keyboard.press("Enter")
    await expect(pc.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1")
    assert [how for (how,) in await rows(house, tables.DeskSession, "how")].count("pin") == 1  # One at a time at this PC.
    assert complaints == []


async def test_a_lost_phone_at_night_is_one_shift(house: Running, station: Station, chromium: Browser) -> None:
    await sets_a_second_factor(station.people["truc.ban"])
    pc, complaints = await window(chromium)
    await give_password(pc, house, "truc.ban")
    await expect(pc.get_by_role("heading", name="Mã hai bước")).to_be_visible()
    await picture(pc, "mat-dien-thoai-1")

    commander, _of_commander = await window(chromium, is_narrow=True)
    await comes_in(commander, house, "chi.huy")
    await commander.goto(f"{house.address}/admin/cho-vao")
    await commander.get_by_label("Ai").first.select_option(label="TRUC.BAN · cán bộ trực")
    await commander.get_by_label("mất điện thoại", exact=False).check()
    await picture(commander, "mat-dien-thoai-2")
    await commander.locator("main button.filled").click()
    number = await commander.locator(".read.number").inner_text()
    await picture(commander, "mat-dien-thoai-3")

    await pc.locator("[name=code]").fill("1111 1111")
    await pc.get_by_role("button", name="Vào").click()
    await expect(pc.get_by_role("alert").filter(has_text="Mã chưa đúng")).to_be_visible()
    await pc.locator("[name=code]").fill(number)
    await pc.get_by_role("button", name="Vào").click()
    await expect(pc.get_by_text("TRUC.BAN · cán bộ trực")).to_be_visible()
    await pc.goto(f"{house.address}/admin/may-cua-toi")
    await expect(pc.get_by_text("Đang vào bằng số của chỉ huy")).to_be_visible()
    assert await pc.locator("[name=pin]").count() == 0
    await picture(pc, "mat-dien-thoai-4")
    assert await rows(house, tables.Device, "id") == []
    assert await station.history("signin_let_in") == ["signin_let_in", "signin_let_in_used"]
    assert complaints == []


async def test_a_page_beside_makes_way_for_who_signed_in_after_its_officer(
    house: Running, station: Station, browser: WebResident, chromium: Browser
) -> None:
    """Also where nobody looked at it while the desk was locked."""
    await tell(browser)
    chiefs = await signed_in(chromium, house, "chi.huy")
    beside = await chiefs.context.new_page()
    await beside.goto(f"{house.address}/admin/tin/{await tip_of(house)}")
    await beside.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(beside.locator("#da-ke")).to_be_visible()

    await chiefs.goto(f"{house.address}/admin/dang-nhap")
    await chiefs.fill("[name=login]", "truc.ban")
    await chiefs.fill("[name=password]", PASSWORD)
    await chiefs.get_by_role("button", name="Đăng nhập").click()
    await chiefs.get_by_role("button", name="Khóa màn hình").wait_for()
    await beside.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await beside.wait_for_url(f"{house.address}/admin")
    await expect(beside.locator("#da-ke")).to_have_count(0)
