"""Somebody accepts a tip, at the desk or from their own chat: one wins, and everybody who has to know is told in the same breath."""

from dataclasses import dataclass

from sqlmodel import Session

from handlers import access, ladder, notices, officer_chats, texts, tips
from handlers.acts import Act
from handlers.messages import Reply, Ward
from handlers.notices import Notice
from handlers.officer_chats import Draw
from storage import moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    is_first: bool
    chats: tuple[int, ...] = ()  # They have something to be sent.


def accept(session: Session, ward: Ward, act: Act, *, tip_id: int, draw: Draw) -> Accepted:
    """The first officer has it; the resident is told once, in the way that is safe for them, and whoever was rung is told by whom."""
    if not tips.accept_tip(session, act.ward_id, tip_id=tip_id, officer_id=act.officer_id, history_id=act.history_id, now=act.now):
        return Accepted(is_first=False)

    key = texts.for_readers("accepted", access.kind(session, act.ward_id, tip_id))

    def put(language: str) -> Reply:
        return Reply(text=texts.say_as(ward.book, key, language, time=moments.clock_face(act.now)))

    resident = notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="accepted", say=put), draw=draw, now=act.now)
    rung = officer_chats.tell_taken(session, ward, tip_id, by=act.officer_id, draw=draw, now=act.now)
    return Accepted(is_first=True, chats=(*([resident] if resident is not None else []), *rung))


def answer(session: Session, ward: Ward, act: Act, *, tip_id: int, draw: Draw) -> Accepted:
    """It has become urgent since somebody accepted it: whoever presses first looks after it, and whoever was rung is told by whom."""
    if not ladder.answer(session, act, tip_id):
        return Accepted(is_first=False)
    rung = officer_chats.tell_taken(session, ward, tip_id, by=act.officer_id, draw=draw, now=act.now, key="linked-answered-by")
    return Accepted(is_first=True, chats=tuple(rung))
