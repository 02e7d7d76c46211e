"""She does not type. What she says into the phone is a tip like any other."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import gets_receipt, speak
from tests.opened import photos_done, rows
from tests.people import Resident


async def test_voice_notes_alone_are_a_tip(house: Running, resident: Resident) -> None:
    await speak(resident)
    assert "Nói tiếp cũng được" in await resident.hears("Đã nhận lời nói")
    await speak(resident)
    await resident.hears("Đã nhận thêm lời nói")  # Not the same question once more.
    await resident.sends()
    await gets_receipt(resident)
    await resident.hears("Tin đã tới trực ban rồi")
    await speak(resident)
    await resident.hears("Vậy là đủ rồi")

    await photos_done(house, 3)
    assert await rows(house, tables.Attachment, "kind", "status") == [("voice", "stored")] * 3
    assert await rows(house, tables.Tip, "state", "is_unfinished") == [("S1", False)]
    assert await rows(house, tables.Piece, "words") == []


async def test_she_may_say_the_place_too(house: Running, resident: Resident) -> None:
    await resident.say("Người ta đổ rác thải ra đầu ngõ")
    await resident.hears("Chuyện xảy ra ở đâu")
    await speak(resident)
    assert "cán bộ trực sẽ nghe" in await resident.hears("Đã nhận thêm lời nói")
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.say("có")  # Her grandson reads on the same phone.
    await resident.hears("Xem lại giúp")
    await resident.say("gửi")
    assert 'gõ "xem"' in await gets_receipt(resident)

    assert await rows(house, tables.Tip, "state", "safe", "category") == [("S1", "shared", "MR")]
