"""Plain decisions: a state and a message in, answers and changes out. No database, no clock, no network."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers import router
from handlers.cleaning import clean
from handlers.flows.intake import MOST_PHOTOS, Facts
from handlers.messages import Decision, Incoming, Ward

NOW = 1_800_000_000_000


@dataclass
class Talk:
    """One resident's side of a conversation; the facts never change but for the ids."""

    channel: str = "telegram"
    state: dict[str, Any] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    count: int = 0

    def _facts(self) -> Facts:
        def fresh_id() -> int:
            self.count += 1
            return self.count

        return Facts(
            ward=Ward(id=1, name="", duty_phone="0225 3123 456"),
            channel=self.channel,
            now=NOW,
            fresh_id=fresh_id,
            fresh_code=lambda: "TB-0000-0000-0000",
            hash=lambda *parts: "/".join(parts),
            look_up=lambda _code: None,
        )

    def hear(self, kind: Any, text: str = "", **more: Any) -> Decision:
        self.count += 1
        sent_at = more.pop("sent_at", NOW)
        incoming = Incoming(kind=kind, source=f"m{self.count}", text=text, sent_at=sent_at, **more)
        decision = router.decide(self.state, incoming, self._facts())
        self.state = decision.state
        self.changes += [change.what for change in decision.changes]
        self.offered = [button.data for reply in decision.replies for button in reply.buttons]
        return decision

    def says(self, text: str) -> str:
        return "\n".join(reply.text for reply in self.hear("text", text).replies)

    def presses(self, data: str) -> str:
        return "\n".join(reply.text for reply in self.hear("button", data).replies)


def in_review() -> Talk:
    talk = Talk()
    talk.says("Có người bẻ khóa xe")
    for data in ("category:TC", "photos-done", "place-skip", "about:anonymous", "callback:none"):
        talk.presses(data)
    assert talk.state["step"] == "review"
    return talk


def test_a_second_draft_without_words_is_not_called_sent() -> None:
    talk = Talk()
    talk.says("Chuyện thứ nhất")
    talk.presses("send")
    talk.presses("report")
    talk.hear("location", latitude=20.8, longitude=106.7)

    assert "Chưa có gì để gửi" in talk.says("gửi ngay")
    assert "send" not in talk.changes[-1:] and "tip_id" in talk.state


def test_an_old_cancel_button_does_not_claim_to_take_back_a_sent_tip() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")

    assert "gửi rồi" in talk.presses("cancel-yes")
    assert "drop" not in talk.changes


def test_a_long_story_at_the_question_for_the_place_is_kept_whole() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.presses("photos-done")
    decision = talk.hear("text", "kể " * 800)

    said = [change.values["text"] for change in decision.changes if change.what == "say"]
    place = [change.values["text"] for change in decision.changes if change.what == "place"]
    assert said == [("kể " * 800).strip()] and len(place[0]) == 500


def test_a_number_at_the_question_for_the_place_is_a_place() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("category:TC")
    talk.presses("photos-done")
    talk.says("2")

    assert talk.state["place"] == "2" and "send" not in talk.changes


def test_looking_at_edit_and_going_back_loses_nothing() -> None:
    for part in ("words", "photos", "place", "category"):
        talk = in_review()
        talk.presses(f"edit:{part}")
        talk.presses("back")

        assert talk.state["step"] == "review"
        assert "Có người bẻ khóa xe" in talk.state["pieces"].values()
        assert not {"retell", "drop_photos"} & set(talk.changes)


def test_telling_anew_replaces_the_words_once_there_are_new_ones() -> None:
    talk = in_review()
    talk.presses("edit:words")
    talk.says("Kể lại cho rõ")

    assert list(talk.state["pieces"].values()) == ["Kể lại cho rõ"]
    assert talk.changes[-2:] == ["retell", "say"]


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

    assert answer and talk.changes == []


def test_additions_have_the_same_limit_on_files() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")
    for _ in range(MOST_PHOTOS + 3):
        talk.hear("photo", file={"file_id": "x"})

    assert talk.changes.count("attach") == MOST_PHOTOS


def test_a_late_addition_is_told_so() -> None:
    talk = Talk()
    talk.says("Có chuyện")
    talk.presses("send")
    decision = talk.hear("text", "Nhớ thêm", sent_at=NOW - 3_600_000)

    assert "vì mất mạng nên" in decision.replies[0].text


def test_quick_exit_forgets_the_draft_and_says_nothing() -> None:
    talk = Talk(channel="webchat")
    talk.says("Có chuyện khó nói")
    decision = talk.hear("left")

    assert (decision.state, decision.replies, talk.changes[-1]) == ({"met": True}, [], "drop") or decision.state == {}


def test_a_document_is_not_called_a_photo() -> None:
    talk = Talk()
    decision = talk.hear("file", file={"file_id": "x"})

    assert "ảnh" not in decision.replies[-1].text.lower()


def test_blanks_stay_blanks_and_line_ends_stay_line_ends() -> None:
    assert clean("số\u00a0nhà 12\u2028ngõ\rmột\r\nhai\u0000\u202e") == "số nhà 12\nngõ\nmột\nhai"
