"""Search as the desk asks for it: candidates from the index, opened and checked before anybody sees them.

`storage/queries/search.py` knows tokens alone; here tips are opened. The index is filled a moment after the words came, off the way
of the message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal_column, select, update
from sqlmodel import Session, col

from storage.prepared import Prepared
from storage.queries import search
from storage.queries.sight import Sight, readable_ids
from storage.queries.tips import PieceRow, Reader, TipLine, lines_of
from storage.search import Query, SearchKey, plain_tokens
from storage.tables import Piece, SearchDoc, Tip
from storage.ward_keys import ward_keys

COUNT_MOST = 1_000
_FEW = 50
_STEP = 10  # Tips whose words are indexed in one transaction.
_CANDIDATES_MOST = 3_000  # So many are opened for one page of a long phrase; beyond that a page may be short, and says so.


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    lines: tuple[TipLine, ...]
    older: int | None  # Where the next page begins.


def find_tips(session: Session, sight: Sight, query: Query, *, before: int | None, limit: int) -> FoundPage:
    found = islice(_matching(session, sight, query, before=before, at_once=limit + 1), limit + 1)
    return _page(session, sight, list(found), limit)


def count_tips(session: Session, sight: Sight, query: Query) -> int:
    """Exact up to a thousand; a thousand and one means more. What may not be read is not counted: a number tells what words stand there."""
    return len(_counted(session, sight, query))


def first_page(session: Session, sight: Sight, query: Query, *, limit: int) -> tuple[FoundPage, int]:
    """And how many there are in all: the page is the newest of those that are counted anyway."""
    counted = _counted(session, sight, query)
    return _page(session, sight, counted[: limit + 1], limit), len(counted)


def _counted(session: Session, sight: Sight, query: Query) -> list[int]:
    at_once = COUNT_MOST + 1 if query.is_exact else 200
    return list(islice(_matching(session, sight, query, before=None, at_once=at_once), COUNT_MOST + 1))


def _page(session: Session, sight: Sight, found: list[int], limit: int) -> FoundPage:
    """One more was found than is shown, if there is one."""
    shown = found[:limit]
    return FoundPage(lines=tuple(lines_of(session, sight, shown)), older=shown[-1] if len(found) > limit else None)


def _matching(session: Session, sight: Sight, query: Query, *, before: int | None, at_once: int) -> Iterator[int]:
    """Who reads few of the ward's tips is given whole thousands of candidates at a time: most of them are none of theirs."""
    wanted = at_once if sight.sees_stubs else max(at_once, COUNT_MOST)
    seen, at_once = 0, wanted
    while seen < _CANDIDATES_MOST:
        ids = _candidates(session, sight.ward_id, query, before=before, limit=at_once)
        if not ids:
            return
        mine = readable_ids(session, sight, ids)
        yield from mine if query.is_exact else _checked(session, query, mine)
        seen, before = seen + len(mine), ids[-1]
        if len(ids) < at_once:
            return
        if query.is_exact and sight.sees_stubs:  # Where most may be read, little is missing after the first time.
            at_once = wanted if 2 * len(mine) < len(ids) else min(wanted, 2 * max(wanted - seen, _FEW))


def _candidates(session: Session, ward_id: int, query: Query, *, before: int | None, limit: int) -> list[int]:
    """While a renewed index is being made, some tips stand under the old key and some under the new one."""
    found: set[int] = set()
    for key in _keys(session, ward_id):
        found.update(search.find(session, ward_id, key.seal_tokens(query.tokens), before=before, limit=limit))
    return sorted(found, reverse=True)[:limit]


def _keys(session: Session, ward_id: int) -> list[SearchKey]:
    return [SearchKey(key) for key in ward_keys(session, ward_id).search.keys]


def _checked(session: Session, query: Query, ids: list[int]) -> list[int]:
    texts = texts_of(session, ids)
    return [tip_id for tip_id in ids if query.matches(texts[tip_id])]


def texts_of(session: Session, ids: list[int]) -> dict[int, list[str]]:
    """All that is searched of these tips, opened."""
    texts: dict[int, list[str]] = {tip_id: [] for tip_id in ids}
    tips = [TipRow(*row) for row in _TIPS.rows(session, ids=ids)]
    readers = {tip.id: Reader.of(session, tip) for tip in tips}
    for tip_id, piece_id, sealed in _PIECES.rows(session, ids=ids):
        texts[tip_id].append(readers[tip_id].words(PieceRow(piece_id, sealed)))
    for tip in tips:
        texts[tip.id].append(readers[tip.id].place(tip)["text"])
    return texts


class TipRow(NamedTuple):
    id: int
    state: str
    data_key: bytes | None
    place: bytes | None


_IDS: Any = bindparam("ids", expanding=True)
_TIPS = Prepared(select(col(Tip.id), col(Tip.state), col(Tip.data_key), col(Tip.place)).where(col(Tip.id).in_(_IDS)))
_PIECES = Prepared(select(col(Piece.tip_id), col(Piece.id), col(Piece.words)).where(col(Piece.tip_id).in_(_IDS)).order_by(col(Piece.id)))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tokenised:
    """A tip's words, and what they are found under."""

    tip_id: int
    texts: tuple[str, ...]
    key_id: str
    tokens: tuple[str, ...]


def tokenise_some(session: Session, ward_id: int) -> tuple[Tokenised, ...]:
    """For a reader's thread: a tip full of numbers takes seconds, and the writer must not wait for them. Empty: nothing is due."""
    ids, key = _to_index(session, ward_id), SearchKey(ward_keys(session, ward_id).search.current)
    return tuple(
        Tokenised(tip_id=tip_id, texts=tuple(texts), key_id=key.id, tokens=tuple(key.seal_tokens(plain_tokens(texts))))
        for tip_id, texts in texts_of(session, ids).items()
    )


def index(session: Session, ward_id: int, ready: tuple[Tokenised, ...], *, now: int) -> None:
    """What was said or renewed meanwhile stays due."""
    key_id, texts = SearchKey(ward_keys(session, ward_id).search.current).id, texts_of(session, [one.tip_id for one in ready])
    whole = [one for one in ready if one.key_id == key_id and one.texts == tuple(texts[one.tip_id])]
    for one in whole:
        search.put(session, one.tip_id, ward_id=ward_id, tokens=one.tokens, now=now, key_id=key_id)
    session.execute(update(Tip).where(col(Tip.id).in_([one.tip_id for one in whole])).values(index_due=False))


def _to_index(session: Session, ward_id: int) -> list[int]:
    query = select(col(Tip.id)).where(*_is_due(ward_id)).order_by(col(Tip.id)).limit(_STEP)
    return list(session.execute(query).scalars()) or _under_old_keys(session, ward_id)


def _is_due(ward_id: int) -> tuple[Any, ...]:
    """As it stands, so that the index over those few serves, and none over all tips of the ward: a beat asks it twice a second."""
    return literal_column("tips.index_due"), col(Tip.ward_id) + literal_column("0") == ward_id


def is_index_due(session: Session, ward_id: int) -> bool:
    due = session.execute(select(col(Tip.id)).where(*_is_due(ward_id)).limit(1)).first()
    return due is not None or bool(_under_old_keys(session, ward_id))


def has_old_search_keys_to_drop(session: Session, ward_id: int) -> bool:
    """A renewed index is whole."""
    return ward_keys(session, ward_id).search.version > 1 and not _under_old_keys(session, ward_id)


def _under_old_keys(session: Session, ward_id: int) -> list[int]:
    """Tips whose tokens were made with a key that is to go. Asked only while there is one, for it walks through the index."""
    ring = ward_keys(session, ward_id).search
    if ring.version == 1:
        return []
    current = SearchKey(ring.current).id
    query = select(col(SearchDoc.tip_id)).where(col(SearchDoc.ward_id) == ward_id, col(SearchDoc.key_id) != current).limit(_STEP)
    return list(session.execute(query).scalars())
