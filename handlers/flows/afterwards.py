"""After the receipt: answers to what was left out, my tips and their state, the officer's questions, a complaint, a threat, a rating.

Nothing here needs a draft. Each open question stands in the state as a step of its own, and "Thôi" leads out of every one.
"""

from collections.abc import Callable
from typing import Any

from handlers import lifecycle
from handlers.flows import about_oneself, danger, places, remaining
from handlers.flows.conversation import FREE, MOST_FILES, Conversation, Found, Unread, means_no, means_unknown
from handlers.insight import catalogue
from handlers.messages import Reply
from handlers.texts import for_readers
from storage import moments
from storage.codes import read_code
from storage.queries.aftercare import SaidIn, SeenTip

_WRONG_CODES, _WRONG_WITHIN = 5, moments.HOUR
# Questions about a tip that was sent. A photo that comes there belongs to it.
_TAKES_FILES = ("after", "question", "threat", "name", "callback", "data")
OF_MINUTES = ("danger", "fire", "child", "self_harm")
# Where a tip stands, in words that tell nothing of what was found.
_CHECKED = frozenset(("S3", "S4", "S5", "S8", "S9", "S10"))
_PASSED_ON = lifecycle.AWAITS_RESULT
DATA_WISHES = ("know", "correct", "delete", "withdraw")
_THREAT_RINGS = 10 * moments.MINUTE
DATA_DAYS = 2  # Working days, Nghị định 356/2025.


def hear(talk: Conversation, text: str) -> bool:
    """An answer to one of the questions here. False: it is none."""
    match talk.step:
        case "after" if talk.last_tip:
            _hear_after(talk, text)
        case "callback" if talk.last_tip and not talk.has_draft:
            _hear_instead_of_number(talk, text)
        case "question" if "question" in talk.state:
            _answer_officer(talk, text)
        case "complain":
            _complain(talk, text)
        case "threat":
            _tell_of_threat(talk, text)
        case "data":
            _ask_about_data(talk, text)
        case _:
            return False
    return True


def _hear_after(talk: Conversation, text: str) -> None:
    assert talk.last_tip is not None
    tip_id, question = talk.last_tip["tip_id"], talk.state["after"][0]
    is_place = question["kind"] == "place"
    is_answer = not means_unknown(text) or (not is_place and means_no(text))  # "Có em nào cầm gì không ạ?" "Không."
    tells = is_answer and is_place and places.tells_instead(talk, text)
    if tells:
        talk.add_to_tip(tip_id, text)
    elif is_answer and is_place:
        places.keep(talk, text[: places.MOST_PLACE], tip_id=tip_id)
        if len(text) > places.MOST_PLACE:
            talk.add_to_tip(tip_id, text)
    elif is_answer:  # Beside its question: "15 triệu" alone would tell the officer nothing.
        talk.add_to_tip(tip_id, f"{question['text']}\n→ {text}")
    if is_answer and talk.becomes_quiet(text):
        talk.leave_moment()  # Nothing more is asked, as where it was told before sending.
        talk.answer(f"{talk.say('after-noted')}\n\n{talk.say_of('safe-shared')}", *FREE)
    elif tells:
        remaining.ask(talk, talk.say("after-noted"))
    else:
        remaining.next_question(talk, talk.late_line() + talk.say("after-noted") if is_answer else "")


def _hear_instead_of_number(talk: Conversation, text: str) -> None:
    """Whoever goes on telling where a number was asked for speaks of the tip that was just sent."""
    assert talk.last_tip is not None
    if talk.state.get("after"):
        talk.add_to_tip(talk.last_tip["tip_id"], text)
        remaining.ask(talk, talk.say("after-noted"))
    else:
        talk.state.pop("step", None)
        add(talk, text)


def hear_file(talk: Conversation, words: str) -> bool:
    """A photo or a voice note for a tip that was sent: the answer to a question, or an addition."""
    if talk.step == "complain":
        _complain_by_file(talk, words)
        return True
    last, album = talk.last_tip, talk.incoming.album
    in_album = bool(album) and album == talk.state.get("album_sent", ["", 0])[0]
    if last is None or not (in_album or talk.step in _TAKES_FILES or (talk.step == "" and talk.joins_last_tip())):
        return False
    # Photos that came together belong together, also when the first of them has answered the question.
    tip_id = talk.state["album_sent"][1] if in_album else talk.state["question"]["tip_id"] if talk.step == "question" else last["tip_id"]
    if last.get("files", 0) >= MOST_FILES:
        if words and not hear(talk, words):
            talk.add_to_tip(tip_id, words)
        if not in_album or words:
            talk.answer(talk.say("too-many-photos-sent"), *FREE)
        talk.state["album_sent"] = [album, tip_id]
        return True
    talk.state["last_tip"] = {**last, "files": last.get("files", 0) + 1}
    talk.add_file_to_tip(tip_id)
    talk.state["album_sent"] = [album, tip_id]
    if talk.replies or (words and hear(talk, words)):
        return True
    if words:
        talk.add_to_tip(tip_id, words)
    if not in_album:
        _answer_file(talk, last["tail"])
    return True


def _answer_file(talk: Conversation, tail: str) -> None:
    match talk.step:
        case "question":
            _settle_question(talk, "answered")
        case "after" if talk.incoming.kind == "voice":  # Said instead of typed.
            remaining.next_question(talk, talk.say("after-noted"))
        case "after":
            remaining.ask(talk, talk.say("after-noted"))
        case "name":
            about_oneself.ask_name_again(talk, talk.say("after-noted"))
        case "callback":
            about_oneself.ask_number_again(talk, talk.say("after-noted"))
        case "threat":
            talk.answer(talk.say("added", code_tail=tail), ("button-enough", "leave"))
        case _:
            talk.answer(talk.say("added", code_tail=tail), *FREE)


def answer_with_pin(talk: Conversation) -> None:
    _settle_question(talk, "answered")


def correct(talk: Conversation, said: SaidIn, text: str) -> None:
    """Of a message that stands in a tip which was sent: the new words stand there beside the old ones, whatever is being told now."""
    talk.add_to_tip(said.tip_id, text)
    last = talk.last_tip
    is_read_by_others = last is not None and last["tip_id"] == said.tip_id and "reader" in last
    key = _more(is_read_by_others) if said.danger in OF_MINUTES else "edited-after-send"
    talk.answer(f"{talk.late_line()}{talk.say(key, code_tail=said.tail)}", *talk.ways_on(), stays=True)


def add(talk: Conversation, text: str, *, key: str = "added") -> None:
    last = talk.last_tip
    assert last is not None
    talk.add_to_tip(last["tip_id"], text)
    key = _more("reader" in last) if last.get("danger") in OF_MINUTES else key
    quiet = f"\n\n{talk.say_of('safe-shared')}" if talk.becomes_quiet(text) else ""
    talk.answer(f"{talk.late_line()}{talk.say(key, code_tail=last['tail'])}{quiet}", *FREE)


def _more(is_read_by_others: bool) -> str:
    return "urgent-more-restricted" if is_read_by_others else "urgent-more"


# -- my tips -------------------------------------------------------------------------------------------------------------------


def show_mine(talk: Conversation) -> None:
    """Whatever waits to be told, then where each tip stands."""
    _give_owed_code(talk)
    mine = [found for found in talk.facts.mine if not found.is_shredded]
    on_paper = [found for found in talk.facts.mine if found.is_on_paper]
    for found in mine:
        show_unread(talk, found)
    talk.replies += [Reply(text=talk.say("appeal-answered", text=text)) for text in talk.facts.answers]
    if not mine and not on_paper and talk.facts.answers:
        talk.answer(talk.say("lookup-ask"), *talk.ways_on())
        return
    if not mine and not on_paper:
        talk.answer(talk.say("lookup-none") + "\n\n" + talk.say("lookup-ask"), *talk.ways_on())
        return
    text = "\n\n".join(state_of(talk, found) for found in (*mine, *on_paper))
    if len(mine) == 1 and not on_paper and (said := _said_by_state(mine[0])):
        text = said.reply.text
    others = [(f"={talk.say('button-add-to', code_tail=found.tail)}", f"tip:{found.tip_id}") for found in mine] if len(mine) > 1 else []
    if talk.has_draft:  # A look in between: what is being told goes on.
        talk.answer(text, *talk.ways_on())
        return
    talk.answer(text, *others, ("button-report", "report"), ("button-more-wishes", "more"))


def _give_owed_code(talk: Conversation) -> None:
    """The code of a tip that went out under the danger card; only now somebody has asked for it."""
    last = talk.last_tip
    if last and "code" in last:
        talk.state["last_tip"] = {key: value for key, value in last.items() if key != "code"}
        talk.replies.append(Reply(text=talk.say("code-owed", code=last["code"]), code=last["code"]))


def show_unread(talk: Conversation, found: Found) -> None:
    # Beside a draft a question is shown and stays to be asked: the next words belong to the draft.
    read = [one.id for one in found.unread if one.question_id is None or not talk.has_draft]
    if read:
        talk.change("read_notices", tip_id=found.tip_id, ids=read)
    said = _said_by_state(found)
    for one in found.unread:
        if one.question_id is not None:
            _put_question(talk, found, one)
        elif one is not said:
            talk.replies.append(one.reply)


def _said_by_state(found: Found) -> Unread | None:
    """That somebody has read it, while nothing more has been done: where the tip stands, which follows, says the very same."""
    is_nothing_more = not (found.closed_at or found.number) and found.state not in (*_PASSED_ON, *_CHECKED)
    return next((one for one in found.unread if one.kind == "accepted" and is_nothing_more), None)


def _put_question(talk: Conversation, found: Found, one: Unread) -> None:
    talk.replies.append(one.reply)
    if not talk.has_draft and one.question_id is not None:
        _open_question(talk, one.question_id, found.tip_id, found.tail)


def _open_question(talk: Conversation, question_id: int, tip_id: int, tail: str) -> None:
    talk.state |= {"step": "question", "question": {"id": question_id, "tip_id": tip_id, "tail": tail}}


def take_up_question(talk: Conversation) -> None:
    """It was put into the chat without a knock, and nothing has come in between: what is said now may be its answer."""
    asked, last = talk.facts.asked, talk.last_tip
    if asked and last and asked.at >= last["at"] and talk.step == "" and not talk.has_draft:
        _open_question(talk, asked.question_id, asked.tip_id, asked.tail)


def state_of(talk: Conversation, found: Found) -> str:
    return state_said(talk.say, found)


def state_said(say: Callable[..., str], found: Found | SeenTip) -> str:
    kind = read_by(found)
    if found.is_on_paper:
        return say(for_readers("lookup-state-paper", kind), code_tail=found.tail)
    if found.closed_at:
        return say("lookup-state-closed", code_tail=found.tail, time=when(found.closed_at))
    if found.state in _PASSED_ON:
        return say(for_readers("lookup-state-transferred", kind), code_tail=found.tail)
    if found.state in _CHECKED:
        return say("lookup-state-checking", code_tail=found.tail)
    if found.number and not kind:
        return say("lookup-state-entered", code_tail=found.tail, number=found.number)
    if found.accepted_at:
        return say(for_readers("lookup-state-accepted", kind), code_tail=found.tail, time=when(found.accepted_at))
    return say(for_readers("lookup-state-new", kind), code_tail=found.tail, time=when(found.arrived_at))


def read_by(found: Found | SeenTip) -> str:
    """Who alone reads it: fence, chief; empty where it is whoever is on duty."""
    category = catalogue.load().get(found.category)
    return found.restricted or ("chief" if category is not None and category.restricted else "")


def when(moment: int) -> str:
    return f"{moments.clock_face(moment)}, {moments.short_date(moment)}"


def more_wishes(talk: Conversation) -> None:
    wishes = [("button-complain", "complain"), ("button-threatened", "threatened"), ("button-my-data", "data"), ("button-cut-yes", "cut")]
    talk.answer(talk.say("more-wishes"), *wishes, ("button-report", "report"))


def choose_tip(talk: Conversation, value: str) -> None:
    """From now on additions go to this one."""
    found = next((one for one in talk.facts.mine if str(one.tip_id) == value), None)
    if found is None or found.is_shredded:
        show_mine(talk)
        return
    talk.state["last_tip"] = _taken_up(talk, found)
    talk.answer(talk.say("tip-chosen", code_tail=found.tail), *FREE)


def _taken_up(talk: Conversation, found: Found) -> dict[str, Any]:
    category = talk.categories.get(found.category)
    kind = found.restricted or ("chief" if category is not None and category.restricted else "")
    closed = {"reader": talk.say(f"reader-{kind}"), "no_names": "" if found.restricted == "chief" else kind} if kind else {}
    return {"tip_id": found.tip_id, "tail": found.tail, "at": talk.facts.now, **closed}


def look_up(talk: Conversation, typed: str) -> bool:
    """A receipt code shows state and our messages and takes additions, on whichever channel it was given. False: it is none, but
    somebody's account number or a word that looks like a code, and must not be lost."""
    wrong = [at for at in talk.state.get("wrong_codes", []) if talk.facts.now - at < _WRONG_WITHIN]
    code = read_code(typed)
    found = talk.facts.look_up(code) if code and len(wrong) < _WRONG_CODES else None
    if found is None:
        talk.state["wrong_codes"] = [*wrong, talk.facts.now][-_WRONG_CODES:]
        if typed.isdecimal() or not any(sign.isdecimal() for sign in typed):
            return False
    if len(wrong) >= _WRONG_CODES:
        talk.answer(talk.say("lookup-too-many-chat"), *talk.ways_on())
    elif found is None:
        keys = ("lookup-not-found", "lookup-not-found-2", "lookup-not-found-3")
        talk.answer(talk.say(keys[len(wrong) % len(keys)]), *talk.ways_on())
    elif found.is_shredded:  # Its time is over and its words are gone: nothing can be added to it.
        talk.answer(state_of(talk, found), *talk.ways_on())
    elif talk.has_draft:  # Shown, and what is said next belongs to the draft as before.
        show_unread(talk, found)
        talk.answer(state_of(talk, found), *talk.ways_on())
    else:
        show_unread(talk, found)
        talk.state["last_tip"] = _taken_up(talk, found)
        talk.answer(
            f"{state_of(talk, found)}\n\n{talk.say('tip-chosen', code_tail=found.tail)}",
            ("button-report", "report"),
            ("button-more-wishes", "more"),
        )
    return True


# -- the officer's question ----------------------------------------------------------------------------------------------------


def _answer_officer(talk: Conversation, text: str) -> None:
    question = talk.state["question"]
    talk.add_to_tip(question["tip_id"], text)
    _settle_question(talk, "skipped" if means_unknown(text) and not means_no(text) else "answered")


def _settle_question(talk: Conversation, outcome: str) -> None:
    question = talk.state.pop("question")
    talk.state.pop("step", None)
    talk.change("settle_question", tip_id=question["tip_id"], question_id=question["id"], outcome=outcome)
    talk.answer(talk.say(f"question-{outcome}", code_tail=question["tail"]), *FREE)


def skip_question(talk: Conversation, value: str) -> bool:
    """The button stands under the question for ever; pressed later it means the question that is open now, if that is the one."""
    question = talk.state.get("question")
    if question is None or (value and str(question["id"]) != value):
        return False
    _settle_question(talk, "skipped")
    return True


# -- to the chief --------------------------------------------------------------------------------------------------------------


def _about_tip(talk: Conversation) -> Found | None:
    last = talk.last_tip
    return next((one for one in talk.facts.mine if last and one.tip_id == last["tip_id"]), talk.facts.mine[0] if talk.facts.mine else None)


def _whose(talk: Conversation, key: str, tip_id: int | None) -> str:
    """What is about a fenced tip goes to who reads it, and to nobody of the ward: so it is said."""
    return for_readers(key, next((one.restricted for one in talk.facts.mine if one.tip_id == tip_id), ""))


def start_complaint(talk: Conversation) -> None:
    about = _about_tip(talk)
    if about is None:
        talk.answer(talk.say("complain-no-tip"), *FREE)
        return
    talk.state |= {"step": "complain", "complaint": about.tip_id}
    text, *elsewhere = _complaint_asked(talk, about)
    talk.answer(text, *(("button-about-police", one) for one in elsewhere), ("button-enough", "leave"))


def _complaint_asked(talk: Conversation, about: Found) -> list[str]:
    """To whom it goes, before a word of it is written. Where the chief has worked on the tip it passes nobody by: so that is said, and who
    else there is. A button leads to the superior police where some of them read here: told to them, it is a tip behind the fence."""
    key, where = _whose(talk, "complain-ask", about.tip_id), talk.facts.ward.superior
    if key != "complain-ask" or not about.is_chiefs_work:
        return [talk.say(key, code_tail=about.tail)]
    if talk.facts.ward.keepers and not talk.has_draft:
        return [talk.say("complain-ask-chief-or-superior", code_tail=about.tail), "restricted:fence"]
    if where:
        return [talk.say("complain-ask-chief-at", code_tail=about.tail, address=where)]
    return [talk.say("complain-ask-chief", code_tail=about.tail)]


def complain_now(talk: Conversation) -> bool:
    """For who speaks rather than writes: that they do not agree is enough, and the chief reads the tip again."""
    if talk.step != "complain":
        return False
    _complain(talk, "")
    return True


def _complain_by_file(talk: Conversation, words: str) -> None:
    """Whoever speaks rather than writes: it goes with the letter at once, and never into the tip, where it would lie before the very
    officer it is about. Of a tip whose key is gone nothing can be sealed any more but words."""
    tip_id, letter = talk.state.get("complaint"), talk.state.get("letter", {})
    if not any(one.tip_id == tip_id and not one.is_shredded for one in talk.facts.mine):
        text = talk.missed(
            *(_whose(talk, key, tip_id) for key in ("complain-words-only", "complain-words-only-2", "complain-words-only-3"))
        )
        talk.answer(text, (_whose(talk, "button-complain-now", tip_id), "complain-now"), ("button-enough", "leave"))
        return
    in_album = bool(talk.incoming.album) and talk.incoming.album == letter.get("album")
    is_full, key = letter.get("files", 0) >= MOST_FILES, "complain-file-more" if letter else "complain-file"
    if words or not letter:
        letter = {**letter, "id": talk.appeal("complaint", words, tip_id=tip_id)}
    if not is_full:
        talk.add_file_to_tip(tip_id or 0, letter_id=letter["id"])
    talk.state["letter"] = {**letter, "files": letter.get("files", 0) + 1, "album": talk.incoming.album}
    if not in_album:
        text = talk.say("too-many-photos-sent") if is_full else talk.say(_whose(talk, key, tip_id))
        talk.answer(text, ("button-enough", "leave"))


def _complain(talk: Conversation, text: str) -> None:
    if text or "letter" not in talk.state:  # What was spoken has gone already.
        talk.appeal("complaint", text, tip_id=talk.state.get("complaint"))
    talk.state.pop("letter", None)
    had_draft = talk.has_draft
    noted = _whose(talk, "complain-noted", talk.state.pop("complaint", None))
    talk.state.pop("step", None)
    talk.answer(talk.say(noted), *(talk.ways_on() if had_draft else FREE))


def start_threat(talk: Conversation) -> None:
    """One tap is enough: the chief is told at once, words may follow."""
    about = _about_tip(talk)
    if talk.facts.now - talk.state.get("threatened_at", 0) >= _THREAT_RINGS:  # Pressed again at once, it is the same one.
        talk.appeal("threat", "", tip_id=about.tip_id if about else None)
        talk.state["threatened_at"] = talk.facts.now
    duty, noted = talk.facts.ward.duty_phone, _whose(talk, "threat-noted", about.tip_id if about else None)
    if noted != "threat-noted":  # Nobody is sent to the duty desk of those the tip is about.
        text = talk.say(noted)
    else:
        text = talk.say("threat-noted", duty_phone=duty) if duty else talk.say("threat-noted-trial")
    if talk.has_draft:
        talk.answer(text, *talk.ways_on(), stays=True)
        return
    talk.state |= {"step": "threat", "complaint": about.tip_id if about else None}
    talk.answer(text, ("button-enough", "leave"), stays=True)


def _tell_of_threat(talk: Conversation, text: str) -> None:
    """To the chief alone, whatever it says: the threat may come from the very person who reads the tip. If it tells of this minute,
    duty is woken as well, without these words."""
    tip_id = talk.state.get("complaint")
    talk.appeal("threat", text, tip_id=tip_id)
    kind = danger.now_in(text)
    about = next((one for one in talk.facts.mine if one.tip_id == tip_id), None)
    can_wake = about is not None and not about.is_shredded
    if kind and not can_wake and not talk.has_draft:
        talk.state["restricted"] = about.restricted if about else ""
        if talk.add_words(text):
            danger.note(talk, kind)  # Nothing is left by which duty could be woken: these words become it, as the card says.
            return
    if kind and can_wake:
        talk.change("danger", tip_id=tip_id, danger=kind, is_urgent=True)
    numbers = danger.numbers_and_advice(talk.say, kind, talk.facts.ward) if kind else ""
    talk.answer("\n\n".join(filter(None, (numbers, talk.say(_whose(talk, "threat-more", tip_id))))), ("button-enough", "leave"), stays=True)


def start_data(talk: Conversation) -> None:
    choices = [(f"button-data-{wish}", f"data:{wish}") for wish in DATA_WISHES]
    talk.answer(talk.say("data-what"), *choices, ("button-cut-yes", "cut"), ("button-enough", "leave"))


def choose_data(talk: Conversation, wish: str) -> None:
    if wish not in DATA_WISHES:
        start_data(talk)
        return
    if talk.has_draft:
        _note_data(talk, wish, "")
        return
    talk.state |= {"step": "data", "data": wish}
    talk.answer(talk.say("data-words"), ("button-skip", "data-send"), ("button-enough", "leave"))


def _ask_about_data(talk: Conversation, text: str) -> None:
    _note_data(talk, talk.state.get("data", "know"), text)


def send_data(talk: Conversation) -> bool:
    if talk.step != "data":
        return False
    _note_data(talk, talk.state.get("data", "know"), "")
    return True


def _note_data(talk: Conversation, wish: str, text: str) -> None:
    due_at = talk.facts.working_days(DATA_DAYS)
    about = _about_tip(talk)
    talk.appeal("data", text, tip_id=about.tip_id if about else None, about=wish, due_at=due_at)
    if not talk.has_draft:
        talk.leave_moment()
    talk.answer(talk.say(_whose(talk, "data-noted", about.tip_id if about else None), date=moments.short_date(due_at)), *talk.ways_on())


def withdrawn_elsewhere(talk: Conversation) -> None:
    """The platform tells that somebody took their consent back there. The chief decides as for any such wish; nobody is written to."""
    if talk.facts.mine or talk.last_tip:
        due_at = talk.facts.working_days(DATA_DAYS)
        talk.appeal("data", "", tip_id=talk.last_tip["tip_id"] if talk.last_tip else None, about="withdraw", due_at=due_at)


# -- a word at the end -----------------------------------------------------------------------------------------------------------


def rate(talk: Conversation, value: str) -> None:
    tip_id, _, stars = value.partition("-")
    found = next((one for one in talk.facts.mine if str(one.tip_id) == tip_id), None)
    if found is None or found.closed_at is None or stars not in ("1", "2", "3", "4", "5"):
        talk.answer(talk.say("rating-over"), *FREE)
        return
    talk.change("rate", tip_id=found.tip_id, rating=int(stars))
    wishes = [("button-complain", "complain")] if int(stars) <= 2 else []
    talk.answer(talk.say("rating-noted"), *wishes, *FREE)
