"""What leads somewhere in a story: one form for all writings, nobody's card or identity number, and links that nobody can follow."""

import time

import pytest

from handlers.insight.found import Found, in_texts
from storage.search import Query, plain_tokens


def shown(*texts: str) -> list[tuple[str, str]]:
    return [(one.kind, one.shown) for one in in_texts(texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nó gọi từ 0912.345.678, rồi +84 912 345 678", [("phone", "0912 345 678")]),
        ("số +855 12 345 678 và tổng đài 1900 1234", [("phone", "+855 12 345 678"), ("phone", "1900 1234")]),
        ("xe 15b1-23456, ô tô 15A 123.45, xe cũ 15A-1234", [("plate", "15B1-234.56"), ("plate", "15A-123.45"), ("plate", "15A-1234")]),
        ("xe 29a12345", [("plate", "29A-123.45")]),
        ("STK Vietcombank 0011004567890", [("account", "0011004567890")]),
        ("tk 123 456 789", [("account", "123456789")]),
        ("chuyển vào 1903 4567 8901 23", [("account", "19034567890123")]),
        (
            "Vào https://VCB-XacMinh.top/Login?id=3, rồi hxxp://vcb[.]top",
            [("link", "hxxps://VCB-XacMinh[.]top/Login?id=3"), ("link", "hxxp://vcb[.]top")],
        ),
        ("trang FB: facebook.com/Lua.Dao.99.", [("link", "facebook[.]com/Lua.Dao.99")]),
        ("@lua_dao_99, thư lua.dao@mien.vn", [("handle", "@lua_dao_99"), ("handle", "lua.dao@mien[.]vn")]),
        # Nothing that leads anywhere: a date, money, an identity number, cards, a missing blank behind a full stop.
        ("ngày 12.03.2026 mất 5.000.000đ, 500.000.000, 1000000000 đồng, hôm qua.Sáng nay", []),
        ("cccd 001085001234, cmnd 031234567", []),
        ("thẻ 9704361234567890, 4111111111111111", []),
    ],
)
def test_one_form_for_all_writings(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_what_the_button_asks_for_finds_the_tip_it_stands_in() -> None:
    story = "Gọi 0912.345.678, STK 0011004567890, xe 15B1-234.56, https://VCB-XacMinh.top/Login?id=3, fb.com/Lua.Dao, @lua_dao a.b@mien.vn"
    tokens = plain_tokens([story])
    asked = [Query.typed(one.asked) for one in in_texts([story])]

    assert len(asked) == 7
    assert all(query and query.is_exact and query.tokens <= tokens and not query.was_cut for query in asked)


def test_of_a_site_every_page_is_looked_for_and_on_shared_ones_the_page() -> None:
    asked = [one.asked for one in in_texts(["xac-minh.top/a?b=1 facebook.com/ten.nguoi?x=1", "abc.top/" + "a" * 300])]

    assert asked == ["xac-minh[.]top", "facebook[.]com/ten.nguoi", "abc[.]top"]


def test_told_twice_stands_once_and_pieces_do_not_run_together() -> None:
    assert in_texts(["0912 345", "678", "gọi 0912345678", "0912 345 678"]) == [Found("phone", "0912 345 678", "0912 345 678")]


@pytest.mark.parametrize("text", ["09 12 " * 3400, "0912345678 " * 1800, "a.com/x " * 2500, "1" * 20_000])
def test_a_text_made_to_be_slow_is_read_at_once(text: str) -> None:
    started = time.process_time()
    in_texts([text])

    assert time.process_time() - started < 1
