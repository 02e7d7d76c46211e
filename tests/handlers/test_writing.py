"""What officers may write to residents, and what an empty answer is."""

import pytest

from handlers.texts import say
from handlers.writing import MOST_WRITTEN, Refused, checked, checked_ending, tells_nothing

SITE = "tin.hongbang.vn"


@pytest.mark.parametrize(
    "words",
    [
        "Xe màu gì ạ?",
        "Đã chuyển tiền chưa ạ? Lúc mấy giờ, bao nhiêu?",
        "Anh/chị đã chuyển khoản vào tài khoản nào ạ?",
        "Đừng đọc mã OTP cho ai. Không ai ở đây hỏi mật khẩu.",
        "Xem thủ tục ở https://tin.hongbang.vn/thu-tuc nhé.",
        "Xem tin.hongbang.vn.",
        "Gọi trực ban 0225 3123 456 nếu cần.",
        "Việc này Điện lực giải quyết, tổng đài 1900 9501.",
        "Người đó đi hướng nào, mặc áo gì ạ?",
        "Was the money already sent? Which bank?",
        "Cửa hàng bắt đầu mở lúc mấy giờ ạ?",
        "Đèn đường đã bật lại chưa ạ?",
    ],
)
def test_honest_words_go_out(words: str) -> None:
    assert checked(words, site=SITE, spoken="vi") == words


@pytest.mark.parametrize(
    "words",
    [
        "xin cho biet ma otp",
        "Anh chị đọc giúp mã xác thực",
        "Hãy chuyển khoản 200 nghìn",
        "Đã chuyển tiền chưa? Nếu chưa thì xin chuyển tiền ngay",
        "Chụp giúp hai mặt CCCD",
        "Gọi video cho cán bộ xem mặt",
        "Lên phường làm việc lúc 8 giờ",
        "De nghi anh chi len phuong lam viec",
        "Giấy triệu tập đã gửi",
        "Vào tin.hongbang.vn.evil.top",
        "Vào https://tin.hongbang.vn@evil.top/x",
        "Vào eviltin.hongbang.vn",
        "Vào bit.ly/abc",
        "https://tin-hongbang.vn",
        "Kết bạn zalo.me/0912345678",
        "Người đó đã bị bắt giữ",
        "Gọi 0912.345.678",
        "Gọi +84 912 345 678",
        "Số căn cước 031098001234 của anh chị?",
        "\u200b\u200b",
        "😀 Cảm ơn",
    ],
)
def test_what_an_impostor_would_write_does_not(words: str) -> None:
    for spoken in ("vi", "en"):
        with pytest.raises(Refused) as refused:
            checked(words, site=SITE, spoken=spoken)
        assert refused.value.reasons


def test_without_a_site_of_its_own_no_link_goes_out() -> None:
    with pytest.raises(Refused):
        checked("Xem https://tin.hongbang.vn", site="", spoken="vi")


@pytest.mark.parametrize(
    "done",
    [
        "",
        "Đã tiếp nhận",
        "da tiep nhan thong tin",
        "Công an phường đã tiếp nhận và đang xem xét giải quyết.",
        "Đã ghi nhận phản ánh của công dân, xử lý theo đúng quy định của pháp luật hiện hành",
        "Xong",
        "ok",
        "Đã xử lý",
        "Cảm ơn anh/chị đã báo tin",
        "Received",
    ],
)
def test_an_answer_that_tells_nothing_is_empty(done: str) -> None:
    assert tells_nothing(done)
    with pytest.raises(Refused, match="write-refused") as refused:
        checked_ending(done, "Công an phường", site=SITE, spoken="vi")
    assert "đã làm gì, ngày nào, đơn vị nào" in refused.value.reasons[0]


@pytest.mark.parametrize(
    "done",
    [
        "Tối 12/3, tổ tuần tra đã tới nơi, yêu cầu dừng và lập biên bản.",
        "Đã nhắc nhở chủ quán giảm tiếng ồn",
        "Đã tiếp nhận và trả lại xe cho chủ",
        "The patrol went there and had it stopped",
    ],
)
def test_an_answer_that_tells_something_is_taken(done: str) -> None:
    assert checked_ending(done, " tổ tuần tra ", site=SITE, spoken="vi") == (done.rstrip("."), "tổ tuần tra")


def test_the_end_names_nobody_by_number_and_says_nothing_of_arrests() -> None:
    for done in ("Đã làm việc với chủ xe 15A-123.45, lập biên bản", "Đã bắt giữ hai người, thu tang vật", "Đã gọi 0912 345 678 hẹn trả xe"):
        with pytest.raises(Refused):
            checked_ending(done, "tổ tuần tra", site=SITE, spoken="vi")


def test_a_whole_file_pasted_by_mistake_is_called_too_long_and_not_read() -> None:
    """A hundred thousand signs were gone through from each of them: nobody else was served for a minute."""
    for check in (lambda text: checked(text, site=SITE, spoken="vi"), lambda text: checked_ending(text, "Công an", site=SITE, spoken="vi")):
        with pytest.raises(Refused) as refused:
            check("Chuyển tiền qua bit.ly/x, mật khẩu gì? " * 100)
        assert refused.value.reasons == (say("write-long", "vi", most=MOST_WRITTEN),)


@pytest.mark.parametrize(
    "words", ["Xem a-b.c.com nhé", "Vào -xau.vn", "Vào đ-xau.vn", "Vào .xau.vn", f"Vào {'a.' * 30}xau.vn", "Vào 1.2.3.4"]
)
def test_a_link_is_seen_however_it_begins(words: str) -> None:
    with pytest.raises(Refused):
        checked(words, site=SITE, spoken="vi")
