"""What happens by itself goes on whatever is done to the clock on the wall."""

import asyncio

import time_machine

from bot.clock import Clock
from storage import moments


async def test_p7_beats_go_on_after_the_clock_was_set_back() -> None:
    """Each beat sets the next; set a day ahead, it used to be awaited for a day."""
    beats = 0

    async def beat() -> None:
        nonlocal beats
        beats += 1

    clock = Clock()
    with time_machine.travel((moments.now() + moments.DAY) / 1000, tick=True):
        clock.every(0.05, "test", beat)
        clock.start()
        await asyncio.sleep(1.2)
    ahead = beats
    await asyncio.sleep(2)
    is_well = clock.is_well
    await clock.stop()

    assert ahead > 0 and beats > ahead + 5 and is_well
    assert not clock.is_well
