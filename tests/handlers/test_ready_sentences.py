"""Ready sentences: every one of ours could go out as it stands, and a ward's own are held to the same."""

import pytest

from handlers import ready_sentences as ready
from handlers.messages import Ward
from handlers.ready_sentences import Ready
from handlers.texts import say

SITE = "tin.hongbang.vn"
HERE = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_of_ours_passes_the_checks_in_both_languages(language: str) -> None:
    known = ready.ours(language)
    assert len(known) >= 12 and len({one.key for one in known}) == len(known)
    assert {one.kind for one in known} == set(ready.KINDS)
    assert {one.outcome for one in known if one.kind == "ending"} == set(ready.OUTCOMES)
    for one in known:
        assert ready.complaints_about(one, site=SITE, spoken=language) == [], one.text
        assert len(one.text) <= 200 and "anh/chị" not in one.text.replace("anh/chị", "", 1)  # Once per message at most.


def test_variables_are_filled_in_both_languages_and_unknown_ones_are_named() -> None:
    values = {"code": "9DAF", "date": "12/3/2026", "unit": say("ready-unit", "vi", ward=HERE.called), "duty": HERE.duty_phone}
    assert ready.filled("{mã} {ngày} {đơn vị} { Trực Ban }", values) == "9DAF 12/3/2026 Công an phường Hồng Bàng 0225 3123 456"
    assert ready.filled("{code} {duty} {lạ}", values) == "9DAF 0225 3123 456 {lạ}"
    assert ready.filled("Gọi {trực ban}", {"duty": ""}) == "Gọi trực ban"
    found = ready.complaints_about(Ready(key="", kind="question", language="vi", text="Gặp {ai} ạ?"), site=SITE, spoken="vi")
    assert len(found) == 1 and "“ai”" in found[0]


@pytest.mark.parametrize(
    ("kind", "outcome", "text"),
    [
        ("question", "", "Đọc mã OTP giúp ạ"),
        ("status", "", "Đã bắt được người đó"),
        ("ending", "done", "Đã tiếp nhận"),
        ("ending", "", "Tổ tuần tra đã tới nơi và lập biên bản"),
        ("question", "done", "Xe màu gì ạ?"),
        ("other", "", "Xe màu gì ạ?"),
        ("question", "", ""),
    ],
)
def test_a_sentence_that_could_not_go_out_is_not_kept(kind: str, outcome: str, text: str) -> None:
    for spoken in ("vi", "en"):
        assert ready.complaints_about(Ready(key="", kind=kind, language="vi", text=text, outcome=outcome), site=SITE, spoken=spoken)


def test_what_stands_in_the_field_already_stays() -> None:
    assert ready.joined("Xin chào.", "Xe màu gì ạ?") == "Xin chào. Xe màu gì ạ?"
    assert ready.joined("", "Xe màu gì ạ?") == ready.joined("Xe màu gì ạ?", "Xe màu gì ạ?") == "Xe màu gì ạ?"
