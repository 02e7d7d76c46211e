"""Closing an account and opening it again, on both engines."""

import asyncio
from typing import Any

import pytest
from sqlmodel import Session

from handlers import officers, openings
from handlers.officers import Mistake
from storage import tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import officers as rows
from tests.storage.test_custody import NOW, TIP, act, becomes_custodian, every, memory, taken_in

__all__ = ["memory"]
CHIEF, ASKER, KEEPER = 1, 3, 2


async def closes(memory: Memory, officer_id: int, *, by: int = CHIEF, why: str = "left") -> None:
    history_id = new_id()
    await memory.write(
        lambda session: officers.close_account(session, 1, officer_id=officer_id, by=by, why=why, history_id=history_id, now=NOW + 2)
    )


async def reopens(memory: Memory, officer_id: int, *, by: int = CHIEF) -> None:
    history_id = new_id()
    await memory.write(
        lambda session: officers.reopen_account(session, 1, officer_id=officer_id, by=by, history_id=history_id, now=NOW + 3)
    )


async def asks(memory: Memory, *, by: int) -> int:
    opening_id, asking = new_id(), act(by)
    await memory.write(
        lambda session: openings.ask(
            session, asking, opening_id=opening_id, tip_id=TIP, what="identity", reason="lấy lời khai", view_key=b"k" * 32
        )
    )
    return opening_id


async def history(memory: Memory) -> list[tuple[int | None, str, str, dict[str, Any]]]:
    return await memory.read(
        lambda session: [
            (row.tip_id, row.actor, row.what, row.detail)
            for row in every(session, tables.HistoryRow)
            if row.what.endswith(("_ended", "_closed", "_reopened"))
        ]
    )


async def make_chief(memory: Memory, officer_id: int) -> None:
    def promote(session: Session) -> None:
        session.get_one(tables.Officer, officer_id).role = "chief"

    await memory.write(promote)


async def is_closed(memory: Memory, officer_id: int) -> bool:
    seen = await memory.read(lambda session: rows.officer(session, 1, officer_id))
    return seen is not None and seen.is_disabled


async def test_a_closed_account_is_signed_out_and_can_be_opened_again(memory: Memory) -> None:
    await memory.write(
        lambda session: rows.open_session(session, session_id=1, ward_id=1, officer_id=ASKER, token_hash="x", now=NOW, ends_at=NOW + 1000)
    )
    await closes(memory, ASKER, why="exposed")
    assert await memory.read(lambda session: every(session, tables.DeskSession)) == []
    assert await memory.read(lambda session: rows.password_hash_of(session, "o3")) is None
    await closes(memory, ASKER)  # A second press changes nothing.

    await reopens(memory, ASKER)
    assert await memory.read(lambda session: rows.password_hash_of(session, "o3")) == (ASKER, 1, "")
    assert await history(memory) == [
        (None, "officer:1", "officer_closed", {"officer": ASKER, "why": "exposed", "ended": 0, "given_back": 0}),
        (None, "officer:1", "officer_reopened", {"officer": ASKER}),
    ]


async def test_p2_whoever_is_out_loses_what_they_asked_for_and_what_is_open(memory: Memory) -> None:
    """And does not get it back with the account."""
    await becomes_custodian(memory, KEEPER)
    await taken_in(memory)
    seen, approving = await asks(memory, by=ASKER), act(KEEPER)
    await memory.write(lambda session: openings.approve(session, approving, opening_id=seen, content=b"sealed") and None)
    waiting, others = await asks(memory, by=ASKER), await asks(memory, by=CHIEF)
    await closes(memory, ASKER)
    await reopens(memory, ASKER)

    def stand(session: Session) -> dict[int, tuple[str, bytes | None, bool]]:
        return {row.id: (row.status, row.content, (row.open_until or 0) > NOW + 2) for row in every(session, tables.Opening)}

    assert await memory.read(stand) == {
        seen: ("approved", None, False),
        waiting: ("ended", None, False),
        others: ("asked", None, False),
    }
    assert [(tip_id, what) for tip_id, _actor, what, _detail in await history(memory)].count((TIP, "identity_ended")) == 2
    with pytest.raises(Mistake, match="custody-answered"):
        await memory.write(lambda session: openings.approve(session, approving, opening_id=waiting, content=b"x") and None)


async def test_the_last_chief_stays(memory: Memory) -> None:
    with pytest.raises(Mistake, match="mistake-last-chief"):
        await closes(memory, CHIEF)
    await make_chief(memory, ASKER)
    await closes(memory, CHIEF)

    assert await is_closed(memory, CHIEF)
    with pytest.raises(Mistake, match="mistake-last-chief"):
        await closes(memory, ASKER, by=ASKER)


async def test_of_two_chiefs_who_close_one_another_one_stays(memory: Memory) -> None:
    await make_chief(memory, ASKER)
    outcomes = await asyncio.gather(closes(memory, ASKER, by=CHIEF), closes(memory, CHIEF, by=ASKER), return_exceptions=True)

    assert [str(one) for one in outcomes if one is not None] == ["desk-not-yours"]
    assert sorted([await is_closed(memory, CHIEF), await is_closed(memory, ASKER)]) == [False, True]


@pytest.mark.parametrize("by", [2, 4, 5, 99])
async def test_nobody_but_a_chief_changes_accounts(memory: Memory, by: int) -> None:
    for change in (closes, reopens):
        with pytest.raises(Mistake, match="desk-not-yours"):
            await change(memory, ASKER, by=by)


async def test_a_reason_of_ours_and_an_account_of_this_ward_are_needed(memory: Memory) -> None:
    with pytest.raises(Mistake, match="mistake-closing-reason"):
        await closes(memory, ASKER, why="vì ghét")
    with pytest.raises(Mistake, match="mistake-no-officer"):
        await closes(memory, 99)


async def test_a_new_password_opens_no_closed_account(memory: Memory) -> None:
    await closes(memory, ASKER)
    for login, key in (("o3", "mistake-officer-closed"), ("o9", "mistake-no-officer")):
        with pytest.raises(Mistake, match=key):
            await memory.write(
                lambda session, login=login: officers.reset_password(  # type: ignore[misc]
                    session, history_id=9, login=login, password_hash="", by="command line", now=NOW
                )
            )
    assert await is_closed(memory, ASKER)


async def test_a_request_waits_for_those_who_may_answer_it_and_nobody_else(memory: Memory) -> None:
    await becomes_custodian(memory, KEEPER)
    await taken_in(memory)
    await asks(memory, by=ASKER)
    await asks(memory, by=KEEPER)

    def waits(session: Session) -> dict[int, int]:
        return {number: openings.waiting_for(session, 1, number, now=NOW + 1) for number in range(1, 6)}

    assert await memory.read(waits) == {CHIEF: 0, KEEPER: 1, ASKER: 0, 4: 0, 5: 0}
    assert await memory.read(lambda session: openings.waiting_for(session, 1, KEEPER, now=NOW + openings.ANSWERED_WITHIN)) == 0
