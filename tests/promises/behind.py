"""Which fixed sentence each P8 test stands behind. A fixed sentence without a test of its fact fails the last of them."""

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])
BEHIND: dict[str, list[str]] = {}


def behind(*keys: str) -> Callable[[Test], Test]:
    def note(test: Test) -> Test:
        for key in keys:
            BEHIND.setdefault(key, []).append(test.__name__)
        return test

    return note
