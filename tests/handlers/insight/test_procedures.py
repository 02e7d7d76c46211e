"""Which answer a question means, and what a ward makes of our answers."""

import re
from dataclasses import replace
from typing import Any

import pytest

from handlers.insight.procedures import OFFICE, body_of, complaints_about, defaults, effective, everything, find, is_official, told
from handlers.ward_book import Procedure, WardBook


def book(*rows: dict[str, Any]) -> WardBook:
    return WardBook(procedures=tuple(Procedure.from_row(row) for row in rows))


def keys(book: WardBook) -> list[str | int]:
    return [one.handle for one in effective(book)]


OURS = [one.key for one in defaults()]


def test_ours_are_enough_and_pass_their_own_checks() -> None:
    assert len(OURS) >= 14 == len(set(OURS[:14]))
    assert {one.key: complaints_about(one) for one in defaults()} == {key: {} for key in OURS}
    assert {one.portal for one in defaults()} <= {"", "https://dichvucong.gov.vn"}
    assert [one.key for one in defaults() if re.search(r"\d\s*(đồng|nghìn|ngày|k)\b", one.answer)] == []  # No fees, no days.


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("Làm CCCD mang gì ạ?", "can-cuoc"),
        ("mat can cuoc thi lam lai the nao", "can-cuoc"),
        ("căn cước của tôi bị mất", "can-cuoc"),
        ("thue tro dang ky o dau", "tam-tru"),
        ("NHẬP KHẨU cho con", "thuong-tru"),
        ("xin giấy xác nhận cư trú", "xac-nhan-cu-tru"),
        ("có khách ở lại qua đêm phải báo không", "luu-tru"),
        ("khai báo tạm vắng", "tam-vang"),
        ("đăng ký tạm trú cho người nước ngoài", "nguoi-nuoc-ngoai"),
        ("muốn sang tên xe máy cũ", "dang-ky-xe"),
        ("bị rơi ví, xin đơn cớ mất", "mat-giay-to"),
        ("kich hoat vneid muc 2", "vneid-muc-2"),
        ("xin phiếu lý lịch tư pháp", "ly-lich-tu-phap"),
        ("lam ho chieu cho tre em", "ho-chieu"),
        ("hồ sơ PCCC quán ăn", "phong-chay"),
        ("muốn đến trình báo thì đi lúc nào", "to-giac-truc-tiep"),
        ("lịch tiếp công dân", "khieu-nai"),
        ("làm giấy khai sinh", "ho-tich"),
        ("sao y bản chính", "chung-thuc"),
    ],
)
def test_a_question_finds_its_answer(asked: str, key: str) -> None:
    assert find(asked, effective(WardBook()))[0].key == key


@pytest.mark.parametrize("asked", ["", "chào", "?!", "🙏", "Có người bẻ khóa xe ở cổng chợ", "x" * 5000])
def test_what_is_no_question_about_a_procedure_finds_none(asked: str) -> None:
    assert find(asked, effective(WardBook())) == []


def test_a_ward_hides_moves_and_adds() -> None:
    rows = (
        {"id": 1, "key": "ho-chieu", "is_hidden": True},
        {"id": 2, "position": 1500, "title": "Nuôi chó", "words": ["chó"], "answer": "…"},
    )
    found = keys(book(*rows))

    assert "ho-chieu" not in found and found[:3] == [OURS[0], 2, OURS[1]]
    assert find("nuôi chó thả rông", effective(book(*rows)))[0].title == "Nuôi chó"


def test_a_row_that_was_only_counted_or_moved_leaves_ours_as_it_is() -> None:
    counted = everything(book({"id": 9, "key": OURS[3], "position": -1}))
    moved = everything(book({"id": 9, "key": OURS[3], "position": 1}))

    assert [one.key for one in counted] == OURS and counted[3] == replace(defaults()[3], id=9)
    assert moved[0] == replace(defaults()[3], id=9, position=1)


def test_a_wards_own_text_stands_in_the_place_of_ours() -> None:
    [one] = [
        one
        for one in effective(
            book({"id": 9, "key": "tam-tru", "position": -1, "title": "Tạm trú", "words": ["trọ"], "answer": "Ở nhà số 5."})
        )
        if one.key == "tam-tru"
    ]

    assert (one.answer, one.portal, one.position) == ("Ở nhà số 5.", "", 2000)


def test_address_and_hours_come_from_the_ward_unless_an_answer_has_its_own() -> None:
    office = {"key": OFFICE, "address": "Số 1 Lê Lợi", "hours": "7:30–17:00"}
    own = {"id": 9, "key": "tam-tru", "position": -1, "address": "Số 2 Lê Lai"}
    found = {one.key: (one.address, one.hours) for one in effective(book(office, own))}

    assert OFFICE not in found
    assert (found["tam-tru"], found["can-cuoc"]) == (("Số 2 Lê Lai", "7:30–17:00"), ("Số 1 Lê Lợi", "7:30–17:00"))


def test_only_what_differs_from_ours_is_kept() -> None:
    ours = defaults()[1]

    assert body_of(ours) == {"key": "tam-tru"}
    assert body_of(replace(ours, address="Số 2", is_hidden=True)) == {"key": "tam-tru", "address": "Số 2", "is_hidden": True}
    assert body_of(replace(ours, answer="Khác."))["answer"] == "Khác."
    assert body_of(Procedure(id=7, title="Chó", words=("chó",), answer="…")) == {"title": "Chó", "words": ["chó"], "answer": "…"}


def test_an_answer_of_a_key_we_no_longer_have_stays() -> None:
    assert "old" in keys(book({"id": 9, "key": "old", "position": 5, "title": "Cũ", "words": ["cũ"], "answer": "…"}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 81),
        ("words", ()),
        ("words", ("?",)),
        ("words", ("x" * 41,)),
        ("answer", ""),
        ("answer", "chữ " * 90),
        ("answer", "Yên tâm, cam kết xong trong ngày."),
        ("answer", "Nộp ở dichvucong.xyz.com giúp."),
        ("answer", "Mang căn cước 🙏"),
        ("address", "a\nb"),
        ("hours", "x" * 201),
        ("portal", "http://dichvucong.gov.vn"),
        ("portal", "https://dichvucong.gov.vn.evil.com"),
        ("portal", "https://a@dichvucong.gov.vn"),
        ("portal", "https://dichvucong.gov.vn:99999"),
        ("portal", "javascript:alert(1)"),
    ],
)
def test_what_is_not_taken(field: str, value: Any) -> None:
    one = Procedure(
        title="Tạm trú", words=("tạm trú",), answer="Mang căn cước. Xem dichvucong.gov.vn.", portal="https://dichvucong.gov.vn/p"
    )

    assert complaints_about(one) == {}
    assert list(complaints_about(replace(one, **{field: value}))) == [field]


def test_only_the_states_own_sites() -> None:
    assert [
        is_official(link) for link in ("https://dichvucong.gov.vn", "https://x.bocongan.gov.vn/a?b=c", "https://gov.vn", "https://xgov.vn")
    ] == [
        True,
        True,
        False,
        False,
    ]


def test_the_answer_is_told_whole() -> None:
    [one] = [one for one in effective(book({"key": OFFICE, "address": "Số 1 Lê Lợi", "hours": "7:30–17:00"})) if one.key == "tam-tru"]
    lines = told(one, WardBook()).split("\n")

    assert (lines[0], lines[2], lines[3]) == ("Đăng ký tạm trú.", "Nơi làm: Số 1 Lê Lợi", "Giờ làm việc: 7:30–17:00")
    assert lines[-1] == "Xem và nộp ở cổng dịch vụ công: https://dichvucong.gov.vn"
