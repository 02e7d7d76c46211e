"""The desk with the keys alone: nothing here moves a mouse, and where the keys are can always be seen."""

import re
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from storage import moments
from tests.admin.test_aftercare import enough, tell_another
from tests.admin.test_desk import PASSWORD, tell_a_tip
from tests.browser.at_desk import picture, window
from tests.browser.test_two_people import chromium
from tests.opened import photos_done
from tests.people import WebResident
from tests.placed import keep, placed
from tests.station import Station, station

__all__ = ["chromium", "station"]
# How what has the focus looks, with and without it: an outline, a shadow, a stroke or a colour. A label may show it for its field.
LOOKS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const shown = [one, one.nextElementSibling, one.closest("label")].filter(Boolean);
  const look = () => JSON.stringify(shown.map(each => {
    const style = getComputedStyle(each);
    const outline = style.outlineStyle === "none" ? "" : style.outlineColor + style.outlineWidth;
    return [outline, style.boxShadow, style.stroke, style.strokeWidth, style.backgroundColor];
  }));
  const box = one.getBoundingClientRect();
  const within = (at, least, most) => Math.min(Math.max(at, least), most - 1);
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
  const at = document.elementFromPoint(within(x, 0, innerWidth), within(y, 0, innerHeight));
  const isOnTop = at && (one.contains(at) || at.contains(one) || one.closest("label")?.contains(at) || one.matches(".skip"));
  const seen = look();
  one.blur();
  const without = look();
  one.focus({ focusVisible: true, preventScroll: true });
  const name = `${one.tagName}#${one.id}.${one.name || ""} ${(one.innerText || one.value || "").slice(0, 30).trim()}`;
  return { name, isSeen: seen !== without, isOnTop: Boolean(isOnTop), isOut: box.bottom < 0 || box.top > innerHeight };
}"""


async def tabs(page: Page, *, most: int = 200, back: bool = False) -> AsyncIterator[str]:
    """Key by key, until the page is through; wherever it comes to it can be seen."""
    for _ in range(most):
        await page.keyboard.press("Shift+Tab" if back else "Tab")
        found = await page.evaluate(LOOKS)
        if found is None:
            return
        assert found["isSeen"] and found["isOnTop"] and not found["isOut"], found
        yield found["name"]
    raise AssertionError("the keys never came out of the page")


async def tabs_to(page: Page, wanted: str) -> None:
    """To the next place that is called so."""
    async for name in tabs(page):
        if re.search(wanted, name):
            return
    raise AssertionError(f"no key leads to {wanted}")


async def enters(page: Page) -> None:
    """What has the focus is followed, to a page that is there."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def signs_in(page: Page, house: Running, login: str = "truc.ban") -> None:
    await page.goto(f"{house.address}/admin/dang-nhap")
    await expect(page.locator("[name=login]")).to_be_focused()
    await page.keyboard.type(login)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Khóa màn hình").wait_for()
    if login == "chi.huy":  # A new ward's chief is led to what is still to be set.
        await page.goto(f"{house.address}/admin")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cần làm")


async def walks_the_list(page: Page) -> None:
    """j and k along the rows, / to the search, ? for all of them; the skip link leads past the side."""
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await expect(page.locator(".skip")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.getElementById('main').contains(document.activeElement)")
    rows = page.locator(".tips a")
    await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement.blur()")
    for key, nth in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        await page.keyboard.press(key)
        await expect(rows.nth(nth)).to_be_focused()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await picture(page, "keys-1")
    await page.keyboard.press("j")  # Held: nothing behind it moves.
    await page.keyboard.press("Escape")
    await expect(rows.nth(1)).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.locator("#tim")).to_be_focused()
    await page.keyboard.type("jk?")  # Whoever writes, writes.
    assert await page.locator("#tim").input_value() == "jk?"
    await page.keyboard.press("Escape")


async def answers(page: Page) -> None:
    """a stands on the button, Enter presses it; a word goes out; l leads back to the list."""
    await page.keyboard.press("a")
    await expect(page.get_by_role("button", name="Đã đọc, nhận tin")).to_be_focused()
    await enters(page)
    await expect(page.locator(".next a.button")).to_have_text("Vào sổ")
    await tabs_to(page, "Nhắn một lời")
    await page.keyboard.press("Enter")
    await tabs_to(page, "words")
    await page.keyboard.type("Đã nhận tin, đang kiểm tra.")
    await tabs_to(page, "Gửi lời nhắn")
    await enters(page)
    await expect(page.locator("#luot")).to_contain_text("Đã nhận tin, đang kiểm tra.")


async def blacks_out(page: Page) -> None:
    """A box laid, moved and made wider by keys; the copy is made."""
    await tabs_to(page, "Thêm một ô")
    await page.keyboard.press("Enter")
    box = page.locator(".stage .box")
    await expect(box).to_be_focused()
    left, wide = page.locator("[name=trai1]"), page.locator("[name=rong1]")
    before = float(await left.input_value()), float(await wide.input_value())
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Shift+ArrowRight")
    assert (float(await left.input_value()), float(await wide.input_value())) == (before[0] + 1, before[1] + 1)
    await picture(page, "keys-2")
    await tabs_to(page, "Làm bản che")
    await enters(page)
    await expect(page.get_by_text("Đã làm bản che")).to_be_visible()


async def looks_at_the_map(page: Page) -> None:
    """The table says what the map draws, and the map itself lets go of the keys."""
    await tabs_to(page, "Bản đồ")
    await enters(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Bản đồ")
    await tabs_to(page, "DIV#map")
    await tabs_to(page, "^A#. 3")
    await picture(page, "keys-3")
    await enters(page)
    await expect(page.locator(".tips a")).to_have_count(3)


async def test_the_desk_is_walked_with_the_keys_alone(house: Running, station: Station, browser: WebResident, chromium: Browser) -> None:
    await tell_a_tip(browser)
    await enough(browser)
    await photos_done(house, 1)
    await tell_another(browser)
    await keep(house.memory, placed(house.ward().id, moments.now() - moments.HOUR, category="CB"))
    page, complaints = await window(chromium)
    await signs_in(page, house)
    await walks_the_list(page)
    await page.evaluate("document.activeElement.blur()")
    await page.locator(".tips a", has_text="bẻ khóa").focus()
    await enters(page)
    await answers(page)
    forwards, backwards = [name async for name in tabs(page)], [name async for name in tabs(page, back=True)]
    assert backwards[: len(forwards)] == forwards[::-1] and len(backwards) > 30
    await tabs_to(page, "^A#anh-")
    await enters(page)
    await blacks_out(page)
    await page.keyboard.press("Escape")  # Back to the tip.
    await page.wait_for_url(re.compile(r"/admin/tin/\d+"))
    await page.keyboard.press("l")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cần làm")
    await looks_at_the_map(page)
    assert complaints == []


async def test_a_form_of_the_settings_is_filled_in_with_the_keys_alone(house: Running, station: Station, chromium: Browser) -> None:
    page, complaints = await window(chromium)
    await signs_in(page, house, "chi.huy")
    await tabs_to(page, "Cài đặt")
    await enters(page)
    await tabs_to(page, "Chuông báo và khóa màn hình")
    await enters(page)
    await tabs_to(page, r"\.minutes")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("25")
    await picture(page, "keys-4")
    await tabs_to(page, "Lưu")
    await enters(page)
    await expect(page.locator("[name=minutes]")).to_have_value("25")
    stops = [name async for name in tabs(page)]  # Out at the end of the page, and in again at its beginning.
    assert len(stops) > 20 and "skip" not in stops[-1]
    assert complaints == []
