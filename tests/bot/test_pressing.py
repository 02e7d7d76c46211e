"""What is about danger, and what an officer asks, goes before thanks, reminders and news that can wait."""

import asyncio
from typing import Any

import pytest
from sqlmodel import Session

from bot.delivery import Delivery
from handlers import notices
from handlers.messages import Reply
from handlers.notices import Kind, Notice
from handlers.outgoing import is_about_danger, reply_row
from handlers.ward_book import WardBook
from storage import moments
from storage.ids import new_id
from storage.queries import lanes
from storage.queries.rings import chat_key_place, tip_key_place
from storage.tables import Chat, OutboxRow, Tip
from storage.tables import Notice as NoticeRow
from storage.vault import Place, Ring, vault_of
from tests.bot.test_lanes import open_memory
from tests.databases import Database
from tests.opened import opened

NOW = moments.now()


def open_chat(session: Session, chat_id: int, *, safe: str = "alone", urgent_at: int | None = None) -> None:
    ring, tip_ring = Ring.fresh(), Ring.fresh()
    address = ring.seal_text(str(chat_id), Place("chats", "address", chat_id))
    key = vault_of(session).wrap(ring, chat_key_place(chat_id))
    session.add(Chat(id=chat_id, ward_id=1, channel="slow", data_key=key, address=address, created_at=0, last_in_at=NOW - moments.DAY))
    session.flush()
    tip_key = vault_of(session).wrap(tip_ring, tip_key_place(chat_id + 1))
    about: dict[str, Any] = {"state": "S1", "category": "TC", "safe": safe, "urgent_at": urgent_at, "arrived_at": 1, "accepted_at": 2}
    session.add(Tip(id=chat_id + 1, ward_id=1, chat_id=chat_id, channel="slow", code_tail="9DAF", data_key=tip_key, created_at=0, **about))
    session.flush()


def queue(session: Session, chat_id: int, text: str, *, is_pressing: bool = False) -> None:
    whose: dict[str, Any] = {"ward_id": 1, "chat_id": chat_id, "tip_id": chat_id + 1, "is_pressing": is_pressing}
    lanes.queue_replies(session, [reply_row(Reply(text=text), row_id=new_id(), now=NOW, **whose)])


class Slow:
    """A platform that takes its time, and hears one after the other."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> str:
        await asyncio.sleep(0.05)
        self.heard.append(reply.text)
        return ""


async def test_what_is_pressing_goes_before_what_came_to_wait_earlier(database: Database) -> None:
    memory, platform = await open_memory(database), Slow()

    def fill(session: Session) -> None:
        for number in range(20):
            open_chat(session, 10 + 2 * number)
            queue(session, 10 + 2 * number, f"thanks {number}")
        queue(session, 48, "question", is_pressing=True)  # Behind thanks in its own chat, which nothing overtakes.

    await memory.write(fill)
    delivery = Delivery(memory, {"slow": platform}, workers=1)
    delivery.start()
    for _ in range(100):
        if "question" in platform.heard:
            break
        await asyncio.sleep(0.05)
    await delivery.stop()
    await memory.stop()

    assert platform.heard.index("question") < 10 and platform.heard.index("question") == platform.heard.index("thanks 19") + 1


async def test_of_very_many_that_wait_the_pressing_ones_are_found(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_MOST_DUE", 5)
    memory = await open_memory(database)

    def fill(session: Session) -> None:
        for number in range(20):
            open_chat(session, 10 + 2 * number)
            queue(session, 10 + 2 * number, "x", is_pressing=number == 19)

    await memory.write(fill)
    due = await memory.read(lambda session: lanes.chats_with_due_replies(session, now=moments.now()))
    await memory.stop()

    assert due[0] == 48 and len(due) == len(set(due)) == 5


@pytest.mark.parametrize(
    ("kind", "urgent_at", "expected"),
    [("question", None, True), ("answer", None, True), ("status", None, False), ("status", 5, True), ("accepted", 5, True)],
)
async def test_what_of_the_desks_is_pressing(database: Database, kind: Kind, urgent_at: int | None, expected: bool) -> None:
    memory = await open_memory(database)

    def tell(session: Session) -> None:
        open_chat(session, 10, urgent_at=urgent_at)
        notice = Notice(tip_id=11, kind=kind, say=lambda _language: Reply(text="x"))
        notices.tell(session, WardBook(), notice, draw=new_id, now=NOW)

    await memory.write(tell)
    assert await opened(memory, OutboxRow, "is_pressing") in ([(expected,)], [])
    await memory.stop()


@pytest.mark.parametrize(
    ("status", "error", "goes"),
    [
        ("waiting", None, True),
        ("parked", "ceiling", True),
        ("parked", "paid_off", True),
        ("parked", "window_closed", False),
        ("sent", None, False),
    ],
)
async def test_a_question_behind_a_knock_that_waits_makes_that_pressing(
    database: Database, status: str, error: str | None, goes: bool
) -> None:
    """It would ride behind news that can wait, and wait with it."""
    memory = await open_memory(database)

    def tell(session: Session) -> int | None:
        open_chat(session, 10)
        session.add(OutboxRow(id=90, ward_id=1, chat_id=10, tip_id=11, status=status, error=error, created_at=0))
        session.add(NoticeRow(id=91, ward_id=1, tip_id=11, kind="status", created_at=0, knocked_at=1, outbox_id=90))
        session.flush()
        notice = Notice(tip_id=11, kind="question", say=lambda _language: Reply(text="x"))
        return notices.tell(session, WardBook(), notice, draw=new_id, now=NOW)

    assert await memory.write(tell) == (10 if goes else None)
    assert await opened(memory, OutboxRow, "status", "is_pressing") == [("waiting" if goes else status, goes)]
    await memory.stop()


def test_a_conversation_in_which_danger_was_heard_is_pressing_for_a_day() -> None:
    assert is_about_danger({"danger": "weapon"}, NOW)
    assert is_about_danger({"last_tip": {"danger": "weapon", "at": NOW - moments.HOUR}}, NOW)
    assert not is_about_danger({"last_tip": {"danger": "weapon", "at": NOW - 2 * moments.DAY}}, NOW)
    assert not is_about_danger({"last_tip": {"at": NOW}}, NOW) and not is_about_danger({}, NOW)
