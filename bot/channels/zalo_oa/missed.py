"""Fetches what the webhook never brought: while the house was down, or while Zalo did not deliver.

Zalo keeps what was said and gives it back ten at a time, newest first (`listrecentchat`, `conversation`). A look goes back to the moment up
to which everything is known to be here, and a little further, because their clock is not ours. What is missing goes into the inbox by the
door's own way, oldest first for each person, under the same ids as events: whichever comes first, the other is recognised. That moment
moves only when all of it is on the disk, so a look that is cut short is done again.

That an event and a fetched message bear the same id is Zalo's word and was not seen live. Until one was seen to match, a conversation
in which older messages of people are unknown under their fetched ids is not taken: it would double what is here.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.channels.zalo_oa.echoes import Echoes
from bot.channels.zalo_oa.fetched import Fetched, read_row, rows_of
from bot.channels.zalo_oa.parse import Letter
from bot.channels.zalo_oa.tokens import NoToken, Tokens
from bot.channels.zalo_oa.wire import RATE, TOKEN, Refused, Unreachable, Wire
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import held_events, zalo_missed
from storage.queries.zalo_missed import Known

log = logging.getLogger("keng.zalo_oa")

CHANNEL = "zalo_oa"
EVERY_SECS = 300.0
_AGAIN_SECS = 60.0  # After a look that was cut short.
_BETWEEN_CALLS_SECS = 0.05  # A minute holds 4,000 calls, and answers need theirs.
PAGE = 10
BACK = 10 * moments.MINUTE
MOST_BACK = 28 * moments.DAY  # By then the inbox still knows what came; further back a repeat would pass for new.
_MOST_PAGES = 500  # Of one list.
_MOST_ROUNDS = 6
_LATE = 2 * moments.MINUTE  # Zalo's first repeat comes after half a minute.
# What is counted of it (`door_marks`).
PROVED, IDS_DIFFER, TOO_OLD, FETCHED, SILENT = "ids_known", "ids_differ", "too_old", "fetched", "silent"


class _CutShort(Exception):
    """It goes on from the beginning at the next look."""


@dataclass(slots=True)
class _Look:
    """One look: from where, what was found so far."""

    oa_id: str
    since: int  # What is older is not taken.
    first: int  # What is older was never ours.
    seen: dict[str, str] = field(default_factory=dict)  # By person: the newest message of which the list told.
    doubtful: list[list[Fetched]] = field(default_factory=list)
    taken: int = 0
    taken_late: int = 0  # Missing, though there was time to bring them.
    newest_brought: int = 0  # Of those that were here already.


class Missed:
    def __init__(
        self,
        wire: Wire,
        tokens: Tokens,
        memory: Memory,
        echoes: Echoes,
        ward_id: Callable[[], int],
        *,
        keep: Callable[[Letter], Awaitable[bool]],
        knows: Callable[[str, str], Awaitable[bool]],
    ) -> None:
        """`keep`: into the inbox. `knows`: whether a message of this person, by its id, is there."""
        self._wire, self._tokens, self._memory, self._echoes, self._ward_id = wire, tokens, memory, echoes, ward_id
        self._keep, self._knows = keep, knows
        self._next_at = self._hurried_at = 0.0
        self._is_proved = self._has_looked = False
        self.counts: Counter[str] = Counter()

    def hurry(self) -> None:
        """Something says that events were lost: a look soon, once a minute at most."""
        now = time.monotonic()
        if now - self._hurried_at > _AGAIN_SECS:
            self._hurried_at, self._next_at = now, min(self._next_at, now + 1.0)

    async def beat(self, oa_id: str) -> None:
        if time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + EVERY_SECS
        try:
            await self.look(oa_id)
        except (NoToken, Unreachable, Refused, _CutShort) as error:
            self.counts["missed_cut_short"] += 1
            log.warning("zalo_missed_cut_short", extra={"error": f"{type(error).__name__} {error}"})
            pause = 60 - time.time() % 60 if isinstance(error, Refused) and error.code == RATE else _AGAIN_SECS
            self._next_at = time.monotonic() + pause

    async def look(self, oa_id: str) -> int:
        """How many were missing. Raises NoToken, Unreachable, Refused, and when the list does not come to rest."""
        ward_id, began = self._ward_id(), moments.now()
        known = await self._memory.write(lambda session: zalo_missed.known(session, ward_id, oa_id, now=began))
        if known.until >= began and known.first >= began:
            self._has_looked = True
            return 0  # The very first look: nothing can be missing.
        since = await self._since(known, began)
        look = _Look(oa_id, since, known.first)
        for _ in range(_MOST_ROUNDS):
            fresh = await self._people(look)
            if not fresh:
                break
            for user_id in fresh:
                await self._talk(look, user_id)
        else:
            raise _CutShort("list moves")
        await self._take_doubtful(look)
        await self._memory.write(lambda session: zalo_missed.keep(session, oa_id, Known(first=known.first, until=began)))
        if look.taken:
            self.counts["missed_fetched"] += look.taken
            log.warning("zalo_missed_fetched", extra={"many": look.taken})
            await self._mark(FETCHED)
        await self._hear_the_webhook(look)
        return look.taken

    async def _since(self, known: Known, now: int) -> int:
        """A machine whose clock was once ahead looks back a day."""
        until = known.until if known.until <= now + BACK else now - moments.DAY
        if until - BACK < now - MOST_BACK and known.first < now - MOST_BACK:
            log.error("zalo_missed_too_old")
            await self._mark(TOO_OLD)
        return max(until - BACK, known.first, now - MOST_BACK)

    async def _hear_the_webhook(self, look: _Look) -> None:
        """While we run, what is minutes old should have been brought. The first look makes up for our own absence, and says nothing."""
        ward_id = self._ward_id()
        marks = await self._memory.read(lambda session: held_events.marks(session, ward_id, CHANNEL))
        if self._has_looked and (look.taken_late or (look.taken and SILENT in marks)):
            await self._mark(SILENT)  # Whatever a look brings is older than this mark, so it never counts as brought by Zalo.
        elif SILENT in marks and look.newest_brought > marks[SILENT].last_at:
            await self._memory.write(lambda session: held_events.clear_mark(session, ward_id, CHANNEL, SILENT))
        self._has_looked = True

    # -- who wrote -------------------------------------------------------------------------------------------------------

    async def _people(self, look: _Look) -> list[str]:
        """Those with something newer than the last round saw. While pages are read a chat may move to the top, past the page on which it
        stood; then the next round finds it there. Whatever moved stands above all that did not."""
        is_first, fresh, offset = not look.seen, list[str](), 0
        for _ in range(_MOST_PAGES):
            rows = rows_of(await self._ask("/v2.0/oa/listrecentchat", {"offset": offset, "count": PAGE}))
            found = [one for one in (read_row(row, look.oa_id) for row in rows) if one is not None]
            news = [one for one in found if one.at >= look.since and look.seen.get(one.user_id) != one.message_id]
            for one in news:
                look.seen[one.user_id] = one.message_id
            fresh += [one.user_id for one in news]
            if not rows or (found and found[-1].at < look.since) or (not is_first and not news):
                return list(dict.fromkeys(fresh))
            offset += len(rows)
        raise _CutShort("too many chats")

    # -- what they wrote -------------------------------------------------------------------------------------------------

    async def _talk(self, look: _Look, user_id: str) -> None:
        found = await self._conversation(look, user_id)
        for one in found:
            if one.echo is not None and one.at >= look.since:
                await self._echoes.came(one.echo, "fetched")
        theirs = [one for one in found if one.letter is not None and one.at >= look.first]
        if not self._is_proved and not await self._prove(theirs) and any(one.at < look.since for one in theirs):
            look.doubtful.append(theirs)
            return
        await self._take(look, theirs)

    async def _conversation(self, look: _Look, user_id: str) -> list[Fetched]:
        """Oldest first, back to a page that holds something older than what is asked for."""
        found, offset = dict[str, Fetched](), 0
        for _ in range(_MOST_PAGES):
            rows = rows_of(await self._ask("/v2.0/oa/conversation", {"user_id": user_id, "offset": offset, "count": PAGE}))
            page = [one for one in (read_row(row, look.oa_id) for row in rows) if one is not None and one.user_id == user_id]
            found |= {one.message_id: one for one in page}
            if not rows or (page and min(one.at for one in page) < look.since):
                newest_first = list(found.values())
                return sorted(reversed(newest_first), key=lambda one: one.at)  # Of two at one moment the page's order counts.
            offset += len(rows)
        raise _CutShort("too long a talk")

    async def _prove(self, theirs: list[Fetched]) -> bool:
        ward_id = self._ward_id()
        if not self._is_proved:
            marks = await self._memory.read(lambda session: held_events.marks(session, ward_id, CHANNEL))
            self._is_proved = PROVED in marks
        for one in theirs:
            if not self._is_proved and one.letter is not None and await self._knows(one.user_id, one.letter.message_id):
                await self._mark(PROVED)
                await self._memory.write(lambda session: held_events.clear_mark(session, ward_id, CHANNEL, IDS_DIFFER))
                self._is_proved = True
        return self._is_proved

    async def _take(self, look: _Look, theirs: list[Fetched]) -> None:
        late = moments.now() - _LATE
        for one in theirs:
            if one.at < look.since or one.letter is None:
                continue
            if await self._knows(one.user_id, one.letter.message_id):
                look.newest_brought = max(look.newest_brought, one.at)
                continue
            if await self._keep(one.letter):
                look.taken += 1
                look.taken_late += one.at < late

    async def _take_doubtful(self, look: _Look) -> None:
        if look.doubtful and not self._is_proved:
            log.error("zalo_missed_ids_differ")
            await self._mark(IDS_DIFFER)
            raise _CutShort("ids differ")
        for theirs in look.doubtful:
            await self._take(look, theirs)

    # -- small parts -----------------------------------------------------------------------------------------------------

    async def _ask(self, path: str, asked: dict[str, Any]) -> Any:
        await asyncio.sleep(_BETWEEN_CALLS_SECS)
        access = await self._tokens.access()
        try:
            return await self._wire.get(path, asked, access=access)
        except Refused as refused:
            if refused.code not in TOKEN:
                raise
        return await self._wire.get(path, asked, access=await self._tokens.instead_of(access))

    async def _mark(self, what: str) -> None:
        ward_id, row_id, now = self._ward_id(), new_id(), moments.now()

        def mark(session: Session) -> None:
            held_events.mark(session, ward_id, CHANNEL, what, row_id=row_id, now=now)

        await self._memory.write(mark)
