"""One tip, several channels: the receipt code ties them."""

import re

from bot.runtime import Running
from storage import tables
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.opened import rows
from tests.people import TelegramResident, WebResident, ZaloBotResident


async def test_a_tip_begun_on_zalo_goes_on_elsewhere_by_its_code(
    house: Running, browser: WebResident, fake_telegram: FakeTelegram, fake_zalo_bot: FakeZaloBot
) -> None:
    zalo, telegram = ZaloBotResident(fake_zalo_bot.person(), house), TelegramResident(fake_telegram.person())
    await zalo.say("Hôm qua xe tôi bị bẻ khóa")
    await zalo.hears("ạ?")
    await zalo.sends()
    code = re.search(r"TB(-[0-9A-Z]{4}){3}", await zalo.hears("Mã tin"))
    assert code
    for resident, words in ((telegram, "Xe màu đỏ, biển số cuối 55"), (browser, "Có camera nhà đối diện")):
        await resident.say(code[0])
        await resident.hears(code[0][-4:])
        await resident.say(words)
        await resident.hears("Đã ghi thêm")

    assert len(await rows(house, tables.Tip, "id")) == 1
    assert [words for (words,) in await rows(house, tables.Piece, "words")] == [
        "Hôm qua xe tôi bị bẻ khóa",
        "Xe màu đỏ, biển số cuối 55",
        "Có camera nhà đối diện",
    ]
