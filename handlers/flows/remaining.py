"""What was left out before sending, asked after the receipt: at most three questions, each with a way to skip it and a way out."""

from typing import Any

from handlers.flows import subscribing
from handlers.flows.conversation import FREE, Conversation

MOST_AFTER = 3


def questions_left(talk: Conversation) -> list[dict[str, Any]]:
    """The place if it was left out, a number to call where a call helps, then what this kind of matter needs."""
    state, category = talk.state, talk.category
    left: list[dict[str, Any]] = []
    if not state.get("place") and "place" not in state["asked"]:
        left.append({"kind": "place"})
    if category and category.call_helps and "number_hint" not in state:
        left.append({"kind": "callback"})
    if category:
        left += [{"kind": "question", "text": question} for question in category.questions.get(talk.language, ())]
    return left[:MOST_AFTER]


def begin(talk: Conversation, left: list[dict[str, Any]]) -> None:
    if left:
        talk.state["after"] = left
        ask(talk, talk.say_of("after-few"))


def ask(talk: Conversation, before: str = "") -> None:
    left = talk.state.get("after", [])
    if not left:
        finish(talk, before)
        return
    kind = left[0]["kind"]
    talk.state["step"] = "callback" if kind == "callback" else "after"
    place = "place-ask-after" if talk.facts.can.sends_place else "place-ask-after-typed"
    text = left[0]["text"] if kind == "question" else talk.say_of(place if kind == "place" else "callback-ask")
    skip = ("button-no-call" if kind == "callback" else "button-skip", "after-skip")
    talk.answer("\n\n".join(filter(None, (before, text))), skip, ("button-enough", "after-end"), asks_place=kind == "place")


def next_question(talk: Conversation, before: str = "") -> None:
    talk.state["after"] = talk.state.get("after", [])[1:]
    talk.state.pop("missed", None)
    ask(talk, before)


def ask_about_call_no_more(talk: Conversation) -> None:
    """It was answered, there or in between; whatever else was open is asked again."""
    if "after" in talk.state:
        talk.state["after"] = [question for question in talk.state["after"] if question["kind"] != "callback"]
        talk.state.pop("missed", None)


def finish(talk: Conversation, before: str = "") -> None:
    talk.leave_moment()
    if "aside" in talk.state:
        tell_of_aside(talk, before or talk.say("after-done"))
    else:
        offered = subscribing.offer(talk)
        text = "\n\n".join(filter(None, (before, talk.say("after-done"), talk.say("subscribe-offer") if offered else "")))
        talk.answer(text, *FREE, *([("button-subscribe", "subscribe")] if offered else []))


def tell_of_aside(talk: Conversation, before: str = "") -> None:
    """The other matter comes last, when nothing more is asked about this one."""
    text = "\n\n".join(filter(None, (before, talk.say("aside-waits"))))
    talk.answer(text, ("button-take-up", "take-up"), ("button-drop-aside", "drop-aside"))
