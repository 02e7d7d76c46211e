"""The plain desk after a tip has come: urgent ones on top, writing to the resident, the end, letters to the chief, senders apart."""

import asyncio
import html
import itertools
import json
import re

import aiohttp
import pytest
import time_machine
from sqlalchemy import update
from sqlmodel import Session, col

from bot import offline
from bot.runtime import Running
from handlers.messages import Change
from handlers.tips import Where, apply
from storage import moments, shred_list, tables, verify
from storage.ids import new_id
from storage.queries import shredding
from tests.admin.test_desk import Officer
from tests.conftest import house_settings
from tests.factories import jpeg
from tests.fakes.telegram import FakeTelegram
from tests.opened import nothing_forgotten_meanwhile, rows
from tests.people import Resident, TelegramResident, WebResident
from tests.station import Station, send, station
from tests.steps import ripen
from tests.storage.test_verify import until_linked

__all__ = ["station"]
STORY = "Hôm qua xe máy bị mất ở cổng chợ"
DONE = {"done": "Tổ tuần tra đã tới nơi, lập biên bản và trả xe", "unit": "tổ tuần tra Công an phường", "result": "Đã trả xe cho chủ"}


async def tell(resident: Resident, story: str = STORY, *, safe: str = "alone") -> None:
    await resident.say(story)
    await resident.hears("ạ?")
    await resident.sends(safe)
    await resident.hears("Mã tin")
    if safe == "alone":
        await enough(resident)


async def enough(resident: Resident) -> None:
    """No after-questions, thank you."""
    await resident.hears("Tin đã tới trực ban rồi")
    await resident.press("after-end")
    await resident.hears("Vậy là đủ rồi")


async def tip_of(house: Running) -> int:
    return int((await rows(house, tables.Tip, "id"))[-1][0])


async def ripe(house: Running, tip_id: int) -> None:
    """Where it may be ended: entered, classified, approved and handled, by the chief."""
    [chief] = [row_id for row_id, role in await rows(house, tables.Officer, "id", "role") if role == "chief"]
    ward = house.ward()
    await house.memory.write(lambda session: ripen(session, ward, chief, tip_id, now=moments.now()))


async def accept(person: Officer, tip_id: int) -> None:
    assert (await send(person, f"/admin/tin/{tip_id}/da-doc"))[0] == 200


async def page_of(person: Officer, path: str) -> str:
    status, page = await person.get(path)
    assert status == 200
    return html.unescape(page)


async def change(house: Running, tip_id: int, **values: object) -> None:
    """What the conversation of another evening would have left there."""
    await house.memory.write(
        lambda session: session.execute(update(tables.Tip).where(col(tables.Tip.id) == tip_id).values(**values)) and None
    )


async def today() -> str:
    return moments.local(moments.now()).date().isoformat()


# -- the list ------------------------------------------------------------------------------------------------------------------


async def test_urgent_tips_stand_on_top_and_say_what_was_heard(house: Running, station: Station, browser: WebResident) -> None:
    for story in ("Chuyện thứ nhất ở chợ", "Chuyện thứ hai ở chợ"):
        await tell(browser, story)
        await browser.press("report")
        await browser.hears("Có chuyện gì")
    first, second = [row[0] for row in await rows(house, tables.Tip, "id")]
    spot = new_id()

    def draw_the_map(session: Session) -> None:
        session.add(tables.Neighbourhood(id=spot, ward_id=house.ward().id, position=1, name="Tổ dân phố số 7"))

    await house.memory.write(draw_the_map)
    await change(house, first, danger="fire", urgent_at=moments.now(), is_unfinished=True, neighbourhood_id=spot, safe="shared")
    await change(house, second, rating=4)
    page = await page_of(station.people["truc.ban"], "/admin")

    assert page.index(f"/admin/tin/{first}") < page.index(f"/admin/tin/{second}")
    assert "Tin khẩn chưa gửi xong" in page and "cháy, mắc kẹt" in page and "Tổ dân phố số 7" in page
    assert page.count("Không nhắn trước") == 1 and "4/5" in page
    one = await page_of(station.people["truc.ban"], f"/admin/tin/{first}")
    assert "chưa bấm Gửi" in one and "chưa nói, coi như có người xem chung" in one and "Tổ dân phố số 7" in one
    assert "nếu vừa nhắn trong 10 phút qua" in one  # An urgent exchange that still runs is told at once.

    await change(house, first, closed_at=moments.now())
    assert f"/admin/tin/{first}" not in await page_of(station.people["truc.ban"], "/admin")
    page = await page_of(station.people["truc.ban"], "/admin?ngan=tat-ca")
    assert page.index(f"/admin/tin/{second}") < page.index(f"/admin/tin/{first}") and page.count("Đã kết thúc") == 2  # The folder, too.


async def test_the_history_says_that_the_machine_heard_danger_and_when_the_tip_became_urgent(
    house: Running, station: Station, browser: WebResident
) -> None:
    await browser.say("Cứu với, nó cầm dao đuổi đánh vợ")
    await browser.hears("Không gọi được")
    await browser.press("danger-send")
    await browser.hears("Đã chuyển tới trực ban")

    page = await page_of(station.people["truc.ban"], f"/admin/tin/{await tip_of(house)}")

    history = re.sub(r"<[^>]+>|\s+", " ", page[page.index("Lịch sử của tin") :])
    assert [len(re.findall(words, history)) for words in ("Máy nghe thấy dấu hiệu nguy hiểm", "Thành tin khẩn, lên đầu danh sách")] == [
        1,
        1,
    ]


async def mail_of(person: Officer) -> dict[str, int]:
    """What an open page of theirs is told of it."""
    told = json.loads((await person.get("/admin/bao-dong"))[1])
    return {"threats": told["threats"], "open": told["places"]["letters"][0]}


async def test_a_tip_that_becomes_urgent_is_told_on_every_page_until_it_is_closed(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    pages = [await page_of(duty, path) for path in ("/admin", f"/admin/tin/{tip_id}", "/admin?ngan=giu-rieng")]
    drawn = [int(found) for page in pages for found in re.findall(r'id="urgent" role="alert" data-drawn="(\d+)" hidden', page)]
    await change(house, tip_id, urgent_at=drawn[-1] + 1)
    told = json.loads((await duty.get("/admin/bao-dong"))[1])
    await change(house, tip_id, closed_at=moments.now())

    assert len(drawn) == 3 and told["urgents"] == [drawn[-1] + 1]
    assert json.loads((await duty.get("/admin/bao-dong"))[1])["urgents"] == []


async def test_one_link_is_named_once(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)

    _status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="Vào đây xem: https://kenglua.vn/x")

    assert page.count("Có đường dẫn") == 1 and "kenglua.vn" in page


async def test_what_is_held_apart_is_marked_and_has_a_list_of_its_own_but_rings_nobody(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    for why, words in (("many", "gửi dồn"), ("blocked", "tách riêng"), ("network", "mạng có quá nhiều")):
        await change(house, tip_id, held_why=why)
        listed, held = await page_of(duty, "/admin?ngan=tat-ca"), await page_of(duty, "/admin?ngan=giu-rieng")
        assert f"/admin/tin/{tip_id}" in listed and words in listed and "/admin?ngan=giu-rieng" in listed
        assert f"/admin/tin/{tip_id}" in held and "không báo động" in await page_of(duty, f"/admin/tin/{tip_id}")


async def test_words_that_may_give_the_reporter_away_are_marked_and_still_escaped(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser, "Tôi là <b>Lan</b> & em tên Nguyễn Thị Hoa, số 0912 345 678, xe bị mất <script>alert(1)</script>")
    _status, raw = await station.people["truc.ban"].get(f"/admin/tin/{await tip_of(house)}")

    assert re.search(r'<mark title="có thể lộ người báo">[^<]*Nguyễn Thị Hoa</mark>', raw)
    assert '<mark title="có thể lộ người báo">0912 345 678</mark>' in raw
    assert "<script>alert" not in raw and "&lt;script&gt;alert(1)&lt;/script&gt;" in raw and "<b>Lan" not in raw


# -- questions and words -------------------------------------------------------------------------------------------------------


async def test_a_question_knocks_is_answered_and_the_answer_stands_beside_it(house: Running, station: Station, resident: Resident) -> None:
    await tell(resident)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/hoi", words="Xe màu gì ạ?")
    assert status == 200 and "chờ trả lời" in page and "Xe màu gì ạ?" in page
    knock = await resident.hears("Có cập nhật")
    assert "Xe" not in knock
    await resident.say("xem")
    assert '"Xe màu gì ạ?"' in await resident.hears("Cán bộ trực hỏi thêm")
    await resident.say("Màu đỏ, <biển> mới")
    await resident.hears("Đã ghi câu trả lời")
    page = await page_of(duty, f"/admin/tin/{tip_id}")

    assert "đã trả lời" in page and page.count("Màu đỏ, <biển> mới") == 2 and "trả lời câu hỏi" in page
    assert [what for what in await station.history("question")] == ["question_asked", "question_answered"]


async def test_a_question_may_be_skipped_by_its_button(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    await send(duty, f"/admin/tin/{tip_id}/hoi", words="Xe màu gì ạ?")
    await browser.hears("Có cập nhật")
    await browser.press("my-tips")
    await browser.hears("Xe màu gì")
    [(question_id,)] = await rows(house, tables.Question, "id")
    await browser.press(f"skip-question:{question_id}")
    await browser.hears("Không sao ạ")

    assert "xin bỏ qua" in await page_of(duty, f"/admin/tin/{tip_id}")


async def test_an_urgent_question_to_who_is_alone_comes_without_a_knock_and_the_next_words_answer_it(
    house: Running, station: Station, resident: Resident
) -> None:
    await tell(resident)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await change(house, tip_id, danger="danger", urgent_at=moments.now())
    await accept(duty, tip_id)
    await resident.hears("đã đọc lúc")
    await send(duty, f"/admin/tin/{tip_id}/hoi", words="Người đó mặc áo gì ạ?")
    assert '"Người đó mặc áo gì ạ?"' in await resident.hears("Cán bộ trực hỏi thêm")
    await resident.say("Áo đen, mũ trắng")
    await resident.hears("Đã ghi câu trả lời")

    page = await page_of(duty, f"/admin/tin/{tip_id}")
    assert "đã trả lời" in page and "trả lời câu hỏi" in page
    assert (await rows(house, tables.Notice, "knocked_at")) == [(None,), (None,)]  # Kept all the same, for who comes with the code.
    assert await station.history("notices_said") == ["notices_said", "notices_said"]
    report = await house.memory.read(lambda session: verify.verify(session, house.ward().id, now=moments.now(), heads=[]))
    assert not [one for one in report.differences if one["kind"] == "notice"]


async def test_a_new_question_takes_the_place_of_one_that_waits(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    await send(duty, f"/admin/tin/{tip_id}/hoi", words="Xe màu gì ạ?")
    _status, page = await send(duty, f"/admin/tin/{tip_id}/hoi", words="Mất lúc mấy giờ ạ?")
    assert "đã thay bằng câu khác" in page and "chờ trả lời" in page
    await browser.hears("Có cập nhật")
    await browser.say("xem")
    await browser.hears("Mất lúc mấy giờ")
    await browser.say("Chín giờ tối")
    await browser.hears("Đã ghi câu trả lời")

    assert [outcome for (outcome,) in await rows(house, tables.Question, "outcome")] == ["withdrawn", "answered"]
    assert "Xe màu gì" not in str(await browser.open_page())


async def test_a_word_waits_on_a_shared_phone_until_they_write(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser, safe="shared")
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    _status, page = await send(duty, f"/admin/tin/{tip_id}/nhan", words="Xe đã tìm thấy, trực ban đang giữ.")
    assert "chờ tới khi họ gõ" in page and "Xe đã tìm thấy" in page
    await asyncio.sleep(0.3)
    assert not [row for row in await rows(house, tables.OutboxRow, "kind") if row[0] == "status"]
    await browser.say("xem")

    assert "Xe đã tìm thấy" in await browser.hears("Công an phường nhắn về tin")


FALSE_FRIENDS = [
    ("Xin đọc mã OTP vừa nhận", "như đang hỏi"),
    ("Gửi giúp mật khẩu Zalo", "như đang hỏi"),
    ("Chụp giúp ảnh căn cước mặt trước", "như đang hỏi"),
    ("Xin gửi cho tôi tấm hình cái thẻ CCCD", "như đang hỏi"),
    ("Xin chuyển tiền phí xác minh", "như đang hỏi"),
    ("Mời anh chị lên công an phường làm việc", "mời lên làm việc"),
    ("Yêu cầu có mặt tại trụ sở lúc 8 giờ", "mời lên làm việc"),
    ("Vào đây xem: https://kenglua.vn/x", "đường dẫn"),
    ("Vào phuong.example.com.evil.top nhé", "đường dẫn"),
    ("Công an đang tới, yên tâm", "không hứa"),
    ("Đã bắt được người đó rồi", "bị bắt"),
    ("Gọi số 0912 345 678 cho cán bộ", "di động"),
    ("Xe 15A-123.45 có phải không?", "biển số"),
    ("..", "Chưa thấy lời nào"),
    ("a" * 501, "Dài quá"),
]


async def test_what_an_impostor_would_write_is_refused_and_nothing_typed_is_lost(
    house: Running, station: Station, browser: WebResident, subtests: pytest.Subtests
) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    for path, (words, reason) in itertools.product(("hoi", "nhan"), FALSE_FRIENDS):
        with subtests.test(words[:40]):
            status, page = await send(duty, f"/admin/tin/{tip_id}/{path}", words=words)
            assert status == 422 and reason in page and words in page
    assert await rows(house, tables.Question, "id") == [] and await station.history("told") == []


async def test_nobody_writes_to_a_person_who_cut_contact_nor_before_the_tip_is_accepted(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    status, page = await send(duty, f"/admin/tin/{tip_id}/hoi", words="Xe màu gì ạ?")
    assert status == 422 and "Đã đọc, nhận tin" in page
    await accept(duty, tip_id)
    await browser.say("quên tôi")
    await browser.hears("Cắt liên lạc ạ?")
    await browser.press("cut-yes")
    await browser.hears("Đã cắt liên lạc")
    for path in ("hoi", "nhan"):
        status, page = await send(duty, f"/admin/tin/{tip_id}/{path}", words="Xe màu gì ạ?")
        assert status == 422 and "đã cắt liên lạc, không hỏi hay nhắn lại được" in page
    await ripe(house, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE)

    assert status == 200 and "Đã kết thúc" in page
    assert [row for row in await rows(house, tables.Notice, "kind") if row[0] in ("question", "answer", "status")] == []


# -- the end -------------------------------------------------------------------------------------------------------------------


async def test_a_tip_ends_with_three_facts_and_the_resident_rates(house: Running, station: Station, resident: Resident) -> None:
    await tell(resident)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE)
    assert status == 422 and "Chưa kết thúc được ở bước này" in page
    await ripe(house, tip_id)
    for given in (
        DONE | {"done": "Đã tiếp nhận"},
        DONE | {"done": "Đã xử lý vụ việc theo quy định của pháp luật."},
        DONE | {"unit": "."},
        DONE | {"date": ""},
    ):
        status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", **({"date": await today()} | given))
        assert status == 422 and "câu trả lời chưa cho người dân biết việc gì đã làm" in page and given["unit"] in page
    for wrong in ("2999-01-01", "1999-01-01", "hôm qua", "31/2/2026"):
        status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=wrong, **DONE)
        assert status == 422 and "Ngày chưa đọc được" in page
    status, page = await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE)
    assert status == 200 and "Đã kết thúc" in page and DONE["done"] in page
    await resident.hears("Có cập nhật")
    await resident.say("xem")
    told = await resident.hears("Cảm ơn anh/chị đã báo")
    assert DONE["done"] in told and DONE["unit"] in told and "thế nào ạ" in told
    await resident.press(f"rate:{tip_id}-5")
    await resident.hears("Đã ghi, cảm ơn")

    assert (await rows(house, tables.Tip, "state", "rating"))[0] == ("S12", 5)
    assert "5/5, rất tốt" in await page_of(duty, f"/admin/tin/{tip_id}")
    assert "Tin này đã kết thúc rồi" in (await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE))[1]


@pytest.mark.parametrize("values", [{"urgent_at": 1}, {"category": "BL"}, {"category": "TE"}, {"category": "MB"}])
async def test_nobody_is_asked_for_stars_after_danger(
    house: Running, station: Station, browser: WebResident, values: dict[str, object]
) -> None:
    await tell(browser)
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    await browser.hears("Có cập nhật")
    await change(house, tip_id, **values)
    await ripe(house, tip_id)
    await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE)
    await browser.say("xem")
    told = await browser.hears("Cảm ơn anh/chị đã báo")

    assert "thế nào ạ" not in told and "rate:" not in await browser.open_page()


async def test_closing_shreds_the_number_to_call_and_opening_again_needs_a_reason(
    house: Running, station: Station, browser: WebResident
) -> None:
    await browser.say(STORY)
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")
    await browser.press("callback:ask")
    await browser.hears("gọi lại")
    await browser.say("0976 543 210")
    await browser.hears("•••210")
    tip_id, duty = await tip_of(house), station.people["truc.ban"]
    await accept(duty, tip_id)
    assert "0976 543 210" in (await send(duty, f"/admin/tin/{tip_id}/so-goi-lai"))[1]
    await ripe(house, tip_id)
    await send(duty, f"/admin/tin/{tip_id}/ket-thuc", date=await today(), **DONE)

    assert await rows(house, tables.Callback, "data_key", "number") == [(None, None)]
    assert (await send(duty, f"/admin/tin/{tip_id}/so-goi-lai"))[0] == 404
    status, page = await send(duty, f"/admin/tin/{tip_id}/mo-lai", reason="Vội")
    assert status == 422 and "ít nhất 10 ký tự" in page
    status, page = await send(duty, f"/admin/tin/{tip_id}/mo-lai", reason="Người dân báo thêm biển số xe")
    assert status == 200 and "Người dân báo thêm biển số xe" in page and "Đã phân loại" in page
    assert (await rows(house, tables.Tip, "closed_at"))[0] == (None,)
    assert [what for what in await station.history("") if what in ("closed", "reopened")] == ["closed", "reopened"]


# -- letters to the chief ------------------------------------------------------------------------------------------------------


async def test_a_complaint_reaches_the_chief_alone_and_is_answered(house: Running, station: Station, resident: Resident) -> None:
    await tell(resident)
    tip_id, chief, duty = await tip_of(house), station.people["chief"], station.people["truc.ban"]
    await resident.press("complain")
    await resident.hears("chưa đồng ý điều gì")
    await resident.say("Cán bộ nói năng chưa phải")
    await resident.hears("Đã chuyển lời khiếu nại")
    [(letter_id,)] = await rows(house, tables.Appeal, "id")
    listed = await page_of(chief, "/admin/thu-gui")
    assert "Khiếu nại" in listed and "Chưa xem" in listed and "1 thư chờ trả lời" in listed and "nói năng" not in listed
    assert (await duty.get(f"/admin/thu-gui/{letter_id}"))[0] == 403 and "khiếu nại" not in (
        await page_of(duty, f"/admin/tin/{tip_id}")
    ).lower()
    assert "Cán bộ nói năng chưa phải" in await page_of(chief, f"/admin/thu-gui/{letter_id}")
    status, page = await send(chief, f"/admin/thu-gui/{letter_id}/tra-loi", words="Xin gọi số 0912 345 678")
    assert status == 422 and "Xin gọi số 0912 345 678" in page
    status, page = await send(chief, f"/admin/thu-gui/{letter_id}/tra-loi", words="Đã nhắc cán bộ, xin lỗi vì lời nói đó.")
    assert status == 200 and "Đã trả lời" in page and "thư chờ trả lời" not in page
    await resident.hears("Có cập nhật")
    await resident.say("xem")

    assert "xin lỗi vì lời nói đó" in await resident.hears("Công an phường trả lời")
    assert "đã có trả lời rồi" in (await send(chief, f"/admin/thu-gui/{letter_id}/tra-loi", words="Lần nữa"))[1]
    assert await station.history("letter") == ["letter_read", "letter_answered"]
    assert "xin lỗi" not in await page_of(duty, f"/admin/tin/{tip_id}")


async def test_a_threat_rings_on_every_page_of_the_chief_until_somebody_looks(
    house: Running, station: Station, browser: WebResident
) -> None:
    await tell(browser)
    chief, duty = station.people["chief"], station.people["truc.ban"]
    assert await mail_of(chief) == {"threats": 0, "open": 0}
    await browser.press("threatened")
    await browser.hears("Đã chuyển lời này tới chỉ huy")
    for path in ("/admin", "/admin/loi-nhan", f"/admin/tin/{await tip_of(house)}"):
        _status, raw = await chief.get(path)
        assert 'id="alarm"' in raw and 'role="alert" data-shown="1">' in raw
        assert 'id="alarm"' not in (await duty.get(path))[1]
    assert await mail_of(chief) == {"threats": 1, "open": 1}
    [(letter_id,)] = await rows(house, tables.Appeal, "id")
    page = await page_of(chief, f"/admin/thu-gui/{letter_id}")
    assert "chưa viết lời nào" in page and 'data-shown="0" hidden' in page
    status, page = await send(chief, f"/admin/thu-gui/{letter_id}/da-noi", how="called", words="")
    assert status == 422 and "ít nhất 10 ký tự" in page
    assert (await send(chief, f"/admin/thu-gui/{letter_id}/da-noi", how="carried", words="Đã nói chuyện rõ ràng"))[0] == 422
    status, page = await send(chief, f"/admin/thu-gui/{letter_id}/da-noi", how="met", words="Đã gặp, hướng dẫn giữ tin nhắn")
    assert status == 200
    assert "Đã gặp, hướng dẫn giữ tin nhắn" in await page_of(chief, f"/admin/thu-gui/{letter_id}")
    assert await station.history("letter") == ["letter_read", "letter_met", "letter_read"]


async def test_a_wish_about_data_has_its_clock_and_an_answer_without_a_tip_waits_to_be_asked_for(
    house: Running, station: Station, resident: Resident
) -> None:
    await resident.press("data") if isinstance(resident, WebResident) else await resident.say("dữ liệu của tôi")
    await resident.hears("Về dữ liệu")
    await resident.press("data:know")
    await resident.hears("nói rõ thêm")
    await resident.say("Giữ những gì của tôi")
    await resident.hears("Đã chuyển tới Công an phường")
    [(letter_id, due_at)] = await rows(house, tables.Appeal, "id", "due_at")
    chief = station.people["chief"]
    assert re.search(r"còn \d+ (ngày|giờ)", await page_of(chief, "/admin/thu-gui"))
    with time_machine.travel(due_at / 1000 + 7200, tick=True):
        await chief.sign_in()
        assert "quá hạn 3 giờ" in await page_of(chief, "/admin/thu-gui")
    await chief.sign_in()
    status, _page = await send(chief, f"/admin/thu-gui/{letter_id}/tra-loi", words="Chỉ giữ đoạn nhắn này, 30 ngày.")
    assert status == 200
    await asyncio.sleep(0.3)
    assert len(await rows(house, tables.OutboxRow, "id")) == 3  # Nobody said whose phone it is: nothing is sent unasked.
    await resident.say("xem")

    assert "Chỉ giữ đoạn nhắn này" in await resident.hears("Công an phường trả lời")


async def test_threats_stand_on_top_then_what_is_due_first(house: Running, station: Station) -> None:
    def write(session: Session) -> None:
        from storage.queries.aftercare import keep_appeal

        common = {"ward_id": house.ward().id, "chat_id": None, "tip_id": None, "about": "", "words": "x", "now": moments.now()}
        keep_appeal(session, appeal_id=11, kind="complaint", due_at=None, **common)  # type: ignore[arg-type]
        keep_appeal(session, appeal_id=12, kind="data", due_at=moments.now() + 9, **(common | {"about": "delete"}))  # type: ignore[arg-type]
        keep_appeal(session, appeal_id=13, kind="threat", due_at=None, **common)  # type: ignore[arg-type]

    await house.memory.write(write)
    page = await page_of(station.people["chief"], "/admin/thu-gui")
    assert re.findall(r'href="/admin/thu-gui/(\d+)"', page) == ["13", "12", "11"]
    status, page = await send(station.people["chief"], "/admin/thu-gui/11/tra-loi", words="Đã xem lại việc này")

    assert status == 422 and "đã cắt liên lạc, không trả lời ở đây được" in page
    assert [(await station.people["chief"].get(f"/admin/thu-gui/{odd}"))[0] for odd in ("99", "9" * 30)] == [404, 404]


@pytest.mark.parametrize("is_about_a_tip", [False, True])
async def test_what_letters_say_is_forgotten_in_time_and_that_they_were_there_is_not(
    house: Running, station: Station, browser: WebResident, is_about_a_tip: bool
) -> None:
    """About no tip: as long after its answer as a closed tip is kept. About one: with that tip, answered or not."""
    if is_about_a_tip:
        await tell(browser)
        await accept(station.people["chief"], await tip_of(house))
    answered, unanswered = await write_two_letters(house, browser)
    chief, settings = station.people["chief"], house_settings(house.media_store.root.parent)
    await send(chief, f"/admin/thu-gui/{answered}/tra-loi", words="Đã xem lại việc này, xin cảm ơn.")
    if is_about_a_tip:
        await ripe(house, await tip_of(house))
        await send(chief, f"/admin/tin/{await tip_of(house)}/ket-thuc", date=await today(), **DONE)
    early = await asyncio.to_thread(offline.forget_now, settings, only_tell=True)
    with time_machine.travel(moments.now() / 1000 + 25 * 30 * 86_400):
        with nothing_forgotten_meanwhile():
            due = await asyncio.to_thread(offline.forget_now, settings, only_tell=True)
            before = await rows(house, tables.Appeal, "data_key")
        await house.forget()
        await until_linked(house)
        report = await asyncio.to_thread(offline.verify_all, settings, head=None)
    found = {row[0]: row[1:] for row in await rows(house, tables.Appeal, "id", "data_key", "words", "answer")}
    listed = {entry.id for entry in shred_list.read(settings.data / shred_list.NAME) if entry.kind == "letter"}
    await chief.sign_in()
    one = await page_of(chief, f"/admin/thu-gui/{answered}")

    assert (early["letters"], due["letters"]) == (0, 0 if is_about_a_tip else 1) and None not in [row[0] for row in before]
    assert found[answered] == (None, None, None) and "đã hủy theo hạn lưu" in one and "cảm ơn" not in one
    assert listed == (set() if is_about_a_tip else {answered})
    assert (found[unanswered][0] is None) is is_about_a_tip
    assert (await mail_of(chief))["open"] == (0 if is_about_a_tip else 1)
    assert f"/admin/thu-gui/{unanswered}" in await page_of(chief, "/admin/thu-gui")  # Told as shredded, and no longer as waiting.
    assert report.differences == []


async def write_two_letters(house: Running, browser: WebResident) -> list[int]:
    for words in ("Canaryword giữ những gì của tôi", "Xin xóa số điện thoại"):
        await browser.press("data:know")
        await browser.hears("nói rõ thêm")
        await browser.say(words)
        await browser.hears("Đã chuyển tới Công an phường")
    return [row[0] for row in await rows(house, tables.Appeal, "id")]


async def test_a_letter_about_a_tip_whose_words_are_gone_has_a_clock_of_its_own(
    house: Running, station: Station, browser: WebResident
) -> None:
    """It was never forgotten, and `keng verify` called its key a difference."""
    await tell(browser)
    tip_id, settings, ward_id = await tip_of(house), house_settings(house.media_store.root.parent), house.ward().id
    [(chat_id,)] = await rows(house, tables.Tip, "chat_id")
    chief, later = station.people["chief"], moments.now() + moments.MINUTE
    await house.memory.write(lambda session: shredding.shred_tip(session, tip_id, now=moments.now(), why="asked"))
    letter = {
        "appeal_id": 11,
        "history_id": new_id(),
        "tip_id": tip_id,
        "kind": "complaint",
        "about": "",
        "text": "Chưa phải",
        "due_at": None,
    }
    where = Where(ward_id=ward_id, chat_id=chat_id, channel="webchat", now=later)
    await house.memory.write(lambda session: apply(session, where, [Change("appeal", letter)]))
    await until_linked(house)
    between = await asyncio.to_thread(offline.verify_all, settings, head=None)
    await send(chief, "/admin/thu-gui/11/da-noi", how="met", words="Đã gặp và nói chuyện")
    with time_machine.travel(moments.now() / 1000 + 25 * 30 * 86_400):
        await house.forget()
        await until_linked(house)
        report = await asyncio.to_thread(offline.verify_all, settings, head=None)

    assert (between.differences, report.differences) == ([], [])
    assert await rows(house, tables.Appeal, "data_key", "words", "answer") == [(None, None, None)]


# -- senders apart -------------------------------------------------------------------------------------------------------------


async def test_a_sender_set_apart_is_still_taken_in_and_read_and_outlives_a_cut_as_a_hash(
    house: Running, station: Station, fake_telegram: FakeTelegram
) -> None:
    person = TelegramResident(fake_telegram.person("Canaryname", username="canaryuser"))
    await tell(person)
    tip_id, chief, duty = await tip_of(house), station.people["chief"], station.people["truc.ban"]
    assert "Tách riêng người gửi tin này" not in await page_of(duty, f"/admin/tin/{tip_id}")
    assert (await send(duty, f"/admin/tin/{tip_id}/giu-rieng", days="7", reason="Gửi linh tinh nhiều lần"))[0] == 403
    for given in ({"days": "2", "reason": "Gửi linh tinh nhiều lần"}, {"days": "7", "reason": "Vì"}):
        assert (await send(chief, f"/admin/tin/{tip_id}/giu-rieng", **given))[0] == 422
    status, page = await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="7", reason="Gửi linh tinh nhiều lần")
    assert status == 200 and "Thôi tách riêng" in page and "Gửi linh tinh nhiều lần" in page
    running = await page_of(chief, "/admin?ngan=giu-rieng")
    assert "Gửi linh tinh nhiều lần" in running and "anary" not in running + page
    assert "Gửi linh tinh" not in await page_of(duty, "/admin?ngan=giu-rieng") + await page_of(duty, f"/admin/tin/{tip_id}")

    await person.press("report")
    await person.hears("Có chuyện gì")
    await person.say("Chuyện thứ hai ở chợ")
    await person.hears("ạ?")
    await person.sends()
    assert "được giữ riêng" in await person.hears("Mã tin")
    second = await tip_of(house)
    assert f"/admin/tin/{second}" in await page_of(duty, "/admin?ngan=tat-ca")
    assert (await rows(house, tables.Tip, "held_why"))[-1] == ("blocked",)

    await person.say("quên tôi")
    await person.hears("Cắt liên lạc ạ?")
    await person.press("cut-yes")
    await person.hears("Đã cắt liên lạc")
    running = await page_of(chief, "/admin?ngan=giu-rieng")
    assert "người gửi đã cắt liên lạc" in running
    [(block_id, until, tip)] = await rows(house, tables.Block, "id", "until", "tip_id")
    assert tip is None and abs(until - moments.now() - 7 * moments.DAY) < moments.HOUR
    assert (await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="7", reason="Gửi linh tinh nhiều lần"))[0] == 422
    assert (await send(chief, f"/admin/giu-rieng/{block_id}/bo"))[0] == 200
    assert (await send(chief, f"/admin/giu-rieng/{block_id}/bo"))[0] == 404
    await house.forget()
    assert await rows(house, tables.Block, "id") == []
    assert await station.history("block") == ["blocked", "block_lifted"]


async def test_a_block_ends_by_itself_and_may_be_lifted_early(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, chief = await tip_of(house), station.people["chief"]
    await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="1", reason="Gửi linh tinh nhiều lần")
    await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="30", reason="Vẫn gửi linh tinh như cũ")
    [(block_id,)] = await rows(house, tables.Block, "id")
    assert "Vẫn gửi linh tinh như cũ" in await page_of(chief, f"/admin/tin/{tip_id}")
    status, page = await send(chief, f"/admin/giu-rieng/{block_id}/bo", **{"from": str(tip_id)})
    assert status == 200 and "Tách riêng người gửi tin này" in page
    assert await rows(house, tables.Chat, "blocked_until") == [(None,)]
    await tell_another(browser)
    assert (await rows(house, tables.Tip, "held_why"))[-1] == ("",)

    await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="1", reason="Lại gửi linh tinh như cũ")
    with time_machine.travel(moments.now() / 1000 + 25 * 3600, tick=True):
        await chief.sign_in()
        assert ">Thôi tách riêng<" not in await page_of(chief, f"/admin/tin/{tip_id}")
        assert "Không có ai đang được tách riêng" in await page_of(chief, "/admin?ngan=giu-rieng")
        await tell_another(browser)
        assert (await rows(house, tables.Tip, "held_why"))[-1] == ("",)


async def tell_another(browser: WebResident) -> None:
    await browser.press("report")
    await browser.hears("Có chuyện gì")
    await browser.say("Chuyện thứ hai ở chợ")
    await browser.hears("ạ?")
    await browser.sends()
    await browser.hears("Mã tin")


async def test_english_is_whole_on_these_pages(house: Running, station: Station, browser: WebResident) -> None:
    await tell(browser)
    tip_id, chief = await tip_of(house), station.people["chief"]
    await browser.press("threatened")
    await browser.hears("Đã chuyển lời này tới chỉ huy")
    await chief.post("/admin/ngon-ngu", language="en")
    await accept(chief, tip_id)
    await ripe(house, tip_id)
    await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="1", reason="Sends nonsense again")
    [(letter_id,)] = await rows(house, tables.Appeal, "id")
    pages = [await page_of(chief, path) for path in ("/admin?ngan=giu-rieng", f"/admin/tin/{tip_id}", f"/admin/thu-gui/{letter_id}")]

    assert "Senders set apart now" in pages[0] and "Answer and close" in pages[1] and "Feels threatened" in pages[2]


async def test_a_stranger_browser_finds_no_letters(house: Running) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{house.address}/admin/thu-gui", allow_redirects=False) as answer:
        assert answer.status == 303


async def test_p2_none_of_these_pages_tells_who_wrote(house: Running, station: Station, fake_telegram: FakeTelegram) -> None:
    """Every role, with a question, a word, a letter of each kind and a block behind the pages; and nothing of it lies open on the disk."""
    await station.add("kiem.tra", "inspector")
    person = fake_telegram.person("Canaryname", username="canaryuser")
    resident = TelegramResident(person)
    await tell(resident)
    tip_id, chief = await tip_of(house), station.people["chief"]
    await accept(chief, tip_id)
    await send(chief, f"/admin/tin/{tip_id}/hoi", words="TUCANARY xe màu gì ạ?")
    await send(chief, f"/admin/tin/{tip_id}/nhan", words="TUCANARY đã nhận ảnh")
    await send(chief, f"/admin/tin/{tip_id}/giu-rieng", days="1", reason="TUCANARY gửi linh tinh")
    await resident.press("complain")
    await resident.hears("chưa đồng ý điều gì")
    await resident.send_photo(jpeg())
    await resident.hears("kèm lời này")
    await resident.say("TUCANARY cán bộ nói năng chưa phải")
    await resident.hears("Đã chuyển lời khiếu nại")
    await send(chief, "/admin/khoa/loi", left="TUCANARY đang viết dở", field="words", page=f"/admin/tin/{tip_id}")
    assert await rows(house, tables.TypedWords, "id") and 'class="files"' not in await page_of(chief, f"/admin/tin/{tip_id}")
    await resident.say("tôi thấy bị đe dọa")
    await resident.hears("Đã chuyển lời này tới chỉ huy")
    letters = [row[0] for row in await rows(house, tables.Appeal, "id")]
    await send(chief, f"/admin/thu-gui/{letters[0]}/tra-loi", words="TUCANARY đã nhắc cán bộ")
    [(code, chat_id)] = await rows(house, tables.Tip, "code", "chat_id")
    [(chat_hash,)] = await rows(house, tables.Block, "chat_hash")
    paths = ["/admin", "/admin?ngan=giu-rieng", f"/admin/tin/{tip_id}", "/admin/thu-gui", *(f"/admin/thu-gui/{one}" for one in letters)]
    seen = {login: "".join([(await one.get(path))[1] for path in paths]) for login, one in station.people.items()}

    for login, shown in seen.items():
        assert [word for word in ("anaryname", "canaryuser", str(person.id), code, str(chat_id), chat_hash) if word in shown] == [], login
    assert "nói năng chưa phải" in seen["chief"] and "gửi linh tinh" in seen["chief"]
    assert 'class="files"' in seen["chief"]  # On the letter's page.
    for login in ("truc.ban", "kiem.tra"):
        assert 'class="files"' not in seen[login]
        assert "nói năng" not in seen[login] and "gửi linh tinh" not in seen[login] and "nhắc cán bộ" not in seen[login]
    for path in (house.media_store.root.parent).rglob("keng.db*"):
        assert b"TUCANARY" not in path.read_bytes()
