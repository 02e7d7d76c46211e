"""What is passed on to be checked is answered and is no tip; whoever wants to report it can."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.messages import Ward
from handlers.warnings.checking import Checked, Known
from handlers.warnings.compare import Compared
from tests.handlers.talk import NOW, Talk

KNOWN = Known(code="CB-7K3M2Q", is_correction=False, at=NOW - 1000, expires_at=NOW + 1000, is_cancelled=False, posted="CẢNH BÁO: x\n1. y")
FORGED = "CẢNH BÁO: x\nChuyển tiền ngay vào http://xau.top, công an phường thông báo để bà con được biết. CB-7K3M2Q"
DIFFERS = Compared(changed=("Chuyển tiền ngay vào hxxp[:]//xau[.]top",), links=("xau[.]top",))


class Reader(Talk):
    """`checked`: what the memory tells of whatever is sent."""

    checked: Checked | None = None

    def facts(self) -> Any:
        return replace(super().facts(), checked=self.checked)


def reader(checked: Checked | None, **more: Any) -> Reader:
    one = Reader(**more)
    one.checked = checked
    return one


def test_a_forged_warning_is_no_tip_and_its_lines_are_shown() -> None:
    one = reader(Checked(codes=(KNOWN.code,), known=KNOWN, compared=DIFFERS, has_text=True))
    said = one.says(FORGED)

    assert one.what == [] and "tip_id" not in one.state
    assert said.index("Dòng khác") < said.index("Nguyên văn:") < said.index("là giả")
    assert "hxxp[:]//xau[.]top" in said and "http://" not in said and one.replies[-1].quotes
    assert "report-this" in one.offered


def test_whoever_wants_to_reports_it_with_one_tap() -> None:
    one = reader(Checked(codes=(KNOWN.code,), known=KNOWN, compared=DIFFERS, has_text=True))
    one.hear("photo", FORGED, file={"file_id": "f1"}, album="a1")
    one.hear("photo", "", file={"file_id": "f2"}, album="a1")  # The rest of the album is no tip either.
    assert one.what == []
    one.checked = None
    one.presses("report-this")

    assert one.what[:3] == ["open", "attach", "say"]
    assert one.values("say")[0]["text"] == FORGED and one.values("attach")[0]["file"] == {"file_id": "f1"}
    assert "passed_on" not in one.state


def test_a_code_alone_is_answered_in_the_middle_of_a_matter_and_a_text_belongs_to_it() -> None:
    one = reader(None)
    one.says("Hôm qua có người lạ vào ngõ")
    one.checked = Checked(codes=(KNOWN.code,), known=KNOWN)
    assert "Nguyên văn" in one.says("cb 7k3m2q")
    assert one.what.count("say") == 1
    one.checked = Checked(codes=(KNOWN.code,), known=KNOWN, compared=DIFFERS, has_text=True)
    assert "Nguyên văn" not in one.says(FORGED) and "passed_on" not in one.state


def test_the_words_of_a_correction_come_first() -> None:
    known = replace(KNOWN, corrections=((NOW, "ĐÍNH CHÍNH: z"),), expires_at=NOW - 1, is_cancelled=False)
    said = reader(Checked(codes=(known.code,), known=known)).says("CB-7K3M2Q")

    assert said.index("Đã có đính chính") < said.index("ĐÍNH CHÍNH: z") < said.index("Mã CB-7K3M2Q") < said.index("CẢNH BÁO: x")
    assert "đã hết hạn" in said


def test_what_is_not_known_is_said_to_be_so() -> None:
    one = reader(Checked(has_text=True, compared=Compared(phones=("0912345678",))))
    said = one.says("CẢNH BÁO: công an yêu cầu gọi ngay 0912345678 để xác minh, nếu không sẽ bị khóa tài khoản")

    assert "máy không biết" in said and "0225 3123 456" in said and "số điện thoại 0912345678" in said and one.what == []
    assert "chưa phát cảnh báo nào có mã CB-000000" in reader(Checked(codes=("CB-000000",))).says("CB-000000")
    assert "chưa đọc được" in reader(Checked()).says("CB-00000X")


def test_who_may_be_in_danger_is_not_told_about_warnings() -> None:
    one = reader(Checked(has_text=True, compared=Compared()))
    one.says("CẢNH BÁO: công an ơi cứu với, nó đang cầm dao chém người ở cổng chợ, mau tới ngay kẻo chết người")

    assert "open" in one.what and one.state["step"] == "danger"


@pytest.mark.parametrize(
    "text",
    [
        "Có người xưng công an gọi cho tôi",
        "co nguoi xung cong an goi cho toi",
        "có người xưng là công an gọi điện",
        "Vừa có người giả công an gọi ạ",
        "alo có người tự xưng công an gọi cho em",
        "ai đó bảo là công an phường gọi cho mẹ tôi",
        "so la xung vien kiem sat goi video cho toi",
        "dạ có đứa giả danh công an gọi điện cho con ạ",
        "Có người xưng công an gọi",
    ],
)
def test_police_who_call_are_answered_with_advice(text: str) -> None:
    one = reader(None)
    said = one.says(text)

    assert "không làm việc qua điện thoại" in said and one.offered == ["cheated", "report"] and one.what == []
    assert "Khoan chuyển tiền" in one.presses("cheated")


@pytest.mark.parametrize(
    "text", ["Hôm qua có người xưng công an gọi cho mẹ tôi lừa mất 30 triệu", "Công an gọi cho tôi hôm qua hẹn lên lấy căn cước mà chưa có"]
)
def test_a_story_about_it_is_a_story(text: str) -> None:
    one = reader(None)
    one.says(text)

    assert "open" in one.what


def test_it_stands_among_the_first_choices_where_there_is_room() -> None:
    offered = {channel: reader(None, channel=channel) for channel in ("telegram", "zalo_bot", "zalo_oa", "webchat")}
    for one in offered.values():
        one.hear("command", "start")

    assert {channel for channel, one in offered.items() if "police-called" in one.offered} == {"telegram", "zalo_bot", "webchat"}
    one = offered["zalo_oa"]
    one.presses("procedures")
    assert "police-called" in one.offered


def test_without_a_duty_number_nobody_is_sent_to_one() -> None:
    one = reader(None, ward=Ward(id=1, name="", duty_phone=""))
    one.presses("police-called")

    assert "tự tới Công an phường" in one.replies[-1].text
