"""Two lanes per chat: what comes in, and what goes out.

A lane is held by lease and fence, both in the chat's row. Every function here that touches a lane locks or changes that row
first, so on PostgreSQL two transactions of one chat follow one another, and no message can slip in unseen between
"nothing waits any more" and "the lane is free".
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from storage import moments
from storage.quick import Quick, as_json, from_json, insert
from storage.tables import Chat, InboxRow, OutboxRow
from storage.tables.columns import table_of

# A holder that died keeps others waiting so long; one that merely slept finds its commit refused by the fence.
IN_LEASE_MS = 5 * moments.SECOND
# Renewed while a send takes long, or a slow platform would get everything twice.
OUT_LEASE_MS = 8 * moments.SECOND
_MOST_AT_ONCE = 20

CHATS, INBOX, OUTBOX = table_of(Chat), table_of(InboxRow), table_of(OutboxRow)


class StaleLane(Exception):
    """Somebody else holds this chat now; what we decided is thrown away and decided again by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A verified message at the door, with everything drawn and hashed before the transaction."""

    ward_id: int
    channel: str
    address: str
    chat_hash: str
    message_hash: str
    platform_order: int
    payload: str
    inbox_id: int
    chat_id_if_new: int
    now: int


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    id: int
    payload: str
    arrived_at: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InLane:
    """A chat whose waiting messages are ours to handle."""

    chat_id: int
    ward_id: int
    channel: str
    fence: int
    state: dict[str, Any]
    rows: tuple[WaitingMessage, ...]


@dataclass(frozen=True, slots=True)
class WaitingReply:
    id: int
    reply: dict[str, Any]
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLane:
    """A chat whose waiting answers are ours to send."""

    chat_id: int
    channel: str
    address: str
    fence: int
    rows: tuple[WaitingReply, ...]


_KNOWN_MESSAGE = Quick("SELECT chat_id FROM inbox WHERE message_hash = :message_hash")
_CHAT_BY_HASH = Quick("SELECT id FROM chats WHERE chat_hash = :chat_hash", postgres="FOR UPDATE")
_CLAIM_IN_BY_HASH = Quick(
    "UPDATE chats SET in_holder = :holder, in_lease = :lease, in_fence = in_fence + 1"
    " WHERE chat_hash = :chat_hash AND in_lease < :now RETURNING id, ward_id, channel, in_fence, state"
)
_LOCK_FREE_IN = Quick("SELECT id FROM chats WHERE id = :chat_id AND in_lease < :now", postgres="FOR UPDATE SKIP LOCKED")
_CLAIM_IN = Quick(
    "UPDATE chats SET in_holder = :holder, in_lease = :lease, in_fence = in_fence + 1"
    " WHERE id = :chat_id RETURNING id, ward_id, channel, in_fence, state"
)
_WAITING_IN = Quick(
    "SELECT id, payload, arrived_at, tries FROM inbox WHERE status = 'waiting' AND chat_id = :chat_id"
    f" ORDER BY platform_order, id LIMIT {_MOST_AT_ONCE}"
)
_KEEP_IN = Quick(
    "UPDATE chats SET state = :state, language = :language, last_in_at = :now, in_lease = :lease"
    " WHERE id = :chat_id AND in_fence = :fence AND in_holder = :holder RETURNING out_holder, out_fence, address"
)
# The same, and the out lane with it if it is free. The token names this very claim, so the answer tells whether it was ours.
_KEEP_IN_TAKE_OUT = Quick(
    "UPDATE chats SET state = :state, language = :language, last_in_at = :now, in_lease = :lease,"
    " out_holder = CASE WHEN out_lease < :now THEN :token ELSE out_holder END,"
    " out_fence = CASE WHEN out_lease < :now THEN out_fence + 1 ELSE out_fence END,"
    " out_lease = CASE WHEN out_lease < :now THEN :out_lease ELSE out_lease END"
    " WHERE id = :chat_id AND in_fence = :fence AND in_holder = :holder RETURNING out_holder, out_fence, address"
)
_HANDLED = Quick("UPDATE inbox SET status = 'done', payload = NULL, done_at = :now WHERE id = :row_id")
_NOT_HANDLED = Quick("UPDATE inbox SET tries = tries + 1, status = :status, error_id = :error_id WHERE id = :row_id AND status = 'waiting'")
_SET_IN_LEASE = Quick("UPDATE chats SET in_lease = :lease WHERE id = :chat_id AND in_fence = :fence")
_LOCK_FREE_OUT = Quick("SELECT id FROM chats WHERE id = :chat_id AND out_lease < :now", postgres="FOR UPDATE SKIP LOCKED")
_WAITING_OUT = Quick(
    f"SELECT id, reply, tries, due_at FROM outbox WHERE status = 'waiting' AND chat_id = :chat_id ORDER BY id LIMIT {_MOST_AT_ONCE}"
)
_CLAIM_OUT = Quick(
    "UPDATE chats SET out_holder = :token, out_lease = :lease, out_fence = out_fence + 1"
    " WHERE id = :chat_id RETURNING channel, address, out_fence"
)
_SET_OUT_LEASE = Quick("UPDATE chats SET out_lease = :lease WHERE id = :chat_id AND out_fence = :fence")
_SETTLED = Quick(
    "UPDATE outbox SET status = :outcome, error = :reason, reply = NULL, settled_at = :now WHERE id = :row_id AND status = 'waiting'"
)
_POSTPONED = Quick("UPDATE outbox SET tries = tries + 1, due_at = :due_at, error = :reason WHERE id = :row_id AND status = 'waiting'")
_INSERT_CHAT = insert(
    "chats",
    *("id", "ward_id", "channel", "chat_hash", "address", "language", "state", "created_at"),
    *("in_lease", "in_fence", "out_lease", "out_fence", "thread_seq"),
)
_INSERT_IN = insert("inbox", "id", "ward_id", "chat_id", "message_hash", "platform_order", "status", "payload", "arrived_at", "tries")
_INSERT_OUT = insert("outbox", "id", "ward_id", "chat_id", "tip_id", "reply", "rule", "kind", "status", "tries", "due_at", "created_at")


# -- what comes in -----------------------------------------------------------------------------------------------------


def is_known(session: Session, message_hash: str) -> bool:
    return _KNOWN_MESSAGE.run(session, message_hash=message_hash).fetchone() is not None


def store_message(session: Session, message: NewMessage, *, holder: str | None) -> tuple[int, InLane | None]:
    """Keep it; with a holder, a free lane is claimed in the same breath. Raises AlreadyThere for a repeat."""
    chat = None
    if holder is not None:
        lease = message.now + IN_LEASE_MS
        chat = _CLAIM_IN_BY_HASH.run(session, chat_hash=message.chat_hash, now=message.now, holder=holder, lease=lease).fetchone()
    chat_id = chat[0] if chat else _find_or_open_chat(session, message)
    _INSERT_IN.run(
        session,
        id=message.inbox_id,
        ward_id=message.ward_id,
        chat_id=chat_id,
        message_hash=message.message_hash,
        platform_order=message.platform_order,
        status="waiting",
        payload=message.payload,
        arrived_at=message.now,
        tries=0,
    )
    if chat is not None:
        return chat_id, _lane(session, chat)
    is_new_chat = chat_id == message.chat_id_if_new
    return chat_id, _take_in(session, chat_id, holder=holder, now=message.now) if holder and is_new_chat else None


def _find_or_open_chat(session: Session, message: NewMessage) -> int:
    """Locked against its lane's holder, who looks for more messages after changing this row."""
    found = _CHAT_BY_HASH.run(session, chat_hash=message.chat_hash).fetchone()
    if found is not None:
        return int(found[0])
    _INSERT_CHAT.run(
        session,
        id=message.chat_id_if_new,
        ward_id=message.ward_id,
        channel=message.channel,
        chat_hash=message.chat_hash,
        address=message.address,
        language="vi",
        state="{}",
        created_at=message.now,
        in_lease=0,
        in_fence=0,
        out_lease=0,
        out_fence=0,
        thread_seq=0,
    )
    return message.chat_id_if_new


def claim_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    """The lane, if it is free. On PostgreSQL a chat that another worker is just taking is skipped, not waited for."""
    if _LOCK_FREE_IN.run(session, chat_id=chat_id, now=now).fetchone() is None:
        return None
    return _take_in(session, chat_id, holder=holder, now=now)


def _take_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    if not _waiting_in(session, chat_id):
        return None
    return _lane(session, _CLAIM_IN.run(session, chat_id=chat_id, holder=holder, lease=now + IN_LEASE_MS).fetchone())


def _lane(session: Session, chat: tuple[Any, ...]) -> InLane:
    chat_id, ward_id, channel, fence, state = chat
    rows = _waiting_in(session, chat_id)
    return InLane(chat_id=chat_id, ward_id=ward_id, channel=channel, fence=fence, state=from_json(state) or {}, rows=rows)


def _waiting_in(session: Session, chat_id: int) -> tuple[WaitingMessage, ...]:
    return tuple(WaitingMessage(row[0], row[1] or "", row[2], row[3]) for row in _WAITING_IN.run(session, chat_id=chat_id).fetchall())


def keep_state(
    session: Session,
    lane: InLane,
    *,
    holder: str,
    state: dict[str, Any],
    language: str,
    row_id: int,
    is_last: bool,
    now: int,
    out_token: str,
) -> OutLane | None:
    """The first statement of every decision's commit. With a token: the out lane of this chat too, if it is free, still empty."""
    values: dict[str, Any] = {
        "chat_id": lane.chat_id,
        "fence": lane.fence,
        "holder": holder,
        "state": as_json(state),
        "language": language,
        "now": now,
        "lease": 0 if is_last else now + IN_LEASE_MS,
    }
    if out_token:
        values |= {"token": out_token, "out_lease": now + OUT_LEASE_MS}
    kept = (_KEEP_IN_TAKE_OUT if out_token else _KEEP_IN).run(session, **values).fetchone()
    if kept is None:
        raise StaleLane
    _HANDLED.run(session, row_id=row_id, now=now)
    out_holder, out_fence, address = kept
    if not out_token or out_holder != out_token:
        return None
    return OutLane(chat_id=lane.chat_id, channel=lane.channel, address=address, fence=out_fence, rows=())


def more_messages(session: Session, lane: InLane, *, now: int) -> tuple[WaitingMessage, ...]:
    """After the last one: what came in meanwhile. If anything did, the lane stays ours."""
    more = _waiting_in(session, lane.chat_id)
    if more:
        _SET_IN_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=now + IN_LEASE_MS)
    return more


def note_failure(session: Session, lane: InLane, row_id: int, *, error_id: str, set_aside: bool) -> None:
    if _SET_IN_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0).rowcount != 1:
        return  # Another holder has it now, and will see for itself.
    _NOT_HANDLED.run(session, row_id=row_id, status="set_aside" if set_aside else "waiting", error_id=error_id)


def chats_with_waiting_messages(session: Session, *, now: int) -> list[int]:
    query = (
        select(INBOX.c.chat_id)
        .join(CHATS, CHATS.c.id == INBOX.c.chat_id)
        .where(INBOX.c.status == "waiting", CHATS.c.in_lease < now)
        .distinct()
        .limit(500)
    )
    return list(session.execute(query).scalars())


# -- what goes out -----------------------------------------------------------------------------------------------------


def queue_replies(session: Session, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        _INSERT_OUT.run(session, **{**row, "reply": as_json(row["reply"])})


def claim_out(session: Session, chat_id: int, *, token: str, now: int) -> OutLane | None:
    if _LOCK_FREE_OUT.run(session, chat_id=chat_id, now=now).fetchone() is None:
        return None
    rows = _sendable(session, chat_id, now=now)
    if not rows:
        return None
    channel, address, fence = _CLAIM_OUT.run(session, chat_id=chat_id, token=token, lease=now + OUT_LEASE_MS).fetchone()
    return OutLane(chat_id=chat_id, channel=channel, address=address, fence=fence, rows=rows)


def fill_out(session: Session, lane: OutLane, *, now: int) -> OutLane | None:
    """What waits in an out lane that was just claimed; None, and the lane free again, when the first row may not go yet."""
    rows = _sendable(session, lane.chat_id, now=now)
    if not rows:
        _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0)
        return None
    return replace(lane, rows=rows)


def _sendable(session: Session, chat_id: int, *, now: int) -> tuple[WaitingReply, ...]:
    """A row that must wait holds back those behind it: within a chat nothing overtakes."""
    rows = _WAITING_OUT.run(session, chat_id=chat_id).fetchall()
    if not rows or rows[0][3] > now:
        return ()
    return tuple(WaitingReply(row_id, from_json(reply), tries) for row_id, reply, tries, _due_at in rows)


def settle(
    session: Session, lane: OutLane, row_id: int, *, outcome: str, reason: str | None, is_last: bool, now: int
) -> tuple[bool, tuple[WaitingReply, ...]]:
    """Note the outcome. (False, ()) when the lane is somebody else's by now; after the last row, what has come to wait meanwhile."""
    lease = 0 if is_last else now + OUT_LEASE_MS
    kept = _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=lease).rowcount == 1
    _SETTLED.run(session, row_id=row_id, outcome=outcome, reason=reason, now=now)
    more = _sendable(session, lane.chat_id, now=now) if kept and is_last else ()
    if more:
        _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=now + OUT_LEASE_MS)
    return kept, more


def renew_out(session: Session, held: list[OutLane], *, now: int) -> list[int]:
    """The chats that are not ours any more."""
    return [
        lane.chat_id
        for lane in held
        if _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=now + OUT_LEASE_MS).rowcount != 1
    ]


def postpone(session: Session, lane: OutLane, row_id: int, *, due_at: int, reason: str) -> None:
    if _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0).rowcount == 1:
        _POSTPONED.run(session, row_id=row_id, due_at=due_at, reason=reason)


def chats_with_due_replies(session: Session, *, now: int) -> list[int]:
    query = (
        select(OUTBOX.c.chat_id)
        .join(CHATS, CHATS.c.id == OUTBOX.c.chat_id)
        .where(OUTBOX.c.status == "waiting", OUTBOX.c.due_at <= now, CHATS.c.out_lease < now)
        .distinct()
        .limit(500)
    )
    return list(session.execute(query).scalars())


def free_all_lanes(session: Session) -> None:
    """Only for who holds the data lock: every holder of before is dead."""
    session.execute(update(CHATS).values(in_lease=0, out_lease=0))
