"""Letters to the chief: a complaint, a threat that somebody feels, a wish about one's own data. Never to the one complained about.

Every look and every answer stands in the history. An answer goes out like any word about a tip; where no tip tells whether it is safe
to write, it waits until the person asks.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers import access, duty, notices, officer_chats
from handlers.acts import Act, note
from handlers.cards import Card
from handlers.cleaning import clean
from handlers.messages import Change, Reply, Ward
from handlers.notices import Notice
from handlers.officers import Mistake
from handlers.texts import for_readers, say_as
from storage.queries import letters as rows
from storage.queries import officer_chats as chat_rows
from storage.queries.letters import Letter

HOW = ("called", "met")
LEAST_NOTE = 10
MOST_NOTE = 1000


def call_for_threats(session: Session, ward: Ward, changes: list[Change], *, draw: Callable[[], int], now: int) -> list[int]:
    """Whoever reads such letters is told on their phone when somebody taps that they are threatened; words that follow ring no more.
    The chats that have something to be sent."""
    tapped = [one.values for one in changes if one.what == "appeal" and one.values["kind"] == "threat" and not one.values["text"]]
    called = []
    for values in tapped:
        who, tip_id = duty.on_duty(session, ward.id, now), values["tip_id"]
        is_fenced = tip_id is not None and access.kind(session, ward.id, tip_id) == "fence"
        for officer_id in who.keepers if is_fenced else who.chiefs:
            link = chat_rows.link_of_officer(session, ward.id, officer_id)
            if link and officer_chats.ring(session, ward, officer_id, Card(kind="threat"), draw=draw, now=now) is not None:
                called.append(link.chat_id)
    return called


def look_at(session: Session, act: Act, letter_id: int) -> Letter:
    """Each look is a row of the history; the first one is what the bar of the desk waits for. Raises Mistake."""
    _to_read(session, act, letter_id)
    rows.mark_seen(session, letter_id, officer_id=act.officer_id, now=act.now)
    found = _to_read(session, act, letter_id)
    _note(session, act, "letter_read", found)
    return found


def answer(session: Session, ward: Ward, act: Act, letter_id: int, *, words: str, draw: Callable[[], int]) -> int | None:
    """The chat that has something to be sent, if one has. Raises Mistake."""
    found = _to_answer(session, act, letter_id)
    if found.chat_id is None:
        raise Mistake("letter-cut")
    tip_id = rows.tip_to_answer_by(session, found.line.tip_id, found.chat_id)
    _settle(session, act, letter_id, how="waits" if tip_id is None else "told", text=words)
    _note(session, act, "letter_answered", found)
    if tip_id is None:
        return None

    key = for_readers("appeal-answered", access.kind(session, ward.id, found.line.tip_id) if found.line.tip_id else "")

    def put(language: str) -> Reply:
        return Reply(text=say_as(ward.book, key, language, text=words))

    return notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="answer", say=put), draw=draw, now=act.now)


def note_talk(session: Session, act: Act, letter_id: int, *, how: str, words: str) -> None:
    """Somebody was called or met: that settles it too, with what was said. Raises Mistake."""
    words = " ".join(clean(words).split())[:MOST_NOTE]
    if how not in HOW:
        raise Mistake("letter-how")
    if len(words) < LEAST_NOTE:
        raise Mistake("letter-note-short")
    found = _to_answer(session, act, letter_id)
    _settle(session, act, letter_id, how=how, text=words)
    _note(session, act, f"letter_{how}", found)


def _to_read(session: Session, act: Act, letter_id: int) -> Letter:
    found = rows.letter(session, access.sight_now(session, act.ward_id, act.officer_id), letter_id)
    if found is None:
        raise Mistake("letter-none")
    return found


def _to_answer(session: Session, act: Act, letter_id: int) -> Letter:
    found = _to_read(session, act, letter_id)
    if found.line.is_shredded:
        raise Mistake("letter-shredded")
    if found.line.answered_at:
        raise Mistake("letter-answered")
    return found


def _settle(session: Session, act: Act, letter_id: int, **values: Any) -> None:
    if not rows.keep_answer(
        session, access.sight_now(session, act.ward_id, act.officer_id), letter_id, officer_id=act.officer_id, now=act.now, **values
    ):
        raise Mistake("letter-answered")


def _note(session: Session, act: Act, what: str, letter: Letter) -> None:
    note(session, act, what, tip_id=letter.line.tip_id, letter=letter.line.id, kind=letter.line.kind)
