"""What is shown beforehand is what the doors do."""

from dataclasses import replace

import pytest

from bot.channels.pieces import cut, units
from bot.channels.telegram.send import MOST_CAPTION as TELEGRAM_CAPTION
from bot.channels.telegram.send import MOST_UNITS
from bot.channels.zalo_oa.send import MOST_IMAGE_BYTES, MOST_TEXT
from handlers import capabilities
from handlers.warnings import card
from handlers.warnings.content import MOST_WORDS, Content, as_posted
from handlers.warnings.previews import MOST_CAPTION, Message, Place, Preview, previews
from tests.handlers.warnings.samples import FRAUD, LONG_WARD, POSTED, WARD


def shown(content: Content, *, has_card: bool = True) -> dict[Place, Preview]:
    return {one.place: one for one in previews(content, POSTED, WARD, has_card=has_card)}


def test_the_limits_are_those_of_the_doors() -> None:
    assert (MOST_CAPTION, capabilities.of("telegram").most_text) == (TELEGRAM_CAPTION, MOST_UNITS)
    assert capabilities.of("zalo_oa").most_text == MOST_TEXT < 2000
    assert card.MOST_JPEG == MOST_IMAGE_BYTES


def test_an_ordinary_warning_is_one_picture_and_one_text_everywhere() -> None:
    text = as_posted(FRAUD, POSTED, WARD)
    made = shown(FRAUD)

    assert units(text) <= MOST_CAPTION
    assert made["telegram"].messages == (Message(picture="tall", text=text),)
    assert made["zalo_oa"].messages == made["pasted"].messages == (Message(picture="tall"), Message(text=text))
    assert made["zalo_group"].messages == made["zalo_bot"].messages == made["web"].messages == (Message(text=text),)
    assert [one.place for one in made.values() if one.is_parted] == []
    assert {one.place for one in made.values() if one.has_picture} == {"telegram", "zalo_oa", "pasted"}
    assert not any(one.has_picture for one in shown(FRAUD, has_card=False).values())


@pytest.mark.parametrize("letters", [1024, 1025, 1900, 1901, 4096, 4097])
def test_words_are_parted_just_where_a_limit_is_passed(letters: int) -> None:
    rest = letters - len(as_posted(replace(FRAUD, body=""), POSTED, WARD)) - 2
    content = replace(FRAUD, body=("ổi " * letters)[: rest - 1] + "a")
    text = as_posted(content, POSTED, WARD)
    assert units(text) == letters
    made = shown(content)

    assert made["telegram"].messages[0] == Message(picture="tall", text=text if letters <= 1024 else "")
    said = {place: [message.text for message in one.messages if message.text] for place, one in made.items()}
    assert said["telegram"] == cut(text, 4096) and made["telegram"].is_parted == (letters > 4096)
    for place in ("zalo_oa", "zalo_group", "zalo_bot"):
        assert said[place] == cut(text, 1900) and made[place].is_parted == (letters > 1900)
        assert max(map(units, said[place])) <= 1900
    assert said["web"] == said["pasted"] == [text]


def test_what_may_be_released_is_never_parted() -> None:
    """The longest that passes, with the longest of feet: one text on every platform."""
    longest = Content(headline=" ".join(["nghiêng"] * 7), body=" ".join(["nghiêng"] * (MOST_WORDS - 10)), lines=("nghiêng",) * 3)

    assert [one.place for one in previews(longest, POSTED, LONG_WARD) if one.is_parted] == []
