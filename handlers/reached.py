"""What became of something the desk has said about a tip: how far it came, why not further, and how else somebody may be reached.

Told from the rows of that tip alone. Who it is, and on which phone, nobody learns here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import moments
from storage.queries.exchange import SentSeen, WaysLeft

# delivery's words for what a platform said; whatever is not here is "other".
WHYS = ("blocked", "no_chat", "refused", "unreachable", "rate", "timeout", "token", "shredded", "file_gone")
# The same where it waits until they write.
PARKED_WHYS = ("window_closed", "paid_off", "ceiling", "paid_unknown", "no_money")
LONG_UNREAD = moments.DAY  # After that, other ways are worth a thought.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """`how`: read, delivered, going, knocked, knocking, behind, quiet, failed, knock_failed, stopped, held, parked, cleared."""

    how: str
    at: int | None = None
    why: str = ""
    file: int = 0
    file_mime: str = ""

    @property
    def is_stuck(self) -> bool:
        return self.how in ("failed", "knock_failed", "stopped")


def by_notice(sent: Sequence[SentSeen]) -> dict[int, Reached]:
    """Of each notice, by its id."""
    found: dict[int, Reached] = {}
    has_open_knock: Reached | None = None
    for one in sent:
        reached = _of(one, has_open_knock)
        found[one.id] = reached
        if one.knocked_at is not None and one.read_at is None:
            has_open_knock = reached
    return found


def _of(one: SentSeen, knock_before: Reached | None) -> Reached:
    def told(how: str, at: int | None = None, why: str = "") -> Reached:
        return Reached(how=how, at=at, why=why, file=one.file, file_mime=one.file_mime)

    is_said = one.read_at is not None and one.read_at == one.created_at  # Sent at once: nobody had to ask for it.
    if one.read_at is not None and not is_said:
        return told("read", one.read_at)
    if not is_said and one.knocked_at is None:
        if knock_before is None:
            return told("quiet")
        return told("knock_failed", why=knock_before.why) if knock_before.is_stuck else told("behind")
    if one.status == "sent":
        return told("delivered" if is_said else "knocked", one.settled_at)
    if one.status in ("failed", "cancelled", "held", "parked"):
        how = {"failed": "failed" if is_said else "knock_failed", "cancelled": "stopped"}.get(one.status, one.status)
        parked_why = one.error if one.status == "parked" and one.error in PARKED_WHYS else ""
        return told(how, one.settled_at, why=_why(one.error) if one.status == "failed" else parked_why)
    if one.status == "waiting":
        return told("going" if is_said else "knocking", why=_why(one.error) if one.error else "")
    return told("cleared", one.knocked_at or one.created_at)


def _why(error: str) -> str:
    return error if error in WHYS else "other"


def other_ways(
    reached: Sequence[Reached], left: WaysLeft, *, has_chat: bool, written_at: int | None, is_shut: bool = False, now: int
) -> list[str]:
    """What else can be done, where the last thing that was written does not get through or lies unread for long, or where their channel
    lets nothing out before they write (`is_shut`); the surest first."""
    last = reached[-1] if reached else None
    is_unread = (
        last is not None and last.how in ("quiet", "knocked", "behind") and written_at is not None and now - written_at > LONG_UNREAD
    )
    if has_chat and not is_shut and not (last and last.is_stuck) and not is_unread:
        return []
    ways = ["callback"] if left.has_callback else []
    ways += ["paper"] if left.wants_paper else []
    ways += ["code"] if left.has_code else []
    return ways or ["none"]
