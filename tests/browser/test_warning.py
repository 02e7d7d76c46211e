"""A warning in real browsers: what stops it is seen at its place, a second officer releases it, both see it go, and it is put right."""

from playwright.async_api import Browser, Page, expect

from bot.runtime import Running
from handlers.texts import say
from storage import tables
from tests.admin.test_warnings import WORDS
from tests.browser.at_desk import comes_in, window
from tests.browser.test_tip_to_desk import chromium
from tests.journeys.test_leaders import two_neighbourhoods
from tests.opened import rows
from tests.station import Station, station

__all__ = ["chromium", "station"]


async def test_a_warning_is_written_released_seen_to_go_and_put_right(station: Station, house: Running, chromium: Browser) -> None:
    here, there = await two_neighbourhoods(station)
    await station.lead("co.lan", here)
    writer, complaints = await window(chromium, is_narrow=True)
    await comes_in(writer, house, "truc.ban")
    await writer.goto(f"{house.address}/admin/canh-bao")
    await writer.get_by_role("link", name=say("warn-write")).first.click()
    await writer.get_by_placeholder(say("warn-from-example")).fill("khoa sim")
    await writer.keyboard.press("Enter")
    await writer.get_by_role("link", name="Dọa khóa SIM").click()
    await expect(writer.locator("[name=headline]")).to_have_value("Dọa khóa SIM để lấy mã")
    await writer.locator("[name=headline]").fill("Một hai ba bốn năm sáu bảy tám")
    await expect(writer.locator("#dem-dau")).to_have_text(say("warn-counted", count=8, most=7))
    await writer.locator("[name=headline]").fill(WORDS["headline"])
    await writer.locator("[name=line3]").fill("Gọi anh Tám 0912 345 678.")
    await writer.locator("[name=gap]").check()
    await writer.get_by_role("button", name=say("warn-save")).click()
    await expect(writer.get_by_text(say("found-phone", words="0912 345 678"))).to_be_visible()
    await writer.locator("[name=line3]").fill("Gọi trực ban hỏi lại.")
    await writer.get_by_role("button", name=say("warn-save")).click()
    await expect(writer.get_by_role("img", name=WORDS["headline"])).to_be_visible()
    await writer.get_by_role("button", name=say("warn-propose")).click()
    await expect(writer.get_by_text(say("warn-done-gui-duyet"))).to_be_visible()

    chief, others = await window(chromium)
    await comes_in(chief, house, "chi.huy")
    await chief.goto(f"{house.address}/admin/canh-bao")
    await chief.get_by_role("link", name=WORDS["headline"]).click()
    await chief.get_by_role("button", name=say("warn-release")).click()
    await expect(chief.get_by_text(say("warn-done-duyet"))).to_be_visible()

    await writer.reload()
    for page in (writer, chief):  # By itself: no chat reaches her, so she is called, and says that she has read it out.
        await expect(page.get_by_text(say("warn-count-to-call", count=1))).to_be_visible()
    await chief.get_by_role("link", name=say("warn-to-call-go")).click()
    await chief.get_by_role("button", name=say("calls-posted")).click()
    await expect(writer.get_by_text(say("warn-count-posted", count=1))).to_be_visible()

    await station.lead("anh.minh", there)  # Since then: the original never reached him, and the correction does not either.
    [(code,)] = await rows(house, tables.WarningRow, "code")
    await _is_put_right(writer, chief, house)
    await expect(writer.locator("table.each tbody tr")).to_have_count(1)
    await expect(writer.locator("table.each tbody tr")).to_contain_text("CO.LAN")
    await writer.get_by_role("link", name=code).click()
    await expect(writer.get_by_text(say("warn-corrected-by"))).to_be_visible()
    await writer.goto(f"{house.address}/tra-cuu?ma={code}")
    await expect(writer.get_by_text("ĐÍNH CHÍNH cảnh báo mã")).to_be_visible()
    assert complaints == others == []


async def _is_put_right(writer: Page, chief: Page, house: Running) -> None:
    await writer.get_by_role("link", name=say("warn-correct-button")).click()
    await expect(writer.get_by_text(say("warn-correct-goes"))).to_be_visible()
    await expect(writer.locator("[name=gap]")).to_be_checked()
    await writer.locator("[name=headline]").fill("Công an không gọi video")
    await writer.locator("[name=text]").fill("Bản trước ghi thiếu: công an cũng không gọi video để làm việc.")
    await writer.locator("[name=line1]").fill("Tắt máy, gọi trực ban hỏi lại.")
    await writer.get_by_role("button", name=say("warn-save")).click()
    await writer.get_by_role("button", name=say("warn-propose")).click()
    await chief.goto(f"{house.address}/admin/canh-bao")
    await chief.get_by_role("link", name="Công an không gọi video").click()
    await chief.get_by_role("button", name=say("warn-release")).click()
    await expect(chief.get_by_text(say("warn-count-to-call", count=1))).to_be_visible()
    await writer.reload()
