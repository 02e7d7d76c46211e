"""Words, numbers and links: whatever way they are written, they are found; and a query asks for what was meant."""

import unicodedata

import pytest
from sqlmodel import Session

from storage.queries import finding
from storage.queries.sight import Sight
from storage.search import GROUPS_MOST, TOKEN_CHARS, Query, SearchKey, fold, plain_tokens

KEY = SearchKey(b"k" * 32)


def asked(text: str) -> Query:
    query = Query.typed(text)
    assert query is not None
    return query


def finds(query: str, *texts: str) -> bool:
    """As the desk does it: the index first, then a look at the opened text."""
    wanted = asked(query)
    return set(KEY.seal_tokens(wanted.tokens)) <= set(KEY.seal_tokens(plain_tokens(texts))) and wanted.matches(texts)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lừa Đảo", "lua dao"),
        (unicodedata.normalize("NFD", "Đường Lê Lợi"), "duong le loi"),
        ("NGUYỄN THỊ ƯỚC", "nguyen thi uoc"),
        ("ＶＡＹ 𝐧𝐡𝐚𝐧𝐡", "vay nhanh"),
        ("đá\u200bnh b\u00adạc", "danh bac"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_treats_every_sign_of_unicode_alike() -> None:
    for first in range(0, 0x11_0000, 0x1000):
        text = "Đa".join(map(chr, range(first, first + 0x1000)))
        kept = (sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in ("Mn", "Cf"))
        assert fold(text) == "".join(kept).lower().replace("đ", "d"), hex(first)


def test_words_and_neighbours_of_a_piece() -> None:
    assert plain_tokens(["Lừa đảo, ngõ 12", "Đêm"]) == {"w:lua", "w:dao", "w:ngo", "w:12", "w:lua dao", "w:dao ngo", "w:ngo 12", "w:dem"}


def test_it_makes_no_difference_how_letters_were_composed() -> None:
    text = "Nhóm đánh bạc ở quán cà phê Đường Lê Lợi, tối nào cũng ồn"

    assert plain_tokens([unicodedata.normalize("NFD", text.upper())]) == plain_tokens([unicodedata.normalize("NFC", text)])


PHONE_WRITINGS = [
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "0912-345-678",
    "091 234 56 78",
    "(0912) 345 678",
    "+84 912345678",
    "+84 (0) 912 345 678",
    "84912345678",
    "0084 912 345 678",
    "912345678",
    "０９１２ 345 678",
]


@pytest.mark.parametrize("typed", PHONE_WRITINGS)
@pytest.mark.parametrize("written", PHONE_WRITINGS)
def test_a_phone_is_found_in_any_writing(typed: str, written: str) -> None:
    assert asked(typed).tokens == {"p:+84912345678"}
    assert finds(typed, f"Số {written} hay gọi vay tiền, 3 lần")


@pytest.mark.parametrize("written", ["0225 3123 456", "(0225) 3123456", "+84 225 312 3456", "0225.3123.456"])
def test_a_landline_is_a_phone(written: str) -> None:
    assert finds("02253123456", f"gọi {written}")


@pytest.mark.parametrize(
    "text",
    [
        "0912 345 678 0987 654 321",
        "gọi 0912345678 500 nghìn",
        "12 lần từ 0912.345.678",
        "zalo.me/0912345678",
        "sđt0912345678nhé",
        "STK 0912345678",
        "0912345678/0987654321",
    ],
)
def test_a_phone_is_found_among_other_figures(text: str) -> None:
    assert finds("0912 345 678", text)


def test_two_phones_typed_are_both_asked_for() -> None:
    assert asked("0912 345 678 0987 654 321").tokens == {"p:+84912345678", "p:+84987654321"}
    assert not finds("0912 345 678 0987 654 321", "chỉ có 0912345678")


@pytest.mark.parametrize("typed", ["19033456789012", "1903 3456 7890 12", "1903-3456-789-012", "1903.3456.789.012"])
@pytest.mark.parametrize("written", ["19033456789012", "1903 3456 789 012", "1903-3456-7890-12", "1903 3456 789 012 500 nghìn"])
def test_an_account_is_found_in_any_writing(typed: str, written: str) -> None:
    assert finds(typed, f"chuyển vào STK {written} Techcombank")


def test_a_card_number_is_found() -> None:
    assert finds("4111111111111111", "thẻ 4111 1111 1111 1111")


def test_short_figures_are_words() -> None:
    assert asked("ngõ 12").tokens == {"w:ngo", "w:12"}


@pytest.mark.parametrize(
    ("plate", "writings"),
    [
        ("b:29a12345", ["29A-123.45", "29A 12345", "29a12345", "29A - 123.45", "29A.123.45"]),
        ("b:29a123456", ["29A1-234.56", "29-A1 234.56", "29A1 23456", "29a123456"]),
        ("b:15b12345", ["15B 12345", "15B-123.45"]),
        ("b:30k12345", ["30K12345", "30K-123.45"]),
        ("b:29md123456", ["29MĐ1-234.56", "29MĐ1 23456"]),
        ("b:16h1234", ["16H-1234", "16H 1234"]),
    ],
)
def test_a_plate_has_one_form(plate: str, writings: list[str]) -> None:
    for writing in writings:
        assert asked(writing).tokens == {plate}
        assert plate in plain_tokens([f"Xe biển {writing} đỗ chắn ngõ"])


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("abc.com", "vào https://www.ABC.com/vay-nhanh nhé", True),
        ("abc.com/vay-nhanh", "vào https://www.ABC.com/Vay-Nhanh.", True),
        ("abc.com/vay-nhanh", "vào abc.com/vay-nhanh/?utm=3", True),
        ("abc.com/vay-nhanh?ma=1", "vào abc.com/vay-nhanh?ma=2", False),
        ("https://abc.com/vay-nhanh?ma=1", "vào (abc.com/vay-nhanh?ma=1)", True),
        ("abc.com/khac", "vào abc.com/vay-nhanh", False),
        ("abc.com", "vào hxxps://m.abc[.]com/x", True),
        ("abc.com", "abc (dot) com", True),
        ("abc[.]com", "abc.com", True),
        ("abc.com.vn", "tuyen.abc.com.vn", True),
        ("com.vn", "tuyen.abc.com.vn", False),
        ("lua@abc.com", "thư từ Lua@ABC.com gửi", True),
        ("@vay_nhanh", "Telegram @Vay_Nhanh", True),
        ("@vay_nhanh", "t.me/vay_nhanh", True),
    ],
)
def test_links_and_names(typed: str, text: str, found: bool) -> None:
    assert finds(typed, text) is found


def test_a_forgotten_blank_is_no_link() -> None:
    assert asked("đêm qua.Sáng nay").tokens == {"w:dem", "w:qua", "w:sang", "w:nay"}


def test_bare_words_must_all_be_there() -> None:
    assert asked("Lừa ĐẢO lừa") == Query(tokens=frozenset({"w:lua", "w:dao"}), phrases=(), was_cut=False)
    assert finds("đảo lừa", "lừa đảo")
    assert not finds("lừa gạt", "lừa đảo")


def test_a_pair_in_quotes_is_decided_by_the_index() -> None:
    assert asked('"đánh bạc"').tokens == {"w:danh bac"}
    assert asked('"đánh bạc" 0912345678').is_exact
    assert not finds('"đánh bạc"', "bạc đánh")
    assert not finds('"đánh bạc"', "đánh", "bạc")


def test_a_longer_phrase_is_checked_in_the_opened_text() -> None:
    wanted, pairs_only = asked('"lừa đảo qua mạng"'), "Lừa đảo, đảo qua đường, qua mạng"

    assert wanted.tokens == {"w:lua dao", "w:dao qua", "w:qua mang"}
    assert not wanted.is_exact
    assert wanted.tokens <= plain_tokens([pairs_only])
    assert not wanted.matches([pairs_only])
    assert wanted.matches(["Tối qua", "bị LỪA ĐẢO qua mạng."])
    assert not wanted.matches(["bị lừa đảo", "qua mạng"])
    assert not wanted.matches(["bị lừa đảo qua mạngg"])


def test_quotes_of_any_kind_and_half_a_pair() -> None:
    assert asked("“lừa đảo” ngõ").tokens == {"w:lua dao", "w:ngo"}
    assert asked('ngõ "lừa đảo').tokens == {"w:ngo", "w:lua", "w:dao"}


def test_a_phone_in_quotes_is_still_a_phone() -> None:
    assert asked('"0912 345 678"').tokens == {"p:+84912345678"}


def test_a_phrase_with_a_number_in_it_is_a_phrase() -> None:
    assert finds('"gọi số 0912345678"', "họ gọi số 0912345678")


@pytest.mark.parametrize("text", ["", "   ", "...", '""', '"?!" –', "\u0301"])
def test_nothing_asked(text: str) -> None:
    assert Query.typed(text) is None


def test_limits_are_kept_and_said() -> None:
    many = asked(" ".join(f"a{n}" for n in range(GROUPS_MOST + 1)))
    long = asked("x" * 201)

    assert (len(many.tokens), many.was_cut) == (GROUPS_MOST, True)
    assert long == Query(tokens=frozenset({"w:" + "x" * 200}), phrases=(), was_cut=True)
    assert not asked("lừa đảo").was_cut


def test_sealed_tokens_are_a_sorted_set_without_words() -> None:
    sealed = KEY.seal_tokens(["w:lua", "w:dao", "w:lua"])

    assert sealed == sorted(set(sealed)) == KEY.seal_tokens({"w:dao", "w:lua"})
    assert [(len(token), token.isalnum(), token.islower()) for token in sealed] == [(TOKEN_CHARS, True, True)] * 2
    assert KEY.seal_tokens([]) == []


def test_a_sealed_token_is_an_hmac() -> None:
    """Computed elsewhere: a change here would leave every index behind."""
    assert SearchKey(bytes(range(32))).seal_tokens(["w:lua dao"]) == ["ylakpei3dk2dewjo"]


def test_another_key_makes_other_tokens() -> None:
    tokens = plain_tokens(["lừa đảo 0912345678"])

    assert not set(KEY.seal_tokens(tokens)) & set(SearchKey(b"l" * 32).seal_tokens(tokens))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SearchKey(b"short")


@pytest.mark.parametrize("hidden", [set(), {99}, {98, 97, 3}, set(range(50, 100)), set(range(100)) - {1}, set(range(100))])
@pytest.mark.parametrize("at_once", [5, 30, 101])
def test_what_may_not_be_read_leaves_no_gap(hidden: set[int], at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many candidates are asked for at a time, each that may be read comes once, the newest first."""
    monkeypatch.setattr(finding, "_FEW", 2)
    monkeypatch.setattr(finding, "readable_ids", lambda _session, _sight, ids: [one for one in ids if one not in hidden])
    monkeypatch.setattr(
        finding,
        "_candidates",
        lambda *_of, before, limit: [one for one in reversed(range(100)) if before is None or one < before][:limit],
    )
    for sees_stubs in (True, False):
        sight = Sight(ward_id=1, kinds=frozenset({""}), sees_stubs=sees_stubs)
        found = list(finding._matching(Session(), sight, asked("lua dao"), before=None, at_once=at_once))
        assert found == [one for one in reversed(range(100)) if one not in hidden]
