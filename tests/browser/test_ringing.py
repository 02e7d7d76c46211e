"""A real browser: an urgent tip rings on whatever page of the desk is open, until somebody accepts."""

from playwright.async_api import Browser, expect
from sqlalchemy import update

from bot.runtime import Running
from storage import moments, tables
from tests.browser.test_tip_to_desk import PASSWORD, chromium, open_page, set_up_and_sign_in
from tests.opened import rows
from tests.people import WebResident

__all__ = ["chromium"]
COUNT_TONES = """() => {
  const start = OscillatorNode.prototype.start;
  window.tones = 0;
  OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
}"""


async def test_p3_an_open_desk_sounds_until_the_tip_is_accepted(house: Running, chromium: Browser, browser: WebResident) -> None:
    page, complaints = await open_page(chromium)
    await set_up_and_sign_in(page, house)
    await page.get_by_role("button", name="Bật chuông").click()
    await expect(page.locator("#bell")).to_be_hidden()
    await page.get_by_role("link", name="Mục").click()
    await page.get_by_role("link", name="Lịch trực").click()
    await page.get_by_text("Hai tuần tới").wait_for()
    await expect(page.locator("#bell")).to_be_hidden()  # Coming by a link keeps it on.
    await page.evaluate(COUNT_TONES)

    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1", timeout=10_000)
    await page.wait_for_function("window.tones > 0")
    assert None not in {heard for (heard,) in await rows(house, tables.DeskSession, "heard_at")}

    await page.get_by_role("link", name="Mở xem").click()
    await page.get_by_role("button", name="Đã đọc, nhận tin").click()
    await page.get_by_text("Lịch sử của tin").wait_for()
    await expect(page.locator("#ringing")).to_be_hidden()
    assert complaints == []

    await page.context.clear_cookies()  # The sign-in has ended while the page was left open: it says that it is deaf now.
    await expect(page.locator("#deaf-out")).to_be_visible(timeout=10_000)
    await expect(page.locator("#deaf-off")).to_be_hidden()


async def test_p3_a_locked_desk_sounds_and_shows_nothing_of_the_tip(house: Running, chromium: Browser, browser: WebResident) -> None:
    page, complaints = await open_page(chromium)
    await set_up_and_sign_in(page, house)
    await page.get_by_role("button", name="Khóa màn hình").click()
    await expect(page.get_by_text("Chuông trên máy này đang bật")).to_be_visible()  # The press has woken it.
    await page.evaluate(COUNT_TONES)
    heard: list[str] = []
    page.on("response", lambda answer: heard.append(answer.url) if "/admin" in answer.url else None)

    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await expect(page.locator("#rings")).to_have_text("Có tin khẩn đang chờ", timeout=10_000)
    await expect(page.locator("#counts")).to_have_text("Tin khẩn: 1 · Tin đang chờ: 1")
    await page.wait_for_function("window.tones > 0")
    assert {url.split("?")[0] for url in heard} == {f"{house.address}/admin/khoa/chuong"}  # Nothing else is asked for.
    assert await page.locator("main a, header .place").count() == 0
    assert None not in {at for (at,) in await rows(house, tables.DeskSession, "heard_at")}

    await page.goto(f"{house.address}/admin/lich-truc")
    await page.fill("[name=password] >> nth=0", PASSWORD)
    await page.get_by_role("button", name="Mở khóa").click()
    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1")

    # Nobody is at it any more: the page makes way by itself, and the next one sounds. What was half written comes back.
    await page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('textarea'), {name: 'words', value: 'Viết dở'}))"
    )
    await house.memory.write(lambda session: session.execute(update(tables.DeskSession).values(seen_at=moments.now() - moments.HOUR)))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.wait_for_url("**/admin/khoa")
    await expect(page.get_by_text("Chuông trên máy này đang bật")).to_be_visible()
    await page.fill("[name=password] >> nth=0", PASSWORD)
    await page.get_by_role("button", name="Mở khóa").click()
    await expect(page.locator("textarea")).to_have_value("Viết dở")
    assert complaints == []
