"""Codes, groups and subscriptions on both engines."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import Session, select

from handlers import duty_acts
from handlers.acts import Act, Overtaken
from handlers.messages import Change, DutyAct, Ward
from handlers.officers import Mistake
from handlers.tips import Where, apply
from handlers.warnings import groups
from storage import moments, tables
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import contact, officer_chats, shredding, subscriptions
from storage.queries import groups as rows
from storage.queries.rings import chat_key_place, chat_ring
from storage.vault import Place, Ring, vault_of
from tests.databases import Database, known_vault

WARD, CHIEF, READER, SEVEN, NINE = 1, 7, 8, 25, 26
GROUP, OTHER, RESIDENT = 20, 21, 22
NOW = 1_800_000_000_000


@pytest.fixture
async def memory(database: Database) -> AsyncIterator[Memory]:
    memory = Memory(database.url, known_vault())
    await memory.start()
    await memory.write(first_rows)
    yield memory
    await memory.stop()


def first_rows(session: Session) -> None:
    session.add(tables.Ward(id=WARD, name="", created_at=0))
    session.flush()
    for officer_id, role in ((CHIEF, "chief"), (READER, "inspector")):
        session.add(tables.Officer(id=officer_id, ward_id=WARD, login=role, name=role, role=role, password_hash="", created_at=0))
    for area, name in ((SEVEN, "Tổ 7"), (NINE, "Tổ 9")):
        session.add(tables.Neighbourhood(id=area, ward_id=WARD, position=area, name=name))
    for chat_id in (GROUP, OTHER, RESIDENT):
        ring = Ring.fresh()
        kept: dict[str, Any] = {"data_key": vault_of(session).wrap(ring, chat_key_place(chat_id)), "chat_hash": f"hash {chat_id}"}
        address = ring.seal_text(str(chat_id), Place("chats", "address", chat_id))
        session.add(tables.Chat(id=chat_id, ward_id=WARD, channel="telegram", address=address, created_at=0, **kept))
    session.flush()


def hash_of(*parts: str) -> str:
    return "/".join(parts)


def act(officer_id: int = CHIEF, now: int = NOW) -> Act:
    return Act(ward_id=WARD, officer_id=officer_id, history_id=new_id(), now=now)


async def coded(memory: Memory, code: str, area: int | None = SEVEN, who: int = CHIEF) -> str:
    made, row_id = act(who), new_id()
    return await memory.write(lambda session: groups.new_code(session, made, area, code=code, row_id=row_id, hash_of=hash_of))


async def links(memory: Memory, code: str, chat_id: int = GROUP, now: int = NOW) -> None:
    values = {"code_hash": groups.hashed(hash_of, code), "title": "Tổ 7", "row_id": new_id(), "history_id": new_id()}
    where = Where(ward_id=WARD, chat_id=chat_id, channel="telegram", now=now)
    await memory.write(lambda session: apply(session, where, [Change("group_link", values)]))


async def hears(memory: Memory, event: str, chat_id: int = GROUP, **more: str) -> None:
    values = {"event": event, "history_id": new_id(), **more}
    where = Where(ward_id=WARD, chat_id=chat_id, channel="telegram", now=NOW)
    await memory.write(lambda session: apply(session, where, [Change("group_event", values)]))


async def seen(memory: Memory) -> list[tuple[int, int | None, str, bool]]:
    found = await memory.read(lambda session: rows.listed(session, WARD))
    return [(one.chat_id, one.neighbourhood_id, one.trouble, one.is_linked) for one in found]


async def test_a_code_links_one_group_once_within_a_day(memory: Memory) -> None:
    assert await coded(memory, "7kq2m9xt") == "N-7kq2-m9xt"
    await links(memory, "7kq2m9xt")
    with pytest.raises(Overtaken):
        await links(memory, "7kq2m9xt", OTHER)
    await coded(memory, "abcd2345", NINE)
    with pytest.raises(Overtaken):
        await links(memory, "abcd2345", OTHER, now=NOW + groups.CODE_LIVES + 1)
    with pytest.raises(Overtaken):
        await links(memory, "never222", OTHER)
    with pytest.raises(Mistake):
        await coded(memory, "abcd2346", who=READER)
    with pytest.raises(Mistake):
        await coded(memory, "abcd2347", 999)
    await links(memory, "abcd2345")  # The same group to another neighbourhood: still one row.
    assert await seen(memory) == [(GROUP, NINE, "", True)]

    await coded(memory, "abcd2348")
    await memory.write(lambda session: session.get_one(tables.Officer, CHIEF).__setattr__("disabled_at", NOW))
    with pytest.raises(Overtaken):
        await links(memory, "abcd2348", OTHER)


async def test_a_group_that_moves_stays_one_row(memory: Memory) -> None:
    """Its new address may have a chat of its own by then, and that may even have been linked."""
    await coded(memory, "7kq2m9xt")
    await links(memory, "7kq2m9xt")
    await hears(memory, "moved", address="-100", chat_hash=f"hash {OTHER}")

    def read(session: Session) -> list[tuple[Any, ...]]:
        chats = session.exec(select(tables.Chat).order_by(tables.Chat.id)).all()  # type: ignore[arg-type]
        return [(one.id, one.chat_hash, one.cut_at is not None) for one in chats]

    assert await memory.read(read) == [(GROUP, f"hash {OTHER}", False), (OTHER, None, True), (RESIDENT, f"hash {RESIDENT}", False)]
    place, where = Place("chats", "address", GROUP), GROUP
    address = await memory.read(
        lambda session: chat_ring(session, where).open_text(session.get_one(tables.Chat, where).address or b"", place)
    )
    assert address == "-100" and await seen(memory) == [(GROUP, SEVEN, "moved", True)]

    await coded(memory, "abcd2345")
    await links(memory, "abcd2345", RESIDENT)
    await hears(memory, "moved", address="-200", chat_hash=f"hash {RESIDENT}")
    assert await seen(memory) == [(RESIDENT, SEVEN, "", True), (GROUP, SEVEN, "moved", False)]


async def test_who_runs_it_at_the_desk_may_end_it_and_read_what_changed(memory: Memory) -> None:
    await coded(memory, "7kq2m9xt")
    await links(memory, "7kq2m9xt")
    [group] = await memory.read(lambda session: groups.listed(session, WARD))
    await hears(memory, "renamed", title="Tên khác")
    assert await seen(memory) == [(GROUP, SEVEN, "renamed", True)]
    await memory.write(lambda session: groups.acknowledge(session, act(), group.id))
    await memory.write(lambda session: groups.move_to(session, act(), group.id, NINE))
    assert await seen(memory) == [(GROUP, NINE, "", True)]
    for reason, trouble in (("no_rights", "muted"), ("blocked", "lost")):
        await memory.write(lambda session, why=reason: groups.refused(session, WARD, GROUP, why, history_id=new_id(), now=NOW))  # type: ignore[misc]
        assert (await seen(memory))[0][2] == trouble
    with pytest.raises(Mistake):
        await memory.write(lambda session: groups.end(session, act(), group.id))
    with pytest.raises(Mistake):
        await memory.write(lambda session: groups.end(session, act(READER), group.id))


async def subscribed(memory: Memory, chat_id: int, area: int | None, *themes: str) -> None:
    values = {"row_id": new_id(), "neighbourhood_id": area, "themes": list(themes)}
    where = Where(ward_id=WARD, chat_id=chat_id, channel="telegram", now=NOW)
    await memory.write(lambda session: apply(session, where, [Change("subscribe", values)]))


async def test_a_subscription_is_one_row_and_goes_with_the_chat(memory: Memory) -> None:
    async def counted() -> dict[int | None, dict[tuple[str, ...], int]]:
        return await memory.read(lambda session: subscriptions.counted(session, WARD))

    await subscribed(memory, RESIDENT, SEVEN, "fraud")
    await subscribed(memory, OTHER, SEVEN, "fraud")
    await subscribed(memory, RESIDENT, None)
    assert await counted() == {SEVEN: {("fraud",): 1}, None: {(): 1}}

    await memory.write(lambda session: contact.cut(session, RESIDENT, now=NOW))
    await memory.write(lambda session: shredding.shred_chat(session, OTHER, now=NOW))
    assert await counted() == {}


async def test_a_chat_that_becomes_an_officers_wants_no_warnings_any_more(memory: Memory) -> None:
    await subscribed(memory, RESIDENT, SEVEN)
    where, ward, made = (
        Where(ward_id=WARD, chat_id=RESIDENT, channel="telegram", now=moments.MINUTE),
        Ward(id=WARD, name="", duty_phone="1"),
        1,
    )

    def link(session: Session) -> None:
        known: dict[str, Any] = {"row_id": new_id(), "officer_id": CHIEF, "code_hash": "c", "now": made, "forget_before": 0}
        officer_chats.keep_code(session, WARD, **known)
        duty_acts.apply(session, ward, where, [DutyAct("link", {"code_hash": "c", "link_id": new_id()})], draw=new_id)

    await memory.write(link)
    assert await memory.read(lambda session: subscriptions.counted(session, WARD)) == {}
