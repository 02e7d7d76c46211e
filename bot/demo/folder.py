"""Where the demo lives, and what it will not touch: a folder that holds anything it has not made itself.

The ward's own row says that all of it is made up (`wards.is_demo`), so that a copy says it too and every start of such a house is shut
off (`Settings.shut_off`). It is built beside its place and moved there when it is whole, so that a folder is a demo, or is somebody's.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from bot.demo import build, ward
from bot.demo.build import Told
from bot.demo.town import Plan
from bot.settings import Settings, SettingsError
from bot.unlocking import data_lock, unlocked
from storage import moments
from storage.memory import sqlite_url
from storage.migrate import upgrade_here
from storage.unlock import reading_engine

HERE = Path("demo-data")
PASSWORD = "bensay-xem-thu"
_NOTE = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a demo was made, and what there is to try in it."""

    seed: int
    months: int
    tips: int
    made_at: int
    codes: tuple[str, ...] = ()


def settings_for(given: Settings) -> Settings:
    """A folder of its own, a database and a key of its own in it, and nothing that leads out."""
    data = given.data if "data" in given.model_fields_set else HERE
    own = {"data": data, "database_url": "", "master_key": _EMPTY, "master_key_file": ""}
    return given.shut_off().model_copy(update={**own, "ward_address": ward.ADDRESS, "superior_address": ward.SUPERIOR})


_EMPTY = Settings.model_fields["master_key"].default


def made_in(data: Path) -> Made | None:
    """None where there is nothing yet. Raises SettingsError where something lies that is no demo."""
    if not data.exists() or (data.is_dir() and not any(data.iterdir())):
        return None
    note = data / _NOTE
    if not _is_demo(data / "keng.db") or not note.is_file():
        raise SettingsError(
            f"{data.resolve()} holds data that no demo has made; nothing was changed. Name another folder: KENG_DATA=demo-data ./keng demo"
        )
    told = json.loads(note.read_text(encoding="utf-8"))
    return Made(**{**told, "codes": tuple(told["codes"])})


def _is_demo(path: Path) -> bool:
    engine = reading_engine(sqlite_url(path))
    if engine is None:
        return False
    try:
        with engine.connect() as connection:
            rows = [bool(row[0]) for row in connection.execute(text("SELECT is_demo FROM wards"))]
    except DatabaseError:  # Older than demos are, or no database at all.
        return False
    finally:
        engine.dispose()
    return rows == [True]


def make(settings: Settings, *, seed: int, months: int, tips: int) -> tuple[Made, Told]:
    data = settings.data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.parent))
    try:
        plan = Plan(seed=seed, months=months, tips=tips, now=moments.now())
        url = sqlite_url(beside / "keng.db")
        vault, _key = unlocked(settings.model_copy(update={"data": beside}))
        upgrade_here(url)
        told = build.build(plan, url=url, vault=vault, media=beside / "media", password=PASSWORD)
        made = Made(seed=seed, months=months, tips=told.tips, made_at=plan.now, codes=told.codes)
        (beside / _NOTE).write_text(json.dumps(asdict(made)), encoding="utf-8")
        beside.rename(data)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made, told


def take_away(settings: Settings) -> None:
    """Only ever a demo, and none that is being served."""
    if made_in(settings.data) is not None:
        with data_lock(settings.data):
            shutil.rmtree(settings.data)


def told_to_try(made: Made, address: str) -> Iterator[str]:
    yield f"Demo: phường {ward.NAME}, everything made up. Seed {made.seed}, {made.months} months, {made.tips} tips."
    yield f"Officers sign in at {address}/admin; everybody's password: {PASSWORD}"
    for person in ward.PEOPLE:
        yield f"  {person.login:<12} {person.role:<14} {person.name}"
    yield f"Six digits beside the password, for {', '.join(ward.PROVED)}: from an authenticator app, or a code of their sheet, each once:"
    for login in ward.PROVED:
        yield f"  {login:<12} {ward.secret(login)}  {', '.join(ward.on_paper(login)[:3])}"
    yield f"Passphrase of giu.khoa and giu.khoa.2: {ward.PASSPHRASE}"
    yield f"Codes to look up at {address}/tra-cuu: {', '.join(made.codes)}"
