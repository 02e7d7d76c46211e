from collections import Counter
from typing import Any

import pytest

from handlers.flows.conversation import fold
from handlers.insight.catalogue import ADVICE_MOST, CODES, NAME_MOST, QUESTION_MOST, complaints_about, load, merged
from handlers.insight.categories import recognise
from tests.insight.measured import labelled


def test_every_code_of_the_register_is_there_and_six_are_offered() -> None:
    categories = load()

    assert tuple(categories) == CODES
    assert len(CODES) == 21
    assert {code for code, category in categories.items() if category.offered} == {"LD", "MT", "CB", "TC", "TT", "KH"}
    assert {code for code, category in categories.items() if category.sensitive} == {"BL", "TE", "MB"}
    assert {code for code, category in categories.items() if category.restricted} == {"TN"}
    assert {"TC", "TT", "ML"} <= {code for code, category in categories.items() if category.call_helps}


def test_our_own_texts_keep_the_rules_of_a_ward() -> None:
    for code, category in load().items():
        texts = {"name": category.name, "questions": category.questions, "advice": category.advice}
        assert complaints_about({code: texts}) == []
        assert all(set(each) == {"vi", "en"} for each in texts.values())
        assert all(0 < len(name) <= NAME_MOST for name in category.name.values())
        assert all(1 <= len(each) <= 3 and all(len(one) <= QUESTION_MOST for one in each) for each in category.questions.values())
        assert all(len(each) <= ADVICE_MOST for each in category.advice.values())


def test_sentences_find_their_category() -> None:
    lines = labelled("categories.tsv")
    missed = [(code, recognise(text), text) for code, text in lines if recognise(text) != code]

    print(f"{len(lines) - len(missed)} of {len(lines)}", *missed, sep="\n")

    assert len(lines) >= 200
    assert set(Counter(code for code, _ in lines)) == set(CODES)
    assert len(missed) <= 0.05 * len(lines)


def test_losing_the_marks_loses_little() -> None:
    lines = labelled("categories.tsv")

    assert sum(recognise(fold(text)) == code for code, text in lines) >= 0.92 * len(lines)


@pytest.mark.parametrize("text", ["", "alo", "xin chào", "12345", "😀", "a" * 20_000])
def test_words_that_say_too_little_have_no_category(text: str) -> None:
    assert recognise(text) == ""


def test_a_ward_changes_its_own_words_and_nothing_else() -> None:
    defaults = load()
    changes = {"LD": {"questions": {"vi": ["Chuyện xảy ra lúc nào ạ?"]}, "offered": False}}

    changed = merged(defaults, changes)

    assert changed["LD"].questions["vi"] == ("Chuyện xảy ra lúc nào ạ?",)
    assert changed["LD"].questions["en"] == defaults["LD"].questions["en"]
    assert not changed["LD"].offered
    assert {code: each for code, each in changed.items() if code != "LD"} == {code: each for code, each in defaults.items() if code != "LD"}
    assert load() == defaults


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"XX": {}}, "XX: no such category"),
        ({"LD": "mới"}, "LD: not a set of fields"),
        ({"LD": {"sensitive": False}}, "LD.sensitive: cannot be changed"),
        ({"LD": {"offered": "có"}}, "LD.offered: is yes or no"),
        ({"LD": {"name": {"vi": " "}}}, "LD.name.vi: is empty"),
        ({"LD": {"name": {"fr": "Escroquerie"}}}, "LD.name.fr: no such language"),
        ({"LD": {"name": {"vi": 5}}}, "LD.name.vi: not a text"),
        ({"LD": {"questions": {"vi": []}}}, "LD.questions.vi: not a list of questions"),
        ({"LD": {"questions": {"vi": ["a?", "b?", "c?", "d?"]}}}, "LD.questions.vi: at most 3 questions"),
        ({"LD": {"questions": {"vi": ["a" * 161]}}}, "LD.questions.vi.1: longer than 160 characters"),
        ({"LD": {"questions": {"vi": ["Mã OTP là gì ạ?"]}}}, "LD.questions.vi.1: asks for what is never asked"),
        ({"LD": {"questions": {"vi": ["Mat khau la gi?"]}}}, "LD.questions.vi.1: asks for what is never asked"),
        ({"LD": {"questions": {"vi": ["Gửi ảnh căn cước giúp ạ"]}}}, "LD.questions.vi.1: asks for what is never asked"),
        ({"LD": {"questions": {"en": ["Please send a photo of your ID"]}}}, "LD.questions.en.1: asks for what is never asked"),
        ({"LD": {"questions": {"vi": ["Chuyển tiền lệ phí giúp ạ"]}}}, "LD.questions.vi.1: asks for what is never asked"),
        ({"LD": {"advice": {"vi": "a" * 201}}}, "LD.advice.vi: longer than 200 characters"),
        ({"CN": {"advice": {"vi": "Ra ngoài ngay."}}}, "CN.advice.vi: 114 must stay"),
        ({"TE": {"advice": {"vi": "Gọi 1112."}}}, "TE.advice.vi: 111 must stay"),
        ({"BL": {"advice": {"en": "Go to a neighbour."}}}, "BL.advice.en: 113 must stay"),
        ({"LD": {"advice": {"vi": "Đọc mã OTP cho cán bộ."}}}, "LD.advice.vi: asks for what is never asked"),
    ],
)
def test_a_change_that_would_harm_is_refused(changes: dict[str, Any], complaint: str) -> None:
    assert complaints_about(changes) == [complaint]


def test_advice_may_warn_of_what_is_never_asked() -> None:
    assert complaints_about({"LD": {"advice": {"vi": "Đừng đọc mã OTP cho ai. Giữ lại tin nhắn."}}}) == []
