"""The shared duty PC: a second factor once a month, then everybody's own PIN; and what happens when the phone is lost."""

import asyncio
import html
import re
from pathlib import Path

import aiohttp
from sqlalchemy import update
from sqlmodel import Session

from admin.routes import TABLE, Closed
from bot import offline
from bot.runtime import Running, running
from handlers import second_factor
from storage import moments, tables
from tests.admin.test_desk import PASSWORD, Officer, set_up_fields
from tests.admin.test_lock import lands
from tests.conftest import house_settings
from tests.opened import rows
from tests.station import Station, send, station, token_of

__all__ = ["station"]
SETTING, MINE, PINS = "/admin/may-cua-toi/ma-hai-buoc", "/admin/may-cua-toi", {"truc.ban": "482913", "chi.huy": "739105"}


class Phone:
    """An authenticator app. Of three codes that count at this moment each is shown once."""

    def __init__(self, page: str) -> None:
        typed = re.search(r'class="seal typed"[^>]*>(.*?)</p>', page)
        assert typed, page
        self._secret, self._last = "".join(re.findall(r"<span>(\w+)</span>", typed[1])), 0

    def code(self) -> str:
        self._last = max(self._last + 1, moments.now() // second_factor.STEP - second_factor.SKEW)
        return second_factor.code_at(self._secret, self._last * second_factor.STEP)


async def sets_a_second_factor(person: Officer) -> tuple[Phone, list[str]]:
    phone = Phone((await person.get(SETTING))[1])
    status, page = await send(person, SETTING, code=phone.code())
    codes = re.findall(r'class="seal">([\w-]{14})<', page)
    assert status == 200 and len(codes) == 10
    return phone, codes


async def submits(person: Officer, path: str, **fields: str) -> tuple[int, str]:
    status, page = await person.post(path, **fields)
    return status, html.unescape(page)


def names_on(page: str) -> list[str]:
    return re.findall(r'class="person">.*?<span>(.*?)</span>', page)


async def test_two_officers_change_places_at_one_pc(house: Running, station: Station) -> None:
    duty, chief, pc = station.people["truc.ban"], station.people["chief"], await station.browser()
    ids = {"truc.ban": str(station.ids["truc.ban"]), "chi.huy": str(station.ids["chief"])}
    phones, sheets = {}, {}
    for login, person in (("truc.ban", duty), ("chi.huy", chief)):
        phones[login], sheets[login] = await sets_a_second_factor(person)

    # The password alone leads to the code, and the code brings both: in, and a computer that is remembered.
    status, page = await submits(pc, "/admin/dang-nhap", login="truc.ban", password=PASSWORD)
    assert status == 200 and "Gõ thêm mã hai bước" in page and await lands(pc, "GET", "/admin") == (303, "/admin/dang-nhap")
    status, page = await submits(pc, "/admin/dang-nhap/ma", code="abc")
    assert status == 401 and "Mã chưa đúng" in page
    status, page = await submits(pc, "/admin/dang-nhap/ma", code=phones["truc.ban"].code(), trust="yes")
    assert status == 200 and "TRUC.BAN · cán bộ trực" in page
    [cookie] = [one for one in pc.http.cookie_jar if one.key == "keng_device"]
    assert cookie["httponly"] and cookie.value not in str(await rows(house, tables.Device, "token_hash"))

    # A PIN of one's own, by the password.
    for pin, again, password, said in (
        ("123456", "123456", PASSWORD, "dễ đoán"),
        ("482913", "482914", PASSWORD, "chưa giống nhau"),
        ("482913", "482913", "khong phai the", "Mật khẩu chưa đúng"),
    ):
        status, page = await send(pc, f"{MINE}/pin", pin=pin, again=again, password=password)
        assert status == 422 and said in page
    assert "Đã lưu mã PIN" in (await send(pc, f"{MINE}/pin", pin=PINS["truc.ban"], again=PINS["truc.ban"], password=PASSWORD))[1]
    [(stored,)] = await rows(house, tables.OfficerPin, "pin_hash")
    assert stored.startswith("$argon2id$")

    # Locked: a name to press. The chief comes in fully once, by the sheet, and has a name there, too.
    await send(pc, "/admin/khoa/dong")
    page = (await pc.get("/admin/khoa"))[1]
    assert names_on(page) == ["TRUC.BAN"] and "checked" in page
    assert (await submits(pc, "/admin/khoa/pin", officer=ids["truc.ban"], pin=PINS["truc.ban"]))[0] == 403  # Not a form of ours.
    left = {"left": "Đã gọi cho bà con ở ngõ 12", "field": "words", "page": "/admin/tin/7"}
    assert (await send(pc, "/admin/khoa/loi", **left))[0] == 200
    assert "Gõ thêm mã hai bước" in (await send(pc, "/admin/khoa", login="chi.huy", password=PASSWORD))[1]
    status, page = await submits(pc, "/admin/dang-nhap/ma", code=sheets["chi.huy"][0].lower())
    assert status == 200 and "Trần Bình · chỉ huy" in page and "ngõ 12" not in page
    await send(pc, f"{MINE}/pin", pin=PINS["chi.huy"], again=PINS["chi.huy"], password=PASSWORD)

    # From now on: lock, name, PIN. Each has a session of their own, and finds what they had typed.
    await send(pc, "/admin/khoa/dong")
    assert sorted(names_on((await pc.get("/admin/khoa"))[1])) == ["TRUC.BAN", "Trần Bình"]
    before = token_of(pc)
    status, page = await send(pc, "/admin/khoa/pin", officer=ids["truc.ban"], pin=PINS["truc.ban"])
    assert status == 200 and "ngõ 12</textarea>" in page and token_of(pc) != before
    at_pc = [row for row in await rows(house, tables.DeskSession, "officer_id", "how", "device_id") if row[2]]
    assert [(str(officer_id), how) for officer_id, how, _device in at_pc] == [(ids["truc.ban"], "pin")]
    assert await station.history("desk_unlocked") == []

    # Signed out, the names are on the sign-in page. Five wrong PINs of one leave the other's alone.
    await send(pc, "/admin/dang-xuat")
    tried = [await submits(pc, "/admin/dang-nhap/pin", officer=ids["truc.ban"], pin="000000") for _ in range(6)]
    assert {status for status, _page in tried} == {401}
    assert "Còn 4 lần" in tried[0][1] and "Gõ tên, mật khẩu và mã hai bước" in tried[4][1]
    assert names_on(tried[5][1]) == ["Trần Bình"]
    assert (await submits(pc, "/admin/dang-nhap/pin", officer=ids["truc.ban"], pin=PINS["truc.ban"]))[0] == 401
    assert "Gõ thêm mã hai bước" in (await submits(pc, "/admin/dang-nhap", login="truc.ban", password=PASSWORD))[1]
    assert (await submits(pc, "/admin/dang-nhap/pin", officer=ids["chi.huy"], pin=PINS["chi.huy"]))[0] == 200
    # Nor does whoever guesses the password elsewhere: this computer counts for itself.
    elsewhere = await station.browser()
    assert [await elsewhere.sign_in("chi.huy", "doan mo") for _ in range(6)] == [401] * 5 + [429]
    assert "Trần Bình" in (await submits(pc, "/admin/dang-nhap", login="chi.huy", password=PASSWORD))[1]
    assert (await submits(elsewhere, "/admin/dang-nhap/pin", officer=ids["chi.huy"], pin=PINS["chi.huy"]))[0] == 401

    # Nobody reads of somebody else's session but the chief, who ends it and the computer's memory.
    assert "Máy trực 1" in (await duty.get(MINE))[1] and (await duty.get("/admin/phien"))[0] == 403
    theirs = {row[1]: row[0] for row in await rows(house, tables.DeskSession, "id", "officer_id")}
    assert (await send(duty, f"{MINE}/phien/{theirs[station.ids['chief']]}/thoi"))[0] == 404
    page = (await send(chief, f"/admin/phien/{theirs[station.ids['truc.ban']]}/thoi"))[1]
    assert "Kết thúc phiên của TRUC.BAN" in page and "Nhớ: Trần Bình, TRUC.BAN" in page
    assert await lands(duty, "GET", "/admin") == (303, "/admin/dang-nhap")
    [(device_id,)] = await rows(house, tables.Device, "id")
    await send(chief, f"/admin/phien/may/{device_id}/thoi")
    assert await lands(pc, "GET", "/admin") == (303, "/admin/dang-nhap") and not names_on((await pc.get("/admin/dang-nhap"))[1])


async def test_a_lost_phone_at_night(house: Running, station: Station) -> None:
    duty, chief, pc = station.people["truc.ban"], station.people["chief"], await station.browser()
    await sets_a_second_factor(duty)
    assert (await duty.get("/admin/cho-vao"))[0] == 403
    page = html.unescape((await send(chief, "/admin/cho-vao", officer=str(station.ids["truc.ban"]), why="lost"))[1])
    number = re.search(r'class="read number">(\d{4} \d{4})<', page)
    assert number and "Số cho TRUC.BAN" in page
    assert number[1] not in (await chief.get("/admin/cho-vao"))[1]

    # The other officer's own password, and the number, in one form.
    status, page = await submits(pc, "/admin/dang-nhap", login="truc.ban", password="khong phai the", code=number[1])
    assert status == 401 and "mật khẩu chưa đúng" in page
    status, page = await submits(pc, "/admin/dang-nhap", login="truc.ban", password=PASSWORD, code=number[1], trust="yes")
    assert status == 200 and "TRUC.BAN · cán bộ trực" in page
    assert await rows(house, tables.Device, "id") == []  # It makes no lasting way in.
    status, page = await send(pc, f"{MINE}/pin", pin="482913", again="482913", password=PASSWORD)
    assert status == 422 and "Đang vào bằng số của chỉ huy" in page
    await send(pc, "/admin/khoa/dong")
    assert (await send(pc, "/admin/khoa", password=PASSWORD))[0] == 200
    [(how, let_in_id)] = [row for row in await rows(house, tables.DeskSession, "how", "let_in_id") if row[1]]
    assert how == "let_in"

    # Told on every chief's page but to the one who did it, and in the history.
    page = html.unescape((await chief.get("/admin/phien"))[1])
    assert "Trần Bình cho TRUC.BAN vào" in page and "mất điện thoại" in page and "Đã vào lúc" in page
    assert await station.history("signin_let_in") == ["signin_let_in", "signin_let_in_used"]
    await station.add("pho.chi.huy", "chief")
    deputy = station.people["pho.chi.huy"]
    assert "lần cho vào một ca chưa xem" in html.unescape((await deputy.get("/admin/can-bo"))[1])
    assert "chưa xem" not in html.unescape((await send(deputy, "/admin/phien/da-xem"))[1])
    assert let_in_id


async def test_a_ward_that_asks_for_it_gives_a_week_and_then_opens_one_page(tmp_path: Path) -> None:
    settings = house_settings(tmp_path, require_totp=True)
    async with running(settings) as house, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        chief = Officer(http, house)
        await chief.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        status, page = await submits(chief, "/admin/dang-nhap", login="chi.huy", password=PASSWORD)
        assert status == 200 and "Đặt trong 7 ngày nữa" in page and "Để sau" in page
        assert (await chief.get("/admin/can-bo"))[0] == 200
        assert (await send(chief, "/admin/phien/bat-buoc", wanted="no"))[0] == 409  # The environment wins.

        def pass_a_week(session: Session) -> None:
            session.execute(update(tables.SecondFactor).values(due_at=moments.now()))

        await house.memory.write(pass_a_week)
        assert (await chief.get("/admin/can-bo"))[0] == 200  # Who is at work is not put out.
        await send(chief, "/admin/dang-xuat")
        status, page = await submits(chief, "/admin/dang-nhap", login="chi.huy", password=PASSWORD)
        assert "Đã hết hạn đặt mã hai bước" in page and "Để sau" not in page
        for one in TABLE:
            if isinstance(one, Closed) and not (one.while_held or one.while_locked):
                path = re.sub(r"\{(\w+):[^}]*\}", lambda found: "nho" if found[1] == "size" else "7", one.path)
                assert await lands(chief, one.method, path, csrf=token_of(chief)) == (303, SETTING), one
        status, page = await send(chief, SETTING, code="000000")
        assert status == 422 and "Gõ 6 số đang hiện" in page
        phone, codes = await sets_a_second_factor(chief)
        assert (await chief.get("/admin/can-bo"))[0] == 200

        # Another phone, by a code of the sheet; a sheet that is made anew ends this one.
        status, page = await send(chief, f"{SETTING}/doi", password=PASSWORD, code="111111")
        assert status == 422 and "mã đang hiện ở điện thoại cũ" in page
        assert Phone((await send(chief, f"{SETTING}/doi", password=PASSWORD, code=codes[0]))[1]).code() != phone.code()
        await sets_a_second_factor(chief)
        assert len(re.findall(r'class="seal">([\w-]{14})<', (await send(chief, f"{MINE}/ma-khoi-phuc", password=PASSWORD))[1])) == 10

        # Between password and code: codes are braked, and the ticket is worth nothing once the password is another.
        forged = {"keng_half": f"{2**63}.{moments.now() + 1000}.{'0' * 40}"}
        async with aiohttp.ClientSession(cookies=forged, cookie_jar=aiohttp.CookieJar(unsafe=True)) as elsewhere:
            status, page = await submits(Officer(elsewhere, house), "/admin/dang-nhap/ma", code="000000")
            assert status == 401 and "Quá 5 phút rồi" in page
        await send(chief, "/admin/dang-xuat")
        assert "Gõ thêm mã hai bước" in (await submits(chief, "/admin/dang-nhap", login="chi.huy", password=PASSWORD))[1]
        tried = [await submits(chief, "/admin/dang-nhap/ma", code="000000") for _ in range(6)]
        assert [status for status, _page in tried] == [401] * 4 + [429] * 2  # The slip with the old phone counts.
        assert "cho vào một ca" in tried[5][1]
        await asyncio.to_thread(offline.reset_password, settings, login="chi.huy", password=PASSWORD)
        assert "Quá 5 phút rồi" in (await submits(chief, "/admin/dang-nhap/ma", code="000000"))[1]

        # Lost with everything: the command line, and the next password leads to setting it anew.
        await asyncio.to_thread(offline.clear_second_factor, settings, login="chi.huy")
        assert await lands(chief, "GET", "/admin") == (303, "/admin/dang-nhap")
        assert "Đã hết hạn" in (await submits(chief, "/admin/dang-nhap", login="chi.huy", password=PASSWORD))[1]


async def test_who_sets_a_password_by_the_chiefs_link_comes_in_at_once_after_wrong_ones(house: Running, station: Station) -> None:
    """The help tells whoever is held back to ask the chief for it."""
    forgetful, stranger = await station.browser(), await station.browser()
    assert [await forgetful.sign_in("truc.ban", f"sai {n}") for n in range(6)] == [401] * 5 + [429]
    _status, page = await send(station.people["chief"], f"/admin/can-bo/{station.ids['truc.ban']}/duong-dan")
    found = re.search(r"(/admin/mat-khau/[\w-]+)", page)
    assert found
    assert (await stranger.post("/admin/mat-khau/abc", password="mot cau rat dai", again="mot cau rat dai"))[0] == 404
    assert await forgetful.sign_in("truc.ban") == 429
    assert (await forgetful.post(found[1], password="mot cau rat dai", again="mot cau rat dai"))[0] == 200
    assert await forgetful.sign_in("truc.ban", "mot cau rat dai") == 200
