"""A disk that fills up: the desk is told, pictures stop, words go on, and nobody hears that something was kept which was not."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from bot.runtime import Running, running
from storage import tables
from storage.disk import Disk, Room
from tests.admin.test_desk import Officer, officer
from tests.conftest import house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.opened import photos_done, rows
from tests.people import WebResident

__all__ = ["officer"]
GIB = 2**30
REAL_USAGE = shutil.disk_usage


def say_free(monkeypatch: pytest.MonkeyPatch, percent: float) -> None:
    """The disk is the world outside; what it says is the one thing that is made up here."""
    free = int(GIB * percent / 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=GIB, free=free, used=GIB - free))


async def notice(house: Running) -> None:
    house.disk._looked_at = 0
    await house.ward.refresh()


@pytest.mark.parametrize(
    ("percent", "room"),
    [(50, Room.FINE), (15.1, Room.FINE), (14.9, Room.LOW), (9.9, Room.NO_NEW_FILES), (4.9, Room.NO_FILES), (0, Room.NO_FILES)],
)
def test_each_limit_means_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, percent: float, room: Room) -> None:
    say_free(monkeypatch, percent)

    assert Disk(tmp_path).room == room


def test_the_reserve_is_set_aside_opened_and_set_aside_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_free(monkeypatch, 60)
    disk = Disk(tmp_path)
    disk.tend_reserve()
    size = (tmp_path / "reserve").stat().st_blocks * 512
    say_free(monkeypatch, 0.01)
    disk.tend_reserve()
    opened = disk.reserve_is_open
    say_free(monkeypatch, 0.2)
    disk.tend_reserve()
    still_open = disk.reserve_is_open
    say_free(monkeypatch, 60)
    disk.tend_reserve()

    assert size >= 2**20
    assert (opened, still_open, disk.reserve_is_open) == (True, True, False)


async def test_p7_below_fifteen_the_desk_is_told_and_everything_is_taken(
    house: Running, officer: Officer, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_free(monkeypatch, 12)
    await notice(house)

    assert (await browser.post_file(jpeg()))[0] == 200
    assert "Ổ đĩa còn 12% trống" in (await officer.get("/admin"))[1]


async def test_below_ten_the_web_refuses_kindly_and_telegrams_files_wait_there(
    house: Running, officer: Officer, browser: WebResident, fake_telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_free(monkeypatch, 8)
    await notice(house)
    person = fake_telegram.person()

    status, answer = await browser.post_file(jpeg())
    await person.send_photo(jpeg())
    await person.hears("gần đầy")
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await person.hears("ạ?")
    await person.sends()
    await person.hears("Mã tin")
    await asyncio.sleep(1.5)
    waiting = await rows(house, tables.Attachment, "status", "tries")
    say_free(monkeypatch, 30)
    await notice(house)
    house.media.wake()
    await photos_done(house, 1)

    assert (status, "Lời nhắn thì vẫn gửi được" in answer["error"]) == (507, True)
    assert waiting == [("waiting", 0)]
    assert [row[0] for row in await rows(house, tables.Attachment, "status")] == ["stored"]


async def test_below_five_nothing_is_brought_and_words_still_arrive(
    house: Running, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await browser.post_file(jpeg()))[0] == 200
    say_free(monkeypatch, 4)
    await notice(house)

    await browser.say("Hôm qua xe tôi bị bẻ khóa")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real one of 24 MB, where we may mount it."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(place)], capture_output=True).returncode:
        pytest.skip("a small disk could not be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_p7_on_a_really_full_disk_words_use_the_reserve_and_then_are_refused_honestly(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", REAL_USAGE)
    async with running(house_settings(small_disk)) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        assert not house.disk.reserve_is_open
        fill_up(small_disk / "other-things")
        message = {"id": resident.fresh_id(), "text": "Vẫn phải tới"}
        await asyncio.wait_for(resident.insist(message), 15)
        used_the_reserve = house.disk.reserve_is_open
        taken, refused = await say_until_refused(resident)
        stored = await rows(house, tables.WebMessage, "direction")

    assert used_the_reserve
    assert refused == 503
    assert len([row for row in stored if row == ("in",)]) == taken + 1


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return


async def say_until_refused(resident: WebResident) -> tuple[int, int]:
    for taken in range(2000):
        try:
            async with resident.http.post(
                f"{resident.address}/chat/messages",
                json={"id": resident.fresh_id(), "text": "x" * 3000},
                headers={"X-Keng-Csrf": resident.csrf},
            ) as answer:
                if answer.status != 200:
                    return taken, answer.status
        except aiohttp.ClientError:
            return taken, 0
    return 2000, 200
