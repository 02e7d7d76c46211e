"""Colours by role: text stands out from every ground it is put on, in light and in dark."""

import re
from pathlib import Path

import pytest

import handlers

_LOOKS = (Path(handlers.__file__).parent / "looks" / "looks.css").read_text(encoding="utf-8")
_GROUNDS = ("paper", "surface")
_TEXT, _SHAPES = 4.5, 3.0
# What is written on what: words on the page, words of a state on its own ground, and what stands on buttons and bubbles.
_WRITTEN = (
    *((ink, ground) for ink in ("ink", "ink-soft", "brand", "danger", "warn", "ok", "info") for ground in _GROUNDS),
    *((state, f"{state}-soft") for state in ("brand", "danger", "warn", "ok", "info")),
    *(("ink", ground) for ground in ("line", "mine", "brand-soft")),
    ("on-brand", "brand"),
)
_DRAWN = tuple(("edge", ground) for ground in _GROUNDS)  # Borders of what can be filled in.


def test_both_themes_name_the_same_colours() -> None:
    light, dark = _theme("light"), _theme("dark")

    assert set(light) == set(dark) == {name for pair in (*_WRITTEN, *_DRAWN) for name in pair}  # A new one is paired with its ground.


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_shapes_stand_out(theme: str) -> None:
    colours = _theme(theme)
    weak = [
        f"{above} on {below}: {_contrast(colours[above], colours[below]):.2f}"
        for pairs, least in ((_WRITTEN, _TEXT), (_DRAWN, _SHAPES))
        for above, below in pairs
        if _contrast(colours[above], colours[below]) < least
    ]

    assert weak == []


def _theme(name: str) -> dict[str, str]:
    light, _, dark = _LOOKS.partition("@media (prefers-color-scheme: dark)")
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6})\b", light if name == "light" else dark))


def _contrast(one: str, other: str) -> float:
    """As the accessibility guidelines reckon it."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
