"""Somebody answers a resident in Zalo's own console: it is noticed. Our own answers never are, however late Zalo names them."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from sqlmodel import Session

from bot.channels.base import DeliveryError
from bot.channels.zalo_oa.echoes import Echo, Echoes
from bot.runtime import Running
from handlers import answered_outside, oa_rights
from handlers import house as house_acts
from handlers.acts import Act
from storage import moments, tables
from storage.ids import new_id
from storage.queries import house as house_rows
from storage.queries.house import Closed
from tests.bot.telegram.test_door import everything_stored
from tests.bot.zalo_oa.test_door import door_why
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import rows

ADMIN = "6000000000000000001"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits a minute for an answer of Zalo's that names a message."""
    monkeypatch.setattr(answered_outside, "WAIT_FOR_ANSWER", 0)
    yield


async def posts(house: Running) -> list[tuple[str, str]]:
    return sorted(await rows(house, tables.ZaloPost, "kind", "told_by"))


async def marks(house: Running) -> dict[str, int]:
    return dict(await rows(house, tables.DoorMark, "what", "many"))


async def noted(house: Running) -> list[Any]:
    return [
        json.loads(row[1]) if isinstance(row[1], str) else row[1]
        for row in await rows(house, tables.HistoryRow, "what", "detail")
        if row[0] == "answered_outside"
    ]


async def talk(house: Running, fake: FakeZaloOA) -> Any:
    person = fake.person()
    await person.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await person.hears("ạ?")
    for _ in range(100):
        if {kind for kind, _by in await posts(house)} == {"ours"}:
            return person
        await asyncio.sleep(0.02)
    raise AssertionError(await posts(house))


async def until_known(house: Running, kinds: list[tuple[str, str]]) -> None:
    for _ in range(100):
        if await posts(house) == kinds:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await posts(house))


async def test_p7_somebody_who_answers_in_zalos_console_is_noticed(zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None) -> None:
    fake_zalo_oa.echoes = "after"
    person = await talk(zalo_house, fake_zalo_oa)
    for words in ("Chào bác LOIRIENG", "Chào bác lần nữa LOIRIENG"):
        await fake_zalo_oa.answer_by_hand(person, words)
    for event in [one for one in fake_zalo_oa.attempts if one[0] == "oa_send_text"]:
        assert event[1] == 200
    await asyncio.sleep(0.1)
    await door_why(zalo_house, [("zalo_oa", "by_hand")])

    assert (await marks(zalo_house))["by_hand"] == 2
    found = await noted(zalo_house)
    assert [set(one) for one in found] == [{"said_at", "by"}] * 2 and {one["by"] for one in found} == {"person"}
    stored = await everything_stored(zalo_house)
    assert ADMIN not in stored and "LOIRIENG" not in stored and person.id not in stored


async def test_the_same_news_twice_counts_once(zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None) -> None:
    body = {
        "app_id": fake_zalo_oa.app_id,
        "timestamp": str(moments.now()),
        "event_name": "oa_send_text",
        "sender": {"id": fake_zalo_oa.oa_id, "admin_id": ADMIN},
        "recipient": {"id": "9000000000000000009"},
    }
    for _ in range(2):
        await fake_zalo_oa.push({**body, "message": {"text": "Chào bác", "msg_id": "cafe1"}})
        await fake_zalo_oa.push({**body, "message": {"text": "Chào bác"}})  # Without an id of its own.
        await zalo_house.zalo_oa.beat()

    assert (await marks(zalo_house))["by_hand"] == 2
    assert len(await noted(zalo_house)) == 2


@pytest.mark.parametrize("echoes", ["before", "after"])
async def test_our_own_answers_are_never_taken_for_somebody_elses(zalo_house: Running, fake_zalo_oa: FakeZaloOA, echoes: Any) -> None:
    """News of it may overtake the answer that names it."""
    fake_zalo_oa.echoes = echoes
    person = await talk(zalo_house, fake_zalo_oa)
    await person.say("Lúc 21 giờ")
    await asyncio.sleep(0.6)
    await zalo_house.zalo_oa.beat()

    sent = len(fake_zalo_oa.sent[person.id])
    assert sent and await posts(zalo_house) == [("ours", "")] * sent
    assert zalo_house.zalo_oa.figures.get("answered_outside", 0) == 0
    assert "ids_told" in await marks(zalo_house) and "by_hand" not in await marks(zalo_house)


async def test_an_answer_of_ours_whose_fate_nobody_knows_is_waited_for_and_taken_for_ours(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None
) -> None:
    """Zalo sent it and its answer was lost; ours comes a second time, and Zalo tells of both."""
    fake_zalo_oa.echoes = "after"
    await talk(zalo_house, fake_zalo_oa)  # So that Zalo's news has proved to bear our ids.
    await asyncio.sleep(0.3)
    fake_zalo_oa.lose_answers = 1
    person = fake_zalo_oa.person()
    await person.say("Có người lạ ở cổng")
    for _ in range(100):
        if len(fake_zalo_oa.sent[person.id]) >= 2:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.4)
    await zalo_house.zalo_oa.beat()

    assert "by_hand" not in await marks(zalo_house) and await noted(zalo_house) == []
    assert {kind for kind, _by in await posts(zalo_house)} == {"ours"}
    # One more to the same person is somebody else's: what was unknown is known now.
    await fake_zalo_oa.answer_by_hand(person, "Chào bác", admin_id="")
    await asyncio.sleep(0.2)
    await zalo_house.zalo_oa.beat()
    assert (await marks(zalo_house))["by_hand"] == 1 and (await noted(zalo_house))[0]["by"] == "event"


async def test_who_died_between_sending_and_writing_it_down_accuses_nobody(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None
) -> None:
    await talk(zalo_house, fake_zalo_oa)
    house, person = zalo_house, fake_zalo_oa.person()
    echoes: Echoes = house.zalo_oa.echoes

    class Killed(BaseException):
        pass

    with pytest.raises(Killed):
        async with echoes.sending(person.id):
            raise Killed
    prove = {"row_id": new_id(), "now": moments.now()}
    await house.memory.write(lambda session: answered_outside.prove(session, house.ward().id, "event", **prove))
    for message_id in ("beef77", "beef78"):
        await echoes.came(Echo(message_id=message_id, user_id=person.id, at=moments.now(), by_person=False), "event")
        await house.zalo_oa.beat()

    found = await noted(house)
    assert len(found) == 1  # The first was ours; nothing of ours explains the second.


async def test_what_zalo_refuses_or_never_heard_leaves_no_trace(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    echoes: Echoes = zalo_house.zalo_oa.echoes
    for reason, kept in (("refused", 0), ("token", 0), ("unreachable", 1)):
        with pytest.raises(DeliveryError):
            async with echoes.sending("9000000000000000007"):
                raise DeliveryError(reason)
        assert len(await posts(zalo_house)) == kept


async def test_before_zalos_news_has_proved_to_bear_our_ids_only_a_person_named_by_zalo_counts(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None
) -> None:
    """Were the ids of the news others than those of the answers, every word of ours would call the chief."""
    person = await talk(zalo_house, fake_zalo_oa)
    for message_id, by_person in (("other-1", False), ("other-2", False), ("other-3", True)):
        echo = Echo(message_id=message_id, user_id=person.id, at=moments.now(), by_person=by_person)
        await zalo_house.zalo_oa.echoes.came(echo, "event")
    await zalo_house.zalo_oa.beat()

    assert [one["by"] for one in await noted(zalo_house)] == ["person"]
    assert ("passed", "event") in await posts(zalo_house)


async def test_what_the_account_says_by_itself_is_nobodys_answer(zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None) -> None:
    house, person = zalo_house, await talk(zalo_house, fake_zalo_oa)
    ward_id, officer = house.ward().id, new_id()
    now = moments.now()

    def tell(session: Session) -> None:
        session.add(tables.Officer(id=officer, ward_id=ward_id, login="chi.huy", name="A", role="chief", password_hash="x", created_at=now))
        session.flush()
        act = Act(ward_id=ward_id, officer_id=officer, history_id=new_id(), now=now)
        given = {"custodian": "A", "automatic": "Công an phường xin chào.\nGấp thì gọi 113.\n\nMáy đang nghỉ, gọi 113."}
        oa_rights.tell(session, act, given, row_id=new_id())
        answered_outside.prove(session, ward_id, "event", row_id=new_id(), now=now)

    await house.memory.write(tell)
    for words in ("Công an phường xin chào. Gấp thì gọi 113.", "Máy đang nghỉ, gọi 113.", "Bác gửi giấy cho tôi"):
        await fake_zalo_oa.answer_by_hand(person, words, admin_id="")
        fake_zalo_oa.echoes = "before"
        await fake_zalo_oa.answer_by_hand(person, words, admin_id="")
        fake_zalo_oa.echoes = ""
    await house.zalo_oa.beat()

    assert len(await noted(house)) == 1
    assert house.zalo_oa.figures["echo_automatic"] == 2


async def test_after_a_restore_nothing_the_old_machine_said_is_held_against_anybody(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None
) -> None:
    house, now = zalo_house, moments.now()
    person, ward_id, officer = await talk(house, fake_zalo_oa), house.ward().id, new_id()

    def restored(session: Session) -> None:
        session.add(tables.Officer(id=officer, ward_id=ward_id, login="chi.huy", name="A", role="chief", password_hash="x", created_at=now))
        session.flush()
        house_rows.close_house(session, ward_id, Closed(snapshot="s", made_at=now - moments.DAY, restored_at=now))
        assert house_acts.open_house(session, ward_id, officer_id=officer, send_held=False, history_id=new_id(), now=moments.now())
        answered_outside.prove(session, ward_id, "event", row_id=new_id(), now=now)

    await house.memory.write(restored)
    for message_id, at in (("old", now - moments.HOUR), ("new", moments.now() + 1000)):
        await house.zalo_oa.echoes.came(Echo(message_id=message_id, user_id=person.id, at=at, by_person=False), "event")
    await house.zalo_oa.beat()
    assert len(await noted(house)) == 1


async def test_figures_count_it(zalo_house: Running, fake_zalo_oa: FakeZaloOA, hurried: None) -> None:
    fake_zalo_oa.echoes = "before"
    await fake_zalo_oa.answer_by_hand(fake_zalo_oa.person(), "Chào bác")
    await zalo_house.zalo_oa.beat()
    async with aiohttp.ClientSession() as http, http.get(f"{zalo_house.address}/metrics") as answer:
        assert 'keng_events_total{what="zalo_oa_answered_outside"} 1.0' in await answer.text()
