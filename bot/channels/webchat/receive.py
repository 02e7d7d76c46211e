"""The web chat's door: the residents' page, what they send through it, and live answers.

It does not decide anything and does not keep an address with a message. A message or a file is answered 200 only when it is
on disk.
"""

import asyncio
import json
import logging
import re
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from aiohttp_sse import sse_response
from sqlalchemy import select
from sqlmodel import Session, col

from bot.channels.base import FileToSend, OpenFile
from bot.channels.webchat.crowd import Crowd
from bot.channels.webchat.parse import Refused, read_incoming, visitor_of
from bot.channels.webchat.send import Thread
from bot.channels.webchat.uploads import Uploads
from bot.inbox import Arrival, Inbox, as_payload
from handlers import router, texts
from handlers.brakes import Brakes
from handlers.flows import taken_back
from handlers.messages import Incoming, Ward
from handlers.visitors import Network
from handlers.ward_book import WardBook
from storage import moments
from storage.disk import Disk
from storage.ids import new_id
from storage.keyed import Keyed
from storage.media import MediaStore
from storage.memory import Memory, MemoryClosed, MemoryLost
from storage.queries import lanes, web_thread
from storage.tables import Chat

log = logging.getLogger("keng.webchat")

_HERE = Path(__file__).parent
_COOKIE = "keng_chat"
_GONE = "keng_gone"  # Set by the page at a quick exit, before it has asked us anything: on a slow line the next one at the phone is faster.
MOST_STREAMS = 30  # Of one address; a household with many tabs.
SAFE_PAGE = "https://www.google.com/"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def pages() -> jinja2.Environment:
    """Compiled once for a process."""
    return jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined)


class Webchat:
    name = "webchat"

    def __init__(
        self,
        memory: Memory,
        keyed: Keyed,
        ward: Callable[[], Ward],
        media: MediaStore,
        disk: Disk,
        brakes: Brakes,
        thread: Thread,
        inbox: Inbox,
        open_file: OpenFile,
        trusted: tuple[Network, ...] = (),
        is_https: bool = False,
        zalo_verifier: str = "",
    ) -> None:
        self._memory, self._keyed, self._ward, self._thread, self._open_file = memory, keyed, ward, thread, open_file
        self._inbox, self._trusted, self._is_https, self._zalo_verifier = inbox, trusted, is_https, zalo_verifier
        self._streams: Counter[str] = Counter()
        self._crowd = Crowd(brakes)
        self._uploads = Uploads(memory, brakes, ward, media, disk, trusted)
        self._stopping = False

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self._page),
            web.post("/chat/messages", self._message),
            web.post("/chat/files", self._file),
            web.get("/chat/events", self._events),
            web.get("/chat/tep/{file:[0-9]{1,19}}", self._sent_file),
            web.post("/chat/exit", self._exit),
            web.static("/static/chat", _HERE / "static"),
        ]

    def close_streams(self) -> None:
        """A stopping server must not wait for browsers to leave; they come back by themselves."""
        self._stopping = True
        self._thread.ring_all()

    # -- the page ------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        token = _token(request)
        chat_id, language = await self._find(token) if token else (None, "vi")
        if self._ward().is_closed:
            return self._closed_page(token, language)
        messages = await self._thread_of(chat_id, after=0, language=language) if chat_id else []
        of_draft = await self._of_draft(chat_id) if chat_id else []
        ward = self._ward()

        def say(key: str, **values: Any) -> str:
            return texts.say_as(ward.book, key, language, **values)

        token = token or secrets.token_urlsafe(24)
        html = (
            pages()
            .get_template("page.html")
            .render(
                language=language,
                say=say,
                ward=ward,
                of_draft=of_draft,
                messages=_below_greeting([one for one in messages if one["direction"] != "mask"], ward, language),
                csrf=self._csrf(token),
                fresh_id=secrets.token_hex(16),
                safe_page=SAFE_PAGE,
                spot=_spot(request),
                numbered=numbered,
                zalo_verifier=self._zalo_verifier,
            )
        )
        response = web.Response(text=html, content_type="text/html", headers=page_headers())
        response.set_cookie(
            _COOKIE, token, httponly=True, samesite="Strict", secure=self._is_https or request.secure, max_age=30 * 86_400, path="/"
        )
        if _GONE in request.cookies:
            response.del_cookie(_GONE, path="/")
        return response

    def _closed_page(self, token: str | None, language: str) -> web.Response:
        """Restored and not yet opened: whom to ring meanwhile, and nowhere to write, because nobody would read it."""

        ward = self._ward()

        def say(key: str, **values: Any) -> str:
            return texts.say_as(ward.book, key, language, **values)

        html = pages().get_template("closed.html").render(language=language, say=say, ward=ward, csrf=self._csrf(token) if token else "")
        return web.Response(text=html, content_type="text/html", headers=page_headers())

    def _check_open(self) -> None:
        """The page keeps what it could not send, and tries again."""
        ward = self._ward()
        if ward.is_closed:
            raise Refused(503, "page-closed" if ward.duty_phone else "page-closed-trial", duty_phone=ward.duty_phone)

    async def _message(self, request: web.Request) -> web.StreamResponse:
        by_script = request.content_type == "application/json"
        try:
            self._check_open()
            token = _token(request)
            form: Any = await _read_form(request, by_script=by_script)
            self._check_csrf(request, token, form.get("csrf") if isinstance(form, dict) else None)
            assert token is not None
            incoming = read_incoming(form)
            is_busy = await self._crowd.is_busy(visitor_of(request, self._trusted), token)
            incoming = replace(incoming, is_from_busy_network=is_busy)
        except Refused as refusal:
            return await self._refuse(request, refusal, by_script=by_script)
        try:
            is_new, seq = await (
                self._take_back(token, incoming, form["id"]) if incoming.kind == "deleted" else self._take(token, incoming)
            )
        except Refused as refusal:
            return await self._refuse(request, refusal, by_script=by_script)
        return _taken(is_new, seq, by_script=by_script)

    async def _take_back(self, token: str, incoming: Incoming, message_id: str) -> tuple[bool, int]:
        """A wish about an older message: `message_id` is its own, `incoming.source` the one that is meant. It stands in no thread."""
        ward_id = self._ward().id

        def check(session: Session, chat_id: int) -> None:
            meant = web_thread.own(session, chat_id, incoming.source, ward_id=ward_id)
            if meant is None:
                raise Refused(404, "page-take-back-unknown")
            if meant.get("taken_back"):
                raise Refused(409, "page-take-back-twice")

        arrival = Arrival(
            channel=self.name,
            address=token,
            message_id=message_id,
            platform_order=moments.now(),
            payload=as_payload(incoming),
            also=check,
        )
        return await self._inbox.arrived(arrival), 0

    async def _take(self, token: str, incoming: Incoming) -> tuple[bool, int]:
        """Keep it and show it in the thread, in one commit. (False, 0) for a repeat."""
        shown: dict[str, Any] = {"text": _label(incoming, self._ward().book), "buttons": [], "code": None, "asks_place": False}
        message_id, now, ward_id = new_id(), moments.now(), self._ward().id
        places: list[tuple[int, int]] = []  # (chat, place in the thread), as the transaction that was committed found them.

        def echo(session: Session, chat_id: int) -> None:
            seq = web_thread.add(
                session,
                chat_id,
                message_id=message_id,
                ward_id=ward_id,
                direction="in",
                client_id=incoming.source,
                body=shown,
                now=now,
            )
            places[:] = [(chat_id, seq)]

        is_new = await self._inbox.arrived(
            Arrival(
                channel=self.name, address=token, message_id=incoming.source, platform_order=now, payload=as_payload(incoming), also=echo
            )
        )
        if not is_new:
            return False, 0
        chat_id, seq = places[0]
        self._thread.ring(chat_id)
        return True, seq

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """One file a request. It is whole on disk under its name before the message that speaks of it is stored."""
        by_script = "X-Keng-Csrf" in request.headers
        token = _token(request)
        try:
            self._check_open()
            if not token:
                raise Refused(403, "page-expired")
            if by_script:
                self._check_csrf(request, token, None)
            incoming = await self._uploads.receive(request, lambda in_form: self._check_csrf(request, token, in_form))
        except Refused as refusal:
            return await self._refuse(request, refusal, by_script=by_script)
        is_new, seq = await self._take(token, incoming)
        if not is_new:
            await self._uploads.forget(incoming)
        return _taken(is_new, seq, by_script=by_script)

    async def _sent_file(self, request: web.Request) -> web.StreamResponse:
        """A photo or paper from the desk, for the browser in whose thread it stands."""
        token, file_id = _token(request), int(request.match_info["file"])
        chat_id, _language = await self._find(token) if token else (None, "")
        if chat_id is None or file_id >= 2**63 or self._ward().is_closed:
            raise web.HTTPNotFound
        is_shown = await self._memory.read(lambda session: web_thread.shows_file(session, chat_id, file_id))
        file = await self._open_file(file_id) if is_shown else None
        if file is None:
            raise web.HTTPNotFound
        return file_response(file, file_id)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        token = _token(request)
        if not token:
            return web.json_response({"error": texts.say_as(self._ward().book, "page-expired")}, status=403)
        address = visitor_of(request, self._trusted)
        if self._streams[address] >= MOST_STREAMS:
            return web.Response(status=429, headers={"Retry-After": "10"})
        self._streams[address] += 1
        try:
            return await self._stream(request, token)
        finally:
            self._streams[address] -= 1
            if not self._streams[address]:
                del self._streams[address]

    async def _stream(self, request: web.Request, token: str) -> web.StreamResponse:
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        async with sse_response(request, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}) as stream:
            chat_id, language, bell = None, "vi", asyncio.Event()
            told: list[str] | None = None
            try:
                while not self._stopping and stream.is_connected():
                    if chat_id is None:
                        chat_id, language = await self._find(token)
                        if chat_id is not None:
                            self._thread.bells[chat_id].add(bell)
                    bell.clear()
                    if chat_id is not None:
                        messages = await self._thread_of(chat_id, after=after, language=language)
                        for message in messages:
                            await stream.send(json.dumps(message, ensure_ascii=False), id=message["seq"], event="message")
                            after = int(message["seq"])
                        if (messages or told is None) and (of_draft := await self._of_draft(chat_id)) != told:
                            told = of_draft
                            await stream.send(json.dumps({"direction": "draft", "text": "", "of_draft": told}), event="draft")
                    try:
                        # The bell is quick, the look every two seconds is the truth (another process may have answered).
                        await asyncio.wait_for(bell.wait(), timeout=2 if chat_id else 0.7)
                    except TimeoutError:
                        continue
            except ConnectionResetError:
                pass  # The browser left.
            finally:
                if chat_id is not None:
                    self._thread.bells[chat_id].discard(bell)
                    if not self._thread.bells[chat_id]:
                        del self._thread.bells[chat_id]
        return stream

    async def _exit(self, request: web.Request) -> web.Response:
        """Quick exit: whatever else goes wrong, the page is left and the cookie goes. A sent tip stays sent."""
        # Not a redirect: the policy lets a form lead to our own pages only.
        response = web.Response(headers=page_headers() | {"Refresh": f"0; url={SAFE_PAGE}"}, content_type="text/html")
        response.del_cookie(_COOKIE, path="/")
        response.del_cookie(_GONE, path="/")
        try:
            token = _token(request, is_leaving=True)
            form = await _read_form(request, by_script=False)
            self._check_csrf(request, token, form.get("csrf") if isinstance(form, dict) else None)
            if token and (await self._find(token))[0]:
                await self._leave(token)
        except (Refused, MemoryLost, MemoryClosed) as error:
            log.warning("exit_not_cleared", extra={"error": type(error).__name__})
        return response

    async def _leave(self, token: str) -> None:
        """Through the chat's lane, so that whoever is just handling a message cannot bring the words back."""
        leaving = Incoming(kind="left", source=secrets.token_hex(16))
        await self._inbox.arrived(
            Arrival(
                channel=self.name,
                address=token,
                message_id=leaving.source,
                platform_order=moments.now(),
                payload=as_payload(leaving),
                also=web_thread.clear,
            )
        )

    async def _refuse(self, request: web.Request, refusal: Refused, *, by_script: bool) -> web.Response:
        token = _token(request)
        language = (await self._find(token))[1] if token else "vi"
        sentence = texts.say_as(self._ward().book, refusal.key, language, **refusal.values)
        if by_script:
            return web.json_response({"error": sentence}, status=refusal.status)
        return web.Response(text=sentence, status=refusal.status, headers=page_headers())

    async def _thread_of(self, chat_id: int, *, after: int, language: str) -> list[dict[str, Any]]:
        return await self._memory.read(lambda session: web_thread.thread(session, chat_id, after=after, language=language))

    async def _of_draft(self, chat_id: int) -> list[str]:
        """Which messages of the thread can still be taken back, as the browser calls them."""

        def find(session: Session) -> list[str]:
            state = lanes.state_of(session, chat_id)
            hashes = taken_back.hashes_in(state)
            if not hashes:
                return []
            # The thread holds a message a moment before the lane does.
            said = web_thread.own_since(session, chat_id, taken_back.begun_at(state) - moments.MINUTE)
            return [client_id for client_id in said if self._keyed.hash("piece", client_id) in hashes]

        return await self._memory.read(find)

    async def _find(self, token: str) -> tuple[int | None, str]:
        chat_hash = self._keyed.hash("chat", self.name, token)

        def find(session: Session) -> tuple[int | None, str]:
            row = session.execute(select(col(Chat.id), col(Chat.language)).where(col(Chat.chat_hash) == chat_hash)).first()
            return (row.id, row.language) if row else (None, "vi")

        return await self._memory.read(find)

    def _csrf(self, token: str) -> str:
        return self._keyed.hash("csrf", token)

    def _check_csrf(self, request: web.Request, token: str | None, in_form: Any) -> None:
        given = request.headers.get("X-Keng-Csrf") or in_form
        if (
            not token
            or not isinstance(given, str)
            or not secrets.compare_digest(given.encode("utf-8", "replace"), self._csrf(token).encode())
        ):
            raise Refused(403, "page-expired")


async def _read_form(request: web.Request, *, by_script: bool) -> Any:
    try:
        return await request.json() if by_script else dict(await request.post())
    except (ValueError, LookupError, RuntimeError, RecursionError):
        raise Refused(400, "page-unreadable") from None


def _taken(is_new: bool, seq: int, *, by_script: bool) -> web.Response:
    if by_script:
        return web.json_response({"seq": str(seq), "repeat": not is_new})
    return web.Response(status=303, headers={"Location": "/"})


def _label(incoming: Incoming, book: WardBook) -> str:
    """What the resident sees of what they did: their words, or a pressed button by its label's stand-in."""
    if incoming.kind == "location":
        return texts.say_as(book, "place-pin")
    return incoming.text if incoming.kind == "text" else incoming.source_label


def _token(request: web.Request, *, is_leaving: bool = False) -> str | None:
    token = request.cookies.get(_COOKIE, "")
    if _GONE in request.cookies and not is_leaving:
        return None
    return token if re.fullmatch(r"[A-Za-z0-9_-]{32}", token) else None


def _spot(request: web.Request) -> str:
    """The code of a place, from the link or QR code that led here. Without script the person sends it on with a button."""
    code = request.query.get("o", "")
    return code if re.fullmatch(r"[A-Za-z0-9_-]{1,20}", code) else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else 0


def file_response(file: FileToSend, file_id: int) -> web.Response:
    """A picture in the page, a paper as a download; neither stays in the browser's store."""
    is_picture = file.mime.startswith("image/")
    shown = "inline" if is_picture else f'attachment; filename="tep-{file_id % 100_000:05}.pdf"'
    return web.Response(body=file.content, content_type=file.mime, headers=page_headers() | {"Content-Disposition": shown})


def page_headers() -> dict[str, str]:
    return {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def numbered(message: dict[str, Any], duty: str) -> list[tuple[str, str]]:
    """The words of a message in parts, each a number to call or none: the ward's own everywhere, on a card of danger all of them."""
    text: str = message["text"]
    if message["direction"] != "out":
        return [(text, "")]
    ways = [re.escape(duty)] if duty else []
    if "🔴" in text:
        ways.append(r"\b11[1345]\b")
    parts = re.split(f"({'|'.join(ways)})", text) if ways else [text]
    return [("", part) if at % 2 else (part, "") for at, part in enumerate(parts)]


def _below_greeting(messages: list[dict[str, Any]], ward: Ward, language: str) -> list[dict[str, Any]]:
    """Who we are stands above the thread for as long as it lasts, dated as its first message."""
    greeting = _greeting(ward, language)
    if messages:
        greeting |= {"clock": messages[0]["clock"], "day": messages[0].get("day", "")}
    return [greeting, *messages]


def _greeting(ward: Ward, language: str) -> dict[str, Any]:
    """The start, as the router would say it, shown before the first word and stored nowhere."""
    start = router.start_reply(ward, "webchat", language)
    now = moments.now()
    return {
        "seq": "0",
        "direction": "out",
        "client_id": "greeting",
        "clock": moments.clock_face(now),
        "day": moments.day_name(now, language),
        "photo": None,
        "paper": None,
        "text": start.text,
        "buttons": [{"label": button.label, "data": button.data} for button in start.buttons],
        "code": None,
        "asks_place": False,
    }
