"""How something about a tip reaches the resident without giving them away: at once, behind a knock, or when they next write.

The one place that decides this. Whatever the desk has to say to a resident goes through `tell`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlmodel import Session

from handlers import texts
from handlers.insight import catalogue
from handlers.messages import Button, Reply
from handlers.outgoing import reply_row
from handlers.tips import remember
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import aftercare, lanes
from storage.queries.aftercare import Addressee

Kind = Literal["accepted", "nobody", "status", "question", "answer"]
Way = Literal["at once", "knock", "wait"]
# An urgent exchange still runs while their last message is not older than this.
EXCHANGE_RUNS = 10 * moments.MINUTE

# Somebody waits for an answer to these; the rest is news, and comes after them where a platform takes only so much.
_PRESSING = ("accepted", "nobody", "question", "answer")
# Of an urgent tip, on a phone that is theirs alone. How it ended and what the chief wrote tell the matter, and lie days later on a
# locked screen: these knock like any other once nobody is talking any more.
_SAID_AT_ONCE = ("accepted", "nobody", "question")
ANSWERS_WITHIN = moments.MINUTE  # What comes so soon after their own message is an answer, whoever holds the phone.


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    tip_id: int
    kind: Kind
    say: Callable[[str], Reply]  # In the language of the person.
    question_id: int | None = None
    id: int = 0  # Drawn by who wants to find it again; else it is drawn here.


def way(to: Addressee, kind: Kind, *, is_sensitive: bool, now: int) -> Way:
    """On a shared phone, or where nobody said whose it is, and for violence at home and children: nothing unasked."""
    if to.is_urgent and kind in ("accepted", "nobody") and now - to.last_in_at < EXCHANGE_RUNS:
        return "at once"
    if to.safe != "alone" or is_sensitive:
        return "wait"
    exchange_runs = now - to.last_in_at < EXCHANGE_RUNS
    return "at once" if to.is_urgent and (exchange_runs or kind in _SAID_AT_ONCE) else "knock"


def tell(session: Session, book: WardBook, notice: Notice, *, draw: Callable[[], int], now: int) -> int | None:
    """Inside the desk's transaction. The chat that has something to be sent, if one has."""
    to = aftercare.addressee(session, notice.tip_id)
    if to is None:
        return None
    category = catalogue.merged(catalogue.load(), book.category_changes).get(to.category)
    chosen = way(to, notice.kind, is_sensitive=category is not None and category.sensitive, now=now) if to.chat_id else "wait"
    reply = notice.say(to.language)
    knocks = chosen == "knock" and not aftercare.has_knocked(session, notice.tip_id)
    row_id = draw() if chosen == "at once" or knocks else None
    if notice.kind != "nobody":  # That one is true at its minute only; whoever asks later reads how it stands then.
        notice_id = notice.id or draw()
        aftercare.keep_notice(
            session,
            notice_id=notice_id,
            ward_id=to.ward_id,
            tip_id=notice.tip_id,
            kind=notice.kind,
            reply=reply.as_row(),
            question_id=notice.question_id,
            now=now,
            knocked=knocks,
            is_said=chosen == "at once",
            outbox_id=row_id,
        )
        if chosen == "at once":
            remember(
                session,
                history_id=draw(),
                ward_id=to.ward_id,
                tip_id=notice.tip_id,
                now=now,
                actor="system",
                what="notices_said",
                notices=[notice_id],
            )
    is_pressing = to.is_urgent or notice.kind in _PRESSING
    if row_id is not None:
        words = reply if chosen == "at once" else knock(book, to.language)
        return _queue(session, to, notice.tip_id, words, row_id=row_id, now=now, is_pressing=is_pressing)
    # Behind a knock that is still on its way, or waits because it may cost: it carries this one too.
    is_carried = chosen == "knock" and is_pressing and aftercare.press_knock(session, notice.tip_id, now=now)
    return to.chat_id if is_carried else None


def tell_of_file(session: Session, book: WardBook, tip_id: int, reply: Reply, *, notice_id: int, row_id: int, now: int) -> bool:
    """That a photo could not be had: an answer as long as the person is still there, unasked later on. Whether it is sent."""
    to = aftercare.addressee(session, tip_id)
    if to is None or to.chat_id is None:
        return False
    category = catalogue.merged(catalogue.load(), book.category_changes).get(to.category)
    is_quiet = to.safe == "shared" or to.is_urgent or (category is not None and category.sensitive)
    stays = ANSWERS_WITHIN if is_quiet else EXCHANGE_RUNS if to.safe != "alone" else None
    if stays is None or now - to.last_in_at < stays:
        _queue(session, to, tip_id, reply, row_id=row_id, now=now, is_pressing=to.is_urgent)
        return True
    aftercare.keep_notice(
        session,
        notice_id=notice_id,
        ward_id=to.ward_id,
        tip_id=tip_id,
        kind="status",
        reply=reply.as_row(),
        question_id=None,
        now=now,
        knocked=False,
        is_said=False,
    )
    return False


def knock(book: WardBook, language: str) -> Reply:
    """May lie on a locked screen: neither code nor matter."""
    return Reply(text=texts.say_as(book, "knock", language), buttons=(Button(texts.say_as(book, "button-see", language), "my-tips"),))


def _queue(session: Session, to: Addressee, tip_id: int, reply: Reply, *, row_id: int, now: int, is_pressing: bool) -> int | None:
    if to.chat_id is None:
        return None
    whose: dict[str, Any] = {"ward_id": to.ward_id, "chat_id": to.chat_id, "tip_id": tip_id}
    row = reply_row(reply, row_id=row_id, kind="status", now=now, is_pressing=is_pressing, **whose)
    lanes.queue_replies(session, [row])
    return to.chat_id
