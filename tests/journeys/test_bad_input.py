"""Bodies, headers and clients as they come: a clear status, nothing lost, no 500."""

import asyncio
import zlib

import aiohttp
import pytest

from bot.channels.webchat import uploads
from bot.runtime import Running
from storage import tables
from tests.conftest import SECRET
from tests.opened import rows
from tests.people import WebResident

ODD_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=foo"}
ODD_JSON = {"Content-Type": "application/json; charset=foo"}
NO_BOUNDARY = {"Content-Type": "multipart/form-data"}
ODD_PART = {"Content-Type": "multipart/form-data; boundary=b"}
ODD_BODY = b'--b\r\nContent-Disposition: form-data; name="text"\r\nContent-Transfer-Encoding: foo\r\n\r\nx\r\n--b--\r\n'


ODD: tuple[tuple[str, dict[str, str], bytes], ...] = (
    ("/chat/messages", ODD_JSON, b"{}"),
    ("/chat/messages", ODD_FORM, b"a=b"),
    ("/chat/messages", NO_BOUNDARY, b"x"),
    ("/chat/messages", ODD_PART, ODD_BODY),
    ("/chat/files", NO_BOUNDARY, b"x"),
    ("/chat/files", ODD_PART, ODD_BODY),
    ("/chat/files", ODD_PART, b"--b\r\nContent-Type: image/\xff\r\n\r\nx\r\n--b--\r\n"),
    ("/tra-cuu", ODD_FORM, b"code=x"),
    ("/admin/dang-nhap", ODD_FORM, b"login=x"),
    ("/admin/ngon-ngu", ODD_FORM, b"language=x"),
    ("/admin/ngon-ngu", {}, b"language=x"),
    ("/chat/exit", ODD_FORM, b"a=b"),
    ("/chat/exit", NO_BOUNDARY, b"x"),
)


async def test_odd_bodies_are_no_500(house: Running, browser: WebResident, subtests: pytest.Subtests) -> None:
    for path, headers, body in ODD:
        with subtests.test(f"{path} {headers}"):
            await browser.open_page()  # Whatever the one before has ended.
            sent = {"X-Keng-Csrf": browser.csrf, **headers}
            async with browser.http.post(browser.address + path, data=body, headers=sent, allow_redirects=False) as answer:
                assert answer.status < 500


async def test_half_characters_in_a_button_and_in_headers_are_no_500(house: Running, browser: WebResident) -> None:
    body = b'{"id":"abcdefgh2","button":"\\ud800"}'
    headers = {"X-Keng-Csrf": browser.csrf, "Content-Type": "application/json"}
    async with browser.http.post(f"{browser.address}/chat/messages", data=body, headers=headers) as answer:
        assert answer.status == 400
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.address.rsplit(":", 1)[1]))
    writer.write(b"POST /hooks/telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\r\nContent-Length: 2\r\n\r\n{}")
    assert b" 403 " in await reader.readline()
    writer.close()


async def test_a_number_no_database_holds_is_refused(house: Running) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    body = b'{"update_id": 1' + b"0" * 24 + b"}"
    async with aiohttp.ClientSession() as http, http.post(f"{house.address}/hooks/telegram", data=body, headers=headers) as answer:
        assert answer.status == 400


async def test_a_flood_of_fields_is_refused_at_once(house: Running, browser: WebResident) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x%d"\r\n\r\n' + b"y" * 4000 + b"\r\n"
    body = b"".join(part.replace(b"%d", str(n).encode()) for n in range(300))
    headers = {"X-Keng-Csrf": browser.csrf, "Content-Type": "multipart/form-data; boundary=b"}
    async with browser.http.post(
        f"{browser.address}/chat/files", data=zlib.compress(body), headers=headers | {"Content-Encoding": "deflate"}
    ) as answer:
        assert answer.status == 400


async def test_uploads_that_never_end_hold_up_nobody_else(house: Running, browser: WebResident) -> None:
    port = int(house.address.rsplit(":", 1)[1])
    cookie = next(morsel.value for morsel in browser.http.cookie_jar if morsel.key == "keng_chat")
    head = f"POST /chat/files HTTP/1.1\r\nHost: x\r\nCookie: keng_chat={cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(uploads.MOST_UPLOADS_AT_ONCE + 3)]
    for _reader, writer in streams:
        writer.write((head + "Transfer-Encoding: chunked\r\n\r\n5\r\n--b\r\n\r\n").encode())
        await writer.drain()
    refused = 0
    for reader, _writer in streams:
        try:
            refused += b" 429 " in await asyncio.wait_for(reader.readline(), 0.5)
        except TimeoutError:
            continue
    for _reader, writer in streams:
        writer.close()
    await asyncio.sleep(0.2)

    assert refused == 3
    assert (await browser.post_file(b"x" * 10))[0] == 200


async def test_quick_exit_while_a_message_is_being_handled_leaves_no_words(house: Running, browser: WebResident) -> None:
    """The answer to the message says that it is stored, not that it was handled: the exit comes in between."""
    for number in range(20):
        await browser.open_page()
        assert (await browser.post({"id": f"message-{number:04}-x", "text": f"chuyện rất riêng {number}"}))[0] == 200
        async with browser.http.post(f"{browser.address}/chat/exit", data={"csrf": browser.csrf}) as answer:
            assert answer.status == 200
        browser.http.cookie_jar.clear()
    for _ in range(100):
        if all(row[0] == "done" for row in await rows(house, tables.InboxRow, "status")):
            break
        await asyncio.sleep(0.05)

    assert "riêng" not in str(await rows(house, tables.Chat, "state"))
    assert await rows(house, tables.Piece, "words") == []
    assert {row[0] for row in await rows(house, tables.Tip, "state")} == {"dropped"}


async def test_forty_passwords_at_once_are_counted_one_by_one(house: Running) -> None:
    async with aiohttp.ClientSession() as http:

        async def guess(number: int) -> int:
            async with http.post(f"{house.address}/admin/dang-nhap", data={"login": "chi.huy", "password": f"sai {number}"}) as answer:
                return answer.status

        statuses = await asyncio.gather(*(guess(number) for number in range(40)))

    assert sorted(statuses) == [401] * 5 + [429] * 35
