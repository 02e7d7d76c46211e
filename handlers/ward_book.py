"""What a ward has of its own: its map, its wordings, its categories, its answers about procedures, its periods and days off.

Plain frozen values, loaded once and again when the ward changes them (`storage/queries/ward_book.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    id: int
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    kind: str  # street, alley, landmark
    name: str
    neighbourhood_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Behind a QR code or a `?start=` link."""

    code: str
    label: str
    neighbourhood_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One answer of "Hỏi thủ tục": one of ours (`key`), a ward's change of one of ours, or a ward's own."""

    id: int = 0  # 0: ours, without a row yet.
    key: str = ""
    position: int = -1  # -1: where ours stands by itself.
    is_hidden: bool = False
    title: str = ""
    words: tuple[str, ...] = ()  # By which a question is recognised.
    answer: str = ""
    address: str = ""
    hours: str = ""
    portal: str = ""
    vneid: str = ""

    @property
    def handle(self) -> str | int:
        """By which being asked is counted (`storage.queries.ward_book.count_asked`)."""
        return self.key or self.id

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Procedure":
        known = {name.name for name in fields(cls)}
        picked: dict[str, Any] = {name: tuple(value) if name == "words" else value for name, value in row.items() if name in known}
        return cls(**picked)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """Where the ward's calendar differs from the one that is built in: a day off, or one that is worked all the same."""

    day: str  # 2026-11-24
    name: str = ""
    is_off: bool = True


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class WardBook:
    version: int = 0
    calendar: int = 0  # Which state of its days off this is.
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    spots: Mapping[str, Spot] = field(default_factory=_empty)
    procedures: tuple[Procedure, ...] = ()
    category_changes: Mapping[str, dict[str, Any]] = field(default_factory=_empty)  # By code.
    wordings: Mapping[tuple[str, str], str] = field(default_factory=_empty)  # (language, key): the ward's own sentence.
    periods: Mapping[str, int] = field(default_factory=_empty)  # By kind: figures the ward has set otherwise.
    days_off: Mapping[str, DayOff] = field(default_factory=_empty)  # By day.

    def neighbourhood(self, wanted: int | None) -> Neighbourhood | None:
        return next((one for one in self.neighbourhoods if one.id == wanted), None)

    @classmethod
    def from_rows(cls, rows: dict[str, Any]) -> "WardBook":
        """What `storage.queries.ward_book.load` gives."""
        return cls(
            version=rows["version"],
            neighbourhoods=tuple(Neighbourhood(**row) for row in rows["neighbourhoods"]),
            landmarks=tuple(Landmark(**row) for row in rows["landmarks"]),
            spots=MappingProxyType({row["code"]: Spot(**row) for row in rows["spots"]}),
            procedures=tuple(Procedure.from_row(row) for row in rows["procedures"]),
            category_changes=MappingProxyType(rows["category_changes"]),
            wordings=MappingProxyType(rows["wordings"]),
            **_calendar(rows),
        )

    @classmethod
    def of_calendar(cls, rows: dict[str, Any]) -> "WardBook":
        """Nothing but its periods and days off: what `storage.queries.ward_book.load_calendar` gives."""
        return cls(**_calendar(rows))


def _calendar(rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "calendar": rows["calendar"],
        "periods": MappingProxyType(rows["periods"]),
        "days_off": MappingProxyType({row["day"]: DayOff(**row) for row in rows["days_off"]}),
    }
