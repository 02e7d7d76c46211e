"""The roster: who is on duty now and how each can be reached, two weeks of shifts and the patterns that make them; and the hand-over."""

import itertools
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.forms import number_in, read_form
from admin.pages.book import act_of
from handlers import duty, officers, reach
from handlers.officers import Mistake
from storage import moments
from storage.ids import new_id
from storage.queries import duty as rows
from storage.queries import officers as officer_rows
from storage.queries.duty import Crew, Pattern, ShiftSeen

DAYS = 14
OPEN_SHOWN = 200
_HAND_OVERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    begins: int
    shifts: list[ShiftSeen]


# -- the roster ----------------------------------------------------------------------------------------------------------


async def show(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw(desk, visit)


async def add_pattern(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act = await read_form(visit.request), act_of(visit)

    def press(session: Session) -> None:
        duty.add_pattern(session, act, pattern, draw=new_id)

    try:
        first = _day_in(form.get("first_day", ""))
        pattern = Pattern(
            id=new_id(),
            name=form.get("name", "").strip()[:60],
            starts=_clock_in(form.get("starts", "")),
            minutes=_length_in(form.get("starts", ""), form.get("ends", "")),
            weekdays="".join(str(day) for day in range(7) if form.get(f"day-{day}")) if form.get("repeats") != "every" else "",
            every=_number_in(form.get("every", "1")),
            first_day=first.isoformat(),
            last_day=_day_in(form["last_day"]).isoformat() if form.get("last_day") else "",
            crew=_crew_in(form),
        )
        if form.get("repeats") != "every" and not pattern.weekdays:
            raise Mistake("mistake-shift-weekdays")
        await desk.memory.write(press)
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key, given=form)
    return desk.go("/admin/lich-truc")


async def end_pattern(desk: Desk, visit: Visit) -> web.StreamResponse:
    pattern_id, act = number_in(visit.request, "pattern", sorry="mistake-shift-none"), act_of(visit)
    await desk.memory.write(lambda session: duty.end_pattern(session, act, pattern_id))
    return desk.go("/admin/lich-truc")


async def add_shift(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, shift_id = await read_form(visit.request), act_of(visit), new_id()
    try:
        day, starts, ends = _day_in(form.get("first_day", "")), form.get("starts", ""), form.get("ends", "")
        starts_at, minutes, crew = moments.start_of_day(day) + _clock_in(starts) * moments.MINUTE, _length_in(starts, ends), _crew_in(form)
        await desk.memory.write(
            lambda session: duty.add_shift(session, act, shift_id=shift_id, starts_at=starts_at, minutes=minutes, crew=crew)
        )
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    return desk.go("/admin/lich-truc")


async def change_shift(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, shift_id = await read_form(visit.request), act_of(visit), _shift_id(visit)
    try:
        crew = _crew_in(form)
        await desk.memory.write(lambda session: duty.change_shift(session, act, shift_id, crew))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    return desk.go("/admin/lich-truc")


async def cancel_shift(desk: Desk, visit: Visit) -> web.StreamResponse:
    act, shift_id = act_of(visit), _shift_id(visit)
    try:
        await desk.memory.write(lambda session: duty.cancel_shift(session, act, shift_id))
    except Mistake as mistake:
        return await _draw(desk, visit, mistake=mistake.key)
    return desk.go("/admin/lich-truc")


async def _draw(desk: Desk, visit: Visit, *, mistake: str = "", given: dict[str, str] | None = None) -> web.StreamResponse:
    officer, now = visit.officer, moments.now()
    today = moments.local(now).date()
    begins = [moments.start_of_day(today + timedelta(days=ahead)) for ahead in range(DAYS + 1)]

    def find(session: Session) -> dict[str, Any]:
        shifts = rows.shifts_between(session, officer.ward_id, now, begins[-1])
        return {
            "who": duty.on_duty(session, officer.ward_id, now),
            "reached": reach.people(session, officer.ward_id, now=now),
            "days": [
                Day(begins=begin, shifts=[one for one in shifts if begin <= max(one.starts_at, begins[0]) < end])
                for begin, end in itertools.pairwise(begins)
            ],
            "patterns": rows.patterns(session, officer.ward_id),
            "names": officer_rows.officer_names(session, officer.ward_id),
            "able": [one for one in rows.officers_awake(session, officer.ward_id).values() if duty.may_serve(one)],
        }

    found = await desk.memory.read(find)
    return desk.show(
        visit,
        "roster.html",
        status=422 if mistake else 200,
        mistake=mistake,
        given=given or {},
        today=today.isoformat(),
        now=now,
        day_name=lambda moment: moments.day_name(moment, visit.language),
        day_face=lambda day: moments.short_date(moments.start_of_day(date.fromisoformat(day))),
        may_change=officers.may(officer.role, "roster"),
        may_take=duty.may_serve(officer),
        **found,
    )


# -- hand-over -----------------------------------------------------------------------------------------------------------


async def hand_over(desk: Desk, visit: Visit) -> web.StreamResponse:
    return await _draw_hand_over(desk, visit)


async def take(desk: Desk, visit: Visit) -> web.StreamResponse:
    form, act, hand_over_id = await read_form(visit.request), act_of(visit), new_id()
    is_there = form.get("how") != "taken"
    why = form.get("why", "")
    shift = form.get("shift", "")
    shift_id = int(shift) if shift.isdecimal() and shift.isascii() and len(shift) < 19 else 0

    def press(session: Session) -> None:
        duty.take(session, act, shift_id=shift_id, is_there=is_there, why=why, hand_over_id=hand_over_id)

    try:
        await desk.memory.write(press)
    except Mistake as mistake:
        return await _draw_hand_over(desk, visit, mistake=mistake.key, given=form)
    return desk.go("/admin/giao-ca")


async def _draw_hand_over(desk: Desk, visit: Visit, *, mistake: str = "", given: dict[str, str] | None = None) -> web.StreamResponse:
    officer, now = visit.officer, moments.now()

    def find(session: Session) -> dict[str, Any]:
        tips, count = rows.open_tips(session, visit.sight, most=OPEN_SHOWN)
        return {
            "who": duty.on_duty(session, officer.ward_id, now),
            "hands": duty.hands(session, officer.ward_id, officer.id, now),
            "tips": tips,
            "count": count,
            "passed": rows.hand_overs(session, officer.ward_id, most=_HAND_OVERS),
            "names": officer_rows.officer_names(session, officer.ward_id),
        }

    found = await desk.memory.read(find)
    return desk.show(
        visit, "hand_over.html", status=422 if mistake else 200, mistake=mistake, reasons=duty.WHY_TAKEN, given=given or {}, **found
    )


# -- what was typed --------------------------------------------------------------------------------------------------------


def _crew_in(form: dict[str, str]) -> Crew:
    duty_id = _officer_in(form.get("duty", ""))
    if duty_id is None:
        raise Mistake("mistake-shift-who")
    return Crew(duty_id=duty_id, second_id=_officer_in(form.get("second", "")), commander_id=_officer_in(form.get("commander", "")))


def _officer_in(typed: str) -> int | None:
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", typed, re.ASCII):
        raise Mistake("mistake-shift-who")
    return int(typed)


def _day_in(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Mistake("mistake-shift-days") from None
    if not 2020 <= day.year <= 2100:
        raise Mistake("mistake-shift-days")
    return day


def _clock_in(typed: str) -> int:
    """Minutes after midnight."""
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", typed, re.ASCII)
    if found is None:
        raise Mistake("mistake-shift-clock")
    return int(found[1]) * 60 + int(found[2])


def _length_in(starts: str, ends: str) -> int:
    """An end that is not after the beginning lies on the next day."""
    return (_clock_in(ends) - _clock_in(starts) - 1) % (24 * 60) + 1


def _number_in(typed: str) -> int:
    return int(typed) if re.fullmatch(r"[0-9]{1,3}", typed, re.ASCII) else 0


def _shift_id(visit: Visit) -> int:
    return number_in(visit.request, "shift", sorry="mistake-shift-none")
