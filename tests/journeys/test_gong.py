"""The gong is struck: written at the desk, released by the chief, in a group, with a leader and a resident, checked, and put right."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.runtime import Running
from storage import tables
from tests.admin.test_warnings import WORDS, mark_on, written
from tests.fakes.telegram import FakeTelegram, Group
from tests.journeys.test_leaders import is_linked, two_neighbourhoods
from tests.opened import rows
from tests.station import Station, send, stationed


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty"}) as station:
        yield station


async def links_a_group(station: Station, group: Group, area: int) -> None:
    status, page = await send(station.people["truc.ban"], "/admin/nhom/ma", to=str(area))
    found = re.search(r"N-\w{4}-\w{4}", page)
    assert status == 200 and found, page
    await group.say(group.members[0], f"/noi@keng_bot {found[0]}")


async def ended(station: Station, warning_id: int) -> dict[str, str]:
    """What became of each, once nothing is on its way any more."""
    for _ in range(200):
        states = {
            kind: state
            for kind, state, about in await rows(station.house, tables.WarningTarget, "kind", "state", "warning_id")
            if about == warning_id
        }
        if states and not set(states.values()) & {"planned", "queued"}:
            return states
        await asyncio.sleep(0.05)
    raise AssertionError(states)


def bubbles(group: Group, words: str) -> list[dict[str, Any]]:
    return [one for one in group.fake.messages[group.chat_id] if one["from"]["is_bot"] and words in one.get("caption", one.get("text", ""))]


async def test_the_gong_is_struck_from_the_desk_to_the_last_chat(station: Station, fake_telegram: FakeTelegram) -> None:
    here, there = await two_neighbourhoods(station)
    lan, resident = fake_telegram.person("Lan"), fake_telegram.person("Tư")
    group = fake_telegram.group("Tổ 7", fake_telegram.person("Hoa"))
    other = fake_telegram.group("Tổ 8", fake_telegram.person("Mai"))
    await station.lead("co.lan", here)
    await is_linked(station, "co.lan", lan)
    await links_a_group(station, group, here)
    await links_a_group(station, other, there)
    await resident.say("nhận cảnh báo")
    await resident.hears("Nhận cho nơi nào")
    await resident.press(f"subscribe-area:{here}")
    await resident.hears("Nhận loại nào")
    await resident.press("subscribe-done")
    await resident.hears("Từ giờ nhận cảnh báo ở đây")

    to_one = {**WORDS, "ca-phuong": "", f"to-{here}": "1", "den-subscribers": "1"}
    warning_id = await written(station, "truc.ban", **to_one)
    page = f"/admin/canh-bao/{warning_id}"
    await send(station.people["truc.ban"], f"{page}/gui-duyet")
    await send(station.people["chief"], f"{page}/duyet", ban=await mark_on(station.people["chief"], page))

    kit = await lan.hears(WORDS["headline"])
    assert "CẢNH BÁO" in kit and await resident.hears("CẢNH BÁO")
    assert await ended(station, warning_id) == {"leader": "sent", "group": "sent", "subscriber": "sent"}
    [bubble] = bubbles(group, WORDS["headline"])
    assert "photo" in bubble and bubbles(other, WORDS["headline"]) == []
    await lan.press("Đã đăng")
    await lan.hears("Tổ trưởng báo đã đăng lúc")
    assert (await ended(station, warning_id))["leader"] == "posted"
    _status, shown = await station.people["truc.ban"].get(page)
    assert "báo đã đăng" in shown

    [code] = {code for (code,) in await rows(station.house, tables.WarningRow, "code")}
    stranger = fake_telegram.person("Khách")
    await stranger.say(bubble["caption"].replace("Nguồn:", "Chuyển tiền vào 0123 456 789 012 để xác minh. Nguồn:"))
    answer = await stranger.hears("Dòng khác")
    assert code in answer and await rows(station.house, tables.Tip, "id") == []

    fixed = {**to_one, "headline": "Không có vụ nào như vậy", "dinh-chinh": str(warning_id)}
    right = await written(station, "truc.ban", **fixed)
    await send(station.people["truc.ban"], f"/admin/canh-bao/{right}/gui-duyet")
    await send(
        station.people["chief"], f"/admin/canh-bao/{right}/duyet", ban=await mark_on(station.people["chief"], f"/admin/canh-bao/{right}")
    )
    for person in (lan, resident):
        await person.hears("ĐÍNH CHÍNH cảnh báo mã")
    assert set((await ended(station, right)).values()) == {"sent"}
    assert len(bubbles(group, "Không có vụ nào như vậy")) == 1 and bubbles(other, "Không có vụ") == []
