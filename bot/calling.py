"""Whom the clock calls and tells, with nobody pressing anything: residents who wait, the ladder, shifts, and the law's clocks.

Each is a beat. What is due stands in tables; a closed house calls nobody.
"""

import logging
from collections.abc import Callable

from sqlmodel import Session

from bot.ward_board import WardBoard
from handlers import deadlines, duty, ladder, officer_chats, tip_clocks, urgent
from handlers.warnings import progress, reminding
from storage import moments
from storage.ids import new_id
from storage.memory import Memory

log = logging.getLogger("keng.calling")


class Calling:
    def __init__(self, memory: Memory, ward: WardBoard, on_replies: Callable[[int, None], None], *, has_command: bool) -> None:
        """`has_command`: a command on this machine can ring, too."""
        self._memory, self._ward, self._on_replies, self._has_command = memory, ward, on_replies, has_command

    async def tell_who_waits(self) -> None:
        """A resident in danger is told when nobody has accepted yet."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()
        for chat_id in await self._memory.write(lambda session: urgent.tell_who_waits(session, ward, draw=new_id, now=now)):
            self._on_replies(chat_id, None)

    async def climb(self) -> None:
        """A tip nobody accepts calls the next person."""
        if self._ward.is_closed:
            return
        ward, now, has_command = self._ward(), moments.now(), self._has_command
        await self._memory.write(
            lambda session: ladder.climb(session, ward, officer_chats.ring, draw=new_id, now=now, has_command=has_command)
        )

    async def call_in(self) -> None:
        """ "Vào ca" on the phone of whoever is planned, a little before."""
        if not self._ward.is_closed:
            ward, now = self._ward(), moments.now()
            await self._memory.write(lambda session: duty.call_in(session, ward, officer_chats.ring, draw=new_id, now=now))

    async def remind_leaders(self) -> None:
        """Who has not said that a warning was posted; whoever may release what a leader has proposed."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()

        def beat(session: Session) -> list[int]:
            reminding.give_up(session, ward.id, draw=new_id, now=now)
            reminding.ring_for_proposed(session, ward, officer_chats.ring, draw=new_id, now=now)
            return reminding.remind_leaders(session, ward, draw=new_id, now=now)

        for chat_id in await self._memory.write(beat):
            self._on_replies(chat_id, None)

    async def plan_shifts(self) -> None:
        ward_id, now = self._ward().id, moments.now()
        await self._memory.write(lambda session: duty.plan(session, ward_id, draw=new_id, now=now))

    async def tell_of_warnings(self) -> None:
        """How a warning fares, to whoever wrote it."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()
        for chat_id in await self._memory.write(lambda session: progress.tell(session, ward, draw=new_id, now=now)):
            self._on_replies(chat_id, None)

    async def warn_of_clocks(self) -> None:
        """Half, four fifths, before the end, over: the newest of each clock, once."""
        if self._ward.is_closed:
            return
        ward, now = self._ward(), moments.now()

        def beat(session: Session) -> list[deadlines.Warned]:
            tip_clocks.hurry(session, ward.book, ward.id, draw=new_id, now=now)
            tip_clocks.start_missing(session, ward.book, ward.id, draw=new_id, now=now)
            warned = deadlines.warn(session, ward.id, draw=new_id, now=now)
            tip_clocks.ring(session, ward, warned, officer_chats.ring, draw=new_id, now=now)
            return warned

        for one in await self._memory.write(beat):
            log.info("clock_warned", extra={"tip": one.tip_id, "kind": one.kind, "stage": one.stage})
