"""The account's tokens. The refresh token works once, so: one process asks, what came is on the disk before it is used, and whoever dies
between leaves a trace (`storage/queries/zalo_tokens.py`).

The environment's tokens are a seed: taken once, when their hash is new; from then on the sealed pair in the database rules. A pair that
Zalo does not renew any more is lost, and only a person can bring another: the door says so. What comes in needs no token.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable

from sqlmodel import Session

from bot.channels.zalo_oa.wire import Unreachable, Wire
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import zalo_tokens
from storage.queries.zalo_tokens import Kept, Pair

log = logging.getLogger("keng.zalo_oa")

RENEW_BEFORE = 6 * moments.HOUR
_ASK_AGAIN = moments.HOUR  # After a refusal: perhaps the app's secret was wrong, and somebody mends it.
_UNANSWERED_AGAIN = moments.MINUTE
_USUAL_LIFE = 25 * moments.HOUR
_WAIT_FOR_OTHERS_SECS = 10.0


class NoToken(Exception):
    """Nothing can be sent now: the pair is lost, was never there, or another process is just asking."""


class Tokens:
    def __init__(
        self,
        memory: Memory,
        wire: Wire,
        ward_id: Callable[[], int],
        hash_of: Callable[..., str],
        *,
        seed_access: str = "",
        seed_refresh: str = "",
    ) -> None:
        self._memory, self._wire, self._ward_id, self._hash = memory, wire, ward_id, hash_of
        self._seed_access, self._seed_refresh = seed_access, seed_refresh
        self._me = secrets.token_hex(8)
        self._kept: Kept | None = None
        self._unstored: tuple[int, Pair] | None = None  # What came for which version and is not written yet; nobody uses it before.
        self._one_at_a_time = asyncio.Lock()
        self.renewed_count = self.refused_count = 0

    # -- who uses them ---------------------------------------------------------------------------------------------------

    async def access(self) -> str:
        """The token of now. Raises NoToken."""
        kept = self._kept or await self._look()
        if kept is None or not kept.pair.access:
            raise NoToken
        return kept.pair.access

    async def instead_of(self, refused: str) -> str:
        """Zalo does not know this one any more. Somebody may have renewed it already; else it is renewed, once."""
        kept = await self._look()
        if kept is None or kept.pair.access == refused:
            kept = await self._renew(kept)
        if kept is None or kept.pair.access in ("", refused):
            raise NoToken
        return kept.pair.access

    @property
    def is_lost(self) -> bool:
        """As far as was seen at the last look: only an administrator can help."""
        return self._kept is None or self._kept.lost_at is not None

    @property
    def ends_at(self) -> int:
        """When the access token of now runs out; 0 where there is none."""
        return self._kept.pair.expires_at if self._kept else 0

    # -- who looks after them --------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Takes the seed, if the environment brings one that is new."""
        if not self._seed_refresh and not self._seed_access:
            return
        seed = self._hash("zalo-seed", self._seed_access, self._seed_refresh)
        # How old they are nobody says: asked for anew at the first look.
        pair, row_id, now = Pair(access=self._seed_access, refresh=self._seed_refresh, expires_at=0), new_id(), moments.now()
        if await self._memory.write(lambda session: zalo_tokens.keep(session, self._ward_id(), pair, row_id=row_id, now=now, seed=seed)):
            log.info("zalo_tokens_seeded")

    async def beat(self) -> None:
        """Renews well ahead, also while nobody writes: after three idle months the account would have to be permitted anew."""
        kept = await self._look()
        if self._unstored is not None or (kept is not None and kept.pair.expires_at - moments.now() < RENEW_BEFORE):
            await self._renew(kept)

    async def take(self, pair: Pair, *, then: Callable[[Session], None]) -> None:
        """A pair by a person's permission."""
        row_id, now = new_id(), moments.now()

        def keep(session: Session) -> None:
            zalo_tokens.keep(session, self._ward_id(), pair, row_id=row_id, now=now)
            then(session)

        await self._memory.write(keep)
        await self._look()

    async def _look(self) -> Kept | None:
        self._kept = await self._memory.read(lambda session: zalo_tokens.load(session, self._ward_id()))
        return self._kept

    async def _renew(self, seen: Kept | None) -> Kept | None:
        """`seen`: the pair that the caller found to be too old. A newer one is as good as one of our own asking."""
        async with self._one_at_a_time:
            kept = await self._look()
            if self._unstored is not None and kept is not None:
                return await self._store(kept, self._unstored[1])
            if kept is None or (seen is not None and kept.version != seen.version):
                return kept  # Somebody was faster, in this process or in another.
            now = moments.now()
            if not await self._memory.write(
                lambda session: zalo_tokens.claim(session, self._ward_id(), version=kept.version, holder=self._me, now=now)
            ):
                return await self._wait_for_others(kept)
            return await self._ask(kept)

    async def _ask(self, kept: Kept) -> Kept | None:
        """The claim is on the disk. From here to `_store` a crash may cost the pair; then the stored one is tried once more, and told."""
        try:
            came = await self._wire.token(refresh_token=kept.pair.refresh, grant_type="refresh_token") if kept.pair.refresh else None
        except Unreachable as error:
            log.warning("zalo_token_unanswered", extra={"error": str(error)})
            await self._let_go(kept)
            return kept
        if came is None:
            await self._note_refused(kept)
            return await self._look()
        return await self._store(kept, pair_of(came, now=moments.now()))

    async def _store(self, kept: Kept, pair: Pair) -> Kept | None:
        """Until it is written it is kept in hand and nothing else is asked for; the next beat tries again. Where a person has given
        another permission meanwhile, theirs counts."""
        version = self._unstored[0] if self._unstored else kept.version
        self._unstored, row_id, now = (version, pair), new_id(), moments.now()
        if kept.version != version:
            self._unstored = None
            return kept
        await self._memory.write(lambda session: zalo_tokens.keep(session, self._ward_id(), pair, row_id=row_id, now=now))
        self._unstored = None
        self.renewed_count += 1
        log.info("zalo_tokens_renewed")
        return await self._look()

    async def _let_go(self, kept: Kept) -> None:
        again_at = moments.now() + _UNANSWERED_AGAIN
        await self._memory.write(
            lambda session: zalo_tokens.let_go(session, self._ward_id(), version=kept.version, holder=self._me, again_at=again_at)
        )

    async def _note_refused(self, kept: Kept) -> None:
        self.refused_count += 1
        log.error("zalo_token_refused", extra={"was_asked_before": kept.asked_at is not None})
        now = moments.now()
        await self._memory.write(
            lambda session: zalo_tokens.refused(
                session, self._ward_id(), version=kept.version, holder=self._me, now=now, again_at=now + _ASK_AGAIN
            )
        )

    async def _wait_for_others(self, kept: Kept) -> Kept | None:
        """Another one is asking: what comes of it is ours too. Nobody is, where the last one was refused a moment ago."""
        deadline, found = asyncio.get_running_loop().time() + _WAIT_FOR_OTHERS_SECS, await self._look()
        while found is not None and found.version == kept.version and found.is_being_asked:
            if asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(0.1)
            found = await self._look()
        return found


def pair_of(came: dict[str, str], *, now: int) -> Pair:
    """`expires_in` is a string of seconds, and who knows what one day."""
    try:
        life = int(float(came["expires_in"])) * 1000
    except (ValueError, OverflowError):
        life = 0
    return Pair(access=came["access"], refresh=came["refresh"], expires_at=now + (life if 0 < life <= 90 * moments.DAY else _USUAL_LIFE))
