"""An officer sees until when somebody on Zalo can be answered, what it costs then, and what else can be done."""

import html
import json
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.runtime import Running
from handlers import windows
from storage import moments, tables
from storage.queries import paid
from tests.bot.zalo_oa.test_send import move_last_wrote, tells_a_tip, waiting
from tests.fakes.zalo_oa import FakeZaloOA, ZaloPerson
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, stationed


@pytest.fixture
async def station(zalo_house: Running) -> AsyncIterator[Station]:
    async with stationed(zalo_house, {"truc.ban": "duty", "thanh.tra": "inspector"}) as station:
        yield station


@pytest.fixture
async def person(fake_zalo_oa: FakeZaloOA, station: Station) -> ZaloPerson:
    """With a tip that the officer on duty has accepted."""
    person = fake_zalo_oa.person()
    await tells_a_tip(person)
    await waiting(station.house, [])
    [(tip_id,)] = await rows(station.house, tables.Tip, "id")
    await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
    return person


async def said(station: Station, who: str = "truc.ban") -> str:
    """What stands there of the window; empty where nothing does."""
    [(tip_id,)] = await rows(station.house, tables.Tip, "id")
    page = (await station.people[who].get(f"/admin/tin/{tip_id}"))[1]
    return told_in(page)


def told_in(page: str) -> str:
    found = re.search(r'id="con-nhan-duoc">.*?<span>(.*?)</span>', page, re.S)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def shown(until: int) -> str:
    until = until // moments.HOUR * moments.HOUR
    return f"{moments.clock_face(until)} · {moments.short_date(until)}"


async def set_ceiling(station: Station, amount: int) -> None:
    assert (await send(station.people["chief"], "/admin/kenh/zalo/muc", so=str(amount)))[0] == 200


async def test_two_days_for_free_then_what_the_ward_pays_then_nothing(station: Station, person: ZaloPerson) -> None:
    house = station.house
    [(since,)] = await rows(house, tables.Chat, "window_from")
    assert (
        await said(station) == f"Còn trả lời được đến {shown(since + windows.FREE_FOR)}, không mất tiền. Họ nhắn thêm thì hạn này lùi lại."
    )

    await move_last_wrote(house, windows.FREE_FOR - 3 * moments.MINUTE)
    assert "trả lời được" in await said(station) and "không mất tiền" in await said(station)
    await move_last_wrote(house, 49 * moments.HOUR)
    closed = " Lời viết ở đây chờ người dân nhắn lại, rồi đi trước."
    assert await said(station) == "Quá 48 giờ từ lần họ nhắn cuối: Zalo tính tiền từ đây, mà phường chưa đặt mức." + closed

    await set_ceiling(station, 10)
    [(since,)] = await rows(house, tables.Chat, "window_from")
    paid_until = f"Còn trả lời được đến {shown(since + windows.OPEN_FOR)}, Zalo tính tiền từng tin. Tháng này đã dùng"
    assert await said(station) == f"{paid_until} 0 / 10 tin."
    month = windows.month_of(moments.now())
    await house.memory.write(lambda session: use(session, house.ward().id, month, 10))
    assert await said(station) == "Quá 48 giờ từ lần họ nhắn cuối: Zalo tính tiền từ đây, mà mức của tháng đã hết." + closed

    await move_last_wrote(house, 8 * moments.DAY)
    assert await said(station) == "Quá 7 ngày từ lần họ nhắn cuối, hoặc Zalo đã từ chối: không nhắn trước được nữa." + closed
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    assert "Ai có mã tin thì đọc được lời này ở trang Tra cứu" in (await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1]


def use(session: Session, ward_id: int, month: str, many: int) -> None:
    paid._ADD.run(session, id=77, ward_id=ward_id, channel="zalo_oa", month=month)
    paid._TAKE.run(session, ward_id=ward_id, channel="zalo_oa", month=month, many=many, most=many)


async def test_a_page_that_is_open_hears_that_they_wrote(station: Station, person: ZaloPerson) -> None:
    officer, house = station.people["truc.ban"], station.house
    await move_last_wrote(house, 49 * moments.HOUR)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    page = (await officer.get(f"/admin/tin/{tip_id}"))[1]
    heard = re.search(r'data-heard="(\d+)"', page)
    assert heard and "phường chưa đặt mức" in told_in(page)
    await person.say("Tôi nhớ thêm: xe màu đỏ")
    await person.hears("ạ")
    listened = json.loads((await officer.get(f"/admin/tin/{tip_id}/dang-xem?nghe={heard[1]}"))[1])
    assert "không mất tiền" in told_in(listened["turns"])


async def test_p2_two_tips_of_one_hand_show_no_common_minute(station: Station, person: ZaloPerson) -> None:
    """One person has one window; whole hours say it, so that nobody ties two tips by its minute."""
    [(tip_id,)] = await rows(station.house, tables.Tip, "id")
    found = await station.house.memory.read(lambda session: windows.of_tip(session, station.house.ward(), tip_id, now=moments.now()))
    assert found is not None and found.until % moments.HOUR == 0
    page = (await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1]
    [(since,)] = await rows(station.house, tables.Chat, "window_from")
    assert person.id not in page and str(since) not in page


async def test_who_is_not_written_to_and_who_does_not_write_see_none(station: Station, person: ZaloPerson) -> None:
    assert await said(station) and not await said(station, "thanh.tra")
    shared = update(tables.Tip).values(safe="shared")
    await station.house.memory.write(lambda session: session.execute(shared) and None)
    assert not await said(station)


async def test_the_web_page_has_no_window(house: Running, browser: WebResident) -> None:
    async with stationed(house, {"truc.ban": "duty"}) as station:
        await browser.say("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        await browser.sends()
        [(tip_id,)] = await rows(house, tables.Tip, "id")
        await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
        assert not await said(station)
