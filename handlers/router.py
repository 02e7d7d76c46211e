"""Which answer fits what came in. In order; the first that fits wins."""

from typing import Any

from handlers.flows import about_oneself, in_group
from handlers.flows.intake import CATEGORIES, MOST_PHOTOS, Conversation, Facts, Found, fold, means_yes
from handlers.messages import Button, Decision, Incoming, Reply, Ward
from handlers.texts import say
from storage import moments
from storage.codes import read_code

_COMMANDS = {
    "start": "start",
    "huongdan": "help",
    "help": "help",
    "huy": "cancel",
    "cancel": "cancel",
    "tracuu": "lookup",
    "english": "language:en",
    "tiengviet": "language:vi",
    "catlienlac": "cut",
}
_TYPED = {
    "huong dan": "help",
    "huy": "cancel",
    "tra cuu": "lookup",
    "bao tin": "report",
    "gui ngay": "send",
    "tin da gui": "my-tips",
    "bao viec khac": "report",
    "xem": "my-tips",
    "cat lien lac": "cut",
    "quen toi": "cut",
    "neu ten": "name",
    "goi lai": "callback:ask",
}
_FREE = (("button-report", "report"), ("button-my-tips", "my-tips"))
MOST_PLACE = 500
_ADDITION_WITHIN = 24 * moments.HOUR


def decide(state: dict[str, Any], incoming: Incoming, facts: Facts) -> Decision:
    if incoming.in_group:
        return in_group.decide(state, facts)
    talk = Conversation(state, incoming, facts)
    is_first = "met" not in talk.state
    talk.state["met"] = True
    _answer(talk)
    if is_first and talk.has_draft:
        # The first message was already a story: it is taken at once, and who we are follows it.
        talk.replies.insert(0, _short_start(talk))
    return talk.decided()


def asks_for_state(state: dict[str, Any], incoming: Incoming) -> bool:
    """Whether the answer may need to know where the last tip stands."""
    if incoming.kind == "button":
        return incoming.text in ("my-tips", "lookup")
    if incoming.kind == "command":
        return _COMMANDS.get(fold(incoming.text)) == "lookup"
    return incoming.kind == "text" and len(incoming.text) < 30 and "tip_id" not in state


def start_reply(ward: Ward, channel: str, language: str) -> Reply:
    """Who we are and what may be done here; the web page shows it before the first word."""
    return Reply(
        text="\n\n".join(_introduction(ward, channel, language)),
        buttons=tuple(Button(say(label, language), data) for label, data in _first_choices(language)),
    )


def _first_choices(language: str) -> tuple[tuple[str, str], ...]:
    other = ("button-vietnamese", "language:vi") if language == "en" else ("button-english", "language:en")
    return ("button-tell", "report"), ("button-cheated", "cheated"), ("button-my-tips", "my-tips"), other


def _short_start(talk: Conversation) -> Reply:
    return Reply(text="\n\n".join(_introduction(talk.facts.ward, talk.facts.channel, talk.language)[1:-1]))


def _introduction(ward: Ward, channel: str, language: str) -> list[str]:
    """In the parts words.md gives: hello, urgent numbers, what is known of the sender, what is never asked."""
    duty = say("trial-line", language) if ward.is_trial else say("duty-line", language, duty_phone=ward.duty_phone)
    return [
        say("start-hello", language, ward=ward.called),
        f"{say('start-urgent', language)} {duty}",
        say(f"start-{channel}-privacy", language),
        say("start-never-asked", language),
        say("start-tell", language),
    ]


def _answer(talk: Conversation) -> None:
    incoming = talk.incoming
    match incoming.kind:
        case "command":
            _act(talk, _COMMANDS.get(fold(incoming.text), "help"))
        case "button":
            _act(talk, incoming.text)
        case "text":
            _hear_text(talk, incoming.text)
        case "photo" | "video" | "voice" | "file":
            _hear_file(talk)
            if talk.facts.ward.files_wait and talk.facts.channel != "webchat" and talk.replies:
                talk.replies.insert(0, Reply(text=talk.say("files-wait")))
        case "contact" if about_oneself.hears(talk):
            pass
        case "location":
            _hear_place(talk)
        case "edited":
            _hear_edit(talk)
        case "left" if talk.facts.channel == "webchat":
            talk.leave()
        case "joined" | "left":
            pass
        case _:
            _did_not_understand(talk, "unreadable")


def _act(talk: Conversation, wish: str) -> None:
    """A pressed button or a command. Buttons of long ago act on what is open now, or say kindly that it is over."""
    name, _, value = wish.partition(":")
    match name:
        case "start":
            _start(talk)
        case "help":
            talk.answer(talk.say("help"), *(talk.ways_on() if talk.has_draft else _FREE))
        case "report":
            _begin(talk)
        case "cheated":
            talk.state["category"] = "LD"
            if talk.has_draft:
                talk.change("category", category="LD")
            talk.state["step"] = "words"
            talk.answer(talk.say("cheated-card"), *talk.ways_out())
        case "my-tips" | "lookup":
            _my_tips(talk)
        case "language" if value in ("vi", "en"):
            talk.language = talk.state["language"] = value
            talk.answer(talk.say("language-changed"), *(talk.ways_on() if talk.has_draft else _FREE))
        case "cancel":
            talk.cancel()
        case "cancel-yes":
            talk.cancel_for_good()
        case "send":
            talk.send()
        case _ if about_oneself.act(talk, name, value):
            pass
        case _ if not talk.has_draft:
            talk.answer(
                talk.say("already-sent" if talk.state.get("last_tip") else "nothing-to-send"),
                ("button-report", "report"),
                ("button-my-tips", "my-tips"),
            )
        case "cancel-no":
            talk.ask_again()
        case "back":
            talk.go_back()
        case "category" if value in CATEGORIES:
            talk.state["category"] = value
            talk.change("category", category=value)
            talk.state["step"] = "category"
            talk.ask_next()
        case "photos-done":
            talk.state["step"] = "photos"
            talk.ask_next()
        case "place-skip":
            talk.state["step"] = "place"
            talk.ask_next()
        case "edit":
            _edit(talk, value)
        case _:
            talk.ask_again()


def _start(talk: Conversation) -> None:
    if talk.has_draft:
        talk.ask_again()
        return
    introduction = "\n\n".join(_introduction(talk.facts.ward, talk.facts.channel, talk.language))
    talk.answer(introduction, *_first_choices(talk.language))


def _begin(talk: Conversation) -> None:
    if talk.has_draft:
        talk.ask_again()
    else:
        talk.ask_words()


def _edit(talk: Conversation, part: str) -> None:
    if part not in ("words", "category", "photos", "place"):
        talk.ask_edit()
        return
    talk.state["from_review"] = True
    # What is there stays until something new takes its place: whoever only looked, or goes back, has lost nothing.
    talk.state["replacing"] = part
    {"words": talk.ask_words, "category": talk.ask_category, "photos": talk.ask_photos, "place": talk.ask_place}[part]()


def _hear_text(talk: Conversation, text: str) -> None:
    text = text.strip()
    if not text:
        _did_not_understand(talk, "unreadable")
        return
    wish = _offered(talk, text) or _TYPED.get(fold(text))
    if wish:
        _act(talk, wish)
        return
    if about_oneself.hears(talk):
        return
    code = read_code(text)
    if code and not talk.has_draft:
        _look_up(talk, code)
        return
    step = talk.state.get("step")
    if not talk.has_draft:
        if step is None and _joins_last_tip(talk):
            _add_to_last_tip(talk, text)
        elif talk.add_words(text):
            ask = talk.ask_photos if talk.state.get("category") else talk.ask_category
            ask()
        return
    if step == "place":
        _hear_typed_place(talk, text)
    elif step == "review" and means_yes(text):
        talk.send()
    elif step == "about":
        if talk.add_words(text):
            talk.answer(talk.say("noted"), ("button-anonymous", "about:anonymous"), *talk.ways_out())
    elif talk.add_words(text):
        _go_on_after_words(talk, step)


def _hear_typed_place(talk: Conversation, text: str) -> None:
    """A long answer is more than a place: all of it stays in the story, its beginning is the place."""
    if len(text) > MOST_PLACE and not talk.add_words(text):
        return
    place = text[:MOST_PLACE]
    talk.state["place"] = place
    talk.change("place", text=place)
    talk.ask_next()


def _go_on_after_words(talk: Conversation, step: str | None) -> None:
    if step == "words":
        talk.ask_next()
    elif step in ("review", "edit"):
        talk.ask_review()
    else:
        talk.answer(
            talk.say("noted"),
            ("button-send-now", "send"),
            ("button-skip", {"category": "category:KH", "callback": "callback:none"}.get(step or "", "photos-done")),
            ("button-cancel", "cancel"),
        )


def _hear_file(talk: Conversation) -> None:
    words = "" if about_oneself.hears_caption(talk) else talk.incoming.text.strip()
    had_words = bool(talk.story)
    if not talk.has_draft and talk.state.get("step") is None and _joins_last_tip(talk):
        _add_file_to_last_tip(talk, words)
        return
    same_album = bool(talk.incoming.album) and talk.incoming.album == talk.state.get("album")
    talk.state["album"] = talk.incoming.album
    if same_album and talk.state.get("photos", 0) >= MOST_PHOTOS and talk.state.get("full_album") == talk.incoming.album:
        return  # Said once for this album already.
    talk.state["full_album"] = talk.incoming.album if talk.state.get("photos", 0) >= MOST_PHOTOS else ""
    if not talk.add_file():
        return
    if same_album and not words:
        return  # One answer is enough for photos that came together.
    if words and not talk.add_words(words):
        return
    is_photo = talk.incoming.kind == "photo"
    if not had_words and not words:
        talk.state["step"] = "words"
        talk.answer(talk.say("after-photo" if is_photo else "after-file"), *talk.ways_out())
    elif not had_words:
        talk.ask_category()
    else:
        talk.answer(
            talk.say("noted-photo" if is_photo else "noted-file", count=talk.state["photos"]),
            ("button-done-photos", "photos-done"),
            ("button-send-now", "send"),
            ("button-cancel", "cancel"),
        )


def _add_file_to_last_tip(talk: Conversation, words: str) -> None:
    last = talk.state["last_tip"]
    if last.get("files", 0) >= MOST_PHOTOS:
        talk.answer(talk.say("too-many-photos"), ("button-report", "report"))
        return
    talk.state["last_tip"] = {**last, "files": last.get("files", 0) + 1}
    talk.change(
        "attach",
        tip_id=last["tip_id"],
        attachment_id=talk.facts.fresh_id(),
        kind=talk.incoming.kind,
        file=talk.incoming.file,
        is_addition=True,
    )
    if words:
        _say_to_last_tip(talk, words)
    talk.answer(talk.say("added", code_tail=last["tail"]), ("button-report", "report"))


def _hear_place(talk: Conversation) -> None:
    latitude, longitude = talk.incoming.latitude, talk.incoming.longitude
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        _did_not_understand(talk, "unreadable")
        return
    talk.open_draft()
    talk.state["place"] = talk.say("place-pin")
    talk.change("place", latitude=latitude, longitude=longitude)
    if talk.state.get("step") == "place":
        talk.ask_next()
    elif not talk.story:
        talk.ask_words()
    else:
        talk.answer(talk.say("place-noted"), ("button-send-now", "send"), ("button-cancel", "cancel"))


def _hear_edit(talk: Conversation) -> None:
    if about_oneself.hears_edit(talk):
        return
    text, source_hash = talk.incoming.text.strip(), talk.facts.hash("piece", talk.incoming.source)
    if talk.has_draft and source_hash in talk.state["pieces"] and text:
        talk.state["pieces"] = {**talk.state["pieces"], source_hash: text}
        talk.change("correct", source_hash=source_hash, text=text)
        if talk.state.get("step") == "review":
            talk.ask_review()
    elif not talk.has_draft and text and _joins_last_tip(talk):
        _add_to_last_tip(talk, text, key="edited-after-send")


def _joins_last_tip(talk: Conversation) -> bool:
    last = talk.state.get("last_tip")
    return last is not None and talk.facts.now - last["at"] < _ADDITION_WITHIN


def _add_to_last_tip(talk: Conversation, text: str, *, key: str = "added") -> None:
    _say_to_last_tip(talk, text)
    answer = talk.say(key, code_tail=talk.state["last_tip"]["tail"])
    talk.answer(f"{talk.late_line()}{answer}", *_FREE)


def _say_to_last_tip(talk: Conversation, text: str) -> None:
    talk.change(
        "say",
        tip_id=talk.state["last_tip"]["tip_id"],
        piece_id=talk.facts.fresh_id(),
        source_hash=talk.facts.hash("piece", talk.incoming.source),
        text=text,
        is_addition=True,
    )


def _my_tips(talk: Conversation) -> None:
    last, found = talk.state.get("last_tip"), talk.facts.last_tip
    if last and found:
        _show_state(talk, last["tail"], found)
    else:
        talk.answer(talk.say("lookup-none") + "\n\n" + talk.say("lookup-ask"), ("button-report", "report"))


def _look_up(talk: Conversation, code: str) -> None:
    found = talk.facts.look_up(code)
    if found is None:
        talk.answer(talk.say("lookup-not-found"), ("button-report", "report"))
        return
    _show_state(talk, code[-4:], found)


def _show_state(talk: Conversation, tail: str, found: Found) -> None:
    key = "lookup-state-accepted" if found.accepted_at else "lookup-state-new"
    talk.answer(talk.say(key, code_tail=tail, time=moments.clock_face(found.accepted_at or found.arrived_at)), ("button-report", "report"))


def _offered(talk: Conversation, text: str) -> str | None:
    """A typed number or label of what was offered last works like the button."""
    offered = talk.state.get("offered", [])
    # At the question for the place a number is an answer: "tổ mấy?" "2".
    if talk.state.get("step") != "place" and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= len(offered):
        return str(offered[int(text) - 1][1])
    wanted = fold(text)
    return next((str(data) for label, data in offered if fold(label) == wanted), None)


def _did_not_understand(talk: Conversation, key: str) -> None:
    misses = talk.state["misses"] = talk.state.get("misses", 0) + 1
    text = talk.say(key) if key != "unreadable" or misses == 1 else talk.say("not-understood-2")
    if talk.has_draft:
        talk.answer(text, ("button-skip", "cancel-no"), ("button-send-now", "send"))
    else:
        talk.answer(text, ("button-report", "report"))
