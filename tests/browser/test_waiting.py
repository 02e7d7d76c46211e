"""A real browser: what takes its time says so, with the seconds, and a second press sends nothing twice."""

import asyncio
import json

from playwright.async_api import Browser, Route

from bot.runtime import Running
from tests.browser.test_tip_to_desk import chromium, open_page, set_up_and_sign_in

__all__ = ["chromium"]
# Keeps what is told while the page waits, and presses a second time after a second.
_WATCH = """() => {
  const told = [];
  new MutationObserver(() => {
    const words = document.querySelector(".wait")?.textContent.trim();
    if (words && words !== told.at(-1)) told.push(words);
    sessionStorage.setItem("told", JSON.stringify(told));
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
  setTimeout(() => document.querySelector("form[action='/admin/noi/ranh-gioi']").requestSubmit(), 1000);
}"""


async def test_what_takes_long_says_how_long_already_and_goes_out_once(house: Running, chromium: Browser) -> None:
    page, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(page, house)
    await page.goto(f"{house.address}/admin/noi/ranh-gioi")
    sent = 0

    async def slowly(route: Route) -> None:
        nonlocal sent
        if route.request.method == "POST":
            sent += 1
            await asyncio.sleep(3.5)
        await route.continue_()

    await page.route("**/admin/noi/ranh-gioi", slowly)
    content = b'{"type":"FeatureCollection","features":[]}' + b" " * 200_000
    await page.set_input_files("[name=file]", {"name": "phuong.geojson", "mimeType": "application/json", "buffer": content})
    await page.evaluate(_WATCH)
    await page.get_by_role("button", name="Xem trước").click()
    await page.locator(".mistake").first.wait_for()
    told = json.loads(await page.evaluate("sessionStorage.getItem('told')"))

    assert told == ["Đang làm… (0,2 MB)", *(f"Đang làm, đã {secs} giây. Đừng đóng trang. (0,2 MB)" for secs in range(2, len(told) + 1))]
    assert len(told) > 1 and sent == 1 and await page.locator(".wait").count() == 0
    assert [one for one in complaints if "422" not in one] == []  # An empty file is refused.


async def test_what_is_quick_shows_nothing(house: Running, chromium: Browser) -> None:
    page, complaints = await open_page(chromium, wide=False)
    await set_up_and_sign_in(page, house)
    await page.goto(f"{house.address}/admin/phu-trach")
    await page.evaluate("addEventListener('pagehide', () => sessionStorage.setItem('waits', document.querySelectorAll('.wait').length))")
    await page.get_by_role("button", name="Lưu").click()
    await page.get_by_text("Đã lưu.").wait_for()

    assert await page.evaluate("sessionStorage.getItem('waits')") == "0" and complaints == []
