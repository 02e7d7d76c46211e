"""Taking a message back on the web page: from the draft and the thread before sending, and honestly too late afterwards."""

from typing import Any

import aiohttp
import pytest

from bot.runtime import Running
from storage import moments, tables, verify
from tests.factories import jpeg
from tests.journeys.residents.doors import gets_receipt, settled
from tests.opened import rows
from tests.people import WebResident
from tests.storage.test_verify import until_linked

STORY, REGRET = "Đốt rác hôi cả xóm", "nhà ông Ba số 7 làm đó"


async def takes_back(browser: WebResident, client_id: Any, own_id: str = "") -> tuple[int, dict[str, Any]]:
    return await browser.post({"id": own_id or browser.fresh_id(), "takes_back": client_id})


async def agrees_with_its_history(house: Running) -> None:
    """As `keng verify` sees it."""
    await until_linked(house)
    ward_id, now = house.ward().id, moments.now()
    report = await house.memory.read(lambda session: verify.verify(session, ward_id, now=now, heads=[]))
    assert report.differences == []


async def tells(browser: WebResident) -> None:
    await browser.say(STORY)
    await browser.hears("Chuyện xảy ra ở đâu")
    assert (await browser.post({"id": "regretted-1", "text": "ngõ 12"}))[0] == 200
    await browser.hears("Không nêu tên thì tin vẫn")


async def test_words_are_gone_from_the_draft_the_thread_and_the_reviews(house: Running, browser: WebResident) -> None:
    await browser.say(STORY)
    await browser.hears("Chuyện xảy ra ở đâu")
    await browser.press("skip")
    await browser.hears("Không nêu tên thì tin vẫn")
    assert (await browser.post({"id": "regretted-1", "text": REGRET}))[0] == 200
    await browser.hears("Không nêu tên thì tin vẫn")
    await browser.press("about:anonymous")
    await browser.hears("hay cầm máy")
    await browser.press("safe:alone")
    await browser.hears(REGRET)
    page = await browser.open_page()
    assert 'name="takes_back" value="regretted-1"' in page

    status, _answer = await takes_back(browser, "regretted-1", own_id="taking-back-1")
    again, repeat = await takes_back(browser, "regretted-1", own_id="taking-back-1")
    await browser.hears("Đã bỏ điều đó")
    await settled(house)
    page = await browser.open_page()

    assert (status, again, repeat["repeat"]) == (200, 200, True)
    assert await rows(house, tables.Piece, "words") == [(STORY,)]
    assert REGRET not in page and "Đã rút lại" in page and 'value="regretted-1"' not in page
    assert page.count("Phần xem lại này cũ rồi") == 1 and STORY in page
    await browser.press("send")
    await gets_receipt(browser)
    assert 'name="takes_back"' not in await browser.open_page()
    await agrees_with_its_history(house)


async def test_a_photo_is_gone_with_its_key(house: Running, browser: WebResident) -> None:
    await browser.say(STORY)
    await browser.hears("Chuyện xảy ra ở đâu")
    assert (await browser.post_file(jpeg(), client_id="regretted-photo"))[0] == 200
    await browser.hears("Đã nhận 1 ảnh")
    await takes_back(browser, "regretted-photo")
    await browser.hears("Đã bỏ điều đó")

    assert await rows(house, tables.Attachment, "status", "source") == [("withdrawn", None)]
    await browser.sends("shared")
    await gets_receipt(browser)
    assert await rows(house, tables.Attachment, "status") == [("withdrawn",)]
    await agrees_with_its_history(house)


async def test_a_typed_place_is_gone(house: Running, browser: WebResident) -> None:
    await tells(browser)
    await takes_back(browser, "regretted-1")
    await browser.hears("Đã bỏ điều đó")

    assert await rows(house, tables.Tip, "place_text", "latitude") == [("", None)]
    await agrees_with_its_history(house)
    assert "ngõ 12</p>" not in await browser.open_page()


async def test_after_sending_it_is_too_late_and_said(house: Running, browser: WebResident) -> None:
    assert (await browser.post({"id": "regretted-1", "text": STORY}))[0] == 200
    await browser.hears("Chuyện xảy ra ở đâu")
    await browser.sends("shared")
    code = await gets_receipt(browser)
    status, _answer = await takes_back(browser, "regretted-1")
    said = await browser.hears("vẫn ở trong sổ")

    assert status == 200 and said.split(" ")[1] in code
    assert await rows(house, tables.Piece, "words") == [(STORY,)]
    assert STORY in await browser.open_page()


async def test_what_is_no_message_is_refused(house: Running, browser: WebResident, subtests: pytest.Subtests) -> None:
    await tells(browser)
    odd: tuple[Any, ...] = (None, 5, "", "x", "x" * 65, "out:1234567", ["regretted-1"], {"a": 1}, "\ud800" * 9, "../../etc/passwd")
    for meant in odd:
        with subtests.test(repr(meant)):
            status, answer = await takes_back(browser, meant)

            assert (status, bool(answer["error"])) == (400, True)


async def test_what_is_not_there_not_ones_own_or_gone_already_is_refused_and_counted(house: Running, browser: WebResident) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        other = WebResident(http, house.address)
        await other.open_page()
        assert (await other.post({"id": "others-message", "text": "Chuyện của người khác, ồn ào mỗi tối"}))[0] == 200
        await other.hears("Gửi ngay")
        await tells(browser)
        greeting = (await takes_back(browser, "greeting"))[0]
        unknown, of_another = (await takes_back(browser, "never-sent-1"))[0], (await takes_back(browser, "others-message"))[0]
        first = (await takes_back(browser, "regretted-1"))[0]
        await browser.hears("Đã bỏ điều đó")
        await settled(house)
        twice, said = await takes_back(browser, "regretted-1")
        itself = (await takes_back(browser, "itself-000001", own_id="itself-000001"))[0]
        await settled(house)

        assert (greeting, unknown, of_another, first, twice, itself) == (404, 404, 404, 200, 409, 400)
        assert said == {"error": "Lời này rút lại rồi ạ."}
        assert ("Chuyện của người khác, ồn ào mỗi tối",) in await rows(house, tables.Piece, "words")
        async with browser.http.get(f"{house.address}/metrics") as answer:
            counted = await answer.text()
        assert 'keng_events_total{what="refused_404"} 3.0' in counted and 'what="refused_409"} 1.0' in counted


async def test_the_same_name_in_two_browsers_means_ones_own(house: Running, browser: WebResident) -> None:
    """A browser makes the names of its messages, and may make any."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        other = WebResident(http, house.address)
        await other.open_page()
        for one, text in ((browser, STORY), (other, "Xe tải đỗ chắn ngõ cả ngày")):
            assert (await one.post({"id": "the-same-name", "text": text}))[0] == 200
            await one.hears("Gửi ngay") if one is other else await one.hears("Chuyện xảy ra ở đâu")
        await takes_back(other, "the-same-name")
        await other.hears("Đã bỏ điều đó")

    assert await rows(house, tables.Piece, "words") == [(STORY,)]
    assert STORY in await browser.open_page()


async def test_without_script_a_form_does_it(house: Running, browser: WebResident) -> None:
    await tells(browser)
    form = {"csrf": browser.csrf, "id": "by-form-0001", "takes_back": "regretted-1"}
    async with browser.http.post(f"{house.address}/chat/messages", data=form, allow_redirects=False) as answer:
        assert answer.status == 303
    await browser.hears("Đã bỏ điều đó")
    form["id"] = "by-form-0002"
    async with browser.http.post(f"{house.address}/chat/messages", data=form, allow_redirects=False) as answer:
        assert (answer.status, await answer.text()) == (409, "Lời này rút lại rồi ạ.")
