"""A Zalo Official Account over real HTTP, as strict as the real one: the token endpoint, the calls an OA may make, and the webhook that
signs what people send. What `reference` knows only from memory (the body of a refused refresh) is a guess here too.

Kinder than Zalo in a few places, so that tests stay short: the webhook may be plain http, retries come after parts of a second
(`retry_after_secs`), and nobody has to subscribe to single events.
"""

import asyncio
import base64
import hashlib
import io
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web
from PIL import Image

SECOND, HOUR, DAY = 1000, 3_600_000, 86_400_000
MOST_TEXT, MOST_BUTTONS, MOST_TITLE, MOST_PAYLOAD = 2000, 5, 100, 1000
MOST_IMAGE_BYTES, MOST_FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024
FREE_FOR, OPEN_FOR = 48 * HOUR, 7 * DAY
ACCESS_LIVES, REFRESH_LIVES, CODE_LIVES, MEDIA_LIVES = 25 * HOUR, 90 * DAY, 10 * 60 * SECOND, 7 * DAY
ANSWER_WITHIN_SECS = 2.0
MOST_IN_PAGE = 10
_KIND_BEFORE = {  # Of a file or a video nobody has seen how it is given back.
    "user_send_text": "text",
    "user_send_image": "photo",
    "user_send_audio": "voice",
    "user_send_gif": "GIF",
    "user_send_link": "link",
    "user_send_sticker": "sticker",
    "user_send_location": "location",
}
_NOT_CARRIED = ("location", "links")
_FILE_ENDINGS = (".pdf", ".doc", ".docx")
_URL_BUTTONS = {"oa.open.url": ("url",), "oa.open.phone": ("phone_code",), "oa.open.sms": ("content", "phone_code")}


class Refusal(Exception):
    """HTTP 200 all the same: what counts is `error`."""

    def __init__(self, error: int, message: str) -> None:
        super().__init__(message)
        self.error, self.message = error, message


@dataclass(frozen=True, slots=True)
class Call:
    path: str
    body: dict[str, Any]
    error: int


@dataclass
class _Refresh:
    ends_at: int
    used: bool = False


@dataclass
class ZaloPerson:
    """Somebody who writes to the OA. `id` is what this OA knows them by."""

    fake: "FakeZaloOA"
    id: str
    _heard: set[str] = field(default_factory=set)

    def event(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        """What Zalo tells of something they send, but for the stamp."""
        return {
            "app_id": self.fake.app_id,
            "sender": {"id": self.id},
            "user_id_by_app": self.fake.by_app(self.id),
            "recipient": {"id": self.fake.oa_id},
            "event_name": name,
            "message": message,
        }

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        return await self.fake.speak(self, "user_send_text", {"text": text}, **more)

    async def press(self, label_or_data: str) -> dict[str, Any]:
        """On the newest message with buttons. What the button carries comes as if it were typed."""
        shown: list[str] = []
        for message in reversed(self.fake.sent[self.id]):
            for button in _buttons_of(message["message"]):
                shown.append(f"{button['title']} ({button['payload']})")
                if button["type"].startswith("oa.query") and label_or_data in (button["title"], _data_of(button["payload"])):
                    return await self.say(button["payload"])
            if shown:
                break
        raise AssertionError(f"no button {label_or_data!r}; shown are {shown}")

    async def press_older(self, data: str) -> bool:
        """Buttons stay under every message for ever, and can be pressed there."""
        for message in reversed(self.fake.sent[self.id]):
            for button in _buttons_of(message["message"]):
                if button["type"].startswith("oa.query") and _data_of(button["payload"]) == data:
                    await self.say(button["payload"])
                    return True
        return False

    async def send_attachments(self, event: str, *attachments: dict[str, Any], text: str = "", **more: Any) -> dict[str, Any]:
        message: dict[str, Any] = {"attachments": list(attachments)}
        if text:
            message["text"] = text
        return await self.fake.speak(self, event, message, **more)

    async def send_photo(self, content: bytes, caption: str = "") -> dict[str, Any]:
        return await self.send_attachments("user_send_image", self.fake.picture(content), text=caption)

    async def send_location(self, latitude: Any, longitude: Any, name: str = "") -> dict[str, Any]:
        spot = {"payload": {"coordinates": {"latitude": str(latitude), "longitude": str(longitude)}}, "type": "location"}
        return await self.send_attachments("user_send_location", spot, text=name)

    async def send_voice(self, content: bytes, name: str = "voice.amr") -> dict[str, Any]:
        voice = {"type": "audio", "payload": {"url": self.fake.keep(content, name)}}
        return await self.send_attachments("user_send_audio", voice)

    async def send_file(self, content: bytes, name: str) -> dict[str, Any]:
        payload = {"name": name, "size": str(len(content)), "type": name.rpartition(".")[2], "checksum": hashlib.md5(content).hexdigest()}
        return await self.send_attachments("user_send_file", {"type": "file", "payload": payload | {"url": self.fake.keep(content, name)}})

    async def follow(self, event: str = "follow") -> None:
        if event == "follow":
            self.fake.last_interaction[self.id] = self.fake.now()
        await self.fake.push(
            {
                "app_id": self.fake.app_id,
                "oa_id": self.fake.oa_id,
                "user_id_by_app": self.fake.by_app(self.id),
                "event_name": event,
                "source": "oa_profile",
                "follower": {"id": self.id},
                "timestamp": str(self.fake.now()),
            }
        )

    def reads(self) -> list[str]:
        return [one["message"].get("text", "") for one in self.fake.sent[self.id]]

    async def hears(self, words: str, timeout: float = 10) -> str:  # noqa: ASYNC109 - the name tests know it by
        """The next message of the OA with these words, each handed out once."""
        deadline = time.monotonic() + timeout
        while True:
            for one in self.fake.sent[self.id]:
                if words in one["message"].get("text", "") and one["message_id"] not in self._heard:
                    self._heard.add(one["message_id"])
                    return str(one["message"]["text"])
            if not await self.fake.something_sent(deadline):
                raise AssertionError(f"never heard {words!r}; read: {self.reads()}")


@dataclass
class ZaloVisitor(ZaloPerson):
    """Somebody at a web page with the account's chat on it, not signed in at Zalo. Known by two ids, for one talk."""

    conversation_id: str = ""

    def event(self, name: str, message: dict[str, Any]) -> dict[str, Any]:
        kind = name.removeprefix("user_send_")
        assert kind in ("text", "image", "file", "sticker"), "nothing else can be sent there"
        told = super().event(f"anonymous_send_{kind}", {**message, "conversation_id": self.conversation_id})
        return {key: value for key, value in told.items() if key != "user_id_by_app"}

    async def press(self, label_or_data: str) -> dict[str, Any]:
        raise AssertionError(f"a visitor is shown no buttons: {label_or_data}")


@dataclass
class ZaloGroup:
    """A group of the account's own (GMF)."""

    fake: "FakeZaloOA"
    id: str
    status: str = "enabled"
    members: set[str] = field(default_factory=set)
    name: str = "Nhóm của tổ"

    async def say(self, person: ZaloPerson, text: str) -> dict[str, Any]:
        """It opens nobody's window: who speaks in a group has not written to the account."""
        self.members.add(person.id)
        return await self.tell("user_send_group_text", sender={"id": person.id}, message={"text": text, "msg_id": self.fake.fresh_msg_id()})

    async def tell(self, name: str, **more: Any) -> dict[str, Any]:
        """Messages name the group as whom they went to; what happens with the group itself names it apart."""
        where = {"recipient": {"id": self.id}} if "message" in more else {"group_id": self.id}
        stamp = {"app_id": self.fake.app_id, "oa_id": self.fake.oa_id, "timestamp": str(self.fake.now())}
        body = {**stamp, **where, "event_name": name, **more}
        await self.fake.push(body)
        return body

    def reads(self) -> list[str]:
        return [one["message"].get("text", "") for one in self.fake.sent[self.id]]


class FakeZaloOA:
    def __init__(self) -> None:
        self.app_id, self.oa_id = "4000000000000000001", "5000000000000000001"
        self.app_secret, self.oa_secret = "fake-app-secret-for-tests", "fake-oa-secret-for-tests"
        self.address = self.webhook_url = ""
        self.moved_ms = 0  # How far the clock of the platform runs ahead.
        self.access: dict[str, int] = {}
        self.refresh: dict[str, _Refresh] = {}
        self.last_interaction: dict[str, int] = {}
        self.groups: dict[str, ZaloGroup] = {}
        self.talks: dict[str, str] = {}  # Of visitors: which conversation is whose.
        self.sent: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.calls: list[Call] = []
        self.token_calls: list[dict[str, str]] = []
        self.billed = 0  # Messages outside the free window, whoever paid for them.
        self.package = 0  # So many of them the account's package still holds; they go before the money.
        self.money: int | None = None  # So many of them the purse behind it pays for. None: as many as are sent.
        self.has_purse = True
        self.calls_a_minute = 4000
        self.hides_counters = False  # As Zalo said it would since March 2026: how many are left stands in no answer.
        self.history: list[dict[str, Any]] = []
        self.attempts: list[tuple[str, int | None]] = []  # The webhook's: which event, and what was answered.
        self.is_subscribed = True
        # Switches.
        self.delay_secs = self.token_delay_secs = 0.0
        self.outage = self.fail_files = self.refuse_buttons = False
        self.lose_answers = self.lose_token_answers = self.rate_limit = 0
        self.refuse_next: list[int] = []
        self.refusal = "Refused on demand"
        self.retry_after_secs: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8)
        self.prefix = "mac="
        self.waits_until_taken = False  # Whoever says something goes on only when the webhook has it, however often it was posted.
        self.at: dict[str, Callable[[], Awaitable[None]]] = {}  # What happens once at "asked", "spent", "called": a crash of the house.
        self.doors: list[str] = []  # Several houses behind one address; the webhook goes to each in turn.
        self.echoes: Literal["", "before", "after"] = ""  # Whether the app has switched these events on, and how fast they come.
        self.is_bare = self.wraps_pages = False  # The history carries no payloads and coordinates; stands in an object of its own.
        self.display_name = "Người Dân Ví Dụ"
        self.after_page: Callable[[], None] | None = None
        self._codes: dict[str, tuple[str, int]] = {}
        self._media: dict[str, bytes] = {}
        self._uploads: dict[str, int] = {}
        self._count = 0
        self._minute = self._calls_of_minute = 0
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._http: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        call = self._call
        app.add_routes(
            [
                web.post("/v4/oa/access_token", self._token),
                web.post("/v3.0/oa/message/cs", call(self._send)),
                web.post("/v3.0/oa/group/message", call(self._send_to_group)),
                web.get("/v3.0/oa/group/getgroup", call(self._get_group)),
                web.post("/v2.0/oa/message", call(self._send_to_visitor)),
                web.post("/v3.0/oa/quota/message", call(self._quota)),
                web.post("/v2.0/oa/upload/image", call(self._upload_image)),
                web.post("/v2.0/oa/upload/file", call(self._upload_file)),
                web.get("/v2.0/oa/getoa", call(self._getoa)),
                web.get("/v2.0/oa/listrecentchat", call(self._recent)),
                web.get("/v2.0/oa/conversation", call(self._conversation)),
                web.get("/media/{id}/{name}", self._download),
                web.get("/away/{id}", self._away),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http:
            await self._http.close()
        if self._runner:
            await self._runner.cleanup()

    def as_environment(self) -> dict[str, str]:
        """What the environment of a house says that speaks with this account."""
        seed = self.issue()
        return {
            "KENG_ZALO_OA_APP_ID": self.app_id,
            "KENG_ZALO_OA_APP_SECRET": self.app_secret,
            "KENG_ZALO_OA_SECRET_KEY": self.oa_secret,
            "KENG_ZALO_OA_REFRESH_TOKEN": seed["refresh_token"],
            "KENG_ZALO_OA_ACCESS_TOKEN": seed["access_token"],
            "KENG_ZALO_OA_API": self.address,
            "KENG_ZALO_OA_OAUTH": self.address,
        }

    def now(self) -> int:
        return int(time.time() * 1000) + self.moved_ms

    def person(self, user_id: str = "") -> ZaloPerson:
        return ZaloPerson(self, user_id or str(9_000_000_000_000_000_000 + self._next()))

    def visitor(self) -> ZaloVisitor:
        visitor = ZaloVisitor(self, f"anon{self._next():016x}", conversation_id=f"conv{self._next():016x}")
        self.talks[visitor.conversation_id] = visitor.id
        return visitor

    def group(self) -> ZaloGroup:
        group = ZaloGroup(self, f"ab{self._next():018x}")
        self.groups[group.id] = group
        return group

    def fresh_msg_id(self) -> str:
        return f"feed{self._next():016x}"

    def by_app(self, user_id: str) -> str:
        return f"7{user_id[1:]}"

    def _next(self) -> int:
        self._count += 1
        return self._count

    async def something_sent(self, deadline: float) -> bool:
        self._news.clear()
        try:
            await asyncio.wait_for(self._news.wait(), max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            return False
        return True

    # -- tokens --------------------------------------------------------------------------------------------------

    def issue(self) -> dict[str, str]:
        """A pair, as the console's explorer and the token endpoint give one."""
        access, refresh = f"fake-access-{self._next()}-{secrets.token_hex(8)}", f"fake-refresh-{self._next()}-{secrets.token_hex(8)}"
        self.access[access] = self.now() + ACCESS_LIVES
        self.refresh[refresh] = _Refresh(self.now() + REFRESH_LIVES)
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(ACCESS_LIVES // 1000)}

    def revoke_access(self) -> None:
        self.access.clear()

    def revoke_everything(self) -> None:
        self.access.clear()
        self.refresh.clear()

    def permit(self, authorize_url: str) -> str:
        """The OA's administrator presses "allow": where their browser is sent."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        assert asked["app_id"] == self.app_id and len(asked["code_challenge"]) == 43
        code = secrets.token_urlsafe(16)
        self._codes[code] = (asked["code_challenge"], self.now())
        back = asked["redirect_uri"]
        return f"{back}{'&' if '?' in back else '?'}code={code}&oa_id={self.oa_id}"  # `state` is not echoed.

    async def _token(self, request: web.Request) -> web.StreamResponse:
        if self.outage:
            return web.Response(status=503)
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.token_calls.append(form)
        await self._reached("asked")
        if self.rate_limit:
            self.rate_limit -= 1
            return web.json_response({"error": -32, "message": "rate limit"})
        if request.headers.get("secret_key") != self.app_secret or form.get("app_id") != self.app_id:
            return _token_error("Invalid app or secret key")
        is_fine = self._spend_code(form) if form.get("grant_type") == "authorization_code" else self._spend_refresh(form)
        if not is_fine:
            return _token_error("Invalid refresh token")
        answer = self.issue()
        await self._reached("spent")
        if self.token_delay_secs:
            await asyncio.sleep(self.token_delay_secs)
        if self.lose_token_answers:
            self.lose_token_answers -= 1
            assert request.transport
            request.transport.close()
        return web.json_response(answer)

    async def _reached(self, point: str) -> None:
        if then := self.at.pop(point, None):
            await then()

    def _spend_refresh(self, form: dict[str, str]) -> bool:
        found = self.refresh.get(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or found is None or found.used or found.ends_at < self.now():
            return False
        found.used = True
        return True

    def _spend_code(self, form: dict[str, str]) -> bool:
        challenge, since = self._codes.pop(form.get("code", ""), ("", 0))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return bool(challenge) and challenge == made and self.now() - since <= CODE_LIVES

    # -- what an OA may ask --------------------------------------------------------------------------------------

    def _call(self, act: Callable[[web.Request, dict[str, Any]], Awaitable[Any]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if self.outage:
                return web.Response(status=503, text="Service Unavailable")
            await self._reached("called")
            await asyncio.sleep(self.delay_secs)
            body: dict[str, Any] = {}
            try:
                self._count_call()
                self._check_token(request)
                body = await _body_of(request)
                told: dict[str, Any] = {"data": await act(request, body), "error": 0, "message": "Success"}
            except Refusal as refusal:
                told = {"error": refusal.error, "message": refusal.message}
            self.calls.append(Call(request.path, body, told["error"]))
            if self.lose_answers:
                self.lose_answers -= 1
                assert request.transport
                request.transport.close()
            return web.json_response(told, headers=self._rate_headers())

        return answer

    def _count_call(self) -> None:
        """Over the app, by minutes of the wall clock; whatever is refused for that counts as well."""
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._minute, self._calls_of_minute = minute, 0
        self._calls_of_minute += 1
        if self._calls_of_minute > self.calls_a_minute:
            raise Refusal(-32, "App has reached the limit of calls per minute")

    def _rate_headers(self) -> dict[str, str]:
        remain = max(0, self.calls_a_minute - self._calls_of_minute)
        return {"X-RateLimit-Limit": str(self.calls_a_minute), "X-RateLimit-Remain": str(remain)}

    def _check_token(self, request: web.Request) -> None:
        if self.rate_limit:
            self.rate_limit -= 1
            raise Refusal(-32, "App has reached the limit of calls per minute")
        if self.access.get(request.headers.get("access_token", ""), 0) < self.now():
            raise Refusal(-216, "Access token is invalid")

    async def _send(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        recipient, message = body.get("recipient"), body.get("message")
        user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
        if not isinstance(user_id, str) or not isinstance(message, dict):
            raise Refusal(-201, "recipient is invalid")
        if self.refuse_next:
            raise Refusal(self.refuse_next.pop(0), self.refusal)
        since = self.last_interaction.get(user_id)
        if since is None:
            raise Refusal(-232, "User has not interacted with the OA")
        if self.now() - since > OPEN_FOR:
            raise Refusal(-230, "User has not interacted with the OA in the past 7 days")
        self._check_message(message)
        quota = self._charge(is_free=self.now() - since <= FREE_FOR)
        sent = self._keep_sent(user_id, message, user_id=user_id, sent_time=str(self.now()))
        self._remember(0, user_id, sent["message_id"], "text" if attachment_of(message) is None else "photo", message.get("text", ""))
        await self._tell_of(user_id, sent["message_id"], message.get("text", ""))
        return sent | quota

    def _charge(self, *, is_free: bool) -> dict[str, Any]:
        """What the answer says of it: nothing at all where it is billed."""
        counters = {} if self.hides_counters else {"remain": "8", "total": "8"}
        if is_free:
            return {"quota": {"quota_type": "reply", **counters}}
        if self.package:
            self.package, self.billed = self.package - 1, self.billed + 1
            counters = {} if self.hides_counters else {"remain": str(self.package), "total": "500", "expired_date": "30/11/2026"}
            return {"quota": {"quota_type": "sub_quota", **counters}}
        if not self.has_purse:
            raise Refusal(-320, "No Zalo Cloud Account is linked")
        if self.money == 0:
            raise Refusal(-321, "Zalo Cloud Account has not enough balance")
        self.money, self.billed = self.money and self.money - 1, self.billed + 1
        return {}

    def _keep_sent(self, to: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        sent = {"message_id": f"beef{self._next():016x}", **more}
        self.sent[to].append({**sent, "message": message})
        self._news.set()
        return sent

    async def _send_to_group(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        recipient, message = body.get("recipient"), body.get("message")
        if not isinstance(recipient, dict) or set(recipient) != {"group_id"} or not isinstance(message, dict):
            raise Refusal(-201, "recipient is invalid")
        if self.refuse_next:
            raise Refusal(self.refuse_next.pop(0), self.refusal)
        group = self.groups.get(recipient["group_id"])
        if group is None:
            raise Refusal(-403, "OA is not in this group")
        if group.status != "enabled":
            raise Refusal(-237, "Group is disabled")
        self._check_message(message, takes_buttons=False)
        return self._keep_sent(group.id, message, group_id=group.id)

    async def _get_group(self, request: web.Request, _body: dict[str, Any]) -> dict[str, Any]:
        group = self.groups.get(request.query.get("group_id", ""))
        if group is None:
            raise Refusal(-403, "OA is not in this group")
        info = {"group_id": group.id, "name": group.name, "total_member": len(group.members) + 1, "status": group.status}
        return {"group_info": info, "asset_info": {}, "group_setting": {}}

    async def _send_to_visitor(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        recipient, message = body.get("recipient"), body.get("message")
        if not isinstance(recipient, dict) or not isinstance(message, dict):
            raise Refusal(-201, "recipient is invalid")
        if "user_id" in recipient:
            raise Refusal(-240, "This API is shut, use v3.0")
        visitor_id = recipient.get("anonymous_id")
        if not visitor_id or self.talks.get(recipient.get("conversation_id", "")) != visitor_id:
            raise Refusal(-201, "anonymous_id or conversation_id is invalid")
        self._check_message(message, takes_buttons=False)
        return self._keep_sent(visitor_id, message, anonymous_id=visitor_id)

    def _check_message(self, message: dict[str, Any], *, takes_buttons: bool = True) -> None:
        text, attachment = message.get("text", ""), message.get("attachment")
        if not isinstance(text, str) or (not text and attachment is None):
            raise Refusal(-201, "text is invalid")
        if len(text) > MOST_TEXT:
            raise Refusal(-210, "Parameter exceeds allowable limit")
        if attachment is None:
            return
        payload = attachment.get("payload") if isinstance(attachment, dict) else None
        if not isinstance(payload, dict):
            raise Refusal(-201, "attachment is invalid")
        if attachment.get("type") == "file":
            self._check_upload(payload.get("token"))
        elif attachment.get("type") != "template":
            raise Refusal(-233, "Message type is not supported")
        elif "template_type" not in payload:
            if not takes_buttons:
                raise Refusal(-233, "Message type is not supported")
            self._check_buttons(payload, text)
        elif payload["template_type"] != "media" or len(payload.get("elements", [])) != 1:
            raise Refusal(-233, "Message type is not supported")
        else:
            element = payload["elements"][0]
            if element.get("media_type") != "image" or ("attachment_id" in element) == ("url" in element):
                raise Refusal(-201, "elements is invalid")
            self._check_upload(element.get("attachment_id"))

    def _check_buttons(self, payload: dict[str, Any], text: str) -> None:
        if self.refuse_buttons:
            raise Refusal(-233, "Message type is not supported")
        buttons = payload.get("buttons")
        if not isinstance(buttons, list) or not buttons or not text:
            raise Refusal(-201, "buttons is invalid")
        if len(buttons) > MOST_BUTTONS:
            raise Refusal(-210, "Parameter exceeds allowable limit")
        for button in buttons:
            title, kind, inner = button.get("title"), button.get("type"), button.get("payload")
            if not isinstance(title, str) or not title:
                raise Refusal(-201, "title is invalid")
            if len(title) > MOST_TITLE or (isinstance(inner, str) and len(inner) > MOST_PAYLOAD):
                raise Refusal(-210, "Parameter exceeds allowable limit")
            is_query = kind in ("oa.query.show", "oa.query.hide") and isinstance(inner, str) and inner
            is_other = kind in _URL_BUTTONS and isinstance(inner, dict) and all(inner.get(name) for name in _URL_BUTTONS[kind])
            if not is_query and not is_other:
                raise Refusal(-201, "button is invalid")

    def _check_upload(self, name: Any) -> None:
        since = self._uploads.get(name) if isinstance(name, str) else None
        if since is None:
            raise Refusal(-201, "attachment_id is invalid")
        if self.now() - since > MEDIA_LIVES:
            raise Refusal(-100, "attachment_id is expired")

    async def _upload_image(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        content: bytes = body.get("file", b"")
        if len(content) > MOST_IMAGE_BYTES:
            raise Refusal(-210, "Parameter exceeds allowable limit")
        try:
            kind = Image.open(io.BytesIO(content)).format
        except OSError:
            kind = None
        if kind not in ("JPEG", "PNG"):
            raise Refusal(-201, "file is invalid")
        return {"attachment_id": self._uploaded()}

    async def _upload_file(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        if len(body.get("file", b"")) > MOST_FILE_BYTES:
            raise Refusal(-210, "Parameter exceeds allowable limit")
        if not body.get("file") or not str(body.get("file_name", "")).lower().endswith(_FILE_ENDINGS):
            raise Refusal(-201, "file is invalid")
        return {"token": self._uploaded()}

    def _uploaded(self) -> str:
        name = f"fake-upload-{self._next()}-{secrets.token_hex(6)}"
        self._uploads[name] = self.now()
        return name

    async def _quota(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        since = self.last_interaction.get(str(body.get("user_id")))
        if since is None:
            raise Refusal(-232, "User has not interacted with the OA")
        promotion = {"daily_remain": 0, "daily_total": 1, "monthly_remain": 4, "monthly_total": 6}
        counters = {} if self.hides_counters else {"cs_reply": {"remain": 8, "total": 8}}
        return {"last_interaction": str(since), **counters, "promotion": promotion}

    async def _getoa(self, _request: web.Request, _body: dict[str, Any]) -> dict[str, Any]:
        return {"oa_id": self.oa_id, "name": "Công an phường Ví Dụ", "is_verified": True, "num_follower": 12}

    # -- what was said before ------------------------------------------------------------------------------------

    def _remember(self, src: int, user_id: str, message_id: str, kind: str, text: str, **more: Any) -> None:
        """`src`: 0 from the account, whoever wrote it; 1 from a person."""
        told = {"src": src, "user_id": user_id, "message_id": message_id, "type": kind, "message": text, "time": self.now(), **more}
        self.history.append(told)

    async def _recent(self, _request: web.Request, body: dict[str, Any]) -> Any:
        """The newest message of each chat, the newest chat first."""
        newest = {one["user_id"]: (place, one) for place, one in enumerate(self.history)}
        return self._page([one for _place, one in sorted(newest.values(), key=lambda found: -found[0])], body)

    async def _conversation(self, _request: web.Request, body: dict[str, Any]) -> Any:
        user_id = body.get("user_id")
        if not isinstance(user_id, str) or not user_id:
            raise Refusal(-201, "user_id is invalid")
        return self._page([one for one in self.history if one["user_id"] == user_id][::-1], body)

    def _page(self, rows: list[dict[str, Any]], asked: dict[str, Any]) -> Any:
        offset, count = asked.get("offset"), asked.get("count")
        if not isinstance(offset, int) or offset < 0 or not isinstance(count, int) or not 1 <= count <= MOST_IN_PAGE:
            raise Refusal(-201, "count is invalid")
        shown = [self._shown(one) for one in rows[offset : offset + count]]
        if self.after_page is not None:
            self.after_page()
        return {"data": shown} if self.wraps_pages else shown

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        there, names = (self.oa_id, one["user_id"]), ("Công an phường Ví Dụ", self.display_name)
        told = {name: value for name, value in one.items() if name != "user_id" and not (self.is_bare and name in _NOT_CARRIED)}
        if self.is_bare and one["src"] == 1 and str(one["message"]).startswith("#"):
            told["message"] = ""
        return told | {
            "from_id": there[one["src"]],
            "to_id": there[1 - one["src"]],
            "from_display_name": names[one["src"]],
            "to_display_name": names[1 - one["src"]],
            "from_avatar": f"https://a.example-zadn.invalid/{one['user_id']}.jpg",
        }

    async def _tell_of(self, user_id: str, message_id: str, text: str, *, name: str = "oa_send_text", **sender: str) -> None:
        """That something left as the account's; it may reach the webhook before the caller has its answer."""
        body = {
            "app_id": self.app_id,
            "sender": {"id": self.oa_id, **sender},
            "user_id_by_app": self.by_app(user_id),
            "recipient": {"id": user_id},
            "event_name": name,
            "message": {"text": text, "msg_id": message_id},
            "timestamp": str(self.now()),
        }
        if self.echoes == "before":
            await self.push(body)
        elif self.echoes == "after":
            self._later(self._push_soon(body))

    async def _push_soon(self, body: dict[str, Any]) -> None:
        await asyncio.sleep(0.05)
        await self.push(body)

    async def answer_by_hand(self, person: ZaloPerson, text: str, *, admin_id: str = "6000000000000000001") -> str:
        """Somebody types in OA Manager, or the account answers by itself (no `admin_id`)."""
        message_id = f"cafe{self._next():016x}"
        self._remember(0, person.id, message_id, "text", text)
        await self._tell_of(person.id, message_id, text, **({"admin_id": admin_id} if admin_id else {}))
        return message_id

    # -- files people sent ---------------------------------------------------------------------------------------

    def keep(self, content: bytes, name: str) -> str:
        key = secrets.token_hex(8)
        self._media[key] = content
        return f"{self.address}/media/{key}/{name}"

    def picture(self, content: bytes) -> dict[str, Any]:
        small = self.keep(content[: len(content) // 8 + 1], "thumb.jpg")  # Cut short: who takes the small one gets the wrong bytes.
        return {"type": "image", "payload": {"thumbnail": small, "url": self.keep(content, "a.jpg")}}

    async def _download(self, request: web.Request) -> web.StreamResponse:
        content = self._media.get(request.match_info["id"])
        if self.outage or self.fail_files:
            return web.Response(status=503)
        return web.Response(body=content) if content is not None else web.Response(status=404)

    async def _away(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(request.query["to"])

    # -- the webhook ---------------------------------------------------------------------------------------------

    async def speak(self, person: ZaloPerson, event: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Something a person sends. It reaches the OA's history whether or not the webhook takes it."""
        self.last_interaction[person.id] = self.now()
        msg_id = self.fresh_msg_id()
        if not isinstance(person, ZaloVisitor):  # Nothing is documented that would bring back what a visitor said.
            first = (message.get("attachments") or [{}])[0]  # Of several in one message the history gives back one.
            self._remember(1, person.id, msg_id, _KIND_BEFORE.get(event, "file"), message.get("text", ""), **_carried(first))
        body = {**person.event(event, {**message, "msg_id": msg_id}), "timestamp": str(self.now()), **more}
        await self.push(body)
        return body

    async def push(self, event: dict[str, Any]) -> None:
        """Until the first attempt is over; retries follow by themselves."""
        if not self.is_subscribed or await self._attempt(event, 0):
            return
        if self.waits_until_taken:
            await self._retry(event)
        else:
            self._later(self._retry(event))

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _retry(self, event: dict[str, Any]) -> None:
        for number, pause in enumerate(self.retry_after_secs, 1):
            await asyncio.sleep(pause)
            if await self._attempt(event, number):
                return
        self.is_subscribed = False

    async def _attempt(self, event: dict[str, Any], number: int) -> bool:
        raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"X-ZEvent-Signature": self.prefix + self.mac(raw, event["timestamp"]), "Content-Type": "application/json"}
        if number:
            headers["num_retry"] = str(number)
        status = await self.post(raw, headers)
        self.attempts.append((event["event_name"], status))
        return status == 200

    def mac(self, raw: bytes, timestamp: str) -> str:
        return hashlib.sha256(self.app_id.encode() + raw + timestamp.encode() + self.oa_secret.encode()).hexdigest()

    async def post(self, raw: bytes, headers: dict[str, str] | None = None) -> int | None:
        """The status, or nothing when none came in time."""
        assert self._http
        try:
            timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_SECS)
            if self.doors:
                self.doors.append(self.doors.pop(0))
            async with self._http.post(
                self.doors[0] if self.doors else self.webhook_url, data=io.BytesIO(raw), headers=headers, timeout=timeout
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None


def _token_error(said: str) -> web.Response:
    return web.json_response({"error": -14014, "error_name": said, "error_reason": said, "error_description": said})


async def _body_of(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        try:
            found = json.loads(request.query.get("data", "{}"))
        except ValueError:
            raise Refusal(-201, "data is invalid") from None
        return found if isinstance(found, dict) else {}
    if request.content_type.startswith("multipart/"):
        body: dict[str, Any] = {}
        for name, part in (await request.post()).items():
            if isinstance(part, web.FileField):
                body |= {name: part.file.read(), f"{name}_name": part.filename}
        return body
    try:
        found = await request.json()
    except ValueError:
        raise Refusal(-201, "body is invalid") from None
    return found if isinstance(found, dict) else {}


def attachment_of(message: dict[str, Any]) -> Any:
    attachment = message.get("attachment")
    is_file = isinstance(attachment, dict) and (attachment.get("type") == "file" or "elements" in attachment.get("payload", {}))
    return attachment if is_file else None


def _carried(attachment: dict[str, Any]) -> dict[str, Any]:
    """Of an attachment, as far as the history gives it back."""
    payload = attachment.get("payload", {})
    if attachment.get("type") == "location":
        return {"location": json.dumps(payload["coordinates"])}
    if attachment.get("type") in ("image", "gif", "audio", "link"):
        return {
            name: payload[old] for name, old in (("url", "url"), ("thumb", "thumbnail"), ("description", "description")) if old in payload
        }
    return {}


def _buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = message.get("attachment", {}).get("payload", {}).get("buttons", [])
    return found


def _data_of(payload: str) -> str:
    """What our own buttons carry, without the mark before it and the serial behind it."""
    return payload.partition(":")[2].rpartition("~")[0]
