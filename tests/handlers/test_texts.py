"""A ward's own sentence where there is one, and ours whenever something is wrong with it."""

import logging
import re
from typing import Any

import pytest
from fluent.syntax import FluentParser

from handlers import router, texts
from handlers.messages import Ward
from handlers.texts import say, say_as
from handlers.ward_book import WardBook


def book(text: str, key: str = "receipt-urgent", language: str = "vi") -> WardBook:
    return WardBook(wordings={(language, key): text})


def test_a_ward_speaks_in_its_own_words() -> None:
    own = book("Gấp thì gọi 113, hoặc { $duty_phone } ạ.")

    assert say_as(own, "receipt-urgent", "vi", duty_phone="0225") == "Gấp thì gọi 113, hoặc 0225 ạ."
    assert say_as(own, "receipt-urgent", "en", duty_phone="0225") == say("receipt-urgent", "en", duty_phone="0225")
    assert say_as(WardBook(), "receipt-urgent", "vi", duty_phone="0225") == say("receipt-urgent", "vi", duty_phone="0225")


def test_lines_may_begin_with_any_sign() -> None:
    text = "[Xem]\n* một\n.hai\n\n{ $duty_phone ->\n    [0] không\n   *[other] có { $duty_phone }\n}\n[hết]"

    assert say_as(book(text), "receipt-urgent", "vi", duty_phone="x") == "[Xem]\n* một\n.hai\n\ncó x\n[hết]"


@pytest.mark.parametrize("broken", ["{", "{ $nothing }", "{ -term }", "{ other }", "}", "", "  ", '{ "" }', "{ $duty_phone -> }"])
def test_ours_is_said_when_the_wards_own_fails(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    assert say_as(book(broken), "receipt-urgent", "vi", duty_phone="0225") == say("receipt-urgent", "vi", duty_phone="0225")
    [record] = [record for record in caplog.records if record.name == "keng.texts"]
    more = vars(record)
    assert (record.message, record.args, record.exc_info, more["key"]) == ("own_wording_failed", (), None, "receipt-urgent")
    assert more["error"] in ("KeyError", "MissingText")


def test_one_broken_sentence_leaves_the_others_alone() -> None:
    own = WardBook(wordings={("vi", "added"): "{ oops", ("vi", "button-send"): "Gửi đi"})

    assert say_as(own, "button-send") == "Gửi đi"


def test_a_new_version_of_the_book_is_heard_at_once() -> None:
    assert [say_as(book(text, "button-send"), "button-send") for text in ("Một", "Hai", "Một")] == ["Một", "Hai", "Một"]


def test_the_start_is_the_wards_own() -> None:
    ward = Ward(id=1, name="Hồng Bàng", duty_phone="0225", book=book("Xin chào bà con phường{ $ward }.", "start-hello"))

    assert router.start_reply(ward, "webchat", "vi").text.startswith("Xin chào bà con phường Hồng Bàng.\n\n🔴")


@pytest.mark.parametrize("value", ["chữ {x}\n-dài", "", 0, 7, 999, 1_000, 12_345, -3, True, 2.5, None])
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_is_put_in_without_fluent_is_what_fluent_says(language: str, value: Any) -> None:
    """Of every sentence of ours; what needs more than putting in, or lacks a value, is left to Fluent."""
    bundle, are_put_in = texts._bundle(language), 0
    for key in texts.keys(language):
        texts._take_in(bundle, language, key)
        pattern = bundle.get_message(key).value
        for values in ({name: value for name in re.findall(r"\$([a-zA-Z][\w-]*)", texts._sources(language)[key])}, {}):
            if (put := texts._put_in(pattern, values)) is not None:
                assert (put, []) == bundle.format_pattern(pattern, values), key
                are_put_in += 1
    assert are_put_in > 2_000


def test_every_sentence_of_ours_has_a_tree() -> None:
    for language in texts.LANGUAGES:
        assert texts.keys(language) <= texts.entries(language).keys()


def test_a_long_value_stands_whole_in_ours_and_in_a_wards_own() -> None:
    text = "dài " * 2000
    own = book('Công an phường nhắn về { $code_tail }: "{ $text }"', "told-by-desk")

    assert text in say("told-by-desk", text=text, code_tail="9DAF")
    assert say_as(own, "told-by-desk", text=text, code_tail="9DAF") == f'Công an phường nhắn về 9DAF: "{text}"'


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_sentences_taken_one_by_one_are_those_of_the_whole_files(language: str) -> None:
    sources = texts._sources(language)
    assert set(sources) == set(texts.entries(language))
    for name, entry in texts.entries(language).items():
        assert entry.equals(FluentParser().parse_entry(sources[name]), ["span", "comment"]), name
