"""Two lanes per chat: what comes in, and what goes out.

A lane is held by lease and fence, both in the chat's row. Every function here that touches a lane locks or changes that row
first, so on PostgreSQL two transactions of one chat follow one another, and no message can slip in unseen between
"nothing waits any more" and "the lane is free".
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, insert, select, update
from sqlmodel import Session

from storage import moments
from storage.tables import Chat, InboxRow, OutboxRow, Tip
from storage.tables.columns import table_of

# A holder that died keeps others waiting so long; one that merely slept finds its commit refused by the fence.
IN_LEASE_MS = 5 * moments.SECOND
# Renewed while a send takes long, or a slow platform would get everything twice.
OUT_LEASE_MS = 8 * moments.SECOND
_MOST_AT_ONCE = 20

CHATS, INBOX, OUTBOX, TIPS = table_of(Chat), table_of(InboxRow), table_of(OutboxRow), table_of(Tip)


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
    last_tip: tuple[int, int | None] | None  # (arrived_at, accepted_at) of the tip this chat sent last.


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


# Built once: a statement of SQLAlchemy costs more to build than to run.
_KNOWN_MESSAGE = select(INBOX.c.chat_id).where(INBOX.c.message_hash == bindparam("message_hash"))
_CHAT_BY_HASH = select(CHATS.c.id, CHATS.c.in_lease).where(CHATS.c.chat_hash == bindparam("chat_hash")).with_for_update()
_LOCK_FREE_IN = (
    select(CHATS.c.id).where(CHATS.c.id == bindparam("chat_id"), CHATS.c.in_lease < bindparam("moment")).with_for_update(skip_locked=True)
)
_CLAIM_IN = (
    update(CHATS)
    .where(CHATS.c.id == bindparam("chat_id"))
    .values(in_holder=bindparam("holder"), in_lease=bindparam("lease"), in_fence=CHATS.c.in_fence + 1)
    .returning(CHATS.c.ward_id, CHATS.c.channel, CHATS.c.in_fence, CHATS.c.state)
)
_WAITING_IN = (
    select(INBOX.c.id, INBOX.c.payload, INBOX.c.arrived_at, INBOX.c.tries)
    .where(INBOX.c.chat_id == bindparam("chat_id"), INBOX.c.status == "waiting")
    .order_by(INBOX.c.platform_order, INBOX.c.id)
    .limit(_MOST_AT_ONCE)
)
_LAST_TIP = select(TIPS.c.arrived_at, TIPS.c.accepted_at).where(TIPS.c.id == bindparam("tip_id"))
_KEEP_IN = (
    update(CHATS)
    .where(CHATS.c.id == bindparam("chat_id"), CHATS.c.in_fence == bindparam("fence"), CHATS.c.in_holder == bindparam("holder"))
    .values(state=bindparam("new_state"), language=bindparam("new_language"), last_in_at=bindparam("moment"), in_lease=bindparam("lease"))
    .returning(CHATS.c.out_lease)
)
_HANDLED = update(INBOX).where(INBOX.c.id == bindparam("row")).values(status="done", payload=None, done_at=bindparam("moment"))
_FREE_IN = update(CHATS).where(CHATS.c.id == bindparam("chat_id"), CHATS.c.in_fence == bindparam("fence")).values(in_lease=0)
_LOCK_FREE_OUT = (
    select(CHATS.c.id).where(CHATS.c.id == bindparam("chat_id"), CHATS.c.out_lease < bindparam("moment")).with_for_update(skip_locked=True)
)
_WAITING_OUT = (
    select(OUTBOX.c.id, OUTBOX.c.reply, OUTBOX.c.tries, OUTBOX.c.due_at)
    .where(OUTBOX.c.chat_id == bindparam("chat_id"), OUTBOX.c.status == "waiting")
    .order_by(OUTBOX.c.id)
    .limit(_MOST_AT_ONCE)
)
_CLAIM_OUT = (
    update(CHATS)
    .where(CHATS.c.id == bindparam("chat_id"))
    .values(out_holder=bindparam("holder"), out_lease=bindparam("lease"), out_fence=CHATS.c.out_fence + 1)
    .returning(CHATS.c.channel, CHATS.c.address, CHATS.c.out_fence)
)
_KEEP_OUT = (
    update(CHATS)
    .where(CHATS.c.id == bindparam("chat_id"), CHATS.c.out_fence == bindparam("fence"), CHATS.c.out_holder == bindparam("holder"))
    .values(out_lease=bindparam("lease"))
)
_SETTLED = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"))
    .values(status=bindparam("outcome"), error=bindparam("reason"), reply=None, settled_at=bindparam("moment"))
)
_POSTPONED = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("row"))
    .values(tries=OUTBOX.c.tries + 1, due_at=bindparam("due"), error=bindparam("reason"))
)
_INSERT_CHAT, _INSERT_IN, _INSERT_OUT = insert(CHATS), insert(INBOX), insert(OUTBOX)


# -- what comes in -----------------------------------------------------------------------------------------------------


def store_message(session: Session, message: NewMessage, *, holder: str | None) -> tuple[int | None, InLane | None]:
    """Keep it once. (None, None) for a repeat; with a holder, a free lane is claimed in the same breath."""
    if session.execute(_KNOWN_MESSAGE, {"message_hash": message.message_hash}).first():
        return None, None
    chat = session.execute(_CHAT_BY_HASH, {"chat_hash": message.chat_hash}).first()
    chat_id = chat.id if chat else _open_chat(session, message)
    session.execute(
        _INSERT_IN,
        {
            "id": message.inbox_id,
            "ward_id": message.ward_id,
            "chat_id": chat_id,
            "message_hash": message.message_hash,
            "platform_order": message.platform_order,
            "status": "waiting",
            "payload": message.payload,
            "arrived_at": message.now,
            "tries": 0,
        },
    )
    if holder is None or (chat is not None and chat.in_lease >= message.now):
        return chat_id, None
    return chat_id, _take_in(session, chat_id, holder=holder, now=message.now)


def _open_chat(session: Session, message: NewMessage) -> int:
    session.execute(
        _INSERT_CHAT,
        {
            "id": message.chat_id_if_new,
            "ward_id": message.ward_id,
            "channel": message.channel,
            "chat_hash": message.chat_hash,
            "address": message.address,
            "language": "vi",
            "state": {},
            "created_at": message.now,
            "in_lease": 0,
            "in_fence": 0,
            "out_lease": 0,
            "out_fence": 0,
            "thread_seq": 0,
        },
    )
    return message.chat_id_if_new


def claim_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    """The lane, if it is free. On PostgreSQL a chat that another worker is just taking is skipped, not waited for."""
    if session.execute(_LOCK_FREE_IN, {"chat_id": chat_id, "moment": now}).first() is None:
        return None
    return _take_in(session, chat_id, holder=holder, now=now)


def _take_in(session: Session, chat_id: int, *, holder: str, now: int) -> InLane | None:
    rows = waiting_messages(session, chat_id)
    if not rows:
        return None
    chat = session.execute(_CLAIM_IN, {"chat_id": chat_id, "holder": holder, "lease": now + IN_LEASE_MS}).one()
    state = chat.state or {}
    last = state.get("last_tip")
    tip = session.execute(_LAST_TIP, {"tip_id": last["tip_id"]}).first() if last else None
    return InLane(
        chat_id=chat_id,
        ward_id=chat.ward_id,
        channel=chat.channel,
        fence=chat.in_fence,
        state=state,
        rows=rows,
        last_tip=(tip.arrived_at, tip.accepted_at) if tip else None,
    )


def waiting_messages(session: Session, chat_id: int) -> tuple[WaitingMessage, ...]:
    return tuple(
        WaitingMessage(row.id, row.payload or "", row.arrived_at, row.tries) for row in session.execute(_WAITING_IN, {"chat_id": chat_id})
    )


def keep_state(
    session: Session, lane: InLane, *, holder: str, state: dict[str, Any], language: str, row_id: int, release: bool, now: int
) -> bool:
    """The first statement of every decision's commit. True: the out lane of this chat is free."""
    kept = session.execute(
        _KEEP_IN,
        {
            "chat_id": lane.chat_id,
            "fence": lane.fence,
            "holder": holder,
            "new_state": state,
            "new_language": language,
            "moment": now,
            "lease": 0 if release else now + IN_LEASE_MS,
        },
    ).first()
    if kept is None:
        raise StaleLane
    session.execute(_HANDLED, {"row": row_id, "moment": now})
    return bool(kept.out_lease < now)


def hold_in(session: Session, lane: InLane, *, holder: str, now: int) -> None:
    """More came in meanwhile: the lane stays ours."""
    session.execute(
        update(CHATS)
        .where(CHATS.c.id == lane.chat_id, CHATS.c.in_fence == lane.fence, CHATS.c.in_holder == holder)
        .values(in_lease=now + IN_LEASE_MS)
    )


def note_failure(session: Session, lane: InLane, row_id: int, *, error_id: str, set_aside: bool) -> None:
    session.execute(_FREE_IN, {"chat_id": lane.chat_id, "fence": lane.fence})
    session.execute(
        update(INBOX)
        .where(INBOX.c.id == row_id)
        .values(tries=INBOX.c.tries + 1, status=case((bindparam("aside"), "set_aside"), else_="waiting"), error_id=error_id),
        {"aside": set_aside},
    )


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
    session.execute(_INSERT_OUT, rows)


def claim_out(session: Session, chat_id: int, *, holder: str, now: int) -> OutLane | None:
    if session.execute(_LOCK_FREE_OUT, {"chat_id": chat_id, "moment": now}).first() is None:
        return None
    return take_out(session, chat_id, holder=holder, now=now)


def take_out(session: Session, chat_id: int, *, holder: str, now: int) -> OutLane | None:
    """For who has the chat's row locked and found its out lane free."""
    rows = _sendable(session, chat_id, now=now)
    if not rows:
        return None
    chat = session.execute(_CLAIM_OUT, {"chat_id": chat_id, "holder": holder, "lease": now + OUT_LEASE_MS}).one()
    return OutLane(chat_id=chat_id, channel=chat.channel, address=chat.address, fence=chat.out_fence, rows=rows)


def _sendable(session: Session, chat_id: int, *, now: int) -> tuple[WaitingReply, ...]:
    """A row that must wait holds back those behind it: within a chat nothing overtakes."""
    rows = session.execute(_WAITING_OUT, {"chat_id": chat_id}).all()
    if not rows or rows[0].due_at > now:
        return ()
    return tuple(WaitingReply(row.id, row.reply, row.tries) for row in rows)


def settle(
    session: Session, lane: OutLane, row_id: int, *, holder: str, outcome: str, reason: str | None, is_last: bool, now: int
) -> tuple[bool, tuple[WaitingReply, ...]]:
    """Note the outcome. (False, ()) when the lane is somebody else's by now; after the last row, what has come to wait meanwhile."""
    lease = 0 if is_last else now + OUT_LEASE_MS
    kept = session.execute(_KEEP_OUT, {"chat_id": lane.chat_id, "fence": lane.fence, "holder": holder, "lease": lease})
    session.execute(_SETTLED, {"row": row_id, "outcome": outcome, "reason": reason, "moment": now})
    if kept.rowcount != 1:  # type: ignore[attr-defined]  # An UPDATE always answers with a CursorResult.
        return False, ()
    more = _sendable(session, lane.chat_id, now=now) if is_last else ()
    if more:
        session.execute(_KEEP_OUT, {"chat_id": lane.chat_id, "fence": lane.fence, "holder": holder, "lease": now + OUT_LEASE_MS})
    return True, more


def renew_out(session: Session, chat_ids: list[int], *, holder: str, now: int) -> None:
    session.execute(update(CHATS).where(CHATS.c.id.in_(chat_ids), CHATS.c.out_holder == holder).values(out_lease=now + OUT_LEASE_MS))


def postpone(session: Session, lane: OutLane, row_id: int, *, holder: str, due_at: int, reason: str) -> None:
    session.execute(_KEEP_OUT, {"chat_id": lane.chat_id, "fence": lane.fence, "holder": holder, "lease": 0})
    session.execute(_POSTPONED, {"row": row_id, "due": due_at, "reason": reason})


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
