"""Where everything stands on a warning's picture: gong, ward and date; a head with what it is about; what to do; the band below.

Words are as large as there is room for. When there is little, first the picture gives way, then the air, then the size, down to what is
still read at arm's length; below that nothing shrinks: what does not fit is cut at a word, and whoever asks is told (`is_crowded`).
The three kinds differ in shape, not in colour alone, because the picture hangs on the ward's board in black and white.
"""

from dataclasses import dataclass, replace

from handlers.warnings.card_foot import foot
from handlers.warnings.card_parts import (
    BRAND,
    DANGER,
    EDGE,
    INFO,
    INK,
    LEAST_SMALL,
    OK_GREEN,
    OK_SOFT,
    PAPER,
    SOFT,
    WHITE,
    Block,
    Box,
    Drawing,
    Layout,
    Part,
    Words,
    block,
    broken,
    fitted,
    shortened,
    width_of,
)  # fmt: skip
from handlers.warnings.face import Face
from handlers.warnings.line_breaks import parts_a_word

LEAST_HEADLINE, LEAST_LINE = 84, 44
_MOST_HEADLINE, _MOST_LINE = 128, 70
_BADGE = 62  # The number before each thing to do.
STRIPES = 26
_LEAST_AIR = 14
_MARK = 64  # The gong.


@dataclass(frozen=True, slots=True)
class Look:
    """A head's colours by kind of warning."""

    ground: str
    words: str
    accent: str
    is_striped: bool = False


LOOKS = {
    "warning": Look(DANGER, WHITE, WHITE),
    "correction": Look(WHITE, INK, INFO, is_striped=True),
    "thanks": Look(OK_SOFT, INK, OK_GREEN),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How generous the picture is. `least`: from this share of the largest sizes on it is worth its room."""

    disc: int  # 0: no picture.
    head: int  # Size of CẢNH BÁO.
    theme: int
    air: int
    least: float


_LEVELS = (
    _Level(disc=224, head=88, theme=52, air=52, least=0.7),
    _Level(disc=144, head=68, theme=42, air=40, least=0.3),
    _Level(disc=92, head=56, theme=38, air=30, least=0.0),
    _Level(disc=0, head=54, theme=36, air=24, least=0.0),
    _Level(disc=0, head=46, theme=34, air=_LEAST_AIR, least=0.0),
)


def lay_out(face: Face, width: int, height: int) -> Layout:
    return _Sheet(face, width, height).made()


@dataclass(frozen=True, slots=True)
class _Plan:
    level: _Level
    share: float
    headline: Block
    lines: tuple[Block, ...]
    head: int  # Height.
    list: float  # Height without the air around.
    is_crowded: bool = False


def _under(level: _Level) -> float:
    """Between CẢNH BÁO and the headline."""
    return max(18, level.air * 0.8)


def _fits(plan: _Plan, room: float) -> bool:
    return plan.head + plan.list + (2 * plan.level.air if plan.lines else 0) <= room


class _Sheet:
    def __init__(self, face: Face, width: int, height: int) -> None:
        self._face, self._width, self._height = face, width, height
        self._is_tall = height > width
        self._inside = width - 2 * EDGE
        self._look = LOOKS[face.kind]
        self._parts: list[Part] = [Box(x=0, y=0, width=width, height=height, colour=PAPER)]

    def made(self) -> Layout:
        top = self._top()
        bottom, below = foot(self._face, self._width, self._height)
        self._parts += below
        plan = self._planned(bottom - top)
        left = bottom - top - plan.head - plan.list
        more = round(min(56, max(0, left - 2 * plan.level.air) * 0.3)) if plan.lines else round(left)
        self._head(plan, top, plan.head + more)
        self._list(plan, top + plan.head + more, bottom)
        return Layout(width=self._width, height=self._height, parts=tuple(self._parts), is_crowded=plan.is_crowded)

    # -- gong, ward, date ----------------------------------------------------------------------------------------------------

    def _top(self) -> int:
        day = block((self._face.day,), 36)
        day_width = width_of(self._face.day, 36)
        name = fitted(self._face.ward, self._inside - day_width - _MARK - 18 - 24, range(42, LEAST_SMALL - 1, -1), is_bold=True)
        height = max(_MARK, round(name.height))
        self._parts.append(Drawing(name="gong", x=EDGE, y=EDGE + (height - _MARK) // 2, size=_MARK, colour=BRAND))
        self._parts += name.at(EDGE + _MARK + 18, EDGE + (height - name.height) / 2)
        self._parts += day.at(self._width - EDGE - day_width, EDGE + (height - day.height) / 2, colour=SOFT)
        return EDGE + height + (24 if self._is_tall else 20)

    # -- what it is about ----------------------------------------------------------------------------------------------------

    def _planned(self, room: float) -> _Plan:
        """The first level that has room for its least sizes, at the largest that fit."""
        for level in _LEVELS:
            if not _fits(plan := self._plan(level, level.least), room):
                continue
            low, high = level.least, 1.0
            for _halving in range(4):
                share = (low + high) / 2 if _halving else 1.0
                if _fits(larger := self._plan(level, share), room):
                    plan, low = larger, share
                    if share == 1.0:
                        break
                else:
                    high = share
            return self._with_whole_words(plan, room)
        return self._cut(room)

    def _with_whole_words(self, plan: _Plan, room: float) -> _Plan:
        """A little smaller, where that keeps two syllables of a headline together that are one word."""
        if parts_a_word(plan.headline.rows):
            for less in (0.1, 0.2, 0.3, 0.4):
                smaller = self._plan(plan.level, max(0, plan.share - less))
                if not parts_a_word(smaller.headline.rows) and _fits(smaller, room):
                    return smaller
        return plan

    def _plan(self, level: _Level, share: float) -> _Plan:
        headline_size = round(LEAST_HEADLINE + (_MOST_HEADLINE - LEAST_HEADLINE) * share)
        line_size = round(LEAST_LINE + (_MOST_LINE - LEAST_LINE) * share)
        headline = block(broken(self._face.headline, headline_size, self._inside, is_bold=True), headline_size, is_bold=True)
        lines = tuple(block(broken(line, line_size, self._list_width, is_bold=True), line_size, is_bold=True) for line in self._said)
        return _Plan(level, share, headline, lines, self._head_height(level, headline), self._list_height(level, lines))

    @property
    def _said(self) -> tuple[str, ...]:
        return self._face.lines or ((self._face.body,) if self._face.body else ())

    @property
    def _list_width(self) -> float:
        return self._inside - (_BADGE + 26 if self._face.lines else 0)

    def _cut(self, room: float) -> _Plan:
        """The smallest of everything, and of the words as many rows as there is room for: first each thing to do keeps its beginning, then
        the last ones are left out, and of a headline of endless words the end."""
        plan = replace(self._plan(_LEVELS[-1], 0), is_crowded=True)
        rows = [len(line.rows) for line in plan.lines]
        while not _fits(plan, room) and rows:
            if max(rows) > 1:
                rows[rows.index(max(rows))] -= 1
            else:
                rows.pop()
            lines = tuple(shortened(line, most, self._list_width) for line, most in zip(plan.lines, rows, strict=False))
            plan = replace(plan, lines=lines, list=self._list_height(plan.level, lines))
        while not _fits(plan, room) and len(plan.headline.rows) > 1:
            headline = shortened(plan.headline, len(plan.headline.rows) - 1, self._inside)
            plan = replace(plan, headline=headline, head=self._head_height(plan.level, headline))
        return plan

    def _head_height(self, level: _Level, headline: Block) -> int:
        stripes = 2 * STRIPES if self._look.is_striped else 0
        return round(stripes + 2 * level.air + self._lockup_height(level) + _under(level) + headline.height)

    def _lockup_height(self, level: _Level) -> float:
        return max(level.disc, sum(part.height for part in self._beside(level)) + self._beside_gap(level))

    def _beside_gap(self, level: _Level) -> float:
        return level.theme * 0.5 if len(self._beside(level)) > 1 else 0

    def _beside(self, level: _Level) -> tuple[Block, ...]:
        """CẢNH BÁO, and under it what it is about; in little room both stand in one line. A correction says so larger than anything."""
        room = self._inside - (level.disc + 30 if level.disc else 0)
        if self._face.kind == "correction":
            head = fitted(self._face.head, room, range(min(124, level.head + 40), LEAST_HEADLINE - 1, -1), is_bold=True)
            under = self._face.corrects
        else:
            head = fitted(self._face.head, room, range(level.head, LEAST_SMALL - 1, -1), is_bold=True)
            under = self._face.theme
        if not under or (self._face.kind != "correction" and not level.disc):
            return (head,)
        return head, fitted(under, room, range(level.theme, LEAST_SMALL - 1, -1))

    def _head(self, plan: _Plan, top: int, height: int) -> None:
        level, look = plan.level, self._look
        self._parts.append(Box(x=0, y=top, width=self._width, height=height, colour=look.ground))
        if look.is_striped:
            for edge in (top, top + height - STRIPES):
                self._parts.append(Box(x=0, y=edge, width=self._width, height=STRIPES, colour=look.accent, is_hatched=True))
        lockup = self._lockup_height(level)
        y = top + (height - lockup - _under(level) - plan.headline.height) / 2
        left = float(EDGE)
        if level.disc:
            self._disc(round(y + (lockup - level.disc) / 2), level.disc)
            left += level.disc + 30
        beside, gap = self._beside(level), self._beside_gap(level)
        at = y + (lockup - sum(part.height for part in beside) - gap) / 2
        if not level.disc and self._face.kind != "correction":
            self._theme_at_the_right(beside[0], at)
        for place, part in enumerate(beside):
            self._parts += part.at(left, at, colour=look.accent if place == 0 else look.words)
            at += part.height + gap
        self._parts += plan.headline.at(EDGE, y + lockup + _under(level), colour=look.words, role="headline")

    def _theme_at_the_right(self, head: Block, y: float) -> None:
        """On the line of CẢNH BÁO, with the picture small before it."""
        picture = head.size
        room = self._inside - width_of(self._face.head, head.size, is_bold=True) - 40 - picture - 16
        theme = fitted(self._face.theme, room, range(round(head.size * 0.7), LEAST_SMALL - 1, -1), most=1)
        x = self._width - EDGE - max((width_of(row, theme.size) for row in theme.rows), default=-16.0)
        self._parts += theme.at(x, y + head.rise - theme.rise, colour=self._look.words)
        drawn_y = round(y + head.rise - head.size * 0.36 - picture / 2)
        self._parts.append(Drawing(name=self._face.picture, x=round(x) - 16 - picture, y=drawn_y, size=picture, colour=self._look.accent))

    def _disc(self, y: int, size: int) -> None:
        ground, drawn = (WHITE, DANGER) if self._face.kind == "warning" else (self._look.accent, WHITE)
        self._parts.append(Box(x=EDGE, y=y, width=size, height=size, colour=ground, radius=size // 2))
        inner = round(size * 0.6)
        self._parts.append(
            Drawing(name=self._face.picture, x=EDGE + (size - inner) // 2, y=y + (size - inner) // 2, size=inner, colour=drawn)
        )

    # -- what to do ----------------------------------------------------------------------------------------------------------

    def _list_height(self, level: _Level, lines: tuple[Block, ...]) -> float:
        least = _BADGE if self._face.lines else 0
        apart = max(level.air * 0.6, (0.4 if level.air > _LEAST_AIR else 0.2) * lines[0].size) if lines else 0
        return sum(max(least, line.height) for line in lines) + apart * (len(lines) - 1)

    def _list(self, plan: _Plan, top: int, bottom: int) -> None:
        if not plan.lines:
            return
        least = _BADGE if self._face.lines else 0
        heights = [max(least, line.height) for line in plan.lines]
        gap = (bottom - top - sum(heights)) / (len(heights) + 1)
        between = min(gap, plan.lines[0].size * 1.1)
        y = top + (bottom - top - sum(heights) - between * (len(heights) - 1)) / 2
        for place, (line, height) in enumerate(zip(plan.lines, heights, strict=True), 1):
            left = float(EDGE)
            if self._face.lines:
                self._badge(place, y, line)
                left += _BADGE + 26
            self._parts += line.at(left, y + (height - line.height) / 2, role="line")
            y += height + between

    def _badge(self, place: int, y: float, line: Block) -> None:
        """Level with the first row."""
        top = round(y + max(0, line.rise - line.size * 0.36 - _BADGE / 2) if len(line.rows) > 1 else y + max(0, (line.height - _BADGE) / 2))
        self._parts.append(Box(x=EDGE, y=top, width=_BADGE, height=_BADGE, colour=INK, radius=_BADGE // 2))
        number = str(place)
        x = EDGE + (_BADGE - width_of(number, 40, is_bold=True)) / 2
        self._parts.append(Words(text=number, x=x, base=top + _BADGE / 2 + 14, size=40, colour=WHITE, is_bold=True))
