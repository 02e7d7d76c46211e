"""Violence at home or harm to a child that is told only after the receipt: from then on nothing comes unasked."""

import pytest

from tests.handlers.talk import Talk


def sent_alone() -> Talk:
    talk = Talk()
    talk.says("Hàng xóm hát karaoke ồn quá")
    talk.presses("send")
    talk.presses("safe:alone")
    return talk


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("said", ["chồng tôi hay đánh tôi", "chồng em đánh em suốt"])
def test_nothing_comes_unasked_any_more_and_that_is_said(said: str, ends: bool) -> None:
    talk = sent_alone()
    if ends:
        talk.presses("after-end")
    answer = talk.says(said)

    assert talk.values("safe")[-1]["safe"] == "shared" and "sẽ không nhắn trước" in answer
    assert talk.state.get("after") is None


def test_it_is_said_once_and_of_nothing_else() -> None:
    talk = sent_alone()
    talk.presses("after-end")

    assert "không nhắn trước" not in talk.says("Họ hát tới khuya")
    talk.says("chồng tôi hay đánh tôi")
    assert "không nhắn trước" not in talk.says("chồng tôi hay đánh tôi, hôm qua nữa")
