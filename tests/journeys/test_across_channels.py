"""One tip, several channels: the receipt code ties them."""

import re

import pytest

from bot.runtime import Running
from storage import tables
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import rows
from tests.people import CHANNELS, Resident, TelegramResident, WebResident, ZaloBotResident, ZaloResident

MORE = ["Xe màu đỏ, biển số cuối 55", "Có camera nhà đối diện", "Khóa bị cắt, còn bỏ lại kìm"]


@pytest.fixture
def residents(
    house: Running, browser: WebResident, fake_telegram: FakeTelegram, fake_zalo_bot: FakeZaloBot, fake_zalo_oa: FakeZaloOA
) -> dict[str, Resident]:
    """Somebody at every door."""
    found: dict[str, Resident] = {
        "webchat": browser,
        "telegram": TelegramResident(fake_telegram.person()),
        "zalo_bot": ZaloBotResident(fake_zalo_bot.person(), house),
        "zalo_oa": ZaloResident(fake_zalo_oa.person(), house),
    }
    assert tuple(found) == CHANNELS
    return found


@pytest.mark.parametrize("first", CHANNELS)
async def test_a_tip_begun_at_one_door_goes_on_at_every_other_by_its_code(
    house: Running, residents: dict[str, Resident], first: str
) -> None:
    begins = residents.pop(first)
    await begins.say("Hôm qua xe tôi bị bẻ khóa")
    await begins.hears("ạ?")
    await begins.sends()
    code = re.search(r"TB(-[0-9A-Z]{4}){3}", await begins.hears("Mã tin"))
    assert code
    for resident, words in zip(residents.values(), MORE, strict=True):
        await resident.say(code[0])
        await resident.hears(code[0][-4:])
        await resident.say(words)
        await resident.hears("Đã ghi thêm")

    assert await rows(house, tables.Tip, "channel") == [(first,)]
    assert [words for (words,) in await rows(house, tables.Piece, "words")] == ["Hôm qua xe tôi bị bẻ khóa", *MORE]
