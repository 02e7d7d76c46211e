"""Clocks of tips: started, met or late, without meaning any more, and the warnings while they run.

A clock keeps the figure it started with, and the number of the calendar it was reckoned by. When the ward's days off change, that number
rises, and those that run by an older one are reckoned anew, some at a time. All of it stands in the history, so that whoever doubts a
clock can reckon it once more.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers import clocks, periods, texts
from handlers.acts import Act, note
from handlers.clocks import STAGES, Calendar, Stage
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import moments
from storage.ids import new_id
from storage.queries import deadlines, ward_book
from storage.queries.deadlines import Running
from storage.queries.history import remember

MOST_AT_ONCE = 50
MOST_RECKONED = 25  # In one write: nobody waits longer for the writer than for any other.
STEPS = ("period_changed", "period_taken_back", "day_off_set", "day_worked_set", "day_taken_back")


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A clock that somebody ought to be told about now."""

    id: int
    tip_id: int
    kind: str
    stage: Stage
    due_at: int
    left: int  # Milliseconds; below nought when it is over.


def calendar_of(book: WardBook) -> Calendar:
    return Calendar(own=book.days_off, days_move=bool(periods.amount_of(book, periods.DAYS_MOVE)))


def due_of(book: WardBook, kind: str, starts_at: int, *, amount: int | None = None) -> int:
    """When a clock of this kind is over that starts then. `amount`: the figure it started with, where that is not today's."""
    period, calendar = periods.load()[kind], calendar_of(book)
    many = periods.amount_of(book, kind) if amount is None else amount
    if period.at_night:
        return clocks.end_by_day_and_night(starts_at, many, periods.amount_of(book, period.at_night))
    if period.before:
        return max(clocks.days_before(due_of(book, period.before, starts_at), many), starts_at)
    if period.unit == "minutes":
        return starts_at + many * moments.MINUTE
    if period.unit == "hours":
        return starts_at + many * moments.HOUR
    if period.unit == "days":
        return clocks.end_of_days(starts_at, many, calendar)
    if period.unit == "working-days":
        return clocks.end_of_working_days(starts_at, many, calendar)
    if period.unit == "months":
        return clocks.end_of_months(starts_at, many, calendar)
    raise ValueError(kind)  # A setting, and no clock.


# -- of one tip --------------------------------------------------------------------------------------------------------------


def start(
    session: Session,
    book: WardBook,
    *,
    ward_id: int,
    tip_id: int,
    kind: str,
    starts_at: int,
    row_id: int,
    now: int | None = None,
    actor: str = "system",
) -> int:
    """When it is due. One of this kind that runs already goes on as it is, and its end is the answer.

    `starts_at` may lie in the past: what a tip turns out to be has often run since it arrived. `now` is when that was found.
    """
    deadlines.lock_tip(session, tip_id)
    for running in deadlines.running_of(session, tip_id, (kind,)):
        return running.due_at
    amount, due_at = periods.amount_of(book, kind), due_of(book, kind, starts_at)
    values: dict[str, Any] = {
        "amount": amount,
        "starts_at": starts_at,
        "due_at": due_at,
        "next_at": _next_warning(kind, starts_at, due_at, 0),
        "calendar": book.calendar,
    }
    deadlines.start(session, id=row_id, ward_id=ward_id, tip_id=tip_id, kind=kind, **values)
    deadlines.keep_nearest(session, tip_id)
    told: dict[str, Any] = {"clock": row_id, "kind": kind, "amount": amount, "starts": starts_at, "due": due_at}
    at = starts_at if now is None else now
    remember(session, history_id=row_id, ward_id=ward_id, tip_id=tip_id, now=at, actor=actor, what="clock_started", **told)
    return due_at


def settle(session: Session, tip_id: int, kinds: Collection[str], *, now: int, actor: str = "system") -> int:
    """What these waited for has been done, in time or late. How many there were."""
    return _end(session, tip_id, kinds, now=now, actor=actor, outcome="")


def void(session: Session, tip_id: int, kinds: Collection[str] | None = None, *, now: int, actor: str = "system") -> int:
    """These have no meaning any more; `None` means all of the tip."""
    return _end(session, tip_id, kinds, now=now, actor=actor, outcome="void")


def _end(session: Session, tip_id: int, kinds: Collection[str] | None, *, now: int, actor: str, outcome: str) -> int:
    deadlines.lock_tip(session, tip_id)
    running = deadlines.running_of(session, tip_id, kinds)
    for one in running:
        how = outcome or ("late" if now > one.due_at else "met")
        deadlines.settle(session, one.id, outcome=how, now=now)
        _tell(session, one, f"clock_{how}", now=now, actor=actor)
    if running:
        deadlines.keep_nearest(session, tip_id)
    return len(running)


# -- what happens by itself --------------------------------------------------------------------------------------------------


def warn(session: Session, ward_id: int, *, draw: Callable[[], int], now: int) -> list[Warned]:
    """The newest warning of every clock that has one due, at most so many at once; what is older is passed over.

    So whoever comes back after days is told once of each, and of the rest by the next beats.
    """
    found = []
    for row_id, tip_id, kind, starts_at, due_at, warned in deadlines.claim(session, ward_id, now=now, most=MOST_AT_ONCE):
        stages = clocks.stages_of(starts_at, due_at)
        newest = max((place for place, moment in enumerate(stages) if moment <= now), default=0)
        warned = newest + 1
        deadlines.note_warned(session, row_id, warned=warned, next_at=_next_warning(kind, starts_at, due_at, warned))
        stage = STAGES[newest]
        found.append(Warned(id=row_id, tip_id=tip_id, kind=kind, stage=stage, due_at=due_at, left=due_at - now))
        if stage == "over":
            told: dict[str, Any] = {"clock": row_id, "kind": kind}
            remember(session, history_id=draw(), ward_id=ward_id, tip_id=tip_id, now=now, actor="system", what="clock_over", **told)
    return found


def _next_warning(kind: str, starts_at: int, due_at: int, warned: int) -> int | None:
    """A mere reminder is given once, when it is time."""
    left = clocks.stages_of(starts_at, due_at)[warned:]
    if not left:
        return None
    return left[-1] if periods.load()[kind].is_reminder else left[0]


# -- the ward's own figures and days -----------------------------------------------------------------------------------------


def keep_period(session: Session, act: Act, kind: str, amount: int, *, row_id: int) -> None:
    """For clocks that start from now on. Raises Mistake."""
    period = periods.load().get(kind)
    if period is None:
        raise Mistake("periods-gone")
    if not period.least <= amount <= period.most:
        raise Mistake("periods-wrong-figure")
    if amount == period.amount:
        take_back_period(session, act, kind)
        return
    ward_book.keep_period(session, act.ward_id, row_id=row_id, kind=kind, amount=amount, officer_id=act.officer_id, now=act.now)
    note(session, act, "period_changed", about=kind, amount=amount)
    if kind == periods.DAYS_MOVE:
        ward_book.calendar_changed(session, act.ward_id)


def take_back_period(session: Session, act: Act, kind: str) -> None:
    """Ours again."""
    if ward_book.drop_period(session, act.ward_id, kind):
        note(session, act, "period_taken_back", about=kind)
        if kind == periods.DAYS_MOVE:
            ward_book.calendar_changed(session, act.ward_id)


def keep_day(session: Session, act: Act, *, day: str, name: str, is_off: bool, row_id: int) -> None:
    """A day off, or one that is worked all the same. What runs is reckoned anew by the next beats."""
    ward_book.keep_day(session, act.ward_id, row_id=row_id, day=day, name=name, is_off=is_off, officer_id=act.officer_id, now=act.now)
    note(session, act, "day_off_set" if is_off else "day_worked_set", about=day)
    ward_book.calendar_changed(session, act.ward_id)


def take_back_day(session: Session, act: Act, day: str) -> None:
    """As the built-in calendar has it."""
    if ward_book.drop_day(session, act.ward_id, day):
        note(session, act, "day_taken_back", about=day)
        ward_book.calendar_changed(session, act.ward_id)


def has_to_reckon(session: Session, ward_id: int) -> bool:
    return bool(deadlines.of_older_calendar(session, ward_id, calendar=ward_book.calendar(session, ward_id), most=1))


def reckon_anew(session: Session, ward_id: int, *, draw: Callable[[], int], now: int) -> bool:
    """A beat: some of the clocks that run by an older calendar, by that of now and the figure they started with; whether there are more.
    Warnings that were given stay given. One that a process began with the book of a moment ago is found as well."""
    if not has_to_reckon(session, ward_id):
        return False
    book = WardBook.of_calendar(ward_book.load_calendar(session, ward_id))
    found = deadlines.of_older_calendar(session, ward_id, calendar=book.calendar, most=MOST_RECKONED)
    for one in found:
        due_at = due_of(book, one.kind, one.starts_at, amount=one.amount)
        if due_at == one.due_at:
            deadlines.stays(session, one.id, calendar=book.calendar)
            continue
        warned = _still_given(one.starts_at, due_at, one.warned, now)
        next_at = _next_warning(one.kind, one.starts_at, due_at, warned)
        deadlines.lock_tip(session, one.tip_id)
        if not deadlines.move(session, one.id, due_at=due_at, next_at=next_at, warned=warned, calendar=book.calendar):
            continue
        deadlines.keep_nearest(session, one.tip_id)
        told: dict[str, Any] = {"clock": one.id, "kind": one.kind, "due": due_at}
        remember(session, history_id=draw(), ward_id=ward_id, tip_id=one.tip_id, now=now, actor="system", what="clock_moved", **told)
    return len(found) == MOST_RECKONED


def _still_given(starts_at: int, due_at: int, warned: int, now: int) -> int:
    """One that was over and is not any more will be over again: only what lies behind us by the new end counts as given."""
    return min(warned, sum(moment <= now for moment in clocks.stages_of(starts_at, due_at)))


# -- in words ----------------------------------------------------------------------------------------------------------------


def left_of(kind: str, left: int, language: str) -> str:
    """A reminder whose time has come is late for nobody."""
    return texts.say("due-now", language) if left < 0 and periods.load()[kind].is_reminder else left_words(left, language)


def left_words(left: int, language: str) -> str:
    """ "còn 3 giờ", "quá hạn 2 ngày": never more time than there is, never more delay than there was."""
    way, length = ("left", left) if left >= 0 else ("over", -left)
    if length < moments.HOUR:
        return texts.say(f"{way}-minutes", language, number=length // moments.MINUTE)
    if length < 2 * moments.DAY:
        return texts.say(f"{way}-hours", language, number=length // moments.HOUR)
    return texts.say(f"{way}-days", language, number=length // moments.DAY)


def _tell(session: Session, one: Running, what: str, *, now: int, actor: str) -> None:
    told: dict[str, Any] = {"clock": one.id, "kind": one.kind}
    remember(session, history_id=new_id(), ward_id=one.ward_id, tip_id=one.tip_id, now=now, actor=actor, what=what, **told)
