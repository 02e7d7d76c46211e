"""Telegram's door: the webhook, and long polling for who has no public address.

Both store through the inbox and acknowledge only after its commit: the webhook by answering 200, polling by moving its offset.
The door stays closed while the ward has no duty number, and in a restored house until a person opens it; Telegram keeps what
comes meanwhile.
"""

import asyncio
import json
import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import web
from sqlalchemy import select, update
from sqlmodel import Session, col
from telegram import Bot, BotCommand
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.parse import Envelope, Malformed, envelope, group_look
from bot.channels.telegram.wire import NeverAsked, fields
from bot.channels.webhooks import not_let_in
from bot.inbox import Arrival, Inbox
from handlers import texts
from handlers.doors import GroupLook, Tried
from handlers.messages import Ward
from storage import moments
from storage.memory import Memory
from storage.queries import leases
from storage.tables import Lease

log = logging.getLogger("keng.telegram")

WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
_LEASE = "telegram-polling"
_LEASE_MS = 40 * moments.SECOND
_POLL_SECS = 25
_TRY_SECS = 10
_COMMANDS = ("start", "huongdan", "huy", "tracuu", "canhbao", "catlienlac")

Shut = Literal["", "token", "taken", "unreachable", "broken"]
_TOKEN_REFUSED = "the token was refused; set KENG_TELEGRAM_TOKEN anew"


class TelegramDoor:
    def __init__(self, bot: Bot, memory: Memory, inbox: Inbox, ward: Callable[[], Ward], *, secret: str, webhook_url: str = "") -> None:
        self._bot, self._memory, self._inbox, self._ward = bot, memory, inbox, ward
        self._secret, self._webhook_url = secret, webhook_url
        self._me = secrets.token_hex(8)
        self._bot_id = int(bot.token.split(":")[0]) if bot.token.split(":")[0].isdecimal() else 0
        self._username = ""
        self._pleasantries: set[asyncio.Task[Any]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._introduced = False
        self.counts: Counter[str] = Counter()
        self.trouble = ""  # What an operator should know; empty while all is well.
        self.shut: Shut | None = None  # The same in one word; None: another process speaks with the platform.

    @property
    def link(self) -> str:
        return f"https://t.me/{self._username}" if self._username else ""

    @property
    def withheld_count(self) -> int:
        return 0  # Telegram hands over all that is sent.

    async def tried(self) -> Tried:
        """Asked at the desk. It changes nothing here: what is in trouble is found by those who work."""
        try:
            async with asyncio.timeout(_TRY_SECS):
                me = await self._bot.get_me()
        except InvalidToken:
            return Tried(outcome="token")
        except (TelegramError, TimeoutError):
            return Tried(outcome="unreachable")
        link = f"https://t.me/{me.username}" if me.username else ""
        return Tried(outcome="taken" if self.shut == "taken" else "well", name=me.full_name, link=link)

    async def look_at_group(self, address: str) -> GroupLook | None:
        """Plain calls: the library's own types ask for more than we read, and would break with what Telegram adds one day."""
        try:
            async with asyncio.timeout(_TRY_SECS):
                chat = await self._ask("getChat", chat_id=address)
                us = await self._ask("getChatMember", chat_id=address, user_id=str(self._bot_id))
                members = await self._ask("getChatMemberCount", chat_id=address)
        except ChatMigrated as moved:
            return GroupLook(moved_to=str(moved.new_chat_id))
        except Forbidden:
            return GroupLook(is_gone=True)
        except BadRequest as error:
            return GroupLook(is_gone=True) if "chat not found" in str(error).lower() else None
        except (TelegramError, TimeoutError):
            return None
        return group_look(chat, us, members)

    async def _ask(self, method: str, **asked: str) -> Any:
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", fields(**asked))

    # -- webhook -------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/hooks/telegram", self._hook)]

    async def _hook(self, request: web.Request) -> web.Response:
        given, is_open = request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), self._ward().answers_platforms
        if (refusal := not_let_in(given, secret=self._secret, is_open=is_open, counts=self.counts)) is not None:
            return refusal
        try:
            letter = envelope(json.loads(await request.read()), username=self._username, bot_id=self._bot_id)
        except (ValueError, RecursionError, Malformed):
            self.counts["malformed"] += 1
            return web.Response(status=400)
        if letter.verdict == "chatter" and not self._introduced:
            # We do not know our own name yet, so we cannot tell whether it was called. Telegram asks again.
            return web.Response(status=503, headers={"Retry-After": "1"})
        self.counts[letter.verdict] += 1
        if letter.verdict in ("private", "addressed"):
            await self._store(letter)
        return web.Response()

    async def _store(self, letter: Envelope) -> None:
        await self._inbox.arrived(
            Arrival(
                channel="telegram",
                address=str(letter.chat_id),
                send_to=str(letter.chat_id),
                message_id=f"{self._bot_id}:{letter.update_id}",
                platform_order=letter.update_id,
                payload=letter.payload,
                payload_with_names=letter.payload_with_names,
            )
        )
        if letter.callback_id:
            self._be_polite(self._bot.answer_callback_query(letter.callback_id))

    def _be_polite(self, call: Any) -> None:
        """Stops the waiting mark on a pressed button. Nothing hangs on it, so nothing is retried."""

        async def try_it() -> None:
            try:
                await call
            except TelegramError:
                self.counts["unanswered_press"] += 1

        task = asyncio.create_task(try_it())
        self._pleasantries.add(task)
        task.add_done_callback(self._pleasantries.discard)

    # -- start and stop ------------------------------------------------------------------------------------------

    def start(self, *, polls: bool) -> None:
        work = self._poll() if polls else self._keep_webhook()
        self._tasks = [asyncio.create_task(work, name="telegram")]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._pleasantries, return_exceptions=True)

    async def _introduce(self) -> None:
        """Who we are there, and the commands it shows. A platform that is down must not stop the house."""
        if self._introduced:
            return
        me = await self._bot.get_me()
        self._username = me.username or ""
        for language in texts.LANGUAGES:
            commands = [BotCommand(name, texts.say_as(self._ward().book, f"command-{name}", language)) for name in _COMMANDS]
            await self._bot.set_my_commands(commands, language_code="" if language == "vi" else language)
        self._introduced = True

    async def _keep_webhook(self) -> None:
        is_set = not self._webhook_url
        while True:
            try:
                if self._ward().answers_platforms:  # A webhook set by a closed house would be taken from the machine that serves.
                    if not is_set:
                        await self._bot.set_webhook(
                            self._webhook_url, secret_token=self._secret, allowed_updates=WANTED, max_connections=40
                        )
                        is_set = True
                    if self._introduced:
                        await self._bot.get_me()  # A token may be revoked at any time, and nothing comes then to say so.
                    await self._introduce()
                    self._is_well()
            except InvalidToken:
                self._note(_TOKEN_REFUSED, "token")
            except TelegramError as error:
                self._note(_name_of(error))
            await asyncio.sleep(15 if self.trouble else 60 if self._introduced else 0.2)

    # -- long polling --------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        webhook_gone = False
        while True:
            try:
                if not self._ward().answers_platforms or not await self._hold_lease():
                    self.shut = None
                    await asyncio.sleep(1)
                    continue
                if not webhook_gone:
                    await self._bot.delete_webhook(drop_pending_updates=False)
                    webhook_gone = True
                await self._introduce()
                await self._poll_once()
                self._is_well()
            except InvalidToken:
                self._note(_TOKEN_REFUSED, "token")
                await asyncio.sleep(60)
            except Conflict:
                self._note("another program reads this bot's messages; stop it", "taken")
                await asyncio.sleep(5)
            except TelegramError as error:
                self._note(_name_of(error))
                await asyncio.sleep(3)
            except Exception as error:  # A full disk, a mistake of ours: the platform is not to blame, and is asked again.
                self._note(type(error).__name__, "broken")
                await asyncio.sleep(1)

    async def _poll_once(self) -> None:
        offset = await self._memory.read(_offset)
        # Not `get_updates`: one update that the library cannot read would hold up all the others for ever.
        wanted = fields(offset=str(offset), timeout=str(_POLL_SECS), limit="100", allowed_updates=json.dumps(WANTED))
        answer: Any = await self._bot.request.post(f"{self._bot.base_url}/getUpdates", wanted, read_timeout=_POLL_SECS + 10)
        if not isinstance(answer, list) or not answer:
            return
        by_chat: defaultdict[int, list[Envelope]] = defaultdict(list)
        last = offset
        for raw in answer:
            try:
                letter = envelope(raw, username=self._username, bot_id=self._bot_id)
            except Malformed:
                self.counts["malformed"] += 1
                continue
            self.counts[letter.verdict] += 1
            last = max(last, letter.update_id + 1)
            if letter.verdict in ("private", "addressed"):
                by_chat[letter.chat_id].append(letter)
        # Chats beside each other, so that one commit serves many; within a chat one after the other.
        await asyncio.gather(*(self._store_in_order(letters) for letters in by_chat.values()))
        # Only now: what the offset passes is on disk. Moving it in the next request tells Telegram to forget.
        await self._memory.write(lambda session: _move_offset(session, last))

    async def _store_in_order(self, letters: list[Envelope]) -> None:
        for letter in sorted(letters, key=lambda letter: letter.update_id):
            await self._store(letter)

    async def _hold_lease(self) -> bool:
        now, ward_id = moments.now(), self._ward().id
        return await self._memory.write(lambda session: leases.take(session, _LEASE, self._me, ward_id=ward_id, now=now, lasts=_LEASE_MS))

    def _is_well(self) -> None:
        self.trouble = self.shut = ""

    def _note(self, trouble: str, shut: Shut = "unreachable") -> None:
        if trouble != self.trouble:
            log.warning("telegram_trouble", extra={"trouble": trouble})
        self.trouble, self.shut = trouble, shut
        self.counts["trouble"] += 1


def _name_of(error: Exception) -> str:
    return "NetworkError" if isinstance(error, NeverAsked) else type(error).__name__


def _offset(session: Session) -> int:
    data = session.execute(select(col(Lease.data)).where(col(Lease.name) == _LEASE)).scalar_one()
    return int(data.get("offset", 0))


def _move_offset(session: Session, offset: int) -> None:
    session.execute(update(Lease).where(col(Lease.name) == _LEASE).values(data={"offset": offset}))
