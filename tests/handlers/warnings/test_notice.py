"""The sheet for the board: one page, every posted word of it, and nothing near the edge that a printer leaves white."""

import io
import re
from itertools import combinations

import pikepdf
import pytest

from handlers.warnings import notice
from handlers.warnings.card_parts import Square, Words
from handlers.warnings.content import as_posted
from handlers.warnings.face import face_of
from tests.handlers.test_poster import words_of
from tests.handlers.warnings.samples import SAMPLES

ORDINARY = [name for name in SAMPLES if name != "endless words"]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", ORDINARY)
def test_it_says_word_for_word_what_is_posted(name: str) -> None:
    content, posted, ward = SAMPLES[name]
    made = notice.notice(content, posted, ward)

    with pikepdf.open(io.BytesIO(made)) as book:
        [page] = book.pages
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]
    said = squeezed(words_of(made))
    head, *rest = as_posted(content, posted, ward).split("\n\n")
    assert [part for one in rest for part in one.split("\n") if squeezed(re.sub(r"^\d\. ", "", part)) not in said] == []
    assert squeezed(content.headline) in said and squeezed(face_of(*SAMPLES[name]).head) in said
    assert content.kind != "correction" or (posted.corrects in head and squeezed(posted.corrects) in said)


@pytest.mark.parametrize("name", SAMPLES)
def test_everything_fits_the_sheet_in_letters_that_are_read_standing(name: str) -> None:
    content, posted, ward = SAMPLES[name]
    made = notice.lay_out(face_of(content, posted, ward), notice.foot_sentences(content, posted, ward))
    words = [part for part in made.parts if isinstance(part, Words)]

    assert min(one.size for one in words) >= notice.LEAST
    if name == "endless words":  # Nobody writes so; whoever did is told.
        assert made.is_crowded
        return
    assert not made.is_crowded
    inks = [one.ink for one in words]
    assert all(ink[0] >= 140 and ink[1] >= 120 and ink[2] <= notice.WIDTH - 140 and ink[3] <= notice.HEIGHT - 140 for ink in inks)
    assert [(a, b) for a, b in combinations(inks, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]] == []
    squares = [part for part in made.parts if isinstance(part, Square)]
    assert [square.link for square in squares] == ([f"{ward.public_url}/tra-cuu?ma={posted.code}"] if ward.public_url else [])
    assert all(square.module >= 8 for square in squares)  # 0.8 mm: read from an arm's length.
