"""What an officer types where there is nothing to press, on both engines: which press it stands for, and when it stands for none."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from handlers import typed_duty
from handlers.messages import Incoming
from handlers.typed_duty import WHICH
from storage import moments, tables
from storage.memory import Memory
from tests.storage.test_officer_chats import CHATS, FIRST, NOW, SECOND, TIP, WARD, add_tip, light, link_both, memory, ring

__all__ = ["light", "memory"]


def typed(session: Session, text: str, *, officer_id: int = FIRST, channel: str = "zalo_bot", **state: Any) -> str:
    more: dict[str, Any] = {"chat_id": CHATS[officer_id], "channel": channel, "now": NOW}
    heard = typed_duty.as_pressed(session, WARD, {"duty": 1, **state}, Incoming(kind="text", source="m", text=text), **more)
    return heard.text if heard.kind == "button" else ""


async def test_a_word_of_a_card_is_its_button_and_of_two_none_is_guessed(memory: Memory) -> None:
    def prepare(session: Session) -> None:
        link_both(session)
        ring(session, FIRST)

    def second(session: Session) -> None:
        add_tip(session, 31, code_tail="G6SM")
        add_tip(session, 32, code_tail="ZZZZ", restricted="fence")

    await memory.write(prepare)
    one = await memory.read(lambda session: [typed(session, text) for text in ("Nhận", "nhận.", "ACCEPT", "Hỏi thêm", "nhận 9daf")])
    assert one == [f"duty:accept:{TIP}"] * 3 + [f"duty:ask:{TIP}", f"duty:accept:{TIP}"]
    assert await memory.read(lambda session: typed(session, "Nhận", officer_id=SECOND)) == ""  # Nothing rang there.

    await memory.write(second)
    named = await memory.read(lambda session: [typed(session, text) for text in ("nhận G6SM", "nhận …g6sm", "nhận zzzz", "nhận lương rồi")])
    assert named == ["duty:accept:31", "duty:accept:31", "", ""]  # Of a tip this role may not know nothing is told.
    both = await memory.read(lambda session: typed(session, "Hỏi thêm", offered=[["Hỏi thêm", "duty:ask:31"]]))
    assert both == WHICH


async def test_what_somebody_took_is_not_meant_by_accepting(memory: Memory) -> None:
    def prepare(session: Session) -> None:
        link_both(session)
        add_tip(session, 31, code_tail="G6SM")
        ring(session, FIRST)
        session.execute(update(tables.Tip).where(tables.Tip.id == TIP).values(accepted_at=NOW, accepted_by=SECOND))  # type: ignore[arg-type]

    await memory.write(prepare)
    offered = [["Nhận", "duty:accept:31"]]

    assert await memory.read(lambda session: typed(session, "Nhận", offered=offered)) == "duty:accept:31"
    assert await memory.read(lambda session: typed(session, "Nhận")) == f"duty:accept:{TIP}"  # The answer says who was first.


async def test_a_shift_is_taken_by_its_word(memory: Memory) -> None:
    def prepare(session: Session) -> None:
        link_both(session)
        for number, ends, taken in ((5, NOW - 1, None), (6, NOW + moments.HOUR, SECOND), (7, NOW + moments.DAY, None)):
            session.add(tables.Shift(id=number, ward_id=WARD, starts_at=NOW - moments.HOUR, ends_at=ends, duty_id=FIRST, taken_by=taken))

    await memory.write(prepare)
    assert await memory.read(lambda session: typed(session, "vào ca")) == "shift:take:7"
    assert await memory.read(lambda session: typed(session, "vào ca", officer_id=SECOND)) == ""


@pytest.mark.parametrize(
    ("text", "state", "pressed"),
    [
        ("2", {}, "duty:no:30"),
        ("Gõ câu khác", {}, "duty:type:30"),
        ("3", {}, ""),
        ("2", {"ask": {"types": True}}, ""),  # It is a part of the question.
        ("thôi", {"ask": {"types": True}}, "duty:no:30"),
        ("Có cháy lớn ở chợ", {}, ""),
    ],
)
async def test_the_last_answers_list_is_typed(light: Memory, text: str, state: dict[str, Any], pressed: str) -> None:
    offered = [["Gõ câu khác", "duty:type:30"], ["Thôi", "duty:no:30"]]
    await light.write(link_both)

    assert await light.read(lambda session: typed(session, text, offered=offered, **state)) == pressed
    assert await light.read(lambda session: typed(session, text, channel="telegram", offered=offered, **state)) == ""
