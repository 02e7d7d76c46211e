"""Buttons of last week drop nothing of today, and open nothing."""

from typing import Any

from handlers.messages import Ward
from tests.handlers.talk import Talk

CRY = "chồng tôi đang cầm dao dọa giết mẹ con tôi"


def presses_old(talk: Talk, data: str, serial: Any = 9_000) -> str:
    return "\n".join(reply.text for reply in talk.hear("button", data, serial=serial, under="5").replies)


def test_an_old_yes_drops_no_draft_of_today() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    asked = presses_old(talk, "cancel-yes")

    assert "Bỏ tin đang soạn ạ?" in asked and "drop" not in talk.what
    talk.presses("cancel-yes")
    assert "drop" in talk.what


def test_an_old_yes_cuts_no_contact() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    asked = presses_old(talk, "cut-yes")

    assert "Cắt liên lạc ạ?" in asked and "cut" not in talk.what
    talk.presses("cut-yes")
    assert "cut" in talk.what


def test_an_old_button_drops_no_matter_laid_aside_today() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("report")
    talk.presses("lay-aside")
    talk.says("Mất con gà")
    talk.presses("cancel")
    talk.presses("cancel-yes")
    presses_old(talk, "drop-aside")

    assert "aside" in talk.state and talk.offered == ["take-up", "drop-aside"]


def test_an_old_alone_opens_no_phone_from_which_somebody_cried_for_help() -> None:
    talk = Talk()
    talk.says(CRY)
    talk.presses("danger-send")
    presses_old(talk, "safe:alone")

    assert talk.values("safe")[-1]["safe"] == "shared"


def test_an_old_wish_to_give_a_name_is_answered_where_none_can_be_taken() -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=0))
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("skip")

    assert "chưa nhận tên" in presses_old(talk, "about:named")


def test_crying_the_same_words_after_sending_is_no_machine() -> None:
    talk = Talk()
    talk.says(CRY)
    talk.presses("danger-send")
    said = [talk.says("cứu tôi với") for _ in range(8)]

    assert not any("không trả lời nữa" in one for one in said) and "113" in said[-1]


def test_danger_finds_room_in_a_story_that_is_full() -> None:
    talk = Talk()
    talk.says("kể " * 6_660)
    card = talk.says("cháy nhà rồi, cứu với, trong nhà có hai đứa nhỏ")

    assert "114" in card and "dài quá" not in card and talk.state["step"] == "danger"
    assert "cháy nhà" in talk.values("say")[-1]["text"]
