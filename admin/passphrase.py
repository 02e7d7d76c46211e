"""Slow secrets at the desk: argon2 in a thread, two at a time, and every try counted as a sign-in is."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from admin.arriving import hashing, note_try
from admin.desk import Desk, Visit
from handlers.officers import Mistake
from storage.queries import officers

T = TypeVar("T")


async def tried(desk: Desk, visit: Visit, work: Callable[[], T]) -> T:
    """The try is noted before the slow part, and taken back when it was right. What `work` refuses stays counted."""
    try_ids = await note_try(desk, f"passphrase {visit.officer.id}", desk.visitor(visit.request))
    if try_ids is None:
        raise Mistake("custody-too-many")
    async with hashing:
        value = await asyncio.to_thread(work)
    await desk.memory.write(lambda session: officers.forget_tries(session, try_ids))
    return value
