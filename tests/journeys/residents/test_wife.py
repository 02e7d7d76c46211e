"""In danger from the one who also reads this phone. Nothing comes unasked."""

import asyncio
from typing import Any

import pytest

from bot.runtime import Running
from handlers import notices
from storage import moments, tables
from tests.journeys.residents.doors import change, gets_receipt, officer_reads, settled, silence_ends, stays_silent
from tests.opened import rows
from tests.people import Resident, TelegramResident, WebResident

CRY = "chồng tôi đang cầm dao dọa giết mẹ con tôi"


async def tell_about_the_past(resident: Resident) -> None:
    await resident.say("chồng tôi hay đánh tôi")
    await resident.hears("Không phải lỗi của anh/chị")


async def test_violence_at_home_is_answered_only_when_asked(house: Running, resident: Resident) -> None:
    await tell_about_the_past(resident)
    await resident.press("skip")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.press("safe:shared")
    review = await resident.hears("Xem lại giúp")
    await resident.press("send")
    receipt = await gets_receipt(resident)
    await stays_silent(house, officer_reads(house))
    await resident.say("xem")

    assert "đánh" not in review and "đã ghi" in review  # Who takes up the phone now reads no story.
    assert "sẽ không nhắn trước" in receipt and "nên xóa đoạn nhắn này" in receipt
    await resident.hears("Cán bộ trực đã đọc lúc")
    assert await rows(house, tables.Tip, "category", "safe") == [("BL", "shared")]


async def test_no_reminder_and_no_question_after_the_receipt(house: Running, resident: Resident) -> None:
    await tell_about_the_past(resident)
    await settled(house)
    assert [row[0] for row in await rows(house, tables.Chat, "wake_at")] == [None]
    await resident.sends("alone")
    await gets_receipt(resident)
    await settled(house)

    if isinstance(resident, TelegramResident):
        assert not [one for one in resident.person.reads() if "Còn vài câu" in one]
    assert "after" not in str((await rows(house, tables.Chat, "state"))[0][0])


async def test_accepted_is_told_while_the_exchange_runs(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    card = await resident.hears("gọi ngay")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban lúc")
    await officer_reads(house)

    told = await resident.hears("Cán bộ trực đã đọc lúc")
    assert "113" in card and "tới ngay" not in told and "Mã" not in told


async def test_ten_minutes_later_it_waits_until_she_writes(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    await resident.hears("gọi ngay")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban lúc")
    await settled(house)
    await change(house, "UPDATE chats SET last_in_at = last_in_at - 660000")
    await stays_silent(house, officer_reads(house))
    await resident.say("xem")

    await resident.hears("Cán bộ trực đã đọc lúc")


async def test_nobody_accepted_is_not_told_after_ten_minutes(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    await resident.hears("gọi ngay")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban lúc")
    await settled(house)
    await change(house, "UPDATE chats SET last_in_at = last_in_at - 660000")
    before = await rows(house, tables.OutboxRow, "id")
    await change(house, "UPDATE tips SET urgent_at = urgent_at - 660000")
    for _ in range(200):
        if (await rows(house, tables.Tip, "alone_told_at"))[0][0]:
            break
        await settled(house)

    assert await rows(house, tables.OutboxRow, "id") == before


async def test_quick_exit_under_the_card_sends_what_was_said_and_stays_silent(house: Running, browser: WebResident) -> None:
    await browser.say(CRY)
    await browser.hears("gọi ngay")
    async with browser.http.post(f"{house.address}/chat/exit", data={"csrf": browser.csrf}) as answer:
        assert answer.status == 200 and "Refresh" in answer.headers
    await settled(house)
    await stays_silent(house, officer_reads(house))  # Somebody else may sit there now.

    [(state, danger, urgent_at)] = await rows(house, tables.Tip, "state", "danger", "urgent_at")
    assert (state, danger) == ("S1", "child") and urgent_at
    assert await rows(house, tables.WebMessage, "id") == []
    browser.http.cookie_jar.clear()
    assert "dọa giết" not in await browser.open_page()


async def test_crying_again_and_again_is_no_way_to_wait(house: Running, resident: Resident) -> None:
    for word in ("cứu với", CRY, "nhanh lên", "nhanh lên", "nhanh lên", "nhanh lên", "nhanh lên"):
        await resident.say(word)
    for _ in range(7):
        await resident.hears("11")
    [(wake_at, wake_for)] = await rows(house, tables.Chat, "wake_at", "wake_for")
    assert wake_for == "urgent" and wake_at
    await silence_ends(house)

    assert [row[0] for row in await rows(house, tables.Tip, "state")] == ["S1"]
    assert len(await rows(house, tables.Piece, "id")) == 7


@pytest.mark.parametrize("minutes", [0, 2])
async def test_a_photo_that_cannot_be_opened_is_told_at_once_or_not_unasked(
    house: Running, resident: Resident, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    real = notices.tell_of_file

    def later(*args: Any, now: int, **more: Any) -> bool:
        return real(*args, now=now + minutes * moments.MINUTE, **more)

    monkeypatch.setattr(notices, "tell_of_file", later)
    await tell_about_the_past(resident)
    await resident.sends("shared")
    await gets_receipt(resident)
    await resident.send_photo(b"\xff\xd8\xff no photo at all")
    await resident.hears("Đã ghi thêm vào tin")
    for _ in range(200):
        if (await rows(house, tables.Attachment, "status"))[0][0] != "waiting":
            break
        await asyncio.sleep(0.05)
    await settled(house)
    waits = len(await rows(house, tables.Notice, "id"))
    if minutes:
        await resident.say("xem")
    await resident.hears("không mở ra được")

    assert waits == (1 if minutes else 0)
