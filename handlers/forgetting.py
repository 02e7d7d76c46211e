"""An unsent draft that was left lying: its key goes, and every word of it, in the conversation and in the thread too."""

from sqlmodel import Session

from handlers.flows.conversation import without_tip
from storage.ids import new_id
from storage.queries import lanes, web_thread
from storage.queries.retention import IdleDraft
from storage.queries.shredding import drop_draft


def expire_draft(session: Session, draft: IdleDraft, *, now: int) -> tuple[str, ...] | None:
    """The places of its files; None while somebody is just writing in this chat, who then is not idle."""
    if draft.chat_id is not None:
        if not lanes.change_state(session, draft.chat_id, lambda state: without_tip(state, draft.tip_id), now=now):
            return None
        web_thread.forget_since(session, draft.chat_id, draft.created_at)
    return drop_draft(session, draft.tip_id, ward_id=draft.ward_id, history_id=new_id(), now=now, what="draft_expired", actor="system")
