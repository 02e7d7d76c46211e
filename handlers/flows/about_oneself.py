"""What a person says about themselves: a name that only custodians can open, a number to be called back on, and the wish to be forgotten.

Nothing of it stays in the state: a name or a number goes into the change that seals it, and what is shown again is "đã niêm phong".
The dialogue is plain for now; the memory behind it is whole.
"""

import re
from typing import Any

from handlers.flows.intake import Conversation
from handlers.messages import Change
from handlers.phones import as_written_here

MOST_NAME = 300
MOST_APART = 10
MOST_ANSWER = 30  # What is longer than this and holds no number goes on telling.
LEAST_DIGITS = 7
_FREE = (("button-report", "report"), ("button-my-tips", "my-tips"))


def act(talk: Conversation, name: str, value: str) -> bool:
    """Whether this wish was one of these."""
    match name:
        case "about":
            _chose(talk, value)
        case "name":
            _name_later(talk)
        case "callback":
            _call_later(talk) if value == "ask" else _done_with_call(talk)
        case "cut":
            _ask_cut(talk)
        case "cut-yes":
            _cut(talk)
        case "cut-no":
            talk.answer(talk.say("cut-kept"), *_ways(talk))
        case _:
            return False
    return True


def hears(talk: Conversation, kinds: tuple[str, ...] = ("text", "contact")) -> bool:
    """Words or a contact card that answer one of the questions here; anything else goes its ordinary way."""
    step = talk.state.get("step")
    if step not in ("name", "callback") or talk.incoming.kind not in kinds:
        return False
    if step == "callback" and talk.has_draft and _is_story(talk.incoming.text):
        return False  # Somebody who goes on telling has not given a number, and must not lose what they told.
    _set_apart(talk, step)
    _take_name(talk) if step == "name" else _take_number(talk)
    return True


def hears_caption(talk: Conversation) -> bool:
    """Words under a picture, where a name or a number was asked for: sealed like any other answer. The picture goes its ordinary way."""
    return bool(talk.incoming.text.strip()) and hears(talk, (talk.incoming.kind,))


def hears_edit(talk: Conversation) -> bool:
    """A name or a number put right is sealed like the first one: it must not become a part of what was told."""
    apart = talk.state.get("apart", {}).get(_source_hash(talk))
    if apart is None:
        return False
    step, tip_id, about = apart
    if tip_id is None or tip_id != _tip_id(talk):
        talk.answer(talk.say("edit-of-sealed"), *_ways(talk))
    elif step == "name":
        talk.state["choosing"] = about
        _take_name(talk)
    else:
        _take_number(talk)
    return True


# -- a name ----------------------------------------------------------------------------------------------------------------


def _chose(talk: Conversation, wish: str) -> None:
    if not talk.has_draft:
        _name_later(talk)
    elif wish in ("named", "paper") and talk.facts.ward.custodians:
        _ask_name(talk, "named" if wish == "named" else "named_paper")
    else:
        talk.state["step"] = "about"
        talk.state.pop("takes_names", None)
        talk.ask_next()


def _name_later(talk: Conversation) -> None:
    """After the receipt, or in the middle of a draft: from anonymous to named is always possible."""
    if not talk.facts.ward.custodians:
        talk.answer(talk.say("name-nobody-keeps"), *_ways(talk))
    elif _tip_id(talk) is None:
        talk.answer(talk.say("nothing-to-send"), *_ways(talk))
    else:
        _ask_name(talk, "named")


def _ask_name(talk: Conversation, about: str) -> None:
    talk.state |= {"step": "name", "takes_names": True, "choosing": about}
    talk.answer(talk.say("name-ask"), ("button-anonymous", "about:anonymous"), *_ways(talk))


def _take_name(talk: Conversation) -> None:
    incoming, tip_id = talk.incoming, _tip_id(talk)
    typed = {"name": incoming.text[:MOST_NAME]} if incoming.text else {}
    value: dict[str, str] = {**incoming.names, **typed}
    if tip_id is None or not (typed or "phone" in value):
        talk.answer(talk.say("name-again"), ("button-anonymous", "about:anonymous"), *_ways(talk))
        return
    if not talk.facts.ward.custodians:  # The last key went while the question stood.
        talk.state.pop("takes_names", None)
        talk.changes.append(Change("mask", {"source": incoming.source, "shown": talk.say("name-not-kept")}))
        talk.answer(talk.say("name-nobody-keeps"), *_ways(talk))
        return
    hint = _hint(value.get("phone", "") or incoming.text)
    about = talk.state.pop("choosing", "named")
    talk.state.pop("takes_names", None)
    shown = talk.say("sealed-name", hint=hint) if hint else talk.say("sealed-name-only")
    talk.change("name", tip_id=tip_id, about=about, value=value, source=incoming.source, shown=shown)
    talk.state["name_hint"] = shown
    _after_sealing(talk, shown)


# -- a number to be called on ----------------------------------------------------------------------------------------------


def _call_later(talk: Conversation) -> None:
    if _tip_id(talk) is None:
        talk.answer(talk.say("nothing-to-send"), *_ways(talk))
    else:
        talk.ask_callback()


def _done_with_call(talk: Conversation) -> None:
    if talk.has_draft:
        talk.state["step"] = "callback"
        talk.ask_next()
    else:
        talk.state.pop("step", None)
        talk.answer(talk.say("callback-none"), *_FREE)


def _is_story(text: str) -> bool:
    return len(text) > MOST_ANSWER and sum(sign.isdigit() for sign in text) < LEAST_DIGITS


def _take_number(talk: Conversation) -> None:
    number, tip_id = as_written_here(talk.incoming.text), _tip_id(talk)
    if number is None or tip_id is None:
        talk.answer(talk.say("callback-again"), ("button-no-call", "callback:none"), *_ways(talk))
        return
    shown = talk.say("sealed-number", hint=_hint(number))
    talk.change("callback", tip_id=tip_id, callback_id=talk.facts.fresh_id(), number=number, source=talk.incoming.source, shown=shown)
    talk.state["number_hint"] = shown
    _after_sealing(talk, shown)


# -- to be forgotten -------------------------------------------------------------------------------------------------------


def _ask_cut(talk: Conversation) -> None:
    talk.answer(talk.say("cut-ask"), ("button-cut-yes", "cut-yes"), ("button-cut-no", "cut-no"))


def _cut(talk: Conversation) -> None:
    if talk.has_draft:
        talk.change("drop")
    talk.changes.append(Change("cut"))  # About the chat and every tip it has sent.
    language = talk.language
    talk.answer(talk.say("cut-done"))
    talk.state = {"language": language} if language != "vi" else {}


# -- shared ----------------------------------------------------------------------------------------------------------------


def _tip_id(talk: Conversation) -> int | None:
    """The draft, or the tip this chat sent last."""
    last: dict[str, Any] | None = talk.state.get("last_tip")
    return talk.state["tip_id"] if talk.has_draft else last["tip_id"] if last else None


def _set_apart(talk: Conversation, step: str) -> None:
    """Which messages were answers here, whether or not they were understood; the last few, in case they are edited."""
    apart = {**talk.state.get("apart", {}), _source_hash(talk): [step, _tip_id(talk), talk.state.get("choosing", "named")]}
    talk.state["apart"] = dict(list(apart.items())[-MOST_APART:])


def _source_hash(talk: Conversation) -> str:
    return talk.facts.hash("piece", talk.incoming.source)


def _after_sealing(talk: Conversation, shown: str) -> None:
    if talk.has_draft and talk.incoming.kind == "edited" and talk.state.get("step") not in ("name", "callback"):
        talk.ask_again()
    elif talk.has_draft:
        talk.ask_next()
    else:
        talk.state.pop("step", None)
        talk.answer(talk.say("sealed-noted", what=shown), *_FREE)


def _ways(talk: Conversation) -> list[tuple[str, str]]:
    return talk.ways_out() if talk.has_draft else list(_FREE)


def _hint(text: str) -> str:
    """The last three digits: enough for the person to know which number it was."""
    digits = re.sub(r"\D", "", text)
    return digits[-3:] if len(digits) >= 8 else ""
