"""The band below: 113 first, the duty number large, code and end, and the square code that opens the true words."""

from functools import lru_cache

import segno

from handlers.warnings.card_parts import (
    DANGER,
    EDGE,
    INK,
    LAMP,
    LEAST_SMALL,
    LINE,
    QUIET,
    SOFT,
    WHITE,
    Block,
    Box,
    Part,
    Square,
    block,
    fitted,
    width_of,
)  # fmt: skip
from handlers.warnings.face import Face

Row = tuple[tuple[Block, str], ...]  # What stands beside one another, with its colour.
_APART = 28
_LARGE = 60  # A duty number that is smaller gets a row to itself.


def foot(face: Face, width: int, height: int) -> tuple[int, list[Part]]:
    """Drawn upwards from the margin: where it begins, and what it is made of."""
    is_tall = height > width
    square = _square(face.link, 236 if is_tall else 196)
    edge = square.module * across(square.link) if square else 0
    rows = _rows(face, width - 2 * EDGE - (edge + 30 if edge else 0), is_tall=is_tall)
    gap = 22 if is_tall else 16
    words = sum(_height(row) for row in rows) + gap * (len(rows) - 1)
    inside = max(edge, round(words))
    top = height - EDGE - inside - (30 if is_tall else 22)
    parts: list[Part] = [
        Box(x=0, y=top, width=width, height=height - top, colour=LAMP),
        Box(x=0, y=top, width=width, height=3, colour=LINE),
    ]
    if square:
        x, y = width - EDGE - edge, height - EDGE - inside + (inside - edge) // 2
        parts.append(Box(x=x, y=y, width=edge, height=edge, colour=WHITE))
        parts.append(Square(link=square.link, x=x, y=y, module=square.module))
    at = height - EDGE - inside + (inside - words) / 2
    for row in rows:
        x_words, tall = float(EDGE), _height(row)
        for part, colour in row:
            parts += part.at(x_words, at + _rise(row) - part.rise, colour=colour)
            x_words += max(width_of(line, part.size, is_bold=part.is_bold) for line in part.rows) + _APART
        at += tall + gap
    return top, parts


def _rise(row: Row) -> float:
    return max(part.rise for part, _colour in row)


def _height(row: Row) -> float:
    """All stand on one line."""
    return _rise(row) + max(part.height - part.rise for part, _colour in row)


def _rows(face: Face, room: float, *, is_tall: bool) -> list[Row]:
    small = range(38 if is_tall else 34, LEAST_SMALL - 1, -1)
    phone = range(80 if is_tall else 72, 43, -2)
    danger = ((fitted(face.danger, room, small, is_bold=True), DANGER),)
    ends: list[Row] = _beside((face.code, True), (face.expires, False), room=room, sizes=small)
    if not face.duty_phone:
        return [danger, *ends]
    label = width_of(face.duty, small[0]) + 24
    beside = fitted(face.duty_phone, room - label, phone, is_bold=True)
    if len(beside.rows) == 1 and beside.size >= _LARGE:
        return [danger, ((block((face.duty,), small[0]), SOFT), (beside, INK)), *ends]
    return [danger, ((fitted(face.duty, room, small), SOFT),), ((fitted(face.duty_phone, room, phone, is_bold=True), INK),), *ends]


def _beside(*words: tuple[str, bool], room: float, sizes: range) -> list[Row]:
    """In one row where they have room, else below one another."""
    for size in sizes:
        if sum(width_of(text, size, is_bold=is_bold) for text, is_bold in words) + _APART * (len(words) - 1) <= room:
            return [tuple((block((text,), size, is_bold=is_bold), INK) for text, is_bold in words)]
    return [((fitted(text, room, sizes, is_bold=is_bold), INK),) for text, is_bold in words]


def _square(link: str, most: int) -> Square | None:
    return Square(link=link, x=0, y=0, module=max(4, most // across(link))) if link else None


def across(link: str) -> int:
    """Modules of the square code, white edge included."""
    return len(modules(link)) + 2 * QUIET


@lru_cache(maxsize=64)
def modules(link: str) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in segno.make(link, error="m", micro=False).matrix)
