"""What a channel cannot carry is not offered there: no buttons, no position; and whatever is printed works when it is typed."""

import pytest

from handlers import capabilities
from handlers.flows.conversation import Found
from handlers.messages import WITHHELD, Ward
from tests.handlers.talk import NOW, Talk
from tests.insight.map import BOOK


def on_zalo() -> Talk:
    return Talk(channel="zalo_bot", ward=Ward(id=1, name="", duty_phone="0225 3123 456", book=BOOK))


def test_nothing_is_pressed_where_there_are_no_buttons() -> None:
    talk = on_zalo()
    card = talk.says("Cứu với, có người cầm dao đang đuổi chém")

    assert "thì gõ 1: lời vừa nhắn" in card and "bấm" not in card
    assert talk.replies[-1].numbered
    assert "Đã chuyển tới trực ban" in talk.says("1")


def test_on_a_channel_with_buttons_the_card_speaks_of_them() -> None:
    assert "bấm nút dưới, hoặc gõ 1" in Talk().says("Cứu với, có người cầm dao đang đuổi chém")


def test_what_people_said_themselves_stays_as_they_said_it() -> None:
    talk = Talk(channel="zalo_bot")
    talk.says("Hôm qua xe tôi bị bẻ khóa, có người bấm chuông")
    for data in ("category:TC", "skip", "about:anonymous"):
        talk.presses(data)
    said = talk.says("Chỉ một mình")

    assert talk.state["step"] == "review"
    assert "có người bấm chuông" in said and "thì gõ Sửa" in said


def test_no_position_is_asked_for_and_a_number_there_is_an_answer() -> None:
    talk = on_zalo()
    talk.says("Hôm qua xe tôi bị bẻ khóa")
    talk.presses("category:TC")

    assert talk.state["step"] == "place"
    assert "không nhận được định vị" in talk.replies[-1].text
    assert not talk.replies[-1].asks_place and not talk.replies[-1].numbered
    talk.says("7")
    assert talk.state["place"] == "7"


def test_a_neighbourhood_is_chosen_from_the_list_by_its_own_number() -> None:
    talk = on_zalo()
    talk.says("Hôm qua xe tôi bị bẻ khóa")
    talk.presses("category:TC")
    talk.says("Chọn tổ dân phố")
    label = talk.replies[-1].buttons[2].label
    number = "".join(filter(str.isdigit, label))
    talk.says(number)

    assert talk.state["place"] == label


def test_every_choice_that_is_printed_works_when_it_is_typed() -> None:
    """Walks into every offer of the first steps, by number where numbers choose and by words everywhere."""
    for step in range(4):
        talk = on_zalo()
        talk.says("Hôm qua xe tôi bị bẻ khóa ở cổng chợ")
        for _ in range(step):
            talk.says("Bỏ qua")
        for number, button in enumerate(talk.replies[-1].buttons, 1):
            for typed in [button.label, *([str(number)] if talk.replies[-1].numbered else [])]:
                one, other = on_zalo(), on_zalo()
                one.state, other.state = dict(talk.state), dict(talk.state)
                one.count = other.count = talk.count
                pressed, said = one.presses(button.data), other.says(typed)
                assert (pressed, one.state.get("step")) == (said, other.state.get("step")), (step, typed)


def test_what_the_platform_withholds_is_answered_with_another_way() -> None:
    talk = on_zalo()
    talk.ward = Ward(id=1, name="", duty_phone="0225 3123 456", public_url="https://tin.example.vn")
    said = talk._read(talk.hear("unreadable", WITHHELD))

    assert "Zalo không chuyển tới" in said and "https://tin.example.vn" in said and "113" in said


def test_what_is_withheld_in_danger_brings_the_card_again() -> None:
    talk = on_zalo()
    talk.says("Cứu với, có người cầm dao đang đuổi chém")

    assert "113" in talk._read(talk.hear("unreadable", WITHHELD)) and talk.state["step"] == "danger"


def test_stars_are_given_in_words() -> None:
    talk = on_zalo()
    talk.state = {"met": True, "last_tip": {"tip_id": 5, "at": NOW, "tail": "9DAF"}}
    talk.mine = (Found(tip_id=5, tail="9DAF", arrived_at=NOW, closed_at=NOW),)
    talk.says("Rất tốt")

    assert [one["tip_id"] for one in talk.values("rate")] == [5] and 5 in talk.values("rate")[0].values()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_start_says_who_sees_what(language: str) -> None:
    talk = on_zalo()
    talk.state["language"] = language
    said = talk._read(talk.hear("command", "start"))

    assert ("Zalo và người giữ bot này" if language == "vi" else "Zalo and whoever holds this bot") in said


def test_an_unknown_channel_can_do_everything() -> None:
    assert capabilities.of("pigeon") == capabilities.Capabilities()
