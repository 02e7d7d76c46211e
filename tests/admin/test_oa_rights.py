"""Every month the chief is asked who holds rights in the console of the Official Account: only where there is one, and kept."""

import asyncio
import html
import re
from pathlib import Path

from sqlalchemy import update

from bot.runtime import Running, running
from handlers import answered_outside, oa_rights
from handlers.oa_rights import asked
from storage import moments, tables
from tests.conftest import house_settings
from tests.fakes.zalo_oa import FakeZaloOA
from tests.opened import rows
from tests.station import Station, send, stationed

PAGE = "/admin/kenh/quyen"
NEVER, DUE, OVERDUE = "Chưa ghi ai đang giữ quyền ở trang quản lý", "Đến hạn xem lại từ", "Quá hạn xem lại từ"


async def main_page(station: Station, who: str) -> str:
    return html.unescape((await station.people[who].get("/admin"))[1])


async def told_ago(house: Running, ago: int) -> None:
    change = update(tables.OaRight).values(told_at=moments.now() - ago)
    await house.memory.write(lambda session: session.execute(change) and None)


async def test_the_chief_is_asked_answers_and_is_asked_again_after_a_month(zalo_house: Running) -> None:
    house = zalo_house
    async with stationed(house, {"truc.ban": "duty", "quan.tri": "administrator"}) as station:
        chief = station.people["chief"]
        assert NEVER in await main_page(station, "chief")
        assert NEVER not in await main_page(station, "truc.ban")
        assert "Chưa ghi ai đang giữ" in html.unescape((await chief.get("/admin/cai-dat"))[1])
        assert "Quyền ở trang quản lý" not in html.unescape((await station.people["quan.tri"].get("/admin/cai-dat"))[1])

        status, page = await send(chief, PAGE, giu=" ", thay="Lê Bình", **{"tu-dong": "Xin chào"})
        assert status == 422 and "Ghi tên người giữ quyền." in page and "Lê Bình" in page and "Xin chào" in page
        status, page = await send(chief, PAGE, giu="Ng. An", thay="ng.  an")
        assert status == 422 and "Người thay phải là người khác." in page
        status, page = await send(chief, PAGE, giu="Nguyễn An,  Phó trưởng công an", thay="Lê Bình", **{"tu-dong": "Xin chào bà con"})
        assert status == 200 and "Đã ghi. Lần tới trước" in page and "Nguyễn An, Phó trưởng công an · Lê Bình" in page
        assert NEVER not in await main_page(station, "chief")

        await told_ago(house, oa_rights.EVERY + 1000)
        assert DUE in await main_page(station, "chief") and OVERDUE not in await main_page(station, "chief")
        assert "Đến hạn xem lại từ" in html.unescape((await chief.get("/admin/cai-dat"))[1])
        await told_ago(house, oa_rights.EVERY + oa_rights.PATIENCE + 1000)
        assert OVERDUE in await main_page(station, "chief")
        page = html.unescape((await chief.get(PAGE))[1])
        assert 'value="Nguyễn An, Phó trưởng công an"' in page  # What was told last stands there to be confirmed.
        await send(chief, PAGE, giu="Nguyễn An, Phó trưởng công an", thay="Trần Chi")

        kept = await rows(house, tables.OaRight, "custodian", "deputy")
        assert kept == [("Nguyễn An, Phó trưởng công an", "Lê Bình"), ("Nguyễn An, Phó trưởng công an", "Trần Chi")]
        noted = [what for (what,) in await rows(house, tables.HistoryRow, "what") if what == "oa_rights_told"]
        assert len(noted) == 2
        journal = html.unescape((await chief.get("/admin/nhat-ky"))[1])
        assert journal.count("Ghi lại ai giữ quyền ở trang quản lý Zalo OA") >= 2


async def test_where_there_is_no_account_nobody_is_asked(tmp_path: Path) -> None:
    async with running(house_settings(tmp_path)) as house, stationed(house, {}) as station:
        chief = station.people["chief"]
        assert NEVER not in await main_page(station, "chief")
        page = html.unescape((await chief.get(PAGE))[1])
        assert "chưa bật Zalo OA" in page and 'name="giu"' not in page
        assert "Quyền ở trang quản lý" not in html.unescape((await chief.get("/admin/cai-dat"))[1])


async def test_p7_an_answer_past_this_page_is_read_by_chief_and_duty(zalo_house: Running, fake_zalo_oa: FakeZaloOA) -> None:
    assert answered_outside.WAIT_FOR_ANSWER == moments.MINUTE
    house, person = zalo_house, fake_zalo_oa.person()
    fake_zalo_oa.echoes = "before"
    await fake_zalo_oa.answer_by_hand(person, "Bác gửi qua đây")
    minute_ago = update(tables.ZaloPost).values(noted_at=moments.now() - 2 * moments.MINUTE)
    await house.memory.write(lambda session: session.execute(minute_ago) and None)
    await house.zalo_oa.beat()
    async with stationed(house, {"truc.ban": "duty"}) as station:
        since = update(tables.DoorTrouble).values(since=moments.now() - 10 * moments.MINUTE)
        for _ in range(100):
            if await rows(house, tables.DoorTrouble, "why") == [("by_hand",)]:
                break
            await house.zalo_oa.beat()
            await asyncio.sleep(0.05)
        await house.memory.write(lambda session: session.execute(since) and None)
        for who in ("chief", "truc.ban"):
            assert "mà không đi qua trang này: có người trả lời ở trang quản lý OA" in await main_page(station, who)
        page = html.unescape((await station.people["chief"].get(PAGE))[1])
        assert "Trong 30 ngày có 1 lời gửi cho người dân" in page
        journal = html.unescape((await station.people["chief"].get("/admin/nhat-ky"))[1])
        assert "Có lời gửi từ Zalo OA không đi qua trang này" in journal
        assert not re.search(person.id, page + journal)


async def test_never_told_is_overdue_at_once(zalo_house: Running) -> None:
    now, ward_id = moments.now(), zalo_house.ward().id
    found = await zalo_house.memory.read(lambda session: asked(session, ward_id, now=now))
    assert found.last is None and found.is_due and found.is_overdue
