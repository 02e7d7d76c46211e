"""An officer's own chat app: how it is linked and unlinked, and how a card reaches it.

A link signs nobody in. Through it an officer may accept a tip and ask about it (`handlers/flows/on_duty.py`, `handlers/duty_acts.py`);
words, names and papers stay at the desk. Who has told something as a resident from a chat cannot link it, and a link that ends takes
its chat with it: no row ever says that an officer and a resident are the same person.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import access, excerpts
from handlers.acts import Act, note
from handlers.card_words import called, card_reply, tip_buttons, with_excerpt
from handlers.cards import Card
from handlers.insight import catalogue
from handlers.messages import Reply, Ward
from handlers.officers import LEADER, Mistake, may
from handlers.outgoing import reply_row
from handlers.texts import say
from handlers.tips import remember
from handlers.ward_book import WardBook
from storage import moments
from storage.queries import contact, lanes
from storage.queries import officer_chats as rows
from storage.queries import officers as officer_rows
from storage.queries.officer_chats import CardTip, LinkRow
from storage.queries.rings import chat_ring
from storage.vault import Ring, Sealed, Shredded, WrongMaster

Draw = Callable[[], int]
CODE_LIVES = 10 * moments.MINUTE
MOST_REWRITTEN = 5  # Of the cards for one tip in one chat: as many as a platform takes at once.
_CAN_WAIT = frozenset(("morning", "roster", "clock"))  # Cards that do not go before what residents are told.
MOST_WRONG, WRONG_WITHIN = 5, moments.HOUR
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # Without those that are mistaken for one another when copied by hand.
_LENGTH = 8
_TYPED = re.compile(r"l-([0-9a-z]{4})[ -]?([0-9a-z]{4})", re.IGNORECASE)


# -- codes ---------------------------------------------------------------------------------------------------------------------


def new_code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def shown(code: str) -> str:
    """As it is typed: "L-7kq2-m9xt"."""
    return f"L-{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str:
    """The code in what somebody sent; empty where that is none."""
    found = _TYPED.fullmatch(typed.strip())
    return f"{found[1]}{found[2]}".lower() if found else ""


def deep_link(bot_link: str, code: str) -> str:
    """ "" where no bot runs."""
    return f"{bot_link}?start=l-{code}" if bot_link else ""


def keep_code(session: Session, act: Act, *, row_id: int, code_hash: str) -> None:
    """For whoever reads tips. The code before it is worth nothing any more."""
    rows.keep_code(
        session,
        act.ward_id,
        row_id=row_id,
        officer_id=act.officer_id,
        code_hash=code_hash,
        now=act.now,
        forget_before=act.now - moments.DAY,
    )


# -- the end of a link ---------------------------------------------------------------------------------------------------------


def end_one(session: Session, ward: Ward, act: Act, *, link_id: int, any_of_them: bool, draw: Draw) -> int:
    """At the desk, by whose it is; the chief ends any of them. The chat that is told. Raises Mistake."""
    found = next((one for one in rows.all_links(session, act.ward_id) if one.id == link_id), None)
    if found is None or not (any_of_them or found.officer_id == act.officer_id):
        raise Mistake("phone-gone")
    end(session, ward, act, found, draw=draw)
    return found.chat_id


def end_all(session: Session, ward: Ward, act: Act, *, officer_id: int, draw: Draw) -> list[int]:
    """With an account that is closed. The chats that are told."""
    found = [one for one in rows.all_links(session, act.ward_id) if one.officer_id == officer_id]
    for link in found:
        end(session, ward, act, link, draw=draw)
    return [link.chat_id for link in found]


def end(session: Session, ward: Ward, act: Act, link: LinkRow, *, draw: Draw, is_told: bool = True) -> None:
    """What waits for this chat goes unsent; the last it hears is that it is over, unless the answer at hand says so."""
    if rows.end(session, ward.id, link.id, now=act.now) is None:
        return
    contact.cut(session, link.chat_id, now=act.now)
    note(session, act, "officer_chat_ended", officer=link.officer_id, history_id=draw())
    if is_told:
        key = "lead-ended" if link.role == LEADER else "linked-ended"
        _queue(session, ward, link, Reply(text=say(key, link.language)), kind="duty", tip_id=None, row_id=draw(), now=act.now)


def show_excerpt(session: Session, act: Act, *, link_id: int, shows: bool) -> None:
    """The chief, who has read what that means, for one chat. Raises Mistake."""
    if link_id not in {one.id for one in rows.all_links(session, act.ward_id)}:
        raise Mistake("phone-gone")
    officer_id = rows.show_excerpt(session, act.ward_id, link_id, shows=shows)
    if officer_id is not None:
        note(session, act, f"officer_excerpt_{'on' if shows else 'off'}", officer=officer_id)


# -- cards ---------------------------------------------------------------------------------------------------------------------


def ring(
    session: Session, ward: Ward, officer_id: int, card: Card, *, draw: Draw, now: int, passed_by: str = "", only_asks: bool = False
) -> int | None:
    """One card to this officer's chat: the id of its outbox row, whose outcome tells whether it came through. None: no chat is linked,
    it does not open, or this officer may know nothing of what it is about. `only_asks`: nothing is sent, and 0 says that it could be."""
    link = rows.link_of_officer(session, ward.id, officer_id)
    known = _for_eyes_of(session, ward, link.role, card, now=now) if link else None
    if link is None or known is None:
        return None
    if only_asks:
        return 0 if _own_ring(session, link) is not None else None
    card, listed = known
    tip = rows.card_tip(session, ward.id, card.tip_id) if card.tip_id else None
    may_accept, is_taken = may(link.role, "accept"), tip is not None and tip.accepted_at is not None
    reply = card_reply(
        card,
        ward,
        link.language,
        may_accept=may_accept,
        listed=listed,
        passed_by=passed_by,
        is_taken=is_taken,
        is_called=tip is not None and tip.is_called,
    )
    excerpt = _excerpt(session, ward, link, card, tip) if tip else ""
    row_id, reply = draw(), with_excerpt(reply, excerpt, link.language)
    is_pressing = card.kind not in _CAN_WAIT
    if not _queue(session, ward, link, reply, kind="card", tip_id=card.tip_id, row_id=row_id, now=now, is_pressing=is_pressing):
        return None
    if excerpt:
        history_id, what = draw(), "excerpt_sent"
        remember(
            session, history_id=history_id, ward_id=ward.id, tip_id=card.tip_id, now=now, actor="system", what=what, officer=officer_id
        )
    return row_id


def can_ring(session: Session, ward: Ward, officer_id: int, tip: CardTip) -> bool:
    link = rows.link_of_officer(session, ward.id, officer_id)
    return link is not None and may_know(link.role, tip) and _own_ring(session, link) is not None


def _for_eyes_of(session: Session, ward: Ward, role: str, card: Card, *, now: int) -> tuple[Card, tuple[Card, ...]] | None:
    """What this role may know of the card; of a list only the tips it may read, so that not even the number of others is told."""
    if card.kind == "threat" and not may(role, "letters"):
        return None
    if card.kind == "proposed" and not may(role, "release_warnings"):
        return None
    tip = rows.card_tip(session, ward.id, card.tip_id) if card.tip_id else None
    if card.tip_id and (tip is None or not may_know(role, tip)):
        return None
    readable = [one for one in card.tips if (found := rows.card_tip(session, ward.id, one)) and may_know(role, found)]
    if card.tips and not readable:
        return None
    listed = tuple(filter(None, (card_of(session, ward, one, now=now) for one in readable)))
    return replace(_without_what_is_hidden(ward, card, tip), tips=tuple(readable)), listed


def _excerpt(session: Session, ward: Ward, link: LinkRow, card: Card, tip: CardTip) -> str:
    """Only where the chief wanted it for this very chat."""
    if not link.shows_excerpt or card.kind not in ("tip", "urgent") or is_hidden(ward.book, tip):
        return ""
    return excerpts.masked(rows.words_of(session, ward.id, tip.id))


def card_of(session: Session, ward: Ward, tip_id: int, *, kind: str = "", now: int) -> Card | None:
    """The card of a tip as it stands: what is hidden outside the desk is not in it."""
    tip = rows.card_tip(session, ward.id, tip_id)
    if tip is None:
        return None
    card = Card(
        kind="clock" if kind == "clock" else "urgent" if tip.is_urgent else "tip",
        tip_id=tip.id,
        number=tip.number,
        tail=tip.tail,
        is_urgent=tip.is_urgent,
        category=tip.category,
        neighbourhood=tip.neighbourhood,
        left=tip.due_at - now if tip.due_at is not None else None,
        arrived_at=tip.arrived_at,
    )
    return _without_what_is_hidden(ward, card, tip)


def may_know(role: str, tip: CardTip) -> bool:
    """Whether this role may be told of the tip at all. One place, for the cards and for what their buttons do."""
    return may(role, "read") and access.kind_of_row(tip.restricted, tip.category) in access.kinds_of(role)


def is_hidden(book: WardBook, tip: CardTip) -> bool:
    """Of violence at home, harm to a child and what few may read nobody learns the kind from a phone that lies about."""
    known = catalogue.merged(catalogue.load(), book.category_changes).get(tip.category)
    return bool(tip.restricted) or (known is not None and (known.sensitive or known.restricted))


def _without_what_is_hidden(ward: Ward, card: Card, tip: CardTip | None) -> Card:
    """Whatever the caller gave: it is looked up here once more."""
    if tip is None:
        return replace(card, category="", neighbourhood="")
    category = "" if is_hidden(ward.book, tip) or card.category != tip.category else card.category
    return replace(card, category=category, neighbourhood="" if tip.restricted else card.neighbourhood)


def tell_taken(session: Session, ward: Ward, tip_id: int, *, by: int, draw: Draw, now: int, key: str = "linked-taken") -> list[int]:
    """Everybody who was rung for it learns at once that it is taken: the card they read says so itself, where the platform rewrites
    messages, and a line where it does not. What is not out yet does not ring any more. The chats."""
    tip = rows.card_tip(session, ward.id, tip_id)
    rung, name = rows.rung_for(session, ward.id, tip_id), officer_rows.officer_names(session, ward.id).get(by, "")
    rows.withdraw_cards(session, tip_id, now=now)
    told = []
    for link in rung:
        if tip is None or link.officer_id == by or not may_know(link.role, tip):
            continue
        text = say(key, link.language, called=called(tip.number, tip.tail), name=name, time=moments.clock_face(now))
        buttons = tip_buttons(tip.id, link.language, may_accept=may(link.role, "accept"), is_taken=True)
        cards = rows.sent_cards(session, tip_id, link.chat_id, most=MOST_REWRITTEN)
        replies = [Reply(text=text, buttons=buttons, replaces=cards[0] if cards else "")]
        replies += [Reply(text=text, replaces=card, only_rewrites=True) for card in cards[1:]]  # It rang more than once.
        rings = [_queue(session, ward, link, one, kind="duty", tip_id=tip_id, row_id=draw(), now=now) for one in replies]
        told += [link.chat_id] if any(rings) else []
    return told


def write_to(session: Session, ward: Ward, officer_id: int, reply: Reply, *, row_id: int, now: int, kind: str = "duty") -> int | None:
    """Something that is about no tip, to this officer's own chat; the chat. None: none is linked, or it does not open."""
    link = rows.link_of_officer(session, ward.id, officer_id)
    if link is None or not _queue(session, ward, link, reply, kind=kind, tip_id=None, row_id=row_id, now=now):
        return None
    return link.chat_id


def _queue(
    session: Session,
    ward: Ward,
    link: LinkRow,
    reply: Reply,
    *,
    kind: str,
    tip_id: int | None,
    row_id: int,
    now: int,
    is_pressing: bool = False,
) -> bool:
    """Under the chat's ring. It is the officer's own chat, never a resident's: the desk opens no other. The tip's number goes along, so
    that what still waits is gone with the tip."""
    own = _own_ring(session, link)
    if own is None:
        return False
    whose: dict[str, Any] = {"ward_id": ward.id, "chat_id": link.chat_id, "tip_id": tip_id}
    row = reply_row(reply, row_id=row_id, kind=kind, now=now, is_pressing=is_pressing, **whose)
    lanes.queue_replies(session, [row], ring=own)
    return True


def _own_ring(session: Session, link: LinkRow) -> Ring | None:
    try:
        return chat_ring(session, link.chat_id)
    except (Sealed, Shredded, WrongMaster):  # Changed, or broken: nobody can be reached there.
        return None
