"""A real browser: what residents would see changes while the chief types."""

import pytest
from playwright.async_api import Browser, expect

from bot.runtime import Running
from tests.browser.test_tip_to_desk import chromium, open_page, set_up_and_sign_in

__all__ = ["chromium"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
async def test_the_chief_tries_a_sentence_and_keeps_it(house: Running, chromium: Browser, script: bool) -> None:
    page, complaints = await open_page(chromium, script=script)
    await set_up_and_sign_in(page, house)
    await page.get_by_role("link", name="Mục").click()
    await page.get_by_role("link", name="Lời của phường").click()
    await page.get_by_role("link", name="Câu hỏi đầu tiên").click()
    await page.get_by_label("Viết theo cách của phường").fill("Yên tâm, cứ kể.")
    if not script:
        await page.get_by_role("button", name="Xem thử").click()
    await page.get_by_text("Có chữ “yên tâm”").wait_for()
    await page.get_by_label("Viết theo cách của phường").fill("Có chuyện gì, bà con cứ kể ạ.")
    if script:
        await expect(page.locator("#seen")).to_have_text("Có chuyện gì, bà con cứ kể ạ.")
    await page.get_by_role("button", name="Lưu").click()
    await page.get_by_text("Đã lưu").wait_for()

    await page.get_by_role("button", name="Lấy lại câu gốc").click()
    await expect(page.get_by_label("Viết theo cách của phường")).to_have_value(
        "Có chuyện gì vậy ạ? Cứ kể như nói với người quen: viết, gửi ghi âm hay ảnh. Nhắn nhiều lần cũng được."
    )
    assert complaints == []
