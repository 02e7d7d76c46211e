"""How pages are drawn: the templates, and how they write moments and words."""

from datetime import date
from functools import cache
from pathlib import Path

import jinja2

from admin.navigation import folders_for, place_of, places_for
from admin.static_names import MarkedTemplates
from handlers import officers
from handlers.insight import names
from storage import moments

_HERE = Path(__file__).parent


@cache
def pages() -> jinja2.Environment:
    """Compiled once for a process, however many desks stand in it."""
    made = jinja2.Environment(
        loader=MarkedTemplates(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clock": clock,
        "full_clock": full_clock,
        "time": moments.clock_face,
        "day": moments.short_date,
        "written": written,
        "marked": marked,
        "sentence": lambda text: str(text)[:1].upper() + str(text)[1:],
        "in_flow": lambda text: " ".join(str(text).split()),
    }
    made.globals |= {"may": officers.may, "folders_for": folders_for, "places_for": places_for, "place_of": place_of}
    return made


def marked(text: str) -> list[tuple[str, str]]:
    """The text in parts, each with what it could give away of the teller, or nothing. The template escapes every part by itself."""
    parts, at = [], 0
    for mark in names.marks(text):
        parts += [(text[at : mark.start], ""), (text[mark.start : mark.end], mark.kind)]
        at = mark.end
    return [part for part in (*parts, (text[at:], "")) if part[0]]


def clock(moment: int) -> str:
    """21:05 today, 21:05 · 12/3 on other days. No line begins with the dot."""
    when, today = moments.local(moment), moments.local(moments.now())
    return f"{when:%H:%M}" if when.date() == today.date() else f"{when:%H:%M}\N{NO-BREAK SPACE}· {when.day}/{when.month}"


def written(day: date) -> str:
    """A day of the calendar: 12/3/2026."""
    return f"{day.day}/{day.month}/{day.year}"


def full_clock(moment: int) -> str:
    """21:05 · 12/3/2026, where the year matters."""
    return f"{moments.clock_face(moment)}\N{NO-BREAK SPACE}· {moments.short_date(moment)}"
