"""Somebody who feels threatened: for a tip they sent, or as the very matter they want to tell."""

from dataclasses import replace

import pytest

from tests.handlers.talk import Talk


@pytest.mark.parametrize("said", ["Tôi bị đe dọa", "toi bi de doa"])
def test_it_is_a_story_where_nothing_was_sent(said: str) -> None:
    talk = Talk()
    talk.says(said)

    assert "appeal" not in talk.what and talk.values("say")[0]["text"] == said


def test_it_belongs_to_the_matter_that_is_being_told() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.says("tôi bị đe dọa")

    assert "appeal" not in talk.what and len(talk.values("say")) == 2


def test_after_a_tip_it_goes_to_the_chief() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("send")
    talk.presses("safe:shared")
    talk.says("tôi bị đe dọa")

    assert [one["kind"] for one in talk.values("appeal")] == ["threat"]


def test_danger_reaches_duty_although_nothing_was_sent_before() -> None:
    talk = Talk()
    talk.presses("threatened")
    card = talk.says("nó đang cầm dao đứng ngoài cửa")
    talk.is_silent()

    assert "113" in card and "Im một phút" in card
    assert [one["text"] for one in talk.values("appeal")] == ["", "nó đang cầm dao đứng ngoài cửa"]
    assert "send" in talk.what and talk.values("danger")[-1]["is_urgent"]


def test_p3_danger_wakes_somebody_where_the_tip_it_is_about_was_shredded() -> None:
    talk = Talk(ward=replace(Talk().ward, keepers=1))
    talk.presses("restricted:fence")
    talk.says("Tối qua có người đổ rác ra sông")
    talk.presses("send")
    talk.presses("safe:shared")
    [sent] = talk.values("send")
    talk.presses("threatened")
    talk.tell(sent["tip_id"], is_shredded=True, restricted="fence")
    talk.presses("threatened")
    talk.says("nó đang cầm dao đứng ngoài cửa")
    talk.is_silent()

    woken = [one["tip_id"] for one in talk.values("danger") if one["is_urgent"]]
    assert sent["tip_id"] not in woken and woken == [talk.values("send")[-1]["tip_id"]]
    assert talk.values("restrict")[-1] | {"history_id": 0} == {"tip_id": woken[0], "kind": "fence", "history_id": 0}
