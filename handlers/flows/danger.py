"""Danger first: the card at once, and the words on their way to duty with one tap, or after a minute of silence.

`DANGERS` that concern this very minute have the button "Không gọi được" and the minute; being cheated has its own card and the
ordinary way on.
"""

from collections.abc import Callable
from typing import Any

from handlers.flows import intake, places, restricted
from handlers.flows.conversation import FREE, MOST_CHARACTERS, Conversation
from handlers.insight import danger
from handlers.messages import Ward
from storage import moments
from storage.queries.aftercare import SaidIn

# The gravest that was heard in a tip stands in its row.
RANK = {"cheated": 1, "self_harm": 2, "child": 3, "fire": 4, "danger": 5}
JOINS_WITHIN = 30 * moments.MINUTE
_MOST_WITH_DANGER = 2 * MOST_CHARACTERS  # However long a story is, "cháy rồi, cứu" still finds room in it.


def now_in(text: str) -> str:
    """What of this must reach duty at once, or nothing. Being cheated has its ordinary way."""
    heard = danger.hear(text)
    return heard.kind if heard and heard.kind != "cheated" else ""


def hears(talk: Conversation, text: str) -> bool:
    """Whether this was about danger that has not had its card yet. The words are kept here, whatever was asked before."""
    heard = danger.hear(text)
    if heard is None or (not heard.heard and places.is_nothing_but_a_place(talk, text)):
        return False
    is_new = talk.step == "words"  # "Báo việc khác" was pressed: it is no part of what was sent.
    if not talk.has_draft and not is_new and talk.joins_last_tip(within=JOINS_WITHIN):
        return _heard_after_sending(talk, text, heard.kind)
    if RANK[heard.kind] <= RANK.get(talk.state.get("danger", ""), 0):
        return False
    if heard.kind == "cheated" and talk.facts.now - talk.state.get("cheated_at", 0) < JOINS_WITHIN:
        return False  # "Bị lừa tiền" has brought this very card; the story goes on with the next question.
    if not talk.add_words(text, most=_MOST_WITH_DANGER):
        return True
    intake.recognise(talk, text)
    note(talk, heard.kind)
    return True


def note(talk: Conversation, kind: str) -> None:
    """The draft is about this danger, and its card is due."""
    if not talk.danger_runs:  # What "at the latest" counts from is this card, not one that was answered long ago.
        talk.state["danger_at"] = talk.facts.now
    talk.state["danger"] = kind
    talk.state.pop("is_calm", None)
    talk.change("danger", danger=kind, is_urgent=False)
    if kind == "cheated":
        talk.state["step"] = "words"
        if not talk.state.get("category"):
            intake.choose_category(talk, "LD")
        talk.answer(talk.say("card-cheated"), ("button-go-on", "go-on"), *talk.ways_out(), stays=True)
        return
    show_card(talk)


def show_card(talk: Conversation) -> None:
    talk.state["step"] = "danger"
    _card(talk, talk.state["danger"])


def _card(talk: Conversation, kind: str) -> None:
    restricted.find_a_reader(talk)
    reader = restricted.reader(talk)
    cannot_call = talk.say("card-cannot-call-restricted", reader=reader) if reader else talk.say("card-cannot-call")
    text = f"{numbers_and_advice(talk.say, kind, talk.facts.ward)}\n\n{cannot_call}"
    talk.answer(text, ("button-cannot-call", "danger-send"), ("button-am-safe", "danger-safe"), stays=True)


def numbers_and_advice(say: Callable[..., str], kind: str, ward: Ward) -> str:
    """The ward's own number stands with the others, where a thumb finds it."""
    numbers, *advice = say(f"card-{kind}").split("\n\n", 1)
    line = [say("card-duty", duty_phone=ward.duty_phone)] if ward.duty_phone else []
    return "\n\n".join(("\n".join((numbers, *line)), *advice))


def _heard_after_sending(talk: Conversation, text: str, kind: str) -> bool:
    """It belongs to the tip that was sent a moment ago, which becomes urgent at once."""
    last = talk.last_tip
    assert last is not None
    if RANK[kind] <= RANK.get(last.get("danger", ""), 0):
        _hear_again(talk, last["tip_id"], kind, gravest=last["danger"])
        return False
    talk.leave_moment()  # Whatever was asked just now: what follows is about this.
    talk.add_to_tip(last["tip_id"], text)
    if kind == "cheated":  # The bank, and not the officer, is in a hurry.
        talk.change("danger", tip_id=last["tip_id"], danger=kind, is_urgent=False)
        talk.state["last_tip"] = {**last, "danger": kind}
        talk.answer(talk.say("card-cheated"), *FREE, stays=True)
        return True
    talk.change("danger", tip_id=last["tip_id"], danger=kind, is_urgent=True)
    talk.state["last_tip"] = {**last, "danger": kind}
    quiet = [talk.say_of("safe-shared")] if talk.becomes_quiet(text) else []
    sent = _added(talk, last)
    talk.answer("\n\n".join((numbers_and_advice(talk.say, kind, talk.facts.ward), sent, *quiet)), stays=True)
    return True


def _hear_again(talk: Conversation, tip_id: int, kind: str, *, gravest: str) -> None:
    """Somebody has this tip already, and may think it calm: whether it rings once more the ladder says. The words go on to the tip."""
    has_it = any(one.tip_id == tip_id and one.accepted_at is not None for one in talk.facts.mine)
    if has_it and kind != "cheated":
        talk.change("danger", tip_id=tip_id, danger=gravest, heard=kind, is_urgent=True)


def _added(talk: Conversation, last: dict[str, Any]) -> str:
    time, reader = moments.clock_face(talk.facts.now), last.get("reader", "")
    return talk.say("urgent-added-restricted", reader=reader, time=time) if reader else talk.say("urgent-added", time=time)


def hears_edit(talk: Conversation, text: str) -> None:
    """Somebody put into an older message what they did not dare to write as a new one."""
    heard = danger.hear(text)
    if heard and RANK[heard.kind] > RANK.get(talk.state.get("danger", ""), 0):
        note(talk, heard.kind)


def hears_edit_aside(talk: Conversation, text: str) -> None:
    """The same in the matter that waits: it is told now, and what was told now waits in its place, or goes if it cannot wait."""
    heard = danger.hear(text)
    if heard is None or RANK[heard.kind] <= RANK.get(talk.state["aside"].get("danger", ""), 0):
        return
    if talk.danger_runs:
        silent(talk)
    talk.take_up_again()
    note(talk, heard.kind)


def hears_correction(talk: Conversation, said: SaidIn, text: str) -> bool:
    """The same in a tip that was sent, whatever is being told now: that tip is urgent at once."""
    heard = danger.hear(text)
    if heard is None:
        return False
    if RANK[heard.kind] <= RANK.get(said.danger, 0):
        _hear_again(talk, said.tip_id, heard.kind, gravest=said.danger)
        return False
    is_urgent, last = heard.kind != "cheated", talk.last_tip
    talk.add_to_tip(said.tip_id, text)
    talk.change("danger", tip_id=said.tip_id, danger=heard.kind, is_urgent=is_urgent)
    if last and last["tip_id"] == said.tip_id:
        talk.state["last_tip"] = {**last, "danger": heard.kind}
    if not talk.has_draft:
        talk.leave_moment()
    if is_urgent:
        sent = _added(talk, last if last and last["tip_id"] == said.tip_id else {})
        card = f"{numbers_and_advice(talk.say, heard.kind, talk.facts.ward)}\n\n{sent}"
    else:
        card = talk.say("card-cheated")
    talk.answer(card, *(talk.ways_on() if talk.has_draft else FREE), stays=True)
    return True


def hear_more(talk: Conversation, text: str) -> None:
    """Under the card: whatever comes is kept, nothing is asked, and the minute begins anew."""
    if talk.add_words(text, most=_MOST_WITH_DANGER):
        intake.recognise(talk, text)
        heard = danger.hear(text)
        if heard and RANK[heard.kind] > RANK[talk.state["danger"]]:
            note(talk, heard.kind)
        else:
            repeat(talk)


def hear_file(talk: Conversation, words: str) -> None:
    album = talk.incoming.album
    same_album, talk.state["album"] = bool(album) and album == talk.state.get("album"), album
    if words:
        hear_more(talk, words)
    if talk.add_file() and not words and not same_album:
        repeat(talk)


def repeat(talk: Conversation) -> None:
    talk.state["step"] = "danger"
    talk.answer(talk.say("danger-noted"), ("button-cannot-call", "danger-send"), ("button-am-safe", "danger-safe"), stays=True)


def act(talk: Conversation, name: str) -> bool:
    match name:
        case "danger-send" if talk.has_something:
            send_now(talk)
            _say_sent(talk, talk.facts.now)
        case "danger-send" if talk.joins_last_tip(within=JOINS_WITHIN) and talk.last_tip:
            talk.leave_moment()  # Whatever was still asked is over.
            last, kind = talk.last_tip, talk.last_tip.get("danger", "")
            if kind in ("", "cheated"):  # It went the ordinary way, and now it is a matter of minutes all the same.
                kind = "danger"
                talk.change("danger", tip_id=last["tip_id"], danger=kind, is_urgent=True)
                talk.state["last_tip"] = {**last, "danger": kind}
            _say_sent(talk, last["at"])
        case "danger-safe" if talk.has_draft and talk.state.get("danger"):
            talk.state["is_calm"] = True
            talk.state["step"] = "words"
            intake.ask_next(talk)
        case _:
            return False
    return True


def _say_sent(talk: Conversation, at: int) -> None:
    """To whom it went: not to the duty desk where only others read it."""
    reader, time = (talk.last_tip or {}).get("reader", ""), moments.clock_face(at)
    text = talk.say("danger-sent-restricted", reader=reader, time=time) if reader else talk.say("danger-sent", time=time)
    talk.answer(text, stays=True)


def silent(talk: Conversation) -> None:
    """A minute has passed under the card. Nothing is said: who holds the phone now, nobody knows."""
    if talk.has_something:
        send_now(talk)
    elif talk.has_draft:  # What was said has been taken back since.
        talk.state |= {"step": "words", "is_calm": True}


def send_now(talk: Conversation) -> None:
    """What was said goes to duty as it is. The phone is treated as shared; the code waits until the person asks."""
    restricted.find_a_reader(talk)
    facts, tip_id, kind = talk.facts, talk.state["tip_id"], talk.state.get("danger") or "danger"
    code = facts.fresh_code()
    talk.change("danger", danger=kind, is_urgent=True)
    talk.change("safe", safe="shared")
    talk.change("send", code=code, code_hash=facts.hash("code", code), is_unfinished=True)
    place, reader, no_names = talk.place_told_by(), restricted.reader(talk), restricted.no_names(talk)
    talk.forget_draft()
    closed = {"reader": reader, "no_names": no_names} if reader else {}
    talk.state["last_tip"] = {"tip_id": tip_id, "tail": code[-4:], "at": facts.now, "danger": kind, "code": code, **place, **closed}
