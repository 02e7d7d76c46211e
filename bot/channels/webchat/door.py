"""The web chat's door: the residents' page, its thread, and live answers.

It does not decide anything and does not keep an address with a message. A message is answered 200 only when it is on disk.
"""

import asyncio
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from aiohttp_sse import sse_response
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from bot.inbox import Arrival, Inbox, as_payload
from handlers import texts
from handlers.messages import Incoming, Reply, Ward
from storage import moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.tables import Chat, WebMessage

_HERE = Path(__file__).parent
_COOKIE = "keng_chat"
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
MOST_CHARACTERS = 4_000
THREAD_SHOWN = 200
_SAFE_PAGE = "https://www.google.com/"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Refused(Exception):
    """A request we do not take; the text is for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Webchat:
    name = "webchat"

    def __init__(self, memory: Memory, keyed: Keyed, ward: Callable[[], Ward]) -> None:
        self._memory, self._keyed, self._ward = memory, keyed, ward
        self._bells: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self._stopping = False
        self.inbox: Inbox | None = None
        self._pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
        )

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self._page),
            web.post("/chat/messages", self._message),
            web.get("/chat/events", self._events),
            web.post("/chat/exit", self._exit),
            web.static("/static/chat", _HERE / "static"),
        ]

    # -- delivery's side -----------------------------------------------------------------------------------------

    async def send(self, address: str, reply: Reply, *, chat_id: int, row_id: int) -> None:
        """Into the thread. The outbox id is the message's client id, so a repeated send adds nothing."""
        now, ward_id = moments.now(), self._ward().id
        body = {
            "text": reply.text,
            "buttons": [{"label": b.label, "data": b.data} for b in reply.buttons],
            "code": reply.code,
            "asks_place": reply.asks_place,
        }

        def keep(session: Session) -> None:
            repeat = session.execute(
                select(col(WebMessage.id)).where(col(WebMessage.chat_id) == chat_id, col(WebMessage.client_id) == f"out:{row_id}")
            )
            if repeat.first() is None:
                # The id is drawn before: ids of a thread rise in the order of its rows.
                session.execute(
                    insert(WebMessage).values(
                        id=message_id,
                        ward_id=ward_id,
                        chat_id=chat_id,
                        direction="out",
                        client_id=f"out:{row_id}",
                        body=body,
                        created_at=now,
                    )
                )

        message_id = new_id()
        await self._memory.write(keep)
        self._ring(chat_id)

    def _ring(self, chat_id: int) -> None:
        for bell in self._bells.get(chat_id, ()):
            bell.set()

    def close_streams(self) -> None:
        """A stopping server must not wait for browsers to leave; they come back by themselves."""
        self._stopping = True
        for chat_id in list(self._bells):
            self._ring(chat_id)

    # -- the page ------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        token = _token(request)
        chat_id, language = await self._find(token) if token else (None, "vi")
        messages = await self._memory.read(lambda session: _thread(session, chat_id, after=0)) if chat_id else []
        ward = self._ward()

        def say(key: str, **values: Any) -> str:
            return texts.say(key, language, **values)

        token = token or secrets.token_urlsafe(24)
        if not messages:
            messages = [_greeting(ward, say)]
        html = self._pages.get_template("page.html").render(
            language=language,
            say=say,
            ward=ward,
            messages=messages,
            csrf=self._csrf(token),
            fresh_id=secrets.token_hex(16),
            safe_page=_SAFE_PAGE,
        )
        response = web.Response(text=html, content_type="text/html", headers=_page_headers())
        response.set_cookie(_COOKIE, token, httponly=True, samesite="Strict", secure=request.secure, max_age=30 * 86_400, path="/")
        return response

    async def _message(self, request: web.Request) -> web.StreamResponse:
        by_script = request.content_type == "application/json"
        try:
            token, incoming = await self._read(request, by_script=by_script)
        except Refused as refusal:
            if by_script:
                return web.json_response({"error": refusal.sentence}, status=refusal.status)
            return web.Response(text=refusal.sentence, status=refusal.status, headers=_page_headers())
        shown: dict[str, Any] = {"text": self._label(incoming), "buttons": [], "code": None, "asks_place": False}
        message_id, now, ward_id = new_id(), moments.now(), self._ward().id

        def echo(session: Session, chat_id: int, _inbox_id: int) -> None:
            session.execute(
                insert(WebMessage).values(
                    id=message_id, ward_id=ward_id, chat_id=chat_id, direction="in", client_id=incoming.source, body=shown, created_at=now
                )
            )

        if self.inbox is None:
            raise web.HTTPServiceUnavailable
        is_new = await self.inbox.arrived(
            Arrival(
                channel=self.name, address=token, message_id=incoming.source, platform_order=now, payload=as_payload(incoming), also=echo
            )
        )
        chat_id, _language = await self._find(token)
        if chat_id:
            self._ring(chat_id)
        if by_script:
            return web.json_response({"seq": str(message_id), "repeat": not is_new})
        raise web.HTTPSeeOther("/")

    async def _read(self, request: web.Request, *, by_script: bool) -> tuple[str, Incoming]:
        token = _token(request)
        try:
            form: Any = await request.json() if by_script else dict(await request.post())
        except (ValueError, UnicodeDecodeError, RecursionError):
            raise Refused(400, texts.say("page-unreadable")) from None
        given = request.headers.get("X-Keng-Csrf") if by_script else (form.get("csrf") if isinstance(form, dict) else None)
        if (
            not token
            or not isinstance(given, str)
            or not secrets.compare_digest(given.encode("utf-8", "replace"), self._csrf(token).encode())
        ):
            raise Refused(403, texts.say("page-expired"))
        return token, _read_incoming(form)

    def _label(self, incoming: Incoming) -> str:
        """What the resident sees of what they did: their words, or a pressed button by its label's stand-in."""
        return (
            incoming.text if incoming.kind == "text" else texts.say("place-pin") if incoming.kind == "location" else incoming.source_label
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        token = _token(request)
        if not token:
            return web.json_response({"error": texts.say("page-expired")}, status=403)
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        async with sse_response(request, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}) as stream:
            chat_id, bell = None, asyncio.Event()
            try:
                while not self._stopping and stream.is_connected():
                    if chat_id is None:
                        chat_id, _language = await self._find(token)
                        if chat_id is not None:
                            self._bells[chat_id].add(bell)
                    bell.clear()
                    if chat_id is not None:
                        mine, since = chat_id, after
                        for message in await self._memory.read(lambda session, mine=mine, since=since: _thread(session, mine, after=since)):  # type: ignore[misc]
                            await stream.send(json.dumps(message, ensure_ascii=False), id=str(message["seq"]), event="message")
                            after = int(message["seq"])
                    try:
                        # The bell is quick, the look every two seconds is the truth (another process may have answered).
                        await asyncio.wait_for(bell.wait(), timeout=2 if chat_id else 0.3)
                    except TimeoutError:
                        continue
            except ConnectionResetError:
                pass  # The browser left.
            finally:
                if chat_id is not None:
                    self._bells[chat_id].discard(bell)
                    if not self._bells[chat_id]:
                        del self._bells[chat_id]
        return stream

    async def _exit(self, request: web.Request) -> web.Response:
        """Quick exit: the thread goes from this device and from the shown thread; a sent tip stays sent."""
        token = _token(request)
        form = await request.post()
        if token and secrets.compare_digest(str(form.get("csrf", "")).encode("utf-8", "replace"), self._csrf(token).encode()):
            chat_id, _language = await self._find(token)
            if chat_id:
                await self._memory.write(lambda session: _clear_thread(session, chat_id))
        response = web.Response(status=303, headers={"Location": _SAFE_PAGE, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
        response.del_cookie(_COOKIE, path="/")
        return response

    async def _find(self, token: str) -> tuple[int | None, str]:
        chat_hash = self._keyed.hash("chat", self.name, token)

        def find(session: Session) -> tuple[int | None, str]:
            row = session.execute(select(col(Chat.id), col(Chat.language)).where(col(Chat.chat_hash) == chat_hash)).first()
            return (row.id, row.language) if row else (None, "vi")

        return await self._memory.read(find)

    def _csrf(self, token: str) -> str:
        return self._keyed.hash("csrf", token)


def _read_incoming(form: Any) -> Incoming:
    client_id = form.get("id") if isinstance(form, dict) else None
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Refused(400, texts.say("page-unreadable"))
    text, button, place = form.get("text"), form.get("button"), form.get("place")
    now = moments.now()
    if isinstance(button, str) and 0 < len(button) <= 64:
        label = form.get("label")
        return Incoming(
            kind="button", source=client_id, text=button, source_label=_clean(label)[:80] if isinstance(label, str) else "", sent_at=now
        )
    if isinstance(place, dict):
        latitude, longitude = place.get("lat"), place.get("lon")
        if isinstance(latitude, int | float) and isinstance(longitude, int | float) and abs(latitude) <= 90 and abs(longitude) <= 180:
            return Incoming(kind="location", source=client_id, latitude=float(latitude), longitude=float(longitude), sent_at=now)
    if isinstance(text, str) and _clean(text):
        if len(text) > MOST_CHARACTERS:
            raise Refused(413, texts.say("page-too-long", limit=MOST_CHARACTERS))
        clean = _clean(text)
        if clean.startswith("/"):
            return Incoming(
                kind="command",
                source=client_id,
                text=clean[1:].split()[0] if clean[1:].split() else "help",
                source_label=clean,
                sent_at=now,
            )
        return Incoming(kind="text", source=client_id, text=clean, sent_at=now)
    raise Refused(400, texts.say("page-unreadable"))


def _clean(text: str) -> str:
    """Without NULs, half characters and the signs that turn the direction of what follows."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign for sign in text if sign in "\n\t" or (sign.isprintable() or sign in "\u200d\ufe0f")).strip()


def _token(request: web.Request) -> str | None:
    token = request.cookies.get(_COOKIE, "")
    return token if re.fullmatch(r"[A-Za-z0-9_-]{32}", token) else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 20 else 0


def _page_headers() -> dict[str, str]:
    return {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _greeting(ward: Ward, say: Callable[..., str]) -> dict[str, Any]:
    duty = say("trial-line") if ward.is_trial else say("duty-line", duty_phone=ward.duty_phone)
    parts = [
        say("start-hello", ward=ward.called),
        f"{say('start-urgent')} {duty}",
        say("start-web-privacy"),
        say("start-never-asked"),
        say("start-tell"),
    ]
    buttons = [
        {"label": say("button-tell"), "data": "report"},
        {"label": say("button-cheated"), "data": "cheated"},
        {"label": say("button-my-tips"), "data": "my-tips"},
        {"label": "English", "data": "language:en"},
    ]
    return {
        "seq": "0",
        "direction": "out",
        "client_id": "greeting",
        "clock": moments.clock_face(moments.now()),
        "text": "\n\n".join(parts),
        "buttons": buttons,
        "code": None,
        "asks_place": False,
    }


def _thread(session: Session, chat_id: int, *, after: int) -> list[dict[str, Any]]:
    query = (
        select(WebMessage)
        .where(col(WebMessage.chat_id) == chat_id, col(WebMessage.id) > after)
        .order_by(col(WebMessage.id).desc())
        .limit(THREAD_SHOWN)
    )
    rows = list(session.execute(query).scalars())
    return [
        {
            "seq": str(row.id),
            "direction": row.direction,
            "client_id": row.client_id,
            "clock": moments.clock_face(row.created_at),
            **row.body,
        }
        for row in reversed(rows)
    ]


def _clear_thread(session: Session, chat_id: int) -> None:
    session.execute(delete(WebMessage).where(col(WebMessage.chat_id) == chat_id))
    session.execute(update(Chat).where(col(Chat.id) == chat_id).values(state={}))
