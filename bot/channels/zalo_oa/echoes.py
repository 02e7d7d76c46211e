"""Tells our own messages from those that somebody else sends in the account's name (`handlers/answered_outside.py` decides).

Zalo tells of every message that leaves. Ours are known by the id that came with Zalo's answer; it may come after the news of it, or
never, so each is written down before the call too.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.channels.base import DeliveryError
from bot.channels.zalo_oa.wire import Refused
from handlers import answered_outside, oa_rights
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import zalo_posts
from storage.queries.zalo_posts import ToldBy

log = logging.getLogger("keng.zalo_oa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A message that left as the account's, as Zalo tells of it."""

    message_id: str
    user_id: str  # To whom; may be missing.
    at: int
    by_person: bool  # Zalo says that a person typed it in its console.
    text: str = field(default="", repr=False)


class Sending:
    """What becomes of one message of ours."""

    message_id = ""


class Echoes:
    def __init__(self, memory: Memory, ward_id: Callable[[], int], hash_of: Callable[..., str]) -> None:
        self._memory, self._ward_id, self._hash = memory, ward_id, hash_of
        self.counts: Counter[str] = Counter()
        self._proved: set[ToldBy] = set()

    async def start(self) -> None:
        """From the first start on every message of ours is known here."""
        ward_id, now = self._ward_id(), moments.now()
        await self._memory.write(lambda session: zalo_posts.known_from(session, ward_id, now=now))

    @asynccontextmanager
    async def sending(self, user_id: str) -> AsyncIterator[Sending]:
        """Around one call. What Zalo refused was not sent; of what nobody answered it is not known."""
        row_id, to_hash, now, sending = new_id(), self._hash("zalo-post-to", user_id), moments.now(), Sending()
        ward_id = self._ward_id()
        await self._memory.write(lambda session: zalo_posts.begin(session, ward_id, row_id=row_id, to_hash=to_hash, now=now))
        try:
            yield sending
        except Refused:
            await self._quietly(lambda session: zalo_posts.drop(session, row_id))
            raise
        except DeliveryError as error:
            if error.reason != "unreachable":
                await self._quietly(lambda session: zalo_posts.drop(session, row_id))
            raise
        if sending.message_id:
            message_hash, mark_id = self._hash("zalo-post", sending.message_id), new_id()

            def note(session: Session) -> None:
                if told_by := zalo_posts.answered(session, row_id, message_hash):
                    answered_outside.prove(session, ward_id, told_by, row_id=mark_id, now=now)

            await self._quietly(note)

    async def _quietly(self, note: Callable[[Session], None]) -> None:
        """The message is out, or refused: whatever goes wrong here must not send it again. The row then says that nobody knows."""
        try:
            await self._memory.write(note)
        except Exception as error:
            log.error("zalo_post_not_noted", extra={"error": type(error).__name__})

    async def came(self, echo: Echo, told_by: ToldBy) -> None:
        ward_id, now, row_id, mark_id = self._ward_id(), moments.now(), new_id(), new_id()
        message_id = echo.message_id or (f"{echo.user_id} {echo.at}" if echo.by_person else "")
        message_hash, to_hash = self._hash("zalo-post", message_id), self._hash("zalo-post-to", echo.user_id)
        if not message_id:
            self.counts["echo_without_id"] += 1  # Nothing by which it could be told from ours.
            return

        def known(session: Session) -> tuple[str, bool]:
            kind = zalo_posts.kind_of(session, message_hash)
            return kind, not kind and oa_rights.is_automatic(session, ward_id, echo.text)

        kind, is_automatic = await self._memory.read(known)
        if kind:
            self.counts["echo_" + kind] += 1
            if kind == "ours" and told_by not in self._proved:
                await self._memory.write(lambda session: answered_outside.prove(session, ward_id, told_by, row_id=mark_id, now=now))
                self._proved.add(told_by)
            return
        if is_automatic:
            self.counts["echo_automatic"] += 1
            return
        by: ToldBy = "person" if echo.by_person else told_by
        at = echo.at or now
        await self._memory.write(
            lambda session: zalo_posts.tell(
                session, ward_id, row_id=row_id, message_hash=message_hash, to_hash=to_hash, told_by=by, at=at, now=now
            )
        )

    async def judge(self) -> None:
        """A beat."""
        ward_id, now = self._ward_id(), moments.now()
        before = now - answered_outside.WAIT_FOR_ANSWER
        if not await self._memory.read(lambda session: zalo_posts.unsure(session, ward_id, before=before, most=1)):
            return
        ids = [new_id() for _ in range(2 * answered_outside.MOST)]
        found = await self._memory.write(lambda session: answered_outside.judge(session, ward_id, ids=iter(ids), now=now))
        if found:
            self.counts["answered_outside"] += found
            log.warning("zalo_answered_outside", extra={"many": found})
