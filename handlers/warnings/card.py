"""The picture of a warning as a file: what goes to leaders and groups, hangs on boards and is shown on other networks.

Bytes come out and nothing else happens. Equal words give the very same bytes, and are drawn once: a warning goes to thousands.
"""

import io
from functools import lru_cache
from typing import Literal

from PIL import Image, ImageDraw

from handlers.messages import Ward
from handlers.warnings import card_layout, card_wide, pictures
from handlers.warnings.card_foot import modules
from handlers.warnings.card_parts import QUIET, Box, Drawing, Layout, Square, Words, font
from handlers.warnings.content import Content, Posted
from handlers.warnings.face import Face, face_of

Shape = Literal["tall", "square", "wide"]
# Tall fills a phone in a chat; square is what other networks show whole; wide is the picture of a link on them.
SHAPES: dict[Shape, tuple[int, int]] = {"tall": (1080, 1350), "square": (1080, 1080), "wide": (1200, 630)}
MOST_JPEG = 1024 * 1024  # Zalo's limit for a picture.
_QUALITIES = (92, 85, 75, 60)
_MARK_SIZE = 52


def png(content: Content, posted: Posted, ward: Ward, shape: Shape = "tall") -> bytes:
    return _png(face_of(content, posted, ward), shape)


def jpeg(content: Content, posted: Posted, ward: Ward, shape: Shape = "tall") -> bytes:
    """Never larger than Zalo takes."""
    return _jpeg(face_of(content, posted, ward), shape)


def marked(content: Content, posted: Posted, ward: Ward, mark: str) -> bytes:
    """Under a band that says what it is not: a picture is passed on without the words that went with it."""
    width, height = SHAPES["tall"]
    image = Image.new("RGB", (width, height + 2 * _MARK_SIZE), "black")
    image.paste(painted(lay_out(face_of(content, posted, ward), "tall")), (0, 2 * _MARK_SIZE))
    ImageDraw.Draw(image).text((width / 2, _MARK_SIZE), mark, font=font(_MARK_SIZE, True), fill="white", anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITIES[0])
    return out.getvalue()


def crowded(content: Content, posted: Posted, ward: Ward) -> tuple[Shape, ...]:
    """The shapes in which not all of what is to do has room, so that it is shortened before it is released."""
    face = face_of(content, posted, ward)
    return tuple(shape for shape in SHAPES if lay_out(face, shape).is_crowded)


@lru_cache(maxsize=64)
def lay_out(face: Face, shape: Shape) -> Layout:
    width, height = SHAPES[shape]
    return card_wide.lay_out(face, width, height) if shape == "wide" else card_layout.lay_out(face, width, height)


@lru_cache(maxsize=32)
def _png(face: Face, shape: Shape) -> bytes:
    out = io.BytesIO()
    painted(lay_out(face, shape)).save(out, "PNG", compress_level=4)
    return out.getvalue()


@lru_cache(maxsize=32)
def _jpeg(face: Face, shape: Shape) -> bytes:
    image, made = painted(lay_out(face, shape)), b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, subsampling=0)  # Coloured edges of letters stay sharp.
        made = out.getvalue()
        if len(made) <= MOST_JPEG:
            break
    return made


def painted(layout: Layout) -> Image.Image:
    image = Image.new("RGB", (layout.width, layout.height))
    draw = ImageDraw.Draw(image)
    for part in layout.parts:
        match part:
            case Words():
                draw.text((part.x, part.base), part.text, font=font(part.size, part.is_bold), fill=part.colour, anchor="ls")
            case Box():
                _box(image, draw, part)
            case Drawing():
                mask = pictures.gong(part.size) if part.name == "gong" else pictures.mask(part.name, part.size, part.stroke)
                image.paste(part.colour, (part.x, part.y), mask)
            case Square():
                _square(draw, part)
    return image


def _box(image: Image.Image, draw: ImageDraw.ImageDraw, box: Box) -> None:
    if box.is_hatched:
        image.paste(box.colour, (box.x, box.y), pictures.hatching(box.width, box.height))
    elif box.radius:
        image.paste(box.colour, (box.x, box.y), pictures.rounded(box.width, box.height, box.radius))
    else:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill=box.colour)


def _square(draw: ImageDraw.ImageDraw, square: Square) -> None:
    size = square.module
    for row, line in enumerate(modules(square.link), QUIET):
        for column, is_dark in enumerate(line, QUIET):
            if is_dark:
                x, y = square.x + column * size, square.y + row * size
                draw.rectangle((x, y, x + size - 1, y + size - 1), fill="black")
