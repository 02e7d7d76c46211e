"""Exact places on the map: opened for what is in view, two hundred at most, and one line of the history that says so."""

from sqlmodel import Session

from handlers.acts import Act, note
from storage.places import Square
from storage.queries.tip_map import Wanted

_DIGITS = 2  # Of a degree: about a kilometre. The history need not tell which house was looked at.


def note_opened(session: Session, act: Act, view: Square, wanted: Wanted, *, count: int) -> None:
    """Before anything is shown. Which tips they were is not in it: the area, the time and how many."""
    area = [round(number, _DIGITS) for number in (view.south, view.west, view.north, view.east)]
    note(session, act, "map_pins_opened", count=count, area=area, since=wanted.since, until=wanted.until)
