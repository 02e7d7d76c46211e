"""Between the second day and the seventh Zalo sends for money: only as far as the ward has said, counted, and never twice for one."""

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import update

from bot import delivery
from bot.runtime import Running
from handlers import windows
from handlers.acts import Act
from handlers.messages import Reply
from handlers.outgoing import reply_row
from storage import moments, tables
from storage.ids import new_id
from storage.queries import lanes, paid
from storage.queries.paid import Used
from tests.bot.zalo_oa.test_send import move_last_wrote, queue, tells_a_tip, waiting
from tests.fakes.zalo_oa import DAY, HOUR, FakeZaloOA, ZaloPerson
from tests.opened import rows


async def set_ceiling(house: Running, amount: int) -> None:
    act = Act(ward_id=house.ward().id, officer_id=1, history_id=new_id(), now=moments.now())
    officer = tables.Officer(id=1, ward_id=act.ward_id, login="chief", name="Chief", role="chief", password_hash="", created_at=0)
    row_id = new_id()
    if not await rows(house, tables.Officer, "id"):
        await house.memory.write(lambda session: session.add(officer))
    await house.memory.write(lambda session: windows.set_ceiling(session, act, amount, row_id=row_id))
    await house.ward.refresh()


async def used(house: Running) -> Used:
    month = windows.month_of(moments.now())
    return await house.memory.read(lambda session: paid.used(session, house.ward().id, "zalo_oa", month))


async def after_two_days(house: Running, fake: FakeZaloOA) -> ZaloPerson:
    """Somebody with a tip, who wrote 49 hours ago; nothing is on its way."""
    person = fake.person()
    await tells_a_tip(person)
    await waiting(house, [])
    fake.last_interaction[person.id] -= 49 * HOUR
    await move_last_wrote(house, 49 * HOUR)
    return person


async def whys(house: Running) -> list[str]:
    return [row[1] for row in await rows(house, tables.OutboxRow, "status", "error") if row[0] == "parked"]


async def press(house: Running, text: str) -> None:
    """An officer's question."""
    [(tip_id, chat_id, ward_id)] = await rows(house, tables.Tip, "id", "chat_id", "ward_id")
    row = reply_row(Reply(text=text), row_id=new_id(), ward_id=ward_id, chat_id=chat_id, now=moments.now(), tip_id=tip_id, is_pressing=True)
    await house.memory.write(lambda session: lanes.queue_replies(session, [row]))
    house.delivery.wake(chat_id)


async def test_nothing_is_sent_for_money_before_the_ward_says_how_much(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await after_two_days(zalo_house, fake_zalo_oa)
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])

    assert (await whys(zalo_house), fake_zalo_oa.billed, await used(zalo_house)) == (["paid_off"], 0, Used())


async def test_what_waited_for_a_figure_goes_when_the_ward_sets_one(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = await after_two_days(zalo_house, fake_zalo_oa)
    await queue(zalo_house, "Câu hỏi một", "Câu hỏi hai")
    await waiting(zalo_house, ["parked", "parked"])
    await set_ceiling(zalo_house, 10)

    await person.hears("Câu hỏi một")
    await person.hears("Câu hỏi hai")
    await waiting(zalo_house, [])
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (2, Used(many=2))


async def test_it_is_sent_up_to_the_wards_figure_and_what_is_pressing_has_the_last_of_it(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA
) -> None:
    await set_ceiling(zalo_house, 5)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    await queue(zalo_house, "Một", "Hai", "Ba", "Bốn", "Năm")
    await waiting(zalo_house, ["parked"])
    assert (await whys(zalo_house), fake_zalo_oa.billed, await used(zalo_house)) == (["ceiling"], 4, Used(many=4))

    await press(zalo_house, "Câu hỏi của cán bộ")
    await person.hears("Câu hỏi của cán bộ")
    await press(zalo_house, "Câu hỏi nữa")
    await waiting(zalo_house, ["parked", "parked"])
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (5, Used(many=5))

    await person.say("Tôi đây")  # For free from now on: all that waits, in its order, and before the answer to this.
    await person.hears("Câu hỏi nữa")
    await waiting(zalo_house, [])
    heard = person.reads()
    assert heard.index("Năm") < heard.index("Câu hỏi nữa") and fake_zalo_oa.billed == 5


async def test_the_first_of_a_month_begins_anew(zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch) -> None:
    await set_ceiling(zalo_house, 2)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    await press(zalo_house, "Một")
    await press(zalo_house, "Hai")
    await person.hears("Hai")
    monkeypatch.setattr(windows, "month_of", lambda _now: "2999-01")
    await press(zalo_house, "Ba")
    await person.hears("Ba")


def test_a_month_is_the_wards_own() -> None:
    last_evening = 1_793_465_999_000  # 2026-10-31 23:59:59 in Hải Phòng, still the 31st in Greenwich as well.
    assert [windows.month_of(last_evening), windows.month_of(last_evening + 1000)] == ["2026-10", "2026-11"]


@pytest.mark.parametrize("how", ["lost answer", "timeout"])
async def test_p1_what_perhaps_went_out_for_money_is_not_paid_twice_and_not_lost(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """As after a crash between sending and noting: the count stays on the row."""
    await set_ceiling(zalo_house, 50)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    if how == "lost answer":
        fake_zalo_oa.lose_answers = 1
    else:
        monkeypatch.setattr(delivery, "SEND_TIMEOUT_SECS", 0.3)
        fake_zalo_oa.delay_secs = 0.6
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])
    await asyncio.sleep(0.5)
    assert (await whys(zalo_house), await used(zalo_house)) == (["paid_unknown"], Used(many=1))
    assert fake_zalo_oa.billed <= 1

    fake_zalo_oa.delay_secs, billed = 0, fake_zalo_oa.billed
    monkeypatch.setattr(delivery, "SEND_TIMEOUT_SECS", 20)
    await person.say("Tôi đây")
    await person.hears("Câu hỏi một")
    await waiting(zalo_house, [])
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (billed, Used(many=1))


async def test_what_certainly_did_not_go_is_not_counted(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await set_ceiling(zalo_house, 50)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    wire = zalo_house.zalo_oa._wire
    there, wire._api = wire._api, "http://127.0.0.1:1"
    await queue(zalo_house, "Câu hỏi một")
    for _ in range(100):
        if zalo_house.zalo_oa._speaker.unreachable_since:
            break
        await asyncio.sleep(0.05)
    fake_zalo_oa.refuse_next = [-201]
    wire._api = there
    await waiting(zalo_house, ["failed"])
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (0, Used(many=0))
    await queue(zalo_house, "Câu hỏi hai")
    await person.hears("Câu hỏi hai")
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (1, Used(many=1))


@pytest.mark.parametrize("has_purse", [True, False])
async def test_p7_an_empty_purse_is_said_and_stops_nothing_that_is_free(
    zalo_house: Running, fake_zalo_oa: FakeZaloOA, has_purse: bool
) -> None:
    await set_ceiling(zalo_house, 50)
    await after_two_days(zalo_house, fake_zalo_oa)
    fake_zalo_oa.money, fake_zalo_oa.has_purse = 0, has_purse
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])
    assert (await whys(zalo_house), await used(zalo_house)) == (["no_money"], Used(many=0))
    other = fake_zalo_oa.person()
    await other.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await other.hears("ạ?")
    await zalo_house.zalo_oa.beat()
    assert zalo_house.zalo_oa.shut == "money"


async def test_each_part_of_a_long_answer_has_its_price(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await set_ceiling(zalo_house, 10)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    many = len(person.reads())
    await queue(zalo_house, ("Chuyện dài lắm ạ.\n" * 300).strip())
    await waiting(zalo_house, [])
    parts = len(person.reads()) - many

    assert parts > 2 and fake_zalo_oa.billed == parts and await used(zalo_house) == Used(many=parts)


async def test_what_zalo_says_it_took_from_is_believed(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """They called the account meanwhile, which opens the window and sends us nothing; then the package pays."""
    await set_ceiling(zalo_house, 10)
    person = await after_two_days(zalo_house, fake_zalo_oa)
    fake_zalo_oa.last_interaction[person.id] = fake_zalo_oa.now()
    await queue(zalo_house, "Câu hỏi một")
    await person.hears("Câu hỏi một")
    await waiting(zalo_house, [])
    assert (fake_zalo_oa.billed, await used(zalo_house)) == (0, Used(many=0))

    fake_zalo_oa.last_interaction[person.id] -= 49 * HOUR
    fake_zalo_oa.package = 42
    await queue(zalo_house, "Câu hỏi hai")
    await waiting(zalo_house, [])
    found = await used(zalo_house)
    assert (found.many, found.remains, found.told_at is not None) == (1, 41, True)

    fake_zalo_oa.hides_counters = True
    await queue(zalo_house, "Câu hỏi ba")
    await waiting(zalo_house, [])
    assert ((await used(zalo_house)).many, (await used(zalo_house)).remains) == (2, 41)


async def test_an_event_that_comes_late_opens_the_window_of_back_then(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """After an outage of ours Zalo's clock has run on: what we answer three days later would be billed."""
    person = fake_zalo_oa.person()
    await person.say("Hôm kia xe tôi bị bẻ khóa ở cổng chợ", timestamp=str(fake_zalo_oa.now() - 3 * DAY))
    fake_zalo_oa.last_interaction[person.id] -= 3 * DAY
    await asyncio.sleep(1)
    assert person.reads() == [] and fake_zalo_oa.billed == 0
    await person.say("Tôi đây")
    await person.hears("ạ?")
    assert fake_zalo_oa.billed == 0


async def test_a_follow_opens_it_and_a_receipt_does_not(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    person = await after_two_days(zalo_house, fake_zalo_oa)
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])
    seen: dict[str, Any] = {"app_id": fake_zalo_oa.app_id, "sender": {"id": person.id}, "recipient": {"id": fake_zalo_oa.oa_id}}
    seen |= {"event_name": "user_seen_message", "message": {"msg_ids": ["beef01"]}, "timestamp": str(fake_zalo_oa.now())}
    await fake_zalo_oa.push(seen)
    await person.follow("unfollow")
    await asyncio.sleep(0.5)
    assert "parked" in [row[0] for row in await rows(zalo_house, tables.OutboxRow, "status")]
    await person.follow()
    await person.hears("Câu hỏi một")


async def test_where_zalo_says_closed_the_next_answer_does_not_ask_again(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    await tells_a_tip(fake_zalo_oa.person())
    await waiting(zalo_house, [])
    ago = update(tables.Chat).values(last_in_at=moments.now() - moments.HOUR)
    await zalo_house.memory.write(lambda session: session.execute(ago) and None)
    fake_zalo_oa.refuse_next = [-230]
    await queue(zalo_house, "Câu hỏi một")
    await waiting(zalo_house, ["parked"])
    calls = len(fake_zalo_oa.calls)
    await queue(zalo_house, "Câu hỏi hai")
    await waiting(zalo_house, ["parked", "parked"])
    assert [call.path for call in fake_zalo_oa.calls[calls:] if "message" in call.path] == []
    assert await rows(zalo_house, tables.Chat, "window_from") == [(0,)]


async def test_p8_what_the_receipt_says_of_two_days_is_so(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """Within them news comes by itself, for nothing; after them not before they write; with a figure of the ward's it may."""
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    assert any("Trong 2 ngày, có gì mới sẽ báo ở đây; sau đó máy không nhắn trước được" in text for text in person.reads())
    await waiting(zalo_house, [])
    for back, comes in ((47 * HOUR, True), (49 * HOUR, False)):
        fake_zalo_oa.last_interaction[person.id] = fake_zalo_oa.now() - back
        await move_last_wrote(zalo_house, back)
        many = len(person.reads())
        await queue(zalo_house, "Có cập nhật")
        await waiting(zalo_house, [] if comes else ["parked"])
        assert len(person.reads()) == many + comes
    await person.say("tra cứu")
    await person.hears("Có cập nhật")
    await set_ceiling(zalo_house, 30)
    other = fake_zalo_oa.person()
    await other.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await other.hears("ạ?")
    await other.press("send")
    await other.hears("hay cầm máy")
    await other.press("safe:alone")
    await other.hears("sau đó máy chưa chắc nhắn trước được")
    assert fake_zalo_oa.billed == 0


async def test_the_last_calls_of_a_minute_are_for_what_is_pressing(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    """Zalo counts by minutes and says with every answer how many are left."""
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    await waiting(zalo_house, [])
    if time.time() % 60 > 25:  # What follows has to end within this minute, on a busy machine too.
        await asyncio.sleep(60.5 - time.time() % 60)
    fake_zalo_oa._minute, fake_zalo_oa._calls_of_minute = int(time.time() // 60), 3700
    await queue(zalo_house, "Cảm ơn")  # The answer to this tells how it stands.
    await person.hears("Cảm ơn")
    await queue(zalo_house, "Chấm điểm giúp ạ")
    await waiting(zalo_house, ["waiting"])
    error, tries = "", 0
    for _ in range(100):  # Counted a moment before it is written down.
        stand = await rows(zalo_house, tables.OutboxRow, "status", "error", "tries")
        [(error, tries)] = [row[1:] for row in stand if row[0] == "waiting"]
        if error:
            break
        await asyncio.sleep(0.05)
    assert (error, tries) == ("rate", 0)

    other = fake_zalo_oa.person()  # Danger in a chat of its own is answered meanwhile.
    await other.say("Nó cầm dao đuổi chém tôi, cứu với")
    await other.hears("113")
    assert "Chấm điểm giúp ạ" not in person.reads()
