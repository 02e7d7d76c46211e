"""Setting a tip apart by an officer's hand: for the chief alone, with a reason; and the mark of public concern.

Whoever works at the ward's desk may restrict, only the chief lifts it. A fence is set by the resident alone, and nobody of the ward
lifts it: no address leads there.
"""

from sqlmodel import Session

from handlers import access, officers
from handlers.acts import Act, note
from handlers.exchange import checked_reason
from handlers.officers import Mistake
from storage.queries import officers as officer_rows
from storage.queries import special


def restrict(session: Session, act: Act, *, tip_id: int, reason: str) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    reason = checked_reason(reason)
    if not special.restrict(session, tip_id, "chief"):
        raise Mistake("restrict-already")
    note(session, act, "restricted", tip_id=tip_id, secret=reason, kind="chief")


def lift(session: Session, act: Act, *, tip_id: int, reason: str) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not officers.may(officer_rows.role_of(session, act.ward_id, act.officer_id), "lift_restriction"):
        raise Mistake("restrict-chief-only")
    reason = checked_reason(reason)
    if not special.lift(session, tip_id):
        raise Mistake("restrict-none")
    note(session, act, "restriction_lifted", tip_id=tip_id, secret=reason)


def raise_concern(session: Session, act: Act, *, tip_id: int) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not special.raise_concern(session, tip_id, now=act.now):
        raise Mistake("concern-already")
    note(session, act, "concern_raised", tip_id=tip_id)
    # The clock of the report upwards, kind "concern", starts at this very place: deadlines.start(…, starts_at=act.now).


def calm_concern(session: Session, act: Act, *, tip_id: int) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not special.calm_concern(session, tip_id):
        raise Mistake("concern-none")
    note(session, act, "concern_lifted", tip_id=tip_id)
    # And is void from here on: deadlines.void(…, ("concern",)).
