"""All that a year of the desk is made of."""

from pathlib import Path

from tests.simulation import apart, brought, post, standstill
from tests.simulation.town import Town
from tests.simulation.year import Plan

PARTS = (brought.PART, apart.PART, post.PART, standstill.PART)
_BESIDE = ("crashed in a transaction", "told of nobody", "takes", "cancels", "copy", "day checked", "day off")


def town(plan: Plan, folder: Path, url: str = "") -> Town:
    return Town(plan, folder, url=url, parts=PARTS)


def never_happened(lived: Town) -> list[str]:
    """Of everything that people do and that happens by itself: what did not come to pass, so that nothing was proved of it."""
    duties = {one.name for of in ("duty", "commander", "chief", "ended", "keeper") for one in lived.duties(of)}
    wanted = duties.union(_BESIDE, lived.beats(), *(part.HAPPENED for part in (brought, apart, post, standstill)))
    return sorted(what for what in wanted if not lived.done[what])
