"""Two officers at one tip: each sees that the other is there, and nobody answers a resident without having seen what the other sent."""

from sqlmodel import Session

from handlers import access
from handlers.officers import Mistake
from storage import moments
from storage.queries import exchange
from storage.queries import viewers as rows
from storage.queries.viewers import SentByOthers, Viewer

# A page says so every ten seconds (presence.js). One that is closed says nothing: it is over after two that were missed.
LASTS = 22 * moments.SECOND


class SentMeanwhile(Mistake):
    """Somebody else has written to the resident since this page was drawn."""

    def __init__(self, last: SentByOthers) -> None:
        super().__init__("sent-meanwhile")
        self.last = last


def look(session: Session, ward_id: int, officer_id: int, tip_id: int, *, row_id: int, now: int) -> list[Viewer]:
    """This officer has the tip open; who else has. Nobody shows who may not read it any more, and nobody is told who may not."""
    if not access.may_read(session, ward_id, officer_id, tip_id):
        return []
    rows.renew(session, row_id=row_id, ward_id=ward_id, tip_id=tip_id, officer_id=officer_id, now=now, until=now + LASTS)
    found = rows.others(session, ward_id, tip_id, officer_id=officer_id, now=now, latest=now + LASTS)
    return [one for one in found if access.may_read(session, ward_id, one.officer_id, tip_id)]


def check_nothing_was_sent(session: Session, ward_id: int, officer_id: int, tip_id: int, *, seen: int) -> None:
    """`seen`: how much others had written when the page was drawn. Who writes at this very moment is waited for. Raises SentMeanwhile."""
    exchange.standing(session, ward_id, tip_id)
    last = rows.sent_by_others(session, ward_id, tip_id, officer_id=officer_id)
    if last.count > seen:
        raise SentMeanwhile(last)
