"""The first desk: set up once, sign in, read, accept; and everybody else stays outside."""

import html
import io
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from PIL import Image
from sqlmodel import text

from admin.routes import TABLE, Closed
from bot.runtime import Running, running
from handlers.insight import catalogue
from storage import tables
from storage.ids import new_id
from tests.bot.telegram.test_door import everything_stored
from tests.conftest import house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.opened import photos_done, rows
from tests.people import WebResident

PASSWORD = "mua xuan nam ay"


async def content_of(answer: aiohttp.ClientResponse) -> bytes:
    """Of a stream what comes at once."""
    return await (answer.content.readuntil(b"\r\n\r\n") if answer.content_type == "text/event-stream" else answer.read())


@dataclass
class Officer:
    """Somebody with a browser at the desk."""

    http: aiohttp.ClientSession
    house: Running

    async def get(self, path: str) -> tuple[int, str]:
        async with self.http.get(self.house.address + path) as answer:
            return answer.status, (await content_of(answer)).decode()

    async def bytes_of(self, path: str) -> tuple[int, bytes]:
        async with self.http.get(self.house.address + path) as answer:
            return answer.status, await answer.read()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        async with self.http.post(self.house.address + path, data=fields) as answer:
            return answer.status, await answer.text()

    async def sign_in(self, login: str = "chi.huy", password: str = PASSWORD) -> int:
        return (await self.post("/admin/dang-nhap", login=login, password=password))[0]

    async def press(self, page: str, path: str) -> tuple[int, str]:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        assert found, page
        return await self.post(path, csrf=found[1])


def set_up_fields(**changed: str) -> dict[str, str]:
    fields = {"ward_name": "Hồng Bàng", "duty_phone": "0225 3123 456", "name": "Trần Bình", "login": "chi.huy", "password": PASSWORD}
    return fields | {"again": fields["password"]} | changed


@pytest.fixture
async def officer(house: Running) -> AsyncIterator[Officer]:
    """The chief, already set up and signed in."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        officer = Officer(http, house)
        status, _page = await officer.post(house.setup_link.removeprefix(house.address), **set_up_fields())
        assert status == 200
        assert await officer.sign_in() == 200
        yield officer


@pytest.fixture
async def stranger(house: Running) -> AsyncIterator[Officer]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Officer(http, house)


async def tell_a_tip(browser: WebResident) -> None:
    await browser.say("Hôm qua xe tôi bị bẻ khóa <script>alert(1)</script>")
    await browser.hears("ạ?")
    await browser.send_photo(jpeg(800, 600))
    await browser.hears("Đã nhận 1 ảnh")
    await browser.sends()
    await browser.hears("Mã tin")


async def test_the_set_up_link_works_once_and_names_the_ward(tmp_path: Path) -> None:
    async with running(house_settings(tmp_path, duty_phone="")) as house, aiohttp.ClientSession() as http:
        officer, link = Officer(http, house), house.setup_link.removeprefix(house.address)
        before = await officer.get(link)
        assert "Bản thử" in before[1]
        assert (await officer.post(link, **set_up_fields(password="ngan", again="ngan")))[0] == 422
        assert (await officer.post(link, **set_up_fields(again="khac hoan toan")))[0] == 422
        assert (await officer.post(link, **set_up_fields(duty_phone="abc")))[0] == 422
        status, page = await officer.post(link, **set_up_fields())
        again = await officer.get(link)

        assert (before[0], status, again[0]) == (200, 200, 404)
        assert "Hồng Bàng" in page and "Bản thử" not in page
        assert (house.ward().name, house.ward().duty_phone) == ("Hồng Bàng", "0225 3123 456")
    async with running(house_settings(tmp_path, duty_phone="")) as house:
        assert house.setup_link == ""


async def test_a_guessed_set_up_link_is_nothing(stranger: Officer) -> None:
    assert (await stranger.get("/admin/khoi-dau/guess"))[0] == 404
    assert (await stranger.post("/admin/khoi-dau/guess", **set_up_fields()))[0] == 404


async def test_an_officer_reads_a_tip_and_the_resident_hears_of_it(house: Running, officer: Officer, browser: WebResident) -> None:
    await tell_a_tip(browser)
    await photos_done(house, 1)
    _status, tips = await officer.get("/admin")
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    _status, page = await officer.get(f"/admin/tin/{tip_id}")

    assert "Hôm qua xe tôi bị bẻ khóa" in tips and "Trộm cắp" in tips and "Chưa đọc" in tips
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    photo = re.search(r"/admin/anh/\d+/nho", page)
    assert photo
    status, content = await officer.bytes_of(photo[0])
    assert (status, Image.open(io.BytesIO(content)).size) == (200, (267, 200))  # A third: the largest whole step within 320.
    async with officer.http.get(house.address + photo[0]) as answer:
        assert answer.headers["Cache-Control"] == "no-store"  # The next officer at this computer may not be the one to see it.

    _status, page = await officer.press(page, f"/admin/tin/{tip_id}/da-doc")
    await browser.hears("Có cập nhật")
    await browser.say("xem")
    await browser.hears("Cán bộ trực đã đọc lúc")
    assert "Đã đọc" in page and "Trần Bình" in page
    await officer.press(page, f"/admin/tin/{tip_id}/da-doc")
    accepted = [row[0] for row in await rows(house, tables.HistoryRow, "what") if row[0] == "accepted"]
    assert accepted == ["accepted"]


async def test_every_kind_of_matter_has_its_name_on_the_list_and_on_its_page(
    house: Running, officer: Officer, browser: WebResident
) -> None:
    """Only the six that are offered had one: the fifteen others closed the whole list."""
    await tell_a_tip(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    for category in catalogue.load().values():
        await name_kind(house, tip_id, category.code)
        for path in ("/admin", f"/admin/tin/{tip_id}"):
            status, page = await officer.get(path)
            assert status == 200 and html.escape(category.name["vi"]) in page


async def name_kind(house: Running, tip_id: int, code: str) -> None:
    change = text("UPDATE tips SET category = :code WHERE id = :tip")
    await house.memory.write(lambda session: session.execute(change, {"code": code, "tip": tip_id}) and None)


async def test_a_draft_is_nobodys_business_but_its_authors(house: Running, officer: Officer, browser: WebResident) -> None:
    await browser.say("Chưa gửi đâu")
    await browser.hears("ạ?")
    [(tip_id,)] = await rows(house, tables.Tip, "id")

    assert "Chưa gửi đâu" not in (await officer.get("/admin"))[1]
    assert (await officer.get(f"/admin/tin/{tip_id}"))[0] == 404


async def test_a_stranger_is_led_to_the_sign_in_form(house: Running, stranger: Officer, subtests: pytest.Subtests) -> None:
    for address in (address for address in TABLE if isinstance(address, Closed)):
        path = re.sub(r"\{\w+:\[[^]]+\]\+\}", "1", address.path).replace("{size:nho|vua}", "nho")
        with subtests.test(address.path):
            async with stranger.http.request(address.method, house.address + path, allow_redirects=False) as answer:
                assert answer.status == 303
                assert answer.headers["Location"].startswith("/admin/dang-nhap")


async def test_a_form_from_elsewhere_is_refused(house: Running, officer: Officer, browser: WebResident) -> None:
    await tell_a_tip(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")

    assert (await officer.post(f"/admin/tin/{tip_id}/da-doc"))[0] == 403
    assert (await officer.post(f"/admin/tin/{tip_id}/da-doc", csrf="0" * 40))[0] == 403
    async with officer.http.post(
        f"{house.address}/admin/dang-nhap", data={"login": "chi.huy", "password": PASSWORD}, headers={"Origin": "https://elsewhere.example"}
    ) as answer:
        assert answer.status == 403


async def test_guessing_is_slowed_down_and_the_right_password_then_waits_too(stranger: Officer, officer: Officer) -> None:
    statuses = [await stranger.sign_in(password=f"sai {n}") for n in range(6)]

    assert statuses == [401] * 5 + [429]
    assert await stranger.sign_in() == 429


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)])
async def test_another_house_of_the_same_domain_signs_nobody_in(house: Running, officer: Officer, site: str, status: int) -> None:
    """Our pages send no referrer, so that every form says "null" of where it stood, and a stranger's may as well."""
    headers, given = {"Origin": "null", "Sec-Fetch-Site": site}, {"login": "chi.huy", "password": PASSWORD}
    async with officer.http.post(f"{house.address}/admin/dang-nhap", data=given, headers=headers) as answer:
        assert answer.status == status


async def test_signing_out_ends_the_session_on_the_server(house: Running, officer: Officer) -> None:
    [cookie] = [morsel.value for morsel in officer.http.cookie_jar if morsel.key == "keng_desk"]
    _status, page = await officer.get("/admin")
    await officer.press(page, "/admin/dang-xuat")

    async with (
        aiohttp.ClientSession(cookies={"keng_desk": cookie}) as http,
        http.get(f"{house.address}/admin", allow_redirects=False) as answer,
    ):
        assert answer.status == 303


async def test_odd_addresses_get_a_page_and_no_500(officer: Officer) -> None:
    paths = ("/admin/tin/9999999999999999999", "/admin/tin/1", "/admin/anh/9999999999999999999/nho", "/admin?truoc=x", "/admin?truoc=1-1")
    statuses = [(await officer.get(path))[0] for path in paths]

    assert statuses == [404, 404, 404, 200, 200]


async def test_english_is_whole_at_the_desk(officer: Officer, browser: WebResident, house: Running) -> None:
    await tell_a_tip(browser)
    await officer.post("/admin/ngon-ngu", language="en")
    [(tip_id,)] = await rows(house, tables.Tip, "id")

    assert "Not read" in (await officer.get("/admin"))[1]
    assert "What was told" in (await officer.get(f"/admin/tin/{tip_id}"))[1]


async def test_an_inspector_reads_and_does_not_accept(house: Running, officer: Officer, stranger: Officer, browser: WebResident) -> None:
    from handlers import officers
    from storage.passwords import hash_password

    hashed = hash_password(PASSWORD)
    ids = new_id(), new_id()
    await house.memory.write(
        lambda session: officers.add_officer(
            session,
            house.ward().id,
            officer_id=ids[0],
            history_id=ids[1],
            login="kiem.tra",
            name="",
            role="inspector",
            password_hash=hashed,
            by="command line",
            now=1,
        )
    )
    await tell_a_tip(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    assert await stranger.sign_in("kiem.tra") == 200
    _status, page = await stranger.get(f"/admin/tin/{tip_id}")

    assert "Hôm qua xe tôi bị bẻ khóa" in page and "da-doc" not in page
    assert (await stranger.press(page, f"/admin/tin/{tip_id}/da-doc"))[0] == 403


async def test_every_kind_of_matter_has_its_name_on_the_desk(house: Running, officer: Officer, browser: WebResident) -> None:
    await browser.say("Hàng xóm sửa nhà chiếm cả vỉa hè")
    await browser.hears("ạ?")
    await browser.press("category:ML")
    await browser.sends()
    await browser.hears("Mã tin")
    [(tip_id, category)] = await rows(house, tables.Tip, "id", "category")
    name = catalogue.load()["ML"].name["vi"]

    assert category == "ML"
    assert name in html.unescape((await officer.get("/admin"))[1])
    assert name in html.unescape((await officer.get(f"/admin/tin/{tip_id}"))[1])


async def test_the_look_up_page_shows_the_state_and_nothing_that_was_sent(house: Running, stranger: Officer, browser: WebResident) -> None:
    await tell_a_tip(browser)
    [(code,)] = await rows(house, tables.Tip, "code")
    status, page = await stranger.post("/tra-cuu", code=code.lower())

    assert status == 200 and "cán bộ trực chưa đọc" in page and "bẻ khóa" not in page
    assert [(await stranger.post("/tra-cuu", code=text))[0] for text in ("", "TB-0000", "TB-0000-0000-0000")] == [422, 422, 404]
    for _ in range(9):
        await stranger.post("/tra-cuu", code="TB-0000-0000-0000")
    assert (await stranger.post("/tra-cuu", code=code))[0] == 429


async def test_p2_the_desk_shows_nothing_of_who_spoke(house: Running, officer: Officer, fake_telegram: FakeTelegram) -> None:
    """What the start on Telegram promises: officers see the words alone."""
    person = fake_telegram.person("Canaryname", username="canaryuser")
    await person.say("Hôm qua xe tôi bị bẻ khóa")
    await person.hears("ạ?")
    await person.sends()
    await person.hears("Mã tin")
    [(tip_id, code)] = await rows(house, tables.Tip, "id", "code")
    shown = (await officer.get("/admin"))[1] + (await officer.get(f"/admin/tin/{tip_id}"))[1]

    assert "Hôm qua xe tôi bị bẻ khóa" in shown
    assert [word for word in ("anary", str(person.id), code) if word in shown] == []


async def test_p8_no_network_address_is_kept_with_a_tip(
    house: Running, officer: Officer, browser: WebResident, caplog: pytest.LogCaptureFixture
) -> None:
    """What the start on the web page promises. Everybody here comes from 127.0.0.1, so it must stand nowhere."""
    caplog.set_level(logging.DEBUG)
    await tell_a_tip(browser)
    await photos_done(house, 1)
    stored = await everything_stored(house)
    for table, *names in ((tables.Piece, "words"), (tables.Chat, "state", "address"), (tables.Tip, "place_text", "code")):
        stored += str(await rows(house, table, *names))  # Sealed or not: it was never taken in.
    logged = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith(("keng", "aiohttp.access")))

    assert "bị bẻ khóa" in stored
    assert "127.0.0.1" not in stored and "127.0.0.1" not in logged


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 20, "9" * 5000])
async def test_an_address_with_a_number_no_row_can_have_is_no_500(officer: Officer, digits: str) -> None:
    assert {(await officer.get(path))[0] for path in (f"/admin/tin/{digits}", f"/admin/anh/{digits}/nho")} == {404}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE pieces SET words = X'0101' WHERE tip_id = :tip_id",
        "UPDATE tips SET place = X'01' WHERE id = :tip_id",
        "UPDATE tips SET data_key = X'02030405' WHERE id = :tip_id",
        "UPDATE attachments SET file_key = X'01', sha256 = X'01' WHERE tip_id = :tip_id",
    ],
)
async def test_one_damaged_tip_says_so_and_hides_no_other(house: Running, officer: Officer, browser: WebResident, damage: str) -> None:
    await tell_a_tip(browser)
    await photos_done(house, 1)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    [(attachment_id,)] = await rows(house, tables.Attachment, "id")
    await browser.press("report")
    await browser.say("Chuyện còn nguyên")
    await browser.sends()
    await browser.hears("Mã tin")
    await house.memory.write(lambda session: session.execute(text(damage), {"tip_id": tip_id}) and None)
    status, page = await officer.get("/admin")
    csrf = re.findall(r'name="csrf" value="([0-9a-f]+)"', page)[0]

    assert status == 200 and "Chuyện còn nguyên" in page
    assert ("không mở được" in page.lower()) == ("attachments" not in damage)  # The list opens no files.
    assert (await officer.post("/admin/tim", csrf=csrf, tim='"xe tôi bị bẻ khóa"'))[0] == 200
    assert (await officer.bytes_of(f"/admin/anh/{attachment_id}/vua"))[0] in (200, 404)
    status, page = await officer.get(f"/admin/tin/{tip_id}")
    assert status == 200 and "không mở được" in page


async def test_a_form_that_is_far_too_big_gets_a_sentence(officer: Officer) -> None:
    form, headers = io.BytesIO(b"words=" + b"x" * 1_200_000), {"Content-Type": "application/x-www-form-urlencoded"}
    async with officer.http.post(officer.house.address + "/admin/tim", data=form, headers=headers) as answer:
        page = await answer.text()

    assert answer.status == 413 and "chia thành nhiều lần" in page


async def test_what_was_written_outlives_the_sign_in_and_goes_out_with_one_press(
    house: Running, officer: Officer, browser: WebResident
) -> None:
    await tell_a_tip(browser)
    [(tip_id,)] = await rows(house, tables.Tip, "id")
    place = f"/admin/tin/{tip_id}"
    await officer.press((await officer.get(place))[1], f"{place}/da-doc")
    old = (await officer.get(place))[1]
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', old)
    assert token
    form = aiohttp.FormData({"csrf": token[1], "words": "Xe màu gì, đi về hướng nào ạ?"}, default_to_multipart=True)
    form.add_field("file", b"", filename="", content_type="application/octet-stream")
    await officer.press(old, "/admin/dang-xuat")

    async with officer.http.post(f"{house.address}{place}/hoi", data=form) as answer:
        kept = await answer.text()
    assert (answer.status, "Xe màu gì, đi về hướng nào ạ?" in kept) == (401, True)
    assert (await officer.get(f"{place}/hoi"))[1].count('name="password"') == 1  # Loaded again: to the sign-in, and to the tip after it.
    await officer.sign_in()
    status, kept = await officer.post(f"{place}/hoi", csrf=token[1], words="Xe màu gì, đi về hướng nào ạ?")
    assert (status, "Gửi lại, tên Trần Bình" in kept) == (403, True)
    fresh = re.search(rf'action="{place}/hoi".*?value="([0-9a-f]+)"', kept, re.DOTALL)
    assert fresh
    assert (await officer.post(f"{place}/hoi", csrf=fresh[1], words="Xe màu gì, đi về hướng nào ạ?"))[0] == 200
    assert len(await rows(house, tables.Question, "id")) == 1


async def test_an_address_without_a_page_leads_back_or_says_so(officer: Officer) -> None:
    assert (await officer.get("/admin/lich-truc/mau"))[0] == 200
    status, page = await officer.get("/admin/khong-co")
    assert (status, "Không có trang này" in page) == (404, True)
