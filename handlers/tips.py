"""What happens to tips: the one place that changes them, for the doors and the desk alike."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session

from handlers.messages import Change
from storage.tables import Attachment, Chat, HistoryRow, Piece, Tip
from storage.tables.columns import table_of

_TIPS, _PIECES, _ATTACHMENTS, _HISTORY = table_of(Tip), table_of(Piece), table_of(Attachment), table_of(HistoryRow)
_CHATS = table_of(Chat)
_INSERT_TIP, _INSERT_PIECE, _INSERT_ATTACHMENT, _INSERT_HISTORY = insert(_TIPS), insert(_PIECES), insert(_ATTACHMENTS), insert(_HISTORY)
_ACCEPT = (
    update(_TIPS)
    .where(_TIPS.c.id == bindparam("tip"), _TIPS.c.ward_id == bindparam("ward"), _TIPS.c.state == "S1", _TIPS.c.accepted_at.is_(None))
    .values(accepted_at=bindparam("moment"))
    .returning(_TIPS.c.chat_id)
)
_LANGUAGE = select(_CHATS.c.language).where(_CHATS.c.id == bindparam("chat"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whose tips these are. All ids are drawn before the transaction, so a repeat of it makes the same rows."""

    ward_id: int
    chat_id: int
    channel: str
    now: int


def apply(session: Session, where: Where, changes: list[Change]) -> None:
    for change in changes:
        _APPLY[change.what](session, where, change.values)


def remember(
    session: Session, *, history_id: int, ward_id: int, tip_id: int | None, now: int, actor: str, what: str, **detail: Any
) -> None:
    session.execute(
        _INSERT_HISTORY,
        {"id": history_id, "ward_id": ward_id, "tip_id": tip_id, "at": now, "actor": actor, "what": what, "detail": detail},
    )


@dataclass(frozen=True, slots=True)
class Accepted:
    chat_id: int
    language: str


def accept_tip(session: Session, ward_id: int, *, tip_id: int, officer_id: int, history_id: int, now: int) -> Accepted | None:
    """Whom to tell, if this officer is the first; a second press changes nothing."""
    chat_id = session.execute(_ACCEPT, {"tip": tip_id, "ward": ward_id, "moment": now}).scalar_one_or_none()
    if chat_id is None:
        return None
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=f"officer:{officer_id}", what="accepted")
    return Accepted(chat_id, session.execute(_LANGUAGE, {"chat": chat_id}).scalar_one())


def _by_resident(session: Session, where: Where, values: dict[str, Any], what: str) -> None:
    remember(
        session,
        history_id=values["history_id"],
        ward_id=where.ward_id,
        tip_id=values["tip_id"],
        now=where.now,
        actor="resident",
        what=what,
    )


def _open(session: Session, where: Where, values: dict[str, Any]) -> None:
    session.execute(
        _INSERT_TIP,
        {
            "id": values["tip_id"],
            "ward_id": where.ward_id,
            "chat_id": where.chat_id,
            "channel": where.channel,
            "state": "S0",
            "category": values.get("category", ""),
            "place_text": "",
            "about": "anonymous",
            "code_tail": "",
            "created_at": where.now,
        },
    )
    _by_resident(session, where, values, "draft_opened")


def _say(session: Session, where: Where, values: dict[str, Any]) -> None:
    is_addition = values.get("is_addition", False)
    session.execute(
        _INSERT_PIECE,
        {
            "id": values["piece_id"],
            "ward_id": where.ward_id,
            "tip_id": values["tip_id"],
            "source_hash": values["source_hash"],
            "text": values["text"],
            "said_at": where.now,
            "is_addition": is_addition,
        },
    )
    if is_addition:
        _by_resident(session, where, values, "added")


def _correct(session: Session, _where: Where, values: dict[str, Any]) -> None:
    session.execute(
        update(_PIECES)
        .where(_PIECES.c.tip_id == values["tip_id"], _PIECES.c.source_hash == values["source_hash"])
        .values(text=values["text"])
    )


def _retell(session: Session, _where: Where, values: dict[str, Any]) -> None:
    session.execute(delete(_PIECES).where(_PIECES.c.tip_id == values["tip_id"]))


def _attach(session: Session, where: Where, values: dict[str, Any]) -> None:
    session.execute(
        _INSERT_ATTACHMENT,
        {
            "id": values["attachment_id"],
            "ward_id": where.ward_id,
            "tip_id": values["tip_id"],
            "kind": values["kind"],
            "source": values["file"],
            "status": "waiting",
            "note": "",
            "mime": "",
            "sha256": "",
            "size": 0,
            "width": 0,
            "height": 0,
            "original": "",
            "work": "",
            "thumb": "",
            "tries": 0,
            "due_at": where.now,
            "created_at": where.now,
        },
    )
    if values.get("is_addition"):
        _by_resident(session, where, values, "file_added")


def _drop_photos(session: Session, _where: Where, values: dict[str, Any]) -> None:
    """The media queue erases what these rows had brought to disk."""
    session.execute(
        update(_ATTACHMENTS)
        .where(_ATTACHMENTS.c.tip_id == values["tip_id"], _ATTACHMENTS.c.status != "withdrawn")
        .values(status="withdrawn", source=None)
    )


def _place(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _change_tip(
        session, values["tip_id"], place_text=values.get("text", ""), latitude=values.get("latitude"), longitude=values.get("longitude")
    )


def _category(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _change_tip(session, values["tip_id"], category=values["category"])


def _drop(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The author gave the draft up: its words go, the row and its history stay."""
    session.execute(delete(_PIECES).where(_PIECES.c.tip_id == values["tip_id"]))
    _drop_photos(session, where, values)
    _change_tip(session, values["tip_id"], state="dropped", place_text="", latitude=None, longitude=None)
    _by_resident(session, where, values, "draft_dropped")


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
    _by_resident(session, where, values, "arrived")


def _change_tip(session: Session, tip_id: int, **values: Any) -> None:
    session.execute(update(_TIPS).where(_TIPS.c.id == tip_id).values(**values))


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
