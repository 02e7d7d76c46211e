"""What a ward may say in its own way, and what is not taken."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import texts, wordings
from handlers.texts import say, say_as
from handlers.ward_book import WardBook
from handlers.wordings import complaints_about, filled, groups, ours, syllables, tidied

FILES = ("conversation.ftl", "danger.ftl", "afterwards.ftl")
EVERY = [(key, language) for language in texts.LANGUAGES for group in groups() for key in group.keys]


def kinds(key: str, text: str, language: str = "vi", book: WardBook | None = None) -> list[str]:
    """The complaints' keys, found again by how each sentence begins."""
    beginnings = {ours(name, "vi").split("{")[0]: name for name in texts.keys("vi") if name.startswith("wording-")}
    told = complaints_about(key, language, text, book=book)
    found = [max((start for start in beginnings if one.startswith(start)), key=len) for one in told]
    return [beginnings[start].removeprefix("wording-") for start in found]


@pytest.mark.parametrize(("key", "language"), EVERY)
def test_our_own_sentences_pass(key: str, language: str) -> None:
    assert complaints_about(key, language, ours(key, language)) == []
    assert filled(WardBook(), key, language)


def test_every_sentence_of_the_conversation_is_there_and_told_when() -> None:
    shown = {key for group in groups() for key in group.keys}
    spoken = {key for key, file in texts.files_of("vi").items() if file in FILES and not key.startswith("-")}

    assert spoken - shown == {"page-not-stored", "page-broken"}
    plain = [key for key in shown if not key.startswith(("button-", "command-", "page-"))]
    assert [key for key in plain if f"when-{key}" not in texts.keys("vi")] == []
    assert [group.name for group in groups() if f"wordings-group-{group.name}" not in texts.keys("vi")] == []


def test_every_fixed_sentence_of_the_twelve_is_guarded() -> None:
    fixed = ["start-hello", "start-urgent", "start-webchat-privacy", "start-telegram-privacy", "start-never-asked"]
    fixed += [
        *(f"card-{kind}" for kind in ("danger", "fire", "child", "self_harm", "cheated", "cannot-call")),
        "danger-sent",
        "nobody-accepted",
    ]
    fixed += ["about-choice", "safe-shared", "receipt", "receipt-shared", "question-asked", "closed-by-desk", "in-group"]

    assert [key for key in fixed if not (wordings.is_fixed(key) and wordings.facts_of(key, "vi") and wordings.facts_of(key, "en"))] == []


@pytest.mark.parametrize(
    "key", ["start-hello", "start-webchat-privacy", "start-never-asked", "card-cheated", "card-cannot-call", "in-group"]
)
def test_each_fact_counts(key: str) -> None:
    """Without any of its sentences a fixed text is refused."""
    parts = ours(key, "vi").split(". ")
    for gone in range(len(parts)):
        text = ". ".join(part for n, part in enumerate(parts) if n != gone) or "Xin chào."
        assert kinds(key, text), parts[gone]


@pytest.mark.parametrize(
    "gone",
    [
        "2. Nêu tên, xin giữ kín.",
        "tin vẫn được vào sổ",
        "không có giấy báo kết quả",
        "lúc nào cũng được",
        "thì không rút ra được",
        "hai người",
    ],
)
def test_the_choice_about_oneself_keeps_what_it_means(gone: str) -> None:
    assert kinds("about-choice", ours("about-choice", "vi").replace(gone, "…")) == ["fact"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("start-hello", "Công an phường{ $ward } chào bà con. Hệ thống tự động trả lời, cán bộ trực ban đọc từng tin."),
        ("start-urgent", "Nguy hiểm thì gọi ngay: công an 113, cháy 114, cấp cứu 115."),
        ("start-never-asked", "Công an phường không bao giờ hỏi mã OTP, không hỏi mật khẩu, không bảo ai chuyển tiền."),
        ("receipt-urgent", "Cần gấp, gọi 113 hoặc trực ban { $duty_phone }."),
        ("button-send-now", "Gửi luôn"),
        ("accepted", "Trực ban đã đọc lúc { $time }."),
        ("photos-ask", "Có ảnh thì gửi luôn, sẽ bắt đầu tải ngay. Không có thì thôi ạ."),
        ("what-happened", "[Kể] chuyện gì vậy ạ?"),
    ],
)
def test_a_wards_own_way_is_taken(key: str, text: str) -> None:
    assert complaints_about(key, "vi", text) == []


@pytest.mark.parametrize(
    ("key", "text", "wrong"),
    [
        ("added", "Đã ghi thêm vào tin.", "missing"),
        ("added", "Đã ghi thêm vào tin { $code_tail }, { $code_tail }.", "extra"),
        ("added", "Đã ghi thêm { $code }.", "missing"),
        ("added", "Đã ghi { $code_tail", "braces"),
        ("added", "Đã ghi } { $code_tail }", "braces"),
        ("added", "Đã ghi { NUMBER($code_tail) }", "only-variables"),
        ("added", "Đã ghi { -urgent } { $code_tail }", "only-variables"),
        ("added", "Đã ghi { noted } { $code_tail }", "only-variables"),
        ("added", 'Đã ghi { "x" } { $code_tail }', "only-variables"),
        ("added", "Đã ghi { $code_tail ->\n *[other] x\n}", "missing"),
        ("added", "  \n ", "empty"),
        ("added", "Đã ghi\u202e { $code_tail }", "odd-signs"),
        ("added", "x" * 4000, "odd-signs"),
        ("file-kind-photo", "Hình", "unknown"),
        ("no-such-key", "Hình", "unknown"),
        ("category-LD", "Lừa", "unknown"),
        ("noted", "Yên tâm, đã ghi thêm.", "never"),
        ("noted", "Da ghi them, YEN  TAM nhe.", "never"),
        ("noted", "Đã ghi, công an đang tới.", "never"),
        ("noted", "Chuyện này không ai biết.", "never"),
        ("noted", "Tuyệt đối bí mật.", "never"),
        ("noted", "Khai sai phải chịu trách nhiệm trước pháp luật.", "never"),
        ("noted", "Đã ghi. Police are on the way.", "never"),
        ("noted", "Cho biết mã OTP để xác nhận.", "secret"),
        ("noted", "Không nên lo, hãy gửi mã OTP.", "secret"),
        ("noted", "Gửi anh can cuoc giúp ạ.", "secret"),
        ("noted", "Gửi ảnh căn cước giúp ạ.", "secret"),
        ("noted", "Chuyển khoản phí tiếp nhận ạ.", "secret"),
        ("noted", "Đã ghi. Xem thêm ở abc-xyz.com nhé.", "link"),
        ("noted", "Đã ghi. https://congan.example/x", "link"),
        ("noted", "Đã ghi 🙏.", "emoji"),
        ("noted", "🔴 Đã ghi ✋.", "emoji"),
        ("noted", "Vụ cờ bạc đã ghi thêm.", "locked-screen"),
        ("noted", " ".join(["chữ"] * 60), "long"),
        ("button-send-now", "Gửi ngay cho Công an phường xem giúp", "label-long"),
        ("button-send-now", "Gửi\nngay", "label-long"),
        ("receipt-urgent", "Gấp thì gọi trực ban { $duty_phone }.", "number"),
        ("receipt-urgent", "Gấp thì đừng gọi 113, nhắn trực ban { $duty_phone }.", "not-called"),
        ("noted", "Đã ghi. Nhắn Zalo 0912 345 678 giúp ạ.", "phone"),
        ("noted", "Đã ghi. Gọi +84912345678 giúp ạ.", "phone"),
        ("button-send-now", "hủy", "same-button"),
        ("lookup-state-new", "Tin { $code_tail } đã tới lúc { $time }, chưa đọc.", "number"),
        ("start-urgent", "🔴 Gọi ngay: 113 cháy, 114 công an, 115 cấp cứu.", "fact"),
        ("start-never-asked", "Ở đây có người hỏi mã OTP, mật khẩu, hay bảo chuyển tiền.", "fact"),
    ],
)
def test_what_is_not_taken(key: str, text: str, wrong: str) -> None:
    assert wrong in kinds(key, text)


def test_the_receipt_code_stays_off_a_locked_screen() -> None:
    text = ours("receipt", "vi")
    moved = "Mã tin: { $code }.\n\n" + text.replace("Mã tin: { $code }\n\n", "")

    assert kinds("receipt", moved) == ["locked-screen"]


def test_a_choice_keeps_its_keys() -> None:
    text = ours("review", "vi")

    assert complaints_about("review", "vi", text.replace("không có\n", "chưa có gì\n")) == []
    assert kinds("review", text.replace("[0] không có", "[1] không có")) == ["missing", "extra"]


def test_the_start_is_counted_as_one_message() -> None:
    longer = (
        ours("start-tell", "vi") + " Viết dài hay ngắn, có dấu hay không dấu, sáng hay tối, lúc nào máy cũng nhận và cán bộ trực sẽ đọc ạ."
    )
    own = WardBook(wordings={("vi", "start-hello"): "Công an phường{ $ward }. Máy trả lời tự động, cán bộ trực đọc."})

    assert "start-long" in kinds("start-tell", longer)
    assert len(complaints_about("start-tell", "vi", ours("start-tell", "vi") + " Xin mời.", book=own)) == 0


def test_a_sentence_that_is_long_already_may_grow_by_a_tenth() -> None:
    text = ours("cut-done", "vi")
    words = syllables(text)
    room = max(59, words * 11 // 10) - words

    assert complaints_about("cut-done", "vi", text + " thêm" * room) == []
    assert kinds("cut-done", text + " thêm" * (room + 1)) == ["long"]


def test_complaints_are_said_in_the_officers_language() -> None:
    assert complaints_about("noted", "vi", "", spoken="en") == [say("wording-empty", "en")]


def test_the_example_is_filled() -> None:
    own = WardBook(wordings={("vi", "receipt-urgent"): "Gọi 113 hay { $duty_phone }."})

    assert filled(own, "receipt-urgent", "vi", duty_phone="0225 1") == "Gọi 113 hay 0225 1."
    assert "2 ảnh hoặc file" in filled(own, "review", "vi")


@given(st.lists(st.sampled_from([*'{}$[]*.->\n "\\abc0đ🔴\u200b-=#', "$count", "{ $count }"]), max_size=30))
def test_nothing_that_is_typed_breaks_the_check_or_the_line(pieces: list[str]) -> None:
    """Whatever is taken can be said."""
    text = "".join(pieces)
    if not complaints_about("noted-photo", "vi", text):
        own = WardBook(wordings={("vi", "noted-photo"): tidied(text)})
        assert "7" in say_as(own, "noted-photo", "vi", count=7)
        assert say_as(own, "noted-photo", "vi", count=7) != say("noted-photo", "vi", count=7)


@pytest.mark.parametrize("row", ["a-", "1.", "a.b-"])
def test_a_long_row_of_signs_is_read_in_a_breath(row: str) -> None:
    began = time.perf_counter()
    list(wordings._foreign_links(row * 10_000, ""))
    assert time.perf_counter() - began < 0.5  # It was minutes.


def test_braces_within_braces_without_end_are_a_mistake_and_no_more() -> None:
    assert kinds("knock", "{" * 2900) == ["braces"]


def test_what_a_ward_writes_all_by_itself_has_an_end_too() -> None:
    assert wordings.free_complaints("a" * (wordings.MOST_SIGNS + 1)) == [say("wording-odd-signs", most=wordings.MOST_SIGNS)]
