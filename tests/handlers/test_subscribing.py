"""Warnings in one's own chat: which place, which themes, one tap to leave; and nobody is asked who has something else on their mind."""

from typing import Any

import pytest

from handlers.messages import Ward
from handlers.ward_book import Neighbourhood, WardBook
from tests.handlers.talk import Talk

BOOK = WardBook(neighbourhoods=tuple(Neighbourhood(id=many, name=f"Tổ {many}") for many in range(1, 16)))


def talk(**more: Any) -> Talk:
    return Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", book=BOOK), **more)


def test_a_button_that_somebody_made_up_breaks_nothing() -> None:
    one = talk()
    for data in ("subscribe-areas:", "subscribe-area:"):
        assert all("Nhận cho nơi nào" in one.presses(data + odd) for odd in ("9" * 5000, "²", "-1"))


def test_two_taps_and_it_is_done() -> None:
    one = talk()
    said = one.says("Nhận cảnh báo")
    assert "không thấy là ai" in said and "mỗi tuần một lần" in said
    one.presses("subscribe-areas:1")
    one.presses("subscribe-area:14")
    said = one.presses("subscribe-done")

    assert one.values("subscribe") == [{"row_id": one.count, "neighbourhood_id": 14, "themes": []}]
    assert "Tổ 14" in said and "mọi loại" in said and one.offered[0] == "unsubscribe"
    one.presses("unsubscribe")
    assert one.what == ["subscribe", "unsubscribe"] and "subscribed" not in one.state


def test_some_themes_and_another_place_later() -> None:
    one = talk()
    one.hear("command", "canhbao")
    one.says("tổ 3")
    one.presses("subscribe-theme:fraud")
    one.presses("subscribe-theme:fire")
    one.presses("subscribe-done")
    assert one.values("subscribe")[0]["themes"] == ["fraud", "fire", "general"]

    assert "Lừa đảo, Cháy nổ" in one.says("nhận cảnh báo")
    one.presses("subscribe:again")
    one.presses("subscribe-area:all")
    one.presses("subscribe-done")
    assert one.values("subscribe")[1] | {"row_id": 0} == {"row_id": 0, "neighbourhood_id": None, "themes": []}


def test_a_number_is_the_place_that_is_called_so() -> None:
    one = talk(channel="zalo_bot")
    one.says("nhận cảnh báo")
    one.says("7")

    assert one.state["subscribing"]["area"] == 7


def test_a_story_told_instead_is_a_tip() -> None:
    one = talk()
    one.says("nhận cảnh báo")
    one.says("Hôm qua mất xe máy trong ngõ")

    assert one.what[0] == "open" and one.state["step"] != "subscribe-area"


def test_it_waits_while_something_is_told_and_is_silent_under_the_card() -> None:
    one = talk()
    one.says("Hôm qua mất xe máy trong ngõ")
    assert "Đang soạn dở" in one.says("nhận cảnh báo")
    assert "subscribe" not in one.what and one.state["step"] != "subscribe-area"

    cries = talk()
    cries.says("cứu với nó cầm dao đâm người")
    assert "113" in cries.says("nhận cảnh báo") and cries.state["step"] == "danger"


def test_it_is_offered_once_after_a_calm_receipt() -> None:
    one = talk()
    for many in range(2):
        one.says("Hôm qua mất xe máy trong ngõ")
        one.presses("send")
        one.presses("safe:alone")
        while "after-end" in one.offered:
            one.presses("after-end")
        assert ("subscribe" in one.offered) is (many == 0)
        one.presses("report")


@pytest.mark.parametrize("story", ["Chồng tôi đánh tôi suốt tuần qua", "Cháy nhà rồi cứu với", "Hôm qua mất xe máy trong ngõ"])
def test_it_is_never_offered_on_a_shared_phone_or_after_danger(story: str) -> None:
    one = talk()
    one.says(story)
    if "danger-safe" in one.offered:
        one.presses("danger-safe")
    one.presses("send")
    one.presses("safe:shared")
    while "after-end" in one.offered:
        one.presses("after-end")

    assert "send" in one.what and "subscribe" not in one.offered and not any("Nhận cảnh báo" in reply.text for reply in one.replies)


@pytest.mark.parametrize("kind", ["left", "withdrawn"])
def test_whoever_leaves_gets_nothing_more(kind: str) -> None:
    one = talk(channel="webchat")
    one.says("nhận cảnh báo")
    one.presses("subscribe-area:2")
    one.presses("subscribe-done")
    one.hear(kind)

    assert one.what == ["subscribe", "unsubscribe"]
    stranger = talk(channel="telegram")
    stranger.hear(kind)
    assert stranger.what == []


def test_how_it_comes_is_said_as_it_is_on_each_channel() -> None:
    said = {channel: talk(channel=channel).says("nhận cảnh báo") for channel in ("webchat", "zalo_oa", "telegram")}

    assert "Trang này không tự báo" in said["webchat"] and "Zalo chỉ cho nhắn" in said["zalo_oa"] and "Zalo" not in said["telegram"]
