"""What officers wrote among themselves about a tip, sealed under its ring. No search finds it: the index holds a resident's words alone."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.history import mark
from storage.queries.one_tip import tip_row
from storage.queries.rings import tip_ring
from storage.queries.tips import Reader
from storage.quick import Quick, insert
from storage.tables import TipNote
from storage.vault import Place, Ring, Sealed

_INSERT = insert("tip_notes", "id", "ward_id", "tip_id", "words", "written_by", "written_at")
_STRIKE = Quick("UPDATE tip_notes SET struck_at = :now WHERE id = :note_id AND struck_at IS NULL RETURNING id")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen:
    id: int
    words: str  # Empty where it does not open any more, or was struck out and is not for this reader.
    written_by: int
    written_at: int
    struck_at: int | None


def keep(session: Session, *, note_id: int, ward_id: int, tip_id: int, words: str, by: int, now: int) -> str:
    """The mark of it, for the history."""
    sealed = tip_ring(session, tip_id).seal_text(words, note_place(note_id))
    _INSERT.run(session, id=note_id, ward_id=ward_id, tip_id=tip_id, words=sealed, written_by=by, written_at=now)
    return note_mark(session, ward_id, note_id, words)


def strike(session: Session, note_id: int, *, now: int) -> bool:
    """False: it is struck out already."""
    return _STRIKE.run(session, note_id=note_id, now=now).fetchone() is not None


def of_tip(session: Session, ward_id: int, tip_id: int, *, opens_struck: bool) -> list[NoteSeen]:
    """Newest first: whoever comes to the tip at night reads what was written last."""
    tip = tip_row(session, ward_id, tip_id)
    ring = Reader.of(session, tip).ring if tip else None
    query = select(TipNote).where(col(TipNote.ward_id) == ward_id, col(TipNote.tip_id) == tip_id).order_by(col(TipNote.id).desc())
    return [
        NoteSeen(
            id=row.id,
            words=_opened(ring, row) if opens_struck or row.struck_at is None else "",
            written_by=row.written_by,
            written_at=row.written_at,
            struck_at=row.struck_at,
        )
        for row in session.execute(query).scalars()
    ]


def _opened(ring: Ring | None, row: TipNote) -> str:
    try:
        return ring.open_text(row.words, note_place(row.id)) if ring and row.words else ""
    except Sealed:
        return ""


def note_mark(session: Session, ward_id: int, note_id: int, words: str) -> str:
    return mark(session, ward_id, "note", str(note_id), words)


def note_place(note_id: int) -> Place:
    return Place("tip_notes", "words", note_id)
