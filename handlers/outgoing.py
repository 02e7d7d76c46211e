"""An answer as a row of the outbox. The id is drawn before the transaction, so that a repeat of it makes the same row."""

from typing import Any

from handlers.messages import Reply
from storage import moments

_DANGER_LASTS = moments.DAY


def reply_row(
    reply: Reply,
    *,
    row_id: int,
    ward_id: int,
    chat_id: int,
    now: int,
    tip_id: int | None = None,
    kind: str = "",
    is_pressing: bool = False,
) -> dict[str, Any]:
    """`is_pressing`: it is about danger, or an officer waits for it, and goes before what can wait (`storage/queries/lanes.py`)."""
    return {
        "id": row_id,
        "ward_id": ward_id,
        "chat_id": chat_id,
        "tip_id": tip_id,
        "reply": reply.as_row(),
        "rule": "repeat",
        "is_pressing": is_pressing,
        "kind": kind or ("receipt" if reply.code else "answer"),
        "status": "waiting",
        "tries": 0,
        "due_at": now,
        "created_at": now,
    }


def is_about_danger(state: dict[str, Any], now: int) -> bool:
    """Whether a conversation that stands so heard danger, in what is being told or in what was sent within a day."""
    last: dict[str, Any] = state.get("last_tip") or {}
    return bool(state.get("danger")) or bool(last.get("danger") and now - int(last.get("at", 0)) < _DANGER_LASTS)
