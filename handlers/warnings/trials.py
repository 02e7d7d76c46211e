"""A warning to try: to one officer's own chat, marked in its first line and over its picture, and to nobody else."""

from collections.abc import Callable

from sqlmodel import Session

from handlers import officer_chats
from handlers.messages import Reply, Ward
from handlers.officers import Mistake
from handlers.texts import say
from handlers.warnings.around import original_of, text_of
from storage.queries.warnings import WarningSeen


def send(session: Session, ward: Ward, officer_id: int, seen: WarningSeen, *, draw: Callable[[], int], now: int) -> int:
    """The chat it went to. Raises Mistake where none is linked."""
    words = text_of(seen, original_of(session, ward.id, seen), ward, now=now)
    text = f"{say('warn-trial-mark', 'vi')}\n\n{words}"
    chat_id = officer_chats.write_to(session, ward, officer_id, Reply(text=text, card=-seen.id), row_id=draw(), now=now)
    if chat_id is None:
        raise Mistake("warn-no-chat")
    return chat_id
