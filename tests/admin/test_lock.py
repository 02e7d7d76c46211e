"""A locked desk opens nothing until a password is given, and goes on ringing for whoever is signed in."""

import html
import json
import re
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col

from admin.routes import TABLE, Closed
from bot.runtime import Running
from handlers import ladder
from storage import moments, tables
from storage.ids import new_id
from storage.queries import typed_words
from tests.admin.test_desk import PASSWORD, Officer
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send, station, token_of

__all__ = ["station"]
RING, QUIET = ({"locked": True, "rings": rings, "urgent": count, "count": count} for rings, count in (("urgent", 1), ("", 0)))


async def lands(person: Officer, method: str, path: str, /, **fields: str) -> tuple[int, str]:
    """Where an address leads, not followed."""
    async with person.http.request(method, person.house.address + path, data=fields or None, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location", "")


async def hears(person: Officer) -> object:
    return json.loads((await person.get("/admin/khoa/chuong?chuong=1"))[1])


def change_session(officer_id: int, **values: int) -> object:
    def change(session: Session) -> None:
        session.execute(update(tables.DeskSession).where(col(tables.DeskSession.officer_id) == officer_id).values(**values))

    return change


async def test_a_locked_desk_opens_nothing_and_rings(house: Running, station: Station, browser: WebResident) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    assert await lands(chief, "GET", "/admin/khoa") == (303, "/admin")  # Nothing to open here.
    await send(chief, "/admin/khoa/dong")
    await send(duty, "/admin/khoa/dong")
    for one in TABLE:
        if isinstance(one, Closed) and not one.while_locked:
            path = re.sub(r"\{(\w+):[^}]*\}", lambda found: {"size": "nho", "folder": "nhan-thu"}.get(found[1], "7"), one.path)
            ways = {"tin": "/admin/khoa?toi=/admin/tin/7", "bat-dau": "/admin/khoa?toi=/admin/bat-dau"}
            expected = ways.get(f"{path}//".split("/")[2], "/admin/khoa")
            assert await lands(chief, one.method, path, csrf=token_of(chief)) == (303, expected), one
    assert await lands(chief, "GET", "/admin/dang-nhap") == (303, "/admin/khoa")
    assert await hears(chief) == QUIET

    # Nobody is on the roster: the chief is called, the duty officer is not. Of the tip itself nothing shows.
    await browser.say("Nhà số 5 đang cháy")
    await browser.hears("gọi ngay")
    await browser.press("danger-send")
    await browser.hears("Đã chuyển tới trực ban")
    [(tip_id, tail)] = await rows(house, tables.Tip, "id", "code_tail")
    assert (await hears(chief), await hears(duty)) == (RING, QUIET)
    page = html.unescape((await chief.get("/admin/khoa"))[1])
    assert "Có tin khẩn đang chờ</span>" in page and "Tin khẩn: 1 · Tin đang chờ: 1" in page and 'role="alert" data-urgent' in page
    assert not {word for word in (tail, str(tip_id), "cháy", "/admin/tin", "Trần Bình", "Lịch trực", "Đăng xuất") if word in page}
    ward, now = house.ward(), moments.now()
    await house.memory.write(lambda session: ladder.climb(session, ward, lambda *_args, **_more: None, draw=new_id, now=now))
    assert ("desk", "sent") in await rows(house, tables.Alarm, "way", "outcome")  # It is a way to be called.

    # What only the chief may read is no sound for a duty officer.
    await house.memory.write(lambda session: ladder.settle(session, tip_id, now=now))
    assert await hears(chief) == QUIET


async def test_a_locked_desk_opens_to_its_officers_password_alone(house: Running, station: Station) -> None:
    duty, old = station.people["truc.ban"], token_of(station.people["truc.ban"])
    await send(duty, "/admin/khoa/dong")
    [before] = [row for row in await rows(house, tables.DeskSession, "officer_id", "token_hash") if row[0] == station.ids["truc.ban"]]
    assert (await duty.post("/admin/khoa", password=PASSWORD))[0] == 403  # Not a form of ours.
    status, page = await send(duty, "/admin/khoa", password="khong phai the")
    assert status == 401 and "Mật khẩu chưa đúng" in page and 'name="password"' in page
    assert await lands(duty, "POST", "/admin/khoa?toi=/admin/tin/7", csrf=old, password=PASSWORD) == (303, "/admin/tin/7")
    assert (await duty.get("/admin/lich-truc"))[0] == 200

    # A cookie that was copied from the locked computer is worth nothing.
    assert before[1] not in {token for (token,) in await rows(house, tables.DeskSession, "token_hash")} and token_of(duty) != old
    assert await station.history("desk_") == ["desk_locked", "desk_unlocked"]

    await send(duty, "/admin/khoa/dong")
    statuses = [(await send(duty, "/admin/khoa", password="khong phai the"))[0] for _ in range(6)]
    assert statuses == [401] * 4 + [429] * 2  # The slip before counts: one brake for every way in.
    assert (await send(duty, "/admin/khoa", password=PASSWORD))[0] == 429


async def test_somebody_else_takes_over_a_locked_desk(house: Running, station: Station) -> None:
    duty = station.people["truc.ban"]
    await send(duty, "/admin/khoa/dong")
    status, page = await send(duty, "/admin/khoa", login="chi.huy", password="khong phai the")
    assert status == 401 and 'value="chi.huy"' in page and "<details open>" in page
    # What stood half written is left while locked, sealed, and the other officer never meets it.
    left = {"left": "Đã gọi cho bà con ở ngõ 12", "field": "words", "page": "/admin/tin/7"}
    assert (await send(duty, "/admin/khoa/loi", **left))[0] == 200
    assert (await send(duty, "/admin/khoa/loi", **{**left, "left": "Nguyễn Thị Ba", "page": "/admin/niem-phong/yeu-cau"}))[0] == 200
    assert (await send(duty, "/admin/khoa/loi", **{**left, "left": "Nguyễn Thị Ba", "field": "name"}))[0] == 200
    [(officer_id, body)] = await rows(house, tables.TypedWords, "officer_id", "body")
    assert officer_id == station.ids["truc.ban"] and b"12" not in body
    _status, page = await send(duty, "/admin/khoa", login=" Chi.Huy", password=PASSWORD)

    assert "Trần Bình" in page and "Lịch trực" in page and "ngõ 12" not in page
    assert await lands(duty, "GET", "/admin/khoa/loi") == (303, "/admin")
    await send(duty, "/admin/khoa/dong")
    status, page = await send(duty, "/admin/khoa", login="truc.ban", password=PASSWORD)
    assert status == 200 and "ngõ 12</textarea>" in page and 'href="/admin/tin/7"' in page
    await send(duty, "/admin/khoa/loi/xong")
    assert await rows(house, tables.TypedWords, "id") == []
    await send(duty, "/admin/khoa/loi", **left)
    await house.memory.write(lambda session: typed_words.forget_old(session, now=moments.now() + moments.DAY))
    assert await rows(house, tables.TypedWords, "id") == []
    await send(duty, "/admin/khoa/dong")
    await send(duty, "/admin/khoa", login="chi.huy", password=PASSWORD)
    assert {row[0] for row in await rows(house, tables.DeskSession, "officer_id")} == {station.ids["chief"]}


async def test_a_desk_nobody_is_at_locks_itself_after_the_wards_minutes(house: Running, station: Station) -> None:
    duty, chief = station.people["truc.ban"], station.people["chief"]
    assert (await send(duty, "/admin/khoa/gio", minutes="20"))[0] == 403
    for typed in ("2", "61", "x"):
        status, page = await send(chief, "/admin/khoa/gio", minutes=typed)
        assert status == 422 and "từ 3 đến 60" in page
    assert 'value="20"' in (await send(chief, "/admin/khoa/gio", minutes="20"))[1]

    async def seen_ago(minutes: int) -> int:
        at = moments.now() - minutes * moments.MINUTE
        await house.memory.write(change_session(station.ids["truc.ban"], seen_at=at))  # type: ignore[arg-type]
        return at

    # A page that is only left open says so; hands on it say the contrary.
    at = await seen_ago(19)
    for path in ("/admin/bao-dong", "/admin/song", "/admin/khoa/tay?tay=0"):
        assert (await duty.get(path))[0] == 200
    assert (station.ids["truc.ban"], at, None) in await rows(house, tables.DeskSession, "officer_id", "seen_at", "locked_at")
    assert json.loads((await duty.get("/admin/khoa/tay?tay=1"))[1])["locked"] is False
    assert (station.ids["truc.ban"], at, None) not in await rows(house, tables.DeskSession, "officer_id", "seen_at", "locked_at")

    await seen_ago(21)
    assert (await duty.get("/admin/khoa/tay?tay=1"))[1] == '{"locked": true}'  # Too late: a password now.
    await seen_ago(0)
    assert await lands(duty, "POST", "/admin/giao-ca", csrf=token_of(duty)) == (303, "/admin/khoa")
    assert await station.history("desk_locked") == ["desk_locked"]

    # It rings through the night, long after an open page would have been signed out.
    await seen_ago(11 * 60)
    assert await hears(duty) == QUIET
    [ends_at] = [row[1] for row in await rows(house, tables.DeskSession, "officer_id", "ends_at") if row[0] == station.ids["truc.ban"]]
    assert ends_at > moments.now() + 23 * moments.HOUR


def test_every_page_that_makes_way_says_whose_it_is() -> None:
    """One that does not would lead whoever opens it away."""
    templates = {file.name: file.read_text("utf-8") for file in Path("admin/templates").glob("*.html")}
    assert {name for name, words in templates.items() if "hands.js" in words} == {
        name for name, words in templates.items() if "data-who" in words
    }
