"""Two real browsers: one officer asks to see a name, a custodian agrees in the other, the name is seen, and goes when its time is over."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import update
from sqlmodel import Session, col

from bot.runtime import Running
from storage import moments, tables
from tests import environment
from tests.admin.test_custody import station
from tests.admin.test_desk import PASSWORD
from tests.opened import rows
from tests.station import REASON, SENTENCE, Station

__all__ = ["station"]
NAME, PHONE = "Nguyễn Thị Canary", "0912 345 678"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(environment.chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        await browser.close()


async def signed_in(browser: Browser, house: Running, login: str) -> Page:
    page = await (await browser.new_context(viewport={"width": 360, "height": 740})).new_page()
    await page.goto(f"{house.address}/admin/dang-nhap")
    await page.fill("[name=login]", login)
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.get_by_role("button", name="Khóa màn hình").wait_for()
    return page


async def name_oneself(page: Page, house: Running) -> None:
    """A resident gives a name; on the page that is open it is masked at once."""
    await page.goto(house.address)
    await page.locator("textarea").fill("Có chuyện ở ngõ")
    await page.keyboard.press("Enter")
    for label in ("Việc khác", "Bỏ qua", "Nêu tên, giữ kín"):
        await page.locator("#choices").get_by_role("button", name=label).click()
        await page.locator("article.in p", has_text=label).last.wait_for()
        await page.locator("#choices button").first.wait_for()
    await page.get_by_text("Xin ghi họ tên").wait_for()
    await page.locator("textarea").fill(f"{NAME}, {PHONE}")
    await page.keyboard.press("Enter")
    await page.locator("article.in p", has_text="tên đã niêm phong, số •••678").wait_for()
    assert "Canary" not in await page.content() and "345 678" not in await page.content()
    await page.locator("#choices").get_by_role("button", name="Chỉ một mình").click()
    await page.locator("#choices").get_by_role("button", name="Gửi", exact=True).click()
    await page.locator(".card").wait_for()
    await page.reload()
    assert (
        await page.locator("article", has_text="tên đã niêm phong, số •••678").count() == 2
    )  # The words that were masked, and the review.


async def test_p2_two_people_in_two_browsers_open_a_name_and_it_goes_by_itself(house: Running, station: Station, chromium: Browser) -> None:
    await house.ward.refresh()
    resident = await (await chromium.new_context()).new_page()
    await name_oneself(resident, house)
    [(tip_id,)] = await rows(house, tables.Tip, "id")

    asker = await signed_in(chromium, house, "truc.ban")
    await asker.goto(f"{house.address}/admin/tin/{tip_id}")
    await asker.get_by_text("Xin xem tên người báo").click()
    await asker.fill("[name=reason]", REASON)
    await asker.get_by_role("button", name="Gửi yêu cầu").click()
    await asker.get_by_text("Chờ người thứ hai").wait_for()

    keeper = await signed_in(chromium, house, "giu.khoa")
    await keeper.goto(f"{house.address}/admin/niem-phong")
    await keeper.get_by_text(REASON).wait_for()
    await keeper.fill("[name=passphrase]", SENTENCE)
    await keeper.get_by_role("button", name="Đồng ý mở").click()
    await keeper.get_by_text("Đang chờ quyết định").wait_for(state="detached")
    assert "Canary" not in await keeper.content()

    await leave_seconds(house, 8)  # Of the ten minutes.
    await asker.reload()
    await asker.get_by_role("button", name="Xem tên người báo").click()
    await asker.get_by_text(NAME).wait_for()
    assert PHONE in await asker.content()
    await asker.get_by_text("Đã hết giờ xem").wait_for()
    assert "Canary" not in await asker.content()

    await asker.goto(f"{house.address}/admin/tin/{tip_id}")
    await asker.get_by_text("Đã hết giờ xem").wait_for()
    assert await asker.get_by_role("button", name="Xem tên người báo").count() == 0
    assert "Canary" not in await asker.content()


async def leave_seconds(house: Running, seconds: int) -> None:
    until = moments.now() + seconds * 1000

    def shorten(session: Session) -> None:
        session.execute(update(tables.Opening).values({col(tables.Opening.open_until): until}))

    await house.memory.write(shorten)
