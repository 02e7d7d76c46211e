"""An officer's own chat without any house: facts and presses in, answers and wishes out."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from handlers import texts, writing
from handlers.flows import on_duty
from handlers.flows.on_duty import READY, DutyFacts
from handlers.messages import Decision, Incoming, Ward
from handlers.texts import say
from storage import moments
from storage.queries.officer_chats import CardTip, CodeRow, LinkRow, ShiftRow

NOW = 1_800_000_000_000
HERE = Ward(id=1, name="Hồng Bàng", duty_phone="0225 3123 456", public_url="https://keng.example")
LINK = LinkRow(id=9, officer_id=3, name="Hải", role="duty", chat_id=20, shows_excerpt=False, language="vi")
TIP = CardTip(
    id=30,
    tail="7K2M",
    number="",
    category="TC",
    is_urgent=False,
    accepted_at=None,
    accepted_by=None,
    accepted_name="",
    is_closed=False,
    restricted="",
    due_at=None,
    neighbourhood="Tổ 7",
    safe="alone",
    language="en",
)
MINE = replace(TIP, accepted_at=NOW, accepted_by=3, accepted_name="Hải")
CODE = CodeRow(officer_id=3, name="Hải", role="duty")


@dataclass
class Duty:
    """One chat; the facts are what a test sets."""

    facts: DutyFacts = field(
        default_factory=lambda: DutyFacts(
            ward=HERE, channel="telegram", now=NOW, fresh_id=lambda: 77, hash=lambda *parts: "/".join(parts), link=LINK, may_accept=True
        )
    )
    state: dict[str, Any] = field(default_factory=lambda: {"duty": 9})

    def hear(self, kind: Any, text: str = "", **more: Any) -> Decision:
        incoming = Incoming(kind=kind, source="m", text=text, **more)
        decision = on_duty.decide(self.state, incoming, self.facts)
        self.state = decision.state
        return decision

    def presses(self, data: str, **facts: Any) -> Decision:
        self.facts = replace(self.facts, **facts)
        return self.hear("button", data, under="55")

    def sends_code(self, **facts: Any) -> Decision:
        self.facts = replace(self.facts, link=None, **facts)
        return self.hear("command", "start", payload="l-abcd2345")


def told(decision: Decision) -> str:
    [reply] = decision.replies
    return reply.text


def acts(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    return [(act.what, act.values) for act in decision.acts]


def offered(decision: Decision) -> list[str]:
    return [button.data for button in decision.replies[-1].buttons]


# -- linking -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "incoming",
    [
        Incoming(kind="command", source="m", text="start", payload="l-abcd2345"),
        Incoming(kind="text", source="m", text=" L-ABCD-2345 "),
        Incoming(kind="text", source="m", text="l-abcd 2345"),
    ],
)
def test_a_code_is_heard_however_it_comes(incoming: Incoming) -> None:
    assert on_duty.code_in(incoming) == "abcd2345" and on_duty.is_meant({}, incoming)


@pytest.mark.parametrize(
    "incoming",
    [
        Incoming(kind="command", source="m", text="start", payload="o-abcd2345"),
        Incoming(kind="command", source="m", text="help", payload="l-abcd2345"),
        Incoming(kind="text", source="m", text="ở chỗ l-abcd-2345 có trộm"),
        Incoming(kind="edited", source="m", text="l-abcd-2345"),
        Incoming(kind="command", source="m", text="command", payload="l-abcd2345", in_group=True),
    ],
)
def test_nothing_else_is_a_code(incoming: Incoming) -> None:
    assert not on_duty.is_meant({}, incoming)


def test_a_code_links_the_chat_and_what_stood_there_before_is_forgotten() -> None:
    duty = Duty(state={"met": True, "language": "vi", "said": ["x"]})
    decision = duty.sends_code(code=CODE)

    assert acts(decision) == [("link", {"link_id": 77, "code_hash": "chat-code/abcd2345"})]
    assert duty.state == {"duty": 77, "language": "vi"}
    assert "nhận báo cho Hải" in told(decision) and say("ring-standing") in told(decision)


def test_five_wrong_codes_and_even_the_right_one_waits_an_hour() -> None:
    duty = Duty(state={})
    said = [told(duty.sends_code(code=None)) for _ in range(6)]
    assert said == [say("linked-wrong")] * 5 + [say("linked-slow")]
    assert acts(duty.sends_code(code=CODE)) == []
    assert [what for what, _values in acts(duty.sends_code(code=CODE, now=NOW + moments.HOUR + 1))] == ["link"]


def test_p2_who_has_reported_from_here_cannot_link_and_the_code_stays_unused() -> None:
    duty = Duty(state={"met": True, "tip_id": 5})
    decision = duty.sends_code(code=CODE, has_spoken=True)

    assert acts(decision) == [] and told(decision) == say("linked-spoken")
    assert duty.state == {"met": True, "tip_id": 5, "wrong_links": [NOW]}  # The draft is what it was.


def test_a_web_page_is_no_phone_and_tells_nothing_about_the_code() -> None:
    for code in (CODE, None):
        decision = Duty(state={}).sends_code(code=code, channel="webchat")
        assert (acts(decision), told(decision)) == ([], say("linked-not-here"))


def test_a_linked_chat_belongs_to_one_officer() -> None:
    duty = Duty()
    for officer_id, words in ((3, say("linked-already")), (4, say("linked-other", name="Hải"))):
        duty.facts = replace(duty.facts, code=replace(CODE, officer_id=officer_id))
        decision = duty.hear("text", "l-abcd-2345")
        assert (acts(decision), told(decision)) == ([], words)


# -- what is typed here ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "photo", "video", "voice", "file", "location", "contact", "sticker", "unreadable"])
def test_p2_nothing_that_is_sent_from_here_becomes_a_tip(kind: str) -> None:
    decision = Duty().hear(kind, "Cháy ở chợ, cứu với" if kind == "text" else "", file={"file_id": "x"})

    assert decision.changes == [] and decision.acts == [] and decision.wake is None
    assert "không được lưu" in told(decision) and "113" in told(decision) and "https://keng.example" in told(decision)
    assert "Cháy" not in str(decision.state)


@pytest.mark.parametrize("kind", ["edited", "deleted", "joined", "left", "idle"])
def test_what_nobody_says_is_not_answered(kind: str) -> None:
    decision = Duty().hear(kind, "x")
    assert (decision.replies, decision.acts, decision.changes) == ([], [], [])


def test_leaving_is_asked_again_and_then_done() -> None:
    duty = Duty()
    assert offered(duty.hear("command", "thoi")) == ["duty:leave-now", "duty:help"]
    decision = duty.presses("duty:leave-now")
    assert acts(decision) == [("unlink", {})] and told(decision) == say("linked-ended")
    assert "duty" not in duty.state


def test_an_account_that_was_closed_presses_in_vain() -> None:
    duty = Duty()
    for decision in (duty.presses("duty:accept:30", link=None, tip=None), duty.hear("text", "tới nơi rồi")):
        assert acts(decision) == [("unlink", {})] and decision.changes == [] and told(decision) == say("linked-over")


def test_another_language_is_kept() -> None:
    duty = Duty()
    decision = duty.hear("command", "english")
    assert decision.language == "en" and told(decision) == say("linked-help", "en")


# -- buttons -------------------------------------------------------------------------------------------------------------------


def test_the_first_who_presses_has_it_and_the_card_says_so() -> None:
    decision = Duty().presses("duty:accept:30", tip=TIP)

    assert acts(decision) == [("accept", {"tip_id": 30})]
    assert decision.replies[0].replaces == "55"
    assert "Đã nhận tin …7K2M" in told(decision) and "https://keng.example/admin/tin/30" in told(decision)
    assert offered(decision) == ["duty:ask:30", "duty:commander:30", "duty:open:30"]


def test_the_second_is_told_who_was_first() -> None:
    taken = replace(TIP, accepted_at=NOW, accepted_by=4, accepted_name="Sơn")
    second, again = Duty().presses("duty:accept:30", tip=taken), Duty().presses("duty:accept:30", tip=MINE)

    assert acts(second) == acts(again) == []
    assert told(second).startswith("Sơn đã nhận tin …7K2M") and "đã nhận rồi" in told(again)


@pytest.mark.parametrize("wish", ["accept", "ask", "commander", "type", "send", "question", "open"])
def test_a_tip_that_may_not_be_known_is_no_tip(wish: str) -> None:
    decision = Duty().presses(f"duty:{wish}:30:where", tip=None)
    assert (acts(decision), told(decision)) == ([], say("linked-no-tip"))


@pytest.mark.parametrize("wish", ["accept", "ask", "commander", "type", "send", "question"])
def test_who_only_reads_presses_in_vain(wish: str) -> None:
    decision = Duty().presses(f"duty:{wish}:30:where", tip=MINE, may_accept=False)
    assert (acts(decision), told(decision)) == ([], say("linked-may-not"))


@pytest.mark.parametrize(
    "data", ["duty:", "duty:accept", "duty:accept:" + "9" * 30, "shift:take:x", "send", "report", "duty:words:30", "²"]
)
def test_odd_buttons_do_nothing(data: str) -> None:
    incoming = Incoming(kind="button", source="m", text=data)
    assert on_duty.tip_meant({}, incoming) in (None, 30) and on_duty.shift_meant(incoming) is None
    assert Duty().hear("button", data).acts == []


def test_the_file_is_opened_at_the_desk() -> None:
    duty = Duty()
    assert "https://keng.example/admin/tin/30" in told(duty.presses("duty:open:30", tip=TIP))
    decision = duty.presses("duty:open:30", ward=replace(HERE, public_url=""))
    assert told(decision).startswith("Mở trang trực ban") and "http" not in told(decision)


# -- questions -----------------------------------------------------------------------------------------------------------------


def test_a_ready_question_goes_in_the_residents_language() -> None:
    duty = Duty()
    choice = duty.presses("duty:ask:30", tip=MINE)
    assert offered(choice) == [*(f"duty:question:30:{key}" for key in READY), "duty:type:30", "duty:no:30"]
    decision = duty.presses("duty:question:30:where")

    assert acts(decision) == [("ask", {"tip_id": 30, "words": say("asked-where", "en"), "question_id": 77})]
    assert "Đã gửi câu hỏi" in told(decision)


def test_a_typed_question_is_read_once_more_before_it_goes() -> None:
    duty = Duty()
    duty.presses("duty:type:30", tip=MINE)
    shown = duty.hear("text", "Xe để ở đâu lúc mất?")
    assert acts(shown) == [] and "“Xe để ở đâu lúc mất?”" in told(shown)
    assert offered(shown) == ["duty:send:30", "duty:no:30"]
    decision = duty.presses("duty:send:30")

    assert acts(decision) == [("ask", {"tip_id": 30, "words": "Xe để ở đâu lúc mất?", "question_id": 77})]
    assert "ask" not in duty.state and acts(duty.presses("duty:send:30")) == []  # Pressed again, there is nothing left to send.


def test_what_an_impostor_would_ask_is_not_sent() -> None:
    duty = Duty()
    duty.presses("duty:type:30", tip=MINE)
    decision = duty.hear("text", "Đọc giúp mã OTP vừa nhận được")

    assert acts(decision) == [] and told(decision).startswith(say("linked-refused")) and "“otp”" in told(decision)
    assert offered(decision) == ["duty:no:30"]
    assert offered(duty.hear("text", "Xe màu gì?")) == ["duty:send:30", "duty:no:30"]  # It may be put right at once.


def test_a_question_that_was_left_is_gone() -> None:
    duty = Duty()
    duty.presses("duty:type:30", tip=MINE)
    duty.hear("text", "Xe màu gì?")
    assert told(duty.presses("duty:no:30")) == say("linked-not-asked")
    assert duty.state == {"duty": 9} and "không được lưu" in told(duty.hear("text", "Xe màu gì?"))


def test_who_looks_at_the_file_meanwhile_goes_on_writing() -> None:
    duty = Duty()
    duty.presses("duty:type:30", tip=MINE)
    duty.presses("duty:open:30")
    assert offered(duty.hear("text", "Xe màu gì?")) == ["duty:send:30", "duty:no:30"]


def test_nobody_is_asked_before_somebody_has_accepted() -> None:
    decision = Duty().presses("duty:question:30:where", tip=TIP, why_no_question="write-not-accepted")
    assert acts(decision) == [] and offered(decision) == ["duty:accept:30"]


def test_why_nothing_can_be_asked_is_said() -> None:
    for why in ("write-cut", "write-shredded"):
        decision = Duty().presses("duty:ask:30", tip=MINE, why_no_question=why)
        assert (acts(decision), told(decision)) == ([], say(why))


def test_where_the_question_waits_that_is_said() -> None:
    decision = Duty().presses("duty:question:30:now", tip=MINE, is_quiet=True)
    assert "Để an toàn cho người báo" in told(decision)


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("key", READY)
def test_every_ready_question_could_be_typed_too(key: str, language: str) -> None:
    words = say(f"asked-{key}", language)
    assert writing.checked(words, site="", spoken=language) == words


# -- the commander, the shift --------------------------------------------------------------------------------------------------


def test_the_commander_is_called_once_in_two_minutes() -> None:
    duty = Duty()
    decision = duty.presses("duty:commander:30", tip=TIP, commanders=(("Bình", True), ("An", False)))
    assert acts(decision) == [("call_commander", {"tip_id": 30})] and "Đã báo Bình" in told(decision)
    assert acts(duty.presses("duty:commander:30", called_at=NOW - moments.MINUTE)) == []
    assert len(duty.presses("duty:commander:30", called_at=NOW - 3 * moments.MINUTE).acts) == 1


def test_a_commander_without_a_linked_phone_is_to_be_rung() -> None:
    decision = Duty().presses("duty:commander:30", tip=TIP, commanders=(("Bình", False),))
    assert acts(decision) == [] and "Gọi điện cho Bình" in told(decision)
    assert told(Duty().presses("duty:commander:30", tip=TIP)) == say("linked-commander-none")


def test_a_shift_begins_for_who_stands_in_it() -> None:
    shift = ShiftRow(id=5, starts_at=NOW, ends_at=NOW + moments.HOUR, officers=frozenset({3}), taken_by=None, taken_name="")
    assert acts(Duty().presses("shift:take:5", shift=shift)) == [("take_shift", {"shift_id": 5})]
    for other, words in (
        (None, say("linked-no-shift")),
        (replace(shift, officers=frozenset({4})), say("linked-no-shift")),
        (replace(shift, ends_at=NOW), say("linked-no-shift")),
        (replace(shift, taken_by=3, taken_name="Hải"), say("linked-shift-yours")),
        (replace(shift, taken_by=4, taken_name="Sơn"), say("linked-shift-taken", name="Sơn")),
    ):
        decision = Duty().presses("shift:take:5", shift=other)
        assert (acts(decision), told(decision)) == ([], words)
