"""What officers may write to residents, and what an empty answer is."""

import pytest

from handlers.texts import say
from handlers.writing import MOST_WRITTEN, Refused, checked, checked_ending, needs_chief, tells_nothing

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


ORDINARY = [
    "Xe màu gì, biển số nào ạ?",
    "Chuyện xảy ra lúc mấy giờ ạ?",
    "Người đó đi hướng nào, mặc áo gì ạ?",
    "Có mấy người ở đó ạ?",
    "Bây giờ còn ở đó không ạ?",
    "Tận mắt thấy hay nghe kể lại ạ?",
    "Có ai bị thương không ạ?",
    "Nhà có mấy tầng, cổng màu gì ạ?",
    "Đã chuyển tiền chưa ạ? Chuyển lúc nào, bao nhiêu?",
    "Xin cho biết đã chuyển khoản cho tài khoản nào ạ?",
    "Còn giữ biên lai, tin nhắn không ạ?",
    "Cán bộ trực đã đọc và vào sổ tin này.",
    "Tin đang được kiểm tra. Thấy gì mới, cứ nhắn thêm.",
    "Ngày 12/3, tin đã được chuyển tới Công an quận Lê Chân.",
    "Việc này Ủy ban nhân dân phường giải quyết, điện thoại 0225 3123 456.",
    "Chuyện ở đường Nguyễn Văn Cừ hay Trần Phú ạ?",
    "Gần trường tiểu học Lê Văn Tám phải không ạ?",
    "Ở chợ Bà Chiểu, cổng nào ạ?",
    "Tiếng ồn còn không ạ?",
    "Nếu thấy an toàn, giúp chụp thêm ảnh chỗ đổ rác.",
    "Xe đã tìm thấy, trực ban đang giữ. Khi tiện anh/chị ghé nhận.",
    "Anh/chị có nhớ thêm gì không ạ?",
    "Cảm ơn anh/chị. Công an phường đã ghi lại.",
    "Chị có thể nói rõ hơn chỗ đó không ạ?",
    "Tiệm cầm đồ mở cửa lúc mấy giờ ạ?",
    "Máy bơm bắt đầu kêu từ hôm nào ạ?",
    "Đèn đường đã bật lại chưa ạ?",
    "Đừng đọc mã OTP, mật khẩu cho ai.",
    "Ở đây không ai gọi video hay xin ảnh căn cước.",
    "Số nhà bao nhiêu, ngõ nào ạ?",
    "Nghe thấy tiếng cãi nhau từ mấy giờ ạ?",
    "Camera nhà anh/chị có quay được không ạ?",
    "Mai Công an phường sẽ ghé khu phố kiểm tra.",
    "Bà con trong tổ có thấy ai lạ không ạ?",
    "Hôm đó trời mưa, đường ngập, số thế nào ạ?",
    "Kẻ gọi đến xưng là ai, số điện thoại hiện ra thế nào?",
    "Anh Công an khu vực đã ghé, thấy đường đã dọn.",
    "What colour was the car?",
    "Which way did they go?",
    "The patrol went there and had it stopped.",
]
DODGED = [
    "Đọc mã O.T.P giúp",
    "cho xin 0TP",
    "gui ma o t p",
    "m4t kh4u zalo la gi",
    "mật\u200bkhẩu là gì",
    "mậtkhẩu zalo",
    "cho xin mât khâu",
    "Hãy chuy ển kho ản 200k",
    "Vui lòng ch.u.y.ể.n t.i.ề.n",
    "chuyển 500k phí hồ sơ giúp",
    "Xin nộp tiền phạt qua momo",
    "đọc giúp mã 6 số vừa nhận",
    "Gửi ảnh c.c.c.d hai mặt",
    "chup can cuoc gui len day",
    "chụp c ă n c ư ớ c",
    "gọi vi deo cho cán bộ",
    "xin gọi v1deo zalo",
    "gọi Zalo có hình giúp",
    "Mời anh chị l ên ph ường l àm v iệc",
    "moi len phuong lam viec",
    "Giấy tri ệu t ập",
    "Vào b i t . l y/abc",
    "Vào bit . ly/abc",
    "ОТР là gì",
    "cho xin ＯＴＰ",
    "Đọc hai mặt thẻ ngân hàng",
    "Đọc số thẻ giúp",
    "s ố t h ẻ",
]
FOR_THE_CHIEF = [
    "Đã bắt được người đó rồi",
    "da bat duoc nguoi do",
    "đ ã b ắ t rồi",
    "người đó bị b.ắ.t",
    "đã b4t rồi",
    "Người đó là Nguyễn Văn Hùng",
    "Anh Hùng đã nhận xe",
    "nguyen van hung da ve",
    "Đối tượng Tuấn ở đâu ạ?",
    "Bà Lan có nhà không ạ?",
    "NGUYỄN THỊ HOA có ở nhà không",
]


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_sentences_of_a_desk_pass(words: str) -> None:
    assert checked(words, site=SITE, spoken="vi") == words
    assert needs_chief(words) == {}


@pytest.mark.parametrize("words", DODGED)
def test_what_is_asked_in_a_roundabout_spelling_is_stopped_all_the_same(words: str) -> None:
    for by_chief in (False, True):
        with pytest.raises(Refused) as refused:
            checked(words, site=SITE, spoken="vi", by_chief=by_chief)
        assert refused.value.reasons and refused.value.why == ()  # No chief can let it go out either.


@pytest.mark.parametrize("words", FOR_THE_CHIEF)
def test_names_and_arrests_need_the_chief_and_nothing_else_does(words: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(words, site=SITE, spoken="vi")
    assert refused.value.why and set(refused.value.why) <= {"name", "arrest"}
    assert checked(words, site=SITE, spoken="vi", by_chief=True) == words


def test_beside_something_worse_the_chief_is_not_offered() -> None:
    with pytest.raises(Refused) as refused:
        checked("Anh Hùng đã bị bắt, xin chuyển khoản", site=SITE, spoken="vi")
    assert refused.value.why == () and len(refused.value.reasons) == 3
    with pytest.raises(Refused, match="write-refused") as refused:
        checked_ending("Đã tới nơi, đưa ông Trần Văn Bảy về nhà", "Công an phường", site=SITE, spoken="vi")
    assert refused.value.why == ("name",)
    done, _unit = checked_ending("Đã tới nơi, đưa ông Trần Văn Bảy về nhà", "Công an phường", site=SITE, spoken="vi", by_chief=True)
    assert done.endswith("về nhà")
