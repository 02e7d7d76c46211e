"""A receipt code typed in the middle of something else, and what only looks like one."""

import pytest

from handlers.flows.conversation import Found
from storage.codes import new_code, read_code
from tests.handlers.talk import Talk

CODE = new_code()
LIKE_CODES = [number for number in map(str, range(123_456_789_000, 123_456_789_999)) if read_code(number)]
LIKE_A_CODE = LIKE_CODES[0]


@pytest.mark.parametrize("steps", [(), ("category:KH",), ("category:KH", "skip"), ("category:KH", "skip", "about:anonymous")])
def test_a_code_typed_into_a_draft_shows_its_tip_and_stands_in_no_other(steps: tuple[str, ...]) -> None:
    talk = Talk(codes={CODE: Found(tip_id=900, tail=CODE[-4:], arrived_at=1)})
    talk.says("Có chuyện này")
    for data in steps:
        talk.presses(data)
    before = len(talk.changes)
    answer = talk.says(CODE)

    assert CODE[-4:] in answer and "Từ giờ nhắn thêm" not in answer and "go-on" in talk.offered and "send" in talk.offered
    assert talk.changes[before:] == [] and CODE not in str(talk.state)


def test_a_wrong_code_in_a_draft_is_no_place() -> None:
    talk = Talk()
    talk.says("Có chuyện này")
    talk.presses("category:KH")

    assert "Chưa tìm thấy" in talk.says(CODE) and "place" not in talk.what


@pytest.mark.parametrize("is_sent", [False, True])
def test_an_account_number_that_looks_like_a_code_is_kept(is_sent: bool) -> None:
    talk = Talk()
    if is_sent:
        talk.says("Có chuyện này")
        talk.presses("send")
        talk.presses("safe:shared")
    talk.says(LIKE_A_CODE)

    assert talk.values("say")[-1]["text"] == LIKE_A_CODE


def test_what_looks_like_a_code_counts_as_a_guess_all_the_same() -> None:
    talk = Talk(codes={CODE: Found(tip_id=900, tail=CODE[-4:], arrived_at=1)})
    for number in LIKE_CODES[:5]:
        talk.says(number)

    assert "nhiều mã chưa đúng" in talk.says(CODE)


def test_a_code_said_again_and_again_is_no_part_of_the_draft() -> None:
    talk = Talk()
    talk.says("Có chuyện này")
    for _ in range(6):
        talk.says(CODE)

    assert CODE not in str(talk.changes) + str(talk.state)


@pytest.mark.parametrize("code", ["TB-BCJS-2C7G-8E3A", "TB-EP2C-E7FJ-VTPH"])
def test_a_code_is_no_cry_for_help_whatever_its_letters_lean_to(code: str) -> None:
    talk = Talk()

    assert "Chưa tìm thấy" in talk.says(code) and talk.changes == []


def test_a_tip_that_was_only_found_by_its_code_opens_no_phone_to_notices() -> None:
    talk = Talk(codes={CODE: Found(tip_id=900, tail=CODE[-4:], arrived_at=1)})
    talk.says(CODE)
    talk.presses("safe:alone")
    assert not talk.values("safe")
    talk.presses("safe:shared")

    assert [one["safe"] for one in talk.values("safe")] == ["shared"]
