"""Forgetting, as a beat of the clock: what is over its time, and whom a resident has told us to forget.

The shred list is written first (`storage/shred_list.py`), the keys are destroyed after it, the files go last.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from handlers import openings
from handlers.forgetting import expire_draft
from storage import moments, shred_list
from storage.ids import new_id
from storage.media import MediaStore
from storage.memory import Memory
from storage.queries import contact, retention, shredding
from storage.queries.retention import IdleDraft, Periods
from storage.shred_list import Entry, Kind

log = logging.getLogger("keng.forgetting")

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Found:
    drafts: list[IdleDraft]
    tips: list[int]
    papers: list[int]
    letters: list[int]
    chats: list[int]


class Forgetting:
    def __init__(self, memory: Memory, store: MediaStore, periods: Callable[[], Periods], ward_id: int, *, data: Path) -> None:
        self._memory, self._store, self._periods, self._ward_id = memory, store, periods, ward_id
        self._list = data / shred_list.NAME
        self._listed_until = 0

    async def due(self) -> dict[str, int]:
        """What a pass would do now; up to two hundred of each are counted."""
        due = await self._find(most=200)
        return {
            "drafts": len(due.drafts),
            "closed tips": len(due.tips),
            "paper files": len(due.papers),
            "letters": len(due.letters),
            "chats": len(due.chats),
        }

    async def forget(self) -> int:
        """One pass. How many rows were shredded."""
        gone = 0
        while found := await self._some():
            gone += found
        if gone:
            await self._memory.empty_log()  # Key bytes stand in SQLite's log until it is emptied.
            log.info("shredded", extra={"rows": gone})
        await self._list_what_went()
        return gone

    async def forget_old_rows(self) -> None:
        now, keep_logs_for = moments.now(), self._periods().logs_ms
        while await self._memory.write(
            lambda session: retention.forget_old_rows(session, now=now, keep_logs_for=keep_logs_for), chore=True
        ):
            continue

    async def close_views(self) -> None:
        """What two people opened goes when its minutes are over; requests nobody answered run out."""
        now = moments.now()
        while await self._memory.write(lambda session: openings.tidy(session, now=now, draw=new_id), chore=True):
            continue

    async def _some(self) -> int:
        due, now = await self._find(most=_AT_ONCE), moments.now()
        await self._promise([*self._entries("tip", [draft.tip_id for draft in due.drafts], now, shred_list.LEFT_LYING)])
        await self._promise([*self._entries("tip", due.tips, now, "closed"), *self._entries("chat", due.chats, now, "contact cut")])
        await self._promise(self._entries("tip", due.papers, now, "paper"))
        await self._promise(self._entries("letter", due.letters, now, "answered"))
        done = 0
        for draft in due.drafts:
            done += await self._shred(lambda session, draft=draft: expire_draft(session, draft, now=now))  # type: ignore[misc]
        for tip_id in due.tips:
            done += await self._shred(lambda session, tip_id=tip_id: shredding.shred_tip(session, tip_id, now=now, why="closed"))  # type: ignore[misc]
        for tip_id in due.papers:
            done += await self._shred(lambda session, tip_id=tip_id: shredding.shred_tip(session, tip_id, now=now, why="paper"))  # type: ignore[misc]
        for chat_id in due.chats:
            await self._memory.write(lambda session, chat_id=chat_id: shredding.shred_chat(session, chat_id, now=now), chore=True)  # type: ignore[misc]
        for letter_id in due.letters:
            await self._memory.write(
                lambda session, letter_id=letter_id: shredding.shred_letter(session, letter_id, now=now, why="answered"),  # type: ignore[misc]
                chore=True,
            )
        return done + len(due.chats) + len(due.letters)

    async def _find(self, *, most: int) -> _Found:
        now, periods, ward_id = moments.now(), self._periods(), self._ward_id

        def find(session: Session) -> _Found:
            silent = retention.silent_chats(session, ward_id, before=now - periods.closed_ms, most=most)
            return _Found(
                drafts=retention.idle_drafts(session, ward_id, before=now - periods.drafts_ms, most=most),
                tips=retention.closed_tips(session, ward_id, before=now - periods.closed_ms, most=most),
                papers=retention.paper_tips(session, ward_id, most=most),
                letters=retention.settled_letters(session, ward_id, before=now - periods.closed_ms, most=most),
                chats=sorted({*contact.to_forget(session, now=now), *silent})[:most],
            )

        return await self._memory.read(find)

    def _entries(self, kind: Kind, ids: list[int], now: int, why: str) -> list[Entry]:
        return [Entry(kind=kind, id=row_id, at=now, why=why) for row_id in ids]

    async def _promise(self, entries: list[Entry]) -> None:
        await asyncio.to_thread(shred_list.append, self._list, entries)

    async def _shred(self, shred: Callable[[Session], tuple[str, ...] | None]) -> int:
        places = await self._memory.write(shred, chore=True)
        for place in places or ():
            await asyncio.to_thread(self._store.remove, place)
        return 0 if places is None else 1

    async def _list_what_went(self) -> None:
        """A draft its author took back, a number that was replaced: no list could foretell these."""
        since, now = self._listed_until, moments.now()
        went = await self._memory.read(lambda session: retention.shredded_since(session, since))
        await asyncio.to_thread(shred_list.merge, self._list, went)
        self._listed_until = now - moments.MINUTE  # A commit that was slow is found by the next look.
