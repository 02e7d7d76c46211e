"""Setting a tip apart by an officer's hand: for the chief alone, with a reason; and the mark of public concern.

Whoever works at the ward's desk may restrict, only the chief lifts it. A fence is set by the resident alone, and nobody of the ward
lifts it: no address leads there.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers import access, deadlines, ladder, officers
from handlers.acts import Act, note
from handlers.exchange import checked_reason
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage.queries import assignment, special
from storage.queries import officers as officer_rows


def restrict(session: Session, act: Act, *, tip_id: int, reason: str, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    reason = checked_reason(reason)
    if not special.restrict(session, tip_id, "chief"):
        raise Mistake("restrict-already")
    note(session, act, "restricted", tip_id=tip_id, secret=reason, kind="chief")
    hand_on(session, act, tip_id, draw=draw)


def hand_on(session: Session, act: Act, tip_id: int, *, draw: Callable[[], int]) -> None:
    """Whoever had it and reads it no longer has it no more, and whoever may read it is called: otherwise it would be with nobody, and
    nobody would know."""
    tip = assignment.held(session, act.ward_id, tip_id)
    if tip is None or tip.is_closed:
        return
    if tip.handler_id is not None:
        if access.may_read(session, act.ward_id, tip.handler_id, tip_id):
            return
        assignment.hand(session, tip_id, None)
        note(session, act, "given_back", tip_id=tip_id, history_id=draw(), officer=tip.handler_id)
    ladder.call_again(session, act.ward_id, tip_id, now=act.now)


def lift(session: Session, act: Act, *, tip_id: int, reason: str) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not officers.may(officer_rows.role_of(session, act.ward_id, act.officer_id), "lift_restriction"):
        raise Mistake("restrict-chief-only")
    reason = checked_reason(reason)
    if not special.lift(session, tip_id):
        raise Mistake("restrict-none")
    note(session, act, "restriction_lifted", tip_id=tip_id, secret=reason)


def raise_concern(session: Session, book: WardBook, act: Act, *, tip_id: int, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not special.raise_concern(session, tip_id, now=act.now):
        raise Mistake("concern-already")
    note(session, act, "concern_raised", tip_id=tip_id)
    clock: dict[str, Any] = {"ward_id": act.ward_id, "tip_id": tip_id, "starts_at": act.now, "row_id": draw(), "now": act.now}
    deadlines.start(session, book, kind="concern", actor=f"officer:{act.officer_id}", **clock)


def calm_concern(session: Session, act: Act, *, tip_id: int) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    if not special.calm_concern(session, tip_id):
        raise Mistake("concern-none")
    note(session, act, "concern_lifted", tip_id=tip_id)
    deadlines.void(session, tip_id, ("concern",), now=act.now, actor=f"officer:{act.officer_id}")
