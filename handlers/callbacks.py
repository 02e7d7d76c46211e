"""The number a resident wants to be called back on. Not an identity: they hand it to the officer who took the tip on.

It stands under a ring of its own, so that it can go when the tip is closed while everything else of the tip stays readable. It comes
in by a change of the tip (`handlers/tips.py`); the history says only that one was given, without a keyed hash of it: there are so
few numbers that whoever holds the keys could try them all, after it is shredded too.
"""

from sqlmodel import Session

from handlers import access
from handlers.officers import Mistake
from handlers.tips import remember
from storage.queries import callbacks
from storage.queries.callbacks import CallbackSeen


def seen(session: Session, ward_id: int, tip_id: int, *, officer_id: int) -> CallbackSeen:
    """Whether there is a number, and whether this officer may look at it."""
    return callbacks.seen(session, ward_id, tip_id, officer_id=officer_id)


def view(session: Session, *, ward_id: int, tip_id: int, officer_id: int, history_id: int, now: int) -> str:
    """The number, for the officer who accepted the tip, or whom somebody else named for it: whoever takes a tip for themself does not
    get to see it by that. Each look is a history row of its own. Raises Mistake."""
    found = callbacks.seen(session, ward_id, tip_id, officer_id=officer_id)
    if not found.is_there or not access.may_read(session, ward_id, officer_id, tip_id):
        raise Mistake("callback-nothing")
    if not found.is_mine:
        raise Mistake("callback-not-yours")
    number = callbacks.number_of(session, ward_id, tip_id)
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=f"officer:{officer_id}", what="callback_viewed")
    return number
