"""What only the web page has: repeats by client id, reload and restart, bad bodies, uploads, quick exit."""

import hashlib
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.channels.webchat import uploads
from bot.runtime import Running, running
from storage import tables
from tests.conftest import house_settings
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident


async def test_the_same_message_twice_is_taken_once(house: Running, browser: WebResident) -> None:
    message = {"id": "message-same", "text": "Đốt rác hôi cả xóm"}

    answers = [await browser.post(message) for _ in range(2)]

    assert [answer[1]["repeat"] for answer in answers] == [False, True]
    await browser.hears("ạ?")
    assert len(await rows(house, tables.Tip, "id")) == 1


async def test_who_we_are_stands_above_the_thread_and_is_not_said_again_under_the_first_words(house: Running, browser: WebResident) -> None:
    first = await browser.open_page()
    await browser.say("Đốt rác hôi cả xóm")
    await browser.hears("ạ?")

    again = await browser.open_page()

    assert [first.count("không cần tài khoản"), again.count("không cần tài khoản")] == [1, 1]
    assert again.index("không cần tài khoản") < again.index("Đốt rác hôi cả xóm") < again.index("Chuyện xảy ra ở đâu")
    assert again.count('class="day"') == 1


async def test_every_number_on_a_card_of_danger_is_one_tap_away_and_the_next_step_is_filled(house: Running, browser: WebResident) -> None:
    await browser.say("Cứu với, nhà số 113 nó cầm dao đuổi chém người")
    await browser.hears("Không gọi được")

    page = await browser.open_page()

    card = page[page.index("Cứu với") :]
    assert [number for number in ("113", "114", "115", "111") if f'<a href="tel:{number}" class="near">{number}</a>' not in card] == []
    assert '<a href="tel:02253123456">' in card and "nhà số 113 nó" in card
    assert 'value="danger-send" class="filled"' in card and card.count('class="filled"') == 1


async def test_a_thread_and_its_tip_survive_a_restart(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with running(settings) as house:
            browser = WebResident(http, house.address)
            await browser.open_page()
            await browser.say("Tối nào nhà đó cũng đông người")
            await browser.hears("ạ?")
        async with running(settings) as house:
            browser.address = house.address
            page = await browser.open_page()
            await browser.sends()
            await browser.hears("Mã tin")

    assert "Tối nào nhà đó cũng đông người" in page


async def test_bad_input_gets_a_clear_status_and_stores_nothing(house: Running, browser: WebResident) -> None:
    statuses = []
    for body in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id":"x"}',
        b'{"id":"message-0001","text":""}',
        b'{"id":"message-0001","text":"\\u0000"}',
        b"\xff\xfe",
        b'{"id":"message-0001","text":"' + b"a" * 5000 + b'"}',
        b'{"id":"message-0001","place":{"lat":999,"lon":0}}',
    ):
        headers = {"X-Keng-Csrf": browser.csrf, "Content-Type": "application/json"}
        async with browser.http.post(f"{browser.address}/chat/messages", data=body, headers=headers) as answer:
            statuses.append(answer.status)
    async with browser.http.post(f"{browser.address}/chat/messages", json={"id": "message-0001", "text": "x"}) as answer:
        statuses.append(answer.status)

    assert statuses == [400, 400, 400, 400, 400, 400, 400, 400, 413, 400, 403]
    assert await rows(house, tables.Tip, "id") == []


async def test_quick_exit_clears_the_thread_and_the_cookie(house: Running, browser: WebResident) -> None:
    await browser.say("Có chuyện")
    await browser.hears("ạ?")

    async with browser.http.post(f"{browser.address}/chat/exit", data={"csrf": browser.csrf}, allow_redirects=False) as answer:
        assert (answer.status, answer.cookies["keng_chat"].value, await answer.text()) == (200, "", "")
        assert answer.headers["Refresh"].startswith("0; url=https://")

    assert "Có chuyện</p>" not in await browser.open_page()
    assert await house.memory.read(lambda session: [row for row in session.execute(select(col(tables.WebMessage.id))).scalars()]) == []


async def test_an_upload_is_hashed_as_it_came_and_the_same_upload_twice_is_one(house: Running, browser: WebResident) -> None:
    content = jpeg(900, 700)

    answers = [await browser.post_file(content, client_id="upload-0001") for _ in range(2)]
    await browser.hears("Ảnh này là chuyện gì")
    await photos_done(house, 1)

    assert [(status, answer["repeat"]) for status, answer in answers] == [(200, False), (200, True)]
    [(sha256, original, key)] = await rows(house, tables.Attachment, "sha256", "original", "file_key")
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert house.media_store.read(original, key=key) == content
    assert len([path for path in (house.media_store.root / "originals").rglob("*") if path.is_file()]) == 1


async def test_uploads_that_cannot_be_taken_say_so_kindly(house: Running, browser: WebResident) -> None:
    statuses = [
        (await browser.post_file(b""))[0],
        (await browser.post_file(b"x" * (uploads.MOST_FILE_BYTES + 1)))[0],
    ]
    headers = {"X-Keng-Csrf": browser.csrf, "Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"", b"--x", b"--x\r\n\r\n\x00", b"garbage" * 100):
        async with browser.http.post(f"{browser.address}/chat/files", data=body, headers=headers) as answer:
            statuses.append(answer.status)
    async with browser.http.post(f"{browser.address}/chat/files", json={}) as answer:
        statuses.append(answer.status)

    assert statuses == [400, 413, 400, 400, 400, 400, 400]
    assert await rows(house, tables.Attachment, "id") == []
    assert list((house.media_store.root / "incoming").iterdir()) == []


async def test_an_address_has_so_many_bytes_a_day(house: Running, browser: WebResident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES_A_DAY", 3000)

    statuses = [(await browser.post_file(b"x" * 1400))[0] for _ in range(3)]

    assert statuses == [200, 200, 429]
    stored = await rows(house, tables.Allowance, "who_hash")
    assert len(stored) == 1 and "127.0.0.1" not in stored[0][0]
