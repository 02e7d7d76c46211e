"""Which answer fits what came in. In order; the first that fits wins."""

import re
from typing import Any

from handlers import capabilities
from handlers.flows import (
    about_oneself,
    afterwards,
    asking,
    checking,
    danger,
    in_group,
    intake,
    places,
    remaining,
    restricted,
    subscribing,
    taken_back,
)
from handlers.flows.conversation import FREE, MOST_CHARACTERS, Conversation, Facts, bare, fold, means_unknown, means_yes
from handlers.messages import WITHHELD, Button, Decision, Incoming, Reply, Ward
from handlers.texts import say_as
from handlers.warnings import groups
from storage import moments
from storage.codes import looks_like_code

_COMMANDS = {
    "start": "start",
    "huongdan": "help",
    "help": "help",
    "huy": "cancel",
    "cancel": "cancel",
    "tracuu": "my-tips",
    "tincuatoi": "my-tips",
    "thutuc": "procedures",
    "dulieu": "data",
    "english": "language:en",
    "tiengviet": "language:vi",
    "catlienlac": "cut",
    "canhbao": "subscribe",
}
_TYPED = {
    "huong dan": "help",
    "huy": "cancel",
    "tra cuu": "my-tips",
    "tin da gui": "my-tips",
    "tin cua toi": "my-tips",
    "xem": "my-tips",
    "xem tin": "my-tips",
    "bao tin": "report",
    "bao viec khac": "report",
    "tin moi": "report",
    "gui ngay": "send",
    "khong goi duoc": "danger-send",
    "hoi thu tuc": "procedures",
    "thu tuc": "procedures",
    "khieu nai": "complain",
    "toi thay bi de doa": "threatened",
    "toi bi de doa": "threatened",
    "du lieu cua toi": "data",
    "cat lien lac": "cut",
    "quen toi": "cut",
    "neu ten": "name",
    "goi lai": "callback:ask",
    "nhan canh bao": "subscribe",
    "dang ky nhan canh bao": "subscribe",
    "dang ky canh bao": "subscribe",
    "thoi nhan": "unsubscribe",
    "thoi nhan canh bao": "unsubscribe",
    "ngung nhan canh bao": "unsubscribe",
    "huy nhan canh bao": "unsubscribe",
    "khong nhan canh bao nua": "unsubscribe",
    "get warnings": "subscribe",
    "stop warnings": "unsubscribe",
    "cancel": "cancel",
    "send now": "send",
    "see": "my-tips",
    "my tips": "my-tips",
    "cannot call": "danger-send",
    "english": "language:en",
    "tieng viet": "language:vi",
}
_STORY_OR_LETTER = {"toi bi de doa"}  # No label of ours, and often the first thing somebody says.
_CARD = {"1": "danger-send", "2": "danger-safe"}  # As the card says, whatever was offered since.
_DONE = ("xong", "xong roi", "ke xong roi", "done")
# While a tip is being told: labels of a keyboard that still stands under the chat, and what people type instead of pressing.
_TYPED_IN_DRAFT = {
    "bo qua": "skip",
    "skip": "skip",
    "quay lai": "back",
    "back": "back",
    "chon to dan pho": "neighbourhoods",
    "choose the neighbourhood": "neighbourhoods",
    "ke tiep": "go-on",
    "sua": "edit",
    "gui": "send",
    "gui di": "send",
    "gui tin": "send",
    "send": "send",
    **dict.fromkeys(_DONE, "send"),
}
_THANKS = ("cam on", "cam on anh", "cam on chi", "cam on anh chi", "cam on nhieu", "xin cam on", "cam on cong an", "thanks", "thank you")
_STALE = {"bo qua", "thoi", "quay lai", "ke tiep", "skip", "back", "enough", "khong can", "huy bo", *_THANKS}
_GREETINGS = {
    "alo",
    "a lo",
    "xin chao",
    "chao",
    "chao ad",
    "hello",
    "hi",
    "helo",
    "co ai khong",
    "co ai o do khong",
    "chao anh",
    "chao chi",
    "em chao anh chi",
}
_OURS = re.compile(r"^(đã nhận tin lúc|công an phường .{0,60} xin chào|received at)", re.IGNORECASE)
MOST_REPEATS, REPEATS_WITHIN = 4, 5 * moments.MINUTE
_GREETS_ITSELF = "webchat"  # The page shows who we are above the first word, and goes on showing it.
_FEWEST_CHOICES = 5
_MOST_WISHES = 12  # "Bỏ qua" to every question, "xem" again and again: people do that, machines do it for ever.


def decide(state: dict[str, Any], incoming: Incoming, facts: Facts) -> Decision:
    if incoming.in_group:
        return in_group.decide(state, facts, incoming)
    talk = Conversation(state, incoming, facts)
    is_first = "met" not in talk.state
    if incoming.kind != "idle":
        talk.state["met"] = True
    talk.count_turn()
    if not _is_a_machine(talk):
        _answer(talk)
    if is_first and facts.channel != _GREETS_ITSELF and (talk.has_draft or "spot" in talk.state):
        _introduce(talk, card=talk.step == "danger" or talk.state.get("danger") != state.get("danger"))
    talk.forget_turns()
    decision = talk.decided()
    decision.has_left = incoming.kind in ("left", "withdrawn")
    return decision


def _introduce(talk: Conversation, *, card: bool) -> None:
    """The first message was already a story, or came from a place's code: who we are stands before the question that follows.
    Danger waits for nothing: there it is said with the first calm answer."""
    if card:
        del talk.state["met"]
    else:
        talk.replies.insert(0, Reply(text=_short_start(talk)))


def start_reply(ward: Ward, channel: str, language: str) -> Reply:
    """Who we are and what may be done here; the web page shows it before the first word."""
    return Reply(
        text="\n\n".join(_introduction(ward, channel, language)),
        buttons=tuple(Button(say_as(ward.book, label, language), data) for label, data in _first_choices(channel, language)),
    )


def _first_choices(channel: str, language: str) -> tuple[tuple[str, str], ...]:
    """Where six buttons would become a list, there are five."""
    most = capabilities.of(channel).most_buttons
    called = (("button-police-called", "police-called"),) if most is None or most == 0 or most > _FEWEST_CHOICES else ()
    other = ("button-vietnamese", "language:vi") if language == "en" else ("button-english", "language:en")
    return (
        ("button-tell", "report"),
        ("button-cheated", "cheated"),
        *called,
        ("button-procedures", "procedures"),
        ("button-my-tips", "my-tips"),
        other,
    )


def _short_start(talk: Conversation) -> str:
    return "\n\n".join(_introduction(talk.facts.ward, talk.facts.channel, talk.language)[1:-1])


def _introduction(ward: Ward, channel: str, language: str) -> list[str]:
    """In the parts words.md gives: hello, urgent numbers, what is known of the sender, what is never asked."""

    def say(key: str, **values: str) -> str:
        return say_as(ward.book, key, language, **values)

    duty = say("trial-line") if ward.is_trial else say("duty-line", duty_phone=ward.duty_phone)
    return [
        say("start-hello", ward=ward.called),
        f"{say('start-urgent')} {duty}",
        say("start-zalo-privacy", web=ward.public_url or say("start-zalo-web"))
        if channel == "zalo_oa"
        else say(f"start-{channel}-privacy"),
        say("start-never-asked"),
        say("start-tell"),
    ]


def _is_a_machine(talk: Conversation) -> bool:
    """Another machine at the other end would go on for ever: our own words come back, or the same words over and over. Answered a
    few times, then only listened to, until something else is said."""
    text = fold(talk.incoming.text)
    if talk.incoming.kind != "text" or len(text) < 3 or talk.danger_runs or talk.step in ("name", "callback"):
        return False  # Of a name or a number not even a mark is kept here.
    mark, now = talk.facts.hash("said", text), talk.facts.now
    same, count, at = talk.state.get("said", ["", 0, 0])
    count = count + 1 if same == mark and now - at < REPEATS_WITHIN else 1
    talk.state["said"] = [mark, count, now]
    if _OURS.match(talk.incoming.text.strip()):
        count += 1
    cries = talk.joins_last_tip(within=danger.JOINS_WITHIN) and (talk.last_tip or {}).get("danger") in afterwards.OF_MINUTES
    most = _MOST_WISHES if cries or _is_short_answer(talk, talk.incoming.text.strip()) else MOST_REPEATS
    if count >= most:
        _keep_quietly(talk, talk.incoming.text.strip())
    if count == most:
        talk.answer(talk.say("same-words"), *talk.ways_on())
    return count >= most


def _is_short_answer(talk: Conversation, text: str) -> bool:
    """ "Không biết" to one question after the other is no machine's doing."""
    return bool(typed_wish(talk, text)) or means_unknown(text) or means_yes(text) or _is_greeting(text)


def _keep_quietly(talk: Conversation, text: str) -> None:
    """Said too often to be answered, and kept all the same: what it means is for an officer to say."""
    if _is_short_answer(talk, text) or talk.step in ("name", "callback", "procedure") or looks_like_code(text):
        return
    if talk.has_draft and len(talk.story) + len(text) <= MOST_CHARACTERS:
        talk.add_words(text)
    elif not talk.has_draft and talk.last_tip and talk.joins_last_tip():
        talk.add_to_tip(talk.last_tip["tip_id"], text)


def _answer(talk: Conversation) -> None:
    incoming = talk.incoming
    if incoming.kind in ("left", "withdrawn"):
        subscribing.leave_silently(talk)
    if incoming.kind not in ("idle", "edited", "deleted", "joined", "left", "withdrawn"):
        afterwards.take_up_question(talk)
    match incoming.kind:
        case "command" if incoming.text == "start" and not _is_under_card(talk) and places.came_by(talk, incoming.payload):
            pass
        case "command":
            _act(talk, _COMMANDS.get(fold(incoming.text), "help"))
        case "button":
            _act(talk, incoming.text)
        case "text":
            _hear_text(talk, incoming.text.strip())
        case "photo" | "video" | "voice" | "file":
            _hear_file(talk)
        case "contact" if about_oneself.hears(talk):
            pass
        case "location":
            _hear_pin(talk)
        case "edited":
            _hear_edit(talk)
        case "withdrawn":
            afterwards.withdrawn_elsewhere(talk)
        case "deleted":
            taken_back.hear(talk)
        case "idle":
            _hear_silence(talk)
        case "left" if talk.facts.channel == "webchat":
            if talk.danger_runs:
                danger.silent(talk)
            intake.leave(talk)
        case "joined" | "left":
            pass
        case "unreadable" if incoming.text == WITHHELD:
            _hear_withheld(talk)
        case _:
            _did_not_fit(talk)


def _act(talk: Conversation, wish: str) -> None:
    """A pressed button or a command. Buttons of long ago act on what is open now, or say kindly that it is over."""
    name, _, value = wish.partition(":")
    first = restricted.act(talk, name, value) or subscribing.act(talk, name, value) or _act_anywhere(talk, name, value)
    if first or about_oneself.act(talk, name, value) or danger.act(talk, name):
        return
    if talk.has_draft:
        _act_on_draft(talk, name, value)
    elif not _act_afterwards(talk, name, value):
        talk.answer(talk.say("already-sent" if talk.last_tip else "nothing-to-send"), *FREE)


def _is_under_card(talk: Conversation) -> bool:
    """Nothing is asked there, and no question of before goes on."""
    return talk.step == "danger" and talk.has_draft


def _act_anywhere(talk: Conversation, name: str, value: str) -> bool:
    match name:
        case "start":
            _start(talk)
        case "help":
            talk.answer(talk.say("help"), *talk.ways_on())
        case "report":
            _begin(talk)
        case "cheated":
            _cheated(talk)
        case "my-tips" | "lookup":
            afterwards.show_mine(talk)
        case "more":
            afterwards.more_wishes(talk)
        case "police-called" if _is_under_card(talk):
            danger.repeat(talk)
        case "police-called":
            checking.police_called(talk)
        case "report-this":
            return checking.report(talk)
        case "procedures":
            asking.begin(talk)
        case "procedure":
            asking.choose(talk, value)
        case "make-tip":
            asking.make_tip(talk)
        case "complain":
            afterwards.start_complaint(talk)
        case "complain-now":
            return afterwards.complain_now(talk)
        case "threatened":
            afterwards.start_threat(talk)
        case "data":
            afterwards.choose_data(talk, value)
        case "rate":
            afterwards.rate(talk, value)
        case "tip":
            afterwards.choose_tip(talk, value)
        case "spot" if _is_under_card(talk):
            danger.repeat(talk)
        case "spot":
            places.answer_spot(talk, value)
        case "language" if value in ("vi", "en"):
            talk.language = talk.state["language"] = value
            talk.answer(talk.say("language-changed"), *talk.ways_on())
        case "cancel":
            intake.cancel(talk)
        case "cancel-yes":
            intake.cancel_for_good(talk)
        case "send" if talk.step == "danger" and talk.has_draft:
            danger.act(talk, "danger-send")
        case "send":
            intake.send(talk)
        case _:
            return False
    return True


def _act_on_draft(talk: Conversation, name: str, value: str) -> None:
    if talk.step == "danger":  # Nothing is asked under the card, whichever button of before is pressed.
        danger.repeat(talk)
        return
    match name:
        case "back":
            intake.go_back(talk)
        case "category" if value in talk.categories:
            intake.choose_category(talk, value)
            intake.settle(talk, "category")
            intake.ask_next(talk)
        case "categories":
            intake.ask_all_categories(talk)
        case "neighbourhoods":
            places.ask_neighbourhood(talk, int(value) if value.isdecimal() else 0)
        case "neighbourhood":
            places.choose_neighbourhood(talk, value)
        case "skip":
            intake.skip(talk)
        case "show-story":
            talk.state["shows_story"] = True
            intake.ask_review(talk)
        case "review":
            intake.ask_review(talk)
        case "edit":
            intake.edit(talk, value)
        case "lay-aside" if "aside" not in talk.state and talk.has_something:
            if talk.danger_runs:  # It does not wait: it goes, as the card has said.
                danger.act(talk, "danger-send")
            else:
                talk.lay_aside()
            intake.ask_words(talk)
        case _:
            intake.ask_again(talk)


def _act_afterwards(talk: Conversation, name: str, value: str) -> bool:
    match name:
        case "after-skip" if talk.state.get("after"):
            remaining.next_question(talk)
        case "after-end" if talk.state.get("after"):
            remaining.finish(talk)
        case "leave" | "go-on":
            talk.leave_moment()
            talk.answer(talk.say("ready"), *FREE)
        case "skip-question":
            return afterwards.skip_question(talk, value)
        case "data-send":
            return afterwards.send_data(talk)
        case "take-up" if "aside" in talk.state:
            talk.take_up_again()
            intake.ask_again(talk)
        case "drop-aside" if "aside" in talk.state and talk.is_of_long_ago():
            remaining.tell_of_aside(talk)
        case "drop-aside" if "aside" in talk.state:
            talk.change("drop", tip_id=talk.state.pop("aside")["tip_id"])
            talk.answer(talk.say("cancelled"), *FREE)
        case _:
            return False
    return True


def _start(talk: Conversation) -> None:
    if talk.has_draft:
        danger.repeat(talk) if talk.step == "danger" else intake.ask_again(talk)
        return
    talk.leave_moment()
    talk.state.pop("restricted", None)
    introduction = "\n\n".join(_introduction(talk.facts.ward, talk.facts.channel, talk.language))
    talk.answer(introduction, *_first_choices(talk.facts.channel, talk.language))


def _begin(talk: Conversation) -> None:
    """A new matter. One that is being told is not lost: it is sent, goes on, or waits."""
    if talk.step == "danger" and talk.has_draft:
        danger.repeat(talk)
    elif not talk.has_something:
        if talk.has_draft:
            intake.ask_again(talk)
        else:
            talk.leave_moment()
            talk.forget_draft()  # "Bị lừa tiền" may have been pressed before, and nothing told.
            intake.ask_words(talk)
    elif "aside" in talk.state:
        talk.answer(talk.say("aside-full"), ("button-send-now", "send"), ("button-go-on", "go-on"), ("button-cancel", "cancel"))
    else:
        choices = (("button-send-this", "send"), ("button-lay-aside", "lay-aside"), ("button-go-on", "go-on"), ("button-cancel", "cancel"))
        talk.answer(talk.say("draft-open"), *choices)


def _cheated(talk: Conversation) -> None:
    """ "Bị lừa tiền": the bank first. The matter begins with the next words."""
    talk.leave_moment() if not talk.has_draft else None
    intake.choose_category(talk, "LD")
    talk.state |= {"step": "words", "cheated_at": talk.facts.now}
    talk.answer(talk.say("card-cheated"), *talk.ways_out(), stays=True)


# -- words -----------------------------------------------------------------------------------------------------------------


def _hear_text(talk: Conversation, text: str) -> None:
    if not text:
        _did_not_fit(talk)
        return
    wish = typed_wish(talk, text)
    if wish:
        _act(talk, wish)
    elif fold(text) == fold(talk.say("button-send-place")):
        _did_not_fit(talk)  # The label of the button, from a device that sends no position with it.
    elif talk.step == "danger" and talk.has_draft:
        danger.hear_more(talk, text)
    elif about_oneself.hears(talk):
        return
    elif talk.step == "threat" and afterwards.hear(talk, text):
        return  # Whatever it tells goes to the chief, and not into the tip.
    elif _is_out_of_range(talk, text):
        _did_not_fit(talk, "no-such-number")
    elif checking.hears(talk, text):
        return
    elif groups.read_alone(text) and not talk.has_draft:
        talk.answer(talk.say("group-code-here"), *talk.ways_on())
    elif looks_like_code(text) and talk.step != "complain" and afterwards.look_up(talk, text):
        return  # In the middle of a draft too: whoever has a code can see the tip, so it stands in no other.
    elif danger.hears(talk, text) or restricted.hears_surrender(talk, text):
        return
    else:
        _hear_plain(talk, text)


def typed_wish(talk: Conversation, text: str) -> str:
    """What was typed instead of pressed: a label or a number of what was offered, or a word that works everywhere."""
    said = bare(text.strip(' "'))
    if talk.step == "danger" and talk.has_draft and said in _CARD:
        return _CARD[said]
    if said in _STORY_OR_LETTER and (talk.has_draft or not talk.last_tip):
        return ""  # Nothing was sent that somebody could be threatened for: it is what they have to tell.
    if said in _DONE and talk.state.get("from_review"):
        return "skip"  # Done with this part, not with the tip.
    in_between = _TYPED_IN_DRAFT.get(said, "") if talk.has_draft and talk.step not in ("danger", "name", "callback", "procedure") else ""
    called = "police-called" if checking.says_police_called(talk, text) else ""
    return _offered(talk, text) or places.answers_spot(talk, text) or _TYPED.get(said, "") or called or in_between


def _hear_plain(talk: Conversation, text: str) -> None:
    if asking.hear(talk, text) or subscribing.hear(talk, text):
        return
    if talk.step == "complain" and afterwards.hear(talk, text):
        return
    if talk.has_draft:
        _hear_for_draft(talk, text)
    elif afterwards.hear(talk, text):
        return
    elif _is_greeting(text):
        _start(talk)
    elif talk.step == "" and talk.last_tip and _is_nothing_to_add(text):
        talk.answer(talk.say("ready"), *FREE)
    elif talk.step == "name" and talk.last_tip:
        about_oneself.hear_story(talk, text)
    elif talk.step == "" and talk.joins_last_tip():
        afterwards.add(talk, text)
    else:
        intake.hear_words(talk, text)


def _hear_for_draft(talk: Conversation, text: str) -> None:
    if _is_greeting(text):  # "Alo?" under a question: it is no place and no part of the story.
        intake.ask_again(talk)
    elif talk.step in ("name", "callback"):
        about_oneself.hear_story(talk, text)
    elif talk.step == "place":
        places.hear_typed(talk, text)
    elif talk.step == "safe" and (said := about_oneself.means_alone_or_not(text)):
        about_oneself.act(talk, "safe", said)
    elif talk.step in ("review", "safe", "edit") and means_yes(text):
        intake.send(talk)
    elif talk.step == "about" and (about_oneself.means_no_name(text) or means_unknown(text) or _agrees_to_no_name(talk, text)):
        about_oneself.act(talk, "about", "anonymous")
    elif talk.step in ("category", "safe", "photos") and means_unknown(text):
        intake.skip(talk)
    else:
        intake.hear_words(talk, text)


def _is_nothing_to_add(text: str) -> bool:
    """Thanks, or the answer to a question that is over: no officer needs to read it in the tip."""
    return bare(text) in _STALE or means_unknown(text) or means_yes(text)


def _agrees_to_no_name(talk: Conversation, text: str) -> bool:
    """Where no name can be taken nothing is asked but whether that is all right."""
    return not talk.facts.ward.custodians and means_yes(text)


def _is_greeting(text: str) -> bool:
    return fold(text).strip(" .!?,") in _GREETINGS


def _is_out_of_range(talk: Conversation, text: str) -> bool:
    """ "9" where six were offered. At the place, and where an officer asked, a number is an answer."""
    if not (text.isdecimal() and len(text) <= 2) or talk.step in ("place", "after", "question", "words", "", "complain", "threat", "data"):
        return False
    return len(talk.state.get("offered", [])) > 0


def _offered(talk: Conversation, text: str) -> str | None:
    """A typed number or label of what was offered last works like the button."""
    offered = talk.state.get("offered", [])
    if talk.takes_numbers and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= len(offered):
        return str(offered[int(text) - 1][1])
    wanted = fold(text)
    found = next((str(data) for label, data in offered if fold(label) == wanted), None)
    return found or places.numbered_neighbourhood(offered, text) or _stars(talk, wanted)


def _stars(talk: Conversation, wanted: str) -> str | None:
    """ "Rất tốt", typed under the last word about a tip, where there is no button to press."""
    last = next((one.tip_id for one in talk.facts.mine if one.closed_at and one.rating is None), None)
    if talk.has_draft or last is None:
        return None
    named = (many for many in range(1, 6) if fold(talk.say(f"button-rate-{many}")).rpartition(" · ")[2] == wanted)
    return next((f"rate:{last}-{many}" for many in named), None)


# -- everything else -------------------------------------------------------------------------------------------------------


def _hear_file(talk: Conversation) -> None:
    words = "" if about_oneself.hears_caption(talk) else talk.incoming.text.strip()
    if talk.step == "danger" and talk.has_draft:
        danger.hear_file(talk, words)
    elif checking.hears_file(talk, words):
        return
    elif words and danger.hears(talk, words):
        # The card is the answer; the photo goes with the words.
        talk.state["album"] = talk.incoming.album
        if talk.has_draft:
            talk.add_file()
        elif talk.last_tip:
            talk.add_file_to_tip(talk.last_tip["tip_id"])
    elif not talk.has_draft and afterwards.hear_file(talk, words):
        pass
    elif talk.has_draft and talk.step in ("name", "callback") and not words:
        if talk.add_file():
            again = about_oneself.ask_name_again if talk.step == "name" else about_oneself.ask_number_again
            again(talk, intake.noted_short(talk))
    else:
        intake.hear_file(talk, words)
    if talk.facts.ward.files_wait and talk.facts.channel != "webchat" and talk.replies:
        talk.replies.insert(0, Reply(text=talk.say("files-wait")))


def _hear_withheld(talk: Conversation) -> None:
    """Something was sent, and the platform keeps it to itself: another way is named, and the open question stays open."""
    if talk.step == "danger" and talk.has_draft:
        danger.repeat(talk)
        return
    site, offered = talk.facts.ward.public_url, talk.state.get("offered", [])
    text = talk.say("withheld-web", address=site) if site else talk.say("withheld")
    talk.answer(text, *((f"={label}", data) for label, data in offered)) if offered else talk.answer(text, *talk.ways_on())


def _hear_pin(talk: Conversation) -> None:
    if not places.hear_pin(talk):
        _did_not_fit(talk)
    elif talk.replies:
        return
    elif not talk.has_draft and talk.step == "question":
        afterwards.answer_with_pin(talk)
    elif not talk.has_draft and talk.step == "callback":
        about_oneself.ask_number_again(talk, talk.say("after-noted"))
    elif not talk.has_draft and talk.step == "after":
        if talk.state["after"][0]["kind"] == "place":
            remaining.next_question(talk, talk.say("after-noted"))
        else:
            remaining.ask(talk, talk.say("after-noted"))
    elif not talk.has_draft and talk.last_tip:
        talk.answer(talk.say("added", code_tail=talk.last_tip["tail"]), *FREE)
    elif talk.step == "danger":
        danger.repeat(talk)


def _hear_edit(talk: Conversation) -> None:
    """An edited message edits the draft; after sending it stands beside what was said first. A moving pin moves the place."""
    text = talk.incoming.text.strip()
    if talk.incoming.latitude is not None:
        places.move_pin(talk)
    elif about_oneself.hears_edit(talk) or not text:
        return
    elif intake.hear_edit_aside(talk, text):
        danger.hears_edit_aside(talk, text)
    elif places.hear_edit(talk, text) | intake.hear_edit(talk, text):  # A long answer is a place and a part of the story.
        if talk.step == "review":
            intake.ask_review(talk)
        danger.hears_edit(talk, text)
    elif talk.facts.said_in and not danger.hears_correction(talk, talk.facts.said_in, text):
        afterwards.correct(talk, talk.facts.said_in, text)
    elif talk.facts.said_in or places.hear_edit_after(talk, text):
        pass
    elif not talk.has_draft and talk.joins_last_tip() and not danger.hears(talk, text):
        afterwards.add(talk, text, key="edited-after-send")


def _hear_silence(talk: Conversation) -> None:
    match talk.incoming.text:
        case "urgent" if talk.danger_runs:
            danger.silent(talk)
        case "remind" if not talk.has_draft and "aside" in talk.state:
            talk.state["aside"] = {**talk.state["aside"], "reminded": True}
            remaining.tell_of_aside(talk)
        case "remind" if talk.has_something and not talk.state.get("reminded"):
            talk.state["reminded"] = True
            talk.answer(
                talk.say_of("remind"), ("button-send-now", "send"), ("button-go-on", "go-on"), ("button-cancel", "cancel"), stays=True
            )


_WHAT_FITS = {"place": "not-a-place", "about": "not-a-choice", "safe": "not-a-choice", "category": "not-a-choice", "review": "not-a-choice"}


def _did_not_fit(talk: Conversation, key: str = "") -> None:
    """The line takes the blame and asks in other words; the second time the way around the question comes first."""
    if talk.step == "name":
        about_oneself.ask_name_again(talk)
        return
    if talk.step == "callback":
        about_oneself.ask_number_again(talk)
        return
    if talk.step == "danger" and talk.has_draft:
        danger.repeat(talk)
        return
    last = "not-understood-3" if talk.facts.can.sends_place else "not-understood-3-typed"
    text = talk.missed(key or _WHAT_FITS.get(talk.step, "unreadable"), "not-understood-2", last)
    is_first = talk.state["missed"][1] == 1
    offered = talk.state.get("offered", [])
    if is_first and offered:
        talk.answer(text, *((f"={label}", data) for label, data in offered), asks_place=talk.step == "place")
    elif talk.has_draft:
        talk.answer(text, ("button-skip", "skip"), *talk.ways_out())
    elif talk.state.get("after"):
        talk.answer(text, ("button-skip", "after-skip"), ("button-enough", "after-end"))
    elif talk.step == "question":
        talk.answer(text, ("button-skip", "skip-question"), *FREE)
    else:
        talk.answer(text, *FREE)
