"""A thief is in the shop. Calling would be heard."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import change, gets_receipt, silence_ends
from tests.opened import rows
from tests.people import Resident

CRY = "có thằng đang trộm đồ trong cửa hàng tôi, cứu với"


async def test_one_tap_under_the_card_and_the_code_later(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    card = await resident.hears("gọi ngay")
    await resident.press("danger-send")
    sent = await resident.hears("Đã chuyển tới trực ban lúc")
    await resident.say("ở 12 Lê Lợi, nó mặc áo đen")
    await resident.hears("trực ban thấy cùng tin vừa gửi")
    await resident.say("xem")
    await gets_receipt(resident)

    assert "113 công an" in card and "Im một phút" in card and "0225 3123 456" in card
    assert "Mã tin" not in sent and "đang tới" not in sent and "gọi 113" in sent
    [(state, danger, safe, is_unfinished, urgent_at)] = await rows(
        house, tables.Tip, "state", "danger", "safe", "is_unfinished", "urgent_at"
    )
    assert (state, danger, safe, is_unfinished) == ("S1", "danger", "shared", True) and urgent_at
    assert [row[0] for row in await rows(house, tables.Piece, "words")] == [CRY, "ở 12 Lê Lợi, nó mặc áo đen"]


async def test_a_minute_of_silence_says_it_too_whatever_was_pressed_meanwhile(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    await resident.hears("gọi ngay")
    await resident.press("procedures")  # A thumb that slipped.
    await resident.hears("hỏi thủ tục gì")
    await silence_ends(house)

    [(state, is_unfinished, urgent_at)] = await rows(house, tables.Tip, "state", "is_unfinished", "urgent_at")
    assert (state, is_unfinished) == ("S1", True) and urgent_at


async def test_typed_one_is_the_button_and_nobody_accepting_is_told(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    await resident.hears("gọi ngay")
    await resident.say("/huongdan")
    await resident.hears("Cứ nhắn chuyện")
    await resident.say("1")  # The card said so, whatever stands below it now.
    await resident.hears("Đã chuyển tới trực ban lúc")
    await change(house, "UPDATE tips SET urgent_at = urgent_at - 200000")

    alone = await resident.hears("Chưa có cán bộ nào xác nhận")
    assert "Đừng chờ ở đây" in alone and "0225 3123 456" in alone


async def test_whoever_is_safe_goes_on_telling_and_the_clock_stops(house: Running, resident: Resident) -> None:
    await resident.say(CRY)
    await resident.hears("gọi ngay")
    await resident.say("2")
    await resident.hears("Chuyện xảy ra ở đâu")
    await silence_ends(house)

    assert await rows(house, tables.Tip, "state", "urgent_at") == [("S0", None)]
