"""The two books: sổ nguồn tin về tội phạm, and sổ phản ánh, kiến nghị. A number for each tip, none left out, none given twice.

What an officer writes into the columns stands sealed under the tip's ring; a correction keeps the old value in the history.
"""

import json
from typing import Any

from sqlmodel import Session

from handlers import access, lifecycle
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.exchange import checked_reason
from handlers.officers import Mistake
from storage import moments
from storage.queries import books as rows
from storage.queries import steps
from storage.queries.books import DayCount
from storage.queries.rings import tip_ring
from storage.vault import Place

# The columns of procedure.md 3 that somebody writes; all others are known to the house.
COLUMNS = ("summary", "happened", "suspects", "damage", "objects", "note")
NUMBERS = ("paper", "sector")
MOST_IN_COLUMN = 1000
MOST_NUMBER = 40


def body_place(entry_id: int) -> Place:
    return Place("book_entries", "body", entry_id)


def enter(
    session: Session,
    act: Act,
    tip_id: int,
    *,
    kind: str,
    entry_id: int,
    detail: dict[str, Any],
    columns: dict[str, str] | None = None,
) -> str:
    """The number as people write it. `detail` of the history row is told what it was."""
    book, year = lifecycle.book_of(kind), moments.local(act.now).year
    body = tip_ring(session, tip_id).seal_json(columns or {}, body_place(entry_id))
    number = steps.enter(
        session,
        entry_id=entry_id,
        ward_id=act.ward_id,
        tip_id=tip_id,
        kind=kind,
        book=book,
        year=year,
        by=act.officer_id,
        body=body,
        now=act.now,
    )
    detail |= {"kind": kind, "book": book, "number": number, "year": year, "entry": entry_id}
    return written(number, year)


def written(number: int, year: int) -> str:
    return f"{number}/{year}"


def correct(session: Session, act: Act, entry_id: int, *, column: str, text: str, reason: str) -> None:
    """The first words of a column need no reason. Raises Mistake."""
    entry = rows.entry(session, access.sight_now(session, act.ward_id, act.officer_id), entry_id, is_changed=True)
    if entry is None or column not in (*COLUMNS, *NUMBERS):
        raise Mistake("book-no-entry")
    access.check(session, act, entry.tip_id)
    if entry.is_shredded:
        raise Mistake("write-shredded")
    if entry.is_damaged and column not in NUMBERS:
        raise Mistake("tip-damaged-line")  # What does not open now may open when it is mended: nothing is written over it.
    text = " ".join(clean(text).split())
    if len(text) > (MOST_NUMBER if column in NUMBERS else MOST_IN_COLUMN):
        raise Mistake("book-too-long")
    old = entry.number_of(column) if column in NUMBERS else entry.columns.get(column, "")
    if text == old:
        return
    why = checked_reason(reason) if old else ""
    if column in NUMBERS:
        rows.set_number(session, entry_id, column=column, text=text)
    else:
        ring = tip_ring(session, entry.tip_id)
        rows.set_body(session, entry_id, ring.seal_json({**entry.columns, column: text}, body_place(entry_id)))
    secret = json.dumps({"old": old, "new": text, "why": why}, ensure_ascii=False)
    note(session, act, "book_corrected", tip_id=entry.tip_id, secret=secret, entry=entry_id, column=column)


def move_to_other(session: Session, act: Act, tip_id: int, *, kind: str, reason: str, entry_id: int) -> str:
    """It was entered into the wrong book: it gets a number in the other one, and both entries stay. Raises Mistake."""
    access.check(session, act, tip_id)
    tip = steps.stands(session, act.ward_id, tip_id)
    if tip is None or not tip.book or kind not in lifecycle.KINDS:
        raise Mistake("book-no-entry")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    why, detail = checked_reason(reason), dict[str, Any]()
    if lifecycle.book_of(kind) == tip.book:
        raise Mistake("book-same-book")
    number = enter(session, act, tip_id, kind=kind, entry_id=entry_id, detail=detail)
    note(session, act, "book_moved", tip_id=tip_id, secret=why, **detail)
    return number


def tick(session: Session, act: Act, entry_id: int, *, paper_number: str, history_id: int) -> None:
    """Chép sổ: it stands in the paper book now, in this line. Raises Mistake."""
    entry = rows.entry(session, access.sight_now(session, act.ward_id, act.officer_id), entry_id, is_changed=True)
    if entry is None:
        raise Mistake("book-no-entry")
    paper_number = " ".join(clean(paper_number).split())[:MOST_NUMBER]
    if not paper_number:
        raise Mistake("book-needs-paper-number")
    if entry.copied_at is not None:
        if entry.paper_number != paper_number:
            raise Mistake("book-ticked-already")
        return
    rows.tick(session, entry_id, officer_id=act.officer_id, paper_number=paper_number, now=act.now)
    note(session, act, "book_copied", tip_id=entry.tip_id, history_id=history_id, entry=entry_id)


def check_day(session: Session, act: Act, counted: DayCount, *, row_id: int) -> None:
    """Đối chiếu cuối ngày: what arrived is entered or waits, and what is entered stands on paper. Raises Mistake where it does not."""
    day = moments.local(act.now).date()
    if not counted.agrees:
        raise Mistake("book-day-differs")
    rows.keep_day(session, act.ward_id, row_id=row_id, day=day.isoformat(), counted=counted, officer_id=act.officer_id, now=act.now)
    note(session, act, "day_checked", day=day.isoformat(), arrived=counted.arrived, entered=counted.entered, waiting=counted.waiting)
