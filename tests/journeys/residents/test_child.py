"""Writes without capitals, is afraid, and is asked nothing that a grown-up would be."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import gets_receipt, silence_ends
from tests.opened import rows
from tests.people import Resident


async def test_a_child_in_danger_reads_a_number_for_children(house: Running, resident: Resident) -> None:
    await resident.say("chú hàng xóm đang đánh em, em sợ lắm")
    card = await resident.hears("gọi ngay")
    await resident.say("em trốn trong phòng tắm")
    await resident.hears("Đã ghi. Gọi được thì gọi 113")
    await silence_ends(house)

    assert "111 trẻ em" in card and "Tìm chỗ an toàn" in card
    [(state, urgent_at, about)] = await rows(house, tables.Tip, "state", "urgent_at", "about")
    assert (state, about) == ("S1", "anonymous") and urgent_at
    assert len(await rows(house, tables.Piece, "id")) == 2


async def test_a_child_tells_about_school(house: Running, resident: Resident) -> None:
    await resident.say("bọn em bị bạn lớp trên bắt nạt lấy tiền ở cổng trường")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.say("không biết")  # Is a way on, not a mistake.
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.say("khong")
    await resident.hears("hay cầm máy")
    await resident.say("không biết ạ")
    assert "bắt nạt" not in await resident.hears("Xem lại giúp")  # Whoever does not know may not be alone.
    await resident.press("safe:shared")
    await resident.hears("Xem lại giúp")
    await resident.say("dạ")
    await gets_receipt(resident)

    assert await rows(house, tables.Tip, "state", "safe", "about") == [("S1", "shared", "anonymous")]
