"""Black boxes over faces and plates: a new picture out of the safe copy, in which what lies under them is gone.

Boxes are percent of the picture as it stands after the turn, just as the officer saw it. They are painted before anything is encoded, so
not a pixel from under them is in the result; their edges are moved outwards to whole pixels. Runs in the process that makes all copies.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from storage.images import MOST_BYTES, MOST_PIXELS, Unsafe, bare_jpeg, kind_of

MOST_BOXES = 40
TURNS = (0, 90, 180, 270)  # Clockwise.
_TURNED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """In percent of the picture's sides."""

    left: float
    top: float
    width: float
    height: float

    def clipped(self) -> "Box | None":
        """What of it lies in the picture; None where nothing does."""
        left, top = max(0.0, self.left), max(0.0, self.top)
        right, bottom = min(100.0, self.left + self.width), min(100.0, self.top + self.height)
        return Box(left=left, top=top, width=right - left, height=bottom - top) if right > left and bottom > top else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    turn: int
    boxes: tuple[Box, ...]

    def as_json(self) -> dict[str, Any]:
        return {"turn": self.turn, "boxes": [[box.left, box.top, box.width, box.height] for box in self.boxes]}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Cover":
        boxes = (Box(left=left, top=top, width=width, height=height) for left, top, width, height in value["boxes"])
        return cls(turn=value["turn"], boxes=tuple(boxes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    content: bytes
    width: int
    height: int


def burn(content: bytes, cover: Cover) -> Covered:
    """`content` is a safe copy, a JPEG. Raises Unsafe: "broken", or "nothing_covered" where no box lies in the picture."""
    boxes = [box for one in cover.boxes if (box := one.clipped())]
    if not boxes:
        raise Unsafe("nothing_covered")
    if len(content) > MOST_BYTES or kind_of(content[:64]) != "jpeg" or cover.turn not in TURNS or len(boxes) > MOST_BOXES:
        raise Unsafe("broken")
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unsafe("broken")
            picture = image.convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Unsafe("broken") from error
    if cover.turn:
        picture = picture.transpose(_TURNED[cover.turn])
    _paint(picture, boxes)
    return Covered(content=bare_jpeg(picture, 85), width=picture.width, height=picture.height)


def _paint(picture: Image.Image, boxes: Sequence[Box]) -> None:
    draw = ImageDraw.Draw(picture)
    for box in boxes:
        left, top = math.floor(box.left / 100 * picture.width), math.floor(box.top / 100 * picture.height)
        right = math.ceil((box.left + box.width) / 100 * picture.width)
        bottom = math.ceil((box.top + box.height) / 100 * picture.height)
        draw.rectangle((left, top, right - 1, bottom - 1), fill="black")
