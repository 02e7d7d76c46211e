"""The ward's own map, wordings, categories, procedures, periods and days off, as plain values. Every change raises `wards.book_version`."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from storage.quick import Quick, as_json
from storage.tables import CategoryNote, Holiday, Landmark, Neighbourhood, Period, Procedure, Spot, Ward, Wording

_CALENDAR = Quick("SELECT calendar FROM wards WHERE id = :ward_id")
_VERSION = Quick("SELECT book_version FROM wards WHERE id = :ward_id")


def version(session: Session, ward_id: int) -> int:
    return int(_VERSION.run(session, ward_id=ward_id).fetchone()[0])


def changed(session: Session, ward_id: int) -> None:
    """In the transaction of every change, so that all processes load anew."""
    session.execute(update(Ward).where(col(Ward.id) == ward_id).values(book_version=col(Ward.book_version) + 1))


def calendar(session: Session, ward_id: int) -> int:
    return int(_CALENDAR.run(session, ward_id=ward_id).fetchone()[0])


def calendar_changed(session: Session, ward_id: int) -> None:
    """In the transaction of the change: whatever runs by the calendar of before is due to be reckoned anew."""
    session.execute(update(Ward).where(col(Ward.id) == ward_id).values(calendar=col(Ward.calendar) + 1))


def load(session: Session, ward_id: int) -> dict[str, Any]:
    """As keyword arguments of `handlers.ward_book.WardBook`, with plain dictionaries inside: this room does not know the other."""

    def rows(table: Any, *order: Any, ended: bool = False) -> list[Any]:
        query = select(table).where(col(table.ward_id) == ward_id).order_by(*order)
        return list(session.execute(query.where(col(table.ended_at).is_(None)) if ended else query).scalars())

    spot_of = ("neighbourhood_id", "latitude", "longitude")
    return {
        "version": version(session, ward_id),
        **load_calendar(session, ward_id),
        "neighbourhoods": [
            _picked(row, "id", "name", "latitude", "longitude")
            for row in rows(Neighbourhood, col(Neighbourhood.position), col(Neighbourhood.id), ended=True)
        ],
        "landmarks": [_picked(row, "kind", "name", *spot_of) for row in rows(Landmark, col(Landmark.id))],
        "spots": [_picked(row, "code", "label", *spot_of) for row in rows(Spot, col(Spot.id), ended=True)],
        "procedures": [
            {**row.body, "id": row.id, "position": row.position}
            for row in rows(Procedure, col(Procedure.position), col(Procedure.id), ended=True)
        ],
        "category_changes": {row.code: dict(row.body) for row in rows(CategoryNote, col(CategoryNote.code))},
        "wordings": {(row.language, row.key): row.text for row in rows(Wording, col(Wording.key))},
    }


def load_calendar(session: Session, ward_id: int) -> dict[str, Any]:
    """All that clocks need. Its number first: what changes between the two is reckoned once more, never missed."""
    number = calendar(session, ward_id)
    periods = session.execute(select(Period).where(col(Period.ward_id) == ward_id)).scalars()
    days = session.execute(select(Holiday).where(col(Holiday.ward_id) == ward_id).order_by(col(Holiday.day))).scalars()
    return {
        "calendar": number,
        "periods": {row.kind: row.amount for row in periods},
        "days_off": [_picked(row, "day", "name", "is_off") for row in days],
    }


def _picked(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


# -- sentences -------------------------------------------------------------------------------------------------------------

_KEEP_WORDING = Quick(
    "INSERT INTO wordings (id, ward_id, language, key, text, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :language, :key, :text, :now, :officer_id)"
    " ON CONFLICT (ward_id, language, key) DO UPDATE"
    " SET text = excluded.text, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingSeen:
    language: str
    key: str
    text: str
    changed_at: int
    changed_by: int | None


def wordings(session: Session, ward_id: int) -> dict[tuple[str, str], WordingSeen]:
    found = session.execute(select(Wording).where(col(Wording.ward_id) == ward_id)).scalars()
    names = ("language", "key", "text", "changed_at", "changed_by")
    return {(row.language, row.key): WordingSeen(**_picked(row, *names)) for row in found}


def keep_wording(session: Session, ward_id: int, *, row_id: int, language: str, key: str, text: str, officer_id: int, now: int) -> None:
    _KEEP_WORDING.run(session, id=row_id, ward_id=ward_id, language=language, key=key, text=text, now=now, officer_id=officer_id)
    changed(session, ward_id)


def drop_wording(session: Session, ward_id: int, *, language: str, key: str) -> bool:
    where = (col(Wording.ward_id) == ward_id, col(Wording.language) == language, col(Wording.key) == key)
    gone = session.execute(delete(Wording).where(*where).returning(col(Wording.id))).first()
    if gone is not None:
        changed(session, ward_id)
    return gone is not None


# -- procedures ------------------------------------------------------------------------------------------------------------

OURS = -1  # As a position: where our answer stands by itself.
_COUNT = Quick("UPDATE procedures SET asked = asked + 1 WHERE id = :id AND ward_id = :ward_id")
_COUNT_OURS = Quick(
    "INSERT INTO procedures (id, ward_id, position, body, asked, changed_at)"
    f" VALUES (:id, :ward_id, {OURS}, :body, 1, 0)"
    " ON CONFLICT (id) DO UPDATE SET asked = procedures.asked + 1"
)
_KEEP_PROCEDURE = Quick(
    "INSERT INTO procedures (id, ward_id, position, body, asked, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :position, :body, 0, :now, :officer_id)"
    " ON CONFLICT (id) DO UPDATE SET position = excluded.position, body = excluded.body,"
    " changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)

_PLACE = Quick(
    "INSERT INTO procedures (id, ward_id, position, body, asked, changed_at) VALUES (:id, :ward_id, :position, :body, 0, 0)"
    " ON CONFLICT (id) DO UPDATE SET position = excluded.position"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureSeen:
    id: int
    position: int
    body: dict[str, Any]
    asked: int
    changed_at: int  # 0: counted, never changed.
    changed_by: int | None


def id_of_ours(ward_id: int, key: str) -> int:
    """The row of one of our own answers: the same wherever it is reckoned, so that two processes that count at once make one row.

    Its second highest bit is set; ids drawn by the clock reach so far in the next century.
    """
    digest = hashlib.sha256(f"procedure/{ward_id}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 2 | 1 << 62


def count_asked(session: Session, ward_id: int, key_or_id: str | int) -> None:
    """One more question; who asked is not kept. An answer of ours gets its row with the first one. The book stays the same version."""
    if isinstance(key_or_id, int):
        _COUNT.run(session, id=key_or_id, ward_id=ward_id)
    else:
        _COUNT_OURS.run(session, id=id_of_ours(ward_id, key_or_id), ward_id=ward_id, body=as_json({"key": key_or_id}))


def procedures(session: Session, ward_id: int) -> list[ProcedureSeen]:
    query = select(Procedure).where(col(Procedure.ward_id) == ward_id, col(Procedure.ended_at).is_(None)).order_by(col(Procedure.id))
    return [
        ProcedureSeen(**_picked(row, "id", "position", "body", "asked", "changed_at", "changed_by"))
        for row in session.execute(query).scalars()
    ]


def keep_procedure(session: Session, ward_id: int, *, row_id: int, position: int, body: dict[str, Any], officer_id: int, now: int) -> None:
    """A new answer, or an old one's new text; how often it was asked stays."""
    values = {"position": position, "body": as_json(body), "now": now, "officer_id": officer_id}
    _KEEP_PROCEDURE.run(session, id=row_id, ward_id=ward_id, **values)
    changed(session, ward_id)


def order_procedures(session: Session, ward_id: int, order: list[tuple[int, dict[str, Any]]], *, step: int) -> None:
    """All of them, each with the body a row is made with where there is none yet. A row that is there only moves."""
    for place, (row_id, body) in enumerate(order):
        _PLACE.run(session, id=row_id, ward_id=ward_id, position=(place + 1) * step, body=as_json(body))
    changed(session, ward_id)


def end_procedure(session: Session, ward_id: int, row_id: int, *, now: int) -> None:
    where = (col(Procedure.ward_id) == ward_id, col(Procedure.id) == row_id, col(Procedure.ended_at).is_(None))
    session.execute(update(Procedure).where(*where).values(ended_at=now))
    changed(session, ward_id)


# -- categories ------------------------------------------------------------------------------------------------------------

_KEEP_CATEGORY = Quick(
    "INSERT INTO category_notes (id, ward_id, code, body, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :code, :body, :now, :officer_id)"
    " ON CONFLICT (ward_id, code) DO UPDATE"
    " SET body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySeen:
    code: str
    body: dict[str, Any]
    changed_at: int
    changed_by: int | None


def category_notes(session: Session, ward_id: int) -> dict[str, CategorySeen]:
    found = session.execute(select(CategoryNote).where(col(CategoryNote.ward_id) == ward_id)).scalars()
    return {row.code: CategorySeen(**_picked(row, "code", "body", "changed_at", "changed_by")) for row in found}


def keep_category(session: Session, ward_id: int, *, row_id: int, code: str, body: dict[str, Any], officer_id: int, now: int) -> None:
    _KEEP_CATEGORY.run(session, id=row_id, ward_id=ward_id, code=code, body=as_json(body), now=now, officer_id=officer_id)
    changed(session, ward_id)


def drop_category(session: Session, ward_id: int, *, code: str) -> bool:
    where = (col(CategoryNote.ward_id) == ward_id, col(CategoryNote.code) == code)
    gone = session.execute(delete(CategoryNote).where(*where).returning(col(CategoryNote.id))).first()
    if gone is not None:
        changed(session, ward_id)
    return gone is not None


# -- periods and days off --------------------------------------------------------------------------------------------------

_KEEP_PERIOD = Quick(
    "INSERT INTO periods (id, ward_id, kind, amount, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :kind, :amount, :now, :officer_id)"
    " ON CONFLICT (ward_id, kind) DO UPDATE"
    " SET amount = excluded.amount, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)
_KEEP_DAY = Quick(
    "INSERT INTO holidays (id, ward_id, day, name, is_off, changed_at, changed_by)"
    " VALUES (:id, :ward_id, :day, :name, :is_off, :now, :officer_id)"
    " ON CONFLICT (ward_id, day) DO UPDATE"
    " SET name = excluded.name, is_off = excluded.is_off, changed_at = excluded.changed_at, changed_by = excluded.changed_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSeen:
    kind: str
    amount: int
    changed_at: int
    changed_by: int | None


def period_notes(session: Session, ward_id: int) -> dict[str, PeriodSeen]:
    found = session.execute(select(Period).where(col(Period.ward_id) == ward_id)).scalars()
    return {row.kind: PeriodSeen(**_picked(row, "kind", "amount", "changed_at", "changed_by")) for row in found}


def keep_period(session: Session, ward_id: int, *, row_id: int, kind: str, amount: int, officer_id: int, now: int) -> None:
    _KEEP_PERIOD.run(session, id=row_id, ward_id=ward_id, kind=kind, amount=amount, now=now, officer_id=officer_id)
    changed(session, ward_id)


def drop_period(session: Session, ward_id: int, kind: str) -> bool:
    where = (col(Period.ward_id) == ward_id, col(Period.kind) == kind)
    gone = session.execute(delete(Period).where(*where).returning(col(Period.id))).first()
    if gone is not None:
        changed(session, ward_id)
    return gone is not None


def keep_day(session: Session, ward_id: int, *, row_id: int, day: str, name: str, is_off: bool, officer_id: int, now: int) -> None:
    _KEEP_DAY.run(session, id=row_id, ward_id=ward_id, day=day, name=name, is_off=is_off, now=now, officer_id=officer_id)
    changed(session, ward_id)


def drop_day(session: Session, ward_id: int, day: str) -> bool:
    where = (col(Holiday.ward_id) == ward_id, col(Holiday.day) == day)
    gone = session.execute(delete(Holiday).where(*where).returning(col(Holiday.id))).first()
    if gone is not None:
        changed(session, ward_id)
    return gone is not None
