"""An Official Account's events: what may be kept of them, and what they say in our own words.

`letters` runs at the door, before anything is stored: it decides whose event this is and what of it is kept; nobody's name, no id but
the sender's as this OA knows them. `read` runs later, on what was kept.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels.zalo_oa.addresses import of_group, of_visitor
from bot.channels.zalo_oa.echoes import Echo
from handlers.cleaning import clean
from handlers.doors import GroupLook
from handlers.messages import Incoming, IncomingKind, link_payload
from handlers.warnings.groups import MOST_TITLE, code_in

MOST_ATTACHMENTS = 20
BUTTON = "#keng:"  # Before what our buttons carry: Zalo brings a press as if it were typed.
_PRESS = re.compile(r"#keng:([^\s~]{1,64})~(\d{1,6})")
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_ORDER = 2**61

_KINDS: dict[str, IncomingKind] = {
    "image": "photo",
    "photo": "photo",
    "gif": "photo",
    "audio": "voice",
    "voice": "voice",
    "video": "video",
    "file": "file",
}
_FROM_PEOPLE = {
    f"user_send_{kind}" for kind in ("text", "image", "link", "audio", "video", "sticker", "gif", "location", "business_card", "file")
}
_RECEIPTS = {"user_received_message", "user_seen_message", "user_reacted_message", "oa_reacted_message"}
_ECHOES = {
    f"oa_send_{kind}"
    for kind in (
        "text",
        "image",
        "gif",
        "list",
        "file",
        "sticker",
        "template",
        *(f"anonymous_{one}" for one in ("text", "image", "file", "sticker")),
    )
}
# Both of the names that Zalo's own pages give to the last one.
_OF_GROUPS = {"update_group_info": "renamed", "delete_group": "lost", "disperse_group": "lost"}
Verdict = Literal["message", "receipt", "echo", "group", "addressed", "unknown", "withdrawn"]


class Malformed(Exception):
    """Not an event of Zalo's at all."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for the inbox: an event with several photos makes several."""

    address: str  # Whose chat it is, and where an answer goes (`addresses.py`).
    message_id: str
    order: int
    payload: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the door may know of an event."""

    verdict: Verdict
    letters: tuple[Letter, ...] = ()
    echo: Echo | None = None


def envelope(raw: bytes, *, oa_id: str = "") -> Envelope:
    """`oa_id`: ours, where it is known; an event that names another one is nobody's here."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed from None
    if not isinstance(event, dict) or not isinstance(event.get("event_name"), str):
        raise Malformed
    name = event["event_name"]
    if name in _FROM_PEOPLE and (event.get("group_id") or _part(event, "recipient").get("group_id")):
        return Envelope("group")  # Whatever it is called: what was not said to us alone is no tip.
    if name in _FROM_PEOPLE:
        return _message(event, name, oa_id, id_of(_part(event, "sender").get("id")))
    if name.startswith("anonymous_send_"):
        return _of_a_visitor(event, name, oa_id)
    if name in ("follow", "unfollow"):
        return _relation(event, name)
    if name == "user_withdraw":
        user_id = id_of(event.get("user_id")) or id_of(_part(event, "sender").get("id"))
        return Envelope("withdrawn", (_letter(event, user_id, name, {"kind": "withdrawn"}),)) if user_id else Envelope("unknown")
    if name in _RECEIPTS:
        return Envelope("receipt")
    if name.startswith("user_send_group_"):
        return _in_group(event, oa_id)
    if name in _OF_GROUPS:
        return _about_group(event, name)
    if "_group" in name or "group_" in name or event.get("group_id"):
        return Envelope("group")  # Who comes and goes there, and what we said ourselves: nothing of it is kept.
    if name in _ECHOES:
        return Envelope("echo", echo=_echo(event))
    return Envelope("unknown")


def _echo(event: dict[str, Any]) -> Echo:
    """Who typed it in Zalo's console is not kept, only that somebody did."""
    message, stamp = _part(event, "message"), str(event.get("timestamp", ""))
    return Echo(
        message_id=id_of(message.get("msg_id")),
        user_id=id_of(_part(event, "recipient").get("id")),
        at=int(stamp) if re.fullmatch(r"\d{1,15}", stamp) else 0,
        by_person=bool(id_of(_part(event, "sender").get("admin_id"))),
        text=_text(message.get("text")),
    )


def _of_a_visitor(event: dict[str, Any], name: str, oa_id: str) -> Envelope:
    """Somebody who writes from a web page and is no user of Zalo's. Known for one talk, by two ids that an answer needs both."""
    message = _part(event, "message")
    visitor = id_of(_part(event, "sender").get("id")) or id_of(event.get("anonymous_id"))
    talk = id_of(message.get("conversation_id")) or id_of(event.get("conversation_id"))
    if not visitor or not talk:
        return Envelope("unknown")
    return _message(event, name.replace("anonymous_", "user_"), oa_id, of_visitor(visitor, talk))


def _in_group(event: dict[str, Any], oa_id: str) -> Envelope:
    """What people of a group say among themselves is not kept for a moment. Of what is said to us, only group, kind and id."""
    group_id, us = id_of(_part(event, "recipient").get("group_id")) or id_of(_part(event, "recipient").get("id")), id_of(event.get("oa_id"))
    message = _part(event, "message")
    msg_id, text = id_of(message.get("msg_id")), _text(message.get("text"))
    if not group_id or not msg_id or (oa_id and us and us != oa_id):
        return Envelope("unknown")
    kind = "mention" if us and f"[@{us}]" in text else "command" if text.lstrip().startswith("/") else ""
    if not kind:
        return Envelope("group")
    kept: dict[str, Any] = {"group": group_id, "kind": kind, "id": msg_id}
    if code := code_in(text):  # It links the group; no other word of it is kept.
        kept["told"] = {"code": code}
    return Envelope("addressed", (_group_letter(event, group_id, msg_id, kept),))


def _about_group(event: dict[str, Any], name: str) -> Envelope:
    """What Zalo tells of a group of ours. Its new name is not in there: it is asked for (`door.look_at_group`)."""
    group_id, stamp = id_of(event.get("group_id")) or id_of(_part(event, "recipient").get("id")), str(event.get("timestamp", ""))
    if not group_id:
        return Envelope("unknown")
    source = hashlib.sha256(f"{name}|{group_id}|{stamp}".encode()).hexdigest()[:32]
    kept = {"group": group_id, "kind": "service", "id": source, "told": {"event": _OF_GROUPS[name]}}
    return Envelope("addressed", (_group_letter(event, group_id, source, kept),))


def group_look(told: Any) -> GroupLook:
    """The fields are those of the answer that makes a group; this one was not seen live, and what is missing is not known."""
    info = _part(told, "group_info") if isinstance(told, dict) else {}
    total = info.get("total_member")
    members = total if isinstance(total, int) and not isinstance(total, bool) and 0 <= total < 2**31 else None
    title = clean(_text(info.get("name")))[:MOST_TITLE]
    return GroupLook(title=title, members=members, may_write=info.get("status", "enabled") == "enabled")


def _group_letter(event: dict[str, Any], group_id: str, source: str, kept: dict[str, Any]) -> Letter:
    return Letter(of_group(group_id), f"{source}#0", _order(str(event.get("timestamp", ""))), json.dumps(kept))


def _message(event: dict[str, Any], name: str, oa_id: str, user_id: str) -> Envelope:
    to, message = id_of(_part(event, "recipient").get("id")), _part(event, "message")
    if not user_id or (oa_id and to and to != oa_id) or user_id == oa_id:
        return Envelope("unknown")
    text = _text(message.get("text"))
    if name == "user_send_text":
        kept = [{"kind": "text", "text": text}]
    elif name == "user_send_business_card":
        kept = [{"kind": "contact"}]  # That there was one, not whose.
    else:
        kept = _attachments(message, name, text)
    msg_id = id_of(message.get("msg_id"))
    letters = tuple(_letter(event, user_id, name, one, msg_id=msg_id, place=place) for place, one in enumerate(kept))
    return Envelope("message", letters)


def _attachments(message: dict[str, Any], name: str, text: str) -> list[dict[str, Any]]:
    """The caption goes with the first; what nobody can read makes one message all the same, so that it is answered."""
    found = message.get("attachments")
    kept: list[dict[str, Any]] = []
    for one in found[:MOST_ATTACHMENTS] if isinstance(found, list) else []:
        if isinstance(one, dict):
            kept.append(_attachment(str(one.get("type", "")), _part(one, "payload"), name))
    if not kept:
        kept = [{"kind": "text", "text": text}] if text else [{"kind": "unreadable"}]
    elif text and kept[0]["kind"] != "text":
        kept[0]["text"] = text
    return kept


def _attachment(kind: str, payload: dict[str, Any], name: str) -> dict[str, Any]:
    if kind == "location":
        return {"kind": "location", **coordinates(payload)}
    if kind == "link":
        return {"kind": "contact"} if name == "user_send_business_card" else kept_link(payload)
    if kind == "sticker":
        return {"kind": "sticker"}
    url = payload.get("url")
    if kind not in _KINDS or not isinstance(url, str) or not 8 <= len(url) <= 2000:
        return {"kind": "unreadable"}
    size = str(payload.get("size", ""))
    return {"kind": _KINDS[kind], "url": url, "size": int(size) if re.fullmatch(r"\d{1,12}", size) else 0}


def kept_link(payload: dict[str, Any]) -> dict[str, Any]:
    """A business card comes as a link whose description holds a phone number: of that nothing is kept."""
    described = _text(payload.get("description"))
    if described.lstrip().startswith("{"):
        return {"kind": "contact"}
    url = _text(payload.get("url"))
    return {"kind": "text", "text": "\n".join(part for part in (described, url) if part)}


def coordinates(payload: dict[str, Any]) -> dict[str, Any]:
    """Strings in what was really seen, numbers and other names elsewhere."""
    spot = _part(payload, "coordinates") or payload
    latitude = _degrees(spot.get("latitude", spot.get("lat")), 90)
    longitude = _degrees(spot.get("longitude", spot.get("long", spot.get("lng"))), 180)
    return {} if latitude is None or longitude is None else {"latitude": latitude, "longitude": longitude}


def _degrees(value: Any, most: int) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > 40:
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


def _relation(event: dict[str, Any], name: str) -> Envelope:
    user_id = id_of(_part(event, "follower").get("id")) or id_of(_part(event, "sender").get("id"))
    if not user_id:
        return Envelope("unknown")
    return Envelope("message", (_letter(event, user_id, name, {"kind": "joined" if name == "follow" else "left"}),))


def _letter(event: dict[str, Any], user_id: str, name: str, kept: dict[str, Any], *, msg_id: str = "", place: int = 0) -> Letter:
    return letter_of(user_id, name, kept, msg_id=msg_id, place=place, stamp=str(event.get("timestamp", "")))


def letter_of(user_id: str, name: str, kept: dict[str, Any], *, msg_id: str, place: int = 0, stamp: str) -> Letter:
    """However it came, an id of Zalo's names one message: by it a repeat is recognised."""
    order = _order(stamp)
    # Without an id of its own an event is known by what it is, whose, and when.
    source = msg_id or hashlib.sha256(f"{name}|{user_id}|{stamp}".encode()).hexdigest()[:32]
    payload = {**kept, "source": f"{source}#{place}" if place else source, "album": source, "sent_at": order}
    return Letter(user_id, f"{source}#{place}", order, json.dumps(payload))


def _order(stamp: str) -> int:
    return min(int(stamp), _MOST_ORDER) if re.fullmatch(r"\d{1,18}", stamp) else 0


def _part(of: dict[str, Any], name: str) -> dict[str, Any]:
    part = of.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def id_of(value: Any) -> str:
    """Ids are strings beyond what a number holds; some senders write numbers all the same."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _ID.fullmatch(text) else ""


def read(payload: str) -> Incoming:
    kept = json.loads(payload)
    if "group" in kept:
        return Incoming(kind="command", source=str(kept["id"]), text=kept["kind"], in_group=True, group=kept.get("told", {}))
    kind, source, text, sent_at = kept["kind"], kept["source"], clean(str(kept.get("text", ""))), int(kept.get("sent_at", 0))
    if kind == "withdrawn":
        return Incoming(kind="withdrawn", source=source, sent_at=sent_at)
    if kind == "text":
        return _read_text(text, source, sent_at)
    if kind == "location":
        if "latitude" not in kept:
            return Incoming(kind="unreadable", source=source, sent_at=sent_at)
        return Incoming(kind="location", source=source, text=text, latitude=kept["latitude"], longitude=kept["longitude"], sent_at=sent_at)
    if "url" in kept:
        file = {"url": kept["url"], "size": kept["size"], "mime": ""}
        return Incoming(kind=kind, source=source, text=text, album=kept["album"], file=file, sent_at=sent_at)
    return Incoming(kind=kind, source=source, sent_at=sent_at)


def _read_text(text: str, source: str, sent_at: int) -> Incoming:
    if press := _PRESS.fullmatch(text.strip()):
        return Incoming(kind="button", source=source, text=press[1], serial=int(press[2]), sent_at=sent_at)
    if text.startswith("/"):
        said = text[1:].split()
        carried = link_payload(said[1]) if len(said) == 2 else ""
        return Incoming(kind="command", source=source, text=said[0] if said else "help", payload=carried, sent_at=sent_at)
    return Incoming(kind="text" if text else "unreadable", source=source, text=text, sent_at=sent_at)
