"""Complete tips through Telegram's webhook: ours against a classic bot, in one run, as ratios.

    ./keng bench intake [--quick]

A tip is seven updates, one of them a photo of 200 KB; every answer is really sent, and a resident writes on only after the
answer. The driver and the fake Telegram are this process, the bot another; their CPU is shown apart. The clock stops when
every receipt has been read and no photo waits any more.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.factories import heavy_photo
from tests.fakes.telegram import FakeTelegram
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
SECRET = "a-secret-for-the-bench-only"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    system: str
    delay_ms: int
    residents: int
    tips: int
    tips_per_sec: float
    p50_ms: float
    p99_ms: float
    door_p99_ms: float
    cpu_ms_per_tip: float
    driver_cpu_ms_per_tip: float
    peak_mb: float


class Listening(FakeTelegram):
    """The fake, with an ear per chat so that a driver of many residents wakes only the one who is spoken to."""

    def __init__(self) -> None:
        super().__init__()
        self.ears: defaultdict[int, asyncio.Queue[str]] = defaultdict(asyncio.Queue)

    def _speak_as_bot(self, chat_id: int, content: dict[str, Any]) -> dict[str, Any]:
        message = super()._speak_as_bot(chat_id, content)
        self.messages[chat_id].clear()
        self.ears[chat_id].put_nowait(content.get("text", ""))
        return message

    def _note(self, method: str, params: dict[str, Any], status: int) -> None:
        """The driver needs no list of all calls."""


class Driver:
    def __init__(self, fake: Listening, hook: str, http: aiohttp.ClientSession, photo: dict[str, Any]) -> None:
        self._fake, self._hook, self._http, self._photo = fake, hook, http, photo
        self.waits_ms: list[float] = []
        self.door_ms: list[float] = []
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    async def resident(self, chat_id: int, tips: int) -> None:
        self._fake.known.add(chat_id)
        for number in range(tips):
            await self._tip(chat_id, number)

    async def _tip(self, chat_id: int, number: int) -> None:
        await self._press(chat_id, "report")
        await self._until(chat_id, "Có chuyện gì")
        await self._message(chat_id, text=f"Tối nào ở ngõ {number} cũng có đông người ra vào nhà bỏ không, tới khuya")
        await self._until(chat_id, "loại nào")
        await self._press(chat_id, "category:CB")
        await self._until(chat_id, "Chuyện xảy ra ở đâu")
        await self._message(chat_id, photo=[self._photo])
        await self._until(chat_id, "Đã nhận 1 ảnh")
        await self._message(chat_id, location={"latitude": 20.8449, "longitude": 106.6881})
        await self._until(chat_id, "không nêu tên")
        await self._press(chat_id, "send")
        await self._until(chat_id, "hay cầm máy")
        started = time.perf_counter()
        await self._press(chat_id, "safe:shared")
        await self._until(chat_id, "Mã tin")
        self.waits_ms.append((time.perf_counter() - started) * 1000)

    async def _until(self, chat_id: int, words: str) -> None:
        while words not in await self._fake.ears[chat_id].get():
            pass

    async def _message(self, chat_id: int, **content: Any) -> None:
        chat = {"id": chat_id, "type": "private", "first_name": "Lan"}
        who = {"id": chat_id, "is_bot": False, "first_name": "Lan"}
        await self._post({"message": {"message_id": self._fake._next(), "date": int(time.time()), "chat": chat, "from": who, **content}})

    async def _press(self, chat_id: int, data: str) -> None:
        press_id = str(self._fake._next())
        self._fake._presses.add(press_id)
        chat = {"id": chat_id, "type": "private", "first_name": "Lan"}
        message = {"message_id": self._fake._next(), "date": int(time.time()), "chat": chat}
        who = {"id": chat_id, "is_bot": False, "first_name": "Lan"}
        await self._post({"callback_query": {"id": press_id, "from": who, "message": message, "chat_instance": "1", "data": data}})

    async def _post(self, update: dict[str, Any]) -> None:
        started = time.perf_counter()
        body = {"update_id": self._fake._next(), **update}
        async with self._http.post(self._hook, json=body, headers=self._headers) as answer:
            assert answer.status == 200, answer.status
        self.door_ms.append((time.perf_counter() - started) * 1000)


class System:
    """The bot under measurement, in a process of its own."""

    def __init__(self, name: str, fake: FakeTelegram, folder: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KENG_")} | {"PYTHONPATH": str(ROOT)}
        if name in ("keng", "unsealed"):
            command = [sys.executable, "-m", "bot" if name == "keng" else "tests.bench.unsealed", "serve"]
            environment |= {
                "KENG_DATA": str(folder),
                "KENG_PORT": str(self.port),
                "KENG_DUTY_PHONE": "0225 3123 456",
                "KENG_TELEGRAM_TOKEN": fake.token,
                "KENG_TELEGRAM_API": fake.address,
                "KENG_TELEGRAM_MODE": "webhook",
                "KENG_TELEGRAM_SECRET": SECRET,
                "KENG_TELEGRAM_RATE": "0",
            }
        else:
            command = [sys.executable, "-m", "tests.bench.classic", "--api", fake.address, "--token", fake.token, "--port", str(self.port)]
            command += ["--folder", str(folder)]
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)

    def cpu_secs(self) -> float:
        """Of the bot and of the processes it opens pictures in."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sum(_cpu_secs_of(one) for one in [str(pid), *children])

    def memory_mb(self, field: str) -> float:
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024

    async def wait_until_ready(self, http: aiohttp.ClientSession) -> float:
        started = time.perf_counter()
        while time.perf_counter() - started < 30:
            try:
                async with http.get(f"{self.address}/healthz") as answer:
                    if answer.status == 200:
                        return time.perf_counter() - started
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)
        raise RuntimeError("the bot did not start")

    async def wait_until_idle(self, http: aiohttp.ClientSession) -> None:
        """Ours says in /healthz how many photos wait; the classic bot has stored its photo before it answers."""
        while True:
            async with http.get(f"{self.address}/healthz") as answer:
                if not (await answer.json()).get("media_waiting"):
                    return
            await asyncio.sleep(0.02)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()


async def measure(name: str, *, delay_ms: int, residents: int, tips: int) -> Result:
    fake = Listening()
    await fake.start()
    fake.delay_secs = delay_ms / 1000
    photo = {**fake.keep_file(heavy_photo(), "photos/x"), "width": 1280, "height": 960}
    with tempfile.TemporaryDirectory(prefix="keng-bench-") as folder:
        system = System(name, fake, Path(folder))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as http:
            await system.wait_until_ready(http)
            driver = Driver(fake, f"{system.address}/hooks/telegram", http, photo)
            await driver.resident(1_000, 1)  # Warm: first contact, first photo.
            await system.wait_until_idle(http)
            driver.waits_ms.clear()
            driver.door_ms.clear()
            cpu, own, started = system.cpu_secs(), _own_cpu_secs(), time.perf_counter()
            await asyncio.gather(*(driver.resident(2_000 + n, tips) for n in range(residents)))
            await system.wait_until_idle(http)
            secs, many = time.perf_counter() - started, residents * tips
            result = Result(
                name,
                delay_ms,
                residents,
                many,
                many / secs,
                statistics.median(driver.waits_ms),
                _percentile(driver.waits_ms, 99),
                _percentile(driver.door_ms, 99),
                (system.cpu_secs() - cpu) * 1000 / many,
                (_own_cpu_secs() - own) * 1000 / many,
                system.memory_mb("VmHWM"),
            )
        system.stop()
    await fake.stop()
    return result


async def measure_rest() -> dict[str, float]:
    """From the start to the first 200, and the memory of a house that does nothing."""
    fake = FakeTelegram()
    await fake.start()
    starts = []
    with tempfile.TemporaryDirectory(prefix="keng-bench-") as folder:
        for _ in range(3):
            system = System("keng", fake, Path(folder))
            async with aiohttp.ClientSession() as http:
                starts.append(await system.wait_until_ready(http))
                await asyncio.sleep(3)
                memory = system.memory_mb("VmRSS")
            system.stop()
    await fake.stop()
    return {"first_start_secs": starts[0], "later_start_secs": min(starts[1:]), "idle_mb": memory}


def _cpu_secs_of(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _own_cpu_secs() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


async def compare_sealing(pairs: int, *, residents: int) -> None:
    """The same commit with sealing and without it, taking turns, so that a noisy machine is noisy for both."""
    ratios = []
    for _ in range(pairs):
        without, with_it = [await measure(name, delay_ms=0, residents=residents, tips=5) for name in ("unsealed", "keng")]
        ratios.append(with_it.tips_per_sec / without.tips_per_sec)
        cpu = with_it.cpu_ms_per_tip / without.cpu_ms_per_tip
        print(f"{_line(without)}\n{_line(with_it)}\n    sealed / unsealed: {ratios[-1]:.2f}x the tips, {cpu:.2f}x the CPU", flush=True)
    print(f"median of {pairs} pairs: sealing keeps {statistics.median(ratios):.0%} of the tips a second (goal 80 %)")


async def main(arguments: argparse.Namespace) -> None:
    rest = await measure_rest()
    starts = f"{rest['first_start_secs']:.2f} s on an empty folder, {rest['later_start_secs']:.2f} s later"
    print(f"start to first 200: {starts}; idle {rest['idle_mb']:.0f} MB", flush=True)
    print("bot       delay residents  tips   tips/s   p50 ms   p99 ms door p99  CPU/tip   driver  peak MB", flush=True)
    results: list[Result] = []
    for delay_ms in (0, 40):
        for residents in (1, 16, 64):
            if arguments.only and [delay_ms, residents] != arguments.only:
                continue
            for name in ("classic", "keng"):
                few = 2 if name == "classic" and delay_ms else 5
                tips = max(1, (20 if residents == 1 else few) // (2 if arguments.quick else 1))
                result = await measure(name, delay_ms=delay_ms, residents=residents, tips=tips)
                results.append(result)
                print(_line(result), flush=True)
            classic, ours = results[-2:]
            speed, wait = ours.tips_per_sec / classic.tips_per_sec, ours.p99_ms / classic.p99_ms
            cpu = ours.cpu_ms_per_tip / classic.cpu_ms_per_tip
            print(f"    ours / classic: {speed:.1f}x the tips, {wait:.2f}x the p99, {cpu:.2f}x the CPU", flush=True)
    if arguments.json:
        print(json.dumps({"rest": rest, "results": [vars(result) for result in results]}))


def _line(result: Result) -> str:
    figures = (result.tips_per_sec, result.p50_ms, result.p99_ms, result.door_p99_ms, result.cpu_ms_per_tip, result.driver_cpu_ms_per_tip)
    numbers = " ".join(f"{figure:>8.1f}" for figure in figures)
    return f"{result.system:8} {result.delay_ms:>4}ms {result.residents:>9} {result.tips:>5} {numbers} {result.peak_mb:>8.0f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Tips through Telegram's webhook: ours against a classic bot.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=int, nargs=2, metavar=("DELAY_MS", "RESIDENTS"), help="one setting alone")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sealing", type=int, default=0, metavar="PAIRS", help="the house with sealing against itself without, so often")
    parsed = parser.parse_args()
    asyncio.run(compare_sealing(parsed.sealing, residents=16) if parsed.sealing else main(parsed))
