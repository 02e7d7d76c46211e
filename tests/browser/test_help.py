"""A real browser: the help opens beside what is being typed, and the printed guide is no longer than it says."""

import io

import pikepdf
from playwright.async_api import Browser, Page

from admin.help_topics import TOPICS
from bot.runtime import Running
from handlers.texts import say
from tests.browser.test_tip_to_desk import chromium, open_page, set_up_and_sign_in

__all__ = ["chromium"]
MOST_PAGES_A_TOPIC = 0.4  # Some read a few lines, some a page.


async def test_the_help_opens_beside_what_is_being_typed(house: Running, chromium: Browser) -> None:
    page, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(page, house)
    await page.goto(f"{house.address}/admin/nhap-tin")
    await page.fill("[name=words]", "Có người đập cửa nhà bên")
    await page.get_by_role("link", name="Trợ giúp").first.click()
    panel = page.locator("#help-panel")
    await panel.get_by_role("heading", name="Nhập tin từ gặp mặt, điện thoại, thư").wait_for()
    assert await page.evaluate("document.activeElement.id") == "help-title"

    await panel.get_by_role("link", name="Trang của một tin").click()  # From one topic to the next, in the same panel.
    await panel.get_by_role("heading", name="Trang của một tin").wait_for()
    await page.keyboard.press("Escape")
    assert await panel.is_hidden() and len(page.context.pages) == 1
    assert await page.input_value("[name=words]") == "Có người đập cửa nhà bên"
    assert complaints == []


async def test_help_that_does_not_come_says_so_and_keeps_the_words(house: Running, chromium: Browser) -> None:
    page, _complaints = await open_page(chromium, wide=False)
    await set_up_and_sign_in(page, house)
    await page.goto(f"{house.address}/admin/nhap-tin")
    await page.fill("[name=words]", "Có người đập cửa nhà bên")
    await page.route("**/admin/tro-giup/**", lambda route: route.abort())
    await page.locator("a.ask").click()
    panel = page.locator("#help-panel")
    await panel.get_by_text(say("help-failed")).wait_for()
    assert str(await panel.get_by_role("link").get_attribute("href")).startswith(f"{house.address}/admin/tro-giup/nhap-tin")
    await panel.get_by_role("button", name="Đóng").click()
    assert await panel.is_hidden() and await page.input_value("[name=words]") == "Có người đập cửa nhà bên"


async def test_the_guide_is_a_book_one_can_print(house: Running, chromium: Browser) -> None:
    page, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(page, house)
    for language in ("vi", "en"):
        await page.context.add_cookies([{"name": "keng_desk_language", "value": language, "url": house.address}])
        await page.goto(f"{house.address}/admin/tro-giup/in")
        assert await page.locator("article").count() == len(TOPICS) == await page.locator(".contents a").count()
        assert 12 <= await printed(page) <= MOST_PAGES_A_TOPIC * len(TOPICS), language
    assert complaints == []


async def printed(page: Page) -> int:
    with pikepdf.open(io.BytesIO(await page.pdf(prefer_css_page_size=True))) as found:
        return len(found.pages)
