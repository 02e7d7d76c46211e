"""A warning to ten thousand chats at Telegram's real limits, while residents are in danger and officers work.

    ./keng bench warn [--targets 10000] [--secs 0] [--rate 30] [--postgres]

Three processes: the house (on PostgreSQL two, which share the limits); a fake Telegram that takes 30 messages a second and 20 a minute in
a group and refuses what is more; and this one, which lets the warning go, opens the desk's pages and counts. Meanwhile somebody new tells
the line of danger every second: timed is from the moment Telegram hands their words over until it has the card of danger. Told are how
much of the limit was used, how often Telegram said that it was too much, how long those in danger waited, how long the desk's pages took,
and how much memory the house needed. One target in four is a group, one in two hundred a leader. `--secs` ends it sooner; 0 waits for all.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from sqlmodel import Session

from handlers import officers
from storage import moments
from storage.ids import new_id
from storage.memory import Memory, sqlite_url
from storage.passwords import hash_password
from storage.queries.wards import ward_facts
from storage.unlock import unlock
from tests import environment, strikes
from tests.bench.desk import LOGIN, PASSWORD
from tests.databases import PostgresServer
from tests.fakes.telegram import FakeTelegram
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
TOKEN, SECRET = "42:fake-token-for-tests", "a-secret-for-the-bench-only"
GOAL_SHARE, GOAL_WAIT_MS = 0.95, 1000.0
FIRST_PERSON, FIRST_GROUP, FIRST_IN_DANGER = 5_000_000_000, -1_000_000, 9_000_000_000
PAGES = ("/admin/hang-doi", "/admin", "/admin/cai-dat")


# -- the platform, in a process of its own -----------------------------------------------------------------------------------


class Counting(FakeTelegram):
    """Keeps no words, only when and to whom."""

    def __init__(self, rate: int) -> None:
        super().__init__(TOKEN)
        self.per_sec, self.per_group_minute = rate, 20
        self.went: list[float] = []
        self.by_chat: dict[int, int] = {}
        self.asked: dict[int, float] = {}
        self.waits: list[float] = []
        self.known = Everybody()  # type: ignore[assignment]

    def _speak_as_bot(self, chat_id: int, content: dict[str, Any]) -> dict[str, Any]:
        now = time.monotonic()
        self.went.append(now)
        self.heard.clear()
        if chat_id in self.asked:
            self.waits.append((now - self.asked.pop(chat_id)) * 1000)
        if chat_id < FIRST_IN_DANGER:
            self.by_chat[chat_id] = self.by_chat.get(chat_id, 0) + 1
        answer = super()._speak_as_bot(chat_id, content)
        self.messages[chat_id].clear()
        return answer

    async def told(self, _request: web.Request) -> web.Response:
        began, now = (self.went[0], self.went[-1]) if self.went else (0.0, 0.0)
        body = {"many": len(self.went), "secs": now - began, "too_many": self.too_many, "waits": self.waits}
        return web.json_response(body | {"doubled": sum(many > 1 for many in self.by_chat.values()), "chats": len(self.by_chat)})

    async def in_danger(self, request: web.Request) -> web.Response:
        person = self.person("Ai đó", user_id=FIRST_IN_DANGER + int(request.query["n"]))
        self.asked[person.id] = time.monotonic()
        await person.say("Cứu với, chồng tôi đang cầm dao đánh tôi")
        return web.Response()


class Everybody:
    """Whoever is written to has begun a talk before."""

    def __contains__(self, _chat: int) -> bool:
        return True

    def add(self, _chat: int) -> None:
        """They are known already."""


async def be_the_platform(rate: int, webhook: str) -> None:
    fake = Counting(rate)
    await fake.start()
    fake.webhook_url, fake.webhook_secret = webhook, SECRET
    app = web.Application()
    app.add_routes([web.get("/told", fake.told), web.post("/danger", fake.in_danger)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"api": fake.address, "ears": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()


@contextlib.contextmanager
def _platform(rate: int, webhook: str) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "tests.bench.warn", "--platform", "--rate", str(rate), "--webhook", webhook]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


# -- the house ---------------------------------------------------------------------------------------------------------------


class House:
    def __init__(self, folder: Path, platform: dict[str, str], *, port: int, rate: int, role: str, database_url: str) -> None:
        self.address, self.data = f"http://127.0.0.1:{port}", folder
        given = {
            "KENG_DATA": str(folder),
            "KENG_PORT": str(port),
            "KENG_DUTY_PHONE": "0225 3123 456",
            "KENG_TELEGRAM_TOKEN": TOKEN,
            "KENG_TELEGRAM_API": platform["api"],
            "KENG_TELEGRAM_MODE": "webhook",
            "KENG_TELEGRAM_SECRET": SECRET,
            "KENG_TELEGRAM_RATE": str(rate),
            **({"KENG_DATABASE_URL": database_url} if database_url else {}),
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("KENG_")}
        self._log = (folder / f"log-{role}-{port}").open("w")
        command = [sys.executable, "-m", "bot", "serve", "--role", role]
        self.process = subprocess.Popen(command, cwd=ROOT, env=kept | given | {"PYTHONPATH": str(ROOT)}, stdout=self._log, stderr=self._log)

    async def stands(self, http: aiohttp.ClientSession) -> None:
        for _ in range(1200):
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(f"{self.address}/healthz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
        raise RuntimeError(self.log)

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text()[-2000:]

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._log.close()


@dataclass(frozen=True)
class Result:
    targets: int
    rate: int
    many: int  # Messages that went, answers to residents among them.
    secs: float
    too_many: int
    doubled: int
    chats: int
    megabytes: tuple[float, float]  # Before, and at the most.
    waits_ms: list[float] = field(default_factory=list)
    pages_ms: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        return (self.many - 1) / self.secs / self.rate if self.secs and self.rate else 0.0


async def lay(memory: Memory, targets: int) -> strikes.People:
    people = await strikes.lay_people(memory, await memory.read(lambda session: ward_facts(session).id))
    officer_id, history_id = new_id(), new_id()
    account: dict[str, Any] = {
        "login": LOGIN,
        "name": "Đo",
        "role": "chief",
        "password_hash": hash_password(PASSWORD),
        "by": "command line",
    }
    await memory.write(
        lambda session: officers.add_officer(
            session, people.ward_id, officer_id=officer_id, history_id=history_id, now=moments.now(), **account
        )
    )

    def some(session: Session, start: int) -> None:
        for number in range(start, min(start + 200, targets)):
            if number % 200 == 0:
                strikes.add_leader(session, people.ward_id, ("telegram", str(FIRST_PERSON + number)))
            elif number % 4 == 0:
                strikes.add_group(session, people, str(FIRST_GROUP - number))
            else:
                strikes.add_subscriber(session, people.ward_id, str(FIRST_PERSON + number))

    for start in range(0, targets, 200):
        await memory.write(lambda session, start=start: some(session, start))  # type: ignore[misc]
    return people


async def measure(folder: Path, *, targets: int, rate: int, secs: float = 0, database_url: str = "") -> Result:
    port = free_port()
    with _platform(rate, f"http://127.0.0.1:{port}/hooks/telegram") as platform:
        roles = ("all",) if not database_url else ("all", "worker")
        ports = (port, free_port())
        houses: list[House] = []
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                for role, own in zip(roles, ports, strict=False):
                    houses.append(House(folder, platform, port=own, rate=rate, role=role, database_url=database_url))
                    await houses[-1].stands(http)
                url = database_url or sqlite_url(folder / "keng.db")
                memory = Memory(url, unlock(url, given="", given_file="", data=folder)[0])
                await memory.start()
                people = await lay(memory, targets)
                async with http.post(f"{houses[0].address}/admin/dang-nhap", data={"login": LOGIN, "password": PASSWORD}) as answer:
                    assert answer.status == 200
                result = await _measured(memory, people, houses, platform["ears"], http, targets=targets, rate=rate, secs=secs)
                await memory.stop()
                return result
        finally:
            for house in houses:
                house.stop()


async def _measured(
    memory: Memory,
    people: strikes.People,
    houses: list[House],
    ears: str,
    http: aiohttp.ClientSession,
    *,
    targets: int,
    rate: int,
    secs: float,
) -> Result:
    before, most, pages_ms, in_danger = sum(house.megabytes() for house in houses), 0.0, list[float](), 0
    warning_id = await strikes.strike(memory, people)
    deadline = time.monotonic() + (secs or targets / max(rate, 100) * 20 + targets / (rate or 100) * 1.5 + 60)
    while time.monotonic() < deadline and await strikes.state_of(memory, warning_id) in ("released", "sending"):
        await asyncio.sleep(1)
        in_danger += 1
        async with http.post(f"{ears}/danger", params={"n": str(in_danger)}):
            pass
        began = time.perf_counter()
        async with http.get(f"{houses[0].address}{PAGES[in_danger % len(PAGES)]}") as answer:
            await answer.read()
        pages_ms.append((time.perf_counter() - began) * 1000)
        most = max(most, sum(house.megabytes() for house in houses))
    async with http.get(f"{ears}/told") as answer:
        told = await answer.json()
    return Result(
        targets=targets,
        rate=rate,
        many=told["many"],
        secs=told["secs"],
        too_many=told["too_many"],
        doubled=told["doubled"],
        chats=told["chats"],
        megabytes=(before, most),
        waits_ms=told["waits"],
        pages_ms=pages_ms,
    )


def report(result: Result) -> None:
    print(f"{result.chats} of {result.targets} chats, {result.many} messages in {result.secs:.0f} s, {result.doubled} chats twice")
    print(f"{result.many / max(result.secs, 1):.1f} a second, {result.share:.1%} of the limit; {result.too_many} times too many")
    print(f"in danger   {_spread(result.waits_ms)}")
    print(f"the desk    {_spread(result.pages_ms)}")
    print(f"memory      {result.megabytes[0]:.0f} MB before, {result.megabytes[1]:.0f} MB at most")


def _spread(values: list[float]) -> str:
    if not values:
        return "nothing"
    ordered = sorted(values)
    high = ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]
    return f"{statistics.median(values):.0f} ms half, {high:.0f} ms 99 of 100, {max(values):.0f} ms at most ({len(values)})"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--targets", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--secs", type=float, default=0)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--platform", action="store_true")
    parser.add_argument("--webhook", default="")
    given = parser.parse_args()
    if given.platform:
        asyncio.run(be_the_platform(given.rate, given.webhook))
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        database_url = ""
        if given.postgres:
            database_url = stack.enter_context(PostgresServer(stack.enter_context(environment.postgres())).database()).url
        asked: dict[str, Any] = {"targets": given.targets, "rate": given.rate, "secs": given.secs, "database_url": database_url}
        result = asyncio.run(measure(Path(folder), **asked))
    report(result)
    is_well = result.share >= GOAL_SHARE and not result.too_many and max(result.waits_ms, default=0) < GOAL_WAIT_MS
    raise SystemExit(0 if is_well and not result.doubled else 1)


if __name__ == "__main__":
    main()
