"""What is over its time: found here, in small steps that hold nobody up. Keys are destroyed by `shredding.py`."""

from dataclasses import dataclass

from sqlmodel import Session

from storage import moments
from storage.queries import day_keys, held_events, paces, typed_words, zalo_posts
from storage.quick import Quick
from storage.shred_list import Entry

# As long as the browser keeps the cookie that shows the thread again.
KEEP_THREAD_FOR = 30 * moments.DAY
_STEP = 200

_HANDLED = Quick("DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE status = 'done' AND done_at < :before ORDER BY id LIMIT :step)")
_SETTLED = Quick(
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
    " WHERE status IN ('sent', 'failed', 'cancelled', 'unknown') AND settled_at < :before ORDER BY id LIMIT :step)"
)
# What a tip's own calls were is told no longer than which messages came and went.
_ALARMS = Quick(
    "DELETE FROM alarms WHERE id IN (SELECT id FROM alarms WHERE settled_at < :before AND at < :before ORDER BY id LIMIT :step)"
)
_THREAD = Quick("DELETE FROM web_messages WHERE id IN (SELECT id FROM web_messages WHERE created_at < :before ORDER BY id LIMIT :step)")
_TRIES = Quick("DELETE FROM sign_in_tries WHERE at < :before")
_SESSIONS = Quick("DELETE FROM desk_sessions WHERE ends_at < :before")
_VIEWERS = Quick("DELETE FROM tip_viewers WHERE until < :now")
_BLOCKS = Quick("DELETE FROM blocks WHERE until < :now")
_IDLE_DRAFTS = Quick(
    "SELECT t.id, t.ward_id, t.chat_id, t.created_at FROM tips t LEFT JOIN chats c ON c.id = t.chat_id"
    " WHERE t.ward_id = :ward_id AND t.state = 'S0' AND t.created_at < :before AND (c.last_in_at IS NULL OR c.last_in_at < :before)"
    " ORDER BY t.id LIMIT :step"
)
_CLOSED_TIPS = Quick(
    "SELECT id FROM tips WHERE ward_id = :ward_id AND closed_at < :before AND data_key IS NOT NULL ORDER BY id LIMIT :step"
)
_PAPER_TIPS = Quick("SELECT id FROM tips WHERE ward_id = :ward_id AND state = 'paper' AND data_key IS NOT NULL ORDER BY id LIMIT :step")
# Those about a tip go with it. What was written about one that was shredded before has the same clock as what is about no tip.
_SETTLED_LETTERS = Quick(
    "SELECT a.id FROM appeals a LEFT JOIN tips t ON t.id = a.tip_id WHERE a.ward_id = :ward_id AND a.answered_at < :before"
    " AND a.data_key IS NOT NULL AND t.data_key IS NULL ORDER BY a.id LIMIT :step"
)
# Nothing can be said to them any more that is about something: every tip of theirs is shredded. An officer's chat may only listen, and so
# may a group, and whoever wants warnings.
_SILENT_CHATS = Quick(
    "SELECT id FROM chats WHERE ward_id = :ward_id AND data_key IS NOT NULL AND COALESCE(last_in_at, created_at) < :before"
    " AND NOT EXISTS (SELECT 1 FROM tips t WHERE t.chat_id = chats.id AND t.data_key IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM officer_chats o WHERE o.chat_id = chats.id AND o.ended_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM chat_groups g WHERE g.chat_id = chats.id AND g.ended_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.chat_id = chats.id) ORDER BY id LIMIT :step"
)
_SHREDDED = (
    ("tip", Quick("SELECT id, shredded_at, state FROM tips WHERE shredded_at >= :since")),
    ("callback", Quick("SELECT id, shredded_at, 'callback' FROM callbacks WHERE shredded_at >= :since")),
    ("chat", Quick("SELECT id, cut_at, 'cut' FROM chats WHERE cut_at >= :since AND data_key IS NULL")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """How long each class is kept; `handlers/keeping.py` makes one."""

    drafts_ms: int
    closed_ms: int
    logs_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleDraft:
    tip_id: int
    ward_id: int
    chat_id: int | None
    created_at: int


def forget_old_rows(session: Session, *, now: int, keep_logs_for: int) -> int:
    """Marks of what came and went. How many went: as long as it is not 0, there may be more."""
    before = now - keep_logs_for
    gone: int = _HANDLED.run(session, before=before, step=_STEP).rowcount + _SETTLED.run(session, before=before, step=_STEP).rowcount
    gone += _ALARMS.run(session, before=before, step=_STEP).rowcount
    gone += _THREAD.run(session, before=now - KEEP_THREAD_FOR, step=_STEP).rowcount
    _TRIES.run(session, before=now - moments.HOUR)
    _SESSIONS.run(session, before=now)
    paces.forget_old(session, before=now - moments.HOUR)
    _BLOCKS.run(session, now=now)
    _VIEWERS.run(session, now=now)
    day_keys.forget_old(session, now=now)
    typed_words.forget_old(session, now=now)
    held_events.forget_old(session, now=now)
    return gone + zalo_posts.forget_old(session, now=now)


def idle_drafts(session: Session, ward_id: int, *, before: int, most: int = _STEP) -> list[IdleDraft]:
    rows = _IDLE_DRAFTS.run(session, ward_id=ward_id, before=before, step=most).fetchall()
    return [IdleDraft(tip_id=row[0], ward_id=row[1], chat_id=row[2], created_at=row[3]) for row in rows]


def closed_tips(session: Session, ward_id: int, *, before: int, most: int = _STEP) -> list[int]:
    return [row[0] for row in _CLOSED_TIPS.run(session, ward_id=ward_id, before=before, step=most).fetchall()]


def paper_tips(session: Session, ward_id: int, *, most: int = _STEP) -> list[int]:
    """Those that a paper file holds instead, by the word of two people."""
    return [row[0] for row in _PAPER_TIPS.run(session, ward_id=ward_id, step=most).fetchall()]


def settled_letters(session: Session, ward_id: int, *, before: int, most: int = _STEP) -> list[int]:
    """Letters to the chief that were answered so long ago, and stand under no tip's key."""
    return [row[0] for row in _SETTLED_LETTERS.run(session, ward_id=ward_id, before=before, step=most).fetchall()]


def silent_chats(session: Session, ward_id: int, *, before: int, most: int = _STEP) -> list[int]:
    return [row[0] for row in _SILENT_CHATS.run(session, ward_id=ward_id, before=before, step=most).fetchall()]


def shredded_since(session: Session, since: int) -> list[Entry]:
    """Whatever lost its key: also what a resident took back, which no list could foretell."""
    return [
        Entry(kind=kind, id=row[0], at=row[1], why=str(row[2]))  # type: ignore[arg-type]  # One of the three kinds, by the table above.
        for kind, query in _SHREDDED
        for row in query.run(session, since=since).fetchall()
    ]
