"""Two officers, two browsers, one tip: each sees the other come and go, and the second answer waits until the first was read."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from handlers import viewers
from storage import moments
from tests.admin.test_aftercare import accept, tell, tip_of
from tests.browser.test_two_people import chromium, signed_in
from tests.people import WebResident
from tests.station import Station, station, token_of

__all__ = ["chromium", "station"]


async def ten_seconds(page: Page) -> None:
    """What the page asks every ten seconds is asked and answered."""
    async with page.expect_response(re.compile("/dang-xem")):
        await page.clock.run_for(10_000)


async def test_the_second_to_answer_sees_the_first_and_keeps_what_they_typed(
    house: Running, station: Station, browser: WebResident, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(browser)
    tip_id = await tip_of(house)
    await accept(station.people["chief"], tip_id)
    there = f"{house.address}/admin/tin/{tip_id}"
    chief, duty = [await signed_in(chromium, house, login) for login in ("chi.huy", "truc.ban")]
    await chief.clock.install()
    await chief.goto(there)
    here = chief.locator("#dang-xem")
    assert (await here.inner_text()).strip() == ""
    before = await chief.locator("h2").first.bounding_box()
    await duty.goto(there)
    await expect(duty.locator("#dang-xem")).to_contain_text("Trần Bình đang xem tin này")
    await ten_seconds(chief)
    await expect(here).to_contain_text(re.compile(r"TRUC\.BAN đang xem tin này, từ \d\d:\d\d\."))
    assert await chief.locator("h2").first.bounding_box() == before  # Whoever reads is not moved by somebody's coming.

    await chief.get_by_text("Nhắn một lời").click()
    await chief.locator("form[action*='/nhan'] textarea").fill("Tổ tuần tra đã xem nơi đó.")
    await duty.get_by_text("Nhắn một lời").click()
    await duty.locator("form[action*='/nhan'] textarea").fill("Đã nhận tin, đang kiểm tra.")
    await duty.get_by_role("button", name="Gửi lời nhắn").click()
    await duty.get_by_text("Đã nhận tin, đang kiểm tra.").first.wait_for()
    await ten_seconds(chief)
    await expect(chief.locator("#vua-gui")).to_contain_text("TRUC.BAN đã nhắn người báo lúc")
    await expect(chief.locator("#vua-gui")).to_be_in_viewport()

    await chief.get_by_role("button", name="Gửi lời nhắn").click()
    await expect(chief.locator("form[action*='/nhan'] .mistake")).to_contain_text("Xem lại rồi gửi")
    assert await chief.locator("form[action*='/nhan'] textarea").input_value() == "Tổ tuần tra đã xem nơi đó."
    assert await station.history("told") == ["told"]
    await chief.get_by_role("button", name="Gửi lời nhắn").click()
    await expect(chief.get_by_text("Tổ tuần tra đã xem nơi đó.")).to_be_visible()
    assert await station.history("told") == ["told", "told"]

    monkeypatch.setattr(viewers, "LASTS", moments.SECOND)
    await duty.reload()
    await duty.close()
    await asyncio.sleep(1.1)
    await ten_seconds(chief)
    await expect(here).not_to_contain_text("TRUC.BAN")


async def test_what_another_did_is_said_on_an_open_page_and_what_was_typed_there_stays(
    house: Running, station: Station, browser: WebResident, chromium: Browser
) -> None:
    await tell(browser)
    tip_id = await tip_of(house)
    there = f"{house.address}/admin/tin/{tip_id}"
    chief = await signed_in(chromium, house, "chi.huy")
    await chief.clock.install()
    await chief.goto(there)
    await expect(chief.get_by_role("button", name="Đã đọc, nhận tin")).to_be_visible()
    await accept(station.people["truc.ban"], tip_id)
    changed = chief.locator("#vua-doi")
    await expect(changed).to_be_hidden()
    await ten_seconds(chief)
    await expect(changed).to_contain_text("Từ lúc mở trang này: TRUC.BAN đã đọc, nhận tin")
    await chief.get_by_role("button", name="Đã đọc, nhận tin").click()  # Too late, and they read of whom.
    await expect(chief.locator("#truoc")).to_contain_text("TRUC.BAN đã nhận tin này trước")

    await station.people["truc.ban"].post(
        f"/admin/tin/{tip_id}/ghi-chu", csrf=token_of(station.people["truc.ban"]), words="Đã gọi tổ trưởng."
    )
    await chief.get_by_text("Nhắn một lời").click()
    words = chief.locator("form[action*='/nhan'] textarea")
    await words.fill("Tổ tuần tra đã xem nơi đó.")
    await ten_seconds(chief)
    async with chief.context.expect_page() as beside:
        await changed.get_by_role("link").click()
    await expect((await beside.value).get_by_text("Đã gọi tổ trưởng.")).to_be_visible()
    assert await words.input_value() == "Tổ tuần tra đã xem nơi đó."
    await words.fill("")
    await changed.get_by_role("link").click()
    await expect(chief.get_by_text("Đã gọi tổ trưởng.")).to_be_visible()
