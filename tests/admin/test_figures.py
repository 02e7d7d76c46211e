"""The page of figures in a house: what happens is counted by itself, each number opens its list, and each role reads its own."""

import asyncio
import html
import re

from sqlmodel import Session

from bot.runtime import Running
from handlers import figures, restricting
from handlers.acts import Act
from storage import moments
from storage.ids import new_id
from storage.queries import chain
from tests.admin.test_custody import tip_id
from tests.admin.test_desk import Officer
from tests.station import stationed
from tests.steps import REASON, go

__all__ = ["tip_id"]
_PLACE = "/admin/so-lieu"


async def read(person: Officer, path: str, expected: int = 200) -> str:
    status, page = await person.get(path)
    assert status == expected
    return html.unescape(page)


def row(page: str, name: str) -> str:
    """What stands beside this name: the number of now."""
    found = re.search(
        rf'<th scope="row">(?:<span class="code number">\d+</span> )?{re.escape(name)}</th>\s*<td class="now">(.*?)</td>', page, re.DOTALL
    )
    assert found, name
    return re.sub(r"<[^>]*>", "", found[1]).strip()


async def counted(house: Running) -> None:
    ward_id = house.ward().id
    for _ in range(400):
        if not await house.memory.read(lambda session: chain.has_unlinked(session, ward_id) or figures.is_behind(session, ward_id)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not counted within seconds")


async def test_what_happens_is_counted_and_each_number_opens_its_list(house: Running, tip_id: int) -> None:
    async with stationed(house, {"truc.ban": "duty", "thanh.tra": "inspector"}) as station:
        chief, inspector, now = station.people["chief"], station.people["thanh.tra"], moments.now()
        await house.memory.write(lambda session: go(session, house.ward(), station.ids["chief"], tip_id, "enter", now=now, kind="report"))
        await counted(house)
        page = await read(chief, _PLACE)
        told = [
            row(page, name)
            for name in ("Kỳ trước chuyển sang", "Tiếp nhận mới", "Tin báo về tội phạm", "Tổng số phải xử lý", "Còn lại chuyển kỳ sau")
        ]
        assert told == ["0", "1", "1", "1", "1"]
        assert "chưa đạt mức 90\u00a0%" in page
        assert "<svg" in page
        links = re.findall(r'href="(/admin/so-lieu/danh-sach\?hang=(?:new|remaining|took-enter|hour\.\d+)&[^"]*)"', page)
        assert len({link.split("&")[0] for link in links}) == 27
        links = [
            link for link in dict.fromkeys(links) if link.endswith(f"tu={moments.local(now):%Y-%m}-01&den={moments.local(now):%Y-%m-%d}")
        ]
        for link in [link for link in links if "hour" not in link]:
            assert f'href="/admin/tin/{tip_id}"' in await read(chief, link)
        assert row(await read(inspector, _PLACE), "Tiếp nhận mới") == "1"
        assert row(await read(chief, f"{_PLACE}?ngoai=1"), "Tiếp nhận mới") == "dưới 5"
        assert "danh-sach" not in await read(chief, f"{_PLACE}?ngoai=1")

        act = Act(ward_id=house.ward().id, officer_id=station.ids["chief"], history_id=new_id(), now=now)

        def restrict(session: Session) -> None:
            restricting.restrict(session, act, tip_id=tip_id, reason=REASON["reason"], draw=new_id)

        await house.memory.write(restrict)
        await counted(house)
        assert row(await read(chief, _PLACE), "Tiếp nhận mới") == "1"
        hidden = await read(inspector, _PLACE)
        assert "Kỳ này chưa có tin nào." in hidden
        [behind] = [link for link in links if "hang=new&" in link]
        assert f"/admin/tin/{tip_id}" not in await read(inspector, behind)

        letters = behind.replace("hang=new", "hang=complaints")
        assert "Khiếu nại" in await read(chief, letters)
        for path, expected in {letters: 404, behind.replace("new", "nothing"): 404, f"{_PLACE}?tu=x&den=2026-01-01": 422}.items():
            await read(inspector, path, expected)
        refused = await read(station.people["truc.ban"], _PLACE, 403)
        assert "người đang chỉ huy ca trực" in refused
