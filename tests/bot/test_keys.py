"""A new master key beside a serving house, and the sheet that brings a key back."""

import asyncio
import contextlib
import hashlib
import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner
from sqlmodel import Session, col, select, text

from bot import keys, offline
from bot.command_line import cli
from bot.runtime import Running, running
from bot.settings import Settings, SettingsError
from storage import moments, tables
from storage.ids import new_id
from storage.master_key import fresh_key, read, written
from storage.memory import Memory
from storage.queries import callbacks, finding, letters, resealing
from storage.queries.aftercare import appeal_answer_place, appeal_key_place, appeal_words_place
from storage.queries.rewrap import HOLDERS
from storage.queries.rings import chat_ring, tip_ring
from storage.queries.tips import TipLine, file_key_place, words_place
from storage.search import Query
from storage.vault import Place, Ring, Sealed, master_id, vault_of, wrapped_by
from tests.conftest import house_settings
from tests.databases import Database
from tests.factories import jpeg
from tests.opened import opened, photos_done, rows
from tests.people import WebResident
from tests.sights import all_of
from tests.storage.test_verify import tamper, until_linked

TODAY = date(2026, 11, 21)


async def tell(resident: WebResident, words: str) -> None:
    await resident.press("report")
    await resident.hears("Có chuyện gì")
    await tell_on(resident, words)


async def tell_on(resident: WebResident, words: str) -> None:
    await resident.say(words)
    await resident.hears("ạ?")
    await resident.sends()
    await resident.hears("Mã tin")


def masters_used(session: Session) -> set[bytes]:
    found = set()
    for table, column in HOLDERS:
        found |= {wrapped_by(bytes(row[0])) for row in session.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"))}
    return found


async def test_a_rotation_changes_the_wrapping_and_no_hash_while_the_house_serves(tmp_path: Path, database: Database) -> None:
    data = tmp_path / "house"
    settings = house_settings(data, database_url="" if database.is_sqlite else database.url)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await tell(resident, "Trước khi đổi khóa")
        hashes = await rows(house, tables.Tip, "code_hash"), await rows(house, tables.Chat, "chat_hash")
        old = (data / "keys" / "master.key").read_text()

        talking = asyncio.create_task(tell(resident, "Trong lúc đổi khóa"))
        await asyncio.to_thread(keys.rotate, settings)
        await talking
        await asyncio.to_thread(keys.rotate, settings)
        await tell(resident, "Sau khi đổi khóa")

        new = (data / "keys" / "master.key").read_text()
        used = await house.memory.read(masters_used)
        told = [row[0] for row in await opened(house.memory, tables.Piece, "words")]
        after = (await rows(house, tables.Tip, "code_hash"))[:1], await rows(house, tables.Chat, "chat_hash")
        await until_linked(house)
    report = await asyncio.to_thread(offline.verify_all, settings, head=None)

    assert len(new.split()) == 1 and new != old
    assert used == {master_id(read(new))}
    assert told == ["Trước khi đổi khóa", "Trong lúc đổi khóa", "Sau khi đổi khóa"]
    assert after == hashes
    assert report.differences == []


def test_a_rotation_that_was_broken_off_is_taken_up_again(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    offline.list_officers(settings)
    file = tmp_path / "keys" / "master.key"
    old, new = read(file.read_text()), fresh_key()
    file.write_text(f"{written(new)}\n{written(old)}\n")  # As it lies there when the machine stops in the middle.

    keys.rotate(settings)

    assert [read(line) for line in file.read_text().split()] == [new]
    assert offline.list_officers(settings) == []


def test_a_key_from_the_settings_is_changed_by_hand_in_three_steps(tmp_path: Path) -> None:
    old, new = written(fresh_key()), written(fresh_key())
    offline.list_officers(house_settings(tmp_path, master_key=old))

    with pytest.raises(SettingsError, match="put a new one in front of it"):
        keys.rotate(house_settings(tmp_path, master_key=old))
    keys.rotate(house_settings(tmp_path, master_key=f"{new},{old}"))

    assert offline.list_officers(house_settings(tmp_path, master_key=new)) == []
    with pytest.raises(SettingsError, match="not the master key"):
        offline.list_officers(house_settings(tmp_path, master_key=old))


def test_the_sheet_brings_the_key_back(tmp_path: Path) -> None:
    settings = house_settings(tmp_path)
    offline.list_officers(settings)
    sheet = keys.recovery_sheet(settings, today=TODAY)
    typed = "".join(re.findall(r"\b(?:KENG|[0-9A-Z]{4})\b", sheet.split("Khóa chính (")[1].split("Để làm gì")[0]))

    assert "21/11/2026" in sheet
    assert read(typed) == read((tmp_path / "keys" / "master.key").read_text())


async def test_after_a_theft_everything_is_under_new_keys_and_nothing_is_lost(tmp_path: Path, database: Database) -> None:
    data = tmp_path / "house"
    settings = house_settings(data, database_url="" if database.is_sqlite else database.url)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.send_photo(jpeg())
        await resident.hears("chuyện gì")
        await tell_on(resident, "Trước khi mất khóa")
        await resident.press("complain")
        await resident.hears("chưa đồng ý")
        await resident.say("Chưa đúng")
        await resident.hears("tới chỉ huy")
        await photos_done(house, 1)
        before = await everything(house)
        stolen = await house.memory.read(stolen_rings)
        places = [path for path in house.media_store.root.rglob("*") if path.is_file()]

        assert await asyncio.to_thread(keys.renew_all, settings) == keys.Renewed(left=2)
        await until_resealed(house)

        after = await everything(house)
        opened_by_thief = await house.memory.read(lambda session: cells_opened_by(session, stolen))
        await resident.say("Nhắn thêm sau đó")
        await resident.hears("Đã ghi thêm")
        found = await house.memory.read(lambda session: len(find_words(session, house.ward().id, "mất khóa")))
        left = [path for path in places if path.exists()]
        await until_linked(house)
    report = await asyncio.to_thread(offline.verify_all, settings, head=None)

    assert after == before
    assert (opened_by_thief, left, found) == ([], [], 1)
    assert report.differences == []


async def test_a_file_that_is_gone_holds_up_no_new_keys(tmp_path: Path) -> None:
    """Each beat used to end at it, and everything after it stayed under keys that a thief may have."""
    settings = house_settings(tmp_path)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await resident.send_photo(jpeg())
        await resident.hears("chuyện gì")
        await tell_on(resident, "Ảnh sẽ mất")
        await photos_done(house, 1)
        [(place,)] = await rows(house, tables.Attachment, "work")
        house.media_store.remove(place)
        stolen = await house.memory.read(stolen_rings)

        await asyncio.to_thread(keys.renew_all, settings)
        await until_resealed(house)

        assert await house.memory.read(lambda session: cells_opened_by(session, stolen)) == []
        assert [row[0] for row in await opened(house.memory, tables.Piece, "words")] == ["Ảnh sẽ mất"]
        assert len([path for path in house.media_store.root.rglob("*") if path.is_file()]) == 2  # The original, and the small copy.


async def test_a_file_that_is_still_awaited_holds_up_its_own_tip_alone(tmp_path: Path) -> None:
    """Whatever came after it used to wait too, for as long as a platform kept its file back."""
    settings = house_settings(tmp_path)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        await tell(resident, "Ảnh chưa tới")
        await tell(resident, "Chuyện sau đó")
        [(first,), (second,)] = await rows(house, tables.Tip, "id")
        far, attachment_id, ward_id = moments.now() + moments.DAY, new_id(), house.ward().id

        def await_a_file(session: Session) -> None:
            session.add(tables.Attachment(id=attachment_id, ward_id=ward_id, tip_id=first, kind="photo", due_at=far, created_at=1))

        await house.memory.write(await_a_file)
        await asyncio.to_thread(keys.renew_all, settings)
        for _ in range(300):
            due = dict(await rows(house, tables.Tip, "id", "reseal_due"))
            if not due[second]:
                break
            await asyncio.sleep(0.1)

    assert due == {first: True, second: False}


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, int]]]:
    folder = tmp_path_factory.mktemp("keys")

    async def live() -> list[dict[str, int]]:
        async with running(house_settings(folder)) as house:
            return await two_residents(house)

    return folder, asyncio.run(live())


@dataclass
class Robbed:
    """A house with two residents whose keys somebody may have. What is broken, is broken in the rows of the first."""

    settings: Settings
    first: dict[str, int]
    second: dict[str, int]
    stolen: dict[str, Ring]
    told: list[bytes]

    def breaks(self, *sentences: str) -> None:
        tamper(self.settings, *(sentence.format(**self.first) for sentence in sentences))

    async def is_whole_again(self, house: Running) -> None:
        """Of the second, nothing is lost, and nothing opens with the keys of then."""
        assert await house.memory.read(lambda session: told_by(session, self.second)) == self.told
        assert await house.memory.read(lambda session: opened_by(session, self.second, self.stolen)) == []


@pytest.fixture
async def robbed(lived_once: tuple[Path, list[dict[str, int]]], tmp_path: Path) -> Robbed:
    shutil.copytree(lived_once[0], tmp_path, dirs_exist_ok=True)
    first, second = lived_once[1]
    settings = house_settings(tmp_path)

    def look() -> tuple[dict[str, Ring], list[bytes]]:
        async def read(memory: Memory) -> tuple[dict[str, Ring], list[bytes]]:
            return await memory.read(lambda session: (rings_of(session, second), told_by(session, second)))

        return offline.with_memory(settings, read)

    return Robbed(settings, first, second, *await asyncio.to_thread(look))


BROKEN = {
    "cells": {
        "UPDATE callbacks SET number = zeroblob(60) WHERE id = {callback}": "callbacks {callback} number",
        "UPDATE appeals SET words = X'01', answer = words WHERE id = {appeal}": "appeals {appeal} words, appeals {appeal} answer",
    },
    "keys": {
        "UPDATE chats SET data_key = X'02' WHERE id = {chat}": "chats {chat} data_key",
        "UPDATE tips SET data_key = zeroblob(80) WHERE id = {tip}": "tips {tip} data_key",
        "UPDATE callbacks SET data_key = substr(data_key, 1, 30) WHERE id = {callback}": "callbacks {callback} data_key",
        "UPDATE appeals SET data_key = zeroblob(80) WHERE id = {appeal}": "appeals {appeal} data_key",
    },
}


@pytest.mark.parametrize("what", BROKEN)
async def test_what_does_not_open_is_named_and_the_rest_goes_on(robbed: Robbed, what: str) -> None:
    """The command used to end at it half way: numbers and letters behind it stayed under keys that a thief may have."""
    robbed.breaks(*BROKEN[what])

    words, env = ["key", "rotate", "--compromised"], {"KENG_DATA": str(robbed.settings.data)}
    done = await asyncio.to_thread(CliRunner().invoke, cli, words, env=env)

    named = ", ".join(BROKEN[what].values()).format(**robbed.first).split(", ")
    assert [line for line in done.output.splitlines() if "NOT OPEN" in line] == [f"DOES NOT OPEN  {cell}" for cell in named]
    assert done.exit_code == 1 and "Everything else is under the new master key" in done.output
    async with running(robbed.settings) as house:
        await until_none_is_left(house)
        await robbed.is_whole_again(house)


AT_WORK = {
    "cells": (
        "UPDATE pieces SET words = zeroblob(60) WHERE tip_id = {tip}",
        "UPDATE chats SET state = zeroblob(60) WHERE id = {chat}",
        "UPDATE attachments SET file_key = zeroblob(60) WHERE tip_id = {tip}",
    ),
    "keys": (
        "UPDATE tips SET data_key = substr(data_key, 1, 60) WHERE id = {tip}",
        "UPDATE chats SET data_key = zeroblob(80) WHERE id = {chat}",
    ),
}


@pytest.mark.parametrize(("what", "left", "named"), [("cells", 0, {"pieces", "chats", "attachments"}), ("keys", 1, {"tips", "chats"})])
async def test_the_house_goes_on_behind_what_does_not_open(
    robbed: Robbed, what: str, left: int, named: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Each beat used to end at it. A key that no master key at hand opens may be another house's moment: it is tried again."""
    assert (await asyncio.to_thread(keys.renew_all, robbed.settings)) == keys.Renewed(left=4)
    robbed.breaks(*AT_WORK[what])

    async with running(robbed.settings) as house:
        await until_none_is_left(house, but=left)
        await robbed.is_whole_again(house)

    cells = [getattr(record, "cell", "") for record in caplog.records if record.getMessage() == "cell_not_resealed"]
    assert {cell.split()[0] for cell in cells} == named


async def two_residents(house: Running) -> list[dict[str, int]]:
    """Each with a tip and a photo, a number to be called on, and a letter that was answered. The ids of their rows."""
    found = []
    for many, name in ((1, "first000"), (2, "second00")):
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
            resident = WebResident(http, house.address, name=name)
            await resident.open_page()
            await resident.send_photo(jpeg(64, 48))
            await resident.hears("chuyện gì")
            await tell_on(resident, f"Chuyện của {name}")
            await resident.press("complain")
            await resident.hears("chưa đồng ý")
            await resident.say("Chưa đúng")
            await resident.hears("tới chỉ huy")
            await photos_done(house, many)
        tip_id, chat_id = (await rows(house, tables.Tip, "id", "chat_id"))[-1]
        [appeal_id] = [row[0] for row in await rows(house, tables.Appeal, "id", "tip_id") if row[1] == tip_id]
        ids = {"tip": tip_id, "chat": chat_id, "appeal": appeal_id, "callback": new_id()}
        await house.memory.write(lambda session, ids=ids: give_number_and_answer(session, house.ward().id, ids))  # type: ignore[misc]
        found.append(ids)
    return found


def give_number_and_answer(session: Session, ward_id: int, ids: dict[str, int]) -> None:
    now = moments.now()
    callbacks.keep(session, ward_id=ward_id, tip_id=ids["tip"], callback_id=ids["callback"], number="0912 000 111", now=now)
    officer_id = new_id()
    session.add(
        tables.Officer(id=officer_id, ward_id=ward_id, login=f"o{officer_id}", name="", role="chief", password_hash="", created_at=1)
    )
    session.flush()
    assert letters.keep_answer(session, all_of(ward_id), ids["appeal"], how="told", text="Đã xem lại", officer_id=officer_id, now=now)


def rings_of(session: Session, ids: dict[str, int]) -> dict[str, Ring]:
    callback = session.get_one(tables.Callback, ids["callback"])
    return {
        "tips": tip_ring(session, ids["tip"]),
        "chats": chat_ring(session, ids["chat"]),
        "callbacks": vault_of(session).unwrap(callback.data_key, callbacks.callback_key_place(callback.id)),
        "appeals": appeal_ring(session, session.get_one(tables.Appeal, ids["appeal"])),
    }


def cells_of(session: Session, ids: dict[str, int]) -> list[tuple[str, bytes, Place]]:
    callback, appeal = session.get_one(tables.Callback, ids["callback"]), session.get_one(tables.Appeal, ids["appeal"])
    [piece] = session.execute(select(tables.Piece).where(col(tables.Piece.tip_id) == ids["tip"])).scalars()
    cells = [
        ("tips", piece.words, words_place(piece.id)),
        ("chats", session.get_one(tables.Chat, ids["chat"]).state, Place("chats", "state", ids["chat"])),
        ("callbacks", callback.number, callbacks.number_place(callback.id)),
        ("appeals", appeal.words, appeal_words_place(appeal.id)),
        ("appeals", appeal.answer, appeal_answer_place(appeal.id)),
    ]
    return [(owner, sealed or b"", place) for owner, sealed, place in cells]


def told_by(session: Session, ids: dict[str, int]) -> list[bytes]:
    rings = rings_of(session, ids)
    return [rings[owner].open(sealed, place) for owner, sealed, place in cells_of(session, ids)]


def opened_by(session: Session, ids: dict[str, int], stolen: dict[str, Ring]) -> list[str]:
    opened = []
    for owner, sealed, place in cells_of(session, ids):
        with contextlib.suppress(Sealed):
            stolen[owner].open(sealed, place)
            opened.append(owner)
    return opened


async def until_none_is_left(house: Running, *, but: int = 0) -> None:
    for _ in range(300):
        if (left := await house.memory.read(resealing.left)) == but:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{left} are still under their old keys")


async def everything(house: Running) -> list[Any]:
    """What is kept, opened, and the hashes it is found by."""
    told: list[Any] = [await rows(house, tables.Piece, "words"), await rows(house, tables.Tip, "code", "code_hash", "place_text")]
    told += [await rows(house, tables.Chat, "chat_hash", "state", "address"), await rows(house, tables.Attachment, "sha256")]
    told.append(await house.memory.read(lambda session: [words_of(session, appeal) for appeal in appeals(session)]))
    for original, key in await rows(house, tables.Attachment, "original", "file_key"):
        told.append(hashlib.sha256(house.media_store.read(original, key=key)).hexdigest())
    return told


def appeals(session: Session) -> list[tables.Appeal]:
    return list(session.execute(select(tables.Appeal)).scalars())


def appeal_ring(session: Session, appeal: tables.Appeal) -> Ring:
    return vault_of(session).unwrap(appeal.data_key, appeal_key_place(appeal.id))


def words_of(session: Session, appeal: tables.Appeal) -> str:
    return appeal_ring(session, appeal).open_text(appeal.words or b"", appeal_words_place(appeal.id))


async def until_resealed(house: Running) -> None:
    ward_id, vault = house.ward().id, house.memory.vault
    assert vault is not None
    for _ in range(300):
        left = await house.memory.read(resealing.left)
        if left == 0 and vault.wards[ward_id].search.version == 1:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{left} are still under their old keys")


def stolen_rings(session: Session) -> dict[tuple[str, int], Ring]:
    """What somebody has who copied the database and the master key."""
    tips = {("tips", tip.id): tip_ring(session, tip.id) for tip in session.execute(select(tables.Tip)).scalars()}
    chats = {("chats", chat.id): chat_ring(session, chat.id) for chat in session.execute(select(tables.Chat)).scalars()}
    return tips | chats | {("appeals", appeal.id): appeal_ring(session, appeal) for appeal in appeals(session)}


def cells_opened_by(session: Session, stolen: dict[tuple[str, int], Ring]) -> list[str]:
    opened = []
    cells = [(("tips", piece.tip_id), piece.words, words_place(piece.id)) for piece in session.execute(select(tables.Piece)).scalars()]
    for chat in session.execute(select(tables.Chat)).scalars():
        cells.append((("chats", chat.id), chat.state, Place("chats", "state", chat.id)))
    for file in session.execute(select(tables.Attachment)).scalars():
        cells.append((("tips", file.tip_id), file.file_key, file_key_place(file.id)))
    cells += [(("appeals", appeal.id), appeal.words, appeal_words_place(appeal.id)) for appeal in appeals(session)]
    for owner, sealed, place in cells:
        with contextlib.suppress(Sealed):
            stolen[owner].open(sealed or b"", place)
            opened.append(place.table)
    return opened


def find_words(session: Session, ward_id: int, typed: str) -> tuple[TipLine, ...]:
    query = Query.typed(typed)
    assert query is not None
    return finding.find_tips(session, all_of(ward_id), query, before=None, limit=50).lines
