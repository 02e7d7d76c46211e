"""P2 at the desk: who keeps keys, the way of two people, the minutes, the call-back number, and originals."""

import csv
import hashlib
import html
import io
import re
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import time_machine
from sqlalchemy import event, select, update
from sqlmodel import Session

from admin.routes import TABLE, Closed
from bot.runtime import Running
from handlers import officers
from handlers.officers import Role
from storage import custody as keys
from storage import moments, tables
from storage.ids import new_id
from storage.queries import callbacks as callback_rows
from tests.admin.test_desk import PASSWORD, tell_a_tip
from tests.bot.telegram.test_door import everything_stored
from tests.opened import photos_done, rows
from tests.people import WebResident
from tests.station import NAME, PHONE, REASON, SENTENCE, Station, approves, asks, looks, send, stationed, token_of


@asynccontextmanager
async def stays(station: Station, long: int) -> AsyncIterator[None]:
    """So much later, with hands on the keys all the while: no desk has locked itself."""
    later = moments.now() + long
    await station.house.memory.write(lambda session: session.execute(update(tables.DeskSession).values(seen_at=later)) and None)
    with time_machine.travel(later / 1000, tick=True):
        yield


@pytest.fixture
async def station(house: Running) -> AsyncIterator[Station]:
    """A chief, a duty officer who asks, and a custodian who keeps the only key."""
    async with stationed(house, {"truc.ban": "duty", "giu.khoa": "custodian"}) as station:
        yield station


@pytest.fixture
async def tip_id(house: Running, browser: WebResident) -> int:
    await browser.say("Hôm qua xe tôi bị bẻ khóa")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return int(tip_id)


@pytest.fixture
async def photo_tip_id(house: Running, browser: WebResident) -> int:
    await tell_a_tip(browser)
    await photos_done(house, 1)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    return int(tip_id)


# -- the way of two people -----------------------------------------------------------------------------------------------------


async def test_p2_two_people_agree_and_the_one_who_asked_sees(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    asker, keeper, chief = station.people["truc.ban"], station.people["giu.khoa"], station.people["chief"]
    opening_id = await asks(station, tip_id)
    waiting = (await keeper.get("/admin/niem-phong"))[1]
    assert REASON in waiting and "TRUC.BAN" in waiting and "bẻ khóa" not in waiting
    assert (await looks(station, opening_id))[0] == 410  # Nobody has agreed.

    assert (await approves(station, opening_id))[0] == 200
    status, page = await looks(station, opening_id)
    assert status == 200 and NAME in page and PHONE in page
    await looks(station, opening_id)

    assert await station.history("identity_") == ["identity_asked", "identity_approved", "identity_seen", "identity_seen"]
    told = (await chief.get("/admin/niem-phong"))[1]
    paper = (await chief.get("/admin/niem-phong/in"))[1]
    for shown in (told, paper):
        assert REASON in shown and "TRUC.BAN" in shown and "GIU.KHOA" in shown and NAME not in shown
    for path in (f"/admin/tin/{tip_id}", "/admin", "/admin/niem-phong"):
        page = html.unescape((await asker.get(path))[1])
        assert NAME not in page and PHONE not in page


async def test_p2_the_name_stands_in_no_row_and_no_log(station: Station, tip_id: int, caplog: pytest.LogCaptureFixture) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    assert NAME in (await looks(station, opening_id))[1]
    stored = await everything_stored(station.house)
    for table in (tables.Identity, tables.IdentityShare, tables.Opening, tables.Custodian, tables.HistoryRow):
        stored += str(await rows(station.house, table, *table.model_fields))
    logged = " ".join(str(vars(record)) for record in caplog.records)

    for canary in ("Canary", PHONE, "345 678", SENTENCE, station.sheet):
        assert canary not in stored and canary not in logged and repr(canary.encode())[2:-1] not in stored
    assert REASON not in stored


async def test_whoever_keeps_no_key_cannot_agree(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    for who, asker in (("chief", "truc.ban"), ("truc.ban", "chief")):
        opening_id = await asks(station, tip_id, asker)

        status, page = await approves(station, opening_id, who)
        assert status == 422 and "của người giữ khóa" in page
    assert await station.history("identity_") == ["identity_asked"] * 2


async def test_who_asks_does_not_agree_even_with_a_key(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    sheet = await station.keeps_a_key("truc.ban", by="giu.khoa")
    mark = keys.mark_of(keys.read_sheet(sheet).public)
    [_first, (second, _status)] = await rows(station.house, tables.Custodian, "id", "status")
    assert f"phải đúng là {mark}" in html.unescape((await station.people["giu.khoa"].get("/admin/niem-phong"))[1])
    status, page = await send(station.people["giu.khoa"], f"/admin/niem-phong/xac-nhan/{second}", passphrase=SENTENCE)
    assert status == 200 and "Có 2 người giữ khóa" in page
    opening_id = await asks(station, tip_id)

    status, page = await approves(station, opening_id, "truc.ban")
    assert status == 422 and "không tự quyết định" in page
    assert REASON not in page.split("Đã xin")[0]
    assert (await looks(station, opening_id))[0] == 410


async def test_another_browser_of_the_same_officer_sees_nothing(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    elsewhere = await station.browser()
    assert await elsewhere.sign_in("truc.ban") == 200

    status, page = await send(elsewhere, f"/admin/niem-phong/yeu-cau/{opening_id}/xem")
    assert status == 403 and NAME not in page and "trên máy và trình duyệt" in page
    assert "identity_seen" not in await station.history("identity_")
    assert (await looks(station, opening_id))[0] == 200


async def test_another_officer_in_the_same_browser_sees_nothing(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    shared = station.people["truc.ban"]
    assert await shared.sign_in("chi.huy") == 200  # The cookie of the look is still there.

    status, page = await send(shared, f"/admin/niem-phong/yeu-cau/{opening_id}/xem")
    assert status == 404 and NAME not in page


async def test_the_cookie_of_the_look_is_for_this_browser_alone(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    asker = station.people["truc.ban"]
    async with asker.http.post(
        f"{station.house.address}/admin/tin/{tip_id}/xin-mo", data={"csrf": token_of(asker), "reason": REASON}, allow_redirects=False
    ) as answer:
        [cookie] = [header for header in answer.headers.getall("Set-Cookie") if header.startswith("keng_view_")]
        location = answer.headers["Location"]
    private = cookie.split("=", 1)[1].split(";")[0]

    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/admin"))
    assert location == f"/admin/tin/{tip_id}"
    assert private not in await everything_stored(station.house)


async def test_after_the_minutes_nothing_is_left(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    async with stays(station, 10 * moments.MINUTE):
        status, page = await looks(station, opening_id)

    assert status == 410 and NAME not in page
    assert await rows(station.house, tables.Opening, "status", "content") == [("approved", None)]
    assert (await looks(station, opening_id))[0] != 200  # Erased, whatever a clock says.
    assert "identity_seen" not in await station.history("identity_")


async def test_an_approval_is_not_replayed(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)
    [until] = await rows(station.house, tables.Opening, "open_until")

    status, page = await approves(station, opening_id)
    assert status == 422 and "đã có người trả lời" in page
    assert [until] == await rows(station.house, tables.Opening, "open_until")
    assert await station.history("identity_approved") == ["identity_approved"]


async def test_two_requests_at_once_stay_apart(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    first, second = await asks(station, tip_id, "truc.ban"), await asks(station, tip_id, "chief")
    await approves(station, first)

    assert NAME in (await looks(station, first))[1]
    assert (await looks(station, second, "chief"))[0] == 410
    assert (await looks(station, first, "chief"))[0] == 404
    await approves(station, second)
    assert NAME in (await looks(station, second, "chief"))[1]


async def test_asking_anew_takes_the_place_of_the_own_request(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    first, _second = await asks(station, tip_id), await asks(station, tip_id)

    assert [row[0] for row in await rows(station.house, tables.Opening, "status")] == ["withdrawn", "asked"]
    assert (await approves(station, first))[0] == 422


async def test_a_refusal_with_its_reason_reaches_who_asked(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    path = f"/admin/niem-phong/yeu-cau/{opening_id}/tu-choi"
    assert (await send(station.people["giu.khoa"], path, reason="không"))[0] == 422
    assert (await send(station.people["giu.khoa"], path, reason="Chưa cần tới tên, hỏi lại qua tin"))[0] == 200

    page = (await station.people["truc.ban"].get(f"/admin/tin/{tip_id}"))[1]
    assert "Chưa cần tới tên" in page and "GIU.KHOA" in page
    assert (await approves(station, opening_id))[0] == 422
    assert (await looks(station, opening_id))[0] == 410


async def test_a_reason_is_needed(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    status, page = await send(station.people["truc.ban"], f"/admin/tin/{tip_id}/xin-mo", reason="  cần   ")

    assert status == 422 and "Ghi rõ vì sao" in page
    assert await station.opening_ids() == []


async def test_a_wrong_passphrase_opens_nothing_and_is_counted(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    statuses = [(await approves(station, opening_id, secret=f"sai cau khoa {n}"))[0] for n in range(6)]

    assert statuses == [422] * 5 + [429]
    assert (await approves(station, opening_id))[0] == 429
    assert await rows(station.house, tables.Opening, "status", "content") == [("asked", None)]


async def test_p2_a_passphrase_is_braked_as_a_sign_in_is_by_hashes_of_today(station: Station, tip_id: int) -> None:
    """They were made with the key for look-ups, which never changes: an address could have been found out from them for years."""
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id, secret="sai cau khoa")
    await (await station.browser()).sign_in("truc.ban", "sai mat khau")
    counted = [row[0] for row in await rows(station.house, tables.SignInTry, "who_hash")]
    wheres = station.house.keyed.hash("try", "from", "127.0.0.1")

    assert (len(counted), len(set(counted))) == (6, 5)  # Both tries came from here.
    assert wheres not in counted


async def test_an_unanswered_request_runs_out(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    opening_id = await asks(station, tip_id)
    with time_machine.travel((moments.now() + moments.DAY) / 1000, tick=True):
        for login in ("truc.ban", "giu.khoa"):  # Their sessions have slept.
            await station.people[login].sign_in(login)
        assert (await approves(station, opening_id))[0] == 422


async def test_other_roles_ask_for_nothing(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    roles: tuple[Role, ...] = ("inspector", "administrator", "custodian")
    for role in roles:
        other = await station.add(f"nguoi.{role}", role)
        for path in (f"/admin/tin/{tip_id}/xin-mo", f"/admin/tin/{tip_id}/xin-ban-goc", f"/admin/tin/{tip_id}/so-goi-lai"):
            assert (await send(other, path, reason=REASON))[0] == 403
    assert await station.opening_ids() == []


# -- keys ----------------------------------------------------------------------------------------------------------------------


async def test_without_a_custodian_the_page_says_so_and_with_one_it_warns(house: Running) -> None:
    async with AsyncExitStack() as stack:
        station = Station(house, stack)
        chief = await station.chief()
        await station.add("giu.khoa", "custodian")
        assert "Chưa có ai giữ khóa" in (await chief.get("/admin/niem-phong"))[1]
        await station.keeps_a_key("giu.khoa")
        assert "mất hẳn" in (await chief.get("/admin/niem-phong"))[1]


async def test_the_sheet_is_shown_once(station: Station) -> None:
    assert station.sheet.startswith("KHOA-")
    keeper = station.people["giu.khoa"]
    status, page = await send(keeper, "/admin/niem-phong/khoa", passphrase=SENTENCE, again=SENTENCE)
    assert status == 422 and "KHOA-" not in page and 'class="code' not in page  # Alone, nobody could confirm a new pair.


async def test_a_passphrase_that_will_not_do(station: Station, subtests: pytest.Subtests) -> None:
    await station.add("nguoi.moi", "duty")
    await send(station.people["giu.khoa"], "/admin/niem-phong/nguoi-giu", officer=str(station.ids["nguoi.moi"]))
    for passphrase, again, sentence in (
        ("ngan qua", "ngan qua", "ngắn quá"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "ngắn quá"),
        ("nguoi.moi la ten toi", "nguoi.moi la ten toi", "tên đăng nhập"),
        (SENTENCE, SENTENCE + "x", "chưa giống nhau"),
        (PASSWORD, PASSWORD, "khác mật khẩu"),
    ):
        with subtests.test(sentence):
            status, page = await send(station.people["nguoi.moi"], "/admin/niem-phong/khoa", passphrase=passphrase, again=again)

            assert status == 422 and sentence in page
            assert passphrase not in page


async def test_a_forgotten_passphrase_is_set_anew_with_the_sheet(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    keeper, new = station.people["giu.khoa"], "con co ma di an dem"
    wrong = station.sheet[:-1] + ("0" if station.sheet[-1] != "0" else "1")
    path = "/admin/niem-phong/khoi-phuc"
    assert (await send(keeper, path, code=wrong, passphrase=new, again=new))[0] == 422
    assert (await send(station.people["chief"], path, code=station.sheet, passphrase=new, again=new))[0] == 422
    assert (await send(keeper, path, code=station.sheet.lower(), passphrase=new, again=new))[0] == 200
    opening_id = await asks(station, tip_id)

    assert (await approves(station, opening_id))[0] == 422
    assert (await approves(station, opening_id, secret=new))[0] == 200
    assert NAME in (await looks(station, opening_id))[1]
    assert await station.history("custodian_restored") == ["custodian_restored"]


async def test_a_lost_key_is_replaced_and_the_new_one_opens_what_was_there(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    await station.keeps_a_key("truc.ban", by="giu.khoa")
    keeper, other = station.people["giu.khoa"], station.people["truc.ban"]
    second = (await rows(station.house, tables.Custodian, "id"))[1][0]
    assert (await send(keeper, f"/admin/niem-phong/xac-nhan/{second}", passphrase="khong dung dau"))[0] == 422
    await send(keeper, f"/admin/niem-phong/xac-nhan/{second}", passphrase=SENTENCE)
    new = "con co ma di an dem"
    assert 'class="code' in (await send(keeper, "/admin/niem-phong/khoa", passphrase=new, again=new))[1]
    third = (await rows(station.house, tables.Custodian, "id"))[2][0]
    await send(other, f"/admin/niem-phong/xac-nhan/{third}", passphrase=SENTENCE)
    opening_id = await asks(station, tip_id, "chief")

    assert [row[0] for row in await rows(station.house, tables.Custodian, "status")] == ["ended", "active", "active"]
    assert (await approves(station, opening_id))[0] == 422
    assert (await approves(station, opening_id, secret=new))[0] == 200
    assert NAME in (await looks(station, opening_id, "chief"))[1]


# -- the call-back number ------------------------------------------------------------------------------------------------------


async def test_the_call_back_number_is_for_the_officer_who_took_the_tip_on(station: Station, tip_id: int) -> None:
    row_id, ward_id = new_id(), station.house.ward().id
    await station.house.memory.write(
        lambda session: callback_rows.keep(session, ward_id=ward_id, tip_id=tip_id, callback_id=row_id, number=PHONE, now=moments.now())
    )
    mine, other, path = station.people["truc.ban"], station.people["chief"], f"/admin/tin/{tip_id}/so-goi-lai"
    assert (await send(mine, path))[0] == 403
    await send(mine, f"/admin/tin/{tip_id}/da-doc")

    page = (await mine.get(f"/admin/tin/{tip_id}"))[1]
    assert "để lại số gọi lại" in page and "Xem số" in page and PHONE not in page
    page = (await other.get(f"/admin/tin/{tip_id}"))[1]
    assert "để lại số gọi lại" in page and "Xem số" not in page
    assert [PHONE in (await send(mine, path))[1] for _ in range(2)] == [True, True]
    assert (await send(other, path))[0] == 403
    assert await station.history("callback_viewed") == ["callback_viewed"] * 2
    paper = (await other.get("/admin/niem-phong/in"))[1]
    assert paper.count("Số gọi lại</td>") == 2 and PHONE not in paper


# -- originals -----------------------------------------------------------------------------------------------------------------


async def fetches(station: Station, opening_id: int, who: str = "truc.ban") -> tuple[int, bytes]:
    officer = station.people[who]
    address = f"{station.house.address}/admin/niem-phong/yeu-cau/{opening_id}/tai"
    async with officer.http.post(address, data={"csrf": token_of(officer)}) as answer:
        return answer.status, await answer.read()


async def test_p4_originals_leave_exactly_as_they_came_after_two_people_agreed(station: Station, photo_tip_id: int) -> None:
    opening_id = await asks(station, photo_tip_id, what="xin-ban-goc")
    assert (await fetches(station, opening_id))[0] == 410
    assert (await approves(station, opening_id, "truc.ban", PASSWORD))[0] == 422
    assert (await approves(station, opening_id, "chief", "sai mat khau"))[0] == 422
    assert (await approves(station, opening_id, "chief", PASSWORD))[0] == 200
    status, content = await fetches(station, opening_id)
    [(sha256, size)] = await rows(station.house, tables.Attachment, "sha256", "size")

    assert status == 200
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["1.jpg", "SHA256SUMS", "manifest.csv"]
        photo = archive.read("1.jpg")
        assert archive.read("SHA256SUMS").decode() == f"{sha256}  1.jpg\n"
        [_head, line] = csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")))
    assert hashlib.sha256(photo).hexdigest() == sha256 and len(photo) == size
    assert line[:5] == ["1.jpg", "photo", "image/jpeg", str(size), sha256]
    await fetches(station, opening_id)
    assert await station.history("originals_") == ["originals_asked", "originals_approved", "originals_seen", "originals_seen"]
    assert (await fetches(station, opening_id, "chief"))[0] == 404
    elsewhere = station.people["truc.ban"] = await station.browser()
    await elsewhere.sign_in("truc.ban")
    assert (await fetches(station, opening_id))[0] == 403


async def test_originals_close_after_half_an_hour(station: Station, photo_tip_id: int) -> None:
    opening_id = await asks(station, photo_tip_id, what="xin-ban-goc")
    await approves(station, opening_id, "giu.khoa", PASSWORD)
    async with stays(station, 30 * moments.MINUTE):
        assert (await fetches(station, opening_id))[0] == 410


async def test_an_original_that_was_touched_does_not_leave(station: Station, photo_tip_id: int) -> None:
    [(place,)] = await rows(station.house, tables.Attachment, "original")
    path = station.house.media_store.path(place)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    opening_id = await asks(station, photo_tip_id, what="xin-ban-goc")
    await approves(station, opening_id, "chief", PASSWORD)
    _status, content = await fetches(station, opening_id)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["SHA256SUMS", "manifest.csv"]
        assert "(missing)" in archive.read("manifest.csv").decode("utf-8-sig")


# -- who may go where ----------------------------------------------------------------------------------------------------------


async def test_no_address_breaks_on_what_is_not_there(house: Running) -> None:
    """With the right and a good form; who may go where is in tests/promises/test_access.py."""
    async with AsyncExitStack() as stack:
        station = Station(house, stack)
        await station.chief()
        await station.add("giu.khoa", "custodian")
        broken = []
        for login, person in station.people.items():
            for address in TABLE:
                if not isinstance(address, Closed) or address.path == "/admin/dang-xuat":
                    continue
                role = "custodian" if login == "giu.khoa" else login
                if address.right is not None and not officers.may(role, address.right):
                    continue
                path = re.sub(r"\{\w+:[^]]+\]\+\}|\{\w+:[^}]*\}", "1", address.path.replace("{size:nho|vua}", "nho"))
                form = {"csrf": token_of(person)} if address.method == "POST" else None
                async with person.http.request(address.method, house.address + path, data=form, allow_redirects=False) as answer:
                    if answer.status == 403 or answer.status >= 500:
                        broken.append((login, address.method, address.path, answer.status))
        assert broken == []


async def test_english_is_whole_on_the_pages_of_custody(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    for login in station.people:
        await station.people[login].post("/admin/ngon-ngu", language="en")
    opening_id = await asks(station, tip_id)
    await approves(station, opening_id)

    assert "Reporter's name" in (await looks(station, opening_id))[1]
    for person, path, words in (
        ("truc.ban", f"/admin/tin/{tip_id}", "gave a name, sealed"),
        ("giu.khoa", "/admin/niem-phong", "Only one person keeps a key"),
        ("giu.khoa", "/admin/niem-phong/khoa", "sheet at hand"),
        ("chief", "/admin/niem-phong", "Opened in the last 31 days"),
        ("chief", "/admin/niem-phong/in", "Record of what was unsealed"),
        ("chief", "/admin/can-bo", "Added the account of TRUC.BAN"),
    ):
        status, page = await station.people[person].get(path)
        assert status == 200 and words in page


async def test_more_requests_take_no_more_queries(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    keeper = station.people["giu.khoa"]
    counted = []
    for login in ("truc.ban", "chief"):
        await asks(station, tip_id, login)
        statements: list[str] = []
        engine = station.house.memory._read_engine
        event.listen(engine, "before_cursor_execute", note := lambda *args, found=statements: found.append(args[2]))
        page = (await keeper.get("/admin/niem-phong"))[1]
        event.remove(engine, "before_cursor_execute", note)
        # The house goes on with its chores meanwhile; what is counted is what the page asks for.
        counted.append((page.count("/dong-y"), len([one for one in statements if "custodians" in one or "openings" in one])))

    assert [cards for cards, _ in counted] == [1, 2]
    assert counted[0][1] == counted[1][1]


async def test_a_month_in_which_nothing_was_opened_says_so(station: Station) -> None:
    status, page = await station.people["chief"].get("/admin/niem-phong/in?thang=2025-01")
    assert status == 200 and "Không mở gì" in page and "tháng 1/2025" in page
    assert "2024-12" in page and "2025-02" in page
    assert (await station.people["chief"].get("/admin/niem-phong/in?thang=x"))[0] == 200


async def test_the_reason_is_sealed_under_the_tips_ring(station: Station, tip_id: int) -> None:
    await station.identity(tip_id)
    await asks(station, tip_id)

    def sealed(session: Session) -> list[bool]:
        opening = session.execute(select(tables.Opening)).scalar_one()
        told = session.execute(select(tables.HistoryRow).where(tables.HistoryRow.what == "identity_asked")).scalar_one()  # type: ignore[arg-type]
        return [REASON.encode() not in (cell or b"") and bool(cell) for cell in (opening.reason, told.secret)]

    assert await station.house.memory.read(sealed) == [True, True]
