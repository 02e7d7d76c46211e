"""What does not fit is asked again in other words, and whoever goes on telling has lost nothing."""

import itertools

import pytest

from handlers.messages import Ward
from handlers.ward_book import Spot, WardBook
from tests.handlers.talk import Talk

LONG = "Nhà bên cạnh tối nào cũng có người lạ tới, xe dựng đầy ngõ. " * 8
BOOK = WardBook(spots={"cho": Spot(code="cho", label="cổng chợ", neighbourhood_id=None)})


def sent() -> Talk:
    talk = Talk(ward=Ward(id=1, name="", duty_phone="0225 3123 456", custodians=2, book=BOOK))
    talk.says("Nhà bên cạnh đánh bạc")
    talk.presses("send")
    talk.presses("safe:alone")
    return talk


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_whole_story_where_a_name_was_asked_stands_in_the_tip(is_sent: bool) -> None:
    talk = sent()
    if not is_sent:
        talk.presses("report")
        talk.says("Có chuyện khác nữa ạ")
    talk.presses("name")
    answer = talk.says(LONG)

    assert "name" not in talk.what and LONG.strip() in [one["text"] for one in talk.values("say")]
    assert "Đã ghi thêm" in answer and talk.state["step"] == "name"
    talk.says("Nguyễn Thị Lan 0912 345 678")
    assert talk.values("name")[0]["value"]["name"] == "Nguyễn Thị Lan 0912 345 678"


VOICE = {"file_id": "f", "size": 1, "mime": ""}


def test_the_place_of_a_code_ends_the_question_for_a_name() -> None:
    talk = sent()
    talk.presses("report")
    talk.says("Có chuyện khác nữa ạ")
    talk.presses("name")
    talk.hear("command", "start", payload="o-cho")
    talk.says("Đúng rồi ạ")

    assert "name" not in talk.what and talk.values("place")[-1]["text"] == "cổng chợ"


def test_words_about_people_are_no_place() -> None:
    talk = Talk()
    talk.says("Nhà bên cạnh đánh bạc")
    assert "Đã ghi thêm" in talk.says("nó hay mặc áo đen") and talk.state["step"] == "place"
    assert [one["text"] for one in talk.values("say")][-1] == "nó hay mặc áo đen" and "place" not in talk.what
    talk.says("chỗ em")  # Said once more: nobody knows better what a place is called.
    assert talk.values("place")[0]["text"] == "chỗ em"


def test_nor_after_the_receipt() -> None:
    talk = sent()
    assert talk.state["after"][0]["kind"] == "place"
    talk.says("nó hay mặc áo đen")
    assert talk.values("say")[-1]["text"] == "nó hay mặc áo đen" and "place" not in talk.what
    talk.says("ngõ 5 sau chợ")
    assert talk.values("place")[0]["text"] == "ngõ 5 sau chợ"


def test_a_code_that_is_none_is_answered_in_other_words_each_time() -> None:
    talk = sent()
    answers = [talk.says(f"TB-0000-0000-000{n}") for n in range(6)]

    assert all(here != there for here, there in itertools.pairwise(answers))
    assert "Tin đã gửi" in answers[1] and "thử lại sau một giờ" in answers[5]


def test_whoever_only_speaks_can_complain() -> None:
    talk = sent()
    talk.presses("complain")
    answers = [talk.hear("voice", file=VOICE).replies[-1].text for _ in range(2)]
    assert len(set(answers)) == 2 and all("tới chỉ huy" in answer for answer in answers)
    talk.hear("photo", "Đây là giấy họ đưa", file=VOICE)
    assert "tới chỉ huy" in talk.presses("complain-now")

    # Each file goes with a letter, and with nothing that the tip's readers see.
    first, second = talk.values("appeal")
    assert [(one["kind"], one["text"]) for one in (first, second)] == [("complaint", ""), ("complaint", "Đây là giấy họ đưa")]
    letters = [one["letter_id"] for one in talk.values("attach")]
    assert letters == [first["appeal_id"], first["appeal_id"], second["appeal_id"]]
    assert "letter" not in talk.state and "complaint" not in talk.state

    # Of a tip that is shredded no key is left to seal a voice with.
    del talk.state["last_tip"]
    talk.tell(talk.mine[0].tip_id, is_shredded=True)
    talk.presses("complain")
    answers = [talk.hear("voice", file=VOICE).replies[-1].text for _ in range(3)]
    assert len(set(answers)) == 3 and len(talk.values("attach")) == 3 and "chỉ nhận chữ" in answers[0]


def test_a_procedure_that_nobody_wrote_is_answered_in_other_words() -> None:
    talk = Talk()
    talk.presses("procedures")
    answers = [talk.says(words) for words in ("xin phép nuôi voi", "nuôi hổ thì sao", "còn nuôi cá voi")]

    assert len(set(answers)) == 3 and all("Gửi thành tin" in answer for answer in answers)
