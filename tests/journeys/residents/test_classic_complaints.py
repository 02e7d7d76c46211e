"""What people complain of at other chat desks, and answers that do not fit the question."""

import asyncio
import json

import aiohttp

from bot.runtime import Running
from storage import tables
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.journeys.residents.doors import gets_receipt, settled, silence_ends, speak
from tests.opened import photos_done, rows
from tests.people import Resident, TelegramResident, WebResident

STORY = "Ông hàng xóm hát karaoke ồn quá"


async def tells(resident: Resident) -> None:
    await resident.say(STORY)
    await resident.hears("Chuyện xảy ra ở đâu")


async def test_a_location_that_arrives_empty_is_asked_in_other_words(house: Running, fake_telegram: FakeTelegram) -> None:
    resident = TelegramResident(fake_telegram.person())
    await tells(resident)
    await resident.person._send(location={})
    first = await resident.hears("gõ tên đường hoặc tổ mấy")
    await resident.person._send(location={})
    await resident.hears("Máy vẫn chưa đọc được chỗ này")
    await settled(house)
    buttons = resident.person.read_messages()[-1]["reply_markup"]["inline_keyboard"]

    assert "chưa đọc được" in first
    assert buttons[0][0]["callback_data"].startswith("skip")  # The second time the way around comes first.


async def test_the_label_of_the_location_button_is_no_place(house: Running, resident: Resident) -> None:
    """A computer sends the words on the button and no position."""
    await tells(resident)
    await resident.say("Gửi vị trí đang đứng")
    await resident.hears("gõ tên đường hoặc tổ mấy")
    await resident.say("ngõ 12")
    await resident.hears("Không nêu tên thì tin vẫn")

    assert await rows(house, tables.Tip, "place_text") == [("ngõ 12",)]


async def test_a_caption_is_words_and_a_voice_note_is_taken(house: Running, resident: Resident) -> None:
    await resident.send_photo(jpeg(), STORY)
    await resident.hears("Chuyện xảy ra ở đâu")
    await speak(resident)
    await resident.hears("Đã nhận thêm lời nói")
    await photos_done(house, 2)

    assert await rows(house, tables.Piece, "words") == [(STORY,)]
    assert await rows(house, tables.Attachment, "kind", "status") == [("photo", "stored"), ("voice", "stored")]


async def test_an_answer_comes_without_reload(house: Running, browser: WebResident) -> None:
    """One stream, opened before anything is said, brings every answer by itself."""
    await browser.say("alo")
    await browser.hears("Công an phường")
    seen: list[str] = []
    async with browser.http.get(f"{house.address}/chat/events?after=0", timeout=aiohttp.ClientTimeout(20)) as stream:
        await browser.say(STORY)
        async for line in stream.content:
            if line.startswith(b"data:"):
                seen.append(json.loads(line[5:])["text"])
            if seen and "Chuyện xảy ra ở đâu" in seen[-1]:
                break

    assert STORY in seen


async def test_old_buttons_answer_sensibly(house: Running, resident: Resident) -> None:
    await tells(resident)
    await resident.sends("shared")
    await gets_receipt(resident)
    for data in ("send", "skip", "category:MT", "cancel-yes", "about:anonymous"):
        if isinstance(resident, TelegramResident):
            await resident.person.fake.push_press(resident.person._from(), resident.person.read_messages()[0], data)
        else:
            await resident.press(data)
    for _ in range(3):
        await resident.hears("gửi rồi")
    await settled(house)

    assert await rows(house, tables.Tip, "state", "category") == [("S1", "TT")]
    assert await rows(house, tables.Piece, "words") == [(STORY,)]


async def test_edits_a_moving_position_and_a_venue(house: Running, fake_telegram: FakeTelegram) -> None:
    person = fake_telegram.person()
    resident = TelegramResident(person)
    told = await person.say(STORY)
    await resident.hears("Chuyện xảy ra ở đâu")
    live = await person._send(location={"latitude": 20.85, "longitude": 106.68, "live_period": 900})
    await resident.hears("Không nêu tên thì tin vẫn")
    live["location"] |= {"latitude": 20.86}
    await fake_telegram.push({"edited_message": {**live, "edit_date": live["date"] + 5}})
    await person.edit(told["message_id"], STORY + ", tới khuya")
    await fake_telegram.wait_until_delivered()
    await settled(house)
    moved = await rows(house, tables.Tip, "latitude")
    await person._send(venue={"location": {"latitude": 20.87, "longitude": 106.69}, "title": "Chợ Sắt", "address": "Quang Trung"})
    await resident.hears("Đã ghi nơi này")
    await resident.sends("shared")
    await gets_receipt(resident)

    assert moved == [(20.86,)]
    assert await rows(house, tables.Piece, "words") == [(STORY + ", tới khuya",)]
    assert await rows(house, tables.Tip, "latitude", "place_text") == [(20.87, "Chợ Sắt, Quang Trung")]


async def test_an_edit_finds_the_tip_it_belongs_to(house: Running, fake_telegram: FakeTelegram) -> None:
    """One tip was sent, another is being told: the edit of the first used to be lost."""
    person = fake_telegram.person()
    resident = TelegramResident(person)
    told = await person.say(STORY)
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends("shared")
    await gets_receipt(resident)
    await resident.press("report")
    await resident.say("Đốt rác hôi cả xóm")
    await resident.hears("Chuyện xảy ra ở đâu")
    await person.edit(told["message_id"], STORY + ", biển số 15B1")
    await resident.hears("Đã ghi lời sửa vào tin")
    await resident.sends("shared")
    await gets_receipt(resident)

    pieces = await rows(house, tables.Piece, "tip_id", "words")
    (first, _), (second, _), _correction = pieces
    assert first != second
    assert [words for tip_id, words in pieces if tip_id == first] == [STORY, STORY + ", biển số 15B1"]
    assert [words for tip_id, words in pieces if tip_id == second] == ["Đốt rác hôi cả xóm"]


async def test_a_pin_after_the_receipt_does_not_take_the_place_of_what_was_typed(house: Running, resident: Resident) -> None:
    await tells(resident)
    await resident.say("ngõ 12")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.sends("shared")
    await gets_receipt(resident)
    await resident.send_place(20.8449, 106.6881)
    await resident.hears("Đã ghi thêm")

    assert await rows(house, tables.Tip, "place_text", "latitude") == [("ngõ 12", 20.8449)]


async def test_answers_that_do_not_fit(house: Running, resident: Resident) -> None:
    """A number out of range, stickers, "không biết": other words each time, and never a dead end."""
    await resident.say("có chuyện này lạ lắm")
    await resident.hears("giống loại nào")
    await resident.say("99")
    await resident.hears("chưa thấy số đó")
    await resident.say("98")
    await resident.hears("Máy vẫn chưa đọc được chỗ này")
    await resident.say("không biết")
    await resident.hears("Chuyện xảy ra ở đâu")
    if isinstance(resident, TelegramResident):
        await resident.person.send_sticker()
        await resident.hears("gõ tên đường hoặc tổ mấy")
    await resident.say("không biết")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.say("không biết")
    await resident.hears("hay cầm máy")
    await resident.say("không biết")
    await resident.hears("Xem lại giúp")

    assert await rows(house, tables.Piece, "words") == [("có chuyện này lạ lắm",)]


async def test_a_photo_for_a_telephone_number_stays_with_the_tip(house: Running, resident: Resident) -> None:
    """After the receipt it used to open a new matter, and so did the words that went on telling."""
    await resident.say("Xe máy của tôi bị trộm tối qua")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends()
    await gets_receipt(resident)
    await resident.press("after-skip")
    await resident.hears("có cần gọi lại không")
    await resident.send_photo(jpeg())
    await resident.hears("Số này máy chưa đọc được")
    await resident.say("Hai người đi xe máy màu đỏ, chạy về phía cầu")
    await resident.hears("Đã ghi thêm vào tin.\n\nCán bộ trực có cần gọi lại")
    await photos_done(house, 1)

    assert len(await rows(house, tables.Tip, "id")) == 1
    assert await rows(house, tables.Piece, "is_addition") == [(False,), (True,)]


async def test_questions_answered_with_a_button_are_rewritten_and_the_chat_is_not_flooded(
    house: Running, fake_telegram: FakeTelegram
) -> None:
    resident = TelegramResident(fake_telegram.person())
    await tells(resident)
    await resident.say("ngõ 12")
    await resident.hears("Không nêu tên thì tin vẫn")
    before = len(resident.person.read_messages())
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")
    await resident.hears("Xem lại giúp")
    await resident.press("edit")
    await resident.hears("Sửa phần nào")
    await resident.press("review")
    await fake_telegram.wait_until_delivered()
    await settled(house)
    after = len(resident.person.read_messages())
    await resident.press("send")
    await gets_receipt(resident)

    assert after == before  # Four answers, one message.
    assert len([call for call in fake_telegram.heard if call.method == "editmessagetext" and call.status == 200]) == 4


async def test_one_reminder_after_an_hour_and_no_second(house: Running, resident: Resident) -> None:
    await tells(resident)
    await silence_ends(house)
    await resident.hears("Gửi ngay là tới")
    await asyncio.sleep(0)

    assert await rows(house, tables.Chat, "wake_at") == [(None,)]
