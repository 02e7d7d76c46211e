"""How a leader's kit and what may be answered to it are said in a chat. `posted:<target>` and `not-posted:<target>` stand under it."""

from handlers.messages import Button
from handlers.texts import say
from handlers.warnings.posting import Kit
from storage import moments


def answer_buttons(target_id: int, language: str) -> tuple[Button, ...]:
    return (
        Button(say("lead-button-posted", language), f"posted:{target_id}"),
        Button(say("lead-button-not-posted", language), f"not-posted:{target_id}"),
    )


def state_words(kit: Kit, language: str) -> str:
    """ "Tổ trưởng báo đã đăng lúc 21:05, 12/3/2026"; never that anything was sent."""
    if kit.state == "posted" and kit.posted_at is not None:
        return say("lead-state-posted", language, time=moments.clock_face(kit.posted_at), date=moments.short_date(kit.posted_at))
    if not kit.goes_on:
        return say("lead-state-over", language)
    return say("lead-state-not_posted" if kit.state == "not_posted" else "lead-state-open", language)
