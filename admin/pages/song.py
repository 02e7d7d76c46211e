"""What an open page is told while it stays open: what rings, what came, and what waits in the folders and places at its side.

One stream for all pages of a browser (static/song.js). A page that hears nothing of it, for whatever reason, asks for the same by itself
(static/live.js): nothing that rings hangs on a stream alone. Everything is looked up as that officer may see it, so that nothing they may
not read moves it.
"""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp_sse import sse_response
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.navigation import counted_places
from admin.pages import alarms
from handlers import officers
from handlers.texts import say
from storage import moments
from storage.queries import tips
from storage.quick import as_json

LOOKS_EVERY_SECS = 3  # static/live.js believes in the stream for a little longer.
# A page counts what came since it was drawn. None is open for longer than a sign-in lasts, and nobody counts further.
_NEWS_FOR, _MOST_NEWS = 12 * moments.HOUR, 100


async def live(desk: Desk, visit: Visit) -> web.StreamResponse:
    """Said every few seconds, changed or not: silence means that it has broken. It ends with the session, or when the desk is locked."""
    headers = {**desk.headers(), "X-Accel-Buffering": "no"}
    async with sse_response(visit.request, headers=headers) as stream:
        try:
            seen: Visit | None = visit
            while seen is not None and not seen.is_locked and not desk.is_stopping and stream.is_connected():
                await stream.send(as_json(await told(desk, seen)))
                await asyncio.sleep(LOOKS_EVERY_SECS)
                seen = await desk.visit(visit.request)
        except ConnectionResetError:
            pass  # The browser left.
    return stream


async def once(desk: Desk, visit: Visit) -> web.StreamResponse:
    """The same, asked for by a page. `chuong=1`: that page can sound, so its desk counts as a way to be called."""
    await alarms.note_heard(desk, visit)
    return web.json_response(await told(desk, visit), headers=desk.headers())


async def told(desk: Desk, visit: Visit) -> dict[str, Any]:
    role, sight, ringing = visit.officer.role, visit.sight, visit.ringing
    found: dict[str, Any] = {"folders": visit.counts, "places": _places(visit), "new": _new(visit)}
    if officers.may(role, "accept"):
        found |= {"count": ringing.count, "urgent": ringing.urgent, "place": alarms.place_of(visit), "empty": ringing.is_roster_empty}
    if officers.may(role, "letters"):
        found["threats"] = visit.letters.threats
    if officers.may(role, "read"):

        def news(session: Session) -> dict[str, list[int]]:
            since = visit.at - _NEWS_FOR
            came = tips.arrivals(session, sight, since=since, most=_MOST_NEWS)
            return {"came": came, "urgents": tips.urgents(session, sight, since=since, most=_MOST_NEWS)}

        found |= await desk.memory.read(news)
    return found


def _places(visit: Visit) -> dict[str, tuple[int, str]]:
    """Each number, and the sentence for who listens to it."""
    waiting = visit.waiting_at
    entries = counted_places(visit.officer.role)
    return {one.counts: (waiting[one.counts], say(one.counted, visit.language, count=waiting[one.counts])) for one in entries}


def _new(visit: Visit) -> str:
    """How many tips were given to this officer since they looked."""
    return say("queue-mine-new", visit.language, count=visit.tasks.new) if visit.tasks.new else ""
