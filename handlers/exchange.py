"""The desk writes to a resident: a question, a word, the end of a tip. Everything goes out by `handlers/notices.py`.

Nobody can write to a person who cut contact, nor about a tip whose words are shredded. What was written stands sealed in the history.
"""

import re
from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from handlers import access, notices
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.insight import catalogue
from handlers.messages import Button, Reply, Ward
from handlers.notices import Notice
from handlers.officers import Mistake
from handlers.texts import say_as
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import aftercare, exchange, shredding
from storage.queries.exchange import Standing

Draw = Callable[[], int]
LEAST_REASON = 10
MOST_REASON = 1000
OLDEST_DONE = 366 * moments.DAY


def ask(session: Session, ward: Ward, act: Act, *, tip_id: int, words: str, question_id: int, draw: Draw) -> int | None:
    """One question at a time: a new one takes the place of one that still waits, so that no answer goes to the wrong one.
    The chat that has something to be sent, if one has."""
    tip = _to_write(session, act, tip_id)
    for former in exchange.open_questions(session, tip_id):
        if aftercare.settle_question(session, question_id=former, tip_id=tip_id, outcome="withdrawn", now=act.now):
            dropped = exchange.drop_notice(session, former, now=act.now)
            note(session, act, "question_withdrawn", tip_id=tip_id, history_id=draw(), question=former, notices=dropped)
    aftercare.keep_question(
        session, question_id=question_id, ward_id=act.ward_id, tip_id=tip_id, asked_by=act.officer_id, words=words, now=act.now
    )
    note(session, act, "question_asked", tip_id=tip_id, question=question_id)

    def put(language: str) -> Reply:
        text = say_as(ward.book, "question-asked", language, code_tail=tip.tail, question=words, duty_phone=ward.duty_phone or "113")
        return Reply(text=text, buttons=(Button(say_as(ward.book, "button-skip", language), f"skip-question:{question_id}"),))

    return notices.tell(
        session, ward.book, Notice(tip_id=tip_id, kind="question", say=put, question_id=question_id), draw=draw, now=act.now
    )


def tell(session: Session, ward: Ward, act: Act, *, tip_id: int, words: str, draw: Draw) -> int | None:
    tip = _to_write(session, act, tip_id)
    note(session, act, "told", tip_id=tip_id, secret=words)

    def put(language: str) -> Reply:
        return Reply(text=say_as(ward.book, "told-by-desk", language, code_tail=tip.tail, text=words))

    return notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="answer", say=put), draw=draw, now=act.now)


def close(session: Session, ward: Ward, act: Act, *, tip_id: int, done: str, done_on: int, unit: str, draw: Draw) -> int | None:
    """The end, for now: told to the resident in three facts, and the number to call goes. Contact that was cut does not hinder it."""
    tip = _to_change(session, act, tip_id)
    if not tip.is_accepted:
        raise Mistake("write-not-accepted")
    if not exchange.close(session, tip_id, now=act.now):
        raise Mistake("close-closed")
    shredding.shred_callbacks_of(session, tip_id, now=act.now)
    day = moments.short_date(done_on)
    note(session, act, "closed", tip_id=tip_id, secret=f"{done}, {day}, {unit}.")
    if not tip.has_chat:
        return None

    def put(language: str) -> Reply:
        return _ending(ward.book, language, tip, tip_id, done=done, date=day, unit=unit)

    return notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="status", say=put), draw=draw, now=act.now)


def _ending(book: WardBook, language: str, tip: Standing, tip_id: int, **facts: str) -> Reply:
    text = say_as(book, "closed-by-desk", language, **facts)
    stars: tuple[Button, ...] = ()
    if may_be_rated(book, tip):
        text += f"\n\n{say_as(book, 'rating-ask', language)}"
        stars = tuple(Button(say_as(book, f"button-rate-{many}", language), f"rate:{tip_id}-{many}") for many in range(1, 6))
    return Reply(text=text, buttons=(*stars, Button(say_as(book, "button-complain", language), "complain")))


def may_be_rated(book: WardBook, tip: Standing) -> bool:
    """Nobody is asked for stars after danger, violence at home, a child, or a person who was missed."""
    return not (tip.is_urgent or tip.is_rated or is_sensitive(book, tip.category))


def is_sensitive(book: WardBook, code: str) -> bool:
    category = catalogue.merged(catalogue.load(), book.category_changes).get(code)
    return category is not None and category.sensitive


def is_quiet(book: WardBook, *, safe: str, category: str) -> bool:
    """Nothing is sent to them unasked: what there is waits until they write."""
    return safe != "alone" or is_sensitive(book, category)


def reopen(session: Session, act: Act, *, tip_id: int, reason: str) -> None:
    _to_change(session, act, tip_id)
    reason = checked_reason(reason)
    if not exchange.reopen(session, tip_id):
        raise Mistake("close-open")
    note(session, act, "reopened", tip_id=tip_id, secret=reason)


def checked_day(text: str, *, now: int) -> int:
    """The day something was done, as a browser sends it or as people write it. Raises Mistake."""
    typed = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    written = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip(), re.ASCII)
    parts = typed.groups() if typed else written.groups()[::-1] if written else ()
    try:
        day = moments.start_of_day(date(*map(int, parts)))
    except (TypeError, ValueError, OverflowError):
        raise Mistake("close-day") from None
    if not now - OLDEST_DONE <= day <= now:
        raise Mistake("close-day")
    return day


def checked_reason(text: str) -> str:
    reason = " ".join(clean(text).split())[:MOST_REASON]
    if len(reason) < LEAST_REASON:
        raise Mistake("mistake-reason-short")
    return reason


def why_not(tip: Standing) -> str:
    """Why nothing can be written about this tip; empty where it can."""
    if tip.is_shredded:
        return "write-shredded"
    if not tip.has_chat:
        return "write-cut"
    return "" if tip.is_accepted else "write-not-accepted"


def _to_write(session: Session, act: Act, tip_id: int) -> Standing:
    tip = _to_change(session, act, tip_id)
    if key := why_not(tip):
        raise Mistake(key)
    return tip


def _to_change(session: Session, act: Act, tip_id: int) -> Standing:
    access.check(session, act, tip_id)
    tip = exchange.standing(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    return tip
