"""Zalo's Bot Platform over real HTTP, as strict as what is known of the real one, and as careless with messages: what was given to a
poller is gone, and a webhook that does not answer has lost what was brought to it.

`FakeZaloBot` runs in the loop of the test. Where sources disagree both ways can be switched on: flat and wrapped bodies (`wraps`),
`photo_url` and `photo` (`photo_field`), an empty poll as HTTP 408 or 200 (`empty_status`).

It is kinder in one place, so that tests stay short: a webhook may be plain http on this machine (`only_public` forbids it).
"""

import asyncio
import ipaddress
import json
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web

MOST_TEXT = 2000
MOST_POLL_SECS = 60


class Refusal(Exception):
    def __init__(self, code: int, description: str, *, status: int = 0) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, status or code


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: dict[str, Any]
    at: float
    code: int


@dataclass
class Person:
    """Somebody with Zalo on the phone. A private chat bears the id of its person."""

    fake: "FakeZaloBot"
    id: str
    name: str
    _heard: set[str] = field(default_factory=set)

    async def _send(self, event: str, **content: Any) -> dict[str, Any]:
        return await self.fake.speak(self, {"id": self.id, "chat_type": "PRIVATE"}, event, **content)

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        return await self._send("message.text.received", text=text, **more)

    async def send_photo(self, content: bytes, caption: str = "") -> dict[str, Any]:
        named = {self.fake.photo_field: self.fake.keep_file(content, "jpg", "image/jpeg")}
        return await self._send("message.image.received", message_type="CHAT_PHOTO", **named, **({"caption": caption} if caption else {}))

    async def send_voice(self, content: bytes) -> dict[str, Any]:
        where = self.fake.keep_file(content, "aac", "audio/aac")
        return await self._send("message.voice.received", message_type="CHAT_VOICE", voice_url=where)

    async def send_sticker(self) -> dict[str, Any]:
        return await self._send("message.sticker.received", sticker="stk0000000001", url=f"{self.fake.address}/media/sticker.png")

    async def send_unsupported(self, *, is_named: bool = True) -> None:
        """A video, a file, a position; or somebody whose words the platform keeps back: then not even who it was is told."""
        if is_named:
            await self._send("message.unsupported.received")
        else:
            await self.fake.push({"event_name": "message.unsupported.received"})

    def reads(self) -> list[str]:
        return [str(message.get("text") or message.get("caption", "")) for message in self.fake.sent[self.id]]

    async def hears(self, words: str, timeout: float = 10) -> str:  # noqa: ASYNC109 - the name tests know it by
        """The next message of the bot with these words, each handed out once."""
        deadline = time.monotonic() + timeout
        while True:
            for message in self.fake.sent[self.id]:
                said = str(message.get("text") or message.get("caption", ""))
                if words in said and message["message_id"] not in self._heard:
                    self._heard.add(message["message_id"])
                    return said
            if not await self.fake.rings_before(deadline):
                raise AssertionError(f"never heard {words!r}; read: {self.reads()}")


@dataclass
class Group:
    """A group with the bot in it. The bot is told only of what mentions it or answers it."""

    fake: "FakeZaloBot"
    id: str

    async def say(self, person: Person, text: str) -> None:
        if f"@{self.fake.name}" in text:
            await self.fake.speak(person, {"id": self.id, "chat_type": "GROUP"}, "message.text.received", text=text)

    def reads(self) -> list[str]:
        return [str(message["text"]) for message in self.fake.sent[self.id]]


class FakeZaloBot:
    def __init__(self, token: str = "12345689:fake-zalo-token-for-tests") -> None:
        self.token, self.bot_id, self.name, self.address = token, "1000000000000000001", "Bot Kẻng", ""
        self.heard: list[Call] = []
        self.sent: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.known: set[str] = set()
        self.wraps, self.photo_field, self.empty_status = False, "photo_url", 408
        self.delay_secs, self.outage, self.fail_files, self.only_public = 0.0, False, False, False
        self.lose_answers = self.fail_403 = self.rate_limit = self.repeat_updates = 0
        self.lost: list[dict[str, Any]] = []  # What nobody will ever bring again.
        self.webhook_url, self.webhook_secret, self.verifies = "", "", True
        self._files: dict[str, tuple[bytes, str]] = {}
        self._queue: list[dict[str, Any]] = []
        self._polls = 0
        self._count = 0
        self._random = random.Random(7)
        self._event = asyncio.Event()
        self._posting: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.add_routes([web.route("*", "/bot{token}/{method}", self._call), web.get("/media/{name}", self._download)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession()

    async def stop(self) -> None:
        for task in self._posting:
            task.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()

    # -- people ------------------------------------------------------------------------------------------------------

    def person(self, name: str = "Lan") -> Person:
        return Person(self, self._hex("feed"), name)

    def group(self) -> Group:
        group = Group(self, f"zgr-{self._hex('face')}")
        self.known.add(group.id)
        return group

    async def speak(self, who: Person, chat: dict[str, Any], event: str, **content: Any) -> dict[str, Any]:
        self.known.add(chat["id"])
        sender = {"id": who.id, "display_name": who.name, "is_bot": False}
        message = {"from": sender, "chat": chat, "message_id": self._hex("dead"), "date": int(time.time() * 1000), **content}
        await self.push({"event_name": event, "message": message})
        return message

    async def push(self, update: dict[str, Any]) -> None:
        if not self.webhook_url:
            self._queue += [update] * (1 + self.repeat_updates)
            self._ring()
            return
        for _ in range(1 + self.repeat_updates):
            task = asyncio.create_task(self._post(update))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)

    async def _post(self, update: dict[str, Any]) -> None:
        """Once: nobody has documented that anything is brought again."""
        assert self._http is not None
        body = {"ok": True, "result": update} if self.wraps else update
        headers = {"X-Bot-Api-Secret-Token": self.webhook_secret, "Content-Type": "application/json"}
        try:
            async with self._http.post(self.webhook_url, data=json.dumps(body), headers=headers) as answer:
                if answer.status != 200:
                    self.lost.append(update)
        except (aiohttp.ClientError, OSError):
            self.lost.append(update)

    async def wait_until_delivered(self) -> None:
        """By webhook."""
        while self._posting:
            await asyncio.wait(self._posting)

    def keep_file(self, content: bytes, ending: str, mime: str) -> str:
        name = f"{self._hex('beef')}.{ending}"
        self._files[name] = (content, mime)
        return f"{self.address}/media/{name}"

    def _hex(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._random.getrandbits(32):08x}{self._count:08x}"

    def _ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def rings_before(self, deadline: float) -> bool:
        try:
            await asyncio.wait_for(self._event.wait(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return False
        return True

    # -- the API -----------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await _params_of(request)
        try:
            if self.outage:
                raise Refusal(502, "Bad Gateway")
            if request.match_info["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            if self.delay_secs and method != "getUpdates":
                await asyncio.sleep(self.delay_secs)
            if method not in _METHODS:
                raise Refusal(400, "Bad Request: unknown method")
            if method in _SENDS:
                self._limit()
            result = await _METHODS[method](self, params, request)
        except Refusal as refusal:
            if method != "getUpdates":
                self.heard.append(Call(method, params, time.monotonic(), refusal.code))
            if refusal.code == 502:
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            body = {"ok": False, "description": refusal.description, "error_code": refusal.code}
            return web.json_response(body, status=refusal.status)
        if method != "getUpdates":
            self.heard.append(Call(method, params, time.monotonic(), 0))
        if self.lose_answers and method in _SENDS:
            self.lose_answers -= 1
            if request.transport:
                request.transport.abort()
        return web.json_response({"ok": True, "error_code": 0, **({} if result is None else {"result": result})})

    def _limit(self) -> None:
        if self.fail_403:
            self.fail_403 -= 1
            raise Refusal(403, "Internal server error")
        if self.rate_limit:
            self.rate_limit -= 1
            raise Refusal(429, "Quota exceeded")

    async def _get_me(self, _params: dict[str, Any], _request: web.Request) -> Any:
        return {"id": self.bot_id, "account_name": self.name, "account_type": "BASIC", "can_join_groups": False}

    async def _get_updates(self, params: dict[str, Any], request: web.Request) -> Any:
        """One update, gone with the answer; no offset, and one poller."""
        if self.webhook_url:
            raise Refusal(400, "Bad Request: webhook is set")
        if self._polls:
            raise Refusal(409, "Conflict")
        self._polls += 1
        try:
            deadline = time.monotonic() + min(MOST_POLL_SECS, float(params.get("timeout") or 0))
            while not self._queue and time.monotonic() < deadline and not self.webhook_url:
                await self.rings_before(min(deadline, time.monotonic() + 0.2))
                if request.transport is None or request.transport.is_closing():
                    raise Refusal(408, "Request timeout")  # Whoever asked has gone.
            if self.outage:
                raise Refusal(502, "Bad Gateway")
            if not self._queue:
                raise Refusal(408, "Request timeout", status=self.empty_status)
            return self._queue.pop(0)
        finally:
            self._polls -= 1

    async def _send_message(self, params: dict[str, Any], _request: web.Request) -> Any:
        text = params.get("text")
        if not isinstance(text, str) or not 1 <= len(text.encode("utf-16-le")) // 2 <= MOST_TEXT:
            raise Refusal(400, "Bad Request: text must have 1 to 2000 characters")
        return self._say(params, text=text)

    async def _send_photo(self, params: dict[str, Any], _request: web.Request) -> Any:
        if urlsplit(str(params.get("photo", ""))).scheme not in ("http", "https"):
            raise Refusal(400, "Bad Request: photo must be a URL")
        caption = params.get("caption")
        if caption is not None and not 1 <= len(str(caption)) <= MOST_TEXT:
            raise Refusal(400, "Bad Request: caption must have 1 to 2000 characters")
        return self._say(params, photo=params["photo"], **({"caption": caption} if caption else {}))

    def _say(self, params: dict[str, Any], **content: Any) -> dict[str, Any]:
        chat_id = self._chat_of(params)
        message = {"message_id": self._hex("dead"), "date": int(time.time() * 1000)}
        self.sent[chat_id].append({**message, **content})
        self._ring()
        return message

    def _chat_of(self, params: dict[str, Any]) -> str:
        """A bot cannot open a conversation."""
        chat_id = params.get("chat_id")
        if not isinstance(chat_id, str) or not chat_id:
            raise Refusal(400, "Bad Request: chat_id is empty")
        if chat_id not in self.known:
            raise Refusal(404, "Not Found")
        return chat_id

    async def _chat_action(self, params: dict[str, Any], _request: web.Request) -> Any:
        self._chat_of(params)
        if params.get("action") != "typing":
            raise Refusal(400, "Bad Request: action")
        return None

    async def _set_webhook(self, params: dict[str, Any], _request: web.Request) -> Any:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if not 8 <= len(secret) <= 256:
            raise Refusal(400, "Bad Request: secret_token must have 8 to 256 characters")
        if urlsplit(url).scheme not in ("http", "https") or (self.only_public and not _is_public(url)):
            raise Refusal(400, "Bad Request: url must be public HTTPS")
        self.webhook_url, self.webhook_secret = url, secret
        result: dict[str, Any] = {"url": url, "updated_at": int(time.time() * 1000)}
        return result | {"verification": {"ok": self.verifies, "hint": "" if self.verifies else "no answer"}}

    async def _delete_webhook(self, _params: dict[str, Any], _request: web.Request) -> Any:
        self.webhook_url = self.webhook_secret = ""
        return {"url": ""}

    async def _webhook_info(self, _params: dict[str, Any], _request: web.Request) -> Any:
        if not self.webhook_url:
            raise Refusal(404, "Not Found")
        return {"url": self.webhook_url, "updated_at": int(time.time() * 1000)}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        found = self._files.get(request.match_info["name"])
        if self.outage or self.fail_files or found is None:
            return web.Response(status=502 if self.outage else 404)
        return web.Response(body=found[0], content_type=found[1])


_METHODS: dict[str, Callable[[FakeZaloBot, dict[str, Any], web.Request], Awaitable[Any]]] = {
    "getMe": FakeZaloBot._get_me,
    "getUpdates": FakeZaloBot._get_updates,
    "sendMessage": FakeZaloBot._send_message,
    "sendPhoto": FakeZaloBot._send_photo,
    "sendChatAction": FakeZaloBot._chat_action,
    "setWebhook": FakeZaloBot._set_webhook,
    "deleteWebhook": FakeZaloBot._delete_webhook,
    "getWebhookInfo": FakeZaloBot._webhook_info,
}
_SENDS = {"sendMessage", "sendPhoto"}


async def _params_of(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    raw = await request.read()
    if not raw:
        return params
    if request.content_type != "application/json":
        return params | dict(parse_qsl(raw.decode()))
    try:
        body = json.loads(raw)
    except ValueError:
        return params
    return params | body if isinstance(body, dict) else params


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    try:
        is_open = ipaddress.ip_address(parts.hostname or "").is_global
    except ValueError:
        is_open = parts.hostname not in (None, "localhost")
    return parts.scheme == "https" and is_open
