"""Zalo's Official Account may answer somebody for two days after they wrote, for money until the seventh, then not at all. What the ward
pays for it says itself: so many messages in a month of its own calendar; as long as it has said nothing, none.

The last part of what was set is kept for what is pressing, so that an officer's question on the last of the month is not held back by
what could have waited.
"""

from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.messages import Incoming, Ward
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import exchange as exchange_rows
from storage.queries import paid, ward_book

VISITOR = "zalo_visitor"  # Nobody has said what is billed there: after the free days nothing goes out.
CHANNELS = frozenset(("zalo_oa", VISITOR))  # Where nobody may be written to for ever.
# A little less than Zalo's own two and seven days: their clock and ours differ, and a message takes its time.
_EARLIER = 5 * moments.MINUTE
FREE_FOR, OPEN_FOR = 48 * moments.HOUR - _EARLIER, 7 * moments.DAY - _EARLIER
FREE_DAYS = 2  # As the receipt says it.
KIND, MOST = "paid-zalo_oa", 100_000
STEPS = ("paid_ceiling_set",)
_KEPT = 5  # One part in so many is kept for what is pressing.
_NO_INTERACTION = ("left", "withdrawn", "idle")
State = Literal["free", "paid", "unpaid", "used_up", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`until`: the end of what `state` says; 0 where nothing goes out before they write."""

    state: State
    until: int = 0
    used: int = 0
    ceiling: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in ("free", "paid")


def opened_by(incoming: Incoming, *, arrived_at: int) -> int | None:
    """Since when this lets us answer: by the platform's clock, because what comes late, after an outage, opened the window back then."""
    if incoming.kind in _NO_INTERACTION:
        return None
    return min(incoming.sent_at, arrived_at) if incoming.sent_at else arrived_at


def ceiling_of(book: WardBook) -> int:
    return min(max(book.periods.get(KIND, 0), 0), MOST)


def open_to(ceiling: int, *, is_pressing: bool) -> int:
    """How many of the month's messages may be used up by one of these."""
    return ceiling if is_pressing else ceiling - -(-ceiling // _KEPT)


def window(since: int, *, ceiling: int, used: int, now: int) -> Window:
    """As it stands for an officer's question, which is pressing."""
    if now - since <= FREE_FOR:
        return Window(state="free", until=since + FREE_FOR)
    if now - since > OPEN_FOR:
        return Window(state="closed")
    if not ceiling:
        return Window(state="unpaid")
    is_open = used < ceiling
    return Window(state="paid" if is_open else "used_up", until=since + OPEN_FOR if is_open else 0, used=used, ceiling=ceiling)


def of_tip(session: Session, ward: Ward, tip_id: int, *, now: int) -> Window | None:
    """For an officer who wants to write; None where nothing ends, or nothing is sent unasked anyway. Whole hours only: somebody with two
    tips has one window, and nobody should find the two by its minute."""
    heard = exchange_rows.heard_on(session, ward.id, tip_id)
    if heard is None or heard.channel not in CHANNELS or heard.since is None:
        return None
    used = paid.used(session, ward.id, heard.channel, month_of(now)).many
    found = window(heard.since, ceiling=ceiling_of(ward.book), used=used, now=now)
    if heard.channel == VISITOR and found.state != "free":
        found = Window(state="closed")
    return replace(found, until=found.until // moments.HOUR * moments.HOUR)


def month_of(now: int) -> str:
    return moments.local(now).strftime("%Y-%m")


def set_ceiling(session: Session, act: Act, amount: int, *, row_id: int) -> None:
    """0 takes it back: nothing is sent for money. What waited for a higher figure goes on. Raises Mistake."""
    if not 0 <= amount <= MOST:
        raise Mistake("paid-wrong-figure")
    ward_book.keep_period(session, act.ward_id, row_id=row_id, kind=KIND, amount=amount, officer_id=act.officer_id, now=act.now)
    paid.release(session, act.ward_id, now=act.now)
    note(session, act, "paid_ceiling_set", about=str(amount))
