"""Two lanes per chat: what comes in, and what goes out.

State, address, messages and answers stand here as ciphertext under the chat's ring; they are sealed and opened inside the
transaction, because only it knows which ring is the chat's at that moment.

A lane is held by lease and fence, both in the chat's row. Every function here that touches a lane locks or changes that row
first, so on PostgreSQL two transactions of one chat follow one another, and no message can slip in unseen between
"nothing waits any more" and "the lane is free".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import not_, select, update
from sqlmodel import Session

from storage import moments
from storage.queries.rings import chat_key_place, tip_ring
from storage.quick import Quick, insert
from storage.tables import Chat, InboxRow, OutboxRow
from storage.tables.columns import table_of
from storage.vault import Place, Ring, Sealed, Shredded, WrongMaster, vault_of

# A holder that died keeps others waiting so long; one that merely slept finds its commit refused by the fence.
IN_LEASE_MS = 5 * moments.SECOND
# Renewed while a send takes long, or a slow platform would get everything twice.
OUT_LEASE_MS = 8 * moments.SECOND
LONGEST_PAUSE_MS = 10 * moments.MINUTE  # Between two tries of one answer, whatever a platform asks for.
_MOST_AT_ONCE = 20
_MOST_DUE = 500
JUST_NOW_MS = 30 * moments.SECOND  # Longer than any send takes.
_NO_RING = Ring(())
_LAST_IN_ORDER = 2**62  # A silence comes after whatever was said.

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
    payload_with_names: str  # The same with what the platform knows of the person: kept only while a name is being given.
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
    ring: Ring
    state: dict[str, Any]
    rows: tuple[WaitingMessage, ...]
    blocked_until: int = 0


@dataclass(frozen=True, slots=True)
class WaitingReply:
    id: int
    reply: dict[str, Any] | None  # None: it cannot be opened any more.
    tries: int
    is_pressing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutLane:
    """A chat whose waiting answers are ours to send."""

    chat_id: int
    channel: str
    address: str
    fence: int
    ring: Ring
    rows: tuple[WaitingReply, ...]

    @property
    def is_pressing(self) -> bool:
        """It goes before the lanes of other chats. Within a chat nothing overtakes, so what stands before it is lifted with it."""
        return any(row.is_pressing for row in self.rows)


_KNOWN_MESSAGE = Quick("SELECT chat_id FROM inbox WHERE message_hash = :message_hash")
_CHAT_BY_HASH = Quick("SELECT id, cut_at, data_key, takes_names FROM chats WHERE chat_hash = :chat_hash", postgres="FOR UPDATE")
# A block outlives a cut contact: whoever comes back finds it.
_BLOCKED = Quick("SELECT until FROM blocks WHERE chat_hash = :chat_hash AND lifted_at IS NULL AND until > :now")
_FORGET_HASH = Quick("UPDATE chats SET chat_hash = NULL WHERE id = :chat_id")
_CLAIM_IN_BY_HASH = Quick(
    "UPDATE chats SET in_holder = :holder, in_lease = :lease, in_fence = in_fence + 1"
    " WHERE chat_hash = :chat_hash AND cut_at IS NULL AND in_lease < :now"
    " RETURNING id, ward_id, channel, in_fence, state, blocked_until, data_key, takes_names"
)
_LOCK_FREE_IN = Quick("SELECT id FROM chats WHERE id = :chat_id AND in_lease < :now", postgres="FOR UPDATE SKIP LOCKED")
_CLAIM_IN = Quick(
    "UPDATE chats SET in_holder = :holder, in_lease = :lease, in_fence = in_fence + 1"
    " WHERE id = :chat_id RETURNING id, ward_id, channel, in_fence, state, blocked_until, data_key, takes_names"
)
_WAITING_IN = Quick(
    "SELECT id, payload, arrived_at, tries FROM inbox WHERE status = 'waiting' AND chat_id = :chat_id"
    f" ORDER BY platform_order, id LIMIT {_MOST_AT_ONCE}"
)
_ANY_IN = Quick("SELECT id FROM inbox WHERE status = 'waiting' AND chat_id = :chat_id LIMIT 1")
_HEARD = (
    "last_in_at = COALESCE(:heard_at, last_in_at),"
    " window_from = CASE WHEN :window_from > COALESCE(window_from, 0) THEN :window_from ELSE window_from END"
)
_KEEP_IN = Quick(
    f"UPDATE chats SET state = :state, language = :language, takes_names = :takes_names, {_HEARD},"
    " in_lease = :lease, wake_at = :wake_at, wake_for = :wake_for"
    " WHERE id = :chat_id AND in_fence = :fence AND in_holder = :holder RETURNING out_holder, out_fence, address"
)
# The same, and the out lane with it if it is free. The token names this very claim, so the answer tells whether it was ours.
_KEEP_IN_TAKE_OUT = Quick(
    f"UPDATE chats SET state = :state, language = :language, takes_names = :takes_names, {_HEARD},"
    " in_lease = :lease, wake_at = :wake_at, wake_for = :wake_for,"
    " out_holder = CASE WHEN out_lease < :now THEN :token ELSE out_holder END,"
    " out_fence = CASE WHEN out_lease < :now THEN out_fence + 1 ELSE out_fence END,"
    " out_lease = CASE WHEN out_lease < :now THEN :out_lease ELSE out_lease END"
    " WHERE id = :chat_id AND in_fence = :fence AND in_holder = :holder RETURNING out_holder, out_fence, address"
)
_HANDLED = Quick("UPDATE inbox SET status = 'done', payload = NULL, done_at = :now WHERE id = :row_id")
_NOT_HANDLED = Quick("UPDATE inbox SET tries = tries + 1, status = :status, error_id = :error_id WHERE id = :row_id AND status = 'waiting'")
_REST_IN = Quick("UPDATE chats SET in_fence = in_fence + 1 WHERE id = :chat_id AND in_lease < :now RETURNING state, data_key")
_SILENT = Quick(
    "SELECT id, wake_for, wake_at FROM chats WHERE wake_at IS NOT NULL AND wake_at <= :now AND in_lease < :now AND data_key IS NOT NULL"
    " ORDER BY wake_at LIMIT :most"
)
_WOKEN = Quick("UPDATE chats SET wake_at = NULL WHERE id = :chat_id AND wake_at = :wake_at RETURNING ward_id, data_key")
_STATE = Quick("SELECT state, data_key FROM chats WHERE id = :chat_id AND data_key IS NOT NULL")
_NEW_STATE = Quick("UPDATE chats SET state = :state WHERE id = :chat_id")
_SET_IN_LEASE = Quick("UPDATE chats SET in_lease = :lease WHERE id = :chat_id AND in_fence = :fence")
_LOCK_FREE_OUT = Quick("SELECT id FROM chats WHERE id = :chat_id AND out_lease < :now", postgres="FOR UPDATE SKIP LOCKED")
_WAITING_OUT = Quick(
    "SELECT id, reply, tries, due_at, sealed_under, tip_id, is_pressing FROM outbox"
    f" WHERE status = 'waiting' AND chat_id = :chat_id AND rule <> 'ask' ORDER BY id LIMIT {_MOST_AT_ONCE}"
)
_CLAIM_OUT = Quick(
    "UPDATE chats SET out_holder = :token, out_lease = :lease, out_fence = out_fence + 1"
    " WHERE id = :chat_id RETURNING channel, address, out_fence, data_key"
)
_SET_OUT_LEASE = Quick("UPDATE chats SET out_lease = :lease WHERE id = :chat_id AND out_fence = :fence")
_SETTLED = Quick(
    "UPDATE outbox SET status = :outcome, error = :reason, reply = NULL, settled_at = :now,"
    " sent_as = CASE WHEN kind = 'card' THEN :sent_as END WHERE id = :row_id AND status = 'waiting'"
)
_PARKED = Quick(
    "UPDATE outbox SET status = 'parked', error = :reason WHERE id = :row_id AND status = 'waiting' AND NOT EXISTS"
    " (SELECT 1 FROM chats c WHERE c.id = outbox.chat_id AND c.last_in_at > :just_now)"
)
_CLOSED = Quick("UPDATE chats SET window_from = 0 WHERE id = :chat_id AND window_from IS NOT NULL")
# Whoever writes opens the window again: what waited for that goes first, because its rows are the older ones.
_GO_ON = Quick(
    "UPDATE outbox SET status = 'waiting', tries = 0, due_at = :now, error = NULL WHERE chat_id = :chat_id AND status = 'parked'"
)
_POSTPONED = Quick("UPDATE outbox SET tries = tries + :tries, due_at = :due_at, error = :reason WHERE id = :row_id AND status = 'waiting'")
_INSERT_CHAT = insert(
    "chats",
    *("id", "ward_id", "channel", "chat_hash", "data_key", "address", "language", "state", "takes_names", "reseal_due", "created_at"),
    *("in_lease", "in_fence", "out_lease", "out_fence", "thread_seq", "wake_for", "blocked_until"),
)
_INSERT_IN = insert("inbox", "id", "ward_id", "chat_id", "message_hash", "platform_order", "status", "payload", "arrived_at", "tries")
_INSERT_OUT = insert(
    "outbox",
    "id",
    "ward_id",
    "chat_id",
    "tip_id",
    "reply",
    "sealed_under",
    "rule",
    "kind",
    "status",
    "tries",
    "due_at",
    "created_at",
    "is_pressing",
    "paid",
)


# -- what comes in -----------------------------------------------------------------------------------------------------


def is_known(session: Session, message_hash: str) -> bool:
    return _KNOWN_MESSAGE.run(session, message_hash=message_hash).fetchone() is not None


def store_message(session: Session, message: NewMessage, *, holder: str | None) -> tuple[int, InLane | None]:
    """Keep it; with a holder, a free lane is claimed in the same breath. Raises AlreadyThere for a repeat."""
    chat = None
    if holder is not None:
        lease = message.now + IN_LEASE_MS
        chat = _CLAIM_IN_BY_HASH.run(session, chat_hash=message.chat_hash, now=message.now, holder=holder, lease=lease).fetchone()
    chat_id, ring, takes_names = _owner(session, chat) if chat else _find_or_open_chat(session, message)
    payload = message.payload_with_names if takes_names else message.payload
    _INSERT_IN.run(
        session,
        id=message.inbox_id,
        ward_id=message.ward_id,
        chat_id=chat_id,
        message_hash=message.message_hash,
        platform_order=message.platform_order,
        status="waiting",
        payload=ring.seal_text(payload, Place("inbox", "payload", message.inbox_id)),
        arrived_at=message.now,
        tries=0,
    )
    if chat is not None:
        return chat_id, _lane(session, chat)
    is_new_chat = chat_id == message.chat_id_if_new
    return chat_id, _take_in(session, chat_id, holder=holder, now=message.now) if holder and is_new_chat else None


def silent_chats(session: Session, *, now: int, most: int = 50) -> list[tuple[int, str, int]]:
    """(chat, why, since when): where nobody has written for as long as the conversation wanted to wait."""
    return [(row[0], row[1], row[2]) for row in _SILENT.run(session, now=now, most=most).fetchall()]


def note_silence(session: Session, chat_id: int, *, wake_at: int, inbox_id: int, message_hash: str, payload: str, now: int) -> bool:
    """The end of a silence goes into the lane like any message, so that it meets those of the resident in order. False: somebody was
    faster, or the resident has written."""
    row = _WOKEN.run(session, chat_id=chat_id, wake_at=wake_at).fetchone()
    if row is None:
        return False
    ring = vault_of(session).unwrap(row[1], chat_key_place(chat_id))
    _INSERT_IN.run(
        session,
        id=inbox_id,
        ward_id=row[0],
        chat_id=chat_id,
        message_hash=message_hash,
        platform_order=_LAST_IN_ORDER,
        status="waiting",
        payload=ring.seal_text(payload, Place("inbox", "payload", inbox_id)),
        arrived_at=now,
        tries=0,
    )
    return True


def drop_silence(session: Session, chat_id: int, *, wake_at: int) -> None:
    """Of a chat that does not open: nobody can end it, and it must not come up again every second."""
    _WOKEN.run(session, chat_id=chat_id, wake_at=wake_at).fetchone()


def _owner(session: Session, chat: tuple[Any, ...]) -> tuple[int, Ring, bool]:
    chat_id, data_key, takes_names = chat[0], chat[-2], chat[-1]
    return int(chat_id), vault_of(session).unwrap(data_key, chat_key_place(chat_id)), bool(takes_names)


def _find_or_open_chat(session: Session, message: NewMessage) -> tuple[int, Ring, bool]:
    """Locked against its lane's holder, who looks for more messages after changing this row."""
    found = _CHAT_BY_HASH.run(session, chat_hash=message.chat_hash).fetchone()
    if found is not None and found[1] is None:
        return _owner(session, found)
    if found is not None:  # Contact was cut, and its last answer is still on its way: whoever writes now is somebody new.
        _FORGET_HASH.run(session, chat_id=found[0])
    chat_id, ring = message.chat_id_if_new, Ring.fresh()
    blocked = _BLOCKED.run(session, chat_hash=message.chat_hash, now=message.now).fetchone()
    _INSERT_CHAT.run(
        session,
        id=chat_id,
        ward_id=message.ward_id,
        channel=message.channel,
        chat_hash=message.chat_hash,
        data_key=vault_of(session).wrap(ring, chat_key_place(chat_id)),
        address=ring.seal_text(message.address, Place("chats", "address", chat_id)),
        language="vi",
        state=None,
        takes_names=False,
        reseal_due=False,
        created_at=message.now,
        in_lease=0,
        in_fence=0,
        out_lease=0,
        out_fence=0,
        thread_seq=0,
        wake_for="",
        blocked_until=blocked[0] if blocked else None,
    )
    return chat_id, ring, False


def claim_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    """The lane, if it is free. On PostgreSQL a chat that another worker is just taking is skipped, not waited for."""
    if _LOCK_FREE_IN.run(session, chat_id=chat_id, now=now).fetchone() is None:
        return None
    return _take_in(session, chat_id, holder=holder, now=now)


def _take_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    if _ANY_IN.run(session, chat_id=chat_id).fetchone() is None:
        return None
    return _lane(session, _CLAIM_IN.run(session, chat_id=chat_id, holder=holder, lease=now + IN_LEASE_MS).fetchone())


def _lane(session: Session, chat: tuple[Any, ...]) -> InLane:
    chat_id, ward_id, channel, fence, sealed_state, blocked_until, data_key, _takes_names = chat
    ring = vault_of(session).unwrap(data_key, chat_key_place(chat_id))
    state = _state(ring, chat_id, sealed_state)
    rows = _waiting_in(session, chat_id, ring)
    return InLane(
        chat_id=chat_id, ward_id=ward_id, channel=channel, fence=fence, ring=ring, state=state, rows=rows, blocked_until=blocked_until or 0
    )


def _waiting_in(session: Session, chat_id: int, ring: Ring) -> tuple[WaitingMessage, ...]:
    rows = _WAITING_IN.run(session, chat_id=chat_id).fetchall()
    return tuple(WaitingMessage(row_id, _payload(ring, row_id, sealed), arrived_at, tries) for row_id, sealed, arrived_at, tries in rows)


def _payload(ring: Ring, row_id: int, sealed: bytes) -> str:
    """Empty for one that somebody changed: reading it fails, and it is set aside like any that breaks our code."""
    try:
        return ring.open_text(sealed, Place("inbox", "payload", row_id))
    except Sealed:
        return ""


def _state(ring: Ring, chat_id: int, sealed: bytes | None) -> dict[str, Any]:
    """Empty for one that somebody changed: this talk begins anew, for otherwise no message of this person would be taken any more."""
    try:
        state: dict[str, Any] = ring.open_json(sealed, _state_place(chat_id)) if sealed else {}
    except Sealed:
        return {}
    return state


def _state_place(chat_id: int) -> Place:
    return Place("chats", "state", chat_id)


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
    wake: tuple[int, str] | None = None,
    heard_at: int | None = None,
    window_from: int | None = None,
) -> OutLane | None:
    """The first statement of every decision's commit. With a token: the out lane of this chat too, if it is free, still empty.
    `window_from`: on a channel where nobody may be written to for ever, since when this message lets us answer."""
    values: dict[str, Any] = {
        "chat_id": lane.chat_id,
        "fence": lane.fence,
        "holder": holder,
        "state": lane.ring.seal_json(state, _state_place(lane.chat_id)),
        "language": language,
        "takes_names": bool(state.get("takes_names", False)),
        "heard_at": heard_at,
        "window_from": window_from,
        "wake_at": wake[0] if wake else None,
        "wake_for": wake[1] if wake else "",
        "lease": 0 if is_last else now + IN_LEASE_MS,
    }
    if out_token:
        values |= {"now": now, "token": out_token, "out_lease": now + OUT_LEASE_MS}
    kept = (_KEEP_IN_TAKE_OUT if out_token else _KEEP_IN).run(session, **values).fetchone()
    if kept is None:
        raise StaleLane
    _HANDLED.run(session, row_id=row_id, now=now)
    if window_from is not None:
        _GO_ON.run(session, chat_id=lane.chat_id, now=now)
    out_holder, out_fence, address = kept
    if not out_token or out_holder != out_token:
        return None
    return OutLane(
        chat_id=lane.chat_id,
        channel=lane.channel,
        address=_address(lane.ring, lane.chat_id, address),
        fence=out_fence,
        ring=lane.ring,
        rows=(),
    )


def more_messages(session: Session, lane: InLane, *, now: int) -> tuple[WaitingMessage, ...]:
    """After the last one: what came in meanwhile. If anything did, the lane stays ours."""
    more = _waiting_in(session, lane.chat_id, lane.ring)
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


def state_of(session: Session, chat_id: int) -> dict[str, Any]:
    """Only to look at: whoever decides takes the lane first."""
    row = _STATE.run(session, chat_id=chat_id).fetchone()
    return _state(vault_of(session).unwrap(row[1], chat_key_place(chat_id)), chat_id, row[0]) if row else {}


def change_state(session: Session, chat_id: int, change: Callable[[dict[str, Any]], dict[str, Any]], *, now: int) -> bool:
    """Housekeeping in a conversation that rests. False while somebody holds the lane; the fence rises, as with any holder."""
    row = _REST_IN.run(session, chat_id=chat_id, now=now).fetchone()
    if row is None:
        return False
    sealed, data_key = row
    if sealed is not None and data_key is not None:
        ring = vault_of(session).unwrap(data_key, chat_key_place(chat_id))
        state = change(_state(ring, chat_id, sealed))
        _NEW_STATE.run(session, chat_id=chat_id, state=ring.seal_json(state, _state_place(chat_id)))
    return True


# -- what goes out -----------------------------------------------------------------------------------------------------


def queue_replies(session: Session, rows: list[dict[str, Any]], *, ring: Ring | None = None) -> None:
    """Under the chat's ring, which the conversation has in hand; else under the ring of the tip that each answer is about."""
    for row in rows:
        under = ring or tip_ring(session, row["tip_id"])
        reply = under.seal_json(row["reply"], _reply_place(row["id"]))
        _INSERT_OUT.run(session, **{**row, "reply": reply, "sealed_under": "chat" if ring else "tip", "paid": 0})


def _reply_place(row_id: int) -> Place:
    return Place("outbox", "reply", row_id)


def claim_out(session: Session, chat_id: int, *, token: str, now: int) -> OutLane | None:
    if _LOCK_FREE_OUT.run(session, chat_id=chat_id, now=now).fetchone() is None:
        return None
    if not _may_go(_WAITING_OUT.run(session, chat_id=chat_id).fetchall(), now=now):
        return None
    channel, address, fence, data_key = _CLAIM_OUT.run(session, chat_id=chat_id, token=token, lease=now + OUT_LEASE_MS).fetchone()
    ring = vault_of(session).unwrap(data_key, chat_key_place(chat_id))
    rows = _sendable(session, chat_id, ring, now=now)
    return OutLane(chat_id=chat_id, channel=channel, address=_address(ring, chat_id, address), fence=fence, ring=ring, rows=rows)


def lock_out(session: Session, chat_id: int, *, now: int) -> bool:
    """False while somebody writes there."""
    return _LOCK_FREE_OUT.run(session, chat_id=chat_id, now=now).fetchone() is not None


def claim_for_one(session: Session, chat_id: int, *, token: str, now: int) -> tuple[OutLane, Ring | None]:
    """A lane that was just locked, for one row that whoever asks has in hand. No ring: contact was cut, or the key does not open."""
    channel, address, fence, data_key = _CLAIM_OUT.run(session, chat_id=chat_id, token=token, lease=now + OUT_LEASE_MS).fetchone()
    ring, to = None, ""
    try:
        ring = vault_of(session).unwrap(data_key, chat_key_place(chat_id))
        to = _address(ring, chat_id, address)
    except (Sealed, Shredded, WrongMaster):
        ring = None
    return OutLane(chat_id=chat_id, channel=channel, address=to, fence=fence, ring=ring or _NO_RING, rows=()), ring


def let_go(session: Session, lane: OutLane) -> bool:
    """False when it is somebody else's by now."""
    return bool(_SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0).rowcount == 1)


def _address(ring: Ring, chat_id: int, sealed: bytes | None) -> str:
    return ring.open_text(sealed, Place("chats", "address", chat_id)) if sealed else ""


def fill_out(session: Session, lane: OutLane, *, now: int) -> OutLane | None:
    """What waits in an out lane that was just claimed; None, and the lane free again, when the first row may not go yet."""
    rows = _sendable(session, lane.chat_id, lane.ring, now=now)
    if not rows:
        _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0)
        return None
    return replace(lane, rows=rows)


def _sendable(session: Session, chat_id: int, ring: Ring, *, now: int) -> tuple[WaitingReply, ...]:
    rows = _WAITING_OUT.run(session, chat_id=chat_id).fetchall()
    return tuple(opened(session, row, ring) for row in rows) if _may_go(rows, now=now) else ()


def _may_go(rows: list[tuple[Any, ...]], *, now: int) -> bool:
    """A row that must wait holds back those behind it: within a chat nothing overtakes. One that would wait longer than anything ever
    does was put there before the machine's clock was set back, and goes now."""
    return bool(rows) and not now < rows[0][3] <= now + LONGEST_PAUSE_MS


def opened(session: Session, row: tuple[Any, ...], ring: Ring) -> WaitingReply:
    row_id, sealed, tries, _due_at, sealed_under, tip_id, is_pressing = row
    try:
        under = ring if sealed_under == "chat" else tip_ring(session, tip_id)
        return WaitingReply(row_id, under.open_json(sealed, _reply_place(row_id)), tries, bool(is_pressing))
    except (Sealed, Shredded):  # What it was about is gone; delivery notes that it could not be sent.
        return WaitingReply(row_id, None, tries, bool(is_pressing))


def settle(
    session: Session, lane: OutLane, row_id: int, *, outcome: str, reason: str | None, is_last: bool, now: int, sent_as: str = ""
) -> tuple[bool, tuple[WaitingReply, ...]]:
    """Note the outcome. (False, ()) when the lane is somebody else's by now; after the last row, what has come to wait meanwhile."""
    lease = 0 if is_last else now + OUT_LEASE_MS
    kept = _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=lease).rowcount == 1
    _SETTLED.run(session, row_id=row_id, outcome=outcome, reason=reason, sent_as=sent_as, now=now)
    more = _sendable(session, lane.chat_id, lane.ring, now=now) if kept and is_last else ()
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


def postpone(session: Session, lane: OutLane, row_id: int, *, due_at: int, reason: str, counts: bool = True) -> None:
    if _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0).rowcount == 1:
        _POSTPONED.run(session, row_id=row_id, due_at=due_at, reason=reason, tries=int(counts))


def park(session: Session, lane: OutLane, row_id: int, *, reason: str, now: int, is_closed: bool = False) -> None:
    """Until this person writes. Whoever wrote while the platform was saying no has opened the window: then it is tried once more soon.
    `is_closed`: nothing at all can be sent there, and so the next answer need not be tried."""
    if _SET_OUT_LEASE.run(session, chat_id=lane.chat_id, fence=lane.fence, lease=0).rowcount != 1:
        return
    if _PARKED.run(session, row_id=row_id, reason=reason, just_now=now - JUST_NOW_MS).rowcount:
        if is_closed:
            _CLOSED.run(session, chat_id=lane.chat_id)
    else:
        _POSTPONED.run(session, row_id=row_id, due_at=now + 5 * moments.SECOND, reason=reason, tries=1)


def chats_with_due_replies(session: Session, *, now: int) -> list[int]:
    """Those with something pressing first: with thousands waiting, as after an outage, the rest comes with the next looks."""
    is_due = not_(OUTBOX.c.due_at.between(now + 1, now + LONGEST_PAUSE_MS))
    query = (
        select(OUTBOX.c.chat_id)
        .join(CHATS, CHATS.c.id == OUTBOX.c.chat_id)
        .where(OUTBOX.c.status == "waiting", OUTBOX.c.rule != "ask", is_due, CHATS.c.out_lease < now)
        .distinct()
        .limit(_MOST_DUE)
    )
    pressing = list(session.execute(query.where(OUTBOX.c.is_pressing)).scalars())
    return list(dict.fromkeys([*pressing, *session.execute(query).scalars()]))[:_MOST_DUE]


def free_all_lanes(session: Session) -> None:
    """Only for who holds the data lock: every holder of before is dead."""
    session.execute(update(CHATS).values(in_lease=0, out_lease=0))
