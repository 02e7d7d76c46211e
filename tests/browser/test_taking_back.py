"""A real browser: a message is taken back with the keyboard, a photo with a touch; both stay gone after a reload."""

from pathlib import Path

from playwright.async_api import Browser

from bot.runtime import Running
from storage import tables
from tests.browser.test_tip_to_desk import chromium, open_page
from tests.factories import heavy_photo
from tests.opened import rows

__all__ = ["chromium"]

REGRET = "Nhà ông Ba số 7 làm đó"


async def test_a_message_and_a_photo_are_taken_back(house: Running, chromium: Browser, tmp_path: Path) -> None:
    page, complaints = await open_page(chromium)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(heavy_photo())
    await page.goto(house.address)
    await page.locator("textarea").fill("Đốt rác hôi cả xóm")
    await page.keyboard.press("Enter")
    await page.get_by_text("Chuyện xảy ra ở đâu").wait_for()
    await page.get_by_role("button", name="Bỏ qua").click()
    await page.get_by_text("Không nêu tên thì tin vẫn").wait_for()
    await page.locator("textarea").fill(REGRET)
    await page.keyboard.press("Enter")
    async with page.expect_file_chooser() as chooser:
        await page.locator("#attach").click()
    await (await chooser.value).set_files(photo)
    await page.get_by_text("Đã nhận 1 ảnh").wait_for()
    pressed = page.locator("article.in", has_text="Bỏ qua")  # A button that was pressed tells nothing, and cannot be taken back.
    assert await pressed.get_by_role("button").count() == 0

    other = await page.context.new_page()  # The same chat in a second tab.
    await other.goto(house.address)
    await page.get_by_role("button", name=f"Rút lại: {REGRET}").focus()
    await page.keyboard.press("Enter")
    await page.locator("article.taken-back").wait_for()
    box = await page.locator("article.pictured button.take-back").bounding_box()
    assert box and box["height"] >= 44
    await page.locator("article.pictured button.take-back").click()
    await page.locator("article.taken-back").nth(1).wait_for()
    await other.locator("article.taken-back").nth(1).wait_for()
    assert await other.get_by_text(REGRET).count() == 0 and await page.locator("article img").count() == 0
    await page.reload()

    assert await page.locator("article.taken-back p").all_text_contents() == ["Đã rút lại", "Đã rút lại"]
    assert await page.get_by_text(REGRET).count() == 0
    await page.get_by_role("button", name="Rút lại: Đốt rác").wait_for()
    assert await rows(house, tables.Piece, "words") == [("Đốt rác hôi cả xóm",)]
    await page.locator("#choices").get_by_role("button", name="Gửi ngay").click()
    await page.get_by_role("button", name="Chỉ một mình").click()
    await page.locator(".card").wait_for()
    await page.locator("button.take-back").first.wait_for(state="detached")
    assert (await page.locator("button.take-back").count(), complaints) == (0, [])


async def test_a_page_that_has_not_heard_of_the_receipt_is_told_that_it_is_too_late(house: Running, chromium: Browser) -> None:
    page, _complaints = await open_page(chromium)
    await page.goto(house.address)
    await page.locator("textarea").fill("Đốt rác hôi cả xóm")
    await page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Rút lại: Đốt rác")
    await button.wait_for()
    await page.route("**/chat/messages", lambda route: route.abort())  # The wish waits in the page until the network is back.
    await button.click()
    await page.get_by_text("Bấm để gửi lại").wait_for()
    other = await page.context.new_page()
    await other.goto(house.address)
    await other.locator("#choices").get_by_role("button", name="Gửi ngay").click()
    await other.get_by_role("button", name="Có người xem chung").click()
    await other.locator(".card").wait_for()
    await page.unroute("**/chat/messages")  # It tries again by itself.
    await page.get_by_text("gửi rồi nên lời đó vẫn ở trong sổ").wait_for()

    assert await page.locator("article.taken-back").count() == 0
