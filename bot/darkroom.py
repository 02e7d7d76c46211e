"""Makes safe copies in processes of their own: started with the first file, ended after a quiet minute.

A worker that dies or thinks too long is replaced, and its file counts as broken. Bytes go in and out through pipes: see
`storage/copy_worker.py` for what is said there.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.covering import Cover
from storage.images import Unsafe

_PATIENCE_SECS = 30
_QUIET_SECS = 60
_MOST_ANSWERED = 128 * 1024 * 1024  # A worker that a stranger's file has taken over must not fill our memory.
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What officers see. Pictures alone have a thumb, a width and a height. `note` is "in_part" where it is not all of it."""

    work: bytes
    thumb: bytes
    width: int
    height: int
    mime: str
    note: str = ""


class Darkroom:
    def __init__(self, *, workers: int = 2) -> None:
        self._free: asyncio.LifoQueue[asyncio.subprocess.Process | None] = asyncio.LifoQueue()
        for _ in range(workers):
            self._free.put_nowait(None)  # A place where a worker may be started.
        self._workers = workers
        self._jobs = 0
        self._closing: asyncio.TimerHandle | None = None

    async def develop(self, content: bytes, kind: str) -> Copies:
        """`kind` as `storage.images.kind_of` names it. Raises Unsafe when there can be no copy."""
        return await self._job(content, {"kind": kind})

    async def cover(self, content: bytes, cover: Cover) -> Copies:
        """A safe copy once more, with parts of it blacked out. Raises Unsafe."""
        return await self._job(content, {"kind": "jpeg", "cover": cover.as_json()})

    async def _job(self, content: bytes, job: dict[str, Any]) -> Copies:
        if self._closing:
            self._closing.cancel()
        worker = await self._free.get()
        self._jobs += 1
        try:
            if worker is None or worker.returncode is not None:
                worker = await _start()
            about, parts = await self._ask(worker, content, job)
        except BaseException:
            await _end(worker)
            worker = None
            raise
        finally:
            self._jobs -= 1
            self._free.put_nowait(worker)
            if not self._jobs:
                self._closing = asyncio.get_running_loop().call_later(_QUIET_SECS, self._rest)
        if "unsafe" in about:
            raise Unsafe(about["unsafe"])
        return Copies(
            work=parts["work"],
            thumb=parts.get("thumb", b""),
            width=about["width"],
            height=about["height"],
            mime=about["mime"],
            note=about.get("note", ""),
        )

    async def _ask(
        self, worker: asyncio.subprocess.Process, content: bytes, job: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        assert worker.stdin is not None and worker.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE_SECS):
                worker.stdin.write(json.dumps({**job, "size": len(content)}).encode() + b"\n")
                worker.stdin.write(content)
                await worker.stdin.drain()
                about: dict[str, Any] = json.loads(await worker.stdout.readline())
                announced = about.get("parts", [])
                if sum(part["size"] for part in announced) > _MOST_ANSWERED:
                    raise Unsafe("broken")
                return about, {part["name"]: await worker.stdout.readexactly(part["size"]) for part in announced}
        except (TimeoutError, ValueError, OSError, EOFError):
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
        "storage.copy_worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},  # No settings, no secrets.
        process_group=0,  # A Ctrl-C in the terminal is ours to hand down; and its FFmpeg ends with it.
    )


async def _end(worker: asyncio.subprocess.Process | None) -> None:
    if worker is None:
        return
    if worker.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
    await worker.wait()
    if worker.stdin is not None:
        worker.stdin.close()
