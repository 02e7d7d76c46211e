"""Whatever a form of the desk is sent with, it is answered with a page that says something, never with a fault of ours."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from admin.routes import TABLE
from bot.runtime import Running, running
from tests.admin.test_aftercare import accept, tell, tip_of
from tests.conftest import house_settings
from tests.databases import Database
from tests.people import WebResident
from tests.rotation import turn
from tests.station import Station, send, station

__all__ = ["station"]
# These end the session, shut the desk, or begin what the others would then stand behind.
_APART = ("/admin/dang-xuat", "/admin/khoa/dong", "/admin/may-cua-toi/ma-hai-buoc", "/admin/phien/bat-buoc")
_READS = re.compile(r"""(?:form|given|typed|fields)(?:\.get\(|\[)["']([\w-]+)["']""")
_QUERIES = re.compile(r"""query(?:\.get|\.getall|)[(\[]["']([\w-]+)["']""")
_STREAMS = ("/admin/song",)
_SOURCES = (*Path("admin/pages").glob("*.py"), *Path("handlers").glob("*.py"))
_FIELDS = sorted({name for file in _SOURCES for name in _READS.findall(file.read_text("utf-8"))} | {"trai0", "tren0", "rong0", "cao0"})
_ODD = ("a\x00", "9" * 30, "1e999", "-1", "'; DROP TABLE tips; -- <b> %s{0}{x}", "²" + "ớ" * 600)


_ASKED = sorted({name for file in _SOURCES for name in _QUERIES.findall(file.read_text("utf-8"))})


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[Running]:
    """On either engine: what one of them takes for words the other may refuse."""
    async with running(house_settings(tmp_path, database_url=database.url)) as house:
        yield house


async def told_and_accepted(house: Running, station: Station, browser: WebResident) -> int:
    await tell(browser)
    tip_id = await tip_of(house)
    await accept(station.people["truc.ban"], tip_id)
    return tip_id


def address(path: str, tip_id: int) -> str:
    path = path.replace("{tip:[0-9]+}", str(tip_id)).replace("{step:[a-z0-9-]+}", "phuong").replace("{token}", "abc")
    return re.sub(r"\{\w+(:[^}]*)?\}", "7", path)


def some(odd: tuple[str, ...], place: int, *, is_long: bool) -> tuple[str, ...]:
    """The first of them, which breaks more than others, and one more, another each day; or all."""
    rest = odd[1:]
    return odd if is_long else (odd[0], rest[(place + turn()) % len(rest)])


async def test_no_form_breaks(house: Running, station: Station, browser: WebResident, is_long: bool) -> None:
    chief, tip_id = station.people["chief"], await told_and_accepted(house, station, browser)
    broken = []
    for place, one in enumerate(TABLE):
        for odd in (None, *some(_ODD, place, is_long=is_long)) if one.method == "POST" and one.path not in _APART else ():
            status, page = await send(chief, address(one.path, tip_id), **({} if odd is None else dict.fromkeys(_FIELDS, odd)))
            if status >= 500 or not page:
                broken.append((one.path, odd and odd[:20], status))
    assert broken == [] and "/admin/khoa/dong" in (await chief.get("/admin"))[1]  # Nobody was signed out meanwhile.


async def test_no_address_breaks(house: Running, station: Station, browser: WebResident, is_long: bool) -> None:
    chief, tip_id = station.people["chief"], await told_and_accepted(house, station, browser)
    broken = []
    for place, one in enumerate(TABLE):
        for odd in some(_ODD, place, is_long=is_long) if one.method == "GET" and one.path not in _STREAMS else ():
            query = urlencode(dict.fromkeys(_ASKED, odd))
            status, page = await chief.get(f"{address(one.path, tip_id)}?{query}")
            if status >= 500 or not page:
                broken.append((one.path, odd[:20], status))
    assert broken == []
