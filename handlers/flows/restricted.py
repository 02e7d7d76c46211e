"""Who alone reads what is told here: for the chief, or for the superior police. Offered as buttons and never asked; words that speak of
the ward police only bring the button forward, and names decide nothing.

Also why no name is taken for some matters, and whoever wants to give themself up: told where to go, and nothing of it is kept.
"""

import re

from handlers.flows import intake
from handlers.flows.conversation import FREE, Conversation, fold
from handlers.insight.procedures import office

_POLICE = re.compile(
    r"\b(?:cong an (?:phuong|khu vuc|xa)|canh sat khu vuc|can bo (?:phuong|cong an|cong an phuong)|(?:truong|pho) cong an|"
    r"(?:anh|ong|may|chu|thang) cong an|chu tich phuong|ward police|local police|police officer)\b"
)
_GIVES_UP = re.compile(
    r"^(?:da |thua )?(?:(?:toi|em|chau|con|minh|tui|anh|chi) )?(?:dang )?(?:muon |xin |dinh |can |se )?(?:duoc )?(?:den |ra |di )?"
    r"(?:tu thu|dau thu)\b"
    r"|\b(?:toi|em|chau|con|minh|tui|chong toi|vo toi|con toi|con trai toi) (?:dang )?(?:muon|xin|dinh|can|se) (?:duoc )?(?:den |ra |di )?"
    r"(?:tu thu|dau thu)\b"
    r"|\bi want to (?:confess|turn myself in|surrender|give myself up)\b|\bturn(?:ing)? myself in\b"
)


# -- who reads it --------------------------------------------------------------------------------------------------------------


def ways(talk: Conversation) -> list[tuple[str, str]]:
    """At a calm place: beside the first question, and under the list of all kinds."""
    if talk.state.get("restricted"):
        return [("button-not-restricted", "restricted:none")]
    return [("button-about-police", "restricted:fence"), ("button-chief-only", "restricted:chief")]


def suggested(talk: Conversation) -> list[tuple[str, str]]:
    """The words spoke of the ward police."""
    if talk.state.get("restricted") or not _POLICE.search(fold(talk.story)):
        return []
    return [("button-about-police", "restricted:fence")]


def act(talk: Conversation, name: str, value: str) -> bool:
    if name != "restricted" or (talk.has_draft and talk.step == "danger"):
        return False
    match value:
        case "fence" if not talk.facts.ward.keepers:
            say_nobody_keeps(talk)
        case "fence" | "chief":
            _choose(talk, value)
        case "none":
            _choose(talk, "")
        case _:
            return False
    return True


def _choose(talk: Conversation, kind: str) -> None:
    if not talk.has_draft:
        talk.leave_moment()
        talk.forget_draft()
    talk.state["restricted"] = kind
    if talk.has_draft:
        talk.change("restrict", kind=kind)
    said = talk.say(f"restricted-{kind or 'none'}")
    if talk.has_something:
        intake.ask_again(talk, said)
    else:
        intake.ask_words(talk, said)


def is_without_reader(talk: Conversation) -> bool:
    """It was to go behind the fence, and the last keeper has left since."""
    return talk.state.get("restricted") == "fence" and not talk.facts.ward.keepers


def find_a_reader(talk: Conversation) -> None:
    """For a matter of minutes, which waits for no choice: the chief reads it rather than nobody."""
    if is_without_reader(talk):
        talk.state["restricted"] = "chief"
        talk.change("restrict", kind="chief")


def say_nobody_keeps(talk: Conversation) -> None:
    """Before the words are taken: nobody of the superior police reads here, so where to go is said, and the chief is offered."""
    where = talk.facts.ward.superior
    text = talk.say("fence-nobody-at", address=where) if where else talk.say("fence-nobody")
    out = ("button-fence-leave", "cancel" if talk.has_draft else "leave")
    on = [("button-go-on", "go-on")] if talk.has_draft else []
    talk.answer(text, ("button-chief-only", "restricted:chief"), *on, out)


def reader(talk: Conversation) -> str:
    """Who reads this tip, in a word; empty where it is whoever is on duty."""
    kind = talk.readers if talk.has_draft else ""
    return talk.say(f"reader-{kind}") if kind else ""


# -- no name by chat -----------------------------------------------------------------------------------------------------------


def no_names(talk: Conversation) -> str:
    """Why no name is taken for the matter at hand, or nothing: chief (a kind of matter that only the chief reads), fence."""
    if not talk.has_draft:
        return str((talk.last_tip or {}).get("no_names", ""))
    if talk.state.get("restricted") == "fence":
        return "fence"
    return "chief" if talk.category is not None and talk.category.restricted else ""


def decline_name(talk: Conversation) -> str:
    """Kindly, and where a name can be given instead."""
    ward = talk.facts.ward
    if no_names(talk) == "fence":
        return talk.say("name-declined-fence-at", address=ward.superior) if ward.superior else talk.say("name-declined-fence")
    address = _office(talk)
    return talk.say("name-declined-at", address=address) if address else talk.say("name-declined")


# -- giving oneself up ---------------------------------------------------------------------------------------------------------


def hears_surrender(talk: Conversation, text: str) -> bool:
    """Whoever comes by themself is told where, and confesses nothing to a machine: these words stand in no tip and in no thread."""
    if len(text) > 300 or not _GIVES_UP.search(fold(text)):
        return False
    address, duty = _office(talk), talk.facts.ward.duty_phone
    lines = (
        talk.say("surrender-at", address=address) if address else talk.say("surrender"),
        talk.say("surrender-call", duty_phone=duty) if duty else talk.say("surrender-call-trial"),
        talk.say("surrender-not-here"),
    )
    talk.mask(talk.say("surrender-not-kept"))
    talk.answer("\n\n".join(lines), *(talk.ways_on() if talk.has_draft else FREE), stays=True)
    return True


def _office(talk: Conversation) -> str:
    return office(talk.facts.ward.book).address or talk.facts.ward.address
