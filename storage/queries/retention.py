"""What is erased after its time, in small steps that hold nobody up."""

from sqlmodel import Session

from storage import moments
from storage.queries import day_keys
from storage.quick import Quick

# Platforms repeat a message for hours; its hash stays far longer.
KEEP_HANDLED_FOR = 60 * moments.DAY
_STEP = 200

_HANDLED = Quick("DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE status = 'done' AND done_at < :before ORDER BY id LIMIT :step)")
_SETTLED = Quick(
    "DELETE FROM outbox WHERE id IN"
    " (SELECT id FROM outbox WHERE status IN ('sent', 'failed') AND settled_at < :before ORDER BY id LIMIT :step)"
)
_TRIES = Quick("DELETE FROM sign_in_tries WHERE at < :before")
_SESSIONS = Quick("DELETE FROM desk_sessions WHERE ends_at < :before")


def forget_old_rows(session: Session, *, now: int) -> int:
    """How many went: as long as it is not 0, there may be more."""
    before = now - KEEP_HANDLED_FOR
    gone: int = _HANDLED.run(session, before=before, step=_STEP).rowcount + _SETTLED.run(session, before=before, step=_STEP).rowcount
    _TRIES.run(session, before=now - moments.HOUR)
    _SESSIONS.run(session, before=now)
    day_keys.forget_old(session, now=now)
    return gone
