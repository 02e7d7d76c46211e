"""A resident's way from the first word to the receipt, the same over every channel, with a real database behind it."""

import re

from bot.runtime import Running
from storage import tables
from storage.codes import read_code
from tests.factories import jpeg
from tests.opened import photos_done, rows
from tests.people import Resident


async def test_words_then_send_now_gives_a_receipt(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
    await resident.hears("ạ?")
    await resident.sends()

    receipt = await resident.hears("Mã tin")

    code = read_code(re.search(r"TB-[0-9A-Z-]{14}", receipt)[0])  # type: ignore[index]
    assert await rows(house, tables.Tip, "state", "code") == [("S1", code)]
    assert await rows(house, tables.Piece, "words") == [("Hôm qua xe tôi bị bẻ khóa ở cổng chợ",)]


async def test_the_whole_way_with_category_photo_place_and_review(house: Running, resident: Resident) -> None:
    await resident.say("/start")
    await resident.hears("Công an phường")
    await resident.press("report")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Tối nào nhà đó cũng đông người")
    await resident.hears("giống loại nào")
    await resident.say("3")  # A typed number is as good as the button.
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.send_photo(jpeg())
    await resident.hears("Đã nhận 1 ảnh")
    await resident.say("ngõ 12, tổ 7")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")
    review = await resident.hears("Xem lại giúp")
    await resident.say("ok")
    await resident.hears("Mã tin")

    assert "Tối nào nhà đó cũng đông người" in review and "Cờ bạc" in review and "ngõ 12, tổ 7" in review and "1 ảnh" in review
    assert await rows(house, tables.Tip, "state", "category", "place_text", "safe") == [("S1", "CB", "ngõ 12, tổ 7", "alone")]
    assert [row[:3] for row in await photos_done(house, 1)] == [("stored", "", 640)]
    happened = [row[0] for row in await rows(house, tables.HistoryRow, "what") if row[0] not in ("file_stored", "clock_started")]
    assert happened == ["draft_opened", "said", "categorised", "attached", "placed", "safe_said", "arrived"]


async def test_words_that_tell_the_kind_are_not_asked_for_it(house: Running, resident: Resident) -> None:
    await resident.say("Đánh bạc ăn tiền mỗi tối")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends()
    await resident.hears("Mã tin")

    assert await rows(house, tables.Tip, "state", "category") == [("S1", "CB")]


async def test_a_pin_is_a_place(house: Running, resident: Resident) -> None:
    await resident.say("Có chuyện ở ngõ")
    await resident.hears("giống loại nào")
    await resident.send_place(20.8449, 106.6881)
    await resident.hears("Đã ghi nơi này")
    await resident.sends()
    await resident.hears("Mã tin")

    assert await rows(house, tables.Tip, "latitude", "longitude") == [(20.8449, 106.6881)]


async def test_a_photo_first_is_a_tip_already(house: Running, resident: Resident) -> None:
    await resident.send_photo(jpeg(800, 600))
    await resident.hears("Ảnh này là chuyện gì")
    await resident.sends()
    await resident.hears("Mã tin")

    assert [row[0] for row in await photos_done(house, 1)] == ["stored"]


async def test_a_file_that_is_not_what_it_claims_gets_a_kind_sentence(house: Running, resident: Resident) -> None:
    await resident.send_photo(b"<html>not a photo</html>" * 50)
    await resident.hears("Ảnh này là chuyện gì")

    await resident.hears("không mở ra được")
    assert [row[:2] for row in await photos_done(house, 1)] == [("refused", "not_what_it_claims")]


async def test_words_after_the_receipt_join_the_tip(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa")
    await resident.hears("ạ?")
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.says_enough()
    await resident.say("Xe màu đỏ")
    await resident.hears("Đã ghi thêm")

    assert await rows(house, tables.Piece, "words", "is_addition") == [("Hôm qua xe tôi bị bẻ khóa", False), ("Xe màu đỏ", True)]
    assert len(await rows(house, tables.Tip, "id")) == 1


async def test_words_after_the_receipt_answer_what_is_asked_there(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa")
    await resident.hears("ạ?")
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.hears("Còn vài câu")
    await resident.say("Ở cổng chợ")
    await resident.hears("có cần gọi lại không")
    await resident.press("after-skip")
    question = await resident.hears("Mất gì")
    await resident.say("Xe máy")
    await resident.hears("Vậy là đủ")

    assert await rows(house, tables.Tip, "state", "place_text") == [("S1", "Ở cổng chợ")]
    assert await rows(house, tables.Piece, "words") == [("Hôm qua xe tôi bị bẻ khóa",), (f"{question}\n→ Xe máy",)]


async def test_pressing_send_twice_sends_once(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa")
    await resident.hears("ạ?")
    await resident.sends()
    await resident.hears("Mã tin")
    await resident.press("send")
    await resident.hears("Tin này gửi rồi")

    assert [row[0] for row in await rows(house, tables.Tip, "state")] == ["S1"]


async def test_send_pressed_again_at_the_last_question_sends_and_nothing_is_written_unasked(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa")
    await resident.hears("ạ?")
    await resident.press("send")
    await resident.hears("hay cầm máy")
    await resident.press("send")
    await resident.hears("sẽ không nhắn trước")

    assert await rows(house, tables.Tip, "state", "safe") == [("S1", "")]


async def test_cancel_asks_once_and_keeps_no_words(house: Running, resident: Resident) -> None:
    await resident.say("Nhắn nhầm thôi")
    await resident.hears("ạ?")
    await resident.say("/huy")
    await resident.hears("Bỏ tin đang soạn")
    await resident.press("cancel-yes")
    await resident.hears("Đã bỏ tin")

    assert await rows(house, tables.Piece, "words") == []
    assert [row[0] for row in await rows(house, tables.Tip, "state")] == ["dropped"]


async def test_back_leads_through_every_question(house: Running, resident: Resident) -> None:
    await resident.say("Có chuyện ở ngõ")
    await resident.hears("giống loại nào")
    await resident.press("category:TC")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.press("skip")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.press("back")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.press("back")
    await resident.hears("giống loại nào")
    await resident.press("back")
    await resident.hears("Có chuyện gì vậy")


async def test_look_up_by_command_and_by_code(house: Running, resident: Resident) -> None:
    await resident.say("Hôm qua xe tôi bị bẻ khóa")
    await resident.hears("ạ?")
    await resident.sends()
    receipt = await resident.hears("Mã tin")
    await resident.say("/tracuu")
    await resident.hears("cán bộ trực chưa đọc")
    code = re.search(r"TB-[0-9A-Z-]{14}", receipt)[0]  # type: ignore[index]
    await resident.say(code.lower().replace("-", " "))
    await resident.hears("cán bộ trực chưa đọc")


async def test_english_is_whole(house: Running, resident: Resident) -> None:
    await resident.press("language:en") if not hasattr(resident, "person") else await resident.say("/english")
    await resident.hears("English")
    await resident.say("Somebody is breaking a lock")
    await resident.hears("Which")
    await resident.press("send")
    await resident.hears("anybody else use this phone")
    await resident.press("safe:alone")
    await resident.hears("TB-")
