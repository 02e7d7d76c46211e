"""A leader asks for a warning, question by question; the draft stands in the state of their chat under `lead`."""

from typing import Any

from handlers.flows import danger
from handlers.flows.lead_facts import LeadFacts, Talk, ways
from handlers.messages import Button
from handlers.warnings.content import MOST_HEADLINE_WORDS, THEMES, Content, Posted, as_posted, mistakes, tidy
from handlers.warnings.lifecycle import LASTS
from storage import moments

_MOST_TYPED = 1500
# At which question somebody goes on, when what they wrote cannot be sent as it is.
_MENDED_AT = {
    "warning-no-headline": "headline",
    "warning-long-headline": "headline",
    "warning-no-lines": "lines",
    "warning-many-lines": "lines",
}


def begin(talk: Talk, facts: LeadFacts) -> None:
    if not facts.areas:
        talk.answer(talk.say("lead-no-own-area"), *ways(talk.say))
    elif len(facts.areas) > 1:
        ask(talk, facts, {"areas": []}, "area")
    else:
        ask(talk, facts, {"areas": [facts.areas[0][0]]}, "theme")


def ask(talk: Talk, facts: LeadFacts, draft: dict[str, Any], step: str, *, before: str = "") -> None:
    talk.state["lead"] = {**draft, "step": step}
    stop = Button(talk.say("lead-button-stop"), "lead:stop")
    if step == "preview":
        buttons = (Button(talk.say("lead-button-send"), "lead:send"), Button(talk.say("lead-button-again"), "lead:again"), stop)
        talk.answer("\n\n".join(filter(None, (before, talk.say("lead-preview"), _preview(facts, draft)))), *buttons)
        return
    choices: list[Button] = []
    if step == "area":
        choices = [Button(name, f"lead:area:{area}") for area, name in facts.areas]
        choices.append(Button(talk.say("lead-button-all-areas"), "lead:area:all"))
    elif step == "theme":
        choices = [Button(talk.say(f"theme-{theme}"), f"lead:theme:{theme}") for theme in THEMES]
    else:
        talk.state["ask"] = {"types": True}  # A number here is a part of what is being written.
    talk.answer("\n\n".join(filter(None, (before, talk.say(f"lead-ask-{step}")))), *choices, stop)


def hear(talk: Talk, facts: LeadFacts, draft: dict[str, Any], text: str) -> None:
    step, typed = draft["step"], text[:_MOST_TYPED]
    warned = talk.say("lead-danger-line") if danger.now_in(text) else ""
    if step == "headline":
        is_long = len(typed.split()) > MOST_HEADLINE_WORDS
        mistake = talk.say("warning-long-headline") if is_long else ""
        ask(talk, facts, draft if is_long else {**draft, "headline": typed}, "headline" if is_long else "body", before=mistake or warned)
    elif step == "body":
        ask(talk, facts, {**draft, "body": typed}, "lines", before=warned)
    elif step == "lines":
        lines = typed.splitlines() if "\n" in typed else typed.split(";")
        _look_over(talk, facts, {**draft, "lines": lines}, warned)
    else:
        ask(talk, facts, draft, step, before=talk.say("lead-choose") if step != "preview" else "")


def _look_over(talk: Talk, facts: LeadFacts, draft: dict[str, Any], warned: str) -> None:
    wrong = mistakes(_content(draft))
    if wrong:
        ask(talk, facts, draft, _MENDED_AT.get(wrong[0], "body"), before=talk.say(wrong[0]))
    else:
        ask(talk, facts, draft, "preview", before=warned)


def _content(draft: dict[str, Any]) -> Content:
    return tidy(Content(theme=draft["theme"], headline=draft["headline"], body=draft["body"], lines=tuple(draft["lines"])))


def _preview(facts: LeadFacts, draft: dict[str, Any]) -> str:
    posted = Posted(code="CB-······", at=facts.now, expires_at=facts.now + LASTS)
    return as_posted(_content(draft), posted, facts.ward)


def send(talk: Talk, facts: LeadFacts, draft: dict[str, Any]) -> None:
    areas = [area for area in draft["areas"] if area in {own for own, _name in facts.areas}]
    if not areas:  # Another leads there by now.
        talk.answer(talk.say("warning-not-your-area"), *ways(talk.say))
        return
    content = _content(draft)
    talk.act("propose_warning", warning_id=talk.facts.fresh_id(), code=facts.fresh_code(), content=content.as_row(), areas=areas)
    time = moments.clock_face(facts.now)
    talk.answer(talk.say("lead-proposed", headline=content.headline, time=time), *ways(talk.say), rewrites=True)
