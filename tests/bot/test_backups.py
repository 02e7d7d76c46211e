"""The nightly copy: when it is due, what is noted of it, and that trouble with it is seen."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.backups import Nightly, last_night
from bot.runtime import Running, running
from handlers import officers
from storage import moments, tables
from storage.backup import snapshots_in
from storage.ids import new_id
from storage.passwords import hash_password
from storage.queries import copies
from storage.queries import house as house_rows
from tests.admin.test_desk import PASSWORD, Officer, set_up_fields
from tests.conftest import house_settings
from tests.databases import Database
from tests.opened import rows


def ward_time(*when: int) -> int:
    return int(datetime(*when, tzinfo=moments.WARD_ZONE).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 3, 12, 2, 0), (2026, 3, 12, 2, 0)),
        ((2026, 3, 12, 1, 59), (2026, 3, 11, 2, 0)),
        ((2026, 3, 12, 23, 0), (2026, 3, 12, 2, 0)),
        ((2026, 1, 1, 0, 30), (2025, 12, 31, 2, 0)),
    ],
)
def test_the_last_night_is_two_o_clock_in_the_ward(now: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert last_night(ward_time(*now)) == ward_time(*expected)


@pytest.fixture(params=["sqlite", "postgres"])
async def nightly(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Running, Nightly]]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_database").url
    settings = house_settings(tmp_path / "data", database_url=url, backup_to=str(tmp_path / "copies"), backup_keep=2)
    async with running(settings) as house:
        yield house, Nightly(house.memory, settings, house.ward().id)


async def age_all_copies(house: Running, by_ms: int) -> None:
    made_at = col(tables.BackupCopy.made_at)
    await house.memory.write(lambda session: session.execute(update(tables.BackupCopy).values(made_at=made_at - by_ms)) and None)


async def test_a_new_house_gets_a_copy_and_then_one_each_night(nightly: tuple[Running, Nightly], tmp_path: Path) -> None:
    house, night = nightly
    for _ in range(2):
        await night.beat()
    first = len(snapshots_in(tmp_path / "copies"))
    for _ in range(3):
        await age_all_copies(house, 24 * moments.HOUR)
        await night.beat()
        await night.beat()

    assert first == 1 and night.made_count == 4
    assert len(snapshots_in(tmp_path / "copies")) == 2  # KENG_BACKUP_KEEP.
    known = await rows(house, tables.BackupCopy, "name", "removed_at", "place")
    assert [gone is None for _name, gone, _place in known] == [False, False, True, True]
    assert {row[2] for row in known} == {str(tmp_path / "copies")}
    assert await night.state() == "ok"


async def test_a_failed_copy_is_counted_told_and_tried_again_later(nightly: tuple[Running, Nightly], tmp_path: Path) -> None:
    house, night = nightly
    (tmp_path / "copies").write_text("a file where the folder should be")
    await night.beat()
    await night.beat()  # Not at once again.
    seen = await night.state(), (night.made_count, night.failed_count)
    (tmp_path / "copies").unlink()
    await house.memory.write(lambda s: s.execute(update(tables.Lease).where(col(tables.Lease.name) == "backup").values(data={})) and None)
    await night.beat()

    assert seen == ("the last one failed", (0, 1))
    assert (await night.state(), night.made_count) == ("ok", 1)


async def test_two_processes_make_one_copy(tmp_path: Path, postgres_database: Database) -> None:
    settings = house_settings(tmp_path / "data", database_url=postgres_database.url, backup_to=str(tmp_path / "copies"))
    async with running(settings) as one, running(settings, role="worker") as other:
        nights = [Nightly(house.memory, settings, house.ward().id) for house in (one, other)]
        await asyncio.gather(*(night.beat() for night in nights))

    assert sum(night.made_count for night in nights) == 1
    assert len(snapshots_in(tmp_path / "copies")) == 1


async def test_the_desk_and_healthz_show_trouble_with_copies(nightly: tuple[Running, Nightly], tmp_path: Path) -> None:
    house, night = nightly
    (tmp_path / "copies").write_text("in the way")
    await night.beat()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        await chief.sign_in()
        page = (await chief.get("/admin/may-chu"))[1]
        young = (await chief.get("/admin"))[1]
        await house.memory.write(lambda s: s.execute(update(tables.Ward).values(created_at=1)) and None)
        old = (await chief.get("/admin"))[1]
        status, parts = await chief.get("/healthz")
        figures = (await chief.get("/metrics"))[1]

    assert "chưa làm xong bản sao" in page and "ổ đĩa đã cắm chưa" in page
    assert "Hai ngày rồi" not in young and "Hai ngày rồi" in old
    assert (status, json.loads(parts)["backup"]) == (200, "the last one failed")
    assert 'keng_events_total{what="backups_failed"}' in figures and 'keng_events_total{what="backups_made"}' in figures


async def test_only_the_chief_sees_the_machine_and_others_see_that_it_is_closed(house: Running) -> None:
    await house.memory.write(
        lambda session: house_rows.close_house(session, house.ward().id, house_rows.Closed(snapshot="2026.keng", made_at=1, restored_at=2))
    )
    await house.ward.refresh()
    fields: dict[str, Any] = {"login": "an.nguyen", "name": "An", "role": "duty", "by": "test", "now": moments.now()}
    hashed, ids = hash_password(PASSWORD), (new_id(), new_id())
    await house.memory.write(
        lambda session: officers.add_officer(session, house.ward().id, officer_id=ids[0], history_id=ids[1], password_hash=hashed, **fields)
    )
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        officer = Officer(http, house)
        await officer.sign_in("an.nguyen")
        _status, page = await officer.get("/admin")
        assert "Chỉ huy mở lại ở mục Máy chủ" in page and "/admin/may-chu" not in page
        assert (await officer.get("/admin/may-chu"))[0] == 403
        csrf = page.split('name="csrf" value="')[1].split('"')[0]
        assert (await officer.post("/admin/may-chu/mo", csrf=csrf, old_is_off="yes"))[0] == 403

    assert await house.memory.read(house_rows.is_closed)


async def test_a_closed_house_makes_no_copy(nightly: tuple[Running, Nightly], tmp_path: Path) -> None:
    """The machine it came from may still write to the same folder, and would find its older copies gone."""
    house, night = nightly
    closed = house_rows.Closed(snapshot="s", made_at=1, restored_at=2)
    await house.memory.write(lambda session: house_rows.close_house(session, house.ward().id, closed))
    await night.beat()

    assert snapshots_in(tmp_path / "copies") == []


async def test_a_worried_house_says_so_to_machines_too(nightly: tuple[Running, Nightly]) -> None:
    house, night = nightly
    await night.beat()
    await age_all_copies(house, copies.WORRY_AFTER + moments.MINUTE)

    assert await night.state() == "none for two days"
