"""What is sent for money. It is counted before it goes, in the month's row and on the outbox's row in one commit, and given back when it
is sure that nothing went: so several workers never pass the ward's figure together, and a crash counts one message too many, never the
same one twice. A row that still bears its count was perhaps delivered; nobody sends it for money again.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storage.quick import Quick

_ADD = Quick(
    "INSERT INTO paid_months (id, ward_id, channel, month, many) VALUES (:id, :ward_id, :channel, :month, 0)"
    " ON CONFLICT (ward_id, channel, month) DO NOTHING"
)
_TAKE = Quick(
    "UPDATE paid_months SET many = many + :many WHERE ward_id = :ward_id AND channel = :channel AND month = :month"
    " AND many + :many <= :most RETURNING many"
)
_GIVE_BACK = Quick(
    "UPDATE paid_months SET many = CASE WHEN many > :many THEN many - :many ELSE 0 END"
    " WHERE ward_id = :ward_id AND channel = :channel AND month = :month"
)
_MARK = Quick("UPDATE outbox SET paid = :many WHERE id = :row_id AND status IN ('waiting', 'sending') AND paid = 0 RETURNING id")
_UNMARK = Quick("UPDATE outbox SET paid = paid - :many WHERE id = :row_id AND paid >= :many RETURNING id")
_RELEASE = Quick(
    "UPDATE outbox SET status = 'waiting', tries = 0, due_at = :now, error = NULL"
    " WHERE ward_id = :ward_id AND status = 'parked' AND error IN ('paid_off', 'ceiling') AND paid = 0"
)
_TOLD = Quick(
    "UPDATE paid_months SET remains = :remains, told_at = :now WHERE ward_id = :ward_id AND channel = :channel AND month = :month"
)
_USED = Quick("SELECT many, remains, told_at FROM paid_months WHERE ward_id = :ward_id AND channel = :channel AND month = :month")
_STANDS = Quick(
    "SELECT c.ward_id, COALESCE(c.window_from, c.last_in_at), o.paid, o.is_pressing FROM chats c"
    " LEFT JOIN outbox o ON o.id = :row_id AND o.chat_id = c.id WHERE c.id = :chat_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What decides whether a row may go out now."""

    ward_id: int
    since: int | None  # When they did last what lets us answer. None: nobody knows.
    paid: int
    is_pressing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    many: int = 0
    remains: int | None = None  # Of the package, as the platform said it with a message that was sent.
    told_at: int | None = None


def stands(session: Session, chat_id: int, row_id: int) -> Stands | None:
    row = _STANDS.run(session, chat_id=chat_id, row_id=row_id).fetchone()
    return Stands(ward_id=row[0], since=row[1], paid=row[2] or 0, is_pressing=bool(row[3])) if row else None


def release(session: Session, ward_id: int, *, now: int) -> None:
    """What waited only because the ward had set too little is tried anew; delivery decides as it stands now."""
    _RELEASE.run(session, ward_id=ward_id, now=now)


def take(session: Session, ward_id: int, channel: str, month: str, row_id: int, *, many: int, most: int, new_id: int) -> bool:
    """So many of the month's messages for this row, or none. False too where the row was counted before."""
    _ADD.run(session, id=new_id, ward_id=ward_id, channel=channel, month=month)
    if _TAKE.run(session, ward_id=ward_id, channel=channel, month=month, many=many, most=most).fetchone() is None:
        return False
    if _MARK.run(session, row_id=row_id, many=many).fetchone() is None:
        _GIVE_BACK.run(session, ward_id=ward_id, channel=channel, month=month, many=many)
        return False
    return True


def give_back(session: Session, ward_id: int, channel: str, month: str, row_id: int, *, many: int) -> None:
    """It is sure that so many of them did not go, or cost nothing."""
    if _UNMARK.run(session, row_id=row_id, many=many).fetchone() is not None:
        _GIVE_BACK.run(session, ward_id=ward_id, channel=channel, month=month, many=many)


def note_remains(session: Session, ward_id: int, channel: str, month: str, remains: int, *, now: int) -> None:
    _TOLD.run(session, ward_id=ward_id, channel=channel, month=month, remains=remains, now=now)


def used(session: Session, ward_id: int, channel: str, month: str) -> Used:
    row = _USED.run(session, ward_id=ward_id, channel=channel, month=month).fetchone()
    return Used(many=row[0], remains=row[1], told_at=row[2]) if row else Used()
