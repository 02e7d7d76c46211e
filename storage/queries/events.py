"""Tips on one event: which belong together, how many hands may be behind them, and which others look alike.

Who wrote is never handed out: of accounts only their number, and of one hand behind several only that there are signs of it. Tips that
not everybody reads are neither linked nor counted nor found here.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from storage import moments
from storage.memory import alone
from storage.queries.finding import texts_of
from storage.queries.history import secret_place
from storage.queries.sight import Sight
from storage.queries.tips import TipLine, lines_of, ring_of
from storage.quick import Quick
from storage.search import SearchKey, plain_tokens
from storage.tables import Attachment, BookEntry, HistoryRow, SearchDoc, Tip
from storage.vault import Sealed, WrongMaster
from storage.ward_keys import ward_keys

AROUND = 48 * moments.HOUR
RECENT = 90 * moments.DAY
_LINKS = 6_118_034  # Two officers may link at once.
_MOST_AROUND = 300
_MOST_FOUND = 20

# Of two texts: so much of all their words is the same, and there are enough of them to mean something.
_SAME_TEXT, _LEAST_WORDS = 0.8, 12
_ALIKE_TEXT, _LEAST_ALIKE = 0.6, 8
# A word is rare where so few of the tips of these days hold it; in a handful of tips every word is.
_LEAST_TIPS, _ONE_IN, _LEAST_RARE = 10, 20, 4
_LEAST_DIGITS = 9  # Shorter numbers are prices and dates.

_STANDS = Quick(
    "SELECT event_id, category, restricted, known_how, data_key IS NOT NULL FROM tips"
    " WHERE ward_id = :ward_id AND id = :tip_id AND arrived_at IS NOT NULL"
)
_PUT = Quick("UPDATE tips SET event_id = :event_id WHERE id = :tip_id")
_KNOWN_HOW = Quick("UPDATE tips SET known_how = :how WHERE id = :tip_id AND known_how <> :how RETURNING id")
_MEMBERS = Quick("SELECT id FROM tips WHERE ward_id = :ward_id AND event_id = :event_id ORDER BY id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    event_id: int | None
    category: str
    restricted: str
    known_how: str
    has_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is known of all tips on one event together; nothing of it has been checked by anybody."""

    lines: tuple[TipLine, ...]
    accounts: int | None  # From so many chats. None: one of them is about a home, or a child, and nobody shall find out whose.
    without_account: int  # Brought in by an officer, or contact was cut.
    seen: int
    heard: int
    victims: int
    is_one_hand: bool  # Signs of it: the same account, the same text, the same file. Never which.


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    line: TipLine
    reasons: tuple[str, ...]  # place, category, thing, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A tip that was taken out of an event, and why."""

    at: int
    actor: str
    reason: str


def one_at_a_time(session: Session) -> None:
    """Before events are read in order to be changed."""
    alone(session, _LINKS)


def standing(session: Session, ward_id: int, tip_id: int) -> Standing | None:
    row = _STANDS.run(session, ward_id=ward_id, tip_id=tip_id).fetchone()
    if row is None:
        return None
    event_id, category, restricted, known_how, has_words = row
    return Standing(event_id=event_id, category=category, restricted=restricted, known_how=known_how, has_words=bool(has_words))


def put(session: Session, tip_id: int, event_id: int | None) -> None:
    _PUT.run(session, tip_id=tip_id, event_id=event_id)


def put_known_how(session: Session, tip_id: int, how: str) -> bool:
    return _KNOWN_HOW.run(session, tip_id=tip_id, how=how).fetchone() is not None


def members(session: Session, ward_id: int, event_id: int) -> list[int]:
    return [row[0] for row in _MEMBERS.run(session, ward_id=ward_id, event_id=event_id).fetchall()]


def event(session: Session, ward_id: int, event_id: int, *, closed: Collection[str], private: Collection[str]) -> Event:
    """`closed` are kinds that only some read; in `private` ones an account could be guessed by what it told."""
    query = _open_to_all(ward_id, closed).where(col(Tip.event_id) == event_id).order_by(col(Tip.arrived_at), col(Tip.id))
    tips = list(session.execute(query).scalars())
    ids, how = [tip.id for tip in tips], Counter(tip.known_how for tip in tips)
    chats = [tip.chat_id for tip in tips if tip.chat_id is not None]
    may_count = not any(tip.category in private for tip in tips)
    accounts = len(set(chats))
    return Event(
        lines=tuple(lines_of(session, _sight(ward_id, closed), ids)),
        accounts=accounts if may_count else None,
        without_account=len(tips) - len(chats),
        seen=how["seen"],
        heard=how["heard"],
        victims=how["victim"],
        is_one_hand=(may_count and accounts < len(chats)) or _share_a_text(session, ids) or _share_a_file(session, ids),
    )


def _share_a_text(session: Session, ids: list[int]) -> bool:
    """By sealed tokens alone: nothing is opened for it."""
    docs = [tokens for tokens in _tokens(session, ids).values() if len(tokens) >= _LEAST_WORDS]
    return any(len(one & other) >= _SAME_TEXT * len(one | other) for one, other in combinations(docs, 2))


def _share_a_file(session: Session, ids: list[int]) -> bool:
    query = select(col(Attachment.fingerprint)).where(
        col(Attachment.tip_id).in_(ids), col(Attachment.fingerprint) != "", col(Attachment.letter_id).is_(None)
    )
    shared = query.group_by(col(Attachment.fingerprint)).having(func.count(col(Attachment.tip_id).distinct()) > 1).limit(1)
    return session.execute(shared).first() is not None


def look_alikes(session: Session, ward_id: int, tip_id: int, *, closed: Collection[str], most: int) -> list[LookAlike]:
    """A few tips of the days around that may tell of the same. Who wrote them plays no part in it."""
    tip = session.execute(_open_to_all(ward_id, closed).where(col(Tip.id) == tip_id)).scalar_one_or_none()
    if tip is None:
        return []
    at = tip.received_at or tip.arrived_at or 0
    received = func.coalesce(col(Tip.received_at), col(Tip.arrived_at))
    query = _open_to_all(ward_id, closed).where(
        col(Tip.arrived_at) >= at - AROUND,  # Nothing is received after it arrived, and this has an index.
        received.between(at - AROUND, at + AROUND),
        col(Tip.id) != tip_id,
        col(Tip.data_key).is_not(None),
        col(Tip.state) != "test",
    )
    if tip.event_id is not None:
        query = query.where(or_(col(Tip.event_id).is_(None), col(Tip.event_id) != tip.event_id))
    others = list(session.execute(query.order_by(col(Tip.arrived_at).desc()).limit(_MOST_AROUND)).scalars())
    tokens = _tokens(session, [tip_id, *(other.id for other in others)])
    mine, rare, things = tokens.get(tip_id, frozenset()), _rare(tokens), _things(session, ward_id, tip_id)
    found = [(other, tuple(_reasons(tip, other, mine, tokens.get(other.id, frozenset()), rare, things))) for other in others]
    alike = [(other, reasons) for other, reasons in found if {"thing", "words"} & set(reasons) or {"place", "category"} <= set(reasons)]
    alike.sort(key=lambda one: (-len(one[1]), abs((one[0].received_at or one[0].arrived_at or 0) - at), one[0].id))
    lines = {line.id: line for line in lines_of(session, _sight(ward_id, closed), [other.id for other, _reasons in alike[:most]])}
    return [LookAlike(line=lines[other.id], reasons=reasons) for other, reasons in alike[:most]]


def _reasons(
    tip: Tip, other: Tip, mine: frozenset[str], theirs: frozenset[str], rare: frozenset[str], things: frozenset[str]
) -> Iterator[str]:
    if things & theirs:
        yield "thing"
    shared = mine & theirs
    if len(shared & rare) >= _LEAST_RARE or (len(shared) >= _LEAST_ALIKE and len(shared) >= _ALIKE_TEXT * min(len(mine), len(theirs))):
        yield "words"
    is_near = tip.neighbourhood_id is not None and tip.neighbourhood_id == other.neighbourhood_id
    if is_near or (tip.cell != "" and tip.cell == other.cell):
        yield "place"
    if tip.category and tip.category == other.category:
        yield "category"


def _rare(tokens: dict[int, frozenset[str]]) -> frozenset[str]:
    if len(tokens) < _LEAST_TIPS:
        return frozenset()
    counted = Counter(token for some in tokens.values() for token in some)
    most = max(2, len(tokens) // _ONE_IN)
    return frozenset(token for token, number in counted.items() if number <= most)


def _things(session: Session, ward_id: int, tip_id: int) -> frozenset[str]:
    """Phones, accounts, plates and links of this tip, as the index knows them."""
    plain = {token for token in plain_tokens(texts_of(session, [tip_id])[tip_id]) if _is_thing(token)}
    return frozenset(token for key in ward_keys(session, ward_id).search.keys for token in SearchKey(key).seal_tokens(plain))


def _is_thing(token: str) -> bool:
    kind, _, value = token.partition(":")
    return kind in ("p", "b", "u", "@", "e") or (kind == "n" and len(value) >= _LEAST_DIGITS)


def _tokens(session: Session, ids: list[int]) -> dict[int, frozenset[str]]:
    query = select(col(SearchDoc.tip_id), col(SearchDoc.tokens)).where(col(SearchDoc.tip_id).in_(ids))
    return {tip_id: frozenset(tokens.split()) for tip_id, tokens in session.execute(query)}


def of_tail(session: Session, ward_id: int, tail: str, *, closed: Collection[str], now: int) -> list[TipLine]:
    """By the last four characters of the code."""
    query = _open_to_all(ward_id, closed).where(col(Tip.code_tail) == tail, col(Tip.arrived_at) > now - RECENT)
    newest = query.with_only_columns(col(Tip.id)).order_by(col(Tip.arrived_at).desc()).limit(_MOST_FOUND)
    return lines_of(session, _sight(ward_id, closed), list(session.execute(newest).scalars()))


def of_number(session: Session, ward_id: int, number: int, year: int, *, closed: Collection[str]) -> list[TipLine]:
    """By a number it has, or had, in either book."""
    query = select(col(BookEntry.tip_id)).where(
        col(BookEntry.ward_id) == ward_id,
        col(BookEntry.book).in_(("crime", "other")),
        col(BookEntry.year) == year,
        col(BookEntry.number) == number,
    )
    return lines_of(session, _sight(ward_id, closed), list(session.execute(query.order_by(col(BookEntry.id).desc())).scalars()))


def _sight(ward_id: int, closed: Collection[str]) -> Sight:
    """Of what everybody reads who links tips: an event is the same for all who see it."""
    return Sight(ward_id=ward_id, kinds=frozenset({""}), chiefs=tuple(closed))


def _open_to_all(ward_id: int, closed: Collection[str]) -> Any:
    return select(Tip).where(*_sight(ward_id, closed).shown())


def parted(session: Session, ward_id: int, tip_id: int) -> list[Parted]:
    """Newest first; without those that were only left behind."""
    query = (
        select(HistoryRow, Tip)
        .join(Tip, col(Tip.id) == col(HistoryRow.tip_id))
        .where(col(HistoryRow.ward_id) == ward_id, col(HistoryRow.tip_id) == tip_id, col(HistoryRow.what) == "event_unlinked")
        .order_by(col(HistoryRow.id).desc())
    )
    found = []
    for row, tip in session.execute(query):
        try:
            ring = ring_of(session, tip)
            reason = ring.open_text(row.secret, secret_place(row.id)) if ring and row.secret else ""
        except (Sealed, WrongMaster):
            reason = ""
        if reason:
            found.append(Parted(at=row.at, actor=row.actor, reason=reason))
    return found
