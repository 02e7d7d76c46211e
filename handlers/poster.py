"""The sheet to hang up at the ward's office or in a market: every way to reach the ward police, on one page, as PDF.

113 first, then the ways in the order in which they keep a person's secret and answer quickly; Telegram last. It promises only what
the line itself does. Measures are millimetres of A4; A5 is the same drawing, smaller.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos

import handlers
from handlers.texts import say

_FONTS = Path(handlers.__file__).parent / "looks" / "fonts"
_INK, _SOFT, _LINE, _BRAND, _DANGER, _WHITE = (28, 25, 23), (87, 83, 78), (200, 193, 182), (138, 90, 0), (180, 35, 24), (255, 255, 255)
_WIDTH, _HEIGHT, _EDGE = 210.0, 297.0, 14.0
_POINT = 0.3528  # A point in millimetres.
_QUIET = 8.0  # White above and below a QR code, together; cameras need it.
_LABELS = 51.0  # The column of words left of each way.


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on it. Empty leaves a way out."""

    ward: str  # With the blank before it, as `Ward.called` gives it.
    duty_phone: str
    zalo: str = ""  # A link or a name.
    web: str = ""
    address: str = ""
    telegram: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to reach the ward: its height without the air around it, and how it is drawn at (top, height)."""

    label: str
    height: float
    draw: Callable[[float, float], None]


def draw(poster: Poster, *, is_a5: bool = False) -> bytes:
    return _Sheet(poster, 148 / 210 if is_a5 else 1.0).made()


class _Sheet:
    def __init__(self, poster: Poster, scale: float) -> None:
        self._poster, self._scale = poster, scale
        self._pdf = FPDF(unit="mm", format=(148, 210) if scale < 1 else (210, 297))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        for weight in ("400", "600"):
            self._pdf.add_font("vietnam", "B" if weight == "600" else "", _FONTS / f"be-vietnam-pro-{weight}.ttf")
        self._pdf.set_title(say("page-header", ward=poster.ward))
        self._pdf.set_lang("vi")
        self._pdf.add_page()

    def made(self) -> bytes:
        self._head()
        self._ways(top=103, bottom=260)
        self._foot(top=264)
        return bytes(self._pdf.output())

    # -- parts ---------------------------------------------------------------------------------------------------------------

    def _head(self) -> None:
        self._gong(_EDGE + 8, 20)
        self._fitted(_EDGE + 22, 14, _WIDTH - 2 * _EDGE - 22, say("page-header", ward=self._poster.ward), 24, is_bold=True)
        self._box(_EDGE, 31, _WIDTH - 2 * _EDGE, 40, _DANGER)
        inside = _WIDTH - 2 * _EDGE - 16
        self._fitted(_EDGE + 10, 38, 92, say("poster-urgent"), 27, colour=_WHITE, is_bold=True)
        self._fitted(_EDGE + 10, 53, 92, say("poster-others"), 21, colour=_WHITE)
        self._fitted(_EDGE + 104, 33, inside - 96, "113", 96, colour=_WHITE, is_bold=True, align=Align.R)
        self._fitted(_EDGE, 75, _WIDTH - 2 * _EDGE, say("poster-title"), 33, is_bold=True)
        self._fitted(_EDGE, 89.5, _WIDTH - 2 * _EDGE, say("poster-nameless"), 25, colour=_BRAND, is_bold=True)

    def _ways(self, *, top: float, bottom: float) -> None:
        """What room is left is shared out as air between the ways."""
        ways = self._all_ways()
        air = max(1.0, (bottom - top - sum(way.height for way in ways)) / len(ways))
        for way in ways:
            height = way.height + air
            self._pdf.set_draw_color(*_LINE)
            self._pdf.set_line_width(0.3 * self._scale)
            self._pdf.line(_EDGE * self._scale, top * self._scale, (_WIDTH - _EDGE) * self._scale, top * self._scale)
            self._fitted(_EDGE, top + height / 2 - 4, _LABELS - 4, way.label, 20, colour=_SOFT, is_bold=True)
            way.draw(top, height)
            top += height

    def _all_ways(self) -> list[_Way]:
        poster = self._poster
        duty = self._words(poster.duty_phone.replace(" ", "\u00a0"), 46, is_bold=True)
        ways = [_Way(say("poster-duty"), 19, duty)]
        if poster.zalo.startswith(("http://", "https://")):
            ways.append(self._scanned("Zalo", poster.zalo, 22, say("poster-scan")))
        elif poster.zalo:
            ways.append(self._plain("Zalo", poster.zalo))
        after = [self._plain("VNeID", say("poster-vneid"), points=16)]
        after += [self._plain(say("poster-in-person"), poster.address)] if poster.address else []
        after += [self._plain("Telegram", _bare(poster.telegram))] if poster.telegram else []
        if poster.web:  # As large as the others leave it room: it is scanned from a step away.
            left = 157 - sum(way.height + 2 for way in [*ways, *after]) - _QUIET - 2
            largest = 56.0 if len(_bare(poster.web)) < 24 else 44.0  # A long address needs the room beside it.
            ways.append(self._scanned(say("poster-web"), poster.web, max(34.0, min(largest, left)), say("poster-scan")))
        return ways + after

    def _scanned(self, label: str, link: str, size: float, sentence: str) -> _Way:
        return _Way(label, size + _QUIET, self._qr_and_words(link, size, sentence))

    def _plain(self, label: str, text: str, *, points: float = 20) -> _Way:
        lines = min(2, len(self._lines(text, points, _WIDTH - 2 * _EDGE - _LABELS)))
        return _Way(label, 4 + lines * points * _POINT * 1.3, self._words(text, points))

    def _foot(self, *, top: float) -> None:
        self._box(_EDGE, top, _WIDTH - 2 * _EDGE, 15, (246, 236, 217))
        self._fitted(_EDGE + 5, top + 4, _WIDTH - 2 * _EDGE - 10, say("poster-never"), 19, is_bold=True, align=Align.C)
        self._fitted(_EDGE, top + 18, _WIDTH - 2 * _EDGE, say("poster-short", "en"), 13, colour=_SOFT, align=Align.C)

    # -- what a way shows ----------------------------------------------------------------------------------------------------

    def _words(
        self, text: str, points: float, *, is_bold: bool = False, colour: tuple[int, int, int] = _INK
    ) -> Callable[[float, float], None]:
        def put(top: float, height: float) -> None:
            self._middle(_EDGE + _LABELS, top, _WIDTH - 2 * _EDGE - _LABELS, height, text, points, is_bold=is_bold, colour=colour)

        return put

    def _qr_and_words(self, link: str, size: float, sentence: str) -> Callable[[float, float], None]:
        def put(top: float, height: float) -> None:
            self._qr(_EDGE + _LABELS, top + (height - size) / 2, size, link)
            left = _EDGE + _LABELS + size + 8
            points = 20.0 if size > 30 else 16.0
            width, middle = _WIDTH - _EDGE - left, top + height / 2
            lines = len(self._lines(sentence, points, width))
            words = lines * points * _POINT * 1.3
            self._middle(left, middle - words - 0.5, width, words, sentence, points)
            shown, room = _bare(link), points * _POINT * 2.7
            if self._width(shown, points - 4, is_bold=True) > width:
                shown = _in_two(shown)
            while points > 9 and max(self._width(part, points, is_bold=True) for part in shown.split("\n")) > width:
                points -= 0.5
            self._middle(left, middle + 0.5, width, room if "\n" in shown else room / 2, shown, points, is_bold=True, is_high=True)

        return put

    def _qr(self, left: float, top: float, size: float, text: str) -> None:
        """Runs of dark squares, a hair too tall, so that no printer leaves white between them. The quiet edge is the paper's."""
        rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
        step = size / len(rows)
        self._pdf.set_fill_color(0, 0, 0)
        for y, row in enumerate(rows):
            x = 0
            while x < len(row):
                end = x
                while end < len(row) and row[end]:
                    end += 1
                if end > x:
                    k = self._scale
                    self._pdf.rect((left + x * step) * k, (top + y * step) * k, (end - x) * step * k, step * 1.02 * k, style="F")
                x = end + 1

    def _gong(self, x: float, y: float) -> None:
        """The mark of the house, as in `handlers/looks/gong.svg`."""
        k = self._scale
        self._pdf.set_draw_color(*_BRAND)
        self._pdf.set_fill_color(*_BRAND)
        self._pdf.set_line_width(1.5 * k)
        self._pdf.circle((x - 1) * k, (y + 1) * k, 6.2 * k, style="D")
        self._pdf.circle((x - 1) * k, (y + 1) * k, 1.9 * k, style="F")
        self._pdf.line((x + 3.4) * k, (y - 3.4) * k, (x + 6.6) * k, (y - 6.6) * k)
        self._pdf.circle((x + 6.6) * k, (y - 6.6) * k, 1.5 * k, style="F")

    def _box(self, left: float, top: float, width: float, height: float, colour: tuple[int, int, int]) -> None:
        k = self._scale
        self._pdf.set_fill_color(*colour)
        self._pdf.rect(left * k, top * k, width * k, height * k, style="F", round_corners=True, corner_radius=3 * k)

    # -- text ----------------------------------------------------------------------------------------------------------------

    def _fitted(
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        points: float,
        *,
        colour: tuple[int, int, int] = _INK,
        is_bold: bool = False,
        align: Align = Align.L,
    ) -> None:
        """One line, made smaller until it fits: a long ward's name is better small than broken."""
        while points > 9 and self._width(text, points, is_bold=is_bold) > width:
            points -= 0.5
        k = self._scale
        self._pen(points, colour, is_bold=is_bold)
        self._pdf.set_xy(left * k, top * k)
        self._pdf.cell(width * k, points * _POINT * 1.2 * k, text, align=align)

    def _middle(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        text: str,
        points: float,
        *,
        is_bold: bool = False,
        is_high: bool = False,
        colour: tuple[int, int, int] = _INK,
    ) -> None:
        """At most as many lines as there is height for, smaller if need be, in the middle of it."""
        while points > 8 and len(self._lines(text, points, width, is_bold=is_bold)) * points * _POINT * 1.3 > height:
            points -= 0.5
        lines, k = self._lines(text, points, width, is_bold=is_bold), self._scale
        step = points * _POINT * 1.3
        self._pen(points, colour, is_bold=is_bold)
        self._pdf.set_xy(left * k, (top if is_high else top + (height - len(lines) * step) / 2) * k)
        self._pdf.multi_cell(width * k, step * k, text, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)

    def _lines(self, text: str, points: float, width: float, *, is_bold: bool = False) -> list[str]:
        self._pen(points, _INK, is_bold=is_bold)
        found = self._pdf.multi_cell(width * self._scale, 1, text, dry_run=True, output=MethodReturnValue.LINES)
        return list(found)  # type: ignore[arg-type]

    def _width(self, text: str, points: float, *, is_bold: bool) -> float:
        self._pen(points, _INK, is_bold=is_bold)
        return self._pdf.get_string_width(text) / self._scale

    def _pen(self, points: float, colour: tuple[int, int, int], *, is_bold: bool) -> None:
        self._pdf.set_font("vietnam", "B" if is_bold else "", points * self._scale)
        self._pdf.set_text_color(*colour)


def _in_two(link: str) -> str:
    """A long address goes on in the next line behind a dot, a slash or a dash, near its middle: never within a name."""
    places = [match.end() for match in re.finditer(r"[./-](?=[^./-])", link)]
    middle = min(places, key=lambda place: abs(place - len(link) / 2), default=0)
    return f"{link[:middle]}\n{link[middle:]}" if middle else link


def _bare(link: str) -> str:
    """As somebody would type it."""
    return link.removeprefix("https://").removeprefix("http://").rstrip("/")
