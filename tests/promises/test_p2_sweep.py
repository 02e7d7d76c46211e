"""P2, swept: canaries in every field that identifies and in every secret, through every channel and kind of message; then everything
that the house has written, and every page of the desk as every role, is searched for them.

Who adds a page, a role, a channel or a message adds it here: `pages` follows the desk's own table, and fails for a page that nobody
could open; `ROLES` is the desk's own list.
"""

import asyncio
import io
import json
import logging
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import Session, col

from admin.navigation import FOLDERS
from admin.routes import TABLE, Closed
from bot import copying, logs, offline
from bot.runtime import Running, running
from bot.settings import Settings
from handlers import officer_chats, set_up
from handlers.acts import Act
from handlers.cards import Card
from handlers.officers import LEADER, ROLES, Right, may
from handlers.warnings import lifecycle
from handlers.warnings.codes import new_code
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.master_key import read, written
from tests.admin.test_aftercare import today
from tests.admin.test_desk import PASSWORD, content_of
from tests.admin.test_exchange import a_photo, attach
from tests.bot.telegram.test_door import everything_stored
from tests.conftest import SECRET, house_settings, zalo_oa_settings
from tests.databases import Database
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.journeys.test_about_oneself import clear_text
from tests.journeys.test_leaders import a_kit_arrives
from tests.journeys.test_look_up import Reader
from tests.opened import rows
from tests.people import WebResident
from tests.promises.zalo_canaries import FAILED, FILES, OnZalo
from tests.rotation import turn
from tests.station import SENTENCE, Station, approves, asks, looks, send
from tests.storage import papers
from tests.storage.test_recordings import fixture, ogg_with_canaries, with_canaries
from tests.storage.test_verify import ask_and_tell, until_linked

# A second kind: what was told and written, each with the right whose pages may show it; nowhere in clear on the disk.
WORDS, WRITTEN, LETTER, ANSWER, REASON = "TUCANARY", "HOICANARY", "THUCANARY", "DAPCANARY", "CHANCANARY"
SHOWN_TO: dict[str, Right] = {WORDS: "read", WRITTEN: "read", LETTER: "letters", ANSWER: "letters", REASON: "block"}
# What is told here is neither given to this handler nor fenced: both read tips, and none of these.
READ_OTHERS = ("handler", "keeper")
METRICS_TOKEN = "kanary-metrics-token"
USER_AGENT, VISITOR, REFERER = "Kanary-agent/1.0", "203.0.113.77", "https://kanary-referer.example/"
LEADERS_PHONE = "0965 432 109"
TYPED_NAME, TYPED_PHONE, CALL_BACK = "Kanarytyped Nguyễn", "0987 654 321", "0976 543 210"


@dataclass
class Trace:
    """What must be found nowhere, by name."""

    canaries: dict[str, str] = field(default_factory=dict)

    def found_in(self, content: bytes) -> list[str]:
        may_be_wide = b"\0" in content  # Most pages and rows hold none, and so nothing that has one.
        return [
            f"{name}: …{_around(content, form)!r}…"
            for name, canary in self.canaries.items()
            for form in forms(canary)
            if (may_be_wide or b"\0" not in form) and form in content
        ][:3]


def _around(content: bytes, form: bytes) -> bytes:
    """For whoever reads the failure."""
    at = content.index(form)
    return content[max(0, at - 60) : at + len(form) + 30]


@cache
def forms(canary: str) -> tuple[bytes, ...]:
    """As it is, as Windows and documents write it, and as JSON escapes it."""
    as_they_write = [canary.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    return tuple(dict.fromkeys((*as_they_write, canary.encode("ascii", "backslashreplace"))))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log at its most talkative."""
    root, hook, said = logging.getLogger(), sys.excepthook, io.StringIO()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    monkeypatch.setattr(sys, "stderr", said)
    logs.set_up("debug")
    yield said
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)


@pytest.fixture
def here(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that anybody writes lands below this folder, temporary files too."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    return tmp_path


@pytest.fixture
def settings(database: Database, here: Path, fake_telegram: FakeTelegram, fake_zalo_oa: FakeZaloOA, fake_zalo_bot: FakeZaloBot) -> Settings:
    return house_settings(
        here / "house",
        database_url="" if database.is_sqlite else database.url,
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
        telegram_rate=0,
        trusted_proxies="127.0.0.1",
        metrics_token=SecretStr(METRICS_TOKEN),
        zalo_bot_token=SecretStr(fake_zalo_bot.token),
        zalo_bot_api=fake_zalo_bot.address,
        zalo_bot_mode="webhook",
        zalo_bot_secret=SecretStr(SECRET),
        **zalo_oa_settings(fake_zalo_oa),
    )


@pytest.fixture
def on_zalo(fake_zalo_oa: FakeZaloOA, fake_zalo_bot: FakeZaloBot) -> OnZalo:
    return OnZalo(fake_zalo_oa, fake_zalo_bot, WORDS, photo_with_canaries())


@pytest.fixture
async def station(settings: Settings, fake_telegram: FakeTelegram, on_zalo: OnZalo, heard: io.StringIO) -> AsyncIterator[Station]:
    async with running(settings) as house, AsyncExitStack() as stack:
        fake_telegram.webhook_url, fake_telegram.webhook_secret = f"{house.address}/hooks/telegram", SECRET
        on_zalo.oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        on_zalo.bot.webhook_url, on_zalo.bot.webhook_secret = f"{house.address}/hooks/zalo-bot", SECRET
        station = Station(house, stack)
        await station.chief()
        for role in ROLES:
            await station.add(f"vai.{role}", role)
        await send(station.people["chief"], "/admin/bat-dau/dia-ban", names="Tổ 12")
        await house.ward.refresh()
        area = house.ward().book.neighbourhoods[0].id
        await station.lead("vai.leader", area, phone=LEADERS_PHONE)
        await a_kit_arrives(station, area, "vai.leader", "Có người giả công an", has_chat=False, writer="vai.duty")
        await a_draft_is_written(station)
        station.sheet = await station.keeps_a_key("vai.custodian")
        await house.ward.refresh()
        yield station


def photo_with_canaries() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "Kanaryexif", "Kanarycomment"
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "navy").save(out, "JPEG", exif=exif, comment=b"Kanaryjpeg")
    return out.getvalue()


async def tell_on_telegram(person: Person) -> None:
    """Every kind of message that Telegram has for us."""
    await person.say(f"{WORDS} hôm qua xe tôi bị bẻ khóa")
    await person.hears("Chuyện xảy ra ở đâu")
    await person.send_photo(photo_with_canaries(), f"{WORDS} chú thích")
    await person.hears("Chuyện xảy ra ở đâu")
    for name, content, mime in (
        ("kanaryname.jpg", photo_with_canaries(), "image/jpeg"),
        ("kanaryname.mp4", with_canaries(fixture("h264-aac.mp4"), brand=b"isom"), "video/mp4"),
        ("kanaryname.pdf", papers.pdf_with_canaries(), "application/pdf"),
        ("kanaryname.docx", papers.docx(), "application/zip"),
    ):
        await person.send_document(content, name=name, mime=mime)
        await person.hears("Đã nhận")
    await person.send_voice(ogg_with_canaries("opus.ogg"))
    await person.hears("Đã nhận")
    await person.send_sticker()
    await person.hears("chưa đọc được")
    await person.send_contact("+84909090909", "Kanarycard")
    await person.hears("chưa đọc được")
    await person._send(
        text=f"{WORDS} chuyển tiếp",
        forward_origin={"type": "user", "date": 1, "sender_user": {"id": 5998877665, "is_bot": False, "first_name": "Kanaryforward"}},
    )
    await person.hears("Anh/chị muốn thế nào")
    await person.send_location(20.8449, 106.6881)
    await person.hears("Đã ghi nơi này")


async def tell_on_the_web(browser: WebResident) -> None:
    await browser.say(f"{WORDS} chuyện trên trang web")
    await browser.hears("ạ?")
    await browser.post_file(photo_with_canaries(), name="kanaryupload.jpg")
    await browser.hears("Đã nhận")
    await browser.sends()
    await browser.hears("Mã tin")
    await browser.hears("Còn vài câu")
    await browser.say(f"{WORDS} cạnh cổng chợ")
    await browser.hears("Đã ghi thêm vào tin")
    await browser.say(f"{WORDS} nhắn thêm")
    await browser.hears("Đã ghi thêm")


async def name_oneself(person: Person) -> None:
    await person.press("about:named")
    await person.hears("Xin ghi họ tên")
    await person.say(f"{TYPED_NAME}, {TYPED_PHONE}")
    await person.hears("hay cầm máy")
    await person.press("safe:alone")
    await person.hears("Xem lại giúp")
    await person.press("send")
    await person.hears("Mã tin")
    await person.hears("có cần gọi lại không")
    await person.say(CALL_BACK)
    await person.hears("số gọi lại đã khóa")
    await person.press("after-end")
    await person.hears("Vậy là đủ")


async def go_back_and_forth(house: Running, person: Person, officer_id: int) -> None:
    """An officer's question, read, answered, and another unread; a complaint, a threat, a wish about data: letters about a tip."""
    [tip_id] = [row[0] for row in await rows(house, tables.Tip, "id", "about") if row[1] == "named"]
    await ask_and_tell(house, tip_id, officer_id, f"{WRITTEN} lúc mấy giờ")
    for said, answer in (
        ("xem", "lúc mấy giờ"),
        (f"{WORDS} chín giờ", "Đã ghi câu trả lời"),
        ("khiếu nại", "chưa đồng ý điều gì"),
        (f"{LETTER} chưa đúng", "tới chỉ huy"),
        ("tôi thấy bị đe dọa", "Đã chuyển lời này tới chỉ huy"),
        (f"{LETTER} hôm kia", "Đã chuyển thêm"),
        ("Thôi", "Có chuyện gì"),
        ("dữ liệu của tôi", "muốn gì"),
        ("1", "nói rõ thêm"),
        (f"{LETTER} đang giữ gì", "Đã chuyển tới Công an phường"),
    ):
        await person.say(said)
        await person.hears(answer)
    await ask_and_tell(house, tip_id, officer_id, f"{WRITTEN} ở đâu nữa")


async def ring_an_officer(station: Station, phone: Person, tips: dict[str, int]) -> str:
    """The desk's officer on their own phone: every kind of card, masked excerpts switched on, every button. The code that linked it."""
    house, officer_id = station.house, station.ids["vai.duty"]
    code = str(re.search(r"<strong>L-(\w{4}-\w{4})</strong>", (await send(station.people["vai.duty"], "/admin/dien-thoai/ma"))[1])[1])  # type: ignore[index]
    await phone.say(f"/start l-{code.replace('-', '')}")
    await phone.hears("Đã nối máy này")
    [(link_id,)] = await rows(house, tables.OfficerChat, "id")
    status, page = await send(station.people["vai.chief"], f"/admin/dien-thoai/{link_id}/trich", shows="yes")
    assert status == 200 and "có trích lời kể" in page
    ward, now = house.ward(), moments.now()

    def ring_all(session: Session) -> None:
        about = [officer_chats.card_of(session, ward, tip_id, now=now) for tip_id in tips.values()]
        cards = [card for card in about if card is not None]
        others = [Card(kind="morning", tips=tuple(tips.values())), Card(kind="roster"), Card(kind="roster", shift_id=1)]
        for card in (*others, *(replace(card, kind="clock", left=1) for card in cards), *cards):
            assert officer_chats.ring(session, ward, officer_id, card, draw=new_id, now=now) is not None

    await house.memory.write(ring_all)
    await phone.hears("Trích lời kể, đã che")
    for wish, answer in (
        (f"accept:{tips['other']}", "Đã nhận tin"),
        (f"open:{tips['other']}", "Ở đó cần đăng nhập"),
        (f"ask:{tips['other']}", "Bấm một câu là gửi ngay"),
        (f"question:{tips['other']}:photo", "câu hỏi về tin"),
        (f"commander:{tips['other']}", "Gọi điện cho"),
        ("leave", "Thôi nhận báo ở máy này?"),
    ):
        await phone.fake.push_press(phone._from(), phone.read_messages()[-1], f"duty:{wish}")
        await phone.hears(answer)
    await phone.say("Kanarytyped đang ở đây")
    await phone.hears("không được lưu")
    return code


async def write_to_the_chief(person: Person) -> None:
    """Letters of somebody who has sent nothing: about no tip."""
    for said, answer in (
        ("tôi thấy bị đe dọa", "Đã chuyển lời này tới chỉ huy"),
        (f"{LETTER} ở chợ", "Đã chuyển thêm"),
        ("Thôi", "Có chuyện gì"),
    ):
        await person.say(said)
        await person.hears(answer)


async def write_from_the_desk(station: Station, person: Person, *, named: int, other: int) -> None:
    """A word to the resident, the sender set apart, a brake; every letter answered or noted; the end of another tip; places and codes."""
    duty, chief = station.people["vai.duty"], station.people["vai.chief"]
    forms = [(duty, f"/admin/tin/{named}/nhan", {"words": f"{WRITTEN} đã xem ảnh"})]
    forms.append((duty, f"/admin/tin/{named}/ghi-chu", {"words": f"{WRITTEN} ghi cho ca sau"}))
    forms.append((chief, f"/admin/tin/{named}/giu-rieng", {"days": "7", "reason": f"{REASON} gửi linh tinh"}))
    for place, (letter_id,) in enumerate(await rows(station.house, tables.Appeal, "id")):
        noted = {"how": "met", "words": f"{ANSWER} đã gặp và nói chuyện"}
        answered = {"words": f"{ANSWER} đã nhắc cán bộ"}
        forms.append((chief, f"/admin/thu-gui/{letter_id}/{'da-noi' if place == 0 else 'tra-loi'}", noted if place == 0 else answered))
    done = {
        "done": f"{WRITTEN} đã tới nơi, lập biên bản và trả xe",
        "unit": "tổ tuần tra",
        "date": await today(),
        "result": f"{WRITTEN} đã xong",
    }
    forms.append((duty, f"/admin/tin/{other}/da-doc", {}))
    for officer, move, given in (
        (duty, "enter", {"kind": "report"}),
        (duty, "classify", {"track": "C", "reason": f"{WRITTEN} nghe kể lại"}),
        (chief, "approve", {}),
        (duty, "fine", {"reason": f"{WRITTEN} đã lập biên bản"}),
    ):
        forms.append((officer, f"/admin/tin/{other}/buoc", {"move": move, **given}))
    forms.append((duty, f"/admin/tin/{other}/ket-thuc", done))
    for officer, path, fields in forms:
        status, page = await send(officer, path, **fields)
        assert status == 200, (path, page)
    assert (await attach(duty, named, "nhan", f"{WRITTEN} gửi ảnh biên nhận", a_photo()))[0] == 200
    await station.house.memory.write(lambda session: draw_the_map(session, station.house.ward().id, held=named))
    await person.say("xem")
    await person.hears("Công an phường trả lời")


async def bring_one_in(station: Station) -> str:
    """Somebody came in person and was named; the press wrote too, and both are linked. The code that was handed out."""
    duty, given = station.people["vai.duty"], {"urgent": "no", "words": f"{WORDS} kể ở bàn trực", "place": f"{WORDS} cạnh chợ"}
    person = {"way": "walk_in", "name": f"{TYPED_NAME}, {TYPED_PHONE}", "callback": CALL_BACK}
    status, slip = await send(duty, "/admin/nhap-tin", form="a" * 32, **given, **person)
    assert status == 200 and WORDS not in slip and TYPED_NAME not in slip
    press = {"way": "press", "link": f"https://bao.example/{WORDS}", "refused": f"{WORDS} không nói"}
    assert (await send(duty, "/admin/nhap-tin", form="b" * 32, **given, **press))[0] == 200
    (first, second) = [row[0] for row in await rows(station.house, tables.Tip, "id", "channel") if row[1] in ("walk_in", "press")]
    assert (await send(duty, f"/admin/tin/{first}/su-viec/noi", other=str(second)))[0] == 200
    found = re.search(r'class="code number">(.*?)</p>', slip)
    assert found
    return re.sub(r"<[^>]+>", "", found[1])


def draw_the_map(session: Session, ward_id: int, *, held: int) -> None:
    session.add(tables.Neighbourhood(id=7, ward_id=ward_id, position=1, name="Tổ 7"))
    session.flush()
    session.add(tables.Landmark(id=8, ward_id=ward_id, kind="street", name="Cổng chợ", neighbourhood_id=7))
    session.add(tables.Spot(id=9, ward_id=ward_id, code="q7", label="Nhà văn hóa tổ 7", neighbourhood_id=7, created_at=1))
    session.execute(update(tables.Tip).where(col(tables.Tip.id) == held).values(held_why="many"))


async def until_files_rest(house: Running, many: int, *, failed: int) -> None:
    states: list[str] = []
    for _ in range(600):
        states = [row[0] for row in await rows(house, tables.Attachment, "status")]
        if len(states) == many + failed and "waiting" not in states:
            assert sorted(states) == ["failed"] * failed + ["stored"] * many, states
            return
        await asyncio.sleep(0.1)
    raise AssertionError(states)


# What is behind a page that is asked for something without naming it in its path.
QUESTIONS = {
    "/admin": ("?ngan=giu-rieng",),
    "/admin/thu-gui": ("?loai=khieu-nai",),
    "/admin/so-lieu/danh-sach": ("?hang=new&tu=2026-01-01&den=2026-12-31",),
    "/admin/loi-nhan/cau": ("?tieng=vi&cau=receipt",),
    "/admin/loai-viec/mot": ("?viec=TC",),
    "/admin/thu-tuc/muc": ("?muc=can-cuoc",),
}


async def pages(house: Running) -> list[tuple[str, str]]:
    """Every address that can be read, and its line in the desk's table; with something behind it where it names something."""
    behind = {
        name: [str(row[0]) for row in await rows(house, table, column)]
        for name, table, column in (
            ("tip", tables.Tip, "id"),
            ("attachment", tables.Attachment, "id"),
            ("file", tables.Attachment, "id"),
            ("letter", tables.Appeal, "id"),
            ("place", tables.Landmark, "id"),
            ("code", tables.Spot, "code"),
            ("entry", tables.BookEntry, "id"),
            ("officer", tables.Officer, "id"),
            ("target", tables.WarningTarget, "id"),
            ("warning", tables.WarningRow, "id"),
        )
    }
    covered = [(str(photo), str(copy)) for photo, copy in await rows(house, tables.CoveredPhoto, "attachment_id", "id")]
    behind["step"], behind["folder"], behind["topic"] = list(set_up.STEPS), list(FOLDERS), ["tin"]
    found = []
    for one in TABLE:
        if isinstance(one, Closed) and one.method == "GET":
            path = re.sub(r"\{shape:.*?\}", "1350", re.sub(r"\{size:.*?\}", "vua", one.path))
            if "{covered:" in path:  # A copy is asked for by its own photo.
                found += [(one.path, f"/admin/anh/{photo}/che/{copy}") for photo, copy in covered]
                continue
            named = re.search(r"\{(\w+):\[[^]]+\]\+\}", path)
            paths = [path.replace(named[0], value) for value in behind[named[1]]] if named else [path]
            paths += [path + question for question in QUESTIONS.get(path, ())]
            found += [(one.path, path) for path in paths]
    return found


async def test_p2_nothing_that_identifies_stands_outside_ciphertext_and_the_custodians_view(
    station: Station,
    settings: Settings,
    fake_telegram: FakeTelegram,
    on_zalo: OnZalo,
    heard: io.StringIO,
    here: Path,
    capsys: pytest.CaptureFixture[str],
    is_long: bool,
) -> None:
    person, writer = fake_telegram.person("Kanaryfirst", username="kanaryuser"), fake_telegram.person("Kanarysecond")
    phone = fake_telegram.person("Kanarythird", username="kanaryofficer")
    cookie = await tell_everything(station.house, person, on_zalo)
    await go_back_and_forth(station.house, person, station.ids["vai.duty"])
    await write_to_the_chief(writer)
    tips = await rows(station.house, tables.Tip, "id", "code", "about", "channel")
    [named] = [tip_id for tip_id, _code, about, _channel in tips if about == "named"]
    [other] = [tip_id for tip_id, _code, _about, channel in tips if channel == "webchat"]
    codes = {tip_id: code for tip_id, code, _about, _channel in tips}
    linking = await ring_an_officer(station, phone, {"named": named, "other": other})
    await see_what_may_be_seen(station, named)
    await write_from_the_desk(station, writer, named=named, other=other)
    handed_out = await bring_one_in(station)
    line = await copy_and_describe(station.house, settings, here / "copies", code=codes[named])
    trace, words = (
        everything_that_identifies(station, fake_telegram, [person, writer, phone], cookie, [*filter(None, codes.values()), handed_out]),
        Trace({word: word for word in SHOWN_TO}),
    )
    trace.canaries |= {"the leader's phone": LEADERS_PHONE, "its digits": LEADERS_PHONE.replace(" ", "")}

    trace.canaries |= on_zalo.identities()
    trace.canaries |= {"linking code": linking.replace("-", ""), "linking code, as shown": linking}
    sweep_the_disk(here, settings, trace, words)
    sweep_the_phone(phone, trace, words)
    stored = (await everything_stored(station.house)).encode()
    assert trace.found_in(stored) + words.found_in(stored) == []
    sweep_what_was_said(heard.getvalue() + "".join(capsys.readouterr()) + line, settings, trace, words)
    on_this_engine = "sqlite" if station.house.memory.is_sqlite else "postgres"
    if (
        is_long or on_this_engine == ("sqlite", "postgres")[turn() % 2]
    ):  # Every page as every role: on one engine today, on the other tomorrow.
        await sweep_the_desk(station, trace, words)
    for tip_id in (named, other):
        await sweep_the_look_up(station.house, trace, codes[tip_id])


async def tell_everything(house: Running, person: Person, on_zalo: OnZalo) -> str:
    """All doors at once, from an address and with a browser that must not be kept. The web cookie."""
    headers = {"User-Agent": USER_AGENT, "X-Forwarded-For": VISITOR, "Referer": REFERER}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=headers) as http:
        browser = WebResident(http, house.address, name="kanaryclient")
        await browser.open_page()
        await asyncio.gather(tell_on_telegram(person), tell_on_the_web(browser), on_zalo.everybody_tells(house))
        cookie = next(one.value for one in http.cookie_jar if one.key == "keng_chat")
    await name_oneself(person)
    await until_files_rest(house, 7 + FILES, failed=FAILED)
    return cookie


async def see_what_may_be_seen(station: Station, named: int) -> None:
    """Two people open the name, and the officer who took the tip on the number: so it was there, and could have leaked. And a part of a
    photo is covered, in a copy of its own."""
    duty = station.people["vai.duty"]
    photo_id = next(row[0] for row in await rows(station.house, tables.Attachment, "id", "width") if row[1])
    box = {"trai1": "10", "tren1": "10", "rong1": "20", "cao1": "20"}
    assert (await send(duty, f"/admin/anh/{photo_id}/che", xoay="90", **box))[0] == 200
    await send(duty, f"/admin/tin/{named}/da-doc")
    opening_id = await asks(station, named, "vai.duty")
    assert (await approves(station, opening_id, "vai.custodian"))[0] == 200
    opened = (await looks(station, opening_id, "vai.duty"))[1]
    called = (await send(duty, f"/admin/tin/{named}/so-goi-lai"))[1]
    assert "Kanarytyped" in opened and "Kanaryfirst" in opened and "kanaryuser" in opened and CALL_BACK in called


async def copy_and_describe(house: Running, settings: Settings, folder: Path, *, code: str) -> str:
    """A copy of the house; and the line about a tip, which says again the code it was asked about and nothing else that is sealed."""
    await until_linked(house)
    await asyncio.to_thread(copying.back_up_into, settings, folder, keep=None)
    return str(await asyncio.to_thread(offline.describe_tips, settings, [code], words=False)).replace(code, "")


def everything_that_identifies(station: Station, fake: FakeTelegram, people: list[Person], cookie: str, codes: list[str]) -> Trace:
    return Trace(
        {
            **{f"chat id {place}": str(person.id) for place, person in enumerate(people)},
            "typed name": "Kanarytyped",
            "typed phone": "654 321",
            "typed phone, digits": "0987654321",
            "call-back number": "543 210",
            "call-back number, digits": "976543210",
            "contact card": "909090909",
            "anything called so": "anary",
            "upper case": "CANARY-",
            "forwarded from": "5998877665",
            "visitor's address": VISITOR,
            "web cookie": cookie,
            "telegram token": fake.token,
            "webhook secret": SECRET,
            "metrics token": METRICS_TOKEN,
            "password": PASSWORD,
            "passphrase": SENTENCE,
            "custodian's sheet": station.sheet,
            **{f"code {place}": code for place, code in enumerate(codes)},
            **{f"desk cookie of {login}": desk_cookie(officer) for login, officer in station.people.items()},
        }
    )


def sweep_the_disk(here: Path, settings: Settings, trace: Trace, words: Trace) -> None:
    """Database, log, media, copies and temporary files; the master key lies in its own file alone."""
    key, swept = (settings.data / "keys" / "master.key").read_bytes(), 0
    for path in files_below(here):
        if path.name != "master.key":
            swept += 1
            content = path.read_bytes()
            assert trace.found_in(content) + words.found_in(content) == [], path
            assert key.strip() not in content and read(key.decode()) not in content, path
    assert swept > 20 and files_below(here / "temporary") == []


def sweep_what_was_said(written_down: str, settings: Settings, trace: Trace, words: Trace) -> None:
    """The log at its most talkative, and what the commands printed."""
    assert "message_handled" in written_down
    for found in (trace, words):
        assert found.found_in(written_down.encode()) == []
    assert written(read((settings.data / "keys" / "master.key").read_text())) not in written_down


def sweep_the_phone(phone: Person, trace: Trace, words: Trace) -> None:
    """Every message that an officer was ever sent, as it came: with its buttons, and with excerpts of what was told."""
    calls = [call.params for call in phone.fake.heard if str(call.params.get("chat_id")) == str(phone.id)]
    told = json.dumps([{key: value for key, value in sent.items() if key != "chat_id"} for sent in calls], ensure_ascii=False)
    assert len(calls) > 12 and told.count("Không nói với ai là có người báo.") > 8 and "Trích lời kể, đã che" in told
    assert trace.found_in(told.encode()) + words.found_in(told.encode()) == []


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def a_draft_is_written(station: Station) -> None:
    """So that the page on which one is mended is there as well."""
    draft, row_id, code = Draft(content=Content(headline="Khóa cửa khi đi vắng")), new_id(), new_code()
    act = Act(ward_id=station.house.ward().id, officer_id=station.ids["vai.duty"], history_id=new_id(), now=moments.now())
    await station.house.memory.write(lambda session: lifecycle.write(session, act, draft, row_id=row_id, code=code))


def desk_cookie(officer: Any) -> str:
    return next(str(one.value) for one in officer.http.cookie_jar if one.key == "keng_desk")


async def sweep_the_desk(station: Station, trace: Trace, words: Trace) -> None:
    """Every page as every role: nobody who spoke on any, and what was said and written only for roles that may read it."""
    reached, shown = set(), set()
    for role in (*ROLES, LEADER):
        officer = station.people[f"vai.{role}"]
        not_for_it = Trace({word: word for word, right in SHOWN_TO.items() if role in READ_OTHERS or not may(role, right)})
        for line, path in await pages(station.house):
            async with officer.http.get(station.house.address + path) as answer:
                content = await content_of(answer) + str(dict(answer.headers)).encode()
                assert trace.found_in(content) + not_for_it.found_in(content) == [], (role, path)
                reached |= {line} if answer.status == 200 else set()
                shown |= {word for word in SHOWN_TO if word.encode() in content}
            assert trace.found_in(path.encode()) == []
        status, page = await send(officer, "/admin/tim", tim=f"{WORDS} 0987654321")
        assert trace.found_in(page.replace("0987654321", "").encode()) == []  # What was typed stands there again.
        if not may(role, "read"):
            assert status == 403 and words.found_in(page.encode()) == []
    for path in ("/healthz", "/metrics", "/", "/tra-cuu"):
        async with aiohttp.ClientSession() as http, http.get(station.house.address + path) as answer:
            content = await content_of(answer)
            assert trace.found_in(content) + words.found_in(content) == [], path
    # Whoever may see them does: they were there, and each page had something to give away.
    assert shown == set(SHOWN_TO)
    assert {one.path for one in TABLE if isinstance(one, Closed) and one.method == "GET"} - reached == set()


async def sweep_the_look_up(house: Running, trace: Trace, code: str) -> None:
    """With the code: what we have written, and never what was told, by whom, or what went to the chief."""
    told = Trace({word: word for word in (WORDS, LETTER, REASON)})
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        reader = Reader(http, house)
        for status in (await reader.opens(code), await reader.adds(f"{WORDS} thêm trên trang tra cứu")):
            page = reader.page.replace(code, "").encode()  # It stands in the form.
            assert status == 200 and trace.found_in(page) + told.found_in(page) == []
            assert WRITTEN.encode() in page


async def test_p2_what_is_sealed_to_custodians_not_even_the_houses_own_keys_open(house: Running, fake_telegram: FakeTelegram) -> None:
    async with AsyncExitStack() as stack:
        station = Station(house, stack)
        await station.chief()
        await station.add("giu.khoa", "custodian")
        await station.keeps_a_key("giu.khoa")
        await house.ward.refresh()
        person = fake_telegram.person("Kanaryfirst", username="kanaryuser")
        await person.say("Hôm qua xe tôi bị bẻ khóa")
        await person.hears("ạ?")
        await TelegramPress(person).press("skip")
        await person.hears("muốn thế nào")
        await name_oneself(person)
        told = await clear_text(house)

    assert [word for word in ("anary", "654 321", "543 210") if word in told] == []


@dataclass
class TelegramPress:
    """Under the question for the place stands an ordinary keyboard, which has labels and no data."""

    person: Person

    async def press(self, data: str) -> None:
        try:
            await self.person.press(data)
        except AssertionError:
            await self.person.fake.push_press(self.person._from(), self.person.read_messages()[-1], data)


async def test_p2_repeats_of_every_update_after_its_payload_is_erased_make_no_second_tip(
    house: Running, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: list[dict[str, Any]] = []
    post = fake_telegram._post_soon

    def note_and_post(update: dict[str, Any]) -> None:
        updates.append(update)
        post(update)

    monkeypatch.setattr(fake_telegram, "_post_soon", note_and_post)
    person = fake_telegram.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await person.hears("ạ?")
    await person.send_photo(photo_with_canaries())
    await person.hears("Đã nhận")
    await person.sends()
    await person.hears("Mã tin")
    before = await counted(house)
    payloads = await rows(house, tables.InboxRow, "payload")
    async with aiohttp.ClientSession() as http:
        for update in updates:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with http.post(f"{house.address}/hooks/telegram", json=update, headers=headers) as answer:
                assert answer.status == 200
    await asyncio.sleep(0.5)

    assert len(updates) >= 3 and set(payloads) == {(None,)}
    assert await counted(house) == before


async def counted(house: Running) -> dict[str, int]:
    names = (tables.Tip, tables.Piece, tables.Attachment, tables.InboxRow, tables.OutboxRow, tables.Chat)
    return {table.__tablename__: len(await rows(house, table, "id")) for table in names}
