"""P6: a warning reaches each chat at most once, whenever a process dies and whichever answers are lost; what nobody knows is no more than
what was under way in that moment, and a person is asked about it."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from handlers.warnings import lifecycle
from handlers.warnings.content import Content
from storage import tables
from storage.memory import Memory, sqlite_url
from storage.queries import warning_targets as targets
from storage.queries.wards import ward_facts
from storage.unlock import unlock
from tests import strikes
from tests.crash.house import House
from tests.crash.test_p1_kill import telegram_for
from tests.databases import PostgresServer
from tests.fakes.telegram import FakeTelegram
from tests.strikes import People

SUBSCRIBERS, GROUPS, LEADERS = 220, 60, 10


class Broadcasts:
    """Warnings to the same people, one after the other, while houses die; and what each chat received, counted by the platform."""

    def __init__(self, memory: Memory, fake: FakeTelegram, people: People, chance: random.Random) -> None:
        self._memory, self._fake, self._people, self._chance = memory, fake, people, chance
        self.struck: dict[int, str] = {}
        self._began: set[int] = set()
        self.chats: list[int] = []

    @classmethod
    async def begin(cls, url: str, data: Path, fake: FakeTelegram, chance: random.Random) -> "Broadcasts":
        memory = Memory(url, unlock(url, given="", given_file="", data=data)[0])
        await memory.start()
        people = await strikes.lay_people(memory, await memory.read(lambda session: ward_facts(session).id))
        run = cls(memory, fake, people, chance)
        ids = [fake.person().id for _ in range(SUBSCRIBERS + LEADERS)]
        groups = [fake.group(f"Tổ {number}").chat_id for number in range(GROUPS)]
        fake.known |= set(ids)
        run.chats = [*ids, *groups]

        def lay(session: Session) -> None:
            for one in ids[:SUBSCRIBERS]:
                strikes.add_subscriber(session, people.ward_id, str(one))
            for one in groups:
                strikes.add_group(session, people, str(one))
            for one in ids[SUBSCRIBERS:]:
                strikes.add_leader(session, people.ward_id, ("telegram", str(one)))

        await memory.write(lay)
        return run

    async def go_on(self) -> None:
        """There is always one that is being sent."""
        states = [await strikes.state_of(self._memory, one) for one in self.struck]
        if not any(state in ("released", "sending") for state in states) or not await self._is_anything_planned():
            headline = f"Chuyện thứ {len(self.struck)} trong đêm"
            words = Content(theme="theft", headline=headline, body="Có kẻ bẻ khóa xe ở cổng chợ.", lines=("Khóa xe hai lần",))
            self.struck[await strikes.strike(self._memory, self._people, words=words)] = headline

    async def _is_anything_planned(self) -> bool:
        query = select(col(tables.WarningTarget.id)).where(col(tables.WarningTarget.state) == "planned").limit(1)
        return await self._memory.read(lambda session: session.execute(query).first() is not None)

    async def live_a_while(self) -> None:
        """At some moment of a life a few answers in a row are lost, or none; what does not get lost then is not kept for the next life."""
        secs, part = self._chance.uniform(0.3, 1.1), self._chance.random()
        await asyncio.sleep(secs * part)
        self._fake.lose_answers = self._chance.choice((0, 1, 2, 3))
        await asyncio.sleep(secs * (1 - part))

    async def count_under_way(self, *, survives: bool = False) -> None:
        """Right after a death: what was marked, and has no outcome. `survives`: what another process has in hand gets one in a moment."""
        self._fake.lose_answers = 0
        found = await self._marked()
        if survives:
            await asyncio.sleep(0.6)
            found &= await self._marked()
        self._began |= found

    @property
    def under_way(self) -> int:
        return len(self._began)

    async def _marked(self) -> set[int]:
        query = select(col(tables.OutboxRow.id)).where(col(tables.OutboxRow.status) == "sending")
        return await self._memory.read(lambda session: set(session.execute(query).scalars()))

    async def check_unknown(self) -> None:
        """After each death: where the two numbers part is where to look."""
        query = select(col(tables.OutboxRow.id), col(tables.OutboxRow.error)).where(col(tables.OutboxRow.status) == "unknown")
        found = await self._memory.read(lambda session: [(row_id, error) for row_id, error in session.execute(query)])
        crashed = {row_id for row_id, error in found if error == "crash"}
        assert crashed <= self._began, (crashed - self._began, found)
        assert len(found) - len(crashed) <= self._fake.answers_lost, (self._fake.answers_lost, found)

    async def until_at_rest(self) -> None:
        query = select(col(tables.WarningTarget.id)).where(col(tables.WarningTarget.state).in_(("planned", "queued"))).limit(1)
        for _ in range(900):
            laid_out = await self._memory.read(lambda session: self._laid_out(session))
            if laid_out and await self._memory.read(lambda session: session.execute(query).first() is None):
                return
            await asyncio.sleep(0.1)
        raise AssertionError([Counter(state for _k, state, _r, _c in await strikes.targets_of(self._memory, one)) for one in self.struck])

    def _laid_out(self, session: Session) -> bool:
        query = select(col(tables.WarningRow.id)).where(col(tables.WarningRow.laid_out_at).is_(None)).limit(1)
        return session.execute(query).first() is None

    async def compare(self, kills: int) -> None:
        unknown, ends = 0, Counter[str]()
        addresses = await self._addresses()
        for warning_id, headline in self.struck.items():
            found = await strikes.targets_of(self._memory, warning_id)
            assert len(found) == len(self.chats)
            for _kind, state, reason, chat_id in found:
                ends[f"{state} {reason}".strip()] += 1
                heard = sum(headline in _words(message) for message in self._fake.messages[addresses[chat_id]])
                assert heard <= 1 and (heard == 1 if state == "sent" else state == "unknown"), (state, heard)
                unknown += state == "unknown"
        figures = f"under way at the kills {self.under_way}, answers lost {self._fake.answers_lost}"
        print(f"\n{kills} kills, {len(self.struck)} warnings: {dict(ends)}; {figures}")
        assert unknown <= self.under_way + self._fake.answers_lost
        await self.check_unknown()
        await self._somebody_decides()

    async def _somebody_decides(self) -> None:
        for warning_id in self.struck:
            listed = await self._memory.read(
                lambda session, warning_id=warning_id: targets.listed(session, warning_id, states=("unknown",), most=5000)  # type: ignore[misc]
            )
            for one in listed:
                act = strikes.act(self._people, self._people.chief)
                await self._memory.write(
                    lambda session, act=act, one=one: lifecycle.decide(session, act, one.id, sends_again=False)  # type: ignore[misc]
                )
        for warning_id in self.struck:
            for _ in range(100):
                if await strikes.state_of(self._memory, warning_id) == "done":
                    break
                await asyncio.sleep(0.1)
            assert await strikes.state_of(self._memory, warning_id) == "done"

    async def _addresses(self) -> dict[int | None, int]:
        query = select(col(tables.Chat.id), col(tables.Chat.chat_hash))
        rows = await self._memory.read(lambda session: [tuple(row) for row in session.execute(query)])
        return {chat_id: int(chat_hash.partition(":")[2]) for chat_id, chat_hash in rows if chat_hash}

    async def end(self) -> None:
        await self._memory.stop()


def _words(message: dict[str, object]) -> str:
    return str(message.get("text", message.get("caption", "")))


async def test_p6_warnings_survive_kill_9_and_lost_answers_on_sqlite(tmp_path: Path, is_long: bool) -> None:
    kills, chance = 120 if is_long else 12, random.Random(20261122)
    house = House(tmp_path)
    async with telegram_for(house) as fake:
        fake.delay_secs = 0.03
        try:
            await house.start()
            run = await Broadcasts.begin(sqlite_url(tmp_path / "keng.db"), tmp_path, fake, chance)
            for _ in range(kills):
                await run.go_on()
                await run.live_a_while()
                await house.kill()
                await run.count_under_way()
                await house.start()
                await run.check_unknown()
            await run.until_at_rest()
            await run.compare(kills)
            assert await house.stop() == 0
            await run.end()
        finally:
            await house.end()


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as database:
        yield database.url


async def test_p6_warnings_survive_kill_9_and_lost_answers_on_postgres_with_two_processes(
    tmp_path: Path, is_long: bool, postgres_address: str
) -> None:
    """Two workers send at the same time, at one pace; either may die at any moment."""
    kills, chance = 100 if is_long else 6, random.Random(42)
    houses = [House(tmp_path, role="worker", KENG_DATABASE_URL=postgres_address) for _ in range(2)]
    async with telegram_for(houses[0]) as fake:
        fake.delay_secs = 0.03
        houses[0].settings["KENG_TELEGRAM_RATE"] = "200"
        own = ("KENG_PORT",)
        houses[1].settings |= {name: value for name, value in houses[0].settings.items() if name not in own}
        try:
            await houses[0].start()
            await houses[1].start()
            run = await Broadcasts.begin(postgres_address, tmp_path, fake, chance)
            for _ in range(kills):
                await run.go_on()
                await run.live_a_while()
                victim = chance.choice(houses)
                await victim.kill()
                await run.count_under_way(survives=True)
                await victim.start()
                await run.check_unknown()
            await run.until_at_rest()
            await run.compare(kills)
            assert [await house.stop() for house in houses] == [0, 0]
            await run.end()
        finally:
            await asyncio.gather(*(house.end() for house in houses))
