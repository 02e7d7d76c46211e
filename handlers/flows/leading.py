"""What a leader does in their own linked chat: says that a warning was posted, looks what is open, asks for a warning of their own.

It is no sign-in and no resident's conversation: nothing that is typed here becomes a tip. Whoever types that somebody is in danger reads
the numbers to call all the same, and where a neighbour's tip is brought in.
"""

from dataclasses import replace
from typing import Any

from handlers.flows import danger, lead_draft
from handlers.flows.conversation import fold
from handlers.flows.lead_facts import LeadFacts, Talk, ways
from handlers.messages import Button, Incoming
from handlers.warnings.content import THEMES
from handlers.warnings.kit_words import answer_buttons, state_words
from handlers.warnings.posting import Kit, Own

_WORDS = {
    "da dang": "posted",
    "da dang roi": "posted",
    "chua dang duoc": "not-posted",
    "chua dang": "not-posted",
    "khong dang duoc": "not-posted",
    "xin phat canh bao": "lead:new",
    "danh sach": "lead:list",
    "posted": "posted",
    "not posted": "not-posted",
    "ask for a warning": "lead:new",
    "list": "lead:list",
}
_IN_A_DRAFT = {"thoi": "lead:stop", "huy": "lead:stop", "stop": "lead:stop", "gui duyet": "lead:send", "viet lai": "lead:again"}


def target_meant(incoming: Incoming) -> int | None:
    """Of a button under a kit."""
    name, _, number = incoming.text.partition(":")
    is_one = incoming.kind == "button" and name in ("posted", "not-posted") and number.isascii() and number.isdecimal()
    return int(number) if is_one and len(number) <= 19 and int(number) < 2**63 else None


def hear(talk: Talk, facts: LeadFacts, wish: str) -> bool:
    """Whether it was for us; what is not is the link's own: another language, its end."""
    draft, text = talk.state.pop("lead", None), talk.incoming.text.strip() if talk.incoming.kind == "text" else ""
    wish = wish or (_meant(text, _IN_A_DRAFT) if draft else "") or _meant(text, _WORDS)
    name, _, value = wish.partition(":")
    if name in ("posted", "not-posted"):
        _keep(talk, draft)
        _answer_for(talk, facts, name, talk.incoming)
    elif name == "lead":
        _act(talk, facts, value, draft)
    elif wish == "duty:help":
        _keep(talk, draft)
        talk.answer(talk.say("lead-help", page=facts.page), *ways(talk.say))
    elif wish:
        _keep(talk, draft)
        return False
    elif draft and text:
        lead_draft.hear(talk, facts, draft, text)
    else:
        _keep(talk, draft)
        _hear_words(talk, facts, text)
    return True


def _meant(text: str, known: dict[str, str]) -> str:
    """ "Đã đăng ạ", "dạ đã đăng": a polite "dạ" and the "đã" that matters look alike without marks, so only the whole is compared."""
    said = fold(text).replace(",", " ").strip(" .!?")
    plain = " ".join(said.split()).removesuffix(" a").removesuffix(" nhe")
    return known.get(plain, "") or known.get(plain.removeprefix("da ").removeprefix("vang "), "")


def _keep(talk: Talk, draft: dict[str, Any] | None) -> None:
    """What is being written goes on, whatever else is pressed in between."""
    if draft:
        talk.state["lead"] = draft


def _hear_words(talk: Talk, facts: LeadFacts, text: str) -> None:
    kind = danger.now_in(text) if text else ""
    if kind:
        numbers = danger.numbers_and_advice(talk.say, kind, facts.ward)
        talk.answer(f"{numbers}\n\n{talk.say('lead-danger', page=facts.page)}")
    else:
        talk.answer(talk.say("lead-only", page=facts.page), *ways(talk.say))


# -- what was posted -------------------------------------------------------------------------------------------------------------


def _answer_for(talk: Talk, facts: LeadFacts, answer: str, incoming: Incoming) -> None:
    target_id = target_meant(incoming)
    if target_id is not None:
        kit = facts.kit(target_id)
    else:
        # Typed: of the only one that waits; else of the one whose word is taken back.
        waits = facts.open or ([one for one in facts.kits if one.state == "posted"][:1] if answer == "not-posted" else [])
        if len(waits) > 1:
            buttons = (Button(f"{talk.say(f'lead-button-{answer}')}: {one.headline}", f"{answer}:{one.target_id}") for one in waits)
            talk.answer(talk.say("lead-which"), *buttons)
            return
        kit = waits[0] if waits else None
    if kit is None:
        talk.answer(talk.say("lead-no-kit"), *ways(talk.say))
    elif answer == "posted":
        _posted(talk, facts, kit)
    else:
        _not_posted(talk, kit)


def _posted(talk: Talk, facts: LeadFacts, kit: Kit) -> None:
    """The words stay under it: who has to post them in a second group finds them there."""
    if kit.state != "posted":
        talk.act("posted", target_id=kit.target_id)
        kit = replace(kit, state="posted", posted_at=facts.now)
    talk.answer(f"{state_words(kit, talk.language)}.\n\n{kit.text}".strip(), answer_buttons(kit.target_id, talk.language)[1], rewrites=True)


def _not_posted(talk: Talk, kit: Kit) -> None:
    if kit.state != "not_posted":
        talk.act("not_posted", target_id=kit.target_id)
    talk.answer(talk.say("lead-noted-not-posted", headline=kit.headline), answer_buttons(kit.target_id, talk.language)[0])


def _show_list(talk: Talk, facts: LeadFacts) -> None:
    rows, buttons = [], []
    for kit in facts.open:
        rows.append(f"• {kit.headline} ({kit.code}): {state_words(kit, talk.language)}")
        buttons.append(Button(f"{talk.say('lead-button-posted')}: {kit.headline}", f"posted:{kit.target_id}"))
    text = "\n".join((talk.say("lead-list"), *rows)) if rows else talk.say("lead-list-none")
    asked = [_own_row(talk, one) for one in facts.own]
    if asked:
        text += "\n\n" + "\n".join((talk.say("lead-own"), *asked))
    talk.answer(text, *buttons, *ways(talk.say)[1:])


def _own_row(talk: Talk, one: Own) -> str:
    row = f"• {one.headline}: {talk.say(f'lead-own-{one.state}')}"
    return f"{row} {talk.say('lead-own-why', why=one.why)}" if one.why else row


def _act(talk: Talk, facts: LeadFacts, value: str, draft: dict[str, Any] | None) -> None:
    name, _, chosen = value.partition(":")
    match name:
        case "list":
            _keep(talk, draft)
            _show_list(talk, facts)
        case "new" | "again":
            lead_draft.begin(talk, facts)
        case "stop":
            talk.answer(talk.say("lead-stopped"), *ways(talk.say))
        case "area" if draft and chosen in ("all", *(str(area) for area, _name in facts.areas)):
            areas = [area for area, _name in facts.areas if chosen in ("all", str(area))]
            lead_draft.ask(talk, facts, {**draft, "areas": areas}, "theme")
        case "theme" if draft and chosen in THEMES:
            lead_draft.ask(talk, facts, {**draft, "theme": chosen}, "headline")
        case "templates" if draft and draft["step"] == "headline":
            lead_draft.ask(
                talk, facts, draft, "headline", page=int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 4 else 0
            )
        case "template" if draft and draft["step"] == "headline":
            lead_draft.use(talk, facts, draft, chosen)
        case "mend" if draft:
            lead_draft.mend(talk, facts, draft, chosen)
        case "send" if draft and draft["step"] == "preview":
            lead_draft.send(talk, facts, draft)
        case _ if draft:
            lead_draft.ask(talk, facts, draft, draft["step"])
        case _:
            talk.answer(talk.say("lead-nothing-written"), *ways(talk.say))
