"""P5 as far as memory goes: the history only grows, is chained, and whatever was changed behind its back is found."""

import asyncio
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session

from bot import offline
from bot.clock import LOOK_EVERY_SECS
from bot.command_line import cli
from bot.runtime import Running, running
from bot.settings import Settings
from handlers import exchange, notices, tips, urgent
from handlers.acts import Act
from handlers.messages import Change, Reply, Ward
from handlers.notices import Notice
from handlers.tips import Where, apply
from storage import moments
from storage.heads import HeadBook
from storage.ids import new_id
from storage.queries import aftercare, callbacks, chain
from storage.queries.chain import Head
from storage.queries.history import remember
from storage.replay import Happening, replay
from storage.tables import Neighbourhood, Officer, Piece, Tip
from tests.conftest import house_settings
from tests.databases import Database
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.steps import ripen


async def live_a_little(house: Running) -> None:
    """Four tips and a dropped draft, with all that a tip can have today."""
    await tell_all_one_after_another(house)
    await tell_of_danger(house)
    await ask_for_more(house)
    await photos_done(house, 3)
    await until_linked(house)


async def tell_all_one_after_another(house: Running) -> None:
    for name in ("mot", "hai", "bo"):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            resident = WebResident(http, house.address, name=name * 4)
            await resident.open_page()
            await resident.say(f"Có chuyện {name}")
            await resident.hears("ạ?")
            await resident.press("category:TC")
            await resident.hears("Chuyện xảy ra ở đâu")
            await resident.send_photo(jpeg())
            await resident.hears("Đã nhận 1 ảnh")
            await resident.send_place(20.8449, 106.6881)
            await resident.hears("gửi không nêu tên")
            if name == "bo":
                await resident.press("cancel-yes")
                await resident.hears("Đã bỏ tin")
                continue
            await resident.sends()
            await resident.hears("Mã tin")
            await resident.says_enough()
            await resident.say("Nhắn thêm")
            await resident.hears("Đã ghi thêm")


async def tell_of_danger(house: Running) -> None:
    """Sent from under the card; nobody accepts it, and the resident is told."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address, name="gap4")
        await resident.open_page()
        await resident.say("Nhà số 5 đang cháy")
        await resident.hears("gọi ngay")
        await resident.press("danger-send")
        await resident.hears("Đã chuyển tới trực ban")
    ward, later = house.ward(), moments.now() + 4 * moments.MINUTE
    assert await house.memory.write(lambda session: urgent.tell_who_waits(session, ward, draw=new_id, now=later))


async def ask_for_more(house: Running) -> None:
    """A question with its answer, notices read and unread, a word to the chief, a wish about data, the end and a rating."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address, name="hoi5")
        await resident.open_page()
        await resident.say("Có chuyện ở ngõ")
        await resident.hears("ạ?")
        await resident.say("Lời này bỏ đi")
        await resident.hears("ạ?")
        ward, neighbourhood_id, officer_id = house.ward(), new_id(), new_id()
        await house.memory.write(lambda session: make_map_and_officer(session, ward.id, neighbourhood_id, officer_id))
        [(tip_id, chat_id)] = [row[:2] for row in await rows(house, Tip, "id", "chat_id", "state") if row[2] == "S0"]
        where = Where(ward_id=ward.id, chat_id=chat_id, channel="webchat", now=moments.now())
        [piece] = [row[1] for row in await rows(house, Piece, "tip_id", "source_hash", "words") if row[2] == "Lời này bỏ đi"]
        place = {"text": "Tổ 7", "neighbourhood_id": neighbourhood_id}
        await happen(house, where, tip_id, ("retract", {"source_hash": piece}), ("place", place))
        await resident.sends()
        await resident.hears("Mã tin")
        question_id, late_id = await ask_and_tell(house, tip_id, officer_id), await ask_and_tell(house, tip_id, officer_id)
        await resident.say("xem")
        await resident.hears("Mấy giờ")
        await resident.say("Khoảng chín giờ")
        await resident.hears("Đã ghi câu trả lời")
        await ask_and_tell(house, tip_id, officer_id)  # Nobody has read this one.
        await happen(house, where, tip_id, ("settle_question", {"question_id": question_id, "outcome": "skipped"}))
        assert late_id
        await resident.press("complain")
        await resident.hears("chưa đồng ý")
        await resident.say("Trả lời chưa đúng")
        await resident.hears("tới chỉ huy")
        await resident.press("data:know")
        await resident.press("data-send")
        await resident.hears("Đã chuyển tới Công an phường")
        await resident.press("threatened")
        await resident.hears("Đã chuyển lời này tới chỉ huy")
        await house.memory.write(lambda session: close(session, ward, tip_id, officer_id))
        await happen(house, where, tip_id, ("rate", {"rating": 4}))


def make_map_and_officer(session: Session, ward_id: int, neighbourhood_id: int, officer_id: int) -> None:
    session.add(Neighbourhood(id=neighbourhood_id, ward_id=ward_id, position=1, name="Tổ 7"))
    session.add(Officer(id=officer_id, ward_id=ward_id, login="truc", name="Trực", role="chief", password_hash="", created_at=1))


def close(session: Session, ward: Ward, tip_id: int, officer_id: int) -> None:
    now = moments.now()
    assert tips.accept_tip(session, ward.id, tip_id=tip_id, officer_id=officer_id, history_id=new_id(), now=now)
    ripen(session, ward, officer_id, tip_id, now=now)
    act = Act(ward_id=ward.id, officer_id=officer_id, history_id=new_id(), now=now)
    exchange.close(
        session, ward, act, tip_id=tip_id, done="Đã lập biên bản", done_on=now, unit="tổ tuần tra", result="Đã xong", draw=new_id
    )


async def happen(house: Running, where: Where, tip_id: int, *whats: tuple[Any, dict[str, Any]]) -> None:
    changes = [Change(what, {"tip_id": tip_id, "history_id": new_id(), **values}) for what, values in whats]
    await house.memory.write(lambda session: apply(session, where, changes))


async def ask_and_tell(house: Running, tip_id: int, officer_id: int, words: str = "Mấy giờ ạ?") -> int:
    """An officer's question, as the desk will put it."""
    ward, question_id, now = house.ward(), new_id(), moments.now()
    asks = Notice(tip_id=tip_id, kind="question", say=lambda _language: Reply(text=words), question_id=question_id)

    def ask(session: Session) -> None:
        aftercare.keep_question(session, question_id=question_id, ward_id=ward.id, tip_id=tip_id, asked_by=officer_id, words=words, now=now)
        notices.tell(session, ward.book, asks, draw=new_id, now=now)

    await house.memory.write(ask)
    return question_id


async def until_linked(house: Running) -> None:
    """A test that moved the clock forward and back waits until the beats notice (`bot.clock.LOOK_EVERY_SECS`)."""
    ward_id, deadline = house.ward().id, time.monotonic() + LOOK_EVERY_SECS + 5
    while time.monotonic() < deadline:
        if not await house.memory.read(lambda session: chain.has_unlinked(session, ward_id)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the history was not linked within seconds")


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")

    async def live() -> None:
        async with running(house_settings(folder)) as house:
            await live_a_little(house)

    asyncio.run(live())
    return folder


@pytest.fixture
def lived(lived_once: Path, tmp_path: Path) -> Settings:
    """A house of one's own to break."""
    shutil.copytree(lived_once, tmp_path, dirs_exist_ok=True)
    return house_settings(tmp_path)


def found(settings: Settings, head: Head | None = None) -> list[tuple[str, str]]:
    report = offline.verify_all(settings, head=head)
    return sorted({(one["kind"], one["what"]) for one in report.differences})


def tamper(settings: Settings, *sentences: str, values: tuple[Any, ...] = ()) -> None:
    """As somebody with the file in their hands would: guards off first."""
    connection = sqlite3.connect(settings.data / "keng.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for sentence in sentences:
        connection.execute(sentence, values)
    connection.commit()
    connection.close()


def one(settings: Settings, query: str) -> Any:
    connection = sqlite3.connect(settings.data / "keng.db")
    value = connection.execute(query).fetchone()[0]
    connection.close()
    return value


async def test_p5_an_honest_house_has_no_differences_and_every_row_a_link(lived: Settings) -> None:
    report = await asyncio.to_thread(offline.verify_all, lived, head=None)

    assert report.differences == []
    assert (report.counts["tips"], report.counts["drafts"], report.counts["dropped"]) == (4, 0, 1)
    assert report.counts["attachments"] == {"stored": 2, "withdrawn": 1}
    assert len(report.files) == 6
    assert str(report.counts["history"]) == report.head.split("-")[0]


A_TIP = "(SELECT id FROM tips WHERE state = 'S1' ORDER BY id LIMIT 1)"
URGENT = "(SELECT id FROM tips WHERE urgent_at IS NOT NULL)"
ASKED = "(SELECT id FROM tips WHERE rating IS NOT NULL)"
CHANGED = ("history", "changed, or its link")
OTHER_TIP = "FROM tips t WHERE t.state = 'S1' AND t.id <> tips.id"
OTHER_FILE = "FROM attachments a WHERE a.status = 'stored' AND a.id <> attachments.id"
SENTENCES = {
    "history changed": ("UPDATE history SET what = 'added' WHERE what = 'categorised'", CHANGED),
    "history detail": ("UPDATE history SET detail = '{}' WHERE what = 'said'", CHANGED),
    "history detail unreadable": ("UPDATE history SET detail = '{' WHERE what = 'said'", CHANGED),
    "history actor": ("UPDATE history SET actor = 'officer:1' WHERE what = 'arrived'", CHANGED),
    "history row taken out": ("DELETE FROM history WHERE what = 'added'", ("piece", "without history")),
    "link mac": ("UPDATE history_links SET mac = 'x' WHERE seq = 3", CHANGED),
    "link taken out": ("DELETE FROM history_links WHERE seq = 3", ("link", "missing")),
    "link moved": ("UPDATE history_links SET seq = 1003 WHERE seq = 3", ("link", "missing")),
    "tip state": (f"UPDATE tips SET state = 'S9' WHERE id = {A_TIP}", ("tip", "state")),
    "tip category": (f"UPDATE tips SET category = 'KH' WHERE id = {A_TIP}", ("tip", "category")),
    "tip arrival": (f"UPDATE tips SET arrived_at = arrived_at - 60000 WHERE id = {A_TIP}", ("tip", "arrived_at")),
    "tip accepted": (f"UPDATE tips SET accepted_at = 5 WHERE id = {A_TIP}", ("tip", "accepted_at")),
    "tip cell": (f"UPDATE tips SET cell = 'f1:1' WHERE id = {A_TIP}", ("tip", "cell")),
    "tip named": (f"UPDATE tips SET about = 'named' WHERE id = {A_TIP}", ("tip", "about")),
    "tip look-up": (f"UPDATE tips SET code_hash = 'x' WHERE id = {A_TIP}", ("tip", "code_hash")),
    "tip danger": (f"UPDATE tips SET danger = '' WHERE id = {URGENT}", ("tip", "danger")),
    "tip urgent": (f"UPDATE tips SET urgent_at = NULL WHERE id = {URGENT}", ("tip", "urgent_at")),
    "tip urgent later": (f"UPDATE tips SET urgent_at = urgent_at + 1 WHERE id = {URGENT}", ("tip", "urgent_at")),
    "tip safe": (f"UPDATE tips SET safe = 'alone' WHERE id = {URGENT}", ("tip", "safe")),
    "tip neighbourhood": (f"UPDATE tips SET neighbourhood_id = NULL WHERE id = {ASKED}", ("tip", "neighbourhood_id")),
    "tip finished": (f"UPDATE tips SET is_unfinished = 0 WHERE id = {URGENT}", ("tip", "is_unfinished")),
    "tip held": (f"UPDATE tips SET held_why = 'many' WHERE id = {URGENT}", ("tip", "held_why")),
    "tip rating": ("UPDATE tips SET rating = 5 WHERE rating = 4", ("tip", "rating")),
    "tip told": (f"UPDATE tips SET alone_told_at = NULL WHERE id = {URGENT}", ("tip", "alone_told_at")),
    "notice unread": ("UPDATE notices SET read_at = NULL", ("notice", "read_at")),
    "notice read": ("UPDATE notices SET read_at = 5 WHERE read_at IS NULL", ("notice", "read_at")),
    "notice taken out": ("DELETE FROM notices WHERE read_at IS NOT NULL", ("notice", "missing")),
    "notice emptied": ("UPDATE notices SET body = NULL", ("notice", "body")),
    "notices swapped": ("UPDATE notices SET body = (SELECT body FROM notices n WHERE n.id <> notices.id LIMIT 1)", ("notice", "body")),
    "question opened again": ("UPDATE questions SET settled_at = NULL, outcome = ''", ("question", "outcome")),
    "question answered": ("UPDATE questions SET outcome = 'answered' WHERE outcome = 'skipped'", ("question", "outcome")),
    "question taken out": ("DELETE FROM questions WHERE outcome = 'skipped'", ("question", "missing")),
    "question emptied": ("UPDATE questions SET words = NULL", ("question", "words")),
    "questions swapped": (
        "UPDATE questions SET words = (SELECT words FROM questions q WHERE q.id <> questions.id LIMIT 1)",
        ("question", "words"),
    ),
    "appeal taken out": ("DELETE FROM appeals WHERE kind = 'threat'", ("appeal", "missing")),
    "appeal made up": (
        "INSERT INTO appeals (id, ward_id, kind, about, asked_at) SELECT 5, ward_id, kind, about, asked_at FROM appeals LIMIT 1",
        ("appeal", "without history"),
    ),
    "appeal kind": ("UPDATE appeals SET kind = 'complaint' WHERE kind = 'threat'", ("appeal", "kind")),
    "appeal about": ("UPDATE appeals SET about = 'delete' WHERE kind = 'data'", ("appeal", "kind")),
    "appeal tip": ("UPDATE appeals SET tip_id = NULL", ("appeal", "tip_id")),
    "appeal due": ("UPDATE appeals SET due_at = due_at + 86400000 WHERE kind = 'data'", ("appeal", "asked_at")),
    "appeal emptied": ("UPDATE appeals SET words = NULL", ("appeal", "words")),
    "appeal key taken out": ("UPDATE appeals SET data_key = NULL WHERE kind = 'data'", ("appeal", "data_key")),
    "appeal key bent": ("UPDATE appeals SET data_key = zeroblob(80)", ("appeal", "its key does not open")),
    "appeal answer": ("UPDATE appeals SET answer = words", ("appeal", "answer")),
    "tip taken out": (f"DELETE FROM tips WHERE id = {A_TIP}", ("tip", "missing")),
    "tip key taken out": (f"UPDATE tips SET data_key = NULL WHERE id = {A_TIP}", ("tip", "data_key")),
    "tip keys swapped": (f"UPDATE tips SET data_key = (SELECT data_key {OTHER_TIP})", ("tip", "its key does not open")),
    "tip key cut": (f"UPDATE tips SET data_key = substr(data_key, 1, 12) WHERE id = {A_TIP}", ("tip", "its key does not open")),
    "place taken out": (f"UPDATE tips SET place = NULL WHERE id = {A_TIP}", ("tip", "place")),
    "places swapped": (f"UPDATE tips SET place = (SELECT place {OTHER_TIP})", ("tip", "place")),
    "code swapped": (f"UPDATE tips SET code = (SELECT code {OTHER_TIP})", ("tip", "code")),
    "piece taken out": (f"DELETE FROM pieces WHERE tip_id = {A_TIP} AND is_addition", ("piece", "missing")),
    "words swapped": (
        "UPDATE pieces SET words = (SELECT words FROM pieces p WHERE p.tip_id = pieces.tip_id AND p.id <> pieces.id)",
        ("piece", "changed"),
    ),
    "file hash": ("UPDATE attachments SET fingerprint = 'x' WHERE status = 'stored'", ("attachment", "hash")),
    "file status": ("UPDATE attachments SET status = 'refused' WHERE status = 'stored'", ("attachment", "status")),
    "file names swapped": ("UPDATE attachments SET original = work, work = original WHERE status = 'stored'", ("file", "changed")),
    "file outside": ("UPDATE attachments SET work = '../../keng.db' WHERE status = 'stored'", ("file", "changed")),
    "file no file": ("UPDATE attachments SET work = 'originals' WHERE status = 'stored'", ("file", "changed")),
    "file keys swapped": (f"UPDATE attachments SET file_key = (SELECT file_key {OTHER_FILE})", ("attachment", "does not open")),
    "chat state swapped": ("UPDATE chats SET state = (SELECT state FROM chats c WHERE c.id <> chats.id)", ("chat", "state")),
    "chat address": ("UPDATE chats SET address = state", ("chat", "address")),
    "thread swapped": (
        "UPDATE web_messages SET body = (SELECT body FROM web_messages w WHERE w.id <> web_messages.id LIMIT 1)",
        ("web message", "body"),
    ),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In the long form each change alone; else as many at once as can be told apart by what is found."""
    if "names" in metafunc.fixturenames:
        hands = [[name] for name in SENTENCES] if metafunc.config.getoption("--long") else dealt()
        metafunc.parametrize("names", hands, ids=", ".join)


def dealt() -> list[list[str]]:
    hands: list[list[str]] = []
    for name in SENTENCES:
        hand = next((hand for hand in hands if len(hand) < 6 and all(are_told_apart(name, other) for other in hand)), None)
        if hand is None:
            hands.append(hand := [])
        hand.append(name)
    return hands


def are_told_apart(one: str, other: str) -> bool:
    (sentence, expected), (other_sentence, other_expected) = SENTENCES[one], SENTENCES[other]
    hides_others = any(re.search("^DELETE|_key = |urgent_at = |words|status = ", text) for text in (sentence, other_sentence))
    tables = [re.findall(r"(?:UPDATE|FROM|INTO) (\w+)", text)[0] for text in (sentence, other_sentence)]
    return expected != other_expected and not (hides_others and tables[0] == tables[1])


async def test_p5_a_change_behind_the_history_is_found(lived: Settings, names: list[str]) -> None:
    tamper(lived, *(SENTENCES[name][0] for name in names))

    differences = await asyncio.to_thread(found, lived)

    assert [name for name in names if SENTENCES[name][1] not in differences] == []


async def test_p5_a_changed_key_of_a_call_back_number_is_found_and_of_a_tip_with_a_reason_too(lived: Settings) -> None:
    """Both ended the examination in a traceback, and with it everything else that would have been found."""
    async with running(lived) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say("Có chuyện")
        await resident.hears("ạ?")
        await resident.say("gọi lại")
        await resident.hears("có cần gọi lại không")
        await resident.say("0912 345 678")
        await resident.hears("giống loại nào")
    tamper(
        lived,
        "UPDATE callbacks SET data_key = X'0202'",
        "UPDATE tips SET data_key = X'0202' WHERE state = 'S0'",
        "UPDATE history SET secret = X'00' WHERE tip_id = (SELECT id FROM tips WHERE state = 'S0') AND what = 'said'",
    )

    differences = await asyncio.to_thread(found, lived)

    assert {("callback", "its key does not open"), ("tip", "its key does not open")} <= set(differences)


async def test_p5_a_bent_key_is_a_finding_and_the_rest_is_still_looked_at(lived: Settings) -> None:
    """The keys of numbers and of what people wrote used to end the whole look with a trace."""
    tip_id, ids, now = one(lived, A_TIP[1:-1]), (new_id(), new_id()), moments.now()
    async with running(lived) as house:
        ward_id = house.ward().id

        def ask_and_give(session: Session) -> None:
            callbacks.keep(session, ward_id=ward_id, tip_id=tip_id, callback_id=ids[0], number="0912 000 111", now=now)
            remember(
                session,
                history_id=ids[1],
                ward_id=ward_id,
                tip_id=tip_id,
                now=now,
                actor="officer:1",
                what="identity_asked",
                secret="vì sao",
            )

        await house.memory.write(ask_and_give)
        await until_linked(house)
    assert await asyncio.to_thread(found, lived) == []
    tamper(lived, "UPDATE callbacks SET data_key = zeroblob(80)", f"UPDATE tips SET data_key = zeroblob(80) WHERE id = {A_TIP}")

    assert await asyncio.to_thread(found, lived) == [("callback", "its key does not open"), ("tip", "its key does not open")]


async def test_p5_an_older_sealing_of_the_same_cell_is_found(lived: Settings) -> None:
    """It opens, for it stood there once; the mark in the history tells that something else was said last."""
    settings = lived
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.say("Có chuyện")
        await resident.hears("ạ?")
        await resident.send_place(20.8449, 106.6881)
        await resident.hears("Đã ghi nơi này")
        before = one(settings, "SELECT place FROM tips ORDER BY id DESC LIMIT 1")
        await resident.send_place(20.9, 106.7)
        await resident.hears("Đã ghi nơi này")
        await resident.sends()
        await resident.hears("Mã tin")
        await until_linked(house)
    tamper(settings, "UPDATE tips SET place = ? WHERE id = (SELECT max(id) FROM tips)", values=(before,))

    assert await asyncio.to_thread(found, settings) == [("tip", "place")]


@pytest.mark.parametrize("how", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])])
async def test_p5_a_file_that_is_gone_or_changed_is_found(lived: Settings, how: Callable[[Path], Any]) -> None:
    place = one(lived, "SELECT original FROM attachments WHERE status = 'stored' LIMIT 1")
    how(lived.data / "media" / place)

    assert [kind for kind, _what in await asyncio.to_thread(found, lived)] == ["file"]


async def test_p5_a_tail_that_was_cut_or_made_anew_is_found_by_a_head_noted_before(lived: Settings) -> None:
    head = await asyncio.to_thread(offline.head_of, lived)
    assert await asyncio.to_thread(found, lived, Head.read(str(head))) == []
    tamper(
        lived,
        f"DELETE FROM history_links WHERE seq = {head.seq}",
        "DELETE FROM history WHERE id NOT IN (SELECT history_id FROM history_links)",
    )

    assert ("head", str(head)) in await asyncio.to_thread(found, lived, Head.read(str(head)))


async def test_the_heads_file_is_believed_without_being_named(lived: Settings) -> None:
    head = await asyncio.to_thread(offline.head_of, lived)
    book = HeadBook(lived.data)
    assert book.note_daily(head, now=0) and not book.note_daily(head, now=1)
    tamper(lived, f"UPDATE history_links SET seq = seq + 1000 WHERE seq = {head.seq}")

    assert ("head", str(head)) in await asyncio.to_thread(found, lived)


async def test_the_command_says_it_in_one_line_each_and_ends_with_one(lived: Settings) -> None:
    environment = {"KENG_DATA": str(lived.data), "PATH": "/usr/bin:/bin"}

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["verify", *arguments], env=environment)

    good, head, bad_head = [await asyncio.to_thread(run, *words) for words in (("--json",), ("--head",), ("--head", "x"))]
    tamper(lived, f"UPDATE tips SET category = 'KH' WHERE id = {A_TIP}")
    command = [sys.executable, "-m", "bot", "verify"]
    bad = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True)

    assert good.exit_code == 0 and json.loads(good.stdout)["differences"] == []
    assert json.loads(good.stdout)["head"] == head.stdout.strip()
    assert (bad_head.exit_code, bad.returncode) == (1, 1)
    assert "DIFFERS  tip" in bad.stdout and "category" in bad.stdout


async def test_p5_links_follow_in_order_on_both_engines(database: Database, tmp_path: Path) -> None:
    settings = house_settings(tmp_path / "house", database_url="" if database.is_sqlite else database.url)
    async with running(settings) as house:
        await live_a_little(house)

    report = await asyncio.to_thread(offline.verify_all, settings, head=None)
    assert report.differences == [] and int(report.head.split("-")[0]) == report.counts["history"] > 20


def test_p5_a_file_taken_back_while_it_was_looked_through_counts_as_taken_back_in_either_order() -> None:
    attached = Happening(1, "resident", "attached", {"attachment": 7})
    stored = Happening(2, "system", "file_stored", {"attachment": 7, "fingerprint": "f"})
    dropped = Happening(2, "resident", "photos_dropped", {})

    assert replay([attached, stored, dropped]) == replay([attached, dropped, stored])
    assert replay([attached, dropped, stored]).files[7].status == "withdrawn"
