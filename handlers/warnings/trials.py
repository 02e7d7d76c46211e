"""A warning to try: to one officer's own chat, marked in its first line and over its picture, and to nobody else."""

from collections.abc import Callable

from sqlmodel import Session

from handlers import officer_chats
from handlers.messages import Reply, Ward
from handlers.officers import Mistake
from handlers.texts import say
from handlers.warnings.content import Posted, as_posted
from handlers.warnings.lifecycle import content_of
from storage.queries import warnings as rows
from storage.queries.warnings import WarningSeen


def send(session: Session, ward: Ward, officer_id: int, seen: WarningSeen, *, draw: Callable[[], int], now: int) -> int:
    """The chat it went to. Raises Mistake where none is linked."""
    original = rows.one(session, ward.id, seen.corrects_id) if seen.corrects_id else None
    posted = Posted(
        code=seen.code,
        at=seen.released_at or now,
        expires_at=seen.expires_at,
        corrects=original.code if original else "",
        corrects_at=(original.released_at or 0) if original else 0,
    )
    text = f"{say('warn-trial-mark', 'vi')}\n\n{as_posted(content_of(seen), posted, ward)}"
    chat_id = officer_chats.write_to(session, ward, officer_id, Reply(text=text, card=-seen.id), row_id=draw(), now=now)
    if chat_id is None:
        raise Mistake("warn-no-chat")
    return chat_id
