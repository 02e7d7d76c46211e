"""The pictures, looked at pixel by pixel: all of it readable, nothing cut, nothing near the border, the code as a camera sees it."""

import io
import time
from dataclasses import replace
from itertools import combinations

import pytest
import segno
from PIL import Image, ImageChops, ImageDraw

from handlers.warnings import card, card_layout, card_wide, pictures
from handlers.warnings.card_parts import LEAST_SMALL, Box, Layout, Square, Words, font
from handlers.warnings.content import THEMES, Content
from handlers.warnings.face import Face, face_of
from tests.handlers.warnings.samples import BARE_WARD, CORRECTION, CORRECTS, FRAUD, POSTED, SAMPLES, THANKS, WARD

EDGE, QUIET = 72, 4  # Of look and of cameras, not of the code.
CROWDED = ("longest", "endless words", "longest correction")
ALL = [(name, shape) for name in SAMPLES for shape in card.SHAPES]


def face(name: str) -> Face:
    return face_of(*SAMPLES[name])


def layout(name: str, shape: card.Shape) -> Layout:
    return card.lay_out(face(name), shape)


def picture(name: str, shape: card.Shape) -> Image.Image:
    return Image.open(io.BytesIO(card.png(*SAMPLES[name], shape))).convert("RGB")


def words_of(made: Layout, role: str | None = None) -> list[Words]:
    return [part for part in made.parts if isinstance(part, Words) and role in (None, part.role)]


@pytest.mark.parametrize(("name", "shape"), ALL)
def test_every_picture_has_its_size_and_zalo_takes_it(name: str, shape: card.Shape) -> None:
    made = card.jpeg(*SAMPLES[name], shape)

    image = Image.open(io.BytesIO(made))
    assert (image.format, image.size, picture(name, shape).size) == ("JPEG", card.SHAPES[shape], card.SHAPES[shape])
    assert len(made) <= 1024 * 1024


@pytest.mark.parametrize(("name", "shape"), ALL)
def test_words_are_large_and_all_of_them_are_there(name: str, shape: card.Shape) -> None:
    made, wanted = layout(name, shape), face(name)
    least = (card_wide.LEAST_HEADLINE, 0, 24) if shape == "wide" else (84, 44, 30)
    assert shape == "wide" or least == (card_layout.LEAST_HEADLINE, card_layout.LEAST_LINE, LEAST_SMALL)

    for role, size in zip(("headline", "line", ""), least, strict=True):
        assert all(words.size >= size for words in words_of(made, role)), role
    headline = " ".join(words.text for words in words_of(made, "headline"))
    to_do = " ".join(words.text for words in words_of(made, "line"))
    around = " ".join(words.text for words in words_of(made, ""))
    assert all(one in around for one in (wanted.ward[:12], wanted.day, wanted.head, wanted.code, wanted.expires, "113"))
    assert all(part in around for part in wanted.duty_phone.split()) and wanted.corrects.split(",")[0] in around
    if not made.is_crowded:
        assert headline == wanted.headline
        assert to_do == ("" if shape == "wide" else " ".join(wanted.lines) or wanted.body)
    assert made.is_crowded == (name in CROWDED and (shape != "wide" or name == "endless words"))


@pytest.mark.parametrize(("name", "shape"), ALL)
def test_no_mark_of_a_letter_is_cut_or_covered(name: str, shape: card.Shape) -> None:
    """Each line is drawn once more alone, on a sheet with room all round: every full pixel of it must be in the picture."""
    made, image = layout(name, shape), picture(name, shape)
    for words in words_of(made):
        left, top, right, bottom = words.ink
        corner, room = (int(left) - 100, int(top) - 100), (int(right - left) + 200, int(bottom - top) + 200)
        alone = Image.new("L", room)
        at = (words.x - corner[0], words.base - corner[1])
        ImageDraw.Draw(alone).text(at, words.text, font=font(words.size, words.is_bold), fill=255, anchor="ls")
        drawn = image.crop((*corner, corner[0] + room[0], corner[1] + room[1]))  # Outside the picture it is black.
        same = ImageChops.difference(drawn, Image.new("RGB", room, words.colour)).convert("L").point(lambda value: 255 if value < 3 else 0)
        full = alone.point(lambda value: 255 if value == 255 else 0)
        assert full.getbbox() and ImageChops.subtract(full, same).getbbox() is None, words.text
        edge = EDGE - 1  # Rounding to whole pixels.
        assert edge <= left and edge <= top and right <= made.width - edge and bottom <= made.height - edge, words.text
    inks = [words.ink for words in words_of(made)]
    assert [(a, b) for a, b in combinations(inks, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]] == []


@pytest.mark.parametrize(("name", "shape"), ALL)
def test_nothing_but_grounds_is_near_the_border(name: str, shape: card.Shape) -> None:
    image, made = picture(name, shape), layout(name, shape)
    for stripes in (part for part in made.parts if isinstance(part, Box) and part.is_hatched):  # They go from border to border.
        image.paste("white", (stripes.x, stripes.y, stripes.x + stripes.width, stripes.y + stripes.height))
    width, height, edge = *image.size, EDGE - 1
    for strip in ((0, 0, width, edge), (0, height - edge, width, height), (0, 0, edge, height), (width - edge, 0, width, height)):
        border = image.crop(strip)
        column = border.crop((0, 0, 1, border.height)).resize(border.size, Image.Resampling.NEAREST)
        assert ImageChops.difference(border, column).getbbox() is None, strip


@pytest.mark.parametrize("shape", ["tall", "square"])
@pytest.mark.parametrize("name", ["fraud", "longest"])
def test_the_square_code_opens_the_true_words(name: str, shape: card.Shape) -> None:
    [square] = [part for part in layout(name, shape).parts if isinstance(part, Square)]
    wanted = [list(row) for row in segno.make(f"{SAMPLES[name][2].public_url}/tra-cuu?ma=CB-7K3QX2", error="m", micro=False).matrix]
    image, size = picture(name, shape).convert("L"), square.module

    def pixel(row: int, column: int) -> int:
        value = image.getpixel((square.x + column * size + size // 2, square.y + row * size + size // 2))
        assert isinstance(value, int)
        return value

    across = len(wanted) + 2 * QUIET
    seen = [[int(pixel(row, column) < 128) for column in range(across)] for row in range(across)]
    assert size >= 4
    assert [row[QUIET:-QUIET] for row in seen[QUIET:-QUIET]] == wanted
    assert sum(map(sum, seen)) == sum(map(sum, wanted))  # The edge around it is white.


def test_without_a_number_or_an_address_nothing_is_made_up() -> None:
    for shape in card.SHAPES:
        made = layout("bare", shape)
        said = " ".join(words.text for words in words_of(made))
        assert not [part for part in made.parts if isinstance(part, Square)]
        assert "113" in said and "Trực ban" not in said and "/tra-cuu" not in said


def test_the_kinds_differ_without_colours_too() -> None:
    """On the board the print is grey: a warning has a dark head, the others a light one, and a correction two rows of stripes."""

    def darkest(name: str) -> tuple[int, int]:
        grey = picture(name, "tall").convert("L")
        column = grey.crop((8, 0, 9, grey.height))
        dark = sum(column.histogram()[:128])
        rows = [grey.crop((0, y, EDGE, y + 1)).tobytes() for y in range(grey.height)]
        return dark, sum(1 for row in rows if min(row) < 128 and max(row) > 200)

    dark, stripes = darkest("fraud")
    assert dark > 400 and stripes == 0
    dark, stripes = darkest("thanks")
    assert dark == 0 and stripes == 0
    dark, stripes = darkest("correction")
    assert dark < 60 and stripes > 40
    [head] = [words for words in words_of(layout("correction", "tall")) if words.text == "ĐÍNH CHÍNH"]
    assert head.size >= 84


def test_each_theme_has_a_picture_of_its_own() -> None:
    drawn = {name: pictures.mask(name, 96).tobytes() for name in (*THEMES, "correction", "thanks")}

    assert len(set(drawn.values())) == len(drawn)
    assert all(0.03 < sum(value > 128 for value in mask) / len(mask) < 0.5 for mask in drawn.values())


def test_what_the_font_does_not_have_is_left_out() -> None:
    made = face_of(Content(headline="🔴 Ca\u0309nh giác ✋", body="x", lines=("30 °C, “nóng”",)), POSTED, WARD)

    assert (made.headline, made.lines) == ("Cảnh giác", ("30 °C, “nóng”",))


def test_whoever_writes_is_told_where_it_does_not_fit() -> None:
    long = tuple("Không nghe lời người lạ trên mạng, không gửi tiền trước cho ai chưa từng gặp mặt bao giờ" for _ in range(3))
    longer = tuple(f"{line}, kể cả khi họ khóc lóc hay dọa nạt" for line in long)

    assert card.crowded(FRAUD, POSTED, WARD) == ()
    assert card.crowded(replace(FRAUD, lines=long), POSTED, WARD) == ("square",)
    assert card.crowded(replace(FRAUD, lines=longer), POSTED, WARD) == ("tall", "square")


def test_equal_words_are_drawn_once_and_quickly() -> None:
    again = replace(POSTED, code="CB-00000Z")
    spent = []
    for content, posted, ward in ((FRAUD, again, WARD), (CORRECTION, CORRECTS, BARE_WARD), (THANKS, again, BARE_WARD)):
        for make in (card.png, card.jpeg):
            begun = time.process_time()
            first = make(content, posted, ward)
            spent.append(time.process_time() - begun)
            begun = time.process_time()
            assert make(replace(content), posted, replace(ward, id=2)) is first
            assert time.process_time() - begun < 0.01
    assert sorted(spent)[len(spent) // 2] < 0.15
