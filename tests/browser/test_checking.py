"""Somebody with a small phone scans the square on a card, and pastes what came in another group: on the page, without scripts."""

import asyncio

from playwright.async_api import Browser, expect

from bot.runtime import Running
from handlers.warnings.codes import new_code
from tests.browser.at_desk import picture
from tests.browser.test_pages import AXE, _found
from tests.browser.test_two_people import chromium
from tests.gong import gong_in
from tests.journeys.test_checking import posted

__all__ = ["chromium"]


async def test_a_forged_warning_is_seen_on_a_small_phone(house: Running, chromium: Browser) -> None:
    gong, code = await gong_in(house), new_code()
    await gong.releases(code)
    forged = (await posted(gong, code)).replace("Gọi trực ban hỏi lại.", "Khai báo tại http://congan-dichvu.top, gọi 0912 345 678.")
    phone = await chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = await phone.new_page()

    await page.goto(f"{house.address}/tra-cuu?ma={code}")
    await expect(page.get_by_role("status")).to_contain_text(f"Mã {code} là của cảnh báo")
    await page.get_by_label("dán cả cảnh báo").fill(forged)
    await page.get_by_role("button", name="Kiểm tra").click()

    said = page.get_by_role("status")
    await expect(said).to_contain_text("Dòng khác với nguyên văn")
    await expect(said).to_contain_text("hxxp[:]//congan-dichvu[.]top")
    await expect(said).to_contain_text("số điện thoại 0912345678")
    assert await page.locator("a[href*='dichvu']").count() == 0
    for box in [await one.bounding_box() for one in await page.locator("article p, form, button").all()]:
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    await page.set_viewport_size({"width": 360, "height": 1900})  # All of it, for who looks at the picture.
    await picture(page, "tra-cuu-canh-bao-360")
    await phone.close()

    tab = await chromium.new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
    await tab.goto(f"{house.address}/tra-cuu?ma={code}")
    await tab.evaluate(await asyncio.to_thread(AXE.read_text, "utf-8"))
    for scheme in ("light", "dark"):
        await tab.emulate_media(color_scheme=scheme)
        assert await _found(tab) == []
