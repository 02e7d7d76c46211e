"""A warning on the Official Account: free to whoever wrote lately, never for money the ward has not set aside, else when they write."""

import asyncio
from collections import Counter

from sqlmodel import Session

from bot.runtime import Running
from storage import moments, tables
from storage.ids import new_id
from tests import strikes
from tests.bot.zalo_oa.test_send import tells_a_tip, waiting
from tests.fakes.zalo_oa import DAY, FakeZaloOA, ZaloPerson
from tests.opened import rows


async def known(house: Running, person: ZaloPerson) -> int:
    """Their chat, once everything is said that they were told."""
    before = {row[0] for row in await rows(house, tables.Chat, "id")}
    await tells_a_tip(person)
    await waiting(house, [])
    return int(({row[0] for row in await rows(house, tables.Chat, "id")} - before).pop())


async def test_p6_who_may_not_be_written_to_gets_it_when_they_write_and_a_leader_is_called(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA
) -> None:
    house, fake, ward_id = zalo_house, fake_zalo_oa, zalo_house.ward().id
    people = await strikes.lay_people(house.memory, ward_id)
    near, far, paid = (fake.person() for _ in range(3))
    chats = [await known(house, one) for one in (near, far, paid)]
    for person, chat_id, days in ((far, chats[1], 8), (paid, chats[2], 3)):
        fake.last_interaction[person.id] -= days * DAY
        at = moments.now() - days * moments.DAY
        await house.memory.write(lambda session, chat_id=chat_id, at=at: _wrote(session, chat_id, at))  # type: ignore[misc]
    await house.memory.write(
        lambda session: session.add_all([tables.Subscription(id=new_id(), ward_id=ward_id, chat_id=chat_id, since=1) for chat_id in chats])
    )
    long_ago = moments.now() - 9 * moments.DAY
    await house.memory.write(lambda session: strikes.add_leader(session, ward_id, ("zalo_oa", "77"), last_in_at=long_ago))

    warning_id = await strikes.strike(house.memory, people)
    wanted = {"sent ": 1, "parked window_closed": 1, "parked paid_off": 1, "to_call window": 1}
    for _ in range(200):
        if await tally(house, warning_id) == wanted and await strikes.state_of(house.memory, warning_id) == "done":
            break
        await asyncio.sleep(0.05)
    assert await tally(house, warning_id) == wanted
    assert fake.billed == 0 and sum("CẢNH BÁO" in one for one in near.reads()) == 1
    assert await strikes.state_of(house.memory, warning_id) == "done"

    await far.say("xin chào lần nữa")
    for _ in range(200):
        if (await tally(house, warning_id)).get("sent ") == 2:
            break
        await asyncio.sleep(0.05)
    assert sum("CẢNH BÁO" in one for one in far.reads()) == 1
    assert await tally(house, warning_id) == {"sent ": 2, "parked paid_off": 1, "to_call window": 1}


async def tally(house: Running, warning_id: int) -> dict[str, int]:
    return dict(Counter(f"{state} {reason}" for _kind, state, reason, _chat in await strikes.targets_of(house.memory, warning_id)))


def _wrote(session: Session, chat_id: int, at: int) -> None:
    chat = session.get(tables.Chat, chat_id)
    assert chat is not None
    chat.last_in_at, chat.window_from = at, at
    session.add(chat)
