"""What happens to tips: the one place that changes them, for the doors and the desk alike."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handlers.messages import Change
from storage.quick import Quick, as_json, insert

_INSERT_TIP = insert("tips", "id", "ward_id", "chat_id", "channel", "state", "category", "place_text", "about", "code_tail", "created_at")
_INSERT_PIECE = insert("pieces", "id", "ward_id", "tip_id", "source_hash", "text", "said_at", "is_addition")
_INSERT_ATTACHMENT = insert(
    "attachments",
    *("id", "ward_id", "tip_id", "kind", "source", "status", "note", "mime", "sha256", "size"),
    *("width", "height", "original", "work", "thumb", "tries", "due_at", "created_at"),
)
_INSERT_HISTORY = insert("history", "id", "ward_id", "tip_id", "at", "actor", "what", "detail")
_ACCEPT = Quick(
    "UPDATE tips SET accepted_at = :now WHERE id = :tip_id AND ward_id = :ward_id AND state = 'S1' AND accepted_at IS NULL"
    " RETURNING chat_id"
)
_LANGUAGE = Quick("SELECT language FROM chats WHERE id = :chat_id")
_CORRECT = Quick("UPDATE pieces SET text = :text WHERE tip_id = :tip_id AND source_hash = :source_hash")
_FORGET_WORDS = Quick("DELETE FROM pieces WHERE tip_id = :tip_id")
_WITHDRAW = Quick("UPDATE attachments SET status = 'withdrawn', source = NULL WHERE tip_id = :tip_id AND status <> 'withdrawn'")
_PLACE = Quick("UPDATE tips SET place_text = :text, latitude = :latitude, longitude = :longitude WHERE id = :tip_id")
_CATEGORY = Quick("UPDATE tips SET category = :category WHERE id = :tip_id")
_DROP = Quick("UPDATE tips SET state = 'dropped', place_text = '', latitude = NULL, longitude = NULL WHERE id = :tip_id")
_ARRIVE = Quick(
    "UPDATE tips SET state = 'S1', arrived_at = :now, code = :code, code_hash = :code_hash, code_tail = :code_tail WHERE id = :tip_id"
)


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
    _INSERT_HISTORY.run(session, id=history_id, ward_id=ward_id, tip_id=tip_id, at=now, actor=actor, what=what, detail=as_json(detail))


@dataclass(frozen=True, slots=True)
class Accepted:
    chat_id: int
    language: str


def accept_tip(session: Session, ward_id: int, *, tip_id: int, officer_id: int, history_id: int, now: int) -> Accepted | None:
    """Whom to tell, if this officer is the first; a second press changes nothing."""
    accepted = _ACCEPT.run(session, tip_id=tip_id, ward_id=ward_id, now=now).fetchone()
    if accepted is None:
        return None
    remember(session, history_id=history_id, ward_id=ward_id, tip_id=tip_id, now=now, actor=f"officer:{officer_id}", what="accepted")
    return Accepted(accepted[0], _LANGUAGE.run(session, chat_id=accepted[0]).fetchone()[0])


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
    _INSERT_TIP.run(
        session,
        id=values["tip_id"],
        ward_id=where.ward_id,
        chat_id=where.chat_id,
        channel=where.channel,
        state="S0",
        category=values.get("category", ""),
        place_text="",
        about="anonymous",
        code_tail="",
        created_at=where.now,
    )
    _by_resident(session, where, values, "draft_opened")


def _say(session: Session, where: Where, values: dict[str, Any]) -> None:
    is_addition = values.get("is_addition", False)
    _INSERT_PIECE.run(
        session,
        id=values["piece_id"],
        ward_id=where.ward_id,
        tip_id=values["tip_id"],
        source_hash=values["source_hash"],
        text=values["text"],
        said_at=where.now,
        is_addition=is_addition,
    )
    if is_addition:
        _by_resident(session, where, values, "added")


def _correct(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _CORRECT.run(session, tip_id=values["tip_id"], source_hash=values["source_hash"], text=values["text"])


def _retell(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _FORGET_WORDS.run(session, tip_id=values["tip_id"])


def _attach(session: Session, where: Where, values: dict[str, Any]) -> None:
    nothing = {
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
    }
    _INSERT_ATTACHMENT.run(
        session,
        id=values["attachment_id"],
        ward_id=where.ward_id,
        tip_id=values["tip_id"],
        kind=values["kind"],
        source=as_json(values["file"]),
        status="waiting",
        due_at=where.now,
        created_at=where.now,
        **nothing,
    )
    if values.get("is_addition"):
        _by_resident(session, where, values, "file_added")


def _drop_photos(session: Session, _where: Where, values: dict[str, Any]) -> None:
    """The media queue erases what these rows had brought to disk."""
    _WITHDRAW.run(session, tip_id=values["tip_id"])


def _place(session: Session, _where: Where, values: dict[str, Any]) -> None:
    spot = {"text": values.get("text", ""), "latitude": values.get("latitude"), "longitude": values.get("longitude")}
    _PLACE.run(session, tip_id=values["tip_id"], **spot)


def _category(session: Session, _where: Where, values: dict[str, Any]) -> None:
    _CATEGORY.run(session, tip_id=values["tip_id"], category=values["category"])


def _drop(session: Session, where: Where, values: dict[str, Any]) -> None:
    """The author gave the draft up: its words go, the row and its history stay."""
    _FORGET_WORDS.run(session, tip_id=values["tip_id"])
    _drop_photos(session, where, values)
    _DROP.run(session, tip_id=values["tip_id"])
    _by_resident(session, where, values, "draft_dropped")


def _send(session: Session, where: Where, values: dict[str, Any]) -> None:
    code = values["code"]
    _ARRIVE.run(session, tip_id=values["tip_id"], now=where.now, code=code, code_hash=values["code_hash"], code_tail=code[-4:])
    _by_resident(session, where, values, "arrived")


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
