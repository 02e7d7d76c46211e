"""The log at its most talkative: our events in full, libraries' troubles without a word of theirs."""

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The real set-up, taken back afterwards; what goes to standard error."""
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    logs.set_up("debug")
    yield heard
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)


def test_our_events_speak_in_full(log: io.StringIO) -> None:
    logging.getLogger("keng.inbox").debug("message_handled", extra={"row": 7, "ms": 3})

    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["event"], line["row"], line["ms"]) == ("message_handled", 7, 3)


@pytest.mark.parametrize(
    "name", ["telegram.Bot", "httpx", "aiohttp.access", "sqlalchemy.engine.Engine", "apscheduler", "asyncio", "anything"]
)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL])
def test_libraries_never_quote_anything(log: io.StringIO, name: str, level: int) -> None:
    try:
        raise ValueError("canary in an error")
    except ValueError:
        logging.getLogger(name).log(level, "canary %s", "in arguments", exc_info=True, extra={"more": "canary in extras"})

    assert "canary" not in log.getvalue()


async def test_a_task_that_nobody_waited_for_is_noted_by_its_kind(log: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError("canary in a task")

    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    del task
    await asyncio.sleep(0)

    said = log.getvalue()
    assert "canary" not in said and '"error": "ValueError"' in said


def test_the_end_by_an_error_says_its_kind_and_place_alone() -> None:
    script = "from bot import logs\nlogs.set_up()\nraise ValueError('canary')"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert ended.returncode == 1 and "canary" not in ended.stderr
    assert '"error": "ValueError"' in ended.stderr
