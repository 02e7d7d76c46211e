"""What a masked excerpt covers. Too much is no harm; a name is."""

import pytest

from handlers.excerpts import MOST, masked


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Tôi là Nguyễn Văn Hùng, thấy có đánh nhau", ["Nguyễn", "Hùng"]),
        ("gọi tôi số 0912 345 678 nhé", ["0912", "345", "678"]),
        ("xe biển 15B1-123.45 đậu trước cổng", ["15B1", "123.45"]),
        ("nhà tôi ở số 5 ngõ 12 đường Lê Lợi, tổ 7", ["5", "12", "Lê", "Lợi", "7"]),
        ("thằng tuấn con ông bảy bán ma túy", ["tuấn", "bảy"]),
        ("Lan và Minh ở quán Hoa Sữa hay cãi nhau", ["Minh", "Hoa", "Sữa"]),
        ("viết cho tôi ở lan.nguyen@gmail.com hoặc zalo.me/lan", ["lan", "gmail", "nguyen"]),
        ("CCCD 031088001234 của nó", ["031088001234"]),
        ("chồng tôi tên Dũng hay đánh tôi", ["Dũng"]),
        ("ở đường hoàng hoa thám có trộm", ["hoàng"]),
        ("thang tuan con ong bay ban ma tuy", ["tuan", "bay"]),
    ],
)
def test_what_could_tell_who_is_covered(text: str, hidden: list[str]) -> None:
    shown = masked(text)
    assert [word for word in hidden if word in shown] == [] and "•••" in shown


def test_what_happened_can_still_be_read() -> None:
    told = "Đêm qua có người phá khóa lấy xe máy trong ngõ. Họ đi hai người, mặc áo đen."
    assert masked(told) == told
    assert "phá khóa" in masked(f"{told} Tôi tên Hùng, nhà tôi số 5.")


def test_it_is_short_and_one_line() -> None:
    shown = masked("có tiếng la hét\nrồi im bặt\n" * 200)
    assert len(shown) <= MOST + 1 and "\n" not in shown and shown.endswith("…")


@pytest.mark.parametrize("text", ["", " ", "123", "•••", "A" * 50_000, "Ă" * 5_000 + " 1" * 5_000])
def test_nothing_breaks_it(text: str) -> None:
    assert len(masked(text)) <= MOST + 1
