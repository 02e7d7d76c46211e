"""The desk writes to a resident: a question, a word, the end of a tip. Everything goes out by `handlers/notices.py`.

Nobody can write to a person who cut contact, nor about a tip whose words are shredded. What was written stands sealed in the history.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers import access, deadlines, lifecycle, notices, tip_clocks
from handlers.acts import Act, note
from handlers.cleaning import clean
from handlers.insight import catalogue
from handlers.messages import Button, Reply, Ward
from handlers.notices import Notice
from handlers.officers import Mistake
from handlers.texts import for_readers, say_as
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import aftercare, exchange, sent_files, shredding, steps
from storage.queries.exchange import Standing
from storage.queries.sent_files import NewFile

Draw = Callable[[], int]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One that stands with the tip already; without an id there is none."""

    id: int = 0
    mime: str = ""


Attached = KnownFile | NewFile
NO_FILE = KnownFile()
_CLOSE, _REOPEN = lifecycle.BY_NAME["close"], lifecycle.BY_NAME["reopen"]
LEAST_REASON = 10
LEAST_RESULT = 3
MOST_REASON = 1000
_PRESSED_AGAIN = moments.MINUTE
OLDEST_DONE = 366 * moments.DAY


def ask(
    session: Session,
    ward: Ward,
    act: Act,
    *,
    tip_id: int,
    words: str,
    question_id: int,
    draw: Draw,
    file: Attached = NO_FILE,
    written_by: int = 0,
) -> int | None:
    """One question at a time: a new one takes the place of one that still waits, so that no answer goes to the wrong one.
    `written_by`: another officer, whose words the chief lets go out. The chat that has something to be sent, if one has."""
    tip = _to_write(session, act, tip_id)
    if not isinstance(file, NewFile) and not written_by and _was_just_asked(session, act, tip_id, words):
        return None
    for former in exchange.open_questions(session, tip_id):
        if aftercare.settle_question(session, question_id=former, tip_id=tip_id, outcome="withdrawn", now=act.now):
            dropped = exchange.drop_notice(session, former, now=act.now)
            note(session, act, "question_withdrawn", tip_id=tip_id, history_id=draw(), question=former, notices=dropped)
    aftercare.keep_question(
        session,
        question_id=question_id,
        ward_id=act.ward_id,
        tip_id=tip_id,
        asked_by=written_by or act.officer_id,
        words=words,
        now=act.now,
    )
    note(session, act, "question_asked", tip_id=tip_id, question=question_id)
    exchange.note_answered(session, tip_id)
    deadlines.void(session, tip_id, ("answer",), now=act.now, actor=f"officer:{act.officer_id}")
    if not tip.is_closed:  # What has ended waits for nothing.
        clock: dict[str, Any] = {"ward_id": act.ward_id, "tip_id": tip_id, "row_id": draw(), "now": act.now}
        deadlines.start(session, ward.book, kind="answer", starts_at=act.now, actor=f"officer:{act.officer_id}", **clock)
    _send_along(session, act, tip_id, file, draw)
    kind = access.kind(session, act.ward_id, tip_id)

    def put(language: str) -> Reply:
        values = {"code_tail": tip.tail, "question": words, "duty_phone": ward.duty_phone or "113"}
        text = say_as(ward.book, for_readers("question-asked", kind), language, **values)
        skip = Button(say_as(ward.book, "button-skip", language), f"skip-question:{question_id}")
        return Reply(text=text, buttons=(skip,), file=file.id, file_mime=file.mime)

    return notices.tell(
        session, ward.book, Notice(tip_id=tip_id, kind="question", say=put, question_id=question_id), draw=draw, now=act.now
    )


def tell(
    session: Session, ward: Ward, act: Act, *, tip_id: int, words: str, draw: Draw, file: Attached = NO_FILE, written_by: int = 0
) -> int | None:
    tip, notice_id = _to_write(session, act, tip_id), draw()
    if not isinstance(file, NewFile) and not written_by and _was_just_told(session, act, tip_id, words):
        return None
    note(session, act, "told", tip_id=tip_id, secret=words, notice=notice_id, **_whose(written_by))
    exchange.note_answered(session, tip_id)
    _send_along(session, act, tip_id, file, draw)
    key = for_readers("told-by-desk", access.kind(session, act.ward_id, tip_id))

    def put(language: str) -> Reply:
        text = say_as(ward.book, key, language, code_tail=tip.tail, text=words)
        return Reply(text=text, file=file.id, file_mime=file.mime)

    notice = Notice(tip_id=tip_id, kind="answer", say=put, id=notice_id)
    return notices.tell(session, ward.book, notice, draw=draw, now=act.now)


def _was_just_asked(session: Session, act: Act, tip_id: int, words: str) -> bool:
    """A button pressed twice sends its form twice: nobody is asked the same twice within a minute."""
    return any(
        one.words == words and one.asked_by == act.officer_id and not one.outcome and one.asked_at > act.now - _PRESSED_AGAIN
        for one in exchange.questions_of(session, act.ward_id, tip_id)
    )


def _was_just_told(session: Session, act: Act, tip_id: int, words: str) -> bool:
    return any(
        one.what == "told" and one.text == words and one.actor == f"officer:{act.officer_id}" and one.at > act.now - _PRESSED_AGAIN
        for one in exchange.written_of(session, act.ward_id, tip_id)
    )


def _whose(written_by: int) -> dict[str, int]:
    return {"written_by": written_by} if written_by else {}


def _send_along(session: Session, act: Act, tip_id: int, file: Attached, draw: Draw) -> None:
    if isinstance(file, NewFile):
        keep_file(session, act, tip_id, file, draw)


def keep_file(session: Session, act: Act, tip_id: int, file: NewFile, draw: Draw) -> None:
    """A clean copy that lies on the disk is the tip's from now on."""
    mark = sent_files.keep(session, file, ward_id=act.ward_id, tip_id=tip_id, sent_by=act.officer_id, now=act.now)
    note(session, act, "file_to_resident", tip_id=tip_id, history_id=draw(), attachment=file.id, fingerprint=mark)


def needs_no_answer(session: Session, act: Act, *, tip_id: int) -> None:
    """ "Cảm ơn": read, and nothing to say to it. Whoever may write decides so; it stands in the history."""
    to_change(session, act, tip_id)
    if exchange.note_answered(session, tip_id):
        note(session, act, "answer_not_needed", tip_id=tip_id)


def close(
    session: Session, ward: Ward, act: Act, *, tip_id: int, done: str, done_on: int, unit: str, result: str, draw: Draw, written_by: int = 0
) -> int | None:
    """The end, for now: told to the resident in three facts, and the number to call goes. Contact that was cut does not hinder it."""
    tip = to_change(session, act, tip_id)
    if not tip.is_accepted:
        raise Mistake("write-not-accepted")
    if tip.is_closed:
        raise Mistake("close-closed")
    if tip.state not in _CLOSE.sources:
        raise Mistake("close-not-yet")
    exchange.close(session, tip_id, state=_CLOSE.to, now=act.now)
    exchange.note_answered(session, tip_id)
    shredding.shred_callbacks_of(session, tip_id, now=act.now)
    actor = f"officer:{act.officer_id}"
    deadlines.settle(session, tip_id, _CLOSE.settles, now=act.now, actor=actor)
    deadlines.void(session, tip_id, now=act.now, actor=actor)
    for kind in _CLOSE.starts:
        clock: dict[str, Any] = {
            "ward_id": act.ward_id,
            "tip_id": tip_id,
            "starts_at": act.now,
            "row_id": draw(),
            "now": act.now,
            "actor": actor,
        }
        deadlines.start(session, ward.book, kind=kind, **clock)
    day, notice_id = moments.short_date(done_on), draw()
    note(session, act, "closed", tip_id=tip_id, secret=f"{done}, {day}, {unit}.", to=_CLOSE.to, notice=notice_id, **_whose(written_by))
    note(session, act, "closed_result", tip_id=tip_id, history_id=draw(), secret=result)
    if not tip.is_read:
        return None
    key = for_readers("closed-by-desk", access.kind(session, act.ward_id, tip_id))
    if key == "closed-by-desk" and aftercare.is_chiefs_work(session, tip_id):
        key = "closed-by-desk-chief"

    def put(language: str) -> Reply:
        return _ending(ward.book, key, language, tip, tip_id, done=done, date=day, unit=unit)

    notice = Notice(tip_id=tip_id, kind="status", say=put, id=notice_id)
    return notices.tell(session, ward.book, notice, draw=draw, now=act.now)


def _ending(book: WardBook, key: str, language: str, tip: Standing, tip_id: int, **facts: str) -> Reply:
    text = say_as(book, key, language, **facts)
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


def reopen(session: Session, ward: Ward, act: Act, *, tip_id: int, reason: str, draw: Draw) -> int | None:
    """They were told that it had ended, and are told that it has not. The chat that has something to be sent, if one has."""
    tip = to_change(session, act, tip_id)
    reason = checked_reason(reason)
    if not tip.is_closed or tip.state not in _REOPEN.sources:
        raise Mistake("close-open")
    deadlines.void(session, tip_id, now=act.now, actor=f"officer:{act.officer_id}")
    exchange.reopen(session, tip_id, state=_REOPEN.to)
    note(session, act, "reopened", tip_id=tip_id, secret=reason, to=_REOPEN.to)
    if stands := steps.stands(session, act.ward_id, tip_id):
        tip_clocks.opened_again(session, ward.book, act, tip_id, stands, draw=draw)
    if not tip.is_read:
        return None

    def put(language: str) -> Reply:
        return Reply(text=say_as(ward.book, _REOPEN.tells, language, code_tail=tip.tail))

    return notices.tell(session, ward.book, Notice(tip_id=tip_id, kind="status", say=put), draw=draw, now=act.now)


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


def checked_result(text: str) -> str:
    """What it came to, for the file: the resident reads nothing of it. Raises Mistake."""
    result = " ".join(clean(text).split())[:MOST_REASON]
    if len(result) < LEAST_RESULT:
        raise Mistake("close-result-empty")
    return result


def checked_reason(text: str) -> str:
    reason = " ".join(clean(text).split())[:MOST_REASON]
    if len(reason) < LEAST_REASON:
        raise Mistake("mistake-reason-short")
    return reason


def why_not(tip: Standing) -> str:
    """Why nothing can be written about this tip; empty where it can."""
    if tip.is_shredded:
        return "write-shredded"
    if not tip.is_read:
        return "write-cut"
    return "" if tip.is_accepted else "write-not-accepted"


def _to_write(session: Session, act: Act, tip_id: int) -> Standing:
    tip = to_change(session, act, tip_id)
    if key := why_not(tip):
        raise Mistake(key)
    return tip


def to_change(session: Session, act: Act, tip_id: int) -> Standing:
    """One that may be written to by these hands, and that there still is."""
    access.check(session, act, tip_id)
    tip = exchange.standing(session, act.ward_id, tip_id)
    if tip is None:
        raise Mistake("desk-no-tip")
    if tip.is_shredded:
        raise Mistake("write-shredded")
    return tip
