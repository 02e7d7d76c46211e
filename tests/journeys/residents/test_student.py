"""Cheated over the internet, with a row of screenshots."""

from bot.runtime import Running
from storage import tables
from tests.factories import jpeg
from tests.journeys.residents.doors import gets_receipt, send_album, settled, starts
from tests.opened import photos_done, rows
from tests.people import Resident, TelegramResident

STORY = "Em bị lừa mua vé ca nhạc trên mạng, người bán chặn Zalo rồi"


async def test_screenshots_with_their_words_are_one_tip(house: Running, resident: Resident) -> None:
    await starts(resident)
    await resident.hears("xin chào")
    await resident.press("cheated")
    card = await resident.hears("Khoan chuyển tiền")
    await send_album(resident, [jpeg(colour=colour) for colour in ("red", "green", "blue")], STORY)
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.press("skip")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.sends()
    await gets_receipt(resident)
    await photos_done(house, 3)

    assert "gọi ngay ngân hàng" in card and "Không phải lỗi của anh/chị" in card
    assert await rows(house, tables.Piece, "words") == [(STORY,)]  # The words under the first photo are words.
    assert await rows(house, tables.Attachment, "kind", "status") == [("photo", "stored")] * 3
    assert await rows(house, tables.Tip, "state", "category", "danger", "urgent_at") == [("S1", "LD", "cheated", None)]


async def test_the_card_is_not_shown_twice_and_an_album_is_answered_once(house: Running, resident: Resident) -> None:
    await starts(resident)
    await resident.hears("xin chào")
    await resident.press("cheated")
    await resident.hears("Khoan chuyển tiền")
    await send_album(resident, [jpeg(colour=colour) for colour in ("red", "green", "blue")], STORY)
    await resident.hears("Chuyện xảy ra ở đâu")
    await settled(house)
    if isinstance(resident, TelegramResident):
        read = resident.person.reads()
        assert len([one for one in read if "Khoan chuyển tiền" in one]) == 1
        assert len([one for one in read if "Đã nhận" in one or "Chuyện xảy ra ở đâu" in one]) == 1
