"""What periods there are, what law or guess each stands on, and how long each is in a ward."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from handlers.ward_book import WardBook

Unit = Literal["minutes", "hours", "days", "working-days", "months", "days-before", "yes-no", "day-of-month"]
DAYS_MOVE = "days-move"  # Whether a period in days that ends on a day off goes on to the next working day, as one in months does.
_DATA = Path(__file__).parent / "data" / "periods.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    kind: str
    group: str
    unit: Unit
    amount: int
    least: int
    most: int
    tag: Literal["law", "seed", "guess"]
    law: str = ""
    note: bool = False
    at_night: str = ""  # Whose figure counts from 22:00 to 06:00.
    before: str = ""  # Of "days-before": the end of which period is counted back from.
    is_reminder: bool = False
    is_clock: bool = True


@cache
def load() -> Mapping[str, Period]:
    rows = tomllib.loads(_DATA.read_text("utf-8"))["period"]
    return MappingProxyType({row["kind"]: Period(**row) for row in rows})


def groups() -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = {}
    for period in load().values():
        found.setdefault(period.group, []).append(period)
    return found


def amount_of(book: WardBook, kind: str) -> int:
    """The ward's own figure, or ours. One that was allowed once and no longer is counts as the nearest that is."""
    period = load()[kind]
    return min(max(book.periods.get(kind, period.amount), period.least), period.most)


def reminders() -> frozenset[str]:
    return frozenset(period.kind for period in load().values() if period.is_reminder)
