"""The part of a tip's page that is about what is sealed: whether there is something, one's own requests, the call-back number."""

from dataclasses import dataclass

from sqlmodel import Session

from admin.desk import Visit
from handlers import callbacks, officers
from handlers.openings import ANSWERED_WITHIN, LEAST_REASON
from storage import moments
from storage.queries import custody, openings
from storage.queries.callbacks import CallbackSeen
from storage.queries.openings import OpeningSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class TipCustody:
    identities: int
    has_keepers: bool
    has_originals: bool
    may_ask_identity: bool
    may_ask_originals: bool
    mine: tuple[OpeningSeen, ...]
    callback: CallbackSeen
    now: int
    answered_within: int = ANSWERED_WITHIN
    least: int = LEAST_REASON


def of_tip(session: Session, visit: Visit, tip_id: int) -> TipCustody:
    officer, now = visit.officer, moments.now()
    return TipCustody(
        identities=custody.count_identities(session, officer.ward_id, tip_id),
        has_keepers=bool(custody.active_custodians(session, officer.ward_id)),
        has_originals=openings.has_originals(session, officer.ward_id, tip_id),
        may_ask_identity=officers.may(officer.role, "ask_identity"),
        may_ask_originals=officers.may(officer.role, "ask_originals"),
        mine=tuple(openings.openings_of_tip(session, officer.ward_id, tip_id, asked_by=officer.id)),
        callback=callbacks.seen(session, officer.ward_id, tip_id, officer_id=officer.id),
        now=now,
    )
