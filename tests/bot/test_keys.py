"""A new master key beside a serving house, and the sheet that brings a key back."""

import asyncio
import contextlib
import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlmodel import Session, select, text

from bot import keys, offline
from bot.runtime import Running, running
from bot.settings import SettingsError
from storage import moments, tables
from storage.ids import new_id
from storage.master_key import fresh_key, read, written
from storage.queries import finding, resealing
from storage.queries.rewrap import HOLDERS
from storage.queries.rings import chat_ring, tip_ring
from storage.queries.tips import TipLine, file_key_place, words_place
from storage.search import Query
from storage.vault import Place, Ring, Sealed, master_id, wrapped_by
from tests.conftest import house_settings
from tests.databases import Database
from tests.factories import jpeg
from tests.opened import opened, photos_done, rows
from tests.people import WebResident
from tests.storage.test_verify import until_linked

TODAY = date(2026, 11, 21)


async def tell(resident: WebResident, words: str) -> None:
    await resident.press("report")
    await resident.hears("Có chuyện gì")
    await resident.say(words)
    await resident.hears("giống loại nào")
    await resident.press("send")
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
        await tell(resident, "Trước khi mất khóa")
        await photos_done(house, 1)
        before = await everything(house)
        stolen = await house.memory.read(stolen_rings)
        places = [path for path in house.media_store.root.rglob("*") if path.is_file()]

        assert await asyncio.to_thread(keys.renew_all, settings) == 2
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
        await tell(resident, "Ảnh sẽ mất")
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


async def everything(house: Running) -> list[Any]:
    """What is kept, opened, and the hashes it is found by."""
    told: list[Any] = [await rows(house, tables.Piece, "words"), await rows(house, tables.Tip, "code", "code_hash", "place_text")]
    told += [await rows(house, tables.Chat, "chat_hash", "state", "address"), await rows(house, tables.Attachment, "sha256")]
    for original, key in await rows(house, tables.Attachment, "original", "file_key"):
        told.append(hashlib.sha256(house.media_store.read(original, key=key)).hexdigest())
    return told


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
    return tips | chats


def cells_opened_by(session: Session, stolen: dict[tuple[str, int], Ring]) -> list[str]:
    opened = []
    cells = [(("tips", piece.tip_id), piece.words, words_place(piece.id)) for piece in session.execute(select(tables.Piece)).scalars()]
    for chat in session.execute(select(tables.Chat)).scalars():
        cells.append((("chats", chat.id), chat.state, Place("chats", "state", chat.id)))
    for file in session.execute(select(tables.Attachment)).scalars():
        cells.append((("tips", file.tip_id), file.file_key, file_key_place(file.id)))
    for owner, sealed, place in cells:
        with contextlib.suppress(Sealed):
            stolen[owner].open(sealed or b"", place)
            opened.append(place.table)
    return opened


def find_words(session: Session, ward_id: int, typed: str) -> tuple[TipLine, ...]:
    query = Query.typed(typed)
    assert query is not None
    return finding.find_tips(session, ward_id, query, before=None, limit=50).lines
