"""Where a tip stands, as the law counts it, and the entry it has in a book."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col

from storage import moments
from storage.queries.history import lines_of_tip, secret_place
from storage.queries.one_tip import tip_row
from storage.queries.sight import Sight
from storage.queries.tips import Reader
from storage.quick import Quick, insert
from storage.tables import HistoryRow, Tip
from storage.tables.history import BY_PHONE
from storage.vault import Ring, Sealed

_STANDS = Quick(
    "SELECT state, track, track_approved_at, kind, book, book_number, book_year, entered_at, reported_at, accepted_at, category,"
    " arrived_at, data_key, closed_at, urgent_at, COALESCE(received_at, arrived_at),"
    " EXISTS (SELECT 1 FROM deadlines d WHERE d.tip_id = tips.id AND d.kind = 'file' AND d.settled_at IS NULL) FROM tips"
    " WHERE ward_id = :ward_id AND id = :tip_id AND arrived_at IS NOT NULL",
    postgres="FOR NO KEY UPDATE",
)
_MOVE = Quick("UPDATE tips SET state = :state, closed_at = :closed_at WHERE id = :tip_id")
_TRACK = Quick("UPDATE tips SET track = :track, track_approved_at = :approved_at WHERE id = :tip_id")
_CELL = Quick("SELECT cell FROM tips WHERE id = :tip_id")
_CATEGORY = Quick("UPDATE tips SET category = :category, cell = :cell WHERE id = :tip_id")
_APPROVE = Quick("UPDATE tips SET track_approved_at = :now WHERE id = :tip_id")
_REPORT = Quick("UPDATE tips SET reported_at = :now WHERE id = :tip_id")
_ENTERED = Quick(
    "UPDATE tips SET kind = :kind, book = :book, book_number = :number, book_year = :year, entered_at = COALESCE(entered_at, :now)"
    " WHERE id = :tip_id"
)
# Taken together with the row that bears it, or not at all.
_FIRST_NUMBER = Quick(
    "INSERT INTO book_counters (ward_id, book, year, last) VALUES (:ward_id, :book, :year, 1)"
    " ON CONFLICT (ward_id, book, year) DO UPDATE SET last = book_counters.last + 1 RETURNING last"
)
_INSERT_ENTRY = insert(
    "book_entries",
    *("id", "ward_id", "tip_id", "book", "year", "number", "entered_at", "entered_by", "body", "paper_number", "sector_number"),
)
_MOVED = Quick("UPDATE book_entries SET moved_at = :now WHERE tip_id = :tip_id AND moved_at IS NULL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    state: str
    track: str
    track_approved_at: int | None
    kind: str
    book: str
    number: int | None
    year: int | None
    entered_at: int | None
    reported_at: int | None
    is_accepted: bool
    category: str
    arrived_at: int
    is_shredded: bool
    closed_at: int | None
    is_urgent: bool
    received_at: int  # The law counts from here.
    owes_file: bool  # No case was opened, and nobody has passed the file on to be fined, nor ended the tip.

    @property
    def is_child(self) -> bool:
        return is_childs(self.category)


def is_childs(category: str) -> bool:
    return category == "TE"


def stands(session: Session, ward_id: int, tip_id: int) -> Stands | None:
    """Locked until the end of the transaction: two who press at once move it once."""
    row = _STANDS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    (
        state,
        track,
        approved_at,
        kind,
        book,
        number,
        year,
        entered_at,
        reported_at,
        accepted_at,
        category,
        arrived_at,
        key,
        closed_at,
        urgent,
        received_at,
        owes_file,
    ) = row
    return Stands(
        state=state,
        track=track,
        track_approved_at=approved_at,
        kind=kind,
        book=book,
        number=number,
        year=year,
        entered_at=entered_at,
        reported_at=reported_at,
        is_accepted=accepted_at is not None,
        category=category,
        arrived_at=arrived_at,
        is_shredded=key is None,
        closed_at=closed_at,
        is_urgent=urgent is not None,
        received_at=received_at,
        owes_file=bool(owes_file),
    )


def move(session: Session, tip_id: int, *, state: str, closed_at: int | None) -> None:
    _MOVE.run(session, tip_id=tip_id, state=state, closed_at=closed_at)


def set_track(session: Session, tip_id: int, *, track: str, approved_at: int | None) -> None:
    _TRACK.run(session, tip_id=tip_id, track=track, approved_at=approved_at)


def cell_of_tip(session: Session, tip_id: int) -> str:
    return str(_CELL.run(session, tip_id=tip_id).fetchone()[0])


def set_category(session: Session, tip_id: int, *, category: str, cell: str) -> None:
    _CATEGORY.run(session, tip_id=tip_id, category=category, cell=cell)


def approve(session: Session, tip_id: int, *, now: int) -> None:
    _APPROVE.run(session, tip_id=tip_id, now=now)


def note_report(session: Session, tip_id: int, *, now: int) -> None:
    _REPORT.run(session, tip_id=tip_id, now=now)


def enter(
    session: Session, *, entry_id: int, ward_id: int, tip_id: int, kind: str, book: str, year: int, by: int, body: bytes, now: int
) -> int:
    """The number it has from now on. An entry in the other book stays where it is, as moved."""
    _MOVED.run(session, tip_id=tip_id, now=now)
    number = int(_FIRST_NUMBER.run(session, ward_id=ward_id, book=book, year=year).fetchone()[0])
    values: dict[str, Any] = {"id": entry_id, "ward_id": ward_id, "tip_id": tip_id, "book": book, "year": year, "number": number}
    _INSERT_ENTRY.run(session, **values, entered_at=now, entered_by=by, body=body, paper_number="", sector_number="")
    _ENTERED.run(session, tip_id=tip_id, kind=kind, book=book, number=number, year=year, now=now)
    return number


def proposed_by(session: Session, tip_id: int) -> str:
    """Who gave it the class it has."""
    query = select(col(HistoryRow.actor), col(HistoryRow.detail)).where(col(HistoryRow.tip_id) == tip_id, col(HistoryRow.what) == "moved")
    newest_first = session.execute(query.order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc()))
    return next((actor for actor, detail in newest_first if "track" in detail), "")


def told_since_the_end(session: Session, tip_id: int, *, ends: Collection[str]) -> set[str]:
    """Which sentences moves of this tip brought since it ended last, or since it came."""
    query = select(col(HistoryRow.detail)).where(col(HistoryRow.tip_id) == tip_id, col(HistoryRow.what).in_(("moved", "closed")))
    told: set[str] = set()
    for detail in session.execute(query.order_by(col(HistoryRow.at), col(HistoryRow.id))).scalars():
        if detail.get("to") in ends:
            told.clear()
        elif "tells" in detail:
            told.add(detail["tells"])
    return told


# -- for the tip's page --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPhone:
    """An approval that somebody noted for somebody else."""

    tip_id: int
    tail: str
    noted_at: int
    actor: str
    adviser: str  # Empty once its words were shredded.
    hour: int


def noted_by_phone(session: Session, sight: Sight, *, days: int, most: int, now: int) -> list[ByPhone]:
    """Newest first, of tips this reader may read; also where the class was given anew since."""
    query = select(HistoryRow, Tip).join(Tip, col(Tip.id) == col(HistoryRow.tip_id)).where(col(HistoryRow.ward_id) == sight.ward_id)
    query = query.where(text(BY_PHONE[session.get_bind().dialect.name]), col(HistoryRow.at) >= now - days * moments.DAY)
    query = query.where(sight.readable()).order_by(col(HistoryRow.at).desc(), col(HistoryRow.id).desc()).limit(most)
    return [
        ByPhone(
            tip_id=tip.id,
            tail=tip.code_tail,
            noted_at=row.at,
            actor=row.actor,
            adviser=typed_in(Reader.of(session, tip).ring, row).get("adviser", ""),
            hour=row.detail["hour"],
        )
        for row, tip in session.execute(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeen:
    """A step of the way, with what somebody typed for it."""

    at: int
    actor: str
    move: str
    to: str
    detail: dict[str, Any]
    typed: dict[str, str]


def steps_of(session: Session, ward_id: int, tip_id: int) -> list[StepSeen]:
    """Oldest first. What does not open, or was shredded, is left out."""
    tip = tip_row(session, ward_id, tip_id)
    ring = Reader.of(session, tip).ring if tip else None
    found = []
    for row in lines_of_tip(session, ward_id, tip_id, ("moved",)):
        typed, detail = typed_in(ring, row), dict(row.detail)
        found.append(StepSeen(at=row.at, actor=row.actor, move=detail.get("move", ""), to=detail.get("to", ""), detail=detail, typed=typed))
    return found


def typed_in(ring: Ring | None, row: HistoryRow) -> dict[str, str]:
    try:
        return ring.open_json(row.secret, secret_place(row.id)) if ring and row.secret else {}
    except Sealed:
        return {}
