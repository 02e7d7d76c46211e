"""Groups in which the bot stands: the code that links one to a neighbourhood, what the platform tells of it, and where it moves.

A group's chat is a chat like any other: its address is sealed there, and only delivery and the look at the platform open it.
"""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import and_, case, or_, select, update
from sqlmodel import Session

from storage.queries import contact
from storage.queries.rings import chat_ring
from storage.quick import Quick, insert
from storage.tables import Chat, ChatGroup
from storage.tables.columns import table_of
from storage.vault import Place, Sealed, Shredded, WrongMaster

GROUPS, CHATS = table_of(ChatGroup), table_of(Chat)
_FORGET_CODES = Quick("DELETE FROM group_codes WHERE ward_id = :ward_id AND made_at < :before")
_INSERT_CODE = insert("group_codes", "id", "ward_id", "code_hash", "neighbourhood_id", "made_by", "made_at")
_LIVES = (
    " WHERE ward_id = :ward_id AND code_hash = :code_hash AND used_at IS NULL AND made_at > :since"
    " AND EXISTS (SELECT 1 FROM officers f WHERE f.id = group_codes.made_by AND f.disabled_at IS NULL)"
)
_CODE = Quick(f"SELECT neighbourhood_id, made_by FROM group_codes{_LIVES}")
_USE_CODE = Quick(f"UPDATE group_codes SET used_at = :now{_LIVES} RETURNING neighbourhood_id, made_by")
_INSERT_GROUP = insert(
    "chat_groups",
    *("id", "ward_id", "chat_id", "channel", "title", "neighbourhood_id", "members", "trouble", "trouble_at", "linked_at", "linked_by"),
    *("ended_at", "looked_at"),
)
_CHAT_OF_HASH = Quick("SELECT id FROM chats WHERE chat_hash = :chat_hash")
_FORGET_HASH = Quick("UPDATE chats SET chat_hash = NULL WHERE id = :chat_id")
_MOVE = Quick("UPDATE chats SET chat_hash = :chat_hash, address = :address WHERE id = :chat_id AND cut_at IS NULL RETURNING id")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    """A code that somebody typed and that still counts."""

    neighbourhood_id: int | None  # None: the whole ward.
    made_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSeen:
    id: int
    chat_id: int
    channel: str
    title: str
    neighbourhood_id: int | None
    members: int | None
    trouble: str
    trouble_at: int | None
    linked_at: int
    linked_by: int
    ended_at: int | None

    @property
    def is_linked(self) -> bool:
        return self.ended_at is None


_SEEN = [GROUPS.c[one.name] for one in fields(GroupSeen)]


# -- codes ---------------------------------------------------------------------------------------------------------------------


def keep_code(
    session: Session, ward_id: int, *, row_id: int, code_hash: str, neighbourhood_id: int | None, made_by: int, now: int, forget_before: int
) -> None:
    _FORGET_CODES.run(session, ward_id=ward_id, before=forget_before)
    more = {"neighbourhood_id": neighbourhood_id, "made_by": made_by, "made_at": now}
    _INSERT_CODE.run(session, id=row_id, ward_id=ward_id, code_hash=code_hash, **more)


def code_of(session: Session, ward_id: int, code_hash: str, *, since: int) -> CodeSeen | None:
    row = _CODE.run(session, ward_id=ward_id, code_hash=code_hash, since=since).fetchone()
    return CodeSeen(neighbourhood_id=row[0], made_by=row[1]) if row else None


def use_code(session: Session, ward_id: int, code_hash: str, *, since: int, now: int) -> CodeSeen | None:
    """Once: of two groups that send it at the same moment one is linked."""
    row = _USE_CODE.run(session, ward_id=ward_id, code_hash=code_hash, since=since, now=now).fetchone()
    return CodeSeen(neighbourhood_id=row[0], made_by=row[1]) if row else None


# -- groups --------------------------------------------------------------------------------------------------------------------


def of_chat(session: Session, ward_id: int, chat_id: int) -> GroupSeen | None:
    """Also one that has ended."""
    return _one(session, GROUPS.c.chat_id == chat_id, GROUPS.c.ward_id == ward_id)


def one(session: Session, ward_id: int, group_id: int) -> GroupSeen | None:
    return _one(session, GROUPS.c.id == group_id, GROUPS.c.ward_id == ward_id)


def listed(session: Session, ward_id: int, *, most: int = 500) -> list[GroupSeen]:
    """Those that run first, each as the platform last called it; then those that were lost or ended, newest first."""
    query = select(*_SEEN).where(GROUPS.c.ward_id == ward_id)
    order = (GROUPS.c.ended_at.is_not(None), GROUPS.c.ended_at.desc(), GROUPS.c.neighbourhood_id, GROUPS.c.title, GROUPS.c.id)
    return [GroupSeen(**row) for row in session.execute(query.order_by(*order).limit(most)).mappings()]


def link(session: Session, ward_id: int, *, row_id: int, chat_id: int, channel: str, title: str, code: CodeSeen, now: int) -> int:
    """One row for each group, however often it is linked. Its id."""
    fresh: dict[str, Any] = {"neighbourhood_id": code.neighbourhood_id, "linked_by": code.made_by, "linked_at": now}
    fresh |= {"channel": channel, "trouble": "", "trouble_at": None, "ended_at": None, "looked_at": None}
    known = session.execute(
        update(GROUPS)
        .where(GROUPS.c.chat_id == chat_id, GROUPS.c.ward_id == ward_id)
        .values(**fresh, title=case((GROUPS.c.title == "", title), else_=title or GROUPS.c.title))
        .returning(GROUPS.c.id)
    ).scalar_one_or_none()
    if known is not None:
        return int(known)
    _INSERT_GROUP.run(session, id=row_id, ward_id=ward_id, chat_id=chat_id, title=title, members=None, **fresh)
    return row_id


def change(session: Session, group_id: int, **values: Any) -> None:
    session.execute(update(GROUPS).where(GROUPS.c.id == group_id).values(**values))


def end(session: Session, group_id: int, *, now: int, trouble: str = "") -> bool:
    """Nothing goes there any more. False: it had ended before."""
    values: dict[str, Any] = {"ended_at": now, "trouble": trouble, "trouble_at": now if trouble else None}
    done = session.execute(
        update(GROUPS).where(GROUPS.c.id == group_id, GROUPS.c.ended_at.is_(None)).values(**values).returning(GROUPS.c.id)
    )
    return done.first() is not None


def _one(session: Session, *which: Any) -> GroupSeen | None:
    row = session.execute(select(*_SEEN).where(*which)).mappings().first()
    return GroupSeen(**row) if row else None


# -- where it is ---------------------------------------------------------------------------------------------------------------


def move_chat(session: Session, chat_id: int, *, chat_hash: str, address: str, now: int) -> bool:
    """The group goes on under another address, and its chat with it, so that what it was sent and what it is yet to be sent stay in one
    row. A chat that was opened under the new address meanwhile says nothing any more. False: that one is linked itself."""
    other = _CHAT_OF_HASH.run(session, chat_hash=chat_hash).fetchone()
    if other is not None and other[0] != chat_id:
        linked = session.execute(select(GROUPS.c.id).where(GROUPS.c.chat_id == other[0], GROUPS.c.ended_at.is_(None))).first()
        if linked is not None:
            return False
        contact.cut(session, other[0], now=now)
        _FORGET_HASH.run(session, chat_id=other[0])
    sealed = chat_ring(session, chat_id).seal_text(address, Place("chats", "address", chat_id))
    return _MOVE.run(session, chat_id=chat_id, chat_hash=chat_hash, address=sealed).fetchone() is not None


@dataclass(frozen=True, slots=True)
class ToLookAt:
    group_id: int
    chat_id: int
    channel: str
    address: str


def to_look_at(session: Session, ward_id: int, *, channels: tuple[str, ...], before: int, most: int) -> list[ToLookAt]:
    """Linked groups of which the platform was not asked since then; those that never were come first."""
    query = (
        select(GROUPS.c.id, GROUPS.c.chat_id, GROUPS.c.channel, CHATS.c.address)
        .join(CHATS, CHATS.c.id == GROUPS.c.chat_id)
        .where(GROUPS.c.ward_id == ward_id, GROUPS.c.ended_at.is_(None), GROUPS.c.channel.in_(channels))
        .where(
            or_(GROUPS.c.looked_at.is_(None), GROUPS.c.looked_at < before), and_(CHATS.c.data_key.is_not(None), CHATS.c.cut_at.is_(None))
        )
        .order_by(GROUPS.c.looked_at.is_not(None), GROUPS.c.looked_at, GROUPS.c.id)
        .limit(most)
    )
    found = []
    for group_id, chat_id, channel, sealed in session.execute(query):
        try:
            address = chat_ring(session, chat_id).open_text(sealed, Place("chats", "address", chat_id))
        except (Sealed, Shredded, WrongMaster):
            continue
        found.append(ToLookAt(group_id, chat_id, channel, address))
    return found
