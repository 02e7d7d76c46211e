"""What is too much for an ordinary run is taken in turn, another part each day; `--long` takes all of it."""

import os
from datetime import date


def turn() -> int:
    """The number of the day. It is printed, and `KENG_TEST_SEED` brings that day's part again."""
    today = int(os.environ.get("KENG_TEST_SEED") or date.today().toordinal())
    print("KENG_TEST_SEED", today)
    return today
