"""In a group the line says one neutral sentence of its own, at most once in half an hour, and points at nobody. To a code that links
the group to its neighbourhood it answers in one line; to what the platform tells about the group, nothing."""

from typing import Any

from handlers.flows.conversation import Facts
from handlers.messages import Change, Decision, Incoming, Reply
from handlers.texts import say_as
from handlers.warnings import groups
from storage import moments

QUIET_FOR = 30 * moments.MINUTE
_MOST_WRONG, _WRONG_WITHIN = 5, moments.HOUR


def decide(state: dict[str, Any], facts: Facts, incoming: Incoming | None = None) -> Decision:
    told = incoming.group if incoming else {}
    if told.get("code"):
        return _hear_code(state, facts, told)
    changes = [_event(facts, told)] if told.get("event") and facts.group is not None else []
    is_about_it = told.get("event", "joined") != "joined"  # Nobody spoke to us.
    if is_about_it or not facts.private_link or facts.now - state.get("said_at", 0) < QUIET_FOR:
        return Decision(state=state, changes=changes)
    text = say_as(facts.ward.book, "in-group", "vi", address=facts.private_link, duty_phone=facts.ward.duty_phone)
    return Decision(state={**state, "said_at": facts.now}, replies=[Reply(text=text)], changes=changes)


def _event(facts: Facts, told: dict[str, str]) -> Change:
    values: dict[str, Any] = {"event": told["event"], "history_id": facts.fresh_id(), "title": told.get("title", "")}
    if told.get("to"):
        values |= {"address": told["to"], "chat_hash": facts.hash("chat", facts.channel, told["to"])}
    return Change("group_event", values)


def _hear_code(state: dict[str, Any], facts: Facts, told: dict[str, str]) -> Decision:
    """Of a code that does not count nobody learns why: whether it was ever one is no business of the group's."""
    found = facts.group_code
    area = facts.ward.book.neighbourhood(found.neighbourhood_id) if found else None
    if found and (area or found.neighbourhood_id is None):  # Else the neighbourhood has ended since.
        values = {"code_hash": groups.hashed(facts.hash, told["code"]), "title": told.get("title", "")}
        ids = {"row_id": facts.fresh_id(), "history_id": facts.fresh_id()}
        text = _say(facts, "group-linked", area=area.name) if area else _say(facts, "group-linked-ward")
        return Decision(
            state={**state, "said_at": facts.now}, replies=[Reply(text=text)], changes=[Change("group_link", {**values, **ids})]
        )
    wrong = [at for at in state.get("wrong_codes", []) if facts.now - at < _WRONG_WITHIN]
    if len(wrong) >= _MOST_WRONG:
        return Decision(state=state)
    return Decision(state={**state, "wrong_codes": [*wrong, facts.now]}, replies=[Reply(text=_say(facts, "group-code-wrong"))])


def _say(facts: Facts, key: str, **values: str) -> str:
    return say_as(facts.ward.book, key, "vi", ward=facts.ward.called, **values)
