"""A message taken back: before sending it is gone from the draft and from the thread, afterwards it stays in the book, which is said.

Telegram tells no bot of it; the web page has a button for it.
"""

from typing import Any

from handlers.flows import danger, intake, places
from handlers.flows.conversation import FREE, Conversation

# Where the open question is asked again; in between of something else the ways on are enough.
_ASKED_AGAIN = ("words", "category", "place", "about", "safe", "review", "edit")


def hear(talk: Conversation) -> None:
    said = talk.facts.said_in
    if talk.has_draft and (changed := _without(talk, talk.state)):
        talk.state |= changed
        _answer(talk)
    elif "aside" in talk.state and (changed := _without(talk, talk.state["aside"])):
        talk.state["aside"] = {**talk.state["aside"], **changed}
        talk.answer(talk.say("retracted"), *talk.ways_on())
    elif said:
        talk.answer(talk.say("retracted-too-late", code_tail=said.tail), *talk.ways_on())
    elif talk.last_tip and talk.last_tip.get("place_from") == talk.piece_hash():
        talk.answer(talk.say("retracted-too-late", code_tail=talk.last_tip["tail"]), *talk.ways_on())
    else:
        talk.answer(talk.say("retracted-nothing"), *talk.ways_on())


def hashes_in(state: dict[str, Any]) -> set[str]:
    """Of all messages that can be taken back now: what the drafts of a chat are made of."""
    drafts = [draft for draft in (state, state.get("aside", {})) if "tip_id" in draft]
    places_from = [part["from"] for draft in drafts for part in draft.get("place_parts", {}).values()]
    return {*places_from, *(source for draft in drafts for source in (*draft.get("pieces", {}), *draft.get("files", {})))}


def begun_at(state: dict[str, Any]) -> int:
    """The oldest of the drafts; 0 without any."""
    return min((draft["started_at"] for draft in (state, state.get("aside", {})) if "tip_id" in draft), default=0)


def _without(talk: Conversation, draft: dict[str, Any]) -> dict[str, Any]:
    """What of a draft is different without the message at hand; nothing if that is no part of it."""
    gone, tip_id, changed = talk.piece_hash(), draft["tip_id"], dict[str, Any]()
    if gone in draft["pieces"]:
        changed["pieces"] = {source: text for source, text in draft["pieces"].items() if source != gone}
        talk.change("retract", tip_id=tip_id, source_hash=gone)
        changed |= _category_without(talk, draft, changed["pieces"])
    files = draft.get("files", {})
    if gone in files:
        changed |= {"files": {source: one for source, one in files.items() if source != gone}, "photos": draft["photos"] - 1}
        talk.change("withdraw", tip_id=tip_id, attachment_id=files[gone])
    changed |= places.without(talk, draft)
    if changed:
        talk.take_from_thread(talk.say("page-taken-back"))
    return changed


def _category_without(talk: Conversation, draft: dict[str, Any], left: dict[str, str]) -> dict[str, Any]:
    """A kind that was heard in these words alone goes with them; one that was chosen stays."""
    before = draft.get("category", "")
    if not before or "category" in draft["asked"] or talk.recognised(draft["pieces"][talk.piece_hash()]) != before:
        return {}
    code = next(filter(None, map(talk.recognised, left.values())), "")
    if code != before:
        talk.change("category", tip_id=draft["tip_id"], category=code)
    return {"category": code}


def _answer(talk: Conversation) -> None:
    told = talk.say("retracted")
    if talk.step == "danger" and talk.has_something:
        danger.repeat(talk)
    elif talk.step == "danger":  # Nothing is left that could go to anybody.
        talk.state["is_calm"] = True
        intake.ask_words(talk, told)
    elif talk.step in _ASKED_AGAIN:
        intake.ask_again(talk, told)
    else:
        talk.answer(told, *(talk.ways_on() if talk.has_draft else FREE))
