"""Somebody is always awake: a tip that nobody accepts calls the next person, and the next, until somebody presses.

The rungs: the duty officer, the second officer of the shift, the commander on duty, the chief. A rung that nobody stands on, or
whose people could not be reached by any way, counts as unanswered and is left at once. Urgent tips call everybody up to their rung
again every two minutes; ordinary ones call one rung after the other by day, and from 22:00 to 06:00 they wait to be one list for
whoever is on duty then. After days of standstill a tip rings once, on the rung where it would be by now. Only where nobody of all
these can be reached by any way is everybody else called who may accept: an empty roster and a chief's dead phone leave nobody asleep.
When more urgent tips call one person than a chat app lets through, the rest come as one list.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from handlers import access, duty
from handlers.acts import Act, note
from handlers.cards import Card, Kind
from handlers.clocks import NIGHT_ENDS, is_night
from handlers.duty import OnDuty
from handlers.insight import catalogue
from handlers.messages import Ward
from handlers.officers import Mistake
from storage import moments
from storage.queries import doors
from storage.queries import ladder as rows
from storage.queries.ladder import CHIEF_RUNG, LAST_RUNG, Due, Settled

RUNGS = ("duty", "second", "commander", "chief", "others")
URGENT_AGAIN = 2 * moments.MINUTE
HEARD_WITHIN = 90 * moments.SECOND  # A desk asks every few seconds; behind other windows browsers let it ask once a minute.
HEARD_NOTED_EVERY = 15 * moments.SECOND
COMMAND_STUCK = moments.MINUTE
CLOCKS_DIFFER = moments.MINUTE  # Of two machines that beat for one ward.
MOST_CARDS, CARDS_WITHIN = 5, moments.MINUTE  # For urgent tips, to one person: a chat takes about one message a second.
DOOR_PATIENCE = 5 * moments.MINUTE  # Networks come back by themselves.
CARD_STUCK = moments.MINUTE  # A card that no platform has taken by then has reached nobody yet.
Ring = Callable[..., int | None]  # `officer_chats.ring`: the outbox row that carries the card, or None without a linked chat.
_DATA = Path(__file__).parent / "data" / "ladder.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """How long one rung is waited for."""

    kind: str
    minutes: int
    least: int
    most: int


@cache
def defaults() -> tuple[Minutes, ...]:
    return tuple(Minutes(kind=kind, **values) for kind, values in tomllib.loads(_DATA.read_text("utf-8")).items())


def minutes(session: Session, ward_id: int) -> list[Minutes]:
    """The ward's own where it set some."""
    own = rows.own_minutes(session, ward_id)
    return [Minutes(kind=one.kind, minutes=own.get(one.kind, one.minutes), least=one.least, most=one.most) for one in defaults()]


def keep_minutes(session: Session, act: Act, wanted: Mapping[str, int], *, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    for one in minutes(session, act.ward_id):
        amount = wanted.get(one.kind, one.minutes)
        if not one.least <= amount <= one.most:
            raise Mistake("mistake-ladder-minutes")
        if amount != one.minutes:
            row: dict[str, Any] = {"kind": one.kind, "minutes": amount, "officer_id": act.officer_id, "now": act.now}
            rows.keep_minutes(session, act.ward_id, row_id=draw(), **row)
            note(session, act, "ladder_minutes", history_id=draw(), about=one.kind, minutes=amount)


def day_began(now: int) -> int:
    """The last 06:00: then the night's list was due, and a new day's alarm about the roster may be given."""
    here = moments.local(now)
    day = here.date() if here.time() >= NIGHT_ENDS else here.date() - timedelta(days=1)
    return int(datetime.combine(day, NIGHT_ENDS, moments.WARD_ZONE).timestamp() * 1000)


def _morning(now: int) -> int:
    """The 06:00 at which this night ends."""
    return day_began(now + moments.DAY // 3)


def rungs_of(who: OnDuty, restricted: str) -> tuple[tuple[int, ...], ...]:
    """Whom each rung calls. Of a tip that only the chief reads, or the superior body, nobody else hears."""
    if restricted:
        return (who.chiefs if restricted == "chief" else who.keepers, (), (), (), ())
    first = who.chiefs if who.is_empty else _some(who.duty)
    return first, _some(who.second), _some(who.commander), who.chiefs, who.able


def _kind(line: Due) -> str:
    return access.kind_of_row(line.restricted, line.category)


def _some(officer_id: int | None) -> tuple[int, ...]:
    return () if officer_id is None else (officer_id,)


# -- what others call ----------------------------------------------------------------------------------------------------


def begin(session: Session, ward_id: int, tip_id: int, *, is_urgent: bool, now: int) -> None:
    """It has arrived, or has become urgent. A draft or a held tip begins nothing; one that is called for already changes nothing."""
    rows.begin(session, ward_id, tip_id, is_urgent=is_urgent, now=now)


def call_again(session: Session, ward_id: int, tip_id: int, *, now: int) -> None:
    """It was accepted, and is with nobody any more who may read it."""
    rows.call_again(session, ward_id, tip_id, now=now)


def settle(session: Session, tip_id: int, *, now: int, officer_id: int | None = None) -> bool:
    """Somebody has it now, or it is over; whether it was still being called for. By default whoever accepted it is who pressed."""
    return rows.settle(session, tip_id, officer_id=officer_id or rows.accepted_by(session, tip_id), now=now)


def answer(session: Session, act: Act, tip_id: int) -> bool:
    """It was accepted before and has become urgent since: this officer looks after it. What nobody has accepted rings on. False: it
    rings for nobody, or not for this officer."""
    if not access.may_read(session, act.ward_id, act.officer_id, tip_id) or rows.accepted_by(session, tip_id) is None:
        return False
    if not settle(session, tip_id, now=act.now, officer_id=act.officer_id):
        return False
    note(session, act, "alarm_answered", tip_id=tip_id)
    return True


# -- the beat ------------------------------------------------------------------------------------------------------------


def climb(session: Session, ward: Ward, ring: Ring, *, draw: Callable[[], int], now: int, has_command: bool = False) -> None:
    """Everything that is due: what became of the last calls, the next ones, and an empty roster."""
    rows.one_at_a_time(session)
    for one in rows.settled_alarms(session, ward.id, stuck_before=now - COMMAND_STUCK, now=now):
        _left_unreached(session, ward.id, one, now=now)
    who = duty.on_duty(session, ward.id, now)
    round_ = _Round(
        session=session,
        ward=ward,
        ring=ring,
        draw=draw,
        now=now,
        has_command=has_command,
        who=who,
        desks=rows.listening(session, ward.id, since=now - HEARD_WITHIN, now=now),
        step=(step := {one.kind: one.minutes * moments.MINUTE for one in minutes(session, ward.id)}),
    )
    # Nothing is ever put further ahead than so. What is was put there before the machine's clock was set back, and is due.
    urgent, ordinary = now + URGENT_AGAIN, max(now + 2 * step["ladder-ordinary-day"], _morning(now) if is_night(now) else now)
    for line in _still_on(session, rows.due(session, ward.id, is_urgent=True, now=now, latest=urgent + CLOCKS_DIFFER), now):
        round_.call_urgent(line)
    round_.send_lists()
    round_.call_ordinary(_still_on(session, rows.due(session, ward.id, is_urgent=False, now=now, latest=ordinary + CLOCKS_DIFFER), now))
    if who.is_empty and who.chiefs and not rows.was_rung(session, ward.id, "roster", since=day_began(now), until=now):
        round_.call_chiefs(Card(kind="roster"))
    shut = doors.lasting(session, ward.id, before=now - DOOR_PATIENCE)
    told_since = max(day_began(now), *(one.since for one in shut)) if shut else now
    if shut and who.chiefs and not rows.was_rung(session, ward.id, "door", since=told_since, until=now):
        round_.call_chiefs(Card(kind="door"))


def _left_unreached(session: Session, ward_id: int, one: Settled, *, now: int) -> None:
    """An alarm that could not be delivered, and nobody else of its rung was reached: the next rung is called at once. From the chief's
    it goes on only where nobody was reached at all."""
    if one.has_arrived:
        return
    if not rows.has_reached(session, ward_id, one, on_any_rung=True):
        for tip_id in one.tip_ids:
            rows.climb_at_once(session, tip_id, rung=CHIEF_RUNG, now=now)
    if one.rung != CHIEF_RUNG and not rows.has_reached(session, ward_id, one, on_any_rung=False):
        for tip_id in one.tip_ids:
            rows.climb_at_once(session, tip_id, rung=one.rung, now=now)


def end_command(session: Session, ward_id: int, alarm_id: int, *, has_arrived: bool, now: int) -> None:
    """The ward's own program has ended, or could not be run."""
    if ended := rows.end_command(session, ward_id, alarm_id, has_arrived=has_arrived, now=now):
        _left_unreached(session, ward_id, ended, now=now)


def _still_on(session: Session, lines: Iterable[Due], now: int) -> list[Due]:
    going = []
    for line in lines:
        if line.is_over:
            rows.settle(session, line.tip_id, officer_id=None, now=now)
        else:
            going.append(line)
    return going


@dataclass(slots=True, kw_only=True)
class _Round:
    """One beat's calls. Whoever is called twice in it for the same tip is called once."""

    session: Session
    ward: Ward
    ring: Ring
    draw: Callable[[], int]
    now: int
    has_command: bool
    who: OnDuty
    desks: frozenset[int]
    step: Mapping[str, int]
    heard: set[int] = field(default_factory=set)
    cards: dict[int, int] = field(default_factory=dict)  # By officer: for urgent tips, lately and in this beat.
    too_many: dict[int, list[tuple[Card, int]]] = field(default_factory=dict)  # By officer: what goes into a list, and from which rung.
    has_reached: bool = False  # Anybody, by the call that is being made.

    def call_urgent(self, line: Due) -> None:
        step = self.step["ladder-urgent-night" if is_night(self.now) else "ladder-urgent-day"]
        climbed = max(0, self.now - line.since) // step
        rung = self._rung_by_now(line, climbed)
        rungs = rungs_of(self.who, _kind(line))
        if line.owner_id in self.who.able and access.may_read(self.session, self.ward.id, line.owner_id, line.tip_id):
            rungs = ((line.owner_id, *rungs[0]), *rungs[1:])  # On duty or not: it is their tip that has become urgent.
        reached = self._call(self._card(line, "urgent"), rungs, rung, lowest=0)
        since = min(line.since, self.now) if reached == line.rung and not climbed else self.now
        next_at = self.now + URGENT_AGAIN if reached >= CHIEF_RUNG else min(since + step, self.now + URGENT_AGAIN)
        rows.move(self.session, line.tip_id, rung=reached, since=since, next_at=next_at)

    def call_ordinary(self, lines: list[Due]) -> None:
        if is_night(self.now):
            morning = _morning(self.now)
            for line in lines:
                rows.move(self.session, line.tip_id, rung=0, since=morning - 1, next_at=morning)
            return
        step, lists = self.step["ladder-ordinary-day"], dict[tuple[str, int, bool], list[Due]]()
        for line in lines:
            waited_overnight = line.since < day_began(self.now)
            rung = 0 if waited_overnight else self._rung_by_now(line, max(0, self.now - line.since) // step)
            lists.setdefault((_kind(line), rung, waited_overnight), []).append(line)
        for (restricted, rung, waited_overnight), together in lists.items():
            is_list = waited_overnight or len(together) > 1
            card = Card(kind="morning", tips=tuple(line.tip_id for line in together)) if is_list else self._card(together[0], "tip")
            reached = self._call(card, rungs_of(self.who, restricted), rung, lowest=0 if rung >= CHIEF_RUNG else rung)
            next_at = self.now + step
            if reached >= CHIEF_RUNG:  # Whatever nobody has taken comes together, as one list for each step.
                next_at += -next_at % step
            for line in together:
                rows.move(self.session, line.tip_id, rung=reached, since=self.now, next_at=next_at)

    def call_chiefs(self, card: Card) -> None:
        """About no tip: once, and again the next day."""
        self.heard = set()
        self._call_people(card, self.who.chiefs, CHIEF_RUNG, notes_nobody=True)

    def _rung_by_now(self, line: Due, climbed: int) -> int:
        """Time alone climbs to the chief; the last rung is for those whom nobody could be reached instead of."""
        return max(line.rung, min(CHIEF_RUNG, line.rung + climbed))

    def _call(self, card: Card, rungs: tuple[tuple[int, ...], ...], rung: int, *, lowest: int) -> int:
        """Calls up to this rung, and further where nobody on it can be reached; the rung that was reached."""
        self.heard, self.has_reached = set(), False
        reached = False
        for number in range(lowest, rung + 1):
            reached = self._call_people(card, rungs[number], number, notes_nobody=number == rung)
        while not reached and rung < CHIEF_RUNG:
            rung += 1
            reached = self._call_people(card, rungs[rung], rung, notes_nobody=True)
        if not self.has_reached and rung < LAST_RUNG:
            rung = LAST_RUNG
            self._call_people(card, rungs[rung], rung, notes_nobody=True)
        return rung

    def _call_people(self, card: Card, people: tuple[int, ...], rung: int, *, notes_nobody: bool) -> bool:
        fresh = [one for one in people if one not in self.heard]
        self.heard.update(fresh)
        reached = [self._call_one(card, officer_id, rung, notes_nobody=notes_nobody) for officer_id in fresh]
        if notes_nobody and not fresh:
            self._note(card, None, rung, way="none", outcome="unreachable")
        self.has_reached = self.has_reached or any(reached)
        return any(reached)

    def _call_one(self, card: Card, officer_id: int, rung: int, *, notes_nobody: bool) -> bool:
        """By every way there is."""
        reached = False
        waits_since = rows.on_its_way(self.session, self.ward.id, officer_id=officer_id, tip_id=card.tip_id, why=card.kind)
        if waits_since is not None:
            reached = card.kind != "urgent" or abs(self.now - waits_since) < CARD_STUCK
        elif self._goes_into_list(card, officer_id, rung):
            reached = True
        elif (outbox_id := self.ring(self.session, self.ward, officer_id, card, draw=self.draw, now=self.now)) is not None:
            self._note(card, officer_id, rung, way="chat", outcome="waiting", outbox_id=outbox_id)
            reached = True
        if officer_id in self.desks:
            self._note(card, officer_id, rung, way="desk", outcome="sent")
            reached = True
        if self.has_command:
            self._note(card, officer_id, rung, way="command", outcome="waiting")
            reached = True
        if not reached and notes_nobody:
            self._note(card, officer_id, rung, way="none", outcome="unreachable")
        return reached

    def _goes_into_list(self, card: Card, officer_id: int, rung: int) -> bool:
        """A prankster's flood would keep a real one waiting for minutes behind its cards: the rest are one list. Each climbs by itself."""
        if card.kind != "urgent":
            return False
        if officer_id not in self.cards:
            since = self.now - CARDS_WITHIN
            self.cards[officer_id] = rows.cards_lately(self.session, self.ward.id, officer_id=officer_id, since=since, now=self.now)
        if self.cards[officer_id] < MOST_CARDS:
            self.cards[officer_id] += 1
            return False
        if self.ring(self.session, self.ward, officer_id, card, draw=self.draw, now=self.now, only_asks=True) is None:
            return False
        self.too_many.setdefault(officer_id, []).append((card, rung))
        return True

    def send_lists(self) -> None:
        """One to a person, the newest tip first; what a list of before still had to say goes along."""
        for officer_id, called in self.too_many.items():
            waiting = rows.list_waiting(self.session, self.ward.id, officer_id=officer_id)
            tips = {card.tip_id for card, _rung in called if card.tip_id} | waiting.keys()
            card = called[0][0] if len(tips) == 1 else Card(kind="urgents", tips=tuple(sorted(tips, reverse=True)))
            outbox_id = self.ring(self.session, self.ward, officer_id, card, draw=self.draw, now=self.now)
            for one, rung in called:
                self._note(one, officer_id, rung, way="chat", outcome="waiting", outbox_id=outbox_id)
            if outbox_id is None:
                continue  # The chat is gone since it was asked: what was to be in it has failed, and each climbs.
            for older in set(waiting.values()):
                rows.take_into_list(self.session, self.ward.id, officer_id=officer_id, older=older, newer=outbox_id, now=self.now)

    def _note(self, card: Card, officer_id: int | None, rung: int, *, way: str, outcome: str, outbox_id: int | None = None) -> None:
        rows.keep_alarm(
            self.session,
            self.ward.id,
            row_id=self.draw(),
            tip_id=card.tip_id,
            officer_id=officer_id,
            rung=rung,
            why=card.kind,
            way=way,
            tips=card.tips,
            outcome=outcome,
            outbox_id=outbox_id,
            now=self.now,
        )

    def _card(self, line: Due, kind: Kind) -> Card:
        book = self.ward.book
        category = catalogue.merged(catalogue.load(), book.category_changes).get(line.category)
        is_hidden = bool(_kind(line)) or category is None or category.sensitive or category.restricted
        neighbourhood = book.neighbourhood(line.neighbourhood_id)
        return Card(
            kind=kind,
            tip_id=line.tip_id,
            number=line.number,
            tail=line.tail,
            is_urgent=line.is_urgent,
            category="" if is_hidden else line.category,
            neighbourhood=neighbourhood.name if neighbourhood else "",
            left=line.due_at - self.now if line.due_at is not None else None,
        )


# -- an open desk --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """What calls for this officer now."""

    count: int = 0
    urgent: int = 0
    tip_id: int | None = None  # The only one, or the oldest.
    is_roster_empty: bool = False  # Told to chiefs alone.
    is_commander: bool = False  # By the roster, just now.


def ringing(session: Session, ward_id: int, officer_id: int, role: str, now: int) -> Ringing:
    """Until somebody accepts: to have heard it stops nothing."""
    who, sight = duty.on_duty(session, ward_id, now), access.sight_of(ward_id, role, officer_id)
    rung = next((number for number, people in enumerate(rungs_of(who, "")) if officer_id in people), None)
    is_empty, is_commander = who.is_empty and role == "chief", who.commander == officer_id
    if rung is None and officer_id not in who.keepers:
        return Ringing(is_commander=is_commander)
    count, urgent, tip_id = rows.ringing(session, sight, officer_id, rung=rung or 0, is_day=not is_night(now), now=now)
    return Ringing(count=count, urgent=urgent, tip_id=tip_id, is_roster_empty=is_empty, is_commander=is_commander)
