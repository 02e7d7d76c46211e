"""Moments are whole milliseconds since 1970 in UTC: one type, the same on both engines, cheap to compare."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WARD_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    return time.time_ns() // 1_000_000


def local(moment: int) -> datetime:
    """The moment as the ward's wall clock shows it."""
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone(WARD_ZONE)


def start_of_day(day: date) -> int:
    """Midnight of the ward's wall clock."""
    return int(datetime(day.year, day.month, day.day, tzinfo=WARD_ZONE).timestamp() * 1000)


def clock_face(moment: int) -> str:
    return local(moment).strftime("%H:%M")


def short_date(moment: int) -> str:
    when = local(moment)
    return f"{when.day}/{when.month}/{when.year}"


_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def weekday_name(weekday: int, language: str) -> str:
    """Monday is 0."""
    return _WEEKDAYS[language][weekday]


def day_name(moment: int, language: str) -> str:
    when = local(moment)
    return f"{_WEEKDAYS[language][when.weekday()]} {when.day}/{when.month}"
