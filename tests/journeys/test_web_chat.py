"""A resident on the web page, from the first word to the receipt, over real HTTP and a real database."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.runtime import Running, running
from bot.settings import Settings
from storage import tables
from storage.codes import read_code


@dataclass
class Resident:
    """Somebody with a browser: a cookie, a page, and what they read on it."""

    http: aiohttp.ClientSession
    address: str
    csrf: str = ""
    count: int = 0

    async def open_page(self) -> str:
        async with self.http.get(f"{self.address}/") as answer:
            page = await answer.text()
            assert answer.status == 200
        found = re.search(r'data-csrf="([0-9a-f]+)"', page)
        assert found
        self.csrf = found[1]
        return page

    async def post(self, message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.address}/chat/messages", json=message, headers={"X-Keng-Csrf": self.csrf}) as answer:
            return answer.status, await answer.json()

    async def say(self, text: str) -> None:
        self.count += 1
        assert (await self.post({"id": f"message-{self.count:04}", "text": text}))[0] == 200

    async def press(self, data: str) -> None:
        self.count += 1
        assert (await self.post({"id": f"message-{self.count:04}", "button": data, "label": data}))[0] == 200

    async def hears(self, words: str) -> str:
        """Wait on the live stream until an answer with these words stands in the thread."""
        async with self.http.get(f"{self.address}/chat/events?after=0", timeout=aiohttp.ClientTimeout(10)) as stream:
            async for line in stream.content:
                if line.startswith(b"data:") and words in line.decode():
                    return line.decode()
        raise AssertionError(f"never heard: {words}")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(Settings(data=tmp_path, port=0, duty_phone="0225 3123 456", _env_file=None)) as house:
        yield house


@pytest.fixture
async def resident(house: Running) -> AsyncIterator[Resident]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = Resident(http, house.address)
        await resident.open_page()
        yield resident


async def stored_tips(house: Running) -> list[tuple[str, str, str]]:
    def read(session: Session) -> list[tuple[str, str, str]]:
        rows = session.execute(select(col(tables.Tip.state), col(tables.Tip.code), col(tables.Tip.category)).order_by(col(tables.Tip.id)))
        return [(row[0], row[1], row[2]) for row in rows]

    return await house.memory.read(read)


async def test_words_then_send_now_gives_a_receipt(house: Running, resident: Resident) -> None:
    await resident.say("Có người bẻ khóa xe ở cổng chợ")
    await resident.hears("giống loại nào")
    await resident.press("send")

    receipt = await resident.hears("Mã tin")

    code = read_code(re.search(r"TB-[0-9A-Z-]{14}", receipt)[0])  # type: ignore[index]
    assert await stored_tips(house) == [("S1", code, "")]


async def test_the_whole_way_with_category_place_and_review(house: Running, resident: Resident) -> None:
    await resident.press("report")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Đánh bạc ăn tiền mỗi tối")
    await resident.hears("giống loại nào")
    await resident.say("3")  # A typed number is as good as the button.
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.say("ngõ 12, tổ 7")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.press("about:anonymous")
    review = await resident.hears("Xem lại giúp")
    await resident.say("ok")
    await resident.hears("Mã tin")

    assert "Đánh bạc ăn tiền mỗi tối" in review and "ngõ 12, tổ 7" in review
    assert [(state, category) for state, _code, category in await stored_tips(house)] == [("S1", "CB")]


async def test_the_same_message_twice_is_taken_once(house: Running, resident: Resident) -> None:
    message = {"id": "message-same", "text": "Đốt rác khói mù mịt"}

    answers = [await resident.post(message) for _ in range(2)]

    assert [answer[1]["repeat"] for answer in answers] == [False, True]
    await resident.hears("giống loại nào")
    assert len(await stored_tips(house)) == 1


async def test_a_thread_and_its_tip_survive_a_restart(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=0, duty_phone="0225 3123 456", _env_file=None)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with running(settings) as house:
            resident = Resident(http, house.address)
            await resident.open_page()
            await resident.say("Có nhóm lạ rình nhà")
            await resident.hears("giống loại nào")
        async with running(settings) as house:
            resident.address = house.address
            page = await resident.open_page()
            await resident.press("send")
            await resident.hears("Mã tin")

    assert "Có nhóm lạ rình nhà" in page


async def test_cancel_asks_once_and_keeps_no_words(house: Running, resident: Resident) -> None:
    await resident.say("Nhắn nhầm thôi")
    await resident.hears("giống loại nào")
    await resident.say("/huy")
    await resident.hears("Bỏ tin đang soạn")
    await resident.press("cancel-yes")
    await resident.hears("Đã bỏ tin")

    words = await house.memory.read(lambda session: [row for row in session.execute(select(col(tables.Piece.text))).scalars()])
    assert (words, [tip[0] for tip in await stored_tips(house)]) == ([], ["dropped"])


async def test_bad_input_gets_a_clear_status_and_stores_nothing(house: Running, resident: Resident) -> None:
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
        headers = {"X-Keng-Csrf": resident.csrf, "Content-Type": "application/json"}
        async with resident.http.post(f"{resident.address}/chat/messages", data=body, headers=headers) as answer:
            statuses.append(answer.status)
    async with resident.http.post(f"{resident.address}/chat/messages", json={"id": "message-0001", "text": "x"}) as answer:
        statuses.append(answer.status)

    assert statuses == [400, 400, 400, 400, 400, 400, 400, 400, 413, 400, 403]
    assert await stored_tips(house) == []


async def test_quick_exit_clears_the_thread_and_the_cookie(house: Running, resident: Resident) -> None:
    await resident.say("Có chuyện")
    await resident.hears("giống loại nào")

    async with resident.http.post(f"{resident.address}/chat/exit", data={"csrf": resident.csrf}, allow_redirects=False) as answer:
        assert (answer.status, answer.cookies["keng_chat"].value) == (303, "")

    assert "Có chuyện</p>" not in await resident.open_page()
    assert await house.memory.read(lambda session: [row for row in session.execute(select(col(tables.WebMessage.id))).scalars()]) == []
