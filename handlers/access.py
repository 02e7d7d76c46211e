"""Who may read which tip. The few conditions that keep one person from another's words stand here together.

* ordinary: chief, duty, inspector; a handler those that were given to them.
* for the chief alone: what a resident or an officer asked for ("Chỉ chỉ huy đọc"), and every tip of a category that is restricted.
* fenced, about the ward police themselves: the fence keepers of the superior body, and nobody of the ward.

`Sight` (storage/queries/sight.py) carries this into every query. Whoever acts in an officer's name outside the desk asks `check`.
"""

from functools import cache
from typing import Any

from sqlmodel import Session

from handlers.acts import Act
from handlers.insight import catalogue
from handlers.officers import Mistake
from storage import moments
from storage.queries import history, sight
from storage.queries import officers as rows
from storage.queries.sight import Kind, Reach, Sight

_READS: dict[str, frozenset[Kind]] = {
    "chief": frozenset({"", "chief"}),
    "duty": frozenset({""}),
    "inspector": frozenset({""}),
    "handler": frozenset({""}),
    "keeper": frozenset({"fence"}),
}
_COMMON_LIST = ("chief", "duty", "inspector")
NOTED_ONCE_WITHIN = 15 * moments.MINUTE


@cache
def chiefs_categories() -> tuple[str, ...]:
    return tuple(code for code, category in catalogue.load().items() if category.restricted)


def kind_of_row(restricted: str, category: str) -> str:
    """For rows that carry these two columns of a tip and are no tip themselves."""
    return restricted or ("chief" if category in chiefs_categories() else "")


def kinds_of(role: str) -> frozenset[Kind]:
    return _READS.get(role, frozenset())


def reads_what_arrives(role: str) -> bool:
    """Every ordinary tip, not only those that were given to them."""
    return role in _COMMON_LIST


def sight_of(ward_id: int, role: str, officer_id: int) -> Sight:
    return Sight(
        ward_id=ward_id,
        kinds=kinds_of(role),
        sees_stubs=reads_what_arrives(role),
        own=officer_id if role == "handler" else None,
        chiefs=chiefs_categories(),
    )


def custody_sight(ward_id: int, role: str, officer_id: int) -> Sight:
    """Whose requests to open something one may answer: of tips one reads; who only keeps a key reads none, and answers for the ward's."""
    if role == "custodian":
        return Sight(ward_id=ward_id, kinds=frozenset({"", "chief"}), chiefs=chiefs_categories())
    return sight_of(ward_id, role, officer_id)


def sight_now(session: Session, ward_id: int, officer_id: int) -> Sight:
    """By the role of this very moment; nothing for an account that is closed."""
    return sight_of(ward_id, rows.role_of(session, ward_id, officer_id), officer_id)


def custody_sight_now(session: Session, ward_id: int, officer_id: int) -> Sight:
    return custody_sight(ward_id, rows.role_of(session, ward_id, officer_id), officer_id)


def may_answer_for(session: Session, ward_id: int, officer_id: int, tip_id: int) -> bool:
    """Whether a request to open something of this tip is for this officer to answer."""
    return sight.reach_of(session, custody_sight_now(session, ward_id, officer_id), tip_id=tip_id)[0] == "open"


def reach(session: Session, ward_id: int, officer_id: int, tip_id: int) -> Reach:
    return sight.reach_of(session, sight_now(session, ward_id, officer_id), tip_id=tip_id)[0]


def may_read(session: Session, ward_id: int, officer_id: int, tip_id: int) -> bool:
    return reach(session, ward_id, officer_id, tip_id) == "open"


def check(session: Session, act: Act, tip_id: int) -> None:
    """Raises Mistake where this officer may not read the tip they are about to act on."""
    reached = reach(session, act.ward_id, act.officer_id, tip_id)
    if reached != "open":
        raise Mistake("desk-restricted" if reached == "stub" else "desk-no-tip")


def kind(session: Session, ward_id: int, tip_id: int) -> Kind:
    tip = sight.tip_of(session, ward_id, tip_id=tip_id)
    return sight.kind_of(tip, chiefs_categories()) if tip else ""


def note_turned_away(session: Session, act: Act, tip_id: int) -> None:
    """Somebody came to the address of a tip they may not read: once in a quarter of an hour."""
    detail: dict[str, Any] = {"actor": f"officer:{act.officer_id}", "what": "turned_away"}
    if not history.was_noted(session, tip_id, since=act.now - NOTED_ONCE_WITHIN, **detail):
        history.remember(session, history_id=act.history_id, ward_id=act.ward_id, tip_id=tip_id, now=act.now, **detail)
