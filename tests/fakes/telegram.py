"""Telegram's Bot API over real HTTP, as strict as the real one: it refuses what Telegram refuses, with Telegram's own words.

For tests it runs in the same loop (`FakeTelegram`); for crash tests and the bench as a process of its own
(`python -m tests.fakes.telegram --port 0 --token 42:T --delay-ms 40`), steered over `/control/…`.

It is kinder than Telegram in a few places, so that tests stay short: a webhook may be plain http, a file may be any bytes,
and there is no limit on how often a webhook is set. How fast messages are sent is limited where `per_sec` and `per_group_minute` say so.
"""

import argparse
import asyncio
import contextlib
import html
import json
import random
import re
import resource
import signal
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web

MOST_FILE_BYTES = 20 * 1024 * 1024
MOST_UPLOAD_BYTES = 50 * 1024 * 1024
MOST_POLL_SECS = 50
DELETABLE_SECS = 48 * 3600
_FIRST_PERSON = 7_310_000_000  # As long as real ones: a short number turns up in a random token by chance.
_ONE_GETUPDATES = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_IS_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
_ONLY_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}  # Sent only when allowed_updates names them.
_ACTIONS = {"typing", "record_video", "record_voice", "choose_sticker", "find_location", "record_video_note"} | {
    f"upload_{kind}" for kind in ("photo", "video", "voice", "document", "video_note")
}
_COMMAND_OR_MENTION = re.compile(r"(?<![\w/@])(?:/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?|@[A-Za-z0-9_]{3,32})(?![\w@/])")


class Refusal(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def _bad(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


@dataclass(frozen=True, slots=True)
class Call:
    method: str  # In small letters, as Telegram reads it.
    params: dict[str, Any]
    at: float
    status: int


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    content: bytes = field(repr=False)


class _Bell:
    """Wakes everybody who waits for news, without anybody asking again and again."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def rings_before(self, deadline: float) -> bool:
        self._event.clear()
        try:
            await asyncio.wait_for(self._event.wait(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return False
        return True


class _Poll:
    """One getUpdates that waits. Only one may; whoever comes later ends it."""

    def __init__(self) -> None:
        self.bell = _Bell()
        self.ended_by: str | None = None


@dataclass
class Person:
    """Somebody with Telegram on the phone. Private chats bear the id of their person."""

    fake: "FakeTelegram"
    id: int
    name: str
    username: str | None = None
    _heard: set[tuple[int, str]] = field(default_factory=set)

    @property
    def chat_id(self) -> int:
        return self.id

    def _from(self) -> dict[str, Any]:
        who: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}
        return who | _some(username=self.username)

    def _chat(self) -> dict[str, Any]:
        who = self._from()
        return {key: who[key] for key in ("id", "first_name", "username") if key in who} | {"type": "private"}

    async def _send(self, *, date: int | None = None, **content: Any) -> dict[str, Any]:
        return await self.fake.speak(self._from(), self._chat(), date=date, **content)

    async def say(self, text: str, *, date: int | None = None) -> dict[str, Any]:
        return await self._send(date=date, text=text, **_found_entities(text))

    async def press(self, label_or_data: str) -> None:
        """On the newest message with buttons; those above it have scrolled away."""
        shown: list[str] = []
        for message in reversed(self.read_messages()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    data = button.get("callback_data")
                    shown.append(f"{button['text']} ({data})")
                    if data is not None and label_or_data in (button["text"], data, data.rpartition("~")[0]):
                        return await self.fake.push_press(self._from(), message, data)
            if shown:
                break
        raise AssertionError(f"no button {label_or_data!r}; shown are {shown}")

    async def sends(self, safe: str = "alone") -> None:
        """ "Gửi ngay", by button or typed, and the one question that comes before every receipt."""
        try:
            await self.press("send")
        except AssertionError:
            await self.say("Gửi ngay")
        await self.hears("hay cầm máy")
        await self.press(f"safe:{safe}")

    async def send_photo(self, content: bytes, caption: str = "", *, media_group_id: str | None = None) -> dict[str, Any]:
        # The small one is cut short: a bot that takes the wrong size gets the wrong bytes.
        small = self.fake.keep_file(content[: len(content) // 8 + 1], "photos/s", mime="image/jpeg")
        large = self.fake.keep_file(content, "photos/x", mime="image/jpeg")
        sizes = [{**small, "width": 90, "height": 68}, {**large, "width": 1280, "height": 960}]
        return await self._send(photo=sizes, **_some(media_group_id=media_group_id), **_captioned(caption))

    async def send_document(self, content: bytes, *, name: str, mime: str, caption: str = "") -> dict[str, Any]:
        document = {**self.fake.keep_file(content, "documents/f", name=name, mime=mime), "file_name": name, "mime_type": mime}
        return await self._send(document=document, **_captioned(caption))

    async def send_voice(self, content: bytes, duration: int = 3) -> dict[str, Any]:
        voice = self.fake.keep_file(content, "voice/f", mime="audio/ogg")
        return await self._send(voice={**voice, "duration": duration, "mime_type": "audio/ogg"})

    async def send_location(self, latitude: float, longitude: float) -> dict[str, Any]:
        return await self._send(location={"latitude": latitude, "longitude": longitude})

    async def send_contact(self, phone: str, name: str, *, whose: "Person | None" = None) -> dict[str, Any]:
        return await self._send(contact={"phone_number": phone, "first_name": name, "user_id": (whose or self).id})

    async def send_sticker(self) -> dict[str, Any]:
        sticker = {**self.fake.keep_file(b"RIFF", "stickers/f"), "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._send(sticker=sticker | {"type": "regular", "emoji": "👍"})

    async def edit(self, message_id: int, text: str) -> None:
        message = self.fake.find_message(self.id, message_id)
        message.pop("entities", None)
        message |= {"text": text, "edit_date": int(time.time()), **_found_entities(text)}
        await self.fake.push({"edited_message": {**message}})

    async def block(self) -> None:
        self.fake.blocked.add(self.id)
        await self.fake.push_membership(self._from(), self._chat(), "kicked", was="member")

    async def unblock(self) -> None:
        self.fake.blocked.discard(self.id)
        await self.fake.push_membership(self._from(), self._chat(), "member", was="kicked")

    def read_messages(self) -> list[dict[str, Any]]:
        return [message for message in self.fake.messages[self.id] if message["from"]["is_bot"]]

    def reads(self) -> list[str]:
        return [_words_of(message) for message in self.read_messages()]

    async def hears(self, words: str, timeout: float = 10) -> str:  # noqa: ASYNC109 - the name tests know it by
        """The next message of the bot with these words, each handed out once."""
        deadline = time.monotonic() + timeout
        while True:
            for message in self.read_messages():
                said = (message["message_id"], _words_of(message))  # A message that is rewritten says something new.
                if words in said[1] and said not in self._heard:
                    self._heard.add(said)
                    return said[1]
            if not await self.fake.ear_of(self.id).rings_before(deadline):
                raise AssertionError(f"never heard {words!r}; read: {self.reads()}")


@dataclass
class Group:
    """A group with the bot in it. Making one tells the bot nothing."""

    fake: "FakeTelegram"
    chat_id: int
    title: str
    members: tuple[Person, ...] = ()
    privacy: bool = False

    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "group" if self.chat_id > -(10**12) else "supergroup", "title": self.title}

    async def say(self, person: Person, text: str, *, reply_to: int | None = None) -> dict[str, Any]:
        content: dict[str, Any] = {"text": text, **_found_entities(text)}
        if reply_to is not None:
            content["reply_to_message"] = _without_reply(self.fake.find_message(self.chat_id, reply_to))
        quietly = self.chat_id in self.fake.gone or ((self.privacy or self.fake.privacy) and not self._is_for_the_bot(content))
        return await self.fake.speak(person._from(), self._chat(), quietly=quietly, **content)

    def _is_for_the_bot(self, content: dict[str, Any]) -> bool:
        """Privacy mode lets through commands, mentions of the bot and replies to it."""
        if content.get("reply_to_message", {}).get("from", {}).get("id") == self.fake.bot_id:
            return True
        units = str(content["text"]).encode("utf-16-le")
        for entity in content.get("entities", []):
            word = units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            addressed = word.partition("@")[2].lower()
            if addressed == self.fake.username.lower() or (entity["type"] == "bot_command" and not addressed):
                return True
        return False

    async def migrate(self) -> int:
        old_chat, old = self._chat(), self.chat_id
        self.chat_id = -(10**12) + old
        self.fake.migrated[old] = self.chat_id
        who = self._somebody()
        await self.fake.speak(who, old_chat, migrate_to_chat_id=self.chat_id)
        await self.fake.speak(who, self._chat(), migrate_from_chat_id=old)
        return self.chat_id

    async def rename(self, title: str) -> None:
        self.title = title
        await self.fake.speak(self._somebody(), self._chat(), new_chat_title=title)

    async def mute_bot(self, is_muted: bool = True) -> None:
        """By name, as the group's admins may; where everybody is muted (`permissions`) no bot is told."""
        self.fake.muted.add(self.chat_id) if is_muted else self.fake.muted.discard(self.chat_id)
        was, now = ("member", "restricted") if is_muted else ("restricted", "member")
        await self.fake.push_membership(self._somebody(), self._chat(), now, was=was)

    async def let_bot_in(self) -> None:
        self.fake.gone.pop(self.chat_id, None)
        await self.fake.push_membership(self._somebody(), self._chat(), "member", was="left")

    async def kick_bot(self) -> None:
        self.fake.gone[self.chat_id] = f"bot was kicked from the {self._chat()['type']} chat"
        await self.fake.push_membership(self._somebody(), self._chat(), "kicked", was="member")

    def _somebody(self) -> dict[str, Any]:
        return (self.members[0] if self.members else self.fake.person())._from()

    def reads(self) -> list[str]:
        return [_words_of(message) for message in self.fake.messages[self.chat_id] if message["from"]["is_bot"]]


class FakeTelegram:
    def __init__(self, token: str = "42:fake-token-for-tests") -> None:
        self.token, self.username, self.bot_id = token, "keng_bot", int(token.split(":")[0])
        self.address = ""
        self.heard: list[Call] = []
        self.messages: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        self.known: set[int] = set()
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.muted: set[int] = set()
        self.people: dict[int, int] = {}  # How many are in a group, the bot among them.
        self.gone: dict[int, str] = {}  # Groups the bot is no longer in, and why.
        self.delay_secs, self.outage, self.fail_files, self.privacy = 0.0, False, False, False
        self.lose_answers = self.answers_lost = self.rate_limit = self.repeat_updates = 0
        self.rate_limit_secs = 1
        self.per_sec = self.per_group_minute = 0  # Telegram's own: 30 and 20.
        self.too_many = 0  # Calls that were refused because of these.
        self._room = self._room_at = 0.0
        self._lately_in: defaultdict[int, deque[float]] = defaultdict(deque)
        self.shuffle_updates = False
        self.webhook_url, self.webhook_secret, self.webhook_timeout_secs = "", "", 10.0
        self.profile: dict[str, Any] = {}  # What setMyCommands, setMyDescription and setMyShortDescription have left.
        self._allowed: frozenset[str] = frozenset()  # Empty: everything but _ONLY_ON_REQUEST.
        self._webhook_error: tuple[int, str] | None = None
        self._most_connections = 40
        self._slots = asyncio.Semaphore(40)
        self._chats: dict[int, dict[str, Any]] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        self._file_ids: dict[str, str] = {}  # Paths that getFile has handed out.
        self._presses: set[str] = set()
        self._queue: list[dict[str, Any]] = []  # What getUpdates has not been told to forget.
        self._posting: dict[asyncio.Task[None], dict[str, Any]] = {}
        self._held: list[dict[str, Any]] = []  # Waits to be shuffled.
        self._shuffling: asyncio.Task[None] | None = None
        self._count = 1000
        self._poll: _Poll | None = None
        self._ears: dict[int, _Bell] = {}
        self._called, self._taken = _Bell(), _Bell()
        self._random = random.Random(7)
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=MOST_UPLOAD_BYTES + 1024 * 1024)
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._call),
                web.get("/file/bot{token}/{path:.+}", self._download),
                web.post("/control/update", self._control_update),
                web.get("/control/messages", self._control_messages),
                web.get("/control/calls", self._control_calls),
                web.post("/control/file", self._control_file),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        tasks = [*self._posting, *([self._shuffling] if self._shuffling else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._end_poll("Internal Server Error: restart")
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()

    # -- people --------------------------------------------------------------------------------------------------

    def person(self, name: str = "Lan", *, user_id: int | None = None, username: str | None = None) -> Person:
        return Person(self, user_id or self._next() + _FIRST_PERSON, name, username)

    def group(self, title: str, *members: Person) -> Group:
        group = Group(self, -self._next(), title, members)
        self.known.add(group.chat_id)
        self._chats[group.chat_id] = group._chat()
        return group

    def bot(self) -> dict[str, Any]:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Kẻng", "username": self.username}

    async def speak(
        self, who: dict[str, Any], chat: dict[str, Any], *, date: int | None = None, quietly: bool = False, **content: Any
    ) -> dict[str, Any]:
        """Somebody writes; quietly means that the bot is not told."""
        self.known.add(chat["id"])
        self._chats[chat["id"]] = chat
        message = {"message_id": self._next(), "from": who, "chat": chat, "date": date or int(time.time()), **content}
        self.messages[chat["id"]].append(message)
        if not quietly:
            await self.push({"message": {**message}})
        return message

    async def push_press(self, who: dict[str, Any], message: dict[str, Any], data: str) -> None:
        press_id = str(self._next())
        self._presses.add(press_id)
        press = {"id": press_id, "from": who, "message": {**message}, "data": data}
        # Like Telegram's, the chat instance is steady for a chat and is not its id.
        await self.push({"callback_query": press | {"chat_instance": str(-7_000_000_000 - message["chat"]["id"])}})

    async def push_membership(self, who: dict[str, Any], chat: dict[str, Any], status: str, *, was: str = "member") -> None:
        def member(status: str) -> dict[str, Any]:
            more: dict[str, Any] = {"until_date": 0} if status in ("kicked", "restricted") else {}
            return (
                {"user": self.bot(), "status": status}
                | more
                | ({"is_member": True, "can_send_messages": False} if status == "restricted" else {})
            )

        change = {"old_chat_member": member(was), "new_chat_member": member(status)}
        await self.push({"my_chat_member": {"chat": chat, "from": who, "date": int(time.time()), **change}})

    def keep_file(self, content: bytes, path: str, *, name: str = "", mime: str = "") -> dict[str, Any]:
        number = self._next()
        file_id = f"AgAC{number:08}"
        ending = name.rpartition(".")[2] if "." in name else mime.rpartition("/")[2].replace("jpeg", "jpg")
        self._files[file_id] = (content, f"{path}_{number}" + (f".{ending}" if ending.isalnum() else ""))
        return {"file_id": file_id, "file_unique_id": f"u{number}", "file_size": len(content)}

    def find_message(self, chat_id: int, message_id: int) -> dict[str, Any]:
        return next(message for message in self.messages[chat_id] if message["message_id"] == message_id)

    def ear_of(self, chat_id: int) -> _Bell:
        return self._ears.setdefault(chat_id, _Bell())

    def _next(self) -> int:
        self._count += 1
        return self._count

    # -- updates -------------------------------------------------------------------------------------------------

    async def push(self, update: dict[str, Any]) -> None:
        if not self._is_wanted(update):
            return
        if "update_id" in update:
            self._count = max(self._count, update["update_id"])
        else:
            update = {"update_id": self._next()} | update
        if self.webhook_url:
            self._post_soon(update)
        else:
            self._keep(update)

    def _keep(self, update: dict[str, Any]) -> None:
        self._queue.append(update)
        if self._poll:
            self._poll.bell.ring()

    def _is_wanted(self, update: dict[str, Any]) -> bool:
        kinds = update.keys() - {"update_id"}
        return bool(kinds & self._allowed) if self._allowed else not kinds & _ONLY_ON_REQUEST

    def _post_soon(self, update: dict[str, Any]) -> None:
        copies = [update] * (1 + self.repeat_updates)
        if not self.shuffle_updates:
            for copy in copies:
                self._post_now(copy)
            return
        self._held += copies
        if self._shuffling is None:
            self._shuffling = asyncio.create_task(self._post_shuffled())

    async def _post_shuffled(self) -> None:
        await asyncio.sleep(0.03)
        held, self._held, self._shuffling = self._held, [], None
        self._random.shuffle(held)
        for update in held:
            self._post_now(update)

    def _post_now(self, update: dict[str, Any]) -> None:
        task = asyncio.create_task(self._post(update))
        self._posting[task] = update
        task.add_done_callback(self._posted)

    def _posted(self, task: "asyncio.Task[None]") -> None:
        self._posting.pop(task, None)
        self._taken.ring()

    async def _post(self, update: dict[str, Any]) -> None:
        """Again and again until it is answered 2xx, as Telegram does for a day."""
        body, attempt = json.dumps(update).encode(), 0
        while not await self._post_once(body):
            attempt += 1
            await asyncio.sleep(min(0.5, 0.1 * attempt))
            if not self.webhook_url:
                self._keep(update)
                return

    async def _post_once(self, body: bytes) -> bool:
        assert self._http is not None
        headers = {"Content-Type": "application/json"}
        if self.webhook_secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook_secret
        limit = aiohttp.ClientTimeout(self.webhook_timeout_secs)
        try:
            # A slot is held while an answer is awaited, not while a retry waits.
            async with self._slots, self._http.post(self.webhook_url, data=body, headers=headers, timeout=limit) as answer:
                said, status, reason = await answer.read(), answer.status, answer.reason
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            self._webhook_error = (int(time.time()), str(problem) or "Read timeout expired")
            return False
        if not 200 <= status <= 299:
            self._webhook_error = (int(time.time()), f"Wrong response from the webhook: {status} {reason}")
            return False
        if said.startswith(b"{"):
            await self._do_what_the_answer_says(said)
        return True

    async def _do_what_the_answer_says(self, said: bytes) -> None:
        """A webhook may call one method in its answer, and never learns how it went."""
        with contextlib.suppress(Refusal, ValueError):
            params = json.loads(said)
            await self._carry_out(str(params.pop("method", "")).lower(), params)

    async def wait_until_delivered(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - the name tests know it by
        deadline = time.monotonic() + timeout
        while self._posting or self._queue or self._held:
            if not await self._taken.rings_before(deadline):
                raise AssertionError(f"updates were not taken: {len(self._waiting())}, {self._webhook_error}")

    def _waiting(self) -> list[dict[str, Any]]:
        """Every update that the bot has not taken, once, oldest first."""
        found = {update["update_id"]: update for update in [*self._queue, *self._held, *self._posting.values()]}
        return [found[number] for number in sorted(found)]

    # -- the API -------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"].lower(), {}
        try:
            params = await _read_params(request)
            if self.outage:
                self._note(method, params, 502)
                return _bad_gateway()
            if request.match_info["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            if self.delay_secs and method != "getupdates":
                await asyncio.sleep(self.delay_secs)
            result = await self._carry_out(method, params)
        except Refusal as refusal:
            self._note(method, params, refusal.status)
            return _answer_refusal(refusal)
        self._note(method, params, 200)
        if self.lose_answers and method in _SENDS:
            self.lose_answers -= 1
            self.answers_lost += 1
            if request.transport:
                request.transport.abort()
        return _answer({"ok": True, "result": result})

    async def _carry_out(self, method: str, params: dict[str, Any]) -> Any:
        handler = _METHODS.get(method)
        if handler is None:
            raise Refusal(404, "Not Found")
        if self.rate_limit and method in _SENDS:
            self.rate_limit -= 1
            raise Refusal(429, f"Too Many Requests: retry after {self.rate_limit_secs}", retry_after=self.rate_limit_secs)
        if method in _SENDS:
            self._refuse_too_many(_int(params.get("chat_id")))
        try:
            return await handler(self, params)
        except UnicodeEncodeError:  # Half a sign: a lone surrogate, or bytes that were no UTF-8.
            raise _bad("strings must be encoded in UTF-8") from None

    def _refuse_too_many(self, chat_id: int) -> None:
        """In all as Telegram tells it: a short burst is let in, who goes on above the rate is refused. In a group within any minute."""
        now = time.monotonic()
        if self.per_sec:
            self._room = min(float(self.per_sec), self._room + (now - self._room_at) * self.per_sec)
            self._room_at = now
            if self._room < 1:
                self._refuse_for((1 - self._room) / self.per_sec)
        gone = self._lately_in[chat_id] if chat_id < 0 and self.per_group_minute else None
        if gone is not None:
            while gone and gone[0] <= now - 60:
                gone.popleft()
            if len(gone) >= self.per_group_minute:
                self._refuse_for(gone[0] + 60 - now)
            gone.append(now)
        self._room -= 1

    def _refuse_for(self, secs: float) -> None:
        self.too_many += 1
        raise Refusal(429, f"Too Many Requests: retry after {int(secs) + 1}", retry_after=int(secs) + 1)

    def _note(self, method: str, params: dict[str, Any], status: int) -> None:
        if method != "getupdates":
            self.heard.append(Call(method, params, time.monotonic(), status))
            self._called.ring()

    def _chat_of(self, params: dict[str, Any]) -> int:
        """The chat, if the bot may see it."""
        given = params.get("chat_id")
        if given in (None, ""):
            raise _bad("chat_id is empty")
        chat_id = _int(given)
        if chat_id not in self.known:
            raise _bad("chat not found")
        return chat_id

    def _open_chat_of(self, params: dict[str, Any], *, writes: bool = True) -> int:
        """The chat, if the bot may write there, or else at least is in it."""
        chat_id = self._chat_of(params)
        if chat_id in self.migrated:
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.migrated[chat_id])
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id in self.gone:
            raise Refusal(403, f"Forbidden: {self.gone[chat_id]}")
        if writes and chat_id in self.muted:
            raise _bad("not enough rights to send text messages to the chat")
        return chat_id

    def _message_of(self, params: dict[str, Any], chat_id: int, what: str) -> dict[str, Any]:
        wanted = _int(params.get("message_id"))
        found: dict[str, Any] | None = next(
            (message for message in reversed(self.messages[chat_id]) if message["message_id"] == wanted), None
        )
        if found is None:
            raise _bad(f"{what} not found")
        return found

    async def _get_me(self, _params: dict[str, Any]) -> Any:
        return self.bot() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _send_message(self, params: dict[str, Any]) -> Any:
        if not params.get("text"):
            raise _bad("message text is empty")
        text, entities = _read_text(params, "text")
        reply, markup = _read_reply(params), _read_markup(params)
        chat_id = self._open_chat_of(params)
        content = {"text": text, **_some(entities=entities)} | self._replied(chat_id, reply)
        _refuse_bad_message(text, markup)
        return self._speak_as_bot(chat_id, content | _some(reply_markup=markup))

    async def _send_photo(self, params: dict[str, Any]) -> Any:
        return await self._send_file(params, "photo")

    async def _send_document(self, params: dict[str, Any]) -> Any:
        return await self._send_file(params, "document")

    async def _send_file(self, params: dict[str, Any], kind: str) -> Any:
        given = _uploaded(params, kind)
        caption, entities = _read_text(params, "caption")
        reply, markup = _read_reply(params), _read_markup(params)
        chat_id = self._open_chat_of(params)
        _refuse_bad_caption(caption, markup)
        content = self._replied(chat_id, reply) | {kind: self._kept(given, kind)}
        return self._speak_as_bot(chat_id, content | _some(caption=caption, caption_entities=entities, reply_markup=markup))

    def _kept(self, given: "Upload | str", kind: str) -> Any:
        """As it stands in the message: what was uploaded, or a file that Telegram has already."""
        if isinstance(given, Upload):
            if not given.content:
                raise _bad("file must be non-empty")
            kept = self.keep_file(given.content, f"{kind}s/b", name=given.name, mime=given.mime)
            more = {"width": 1280, "height": 960} if kind == "photo" else {"file_name": given.name, "mime_type": given.mime}
            return [kept | more] if kind == "photo" else kept | more
        if given not in self._files:
            raise _bad("wrong file identifier/HTTP URL specified")
        content, path = self._files[given]
        if not path.startswith(f"{kind}s/"):
            raise _bad(f"can't use file of type {path.split('/')[0].rstrip('s').title()} as {kind.title()}")
        known = {"file_id": given, "file_unique_id": f"u{int(given[4:])}", "file_size": len(content)}
        return [known | {"width": 1280, "height": 960}] if kind == "photo" else known

    def _replied(self, chat_id: int, reply: dict[str, Any]) -> dict[str, Any]:
        if not reply:
            return {}
        try:
            return {"reply_to_message": _without_reply(self._message_of(reply, chat_id, "message to be replied"))}
        except Refusal:
            if _is_true(reply.get("allow_sending_without_reply")):
                return {}
            raise

    def _speak_as_bot(self, chat_id: int, content: dict[str, Any]) -> dict[str, Any]:
        chat = self._chats.get(chat_id) or {"id": chat_id, "type": "private", "first_name": "x"}
        message = {"message_id": self._next(), "from": self.bot(), "chat": chat, "date": int(time.time()), **content}
        self.messages[chat_id].append(message)
        self._wake(chat_id)
        return _as_answered(message)

    def _wake(self, chat_id: int) -> None:
        ear = self._ears.get(chat_id)
        if ear:
            ear.ring()

    async def _edit_text(self, params: dict[str, Any]) -> Any:
        if not params.get("text"):
            raise _bad("message text is empty")
        text, entities = _read_text(params, "text")
        markup = _read_markup(params)
        chat_id, message = self._editable(params, markup)
        if "text" not in message:
            raise _bad("there is no text in the message to edit")
        _refuse_bad_message(text, markup)
        before = (message["text"], message.get("entities", []), message.get("reply_markup"))
        return self._edited(chat_id, message, before != (text, entities, markup), text=text, entities=entities, reply_markup=markup)

    async def _edit_markup(self, params: dict[str, Any]) -> Any:
        markup = _read_markup(params)
        chat_id, message = self._editable(params, markup)
        _refuse_bad_buttons(markup)
        return self._edited(chat_id, message, message.get("reply_markup") != markup, reply_markup=markup)

    def _editable(self, params: dict[str, Any], markup: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        chat_id = self._open_chat_of(params)
        message = self._message_of(params, chat_id, "message to edit")
        if message["from"]["id"] != self.bot_id:
            raise _bad("message can't be edited")
        if markup and "inline_keyboard" not in markup:
            raise _bad("inline keyboard expected")
        return chat_id, message

    def _edited(self, chat_id: int, message: dict[str, Any], is_new: bool, **content: Any) -> dict[str, Any]:
        """An edit replaces everything it covers: a keyboard that is not given again is gone."""
        if not is_new:
            raise _bad(_NOT_MODIFIED)
        for name in content:
            message.pop(name, None)
        message.update(_some(**content), edit_date=int(time.time()))
        self._wake(chat_id)
        return _as_answered(message)

    async def _delete_message(self, params: dict[str, Any]) -> Any:
        chat_id = self._open_chat_of(params)
        message = self._message_of(params, chat_id, "message to delete")
        if chat_id < 0 and message["from"]["id"] != self.bot_id:
            raise _bad("message can't be deleted")
        if message["date"] < time.time() - DELETABLE_SECS:
            raise _bad("message can't be deleted for everyone")
        self.messages[chat_id].remove(message)
        return True

    async def _answer_press(self, params: dict[str, Any]) -> Any:
        press_id = str(params.get("callback_query_id", ""))
        if press_id not in self._presses:
            raise _bad("query is too old and response timeout expired or query ID is invalid")
        if _units(str(params.get("text", ""))) > 200:
            raise _bad("MESSAGE_TOO_LONG")
        self._presses.discard(press_id)
        return True

    async def _get_chat(self, params: dict[str, Any]) -> Any:
        chat_id = self._chat_of(params)
        chat = self._chats.get(chat_id) or {"id": chat_id, "type": "private", "first_name": "x"}
        gifts = dict.fromkeys(("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True)
        return chat | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

    async def _get_member(self, params: dict[str, Any]) -> Any:
        chat_id = self._open_chat_of(params, writes=False)
        if _int(params.get("user_id")) != self.bot_id:
            raise _bad("PARTICIPANT_ID_INVALID")
        is_muted = {"status": "restricted", "is_member": True, "can_send_messages": False, "until_date": 0}
        return {"user": self.bot(), **(is_muted if chat_id in self.muted else {"status": "member"})}

    async def _count_members(self, params: dict[str, Any]) -> Any:
        return self.people.get(self._open_chat_of(params, writes=False), 2)

    async def _leave_chat(self, params: dict[str, Any]) -> Any:
        chat_id = self._open_chat_of(params)
        if chat_id > 0:
            raise _bad("chat member status can't be changed in private chats")
        self.gone[chat_id] = f"bot is not a member of the {'group' if chat_id > -(10**12) else 'supergroup'} chat"
        return True

    async def _chat_action(self, params: dict[str, Any]) -> Any:
        if params.get("action") not in _ACTIONS:
            raise _bad("wrong parameter action in request")
        self._open_chat_of(params)
        return True

    async def _set_commands(self, params: dict[str, Any]) -> Any:
        commands = _read_json(params.get("commands"), "can't parse commands JSON object") or []
        if not isinstance(commands, list):
            raise _bad("expected an Array of BotCommand")
        if len(commands) > 100:
            raise _bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise _bad("BOT_COMMAND_INVALID")
            if not 1 <= _units(str(command.get("description", ""))) <= 256:
                raise _bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.profile["commands"] = commands
        return True

    async def _set_description(self, params: dict[str, Any]) -> Any:
        return self._set_profile(params, "description", 512)

    async def _set_short_description(self, params: dict[str, Any]) -> Any:
        return self._set_profile(params, "short_description", 120)

    def _set_profile(self, params: dict[str, Any], name: str, most: int) -> bool:
        value = str(params.get(name, ""))
        if _units(value) > most:
            raise _bad(f"{name.replace('_', ' ')} is too long")
        self.profile[name] = value
        return True

    # -- how updates are fetched -----------------------------------------------------------------------------------

    async def _get_updates(self, params: dict[str, Any]) -> Any:
        if self.webhook_url:
            raise Refusal(409, _WEBHOOK_IS_SET)
        self._end_poll(_ONE_GETUPDATES)
        self._allow(params)
        self._forget_before(_int(params.get("offset")))
        limit = min(100, max(1, _int(params.get("limit") or 100)))
        deadline = time.monotonic() + min(MOST_POLL_SECS, max(0, _int(params.get("timeout"))))
        poll = self._poll = _Poll()
        while not self._queue and poll.ended_by is None and await poll.bell.rings_before(deadline):
            pass
        if poll.ended_by is not None:
            raise Refusal(409, poll.ended_by)
        self._poll = None
        return self._queue[:limit]

    def _end_poll(self, reason: str) -> None:
        if self._poll:
            self._poll.ended_by = reason
            self._poll.bell.ring()
            self._poll = None

    def _forget_before(self, offset: int) -> None:
        """A negative offset counts from the end; everything before it is forgotten too."""
        if offset:
            self._queue = self._queue[offset:] if offset < 0 else [update for update in self._queue if update["update_id"] >= offset]
            self._taken.ring()

    def _allow(self, params: dict[str, Any]) -> None:
        """Holds for updates that come from now on, and until somebody names other kinds."""
        allowed = _read_json(params.get("allowed_updates"), "can't parse allowed updates JSON object")
        if isinstance(allowed, list):
            self._allowed = frozenset(map(str, allowed))

    async def _set_webhook(self, params: dict[str, Any]) -> Any:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if not url:
            return await self._delete_webhook(params)
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise _bad("invalid webhook URL specified")
        if len(secret) > 256:
            raise _bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise _bad("secret token contains unallowed characters")
        self._end_poll("Conflict: terminated by setWebhook request")
        await self._delete_webhook(params)
        self._allow(params)
        self.webhook_url, self.webhook_secret, self._webhook_error = url, secret, None
        self._most_connections = min(100, max(1, _int(params.get("max_connections") or 40)))
        self._slots = asyncio.Semaphore(self._most_connections)
        waiting, self._queue = self._queue, []
        for update in waiting:
            self._post_soon(update)
        return True

    async def _delete_webhook(self, params: dict[str, Any]) -> Any:
        """Updates on their way go back to the queue, unless nobody wants them any more."""
        waiting = [] if _is_true(params.get("drop_pending_updates")) else self._waiting()
        self.webhook_url, self.webhook_secret, self._held, self._queue = "", "", [], waiting
        for task in self._posting:
            task.cancel()
        self._taken.ring()
        return True

    async def _get_webhook_info(self, _params: dict[str, Any]) -> Any:
        info: dict[str, Any] = {"url": self.webhook_url, "has_custom_certificate": False, "pending_update_count": len(self._waiting())}
        if self.webhook_url:
            info |= {"max_connections": self._most_connections, "ip_address": "127.0.0.1"}
            if self._webhook_error:
                info |= {"last_error_date": self._webhook_error[0], "last_error_message": self._webhook_error[1]}
        return info | _some(allowed_updates=sorted(self._allowed))

    # -- files -----------------------------------------------------------------------------------------------------

    async def _get_file(self, params: dict[str, Any]) -> Any:
        file_id = str(params.get("file_id", ""))
        if not file_id:
            raise _bad("file_id not specified")
        if file_id not in self._files:
            raise _bad("invalid file_id")
        content, path = self._files[file_id]
        if len(content) > MOST_FILE_BYTES:
            raise _bad("file is too big")
        self._file_ids[path] = file_id
        return {"file_id": file_id, "file_unique_id": f"u{int(file_id[4:])}", "file_size": len(content), "file_path": path}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        if self.outage:
            return _bad_gateway()
        if self.delay_secs:
            await asyncio.sleep(self.delay_secs)
        file_id = self._file_ids.get(request.match_info["path"])
        if self.fail_files or file_id is None or request.match_info["token"] != self.token:
            return _answer_refusal(Refusal(404, "Not Found"))
        return web.Response(body=self._files[file_id][0], content_type="application/octet-stream")

    # -- for drivers in other processes ----------------------------------------------------------------------------

    async def _control_update(self, request: web.Request) -> web.Response:
        """An update made elsewhere: its chat has written to the bot, its press waits for an answer."""
        update = await request.json()
        press = update.get("callback_query", {})
        chat = (press or update).get("message", {}).get("chat")
        if chat:
            self.known.add(chat["id"])
            self._chats.setdefault(chat["id"], chat)
        if press:
            self._presses.add(press["id"])
        await self.push(update)
        return _answer({})

    async def _control_messages(self, request: web.Request) -> web.Response:
        return _answer({"messages": self.messages.get(_int(request.query.get("chat")), [])})

    async def _control_calls(self, request: web.Request) -> web.Response:
        """Answers at once when there is something after N, else after a second at most: drivers ask in a loop."""
        after = _int(request.query.get("after"))
        wanted = request.query.get("method", "").lower()
        if len(self.heard) <= after:
            await self._called.rings_before(time.monotonic() + 1)
        found = [
            {"method": call.method, "chat_id": call.params.get("chat_id"), "text": call.params.get("text", "")}
            | {"at": call.at, "status": call.status}
            for call in self.heard[after:]
            if wanted in ("", call.method)
        ]
        return _answer({"calls": found, "next": len(self.heard)})

    async def _control_file(self, request: web.Request) -> web.Response:
        return _answer(self.keep_file(await request.read(), "photos/c", mime="image/jpeg"))


_METHODS: dict[str, Callable[[FakeTelegram, dict[str, Any]], Awaitable[Any]]] = {
    "getme": FakeTelegram._get_me,
    "sendmessage": FakeTelegram._send_message,
    "sendphoto": FakeTelegram._send_photo,
    "senddocument": FakeTelegram._send_document,
    "editmessagetext": FakeTelegram._edit_text,
    "editmessagereplymarkup": FakeTelegram._edit_markup,
    "deletemessage": FakeTelegram._delete_message,
    "answercallbackquery": FakeTelegram._answer_press,
    "getupdates": FakeTelegram._get_updates,
    "setwebhook": FakeTelegram._set_webhook,
    "deletewebhook": FakeTelegram._delete_webhook,
    "getwebhookinfo": FakeTelegram._get_webhook_info,
    "getfile": FakeTelegram._get_file,
    "setmycommands": FakeTelegram._set_commands,
    "setmydescription": FakeTelegram._set_description,
    "setmyshortdescription": FakeTelegram._set_short_description,
    "sendchataction": FakeTelegram._chat_action,
    "getchat": FakeTelegram._get_chat,
    "getchatmember": FakeTelegram._get_member,
    "getchatmembercount": FakeTelegram._count_members,
    "leavechat": FakeTelegram._leave_chat,
}
_SENDS = {"sendmessage", "sendphoto", "senddocument", "editmessagetext", "editmessagereplymarkup"}


# -- reading requests ------------------------------------------------------------------------------------------------


async def _read_params(request: web.Request) -> dict[str, Any]:
    """From the address, and from a body of any of the three kinds."""
    query = request.rel_url.raw_query_string
    params: dict[str, Any] = _read_form(query) if query else {}
    if not request.body_exists:
        return params
    try:
        if request.content_type == "application/json":
            return params | await _read_json_body(request)
        if request.content_type == "multipart/form-data":
            return params | await _read_multipart(request)
        return params | _read_form((await request.read()).decode())
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise _bad("strings must be encoded in UTF-8") from None


def _read_form(raw: str) -> dict[str, Any]:
    # What is no UTF-8 becomes lone surrogates here, and is refused where the text is looked at.
    return dict(parse_qsl(raw, keep_blank_values=True, errors="surrogateescape"))


async def _read_json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise _bad("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise _bad("object expected")
    return {key: value for key, value in body.items() if value is not None}


async def _read_multipart(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                params[key] = Upload(value.filename, value.content_type, file.read())
        else:
            params[key] = value
    return params


def _read_json(given: Any, why_not: str) -> Any:
    """Forms carry JSON as text; a JSON body carries it as it is."""
    if not isinstance(given, str) or not given:
        return given or None
    try:
        return json.loads(given)
    except ValueError:
        raise _bad(why_not) from None


def _uploaded(params: dict[str, Any], kind: str) -> Upload | str:
    given = params.get(kind)
    if isinstance(given, str) and given.startswith("attach://"):
        given = params.get(given.removeprefix("attach://"))
    if not given:
        raise _bad(f"there is no {kind} in the request")
    return given if isinstance(given, Upload) else str(given)


def _read_reply(params: dict[str, Any]) -> dict[str, Any]:
    """Both ways to reply: today's, and the one of old libraries."""
    reply = _read_json(params.get("reply_parameters"), "can't parse reply parameters JSON object")
    if reply is None:
        old = params.get("reply_to_message_id")
        without = params.get("allow_sending_without_reply")
        return {"message_id": old, "allow_sending_without_reply": without} if old else {}
    if not isinstance(reply, dict):
        raise _bad("object expected as reply parameters")
    return reply


def _read_markup(params: dict[str, Any]) -> dict[str, Any] | None:
    """Refuses what is malformed; what is only too much is refused after the chat has been found."""
    markup = _read_json(params.get("reply_markup"), "can't parse reply keyboard markup JSON object")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise _bad("object expected as reply markup")
    for kind in ("inline_keyboard", "keyboard"):
        for row in _rows(markup, kind):
            for button in row:
                (_refuse_no_inline_button if kind == "inline_keyboard" else _refuse_no_button)(button)
    return None if markup.get("inline_keyboard") == [] else markup


def _rows(markup: dict[str, Any], kind: str) -> list[list[Any]]:
    rows = markup.get(kind, [])
    if not isinstance(rows, list):
        raise _bad(f'field "{kind}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        which = 'field "inline_keyboard" of the InlineKeyboardMarkup' if kind == "inline_keyboard" else 'field "keyboard"'
        raise _bad(f"{which} must be an Array of Arrays")
    return rows


def _refuse_no_inline_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise _bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _bad("can't parse inline keyboard button: Can't find field \"text\"")
    if any("\ud800" <= sign <= "\udfff" for sign in button["text"]):
        raise _bad("inline keyboard button text must be encoded in UTF-8")
    if not button["text"].strip():
        raise _bad("inline keyboard button text must be non-empty")
    if not any(button.get(name) for name in ("callback_data", "url", "web_app", "login_url")):
        raise _bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _refuse_no_button(button: Any) -> None:
    text = button.get("text") if isinstance(button, dict) else button
    if not isinstance(text, str):
        raise _bad("can't parse keyboard button: KeyboardButton must be a String or an Object")
    text.encode()
    if not text.strip():
        raise _bad("keyboard button text must be non-empty")


def _refuse_bad_message(text: str, markup: dict[str, Any] | None) -> None:
    if not text:
        raise _bad("text must be non-empty")  # Nothing but spaces, or nothing but marks.
    if _units(text) > 4096:
        raise _bad("message is too long")
    _refuse_bad_buttons(markup)


def _refuse_bad_caption(caption: str, markup: dict[str, Any] | None) -> None:
    if _units(caption) > 1024:
        raise _bad("message caption is too long")
    _refuse_bad_buttons(markup)


def _refuse_bad_buttons(markup: dict[str, Any] | None) -> None:
    if not markup:
        return
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    if len(buttons) > 100:
        raise _bad("reply markup is too long")
    if any(len(str(button.get("callback_data", "")).encode()) > 64 for button in buttons):
        raise _bad("BUTTON_DATA_INVALID")


def _int(given: Any) -> int:
    """What is no number counts as nought, as it does for Telegram."""
    try:
        return int(given)
    except (TypeError, ValueError):
        return 0


def _is_true(given: Any) -> bool:
    return given is True or str(given).lower() in ("true", "yes", "1")


# -- writing answers -------------------------------------------------------------------------------------------------


def _answer(body: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")


def _answer_refusal(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    return _answer(body | _some(parameters=refusal.parameters), refusal.status)


def _bad_gateway() -> web.Response:
    body = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
    return web.Response(status=502, text=body, content_type="text/html")


def _as_answered(message: dict[str, Any]) -> dict[str, Any]:
    """Only inline keyboards come back."""
    if "inline_keyboard" in message.get("reply_markup", {}):
        return message
    return {key: value for key, value in message.items() if key != "reply_markup"}


def _without_reply(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def _words_of(message: dict[str, Any]) -> str:
    return str(message.get("text", message.get("caption", "")))


def _some(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


# -- text and its marks ----------------------------------------------------------------------------------------------

_HTML_KINDS = {
    **{"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline"},
    **{"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "a": "text_link", "code": "code", "pre": "pre"},
    **{"tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote", "tg-emoji": "custom_emoji"},
}
_HTML_TAG = re.compile(r"""<(/?)([^\s>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_HTML_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""", re.IGNORECASE)
_HTML_ESCAPE = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9A-Fa-f]+);")
_V2_KINDS = {  # Longer marks first.
    **{"```": ("Pre", "pre"), "||": ("Spoiler", "spoiler"), "__": ("Underline", "underline"), "![": ("CustomEmoji", "text_link")},
    **{"*": ("Bold", "bold"), "_": ("Italic", "italic"), "~": ("Strikethrough", "strikethrough"), "`": ("Code", "code")},
    **{"[": ("TextUrl", "text_link")},
}
_V2_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_V2_LANGUAGE = re.compile(r"[^\s`]*\n")
_LINK_TARGET = re.compile(r"\(([^)\s]*)\)")
_V1_KINDS = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


class _Plain:
    """Text without its marks, and what they marked, counted in UTF-16 units as Telegram counts."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.entities: list[dict[str, Any]] = []
        self.units = 0

    def add(self, piece: str) -> None:
        self.parts.append(piece)
        self.units += _units(piece)

    def mark(self, kind: str, since: int, **more: Any) -> None:
        if self.units > since:
            self.entities.append({"type": kind, "offset": since, "length": self.units - since, **_some(**more)})

    def done(self) -> tuple[str, list[dict[str, Any]]]:
        text = "".join(self.parts).rstrip()
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return text, self.entities


def _read_text(params: dict[str, Any], name: str) -> tuple[str, list[dict[str, Any]]]:
    raw, mode = str(params.get(name, "")), str(params.get("parse_mode", "")).lower()
    if len(raw.encode()) > 1 << 15:
        raise _bad("text is too long")
    if mode in ("", "none"):
        given = _read_json(params.get("entities" if name == "text" else "caption_entities"), "can't parse entities JSON object")
        return (raw.rstrip(), given) if isinstance(given, list) else (raw.strip(), [])
    if mode not in _PARSERS:
        raise _bad("unsupported parse_mode")
    return _PARSERS[mode](raw)


def _unparsable(why: str, text: str, position: int) -> Refusal:
    return _bad(f"can't parse entities: {why} at byte offset {len(text[:position].encode())}")


def _parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    plain, position = _Plain(), 0
    opened: list[tuple[str, int, str]] = []  # Tag, where it stands, link.
    while (begin := text.find("<", position)) >= 0:
        plain.add(_unescaped(text[position:begin]))
        is_end = text.startswith("</", begin)
        if is_end and not opened:
            raise _unparsable("Unexpected end tag", text, begin)
        found = _HTML_TAG.match(text, begin)
        if not found:
            raise _unparsable(f"Unclosed {'end' if is_end else 'start'} tag", text, begin)
        name, position = found[2].lower(), found.end()
        if is_end:
            _close_html(plain, opened.pop(), name, text, begin)
        elif name not in _HTML_KINDS:
            raise _unparsable(f'Unsupported start tag "{name}"', text, begin)
        else:
            href = _HTML_HREF.search(found[3])
            opened.append((name, plain.units, next(filter(None, href.groups()), "") if href else ""))
    plain.add(_unescaped(text[position:]))
    if opened:
        raise _bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return plain.done()


def _close_html(plain: _Plain, opened: tuple[str, int, str], name: str, text: str, begin: int) -> None:
    tag, since, url = opened
    if name not in ("", tag):
        at = len(text[:begin].encode())
        raise _bad(f'can\'t parse entities: Unmatched end tag at byte offset {at}, expected "</{tag}>", found "</{name}>"')
    plain.mark(_HTML_KINDS[tag], since, url=html.unescape(url))


def _unescaped(text: str) -> str:
    return _HTML_ESCAPE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _parse_markdown_v2(text: str) -> tuple[str, list[dict[str, Any]]]:
    plain, position = _Plain(), 0
    opened: list[tuple[str, int, int]] = []  # Mark, units before it, where it stands.
    while position < len(text):
        sign, top = text[position], opened[-1][0] if opened else ""
        if sign == "\\" and "\x00" < text[position + 1 : position + 2] < "\x7f":
            plain.add(text[position + 1])
            position += 2
        elif (top in ("`", "```") and not text.startswith(top, position)) or sign not in _V2_RESERVED:
            plain.add(sign)  # Code ends with its mark alone; outside of it only the reserved signs mean something.
            position += 1
        elif sign == "]" and top in ("[", "!["):
            link = _LINK_TARGET.match(text, position + 1)
            plain.mark("text_link", opened.pop()[1], url=link[1] if link else "")
            position = link.end() if link else position + 1
        else:
            position = _mark_v2(plain, opened, text, position)
    if opened:
        raise _unparsable(f"Can't find end of {_V2_KINDS[opened[-1][0]][0]} entity", text, opened[-1][2])
    return plain.done()


def _mark_v2(plain: _Plain, opened: list[tuple[str, int, int]], text: str, position: int) -> int:
    """Opens or closes what is marked here; returns where to read on."""
    mark = next((mark for mark in _V2_KINDS if text.startswith(mark, position)), "")
    if not mark and text[position] == ">" and (position == 0 or text[position - 1] == "\n"):
        return position + 1  # A quotation.
    if not mark:
        why = f"Character '{text[position]}' is reserved and must be escaped with the preceding '\\'"
        raise _bad(f"can't parse entities: {why}")
    if opened and opened[-1][0] == mark and not mark.endswith("["):
        plain.mark(_V2_KINDS[mark][1], opened.pop()[1])
        return position + len(mark)
    opened.append((mark, plain.units, position))
    language = _V2_LANGUAGE.match(text, position + 3) if mark == "```" else None
    return language.end() if language else position + len(mark)


def _parse_markdown(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The old Markdown, without nesting."""
    plain, position = _Plain(), 0
    while position < len(text):
        sign = text[position]
        if sign == "\\" and text[position + 1 : position + 2] in _V1_KINDS:
            plain.add(text[position + 1])
            position += 2
            continue
        if sign not in _V1_KINDS:
            plain.add(sign)
            position += 1
            continue
        mark = "```" if text.startswith("```", position) else sign
        end = text.find("]" if sign == "[" else mark, position + len(mark))
        if end < 0:
            raise _unparsable("Can't find end of the entity starting", text, position)
        since, link = plain.units, _LINK_TARGET.match(text, end + 1) if sign == "[" else None
        plain.add(text[position + len(mark) : end])
        plain.mark("pre" if mark == "```" else _V1_KINDS[sign], since, url=link[1] if link else "")
        position = link.end() if link else end + len(mark)
    return plain.done()


_PARSERS = {"html": _parse_html, "markdownv2": _parse_markdown_v2, "markdown": _parse_markdown}


def _units(text: str) -> int:
    """UTF-16 units; half a sign raises."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _found_entities(text: str) -> dict[str, Any]:
    """Commands and mentions, which Telegram finds by itself in what people write."""
    found = [
        {
            "type": "bot_command" if word[0][0] == "/" else "mention",
            "offset": _units(text[: word.start()]),
            "length": len(word[0]),
        }
        for word in _COMMAND_OR_MENTION.finditer(text)
    ]
    return _some(entities=found)


def _captioned(caption: str) -> dict[str, Any]:
    return _some(caption=caption, caption_entities=_found_entities(caption).get("entities"))


# -- a process of its own --------------------------------------------------------------------------------------------


async def _serve(arguments: argparse.Namespace) -> None:
    fake = FakeTelegram(arguments.token)
    fake.delay_secs = arguments.delay_ms / 1000
    fake.webhook_url, fake.webhook_secret = arguments.webhook, arguments.secret
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await fake.start(arguments.port)
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
