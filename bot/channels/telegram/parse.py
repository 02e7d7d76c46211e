"""Telegram's updates: what may be kept of them, and what they say in our own words.

`envelope` runs at the door, before anything is stored: it decides whose message this is, drops group chatter, and takes names
out. `read` runs later, on what was kept.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from telegram import CallbackQuery, Message, Update

from handlers.cleaning import clean
from handlers.doors import GroupLook
from handlers.messages import Incoming, link_payload
from handlers.warnings.groups import MOST_TITLE, code_in

_MOST_ID = 2**62  # What a database holds as a whole number.
_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
# Who somebody is on the platform is dropped at the door; only the chat's id is needed to answer.
_IDENTIFYING = {
    "first_name",
    "last_name",
    "username",
    "language_code",
    "is_premium",
    "forward_origin",
    "forward_from",
    "forward_from_chat",
    "forward_sender_name",
    "author_signature",
    "sender_chat",
    "via_bot",
    "reply_to_message",
    "external_reply",
    "quote",
    "contact",
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
}


class Malformed(Exception):
    """Not an update of Telegram's at all."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the door may know of an update."""

    verdict: Literal["private", "addressed", "chatter", "unknown"]
    update_id: int
    chat_id: int = 0
    callback_id: str = ""
    payload: str = ""
    payload_with_names: str = ""  # With who they are on the platform; kept only while they are giving their name.


def envelope(update: Any, *, username: str, bot_id: int) -> Envelope:
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id < _MOST_ID:
        raise Malformed
    name = next((name for name in _KINDS if isinstance(update.get(name), dict)), "")
    content: dict[str, Any] = update[name] if name else {}
    holder = content.get("message") if name == "callback_query" else content
    chat = holder.get("chat") if isinstance(holder, dict) else None
    if not isinstance(chat, dict) or not isinstance(chat.get("id"), int) or abs(chat["id"]) >= _MOST_ID:
        return Envelope("unknown", update_id)
    if chat.get("type") == "private":
        kept: dict[str, Any] = {"update_id": update_id, name: _without_names(name, content)}
        callback_id = str(content.get("id", "")) if name == "callback_query" else ""
        named = {"update_id": update_id, name: {**kept[name], **_names(content)}} if name == "message" else kept
        return Envelope("private", update_id, chat["id"], callback_id, json.dumps(kept), json.dumps(named))
    kind = _addressed_as(name, content, username=username, bot_id=bot_id)
    told = _about_group(name, content)
    if not kind and not told:
        return Envelope("chatter", update_id)
    # Of an addressed group message only group, kind and id are kept, never the text; but the code that links the group, if one was said.
    kept = {"group": chat["id"], "kind": kind or "service", "id": content.get("message_id", 0)}
    if kind and name == "message" and (code := code_in(_words(content))):
        told = {"code": code, "title": _title(chat.get("title"))}
    return Envelope("addressed", update_id, chat["id"], "", json.dumps({**kept, **({"told": told} if told else {})}))


def _without_names(name: str, content: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = _strip(content)
    if isinstance(content.get("contact"), dict):
        kept["contact"] = {"phone_number": "", "first_name": ""}  # That there was one, not whose.
    if name == "callback_query":
        kept["from"] = {"id": 0, "is_bot": False, "first_name": ""}
        # The message above the button is our own; only which one it was is needed, to write over it.
        message = content.get("message")
        message_id = message.get("message_id") if isinstance(message, dict) else None
        kept["message"] = {"message_id": message_id if isinstance(message_id, int) else 0, "date": 0, "chat": {"id": 0, "type": "private"}}
    return kept


def _names(content: dict[str, Any]) -> dict[str, Any]:
    """What the person is called there, and their own contact card: another one's may be of whom they tell about."""
    sender, contact = content.get("from"), content.get("contact")
    names: dict[str, Any] = {}
    if not isinstance(sender, dict) or not isinstance(contact, dict) or contact.get("user_id") != sender.get("id"):
        contact = None
    if isinstance(sender, dict):
        names["keng_sender"] = {key: str(sender[key])[:100] for key in ("first_name", "last_name", "username") if sender.get(key)}
    if isinstance(contact, dict):
        names["keng_contact"] = {key: str(contact[key])[:100] for key in ("first_name", "last_name", "phone_number") if contact.get(key)}
    return names


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strip(inner) for key, inner in value.items() if key not in _IDENTIFYING and key != "from"}
    if isinstance(value, list):
        return [_strip(inner) for inner in value[:200]]
    return value


def _addressed_as(name: str, content: dict[str, Any], *, username: str, bot_id: int) -> str:
    """command, mention, reply or membership; "" for what people say among themselves."""
    if name == "my_chat_member":
        return "membership"
    if name != "message":
        return ""
    text = str(content.get("text") or content.get("caption") or "")
    mark = f"@{username}".lower()
    entities = content.get("entities") or content.get("caption_entities") or []
    if not isinstance(entities, list):
        return ""
    for entity in entities:
        if not isinstance(entity, dict):
            continue
        said = _entity_text(text, entity).lower()
        if entity.get("type") == "bot_command" and ("@" not in said or said.endswith(mark)):
            return "command"
        if entity.get("type") == "mention" and said == mark:
            return "mention"
    answered = content.get("reply_to_message")
    author = answered.get("from") if isinstance(answered, dict) else None
    return "reply" if isinstance(author, dict) and author.get("id") == bot_id else ""


def _words(content: dict[str, Any]) -> str:
    text = content.get("text") or content.get("caption")
    return text if isinstance(text, str) else ""


def _about_group(name: str, content: dict[str, Any]) -> dict[str, str]:
    """What Telegram itself tells of a group: another name, another address, whether we are in it and may write there."""
    if name == "my_chat_member":
        return _membership(content)
    to, title = content.get("migrate_to_chat_id"), content.get("new_chat_title")
    if name == "message" and isinstance(to, int) and not isinstance(to, bool) and abs(to) < _MOST_ID:
        return {"event": "moved", "to": str(to)}
    return {"event": "renamed", "title": _title(title)} if name == "message" and isinstance(title, str) else {}


def _membership(content: dict[str, Any]) -> dict[str, str]:
    before, now = content.get("old_chat_member"), content.get("new_chat_member")
    was, status = (one.get("status") if isinstance(one, dict) else "" for one in (before, now))
    if not isinstance(now, dict) or status in ("kicked", "left"):
        return {"event": "lost"}
    if status == "restricted" and now.get("is_member") is False:
        return {"event": "lost"}
    if (status == "restricted" and not now.get("can_send_messages")) or now.get("can_post_messages") is False:
        return {"event": "muted"}
    return {"event": "joined" if was in ("kicked", "left") else "well"}


def group_look(chat: Any, us: Any, members: Any) -> GroupLook:
    """What Telegram answers when it is asked about a group. What everybody there may do counts for us as long as we are no admin."""
    chat, us = (one if isinstance(one, dict) else {} for one in (chat, us))
    status, everybody = us.get("status"), chat.get("permissions")
    is_gone = status in ("kicked", "left") or (status == "restricted" and us.get("is_member") is False)
    is_muted = status == "restricted" and not us.get("can_send_messages")
    if status == "member" and isinstance(everybody, dict) and everybody.get("can_send_messages") is False:
        is_muted = True
    known = members if isinstance(members, int) and not isinstance(members, bool) and 0 <= members < 2**31 else None
    return GroupLook(is_gone=is_gone, title=_title(chat.get("title")), members=known, may_write=not is_muted)


def _title(given: Any) -> str:
    return clean(given)[:MOST_TITLE] if isinstance(given, str) else ""


def _entity_text(text: str, entity: dict[str, Any]) -> str:
    """Telegram counts in UTF-16 units."""
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length < 0:
        return ""
    return text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def read(payload: str) -> Incoming:
    kept = json.loads(payload)
    if "group" in kept:
        return Incoming(kind="command", source=str(kept["id"]), text=kept["kind"], in_group=True, group=kept.get("told", {}))
    try:
        incoming = _read_update(Update.de_json(kept))
        return replace(incoming, names=_read_names(kept.get("message", {})))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        # Nothing that Telegram's own types know; the person gets a polite answer all the same.
        return Incoming(kind="unreadable", source=str(kept.get("update_id", "")))


def _read_names(message: dict[str, Any]) -> dict[str, str]:
    sender, contact = message.get("keng_sender", {}), message.get("keng_contact", {})
    found = {
        "platform_name": " ".join(filter(None, (sender.get("first_name"), sender.get("last_name")))),
        "username": sender.get("username", ""),
        "name": " ".join(filter(None, (contact.get("first_name"), contact.get("last_name")))),
        "phone": contact.get("phone_number", ""),
    }
    return {key: clean(value) for key, value in found.items() if value}


def _read_update(update: Update) -> Incoming:
    if update.callback_query:
        return _read_press(update.callback_query)
    if update.my_chat_member:
        is_gone = update.my_chat_member.new_chat_member.status in ("kicked", "left")
        return Incoming(kind="left" if is_gone else "joined", source=str(update.update_id))
    message = update.edited_message or update.message
    if message is None:
        return Incoming(kind="unreadable", source=str(update.update_id))
    incoming = _read_message(message)
    if update.edited_message:
        # A live location that moves comes as an edit too.
        return Incoming(kind="edited", source=incoming.source, text=incoming.text, latitude=incoming.latitude, longitude=incoming.longitude)
    return incoming


def _read_press(press: CallbackQuery) -> Incoming:
    data, _, serial = (press.data or "")[:64].rpartition("~")
    if not serial.isdecimal():
        data, serial = (press.data or "")[:64], "0"
    under = str(press.message.message_id) if press.message and press.message.message_id else ""
    return Incoming(kind="button", source=str(press.id), text=data, under=under, serial=int(serial))


def _read_message(message: Message) -> Incoming:
    source, sent_at = str(message.message_id), int(message.date.timestamp() * 1000)
    words, album = clean(message.text or message.caption or ""), message.media_group_id or ""
    if message.location or message.venue:
        spot = message.venue.location if message.venue else message.location
        assert spot is not None
        called = ", ".join(filter(None, (message.venue.title, message.venue.address))) if message.venue else ""
        return Incoming(
            kind="location", source=source, text=clean(called), latitude=spot.latitude, longitude=spot.longitude, sent_at=sent_at
        )
    if message.photo:
        biggest = message.photo[-1]
        return Incoming(kind="photo", source=source, text=words, album=album, file=_file(biggest), sent_at=sent_at)
    if message.video or message.video_note or message.animation:
        return Incoming(
            kind="video",
            source=source,
            text=words,
            album=album,
            file=_file(message.animation or message.video or message.video_note),
            sent_at=sent_at,
        )
    if message.voice or message.audio:
        return Incoming(kind="voice", source=source, text=words, file=_file(message.voice or message.audio), sent_at=sent_at)
    if message.document:
        is_picture = (message.document.mime_type or "").startswith("image/")
        return Incoming(
            kind="photo" if is_picture else "file",
            source=source,
            text=words,
            album=album,
            file=_file(message.document),
            sent_at=sent_at,
        )
    if message.sticker:
        return Incoming(kind="sticker", source=source, sent_at=sent_at)
    if message.contact:
        return Incoming(kind="contact", source=source, sent_at=sent_at)
    if words.startswith("/"):
        said = words[1:].split()
        name = said[0].split("@")[0] if said else "help"
        # Behind `https://t.me/<bot>?start=o-CODE` the app types `/start o-CODE` for the person.
        carried = link_payload(said[1]) if len(said) == 2 else ""
        return Incoming(kind="command", source=source, text=name, payload=carried, sent_at=sent_at)
    if words:
        return Incoming(kind="text", source=source, text=words, sent_at=sent_at)
    return Incoming(kind="unreadable", source=source, sent_at=sent_at)


def _file(media: Any) -> dict[str, Any]:
    return {"file_id": media.file_id, "size": media.file_size or 0, "mime": getattr(media, "mime_type", None) or ""}
