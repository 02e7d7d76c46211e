"""Never called a liar; everything is kept, and after a while nobody is woken for it."""

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import gets_receipt, settled
from tests.opened import rows
from tests.people import Resident, TelegramResident

BLAME = ("nói dối", "bịa", "báo giả", "trò đùa", "tin giả", "chịu trách nhiệm")


async def test_many_tips_are_all_kept_and_the_sixth_is_held(house: Running, resident: Resident) -> None:
    receipts = []
    for number in range(7):
        await resident.press("report") if number else await resident.say("alo")
        await resident.hears("Có chuyện gì vậy" if number else "xin chào")
        await resident.say(f"Ông hàng xóm số {number} hát karaoke ồn quá")
        await resident.hears("Chuyện xảy ra ở đâu")
        await resident.sends("shared")
        receipts.append(await gets_receipt(resident))
    await resident.press("report")
    await resident.hears("Có chuyện gì vậy")
    await resident.say("cháy nhà rồi, cứu với")
    await resident.hears("114")
    await resident.press("danger-send")
    await resident.hears("Đã chuyển tới trực ban")

    assert len(set(receipts)) == 7 and not [word for word in BLAME for one in receipts if word in one]
    held = await rows(house, tables.Tip, "state", "held_why", "danger")
    assert held == [("S1", "", "")] * 5 + [("S1", "many", "")] * 2 + [("S1", "", "fire")]  # Danger is never held.


async def test_the_same_words_are_answered_a_few_times_then_only_kept(house: Running, resident: Resident) -> None:
    await resident.say("Ông hàng xóm hát karaoke ồn quá")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.sends("shared")
    await gets_receipt(resident)
    for _ in range(8):
        await resident.say("ha ha ha ha")
    said = await resident.hears("Lời này đã nhắn vài lần")
    await settled(house)

    assert not [word for word in BLAME if word in said] and "113" in said
    assert len([one for one in await rows(house, tables.Piece, "words") if one == ("ha ha ha ha",)]) == 8
    if isinstance(resident, TelegramResident):
        assert len([one for one in resident.person.reads() if "Lời này đã nhắn vài lần" in one]) == 1
        assert len([one for one in resident.person.reads() if "Đã ghi thêm vào tin" in one]) == 3
    for _ in range(6):  # Something else is answered again, and asking for news again and again is no prank.
        await resident.say("xem")
        await resident.hears("cán bộ trực chưa đọc")
