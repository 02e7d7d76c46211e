"""Every page there is, over the ward of `keng demo`: for pictures of all of them, and for axe.

Derived from the desk's own table of addresses. A new page without anything in its address comes in by itself; one that names a tip or a
place needs an example here, and whatever answers with no page a line in `NO_PAGES`: without either, `pages_of` fails.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, ViewportSize
from playwright.async_api import Page as Tab
from sqlalchemy import text
from sqlmodel import Session

from admin.routes import TABLE, Closed, Open
from bot.demo import folder, ward
from bot.demo.folder import Made
from bot.runtime import Running, running
from bot.settings import Settings
from handlers import officers
from storage import moments

ROLES = {person.login: person.role for person in ward.PEOPLE}
Scheme = Literal["light", "dark"]
# Whose page it is where several may see it: the first of these.
_WHOSE = ("hai.dang", "giu.khoa", "quan.tri", "cap.tren")
# Addresses that answer with no page of their own, and why.
NO_PAGES = {
    "/admin/kenh/zalo/ve": "the page of channels again, for who comes back from Zalo",
    "/admin/": "leads to the list",
    "/admin/canh-bao/toi": "how many one would reach, for the script",
    "/admin/canh-bao/{warning:[0-9]+}/tinh-hinh": "part of a page, for the script",
    "/admin/canh-bao/{warning:[0-9]+}/anh/{shape:[0-9]+}": "a picture",
    "/admin/canh-bao/{warning:[0-9]+}/thong-bao": "a sheet as PDF",
    "/admin/canh-bao/{warning:[0-9]+}/loa/tep": "a file",
    "/admin/song": "a stream for the script",
    "/admin/tin/{tip:[0-9]+}/dang-xem": "who else is there, for the script",
    "/admin/ban-do/o": "circles for the script",
    "/admin/ban-do/ranh-gioi": "shapes for the script",
    "/admin/bat-dau": "leads to the first step that is left",
    "/admin/mat-khau/{token}": "stands there for one link only",
    "/admin/bao-dong": "what rings, for the script",
    "/admin/to-truong/{target:[0-9]+}/anh": "a picture",
    "/admin/vao-to/{token}": "stands there for one link only; tests/browser/test_leaders.py looks at it",
    "/admin/to-truong": "a leader's own, and the demo has none; tests/browser/test_leaders.py looks at it",
    "/admin/to-truong/xin-phat": "a leader's own, and the demo has none; tests/browser/test_leaders.py looks at it",
    "/admin/to-truong/bao-giup": "a leader's own, and the demo has none; tests/browser/test_leaders.py looks at it",
    "/admin/ngan/{folder:[a-z0-9-]+}": "leads to the folder",
    "/admin/khoa/chuong": "what rings, for the script",
    "/admin/khoa/tay": "keeps the desk awake",
    "/admin/khoa/loi": "stands there only after something was left typed",
    "/admin/tep/{attachment:[0-9]+}": "a file",
    "/admin/anh/{attachment:[0-9]+}/{size:nho|vua}": "a photo",
    "/admin/anh/{attachment:[0-9]+}/che/{covered:[0-9]+}": "a photo",
    "/admin/nghe-xem/{attachment:[0-9]+}": "a recording",
}
_QUERIES = {
    "/admin/ban-do/danh-sach": "?to={home}",
    "/admin/so-lieu/danh-sach": "?hang=new&tu={since}&den={today}",
    "/admin/canh-bao/mau/mot": "?mau=sim-lock",
    "/admin/cau-san/mot": "?mau=ask-vehicle",
    "/admin/loi-nhan/cau": "?tieng=vi&cau=what-happened",
    "/admin/loai-viec/mot": "?viec=LD",
    "/admin/thu-tuc/muc": "?muc=can-cuoc",
}
_OPEN_TIP = "arrived_at IS NOT NULL AND closed_at IS NULL AND restricted = '' AND category <> 'TN'"
_ANSWERED = "SELECT tip_id FROM questions WHERE outcome = 'answered'"
_WARNING = "SELECT id FROM warnings WHERE {} ORDER BY id DESC LIMIT 1"
_NEWEST = "ORDER BY arrived_at DESC LIMIT 1"
# Topics of the help are alike: some of the longest, and how somebody reads one who is not signed in.
_SHOWN_HELP = {Open: ("may-chu-im", "khoa-man-hinh"), Closed: ("tin", "cac-buoc", "bam-nham", "niem-phong", "dung-tro-giup")}
# Examples of pages about one thing: a name, whose, and a query for what stands in the address.
_EXAMPLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "/admin/tin/{tip:[0-9]+}": (
        ("khan", "thu.lam", f"SELECT id FROM tips WHERE {_OPEN_TIP} AND urgent_at IS NOT NULL AND accepted_at IS NULL {_NEWEST}"),
        ("dang-di", "thu.lam", f"SELECT id FROM tips WHERE {_OPEN_TIP} AND dispatched_at IS NOT NULL {_NEWEST}"),
        (
            "co-anh",
            "thu.lam",
            f"SELECT id FROM tips t WHERE {_OPEN_TIP} AND EXISTS (SELECT 1 FROM attachments WHERE tip_id = t.id) {_NEWEST}",
        ),
        ("hoi-dap", "hai.dang", f"SELECT id FROM tips WHERE {_OPEN_TIP} AND id IN ({_ANSWERED}) {_NEWEST}"),
        (
            "da-chuyen",
            "hai.dang",
            "SELECT id FROM tips WHERE state IN ('S6', 'S7', 'S7a', 'S7c', 'S7d', 'S8') ORDER BY arrived_at DESC LIMIT 1",
        ),
        ("da-xong", "hai.dang", "SELECT id FROM tips WHERE state IN ('S12', 'S11', 'S13') ORDER BY closed_at DESC LIMIT 1"),
        ("tai-quay", "thu.lam", f"SELECT id FROM tips WHERE {_OPEN_TIP} AND received_at IS NOT NULL {_NEWEST}"),
        ("neu-ten", "hai.dang", "SELECT tip_id FROM openings ORDER BY id DESC LIMIT 1"),
        ("han-che", "thu.lam", "SELECT id FROM tips WHERE restricted = 'chief' AND arrived_at IS NOT NULL LIMIT 1"),
        ("cap-tren", "cap.tren", "SELECT id FROM tips WHERE restricted = 'fence' AND arrived_at IS NOT NULL LIMIT 1"),
    ),
    "/admin/canh-bao/{warning:[0-9]+}": (
        ("nhap", "thu.lam", _WARNING.format("state = 'draft'")),
        ("tra-lai", "thu.lam", _WARNING.format("state = 'declined'")),
        ("cho-duyet", "hai.dang", _WARNING.format("state = 'proposed'")),
        ("dang-phat", "thu.lam", _WARNING.format("state = 'sending'")),
        ("da-phat", "hai.dang", _WARNING.format("state = 'done' AND NOT is_for_life")),
        ("mot-minh", "hai.dang", _WARNING.format("is_for_life")),
    ),
    "/admin/canh-bao/{warning:[0-9]+}/loa": (("", "hai.dang", _WARNING.format("state = 'done'")),),
    "/admin/canh-bao/{warning:[0-9]+}/sua": (("", "thu.lam", _WARNING.format("state = 'declined'")),),
    "/admin/tin/{tip:[0-9]+}/su-viec": (
        ("", "hai.dang", "SELECT id FROM tips WHERE event_id IS NOT NULL ORDER BY arrived_at DESC LIMIT 1"),
    ),
    **{
        f"/admin/tin/{{tip:[0-9]+}}/in/{paper}": (("", "hai.dang", f"SELECT id FROM tips WHERE {_OPEN_TIP} AND track <> '' {_NEWEST}"),)
        for paper in ("tin", "de-xuat", "phieu-chuyen")
    },
    "/admin/bat-dau/{step:[a-z0-9-]+}": tuple(
        (step, "hai.dang", f"SELECT '{step}'")
        for step in ("phuong", "so-truc", "dia-ban", "can-bo", "niem-phong", "giu-rao", "kenh", "to-dan")
    ),
    "/admin/can-bo/{officer:[0-9]+}/chuyen": (("", "hai.dang", "SELECT id FROM officers WHERE role = 'handler' ORDER BY id LIMIT 1"),),
    "/admin/anh/{attachment:[0-9]+}": (
        (
            "",
            "hai.dang",
            f"SELECT id FROM attachments WHERE work <> '' AND kind = 'photo' AND tip_id IN (SELECT id FROM tips WHERE {_OPEN_TIP}) LIMIT 1",
        ),
    ),
    "/admin/so/{entry:[0-9]+}": (("", "hai.dang", "SELECT id FROM book_entries ORDER BY id DESC LIMIT 1"),),
    "/admin/thu-gui/{letter:[0-9]+}": (
        ("cho", "hai.dang", "SELECT id FROM appeals WHERE answered_at IS NULL ORDER BY asked_at LIMIT 1"),
        ("xong", "hai.dang", "SELECT id FROM appeals WHERE answered_at IS NOT NULL ORDER BY asked_at DESC LIMIT 1"),
    ),
    "/admin/noi/{place:[0-9]+}": (("", "hai.dang", "SELECT id FROM neighbourhoods ORDER BY position LIMIT 1"),),
    "/admin/noi/ma/{code:[0-9A-Za-z_-]+}": (("", "hai.dang", "SELECT code FROM spots LIMIT 1"),),
    **{
        one.path: tuple((topic, "" if isinstance(one, Open) else "hai.dang", f"SELECT '{topic}'") for topic in _SHOWN_HELP[type(one)])
        for one in TABLE
        if one.path.startswith("/admin/tro-giup/{")
    },
    "/admin/noi/ma/{code:[0-9A-Za-z_-]+}/in": (("", "hai.dang", "SELECT code FROM spots LIMIT 1"),),
}
NOWHERE = "khong-co-trang"  # How a refusal looks.
# The same address for others, and with something asked of it.
_MORE = (
    ("hang-cho-truc", "thu.lam", "/admin"),
    ("hang-cho-duoc-giao", "my.hanh", "/admin"),
    ("hang-cho-cap-tren", "cap.tren", "/admin"),
    ("hang-cho-thanh-tra", "thanh.tra", "/admin"),
    ("viec-cua-toi-duoc-giao", "my.hanh", "/admin?ngan=cua-toi"),
    ("hang-cho-duyet", "hai.dang", "/admin?ngan=cho-duyet"),
    ("hang-cho-da-chuyen", "hai.dang", "/admin?ngan=da-chuyen"),
    ("hang-cho-nhan-thu", "hai.dang", "/admin?ngan=nhan-thu"),
    ("hang-cho-giu-rieng", "hai.dang", "/admin?ngan=giu-rieng"),
    ("khieu-nai", "hai.dang", "/admin/thu-gui?loai=khieu-nai"),
    ("so-phan-anh", "hai.dang", "/admin/so?so=other"),
    ("tro-giup-tim", "thu.lam", "/admin/tro-giup?tim=mat%20dien%20thoai"),
    *((f"cac-canh-bao-{name}", "thu.lam", f"/admin/canh-bao?ngan={name}") for name in ("dang-viet", "da-phat", "duyet-sau", "can-quyet")),
    (NOWHERE, "thu.lam", "/admin/khong-co-trang"),
)


class NoExample(Exception):
    """A page nobody has said how to come to."""


@dataclass(frozen=True, slots=True)
class Page:
    name: str  # Of its pictures.
    login: str  # Empty: nobody is signed in.
    path: str
    before: Literal["", "lock"] = ""
    then: Literal["", "tell", "look up"] = ""  # What a resident does there.
    is_empty_house: bool = False

    @property
    def is_only_seen(self) -> bool:
        return not (self.before or self.then or self.is_empty_house)


@dataclass(frozen=True, slots=True)
class Show:
    """The demo's house, one in which nobody is yet, and a browser to look at both."""

    house: Running
    empty: Running
    made: Made
    browser: Browser
    windows: dict[str, Tab] = field(default_factory=dict)  # By login: whoever looks at many pages looks at them in one.


def shown_patterns() -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.path for one in TABLE if one.method == "GET" and one.path not in NO_PAGES))


def check() -> None:
    """Raises NoExample for the first page that nobody will ever see."""
    known = {*_EXAMPLES, "/admin/khoi-dau/{token}"}
    missing = [path for path in shown_patterns() if "{" in path and path not in known]
    if missing:
        raise NoExample(f"tests/browser/pages.py has no example for {', '.join(missing)}")
    gone = sorted((set(NO_PAGES) | set(_EXAMPLES)) - {one.path for one in TABLE})
    if gone:
        raise NoExample(f"tests/browser/pages.py still names {', '.join(gone)}")


async def pages_of(house: Running, empty: Running, made: Made) -> list[Page]:
    check()
    today = moments.local(made.made_at).date()
    asked = {"since": today - timedelta(days=60), "today": today, "home": house.ward().book.neighbourhoods[0].id}
    found = [
        Page("nguoi-dan", "", "/"),
        Page("tra-cuu", "", "/tra-cuu"),
        Page("dat-may", "", empty.setup_link.removeprefix(empty.address), is_empty_house=True),
    ]
    for one in TABLE:
        if one.method != "GET" or one.path in NO_PAGES or one.path == "/admin/khoi-dau/{token}":
            continue
        if one.path in _EXAMPLES:
            found += await house.memory.read(lambda session, path=one.path: list(_examples(session, path)))  # type: ignore[misc]
        else:
            path = one.path + _QUERIES.get(one.path, "").format(**asked)
            found.append(Page(_name(one.path), _whose(one), path, before="lock" if isinstance(one, Closed) and one.while_locked else ""))
    found += [Page(name, login, path) for name, login, path in _MORE]
    # These tell something, and so come last.
    return [*found, Page("tra-cuu-thay", "", "/tra-cuu", then="look up"), Page("nguoi-dan-da-gui", "", "/", then="tell")]


def _examples(session: Session, pattern: str) -> Iterator[Page]:
    for name, login, query in _EXAMPLES[pattern]:
        row = session.execute(text(query)).first()
        if row is None:
            raise NoExample(f"the demo has nothing to show for {pattern} ({name or 'any'})")
        whole = _name(re.sub(r"/\{[^}]*\}", "", pattern))
        yield Page(f"{whole}-{name}" if name else f"{whole}-mot", login, re.sub(r"\{[^}]*\}", str(row[0]), pattern))


def _name(path: str) -> str:
    return path.removeprefix("/admin").strip("/").replace("/", "-") or "hang-cho"


def _whose(address: Open | Closed) -> str:
    if isinstance(address, Open):
        return ""
    right = address.right
    return next(login for login in _WHOSE if right is None or officers.may(ROLES[login], right))


@asynccontextmanager
async def show(where: Path, browser: Browser, *, tips: int, months: int) -> AsyncIterator[Show]:
    settings = folder.settings_for(Settings(_env_file=None, data=where / "demo", port=0))
    made = folder.made_in(settings.data) or folder.make(settings, seed=1, months=months, tips=tips)[0]
    async with running(settings) as house, running(Settings(_env_file=None, data=where / "empty", port=0)) as empty:
        yield Show(house, empty, made, browser)


async def tab(seen: Show, page: Page, *, width: int, scheme: Scheme) -> Tab:
    """Open on that page, signed in as whoever sees it: in their one window, or in a window of its own where something is done there."""
    house = seen.empty if page.is_empty_house else seen.house
    found = seen.windows.get(page.login) if page.is_only_seen else None
    if found is None:
        found = await _window(seen, page, width=width, scheme=scheme)
    else:
        await found.set_viewport_size(_size(width))
        await found.emulate_media(color_scheme=scheme)
    if page.before == "lock":
        await found.goto(f"{house.address}/admin")
        await found.locator("form[action='/admin/khoa/dong'] button").click()
    answer = await found.goto(house.address + page.path)
    status, where = (answer.status, found.url.removeprefix(house.address)) if answer else (0, "")
    well = (404,) if page.name == NOWHERE else (200, 403)
    if answer is None or status not in well or where != page.path or "text/html" not in answer.headers.get("content-type", ""):
        raise NoExample(f"{page.path} answers {status} at {where or 'nothing'} and shows no page of its own")
    if page.then == "look up":
        await found.fill("[name=code]", seen.made.codes[0])
        await found.press("[name=code]", "Enter")
        await found.locator("[name=text]").wait_for()
    if page.then == "tell":
        await found.locator("#words").fill("Đèn đường đoạn phố Lò Gốm tắt cả tuần, tối om, chị em tan ca không dám đi một mình.")
        await found.keyboard.press("Enter")
        await found.get_by_role("button", name="Gửi ngay").click()
        await found.get_by_role("button", name="Chỉ một mình").click()
        await found.locator(".card").wait_for()
        await found.get_by_text("Còn vài câu").wait_for()  # The page goes to the newest words by itself: the receipt stands above them.
        await found.locator(".card").evaluate("card => card.scrollIntoView({block: 'center'})")
    await found.evaluate("document.fonts.ready")
    return found


async def leave(seen: Show, page: Page, found: Tab) -> None:
    """Its own window is closed; the one for many pages stays."""
    if not page.is_only_seen:
        await found.context.close()


async def _window(seen: Show, page: Page, *, width: int, scheme: Scheme) -> Tab:
    context = await seen.browser.new_context(
        viewport=_size(width), color_scheme=scheme, reduced_motion="reduce", locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    found = await context.new_page()
    if page.login:
        await _sign_in(seen, found, page)
    if page.is_only_seen:
        seen.windows[page.login] = found
    return found


def _size(width: int) -> ViewportSize:
    return {"width": width, "height": 900 if width > 500 else 740}


async def _sign_in(seen: Show, found: Tab, page: Page) -> None:
    await found.goto(f"{seen.house.address}/admin/dang-nhap")
    await found.fill("[name=login]", page.login)
    await found.fill("[name=password]", folder.PASSWORD)
    await found.press("[name=password]", "Enter")
    await found.wait_for_url(re.compile(r"/admin(?!/dang-nhap)"))
