"""The real program as its own process, to be killed and started again at the same place."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar

import aiohttp

from tests.crash.nursery import Grown, grow
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent


class House:
    nursery: ClassVar[Path | None] = None  # Where it is asked for; else it is started by its command.

    def __init__(self, data: Path, *, role: str = "all", before: tuple[str, ...] = (), **settings: str) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._role, self._before = role, before  # `before`: a command that runs the house, as strace does.
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KENG_")},
            "KENG_DATA": str(data),
            "KENG_PORT": str(self.port),
            "KENG_DUTY_PHONE": "0225 3123 456",
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        self._log = data / f"house-{role}.log"
        self._process: asyncio.subprocess.Process | Grown | None = None

    async def start(self) -> None:
        await self.start_once()
        async with aiohttp.ClientSession() as http:
            for _ in range(1200):  # A minute: a busy machine starts slowly, and that is not what is measured here.
                try:
                    async with http.get(f"{self.address}/healthz") as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, OSError):
                    await asyncio.sleep(0.05)
        raise AssertionError(f"the house did not start:\n{self._log.read_text()[-2000:]}")

    async def start_once(self) -> None:
        """Without waiting until it stands."""
        if self.nursery is not None and not self._before:
            self._process = await grow(self.nursery, ["serve", "--role", self._role], self.settings, self._log)
            return
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._before,
                sys.executable,
                "-m",
                "bot",
                "serve",
                "--role",
                self._role,
                env=self.settings,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )

    async def start_and_fail(self) -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            env=self.settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=ROOT,
        )
        words, _ = await process.communicate()
        return process.returncode, words.decode()

    async def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> None:
        """However a test ends, nothing of it goes on running."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def stop(self) -> int:
        assert self._process is not None
        os.kill(self._pid(), signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 20)

    def _pid(self) -> int:
        """The house itself, not the command that runs it."""
        assert self._process is not None
        pid = self._process.pid
        if not self._before:
            return pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
