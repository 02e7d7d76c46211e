"""The door of Zalo's Bot Platform: its webhook, and its own odd long polling for who has no public address.

Polling gives one update at a time and forgets it with the answer: there is no offset and no acknowledgement. So each is on disk
before the next is asked for, one process asks at a time, and what is in hand when the disk refuses is tried again and again. What
the platform gave and no line of ours ever saw (a crash in that very moment, a cut connection) is lost: the webhook is the safer way.

The door stays closed while the ward has no duty number, and in a restored house until a person opens it.
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import web

from bot.channels.webhooks import not_let_in
from bot.channels.zalo_bot.parse import Envelope, Malformed, envelope
from bot.channels.zalo_bot.wire import Kind, Wire, ZaloBotError
from bot.inbox import Arrival, Inbox
from handlers.doors import Tried
from handlers.messages import Ward
from storage import moments
from storage.memory import Memory, MemoryClosed
from storage.queries import leases

log = logging.getLogger("keng.zalo_bot")

_LEASE = "zalo-bot-polling"
_LEASE_MS = 40 * moments.SECOND
_POLL_SECS = 25
_TRY_SECS = 10
_LOOK_SECS = 60  # So often the platform is asked whether the webhook is still ours.

Shut = Literal["", "token", "taken", "unreachable", "broken", "quota", "webhook"]
_SHUT: dict[Kind, Shut] = {"token": "token", "taken": "taken", "refused": "taken", "quota": "quota"}
_SAID: dict[Shut, str] = {
    "token": "the token was refused; set KENG_ZALO_BOT_TOKEN anew",
    "taken": "another program reads this bot's messages; stop it",
    "quota": "the platform's quota is used up",
    "webhook": "the platform could not reach KENG_PUBLIC_URL",
    "unreachable": "the platform cannot be reached",
}


class ZaloBotDoor:
    def __init__(
        self, wire: Wire, memory: Memory, inbox: Inbox, ward: Callable[[], Ward], *, secret: str, webhook_url: str = "", token: str = ""
    ) -> None:
        self._wire, self._memory, self._inbox, self._ward = wire, memory, inbox, ward
        self._secret, self._webhook_url = secret, webhook_url
        self._bot = token.split(":")[0]
        self._me = secrets.token_hex(8)
        self._id = ""
        self._in_hand: Any = None  # Given by the platform, which has forgotten it, and not on disk yet.
        self._tasks: list[asyncio.Task[None]] = []
        self.counts: Counter[str] = Counter()
        self.trouble = ""  # What an operator should know; empty while all is well.
        self.shut: Shut | None = None  # The same in one word; None: another process speaks with the platform.
        self._quota_gone = False

    @property
    def link(self) -> str:
        return f"https://bot.zaloplatforms.com/bots/{self._id}" if self._id else ""

    @property
    def withheld_count(self) -> int:
        return self.counts["withheld"]

    async def tried(self) -> Tried:
        """Asked at the desk. It changes nothing here: what is in trouble is found by those who work."""
        try:
            me = await self._wire.call("getMe", wait_secs=_TRY_SECS)
        except ZaloBotError as error:
            return Tried(outcome="token" if error.kind == "token" else "unreachable")
        name, bot_id = _of(me, "account_name"), _of(me, "id")
        link = f"https://bot.zaloplatforms.com/bots/{bot_id}" if bot_id else ""
        return Tried(outcome="taken" if self.shut == "taken" else "well", name=name, link=link)

    # -- webhook -----------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/hooks/zalo-bot", self._hook)]

    async def _hook(self, request: web.Request) -> web.Response:
        given, is_open = request.headers.get("X-Bot-Api-Secret-Token", ""), self._ward().answers_platforms
        if (refusal := not_let_in(given, secret=self._secret, is_open=is_open, counts=self.counts)) is not None:
            return refusal
        raw = await request.read()
        if not raw.strip():
            self.counts["probe"] += 1  # The platform looks whether somebody is here.
            return web.Response()
        try:
            letter = envelope(json.loads(raw))
        except (ValueError, RecursionError, Malformed):
            self.counts["malformed"] += 1
            return web.Response(status=400)
        await self._take(letter)
        return web.Response()

    async def _take(self, letter: Envelope) -> None:
        """On disk when it returns."""
        if letter.verdict in ("private", "addressed"):
            await self._inbox.arrived(
                Arrival(
                    channel="zalo_bot",
                    address=letter.chat_id,
                    send_to=letter.chat_id,
                    message_id=f"{self._bot}:{letter.message_id}",
                    platform_order=letter.sent_at or moments.now(),
                    payload=letter.payload,
                    payload_with_names=letter.payload_with_names,
                )
            )
        self.counts[letter.verdict] += 1

    # -- start and stop ----------------------------------------------------------------------------------------------

    def start(self, *, polls: bool) -> None:
        work = self._poll() if polls else self._keep_webhook()
        self._tasks = [asyncio.create_task(work, name="zalo-bot")]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._store_what_is_in_hand(tries=3)
        except Exception as error:  # The last moment of a house whose disk takes nothing any more.
            log.error("zalo_bot_update_lost", extra={"error": type(error).__name__})
        with contextlib.suppress(Exception):  # Else it runs out by itself, and the next start waits so long.
            await self._memory.write(lambda session: leases.leave(session, _LEASE, self._me))

    async def _introduce(self) -> None:
        self._id = _of(await self._wire.call("getMe"), "id") or self._id

    async def _keep_webhook(self) -> None:
        while True:
            pause = 15.0
            try:
                if self._ward().answers_platforms:  # A webhook set by a closed house would be taken from the machine that serves.
                    await self._introduce()  # A token may be reset at any time, and nothing comes then to say so.
                    if await self._is_webhook_ours():
                        self._is_well()
                        pause = _LOOK_SECS
                else:
                    pause = 1.0
            except ZaloBotError as error:
                self._note(_SHUT.get(error.kind, "unreachable"))
            await asyncio.sleep(pause)

    async def _is_webhook_ours(self) -> bool:
        """Somebody else's, or none any more, is set anew. Without a public address whoever runs the house has set it by hand."""
        if not self._webhook_url or await self._webhook() == self._webhook_url:
            return True
        answer = await self._wire.call("setWebhook", url=self._webhook_url, secret_token=self._secret)
        checked = answer.get("verification") if isinstance(answer, dict) else None
        if isinstance(checked, dict) and checked.get("ok") is False:  # It is kept all the same, and nothing would come.
            await self._wire.call("deleteWebhook")
            self._note("webhook")
            return False
        return True

    async def _webhook(self) -> str:
        try:
            return _of(await self._wire.call("getWebhookInfo"), "url")
        except ZaloBotError as error:
            if error.kind == "missing":  # So a real bot says that there is none.
                return ""
            raise

    # -- long polling ------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        webhook_gone = False
        while True:
            try:
                await self._store_what_is_in_hand(tries=1)
                if not self._ward().answers_platforms or not await self._hold_lease():
                    self.shut = None
                    await asyncio.sleep(1)
                    continue
                if not webhook_gone:
                    await self._introduce()
                    await self._wire.call("deleteWebhook")
                    webhook_gone = True
                await self._poll_once()
                self._is_well()
            except ZaloBotError as error:
                self._note(_SHUT.get(error.kind, "unreachable"))
                await asyncio.sleep(60 if error.kind in ("token", "quota") else 5)
            except MemoryClosed:
                raise
            except Exception as error:  # A full disk, a mistake of ours: the platform is not to blame, and is asked again.
                self._note("broken", type(error).__name__)
                await asyncio.sleep(1)

    async def _poll_once(self) -> None:
        try:
            self._in_hand = await self._wire.call("getUpdates", wait_secs=_POLL_SECS + 10, timeout=str(_POLL_SECS))
        except ZaloBotError as error:
            if error.kind == "empty":
                return
            raise
        await self._store_what_is_in_hand(tries=1)

    async def _store_what_is_in_hand(self, *, tries: int) -> None:
        given = self._in_hand
        if given is None:
            return
        for left in range(tries - 1, -1, -1):
            try:
                for one in given if isinstance(given, list) else [given]:  # One by one is documented; a list would be no surprise.
                    await self._take(envelope(one))
                break
            except Malformed:
                self.counts["malformed"] += 1
                break
            except MemoryClosed:
                raise
            except Exception:
                if not left:
                    raise
                await asyncio.sleep(0.2)
        self._in_hand = None

    async def _hold_lease(self) -> bool:
        now, ward_id = moments.now(), self._ward().id
        return await self._memory.write(lambda session: leases.take(session, _LEASE, self._me, ward_id=ward_id, now=now, lasts=_LEASE_MS))

    # -- how it is ---------------------------------------------------------------------------------------------------

    def heard_of_sending(self, kind: Kind | None) -> None:
        """Messages may still come in while none can go out: the quota counts both, and only a send is refused for it."""
        was_gone, self._quota_gone = self._quota_gone, kind == "quota" or (self._quota_gone and kind is not None)
        if kind in ("quota", "token"):
            self._note(_SHUT[kind])
        elif was_gone and not self._quota_gone:
            self._is_well()

    def _is_well(self) -> None:
        if self._quota_gone:
            self.trouble, self.shut = _SAID["quota"], "quota"
        else:
            self.trouble = self.shut = ""

    def _note(self, shut: Shut, trouble: str = "") -> None:
        trouble = trouble or _SAID.get(shut, shut)
        if trouble != self.trouble:
            log.warning("zalo_bot_trouble", extra={"trouble": trouble})
        self.trouble, self.shut = trouble, shut
        self.counts["trouble"] += 1


def _of(answer: Any, name: str) -> str:
    value = answer.get(name) if isinstance(answer, dict) else None
    return str(value)[:200] if isinstance(value, str | int) else ""
