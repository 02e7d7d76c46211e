"""What the ward pays Zalo for, on *Kênh nhận tin*: set by the chief alone, noted, and shown with what is used up."""

import re
from collections.abc import AsyncIterator

import pytest

from admin.drawing import full_clock
from bot.runtime import Running
from handlers import windows
from storage import moments, tables
from storage.queries import paid, zalo_tokens
from tests.opened import rows
from tests.station import Station, send, stationed


@pytest.fixture
async def station(zalo_house: Running) -> AsyncIterator[Station]:
    async with stationed(zalo_house, {"quan.tri": "administrator", "truc.ban": "duty"}) as station:
        yield station


async def page_of(station: Station, who: str) -> str:
    """As words alone."""
    page = (await station.people[who].get("/admin/kenh"))[1]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_the_chief_sets_the_figure_and_everybody_who_sees_channels_reads_it(zalo_house: Running, station: Station) -> None:
    assert "Tin tính tiền tháng này không gửi" in await page_of(station, "chief")
    status, page = await send(station.people["chief"], "/admin/kenh/zalo/muc", so="40")
    assert status == 200 and windows.ceiling_of(zalo_house.ward().book) == 40
    assert "Đặt mức tin tính tiền của Zalo: 40 tin mỗi tháng" in page

    def use(session: object) -> None:
        month = windows.month_of(moments.now())
        paid._ADD.run(session, id=77, ward_id=zalo_house.ward().id, channel="zalo_oa", month=month)  # type: ignore[arg-type]
        paid._TAKE.run(session, ward_id=zalo_house.ward().id, channel="zalo_oa", month=month, many=12, most=40)  # type: ignore[arg-type]
        paid.note_remains(session, zalo_house.ward().id, "zalo_oa", month, 88, now=moments.now())  # type: ignore[arg-type]

    await zalo_house.memory.write(use)
    for who in ("chief", "quan.tri"):
        shown = await page_of(station, who)
        assert "12 / 40" in shown and "88 tin, Zalo báo lúc" in shown
    assert "Mức này do chỉ huy đặt." in await page_of(station, "quan.tri")
    noted = [row[1:] for row in await rows(zalo_house, tables.HistoryRow, "what", "actor", "detail") if row[0] == "paid_ceiling_set"]
    assert noted == [(f"officer:{station.ids['chief']}", {"about": "40"})]


@pytest.mark.parametrize("typed", ["", "-1", "nhiều", "1e3", "100001", "9999999", "٤"])
async def test_what_is_no_figure_changes_nothing(zalo_house: Running, station: Station, typed: str) -> None:
    status, page = await send(station.people["chief"], "/admin/kenh/zalo/muc", so=typed)
    assert status == 422 and "Ghi một số từ 0 tới 100" in page and windows.ceiling_of(zalo_house.ward().book) == 0


async def test_nobody_but_the_chief_sets_it(zalo_house: Running, station: Station) -> None:
    for who in ("quan.tri", "truc.ban"):
        assert (await send(station.people[who], "/admin/kenh/zalo/muc", so="40"))[0] == 403
    assert windows.ceiling_of(zalo_house.ward().book) == 0


async def test_how_long_the_tokens_last_is_shown_and_nothing_of_them(zalo_house: Running, station: Station) -> None:
    await zalo_house.zalo_oa.beat()
    life = await zalo_house.memory.read(lambda session: zalo_tokens.life(session, zalo_house.ward().id))
    assert life is not None
    shown = (await station.people["quan.tri"].get("/admin/kenh"))[1]
    for until in (life.access_until, life.refresh_until):
        assert full_clock(until) in shown
    kept = await zalo_house.zalo_oa.tokens._look()
    assert kept.pair.access not in shown and kept.pair.refresh not in shown
