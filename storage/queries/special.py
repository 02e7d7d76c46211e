"""What sets a tip apart from the others in its row: who may read it, public concern, and the paper file that holds it instead."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.one_tip import tip_row
from storage.queries.sight import Sight
from storage.quick import Quick
from storage.tables import Tip

_RESTRICT = Quick("UPDATE tips SET restricted = :kind WHERE id = :tip_id AND restricted = '' RETURNING id")
_LIFT = Quick("UPDATE tips SET restricted = '' WHERE id = :tip_id AND restricted = 'chief' RETURNING id")
_FENCED = Quick(
    "SELECT 1 FROM tips WHERE ward_id = :ward_id AND arrived_at IS NOT NULL AND closed_at IS NULL AND restricted = 'fence' LIMIT 1"
)
_RAISE = Quick("UPDATE tips SET concern_at = :now WHERE id = :tip_id AND concern_at IS NULL RETURNING id")
_CALM = Quick("UPDATE tips SET concern_at = NULL WHERE id = :tip_id AND concern_at IS NOT NULL RETURNING id")
_ASK_PAPER = Quick(
    "UPDATE tips SET paper_number = :number, paper_asked_by = :officer_id, paper_asked_at = :now"
    " WHERE id = :tip_id AND paper_asked_by IS NULL AND state <> 'paper' AND data_key IS NOT NULL RETURNING id"
)
_END_PAPER = Quick(
    "UPDATE tips SET paper_number = '', paper_asked_by = NULL, paper_asked_at = NULL"
    " WHERE id = :tip_id AND paper_asked_by IS NOT NULL RETURNING id"
)
_TO_PAPER = Quick(
    "UPDATE tips SET state = 'paper', closed_at = COALESCE(closed_at, :now), paper_asked_by = NULL, paper_asked_at = NULL, index_due = :no"
    " WHERE id = :tip_id AND paper_asked_by IS NOT NULL RETURNING id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAsked:
    tip_id: int
    ward_id: int
    number: str
    asked_by: int
    asked_at: int
    is_fenced: bool


def has_fenced(session: Session, ward_id: int) -> bool:
    """Whether fenced tips are open."""
    return _FENCED.run(session, ward_id=ward_id).fetchone() is not None


def restrict(session: Session, tip_id: int, kind: str) -> bool:
    return _RESTRICT.run(session, tip_id=tip_id, kind=kind).fetchone() is not None


def lift(session: Session, tip_id: int) -> bool:
    """Only what was set apart for the chief; a fence stays."""
    return _LIFT.run(session, tip_id=tip_id).fetchone() is not None


def raise_concern(session: Session, tip_id: int, *, now: int) -> bool:
    return _RAISE.run(session, tip_id=tip_id, now=now).fetchone() is not None


def calm_concern(session: Session, tip_id: int) -> bool:
    return _CALM.run(session, tip_id=tip_id).fetchone() is not None


def ask_paper(session: Session, tip_id: int, *, number: str, officer_id: int, now: int) -> bool:
    return _ASK_PAPER.run(session, tip_id=tip_id, number=number, officer_id=officer_id, now=now).fetchone() is not None


def end_paper(session: Session, tip_id: int) -> bool:
    return _END_PAPER.run(session, tip_id=tip_id).fetchone() is not None


def to_paper(session: Session, tip_id: int, *, now: int) -> bool:
    return _TO_PAPER.run(session, tip_id=tip_id, now=now, no=False).fetchone() is not None


def paper_asked(session: Session, ward_id: int, tip_id: int) -> PaperAsked | None:
    tip = tip_row(session, ward_id, tip_id)
    return _asked(tip) if tip is not None and tip.paper_asked_by is not None else None


def papers_asked(session: Session, sight: Sight) -> list[PaperAsked]:
    """What waits for a second person: never a word of the tip, so that who confirms need not read it."""
    query = select(Tip).where(col(Tip.ward_id) == sight.ward_id, col(Tip.paper_asked_by).is_not(None))
    waiting = [_asked(tip) for tip in session.execute(query.order_by(col(Tip.paper_asked_at))).scalars()]
    return [one for one in waiting if one.is_fenced == (sight.kinds == {"fence"})]


def _asked(tip: Tip) -> PaperAsked:
    return PaperAsked(
        tip_id=tip.id,
        ward_id=tip.ward_id,
        number=tip.paper_number,
        asked_by=tip.paper_asked_by or 0,
        asked_at=tip.paper_asked_at or 0,
        is_fenced=tip.restricted == "fence",
    )
