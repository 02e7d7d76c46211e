"""The account's door: a webhook, and the two ways in which Zalo sees that this address is ours.

An event is on the disk before it is answered. One that is not signed as it should be is answered 200 all the same, because Zalo would
otherwise give up on us: it is kept sealed for a day and told at the desk. If it was our own secret that was wrong, it is taken in as
soon as that is put right.
"""

import asyncio
import base64
import json
import logging
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from aiohttp import web
from sqlmodel import Session

from bot.channels.webhooks import come_again
from bot.channels.zalo_oa.addresses import PERSON as CHANNEL
from bot.channels.zalo_oa.addresses import channel_of, recipient_of
from bot.channels.zalo_oa.echoes import Echoes
from bot.channels.zalo_oa.missed import IDS_DIFFER, SILENT, TOO_OLD, Missed
from bot.channels.zalo_oa.parse import Letter, Malformed, envelope, group_look
from bot.channels.zalo_oa.permission import Permission
from bot.channels.zalo_oa.send import ZaloSend
from bot.channels.zalo_oa.signature import Signed, is_ours
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.channels.zalo_oa.wire import NOT_IN_GROUP, TOKEN, Refused, Unreachable, Wire
from bot.inbox import Arrival, Inbox
from handlers import windows
from handlers.doors import GroupLook, Permitted, Tried
from handlers.messages import Ward
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import held_events

log = logging.getLogger("keng.zalo_oa")

_MOST_HELD_BYTES = 64 * 1024
_BEAT_SECS = 15.0
_TRY_SECS = 10
Shut = Literal["", "authorise", "account", "unreachable", "missed", "silent", "unsigned", "money", "by_hand"]


class ZaloDoor:
    def __init__(
        self,
        wire: Wire,
        tokens: Tokens,
        speaker: ZaloSend,
        echoes: Echoes,
        memory: Memory,
        inbox: Inbox,
        ward: Callable[[], Ward],
        *,
        permission: Permission,
        app_id: str,
        secret: str,
        verifier: str = "",
    ) -> None:
        self._wire, self.tokens, self._speaker, self._memory, self._inbox, self._ward = wire, tokens, speaker, memory, inbox, ward
        self.echoes = echoes
        self.missed = Missed(wire, tokens, memory, echoes, lambda: ward().id, keep=self._keep, knows=self._knows)
        self._app_id, self._secret, self.verifier, self._permission = app_id, secret, verifier, permission
        self.oa_id = ""
        self._tasks: list[asyncio.Task[None]] = []
        self.counts: Counter[str] = Counter()
        self.heard_at = 0  # Any event with a good signature.
        self.shut: Shut | None = None  # None: another process looks after it, or nobody has yet.

    @property
    def trouble(self) -> str:
        """What an operator should know; empty while all is well."""
        return self.shut or ""

    @property
    def figures(self) -> dict[str, int]:
        renewed = {"tokens_renewed": self.tokens.renewed_count, "tokens_refused": self.tokens.refused_count}
        sent = {f"send_{name}": many for name, many in self._speaker.counts.items()}
        return {**self.counts, **self.echoes.counts, **self.missed.counts, **sent, **renewed}

    @property
    def receipt_count(self) -> int:
        return self.counts["receipt"]

    @property
    def link(self) -> str:
        return f"https://zalo.me/{self.oa_id}" if self.oa_id else ""

    # -- what comes in ---------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/hooks/zalo-oa", self._hook), web.get(r"/zalo_verifier{code:[A-Za-z0-9_-]{1,100}}.html", self._verify)]

    async def _verify(self, request: web.Request) -> web.Response:
        """Zalo looks for this page to see whose domain it is. The code is no secret: it stands on the page for everybody."""
        code = request.match_info["code"]
        if not self.verifier or code != self.verifier:
            return web.Response(status=404)
        page = f'<!doctype html><meta charset="utf-8"><meta name="zalo-platform-site-verification" content="{code}"><title>Zalo</title>'
        return web.Response(text=page, content_type="text/html")

    async def _hook(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if request.headers.get("num_retry"):
            self.counts["retried"] += 1
            self.missed.hurry()  # Others that are not retried any more may be missing.
        if raw.strip() in (b"", b"{}"):  # Sent unsigned when the address is saved in Zalo's console.
            self.counts["probe"] += 1
            return web.Response()
        if not self._ward().answers_platforms:
            return come_again(self.counts)
        came = Signed(raw, request.headers.get("X-ZEvent-Signature", ""), request.headers.get("X-ZEvent-Timestamp", ""))
        if not is_ours(came, app_id=self._app_id, secret=self._secret):
            await self._hold(came)
            return web.Response()
        self.heard_at = moments.now()
        await self._take(raw)
        return web.Response()

    async def _take(self, raw: bytes) -> None:
        try:
            found = envelope(raw, oa_id=self.oa_id)
        except Malformed:
            self.counts["malformed"] += 1
            return
        self.counts[found.verdict] += 1
        if found.echo is not None:
            await self.echoes.came(found.echo, "event")
        for letter in found.letters:
            if not await self._keep(letter):
                self.counts["repeated"] += 1

    async def _keep(self, letter: Letter) -> bool:
        """Into the inbox, whichever way it came. False: it is there already."""
        return await self._inbox.arrived(
            Arrival(
                channel=channel_of(letter.address),
                address=letter.address,
                send_to=letter.address,
                message_id=letter.message_id,
                platform_order=letter.order,
                payload=letter.payload,
            )
        )

    async def _knows(self, user_id: str, message_id: str) -> bool:
        return await self._inbox.knows(CHANNEL, user_id, message_id)

    # -- what is not signed ----------------------------------------------------------------------------------------------

    async def _hold(self, came: Signed) -> None:
        """Only what looks like an event at all: this address is open to everybody."""
        if len(came.raw) > _MOST_HELD_BYTES or not _looks_like_an_event(came.raw):
            self.counts["junk"] += 1
            return
        self.counts["unsigned"] += 1
        log.warning("zalo_event_unsigned")
        body = {"raw": base64.b64encode(came.raw).decode(), "signature": came.signature[:200], "timestamp": came.timestamp[:40]}
        ids, now, ward_id = {"row_id": new_id(), "mark_id": new_id()}, moments.now(), self._ward().id
        await self._memory.write(lambda session: held_events.hold(session, ward_id, CHANNEL, body, **ids, now=now))

    async def look_again(self) -> int:
        """What was held because our own secret was another one. How many were taken in."""
        ward_id, taken = self._ward().id, 0
        for one in await self._memory.read(lambda session: held_events.held(session, ward_id, CHANNEL)):
            came = Signed(base64.b64decode(one.body["raw"]), one.body["signature"], one.body["timestamp"])
            if is_ours(came, app_id=self._app_id, secret=self._secret):
                await self._take(came.raw)
                await self._memory.write(lambda session, row_id=one.id: held_events.drop(session, row_id))  # type: ignore[misc]
                taken += 1
        if taken:
            self.counts["taken_after_all"] += taken
            await self._memory.write(lambda session: held_events.clear_mark(session, ward_id, CHANNEL, "unsigned"))
        return taken

    # -- start and stop --------------------------------------------------------------------------------------------------

    async def start(self, *, works: bool) -> None:
        """`works`: this process sends, and so it is the one that looks after the tokens (which of several, they settle themselves)."""
        await self.tokens.start()
        await self.echoes.start()
        if works:
            self._tasks = [
                asyncio.create_task(self._look_after(), name="zalo-oa"),
                asyncio.create_task(self._fetch_missed(), name="zalo-oa-missed"),
            ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_after(self) -> None:
        while True:
            try:
                if self._ward().answers_platforms:  # In a closed house the machine it was restored from may be using the tokens.
                    await self.beat()
            except Exception as error:
                log.error("zalo_beat_failed", extra={"error": type(error).__name__})
            await asyncio.sleep(_BEAT_SECS if self.oa_id or self.shut else 1.0)

    async def _fetch_missed(self) -> None:
        """Beside the other beats: after a long night it takes minutes."""
        while True:
            try:
                if self._ward().answers_platforms and self.oa_id and not self.tokens.is_lost:
                    await self.missed.beat(self.oa_id)
            except Exception as error:
                log.error("zalo_missed_failed", extra={"error": type(error).__name__})
                await asyncio.sleep(_BEAT_SECS)
            await asyncio.sleep(0.2)

    async def beat(self) -> None:
        await self.tokens.beat()
        if not self.oa_id and not self.tokens.is_lost:
            await self.tried()
        await self.look_again()
        await self.echoes.judge()
        ward_id, now = self._ward().id, moments.now()
        self.shut = await self._memory.read(lambda session: self._shut_by(session, ward_id, now))

    def _shut_by(self, session: Session, ward_id: int, now: int) -> Shut:
        """The worst of it; the desk has one line for each door."""
        marks = held_events.marks(session, ward_id, CHANNEL)

        def is_of_today(what: str) -> bool:
            return what in marks and now - marks[what].last_at < moments.DAY

        if self.tokens.is_lost:
            return "authorise"
        if self._speaker.account_refused:
            return "account"
        if self._speaker.unreachable_since:
            return "unreachable"
        if is_of_today(IDS_DIFFER) or is_of_today(TOO_OLD):
            return "missed"
        if is_of_today(SILENT):
            return "silent"
        if is_of_today("unsigned"):
            return "unsigned"
        if self._speaker.money_refused and windows.ceiling_of(self._ward().book):
            return "money"
        return "by_hand" if is_of_today("by_hand") else ""

    async def ask_permission(self, back: str) -> str:
        return await self._permission.begin(back)

    async def permitted(self, *, nonce: str, code: str, then: Callable[[Session], None]) -> Permitted:
        told = await self._permission.finish(nonce=nonce, code=code, then=then)
        self.counts[f"permission_{told}"] += 1
        if told == "well":
            self.oa_id = ""  # Perhaps it is another account than before.
        return told

    @property
    def withheld_count(self) -> int:
        return 0  # It withholds nothing.

    async def tried(self) -> Tried:
        """Who we are there. Never raises."""
        try:
            async with asyncio.timeout(_TRY_SECS):
                told = await self._asked("/v2.0/oa/getoa")
        except NoToken:
            return Tried(outcome="token")
        except Refused as refused:
            return Tried(outcome="token" if refused.code in TOKEN else "unreachable")
        except (Unreachable, TimeoutError):
            return Tried(outcome="unreachable")
        if not isinstance(told, dict) or not re.fullmatch(r"\d{1,32}", str(told.get("oa_id", ""))):
            return Tried(outcome="unreachable")
        self.oa_id = str(told["oa_id"])
        return Tried(outcome="well", name=str(told.get("name", ""))[:200], link=self.link)

    async def look_at_group(self, address: str) -> GroupLook | None:
        try:
            async with asyncio.timeout(_TRY_SECS):
                told = await self._asked(f"/v3.0/oa/group/getgroup?group_id={recipient_of(address).id}")
        except Refused as refused:
            return GroupLook(is_gone=True) if refused.code == NOT_IN_GROUP else None
        except (NoToken, Unreachable, TimeoutError):
            return None
        return group_look(told)

    async def _asked(self, path: str) -> Any:
        """With the token of now, and once more with a fresh one: after days away the stored one may be dead before its time."""
        access = await self.tokens.access()
        try:
            return await self._wire.get(path, access=access)
        except Refused as refused:
            if refused.code not in TOKEN:
                raise
        return await self._wire.get(path, access=await self.tokens.instead_of(access))


def _looks_like_an_event(raw: bytes) -> bool:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and isinstance(body.get("event_name"), str) and isinstance(body.get("app_id"), str | int)
