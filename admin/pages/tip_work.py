"""The part of a tip's page that is about whose it is, and who was sent there."""

from dataclasses import dataclass

from sqlmodel import Session

from admin.desk import Visit
from handlers import access, assignment, dispatch, officers
from handlers.assignment import Proposal
from handlers.dispatch import FORCES, MOST_WORDS
from handlers.exchange import LEAST_REASON
from storage import moments
from storage.queries import assignment as rows
from storage.queries.assignment import STEPS, Dispatch
from storage.queries.officers import OfficerSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class TipWork:
    owner: OfficerSeen | None
    is_named: bool  # Somebody named them; else they only accepted it.
    proposal: Proposal | None
    proposed: OfficerSeen | None
    choices: tuple[OfficerSeen, ...]  # Whose it may become, without whoever has it.
    may_assign: bool
    may_hand_out: bool
    is_mine: bool
    dispatches: tuple[Dispatch, ...]
    people: tuple[OfficerSeen, ...]  # Who may be sent.
    names: dict[int, str]
    most: int = MOST_WORDS
    forces: tuple[str, ...] = FORCES
    steps: tuple[str, ...] = STEPS
    least: int = LEAST_REASON

    def next_step(self, one: Dispatch) -> str:
        return dispatch.next_step(one)

    def typed_time(self, moment: int) -> str:
        return f"{moments.local(moment):%Y-%m-%dT%H:%M}"


def of_tip(session: Session, visit: Visit, tip_id: int, known: list[OfficerSeen]) -> TipWork:
    officer = visit.officer
    may_assign = officers.may(officer.role, "assign")
    tip = rows.held(session, officer.ward_id, tip_id)
    assert tip is not None
    people = {one.id: one for one in known}
    is_named = assignment.needs_reason(session, tip_id, tip)
    proposal = None if is_named or tip.is_closed else assignment.propose(session, officer.ward_id, tip, known)
    able = assignment.holders(known, access.kind_of_row(tip.restricted, tip.category))
    return TipWork(
        owner=people.get(tip.handler_id or 0),
        is_named=is_named,
        proposal=proposal,
        proposed=people.get(proposal.officer_id) if proposal else None,
        choices=tuple(one for one in able if not (is_named and one.id == tip.handler_id)),
        may_assign=may_assign and not tip.is_shredded,
        may_hand_out=may_assign and not tip.is_shredded and not tip.is_closed,
        is_mine=tip.handler_id == officer.id,
        dispatches=tuple(rows.dispatches_of(session, officer.ward_id, tip_id)),
        people=tuple(one for one in people.values() if not one.is_disabled and officers.may(one.role, "read")),
        names={one.id: one.name for one in people.values()},
    )
