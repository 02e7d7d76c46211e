"""Which tips somebody at the desk may read. Every query that lists, counts, finds or shows tips asks for a `Sight`, so that none can
forget it; `handlers/access.py` alone makes one out of a role.

A tip is of one kind: ordinary, for the chief alone (asked for, or by its category), or fenced (for the superior body alone). Who sees
the common list sees of the others the same stub, whichever kind it is.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import and_, bindparam, false, literal_column, or_, select
from sqlmodel import Session, col

from storage.prepared import KEPT_MOST, Prepared
from storage.queries.one_tip import tip_row
from storage.tables import Appeal, Attachment, Tip

Kind = Literal["", "chief", "fence"]
Reach = Literal["none", "stub", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    ward_id: int
    kinds: frozenset[Kind]  # What may be read; "" is what is not restricted.
    sees_stubs: bool = False  # That there are others shows in the common list.
    own: int | None = None  # Only tips that were given to this officer.
    chiefs: tuple[str, ...] = ()  # Categories that only the chief reads.

    def readable(self) -> Any:
        """As a condition over `Tip`; the ward is the caller's."""
        is_chiefs = or_(col(Tip.restricted) == "chief", col(Tip.category).in_(self.chiefs))
        of_kind = {
            "": self.ordinary(),
            "chief": and_(col(Tip.restricted) != "fence", is_chiefs),
            "fence": col(Tip.restricted) == literal_column("'fence'"),  # As it stands, so that their index serves.
        }
        # Said as one comparison where it can be: every list of the chief asks it.
        is_mine = (
            col(Tip.restricted) != "fence" if self.kinds == {"", "chief"} else or_(false(), *(of_kind[kind] for kind in sorted(self.kinds)))
        )
        return is_mine if self.own is None else and_(is_mine, col(Tip.handler_id) == self.own)

    def ordinary(self) -> Any:
        return and_(col(Tip.restricted) == "", col(Tip.category).not_in(self.chiefs))

    def shown(self) -> tuple[Any, ...]:
        """What stands in the list at all, be it as a stub."""
        of_ward = (col(Tip.ward_id) == self.ward_id, col(Tip.arrived_at).is_not(None))
        return of_ward if self.sees_stubs else (*of_ward, self.readable())

    @property
    def reads_letters(self) -> bool:
        """The chief, and of fenced tips their keepers: complaints pass everybody else by."""
        return bool(self.kinds & {"chief", "fence"})

    def reads(self, tip: Tip) -> bool:
        if tip.ward_id != self.ward_id or kind_of(tip, self.chiefs) not in self.kinds:
            return False
        return self.own is None or tip.handler_id == self.own

    def reach(self, tip: Tip | None) -> Reach:
        """`none`: for this officer there is no such tip."""
        if tip is None or tip.ward_id != self.ward_id or tip.arrived_at is None:
            return "none"
        return "open" if self.reads(tip) else "stub" if self.sees_stubs else "none"


def kind_of(tip: Tip, chiefs: tuple[str, ...]) -> Kind:
    if tip.restricted == "fence":
        return "fence"
    return "chief" if tip.restricted == "chief" or tip.category in chiefs else ""


def tip_of(session: Session, ward_id: int, *, tip_id: int = 0, attachment_id: int = 0) -> Tip | None:
    """The tip itself, or the one that a file belongs to; for whoever decides about it, not for a page."""
    if not attachment_id:
        return tip_row(session, ward_id, tip_id)
    query = select(Tip).where(col(Tip.ward_id) == ward_id)
    query = query.join(Attachment, col(Attachment.tip_id) == col(Tip.id)).where(col(Attachment.id) == attachment_id)
    return session.execute(query).scalar_one_or_none()


def reach_of(session: Session, sight: Sight, *, tip_id: int = 0, attachment_id: int = 0) -> tuple[Reach, int]:
    """And the tip's id."""
    if attachment_id and not sight.reads_letters and _is_of_letter(session, attachment_id):
        return "none", 0
    tip = tip_of(session, sight.ward_id, tip_id=tip_id, attachment_id=attachment_id)
    return sight.reach(tip), tip.id if tip else 0


def _is_of_letter(session: Session, attachment_id: int) -> bool:
    query = select(col(Attachment.id)).where(col(Attachment.id) == attachment_id, col(Attachment.letter_id).is_not(None))
    return session.execute(query).first() is not None


def readable_ids(session: Session, sight: Sight, ids: list[int]) -> list[int]:
    """Of these, in their order."""
    found = {row[0] for row in _readable_query(sight).rows(session, ids=ids)}
    return [tip_id for tip_id in ids if tip_id in found]


@lru_cache(maxsize=KEPT_MOST)
def _readable_query(sight: Sight) -> Prepared:
    """By id alone: with the ward beside it, SQLite would rather walk along all tips of the ward."""
    of_ward = col(Tip.ward_id) + literal_column("0") == sight.ward_id
    return Prepared(select(col(Tip.id)).where(col(Tip.id).in_(bindparam("ids", expanding=True)), of_ward, sight.readable()))


def letter_is_mine(sight: Sight) -> Any:
    """A condition over `Appeal` that is joined with its `Tip`: one about no tip goes where ordinary tips are read."""
    about_none = col(Appeal.tip_id).is_(None)
    return or_(about_none, sight.readable()) if "" in sight.kinds else and_(col(Appeal.tip_id).is_not(None), sight.readable())
