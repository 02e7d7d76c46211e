import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.flows.conversation import fold
from handlers.insight.danger import KINDS, hear
from tests.insight.measured import labelled, measured, printed, recall_of


def test_our_own_sentences_are_heard_and_harmless_ones_left_alone() -> None:
    counts = measured(labelled("danger.tsv"))

    print(printed(counts))

    assert set(counts) == {*KINDS, "harmless"}
    assert {kind: count.share >= 0.95 for kind, count in counts.items()} == dict.fromkeys(counts, True)
    assert recall_of(counts).lower_bound >= 0.95
    assert counts["harmless"].share >= 0.97


def test_losing_the_marks_loses_little() -> None:
    counts = measured([(label, fold(sentence)) for label, sentence in labelled("danger.tsv")])

    print(printed(counts))

    assert recall_of(counts).share >= 0.95
    assert counts["harmless"].share >= 0.95


def test_the_sentences_are_many_and_half_of_each_label_bare() -> None:
    lines = labelled("danger.tsv")
    bare = {label: sum(each.isascii() for mine, each in lines if mine == label) for label, _ in lines}
    of_all = {label: sum(mine == label for mine, _ in lines) for label, _ in lines}

    assert len(lines) >= 820
    assert len({fold(sentence) for _, sentence in lines}) == len(lines)
    assert all(0.4 <= bare[label] / of_all[label] <= 0.65 for label in of_all)
    assert 0.4 <= of_all["harmless"] / len(lines) <= 0.6


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cứu tôi với", "danger"),
        ("cứuuuuu", "danger"),
        ("CUU EM VOI", "danger"),
        ("cuutoivoi", "danger"),
        ("cuwus tooi voiws", "danger"),
        ("nó cầm dao rượt em", "danger"),
        ("help, he has a knife", "danger"),
        ("🆘🆘", "danger"),
        ("nhà em cháy rồi", "fire"),
        ("nha toi dang chay", "fire"),
        ("There is a fire", "fire"),
        ("bố dượng sờ soạng con bé 9 tuổi", "child"),
        ("em muốn chết", "self_harm"),
        ("hok mún sống nữa", "self_harm"),
        ("tôi vừa chuyển tiền xong mới biết bị lừa", "cheated"),
        ("they told me to transfer money", "cheated"),
    ],
)
def test_a_cry_is_heard_however_it_is_typed(text: str, kind: str) -> None:
    heard = hear(text)

    assert heard is not None
    assert heard.kind == kind


@pytest.mark.parametrize(
    ("dangerous", "harmless"),
    [
        ("nhà tôi cháy", "nhà tôi chạy"),
        ("nó đâm tôi", "nó đám tôi"),
        ("tui bị chém", "tui bị chê"),
        ("nó đòi giết con", "nó đòi giặt con"),
        ("vừa bị cướp", "vừa bị cúp"),
    ],
)
def test_marks_tell_look_alikes_apart(dangerous: str, harmless: str) -> None:
    assert hear(dangerous) is not None
    assert hear(harmless) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "1",
        "không có cháy",
        "ko có cháy đâu ạ",
        "quán cháy hàng",
        "giá cắt cổ",
        "ngồi chém gió",
        "giết thời gian",
        "đám cháy đã dập xong hôm qua",
        "năm ngoái nhà tôi bị trộm",
        "cho hỏi thủ tục phòng cháy chữa cháy",
        "trong phim nó cầm dao đâm người",
    ],
)
def test_what_only_looks_dangerous_is_left_alone(text: str) -> None:
    assert hear(text) is None


def test_long_ago_does_not_hide_what_happens_now() -> None:
    assert hear("Năm ngoái nó đánh tôi một lần") is None
    assert hear("Năm ngoái nó đánh tôi một lần, bây giờ nó lại đang đập cửa đòi giết tôi") is not None


def test_what_was_heard_is_shown_as_it_was_typed() -> None:
    heard = hear("Alo! Nó CẦM DAO kìa")

    assert heard is not None
    assert any("CẦM DAO" in words for words in heard.heard)


def test_a_cry_deep_in_a_long_story_is_heard() -> None:
    assert hear("Sáng nay trời đẹp, cả xóm đi chợ. " * 200 + "Cứu tôi với, nó cầm dao vào nhà!") is not None


def test_it_makes_no_difference_whether_marks_come_composed_or_apart() -> None:
    text = "Nó đang đánh mẹ em, cứu với"

    assert hear(unicodedata.normalize("NFD", text)) is not None


_PIECES = "cứu cháy dao giết không nó đang tôi vừa chuyển tiền muốn chết bé phim , . ! 🔪 aaaaa ư\u0323"
_SYLLABLES = st.sampled_from(_PIECES.split())


@given(st.text(max_size=400) | st.lists(_SYLLABLES, max_size=80).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_it_stumble(text: str) -> None:
    heard = hear(text)

    assert heard is None or heard.kind in heard.kinds


def _seconds(text: str) -> float:
    best = 1e9
    for _ in range(3):
        before = time.thread_time()
        hear(text)
        best = min(best, time.thread_time() - before)
    return best


@pytest.mark.parametrize(
    "piece",
    [
        "nó cầm dao đòi giết cả nhà tôi ",
        "cứu ",
        "cháy",
        "a",
        "xqz",
        "đánh tôi không có ",
        "ú",
        "🔪",
        "chuyển tiền vừa bị lừa rồi ",
        "khongkhongkhong ",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    """A ratio, so that a slow machine judges as a fast one does; a square would be sixteen."""
    short, long = piece * (5_000 // len(piece)), piece * (20_000 // len(piece))
    hear(short)

    assert _seconds(long) < 9 * _seconds(short) + 0.01
