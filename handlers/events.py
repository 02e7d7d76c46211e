"""Tips that tell of one event: linked and parted by officers, never by themselves. That many tell of it makes nothing more urgent.

Tips that not everybody reads are left out: who links one would tell others that it exists.
"""

import re
from collections.abc import Callable

from sqlmodel import Session

from handlers import access
from handlers.acts import Act, note
from handlers.exchange import checked_reason
from handlers.insight import catalogue
from handlers.messages import Ward
from handlers.officers import Mistake
from handlers.walk_in import KNOWN_HOW
from storage import moments
from storage.queries import events as rows
from storage.queries.events import Event, LookAlike, Standing
from storage.queries.tips import TipLine

MOST_ALIKE = 5
_TAIL = re.compile(r"[0-9A-Z]{4}")
_NUMBER = re.compile(r"(\d{1,6})(?:/(\d{4}))?", re.ASCII)


def link(session: Session, act: Act, ward: Ward, *, tip_id: int, other_id: int, event_id: int, draw: Callable[[], int]) -> None:
    """Both stand in one event from now on, with all that each was linked to before. Raises Mistake."""
    rows.one_at_a_time(session)
    tip, other = _to_link(session, act, ward, tip_id), _to_link(session, act, ward, other_id)
    if tip_id == other_id:
        raise Mistake("event-mistake-itself")
    if tip.event_id is not None and tip.event_id == other.event_id:
        return
    event_id = tip.event_id or other.event_id or event_id
    for moved in (tip_id, other_id, *(rows.members(session, act.ward_id, other.event_id) if other.event_id else ())):
        one = rows.standing(session, act.ward_id, moved)
        if one is not None and one.event_id != event_id:
            rows.put(session, moved, event_id)
            note(session, act, "event_linked", tip_id=moved, history_id=draw(), event=event_id, tip=other_id if moved == tip_id else tip_id)


def unlink(session: Session, act: Act, *, tip_id: int, reason: str, draw: Callable[[], int]) -> None:
    """One tip goes its own way; the last one that is left behind is no event. Raises Mistake."""
    rows.one_at_a_time(session)
    tip, reason = _standing(session, act, tip_id), checked_reason(reason)
    if tip.event_id is None:
        raise Mistake("event-mistake-none")
    rows.put(session, tip_id, None)
    note(session, act, "event_unlinked", tip_id=tip_id, secret=reason, event=tip.event_id)
    left = rows.members(session, act.ward_id, tip.event_id)
    if len(left) == 1:
        rows.put(session, left[0], None)
        note(session, act, "event_unlinked", tip_id=left[0], history_id=draw(), event=tip.event_id)


def set_known_how(session: Session, act: Act, *, tip_id: int, how: str) -> None:
    """What the resident told says it; nobody is asked for it. Empty: it does not say. Raises Mistake."""
    if how and how not in KNOWN_HOW:
        raise Mistake("event-mistake-how")
    _standing(session, act, tip_id)
    if rows.put_known_how(session, tip_id, how):
        note(session, act, "known_how_set", tip_id=tip_id, how=how)


def may_be_linked(tip: Standing, ward: Ward) -> bool:
    return not tip.restricted and tip.category not in closed_kinds(ward)


def event_of(session: Session, ward: Ward, event_id: int) -> Event:
    return rows.event(session, ward.id, event_id, closed=closed_kinds(ward), private=_private_kinds(ward))


def look_alikes(session: Session, ward: Ward, tip_id: int) -> list[LookAlike]:
    return rows.look_alikes(session, ward.id, tip_id, closed=closed_kinds(ward), most=MOST_ALIKE)


def find(session: Session, ward: Ward, typed: str, *, now: int) -> list[TipLine]:
    """By a number of the books ("12", "12/2026"), or by the last four characters of a code. Four digits may be either."""
    plain = re.sub(r"[\s….]", "", typed).upper()
    found: dict[int, TipLine] = {}
    if _TAIL.fullmatch(plain):
        found |= {line.id: line for line in rows.of_tail(session, ward.id, plain, closed=closed_kinds(ward), now=now)}
    if number := _NUMBER.fullmatch(plain):
        year = int(number[2] or moments.local(now).year)
        found |= {line.id: line for line in rows.of_number(session, ward.id, int(number[1]), year, closed=closed_kinds(ward))}
    return list(found.values())


def closed_kinds(ward: Ward) -> frozenset[str]:
    """Kinds of tips that only some read."""
    return frozenset(code for code, kind in catalogue.merged(catalogue.load(), ward.book.category_changes).items() if kind.restricted)


def _private_kinds(ward: Ward) -> frozenset[str]:
    return frozenset(code for code, kind in catalogue.merged(catalogue.load(), ward.book.category_changes).items() if kind.sensitive)


def _to_link(session: Session, act: Act, ward: Ward, tip_id: int) -> Standing:
    tip = _standing(session, act, tip_id)
    if not may_be_linked(tip, ward):
        raise Mistake("desk-no-tip")  # Of a tip that not everybody reads, nothing is said.
    return tip


def _standing(session: Session, act: Act, tip_id: int) -> Standing:
    tip = rows.standing(session, act.ward_id, tip_id)
    if tip is None or not access.may_read(session, act.ward_id, act.officer_id, tip_id):
        raise Mistake("desk-no-tip")
    return tip
