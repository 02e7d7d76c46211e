"""Which tips hold these keyed tokens. Every function speaks of tokens that `storage.search.SearchKey` has sealed.

SQLite answers from FTS5, newest first as it stands there. PostgreSQL's GIN index knows no order: a token of every third tip
would mean sorting a third of them. So the newest tips are looked through first, and the index is asked only if they do not
fill the page.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session

from storage.quick import Quick, raw_of
from storage.search import TOKEN_CHARS

_NO_END = 2**63 - 1
_TOKEN = re.compile(rf"[a-z2-7]{{{TOKEN_CHARS}}}")
_LOOK_THROUGH = 1_000  # Four milliseconds on PostgreSQL.
_LONGER_STRIDE = 32
_MERGE_PAGES = 32  # Of 4 KB. A step takes 2 to 5 ms; with a million tips the few words of every third tip, each in one go, take 20.

_OLD = Quick("SELECT tokens FROM search_docs WHERE tip_id = :tip_id")
_PUT = Quick(
    "INSERT INTO search_docs (tip_id, ward_id, indexed_at, key_id, tokens) VALUES (:tip_id, :ward_id, :now, :key_id, :tokens)"
    " ON CONFLICT (tip_id) DO UPDATE SET ward_id = excluded.ward_id, indexed_at = excluded.indexed_at, key_id = excluded.key_id,"
    " tokens = excluded.tokens"
)
_REMOVE = Quick("DELETE FROM search_docs WHERE tip_id = :tip_id")

_INDEX = Quick("INSERT INTO search_index (rowid, tokens) VALUES (:tip_id, :tokens)")
_UNINDEX = Quick("INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', :tip_id, :tokens)")
_OWE_SWEEP = Quick(
    "INSERT INTO search_sweeps (ward_id, removed, is_merging) SELECT ward_id, TRUE, FALSE FROM search_docs WHERE tip_id = :tip_id"
    " ON CONFLICT (ward_id) DO UPDATE SET removed = TRUE"
)
_OWED = Quick("SELECT max(removed), max(is_merging) FROM search_sweeps")
_BEGIN_SWEEP = Quick("UPDATE search_sweeps SET removed = FALSE, is_merging = TRUE")
_END_SWEEP = Quick("UPDATE search_sweeps SET is_merging = FALSE")
_MERGE = Quick("INSERT INTO search_index (search_index, rank) VALUES ('merge', :pages)")

# The narrow index on ward and tip answers whose tip it is without touching the long rows. As a join this takes a thousand
# times as long: SQLite carries `before` over to tip_id and then walks along all the tips before it, for each hit.
_FTS = (
    "SELECT rowid FROM search_index WHERE search_index MATCH :wanted AND EXISTS (SELECT 1 FROM search_docs"
    " INDEXED BY ix_search_docs_newest WHERE ward_id = :ward_id AND tip_id = search_index.rowid)"
)
_FTS_FIND = Quick(f"{_FTS} AND rowid < :before ORDER BY rowid DESC LIMIT :limit")
_FTS_COUNT = Quick(f"SELECT count(*) FROM ({_FTS} LIMIT :limit) AS enough")

_NEWEST = "SELECT tip_id, tokens FROM search_docs WHERE ward_id = :ward_id AND tip_id < :before ORDER BY tip_id DESC LIMIT :most"
_LOOK_AT_NEWEST = Quick(
    f"SELECT tip_id FROM ({_NEWEST}) AS newest WHERE tokens LIKE ALL (:patterns::text[]) ORDER BY tip_id DESC LIMIT :limit"
)
_STRETCH = Quick(f"SELECT count(*), min(tip_id), max(tip_id) FROM ({_NEWEST}) AS newest")
_GIN = "SELECT tip_id FROM search_docs WHERE keng_tokens(tokens) @@ :wanted::tsquery AND ward_id = :ward_id"
# Kept apart, or the planner walks along the newest rows in the hope that the next one matches: seconds, when none does. And
# planned anew each time: a token of every third tip and one of a single tip need different ways.
_GIN_FIND = Quick(
    f"WITH found AS MATERIALIZED ({_GIN} AND tip_id < :before AND tip_id >= :since)"
    " SELECT tip_id FROM found ORDER BY tip_id DESC LIMIT :limit",
    is_planned_anew=True,
)
_GIN_COUNT = Quick(f"SELECT count(*) FROM ({_GIN} LIMIT :limit) AS enough", is_planned_anew=True)


def put(session: Session, tip_id: int, *, ward_id: int, tokens: Sequence[str], now: int, key_id: str = "") -> None:
    """What the tip was found under before is forgotten; an empty sequence is a tip without words."""
    words = " ".join(checked(tokens))
    if _is_sqlite(session):
        _index(session, tip_id, words)
    _PUT.run(session, tip_id=tip_id, ward_id=ward_id, key_id=key_id, tokens=words, now=now)


def remove(session: Session, tip_id: int) -> None:
    if _is_sqlite(session):
        _index(session, tip_id, None)
    _REMOVE.run(session, tip_id=tip_id)


def find(session: Session, ward_id: int, tokens: Collection[str], *, before: int | None, limit: int) -> list[int]:
    """Tips that hold all of them, the newest first; `before` is the last one that was shown. Nothing asked, nothing found."""
    if not tokens:
        return []
    values = {"ward_id": ward_id, "before": _NO_END if before is None else before, "limit": limit}
    if _is_sqlite(session):
        return _ids(_FTS_FIND.run(session, **values, wanted=_fts_query(tokens)))
    return _find_on_postgres(session, tokens, **values)


def _find_on_postgres(session: Session, tokens: Collection[str], *, ward_id: int, before: int, limit: int) -> list[int]:
    """In three strides, each only if the one before did not fill the page: look at the newest thousand tips; ask the index about
    the newest thirty thousand; ask it about all, where by now only rare things remain.
    """
    values = {"ward_id": ward_id, "before": before}
    patterns = [f"%{token}%" for token in checked(tokens)]
    found = _ids(_LOOK_AT_NEWEST.run(session, **values, patterns=patterns, most=_LOOK_THROUGH, limit=limit))
    many, oldest, newest = _STRETCH.run(session, **values, most=_LOOK_THROUGH).fetchone()
    if len(found) >= limit or many < _LOOK_THROUGH:
        return found
    # Ids rise with time, so a stretch of ids holds about as many tips as another; it need not be exact.
    for since in (newest - (newest - oldest) * _LONGER_STRIDE, 0):
        found = _ids(_GIN_FIND.run(session, **values, since=since, wanted=_ts_query(tokens), limit=limit))
        if len(found) >= limit:
            break
    return found


def count(session: Session, ward_id: int, tokens: Collection[str], *, most: int = 1000) -> int:
    """How many there are; most + 1 stands for "more"."""
    if not tokens:
        return 0
    query, wanted = (_FTS_COUNT, _fts_query(tokens)) if _is_sqlite(session) else (_GIN_COUNT, _ts_query(tokens))
    return int(query.run(session, ward_id=ward_id, wanted=wanted, limit=most + 1).fetchone()[0])


def tidy(session: Session) -> bool:
    """A small step of merging removed tokens out of the index file; True as long as there may be more to do.

    A removal in FTS5 is first another entry, and it takes a merge of everything before it to be rid of both. The sweep
    begins with such a merge and goes on in steps; what is removed meanwhile waits for the next one. The bytes
    also stand in the WAL until it is truncated, which is the caller's part. On PostgreSQL vacuum forgets which tip held a token,
    but GIN keeps the bare token until the owner reindexes.
    """
    if not _is_sqlite(session):
        return False
    removed, is_merging = _OWED.run(session).fetchone()
    if not removed and not is_merging:
        return False
    if not is_merging:
        _BEGIN_SWEEP.run(session)
    if not _merge(session, pages=_MERGE_PAGES if is_merging else -_MERGE_PAGES):
        _END_SWEEP.run(session)
        return bool(removed and is_merging)
    return True


def _merge(session: Session, *, pages: int) -> bool:
    """Whether it changed anything. A negative number puts everything that there is now into one merge."""
    raw = raw_of(session)
    before = raw.total_changes
    _MERGE.run(session, pages=pages)
    return bool(raw.total_changes - before >= 2)  # One change is the command itself.


def _index(session: Session, tip_id: int, tokens: str | None) -> None:
    """Call it before the row changes: FTS5 must be told what it is to forget, in the very words it was given."""
    old = _OLD.run(session, tip_id=tip_id).fetchone()
    if old is not None and old[0] == tokens:
        return
    if old is not None:
        _UNINDEX.run(session, tip_id=tip_id, tokens=old[0])
        _OWE_SWEEP.run(session, tip_id=tip_id)
    if tokens is not None:
        _INDEX.run(session, tip_id=tip_id, tokens=tokens)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _ids(cursor: Any) -> list[int]:
    return [row[0] for row in cursor.fetchall()]


def _fts_query(tokens: Collection[str]) -> str:
    return " AND ".join(f'"{token}"' for token in checked(tokens))


def _ts_query(tokens: Collection[str]) -> str:
    return " & ".join(f"'{token}'" for token in checked(tokens))


def checked(tokens: Collection[str]) -> list[str]:
    """Only sealed tokens pass: a plain word must not reach the database, nor anything a query language understands."""
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        raise ValueError("a search token is not sealed")
    return sorted(set(tokens))
