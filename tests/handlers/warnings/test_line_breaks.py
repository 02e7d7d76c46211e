"""Lines of a picture: letters of equal width here, so that what is expected can be counted."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.warnings.line_breaks import in_lines, parts_a_word


def broken(text: str, width: int) -> tuple[str, ...]:
    return in_lines(text, width, len)


def test_lines_are_few_and_about_equally_long() -> None:
    assert broken("một hai ba bốn năm sáu", 16) == ("một hai ba", "bốn năm sáu")
    assert broken("Bình gas rò rỉ", 20) == ("Bình gas rò rỉ",)
    assert broken("", 20) == ()


def test_no_word_is_left_alone_and_a_comma_ends_a_line() -> None:
    assert broken("bốn năm sáu bảy tám", 15) == ("bốn năm", "sáu bảy tám")
    assert broken("Khóa van, mở cửa, ra ngoài.", 20) == ("Khóa van,", "mở cửa, ra ngoài.")
    assert parts_a_word(("Không có vụ bắt", "cóc, trẻ em")) and not parts_a_word(("Không có vụ", "bắt cóc trẻ", "nhỏ"))
    assert broken("sợ kẻ lừa đảo đó", 11) == ("sợ kẻ", "lừa đảo đó")


def test_a_number_stays_with_its_unit_its_name_and_its_groups() -> None:
    for text, whole in (
        ("mất chừng khoảng 5.000.000 đ mỗi lần chuyển", "5.000.000 đ"),
        ("thấy gì lạ thì gọi 113 ngay cho chắc", "gọi 113"),
        ("hỏi lại trực ban 0225 3123 456 cho chắc", "0225 3123 456"),
        ("họp ở nhà văn hóa tổ 7 tối mai", "tổ 7"),
        ("chỉ sau 10 phút là mất", "10 phút"),
    ):
        for width in range(len(whole), len(text)):
            assert sum(whole in line for line in broken(text, width)) == 1, (text, width)


def test_what_is_wider_than_the_room_is_cut_as_the_last_way_out() -> None:
    assert broken("mở keng.hongbang.example/tra-cuu xem", 16) == ("mở", "keng.hongbang.", "example/tra-cuu", "xem")
    assert broken("0225 3123 456", 9) == ("0225", "3123 456")


@given(st.lists(st.text("aăâbcđhiêgnotrươ0123456789.,", min_size=1, max_size=14), max_size=30), st.integers(6, 40))
def test_no_word_is_lost_and_no_line_is_too_long(words: list[str], width: int) -> None:
    lines = broken(" ".join(words), width)

    assert "".join("".join(lines).split()) == "".join(words)
    assert [line for line in lines if len(line) > width] == []
