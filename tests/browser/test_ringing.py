"""A real browser: an urgent tip rings on whatever page of the desk is open, until somebody accepts."""

import pytest
from playwright.async_api import Browser, Route, expect
from sqlalchemy import update

from bot.runtime import Running
from storage import moments, tables
from tests.browser.test_tip_to_desk import PASSWORD, chromium, open_page, set_up_and_sign_in
from tests.opened import rows
from tests.people import WebResident

__all__ = ["chromium"]
COUNT_TONES = """() => {
  const start = OscillatorNode.prototype.start;
  window.tones = 0;
  OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
}"""


async def test_p3_an_open_desk_sounds_until_the_tip_is_accepted(house: Running, chromium: Browser, browser: WebResident) -> None:
    page, complaints = await open_page(chromium)
    await set_up_and_sign_in(page, house)
    await page.get_by_role("button", name="Bật chuông").click()
    await expect(page.locator("#bell")).to_be_hidden()
    await page.get_by_role("link", name="Mục").click()
    await page.get_by_role("link", name="Lịch trực").click()
    await page.get_by_text("Hai tuần tới").wait_for()
    await expect(page.locator("#bell")).to_be_hidden()  # Coming by a link keeps it on.
    await page.evaluate(COUNT_TONES)

    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1", timeout=10_000)
    await page.wait_for_function("window.tones > 0")
    assert None not in {heard for (heard,) in await rows(house, tables.DeskSession, "heard_at")}

    await page.get_by_role("link", name="Mở xem").click()
    await page.get_by_role("button", name="Đã đọc, nhận tin").click()
    await page.get_by_text("Lịch sử của tin").wait_for()
    await expect(page.locator("#ringing")).to_be_hidden()
    assert complaints == []

    other = await page.context.new_page()  # The sign-in has ended while the page was left open: it says that it is deaf now.
    await other.goto(f"{house.address}/admin/may-cua-toi")
    await other.locator("form[action='/admin/dang-xuat'] button").evaluate("button => button.click()")
    await other.wait_for_url("**/admin/dang-nhap")
    await expect(page.locator("#deaf-out")).to_be_visible(timeout=10_000)
    await expect(page.locator("#deaf-off")).to_be_hidden()


# What may become of the stream on its way: no worker that shares it, a proxy that keeps it to itself, a line that is cut, silence.
_NO_WORKER = "delete window.SharedWorker"
_SILENT_WORKER = "window.SharedWorker = class { port = { postMessage() {} } }"


@pytest.mark.parametrize(("before", "way"), [(_NO_WORKER, "held back"), (_NO_WORKER, "cut"), (_SILENT_WORKER, "")])
async def test_p3_a_desk_whose_stream_is_broken_sounds_as_soon_as_it_ever_did(
    house: Running, chromium: Browser, browser: WebResident, before: str, way: str
) -> None:
    page, _complaints = await open_page(chromium)
    await set_up_and_sign_in(page, house)
    await page.add_init_script(before)

    async def broken(route: Route) -> None:
        if way == "cut":
            await route.abort()

    await page.route("**/admin/song", broken)
    await page.goto(f"{house.address}/admin/lich-truc")
    await page.locator("#bell").click()
    await page.evaluate(COUNT_TONES)
    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await browser.hears("Đã chuyển tới trực ban")

    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1", timeout=6_000)
    await page.wait_for_function("window.tones > 0")
    await page.unroute_all(behavior="ignoreErrors")


async def test_every_page_counts_by_the_one_stream_and_asks_for_nothing_beside_it(
    house: Running, chromium: Browser, browser: WebResident
) -> None:
    page, complaints = await open_page(chromium, wide=True)
    await set_up_and_sign_in(page, house)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(house.address).split("?")[0]))
    await page.goto(f"{house.address}/admin/lich-truc")
    await expect(page.locator("[data-folder=new]")).to_be_hidden()
    second = await page.context.new_page()
    await second.goto(f"{house.address}/admin/so")

    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    for one in (page, second):
        await expect(one.locator("[data-folder=new]")).to_have_text("1", timeout=10_000)
        await expect(one.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1")
        await expect(one.locator("#urgent")).to_be_hidden()  # The bar that rings says it.
        assert await one.title() == "(1) " + (await one.title()).removeprefix("(1) ")
    assert asked.count("/admin/bao-dong") <= 2 and "/admin/song" not in asked  # That it is there, now and then.

    plain, _ = await open_page(chromium, script=False)
    await plain.context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    await plain.goto(f"{house.address}/admin/so#muc")
    await expect(plain.locator("[data-folder=new]")).to_have_text("1")
    assert complaints == []


async def test_p3_a_locked_desk_sounds_and_shows_nothing_of_the_tip(house: Running, chromium: Browser, browser: WebResident) -> None:
    page, complaints = await open_page(chromium)
    await set_up_and_sign_in(page, house)
    await page.get_by_role("button", name="Khóa màn hình").click()
    await expect(page.get_by_text("Chuông trên máy này đang bật")).to_be_visible()  # The press has woken it.
    await page.evaluate(COUNT_TONES)
    heard: list[str] = []
    page.on("response", lambda answer: heard.append(answer.url) if "/admin" in answer.url else None)

    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await expect(page.locator("#rings")).to_have_text("Có tin khẩn đang chờ", timeout=10_000)
    await expect(page.locator("#counts")).to_have_text("Tin khẩn: 1 · Tin đang chờ: 1")
    await page.wait_for_function("window.tones > 0")
    assert {url.split("?")[0] for url in heard} == {f"{house.address}/admin/khoa/chuong"}  # Nothing else is asked for.
    assert await page.locator("main a, header .place").count() == 0
    assert None not in {at for (at,) in await rows(house, tables.DeskSession, "heard_at")}

    await page.goto(f"{house.address}/admin/lich-truc")
    await page.fill("[name=password] >> nth=0", PASSWORD)
    await page.get_by_role("button", name="Mở khóa").click()
    await expect(page.locator("#ringing")).to_contain_text("Tin khẩn chưa ai nhận: 1")

    # Nobody is at it any more: the page makes way by itself, and the next one sounds. What was half written comes back.
    await page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('textarea'), {name: 'words', value: 'Viết dở'}))"
    )
    await house.memory.write(lambda session: session.execute(update(tables.DeskSession).values(seen_at=moments.now() - moments.HOUR)))
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.wait_for_url("**/admin/khoa")
    await expect(page.get_by_text("Chuông trên máy này đang bật")).to_be_visible()
    await page.fill("[name=password] >> nth=0", PASSWORD)
    await page.get_by_role("button", name="Mở khóa").click()
    await expect(page.locator("textarea")).to_have_value("Viết dở")
    assert complaints == []
