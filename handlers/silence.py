"""A door that people's messages are brought to, and that nobody can ask whether it still is: Zalo gives up on an address that did not
answer, and says so to nobody here. So its silence is measured against its own past, and against what we send.

* Whatever we send comes back as a receipt, as a rule within minutes. Where receipts used to come, five messages without anything at all
  coming back, the first of them a day ago, are no chance: phones that were off have been on again.
* A door is also silent when nothing has come for three times as long as its longest silence of sixty days, and a day and a half at least.
  A small ward with weeks between two tips has a long patience by itself, and before ten days with something on them there is no past.

It is said by day only: nobody could mend it at night, and by then people have had a morning to write in.
"""

from collections.abc import Sequence

from handlers.clocks import is_night
from storage import moments
from storage.queries.doors import DoorDaySeen, SignOfLife

WHY = "quiet"  # As a trouble of the door: this is a guess, however good.
SAID = (WHY, "silent")  # "silent": a door has found out by itself that nothing is brought to it.
LEAST_RECEIPTS = 20  # In sixty days; fewer, and perhaps Zalo was never told to send them.
UNANSWERED, UNANSWERED_FOR = 5, moments.DAY
LEAST_DAYS, LEAST_SILENCE, TIMES_LONGEST = 10, 36 * moments.HOUR, 3


def is_silent(sign: SignOfLife, days: Sequence[DoorDaySeen], *, now: int) -> bool:
    if sign.heard_at is None:
        return False
    has_receipts = sum(one.receipts for one in days) >= LEAST_RECEIPTS
    since = sign.unheard_since
    if has_receipts and sign.unheard >= UNANSWERED and since is not None and now - since >= UNANSWERED_FOR:
        return True
    longest = max((one.longest for one in days), default=0)
    return len(days) >= LEAST_DAYS and now - sign.heard_at > max(LEAST_SILENCE, TIMES_LONGEST * longest)


def to_be_said(sign: SignOfLife, days: Sequence[DoorDaySeen], *, was_said: bool, now: int) -> bool:
    return is_silent(sign, days, now=now) and (was_said or not is_night(now))
