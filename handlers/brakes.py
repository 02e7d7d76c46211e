"""Who is held back for a while is known by a hash alone, salted with a key that is thrown away after a day."""

from collections.abc import Callable

from handlers.messages import Ward
from storage import moments
from storage.ids import new_id
from storage.keyed import Keyed
from storage.memory import Memory
from storage.queries import day_keys


class Brakes:
    def __init__(self, memory: Memory, ward: Callable[[], Ward]) -> None:
        self._memory, self._ward = memory, ward
        self._day, self._keyed = "", Keyed(bytes(32))

    async def hash(self, *parts: str) -> str:
        """Of an address, a login or whatever else is counted today; tomorrow the same one hashes to something else."""
        now = moments.now()
        day = f"{moments.local(now):%Y-%m-%d}"
        if day != self._day:
            row_id, ward_id = new_id(), self._ward().id
            key = await self._memory.write(lambda session: day_keys.key_of_day(session, day, ward_id=ward_id, row_id=row_id, now=now))
            self._day, self._keyed = day, Keyed(key)
        return self._keyed.hash("brake", *parts)
