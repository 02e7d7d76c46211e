"""Whether the account may say something to somebody now, and for what: free, for money the ward has set aside, or not before they write.

What costs is counted before it goes and given back where it is sure that it did not (`storage/queries/paid.py`). Whoever dies between,
or gets no answer, leaves the count on the row: such a row is not sent for money again, it waits until the person writes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.base import DeliveryError
from bot.channels.zalo_oa.addresses import PERSON as CHANNEL
from bot.channels.zalo_oa.addresses import Kind
from handlers import windows
from handlers.messages import Ward
from storage import moments
from storage.ids import new_id
from storage.memory import Memory
from storage.queries import paid
from storage.queries.paid import Stands


@dataclass(slots=True)
class Passage:
    """For one row. `held`: so many messages were counted as paid for it; 0 is free."""

    ward_id: int
    row_id: int
    month: str = ""
    held: int = 0
    billed: int = 0  # Messages that went out and were not said to be free.
    told: int = 0  # Messages that went out.
    remains: int | None = None

    @property
    def is_paid(self) -> bool:
        return self.held > 0

    def went(self, *, is_free: bool, remains: int | None) -> None:
        self.told += 1
        self.billed += not is_free
        self.remains = remains if remains is not None else self.remains


class Windows:
    def __init__(self, memory: Memory, ward: Callable[[], Ward]) -> None:
        self._memory, self._ward = memory, ward

    async def stands(self, chat_id: int, row_id: int) -> Stands:
        found = await self._memory.read(lambda session: paid.stands(session, chat_id, row_id))
        return found or Stands(ward_id=self._ward().id, since=None, paid=0, is_pressing=False)

    async def passage(self, found: Stands, row_id: int, to: Kind, *, many: int) -> Passage:
        """Raises DeliveryError where nothing may go before they write. A group has no window; a visitor is written to for money never."""
        now = moments.now()
        if to == "group":
            return Passage(ward_id=found.ward_id, row_id=row_id)
        if found.since is None or now - found.since <= windows.FREE_FOR:  # Who never wrote, Zalo knows better than we.
            return Passage(ward_id=found.ward_id, row_id=row_id)
        if now - found.since > windows.OPEN_FOR or to == "visitor":
            raise DeliveryError("window_closed", until_they_write=True)
        if found.paid:
            raise DeliveryError("paid_unknown", until_they_write=True)
        return await self._for_money(found, row_id, many, now)

    async def _for_money(self, found: Stands, row_id: int, many: int, now: int) -> Passage:
        ceiling, month, mark_id = windows.ceiling_of(self._ward().book), windows.month_of(now), new_id()
        if not ceiling:
            raise DeliveryError("paid_off", until_they_write=True)
        most = windows.open_to(ceiling, is_pressing=found.is_pressing)
        if not await self._memory.write(
            lambda session: paid.take(session, found.ward_id, CHANNEL, month, row_id, many=many, most=most, new_id=mark_id)
        ):
            raise DeliveryError("ceiling", until_they_write=True)
        return Passage(ward_id=found.ward_id, row_id=row_id, month=month, held=many)

    async def over(self, passage: Passage) -> None:
        """Nothing of it is on its way any more: what was counted too much goes back, and what Zalo said is left is kept."""
        if not passage.is_paid:
            return
        one, back, now = passage, passage.held - passage.billed, moments.now()
        if back > 0:
            await self._memory.write(lambda session: paid.give_back(session, one.ward_id, CHANNEL, one.month, one.row_id, many=back))
        if one.remains is not None:
            remains = one.remains
            await self._memory.write(lambda session: paid.note_remains(session, one.ward_id, CHANNEL, one.month, remains, now=now))
