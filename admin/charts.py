"""A small chart as SVG, drawn by the server: pairs of bars, one filled and one hatched, so that it reads in black and white too.

Whoever cannot see it has the table under it; what it shows is said in its title. Colours come from the page's style sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_HEIGHT, _TOP, _BELOW, _LEFT = 220, 14, 26, 48
_FLOOR = _HEIGHT - _BELOW


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    first: int
    second: int


def pairs(some: Sequence[Pair], *, title: str, about: str, number: Callable[[int], str]) -> Markup:
    """For a wide screen and once more for a phone, so that letters are as large on both; the style sheet shows one of them."""
    wide, slim = (_drawn(some, name, width, title=title, about=about, number=number) for name, width in (("wide", 720), ("slim", 320)))
    return wide + slim


def _drawn(some: Sequence[Pair], name: str, width: int, *, title: str, about: str, number: Callable[[int], str]) -> Markup:
    """Both axes are labelled at their ends, the lower one a few times between."""
    top = nice(max((max(one.first, one.second) for one in some), default=0))
    step = (width - _LEFT) / max(1, len(some))
    wide = max(1.0, min(18.0, step * 0.38))
    parts = [
        f'<svg class="chart {name}" viewBox="0 0 {width} {_HEIGHT}" role="img" aria-labelledby="{name}-title {name}-about">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-about">{escape(about)}</desc>',
        f'<defs><pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="5" height="5"/><rect class="hatch-line" width="2" height="5"/></pattern></defs>',
    ]
    for share in (0, 0.5, 1):
        y = _FLOOR - (_FLOOR - _TOP) * share
        if share == 0.5 and top % 2:
            continue
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{escape(number(round(top * share)))}</text>')
    for place, one in enumerate(some):
        middle = _LEFT + step * (place + 0.5)
        parts.append(_bar("bar-first", middle - wide, wide, one.first, top))
        parts.append(_bar("bar-second", middle, wide, one.second, top))
    for place in labelled(len(some), most=6 if width > 400 else 3):
        end = "end" if place and place == len(some) - 1 else "middle" if place else "start"
        x = {"start": _LEFT + 0.0, "end": float(width)}.get(end, _LEFT + step * (place + 0.5))
        parts.append(f'<text class="tick" x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="{end}">{escape(some[place].label)}</text>')
    return Markup("".join((*parts, "</svg>")))


def _bar(name: str, x: float, wide: float, many: int, top: int) -> str:
    high = (_FLOOR - _TOP) * many / top if top else 0
    return f'<rect class="{name}" x="{x:.1f}" y="{_FLOOR - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>' if many else ""


def nice(most: int) -> int:
    """A round number that nothing is higher than: 1, 2 or 5 with noughts behind."""
    size = 1
    while True:
        for first in (1, 2, 5):
            if first * size >= most:
                return first * size
        size *= 10


def labelled(many: int, *, most: int) -> list[int]:
    """Both ends, and as many between as there is room for."""
    if many <= most + 1:
        return list(range(many))
    apart = -(-many // most)
    return [*range(0, many - apart // 2 - 1, apart), many - 1]
