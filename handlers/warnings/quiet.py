"""When a neighbourhood is left in peace: what is not urgent waits for the morning."""

from datetime import datetime, time, timedelta

from storage import moments

QUIET_FROM, QUIET_UNTIL = time(21), time(6, 30)


def is_quiet(moment: int) -> bool:
    clock = moments.local(moment).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def not_before(moment: int, *, is_urgent: bool) -> int:
    """This moment, or the end of the quiet hours that it falls into."""
    if is_urgent or not is_quiet(moment):
        return moment
    local = moments.local(moment)
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return int(datetime.combine(day, QUIET_UNTIL, moments.WARD_ZONE).timestamp() * 1000)
