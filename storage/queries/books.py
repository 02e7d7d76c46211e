"""The two books as the desk reads them, and the counts that must agree at the end of a day."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, select, update
from sqlmodel import Session, col

from storage.queries.sight import Sight
from storage.queries.tips import ring_of
from storage.quick import Quick
from storage.tables import BookCounter, BookEntry, DayChecked, Neighbourhood, Tip
from storage.vault import Place, Sealed, WrongMaster

# In one look, so that nothing that happens meanwhile is counted twice or not at all; every count is made by an index alone.
_COUNTS = Quick(
    "SELECT (SELECT COUNT(*) FROM tips WHERE ward_id = :ward_id AND arrived_at IS NOT NULL),"
    " (SELECT COUNT(*) FROM tips WHERE ward_id = :ward_id AND entered_at IS NOT NULL),"
    " (SELECT COUNT(*) FROM tips WHERE ward_id = :ward_id AND arrived_at IS NOT NULL AND entered_at IS NULL),"
    " (SELECT COUNT(*) FROM book_entries WHERE ward_id = :ward_id),"
    " (SELECT COUNT(*) FROM book_entries WHERE ward_id = :ward_id AND moved_at IS NOT NULL),"
    " (SELECT COUNT(*) FROM book_entries WHERE ward_id = :ward_id AND copied_at IS NULL AND moved_at IS NULL)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a book. Who told it stands nowhere in it."""

    id: int
    tip_id: int
    tail: str
    book: str
    year: int
    number: int
    entered_at: int
    entered_by: int
    arrived_at: int
    channel: str
    kind: str
    state: str
    track: str
    category: str
    neighbourhood: str
    handler_id: int | None
    due_at: int | None
    closed_at: int | None
    is_stub: bool  # Restricted: the number stands in the book, and nothing else for this reader.
    paper_number: str
    sector_number: str
    copied_at: int | None
    copied_by: int | None
    moved_at: int | None
    is_shredded: bool
    is_damaged: bool
    columns: dict[str, str]

    @property
    def written(self) -> str:
        return f"{self.number}/{self.year}"

    def number_of(self, column: str) -> str:
        return self.paper_number if column == "paper" else self.sector_number


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    arrived: int
    entered: int
    waiting: int
    in_books: int
    on_paper: int

    @property
    def agrees(self) -> bool:
        return self.arrived == self.entered + self.waiting and self.entered == self.in_books == self.on_paper


def entry(session: Session, sight: Sight, entry_id: int, *, is_changed: bool = False) -> Entry | None:
    """Who changes it holds its row until the end of the transaction."""
    query = select(BookEntry, Tip).join(Tip, col(Tip.id) == col(BookEntry.tip_id)).where(col(BookEntry.ward_id) == sight.ward_id)
    query = query.where(col(BookEntry.id) == entry_id)
    row = session.execute(query.with_for_update(of=BookEntry) if is_changed else query).first()
    return _entry(session, sight, row[0], row[1], "") if row else None


def entries_of_book(session: Session, sight: Sight, book: str, year: int, *, below: int | None, most: int) -> list[Entry]:
    """Newest number first."""
    query = _lines(sight.ward_id).where(col(BookEntry.book) == book, col(BookEntry.year) == year)
    if below is not None:
        query = query.where(col(BookEntry.number) < below)
    return _read(session, sight, query.order_by(col(BookEntry.number).desc()).limit(most))


def entries_between(session: Session, sight: Sight, book: str, since: int, until: int, *, most: int) -> list[Entry]:
    """Entered then, oldest first."""
    by_days = col(BookEntry.entered_at) > literal_column("0")  # As its index says it.
    query = _lines(sight.ward_id).where(col(BookEntry.book) == book, by_days, col(BookEntry.entered_at).between(since, until - 1))
    return _read(session, sight, query.order_by(col(BookEntry.entered_at), col(BookEntry.number)).limit(most))


def entries_of_tip(session: Session, sight: Sight, tip_id: int) -> list[Entry]:
    return _read(session, sight, _lines(sight.ward_id).where(col(BookEntry.tip_id) == tip_id).order_by(col(BookEntry.id)))


def to_copy(session: Session, sight: Sight, *, most: int) -> list[Entry]:
    """What the paper books do not have yet, in the order in which it is written there."""
    waiting = _lines(sight.ward_id).where(col(BookEntry.copied_at).is_(None), col(BookEntry.moved_at).is_(None))
    return _read(session, sight, waiting.order_by(col(BookEntry.book), col(BookEntry.year), col(BookEntry.number)).limit(most))


def years(session: Session, ward_id: int, book: str) -> list[int]:
    query = select(col(BookCounter.year)).where(col(BookCounter.ward_id) == ward_id, col(BookCounter.book) == book)
    return sorted(session.execute(query).scalars(), reverse=True)


def set_number(session: Session, entry_id: int, *, column: str, text: str) -> None:
    name = "paper_number" if column == "paper" else "sector_number"
    session.execute(update(BookEntry).where(col(BookEntry.id) == entry_id).values({name: text}))


def set_body(session: Session, entry_id: int, body: bytes) -> None:
    session.execute(update(BookEntry).where(col(BookEntry.id) == entry_id).values(body=body))


def tick(session: Session, entry_id: int, *, officer_id: int, paper_number: str, now: int) -> None:
    session.execute(
        update(BookEntry).where(col(BookEntry.id) == entry_id).values(copied_at=now, copied_by=officer_id, paper_number=paper_number)
    )


def count_day(session: Session, ward_id: int) -> DayCount:
    """Of a million tips this takes longer than the writer may be held: it is read, and what was read is kept."""
    arrived, entered, waiting, entries, moved, to_copy = _COUNTS.run(session, ward_id=ward_id).fetchone()
    in_books = entries - moved
    return DayCount(arrived=arrived, entered=entered, waiting=waiting, in_books=in_books, on_paper=in_books - to_copy)


def keep_day(session: Session, ward_id: int, *, row_id: int, day: str, counted: DayCount, officer_id: int, now: int) -> None:
    """The last look of a day counts."""
    values = {
        "arrived": counted.arrived,
        "entered": counted.entered,
        "waiting": counted.waiting,
        "on_paper": counted.on_paper,
        "checked_by": officer_id,
        "checked_at": now,
    }
    known = session.execute(
        update(DayChecked)
        .where(col(DayChecked.ward_id) == ward_id, col(DayChecked.day) == day)
        .values(**values)
        .returning(col(DayChecked.id))
    ).first()
    if known is None:
        session.add(DayChecked(id=row_id, ward_id=ward_id, day=day, **values))
        session.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySeen:
    day: str
    arrived: int
    entered: int
    waiting: int
    checked_by: int
    checked_at: int


def days_checked(session: Session, ward_id: int, *, most: int) -> list[DaySeen]:
    query = select(DayChecked).where(col(DayChecked.ward_id) == ward_id).order_by(col(DayChecked.day).desc()).limit(most)
    return [
        DaySeen(
            day=row.day,
            arrived=row.arrived,
            entered=row.entered,
            waiting=row.waiting,
            checked_by=row.checked_by,
            checked_at=row.checked_at,
        )
        for row in session.execute(query).scalars()
    ]


def count_to_copy(session: Session, ward_id: int) -> int:
    query = select(func.count()).select_from(BookEntry).where(col(BookEntry.ward_id) == ward_id)
    return int(session.execute(query.where(col(BookEntry.copied_at).is_(None), col(BookEntry.moved_at).is_(None))).scalar_one())


def _lines(ward_id: int) -> Any:
    named = select(BookEntry, Tip, col(Neighbourhood.name)).join(Tip, col(Tip.id) == col(BookEntry.tip_id))
    return named.outerjoin(Neighbourhood, col(Neighbourhood.id) == col(Tip.neighbourhood_id)).where(col(BookEntry.ward_id) == ward_id)


def _read(session: Session, sight: Sight, query: Any) -> list[Entry]:
    return [_entry(session, sight, row, tip, name or "") for row, tip, name in session.execute(query)]


def _entry(session: Session, sight: Sight, row: BookEntry, tip: Tip, neighbourhood: str) -> Entry:
    columns, is_damaged, is_stub = dict[str, str](), False, not sight.reads(tip)
    try:
        ring = ring_of(session, tip)
        columns = ring.open_json(row.body, Place("book_entries", "body", row.id)) if ring and row.body and not is_stub else {}
    except (Sealed, WrongMaster):
        is_damaged = True
    return Entry(
        id=row.id,
        tip_id=tip.id,
        tail="" if is_stub else tip.code_tail,
        book=row.book,
        year=row.year,
        number=row.number,
        entered_at=row.entered_at,
        entered_by=row.entered_by,
        arrived_at=tip.arrived_at or 0,
        channel="" if is_stub else tip.channel,
        kind="" if is_stub else tip.kind,
        state="" if is_stub else tip.state,
        track="" if is_stub else tip.track,
        category="" if is_stub else tip.category,
        neighbourhood="" if is_stub else neighbourhood,
        handler_id=None if is_stub else tip.handler_id,
        due_at=None if is_stub else tip.due_at,
        closed_at=None if is_stub else tip.closed_at,
        is_stub=is_stub,
        paper_number=row.paper_number,
        sector_number=row.sector_number,
        copied_at=row.copied_at,
        copied_by=row.copied_by,
        moved_at=row.moved_at,
        is_shredded=tip.data_key is None,
        is_damaged=is_damaged,
        columns=columns,
    )
