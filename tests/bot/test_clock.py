"""What happens by itself goes on whatever is done to the clock on the wall."""

import asyncio
import time

import pytest
import time_machine

from bot import clock
from bot.clock import Beat, Clock
from storage import moments


async def test_p7_beats_go_on_after_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was a day ahead linked, indexed, forgot and copied nothing until that day had come."""
    monkeypatch.setattr(clock, "LOOK_EVERY_SECS", 0.1)
    beats, beat_again = 0, asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        beat_again.set()

    beating = Clock()
    with time_machine.travel((moments.now() + moments.DAY) / 1000, tick=True):
        beating.every(0.05, "beat", beat)
        beating.start()
        await asyncio.wait_for(beat_again.wait(), 5)
    ahead = beats
    while beats <= ahead + 5:
        beat_again.clear()
        await asyncio.wait_for(beat_again.wait(), 5)
    is_well = beating.is_well
    await beating.stop()
    await asyncio.sleep(0)  # The scheduler ends in the loop's next turn.

    assert is_well and not beating.is_well


async def test_a_beat_goes_on_when_the_machine_stalls_as_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Due again before the library had counted the last one as ended, it was skipped, and with it all that would have come after."""
    beats, beat_again, every = 0, asyncio.Event(), Clock.every

    async def beat() -> None:
        nonlocal beats
        beats += 1
        beat_again.set()

    def stalling(beating: Clock, seconds: float, name: str, beat: Beat) -> None:
        every(beating, seconds, name, beat)
        if beats == 3:
            time.sleep(0.05)

    monkeypatch.setattr(Clock, "every", stalling)
    beating = Clock()
    beating.every(0.01, "beat", beat)
    beating.start()
    while beats < 6:
        beat_again.clear()
        await asyncio.wait_for(beat_again.wait(), 5)
    await beating.stop()
    await asyncio.sleep(0)  # The scheduler ends in the loop's next turn.
