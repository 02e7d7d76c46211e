"""What the broadcaster asks and writes: which warnings are on, which of their targets come next, and when one of them is over.

Every function that writes is short and may be done again: a process that dies leaves nothing half done but its place in the list.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

LIVE = ("planned", "queued", "unknown")  # With one of these a warning is not done.
_OVER = Quick(
    "SELECT id FROM warnings WHERE ward_id = :ward_id AND state IN ('released', 'sending', 'paused') AND expires_at <= :now"
    " AND released_at IS NOT NULL ORDER BY id"
)
_TO_TIDY = Quick("SELECT id, state FROM warnings WHERE ward_id = :ward_id AND state IN ('cancelled', 'expired') AND done_at IS NULL")
_TOO_EARLY = Quick(
    "SELECT id FROM warnings WHERE ward_id = :ward_id AND state = 'expired' AND expires_at > :now AND released_at > :since ORDER BY id"
)
_LATE = Quick(
    "SELECT w.id FROM warnings w WHERE w.ward_id = :ward_id AND w.state = 'done' AND w.expires_at <= :now AND w.expires_at > :since"
    " AND EXISTS (SELECT 1 FROM warning_targets t WHERE t.warning_id = w.id AND t.state = 'parked')"
)
_STATE = Quick("SELECT state, laid_out_at FROM warnings WHERE id = :warning_id", postgres="FOR UPDATE")
_START = Quick("UPDATE warnings SET state = 'sending' WHERE id = :warning_id AND state = 'released' AND send_at <= :now RETURNING id")
_LAID_OUT = Quick(
    "UPDATE warnings SET laid_out_at = :now WHERE id = :warning_id AND laid_out_at IS NULL AND state IN ('released', 'sending')"
)
_EXPIRE = Quick(
    "UPDATE warnings SET state = 'expired' WHERE id = :warning_id AND state IN ('released', 'sending', 'paused') AND expires_at <= :now"
    " RETURNING id"
)
_REVIVE = Quick(
    "UPDATE warnings SET state = 'sending', done_at = NULL WHERE id = :warning_id AND state = 'expired' AND expires_at > :now RETURNING id"
)
_REVIVE_TARGETS = Quick(
    "UPDATE warning_targets SET state = 'planned', reason = '', outbox_id = NULL, settled_at = NULL, tries = 0,"
    " channel = CASE WHEN kind = 'leader' THEN '' ELSE channel END WHERE id IN (SELECT id FROM"
    " warning_targets WHERE warning_id = :warning_id AND state = 'cancelled' AND reason = 'expired' ORDER BY id LIMIT :most)"
)
_CANCEL_PLANNED = Quick(
    "UPDATE warning_targets SET state = 'cancelled', reason = :reason, settled_at = :now WHERE id IN (SELECT id FROM warning_targets"
    " WHERE warning_id = :warning_id AND state = 'planned' ORDER BY id LIMIT :most)"
)
# Whoever has written is being sent to just now: what becomes of that is known soon.
_PARKED = Quick(
    "SELECT t.id, t.outbox_id FROM warning_targets t WHERE t.warning_id = :warning_id AND t.state = 'parked'"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = t.outbox_id AND o.status = 'sending') ORDER BY t.id LIMIT :most"
)
_CANCEL_ROW = Quick(
    "UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now WHERE id = :row_id AND status IN ('waiting', 'held', 'parked')"
)
# Also one whose row was taken away before: by somebody who cut contact, say.
_CANCEL_ONE = Quick(
    "UPDATE warning_targets SET state = 'cancelled', reason = :reason, settled_at = :now WHERE id = :target_id AND state = 'parked'"
    " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = warning_targets.outbox_id AND o.status <> 'cancelled') RETURNING id"
)
_TIDIED = Quick(
    "UPDATE warnings SET done_at = :now WHERE id = :warning_id AND done_at IS NULL AND state IN ('cancelled', 'expired') AND NOT EXISTS"
    " (SELECT 1 FROM warning_targets t WHERE t.warning_id = :warning_id AND t.state IN ('planned', 'queued', 'parked'))"
)
_DONE = Quick(
    "UPDATE warnings SET state = 'done', done_at = :now WHERE id = :warning_id AND state = 'sending' AND laid_out_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM warning_targets t WHERE t.warning_id = :warning_id AND t.state IN ('planned', 'queued', 'unknown'))"
)
_RUNNING = Quick(
    "SELECT 1 FROM warnings w WHERE w.id = :warning_id AND (w.state IN ('released', 'sending', 'paused')"
    " OR EXISTS (SELECT 1 FROM warning_targets t WHERE t.warning_id = w.id AND t.state = 'queued'))"
)
_ANY = Quick("SELECT 1 FROM warning_targets WHERE warning_id = :warning_id AND state = :state LIMIT 1")
_WAITING_BY_CHANNEL = Quick(
    "SELECT c.channel, COUNT(*) FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.status = 'waiting' AND o.rule = 'ask'"
    " GROUP BY c.channel"
)
_PLANNED = Quick(
    "SELECT id, kind, chat_id, officer_id, group_id, tries FROM warning_targets"
    " WHERE warning_id = :warning_id AND channel = :channel AND state = 'planned' ORDER BY id LIMIT :most"
)
_QUEUED = Quick(
    "UPDATE warning_targets SET state = 'queued', reason = '', outbox_id = :outbox_id, chat_id = :chat_id, channel = :channel,"
    " queued_at = :now, settled_at = NULL, tries = tries + 1 WHERE id = :target_id AND state = 'planned' RETURNING id"
)
_ENDED = Quick("UPDATE warning_targets SET state = :state, reason = :reason, settled_at = :now WHERE id = :target_id AND state = 'planned'")
_CHAT = Quick("SELECT channel, language, data_key IS NOT NULL AND cut_at IS NULL FROM chats WHERE id = :chat_id")
_GROUP_ENDED = Quick("SELECT ended_at FROM chat_groups WHERE id = :group_id")
_SUBSCRIBED = Quick("SELECT 1 FROM subscriptions WHERE chat_id = :chat_id")
_HOLDS_CHAT = Quick("SELECT id, state FROM warning_targets WHERE warning_id = :warning_id AND chat_id = :chat_id AND id <> :target_id")
_GIVE_WAY = Quick(
    "UPDATE warning_targets SET state = 'cancelled', reason = 'leader', chat_id = NULL, settled_at = :now"
    " WHERE id = :target_id AND state = 'planned' RETURNING id"
)
_LEADS = Quick("SELECT 1 FROM officers WHERE id = :officer_id AND disabled_at IS NULL AND role = 'leader'")
_LINKS = Quick(
    "SELECT o.chat_id, c.channel, COALESCE(c.window_from, c.last_in_at, o.linked_at), c.language FROM officer_chats o"
    " JOIN chats c ON c.id = o.chat_id WHERE o.officer_id = :officer_id AND o.ended_at IS NULL AND c.cut_at IS NULL"
    " AND c.data_key IS NOT NULL ORDER BY o.linked_at DESC"
)
# What was taken out of the outbox for another reason than the warning's: the chat was cut off, or is gone.
_STRANDED = Quick(
    "SELECT t.id, o.status FROM warning_targets t LEFT JOIN outbox o ON o.id = t.outbox_id"
    " WHERE t.warning_id = :warning_id AND t.state = 'queued' AND (o.id IS NULL OR o.status IN ('cancelled', 'unknown')) LIMIT :most"
)
_STRANDED_ENDS = Quick(
    "UPDATE warning_targets SET state = :state, reason = 'gone', settled_at = :now WHERE id = :target_id AND state = 'queued'"
)
_DOUBT_WARNINGS = Quick("UPDATE warnings SET state = 'paused' WHERE state IN ('released', 'sending')")
_DOUBT_TARGETS = Quick(
    "UPDATE warning_targets SET state = 'unknown', reason = 'restored', settled_at = :now WHERE state IN ('planned', 'queued')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    id: int
    kind: str
    chat_id: int | None
    officer_id: int | None
    group_id: int | None
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSeen:
    channel: str
    language: str
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    chat_id: int
    channel: str
    since: int  # When they did last what lets us write there.
    language: str


# -- which -------------------------------------------------------------------------------------------------------------------


def over(session: Session, ward_id: int, *, now: int) -> list[int]:
    """Those whose time is over by this clock."""
    return [row[0] for row in _OVER.run(session, ward_id=ward_id, now=now).fetchall()]


def to_tidy(session: Session, ward_id: int) -> list[tuple[int, str]]:
    """Stopped for good, and not everything that waited says so yet."""
    return [(row[0], row[1]) for row in _TO_TIDY.run(session, ward_id=ward_id).fetchall()]


def expired_too_early(session: Session, ward_id: int, *, now: int, since: int) -> list[int]:
    """A clock that was wrong ended them, and has been put right."""
    return [row[0] for row in _TOO_EARLY.run(session, ward_id=ward_id, now=now, since=since).fetchall()]


def late(session: Session, ward_id: int, *, now: int, since: int) -> list[int]:
    """Done, and over, with some that still wait until people write."""
    return [row[0] for row in _LATE.run(session, ward_id=ward_id, now=now, since=since).fetchall()]


# -- states ------------------------------------------------------------------------------------------------------------------


def start(session: Session, warning_id: int, *, now: int) -> None:
    _START.run(session, warning_id=warning_id, now=now)


def note_laid_out(session: Session, warning_id: int, *, now: int) -> None:
    _LAID_OUT.run(session, warning_id=warning_id, now=now)


def is_on(session: Session, warning_id: int) -> bool:
    """Locked: whoever stops it waits until this transaction is over, and then finds what it queued."""
    row = _STATE.run(session, warning_id=warning_id).fetchone()
    return row is not None and row[0] == "sending"


def may_lay_out(session: Session, warning_id: int) -> bool:
    row = _STATE.run(session, warning_id=warning_id).fetchone()
    return row is not None and row[0] in ("released", "sending") and row[1] is None


def expire(session: Session, warning_id: int, *, now: int) -> bool:
    return _EXPIRE.run(session, warning_id=warning_id, now=now).fetchone() is not None


def revive(session: Session, warning_id: int, *, now: int) -> bool:
    return _REVIVE.run(session, warning_id=warning_id, now=now).fetchone() is not None


def revive_some(session: Session, warning_id: int, *, most: int) -> int:
    return int(_REVIVE_TARGETS.run(session, warning_id=warning_id, most=most).rowcount)


def cancel_some(session: Session, warning_id: int, *, reason: str, now: int, most: int) -> int:
    """Of those that have not gone. Nought: no more are left."""
    many = 0
    for target_id, row_id in _PARKED.run(session, warning_id=warning_id, most=most).fetchall():
        _CANCEL_ROW.run(session, row_id=row_id, now=now)
        many += _CANCEL_ONE.run(session, target_id=target_id, reason=reason, now=now).fetchone() is not None
    if many:
        return many
    return int(_CANCEL_PLANNED.run(session, warning_id=warning_id, reason=reason, now=now, most=most).rowcount)


def note_tidied(session: Session, warning_id: int, *, now: int) -> None:
    _TIDIED.run(session, warning_id=warning_id, now=now)


def note_done(session: Session, warning_id: int, *, now: int) -> None:
    _DONE.run(session, warning_id=warning_id, now=now)


def has_any(session: Session, warning_id: int, state: str) -> bool:
    return _ANY.run(session, warning_id=warning_id, state=state).fetchone() is not None


def doubt_all(session: Session, *, now: int) -> None:
    """In a copy that was brought back: what it knows as waiting may have gone since. Nothing goes on before a person says so."""
    _DOUBT_WARNINGS.run(session)
    _DOUBT_TARGETS.run(session, now=now)


# -- targets -----------------------------------------------------------------------------------------------------------------


def waiting_by_channel(session: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in _WAITING_BY_CHANNEL.run(session).fetchall()}


def planned(session: Session, warning_id: int, channel: str, *, most: int) -> list[Planned]:
    """Groups stand before those who subscribed: in this order their rows were made. Leaders have no channel before one is chosen."""
    rows = _PLANNED.run(session, warning_id=warning_id, channel=channel, most=most).fetchall()
    return [Planned(id=row[0], kind=row[1], chat_id=row[2], officer_id=row[3], group_id=row[4], tries=row[5]) for row in rows]


def note_queued(session: Session, target_id: int, *, outbox_id: int, chat_id: int, channel: str, now: int) -> bool:
    found = _QUEUED.run(session, target_id=target_id, outbox_id=outbox_id, chat_id=chat_id, channel=channel, now=now).fetchone()
    return found is not None


def end(session: Session, target_id: int, *, state: str, reason: str, now: int) -> None:
    """Of one that is never queued."""
    _ENDED.run(session, target_id=target_id, state=state, reason=reason, now=now)


def chat(session: Session, chat_id: int | None) -> ChatSeen | None:
    row = _CHAT.run(session, chat_id=chat_id).fetchone()
    return ChatSeen(channel=row[0], language=row[1], is_there=bool(row[2])) if row else None


def group_has_ended(session: Session, group_id: int | None) -> bool:
    row = _GROUP_ENDED.run(session, group_id=group_id).fetchone()
    return row is None or row[0] is not None


def is_subscribed(session: Session, chat_id: int | None) -> bool:
    return _SUBSCRIBED.run(session, chat_id=chat_id).fetchone() is not None


def leads(session: Session, officer_id: int | None) -> bool:
    return _LEADS.run(session, officer_id=officer_id).fetchone() is not None


def links(session: Session, officer_id: int | None) -> list[Link]:
    rows = _LINKS.run(session, officer_id=officer_id).fetchall()
    return [Link(chat_id=row[0], channel=row[1], since=row[2], language=row[3]) for row in rows]


def give_chat(session: Session, warning_id: int, target_id: int, chat_id: int, *, now: int) -> bool:
    """A chat gets a warning once. A leader's own goes before the same as somebody who subscribed; False where that has gone already."""
    row = _HOLDS_CHAT.run(session, warning_id=warning_id, chat_id=chat_id, target_id=target_id).fetchone()
    return row is None or (row[1] == "planned" and _GIVE_WAY.run(session, target_id=row[0], now=now).fetchone() is not None)


def is_running(session: Session, warning_id: int) -> bool:
    """It may still go to somebody."""
    return _RUNNING.run(session, warning_id=warning_id).fetchone() is not None


def has_stranded(session: Session, warning_id: int) -> bool:
    return _STRANDED.run(session, warning_id=warning_id, most=1).fetchone() is not None


def settle_stranded(session: Session, warning_id: int, *, now: int, most: int) -> int:
    rows = _STRANDED.run(session, warning_id=warning_id, most=most).fetchall()
    for target_id, status in rows:
        _STRANDED_ENDS.run(session, target_id=target_id, state="failed" if status == "cancelled" else "unknown", now=now)
    return len(rows)
