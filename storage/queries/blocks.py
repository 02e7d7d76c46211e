"""Senders that are set apart for a while. A keyed hash and an end: nobody at the desk learns whose."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, select
from sqlmodel import Session, col

from storage.queries.history import secret_place
from storage.queries.one_tip import tip_row
from storage.queries.sight import Sight
from storage.queries.tips import Reader
from storage.quick import Quick
from storage.tables import Block, Chat, HistoryRow, Tip
from storage.vault import Sealed

_HASH = Quick("SELECT c.chat_hash, c.id FROM tips t JOIN chats c ON c.id = t.chat_id WHERE t.id = :tip_id AND t.ward_id = :ward_id")
_KNOWN = Quick("SELECT id FROM blocks WHERE chat_hash = :chat_hash")
_AGAIN = Quick(
    "UPDATE blocks SET until = :until, tip_id = :tip_id, set_by = :officer_id, created_at = :now, lifted_at = NULL WHERE id = :block_id"
)
_UNTIL = Quick("UPDATE chats SET blocked_until = :until WHERE id = :chat_id")
# Its end is now, so that the hash goes with the next sweep.
_LIFT = Quick(
    "UPDATE blocks SET lifted_at = :now, until = :now WHERE id = :block_id AND ward_id = :ward_id AND lifted_at IS NULL AND until > :now"
    " RETURNING chat_hash, tip_id"
)
_FREE = Quick("UPDATE chats SET blocked_until = NULL WHERE chat_hash = :chat_hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSeen:
    id: int
    until: int
    set_by: int | None
    created_at: int | None
    tip_id: int | None  # Where it was set; None once contact was cut.
    tail: str
    reason: str


def keep_block(session: Session, ward_id: int, *, block_id: int, tip_id: int, until: int, officer_id: int, now: int) -> int | None:
    """The id of the block; a second one for the same sender takes the place of the first. None: contact was cut."""
    found = _HASH.run(session, tip_id=tip_id, ward_id=ward_id).fetchone()
    if found is None or found[0] is None:
        return None
    chat_hash, chat_id = found
    known = _KNOWN.run(session, chat_hash=chat_hash).fetchone()
    if known is not None:
        block_id = known[0]
        _AGAIN.run(session, block_id=block_id, until=until, tip_id=tip_id, officer_id=officer_id, now=now)
    else:
        session.add(Block(id=block_id, ward_id=ward_id, chat_hash=chat_hash, until=until, tip_id=tip_id, set_by=officer_id, created_at=now))
        session.flush()
    _UNTIL.run(session, chat_id=chat_id, until=until)
    return block_id


def lift(session: Session, ward_id: int, block_id: int, *, now: int) -> tuple[int | None] | None:
    """(the tip it was set at,); None when it is over already."""
    row = _LIFT.run(session, block_id=block_id, ward_id=ward_id, now=now).fetchone()
    if row is None:
        return None
    _FREE.run(session, chat_hash=row[0])
    return (row[1],)


def running_blocks(session: Session, sight: Sight, *, now: int) -> list[BlockSeen]:
    """Where one was set that may not be read any more, is not told."""
    query = select(Block, Tip).outerjoin(Tip, col(Tip.id) == col(Block.tip_id)).where(*_runs(sight.ward_id, now))
    found = session.execute(query.order_by(col(Block.until)))
    return [_seen(session, block, tip if tip is not None and sight.reads(tip) else None) for block, tip in found]


def block_of_tip(session: Session, ward_id: int, tip_id: int, *, now: int) -> BlockSeen | None:
    """The block that runs for whoever sent this tip, wherever it was set."""
    block = session.execute(_OF_TIP, {"ward": ward_id, "tip": tip_id, "now": now}).scalars().first()
    if block is None:
        return None
    tip = tip_row(session, ward_id, tip_id)
    # Set elsewhere, it does not tell where: two tips of one sender would be tied together.
    return _seen(session, block, tip if block.tip_id == tip_id else None)


def _runs(ward_id: Any, now: Any) -> tuple[Any, ...]:
    return col(Block.ward_id) == ward_id, col(Block.lifted_at).is_(None), col(Block.until) > now


_OF_TIP = (
    select(Block)
    .join(Chat, col(Chat.chat_hash) == col(Block.chat_hash))
    .join(Tip, col(Tip.chat_id) == col(Chat.id))
    .where(*_runs(bindparam("ward", type_=BigInteger), bindparam("now", type_=BigInteger)))
    .where(col(Tip.id) == bindparam("tip", type_=BigInteger))
)


def _seen(session: Session, block: Block, tip: Tip | None) -> BlockSeen:
    return BlockSeen(
        id=block.id,
        until=block.until,
        set_by=block.set_by,
        created_at=block.created_at,
        tip_id=tip.id if tip else None,
        tail=tip.code_tail if tip else "",
        reason=_reason(session, tip) if tip else "",
    )


def _reason(session: Session, tip: Tip) -> str:
    """The last one given there; sealed under the tip's ring, in the history."""
    query = select(HistoryRow).where(col(HistoryRow.tip_id) == tip.id, col(HistoryRow.what) == "blocked")
    row = session.execute(query.order_by(col(HistoryRow.id).desc()).limit(1)).scalar_one_or_none()
    ring = Reader.of(session, tip).ring
    try:
        return ring.open_text(row.secret, secret_place(row.id)) if row and row.secret and ring else ""
    except Sealed:
        return ""
