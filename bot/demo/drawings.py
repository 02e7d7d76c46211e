"""Photos of the demo: drawn, so that they show nobody and nothing that exists."""

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

_SIZE = 960, 720
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def draw(what: str, chance: random.Random) -> bytes:
    """A JPEG as a phone would send it."""
    is_dark = what in ("night", "lamp") or chance.random() < 0.2
    picture = _sky(chance, is_dark=is_dark)
    pen = ImageDraw.Draw(picture)
    _DRAWN[what](pen, chance, is_dark)
    picture = picture.filter(ImageFilter.SMOOTH)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _sky(chance: random.Random, *, is_dark: bool) -> Image.Image:
    top, low = ((14, 18, 34), (58, 46, 44)) if is_dark else ((150, 186, 214), (232, 224, 205))
    shift = chance.randrange(-12, 13)
    column = Image.new("RGB", (1, 64))
    for line in range(64):
        column.putpixel((0, line), tuple(round(a + (b - a) * line / 63) + shift for a, b in zip(top, low, strict=True)))
    return column.resize(_SIZE)


def _ground(pen: Pen, is_dark: bool, *, at: int = 470) -> None:
    pen.rectangle((0, at, 960, 720), fill=(40, 38, 40) if is_dark else (158, 150, 138))


def _houses(pen: Pen, chance: random.Random, is_dark: bool, *, at: int = 470) -> None:
    left = -30
    while left < 960:
        wide, high = chance.randrange(110, 210), chance.randrange(160, 370)
        base = chance.choice(((196, 164, 120), (170, 186, 178), (204, 190, 170), (178, 150, 140)))
        wall: Colour = tuple(round(part * (0.3 if is_dark else 1)) for part in base)  # type: ignore[assignment]
        pen.rectangle((left, at - high, left + wide, at), fill=wall, outline=(70, 60, 54))
        for row in range(high // 95):
            for column in range(wide // 70):
                lit = (240, 200, 110) if is_dark and chance.random() < 0.4 else (84, 92, 98)
                corner = left + 18 + column * 66, at - high + 24 + row * 90
                pen.rectangle((*corner, corner[0] + 36, corner[1] + 48), fill=lit)
        left += wide


def _street(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _houses(pen, chance, is_dark)
    _ground(pen, is_dark)
    for place in range(6):
        pen.rectangle((place * 170 + 20, 590, place * 170 + 100, 602), fill=(224, 216, 190))
    for _ in range(chance.randrange(2, 5)):
        _bike_at(pen, chance.randrange(60, 800), chance.randrange(520, 600), chance.choice(((160, 40, 36), (40, 70, 140), (50, 50, 52))))


def _night(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _houses(pen, chance, True)
    _ground(pen, True)
    pen.rectangle((380, 330, 580, 470), fill=(24, 22, 24), outline=(120, 90, 60), width=6)
    pen.rectangle((400, 350, 470, 470), fill=(236, 178, 88))


def _bike_at(pen: Pen, left: int, base: int, colour: Colour) -> None:
    for wheel in (0, 108):
        pen.ellipse((left + wheel, base, left + wheel + 62, base + 62), outline=(20, 20, 20), width=10)
    pen.polygon([(left + 30, base + 30), (left + 60, base - 18), (left + 120, base - 10), (left + 140, base + 30)], fill=colour)
    pen.line((left + 118, base - 6, left + 132, base - 52, left + 108, base - 56), fill=(30, 30, 30), width=8)


def _bike(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _ground(pen, is_dark, at=380)
    pen.rectangle((0, 160, 960, 380), fill=(90, 84, 80) if is_dark else (206, 198, 184))
    for left in range(0, 960, 120):
        pen.line((left, 160, left, 380), fill=(150, 142, 130), width=4)
    _bike_at(pen, chance.randrange(240, 480), 420, chance.choice(((150, 30, 40), (30, 90, 60), (60, 60, 150))))


def _rubbish(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _houses(pen, chance, is_dark, at=360)
    _ground(pen, is_dark, at=360)
    for _ in range(90):
        x, y, size = round(chance.gauss(480, 150)), chance.randrange(400, 640), chance.randrange(20, 80)
        shade = chance.choice(((60, 66, 60), (120, 110, 90), (84, 70, 56), (150, 148, 140), (40, 60, 90)))
        pen.polygon([(x, y), (x + size, y + chance.randrange(-14, 20)), (x + size - 10, y + size), (x - 12, y + size // 2)], fill=shade)


def _wires(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _houses(pen, chance, is_dark)
    _ground(pen, is_dark)
    pen.rectangle((450, 60, 482, 620), fill=(110, 104, 98))
    for _ in range(26):
        start, sag = chance.randrange(90, 260), chance.randrange(10, 90)
        points = [(x, start + sag * math.sin(x / 960 * math.pi) + chance.randrange(-3, 4)) for x in range(0, 961, 48)]
        pen.line(points, fill=(24, 24, 26), width=chance.choice((3, 4, 6)))


def _lamp(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _houses(pen, chance, True)
    _ground(pen, True)
    for left in (180, 520, 830):
        pen.line((left, 160, left, 560), fill=(86, 84, 84), width=12)
        pen.line((left, 162, left + 70, 150), fill=(86, 84, 84), width=10)
    pen.ellipse((560, 130, 620, 176), fill=(250, 220, 150))


def _wall(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    pen.rectangle((0, 120, 960, 620), fill=(120, 116, 110) if is_dark else (222, 212, 190))
    _ground(pen, is_dark, at=620)
    pen.rectangle((330, 220, 640, 620), fill=(96, 104, 110), outline=(60, 62, 66), width=8)
    for _ in range(40):
        x, y, size = round(chance.gauss(470, 120)), round(chance.gauss(360, 90)), chance.randrange(8, 70)
        pen.ellipse((x, y, x + size, y + size * 1.2), fill=(168, 26, 30))
        pen.rectangle((x + size // 2 - 3, y + size // 2, x + size // 2 + 4, y + size + chance.randrange(20, 150)), fill=(168, 26, 30))


def _chat(pen: Pen, chance: random.Random, _is_dark: bool) -> None:
    """A screenshot, its words too blurred to be read: grey bars in bubbles."""
    pen.rectangle((0, 0, 960, 720), fill=(228, 232, 238))
    pen.rectangle((0, 0, 960, 84), fill=(34, 96, 180))
    y = 120
    while y < 660:
        high, is_mine = chance.randrange(60, 130), chance.random() < 0.4
        left, right = (420, 900) if is_mine else (60, 560)
        pen.rounded_rectangle((left, y, right, y + high), 24, fill=(196, 222, 255) if is_mine else (255, 255, 255))
        for line in range(y + 22, y + high - 14, 26):
            pen.rounded_rectangle((left + 28, line, right - chance.randrange(40, 260), line + 11), 5, fill=(120, 126, 136))
        y += high + 26


def _box(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _ground(pen, is_dark, at=260)
    pen.polygon([(280, 330), (660, 300), (720, 520), (320, 570)], fill=(150, 112, 70), outline=(90, 66, 40))
    for place in range(4):
        pen.ellipse((350 + place * 80, 380 + chance.randrange(-10, 10), 400 + place * 80, 480), fill=(72, 70, 66), outline=(40, 38, 36))


def _school(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    pen.rectangle((120, 180, 840, 480), fill=(222, 190, 120), outline=(130, 100, 60), width=5)
    for left in range(160, 800, 110):
        for top in (210, 340):
            pen.rectangle((left, top, left + 64, top + 76), fill=(90, 110, 124))
    _ground(pen, is_dark, at=480)
    for left in range(0, 960, 44):
        pen.line((left, 470, left, 600), fill=(60, 80, 70), width=8)
    pen.line((0, 500, 960, 500), fill=(60, 80, 70), width=10)


def _lost(pen: Pen, chance: random.Random, is_dark: bool) -> None:
    _ground(pen, is_dark, at=0)
    pen.rounded_rectangle((300, 260, 660, 500), 26, fill=(110, 68, 40), outline=(70, 42, 24), width=6)
    pen.rectangle((300, 360, 660, 376), fill=(84, 50, 28))
    pen.ellipse((610, 346, 646, 390), fill=(206, 170, 80))


_DRAWN: dict[str, Callable[[Pen, random.Random, bool], None]] = {
    "street": _street,
    "night": _night,
    "bike": _bike,
    "rubbish": _rubbish,
    "wires": _wires,
    "lamp": _lamp,
    "wall": _wall,
    "chat": _chat,
    "box": _box,
    "school": _school,
    "lost": _lost,
}
