"""The desk's list of what is due, and the chief's page of periods and days off."""

import asyncio
import html
import re
from datetime import date
from typing import Any

import pytest

from bot.clock import Beat, Clock
from bot.runtime import Running
from handlers import clocks, deadlines, periods
from storage import moments, tables
from storage.ids import new_id
from tests.admin.test_custody import station, tip_id
from tests.admin.test_desk import Officer
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send

__all__ = ["station", "tip_id"]
_HAN, _PERIODS = "/admin/han", "/admin/thoi-han"


@pytest.fixture(autouse=True)
def warned_soon(hurried_beats: None, monkeypatch: pytest.MonkeyPatch) -> None:
    every = Clock.every

    def soon(clock: Clock, seconds: float, name: str, beat: Beat) -> None:
        every(clock, 0.2 if name == "clocks" else seconds, name, beat)

    monkeypatch.setattr(Clock, "every", soon)


async def read(person: Officer, path: str) -> str:
    status, page = await person.get(path)
    assert status == 200
    return html.unescape(page)


def line_of(page: str, words: str) -> str:
    found = next(one for one in re.findall(r"<li\b.*?</li>", page, re.DOTALL) if words in one)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


async def test_what_is_due_stands_on_the_list_until_it_is_settled(
    station: Station, house: Running, tip_id: int, browser: WebResident
) -> None:
    duty = await station.add("truc", "duty")
    now, ward = moments.now(), house.ward()
    began = {"transfer-a": now - 21 * moments.HOUR, "report12": now - 15 * moments.HOUR, "transfer-b": now}
    began["ask-receipt"] = now - 60 * moments.DAY
    for kind, starts_at in began.items():
        given: dict[str, Any] = {"ward_id": ward.id, "tip_id": tip_id, "kind": kind, "starts_at": starts_at, "row_id": new_id()}
        await house.memory.write(lambda session, given=given: deadlines.start(session, ward.book, **given))  # type: ignore[misc]
    page = await read(duty, _HAN)

    names = ["Hỏi nơi nhận đã tiếp nhận chưa", "Báo cáo, đề xuất phân công", "Chuyển tin khẩn", "Chuyển tin thường"]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
    lefts = [line_of(page, name).split(" Hỏi")[0].split(" Báo cáo")[0].split(" Chuyển")[0] for name in names]
    assert lefts[:3] == ["đã đến hạn", "quá hạn 3 giờ", "còn 2 giờ"] and lefts[3] in ("còn 7 ngày", "còn 6 ngày")
    assert "1 việc quá hạn" in page and f'href="/admin/tin/{tip_id}"' in page and 'href="/admin/thoi-han"' not in page
    async with browser.http.get(f"{house.address}/metrics") as answer:
        assert 'keng_waiting{what="clocks_overdue"} 1.0' in await answer.text()
    async with asyncio.timeout(30):
        while sorted(one for one in await rows(house, tables.Deadline, "warned", "kind") if one[1] in began) != [  # noqa: ASYNC110
            *((0, "transfer-b"), (2, "transfer-a"), (4, "ask-receipt"), (4, "report12"))
        ]:
            await asyncio.sleep(0.05)
    assert "Quá hạn: Báo cáo, đề xuất phân công" in await read(duty, f"/admin/tin/{tip_id}")

    await house.memory.write(lambda session: deadlines.settle(session, tip_id, ("report12", "ask-receipt"), now=moments.now()))
    page = await read(duty, _HAN)
    assert "Báo cáo, đề xuất" not in page and "việc quá hạn" not in page and "Chuyển tin khẩn" in page
    assert "Xong sau hạn: Báo cáo" in await read(duty, f"/admin/tin/{tip_id}")


async def test_the_chief_sees_law_and_guess_apart_and_changes_figures(station: Station, house: Running) -> None:
    chief, duty = station.people["chief"], await station.add("truc", "duty")
    page = await read(chief, _PERIODS)
    assert page.count('name="han"') == sum(one.least != one.most for one in periods.load().values())
    assert "Luật, văn bản ngành" in line_of(page, "TT 43/2021/TT-BCA, Điều 5 khoản 1")
    assert "Kẻng đề nghị" in line_of(page, "Giới hạn 24 giờ viết cho Cơ quan điều tra")

    status, saved = await send(chief, _PERIODS, han="transfer-a", so="12")
    assert status == 200 and "Đã lưu" in saved and 'value="12"' in saved
    assert "Số gốc: 24" in line_of(html.unescape(saved), "Chuyển tin khẩn")
    assert dict(house.ward().book.periods) == {"transfer-a": 12}
    for kind, figure in (("transfer-a", "49"), ("transfer-a", "x" * 30), ("transfer-a", ""), ("no-such", "5"), ("resumed", "2")):
        status, wrong = await send(chief, _PERIODS, han=kind, so=figure)
        assert status == 422 and "Chưa lưu được" in wrong if kind != "no-such" else "Không có thời hạn này" in wrong
    await send(chief, _PERIODS, han="days-move", so="1")
    assert dict(house.ward().book.periods) == {"transfer-a": 12, "days-move": 1}
    await send(chief, _PERIODS, han="days-move")
    page = html.unescape((await send(chief, f"{_PERIODS}/goc", han="transfer-a"))[1])
    assert dict(house.ward().book.periods) == {} and "Số gốc:" not in page
    assert "Lấy lại thời hạn gốc: Chuyển tin khẩn" in page and "Trần Bình" in page

    assert (await duty.get(_PERIODS))[0] == 403
    for path in ("", "/goc", "/ngay", "/ngay/bo"):
        assert (await send(duty, _PERIODS + path, han="transfer-a", so="12", ngay="2027-02-11", ten="x"))[0] == 403
    assert await rows(house, tables.Period, "kind") == await rows(house, tables.Holiday, "day") == []


async def test_days_off_are_those_of_the_year_and_the_wards_own(station: Station, house: Running) -> None:
    chief, place = station.people["chief"], f"{_PERIODS}/ngay"
    page = await read(chief, f"{_PERIODS}?nam=2027")
    assert all(f'value="{day}"' in page for day in clocks.built_in(2027).off)
    assert "theo lịch chung" in line_of(page, " 6/2<")

    status, page = await send(chief, place, ngay="2027-02-11", ten="Nghỉ thêm ngày Tết")
    assert status == 200 and "phường ghi" in line_of(html.unescape(page), "Nghỉ thêm ngày Tết")
    await send(chief, place, ngay="13/2/2027", ten="Làm bù", la="lam")
    page = html.unescape((await send(chief, place, ngay="2027-02-08", ten="Mùng ba", la="lam"))[1])
    assert "vẫn làm việc" in line_of(page, " 8/2<") and "vẫn làm việc" in line_of(page, "Làm bù")
    calendar = deadlines.calendar_of(house.ward().book)
    assert [calendar.is_working_day(date(2027, 2, day)) for day in (8, 9, 11, 12, 13, 14)] == [True, False, False, True, True, False]

    for day, name in (("31/2/2027", "x"), ("2027", "x"), ("1999-01-01", "x"), ("2027-03-01", " "), ("2027-03-01", "x" * 61)):
        status, page = await send(chief, place, ngay=day, ten=name)
        assert status == 422 and name in page
    await send(chief, f"{place}/bo", ngay="2027-02-08")
    await send(chief, f"{place}/bo", ngay="2027-02-13")
    page = html.unescape((await send(chief, f"{place}/bo", ngay="2027-02-13"))[1])
    assert [day for (day,) in await rows(house, tables.Holiday, "day")] == ["2027-02-11"]
    assert "Bỏ ghi riêng: 13/2/2027" in page and "Ghi ngày nghỉ: 11/2/2027" in page and "Ghi ngày vẫn làm: 8/2/2027" in page
