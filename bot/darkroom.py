"""Makes safe copies in processes of their own: started with the first picture, ended after a quiet minute.

A worker that dies or thinks too long is replaced, and its picture counts as broken.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.images import NoRoom, Unsafe

_PATIENCE_SECS = 30
_QUIET_SECS = 60
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Copies:
    work: bytes
    thumb: bytes
    width: int
    height: int
    mime: str


class Darkroom:
    def __init__(self, *, workers: int = 2) -> None:
        self._free: asyncio.LifoQueue[asyncio.subprocess.Process | None] = asyncio.LifoQueue()
        for _ in range(workers):
            self._free.put_nowait(None)  # A place where a worker may be started.
        self._workers = workers
        self._jobs = 0
        self._closing: asyncio.TimerHandle | None = None

    async def develop(self, content: bytes) -> Copies:
        with tempfile.TemporaryDirectory() as folder:
            path, work, thumb = Path(folder) / "a", Path(folder) / "b", Path(folder) / "c"
            path.write_bytes(content)
            width, height = await self.develop_path(path, work=work, thumb=thumb)
            return Copies(work.read_bytes(), thumb.read_bytes(), width, height, "image/jpeg")

    async def develop_path(self, path: Path, *, work: Path, thumb: Path) -> tuple[int, int]:
        """Width and height as shown. Raises Unsafe for the picture's fault, NoRoom for ours."""
        if self._closing:
            self._closing.cancel()
        worker = await self._free.get()
        self._jobs += 1
        try:
            if worker is None or worker.returncode is not None:
                worker = await _start()
            answer = await self._ask(worker, {"path": str(path), "work": str(work), "thumb": str(thumb)})
        except BaseException:
            await _end(worker)
            worker = None
            raise
        finally:
            self._jobs -= 1
            self._free.put_nowait(worker)
            if not self._jobs:
                self._closing = asyncio.get_running_loop().call_later(_QUIET_SECS, self._rest)
        if "again" in answer:
            raise NoRoom
        if "unsafe" in answer:
            raise Unsafe(answer["unsafe"])
        return answer["width"], answer["height"]

    async def _ask(self, worker: asyncio.subprocess.Process, job: dict[str, str]) -> dict[str, Any]:
        assert worker.stdin is not None and worker.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE_SECS):
                worker.stdin.write(json.dumps(job).encode() + b"\n")
                await worker.stdin.drain()
                line = await worker.stdout.readline()
                answer: dict[str, Any] = json.loads(line)
                return answer
        except (TimeoutError, ValueError, OSError):
            raise Unsafe("broken") from None

    def _rest(self) -> None:
        for _ in range(self._workers):
            with contextlib.suppress(asyncio.QueueEmpty):
                worker = self._free.get_nowait()
                if worker is not None and worker.stdin is not None:
                    worker.stdin.close()  # It ends by itself at the end of its input.
        while self._free.qsize() < self._workers:
            self._free.put_nowait(None)

    async def stop(self) -> None:
        if self._closing:
            self._closing.cancel()
        while not self._free.empty():
            await _end(self._free.get_nowait())


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "storage.image_worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},  # No settings, no secrets.
        process_group=0,  # A Ctrl-C in the terminal is ours to hand down.
    )


async def _end(worker: asyncio.subprocess.Process | None) -> None:
    if worker is None:
        return
    if worker.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
    await worker.wait()
    if worker.stdin is not None:
        worker.stdin.close()
