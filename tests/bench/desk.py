"""How long the desk's pages take, with 10 thousand, 100 thousand and a million tips behind them.

    ./keng bench desk [--sizes 10000,100000] [--only map] [--postgres] [--browser] [--folder FOLDER]

Asked over HTTP of a house that really serves, one page after the other, each again and again with other tips, words and days. Told are
milliseconds in the server: half of the answers and 95 of 100 by the clock on the wall, the same of its processor, which a busy machine
disturbs less, and how much of that the memory took. At the end, how much longer the largest house takes than the smallest.
"""

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import aiohttp
from sqlalchemy.engine import make_url

from admin.navigation import FOLDERS
from bot import offline
from bot.settings import Settings
from bot.unlocking import unlocked, ward_and_keys
from handlers.insight import catalogue
from storage import moments
from storage.memory import Memory
from tests import environment
from tests.bench import first_load
from tests.bench.filling import STORIES, Filling, PostgresStore, SqliteStore, Store, texts
from tests.bench.stories import HOMES, OFFICERS
from tests.databases import PostgresServer, sqlite_database
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
LOGIN, PASSWORD = "do.dac", "mot mat khau dai de do"
GOAL_MS, GOAL_GROWTH = 50.0, 1.5
_WARM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    path: str
    form: dict[str, str] | None = None


Draw = Callable[[int], Ask]  # By the round: the same page with something else in it.


@dataclass(frozen=True, slots=True)
class Cost:
    wall: float
    cpu: float
    memory_wall: float
    memory_cpu: float


@dataclass(frozen=True, slots=True)
class Figures:
    wall_p50: float
    wall_p95: float
    cpu_p50: float
    cpu_p95: float
    memory_cpu_p50: float
    kb: float


# -- what is asked -------------------------------------------------------------------------------------------------------------


def get(path: str, **query: object) -> Ask:
    return Ask(path=f"{path}?{urlencode({name: value for name, value in query.items() if value != ''}, doseq=True)}" if query else path)


def _queue() -> dict[str, Draw]:
    codes = list(catalogue.load())
    asked: dict[str, Draw] = {f"queue {folder}": lambda _turn, slug=slug: get("/admin", ngan=slug) for slug, folder in FOLDERS.items()}  # type: ignore[misc]
    return asked | {
        "queue needs, category": lambda turn: get("/admin", ngan="can-lam", loai=codes[turn % len(codes)]),
        "queue all, category": lambda turn: get("/admin", ngan="tat-ca", loai=codes[turn % len(codes)]),
        "queue all, neighbourhood": lambda turn: get("/admin", ngan="tat-ca", to=HOMES[turn % len(HOMES)]),
        "queue all, channel": lambda turn: get("/admin", ngan="tat-ca", kenh=("telegram", "phone", "vneid")[turn % 3]),
        "queue all, officer": lambda turn: get("/admin", ngan="tat-ca", ai=OFFICERS[turn % len(OFFICERS)]),
        "queue all, nobody's": lambda _turn: get("/admin", ngan="tat-ca", ai=0),
        "queue all, urgent": lambda _turn: get("/admin", ngan="tat-ca", gap=1),
        "queue ended, two filters": lambda turn: get("/admin", ngan="da-xong", loai=codes[turn % len(codes)], to=HOMES[turn % len(HOMES)]),
        "queue all, four filters": lambda turn: get(
            "/admin", ngan="tat-ca", loai=codes[turn % len(codes)], to=HOMES[turn % 18], kenh="telegram", ai=OFFICERS[turn % 12]
        ),
        "queue ended, rare": lambda turn: get("/admin", ngan="da-xong", kenh="vneid", loai=codes[turn % 4], gap=1),
        "queue all, a year ago": lambda turn: get("/admin", ngan="tat-ca", truoc=f"0-{moments.now() - (300 + turn) * moments.DAY}-{2**61}"),
    }


def _search() -> dict[str, Draw]:
    known = texts()
    words = [text.split() for text in known]
    often = [one[0] for one in words[:40]]
    return {
        "search common word": lambda turn: Ask(path="/admin/tim", form={"tim": often[turn % len(often)]}),
        "search two words": lambda turn: Ask(path="/admin/tim", form={"tim": f"{often[turn % 40]} {words[turn][1]}"}),
        "search rare word": lambda turn: Ask(path="/admin/tim", form={"tim": max(words[turn], key=len)}),
        "search phrase": lambda turn: Ask(path="/admin/tim", form={"tim": f'"{" ".join(words[turn][2:6])}"'}),
        "search phone": lambda turn: Ask(path="/admin/tim", form={"tim": words[turn * 5][-1]}),
    }


def _tip(open_ids: list[int], ended_ids: list[int]) -> dict[str, Draw]:
    return {
        "tip open": lambda turn: get(f"/admin/tin/{open_ids[turn % len(open_ids)]}"),
        "tip open, list beside": lambda turn: get(f"/admin/tin/{open_ids[-1 - turn % len(open_ids)]}", ngan="can-lam"),
        "tip ended, list beside": lambda turn: get(f"/admin/tin/{ended_ids[turn % len(ended_ids)]}", ngan="tat-ca"),
    }


def _map(today: date) -> dict[str, Draw]:
    codes = list(catalogue.load())
    years = {"tu": (today - timedelta(days=730)).isoformat(), "den": today.isoformat()}
    asked: dict[str, Draw] = {}
    periods: dict[str, dict[str, Any]] = {"4 weeks": {"ngay": 28}, "3 months": {"ngay": 91}, "a year": {"ngay": 365}, "2 years": years}
    for name, period in periods.items():
        for what, few in {"": 0, ", a category": 1, ", 3 categories": 3, ", 8 categories": 8}.items():
            for part, path in {"page": "/admin/ban-do", "squares": "/admin/ban-do/o"}.items():

                def ask(turn: int, *, path: str = path, few: int = few, period: dict[str, Any] = period) -> Ask:
                    return get(path, **period, loai=[codes[(turn + 2 * number) % len(codes)] for number in range(few)])

                asked[f"map {part}, {name}{what}"] = ask
    for state, word in {"open": "dang-mo", "done": "da-xong"}.items():
        asked[f"map page, a year, {state}"] = lambda _turn, word=word: get("/admin/ban-do", ngay=365, tinh=word)  # type: ignore[misc]
        asked[f"map squares, a year, {state}"] = lambda _turn, word=word: get("/admin/ban-do/o", ngay=365, tinh=word)  # type: ignore[misc]
    asked["map list, neighbourhood"] = lambda turn: get("/admin/ban-do/danh-sach", ngay=365, to=HOMES[turn % 18])
    asked["map list, square"] = lambda turn: get("/admin/ban-do/danh-sach", **years, o=f"f{10_350 + turn % 24}:{55_850 + turn % 20}")
    return asked


def _figures(today: date) -> dict[str, Draw]:
    first = today.replace(day=1)
    earlier = [first - timedelta(days=31 * number) for number in range(2, 14)]
    year = {"tu": f"{today.year - 1}-01-01", "den": f"{today.year - 1}-12-31"}
    asked: dict[str, Draw] = {
        "figures month": lambda turn: get("/admin/so-lieu", ky="thang", nam=earlier[turn % 12].year, so=earlier[turn % 12].month),
        "figures quarter": lambda turn: get("/admin/so-lieu", ky="quy", nam=today.year - 1, so=turn % 4 + 1),
        "figures half a year": lambda turn: get("/admin/so-lieu", ky="6-thang", nam=today.year - 1, so=turn % 2 + 1),
        "figures year": lambda turn: get("/admin/so-lieu", ky="nam", nam=today.year - turn % 2),
        "figures free days": lambda turn: get(
            "/admin/so-lieu", tu=today - timedelta(days=400 + turn), den=today - timedelta(days=3 + turn)
        ),
    }
    for row in ("new", "handled", "carried", "remaining", "transferred-B-late", "category.CB", "hour.7"):
        asked[f"figures list {row}"] = lambda _turn, row=row: get("/admin/so-lieu/danh-sach", hang=row, **year)  # type: ignore[misc]
    return asked


# -- the house -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a house lies."""

    data: Path
    url: str = ""  # Empty: SQLite in the folder.
    admin_url: str = ""

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, data=self.data, database_url=self.url)

    def store(self) -> Store:
        return PostgresStore(self.admin_url) if self.url else SqliteStore(self.data / "keng.db")


async def lay(place: Place, many: int, *, variety: int = STORIES) -> None:
    """The same house is not laid twice in one folder."""
    mark = place.data / "laid"
    if mark.exists() and mark.read_text() == str(many):
        return
    if not place.url:
        sqlite_database(place.data)
    vault, _fresh = unlocked(place.settings)
    memory = Memory(place.settings.where_data_lives(), vault)
    await memory.start()
    ward_id, keys = await ward_and_keys(memory)
    await memory.stop()
    filling = Filling(place.store(), vault, ward_id, keys, now=moments.now(), variety=variety)
    await asyncio.to_thread(filling.fill, many)
    await asyncio.to_thread(offline.add_officer, place.settings, login=LOGIN, role="chief", name="Người đo", password=PASSWORD)
    mark.write_text(str(many))


def cost_of(answer: aiohttp.ClientResponse) -> Cost:
    return Cost(*map(float, answer.headers["X-Cost"].split()))


class House:
    """Served by another process, and somebody who is signed in at it."""

    def __init__(self, http: aiohttp.ClientSession, address: str) -> None:
        self.http, self.address, self.csrf = http, address, ""

    async def sign_in(self) -> None:
        async with self.http.post(f"{self.address}/admin/dang-nhap", data={"login": LOGIN, "password": PASSWORD}) as answer:
            page = await answer.text()
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert found, "signing in did not lead to the desk"
        self.csrf = found[1]

    async def ask(self, ask: Ask) -> tuple[Cost, str]:
        form = None if ask.form is None else {**ask.form, "csrf": self.csrf}
        async with self.http.request("GET" if form is None else "POST", f"{self.address}{ask.path}", data=form) as answer:
            page = await answer.text()
            assert answer.status == 200, f"{ask.path}: {answer.status}"
            return cost_of(answer), page

    async def tips_in(self, folder: str) -> list[int]:
        _cost, page = await self.ask(get("/admin", ngan=folder))
        return [int(number) for number in re.findall(r'href="/admin/tin/(\d+)\?', page)]


def _start(place: Place, port: int, log: IO[str]) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KENG_")} | {
        "PYTHONPATH": str(ROOT),
        "KENG_DATA": str(place.data),
        "KENG_PORT": str(port),
        "KENG_DUTY_PHONE": "0225 3123 456",
        "KENG_DATABASE_URL": place.url,
    }
    command = [sys.executable, "-m", "tests.bench.served", "serve"]
    return subprocess.Popen(command, cwd=place.data, env=environment, stdout=log, stderr=log)


@asynccontextmanager
async def serving(place: Place) -> AsyncIterator[House]:
    port = free_port()
    with (place.data / "log").open("w") as log:
        process = _start(place, port, log)
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                house = House(http, f"http://127.0.0.1:{port}")
                await _until_it_serves(house)
                await house.sign_in()
                yield house
        finally:
            process.terminate()
            process.wait(30)


async def _until_it_serves(house: House) -> None:
    for _ in range(1500):
        try:
            async with house.http.get(f"{house.address}/healthz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.04)
    raise RuntimeError("the house did not start; see its log")


# -- measuring -----------------------------------------------------------------------------------------------------------------


async def questions(house: House) -> dict[str, Draw]:
    today = moments.local(moments.now()).date()
    open_ids, ended_ids = await house.tips_in("can-lam"), await house.tips_in("da-xong")
    return _queue() | _search() | _tip(open_ids, ended_ids) | _map(today) | _figures(today)


async def measure(house: House, *, only: str, each: int) -> dict[str, Figures]:
    asked = {name: draw for name, draw in (await questions(house)).items() if only in name}
    costs: dict[str, list[Cost]] = {name: [] for name in asked}
    sizes: dict[str, int] = {}
    for turn in range(each + _WARM):
        for name, draw in asked.items():
            cost, page = await house.ask(draw(turn))
            sizes[name] = max(len(page), sizes.get(name, 0))
            if turn >= _WARM:  # The first ones warm connections and caches.
                costs[name].append(cost)
    return {name: _figures_of(some, sizes[name]) for name, some in costs.items()}


def _figures_of(costs: list[Cost], size: int) -> Figures:
    wall, cpu = [one.wall for one in costs], [one.cpu for one in costs]
    memory = statistics.median(one.memory_cpu for one in costs)
    return Figures(statistics.median(wall), _p95(wall), statistics.median(cpu), _p95(cpu), memory, size / 1000)


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


async def run(place: Place, many: int, arguments: argparse.Namespace) -> dict[str, Figures]:
    began = time.perf_counter()
    await lay(place, many)
    print(f"\n{many:,} tips, laid in {time.perf_counter() - began:.0f} s", flush=True)
    async with serving(place) as house:
        found = await measure(house, only=arguments.only, each=arguments.each)
        if arguments.browser:
            print(await first_load.told(house.address, login=LOGIN, password=PASSWORD), flush=True)
    print(f"{'page':34} {'p50':>7} {'p95':>7} {'cpu p50':>8} {'cpu p95':>8} {'memory':>7} {'KB':>6}", flush=True)
    for name, one in found.items():
        times = f"{one.wall_p50:>7.1f} {one.wall_p95:>7.1f} {one.cpu_p50:>8.1f} {one.cpu_p95:>8.1f} {one.memory_cpu_p50:>7.1f}"
        print(f"{name:34} {times} {one.kb:>6.0f}{'' if one.wall_p95 < GOAL_MS else '  over the goal'}", flush=True)
    return found


def compare(smallest: dict[str, Figures], largest: dict[str, Figures]) -> None:
    for name in smallest:
        times = [getattr(largest[name], what) / getattr(smallest[name], what) for what in ("wall_p50", "wall_p95", "cpu_p50", "cpu_p95")]
        print(f"{name:34} {' '.join(f'{one:>7.2f}' for one in times)}{'' if times[2] <= GOAL_GROWTH else '  over the goal'}", flush=True)


@contextmanager
def server(is_wanted: bool) -> Iterator[tuple[PostgresServer | None, str]]:
    if not is_wanted:
        yield None, ""
        return
    with environment.postgres() as admin_url:
        yield PostgresServer(admin_url), admin_url


@contextmanager
def place_for(data: Path, postgres: PostgresServer | None, admin_url: str) -> Iterator[Place]:
    data.mkdir(parents=True, exist_ok=True)
    if postgres is None:
        yield Place(data=data)
        return
    with postgres.database() as database:
        name = make_url(database.url).database
        yield Place(data=data, url=database.url, admin_url=make_url(admin_url).set(database=name).render_as_string(hide_password=False))


async def main(arguments: argparse.Namespace) -> None:
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    found: dict[int, dict[str, Figures]] = {}
    with ExitStack() as stack:
        postgres, admin_url = stack.enter_context(server(arguments.postgres))
        kept = "" if arguments.postgres else arguments.folder  # A database of its own goes with its server.
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="keng-bench-")))
        for size in sizes:
            with place_for(folder / str(size), postgres, admin_url) as place:
                found[size] = await run(place, size, arguments)
    if len(sizes) > 1:
        print(f"\n{sizes[-1]:,} tips take so many times as long as {sizes[0]:,}: p50, p95, and the same of the processor", flush=True)
        compare(found[sizes[0]], found[sizes[-1]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The desk's pages, by how many tips stand behind them.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--each", type=int, default=40, help="questions of each kind")
    parser.add_argument("--folder", default="", help="where the houses are laid, and found again; empty: nowhere for long")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL")
    parser.add_argument("--browser", action="store_true", help="the first load in a slowed browser, too")
    asyncio.run(main(parser.parse_args()))
