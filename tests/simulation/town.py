"""The year of `year.py`, with all the rest that happens at a duty desk: each kind of it is a `Part` in a file of its own."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from bot.inbox import found_of
from handlers import clocks, deadlines
from handlers.acts import Act
from handlers.flows.conversation import Facts
from handlers.messages import Incoming, IncomingKind
from handlers.officers import Mistake
from storage import moments, tables
from storage.ids import new_id
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.queries import aftercare
from storage.queries.lanes import InLane
from storage.quick import Quick
from tests.simulation.checker import Account
from tests.simulation.year import HOLIDAYS, WARD, Duty, Event, Happens, Plan, World

KEEPERS = 2
_ORDER = 10**9  # Behind whatever `year.py` lets happen at the same moment.
SHORT = 60  # Days. In what is shorter, whatever may happen happens the first time it can.


@dataclass(frozen=True, slots=True)
class Happening:
    """Something of a day: how long after its midnight, and what; further words of a conversation follow as more of them."""

    after: int
    what: str
    who: int = 0
    kind: IncomingKind = "text"
    text: str = ""


Said = tuple[int, IncomingKind, str]  # How long after the words before, and what.
# What a day brings: its number, its chance, and whether the desk is empty but for the shift.
Day = Callable[[int, random.Random, bool], Iterator[Happening]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    day: Day
    happens: Happens = field(default_factory=dict)
    duties: dict[str, tuple[Duty, ...]] = field(default_factory=dict)
    beats: dict[str, Callable[[Any], int]] = field(default_factory=dict)
    account: Callable[["Town", Session], dict[str, Any]] = lambda _town, _session: {}  # Fields of the account.
    incoming: Callable[[Incoming], Incoming] = lambda incoming: incoming
    shift: Callable[["Plan", list[Event]], list[Event]] = lambda _plan, told: told


def says(after: int, who: int, *said: Said) -> Iterator[Happening]:
    """A conversation: each word with how long after the one before."""
    for wait, kind, text in said:
        after += wait
        yield Happening(after, "says", who, kind, text)


def tip_told(story: str, *buttons: str) -> tuple[Said, ...]:
    """From the first word to the receipt."""
    pressed: list[Said] = [(20 * SECOND, "button", data) for data in buttons]
    end: list[Said] = [(20 * SECOND, "button", data) for data in ("send", "safe:alone", "after-end")]
    return (0, "button", "report"), (SECOND, "text", story), *pressed, *end


@dataclass
class Town(World):
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.keepers = [new_id() for _ in range(KEEPERS)]
        self.slips: dict[int, str] = {}  # Codes that somebody holds on paper, by tip.
        self.ward = replace(self.ward, keepers=KEEPERS, superior="Công an thành phố, số 2 Lê Đại Hành, 0225 3838 383")

    # -- what happens --------------------------------------------------------------------------------------------------------------

    def events(self) -> list[Event]:
        told = [*super().events(), *self._more()]
        for part in self.parts:
            told = part.shift(self.plan, told)
        return sorted(told)

    def _more(self) -> Iterator[Event]:
        order = _ORDER
        end = moments.start_of_day(self.plan.first) + self.plan.days * DAY
        for number in range(self.plan.days):
            midnight = moments.start_of_day(self.plan.first) + number * DAY
            day = moments.local(midnight).date()
            is_holiday = day in HOLIDAYS or day.weekday() >= 5
            for part in self.parts:
                for one in part.day(number, random.Random(f"{self.plan.seed}/{part.name}/{number}"), is_holiday):
                    order += 1
                    if midnight + one.after < end:
                        yield Event(midnight + one.after, order, one.what, one.who, one.kind, one.text)

    def happens(self) -> Happens:
        found = dict(super().happens())
        for part in self.parts:
            found |= part.happens
        return found

    def duties(self, of: str) -> tuple[Duty, ...]:
        return (*(one for part in self.parts for one in part.duties.get(of, ())), *(() if of == "keeper" else super().duties(of)))

    def beats(self) -> dict[str, Callable[[World], int]]:
        found = dict(super().beats())
        for part in self.parts:
            found |= part.beats
        return found

    def comes_to(self, one: Duty) -> bool:
        is_first = self.plan.days < SHORT and not self.done[one.name]
        return self.chance.random() < (max(one.chance, 0.5) if is_first else one.chance)

    def reads(self, officer_id: int) -> tuple[str, ...]:
        return ("fence",) if officer_id in self.keepers else super().reads(officer_id)

    def incoming(self, event: Event) -> Incoming:
        found = super().incoming(event)
        for part in self.parts:
            found = part.incoming(found)
        return found

    # -- what parts need -----------------------------------------------------------------------------------------------------------

    def act(self, officer_id: int) -> Act:
        return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)

    def refuses(self, name: str, key: str, does: Callable[[Session], Any]) -> None:
        """What must not be done, and why the house says that it does not do it."""
        try:
            self.memory.write(does)
        except Mistake as mistake:
            self.done[name] += mistake.key == key
            if mistake.key != key:
                self.refused[f"{name}: {mistake.key}"] += 1
        else:
            self.refused[f"{name}: was done"] += 1

    def on_shift(self) -> int | None:
        """Anybody of the desk who is there."""
        there = [one for one in self.officers[1:] if one not in self.away]
        return self.chance.choice(there) if there else None

    def find(self, where: str) -> list[int]:
        """Tips of which this is so, the oldest first."""
        return self.memory.read(lambda session: [row[0] for row in _tips(where).run(session).fetchall()])

    def pick(self, where: str) -> int | None:
        found = self.find(where)
        return self.chance.choice(found) if found else None

    def stirs(self) -> None:
        """Something was entered by hand: whatever follows by itself follows soon."""
        self.soon(self.now + 5 * SECOND)
        self.soon(self.now + 3 * MINUTE + SECOND)
        self.listen()

    def _facts(self, lane: InLane, state: dict[str, Any], at: int) -> Facts:
        def look_up(code: str) -> Any:
            found = self.memory.read(lambda session: aftercare.tip_of_code(session, self.keyed.hash("code", code)))
            return found_of(found) if found else None

        answers: tuple[str, ...] = ()
        if "wrote_to_chief" in state:
            answers = tuple(self.memory.read(lambda session: aftercare.waiting_answers(session, lane.chat_id, since=at - 30 * DAY)))
        calendar = deadlines.calendar_of(self.ward.book)
        return replace(
            super()._facts(lane, state, at),
            look_up=look_up,
            answers=answers,
            working_days=lambda many: clocks.end_of_working_days(at, many, calendar),
        )

    def _first_rows(self, session: Session) -> None:
        super()._first_rows(session)
        for number, officer_id in enumerate(self.keepers):
            values: dict[str, Any] = {"login": f"cap.tren.{number}", "name": f"Cấp trên {number}", "role": "keeper", "password_hash": ""}
            session.add(tables.Officer(id=officer_id, ward_id=WARD, created_at=0, **values))

    def account(self, session: Session) -> Account:
        more: dict[str, Any] = {}
        for part in self.parts:
            more |= part.account(self, session)
        return replace(super().account(session), keepers=tuple(self.keepers), **more)


@cache
def _tips(where: str) -> Quick:
    return Quick(f"SELECT id FROM tips WHERE ward_id = {WARD} AND arrived_at IS NOT NULL AND {where} ORDER BY arrived_at, id")


def rows_of(session: Session, table: Any, *names: str) -> tuple[dict[str, Any], ...]:
    found = session.execute(select(*(getattr(table, name) for name in names)))
    return tuple(dict(zip(names, row, strict=True)) for row in found)


OPEN = "closed_at IS NULL AND data_key IS NOT NULL"
FIRST_LOOK, LAST_LOOK = 8 * HOUR, 17 * HOUR


def by_day(chance: random.Random) -> int:
    return chance.randrange(FIRST_LOOK, LAST_LOOK)
