"""The part of a tip's page that says how it came, where an officer entered it."""

from dataclasses import dataclass

from sqlmodel import Session

from admin.desk import Visit
from handlers import officers, walk_in
from storage.queries import walk_in as rows
from storage.queries.walk_in import BroughtSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class TipBrought:
    seen: BroughtSeen
    link: str  # To be read, not to be opened.
    may_renew: bool
    was_there: bool  # Somebody has just entered the same again, and is shown the elder.


def of_tip(session: Session, visit: Visit, tip_id: int) -> TipBrought | None:
    seen = rows.brought(session, visit.officer.ward_id, tip_id)
    if seen is None:
        return None
    return TipBrought(
        seen=seen,
        link=walk_in.defanged(seen.link),
        may_renew=seen.takes_code and officers.may(visit.officer.role, "bring_in"),
        was_there="da-co" in visit.request.query,
    )
