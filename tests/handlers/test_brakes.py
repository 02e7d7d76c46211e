"""Whoever is braked is known by a hash that means nothing tomorrow."""

import time_machine
from sqlmodel import Session, col, select

from handlers.brakes import Brakes
from handlers.messages import Ward
from storage import moments, tables
from storage.memory import Memory
from storage.queries import retention
from tests.bot.test_lanes import open_memory
from tests.databases import Database, known_vault

WARD = Ward(id=1, name="", duty_phone="")


def days(session: Session) -> list[str]:
    return list(session.execute(select(col(tables.DayKey.day)).order_by(col(tables.DayKey.day))).scalars())


async def test_the_same_address_is_known_today_by_every_process_and_tomorrow_by_none(database: Database) -> None:
    memory = await open_memory(database)
    other = Memory(database.url, known_vault())
    await other.start()
    one, two = Brakes(memory, lambda: WARD), Brakes(other, lambda: WARD)
    with time_machine.travel("2026-11-21T10:00:00+07:00") as clock:
        today = [await one.hash("try", "1.2.3.4"), await two.hash("try", "1.2.3.4"), await one.hash("try", "1.2.3.5")]
        clock.shift(86_400)
        tomorrow = await one.hash("try", "1.2.3.4")
        await memory.write(lambda session: retention.forget_old_rows(session, now=moments.now() + 1, keep_logs_for=moments.DAY))
    left = await memory.read(days)
    await memory.stop()
    await other.stop()

    assert today[0] == today[1] != today[2]
    assert tomorrow not in today
    assert left == ["2026-11-22"]
