"""What a browser sent, checked and turned into our own words."""

import re
from typing import Any

from aiohttp import web

from handlers.cleaning import clean
from handlers.messages import Incoming, link_payload
from handlers.visitors import Network, visitor_address
from storage import moments

MOST_CHARACTERS = 4_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def visitor_of(request: web.Request, trusted: tuple[Network, ...]) -> str:
    return visitor_address(request.remote, request.headers.get("X-Forwarded-For", ""), trusted)


class Refused(Exception):
    """A request we do not take; `key` is the sentence for the person."""

    def __init__(self, status: int, key: str, **values: Any) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


def read_client_id(value: Any) -> str:
    if not isinstance(value, str) or not _CLIENT_ID.fullmatch(value):
        raise Refused(400, "page-unreadable")
    return value


def read_incoming(form: Any) -> Incoming:
    client_id = read_client_id(form.get("id") if isinstance(form, dict) else None)
    now = moments.now()
    if "takes_back" in form:
        meant = read_client_id(form["takes_back"])
        if meant == client_id:
            raise Refused(400, "page-unreadable")
        return Incoming(kind="deleted", source=meant, sent_at=now)
    button, place, text, command = form.get("button"), form.get("place"), form.get("text"), form.get("command")
    if command == "start" and (carried := _read_link(form.get("payload"))):
        label = form.get("label")
        shown = clean(label)[:80] if isinstance(label, str) else ""
        return Incoming(kind="command", source=client_id, text="start", payload=carried, source_label=shown, sent_at=now)
    if isinstance(button, str) and 0 < len(button) <= 64 and button.isascii():
        label = form.get("label")
        shown = clean(label)[:80] if isinstance(label, str) else ""
        return Incoming(kind="button", source=client_id, text=button, source_label=shown, sent_at=now)
    if isinstance(place, dict) and (spot := _read_place(place)):
        return Incoming(kind="location", source=client_id, latitude=spot[0], longitude=spot[1], sent_at=now)
    if isinstance(text, str) and (words := clean(text)):
        if len(text) > MOST_CHARACTERS:
            raise Refused(413, "page-too-long", limit=MOST_CHARACTERS)
        if words.startswith("/"):
            said = words[1:].split()
            carried = link_payload(said[1]) if len(said) == 2 else ""
            return Incoming(
                kind="command", source=client_id, text=said[0] if said else "help", payload=carried, source_label=words, sent_at=now
            )
        return Incoming(kind="text", source=client_id, text=words, sent_at=now)
    raise Refused(400, "page-unreadable")


def _read_link(payload: Any) -> str:
    return link_payload(payload) if isinstance(payload, str) else ""


def _read_place(place: dict[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = place.get("lat"), place.get("lon")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return (float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
