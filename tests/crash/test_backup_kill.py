"""`kill -9` in the middle of a backup, over and over: what stands there afterwards is whole, and the next run is not in anybody's way."""

import asyncio
import random
import sys
from pathlib import Path

from storage.backup import snapshots_in
from storage.restore import check_copy
from tests.crash.house import ROOT, House
from tests.databases import sqlite_database
from tests.storage.test_backup import Ward

_RUN = """
import sys
from pathlib import Path
from storage import moments
from storage.backup import make_backup
from storage.media import MediaStore
from tests.databases import known_vault
data = Path(sys.argv[1])
print("begun", flush=True)
make_backup(sys.argv[2], known_vault(), MediaStore(data / "media"), shredded=data / "shred-list", folder=data / "copies of all", keep=3,
            now=moments.now())
"""


async def test_killed_backups_leave_only_whole_copies(tmp_path: Path, is_long: bool) -> None:
    ward = Ward(sqlite_database(tmp_path), tmp_path)
    await ward.begin()
    chance = random.Random(5)
    for _ in range(60 if is_long else 5):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _RUN, str(tmp_path), ward.url, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout is not None
        await process.stdout.readline()
        try:
            await asyncio.wait_for(process.wait(), chance.uniform(0, 0.15))
        except TimeoutError:
            process.kill()
            await process.wait()
        for path in snapshots_in(ward.copies):
            check_copy(path, ward.vault, ())
    made = ward.back_up(keep=1)

    assert made.kept and not list(ward.copies.rglob("*.part"))
    assert sum(path.is_file() for path in (ward.copies / "files").rglob("*")) == 6


async def test_restore_keeps_away_from_a_serving_process(tmp_path: Path) -> None:
    """The real program: a copy while it serves, and no restore over it."""
    house = House(tmp_path / "data")
    await house.start()
    try:
        codes = [await _keng(house, "backup", str(tmp_path / "copies")), await _keng(house, "restore", str(tmp_path / "copies"))]
    finally:
        await house.stop()

    assert [code for code, _said in codes] == [0, 1]
    assert "another Kẻng already serves" in codes[1][1]
    assert len(snapshots_in(tmp_path / "copies")) == 1


async def _keng(house: House, *words: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        env=house.settings,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
