"""When a door's silence says something: measured against its own past, and against what was sent."""

import pytest

from handlers import silence
from storage import moments
from storage.moments import DAY, HOUR
from storage.queries.doors import DoorDaySeen, SignOfLife

NOON = 1_793_509_200_000  # 2026-11-01 12:00 in the ward.


def days(many: int, *, longest: int, receipts: int = 0) -> list[DoorDaySeen]:
    return [DoorDaySeen(f"2026-10-{number + 1:02}", longest, receipts) for number in range(many)]


@pytest.mark.parametrize(
    ("many", "longest", "silent_for", "expected"),
    [
        (30, 8 * HOUR, 20 * HOUR, False),  # A busy ward, and one night with its morning.
        (30, 8 * HOUR, 37 * HOUR, True),
        (30, DAY, 37 * HOUR, False),
        (30, DAY, 3 * DAY + HOUR, True),
        (12, 9 * DAY, 20 * DAY, False),  # A small ward with weeks between two tips has patience.
        (12, 9 * DAY, 28 * DAY, True),
        (9, HOUR, 30 * DAY, False),  # Too little past.
    ],
)
def test_a_silence_is_measured_against_the_doors_own(many: int, longest: int, silent_for: int, expected: bool) -> None:
    sign = SignOfLife(heard_at=NOON - silent_for)
    assert silence.is_silent(sign, days(many, longest=longest), now=NOON) == expected


@pytest.mark.parametrize(
    ("unheard", "since", "receipts", "expected"),
    [
        (5, DAY, 3, True),
        (4, 3 * DAY, 3, False),  # Somebody's phone is off.
        (50, 23 * HOUR, 3, False),  # All of it in one evening.
        (50, 3 * DAY, 1, False),  # Receipts never came here as a rule.
    ],
)
def test_what_was_sent_and_never_came_back_says_it_sooner(unheard: int, since: int, receipts: int, expected: bool) -> None:
    sign = SignOfLife(heard_at=NOON - since - HOUR, unheard=unheard, unheard_since=NOON - since)
    assert silence.is_silent(sign, days(10, longest=9 * DAY, receipts=receipts), now=NOON) == expected


def test_a_door_that_never_heard_anything_is_not_silent() -> None:
    assert not silence.is_silent(SignOfLife(unheard=99, unheard_since=1), days(30, longest=1, receipts=9), now=NOON)


def test_it_is_first_said_by_day_and_then_it_stays_said() -> None:
    sign, past, night = SignOfLife(heard_at=NOON - 40 * HOUR), days(30, longest=HOUR), NOON + 14 * HOUR

    assert moments.local(NOON).hour == 12
    assert silence.to_be_said(sign, past, was_said=False, now=NOON)
    assert not silence.to_be_said(sign, past, was_said=False, now=night)
    assert silence.to_be_said(sign, past, was_said=True, now=night)
