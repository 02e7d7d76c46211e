"""Which tips of the last weeks share rare tokens with the words of a warning. It speaks of sealed tokens and ids, and opens nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.ids import id_at
from storage.queries import search
from storage.queries.sight import Sight, readable_ids
from storage.quick import Quick
from storage.search import SearchKey
from storage.tables import Tip
from storage.ward_keys import ward_keys

RARE = 2  # Tips that hold a token: in more of them it is nobody's own.
_ENOUGH = 12  # Of one token so many are looked at: more tips hold it than that, and it is not rare, whoever may read them.
_DRAFT_KEPT = 26 * 3_600_000  # Milliseconds: so much older than its arrival a tip's id may be.
_MOST_IDS = 500

_HOLDS = Quick("SELECT rowid FROM search_index WHERE search_index MATCH :wanted AND rowid >= :since ORDER BY rowid DESC LIMIT :most")
# Materialized, and planned anew: see `_GIN_FIND` in search.py.
_ALL_HOLD = Quick(
    "SELECT asked.token, held.tip_id FROM unnest(CAST(:tokens AS text[])) AS asked(token), LATERAL ("
    "WITH found AS MATERIALIZED (SELECT tip_id, ward_id FROM search_docs WHERE keng_tokens(tokens) @@ CAST(asked.token AS tsquery))"
    " SELECT tip_id FROM found WHERE ward_id = :ward_id AND tip_id >= :since LIMIT :most) AS held",
    is_planned_anew=True,
)


def shared(session: Session, sight: Sight, tokens: Collection[str], *, since: int) -> Mapping[int, frozenset[str]]:
    """Of these plain tokens, by tip, those that stand in one or two tips which arrived since then; of tips that this role reads, whoever's
    they are. What a role never reads takes no part: an answer would tell that it exists."""
    sealed = {SearchKey(key).seal_tokens([token])[0]: token for key in ward_keys(session, sight.ward_id).search.keys for token in tokens}
    held = _held(session, sight.ward_id, list(sealed), since=id_at(since - _DRAFT_KEPT))
    known = _of_role(session, replace(sight, own=None), {tip_id for ids in held.values() for tip_id in ids}, since=since)
    by_token = defaultdict[str, set[int]](set)
    common = {sealed[token] for token, ids in held.items() if len(ids) >= _ENOUGH}
    for token, ids in held.items():
        by_token[sealed[token]] |= ids & known
    found = defaultdict[int, set[str]](set)
    for token, ids in by_token.items():
        if token not in common and len(ids) <= RARE:
            for tip_id in ids:
                found[tip_id].add(token)
    return {tip_id: frozenset(some) for tip_id, some in found.items()}


def readable(session: Session, sight: Sight, ids: Iterable[int]) -> frozenset[int]:
    return frozenset(readable_ids(session, sight, list(ids)))


def fresh(session: Session, sight: Sight, *, since: int, categories: Collection[str], areas: Collection[int]) -> int:
    """How many tips of these kinds arrived there since then; of tips that this role reads, whoever's they are."""
    of_role = replace(sight, own=None)
    query = select(col(Tip.id)).where(*_stands(of_role, since), of_role.readable(), col(Tip.category).in_(categories))
    if areas:
        query = query.where(col(Tip.neighbourhood_id).in_(areas))
    return len(session.execute(query.limit(RARE)).all())


def _held(session: Session, ward_id: int, sealed: list[str], *, since: int) -> dict[str, set[int]]:
    checked = search.checked(sealed)
    if session.get_bind().dialect.name == "sqlite":
        return {
            token: {int(row[0]) for row in _HOLDS.run(session, wanted=f'"{token}"', since=since, most=_ENOUGH).fetchall()}
            for token in checked
        }
    found = defaultdict[str, set[int]](set)
    rows = _ALL_HOLD.run(session, tokens=[f"'{token}'" for token in checked], ward_id=ward_id, since=since, most=_ENOUGH).fetchall()
    for token, tip_id in rows:
        found[token.strip("'")].add(int(tip_id))
    return dict(found)


def _of_role(session: Session, sight: Sight, ids: set[int], *, since: int) -> set[int]:
    wanted, found = sorted(ids), set[int]()
    for at in range(0, len(wanted), _MOST_IDS):
        query = select(col(Tip.id)).where(col(Tip.id).in_(wanted[at : at + _MOST_IDS]), *_stands(sight, since), sight.readable())
        found |= set(session.execute(query).scalars())
    return found


def _stands(sight: Sight, since: int) -> tuple[Any, ...]:
    return (col(Tip.ward_id) == sight.ward_id, col(Tip.arrived_at) >= since, col(Tip.state) != "test")
