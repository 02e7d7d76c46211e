"""An officer who goes ("Chuyển công tác"), and one whose role changes: what hangs on them passes on in the same transaction.

`plan` says beforehand what will happen and what stands in the way; `move_away` asks the same questions again and does it. Keys of
identities, what only the superior police read, and the ward's last chief cannot go without somebody in their place: `obstacles` says
who has to do what.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from handlers import access, assignment, duty, officer_chats, officers
from handlers.acts import Act, note
from handlers.messages import Ward
from handlers.officers import ROLES, Mistake, may
from storage import moments
from storage.queries import assignment as assignment_rows
from storage.queries import custody as custody_rows
from storage.queries import duty as duty_rows
from storage.queries import moving as rows
from storage.queries import officer_chats as chat_rows
from storage.queries import officers as officer_rows
from storage.queries.duty import Crew, ShiftSeen
from storage.queries.moving import Work
from storage.queries.officers import OfficerSeen

Draw = Callable[[], int]
LEAST_KEEPERS = 2  # Of keys to identities: one alone who loses the passphrase loses every name.
MOST_SHOWN = 50
_AHEAD = 400 * moments.DAY  # Nobody plans the roster further than that.


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A sentence that says who has to do what first."""

    key: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What going means for this officer."""

    officer: OfficerSeen
    obstacles: tuple[Obstacle, ...]
    work: tuple[Work, ...]  # Urgent ones first, `MOST_SHOWN` at most, and only what the one who looks may read.
    work_count: int
    shifts: tuple[ShiftSeen, ...]
    empty: tuple[ShiftSeen, ...]  # Of those: without anybody, unless somebody is named in their place.
    areas: int
    sessions: int
    chats: int
    keeps_key: bool
    takers: tuple[OfficerSeen, ...]  # Whose work ordinary tips can be.
    servers: tuple[OfficerSeen, ...]  # Who can stand on the roster.


def plan(session: Session, ward_id: int, officer_id: int, *, by: int, now: int) -> Plan | None:
    officer = officer_rows.officer(session, ward_id, officer_id)
    if officer is None or officer.is_disabled:
        return None
    sight = access.sight_now(session, ward_id, by)
    others = [one for one in officer_rows.officers_of(session, ward_id) if not one.is_disabled and one.id != officer_id]
    shifts = _shifts(session, ward_id, officer_id, now)
    work = rows.shown_work(session, sight, officer_id, most=1001)
    kind = "fence" if officer.role == "keeper" else ""
    return Plan(
        officer=officer,
        obstacles=obstacles(session, ward_id, officer),
        work=tuple(work[:MOST_SHOWN]),
        work_count=len(work),
        shifts=tuple(shifts),
        empty=tuple(one for one in shifts if _without(one, officer_id, None) is None),
        areas=sum(one == officer_id for one in assignment_rows.responsible(session, ward_id).values()),
        sessions=rows.count_sessions(session, officer_id, now=now),
        chats=sum(one.officer_id == officer_id for one in chat_rows.all_links(session, ward_id)),
        keeps_key=any(one.officer_id == officer_id and one.is_active for one in custody_rows.keepers(session, ward_id)),
        takers=tuple(one for one in others if assignment.may_hold(one.role, kind)),
        servers=tuple(one for one in others if duty.may_serve(one)),
    )


def obstacles(session: Session, ward_id: int, officer: OfficerSeen, *, role: str = "") -> tuple[Obstacle, ...]:
    """Of going; or, with a role, of having that one instead."""
    found = []
    if officer.role == "chief" and role != "chief" and officer_rows.count_role(session, ward_id, "chief") == 1:
        found.append(Obstacle(key="moving-last-chief"))
    if officer.role == "keeper" and role != "keeper" and officer_rows.count_role(session, ward_id, "keeper") == 1:
        found.append(Obstacle(key="moving-last-keeper"))
    active = [one for one in custody_rows.keepers(session, ward_id) if one.is_active]
    if any(one.officer_id == officer.id for one in active) and not may(role, "custody"):
        others = tuple(one.name for one in active if one.officer_id != officer.id)
        if len(others) < LEAST_KEEPERS:
            found.append(Obstacle(key="moving-last-custodians" if others else "moving-only-custodian", names=(*others, officer.name)))
        elif role:
            found.append(Obstacle(key="moving-role-keeps-key", names=(officer.name,)))
    return tuple(found)


def move_away(
    session: Session, ward: Ward, act: Act, *, officer_id: int, taker_id: int | None, server_id: int | None, draw: Draw
) -> list[int]:
    """`taker_id`: to whom their tips go; None: to nobody, where the chief hands them out. `server_id`: who stands in their places on the
    roster. The chats that are told. Raises Mistake."""
    officer = _to_change(session, act, officer_id)
    if standing := obstacles(session, act.ward_id, officer):
        raise Mistake(standing[0].key)
    people = {one.id: one for one in officer_rows.officers_of(session, act.ward_id) if not one.is_disabled and one.id != officer_id}
    taker, server = _named(people, taker_id), _named(people, server_id)
    handed = _hand_on(session, act, officer_id, taker, draw=draw)
    changed, empty = _leave_roster(session, act, officer_id, server, draw=draw)
    _end_key(session, act, officer_id, draw=draw)
    rows.end_links(session, officer_id, now=act.now)
    told = officer_chats.end_all(session, ward, act, officer_id=officer_id, draw=draw)
    # Signed out, what they asked to open ends, and what nobody took stands on the chief's list.
    officers.close_account(session, act.ward_id, officer_id=officer_id, by=act.officer_id, why="left", history_id=draw(), now=act.now)
    note(session, act, "officer_moved", officer=officer_id, to=taker_id, tips=handed, shifts=changed, empty=empty, chats=len(told))
    return told


def change_role(session: Session, ward: Ward, act: Act, *, officer_id: int, role: str, draw: Draw) -> list[int]:
    """What the new role may not have in hand is given back; they sign in anew. The chats that are told. Raises Mistake."""
    officer = _to_change(session, act, officer_id)
    if role not in ROLES:
        raise Mistake("moving-no-role")
    if officer.role == role:
        return []
    if officer_id == act.officer_id:
        raise Mistake("moving-own-role")
    if standing := obstacles(session, act.ward_id, officer, role=role):
        raise Mistake(standing[0].key)
    after = replace(officer, role=role)
    officer_rows.set_role(session, officer_id, role)
    for work in rows.work_of(session, act.ward_id, officer_id):
        if not assignment.may_hold(role, access.kind_of_row(work.restricted, work.category)):
            assignment_rows.hand(session, work.tip_id, None)
            note(session, act, "given_back", tip_id=work.tip_id, history_id=draw(), officer=officer_id)
    if not assignment.may_hold(role, ""):
        _leave_areas(session, act, officer_id, None, draw=draw)
    if not duty.may_serve(after):
        _leave_roster(session, act, officer_id, None, draw=draw)
    officer_rows.end_sessions_of(session, officer_id)
    told = [] if may(role, "read") else officer_chats.end_all(session, ward, act, officer_id=officer_id, draw=draw)
    note(session, act, "officer_role_changed", officer=officer_id, before=officer.role, role=role)
    return told


def _to_change(session: Session, act: Act, officer_id: int) -> OfficerSeen:
    """All who change who is who wait for one another: two who go at the same moment are looked at one after the other."""
    custody_rows.one_at_a_time(session)
    duty_rows.one_at_a_time(session)
    officer_rows.one_at_a_time(session)
    if not may(officer_rows.role_of(session, act.ward_id, act.officer_id), "officers"):
        raise Mistake("desk-not-yours")
    officer = officer_rows.officer(session, act.ward_id, officer_id)
    if officer is None:
        raise Mistake("mistake-no-officer")
    if officer.is_disabled:
        raise Mistake("mistake-officer-closed")
    return officer


def _named(people: dict[int, OfficerSeen], officer_id: int | None) -> OfficerSeen | None:
    if officer_id is not None and officer_id not in people:
        raise Mistake("mistake-no-officer")
    return people[officer_id] if officer_id is not None else None


# -- tips and areas ------------------------------------------------------------------------------------------------------------


def _hand_on(session: Session, act: Act, officer_id: int, taker: OfficerSeen | None, *, draw: Draw) -> int:
    """How many. What the taker may not read stays for `officers.close_account`, which gives it back."""
    handed = 0
    for work in rows.work_of(session, act.ward_id, officer_id) if taker else ():
        if taker and assignment.may_hold(taker.role, access.kind_of_row(work.restricted, work.category)):
            assignment_rows.hand(session, work.tip_id, taker.id)
            note(session, act, "assigned", tip_id=work.tip_id, history_id=draw(), officer=taker.id, before=officer_id)
            handed += 1
    _leave_areas(session, act, officer_id, taker if taker and assignment.may_hold(taker.role, "") else None, draw=draw)
    return handed


def _leave_areas(session: Session, act: Act, officer_id: int, taker: OfficerSeen | None, *, draw: Draw) -> None:
    to = taker.id if taker else None
    for about, named in assignment_rows.responsible(session, act.ward_id).items():
        if named == officer_id:
            assignment_rows.name_responsible(session, act.ward_id, about, to, row_id=draw(), by=act.officer_id, now=act.now)
            note(session, act, "responsible_named", history_id=draw(), about=str(about), officer=to)


# -- the roster ----------------------------------------------------------------------------------------------------------------


def _shifts(session: Session, ward_id: int, officer_id: int, now: int) -> list[ShiftSeen]:
    return [one for one in rows.shifts_of(session, ward_id, officer_id, start=now, end=now + _AHEAD) if _touches(one, officer_id)]


def _touches(shift: ShiftSeen, officer_id: int) -> bool:
    """Whoever is only the one it was once planned with has nothing to do with a shift that somebody else took."""
    return officer_id in (shift.holder, shift.crew.second_id, shift.crew.commander_id)


def _leave_roster(session: Session, act: Act, officer_id: int, server: OfficerSeen | None, *, draw: Draw) -> tuple[int, int]:
    """(shifts that others stand in now, shifts that nobody stands in). One that is running passes into the other's hands as a shift of its
    own: what was taken was taken."""
    if server is not None and not duty.may_serve(server):
        raise Mistake("mistake-shift-who")
    to, changed, empty = server.id if server else None, 0, 0
    for shift in _shifts(session, act.ward_id, officer_id, act.now):
        crew = _without(shift, officer_id, to)
        if crew is not None and shift.taken_by != officer_id:
            duty_rows.change_crew(session, shift.id, crew)
            note(session, act, "shift_changed", history_id=draw(), shift=shift.id, **_said(crew))
            changed += 1
            continue
        duty_rows.cancel(session, shift.id, now=act.now)
        note(session, act, "shift_cancelled", history_id=draw(), shift=shift.id)
        if crew is None:
            empty += 1
            continue
        shift_id, starts_at = draw(), max(act.now, shift.starts_at)
        duty_rows.add_shift(session, act.ward_id, row_id=shift_id, starts_at=starts_at, ends_at=shift.ends_at, crew=crew)
        note(session, act, "shift_added", history_id=draw(), shift=shift_id, **_said(crew))
        changed += 1
    for pattern in duty_rows.patterns(session, act.ward_id):
        if officer_id not in rows.people_of(pattern.crew):
            continue
        crew = _passed_on(pattern.crew, officer_id, to)
        if crew is None:
            rows.stop_pattern(session, pattern.id, now=act.now)
            note(session, act, "pattern_ended", history_id=draw(), pattern=pattern.id)
        else:
            rows.change_pattern(session, pattern.id, crew)
            note(session, act, "pattern_changed", history_id=draw(), pattern=pattern.id, **_said(crew))
    return changed, empty


def _without(shift: ShiftSeen, officer_id: int, to: int | None) -> Crew | None:
    """Who stands in it then, beginning with whoever has it."""
    return _passed_on(replace(shift.crew, duty_id=shift.holder), officer_id, to)


def _passed_on(crew: Crew, officer_id: int, to: int | None) -> Crew | None:
    """The one in their place; else the second officer moves up. None: nobody is left."""
    second = to if crew.second_id == officer_id else crew.second_id
    commander = to if crew.commander_id == officer_id else crew.commander_id
    first = (to or second) if crew.duty_id == officer_id else crew.duty_id
    if first is None:
        return None
    return Crew(duty_id=first, second_id=second if second != first else None, commander_id=commander)


def _said(crew: Crew) -> dict[str, Any]:
    return {"duty": crew.duty_id, "second": crew.second_id, "commander": crew.commander_id}


# -- the key to identities -------------------------------------------------------------------------------------------------------


def _end_key(session: Session, act: Act, officer_id: int, *, draw: Draw) -> None:
    """Others keep one: `obstacles` has made sure of it."""
    for keeper in custody_rows.keepers(session, act.ward_id):
        if keeper.officer_id == officer_id:
            custody_rows.end(session, keeper.id, now=act.now)
            what = "custodian_withdrawn" if keeper.status == "proposed" else "custodian_ended"
            note(session, act, what, history_id=draw(), custodian=keeper.id, officer=officer_id)
