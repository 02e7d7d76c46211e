"""Thousands of random conversations: no dead end, no lost piece, no state without a way out."""

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from handlers import router
from handlers.flows import taken_back
from handlers.flows.about_oneself import means_alone_or_not, means_no_name
from handlers.flows.conversation import MOST_CHARACTERS, Conversation, Unread, means_unknown, means_yes
from handlers.messages import Button, Incoming, Reply, Ward
from handlers.texts import say
from handlers.ward_book import Neighbourhood, Procedure, Spot, WardBook
from tests.handlers.talk import Talk

BOOK = WardBook(
    neighbourhoods=tuple(Neighbourhood(id=n, name=f"Tổ {n}") for n in range(1, 12)),
    spots={"cho": Spot(code="cho", label="cổng chợ", neighbourhood_id=3)},
    procedures=(Procedure(id=1, title="Căn cước", words=("căn cước",), answer="Tới trụ sở."),),
)
WORDS = st.sampled_from(
    [
        *("Có người bẻ khóa xe ở cổng chợ", "đánh bạc ăn tiền mỗi tối", "cứu với nó cầm dao", "cháy nhà rồi", "tổ 5", "2", "9", "0", "99"),
        *("ok", "không", "không biết", "có", "xem", "hủy", "báo việc khác", "gửi ngay", "tra cứu", "cắt liên lạc", "quên tôi", "nêu tên"),
        *("0912 345 678", "Nguyễn Thị Lan", "😀", "مرحبا", "<b>&amp;*_[x](y)", "x" * 3999, "khiếu nại", "tôi thấy bị đe dọa", "alo"),
        *("dữ liệu của tôi", "hỏi thủ tục", "căn cước", "TB-0000-0000-0000", "họ bảo chuyển tiền gấp, đừng nói với ai", "dạ", "bỏ qua"),
    ]
)


# Whoever reads one of these knows that what they wrote was not taken, and what to do.
TELLS = [
    say(key, language, limit=MOST_CHARACTERS)
    for language in ("vi", "en")
    for key in (
        *("same-words", "no-such-number", "name-again", "name-again-2", "callback-again", "callback-again-2", "too-long"),
        *("name-again-3", "callback-again-3", "not-understood-3"),
        *("lookup-not-found", "lookup-not-found-2", "lookup-not-found-3", "lookup-too-many-chat", "not-a-place", "not-understood-2"),
        *("procedure-unknown", "procedure-unknown-2", "procedure-unknown-3", "procedure-which", "ready"),
    )
] + ["Tới trụ sở."]


class Conversations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(ward=Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456", custodians=2, book=BOOK))
        self.said: dict[str, str] = {}  # Pieces that must be in a draft or in a tip, by their source.
        self.answered = True

    def _hear(self, kind: str, text: str = "", **more: Any) -> None:
        before = len(self.talk.changes)
        self.before = {**self.talk.state}
        self.decision = self.talk.hear(kind, text, **more)
        self.new = self.talk.changes[before:]
        self.kind, self.text = kind, text
        json.dumps(self.talk.state)  # What cannot be stored would be set aside.

    @rule(text=WORDS)
    def says(self, text: str) -> None:
        self._hear("text", text)

    @rule(pick=st.integers(0, 30))
    def presses_what_is_offered(self, pick: int) -> None:
        offered = self.talk.state.get("offered") or [["", "report"]]
        data = offered[pick % len(offered)][1]
        self._hear("button", data, serial=self.talk.state.get("serial", 0), under="5")

    @rule(
        data=st.sampled_from(
            [
                *("send", "back", "edit", "edit:words", "edit:place", "category:CB", "category:??", "skip", "after-skip", "after-end"),
                *("safe:alone", "safe:shared", "about:named", "about:anonymous", "danger-send", "danger-safe", "cancel-yes", "take-up"),
                *("drop-aside", "lay-aside", "neighbourhoods:1", "neighbourhood:4", "neighbourhood:x", "rate:1-5", "tip:1", "procedure:1"),
                *(
                    "make-tip",
                    "spot:yes",
                    "skip-question",
                    "data:delete",
                    "data-send",
                    "complain",
                    "complain-now",
                    "threatened",
                    "cut",
                    "cut-no",
                    "~",
                    "x:y",
                ),
            ]
        )
    )
    def presses_an_old_button(self, data: str) -> None:
        self._hear("button", data, serial=0, under="1")

    @rule(
        kind=st.sampled_from(["photo", "voice", "video", "file"]), caption=st.one_of(st.just(""), WORDS), album=st.sampled_from(["", "a"])
    )
    def sends_a_file(self, kind: str, caption: str, album: str) -> None:
        self._hear(kind, caption, album=album, file={"file_id": "f", "size": 1, "mime": ""})

    @rule(where=st.sampled_from([(20.8, 106.7), (None, None), (200.0, 0.0)]))
    def sends_a_place(self, where: tuple[float | None, float | None]) -> None:
        self._hear("location", latitude=where[0], longitude=where[1])

    @rule(kind=st.sampled_from(["sticker", "contact", "unreadable", "joined", "deleted"]))
    def sends_something_else(self, kind: str) -> None:
        self._hear(kind)

    @rule(pick=st.integers(0, 30))
    def takes_something_back(self, pick: int) -> None:
        hashes = sorted(taken_back.hashes_in(self.talk.state))
        if hashes:
            gone = hashes[pick % len(hashes)]
            self._hear("deleted", source=gone.removeprefix("piece/"))
            assert gone not in taken_back.hashes_in(self.talk.state) and self.decision.replies

    @rule(text=WORDS)
    def edits_something(self, text: str) -> None:
        self._hear("edited", text, source="m1")

    @rule(name=st.sampled_from(["start", "huy", "tracuu", "huongdan", "thutuc", "english", "tiengviet", "nonsense"]))
    def commands(self, name: str) -> None:
        self._hear("command", name, payload="o-cho" if name == "start" else "")

    @rule()
    def is_silent(self) -> None:
        if getattr(self, "decision", None) and self.decision.wake:
            self.talk.now = self.decision.wake.at
            self._hear("idle", self.decision.wake.reason)

    @rule(kind=st.sampled_from(["status", "question"]), closed=st.booleans())
    def the_desk_does_something(self, kind: str, closed: bool) -> None:
        if self.talk.mine:
            reply = Reply(text="Công an phường nhắn", buttons=(Button("Bỏ qua", "skip-question:7"),))
            unread = (Unread(5, kind, reply, 7 if kind == "question" else None),)
            self.talk.tell(self.talk.mine[0].tip_id, accepted_at=1, closed_at=2 if closed else None, unread=unread)

    @rule(hours=st.integers(1, 50))
    def time_passes(self, hours: int) -> None:
        self.talk.now += hours * 3_600_000

    @invariant()
    def every_message_is_answered_with_a_way_on(self) -> None:
        if not hasattr(self, "decision") or self.kind in ("joined", "idle", "edited", "deleted"):
            return
        is_album = (self.talk.state.get("album") or "album_sent" in self.talk.state) and self.kind in ("photo", "voice", "video", "file")
        is_echo = self.talk.state.get("said", ["", 0])[1] >= 4
        if not is_album and not is_echo:
            assert self.decision.replies, (self.kind, self.text, self.talk.state)
        is_open = "tip_id" in self.talk.state or self.talk.state.get("step")
        if self.decision.replies and is_open:  # Where nothing is asked, whoever writes on has a way.
            assert self.decision.replies[-1].buttons, (self.kind, self.text, self.decision.replies[-1].text)

    @invariant()
    def no_text_is_silently_swallowed(self) -> None:
        """Each is stored, answers a question, is a wish of those that may be typed, or the person is told."""
        if getattr(self, "kind", "") != "text":
            return
        talk = Conversation({**self.before}, Incoming(kind="text", text=self.text, source="m"), self.talk.facts())
        stored = any(self.text in str(change.values) for change in self.new)
        answers = any(means(self.text) for means in (means_yes, means_unknown, means_no_name, means_alone_or_not)) and talk.step
        told = any(sentence in reply.text for reply in self.decision.replies for sentence in TELLS)
        was_told = self.talk.state.get("said", ["", 0])[1] > router.MOST_REPEATS  # "same-words" was said before; it went on.
        is_greeting = self.text == "alo"
        assert stored or answers or told or was_told or is_greeting or router.typed_wish(talk, self.text), (self.text, self.before)

    @invariant()
    def no_piece_is_lost(self) -> None:
        """Whatever was said for a draft stands in it, until it is sent, given up, taken back or told anew by its author."""
        if not hasattr(self, "decision"):
            return
        kept = set(self.talk.state.get("pieces", {})) | set(self.talk.state.get("aside", {}).get("pieces", {}))
        for change in self.new:
            if change.what == "say" and not change.values.get("is_addition"):
                self.said[change.values["source_hash"]] = change.values["text"]
            elif change.what in ("send", "drop", "retell", "retract", "cut"):
                self.said = {key: text for key, text in self.said.items() if key in kept}
        assert set(self.said) <= kept, (self.kind, self.text)

    @invariant()
    def a_tip_is_never_sent_empty(self) -> None:
        for change in getattr(self, "new", []):
            if change.what == "send":
                tip_id = change.values["tip_id"]
                assert any(one.what in ("say", "attach") and one.values["tip_id"] == tip_id for one in self.talk.changes)

    @invariant()
    def texts_fit_every_channel(self) -> None:
        for reply in getattr(self, "decision", Reply) and self.decision.replies if hasattr(self, "decision") else []:
            assert reply.text.strip()
            assert all(0 < len(button.label) <= 64 and len(button.data.encode()) <= 56 for button in reply.buttons)

    def teardown(self) -> None:
        """From wherever this ended there is a way to a receipt, or to a calm nothing."""
        for _ in range(2):
            self.talk.now += 60_000
            self._hear("button", "report", serial=0)
            self._hear("text", f"Có chuyện khác {self.talk.count}")
            if self.talk.state.get("step") in ("name", "callback"):
                self._hear("button", "about:anonymous")
            for wish in ("go-on", "send", "safe:alone", "send"):
                if "tip_id" in self.talk.state:
                    self._hear("button", wish, serial=self.talk.state.get("serial", 0))
        assert "tip_id" not in self.talk.state, self.talk.state


def test_no_conversation_has_a_dead_end_or_loses_a_piece(is_long: bool) -> None:
    many = 3000 if is_long else 150
    walk = settings(max_examples=many, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Conversations, settings=walk)
