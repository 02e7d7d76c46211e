"""Harmless copies of a warning are the same, forgeries are not, and what was changed is shown."""

import time
import unicodedata

import pytest

from handlers.messages import Ward
from handlers.warnings.compare import Compared, compare, defanged, likeness, looks_like_warning
from handlers.warnings.content import Content, Posted, as_posted, check_address
from storage import moments
from storage.search import fold

WARD = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.hongbang.example.vn")
AT = moments.start_of_day(moments.local(1_790_000_000_000).date())
CONTENT = Content(
    theme="fraud",
    headline="Giả công an gọi điện đòi tiền",
    body="Có người gọi điện xưng là công an, dọa bắt và đòi chuyển 50.000.000 đồng.\nHọ nói phải giữ kín với người nhà.",
    lines=("Tắt máy, không làm theo.", "Không chuyển tiền, không đọc mã OTP.", "Gọi trực ban hỏi lại."),
)
TRUE = as_posted(CONTENT, Posted(code="CB-7K3M2Q", at=AT, expires_at=AT + 30 * moments.DAY), WARD)
CORE = "\n".join((CONTENT.headline, CONTENT.body, *CONTENT.lines))
OWN = f"{WARD.duty_phone}\n{check_address(WARD)}"


def found(sent: str) -> Compared:
    return compare(sent, TRUE, own=OWN)


def but(old: str, new: str) -> str:
    assert old in TRUE
    return TRUE.replace(old, new)


HARMLESS = {
    "as it is": TRUE,
    "blank lines gone": TRUE.replace("\n\n", "\n"),
    "all in one line": " ".join(TRUE.split()),
    "broken by a narrow screen": "\n".join(" ".join(TRUE.split()[at : at + 5]) for at in range(0, len(TRUE.split()), 5)),
    "capitals in the head": but("CẢNH BÁO: Giả công an gọi điện đòi tiền", "CẢNH BÁO: GIẢ CÔNG AN GỌI ĐIỆN ĐÒI TIỀN"),
    "small letters throughout": TRUE.lower(),
    "forwarded": f"Fwd: {TRUE}",
    "forwarded, said in Vietnamese": f"Chuyển tiếp: {TRUE}",
    "forwarded from somebody": f"Forwarded from Tổ trưởng tổ 7\n{TRUE}",
    "copied with who said it": f"[20:14, 3/4/2026] Cô Lan tổ 7: {TRUE}",
    "a flag and a row of pictures": f"🇻🇳🇻🇳 {TRUE}\n" + "🙏" * 40,
    "emoji around it": f"⚠️🚨 {TRUE} 🙏🙏",
    "other dashes and quotes": TRUE.replace("CB-7K3M2Q", "CB–7K3M2Q").replace("-", "—", 0),
    "bold stars": but("Không chuyển tiền", "*Không chuyển tiền*"),
    "bold letters of another alphabet": but("OTP", "𝗢𝗧𝗣"),
    "numbers as keycaps": TRUE.replace("1. ", "1️⃣ ").replace("2. ", "2️⃣ ").replace("3. ", "3️⃣ "),
    "bullets instead of numbers": TRUE.replace("1. ", "• ").replace("2. ", "• ").replace("3. ", "• "),
    "numbers gone": TRUE.replace("1. ", "").replace("2. ", "").replace("3. ", ""),
    "the number with dots": but("0225 3123 456", "0225.3123.456"),
    "the number with its country": but("0225 3123 456", "+84 225 3123 456"),
    "typed without marks": fold(TRUE),
    "odd blanks": TRUE.replace(" ", "\u00a0"),
    "decomposed": unicodedata.normalize("NFD", TRUE),
    "full stops gone": TRUE.replace(".\n", "\n"),
}


@pytest.mark.parametrize("sent", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_copy_is_the_same(sent: str) -> None:
    assert found(sent) == Compared()


FORGED: dict[str, tuple[str, str, str]] = {  # What was sent; a changed line of it that has to be shown; where it leads.
    "another number to call": (but("0225 3123 456", "0912 345 678"), "0912 345 678", "0912345678"),
    "a link added": (f"{TRUE}\nKhai báo tại http://congan-dichvu.top/khai", "hxxp[:]//congan-dichvu[.]top/khai", "congan-dichvu[.]top"),
    "the address changed": (but("keng.hongbang.example.vn", "keng-hongbang.example.com.vn"), "keng-hongbang", "keng-hongbang[.]example"),
    "an account added": (f"{TRUE}\nNộp phí xác minh vào STK 1903 4567 8901 23", "Nộp phí", "19034567890123"),
    "not is gone": (but("Không chuyển tiền, không đọc mã OTP.", "Chuyển tiền, không đọc mã OTP."), "Chuyển tiền", ""),
    "not is gone in the middle": (but("không đọc mã OTP", "đọc mã OTP"), "Không chuyển tiền, đọc mã OTP.", ""),
    "an order to do it": (but("Tắt máy, không làm theo.", "Giữ máy, làm theo hướng dẫn."), "Giữ máy", ""),
    "another sum": (but("50.000.000", "5.000.000"), "5.000.000", ""),
    "another day": (but(f"Hết hạn {moments.short_date(AT + 30 * moments.DAY)}", "Hết hạn 31/12/2099"), "31/12/2099", ""),
    "another police": (but("Công an phường Hồng Bàng, ngày", "Bộ Công an, ngày"), "Bộ Công an", ""),
    "a name put in": (but("Có người gọi điện", "Nguyễn Văn Ba gọi điện"), "Nguyễn Văn Ba", ""),
    "a line before it": (f"Cài ứng dụng VNeID bản mới ngay hôm nay\n{TRUE}", "Cài ứng dụng", ""),
    "one letter of another alphabet": (but("công an gọi", "công аn gọi"), "công аn", ""),
    "one mark": (but("dọa bắt", "đã bắt"), "đã bắt", ""),
    "another code": (but("CB-7K3M2Q", "CB-7K3M2R"), "CB-7K3M2R", ""),
    "113 becomes something else": (but("gọi 113", "gọi 1900 6868"), "1900 6868", "19006868"),
    "two lines change places": (but("Tắt máy, không làm theo.\n2. Không chuyển tiền", "Không chuyển tiền.\n2. Tắt máy"), "", ""),
}


@pytest.mark.parametrize(("sent", "line", "leads"), FORGED.values(), ids=FORGED)
def test_what_is_not_as_it_was_written_is_shown(sent: str, line: str, leads: str) -> None:
    shown = found(sent)

    assert not shown.is_same
    assert line in "\n".join(shown.changed) and shown.changed
    assert leads in "\n".join((*shown.links, *shown.phones, *shown.accounts))
    assert bool(shown.links or shown.phones or shown.accounts) is bool(leads)
    assert likeness(sent, CORE) > 0.5


HIDDEN = {
    "behind blank lines": TRUE + "\n" * 7000 + "Chuyển tiền vào 19033456789012",
    "behind more than is read": TRUE + "\n" * 30_000 + "Chuyển tiền vào 19033456789012",
    "behind signs nobody sees": TRUE + " " + "\u200b" * 7000 + "Chuyển tiền vào 19033456789012",
    "behind pictures": TRUE + "\n" + "🙏 " * 3000 + "\nChuyển tiền vào 19033456789012",
    "a number as numbers of lines": but("2. Không", "2. 09/ 12/ 34/ 56/ 78/ Không"),
    "a number in keycaps": TRUE + "\n" + "".join(f"{digit}\ufe0f\u20e3" for digit in "0912345678"),
    "as whoever passed it on": but("2. Không", "[20:14] Nộp tiền tại két công an: 2. Không"),
    "as whoever passed it on, first": f"[20:14] Kết bạn Zalo CAND99: {TRUE}",
    "as a forwarded message": but("2. Không", "Forwarded from Đại úy Nam, kết bạn Zalo CAND99\n2. Không"),
    "in boxed letters": TRUE + "\n🅲🅷🆄🆈🅴🅽 🆃🅸🅴🅽",
    "in flags": TRUE + "\n🇨🇭🇺🇾🇪🇳",
    "in letters of a font": TRUE + "\n\ue000\ue001",
    "backwards": but("0225 3123 456", "\u202e0225 3123 456\u202c"),
    "by a full stop": but("2. Không chuyển", "2. Không. Chuyển"),
}


@pytest.mark.parametrize("sent", HIDDEN.values(), ids=HIDDEN)
def test_nothing_is_hidden_in_what_is_folded_away(sent: str) -> None:
    shown = found(sent)
    assert not shown.is_same and (shown.changed or shown.is_cut)


def test_what_a_phone_has_cut_off_is_missing_and_not_changed() -> None:
    short = TRUE.split("2. ")[0] + "2. Không chuyển… Xem thêm"
    shown = found(short)

    assert shown.changed == () and shown.missing[0].startswith("2. Không chuyển tiền") and len(shown.missing) == 5
    assert found(TRUE.split("\n\nCần hỏi")[0]).changed == ()


def test_only_the_lines_that_differ_are_shown() -> None:
    shown = found(but("Gọi trực ban hỏi lại.", "Gọi số này hỏi lại: 0987 654 321"))

    assert shown.changed == ("3. Gọi số này hỏi lại: 0987 654 321",) and shown.phones == ("0987654321",)


def test_of_a_text_in_one_line_the_sentence_is_shown() -> None:
    shown = found(" ".join(but("không đọc mã OTP", "đọc mã OTP").split()))

    assert len(shown.changed) == 1 and "Không chuyển tiền, đọc mã OTP." in shown.changed[0] and len(shown.changed[0]) < 60


def test_nothing_that_is_shown_can_be_pressed() -> None:
    assert defanged("vào https://Cong-An.top/a?b=1, www.x.vn hay bit.ly/3x") == (
        "vào hxxps[:]//Cong-An[.]top/a?b=1, www[.]x[.]vn hay bit[.]ly/3x"
    )
    shown = found(but("keng.hongbang.example.vn/tra-cuu", "keng.hongbang.example.vn@evil.top/x hay cong-an.icu"))
    assert "@evil[.]top" in shown.changed[0] and shown.links == ("cong-an[.]icu",)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (TRUE, True),
        ("⚠️ CẢNH BÁO ⚠️ Bộ Công an thông báo: mọi người dân phải cập nhật căn cước trước ngày 30, nếu không sẽ bị phạt nặng.", True),
        ("Fwd: CANH BAO: Cong an phuong thong bao ba con khong mo cua cho nguoi la vao ban dem, co trom dot nhap.", True),
        ("Cảnh báo: công an đang xử phạt nồng độ cồn ở ngã tư, ai đi qua nhớ tránh đường khác nhé mọi người ơi", True),
        ("Chào công an, tôi muốn cảnh báo là nhà số 5 hay có người lạ tới ban đêm, xin các anh xem giúp tôi với ạ", False),
        ("Công an ơi cứu với, nó đang cầm dao đuổi theo tôi ở cổng chợ, tôi đã cảnh báo nó rồi mà nó không nghe", False),
        ("CẢNH BÁO: trời mưa to, bà con đi lại cẩn thận, tránh các đoạn đường ngập sâu ở khu vực chợ", False),
        ("CẢNH BÁO công an", False),
    ],
)
def test_a_warning_that_is_passed_on_is_told_from_a_story(text: str, is_one: bool) -> None:
    assert looks_like_warning(text) is is_one


def test_a_long_text_is_compared_in_a_moment() -> None:
    began = time.monotonic()
    found("chuyển tiền công an " * 2000)
    assert likeness("a b " * 5000, CORE) == 0.0
    assert time.monotonic() - began < 2
