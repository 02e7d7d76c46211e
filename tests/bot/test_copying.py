"""`keng backup` and `keng restore` as they are typed: what they print, and what they refuse without writing anything."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.command_line import cli
from bot.runtime import running
from bot.unlocking import data_lock
from storage import shred_list
from storage.master_key import fresh_key, written
from storage.shred_list import Entry
from tests.bot.test_master_key import tree
from tests.conftest import house_settings
from tests.databases import Database

Keng = Callable[..., Result]


@pytest.fixture
def keng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keng:
    """The command line over one data folder, as another program would call it."""
    monkeypatch.chdir(tmp_path)  # No .env of anybody's checkout.

    def run(*words: str, data: str = "old", **settings: str) -> Result:
        env = {"KENG_DATA": str(tmp_path / data), **{f"KENG_{name.upper()}": value for name, value in settings.items()}}
        return CliRunner().invoke(cli, list(words), env=env)

    return run


@pytest.fixture
def old(keng: Keng, tmp_path: Path) -> Path:
    """A house with one account and one copy; its folder."""
    made = CliRunner().invoke(
        cli,
        ["officer", "add", "--login", "chi.huy", "--role", "chief", "--password-stdin"],
        input="mua xuan nam ay\n",
        env={"KENG_DATA": str(tmp_path / "old")},
    )
    assert made.exit_code == 0
    assert keng("backup", "copies").exit_code == 0
    return tmp_path / "old"


def give_key(old: Path, new: Path) -> None:
    (new / "keys").mkdir(parents=True)
    (new / "keys" / "master.key").write_bytes((old / "keys" / "master.key").read_bytes())


def test_a_copy_is_made_and_brought_back(keng: Keng, old: Path, tmp_path: Path) -> None:
    give_key(old, tmp_path / "new")
    made = keng("backup", "copies", "--keep", "1")
    restored = keng("restore", "copies", data="new")
    listed = keng("officer", "list", data="new")

    assert made.exit_code == 0 and "1 copies are kept there" in made.output
    assert restored.exit_code == 0, restored.output
    assert "The house is closed" in restored.output and len(restored.output.splitlines()) < 12
    assert listed.output == "chi.huy\tchief\tchi.huy\n"
    assert not list((tmp_path / "new").glob("*.restoring*"))


@pytest.mark.parametrize("key", ["none", "wrong file", "wrong setting", "broken"])
def test_without_the_right_key_nothing_is_written(keng: Keng, old: Path, tmp_path: Path, key: str) -> None:
    new, settings = tmp_path / "new", {}
    if key == "wrong file":
        give_key(old, new)
        (new / "keys" / "master.key").write_text(written(fresh_key()))
    elif key == "wrong setting":
        settings = {"master_key": written(fresh_key())}
    elif key == "broken":
        settings = {"master_key": "KENG-1234"}
    before = tree(new)
    result = keng("restore", "copies", data="new", **settings)

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1 and "master key" in result.output
    assert tree(new) == before and (key == "wrong file" or not new.exists())


def test_a_key_in_the_settings_is_enough_and_leaves_no_file(keng: Keng, old: Path, tmp_path: Path) -> None:
    key = (old / "keys" / "master.key").read_text().strip()

    assert keng("restore", "copies", data="new", master_key=key).exit_code == 0
    assert not (tmp_path / "new" / "keys").exists()


def test_a_restore_keeps_away_from_a_house_that_serves(keng: Keng, old: Path, tmp_path: Path) -> None:
    give_key(old, tmp_path / "new")
    with data_lock(tmp_path / "new"):
        result = keng("restore", "copies", data="new")

    assert result.exit_code == 1 and "another Kẻng already serves" in result.output
    assert not (tmp_path / "new" / "keng.db").exists()


def test_slips_are_one_sentence(keng: Keng, old: Path, tmp_path: Path, subtests: pytest.Subtests) -> None:
    (tmp_path / "empty").mkdir()
    give_key(old, tmp_path / "new")
    for words, said in (
        (("restore", "empty"), "there is no copy in"),
        (("restore", "copies", "--snapshot", "2020"), "there is no copy 2020"),
        (("backup", "copies", "--keep", "0"), "--keep"),
        (("backup", "copies"), "nothing to copy"),
    ):
        with subtests.test(said):
            result = keng(*words, data="new")

            assert result.exit_code != 0 and said in result.output
            assert not (tmp_path / "new" / "keng.db").exists()


def test_a_shred_list_of_the_data_folder_and_one_that_is_given_are_both_heeded(keng: Keng, old: Path, tmp_path: Path) -> None:
    give_key(old, tmp_path / "new")
    shred_list.append(tmp_path / "new" / "shred-list", [Entry(kind="tip", id=1, at=5, why="asked")])
    shred_list.append(tmp_path / "given", [Entry(kind="chat", id=2, at=5, why="cut"), Entry(kind="tip", id=1, at=6, why="asked")])
    result = keng("restore", "copies", "--shred-list", "given", data="new")

    assert "Forgotten again from the shred list: 2." in result.output
    assert [(entry.kind, entry.id) for entry in shred_list.read(tmp_path / "new" / "shred-list")] == [("tip", 1), ("chat", 2)]


@pytest.mark.parametrize("as_owner", [True, False], ids=["owner", "app role alone"])
async def test_into_postgres(keng: Keng, old: Path, tmp_path: Path, postgres_database: Database, as_owner: bool) -> None:
    give_key(old, tmp_path / "new")
    settings = {"database_url": postgres_database.url} | ({"database_owner_url": postgres_database.owner_url} if as_owner else {})
    result = await asyncio.to_thread(keng, "restore", "copies", data="new", **settings)
    again = await asyncio.to_thread(keng, "restore", "copies", data="new", **settings)

    assert result.exit_code == 0, result.output
    assert again.exit_code == 1 and "was used already" in again.output
    async with running(house_settings(tmp_path / "new", database_url=postgres_database.url)) as house:
        assert house.ward().is_closed and house.setup_link == ""


def test_a_copy_among_the_houses_own_files_is_refused(keng: Keng, old: Path, tmp_path: Path) -> None:
    result = keng("backup", str(old / "media" / "copies"))

    assert result.exit_code != 0
    assert "lies among the house's own files" in result.output
