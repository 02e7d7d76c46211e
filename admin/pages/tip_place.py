"""Where it happened, on the tip's own page: a small map with the exact place for those who work with exact places, and with the coarse
square of the map of tips for everybody else. To open the tip is a line in its history, as it was for the words of the place.
"""

from dataclasses import dataclass
from datetime import date

from admin.desk import Desk, Visit
from admin.pages.tip_map import HOME, PRESETS, Asked
from handlers import near, officers
from storage import moments
from storage.places import Square, square_of
from storage.queries.tips import TipWhole


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeen:
    exact: tuple[float, float] | None
    square: Square | None
    near: str  # What everybody knows there: for whoever sees the square alone, and reads no words of the place.
    map: str  # The big map, with this square in its middle; empty for those who have none.


def of_tip(desk: Desk, visit: Visit, tip: TipWhole) -> PlaceSeen:
    role, square = visit.officer.role, square_of(tip.cell)
    is_known = tip.latitude is not None and tip.longitude is not None
    exact = (tip.latitude, tip.longitude) if is_known and sees_exactly(role) else None
    known = near.names_of(desk.ward().book).of(tip.cell) if square else None
    return PlaceSeen(
        exact=exact,  # type: ignore[arg-type]
        square=square,
        near=", ".join(part for part in (known.mark, known.home) if part) if known else "",
        map=_on_the_map(tip, visit.at) if square and officers.may(role, "map") else "",
    )


def sees_exactly(role: str) -> bool:
    """Whoever opens exact places on the map of tips, and whoever works on this tip: of those who read tips, all but the inspector."""
    return officers.may(role, "pins") or officers.may(role, "work")


def _on_the_map(tip: TipWhole, now: int) -> str:
    """Over the shortest time in which it has come."""
    days = next((days for days in PRESETS if now - tip.arrived_at < days * moments.DAY), None)
    first: date = moments.local(tip.arrived_at).date()
    return (Asked(days=days) if days else Asked(first=first)).address(HOME, o=tip.cell)
