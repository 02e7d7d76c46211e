"""Whoever wants the warnings of a neighbourhood in their own chat: which neighbourhood, which themes, and one tap to leave.

What was chosen stands in the chat's own state, so that nothing has to be asked; the row from which warnings are sent is kept beside it.
The desk sees numbers.
"""

from typing import Any

from handlers import windows
from handlers.flows import danger
from handlers.flows.conversation import FREE, Conversation, bare, fold, means_no
from handlers.messages import Change
from handlers.warnings.content import THEMES

_PER_PAGE = 12
_AREA, _THEME = "subscribe-area", "subscribe-theme"


def act(talk: Conversation, name: str, value: str) -> bool:
    match name:
        case "unsubscribe":
            _leave(talk)
        case "subscribe" | "subscribe-areas" | "subscribe-area" | "subscribe-theme" | "subscribe-done" if talk.has_draft:
            _wait(talk)
        case "subscribe" if "subscribed" in talk.state and value != "again":
            _show(talk)
        case "subscribe":
            _ask_area(talk, 0)
        case "subscribe-areas":
            _ask_area(talk, int(value) if _is_number(value) else 0)
        case "subscribe-area":
            _choose_area(talk, value)
        case "subscribe-theme":
            _choose_theme(talk, value)
        case "subscribe-done":
            _finish(talk)
        case _:
            return False
    return True


def hear(talk: Conversation, text: str) -> bool:
    """A neighbourhood by its name. Whoever tells of something else is heard as if nothing had been asked."""
    if talk.step not in (_AREA, _THEME):
        return False
    wanted = fold(text).strip(" .!")
    found = next((one for one in talk.facts.ward.book.neighbourhoods if fold(one.name) == wanted), None)
    if talk.step == _AREA and found:
        _choose_area(talk, str(found.id))
        return True
    is_no = means_no(text) or bare(text) in ("thoi", "bo qua", "enough", "skip")
    talk.leave_moment()
    if is_no:
        talk.answer(talk.say("ready"), *FREE)
    return is_no


def leave_silently(talk: Conversation) -> None:
    """Quick exit, the bot blocked, the account unfollowed: nobody is there to be told."""
    if talk.state.pop("subscribed", None) is not None:
        talk.changes.append(Change("unsubscribe"))


def offer(talk: Conversation) -> bool:
    """Once, after a calm receipt on a phone that nobody shares. True: it is to be offered now."""
    fits = "subscribed" not in talk.state and not talk.state.get("subscribe_offered") and not talk.state.get("no_offer")
    last = talk.last_tip or {}
    if not fits or "danger" in last or "reader" in last or last.get("is_quiet") or "aside" in talk.state:
        return False
    talk.state["subscribe_offered"] = True
    return True


# -- the questions -------------------------------------------------------------------------------------------------------------


def _wait(talk: Conversation) -> None:
    if talk.step == "danger":
        danger.repeat(talk)
    else:
        talk.answer(talk.say("subscribe-later"), *talk.ways_on())


def _show(talk: Conversation) -> None:
    kept = talk.state["subscribed"]
    text = talk.say("subscribe-now", area=_area_name(talk, kept["area"]), what=_themes_named(talk, kept["themes"]))
    talk.answer(text, ("button-subscribe-change", "subscribe:again"), ("button-unsubscribe", "unsubscribe"), ("button-enough", "leave"))


def _ask_area(talk: Conversation, page: int) -> None:
    """A ward without a list has one answer, and goes on to the themes."""
    talk.leave_moment()
    every = talk.facts.ward.book.neighbourhoods
    if not every:
        _choose_area(talk, "all")
        return
    first = page * _PER_PAGE if every[page * _PER_PAGE :] else 0
    talk.state["step"] = _AREA
    choices = [(f"={one.name}", f"subscribe-area:{one.id}") for one in every[first : first + _PER_PAGE]]
    more = [("button-more", f"subscribe-areas:{first // _PER_PAGE + 1}")] if every[first + _PER_PAGE :] else []
    where = talk.say("subscribe-where")
    text = where if first else f"{talk.say('subscribe-start')} {talk.say(_reaches(talk))}\n\n{where}"
    talk.answer(text, *choices, *more, ("button-whole-ward", "subscribe-area:all"), ("button-enough", "leave"))


def _reaches(talk: Conversation) -> str:
    """How a warning comes on the channel at hand, where that is not by itself."""
    if talk.facts.channel in windows.CHANNELS:
        return "subscribe-windowed"
    return "subscribe-web" if talk.facts.channel == "webchat" else "subscribe-comes"


def _choose_area(talk: Conversation, value: str) -> None:
    area = talk.facts.ward.book.neighbourhood(int(value)) if _is_number(value) else None
    if area is None and value != "all":
        _ask_area(talk, 0)
        return
    talk.state["subscribing"] = {"area": area.id if area else None, "themes": []}
    _ask_themes(talk)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 20  # Thousands of digits are no number for Python either.


def _ask_themes(talk: Conversation) -> None:
    chosen = talk.state["subscribing"]["themes"]
    talk.state["step"] = _THEME
    left = [(f"={talk.say(f'theme-{one}')}", f"subscribe-theme:{one}") for one in THEMES if one not in chosen and one != "general"]
    if chosen:
        text = talk.say("subscribe-more-themes", what=_themes_named(talk, chosen))
        talk.answer(text, ("button-subscribe-done", "subscribe-done"), *left, ("button-enough", "leave"))
    else:
        talk.answer(talk.say("subscribe-themes"), ("button-all-themes", "subscribe-done"), *left, ("button-enough", "leave"))


def _choose_theme(talk: Conversation, value: str) -> None:
    asked = talk.state.get("subscribing")
    if asked is None:  # An old button.
        _ask_area(talk, 0)
        return
    if value in THEMES and value not in asked["themes"]:
        talk.state["subscribing"] = {**asked, "themes": [*asked["themes"], value]}
    _ask_themes(talk)


def _finish(talk: Conversation) -> None:
    asked: dict[str, Any] | None = talk.state.get("subscribing")
    if asked is None:
        act(talk, "subscribe", "")
        return
    # What concerns everybody goes to who chose some themes as well.
    themes = [*asked["themes"], "general"] if asked["themes"] else []
    talk.changes.append(Change("subscribe", {"row_id": talk.facts.fresh_id(), "neighbourhood_id": asked["area"], "themes": themes}))
    talk.leave_moment()
    talk.state["subscribed"] = {"area": asked["area"], "themes": asked["themes"]}
    text = talk.say("subscribe-done", area=_area_name(talk, asked["area"]), what=_themes_named(talk, asked["themes"]))
    talk.answer(text, ("button-unsubscribe", "unsubscribe"), *FREE)


def _leave(talk: Conversation) -> None:
    talk.state.pop("subscribed", None)
    talk.changes.append(Change("unsubscribe"))
    if talk.has_draft and talk.step == "danger":
        danger.repeat(talk)
        return
    if not talk.has_draft:
        talk.leave_moment()
    talk.answer(talk.say("unsubscribed"), *(talk.ways_on() if talk.has_draft else [("button-subscribe", "subscribe"), *FREE]))


def _area_name(talk: Conversation, area: int | None) -> str:
    found = talk.facts.ward.book.neighbourhood(area)
    return found.name if found else talk.say("subscribe-ward")


def _themes_named(talk: Conversation, themes: list[str]) -> str:
    return ", ".join(talk.say(f"theme-{one}") for one in themes) if themes else talk.say("subscribe-everything")
