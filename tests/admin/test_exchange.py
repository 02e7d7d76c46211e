"""Two-way conversation from the desk: what became of each word, files both ways, ready sentences, the chief's yes."""

import html
import io
import re

import aiohttp
from PIL import Image

from bot.runtime import Running
from storage import moments, tables, verify
from tests.admin.test_aftercare import DONE, accept, page_of, ripe, tell, tip_of, today
from tests.admin.test_desk import Officer
from tests.fakes.telegram import FakeTelegram
from tests.opened import rows
from tests.people import TelegramResident, WebResident
from tests.station import Station, send, station, token_of

__all__ = ["station"]


def a_photo() -> bytes:
    """From a phone that writes into it whose it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "HANGSANXUAT", "Nguyen Van Truc"
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (120, 60, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def attach(person: Officer, tip_id: int, path: str, words: str, content: bytes, **fields: str) -> tuple[int, str]:
    form = aiohttp.FormData()
    for name, value in {"csrf": token_of(person), "words": words, **fields}.items():
        form.add_field(name, value)
    form.add_field("file", io.BytesIO(content), filename="IMG_2026 nha chi Lan.jpg", content_type="image/jpeg")
    async with person.http.post(f"{person.house.address}/admin/tin/{tip_id}/{path}", data=form) as answer:
        return answer.status, html.unescape(await answer.text())


async def test_a_photo_of_the_desk_reaches_telegram_without_what_the_phone_wrote_into_it(
    house: Running, station: Station, browser: WebResident, fake_telegram: FakeTelegram
) -> None:
    resident = TelegramResident(fake_telegram.person("Lan"))
    await tell(resident)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    await resident.hears("Có cập nhật")
    await resident.say("xem")
    await resident.hears("đã đọc lúc")
    status, page = await attach(duty, tip_id, "nhan", "Gửi ảnh biên nhận.", a_photo())
    assert status == 200 and "Ảnh gửi kèm" in page and "báo có cập nhật" in page
    await resident.hears("Có cập nhật")
    await resident.say("xem")
    await resident.hears("Gửi ảnh biên nhận")

    sent = [call for call in fake_telegram.heard if call.method == "sendphoto"]
    assert len(sent) == 1 and "Gửi ảnh biên nhận" in sent[0].params["caption"]
    content = sent[0].params["photo"].content
    assert b"HANGSANXUAT" not in content and b"Truc" not in content and Image.open(io.BytesIO(content)).size == (640, 480)
    assert "Lan" not in sent[0].params["photo"].name
    assert "Người báo đã mở xem" in await page_of(duty, f"/admin/tin/{tip_id}")
    assert not [place for place in house.media_store.root.rglob("*") if place.is_file() and b"JFIF" in place.read_bytes()]


async def test_a_photo_stands_in_the_web_thread_it_was_shown_in_and_nowhere_else(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    code = re.findall(r"TB-[0-9A-Z-]{14}", await browser.open_page())[0]
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    await attach(duty, tip_id, "hoi", "Có phải xe này không ạ?", a_photo())
    [(file_id,)] = await rows(house, tables.Attachment, "id")
    there = f"{house.address}/chat/tep/{file_id}"
    async with browser.http.get(there) as early:
        assert early.status == 404  # It waits behind a knock: nothing of it is shown unasked.
    await browser.hears("Có cập nhật")
    await browser.say("xem")
    await browser.hears("Có phải xe này không")
    assert f'src="/chat/tep/{file_id}"' in await browser.open_page()
    async with browser.http.get(there) as shown:
        content = await shown.read()
        assert shown.status == 200 and shown.headers["Cache-Control"] == "no-store" and b"HANGSANXUAT" not in content
    async with aiohttp.ClientSession() as stranger, stranger.get(there) as refused:
        assert refused.status == 404
    assert await duty.bytes_of(f"/admin/tep/{file_id}") == (200, content)
    async with browser.http.post(f"{house.address}/tra-cuu", data={"code": code}) as found:
        assert f'name="file" value="{file_id}"' in await found.text()
    for wanted, status in ((str(file_id), 200), ("7", 404)):
        async with browser.http.post(f"{house.address}/tra-cuu/tep", data={"code": code, "file": wanted}) as looked_up:
            assert looked_up.status == status and (await looked_up.read() == content) is (status == 200)
    report = await house.memory.read(lambda session: verify.verify(session, house.ward().id, now=moments.now(), heads=[]))
    assert not [one for one in report.differences if one["kind"] in ("attachment", "notice")]


async def test_what_is_no_photo_or_pdf_goes_nowhere_and_the_words_stay(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    for content, why in (
        (b"MZ" + b"x" * 100, "Chỉ gửi được ảnh hoặc PDF"),
        (a_photo()[:300], "chưa làm lại được"),
        (a_photo() + b"x" * (11 * 1024 * 1024), "lớn quá 10 MB"),
    ):
        status, page = await attach(duty, tip_id, "nhan", "Gửi ảnh biên nhận.", content)
        assert status == 422 and why in page and "Gửi ảnh biên nhận." in page and "Chọn lại tệp" in page
    assert await rows(house, tables.Attachment, "id") == [] and await station.history("told") == []


async def test_a_name_waits_for_the_chief_who_lets_it_go_out_or_gives_it_back(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty, chief = await tip_of(house), station.people["truc.ban"], station.people["chief"]
    await accept(duty, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="Ông Bảy đã nhận lại xe.")
    assert status == 422 and "Trình chỉ huy" in page and "Ông Bảy" in page
    for words in ("Ông Bảy đã nhận lại xe.", "Người đó đã bị bắt."):
        status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words=words, chief="1")
        assert status == 200 and "chờ chỉ huy" in page
    assert await station.history("told") == [] and (await send(duty, "/admin/cho-duyet/1/gui"))[0] == 403

    page = await page_of(chief, "/admin/cho-duyet")
    assert "Ông Bảy đã nhận lại xe." in page and "nói ai bị bắt" in page and "2 lời chờ duyệt" in page
    first, second = [row[0] for row in await rows(house, tables.HeldText, "id")]
    assert (await send(chief, f"/admin/cho-duyet/{first}/gui"))[0] == 200
    status, page = await send(chief, f"/admin/cho-duyet/{second}/tra", reason="Không nói chuyện đó ở đây")
    assert status == 200 and "Không có lời nào chờ" in page
    assert "Không nói chuyện đó ở đây" in await page_of(duty, f"/admin/tin/{tip_id}")
    await browser.hears("Có cập nhật")
    await browser.say("xem")
    await browser.hears("Ông Bảy đã nhận lại xe")
    assert "đã bị bắt" not in await browser.open_page()


async def test_a_ready_sentence_is_put_in_without_script_and_the_chief_changes_them(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty, chief = await tip_of(house), station.people["truc.ban"], station.people["chief"]
    await accept(duty, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="", use="1", ready="say-found")
    assert status == 200 and "gọi 0225 3123 456 để hẹn giờ nhận lại.</textarea>" in page
    await ripe(house, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", use="1", ready="end-stopped", **(DONE | {"done": "", "date": ""}))
    assert status == 200 and "yêu cầu dừng và lập biên bản</textarea>" in page and DONE["unit"] in page
    status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **(DONE | {"done": "Đã tiếp nhận"}))
    assert status == 422 and all(words in page for words in ("Viết lại", "Chọn mẫu câu", "Để mở", "Chờ kết quả", "Lưu theo dõi"))

    new = {"kind": "question", "language": "vi", "text": "Chuông cửa nhà số mấy ạ?", "key": "", "outcome": ""}
    assert (await send(duty, "/admin/cau-san/mot", **new))[0] == 403
    status, page = await send(chief, "/admin/cau-san/mot", **(new | {"text": "Đọc mã OTP giúp ạ"}))
    assert status == 422 and "như đang hỏi" in page
    await send(chief, "/admin/cau-san/mot", **new)
    await send(chief, "/admin/cau-san/goc", key="ask-time", language="vi", out="1")
    await send(chief, "/admin/cau-san/mot", key="ask-place", language="vi", kind="question", text="Ở gần cổng nào ạ?")
    page = await page_of(duty, f"/admin/tin/{tip_id}")
    assert "Chuông cửa nhà số mấy ạ?" in page and "Ở gần cổng nào ạ?" in page and "Chuyện xảy ra lúc mấy giờ" not in page
    await send(chief, "/admin/cau-san/goc", key="ask-time", language="vi")
    assert "Chuyện xảy ra lúc mấy giờ" in await page_of(duty, f"/admin/tin/{tip_id}")
