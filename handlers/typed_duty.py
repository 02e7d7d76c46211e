"""An officer's chat where choices may come as lines: what is typed there instead of pressed.

A number chooses from the list of the answer before it. Words choose from that list too, and from the cards that rang: "nhận" where one
card waits, "nhận 9DAF" where several do. Nothing is guessed: of two tips the officer is asked which.
"""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from handlers import capabilities, officer_chats
from handlers.flows.conversation import fold
from handlers.messages import Incoming, Reply
from handlers.texts import LANGUAGES, say
from storage.queries import officer_chats as rows

_ON_CARDS = ("accept", "answer", "ask", "commander", "open")
MOST_CARDS = 20
WHICH = "duty:which"


def offer(state: dict[str, Any], replies: list[Reply], channel: str) -> None:
    """What stands under the last answer is remembered, for the next message. While a question is being typed a number is a part of it."""
    if not capabilities.of(channel).lists or not replies:
        return
    state["offered"] = [[button.label, button.data] for button in replies[-1].buttons]
    if not state.get("ask", {}).get("types"):
        replies[-1] = replace(replies[-1], numbered=True)


def as_pressed(
    session: Session, ward_id: int, state: dict[str, Any], incoming: Incoming, *, chat_id: int, channel: str, now: int
) -> Incoming:
    """The press that these words stand for; the words themselves where they stand for none."""
    if incoming.kind != "text" or "duty" not in state or not capabilities.of(channel).lists:
        return incoming
    said = fold(incoming.text).strip(" .!")
    shift = _of_a_shift(session, ward_id, chat_id, said, now=now)
    data = _of_the_list(state, said) or shift or _of_a_card(session, ward_id, chat_id, state, said)
    return replace(incoming, kind="button", text=data) if data else incoming


def _of_the_list(state: dict[str, Any], said: str) -> str:
    offered = state.get("offered", [])
    if said.isdecimal() and len(said) <= 2 and 1 <= int(said) <= len(offered) and not state.get("ask", {}).get("types"):
        return str(offered[int(said) - 1][1])
    found = next((str(data) for label, data in offered if fold(label) == said), "")
    return "" if _name_of(found) in _ON_CARDS else found  # A card may have come since: that is looked at below.


def _name_of(data: str) -> str:
    return data.removeprefix("duty:").partition(":")[0] if data.startswith("duty:") else ""


def _of_a_shift(session: Session, ward_id: int, chat_id: int, said: str, *, now: int) -> str:
    link = rows.link_of_chat(session, ward_id, chat_id)
    if link is None or not any(said == fold(say("ring-button-take-shift", language)) for language in LANGUAGES):
        return ""
    shift_id = rows.next_shift(session, ward_id, link.officer_id, now=now)
    return f"shift:take:{shift_id}" if shift_id is not None else ""


def _of_a_card(session: Session, ward_id: int, chat_id: int, state: dict[str, Any], said: str) -> str:
    for name in _ON_CARDS:
        for label in {fold(say(f"ring-button-{name}", language)) for language in LANGUAGES}:
            if said == label or said.startswith(f"{label} "):
                return _about(session, ward_id, chat_id, state, name, said.removeprefix(label).strip(" .…"))
    return ""


def _about(session: Session, ward_id: int, chat_id: int, state: dict[str, Any], name: str, tail: str) -> str:
    offered = {int(data.split(":")[2]) for _label, data in state.get("offered", []) if _name_of(data) == name and data.count(":") == 2}
    named = rows.tips_ending(session, ward_id, tail.upper()) if tail else []
    every = {*offered, *named, *rows.rung_tips(session, chat_id, most=MOST_CARDS)}
    tips = [rows.card_tip(session, ward_id, tip_id) for tip_id in every]
    link = rows.link_of_chat(session, ward_id, chat_id)
    known = [tip for tip in tips if tip is not None and link is not None and officer_chats.may_know(link.role, tip)]
    if tail:
        known = [tip for tip in known if fold(tip.tail) == tail or fold(tip.number) == tail]
        if not known:
            return ""  # It only begins like a button: words of their own.
    elif name == "accept":
        known = [tip for tip in known if tip.accepted_at is None] or known[:1]
    return f"duty:{name}:{known[0].id}" if len(known) == 1 else WHICH if known else ""
