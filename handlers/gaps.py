"""Khoảng trống chưa giải thích: stretches in which something should have happened and did not, and the chief's word on each.

* clock: a period ran out before somebody did what it waits for.
* unread: nobody looked at a tip for long after it came (an urgent one: ten minutes; any other: an hour).
* roster: hours with nobody on the roster. untaken: a shift that nobody took while it lasted.
* call: a call that reached nobody by any way.
* house: the machine was not running.
* day: tips came that day, and nobody checked the books against one another in the evening.
* data: somebody's wish about their own data was not answered within the law's days.

Found anew from plain rows whenever they are looked at. An explanation is a row of the history: a word of ours, and about a tip the
chief's own sentence, sealed with it. What lies before the first roster, or the first start, is no gap.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session

from handlers import access, officers, periods, texts
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.officers import Mistake
from storage import moments
from storage.queries import gaps as rows
from storage.queries import officers as officer_rows
from storage.queries.gaps import Explained, Found
from storage.queries.sight import Sight

Kind = Literal["clock", "unread", "roster", "untaken", "call", "house", "day", "data"]
KINDS: tuple[Kind, ...] = ("clock", "unread", "call", "roster", "untaken", "house", "day", "data")
WHYS = ("busy", "out", "power", "network", "machine", "absent", "done", "other")
UNREAD_URGENT, UNREAD_OTHER = 10 * moments.MINUTE, moments.HOUR
SHORTEST_EMPTY = 5 * moments.MINUTE  # Between two shifts.
MOST_OF_A_KIND, MOST_EXPLAINED = 100, 2_000
MOST_WORDS = 1_000
LONGEST = 31 * moments.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    kind: Kind
    found: Found
    explained: tuple[Explained, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.found.ref}"


def gaps(session: Session, sight: Sight, *, since: int, until: int, now: int) -> list[Gap]:
    """Newest first; `until` not later than now."""
    since, until = max(since, until - LONGEST), min(until, now)
    told = rows.explanations(session, sight, since, most=MOST_EXPLAINED)
    most = {"most": MOST_OF_A_KIND}
    found: dict[Kind, list[Found]] = {
        "clock": rows.clocks_over(session, sight, since, until, but=periods.reminders(), **most),
        "unread": rows.unread(session, sight, since, until, urgent=UNREAD_URGENT, other=UNREAD_OTHER, now=now, **most),
        "call": rows.calls_in_vain(session, sight, since, until, **most),
        "house": rows.away(session, sight.ward_id, since, until, **most),
        "data": rows.data_requests_late(session, sight.ward_id, since, until, now=now, **most),
        **_of_roster(session, sight.ward_id, since, until, now),
        "day": _unchecked_days(session, sight.ward_id, since, until, now),
    }
    all_of_them = [
        Gap(kind=kind, found=one, explained=tuple(told.get(f"{kind}:{one.ref}", ()))) for kind, several in found.items() for one in several
    ]
    return sorted(all_of_them, key=lambda gap: (gap.found.began_at, gap.key), reverse=True)


def length_words(length: int, language: str) -> str:
    """ "40 phút", "3 giờ", "2 ngày": rounded down."""
    if length < moments.HOUR:
        return texts.say("length-minutes", language, number=length // moments.MINUTE)
    if length < 2 * moments.DAY:
        return texts.say("length-hours", language, number=length // moments.HOUR)
    return texts.say("length-days", language, number=length // moments.DAY)


def _of_roster(session: Session, ward_id: int, since: int, until: int, now: int) -> dict[Kind, list[Found]]:
    """Before the first shift there was no roster to be empty. A shift counts from when it was taken, if that was earlier."""
    shifts = rows.shifts(session, ward_id, since, until)
    empty, covered_to = list[Found](), rows.last_end(session, ward_id, since)
    for shift in sorted(shifts, key=lambda one: min(one.starts_at, one.taken_at or one.starts_at)):
        begins = min(shift.starts_at, shift.taken_at or shift.starts_at)
        if covered_to is not None and begins - covered_to >= SHORTEST_EMPTY:
            empty.append(Found(ref=str(covered_to), began_at=covered_to, ended_at=begins))
        covered_to = max(covered_to or 0, shift.ends_at)
    if covered_to is not None and until - covered_to >= SHORTEST_EMPTY:
        empty.append(Found(ref=str(covered_to), began_at=covered_to, ended_at=None if until == now else until))
    untaken = [
        Found(ref=str(one.id), began_at=one.starts_at, ended_at=one.ends_at, officer_id=one.duty_id)
        for one in shifts
        if one.taken_at is None and one.ends_at <= until
    ]
    return {"roster": empty[-MOST_OF_A_KIND:], "untaken": untaken[-MOST_OF_A_KIND:]}


def _unchecked_days(session: Session, ward_id: int, since: int, until: int, now: int) -> list[Found]:
    today, day = moments.local(now).date(), moments.local(since).date()
    days = []
    while day < today and moments.start_of_day(day) < until:
        days.append(day)
        day += timedelta(days=1)
    checked = rows.days_checked(session, ward_id, [one.isoformat() for one in days])
    return [
        Found(ref=one.isoformat(), began_at=begins, ended_at=ends)
        for one in days
        if one.isoformat() not in checked
        and rows.has_arrivals(session, ward_id, begins := moments.start_of_day(one), ends := moments.start_of_day(one + timedelta(days=1)))
    ]


def explain(session: Session, act: Act, key: str, *, since: int, until: int, why: str, words: str) -> None:
    """The chief's word on one gap; a later word stands beside the earlier. Raises Mistake."""
    role = officer_rows.role_of(session, act.ward_id, act.officer_id)
    if not officers.may(role, "explain"):
        raise Mistake("desk-not-yours")
    sight = access.sight_of(act.ward_id, role, act.officer_id)
    gap = next((one for one in gaps(session, sight, since=since, until=until, now=act.now) if one.key == key), None)
    if gap is None:
        raise Mistake("gap-none")
    words = " ".join(clean(words).split())
    if why not in WHYS:
        raise Mistake("gap-needs-why")
    if len(words) > MOST_WORDS:
        raise Mistake("gap-long")
    tip_id = gap.found.tip_id
    if words and tip_id is not None and rows.is_shredded(session, tip_id):
        raise Mistake("gap-shredded")
    # A ward's history has no key for somebody's own sentence.
    note(session, act, "gap_explained", tip_id=tip_id, secret=words if tip_id is not None else "", gap=key, why=why)
