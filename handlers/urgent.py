"""An urgent resident is told when nobody has accepted: that must never be guessed from silence."""

from collections.abc import Callable
from functools import partial

from sqlmodel import Session

from handlers import access, notices, texts
from handlers.messages import Reply, Ward
from handlers.notices import Notice
from handlers.tips import remember
from storage import moments
from storage.queries import urgent
from storage.vault import Sealed, WrongMaster

ALONE_AFTER = 3 * moments.MINUTE


def tell_who_waits(session: Session, ward: Ward, *, draw: Callable[[], int], now: int) -> list[int]:
    """The chats that have something to be sent."""
    chats: list[int] = []
    for tip_id in urgent.waiting_alone(session, ward.id, before=now - ALONE_AFTER):
        if not urgent.note_told(session, tip_id, now=now):
            continue
        notice = Notice(tip_id=tip_id, kind="nobody", say=partial(_sentence, ward, access.kind(session, ward.id, tip_id)))
        try:
            chat_id = notices.tell(session, ward.book, notice, draw=draw, now=now)
        except (Sealed, WrongMaster):  # Changed, or broken: the desk shows it so, and everybody else is told all the same.
            chat_id = None
        what = "told_nobody_accepted" if chat_id is not None else "nobody_accepted"
        remember(session, history_id=draw(), ward_id=ward.id, tip_id=tip_id, now=now, actor="system", what=what)
        if chat_id is not None:
            chats.append(chat_id)
    return chats


def _sentence(ward: Ward, kind: str, language: str) -> Reply:
    key = texts.for_readers("nobody-accepted", kind)
    if key != "nobody-accepted":
        return Reply(text=texts.say_as(ward.book, key, language))
    if ward.is_trial:
        return Reply(text=texts.say_as(ward.book, "nobody-accepted-trial", language))
    return Reply(text=texts.say_as(ward.book, "nobody-accepted", language, duty_phone=ward.duty_phone))
