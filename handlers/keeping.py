"""How long each class of things is kept: ours, the ward's own, or what the machine's environment sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from handlers.acts import Act, note
from handlers.officers import Mistake
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import ward_book
from storage.queries.retention import Periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    kind: str
    unit: Literal["hours", "days", "months"]
    amount: int
    least: int
    most: int


# No article gives these figures: they are ours, and the bounds keep a slip of the finger from emptying the house. A year at least, because
# the figures of a year are compared with the one before.
KINDS = {
    one.kind: one
    for one in (
        Keeping(kind="keep-drafts", unit="hours", amount=24, least=2, most=72),
        Keeping(kind="keep-closed", unit="months", amount=24, least=12, most=120),
        Keeping(kind="keep-logs", unit="days", amount=60, least=30, most=365),
    )
}
STEPS = ("keeping_changed", "keeping_taken_back")
_LENGTH = {"hours": moments.HOUR, "days": moments.DAY, "months": 30 * moments.DAY}


def amount_of(book: WardBook, kind: str) -> int:
    one = KINDS[kind]
    return min(max(book.periods.get(kind, one.amount), one.least), one.most)


def length_of(kind: str, amount: int) -> int:
    return amount * _LENGTH[KINDS[kind].unit]


def periods_of(book: WardBook, fixed: Mapping[str, int]) -> Periods:
    """`fixed`: what the environment sets wins over the desk."""

    def length(kind: str) -> int:
        return length_of(kind, fixed.get(kind, amount_of(book, kind)))

    return Periods(drafts_ms=length("keep-drafts"), closed_ms=length("keep-closed"), logs_ms=length("keep-logs"))


def keep(session: Session, act: Act, kind: str, amount: int, *, row_id: int) -> None:
    """Raises Mistake."""
    one = KINDS.get(kind)
    if one is None or not one.least <= amount <= one.most:
        raise Mistake("keeping-wrong-figure")
    ward_book.keep_period(session, act.ward_id, row_id=row_id, kind=kind, amount=amount, officer_id=act.officer_id, now=act.now)
    note(session, act, "keeping_changed", about=kind, amount=amount)


def take_back(session: Session, act: Act, kind: str) -> None:
    """Ours again."""
    if kind in KINDS and ward_book.drop_period(session, act.ward_id, kind):
        note(session, act, "keeping_taken_back", about=kind)
