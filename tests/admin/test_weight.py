"""What the first page of the desk weighs on the line: an office shares it, and at night it is a phone's."""

import re
import zlib

import aiohttp
import pytest

from admin import static_names
from bot.runtime import Running
from tests.admin.test_desk import Officer, officer
from tests.people import WebResident

__all__ = ["officer"]
MOST = 150_000
# Letters of other languages: fetched only where one stands.
FONTS = ("latin-400", "latin-600", "vietnamese-400", "vietnamese-600")


async def weight(officer: Officer, path: str) -> tuple[int, str]:
    """Bytes as they travel, and what they are."""
    headers = {"Accept-Encoding": "gzip"}
    async with officer.http.get(officer.house.address + path, headers=headers, auto_decompress=False) as answer:
        content = await answer.read()
        assert answer.status == 200, path
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(content), (zlib.decompress(content, 31) if is_packed else content).decode("utf-8", "replace")


@pytest.fixture
async def a_tip(officer: Officer, browser: WebResident) -> None:
    await browser.say("Tối nào ở ngõ 12 cũng đông người ra vào")
    await browser.sends()
    await browser.says_enough()


async def test_the_first_load_of_the_queue_is_light(officer: Officer, a_tip: None) -> None:
    own, page = await weight(officer, "/admin")
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    weights = {path: await weight(officer, path) for path in linked}
    styles = "".join(text for path, (_bytes, text) in weights.items() if path.partition("?")[0].endswith(".css"))
    fonts = [name for name in re.findall(r'url\("fonts/([^"]+)"\)', styles) if any(one in name for one in FONTS)]
    whole = own + sum(size for size, _text in weights.values())
    whole += sum([(await weight(officer, f"/static/looks/fonts/{name}"))[0] for name in fonts])

    assert len(linked) > 8 and len(fonts) == 4 and whole < MOST


async def test_words_are_packed_and_parts_and_streams_are_not(officer: Officer) -> None:
    for path in ("/admin", "/static/desk/desk.css", "/static/desk/lib/htmx.min.js", "/static/looks/icons.svg"):
        packed, text = await weight(officer, path)
        assert packed < len(text.encode()) * 0.6, path
    packed, _text = await weight(officer, "/static/looks/fonts/be-vietnam-pro-latin-400-normal.woff2")
    assert packed == 21_168
    some = {"Range": "bytes=0-9", "Accept-Encoding": "gzip"}
    async with officer.http.get(f"{officer.house.address}/static/desk/desk.css", headers=some) as answer:
        assert answer.status == 206 and len(await answer.read()) == 10


async def test_each_page_bears_another_token_and_takes_them_all(officer: Officer) -> None:
    """Else the length of what is compressed would tell it, sign by sign, to who may put words into a page."""
    pages = [(await officer.get("/admin"))[1] for _ in range(2)]
    tokens = [re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0] for page in pages]
    assert tokens[0] != tokens[1]
    for token in tokens:
        assert (await officer.post("/admin/tim", csrf=token, tim="gì"))[0] == 200
    for wrong in ("", "00" * 64, tokens[0][:-2] + "zz", tokens[0][:64] + tokens[1][64:], "ô" * 3):
        assert (await officer.post("/admin/tim", csrf=wrong, tim=""))[0] == 403


async def test_what_a_browser_has_already_comes_without_a_body_and_the_line_goes_on(house: Running) -> None:
    path, gzip = f"{house.address}/static/looks/gong.svg", {"Accept-Encoding": "gzip"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as http:
        async with http.get(path, headers=gzip) as first:
            known = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
        for _twice in range(2):
            async with http.get(path, headers=gzip | known) as answer:
                assert (answer.status, await answer.read()) == (304, b"")
            async with http.head(path, headers=gzip) as answer:
                assert (answer.status, await answer.read()) == (200, b"")
        async with http.get(path, headers=gzip) as answer:
            assert answer.status == 200 and b"<svg" in await answer.read()


async def test_what_is_named_by_its_content_is_kept_for_a_year(officer: Officer) -> None:
    _status, page = await officer.get("/admin")
    named = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert named and all(re.search(r"\.(css|js|svg)\?v=[0-9a-f]{10}$", path) for path in named)
    font = "/static/looks/fonts/be-vietnam-pro-latin-400-normal.woff2"
    other = [named[0].partition("?")[0], re.sub("=.*", "=0123456789", named[0])]
    for path, is_kept in {**dict.fromkeys((*named, font), True), **dict.fromkeys(other, False)}.items():
        async with officer.http.get(officer.house.address + path) as answer:
            assert answer.status == 200, path
            assert answer.headers["Cache-Control"] == ("public, max-age=31536000, immutable" if is_kept else "no-cache"), path


def test_marks_are_of_files_of_ours_alone() -> None:
    assert static_names.mark_of("/static/looks/looks.css") != static_names.mark_of("/static/desk/desk.css") != ""
    for nothing in ("/static/looks/../access.py", "/static/desk/none.css", "/etc/passwd", "/static/looks/"):
        assert static_names.mark_of(nothing) == ""
    assert static_names.marked('<use href="/static/looks/icons.svg#x">') == (
        f'<use href="/static/looks/icons.svg?v={static_names.mark_of("/static/looks/icons.svg")}#x">'
    )
    assert static_names.marked('"/static/desk/none.css" "/static/"') == '"/static/desk/none.css" "/static/"'
