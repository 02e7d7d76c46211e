"""A ward with a chief, a writer, a commander on duty, an inspector and a leader of one of its two neighbourhoods; on both engines."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlmodel import Session

from handlers.acts import Act
from handlers.warnings import lifecycle
from handlers.warnings.codes import new_code
from handlers.warnings.content import Content
from handlers.warnings.lifecycle import Draft
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import duty as duty_rows
from storage.queries import warnings as rows
from storage.queries.duty import Crew
from storage.queries.warnings import WarningSeen
from tests.databases import Database, known_vault

CHIEF, WRITER, COMMANDER, INSPECTOR, LEADER = 1, 2, 3, 4, 5
OWN, OTHER = 11, 12  # Neighbourhoods; the leader's is the first.
NOON = moments.start_of_day(moments.local(moments.now()).date()) + 12 * moments.HOUR
WORDS = Content(
    theme="fraud",
    headline="Giả công an gọi điện đòi tiền",
    body="Có người gọi điện xưng là công an, dọa bắt và đòi chuyển tiền.",
    lines=("Tắt máy.", "Không chuyển tiền.", "Gọi trực ban hỏi lại."),
)


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(_fill)
    yield memory
    await memory.stop()


def _fill(session: Session) -> None:
    session.add(tables.Ward(id=1, name="Hồng Bàng", created_at=0))
    session.flush()
    for number, role in enumerate(("chief", "duty", "duty", "inspector", "leader"), 1):
        session.add(tables.Officer(id=number, ward_id=1, login=f"o{number}", name=f"O{number}", role=role, password_hash="", created_at=0))
    for area in (OWN, OTHER):
        session.add(tables.Neighbourhood(id=area, ward_id=1, name=f"Tổ {area}", position=area))
    session.flush()
    session.add(tables.Leader(id=21, ward_id=1, officer_id=LEADER, added_at=0))
    session.add(tables.LeaderArea(id=31, ward_id=1, officer_id=LEADER, neighbourhood_id=OWN))
    crew = Crew(duty_id=WRITER, commander_id=COMMANDER)
    duty_rows.add_shift(session, 1, row_id=41, starts_at=NOON - moments.HOUR, ends_at=NOON + moments.HOUR, crew=crew)
    duty_rows.take(session, 41, officer_id=WRITER, now=NOON - moments.HOUR)


def act(officer_id: int, now: int = NOON) -> Act:
    return Act(ward_id=1, officer_id=officer_id, history_id=new_id(), now=now)


async def does(memory: Memory, what: Callable[..., Any], officer_id: int, *given: Any, now: int = NOON, **named: Any) -> Any:
    own = act(officer_id, now)
    return await memory.write(lambda session: what(session, own, *given, **named))


async def written(memory: Memory, draft: Draft | None = None, *, by: int = WRITER, **named: Any) -> int:
    row_id = new_id()
    await does(memory, lifecycle.write, by, draft or Draft(content=WORDS), row_id=row_id, code=new_code(), **named)
    return row_id


async def proposed(memory: Memory, draft: Draft | None = None, *, by: int = WRITER) -> int:
    row_id = await written(memory, draft, by=by)
    await does(memory, lifecycle.propose, by, row_id)
    return row_id


async def seen(memory: Memory, warning_id: int) -> WarningSeen:
    found = await memory.read(lambda session: rows.one(session, 1, warning_id))
    assert found is not None
    return found
