"""The desk on a phone, with one thumb: from the list to the answer and the next step, nothing too small, nothing wider than the screen."""

from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from tests.admin.test_aftercare import tell, tip_of
from tests.browser.at_desk import comes_in, picture, walks, window
from tests.browser.test_two_people import chromium
from tests.people import WebResident
from tests.station import Station, station

__all__ = ["chromium", "station"]
LEAST = 44
# What a thumb must hit: everything that can be pressed and is seen, but links inside a sentence and what is hidden from the eye.
TOO_SMALL = """least => {
  const isInText = one => {
    const around = one.closest("p, dd, li, td, span, small, h2");
    return one.tagName === "A" && getComputedStyle(one).display === "inline" && around && around.innerText.trim() !== one.innerText.trim();
  };
  const target = one => ["radio", "checkbox"].includes(one.type) && one.closest("label") || one;
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".unseen, .skip") && !isInText(one))
    .map(one => [one, target(one).getBoundingClientRect()])
    .filter(([one, box]) => box.width && box.height && box.height < least - 0.5)
    .map(([one, box]) => `${one.tagName} ${one.name || one.id || one.innerText.slice(0, 30)} ${Math.round(box.height)}`);
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && !one.closest(".unseen, .table, pre, #map"))
  .map(one => [one, Math.round(one.getBoundingClientRect().right)]).filter(([one, right]) => right > innerWidth)
  .map(([one, right]) => `${one.tagName}.${one.className} ${right}`).slice(0, 6)"""
IS_IN_REACH = """one => { const box = one.getBoundingClientRect(); return box.top >= innerHeight / 2 && box.bottom <= innerHeight; }"""


async def fits(page: Page, name: str) -> None:
    await picture(page, f"phone-{name}")
    assert await page.evaluate(TOO_WIDE) == [], name
    assert await page.evaluate("document.documentElement.scrollWidth") == 360, name
    assert await page.evaluate(TOO_SMALL, LEAST) == [], name


async def test_a_phone_goes_from_the_list_to_the_next_step_with_one_thumb(
    house: Running, station: Station, browser: WebResident, chromium: Browser
) -> None:
    await tell(browser)
    page, complaints = await window(chromium, is_narrow=True, is_touched=True)
    await comes_in(page, house, "truc.ban")
    await page.goto(f"{house.address}/admin")
    await fits(page, "1-hang-cho")
    await page.get_by_role("link", name="Mục").tap()
    await expect(page.locator("#muc")).to_be_visible()
    await fits(page, "2-muc")
    await page.locator("#muc").get_by_role("link", name="Mới").tap()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mới")
    await page.locator(".tips a").first.tap()

    accept = page.get_by_role("button", name="Đã đọc, nhận tin")
    assert await accept.evaluate(IS_IN_REACH)  # Without any scrolling.
    await fits(page, "3-tin")
    await accept.tap()
    await page.get_by_text("Nhắn một lời").tap()
    await page.locator("form[action*='/nhan'] textarea").fill("Đã nhận tin, đang kiểm tra.")
    await fits(page, "4-nhan")
    await page.get_by_role("button", name="Gửi lời nhắn").tap()
    await expect(page.locator("#luot")).to_contain_text("Đã nhận tin, đang kiểm tra.")
    await browser.hears("Có cập nhật")

    next_step = page.locator(".next a.button")
    await expect(next_step).to_have_text("Vào sổ")
    assert await next_step.evaluate(IS_IN_REACH)
    await next_step.tap()
    form = await walks(page, "enter")
    await expect(form.locator("[value=report]")).to_be_in_viewport()
    await form.locator("label", has=page.locator("[value=report]")).tap()
    await expect(next_step).to_be_hidden()  # It led here: the form's own button is the only one that is called so.
    await fits(page, "5-vao-so")
    await form.get_by_role("button", name="Vào sổ").tap()
    await expect(page.locator("#buoc")).to_contain_text("Sổ nguồn tin 1/")
    await expect(page.locator("#buoc h2")).to_be_in_viewport()  # Whoever has pressed sees what became of it.

    # Back to the list, where it was left.
    await page.get_by_role("link", name="Danh sách tin").tap()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await fits(page, "6-lai-hang-cho")
    assert complaints == []
    assert await tip_of(house)
