"""Changes of the ward's map: a whole file at once, or one place at the desk. Each is one transaction, raises the book's version
and stands in the history with who did it. What an import does not name stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.gazetteer_files import Entry, Mistakes, Wrong
from handlers.insight.place_names import words_of
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import gazetteer as rows
from storage.queries import ward_book
from storage.queries.gazetteer import PlaceRow
from storage.queries.history import mark

KINDS = ("neighbourhood", "street", "alley", "landmark")
# One neighbourhood, however it is written: "TDP 5" in the file and "Tổ dân phố số 5" on the map.
_SAME_WORDS = (("to", "dan", "pho"), ("to", "dp"), ("tdp",), ("to",)), (("khu", "pho"), ("kp",))


@dataclass(frozen=True, slots=True)
class Outcome:
    added: int
    changed: int
    same: int


@lru_cache(maxsize=10_000)
def key_of(kind: str, name: str) -> str:
    """Under which two spellings are the same place. Remembered: whoever brings a file asks for all of them before the writer does."""
    parts = [word.plain for word in words_of(name) if not word.is_stop]
    for same in _SAME_WORDS if kind == "neighbourhood" else ():
        for words in same:
            if tuple(parts[: len(words)]) == words and len(parts) > len(words):
                rest = parts[len(words) :]
                return " ".join([same[0][0], *(rest[1:] if rest[0] == "so" and len(rest) > 1 else rest)])
    return " ".join(parts)


def import_places(session: Session, act: Act, entries: Sequence[Entry], *, ids: Sequence[int]) -> Outcome:
    """All or nothing. `ids` are as many as entries, drawn before."""
    rows.one_at_a_time(session)
    stored = rows.places(session, act.ward_id)
    plan = _Plan(stored, entries, dict(zip((id(entry) for entry in entries), ids, strict=True)))
    plan.make()
    if plan.wrong:
        raise Mistakes(sorted(plan.wrong, key=lambda one: one.line))
    if plan.added or plan.changed:
        rows.add_places(session, act.ward_id, plan.added)
        rows.change_places(session, plan.changed)
        _note(session, act, "places_imported", added=len(plan.added), changed=len(plan.changed), mark=_mark_of(session, act, entries))
    return Outcome(len(plan.added), len(plan.changed), len(entries) - len(plan.added) - len(plan.changed))


def what_is_wrong(session: Session, ward_id: int, entries: Sequence[Entry]) -> list[Wrong]:
    """What speaks against these, changing nothing: so that a file whose other lines cannot be read is put right in one go."""
    plan = _Plan(rows.places(session, ward_id), entries, {id(entry): 0 for entry in entries})
    plan.make()
    return plan.wrong


class _NoHome(Exception):
    """The neighbourhood that is named does not stand on the map."""


class _Plan:
    """What an import would change, and everything that speaks against it."""

    def __init__(self, stored: Sequence[PlaceRow], entries: Sequence[Entry], ids: dict[int, int]) -> None:
        self._entries, self._ids = entries, ids
        self._homes = {key_of("neighbourhood", row.name): row for row in stored if row.kind == "neighbourhood"}
        self._others: dict[tuple[str, str], list[PlaceRow]] = {}
        for row in stored:
            if row.kind != "neighbourhood":
                self._others.setdefault((row.kind, key_of(row.kind, row.name)), []).append(row)
        self._bare: dict[str, list[PlaceRow]] = {}  # Neighbourhoods that stand, by what is behind "tổ dân phố".
        self.added: list[PlaceRow] = []
        self.changed: list[PlaceRow] = []
        self.wrong: list[Wrong] = []

    def make(self) -> None:
        seen: dict[tuple[str, str, int | None], int] = {}
        homes = [entry for entry in self._entries if entry.kind == "neighbourhood"]
        others = [entry for entry in self._entries if entry.kind != "neighbourhood"]
        for entry in homes:
            if self._is_first(seen, entry, None):
                self._take_home(entry)
        self._find_homes_by_number()
        named: list[tuple[Entry, int | None]] = []
        for entry in others:
            try:
                home = self._home_of(entry)
            except _NoHome:
                self.wrong.append(Wrong(entry.line, "places-wrong-no-home", {"name": entry.neighbourhood}, entry.is_feature))
                continue
            if self._is_first(seen, entry, home):
                named.append((entry, home))
        counted: dict[tuple[str, str], int] = {}
        for entry, _home in named:
            key = (entry.kind, key_of(entry.kind, entry.name))
            counted[key] = counted.get(key, 0) + 1
        for entry, home in named:
            self._take_other(entry, home, is_only=counted[entry.kind, key_of(entry.kind, entry.name)] == 1)

    def _is_first(self, seen: dict[tuple[str, str, int | None], int], entry: Entry, home: int | None) -> bool:
        elder = seen.setdefault((entry.kind, key_of(entry.kind, entry.name), home), entry.line)
        if elder != entry.line:
            self.wrong.append(Wrong(entry.line, "places-wrong-twice", {"name": entry.name, "line": elder}, entry.is_feature))
        return elder == entry.line

    def _take_home(self, entry: Entry) -> None:
        key = key_of("neighbourhood", entry.name)
        old = self._homes.get(key)
        if old is None:
            self._homes[key] = row = self._fresh(entry, None)
            self.added.append(row)
            return
        row = replace(old, name=entry.name, ended_at=None, **_point_of(entry, old))
        self._homes[key] = row
        if row != old:
            self.changed.append(row)

    def _home_of(self, entry: Entry) -> int | None:
        """The neighbourhood's id; None where none is named."""
        if not entry.neighbourhood:
            return None
        found = self._homes.get(key_of("neighbourhood", entry.neighbourhood))
        if found is None or found.ended_at is not None:
            # "5", where one neighbourhood alone has that number; or a name without "tổ dân phố" before it.
            fitting = self._bare.get(key_of("", entry.neighbourhood), [])
            if len(fitting) != 1:
                raise _NoHome
            found = fitting[0]
        return found.id

    def _find_homes_by_number(self) -> None:
        for key, row in self._homes.items():
            if row.ended_at is None:
                self._bare.setdefault(key.split(" ", 1)[-1], []).append(row)

    def _take_other(self, entry: Entry, home: int | None, *, is_only: bool) -> None:
        """A street may run through several neighbourhoods, a row for each. Where there is but one, it may move."""
        known = self._others.get((entry.kind, key_of(entry.kind, entry.name)), [])
        old = next((row for row in known if row.neighbourhood_id == home), known[0] if len(known) == 1 and is_only else None)
        if old is None:
            self.added.append(self._fresh(entry, home))
            return
        row = replace(old, name=entry.name, neighbourhood_id=home, **_point_of(entry, old))
        if row != old:
            self.changed.append(row)

    def _fresh(self, entry: Entry, home: int | None) -> PlaceRow:
        return PlaceRow(
            id=self._ids[id(entry)],
            kind=entry.kind,
            name=entry.name,
            neighbourhood_id=home,
            latitude=entry.latitude,
            longitude=entry.longitude,
        )


def _point_of(entry: Entry, old: PlaceRow) -> dict[str, Any]:
    """A list without coordinates takes none away."""
    if entry.latitude is None:
        return {"latitude": old.latitude, "longitude": old.longitude}
    return {"latitude": entry.latitude, "longitude": entry.longitude}


# -- one place at the desk -----------------------------------------------------------------------------------------------------


def add_place(session: Session, act: Act, entry: Entry, *, neighbourhood_id: int | None, place_id: int) -> None:
    rows.one_at_a_time(session)
    stored = rows.places(session, act.ward_id)
    home = _checked_home(stored, entry.kind, neighbourhood_id)
    elder = _same_place(stored, entry, home)
    if elder is not None and elder.ended_at is None:
        raise Mistake("places-mistake-there")
    if elder is not None:  # It ended once and stands again: tips of then and now mean the same.
        rows.change_places(session, [replace(elder, name=entry.name, ended_at=None, **_point_of(entry, elder))])
    else:
        fresh = PlaceRow(
            id=place_id,
            kind=entry.kind,
            name=entry.name,
            neighbourhood_id=home,
            latitude=entry.latitude,
            longitude=entry.longitude,
        )
        rows.add_places(session, act.ward_id, [fresh])
    _note(session, act, "place_added", place=elder.id if elder else place_id, mark=_mark_of(session, act, [entry]))


def change_place(session: Session, act: Act, entry: Entry, *, neighbourhood_id: int | None, place_id: int) -> None:
    rows.one_at_a_time(session)
    stored = rows.places(session, act.ward_id)
    old = next((row for row in stored if row.id == place_id and row.ended_at is None), None)
    if old is None:
        raise Mistake("places-mistake-gone")
    if (old.kind == "neighbourhood") != (entry.kind == "neighbourhood"):
        raise Mistake("places-mistake-kind")
    home = _checked_home(stored, entry.kind, neighbourhood_id)
    elder = _same_place(stored, entry, home)
    if elder is not None and elder.id != place_id:
        raise Mistake("places-mistake-there" if elder.ended_at is None else "places-mistake-there-ended")
    new = replace(old, kind=entry.kind, name=entry.name, neighbourhood_id=home, latitude=entry.latitude, longitude=entry.longitude)
    if new == old:
        return
    rows.change_places(session, [new])
    _note(session, act, "place_changed", place=place_id, mark=_mark_of(session, act, [entry]))


def end_place(session: Session, act: Act, *, place_id: int) -> None:
    rows.one_at_a_time(session)
    is_home = rows.end_neighbourhood(session, act.ward_id, place_id, now=act.now)
    if not is_home and not rows.drop_landmark(session, act.ward_id, place_id):
        raise Mistake("places-mistake-gone")
    _note(session, act, "place_ended", place=place_id)


def _checked_home(stored: Sequence[PlaceRow], kind: str, neighbourhood_id: int | None) -> int | None:
    if kind == "neighbourhood" or neighbourhood_id is None:
        return None
    if not any(row.id == neighbourhood_id and row.kind == "neighbourhood" and row.ended_at is None for row in stored):
        raise Mistake("places-mistake-home")
    return neighbourhood_id


def _same_place(stored: Sequence[PlaceRow], entry: Entry, home: int | None) -> PlaceRow | None:
    wanted = key_of(entry.kind, entry.name)
    fitting = (row for row in stored if row.kind == entry.kind and row.neighbourhood_id == home)
    return next((row for row in fitting if key_of(row.kind, row.name) == wanted), None)


# -- what every change leaves --------------------------------------------------------------------------------------------------


def draw_ids(entries: Sequence[Entry]) -> list[int]:
    return [new_id() for _entry in entries]


def _note(session: Session, act: Act, what: str, **detail: Any) -> None:
    ward_book.changed(session, act.ward_id)
    note(session, act, what, **detail)


def _mark_of(session: Session, act: Act, entries: Sequence[Entry]) -> str:
    return mark(session, act.ward_id, *_told(entries))


def _told(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield f"{entry.kind}|{entry.name}|{entry.neighbourhood}|{entry.latitude}|{entry.longitude}"
