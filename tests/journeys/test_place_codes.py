"""A link or a QR code with a place's code reaches the conversation, over both doors. What it answers is the conversation's own."""

from dataclasses import replace

import pytest
from playwright.async_api import Browser

from bot.channels.telegram import parse as telegram_parse
from bot.channels.webchat.parse import Refused, read_incoming
from bot.runtime import Running
from handlers import router
from handlers.messages import Incoming
from tests.browser.test_tip_to_desk import chromium, open_page
from tests.fakes.telegram import FakeTelegram
from tests.people import WebResident

__all__ = ["chromium"]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Incoming]:
    """What the conversation was given, in order."""
    given: list[Incoming] = []
    decide = router.decide

    def listen(state: object, incoming: Incoming, facts: object) -> object:
        given.append(replace(incoming, source="", sent_at=0))
        return decide(state, incoming, facts)  # type: ignore[arg-type]

    monkeypatch.setattr(router, "decide", listen)
    return given


async def test_telegrams_link_carries_the_code(house: Running, fake_telegram: FakeTelegram, heard: list[Incoming]) -> None:
    person = fake_telegram.person()
    await person.say("/start o-cho-hang_7")
    await person.hears("xin chào")

    assert heard == [Incoming(kind="command", source="", text="start", payload="o-cho-hang_7")]


@pytest.mark.parametrize(
    ("typed", "name", "payload"),
    [
        ("/start", "start", ""),
        ("/start@keng_bot o-abc", "start", "o-abc"),
        ("/start o-abc và nhiều chữ", "start", ""),
        ("/start o-<b>", "start", ""),
        ("/start " + "x" * 65, "start", ""),
        ("/tracuu TB-1", "tracuu", "TB-1"),
    ],
)
def test_only_what_a_link_may_carry_is_carried(typed: str, name: str, payload: str) -> None:
    update = {"update_id": 1, "message": {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}, "text": typed}}
    letter = telegram_parse.envelope(update, username="keng_bot", bot_id=1)
    told = telegram_parse.read(letter.payload)
    on_the_page = read_incoming({"id": "message-1", "text": typed})

    assert (told.kind, told.text, told.payload) == ("command", name, payload)
    assert (on_the_page.kind, on_the_page.payload) == ("command", payload)


@pytest.mark.parametrize("payload", ["", None, 5, ["o-a"], "o a", "o-" + "x" * 70, "ơ-1"])
def test_the_page_takes_no_odd_payload(payload: object) -> None:
    with pytest.raises(Refused):
        read_incoming({"id": "message-1", "command": "start", "payload": payload})


async def test_the_page_takes_the_code_as_a_command(house: Running, browser: WebResident, heard: list[Incoming]) -> None:
    status, _answer = await browser.post({"id": browser.fresh_id(), "command": "start", "payload": "o-cho7", "label": "Mở từ mã QR\u202e"})
    await browser.hears("xin chào")

    assert status == 200
    assert heard == [Incoming(kind="command", source="", text="start", payload="o-cho7", source_label="Mở từ mã QR")]


async def test_a_page_opened_with_a_code_tells_it_once_and_forgets_it(house: Running, chromium: Browser, heard: list[Incoming]) -> None:
    page, complaints = await open_page(chromium)
    await page.goto(f"{house.address}/?o=cho7")
    await page.get_by_text("Mở từ mã QR").wait_for()
    await page.locator("article.out").nth(1).wait_for()
    address = page.url
    await page.reload()
    await page.get_by_text("Mở từ mã QR").wait_for()

    assert address == f"{house.address}/"
    assert [(one.text, one.payload) for one in heard] == [("start", "o-cho7")]
    assert complaints == []


async def test_an_odd_code_in_the_address_is_no_code(house: Running, chromium: Browser, heard: list[Incoming]) -> None:
    page, complaints = await open_page(chromium)
    await page.goto(f"{house.address}/?o=%3Cscript%3E")
    await page.locator("textarea").fill("Có chuyện ở ngõ")
    await page.keyboard.press("Enter")
    await page.get_by_text("giống loại nào").wait_for()

    assert page.url == f"{house.address}/"
    assert [one.kind for one in heard] == ["text"] and complaints == []


async def test_without_script_a_button_tells_the_code(house: Running, chromium: Browser, heard: list[Incoming]) -> None:
    page, _complaints = await open_page(chromium, script=False)
    await page.goto(f"{house.address}/?o=cho7")
    await page.get_by_role("button", name="Mở từ mã QR").click()
    for _ in range(20):
        if heard:
            break
        await page.goto(house.address)

    assert [(one.text, one.payload) for one in heard] == [("start", "o-cho7")]
    assert await page.get_by_role("button", name="Mở từ mã QR").count() == 0
