"""How each part of the house is, for whoever watches over it from outside."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.backups import Nightly
from bot.clock import Clock
from bot.delivery import Delivery
from bot.door_health import door_parts
from bot.inbox import Inbox
from bot.ward_board import WardBoard
from storage import moments
from storage.disk import Disk, Room
from storage.memory import Memory
from storage.queries import attachments, leases, resealing

_DISK_SAID = {Room.FINE: "ok", Room.LOW: "low", Room.NO_NEW_FILES: "no new files", Room.NO_FILES: "no files"}


class Health:
    def __init__(
        self,
        memory: Memory,
        ward: WardBoard,
        disk: Disk,
        inbox: Inbox,
        delivery: Delivery,
        clock: Clock,
        nightly: Nightly,
        doors: Callable[[], dict[str, Any]],
    ) -> None:
        """`doors`: the messengers' by channel; None is one that is off."""
        self._memory, self._ward, self._disk, self._inbox, self._delivery = memory, ward, disk, inbox, delivery
        self._clock, self._nightly, self._doors = clock, nightly, doors

    async def page(self, _request: web.Request) -> web.Response:
        """503 when a part that matters is down. Memory is asked to really write: reading goes on long after a disk is full."""
        ward_id, now = self._ward().id, moments.now()
        channels = ["webchat", *(channel for channel, door in self._doors().items() if door is not None)]
        try:
            async with asyncio.timeout(5):
                await self._memory.write(lambda session: leases.note_sign_of_life(session, ward_id=ward_id, now=now))
                media_waiting: int | None = await self._memory.read(attachments.count_waiting)
                reseal_left: int | None = await self._memory.read(resealing.left)
                backup = await self._nightly.state()
                heard: dict[str, Any] = await self._memory.read(lambda session: door_parts(session, self._ward(), channels, now=now))
            memory = "ok"
        except Exception:
            memory, media_waiting, reseal_left, backup, heard = "down", None, None, "unknown", {}
        doors = {channel: "off" if door is None else (door.trouble or "ok") for channel, door in self._doors().items()}
        parts: dict[str, Any] = {
            "house": "closed" if self._ward.is_closed else "open",
            "memory": memory,
            "inbox": "ok" if self._inbox.is_well else "down",
            "delivery": "ok" if self._delivery.is_well else "down",
            "resealing": reseal_left,
            "disk": _DISK_SAID[self._disk.room],
            "disk_reserve": "in use" if self._disk.reserve_is_open else "ok",
            "media_waiting": media_waiting,
            "clock": "ok" if self._clock.is_well else "down",
            "backup": backup,
            "set_aside": self._inbox.set_aside_count,
            **doors,
            **heard,
        }
        is_well = all(parts[name] == "ok" for name in ("memory", "inbox", "delivery", "clock"))
        return web.Response(text=json.dumps(parts), content_type="application/json", status=200 if is_well else 503)
