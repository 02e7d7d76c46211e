"""The desk's pages of the ward's own book: the chief changes, administrators look, everybody else is sent away."""

import html
import itertools
import json
import re

import pytest

from admin.routes import TABLE, Closed
from bot.runtime import Running
from handlers import wordings
from handlers.insight import catalogue, procedures
from handlers.ward_book import Procedure
from storage import tables
from storage.queries import ward_book
from tests.admin.test_custody import station
from tests.admin.test_desk import Officer
from tests.opened import rows
from tests.people import WebResident
from tests.station import Station, send

__all__ = ["station"]
OWN = "Có chuyện gì vậy bà con? Cứ kể như nói với hàng xóm."


async def read(person: Officer, path: str) -> str:
    status, page = await person.get(path)
    assert status == 200
    return html.unescape(page)


async def test_every_sentence_stands_on_the_page_with_when_it_is_said(station: Station) -> None:
    page = await read(station.people["chief"], "/admin/loi-nhan")

    for group in wordings.groups():
        for key in group.keys:
            assert f'cau={key}"' in page
            assert wordings.when_said(key, "vi") in page
    english = await read(station.people["chief"], "/admin/loi-nhan?tieng=en")
    assert "What happened? Tell it as you would tell a neighbour:" in english


async def test_the_page_is_searched_without_marks(station: Station) -> None:
    page = await read(station.people["chief"], "/admin/loi-nhan?tim=noi+voi+nguoi+quen")

    assert re.findall(r"cau=([a-z-]+)\"", page) == ["what-happened"]
    assert "Không có câu nào như vậy" in await read(station.people["chief"], "/admin/loi-nhan?tim=khongcodau")


async def test_a_changed_sentence_is_heard_on_the_next_message(station: Station, house: Running, browser: WebResident) -> None:
    chief = station.people["chief"]
    status, page = await send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="what-happened", text=OWN)
    await browser.press("report")
    await browser.hears("kể như nói với hàng xóm")

    assert status == 200 and OWN in page and "Đã lưu" in page
    assert "câu của phường" in await read(chief, "/admin/loi-nhan?rieng=1")
    assert "Sửa câu: Câu hỏi đầu tiên, khi bấm “Báo tin”." in await read(chief, "/admin/loi-nhan")

    await send(chief, "/admin/loi-nhan/goc", tieng="vi", cau="what-happened")
    await browser.press("cancel")
    await browser.press("report")
    await browser.hears("kể như nói với người quen")
    whats = [(what, detail) for what, detail in await rows(house, tables.HistoryRow, "what", "detail") if what.startswith("wording")]
    about = {"about": "what-happened", "language": "vi"}
    assert whats == [("wording_changed", about), ("wording_taken_back", about)]


async def test_a_buttons_own_word_works_when_it_is_typed(station: Station, browser: WebResident) -> None:
    await send(station.people["chief"], "/admin/loi-nhan/cau", tieng="vi", cau="button-send-now", text="Gửi đi thôi")
    await browser.say("Có chuyện ở ngõ")
    await browser.hears("giống loại nào")
    await browser.say("gui di thoi")
    await browser.hears("hay cầm máy")
    await browser.press("safe:alone")
    await browser.hears("Mã tin")


async def test_the_web_page_itself_speaks_so(station: Station, browser: WebResident) -> None:
    chief = station.people["chief"]
    await send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="page-placeholder", text="Viết ở đây…")
    await send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="lookup-title", text="Xem tin tới đâu")

    assert "Viết ở đây…" in await browser.open_page()
    assert "Xem tin tới đâu" in await read(chief, "/tra-cuu")


async def test_what_is_not_taken_is_said_kindly_and_nothing_typed_is_lost(station: Station, house: Running) -> None:
    typed = "Yên tâm, có chuyện gì <b>cứ</b> kể."
    status, page = await send(station.people["chief"], "/admin/loi-nhan/cau", tieng="vi", cau="what-happened", text=typed)

    assert status == 422 and typed in page and "“yên tâm”" in page
    assert await rows(house, tables.Wording, "key") == []
    status, page = await send(station.people["chief"], "/admin/loi-nhan/cau", tieng="vi", cau="noted", text=wordings.ours("noted", "vi"))
    assert status == 422 and "giống hệt câu gốc" in page


async def test_the_preview_shows_a_filled_example(station: Station) -> None:
    chief = station.people["chief"]
    fields = {"tieng": "vi", "cau": "added", "text": "Đã ghi vào tin { $code_tail } rồi ạ."}
    seen = json.loads((await send(chief, "/admin/loi-nhan/xem-thu", **fields))[1])
    wrong = json.loads((await send(chief, "/admin/loi-nhan/xem-thu", **fields | {"text": "Đã ghi rồi ạ."}))[1])
    status, page = await send(chief, "/admin/loi-nhan/cau", act="preview", **fields)

    assert seen == {"seen": "Đã ghi vào tin 9DAF rồi ạ.", "complaints": []}
    assert wrong["seen"] == "" and "{ $code_tail }" in wrong["complaints"][0]
    assert status == 200 and "Đã ghi vào tin 9DAF rồi ạ." in page


async def test_sentences_that_are_not_for_residents_cannot_be_changed(station: Station, house: Running, subtests: pytest.Subtests) -> None:
    chief = station.people["chief"]

    for language, key in (("vi", "tip-words"), ("vi", "category-LD"), ("xx", "noted"), ("vi", "no-such"), ("vi", "page-broken")):
        with subtests.test(key):
            assert (await send(chief, "/admin/loi-nhan/cau", tieng=language, cau=key, text="Xin chào"))[0] == 404
            assert (await send(chief, "/admin/loi-nhan/goc", tieng=language, cau=key))[0] == 404
            assert (await chief.get(f"/admin/loi-nhan/cau?tieng={language}&cau={key}"))[0] == 404
    assert await rows(house, tables.Wording, "key") == []


BOOK = [address for address in TABLE if isinstance(address, Closed) and address.right in ("see_book", "change_book")]


async def test_only_the_chief_changes_and_administrators_look(station: Station, house: Running, subtests: pytest.Subtests) -> None:
    people = {role: await station.add(f"{role}.x", role) for role in ("duty", "inspector", "custodian", "administrator")}
    for address, (role, person) in itertools.product(BOOK, people.items()):
        path = f"{address.path}?tieng=vi&cau=noted&viec=LD&muc=can-cuoc&mau=ask-time" if address.method == "GET" else address.path
        with subtests.test(f"{role}: {address.method} {address.path}"):
            status, page = (
                await person.get(path) if address.method == "GET" else await send(person, path, tieng="vi", cau="noted", text="x")
            )
            if role == "administrator" and address.right == "see_book":
                assert status == 200 and "xem được, không sửa được" in html.unescape(page) and "<textarea" not in page
            else:
                assert (status, "Vai trò này không được xem phần đó" in html.unescape(page)) == (403, True)
    assert await rows(house, tables.Wording, "key") == []


async def test_a_form_without_its_token_changes_nothing(station: Station, house: Running) -> None:
    for path in [address.path for address in BOOK if address.method == "POST"]:
        assert (await station.people["chief"].post(path, tieng="vi", cau="noted", text="Đã ghi."))[0] == 403
    assert await rows(house, tables.Wording, "key") == []


async def test_the_pages_speak_english(station: Station) -> None:
    chief = station.people["chief"]
    await chief.post("/admin/ngon-ngu", language="en")

    assert "Every sentence residents read" in await read(chief, "/admin/loi-nhan")
    assert "Say it the ward's way" in await read(chief, "/admin/loi-nhan/cau?tieng=vi&cau=receipt")
    assert "promises nor threatens" in (await send(chief, "/admin/loi-nhan/cau", tieng="vi", cau="noted", text="Yên tâm nhé."))[1]


# -- procedures ------------------------------------------------------------------------------------------------------------

NEW = {
    "title": "Nuôi chó",
    "words": "nuôi chó\nchó thả rông\n\nnuôi chó",
    "answer": "Khai với Ủy ban nhân dân phường.",
    "address": "",
    "hours": "",
    "portal": "",
    "vneid": "",
}


def asked_for(one: Procedure) -> dict[str, str]:
    """The form of an answer, as the page gives it."""
    fields = {name: getattr(one, name) for name in ("title", "answer", "address", "hours", "portal", "vneid")}
    return {**fields, "words": "\n".join(one.words), "muc": str(one.handle)}


async def titles(person: Officer) -> list[str]:
    return re.findall(r"<strong>(.*?)</strong></span><span class=\"when\">", await read(person, "/admin/thu-tuc"))


async def test_the_ward_says_where_and_when(station: Station, house: Running) -> None:
    chief = station.people["chief"]
    assert "Chưa ghi địa chỉ" in await read(chief, "/admin/thu-tuc")
    await send(chief, "/admin/thu-tuc/noi-lam", address="Số 1 Lê Lợi", hours="7:30–17:00")
    page = await read(chief, "/admin/thu-tuc?hoi=thue+tro")

    assert "Chưa ghi địa chỉ" not in page and "Nơi làm: Số 1 Lê Lợi" in page
    assert {(one.address, one.hours) for one in procedures.effective(house.ward().book)} == {("Số 1 Lê Lợi", "7:30–17:00")}
    status, page = await send(chief, "/admin/thu-tuc/noi-lam", address="Cam kết nhanh", hours="x")
    assert status == 422 and "Cam kết nhanh" in page and "“cam kết”" in page


async def test_the_chief_changes_hides_orders_and_takes_back(station: Station, house: Running) -> None:
    chief, ours = station.people["chief"], procedures.defaults()
    await send(chief, "/admin/thu-tuc/muc", **asked_for(ours[1]) | {"answer": "Mang căn cước tới trực ban."})
    await send(chief, "/admin/thu-tuc/an", muc="ho-chieu", an="1")
    await send(chief, "/admin/thu-tuc/doi-cho", muc="tam-tru", huong="len")
    await send(chief, "/admin/thu-tuc/doi-cho", muc="tam-tru", huong="len")  # It is the first already.
    found = procedures.effective(house.ward().book)

    assert [one.key for one in found[:3]] == ["tam-tru", "can-cuoc", "thuong-tru"]
    assert found[0].answer == "Mang căn cước tới trực ban." and "ho-chieu" not in {one.key for one in found}
    assert len(await titles(chief)) == len(ours)

    await send(chief, "/admin/thu-tuc/goc", muc="tam-tru")
    await send(chief, "/admin/thu-tuc/an", muc="ho-chieu", an="0")
    assert procedures.effective(house.ward().book)[0].key == "tam-tru"
    assert {one.key: one.answer for one in procedures.effective(house.ward().book)} == {one.key: one.answer for one in ours}
    whats = [(what, detail["about"]) for what, detail in await rows(house, tables.HistoryRow, "what", "detail") if "procedure" in what]
    assert whats == [
        ("procedure_changed", "tam-tru"),
        ("procedure_hidden", "ho-chieu"),
        ("procedure_moved", "tam-tru"),
        ("procedure_taken_back", "tam-tru"),
        ("procedure_shown", "ho-chieu"),
    ]
    assert "Ẩn mục: Hộ chiếu" in await read(chief, "/admin/thu-tuc")


async def test_an_answer_of_the_wards_own_is_added_counted_and_removed(station: Station, house: Running) -> None:
    chief, ward_id = station.people["chief"], house.ward().id
    await send(chief, "/admin/thu-tuc/muc", **NEW)
    [one] = procedures.find("cho tha rong", procedures.effective(house.ward().book))
    for asked in (one.handle, "can-cuoc"):
        await house.memory.write(lambda session, asked=asked: ward_book.count_asked(session, ward_id, asked))  # type: ignore[misc]
    page = await read(chief, "/admin/thu-tuc")

    assert (one.title, one.words) == ("Nuôi chó", ("nuôi chó", "chó thả rông"))
    assert (await titles(chief))[-1] == "Nuôi chó" and page.count("1 lượt hỏi") == 2
    await send(chief, "/admin/thu-tuc/muc", **NEW | {"title": "Nuôi chó, mèo", "muc": str(one.id)})
    assert (await titles(chief))[-1] == "Nuôi chó, mèo" and (await read(chief, "/admin/thu-tuc")).count("1 lượt hỏi") == 2
    await send(chief, "/admin/thu-tuc/goc", muc=str(one.id))
    assert "Nuôi chó, mèo" not in await titles(chief)
    assert (await chief.get(f"/admin/thu-tuc/muc?muc={one.id}"))[0] == 404


async def test_an_answer_that_is_not_taken_loses_nothing_typed(station: Station, house: Running) -> None:
    status, page = await send(station.people["chief"], "/admin/thu-tuc/muc", **NEW | {"portal": "https://evil.example", "answer": ""})

    assert (
        status == 422 and "https://evil.example" in page and "chó thả rông" in page and "đuôi gov.vn" in page and "Ghi câu trả lời" in page
    )
    assert await rows(house, tables.Procedure, "id") == []


async def test_odd_answers_are_not_found(station: Station, subtests: pytest.Subtests) -> None:
    chief = station.people["chief"]
    paths = {"/admin/thu-tuc/an": {"an": "1"}, "/admin/thu-tuc/doi-cho": {"huong": "len"}, "/admin/thu-tuc/goc": {}}

    for handle in ("", "no-such", "99", "9" * 19, "9" * 30, "<b>", "ward-office"):
        with subtests.test(handle):
            assert [(await send(chief, path, muc=handle, **more))[0] for path, more in paths.items()] == [404] * 3
            if handle:
                assert (await send(chief, "/admin/thu-tuc/muc", **NEW | {"muc": handle}))[0] == 404


# -- kinds of matters ------------------------------------------------------------------------------------------------------


def kind_form(code: str, **changed: str) -> dict[str, str]:
    one = catalogue.load()[code]
    fields = {"viec": code}
    for language in ("vi", "en"):
        fields |= {f"name-{language}": one.name[language], f"advice-{language}": one.advice[language]}
        fields[f"questions-{language}"] = "\n".join(one.questions[language])
    return fields | {name.replace("_", "-"): value for name, value in changed.items()}


def kinds(house: Running) -> dict[str, catalogue.Category]:
    return catalogue.merged(catalogue.load(), house.ward().book.category_changes)


async def test_the_chief_changes_questions_and_takes_them_back(station: Station, house: Running) -> None:
    chief = station.people["chief"]
    form = kind_form("CB", questions_vi="Ở đâu ạ?\n\nKhoảng mấy người ạ?", name_vi="Đánh bạc")
    _status, page = await send(chief, "/admin/loai-viec/mot", **form)
    changed = kinds(house)["CB"]

    assert "Đã lưu" in page and (changed.name["vi"], changed.questions["vi"]) == ("Đánh bạc", ("Ở đâu ạ?", "Khoảng mấy người ạ?"))
    assert dict(house.ward().book.category_changes) == {
        "CB": {"name": {"vi": "Đánh bạc"}, "questions": {"vi": ["Ở đâu ạ?", "Khoảng mấy người ạ?"]}}
    }
    assert "Sửa loại việc: Đánh bạc" in await read(chief, "/admin/loai-viec")
    await send(chief, "/admin/loai-viec/goc", viec="CB")
    assert kinds(house) == catalogue.load() and await rows(house, tables.CategoryNote, "code") == []


async def test_six_kinds_stand_on_buttons_and_the_rest_of_a_change_stays(station: Station, house: Running) -> None:
    chief = station.people["chief"]
    await send(chief, "/admin/loai-viec/mot", **kind_form("BL", advice_vi="Nguy hiểm thì gọi 113."))
    await send(chief, "/admin/loai-viec/nut", **{f"nut-{code}": "1" for code in ("LD", "BL", "TE", "MT", "TC")})
    offered = {code for code, one in kinds(house).items() if one.offered}

    assert offered == {"LD", "BL", "TE", "MT", "TC", "KH"}
    await send(chief, "/admin/loai-viec/goc", viec="BL")
    assert {code for code, one in kinds(house).items() if one.offered} == offered
    for codes in ((), ("LD", "BL", "TE", "MT", "TC", "CB")):
        status, page = await send(chief, "/admin/loai-viec/nut", **{f"nut-{code}": "1" for code in codes})
        assert status == 422 and "Chưa lưu được" in page
    assert {code for code, one in kinds(house).items() if one.offered} == offered
    await send(chief, "/admin/loai-viec/nut", **{f"nut-{code}": "1" for code, one in catalogue.load().items() if one.offered})
    assert await rows(house, tables.CategoryNote, "code") == []


NOT_SO: list[tuple[str, dict[str, str], str]] = [
    ("LD", {"questions_vi": ""}, "Đang để trống"),
    ("LD", {"questions_vi": "Một ạ?\nHai ạ?\nBa ạ?\nBốn ạ?"}, "Nhiều nhất 3 câu hỏi"),
    ("LD", {"questions_vi": "Mấy giờ ạ?\nMã OTP là gì ạ?"}, "Câu 2 hỏi mã OTP"),
    ("LD", {"questions_vi": "x" * 161}, "Câu 1 dài quá 160"),
    ("LD", {"name_vi": "x" * 41}, "Dài quá 40"),
    ("LD", {"name_vi": "ma tuy"}, "trùng với loại khác"),
    ("CN", {"advice_vi": "Chạy ra ngoài."}, "Số 114 phải còn"),
    ("LD", {"advice_vi": "Yên tâm, có công an."}, "“yên tâm”"),
    ("LD", {"advice_vi": "Xem ở abc.com nhé."}, "abc.com"),
]


async def test_a_kind_is_not_changed_so(station: Station, house: Running, subtests: pytest.Subtests) -> None:
    for code, change, said in NOT_SO:
        with subtests.test(said):
            status, page = await send(station.people["chief"], "/admin/loai-viec/mot", **kind_form(code, **change))
            assert status == 422 and said in page and all(line in page for value in change.values() for line in value.split("\n"))
    assert await rows(house, tables.CategoryNote, "code") == []


async def test_unknown_kinds_are_not_found(station: Station) -> None:
    chief = station.people["chief"]

    assert [(await send(chief, f"/admin/loai-viec/{page}", viec="XX"))[0] for page in ("mot", "goc")] == [404, 404]
    assert (await chief.get("/admin/loai-viec/mot?viec=XX"))[0] == 404
