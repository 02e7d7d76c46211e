"""A ward's year on a moved clock, from a seed: 34,432 people, eighteen neighbourhoods, and a house that crashes every day.

`events` tells what happens, as plain values; `World` lets it happen to a real memory through the functions that doors and desk use:
no sockets, no real clock, no waiting. What the desk does stands in `DUTIES`, what happens by itself in `BEATS`; whoever builds more
rules adds a line there. At the end `World.account` hands everything to the second checker.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.inbox import as_payload, found_of, from_payload
from handlers import assignment, clocks, dispatch, exchange, notices, officers, router, tips, urgent
from handlers.acts import Act
from handlers.dispatch import FORCES, Who
from handlers.flows.conversation import ADDITION_WITHIN, Facts, Found
from handlers.forgetting import expire_draft
from handlers.messages import Incoming, IncomingKind, Reply, Ward
from handlers.notices import Notice
from handlers.officers import Mistake
from handlers.outgoing import reply_row
from handlers.ward_book import Neighbourhood, WardBook
from storage import codes, moments, tables
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import sqlite_engine
from storage.moments import DAY, HOUR, MINUTE, SECOND
from storage.queries import aftercare, chain, lanes, retention
from storage.queries import assignment as assigned
from storage.queries.aftercare import Asked
from storage.queries.lanes import InLane, NewMessage
from storage.quick import Quick, raw_of
from tests.databases import known_vault, sqlite_database
from tests.sights import all_of
from tests.simulation.checker import Account, Line, Look

T = TypeVar("T")
WARD, PEOPLE, HOMES, OFFICERS = 1, 34_432, 18, 9
ME = "year"
REASON = "Theo phân công của chỉ huy"
# Days off of two years, Tết among them: then few ask and few are there.
HOLIDAYS = frozenset(
    {
        *(date(2026, 9, day) for day in (1, 2)),
        date(2026, 11, 24),
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in (4, 5, 8, 9, 10)),
        date(2027, 4, 16),
        date(2027, 4, 30),
        date(2027, 5, 3),
    }
)


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
    what: str  # says, desk, chief, beat, crash, leave, back, midnight
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
    return sorted(found)


def _day(plan: Plan, number: int, order: "itertools.count[int]") -> Iterator[Event]:
    chance, day = random.Random(f"{plan.seed}/{number}"), plan.first + timedelta(days=number)
    midnight = moments.start_of_day(day)
    weight = 0.35 if day in HOLIDAYS else 0.7 if day.weekday() >= 5 else 1.0
    for _ in range(max(1, round(chance.gauss(plan.talks * weight, plan.talks / 6)))):
        at, who = midnight + round(min(max(chance.gauss(15.5, 5), 0), 23.5) * HOUR) + chance.randrange(MINUTE), chance.randrange(PEOPLE)
        for wait, kind, text in _talk(chance.choices([*_KINDS], [*_KINDS.values()])[0], chance):
            at += wait
            yield Event(at, next(order), "says", who, kind, text)
    # A desk is looked at often by day, now and then at night, and on some shifts by nobody.
    for shift, (first, last, every) in enumerate(((6, 14, 20), (14, 22, 20), (22, 30, 40))):
        if chance.random() < 0.04:
            continue
        officer = (number * 3 + shift) % (OFFICERS - 1) + 1
        for minute in range(first * 60, last * 60, every):
            yield Event(midnight + minute * MINUTE + chance.randrange(5 * MINUTE), next(order), "desk", officer)
    if day not in HOLIDAYS and day.weekday() < 5:
        yield Event(midnight + 8 * HOUR + chance.randrange(HOUR), next(order), "chief")
    for hour in range(24):
        yield Event(midnight + hour * HOUR, next(order), "beat")
    yield Event(midnight + chance.randrange(DAY), next(order), "crash")
    if number % 10 == 5:
        yield Event(midnight + 9 * HOUR, next(order), "leaves", chance.randrange(1, OFFICERS))
    if number % 10 == 9:
        yield Event(midnight + 9 * HOUR, next(order), "comes back")
    yield Event(midnight + DAY - 1, next(order), "midnight")


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


# -- the house -------------------------------------------------------------------------------------------------------------------


class Crash(Exception):
    """The process is gone in the middle of a transaction."""


class OneThread:
    """The memory without its threads: a year is a hundred thousand transactions, and nobody else waits for them.

    What a disk must promise is looked at elsewhere (P1), so nothing is forced to it here.
    """

    def __init__(self, url: str) -> None:
        self._engine = sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1)
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

    read = write

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


Does = Callable[["World", Session, Act, Open], None]


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing an officer does with a tip when they look at the desk: how often, for which, and how."""

    name: str
    chance: float
    wants: Callable[[Open], bool]
    does: Does


@dataclass
class World:
    plan: Plan
    folder: Path
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
        homes = tuple(Neighbourhood(id=id, name=f"Tổ {number}") for number, id in enumerate(self.homes, 1))
        self.ward = Ward(id=WARD, name=self.ward.name, duty_phone=self.ward.duty_phone, book=WardBook(neighbourhoods=homes))
        self.url = sqlite_database(self.folder).url

    def live(self) -> Account:
        """The whole of it, and what there is to say of it at the end. The memory stays open for who wants to look further."""
        self.now = moments.start_of_day(self.plan.first)
        self._wake_up()
        self.write(self._first_rows)
        for event in events(self.plan):
            self._until(event.at)
            self.now = event.at
            _HAPPENS[event.what](self, event)
        self._link()
        return self.memory.read(self.account)

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
            self._come_back()
        return self.memory.write(fn)

    def _wake_up(self) -> None:
        self.memory = OneThread(self.url)

    def _come_back(self) -> None:
        """Nothing of the process is left but what stands in the memory."""
        self.memory.stop()
        self.later.clear()
        self._wake_up()
        self.done["crashed"] += 1
        self.look()
        for minute in range(5):
            self.soon(self.now + (minute + 1) * MINUTE)

    def soon(self, at: int) -> None:
        heapq.heappush(self.later, (at, len(self.later), "beat"))

    def _until(self, until: int) -> None:
        """What happens by itself before the next thing happens from outside."""
        while self.later and self.later[0][0] <= until:
            self.now = max(self.now, heapq.heappop(self.later)[0])
            self.beat()

    def beat(self) -> None:
        for name, does in BEATS.items():
            self.done[name] += does(self)

    # -- residents ---------------------------------------------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        self.messages += 1
        incoming = Incoming(kind=event.kind, source=f"m{self.messages}", text=event.text, sent_at=event.at)
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
                self.soon(self.now + 3 * MINUTE + SECOND)

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
        for tip in self.memory.read(open_tips):
            for duty in DUTIES:
                if duty.wants(tip) and self.chance.random() < duty.chance:
                    self.do(duty, officer_id, tip)
                    break

    def do(self, duty: Duty, officer_id: int, tip: Open) -> None:
        act = Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=self.now)
        try:
            self.write(lambda session: duty.does(self, session, act, tip))
            self.done[duty.name] += 1
        except Mistake as mistake:
            self.refused[f"{duty.name}: {mistake.key}"] += 1

    def chief(self, _event: Event) -> None:
        """Whatever stands on the list without an owner is given to somebody; now and then an ended tip is opened again."""
        nobodys = self.memory.read(
            lambda session: {one.tip_id for one in assigned.unheld(session, all_of(WARD), now=self.now) if one.handler_id is None}
        )
        for tip in self.memory.read(open_tips):
            if tip.id in nobodys:
                self.do(_ASSIGN, self.officers[0], tip)
        ended = self.memory.read(ended_tips)
        if ended and self.chance.random() < 0.2:
            tip_id = self.chance.choice(ended)
            act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
            self.write(lambda session: exchange.reopen(session, act, tip_id=tip_id, reason=REASON))
            self.done["reopen"] += 1

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
            self._come_back()

    def midnight(self, _event: Event) -> None:
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
        for day in sorted(HOLIDAYS):
            session.add(tables.Holiday(id=new_id(), ward_id=WARD, day=day.isoformat(), name="", is_off=True, changed_at=0))
        session.flush()
        for number, home_id in enumerate(self.homes):
            act = Act(ward_id=WARD, officer_id=self.officers[0], history_id=new_id(), now=self.now)
            officer_id = self.officers[number % (OFFICERS - 1) + 1]
            assignment.name_responsible(session, act, home_id, officer_id, row_id=new_id())

    def account(self, session: Session) -> Account:
        wanted = ("id", "state", "arrived_at", "accepted_at", "closed_at", "handler_id", "due_at", "dispatched_at", "left_at", "there_at")
        receipts = select(func.count()).select_from(tables.OutboxRow).where(col(tables.OutboxRow.kind) == "receipt")
        return Account(
            lines=tuple(lines_of(session)),
            looks=tuple(self.looks),
            tips=tuple(_rows(session, tables.Tip, *wanted)),
            entries=tuple(_rows(session, tables.BookEntry, "id", "tip_id", "book", "year", "number")),
            notices=tuple(_rows(session, tables.Notice, "tip_id", "kind")),
            receipts=session.execute(receipts).scalar_one(),
            alarms=tuple(_rows(session, tables.Alarm, "tip_id", "officer_id", "why", "at")),
            days_off=HOLIDAYS,
            ends_at=self.now,
        )


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
        listed=frozenset(one.tip_id for one, _whys in assignment.alarm_list(session, WARD, "chief", now=now)),
    )


def lines_of(session: Session) -> Iterator[Line]:
    for row in session.execute(select(tables.HistoryRow).order_by(col(tables.HistoryRow.id))).scalars():
        yield Line(tip=row.tip_id, at=row.at, actor=row.actor, what=row.what, detail=row.detail)


def _rows(session: Session, table: Any, *names: str) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(*(getattr(table, name) for name in names))):
        yield dict(zip(names, row, strict=True))


_OPEN = Quick(
    "SELECT id, state, arrived_at, accepted_at, handler_id, urgent_at IS NOT NULL, dispatched_at, left_at, there_at FROM tips"
    f" WHERE ward_id = {WARD} AND arrived_at IS NOT NULL AND closed_at IS NULL ORDER BY arrived_at, id"
)


def open_tips(session: Session) -> list[Open]:
    return [Open(*row) for row in _OPEN.run(session).fetchall()]


def ended_tips(session: Session) -> list[int]:
    query = select(col(tables.Tip.id)).where(col(tables.Tip.closed_at).is_not(None)).order_by(col(tables.Tip.closed_at).desc())
    return list(session.execute(query.limit(20)).scalars())


# -- what officers do ---------------------------------------------------------------------------------------------------------------


def _accept(world: World, session: Session, act: Act, tip: Open) -> None:
    if tips.accept_tip(session, WARD, tip_id=tip.id, officer_id=act.officer_id, history_id=act.history_id, now=act.now):
        told = Notice(tip_id=tip.id, kind="accepted", say=lambda _language: Reply(text="Cán bộ trực đã đọc."))
        notices.tell(session, world.ward.book, told, draw=new_id, now=act.now)


def _assign(world: World, session: Session, act: Act, tip: Open) -> None:
    """To whoever is proposed; else, or where it was theirs already, to anybody who is there."""
    held = assigned.held(session, WARD, tip.id)
    assert held is not None
    proposal = assignment.propose(session, WARD, held)
    able = [one.id for one in assignment.holders(session, WARD, "") if one.id != tip.handler_id]
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
# In the order in which somebody would think of them; at each look one of them at most is done with a tip.
DUTIES: tuple[Duty, ...] = (
    Duty("accept", 0.9, lambda tip: tip.accepted_at is None and tip.is_urgent, _accept),
    Duty("accept", 0.6, lambda tip: tip.accepted_at is None, _accept),
    Duty("send", 0.8, lambda tip: tip.is_urgent and tip.dispatched_at is None, _send),
    Duty("left", 0.9, lambda tip: tip.dispatched_at is not None and tip.left_at is None, _step("left")),
    Duty("there", 0.8, lambda tip: tip.left_at is not None and tip.there_at is None, _step("there")),
    Duty("correct", 0.02, lambda tip: tip.there_at is not None, _correct),
    Duty("assign", 0.03, lambda tip: tip.accepted_at is not None, _assign),
    Duty("ask", 0.01, lambda tip: tip.accepted_at is not None, _ask),
    Duty("close", 0.012, lambda tip: tip.accepted_at is not None, _close),
)


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


BEATS: dict[str, Callable[[World], Any]] = {
    "silences": _end_silences,
    "told of nobody": _tell_who_waits,
    "dropped drafts": _drop_drafts,
}
_HAPPENS: dict[str, Callable[[World, Event], Any]] = {
    "says": World.hear,
    "desk": World.desk,
    "chief": World.chief,
    "beat": World.on_beat,
    "crash": World.crash,
    "leaves": World.leaves,
    "comes back": World.comes_back,
    "midnight": World.midnight,
}
