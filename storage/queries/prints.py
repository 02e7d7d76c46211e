"""The books and the hand-overs of some days, as they are printed: so many lines and no more."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.books import Entry, entries_between
from storage.queries.journal import BY_WHAT
from storage.queries.one_tip import tip_rows
from storage.queries.sight import Sight
from storage.queries.steps import typed_in
from storage.queries.tips import Reader
from storage.tables import Attachment, HandOver, HistoryRow, Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One thing in the history of an entry's tip that a column tells."""

    at: int
    what: str
    detail: dict[str, Any]
    typed: dict[str, str]
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLine:
    """An entry with what the paper book has in its other columns. Who told it stands nowhere."""

    entry: Entry
    about: str
    known_how: str
    place: str
    files: int
    noted: tuple[Noted, ...]

    def last(self, *moves: str) -> Noted | None:
        return next((one for one in reversed(self.noted) if one.detail.get("move") in moves), None)

    def told(self) -> tuple[Noted, ...]:
        """Moves and ends of which the resident read."""
        return tuple(one for one in self.noted if one.detail.get("tells"))


def book_lines(session: Session, sight: Sight, book: str, since: int, until: int, *, most: int) -> list[BookLine]:
    """In the order of their numbers; of what this reader may not read the number alone."""
    entries = entries_between(session, sight, book, since, until, most=most)
    ids = {entry.tip_id for entry in entries if not entry.is_stub}
    tips = tip_rows(session, ids)
    readers = {tip.id: Reader.of(session, tip) for tip in tips.values()}
    noted, files = _noted(session, ids, readers), _files(session, ids)
    lines = []
    for entry in entries:
        tip = tips.get(entry.tip_id)
        lines.append(
            BookLine(
                entry=entry,
                about=tip.about if tip else "",
                known_how=tip.known_how if tip else "",
                place=readers[tip.id].place(tip)["text"] if tip else "",
                files=files.get(entry.tip_id, 0) if tip else 0,
                noted=tuple(noted.get(entry.tip_id, ())) if tip else (),
            )
        )
    return lines


def _noted(session: Session, ids: Collection[int], readers: dict[int, Reader]) -> dict[int, list[Noted]]:
    query = select(HistoryRow).where(col(HistoryRow.tip_id).in_(ids), col(HistoryRow.what).in_(("moved", "closed")))
    found: dict[int, list[Noted]] = {}
    for row in session.execute(query.order_by(col(HistoryRow.at), col(HistoryRow.id))).scalars():
        typed = typed_in(readers[row.tip_id or 0].ring, row) if row.what == "moved" else {}
        one = Noted(at=row.at, what=row.what, detail=dict(row.detail), typed=typed, actor=row.actor)
        found.setdefault(row.tip_id or 0, []).append(one)
    return found


def _files(session: Session, ids: Collection[int]) -> dict[int, int]:
    of_tip = col(Attachment.tip_id).in_(ids), col(Attachment.status) != "withdrawn"
    query = select(col(Attachment.tip_id)).where(*of_tip, col(Attachment.sent_by).is_(None), col(Attachment.letter_id).is_(None))
    counted: dict[int, int] = {}
    for tip_id in session.execute(query).scalars():
        counted[tip_id] = counted.get(tip_id, 0) + 1
    return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThen:
    tail: str
    category: str
    is_urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverLine:
    at: int
    from_officer: int | None
    to_officer: int
    how: str
    why: str
    open: tuple[OpenThen, ...]  # Those this reader may read: of what is restricted not even the number is told.
    is_cut: bool  # There were more of them than are named.


def hand_overs(session: Session, sight: Sight, since: int, until: int, *, most: int, most_tips: int) -> list[HandOverLine]:
    """In order of time."""
    query = select(HandOver).where(col(HandOver.ward_id) == sight.ward_id, col(HandOver.at) >= since, col(HandOver.at) < until)
    rows = list(session.execute(query.order_by(col(HandOver.at), col(HandOver.id)).limit(most)).scalars())
    shown = {tip_id for row in rows for tip_id in row.open_tips[:most_tips]}
    tips = {tip.id: tip for tip in session.execute(select(Tip).where(col(Tip.id).in_(shown))).scalars() if sight.reads(tip)}
    of_ward = col(HistoryRow.ward_id) == sight.ward_id, col(HistoryRow.what) == "shift_taken", BY_WHAT
    taken = session.execute(select(HistoryRow).where(*of_ward, col(HistoryRow.at) >= since, col(HistoryRow.at) < until)).scalars()
    whys = {(row.at, row.actor): str(row.detail.get("why", "")) for row in taken}
    lines = []
    for row in rows:
        open_then = [tips[tip_id] for tip_id in row.open_tips[:most_tips] if tip_id in tips]
        lines.append(
            HandOverLine(
                at=row.at,
                from_officer=row.from_officer,
                to_officer=row.to_officer,
                how=row.how,
                why=whys.get((row.at, f"officer:{row.to_officer}"), ""),
                open=tuple(OpenThen(tail=tip.code_tail, category=tip.category, is_urgent=tip.urgent_at is not None) for tip in open_then),
                is_cut=len(row.open_tips) > most_tips,
            )
        )
    return lines
