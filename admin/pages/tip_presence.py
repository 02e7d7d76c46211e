"""Who else has this tip open, what they sent and did meanwhile, who was first, and what the resident told: drawn with the page, and asked
again by it every few seconds. What the resident told is then drawn again in its place, so that nothing half written beside it is lost."""

import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from admin.desk import Desk, Visit
from admin.drawing import clock
from admin.forms import number_in
from admin.pages import tip_after, tip_timeline
from handlers import viewers
from handlers.texts import say
from handlers.viewers import SentMeanwhile
from storage import moments
from storage.ids import new_id
from storage.memory import MemoryLost
from storage.queries import officers as officer_rows
from storage.queries import tips as tip_rows
from storage.queries import viewers as rows
from storage.queries.tips import Happened, TipWhole
from storage.queries.viewers import Heard, SentByOthers, Viewer

log = logging.getLogger("keng.desk")
MOST_SAID = 3  # Of what others did meanwhile: the page itself tells all of it.


@dataclass(frozen=True, slots=True, kw_only=True)
class TipPresence:
    here: tuple[str, ...]  # A sentence for each.
    seen: int  # How much others have sent to the resident; each form of this page says so when it comes back.
    heard: int  # How much has come of the resident.
    done: int  # How much others have done to this tip.
    sent: str = ""  # What was sent since the page was drawn.
    came: str = ""  # The last that the resident told, if anything came since then.
    changed: str = ""  # What others did since then.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """What others sent and did, and what the resident told, until now."""

    sent: SentByOthers
    done: list[Happened]
    heard: Heard


def of_tip(session: Session, visit: Visit, tip_id: int, here: list[Viewer]) -> TipPresence:
    """As the page begins: nothing has come since then."""
    seen = _counts(session, visit, tip_id)
    return TipPresence(here=_told_here(visit, here), seen=seen.sent.count, heard=seen.heard.count, done=len(seen.done))


async def listen(desk: Desk, visit: Visit) -> web.StreamResponse:
    """`thay`: what the page has seen of what others sent, `lam`: of what they did, `nghe`: of what the resident told. It keeps nobody
    signed in."""
    query, tip_id = visit.request.query, number_in(visit.request, "tip")
    shown = count_in(query.get("nghe", ""))
    stood = count_in(query.get("lam", ""))
    found = await _news(desk, visit, tip_id, seen=count_in(query.get("thay", "")), shown=shown, stood=stood)
    told: dict[str, Any] = {"here": found.here, "sent": found.sent, "changed": found.changed}
    if shown is not None and found.heard != shown:
        told |= {"heard": found.heard, "came": found.came, **await _parts(desk, visit, tip_id)}
    return web.json_response(told, headers=desk.headers())


async def _parts(desk: Desk, visit: Visit, tip_id: int) -> dict[str, str]:
    """What the resident told and sent, and what went back and forth, as the page would show it now."""
    tip = await desk.memory.read(lambda session: tip_rows.tip_whole(session, visit.sight, tip_id))
    if tip is None:
        return {}
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, visit.officer.ward_id))
    after = await desk.memory.read(lambda session: tip_after.of_tip(session, desk, visit, tip_id))
    values = {"tip": tip, "after": after, "names": {f"officer:{key}": name for key, name in names.items()}}
    return {place: desk.text_of(visit, template, **values) for place, template in (("told", "tip_said.html"), ("turns", "tip_turns.html"))}


async def look(desk: Desk, visit: Visit, tip_id: int) -> list[Viewer]:
    """This officer has it open; who else has."""
    officer, row_id, now = visit.officer, new_id(), moments.now()
    try:
        return await desk.memory.write(lambda session: viewers.look(session, officer.ward_id, officer.id, tip_id, row_id=row_id, now=now))
    except (MemoryLost, OperationalError, sqlite3.OperationalError):  # A full disk hinders nobody from reading a tip.
        log.warning("presence_not_kept", extra={"tip": tip_id})
        return []


async def _news(desk: Desk, visit: Visit, tip_id: int, *, seen: int | None, shown: int | None, stood: int | None) -> TipPresence:
    ward_id = visit.officer.ward_id

    def read(session: Session) -> tuple[_Counts, dict[int, str]]:
        found = _counts(session, visit, tip_id)
        is_news = (seen is not None and found.sent.count > seen) or (stood is not None and len(found.done) > stood)
        return found, officer_rows.officer_names(session, ward_id) if is_news else {}

    here = await look(desk, visit, tip_id)
    found, names = await desk.memory.read(read)
    last, done, heard = found.sent, found.done, found.heard
    is_new = seen is not None and last.count > seen
    return TipPresence(
        here=_told_here(visit, here),
        seen=last.count,
        heard=heard.count,
        done=len(done),
        sent=told(last, names, visit.language) if is_new else "",
        came=_came(heard, visit.language) if shown is not None and heard.count > shown else "",
        changed=_changed(desk, visit, done[stood:], names) if stood is not None else "",
    )


def _counts(session: Session, visit: Visit, tip_id: int) -> _Counts:
    officer = visit.officer
    return _Counts(
        sent=rows.sent_by_others(session, officer.ward_id, tip_id, officer_id=officer.id),
        done=rows.done_by_others(session, officer.ward_id, tip_id, officer_id=officer.id),
        heard=rows.heard(session, officer.ward_id, tip_id),
    )


def _told_here(visit: Visit, here: list[Viewer]) -> tuple[str, ...]:
    return tuple(say("viewer-here", visit.language, name=one.name, time=clock(one.since)) for one in here)


def _changed(desk: Desk, visit: Visit, done: list[Happened], names: dict[int, str]) -> str:
    """The newest of it, each thing once."""
    if not done:
        return ""
    by, book = {f"officer:{key}": name for key, name in names.items()}, desk.ward().book
    lines = list(dict.fromkeys(tip_timeline.told(book, visit.language, one, by) for one in reversed(done)))
    return say("changed-since", visit.language, what="; ".join(lines[:MOST_SAID]))


def _came(heard: Heard, language: str) -> str:
    if not heard.what:
        return ""
    how = heard.what.removeprefix("question_") if heard.what.startswith("question_") else "told"
    return say(f"came-{how}", language, time=clock(heard.at))


async def sentence(desk: Desk, visit: Visit, mistake: SentMeanwhile) -> str:
    names = await desk.memory.read(lambda session: officer_rows.officer_names(session, visit.officer.ward_id))
    return f"{told(mistake.last, names, visit.language)} {say('sent-look-again', visit.language)}"


def told(last: SentByOthers, names: dict[int, str], language: str) -> str:
    who = {f"officer:{key}": name for key, name in names.items()}.get(last.actor) or say("viewer-somebody", language)
    return say(f"sent-{last.what.replace('_', '-')}", language, name=who, time=clock(last.at))


def was_first(visit: Visit, tip: TipWhole, by: Mapping[str, str]) -> str:
    """For who pressed and came second (`truoc`): whose it has been, and since when."""
    pressed = visit.request.query.get("truoc", "")
    whats = {"nhan": ("accepted",), "lo": ("alarm_answered", "accepted")}.get(pressed, ())
    found = next((one for what in whats for one in reversed(tip.history) if one.what == what), None)
    if found is None or found.actor == f"officer:{visit.officer.id}":
        return ""
    name = by.get(found.actor) or say("viewer-somebody", visit.language)
    key = "first-accepted" if found.what == "accepted" else "first-answered"
    return say(key, visit.language, name=name, time=clock(found.at))


def count_in(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 7 else None
