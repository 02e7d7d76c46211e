"""What a person says about themselves: a name that only custodians can open, a number to be called back on, whether others hold the
phone, and the wish to be forgotten.

Nothing of a name or a number stays in the state: it goes into the change that seals it, and what is shown again is "đã niêm phong".
"""

import re
from typing import Any

from handlers.flows import intake, remaining, restricted
from handlers.flows.conversation import FREE, Conversation, bare, means_unknown
from handlers.insight import danger
from handlers.phones import number_in

MOST_NAME = 300
MOST_APART = 10
MOST_ANSWER = 30  # What is longer than this and holds no number goes on telling.
LEAST_DIGITS = 7


def act(talk: Conversation, name: str, value: str) -> bool:
    """Whether this wish was one of these."""
    match name:
        case "about":
            _chose(talk, value)
        case "name":
            _name_later(talk)
        case "callback":
            _call_later(talk) if value == "ask" else _done_with_call(talk)
        case "safe" if value in ("alone", "shared"):
            _say_safe(talk, value)
        case "cut":
            _ask_cut(talk)
        case "cut-yes":
            _ask_cut(talk) if talk.is_of_long_ago() else _cut(talk)
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
    if _goes_on_telling(step, talk.incoming.text):
        return False  # What is told is neither cut short nor locked away where no officer reads it.
    if _is_cry_for_help(talk.incoming.text):
        return False
    _set_apart(talk, step)
    _take_name(talk) if step == "name" else _take_number(talk)
    return True


_NO_NAME = {"khong", "ko", "khong neu", "khong neu ten", "an danh", "giau ten", "khong ten", "khong can", "no", "anonymous", "bo qua"}
_ALONE = {
    "mot minh",
    "chi mot minh",
    "1 minh",
    "co minh toi",
    "chi minh toi",
    "khong",
    "ko",
    "khong ai",
    "khong co",
    "khong co ai",
    "no",
    "alone",
    *("minh toi", "mot minh toi", "chi co minh toi", "chi toi", "khong ai ca", "khong ai khac", "chi minh em", "mot minh em"),
    *("just me", "only me", "me only", "nobody", "no one"),
}
_MOST_OF_ANSWER = 5  # "Dạ có con cháu trong nhà". What is longer goes on telling.
_SHARED = {"co", "co nguoi", "co nguoi xem", "dung chung", "co nguoi xem chung", "nhieu nguoi", "may chung", "yes", "shared", "chung"}


def means_no_name(text: str) -> bool:
    return bare(text) in _NO_NAME


def means_alone_or_not(text: str) -> str:
    """alone, shared, or nothing that we understand."""
    said = bare(text)
    if said in _ALONE:
        return "alone"
    words = said.split()
    has_somebody = (
        words[:1] == ["co"] and words[1:2] != ["minh"] and words[-1] not in ("khong", "ko", "chua") and len(words) <= _MOST_OF_ANSWER
    )
    return "shared" if said in _SHARED or has_somebody else ""


def hear_story(talk: Conversation, text: str) -> None:
    """Told where a name or a number was asked for: it belongs to the tip, and the question still stands."""
    if talk.has_draft:
        if not talk.add_words(text):
            return
        intake.recognise(talk, text)
    elif tip_id := _tip_id(talk):
        talk.add_to_tip(tip_id, text)
    if talk.step == "name":
        _put_name_question(talk, talk.say("after-noted"))
    else:
        _put_number_question(talk, talk.say("after-noted"))


def leave_question(talk: Conversation) -> None:
    """Something else is asked in between: what is typed next is no name and no number."""
    if talk.step == "name" and talk.has_draft:
        talk.state["step"] = "about"
    elif talk.step in ("name", "callback"):
        talk.state.pop("step")


def hears_caption(talk: Conversation) -> bool:
    """Words under a picture, where a name or a number was asked for: sealed like any other answer. The picture goes its ordinary way."""
    return bool(talk.incoming.text.strip()) and hears(talk, (talk.incoming.kind,))


def hears_edit(talk: Conversation) -> bool:
    """A name or a number put right is sealed like the first one: it must not become a part of what was told."""
    apart = talk.state.get("apart", {}).get(talk.piece_hash())
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
    elif wish in ("named", "paper") and restricted.no_names(talk):
        intake.settle(talk, "about")
        intake.ask_next(talk, restricted.decline_name(talk))
    elif wish in ("named", "paper") and talk.facts.ward.custodians:
        _ask_name(talk, "named" if wish == "named" else "named_paper")
    else:
        for key in ("takes_names", "choosing"):
            talk.state.pop(key, None)
        intake.settle(talk, "about")
        intake.ask_next(talk, talk.say("name-nobody-keeps") if wish in ("named", "paper") else "")


def _name_later(talk: Conversation) -> None:
    """After the receipt, or in the middle of a draft: from anonymous to named is always possible."""
    if restricted.no_names(talk):
        talk.answer(restricted.decline_name(talk), *_ways(talk))
    elif not talk.facts.ward.custodians:
        talk.answer(talk.say("name-nobody-keeps"), *_ways(talk))
    elif _tip_id(talk) is None:
        talk.answer(talk.say("nothing-to-send"), *_ways(talk))
    else:
        _ask_name(talk, "named")


def _ask_name(talk: Conversation, about: str) -> None:
    talk.state |= {"step": "name", "takes_names": True, "choosing": about}
    _put_name_question(talk)


def _put_name_question(talk: Conversation, before: str = "") -> None:
    talk.answer("\n\n".join(filter(None, (before, talk.say("name-ask")))), *_ways_from_name(talk))


def ask_name_again(talk: Conversation, before: str = "") -> None:
    """The second time the way around it comes first."""
    text = talk.missed("name-again", "name-again-2", "name-again-3")
    talk.answer("\n\n".join(filter(None, (before, text))), *_ways_from_name(talk))


def _ways_from_name(talk: Conversation) -> list[tuple[str, str]]:
    if not talk.has_draft:
        return [("button-enough", "leave")]
    return [("button-anonymous", "about:anonymous"), *talk.ways_out()]


def _keep_no_name(talk: Conversation) -> None:
    talk.leave_moment()
    talk.answer(talk.say("ready"), *FREE)


def _take_name(talk: Conversation) -> None:
    incoming, tip_id = talk.incoming, _tip_id(talk)
    if incoming.kind == "text" and (means_unknown(incoming.text) or means_no_name(incoming.text)):
        act(talk, "about", "anonymous") if talk.has_draft else _keep_no_name(talk)
        return
    typed = {"name": incoming.text} if incoming.text else {}
    value: dict[str, str] = {**incoming.names, **typed}
    if tip_id is None or not (typed or "phone" in value):
        ask_name_again(talk)
        return
    if restricted.no_names(talk):  # What it is about was told since.
        for key in ("takes_names", "choosing", "step"):
            talk.state.pop(key, None)
        talk.mask(talk.say("name-not-kept"))
        if talk.has_draft:
            intake.settle(talk, "about")
            intake.ask_next(talk, restricted.decline_name(talk))
        else:
            talk.answer(restricted.decline_name(talk), *FREE)
        return
    if not talk.facts.ward.custodians:  # The last key went while the question stood.
        talk.state.pop("takes_names", None)
        talk.mask(talk.say("name-not-kept"))
        talk.answer(talk.say("name-nobody-keeps"), *_ways(talk))
        return
    hint = _hint(value.get("phone", "") or incoming.text)
    about = talk.state.pop("choosing", "named")
    talk.state.pop("takes_names", None)
    shown = talk.say("sealed-name", hint=hint) if hint else talk.say("sealed-name-only")
    talk.change("name", tip_id=tip_id, about=about, value=value, source=incoming.source, shown=shown)
    talk.state["name_hint"] = shown
    if talk.has_draft:
        intake.settle(talk, "about")
    _after_sealing(talk, shown)


# -- a number to be called on ----------------------------------------------------------------------------------------------


def _call_later(talk: Conversation) -> None:
    if _tip_id(talk) is None:
        talk.answer(talk.say("nothing-to-send"), *_ways(talk))
    else:
        talk.state["step"] = "callback"
        _put_number_question(talk)


def _put_number_question(talk: Conversation, before: str = "") -> None:
    text = "\n\n".join(filter(None, (before, talk.say_of("callback-ask"))))
    talk.answer(text, ("button-no-call", "callback:none"), *_ways_out(talk))


def _done_with_call(talk: Conversation) -> None:
    if talk.state.get("after"):
        remaining.ask_about_call_no_more(talk)
        remaining.ask(talk)
    elif talk.has_draft:
        talk.state.pop("step", None)
        intake.ask_next(talk)
    else:
        talk.state.pop("step", None)
        talk.answer(talk.say("callback-none"), *FREE)


def _ways_out(talk: Conversation) -> list[tuple[str, str]]:
    """ "Hủy" has nothing to give up once the tip was sent."""
    return talk.ways_out() if talk.has_draft else [("button-enough", "after-end" if talk.state.get("after") else "leave")]


def _goes_on_telling(step: str, text: str) -> bool:
    if step == "name":
        return len(text) > MOST_NAME
    return len(text) > MOST_ANSWER and sum(sign.isdigit() for sign in text) < LEAST_DIGITS


def _is_cry_for_help(text: str) -> bool:
    """Danger of this very minute. Sealed as a name, nobody would read it; a name that sounds like it ("Trần Thị Cứu") stays one."""
    heard = danger.hear(text)
    if heard is None or heard.kind == "cheated" or sum(sign.isdigit() for sign in text) >= LEAST_DIGITS:
        return False
    return not all(word[0].isupper() for word in text.split())


def _take_number(talk: Conversation) -> None:
    number, tip_id = number_in(talk.incoming.text), _tip_id(talk)
    if number is None and means_unknown(talk.incoming.text):
        _done_with_call(talk)
        return
    if number is None or tip_id is None:
        ask_number_again(talk)
        return
    shown = talk.say("sealed-number", hint=_hint(number))
    talk.change("callback", tip_id=tip_id, callback_id=talk.facts.fresh_id(), number=number, source=talk.incoming.source, shown=shown)
    talk.state["number_hint"] = shown
    remaining.ask_about_call_no_more(talk)
    _after_sealing(talk, shown)


def ask_number_again(talk: Conversation, before: str = "") -> None:
    text = talk.missed("callback-again", "callback-again-2", "callback-again-3")
    talk.answer("\n\n".join(filter(None, (before, text))), ("button-no-call", "callback:none"), *(_ways_out(talk)))


# -- who else holds the phone ----------------------------------------------------------------------------------------------


def _say_safe(talk: Conversation, value: str) -> None:
    """Before the receipt; an old button pressed later still tells the truth about the tip that was sent last."""
    tip_id = _tip_id(talk)
    if tip_id is None:
        talk.answer(talk.say("nothing-to-send"), *FREE)
        return
    if value == "alone" and not talk.has_draft and "danger" in (talk.last_tip or {}) and talk.is_of_long_ago():
        talk.answer(talk.say_of("safe-shared"), *FREE)  # It went as a cry for help: an old button opens this phone to no notice.
        return
    if value == "alone" and not talk.has_draft and not any(one.tip_id == tip_id for one in talk.facts.mine):
        talk.answer(talk.say("ready"), *FREE)  # Found by its code: whose phone its notices go to, only the one who sent it knows.
        return
    talk.change("safe", tip_id=tip_id, safe=value)
    if not talk.has_draft:
        talk.answer(talk.say_of(f"safe-{value}"), *FREE)
        return
    talk.state["safe"] = value
    talk.state.pop("shows_story", None)
    intake.settle(talk, "safe")
    intake.ask_next(talk)


# -- to be forgotten -------------------------------------------------------------------------------------------------------


def _ask_cut(talk: Conversation) -> None:
    talk.answer(talk.say("cut-ask"), ("button-cut-yes", "cut-yes"), ("button-cut-no", "cut-no"))


def _cut(talk: Conversation) -> None:
    if talk.has_draft:
        talk.change("drop")
    if "aside" in talk.state:
        talk.change("drop", tip_id=talk.state["aside"]["tip_id"])
    talk.cut()
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
    apart = {**talk.state.get("apart", {}), talk.piece_hash(): [step, _tip_id(talk), talk.state.get("choosing", "named")]}
    talk.state["apart"] = dict(list(apart.items())[-MOST_APART:])


def _after_sealing(talk: Conversation, shown: str) -> None:
    if talk.has_draft and talk.incoming.kind == "edited" and talk.state.get("step") not in ("name", "callback"):
        intake.ask_again(talk)
    elif talk.state.get("after"):
        remaining.ask(talk, talk.say("sealed-noted", what=shown))
    elif talk.has_draft:
        intake.ask_next(talk)
    else:
        talk.state.pop("step", None)
        talk.answer(talk.say("sealed-noted", what=shown), *FREE)


def _ways(talk: Conversation) -> list[tuple[str, str]]:
    return talk.ways_out() if talk.has_draft else list(FREE)


def _hint(text: str) -> str:
    """The last three digits: enough for the person to know which number it was."""
    digits = re.sub(r"\D", "", text)
    return digits[-3:] if len(digits) >= 8 else ""
