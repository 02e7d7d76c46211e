"""Small answers as people really type them: with "dạ" and "ạ", or the word of a button that stands somewhere else."""

from typing import Any

import pytest

from handlers.messages import Ward
from storage.queries.aftercare import Asked
from tests.handlers.talk import NOW, Talk


def at_safe() -> Talk:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("send")
    return talk


@pytest.mark.parametrize("said", ["dạ không ạ", "Dạ, một mình ạ", "không có ai ạ", "just me", "chỉ có mình tôi"])
def test_alone_is_understood(said: str) -> None:
    talk = at_safe()
    talk.says(said)

    assert talk.values("send") and talk.values("safe")[-1]["safe"] == "alone"


@pytest.mark.parametrize("said", ["dạ có ạ", "có con cháu", "dạ có chồng hay xem", "có người nhà ạ"])
def test_shared_is_understood(said: str) -> None:
    talk = at_safe()
    talk.says(said)

    assert talk.values("send") and talk.values("safe")[-1]["safe"] == "shared" and len(talk.values("say")) == 1


@pytest.mark.parametrize("said", ["Gửi", "gửi đi ạ", "xong rồi", "Send"])
@pytest.mark.parametrize("steps", [(), ("category:CB",), ("category:CB", "skip")])
def test_send_is_no_story_and_no_place(said: str, steps: tuple[str, ...]) -> None:
    talk = Talk()
    talk.says("Có chuyện này")
    for data in steps:
        talk.presses(data)

    assert "cầm máy" in talk.says(said)
    assert len(talk.values("say")) == 1 and "place" not in talk.what


def test_a_no_to_a_question_of_yes_or_no_is_an_answer_and_is_kept() -> None:
    talk = at_safe()
    talk.presses("safe:alone")
    while talk.state["after"][0]["kind"] != "question":
        talk.presses("after-skip")
    question = talk.state["after"][0]["text"]
    answer = talk.says("dạ không ạ")

    assert talk.values("say")[-1]["text"] == f"{question}\n→ dạ không ạ" and "Đã ghi thêm" in answer


def test_what_was_not_kept_is_not_called_kept() -> None:
    talk = at_safe()
    talk.presses("safe:alone")

    assert "Đã ghi thêm" not in talk.says("không biết ạ") and len(talk.values("say")) == 1


def test_a_no_to_the_officer_is_an_answer() -> None:
    talk = at_safe()
    talk.presses("safe:shared")
    asked: Any = Asked(question_id=7, tip_id=talk.state["last_tip"]["tip_id"], tail="ABCD", at=NOW)
    talk.asked = asked
    talk.says("Không")

    assert talk.values("settle_question")[-1]["outcome"] == "answered" and talk.values("say")[-1]["text"] == "Không"


def test_agreeing_goes_on_where_no_name_can_be_taken() -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=0))
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("skip")
    talk.says("dạ vâng")

    assert talk.state["step"] == "safe" and len(talk.values("say")) == 1


def test_words_in_between_are_acknowledged_before_the_same_question() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("skip")

    assert talk.says("Hôm nào cũng có, từ trưa tới khuya").startswith("Đã ghi thêm")


@pytest.mark.parametrize("said", ["cảm ơn ạ", "dạ", "ok", "không"])
def test_thanks_are_no_addition(said: str) -> None:
    talk = at_safe()
    talk.presses("safe:shared")
    talk.says(said)

    assert len(talk.values("say")) == 1


def test_done_with_one_part_is_not_done_with_the_tip() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    for data in ("skip", "about:anonymous", "safe:alone", "edit", "edit:photos"):
        talk.presses(data)

    assert "Xem lại" in talk.says("xong") and "send" not in talk.what


@pytest.mark.parametrize("steps", [(), ("category:CB",), ("category:CB", "skip"), ("category:CB", "skip", "about:anonymous")])
def test_somebody_who_calls_alo_is_asked_again_and_nothing_is_written_down(steps: tuple[str, ...]) -> None:
    talk = Talk()
    talk.says("Có chuyện này")
    for data in steps:
        talk.presses(data)
    before = len(talk.changes)
    said = [talk.says(word) for word in ("alo", "alo", "Có ai không?", "alo", "alo", "alo")]

    assert len(talk.changes) == before and "send" in talk.offered
    assert not any("không trả lời nữa" in one for one in said)


def test_no_more_photos_is_no_part_of_the_story_and_retelling_adds_nothing() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    for data in ("skip", "about:anonymous", "safe:alone", "edit", "edit:photos"):
        talk.presses(data)
    assert "Xem lại" in talk.says("hết rồi ạ") and len(talk.values("say")) == 1
    talk.presses("edit")
    talk.presses("edit:words")

    assert "Đã ghi thêm" not in talk.says("Nhà đối diện đánh bạc")
