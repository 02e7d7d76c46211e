"""What a tip is about, as an officer reads it: chosen where nobody has chosen, or put right. What the resident chose stays in the
history. With its category may change who reads a tip; that is said first, and wants a second press.
"""

from collections.abc import Callable

from sqlmodel import Session

from handlers import access, restricting, tip_clocks
from handlers.acts import Act, note
from handlers.insight import catalogue
from handlers.officers import Mistake, may
from handlers.ward_book import WardBook
from storage.places import coarsened
from storage.queries import assignment, officers
from storage.queries import steps as rows

# Who presses reads it no more; others read it no more; others read it too.
WARNINGS = ("category-mine", "category-closes", "category-opens")


def put_right(session: Session, book: WardBook, act: Act, *, tip_id: int, category: str, knows: str, draw: Callable[[], int]) -> None:
    """`knows`: the warning that was read before this press. Raises Mistake, with a warning as its key where one has to be read first."""
    tip = rows.stands(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    access.check(session, act, tip_id)
    if not may(officers.role_of(session, act.ward_id, act.officer_id), "work"):
        raise Mistake("desk-not-yours")
    if why := why_not(is_shredded=tip.is_shredded, state=tip.state, is_accepted=tip.is_accepted):
        raise Mistake(why)
    if category not in catalogue.CODES:
        raise Mistake("category-needs")
    if category == tip.category:
        return
    if (warning := _warning(session, act, tip_id, category)) and warning != knows:
        raise Mistake(warning)
    cell = coarsened(rows.cell_of_tip(session, tip_id), category)
    rows.set_category(session, tip_id, category=category, cell=cell)
    note(session, act, "recategorised", tip_id=tip_id, category=category, cell=cell, before=tip.category)
    tip_clocks.recategorised(session, book, act, tip_id, tip, category=category, draw=draw)
    if warning:
        restricting.hand_on(session, act, tip_id, draw=draw)


def why_not(*, is_shredded: bool, state: str, is_accepted: bool) -> str:
    if is_shredded or state == "paper":
        return "write-shredded"
    return "" if is_accepted else "step-not-accepted"


def _warning(session: Session, act: Act, tip_id: int, category: str) -> str:
    held = assignment.held(session, act.ward_id, tip_id)
    assert held is not None
    before, after = (access.kind_of_row(held.restricted, one) for one in (held.category, category))
    if before == after:
        return ""
    if after not in access.kinds_of(officers.role_of(session, act.ward_id, act.officer_id)):
        return "category-mine"
    return "category-closes" if after else "category-opens"
