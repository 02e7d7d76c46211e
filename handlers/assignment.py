"""Whose a tip is: every open one has an owner and a time, or stands on the chief's list.

Proposed is the area officer of the neighbourhood, then whoever the kind of matter belongs to; somebody confirms it. Whoever accepted a
tip has it until then. Why it went from one to another stands sealed in the history.
"""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from handlers import access, periods
from handlers.acts import Act, note
from handlers.exchange import checked_reason
from handlers.insight import catalogue
from handlers.officers import Mistake, may
from storage.queries import assignment as rows
from storage.queries import officers
from storage.queries.assignment import Held, Tasks, Waits
from storage.queries.officers import OfficerSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    officer_id: int
    why: Literal["neighbourhood", "category"]


def may_hold(role: str, restricted: str) -> bool:
    """Whether a tip with this restriction can be the work of somebody with this role: only of who may read it, and write about it.
    The one question here about who reads what."""
    return may(role, "write") and restricted in access.kinds_of(role)


def holders(known: list[OfficerSeen], restricted: str) -> list[OfficerSeen]:
    """Everybody of these whose work a tip can be."""
    return [one for one in known if not one.is_disabled and may_hold(one.role, restricted)]


def propose(session: Session, ward_id: int, tip: Held, known: list[OfficerSeen]) -> Proposal | None:
    """Area officer first, then the officer of that kind of matter; None: somebody has to choose."""
    named = rows.responsible(session, ward_id)
    able = {one.id for one in holders(known, access.kind_of_row(tip.restricted, tip.category))}
    area, kind = named.get(tip.neighbourhood_id or 0), named.get(tip.category or "-")
    if area in able and area is not None:
        return Proposal(officer_id=area, why="neighbourhood")
    return Proposal(officer_id=kind, why="category") if kind in able and kind is not None else None


def needs_reason(session: Session, tip_id: int, tip: Held) -> bool:
    """Whoever takes a tip out of hands that were named for it says why."""
    return tip.handler_id is not None and rows.was_named(session, tip_id)


def assign(session: Session, act: Act, *, tip_id: int, officer_id: int, reason: str = "") -> None:
    """The tip is theirs from now on. A second press changes nothing. Raises Mistake."""
    tip = _to_hand_out(session, act, tip_id)
    if not may_hold(officers.role_of(session, act.ward_id, officer_id), access.kind_of_row(tip.restricted, tip.category)):
        raise Mistake("assign-not-able")
    is_named, is_theirs = needs_reason(session, tip_id, tip), tip.handler_id == officer_id
    # Whoever took it for themself may be confirmed by somebody else: `handlers/callbacks.py` asks for that.
    if is_named and is_theirs and not rows.named_by(session, tip_id) == f"officer:{officer_id}" != f"officer:{act.officer_id}":
        return
    reason = checked_reason(reason) if (is_named and not is_theirs) or reason.strip() else ""
    rows.hand(session, tip_id, officer_id)
    note(session, act, "assigned", tip_id=tip_id, secret=reason, officer=officer_id, before=tip.handler_id)


def _to_hand_out(session: Session, act: Act, tip_id: int) -> Held:
    tip = rows.held(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    if tip.is_closed:
        raise Mistake("assign-closed")
    role = officers.role_of(session, act.ward_id, act.officer_id)
    if not may(role, "assign") or not access.may_read(session, act.ward_id, act.officer_id, tip_id):
        raise Mistake("desk-not-yours")
    return tip


def name_responsible(session: Session, act: Act, about: int | str, officer_id: int | None, *, row_id: int) -> bool:
    """For a neighbourhood (its id) or a kind of matter (its code). False: it was so already. Raises Mistake."""
    if not may(officers.role_of(session, act.ward_id, act.officer_id), "areas"):
        raise Mistake("desk-not-yours")
    known = rows.neighbourhoods(session, act.ward_id) if isinstance(about, int) else catalogue.load()
    if about not in known:
        raise Mistake("areas-unknown")
    if officer_id is not None and not may_hold(officers.role_of(session, act.ward_id, officer_id), ""):
        raise Mistake("assign-not-able")
    before = rows.responsible(session, act.ward_id).get(about)
    if before == officer_id:
        return False
    rows.name_responsible(session, act.ward_id, about, officer_id, row_id=row_id, by=act.officer_id, now=act.now)
    note(session, act, "responsible_named", about=str(about), officer=officer_id)
    return True


def tasks_of(session: Session, officer: OfficerSeen, *, now: int) -> Tasks:
    if not may(officer.role, "write"):
        return Tasks()
    sight = access.sight_of(officer.ward_id, officer.role, officer.id)
    is_chief = may(officer.role, "areas")  # The list is everybody's who hands out; its count is the chief's worry.
    return Tasks(
        new=len(rows.new_to(session, officer.ward_id, officer.id)),
        unheld=rows.count_unheld(session, sight, but=periods.reminders(), now=now) if is_chief else 0,
    )


def alarm_list(session: Session, ward_id: int, role: str, *, now: int) -> list[tuple[Waits, tuple[str, ...]]]:
    """What stands on the chief's list, each with why: nobody, no_time, late. Only what this role may read."""
    sight = access.sight_of(ward_id, role, 0)
    return [(one, why_listed(one, now=now)) for one in rows.unheld(session, sight, but=periods.reminders(), now=now)]


def why_listed(one: Waits, *, now: int) -> tuple[str, ...]:
    whys = (("nobody", one.handler_id is None), ("no-time", one.due_at is None), ("late", one.late_at is not None and one.late_at < now))
    return tuple(why for why, is_so in whys if is_so)
