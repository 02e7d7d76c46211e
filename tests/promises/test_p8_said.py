"""P8, the line is honest: what a decision says about itself is what it does. Facts that need a whole house: test_p8_kept.py."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import notices, texts, windows, wordings
from handlers.flows import in_group
from handlers.flows.conversation import Found, Unread
from handlers.insight import catalogue, procedures
from handlers.messages import Reply, Ward
from handlers.notices import Kind
from handlers.ward_book import WardBook
from handlers.warnings import checking
from handlers.warnings.checking import Checked, Known
from handlers.warnings.compare import Compared
from storage import moments
from storage.codes import new_code
from storage.queries.aftercare import Addressee
from tests.handlers.talk import NOW, Talk
from tests.promises.behind import behind

FILES = ("conversation.ftl", "danger.ftl", "afterwards.ftl", "places.ftl")
DANGER = "Nó cầm dao đuổi chém tôi, cứu với"
STORY = "Hôm qua xe tôi bị bẻ khóa"
PICTURE: dict[str, Any] = {"file_id": "f", "size": 1, "mime": ""}


def ward(**more: Any) -> Ward:
    return Ward(**{"id": 1, "name": "Hồng Bàng", "duty_phone": "0225 3123 456", "custodians": 2, **more})


def talk(**more: Any) -> Talk:
    return Talk(ward=ward(**more))


def sent(safe: str = "alone", **more: Any) -> Talk:
    one = talk(**more)
    one.says(STORY)
    one.presses("send")
    one.presses(f"safe:{safe}")
    return one


def everything_said() -> Iterator[tuple[str, str]]:
    """Every sentence residents may read, with its name: the line's own, the categories', the procedures'."""
    shown = {key for group in wordings.groups() for key in group.keys}
    for language in texts.LANGUAGES:
        for key, file in texts.files_of(language).items():
            if not key.startswith(("-", "when-")) and (file in FILES or key in shown):
                yield f"{language} {key}", wordings.ours(key, language)
        for code, category in catalogue.load().items():
            for number, text in enumerate((category.name[language], category.advice.get(language, ""), *category.questions[language])):
                yield f"{language} {code} {number}", text
    for procedure in procedures.effective(WardBook()):
        yield f"procedure {procedure.title}", procedures.told(procedure, WardBook(), "vi")


EVERYTHING = dict(everything_said())


# -- in every sentence -----------------------------------------------------------------------------------------------------


@behind("start-never-asked", "card-cheated")
def test_p8_nothing_asks_for_a_secret_or_for_money() -> None:
    """Such words stand only behind a refusal; a procedure's answer may name the papers that are shown at the counter."""
    asked = {name: list(wordings._asked_for(text)) for name, text in EVERYTHING.items() if not name.startswith("procedure")}
    told_not_to = {name for name, words in asked.items() if words}

    # Where money or an account has gone is asked of who was cheated; what is asked for there is no secret of theirs.
    assert {name for name in told_not_to if " LD " not in name and " card-cheated" not in name} == set()
    secret = re.compile(r"\botp\b|mật khẩu|password|\bpin\b|cvv|số thẻ|card number|căn cước|cccd|video", re.IGNORECASE)
    assert [name for name in told_not_to if " LD " in name and secret.search(EVERYTHING[name])] == []


def test_p8_no_sentence_promises_or_threatens() -> None:
    assert {name: found for name, text in EVERYTHING.items() if (found := list(wordings._never_said(text)))} == {}


def test_p8_no_sentence_says_that_someone_is_coming() -> None:
    coming = re.compile(r"(đang|sẽ) (tới|đến) (ngay|nơi|chỗ|đó)|on (the|their) way|will come|are coming", re.IGNORECASE)

    assert [name for name, text in EVERYTHING.items() if coming.search(text)] == []


_LABELS = {
    "113": "công an|police",
    "114": "cháy|cứu hỏa|fire|mắc kẹt",
    "115": "cấp cứu|ambulance",
    "111": "trẻ em|nếu dưới 18|children|if under 18",
}


@behind("start-urgent", "card-danger", "card-fire", "card-child", "card-self_harm")
def test_p8_each_emergency_number_stands_beside_its_own_name_and_no_other() -> None:
    wrong = []
    for name, text in EVERYTHING.items():
        for number, after in re.findall(r"(?<!\d)(11\d)(?!\d) ?([^\W\d]+(?: [^\W\d]+)*(?: \d+)?)?", text):
            others = "|".join(labels for one, labels in _LABELS.items() if one != number)
            if number not in _LABELS or re.match(rf"(?:{others})(?!\w)", after or "", re.IGNORECASE):
                wrong.append((name, number, after))
    assert wrong == []
    for key in ("start-urgent", "card-danger", "card-fire", "card-child", "card-self_harm"):
        assert re.search(rf"113 (?:{_LABELS['113']})", wordings.ours(key, "vi"))
        assert re.search(rf"115 (?:{_LABELS['115']})", wordings.ours(key, "vi"))


@behind("start-urgent")
def test_p8_the_emergency_numbers_come_before_everything_the_line_wants() -> None:
    one = talk()
    one.hear("command", "start")
    parts = one.replies[0].text.split("\n\n")

    assert parts[0].startswith("Công an phường Hồng Bàng xin chào") and parts[1].startswith("🔴")
    assert [number in parts[1] for number in ("113", "114", "115", "0225 3123 456")] == [True] * 4


@behind("trial-line", "nobody-accepted-trial")
def test_p8_without_a_duty_number_none_is_named() -> None:
    one = Talk(channel="webchat", ward=ward(duty_phone=""))
    one.hear("command", "start")
    assert "chưa có số trực ban" in one.replies[0].text
    one.says(DANGER)
    one.presses("threatened")
    told = " ".join(reply.text for reply in one.replies) + wordings.ours("nobody-accepted-trial", "vi")

    assert "113, 113" not in told and "trực ban 113" not in told and "Trực ban phường:" not in told


@behind("start-never-asked", "help")
def test_p8_no_step_wants_a_name() -> None:
    """From the first word to the receipt without ever being asked for one that could not be skipped."""
    one = talk()
    one.says(STORY)
    for data in ("skip", "about:anonymous", "safe:alone", "send"):
        one.presses(data)

    assert "send" in one.what and not {"name", "callback"} & set(one.what)


# -- danger ----------------------------------------------------------------------------------------------------------------


@behind("card-cannot-call", "danger-sent")
def test_p8_one_tap_sends_what_was_said_and_asks_nothing_more() -> None:
    for wish in ("button", "text"):
        one = talk()
        assert "gõ 1" in one.says(DANGER)
        answer = one.presses("danger-send") if wish == "button" else one.says("1")

        assert one.values("send")[0]["is_unfinished"] and one.values("danger")[-1]["is_urgent"]
        assert answer.startswith(f"Đã chuyển tới trực ban lúc {moments.clock_face(NOW)}") and "?" not in answer
        assert not one.state.get("after") and "tip_id" not in one.state


@behind("card-cannot-call-restricted", "danger-sent-restricted")
@pytest.mark.parametrize(("kind", "reader"), [("fence", "công an cấp trên"), ("chief", "chỉ huy Công an phường")])
def test_p8_of_a_restricted_tip_the_card_and_the_answer_name_whom_it_reaches(kind: str, reader: str) -> None:
    one = talk(keepers=1)
    one.presses(f"restricted:{kind}")
    card = one.says(DANGER)
    assert "gõ 1" in card and f"tới {reader} ngay" in card and "tới trực ban" not in card
    assert "Im một phút" in card and one.last.wake and one.last.wake.at - one.now == 60_000
    answer = one.says("1")

    assert [each["kind"] for each in one.values("restrict")] == [kind]
    assert one.values("send")[0]["is_unfinished"] and one.values("danger")[-1]["is_urgent"]
    assert answer.startswith(f"Đã chuyển tới {reader} lúc {moments.clock_face(NOW)}") and "?" not in answer


@behind("card-cannot-call")
def test_p8_a_minute_of_silence_sends_it_too_and_says_nothing() -> None:
    one = talk()
    assert "Im một phút" in one.says(DANGER)
    assert one.last.wake and one.last.wake.at - one.now == 60_000

    assert one.is_silent() == ""
    assert one.what[-3:] == ["danger", "safe", "send"] and one.values("danger")[-1]["is_urgent"]


@behind("card-cheated")
def test_p8_the_card_of_being_cheated_promises_no_minute_and_nothing_is_sent_by_itself() -> None:
    one = talk()
    card = one.says("Họ xưng công an bảo chuyển tiền gấp, không được nói với ai")

    assert card.count("✋") == 1 and "sau thẻ" in card and "một phút" not in card
    assert one.last.wake is None and "send" not in one.what


@behind("card-danger", "card-fire", "card-child", "card-self_harm")
@pytest.mark.parametrize(
    "text", [DANGER, "Cháy nhà rồi, có người kẹt trong đó", "Có kẻ đang sờ mó bé gái", "Em muốn chết, em sắp nhảy cầu"]
)
def test_p8_doing_comes_before_telling(text: str) -> None:
    card = talk().says(text).split("\n\n")

    assert card[0].startswith("🔴") and "113" in card[0] and card[0].endswith("Trực ban phường: 0225 3123 456")
    assert "?" not in " ".join(card)


# -- before sending --------------------------------------------------------------------------------------------------------


def test_p8_only_send_brings_it_to_duty() -> None:
    one = talk()
    one.says(STORY)
    for data in ("skip", "about:anonymous"):
        one.presses(data)

    assert "Bấm Gửi thì tin mới tới trực ban." in one.presses("safe:alone")
    assert "send" not in one.what
    one.presses("send")
    assert one.what.count("send") == 1


def test_p8_that_only_send_does_it_is_not_said_where_silence_does_it_too() -> None:
    one = talk()
    one.says(DANGER)
    for data in ("danger-safe", "skip", "skip", "about:anonymous", "safe:alone"):
        said = one.presses(data)

    assert one.state["step"] == "review" and "thì tin mới tới" not in said


@behind("receipt", "receipt-shared")
@pytest.mark.parametrize("safe", ["alone", "shared"])
def test_p8_received_is_said_in_the_very_decision_that_sends(safe: str) -> None:
    one = sent(safe)

    for decision_reply in one.replies:
        if decision_reply.text.startswith("Đã nhận tin lúc"):
            assert decision_reply in one.last.replies and "send" in [change.what for change in one.last.changes]
            assert decision_reply.text.startswith(f"Đã nhận tin lúc {moments.clock_face(NOW)}, ngày {moments.short_date(NOW)}")
            break
    else:
        raise AssertionError("no receipt")


@behind("receipt-windowed", "receipt-restricted-windowed", "receipt-later", "receipt-later-perhaps")
@pytest.mark.parametrize("kind", ["", "chief"])
def test_p8_where_nobody_may_be_written_to_for_ever_the_receipt_says_how_long(kind: str) -> None:
    """And nowhere else, nor to who is not written to first anyway. After two days only what the ward pays for may still come."""
    for channel, safe, periods, expected in (
        ("zalo_oa", "alone", {}, "Trong 2 ngày, có gì mới sẽ báo ở đây; sau đó máy không nhắn trước được, anh/chị gõ "),
        ("zalo_oa", "alone", {windows.KIND: 30}, "sau đó máy chưa chắc nhắn trước được, anh/chị gõ "),
        ("zalo_oa", "shared", {}, "không nhắn trước; khi tiện anh/chị gõ "),
        ("telegram", "alone", {}, "Có gì mới sẽ báo ở đây. Nhớ"),
        ("zalo_bot", "alone", {}, "Có gì mới sẽ báo ở đây. Nhớ"),
    ):
        one = Talk(ward=ward(book=WardBook(periods=periods)), channel=channel)
        if kind:
            one.presses(f"restricted:{kind}")
        one.says(STORY)
        one.presses("send")
        receipt = one.presses(f"safe:{safe}")

        assert expected in receipt and ("Trong 2 ngày" in receipt) == (channel == "zalo_oa" and safe == "alone")
    assert windows.FREE_FOR <= windows.FREE_DAYS * moments.DAY < windows.FREE_FOR + moments.HOUR


@behind("receipt-windowed")
def test_p8_tra_cuu_tells_how_it_stands_at_any_time() -> None:
    one = Talk(ward=ward(), channel="zalo_oa")
    one.says(STORY)
    one.presses("send")
    one.presses("safe:alone")
    one.now += 30 * moments.DAY

    assert one.mine[0].tail in one.says("tra cứu")


@behind("receipt", "receipt-shared")
def test_p8_whatever_is_remembered_later_goes_into_the_same_tip() -> None:
    one = sent()
    one.presses("after-end")
    one.says("Nhớ thêm: xe màu đỏ")

    assert one.values("say")[-1]["is_addition"] and one.values("say")[-1]["tip_id"] == one.values("send")[0]["tip_id"]


def test_p8_what_is_kept_apart_is_in_the_machine_all_the_same() -> None:
    one = talk()
    one.blocked_until = NOW + 24 * moments.HOUR
    one.says(STORY)
    one.presses("send")

    assert "vẫn vào máy" in one.presses("safe:alone")
    assert one.values("send")[0]["held_why"] == "blocked"


# -- about oneself ---------------------------------------------------------------------------------------------------------


@behind("about-ask", "name-nobody-keeps")
def test_p8_where_nobody_keeps_the_key_no_name_is_taken() -> None:
    one = talk(custodians=0)
    one.says(STORY)
    assert "chưa nhận tên" in one.presses("skip")
    assert "about:named" not in one.offered
    one.presses("about:named")
    one.presses("safe:alone")
    one.presses("send")

    assert "chưa nhận tên" in one.says("nêu tên") and "name" not in one.what and "send" in one.what


@behind("about-choice")
def test_p8_from_no_name_to_a_name_is_possible_at_any_time() -> None:
    one = talk()
    one.says(STORY)
    assert "Đổi sang 2, 3 lúc nào cũng được" in one.presses("skip")
    one.presses("about:anonymous")
    one.presses("safe:alone")
    one.presses("send")
    one.now += 30 * 86_400_000

    assert "Xin ghi họ tên" in one.says("nêu tên")
    one.says("Nguyễn Thị Lan 0912 345 678")
    assert one.values("name")[0]["tip_id"] == one.values("send")[0]["tip_id"]


@behind("name-ask")
def test_p8_a_name_is_locked_the_moment_it_comes_and_lies_apart_from_the_tip() -> None:
    one = talk()
    one.says(STORY)
    one.presses("skip")
    one.presses("about:named")
    decision = one.hear("text", "Nguyễn Thị Lan 0912 345 678")

    assert [change.what for change in decision.changes] == ["name"]
    assert "Lan" not in str(decision.state) and "345 678" not in str(decision.state) and "Lan" not in decision.replies[-1].text


# -- after sending ---------------------------------------------------------------------------------------------------------


@behind("receipt-shared", "safe-shared", "safe-shared-fence")
@pytest.mark.parametrize("kind", ["accepted", "nobody", "status", "question", "answer"])
@pytest.mark.parametrize("is_sensitive", [False, True])
def test_p8_a_shared_phone_is_never_written_to_first(kind: Kind, is_sensitive: bool) -> None:
    for safe in ("shared", ""):
        to = Addressee(ward_id=1, chat_id=5, safe=safe, category="TC", is_urgent=False, language="vi", last_in_at=NOW)
        assert notices.way(to, kind, is_sensitive=is_sensitive, now=NOW) == "wait"
    one = talk()
    one.says(STORY)
    for data in ("skip", "about:anonymous", "safe:shared"):
        one.presses(data)
    assert one.last.wake is None  # Nor reminded.


@behind("question-asked", "question-asked-fence")
def test_p8_a_question_takes_words_a_voice_or_a_photo_and_may_be_skipped() -> None:
    for way, outcome in (("text", "answered"), ("voice", "answered"), ("photo", "answered"), ("skip", "skipped")):
        one = sent()
        tip_id = one.values("send")[0]["tip_id"]
        one.tell(tip_id, unread=(Unread(5, "question", Reply(text="Xe màu gì ạ?"), 7),))
        one.says("xem")
        if way == "text":
            one.says("Màu xanh")
        elif way == "skip":
            one.presses("skip-question")
        else:
            one.hear(way, file=PICTURE)

        assert [(one_["question_id"], one_["outcome"]) for one_ in one.values("settle_question")] == [(7, outcome)]


@behind("complain-ask", "closed-by-desk")
def test_p8_a_complaint_goes_to_the_chief_and_not_into_the_tip() -> None:
    one = sent()
    before = len(one.values("say"))

    assert "không qua cán bộ đã làm" in one.presses("complain")
    one.says("Cán bộ đó không ghi biên bản")
    assert [appeal["kind"] for appeal in one.values("appeal")] == ["complaint"] and len(one.values("say")) == before


@behind("complain-ask-chief", "complain-ask-chief-at", "complain-ask-chief-or-superior", "closed-by-desk-chief")
def test_p8_where_the_chief_has_done_it_nobody_is_told_that_it_passes_them_by() -> None:
    for superior, elsewhere in (("", "công an tỉnh, thành phố"), ("Công an thành phố, 12 Lê Đại Hành", "12 Lê Đại Hành")):
        one = sent(superior=superior)
        one.tell(one.values("send")[0]["tip_id"], is_chiefs_work=True)
        asked = one.presses("complain")

        assert "cũng tới chỉ huy" in asked and elsewhere in asked and "không qua" not in asked
    assert "không qua" not in wordings.ours("closed-by-desk-chief", "vi")

    # Where the superior police read here, one press leads to them: what is told then lies behind the fence.
    one = sent(keepers=1)
    one.tell(one.values("send")[0]["tip_id"], is_chiefs_work=True)
    assert "công an cấp trên đọc thay" in one.presses("complain") and "restricted:fence" in one.offered
    one.presses("restricted:fence")
    one.says("Chỉ huy trả lời chưa đúng")
    assert [kept["kind"] for kept in one.values("restrict")] == ["fence"] and not one.values("appeal")


@behind("closed-by-desk-fence")
def test_p8_a_complaint_about_what_the_superior_police_read_goes_past_the_ward() -> None:
    one = sent()
    one.tell(one.values("send")[0]["tip_id"], restricted="fence")

    assert "tới công an cấp trên, không qua ai ở phường" in one.presses("complain")
    one.says("Chưa ai trả lời")
    [appeal] = one.values("appeal")
    assert (appeal["kind"], appeal["tip_id"]) == ("complaint", one.mine[0].tip_id)  # Read by who reads that tip: P2.


@behind("cut-ask", "cut-done")
def test_p8_nothing_is_cut_before_a_yes() -> None:
    one = sent()
    one.says("cắt liên lạc")
    assert "cut" not in one.what
    one.presses("cut-no")
    assert "cut" not in one.what
    one.presses("cut")
    one.presses("cut-yes")
    assert one.what[-1] == "cut" and one.state == {}


@behind("receipt", "receipt-shared")
def test_p8_whoever_has_the_code_reads_how_it_stands_and_nothing_that_was_sent() -> None:
    one, other = sent(), talk()
    code = new_code()
    other.codes = {code: one.mine[0]}
    told = other.says(code.lower())

    assert "cán bộ trực chưa đọc" in told and "khóa" not in told
    # All that a code can show; `Found` holds no words of the resident's and nothing of who they are.
    assert set(Found.__dataclass_fields__) == {
        *("tip_id", "tail", "arrived_at", "accepted_at", "closed_at", "category", "is_urgent", "is_shredded", "rating", "unread"),
        *("state", "number"),
        *("restricted", "is_chiefs_work", "is_on_paper"),  # Who reads it, and where it lies now: so that the answer is true.
    }


@behind("in-group")
def test_p8_in_a_group_one_neutral_line_in_half_an_hour() -> None:
    one = talk()
    state: dict[str, Any] = {}
    said: list[list[str]] = []
    for minutes in (0, 1, 29, 31):
        one.now = NOW + minutes * moments.MINUTE
        decision = in_group.decide(state, replace(one.facts(), private_link="https://t.me/keng_bot"))
        state, said = decision.state, [*said, [reply.text for reply in decision.replies]]

    assert [len(texts_) for texts_ in said] == [1, 0, 0, 1]
    assert set(state) == {"said_at"} and "không lưu chuyện trong nhóm" in said[0][0] and "https://t.me/keng_bot" in said[0][0]


@behind("check-rest")
def test_p8_what_is_said_of_a_warning_never_ends_with_that_it_is_true() -> None:
    """A forgery may bear the code: whatever was found, it is followed by what makes one a fake."""
    known = Known(code="CB-7K3M2Q", is_correction=False, at=NOW, expires_at=NOW + 1, is_cancelled=False, posted="CẢNH BÁO: x")
    for compared in (None, Compared(), Compared(changed=("y",), links=("z[.]top",))):
        said = checking.answer(texts.say, Checked(codes=("CB-7K3M2Q",), known=known, compared=compared), talk().ward, now=NOW)
        assert "CẢNH BÁO: x" in said and said.endswith("là giả.") and " thật" not in said


@behind("check-police-called")
def test_p8_who_was_called_by_the_police_is_given_our_own_number_and_asked_for_nothing() -> None:
    one = talk()
    said = one.says("Có người xưng công an gọi cho tôi")

    assert one.ward.duty_phone in said and one.changes == [] and "?" not in said
