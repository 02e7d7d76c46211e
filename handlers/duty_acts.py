"""What a linked chat may know before it decides, and what its decisions do: in the transaction of the answer, or not at all.

Who pressed is asked again inside; whoever came second decides anew (`Overtaken`) and is told who was first.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers import acceptance, duty, exchange, lead_acts, officer_chats
from handlers.acceptance import Accepted
from handlers.acts import Act, Overtaken, note
from handlers.flows import on_duty
from handlers.flows.on_duty import DutyFacts
from handlers.messages import DutyAct, Incoming, Ward
from handlers.officer_chats import CODE_LIVES, Draw
from handlers.officers import LEADER, Mistake, may
from handlers.tips import Where
from storage.queries import contact, subscriptions
from storage.queries import exchange as exchange_rows
from storage.queries import officer_chats as rows
from storage.queries import officers as officer_rows
from storage.queries.officer_chats import LinkRow

# -- before --------------------------------------------------------------------------------------------------------------------


def facts_for(
    session: Session,
    ward: Ward,
    state: dict[str, Any],
    incoming: Incoming,
    *,
    chat_id: int,
    channel: str,
    hash_of: Callable[..., str],
    draw: Draw,
    now: int,
) -> DutyFacts:
    base: dict[str, Any] = {"ward": ward, "channel": channel, "now": now, "fresh_id": draw, "hash": hash_of}
    link = rows.link_of_chat(session, ward.id, chat_id)
    if code := on_duty.code_in(incoming):
        found = rows.code_of(session, ward.id, hash_of("chat-code", code), since=now - CODE_LIVES)
        is_allowed = found is not None and (may(found.role, "phone") or may(found.role, "lead"))
        base |= {"code": found if is_allowed else None, "has_spoken": rows.has_spoken(session, chat_id)}
    if link is None:
        return DutyFacts(**base)
    if link.role == LEADER:
        writes = str(state.get("language", "vi")) if state.get("lead") else ""
        return DutyFacts(**base, link=link, lead=lead_acts.facts_for(session, ward, link.officer_id, incoming, now=now, writes=writes))
    if shift_id := on_duty.shift_meant(incoming):
        base["shift"] = rows.shift(session, ward.id, shift_id)
    if tip_id := on_duty.tip_meant(state, incoming):
        base |= _about(session, ward, link, tip_id, now)
    return DutyFacts(**base, link=link, may_accept=may(link.role, "accept"))


def _about(session: Session, ward: Ward, link: LinkRow, tip_id: int, now: int) -> dict[str, Any]:
    tip, standing = rows.card_tip(session, ward.id, tip_id), exchange_rows.standing(session, ward.id, tip_id)
    if tip is None or standing is None or not officer_chats.may_know(link.role, tip):
        return {}
    others = [one for one in commanders(session, ward, now) if one[0] != link.officer_id]
    return {
        "tip": tip,
        "why_no_question": exchange.why_not(standing) if may(link.role, "write") else "linked-may-not",
        "is_quiet": exchange.is_quiet(ward.book, safe=tip.safe, category=tip.category),
        "commanders": tuple((name, officer_chats.can_ring(session, ward, officer_id, tip)) for officer_id, name in others),
        "called_at": rows.commander_called_at(session, tip_id),
    }


def commanders(session: Session, ward: Ward, now: int) -> list[tuple[int, str]]:
    """Whom "Chuyển chỉ huy trực" rings, with their names. Where the roster names nobody the chiefs count as on duty."""
    who, names = duty.on_duty(session, ward.id, now), officer_rows.officer_names(session, ward.id)
    return [(officer_id, names.get(officer_id, "")) for officer_id in ((who.commander,) if who.commander is not None else who.chiefs)]


# -- after ---------------------------------------------------------------------------------------------------------------------


def apply(session: Session, ward: Ward, where: Where, acts: list[DutyAct], *, draw: Draw) -> list[int]:
    """Other chats that have something to be sent. Raises Overtaken."""
    return [chat_id for act in acts for chat_id in _APPLY[act.what](session, ward, where, act.values, draw)]


def _link(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    if rows.has_spoken(session, where.chat_id) or rows.link_of_chat(session, ward.id, where.chat_id):
        raise Overtaken
    officer_id = rows.use_code(session, ward.id, values["code_hash"], since=where.now - CODE_LIVES, now=where.now)
    if officer_id is None:
        raise Overtaken
    act = Act(ward_id=ward.id, officer_id=officer_id, history_id=draw(), now=where.now)
    subscriptions.drop(session, where.chat_id)  # What an officer needs to know reaches them as an officer.
    before = officer_chats.end_all(session, ward, act, officer_id=officer_id, draw=draw)  # One officer, one chat.
    rows.add_link(session, ward.id, link_id=values["link_id"], officer_id=officer_id, chat_id=where.chat_id, now=where.now)
    note(session, act, "officer_chat_linked", officer=officer_id)
    return before


def _unlink(session: Session, ward: Ward, where: Where, _values: dict[str, Any], draw: Draw) -> list[int]:
    link = rows.link_of_chat(session, ward.id, where.chat_id)
    if link is None:  # The account is closed: whoever writes here next is somebody new all the same.
        rows.end_chat(session, where.chat_id, now=where.now)
        contact.cut(session, where.chat_id, now=where.now)
    else:
        officer_chats.end(session, ward, _act(link, where, draw), link, draw=draw, is_told=False)
    return []


def _accept(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    return _taken(acceptance.accept, session, ward, where, values["tip_id"], draw)


def _answer(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    return _taken(acceptance.answer, session, ward, where, values["tip_id"], draw)


def _taken(take: Callable[..., Accepted], session: Session, ward: Ward, where: Where, tip_id: int, draw: Draw) -> list[int]:
    taken = take(session, ward, _act(_allowed(session, ward, where, tip_id), where, draw), tip_id=tip_id, draw=draw)
    if not taken.is_first:
        raise Overtaken
    return list(taken.chats)


def _ask(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    link = _allowed(session, ward, where, values["tip_id"])
    act, asked = _act(link, where, draw), {key: values[key] for key in ("tip_id", "words", "question_id")}
    try:
        chat_id = exchange.ask(session, ward, act, **asked, draw=draw)
    except Mistake:
        raise Overtaken from None
    return [chat_id] if chat_id is not None else []


def _call_commander(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    link, tip_id = _allowed(session, ward, where, values["tip_id"]), values["tip_id"]
    card, called, chats = officer_chats.card_of(session, ward, tip_id, now=where.now), [], []
    for officer_id, _name in commanders(session, ward, where.now):
        own = rows.link_of_officer(session, ward.id, officer_id)
        if card is None or own is None or officer_id == link.officer_id:
            continue
        if officer_chats.ring(session, ward, officer_id, card, draw=draw, now=where.now, passed_by=link.name) is not None:
            called.append(officer_id)
            chats.append(own.chat_id)
    if not called:
        raise Overtaken
    note(session, _act(link, where, draw), "commander_called", tip_id=tip_id, officers=called)
    return chats


def _take_shift(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
    link = _who(session, ward, where)
    shift = rows.shift(session, ward.id, values["shift_id"])
    if shift is None or shift.taken_by is not None:
        raise Overtaken
    taken: dict[str, Any] = {"shift_id": values["shift_id"], "hand_over_id": draw()}
    try:
        duty.take(session, _act(link, where, draw), **taken, is_there=True, why="")
    except Mistake:
        raise Overtaken from None
    return []


def _of_a_leader(do: Callable[..., None]) -> Callable[[Session, Ward, Where, dict[str, Any], Draw], list[int]]:
    """What a leader says or asks for. What does not hold any more is decided anew."""

    def apply(session: Session, ward: Ward, where: Where, values: dict[str, Any], draw: Draw) -> list[int]:
        try:
            do(session, ward, _act(_who(session, ward, where), where, draw), values, draw)
        except Mistake:
            raise Overtaken from None
        return []

    return apply


def _who(session: Session, ward: Ward, where: Where) -> LinkRow:
    link = rows.link_of_chat(session, ward.id, where.chat_id)
    if link is None:
        raise Overtaken
    return link


def _allowed(session: Session, ward: Ward, where: Where, tip_id: int) -> LinkRow:
    """The account may have been closed, or the tip set apart, since the button was pressed."""
    link, tip = _who(session, ward, where), rows.card_tip(session, ward.id, tip_id)
    if tip is None or not may(link.role, "accept") or not officer_chats.may_know(link.role, tip):
        raise Overtaken
    return link


def _act(link: LinkRow, where: Where, draw: Draw) -> Act:
    return Act(ward_id=where.ward_id, officer_id=link.officer_id, history_id=draw(), now=where.now)


_APPLY: dict[str, Callable[[Session, Ward, Where, dict[str, Any], Draw], list[int]]] = {
    "link": _link,
    "unlink": _unlink,
    "accept": _accept,
    "answer": _answer,
    "ask": _ask,
    "call_commander": _call_commander,
    "take_shift": _take_shift,
    "posted": _of_a_leader(lead_acts.posted),
    "not_posted": _of_a_leader(lead_acts.not_posted),
    "propose_warning": _of_a_leader(lead_acts.propose),
}
