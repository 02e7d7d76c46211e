"""Search in what is sealed, as an officer does it: a form, results newest first, a count; and nothing typed in any address."""

import asyncio
import html
import re
import threading
from collections.abc import Iterable

import aiohttp
import pytest
from sqlmodel import Session, text

from bot.runtime import Running, running
from storage import moments
from storage.queries import finding
from storage.search import Query, plain_tokens
from tests.admin.test_desk import Officer, officer
from tests.conftest import house_settings
from tests.databases import Database
from tests.people import WebResident
from tests.sights import all_of

__all__ = ["officer"]
TIPS = (
    "Nhà nghỉ Hoa Hồng có người tụ tập đánh bạc, gọi 0912 345 678",
    "Xe máy 29A-123.45 bị mất ở cổng chợ",
    "Bị lừa chuyển tiền vào tài khoản 1903 6789 0123, trang abc[.]com",
    "Cổng chợ có người bán hồng hoa",
)


async def tell(house: Running, browser: WebResident, words: str) -> None:
    await browser.press("report")
    await browser.hears("Có chuyện gì")
    await browser.say(words)
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")


async def until_indexed(house: Running) -> None:
    ward_id = house.ward().id
    for _ in range(100):
        if not await house.memory.read(lambda session: finding.is_index_due(session, ward_id)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the words were not indexed within seconds")


async def found(officer: Officer, typed: str) -> tuple[list[str], str]:
    """The first words of each line, and the count."""
    page = (await officer.get("/admin"))[1]
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]
    status, page = await officer.post("/admin/tim", csrf=csrf, tim=typed)
    assert status == 200
    lines = [html.unescape(words) for words in re.findall(r'<span class="words">(.*?)</span>', page)]
    count = re.search(r'<strong class="number">([^<]*)</strong>', page)
    return lines, count[1] if count else ""


async def test_words_are_taken_apart_beside_the_writer(house: Running, browser: WebResident, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand characters of numbers take seconds; the writer was held as long, and every message with it."""
    threads = set()

    def watched(texts: Iterable[str]) -> set[str]:
        threads.add(threading.get_ident())
        return plain_tokens(texts)

    monkeypatch.setattr(finding, "plain_tokens", watched)
    writer = await house.memory.write(lambda _session: threading.get_ident())
    await tell(house, browser, "12 34 56 78 " * 300)
    await until_indexed(house)

    assert threads and writer not in threads


async def test_what_is_said_while_words_are_taken_apart_is_not_forgotten(
    house: Running, officer: Officer, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, is_taken_apart = threading.Event(), threading.Event()

    def slow(texts: Iterable[str]) -> set[str]:
        tokens = plain_tokens(texts)
        is_taken_apart.set()
        assert goes_on.wait(10)
        return tokens

    monkeypatch.setattr(finding, "plain_tokens", slow)
    await tell(house, browser, "Mất xe ở cổng chợ")
    await asyncio.to_thread(is_taken_apart.wait, 10)
    await browser.say("Xe màu xanh")
    await browser.hears("Đã ghi thêm")
    goes_on.set()
    await until_indexed(house)

    assert (await found(officer, "màu xanh"))[1] == "1"


ASKED = {
    "đánh bạc": [0],
    "DANH BAC": [0],
    "cong cho": [3, 1],
    "hoa hồng": [3, 0],
    '"hoa hồng"': [0],
    '"Nhà nghỉ Hoa Hồng"': [0],
    '"nghỉ hoa có"': [],
    "+84 912345678": [0],
    "0912.345.678": [0],
    "29a12345": [1],
    "190367890123": [2],
    "https://www.abc.com/": [2],
    "không có chữ này đâu": [],
}


async def test_words_phrases_phones_plates_accounts_and_links(house: Running, officer: Officer, browser: WebResident) -> None:
    for words in TIPS:
        await tell(house, browser, words)
    await until_indexed(house)

    for typed, expected in ASKED.items():
        assert await found(officer, typed) == ([TIPS[number] for number in expected], str(len(expected))), typed


async def test_additions_are_found_drafts_are_not(house: Running, officer: Officer, browser: WebResident) -> None:
    await tell(house, browser, TIPS[0])
    await browser.say("Thêm: xe 15B-678.90 màu đỏ")
    await browser.hears("Đã ghi thêm")
    await browser.press("report")
    await browser.say("Nháp thôi, chưa gửi")
    await browser.hears("ạ?")
    await until_indexed(house)

    assert (await found(officer, "15B67890"))[1] == "1"
    assert (await found(officer, "nháp"))[1] == "0"
    assert (await found(officer, " ., "))[1] == ""


async def test_both_engines_find_the_same_and_hold_no_plain_word(database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = house_settings(tmp_path_factory.mktemp("find"), database_url="" if database.is_sqlite else database.url)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        for words in TIPS:
            await tell(house, resident, words)
        await until_indexed(house)
        ward_id = house.ward().id

        def search(session: Session) -> list[tuple[int, int]]:
            pairs = []
            for typed in ("cong cho", '"Nhà nghỉ Hoa Hồng"', '"nghỉ hoa có"', "0912345678"):
                query = Query.typed(typed)
                assert query is not None
                page = finding.find_tips(session, all_of(ward_id), query, before=None, limit=50)
                pairs.append((len(page.lines), finding.count_tips(session, all_of(ward_id), query)))
                assert finding.first_page(session, all_of(ward_id), query, limit=50) == (page, pairs[-1][1])
            return pairs

        results = await house.memory.read(search)
        tokens = await house.memory.read(lambda session: " ".join(session.execute(text("SELECT tokens FROM search_docs")).scalars()))

    assert results == [(2, 2), (1, 1), (0, 0), (1, 1)]
    assert "cong" not in tokens and "912345678" not in tokens and len(tokens) > 500


async def test_a_search_makes_the_next_page_count_nothing_anew_and_a_deed_does(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = list[int]()
    monkeypatch.setattr("admin.counted.LASTS", moments.DAY)

    def new_to(_session: Session, _ward_id: int, officer_id: int) -> set[int]:
        counted.append(officer_id)
        return set()

    monkeypatch.setattr("storage.queries.assignment.new_to", new_to)
    await officer.post("/admin/ngon-ngu", language="vi")
    page = (await officer.get("/admin"))[1]
    before = len(counted)
    assert (await officer.press(page, "/admin/tim"))[0] == 200
    await officer.get("/admin")
    assert len(counted) == before
    await officer.press(page, "/admin/khoa/loi/xong")
    await officer.get("/admin")
    assert len(counted) == before + 1
