"""Which way something takes to a phone that is somebody's alone: at once, or behind a knock."""

import pytest

from handlers import notices
from handlers.notices import Kind
from storage import moments
from storage.queries.aftercare import Addressee
from tests.handlers.talk import NOW


@pytest.mark.parametrize(
    ("kind", "minutes", "expected"),
    [
        ("accepted", 60, "at once"),
        ("question", 60, "at once"),
        ("status", 5, "at once"),  # They are talking with one another.
        ("answer", 5, "at once"),
        ("status", 60, "knock"),  # How it ended would lie on a locked screen.
        ("answer", 60, "knock"),
    ],
)
def test_an_urgent_tip_days_later_knocks_like_any_other(kind: Kind, minutes: int, expected: str) -> None:
    last_in_at = NOW - minutes * moments.MINUTE
    to = Addressee(ward_id=1, chat_id=5, safe="alone", category="TC", is_urgent=True, language="vi", last_in_at=last_in_at)

    assert notices.way(to, kind, is_sensitive=False, now=NOW) == expected
