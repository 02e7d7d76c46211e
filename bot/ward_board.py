"""Who this house is, for all who ask at any moment: looked up anew by a beat."""

import asyncio

from bot.settings import Settings
from handlers.insight.place_names import names_of
from handlers.messages import Ward
from handlers.ward_book import WardBook
from storage.disk import Disk, Room
from storage.memory import Memory
from storage.queries import custody, house, officers, ward_book, wards


class WardBoard:
    """What the ward is called and whom to ring: from the settings, else from the database, looked up again every few seconds."""

    def __init__(self, memory: Memory, settings: Settings, disk: Disk) -> None:
        self._memory, self._settings, self._disk = memory, settings, disk
        self._ward: Ward | None = None
        self._book = WardBook()
        self._one_at_a_time = asyncio.Lock()

    def __call__(self) -> Ward:
        if self._ward is None:
            raise RuntimeError("the ward is not known yet")
        return self._ward

    async def refresh(self) -> None:
        """Whoever has just changed something and asks sees it: a look that began before it must not end after it."""
        async with self._one_at_a_time:
            await self._look()

    async def _look(self) -> None:
        given = self._settings
        own = await self._memory.read(wards.ward_facts)
        ward_id = own.id
        assert self._memory.vault is not None
        self._memory.vault.wards[ward_id] = await self._memory.read(lambda session: wards.keys_of(session, ward_id))
        custodians = await self._memory.read(lambda session: custody.active_custodians(session, ward_id))
        if await self._memory.read(lambda session: ward_book.version(session, ward_id)) != self._book.version or self._ward is None:
            book = WardBook.from_rows(await self._memory.read(lambda session: ward_book.load(session, ward_id)))
            await asyncio.to_thread(names_of, book)  # A large map takes a while to learn; no message should have to wait for it.
            self._book = book
        files_wait = self._disk.room <= Room.NO_NEW_FILES
        is_closed = await self._memory.read(house.is_closed)
        self._ward = Ward(
            id=ward_id,
            name=given.ward_name or own.name,
            duty_phone=given.duty_phone or own.duty_phone,
            address=given.ward_address or own.address,
            superior=given.superior_address or own.superior,
            unit=own.unit,
            province=own.province,
            keepers=await self._memory.read(lambda session: officers.count_role(session, ward_id, "keeper")),
            files_wait=files_wait,
            is_demo=await self._memory.read(wards.is_demo),
            is_closed=is_closed,
            custodians=len(custodians),
            public_url=self._settings.public_url.rstrip("/"),
            book=self._book,
        )

    @property
    def is_closed(self) -> bool:
        return self().is_closed
