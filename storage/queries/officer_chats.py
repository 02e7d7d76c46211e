"""Officers' own chat apps: codes that link one, links that run, and what a card may know of a tip.

A link that ends takes its chat with it (`contact.cut`): whoever writes there afterwards is somebody new, and no row ties an officer to
what they may report as a resident.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.queries.one_tip import tip_row
from storage.queries.tips import Reader
from storage.quick import Quick, insert
from storage.tables import OutboxRow, Piece

_FORGET_CODES = Quick("DELETE FROM chat_codes WHERE ward_id = :ward_id AND (officer_id = :officer_id OR made_at < :before)")
_INSERT_CODE = insert("chat_codes", "id", "ward_id", "officer_id", "code_hash", "made_at")
_CODE = Quick(
    "SELECT f.id, f.name, f.role FROM chat_codes k JOIN officers f ON f.id = k.officer_id"
    " WHERE k.ward_id = :ward_id AND k.code_hash = :code_hash AND k.used_at IS NULL AND k.made_at > :since AND f.disabled_at IS NULL"
)
_USE_CODE = Quick(
    "UPDATE chat_codes SET used_at = :now WHERE ward_id = :ward_id AND code_hash = :code_hash AND used_at IS NULL AND made_at > :since"
    " RETURNING officer_id"
)
_SPOKEN = Quick("SELECT 1 FROM tips WHERE chat_id = :chat_id UNION ALL SELECT 1 FROM appeals WHERE chat_id = :chat_id LIMIT 1")
_INSERT_LINK = insert("officer_chats", "id", "ward_id", "officer_id", "chat_id", "shows_excerpt", "linked_at")
_RUNS = "o.ended_at IS NULL AND f.disabled_at IS NULL AND c.cut_at IS NULL AND c.data_key IS NOT NULL"
_LINK = (
    "SELECT o.id, o.officer_id, f.name, f.role, o.chat_id, o.shows_excerpt, c.language FROM officer_chats o"
    f" JOIN officers f ON f.id = o.officer_id JOIN chats c ON c.id = o.chat_id WHERE {_RUNS} AND o.ward_id = :ward_id"
)
_OF_OFFICER = Quick(f"{_LINK} AND o.officer_id = :officer_id ORDER BY o.linked_at DESC LIMIT 1")
_OF_CHAT = Quick(f"{_LINK} AND o.chat_id = :chat_id ORDER BY o.linked_at DESC LIMIT 1")
# Whoever was rung for this tip, by a card or by a list that has gone out, and can still be told.
_RUNG = Quick(
    f"{_LINK} AND o.chat_id IN (SELECT chat_id FROM outbox WHERE tip_id = :tip_id AND kind = 'card' UNION ALL SELECT b.chat_id"
    " FROM alarms a JOIN outbox b ON b.id = a.outbox_id WHERE a.tip_id = :tip_id AND b.tip_id IS NULL AND b.status = 'sent')"
    " ORDER BY o.id"
)
_SENT_CARDS = Quick(
    "SELECT sent_as FROM outbox WHERE tip_id = :tip_id AND chat_id = :chat_id AND kind = 'card' AND status = 'sent' AND sent_as <> ''"
    " ORDER BY id DESC LIMIT :most"
)
_WITHDRAW = Quick(
    "UPDATE outbox SET status = 'cancelled', reply = NULL, settled_at = :now"
    " WHERE tip_id = :tip_id AND kind = 'card' AND status IN ('waiting', 'held', 'parked')"
)
# Also one that cannot be used any more, because the account was closed.
_STANDING = (
    "SELECT o.id, o.officer_id, f.name, f.role, o.chat_id, o.shows_excerpt, c.language{more}"
    " FROM officer_chats o JOIN officers f ON f.id = o.officer_id JOIN chats c ON c.id = o.chat_id"
    " WHERE o.ward_id = :ward_id AND o.ended_at IS NULL ORDER BY f.name, o.id"
)
_ALL = Quick(_STANDING.format(more=""))
# The newest row of each outcome, as the index gives it: a chat's rows stand under their status.
_LAST = "".join(
    f", (SELECT MAX(b.id) FROM outbox b WHERE b.status = '{status}' AND b.chat_id = o.chat_id)"
    for status in ("waiting", "sent", "failed", "held", "parked")
)
_ALL_SEEN = Quick(_STANDING.format(more=f", o.linked_at, c.channel{_LAST}"))
_END = Quick("UPDATE officer_chats SET ended_at = :now WHERE id = :link_id AND ward_id = :ward_id AND ended_at IS NULL RETURNING chat_id")
_END_CHAT = Quick("UPDATE officer_chats SET ended_at = :now WHERE chat_id = :chat_id AND ended_at IS NULL")
_EXCERPT = Quick(
    "UPDATE officer_chats SET shows_excerpt = :shows WHERE id = :link_id AND ward_id = :ward_id AND ended_at IS NULL"
    " AND shows_excerpt <> :shows RETURNING officer_id"
)
_TIP = Quick(
    "SELECT t.id, t.code_tail, t.book_number, t.book_year, t.category, t.urgent_at, t.accepted_at, t.accepted_by, f.name, t.closed_at,"
    " t.restricted, t.due_at, n.name, t.safe, c.language,"
    " EXISTS (SELECT 1 FROM ladders l WHERE l.tip_id = t.id AND l.next_at IS NOT NULL), t.arrived_at"
    " FROM tips t LEFT JOIN officers f ON f.id = t.accepted_by LEFT JOIN neighbourhoods n ON n.id = t.neighbourhood_id"
    " LEFT JOIN chats c ON c.id = t.chat_id"
    " WHERE t.ward_id = :ward_id AND t.id = :tip_id AND t.arrived_at IS NOT NULL AND t.state <> 'paper'"
)
_RUNG_TIPS = Quick(
    "SELECT tip_id FROM outbox WHERE chat_id = :chat_id AND kind = 'card' AND status IN ('sent', 'waiting') AND tip_id IS NOT NULL"
    " ORDER BY id DESC LIMIT :most"
)
_TIPS_ENDING = Quick(
    "SELECT id FROM tips WHERE ward_id = :ward_id AND code_tail = :tail AND arrived_at IS NOT NULL AND closed_at IS NULL LIMIT 3"
)
_NEXT_SHIFT = Quick(
    "SELECT id FROM shifts WHERE ward_id = :ward_id AND cancelled_at IS NULL AND taken_by IS NULL AND ends_at > :now"
    " AND :officer_id IN (duty_id, second_id, commander_id) ORDER BY starts_at LIMIT 1"
)
_CALLED = Quick("SELECT MAX(at) FROM history WHERE tip_id = :tip_id AND what = 'commander_called'")
_SHIFT = Quick(
    "SELECT s.id, s.starts_at, s.ends_at, s.duty_id, s.second_id, s.commander_id, s.taken_by, f.name"
    " FROM shifts s LEFT JOIN officers f ON f.id = s.taken_by"
    " WHERE s.ward_id = :ward_id AND s.id = :shift_id AND s.cancelled_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    id: int
    officer_id: int
    name: str
    role: str
    chat_id: int
    shows_excerpt: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSeen:
    """A link as the desk shows it, and how the last message to it fared."""

    link: LinkRow
    linked_at: int
    channel: str
    status: str  # Of the last message: sent, waiting, failed, held; empty before the first.
    error: str
    at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    officer_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTip:
    """What may be known of a tip outside the desk, and what decides how much of that is shown."""

    id: int
    tail: str
    number: str
    category: str
    is_urgent: bool
    accepted_at: int | None
    accepted_by: int | None
    accepted_name: str
    is_closed: bool
    restricted: str
    due_at: int | None
    neighbourhood: str
    safe: str
    language: str  # Of the resident.
    is_called: bool = False  # It rings until somebody presses.
    arrived_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    id: int
    starts_at: int
    ends_at: int
    officers: frozenset[int]
    taken_by: int | None
    taken_name: str


def keep_code(session: Session, ward_id: int, *, row_id: int, officer_id: int, code_hash: str, now: int, forget_before: int) -> None:
    """A new code ends the one before it."""
    _FORGET_CODES.run(session, ward_id=ward_id, officer_id=officer_id, before=forget_before)
    _INSERT_CODE.run(session, id=row_id, ward_id=ward_id, officer_id=officer_id, code_hash=code_hash, made_at=now)


def code_of(session: Session, ward_id: int, code_hash: str, *, since: int) -> CodeRow | None:
    row = _CODE.run(session, ward_id=ward_id, code_hash=code_hash, since=since).fetchone()
    return CodeRow(officer_id=row[0], name=row[1], role=row[2]) if row else None


def use_code(session: Session, ward_id: int, code_hash: str, *, since: int, now: int) -> int | None:
    """Whose it is, to the first who asks."""
    row = _USE_CODE.run(session, ward_id=ward_id, code_hash=code_hash, since=since, now=now).fetchone()
    return int(row[0]) if row else None


def has_spoken(session: Session, chat_id: int) -> bool:
    """Whether anything was told from here as a resident, given up or not."""
    return _SPOKEN.run(session, chat_id=chat_id).fetchone() is not None


def add_link(session: Session, ward_id: int, *, link_id: int, officer_id: int, chat_id: int, now: int) -> None:
    _INSERT_LINK.run(session, id=link_id, ward_id=ward_id, officer_id=officer_id, chat_id=chat_id, shows_excerpt=False, linked_at=now)


def link_of_officer(session: Session, ward_id: int, officer_id: int) -> LinkRow | None:
    row = _OF_OFFICER.run(session, ward_id=ward_id, officer_id=officer_id).fetchone()
    return _link(row) if row else None


def link_of_chat(session: Session, ward_id: int, chat_id: int) -> LinkRow | None:
    row = _OF_CHAT.run(session, ward_id=ward_id, chat_id=chat_id).fetchone()
    return _link(row) if row else None


def rung_for(session: Session, ward_id: int, tip_id: int) -> list[LinkRow]:
    return [_link(row) for row in _RUNG.run(session, ward_id=ward_id, tip_id=tip_id).fetchall()]


def sent_cards(session: Session, tip_id: int, chat_id: int, *, most: int) -> list[str]:
    """How the platform calls those that somebody reads there, newest first."""
    return [row[0] for row in _SENT_CARDS.run(session, tip_id=tip_id, chat_id=chat_id, most=most).fetchall()]


def rung_tips(session: Session, chat_id: int, *, most: int) -> list[int]:
    """Of the newest cards that were read there, or are about to be."""
    return [row[0] for row in _RUNG_TIPS.run(session, chat_id=chat_id, most=most).fetchall()]


def tips_ending(session: Session, ward_id: int, tail: str) -> list[int]:
    """Open tips whose code ends so, as a card that lists several shows them."""
    return [row[0] for row in _TIPS_ENDING.run(session, ward_id=ward_id, tail=tail).fetchall()]


def next_shift(session: Session, ward_id: int, officer_id: int, *, now: int) -> int | None:
    """This officer's, that nobody has taken yet."""
    row = _NEXT_SHIFT.run(session, ward_id=ward_id, officer_id=officer_id, now=now).fetchone()
    return int(row[0]) if row else None


def withdraw_cards(session: Session, tip_id: int, *, now: int) -> None:
    """Cards that are not out yet: nobody needs to be rung any more."""
    _WITHDRAW.run(session, tip_id=tip_id, now=now)


def all_links(session: Session, ward_id: int) -> list[LinkRow]:
    return [_link(row) for row in _ALL.run(session, ward_id=ward_id).fetchall()]


def all_seen(session: Session, ward_id: int) -> list[LinkSeen]:
    """For the page: with how the last message to each fared."""
    found = _ALL_SEEN.run(session, ward_id=ward_id).fetchall()
    newest = [max(filter(None, row[9:]), default=0) for row in found]
    query = select(OutboxRow).where(col(OutboxRow.id).in_(newest))
    last = {row.id: row for row in session.execute(query).scalars()}
    return [_link_seen(row, last.get(row_id)) for row, row_id in zip(found, newest, strict=True)]


def _link_seen(row: tuple[Any, ...], last: OutboxRow | None) -> LinkSeen:
    link, linked_at, channel = _link(row[:7]), row[7], row[8]
    if last is None:
        return LinkSeen(link=link, linked_at=linked_at, channel=channel, status="", error="", at=None)
    at = last.settled_at or last.created_at
    return LinkSeen(link=link, linked_at=linked_at, channel=channel, status=last.status, error=last.error or "", at=at)


def end(session: Session, ward_id: int, link_id: int, *, now: int) -> int | None:
    """The chat it was; None when it has ended before."""
    row = _END.run(session, ward_id=ward_id, link_id=link_id, now=now).fetchone()
    return int(row[0]) if row else None


def end_chat(session: Session, chat_id: int, *, now: int) -> None:
    _END_CHAT.run(session, chat_id=chat_id, now=now)


def show_excerpt(session: Session, ward_id: int, link_id: int, *, shows: bool) -> int | None:
    """Whose chat it is; None when nothing changed."""
    row = _EXCERPT.run(session, ward_id=ward_id, link_id=link_id, shows=shows).fetchone()
    return int(row[0]) if row else None


def _link(row: tuple[Any, ...]) -> LinkRow:
    link_id, officer_id, name, role, chat_id, shows_excerpt, language = row
    return LinkRow(
        id=link_id, officer_id=officer_id, name=name, role=role, chat_id=chat_id, shows_excerpt=bool(shows_excerpt), language=language
    )


def card_tip(session: Session, ward_id: int, tip_id: int) -> CardTip | None:
    """None, too, for what went to a paper file: a button of an older card leads nowhere."""
    row = _TIP.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    (
        row_id,
        tail,
        number,
        year,
        category,
        urgent_at,
        accepted_at,
        accepted_by,
        name,
        closed_at,
        restricted,
        due_at,
        place,
        safe,
        language,
        is_called,
        arrived_at,
    ) = row
    return CardTip(
        id=row_id,
        tail=tail,
        number=f"{number}/{year}" if number is not None else "",
        category=category,
        is_urgent=urgent_at is not None,
        accepted_at=accepted_at,
        accepted_by=accepted_by,
        accepted_name=name or "",
        is_closed=closed_at is not None,
        restricted=restricted,
        due_at=due_at,
        neighbourhood=place or "",
        safe=safe,
        language=language or "vi",
        is_called=bool(is_called),
        arrived_at=arrived_at,
    )


def commander_called_at(session: Session, tip_id: int) -> int | None:
    at = _CALLED.run(session, tip_id=tip_id).fetchone()[0]
    return int(at) if at is not None else None


def words_of(session: Session, ward_id: int, tip_id: int) -> str:
    """What was told first, for an excerpt; empty where it does not open."""
    tip = tip_row(session, ward_id, tip_id)
    if tip is None:
        return ""
    reader = Reader.of(session, tip)
    query = select(Piece).where(col(Piece.ward_id) == ward_id, col(Piece.tip_id) == tip_id).order_by(col(Piece.id)).limit(3)
    return "\n".join(filter(None, (reader.words(piece) for piece in session.execute(query).scalars())))


def shift(session: Session, ward_id: int, shift_id: int) -> ShiftRow | None:
    row = _SHIFT.run(session, ward_id=ward_id, shift_id=shift_id).fetchone()
    if row is None:
        return None
    officers = frozenset(filter(None, row[3:6]))
    return ShiftRow(id=row[0], starts_at=row[1], ends_at=row[2], officers=officers, taken_by=row[6], taken_name=row[7] or "")
