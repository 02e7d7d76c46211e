"""Slow secrets at the desk: argon2 in a thread, two at a time, and every try counted as a sign-in is."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from admin.desk import Desk, Visit
from admin.pages.sign_in import hashing, note_try
from handlers.officers import Mistake
from storage.ids import new_id
from storage.queries import officers

T = TypeVar("T")


async def tried(desk: Desk, visit: Visit, work: Callable[[], T]) -> T:
    """The try is noted before the slow part, and taken back when it was right. What `work` refuses stays counted."""
    officer, visitor = str(visit.officer.id), desk.visitor(visit.request)
    who = [desk.keyed.hash("try", *parts) for parts in (("passphrase", officer, visitor), ("passphrase", officer), ("from", visitor))]
    try_ids = [new_id() for _ in who]
    if not await note_try(desk, list(zip(try_ids, who, strict=True))):
        raise Mistake("custody-too-many")
    async with hashing:
        value = await asyncio.to_thread(work)
    await desk.memory.write(lambda session: officers.forget_tries(session, try_ids))
    return value
