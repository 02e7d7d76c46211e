"""Who is awake: the roster as the chief plans it, and the hands it is really in.

A shift counts from its beginning, or from the moment somebody took it early, until its end. Whoever pressed "Vào ca" holds it,
planned or not; until then it is the one the roster names. With no shift at all the chief counts as on duty.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from handlers import access, officers
from handlers.acts import Act, note
from handlers.cards import Card
from handlers.messages import Ward
from handlers.officers import Mistake
from storage import moments
from storage.queries import duty as rows
from storage.queries import officers as officer_rows
from storage.queries.duty import Crew, Pattern, ShiftSeen
from storage.queries.officers import OfficerSeen

PLANNED_AHEAD = 21  # Days.
Ring = Callable[..., int | None]  # `officer_chats.ring`.
CALL_IN = 15 * moments.MINUTE
EARLY = moments.HOUR  # So long before its beginning a shift may be taken.
# Words of ours, as for closing an account: a ward's history has no key for somebody's own sentence.
WHY_TAKEN = ("gone", "ill", "late", "other")
LONGEST_MINUTES = 24 * 60
_LOOK_BACK = 2 * moments.DAY  # Whoever took the desk before that has gone, whatever was pressed.


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Ids of officers whose accounts are open. With no shift now, `duty` is a chief."""

    duty: int | None
    second: int | None
    commander: int | None
    chiefs: tuple[int, ...]
    keepers: tuple[int, ...] = ()  # Of what the ward itself does not read.
    able: tuple[int, ...] = ()  # Everybody who may serve, on the roster or not.
    shift_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Nobody stands on the roster now."""
        return self.shift_id is None


def on_duty(session: Session, ward_id: int, now: int) -> OnDuty:
    awake = rows.officers_awake(session, ward_id)
    chiefs = tuple(one.id for one in awake.values() if one.role == "chief")
    keepers = tuple(one.id for one in awake.values() if one.role == "keeper")
    able = tuple(one.id for one in awake.values() if may_serve(one))
    shifts = rows.running(session, ward_id, now)
    if not shifts:
        return OnDuty(duty=chiefs[0] if chiefs else None, second=None, commander=None, chiefs=chiefs, keepers=keepers, able=able)

    def first(found: Iterator[int | None]) -> int | None:
        """Of the shift that began last; what it leaves open, another that runs may name."""
        return next((one for one in found if one in awake), None)

    return OnDuty(
        duty=first(shift.holder for shift in shifts),
        second=first(shift.crew.second_id for shift in shifts),
        commander=first(shift.crew.commander_id for shift in shifts),
        chiefs=chiefs,
        keepers=keepers,
        able=able,
        shift_id=shifts[0].id,
    )


def is_commander(session: Session, ward_id: int, officer_id: int, now: int) -> bool:
    """By the roster; a chief's own rights are the role's."""
    return on_duty(session, ward_id, now).commander == officer_id


# -- planning ------------------------------------------------------------------------------------------------------------


def falls_on(pattern: Pattern, day: date) -> bool:
    first = date.fromisoformat(pattern.first_day)
    if day < first or (pattern.last_day and day > date.fromisoformat(pattern.last_day)):
        return False
    if pattern.weekdays:
        return str(day.weekday()) in pattern.weekdays
    return (day - first).days % pattern.every == 0


def plan(session: Session, ward_id: int, *, draw: Callable[[], int], now: int) -> int:
    """Makes the shifts of the weeks ahead that are not there yet; how many. Asked twice it makes nothing twice."""
    rows.one_at_a_time(session)  # Else a pattern that ends at this moment would get shifts after its end.
    today, made = moments.local(now).date(), 0
    days = [today + timedelta(days=ahead) for ahead in range(-1, PLANNED_AHEAD + 1)]  # One that began yesterday may still run.
    for pattern in rows.patterns(session, ward_id):
        known = rows.planned_starts(session, pattern.id, since=moments.start_of_day(days[0]))
        for day in days:
            starts_at = moments.start_of_day(day) + pattern.starts * moments.MINUTE
            ends_at = starts_at + pattern.minutes * moments.MINUTE
            if ends_at <= now or starts_at in known or not falls_on(pattern, day):
                continue
            rows.plan(session, ward_id, row_id=draw(), pattern_id=pattern.id, starts_at=starts_at, ends_at=ends_at, crew=pattern.crew)
            made += 1
    return made


def call_in(session: Session, ward: Ward, ring: Ring, *, draw: Callable[[], int], now: int) -> int:
    """A little before a shift, the button "Vào ca" on the phone of whoever is planned: once. How many."""
    due = rows.to_call_in(session, ward.id, now=now, within=CALL_IN)
    for shift_id, officer_id in due:
        ring(session, ward, officer_id, Card(kind="roster", shift_id=shift_id), draw=draw, now=now)
        rows.note_called_in(session, shift_id, now=now)
    return len(due)


def add_pattern(session: Session, act: Act, pattern: Pattern, *, draw: Callable[[], int]) -> None:
    """Raises Mistake."""
    check_crew(session, act.ward_id, pattern.crew)
    _check_length(pattern.minutes)
    if not pattern.name:
        raise Mistake("mistake-shift-name")
    if not 1 <= pattern.every <= 60:
        raise Mistake("mistake-shift-every")
    if pattern.last_day and pattern.last_day < pattern.first_day:
        raise Mistake("mistake-shift-days")
    rows.add_pattern(session, act.ward_id, pattern)
    plan(session, act.ward_id, draw=draw, now=act.now)
    note(session, act, "pattern_added", pattern=pattern.id, **_named(pattern.crew))


def end_pattern(session: Session, act: Act, pattern_id: int) -> None:
    rows.one_at_a_time(session)
    if rows.end_pattern(session, act.ward_id, pattern_id, now=act.now):
        note(session, act, "pattern_ended", pattern=pattern_id)


def add_shift(session: Session, act: Act, *, shift_id: int, starts_at: int, minutes: int, crew: Crew) -> None:
    """One that stands for itself. Raises Mistake."""
    check_crew(session, act.ward_id, crew)
    _check_length(minutes)
    ends_at = starts_at + minutes * moments.MINUTE
    if ends_at <= act.now:
        raise Mistake("mistake-shift-over")
    rows.add_shift(session, act.ward_id, row_id=shift_id, starts_at=starts_at, ends_at=ends_at, crew=crew)
    note(session, act, "shift_added", shift=shift_id, **_named(crew))


def change_shift(session: Session, act: Act, shift_id: int, crew: Crew) -> None:
    """Raises Mistake."""
    _to_change(session, act, shift_id)
    check_crew(session, act.ward_id, crew)
    rows.change_crew(session, shift_id, crew)
    note(session, act, "shift_changed", shift=shift_id, **_named(crew))


def cancel_shift(session: Session, act: Act, shift_id: int) -> None:
    """Raises Mistake."""
    _to_change(session, act, shift_id)
    rows.cancel(session, shift_id, now=act.now)
    note(session, act, "shift_cancelled", shift=shift_id)


def may_serve(officer: OfficerSeen) -> bool:
    """Whoever stands on the roster must be able to read what arrives: a call that leads to a closed page wakes nobody."""
    return officers.may(officer.role, "accept") and access.reads_what_arrives(officer.role)


def check_crew(session: Session, ward_id: int, crew: Crew) -> None:
    able = {one.id for one in rows.officers_awake(session, ward_id).values() if may_serve(one)}
    people = [one for one in (crew.duty_id, crew.second_id, crew.commander_id) if one is not None]
    if not set(people) <= able:
        raise Mistake("mistake-shift-who")
    if crew.duty_id == crew.second_id:
        raise Mistake("mistake-shift-same")


def _check_length(minutes: int) -> None:
    if not 30 <= minutes <= LONGEST_MINUTES:
        raise Mistake("mistake-shift-length")


def _to_change(session: Session, act: Act, shift_id: int) -> ShiftSeen:
    rows.one_at_a_time(session)
    found = rows.shift(session, act.ward_id, shift_id)
    if found is None or found.cancelled_at is not None:
        raise Mistake("mistake-shift-none")
    if found.ends_at <= act.now:
        raise Mistake("mistake-shift-over")
    return found


def _named(crew: Crew) -> dict[str, Any]:
    return {"duty": crew.duty_id, "second": crew.second_id, "commander": crew.commander_id}


# -- hands ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Whose the desk is now, and what this officer may take."""

    holder: int | None  # Who pressed last and still has it; None when nobody has for two days.
    holds_since: int | None
    held_shift: int | None
    shift: ShiftSeen | None  # What "Vào ca" would take.
    is_mine: bool  # Nothing to be taken: this officer has it.


def hands(session: Session, ward_id: int, officer_id: int, now: int) -> Hands:
    last = rows.last_taken(session, ward_id, since=now - _LOOK_BACK)
    shifts = rows.to_take(session, ward_id, now=now, early=EARLY)
    # The next one where it is about to begin; else the one that runs, from whoever has it.
    wanted = next((shift for shift in shifts if shift.taken_by is None), None) or next(iter(shifts), None)
    if wanted is not None and last is not None and last.starts_at > wanted.starts_at and last.ends_at > now:
        wanted = last  # An older one that nobody took has been overtaken.
    is_mine = wanted is not None and wanted.taken_by == officer_id
    return Hands(
        holder=last.taken_by if last else None,
        holds_since=last.taken_at if last else None,
        held_shift=last.id if last else None,
        shift=None if is_mine else wanted,
        is_mine=is_mine,
    )


def take(session: Session, act: Act, *, shift_id: int, is_there: bool, why: str, hand_over_id: int) -> None:
    """ "Vào ca": from now on this officer has the desk, whoever was planned. `is_there`: whoever had it hands it over in person; where
    they have gone a word why is enough, and nobody's absence stops it. Raises Mistake."""
    rows.one_at_a_time(session)
    if not officers.may(officer_rows.role_of(session, act.ward_id, act.officer_id), "shift"):
        raise Mistake("desk-not-yours")
    found = hands(session, act.ward_id, act.officer_id, act.now)
    if found.is_mine:
        return
    if found.shift is None or found.shift.id != shift_id:
        raise Mistake("mistake-shift-moved")
    before = found.holder if found.holder != act.officer_id else None
    has_gone = before is not None and not is_there
    if has_gone and why not in WHY_TAKEN:
        raise Mistake("mistake-shift-why")
    open_tips = rows.open_tip_ids(session, access.sight_now(session, act.ward_id, act.officer_id))
    how = "taken" if has_gone else "handed"
    rows.take(session, shift_id, officer_id=act.officer_id, now=act.now)
    rows.keep_hand_over(
        session,
        act.ward_id,
        row_id=hand_over_id,
        from_shift=found.held_shift,
        to_shift=shift_id,
        from_officer=before,
        to_officer=act.officer_id,
        how=how,
        open_tips=open_tips,
        now=act.now,
    )
    planned = found.shift.crew.duty_id
    what: dict[str, Any] = {"shift": shift_id, "planned": planned, "before": before, "how": how, "open": len(open_tips)}
    note(session, act, "shift_taken", why=why if has_gone else "", **what)
