"""Rows of the outbox under the rule `ask`: each is begun once. Where nobody knows what became of it, a person decides, and nothing here
sends it again.

waiting → sending (in a commit of its own, before the call) → sent, failed, parked, unknown; or waiting again, where it surely did not go.
A warning's row has a target (`warning_targets.outbox_id`), which is settled in the same transaction.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage import moments
from storage.queries import lanes
from storage.queries.lanes import OutLane, WaitingReply
from storage.quick import Quick

_DUE = f"NOT (o.due_at > :now AND o.due_at <= :now + {lanes.LONGEST_PAUSE_MS})"
_WAITING = Quick(
    "SELECT o.id, o.chat_id, c.channel, t.kind, t.warning_id FROM outbox o JOIN chats c ON c.id = o.chat_id"
    " LEFT JOIN warning_targets t ON t.outbox_id = o.id"
    f" WHERE o.status = 'waiting' AND o.rule = 'ask' AND {_DUE} AND c.out_lease < :now ORDER BY o.id LIMIT :most"
)
_STANDS = Quick("SELECT w.state, w.expires_at FROM warning_targets t JOIN warnings w ON w.id = t.warning_id WHERE t.outbox_id = :row_id")
_BEGIN = Quick(
    "UPDATE outbox SET status = 'sending' WHERE id = :row_id AND chat_id = :chat_id AND status = 'waiting' AND rule = 'ask'"
    " RETURNING reply, tries, due_at, sealed_under, tip_id, is_pressing"
)
# One whose outcome was called unknown while its sender slept may still say how it was, unless somebody has decided about it since.
_OUTCOME = Quick(
    "UPDATE outbox SET status = :outcome, error = :reason, reply = NULL, settled_at = :now"
    " WHERE id = :row_id AND status IN ('sending', 'unknown') RETURNING id"
)
_TARGET = Quick(
    "UPDATE warning_targets SET state = :outcome, reason = :reason, settled_at = :now"
    " WHERE outbox_id = :row_id AND state IN ('queued', 'parked', 'unknown') RETURNING kind, group_id"
)
_RUNS = "EXISTS (SELECT 1 FROM warnings w WHERE w.id = warning_targets.warning_id AND w.state IN ('released', 'sending', 'paused'))"
# A leader who was surely not reached there is tried by another way, or called. A warning that is over may have been tidied up already.
_LEADER_AGAIN = Quick(
    "UPDATE warning_targets SET state = 'planned', reason = :reason, outbox_id = NULL, channel = ''"
    f" WHERE outbox_id = :row_id AND kind = 'leader' AND (state = 'queued' OR state = 'unknown' AND {_RUNS}) RETURNING id"
)
_TARGET_REASON = Quick("UPDATE warning_targets SET reason = :reason WHERE outbox_id = :row_id")
_GROUP_TROUBLE = Quick(
    "UPDATE chat_groups SET trouble = :trouble, trouble_at = :now WHERE id = :group_id AND ended_at IS NULL AND trouble <> :trouble"
)
_PARKED = Quick(
    "UPDATE outbox SET status = 'parked', error = :reason WHERE id = :row_id AND status = 'sending' AND NOT EXISTS"
    " (SELECT 1 FROM chats c WHERE c.id = outbox.chat_id AND c.last_in_at > :just_now) RETURNING id"
)
_CLOSED = Quick("UPDATE chats SET window_from = 0 WHERE id = :chat_id AND window_from IS NOT NULL")
_AGAIN = Quick(
    "UPDATE outbox SET status = 'waiting', tries = tries + :tries, due_at = :due_at, error = :reason"
    " WHERE id = :row_id AND status = 'sending' RETURNING id"
)
# One that was called unknown while its sender slept, who knows that it did not go. Nobody has decided about it, and its words are gone: it
# is queued anew, or has failed where the warning is over.
_PLANNED_AGAIN = Quick(
    "UPDATE warning_targets SET state = 'planned', reason = '', outbox_id = NULL, settled_at = NULL,"
    " tries = CASE WHEN tries > 0 THEN tries - 1 ELSE 0 END,"
    f" channel = CASE WHEN kind = 'leader' THEN '' ELSE channel END WHERE outbox_id = :row_id AND state = 'unknown' AND {_RUNS}"
)
_LATER = Quick("UPDATE outbox SET due_at = :due_at WHERE id = :row_id AND status = 'waiting'")
_CANCEL = Quick("UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now WHERE id = :row_id AND status = 'waiting'")
_CANCEL_TARGET = Quick(
    "UPDATE warning_targets SET state = 'cancelled', reason = :reason, settled_at = :now"
    " WHERE outbox_id = :row_id AND state IN ('queued', 'parked')"
)
_ANY_OTHER = Quick("SELECT 1 FROM outbox WHERE status = 'waiting' AND chat_id = :chat_id AND rule <> 'ask' LIMIT 1")
_SENDING = Quick(
    "SELECT o.id FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.status = 'sending' AND c.out_lease < :before"
    " ORDER BY o.id LIMIT 200"
)
_UNKNOWN = Quick(
    "UPDATE outbox SET status = 'unknown', error = :reason, reply = NULL, settled_at = :now"
    " WHERE id = :row_id AND status IN ('sending', 'waiting', 'parked') RETURNING id"
)
_UNKNOWN_TARGET = Quick(
    "UPDATE warning_targets SET state = 'unknown', reason = :reason, settled_at = :now"
    " WHERE outbox_id = :row_id AND state IN ('queued', 'parked')"
)
_OPEN = Quick("SELECT id FROM outbox WHERE rule = 'ask' AND status IN ('sending', 'waiting', 'parked')")
_LOST_GROUP = frozenset(("blocked", "no_chat", "group_closed"))
_FOR_EVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A row that may be begun. Nothing of it is opened before that."""

    row_id: int
    chat_id: int
    channel: str
    is_group: bool
    warning_id: int  # 0: it is no warning's.


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    lane: OutLane
    row: WaitingReply


def waiting(session: Session, *, now: int, most: int) -> list[Asked]:
    found = _WAITING.run(session, now=now, most=most).fetchall()
    return [Asked(row_id=row[0], chat_id=row[1], channel=row[2], is_group=row[3] == "group", warning_id=row[4] or 0) for row in found]


def begin(session: Session, asked: Asked, *, token: str, now: int) -> Begun | None:
    """The lane, and the row marked: from this commit on it may have gone. None: somebody is writing there just now, or it was stopped."""
    if not lanes.lock_out(session, asked.chat_id, now=now):
        return None
    if not _may_go(session, asked.row_id, now):
        return None
    row = _BEGIN.run(session, row_id=asked.row_id, chat_id=asked.chat_id).fetchone()
    if row is None:
        return None
    lane, ring = lanes.claim_for_one(session, asked.chat_id, token=token, now=now)
    reply = lanes.opened(session, (asked.row_id, *row), ring) if ring is not None else WaitingReply(asked.row_id, None, row[1])
    return Begun(lane=lane, row=reply)


def _may_go(session: Session, row_id: int, now: int) -> bool:
    """A warning that was stopped after its row was parked: it waits, or is over."""
    found = _STANDS.run(session, row_id=row_id).fetchone()
    if found is None or found[0] == "sending" or (found[0] == "done" and found[1] > now):
        return True
    if found[0] in ("paused", "released"):
        _LATER.run(session, row_id=row_id, due_at=now + moments.MINUTE)
    else:
        _CANCEL.run(session, row_id=row_id, now=now)
        _CANCEL_TARGET.run(session, row_id=row_id, reason="cancelled" if found[0] == "cancelled" else "expired", now=now)
    return False


def settle(session: Session, begun: Begun, *, outcome: str, reason: str, now: int) -> bool:
    """sent, failed or unknown. Whether something else waits to be said in this chat."""
    row_id = begun.row.id
    is_news = _OUTCOME.run(session, row_id=row_id, outcome=outcome, reason=reason or None, now=now).fetchone() is not None
    if is_news and not (outcome == "failed" and _leader_is_tried_again(session, row_id, reason)):
        _settle_target(session, row_id, outcome, reason, now)
    return _let_go(session, begun)


def _leader_is_tried_again(session: Session, row_id: int, reason: str) -> bool:
    return _LEADER_AGAIN.run(session, row_id=row_id, reason=reason).fetchone() is not None


def _settle_target(session: Session, row_id: int, outcome: str, reason: str, now: int) -> None:
    target = _TARGET.run(session, row_id=row_id, outcome=outcome, reason=reason, now=now).fetchone()
    if target is None or target[0] != "group":
        return
    trouble = "lost" if reason in _LOST_GROUP else reason if reason == "muted" else ""
    if outcome == "failed" and trouble:
        _GROUP_TROUBLE.run(session, group_id=target[1], trouble=trouble, now=now)
        _TARGET_REASON.run(session, row_id=row_id, reason=trouble)


def park(session: Session, begun: Begun, *, reason: str, now: int, is_closed: bool) -> bool:
    """Nobody may write there before they do. Of a leader's kit another way is looked for instead: nothing waits here then."""
    if is_closed:
        _CLOSED.run(session, chat_id=begun.lane.chat_id)
    row_id = begun.row.id
    if _leader_is_tried_again(session, row_id, reason):
        _OUTCOME.run(session, row_id=row_id, outcome="failed", reason=reason, now=now)
    elif _PARKED.run(session, row_id=row_id, reason=reason, just_now=now - lanes.JUST_NOW_MS).fetchone() is not None:
        _TARGET.run(session, row_id=row_id, outcome="parked", reason=reason, now=now)
    else:  # They have written meanwhile.
        _wait_again(session, row_id, counts=True, due_at=now + 5 * moments.SECOND, reason=reason, now=now)
    return _let_go(session, begun)


def again(session: Session, begun: Begun, *, due_at: int, reason: str, counts: bool, now: int) -> bool:
    """It surely did not go."""
    _wait_again(session, begun.row.id, counts=counts, due_at=due_at, reason=reason, now=now)
    return _let_go(session, begun)


def _wait_again(session: Session, row_id: int, *, counts: bool, due_at: int, reason: str, now: int) -> None:
    if _AGAIN.run(session, row_id=row_id, tries=int(counts), due_at=due_at, reason=reason).fetchone() is not None:
        return
    if _OUTCOME.run(session, row_id=row_id, outcome="failed", reason=reason, now=now).fetchone() is not None:
        _PLANNED_AGAIN.run(session, row_id=row_id)
        _TARGET.run(session, row_id=row_id, outcome="failed", reason=reason, now=now)


def _let_go(session: Session, begun: Begun) -> bool:
    if not lanes.let_go(session, begun.lane):
        return False
    return _ANY_OTHER.run(session, chat_id=begun.lane.chat_id).fetchone() is not None


def find_abandoned(session: Session, *, now: int, in_hand: frozenset[int] = frozenset()) -> bool:
    """Whether any send is marked whose sender has not been heard of for as long as a lease lasts. `in_hand`: whoever asks is sending these,
    however late it is by the clock: a disk or a machine that stood still for a while kills nobody."""
    return any(row_id not in in_hand for (row_id,) in _SENDING.run(session, before=now).fetchall())


def recover(session: Session, *, now: int, in_hand: frozenset[int] = frozenset(), all_are_dead: bool = False) -> int:
    """Whoever began these is gone, and nobody knows whether they went. `all_are_dead`: only for who holds the data lock."""
    found = _SENDING.run(session, before=_FOR_EVER if all_are_dead else now).fetchall()
    return sum(_make_unknown(session, row_id, "crash", now) for (row_id,) in found if row_id not in in_hand)


def doubt_all(session: Session, *, now: int) -> int:
    """In a copy that was brought back: the old machine may have sent them since."""
    return sum(_make_unknown(session, row_id, "restored", now) for (row_id,) in _OPEN.run(session).fetchall())


def _make_unknown(session: Session, row_id: int, reason: str, now: int) -> bool:
    if _UNKNOWN.run(session, row_id=row_id, reason=reason, now=now).fetchone() is None:
        return False
    _UNKNOWN_TARGET.run(session, row_id=row_id, reason=reason, now=now)
    return True
