"""The way of a tip: what happened → (its kind) → place → about oneself → safe to be written to? → review → receipt.

Only what happened is needed. From the first words on every screen carries "Gửi ngay": then only the last question is asked, and
what was left out comes after the receipt.
"""

from collections.abc import Callable
from typing import Any

from handlers import windows
from handlers.flows import remaining, restricted, subscribing
from handlers.flows.conversation import FREE, MOST_FILES, Conversation
from storage import moments

# What is asked before sending, in this order. The kind is offered and not counted; photos are invited along with the place.
QUESTIONS = ("category", "place", "about", "safe")
SHOWN_OF_STORY = 200
MANY_TIPS, MANY_WITHIN = 5, moments.HOUR
_PARTS = ("words", "category", "photos", "place", "about", "safe")


# -- what was heard ------------------------------------------------------------------------------------------------------------


def hear_words(talk: Conversation, text: str) -> None:
    """Words for the draft, whatever was asked just now."""
    step = talk.step
    if not talk.add_words(text):
        return
    recognise(talk, text)
    if step in ("review", "edit"):
        ask_review(talk)
    elif step in ("", "words", "category") and (step != "category" or talk.state.get("category")):
        is_more = step == "words" and talk.state["asked"] and not talk.state.get("from_review")
        ask_next(talk, talk.say("after-noted") if is_more else "")
    elif step in ("place", "about", "safe"):
        _ASK[step](talk, talk.say("after-noted"))  # The same question alone would sound as if nothing had been heard.
    else:
        talk.answer(talk.say("noted"), ("button-send-now", "send"), ("button-skip", "skip"), ("button-cancel", "cancel"))


def recognise(talk: Conversation, text: str) -> None:
    """The kind, if the words tell it and nobody has chosen one."""
    if not talk.state.get("category") and (code := talk.recognised(text)):
        choose_category(talk, code)


def hear_file(talk: Conversation, words: str) -> None:
    had_words, step = bool(talk.story), talk.step
    album = talk.incoming.album
    same_album = bool(album) and album == talk.state.get("album")
    is_full = talk.state.get("photos", 0) >= MOST_FILES and talk.state.get("replacing") != "photos"
    if same_album and is_full and talk.state.get("full_album") == album:
        if words:
            hear_words(talk, words)
        return  # That there are enough has been said once for this album.
    talk.state |= {"album": album, "full_album": album if is_full else ""}
    added = talk.add_file()
    if words:
        hear_words(talk, words)
        return
    if not added or same_album:
        return  # One answer is enough for photos that came together.
    if step == "place" and talk.incoming.kind == "voice":
        # Said instead of typed: an officer will hear it.
        settle(talk, "place")
        ask_next(talk, noted_short(talk))
    elif not had_words and step not in ("place", "about", "safe", "review", "edit"):
        talk.state["step"] = "words"
        talk.answer(_after_file(talk), *talk.ways_out())
    elif step == "review":
        ask_review(talk)
    elif step in _ASK and step != "words":
        _ASK[step](talk, before=noted_short(talk))
    else:
        text = talk.say(f"noted-{_called(talk)}", count=talk.state["photos"])
        talk.answer(text, ("button-go-on", "go-on"), ("button-send-now", "send"), ("button-cancel", "cancel"))


def _called(talk: Conversation) -> str:
    return talk.incoming.kind if talk.incoming.kind in ("photo", "voice") else "file"


def noted_short(talk: Conversation) -> str:
    return talk.say_of(f"noted-{_called(talk)}-short", count=talk.state["photos"])


def _after_file(talk: Conversation) -> str:
    """Without a word so far. What it is about is asked once; who goes on speaking or sending has answered already."""
    return (
        talk.say_of(f"after-{_called(talk)}")
        if talk.state["photos"] == 1
        else talk.say(f"noted-{_called(talk)}", count=talk.state["photos"])
    )


def hear_edit(talk: Conversation, text: str) -> bool:
    """An edited message edits the draft."""
    source_hash = talk.piece_hash()
    if not (talk.has_draft and source_hash in talk.state["pieces"] and text):
        return False
    talk.state["pieces"] = {**talk.state["pieces"], source_hash: text}
    talk.change("correct", source_hash=source_hash, text=text)
    return True


def hear_edit_aside(talk: Conversation, text: str) -> bool:
    """The same of the matter that waits."""
    source_hash, aside = talk.piece_hash(), talk.state.get("aside", {})
    if source_hash not in aside.get("pieces", {}):
        return False
    talk.state["aside"] = {**aside, "pieces": {**aside["pieces"], source_hash: text}}
    talk.change("correct", tip_id=aside["tip_id"], source_hash=source_hash, text=text)
    return True


def choose_category(talk: Conversation, code: str) -> None:
    talk.state["category"] = code
    if talk.has_draft:
        talk.change("category", category=code)


# -- the questions ---------------------------------------------------------------------------------------------------------


def ask_words(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "words"
    back = [("button-back", "go-on")] if talk.state.get("from_review") else []
    others = restricted.ways(talk) if not talk.has_draft else []
    talk.answer(_after(before, talk.say("what-happened")), *back, *others, *talk.ways_out())


def ask_category(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "category"
    choices = [(f"={one.name[talk.language]}", f"category:{code}") for code, one in talk.categories.items() if one.offered]
    text = _after(before, talk.say("category-ask"))
    more = [*restricted.suggested(talk), ("button-all-categories", "categories")]
    talk.answer(text, *choices, *more, ("button-send-now", "send"), ("button-cancel", "cancel"))


def ask_all_categories(talk: Conversation) -> None:
    talk.state["step"] = "category"
    choices = [(f"={one.name[talk.language]}", f"category:{code}") for code, one in talk.categories.items()]
    talk.answer(talk.say("category-all"), *choices, *restricted.ways(talk), ("button-back", "go-on"), *talk.ways_out())


def ask_photos(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "photos"
    talk.answer(_after(before, talk.say("photos-ask")), ("button-done-photos", "skip"), *talk.ways_out())


def ask_place(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "place"
    has_list = bool(talk.facts.ward.book.neighbourhoods)
    choose = [("button-neighbourhoods", "neighbourhoods")] if has_list else []
    advice = talk.category.advice.get(talk.language, "") if talk.category and "place" not in talk.state["asked"] else ""
    if talk.state.get("advised") == talk.state.get("category"):
        advice = ""  # Said once: a photo brings the question back, not the advice.
    elif advice:
        talk.state["advised"] = talk.state["category"]
    talk.answer(
        _after(before, advice, talk.say("place-ask" if talk.facts.can.sends_place else "place-ask-typed")),
        *choose,
        *restricted.suggested(talk),
        ("button-skip", "skip"),
        ("button-send-now", "send"),
        ("button-back", "back"),
        ("button-cancel", "cancel"),
        asks_place=True,
    )


def ask_about(talk: Conversation, before: str = "") -> None:
    if restricted.no_names(talk):  # Only from "Sửa": it is not asked by itself.
        settle(talk, "about")
        ask_next(talk, restricted.decline_name(talk))
        return
    talk.state["step"] = "about"
    has_custodians = talk.facts.ward.custodians > 0
    choices = [(f"button-{one}", f"about:{one}") for one in (("anonymous", "named", "paper") if has_custodians else ("anonymous",))]
    text = _after(before, talk.say("about-choice" if has_custodians else "about-ask"))
    talk.answer(text, *choices, ("button-send-now", "send"), ("button-back", "back"), ("button-cancel", "cancel"))


def ask_safe(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "safe"
    choices = [("button-alone", "safe:alone"), ("button-shared", "safe:shared")]
    talk.answer(_after(before, talk.say("safe-ask")), *choices, ("button-send-now", "send"), ("button-cancel", "cancel"))


def ask_review(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "review"
    state = talk.state
    may_be_shared = state.get("safe") == "shared" or (not state.get("safe") and "safe" in state["asked"])
    hides = may_be_shared and not state.get("shows_story")
    started, category = state["started_at"], talk.category
    text = talk.say(
        "review",
        story=talk.say("review-hidden", count=len(talk.story.split())) if hides else _short(talk.story) or "…",
        category=category.name[talk.language] if category and not hides else "-",
        place=(state.get("place") or talk.say("place-none")) if not hides else "-",
        photos=state.get("photos", 0),
        time=f"{moments.clock_face(started)}, {moments.short_date(started)}",
        about="; ".join(filter(None, (state.get("name_hint") or talk.say("about-anonymous"), state.get("number_hint")))),
    )
    reader = restricted.reader(talk)
    readers = [talk.say("review-reader", reader=reader)] if reader else []
    must_press = [] if state.get("danger") else [talk.say_of("review-press")]
    look = [("button-show-story", "show-story")] if hides else []
    talk.answer(
        "\n\n".join(filter(None, (before, text, *readers, *must_press))),
        ("button-send", "send"),
        *look,
        ("button-edit", "edit"),
        *(restricted.ways(talk) if state.get("restricted") else restricted.suggested(talk)),
        ("button-cancel", "cancel"),
        quotes=True,
    )


def ask_edit(talk: Conversation, before: str = "") -> None:
    talk.state["step"] = "edit"
    parts = [(f"button-edit-{part}", f"edit:{part}") for part in _PARTS]
    talk.answer(_after(before, talk.say("edit-ask")), *parts, ("button-send", "send"), ("button-back", "review"))


def edit(talk: Conversation, part: str) -> None:
    if part not in _PARTS:
        ask_edit(talk)
        return
    # What is there stays until something new takes its place: whoever only looked, or goes back, has lost nothing.
    talk.state |= {"from_review": True, "replacing": part}
    _ASK[part](talk)


def ask_next(talk: Conversation, before: str = "") -> None:
    """The first question that is still open; after a correction it is the review again."""
    talk.state.pop("replacing", None)
    if talk.state.pop("from_review", False):
        ask_review(talk, before)
        return
    if talk.state.get("hurry"):
        send(talk)
        return
    asked = talk.state["asked"]
    open_ones = [name for name in QUESTIONS if name not in asked and not _is_known(talk, name)]
    if not open_ones:
        ask_review(talk, before)
    else:
        _ASK[open_ones[0]](talk, before)


def _is_known(talk: Conversation, name: str) -> bool:
    if name == "about" and restricted.no_names(talk):
        return True
    return bool(talk.state.get(name)) if name != "about" else "name_hint" in talk.state


def settle(talk: Conversation, name: str) -> None:
    """This question has had its answer, or was skipped."""
    if name not in talk.state["asked"]:
        talk.state["asked"] = [*talk.state["asked"], name]
    talk.state.pop("missed", None)


def skip(talk: Conversation) -> None:
    if talk.step in QUESTIONS:
        settle(talk, talk.step)
    elif talk.step == "words" and not talk.has_something:
        ask_words(talk)
        return
    ask_next(talk)


def ask_again(talk: Conversation, before: str = "") -> None:
    """The present question once more, for somebody who came back to it."""
    talk.state.pop("replacing", None)
    if talk.state.pop("from_review", False):
        ask_review(talk, before)
    elif talk.step in _ASK and (talk.has_something or talk.step == "words"):
        _ASK[talk.step](talk, before)
    elif talk.has_something:
        ask_next(talk, before)
    else:
        ask_words(talk, before)


def go_back(talk: Conversation) -> None:
    """To the question before this one, as if it had not been answered."""
    talk.state.pop("replacing", None)
    if talk.state.pop("from_review", False):
        ask_review(talk)
        return
    step = "about" if talk.step == "name" else talk.step
    before = QUESTIONS[: QUESTIONS.index(step)] if step in QUESTIONS else ()
    if not before:
        ask_words(talk)
        return
    talk.state["asked"] = [name for name in talk.state["asked"] if name not in (before[-1], step)]
    _ASK[before[-1]](talk)


# -- the end ---------------------------------------------------------------------------------------------------------------


def send(talk: Conversation) -> None:
    """Asks whether it is safe to be written to, then the tip is on its way. Pressed again at that question, it goes at once."""
    if not talk.has_draft and "aside" in talk.state:
        remaining.tell_of_aside(talk)
    elif not talk.has_draft:
        key = "already-sent" if talk.last_tip else "nothing-to-send"
        talk.answer(talk.say(key), *FREE)
    elif not talk.has_something:
        ask_words(talk, talk.say("nothing-to-send"))
    elif restricted.is_without_reader(talk):
        restricted.say_nobody_keeps(talk)
    elif not talk.state.get("safe") and "safe" not in talk.state["asked"] and talk.step != "safe":
        talk.state["hurry"] = True
        ask_safe(talk)
    else:
        give_receipt(talk)


def give_receipt(talk: Conversation) -> None:
    facts, state = talk.facts, talk.state
    code, tip_id, late = facts.fresh_code(), state["tip_id"], talk.late_line().strip()
    danger = state.get("danger", "")
    if talk.danger_runs:  # Sent under the card, with its buttons unpressed.
        talk.change("danger", danger=danger, is_urgent=True)
    is_set_apart = is_blocked(talk)
    talk.change("send", code=code, code_hash=facts.hash("code", code), held_why=held_why(talk), **talk.turns())
    left = remaining.questions_left(talk)
    is_alone = state.get("safe") == "alone" and not talk.category_is_sensitive
    duty, reader, no_names = facts.ward.duty_phone, restricted.reader(talk), restricted.no_names(talk)
    ends = is_alone and facts.channel in windows.CHANNELS
    receipt = f"receipt{'-restricted' if reader else ''}{'-windowed' if ends else '' if is_alone else '-shared'}"
    parts = [
        *([late] if late else []),
        *([talk.say("receipt-blocked", date=moments.short_date(facts.blocked_until))] if is_set_apart else []),
        talk.say(
            receipt,
            **({"reader": reader} if reader else {}),
            **(later_on(talk) if ends else {}),
            time=moments.clock_face(facts.now),
            date=moments.short_date(facts.now),
            code=code,
        ),
        talk.say("receipt-urgent", duty_phone=duty) if duty else talk.say("receipt-urgent-trial"),
    ]
    place = talk.place_told_by()
    talk.forget_draft()
    urgent = {"danger": danger} if danger and not state.get("is_calm") else {}
    closed = {"reader": reader, "no_names": no_names} if reader else {}
    talk.state["last_tip"] = {"tip_id": tip_id, "tail": code[-4:], "at": facts.now, **place, **urgent, **closed}
    talk.state["sent_at_times"] = [*talk.state.get("sent_at_times", [])[-(MANY_TIPS - 1) :], facts.now]
    talk.state["no_offer"] = not is_alone or bool(danger)
    offered = is_alone and not left and subscribing.offer(talk)
    talk.answer("\n".join(parts), *FREE, *([("button-subscribe", "subscribe")] if offered else []), code=code)
    remaining.begin(talk, left if is_alone else [])
    if "aside" in talk.state and not talk.state.get("after"):
        remaining.tell_of_aside(talk)


def later_on(talk: Conversation) -> dict[str, Any]:
    """How long news comes by itself where nobody may be written to for ever. What the ward pays for may go out later, or be used up."""
    is_paid = windows.ceiling_of(talk.facts.ward.book) > 0
    return {"days": windows.FREE_DAYS, "later": talk.say("receipt-later-perhaps" if is_paid else "receipt-later")}


def held_why(talk: Conversation) -> str:
    """Why nobody should be woken for it, or nothing. Danger is never held, and nothing that is held is thrown away."""
    now, times = talk.facts.now, talk.state.get("sent_at_times", [])
    if talk.state.get("danger"):
        return ""
    if is_blocked(talk):
        return "blocked"
    if len([at for at in times if now - at < MANY_WITHIN]) >= MANY_TIPS:
        return "many"
    return "network" if talk.incoming.is_from_busy_network else ""


def is_blocked(talk: Conversation) -> bool:
    """The ward sets its senders apart, and not those who tell the superior body about the ward."""
    return talk.facts.blocked_until > talk.facts.now and talk.state.get("restricted") != "fence"


def cancel(talk: Conversation) -> None:
    if not talk.has_draft:
        talk.leave_moment()
        if "aside" in talk.state:
            remaining.tell_of_aside(talk)
        else:
            talk.answer(talk.say("nothing-to-cancel"), *FREE)
        return
    choices = [("button-yes-cancel", "cancel-yes"), ("button-no-keep", "go-on"), *talk.ways_out()[:-1]]
    talk.answer(talk.say("cancel-ask"), *choices)


def cancel_for_good(talk: Conversation) -> None:
    if not talk.has_draft:
        # An old button: what it meant to drop was sent long ago, or never was.
        talk.answer(talk.say("already-sent" if talk.last_tip else "nothing-to-cancel"), *FREE)
        return
    if talk.is_of_long_ago():  # It meant another draft: what is being told now is not dropped by it.
        cancel(talk)
        return
    talk.change("drop")
    talk.forget_draft()
    if "aside" in talk.state:  # The other matter still waits, and nobody should have to remember it.
        remaining.tell_of_aside(talk, talk.say("cancelled"))
    else:
        talk.answer(talk.say("cancelled"), *FREE)


def leave(talk: Conversation) -> None:
    """Quick exit: whoever left cannot come back to this draft, so nothing of it is kept. What tells of danger has gone before."""
    if talk.has_draft:
        talk.change("drop")
    if "aside" in talk.state:
        talk.change("drop", tip_id=talk.state["aside"]["tip_id"])
    talk.state = {}


def _after(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _short(story: str) -> str:
    return story if len(story) <= SHOWN_OF_STORY else story[: SHOWN_OF_STORY - 3].rsplit(" ", 1)[0] + "…"


_ASK: dict[str, Callable[..., None]] = {
    "words": ask_words,
    "category": ask_category,
    "photos": ask_photos,
    "place": ask_place,
    "about": ask_about,
    "name": ask_about,
    "safe": ask_safe,
    "review": ask_review,
    "edit": ask_edit,
}
