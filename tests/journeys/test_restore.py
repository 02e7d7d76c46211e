"""The rehearsal: a house with people in it is copied while they write, and comes up from the copy on an empty machine."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlmodel import Session

from bot import copying, offline
from bot.inbox import as_payload
from bot.runtime import Running, running
from bot.settings import Settings
from handlers import tips
from handlers.messages import Change, Incoming, Reply
from handlers.outgoing import reply_row
from storage import moments, shred_list, tables
from storage.backup import dumped_tables
from storage.ids import new_id
from storage.queries import copies, lanes, shredding
from storage.queries import house as house_rows
from storage.queries.chain import Head
from storage.queries.rings import chat_ring
from storage.shred_list import Entry
from storage.snapshot_files import Manifest, read_manifest
from storage.vault import Place
from tests.admin.test_desk import Officer, set_up_fields
from tests.conftest import SECRET, house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram, Person
from tests.opened import photos_done, rows
from tests.people import TelegramResident, WebResident
from tests.storage.test_verify import until_linked

PHOTO, OTHER_PHOTO = jpeg(800, 600), jpeg(640, 480, colour="firebrick")


@dataclass
class Old:
    """What there was before the machine broke."""

    settings: Settings
    copies: Path
    manifest: Manifest
    history: list[tuple[Any, ...]]
    tips: list[tuple[Any, ...]]
    web_tip: int
    cookie: str


@pytest.fixture
async def person(fake_telegram: FakeTelegram) -> Person:
    return fake_telegram.person()


def settings_at(folder: Path, fake_telegram: FakeTelegram, **more: Any) -> Settings:
    return house_settings(
        folder,
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
        telegram_rate=0,
        **more,
    )


@pytest.fixture
async def old(tmp_path: Path, fake_telegram: FakeTelegram, person: Person) -> Old:
    """Two tips with photos and additions, one accepted, an answer that Telegram has not taken yet; then a copy in mid-conversation."""
    settings, folder = settings_at(tmp_path / "old", fake_telegram), tmp_path / "copies"
    async with (
        running(settings) as house,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as desk,
    ):
        call_here(fake_telegram, house)
        browser, chief = WebResident(http, house.address), Officer(desk, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        await chief.sign_in()
        web_tip = await tell_on_the_web(house, browser)
        telegram_tip = await tell_on_telegram(house, person)
        await chief.press((await chief.get(f"/admin/tin/{web_tip}"))[1], f"/admin/tin/{web_tip}/da-doc")
        await browser.hears("Có cập nhật")
        fake_telegram.outage = True
        await chief.press((await chief.get(f"/admin/tin/{telegram_tip}"))[1], f"/admin/tin/{telegram_tip}/da-doc")
        name = await copy_while_somebody_writes(settings, folder, browser)
        vault = house.memory.vault
        assert vault is not None
        old = Old(
            settings=settings,
            copies=folder,
            manifest=read_manifest(folder / name, vault),
            history=await rows(house, tables.HistoryRow, "id", "what", "actor", "at", "detail"),
            tips=await rows(house, tables.Tip, "id", "code", "place_text", "state", "accepted_at"),
            web_tip=web_tip,
            cookie=next(morsel.value for morsel in http.cookie_jar if morsel.key == "keng_chat"),
        )
    fake_telegram.outage = False
    return old


def call_here(fake_telegram: FakeTelegram, house: Running) -> None:
    fake_telegram.webhook_url, fake_telegram.webhook_secret = f"{house.address}/hooks/telegram", SECRET


async def tell_on_the_web(house: Running, browser: WebResident) -> int:
    await browser.open_page()
    await browser.say("Hôm qua xe tôi bị bẻ khóa")
    await browser.hears("ạ?")
    await browser.send_photo(PHOTO)
    await browser.hears("Đã nhận 1 ảnh")
    await browser.sends()
    await browser.hears("Mã tin")
    await browser.says_enough()
    await browser.say("Xe màu đỏ")
    await browser.hears("Đã ghi thêm")
    await photos_done(house, 1)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return int(tip_id)


async def tell_on_telegram(house: Running, person: Person) -> int:
    await person.say("Đốt rác hôi cả xóm")
    await person.hears("ạ?")
    await person.send_photo(OTHER_PHOTO)
    await person.hears("Đã nhận 1 ảnh")
    await person.sends()
    await person.hears("Mã tin")
    await TelegramResident(person).says_enough()
    await photos_done(house, 2)
    return int((await rows(house, tables.Tip, "id"))[-1][0])


async def copy_while_somebody_writes(settings: Settings, folder: Path, browser: WebResident) -> str:
    async def write_on() -> None:
        for number in range(1000):
            await browser.say(f"Thêm lần {number}")

    writing = asyncio.create_task(write_on())
    await asyncio.sleep(0.2)
    told = await asyncio.to_thread(copying.back_up_into, settings, folder, keep=3)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    return told[0].split(":")[0]


async def restored(
    old: Old, tmp_path: Path, fake_telegram: FakeTelegram, *, more_shredded: Path | None = None
) -> tuple[Settings, list[str]]:
    """An empty machine and the master key; nothing else of the old one."""
    settings = settings_at(tmp_path / "new", fake_telegram)
    (tmp_path / "new" / "keys").mkdir(parents=True)
    shutil.move(old.settings.data / "keys" / "master.key", settings.data / "keys" / "master.key")
    shutil.rmtree(old.settings.data)
    told = await asyncio.to_thread(copying.restore_from, settings, old.copies, snapshot="", more_shredded=more_shredded)
    return settings, told


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield http


async def health(house: Running) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/healthz") as answer:
        return answer.status, await answer.json()


async def counts(house: Running) -> dict[str, int]:
    def read(session: Session) -> dict[str, int]:
        return {table.name: int(session.execute(select(func.count()).select_from(table)).scalar_one()) for table in dumped_tables()}

    return await house.memory.read(read)


async def unsent(house: Running) -> dict[str, int]:
    """The accepted tip's answer, which Telegram had not taken; and those to who wrote on the web while the copy was made."""
    found = [row[1] for row in await rows(house, tables.OutboxRow, "kind", "status") if row[0] == "status" or row[1] == "held"]
    return {status: found.count(status) for status in ("held", "waiting")}


async def press_open(chief: Officer, **fields: str) -> tuple[int, str]:
    _status, page = await chief.get("/admin/may-chu")
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    return await chief.post("/admin/may-chu/mo", csrf=csrf, **fields)


async def test_a_house_comes_back_whole_and_closed_and_opens_when_the_chief_says_so(
    old: Old, tmp_path: Path, fake_telegram: FakeTelegram, person: Person, http: aiohttp.ClientSession
) -> None:
    settings, told = await restored(old, tmp_path, fake_telegram)
    answers_before = len(person.reads())
    async with running(settings) as house:
        call_here(fake_telegram, house)
        await asyncio.sleep(1.5)  # Long enough for every sweep of an open house.
        await compare(house, old)
        assert "Switch the old machine off" in "\n".join(told)

        status, parts = await health(house)
        assert (status, parts["house"]) == (200, "closed")
        assert house.setup_link == ""
        await knock_on_closed_doors(house, http, person)
        assert len(person.reads()) == answers_before

        chief, waiting = Officer(http, house), (await unsent(house))["held"]
        assert await chief.sign_in() == 200
        assert "Máy này vừa dựng lại từ bản sao" in (await chief.get("/admin"))[1]
        page = (await chief.get("/admin/may-chu"))[1]
        assert old.copies.joinpath(old_name(old)).name in page and f"{waiting} câu trả lời đang chờ" in page
        assert (await press_open(chief, held="send"))[0] == 422  # Without the tick.
        assert (await press_open(chief, old_is_off="yes"))[0] == 422  # Without a word about the answer.
        assert (await health(house))[1]["house"] == "closed"
        assert (await unsent(house))["held"] == waiting

        status, page = await press_open(chief, old_is_off="yes", held="send")
        assert status == 200 and "vừa dựng lại" not in page
        await person.hears("Có cập nhật")  # What had waited.
        await person.hears("Đã ghi thêm")  # What was said at the closed door: Telegram had kept it.
        await person.say("xem")
        await person.hears("Cán bộ trực đã đọc lúc")  # What the knock was about came back too.
        assert (await health(house))[1]["house"] == "open"
        await go_on_talking(house, old)
        [opened] = [row for row in await rows(house, tables.HistoryRow, "what", "actor", "detail") if row[0] == "house_opened"]

    assert opened[1].startswith("officer:") and opened[2] == {"held": waiting, "released": waiting}
    async with running(settings) as house:  # And open it stays.
        assert (await health(house))[1]["house"] == "open"
        await until_linked(house)
    [copied] = old.manifest.chain
    report = await asyncio.to_thread(offline.verify_all, settings, head=Head(copied.seq, copied.mac[:16]))
    assert report.differences == []


def old_name(old: Old) -> str:
    return sorted(path.name for path in old.copies.glob("*.keng"))[-1]


async def compare(house: Running, old: Old) -> None:
    """Counts of every table, the SHA-256 of every original, every row of the history, and the head of its chain."""
    said = {name: dump.rows for name, dump in old.manifest.tables.items()}
    expected = said | {
        "desk_sessions": 0,
        "history": said["history"] + 1,
        "history_links": said["history"] + 1,  # The chain goes on where it was cut.
        "backups": said["backups"] + 1,
    }
    now = await counts(house)
    expected["leases"] = now["leases"]  # Signs of life and the like come and go.
    # What is counted out of the history goes on by itself: the copy may have been made a moment before the last row was counted.
    expected |= {name: many for name, many in now.items() if name.startswith("figure_")}
    assert now == expected
    history = await rows(house, tables.HistoryRow, "id", "what", "actor", "at", "detail")
    assert history[:-1] == old.history[: said["history"]]
    assert history[-1][1:3] == ("restored", "command line") and history[-1][4]["snapshot"] == old_name(old)
    assert await rows(house, tables.Tip, "id", "code", "place_text", "state", "accepted_at") == old.tips
    originals = await rows(house, tables.Attachment, "original", "file_key", "sha256")
    found = [hashlib.sha256(house.media_store.read(place, key=key)).hexdigest() for place, key, _sha256 in originals]
    assert found == [row[2] for row in originals] == [hashlib.sha256(photo).hexdigest() for photo in (PHOTO, OTHER_PHOTO)]
    assert (await unsent(house))["held"] >= 1 and (await unsent(house))["waiting"] == 0


async def knock_on_closed_doors(house: Running, http: aiohttp.ClientSession, person: Person) -> None:
    async with http.get(f"{house.address}/") as answer:
        page = await answer.text()
    assert answer.status == 200 and "chưa nhận được tin" in page and "113" in page and "0225" in page and "<textarea" not in page
    async with http.post(f"{house.address}/chat/messages", json={"id": "knock-001", "text": "Có ai không"}) as answer:
        assert answer.status == 503 and "0225 3123 456" in (await answer.json())["error"]
    form = aiohttp.FormData({"id": "knock-002"})
    form.add_field("file", PHOTO, filename="a.jpg", content_type="image/jpeg")
    async with http.post(f"{house.address}/chat/files", data=form, headers={"X-Keng-Csrf": "x"}) as answer:
        assert answer.status == 503
    secret = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with http.post(f"{house.address}/hooks/telegram", data=b"{}", headers=secret) as answer:
        assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0
    await person.say("Khói vẫn còn")


async def go_on_talking(house: Running, old: Old) -> None:
    """The resident's browser of before finds its thread again, and its tip grows."""
    async with aiohttp.ClientSession(cookies={"keng_chat": old.cookie}) as http:
        browser = WebResident(http, house.address, name="afterwards")
        assert "Xe màu đỏ" in await browser.open_page() or "Thêm lần" in await browser.open_page()
        await browser.say("Xe còn ở đó")
        for _ in range(200):  # Earlier answers with the same words stand in the thread.
            if ("Xe còn ở đó", old.web_tip) in await rows(house, tables.Piece, "words", "tip_id"):
                return
            await asyncio.sleep(0.05)
    raise AssertionError("what was said after the opening is in no tip")


async def test_held_answers_stay_when_the_chief_says_so(
    old: Old, tmp_path: Path, fake_telegram: FakeTelegram, person: Person, http: aiohttp.ClientSession
) -> None:
    settings, _told = await restored(old, tmp_path, fake_telegram)
    async with running(settings) as house:
        chief, waiting = Officer(http, house), (await unsent(house))["held"]
        await chief.sign_in()
        _status, page = await press_open(chief, old_is_off="yes", held="leave")
        await asyncio.sleep(1.5)

        assert (await unsent(house))["held"] == waiting
        assert f"Còn {waiting} câu trả lời được giữ lại" in page
        assert [words for words in person.reads() if "Có cập nhật" in words] == []


async def test_what_was_shredded_after_the_copy_does_not_come_back(old: Old, tmp_path: Path, fake_telegram: FakeTelegram) -> None:
    newer = tmp_path / "newer-list"
    shred_list.append(newer, [Entry(kind="tip", id=old.web_tip, at=moments.now(), why="asked")])
    settings, told = await restored(old, tmp_path, fake_telegram, more_shredded=newer)
    async with running(settings) as house:
        pieces = await house.memory.read(
            lambda s: [tuple(row) for row in s.execute(text("SELECT DISTINCT tip_id, words IS NULL FROM pieces ORDER BY tip_id"))]
        )
        attachments = await rows(house, tables.Attachment, "status", "original")

    assert "Forgotten again from the shred list: 1." in "\n".join(told)
    assert [is_gone for tip_id, is_gone in pieces if tip_id == old.web_tip] == [1] and len(pieces) == 2
    assert attachments[0] == ("shredded", "") and attachments[1][0] == "stored"
    originals = [path for path in (settings.data / "media" / "originals").rglob("*") if path.is_file()]
    assert len(originals) == 1
    assert shred_list.read(settings.data / "shred-list")[0].id == old.web_tip


async def test_a_live_house_forgets_the_same_way(
    old: Old, tmp_path: Path, fake_telegram: FakeTelegram, http: aiohttp.ClientSession
) -> None:
    """The same functions serve the shredding of every day: the page of a shredded tip still stands, without a word."""
    settings, _told = await restored(old, tmp_path, fake_telegram)
    async with running(settings) as house:
        await house.memory.write(lambda session: shredding.shred_tip(session, old.web_tip, now=moments.now(), why="closed"))
        again = await house.memory.write(lambda session: shredding.shred_tip(session, old.web_tip, now=moments.now(), why="closed"))
        chief = Officer(http, house)
        await chief.sign_in()
        status, page = await chief.get(f"/admin/tin/{old.web_tip}")
        known = await house.memory.read(lambda session: copies.copies_of(session, house.ward().id).count)

    assert again == ()
    assert status == 200 and "bẻ khóa" not in page
    assert known == 1


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_closed_house_takes_nothing_from_the_machine_that_may_still_serve(
    old: Old, tmp_path: Path, fake_telegram: FakeTelegram, mode: str
) -> None:
    """Reading Telegram's queue, or setting a webhook, would draw the residents' messages away from it."""
    settings, _told = await restored(old, tmp_path, fake_telegram)
    settings = settings.model_copy(update={"telegram_mode": mode, "public_url": "https://keng.example"})
    fake_telegram.webhook_url = ""
    fake_telegram.heard.clear()
    async with running(settings) as house:
        await asyncio.sleep(1.5)
        while_closed = list(fake_telegram.heard)
        await house.memory.write(house_rows.open_house)
        await house.ward.refresh()
        for _ in range(100):
            if fake_telegram.heard:
                break
            await asyncio.sleep(0.05)

    assert while_closed == []
    assert fake_telegram.heard != []


async def test_a_closed_house_rests_and_an_open_one_goes_on(house: Running, browser: WebResident) -> None:
    """Inbox, delivery and the media queue: what waits is left as it is, and goes on when the house opens."""
    await browser.say("Hôm qua xe tôi bị bẻ khóa")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    [(tip_id, chat_id)] = await rows(house, tables.Tip, "id", "chat_id")
    for _ in range(200):  # Whoever has the chat's lane in hand would go on with it; a house is closed by `restore`, while nobody serves.
        if all(holder is None for holders in await rows(house, tables.Chat, "in_holder", "out_holder") for holder in holders):
            break
        await asyncio.sleep(0.02)
    closed = house_rows.Closed(snapshot="s", made_at=1, restored_at=2)
    await house.memory.write(lambda session: house_rows.close_house(session, house.ward().id, closed))
    await house.ward.refresh()
    await asyncio.sleep(1)  # Whoever had just looked whether the house is open has looked again.
    await leave_work(house, tip_id, chat_id)
    await asyncio.sleep(2.5)
    resting = await work(house)
    await house.memory.write(house_rows.open_house)
    await house.ward.refresh()
    for _ in range(200):
        if "waiting" not in await work(house):
            break
        await asyncio.sleep(0.05)

    assert resting == ("waiting", "waiting", "waiting")
    assert await work(house) == ("done", "sent", "stored")


async def leave_work(house: Running, tip_id: int, chat_id: int) -> None:
    """A message, an answer and a file, as they lie in the tables of a copy."""
    ward_id, now, key, place = house.ward().id, moments.now(), b"k" * 32, "originals/2026/03/12/aa"
    house.media_store.keep(PHOTO, place, key=key)
    answer = reply_row(Reply(text="Cán bộ trực đã đọc"), row_id=new_id(), ward_id=ward_id, chat_id=chat_id, tip_id=tip_id, now=now)
    await house.memory.write(lambda session: lanes.queue_replies(session, [answer]))
    file = Change("attach", {"tip_id": tip_id, "attachment_id": new_id(), "history_id": new_id(), "kind": "photo"})
    file.values["file"] = {"stored": place, "key": key.hex(), "mime": "image/jpeg"}
    where = tips.Where(ward_id=ward_id, chat_id=chat_id, channel="webchat", now=now)
    await house.memory.write(lambda session: tips.apply(session, where, [file]))
    incoming = Incoming(kind="text", source="later-0001", text="Xe màu đỏ")
    await house.memory.write(lambda session: keep_message(session, chat_id, ward_id, incoming, now))


def keep_message(session: Session, chat_id: int, ward_id: int, incoming: Incoming, now: int) -> None:
    row_id = new_id()
    payload = chat_ring(session, chat_id).seal_text(as_payload(incoming), Place("inbox", "payload", row_id))
    row = tables.InboxRow(
        id=row_id, ward_id=ward_id, chat_id=chat_id, message_hash="later", platform_order=now, payload=payload, arrived_at=now
    )
    session.add(row)


async def work(house: Running) -> tuple[str, ...]:
    inbox, outbox, files = [await rows(house, table, "status") for table in (tables.InboxRow, tables.OutboxRow, tables.Attachment)]
    answers = [row[0] for row in outbox]
    return inbox[-1][0], "waiting" if "waiting" in answers else answers[-1], files[-1][0]
