"""In a group the line says one neutral sentence of its own, at most once in half an hour, and points at nobody."""

from typing import Any

from handlers.flows.conversation import Facts
from handlers.messages import Decision, Reply
from handlers.texts import say_as
from storage import moments

QUIET_FOR = 30 * moments.MINUTE


def decide(state: dict[str, Any], facts: Facts) -> Decision:
    if not facts.private_link or facts.now - state.get("said_at", 0) < QUIET_FOR:
        return Decision(state=state)
    text = say_as(facts.ward.book, "in-group", "vi", address=facts.private_link, duty_phone=facts.ward.duty_phone)
    return Decision(state={"said_at": facts.now}, replies=[Reply(text=text)])
