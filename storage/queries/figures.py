"""The ward's figures: facts that follow the history, and their counts. `figure_lists.py` has the list behind each count.

`catch_up` reads the chain from where it stopped and tells anew each tip that something happened to. What a tip adds is compared with what
it added before, and the difference goes into the counts of its days, in one transaction with the place in the chain: so nothing is
counted twice or left out, whatever was corrected, however often it runs and wherever it stops.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, cast, select
from sqlmodel import Session, col

from storage import facts
from storage.facts import Fact, Told
from storage.memory import alone
from storage.prepared import Prepared
from storage.queries.sight import Sight
from storage.quick import Quick, as_json, insert
from storage.replay import Happening, detail_of
from storage.tables import FigureBlock

_COUNTING = 5_264_911
MOST_TIPS = 25  # Told anew in one write.
_MOST_LINKS = 500
PARTS = ("rows", "splits", "took")

_CURSOR = Quick("SELECT seq, after_tip, rules FROM figure_cursors WHERE ward_id = :ward_id")
_BEGIN = Quick(
    "INSERT INTO figure_cursors (ward_id, seq, after_tip, rules) VALUES (:ward_id, :seq, -1, :rules)"
    " ON CONFLICT (ward_id) DO UPDATE SET seq = excluded.seq, after_tip = -1, rules = excluded.rules"
)
_FORGET = Quick("DELETE FROM figure_cursors WHERE ward_id = :ward_id")
_GO_ON = Quick("UPDATE figure_cursors SET seq = :seq, after_tip = :after_tip WHERE ward_id = :ward_id")
_HEAD = Quick("SELECT COALESCE(MAX(seq), 0) FROM history_links WHERE ward_id = :ward_id")
_LINKS = Quick(
    "SELECT l.seq, h.tip_id FROM history_links l JOIN history h ON h.id = l.history_id"
    " WHERE l.ward_id = :ward_id AND l.seq > :seq ORDER BY l.seq LIMIT :most"
)
_NEXT_TIPS = Quick("SELECT id FROM tips WHERE ward_id = :ward_id AND id > :after ORDER BY id LIMIT :most")
_CHANNEL = Quick("SELECT channel FROM tips WHERE id = :tip_id")
_HISTORY = Quick(
    "SELECT h.at, h.actor, h.what, h.detail FROM history h JOIN history_links l ON l.history_id = h.id"
    " WHERE h.tip_id = :tip_id ORDER BY l.seq"
)
_FACTS = Quick("SELECT at, what, value, until_at, took, sight FROM figure_facts WHERE tip_id = :tip_id ORDER BY nr")
_FORGET_BLOCKS = Quick("DELETE FROM figure_blocks WHERE ward_id = :ward_id")
_FORGET_FACTS = Quick("DELETE FROM figure_facts WHERE tip_id = :tip_id")
_INSERT_FACT = insert("figure_facts", *("tip_id", "nr", "ward_id", "sight", "what", "value", "at", "until_at", "is_long", "took"))
_KEEP_BLOCK = Quick(
    "INSERT INTO figure_blocks (ward_id, block, sight, part, counts) VALUES (:ward_id, :block, :sight, :part, :counts)"
    " ON CONFLICT (ward_id, block, sight, part) DO UPDATE SET counts = excluded.counts"
)
# What may stand in days to come: a term that ends later today is not over yet.
_TO_COME = Quick(
    "SELECT sight, COUNT(*) FROM figure_facts WHERE ward_id = :ward_id AND what = :what AND value = :value AND at >= :start AND at < :end"
    " GROUP BY sight"
)
_NEIGHBOURHOODS = Quick("SELECT id, name FROM neighbourhoods WHERE ward_id = :ward_id")
_SHORT = 6_000  # Of a block no longer than this what was read is kept; those of the map may be much longer.


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the counting is."""

    is_counting_anew: bool
    seq: int
    rules: str


def progress(session: Session, ward_id: int) -> Progress | None:
    row = _CURSOR.run(session, ward_id=ward_id).fetchone()
    return Progress(is_counting_anew=row[1] is not None, seq=int(row[0]), rules=row[2]) if row else None


def is_behind(session: Session, ward_id: int, *, rules: str) -> bool:
    at = progress(session, ward_id)
    return at is None or at.rules != rules or at.is_counting_anew or at.seq < int(_HEAD.run(session, ward_id=ward_id).fetchone()[0])


def catch_up(session: Session, ward_id: int, *, rules: str, chiefs: Collection[str]) -> None:
    """Some tips. Where nothing was counted yet, or by other rules, all are counted anew: one after the other first, and then whatever
    happened meanwhile."""
    alone(session, _COUNTING)
    at = progress(session, ward_id)
    if at is None or at.rules != rules:
        _FORGET_BLOCKS.run(session, ward_id=ward_id)
        _BEGIN.run(session, ward_id=ward_id, seq=int(_HEAD.run(session, ward_id=ward_id).fetchone()[0]), rules=rules)
        return
    if at.is_counting_anew:
        after = int(_CURSOR.run(session, ward_id=ward_id).fetchone()[1])
        ids = [int(row[0]) for row in _NEXT_TIPS.run(session, ward_id=ward_id, after=after, most=MOST_TIPS).fetchall()]
        _tell(session, ward_id, ids, chiefs=chiefs, were_counted=False)
        _GO_ON.run(session, ward_id=ward_id, seq=at.seq, after_tip=ids[-1] if ids else None)
        return
    seq, changed = at.seq, dict[int, None]()
    for linked, tip_id in _LINKS.run(session, ward_id=ward_id, seq=at.seq, most=_MOST_LINKS).fetchall():
        if tip_id is not None and tip_id not in changed and len(changed) == MOST_TIPS:
            break
        seq = int(linked)
        if tip_id is not None:
            changed[int(tip_id)] = None
    _tell(session, ward_id, list(changed), chiefs=chiefs, were_counted=True)
    _GO_ON.run(session, ward_id=ward_id, seq=seq, after_tip=None)


def count_anew(session: Session, ward_id: int) -> None:
    """Whoever follows the history next begins again; what was counted stands until each tip is told anew."""
    alone(session, _COUNTING)
    _FORGET.run(session, ward_id=ward_id)


def told_now(session: Session, tip_id: int, *, chiefs: Collection[str]) -> Told:
    rows = _HISTORY.run(session, tip_id=tip_id).fetchall()
    [channel] = _CHANNEL.run(session, tip_id=tip_id).fetchone()
    return facts.told_of(
        (Happening(at, actor, what, detail_of(detail)) for at, actor, what, detail in rows), channel=channel, chiefs=chiefs
    )


def kept(session: Session, tip_id: int) -> Told:
    rows = _FACTS.run(session, tip_id=tip_id).fetchall()
    return Told(rows[0][5] if rows else "", tuple(Fact(at, what, value, until, took) for at, what, value, until, took, _sight in rows))


def _tell(session: Session, ward_id: int, ids: list[int], *, chiefs: Collection[str], were_counted: bool) -> None:
    change: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    for tip_id in ids:
        before, now = kept(session, tip_id), told_now(session, tip_id, chiefs=chiefs)
        if before.facts != now.facts or before.sight != now.sight:
            _replace(session, ward_id, tip_id, now)
        elif were_counted:
            continue
        if were_counted:
            _add(change, before, -1)
        _add(change, now, 1)
    _keep_blocks(session, ward_id, change)


def _replace(session: Session, ward_id: int, tip_id: int, told: Told) -> None:
    _FORGET_FACTS.run(session, tip_id=tip_id)
    for nr, fact in enumerate(told.facts):
        values: dict[str, Any] = {"at": fact.at, "until_at": fact.until, "took": fact.took, "is_long": fact.is_long}
        _INSERT_FACT.run(session, tip_id=tip_id, nr=nr, ward_id=ward_id, sight=told.sight, what=fact.what, value=fact.value, **values)


def _add(change: dict[tuple[str, str, int], Counter[str]], told: Told, sign: int) -> None:
    for mark, many in facts.marks_of(told.facts).items():
        for block in facts.blocks_of_day(mark.day):
            change[told.sight, mark.part, block][mark.key] += sign * many


def _keep_blocks(session: Session, ward_id: int, change: dict[tuple[str, str, int], Counter[str]]) -> None:
    moved = {place: counted for place, some in change.items() if (counted := {key: many for key, many in some.items() if many})}
    if not moved:
        return
    sights, parts, blocks = ({sight for sight, _, _ in moved}, {part for _, part, _ in moved}, {block for _, _, block in moved})
    known = {(sight, part, block): kept for sight, part, block, kept in _blocks(session, ward_id, blocks, sights=sights, parts=parts)}
    for (sight, part, block), counted in sorted(moved.items()):
        counts = dict(known.get((sight, part, block), {}))
        for key, many in counted.items():
            counts[key] = counts.get(key, 0) + many
        kept_counts = as_json({key: many for key, many in counts.items() if many})
        _KEEP_BLOCK.run(session, ward_id=ward_id, block=block, sight=sight, part=part, counts=kept_counts)


_BLOCK = (col(FigureBlock.sight), col(FigureBlock.part), col(FigureBlock.block))
# As text on both engines, so that what was read once is not read again.
_BLOCKS = Prepared(
    select(*_BLOCK, cast(col(FigureBlock.counts), Text)).where(
        col(FigureBlock.ward_id) == bindparam("ward", type_=BigInteger),
        col(FigureBlock.block).in_(bindparam("blocks", expanding=True)),
        col(FigureBlock.sight).in_(bindparam("sights", expanding=True)),
        col(FigureBlock.part).in_(bindparam("parts", expanding=True)),
    )
)


def _blocks(
    session: Session, ward_id: int, blocks: Collection[int], *, sights: Collection[str], parts: Collection[str]
) -> Iterator[tuple[str, str, int, Mapping[str, int]]]:
    for sight, part, block, text in _BLOCKS.rows(session, ward=ward_id, blocks=sorted(blocks), sights=sorted(sights), parts=sorted(parts)):
        yield sight, part, block, _read_once(text) if len(text) <= _SHORT else _read(text)


def _read(text: str) -> Mapping[str, int]:
    """A day has few names, and they come back every day."""
    return {intern(key): many for key, many in json.loads(text).items()}


# Days that are over hardly ever change, and a page of figures is made of hundreds of them. A few megabytes.
_read_once = lru_cache(maxsize=1_024)(_read)


# -- read --------------------------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """Days, from `first` to before `behind`, as `facts.day_of` counts them."""

    first: int
    behind: int


Counts = Counter[str]


def counts(session: Session, sight: Sight, spans: Iterable[Span], *, parts: Collection[str]) -> list[dict[str, Counts]]:
    """For each span what was counted in its days, by part; of what this officer may read."""
    asked = list(spans)
    covers = {span: facts.cover(*span) for span in asked}
    wanted = {block for blocks in covers.values() for block in blocks}
    by_block = defaultdict[int, list[tuple[str, Mapping[str, int]]]](list)
    for _sight, part, block, told in _blocks(session, sight.ward_id, wanted, sights=_whole(sight), parts=parts):
        by_block[block].append((part, told))
    sums = {span: _summed((one for block in blocks for one in by_block.get(block, ())), parts) for span, blocks in covers.items()}
    return [{part: Counter(many) for part, many in sums[span].items()} for span in asked]


def _summed(some: Iterable[tuple[str, Mapping[str, int]]], parts: Collection[str]) -> dict[str, dict[str, int]]:
    """Plainly: a `Counter` takes twice as long to add to, and there are thousands of numbers."""
    sums = {part: dict[str, int]() for part in parts}
    for part, told in some:
        to = sums[part]
        for key, many in told.items():
            to[key] = to.get(key, 0) + many
    return sums


def _whole(sight: Sight) -> frozenset[str]:
    """Whoever reads only what was given to them has no figures of the ward."""
    return sight.kinds if sight.own is None else frozenset()


def to_come(session: Session, sight: Sight, start: int, end: int) -> Counts:
    """Of the day that is not over yet: what will only be so later today."""
    found = Counts()
    for what, value in (("due", "unknown"), ("overdue", "")):
        for kind, many in _TO_COME.run(session, ward_id=sight.ward_id, what=what, value=value, start=start, end=end).fetchall():
            if kind in _whole(sight):
                found[f"{what}:{value}"] += many
    return found


def neighbourhoods(session: Session, ward_id: int) -> dict[str, str]:
    """Names, also of those that are no more."""
    return {str(number): name for number, name in _NEIGHBOURHOODS.run(session, ward_id=ward_id).fetchall()}


# -- verified ----------------------------------------------------------------------------------------------------------------


def differences(session: Session, ward_id: int) -> list[tuple[int | None, str]]:
    """Of every tip whose history is counted to its end: whether its facts are as its history tells them; and whether the counts are those
    of the facts. Nothing while all is counted anew."""
    at = progress(session, ward_id)
    if at is None or at.is_counting_anew:
        return []
    chiefs = at.rules.partition("|")[2].split(",")
    found: list[tuple[int | None, str]] = []
    counted: dict[tuple[str, str, int], Counter[str]] = defaultdict(Counter)
    after, ahead = -1, _ahead(session, ward_id, at.seq)
    while ids := [int(row[0]) for row in _NEXT_TIPS.run(session, ward_id=ward_id, after=after, most=_MOST_LINKS).fetchall()]:
        for tip_id in ids:
            told = kept(session, tip_id)
            _add(counted, told, 1)
            if tip_id not in ahead and told != told_now(session, tip_id, chiefs=chiefs):
                found.append((tip_id, "facts"))
        after = ids[-1]
    query = select(*_BLOCK, col(FigureBlock.counts)).where(col(FigureBlock.ward_id) == ward_id)
    rows = {(sight, part, block): Counter(some) for sight, part, block, some in session.execute(query)}
    return found + [
        (None, f"count of {place}") for place in sorted(rows.keys() | counted.keys()) if rows.get(place, Counter()) != counted[place]
    ]


def _ahead(session: Session, ward_id: int, seq: int) -> set[int]:
    """Tips of which something is not counted yet."""
    found: set[int] = set()
    while rows := _LINKS.run(session, ward_id=ward_id, seq=seq, most=_MOST_LINKS).fetchall():
        found |= {tip_id for _seq, tip_id in rows if tip_id is not None}
        seq = int(rows[-1][0])
    return found
