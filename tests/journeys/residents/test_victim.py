"""The money left a minute ago. The bank comes first, and no question."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import gets_receipt
from tests.opened import rows
from tests.people import Resident

STORY = "Tôi vừa chuyển 20 triệu cho nó, biết bị lừa rồi"


async def test_the_bank_first_then_the_tip(house: Running, resident: Resident) -> None:
    await resident.say(STORY)
    card = await resident.hears("Khoan chuyển tiền")
    await resident.say("Ngân hàng báo chưa rút, tài khoản nhận tên T.")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends()
    receipt = await gets_receipt(resident)
    first = await resident.hears("Tin đã tới trực ban rồi")
    await resident.say("trên mạng thôi")
    await resident.hears("Đã chuyển tiền chưa")
    await resident.say("20 triệu, lúc 9 giờ")
    await resident.hears("Đã ghi thêm vào tin")
    await resident.press("after-end")
    await resident.hears("Vậy là đủ rồi")

    assert "gọi ngay ngân hàng theo số in sau thẻ" in card and "Không phải lỗi của anh/chị" in card and "?" not in card
    assert "Chuyện xảy ra ở đâu" in first and "0225 3123 456" in receipt
    words = [row[0] for row in await rows(house, tables.Piece, "words")]
    assert words[:2] == [STORY, "Ngân hàng báo chưa rút, tài khoản nhận tên T."]
    assert words[2].endswith("→ 20 triệu, lúc 9 giờ") and "Đã chuyển tiền chưa" in words[2]
    assert await rows(house, tables.Tip, "state", "category", "place_text") == [("S1", "LD", "trên mạng thôi")]


async def test_after_a_receipt_the_card_comes_all_the_same(house: Running, resident: Resident) -> None:
    await resident.say("Xe máy của tôi bị mất tối qua ở cổng chợ")
    await resident.hears("ạ?")
    await resident.sends("shared")
    await gets_receipt(resident)
    await resident.say("họ bảo chuyển tiền gấp, đừng nói với ai")

    assert "gọi ngay ngân hàng" in await resident.hears("Khoan chuyển tiền")
    assert len(await rows(house, tables.Piece, "words")) == 2 and len(await rows(house, tables.Tip, "id")) == 1
