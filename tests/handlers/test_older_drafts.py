"""Drafts that were open when the present conversation took over: whatever had been asked then, they can be told on and sent."""

from typing import Any

import pytest

from tests.handlers.talk import NOW, Talk

_STEPS = ("words", "category", "photos", "place", "about", "name", "callback", "review", "edit")
_BUTTONS_OF_THEN = (
    "cancel-no",
    "photos-done",
    "place-skip",
    "category:KH",
    "callback:none",
    "about:anonymous",
    "back",
    "edit:place",
    "edit",
)


def older(step: str, **more: Any) -> Talk:
    """The state as the older conversation kept it."""
    draft = {"tip_id": 5, "pieces": {"piece/m0": "Có chuyện ở ngõ"}, "photos": 0, "place": "", "started_at": NOW - 1000, "sent_at": None}
    return Talk(state={"met": True, "step": step, **draft, "offered": [["Gửi ngay", "send"], ["Hủy", "cancel"]], **more})


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("pressed", ("", *_BUTTONS_OF_THEN))
def test_it_can_be_told_on_and_sent(step: str, pressed: str) -> None:
    talk = older(step)

    assert talk.presses(pressed) if pressed else talk.says("0912 345 678" if step in ("callback", "name") else "Nhắn thêm")
    for _ in range(3):
        talk.presses("safe:alone" if talk.state["step"] == "safe" else "send")
        if "send" in talk.what:
            break

    assert [values["tip_id"] for values in talk.values("send")] == [5]
    assert "tip_id" not in talk.state


@pytest.mark.parametrize(("step", "asked"), [("place", "about"), ("about", "safe"), ("callback", "safe")])
def test_what_had_its_answer_then_is_not_asked_again(step: str, asked: str) -> None:
    talk = older(step)

    talk.presses({"place": "place-skip", "about": "about:anonymous", "callback": "callback:none"}[step])
    if step == "place":  # That button is no longer ours: the question is put once more, with a way around it.
        talk.presses("skip")

    assert talk.state["step"] == asked


def test_a_correction_that_was_under_way_leads_back_to_the_review() -> None:
    talk = older("place", from_review=True, replacing="place")

    talk.says("Ngã ba đầu cầu")

    assert talk.state["step"] == "review"
    assert talk.values("place")[-1]["text"] == "Ngã ba đầu cầu"
