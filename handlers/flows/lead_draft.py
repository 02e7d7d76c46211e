"""A leader asks for a warning, question by question; the draft stands in the state of their chat under `lead`.

A template may take the place of the answers. What the checker finds is told before anything can be sent, with what to change.
"""

from typing import Any

from handlers.flows import danger
from handlers.flows.lead_facts import LeadFacts, Talk, ways
from handlers.messages import Button
from handlers.warnings import asking, checker
from handlers.warnings.around import sample
from handlers.warnings.checker import Finding
from handlers.warnings.content import MOST_HEADLINE_WORDS, THEMES, Content, mistakes, tidy
from storage import moments

_MOST_TYPED = 1500
_TEMPLATES_AT_ONCE, _MOST_TOLD = 4, 8
_ENDS = ("preview", "stopped")  # Where all has been answered.
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
    elif asking.too_many(facts.own):
        talk.answer(talk.say("lead-too-many"), *ways(talk.say))
    elif len(facts.areas) > 1:
        ask(talk, facts, {"areas": []}, "area")
    else:
        ask(talk, facts, {"areas": [facts.areas[0][0]]}, "theme")


def ask(talk: Talk, facts: LeadFacts, draft: dict[str, Any], step: str, *, before: str = "", page: int = 0) -> None:
    if step in _ENDS:
        _look_over(talk, facts, draft, before)
        return
    talk.state["lead"] = {**draft, "step": step}
    stop = Button(talk.say("lead-button-stop"), "lead:stop")
    choices: list[Button] = []
    more = ""
    if step == "area":
        choices = [Button(name, f"lead:area:{area}") for area, name in facts.areas]
        choices.append(Button(talk.say("lead-button-all-areas"), "lead:area:all"))
    elif step == "theme":
        choices = [Button(talk.say(f"theme-{theme}"), f"lead:theme:{theme}") for theme in THEMES]
    elif step == "headline" and "lines" not in draft and (choices := _templates(talk, facts, draft, page)):
        more = talk.say("lead-ask-template")
    else:
        talk.state["ask"] = {"types": True}  # A number here is a part of what is being written.
    talk.answer("\n\n".join(filter(None, (before, talk.say(f"lead-ask-{step}"), more))), *choices, stop)


def _templates(talk: Talk, facts: LeadFacts, draft: dict[str, Any], page: int) -> list[Button]:
    fit = [one for one in facts.templates if one.content.theme == draft["theme"]]
    first = page * _TEMPLATES_AT_ONCE if 0 <= page * _TEMPLATES_AT_ONCE < len(fit) else 0
    shown = [Button(one.name, f"lead:template:{one.key}") for one in fit[first : first + _TEMPLATES_AT_ONCE]]
    if len(fit) > _TEMPLATES_AT_ONCE:
        shown.append(Button(talk.say("lead-button-more-templates"), f"lead:templates:{first // _TEMPLATES_AT_ONCE + 1}"))
    return shown


def use(talk: Talk, facts: LeadFacts, draft: dict[str, Any], key: str) -> None:
    """A template of the theme at hand, word for word; each part of it can be changed."""
    found = next((one for one in facts.templates if one.key == key and one.content.theme == draft.get("theme")), None)
    if found is None:
        ask(talk, facts, draft, draft["step"])
        return
    said = found.content
    words = {"headline": said.headline, "body": said.body, "lines": list(said.lines), "template": found.key}
    _look_over(talk, facts, {**draft, **words}, "")


def hear(talk: Talk, facts: LeadFacts, draft: dict[str, Any], text: str) -> None:
    step, typed = draft["step"], text[:_MOST_TYPED]
    warned = talk.say("lead-danger-line") if danger.now_in(text) else ""
    is_mended = "lines" in draft  # Everything was answered before, and one part is changed.
    if step == "headline" and len(typed.split()) > MOST_HEADLINE_WORDS:
        ask(talk, facts, draft, "headline", before=talk.say("warning-long-headline"))
    elif step in ("headline", "body"):
        answered = {**draft, step: typed}
        if is_mended:
            _look_over(talk, facts, answered, warned)
        else:
            ask(talk, facts, answered, "body" if step == "headline" else "lines", before=warned)
    elif step == "lines":
        lines = typed.splitlines() if "\n" in typed else typed.split(";")
        _look_over(talk, facts, {**draft, "lines": lines}, warned)
    else:
        ask(talk, facts, draft, step, before="" if step in _ENDS else talk.say("lead-choose"))


def mend(talk: Talk, facts: LeadFacts, draft: dict[str, Any], part: str) -> None:
    """One part anew; the others stay."""
    is_one = part in ("headline", "body", "lines") and draft["step"] in _ENDS
    ask(talk, facts, draft, part if is_one else draft["step"])


# -- before it is sent -----------------------------------------------------------------------------------------------------------


def _look_over(talk: Talk, facts: LeadFacts, draft: dict[str, Any], warned: str) -> None:
    content = _content(draft)
    if wrong := mistakes(content):
        ask(talk, facts, draft, _MENDED_AT.get(wrong[0], "body"), before=talk.say(wrong[0]))
        return
    found = asking.findings(content, facts.ward)
    again, stop = Button(talk.say("lead-button-again"), "lead:again"), Button(talk.say("lead-button-stop"), "lead:stop")
    if not asking.objections(found, ground="", words=""):
        talk.state["lead"] = {**draft, "step": "preview"}
        worries = _told(talk, "lead-worry", found)
        text = "\n\n".join(filter(None, (warned, worries, talk.say("lead-preview"), _preview(facts, draft))))
        talk.answer(text, Button(talk.say("lead-button-send"), "lead:send"), *_mends(talk), again, stop)
        return
    talk.state["lead"] = {**draft, "step": "stopped"}
    blocking = tuple(one for one in found if one.blocks)
    ground = talk.say("lead-ground-on-page", page=facts.page) if all(one.may_be_insisted_on for one in blocking) else ""
    text = "\n\n".join(filter(None, (warned, _told(talk, "lead-stopped-here", blocking), ground)))
    talk.answer(text, *_mends(talk, {_part(one) for one in blocking}), again, stop)


def _told(talk: Talk, key: str, found: tuple[Finding, ...]) -> str:
    rows = [
        talk.say("lead-stopped-at", field=talk.say(f"warn-field-{one.field}"), told=checker.told(one, talk.language))
        if one.field
        else checker.told(one, talk.language)
        for one in found[:_MOST_TOLD]
    ]
    return "\n".join((talk.say(key), *(f"• {row}" for row in rows))) if rows else ""


def _part(one: Finding) -> str:
    return "lines" if one.field.startswith("line-") else one.field


def _mends(talk: Talk, parts: set[str] | None = None) -> list[Button]:
    """Of all parts, or of these; where it is in none of them, of all."""
    every = ("headline", "body", "lines")
    wanted = [part for part in every if parts is None or part in parts] or every
    return [Button(talk.say(f"lead-button-mend-{part}"), f"lead:mend:{part}") for part in wanted]


def _content(draft: dict[str, Any]) -> Content:
    return tidy(Content(theme=draft["theme"], headline=draft["headline"], body=draft["body"], lines=tuple(draft["lines"])))


def _preview(facts: LeadFacts, draft: dict[str, Any]) -> str:
    return sample(_content(draft), facts.ward, now=facts.now)


def send(talk: Talk, facts: LeadFacts, draft: dict[str, Any]) -> None:
    areas = [area for area in draft["areas"] if area in {own for own, _name in facts.areas}]
    if not areas:  # Another leads there by now.
        talk.answer(talk.say("warning-not-your-area"), *ways(talk.say))
        return
    if asking.too_many(facts.own):
        talk.answer(talk.say("lead-too-many"), *ways(talk.say))
        return
    content = _content(draft)
    if mistakes(content) or asking.objections(asking.findings(content, facts.ward), ground="", words=""):
        _look_over(talk, facts, draft, "")  # The ward's own book has changed since.
        return
    said = {"content": content.as_row(), "areas": areas, "template": draft.get("template", "")}
    talk.act("propose_warning", warning_id=talk.facts.fresh_id(), code=facts.fresh_code(), **said)
    time = moments.clock_face(facts.now)
    talk.answer(talk.say("lead-proposed", headline=content.headline, time=time), *ways(talk.say), rewrites=True)
