"""What happens to tips: the one place that changes them, for the doors and the desk alike."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from handlers.messages import Change
from storage.ids import new_id
from storage.tables import Attachment, HistoryRow, Piece, Tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whose tips these are. The ids stand before the insert, so a repeat of the transaction makes the same rows."""

    ward_id: int
    chat_id: int
    channel: str
    now: int


def apply(session: Session, where: Where, changes: list[Change]) -> None:
    for change in changes:
        _APPLY[change.what](session, where, change.values)


def remember(session: Session, where: Where, tip_id: int, what: str, *, actor: str = "resident", **detail: Any) -> None:
    row = HistoryRow(id=new_id(), ward_id=where.ward_id, tip_id=tip_id, at=where.now, actor=actor, what=what, detail=detail)
    session.add(row)


def accept_tip(session: Session, ward_id: int, *, tip_id: int, officer_id: int, now: int) -> bool:
    """True if this officer is the first; a second press changes nothing."""
    accepted = session.execute(
        update(Tip)
        .where(col(Tip.id) == tip_id, col(Tip.ward_id) == ward_id, col(Tip.state) == "S1", col(Tip.accepted_at).is_(None))
        .values(accepted_at=now)
    )
    if accepted.rowcount != 1:  # type: ignore[attr-defined]  # An UPDATE always answers with a CursorResult.
        return False
    session.add(HistoryRow(id=new_id(), ward_id=ward_id, tip_id=tip_id, at=now, actor=f"officer:{officer_id}", what="accepted"))
    return True


def _open(session: Session, where: Where, values: dict[str, Any]) -> None:
    session.add(
        Tip(
            id=values["tip_id"],
            ward_id=where.ward_id,
            chat_id=where.chat_id,
            channel=where.channel,
            created_at=where.now,
            category=values.get("category", ""),
        )
    )
    session.flush()
    remember(session, where, values["tip_id"], "draft_opened")


def _say(session: Session, where: Where, values: dict[str, Any]) -> None:
    session.add(
        Piece(
            id=values["piece_id"],
            ward_id=where.ward_id,
            tip_id=values["tip_id"],
            source_hash=values["source_hash"],
            text=values["text"],
            said_at=where.now,
            is_addition=values.get("is_addition", False),
        )
    )
    if values.get("is_addition"):
        remember(session, where, values["tip_id"], "added")


def _correct(session: Session, _where: Where, values: dict[str, Any]) -> None:
    session.execute(
        update(Piece)
        .where(col(Piece.tip_id) == values["tip_id"], col(Piece.source_hash) == values["source_hash"])
        .values(text=values["text"])
    )


def _retell(session: Session, _where: Where, values: dict[str, Any]) -> None:
    session.execute(delete(Piece).where(col(Piece.tip_id) == values["tip_id"]))


def _attach(session: Session, where: Where, values: dict[str, Any]) -> None:
    session.add(
        Attachment(
            id=values["attachment_id"],
            ward_id=where.ward_id,
            tip_id=values["tip_id"],
            kind=values["kind"],
            source=values["file"],
            due_at=where.now,
            created_at=where.now,
        )
    )


def _drop_photos(session: Session, _where: Where, values: dict[str, Any]) -> None:
    session.execute(
        update(Attachment).where(col(Attachment.tip_id) == values["tip_id"]).values(status="refused", note="withdrawn", source=None)
    )


def _place(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _change_tip(
        session, values["tip_id"], place_text=values.get("text", ""), latitude=values.get("latitude"), longitude=values.get("longitude")
    )


def _category(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _change_tip(session, values["tip_id"], category=values["category"])


def _drop(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The author gave the draft up: its words go, the row and its history stay."""
    session.execute(delete(Piece).where(col(Piece.tip_id) == values["tip_id"]))
    _drop_photos(session, where, values)
    _change_tip(session, values["tip_id"], state="dropped", place_text="", latitude=None, longitude=None)
    remember(session, where, values["tip_id"], "draft_dropped")


def _send(session: Session, where: Where, values: dict[str, Any]) -> None:
    _change_tip(
        session,
        values["tip_id"],
        state="S1",
        arrived_at=where.now,
        code=values["code"],
        code_hash=values["code_hash"],
        code_tail=values["code"][-4:],
    )
    remember(session, where, values["tip_id"], "arrived")


def _change_tip(session: Session, tip_id: int, **values: Any) -> None:
    session.execute(update(Tip).where(col(Tip.id) == tip_id).values(**values))


_APPLY = {
    "open": _open,
    "say": _say,
    "correct": _correct,
    "retell": _retell,
    "attach": _attach,
    "drop_photos": _drop_photos,
    "place": _place,
    "category": _category,
    "drop": _drop,
    "send": _send,
}
