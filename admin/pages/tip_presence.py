"""Who else has this tip open, and what they sent meanwhile: drawn with the page, and asked again by it every few seconds."""

import logging
import sqlite3
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from admin.desk import Desk, Visit, clock, number_in
from handlers import viewers
from handlers.texts import say
from handlers.viewers import SentMeanwhile
from storage import moments
from storage.ids import new_id
from storage.memory import MemoryLost
from storage.queries import officers as officer_rows
from storage.queries import viewers as rows
from storage.queries.viewers import SentByOthers, Viewer

log = logging.getLogger("keng.desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class TipPresence:
    here: tuple[str, ...]  # A sentence for each.
    seen: int  # How much others have sent to the resident; each form of this page says so when it comes back.
    sent: str = ""  # What was sent since the page was drawn.


async def of_tip(desk: Desk, visit: Visit, tip_id: int) -> TipPresence:
    return await _look(desk, visit, tip_id, seen=None)


async def listen(desk: Desk, visit: Visit) -> web.StreamResponse:
    """`thay`: what the page has seen. It keeps nobody signed in."""
    seen = visit.request.query.get("thay", "")
    found = await _look(desk, visit, number_in(visit.request, "tip"), seen=count_in(seen))
    return web.json_response({"here": found.here, "sent": found.sent}, headers=desk.headers())


async def _look(desk: Desk, visit: Visit, tip_id: int, *, seen: int | None) -> TipPresence:
    officer, row_id, now = visit.officer, new_id(), moments.now()

    def look(session: Session) -> list[Viewer]:
        return viewers.look(session, officer.ward_id, officer.id, tip_id, row_id=row_id, now=now)

    def read(session: Session) -> tuple[SentByOthers, dict[int, str]]:
        last = rows.sent_by_others(session, officer.ward_id, tip_id, officer_id=officer.id)
        return last, officer_rows.officer_names(session, officer.ward_id) if seen is not None and last.count > seen else {}

    try:
        here = await desk.memory.write(look)
    except (MemoryLost, OperationalError, sqlite3.OperationalError):  # A full disk hinders nobody from reading a tip.
        log.warning("presence_not_kept", extra={"tip": tip_id})
        here = []
    last, names = await desk.memory.read(read)
    is_new = seen is not None and last.count > seen
    return TipPresence(
        here=tuple(say("viewer-here", visit.language, name=one.name, time=clock(one.since)) for one in here),
        seen=last.count,
        sent=told(last, names, visit.language) if is_new else "",
    )


async def sentence(desk: Desk, visit: Visit, mistake: SentMeanwhile) -> str:
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, visit.officer.ward_id))
    return f"{told(mistake.last, names, visit.language)} {say('sent-look-again', visit.language)}"


def told(last: SentByOthers, names: dict[int, str], language: str) -> str:
    who = {f"officer:{key}": name for key, name in names.items()}.get(last.actor) or say("viewer-somebody", language)
    return say(f"sent-{last.what.replace('_', '-')}", language, name=who, time=clock(last.at))


def count_in(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 7 else None
