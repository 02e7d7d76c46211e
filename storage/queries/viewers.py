"""Who has a tip's page open just now, what others wrote to its resident meanwhile, and what the resident told.

A row for each officer and tip, renewed while the page is open; what is over shows nowhere and is swept by `retention.py`.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, literal_column, select
from sqlmodel import Session, col

from storage.prepared import Prepared
from storage.queries.tips import Happened
from storage.quick import Quick, from_json
from storage.tables import HistoryRow

# What goes to the resident, or to the chief on its way there: whoever writes after one of these should have read it.
SENT = ("told", "question_asked", "closed", "reopened", "text_held")
# What a resident does that changes how a tip's page reads; the first of them are said there.
TOLD = ("said", "added", "corrected", "file_added", "question_answered", "question_skipped")
HEARD = (*TOLD, "retracted", "file_withdrawn", "file_stored", "file_refused", "file_failed", "notices_read", "arrived")
# What officers do that changes how a tip's page reads, beside what they send.
DONE = (
    *("accepted", "alarm_answered", "assigned", "given_back", "moved", "recategorised", "book_entered", "book_moved", "book_corrected"),
    *("note_written", "note_struck", "answer_not_needed", "text_released", "text_returned", "photo_covered", "known_how_set"),
    *("dispatched", "dispatch_left", "dispatch_there", "dispatch_corrected", "dispatch_recalled", "event_linked", "event_unlinked"),
    *("restricted", "restriction_lifted", "concern_raised", "concern_lifted", "paper_asked", "paper_withdrawn", "paper_refused"),
    *("blocked", "block_lifted", "code_renewed", "identity_asked", "originals_asked"),
)
_RENEW = Quick(
    "INSERT INTO tip_viewers (id, ward_id, tip_id, officer_id, since, until) VALUES (:id, :ward_id, :tip_id, :officer_id, :now, :until)"
    " ON CONFLICT (tip_id, officer_id) DO UPDATE"
    " SET since = CASE WHEN tip_viewers.until < :now THEN :now ELSE tip_viewers.since END, until = :until"
)
# What stands further ahead than anybody ever put it was put there before the machine's clock was set back.
_OTHERS = Quick(
    "SELECT v.officer_id, o.name, v.since FROM tip_viewers v JOIN officers o ON o.id = v.officer_id"
    " WHERE v.tip_id = :tip_id AND v.ward_id = :ward_id AND v.officer_id <> :officer_id AND v.until BETWEEN :now AND :latest"
    " ORDER BY v.since, v.officer_id"
)


# A tip has few rows, a ward has all of them: the sum keeps its index out of the way.
_OF_TIP = (col(HistoryRow.ward_id) + literal_column("0") == bindparam("ward"), col(HistoryRow.tip_id) == bindparam("tip"))
_BY_OTHERS = (*_OF_TIP, col(HistoryRow.actor) != bindparam("me"))
_IN_ORDER = (col(HistoryRow.at), col(HistoryRow.id))
_SENT = Prepared(
    select(col(HistoryRow.what), col(HistoryRow.actor), col(HistoryRow.at))
    .where(*_BY_OTHERS, col(HistoryRow.what).in_(SENT))
    .order_by(*_IN_ORDER)
)
_DONE = Prepared(
    select(col(HistoryRow.what), col(HistoryRow.actor), col(HistoryRow.at), col(HistoryRow.detail))
    .where(*_BY_OTHERS, col(HistoryRow.what).in_(DONE))
    .order_by(*_IN_ORDER)
)
_HEARD = Prepared(select(col(HistoryRow.what), col(HistoryRow.at)).where(*_OF_TIP, col(HistoryRow.what).in_(HEARD)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    officer_id: int
    name: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentByOthers:
    """How much others have written to the resident of a tip until now, and the last of it."""

    count: int = 0
    what: str = ""
    actor: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How much has come of a tip's resident until now, and the last of it that they told."""

    count: int = 0
    what: str = ""
    at: int = 0


def renew(session: Session, *, row_id: int, ward_id: int, tip_id: int, officer_id: int, now: int, until: int) -> None:
    _RENEW.run(session, id=row_id, ward_id=ward_id, tip_id=tip_id, officer_id=officer_id, now=now, until=until)


def others(session: Session, ward_id: int, tip_id: int, *, officer_id: int, now: int, latest: int) -> list[Viewer]:
    """Whoever came first stands first. Whether they may still read the tip is the caller's question."""
    rows = _OTHERS.run(session, ward_id=ward_id, tip_id=tip_id, officer_id=officer_id, now=now, latest=latest).fetchall()
    return [Viewer(officer_id=row[0], name=row[1], since=row[2]) for row in rows]


def sent_by_others(session: Session, ward_id: int, tip_id: int, *, officer_id: int) -> SentByOthers:
    """Counted, not dated: of two that are written in one moment, the later commit raises the count."""
    found = _SENT.rows(session, ward=ward_id, tip=tip_id, me=f"officer:{officer_id}")
    if not found:
        return SentByOthers()
    what, actor, at = found[-1]
    return SentByOthers(count=len(found), what=what, actor=actor, at=at)


def done_by_others(session: Session, ward_id: int, tip_id: int, *, officer_id: int) -> list[Happened]:
    """Oldest first. Whatever a page that is open does not show yet stands behind as many as it was drawn with."""
    found = _DONE.rows(session, ward=ward_id, tip=tip_id, me=f"officer:{officer_id}")
    return [Happened(at=at, actor=actor, what=what, detail=from_json(detail)) for what, actor, at, detail in found]


def heard(session: Session, ward_id: int, tip_id: int) -> Heard:
    """Counted for the same reason. What an answer is comes after the words of it: in one moment, the answer counts."""
    found = _HEARD.rows(session, ward=ward_id, tip=tip_id)
    told = max(((at, TOLD.index(what)) for what, at in found if what in TOLD), default=None)
    return Heard(count=len(found), what=TOLD[told[1]], at=told[0]) if told else Heard(count=len(found))
