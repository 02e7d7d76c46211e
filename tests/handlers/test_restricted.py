"""Who alone reads what is told, as the resident meets it; why no name is taken; and whoever wants to give themself up."""

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from handlers import lifecycle, texts, wordings
from handlers.messages import Ward
from handlers.ward_book import Procedure, WardBook
from tests.fenced import untrue_behind_the_fence
from tests.handlers.talk import Talk

WARD = Ward(id=1, name="", duty_phone="0225 3123 456", custodians=1)
KEPT = replace(WARD, keepers=1)
SUPERIOR = "Công an thành phố, 12 Lê Đại Hành, 0225 3555 555"
BRIBE = "Cán bộ địa chính nhận hối lộ của nhà đầu ngõ"
PLAIN = "Tối qua có người đổ rác ra sông"


def test_it_is_offered_at_the_first_question_and_under_all_kinds_and_never_asked() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("report")
    both = ["restricted:fence", "restricted:chief"]
    assert talk.offered == [*both, "cancel"]
    talk.says(PLAIN)
    assert not set(both) & set(talk.offered)
    talk.presses("categories")
    assert [one for one in talk.offered if one.startswith("restricted")] == both


def test_behind_the_fence_the_bot_says_who_reads_it_before_and_after() -> None:
    talk = Talk(ward=KEPT)
    assert "chỉ công an cấp trên đọc" in talk.presses("restricted:fence") and talk.what == []
    talk.says("Anh công an khu vực đòi tiền tôi")
    assert talk.what[:2] == ["open", "restrict"] and talk.values("restrict")[0]["kind"] == "fence"
    talk.presses("skip")  # The place; nobody is asked for a name then.
    assert talk.state["step"] == "safe"
    assert "chỉ công an cấp trên đọc" in talk.presses("safe:alone")
    receipt = talk.presses("send")

    assert "chỉ công an cấp trên đọc" in receipt and "trực sẽ đọc" not in receipt
    assert "send" in talk.what
    assert "không nhận tên" in talk.says("nêu tên")
    assert "restricted" not in talk.state  # The next matter is read like any other.


def test_what_is_about_a_fenced_tip_goes_past_the_ward_and_is_said_so() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("restricted:fence")
    talk.says(PLAIN)
    talk.presses("send")
    talk.presses("safe:alone")
    [sent] = talk.values("send")
    talk.tell(sent["tip_id"], restricted="fence")
    talk.presses("complain")
    asked = talk.replies[-1].text
    shown = [talk.hear("voice", file={"file_id": "f", "size": 1, "mime": ""}).replies[-1] for _ in range(2)]
    assert len({one.text for one in shown}) == 2 and "cấp trên" in shown[0].text
    assert not any("chỉ huy" in word.lower() for one in shown for word in (one.text, *(button.label for button in one.buttons)))
    said = [asked, talk.says("Chưa ai trả lời"), talk.presses("threatened"), talk.says("Nó dọa đốt nhà")]
    talk.presses("data:know")
    said.append(talk.presses("data-send"))

    assert [("công an cấp trên" in one, "chỉ huy" in one) for one in said] == [(True, False)] * 5
    assert {one["tip_id"] for one in talk.values("appeal")} == {sent["tip_id"]}


def test_with_nobody_behind_the_fence_it_is_said_before_the_words_and_where_to_go() -> None:
    talk = Talk(ward=replace(WARD, superior=SUPERIOR))
    told = talk.presses("restricted:fence")
    assert SUPERIOR in told and talk.what == [] and "restricted" not in talk.state
    assert talk.offered == ["restricted:chief", "leave"]
    talk.presses("restricted:chief")
    talk.says("Anh công an khu vực đòi tiền tôi")
    assert talk.values("restrict")[0]["kind"] == "chief"

    without = Talk(ward=WARD)
    assert "công an tỉnh, thành phố" in without.presses("restricted:fence")
    assert "Có gì cần" in without.presses("leave") or without.replies[-1].text
    assert without.what == []


def test_a_tip_whose_last_reader_has_left_is_not_sent_to_nobody() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("restricted:fence")
    talk.says(PLAIN)
    talk.ward = WARD
    assert "chưa có người của công an cấp trên" in talk.presses("send") and "send" not in talk.what
    talk.presses("restricted:chief")
    talk.presses("send")
    assert "chỉ chỉ huy Công an phường đọc" in talk.presses("safe:alone")

    urgent = Talk(ward=KEPT)
    urgent.presses("restricted:fence")
    urgent.ward = WARD
    assert "tới chỉ huy Công an phường ngay" in urgent.says("Có người cầm dao chém, cứu tôi với")
    urgent.is_silent()
    assert [one["kind"] for one in urgent.values("restrict")] == ["fence", "chief"] and "send" in urgent.what


def test_in_a_draft_with_nobody_behind_the_fence_the_draft_stays_as_it_was() -> None:
    talk = Talk(ward=WARD)
    talk.says(PLAIN)
    talk.presses("restricted:fence")
    assert talk.offered == ["restricted:chief", "go-on", "cancel"]
    talk.presses("go-on")
    assert "restrict" not in talk.what and "drop" not in talk.what


@pytest.mark.parametrize(
    "words", ["Công an phường tới mà không lập biên bản", "thang cong an khu vuc doi tien", "The ward police took money"]
)
def test_words_about_the_ward_police_only_bring_the_button_forward(words: str) -> None:
    talk = Talk(ward=KEPT)
    talk.says(words)
    assert "restricted:fence" in talk.offered and "restrict" not in talk.what


@pytest.mark.parametrize("words", [PLAIN, "Ông Nguyễn Văn Công ở phường bên hay đổ rác", "Báo công an giúp, có trộm hôm qua"])
def test_names_and_other_words_do_not(words: str) -> None:
    talk = Talk(ward=KEPT)
    talk.says(words)
    assert "restricted:fence" not in talk.offered


def test_what_was_chosen_can_be_taken_back_until_it_is_sent() -> None:
    talk = Talk(ward=KEPT)
    talk.says(PLAIN)
    talk.presses("categories")
    talk.presses("restricted:chief")
    talk.presses("categories")
    assert "restricted:none" in talk.offered and "restricted:chief" not in talk.offered
    talk.presses("restricted:none")
    assert [one["kind"] for one in talk.values("restrict")] == ["chief", ""]


def test_a_choice_without_a_story_does_not_hang_on_the_next_matter() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("restricted:fence")
    talk.presses("report")
    talk.says(PLAIN)
    assert "restrict" not in talk.what


def test_of_corruption_no_name_is_asked_and_one_that_is_offered_is_declined_kindly() -> None:
    office = Procedure(key="ward-office", address="45 Điện Biên Phủ")
    talk = Talk(ward=replace(WARD, book=WardBook(procedures=(office,))))
    assert "chỉ chỉ huy phường đọc" in talk.says(BRIBE)
    assert talk.state["category"] == "TN"
    told = talk.says("nêu tên")
    assert "gặp riêng chỉ huy" in told and "45 Điện Biên Phủ" in told
    talk.presses("skip")
    assert talk.state["step"] == "safe"  # Not "about".
    assert "gặp riêng chỉ huy" in talk.presses("about:named")
    talk.presses("safe:alone")
    receipt = talk.presses("send")
    assert "chỉ chỉ huy Công an phường đọc" in receipt
    talk.presses("after-end")
    assert "gặp riêng chỉ huy" in talk.says("nêu tên")
    assert "name" not in talk.what


def test_a_name_typed_after_the_matter_became_one_of_corruption_is_not_kept() -> None:
    talk = Talk(ward=WARD)
    talk.says(PLAIN)
    talk.presses("skip")
    assert talk.state["step"] == "about"
    talk.presses("about:named")
    talk.presses("category:TN")
    talk.state["step"] = "name"  # The question still stood in another window.
    assert "gặp riêng chỉ huy" in talk.says("Trần Thị Lý 0912 345 678")
    assert "name" not in talk.what and talk.what[-1] == "mask"


def test_danger_behind_the_fence_says_truly_whom_it_reaches() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("restricted:fence")
    card = talk.says("Công an phường đang đánh tôi, cứu tôi với")
    assert "113" in card and "tới công an cấp trên ngay" in card and "tới trực ban" not in card
    sent = talk.presses("danger-send")
    assert "tới công an cấp trên" in sent and "trực ban" not in sent
    more = talk.says("nó cầm dao, cứu")
    assert "trực ban" not in more


@pytest.mark.parametrize(
    "words", ["Tôi muốn đầu thú", "em xin ra tự thú ạ", "Dạ cháu định đi đầu thú", "dau thu o dau", "I want to turn myself in"]
)
def test_whoever_gives_themself_up_is_told_where_and_confesses_nothing_here(words: str) -> None:
    talk = Talk(ward=replace(WARD, address="45 Điện Biên Phủ"))
    told = talk.says(words)
    assert "45 Điện Biên Phủ" in told and "0225 3123 456" in told and "đừng kể việc đã làm" in told
    assert talk.what == ["mask"] and "tip_id" not in talk.state  # It stands in no tip, and in no thread.


@pytest.mark.parametrize("words", ["Thằng cướp hôm qua đã ra đầu thú rồi", "Nghe nói ông ấy sắp đầu thú, nhà vẫn còn ma túy"])
def test_what_is_told_of_others_who_gave_themselves_up_is_a_tip(words: str) -> None:
    talk = Talk(ward=WARD)
    talk.says(words)
    assert "say" in talk.what


def test_danger_comes_before_giving_oneself_up() -> None:
    talk = Talk(ward=WARD)
    card = talk.says("Tôi vừa đâm vợ tôi, máu chảy nhiều lắm, tôi ra đầu thú")
    assert "115" in card and "say" in talk.what


def test_what_went_to_paper_takes_no_addition_and_the_next_words_are_a_new_tip() -> None:
    talk = Talk(ward=WARD)
    talk.says(PLAIN)
    talk.presses("send")
    talk.presses("safe:shared")
    [sent] = talk.values("send")
    talk.tell(sent["tip_id"], is_shredded=True, is_on_paper=True)
    assert "hồ sơ giấy" in talk.says("tra cứu")
    talk.says("Hôm nay lại có xe chở phế thải đổ tiếp")

    assert [one["tip_id"] for one in talk.values("open")] == [sent["tip_id"], talk.state["tip_id"]]
    assert sent["tip_id"] != talk.state["tip_id"]


def test_p3_a_sender_the_ward_has_set_apart_is_heard_behind_the_fence_as_anybody() -> None:
    """Whom a tip is about could otherwise silence what comes next."""
    held, said = [], []
    for kind in ("fence", "chief"):
        talk = Talk(ward=KEPT, blocked_until=1_900_000_000_000)
        talk.presses(f"restricted:{kind}")
        talk.says(PLAIN)
        talk.presses("send")
        said.append("đã gửi nhiều tin" in talk.presses("safe:alone"))
        held += [one["held_why"] for one in talk.values("send")]

    assert (held, said) == (["", "blocked"], [False, True])


def test_a_tip_taken_up_by_its_code_that_went_to_paper_takes_no_addition() -> None:
    talk = Talk(ward=WARD, has_lost_last=True, state={"met": True, "last_tip": {"tip_id": 900, "tail": "9DAF", "at": 1_800_000_000_000}})
    talk.says("Hôm nay lại có xe chở phế thải đổ tiếp")

    assert talk.what[0] == "open" and {one["tip_id"] for one in talk.values("say")} == {talk.state["tip_id"]}


# Said where nothing is told yet, where no tip is spoken of, or where it is true of any tip that the ward's people do this.
_OF_NO_TIP = (
    *(
        "start-*",
        "help",
        "duty-line",
        "trial-line",
        "card-*",
        "in-group*",
        "group-*",
        "check-*",
        "subscribe-*",
        "lookup-check-*",
        "procedure-*",
        "command-*",
        "page-*",
        "lookup-not-found-3",
    ),
    *(
        "surrender*",
        "fence-*",
        "restricted-*",
        "reader-*",
        "name-*",
        "button-*",
        "about-*",
        "receipt-urgent",
        "cut-ask",
        "cancel-ask",
        "lookup-to-chat",
    ),
)
# Never said of restricted tips: others stand for them, receipt-restricted, danger-sent-restricted and their like.
_NAMES_THE_READER = (
    *(
        "receipt",
        "receipt-shared",
        "receipt-windowed",
        "danger-sent",
        "urgent-added",
        "urgent-more",
        "threat-noted-trial",
        "lookup-state-entered",
    ),
    *("complain-ask-chief", "complain-ask-chief-at", "complain-ask-chief-or-superior"),
)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_p8_every_sentence_about_a_tip_is_true_behind_the_fence(language: str) -> None:
    """A new sentence that names people of the ward wants a variant for tips that nobody of the ward reads."""
    keys = [key for group in wordings.groups() for key in group.keys if not key.endswith(("-fence", "-restricted"))]
    told = {way.tells for way in lifecycle.BY_NAME.values()} | {key for way in lifecycle.BY_NAME.values() for key in way.tells_on.values()}
    assert told - {""} <= set(keys)
    wrong = {
        key: untrue_behind_the_fence(wordings.ours(texts.for_readers(key, "fence"), language))
        for key in keys
        if not any(fnmatchcase(key, pattern) for pattern in _OF_NO_TIP) and key not in _NAMES_THE_READER
    }

    assert {key: found for key, found in wrong.items() if found} == {}
    assert untrue_behind_the_fence(wordings.ours("status-kept", language)) and texts.for_readers("status-kept", "chief") == "status-kept"


def test_p8_from_the_first_word_to_the_last_nothing_sends_a_fenced_tip_to_the_ward() -> None:
    talk = Talk(ward=KEPT)
    talk.presses("restricted:fence")
    talk.hear("voice", file={"file_id": "f", "size": 1, "mime": ""})
    talk.says(PLAIN)
    talk.presses("callback:want")
    talk.presses("skip")
    talk.presses("safe:shared")
    talk.presses("review")
    talk.presses("send")
    [sent] = talk.values("send")
    for stands in (
        {},
        {"accepted_at": 1},
        {"state": "S2", "number": "5/2026"},
        {"state": "S6"},
        {"is_shredded": True, "is_on_paper": True},
    ):
        talk.tell(sent["tip_id"], restricted="fence", **stands)
        talk.says("tra cứu")

    assert len({reply.text for reply in talk.replies}) >= 9
    assert [reply.text for reply in talk.replies if untrue_behind_the_fence(reply.text.replace("trực ban 0225 3123 456", ""))] == []
