"""What a receipt code opens where there is no chat: where the tip stands, what we have said about it, and room for more words.

Never what was sent, and never who sent it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from handlers import tips
from handlers.flows import danger
from handlers.messages import Change
from handlers.tips import Where
from storage.queries import aftercare
from storage.queries.aftercare import SeenTip, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    tip: SeenTip
    told: tuple[Told, ...]

    @property
    def question_id(self) -> int | None:
        """The officer's newest question that is still open: the next words answer it."""
        return next((one.open_question for one in reversed(self.told) if one.open_question is not None), None)

    @property
    def may_be_rated(self) -> bool:
        """Only where the ending asked for it, and nobody has answered."""
        asks = any(button["data"].startswith("rate:") for one in self.told for button in one.reply.get("buttons", ()))
        return asks and self.tip.closed_at is not None and self.tip.rating is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    text: str
    source_hash: str  # Of the form it came with: the same form twice is one addition.


def find(session: Session, code_hash: str) -> Opened | None:
    tip = aftercare.tip_of_code(session, code_hash)
    return Opened(tip=tip, told=() if tip.is_shredded else aftercare.all_told(session, tip.tip_id)) if tip else None


def mark_read(session: Session, ward_id: int, opened: Opened, *, draw: Callable[[], int], now: int) -> None:
    """What was shown needs no knock any more, and "xem" does not tell it again."""
    ids = [one.id for one in opened.told if not one.is_read]
    if ids:
        tips.apply(session, _where(ward_id, now), [_change("read_notices", opened, draw, ids=ids)])


def add(session: Session, ward_id: int, opened: Opened, addition: Addition, *, draw: Callable[[], int], now: int) -> None:
    """Like words that follow a receipt in a chat. Words of danger make the tip urgent, whoever brought them."""
    if aftercare.was_said(session, opened.tip.tip_id, addition.source_hash):
        return
    words = {"piece_id": draw(), "source_hash": addition.source_hash, "text": addition.text, "is_addition": True}
    changes = [_change("say", opened, draw, **words)]
    if opened.question_id is not None:
        changes.append(_change("settle_question", opened, draw, question_id=opened.question_id, outcome="answered"))
    is_open = opened.tip.is_urgent and opened.tip.closed_at is None
    if (kind := danger.now_in(addition.text)) and not is_open:
        changes.append(_change("danger", opened, draw, danger=kind, is_urgent=True))
    tips.apply(session, _where(ward_id, now), changes)


def rate(session: Session, ward_id: int, opened: Opened, stars: int, *, draw: Callable[[], int], now: int) -> None:
    tips.apply(session, _where(ward_id, now), [_change("rate", opened, draw, rating=stars)])


def _where(ward_id: int, now: int) -> Where:
    return Where(ward_id=ward_id, chat_id=0, channel="webchat", now=now)  # No chat: whoever holds the code may be anybody.


def _change(what: str, opened: Opened, draw: Callable[[], int], **values: object) -> Change:
    return Change(what, {"tip_id": opened.tip.tip_id, "history_id": draw(), **values})  # type: ignore[arg-type]
