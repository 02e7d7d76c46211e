"""Chuyển hồ sơ giấy: what must not lie on a machine that hangs on the internet goes to a paper file, by the word of two people.

One who reads the tip asks, with the number of the paper file. The chief or the commander on duty confirms, and never who asked; they
need not read it. A fenced tip goes by two keepers. From that moment on nothing of it opens; its key is destroyed within the minute
(bot/forgetting.py), after the shred list has been written.
"""

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers import access, books, deadlines, duty, ladder, officers
from handlers.acts import Act, note
from handlers.officers import Mistake
from storage.queries import officers as officer_rows
from storage.queries import search, shredding, special, steps
from storage.queries.sight import Sight
from storage.queries.special import PaperAsked

MOST_NUMBER = 40
_NUMBER = re.compile(r"[\w./-]+(?: [\w./-]+)*")


def checked_number(text: str) -> str:
    """A number as it stands on a file's cover, and no sentence: it stands in clear. Raises Mistake."""
    number = " ".join(text.split())
    if len(number) > MOST_NUMBER or not _NUMBER.fullmatch(number) or not any(sign.isdigit() for sign in number):
        raise Mistake("paper-number")
    return number


def ask(session: Session, act: Act, *, tip_id: int, number: str) -> None:
    """Raises Mistake."""
    access.check(session, act, tip_id)
    number = checked_number(number)
    if not special.ask_paper(session, tip_id, number=number, officer_id=act.officer_id, now=act.now):
        raise Mistake("paper-already")
    note(session, act, "paper_asked", tip_id=tip_id, number=number)


def withdraw(session: Session, act: Act, *, tip_id: int) -> None:
    """By who asked. Raises Mistake."""
    asked = special.paper_asked(session, act.ward_id, tip_id)
    if asked is None or asked.asked_by != act.officer_id or not special.end_paper(session, tip_id):
        raise Mistake("paper-none")
    note(session, act, "paper_withdrawn", tip_id=tip_id)


def refuse(session: Session, act: Act, *, tip_id: int) -> None:
    _to_decide(session, act, tip_id)
    if not special.end_paper(session, tip_id):
        raise Mistake("paper-none")
    note(session, act, "paper_refused", tip_id=tip_id)


def confirm(session: Session, act: Act, *, tip_id: int, draw: Callable[[], int]) -> None:
    """The second person's word: nothing of the tip is found, opened or written from here on. Raises Mistake."""
    tip = steps.stands(session, act.ward_id, tip_id)  # Held from here on: who takes the wish back at this moment comes before or too late.
    asked = _to_decide(session, act, tip_id)
    if tip is not None and not tip.book:  # What has arrived stands in a book, wherever its papers lie.
        detail: dict[str, Any] = {}
        books.enter(session, act, tip_id, kind="report", entry_id=draw(), detail=detail)
        note(session, act, "book_entered", tip_id=tip_id, history_id=draw(), **detail)
    search.remove(session, tip_id)
    shredding.shred_callbacks_of(session, tip_id, now=act.now)
    special.to_paper(session, tip_id, now=act.now)
    note(session, act, "paper_moved", tip_id=tip_id, number=asked.number)
    deadlines.void(session, tip_id, now=act.now, actor=f"officer:{act.officer_id}")
    ladder.settle(session, tip_id, now=act.now, officer_id=act.officer_id)


def may_confirm(session: Session, act: Act, *, is_fenced: bool) -> bool:
    """The chief, or whoever commands the shift; for what no one of the ward reads, another keeper."""
    role = officer_rows.role_of(session, act.ward_id, act.officer_id)
    if not officers.may(role, "confirm_paper"):
        return False
    if is_fenced or role == "keeper":
        return is_fenced and role == "keeper"
    return role == "chief" or duty.is_commander(session, act.ward_id, act.officer_id, act.now)


def to_decide(session: Session, act: Act, sight: Sight) -> list[PaperAsked]:
    """What this officer may confirm or refuse, and what they asked for themself."""
    asked = special.papers_asked(session, sight)  # Of one kind: fenced for a keeper, and never for anybody else.
    return asked if asked and may_confirm(session, act, is_fenced=asked[0].is_fenced) else []


def waiting_for(session: Session, act: Act, sight: Sight) -> int:
    return len([one for one in to_decide(session, act, sight) if one.asked_by != act.officer_id])


def _to_decide(session: Session, act: Act, tip_id: int) -> PaperAsked:
    asked = special.paper_asked(session, act.ward_id, tip_id)
    if asked is None or not may_confirm(session, act, is_fenced=asked.is_fenced):
        raise Mistake("paper-none")  # The same for both: whether something was asked of a tip they may not read is none of theirs.
    if asked.asked_by == act.officer_id:
        raise Mistake("paper-own")
    return asked
