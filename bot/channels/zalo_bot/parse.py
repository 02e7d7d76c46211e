"""The Bot Platform's updates: what may be kept of them, and what they say in our own words.

`envelope` runs at the door, before anything is stored: it decides whose message this is, and takes names and a group's words out.
`read` runs later, on what was kept. Both shapes of a body are known, flat and wrapped, and both names of a photo's address.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from handlers.cleaning import clean
from handlers.messages import WITHHELD, Incoming, link_payload
from handlers.warnings.groups import MOST_TITLE, code_in
from storage import moments

_MOST_ID, _MOST_NAME, _MOST_WORDS, _MOST_ADDRESS = 128, 100, 20_000, 2048
_EVENT = re.compile(r"message\.(\w{1,32})\.received")
_SECONDS_END = 100_000_000_000  # A date below this counts seconds, as Telegram's does; this platform's counts milliseconds.
_PLACE_CODE = re.compile(r"o-[a-z0-9]{2,32}", re.IGNORECASE)


class Malformed(Exception):
    """Not an update of the platform's at all."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the door may know of an update. `withheld`: something came, and not even from whom is told."""

    verdict: Literal["private", "addressed", "withheld", "unknown"]
    chat_id: str = ""
    message_id: str = ""
    sent_at: int = 0
    payload: str = ""
    payload_with_names: str = ""


def envelope(body: Any) -> Envelope:
    update = _dict(body)
    update = _dict(update.get("result")) or update
    event = _EVENT.fullmatch(str(update.get("event_name", "")))
    if event is None:
        raise Malformed
    message, kind = update.get("message"), event[1]
    if not isinstance(message, dict):
        return Envelope("withheld" if kind == "unsupported" else "unknown")
    chat, sender = _dict(message.get("chat")), _dict(message.get("from"))
    chat_id, message_id = _id(chat.get("id")), _id(message.get("message_id"))
    if not chat_id or not message_id or sender.get("is_bot") is True:
        return Envelope("unknown")
    sent_at = _moment(message.get("date"))
    if str(chat.get("chat_type", "PRIVATE")).upper() != "PRIVATE":
        # The platform brings only what mentions the bot or answers it; of that, group, kind and id are kept, never the text; but the
        # code that links the group, if one was said.
        kept: dict[str, Any] = {"group": chat_id, "kind": "mention", "id": message_id}
        if code := code_in(_text(message.get("text"), _MOST_WORDS)):
            kept["told"] = {"code": code, "title": clean(_text(chat.get("title") or chat.get("display_name"), MOST_TITLE))}
        return Envelope("addressed", chat_id, message_id, sent_at, json.dumps(kept))
    kept = {"kind": kind, "id": message_id, "sent_at": sent_at, **_content(message)}
    named = {**kept, "name": _name(sender)}
    return Envelope("private", chat_id, message_id, sent_at, json.dumps(kept), json.dumps(named))


def _content(message: dict[str, Any]) -> dict[str, str]:
    """Only what we read: who they are, and whatever the platform adds one day, stays outside."""
    photo = _text(message.get("photo_url"), _MOST_ADDRESS) or _text(message.get("photo"), _MOST_ADDRESS)
    found = {
        "text": _text(message.get("text"), _MOST_WORDS) or _text(message.get("caption"), _MOST_WORDS),
        "photo": photo,
        "voice": _text(message.get("voice_url"), _MOST_ADDRESS),
    }
    return {key: value for key, value in found.items() if value}


def _name(sender: dict[str, Any]) -> str:
    names = (_text(sender.get(key), _MOST_NAME) for key in ("display_name", "name", "first_name"))
    return next(filter(None, names), "")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""


def _id(value: Any) -> str:
    """Ids are strings there; a number is taken too, and longer than any of theirs is nothing."""
    known = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return known if 0 < len(known) <= _MOST_ID and known.isprintable() else ""


def _moment(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**53:
        return 0
    return value * moments.SECOND if value < _SECONDS_END else value


def read(payload: str) -> Incoming:
    kept = json.loads(payload)
    source = str(kept["id"])
    if "group" in kept:
        return Incoming(kind="command", source=source, text=kept["kind"], in_group=True, group=kept.get("told", {}))
    known: dict[str, Any] = {"source": source, "sent_at": kept["sent_at"], "names": _names(kept)}
    words = clean(kept.get("text", ""))
    match kept["kind"]:
        case "text" | "link" if words:
            return _read_words(words, known)
        case "image" if kept.get("photo"):
            return Incoming(kind="photo", text=words, file={"url": kept["photo"], "mime": "image/jpeg"}, **known)
        case "voice" if kept.get("voice"):
            return Incoming(kind="voice", text=words, file={"url": kept["voice"], "mime": "audio/aac"}, **known)
        case "sticker":
            return Incoming(kind="sticker", **known)
        case "reaction":
            return Incoming(kind="joined", **known)  # A thumb under a message of ours says nothing that wants an answer.
        case "unsupported":
            return Incoming(kind="unreadable", text=WITHHELD, **known)
    return Incoming(kind="unreadable", **known)


def _names(kept: dict[str, Any]) -> dict[str, str]:
    name = clean(kept.get("name", ""))
    return {"platform_name": name} if name else {}


def _read_words(words: str, known: dict[str, Any]) -> Incoming:
    """There are no commands and no links with a payload: both are typed, a place's code from its sheet too."""
    if words.startswith("/"):
        said = words[1:].split()
        carried = link_payload(said[1]) if len(said) == 2 else ""
        return Incoming(kind="command", text=said[0] if said else "help", payload=carried, **known)
    if _PLACE_CODE.fullmatch(words):
        return Incoming(kind="command", text="start", payload=words.lower(), **known)
    return Incoming(kind="text", text=words, **known)
