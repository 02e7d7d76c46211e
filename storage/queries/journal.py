"""The history as the chief and an inspector read it: by tip, person, kind and time, newest first.

Whatever is asked for, a page looks at so many rows and no more, each found by an index; where they did not fill it, it says how far it
came. Rows of tips that somebody may not read, and of drafts, are passed over: they are the teller's own, or somebody else's.
"""

import heapq
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import literal_column, or_, select
from sqlmodel import Session, col

from storage.queries.one_tip import tip_rows
from storage.queries.sight import Sight, letter_is_mine
from storage.tables import Appeal, BookEntry, HistoryRow, Opening, Tip

# True of every row: each says which index is meant (`tables.HistoryRow`).
BY_TIME = col(HistoryRow.at) > literal_column("0")
BY_ACTOR = col(HistoryRow.actor) != literal_column("''")
BY_WHAT = col(HistoryRow.what) != literal_column("''")
_AT_ONCE, _MOST_LOOKED_AT = 200, 1_600
_COLUMNS = tuple(
    col(column) for column in (HistoryRow.id, HistoryRow.at, HistoryRow.actor, HistoryRow.what, HistoryRow.detail, HistoryRow.tip_id)
)


class Place(NamedTuple):
    """The last row that was looked at; what is older comes next."""

    at: int
    row_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    tips: tuple[int, ...] | None = None
    actor: str = ""
    whats: frozenset[str] = frozenset()  # Empty: all.
    since: int = 0
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    id: int
    at: int
    actor: str
    what: str
    detail: dict[str, Any]
    tip_id: int | None
    tail: str


def rows(
    session: Session, sight: Sight, wanted: Wanted, *, but: Collection[str], before: Place | None, most: int
) -> tuple[list[JournalRow], Place | None]:
    """Newest first, and where the next page begins; None at the end. `but`: what is left out unless it is asked for."""
    if before is None and wanted.until is not None:
        before = Place(wanted.until, 0)
    found: list[JournalRow] = []
    looked_at = 0
    while True:
        batch = _candidates(session, sight.ward_id, wanted, before)
        tips = _tips(session, {row.tip_id for row in batch if row.tip_id is not None})
        for row in batch:
            if len(found) == most:
                return found, Place(found[-1].at, found[-1].id)
            before = Place(row.at, row.id)
            tip = tips.get(row.tip_id) if row.tip_id is not None else None
            if _fits(row, wanted, but) and (row.tip_id is None or (tip is not None and tip.arrived_at is not None and sight.reads(tip))):
                tail = tip.code_tail if tip else ""
                found.append(
                    JournalRow(id=row.id, at=row.at, actor=row.actor, what=row.what, detail=row.detail, tip_id=row.tip_id, tail=tail)
                )
        looked_at += len(batch)
        if len(batch) < _AT_ONCE:
            return found, None
        if looked_at >= _MOST_LOOKED_AT:
            return found, before


def _fits(row: Any, wanted: Wanted, but: Collection[str]) -> bool:
    if wanted.actor and row.actor != wanted.actor:
        return False
    return row.what in wanted.whats if wanted.whats else row.what not in but


def _candidates(session: Session, ward_id: int, wanted: Wanted, before: Place | None) -> list[Any]:
    """By the index that serves: the tip's, each kind's, the person's, or time alone."""
    query = select(*_COLUMNS).where(col(HistoryRow.at) >= wanted.since)
    if before is not None:
        # Said twice, so that an index knows where to begin.
        query = query.where(col(HistoryRow.at) <= before.at, or_(col(HistoryRow.at) < before.at, col(HistoryRow.id) < before.row_id))
    query = query.order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc()).limit(_AT_ONCE)
    if wanted.tips is not None:  # Whose they are is looked at afterwards.
        return list(session.execute(query.where(col(HistoryRow.tip_id).in_(wanted.tips))))
    query = query.where(col(HistoryRow.ward_id) == ward_id)
    if wanted.whats:
        each = [list(session.execute(query.where(BY_WHAT, col(HistoryRow.what) == what))) for what in sorted(wanted.whats)]
        return heapq.nlargest(_AT_ONCE, (row for found in each for row in found), key=lambda row: (row.at, row.id))
    if wanted.actor:
        return list(session.execute(query.where(BY_ACTOR, col(HistoryRow.actor) == wanted.actor)))
    return list(session.execute(query.where(BY_TIME)))


def _tips(session: Session, ids: Collection[int]) -> dict[int, Tip]:
    return tip_rows(session, ids)


def tips_by_number(session: Session, sight: Sight, number: int, year: int) -> tuple[int, ...]:
    """In either book; those that may be read."""
    query = select(col(BookEntry.tip_id)).join(Tip, col(Tip.id) == col(BookEntry.tip_id)).where(sight.readable())
    of_number = col(BookEntry.ward_id) == sight.ward_id, col(BookEntry.year) == year, col(BookEntry.number) == number
    return tuple(session.execute(query.where(*of_number, col(BookEntry.book).in_(("crime", "other")))).scalars())


# -- requests ------------------------------------------------------------------------------------------------------------------


def opening_ids(session: Session, sight: Sight, *, before: int | None, most: int) -> list[int]:
    """Requests to open a name or an original, newest first, about tips that may be read."""
    query = select(col(Opening.id)).join(Tip, col(Tip.id) == col(Opening.tip_id)).where(col(Opening.ward_id) == sight.ward_id)
    if before is not None:
        query = query.where(col(Opening.id) < before)
    return list(session.execute(query.where(sight.readable()).order_by(col(Opening.id).desc()).limit(most)).scalars())


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """Somebody's wish about their own data: what kind, when, by when. Never its words, nor about which tip."""

    id: int
    about: str
    asked_at: int
    due_at: int | None
    seen_at: int | None
    answered_at: int | None
    answered_by: int | None
    is_shredded: bool


def data_requests(session: Session, sight: Sight, *, before: int | None, most: int) -> list[DataRequest]:
    """Newest first."""
    # As the index says it.
    query = select(Appeal).outerjoin(Tip, col(Tip.id) == col(Appeal.tip_id)).where(col(Appeal.ward_id) == sight.ward_id)
    query = query.where(col(Appeal.kind) == literal_column("'data'"), letter_is_mine(sight))
    if before is not None:
        query = query.where(col(Appeal.id) < before)
    return [
        DataRequest(
            id=row.id,
            about=row.about,
            asked_at=row.asked_at,
            due_at=row.due_at,
            seen_at=row.seen_at,
            answered_at=row.answered_at,
            answered_by=row.answered_by,
            is_shredded=row.data_key is None,
        )
        for row in session.execute(query.order_by(col(Appeal.id).desc()).limit(most)).scalars()
    ]
