"""P3: a tip that nobody accepts wakes a second person, then a third, and the chief; at night the urgent ones, the rest at 06:00."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from handlers import access, duty, ladder, tips, urgent
from handlers.acts import Act
from handlers.cards import Card
from handlers.messages import Change, Ward
from handlers.tips import Where
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import ladder as ladder_rows
from storage.queries import retention
from storage.queries.duty import Crew
from storage.queries.rings import chat_key_place, tip_key_place
from storage.vault import Place, Ring, vault_of
from tests.databases import Database, known_vault

HERE = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456")
CHIEF, DUTY, SECOND, COMMANDER, NEXT, CHAT = 7, 8, 9, 10, 11, 20
NAMES = {CHIEF: "chief", DUTY: "duty", SECOND: "second", COMMANDER: "commander", NEXT: "next"}
MINUTE = moments.MINUTE
T = TypeVar("T")


def at(clock: str, day: int = 12) -> int:
    hour, minute = clock.split(":")
    return moments.start_of_day(moments.local(1_773_300_000_000).date().replace(day=day)) + (int(hour) * 60 + int(minute)) * MINUTE


@dataclass
class Desk:
    """A ward on a clock that is moved by hand, its officers' chats being a list of who was rung."""

    memory: Memory
    now: int = at("10:00")
    rung: list[tuple[str, str]] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    without_chat: set[int] = field(default_factory=set)
    has_command: bool = False

    async def do(self, fn: Callable[[Session], T]) -> T:
        return await self.memory.write(fn)

    def ring(
        self, session: Session, ward: Ward, officer_id: int, card: Card, *, draw: Callable[[], int], now: int, only_asks: bool = False
    ) -> int | None:
        if officer_id in self.without_chat:
            return None
        if only_asks:
            return 0
        row_id = draw()
        session.add(
            tables.OutboxRow(id=row_id, ward_id=ward.id, chat_id=CHAT, tip_id=card.tip_id, kind="alarm", due_at=now, created_at=now)
        )
        session.flush()
        self.rung.append((NAMES[officer_id], card.tail or card.kind))
        self.cards.append(card)
        return row_id

    async def beat(self, minutes: float = 0) -> list[tuple[str, str]]:
        """Who was rung, and for what."""
        self.now += int(minutes * MINUTE)
        self.rung.clear()
        self.cards.clear()
        now = self.now
        await self.do(lambda session: ladder.climb(session, HERE, self.ring, draw=new_id, now=now, has_command=self.has_command))
        return list(self.rung)

    async def delivered(self, status: str = "sent") -> None:
        await self.do(lambda session: session.execute(update(tables.OutboxRow).values(status=status)) and None)

    async def arrives(self, tail: str, *, is_urgent: bool = False, held_why: str = "", restricted: str = "", category: str = "TC") -> int:
        """By the changes a conversation would make."""
        tip_id, now = new_id(), self.now

        def make(session: Session) -> None:
            key = vault_of(session).wrap(Ring.fresh(), tip_key_place(tip_id))
            tip = tables.Tip(
                id=tip_id,
                ward_id=1,
                chat_id=CHAT,
                channel="webchat",
                data_key=key,
                created_at=now,
                category=category,
                restricted=restricted,
            )
            session.add(tip)
            session.flush()
            wanted = [Change("send", {"code": f"TB-0000-0000-{tail}", "code_hash": str(tip_id), "held_why": held_why})]
            if is_urgent:
                wanted.insert(0, Change("danger", {"danger": "danger", "is_urgent": True}))
            for change in wanted:
                change.values.update(tip_id=tip_id, history_id=new_id())
            tips.apply(session, Where(ward_id=1, chat_id=CHAT, channel="webchat", now=now), wanted)
            session.execute(update(tables.Chat).values(last_in_at=now))

        await self.do(make)
        return tip_id

    async def accept(self, tip_id: int, officer_id: int = DUTY) -> bool:
        now = self.now
        return await self.do(
            lambda session: tips.accept_tip(session, 1, tip_id=tip_id, officer_id=officer_id, history_id=new_id(), now=now)
        )

    async def outcomes(self, tip_id: int | None = None) -> list[tuple[str, str, str]]:
        query = select(col(tables.Alarm.officer_id), col(tables.Alarm.way), col(tables.Alarm.outcome)).order_by(col(tables.Alarm.id))
        if tip_id is not None:
            query = query.where(col(tables.Alarm.tip_id) == tip_id)
        found = await self.memory.read(lambda session: [tuple(row) for row in session.execute(query)])
        return [(NAMES.get(officer_id, ""), way, outcome) for officer_id, way, outcome in found]

    async def shift(self, *, second: int | None = SECOND, commander: int | None = COMMANDER, starts: int = 0, hours: int = 24) -> int:
        shift_id, crew, act = new_id(), Crew(duty_id=DUTY, second_id=second, commander_id=commander), self.act(CHIEF)
        begin = starts or self.now - moments.HOUR
        await self.do(lambda session: duty.add_shift(session, act, shift_id=shift_id, starts_at=begin, minutes=hours * 60, crew=crew))
        return shift_id

    def act(self, officer_id: int) -> Act:
        return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=self.now)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield Desk(memory)
    await memory.stop()


def first_rows(session: Session) -> None:
    session.add(tables.Ward(id=1, name="", created_at=0))
    session.flush()
    for officer_id, name in NAMES.items():
        role = "chief" if officer_id == CHIEF else "duty"
        session.add(tables.Officer(id=officer_id, ward_id=1, login=name, name=name, role=role, password_hash="", created_at=0))
    ring = Ring.fresh()
    chat: dict[str, Any] = {"data_key": vault_of(session).wrap(ring, chat_key_place(CHAT)), "created_at": 0, "last_in_at": 0}
    address = ring.seal_text("", Place("chats", "address", CHAT))
    session.add(tables.Chat(id=CHAT, ward_id=1, channel="webchat", chat_hash="hash", address=address, **chat))


async def test_p3_a_tip_nobody_accepts_wakes_a_second_person_then_a_third_then_the_chief(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("AAAA")
    calls = [await desk.beat()]
    await desk.delivered()
    for minutes in (14, 1, 15, 15):
        calls.append(await desk.beat(minutes))
        await desk.delivered()

    everybody = [(name, "AAAA") for name in ("duty", "second", "commander", "chief")]
    assert calls == [[everybody[0]], [], [everybody[1]], [everybody[2]], everybody]
    assert await desk.accept(tip_id, SECOND)
    assert [await desk.beat(minutes) for minutes in (15, 60)] == [[], []]
    assert await desk.outcomes(tip_id) == [
        ("duty", "chat", "sent"),
        ("second", "chat", "pressed"),
        ("commander", "chat", "sent"),
        ("duty", "chat", "sent"),
        ("second", "chat", "pressed"),
        ("commander", "chat", "sent"),
        ("chief", "chat", "sent"),
    ]


async def test_p3_urgent_alarms_repeat_every_two_minutes_until_somebody_presses(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    counts = []
    for _ in range(7):
        counts.append([name for name, _tail in await desk.beat()])
        await desk.delivered()
        assert await desk.beat(1) == []
        desk.now += MINUTE
    everybody = ["duty", "second", "commander", "chief"]

    assert counts == [everybody[:1], everybody[:2], everybody[:3], everybody, everybody, everybody, everybody]
    assert await desk.accept(tip_id)
    assert await desk.beat(30) == []
    assert not await desk.accept(tip_id, SECOND)  # Two pressed: one won.


async def test_p3_sixty_urgent_tips_at_once_are_a_handful_of_cards_and_one_list_and_each_climbs(desk: Desk) -> None:
    """A flood, and a real one among it: whoever is called reads of all of them within seconds, at one message a second."""
    await desk.shift()
    flood = [await desk.arrives(f"K{number:03}", is_urgent=True) for number in range(60)]
    real = flood[57]
    first = [*await desk.beat(), *await desk.beat(0.1)]  # So many are claimed in one beat, the rest by the next.
    sent = await desk.memory.read(
        lambda session: list(
            session.execute(select(col(tables.OutboxRow.tip_id)).where(col(tables.OutboxRow.status) == "waiting")).scalars()
        )
    )
    assert [name for name, _tail in first] == ["duty"] * 7
    assert (sent[:5], sent[5:]) == (flood[:5], [None])  # The second list said what the first had not said yet, and only it goes out.
    assert set(desk.cards[0].tips) == set(flood[5:]) and desk.cards[0].kind == "urgents"
    assert len(await desk.outcomes(real)) == 1

    await desk.accept(flood[6], SECOND)  # One less: the list goes out for the others all the same.
    await desk.delivered()
    assert (await desk.outcomes(flood[6]), await desk.outcomes(real)) == ([("duty", "chat", "over")], [("duty", "chat", "waiting")])
    second = [*await desk.beat(2), *await desk.beat(0.1)]
    assert {tail for name, tail in second if name == "second"} >= {"urgents"}
    assert max([name for name, _tail in second].count(name) for name in ("duty", "second")) <= 7
    assert [name for name, _way, _outcome in await desk.outcomes(real)] == ["duty", "duty", "second"]
    ladders = select(col(tables.Ladder.rung)).where(col(tables.Ladder.next_at).is_not(None))
    assert await desk.memory.read(lambda session: list(session.execute(ladders).scalars())) == [1] * 59

    await desk.delivered("failed")
    for _ in range(2):
        await desk.beat(0.1)
    assert "commander" in {name for name, _way, _outcome in await desk.outcomes(real)}  # A list that fails calls the next, for each.


async def test_p3_an_accepted_tip_takes_back_what_is_still_on_its_way(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    await desk.beat()
    await desk.accept(tip_id, COMMANDER)

    assert await desk.outcomes(tip_id) == [("duty", "chat", "over")]
    assert await desk.memory.read(lambda session: session.execute(select(col(tables.OutboxRow.status))).scalars().all()) == ["cancelled"]


async def test_p3_at_night_ordinary_tips_wait_for_one_list_at_six_and_urgent_ones_climb(desk: Desk) -> None:
    desk.now = at("21:50")
    await desk.shift()
    await desk.arrives("TOI1")
    assert await desk.beat() == [("duty", "TOI1")]
    await desk.delivered()
    assert await desk.beat(15) == []  # 22:05
    desk.now = at("01:00", day=13)
    await desk.arrives("DEM2")
    await desk.arrives("KHAN", is_urgent=True)
    assert await desk.beat() == [("duty", "KHAN")]
    await desk.delivered()
    assert await desk.beat(3) == [("duty", "KHAN"), ("second", "KHAN")]
    await desk.do(lambda session: session.execute(update(tables.Ladder).where(col(tables.Ladder.is_urgent)).values(next_at=None)) and None)
    await desk.delivered()
    desk.now = at("05:59", day=13)
    assert await desk.beat() == []

    assert await desk.beat(1) == [("duty", "morning")]
    assert len(desk.cards[0].tips) == 2
    await desk.delivered()
    assert [await desk.beat(14), await desk.beat(1)] == [[], [("second", "morning")]]  # By day both climb together.


async def test_p3_a_rung_without_anybody_is_left_at_once(desk: Desk) -> None:
    await desk.shift(second=None, commander=None)
    desk.without_chat = {DUTY}
    tip_id = await desk.arrives("AAAA")

    assert await desk.beat() == [("chief", "AAAA")]
    assert await desk.outcomes(tip_id) == [
        ("duty", "none", "unreachable"),
        ("", "none", "unreachable"),
        ("", "none", "unreachable"),
        ("chief", "chat", "waiting"),
    ]


@pytest.mark.parametrize(("is_urgent", "status"), [(True, "failed"), (False, "failed"), (True, "cancelled"), (False, "held")])
async def test_p3_a_card_that_could_not_be_sent_calls_the_next_person_with_the_next_beat(desk: Desk, is_urgent: bool, status: str) -> None:
    """The bot was blocked; the link has ended since; a restored copy holds it back."""
    await desk.shift()
    tip_id = await desk.arrives("AAAA", is_urgent=is_urgent)
    await desk.beat()
    await desk.delivered(status)

    assert ("second", "AAAA") in await desk.beat(0.1)
    assert (await desk.outcomes(tip_id))[0] == ("duty", "chat", "failed")


async def test_p3_a_failed_list_lets_all_its_tips_climb(desk: Desk) -> None:
    await desk.shift()
    desk.now = at("05:00", day=13)
    for tail in ("DEM1", "DEM2"):
        await desk.arrives(tail)
    await desk.beat()
    assert await desk.beat(60) == [("duty", "morning")]
    await desk.delivered("failed")

    assert await desk.beat(0.1) == [("second", "morning")]
    assert len(desk.cards[0].tips) == 2


async def test_p3_beating_again_in_the_same_moment_neither_loses_nor_doubles_a_ring(desk: Desk) -> None:
    """A process died after its commit, or another beats as well; one that died before it left everything as it was."""
    await desk.shift()
    await desk.arrives("KHAN", is_urgent=True)

    def dies(session: Session) -> None:
        ladder.climb(session, HERE, desk.ring, draw=new_id, now=desk.now)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await desk.do(dies)
    assert await desk.outcomes() == []
    assert [await desk.beat(), await desk.beat(), await desk.beat()] == [[("duty", "KHAN")], [], []]
    assert await desk.outcomes() == [("duty", "chat", "waiting")]


async def test_p3_several_processes_that_beat_together_ring_once(desk: Desk) -> None:
    desk.now = at("06:00")
    await desk.shift()
    for number in range(3):
        await desk.arrives(f"DEM{number}")
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    accepted_id = await desk.arrives("NHAN", is_urgent=True)
    await asyncio.gather(desk.accept(accepted_id), *(desk.beat() for _ in range(4)))

    assert await desk.outcomes(tip_id) == [("duty", "chat", "waiting")]
    calls = [(way, outcome) for name, way, outcome in await desk.outcomes() if name == "duty"]
    assert calls.count(("chat", "waiting")) == 2  # The urgent one and one list of three.
    assert {outcome for _name, _way, outcome in await desk.outcomes(accepted_id)} <= {"over", "pressed"}


async def test_p3_after_three_days_of_standstill_each_tip_rings_once_on_its_rung(desk: Desk) -> None:
    await desk.shift(hours=24)
    for number in range(5):
        await desk.arrives(f"TIN{number}")
    await desk.arrives("KHAN", is_urgent=True)
    desk.now += 3 * moments.DAY
    await desk.shift()  # Who is on duty today.
    calls = await desk.beat()

    assert calls == [*((name, "KHAN") for name in ("duty", "second", "commander", "chief")), ("duty", "morning")]
    assert len(desk.cards[-1].tips) == 5
    assert await desk.beat(0.1) == []


async def test_p3_a_card_that_still_waits_to_be_sent_is_not_sent_twice(desk: Desk) -> None:
    """A platform that is away for an hour brings each one card afterwards, not thirty. Nobody has heard any of them meanwhile, so
    everybody is called: one of them may have the desk open."""
    await desk.shift(second=None, commander=None)
    await desk.arrives("KHAN", is_urgent=True)
    calls = [await desk.beat(), *[await desk.beat(2) for _ in range(30)]]

    everybody_else = [(name, "KHAN") for name in ("commander", "next", "second")]
    assert [calls[0], calls[1], sorted(calls[2])] == [[("duty", "KHAN")], [("chief", "KHAN")], everybody_else]
    assert calls[3:] == [[]] * 28


@pytest.mark.parametrize("is_urgent", [True, False])
async def test_p3_where_neither_the_roster_nor_the_chief_can_be_reached_everybody_else_is_called(desk: Desk, is_urgent: bool) -> None:
    desk.now = at("14:00") if not is_urgent else at("02:00")
    desk.without_chat = {SECOND}
    tip_id = await desk.arrives("AAAA", is_urgent=is_urgent)
    for _ in range(2):  # Nobody is on the roster, so that the chief stands on two rungs; and has blocked the bot.
        assert ("chief", "AAAA") in await desk.beat(0.1)
        await desk.delivered("failed")
    assert sorted(name for name, tail in await desk.beat(0.1) if tail == "AAAA") == ["chief", "commander", "duty", "next"]
    now = desk.now
    assert await desk.memory.read(lambda session: ladder.ringing(session, 1, SECOND, "duty", now).count)  # At their desk, too.
    await desk.delivered()
    await desk.accept(tip_id, NEXT)
    assert await desk.beat(60) == []


async def test_p3_the_chief_who_was_reached_is_not_everybody(desk: Desk) -> None:
    """With an empty roster the chief stands on the first rung and on the last: one person, called once each time."""
    await desk.arrives("KHAN", is_urgent=True)
    calls = []
    for _ in range(6):
        calls += await desk.beat(2)
        await desk.delivered()

    assert calls == [("chief", "KHAN"), ("chief", "roster"), *[("chief", "KHAN")] * 5]


async def test_p3_what_only_the_chief_reads_calls_nobody_else_however_silent_the_chief_is(desk: Desk) -> None:
    await desk.shift()
    desk.without_chat = {CHIEF}
    await desk.arrives("RIEN", restricted="chief", category="TN", is_urgent=True)

    assert [await desk.beat(), await desk.beat(2), await desk.beat(10)] == [[], [], []]
    now = desk.now
    assert await desk.memory.read(lambda session: ladder.ringing(session, 1, CHIEF, "chief", now).urgent) == 1


async def close(desk: Desk, *officers: int) -> None:
    gone = update(tables.Officer).where(col(tables.Officer.id).in_(officers)).values(disabled_at=desk.now)
    await desk.do(lambda session: session.execute(gone) and None)


async def test_p3_whoever_is_switched_off_during_an_alarm_is_passed_over_at_once(desk: Desk) -> None:
    await desk.shift()
    await desk.arrives("KHAN", is_urgent=True)
    assert await desk.beat() == [("duty", "KHAN")]
    await close(desk, DUTY, SECOND, COMMANDER)
    await desk.delivered("cancelled")  # With the account its chat has ended.
    assert await desk.beat(0.1) == [("chief", "KHAN")]
    await desk.delivered()
    await close(desk, CHIEF)

    assert await desk.beat(2) == [("next", "KHAN")]


async def test_p3_a_shift_that_changes_during_an_alarm_calls_the_new_one(desk: Desk) -> None:
    await desk.shift(hours=1, starts=desk.now - 59 * MINUTE, commander=None)
    crew, act = Crew(duty_id=NEXT, second_id=None, commander_id=COMMANDER), desk.act(CHIEF)
    begins = desk.now + MINUTE
    await desk.do(lambda session: duty.add_shift(session, act, shift_id=new_id(), starts_at=begins, minutes=60, crew=crew))
    await desk.arrives("KHAN", is_urgent=True)
    await desk.arrives("AAAA")
    assert await desk.beat() == [("duty", "KHAN"), ("duty", "AAAA")]
    await desk.delivered()

    assert await desk.beat(2) == [("next", "KHAN"), ("commander", "KHAN")]  # No second officer stands there.
    await desk.delivered()
    assert ("commander", "AAAA") in await desk.beat(13)


async def test_p3_a_clock_that_was_set_back_silences_nobody(desk: Desk) -> None:
    """The machine started hours ahead, and the network put it right: what was to ring again then rings now."""
    await desk.shift(starts=desk.now - 5 * moments.HOUR)
    desk.now += 6 * moments.HOUR
    await desk.arrives("KHAN", is_urgent=True)
    await desk.arrives("AAAA")
    heard = desk.now
    assert await desk.beat() == [("duty", "KHAN"), ("duty", "AAAA")]
    await desk.delivered()
    desk.now -= 6 * moments.HOUR

    assert await desk.beat() == [("duty", "KHAN"), ("duty", "AAAA")]
    await desk.delivered()
    assert await desk.beat(0.1) == []
    assert await desk.beat(2) == [("duty", "KHAN"), ("second", "KHAN")]

    def page(session: Session) -> tuple[frozenset[int], bool]:
        session.add(
            tables.DeskSession(
                id=1, ward_id=1, officer_id=DUTY, token_hash="page", created_at=0, seen_at=0, heard_at=heard, ends_at=heard + moments.DAY
            )
        )
        session.flush()
        known = ladder_rows.listening(session, 1, since=desk.now - MINUTE, now=desk.now)
        return known, ladder_rows.heard_before(session, "page", before=desk.now, now=desk.now)

    assert await desk.do(page) == (frozenset(), True)  # Nobody knows whether it is still open; it is noted anew when it asks.


async def test_p3_a_night_that_the_clock_leapt_over_is_not_waited_for_twice(desk: Desk) -> None:
    desk.now = at("23:00")
    await desk.shift(starts=at("08:00"), hours=24)
    await desk.arrives("DEM1")
    assert await desk.beat() == []  # To be told at six tomorrow; and then the clock turns out to be thirteen hours fast.
    desk.now = at("10:00")

    assert await desk.beat() == [("duty", "DEM1")]


async def test_p3_one_ward_calls_nobody_for_another(desk: Desk) -> None:
    await desk.shift()
    await desk.arrives("KHAN", is_urgent=True)
    await desk.do(lambda session: session.add(tables.Ward(id=2, name="", created_at=0)))
    now, there = desk.now, Ward(id=2, name="Bên cạnh", duty_phone="1")
    await desk.do(lambda session: ladder.climb(session, there, desk.ring, draw=new_id, now=now))

    assert (desk.rung, await desk.outcomes()) == ([], [])
    assert await desk.beat() == [("duty", "KHAN")]


async def test_p3_what_a_brake_held_rings_nobody_until_danger_is_heard(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("GIU1", held_why="many")
    assert not await desk.memory.read(lambda session: ladder_rows.is_called_for(session, tip_id))
    assert await desk.beat(60) == []
    danger = Change("danger", {"danger": "danger", "is_urgent": True, "tip_id": tip_id, "history_id": new_id()})
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=desk.now)
    await desk.do(lambda session: tips.apply(session, where, [danger]))

    assert await desk.beat() == [("duty", "GIU1")]
    await desk.do(lambda session: session.execute(update(tables.Tip).values(state="paper", closed_at=desk.now)) and None)
    await desk.delivered()
    assert await desk.beat(30) == []  # It is over.


async def test_p3_an_accepted_tip_that_becomes_urgent_is_called_for_again(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("AAAA")
    await desk.accept(tip_id)
    danger = Change("danger", {"danger": "danger", "is_urgent": True, "tip_id": tip_id, "history_id": new_id()})
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=desk.now)
    await desk.do(lambda session: tips.apply(session, where, [danger]))
    assert await desk.beat() == [("duty", "AAAA")]
    act = desk.act(SECOND)
    await desk.do(lambda session: ladder.answer(session, act, tip_id))

    assert await desk.beat(10) == []


async def test_p3_danger_wakes_what_was_over_and_rings_for_it_again(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    await desk.accept(tip_id)
    await desk.do(lambda session: session.execute(update(tables.Tip).values(state="S12", closed_at=desk.now)) and None)
    danger = Change("danger", {"danger": "danger", "is_urgent": True, "tip_id": tip_id, "history_id": new_id()})
    where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=desk.now)
    await desk.do(lambda session: tips.apply(session, where, [danger]))

    assert await desk.beat() == [("duty", "KHAN")]
    settled = desk.act(SECOND)
    await desk.do(lambda session: ladder.answer(session, settled, tip_id))
    await desk.do(lambda session: tips.apply(session, where, [Change("danger", {**danger.values, "history_id": new_id()})]))
    assert await desk.beat() == []  # Somebody is with it already.


async def test_p3_new_danger_in_a_tip_that_somebody_has_rings_for_them_and_for_duty_once_more(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    await desk.accept(tip_id, NEXT)  # Not on duty: it is theirs all the same.

    async def cries(heard: str = "danger") -> list[tuple[str, str]]:
        told = Change("danger", {"danger": "danger", "heard": heard, "is_urgent": True, "tip_id": tip_id, "history_id": new_id()})
        where = Where(ward_id=1, chat_id=CHAT, channel="webchat", now=desk.now)
        await desk.do(lambda session: tips.apply(session, where, [told]))
        return await desk.beat()

    async def press() -> None:
        act = desk.act(NEXT)
        await desk.do(lambda session: ladder.answer(session, act, tip_id))

    both = [("next", "KHAN"), ("duty", "KHAN")]
    assert [await cries(), await cries()] == [[], []]  # Whoever accepted it a moment ago is reading just that.
    assert await cries("fire") == both
    await desk.delivered()
    assert [await cries(), await cries("fire"), await cries("child")] == [[], [], []]  # It rings already.
    now = desk.now
    for officer_id, urgent_tips in ((NEXT, 1), (DUTY, 1), (SECOND, 0)):  # At their desks, too.
        heard = await desk.memory.read(lambda session, who=officer_id: ladder.ringing(session, 1, who, "duty", now).urgent)  # type: ignore[misc]
        assert heard == urgent_tips
    assert ("next", "KHAN") in await desk.beat(2)  # Until somebody presses.
    await desk.delivered()
    await press()
    assert [await cries("fire"), await cries("child"), await desk.beat(2)] == [[], [], []]
    desk.now += 3 * MINUTE
    assert await cries("fire") == both  # It has not ended.
    await press()
    await close(desk, NEXT)
    assert await cries("self_harm") == [("duty", "KHAN")]


async def test_p3_what_nobody_has_accepted_cannot_be_silenced(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    act = desk.act(SECOND)
    await desk.do(lambda session: ladder.answer(session, act, tip_id))

    assert await desk.beat() == [("duty", "KHAN")]


async def test_p3_lists_of_what_some_may_not_read_stand_on_no_page_of_theirs(desk: Desk) -> None:
    await desk.shift()
    desk.now = at("05:00", day=13)
    for tail, restricted in (("RAO1", "fence"), ("RIEN", "chief"), ("DEM1", ""), ("DEM2", "")):
        await desk.arrives(tail, restricted=restricted)
    await desk.beat()
    await desk.beat(60)

    async def listed(role: str, most: int) -> list[tuple[str, int]]:
        sight = access.sight_of(1, role, DUTY)
        found = await desk.memory.read(lambda session: ladder_rows.alarms(session, sight, before=None, most=most))
        return sorted((NAMES.get(one.officer_id or 0, ""), one.tips) for one in found if one.why == "morning")

    assert await listed("duty", 1) == await listed("duty", 50) == [("duty", 2)]
    assert await listed("chief", 50) == [("chief", 1), ("duty", 2)]
    assert set(await listed("keeper", 50)) == {("", 1)}  # Nobody could be called, on every rung.


async def test_p3_what_only_the_chief_reads_rings_only_the_chief(desk: Desk) -> None:
    await desk.shift()
    await desk.arrives("RIEN", restricted="chief", is_urgent=True)
    assert await desk.beat() == [("chief", "RIEN")]
    assert desk.cards[0].category == ""
    await desk.do(lambda session: session.execute(update(tables.Tip).values(restricted="", category="TN")) and None)
    await desk.delivered()
    assert await desk.beat(2) == [("chief", "RIEN")]
    assert desk.cards[0].category == ""
    now = desk.now
    duty_hears = await desk.memory.read(lambda session: ladder.ringing(session, 1, DUTY, "duty", now).count)
    chief_hears = await desk.memory.read(lambda session: ladder.ringing(session, 1, CHIEF, "chief", now).count)
    assert (duty_hears, chief_hears) == (0, 1)


async def test_p3_an_empty_roster_is_one_alarm_a_day_and_the_chief_counts_as_on_duty(desk: Desk) -> None:
    assert await desk.beat() == [("chief", "roster")]
    await desk.arrives("AAAA")
    assert await desk.beat(1) == [("chief", "AAAA")]
    calls = []
    for _ in range(26):
        calls += [call for call in await desk.beat(60) if call == ("chief", "roster")]
        await desk.delivered()
    assert calls == [("chief", "roster")]  # The next morning, at six.
    who = await desk.memory.read(lambda session: duty.on_duty(session, 1, desk.now))
    assert (who.duty, who.is_empty) == (CHIEF, True)


async def test_p3_calls_of_long_ago_are_forgotten_and_what_still_waits_is_not(desk: Desk) -> None:
    await desk.shift()
    await desk.arrives("KHAN", is_urgent=True)
    await desk.beat()
    await desk.delivered()
    await desk.beat(2)  # The first is settled, and the second waits.
    later = desk.now + 60 * moments.DAY + 1
    forget = [await desk.do(lambda session: retention.forget_old_rows(session, now=later, keep_logs_for=60 * moments.DAY)) for _ in "ab"]

    assert await desk.outcomes() == [("duty", "chat", "waiting"), ("second", "chat", "waiting")]
    assert forget[1] == 0


async def test_p3_the_urgent_resident_is_told_after_three_minutes_while_the_ladder_climbs(desk: Desk) -> None:
    await desk.shift()
    tip_id = await desk.arrives("KHAN", is_urgent=True)
    told = []
    for minute in range(6):
        await desk.beat()
        now = desk.now
        told += [minute for _ in await desk.do(lambda session, now=now: urgent.tell_who_waits(session, HERE, draw=new_id, now=now))]  # type: ignore[misc]
        desk.now += MINUTE

    assert told == [4]  # Once, as soon as three whole minutes have passed.
    assert [name for name, _way, _outcome in await desk.outcomes(tip_id)] == ["duty", "second", "commander"]
