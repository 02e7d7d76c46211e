"""By what an officer can be reached just now: browsers that are signed in, and when somebody was last heard on a linked chat."""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

_SESSIONS = Quick("SELECT officer_id, seen_at, heard_at, locked_at FROM desk_sessions WHERE ward_id = :ward_id AND ends_at > :now")
_CHATS = Quick(
    "SELECT l.officer_id, c.channel, COALESCE(c.window_from, c.last_in_at, l.linked_at)"
    " FROM officer_chats l JOIN chats c ON c.id = l.chat_id"
    " WHERE l.ward_id = :ward_id AND l.ended_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    officer_id: int
    seen_at: int
    heard_at: int | None
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedChat:
    officer_id: int
    channel: str
    spoke_at: int


def browsers(session: Session, ward_id: int, *, now: int) -> list[Browser]:
    found = _SESSIONS.run(session, ward_id=ward_id, now=now).fetchall()
    return [Browser(officer_id=row[0], seen_at=row[1], heard_at=row[2], is_locked=row[3] is not None) for row in found]


def chats(session: Session, ward_id: int) -> dict[int, LinkedChat]:
    found = _CHATS.run(session, ward_id=ward_id).fetchall()
    return {row[0]: LinkedChat(officer_id=row[0], channel=row[1], spoke_at=row[2]) for row in found}
