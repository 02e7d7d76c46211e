"""What is read at the loudspeakers: numbers as they are said, about the right length, nothing that has to be spelled."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.warnings.content import Content
from handlers.warnings.loudspeaker import LONGEST_SECS, SHORTEST_SECS, script, syllables_of
from handlers.warnings.loudspeaker_docx import docx as as_docx
from handlers.warnings.spoken import DIGITS, in_words, spoken
from tests.handlers.warnings.samples import AT, BARE_WARD, CORRECTION, CORRECTS, FRAUD, POSTED, SAMPLES, THANKS, WARD


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Gọi 113 hoặc 114, 115.", "Gọi một một ba hoặc một một bốn, một một năm."),
        ("mất 113 xe", "mất một trăm mười ba xe"),
        ("trực ban 0225 3123 456.", "trực ban không hai hai năm, ba một hai ba, bốn năm sáu."),
        ("0912345678", "Không chín một hai, ba bốn năm, sáu bảy tám"),
        ("số +84 912 345 678", "số không chín một hai, ba bốn năm, sáu bảy tám"),
        ("tổng đài 1800 1091, nhắn 5656", "tổng đài một tám không không, một không chín một, nhắn năm sáu năm sáu"),
        (
            "trước 21:05 ngày 12/3/2026",
            "trước hai mươi mốt giờ năm phút ngày mười hai tháng ba năm hai nghìn không trăm hai mươi sáu",
        ),
        ("thứ 4, 5/4, 22h-5h", "thứ tư, ngày mồng năm tháng tư, hai mươi hai giờ đến năm giờ"),
        ("từ 12/3 - 15/3", "từ ngày mười hai tháng ba đến ngày mười lăm tháng ba"),
        ("trực 24/7, tháng 4/2026", "trực hai mươi bốn trên bảy, tháng tư năm hai nghìn không trăm hai mươi sáu"),
        ("5.000.000 đ, 500k, 12,5%", "Năm triệu đồng, năm trăm nghìn đồng, mười hai phẩy năm phần trăm"),
        ("Tháng 9. 12 xe, tổ 7", "Tháng chín. Mười hai xe, tổ bảy"),
        ("mã OTP, mã CB-7K3QX2", "mã ô tê pê, mã in trên tờ thông báo"),
        ("cách 200 m, 40 km/h", "cách hai trăm mét, bốn mươi ki lô mét trên giờ"),
        ("99/99 và 45/2", "Chín mươi chín trên chín mươi chín và bốn mươi lăm trên hai"),
    ],
)
def test_numbers_are_said_as_people_say_them(written: str, said: str) -> None:
    assert spoken(written) == said


def test_whole_numbers_in_words() -> None:
    said = {
        **{0: "không", 4: "bốn", 10: "mười", 11: "mười một", 15: "mười lăm", 21: "hai mươi mốt", 24: "hai mươi bốn", 55: "năm mươi lăm"},
        **{100: "một trăm", 105: "một trăm linh năm", 1_005: "một nghìn không trăm linh năm", 2_026: "hai nghìn không trăm hai mươi sáu"},
        **{1_000_000: "một triệu", 10_000_000_000: "mười tỷ", 1_000_001: "một triệu không trăm linh một"},
    }
    assert {number: in_words(number) for number in said} == said
    assert len({in_words(number) for number in range(20_000)}) == 20_000


@given(st.text("0123456789 .,:/-–%hgkđm+abNgàythứ()", max_size=40))
def test_no_numeral_stands_alone_and_nothing_breaks(text: str) -> None:
    assert re.search(r"(?<![^\s(])\d+(?![^\s).,])", spoken(text)) is None


def test_everything_is_said_twice_between_an_opening_and_a_closing_line() -> None:
    made = script(FRAUD, POSTED, WARD)

    assert made.paragraphs[0] == "Kính thưa bà con. Đây là thông báo của Công an phường Hồng Bàng."
    assert made.paragraphs[-1] == "Xin cảm ơn bà con."
    first, again = made.paragraphs[1:6], made.paragraphs[7:12]
    assert made.paragraphs[6] == "Xin nhắc lại." and first == again
    assert first[0] == "Cảnh báo: Giả công an gọi điện đòi tiền."
    assert first[2:] == (
        "Một là: tắt máy.",
        "Hai là: không chuyển tiền, không đọc mã ô tê pê.",
        "Ba là: gọi một một ba hoặc trực ban hỏi lại.",
    )
    assert "gọi một một ba. Cần hỏi, bà con gọi trực ban, số không hai hai năm, ba một hai ba, bốn năm sáu." in made.paragraphs[-2]
    said = " ".join(made.paragraphs)
    assert not re.search(r"\d|CB-|tra-cuu", said)


def test_it_takes_sixty_to_ninety_seconds_and_says_how_long() -> None:
    for content, posted in ((FRAUD, POSTED), (CORRECTION, CORRECTS), (THANKS, POSTED)):
        made = script(content, posted, WARD)
        counted = sum(len(re.findall(r"[^\W\d_]+", paragraph)) for paragraph in made.paragraphs)
        assert made.syllables == counted  # Not one foreign word: a syllable is a word.
        assert SHORTEST_SECS <= made.seconds <= LONGEST_SECS and 147 <= counted <= 221
        assert f"khoảng {made.seconds} giây ({counted} tiếng)" in made.reading and not made.is_long


@pytest.mark.parametrize("words", range(20, 121, 10))
def test_what_is_longer_is_repeated_less_and_what_is_far_too_long_says_so(words: int) -> None:
    """Up to what may be released, the length stays within the minute and a half."""
    headline, body = "Giả công an gọi điện đòi tiền", "bà con xem kỹ " * 30
    lines = ("Tắt máy ngay.", "Không chuyển tiền cho ai.", "Gọi trực ban hỏi lại.")
    content = Content(headline=headline, body=" ".join(body.split()[: words - 20]) or "x", lines=lines)
    made = script(content, POSTED, WARD)

    assert content.words in (words, words + 1) and SHORTEST_SECS - 5 <= made.seconds <= LONGEST_SECS
    assert sum("Cảnh báo: Giả công an" in one for one in made.paragraphs) == 2  # The headline at least.
    full = script(replace(content, body="năm mươi " * 110), POSTED, WARD)
    assert full.is_long and "nên rút bớt lời" in full.reading


def test_a_correction_and_a_bare_ward_say_only_what_is_so() -> None:
    correction = script(CORRECTION, CORRECTS, WARD)
    bare = script(SAMPLES["bare"][0], POSTED, BARE_WARD)

    assert correction.paragraphs[0].endswith("thay cho cảnh báo ngày mười chín tháng chín năm hai nghìn không trăm hai mươi sáu.")
    assert correction.paragraphs[1].startswith("Đính chính: ")
    assert bare.paragraphs[0].endswith("của Công an phường.") and "trực ban" not in " ".join(bare.paragraphs)
    assert "Bà con làm giúp một việc. Không thử." in bare.paragraphs


def test_foreign_words_count_as_they_are_said() -> None:
    assert [syllables_of(one) for one in ("nghiêng", "Telegram", "VNPT", "chuyển tiền", "—")] == [1, 3, 4, 2, 0]
    assert len(DIGITS) == 10


@pytest.mark.parametrize("name", SAMPLES)
def test_the_word_file_opens_and_holds_every_paragraph(name: str) -> None:
    content, posted, ward = SAMPLES[name]
    made = script(replace(content, body=f"{content.body} \x00\x0b"), posted, ward)
    file = as_docx(made, author="Công an phường Hồng Bàng", at=AT)

    paper = docx.Document(io.BytesIO(file))
    assert [one.text for one in paper.paragraphs] == [made.title, made.reading, made.about, *made.paragraphs]
    assert [one.style.font.name for one in paper.paragraphs if one.style] == ["Times New Roman"] * len(paper.paragraphs)
    page = paper.sections[0]
    assert page.page_width and page.page_height and (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert paper.styles["Normal"].font.size.pt == 20
    about = paper.core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("Công an phường Hồng Bàng", "Công an phường Hồng Bàng", "")
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        assert "vi-VN" in opened.read("word/styles.xml").decode()


def test_the_page_to_print_says_the_same() -> None:
    made = script(FRAUD, POSTED, WARD)

    assert made.as_text() == "\n\n".join((f"{made.title}\n{made.reading}\n{made.about}", *made.paragraphs)) + "\n"
    assert made.about == "Mã CB-7K3QX2, ngày 21/9/2026. Hết hạn 5/10/2026: sau ngày đó không đọc nữa."
