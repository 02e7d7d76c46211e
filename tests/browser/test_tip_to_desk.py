"""A real browser: a resident sends a tip with a photo through the page, an officer sees it appear at the desk and accepts it."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.runtime import Running
from storage import tables
from tests import environment
from tests.factories import heavy_photo
from tests.opened import rows

PASSWORD = "mua xuan nam ay"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = await asyncio.to_thread(environment.chromium)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        await browser.close()


async def open_page(browser: Browser, *, script: bool = True, wide: bool = False) -> tuple[Page, list[str]]:
    size = {"width": 1440, "height": 900} if wide else {"width": 360, "height": 740}
    context = await browser.new_context(viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


async def set_up_and_sign_in(page: Page, house: Running) -> None:
    await page.goto(house.setup_link)
    fields = {"ward_name": "Hồng Bàng", "duty_phone": "0225 3123 456", "name": "Trần Bình", "login": "chi.huy"}
    for name, value in {**fields, "password": PASSWORD, "again": PASSWORD}.items():
        await page.fill(f"[name={name}]", value)
    await page.get_by_role("button", name="Tạo tài khoản").click()
    await page.fill("[name=login]", "chi.huy")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url(re.compile("/admin/bat-dau"))  # A new ward is led to what is still to be set.
    await page.goto(f"{house.address}/admin")
    await page.get_by_text("Không có tin nào chờ").wait_for()


async def test_a_tip_with_a_photo_goes_through_the_page_and_appears_at_the_desk(house: Running, chromium: Browser, tmp_path: Path) -> None:
    desk, desk_complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(desk, house)
    resident, complaints = await open_page(chromium)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(heavy_photo())

    await resident.goto(house.address)
    await resident.locator("textarea").fill("Tối nào ở ngõ 12 cũng đông người")
    await resident.keyboard.press("Enter")
    await resident.get_by_role("button", name="Cờ bạc").click()
    await resident.get_by_text("Chuyện xảy ra ở đâu").wait_for()
    async with resident.expect_file_chooser() as chooser:
        await resident.locator("#attach").click()
    await (await chooser.value).set_files(photo)
    await resident.get_by_text("Đã nhận 1 ảnh").wait_for()
    await resident.locator("#choices").get_by_role("button", name="Gửi ngay").click()
    await resident.get_by_role("button", name="Chỉ một mình").click()
    receipt = await resident.locator(".card").text_content() or ""
    await resident.reload()
    await resident.get_by_text("Tối nào ở ngõ 12").wait_for()  # The thread is kept.

    tail = re.search(r"TB-\w{4}-\w{4}-(\w{4})", receipt)
    assert tail
    await desk.get_by_text("tin mới").click()  # It appears by itself, as a quiet bar.
    await desk.get_by_text(f"…{tail[1]}").click()
    await desk.locator("main").get_by_text("Tối nào ở ngõ 12").wait_for()  # Not in the list beside it.
    image = desk.locator(".files img")
    await image.wait_for()
    await image.evaluate("image => image.decode()")  # Refused unless it is a whole picture; it may still be on its way.
    await image.click()
    await cover_a_face(desk)
    await desk.get_by_role("button", name="Đã đọc, nhận tin").click()
    await desk.get_by_text("Trần Bình").first.wait_for()
    await resident.get_by_text("Có cập nhật").wait_for()
    await resident.get_by_role("button", name="Xem", exact=True).click()
    await resident.get_by_text("Cán bộ trực đã đọc lúc").wait_for()
    assert (complaints, desk_complaints) == ([], [])


_LIGHT_OF = """([image, x, y]) => {
    const paper = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const pen = paper.getContext("2d");
    pen.drawImage(image, 0, 0);
    const seen = pen.getImageData(x / 100 * paper.width - 10, y / 100 * paper.height - 10, 20, 20).data;
    return seen.filter((_one, at) => at % 4 < 3).reduce((sum, one) => sum + one) / 1200;
}"""


async def cover_a_face(desk: Page) -> None:
    """On the photo's page: a box is drawn with the mouse and moved with a key, and lies in the copy just there."""
    await desk.get_by_role("button", name="Vẽ ô che").wait_for()  # The page's script is there, and takes keys.
    await desk.keyboard.press("+")
    await desk.keyboard.press("Escape")
    await desk.get_by_role("button", name="Vẽ ô che").click()
    stage = await desk.locator("#khung").bounding_box()
    assert stage
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    await desk.mouse.move(x - 80, y - 60)
    await desk.mouse.down()
    await desk.mouse.move(x - 20, y - 20)
    await desk.mouse.move(x + 40, y + 30)
    await desk.mouse.up()
    left, top, width, height = [desk.locator(f"[name={side}1]") for side in ("trai", "tren", "rong", "cao")]
    before = float(await left.input_value())
    await desk.keyboard.press("ArrowRight")
    box = [float(await side.input_value()) for side in (left, top, width, height)]
    assert box[0] == pytest.approx(before + 1, abs=0.02)
    await desk.get_by_role("button", name="Thêm một ô").click()
    await desk.get_by_role("button", name="Bỏ ô đang chọn").click()
    await desk.get_by_text("Số ô che: 1").wait_for()
    await desk.get_by_role("button", name="Làm bản che").click()
    await desk.get_by_text("Đã làm bản che").wait_for()
    copy = desk.locator(".covered img")
    await copy.evaluate("image => image.decode()")
    middle = await copy.evaluate_handle("image => image")
    assert await desk.evaluate(_LIGHT_OF, [middle, box[0] + box[2] / 2, box[1] + box[3] / 2]) < 4
    assert await desk.evaluate(_LIGHT_OF, [middle, box[0] - 8, box[1] + box[3] / 2]) > 30
    await desk.keyboard.press("Escape")


async def test_without_script_words_and_buttons_still_work(house: Running, chromium: Browser) -> None:
    page, _complaints = await open_page(chromium, script=False)
    await page.goto(house.address)
    await page.locator("textarea").fill("Đốt rác hôi cả xóm")
    await page.locator("#composer button.filled, #composer button[type=submit], #composer button:not([type=button])").last.click()
    for _ in range(20):  # No live stream without script: the resident loads the page again.
        if await page.get_by_role("button", name="Gửi ngay").count():
            break
        await page.goto(house.address)
    await page.get_by_role("button", name="Gửi ngay").click()
    for _ in range(20):
        if await page.get_by_role("button", name="Có người xem chung").count():
            break
        await page.goto(house.address)
    await page.get_by_role("button", name="Có người xem chung").click()
    for _ in range(20):
        if await page.get_by_text("Mã tin").count():
            break
        await page.goto(house.address)

    assert await page.get_by_text("Mã tin").count()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
async def test_quick_exit_leaves_nothing_on_the_page_or_behind_it(house: Running, chromium: Browser, script: bool) -> None:
    page, _complaints = await open_page(chromium, script=script)
    await page.route("https://**", lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    await page.goto(house.address)
    await page.locator("textarea").fill("Có chuyện khó nói")
    await page.locator("#composer button:not([type=button])").last.click()
    await page.get_by_text("Có chuyện khó nói").first.wait_for()
    await page.get_by_role("button", name="Thoát nhanh").click()
    await page.get_by_text("elsewhere").wait_for()

    await page.goto(house.address)
    assert await page.get_by_text("Có chuyện khó nói").count() == 0


async def test_the_browsers_position_becomes_the_place(house: Running, chromium: Browser) -> None:
    context = await chromium.new_context(permissions=["geolocation"], geolocation={"latitude": 20.8449, "longitude": 106.6881})
    page = await context.new_page()
    await page.goto(house.address)
    await page.locator("textarea").fill("Đốt rác hôi cả xóm")
    await page.keyboard.press("Enter")
    await page.get_by_text("Chuyện xảy ra ở đâu").wait_for()
    await page.locator("#choices, .choices").get_by_role("button", name="Gửi vị trí đang đứng").click()
    await page.get_by_text("Không nêu tên thì tin vẫn").wait_for()

    assert await rows(house, tables.Tip, "latitude", "longitude") == [(20.8449, 106.6881)]
