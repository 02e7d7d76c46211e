"""/tra-cuu: whoever has the code of a tip, from any channel, sees where it stands and what we said, and may add to it."""

import html
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.runtime import Running
from handlers import notices
from handlers.messages import Button, Reply
from handlers.notices import Notice
from storage import moments, tables
from storage.ids import new_id
from storage.queries import aftercare
from tests.opened import rows
from tests.people import Resident

STORY = "Hôm qua xe tôi bị bẻ khóa"


class Reader:
    """Somebody with the code and a browser without scripts."""

    def __init__(self, http: aiohttp.ClientSession, house: Running) -> None:
        self.http, self.address = http, house.address
        self.page = ""

    async def opens(self, code: str) -> int:
        return await self._post("/tra-cuu", code=code)

    async def adds(self, text: str, **changed: str) -> int:
        """With the fields of the form that stands on the page."""
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        return await self._post("/tra-cuu/them", **{**fields, "text": text, **changed})

    async def rates(self, stars: str, **changed: str) -> int:
        fields = dict(re.findall(r'type="hidden" name="(csrf|code)" value="([^"]*)"', self.page))
        return await self._post("/tra-cuu/danh-gia", **{**fields, "stars": stars, **changed})

    async def _post(self, path: str, **fields: str) -> int:
        async with self.http.post(self.address + path, data=fields) as answer:
            text = html.unescape(await answer.text())
            self.page = text if "<html" in text else self.page
            return answer.status


@pytest.fixture
async def reader(house: Running) -> AsyncIterator[Reader]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Reader(http, house)


async def sent(resident: Resident, safe: str = "shared") -> str:
    await resident.say(STORY)
    await resident.hears("ạ?")
    await resident.sends(safe)
    found = re.search(r"TB-[0-9A-Z-]{14}", await resident.hears("Mã tin"))
    assert found
    return found[0]


async def tells(house: Running, tip_id: int, text: str, *, question_id: int | None = None, buttons: tuple[Button, ...] = ()) -> None:
    def tell(session: Session) -> None:
        said = Reply(text=text, buttons=buttons)
        notice = Notice(tip_id=tip_id, kind="question" if question_id else "status", say=lambda _: said, question_id=question_id)
        notices.tell(session, house.ward().book, notice, draw=new_id, now=moments.now())

    await house.memory.write(tell)


async def asks(house: Running, tip_id: int, words: str) -> int:
    question_id = new_id()
    officer_id = new_id()

    def ask(session: Session) -> None:
        session.add(
            tables.Officer(
                id=officer_id, ward_id=house.ward().id, login="truc", name="", role="duty", password_hash="", created_at=1, disabled_at=None
            )
        )
        session.flush()
        aftercare.keep_question(
            session, question_id=question_id, ward_id=house.ward().id, tip_id=tip_id, asked_by=officer_id, words=words, now=1
        )

    await house.memory.write(ask)
    await tells(house, tip_id, words, question_id=question_id)
    return question_id


async def test_a_code_of_any_channel_shows_state_and_messages_and_never_what_was_sent(
    house: Running, resident: Resident, reader: Reader
) -> None:
    code = await sent(resident)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    await tells(house, tip_id, "Tin đang được kiểm tra.")

    assert await reader.opens(code.lower().replace("-", " ")) == 200
    assert "cán bộ trực chưa đọc" in reader.page and "Tin đang được kiểm tra." in reader.page
    assert STORY not in reader.page and "bẻ khóa" not in reader.page
    assert "Khiếu nại thì chỉ có ở đoạn nhắn" in reader.page  # Who reads of a button here looks for it in vain.
    assert [row[0] is not None for row in await rows(house, tables.Notice, "read_at")] == [True]
    assert await reader.opens(code) == 200 and "Tin đang được kiểm tra." in reader.page  # Read, and still there.
    assert [row[0] for row in await rows(house, tables.HistoryRow, "what")].count("notices_read") == 1
    await resident.say("xem")
    assert "Tin đang được kiểm tra." not in await resident.hears("chưa đọc")


async def test_more_words_are_stored_once_beside_the_tip_and_answer_an_open_question(
    house: Running, resident: Resident, reader: Reader
) -> None:
    code = await sent(resident)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    await asks(house, tip_id, "Xe màu gì ạ?")
    await reader.opens(code)
    before = reader.page

    assert "Xe màu gì ạ?" in reader.page and "chờ trả lời" in reader.page
    assert await reader.adds("Xe Wave màu xanh") == 200 and "Đã ghi thêm vào tin" in reader.page and "Wave" not in reader.page
    reader.page = before  # The page is loaded again, and the browser sends the same form.
    assert await reader.adds("Xe Wave màu xanh") == 200
    assert await rows(house, tables.Piece, "words", "is_addition") == [(STORY, False), ("Xe Wave màu xanh", True)]
    assert await rows(house, tables.Question, "outcome") == [("answered",)]
    await reader.opens(code)
    assert "đã trả lời" in reader.page and "chờ trả lời" not in reader.page
    assert [row for row in await rows(house, tables.HistoryRow, "actor", "what") if row[1] in ("added", "question_answered")] == [
        ("resident", "added"),
        ("resident", "question_answered"),
    ]


async def test_words_of_danger_reach_duty_as_urgent_from_here_too(house: Running, resident: Resident, reader: Reader) -> None:
    await reader.opens(await sent(resident))

    assert await reader.adds("Nó đang cầm dao đuổi chém tôi, cứu với") == 200
    assert "🔴" in reader.page and "113" in reader.page and "Đã ghi thêm" in reader.page
    [(urgent_at, danger)] = await rows(house, tables.Tip, "urgent_at", "danger")
    assert urgent_at and danger == "danger"


async def test_the_stars_that_the_ending_asks_for_are_given_here(house: Running, resident: Resident, reader: Reader) -> None:
    code = await sent(resident)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    await tells(house, tip_id, "Đã nhắc nhở. Trực ban 0225 3123 456.", buttons=(Button("4 · Tốt", f"rate:{tip_id}-4"),))
    await reader.opens(code)
    assert 'name="stars"' not in reader.page  # Not closed: nothing to be rated yet.

    await house.memory.write(lambda session: session.execute(update(tables.Tip).values(accepted_at=1, closed_at=2)))
    await reader.opens(code)
    assert reader.page.count('name="stars"') == 5 and 'href="tel:02253123456"' in reader.page
    assert await reader.rates("6") == 409 and await reader.rates("4", csrf="x") == 403
    assert await reader.rates("4") == 200 and "Đã ghi, cảm ơn" in reader.page and 'name="stars"' not in reader.page
    assert await reader.rates("1") == 409
    assert await rows(house, tables.Tip, "rating") == [(4,)]


async def test_what_cannot_be_taken_is_said_and_stays_in_the_field(house: Running, resident: Resident, reader: Reader) -> None:
    await reader.opens(await sent(resident))

    assert await reader.adds("một lời", csrf="0" * 64) == 403 and "một lời</textarea>" in reader.page
    assert await reader.adds(" \u200b ") == 400
    assert await reader.adds("dài " * 1100) == 413 and "dài dài" in reader.page
    assert await reader.adds("x", id="?") == 400
    assert await reader.adds("x", code="TB-0000-0000-0000") == 404
    assert len(await rows(house, tables.Piece, "id")) == 1


async def test_guessing_is_braked_at_both_forms(house: Running, resident: Resident, reader: Reader) -> None:
    code = await sent(resident)
    statuses = [await reader.opens("TB-0000-0000-0000") for _ in range(5)]
    statuses += [await reader.adds("x", code="TB-0000-0000-0000", csrf="x") for _ in range(5)]

    assert statuses == [404] * 10
    assert (await reader.opens(code), await reader.adds("x", code=code)) == (429, 429)


async def test_odd_words_break_nothing(house: Running, resident: Resident, reader: Reader) -> None:
    code = await sent(resident)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    odd = '</p><script>alert(1)</script> & "x" \u202eمرحبا 👨‍👩‍👧 *_[](){}'
    await tells(house, tip_id, odd + "\n" + "dài" * 2000)
    await reader.opens(code)

    async with reader.http.post(reader.address + "/tra-cuu", data={"code": code}) as answer:
        page = await answer.text()
    assert "<script>alert" not in page and html.escape("<script>alert(1)</script>") in page
    assert await reader.adds(odd) == 200
    assert (await rows(house, tables.Piece, "words"))[-1] == (odd.replace("\u202e", ""),)
