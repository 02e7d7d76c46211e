"""What a picture is put together from, each with its place in pixels; and how wide and how high words are."""

import itertools
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

import handlers
from handlers.warnings.line_breaks import in_lines

INK, SOFT, LINE, PAPER, WHITE, LAMP = "#1C1917", "#57534E", "#D8CFC1", "#FAF8F4", "#FFFFFF", "#F3E8D3"
BRAND, DANGER, OK_GREEN, OK_SOFT, INFO = "#8A5A00", "#B42318", "#05603A", "#DDEFE4", "#1849A9"
EDGE = 72  # Nothing but grounds is nearer to the border.
LEAST_SMALL = 30  # What stands around the words.
QUIET = 4  # Modules of white around a QR code.
_LARGE = 200
FONTS = Path(handlers.__file__).parent / "looks" / "fonts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of words. `base` is the line on which letters stand."""

    text: str
    x: float
    base: float
    size: int
    colour: str = INK
    is_bold: bool = False
    role: str = ""  # headline, line, or empty: for whoever looks how large something came out.

    @property
    def ink(self) -> tuple[float, float, float, float]:
        """What is coloured, marks over and under the letters included: (left, top, right, bottom)."""
        left, top, right, bottom = font(self.size, self.is_bold).getbbox(self.text, anchor="ls")
        return self.x + left, self.base + top, self.x + right, self.base + bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    colour: str
    radius: int = 0
    is_hatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of `handlers.warnings.pictures`, or the gong."""

    name: str
    x: int
    y: int
    size: int
    colour: str
    stroke: float = 1.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A QR code with the white edge that cameras need, in whole pixels a module."""

    link: str
    x: int
    y: int
    module: int


Part = Words | Box | Drawing | Square


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    width: int
    height: int
    parts: tuple[Part, ...]
    is_crowded: bool = False  # Words are missing: they did not fit even at the smallest size.


@cache
def font(size: int, is_bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"be-vietnam-pro-{'600' if is_bold else '400'}.ttf", size)


def width_of(text: str, size: int, *, is_bold: bool = False) -> float:
    return font(size, is_bold).getlength(text)


def broken(text: str, size: int, width: float, *, is_bold: bool = False) -> tuple[str, ...]:
    return in_lines(text, width, lambda part: _large_width(part, is_bold) * size / _LARGE)


@lru_cache(maxsize=4096)
def _large_width(text: str, is_bold: bool) -> float:
    """Measured once for all sizes, and a hair too wide: at a small size letters are pushed to whole pixels."""
    return width_of(text, _LARGE, is_bold=is_bold) * 1.01


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size below one another. No mark of a letter touches the line above, and none stands out of the block."""

    rows: tuple[str, ...]
    size: int
    is_bold: bool
    rise: float  # From the top to the first base.
    step: float
    height: float

    def at(self, x: float, top: float, *, colour: str = INK, role: str = "") -> tuple[Words, ...]:
        return tuple(
            Words(
                text=row, x=x, base=round(top + self.rise + self.step * at), size=self.size, colour=colour, is_bold=self.is_bold, role=role
            )
            for at, row in enumerate(self.rows)
        )


def block(rows: tuple[str, ...], size: int, *, is_bold: bool = False, leading: float = 1.3) -> Block:
    inks = [font(size, is_bold).getbbox(row, anchor="ls") for row in rows]
    rise = max(0.78 * size, *(-top for _left, top, _right, _bottom in inks[:1])) if inks else 0.0
    apart = [upper[3] - lower[1] + 0.06 * size for upper, lower in itertools.pairwise(inks)]
    step = max(leading * size, *apart, 0)
    fall = max(0.06 * size, float(inks[-1][3])) if inks else 0.0
    return Block(rows=rows, size=size, is_bold=is_bold, rise=rise, step=step, height=rise + step * (len(rows) - 1) + fall if inks else 0.0)


def fitted(text: str, width: float, sizes: range, *, is_bold: bool = False, most: int = 2) -> Block:
    """In one line at the largest of the sizes at which it fits, else in several lines at the smallest."""
    for size in sizes:
        if width_of(text, size, is_bold=is_bold) <= width:
            return block((text,) if text else (), size, is_bold=is_bold)
    smallest = sizes[-1]
    return block(broken(text, smallest, width, is_bold=is_bold)[:most], smallest, is_bold=is_bold, leading=1.2)


def shortened(whole: Block, most: int, width: float) -> Block:
    """As many words as this many rows hold, filled to the end, and a sign that there were more."""
    if len(whole.rows) <= most:
        return whole
    words = " ".join(whole.rows).split(" ")
    while len(words) > 1:
        words.pop()
        rows = broken(" ".join(words).rstrip(".,;: ") + "…", whole.size, width, is_bold=whole.is_bold)
        if len(rows) <= most:
            return block(rows, whole.size, is_bold=whole.is_bold)
    return block(whole.rows[:most], whole.size, is_bold=whole.is_bold)
