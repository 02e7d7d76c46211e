"""Hỏi thủ tục: an answer from what the ward has written, counted, and no tip. One tap turns the question into one."""

from handlers.flows import intake
from handlers.flows.conversation import FREE, Conversation
from handlers.insight import procedures
from handlers.ward_book import Procedure

_MOST_SHOWN = 8


def begin(talk: Conversation) -> None:
    talk.state["step"] = "procedure"
    every = procedures.effective(talk.facts.ward.book)
    choices = [(f"={one.title}", f"procedure:{one.handle}") for one in every[:_MOST_SHOWN]]
    talk.answer(talk.say("procedure-ask"), *choices, ("button-police-called", "police-called"), *_out(talk))


def hear(talk: Conversation, text: str) -> bool:
    """A question about a procedure; what is asked here is kept nowhere unless the person makes a tip of it."""
    if talk.step != "procedure":
        return False
    found = procedures.find(text, procedures.effective(talk.facts.ward.book))
    talk.state["asked_words"] = text[:1000]
    if not found:
        text = talk.missed("procedure-unknown", "procedure-unknown-2", "procedure-unknown-3")
        talk.answer(text, ("button-make-tip", "make-tip"), ("button-procedures", "procedures"), *_out(talk))
    elif len(found) == 1:
        show(talk, found[0])
    else:
        choices = [(f"={one.title}", f"procedure:{one.handle}") for one in found[:_MOST_SHOWN]]
        talk.answer(talk.say("procedure-which"), *choices, ("button-make-tip", "make-tip"), *_out(talk))
    return True


def choose(talk: Conversation, value: str) -> None:
    found = next((one for one in procedures.effective(talk.facts.ward.book) if str(one.handle) == value), None)
    if found is None:
        begin(talk)
    else:
        show(talk, found)


def show(talk: Conversation, procedure: Procedure) -> None:
    talk.state["step"] = "procedure"
    talk.count_procedure(procedure)
    text = procedures.told(procedure, talk.facts.ward.book, talk.language)
    talk.answer(text, ("button-other-procedure", "procedures"), ("button-make-tip", "make-tip"), *_out(talk))


def make_tip(talk: Conversation) -> None:
    words = talk.state.pop("asked_words", "")
    talk.state.pop("step", None)
    if not words:
        intake.ask_words(talk)
    else:
        intake.hear_words(talk, words)


def _out(talk: Conversation) -> list[tuple[str, str]]:
    if talk.has_draft:
        return [("button-go-on", "go-on")]
    return [FREE[0] if talk.last_tip else ("button-tell", "report")]  # "Báo việc khác" is for who has told something.
