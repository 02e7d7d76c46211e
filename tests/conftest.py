"""What every test may ask for: a running house, a fake Telegram, and residents on each channel."""

import gc
import re
import shutil
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine import default
from sqlalchemy.util import LRUCache

from bot.clock import Beat, Clock
from bot.runtime import Running, running
from bot.settings import Settings
from storage import custody, disk, passwords
from storage.custody import Cost
from storage.migrate import upgrade_here
from tests import environment
from tests.databases import Database, PostgresServer, sqlite_database
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.people import CHANNELS, Resident, TelegramResident, WebResident, ZaloBotResident, ZaloResident

SECRET = "a-secret-for-the-tests-only"
DUTY_PHONE = "0225 3123 456"
_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


_LONG_ONES = (
    "tests/crash",
    "tests/simulation",
    "tests/browser",
    "tests/promises",
    "tests/admin/test_odd_forms",
    "tests/bot/zalo_oa/test_p",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the heavy tests in their full form")


def pytest_configure() -> None:
    environment.work_in_memory()
    gc.disable()  # Until everything is collected.


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The short form of what runs on both engines: a promise on both, everything else on one of them, always the same, by its name.
    A journey goes over two of the doors, chosen likewise. `--long` runs all of it on both, and over every door."""
    if not config.getoption("--long"):
        left_out = [item for item in items if _is_for_the_other_engine(item) or _is_for_another_door(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    # What waits for processes and browsers begins first: at the end one worker would be busy with it, and the others with nothing.
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG_ONES))


def pytest_collection_finish() -> None:
    """What the imports left behind stays until the end: hundreds of houses need not have it looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def shared_statements() -> Iterator[None]:
    """Hundreds of houses ask the same questions: each is put into SQL once per process, not once per house (a sixth of all the time)."""
    of_kind: dict[type[Dialect], LRUCache[Any, Any]] = {}

    def share(connection: Connection) -> None:
        engine = connection.engine
        engine._compiled_cache = of_kind.setdefault(type(engine.dialect), LRUCache(5000))

    with pytest.MonkeyPatch.context() as patch:
        # Statements are kept by dialect: every house's own is taken for the same.
        patch.setattr(default.DefaultDialect, "__hash__", lambda dialect: hash(type(dialect)))
        patch.setattr(default.DefaultDialect, "__eq__", lambda dialect, other: type(dialect) is type(other))
        event.listen(Engine, "engine_connect", share)
        yield
        event.remove(Engine, "engine_connect", share)


def _is_for_the_other_engine(item: pytest.Item) -> bool:
    engine = getattr(item, "callspec", SimpleNamespace(params={})).params.get("database")
    if engine is None or re.search(r"test_p\d|test_migrat", item.name):
        return False
    name = re.sub("sqlite|postgres", "", item.nodeid)
    return bool(engine != ("sqlite", "postgres")[zlib.crc32(name.encode()) % 2])


def _is_for_another_door(item: pytest.Item) -> bool:
    """Whoever is asked for by name (`-k zalo_bot`) is not left out."""
    channel = getattr(item, "callspec", SimpleNamespace(params={})).params.get("resident")
    if channel is None or re.search(r"test_p\d", item.name) or channel in item.config.getoption("keyword", ""):
        return False
    number = zlib.crc32(re.sub("|".join(CHANNELS), "", item.nodeid).encode())
    first, step = number % len(CHANNELS), 1 + number // len(CHANNELS) % (len(CHANNELS) - 1)
    return channel not in (CHANNELS[first], CHANNELS[(first + step) % len(CHANNELS)])


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))


@pytest.fixture(autouse=True)
def roomy_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk of the machine that tests is the world outside: whoever wants it full says so."""
    usage = SimpleNamespace(total=2**40, used=2**38, free=3 * 2**38)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    monkeypatch.setattr(disk, "_MOST_RESERVE", 2**20)  # Hundreds of houses set one aside.


@pytest.fixture(autouse=True)
def cheap_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and passphrases are stretched for a fraction of a second each: in a house, not in hundreds of them."""
    monkeypatch.setattr(custody, "COST", Cost(rounds=1, memory_kib=64, lanes=1))
    monkeypatch.setattr(passwords, "_hasher", _QUICK)
    monkeypatch.setattr(passwords, "_NOBODY", _QUICK.hash(""))


@pytest.fixture(autouse=True)
def hurried_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a house does every five seconds is done ten times as often, so that nobody sits and waits for it."""
    every = Clock.every

    def hurried(clock: Clock, seconds: float, name: str, beat: Beat) -> None:
        every(clock, 0.5 if seconds == 5 or name in ("clocks", "doors", "leaders") else seconds, name, beat)

    monkeypatch.setattr(Clock, "every", hurried)


@pytest.fixture(autouse=True)
def migrated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of houses start on empty folders. Each finds the tables there, as a second start does; how they come to be has tests of
    its own, and every process the crash tests start makes them itself."""

    def upgrade(url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:///") and not path.exists():
            sqlite_database(path.parent)
        upgrade_here(url)

    monkeypatch.setattr("bot.runtime.upgrade_here", upgrade)


def house_settings(data: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, **{"data": data, "port": 0, "duty_phone": DUTY_PHONE, **more})


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with environment.postgres(is_lasting=False) as admin_url:
        yield PostgresServer(admin_url)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[Database]:
    with postgres_server.database() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """An empty database with all tables, on each engine in turn."""
    if request.param == "sqlite":
        return sqlite_database(tmp_path)
    found: Database = request.getfixturevalue("postgres_database")
    return found


@pytest.fixture
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def fake_zalo_bot() -> AsyncIterator[FakeZaloBot]:
    fake = FakeZaloBot()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def fake_zalo_oa() -> AsyncIterator[FakeZaloOA]:
    fake = FakeZaloOA()
    await fake.start()
    yield fake
    await fake.stop()


def zalo_oa_settings(fake: FakeZaloOA, **more: Any) -> dict[str, Any]:
    """An account that was permitted a moment ago."""
    seed = fake.issue()
    return {
        "zalo_oa_app_id": fake.app_id,
        "zalo_oa_app_secret": SecretStr(fake.app_secret),
        "zalo_oa_secret_key": SecretStr(fake.oa_secret),
        "zalo_oa_refresh_token": SecretStr(seed["refresh_token"]),
        "zalo_oa_access_token": SecretStr(seed["access_token"]),
        "zalo_oa_api": fake.address,
        "zalo_oa_oauth": fake.address,
        **more,
    }


@pytest.fixture
async def zalo_house(tmp_path: Path, fake_zalo_oa: FakeZaloOA) -> AsyncIterator[Running]:
    """The web page, and the door of an Official Account."""
    settings = house_settings(tmp_path, **zalo_oa_settings(fake_zalo_oa))
    sqlite_database(settings.data)
    async with running(settings) as house:
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        yield house


@pytest.fixture
async def house(
    tmp_path: Path, fake_telegram: FakeTelegram, fake_zalo_bot: FakeZaloBot, fake_zalo_oa: FakeZaloOA
) -> AsyncIterator[Running]:
    """All doors open: the web page, and the webhooks of Telegram and of both Zalos."""
    settings = house_settings(
        tmp_path,
        telegram_token=SecretStr(fake_telegram.token),
        telegram_api=fake_telegram.address,
        telegram_mode="webhook",
        telegram_secret=SecretStr(SECRET),
        telegram_rate=0,
        zalo_bot_token=SecretStr(fake_zalo_bot.token),
        zalo_bot_api=fake_zalo_bot.address,
        zalo_bot_mode="webhook",
        zalo_bot_secret=SecretStr(SECRET),
        **zalo_oa_settings(fake_zalo_oa),
    )
    sqlite_database(settings.data)
    async with running(settings) as house:
        fake_telegram.webhook_url, fake_telegram.webhook_secret = f"{house.address}/hooks/telegram", SECRET
        fake_zalo_bot.webhook_url, fake_zalo_bot.webhook_secret = f"{house.address}/hooks/zalo-bot", SECRET
        fake_zalo_oa.webhook_url = f"{house.address}/hooks/zalo-oa"
        yield house


@pytest.fixture
async def browser(house: Running) -> AsyncIterator[WebResident]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        resident = WebResident(http, house.address)
        await resident.open_page()
        yield resident


@pytest.fixture(params=CHANNELS)
async def resident(
    request: pytest.FixtureRequest,
    house: Running,
    browser: WebResident,
    fake_telegram: FakeTelegram,
    fake_zalo_bot: FakeZaloBot,
    fake_zalo_oa: FakeZaloOA,
) -> Resident:
    """The same journeys over every door."""
    by_channel: dict[str, Callable[[], Resident]] = {
        "webchat": lambda: browser,
        "telegram": lambda: TelegramResident(fake_telegram.person()),
        "zalo_bot": lambda: ZaloBotResident(fake_zalo_bot.person(), house),
        "zalo_oa": lambda: ZaloResident(fake_zalo_oa.person(), house),
    }
    return by_channel[request.param]()
