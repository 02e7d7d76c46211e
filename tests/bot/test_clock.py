"""The clock beats on, whatever happens to the hour."""

import asyncio

import pytest
import time_machine

from bot import clock
from bot.clock import Clock
from storage import moments


async def test_a_clock_that_is_set_back_does_not_stop_the_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was a day ahead linked, indexed, forgot and copied nothing until that day had come."""
    monkeypatch.setattr(clock, "LOOK_EVERY_SECS", 0.1)
    beats, beat_again = 0, asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        beat_again.set()

    beating = Clock()
    with time_machine.travel(moments.now() / 1000 + 24 * 3600):
        beating.every(0.05, "beat", beat)
        beating.start()
        await asyncio.wait_for(beat_again.wait(), 5)
    for _ in range(3):
        beat_again.clear()
        await asyncio.wait_for(beat_again.wait(), 5)
    await beating.stop()

    assert beats >= 4
