"""Came by the QR code at the market, tells for a neighbour, and has two matters at once."""

from sqlmodel import Session

from bot.runtime import Running
from storage import tables
from storage.ids import new_id
from storage.queries.ward_book import changed
from tests.journeys.residents.doors import gets_receipt, starts
from tests.opened import rows
from tests.people import Resident


async def a_code_hangs_at_the_market(house: Running) -> None:
    ward_id = house.ward().id

    def hang(session: Session) -> None:
        session.add(
            tables.Spot(id=new_id(), ward_id=ward_id, code="cho7", label="cổng chợ Sắt", latitude=20.85, longitude=106.68, created_at=1)
        )
        session.flush()
        changed(session, ward_id)

    await house.memory.write(hang)
    await house.ward.refresh()


async def test_the_place_of_the_code_is_asked_back_and_two_tips_do_not_mix(house: Running, resident: Resident) -> None:
    await a_code_hangs_at_the_market(house)
    await starts(resident, "o-cho7")
    if resident.channel != "webchat":
        await resident.hears("thấy được tài khoản")  # Who we are, before the first question; the page shows it by itself.
    await resident.hears("Việc này có phải ở cổng chợ Sắt không ạ?")
    await resident.press("spot:yes")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Trước nhà cụ Tư hàng xóm có người đổ rác thải")
    await resident.hears("Không nêu tên thì tin vẫn")  # The place is known.
    await resident.say("báo việc khác")
    await resident.hears("Đang có một tin chưa gửi")
    await resident.press("lay-aside")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Ông hàng xóm hát karaoke ồn quá")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.press("lay-aside")  # The old button once more: nothing that waits may be lost over it.
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends("shared")
    first = await gets_receipt(resident)
    await resident.hears("Còn một tin đang soạn dở")
    await resident.press("take-up")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.sends()
    second = await gets_receipt(resident)

    assert first != second
    assert await rows(house, tables.Tip, "state", "place_text", "category") == [("S1", "cổng chợ Sắt", "MR"), ("S1", "", "TT")]
    told = await rows(house, tables.Piece, "words", "tip_id")
    assert len({tip_id for _words, tip_id in told}) == 2 and len(told) == 2


async def test_somewhere_else_is_an_answer_too(house: Running, resident: Resident) -> None:
    await a_code_hangs_at_the_market(house)
    await starts(resident, "o-cho7")
    await resident.hears("Việc này có phải ở cổng chợ Sắt không ạ?")
    await resident.press("spot:no")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Ông hàng xóm hát karaoke ồn quá")
    await resident.hears("Chuyện xảy ra ở đâu")

    assert await rows(house, tables.Tip, "place_text") == [("",)]
