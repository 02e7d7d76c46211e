"""The desk's side of P3: the roster by forms, the hand-over, what rings on every page, and who may see the calls."""

import html
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from admin import counted
from bot.runtime import Running
from handlers import ladder, reach
from storage import moments, tables
from storage.ids import new_id
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, stationed


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    async with stationed(house, {"truc.ban": "duty", "truc.phu": "duty", "kiem.tra": "inspector"}) as station:
        yield station


def pattern(station: Station, **more: str) -> dict[str, str]:
    """All day, every day, from yesterday on."""
    days = {f"day-{day}": "1" for day in range(7)}
    who = {"duty": str(station.ids["truc.ban"]), "second": str(station.ids["truc.phu"])}
    yesterday = f"{moments.local(moments.now() - moments.DAY):%Y-%m-%d}"
    given = {"name": "Trực ngày đêm", "starts": "00:00", "ends": "00:00", "repeats": "weekdays", "first_day": yesterday, "last_day": ""}
    return {**given, **days, **who, "commander": str(station.ids["truc.ban"]), **more}


async def listens(station: Station, login: str, *, sounds: bool = True) -> dict[str, object]:
    status, told = await station.people[login].get(f"/admin/bao-dong?chuong={int(sounds)}")
    assert status == 200
    return dict(json.loads(told))


async def page_of(station: Station, login: str, path: str) -> str:
    return html.unescape((await station.people[login].get(path))[1])


async def test_p3_the_way_of_a_roster_a_call_and_a_hand_over_at_the_desk(
    house: Running, station: Station, browser: WebResident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "LASTS", 0)
    chief = "chief"
    assert 'id="roster-empty">' in await page_of(station, chief, "/admin")
    status, page = await send(station.people[chief], "/admin/lich-truc/mau", **pattern(station, second=str(station.ids["truc.ban"])))
    assert status == 422 and "phải là hai người" in page and 'value="Trực ngày đêm"' in page
    status, page = await send(station.people[chief], "/admin/lich-truc/mau", **pattern(station))
    assert status == 200 and page.count("Đổi người, hủy ca") == 14
    assert 'id="roster-empty" hidden>' in page

    # Whoever really comes takes it, planned or not.
    shift = re.search(r'name="shift" value="(\d+)"', await page_of(station, "truc.phu", "/admin/giao-ca"))
    assert shift
    status, page = await send(station.people["truc.phu"], "/admin/giao-ca", shift=shift[1])
    assert status == 200 and "Ca này đang ở tay TRUC.PHU" in page and "Ca trực gọn gàng" in page

    # An urgent tip rings for them until somebody accepts.
    assert (await listens(station, "truc.phu"))["count"] == 0
    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await browser.hears("Đã chuyển tới trực ban")
    [(tip_id, tail)] = await rows(house, tables.Tip, "id", "code_tail")
    told = await listens(station, "truc.phu")
    assert [told[name] for name in ("count", "urgent", "place", "empty")] == [1, 1, f"/admin/tin/{tip_id}", False]
    assert told["folders"] == {"needs": "1", "new": "1"}
    assert not {"count", "urgent", "place"} & set(await listens(station, "kiem.tra"))
    assert f'href="/admin/tin/{tip_id}">Mở xem' in await page_of(station, "truc.phu", "/admin")
    ward, now = house.ward(), moments.now()
    await house.memory.write(lambda session: ladder.climb(session, ward, lambda *_args, **_more: None, draw=new_id, now=now))
    page = await page_of(station, chief, "/admin/chuong")
    assert f"Tin khẩn {tail}" in page and "bàn trực đang mở" in page and "đã tới" in page
    assert "Các lần gọi" not in await page_of(station, "truc.phu", "/admin/chuong")  # Neither chief nor commander.
    assert "Các lần gọi" in await page_of(station, "truc.ban", "/admin/chuong")

    # The next one finds it on the list of what is open, says why the other is not there, and accepts it.
    status, page = await send(station.people["truc.ban"], "/admin/giao-ca", shift=shift[1], how="taken")
    assert status == 422 and "Chọn lý do" in page and tail in page
    status, page = await send(station.people["truc.ban"], "/admin/giao-ca", shift=shift[1], how="taken", why="ill")
    assert status == 200 and "TRUC.BAN nhận ca, TRUC.PHU không có mặt" in page and "còn mở 1 tin" in page
    await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/da-doc")
    assert [(await listens(station, login))["count"] for login in ("truc.ban", "truc.phu", chief)] == [0, 0, 0]
    assert "Không có tin nào phải gọi" in await page_of(station, chief, "/admin/chuong")


async def test_p3_a_page_that_cannot_sound_is_no_way_to_be_called_and_asking_keeps_nobody_signed_in(
    house: Running, station: Station
) -> None:
    before = await rows(house, tables.DeskSession, "officer_id", "seen_at", "heard_at")
    await listens(station, "truc.ban", sounds=False)
    assert {row[2] for row in await rows(house, tables.DeskSession, "officer_id", "seen_at", "heard_at")} == {None}
    await listens(station, "truc.ban")
    after = await rows(house, tables.DeskSession, "officer_id", "seen_at", "heard_at")

    assert [row[0] for row in after if row[2] is not None] == [station.ids["truc.ban"]]
    assert sorted(row[:2] for row in after) == sorted(row[:2] for row in before)


async def test_the_roster_says_how_each_can_be_reached_and_what_to_do_where_nobody_can(house: Running, station: Station) -> None:
    await send(station.people["chief"], "/admin/lich-truc/mau", **pattern(station))
    await listens(station, "truc.ban")
    ward_id, now = house.ward().id, moments.now()

    def link(session: Session) -> None:
        session.add(tables.Chat(id=81, ward_id=ward_id, channel="telegram", chat_hash="h", created_at=1, last_in_at=now))
        session.add(tables.OfficerChat(id=82, ward_id=ward_id, officer_id=station.ids["chief"], chat_id=81, linked_at=1))

    await house.memory.write(link)
    away = col(tables.DeskSession.officer_id).in_([station.ids["truc.ban"], station.ids["truc.phu"]])
    seen = update(tables.DeskSession).where(away)
    await house.memory.write(lambda session: session.execute(seen.values(seen_at=now - 5 * moments.MINUTE)))
    page = await page_of(station, "kiem.tra", "/admin/lich-truc")
    told = dict(re.findall(r"<li[^>]*>\s*<p class=\"line\"><strong>([^<]+)</strong>(.*?)</li>", page, re.DOTALL))
    told = {name: re.sub(r"<[^>]+>|\s+", " ", words) for name, words in told.items()}

    assert "Trực ban, Chỉ huy trực" in told["TRUC.BAN"] and "Liên lạc được đến" in told["TRUC.BAN"]
    assert "Thấy lần cuối" in told["TRUC.BAN"] and "Chuông trên máy đang bật" in told["TRUC.BAN"]
    assert "Không liên lạc được" in told["TRUC.PHU"] and "Gọi số riêng" in told["TRUC.PHU"] and "Chưa liên kết" in told["TRUC.PHU"]
    assert "không theo ca" in told["Trần Bình"] and "Telegram: nhận được, không giới hạn" in told["Trần Bình"]
    own = await page_of(station, "truc.phu", "/admin/lich-truc")
    assert 'liên kết điện thoại: <a class="back" href="/admin/dien-thoai">' in own

    def until(windows: dict[str, reach.Window]) -> Callable[[Session], tuple[int | None, bool]]:
        def find(session: Session) -> tuple[int | None, bool]:
            [chief] = [one for one in reach.people(session, ward_id, now=now, known=windows) if one.parts == ("chief",)]
            return chief.chat_until, chief.is_reachable

        return find

    # A channel that lets us write for two days after somebody's last word says so.
    assert await house.memory.read(until({"telegram": lambda spoke_at: spoke_at + 2 * moments.DAY})) == (now + 2 * moments.DAY, True)
    assert await house.memory.read(until({"telegram": lambda spoke_at: spoke_at - 1})) == (now - 1, False)


async def test_p3_an_officers_phone_on_zalos_account_is_reached_two_days_and_then_no_more(house: Running, station: Station) -> None:
    await send(station.people["chief"], "/admin/lich-truc/mau", **pattern(station))
    ward_id, now = house.ward().id, moments.now()

    def moved(since: int) -> Callable[[Session], Any]:
        return lambda session: session.execute(update(tables.Chat).where(col(tables.Chat.id) == 81).values(window_from=since))

    def link(session: Session) -> None:
        chat = tables.Chat(id=81, ward_id=ward_id, channel="zalo_oa", chat_hash="h", created_at=1, last_in_at=now, window_from=now)
        session.add(chat)
        session.add(tables.OfficerChat(id=82, ward_id=ward_id, officer_id=station.ids["chief"], chat_id=81, linked_at=1))

    async def told() -> str:
        page = re.sub(r"<[^>]+>|\s+", " ", await page_of(station, "kiem.tra", "/admin/lich-truc"))
        return page[page.index("Trần Bình") :]

    await house.memory.write(link)
    assert "không theo ca" in await told() and "Zalo OA: nhận được đến" in await told()

    for since, words in ((now - 3 * moments.DAY, "hết hạn nhận từ"), (0, "không cho nhắn tới nữa")):
        await house.memory.write(moved(since))
        assert words in await told() and "nhắn một chữ vào kênh đó" in await told() and "Chỉ thấy khi nhìn màn hình" in await told()


async def test_the_menu_leads_a_duty_officer_to_figures_only_while_they_command(station: Station) -> None:
    assert 'href="/admin/so-lieu"' not in await page_of(station, "truc.ban", "/admin")
    await send(station.people["chief"], "/admin/lich-truc/mau", **pattern(station))
    shown = {login: await page_of(station, login, "/admin") for login in ("truc.ban", "truc.phu", "chief", "kiem.tra")}
    for path, who in (("/admin/so-lieu", ["truc.ban", "chief", "kiem.tra"]), ("/admin/cho-vao", ["truc.ban", "chief"])):
        assert [login for login, page in shown.items() if f'href="{path}"' in page] == who
        assert [(await station.people[login].get(path))[0] for login in who] == [200] * len(who)


async def test_the_chief_sets_the_minutes_within_limits_and_nobody_else_does(house: Running, station: Station) -> None:
    wanted = {"ladder-urgent-day": "4", "ladder-urgent-night": "3", "ladder-ordinary-day": "20"}
    assert (await send(station.people["truc.ban"], "/admin/chuong", **wanted))[0] == 403
    status, page = await send(station.people["chief"], "/admin/chuong", **{**wanted, "ladder-urgent-day": "400"})
    assert status == 422 and "ngoài mức cho phép" in page
    assert (await send(station.people["chief"], "/admin/chuong", **wanted))[0] == 200

    kept = {row[0]: row[1] for row in await rows(house, tables.Period, "kind", "amount")}
    assert kept == {"ladder-urgent-day": 4, "ladder-ordinary-day": 20}  # What is as ours stays ours.
