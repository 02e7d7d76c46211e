"""Days on which the program is off: nothing beats, nobody can press anything, and platforms keep what was said for a day."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from handlers import duty
from storage import moments, tables
from storage.ids import new_id
from storage.moments import DAY, HOUR
from tests.simulation.town import SHORT, Happening, Part, Town, by_day, rows_of
from tests.simulation.year import WARD, Event, Plan

KEPT_FOR = DAY  # By the platforms.
# From which day and hour on, and for how many hours.
_SHORT = ((8, 21, 37),)
_LONG = ((25, 21, 37), (101, 3, 76), (160, 14, 9), (230, 11, 9 * 24), (300, 23, 50))


def gaps(plan: Plan) -> tuple[tuple[int, int], ...]:
    first = moments.start_of_day(plan.first)
    found = _SHORT if plan.days < SHORT else _LONG
    told = ((first + day * DAY + hour * HOUR, first + day * DAY + (hour + long) * HOUR) for day, hour, long in found)
    return tuple((start, end) for start, end in told if end < first + plan.days * DAY)


def _stand_still(plan: Plan, told: list[Event]) -> list[Event]:
    """What was said in the last day before the program runs again comes then, in its order; of the rest nobody ever hears."""
    for start, end in gaps(plan):
        told = [*_through(told, start, end), Event(start, -1, "stops"), Event(end, -1, "runs again")]
    return told


def _through(told: Iterable[Event], start: int, end: int) -> Iterator[Event]:
    waiting = 0
    for event in sorted(told):
        if not start <= event.at < end:
            yield event
        elif event.what == "says" and event.at >= end - KEPT_FOR:
            waiting += 1
            yield replace(event, at=end + waiting * 10)


def _stops(town: Town, _event: Event) -> None:
    town.later.clear()
    town.pressing.clear()
    town.rings_at, town.is_doomed = None, False


def _runs_again(town: Town, _event: Event) -> None:
    town.come_back()
    town.done["stood still"] += 1


# -- hand-overs that fail ------------------------------------------------------------------------------------------------------------


def _day(number: int, chance: random.Random, _is_holiday: bool) -> Iterator[Happening]:
    if number % 40 == 6:
        yield Happening(0, "cancels", 1)
    if number % 3 == 1:
        yield Happening(by_day(chance), "takes what has moved")
    if number % 4 == 2:
        yield Happening(by_day(chance), "takes from who has gone")


def _takes_what_has_moved(town: Town, _event: Event) -> None:
    """From a page that was left open: the shift on it is over, or in other hands."""
    officer_id = town.on_shift()
    former = town.memory.read(lambda session: session.execute(_ENDED, {"now": town.now}).scalar())
    if officer_id is None or former is None:
        return
    act, told = town.act(officer_id), {"shift_id": former, "is_there": True, "why": "", "hand_over_id": new_id()}
    if not town.memory.read(lambda session: duty.hands(session, WARD, officer_id, town.now).is_mine):
        town.refuses("moved shift not taken", "mistake-shift-moved", lambda session: duty.take(session, act, **told))


def _takes_from_who_has_gone(town: Town, _event: Event) -> None:
    """Whoever has the desk does not come to hand it over: a word why is asked for, and nothing else stands in the way."""
    officer_id = town.on_shift()
    if officer_id is None:
        return
    found = town.memory.read(lambda session: duty.hands(session, WARD, officer_id, town.now))
    if found.shift is None or found.holder in (None, officer_id):
        return
    told: dict[str, Any] = {"shift_id": found.shift.id, "is_there": False, "hand_over_id": new_id()}
    why = duty.WHY_TAKEN[town.done["taken over"] % len(duty.WHY_TAKEN)]
    silent, act = town.act(officer_id), town.act(officer_id)
    town.refuses("not taken without a word", "mistake-shift-why", lambda session: duty.take(session, silent, why="", **told))
    town.attempt("taken over", lambda session: duty.take(session, act, why=why, **told))


_ENDED = text("SELECT id FROM shifts WHERE ends_at < :now ORDER BY ends_at DESC LIMIT 1")


def _account(town: Town, session: Session) -> dict[str, Any]:
    return {
        "gaps": gaps(town.plan),
        "hand_overs": rows_of(session, tables.HandOver, "from_officer", "to_officer", "how", "at", "open_tips"),
    }


PART = Part(
    name="standstill",
    day=_day,
    shift=_stand_still,
    happens={
        "stops": _stops,
        "runs again": _runs_again,
        "takes what has moved": _takes_what_has_moved,
        "takes from who has gone": _takes_from_who_has_gone,
    },
    account=_account,
)
HAPPENED = ("stood still", "moved shift not taken", "not taken without a word", "taken over")
