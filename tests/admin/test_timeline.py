"""What happened to a tip, told as sentences: newest first, by day, nothing said twice, everything to be read."""

from typing import Any

import pytest
import time_machine

from admin.pages import tip_timeline
from admin.pages.tip_timeline import Timeline
from handlers import texts
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import tips
from storage.queries.tips import Happened

NOW = 1_773_342_000_000  # 02:00, Friday 13/3/2026.
NAMES = {"officer:7": "Trần Bình", "officer:8": "Lê Hoa"}


def happened(what: str, *, ago: int = 0, actor: str = "officer:7", **detail: Any) -> Happened:
    return Happened(at=NOW - ago, actor=actor, what=what, detail=detail)


def told(*history: Happened, language: str = "vi") -> Timeline:
    with time_machine.travel(NOW / 1000, tick=False):
        return tip_timeline.of_tip(WardBook(), language, history, NAMES)


def sentences(*history: Happened) -> list[str]:
    return [line.sentence for day in told(*history).days for line in day.lines]


def test_newest_first_by_day_and_what_was_repeated_is_one_line() -> None:
    timeline = told(
        happened("arrived", ago=3 * moments.DAY, actor="resident"),
        happened("viewed", ago=moments.DAY),
        happened("viewed", ago=80 * moments.MINUTE),
        happened("viewed", ago=40 * moments.MINUTE),
        happened("viewed", ago=20 * moments.MINUTE, actor="officer:8"),
        happened("accepted"),
    )

    assert [(day.name, [(line.time, line.sentence, line.times) for line in day.lines]) for day in timeline.days] == [
        (
            "Hôm nay",
            [("02:00", "Trần Bình đã đọc, nhận tin", 1), ("01:40", "Lê Hoa xem tin", 1), ("00:40–01:20", "Trần Bình xem tin", 2)],
        ),
        ("Hôm qua", [("02:00", "Trần Bình xem tin", 1)]),
        ("Thứ Ba 10/3", [("02:00", "Người báo gửi tin", 1)]),
    ]
    assert timeline.folded == () and timeline.count == 5


def test_lines_are_sentences_whoever_did_it() -> None:
    assert sentences(
        happened("contact_cut", actor="resident"),
        happened("danger_heard", actor="resident", urgent=True, danger="fire"),
        happened("clock_late", kind="enter"),
        happened("moved", move="classify"),
        happened("assigned", officer=8),
        happened("recategorised", before="TC", category="CR"),
        happened("shredded", actor="restore"),
        happened("accepted", actor="officer:99"),
    )[::-1] == [
        "Người báo cắt liên lạc",
        "Thành tin khẩn, lên đầu danh sách",
        "Xong sau hạn: " + texts.say("period-enter"),
        "Trần Bình ghi: Phân loại",
        "Trần Bình giao việc cho Lê Hoa",
        "Trần Bình đổi loại việc: Trộm cắp → Chưa rõ loại",
        "Đã hủy nội dung theo hạn lưu (Dựng lại từ bản sao)",
        "Cán bộ đã đọc, nhận tin",
    ]


def test_a_long_history_is_folded_and_none_of_it_left_out() -> None:
    history = [happened(("viewed", "told")[number % 2], ago=number * 6 * moments.HOUR) for number in range(120, 0, -1)]
    timeline = told(*history)
    shown, folded = (sum(len(day.lines) for day in days) for days in (timeline.days, timeline.folded))

    assert (shown, folded, timeline.count) == (tip_timeline.SHOWN_FIRST, 110, 120)
    assert told(*history[:14]).folded == ()


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_whatever_the_desk_shows_of_a_history_is_a_sentence_in_both_languages(language: str) -> None:
    detail: dict[str, Any] = {"move": "classify", "officer": 8, "before": "TC", "category": "TC", "kind": "enter", "urgent": False}
    for actor in ("officer:7", "resident", "system", "restore", "command line"):
        history = [happened(what, actor=actor, **detail) for what in tips._SHOWN]
        lines = [line.sentence for part in (told(*history, language=language),) for day in (*part.days, *part.folded) for line in day.lines]
        assert lines and [one for one in lines if not one[:1].isupper() or "{" in one] == []
