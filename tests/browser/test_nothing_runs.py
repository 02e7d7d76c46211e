"""Whatever anybody types stays text: strings that want to be a script go in at every entry, and every page is opened over them."""

import html
import io
import itertools
import re
import unicodedata
from dataclasses import dataclass, field

import aiohttp
import pytest
from playwright.async_api import Browser, Page

from admin.routes import TABLE, Closed
from bot.runtime import Running
from storage import moments, tables
from tests.admin.test_aftercare import enough
from tests.admin.test_desk import Officer
from tests.admin.test_tip_map import RING, file_of, with_homes
from tests.browser import pages
from tests.browser.at_desk import comes_in, window
from tests.browser.test_two_people import chromium
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.station import Station, approves, asks, stationed, token_of
from tests.steps import FORMS

__all__ = ["chromium"]
# What each wants: out of an attribute, out of an element, to be a link, a template's own braces, another direction, more room.
WANTS = {
    "element": "<script>hit()</script><img src=/hit onerror=hit()><svg onload=hit()><i data-hit>",
    "attribute": "\"' data-hit onfocus=hit() autofocus x='\"",
    "end": "</textarea></title></option></style>--><i data-hit>",
    "link": "javascript:hit() data:text/html,<i data-hit>",
    "braces": "{{7*7}} ${7*7} {% print 7*7 %} &lt;i data-hit&gt; ạ",
    "marks": "\u202ehit\u2066<i data-hit>\u200f",
    "long": "hit<i data-hit>" + "x" * 400,
}
SHORT = "'\"><i data-hit>{{7*7}}"
MILD = "'\"><i data-hit>"  # Where braces mean something and are refused.
# What would stand on a page if any of them had become more than text.
BECAME = """() => {
  const which = "[data-hit], [onerror], [onload], [onfocus], [src='/hit'], [href^='javascript' i], [href^='data' i]";
  const found = [...document.querySelectorAll(which)];
  return found.map(one => one.outerHTML.slice(0, 200)).concat(window.hits || []);
}"""
READS = """() => [document.documentElement.textContent, ...[...document.querySelectorAll("input, textarea")].map(one => one.value),
  ...[...document.querySelectorAll("[title], [aria-label]")].map(one => one.title + " " + one.ariaLabel)].join(" ")"""
COUNT_HITS = """window.hits = []; window.hit = () => { window.hits.push("ran"); };
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => { window.hits.push(name); };
document.addEventListener("securitypolicyviolation", event => { window.hits.push(event.violatedDirective + " " + event.sourceFile); });"""
FORM = "f" * 32
OUT_OF_TEXT = re.compile(r"""<i data-hit|<script>hit|<img src=/hit|<svg onload|" onfocus=hit""")
# The pages that show tips, with their scripts: list, tip, photo, map, books, prints, events, letters, journal, figures.
ABOUT_TIPS = re.compile(r"/admin(\?|$|/(tin|anh|so|so-lieu|thu-gui|nhat-ky|ban-do|ngan|han|giay-to/so)\b)")


def plain(text: str) -> str:
    """As a reader would copy it: runs of blanks are one, and marks nobody sees are none."""
    seen = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) != "Cf")
    return re.sub(r"\s+", " ", seen).strip()


@dataclass
class Garden:
    """Every string that was planted, by where; each begins with a word of its own."""

    wants: str
    planted: dict[str, str] = field(default_factory=dict)

    def text(self, where: str, wants: str = "") -> str:
        text = f"ô {where} {wants or self.wants}"
        self.planted[where] = text
        return text

    def short(self, where: str) -> str:
        return self.text(where, SHORT)

    def mild(self, where: str) -> str:
        return self.text(where, MILD)

    def sees(self, page: str) -> None:
        """What stands there as it was typed needs no further looking for."""
        shown = plain(page)
        for where in [where for where, text in self.planted.items() if plain(text) in shown]:
            del self.planted[where]

    async def send(self, person: Officer, path: str, /, **fields: str) -> str:
        """A form; refused or not, what was typed comes back as text."""
        typed = dict(self.planted)
        status, raw = await person.post(path, csrf=token_of(person), **fields)
        assert status in (200, 422), (path, status)
        assert OUT_OF_TEXT.search(raw) is None, path
        self.sees(html.unescape(raw))
        if status == 422:
            refused = [where for where, text in typed.items() if text in fields.values()]
            assert set(refused) & set(self.planted) == set(), path
        return raw


async def residents_plant(garden: Garden, house: Running, browser: WebResident, station: Station) -> int:
    """Words, a file's name, an answer, a complaint."""
    duty = station.people["truc.ban"]
    await browser.say(garden.text("words"))
    await browser.hears("ạ?")
    await browser.post_file(jpeg(), name=garden.short("file name"))
    await browser.hears("Đã nhận 1 ảnh")
    await browser.sends()
    await browser.hears("Mã tin")
    await enough(browser)
    del garden.planted["file name"]  # Kept nowhere.
    await photos_done(house, 1)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    tip = f"/admin/tin/{tip_id}"
    await garden.send(duty, f"{tip}/da-doc")
    await garden.send(duty, f"{tip}/hoi", words="Xe màu gì ạ?", seen="0")
    await browser.say("xem")
    await browser.hears("Xe màu gì")
    await browser.say(garden.text("answer xe màu xanh."))  # Who only reads code in it takes it for a cry.
    await browser.hears("Đã ghi câu trả lời")
    await browser.press("complain")
    await browser.hears("chưa đồng ý điều gì")
    await browser.say(garden.text("complaint"))
    await browser.hears("Đã chuyển lời khiếu nại")
    return int(tip_id)


async def officers_plant(garden: Garden, house: Running, station: Station, tip_id: int) -> None:
    """Every form of a tip, along its way to the end."""
    duty, chief, tip = station.people["truc.ban"], station.people["chief"], f"/admin/tin/{tip_id}"
    today = f"{moments.local(moments.now()):%Y-%m-%d}"
    await garden.send(duty, f"{tip}/ghi-chu", words=garden.text("note"))
    await garden.send(duty, f"{tip}/hoi", words=garden.text("question"), seen="0")
    await garden.send(duty, f"{tip}/nhan", words=garden.text("told"), seen="0")
    await garden.send(duty, f"{tip}/cu-nguoi", **{"luc-luong-patrol": "1", "words": garden.short("dispatch")})
    await garden.send(chief, f"{tip}/giao", officer=str(station.ids["chief"]), reason="")
    await garden.send(chief, f"{tip}/giao", officer=str(station.ids["truc.ban"]), reason=f"đổi người {garden.wants}")
    ways: tuple[tuple[Officer, str, dict[str, str]], ...] = (
        (duty, "enter", {"kind": "report", "summary": garden.text("summary")}),
        (duty, "classify", {"track": "B", "reason": garden.text("class")}),
        (chief, "approve", {}),
        (chief, "report", {**FORMS["report"], "agency": garden.short("reported to")}),
        (duty, "check", {}),
        (
            chief,
            "transfer",
            {
                **FORMS["transfer"],
                "day": today,
                "agency": garden.short("agency"),
                "receiver": garden.short("receiver"),
                "number": garden.short("number"),
            },
        ),
        (duty, "settled", {"result": "opened", "number": garden.short("result number"), "day": today}),
    )
    for person, move, given in ways:
        await garden.send(person, f"{tip}/buoc", move=move, **given)
    await garden.send(
        duty, f"{tip}/ket-thuc", done=garden.text("done"), result=garden.text("result"), date=today, unit=garden.short("unit")
    )
    done = {"done": "Đã tới nơi lập biên bản", "unit": garden.short("unit 2"), "result": garden.text("result 2"), "date": today}
    await garden.send(duty, f"{tip}/ket-thuc", seen="0", **done)
    [(entry_id,)] = await rows(house, tables.BookEntry, "id")
    for column in ("damage", "note"):
        await garden.send(chief, f"/admin/so/{entry_id}/sua", column=column, text=garden.text(f"book {column}"), reason="")
    [(letter_id,)] = await rows(house, tables.Appeal, "id")
    await garden.send(chief, f"/admin/thu-gui/{letter_id}/tra-loi", words=garden.text("letter"))
    await garden.send(chief, f"/admin/thu-gui/{letter_id}/da-noi", how="phone", words=garden.text("letter noted"))
    await garden.send(chief, f"{tip}/giu-rieng", days="7", reason=garden.text("block"))


async def walk_in_plants(garden: Garden, house: Running, station: Station, first: int) -> int:
    """What is typed for somebody who came; then the two are one event, and parted again."""
    duty = station.people["truc.ban"]
    given = {"form": FORM, "way": "press", "urgent": "no", "link": garden.short("link")}
    await garden.send(duty, "/admin/nhap-tin", **given, words="Chuyện ở báo")
    given = {"form": FORM, "way": "walk_in", "urgent": "no", "words": garden.text("walk-in"), "place": garden.short("place")}
    await garden.send(duty, "/admin/nhap-tin", **given, name=garden.short("name"))
    second = int((await rows(house, tables.Tip, "id"))[-1][0])
    await garden.send(duty, f"/admin/tin/{second}/su-viec/tim", tim=SHORT)
    await garden.send(duty, f"/admin/tin/{second}/su-viec/noi", other=str(first))
    await garden.send(duty, f"/admin/tin/{second}/su-viec/tach", reason=garden.text("parted"))
    return second


async def name_is_opened(garden: Garden, station: Station, tip_id: int) -> None:
    opening = await asks(station, tip_id)
    assert (await approves(station, opening))[0] == 200
    raw = await garden.send(station.people["truc.ban"], f"/admin/niem-phong/yeu-cau/{opening}/xem")
    garden.sees(html.unescape(raw))
    assert "name" not in garden.planted


async def settings_plant(garden: Garden, house: Running, station: Station) -> None:
    chief = station.people["chief"]
    today = f"{moments.local(moments.now()):%Y-%m-%d}"
    await garden.send(chief, "/admin/can-bo/them", name=garden.short("officer"), login="la.ai", role="duty", password="mot cau rat dai")
    await garden.send(chief, "/admin/noi/them", kind="neighbourhood", name=garden.short("home"), point="", home="")
    await garden.send(chief, "/admin/noi/ma", label=garden.short("spot"), home="")
    days = {f"day-{day}": "1" for day in range(7)}
    shift = {"starts": "07:00", "ends": "07:00", "repeats": "weekdays", "first_day": today, "duty": str(station.ids["truc.ban"])}
    await garden.send(chief, "/admin/lich-truc/mau", **days, **shift, name=garden.short("shift"), second="", commander="", last_day="")
    await garden.send(chief, "/admin/thoi-han/ngay", ngay="2027-03-03", ten=garden.short("day off"), la="nghi")
    await garden.send(chief, "/admin/cau-san/mot", key="", language="vi", kind="question", text=garden.text("ready"))
    await garden.send(chief, "/admin/cau-san/mot", key="", language="vi", kind="question", text=garden.mild("ready 2"))
    await garden.send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="what-happened", text=garden.text("wording"))
    await garden.send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="page-placeholder", text=garden.mild("wording 2"))
    kind = {"name-vi": garden.mild("kind"), "name-en": "x", "questions-vi": garden.mild("kind asks"), "advice-vi": garden.mild("advice")}
    await garden.send(chief, "/admin/loai-viec/mot", viec="CB", **kind, **{"questions-en": "", "advice-en": ""})
    answer = {"title": garden.mild("title"), "words": garden.mild("asked"), "answer": garden.text("procedure", MILD)}
    lines = {name: garden.mild(name) for name in ("address", "hours", "portal", "vneid")}
    await garden.send(chief, "/admin/thu-tuc/muc", **answer, **lines)
    await garden.send(chief, "/admin/thu-tuc/noi-lam", address=garden.mild("office"), hours=garden.mild("open"))
    ward = {name: garden.short(f"ward {name}") for name in ("name", "unit", "province", "address", "superior")}
    await garden.send(chief, "/admin/bat-dau/phuong", **ward)
    for path, content, name in (
        ("noi/ranh-gioi", file_of("Tổ 5 b", garden.short("border"), ring=RING), "a.geojson"),
        ("noi/nhap", f'loại;tên\ntổ dân phố;"{garden.short("csv name").replace(chr(34), chr(34) * 2)}"\n'.encode(), "a.csv"),
    ):
        form = aiohttp.FormData({"csrf": token_of(chief)})
        form.add_field("file", io.BytesIO(content), filename=name)
        async with chief.http.post(f"{house.address}/admin/{path}", data=form) as answered:
            raw = await answered.text()
        assert OUT_OF_TEXT.search(raw) is None, path
        garden.sees(html.unescape(raw))
    assert "border" not in garden.planted


async def paths_to_open(house: Running, tips: list[int]) -> list[str]:
    """Every page of the table: plain ones, and those that are about one thing, with all there are."""
    ids = {
        "tip": [str(tip) for tip in tips],
        "attachment": [str(row[0]) for row in await rows(house, tables.Attachment, "id")],
        "entry": [str(row[0]) for row in await rows(house, tables.BookEntry, "id")],
        "letter": [str(row[0]) for row in await rows(house, tables.Appeal, "id")],
        "place": [str(row[0]) for row in await rows(house, tables.Neighbourhood, "id")],
        "officer": [str(row[0]) for row in await rows(house, tables.Officer, "id", "login") if row[1] == "la.ai"],
        "code": [str(row[0]) for row in await rows(house, tables.Spot, "code")],
        "warning": [str(row[0]) for row in await rows(house, tables.WarningRow, "id")],
        "target": [str(row[0]) for row in await rows(house, tables.WarningTarget, "id")],
        "shape": ["1350"],
        "topic": ["tin"],
        "folder": [],  # Old addresses: they lead to the folders below.
        "step": ["phuong", "dia-ban", "can-bo", "niem-phong", "giu-rao"],
    }
    found = []
    for one in TABLE:
        if not isinstance(one, Closed) or one.method != "GET" or one.path in pages.NO_PAGES or one.path.startswith("/admin/khoa"):
            continue
        names = re.findall(r"\{(\w+):[^}]*\}", one.path)
        for values in itertools.product(*(ids[name] for name in names)):
            path = one.path
            for value in values:
                path = re.sub(r"\{[^}]*\}", value, path, count=1)
            found.append(path + pages._QUERIES.get(one.path, ""))
    folders = [f"/admin?ngan={slug}" for slug in ("tat-ca", "da-ket-thuc", "chua-tra-loi")]
    wished = [f"/admin?ngan={SHORT}&loai={SHORT}", f"/admin/nhat-ky?so={SHORT}&ai={SHORT}", f"/admin/ban-do?tu={SHORT}&loai={SHORT}"]
    return [*found, *folders, *wished, "/admin/so?so=other", "/admin/loi-nhan/cau?tieng=vi&cau=page-placeholder"]


async def reads(page: Page, house: Running, path: str, garden: Garden) -> None:
    answer = await page.goto(house.address + path)
    assert answer and answer.status < 500, path
    assert await page.evaluate(BECAME) == [], path
    garden.sees(await page.evaluate(READS))


async def is_sent_as_text(person: Officer, path: str, garden: Garden) -> None:
    """The same of a page without a browser: nothing of it stands there but as text."""
    status, raw = await person.get(path)
    assert status < 500, path
    assert OUT_OF_TEXT.search(raw) is None, path
    garden.sees(html.unescape(raw))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    metafunc.parametrize("want", ["everything", *WANTS] if metafunc.config.getoption("--long") else ["everything"])


async def test_whatever_is_typed_stays_text(house: Running, browser: WebResident, chromium: Browser, want: str, is_long: bool) -> None:
    """The short form plants all of it in one, and opens in the browser what shows tips; the long one each alone, and every page."""
    garden = Garden(WANTS.get(want, " ".join(WANTS.values())))
    await with_homes(house)
    async with stationed(house, {"truc.ban": "duty", "giu.khoa": "custodian"}) as station:
        await house.ward.refresh()
        first = await residents_plant(garden, house, browser, station)
        second = await walk_in_plants(garden, house, station, first)
        await officers_plant(garden, house, station, first)
        await name_is_opened(garden, station, second)
        await settings_plant(garden, house, station)
        await house.ward.refresh()

        page, complaints = await window(chromium)
        await page.add_init_script(COUNT_HITS)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/hit") else None)
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        await comes_in(page, house, "chi.huy")
        for path in await paths_to_open(house, [first, second]):
            if is_long or ABOUT_TIPS.match(path):
                await reads(page, house, path, garden)
            else:
                await is_sent_as_text(station.people["chief"], path, garden)
        resident, of_resident = await window(chromium, is_narrow=True)
        await resident.add_init_script(COUNT_HITS)
        await resident.context.add_cookies([{"name": one.key, "value": one.value, "url": house.address} for one in browser.http.cookie_jar])
        await reads(resident, house, "/", garden)
        assert (asked, of_resident) == ([], [])
        assert [one for one in complaints if "404" not in one] == []
        assert garden.planted == {}  # Each was read as it was typed, on a page or with the form that was refused.
