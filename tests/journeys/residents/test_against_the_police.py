"""About the very people who read it. It is taken like any other, without a word of doubt."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import gets_receipt
from tests.opened import rows
from tests.people import Resident

STORY = "Có cán bộ ở phường gây khó khi tôi làm giấy, gợi ý bồi dưỡng"


async def test_it_is_taken_like_any_other_and_a_complaint_goes_to_the_chief(house: Running, resident: Resident) -> None:
    await resident.say(STORY)
    await resident.hears("ạ?")
    await resident.sends("shared")
    receipt = await gets_receipt(resident)
    await resident.press("report")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("Ông hàng xóm hát karaoke ồn quá")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.say("khiếu nại")  # In the middle of another matter.
    assert "không qua cán bộ đã làm" in await resident.hears("chưa đồng ý điều gì")
    await resident.say("Tôi sợ tin trước bị bỏ qua")
    await resident.hears("Đã chuyển lời khiếu nại tới chỉ huy")

    assert "sẽ đọc và vào sổ" in receipt
    assert [row[0] for row in await rows(house, tables.Appeal, "kind")] == ["complaint"]
    words = [row[0] for row in await rows(house, tables.Piece, "words")]
    assert words == [STORY, "Ông hàng xóm hát karaoke ồn quá"]  # What is for the chief stands in no tip.


async def test_somebody_reporting_an_officer_reads_who_reads_it(house: Running, resident: Resident) -> None:
    await resident.say("anh công an khu vực đòi tiền tôi mới cho đăng ký tạm trú")
    told = await resident.hears("Chuyện xảy ra ở đâu")

    assert "Tin loại này chỉ chỉ huy phường đọc" in told and "xin gặp riêng" in told
    assert "sẽ hẹn" not in told  # Nobody can arrange anything with somebody who gives no name.
    assert await rows(house, tables.Tip, "category") == [("TN",)]
