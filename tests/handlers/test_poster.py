"""The poster: what stands on it and in which order, in letters that a reader of PDFs can read."""

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

import handlers
from handlers.poster import Poster, draw

FULL = Poster(
    ward=" Hồng Bàng",
    duty_phone="0225 3123 456",
    zalo="https://zalo.me/1234567890123",
    web="https://conganhongbang.vn",
    address="Số 12 đường Lê Lợi, phường Hồng Bàng, thành phố Hải Phòng (tầng 1, bên trái cổng vào)",
    telegram="https://t.me/conganhongbang_bot",
)
FONTS = Path(handlers.__file__).parent / "looks" / "fonts"
VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def lines_of(pdf: bytes) -> list[tuple[float, str]]:
    """(height from the top, words) of every line, in the order in which they were drawn."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        [page] = book.pages
        tall = float(page.mediabox[3])
        signs = {str(name): _signs(font) for name, font in page.Resources.Font.items()}
        return list(_drawn(page, signs, tall))


def _signs(font: pikepdf.Object) -> dict[int, str]:
    """From the font's own table of which glyph means which letter."""
    table = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]{4})>$", table, re.MULTILINE)
    found = {int(glyph, 16): chr(int(letter, 16)) for glyph, letter in pairs}
    return found


def _drawn(page: pikepdf.Page, signs: dict[str, dict[int, str]], tall: float) -> Iterator[tuple[float, str]]:
    font, height = "", 0.0
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator == "Tf":
            font = str(operands[0])
        elif operator == "Td":
            height = tall - float(operands[1])
        elif operator in ("Tj", "TJ"):
            pieces = operands[0] if operator == "TJ" else [operands[0]]
            raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
            yield height, "".join(signs[font][raw[at] << 8 | raw[at + 1]] for at in range(0, len(raw), 2)).replace("\u00a0", " ")


def words_of(pdf: bytes) -> str:
    return " ".join(words for _height, words in lines_of(pdf))


def test_everything_stands_on_it_in_the_order_a_person_needs() -> None:
    words = words_of(draw(FULL))
    wanted = [
        *("Công an phường Hồng Bàng", "113", "Không cần nêu tên.", "Trực ban", "0225 3123 456", "Zalo", "zalo.me/1234567890123"),
        *("Trang web", "conganhongbang.vn", "VNeID", "Gặp trực tiếp", "Số 12 đường Lê Lợi", "Telegram", "t.me/conganhongbang_bot"),
        *("Không ai hỏi mã OTP, mật khẩu, hay bảo chuyển tiền.", "In danger, call 113."),
    ]
    places = [words.find(one) for one in wanted]

    assert -1 not in places and places == sorted(places)


def test_what_is_not_set_is_not_there() -> None:
    words = words_of(draw(Poster(ward="", duty_phone="0225 3123 456")))

    assert "113" in words and "0225 3123 456" in words and "VNeID" in words
    assert [name for name in ("Zalo", "Trang web", "Gặp trực tiếp", "Telegram", "t.me") if name in words] == []


LONG = "Phòng tiếp dân của Công an phường, số 1234 đường Nguyễn Thị Minh Khai kéo dài, tầng 12, cạnh bưu điện trung tâm thành phố"


@pytest.mark.parametrize("is_a5", [False, True])
@pytest.mark.parametrize(
    "poster",
    [
        FULL,
        Poster(ward=" Bà Rịa – Vũng Tàu Trường Sa Lớn Nhất Nước", duty_phone="0225 3123 456", web="https://a.vn"),
        Poster(
            ward="", duty_phone="113", zalo="Tên", web=f"https://{'rat-dai.' * 12}vn/x", address=LONG, telegram="https://t.me/" + "x" * 32
        ),
        Poster(
            ward="",
            duty_phone="0225 3123 456",
            zalo=f"https://zalo.me/{'1' * 90}",
            web="https://" + "a" * 90,
            address=LONG,
            telegram="https://t.me/b",
        ),
    ],
)
def test_nothing_runs_into_anything_or_off_the_sheet(poster: Poster, is_a5: bool) -> None:
    pdf = draw(poster, is_a5=is_a5)
    lines = lines_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as book:
        size = [round(float(number)) for number in book.pages[0].mediabox]
    last_way = max(height for height, words in lines[:-2])

    assert size == ([0, 0, 420, 595] if is_a5 else [0, 0, 595, 842])
    assert last_way < lines[-2][0] < lines[-1][0] < size[3] - 10
    assert last_way < (264 / 297) * size[3]  # Above the last box.


@pytest.mark.parametrize("weight", ["400", "600"])
def test_the_font_has_every_vietnamese_letter(weight: str) -> None:
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES} | set("đbcdghklmnpqrstvx0123456789₫–·“”…")
    has = TTFont(FONTS / f"be-vietnam-pro-{weight}.ttf").getBestCmap()

    assert [letter for letter in sorted(letters | {letter.upper() for letter in letters}) if ord(letter) not in has] == []
