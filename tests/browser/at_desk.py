"""Officers at the desk in a real browser: windows that complain, signing in with everything there is, and looking again later."""

import os
import re
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from bot.runtime import Running
from tests.admin.test_desk import PASSWORD
from tests.admin.test_sign_in import Phone
from tests.people import WebResident

# That a form came back with what is wrong is no complaint, nor that a page may not sound before somebody has touched it: it says so itself.
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (401|422) .*|The AudioContext was not allowed.*")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
# Counted where the page makes them, from its first moment: a gong struck before anybody could count is counted too.
COUNT_TONES = """(() => {
  const start = OscillatorNode.prototype.start;
  window.tones = 0;
  OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
})()"""


async def window(browser: Browser, *, is_narrow: bool = False, is_touched: bool = False) -> tuple[Page, list[str]]:
    """A person's own browser, and what it complains of: errors, warnings, what the page's policy refused."""
    size = NARROW if is_narrow else WIDE
    context = await browser.new_context(viewport=size, has_touch=is_touched, is_mobile=is_touched)  # type: ignore[arg-type]
    await context.add_init_script(COUNT_TONES)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _EXPECTED.fullmatch(message.text):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


async def give_password(page: Page, house: Running, login: str, password: str = PASSWORD) -> None:
    await page.goto(f"{house.address}/admin/dang-nhap")
    other = page.get_by_text("Vào bằng mật khẩu")
    if await other.count():  # A computer that knows names asks for a PIN first.
        await other.click()
    await page.get_by_label("Tên đăng nhập").fill(login)
    await page.get_by_label("Mật khẩu").fill(password)
    await page.get_by_role("button", name="Đăng nhập").click()


async def comes_in(page: Page, house: Running, login: str, phone: Phone | None = None) -> None:
    """Password and, with a phone, its code; then the computer is remembered."""
    await give_password(page, house, login)
    if phone:
        await expect(page.get_by_role("heading", name="Mã hai bước")).to_be_visible()
        await page.get_by_label("Mã", exact=False).first.fill(phone.code())
        await page.get_by_role("checkbox").check()
        await page.get_by_role("button", name="Vào").click()
    await page.get_by_role("button", name="Khóa màn hình").wait_for()


async def sets_a_pin(page: Page, house: Running, pin: str) -> None:
    await page.goto(f"{house.address}/admin/may-cua-toi")
    await page.get_by_text("Đặt mã PIN").first.click()
    await page.locator("[name=pin]").fill(pin)
    await page.locator("[name=again]").fill(pin)
    await page.locator("form[action$='/pin'] [name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Lưu mã PIN").click()
    await expect(page.get_by_text("Đã lưu mã PIN")).to_be_visible()


async def gives_pin(page: Page, name: str, pin: str) -> None:
    """One press on a name, and the PIN."""
    await page.locator(".person", has_text=name).click()
    await page.keyboard.type(pin)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Khóa màn hình").wait_for()


async def walks(page: Page, move: str) -> Locator:
    """The form of this step, opened."""
    form = page.locator(f"#buoc-{move}")
    if not await form.is_visible():
        await page.locator(f"details:has(> #buoc-{move}) > summary").click()
    return form


async def burning(resident: WebResident) -> None:
    """Somebody for whom it cannot wait, sent without a call."""
    await resident.say("Nhà số 5 đang cháy")
    await resident.hears("gọi ngay")
    await resident.press("danger-send")


async def picture(page: Page, name: str) -> None:
    """To look at, where KENG_TEST_PICTURES names a folder."""
    if folder := os.environ.get("KENG_TEST_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
