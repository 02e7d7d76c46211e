"""Copies: one moment of the database with the files it names, sealed; and a house that comes back from them, on either engine."""

import asyncio
import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import Session

from storage import shred_list, tables
from storage.backup import Made, Stopped, dumped_tables, make_backup, snapshots_in
from storage.media import MediaStore
from storage.memory import Memory, sqlite_url
from storage.migrate import NEWEST
from storage.queries import copies, wards
from storage.queries import house as house_rows
from storage.queries.covered import covered_key_place
from storage.queries.rings import chat_key_place, tip_key_place
from storage.queries.tips import file_key_place, source_place, words_place
from storage.restore import Restored, bring_back, check_copy, pick_snapshot, refuse_if_used
from storage.shred_list import Entry
from storage.snapshot_files import CopyTrouble, read_manifest, write_snapshot
from storage.vault import Place, Ring, Vault
from storage.ward_keys import PURPOSES
from tests.databases import Database, PostgresServer, known_vault, sqlite_database

NOW = 1_773_342_000_123
CANARY = "Canary-Nguyễn-0912345678"
FILE_KEY = b"k" * 32
PLACES = {"originals/2026/03/12/aa": b"original", "copies/2026/03/12/bb": b"work", "copies/2026/03/12/cc": b"thumb"}
COVERED = "copies/2026/03/12/dd"
UPLOADS = ("originals/2026/03/12/waiting", "originals/2026/03/12/inbox")


def fill(session: Session) -> None:
    """A row in every table, and each kind of value: sealed bytes, JSON, truth, nothing, large numbers."""
    keys = {purpose: 900 + at for at, purpose in enumerate(PURPOSES)}
    wards.first_rows(session, ward_id=1, key_ids=keys, now=NOW)
    tip, chat = Ring.fresh(), Ring.fresh()
    vault = known_vault()
    add = session.add
    add(tables.Officer(id=2, ward_id=1, login="chi.huy", name="Trần Bình", role="chief", password_hash="$argon2id$", created_at=NOW))
    chat_key = vault.wrap(chat, chat_key_place(3))
    add(tables.Chat(id=3, ward_id=1, channel="webchat", chat_hash="ch", data_key=chat_key, created_at=NOW, in_holder="me", in_lease=NOW))
    session.flush()
    add(tables.Tip(id=4, ward_id=1, chat_id=3, channel="webchat", data_key=vault.wrap(tip, tip_key_place(4)), state="S1", created_at=NOW))
    session.flush()
    add(tables.Piece(id=5, ward_id=1, tip_id=4, source_hash="s", words=tip.seal_text(CANARY, words_place(5)), said_at=NOW))
    names: dict[str, Any] = dict(zip(("original", "work", "thumb"), PLACES, strict=True))
    sealed_key = tip.seal(FILE_KEY, file_key_place(6))
    add(tables.Attachment(id=6, ward_id=1, tip_id=4, kind="photo", status="stored", file_key=sealed_key, due_at=0, created_at=NOW, **names))
    waiting = tip.seal_json({"stored": UPLOADS[0], "key": "00"}, source_place(7))
    add(tables.Attachment(id=7, ward_id=1, tip_id=4, kind="photo", source=waiting, due_at=0, created_at=NOW))
    add(tables.Attachment(id=8, ward_id=1, tip_id=4, kind="photo", status="withdrawn", original="originals/x", due_at=0, created_at=NOW))
    letter = chat.seal_json({"kind": "photo", "file": {"stored": UPLOADS[1]}}, Place("inbox", "payload", 9))
    add(tables.InboxRow(id=9, ward_id=1, chat_id=3, message_hash="m", platform_order=2**62, payload=letter, arrived_at=NOW))
    for row_id, status in ((10, "waiting"), (11, "sent")):
        add(tables.OutboxRow(id=row_id, ward_id=1, chat_id=3, tip_id=4, reply=b"r", sealed_under="tip", status=status, created_at=NOW))
    add(tables.WebMessage(id=12, ward_id=1, chat_id=3, seq=1, direction="in", client_id="c", body=b"\x00\xff", created_at=NOW))
    add(tables.Callback(id=13, ward_id=1, tip_id=4, data_key=b"d", number=b"n", created_at=NOW))
    add(tables.HistoryRow(id=14, ward_id=1, tip_id=4, at=NOW, actor="resident", what="arrived", detail={"tail": "XYZ1", "chữ": 1}))
    add(tables.DeskSession(id=15, ward_id=1, officer_id=2, token_hash="t", created_at=NOW, seen_at=NOW, ends_at=NOW))
    add(tables.SignInTry(id=16, ward_id=1, who_hash="w", at=NOW))
    add(tables.SetupLink(id=17, ward_id=1, token_hash="t", created_at=NOW))
    add(tables.Allowance(id=18, ward_id=1, day="2026-03-12", who_hash="w", used_bytes=2**40))
    add(tables.Lease(name="telegram-polling", ward_id=1, holder="me", until=NOW, data={"offset": 77}))
    add(tables.DayKey(id=19, ward_id=1, day="2026-03-12", material=b"m", created_at=NOW))
    add(tables.Block(id=20, ward_id=1, chat_hash="ch", until=NOW))
    add(tables.Custodian(id=21, ward_id=1, officer_id=2, public_key=b"p", status="active", created_at=NOW))
    session.flush()
    add(tables.Custodian(id=22, ward_id=1, officer_id=2, public_key=b"q", created_at=NOW, confirmed_by=21))
    add(tables.Identity(id=23, ward_id=1, tip_id=4, value=b"v", created_at=NOW))
    session.flush()
    add(tables.IdentityShare(id=24, ward_id=1, identity_id=23, custodian_id=21, share=b"s"))
    add(tables.Opening(id=25, ward_id=1, tip_id=4, what="identity", reason=b"r", asked_by=2, asked_at=NOW))
    add(tables.HistoryLink(history_id=14, ward_id=1, seq=1, mac="mac-of-14"))
    fill_aftercare_and_book(session)
    fill_duty(session)
    fill_figures(session)
    fill_photo(session, tip)
    fill_settings(session)
    fill_sign_in(session)
    fill_notes(session)
    fill_gong(session)
    add(tables.BackupCopy(id=26, ward_id=1, name="2026-03-01T190000.000Z.keng", place="/mnt/old", made_at=NOW - 5, size=2**40))


def fill_aftercare_and_book(session: Session) -> None:
    add = session.add
    add(tables.Neighbourhood(id=30, ward_id=1, position=1, name="Tổ 7", latitude=20.8449, longitude=106.6881))
    session.flush()
    add(tables.Landmark(id=31, ward_id=1, kind="street", name="Cổng chợ", neighbourhood_id=30))
    add(tables.Spot(id=32, ward_id=1, code="q7", label="Nhà văn hóa tổ 7", neighbourhood_id=30, created_at=NOW))
    add(tables.Question(id=33, ward_id=1, tip_id=4, asked_by=2, words=b"w", asked_at=NOW))
    session.flush()
    add(tables.Notice(id=34, ward_id=1, tip_id=4, kind="question", body=b"b", question_id=33, created_at=NOW, knocked_at=NOW))
    words: dict[str, Any] = {"words": b"w", "answer": b"a"}
    add(tables.Appeal(id=35, ward_id=1, kind="data", about="know", chat_id=3, data_key=b"d", asked_at=NOW, due_at=NOW + 1, **words))
    add(tables.Wording(id=36, ward_id=1, language="vi", key="noted", text="Đã ghi.", changed_at=NOW))
    add(tables.CategoryNote(id=37, ward_id=1, code="TC", body={"name": {"vi": "Trộm"}}, changed_at=NOW))
    add(tables.Way(id=39, ward_id=1, channel="webchat", taps=2, messages=1))
    add(tables.Procedure(id=38, ward_id=1, position=1, body={"vi": {"name": "Căn cước"}}, asked=3, changed_at=NOW))


def fill_gong(session: Session) -> None:
    """A warning that is just going: one send is under way, another target waits, and one was reached."""
    add = session.add
    add(tables.Leader(id=9201, ward_id=1, officer_id=2, data_key=b"k", phone=b"p", added_at=NOW))
    add(tables.LeaderArea(id=9202, ward_id=1, officer_id=2, neighbourhood_id=30))
    add(tables.ChatGroup(id=9203, ward_id=1, chat_id=3, channel="telegram", neighbourhood_id=30, linked_at=NOW, linked_by=2))
    add(tables.GroupCode(id=9204, ward_id=1, code_hash="gc", made_by=2, made_at=NOW))
    add(tables.Subscription(id=9205, ward_id=1, chat_id=3, themes=["fraud"], since=NOW))
    going: dict[str, Any] = {"state": "sending", "released_by": 2, "released_at": NOW, "expires_at": NOW + 1}
    add(tables.WarningRow(id=9206, ward_id=1, code="CB-1", data_key=b"k", content=b"c", written_by=2, written_at=NOW, **going))
    sent_once: dict[str, Any] = {"chat_id": 3, "kind": "warning", "rule": "ask", "created_at": NOW}
    add(tables.OutboxRow(id=9207, ward_id=1, status="sending", reply=b"r", **sent_once))
    session.flush()
    add(tables.WarningTarget(id=9208, ward_id=1, warning_id=9206, kind="group", chat_id=3, state="queued", outbox_id=9207))
    add(tables.WarningTarget(id=9209, ward_id=1, warning_id=9206, kind="leader", officer_id=2))
    add(tables.WarningTarget(id=9210, ward_id=1, warning_id=9206, kind="subscriber", state="sent", settled_at=NOW))
    add(tables.WarningTemplate(id=9211, ward_id=1, key="own-1", content={"headline": "x"}, changed_at=NOW, changed_by=2))
    add(
        tables.CampaignDay(
            id=9212, ward_id=1, key="own-2", name="Tết", first_day="2026-12-15", last_day="2026-12-31", changed_at=NOW, changed_by=2
        )
    )
    add(tables.Pace(name="telegram", ward_id=1, next_at=NOW))


def fill_settings(session: Session) -> None:
    add = session.add
    add(tables.SetUpSkip(id=90, ward_id=1, step="keeper", why="superior", skipped_at=NOW, skipped_by=2))
    add(tables.PasswordLink(id=91, ward_id=1, officer_id=2, token_hash="p", made_at=NOW, made_by=2, ends_at=NOW + 1))
    heard: dict[str, Any] = {"heard_at": NOW, "unheard": 2, "unheard_since": NOW}
    add(tables.DoorSign(id=92, ward_id=1, channel="telegram", last_in_at=NOW, last_out_at=NOW + 1, **heard))
    add(tables.DoorDay(id=93, ward_id=1, channel="telegram", day="2026-03-12", longest=2**40, receipts=3))
    add(tables.PaidMonth(id=94, ward_id=1, channel="zalo_oa", month="2026-03", many=7, remains=90, told_at=NOW))


def fill_duty(session: Session) -> None:
    add = session.add
    add(tables.BookCounter(ward_id=1, book="crime", year=2026, last=7))
    add(tables.BookEntry(id=40, ward_id=1, tip_id=4, book="crime", year=2026, number=7, entered_at=NOW, entered_by=2, body=b"b"))
    add(tables.DayChecked(id=41, ward_id=1, day="2026-03-12", arrived=3, entered=2, waiting=1, on_paper=2, checked_by=2, checked_at=NOW))
    add(tables.Period(id=42, ward_id=1, kind="transfer-a", amount=24, changed_at=NOW))
    add(tables.Holiday(id=43, ward_id=1, day="2026-02-17", name="Tết", is_off=True, changed_at=NOW))
    add(tables.Deadline(id=44, ward_id=1, tip_id=4, kind="enter", amount=15, starts_at=NOW, due_at=NOW + 1, next_at=NOW, calendar=1))
    add(tables.DoorTrouble(id=39, ward_id=1, channel="telegram", why="token", since=NOW))
    add(tables.DoorMark(id=9101, ward_id=1, channel="zalo_oa", what="unsigned", many=2, first_at=NOW, last_at=NOW))
    add(tables.HeldEvent(id=9102, ward_id=1, channel="zalo_oa", data_key=b"k", body=b"b", arrived_at=NOW))
    add(tables.ZaloToken(id=9103, ward_id=1, data_key=b"k", pair=b"p", previous=b"q", version=2, expires_at=2**41, seeds=["h"]))
    add(tables.ZaloPost(id=9104, ward_id=1, message_hash="m", to_hash="t", kind="ours", at=NOW, noted_at=NOW))
    add(tables.OaRight(id=9105, ward_id=1, told_at=NOW, told_by=2, custodian="Ng. A", deputy="Tr. B", automatic="Xin chào"))
    pattern: dict[str, Any] = {"starts": 420, "minutes": 1440, "first_day": "2026-03-01", "duty_id": 2}
    add(tables.ShiftPattern(id=45, ward_id=1, name="Ca ngày", weekdays="0123456", **pattern))
    session.flush()
    add(tables.Shift(id=46, ward_id=1, pattern_id=45, starts_at=NOW, ends_at=NOW + 1, duty_id=2, taken_at=NOW, taken_by=2))
    session.flush()
    add(tables.HandOver(id=47, ward_id=1, from_shift=46, from_officer=2, to_officer=2, how="handed", at=NOW, open_tips=[4]))
    add(tables.Ladder(tip_id=4, ward_id=1, is_urgent=True, since=NOW, next_at=NOW))
    add(tables.Alarm(id=48, ward_id=1, tip_id=4, officer_id=2, why="tip", way="chat", at=NOW, outbox_id=10))
    add(tables.OfficerChat(id=49, ward_id=1, officer_id=2, chat_id=3, linked_at=NOW))
    add(tables.Responsibility(id=53, ward_id=1, officer_id=2, category="TC", named_at=NOW, named_by=2))
    add(tables.HeldText(id=51, ward_id=1, tip_id=4, kind="answer", why="name", body=b"b", written_by=2, written_at=NOW))
    add(tables.ReadySentence(id=52, ward_id=1, language="vi", key="own-52", kind="question", text="Mấy giờ ạ?", changed_at=NOW))
    fill_map(session)
    add(tables.TypedWords(id=54, ward_id=1, officer_id=2, data_key=b"k", body=b"b", kept_at=NOW))
    add(tables.ChatCode(id=50, ward_id=1, officer_id=2, code_hash="c", made_at=NOW))


def fill_figures(session: Session) -> None:
    session.add(tables.FigureCursor(ward_id=1, seq=3, after_tip=4, rules="1|TN"))
    session.add(tables.FigureBlock(ward_id=1, block=739_672, sight="", part="rows", counts={"entered:report": 2}))
    session.add(tables.FigureFact(tip_id=4, nr=0, ward_id=1, sight="", what="open", value="entered", at=NOW, is_long=True, took=5))


def fill_map(session: Session) -> None:
    shape = "[[[[106.6,20.8],[106.7,20.8],[106.7,20.9],[106.6,20.8]]]]"
    session.add(tables.Border(id=60, ward_id=1, neighbourhood_id=30, shape=shape, changed_at=NOW, changed_by=2))
    session.add(tables.Border(id=61, ward_id=1, shape=shape, changed_at=NOW, changed_by=2))


def fill_photo(session: Session, tip: Ring) -> None:
    key = tip.seal(FILE_KEY, covered_key_place(55))
    about: dict[str, Any] = {"turn": 90, "boxes": 2, "width": 480, "height": 640, "made_by": 2, "made_at": NOW}
    session.add(tables.CoveredPhoto(id=55, ward_id=1, tip_id=4, attachment_id=6, place=COVERED, file_key=key, **about))


def fill_sign_in(session: Session) -> None:
    add = session.add
    add(tables.SecondFactor(id=60, ward_id=1, officer_id=2, data_key=b"k", secret=b"s", last_step=2**40, set_at=NOW))
    add(tables.RecoveryCode(id=61, ward_id=1, officer_id=2, code_hash="r", made_at=NOW))
    add(tables.OfficerPin(id=62, ward_id=1, officer_id=2, pin_hash="$argon2id$", set_at=NOW))
    add(tables.Device(id=63, ward_id=1, token_hash="d", name="Máy trực 1", made_by=2, made_at=NOW, seen_at=NOW, ends_at=NOW))
    let_in: dict[str, Any] = {"made_at": NOW, "dies_at": NOW, "ends_at": NOW}
    add(tables.LetIn(id=64, ward_id=1, officer_id=2, by_id=2, why="lost", number_hash="n", **let_in))
    session.flush()
    add(tables.KnownHere(id=65, ward_id=1, device_id=63, officer_id=2, full_at=NOW, wrong=1))
    came: dict[str, Any] = {"created_at": NOW, "seen_at": NOW, "ends_at": NOW}
    add(tables.DeskSession(id=66, ward_id=1, officer_id=2, token_hash="t2", how="let_in", device_id=63, let_in_id=64, **came))


def fill_notes(session: Session) -> None:
    session.add(tables.TipNote(id=60, ward_id=1, tip_id=4, words=b"w", written_by=2, written_at=NOW, struck_at=NOW + 1))
    session.add(tables.TipViewer(id=61, ward_id=1, tip_id=4, officer_id=2, since=NOW, until=NOW + 1))


class Ward:
    """A database with something in it, its media folder, and a folder for copies."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.url, self.folder, self.vault = database.url, folder, known_vault()
        self.store = MediaStore(folder / "media")
        self.copies, self.shredded = folder / "copies of all", folder / "shred-list"

    async def begin(self) -> None:
        assert await changed(self.url, fill) is None
        for place, content in PLACES.items():
            self.store.keep(content, place, key=FILE_KEY)
        self.store.keep(b"covered", COVERED, key=FILE_KEY)
        for place in UPLOADS:
            self.store.keep(CANARY.encode(), place, key=FILE_KEY)

    def back_up(self, *, keep: int = 14, now: int = NOW, **more: Any) -> Made:
        given: dict[str, Any] = {"shredded": self.shredded, "folder": self.copies, "keep": keep, "now": now}
        return make_backup(self.url, self.vault, self.store, **given, **more)

    def restore(self, url: str, store: MediaStore, *, name: str = "", entries: tuple[Entry, ...] = ()) -> Restored:
        refuse_if_used(url)
        checked = check_copy(pick_snapshot(self.copies, name), self.vault, entries)
        return bring_back(checked, url=url, vault=self.vault, store=store, history_id=100, copy_id=101, now=NOW + 1)


async def changed(url: str, fn: Callable[[Session], Any]) -> Any:
    memory = Memory(url, known_vault())
    await memory.start()
    try:
        return await memory.write(fn)
    finally:
        await memory.stop()


async def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    def read(session: Session) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [dict(row._mapping) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in dumped_tables()
        }

    found: dict[str, list[dict[str, Any]]] = await changed(url, read)
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
async def ward(database: Database, tmp_path: Path) -> Ward:
    ward = Ward(database, tmp_path)
    await ward.begin()
    return ward


@pytest.fixture
async def sqlite_ward(tmp_path: Path) -> Ward:
    ward = Ward(sqlite_database(tmp_path), tmp_path)
    await ward.begin()
    return ward


@pytest.mark.parametrize("into", ["sqlite", "postgres"])
async def test_every_row_and_every_file_comes_back_on_either_engine(
    ward: Ward, into: str, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    before = await everything(ward.url)
    assert all(before.values())  # No table without a row, or this test would prove less than it says.
    made = ward.back_up()
    store = MediaStore(tmp_path / "new" / "media")
    if into == "sqlite":
        url = sqlite_url(tmp_path / "new" / "keng.db")
        restored = ward.restore(url, store)
        after = await everything(url)
    else:
        with postgres_server.database() as other:
            restored = ward.restore(other.url, store)  # As the app's role: it may add to the history.
            after = await everything(other.url)

    assert (made.files, made.missing, restored.files, restored.held, restored.tips) == (6, 0, 6, 1, 1)
    assert {place: store.read(place, key=FILE_KEY) for place in PLACES} == PLACES
    assert store.read(COVERED, key=FILE_KEY) == b"covered"
    assert {store.read(place, key=FILE_KEY) for place in UPLOADS} == {CANARY.encode()}
    assert not store.path("originals/x").exists()
    as_closed(before)
    assert after.pop("leases") == [
        {
            "name": "house",
            "ward_id": 1,
            "holder": "",
            "until": 0,
            "data": {"closed": "restored", "snapshot": made.name, "made_at": NOW, "restored_at": NOW + 1},
        },
        *before.pop("leases"),
    ]
    assert [row["what"] for row in after["history"]] == ["arrived", "restored"]
    assert after["history"].pop()["detail"] == {"snapshot": made.name, "made_at": NOW, "held": 1, "shredded": 0}
    assert after["backups"].pop()["name"] == made.name
    assert after == before


def as_closed(rows: dict[str, list[dict[str, Any]]]) -> None:
    """What a restore changes, and nothing else."""
    rows["outbox"][0]["status"] = "held"
    rows["desk_sessions"] = rows["typed_words"] = []
    rows["leases"][0] |= {"holder": "", "until": 0}
    rows["chats"][0] |= {"in_holder": None, "in_lease": 0}
    # The old machine may have sent since what waits in the copy: nobody knows, and nothing goes on by itself.
    rows["outbox"][-1] |= {"status": "unknown", "error": "restored", "reply": None, "settled_at": NOW + 1}
    rows["warnings"][0]["state"] = "paused"
    for row in rows["warning_targets"][:2]:
        row |= {"state": "unknown", "reason": "restored", "settled_at": NOW + 1}


async def test_json_stands_as_it_stood(sqlite_ward: Ward, tmp_path: Path) -> None:
    """A chain over the history may look at the text itself."""
    await changed(
        sqlite_ward.url, lambda s: s.execute(text("INSERT INTO history VALUES (30, 1, 4, 0, 'x', 'y', '{\"ở\":[1,null]}', NULL)")) and None
    )
    sqlite_ward.back_up()
    url = sqlite_url(tmp_path / "new" / "keng.db")
    sqlite_ward.restore(url, MediaStore(tmp_path / "new" / "media"))

    assert await changed(url, lambda s: s.execute(text("SELECT detail FROM history WHERE id = 30")).scalar_one()) == '{"ở":[1,null]}'


async def test_no_byte_of_the_destination_tells_anything(ward: Ward) -> None:
    made = ward.back_up()
    written = b"".join(name.encode() + content for name, content in tree(ward.copies).items())

    assert [word for word in (CANARY, "Canary", "0912345678", "chi.huy", "arrived", "Trần", "tips") if word.encode() in written] == []
    assert (ward.copies / made.name).stat().st_mode & 0o077 == 0


async def test_the_snapshot_is_one_moment_while_others_write(ward: Ward) -> None:
    """Somebody goes on sending while the copy is made: what the manifest counts is what the rows are."""
    memory = Memory(ward.url, known_vault())
    await memory.start()
    stop = asyncio.Event()

    async def write_on() -> int:
        number = 1_000
        while not stop.is_set():
            number += 2
            # Two that belong together: a copy with one of them would be torn.
            await memory.write(lambda session, n=number: _two_pieces(session, n))  # type: ignore[misc]
        return number

    writing = asyncio.create_task(write_on())
    await asyncio.sleep(0.1)
    made = [await asyncio.to_thread(ward.back_up, now=NOW + n) for n in range(3)]
    stop.set()
    await writing
    await memory.stop()

    for one in made:
        checked = check_copy(ward.copies / one.name, ward.vault, ())
        assert checked.manifest.tables["pieces"].rows % 2 == 1  # One of `fill`, and pairs.
        assert checked.manifest.tables["pieces"].rows > 1


def _two_pieces(session: Session, number: int) -> None:
    for row_id in (number, number + 1):
        session.add(tables.Piece(id=row_id, ward_id=1, tip_id=4, source_hash="s", said_at=NOW))


async def test_files_are_copied_once(sqlite_ward: Ward) -> None:
    sqlite_ward.back_up()
    files = sqlite_ward.copies / "files"
    before = {path: path.stat().st_mtime_ns for path in files.rglob("*") if path.is_file()}
    sqlite_ward.back_up(now=NOW + 1)

    assert len(before) == 6
    assert {path: path.stat().st_mtime_ns for path in files.rglob("*") if path.is_file()} == before


async def test_a_file_of_a_run_that_died_is_looked_at_before_it_is_believed(sqlite_ward: Ward, tmp_path: Path) -> None:
    place = next(iter(PLACES))
    target = sqlite_ward.copies / "files" / place
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x" * sqlite_ward.store.path(place).stat().st_size)
    sqlite_ward.back_up()

    assert target.read_bytes() == sqlite_ward.store.path(place).read_bytes()


async def test_keep_removes_old_snapshots_and_then_files_nobody_names(ward: Ward) -> None:
    place = "originals/2026/03/12/aa"
    ward.back_up()

    def forget(session: Session) -> None:
        session.execute(text("UPDATE attachments SET original = '' WHERE id = 6"))

    await changed(ward.url, forget)
    ward.back_up(keep=2, now=NOW + 1)
    still = (ward.copies / "files" / place).exists()
    made = ward.back_up(keep=2, now=NOW + 2)

    assert still
    assert made.kept == tuple(path.name for path in snapshots_in(ward.copies)) and len(made.kept) == 2
    assert not (ward.copies / "files" / place).exists()
    assert sum(path.is_file() for path in (ward.copies / "files").rglob("*")) == 5


async def test_a_clock_that_went_back_costs_no_new_copy(sqlite_ward: Ward) -> None:
    sqlite_ward.back_up(now=NOW + 10**9)
    made = sqlite_ward.back_up(keep=1)

    assert made.kept == (made.name,)


async def test_copies_under_another_master_key_keep_their_files(sqlite_ward: Ward) -> None:
    """After a change of the master key nobody here can tell what the older ones name."""
    made = sqlite_ward.back_up()
    foreign = Vault(lambda: (b"f" * 32,))
    older = sqlite_ward.copies / "2020-03-12T190000.000Z.keng"
    write_snapshot(older, foreign, read_manifest(sqlite_ward.copies / made.name, sqlite_ward.vault), [])
    (stranger := sqlite_ward.copies / "files" / "originals" / "of-an-older-copy").write_bytes(b"x")

    assert sqlite_ward.back_up(now=NOW + 1).unreadable == 1 and stranger.exists()
    assert sqlite_ward.back_up(now=NOW + 2, keep=2).unreadable == 0 and not stranger.exists()


async def test_half_written_copies_are_none(sqlite_ward: Ward) -> None:
    calls = iter([False] * 8 + [True] * 100)
    with pytest.raises(Stopped):
        sqlite_ward.back_up(should_stop=lambda: next(calls))
    (sqlite_ward.copies / "2026-03-12T190000.000Z.keng.part").write_bytes(b"half")

    assert snapshots_in(sqlite_ward.copies) == []
    with pytest.raises(CopyTrouble, match="there is no copy"):
        pick_snapshot(sqlite_ward.copies, "")
    sqlite_ward.back_up()  # The one that broke off blocks nobody.
    assert [path for path in tree(sqlite_ward.copies) if path.endswith(".part")] == []
    assert len(snapshots_in(sqlite_ward.copies)) == 1


async def test_two_into_one_folder_do_not_meet(sqlite_ward: Ward) -> None:
    sqlite_ward.copies.mkdir()
    with (sqlite_ward.copies / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(CopyTrouble, match="another backup into"):
            sqlite_ward.back_up()


async def test_a_folder_that_cannot_be_written_is_one_sentence(sqlite_ward: Ward) -> None:
    sqlite_ward.copies.write_text("a file stands here")

    with pytest.raises(CopyTrouble, match="could not be written"):
        sqlite_ward.back_up()


async def test_a_file_that_is_gone_is_told_and_stops_nothing(sqlite_ward: Ward, tmp_path: Path) -> None:
    sqlite_ward.store.remove(UPLOADS[0])
    made = sqlite_ward.back_up()
    restored = sqlite_ward.restore(sqlite_url(tmp_path / "new" / "keng.db"), MediaStore(tmp_path / "new" / "media"))

    assert (made.files, made.missing, restored.missing) == (5, 1, (UPLOADS[0],))


@pytest.mark.parametrize(
    "harm", ["tampered head", "tampered key", "tampered middle", "cut", "longer", "missing file", "tampered file", "wrong key"]
)
async def test_a_copy_that_is_not_whole_is_refused_before_anything_is_written(sqlite_ward: Ward, tmp_path: Path, harm: str) -> None:
    made = sqlite_ward.back_up()
    snapshot, file = sqlite_ward.copies / made.name, sqlite_ward.copies / "files" / UPLOADS[1]
    content = bytearray(snapshot.read_bytes())
    if harm.startswith("tampered") and "file" not in harm:
        content[{"tampered head": 2, "tampered key": 40, "tampered middle": len(content) // 2}[harm]] ^= 1
    elif harm == "cut":
        content = content[:-20]
    elif harm == "longer":
        content += b"x"
    elif harm == "missing file":
        file.unlink()
    elif harm == "tampered file":
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    elif harm == "wrong key":
        sqlite_ward.vault = Vault(lambda: (b"w" * 32,))
    snapshot.write_bytes(content)
    new = tmp_path / "new"

    with pytest.raises(CopyTrouble, match="another master key" if harm == "wrong key" else "damaged|missing|another master key"):
        refuse_if_used(sqlite_url(new / "keng.db"))
        check_copy(pick_snapshot(sqlite_ward.copies, ""), sqlite_ward.vault, ())
    assert not new.exists()


async def test_a_house_with_tips_is_never_written_over(ward: Ward) -> None:
    ward.back_up()

    with pytest.raises(CopyTrouble, match="holds 1 tips already"):
        ward.restore(ward.url, ward.store)


async def test_a_used_postgres_without_tips_is_not_written_into(sqlite_ward: Ward, postgres_database: Database) -> None:
    sqlite_ward.back_up()
    await changed(postgres_database.url, lambda session: session.add(tables.Ward(id=5, name="", created_at=0)))

    with pytest.raises(CopyTrouble, match="was used already"):
        sqlite_ward.restore(postgres_database.url, sqlite_ward.store)


async def test_a_started_house_without_tips_is_moved_aside(sqlite_ward: Ward, tmp_path: Path) -> None:
    """Who looks first whether the new machine works has not lost it."""
    sqlite_ward.back_up()
    (tmp_path / "new").mkdir()
    started = sqlite_database(tmp_path / "new")
    await changed(started.url, lambda session: session.add(tables.Ward(id=5, name="", created_at=0)))
    restored = sqlite_ward.restore(started.url, MediaStore(tmp_path / "new" / "media"))

    assert [row["id"] for row in (await everything(started.url))["wards"]] == [1]
    assert restored.moved_aside and [row["id"] for row in (await everything(sqlite_url(restored.moved_aside)))["wards"]] == [5]


async def test_a_restore_that_broke_off_has_never_been(sqlite_ward: Ward, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sqlite_ward.back_up()
    url, store = sqlite_url(tmp_path / "new" / "keng.db"), MediaStore(tmp_path / "new" / "media")
    with monkeypatch.context() as broken:
        broken.setattr("storage.restore.reapply", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sqlite_ward.restore(url, store)

    assert not (tmp_path / "new" / "keng.db").exists()
    assert sqlite_ward.restore(url, store).tips == 1


async def test_a_copy_of_another_version_says_so(sqlite_ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sqlite_ward.back_up()
    monkeypatch.setattr("storage.restore.NEWEST", "9999")

    with pytest.raises(CopyTrouble, match=rf"another version of Kẻng \(database {NEWEST}, here 9999\)"):
        check_copy(sqlite_ward.copies / made.name, sqlite_ward.vault, ())


async def test_an_older_copy_can_be_chosen(sqlite_ward: Ward) -> None:
    first, second = sqlite_ward.back_up(), sqlite_ward.back_up(now=NOW + 60_000)

    assert pick_snapshot(sqlite_ward.copies, "").name == second.name
    assert pick_snapshot(sqlite_ward.copies, first.name.removesuffix(".keng")).name == first.name
    with pytest.raises(CopyTrouble, match="no copy 2020"):
        pick_snapshot(sqlite_ward.copies, "2020")


async def test_what_was_shredded_does_not_come_back(ward: Ward, tmp_path: Path) -> None:
    ward.back_up()
    whom: tuple[tuple[shred_list.Kind, int], ...] = (("tip", 4), ("chat", 3), ("tip", 4), ("tip", 999), ("letter", 35))
    entries = tuple(Entry(kind=kind, id=row_id, at=NOW + 5, why="asked") for kind, row_id in whom)
    store, url = MediaStore(tmp_path / "new" / "media"), sqlite_url(tmp_path / "new" / "keng.db")
    restored = ward.restore(url, store, entries=entries)
    after = await everything(url)

    [tip] = after["tips"]
    assert (tip["data_key"], tip["place"], tip["code"], tip["shredded_at"], tip["state"], tip["chat_id"]) == (
        None,
        None,
        None,
        NOW + 5,
        "S1",
        None,
    )
    assert [row["words"] for row in after["pieces"]] == [None]
    assert {(row["status"], row["file_key"], row["sha256"], row["source"], row["original"]) for row in after["attachments"]} == {
        ("shredded", None, None, None, "")
    }
    assert [(row["file_key"], row["place"]) for row in after["covered_photos"]] == [(None, "")]
    assert [(row["data_key"], row["number"], row["shredded_at"]) for row in after["callbacks"]] == [(None, None, NOW + 5)]
    assert [(row["data_key"], row["address"], row["state"], row["chat_hash"]) for row in after["chats"]] == [(None, None, None, None)]
    assert [(row["status"], row["reply"]) for row in after["outbox"]] == [("cancelled", None), ("sent", None), ("unknown", None)]
    assert [(row["status"], row["payload"]) for row in after["inbox"]] == [("done", None)]
    assert [row["body"] for row in after["web_messages"]] == [None]
    assert [(row["data_key"], row["words"], row["answer"], row["chat_id"]) for row in after["appeals"]] == [(None, None, None, None)]
    assert [row["value"] for row in after["identities"]] + [row["share"] for row in after["identity_shares"]] == [None, None]
    assert restored.held == 0
    assert sorted(tree(store.root)) == [UPLOADS[1]]  # Of the chat, not of the tip; the sweep of orphans takes it.


async def test_p1_a_draft_that_was_listed_and_then_sent_after_all_comes_back_whole(ward: Ward, tmp_path: Path) -> None:
    """The list is written first; whoever took the draft up again in that moment was given a receipt."""
    ward.back_up()
    store, url = MediaStore(tmp_path / "new" / "media"), sqlite_url(tmp_path / "new" / "keng.db")
    ward.restore(url, store, entries=(Entry(kind="tip", id=4, at=NOW - 5, why=shred_list.LEFT_LYING),))
    after = await everything(url)

    assert [(row["state"], row["shredded_at"], row["data_key"] is None) for row in after["tips"]] == [("S1", None, False)]
    assert [row["words"] is None for row in after["pieces"]] == [False]
    assert set(PLACES) <= set(tree(store.root))


async def test_a_draft_that_was_given_up_does_not_come_back(ward: Ward, tmp_path: Path) -> None:
    def is_draft_again(session: Session) -> None:
        session.get_one(tables.Tip, 4).state = "S0"

    await changed(ward.url, is_draft_again)
    ward.back_up()
    store, url = MediaStore(tmp_path / "new" / "media"), sqlite_url(tmp_path / "new" / "keng.db")
    ward.restore(url, store, entries=(Entry(kind="tip", id=4, at=NOW - 5, why=shred_list.TAKEN_BACK),))
    after = await everything(url)

    assert [(row["state"], row["data_key"]) for row in after["tips"]] == [("dropped", None)]
    assert after["pieces"] == [] and not set(PLACES) & set(tree(store.root))


def test_a_tip_that_was_listed_as_a_draft_is_listed_again_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "shred-list"
    draft, tip = Entry(kind="tip", id=4, at=NOW, why=shred_list.LEFT_LYING), Entry(kind="tip", id=4, at=NOW + 9, why="closed")
    shred_list.merge(path, [draft])
    shred_list.merge(path, [tip, draft, tip])

    assert shred_list.read(path) == [draft, tip]


def test_the_shred_list_grows_and_forgives_a_torn_line(tmp_path: Path) -> None:
    path, other = tmp_path / "shred-list", tmp_path / "other"
    one, two = Entry(kind="tip", id=1, at=NOW, why="asked"), Entry(kind="chat", id=1, at=NOW, why="cut")
    shred_list.append(path, [one])
    with path.open("ab") as file:
        file.write(b'{"kind": "tip", "id"')
    shred_list.append(path, [two])
    shred_list.merge(other, [two], shred_list.read(path), [one])
    shred_list.merge(other, [one, two])

    assert shred_list.read(path) == [one, two]
    assert shred_list.read(other) == [two, one]
    assert shred_list.read(tmp_path / "none") == []
    assert path.stat().st_mode & 0o777 == 0o600


async def test_every_copy_takes_the_shred_list_along(sqlite_ward: Ward) -> None:
    entry = Entry(kind="tip", id=4, at=NOW, why="asked")
    shred_list.append(sqlite_ward.shredded, [entry])
    sqlite_ward.back_up()
    sqlite_ward.shredded.unlink()
    sqlite_ward.back_up(now=NOW + 1)

    assert shred_list.read(sqlite_ward.copies / "shred-list") == [entry]


async def test_the_house_knows_which_copies_there_are(ward: Ward) -> None:
    def note(row_id: int, name: str, place: str, made_at: int, kept: list[str]) -> Callable[[Session], None]:
        return lambda session: copies.note_copy(
            session, copy_id=row_id, ward_id=1, name=name, place=place, made_at=made_at, size=5, files=1, kept=kept, now=NOW + 9
        )

    await changed(ward.url, note(50, "a", "/mnt/a", NOW, ["a"]))
    await changed(ward.url, note(51, "b", "/mnt/a", NOW + 1, ["b"]))
    known = await changed(ward.url, lambda session: copies.copies_of(session, 1))

    assert (known.count, known.newest.name, known.oldest.place) == (2, "b", "/mnt/old")  # Of /mnt/old we know nothing new.
    assert not known.is_worrying(NOW + copies.WORRY_AFTER)
    assert known.is_worrying(NOW + copies.WORRY_AFTER + 2)


async def test_one_process_has_the_turn_and_a_dead_one_loses_it(ward: Ward) -> None:
    def take(holder: str, now: int) -> Callable[[Session], bool]:
        return lambda session: copies.take_turn(session, ward_id=1, holder=holder, now=now)

    assert await changed(ward.url, take("a", NOW)) is True
    assert await changed(ward.url, take("b", NOW + 1_000)) is False
    assert await changed(ward.url, take("b", NOW + 6 * 60_000)) is True
    await changed(ward.url, lambda session: copies.end_turn(session, holder="b", failed_at=NOW, why="folder"))
    assert await changed(ward.url, copies.last_failure) == NOW
    assert await changed(ward.url, take("a", NOW + 7 * 60_000)) is True


async def test_a_closed_house_is_opened_once(ward: Ward) -> None:
    closed = house_rows.Closed(snapshot="s", made_at=1, restored_at=2)
    await changed(ward.url, lambda session: house_rows.close_house(session, 1, closed))

    assert await changed(ward.url, house_rows.closed_house) == closed
    assert [await changed(ward.url, house_rows.open_house) for _ in range(2)] == [True, False]
    assert await changed(ward.url, house_rows.is_closed) is False


def test_names_of_copies_sort_by_their_moments(tmp_path: Path) -> None:
    for name in ("2026-03-12T190000.000Z.keng", "2025-12-31T235959.999Z.keng", "2026-03-12T190000.001Z.keng"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "2025-12-31T235959.999Z.keng", (time.time(), time.time()))

    assert [path.name[:23] for path in snapshots_in(tmp_path)] == [
        "2025-12-31T235959.999Z.",
        "2026-03-12T190000.000Z.",
        "2026-03-12T190000.001Z.",
    ]
