"""Lets months happen within seconds: a clock that is moved, one thread, and lives that take turns.

A life is a generator: it does something, yields how long it waits, and goes on when that is over. What it does goes through the same
functions as at the doors and the desk; only the wire is missing. Nothing of it waits for the disk: a demo that breaks off is made anew.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlmodel import Session

from bot.demo import ward as places
from handlers import access, deadlines, duty, figures, ladder, officer_chats, tip_clocks, urgent
from handlers.acts import Act
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.memory import sqlite_engine
from storage.moments import DAY, HOUR, MINUTE
from storage.queries import chain, doors, finding, lanes, ward_book
from storage.queries.devices import DeviceHere
from storage.quick import Quick, raw_of
from storage.vault import Vault

T = TypeVar("T")
_WAITING = Quick("SELECT DISTINCT chat_id FROM outbox WHERE status = 'waiting'")
Life = Iterator[int]
_KEPT_EVERY = 200  # Writes in one commit.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int
    months: int
    tips: int
    now: int

    @property
    def starts_at(self) -> int:
        first = moments.local(self.now - self.months * 30 * DAY).date()
        return moments.start_of_day(first)


class OneThread:
    """The memory without its threads and without its patience with the disk: nobody else is there."""

    def __init__(self, url: str, vault: Vault) -> None:
        self._engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1)
        raw = self._engine.raw_connection()
        raw.execute("PRAGMA synchronous=OFF")
        raw.close()
        self._session = Session(self._engine, expire_on_commit=False, info={"vault": vault})
        self._writes = 0

    def write(self, fn: Callable[[Session], T]) -> T:
        """As `storage/memory.py` does it: a savepoint for each, one commit for many."""
        raw = raw_of(self._session)
        raw.execute("SAVEPOINT one")
        try:
            done = fn(self._session)
            self._session.flush()
        except BaseException:
            raw.execute("ROLLBACK TO one")
            raise
        finally:
            self._session.expunge_all()
            raw.execute("RELEASE one")
        self._writes += 1
        if self._writes % _KEPT_EVERY == 0:
            self.commit()
        return done

    def read(self, fn: Callable[[Session], T]) -> T:
        done = fn(self._session)
        self._session.expunge_all()
        return done

    def commit(self) -> None:
        self._session.commit()
        self._session.info.pop("raw", None)

    def stop(self) -> None:
        self.commit()
        self._session.close()
        self._engine.dispose()


class Town:
    def __init__(self, plan: Plan, memory: OneThread, store: MediaStore, *, ward_id: int, keyed: Keyed) -> None:
        self.plan, self.memory, self.store, self.keyed = plan, memory, store, keyed
        self.ward = Ward(
            id=ward_id,
            name=places.NAME,
            duty_phone=places.DUTY_PHONE,
            address=places.ADDRESS,
            superior=places.SUPERIOR,
            is_demo=True,
        )
        self.now = plan.starts_at
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.ids: dict[str, int] = {}  # Officers, by login.
        self.computers: tuple[DeviceHere, ...] = ()  # Of the shift.
        self.codes: list[str] = []  # On slips that were handed out: to try /tra-cuu with.
        self._lives: list[tuple[int, int, Life]] = []
        self._order = 0

    # -- time ------------------------------------------------------------------------------------------------------------------

    def chance(self, what: str) -> random.Random:
        """Each life its own, so that one thing more in one changes nothing in the others."""
        return random.Random(f"{self.plan.seed}/{what}")

    def begin(self, at: int, life: Life) -> None:
        self._order += 1
        heapq.heappush(self._lives, (at, self._order, life))

    def live(self) -> None:
        """Until now; what would come later does not happen."""
        while self._lives and self._lives[0][0] <= self.plan.now:
            at, order, life = heapq.heappop(self._lives)
            self.now = max(self.now, at)
            wait = next(life, None)
            if wait is not None:
                heapq.heappush(self._lives, (self.now + wait, order, life))
        self.now = self.plan.now

    def until_office(self, at: int, chance: random.Random) -> int:
        """From now until then, or until somebody sits at their desk again."""
        when = moments.local(at)
        while when.weekday() >= 5 or not 8 <= when.hour < 17:
            at = moments.start_of_day(when.date()) + (0 if when.hour < 8 and when.weekday() < 5 else DAY) + 8 * HOUR
            at += chance.randrange(90 * MINUTE)
            when = moments.local(at)
        return max(at - self.now, MINUTE)

    # -- acts ------------------------------------------------------------------------------------------------------------------

    def act(self, officer_id: int) -> Act:
        return Act(ward_id=self.ward.id, officer_id=officer_id, history_id=new_id(), now=self.now)

    def attempt(self, name: str, does: Callable[[Session], Any]) -> bool:
        """What the house does not let happen now does not happen; it is counted."""
        try:
            self.memory.write(does)
        except Mistake as mistake:
            self.refused[f"{name}: {mistake.key}"] += 1
            return False
        self.done[name] += 1
        return True

    def on_duty(self) -> duty.OnDuty:
        return self.memory.read(lambda session: duty.on_duty(session, self.ward.id, self.now))

    def duty_id(self) -> int:
        return self.on_duty().duty or self.ids["hai.dang"]

    def commander_id(self) -> int:
        return self.on_duty().commander or self.ids["hai.dang"]

    def kind(self, tip_id: int) -> str:
        """Who alone reads it: fence, chief, or nothing."""
        return self.memory.read(lambda session: access.kind(session, self.ward.id, tip_id))

    def read_book(self, **more: Any) -> None:
        book = self.memory.read(lambda session: WardBook.from_rows(ward_book.load(session, self.ward.id)))
        self.ward = replace(self.ward, book=book, **more)

    # -- what happens by itself --------------------------------------------------------------------------------------------------

    def beat(self) -> None:
        ward, now = self.ward, self.now

        def write(session: Session) -> None:
            ladder.climb(session, ward, officer_chats.ring, draw=new_id, now=now)
            tip_clocks.hurry(session, ward.book, ward.id, draw=new_id, now=now)
            tip_clocks.start_missing(session, ward.book, ward.id, draw=new_id, now=now)
            deadlines.warn(session, ward.id, draw=new_id, now=now)
            urgent.tell_who_waits(session, ward, draw=new_id, now=now)

        self.memory.write(write)
        self.deliver()

    def soon(self, *after: int) -> None:
        def life(wait: int) -> Life:
            yield wait
            self.beat()

        for wait in after:
            self.begin(self.now, life(wait))

    def deliver(self) -> None:
        """Whatever waits to be sent has come to whom it was meant for."""
        for chat_id in self.memory.read(lambda session: [row[0] for row in _WAITING.run(session).fetchall()]):
            self.memory.write(self._sends(chat_id))

    def _sends(self, chat_id: int) -> Callable[[Session], None]:
        def write(session: Session) -> None:
            lane = lanes.claim_out(session, chat_id, token="demo", now=self.now)
            rows = lane.rows if lane else ()
            while lane and rows:
                *_, (_is_ours, rows) = [
                    lanes.settle(session, lane, row.id, outcome="sent", reason=None, is_last=row is rows[-1], now=self.now) for row in rows
                ]

        return write

    # -- at the end --------------------------------------------------------------------------------------------------------------

    @contextmanager
    def finished(self) -> Iterator[None]:
        """History linked, words indexed, figures counted, signs of life: what a house does beside its work."""
        yield
        while self.memory.write(lambda session: chain.link_new(session, self.ward.id, everything=True)):
            continue
        while ready := self.memory.read(lambda session: finding.tokenise_some(session, self.ward.id)):
            self.memory.write(lambda session, ready=ready: finding.index(session, self.ward.id, ready, now=self.now))  # type: ignore[misc]
        while self.memory.read(lambda session: figures.is_behind(session, self.ward.id)):
            self.memory.write(lambda session: figures.catch_up(session, self.ward.id))
        moments_ago = {"webchat": self.now - 4 * MINUTE, "telegram": self.now - 7 * MINUTE}
        signs = {channel: doors.NewSign(came=at, went=at) for channel, at in moments_ago.items()}
        ids = {channel: (new_id(), new_id()) for channel in signs}
        self.memory.write(lambda session: doors.keep_signs(session, self.ward.id, signs, ids=ids))
