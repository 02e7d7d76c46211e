"""The list behind each of the ward's figures: the facts that were counted, newest first, and of their tips only what the books say."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import BigInteger, String, and_, bindparam, literal_column, or_, select
from sqlmodel import Session, col

from storage import facts
from storage.prepared import KEPT_MOST, Prepared, by_no_index
from storage.queries.sight import Sight
from storage.tables import FigureFact, Neighbourhood, Officer, Tip

_Lasts = Literal["", "long", "short"]  # Empty: a fact of one moment.


class ListPlace(NamedTuple):
    """The last line that was shown; the next page begins behind it."""

    at: int
    tip_id: int
    nr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line behind a figure."""

    place: ListPlace
    what: str
    value: str
    until: int | None
    took: int | None
    tail: str
    state: str
    category: str
    channel: str
    neighbourhood: str
    handler: str
    track: str
    book_number: int | None
    book_year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Facts that happened from `start` to before `end`; or, where `standing`, those that lasted at the moment `start`."""

    keys: tuple[tuple[str, str], ...]
    start: int
    end: int
    standing: bool = False


def lines(session: Session, sight: Sight, wanted: Sequence[Wanted], *, after: ListPlace | None, most: int) -> list[Listed]:
    """Newest first. Each kind of fact is read by its index, no further than a page; and once a page is full, no further than to what is
    as old as its last line."""
    if sight.own is not None:
        return []
    found = dict[ListPlace, Listed]()
    oldest, last = 0, {} if after is None else {"last_at": after.at, "last_tip": after.tip_id, "last_nr": after.nr}
    for one in wanted:
        until = one.start if one.standing else one.end
        until = until if after is None else min(until, after.at + 1)
        for lasts, since in _stretches(one):
            question = _question(sight, lasts, after is not None)
            values = {"until": until, "most": most, **last, **({"moment": one.start} if lasts else {})}
            for what, value in one.keys:
                rows = question.rows(session, **values, since=max(since, oldest), what=what, value=value)
                found |= {line.place: line for line in map(_line, rows)}
                if len(found) >= most:
                    found = {place: found[place] for place in sorted(found, reverse=True)[:most]}
                    oldest = min(found).at
    return [found[place] for place in sorted(found, reverse=True)]


def _stretches(wanted: Wanted) -> tuple[tuple[_Lasts, int], ...]:
    """How it is asked for, and from when on."""
    return (("long", 0), ("short", wanted.start - facts.LONG)) if wanted.standing else (("", wanted.start),)


@lru_cache(maxsize=KEPT_MOST)
def _question(sight: Sight, lasts: _Lasts, is_behind: bool) -> Prepared:
    order = at, tip_id, nr = col(FigureFact.at), col(FigureFact.tip_id), col(FigureFact.nr)
    of_fact = (col(FigureFact.what), col(FigureFact.value), col(FigureFact.until_at), col(FigureFact.took))
    of_tip = (col(Tip.code_tail), col(Tip.state), col(Tip.category), col(Tip.channel), col(Tip.track), col(Tip.book_number))
    query = select(*order, *of_fact, *of_tip, col(Tip.book_year), col(Neighbourhood.name), col(Officer.name))
    query = query.join(Tip, col(Tip.id) == tip_id).outerjoin(Neighbourhood, col(Neighbourhood.id) == col(Tip.neighbourhood_id))
    query = query.outerjoin(Officer, col(Officer.id) == col(Tip.handler_id))
    is_it = (col(FigureFact.what) == bindparam("what", type_=String), col(FigureFact.value) == bindparam("value", type_=String))
    # One bound at each end, or SQLite may enter its index by the looser one.
    query = query.where(col(FigureFact.ward_id) == sight.ward_id, *is_it, at >= _number("since"), at < _number("until"))
    query = query.where(by_no_index(col(Tip.ward_id)) == sight.ward_id, sight.readable())
    if lasts == "long":
        query = query.where(literal_column("figure_facts.is_long"))  # As it stands, so that its index serves.
    if lasts:
        query = query.where(or_(col(FigureFact.until_at).is_(None), col(FigureFact.until_at) >= _number("moment")))
    if is_behind:
        is_older = or_(tip_id < _number("last_tip"), and_(tip_id == _number("last_tip"), nr < _number("last_nr")))
        query = query.where(or_(at < _number("last_at"), and_(at == _number("last_at"), is_older)))
    return Prepared(query.order_by(*(column.desc() for column in order)).limit(_number("most")))


def _number(name: str) -> Any:
    return bindparam(name, type_=BigInteger)


def _line(row: Any) -> Listed:
    at, tip_id, nr, what, value, until, took, tail, state, category, channel, track, book_number, book_year, home, handler = row
    return Listed(
        place=ListPlace(at, tip_id, nr),
        what=what,
        value=value,
        until=until,
        took=took,
        tail=tail,
        state=state,
        category=category,
        channel=channel,
        neighbourhood=home or "",
        handler=handler or "",
        track=track,
        book_number=book_number,
        book_year=book_year,
    )
