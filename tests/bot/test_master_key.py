"""The start without the right master key: one clear sentence, and nothing is written."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import running
from bot.settings import Settings, SettingsError
from storage.master_key import fresh_key, written
from tests.conftest import house_settings
from tests.databases import Database


async def start(settings: Settings) -> Path | None:
    async with running(settings) as house:
        return house.fresh_key


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def test_the_first_start_makes_a_key_and_says_so_once(tmp_path: Path) -> None:
    assert await start(house_settings(tmp_path)) == tmp_path / "keys" / "master.key"
    assert await start(house_settings(tmp_path)) is None


async def test_a_missing_key_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    await start(house_settings(tmp_path))
    (tmp_path / "keys" / "master.key").unlink()
    before = tree(tmp_path)

    with pytest.raises(SettingsError, match=r"its master key is not at .*nothing was changed"):
        await start(house_settings(tmp_path))

    assert tree(tmp_path) == before


@pytest.mark.parametrize("how", ["master_key", "master_key_file", "own file"])
async def test_a_wrong_key_is_said_and_nothing_is_written(tmp_path: Path, how: str) -> None:
    await start(house_settings(tmp_path))
    other, more = written(fresh_key()), dict[str, Any]()
    if how == "master_key":
        more = {"master_key": other}
    else:
        file = tmp_path / "keys" / "master.key"
        file.write_text(other)
        more = {"master_key_file": str(file)} if how == "master_key_file" else {}
    before = tree(tmp_path)

    with pytest.raises(SettingsError, match="not the master key of what is stored here"):
        await start(house_settings(tmp_path, **more))

    assert tree(tmp_path) == before


async def test_a_damaged_key_of_the_ward_is_told_apart_from_a_wrong_master_key(tmp_path: Path) -> None:
    await start(house_settings(tmp_path))
    with sqlite3.connect(tmp_path / "keng.db") as database:
        database.execute("UPDATE keys SET material = x'00' WHERE id = (SELECT max(id) FROM keys)")
    database.close()

    with pytest.raises(SettingsError, match=r"damaged in the database.*nothing was changed"):
        await start(house_settings(tmp_path))


async def test_a_given_key_leaves_none_in_the_data_folder(tmp_path: Path) -> None:
    await start(house_settings(tmp_path, master_key=written(fresh_key())))

    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("given", ["KENG-1234", "x" * 64])
async def test_a_key_with_a_slip_is_said(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="master key"):
        await start(house_settings(tmp_path, master_key=given))


async def test_on_postgres_too(tmp_path: Path, postgres_database: Database) -> None:
    await start(house_settings(tmp_path, database_url=postgres_database.url))
    (tmp_path / "keys" / "master.key").unlink()

    with pytest.raises(SettingsError, match="nothing was changed"):
        await start(house_settings(tmp_path, database_url=postgres_database.url))
    assert not (tmp_path / "keys" / "master.key").exists()
