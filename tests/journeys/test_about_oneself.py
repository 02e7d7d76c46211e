"""What people say about themselves: a name nobody here can read back, a number to call, and the wish to be forgotten."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator

import pytest
import time_machine
from sqlmodel import Session, select, text

from bot import offline
from bot.runtime import Running
from handlers import officers
from handlers.phones import as_written_here
from storage import moments, shred_list, tables
from storage.ids import new_id
from storage.queries import contact, web_thread
from storage.queries.history import remember
from tests.conftest import house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.opened import nothing_forgotten_meanwhile, photos_done, rows
from tests.people import Resident, TelegramResident, WebResident
from tests.station import REASON, Station, approves, asks, looks, send, stationed
from tests.storage.test_verify import until_linked

NAME, PHONE = "Canaryname Thị Lý", "0912 345 678"


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    """A chief, a duty officer, and one who keeps a key."""
    async with stationed(house, {"truc.ban": "duty", "giu.khoa": "custodian"}) as station:
        yield station


async def threads(house: Running) -> str:
    """What people would read again on their own page, opened."""

    def read(session: Session) -> str:
        chats = {row.id: row for row in session.execute(select(tables.Chat)).scalars()}
        return str([web_thread.thread(session, chat_id, after=0, language="vi") for chat_id in chats])

    return await house.memory.read(read)


async def tell_until_about(resident: Resident, category: str = "LD") -> None:
    await resident.say("Có chuyện ở cổng chợ")
    await resident.hears("ạ?")
    await resident.press(f"category:{category}")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.press("skip")


async def until_review(resident: Resident) -> str:
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")
    return await resident.hears("Xem lại giúp")


async def clear_text(house: Running) -> str:
    """Everything the database holds and everything its keys can open: all that a running server could be made to tell."""

    def read(session: Session) -> str:
        names = [row[0] for row in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return " ".join(str(list(session.execute(text(f'SELECT * FROM "{name}"')))) for name in names)

    told = await house.memory.read(read)
    for table, *cells in ((tables.Piece, "words"), (tables.Chat, "state", "address"), (tables.Tip, "place_text")):
        told += str(await rows(house, table, *cells))
    return told


async def test_without_custodians_no_name_is_asked_and_why_is_said(resident: Resident) -> None:
    await tell_until_about(resident)

    asked = await resident.hears("Không nêu tên thì tin vẫn")
    assert "chưa có người giữ khóa" in asked


async def test_p2_a_name_goes_to_the_custodians_and_nobody_here_can_read_it_back(
    house: Running, station: Station, resident: Resident
) -> None:
    await tell_until_about(resident)
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.press("about:named")
    await resident.hears("Xin ghi họ tên")
    await resident.say(f"{NAME}, {PHONE}")
    review = await until_review(resident)
    await resident.say("ok")
    await resident.hears("Mã tin")
    [(tip_id, about)] = await rows(house, tables.Tip, "id", "about")
    told = await clear_text(house)
    page = html.unescape((await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1])
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    opened = html.unescape((await looks(station, opening_id))[1])

    assert "tên đã niêm phong, số •••678" in review and NAME not in review
    assert about == "named" and "niêm phong" in page
    assert [word for word in ("Canaryname", "345 678", "912345678") if word in told or word in page] == []
    assert NAME in opened and PHONE in opened


async def test_p2_what_telegram_calls_a_person_is_sealed_with_the_name_and_dropped_at_all_other_times(
    house: Running, station: Station, fake_telegram: FakeTelegram
) -> None:
    named, silent = fake_telegram.person("Canaryfirst", username="canaryuser"), fake_telegram.person("Silentfirst", username="silentuser")
    for person in (named, silent):
        resident = TelegramResident(person)
        await tell_until_about(resident)
        await resident.hears("hai người cùng đồng ý mới mở")
        await resident.press("about:named" if person is named else "about:anonymous")
        if person is named:
            await resident.hears("Xin ghi họ tên")
            await person.send_contact("+84912345678", "Canarycard")
        review = await until_review(resident)
        await resident.press("send")
        await resident.hears("Mã tin")
        assert ("tên đã niêm phong, số •••678" in review) == (person is named)
    told = await clear_text(house)
    [tip_id] = [row[0] for row in await rows(house, tables.Tip, "id", "about") if row[1] == "named"]
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    opened = html.unescape((await looks(station, opening_id))[1])

    assert [word for word in ("anary", "ilent", "912345678") if word in told] == []
    assert all(word in opened for word in ("Canarycard", "+84912345678", "Canaryfirst", "canaryuser"))


async def test_p2_a_name_that_comes_as_the_last_key_goes_is_neither_kept_nor_lost_in_silence(
    house: Running, station: Station, resident: Resident
) -> None:
    """It used to be set aside after three tries, with the name in it, and the person was never answered."""
    await tell_until_about(resident)
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.press("about:named")
    await resident.hears("Xin ghi họ tên")
    await house.ward.refresh()
    chief, keeper, history_id, now = station.ids["chief"], station.ids["giu.khoa"], new_id(), moments.now()
    await house.memory.write(
        lambda session: officers.close_account(
            session, house.ward().id, officer_id=keeper, by=chief, why="left", history_id=history_id, now=now
        )
    )
    await resident.say(f"{NAME}, {PHONE}")
    await resident.hears("chưa nhận tên")

    assert await rows(house, tables.Identity, "id") == []
    assert {row for row in await rows(house, tables.InboxRow, "status", "payload")} == {("done", None)}
    assert "Canaryname" not in await clear_text(house) + await threads(house)


async def test_a_name_may_follow_the_receipt(house: Running, station: Station, resident: Resident) -> None:
    await tell_until_about(resident)
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.say("nêu tên")
    await resident.hears("Xin ghi họ tên")
    await resident.say(f"{NAME} {PHONE}")
    await resident.hears("Đã ghi: tên đã niêm phong")

    assert await rows(house, tables.Tip, "about") == [("named",)]
    assert len(await rows(house, tables.Identity, "id")) == 1
    assert "Canaryname" not in await clear_text(house)


async def test_p2_a_name_or_a_number_put_right_is_sealed_like_the_first_one(
    house: Running, station: Station, fake_telegram: FakeTelegram
) -> None:
    """Edited after the receipt, they became a part of what was told: every officer read them."""
    person = fake_telegram.person()
    resident = TelegramResident(person)
    await tell_until_about(resident)
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.say("nêu tên")
    await resident.hears("Xin ghi họ tên")
    name = await person.say("Canaryname Ly")
    await resident.hears("Đã ghi: tên đã niêm phong")
    await resident.say("gọi lại")
    await resident.hears("có cần gọi lại không")
    number = await person.say("0912 34")
    await resident.hears("Số này máy chưa đọc được")
    await person.edit(name["message_id"], NAME)
    await resident.hears("Đã ghi: tên đã niêm phong")
    await person.edit(number["message_id"], PHONE)
    await resident.hears("Đã ghi: số gọi lại đã khóa, •••678")
    await resident.press("report")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Chuyện khác")
    await resident.hears("ạ?")
    await person.edit(name["message_id"], f"{NAME} Anh")
    await resident.hears("Lời sửa này chưa được ghi")

    assert await rows(house, tables.Piece, "words") == [("Có chuyện ở cổng chợ",), ("Chuyện khác",)]
    assert len(await rows(house, tables.Identity, "id")) == 2 and len(await rows(house, tables.Callback, "id")) == 1
    assert [word for word in ("Canaryname", "0912 34") if word in await clear_text(house)] == []


async def test_p2_somebody_elses_contact_card_is_nobodys_name(house: Running, station: Station, fake_telegram: FakeTelegram) -> None:
    """The card of whoever the tip is about was sealed as the name of whoever sent it."""
    person, other = fake_telegram.person(), fake_telegram.person()
    resident = TelegramResident(person)
    await tell_until_about(resident)
    await resident.press("about:named")
    await resident.hears("Xin ghi họ tên")
    await person.send_contact("+84912345678", "Canaryother", whose=other)
    await resident.hears("Chỗ này máy chưa thấy tên")
    await person._send(contact={"phone_number": "+84912345678", "first_name": "Canaryother"})
    await resident.hears("Máy vẫn chưa thấy tên")

    assert await rows(house, tables.Identity, "id") == []
    assert "Canaryother" not in await clear_text(house)


@pytest.mark.parametrize("when", ["in a draft", "after the receipt"])
async def test_p2_a_name_under_a_picture_is_sealed_too(house: Running, station: Station, fake_telegram: FakeTelegram, when: str) -> None:
    """The picture was taken, and the name under it stood among the words."""
    person = fake_telegram.person()
    resident = TelegramResident(person)
    await tell_until_about(resident)
    await resident.hears("hai người cùng đồng ý mới mở")
    if when == "in a draft":
        await resident.press("about:named")
    else:
        await resident.sends()
        await resident.hears("Mã tin")
        await resident.say("nêu tên")
    await resident.hears("Xin ghi họ tên")
    await person.send_photo(jpeg(), NAME)
    if when == "in a draft":
        await resident.hears("Đã nhận 1 ảnh")
    else:
        await resident.hears("Đã ghi: tên đã niêm phong")
    await photos_done(house, 1)

    assert await rows(house, tables.Piece, "words") == [("Có chuyện ở cổng chợ",)]
    assert await rows(house, tables.Tip, "about") == [("named",)]
    assert len(await rows(house, tables.Identity, "id")) == 1
    assert "Canaryname" not in await clear_text(house)


async def test_p2_a_name_put_right_in_a_draft_does_not_skip_a_question(
    house: Running, station: Station, fake_telegram: FakeTelegram
) -> None:
    person = fake_telegram.person()
    resident = TelegramResident(person)
    await tell_until_about(resident)
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.press("about:paper")
    await resident.hears("Xin ghi họ tên")
    name = await person.say("Canaryname Ly")
    await resident.hears("hay cầm máy")
    await person.edit(name["message_id"], NAME)
    await until_review(resident)
    await resident.press("send")
    await resident.hears("Mã tin")

    assert await rows(house, tables.Tip, "about") == [("named_paper",)]
    assert len(await rows(house, tables.Identity, "id")) == 2
    assert "Canaryname" not in await clear_text(house)


async def test_whoever_goes_on_telling_instead_of_giving_a_number_loses_nothing(
    house: Running, station: Station, resident: Resident
) -> None:
    """A number was all that was understood there: the rest was answered, and kept nowhere."""
    await tell_until_about(resident, "TC")
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.say("gọi lại")
    await resident.hears("có cần gọi lại không")
    await resident.say("Hai người đi xe máy màu đỏ, chạy về phía cầu")
    await resident.hears("Đã ghi thêm")
    await resident.say("không biết nữa")
    await resident.hears("Số này máy chưa đọc được")
    await resident.say("gọi tôi nhé")
    await resident.hears("Máy vẫn chưa thấy số điện thoại")
    await resident.say("số của tôi đây ạ, gọi tôi 0912 345 678 nhé")
    await resident.hears("hai người cùng đồng ý mới mở")

    assert await rows(house, tables.Piece, "words") == [("Có chuyện ở cổng chợ",), ("Hai người đi xe máy màu đỏ, chạy về phía cầu",)]
    assert len(await rows(house, tables.Callback, "id")) == 1


async def test_p2_a_call_back_number_is_for_the_officer_who_took_the_tip(house: Running, station: Station, resident: Resident) -> None:
    await tell_until_about(resident, "TC")
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.press("about:anonymous")
    await until_review(resident)
    await resident.say("ok")
    await resident.hears("Mã tin")
    await resident.hears("có cần gọi lại không")
    await resident.say("gọi tôi nhé")
    await resident.hears("chưa đọc được")
    await resident.say("84912345678")
    noted = await resident.hears("Đã ghi")
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    duty, chief, path = station.people["truc.ban"], station.people["chief"], f"/admin/tin/{tip_id}/so-goi-lai"
    await send(duty, f"/admin/tin/{tip_id}/da-doc")

    assert "số gọi lại đã khóa, •••678" in noted
    assert PHONE in (await send(duty, path))[1]
    assert (await send(chief, path))[0] == 403
    assert "345 678" not in (await clear_text(house))


async def test_cutting_contact_takes_away_what_leads_to_the_person(
    house: Running, station: Station, resident: Resident, browser: WebResident
) -> None:
    await tell_until_about(resident, "TC")
    await resident.hears("hai người cùng đồng ý mới mở")
    await resident.press("about:named")
    await resident.hears("Xin ghi họ tên")
    await resident.say(NAME)
    await until_review(resident)
    await resident.press("send")
    receipt = re.search(r"TB-[0-9A-Z-]{14}", await resident.hears("Mã tin"))
    assert receipt
    await resident.hears("có cần gọi lại không")
    await resident.say(PHONE)
    await resident.hears("số gọi lại đã khóa")
    await resident.say("cắt liên lạc")
    assert "Tên đã nêu vào hồ sơ" in await resident.hears("Cắt liên lạc ạ?")
    await resident.press("cut-yes")
    await resident.hears("Đã cắt liên lạc")
    [(tip_id, chat_id, code, code_hash, about)] = await rows(house, tables.Tip, "id", "chat_id", "code_hash", "code_hash", "about")
    number = await rows(house, tables.Callback, "number", "data_key")
    await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
    with time_machine.travel(moments.now() / 1000 + 11 * 60):
        await house_forgets(house)
    [chat] = await rows(house, tables.Chat, "chat_hash", "data_key")
    async with browser.http.post(f"{house.address}/tra-cuu", data={"code": receipt[0]}) as answer:
        looked_up = answer.status
    page = html.unescape((await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1])
    await until_linked(house)

    assert (chat_id, code, code_hash, about, number) == (None, None, None, "named", [(None, None)])
    assert chat == (None, None) and looked_up == 404
    assert "Có chuyện ở cổng chợ" in page and "đã cắt liên lạc" in page and "Người báo cắt liên lạc" in page
    assert len(await rows(house, tables.Identity, "id")) == 1  # A name that is in the file stays there.
    assert {row[0] for row in await rows(house, tables.OutboxRow, "status")} <= {"sent", "cancelled"}


async def test_whoever_writes_after_the_cut_is_somebody_new(house: Running, resident: Resident) -> None:
    await resident.say("Có chuyện")
    await resident.hears("ạ?")
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.say("quên tôi")
    await resident.hears("Cắt liên lạc ạ?")
    await resident.press("cut-yes")
    await resident.hears("Đã cắt liên lạc")
    await resident.say("tra cứu")
    await asyncio.sleep(0.5)

    chats = await rows(house, tables.Chat, "cut_at", "chat_hash")
    assert [(row[0] is None, row[1] is None) for row in chats] == [(False, True), (True, False)]
    assert {row[0] for row in await rows(house, tables.InboxRow, "status")} == {"done"}


async def test_a_running_block_outlives_the_cut_and_goes_when_it_ends(house: Running, browser: WebResident) -> None:
    await browser.say("Có chuyện")
    await browser.hears("ạ?")
    [(chat_id, chat_hash)] = await rows(house, tables.Chat, "id", "chat_hash")
    until = moments.now() + moments.DAY

    def block(session: Session) -> None:
        session.add(tables.Block(id=1, ward_id=house.ward().id, chat_hash=chat_hash, until=until))

    await house.memory.write(block)
    await house.memory.write(lambda session: contact.cut(session, chat_id, now=moments.now()))
    before = await rows(house, tables.Block, "chat_hash")
    with time_machine.travel(until / 1000 + 3600):
        await house_forgets(house)
        after = await rows(house, tables.Block, "chat_hash")

    assert (before, after) == ([(chat_hash,)], [])


async def house_forgets(house: Running) -> None:
    """The beats of the clock that forget, now."""
    await house.forget()


async def test_a_draft_left_lying_is_shredded_after_a_day_with_every_word_of_it(house: Running, resident: Resident) -> None:
    await resident.send_photo(jpeg())
    await resident.hears("là chuyện gì")
    await resident.say("Canaryword trong nháp")
    await resident.hears("ạ?")
    await photos_done(house, 1)
    with time_machine.travel(moments.now() / 1000 + 23 * 3600):
        await house_forgets(house)
        early = await rows(house, tables.Tip, "state")
    with time_machine.travel(moments.now() / 1000 + 25 * 3600):
        for _ in range(20):  # A chat that is just being handled, to be reminded for instance, is left for the next beat.
            await house_forgets(house)
            if await rows(house, tables.Tip, "state") == [("dropped",)]:
                break
            await asyncio.sleep(0.1)
        await house.media.tidy()
    [(tip_id, state, key)] = await rows(house, tables.Tip, "id", "state", "data_key")
    told = await clear_text(house)
    listed = shred_list.read(house.media_store.root.parent / shred_list.NAME)
    await until_linked(house)

    assert early == [("S0",)]
    assert (state, key) == ("dropped", None)
    assert "Canaryword" not in told and await rows(house, tables.Piece, "id") == []
    assert [path for path in house.media_store.root.rglob("*") if path.is_file()] == []
    assert {(entry.kind, entry.id) for entry in listed} == {("tip", tip_id)}  # The house forgets by itself too, and may note it again.
    await resident.say("Lại có chuyện")  # The conversation begins anew, and does not stumble over the draft.
    await resident.hears("ạ?")


async def test_a_closed_tip_is_shredded_in_time_and_a_line_says_so(house: Running, station: Station, browser: WebResident) -> None:
    await browser.send_photo(jpeg())
    await browser.hears("là chuyện gì")
    await browser.say("Canaryword đã xong")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    await photos_done(house, 1)
    await until_linked(house)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    closed = moments.now()

    def close(session: Session) -> None:
        session.execute(text(f"UPDATE tips SET closed_at = {closed}"))
        remember(session, history_id=new_id(), ward_id=house.ward().id, tip_id=tip_id, now=closed, actor="system", what="closed")

    await house.memory.write(close)
    settings = house_settings(house.media_store.root.parent)

    told = await asyncio.to_thread(offline.forget_now, settings, only_tell=True)
    with time_machine.travel(closed / 1000 + 25 * 30 * 86_400):
        with nothing_forgotten_meanwhile():
            due = await asyncio.to_thread(offline.forget_now, settings, only_tell=True)
            before = await rows(house, tables.Tip, "shredded_at")
        await house_forgets(house)
        history = await rows(house, tables.HistoryRow, "what", "detail")
        await until_linked(house)
        report = await asyncio.to_thread(offline.verify_all, settings, head=None)
    chief = station.people["chief"]
    await chief.sign_in()
    page = html.unescape((await chief.get(f"/admin/tin/{tip_id}"))[1])

    assert told["closed tips"] == 0 and due["closed tips"] == 1 and before == [(None,)]
    assert ("shredded", {"why": "closed"}) in [
        (what, detail if isinstance(detail, dict) else json.loads(detail)) for what, detail in history
    ]
    assert "Canaryword" not in page and "đã hủy" in page and REASON not in page
    assert [path for path in house.media_store.root.rglob("*") if path.is_file()] == []
    assert report.differences == []


def test_a_number_from_abroad_keeps_its_country() -> None:
    assert as_written_here("+1 650 253 0000") == "+1 650-253-0000"
    assert [as_written_here(text) for text in ("0084 912 345 678", "0912.345.678")] == ["0912 345 678"] * 2
    assert [as_written_here(text) for text in ("0", "113", "911", "không có")] == [None] * 4
