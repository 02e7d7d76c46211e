"""Warnings as they may be written, the longest and the barest of them included."""

from dataclasses import replace

from handlers.messages import Ward
from handlers.warnings.content import Content, Posted
from storage import moments

AT = moments.start_of_day(moments.local(1_790_000_000_000).date())
WARD = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.hongbang.example")
BARE_WARD = Ward(id=1, name="", duty_phone="")
LONG_WARD = Ward(
    id=1,
    name="Hoàng Văn Thụ – Vĩnh Niệm – Đông Hải, thành phố Hải Phòng",
    duty_phone="0225 3123 456 hoặc 0912 345 678",
    public_url="https://tin.conganphuonghoangvanthu.haiphong.gov.example.vn",
)
POSTED = Posted(code="CB-7K3QX2", at=AT, expires_at=AT + 14 * moments.DAY)
CORRECTS = replace(POSTED, corrects="CB-M4T9ZA", corrects_at=AT - 2 * moments.DAY)
Sample = tuple[Content, Posted, Ward]

FRAUD = Content(
    theme="fraud",
    headline="Giả công an gọi điện đòi tiền",
    body="Có người gọi điện xưng là công an, dọa bắt và đòi chuyển 5.000.000 đ vào tài khoản lạ trước 21:05 ngày 12/3/2026.",
    lines=("Tắt máy.", "Không chuyển tiền, không đọc mã OTP.", "Gọi 113 hoặc trực ban hỏi lại."),
)
CORRECTION = Content(
    kind="correction",
    theme="children",
    headline="Không có vụ bắt cóc trẻ em nào",
    body="Tin hôm qua chưa đúng. Cháu bé đã tự về nhà, không ai bị bắt đi.",
)
THANKS = Content(
    kind="thanks",
    theme="theft",
    headline="Bà con báo tin, trộm xe giảm",
    body="Tháng 9, bà con nhắn 42 tin. 12 xe máy đã về với chủ. Cảm ơn bà con.",
)
_ACTION = "Không nghiêng ngả nghe chuyển khoản, không nghênh ngang truyền thông tin cho người không quen biết trước ngày 12/12/2026"
SAMPLES: dict[str, Sample] = {
    "fraud": (FRAUD, POSTED, WARD),
    "correction": (CORRECTION, CORRECTS, WARD),
    "thanks": (THANKS, POSTED, WARD),
    "marks": (Content(headline="Ấp Ẩn, Ổ Ỗ Ự Ậ", body="x", lines=("Ẵẳ Ỗỗ Ệệ Ựự Ỹỵ", "ẪẪẪ ỘỘỘ")), POSTED, WARD),
    "bare": (Content(theme="drugs", headline="Kẹo lạ", body="x", lines=("Không thử.",)), POSTED, BARE_WARD),
    "only a headline": (Content(kind="thanks", headline="Cảm ơn bà con"), POSTED, BARE_WARD),
    "longest": (Content(headline=" ".join(["nghiêng"] * 7), body="x", lines=(_ACTION, _ACTION, _ACTION)), CORRECTS, LONG_WARD),
    "endless words": (Content(headline=" ".join(["a" * 40] * 7), body="x", lines=("b" * 90, "c" * 90, "d")), POSTED, LONG_WARD),
    "longest correction": (replace(CORRECTION, headline=" ".join(["nghiêng"] * 7), lines=(_ACTION,) * 3), CORRECTS, LONG_WARD),
}
