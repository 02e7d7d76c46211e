"""Which rows the ward's figures have, and what each counts (docs/figures.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from handlers import lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`when`: in the period; standing at its start or its end; or both what stood at the start and what came in it."""

    key: str
    keys: tuple[str, ...]  # what:value
    when: Literal["in", "start", "end", "handled"] = "in"
    code: str = ""  # Its number in the ward's report.
    part_of: str = ""
    if_any: bool = False  # Named only where there is one, now or in a period beside; so are most parts.
    of_letters: bool = False  # Written to the chief: for whoever reads those.


def _values(what: str, *values: str) -> tuple[str, ...]:
    return tuple(f"{what}:{value}" for value in values)


def _transfer(tracks: str, *outcomes: str) -> tuple[str, ...]:
    return tuple(f"left:transfer-{track}-{outcome}" for track in tracks for outcome in outcomes)


_OUTCOMES = ("met", "late", "none")
_OPEN = _values("open", "entered", "reopened")
_KEEP = _values("left", *(f"keep-{track}" for track in lifecycle.TRACKS))
_PARTS_OF_KEEP = {"kept-double": "E", "kept-thin": "F", "kept-other": "ABCD"}


def _told(key: str, what: str) -> tuple[Row, ...]:
    parts = (
        Row(key=f"{key}-{one}", keys=_values(what, one), part_of=key, if_any=one == "none") for one in ("met", "late", "anonymous", "none")
    )
    return (Row(key=key, keys=_values(what, "met", "late", "anonymous", "none"), code="11"), *parts)


SECTIONS: Mapping[str, tuple[Row, ...]] = {
    "in-hand": (
        Row(key="carried", keys=_OPEN, when="start", code="1"),
        Row(key="new", keys=_values("entered", *lifecycle.KINDS), code="2"),
        *(Row(key=f"new-{kind}", keys=_values("entered", kind), part_of="new") for kind in lifecycle.KINDS),
        Row(key="reopened", keys=_values("open", "reopened"), if_any=True),
        Row(key="handled", keys=_OPEN, when="handled", code="3"),
    ),
    "sorted": (
        Row(key="classified", keys=_values("classified", *lifecycle.TRACKS), code="4"),
        *(Row(key=f"classified-{track}", keys=_values("classified", track), part_of="classified") for track in lifecycle.TRACKS),
        Row(key="reported", keys=_values("reported", *_OUTCOMES), code="5"),
        *(Row(key=f"reported-{one}", keys=_values("reported", one), part_of="reported", if_any=one == "none") for one in _OUTCOMES),
    ),
    "out": (
        Row(key="transferred", keys=_transfer("AB", *_OUTCOMES), code="6"),
        *(
            Row(key=f"transferred-{track}-{one}", keys=_transfer(track, one), part_of="transferred", if_any=one == "none")
            for track in "AB"
            for one in _OUTCOMES
        ),
        Row(key="fined", keys=_values("left", "fine"), code="7"),
        Row(key="guided", keys=_values("left", "guide"), code="8"),
        Row(key="kept", keys=_KEEP, code="9"),
        *(
            Row(key=key, keys=_values("left", *(f"keep-{track}" for track in tracks)), part_of="kept", if_any=key == "kept-other")
            for key, tracks in _PARTS_OF_KEEP.items()
        ),
        Row(key="tests", keys=_values("left", "test"), if_any=True),
        Row(key="paper", keys=_values("left", "paper"), if_any=True),
        Row(key="remaining", keys=_OPEN, when="end", code="12"),
        Row(key="overdue", keys=_values("overdue", ""), when="end", part_of="remaining"),
    ),
    "results": (
        *(Row(key=f"result-{one}", keys=_values("result", one), code="10") for one in ("opened", "not-opened")),
        Row(key="result-ended", keys=_values("result", "ended"), if_any=True),
        Row(key="suspended", keys=_values("suspended", "")),
        Row(key="awaiting", keys=_values("awaiting", ""), when="end"),
        Row(key="fined-after", keys=_values("fined-after", ""), if_any=True),
        *_told("told-receipt", "told-receipt"),
        *_told("told-result", "told-result"),
    ),
    "people": (
        Row(key="anonymous", keys=_values("entered-about", "anonymous"), code="13"),
        Row(key="secret", keys=_values("entered-about", "named")),
        Row(key="protection", keys=_values("threat", ""), of_letters=True),
        Row(key="complaints", keys=_values("complaint", ""), code="14", of_letters=True),
    ),
}
RATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ward": (("transferred", "fined", "guided", "kept"), ("handled",)),
    "settlement": (("due-known",), ("due",)),
    "reception": (("arrived-entered",), ("arrived",)),
}
_BEHIND_RATES = (
    Row(key="due", keys=_values("due", "known", "late", "unknown")),
    Row(key="due-known", keys=_values("due", "known", "late")),
    Row(key="due-unknown", keys=_values("due", "unknown")),
    Row(key="arrived", keys=_values("arrived", "entered", "waiting")),
    Row(key="arrived-entered", keys=_values("arrived", "entered")),
    Row(key="arrived-waiting", keys=_values("arrived", "waiting")),
)
TOOK: dict[str, tuple[str, tuple[str, ...]]] = {
    "took-enter": ("entered", _values("entered", *lifecycle.KINDS)),
    "took-classify": ("classified", _values("classified", *lifecycle.TRACKS)),
    "took-transfer": ("left", _transfer("AB", *_OUTCOMES)),
}
# What adds up to a figure that is shown: of such parts none is left alone in the dark.
SUMS = (
    ("carried", "new", "reopened"),
    ("transferred", "fined", "guided", "kept", "tests", "paper", "remaining"),
)
SPLITS = ("category", "neighbourhood", "channel", "weekday", "hour")


@cache
def all_rows() -> Mapping[str, Row]:
    took = (Row(key=key, keys=keys) for key, (_what, keys) in TOOK.items())
    return {row.key: row for row in (*(row for section in SECTIONS.values() for row in section), *_BEHIND_RATES, *took)}


def row_of(key: str) -> Row | None:
    """A row, or one line of a table by category, neighbourhood, channel, weekday or hour."""
    split, dot, value = key.partition(".")
    if not dot:
        return all_rows().get(key)
    if split == "weekday" and value in tuple("0123456"):
        return Row(key=key, keys=_values("entered-hour", *(f"{value}-{hour}" for hour in range(24))))
    if split == "hour" and value in {str(hour) for hour in range(24)}:
        return Row(key=key, keys=_values("entered-hour", *(f"{weekday}-{value}" for weekday in range(7))))
    if split in ("category", "neighbourhood", "channel"):
        return Row(key=key, keys=_values(f"entered-{split}", value))
    return None
