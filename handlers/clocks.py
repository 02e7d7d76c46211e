"""Days as an office counts them, with the holidays of fixed date."""

from datetime import date, timedelta

from storage import moments

# New Year, Reunification, Labour, National Day. A day off that is missing here makes a promise earlier, never later.
HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def end_of_working_days(now: int, many: int) -> int:
    """The last moment of the `many`-th working day after today."""
    day = moments.local(now).date()
    while many > 0:
        day += timedelta(days=1)
        many -= is_working_day(day)
    return moments.start_of_day(day + timedelta(days=1)) - 1
