"""A matter that was laid aside is never said not to be there, and a look at one's tips in between leaves every way open."""

import pytest

from tests.handlers.talk import Talk


def with_one_aside() -> Talk:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("report")
    talk.presses("lay-aside")
    talk.says("Mất con gà")
    return talk


def test_after_giving_up_the_second_matter_the_first_is_offered() -> None:
    talk = with_one_aside()
    talk.presses("cancel")
    answer = talk.presses("cancel-yes")

    assert "Đã bỏ tin đang soạn" in answer and "Còn một tin đang soạn dở" in answer and "take-up" in talk.offered


@pytest.mark.parametrize("said", ["hủy", "gửi ngay"])
def test_it_is_not_said_that_nothing_is_there(said: str) -> None:
    talk = with_one_aside()
    talk.presses("cancel")
    talk.presses("cancel-yes")
    answer = talk.says(said)

    assert "Không có tin nào" not in answer and "Chưa có gì" not in answer and talk.offered == ["take-up", "drop-aside"]


@pytest.mark.parametrize("has_tip", [False, True])
def test_a_look_at_ones_tips_keeps_the_way_on(has_tip: bool) -> None:
    talk = Talk()
    if has_tip:
        talk.says("Nhà bên cạnh đánh bạc")
        talk.presses("send")
        talk.presses("safe:shared")
        talk.presses("report")
    talk.says("Mất con gà")
    talk.says("xem")

    assert talk.offered == ["go-on", "send", "cancel"]
