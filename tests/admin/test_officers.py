"""The chief's list of accounts, and the line that tells who may answer that a request waits."""

import html
from contextlib import AsyncExitStack

import pytest

from bot.runtime import Running
from tests.admin.test_custody import photo_tip_id, station, tip_id
from tests.station import Station, approves, asks, looks, send

__all__ = ["photo_tip_id", "station", "tip_id"]
WAITING = "1 yêu cầu mở niêm phong đang chờ"


async def closes(station: Station, login: str, *, why: str = "left") -> tuple[int, str]:
    return await send(station.people["chief"], f"/admin/can-bo/{station.ids[login]}/dong", why=why)


async def test_the_chief_closes_an_account_and_opens_it_again(station: Station) -> None:
    duty = station.people["truc.ban"]
    status, page = await closes(station, "truc.ban")
    assert status == 200 and "Tài khoản đã đóng" in page
    assert "Đóng tài khoản TRUC.BAN: chuyển công tác hoặc nghỉ việc" in page
    assert 'name="password"' in (await duty.get("/admin"))[1]  # Out at once, in the browser that was signed in.
    assert await duty.sign_in("truc.ban") == 401

    status, page = await send(station.people["chief"], f"/admin/can-bo/{station.ids['truc.ban']}/mo-lai")
    assert status == 200 and "Tài khoản đã đóng" not in page and "Mở lại tài khoản TRUC.BAN" in page
    assert await duty.sign_in("truc.ban") == 200


async def test_the_only_chief_is_told_why_not(station: Station) -> None:
    status, page = await closes(station, "chief")
    assert status == 422 and "chỉ huy duy nhất" in page
    assert (await station.people["chief"].get("/admin"))[0] == 200


async def test_p2_a_name_that_was_open_is_closed_with_the_account(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    assert (await looks(station, opening_id))[0] == 200
    await closes(station, "truc.ban", why="exposed")
    await send(station.people["chief"], f"/admin/can-bo/{station.ids['truc.ban']}/mo-lai")
    await station.people["truc.ban"].sign_in("truc.ban")

    assert (await looks(station, opening_id))[0] == 410
    page = (await station.people["chief"].get(f"/admin/tin/{tip_id}"))[1]
    assert "Yêu cầu xem tên dừng vì tài khoản đóng" in page


async def test_who_may_answer_a_request_is_told_on_every_page(station: Station, photo_tip_id: int) -> None:
    await station.identity(photo_tip_id)
    await asks(station, photo_tip_id)
    shown = {login: html.unescape((await person.get("/admin/niem-phong"))[1]) for login, person in station.people.items()}
    assert {login for login, page in shown.items() if WAITING in page} == {"giu.khoa"}

    await asks(station, photo_tip_id, what="xin-ban-goc")  # Originals are released by the chief, too.
    assert WAITING in html.unescape((await station.people["chief"].get("/admin"))[1])
    assert WAITING not in html.unescape((await station.people["truc.ban"].get("/admin"))[1])
    await send(station.people["chief"], f"/admin/niem-phong/yeu-cau/{(await station.opening_ids())[-1]}/tu-choi", reason="Chưa cần bản gốc")
    assert "đang chờ trả lời" not in (await station.people["chief"].get("/admin"))[1]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_administrator_begins_on_the_machine_page(house: Running, language: str) -> None:
    async with AsyncExitStack() as stack:
        station = Station(house, stack)
        await station.chief()
        person = await station.add("quan.tri", "administrator")
        await person.post("/admin/ngon-ngu", language=language)
        status, page = await person.get("/admin")

    assert status == 200 and ("Bản sao" if language == "vi" else "Copies") in page
    assert "/admin/can-bo" not in page
