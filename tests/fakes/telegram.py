"""Telegram's Bot API over real HTTP, as strict as the real one: it refuses what Telegram refuses, with Telegram's own words.

For tests it runs in the same loop (`FakeTelegram`); for crash tests and the bench as a process of its own
(`python -m tests.fakes.telegram --port 0 --token 42:T --delay-ms 40`), steered over `/control/…`.
"""

import argparse
import asyncio
import contextlib
import json
import random
import resource
import signal
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import aiohttp
from aiohttp import web

MOST_FILE_BYTES = 20 * 1024 * 1024
_ONE_GETUPDATES = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: dict[str, Any]
    at: float
    status: int


@dataclass
class Person:
    """Somebody with Telegram on the phone. Private chats bear the id of their person."""

    fake: "FakeTelegram"
    id: int
    name: str
    username: str | None = None
    _heard: set[int] = field(default_factory=set)

    @property
    def chat_id(self) -> int:
        return self.id

    def _from(self) -> dict[str, Any]:
        who: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}
        return who | ({"username": self.username} if self.username else {})

    def _chat(self) -> dict[str, Any]:
        who = self._from()
        return {key: who[key] for key in ("id", "first_name", "username") if key in who} | {"type": "private"}

    async def _send(self, *, date: int | None = None, **content: Any) -> dict[str, Any]:
        return await self.fake.speak(self._from(), self._chat(), date=date, **content)

    async def say(self, text: str, *, date: int | None = None) -> dict[str, Any]:
        return await self._send(date=date, text=text, **_entities(text))

    async def press(self, label_or_data: str) -> None:
        shown: list[str] = []
        for message in reversed(self.read_messages()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    shown.append(f"{button['text']} ({button['callback_data']})")
                    if label_or_data in (button["text"], button["callback_data"]):
                        await self.fake.push_press(self._from(), message, button["callback_data"])
                        return
            if shown:
                break
        raise AssertionError(f"no button {label_or_data!r}; shown are {shown}")

    async def send_photo(self, content: bytes, caption: str = "", *, media_group_id: str | None = None) -> dict[str, Any]:
        small, large = (self.fake.keep_file(content, f"photos/{size}") for size in ("s", "x"))
        sizes = [{**small, "width": 90, "height": 68}, {**large, "width": 1280, "height": 960}]
        return await self._send(photo=sizes, **_some(caption=caption, media_group_id=media_group_id))

    async def send_document(self, content: bytes, *, name: str, mime: str, caption: str = "") -> dict[str, Any]:
        document = {**self.fake.keep_file(content, "documents/f"), "file_name": name, "mime_type": mime}
        return await self._send(document=document, **_some(caption=caption))

    async def send_voice(self, content: bytes, duration: int = 3) -> dict[str, Any]:
        return await self._send(voice={**self.fake.keep_file(content, "voice/f"), "duration": duration, "mime_type": "audio/ogg"})

    async def send_location(self, latitude: float, longitude: float) -> dict[str, Any]:
        return await self._send(location={"latitude": latitude, "longitude": longitude})

    async def send_sticker(self) -> dict[str, Any]:
        sticker = {**self.fake.keep_file(b"RIFF", "stickers/f"), "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._send(sticker=sticker | {"type": "regular"})

    async def edit(self, message_id: int, text: str) -> None:
        message = self.fake.find_message(self.id, message_id)
        message |= {"text": text, "edit_date": int(time.time())}
        await self.fake.push({"edited_message": {**message}})

    async def block(self) -> None:
        self.fake.blocked.add(self.id)
        await self.fake.push_membership(self._from(), self._chat(), "kicked")

    async def unblock(self) -> None:
        self.fake.blocked.discard(self.id)
        await self.fake.push_membership(self._from(), self._chat(), "member")

    def read_messages(self) -> list[dict[str, Any]]:
        return [message for message in self.fake.messages[self.id] if message["from"]["is_bot"]]

    def reads(self) -> list[str]:
        return [message["text"] for message in self.read_messages()]

    async def hears(self, words: str, timeout_secs: float = 10) -> str:
        """The next message of the bot with these words, each handed out once."""
        deadline = time.monotonic() + timeout_secs
        while True:
            for message in self.read_messages():
                if words in message["text"] and message["message_id"] not in self._heard:
                    self._heard.add(message["message_id"])
                    return str(message["text"])
            if not await self.fake.something_new(deadline - time.monotonic()):
                raise AssertionError(f"never heard {words!r}; read: {self.reads()}")


@dataclass
class Group:
    fake: "FakeTelegram"
    chat_id: int
    title: str

    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "group" if self.chat_id > -(10**12) else "supergroup", "title": self.title}

    async def say(self, person: Person, text: str, *, reply_to: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self.fake.speak(person._from(), self._chat(), text=text, **_entities(text), **_some(reply_to_message=reply_to))

    async def migrate(self) -> int:
        old, self.chat_id = self.chat_id, -(10**12) + self.chat_id
        self.fake.migrated[old] = self.chat_id
        self.fake.known.add(self.chat_id)
        return self.chat_id

    def reads(self) -> list[str]:
        return [message["text"] for message in self.fake.messages[self.chat_id] if message["from"]["is_bot"]]


class FakeTelegram:
    def __init__(self, token: str = "42:fake-token-for-tests") -> None:
        self.token, self.username, self.bot_id = token, "keng_bot", int(token.split(":")[0])
        self.address = ""
        self.heard: list[Call] = []
        self.messages: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        self.known: set[int] = set()
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.delay_secs, self.outage, self.fail_files = 0.0, False, False
        self.lose_answers = self.rate_limit = self.repeat_updates = 0
        self.rate_limit_secs = 1
        self.shuffle_updates = False
        self.webhook_url, self.webhook_secret = "", ""
        self._files: dict[str, tuple[bytes, str]] = {}
        self._presses: set[str] = set()
        self._queue: list[dict[str, Any]] = []  # What getUpdates has not been told to forget.
        self._posting: set[asyncio.Task[None]] = set()
        self._held: list[dict[str, Any]] = []
        self._count = 1000
        self._poll: asyncio.Task[Any] | None = None
        self._news = asyncio.Event()
        self._random = random.Random(7)
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._call),
                web.get("/file/bot{token}/{path:.+}", self._download),
                web.post("/control/update", self._control_update),
                web.get("/control/calls", self._control_calls),
                web.post("/control/file", self._control_file),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40))

    async def stop(self) -> None:
        for task in self._posting:
            task.cancel()
        await asyncio.gather(*self._posting, return_exceptions=True)
        if self._poll:
            self._poll.cancel()
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()

    # -- people --------------------------------------------------------------------------------------------------

    def person(self, name: str = "Lan", *, user_id: int | None = None, username: str | None = None) -> Person:
        return Person(self, user_id or self._next() + 700_000, name, username)

    def group(self, title: str) -> Group:
        group = Group(self, -self._next(), title)
        self.known.add(group.chat_id)
        return group

    async def speak(self, who: dict[str, Any], chat: dict[str, Any], *, date: int | None = None, **content: Any) -> dict[str, Any]:
        self.known.add(chat["id"])
        message = {"message_id": self._next(), "from": who, "chat": chat, "date": date or int(time.time()), **content}
        self.messages[chat["id"]].append(message)
        await self.push({"message": {**message}})
        return message

    async def push_press(self, who: dict[str, Any], message: dict[str, Any], data: str) -> None:
        press_id = str(self._next())
        self._presses.add(press_id)
        await self.push(
            {
                "callback_query": {
                    "id": press_id,
                    "from": who,
                    "message": {**message},
                    "chat_instance": str(message["chat"]["id"]),
                    "data": data,
                }
            }
        )

    async def push_membership(self, who: dict[str, Any], chat: dict[str, Any], status: str) -> None:
        bot = {"id": self.bot_id, "is_bot": True, "first_name": "Kẻng", "username": self.username}
        new = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        old = {"user": bot, "status": "member"}
        await self.push(
            {"my_chat_member": {"chat": chat, "from": who, "date": int(time.time()), "old_chat_member": old, "new_chat_member": new}}
        )

    def keep_file(self, content: bytes, path: str) -> dict[str, Any]:
        number = self._next()
        file_id = f"AgAC{number:08}"
        self._files[file_id] = (content, f"{path}_{number}")
        return {"file_id": file_id, "file_unique_id": f"u{number}", "file_size": len(content)}

    def find_message(self, chat_id: int, message_id: int) -> dict[str, Any]:
        return next(message for message in self.messages[chat_id] if message["message_id"] == message_id)

    async def something_new(self, timeout_secs: float) -> bool:
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), max(0.0, timeout_secs))
        except TimeoutError:
            return False
        return True

    def _next(self) -> int:
        self._count += 1
        return self._count

    # -- updates -------------------------------------------------------------------------------------------------

    async def push(self, update: dict[str, Any]) -> None:
        update = {"update_id": self._next()} | update
        if not self.webhook_url:
            self._queue.append(update)
            self._news.set()
            return
        copies = [update] * (1 + self.repeat_updates)
        if not self.shuffle_updates:
            for copy in copies:
                self._post_later(copy)
            return
        self._held += copies
        if len(self._held) == len(copies):
            self._track(asyncio.create_task(self._post_shuffled()))

    async def _post_shuffled(self) -> None:
        await asyncio.sleep(0.03)
        held, self._held = self._held, []
        self._random.shuffle(held)
        for update in held:
            self._post_later(update)

    def _post_later(self, update: dict[str, Any]) -> None:
        self._track(asyncio.create_task(self._post(update)))

    def _track(self, task: "asyncio.Task[None]") -> None:
        self._posting.add(task)
        task.add_done_callback(self._posting.discard)

    async def _post(self, update: dict[str, Any]) -> None:
        """Again and again until it is answered 2xx, as Telegram does for hours."""
        assert self._http is not None
        for attempt in range(10_000):
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook_secret} if self.webhook_secret else {}
                async with self._http.post(self.webhook_url, json=update, headers=headers, timeout=aiohttp.ClientTimeout(10)) as answer:
                    if answer.status < 300:
                        self._news.set()
                        return
            await asyncio.sleep(min(0.5, 0.1 * (attempt + 1)))

    async def wait_until_delivered(self, timeout_secs: float = 10) -> None:
        deadline = time.monotonic() + timeout_secs
        while self._posting or self._queue or self._held:
            if time.monotonic() > deadline:
                raise AssertionError("updates were not taken")
            await asyncio.sleep(0.01)

    # -- the API -------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if self.outage:
            return web.Response(status=502, text="<html><body>Bad Gateway</body></html>", content_type="text/html")
        method = request.match_info["method"].lower()
        if request.match_info["token"] != self.token:
            return _answer_refusal(Refusal(401, "Unauthorized"))
        handler = _METHODS.get(method)
        if handler is None:
            return _answer_refusal(Refusal(404, "Not Found"))
        params = await _read_params(request)
        if method != "getupdates" and self.delay_secs:
            await asyncio.sleep(self.delay_secs)
        try:
            if method in _SENDS and self.rate_limit:
                self.rate_limit -= 1
                raise Refusal(429, f"Too Many Requests: retry after {self.rate_limit_secs}", retry_after=self.rate_limit_secs)
            result = await handler(self, params)
        except Refusal as refusal:
            self._note(method, params, refusal.status)
            return _answer_refusal(refusal)
        self._note(method, params, 200)
        if method in _SENDS and self.lose_answers:
            self.lose_answers -= 1
            if request.transport:
                request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    def _note(self, method: str, params: dict[str, Any], status: int) -> None:
        if method != "getupdates":
            self.heard.append(Call(method, params, time.monotonic(), status))
        self._news.set()

    def _chat_of(self, params: dict[str, Any]) -> int:
        try:
            chat_id = int(params["chat_id"])
        except (KeyError, ValueError):
            raise Refusal(400, "Bad Request: chat_id is empty" if not params.get("chat_id") else "Bad Request: chat not found") from None
        if chat_id in self.migrated:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated[chat_id],
            )
        if chat_id not in self.known:
            raise Refusal(400, "Bad Request: chat not found")
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat_id

    async def _get_me(self, _params: dict[str, Any]) -> Any:
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Kẻng",
            "username": self.username,
            "can_join_groups": True,
            "can_read_all_group_messages": True,
            "supports_inline_queries": False,
        }

    async def _send_message(self, params: dict[str, Any]) -> Any:
        chat_id = self._chat_of(params)
        text = _checked_text(params.get("text", ""), 4096, "message text is empty", "message is too long", params.get("parse_mode"))
        return self._speak_as_bot(chat_id, {"text": text, **_some(reply_markup=_checked_markup(params.get("reply_markup")))})

    async def _send_photo(self, params: dict[str, Any]) -> Any:
        chat_id = self._chat_of(params)
        caption = params.get("caption", "")
        if _units(caption) > 1024:
            raise Refusal(400, "Bad Request: message caption is too long")
        sent = params.get("photo")
        if not isinstance(sent, bytes) and sent not in self._files:
            raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        photo = [{**self.keep_file(sent if isinstance(sent, bytes) else self._files[str(sent)][0], "photos/b"), "width": 1, "height": 1}]
        markup = _checked_markup(params.get("reply_markup"))
        return self._speak_as_bot(chat_id, {"photo": photo, **_some(caption=caption, reply_markup=markup)})

    def _speak_as_bot(self, chat_id: int, content: dict[str, Any]) -> dict[str, Any]:
        bot = {"id": self.bot_id, "is_bot": True, "first_name": "Kẻng", "username": self.username}
        chat = {"id": chat_id, "type": "private", "first_name": "x"} if chat_id > 0 else {"id": chat_id, "type": "group", "title": "x"}
        message = {"message_id": self._next(), "from": bot, "chat": chat, "date": int(time.time()), **content}
        self.messages[chat_id].append(message)
        if "inline_keyboard" not in message.get("reply_markup", {}):  # Only inline keyboards come back in the answer.
            return {key: value for key, value in message.items() if key != "reply_markup"}
        return message

    async def _edit_text(self, params: dict[str, Any]) -> Any:
        chat_id = self._chat_of(params)
        text = _checked_text(params.get("text", ""), 4096, "message text is empty", "message is too long", params.get("parse_mode"))
        try:
            message = self.find_message(chat_id, int(params.get("message_id", 0)))
        except (StopIteration, ValueError):
            raise Refusal(400, "Bad Request: message to edit not found") from None
        markup = _checked_markup(params.get("reply_markup"))
        if message.get("text") == text and message.get("reply_markup") == markup:
            raise Refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same")
        message.update(text=text, **_some(reply_markup=markup))
        return message

    async def _answer_press(self, params: dict[str, Any]) -> Any:
        if params.get("callback_query_id") not in self._presses:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._presses.discard(str(params["callback_query_id"]))
        return True

    async def _get_updates(self, params: dict[str, Any]) -> Any:
        if self.webhook_url:
            raise Refusal(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        if self._poll and not self._poll.done():
            self._poll.cancel()
        self._poll = asyncio.create_task(self._wait_for_updates(params))
        try:
            return await self._poll
        except asyncio.CancelledError:
            raise Refusal(409, _ONE_GETUPDATES) from None

    async def _wait_for_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        offset, limit = int(params.get("offset") or 0), int(params.get("limit") or 100)
        self._queue = [update for update in self._queue if update["update_id"] >= offset]
        deadline = time.monotonic() + float(params.get("timeout") or 0)
        while not self._queue and await self.something_new(deadline - time.monotonic()):
            pass
        return self._queue[:limit]

    async def _set_webhook(self, params: dict[str, Any]) -> Any:
        self.webhook_url, self.webhook_secret = str(params.get("url", "")), str(params.get("secret_token", ""))
        waiting, self._queue = self._queue, []
        for update in waiting:
            await self.push(update)
        return True

    async def _delete_webhook(self, params: dict[str, Any]) -> Any:
        self.webhook_url = ""
        if params.get("drop_pending_updates") in ("true", True):
            self._queue = []
        return True

    async def _get_file(self, params: dict[str, Any]) -> Any:
        file_id = str(params.get("file_id", ""))
        if file_id not in self._files:
            raise Refusal(400, "Bad Request: invalid file_id")
        content, path = self._files[file_id]
        if len(content) > MOST_FILE_BYTES:
            raise Refusal(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content), "file_path": f"{path}/{file_id}"}

    async def _nothing_to_do(self, _params: dict[str, Any]) -> Any:
        return True

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if self.outage:
            return web.Response(status=502)
        if self.delay_secs:
            await asyncio.sleep(self.delay_secs)
        found = self._files.get(request.match_info["path"].rsplit("/", 1)[-1])
        if self.fail_files or found is None or request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=found[0], content_type="application/octet-stream")

    # -- for drivers in other processes ----------------------------------------------------------------------------

    async def _control_update(self, request: web.Request) -> web.Response:
        update = await request.json()
        for name in ("message", "callback_query"):
            if name in update:
                holder = update[name]["message"] if name == "callback_query" else update[name]
                self.known.add(holder["chat"]["id"])
        if "callback_query" in update:
            self._presses.add(update["callback_query"]["id"])
        await self.push(update)
        return web.json_response({})

    async def _control_calls(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        wanted = request.query.get("method", "sendmessage").lower()
        if len(self.heard) <= after:
            await self.something_new(1.0)
        found = [
            {"chat_id": call.params.get("chat_id"), "text": call.params.get("text", ""), "at": call.at}
            for call in self.heard[after:]
            if call.method == wanted and call.status == 200
        ]
        return web.json_response({"calls": found, "next": len(self.heard)})

    async def _control_file(self, request: web.Request) -> web.Response:
        return web.json_response(self.keep_file(await request.read(), "photos/c"))


_METHODS = {
    "getme": FakeTelegram._get_me,
    "sendmessage": FakeTelegram._send_message,
    "sendphoto": FakeTelegram._send_photo,
    "editmessagetext": FakeTelegram._edit_text,
    "answercallbackquery": FakeTelegram._answer_press,
    "getupdates": FakeTelegram._get_updates,
    "setwebhook": FakeTelegram._set_webhook,
    "deletewebhook": FakeTelegram._delete_webhook,
    "getfile": FakeTelegram._get_file,
    "setmycommands": FakeTelegram._nothing_to_do,
    "sendchataction": FakeTelegram._nothing_to_do,
}
_SENDS = {"sendmessage", "sendphoto", "editmessagetext"}


async def _read_params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body: dict[str, Any] = await request.json()
        return params | body
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return params | {key: value.file.read() if isinstance(value, web.FileField) else value for key, value in form.items()}
    return params | dict(await request.post())


def _answer_refusal(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.status)


def _checked_text(given: Any, most: int, empty: str, too_long: str, parse_mode: Any) -> str:
    text = str(given)
    if not text.strip():
        raise Refusal(400, f"Bad Request: {empty}")
    if any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise Refusal(400, "Bad Request: strings must be encoded in UTF-8")
    if parse_mode == "HTML":
        text = _plain_of_html(text)
    if _units(text) > most:
        raise Refusal(400, f"Bad Request: {too_long}")
    return text


def _plain_of_html(text: str) -> str:
    allowed = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "tg-spoiler", "blockquote"}
    plain: list[str] = []
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _attrs: Any) -> None:
            if tag not in allowed:
                raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
            opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if not opened or opened.pop() != tag:
                raise Refusal(400, "Bad Request: can't parse entities: Unexpected end tag")

        def handle_data(self, data: str) -> None:
            plain.append(data)

    reader = Reader()
    reader.feed(text)
    reader.close()
    if opened:
        raise Refusal(400, f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    return "".join(plain)


def _checked_markup(raw: Any) -> dict[str, Any] | None:
    if not raw:
        return None
    try:
        markup: dict[str, Any] = json.loads(raw) if isinstance(raw, str) else raw
    except ValueError:
        raise Refusal(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if len(buttons) > 100:
        raise Refusal(400, "Bad Request: reply markup is too long")
    for button in buttons:
        if not button.get("text"):
            raise Refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _entities(text: str) -> dict[str, Any]:
    if text.startswith("/"):
        return {"entities": [{"type": "bot_command", "offset": 0, "length": _units(text.split()[0])}]}
    at = text.find("@")
    if at >= 0:
        word = text[at:].split()[0]
        return {"entities": [{"type": "mention", "offset": _units(text[:at]), "length": _units(word)}]}
    return {}


def _some(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


async def _serve(arguments: argparse.Namespace) -> None:
    fake = FakeTelegram(arguments.token)
    fake.delay_secs = arguments.delay_ms / 1000
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await fake.start(arguments.port)
    fake.webhook_url, fake.webhook_secret = arguments.webhook, arguments.secret
    print(f"ready {fake.address}", flush=True)
    await stop.wait()
    await fake.stop()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu_secs": usage.ru_utime + usage.ru_stime}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake of Telegram's Bot API on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="42:fake-token-for-tests")
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--webhook", default="")
    parser.add_argument("--secret", default="")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
