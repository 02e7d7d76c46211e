"""A ward's year on a moved clock, from a seed: 34,432 people, eighteen neighbourhoods, and a house that crashes every day.

`events` tells what happens, as plain values; `World` lets it happen to a real memory through the functions that doors and desk use:
no sockets, no real clock, no waiting. What the desk does stands in `DUTIES` and the tables behind it, what happens by itself in `BEATS`;
whoever builds more rules adds a line there. At the end `World.account` hands everything to the second checker.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.inbox import as_payload, found_of, from_payload
from handlers import (
    acceptance,
    assignment,
    books,
    categorising,
    clocks,
    deadlines,
    dispatch,
    duty,
    exchange,
    ladder,
    lifecycle,
    officers,
    router,
    steps,
    tip_clocks,
    tips,
    urgent,
)
from handlers.acts import Act
from handlers.cards import Card
from handlers.dispatch import FORCES, Who
from handlers.flows.conversation import ADDITION_WITHIN, Facts, Found
from handlers.forgetting import expire_draft
from handlers.messages import Incoming, IncomingKind, Ward
from handlers.officers import Mistake
from handlers.outgoing import reply_row
from handlers.ward_book import WardBook
from storage import codes, moments, tables
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import postgres_engine, sqlite_engine
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.queries import aftercare, chain, lanes, retention, ward_book
from storage.queries import assignment as assigned
from storage.queries import books as book_rows
from storage.queries import steps as step_rows
from storage.queries.aftercare import Asked
from storage.queries.duty import Crew, Pattern
from storage.queries.lanes import InLane, NewMessage
from storage.queries.officers import officers_of
from storage.quick import Quick, raw_of
from tests.databases import known_vault, sqlite_database
from tests.sights import all_of
from tests.simulation.checker import Account, Line, Look
from tests.steps import FORMS

T = TypeVar("T")
WARD, PEOPLE, HOMES, OFFICERS = 1, 34_432, 18, 9
ME = "year"
REASON = "Theo phân công của chỉ huy"
SHIFTS = ((6, 14, 24), (14, 22, 24), (22, 30, 40))  # First and last hour, and every how many minutes somebody looks at the desk.
# Days off of two years, Tết among them: then few ask and few are there.
HOLIDAYS = frozenset(
    {
        date(2026, 8, 31),
        *(date(2026, 9, day) for day in (1, 2)),
        date(2026, 11, 24),
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in (4, 5, 8, 9, 10)),
        date(2027, 4, 16),
        date(2027, 4, 30),
        date(2027, 5, 3),
        *(date(2027, 9, day) for day in (2, 3)),
        date(2027, 11, 24),
    }
)
WORKED = frozenset({date(2026, 8, 22)})  # For the Monday before the day of independence.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    seed: int
    first: date
    days: int
    talks: float  # Conversations that begin on an ordinary day.

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.days} days from {self.first}, about {self.talks:.0f} conversations a day"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    at: int
    order: int
    what: str  # One of _HAPPENS.
    who: int = 0
    kind: IncomingKind = "text"
    text: str = ""


# -- what people say -----------------------------------------------------------------------------------------------------------

QUESTIONS = ("căn cước", "đăng ký tạm trú", "giấy xác nhận cư trú", "mất giấy tờ xe", "đăng ký xe", "lý lịch tư pháp", "giờ làm việc")
CHATTER = ("alo", "chào ad", "cảm ơn nhé", "ok", "😀", "test thử xem sao", "có ai không ạ", "hôm nay trời đẹp quá", "dạ")
STORIES = (
    "Xe máy dựng trước nhà bị mất đêm qua",
    "Nhà bên cạnh mở loa to tới nửa đêm",
    "Có nhóm thanh niên hay tụ tập đánh bạc ăn tiền ở cuối ngõ",
    "Người lạ gọi điện xưng công an, hỏi số tài khoản",
    "Quán cà phê góc đường có người bán thứ bột trắng",
    "Xe tải đậu chắn lối vào ngõ mỗi tối",
    "Chủ nợ tạt sơn vào cửa nhà chị hàng xóm",
    "Điện thoại bị giật ở gần chợ lúc chiều",
    "Có người đổ rác công nghiệp xuống mương",
)
CRIES = ("cứu với nó cầm dao chém người", "cháy nhà rồi, có người mắc kẹt", "có đánh nhau to, một người chảy máu nhiều")
MORE = ("Tôi vừa nhớ ra biển số xe có số 29", "Lúc đó khoảng chín giờ tối", "Có camera nhà số 12 quay được")
# Of a hundred conversations: most are questions and chatter.
_KINDS = {"question": 52, "chatter": 26, "tip": 15, "half": 4, "danger": 2, "cut": 1}


def events(plan: Plan) -> list[Event]:
    """All that comes from outside, in the order of time."""
    order = itertools.count()
    found = [event for number in range(plan.days) for event in _day(plan, number, order)]
    end = moments.start_of_day(plan.first + timedelta(days=plan.days))
    return sorted(event for event in found if event.at < end)


def _day(plan: Plan, number: int, order: "itertools.count[int]") -> Iterator[Event]:
    chance, day = random.Random(f"{plan.seed}/{number}"), plan.first + timedelta(days=number)
    midnight = moments.start_of_day(day)
    weight = 0.35 if day in HOLIDAYS else 0.7 if day.weekday() >= 5 else 1.0
    for _ in range(max(1, round(chance.gauss(plan.talks * weight, plan.talks / 6)))):
        at, who = midnight + round(min(max(chance.gauss(15.5, 5), 0), 23.5) * HOUR) + chance.randrange(MINUTE), chance.randrange(PEOPLE)
        for wait, kind, text in _talk(chance.choices([*_KINDS], [*_KINDS.values()])[0], chance):
            at += wait
            yield Event(at, next(order), "says", who, kind, text)
    # A desk is looked at often by day, now and then at night, and on some shifts by nobody; some of those stand on no roster either.
    for shift, (first, last, every) in enumerate(SHIFTS):
        if chance.random() < 0.05:
            if chance.random() < 0.5:
                yield Event(midnight, next(order), "cancels", shift)
            continue
        officer = on_shift(number, shift) if chance.random() < 0.9 else chance.randrange(1, OFFICERS)
        yield Event(midnight + first * HOUR + chance.randrange(20 * MINUTE), next(order), "takes", officer)
        for minute in range(first * 60, last * 60, every):
            yield Event(midnight + minute * MINUTE + chance.randrange(5 * MINUTE), next(order), "desk", officer)
        for hour in (first + 2, first + 6):
            yield Event(midnight + hour * HOUR + chance.randrange(HOUR), next(order), "commander")
    if day not in HOLIDAYS and day.weekday() < 5:
        yield Event(midnight + 8 * HOUR + chance.randrange(HOUR), next(order), "chief")
    for hour in range(0, 24, 3):
        yield Event(midnight + hour * HOUR, next(order), "beat")
    if number % 7 == 3:
        yield Event(midnight + 10 * HOUR, next(order), "day off")
    yield Event(midnight + chance.randrange(DAY), next(order), "crash")
    if number % 10 == 5:
        yield Event(midnight + 9 * HOUR, next(order), "leaves", chance.randrange(1, OFFICERS))
    if number % 10 == 9:
        yield Event(midnight + 9 * HOUR, next(order), "comes back")
    yield Event(midnight + DAY - 1, next(order), "midnight")


def on_shift(number: int, shift: int) -> int:
    """Whom the roster names."""
    return (number * 3 + shift) % (OFFICERS - 1) + 1


def _talk(what: str, chance: random.Random) -> Iterator[tuple[int, IncomingKind, str]]:
    """Each with how long after the one before."""
    soon = chance.randrange(5 * SECOND, 50 * SECOND)
    if what == "question":
        yield 0, "text", "hỏi thủ tục"
        yield soon, "text", chance.choice(QUESTIONS)
    elif what == "chatter":
        yield 0, *chance.choice((("sticker", ""), *(("text", words) for words in CHATTER)))  # type: ignore[misc]
    elif what == "cut":
        yield 0, "text", "cắt liên lạc"
        yield soon, "button", "cut-yes"
    elif what == "danger":
        yield 0, "button", "report"
        yield SECOND, "text", chance.choice(CRIES)
        if chance.random() < 0.5:
            yield 20 * SECOND, "button", "danger-send"
    else:
        yield 0, "button", "report"
        yield SECOND, "text", chance.choice(STORIES)
        if what == "tip":
            yield from _sent(soon, chance)


def _sent(soon: int, chance: random.Random) -> Iterator[tuple[int, IncomingKind, str]]:
    if chance.random() < 0.7:
        yield soon, "text", f"Tổ {chance.randrange(1, HOMES + 1)}"
    yield soon, "button", "send"
    yield soon, "button", f"safe:{chance.choice(('alone', 'alone', 'alone', 'shared'))}"
    yield soon, "button", "after-end"
    if chance.random() < 0.2:
        yield chance.randrange(MINUTE, 10 * HOUR), "text", chance.choice(MORE)
    if chance.random() < 0.3:
        yield chance.randrange(HOUR, 4 * DAY), "text", "xem"
    elif chance.random() < 0.2:  # What had ended, or was in good hands, is a matter of minutes all of a sudden.
        yield chance.randrange(MINUTE, 25 * MINUTE), "text", chance.choice(CRIES)


# -- the house -------------------------------------------------------------------------------------------------------------------


class Crash(Exception):
    """The process is gone in the middle of a transaction."""


class OneThread:
    """The memory without its threads: a year is a hundred thousand transactions, and nobody else waits for them.

    What a disk must promise is looked at elsewhere (P1), so nothing is forced to it here.
    """

    def __init__(self, url: str) -> None:
        self._is_sqlite = url.startswith("sqlite")
        if self._is_sqlite:
            self._engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1)
        else:
            self._engine = postgres_engine(url, connections=1)
        self.open()

    def open(self) -> None:
        if self._is_sqlite:
            raw = self._engine.raw_connection()
            raw.execute("PRAGMA synchronous=OFF")
            raw.close()
        self._session = Session(self._engine, expire_on_commit=False, info={"vault": known_vault()})
        self._raw = raw_of(self._session)

    def write(self, fn: Callable[[Session], T]) -> T:
        """As the writer of `storage/memory.py` does it: a savepoint for each, and one commit for many."""
        self._raw.execute("SAVEPOINT one")
        try:
            done = fn(self._session)
            self._session.flush()
        except BaseException:
            self._raw.execute("ROLLBACK TO one")
            raise
        finally:
            self._session.expunge_all()  # Each sees the rows, and nothing that another one remembered.
            self._raw.execute("RELEASE one")
        return done

    def read(self, fn: Callable[[Session], T]) -> T:
        done = fn(self._session)
        self._session.expunge_all()
        return done

    def stop(self) -> None:
        self._session.commit()
        self._session.close()
        self._engine.dispose()


@dataclass(frozen=True, slots=True)
class Open:
    """An open tip, as the desk's list shows it."""

    id: int
    state: str
    arrived_at: int
    accepted_at: int | None
    handler_id: int | None
    is_urgent: bool
    dispatched_at: int | None
    left_at: int | None
    there_at: int | None
    track: str
    is_approved: bool
    is_reported: bool
    kind: str
    is_called_for: bool
    closed_at: int | None
    owes_file: bool
    kind_of_reader: str  # "fence", "chief" or nothing, as the row says it.


Does = Callable[["World", Session, Act, Open], None]


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing an officer does with a tip when they look at the desk: how often, for which, and how."""

    name: str
    chance: float
    wants: Callable[[Open], bool]
    does: Does
    after: int = 0  # How long a tip must have been over.


@dataclass
class World:
    plan: Plan
    folder: Path
    url: str = ""  # Of a database with all tables; empty: a fresh one in the folder.
    now: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    looks: list[Look] = field(default_factory=list)
    ward: Ward = field(default_factory=lambda: Ward(id=WARD, name="Hồng Bàng", duty_phone="0225 3123 456"))

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.plan.seed}/desk")
        self.keyed = Keyed(bytes(32))
        self.homes = [new_id() for _ in range(HOMES)]
        self.officers = [new_id() for _ in range(OFFICERS)]
        self.away: set[int] = set()
        self.later: list[tuple[int, int, str]] = []  # What this process meant to do by itself; a crash forgets it.
        self.messages = 0
        self.is_doomed = False
        self.pressing: list[tuple[int, int, int]] = []  # When, who, and for which tip.
        self.rings_at: int | None = None  # When the ladder is due next.
        self.pigeon = new_id()  # The row of an outbox that was sent: what became of a card that arrived.
        self.memory = OneThread(self.url or sqlite_database(self.folder).url)

    def live(self) -> Account:
        """The whole of it, and what there is to say of it at the end. The memory stays open for who wants to look further."""
        self.now = moments.start_of_day(self.plan.first)
        self.write(self._first_rows)
        self.write(self.plan_shifts)
        self.read_book()
        happens = self.happens()
        for event in self.events():
            self.wait(event.at - self.now)  # A talk of some steps may have gone on beyond it.
            happens[event.what](self, event)
        self._link()
        return self.memory.read(self.account)

    def events(self) -> list[Event]:
        return events(self.plan)

    def happens(self) -> "Happens":
        return _HAPPENS

    def duties(self, of: str) -> tuple["Duty", ...]:
        return TABLES[of]

    def beats(self) -> dict[str, Callable[["World"], int]]:
        return BEATS | RING_BEATS

    # -- transactions ----------------------------------------------------------------------------------------------------------

    def write(self, fn: Callable[[Session], T]) -> T:
        """Whatever was doomed goes down with the process in the midst of it, and is done again by the next."""
        if self.is_doomed:
            self.is_doomed = False

            def dies(session: Session) -> None:
                fn(session)
                raise Crash

            try:
                self.memory.write(dies)
            except Crash:
                self.done["crashed in a transaction"] += 1
            self.come_back()
        return self.memory.write(fn)

    def come_back(self) -> None:
        """Nothing of the process is left but what stands in the memory."""
        self.memory.stop()
        self.later.clear()
        self.memory.open()
        self.done["crashed"] += 1
        self.look()
        self.write(self.plan_shifts)
        self.rings_at = self.now + BEAT
        for minute in range(5):
            self.soon(self.now + (minute + 1) * MINUTE)

    def soon(self, at: int) -> None:
        heapq.heappush(self.later, (at, len(self.later), "beat"))

    def wait(self, long: int) -> None:
        """Somebody takes this long for their next step; the ward goes on meanwhile."""
        until = self.now + long
        self._until(until)
        self.now = max(self.now, until)

    def _until(self, until: int) -> None:
        """What happens by itself before the next thing happens from outside."""
        while True:
            rings_at = until + 1 if self.rings_at is None else self.rings_at
            at = min(rings_at, *(heap[0][0] for heap in (self.later, self.pressing) if heap), until + 1)
            if at > until:
                return
            self.now = max(self.now, at)
            if at == rings_at:
                self.ring_beat()
            elif self.later and at == self.later[0][0]:
                heapq.heappop(self.later)
                self.beat()
            else:
                _at, officer_id, tip_id = heapq.heappop(self.pressing)
                self.press(officer_id, tip_id)

    def press(self, officer_id: int, tip_id: int) -> None:
        """ "Nhận" under a card: at the desk or not, the first who presses has it."""
        tip = next((one for one in self.memory.read(open_tips) if one.id == tip_id), None)
        if tip is not None and tip.is_called_for and officer_id not in self.away:
            self.do(_ANSWER if tip.accepted_at is not None else _ACCEPT, officer_id, tip)
            self.done["pressed"] += 1

    def ring_beat(self) -> None:
        """What beats every few seconds: who is called, and clocks that ought to run."""
        for name, does in RING_BEATS.items():
            self.done[name] += does(self)
        self.listen()

    def listen(self) -> None:
        """When the ladder has something to do next; it looks every few seconds."""
        next_at = self.memory.read(next_call)
        self.rings_at = None if next_at is None else max(next_at, self.now + BEAT)

    def beat(self) -> None:
        for name, does in self.beats().items():
            self.done[name] += does(self)
        self.listen()

    def ring(
        self, session: Session, _ward: Ward, officer_id: int, card: Card, *, draw: Callable[[], int], now: int, only_asks: bool = False
    ) -> int | None:
        """The wire to officers' phones: some have no chat linked, some cards are lost on their way, and some are answered at once."""
        if only_asks:
            return 0
        luck = self.chance.random()
        if luck > 0.95 and card.kind in ("tip", "urgent") and card.tip_id is not None:
            heapq.heappush(self.pressing, (now + self.chance.randrange(10, 90) * SECOND, officer_id, card.tip_id))
        return None if luck < 0.1 else draw() if luck < 0.25 else self.pigeon

    # -- residents ---------------------------------------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        self.messages += 1
        incoming = self.incoming(event)
        address, number = str(event.who), self.messages
        ids = new_id(), new_id()
        message = NewMessage(
            ward_id=WARD,
            channel="telegram",
            address=address,
            chat_hash=self.keyed.hash("chat", address),
            message_hash=self.keyed.hash("message", str(number)),
            platform_order=number,
            payload=as_payload(incoming),
            payload_with_names=as_payload(incoming),
            inbox_id=ids[0],
            chat_id_if_new=ids[1],
            now=self.now,
        )
        _chat_id, lane = self.write(lambda session: lanes.store_message(session, message, holder=ME))
        if lane is None:
            self.sweep()
        else:
            self.answer(lane)

    def incoming(self, event: Event) -> Incoming:
        return Incoming(kind=event.kind, source=f"m{self.messages}", text=event.text, sent_at=event.at)

    def sweep(self) -> int:
        """What waits in lanes whose holder is gone."""
        waiting = self.memory.read(lambda session: lanes.chats_with_waiting_messages(session, now=self.now))
        for chat_id in waiting:
            lane = self.write(lambda session, chat_id=chat_id: lanes.claim_in(session, chat_id, holder=ME, now=self.now))  # type: ignore[misc]
            if lane is not None:
                self.answer(lane)
        return len(waiting)

    def answer(self, lane: InLane) -> None:
        state = lane.state
        for row in lane.rows:
            reason = row.payload.removeprefix("silence:")
            is_silence = reason != row.payload
            incoming = Incoming(kind="idle", source="", text=reason) if is_silence else from_payload(row.payload)
            if incoming.kind == "button":
                incoming = Incoming(kind="button", source=incoming.source, text=incoming.text, serial=state.get("serial", 0), under="1")
            facts = self._facts(lane, state, row.arrived_at)
            decision = router.decide(state, incoming, facts)
            where = tips.Where(ward_id=WARD, chat_id=lane.chat_id, channel=lane.channel, now=row.arrived_at)
            outgoing = [reply_row(one, row_id=new_id(), ward_id=WARD, chat_id=lane.chat_id, now=self.now) for one in decision.replies]

            def commit(
                session: Session,
                row_id: int = row.id,
                where: tips.Where = where,
                decision: Any = decision,
                outgoing: Any = outgoing,
                heard: int | None = None if is_silence else self.now,
            ) -> None:
                lanes.keep_state(
                    session,
                    lane,
                    holder=ME,
                    state=decision.state,
                    language=decision.language,
                    row_id=row_id,
                    is_last=row_id == lane.rows[-1].id,
                    now=self.now,
                    out_token="",
                    wake=(decision.wake.at, decision.wake.reason) if decision.wake else None,
                    heard_at=heard,
                )
                tips.apply(session, where, decision.changes)
                if outgoing:
                    lanes.queue_replies(session, outgoing, ring=lane.ring)

            self.write(commit)
            state = decision.state
            if decision.wake:
                self.soon(decision.wake.at + SECOND)
            if any(change.what in ("send", "danger") for change in decision.changes):
                self.soon(self.now + BEAT)  # Nobody is called for what is held, and its clock runs all the same.
                self.soon(self.now + 3 * MINUTE + SECOND)
                self.listen()

    def _facts(self, lane: InLane, state: dict[str, Any], at: int) -> Facts:
        mine: tuple[Found, ...] = ()
        asked: Asked | None = None
        if "last_tip" in state:
            mine, asked = self.memory.read(
                lambda session: (
                    tuple(found_of(one) for one in aftercare.tips_of_chat(session, lane.chat_id)),
                    aftercare.asked_in_chat(session, lane.chat_id, since=at - ADDITION_WITHIN),
                )
            )
        return Facts(
            ward=self.ward,
            channel=lane.channel,
            now=at,
            fresh_id=new_id,
            fresh_code=codes.new_code,
            hash=self.keyed.hash,
            look_up=lambda _code: None,
            mine=mine,
            asked=asked,
            said_in=None,
            blocked_until=lane.blocked_until,
            working_days=lambda many: clocks.end_of_working_days(at, many),
        )

    # -- officers ------------------------------------------------------------------------------------------------------------------

    def desk(self, event: Event) -> None:
        """Whoever has this shift looks at what is open, and does a little of it. An account that is closed signs nobody in."""
        officer_id = self.officers[event.who]
        if officer_id in self.away:
            return
        self.look_through(officer_id, self.duties("duty"))

    def look_through(self, officer_id: int, duties: tuple[Duty, ...], *, but_own: bool = False) -> None:
        """`but_own`: what they proposed themselves is somebody else's to approve."""
        for tip in self.memory.read(open_tips):
            if tip.kind_of_reader not in self.reads(officer_id):
                continue
            if but_own and tip.track and not tip.is_approved and self.proposed(officer_id, tip):
                continue
            for one in duties:
                if one.wants(tip) and self.comes_to(one):
                    self.do(one, officer_id, tip)
                    break

    def reads(self, officer_id: int) -> tuple[str, ...]:
        return ("", "chief") if officer_id == self.officers[0] else ("",)

    def comes_to(self, one: Duty) -> bool:
        return self.chance.random() < one.chance

    def proposed(self, officer_id: int, tip: Open) -> bool:
        return self.memory.read(lambda session: step_rows.proposed_by(session, tip.id)) == f"officer:{officer_id}"

    def commander(self, _event: Event) -> None:
        """Whoever commands by the roster approves what has been sorted, and signs what leaves the house."""
        found = self.memory.read(lambda session: duty.on_duty(session, WARD, self.now).commander)
        if found is not None:
            self.look_through(found, self.duties("commander"), but_own=True)

    def takes(self, event: Event) -> None:
        """ "Vào ca": planned or not, handed over or because the other has gone."""
        officer_id = self.officers[event.who]
        if officer_id in self.away:
            return
        found = self.memory.read(lambda session: duty.hands(session, WARD, officer_id, self.now))
        if found.shift is None:
            return
        act = Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)
        told: dict[str, Any] = {"shift_id": found.shift.id, "is_there": self.chance.random() < 0.8, "why": "gone", "hand_over_id": new_id()}
        self.write(lambda session: duty.take(session, act, **told))
        self.done["takes"] += 1

    def cancels(self, event: Event) -> None:
        """The chief takes a shift off the roster, and names nobody else for it."""
        starts_at = self.now + SHIFTS[event.who][0] * HOUR
        query = select(col(tables.Shift.id)).where(col(tables.Shift.starts_at) == starts_at, col(tables.Shift.cancelled_at).is_(None))
        for shift_id in self.memory.read(lambda session: list(session.execute(query).scalars())):
            act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
            self.write(lambda session, act=act, shift_id=shift_id: duty.cancel_shift(session, act, shift_id))  # type: ignore[misc]
            self.done["cancels"] += 1

    def day_off(self, _event: Event) -> None:
        """The ward sets one itself, once: the very day on which something would have been over."""
        if self.done["day off"] or (ends := self.memory.read(lambda session: _LAST_END.run(session, now=self.now).fetchone()[0])) is None:
            return
        act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
        values: dict[str, Any] = {"day": moments.local(ends).date().isoformat(), "name": "Nghỉ bù", "is_off": True, "row_id": new_id()}
        self.write(lambda session: deadlines.keep_day(session, act, **values))
        self.read_book()
        self.done["day off"] += 1

    def plan_shifts(self, session: Session) -> int:
        return duty.plan(session, WARD, draw=new_id, now=self.now)

    def read_book(self) -> None:
        book = self.memory.read(lambda session: WardBook.from_rows(ward_book.load(session, WARD)))
        self.ward = replace(self.ward, book=book)

    def do(self, one: Duty, officer_id: int, tip: Open) -> None:
        act = Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)
        self.attempt(one.name, lambda session: one.does(self, session, act, tip))

    def attempt(self, name: str, does: Callable[[Session], Any]) -> None:
        try:
            self.write(does)
            self.done[name] += 1
        except Mistake as mistake:
            self.refused[f"{name}: {mistake.key}"] += 1

    def chief(self, _event: Event) -> None:
        """Whatever stands on the list without an owner is given to somebody; what only the chief decides is decided; now and then an
        ended tip is opened again, and what has lain long enough goes to the archive."""
        chief_id = self.officers[0]
        nobodys = self.memory.read(
            lambda session: {one.tip_id for one in assigned.unheld(session, all_of(WARD), but=(), now=self.now) if one.handler_id is None}
        )
        for tip in self.memory.read(open_tips):
            if tip.id in nobodys:
                self.do(_ASSIGN, chief_id, tip)
        self.look_through(chief_id, self.duties("chief") + self.duties("commander"))
        self.look_back(chief_id, self.duties("ended"))

    def look_back(self, officer_id: int, duties: tuple[Duty, ...]) -> None:
        for tip in self.memory.read(ended_tips):
            if tip.kind_of_reader not in self.reads(officer_id):
                continue
            for one in duties:
                if one.wants(tip) and self.now - (tip.closed_at or 0) > one.after and self.comes_to(one):
                    self.do(one, officer_id, tip)
                    break

    def leaves(self, event: Event) -> None:
        officer_id, history_id = self.officers[event.who], new_id()
        self.write(
            lambda session: officers.close_account(
                session, WARD, officer_id=officer_id, by=self.officers[0], why="away", history_id=history_id, now=self.now
            )
        )
        self.away.add(officer_id)
        self.look()

    def comes_back(self, _event: Event) -> None:
        for officer_id in sorted(self.away):
            history_id = new_id()
            self.write(
                lambda session, officer_id=officer_id, history_id=history_id: officers.reopen_account(  # type: ignore[misc]
                    session, WARD, officer_id=officer_id, by=self.officers[0], history_id=history_id, now=self.now
                )
            )
        self.away.clear()

    # -- by itself and by accident ----------------------------------------------------------------------------------------------------

    def on_beat(self, _event: Event) -> None:
        self.beat()

    def crash(self, _event: Event) -> None:
        """Half of them strike within the next transaction, the others between two."""
        if self.chance.random() < 0.5:
            self.is_doomed = True
        else:
            self.come_back()

    def midnight(self, _event: Event) -> None:
        """The books are copied to paper, and counted."""
        officer_id = self.officers[1 + self.chance.randrange(OFFICERS - 1)]
        if officer_id not in self.away:
            for entry in self.memory.read(lambda session: book_rows.to_copy(session, all_of(WARD), most=500)):
                act = Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)
                self.attempt("copy", lambda session, act=act, entry=entry: _copy(session, act, entry))  # type: ignore[misc]
            act = Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)
            counted = self.memory.read(lambda session: book_rows.count_day(session, WARD))
            self.attempt("day checked", lambda session: books.check_day(session, act, counted, row_id=act.history_id))
        self._link()
        self.look()

    def _link(self) -> None:
        while self.memory.write(lambda session: chain.link_new(session, WARD)) == 100:
            pass

    def look(self) -> None:
        self.looks.append(self.memory.read(lambda session: look(session, self.now)))

    # -- the beginning and the end -------------------------------------------------------------------------------------------------------

    def _first_rows(self, session: Session) -> None:
        session.add(tables.Ward(id=WARD, name=self.ward.name, duty_phone=self.ward.duty_phone, created_at=0))
        session.flush()
        for number, officer_id in enumerate(self.officers):
            role = "duty" if number else "chief"
            values: dict[str, Any] = {"login": f"can.bo.{number}", "name": f"Cán bộ {number}", "role": role, "password_hash": ""}
            session.add(tables.Officer(id=officer_id, ward_id=WARD, created_at=0, **values))
        for number, home_id in enumerate(self.homes, 1):
            session.add(tables.Neighbourhood(id=home_id, ward_id=WARD, position=number, name=f"Tổ {number}"))
        chat_id = new_id()
        session.add(tables.Chat(id=chat_id, ward_id=WARD, channel="telegram", created_at=0, last_in_at=0))
        session.flush()
        session.add(tables.OutboxRow(id=self.pigeon, ward_id=WARD, chat_id=chat_id, kind="card", status="sent", created_at=0, settled_at=0))
        for shift, (first, last, _every) in enumerate(SHIFTS):
            for number in range(OFFICERS - 1):
                act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
                duty.add_pattern(session, act, self._pattern(shift, number, first * 60, (last - first) * 60), draw=new_id)
        for number, home_id in enumerate(self.homes):
            act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
            officer_id = self.officers[number % (OFFICERS - 1) + 1]
            assignment.name_responsible(session, act, home_id, officer_id, row_id=new_id())

    def _pattern(self, shift: int, number: int, starts: int, minutes: int) -> Pattern:
        """Every eighth day the same people; at night one is enough."""
        who = on_shift(number, shift)
        duty_id, second_id, commander_id = (self.officers[(who + more - 1) % (OFFICERS - 1) + 1] for more in (0, 3, 5))
        crew = Crew(duty_id=duty_id, second_id=None if shift == 2 else second_id, commander_id=commander_id)
        first_day = (self.plan.first + timedelta(days=number)).isoformat()
        told: dict[str, Any] = {"starts": starts, "minutes": minutes, "weekdays": "", "every": OFFICERS - 1, "last_day": ""}
        return Pattern(id=new_id(), name=f"Ca {shift + 1}", first_day=first_day, crew=crew, **told)

    def account(self, session: Session) -> Account:
        wanted = ("id", "state", "arrived_at", "accepted_at", "closed_at", "handler_id", "due_at", "dispatched_at", "left_at", "there_at")
        receipts = select(func.count()).select_from(tables.OutboxRow).where(col(tables.OutboxRow.kind) == "receipt")
        return Account(
            lines=tuple(lines_of(session)),
            looks=tuple(self.looks),
            tips=tuple(_rows(session, tables.Tip, *wanted)),
            entries=tuple(_rows(session, tables.BookEntry, "id", "tip_id", "book", "year", "number")),
            notices=tuple(_rows(session, tables.Notice, "tip_id", "kind", "created_at")),
            receipts=session.execute(receipts).scalar_one(),
            alarms=tuple(_rows(session, tables.Alarm, "tip_id", "tips", "officer_id", "rung", "why", "way", "at")),
            shifts=tuple(_rows(session, tables.Shift, *_OF_SHIFTS)),
            chief=self.officers[0],
            officers=frozenset(self.officers),
            days_off=HOLIDAYS,
            days_worked=WORKED,
            ends_at=self.now,
        )


_OF_SHIFTS = ("id", "starts_at", "ends_at", "duty_id", "second_id", "commander_id", "cancelled_at")


def look(session: Session, now: int) -> Look:
    def count(*where: Any) -> int:
        return int(
            session.execute(
                select(func.count()).select_from(tables.Tip).where(col(tables.Tip.arrived_at).is_not(None), *where)
            ).scalar_one()
        )

    return Look(
        at=now,
        lines=int(session.execute(select(func.count()).select_from(tables.HistoryRow)).scalar_one()),
        arrived=count(),
        entered=count(col(tables.Tip.entered_at).is_not(None)),
        waiting=count(col(tables.Tip.entered_at).is_(None)),
        listed=frozenset(one.tip_id for role in ("chief", "keeper") for one, _whys in assignment.alarm_list(session, WARD, role, now=now)),
    )


def lines_of(session: Session) -> Iterator[Line]:
    for row in session.execute(select(tables.HistoryRow).order_by(col(tables.HistoryRow.id))).scalars():
        yield Line(tip=row.tip_id, at=row.at, actor=row.actor, what=row.what, detail=row.detail)


def _rows(session: Session, table: Any, *names: str) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(*(getattr(table, name) for name in names))):
        yield dict(zip(names, row, strict=True))


_SEEN = (
    "SELECT id, state, arrived_at, accepted_at, handler_id, urgent_at IS NOT NULL, dispatched_at, left_at, there_at, track,"
    " track_approved_at IS NOT NULL, reported_at IS NOT NULL, kind,"
    " EXISTS (SELECT 1 FROM ladders l WHERE l.tip_id = tips.id AND l.next_at IS NOT NULL), closed_at,"
    " EXISTS (SELECT 1 FROM deadlines d WHERE d.tip_id = tips.id AND d.kind = 'file' AND d.settled_at IS NULL), restricted"
    f" FROM tips WHERE ward_id = {WARD} AND arrived_at IS NOT NULL AND "
)
_OPEN = Quick(f"{_SEEN} closed_at IS NULL ORDER BY arrived_at, id")
_ENDED = Quick(f"{_SEEN} closed_at IS NOT NULL AND state <> 'S13' ORDER BY closed_at, id LIMIT 20")
_LAST_END = Quick(
    "SELECT MAX(due_at) FROM deadlines WHERE settled_at IS NULL AND due_at > :now AND kind IN ('receipt', 'inform', 'archive')"
)
_NEXT_CALL = Quick(
    "SELECT MIN(at) FROM (SELECT MIN(next_at) AS at FROM ladders WHERE next_at IS NOT NULL"
    " UNION ALL SELECT MIN(at) FROM alarms WHERE settled_at IS NULL) AS calls"
)


def open_tips(session: Session) -> list[Open]:
    return [Open(*row) for row in _OPEN.run(session).fetchall()]


def ended_tips(session: Session) -> list[Open]:
    return [Open(*row) for row in _ENDED.run(session).fetchall()]


def next_call(session: Session) -> int | None:
    at = _NEXT_CALL.run(session).fetchone()[0]
    return None if at is None else int(at)


# -- what officers do ---------------------------------------------------------------------------------------------------------------


def _accept(world: World, session: Session, act: Act, tip: Open) -> None:
    acceptance.accept(session, world.ward, act, tip_id=tip.id, draw=new_id)


def _answer(_world: World, session: Session, act: Act, tip: Open) -> None:
    ladder.answer(session, act, tip.id)


def _go(name: str, *choices: dict[str, str]) -> Does:
    """A move, with one of these forms: what is not said there is as a plain form has it."""

    def does(world: World, session: Session, act: Act, tip: Open) -> None:
        form = {**FORMS.get(name, {}), **(world.chance.choice(choices) if choices else {})}
        if "day" in form:
            form["day"] = moments.local(act.now - world.chance.choice((0, 0, DAY))).date().isoformat()
        given = steps.checked(lifecycle.BY_NAME[name], form, now=act.now)
        steps.move(session, world.ward, act, tip_id=tip.id, name=name, given=given, draw=new_id)

    return does


def _classify(world: World, session: Session, act: Act, tip: Open) -> None:
    track = "A" if tip.is_urgent else "FCBDEBFCD"[world.done["classify"] % 9]
    _go("classify", {"track": track})(world, session, act, tip)


def _settle(world: World, session: Session, act: Act, tip: Open) -> None:
    _go("settled", {"result": ("not-opened", "opened", "ended")[world.done["settled"] % 3]})(world, session, act, tip)


def _to_other_book(_world: World, session: Session, act: Act, tip: Open) -> None:
    kind = "report" if tip.kind == "feedback" else "feedback"
    books.move_to_other(session, act, tip.id, kind=kind, reason=REASON, entry_id=new_id())


def _put_right(world: World, session: Session, act: Act, tip: Open) -> None:
    category = world.chance.choice(("TE", "TC", "BL"))
    categorising.put_right(session, world.ward.book, act, tip_id=tip.id, category=category, knows="", draw=new_id)


def _copy(session: Session, act: Act, entry: book_rows.Entry) -> None:
    books.tick(session, act, entry.id, paper_number=str(entry.number), history_id=act.history_id)


def _reopen(world: World, session: Session, act: Act, tip: Open) -> None:
    exchange.reopen(session, world.ward, act, tip_id=tip.id, reason=REASON, draw=new_id)


def _assign(world: World, session: Session, act: Act, tip: Open) -> None:
    """To whoever is proposed; else, or where it was theirs already, to anybody who is there."""
    held = assigned.held(session, WARD, tip.id)
    assert held is not None
    known = officers_of(session, WARD)
    proposal = assignment.propose(session, WARD, held, known)
    able = [one.id for one in assignment.holders(known, tip.kind_of_reader) if one.id != tip.handler_id] or [world.officers[0]]
    to = proposal.officer_id if proposal and not assigned.was_named(session, tip.id) else world.chance.choice(able)
    reason = REASON if assignment.needs_reason(session, tip.id, held) else ""
    assignment.assign(session, act, tip_id=tip.id, officer_id=to, reason=reason)


def _send(world: World, session: Session, act: Act, tip: Open) -> None:
    dispatch.send(session, act, tip_id=tip.id, who=Who(officers=(act.officer_id,), forces=(world.chance.choice(FORCES),), words="anh Tư"))


def _step(what: str) -> Does:
    def does(_world: World, session: Session, act: Act, tip: Open) -> None:
        one = assigned.dispatches_of(session, WARD, tip.id)[-1]
        dispatch.step(session, act, tip_id=tip.id, dispatch_id=one.id, what=what)

    return does


def _correct(_world: World, session: Session, act: Act, tip: Open) -> None:
    one = assigned.dispatches_of(session, WARD, tip.id)[-1]
    time = max(one.times["left"], one.times["there"] - 2 * MINUTE)
    dispatch.correct(session, act, tip_id=tip.id, dispatch_id=one.id, what="there", time=time, reason="Ghi chậm hai phút")


def _ask(world: World, session: Session, act: Act, tip: Open) -> None:
    exchange.ask(session, world.ward, act, tip_id=tip.id, words="Lúc đó là mấy giờ ạ?", question_id=new_id(), draw=new_id)


def _close(world: World, session: Session, act: Act, tip: Open) -> None:
    done = "Đã tới nơi, yêu cầu dừng và lập biên bản"
    exchange.close(session, world.ward, act, tip_id=tip.id, done=done, done_on=act.now, unit="tổ tuần tra", result="Đã xong", draw=new_id)


_ASSIGN = Duty("assign", 1.0, lambda tip: True, _assign)
_ACCEPT = Duty("accept", 1.0, lambda tip: True, _accept)
_ANSWER = Duty("answer", 1.0, lambda tip: True, _answer)
_OF_CRIME, _SETTLING = ("A", "B"), ("S7", "S7a", "S7b", "S7d")


def _at(tip: Open, *states: str, tracks: str = "ABCDEF") -> bool:
    return tip.accepted_at is not None and tip.state in states and (not tip.track or tip.track in tracks)


def _goes_on(tip: Open, *states: str, tracks: str) -> bool:
    """Urgent work never waits for approval."""
    return _at(tip, *states, tracks=tracks) and (tip.is_approved or tip.track == "A")


# In the order in which somebody would think of them; at each look one of them at most is done with a tip.
DUTIES: tuple[Duty, ...] = (
    Duty("accept", 0.9, lambda tip: tip.accepted_at is None and tip.is_urgent, _accept),
    Duty("accept", 0.6, lambda tip: tip.accepted_at is None, _accept),
    Duty("answer", 0.9, lambda tip: tip.accepted_at is not None and tip.is_called_for, _answer),
    Duty("send", 0.8, lambda tip: tip.is_urgent and tip.dispatched_at is None, _send),
    Duty("left", 0.9, lambda tip: tip.dispatched_at is not None and tip.left_at is None, _step("left")),
    Duty("there", 0.8, lambda tip: tip.left_at is not None and tip.there_at is None, _step("there")),
    Duty("correct", 0.004, lambda tip: tip.there_at is not None, _correct),
    Duty("set-aside", 0.7, lambda tip: _at(tip, "S1", "S2") and not tip.is_urgent and tip.arrived_at % 6 == 0, _go("set-aside")),
    Duty("enter", 0.7, lambda tip: _at(tip, "S1"), _go("enter", {"kind": "report"}, {"kind": "denunciation"}, {"kind": "feedback"})),
    Duty("classify", 0.5, lambda tip: _at(tip, "S2"), _classify),
    Duty("other book", 0.005, lambda tip: _at(tip, "S2", "S3", "S5"), _to_other_book),
    Duty("by phone", 0.1, lambda tip: _at(tip, "S3", tracks="A") and not tip.is_approved, _go("approved-by-phone")),
    Duty("classify anew", 0.01, lambda tip: _at(tip, "S3", "S4", "S5"), _go("classify-anew", *({"track": one} for one in "ABC"))),
    Duty("put right", 0.03, lambda tip: _at(tip, "S2", "S3", "S4", "S5"), _put_right),
    Duty("check", 0.2, lambda tip: _goes_on(tip, "S3", "S4", tracks="ABC"), _go("check")),
    Duty("fine", 0.2, lambda tip: _goes_on(tip, "S3", "S5", tracks="C"), _go("fine")),
    Duty("guide", 0.3, lambda tip: _goes_on(tip, "S3", "S5", tracks="D"), _go("guide")),
    Duty("acknowledged", 0.02, lambda tip: _at(tip, "S6"), _go("acknowledged")),
    Duty("prolonged", 0.002, lambda tip: _at(tip, "S7"), _go("prolonged")),
    Duty("extended", 0.001, lambda tip: _at(tip, "S7", "S7a"), _go("extended")),
    Duty("suspended", 0.001, lambda tip: _at(tip, *_SETTLING), _go("suspended")),
    Duty("resumed", 0.004, lambda tip: _at(tip, "S7c"), _go("resumed")),
    Duty("settled", 0.001, lambda tip: _at(tip, "S6", *_SETTLING), _settle),
    Duty("fine after", 0.3, lambda tip: _at(tip, "S8") and tip.owes_file, _go("fine-after")),
    Duty("close", 0.2, lambda tip: _at(tip, "S8", "S9", "S10"), _close),
    Duty("assign", 0.002, lambda tip: tip.accepted_at is not None, _assign),
    Duty("ask", 0.002, lambda tip: tip.accepted_at is not None, _ask),
)
COMMANDS: tuple[Duty, ...] = (
    Duty("give back", 0.05, lambda tip: _at(tip, "S3") and not tip.is_approved, _go("give-back")),
    Duty("approve", 0.8, lambda tip: _at(tip, "S3", "S4", "S5", "S6") and not tip.is_approved, _go("approve")),
    Duty("report", 0.7, lambda tip: _at(tip, "S3", tracks="AB"), _go("report")),
    Duty("report beside", 0.7, lambda tip: _at(tip, "S5", tracks="AB") and not tip.is_reported, _go("report-beside")),
    Duty("transfer", 0.3, lambda tip: _at(tip, "S4", "S5", tracks="AB") and tip.is_reported, _go("transfer")),
)
CHIEFS: tuple[Duty, ...] = (Duty("keep", 0.9, lambda tip: _at(tip, "S3", "S5", tracks="EF"), _go("keep")),)
# What is done with a tip that has ended.
ENDED: tuple[Duty, ...] = (
    Duty("take back", 0.02, lambda tip: tip.state == "test", _go("take-back")),
    Duty("reopen", 0.01, lambda tip: tip.state in ("S11", "S12"), _reopen),
    Duty("archive", 0.9, lambda tip: tip.state == "S12", _go("archive"), after=12 * DAY),
)
TABLES = {"duty": DUTIES, "commander": COMMANDS, "chief": CHIEFS, "ended": ENDED}


# -- what happens by itself -----------------------------------------------------------------------------------------------------------


def _end_silences(world: World) -> int:
    silent = world.memory.read(lambda session: lanes.silent_chats(session, now=world.now))
    for chat_id, reason, wake_at in silent:
        ids = new_id(), world.keyed.hash("silence", str(chat_id), str(wake_at))

        def note(session: Session, chat_id: int = chat_id, reason: str = reason, at: int = wake_at, ids: tuple[int, str] = ids) -> bool:
            told = {"inbox_id": ids[0], "message_hash": ids[1], "payload": f"silence:{reason}"}
            return lanes.note_silence(session, chat_id, wake_at=at, now=world.now, **told)  # type: ignore[arg-type]

        world.write(note)
    return world.sweep()


def _tell_who_waits(world: World) -> int:
    return len(world.write(lambda session: urgent.tell_who_waits(session, world.ward, draw=new_id, now=world.now)))


def _drop_drafts(world: World) -> int:
    idle = world.memory.read(lambda session: retention.idle_drafts(session, WARD, before=world.now - DAY))
    for draft in idle:
        world.write(lambda session, draft=draft: expire_draft(session, draft, now=world.now) and None)  # type: ignore[misc]
    return len(idle)


def _climb(world: World) -> int:
    world.write(lambda session: ladder.climb(session, world.ward, world.ring, draw=new_id, now=world.now))
    return 1


def _start_clocks(world: World) -> int:
    def beat(session: Session) -> int:
        while deadlines.reckon_anew(session, WARD, draw=new_id, now=world.now):
            pass
        started = tip_clocks.hurry(session, world.ward.book, WARD, draw=new_id, now=world.now)
        started += tip_clocks.start_missing(session, world.ward.book, WARD, draw=new_id, now=world.now)
        warned = deadlines.warn(session, WARD, draw=new_id, now=world.now)
        tip_clocks.ring(session, world.ward, warned, world.ring, draw=new_id, now=world.now)
        return started + len(warned)

    return world.write(beat)


BEAT = 5 * SECOND
RING_BEATS: dict[str, Callable[[World], int]] = {"climbed": _climb, "started or warned": _start_clocks}
BEATS: dict[str, Callable[[World], int]] = {
    "silences": _end_silences,
    "told of nobody": _tell_who_waits,
    "dropped drafts": _drop_drafts,
}
Happens = dict[str, Callable[[Any, Event], Any]]
_HAPPENS: Happens = {
    "says": World.hear,
    "desk": World.desk,
    "commander": World.commander,
    "takes": World.takes,
    "cancels": World.cancels,
    "day off": World.day_off,
    "chief": World.chief,
    "beat": World.on_beat,
    "crash": World.crash,
    "leaves": World.leaves,
    "comes back": World.comes_back,
    "midnight": World.midnight,
}
