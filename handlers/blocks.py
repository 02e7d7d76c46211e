"""The chief sets a sender apart for some days. Nothing that comes is thrown away, danger is never held, and nobody learns who it is."""

from sqlmodel import Session

from handlers import access
from handlers.acts import Act, note
from handlers.exchange import checked_reason
from handlers.officers import Mistake
from storage import moments
from storage.queries import blocks, exchange

DAYS = (1, 7, 30)


def set_apart(session: Session, act: Act, *, tip_id: int, days: int, reason: str, block_id: int) -> None:
    """From now until so many days later. A second time it begins anew. Raises Mistake."""
    if days not in DAYS:
        raise Mistake("block-days")
    reason = checked_reason(reason)
    access.check(session, act, tip_id)
    tip = exchange.standing(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    until = act.now + days * moments.DAY
    kept = blocks.keep_block(session, act.ward_id, block_id=block_id, tip_id=tip_id, until=until, officer_id=act.officer_id, now=act.now)
    if kept is None:
        raise Mistake("block-cut")
    note(session, act, "blocked", tip_id=tip_id, secret=reason, block=kept, days=days)


def lift(session: Session, act: Act, *, block_id: int) -> None:
    """Raises Mistake."""
    found = blocks.lift(session, act.ward_id, block_id, now=act.now)
    if found is None:
        raise Mistake("block-over")
    note(session, act, "block_lifted", tip_id=found[0], block=block_id)
