"""A ward in which nothing has happened yet: every list says so in a sentence, and offers one thing to do."""

import html
import re

import pytest
from sqlalchemy import delete

from admin.navigation import FOLDERS
from admin.routes import TABLE
from storage import tables
from tests.admin.test_desk import Officer, officer
from tests.browser.pages import NO_PAGES

__all__ = ["officer"]
# How each list comes to be empty in a new ward, where it is not so by itself.
LISTS = {
    "/admin": "",
    "/admin/ban-do": "",
    "/admin/ban-do/danh-sach": "",
    "/admin/can-goi-to-truong": "",
    "/admin/canh-bao": "?ngan=da-phat",
    "/admin/canh-bao/mau": "?tim=khongcochunaynhuvay",
    "/admin/cho-duyet": "",
    "/admin/cho-vao": "",
    "/admin/chua-giao": "",
    "/admin/chuong": "",
    "/admin/danh-ba-to-truong": "",
    "/admin/dien-thoai": "",
    "/admin/giao-ca": "",
    "/admin/han": "",
    "/admin/ho-so-giay": "",
    "/admin/lich-truc": "",
    "/admin/loi-nhan": "?tim=khongcochunaynhuvay",
    "/admin/may-chu": "",
    "/admin/may-cua-toi": "",
    "/admin/nhat-ky": "?so=12/2026",
    "/admin/nhat-ky/du-lieu": "",
    "/admin/nhat-ky/khoang-trong": "",
    "/admin/nhat-ky/niem-phong": "",
    "/admin/nhom": "",
    "/admin/noi": "",
    "/admin/noi/ranh-gioi": "",
    "/admin/phien": "",
    "/admin/phu-trach": "",
    "/admin/so": "?so=other",
    "/admin/so-lieu": "",
    "/admin/so-lieu/danh-sach": "?hang=new&tu=1/1/2025&den=2/1/2025",
    "/admin/so/chep": "",
    "/admin/so/doi-chieu": "",
    "/admin/thu-gui": "",
    "/admin/tro-giup": "?tim=khongcochunaynhuvay",
}
_ONE_THING = "of one thing, which is there or is not"
_FORM = "a form"
_ALWAYS = "always has rows: they come with the house"
NO_LISTS = {
    "/admin/bat-dau": "leads on",
    "/admin/bat-dau/{step:[a-z0-9-]+}": _FORM,
    "/admin/can-bo": "whoever reads it has an account",
    "/admin/cai-dat": _ALWAYS,
    "/admin/cai-dat/to-dan": "a sheet",
    "/admin/canh-bao/lich": _ALWAYS,
    "/admin/canh-bao/mau/mot": _ONE_THING,
    "/admin/canh-bao/viet": _FORM,
    "/admin/canh-bao/{warning:[0-9]+}": _ONE_THING,
    "/admin/canh-bao/{warning:[0-9]+}/loa": "a paper",
    "/admin/canh-bao/{warning:[0-9]+}/sua": _FORM,
    "/admin/nhom/do-phu": _ALWAYS,
    "/admin/cau-san": _ALWAYS,
    "/admin/cau-san/mot": _ONE_THING,
    "/admin/dang-nhap": _FORM,
    "/admin/giay-to": _FORM,
    "/admin/giay-to/giao-ca": "a paper, with a line that says so",
    "/admin/giay-to/so": "a paper, with a line that says so",
    "/admin/kenh": _ALWAYS,
    "/admin/kenh/quyen": _FORM,
    "/admin/khoa": _FORM,
    "/admin/loai-viec": _ALWAYS,
    "/admin/loai-viec/mot": _ONE_THING,
    "/admin/loi-nhan/cau": _ONE_THING,
    "/admin/luu-giu": _FORM,
    "/admin/may-cua-toi/ma-hai-buoc": _FORM,
    "/admin/nhap-tin": _FORM,
    "/admin/niem-phong": "a banner says that nobody keeps a key, and the form to name somebody stands below",
    "/admin/niem-phong/in": "a paper, with a line that says so",
    "/admin/niem-phong/khoa": _FORM,
    "/admin/thoi-han": _ALWAYS,
    "/admin/thu-tuc": _ALWAYS,
    "/admin/thu-tuc/muc": _ONE_THING,
    "/admin/tro-giup/in": _ALWAYS,
}
_EMPTY = re.compile(r'<div class="empty[^"]*" data-empty><p>(.*?)</p><p><a class="button" href="([^"]+)">(.*?)</a></p></div>', re.DOTALL)


def well_said(page: str) -> list[tuple[str, str, str]]:
    """Every empty list of the page: its sentence, and where its button leads."""
    found = [(html.unescape(words), html.unescape(href), label) for words, href, label in _EMPTY.findall(page)]
    assert len(found) == page.count("data-empty"), "an empty list without a sentence or without a next step"
    assert all(words.endswith(".") and len(words) > 10 and label.strip() for words, _href, label in found)
    return found


def test_every_page_is_a_list_or_says_why_not() -> None:
    pages = {
        one.path for one in TABLE if one.method == "GET" and one.path not in NO_PAGES and not ("{" in one.path and one.path not in NO_LISTS)
    }

    assert pages == {*LISTS, *NO_LISTS} - set(NO_PAGES)


async def test_an_empty_list_has_a_sentence_and_a_next_step(officer: Officer, subtests: pytest.Subtests) -> None:
    led_to: set[str] = set()
    for path, asked in LISTS.items():
        with subtests.test(path):
            # The house may have called for the empty roster by now, and nobody was there to hear it.
            await officer.house.memory.write(lambda session: session.execute(delete(tables.Alarm)))
            status, page = await officer.get(path + asked)
            found = well_said(page)

            assert status == 200 and found
            assert all(f'id="{href[1:]}"' in page for _words, href, _label in found if href.startswith("#"))
            led_to |= {href for _words, href, _label in found if not href.startswith("#")}
    for href in sorted(led_to):
        with subtests.test(href):
            assert (await officer.get(href))[0] == 200


async def test_every_folder_says_that_it_is_empty(officer: Officer) -> None:
    said = [well_said((await officer.get(f"/admin?ngan={slug}"))[1]) for slug in FOLDERS]
    narrowed = well_said((await officer.get("/admin?ngan=tat-ca&gap=1"))[1])

    # In the folder of what is kept apart, those who are kept apart stand above it.
    assert [len(one) for one in said] == [2 if slug == "giu-rieng" else 1 for slug in FOLDERS]
    assert len({one[-1][0] for one in said}) == len(FOLDERS)
    assert [one[1] for one in narrowed] == ["/admin?ngan=tat-ca"]


@pytest.mark.parametrize("typed", ["", "khongcochunaynhuvay"])
async def test_a_search_that_finds_nothing_says_what_to_type(officer: Officer, typed: str) -> None:
    _status, page = await officer.get("/admin")
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token
    _status, page = await officer.post("/admin/tim", csrf=token[1], tim=typed)

    assert [href for _words, href, _label in well_said(page)] == ["#tim"]
