"""English the whole way: what is read, what may be typed, and what comes after."""

import json
import re

from bot.runtime import Running
from storage import tables
from tests.journeys.residents.doors import officer_reads, starts
from tests.opened import rows
from tests.people import Resident, TelegramResident, WebResident, ZaloBotResident, ZaloResident

VIETNAMESE = re.compile(r"[ạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]", re.IGNORECASE)


async def reads(resident: Resident) -> list[str]:
    """Every answer with its buttons, in order."""
    if isinstance(resident, TelegramResident):
        return [json.dumps([one.get("text"), one.get("reply_markup", {})], ensure_ascii=False) for one in resident.person.read_messages()]
    if isinstance(resident, ZaloBotResident):
        return list(resident.person.reads())
    if isinstance(resident, ZaloResident):
        return [json.dumps(one["message"], ensure_ascii=False) for one in resident.person.fake.sent[resident.person.id]]
    assert isinstance(resident, WebResident)
    return re.findall(r'<article class="[^"]*\bout\b[^"]*".*?</article>', await resident.open_page(), re.DOTALL)


async def test_english_the_whole_way(house: Running, resident: Resident) -> None:
    await resident.say("/english")
    await resident.hears("English")
    await starts(resident)
    await resident.hears("113")
    await resident.press("report")
    await resident.hears("What happened")
    await resident.say("Somebody stole my bicycle at the market yesterday")
    await resident.hears("Where did it happen")
    await resident.say("I don't know")
    await resident.hears("name")
    await resident.press("about:anonymous")
    await resident.hears("phone")
    await resident.press("safe:alone")
    await resident.hears("Somebody stole my bicycle")
    await resident.say("yes")
    await resident.hears("TB-")
    await officer_reads(house)
    await resident.hears('"xem"')  # A knock, without code or matter.
    await resident.say("see")
    await resident.hears("duty officer")

    seen = [one.replace("Tiếng Việt", "") for one in (await reads(resident))]
    assert len(seen) > 5 and [one for one in seen if VIETNAMESE.search(one)] == []
    assert await rows(house, tables.Tip, "state", "category") == [("S1", "TC")]
