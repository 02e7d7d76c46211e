"""A desk that is locked: it opens nothing until somebody gives a password, and goes on ringing.

Whoever leaves a computer that the shift shares presses "Khóa màn hình"; where nobody did, the desk locks itself when nothing was
asked of it, and no hand was on it, for the ward's minutes.
"""

from collections.abc import Callable

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.officers import Mistake
from storage import moments
from storage.queries import ladder as minute_rows
from storage.queries import officers as rows

KIND = "desk-lock"
USUAL, LEAST, MOST = 10, 3, 60  # Minutes.
RINGS_FOR = 24 * moments.HOUR  # The longest shift: a locked desk is there to be heard, and opening it is a sign-in of its own.


def minutes(session: Session, ward_id: int) -> int:
    return minute_rows.own_minutes(session, ward_id, beginning=KIND).get(KIND, USUAL)


def keep_minutes(session: Session, act: Act, wanted: int, *, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    if not LEAST <= wanted <= MOST:
        raise Mistake("mistake-lock-minutes")
    if wanted != minutes(session, act.ward_id):
        minute_rows.keep_minutes(session, act.ward_id, row_id=draw(), kind=KIND, minutes=wanted, officer_id=act.officer_id, now=act.now)
        note(session, act, "lock_minutes", minutes=wanted)


def may_be_idle(seen_at: int, now: int) -> bool:
    """Before the least minutes are over the ward's own need not be asked for."""
    return now - seen_at >= LEAST * moments.MINUTE


def lock(session: Session, act: Act, token_hash: str) -> None:
    """By a press."""
    if rows.lock_session(session, token_hash, now=act.now, ends_at=act.now + RINGS_FOR):
        note(session, act, "desk_locked", how="pressed")


def lock_if_idle(session: Session, act: Act, token_hash: str) -> bool:
    """By itself; whether it did."""
    since = act.now - minutes(session, act.ward_id) * moments.MINUTE
    if not rows.lock_session(session, token_hash, now=act.now, ends_at=act.now + RINGS_FOR, unseen_since=since):
        return False
    note(session, act, "desk_locked", how="idle")
    return True
