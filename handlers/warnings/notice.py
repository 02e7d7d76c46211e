"""The sheet for the ward's board: a warning on A4, word for word as it is posted, in letters that are read from two steps away.

It is put together from the same parts as the picture, in tenths of a millimetre, and drawn as a PDF that any printer prints sharply. Frames
and stripes stay inside the margins, because office printers leave a white edge.
"""

from dataclasses import dataclass

from fpdf import FPDF

from handlers.messages import Ward
from handlers.warnings import pictures
from handlers.warnings.card_foot import across, modules
from handlers.warnings.card_layout import LOOKS
from handlers.warnings.card_parts import (
    BRAND,
    DANGER,
    FONTS,
    INK,
    LINE,
    QUIET,
    SOFT,
    WHITE,
    Block,
    Box,
    Drawing,
    Layout,
    Part,
    Square,
    Words,
    block,
    broken,
    fitted,
    width_of,
)  # fmt: skip
from handlers.warnings.content import Content, Posted, as_posted
from handlers.warnings.face import Face, face_of

WIDTH, HEIGHT = 2100, 2970  # A4 in tenths of a millimetre.
EDGE = 160
POINT = 3.528  # Tenths of a millimetre.
LEAST = 42  # Twelve points: nothing is smaller.
_INSIDE = WIDTH - 2 * EDGE
_GONG, _BADGE, _STRIPES, _CODE = 130, 112, 36, 420


@dataclass(frozen=True, slots=True)
class _Sizes:
    headline: int
    line: int
    body: int
    air: int


_LARGEST, _SMALLEST = _Sizes(headline=190, line=112, body=86, air=90), _Sizes(headline=90, line=52, body=46, air=44)


def notice(content: Content, posted: Posted, ward: Ward) -> bytes:
    face = face_of(content, posted, ward)
    return _printed(lay_out(face, foot_sentences(content, posted, ward)), f"{face.head}: {face.headline}")


def foot_sentences(content: Content, posted: Posted, ward: Ward) -> tuple[str, ...]:
    """Whom to ask, where it is known from and until when it holds, how it is checked: the last paragraph of what is posted."""
    return tuple(as_posted(content, posted, ward).rsplit("\n\n", 1)[1].split("\n"))


def lay_out(face: Face, sentences: tuple[str, ...]) -> Layout:
    parts: list[Part] = [Box(x=0, y=0, width=WIDTH, height=HEIGHT, colour=WHITE)]
    top = _head(parts, face, _top(parts, face))
    bottom = _foot(parts, face, sentences)
    for step in range(20, -1, -1):
        blocks, air = _middle(face, step / 20)
        heights = [max(item.height, _BADGE if number else 0) for item, number, _colour in blocks]
        if sum(heights) + air * (len(blocks) + 1) <= bottom - top:
            break
    gap = min((bottom - top - sum(heights)) / (len(blocks) + 1), air * 2.5)
    y = top + max(gap, (bottom - top - sum(heights) - gap * (len(blocks) - 1)) / 2.6)
    for (item, number, colour), height in zip(blocks, heights, strict=True):
        if number:
            _badge(parts, number, y, item, height)
        parts += item.at(EDGE + (_BADGE + 44 if number else 0), y + (height - item.height) / 2, colour=colour, role="words")
        y += height + gap
    return Layout(width=WIDTH, height=HEIGHT, parts=tuple(parts), is_crowded=y - gap > bottom)


def _middle(face: Face, share: float) -> tuple[list[tuple[Block, int, str]], float]:
    """Headline, what happens and what to do, each with its number, and the air between them."""

    def between(least: int, most: int) -> int:
        return round(least + (most - least) * share)

    def made(text: str, size: int, width: float, *, is_bold: bool) -> Block:
        return block(broken(text, size, width, is_bold=is_bold), size, is_bold=is_bold, leading=1.36)

    blocks = [(made(face.headline, between(_SMALLEST.headline, _LARGEST.headline), _INSIDE, is_bold=True), 0, INK)]
    blocks += [
        (made(part, between(_SMALLEST.body, _LARGEST.body), _INSIDE, is_bold=False), 0, INK) for part in face.body.split("\n") if part
    ]
    blocks += [
        (made(line, between(_SMALLEST.line, _LARGEST.line), _INSIDE - _BADGE - 44, is_bold=True), number, INK)
        for number, line in enumerate(face.lines, 1)
    ]
    return blocks, between(_SMALLEST.air, _LARGEST.air)


def _badge(parts: list[Part], number: int, y: float, line: Block, height: float) -> None:
    top = round(y + (height - line.height) / 2 + line.rise - line.size * 0.36 - _BADGE / 2)
    parts.append(Box(x=EDGE, y=top, width=_BADGE, height=_BADGE, colour=INK, radius=_BADGE // 2))
    x = EDGE + (_BADGE - width_of(str(number), 72, is_bold=True)) / 2
    parts.append(Words(text=str(number), x=x, base=top + _BADGE / 2 + 26, size=72, colour=WHITE, is_bold=True))


def _top(parts: list[Part], face: Face) -> int:
    day = block((face.day,), 60)
    day_width = width_of(face.day, 60)
    name = fitted(face.ward, _INSIDE - _GONG - day_width - 80, range(84, 47, -2), is_bold=True)
    parts.append(Drawing(name="gong", x=EDGE, y=EDGE - 30, size=_GONG, colour=BRAND))
    parts += name.at(EDGE + _GONG + 36, EDGE - 30 + (_GONG - name.height) / 2)
    parts += day.at(WIDTH - EDGE - day_width, EDGE - 30 + (_GONG - day.height) / 2, colour=SOFT)
    return EDGE - 30 + _GONG + 50


def _head(parts: list[Part], face: Face, top: int) -> int:
    """CẢNH BÁO with its picture in a box; ĐÍNH CHÍNH, larger, between stripes. Gives where it ends."""
    look, disc = LOOKS[face.kind], 230
    is_correction = face.kind == "correction"
    left = EDGE + 50 + disc + 50 if not look.is_striped else EDGE + disc + 50
    room = WIDTH - EDGE - left
    head = fitted(face.head, room, range(210 if is_correction else 160, 99, -2), is_bold=True)
    under = fitted(face.corrects or face.theme, room, range(70, 47, -2))
    gap = 44 if under.rows else 0
    words = head.height + gap + under.height
    height = round(max(disc, words)) + 100 + (2 * _STRIPES if look.is_striped else 0)
    if look.is_striped:
        for edge in (top, top + height - _STRIPES):
            parts.append(Box(x=EDGE, y=edge, width=_INSIDE, height=_STRIPES, colour=look.accent, is_hatched=True))
    else:
        parts.append(Box(x=EDGE, y=top, width=_INSIDE, height=height, colour=look.ground, radius=36))
    ground, drawn = (WHITE, DANGER) if face.kind == "warning" else (look.accent, WHITE)
    x, y, inner = left - disc - 50, top + (height - disc) // 2, round(disc * 0.62)
    parts.append(Box(x=x, y=y, width=disc, height=disc, colour=ground, radius=disc // 2))
    parts.append(Drawing(name=face.picture, x=x + (disc - inner) // 2, y=y + (disc - inner) // 2, size=inner, colour=drawn))
    at = top + (height - words) / 2
    parts += head.at(left, at, colour=look.accent)
    parts += under.at(left, at + head.height + gap, colour=look.words)
    return top + height


def _foot(parts: list[Part], face: Face, sentences: tuple[str, ...]) -> int:
    """Drawn upwards from the margin: whom to ask with the number large, and the square code over its letters. Gives where it begins."""
    small = [block(broken(one, 50, _INSIDE), 50) for one in sentences[1:]]
    small_height = sum(item.height for item in small) + 26 * len(small)
    code = fitted(face.code, _CODE, range(72, LEAST - 1, -2), is_bold=True)
    room = _INSIDE - (_CODE + 60 if face.link else 0)
    rows = [block(broken(sentences[0], 60, room, is_bold=True), 60, is_bold=True)]
    if face.duty_phone:
        rows.append(fitted(face.duty_phone, room, range(170, 89, -2), is_bold=True))
    if not face.link:
        rows.append(code)
    words = sum(row.height for row in rows) + 50 * (len(rows) - 1)
    height = max(words, _CODE + 24 + code.height if face.link else 0)
    end = HEIGHT - EDGE - small_height
    top = end - height
    parts.append(Box(x=EDGE, y=round(top) - 60, width=_INSIDE, height=5, colour=LINE))
    if face.link:
        module = _CODE // across(face.link)
        parts.append(Square(link=face.link, x=WIDTH - EDGE - module * across(face.link) + QUIET * module, y=round(top), module=module))
        code_width = width_of(face.code, code.size, is_bold=True)
        middle = WIDTH - EDGE + QUIET * module - module * across(face.link) / 2
        parts += code.at(min(middle - code_width / 2, WIDTH - EDGE - code_width), top + _CODE + 4)
    y = top + (height - words) / 2
    for row in rows:
        parts += row.at(EDGE, y)
        y += row.height + 50
    y = end + 26
    for item in small:
        parts += item.at(EDGE, y, colour=SOFT)
        y += item.height + 26
    return round(top) - 60


# -- as a PDF ----------------------------------------------------------------------------------------------------------------------


def _printed(layout: Layout, title: str) -> bytes:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    for weight, style in (("400", ""), ("600", "B")):
        pdf.add_font("vietnam", style, FONTS / f"be-vietnam-pro-{weight}.ttf")
    pdf.set_title(title)
    pdf.set_lang("vi")
    pdf.add_page()
    for part in layout.parts[1:]:  # The paper is white.
        match part:
            case Words():
                pdf.set_font("vietnam", "B" if part.is_bold else "", part.size / POINT)
                pdf.set_text_color(part.colour)
                pdf.text(part.x / 10, part.base / 10, part.text)
            case Box():
                _box(pdf, part)
            case Drawing():
                _drawing(pdf, part)
            case Square():
                _square(pdf, part)
    return bytes(pdf.output())


def _box(pdf: FPDF, box: Box) -> None:
    pdf.set_fill_color(box.colour)
    x, y, width, height = (value / 10 for value in (box.x, box.y, box.width, box.height))
    if box.is_hatched:
        with pdf.rect_clip(x, y, width, height):
            for step in range(-2, int(width / height) + 1, 2):
                left = x + step * height
                pdf.polygon([(left, y + height), (left + height, y), (left + 2 * height, y), (left + height, y + height)], style="F")
    elif box.radius * 2 == box.width:
        pdf.circle(x + width / 2, y + height / 2, width / 2, style="F")
    elif box.radius:
        pdf.rect(x, y, width, height, style="F", round_corners=True, corner_radius=box.radius / 10)
    else:
        pdf.rect(x, y, width, height, style="F")


def _drawing(pdf: FPDF, drawing: Drawing) -> None:
    scale = drawing.size / pictures.GRID / 10
    pdf.set_draw_color(drawing.colour)
    pdf.set_fill_color(drawing.colour)
    x, y = drawing.x / 10, drawing.y / 10
    if drawing.name == "gong":
        pdf.set_line_width(2 * scale)
        pdf.circle(x + 10.5 * scale, y + 13.5 * scale, 8.5 * scale, style="D")
        pdf.circle(x + 10.5 * scale, y + 13.5 * scale, 2.6 * scale, style="F")
        pdf.line(x + 16.5 * scale, y + 7.5 * scale, x + 21 * scale, y + 3 * scale)
        pdf.circle(x + 21 * scale, y + 3 * scale, 1.9 * scale, style="F")
        return
    width = drawing.stroke * scale
    pdf.set_line_width(width)
    for stroke in pictures.outlines(drawing.name):
        points = [(x + a * scale, y + b * scale) for a, b in stroke]
        pdf.polyline(points, style="D")
        for place in points:  # Round ends and corners.
            pdf.circle(*place, width / 2, style="F")


def _square(pdf: FPDF, square: Square) -> None:
    """Runs of dark squares, a hair too tall, so that no printer leaves white between them."""
    pdf.set_fill_color(0, 0, 0)
    size = square.module / 10
    for y, row in enumerate(modules(square.link), QUIET):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                left, top = square.x / 10 + (x + QUIET) * size, square.y / 10 + y * size
                pdf.rect(left, top, (end - x) * size, size * 1.02, style="F")
            x = end + 1
