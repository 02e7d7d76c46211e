"""Cho vào một ca: an officer without their phone is let in for one shift, on the word of the commander on duty or the chief.

The commander picks the officer and says why, and reads them a number; the officer signs in with their own password and that number.
Neither is enough alone. A commander lets in whoever works on tips; a chief anybody else. Nobody lets in themself.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from handlers import duty, officers
from handlers.acts import Act, note
from handlers.officers import Mistake
from handlers.second_factor import plain
from storage import moments
from storage.queries import duty as duty_rows
from storage.queries import let_ins as rows
from storage.queries import officers as officer_rows
from storage.queries import second_factors
from storage.queries.let_ins import Entry
from storage.queries.officers import OfficerSeen
from storage.ward_keys import ward_keys

# Words of ours, as for closing an account: a ward's history has no key for somebody's own sentence.
REASONS = ("lost", "broken", "left", "other")
NUMBER_LIVES = 15 * moments.MINUTE
LONGEST = 12 * moments.HOUR
MOST_WRONG = 5
_BY_COMMANDER = ("duty", "handler")  # Not a chief, not a keeper of keys, nobody of another house.


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Given:
    number: str
    name: str
    dies_at: int
    ends_at: int


def fresh_number() -> str:
    return f"{secrets.randbelow(10**8):08}"


def shown(number: str) -> str:
    return f"{number[:4]} {number[4:]}"


def may_let_in(session: Session, ward_id: int, officer_id: int, now: int) -> bool:
    role = officer_rows.role_of(session, ward_id, officer_id)
    return role == "chief" or (officers.may(role, "let_in") and duty.is_commander(session, ward_id, officer_id, now))


def whom(session: Session, ward_id: int, by: int) -> list[OfficerSeen]:
    """Those who have set a second factor: everybody else needs none to come in."""
    has_set, role = second_factors.who_has_set(session, ward_id), officer_rows.role_of(session, ward_id, by)
    return [
        one
        for one in officer_rows.officers_of(session, ward_id)
        if one.id in has_set and one.id != by and not one.is_disabled and (role == "chief" or one.role in _BY_COMMANDER)
    ]


def let_in(session: Session, act: Act, *, officer_id: int, why: str, number: str, draw: Callable[[], int]) -> Given:
    """Raises Mistake."""
    if not may_let_in(session, act.ward_id, act.officer_id, act.now):
        raise Mistake("mistake-let-in-not-yours")
    if why not in REASONS:
        raise Mistake("mistake-let-in-why")
    officer = next((one for one in whom(session, act.ward_id, act.officer_id) if one.id == officer_id), None)
    if officer is None:
        raise Mistake("mistake-let-in-whom")
    ends_at, row_id = _shift_ends(session, act.ward_id, officer_id, act.now), draw()
    given = Given(number=number, name=officer.name, dies_at=act.now + NUMBER_LIVES, ends_at=ends_at)
    rows.add(
        session,
        row_id=row_id,
        ward_id=act.ward_id,
        officer_id=officer_id,
        by_id=act.officer_id,
        why=why,
        number_hash=_hash(session, act.ward_id, officer_id, number),
        now=act.now,
        dies_at=given.dies_at,
        ends_at=ends_at,
    )
    note(session, act, "signin_let_in", officer=officer_id, why=why, let_in=row_id, ends_at=ends_at)
    return given


def use_number(session: Session, act: Act, typed: str) -> Entry | None:
    """By whoever knows their password already."""
    number = plain(typed)
    if len(number) != 8 or not number.isdecimal():
        return None
    entry = rows.use(session, act.officer_id, _hash(session, act.ward_id, act.officer_id, number), most_wrong=MOST_WRONG, now=act.now)
    if entry is not None:
        note(session, act, "signin_let_in_used", officer=act.officer_id, let_in=entry.id)
    return entry


def mark_read(session: Session, act: Act) -> None:
    rows.mark_read(session, act.ward_id, act.officer_id, now=act.now)


def _shift_ends(session: Session, ward_id: int, officer_id: int, now: int) -> int:
    """Of the shift this officer serves in, now or soon; else of the one that runs. Half a day at most."""
    near = duty_rows.to_take(session, ward_id, now=now, early=duty.EARLY)
    own = [one for one in near if officer_id in (one.holder, one.crew.duty_id, one.crew.second_id, one.crew.commander_id)]
    ends = [one.ends_at for one in own or duty_rows.running(session, ward_id, now)]
    return min([now + LONGEST, max(ends, default=now + LONGEST)])


def _hash(session: Session, ward_id: int, officer_id: int, number: str) -> str:
    return ward_keys(session, ward_id).look_up.hash("let-in", str(officer_id), number)
