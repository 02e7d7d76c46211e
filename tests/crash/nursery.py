"""A process that has loaded the program and does nothing else: it is forked for each house that a crash test starts, because loading took
two seconds of processor, dozens of times. A house that came so is a process of its own, killed and stopped as any other, and does what
`python -m bot` does with these words and surroundings. With `--long` each is started by its command.
"""

import asyncio
import contextlib
import gc
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


class Grown:
    """A house as a process: what the tests need of asyncio's own."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid, self._writer = pid, writer
        self._ended = asyncio.create_task(self._until_it_ends(reader))

    @property
    def returncode(self) -> int | None:
        return self._ended.result() if self._ended.done() else None

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    async def _until_it_ends(self, reader: asyncio.StreamReader) -> int:
        try:
            return int(await reader.readline())
        finally:
            self._writer.close()


async def grow(place: Path, words: list[str], surroundings: dict[str, str], log: Path) -> Grown:
    reader, writer = await asyncio.open_unix_connection(place)
    writer.write(json.dumps([words, surroundings, str(log)]).encode() + b"\n")
    return Grown(int(await reader.readline()), reader, writer)


@contextlib.contextmanager
def nursery(folder: Path) -> Iterator[Path]:
    """Where houses are asked for."""
    place = folder / "nursery"
    with socket.socket(socket.AF_UNIX) as listens:
        listens.bind(str(place))
        listens.listen()
        command, passed = [sys.executable, "-m", "tests.crash.nursery"], listens.fileno()
        process = subprocess.Popen([*command, str(passed)], cwd=ROOT, pass_fds=[passed], stdin=subprocess.PIPE)
    try:
        yield place
    finally:
        process.communicate()  # At the end of its input it goes.


def _serve(listens: socket.socket) -> None:
    """For each request a process that starts the house, tells its number, waits for it, and tells how it ended."""
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        ready, _, _ = select.select([listens, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        asked, _ = listens.accept()
        if os.fork() == 0:
            listens.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(asked)
            return
        asked.close()


def _reap(*_signal: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _keep(asked: socket.socket) -> None:
    with asked.makefile("r") as lines:
        words, surroundings, log = json.loads(lines.readline())
    pid = os.fork()
    if pid == 0:
        asked.close()
        _be_a_house(words, surroundings, log)
        return
    asked.sendall(b"%d\n" % pid)
    _pid, ended = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):  # Whoever asked may be gone.
        asked.sendall(b"%d\n" % os.waitstatus_to_exitcode(ended))


def _be_a_house(words: list[str], surroundings: dict[str, str], log: str) -> None:
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(written, number)
    os.environ.clear()
    os.environ.update(surroundings)
    gc.enable()
    from bot.command_line import cli
    from storage import ids

    ids._node = secrets.randbits(10)  # Drawn where it is loaded, and every process has its own.
    cli(words, prog_name="keng")


if __name__ == "__main__":
    gc.disable()
    import bot.command_line  # noqa: F401  (so that it is there when a house is asked for)

    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
