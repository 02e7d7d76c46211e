"""A message as Zalo's lists of recent chats give it back, in the words of an event: poorer, and no two sources agree on all of it.

What is not carried along is treated kindly: a press without its payload, a place without coordinates and a file without an address make a
message that is answered, never one that is passed over. Names and pictures of people stand there too, and are left where they are.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.channels.zalo_oa.echoes import Echo
from bot.channels.zalo_oa.parse import Letter, coordinates, id_of, kept_link, letter_of

_USER = re.compile(r"\d{5,32}")  # Visitors without an account have other ids, and cannot be answered here.
_FILES = {"photo": "photo", "image": "photo", "gif": "photo", "voice": "voice", "audio": "voice", "video": "video", "file": "file"}
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_MOST_LINKS = 10
_SECONDS_UNTIL = 10**11  # A figure below it is seconds.


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message of a conversation: a resident's letter, or what was sent to them."""

    message_id: str
    user_id: str
    at: int
    letter: Letter | None
    echo: Echo | None


def rows_of(data: Any) -> list[dict[str, Any]]:
    """A list, or an object around one."""
    inner = data.get("data") if isinstance(data, dict) else data
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []


def read_row(row: dict[str, Any], oa_id: str) -> Fetched | None:
    """None for what nobody could answer or recognise again."""
    message_id, sender, receiver = id_of(row.get("message_id")), id_of(row.get("from_id")), id_of(row.get("to_id"))
    is_theirs = str(row.get("src", "")) == "1" if str(row.get("src", "")) in ("0", "1") else sender != oa_id
    user_id, at = sender if is_theirs else receiver, _moment(row.get("time"))
    if not message_id or not _USER.fullmatch(user_id) or user_id == oa_id or not at:
        return None
    if not is_theirs:
        text = row.get("message")
        echo = Echo(message_id=message_id, user_id=user_id, at=at, by_person=False, text=text if isinstance(text, str) else "")
        return Fetched(message_id, user_id, at, None, echo)
    return Fetched(message_id, user_id, at, letter_of(user_id, "fetched", _kept(row), msg_id=message_id, stamp=str(at)), None)


def _moment(value: Any) -> int:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"\d{9,15}", text):
        return 0
    return int(text) * 1000 if int(text) < _SECONDS_UNTIL else int(text)


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    kind, text = str(row.get("type", "text")).lower(), _words(row.get("message"))
    described = _words(row.get("description"))
    if kind in _FILES:
        url = row.get("url")
        if not isinstance(url, str) or not 8 <= len(url) <= 2000:
            return {"kind": "unreadable"}
        caption = text or described
        return {"kind": _FILES[kind], "url": url, "size": 0} | ({"text": caption} if caption and caption != url else {})
    if kind == "location":
        spot = _spot(row.get("location"))
        if not spot:  # The name of the place is better than nothing.
            return {"kind": "text", "text": text or described} if text or described else {"kind": "unreadable"}
        return {"kind": "location", **spot} | ({"text": text or described} if text or described else {})
    if kind in ("link", "links"):
        return _links(row, text, described)
    if kind == "sticker":
        return {"kind": "sticker"}
    return {"kind": "text", "text": text} if text else {"kind": "unreadable"}


def _links(row: dict[str, Any], text: str, described: str) -> dict[str, Any]:
    """A business card comes as a link as well: of that nothing is kept."""
    links = row.get("links")
    found = [one for one in links if isinstance(one, dict)][:_MOST_LINKS] if isinstance(links, list) else []
    if isinstance(row.get("url"), str) or described:
        found = [{"description": described or row.get("title", ""), "url": row.get("url", "")}, *found]
    kept = [kept_link({"description": one.get("description") or one.get("title"), "url": one.get("url")}) for one in found]
    if any(one["kind"] == "contact" for one in kept):
        return {"kind": "contact"}
    lines = [line for one in ({"text": text}, *kept) for line in str(one.get("text", "")).split("\n") if line]
    words = "\n".join(dict.fromkeys(lines))
    return {"kind": "text", "text": words} if words else {"kind": "unreadable"}


def _spot(value: Any) -> dict[str, Any]:
    """A string, whose form nobody has written down: JSON, or two figures."""
    if isinstance(value, str):
        if pair := _PAIR.fullmatch(value):
            value = {"latitude": pair[1], "longitude": pair[2]}
        else:
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return {}
    return coordinates(value) if isinstance(value, dict) else {}


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
