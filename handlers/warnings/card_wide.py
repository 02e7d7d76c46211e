"""The picture of a link on other networks: what it is about, from whom, until when; shown there at half its size.

What to do has no room in it. It has no square code: whoever sees it holds the only camera near it. The address stands in letters.
"""

from handlers.warnings.card_layout import LOOKS
from handlers.warnings.card_parts import (
    BRAND,
    EDGE,
    LAMP,
    LINE,
    PAPER,
    SOFT,
    Block,
    Box,
    Drawing,
    Layout,
    Part,
    block,
    broken,
    fitted,
    shortened,
    width_of,
)  # fmt: skip
from handlers.warnings.face import Face

LEAST_HEADLINE = 48
_MOST_HEADLINE = 112
_MARK, _STRIPES, _AIR, _UNDER = 52, 16, 16, 18
_LEAST_SMALL = 24
_JOINT = "   ·   "


def lay_out(face: Face, width: int, height: int) -> Layout:
    inside = width - 2 * EDGE
    top = EDGE + _MARK + 18
    rows = _foot_rows(face, inside)
    bottom = round(height - EDGE - 18 - sum(row.height for row in rows) - 14 * (len(rows) - 1))
    headline, is_crowded = _headline(face, bottom - top, inside)
    parts = [
        Box(x=0, y=0, width=width, height=height, colour=PAPER),
        *_top(face, width),
        *_head(face, headline, top, bottom, width),
        Box(x=0, y=bottom, width=width, height=height - bottom, colour=LAMP),
        Box(x=0, y=bottom, width=width, height=3, colour=LINE),
    ]
    y: float = bottom + 18
    for row in rows:
        parts += row.at(EDGE, y)
        y += row.height + 14
    return Layout(width=width, height=height, parts=tuple(parts), is_crowded=is_crowded)


def _top(face: Face, width: int) -> list[Part]:
    day = block((face.day,), 34)
    day_width = width_of(face.day, 34)
    name = fitted(face.ward, width - 2 * EDGE - day_width - _MARK - 40, range(38, _LEAST_SMALL - 1, -1), is_bold=True)
    return [
        Drawing(name="gong", x=EDGE, y=EDGE, size=_MARK, colour=BRAND),
        *name.at(EDGE + _MARK + 16, EDGE + (_MARK - name.height) / 2),
        *day.at(width - EDGE - day_width, EDGE + (_MARK - day.height) / 2, colour=SOFT),
    ]


def _foot_rows(face: Face, inside: int) -> list[Block]:
    calls = _JOINT.join(filter(None, (face.danger, f"{face.duty} {face.duty_phone}" if face.duty_phone else "")))
    ends = [_JOINT.join(filter(None, (face.code, face.expires, face.check)))]
    if width_of(ends[0], _LEAST_SMALL) > inside:
        ends = [_JOINT.join((face.code, face.expires)), face.check]
    return [
        fitted(calls, inside, range(36, _LEAST_SMALL - 1, -1), is_bold=True),
        *(fitted(end, inside, range(32, _LEAST_SMALL - 1, -1)) for end in ends),
    ]


def _kind_row(face: Face) -> tuple[int, int]:
    """The sizes of CẢNH BÁO and of what stands beside it."""
    return (72, 34) if face.kind == "correction" else (52, 38)


def _headline(face: Face, height: int, inside: int) -> tuple[Block, bool]:
    """As large as there is room for, and whether words are missing."""
    room = height - 2 * _AIR - (2 * _STRIPES if LOOKS[face.kind].is_striped else 0) - _kind_row(face)[0] - _UNDER
    for size in range(_MOST_HEADLINE, LEAST_HEADLINE - 1, -2):
        made = block(broken(face.headline, size, inside, is_bold=True), size, is_bold=True)
        if made.height <= room:
            return made, False
    while made.height > room and len(made.rows) > 1:
        made = shortened(made, len(made.rows) - 1, inside)
    return made, True


def _head(face: Face, headline: Block, top: int, bottom: int, width: int) -> list[Part]:
    look, inside = LOOKS[face.kind], width - 2 * EDGE
    parts: list[Part] = [Box(x=0, y=top, width=width, height=bottom - top, colour=look.ground)]
    for edge in (top, bottom - _STRIPES) if look.is_striped else ():
        parts.append(Box(x=0, y=edge, width=width, height=_STRIPES, colour=look.accent, is_hatched=True))
    head_size, beside_size = _kind_row(face)
    y = top + (bottom - top - head_size - _UNDER - headline.height) / 2
    head = block((face.head,), head_size, is_bold=True)
    head_y = y + (head_size - head.height) / 2
    parts += head.at(EDGE, head_y, colour=look.accent)
    head_width = width_of(face.head, head_size, is_bold=True)
    room = inside - head_width - 32 - (0 if look.is_striped else _MARK + 20)
    beside = fitted(face.corrects or face.theme, room, range(beside_size, _LEAST_SMALL - 1, -1))
    x = width - EDGE - max((width_of(row, beside.size) for row in beside.rows), default=-18.0)
    parts += beside.at(x, head_y + head.rise - beside.rise, colour=look.words)
    if not look.is_striped:
        drawn_y = round(head_y + head.rise - head_size * 0.36 - _MARK / 2)
        parts.append(Drawing(name=face.picture, x=round(x) - 18 - _MARK, y=drawn_y, size=_MARK, colour=look.accent))
    return [*parts, *headline.at(EDGE, y + head_size + _UNDER, colour=look.words, role="headline")]
