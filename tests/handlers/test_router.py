"""Plain decisions: a state and a message in, answers and changes out. No database, no clock, no network."""

import itertools
from typing import Any

import pytest

from handlers.cleaning import clean
from handlers.flows.conversation import MOST_FILES, Unread
from handlers.messages import Reply, Wake, Ward
from handlers.ward_book import Spot, WardBook
from storage import moments
from storage.queries.aftercare import Asked, SaidIn
from tests.handlers.talk import NOW, Talk
from tests.insight.map import BOOK


def in_review() -> Talk:
    talk = Talk()
    talk.says("Hôm qua xe tôi bị bẻ khóa")
    for data in ("category:TC", "skip", "about:anonymous", "safe:alone"):
        talk.presses(data)
    assert talk.state["step"] == "review"
    return talk


def test_a_second_draft_without_words_is_not_called_sent() -> None:
    talk = Talk()
    talk.says("Chuyện thứ nhất")
    talk.presses("send")
    talk.presses("safe:alone")
    talk.presses("report")
    talk.hear("location", latitude=20.8, longitude=106.7)

    assert "Chưa có gì để gửi" in talk.says("gửi ngay")
    assert "send" not in talk.what[-1:] and "tip_id" in talk.state


def test_an_old_cancel_button_does_not_claim_to_take_back_a_sent_tip() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")
    talk.presses("safe:alone")

    assert "gửi rồi" in talk.presses("cancel-yes")
    assert "drop" not in talk.what


def test_a_long_story_at_the_question_for_the_place_is_kept_whole() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("category:TC")
    decision = talk.hear("text", "kể " * 800)

    said = [change.values["text"] for change in decision.changes if change.what == "say"]
    place = [change.values["text"] for change in decision.changes if change.what == "place"]
    assert said == [("kể " * 800).strip()] and len(place[0]) == 500


@pytest.mark.parametrize(
    "said",
    [
        *("số 5 ngõ 12 Trần Phú", "Gửi vị trí đang đứng", "ngõ 12 lê lợi, gần nhà văn hóa", "chung cư hoàng huy tầng 12"),
        *("ngã tư hàng kênh trần phú", "ngõ 5 trần phú gần trạm y tế", "ngo 7 tang 3 nha tap the"),
    ],
)
def test_nothing_but_a_place_is_no_danger_whatever_its_words_lean_to(said: str) -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", book=BOOK))
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.says(said)
    assert "danger" not in talk.what
    talk.presses("back") if talk.state["step"] != "place" else None
    talk.says("cứu với, cháy ở số 5 ngõ 12 Trần Phú")

    assert talk.state["step"] == "danger"


def test_a_place_with_more_than_a_place_in_it_is_still_heard() -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", book=BOOK))
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.says("ngõ 12 nó cầm gậy chờ sẵn, em không dám ra")

    assert talk.state["step"] == "danger"


def test_advice_is_given_once_for_a_matter_and_again_for_the_next() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    assert "Đừng đuổi theo" in talk.presses("category:TC")
    again = "\n".join(reply.text for reply in talk.hear("photo").replies)
    assert "Chuyện xảy ra ở đâu" in again and "Đừng đuổi theo" not in again
    talk.presses("send")
    talk.presses("safe:alone")
    talk.presses("after-end")
    talk.presses("report")
    talk.says("Chuyện nữa")

    assert "Đừng đuổi theo" in talk.presses("category:TC")


def test_who_only_asked_about_a_procedure_is_not_offered_another_matter() -> None:
    talk = Talk()
    talk.presses("procedures")
    labels = {button.data: button.label for button in talk.replies[-1].buttons}

    assert labels["report"] == "Báo tin"


def at_a_typed_place() -> Talk:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", book=BOOK))
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.says("số 5 ngõ 12 Trần Phú")
    return talk


def placed(talk: Talk) -> tuple[Any, ...]:
    told = talk.values("place")[-1]
    return told["text"], told["neighbourhood_id"], told["latitude"]


def test_a_pin_and_a_typed_place_stand_side_by_side() -> None:
    """An officer needs both: the words say which door, the pin says where. A pin that moves on goes home with the person."""
    talk = at_a_typed_place()
    typed = placed(talk)
    talk.hear("location", latitude=20.85, longitude=106.68, source="live")
    talk.hear("edited", latitude=20.99, longitude=106.99, source="live")

    assert typed == ("số 5 ngõ 12 Trần Phú", 4, 20.9013)
    assert placed(talk) == ("số 5 ngõ 12 Trần Phú", 4, 20.85)
    for data in ("about:anonymous", "safe:alone"):
        talk.presses(data)
    assert "Ở: số 5 ngõ 12 Trần Phú, nơi đã ghim trên bản đồ" in talk.replies[-1].text


def test_in_danger_the_pin_follows_the_person_and_the_words_stay() -> None:
    talk = at_a_typed_place()
    talk.hear("location", latitude=20.85, longitude=106.68, source="live")
    talk.says("cứu với, nó cầm dao")
    talk.hear("edited", latitude=20.99, longitude=106.99, source="live")

    assert placed(talk) == ("số 5 ngõ 12 Trần Phú", 4, 20.99)


def test_words_after_a_pin_leave_the_pin_and_a_place_told_anew_leaves_nothing() -> None:
    talk = Talk()
    talk.hear("location", latitude=20.85, longitude=106.68)
    talk.says("Có chuyện")
    talk.presses("language:en")  # What stands for a pin reads differently now, and was never typed.
    for data in ("category:TC", "back", "skip"):
        talk.presses(data)
    assert talk.state["step"] == "about"
    talk.presses("back")
    talk.says("cổng chợ")
    assert placed(talk) == ("cổng chợ", None, 20.85)
    for data in ("about:anonymous", "safe:alone", "edit:place"):
        talk.presses(data)
    talk.says("ngõ 12")
    assert placed(talk) == ("ngõ 12", None, None)
    talk.hear("edited", latitude=20.99, longitude=106.99, source="live")
    assert placed(talk) == ("ngõ 12", None, None)


def two_matters() -> Talk:
    """One was sent, another is being told."""
    talk = at_a_typed_place()
    for data in ("send", "safe:alone", "after-end", "report"):
        talk.presses(data)
    talk.says("Đốt rác hôi cả xóm")
    return talk


def test_an_edit_of_what_was_sent_reaches_its_tip_while_another_is_told() -> None:
    talk = two_matters()
    sent_id, draft_id = talk.mine[0].tip_id, talk.state["tip_id"]
    talk.said_in = SaidIn(tip_id=sent_id, tail="00AB", danger="")
    answer = talk.hear("edited", "Có chuyện, biển số 15B1", source="m1")

    [added] = [one for one in talk.values("say") if one.get("is_addition")]
    assert (added["tip_id"], added["text"]) == (sent_id, "Có chuyện, biển số 15B1")
    assert "lời sửa vào tin 00AB" in Talk._read(answer) and {"go-on", "send"} <= set(talk.offered)
    assert talk.state["tip_id"] == draft_id and [*talk.state["pieces"].values()] == ["Đốt rác hôi cả xóm"]


def test_danger_edited_into_what_was_sent_makes_that_tip_urgent() -> None:
    talk = two_matters()
    sent_id, pieces = talk.mine[0].tip_id, talk.state["pieces"]
    talk.said_in = SaidIn(tip_id=sent_id, tail="00AB", danger="")
    answer = Talk._read(talk.hear("edited", "cứu với, nó cầm dao", source="m1"))

    assert "gọi ngay" in answer and talk.values("say")[-1]["tip_id"] == sent_id
    assert talk.values("danger") == [{**talk.values("danger")[0], "tip_id": sent_id, "danger": "danger", "is_urgent": True}]
    assert talk.state["pieces"] == pieces and "danger" not in talk.state


def test_a_place_put_right_after_sending_reaches_its_tip_while_another_is_told() -> None:
    talk = two_matters()
    typed_as = talk.state["last_tip"]["place_from"].removeprefix("piece/")
    talk.hear("edited", "số 15 ngõ 12 Trần Phú", source=typed_as)

    assert talk.values("place")[-1]["tip_id"] == talk.mine[0].tip_id and talk.values("place")[-1]["is_addition"]


def test_a_place_that_is_put_right_is_right() -> None:
    talk = at_a_typed_place()
    talk.hear("location", latitude=20.85, longitude=106.68)
    typed_as = talk.state["place_parts"]["words"]["from"].removeprefix("piece/")
    talk.hear("edited", "số 15 ngõ 12 Lê Lợi", source=typed_as)

    assert placed(talk) == ("số 15 ngõ 12 Lê Lợi", 2, 20.85)
    assert talk.what.count("say") == 1


def test_a_number_at_the_question_for_the_place_is_a_place() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.says("2")

    assert talk.state["place"] == "2" and "send" not in talk.what


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("wish", ["", "name", "callback:ask"])
def test_what_never_fits_is_never_answered_twice_in_a_row_in_the_same_words(wish: str, language: str) -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2))
    talk.presses(f"language:{language}")
    talk.says("Có chuyện")
    talk.presses(wish) if wish else talk.presses("category:TC")
    answers, ways = [], []
    for _ in range(6):
        answers.append(Talk._read(talk.hear("sticker")))
        ways.append(set(talk.offered))

    assert all(one != other for one, other in itertools.pairwise(answers))
    assert len(set(answers)) == 3
    assert all({"send", "cancel"} <= way for way in ways[1:])


def test_the_next_question_begins_with_its_own_words() -> None:
    """What did not fit the one before counts no more."""
    talk = Talk()
    talk.says("Có chuyện")
    talk.hear("sticker")
    talk.says("Hôm qua xe tôi bị bẻ khóa")

    assert talk.state["step"] == "place" and "gõ tên đường" in Talk._read(talk.hear("sticker"))


def test_looking_at_edit_and_going_back_loses_nothing() -> None:
    for part in ("words", "photos", "place", "category"):
        talk = in_review()
        talk.presses(f"edit:{part}")
        talk.presses("back")

        assert talk.state["step"] == "review"
        assert "Hôm qua xe tôi bị bẻ khóa" in talk.state["pieces"].values()
        assert not {"retell", "drop_photos"} & set(talk.what)


def test_telling_anew_replaces_the_words_once_there_are_new_ones() -> None:
    talk = in_review()
    talk.presses("edit:words")
    talk.says("Kể lại cho rõ")

    assert list(talk.state["pieces"].values()) == ["Kể lại cho rõ"]
    assert talk.what[-2:] == ["retell", "say"]


def test_being_cheated_inside_a_draft_changes_its_category() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("category:MT")
    decision = talk.hear("button", "cheated")

    assert [change.values["category"] for change in decision.changes] == ["LD"]


@pytest.mark.parametrize("wish", ["cheated", "help", "language:en", "edit:words", "edit", "cancel", "back", "report", "start"])
def test_send_now_is_on_every_screen_from_the_first_words_on(wish: str) -> None:
    talk = in_review()
    talk.presses(wish)

    assert "send" in talk.offered


@pytest.mark.parametrize("step", ["send", "category:TC", "photos-done", "place-skip", "about:anonymous", "edit:words", "back", "cancel-no"])
def test_any_button_without_a_draft_answers_kindly_and_changes_nothing(step: str) -> None:
    talk = Talk()
    talk.hear("command", "start")
    answer = talk.presses(step)

    assert answer and talk.what == []


def test_additions_have_the_same_limit_on_files() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")
    talk.presses("safe:alone")
    for _ in range(MOST_FILES + 3):
        talk.hear("photo", file={"file_id": "x"})

    assert talk.what.count("attach") == MOST_FILES


def test_a_late_addition_is_told_so() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")
    talk.presses("safe:alone")
    decision = talk.hear("text", "Nhớ thêm", sent_at=NOW - 3_600_000)

    assert "vì mất mạng nên" in decision.replies[0].text


def test_quick_exit_forgets_the_draft_and_says_nothing() -> None:
    talk = Talk(channel="webchat")
    talk.says("Có chuyện khó nói")
    decision = talk.hear("left")

    assert (decision.state, decision.replies, talk.what[-1]) == ({"met": True}, [], "drop") or decision.state == {}


def test_a_document_is_not_called_a_photo() -> None:
    talk = Talk()
    decision = talk.hear("file", file={"file_id": "x"})

    assert "ảnh" not in decision.replies[-1].text.lower()


def test_blanks_stay_blanks_and_line_ends_stay_line_ends() -> None:
    assert clean("số\u00a0nhà 12\u2028ngõ\rmột\r\nhai\u0000\u202e") == "số nhà 12\nngõ\nmột\nhai"


def test_a_quick_exit_under_the_card_of_danger_sends_what_was_said() -> None:
    talk = Talk(channel="webchat")
    talk.says("cứu với nó cầm dao")
    talk.hear("left")

    assert "send" in talk.what and "drop" not in talk.what and talk.state == {}


def test_a_tip_from_a_busy_network_is_set_apart_and_danger_never_is() -> None:
    calm, danger = Talk(), Talk()
    calm.says("Hàng xóm đổ rác ra ngõ")
    calm.presses("send")
    calm.hear("button", "safe:alone", is_from_busy_network=True)
    danger.says("cứu với nó cầm dao")
    danger.hear("button", "danger-send", is_from_busy_network=True)

    assert calm.values("send")[0]["held_why"] == "network"
    assert not danger.values("send")[0].get("held_why")


def test_many_tips_in_an_hour_are_set_apart_and_all_are_kept() -> None:
    talk = Talk()
    for n in range(7):
        talk.presses("report")
        talk.says(f"Chuyện thứ {n} ở ngõ")
        talk.presses("send")
        talk.presses("safe:alone")
        talk.presses("after-end")

    assert [values["held_why"] for values in talk.values("send")] == [""] * 5 + ["many"] * 2


def test_a_blocked_chat_is_told_and_its_tip_is_kept() -> None:
    talk = Talk(blocked_until=NOW + 86_400_000)
    talk.says("Hàng xóm đổ rác ra ngõ")
    talk.presses("send")
    receipt = talk.presses("safe:alone")

    assert "được giữ riêng" in receipt and "Mã tin" in receipt
    assert talk.values("send")[0]["held_why"] == "blocked"


def test_the_same_words_over_and_over_are_answered_a_few_times_and_kept_once_more_never() -> None:
    talk = Talk()
    answers = [talk.says("Bán hàng giá rẻ, vào link này") for _ in range(8)]

    assert [bool(answer) for answer in answers] == [True] * 4 + [False] * 4
    assert "tạm không trả lời" in answers[3]
    assert talk.says("Xin lỗi, tôi nhắn nhầm")


@pytest.mark.parametrize("typed", ["TB-7K3M-20QX-9DAA", "tb 7k3m 20qx 9da", "TB7K3M20QX9DAFF"])
def test_a_code_with_a_slip_is_looked_for_and_does_not_become_a_tip(typed: str) -> None:
    talk = Talk()
    talk.hear("command", "start")

    assert "Chưa tìm thấy tin" in talk.says(typed) and talk.what == []


@pytest.mark.parametrize("typed", ["tb 0912345678", "TB mất xe", "tb"])
def test_what_only_begins_like_a_code_is_a_story(typed: str) -> None:
    talk = Talk()
    talk.hear("command", "start")
    talk.says(typed)

    assert "say" in talk.what


def sent(category: str) -> Talk:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2))
    talk.says("Có chuyện")
    for data in (f"category:{category}", "send", "safe:alone"):
        talk.presses(data)
    return talk


def test_a_number_given_before_the_name_was_asked_about_does_not_skip_that_question() -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2))
    talk.says("Có chuyện")
    talk.says("gọi lại")
    talk.says("0912 345 678")
    talk.presses("category:TC")

    assert "Nêu tên, xin giữ kín" in talk.presses("skip")


def test_whoever_goes_on_telling_after_the_receipt_instead_of_giving_a_number_adds_to_the_tip() -> None:
    """It opened a second tip that was never sent, and the questions were over."""
    talk = sent("TC")
    talk.presses("after-skip")
    assert talk.state["step"] == "callback"

    answer = talk.says("Hai người đi xe máy màu đỏ, chạy về phía cầu")

    assert talk.values("say")[-1]["is_addition"] and "tip_id" not in talk.state
    assert "Đã ghi thêm" in answer and "có cần gọi lại không" in answer


def test_the_same_when_the_number_was_their_own_wish() -> None:
    talk = sent("MR")
    talk.presses("after-end")
    talk.says("gọi lại")

    assert "Đã ghi thêm vào tin" in talk.says("Hai người đi xe máy màu đỏ, chạy về phía cầu")
    assert talk.values("say")[-1]["is_addition"] and "tip_id" not in talk.state and not talk.state.get("step")


@pytest.mark.parametrize(("wish", "asked"), [("callback:ask", "Đã ghi thêm"), ("name", "máy chưa thấy tên"), ("data:know", "Đã ghi thêm")])
def test_a_photo_at_a_question_about_a_tip_that_was_sent_belongs_to_that_tip(wish: str, asked: str) -> None:
    talk = sent("MR")
    talk.presses("after-end")
    talk.presses(wish)

    answer = "".join(reply.text for reply in talk.hear("photo", file={"file_id": "f"}).replies)

    assert talk.values("attach")[-1]["is_addition"] and "tip_id" not in talk.state
    assert asked in answer and talk.last.replies[-1].buttons


@pytest.mark.parametrize("wish", ["callback:ask", "name"])
def test_danger_is_heard_where_a_name_or_a_number_was_asked(wish: str) -> None:
    """Sealed as a name, nobody would have read it; as a number, it was only asked for again."""
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2))
    talk.says("Có chuyện")
    talk.presses(wish)

    assert "gọi ngay" in talk.says("cứu với, nó cầm dao")
    assert "name" not in talk.what and talk.state["step"] == "danger" and "takes_names" not in talk.state


@pytest.mark.parametrize("said", ["Trần Thị Cứu 0912 345 678", "Lê Văn Đâm, 0912345678, đừng nói với ai nhé", "Nguyễn Văn Cháy"])
def test_a_name_stays_a_name(said: str) -> None:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2))
    talk.says("Có chuyện")
    talk.presses("name")
    talk.says(said)

    assert talk.what[-1] == "name"


def test_danger_told_after_sending_ends_what_was_asked_just_then() -> None:
    talk = sent("TC")
    talk.presses("procedures")
    talk.says("cứu với, nó cầm dao")

    assert "Đã ghi thêm" in talk.says("nó đang đập cửa") and talk.values("say")[-1]["is_addition"]


def test_danger_told_again_in_a_tip_that_somebody_has_is_left_to_the_ladder_and_its_words_stand_there() -> None:
    talk = Talk()
    talk.says("cứu với, nó cầm dao")
    talk.presses("danger-send")
    tip_id = talk.values("send")[-1]["tip_id"]
    talk.says("nó vẫn cầm dao, cứu với")
    before = len(talk.values("danger"))
    talk.tell(tip_id, accepted_at=talk.now)
    assert "Đã ghi thêm" in talk.says("cháy nhà rồi, cứu với") and "Đã ghi thêm" in talk.says("Nhà màu xanh")

    told = talk.values("danger")[before:]
    assert [(one["danger"], one["heard"], one["is_urgent"]) for one in told] == [("danger", "fire", True)]
    assert [one["text"] for one in talk.values("say")[-2:]] == ["cháy nhà rồi, cứu với", "Nhà màu xanh"]


@pytest.mark.parametrize(("wish", "said"), [("name", "Nguyễn Thị Lan"), ("callback:ask", "0912 345 678"), ("callback:ask", "không")])
def test_a_wish_in_between_leaves_the_open_question_open(wish: str, said: str) -> None:
    talk = sent("TT")
    talk.presses("after-skip")
    talk.presses("after-skip")
    question = talk.state["after"][0]
    assert question["kind"] == "question"
    talk.presses(wish)
    answer = talk.says(said)

    assert talk.state["step"] == "after" and question["text"] in answer


def test_danger_told_with_a_threat_wakes_duty_and_its_words_go_to_the_chief_alone() -> None:
    talk = sent("TT")
    talk.presses("after-end")
    talk.presses("threatened")
    said = talk.says("nó đang cầm dao đứng trước cửa nhà tôi")

    assert said.startswith("🔴") and "113" in said and "chỉ huy" in said
    assert [one["text"] for one in talk.values("appeal")] == ["", "nó đang cầm dao đứng trước cửa nhà tôi"]
    assert talk.values("danger")[-1]["is_urgent"] and not any("cầm dao" in one["text"] for one in talk.values("say"))


def test_what_was_asked_without_a_knock_is_answered_by_the_next_words_unless_something_came_between() -> None:
    talk = sent("TT")
    talk.presses("after-end")
    tip_id = talk.state["last_tip"]["tip_id"]
    talk.asked = Asked(question_id=41, tip_id=tip_id, tail="9DAF", at=talk.now + 1)
    talk.says("áo đen")
    assert talk.values("settle_question") == [
        {"tip_id": tip_id, "question_id": 41, "outcome": "answered", "history_id": talk.values("settle_question")[0]["history_id"]}
    ]

    talk = sent("TT")
    talk.presses("after-end")
    talk.asked = Asked(question_id=41, tip_id=7, tail="9DAF", at=talk.now - 1)
    assert "9DAF" not in talk.says("quên nói, biển số 123") and not talk.values("settle_question")


def test_beside_a_draft_a_question_is_shown_and_stays_to_be_asked() -> None:
    talk = sent("TT")
    talk.presses("after-end")
    tip_id = talk.state["last_tip"]["tip_id"]
    talk.presses("report")
    talk.says("Nhà bên cạnh mở nhạc to cả đêm")
    talk.tell(tip_id, unread=(Unread(5, "question", Reply(text="Xe màu gì?"), 41),))

    assert "Xe màu gì?" in talk.presses("my-tips") and not talk.values("read_notices")


def test_that_it_was_read_is_said_once_to_who_asks() -> None:
    talk = sent("TT")
    talk.presses("after-end")
    tip_id, read = talk.state["last_tip"]["tip_id"], Unread(5, "accepted", Reply(text="Cán bộ trực đã đọc lúc 21:05."))
    talk.tell(tip_id, accepted_at=talk.now, unread=(read,))

    told = talk.presses("my-tips")
    assert told.count("đã đọc") == 1 and "Cán bộ trực đã đọc lúc 21:05." in told
    assert [one["ids"] for one in talk.values("read_notices")] == [[5]]
    talk.tell(tip_id, accepted_at=talk.now, unread=())
    assert talk.presses("my-tips").count("đã đọc tin") == 1  # Asked again, where it stands.
    talk.tell(tip_id, accepted_at=talk.now, number="7/2026", unread=(read,))
    assert talk.presses("my-tips").count("đã đọc") == 2  # Something more was done: both are news.


def test_the_old_button_of_danger_ends_what_was_asked_since() -> None:
    talk = Talk()
    talk.says("cứu với, nó cầm dao")
    talk.is_silent()
    talk.presses("procedures")
    talk.presses("danger-send")

    assert "ghi thêm" in talk.says("ở cổng chợ") and talk.values("say")[-1]["is_addition"]


def laid_aside() -> tuple[Talk, str]:
    """A matter waits; and how the platform calls the message it was told in."""
    talk = Talk()
    talk.says("Xe máy chắn lối đi chung cả tuần nay")
    source = next(iter(talk.state["pieces"])).removeprefix("piece/")
    talk.presses("report")
    talk.presses("lay-aside")
    return talk, source


def test_danger_edited_into_a_matter_that_waits_is_told_now() -> None:
    """Its card was shown, and "Không gọi được" under it had nothing to send."""
    talk, source = laid_aside()
    tip_id = talk.state["aside"]["tip_id"]
    card = talk.hear("edited", "Nó đang cầm dao chém mẹ tôi, cứu với", source=source)

    assert "113" in talk._read(card) and card.wake == Wake(talk.now + moments.MINUTE, "urgent")
    talk.presses("danger-send")
    assert [(one["tip_id"], one["is_unfinished"]) for one in talk.values("send")] == [(tip_id, True)]


def test_what_is_told_meanwhile_waits_in_its_place_or_goes_if_it_cannot_wait() -> None:
    talk, source = laid_aside()
    talk.says("Nhà bên cạnh mở nhạc to cả đêm")
    now_told = talk.state["tip_id"]
    talk.hear("edited", "Nó đang cầm dao chém mẹ tôi, cứu với", source=source)
    assert talk.state["aside"]["tip_id"] == now_told and "Nó đang cầm dao" in next(iter(talk.state["pieces"].values()))
    assert "send" not in talk.what

    talk, source = laid_aside()
    talk.says("Em tôi không muốn sống nữa")
    in_danger = talk.state["tip_id"]
    talk.hear("edited", "Nó đang cầm dao chém mẹ tôi, cứu với", source=source)
    assert [one["tip_id"] for one in talk.values("send")] == [in_danger] and "aside" not in talk.state


@pytest.mark.parametrize("before", [["Em vừa bị lừa, công an bảo chuyển tiền 50 triệu"], ["Cháy nhà rồi, cứu với", "danger-safe"]])
def test_every_card_has_its_own_minute(before: list[str]) -> None:
    """Ten minutes after another card that was settled, what was said went to duty at once: nobody could press "Đang an toàn"."""
    talk = Talk()
    talk.says(before[0])
    for wish in before[1:]:
        talk.presses(wish)
    talk.now += 10 * moments.MINUTE
    card = talk.hear("text", "Nó đang cầm dao đòi chém tôi, cứu với")

    assert card.wake == Wake(talk.now + moments.MINUTE, "urgent")


def test_a_threat_pressed_twice_is_one_letter_and_another_one_later_is_another() -> None:
    """The chief's list grew by one with every press."""
    talk = sent("TT")
    talk.presses("after-end")
    for _ in range(5):
        assert "Đã chuyển lời này tới chỉ huy" in talk.presses("threatened")
    assert [one["kind"] for one in talk.values("appeal")] == ["threat"]
    talk.says("Tối nay nó lại tới trước cửa")
    talk.now += 10 * moments.MINUTE
    talk.presses("threatened")

    assert [one["text"] for one in talk.values("appeal")] == ["", "Tối nay nó lại tới trước cửa", ""]


def test_a_place_code_asks_nothing_under_the_card_of_danger() -> None:
    ward = Ward(id=1, name="", duty_phone="0225 3123 456", book=WardBook(spots={"cho2345": Spot(code="cho2345", label="Cổng chợ Sắt")}))
    talk = Talk(ward=ward)
    talk.hear("command", "start", payload="o-cho2345")
    assert "spot:yes" in talk.offered
    talk.presses("spot:no")
    talk.says("cứu với, nó cầm dao")
    talk.hear("command", "start", payload="o-cho2345")
    assert talk.offered == ["danger-send", "danger-safe"]
    talk.presses("spot:yes")

    assert talk.offered == ["danger-send", "danger-safe"] and talk.state["step"] == "danger"
