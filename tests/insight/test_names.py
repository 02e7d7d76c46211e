import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.insight.names import KINDS, Mark, marks


@pytest.mark.parametrize(
    ("text", "marked", "kind"),
    [
        ("gọi tôi số 0912 345 678 nhé", "0912 345 678", "phone"),
        ("sđt 0912.345.678", "0912.345.678", "phone"),
        ("+84 912 345 678", "+84 912 345 678", "phone"),
        ("cccd 031099001234 của em", "031099001234", "id"),
        ("cmnd cũ: 031234567", "031234567", "id"),
        ("xe 15-B1 123.45 chạy về chợ", "15-B1 123.45", "plate"),
        ("ô tô 15A-123.45", "15A-123.45", "plate"),
        ("tôi là Lan ở số 12", "tôi là Lan", "self"),
        ("Em tên Nguyễn Thị Hoa, nhà gần chợ", "Em tên Nguyễn Thị Hoa", "self"),
        ("toi la nguyen van hung day", "toi la nguyen van hung", "self"),
        ("Tên tôi là Hùng", "Tên tôi là Hùng", "self"),
        ("tôi là tổ trưởng tổ 5", "tôi là tổ trưởng", "self"),
        ("My name is John Smith", "My name is John Smith", "self"),
        ("mẹ cháu tên", "mẹ cháu tên", "name"),
        ("Chồng tôi tên Hùng hay đánh tôi", "Chồng tôi tên Hùng", "name"),
        ("con gái tôi là Mai Anh", "con gái tôi là Mai Anh", "name"),
        ("nhà tôi số 5 ngõ 12", "nhà tôi số 5 ngõ 12", "address"),
        ("em ở phòng 302 nghe tiếng kêu", "em ở phòng 302", "address"),
        ("nó ở cạnh nhà tôi", "ở cạnh nhà tôi", "address"),
    ],
)
def test_what_could_give_the_teller_away_is_marked(text: str, marked: str, kind: str) -> None:
    found = marks(text)

    assert [(text[mark.start : mark.end], mark.kind) for mark in found] == [(marked, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Có đánh nhau ở ngõ 12 đường Lê Lợi",
        "tôi là người dân trong phường",
        "tôi là ai không quan trọng",
        "thằng Bảy bán ma túy dưới gốc bàng",
        "mất 15 triệu lúc 21h30 ngày 12/3/2026",
        "em thấy hai người lạ",
        "gọi 113 không được",
        "I am scared",
        "tài khoản 19033456789012",
    ],
)
def test_a_story_that_gives_nobody_away_stays_unmarked(text: str) -> None:
    assert marks(text) == []


def test_marks_stand_in_order_and_apart() -> None:
    text = "Tôi là Lan, 0912 345 678, nhà tôi số 5 ngõ 12. Chồng tôi tên Hùng đi xe 15-B1 123.45"

    assert [mark.kind for mark in marks(text)] == ["self", "phone", "address", "name", "plate"]


@given(st.text(max_size=300) | st.text(alphabet="tôi là em ở số 0123456789.-AaLn ", max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_it_stumble(text: str) -> None:
    found = marks(text)

    assert all(0 <= mark.start < mark.end <= len(text) and mark.kind in KINDS for mark in found)
    assert all(one.end <= next_one.start for one, next_one in itertools.pairwise(found))
    assert found == sorted(found, key=lambda mark: mark.start)


def _seconds(text: str) -> float:
    best = 1e9
    for _ in range(3):
        before = time.thread_time()
        marks(text)
        best = min(best, time.thread_time() - before)
    return best


@pytest.mark.parametrize("piece", ["0912 ", "tôi là ", "nhà tôi số 5 ngõ 12 ", "1 ", "tôi là Lan Anh ", "aa", "15A"])
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    short, long = piece * (5_000 // len(piece)), piece * (20_000 // len(piece))
    marks(short)

    assert _seconds(long) < 9 * _seconds(short) + 0.02


def test_places_are_those_of_the_text_as_it_was_handed_in() -> None:
    assert marks("ﬁ ① Tôi là Lan") == [Mark(4, 14, "self")]
