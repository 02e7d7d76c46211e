"""The drawn picture of a theme, and the gong: outlines of the family of icons that the whole house uses, at any size.

A picture is an SVG of `handlers/looks/pictures` (lucide; licence beside `handlers/looks/icons.svg`). It is drawn four times too large and
made small again, once for each size; what comes out is a mask, so that any colour can be laid through it. No photograph, no face.
"""

import itertools
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.svgLib import SVGPath
from PIL import Image, ImageDraw

import handlers
from handlers.warnings.content import THEMES

Point = tuple[float, float]
GRID = 24.0  # All are drawn in a square of this size.
_FOLDER = Path(handlers.__file__).parent / "looks" / "pictures"
_FINER = 4  # Drawn so much larger.
_STEPS = 12  # Straight pieces of a curve.


@cache
def outlines(name: str) -> tuple[tuple[Point, ...], ...]:
    """The strokes of a picture as points."""
    pen = DecomposingRecordingPen({})
    SVGPath(str(_FOLDER / f"{name}.svg")).draw(pen)
    strokes: list[list[Point]] = []
    for what, points in pen.value:
        if what == "moveTo":
            strokes.append([points[0]])
        elif what == "lineTo":
            strokes[-1].append(points[0])
        elif what in ("curveTo", "qCurveTo"):
            strokes[-1] += _curve([strokes[-1][-1], *points])
        elif what == "closePath":
            strokes[-1].append(strokes[-1][0])
    return tuple(tuple(stroke) for stroke in strokes)


def _curve(points: list[Point]) -> list[Point]:
    """By de Casteljau: halving between the points until one is left."""
    made = []
    for step in range(1, _STEPS + 1):
        part, row = step / _STEPS, points
        while len(row) > 1:
            row = [(a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in itertools.pairwise(row)]
        made.append(row[0])
    return made


@cache
def mask(name: str, size: int, stroke: float = 1.75) -> Image.Image:
    """The picture as how dark each pixel is, `size` pixels wide and high."""
    image = Image.new("L", (size * _FINER, size * _FINER))
    draw, scale = ImageDraw.Draw(image), size * _FINER / GRID
    for points in outlines(name):
        _stroke(draw, [(x * scale, y * scale) for x, y in points], stroke * scale)
    return image.reduce(_FINER)


def _stroke(draw: ImageDraw.ImageDraw, points: list[Point], width: float) -> None:
    """With round ends and round corners."""
    draw.line(points, fill=255, width=round(width))
    for x, y in points:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=255)


@cache
def gong(size: int) -> Image.Image:
    """The mark of the house, as in `handlers/looks/gong.svg`."""
    scale = size * _FINER / GRID
    image = Image.new("L", (size * _FINER, size * _FINER))
    draw = ImageDraw.Draw(image)

    def around(x: float, y: float, radius: float, **how: Any) -> None:
        draw.ellipse(((x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale), **how)

    around(10.5, 13.5, 9.5, outline=255, width=round(2 * scale))
    around(10.5, 13.5, 2.6, fill=255)
    around(21, 3, 1.9, fill=255)
    _stroke(draw, [(16.5 * scale, 7.5 * scale), (21 * scale, 3 * scale)], 2 * scale)
    return image.reduce(_FINER)


@cache
def rounded(width: int, height: int, radius: int) -> Image.Image:
    """A filled box with round corners; a disc, where the radius is half of it."""
    image = Image.new("L", (width * _FINER, height * _FINER))
    ImageDraw.Draw(image).rounded_rectangle((0, 0, width * _FINER - 1, height * _FINER - 1), radius * _FINER, fill=255)
    return image.reduce(_FINER)


@cache
def hatching(width: int, height: int) -> Image.Image:
    """Slanted stripes: seen on paper without colours too."""
    image = Image.new("L", (width * _FINER, height * _FINER))
    draw, tall = ImageDraw.Draw(image), height * _FINER
    for left in range(-2 * tall, width * _FINER, 2 * tall):
        draw.polygon([(left, tall), (left + tall, 0), (left + 2 * tall, 0), (left + tall, tall)], fill=255)
    return image.reduce(_FINER)


def of_theme(theme: str) -> str:
    return theme if theme in THEMES else "general"
