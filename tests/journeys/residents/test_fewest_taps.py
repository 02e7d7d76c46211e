"""The plainest tip needs three taps or messages; nobody is asked more than three questions before, and three after."""

from contextlib import AsyncExitStack

import aiohttp

from bot.runtime import Running
from storage import tables
from storage.queries import ways
from tests.journeys.residents.doors import gets_receipt, settled, starts
from tests.opened import rows
from tests.people import Resident, TelegramResident
from tests.station import Station


async def lengths(house: Running) -> list[ways.Length]:
    return await house.memory.read(lambda session: ways.lengths(session, house.ward().id))


async def test_the_plainest_tip_is_three_steps_and_the_house_counts_them(house: Running, resident: Resident) -> None:
    await starts(resident)  # The platform's own start is not counted.
    await resident.hears("xin chào")
    await resident.say("Ông hàng xóm hát karaoke ồn quá")  # 1
    await resident.hears("Chuyện xảy ra ở đâu")
    if isinstance(resident, TelegramResident):
        await resident.say("Gửi ngay")  # 2: under a question for the place the buttons are an ordinary keyboard.
    else:
        await resident.press("send")
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")  # 3
    await gets_receipt(resident)
    await settled(house)

    [length] = await lengths(house)
    assert (length.tips, length.together, length.short) == (1, 3, 1)
    assert length.channel == resident.channel
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/metrics") as answer:
        assert f'keng_steps_to_receipt{{channel="{length.channel}",what="together"}} 3.0' in await answer.text()


async def test_at_most_three_questions_before_and_three_after(house: Running, resident: Resident) -> None:
    await resident.say("Xe máy của tôi bị trộm tối qua")
    await resident.hears("Chuyện xảy ra ở đâu")
    await resident.say("cổng chợ")
    await resident.hears("Không nêu tên thì tin vẫn")
    await resident.press("about:anonymous")
    await resident.hears("hay cầm máy")
    await resident.press("safe:alone")
    await resident.hears("Xem lại giúp")  # No question any more.
    await resident.press("send")
    await gets_receipt(resident)
    await resident.hears("Còn vài câu")
    for _ in range(3):
        await resident.press("after-skip")
    await resident.hears("Vậy là đủ rồi")

    assert [one.together for one in await lengths(house)] == [5]
    assert await rows(house, tables.Tip, "state", "place_text") == [("S1", "cổng chợ")]


async def test_a_hundred_are_kept_and_none_knows_whose(house: Running) -> None:
    ward_id = house.ward().id
    for number in range(105):
        await house.memory.write(
            lambda session, number=number: ways.keep(session, ward_id, way_id=number + 1, channel="webchat", taps=2, messages=number % 3)  # type: ignore[misc]
        )

    assert [(one.tips, one.taps, one.messages) for one in await lengths(house)] == [(100, 2, 1)]
    assert set(tables.Way.model_fields) == {"id", "ward_id", "channel", "taps", "messages"}


async def test_the_machine_page_tells_how_long_the_way_is(house: Running) -> None:
    ward_id = house.ward().id
    for number in (1, 2):
        await house.memory.write(
            lambda session, number=number: ways.keep(session, ward_id, way_id=number, channel="webchat", taps=2, messages=number)  # type: ignore[misc]
        )
    async with AsyncExitStack() as stack:
        page = (await (await Station(house, stack).chief()).get("/admin/may-chu"))[1]

    assert "thường 3,5 lần bấm và nhắn (2 bấm, 1,5 nhắn); 1 trong 2 tin không quá 3 lần" in page.replace("\u2068", "").replace("\u2069", "")
