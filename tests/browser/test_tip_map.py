"""A real browser draws the map from what the house serves alone: circles, borders, exact places, by keyboard too."""

from playwright.async_api import Browser, expect

from bot.runtime import Running
from storage import moments
from storage.queries import borders
from tests.browser.test_tip_to_desk import chromium, open_page, set_up_and_sign_in
from tests.placed import SCHOOL, keep, placed

__all__ = ["chromium"]


async def test_the_map_draws_circles_borders_and_exact_places_from_this_house_alone(house: Running, chromium: Browser) -> None:
    now, ward_id = moments.now(), house.ward().id
    page, complaints = await open_page(chromium)
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(house.address) else outside.append(request.url))
    await set_up_and_sign_in(page, house)
    await keep(house.memory, *(placed(ward_id, now - at) for at in range(12)), placed(ward_id, now, SCHOOL, "HD"))
    shape = [[[(106.68, 20.84), (106.70, 20.84), (106.70, 20.86), (106.68, 20.86), (106.68, 20.84)]]]
    await house.memory.write(lambda session: borders.keep_borders(session, ward_id, {None: shape}, ids=[7], officer_id=None, now=now))

    await page.goto(f"{house.address}/admin/ban-do")
    await expect(page.locator("#map path.ward")).to_have_count(1)
    await expect(page.locator("#map .cell")).to_have_count(2)
    await expect(page.locator("#map .cell", has_text="12 tin, gần")).to_have_count(1)
    await page.get_by_role("button", name="Phóng to", exact=True).click()
    await page.get_by_role("button", name="Xem vị trí chính xác").click()
    await expect(page.locator("#said")).to_contain_text("vị trí chính xác của")
    pin = page.locator("#map .pinned").last
    await pin.focus()
    await page.keyboard.press("Enter")
    await page.locator("#map .leaflet-popup").get_by_role("link", name="Mở tin").wait_for()

    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert (complaints, outside) == ([], [])


async def test_a_tip_shows_its_place_on_a_small_map_that_is_fetched_when_somebody_comes_to_it(house: Running, chromium: Browser) -> None:
    now, ward_id = moments.now(), house.ward().id
    page, complaints = await open_page(chromium)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(house.address)))
    await set_up_and_sign_in(page, house)
    [tip_id] = await keep(house.memory, placed(ward_id, now))
    shape = [[[(106.68, 20.84), (106.70, 20.84), (106.70, 20.86), (106.68, 20.86), (106.68, 20.84)]]]
    await house.memory.write(lambda session: borders.keep_borders(session, ward_id, {None: shape}, ids=[7], officer_id=None, now=now))

    await page.set_viewport_size({"width": 360, "height": 300})
    await page.goto(f"{house.address}/admin/tin/{tip_id}")
    await page.get_by_role("heading", name="Lời kể").wait_for()
    assert not [path for path in asked if "leaflet" in path]
    await page.locator("#small-map").scroll_into_view_if_needed()
    await expect(page.locator("#small-map .small-pin")).to_be_visible()
    await expect(page.locator("#small-map path.ward")).to_have_count(1)
    assert [path for path in asked if "leaflet" in path]
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    await page.get_by_role("link", name="Mở trên bản đồ").click()
    await expect(page.locator("#map path.square")).to_have_count(1)
    await expect(page.locator("#map .cell")).to_be_visible()
    assert complaints == []
