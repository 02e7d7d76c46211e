from handlers.messages import Ward
from handlers.warnings.codes import codes_in, looks_like_code, new_code
from handlers.warnings.content import Content, Posted, as_posted, mistakes, tidy
from storage import moments

WARD = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.hongbang.example")
FAKE_POLICE = Content(
    theme="fraud",
    headline="Giả công an gọi điện đòi tiền",
    body="Có người gọi điện xưng là công an, dọa bắt và đòi chuyển tiền.",
    lines=("Tắt máy.", "Không chuyển tiền.", "Gọi trực ban hỏi lại."),
)
AT = moments.start_of_day(moments.local(1_790_000_000_000).date())


def test_what_is_posted_says_who_when_until_when_and_how_to_check() -> None:
    code = new_code()

    text = as_posted(FAKE_POLICE, Posted(code=code, at=AT, expires_at=AT + 30 * moments.DAY), WARD)

    assert text.startswith("CẢNH BÁO: Giả công an gọi điện đòi tiền\n\n")
    assert "3. Gọi trực ban hỏi lại." in text and WARD.duty_phone in text and "113" in text
    assert "Công an phường Hồng Bàng, ngày " in text and "keng.hongbang.example/tra-cuu" in text
    assert codes_in(text) == (code,)


def test_what_a_ward_does_not_have_yet_is_not_spoken_of() -> None:
    """A ward without a number posted "gọi trực ban: ." and the path of a page that nobody could open."""
    text = as_posted(FAKE_POLICE, Posted(code=new_code(), at=AT, expires_at=AT), Ward(id=1, name="", duty_phone=""))

    assert "gọi 113." in text and "trực ban:" not in text and "/tra-cuu" not in text


def test_a_correction_names_what_it_puts_right() -> None:
    correction = Content(kind="correction", headline="Không có vụ bắt cóc nào", body="Tin hôm qua chưa đúng.")

    text = as_posted(correction, Posted(code=new_code(), at=AT, expires_at=AT, corrects="CB-AAAAA0", corrects_at=AT), WARD)

    assert text.startswith("ĐÍNH CHÍNH cảnh báo mã CB-AAAAA0 ngày ")


def test_codes_are_found_as_people_send_them() -> None:
    code = new_code()
    loose = code.lower().replace("-", " ")

    assert codes_in(f"cho hỏi {loose} có đúng không, {code}") == (code,)
    assert codes_in(f"{code[:5]}{'1' if code[5] != '1' else '2'}{code[6:]}") == ()
    assert looks_like_code(f" {code}.") and not looks_like_code(f"cho hỏi {code}")


def test_what_is_too_long_or_missing_is_named() -> None:
    assert mistakes(FAKE_POLICE) == []
    assert mistakes(Content()) == ["warning-no-headline", "warning-no-body", "warning-no-lines"]
    long = Content(headline="một hai ba bốn năm sáu bảy tám", body="từ " * 130, lines=("a", "b", "c", "d"), theme="other")
    assert mistakes(long) == ["warning-long-headline", "warning-many-lines", "warning-too-long", "warning-no-theme"]


def test_what_was_pasted_is_made_tidy() -> None:
    assert tidy(Content(headline=" Khóa   cửa\n", body="a  b\n\n c", lines=(" - 1. Khóa cửa", "", "• Gọi 113"))) == Content(
        headline="Khóa cửa", body="a b\nc", lines=("Khóa cửa", "Gọi 113")
    )
