"""What becomes of a draft when something in it is taken back."""

from typing import Any

from handlers.messages import Ward
from storage.queries.aftercare import SaidIn
from tests.handlers.talk import Talk
from tests.insight.map import BOOK

CAT = "Có chuyện này lạ lắm"


def told(*texts: str) -> Talk:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2, book=BOOK))
    for number, text in enumerate(texts):
        talk.hear("text", text, source=f"t{number}")
    return talk


def takes_back(talk: Talk, source: str) -> str:
    return Talk._read(talk.hear("deleted", source=source))


def test_words_go_and_the_open_question_stays() -> None:
    talk = told("Có chuyện này lạ lắm", "Nhà ông Ba tối nào cũng đông")
    before = talk.state["step"]
    answer = takes_back(talk, "t1")

    assert [*talk.state["pieces"].values()] == ["Có chuyện này lạ lắm"]
    assert "Đã bỏ điều đó" in answer and talk.state["step"] == before and {"send", "cancel"} <= set(talk.offered)
    assert [one["source_hash"] for one in talk.values("retract")] == ["piece/t1"]
    assert talk.values("unsay")[0]["source"] == "t1"


def test_a_kind_heard_in_these_words_alone_goes_and_a_chosen_one_stays() -> None:
    heard, chosen = told("Có chuyện này lạ lắm", "tối nào cũng đánh bạc ăn tiền"), told("Có chuyện này lạ lắm")
    assert heard.state["category"] == "CB"
    chosen.presses("category:CB")
    chosen.presses("back")
    chosen.presses("category:CB")
    chosen.hear("text", "tối nào cũng đánh bạc ăn tiền", source="t1")
    for talk in (heard, chosen):
        takes_back(talk, "t1")

    assert (heard.state["category"], chosen.state["category"]) == ("", "CB")
    assert heard.values("category")[-1]["category"] == ""


def test_nothing_left_is_nothing_to_send() -> None:
    talk = told(CAT)
    takes_back(talk, "t0")

    assert talk.state["step"] == "words" and "send" not in talk.offered
    assert "Chưa có gì để gửi" in talk.says("gửi ngay")


def test_a_photo_goes_alone() -> None:
    talk = told(CAT)
    for source in ("p1", "p2"):
        talk.hear("photo", source=source, file={"file_id": source})
    gone = talk.values("attach")[0]["attachment_id"]
    takes_back(talk, "p1")

    assert talk.state["photos"] == 1 and [*talk.state["files"]] == ["piece/p2"]
    assert [one["attachment_id"] for one in talk.values("withdraw")] == [gone]


def test_of_a_place_the_words_or_the_pin_can_go() -> None:
    def place(talk: Talk) -> tuple[Any, ...]:
        return tuple(talk.values("place")[-1][name] for name in ("text", "neighbourhood_id", "latitude"))

    talk = told(CAT)
    talk.hear("text", "số 5 ngõ 12 Trần Phú", source="typed")
    talk.hear("location", latitude=20.85, longitude=106.68, source="pin")
    takes_back(talk, "typed")
    assert (place(talk), talk.state["place"]) == (("", None, 20.85), "nơi đã ghim trên bản đồ")
    takes_back(talk, "pin")
    assert (place(talk), talk.state["place"]) == (("", None, None), "")


def test_the_draft_that_waits_can_lose_something_too() -> None:
    talk = told(CAT)
    talk.presses("report")
    talk.presses("lay-aside")
    aside = talk.state["aside"]["tip_id"]
    talk.says("Đốt rác hôi cả xóm")
    takes_back(talk, "t0")

    assert talk.state["aside"]["pieces"] == {} and [*talk.state["pieces"].values()] == ["Đốt rác hôi cả xóm"]
    assert talk.values("retract")[0]["tip_id"] == aside


def test_under_the_danger_card_the_card_stays_while_something_is_left() -> None:
    talk = told("cứu với nó cầm dao", "ở cổng chợ")
    takes_back(talk, "t1")
    assert talk.state["step"] == "danger" and talk.offered == ["danger-send", "danger-safe"] and talk.last.wake
    takes_back(talk, "t0")

    assert talk.state["step"] == "words" and not (talk.last.wake and talk.last.wake.reason == "urgent")


def test_what_was_sent_stays_and_which_tip_it_is_in_is_said() -> None:
    talk = told(CAT)
    talk.presses("send")
    talk.presses("safe:shared")
    talk.said_in = SaidIn(tip_id=talk.mine[0].tip_id, tail="00AB", danger="")
    changes = len(talk.changes)

    assert "Tin 00AB gửi rồi" in takes_back(talk, "t0") and len(talk.changes) == changes


def test_what_stands_nowhere_is_answered_clearly() -> None:
    talk = told(CAT)
    takes_back(talk, "t0")
    for source in ("t0", "unknown"):
        assert "không còn gì để rút" in takes_back(talk, source)
    talk.presses("cancel-yes")
    assert "không còn gì để rút" in takes_back(talk, "t0") and set(talk.offered) == {"report", "my-tips"}
