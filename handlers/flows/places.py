"""Where it happened: a pin, words, a neighbourhood from the list, or a place that a QR code carried and that is asked back."""

import re
from typing import Any

from handlers.flows import about_oneself, intake
from handlers.flows.conversation import Conversation, fold, means_no, means_unknown, means_yes
from handlers.insight.addresses import Address, read_address

MOST_PLACE = 500
_PER_PAGE = 8
_AROUND = frozenset(("o", "tai", "nha", "so", "duong", "pho", "to", "p", "phuong"))  # Words that stand around an address.


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What places begin with, and what they are called; and words with which somebody tells more than a place.
_BEGINS = _set(
    "ngo ngach hem kiet so nha to khu duong pho chung toa tang phong nga gan sau truoc canh doi dau cuoi giua goc cong cho truong chua"
)
_CALLED = _set(
    "van hoa truong tieu hoc mam non trung cap cho chua den dinh tho tram y te cay xang quan ca phe an cau ben xe cong vien san bong"
    " bai sieu thi cua hang chung cu toa khu tap the dan can ho phong tang ngo ngach hem kiet nga tu ba nam gan sau truoc canh doi"
    " dien dau cuoi giua goc trong ngoai tren duoi sat ngay phia ben tro"
)
_TELLS = _set("toi minh em no ho chung ai nguoi con chau me bo vo chong thang dang bi co sap da vua voi giup cuu keu khong di ve")
# Whoever begins with a person and names nothing of a place tells something; written without accents, as most people type.
_PEOPLE = _set("toi minh em no ho chung ai nguoi con chau me bo vo chong thang dua chi anh ba ong co chu")
_WHERE = _set(
    "o tai ngo ngach hem kiet nha duong pho khu to cho truong gan sau truoc canh doi quan cong chua benh vien tro cuoi dau goc ben cua"
)
_MOST_UNKNOWN = 4
_AFTER = ("after", "question", "callback", "name", "threat", "data")


def hear_pin(talk: Conversation) -> bool:
    """False for a position that is none."""
    latitude, longitude = talk.incoming.latitude, talk.incoming.longitude
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return False
    venue = talk.incoming.text.strip()[:MOST_PLACE]
    if not talk.has_draft and talk.last_tip and (talk.step in _AFTER or (talk.step == "" and talk.joins_last_tip())):
        # After the receipt a pin is an addition, as words are.
        tip_id = talk.state["question"]["tip_id"] if talk.step == "question" else talk.last_tip["tip_id"]
        talk.change("place", tip_id=tip_id, text=venue, latitude=latitude, longitude=longitude, is_addition=True)
        return True
    talk.open_draft()
    _put(talk, "pin", text=venue, latitude=latitude, longitude=longitude)
    if talk.step == "danger":
        return True
    intake.settle(talk, "place")
    if talk.step in ("place", "neighbourhoods"):
        intake.ask_next(talk)
    elif not talk.story:
        intake.ask_words(talk, talk.say("place-noted"))
    else:
        intake.ask_again(talk, talk.say("place-noted"))
    return True


def move_pin(talk: Conversation) -> None:
    """A live location that goes on: a place that is nothing but this pin goes with it, without a word. Words that were typed say where
    it happened, and the pin stays beside them where it was; only in danger it is the person who must be found. After sending the first
    one stands."""
    parts = talk.state.get("place_parts", {}) if talk.has_draft else {}
    pin = parts.get("pin", {})
    if pin.get("from") != talk.piece_hash() or ("words" in parts and not talk.danger_runs):
        return
    spot = {"latitude": talk.incoming.latitude, "longitude": talk.incoming.longitude}
    talk.state |= _write(talk, {**parts, "pin": {**pin, **spot}})


def hear_edit(talk: Conversation, text: str) -> bool:
    """Whether the message that was put right was the place of the draft."""
    parts = talk.state.get("place_parts", {}) if talk.has_draft else {}
    words = parts.get("words", {})
    if words.get("from") != talk.piece_hash():
        return False
    text = text[:MOST_PLACE]
    talk.state |= _write(
        talk, {**parts, "words": {"from": words["from"], "text": text, **_known(read_address(text, talk.facts.ward.book))}}
    )
    return True


def hear_edit_after(talk: Conversation, text: str) -> bool:
    """Whether it was the place of the tip sent last: what is right now stands beside what was said first."""
    last = talk.last_tip
    if last is None or last.get("place_from") != talk.piece_hash():
        return False
    keep(talk, text[:MOST_PLACE], tip_id=last["tip_id"])
    talk.answer(talk.say("edited-after-send", code_tail=last["tail"]), *talk.ways_on(), stays=True)
    return True


def without(talk: Conversation, draft: dict[str, Any]) -> dict[str, Any]:
    """What of a draft is different when the message at hand is taken back and was its place, or a part of that."""
    parts = draft.get("place_parts", {})
    left = {part: told for part, told in parts.items() if told["from"] != talk.piece_hash()}
    return _write(talk, left, tip_id=draft["tip_id"]) if left != parts else {}


def _put(talk: Conversation, part: str, **values: Any) -> None:
    """A pin says where, and what was typed says which door: neither takes the other's place, unless the place is told anew."""
    others = {} if talk.state.get("replacing") == "place" else talk.state.get("place_parts", {})
    talk.state |= _write(talk, {**others, part: {"from": talk.piece_hash(), **values}})


def _write(talk: Conversation, parts: dict[str, dict[str, Any]], *, tip_id: int | None = None) -> dict[str, Any]:
    """Into the tip; gives what the state of its draft holds from now on."""
    words, pin = parts.get("words", {}), parts.get("pin", {})
    pinned = pin["text"] or talk.say("place-pin") if pin else ""
    point = pin or words
    talk.change(
        "place",
        tip_id=tip_id,
        text=_joined(words.get("text", ""), pin.get("text", "")),
        neighbourhood_id=words.get("neighbourhood_id"),
        latitude=point.get("latitude"),
        longitude=point.get("longitude"),
    )
    return {"place_parts": parts, "place": _joined(words.get("text", ""), pinned)}


def _joined(*parts: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, parts)))[:MOST_PLACE]


def hear_typed(talk: Conversation, text: str) -> None:
    """A long answer is more than a place: all of it stays in the story, its beginning is the place."""
    if means_unknown(text):
        intake.skip(talk)
        return
    if tells_instead(talk, text):
        intake.hear_words(talk, text)
        return
    if len(text) > MOST_PLACE and not talk.add_words(text):
        return
    keep(talk, text[:MOST_PLACE])
    intake.settle(talk, "place")
    intake.ask_next(talk)


def keep(talk: Conversation, text: str, *, tip_id: int | None = None) -> None:
    """As it was typed; what the ward's own map knows of it goes along."""
    address = read_address(text, talk.facts.ward.book)
    if tip_id is None:
        _put(talk, "words", text=text, **_known(address))
    else:
        talk.change("place", tip_id=tip_id, text=text, is_addition=True, **_known(address))


def _known(address: Address | None) -> dict[str, Any]:
    if address is None:
        return {}
    return {"neighbourhood_id": address.neighbourhood_id, "latitude": address.latitude, "longitude": address.longitude}


def is_nothing_but_a_place(talk: Conversation, text: str) -> bool:
    """Where a place was asked for: nothing but an address. What words lean to says nothing about these."""
    after = talk.state.get("after") or [{}]
    if talk.step != "place" and not (talk.step == "after" and after[0].get("kind") == "place"):
        return False
    address, words = read_address(text, talk.facts.ward.book), _words(text)
    known = {*_words(address.shown), *_AROUND, *_CALLED} if address else {*_AROUND, *_CALLED}
    left = [word for word in words if word not in known and not any(map(str.isdecimal, word))]
    if address and not left:
        return True
    # Names that the ward's map does not hold: "chung cư Hoàng Huy tầng 12".
    return words[:1] != [] and words[0] in _BEGINS and len(left) <= _MOST_UNKNOWN and not _TELLS & set(left)


def tells_instead(talk: Conversation, text: str) -> bool:
    """ "Em 12 tuổi", where a place was asked for: of people, and of no place. Asked once more; what comes then is taken as the place,
    because nobody knows better what a place is called."""
    words = _words(text)
    is_told = bool(words) and words[0] in _PEOPLE and not _WHERE & set(words[1:])
    if not is_told or read_address(text, talk.facts.ward.book) or talk.state.get("told_instead"):
        talk.state.pop("told_instead", None)
        return False
    talk.state["told_instead"] = True
    return True


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def ask_neighbourhood(talk: Conversation, page: int = 0) -> None:
    every = talk.facts.ward.book.neighbourhoods
    first = page * _PER_PAGE
    if not every[first:]:
        first, page = 0, 0
    choices = [(f"={one.name}", f"neighbourhood:{one.id}") for one in every[first : first + _PER_PAGE]]
    more = [("button-more", f"neighbourhoods:{page + 1}")] if every[first + _PER_PAGE :] else []
    talk.state["step"] = "place"
    talk.answer(talk.say("neighbourhood-ask"), *choices, *more, ("button-skip", "skip"), *talk.ways_out())


def numbered_neighbourhood(offered: list[list[str]], text: str) -> str | None:
    """ "7", typed under a list of neighbourhoods that are called by numbers."""
    if not text.isdecimal():
        return None
    named = [
        data for label, data in offered if data.startswith(("neighbourhood:", "subscribe-area:")) and re.findall(r"\d+", label) == [text]
    ]
    return named[0] if len(named) == 1 else None


def choose_neighbourhood(talk: Conversation, value: str) -> None:
    chosen = talk.facts.ward.book.neighbourhood(int(value)) if value.isdecimal() and len(value) < 20 else None
    if chosen is None:
        ask_neighbourhood(talk)
        return
    _put(talk, "words", text=chosen.name, neighbourhood_id=chosen.id)
    intake.settle(talk, "place")
    intake.ask_next(talk)


# -- what a QR code carried ----------------------------------------------------------------------------------------------------


def came_by(talk: Conversation, payload: str) -> bool:
    """Whether the link named a place we know. It is a question and never an answer."""
    spot = talk.facts.ward.book.spots.get(payload.removeprefix("o-")) if payload.startswith("o-") else None
    if spot is None:
        return False
    about_oneself.leave_question(talk)
    talk.state["spot"] = spot.code
    talk.answer(talk.say("spot-ask", place=spot.label), ("button-spot-yes", "spot:yes"), ("button-spot-no", "spot:no"))
    return True


def answers_spot(talk: Conversation, text: str) -> str:
    """ "Đúng rồi", typed under "Việc này có phải ở cổng chợ không ạ?"; the wish that means."""
    offered = talk.state.get("offered") or [["", ""]]
    if "spot" not in talk.state or not offered[0][1].startswith("spot:"):
        return ""
    return "spot:yes" if means_yes(text) else "spot:no" if means_no(text) else ""


def answer_spot(talk: Conversation, value: str) -> None:
    spot = talk.facts.ward.book.spots.get(talk.state.pop("spot", ""))
    if value != "yes" or spot is None:
        intake.ask_again(talk) if talk.has_draft else intake.ask_words(talk)
        return
    talk.open_draft()
    _put(talk, "words", text=spot.label, neighbourhood_id=spot.neighbourhood_id, latitude=spot.latitude, longitude=spot.longitude)
    intake.settle(talk, "place")
    intake.ask_again(talk)
